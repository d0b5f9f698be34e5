/*
 * The same for what takes its memory from malloc(): resolvers, the mock,
 * master files, the set-up of sockets. malloc() is this program's own, so
 * that every request, those of ldns and libc too, can fail (S39, F84).
 *
 * Of the requests of ldns while it reads master files none is made to fail:
 * ldns 1.8.3 itself ends the program there, by an assertion in what
 * ldns_rr_new_frm_str() calls, and that is not ours to prevent.
 */
#define _GNU_SOURCE

#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mxsel/ldns.h>
#include <mxsel/mock.h>

#include "support/own_malloc.h"
#include "support/run.h"

#ifdef MALLOC_IS_TAKEN

int main(void)
{
	puts("skipped: malloc() cannot be replaced in this build");
	return 77;
}

#else

/* ------------------------------------------------------- the replacement */

static struct {
	int armed;
	int fail_on;
	int spare_ldns;
	size_t calls, failed, fail_at;
	long blocks; /* given less taken back while armed */
} heap;

static int is_ldns(const void *caller)
{
	Dl_info info;

	return dladdr(caller, &info) != 0 && info.dli_fname != NULL &&
		strstr(info.dli_fname, "libldns.") != NULL;
}

static int fails(const void *caller)
{
	size_t call;

	if (!heap.armed || (heap.spare_ldns && is_ldns(caller)))
		return 0;
	call = heap.calls++;
	if (call < heap.fail_at || (call > heap.fail_at && !heap.fail_on))
		return 0;
	heap.failed++;
	errno = ENOMEM;
	return 1;
}

#define HEAP_FAILS(cleared) fails(__builtin_return_address(0))
#include "support/refusing_malloc.h"

/* -------------------------------------------------------------- what is run */

#define NEVER ((size_t)-1)

enum mode { ONCE, ON, GONE };

static enum mode mode;
static int refusals, gave_up;
static char quiet[8192], said[8192];
static size_t length;

__attribute__((format(printf, 1, 2)))
static void say(const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(said + length, sizeof(said) - length, format,
		arguments);
	va_end(arguments);
	if (n > 0 && (size_t)n < sizeof(said) - length)
		length += (size_t)n;
}

static int again(int rc)
{
	if (rc != MXSEL_ENOMEM) {
		refusals = 0;
		return 0;
	}
	refusals++;
	gave_up |= mode == GONE;
	if (mode == ON && refusals == 2)
		heap.fail_at = NEVER;
	return !gave_up && refusals < 4;
}

#define DO(rc, call) do { \
		rc = (call); \
	} while (again(rc))

static int walk(mxsel *m)
{
	int rc, reason, preference;
	const char *subject;
	size_t i;

	length = 0;
	for (;;) {
		DO(rc, mxsel_next(m));
		if (rc != MXSEL_ATTEMPT)
			break;
		say("%s %d %s %d\n", mxsel_host_name(m),
			mxsel_host_preference(m), mxsel_address(m),
			mxsel_port(m));
	}
	if (rc != MXSEL_END)
		return rc;
	say("verdict %d %s flags %lx\n", mxsel_verdict_action(m),
		mxsel_reason_name(mxsel_verdict_reason(m)),
		(unsigned long)mxsel_flags(m));
	for (i = 0; i < mxsel_rejected_count(m); i++)
		if (mxsel_rejected(m, i, &reason, &preference, &subject) == 0)
			say("- %s %d %s\n", mxsel_reject_name(reason),
				preference, subject);
	return 0;
}

/* A resolver that lost an answer says so; nobody bounces for it. */
static int is_honest(void)
{
	if (strcmp(said, quiet) == 0)
		return 1;
	return strstr(said, "verdict 3 ") == NULL &&
		(strstr(said, "dns_temporary") != NULL ||
		strstr(said, "- dns") != NULL ||
		strstr(said, " unreachable flags ") != NULL);
}

static const char *dishonest;

/* Route, and once more when memory is back. */
static int route(mxsel_resolver *r, const char *destination)
{
	mxsel_options *o = NULL;
	mxsel *m = NULL;
	int rc;

	DO(rc, mxsel_options_new(&o));
	if (rc == 0)
		rc = mxsel_options_set_seed(o, 7);
	if (rc == 0)
		rc = mxsel_options_set_resolver(o, r);
	if (rc == 0)
		DO(rc, mxsel_new(&m, destination, o));
	if (rc == 0)
		rc = walk(m);
	if (rc == 0 && quiet[0] != '\0' && !is_honest())
		dishonest = said;
	if (rc == 0 && quiet[0] != '\0' && dishonest == NULL &&
		mode != GONE) {
		heap.fail_at = NEVER;
		DO(rc, mxsel_reset(m, destination));
		if (rc == 0)
			rc = walk(m);
		if (rc == 0 && strcmp(said, quiet) != 0)
			dishonest = said;
	}
	mxsel_free(m);
	mxsel_options_free(o);
	return rc;
}

