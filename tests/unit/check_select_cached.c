/*
 * A cache between selection and DNS: mail goes where it would go without it,
 * for the same reasons, whether the cache is cold or warm (R14, R32, R77);
 * what it answers nobody is asked for, and what was broken, forged or only
 * our own end is never kept. May use <mxsel/mxsel.h>, <mxsel/cache.h> and
 * <mxsel/mock.h>.
 */
#include "support/run.h"

#include <mxsel/cache.h>
#include <mxsel/mock.h>

#include "support/many_domains.h"

#define DOMAINS 3000

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

/* --- the same with and without ------------------------------------------- */

static struct domain_play without, cold, warm;

/* Messages or records, first and second time; prefetch. */
static const struct way {
	int packets, prefetch;
} ways[] = { { 0, 0 }, { 1, 0 }, { 0, 128 }, { 1, 2 } };

#define WAYS ((int)(sizeof(ways) / sizeof(ways[0])))

START_TEST(R32_R77_a_cache_changes_neither_plan_nor_verdict)
{
	struct domain d;
	size_t asked = 0, again = 0;
	int i;

	for (i = 0; i < DOMAINS; i++) {
		domain_make(&d, (uint64_t)i);
		without = (struct domain_play){ .d = &d,
			.packets = ways[_i].packets };
		cold = without;
		cold.cache = cache;
		cold.prefetch = ways[_i].prefetch;
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), MXSEL_OK);
		domain_play(&without, (uint64_t)i);
		domain_play(&cold, (uint64_t)i);
		domain_check_same(&without, &cold, i, "cold");
		warm = cold;
		domain_play(&warm, (uint64_t)i);
		domain_check_same(&without, &warm, i, "warm");
		if (cold.prefetch == 0) {
			ck_assert_uint_eq(cold.questions, without.questions);
			ck_assert_uint_eq(warm.questions, without.questions);
		}
		asked += cold.asked;
		again += warm.asked;
	}
	/* Most of it was known; the rest may not be kept. */
	ck_assert_uint_gt(asked, DOMAINS);
	ck_assert_uint_lt(again * 2, asked);
}
END_TEST

/* What one site learnt serves another, whose rules are different. */
START_TEST(R32_what_is_kept_does_not_depend_on_whose_question_it_was)
{
	struct domain d, other;
	int i;

	for (i = 0; i < DOMAINS; i++) {
		domain_make(&d, (uint64_t)i);
		other = d;
		other.options = (uint32_t)i * 2654435761u;
		cold = (struct domain_play){ .d = &other, .cache = cache,
			.packets = i & 1 };
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), MXSEL_OK);
		domain_play(&cold, (uint64_t)i + 1);
		without = (struct domain_play){ .d = &d, .packets = i & 1 };
		domain_play(&without, (uint64_t)i);
		warm = without;
		warm.cache = cache;
		domain_play(&warm, (uint64_t)i);
		domain_check_same(&without, &warm, i, "other options");
	}
}
END_TEST

/* --- one domain ---------------------------------------------------------- */

enum end { GOOD, FAILS, FORGED, NOBODY, LOST, SIGNED };

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
	};

	questions++;
	if (mxsel_query_type(q) == MXSEL_TYPE_MX)
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

START_TEST(S5_what_is_known_is_not_asked_again)
{
	mxsel *m;

	ck_assert_int_eq(play(GOOD), 1);
	ck_assert_int_eq(questions, 3);
	m = begin(0, NULL);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_ptr_null(mxsel_query_take(m));
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(questions, 0);
	/* It counts as if it had been asked. */
	ck_assert_uint_eq(mxsel_query_count(m), 3);
	mxsel_free(m);
}
END_TEST

START_TEST(R77_a_ttl_goes_on_running_in_the_cache)
{
	mxsel *m;

	(void)play(GOOD);
	now += 40 * 1000;
	m = begin(0, NULL);
	ck_assert_int_eq(go(m, GOOD), 1);
	ck_assert_int_eq(questions, 0);
	ck_assert_uint_eq(mxsel_ttl(m), 60);
	mxsel_free(m);
	now += 60 * 1000; /* the denial of the AAAA is over, the A is not */
	ck_assert_int_eq(play(GOOD), 1);
	ck_assert_int_eq(questions, 1);
}
END_TEST

START_TEST(R90_what_was_secure_is_secure_out_of_the_cache)
{
	mxsel *m;

	(void)play(SIGNED);
	m = begin(0, NULL);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_is_secure(m), 1);
	ck_assert_int_eq(mxsel_address_is_secure(m), 1);
	ck_assert_int_eq(questions, 0);
	mxsel_free(m);
}
END_TEST

