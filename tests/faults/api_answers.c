/*
 * When answers come, and what is freed before they do: F95..F98. May use
 * host_judge.h and <mxsel/mock.h>.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>

#include <mxsel/cache.h>
#include <mxsel/mock.h>

#include "faults/api.h"
#include "faults/host_judge.h"

/* A mock that knows example.com, and options that ask it. */
struct world {
	mxsel_mock *mock;
	mxsel_options *options;
	mxsel_cache *cache;
};

static void make(struct world *w)
{
	EXPECT(mxsel_mock_new(&w->mock) == 0);
	EXPECT(mxsel_mock_mx(w->mock, "example.com", 10, "mx1.example",
		300) == 0);
	EXPECT(mxsel_mock_mx(w->mock, "example.com", 20, "mx2.example",
		300) == 0);
	EXPECT(mxsel_mock_address(w->mock, "mx1.example", "192.0.2.1",
		300) == 0);
	EXPECT(mxsel_mock_address(w->mock, "mx1.example", "127.0.0.1",
		300) == 0);
	EXPECT(mxsel_mock_address(w->mock, "mx2.example", "192.0.2.2",
		300) == 0);
	EXPECT(mxsel_cache_new(&w->cache, 65536, mxsel_ldns_clock, NULL) ==
		0);
	EXPECT(mxsel_options_new(&w->options) == 0);
	EXPECT(mxsel_options_set_resolver(w->options,
		mxsel_mock_resolver(w->mock)) == 0);
	EXPECT(mxsel_options_set(w->options, MXSEL_OPT_TRACE, 1) == 0);
}

static void unmake(struct world *w)
{
	mxsel_options_free(w->options);
	mxsel_cache_free(w->cache);
	mxsel_mock_free(w->mock);
}

/* The whole plan, or so many calls of it; MXSEL_END at its end. */
static int step(mxsel *m, int calls)
{
	int result = MXSEL_LOOKUP;

	while (calls-- > 0 && result != MXSEL_END)
		result = mxsel_next(m);
	return result;
}

static int goes_on(const struct world *w)
{
	mxsel *m;
	int good;

	EXPECT(mxsel_new(&m, "example.com", w->options) == 0);
	good = mxsel_next(m) == MXSEL_ATTEMPT &&
		strcmp(mxsel_address(m), "192.0.2.1") == 0 &&
		mxsel_next(m) == MXSEL_ATTEMPT &&
		strcmp(mxsel_address(m), "192.0.2.2") == 0 &&
		mxsel_next(m) == MXSEL_END;
	mxsel_free(m);
	return good;
}

/* --- F95 ----------------------------------------------------------------- */

static void read_all_of_it(const mxsel *m)
{
	const char *subject;
	size_t i;

	for (i = 0; mxsel_rejected(m, i, NULL, NULL, &subject) == 0; i++)
		EXPECT(strlen(subject) > 0);
	for (i = 0; mxsel_trace_event(m, i, NULL, &subject, NULL, NULL) == 0;
			i++)
		EXPECT(subject != NULL);
}

/* After so many calls; what it holds goes before or after it. */
static int freed_after(int calls, int last)
{
	struct world w;
	int result;
	mxsel *m;

	make(&w);
	EXPECT(mxsel_options_set_cache(w.options, w.cache) == 0);
	EXPECT(mxsel_new(&m, "example.com", w.options) == 0);
	mxsel_options_free(w.options);
	mxsel_cache_free(w.cache);
	w.options = NULL;
	w.cache = NULL;
	result = step(m, calls);
	read_all_of_it(m);
	mxsel_free(m);
	if (!last)
		EXPECT(result != MXSEL_END);
	unmake(&w);
	return result;
}

static void blocking_freed(void)
{
	int calls;

	for (calls = 0; freed_after(calls, 1) != MXSEL_END; calls++)
		EXPECT(calls < 10);
	EXPECT(calls == 3);
}

/* Selections go one by one while the others are under way; then the engine
   goes before the rest. */
static void engine_freed(int turns)
{
	struct trial t;
	struct many all;
	int i;

	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	EXPECT(trial_many_begin(&t, &all, "example.com", 30) == 0);
	for (i = 0; i < turns; i++)
		EXPECT(mxsel_engine_wait(t.engine, 5) == 0);
	for (i = 0; i < 15; i++)
		mxsel_free(all.m[--all.count]);
	EXPECT(mxsel_engine_count(t.engine) == 15);
	mxsel_engine_free(t.engine);
	t.engine = NULL;
	for (i = 0; i < 15; i++) /* what was asked ended with it */
		EXPECT(mxsel_next(all.m[i]) >= 0);
	trial_many_end(&all);
	EXPECT(trial_look(&t, "example.com") == 0 && trial_is_right(&t));
	trial_end(&t);
}

void F95_freed_on_the_way(void)
{
	struct base base;
	struct world w;
	int turns;

	judge_base(&base);
	blocking_freed();
	make(&w);
	EXPECT(goes_on(&w));
	unmake(&w);
	judge_same(&base, "the blocking ones");
	for (turns = 0; turns < 4; turns++)
		engine_freed(turns);
}

/* --- F96, F97 ------------------------------------------------------------ */

static void at_once(mxsel_query *q, void *user)
{
	unsigned *asked = user;

	(*asked)++;
	if (mxsel_query_type(q) == MXSEL_TYPE_MX)
		mxsel_answer_mx(q, 10, "mx.example.net", 300);
	else if (mxsel_query_type(q) == MXSEL_TYPE_A)
		mxsel_answer_address(q, (const uint8_t *)"\300\0\2\1", 4,
			300);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
}