static void ignore(mxsel_query *q, void *user)
{
	(void)user;
	(void)mxsel_answer_finish(q, MXSEL_DNS_REFUSED, 0);
}

static int own_resolver(void)
{
	mxsel_resolver *r = NULL;
	int rc;

	DO(rc, mxsel_resolver_new(&r, ignore, NULL, NULL));
	if (rc == 0)
		rc = route(r, "five.example");
	mxsel_resolver_free(r);
	return rc;
}

static int script(mxsel_mock *mock)
{
	static const char *const hosts[] = { "mx1.example", "mx2.example",
		"mx3.example", "mx4.example", "mx5.example" };
	char address[16] = "192.0.2.1";
	int rc = 0;
	unsigned i;

	for (i = 0; rc == 0 && i < 5; i++) {
		DO(rc, mxsel_mock_mx(mock, "five.example",
			(uint16_t)(i / 2), hosts[i], 300));
		address[8] = (char)('1' + i);
		if (rc == 0)
			DO(rc, mxsel_mock_address(mock, hosts[i], address,
				300));
	}
	if (rc == 0)
		DO(rc, mxsel_mock_alias(mock, "alias.example",
			"five.example", 300));
	if (rc == 0)
		DO(rc, mxsel_mock_fail(mock, "mx5.example", MXSEL_TYPE_AAAA,
			MXSEL_DNS_SERVFAIL));
	if (rc == 0)
		DO(rc, mxsel_mock_delay(mock, "mx1.example", 0, 50));
	if (rc == 0)
		DO(rc, mxsel_mock_secure(mock, "mx2.example", 0,
			MXSEL_SECURITY_SECURE));
	if (rc == 0)
		DO(rc, mxsel_mock_misbehave(mock, "mx3.example", 0,
			MXSEL_MOCK_TWICE));
	return rc;
}

static int scripted(void)
{
	mxsel_mock *mock = NULL;
	int rc;

	DO(rc, mxsel_mock_new(&mock));
	if (rc == 0)
		rc = script(mock);
	if (rc == 0)
		rc = route(mxsel_mock_resolver(mock), "alias.example");
	mxsel_mock_free(mock);
	return rc;
}

static const char zone[] =
	"$ORIGIN example.\n$TTL 300\n@ SOA ns h 1 2 3 4 60\n@ NS ns\n"
	"five MX 10 mx1\n MX 10 mx2\n MX 20 mx3\n MX 20 *\n MX 30 mx5\n"
	"mx1 A 192.0.2.1\nmx1 AAAA 2001:db8::1\nmx2 A 192.0.2.2\n"
	"mx3 CNAME mx1\n* A 192.0.2.4\nmx5 A 192.0.2.5\n"
	"alias CNAME five\nnull MX 0 .\nbelow NS ns.elsewhere.test.\n";

static int from_text(void)
{
	mxsel_resolver *r = NULL;
	int rc;

	DO(rc, mxsel_ldns_zone_text_new(&r, zone));
	if (rc == 0)
		rc = route(r, "alias.example");
	mxsel_resolver_free(r);
	return rc;
}

static char zone_path[] = "/tmp/mxsel-oom-zone-XXXXXX";
static char conf_path[] = "/tmp/mxsel-oom-conf-XXXXXX";

static int from_file(void)
{
	const char *files[1];
	mxsel_resolver *r = NULL;
	int rc;

	files[0] = zone_path;
	DO(rc, mxsel_ldns_zone_new(&r, files, 1));
	if (rc == 0)
		rc = route(r, "null.example");
	mxsel_resolver_free(r);
	return rc;
}

