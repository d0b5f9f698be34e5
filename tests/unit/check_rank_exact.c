/*
 * Records and names at the very end of memory are put in order without a
 * look behind them (R30, S21).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "rank/order.h"
#include "support/guard.h"
#include "support/run.h"

#define MANY 40

static void name_is(struct mxsel__mx *mx, const char *name)
{
	mx->name = name;
	mx->length = (uint16_t)strlen(name);
	mx->key = mxsel__order_key(name, mx->length);
}

/* A copy that ends, with its NUL, where memory does. */
static const char *exact(const char *name)
{
	return guard_end(name, strlen(name) + 1);
}

START_TEST(R30_a_long_name_is_compared_with_a_short_one_as_far_as_that_goes)
{
	char text[200] = "mx-of-a-provider.";
	struct mxsel__mx brief, lengthy;

	memset(&brief, 0, sizeof(brief));
	memset(&lengthy, 0, sizeof(lengthy));
	name_is(&brief, exact("mx-of-a-provider"));
	memset(text + strlen(text), 'x', 120);
	name_is(&lengthy, exact(text));
	ck_assert_int_lt(mxsel__order_compare(&brief, &lengthy), 0);
	ck_assert_int_gt(mxsel__order_compare(&lengthy, &brief), 0);
}
END_TEST

START_TEST(R30_records_in_order_already_stay_and_none_is_missing)
{
	struct mxsel__mx *v = guard_end(NULL, MANY * sizeof(*v));
	char names[MANY][32];
	size_t i;

	for (i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "mx%02u.mail.example",
			(unsigned)i);
		name_is(&v[i], names[i]);
		v[i].preference = (uint16_t)i;
	}
	ck_assert_uint_eq(mxsel__order_sort(v, MANY), MANY);
	for (i = 0; i < MANY; i++) {
		ck_assert_uint_eq(v[i].preference, i);
		ck_assert_str_eq(v[i].name, names[i]);
	}
}
END_TEST

START_TEST(R19_of_many_records_of_a_name_the_best_stays)
{
	struct mxsel__mx v[3 * MANY];
	char names[MANY][32];
	size_t i;

	memset(v, 0, sizeof(v));
	for (i = 0; i < 3 * MANY; i++) {
		size_t which = i % MANY;

		snprintf(names[which], sizeof(names[which]),
			"mx%02u.mail.example", (unsigned)which);
		name_is(&v[i], names[which]);
		v[i].preference = (uint16_t)(1000 * (3 - i / MANY) + which);
	}
	ck_assert_uint_eq(mxsel__order_sort(v, 3 * MANY), MANY);
	for (i = 0; i < MANY; i++) {
		ck_assert_uint_eq(v[i].preference, 1000 + i);
		ck_assert_str_eq(v[i].name, names[i]);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rank exact");
	TCase *tests = tcase_create("exact");

	suite_add_tcase(suite, tests);
	tcase_add_test(tests,
	R30_a_long_name_is_compared_with_a_short_one_as_far_as_that_goes);
	tcase_add_test(tests,
		R30_records_in_order_already_stay_and_none_is_missing);
	tcase_add_test(tests, R19_of_many_records_of_a_name_the_best_stays);
	return mxsel_test_run(suite);
}
