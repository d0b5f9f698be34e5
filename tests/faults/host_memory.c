/*
 * A machine without memory: every request fails in turn, once and from there
 * on, through each library's public functions; the address space and the
 * stack are used up. F84, F85. May use host_judge.h.
 */
#define _DEFAULT_SOURCE

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <mxsel/cache.h>
#include <mxsel/idn2.h>
#include <mxsel/mock.h>
#include <mxsel/security.h>
#include <mxsel/unbound.h>

#include "faults/host.h"
#include "faults/host_judge.h"

/* --- F84: what is done with each library --------------------------------- */

/* 0: it went well, and was right; else the error. Nothing is left of it. */
typedef int (*scene_fn)(const struct liar *server);

/* A plan to its end must be right, or know that it is not. */
static int plan(const mxsel_options *o, const char *destination,
	int (*next)(void *user, mxsel *m), void *user)
{
	struct trial t;
	int result;
	mxsel *m;

	memset(&t, 0, sizeof t);
	result = mxsel_new(&m, destination, o);
	if (result != 0)
		return result;
	while ((result = next(user, m)) == MXSEL_ATTEMPT) {
		trial_add_text(t.said, sizeof t.said, mxsel_address(m));
		trial_add_text(t.said, sizeof t.said, " ");
	}
	t.code = mxsel_verdict_code(m);
	t.partly = (mxsel_flags(m) & MXSEL_FLAG_INCOMPLETE) != 0 ||
		mxsel_verdict_reason(m) == MXSEL_REASON_DNS_TEMPORARY;
	if (result == MXSEL_END && !trial_is_sane(&t))
		judge_fail("%s: \"%s\" %d", destination, t.said, t.code);
	if (result == MXSEL_END && !trial_is_right(&t))
		result = MXSEL_ENOMEM;
	mxsel_free(m);
	return result;
}

static int next_blocking(void *user, mxsel *m)
{
	(void)user;
	return mxsel_next(m);
}

static int plan_with(mxsel_resolver *r, const char *destination)
{
	mxsel_options *o;
	int result = mxsel_options_new(&o);

	if (result != 0)
		return result;
	mxsel_options_set(o, MXSEL_OPT_TIME_LIMIT, 2000);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	mxsel_options_set_seed(o, 1);
	result = mxsel_options_add_self_name(o, "us.example");
	if (result == 0)
		result = mxsel_options_refuse_exchange(o, "*.bad", 550, NULL,
			NULL);
	mxsel_options_set_resolver(o, r);
	if (result == 0)
		result = plan(o, destination, next_blocking, NULL);
	mxsel_options_free(o);
	return result;
}

static int with_ldns(const struct liar *server)
{
	mxsel_resolver *r;
	int result = mxsel_ldns_new(&r, "");

	if (result != 0)
		return result;
	result = mxsel_ldns_add_server(r, liar_address(server));
	if (result == 0)
		result = plan_with(r, "example.com");
	mxsel_resolver_free(r);
	return result;
}

static int next_on_engine(void *user, mxsel *m)
{
	int result = mxsel_engine_next(user, m), error;

	while (result == MXSEL_LOOKUP) {
		error = mxsel_engine_wait(user, -1);
		if (error != 0)
			return error;
		if (mxsel_engine_ready(user) == m)
			result = mxsel_engine_next(user, m);
	}
	return result;
}

static int with_engine(const struct liar *server)
{
	mxsel_options *o = NULL;
	mxsel_cache *cache = NULL;
	mxsel_engine *e;
	int result = mxsel_engine_new(&e, "");

	if (result != 0)
		return result;
	result = mxsel_engine_add_server(e, liar_address(server));
	if (result == 0)
		result = mxsel_options_new(&o);
	if (result == 0)
		result = mxsel_cache_new(&cache, 65536, mxsel_ldns_clock,
			NULL);
	if (result == 0) {
		mxsel_options_set_cache(o, cache);
		mxsel_options_set(o, MXSEL_OPT_TIME_LIMIT, 2000);
		mxsel_options_set_seed(o, 1);
		result = plan(o, "example.com", next_on_engine, e);
	}
	mxsel_cache_free(cache);
	mxsel_options_free(o);
	mxsel_engine_free(e);
	return result;
}

static int with_zone(const struct liar *server)
{
	static const char text[] = "$TTL 300\n"
		"example.com. SOA ns hostmaster 1 2 3 4 5\n"
		"@ MX 10 mx\nmx AAAA 2001:db8::1\nmx A 192.0.2.1\n";
	mxsel_resolver *r;
	int result = mxsel_ldns_zone_text_new(&r, text);

	(void)server;
	if (result != 0)
		return result == MXSEL_EFILE && heap_failed() > 0 ?
			MXSEL_ENOMEM : result;
	result = plan_with(r, "example.com");
	mxsel_resolver_free(r);
	return result;
}

