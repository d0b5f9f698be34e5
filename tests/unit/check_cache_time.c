/*
 * How long answers are kept, to the millisecond; denials, failures and what
 * is over included (R77, S34; RFC 2308, RFC 8767, RFC 9520).
 */
#include <check.h>
#include <stdint.h>

#include "support/cached.h"
#include "support/run.h"

static uint64_t now;
static mxsel_cache *cache;
static struct mxsel__cached in, out;

static void setup(void)
{
	now = UINT64_C(7000000000000);
	cache = cached_new(65536, &now);
}

static void teardown(void)
{
	mxsel_cache_free(cache);
}

static uint64_t counted(int which)
{
	return mxsel_cache_statistic(cache, which);
}

static void keep(uint32_t ttl)
{
	cached_addresses(cached_empty(&in, ttl), 4, 1, 10);
	cached_keep(cache, "mx.example.com", MXSEL_TYPE_A, &in);
}

static void keep_outcome(uint32_t ttl, unsigned outcome)
{
	cached_empty(&in, ttl)->outcome = (uint8_t)outcome;
	cached_keep(cache, "mx.example.com", MXSEL_TYPE_A, &in);
}

/* Seconds left, 0: not there. */
static uint32_t left(void)
{
	return cached_find(cache, "mx.example.com", MXSEL_TYPE_A, 0, &out)
		? out.ttl : 0;
}

static int find_stale(void)
{
	return cached_find(cache, "mx.example.com", MXSEL_TYPE_A, 1, &out);
}

START_TEST(R77_an_answer_is_there_until_its_end_and_not_at_it)
{
	keep(3);
	ck_assert_uint_eq(left(), 3);
	now += 1;
	ck_assert_uint_eq(left(), 3);
	now += 998;
	ck_assert_uint_eq(left(), 3);
	now += 1;
	ck_assert_uint_eq(left(), 2);
	now += 1999;
	ck_assert_uint_eq(left(), 1);
	now += 1;
	ck_assert_uint_eq(left(), 0);
	ck_assert_int_eq(find_stale(), 0);
}
END_TEST

START_TEST(R77_ttl_0_and_what_counts_as_0_is_not_kept)
{
	keep(0);
	ck_assert_uint_eq(left(), 0);
	keep(UINT32_C(2147483648));
	ck_assert_uint_eq(left(), 0);
	keep(UINT32_MAX);
	ck_assert_uint_eq(left(), 0);
	ck_assert_uint_eq(counted(MXSEL_CACHE_STORED), 0);
	ck_assert_uint_eq(counted(MXSEL_CACHE_NAMES), 0);
}
END_TEST

START_TEST(R77_nothing_is_kept_longer_than_the_longest_time)
{
	keep(86401);
	ck_assert_uint_eq(left(), 86400);
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_MAX_TTL,
		2147483647), 0);
	keep(2147483647);
	ck_assert_uint_eq(left(), 2147483647);
	now += UINT64_C(2147483647) * 1000 - 1;
	ck_assert_uint_eq(left(), 1);
	now += 1;
	ck_assert_uint_eq(left(), 0);
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_MAX_TTL, 3), 0);
	keep(300);
	ck_assert_uint_eq(left(), 3);
	keep_outcome(300, MXSEL_DNS_NXDOMAIN);
	ck_assert_uint_eq(left(), 3);
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_MAX_TTL, 0), 0);
	now += 3000;
	keep(300);
	keep_outcome(300, MXSEL_DNS_SERVFAIL);
	ck_assert_uint_eq(left(), 0);
}
END_TEST

START_TEST(R77_denials_have_a_longest_time_of_their_own)
{
	keep_outcome(86400, MXSEL_DNS_NXDOMAIN);
	ck_assert_uint_eq(left(), 10800);
	keep_outcome(86400, MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(left(), 10800);
	keep_outcome(60, MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(left(), 60);
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_MAX_NEGATIVE_TTL,
		7), 0);
	keep_outcome(60, MXSEL_DNS_NXDOMAIN);
	ck_assert_uint_eq(left(), 7);
	keep(86400);
	ck_assert_uint_eq(left(), 86400);
}
END_TEST