START_TEST(R14_R77_a_failure_is_known_for_seconds_and_defers)
{
	mxsel *m;

	ck_assert_int_eq(play(FAILS), 0);
	ck_assert_int_eq(questions, 1);
	m = begin(0, NULL);
	ck_assert_int_eq(go(m, GOOD), 0);
	ck_assert_int_eq(questions, 0);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_uint_eq(mxsel_ttl(m), 5);
	mxsel_free(m);
	now += 5000;
	ck_assert_int_eq(play(GOOD), 1);
	ck_assert_int_eq(questions, 3);
}
END_TEST

START_TEST(R14_what_is_forged_lost_or_our_own_end_is_not_kept)
{
	static const enum end ends[] = { FORGED, LOST, NOBODY };

	ck_assert_int_eq(play(ends[_i]), 0);
	ck_assert_int_eq(play(GOOD), 1);
	ck_assert_int_eq(questions, 3);
}
END_TEST

START_TEST(R14_what_a_reset_cancelled_is_not_kept)
{
	mxsel *m = begin(0, NULL);

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_ptr_nonnull(mxsel_query_take(m));
	ck_assert_int_eq(mxsel_reset(m, "example.com"), MXSEL_OK);
	ck_assert_int_eq(go(m, GOOD), 1);
	ck_assert_int_eq(questions, 3);
	mxsel_free(m);
}
END_TEST

static void resolve(mxsel_query *q, void *user)
{
	(void)user;
	answer(q, GOOD);
}

START_TEST(a_resolver_may_go_past_the_cache)
{
	mxsel_resolver *r;
	mxsel *m;

	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, NULL, NULL),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_resolver_set_bypass(r, 1), MXSEL_OK);
	m = begin(0, r);
	ck_assert_int_eq(go(m, GOOD), 1);
	mxsel_free(m);
	m = begin(0, r); /* nothing was kept */
	ck_assert_int_eq(go(m, GOOD), 1);
	ck_assert_int_eq(questions, 3);
	mxsel_free(m);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_STORED), 0);
	ck_assert_int_eq(mxsel_resolver_set_bypass(r, 0), MXSEL_OK);
	m = begin(0, r);
	ck_assert_int_eq(go(m, GOOD), 1);
	mxsel_free(m);
	m = begin(0, r);
	ck_assert_int_eq(go(m, GOOD), 1);
	ck_assert_int_eq(questions, 0);
	mxsel_free(m);
	mxsel_resolver_free(r);
}
END_TEST

/* --- stale --------------------------------------------------------------- */

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

START_TEST(R78_the_trace_says_what_the_cache_answered)
{
	mxsel *m;

	(void)play(GOOD);
	m = begin(1, NULL);
	ck_assert_int_eq(go(m, GOOD), 1);
	ck_assert(traced(m, "MX complete records 1 ttl 300, cached"));
	ck_assert(traced(m, "A complete records 1 ttl 200, cached"));
	ck_assert(traced(m, "AAAA complete records 0 ttl 100, cached"));
	mxsel_free(m);
}
END_TEST

START_TEST(R77_old_data_are_better_than_none_when_that_is_allowed)
{
	static const enum end ends[] = { FAILS, NOBODY };
	mxsel *m;

	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 3600),
		MXSEL_OK);
	(void)play(GOOD);
	now += 1000 * 1000;
	m = begin(1, NULL);
	ck_assert_int_eq(go(m, ends[_i]), 1);
	ck_assert_int_eq(questions, 3);
	ck_assert_uint_eq(mxsel_ttl(m), 30);
	ck_assert(traced(m, "MX complete records 1 ttl 30, stale"));
	mxsel_free(m);
	now += 3000 * 1000; /* too old now */
	ck_assert_int_eq(play(ends[_i]), 0);
}
END_TEST

START_TEST(R77_old_data_are_used_when_nobody_answers_in_time)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 3600),
		MXSEL_OK);
	(void)play(GOOD);
	now += 1000 * 1000;
	m = begin(0, NULL);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_ptr_nonnull(mxsel_query_take(m));
	ck_assert_int_eq(mxsel_time_spent(m, 30000), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	mxsel_free(m);
}
END_TEST

START_TEST(R14_old_data_are_not_used_unless_allowed_nor_for_forged_ones)
{
	(void)play(GOOD);
	now += 1000 * 1000;
	ck_assert_int_eq(play(FAILS), 0);
	now += 1000 * 1000;
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 3600),
		MXSEL_OK);
	(void)play(GOOD);
	now += 1000 * 1000;
	ck_assert_int_eq(play(FORGED), 0);
	ck_assert_int_eq(play(LOST), 0);
}
END_TEST

/* --- what is on record --------------------------------------------------- */

static struct {
	char text[65536];
	size_t length;
} taken[2], *taking;

static void record(const char *line, void *user)
{
	size_t length = strlen(line);

	(void)user;
	if (strncmp(line, "packet", 6) == 0)
		return;
	ck_assert_uint_lt(taking->length + length + 2, sizeof(taking->text));
	memcpy(taking->text + taking->length, line, length);
	taking->length += length;
	taking->text[taking->length++] = '\n';
	taking->text[taking->length] = '\0';
}