static int with_mock(const struct liar *server)
{
	mxsel_mock *mock;
	int result = mxsel_mock_new(&mock);

	(void)server;
	if (result != 0)
		return result;
	result = mxsel_mock_mx(mock, "example.com", 10, "mx.example", 300);
	if (result == 0)
		result = mxsel_mock_address(mock, "mx.example", "192.0.2.1",
			300);
	if (result == 0)
		result = mxsel_mock_address(mock, "mx.example",
			"2001:db8::1", 300);
	if (result == 0)
		result = plan_with(mxsel_mock_resolver(mock), "example.com");
	mxsel_mock_free(mock);
	return result;
}

#ifdef HAVE_IDN2
static int with_idn2(const struct liar *server)
{
	char out[254];
	size_t size = sizeof out;
	int result = mxsel_idn2_to_ascii("b\xc3\xbc" "cher.example", 15, out,
		NULL);

	(void)server;
	if (result != 0)
		return result;
	EXPECT(strcmp(out, "xn--bcher-kva.example") == 0);
	return mxsel_idn2_to_display("xn--bcher-kva.example", out, &size);
}
#endif

/* A policy, a selection saved and resumed, reports. */
static int with_security(const struct liar *server)
{
	static const char body[] = "version: STSv1\nmode: enforce\n"
		"mx: *.example.com\nmx: mx.example.net\nmax_age: 86400\n";
	uint8_t saved[1024];
	size_t size = sizeof saved;
	mxsel_sts *policy = NULL;
	mxsel *m = NULL, *again = NULL;
	int result = mxsel_sts_new(&policy, "example.com", body,
		sizeof body - 1, 0);

	(void)server;
	if (result == 0)
		result = mxsel_new(&m, "[192.0.2.1]", NULL);
	if (result == 0)
		result = mxsel_next(m) == MXSEL_ATTEMPT ?
			mxsel_report_tls(m, MXSEL_TLSRPT_SUCCESS) :
			MXSEL_ENOMEM;
	if (result == 0)
		result = mxsel_report(m, MXSEL_OUTCOME_RCPT, 450, "later");
	if (result == 0)
		result = mxsel_save(m, saved, &size);
	if (result == 0)
		result = mxsel_resume(&again, saved, size, NULL);
	if (result == 0)
		EXPECT(strcmp(mxsel_address(again), "192.0.2.1") == 0);
	mxsel_free(again);
	mxsel_free(m);
	mxsel_sts_free(policy);
	return result;
}

#ifdef HAVE_UNBOUND
/* libunbound keeps what it has once allocated, and has a thread of its own:
   what is left of it is not ours to count. */
static int with_unbound(const struct liar *server)
{
	mxsel_unbound *u;
	int result = mxsel_unbound_new(&u);

	if (result != 0)
		return result;
	result = mxsel_unbound_add_server(u, liar_address(server));
	if (result == 0)
		result = mxsel_unbound_add_anchor(u, "e.test. DS 20326 8 2 "
			"E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104"
			"237C7F8EC8D");
	if (result == 0)
		result = plan_with(mxsel_unbound_resolver(u), "example.com");
	mxsel_unbound_free(u);
	return result;
}
#endif

static const struct scene {
	scene_fn run;
	const char *name;
	enum heap_scope scope;
	int is_counted; /* blocks must be what they were */
} scenes[] = {
	{ with_ldns, "ldns", HEAP_ALL, 1 },
	{ with_engine, "engine", HEAP_ALL, 1 },
	/* libldns ends the process when it has no memory for the text of a
	   record: assert() in its buffers. What we ask for ourselves. */
	{ with_zone, "zone", HEAP_OURS, 1 },
	{ with_mock, "mock", HEAP_ALL, 1 },
	{ with_security, "security", HEAP_ALL, 1 },
#ifdef HAVE_IDN2
	{ with_idn2, "idn2", HEAP_ALL, 1 },
#endif
#ifdef HAVE_UNBOUND
	/* libunbound crashes in ub_ctx_delete() after some of its own. */
	{ with_unbound, "unbound", HEAP_OURS, 0 },
#endif
};

/* The how manieth request fails; 0: there were not so many. */
static int fails_at(const struct scene *s, const struct liar *server,
	size_t request, int on)
{
	struct base base;
	size_t failed;
	int result;

	judge_base(&base);
	heap_fail(request, on, s->scope);
	result = s->run(server);
	failed = heap_failed();
	heap_fail(0, 0, HEAP_ALL);
	if (failed == 0)
		return 0;
	if (result != 0 && result != MXSEL_ENOMEM)
		judge_fail("%s, request %zu: %s", s->name, request,
			mxsel_strerror(result));
	if (s->is_counted)
		judge_same(&base, s->name);
	return 1;
}

