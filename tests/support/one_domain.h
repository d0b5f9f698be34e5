/*
 * One domain with one host, asked for through a cache whose clock the test
 * sets. May use <mxsel/mxsel.h> and <mxsel/cache.h>; for a program of unit
 * tests, which includes it once.
 */
#ifndef TESTS_SUPPORT_ONE_DOMAIN_H
#define TESTS_SUPPORT_ONE_DOMAIN_H

#include <string.h>

#include <check.h>

#include <mxsel/cache.h>

static uint64_t now; /* milliseconds */
static mxsel_cache *cache;

static uint64_t tell_time(void *user)
{
	(void)user;
	return now;
}

static void setup(void)
{
	now = 5000000;
	ck_assert_int_eq(mxsel_cache_new(&cache, 1u << 20, tell_time, NULL),
		MXSEL_OK);
}

static void teardown(void)
{
	mxsel_cache_free(cache);
}

enum end { GOOD, FAILS, FORGED, NOBODY, LOST, SIGNED, ABSENT };

static int questions; /* answered here */

static void answer(mxsel_query *q, enum end end)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };
	static const struct {
		int outcome, security;
	} ends[] = {
		[GOOD] = { MXSEL_DNS_COMPLETE, 0 },
		[FAILS] = { MXSEL_DNS_SERVFAIL, 0 },
		[FORGED] = { MXSEL_DNS_COMPLETE, MXSEL_SECURITY_BOGUS },
		[NOBODY] = { MXSEL_DNS_NETWORK, 0 },
		[LOST] = { MXSEL_DNS_COMPLETE, 0 },
		[SIGNED] = { MXSEL_DNS_COMPLETE, MXSEL_SECURITY_SECURE },
		[ABSENT] = { MXSEL_DNS_NXDOMAIN, 0 },
	};

	questions++;
	if (end == ABSENT)
		mxsel_answer_negative_ttl(q, 100);
	else if (mxsel_query_type(q) == MXSEL_TYPE_MX)
		mxsel_answer_mx(q, 10, "mx.example", 300);
	else if (mxsel_query_type(q) == MXSEL_TYPE_A)
		mxsel_answer_address(q, v4, 4, 200);
	else
		mxsel_answer_negative_ttl(q, 100);
	if (end == LOST) /* no name: the answer is broken by it */
		mxsel_answer_alias(q, "a..b", 300);
	ck_assert_int_eq(mxsel_answer_finish(q, ends[end].outcome,
		ends[end].security), MXSEL_OK);
}

static mxsel *begin(int trace, mxsel_resolver *r)
{
	mxsel_options *o;
	mxsel *m;

	questions = 0;
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set(o, MXSEL_OPT_TRACE, trace);
	ck_assert_int_eq(mxsel_options_set_cache(o, cache), MXSEL_OK);
	mxsel_options_set_resolver(o, r);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	return m;
}

/* Attempts to the end, everything answered so. */
static int go(mxsel *m, enum end end)
{
	int rc, attempts = 0;
	mxsel_query *q;

	while ((rc = mxsel_next(m)) != MXSEL_END) {
		attempts += rc == MXSEL_ATTEMPT;
		while ((q = mxsel_query_take(m)) != NULL)
			answer(q, end);
	}
	return attempts;
}

static int play(enum end end)
{
	mxsel *m = begin(0, NULL);
	int attempts = go(m, end);

	mxsel_free(m);
	return attempts;
}

static int traced(const mxsel *m, const char *wanted)
{
	const char *detail;
	size_t i;

	for (i = 0; mxsel_trace_event(m, i, NULL, NULL, &detail, NULL) ==
		MXSEL_OK; i++)
		if (strcmp(detail, wanted) == 0)
			return 1;
	return 0;
}

#endif
