/*
 * The resolvers of <mxsel/ldns.h> through the shared libraries: documented
 * results, wrong calls, and options shared by threads (F86, F91, F99, F100).
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mxsel/ldns.h>

#include "support/run.h"

static const char zone[] =
	"$ORIGIN example.\n$TTL 300\n@ SOA ns h 1 2 3 4 60\n@ NS ns\n"
	"five MX 10 mx1\n MX 10 mx2\n MX 20 mx3\n MX 20 mx4\n MX 30 mx5\n"
	"mx1 A 192.0.2.1\nmx1 AAAA 2001:db8::1\nmx2 A 192.0.2.2\n"
	"mx3 CNAME mx1\nmx4 A 192.0.2.4\nmx4 A 127.0.0.1\nmx5 A 192.0.2.5\n"
	"alias CNAME five\nnull MX 0 .\nplain A 192.0.2.6\n";

static const char *const destinations[] = { "five.example",
	"alias.example", "null.example", "plain.example", "absent.example",
	"outside.test", "[192.0.2.1]", "a..b" };

#define DESTINATIONS (sizeof(destinations) / sizeof(destinations[0]))

struct plan {
	size_t length;
	char text[1024];
};

static void say(struct plan *p, const char *word, int number)
{
	int n = snprintf(p->text + p->length, sizeof(p->text) - p->length,
		"%s %d\n", word, number);

	if (n > 0 && (size_t)n < sizeof(p->text) - p->length)
		p->length += (size_t)n;
}

static int make_plan(struct plan *p, const char *destination,
	const mxsel_options *options)
{
	mxsel *m;
	int rc = mxsel_new(&m, destination, options);

	p->length = 0;
	p->text[0] = '\0';
	if (rc != 0)
		return rc;
	while ((rc = mxsel_next(m)) == MXSEL_ATTEMPT) {
		say(p, mxsel_host_name(m), mxsel_host_preference(m));
		say(p, mxsel_address(m), mxsel_port(m));
	}
	say(p, mxsel_verdict_text(m), mxsel_verdict_code(m));
	say(p, "rejected", (int)mxsel_rejected_count(m));
	mxsel_free(m);
	return rc;
}

static mxsel_options *options_with(mxsel_resolver *r)
{
	mxsel_options *o;

	ck_assert_int_eq(mxsel_options_new(&o), 0);
	ck_assert_int_eq(mxsel_options_set_seed(o, 5), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(o, r), 0);
	mxsel_resolver_free(r);
	return o;
}

/* A file of this text, whose name goes to path. */
static void write_file(char *path, const char *text)
{
	int fd = mkstemp(path);
	size_t size = strlen(text);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, size), (ssize_t)size);
	ck_assert_int_eq(close(fd), 0);
}

START_TEST(a_zone_from_a_file_answers_as_its_text_does)
{
	char path[] = "/tmp/mxsel-api-zone-XXXXXX";
	const char *files[1];
	struct plan from_text, from_file;
	mxsel_options *o;
	mxsel_resolver *r;
	size_t i;

	write_file(path, zone);
	files[0] = path;
	for (i = 0; i < DESTINATIONS; i++) {
		ck_assert_int_eq(mxsel_ldns_zone_text_new(&r, zone), 0);
		o = options_with(r);
		ck_assert_int_eq(make_plan(&from_text, destinations[i], o),
			MXSEL_END);
		mxsel_options_free(o);
		ck_assert_int_eq(mxsel_ldns_zone_new(&r, files, 1), 0);
		o = options_with(r);
		ck_assert_int_eq(make_plan(&from_file, destinations[i], o),
			MXSEL_END);
		mxsel_options_free(o);
		ck_assert_str_eq(from_file.text, from_text.text);
	}
	ck_assert_int_eq(unlink(path), 0);
}
END_TEST

