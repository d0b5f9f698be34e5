/*
 * A memory of hosts in a plan (R85): who failed goes behind his equals, and
 * nothing is ever dropped, blocked or moved across a preference. May use the
 * public headers and tests/support.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/with_memory.h"

/* What is left of a walk without one host, the failed one last of three. */
static void check_behind(const char *plain, const char *with, char failed)
{
	char expected[16];
	int n = 0, i;

	for (i = 0; i < 3; i++)
		if (plain[2 * i] != failed)
			n += snprintf(expected + n, sizeof(expected) -
				(size_t)n, "%c ", plain[2 * i]);
	snprintf(expected + n, sizeof(expected) - (size_t)n, "%c 9", failed);
	ck_assert_str_eq(with, expected);
}

START_TEST(R85_who_failed_goes_behind_its_equals_and_the_rest_stays)
{
	char plain[128];
	uint64_t seed;

	for (seed = 0; seed < 60; seed++) {
		snprintf(plain, sizeof(plain), "%s",
			walk_without("three.example", seed));
		ck_assert(!changed());
		fails("b.example", NULL);
		check_behind(plain, walk("three.example", seed), '2');
		ck_assert_int_eq(changed(), plain[4] != '2');
		ck_assert(says("b.example", "behind its equals: score "));
	}
}
END_TEST

START_TEST(R30_R85_no_preference_is_ever_crossed)
{
	const char *order;
	uint64_t seed;
	int i;

	for (seed = 0; seed < 30; seed++) {
		for (i = 0; i < 4; i++)
			fails(i % 2 ? "a.example" : "c.example", NULL);
		order = walk("three.example", seed);
		ck_assert_int_eq(order[0], '2');
		ck_assert_int_eq(order[6], '9');
	}
}
END_TEST

START_TEST(R85_the_memory_is_ignored_when_all_equals_failed)
{
	char plain[128];
	uint64_t seed;

	fails("a.example", NULL);
	fails("b.example", NULL);
	fails("b.example", NULL);
	fails("c.example", NULL);
	for (seed = 0; seed < 60; seed++) {
		snprintf(plain, sizeof(plain), "%s",
			walk_without("three.example", seed));
		ck_assert_str_eq(walk("three.example", seed), plain);
		ck_assert(!changed());
		ck_assert(says("three.example", "ignored: all hosts"));
	}
}
END_TEST

START_TEST(R85_a_success_clears)
{
	const char *order;

	fails("b.example", NULL);
	fails("b.example", NULL);
	order = walk("two.example", 3);
	ck_assert_str_eq(order, "1 2");
	begin("two.example", 3);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "b.example");
	report(MXSEL_OUTCOME_DELIVERED, 250, "2.0.0 Ok");
	ck_assert_uint_eq(known("b.example").score, 0);
	ck_assert_str_eq(walk("two.example", 3),
		walk_without("two.example", 3));
	ck_assert(!changed());
}
END_TEST

/* R31: among those that are well each goes first equally often. */
START_TEST(R31_R85_the_shares_of_those_that_are_well_are_equal)
{
	unsigned first[10] = { 0 };
	uint64_t seed;

	mxsel_options_set(o, MXSEL_OPT_TRACE, 0);
	for (seed = 0; seed < 3000; seed++) {
		fails("b.example", NULL);
		first[walk("three.example", seed)[0] - '0']++;
	}
	ck_assert_uint_eq(first[2], 0);
	ck_assert_uint_ge(first[1], 1500 - 165); /* six deviations */
	ck_assert_uint_le(first[1], 1500 + 165);
}
END_TEST

START_TEST(R85_one_that_failed_long_ago_is_in_its_place_again)
{
	uint64_t seed;

	fails("b.example", NULL);
	now += 10 * 60 * 1000;
	for (seed = 0; seed < 30; seed++) {
		ck_assert_str_eq(walk("three.example", seed),
			walk_without("three.example", seed));
	}
}
END_TEST

/* Of many that would try it at this moment one does (a timeout is 30 s). */
START_TEST(R85_one_worker_finds_out_whether_it_is_well_again)
{
	unsigned first = 0;
	uint64_t seed;

	fails("b.example", NULL);
	now += 60 * 1000; /* a quarter is left: 3 of 8 go there first */
	for (seed = 0; seed < 200; seed++) {
		if (walk("two.example", seed)[0] != '2')
			continue;
		first++;
		ck_assert(says("b.example", "in its place, to see"));
	}
	ck_assert_uint_eq(first, 1);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_PROBES), 1);
	ck_assert_uint_eq(known("b.example").score, 1250);
}
END_TEST

