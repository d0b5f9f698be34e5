/*
 * Who goes behind his equals (R85): the more surely one failed the more
 * surely he goes, nobody when all failed, and the rest stays in its order.
 */
#include <check.h>
#include <string.h>

#include "rank/behind.h"
#include "support/run.h"

#define MOST 16

static struct mxsel__equal v[MOST];

static void all_are_well(void)
{
	memset(v, 0, sizeof(v));
}

static void is(size_t i, unsigned chance)
{
	v[i].chance = (uint16_t)chance;
	v[i].failed = chance >= 500;
}

static struct mxsel__random generator(uint64_t seed)
{
	struct mxsel__random r;

	mxsel__random_init(&r, seed);
	return r;
}

START_TEST(R85_who_certainly_failed_goes_behind)
{
	struct mxsel__random r = generator(1);
	unsigned short order[MOST];
	size_t i;

	is(0, 1000);
	is(2, 1000);
	ck_assert_uint_eq(mxsel__behind_draw(v, 5, 0, &r), 2);
	mxsel__behind_order(order, v, 5);
	for (i = 0; i < 5; i++)
		ck_assert_uint_eq(order[i], ((size_t[]){ 1, 3, 4, 0, 2 })[i]);
}
END_TEST

START_TEST(R85_nobody_goes_behind_when_all_failed)
{
	struct mxsel__random r = generator(2), before = r;
	size_t i;

	for (i = 0; i < 4; i++)
		is(i, i == 0 ? 500 : 1000);
	ck_assert_uint_eq(mxsel__behind_draw(v, 4, 0, &r), MXSEL__ALL_FAILED);
	for (i = 0; i < 4; i++)
		ck_assert_uint_eq(v[i].behind, 0);
	ck_assert_mem_eq(&r, &before, sizeof(r));
}
END_TEST

/* R79: where nothing is known, what comes later is as without a memory. */
START_TEST(R79_R85_nothing_is_drawn_for_those_that_are_well)
{
	struct mxsel__random r = generator(3), before = r;

	ck_assert_uint_eq(mxsel__behind_draw(v, MOST, 5, &r), 0);
	ck_assert_mem_eq(&r, &before, sizeof(r));
	is(1, 1000);
	(void)mxsel__behind_draw(v, MOST, 5, &r);
	ck_assert_mem_ne(&r, &before, sizeof(r));
}
END_TEST

static unsigned went(unsigned chance, uint32_t explore, uint64_t seed)
{
	struct mxsel__random r = generator(seed);
	unsigned i, count = 0;

	all_are_well();
	is(1, chance);
	for (i = 0; i < 100000; i++)
		count += (unsigned)mxsel__behind_draw(v, 3, explore, &r);
	return count;
}

/* Seeds are fixed; the bounds are six standard deviations. */
START_TEST(R85_the_chance_of_going_behind_is_the_score)
{
	unsigned count;

	count = went(300, 5, 4);
	ck_assert_uint_ge(count, 30000 - 870);
	ck_assert_uint_le(count, 30000 + 870);
	count = went(900, 5, 5);
	ck_assert_uint_ge(count, 90000 - 570);
	ck_assert_uint_le(count, 90000 + 570);
}
END_TEST

START_TEST(R85_a_small_share_is_left_in_its_place)
{
	unsigned count = went(1000, 5, 6);

	ck_assert_uint_ge(count, 99500 - 134);
	ck_assert_uint_le(count, 99500 + 134);
	ck_assert_uint_eq(went(1000, 0, 7), 100000);
	ck_assert_uint_eq(went(1000, 1000, 8), 0);
}
END_TEST

START_TEST(R85_when_each_would_go_behind_nobody_does)
{
	struct mxsel__random r = generator(9);
	unsigned i, some = 0;
	size_t count;

	for (i = 0; i < 1000; i++) {
		is(0, 400);
		is(1, 1000);
		count = mxsel__behind_draw(v, 2, 0, &r);
		ck_assert_uint_lt(count, 2);
		if (count == 0)
			ck_assert_uint_eq(v[0].behind + v[1].behind, 0);
		some += count == 1;
	}
	ck_assert_uint_gt(some, 500);
	ck_assert_uint_lt(some, 700);
}
END_TEST

START_TEST(R85_the_order_is_stable)
{
	struct mxsel__random r = generator(10);
	unsigned short order[MOST];
	unsigned round;
	size_t i;

	for (round = 0; round < 2000; round++) {
		for (i = 0; i < MOST; i++)
			v[i].behind = mxsel__random_below(&r, 2) != 0;
		mxsel__behind_order(order, v, MOST);
		for (i = 1; i < MOST; i++) {
			int a = v[order[i - 1]].behind, b = v[order[i]].behind;

			ck_assert_int_le(a, b);
			if (a == b)
				ck_assert_uint_lt(order[i - 1], order[i]);
		}
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rank: behind");
	TCase *t = tcase_create("R85");

	tcase_add_checked_fixture(t, all_are_well, NULL);
	tcase_add_test(t, R85_who_certainly_failed_goes_behind);
	tcase_add_test(t, R85_nobody_goes_behind_when_all_failed);
	tcase_add_test(t, R79_R85_nothing_is_drawn_for_those_that_are_well);
	tcase_add_test(t, R85_the_chance_of_going_behind_is_the_score);
	tcase_add_test(t, R85_a_small_share_is_left_in_its_place);
	tcase_add_test(t, R85_when_each_would_go_behind_nobody_does);
	tcase_add_test(t, R85_the_order_is_stable);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
