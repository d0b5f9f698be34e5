/*
 * The canonical order of MX records, against references that do the same in
 * the slowest and plainest way (R19, R30, R32, S35).
 */
#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rank/order.h"
#include "support/figure.h"
#include "support/run.h"

#define MANY 4000

static struct mxsel__mx mx(const char *name, unsigned preference)
{
	struct mxsel__mx m;

	memset(&m, 0, sizeof(m));
	m.name = name;
	m.length = (uint16_t)strlen(name);
	m.key = mxsel__order_key(name, m.length);
	m.preference = (uint16_t)preference;
	return m;
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

/* The order as its definition says it: strcmp() has it for octets 1..255. */
static int plainly(const struct mxsel__mx *a, const struct mxsel__mx *b)
{
	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	return sign(strcmp(a->name, b->name));
}

/*
 * The reference of the sort: a record stays unless another of the same name
 * is better or, being equal, stands before it; its place is the number of
 * those that stay and are better. 0 when v[0..kept-1] is just that.
 */
static int differs(const struct mxsel__mx *v, size_t kept,
	const struct mxsel__mx *given, size_t n)
{
	size_t stay = 0;
	size_t i, j;

	for (i = 0; i < n; i++) {
		int worse = 0;

		for (j = 0; j < n; j++) {
			if (strcmp(given[i].name, given[j].name) != 0)
				continue;
			worse |= given[j].preference < given[i].preference;
			worse |= given[j].preference == given[i].preference &&
				j < i;
		}
		if (worse)
			continue;
		stay++;
		for (j = 0; j < kept; j++) {
			if (plainly(&v[j], &given[i]) == 0)
				break;
		}
		if (j == kept)
			return 1;
	}
	for (i = 1; i < kept; i++) {
		if (plainly(&v[i - 1], &v[i]) >= 0)
			return 1;
	}
	return stay != kept;
}

/* Is every record that was given still there, each once (by its mark)? */
static int lost_any(const struct mxsel__mx *v, size_t n)
{
	unsigned char seen[256] = { 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		if (v[i].mark >= n || seen[v[i].mark]++ > 0)
			return 1;
	}
	return 0;
}

static const char *const boundary_names[] = {
	"", "-", "0", "_", "a", "aa", "ab", "a.example", "mx",
	"abcdefg", "abcdefgh", "abcdefgha", "abcdefghb", "abcdefghab",
	"abcdefgi", "abcdefg.h", "bbcdefgh", "zzzzzzzz", "zzzzzzzzz",
	"\\255.example", "~", "\x7f", "\xff",
	"\xff\xff\xff\xff\xff\xff\xff\xff",
	"\xff\xff\xff\xff\xff\xff\xff\xff\xff", "mx1.example.com",
	"mx10.example.com", "mx1.example.com.x",
};
static const unsigned boundary_preferences[] = { 0, 1, 255, 256, 32767,
	32768, 65534, 65535 };
#define NAMES (sizeof(boundary_names) / sizeof(boundary_names[0]))
#define PREFERENCES \
	(sizeof(boundary_preferences) / sizeof(boundary_preferences[0]))
#define BOUNDARY (NAMES * PREFERENCES)

static void fill_boundary(struct mxsel__mx *v)
{
	size_t i;

	for (i = 0; i < BOUNDARY; i++)
		v[i] = mx(boundary_names[i / PREFERENCES],
			boundary_preferences[i % PREFERENCES]);
}

START_TEST(S35_the_comparator_is_the_order_that_is_promised)
{
	static struct mxsel__mx v[BOUNDARY];
	size_t i, j;
	int wrong = 0;

	fill_boundary(v);
	for (i = 0; i < BOUNDARY; i++) {
		for (j = 0; j < BOUNDARY; j++)
			wrong += sign(mxsel__order_compare(&v[i], &v[j])) !=
				plainly(&v[i], &v[j]);
	}
	ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(S35_the_comparator_is_a_strict_weak_order_over_all_triples)
{
	static struct mxsel__mx v[BOUNDARY];
	static signed char is[BOUNDARY][BOUNDARY];
	size_t i, j, k;
	long wrong = 0;

	fill_boundary(v);
	for (i = 0; i < BOUNDARY; i++) {
		for (j = 0; j < BOUNDARY; j++)
			is[i][j] = (signed char)sign(
				mxsel__order_compare(&v[i], &v[j]));
	}
	for (i = 0; i < BOUNDARY; i++) {
		wrong += is[i][i] != 0;
		for (j = 0; j < BOUNDARY; j++) {
			wrong += is[i][j] != -is[j][i];
			for (k = 0; k < BOUNDARY; k++) {
				wrong += is[i][j] < 0 && is[j][k] < 0 &&
					is[i][k] >= 0;
				wrong += is[i][j] == 0 && is[j][k] == 0 &&
					is[i][k] != 0;
			}
		}
	}
	figure_print("hosts compared, all triples", wrong == 0
		? FIGURE_REACHED : FIGURE_FAILED, "a strict weak order",
		"%zu triples, %ld wrong", (size_t)BOUNDARY * BOUNDARY *
		BOUNDARY, wrong);
	ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(a_key_is_the_first_eight_octets)
{
	ck_assert(mxsel__order_key("", 0) == 0);
	ck_assert(mxsel__order_key("a", 1) == UINT64_C(0x61) << 56);
	ck_assert(mxsel__order_key("abcdefg", 7) ==
		UINT64_C(0x6162636465666700));
	ck_assert(mxsel__order_key("abcdefgh", 8) ==
		UINT64_C(0x6162636465666768));
	ck_assert(mxsel__order_key("abcdefghi", 9) ==
		UINT64_C(0x6162636465666768));
	ck_assert(mxsel__order_key("abc", 1) == UINT64_C(0x61) << 56);
	ck_assert(mxsel__order_key("\xff", 1) == UINT64_C(0xff) << 56);
}
END_TEST

START_TEST(R30_lower_preferences_come_first_and_names_break_ties)
{
	struct mxsel__mx v[5];

	v[0] = mx("c.example", 20);
	v[1] = mx("b.example", 10);
	v[2] = mx("d.example", 0);
	v[3] = mx("a.example", 10);
	v[4] = mx("a.example.org", 10);
	ck_assert_uint_eq(mxsel__order_sort(v, 5), 5);
	ck_assert_str_eq(v[0].name, "d.example");
	ck_assert_str_eq(v[1].name, "a.example");
	ck_assert_str_eq(v[2].name, "a.example.org");
	ck_assert_str_eq(v[3].name, "b.example");
	ck_assert_str_eq(v[4].name, "c.example");
}
END_TEST

START_TEST(R30_preference_65535_is_the_last_and_not_minus_one)
{
	struct mxsel__mx v[2];

	v[0] = mx("a.example", 65535);
	v[1] = mx("b.example", 0);
	ck_assert_uint_eq(mxsel__order_sort(v, 2), 2);
	ck_assert_str_eq(v[0].name, "b.example");
}
END_TEST

START_TEST(R19_F54_a_host_listed_twice_stays_once_at_its_best)
{
	struct mxsel__mx v[5];

	v[0] = mx("mx1.example.com", 30);
	v[1] = mx("mx2.example.com", 20);
	v[2] = mx("mx1.example.com", 10);
	v[3] = mx("mx2.example.com", 20);
	v[4] = mx("mx3.example.com", 10);
	ck_assert_uint_eq(mxsel__order_sort(v, 5), 3);
	ck_assert_str_eq(v[0].name, "mx1.example.com");
	ck_assert_uint_eq(v[0].preference, 10);
	ck_assert_str_eq(v[1].name, "mx3.example.com");
	ck_assert_str_eq(v[2].name, "mx2.example.com");
	ck_assert_uint_eq(v[2].preference, 20);
	/* What was dropped can still be told to the caller. */
	ck_assert_uint_eq(v[3].preference + v[4].preference, 50);
}
END_TEST

START_TEST(nothing_and_one_record_are_in_order)
{
	struct mxsel__mx one = mx("mx.example.com", 10);
	struct mxsel__random r;

	mxsel__random_init(&r, 1);
	ck_assert_uint_eq(mxsel__order_sort(NULL, 0), 0);
	ck_assert_uint_eq(mxsel__order_sort(&one, 1), 1);
	mxsel__order_shuffle(NULL, 0, &r);
	mxsel__order_shuffle(&one, 1, &r);
	ck_assert_str_eq(one.name, "mx.example.com");
}
END_TEST

START_TEST(kind_and_mark_travel_along_and_decide_nothing)
{
	struct mxsel__mx v[3];

	v[0] = mx("b.example", 10);
	v[0].kind = 0;
	v[0].mark = 200;
	v[1] = mx("a.example", 10);
	v[1].kind = 3;
	v[1].mark = 100;
	v[2] = mx("", 5);
	v[2].kind = 1;
	ck_assert_uint_eq(mxsel__order_sort(v, 3), 3);
	ck_assert_uint_eq(v[0].kind, 1);
	ck_assert_uint_eq(v[1].mark, 100);
	ck_assert_uint_eq(v[1].kind, 3);
	ck_assert_uint_eq(v[2].mark, 200);
}
END_TEST

/* Every input of up to four records over 5 preferences and 3 names. */
START_TEST(R19_R30_every_small_input_is_ordered_like_the_reference)
{
	static const char *const names[] = { "a", "mx1.example.com",
		"mx1.example.net" };
	static const unsigned preferences[] = { 0, 1, 10, 256, 65535 };
	long wrong = 0, inputs = 0;
	size_t n, i;
	long code, codes = 1;

	for (n = 1; n <= 4; n++) {
		codes *= 15;
		for (code = 0; code < codes; code++) {
			struct mxsel__mx given[4], v[4];
			long rest = code;
			size_t kept;

			for (i = 0; i < n; i++) {
				given[i] = mx(names[rest % 3],
					preferences[rest / 3 % 5]);
				given[i].mark = (uint8_t)i;
				rest /= 15;
			}
			memcpy(v, given, sizeof(v));
			kept = mxsel__order_sort(v, n);
			wrong += differs(v, kept, given, n);
			wrong += lost_any(v, n);
			inputs++;
		}
	}
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_eq(inputs, 15 + 225 + 3375 + 50625);
}
END_TEST

/* Few and many are sorted differently: look closely around the border. */
START_TEST(R19_R30_random_sets_of_any_size_are_ordered_like_the_reference)
{
	static char names[120][40];
	struct mxsel__random r;
	long wrong = 0;
	size_t i, n;
	int round;

	mxsel__random_init(&r, 5);
	for (i = 0; i < 120; i++)
		(void)snprintf(names[i], sizeof(names[i]), "%s%u.example",
			i % 3 == 0 ? "long-common-start-" : "mx",
			(unsigned)(i / 2));
	for (n = 0; n <= 140; n++) {
		for (round = 0; round < 20; round++) {
			struct mxsel__mx given[140], v[140];
			uint32_t variety = 1 + mxsel__random_below(&r, 120);
			uint32_t levels = 1 + mxsel__random_below(&r, 6);

			for (i = 0; i < n; i++) {
				given[i] = mx(names[mxsel__random_below(&r,
					variety)],
					mxsel__random_below(&r, levels));
				given[i].mark = (uint8_t)i;
			}
			memcpy(v, given, n * sizeof(v[0]));
			wrong += differs(v, mxsel__order_sort(v, n), given, n);
			wrong += lost_any(v, n);
		}
	}
	ck_assert_int_eq(wrong, 0);
}
END_TEST

static char big_names[MANY][256];
static struct mxsel__mx big[MANY];

static int big_is_in_order(size_t kept)
{
	size_t i;

	for (i = 1; i < kept; i++) {
		if (plainly(&big[i - 1], &big[i]) >= 0)
			return 0;
	}
	return 1;
}

/* The shapes that make naive sorts quadratic. */
START_TEST(F55_four_thousand_records_of_the_worst_shapes_are_ordered)
{
	int shape;
	size_t i;

	for (shape = 0; shape < 6; shape++) {
		for (i = 0; i < MANY; i++) {
			unsigned up = (unsigned)i;
			unsigned down = (unsigned)(MANY - i);
			unsigned pipe = i < MANY / 2 ? up : down;

			(void)snprintf(big_names[i], sizeof(big_names[i]),
				shape < 3 ? "%05u.example.com"
				          : "mail-exchanger-%05u.example",
				shape % 3 == 0 ? up : shape % 3 == 1 ? down
				                                     : pipe);
			big[i] = mx(big_names[i], shape < 3 ? 10 : down);
		}
		i = mxsel__order_sort(big, MANY);
		ck_assert_uint_eq(i, shape % 3 == 2 ? MANY / 2 + 1 : MANY);
		ck_assert(big_is_in_order(i));
	}
}
END_TEST

START_TEST(F55_four_thousand_times_the_same_host_is_one_host)
{
	size_t i;

	for (i = 0; i < MANY; i++)
		big[i] = mx("mx.example.com",
			(unsigned)(1 + i * 7919 % MANY));
	ck_assert_uint_eq(mxsel__order_sort(big, MANY), 1);
	ck_assert_uint_eq(big[0].preference, 1);
}
END_TEST

START_TEST(F55_names_of_full_length_with_one_start_are_ordered)
{
	size_t i, length;

	for (i = 0; i < MANY; i++) {
		length = 200 + i % 48;
		memset(big_names[i], 'a', length);
		(void)snprintf(big_names[i] + length, 6, "%05u",
			(unsigned)(i * 7919 % MANY));
		big[i] = mx(big_names[i], (unsigned)(i % 7));
	}
	ck_assert_uint_eq(mxsel__order_sort(big, MANY), MANY);
	ck_assert(big_is_in_order(MANY));
}
END_TEST

/* The answer's own order must not shine through (R32). */
START_TEST(R32_the_order_of_the_answer_changes_nothing)
{
	static const char *const names[] = { "mx1.example.com",
		"mx2.example.com", "mx3.example.com", "mx4.example.com",
		"mx5.example.com", "mx1.example.com" };
	static const unsigned preferences[] = { 10, 10, 10, 20, 20, 20 };
	struct mxsel__random dice;
	const char *first[5] = { NULL };
	size_t place[6] = { 0, 1, 2, 3, 4, 5 };
	int round, wrong = 0;
	size_t i;

	mxsel__random_init(&dice, 99);
	for (round = 0; round < 2000; round++) {
		struct mxsel__mx v[6];
		struct mxsel__random r;

		for (i = 6; i > 1; i--) {
			size_t j = mxsel__random_below(&dice, (uint32_t)i);
			size_t t = place[j];

			place[j] = place[i - 1];
			place[i - 1] = t;
		}
		for (i = 0; i < 6; i++)
			v[i] = mx(names[place[i]], preferences[place[i]]);
		mxsel__random_init(&r, 12345);
		ck_assert_uint_eq(mxsel__order_sort(v, 6), 5);
		mxsel__order_shuffle(v, 5, &r);
		for (i = 0; i < 5; i++) {
			if (round == 0)
				first[i] = v[i].name;
			wrong += strcmp(first[i], v[i].name) != 0;
		}
	}
	ck_assert_int_eq(wrong, 0);
}
END_TEST

static Suite *order_suite(void)
{
	Suite *suite = suite_create("rank/order");
	TCase *tc = tcase_create("order");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, S35_the_comparator_is_the_order_that_is_promised);
	tcase_add_test(tc,
		S35_the_comparator_is_a_strict_weak_order_over_all_triples);
	tcase_add_test(tc, a_key_is_the_first_eight_octets);
	tcase_add_test(tc,
		R30_lower_preferences_come_first_and_names_break_ties);
	tcase_add_test(tc, R30_preference_65535_is_the_last_and_not_minus_one);
	tcase_add_test(tc, R19_F54_a_host_listed_twice_stays_once_at_its_best);
	tcase_add_test(tc, nothing_and_one_record_are_in_order);
	tcase_add_test(tc, kind_and_mark_travel_along_and_decide_nothing);
	tcase_add_test(tc,
		R19_R30_every_small_input_is_ordered_like_the_reference);
	tcase_add_test(tc,
		R19_R30_random_sets_of_any_size_are_ordered_like_the_reference);
	tcase_add_test(tc,
		F55_four_thousand_records_of_the_worst_shapes_are_ordered);
	tcase_add_test(tc,
		F55_four_thousand_times_the_same_host_is_one_host);
	tcase_add_test(tc,
		F55_names_of_full_length_with_one_start_are_ordered);
	tcase_add_test(tc, R32_the_order_of_the_answer_changes_nothing);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(order_suite());
}