void F96_at_once(void)
{
	mxsel_resolver *r;
	mxsel_options *o;
	struct base base;
	unsigned asked = 0;
	mxsel *m;
	int i;

	judge_base(&base);
	EXPECT(mxsel_resolver_new(&r, at_once, NULL, &asked) == 0);
	EXPECT(mxsel_options_new(&o) == 0);
	EXPECT(mxsel_options_set_resolver(o, r) == 0);
	mxsel_resolver_free(r);
	EXPECT(mxsel_new(&m, "example.com", o) == 0);
	for (i = 0; i < 1000; i++) {
		EXPECT(mxsel_next(m) == MXSEL_ATTEMPT);
		EXPECT(strcmp(mxsel_address(m), "192.0.2.1") == 0);
		EXPECT(mxsel_query_take(m) == NULL);
		EXPECT(mxsel_next(m) == MXSEL_END);
		EXPECT(mxsel_reset(m, "example.com") == 0);
	}
	EXPECT(asked == 3000);
	mxsel_free(m);
	mxsel_options_free(o);
	judge_same(&base, "at the end");
}

static void never(mxsel_query *q, void *user)
{
	(void)q;
	(void)user;
}

static int waits_in_vain(mxsel *m, void *user)
{
	(void)user;
	return mxsel_time_spent(m, 1000);
}

static void own_resolver_never(void)
{
	mxsel_resolver *r;
	mxsel_options *o;
	mxsel *m;

	EXPECT(mxsel_resolver_new(&r, never, never, NULL) == 0);
	EXPECT(mxsel_resolver_set_wait(r, waits_in_vain) == 0);
	EXPECT(mxsel_options_new(&o) == 0);
	EXPECT(mxsel_options_set_resolver(o, r) == 0);
	mxsel_resolver_free(r);
	EXPECT(mxsel_new(&m, "example.com", o) == 0);
	EXPECT(mxsel_next(m) == MXSEL_END);
	EXPECT(mxsel_verdict_code(m) == 451);
	EXPECT(mxsel_verdict_reason(m) == MXSEL_REASON_DNS_TEMPORARY);
	mxsel_free(m);
	mxsel_options_free(o);
}

void F97_never(void)
{
	struct base base;
	struct world w;
	struct trial t;
	mxsel *m;

	judge_base(&base);
	own_resolver_never();
	make(&w);
	EXPECT(mxsel_mock_misbehave(w.mock, "example.org", 0,
		MXSEL_MOCK_NEVER) == 0);
	EXPECT(mxsel_new(&m, "example.org", w.options) == 0);
	EXPECT(mxsel_next(m) == MXSEL_END && mxsel_verdict_code(m) == 451);
	EXPECT(mxsel_mock_now(w.mock) == 30000);
	mxsel_free(m);
	EXPECT(goes_on(&w));
	unmake(&w);
	judge_same(&base, "the mock");
	trial_begin(&t, JUDGE_TIME);
	trial_server(&t, silent, NULL);
	trial_expect_temporary(&t);
	EXPECT(t.took >= JUDGE_TIME - 1);
	trial_end(&t);
}

/* --- F98 ----------------------------------------------------------------- */

static void answered_twice(const struct world *w)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };
	mxsel_options *o;
	mxsel_query *q;
	mxsel *m;

	EXPECT(mxsel_options_copy(&o, w->options) == 0);
	EXPECT(mxsel_options_set_resolver(o, NULL) == 0);
	EXPECT(mxsel_new(&m, "[mx1.example]", o) == 0);
	mxsel_options_free(o);
	EXPECT(mxsel_next(m) == MXSEL_LOOKUP);
	while ((q = mxsel_query_take(m)) != NULL) {
		if (mxsel_query_type(q) == MXSEL_TYPE_A)
			EXPECT(mxsel_answer_address(q, v4, 4, 300) == 0);
		EXPECT(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0) == 0);
		EXPECT(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0) ==
			MXSEL_EUSAGE);
		EXPECT(mxsel_answer_negative_ttl(q, 3) == MXSEL_EUSAGE);
		EXPECT(mxsel_answer_alias(q, "a.example", 3) ==
			MXSEL_EUSAGE);
		EXPECT(mxsel_answer_packet(q, v4, 4, 0) == MXSEL_EUSAGE);
	}
	EXPECT(mxsel_next(m) == MXSEL_ATTEMPT);
	EXPECT(strcmp(mxsel_address(m), "192.0.2.1") == 0);
	EXPECT(mxsel_next(m) == MXSEL_END);
	mxsel_free(m);
}

/* After its time was up or the selection was reset. */
static void answered_late(const struct world *w)
{
	mxsel *m;

	EXPECT(mxsel_mock_misbehave(w->mock, "mx1.example", 0,
		MXSEL_MOCK_LATE) == 0);
	EXPECT(mxsel_mock_misbehave(w->mock, "example.com", 0,
		MXSEL_MOCK_TWICE) == 0);
	EXPECT(mxsel_new(&m, "example.com", w->options) == 0);
	EXPECT(step(m, 10) == MXSEL_END);
	EXPECT(mxsel_verdict_code(m) == 451);
	EXPECT(mxsel_mock_refused(w->mock) > 0);
	EXPECT(mxsel_reset(m, "mx2.example") == 0);
	EXPECT(mxsel_next(m) == MXSEL_ATTEMPT);
	mxsel_free(m);
}

void F98_twice(void)
{
	struct base base;
	struct world w;

	judge_base(&base);
	make(&w);
	answered_twice(&w);
	EXPECT(goes_on(&w));
	answered_late(&w);
	unmake(&w);
	judge_same(&base, "at the end");
}