START_TEST(R77_failures_are_kept_five_seconds_whatever_their_ttl)
{
	unsigned outcome;

	for (outcome = MXSEL_DNS_SERVFAIL; outcome <= MXSEL_DNS_REFERRAL;
		outcome++) {
		keep_outcome(0, outcome);
		ck_assert_uint_eq(left(), 5);
		ck_assert_uint_eq(out.outcome, outcome);
		now += 4999;
		ck_assert_uint_eq(left(), 1);
		now += 1;
		ck_assert_uint_eq(left(), 0);
		keep_outcome(3600, outcome);
		ck_assert_uint_eq(left(), 5);
		now += 5000;
	}
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_FAILURE_TTL, 300),
		0);
	keep_outcome(1, MXSEL_DNS_TIMEOUT);
	ck_assert_uint_eq(left(), 300);
	now += 300000;
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_FAILURE_TTL, 0), 0);
	keep_outcome(1, MXSEL_DNS_TIMEOUT);
	ck_assert_uint_eq(left(), 0);
}
END_TEST

START_TEST(a_bogus_answer_is_a_failure)
{
	cached_addresses(cached_empty(&in, 3600), 4, 1, 10);
	in.security = MXSEL_SECURITY_BOGUS;
	cached_keep(cache, "mx.example.com", MXSEL_TYPE_A, &in);
	ck_assert_uint_eq(left(), 5);
	keep(3600);
	cached_keep(cache, "mx.example.com", MXSEL_TYPE_A, &in);
	ck_assert_uint_eq(left(), 3600);
	ck_assert_uint_eq(out.security, 0);
}
END_TEST

START_TEST(a_newer_answer_takes_the_place_of_an_older)
{
	keep(100);
	keep(50);
	ck_assert_uint_eq(left(), 50);
	keep(200);
	ck_assert_uint_eq(left(), 200);
	keep_outcome(20, MXSEL_DNS_NXDOMAIN);
	ck_assert_uint_eq(left(), 20);
	ck_assert_uint_eq(out.outcome, MXSEL_DNS_NXDOMAIN);
	keep(30);
	ck_assert_uint_eq(left(), 30);
	ck_assert_uint_eq(out.records, 1);
	keep(0); /* not kept: the older one is still true */
	ck_assert_uint_eq(left(), 30);
	ck_assert_uint_eq(counted(MXSEL_CACHE_STORED), 5);
	ck_assert_uint_eq(counted(MXSEL_CACHE_NAMES), 1);
}
END_TEST

START_TEST(stale_answers_are_there_when_allowed_and_asked_for)
{
	keep(10);
	now += 10000;
	ck_assert_int_eq(find_stale(), 0);
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 60), 0);
	ck_assert_uint_eq(left(), 0);
	ck_assert_int_eq(find_stale(), 1);
	ck_assert_uint_eq(out.stale, 1);
	ck_assert_uint_eq(out.ttl, 30); /* RFC 8767, 4 */
	ck_assert(cached_equal(&in, &out));
	now += 59999;
	ck_assert_int_eq(find_stale(), 1);
	now += 1;
	ck_assert_int_eq(find_stale(), 0);
	ck_assert_uint_eq(counted(MXSEL_CACHE_STALE_HITS), 2);
	ck_assert_uint_eq(counted(MXSEL_CACHE_HITS), 0);
	ck_assert_uint_eq(counted(MXSEL_CACHE_MISSES), 1);
}
END_TEST

START_TEST(a_fresh_answer_is_fresh_also_for_who_would_take_a_stale_one)
{
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 60), 0);
	keep(10);
	ck_assert_int_eq(find_stale(), 1);
	ck_assert_uint_eq(out.stale, 0);
	ck_assert_uint_eq(out.ttl, 10);
	ck_assert_uint_eq(counted(MXSEL_CACHE_HITS), 1);
	ck_assert_uint_eq(counted(MXSEL_CACHE_STALE_HITS), 0);
}
END_TEST

START_TEST(a_failure_takes_no_place_from_what_may_still_be_used)
{
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 60), 0);
	keep(10);
	keep_outcome(5, MXSEL_DNS_SERVFAIL);
	ck_assert_uint_eq(left(), 10);
	now += 69999;
	keep_outcome(5, MXSEL_DNS_SERVFAIL);
	ck_assert_uint_eq(left(), 0);
	ck_assert_int_eq(find_stale(), 1);
	ck_assert_uint_eq(out.records, 1);
	now += 1;
	keep_outcome(5, MXSEL_DNS_SERVFAIL);
	ck_assert_uint_eq(left(), 5);
	ck_assert_uint_eq(out.outcome, MXSEL_DNS_SERVFAIL);
}
END_TEST

START_TEST(without_stale_answers_a_failure_takes_the_place_of_what_is_over)
{
	keep(10);
	keep_outcome(5, MXSEL_DNS_SERVFAIL);
	ck_assert_uint_eq(left(), 10);
	now += 10000;
	keep_outcome(5, MXSEL_DNS_SERVFAIL);
	ck_assert_uint_eq(left(), 5);
	ck_assert_uint_eq(out.outcome, MXSEL_DNS_SERVFAIL);
}
END_TEST

