/*
 * When asking failed, old hosts and addresses are better than none, if that
 * was allowed; they are never taken for anything that bounces mail (R14, R77).
 * May use <mxsel/mxsel.h> and <mxsel/cache.h>.
 */
#include "support/run.h"

#include "support/one_domain.h"

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
	ck_assert(traced(m, "MX complete records 1 ttl 30, stale"));
	ck_assert(traced(m, "A complete records 1 ttl 30, stale"));
	/* That there was no AAAA is no old datum to rely on. */
	ck_assert_uint_eq(mxsel_ttl(m), 5);
	mxsel_free(m);
	now += 3000 * 1000; /* too old now */
	ck_assert_int_eq(play(ends[_i]), 0);
}
END_TEST

START_TEST(R14_that_there_was_nothing_once_bounces_no_mail_now)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 3600),
		MXSEL_OK);
	m = begin(0, NULL);
	ck_assert_int_eq(go(m, ABSENT), 0);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_BOUNCE);
	mxsel_free(m);
	now += 1000 * 1000;
	m = begin(0, NULL);
	ck_assert_int_eq(go(m, FAILS), 0);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	mxsel_free(m);
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

int main(void)
{
	Suite *s = suite_create("select: old answers");
	TCase *t = tcase_create("stale");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t,
		R77_old_data_are_better_than_none_when_that_is_allowed, 0, 2);
	tcase_add_test(t, R14_that_there_was_nothing_once_bounces_no_mail_now);
	tcase_add_test(t, R77_old_data_are_used_when_nobody_answers_in_time);
	tcase_add_test(t,
		R14_old_data_are_not_used_unless_allowed_nor_for_forged_ones);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