START_TEST(F99_what_is_no_zone_is_a_file_error)
{
	static const char *const texts[] = { "", "a MX 10 b\n",
		"@ SOA a b 1 2 3 4 5\n", "$ORIGIN x.\n@ A 192.0.2.1\n",
		"$ORIGIN x.\n@ 60 SOA a b 1 2 3 4 5\n@ MX ten a\n" };
	const char *missing[] = { "/nonexistent/zone" };
	const char *directory[] = { "/" };
	const char *null[] = { NULL };
	mxsel_resolver *r = NULL;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_msg(mxsel_ldns_zone_text_new(&r, texts[i]) ==
			MXSEL_EFILE, "%s", texts[i]);
	ck_assert_int_eq(mxsel_ldns_zone_new(&r, missing, 1), MXSEL_EFILE);
	ck_assert_int_eq(mxsel_ldns_zone_new(&r, directory, 1), MXSEL_EFILE);
	ck_assert_int_eq(mxsel_ldns_zone_new(&r, missing, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_new(&r, NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_new(&r, null, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_new(NULL, missing, 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_text_new(&r, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_text_new(NULL, zone), MXSEL_EUSAGE);
}
END_TEST

START_TEST(F86_resolv_conf_may_be_missing_but_not_unnoticed)
{
	char path[] = "/tmp/mxsel-api-conf-XXXXXX";
	mxsel_resolver *r = NULL;

	ck_assert_int_eq(mxsel_ldns_new(NULL, ""), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_new(&r, "/nonexistent/resolv.conf"),
		MXSEL_EFILE);
	write_file(path, "# nothing\n");
	ck_assert_int_eq(mxsel_ldns_new(&r, path), 0);
	mxsel_resolver_free(r);
	ck_assert_int_eq(unlink(path), 0);
}
END_TEST

static void answer_nothing(mxsel_query *q, void *user)
{
	(void)user;
	(void)mxsel_answer_finish(q, MXSEL_DNS_REFUSED, 0);
}

START_TEST(servers_and_times_have_their_ranges)
{
	static const char *const none[] = { "", "a.example", "127.0.0.1@",
		"127.0.0.1@0", "127.0.0.1@65536", "127.0.0.1:53", "127.1",
		"::1%1@53" };
	mxsel_resolver *r, *other;
	char server[32];
	size_t i;

	ck_assert_int_eq(mxsel_ldns_new(&r, ""), 0);
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		ck_assert_msg(mxsel_ldns_add_server(r, none[i]) ==
			MXSEL_ESYNTAX, "%s", none[i]);
	for (i = 0; i < 32; i++) {
		(void)snprintf(server, sizeof(server), "%s@%zu",
			i % 2 ? "::1" : "127.0.0.1", 20053 + i);
		ck_assert_int_eq(mxsel_ldns_add_server(r, server), 0);
	}
	ck_assert_int_eq(mxsel_ldns_add_server(r, "::1"), MXSEL_ELIMIT);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, 600001), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, 1), 0);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, 600000), 0);
	ck_assert_int_eq(mxsel_ldns_add_server(NULL, "::1"), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_add_server(r, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_set_query_time(NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_resolver_new(&other, answer_nothing, NULL,
		NULL), 0);
	ck_assert_int_eq(mxsel_ldns_add_server(other, "::1"), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_set_query_time(other, 1), MXSEL_EUSAGE);
	ck_assert_uint_eq(mxsel_ldns_statistic(other, 0), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(NULL, 0), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(r, -1), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(r, 6), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(r, MXSEL_LDNS_SENT_UDP), 0);
	mxsel_resolver_free(other);
	mxsel_resolver_free(r);
}
END_TEST

/* Nobody listens at port 1 of loopback. */
START_TEST(R14_servers_that_are_not_there_defer)
{
	struct plan p;
	mxsel_options *o;
	mxsel_resolver *r;

	ck_assert_int_eq(mxsel_ldns_new(&r, ""), 0);
	ck_assert_int_eq(mxsel_ldns_add_server(r, "127.0.0.1@1"), 0);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, 300), 0);
	o = options_with(r);
	ck_assert_int_eq(make_plan(&p, "five.example", o), MXSEL_END);
	ck_assert_ptr_nonnull(strstr(p.text, " 451\n"));
	mxsel_options_free(o);
}
END_TEST

START_TEST(interfaces_are_given_only_on_request)
{
	mxsel_options *o;
	mxsel *m;

	ck_assert_int_eq(mxsel_ldns_add_interfaces(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_new(&o), 0);
	ck_assert_int_ge(mxsel_ldns_add_interfaces(o), 0);
	ck_assert_int_eq(mxsel_new(&m, "[127.0.0.1]", o), 0);
	ck_assert_int_eq(mxsel_ldns_add_interfaces(o), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	mxsel_free(m);
	mxsel_options_free(o);
}
END_TEST

/* ------------------------------------------------------------------ threads */

#define THREADS 8
#define SELECTIONS 200

static struct plan expected[DESTINATIONS];

static void *select_many(void *options)
{
	struct plan p;
	size_t i, wrong = 0;

	for (i = 0; i < SELECTIONS; i++) {
		size_t k = i % DESTINATIONS;

		if (make_plan(&p, destinations[k], options) != MXSEL_END ||
			strcmp(p.text, expected[k].text) != 0)
			wrong++;
	}
	return wrong == 0 ? NULL : options;
}

START_TEST(F91_shared_options_give_every_thread_the_same_plans)
{
	pthread_t threads[THREADS];
	mxsel_options *o;
	mxsel_resolver *r;
	void *result;
	size_t i;

	ck_assert_int_eq(mxsel_ldns_zone_text_new(&r, zone), 0);
	o = options_with(r);
	for (i = 0; i < DESTINATIONS; i++)
		ck_assert_int_eq(make_plan(&expected[i], destinations[i], o),
			MXSEL_END);
	ck_assert_ptr_nonnull(strstr(expected[0].text, "mx1.example 10"));
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
			select_many, o), 0);
	for (i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &result), 0);
		ck_assert_ptr_null(result);
	}
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_PORT, 26), 0);
	mxsel_options_free(o);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("resolvers through the shared libraries");
	TCase *t = tcase_create("ldns");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_zone_from_a_file_answers_as_its_text_does);
	tcase_add_test(t, F99_what_is_no_zone_is_a_file_error);
	tcase_add_test(t, F86_resolv_conf_may_be_missing_but_not_unnoticed);
	tcase_add_test(t, servers_and_times_have_their_ranges);
	tcase_add_test(t, R14_servers_that_are_not_there_defer);
	tcase_add_test(t, interfaces_are_given_only_on_request);
	tcase_add_test(t, F91_shared_options_give_every_thread_the_same_plans);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
