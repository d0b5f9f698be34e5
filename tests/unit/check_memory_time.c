/*
 * How what is remembered grows old: scores that halve, what is forgotten at
 * last, and clocks that step back (R85).
 */
#include <check.h>

#include "support/remembered.h"
#include "support/run.h"

#define HOST "mx1.example.com"
#define HALF_LIFE 30000u
#define DAY 86400000u

static uint64_t now;
static mxsel_memory *memory;

static void setup(void)
{
	now = 1000;
	memory = remembered_new(65536, &now);
}

static void teardown(void)
{
	mxsel_memory_free(memory);
}

static void fail_times(int times)
{
	while (times-- > 0)
		remembered_refused(memory, HOST, FROM_V4);
}

/* -------------------------------------------------------------------- score */

START_TEST(R85_a_score_halves_in_each_half_life)
{
	fail_times(4);
	now += HALF_LIFE;
	ck_assert_uint_eq(remembered_score(memory, HOST), 2000);
	ck_assert_uint_eq(remembered_score(memory, FROM_V4), 2000);
	now += HALF_LIFE;
	ck_assert_uint_eq(remembered_score(memory, HOST), 1000);
	now += HALF_LIFE;
	ck_assert_uint_eq(remembered_look(memory, HOST).score, 500);
}
END_TEST

START_TEST(R85_a_score_under_a_sixteenth_is_none)
{
	fail_times(1);
	now += 3 * HALF_LIFE;
	ck_assert_uint_eq(remembered_score(memory, HOST), 125);
	now += HALF_LIFE - HALF_LIFE / 64;
	ck_assert_uint_eq(remembered_score(memory, HOST), 63);
	now += HALF_LIFE / 64;
	ck_assert_uint_eq(remembered_score(memory, HOST), 0);
	/* The outcome itself is known for longer. */
	ck_assert_uint_eq(remembered(memory, HOST).outcomes[0],
		MXSEL_OUTCOME_REFUSED);
	now += 40 * HALF_LIFE;
	ck_assert_uint_eq(remembered_score(memory, HOST), 0);
	fail_times(1);
	ck_assert_uint_eq(remembered_score(memory, HOST), 1000);
}
END_TEST

START_TEST(R85_scores_fall_steadily_and_as_they_should)
{
	const double in_97 = 0.9977613336757224; /* 2 to the -97/30000 */
	uint32_t before = 4000, score, t;
	double exact = 4000;

	fail_times(4);
	for (t = 0; t < 7 * HALF_LIFE; t += 97) {
		score = remembered_score(memory, HOST);
		ck_assert_uint_le(score, before);
		if (score > 0)
			ck_assert_double_eq_tol(score, exact, 2);
		else
			ck_assert_double_lt(exact, 64);
		before = score;
		exact *= in_97;
		now += 97;
	}
	ck_assert_uint_eq(before, 0);
}
END_TEST

START_TEST(R85_what_is_looked_at_often_falls_no_faster)
{
	int i;

	fail_times(4);
	for (i = 0; i < 1000; i++) {
		now += HALF_LIFE / 1000;
		(void)remembered_look(memory, HOST);
	}
	ck_assert_uint_eq(remembered_score(memory, HOST), 2000);
}
END_TEST

START_TEST(R85_a_failure_comes_on_top_of_what_is_left)
{
	fail_times(2);
	now += HALF_LIFE;
	fail_times(1);
	ck_assert_uint_eq(remembered_score(memory, HOST), 2000);
	now += HALF_LIFE;
	ck_assert_uint_eq(remembered_score(memory, HOST), 1000);
}
END_TEST

START_TEST(R85_the_half_life_is_the_users)
{
	static const int seconds[] = { 1, 7, 3600, 86400 };

	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_HALF_LIFE,
		seconds[_i]), 0);
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_KEEP, 2592000),
		0);
	fail_times(2);
	now += (uint64_t)seconds[_i] * 1000;
	ck_assert_uint_eq(remembered_score(memory, HOST), 1000);
	now += (uint64_t)seconds[_i] * 4000;
	ck_assert_uint_eq(remembered_score(memory, HOST), 0);
}
END_TEST

/* ---------------------------------------------------------------------- age */

START_TEST(R85_the_age_is_that_of_the_last_outcome)
{
	fail_times(1);
	now += 12345;
	ck_assert_uint_eq(remembered(memory, HOST).age, 12345);
	ck_assert_uint_eq(remembered_look(memory, HOST).age, 12345);
	remembered_tell(memory, HOST, FROM_V6, MXSEL_OUTCOME_RCPT, 550, NULL);
	ck_assert_uint_eq(remembered(memory, HOST).age, 0);
	ck_assert_uint_eq(remembered(memory, FROM_V4).age, 12345);
}
END_TEST