/* Backups are planned with each mail and hardly ever tried. */
START_TEST(R85_who_is_planned_behind_others_does_not_count_as_tried)
{
	uint64_t seed;

	fails("b.example", NULL);
	now += 30 * 1000;
	for (seed = 0; seed < 50; seed++) {
		begin("back.example", seed);
		report(MXSEL_OUTCOME_DELIVERED, 250, NULL);
	}
	ck_assert_uint_eq(known("b.example").score, 500);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_PROBES), 0);
	fails("b.example", NULL);
	ck_assert_str_eq(walk("back.example", 1), "9 1 2");
	ck_assert_str_eq(walk("back.example", 2), "9 1 2");
}
END_TEST

START_TEST(R21_R85_a_record_that_names_no_host_is_no_equal)
{
	char plain[128];
	uint64_t seed;

	fails("a.example", NULL);
	fails("b.example", NULL);
	now += 20 * 1000; /* 630 of 1000 */
	for (seed = 0; seed < 40; seed++) {
		snprintf(plain, sizeof(plain), "%s",
			walk_without("odd.example", seed));
		ck_assert_str_eq(walk("odd.example", seed), plain);
		ck_assert(says("odd.example", "ignored: all hosts"));
	}
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_PROBES), 0);
	mxsel_free(m);
	m = NULL;
	mxsel_options_set(o, MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, 1);
	for (seed = 0; seed < 40; seed++) {
		fails("a.example", NULL);
		fails("b.example", NULL);
		ck_assert_int_eq(walk("odd.example", seed)[0], '7');
	}
}
END_TEST

START_TEST(R21_R85_no_host_is_tried_before_a_record_that_names_none)
{
	uint64_t seed;

	fails("b.example", NULL);
	now += 52 * 1000; /* 300 of 1000: not well, and not failed */
	fails("a.example", NULL);
	for (seed = 0; seed < 40; seed++)
		(void)walk("odd.example", seed);
	ck_assert_uint_eq(known("a.example").score, 1000);
	ck_assert_uint_lt(known("b.example").score, 310);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_PROBES), 0);
}
END_TEST

START_TEST(R85_a_small_share_goes_to_one_that_failed)
{
	unsigned first = 0;
	uint64_t seed;

	mxsel_memory_set(memory, MXSEL_MEMORY_EXPLORE, 200);
	for (seed = 0; seed < 2000; seed++) {
		fails("b.example", NULL);
		first += walk("two.example", seed)[0] == '2';
	}
	ck_assert_uint_ge(first, 200 - 81); /* six deviations */
	ck_assert_uint_le(first, 200 + 81);
}
END_TEST

static int favour_b(const char *host, void *user)
{
	(void)user;
	return host[0] == 'b';
}

START_TEST(R40_R85_whom_the_caller_favours_goes_first_all_the_same)
{
	fails("b.example", NULL);
	mxsel_options_set_rank(o, favour_b, NULL);
	ck_assert_int_eq(walk("three.example", 5)[0], '2');
}
END_TEST

/* It would count as tried in each plan, and never be well again. */
START_TEST(R40_R85_who_stands_behind_a_favoured_host_does_not_count_as_tried)
{
	uint64_t seed;

	fails("a.example", NULL);
	fails("c.example", NULL);
	now += 60 * 1000;
	mxsel_options_set_rank(o, favour_b, NULL);
	for (seed = 0; seed < 100; seed++)
		ck_assert_int_eq(walk("three.example", seed)[0], '2');
	ck_assert_uint_eq(known("a.example").score, 250);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_PROBES), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: memory of hosts, hosts");
	TCase *t = tcase_create("R85");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t,
		R85_who_failed_goes_behind_its_equals_and_the_rest_stays);
	tcase_add_test(t, R30_R85_no_preference_is_ever_crossed);
	tcase_add_test(t, R85_the_memory_is_ignored_when_all_equals_failed);
	tcase_add_test(t, R85_a_success_clears);
	tcase_add_test(t, R31_R85_the_shares_of_those_that_are_well_are_equal);
	tcase_add_test(t, R85_one_that_failed_long_ago_is_in_its_place_again);
	tcase_add_test(t, R85_one_worker_finds_out_whether_it_is_well_again);
	tcase_add_test(t,
		R85_who_is_planned_behind_others_does_not_count_as_tried);
	tcase_add_test(t, R21_R85_a_record_that_names_no_host_is_no_equal);
	tcase_add_test(t,
		R21_R85_no_host_is_tried_before_a_record_that_names_none);
	tcase_add_test(t, R85_a_small_share_goes_to_one_that_failed);
	tcase_add_test(t,
	R40_R85_who_stands_behind_a_favoured_host_does_not_count_as_tried);
	tcase_add_test(t,
		R40_R85_whom_the_caller_favours_goes_first_all_the_same);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