/* Told as records and out of the cache: the same lines in the same order. */
START_TEST(R79_what_the_cache_answers_is_on_record)
{
	mxsel_options *o;
	mxsel *m;
	int i;

	for (i = 0; i < 2; i++) {
		taking = &taken[i];
		taking->length = 0;
		ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
		mxsel_options_set_cache(o, cache);
		mxsel_options_set_seed(o, 1);
		mxsel_options_set_recorder(o, record, NULL);
		ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
		mxsel_options_free(o);
		questions = 0;
		ck_assert_int_eq(go(m, GOOD), 1);
		ck_assert_int_eq(questions, i == 0 ? 3 : 0);
		mxsel_free(m);
	}
	ck_assert_ptr_nonnull(strstr(taken[1].text,
		"mx example.com 10 mx.example 300\n"));
	ck_assert_uint_eq(taken[0].length, taken[1].length);
	ck_assert_ptr_nonnull(strstr(taken[1].text,
		"negative mx.example AAAA 100\n"));
}
END_TEST

static void record_all(const char *line, void *user)
{
	size_t length = strlen(line);

	(void)user;
	if (strcmp(line, "mxsel-record 1") == 0)
		taking->length = 0;
	ck_assert_uint_lt(taking->length + length + 2, sizeof(taking->text));
	memcpy(taking->text + taking->length, line, length);
	taking->length += length;
	taking->text[taking->length++] = '\n';
}

/* What came out of the cache is in the record as if it had been answered. */
START_TEST(R79_a_record_of_a_warm_cache_replays_without_it)
{
	struct domain d;
	mxsel_mock *mock;
	int i;

	taking = &taken[0];
	for (i = 0; i < DOMAINS / 3; i++) {
		domain_make(&d, (uint64_t)i);
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), MXSEL_OK);
		cold = (struct domain_play){ .d = &d, .cache = cache,
			.packets = i & 1 };
		domain_play(&cold, (uint64_t)i);
		warm = cold;
		warm.record = record_all;
		domain_play(&warm, (uint64_t)i);
		domain_check_same(&cold, &warm, i, "on record");
		ck_assert_int_eq(mxsel_mock_new(&mock), MXSEL_OK);
		ck_assert_int_eq(mxsel_mock_replay(mock, taking->text,
			taking->length), MXSEL_OK);
		without = (struct domain_play){ .d = &d,
			.resolver = mxsel_mock_resolver(mock) };
		domain_play(&without, (uint64_t)i);
		domain_check_same(&warm, &without, i, "replayed");
		mxsel_mock_free(mock);
	}
}
END_TEST

START_TEST(F100_options_that_are_in_use_take_no_cache)
{
	mxsel_options *o, *copy;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_set_cache(NULL, cache), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_cache(o, cache), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_copy(&copy, o), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_cache(o, NULL), MXSEL_EUSAGE);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_options_set_cache(o, NULL), MXSEL_OK);
	mxsel_options_free(o);
	/* The copy keeps the cache alive when its maker has given it back. */
	mxsel_cache_free(cache);
	cache = NULL;
	ck_assert_int_eq(mxsel_new(&m, "example.com", copy), MXSEL_OK);
	mxsel_options_free(copy);
	ck_assert_int_eq(go(m, GOOD), 1);
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: answers out of the cache");
	TCase *t = tcase_create("cached");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t,
		R32_R77_a_cache_changes_neither_plan_nor_verdict, 0, WAYS);
	tcase_add_test(t,
		R32_what_is_kept_does_not_depend_on_whose_question_it_was);
	tcase_add_test(t, S5_what_is_known_is_not_asked_again);
	tcase_add_test(t, R77_a_ttl_goes_on_running_in_the_cache);
	tcase_add_test(t, R90_what_was_secure_is_secure_out_of_the_cache);
	tcase_add_test(t, R14_R77_a_failure_is_known_for_seconds_and_defers);
	tcase_add_loop_test(t,
		R14_what_is_forged_lost_or_our_own_end_is_not_kept, 0, 3);
	tcase_add_test(t, R14_what_a_reset_cancelled_is_not_kept);
	tcase_add_test(t, a_resolver_may_go_past_the_cache);
	tcase_add_test(t, R78_the_trace_says_what_the_cache_answered);
	tcase_add_loop_test(t,
		R77_old_data_are_better_than_none_when_that_is_allowed, 0, 2);
	tcase_add_test(t, R77_old_data_are_used_when_nobody_answers_in_time);
	tcase_add_test(t,
		R14_old_data_are_not_used_unless_allowed_nor_for_forged_ones);
	tcase_add_test(t, R79_what_the_cache_answers_is_on_record);
	tcase_add_test(t, R79_a_record_of_a_warm_cache_replays_without_it);
	tcase_add_test(t, F100_options_that_are_in_use_take_no_cache);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