START_TEST(R85_what_was_not_heard_of_for_long_is_forgotten)
{
	struct mxsel_memory_entry e;
	struct mxsel__known k;
	uint64_t place = 0;

	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_RCPT, 550,
		"5.7.1 No");
	now += DAY;
	ck_assert_uint_eq(remembered(memory, HOST).age, DAY);
	now += 1;
	ck_assert_int_eq(remembered_knows(memory, HOST), 0);
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &e), 0);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_ENTRIES), 0);
	k = remembered_look(memory, HOST);
	ck_assert_int_eq(k.is_known, 0);
	ck_assert_uint_eq(k.doubt, 0);
	ck_assert_uint_eq(k.turn, 0);
	/* Nothing of it comes back with what is heard next. */
	fail_times(1);
	e = remembered(memory, HOST);
	ck_assert_int_eq(e.doubt, 0);
	ck_assert_uint_eq(e.outcomes[0], MXSEL_OUTCOME_REFUSED);
	ck_assert_uint_eq(e.outcomes[1], 0);
}
END_TEST

START_TEST(R85_how_long_is_kept_is_the_users)
{
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_KEEP, 60), 0);
	fail_times(1);
	now += 60000;
	ck_assert_int_eq(remembered_knows(memory, HOST), 1);
	now += 1;
	ck_assert_int_eq(remembered_knows(memory, HOST), 0);
	/* What is there yet is known again when more is kept. */
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_KEEP, 2592000),
		0);
	now += 2592000000u - 60001u;
	ck_assert_uint_eq(remembered(memory, HOST).age, 2592000000u);
	now += 1;
	ck_assert_int_eq(remembered_knows(memory, HOST), 0);
}
END_TEST

/* ---------------------------------------------------------------- the clock */

START_TEST(R85_a_clock_that_steps_back_is_as_if_no_time_had_passed)
{
	now = DAY;
	fail_times(2);
	now = 5;
	ck_assert_uint_eq(remembered_score(memory, HOST), 2000);
	ck_assert_uint_eq(remembered(memory, HOST).age, 0);
	now += HALF_LIFE;
	ck_assert_uint_eq(remembered_score(memory, HOST), 1000);
	ck_assert_uint_eq(remembered(memory, HOST).age, HALF_LIFE);
	now -= 20000;
	ck_assert_uint_eq(remembered(memory, HOST).age, HALF_LIFE);
	now += 1000;
	ck_assert_uint_eq(remembered(memory, HOST).age, HALF_LIFE + 1000);
}
END_TEST

/* Threads ask the clock one after the other, and come in another order. */
START_TEST(R85_a_time_that_was_overtaken_is_no_step_back)
{
	int i;

	fail_times(2);
	for (i = 0; i < 1000; i++) {
		now -= i & 1 ? 7 : 0;
		(void)remembered_look(memory, HOST);
		now += i & 1 ? 7 : 0;
		(void)remembered_look(memory, HOST);
	}
	ck_assert_uint_eq(remembered(memory, HOST).age, 0);
}
END_TEST

START_TEST(R85_a_clock_may_begin_anywhere_and_end_there)
{
	static const uint64_t starts[] = { 0, 1, UINT64_MAX / 2,
		UINT64_MAX - 1000 };
	mxsel_memory *other;

	now = starts[_i];
	other = remembered_new(65536, &now);
	remembered_refused(other, HOST, NULL);
	now += 900;
	ck_assert_uint_eq(remembered(other, HOST).age, 900);
	now = 3; /* back, or around */
	ck_assert_uint_le(remembered(other, HOST).age, 900);
	ck_assert_uint_gt(remembered_score(other, HOST), 900);
	mxsel_memory_free(other);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/time");
	TCase *t = tcase_create("time");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R85_a_score_halves_in_each_half_life);
	tcase_add_test(t, R85_a_score_under_a_sixteenth_is_none);
	tcase_add_test(t, R85_scores_fall_steadily_and_as_they_should);
	tcase_add_test(t, R85_what_is_looked_at_often_falls_no_faster);
	tcase_add_test(t, R85_a_failure_comes_on_top_of_what_is_left);
	tcase_add_loop_test(t, R85_the_half_life_is_the_users, 0, 4);
	tcase_add_test(t, R85_the_age_is_that_of_the_last_outcome);
	tcase_add_test(t, R85_what_was_not_heard_of_for_long_is_forgotten);
	tcase_add_test(t, R85_how_long_is_kept_is_the_users);
	tcase_add_test(t,
		R85_a_clock_that_steps_back_is_as_if_no_time_had_passed);
	tcase_add_test(t, R85_a_time_that_was_overtaken_is_no_step_back);
	tcase_add_loop_test(t, R85_a_clock_may_begin_anywhere_and_end_there,
		0, 4);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