/* Nobody listens at port 1 of loopback: every question fails for now. */
static int sockets(void)
{
	mxsel_resolver *r = NULL;
	int rc;

	DO(rc, mxsel_ldns_new(&r, conf_path));
	mxsel_resolver_free(r);
	r = NULL;
	if (rc == 0)
		DO(rc, mxsel_ldns_new(&r, ""));
	if (rc == 0)
		DO(rc, mxsel_ldns_add_server(r, "127.0.0.1@1"));
	if (rc == 0)
		DO(rc, mxsel_ldns_add_server(r, "::1@1"));
	if (rc == 0)
		rc = mxsel_ldns_set_query_time(r, 5);
	if (rc == 0)
		rc = route(r, "five.example");
	mxsel_resolver_free(r);
	return rc;
}

static int interfaces(void)
{
	mxsel_options *o = NULL;
	int rc;

	DO(rc, mxsel_options_new(&o));
	if (rc == 0)
		DO(rc, mxsel_ldns_add_interfaces(o));
	mxsel_options_free(o);
	return rc < 0 ? rc : 0;
}

/* ------------------------------------------------------------------ trials */

struct trial {
	int rc, gave_up;
	size_t failed;
	long blocks;
	const char *dishonest;
};

/* Nothing is asserted while malloc() fails: check(3) needs it itself. */
static struct trial attempt(int (*job)(void), size_t n)
{
	struct trial t;

	memset(&heap, 0, sizeof(heap));
	heap.spare_ldns = job == from_text || job == from_file;
	heap.fail_at = n;
	heap.fail_on = mode != ONCE;
	refusals = gave_up = 0;
	length = 0;
	said[0] = '\0';
	dishonest = NULL;
	heap.armed = 1;
	t.rc = job();
	heap.armed = 0;
	t.gave_up = gave_up;
	t.failed = heap.failed;
	t.blocks = heap.blocks;
	t.dishonest = dishonest;
	return t;
}

static void fail_each(int (*job)(void))
{
	struct trial t;
	size_t n;

	for (n = 0; ; n++) {
		t = attempt(job, n);
		ck_assert_msg(t.rc == (t.gave_up ? MXSEL_ENOMEM : 0),
			"mode %d, request %zu: result %d", (int)mode, n, t.rc);
		ck_assert_msg(t.blocks == 0, "mode %d, request %zu: %ld left",
			(int)mode, n, t.blocks);
		ck_assert_msg(t.dishonest == NULL, "mode %d, request %zu:\n%s",
			(int)mode, n, said);
		if (t.failed == 0)
			break;
	}
	ck_assert_uint_gt(n, 0);
}

static void fail_everywhere(int (*job)(void))
{
	struct trial t;

	quiet[0] = '\0';
	(void)attempt(job, NEVER); /* what libc makes once and keeps */
	t = attempt(job, NEVER);
	ck_assert_int_eq(t.rc, 0);
	ck_assert_int_eq(t.blocks, 0);
	memcpy(quiet, said, sizeof(quiet));
	for (mode = ONCE; mode <= GONE; mode++)
		fail_each(job);
}

static void write_file(char *path, const char *text)
{
	int fd = mkstemp(path);
	size_t size = strlen(text);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, size), (ssize_t)size);
	ck_assert_int_eq(close(fd), 0);
}

static void setup(void)
{
	write_file(zone_path, zone);
	write_file(conf_path, "nameserver 127.0.0.1\nsearch example\n"
		"nameserver ::1\noptions timeout:1\n");
}

static void teardown(void)
{
	(void)unlink(zone_path);
	(void)unlink(conf_path);
}

START_TEST(S39_F84_a_resolver_of_functions)
{
	fail_everywhere(own_resolver);
}
END_TEST

START_TEST(S39_F84_a_mock_and_its_script)
{
	fail_everywhere(scripted);
}
END_TEST

START_TEST(S39_F84_a_zone_from_text)
{
	fail_everywhere(from_text);
}
END_TEST

START_TEST(S39_F84_a_zone_from_a_file)
{
	fail_everywhere(from_file);
}
END_TEST

START_TEST(S39_F84_sockets_are_set_up)
{
	fail_everywhere(sockets);
}
END_TEST

START_TEST(S39_F84_addresses_of_the_interfaces)
{
	fail_everywhere(interfaces);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("no memory from malloc");
	TCase *t = tcase_create("F84");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, S39_F84_a_resolver_of_functions);
	tcase_add_test(t, S39_F84_a_mock_and_its_script);
	tcase_add_test(t, S39_F84_a_zone_from_text);
	tcase_add_test(t, S39_F84_a_zone_from_a_file);
	tcase_add_test(t, S39_F84_sockets_are_set_up);
	tcase_add_test(t, S39_F84_addresses_of_the_interfaces);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}

#endif