START_TEST(a_failure_is_never_stale_and_gives_way_to_any_answer)
{
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 604800), 0);
	keep_outcome(5, MXSEL_DNS_TIMEOUT);
	now += 5000;
	ck_assert_int_eq(find_stale(), 0);
	keep_outcome(5, MXSEL_DNS_TIMEOUT);
	keep(10);
	ck_assert_uint_eq(left(), 10);
	ck_assert_uint_eq(out.outcome, MXSEL_DNS_COMPLETE);
}
END_TEST

/* The other types of the name have ends of their own. */
START_TEST(each_type_of_a_name_ends_for_itself)
{
	keep(10);
	cached_addresses(cached_empty(&in, 20), 16, 1, 10);
	cached_keep(cache, "mx.example.com", MXSEL_TYPE_AAAA, &in);
	now += 10000;
	ck_assert_uint_eq(left(), 0);
	ck_assert_int_eq(cached_find(cache, "mx.example.com", MXSEL_TYPE_AAAA,
		0, &out), 1);
	ck_assert_uint_eq(out.ttl, 10);
	keep(30);
	ck_assert_uint_eq(left(), 30);
	ck_assert_int_eq(cached_find(cache, "mx.example.com", MXSEL_TYPE_AAAA,
		0, &out), 1);
	ck_assert_uint_eq(out.ttl, 10);
}
END_TEST

START_TEST(a_clock_that_steps_back_lengthens_no_time)
{
	keep(10);
	now += 4000;
	ck_assert_uint_eq(left(), 6);
	now -= 1000000;
	ck_assert_uint_eq(left(), 6);
	now += 5999;
	ck_assert_uint_eq(left(), 1);
	now += 1;
	ck_assert_uint_eq(left(), 0);
	now = 0; /* before the cache was made */
	keep(2);
	ck_assert_uint_eq(left(), 2);
	now = 1999;
	ck_assert_uint_eq(left(), 1);
	now = 2000;
	ck_assert_uint_eq(left(), 0);
}
END_TEST

START_TEST(a_clock_that_leaps_ends_everything_and_harms_nothing)
{
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 604800), 0);
	keep(10);
	now = UINT64_MAX;
	ck_assert_uint_eq(left(), 0);
	ck_assert_int_eq(find_stale(), 0);
	keep(10); /* beyond all time that can be told */
	ck_assert_uint_eq(left(), 0);
	ck_assert_int_eq(find_stale(), 0);
}
END_TEST

START_TEST(ten_years_later_seconds_still_are_seconds)
{
	now += UINT64_C(10) * 366 * 86400 * 1000;
	keep(3600);
	ck_assert_uint_eq(left(), 3600);
	now += 3599999;
	ck_assert_uint_eq(left(), 1);
	now += 1;
	ck_assert_uint_eq(left(), 0);
	now += UINT64_C(60) * 366 * 86400 * 1000;
	keep(1);
	ck_assert_uint_eq(left(), 1);
	now += 1000;
	ck_assert_uint_eq(left(), 0);
}
END_TEST

static Suite *time_suite(void)
{
	Suite *suite = suite_create("cache/time");
	TCase *tc = tcase_create("time");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, R77_an_answer_is_there_until_its_end_and_not_at_it);
	tcase_add_test(tc, R77_ttl_0_and_what_counts_as_0_is_not_kept);
	tcase_add_test(tc, R77_nothing_is_kept_longer_than_the_longest_time);
	tcase_add_test(tc, R77_denials_have_a_longest_time_of_their_own);
	tcase_add_test(tc,
		R77_failures_are_kept_five_seconds_whatever_their_ttl);
	tcase_add_test(tc, a_bogus_answer_is_a_failure);
	tcase_add_test(tc, a_newer_answer_takes_the_place_of_an_older);
	tcase_add_test(tc,
		stale_answers_are_there_when_allowed_and_asked_for);
	tcase_add_test(tc,
		a_fresh_answer_is_fresh_also_for_who_would_take_a_stale_one);
	tcase_add_test(tc,
		a_failure_takes_no_place_from_what_may_still_be_used);
	tcase_add_test(tc,
	without_stale_answers_a_failure_takes_the_place_of_what_is_over);
	tcase_add_test(tc,
		a_failure_is_never_stale_and_gives_way_to_any_answer);
	tcase_add_test(tc, each_type_of_a_name_ends_for_itself);
	tcase_add_test(tc, a_clock_that_steps_back_lengthens_no_time);
	tcase_add_test(tc,
		a_clock_that_leaps_ends_everything_and_harms_nothing);
	tcase_add_test(tc, ten_years_later_seconds_still_are_seconds);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(time_suite());
}