static size_t all_requests(const struct scene *s, const struct liar *server)
{
	size_t request, runs = 0;
	int on;

	EXPECT(s->run(server) == 0);
	for (on = 0; on < 2; on++)
		for (request = 1; fails_at(s, server, request, on); request++)
			runs++;
	if (s->run(server) != 0)
		judge_fail("%s: no more right afterwards", s->name);
	return runs;
}

void F84_no_memory(void)
{
	size_t i, runs = 0;
	struct trial t;

	if (!heap_is_ours())
		judge_skip("malloc() cannot be replaced in this build");
	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	for (i = 0; i < sizeof scenes / sizeof *scenes; i++)
		runs += all_requests(&scenes[i], t.liars[0]);
	judge_say("%zu runs over %zu scenes, each with a request for memory "
		"that fails, once or from there on: right or MXSEL_ENOMEM",
		runs, sizeof scenes / sizeof *scenes);
	trial_expect_right(&t);
	t.base.blocks = heap_blocks(); /* libunbound's are in it */
	liar_stop(t.liars[0]);
}

/* --- F85 ----------------------------------------------------------------- */

#define SMALL_STACK 32768

/* In a thread with a stack of 32 KiB. */
static void on_small_stack(void *(*run)(void *), void *user)
{
	pthread_attr_t attributes;
	pthread_t thread;

	EXPECT(pthread_attr_init(&attributes) == 0);
	EXPECT(pthread_attr_setstacksize(&attributes, SMALL_STACK) == 0);
	EXPECT(pthread_create(&thread, &attributes, run, user) == 0);
	EXPECT(pthread_join(thread, NULL) == 0);
	pthread_attr_destroy(&attributes);
}

static void *use_everything(void *user)
{
	struct trial *t = user;

	trial_expect_right(t);
	EXPECT(with_mock(NULL) == 0);
	EXPECT(with_security(NULL) == 0);
	EXPECT(with_zone(NULL) == 0);
	return NULL;
}

struct hoard {
	struct hoard *next;
	size_t size;
};

/* All that can be had, but for about so many octets. */
static struct hoard *take_all(size_t left)
{
	struct hoard *all = NULL, *one;
	size_t size = 1u << 20, given = 0;

	while (size >= 64) {
		one = malloc(size);
		if (one == NULL) {
			size /= 2;
			continue;
		}
		one->next = all;
		one->size = size;
		all = one;
	}
	while (all != NULL && given < left) {
		one = all;
		all = one->next;
		given += one->size;
		free(one);
	}
	return all;
}

static void give_back(struct hoard *all)
{
	struct hoard *one;

	while ((one = all) != NULL) {
		all = one->next;
		free(one);
	}
}

static void *use_what_is_left(void *user)
{
	static const size_t left[] = { 0, 256, 1024, 4096, 16384, 65536,
		262144 };
	struct trial *t = user;
	struct hoard *all;
	int result;
	size_t i;

	for (i = 0; i < sizeof left / sizeof *left; i++) {
		all = take_all(left[i]);
		result = trial_look(t, "example.com");
		EXPECT(result == MXSEL_ENOMEM || (result == 0 &&
			trial_is_sane(t)));
		result = trial_look_engine(t, "example.com", 5);
		EXPECT(result == MXSEL_ENOMEM || (result == 0 &&
			trial_is_sane(t)));
		EXPECT(with_security(NULL) <= 0);
		give_back(all);
		trial_expect_right(t);
	}
	return NULL;
}

/* So much address space as there is in use, in KiB; 0: it is not told. */
static unsigned long in_use(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;

	if (file != NULL && fscanf(file, "%lu", &pages) != 1)
		pages = 0;
	if (file != NULL)
		fclose(file);
	return pages * (unsigned long)sysconf(_SC_PAGESIZE) / 1024;
}

void F85_little_room(void)
{
	struct rlimit usual, little;
	struct trial t;
	struct base base;

	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	on_small_stack(use_everything, &t);
	judge_base(&base);
	on_small_stack(use_everything, &t);
	judge_same(&base, "the second thread");
	if (in_use() == 0 || !heap_is_ours())
		judge_skip("only the stack: RLIMIT_AS means nothing here");
	EXPECT(getrlimit(RLIMIT_AS, &usual) == 0);
	little = usual;
	little.rlim_cur = (in_use() + 2048) * 1024;
	EXPECT(setrlimit(RLIMIT_AS, &little) == 0);
	on_small_stack(use_what_is_left, &t);
	EXPECT(setrlimit(RLIMIT_AS, &usual) == 0);
	trial_expect_right(&t);
	liar_stop(t.liars[0]);
}
