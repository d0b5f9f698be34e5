/*
 * Among equals every order is equally likely, and equals only are mixed (R31,
 * S36, S37). Judged by chi-square over all n! orders on fixed seeds, with the
 * tail computed here: it must be neither too small nor too good.
 */
#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rank/family.h"
#include "rank/order.h"
#include "support/figure.h"
#include "support/run.h"

/*
 * 200 for each order, and one more: of two orders both cannot then come
 * equally often, which honest chance does once in 25 and p calls too good.
 */
#define DRAWS(orders) ((orders) * 200 + 1)

/* The regularised upper gamma function, by its series: for x < a + 1. */
static double upper_by_series(double a, double x)
{
	double term = 1 / a;
	double sum = term;
	int i;

	for (i = 1; i < 5000; i++) {
		term *= x / (a + i);
		sum += term;
		if (term < sum * 1e-15)
			break;
	}
	return 1 - sum * exp(a * log(x) - x - lgamma(a));
}

/* The same by Lentz's continued fraction: for x >= a + 1. */
static double upper_by_fraction(double a, double x)
{
	double b = x + 1 - a;
	double c = 1e300;
	double d = 1 / b;
	double h = d;
	int i;

	for (i = 1; i < 5000; i++) {
		double an = -i * (i - a);
		double delta;

		b += 2;
		d = 1 / (an * d + b);
		c = b + an / c;
		delta = c * d;
		h *= delta;
		if (fabs(delta - 1) < 1e-15)
			break;
	}
	return h * exp(a * log(x) - x - lgamma(a));
}

/* How likely chance alone gives a chi-square of at least x. */
static double tail(double x, long freedom)
{
	double a = (double)freedom / 2;

	x /= 2;
	if (x <= 0)
		return 1;
	return x < a + 1 ? upper_by_series(a, x) : upper_by_fraction(a, x);
}

static double p_of(const long *counts, long cells)
{
	double chi = 0;
	long total = 0;
	long i;

	for (i = 0; i < cells; i++)
		total += counts[i];
	for (i = 0; i < cells; i++) {
		double expected = (double)total / (double)cells;
		double d = (double)counts[i] - expected;

		chi += d * d / expected;
	}
	return tail(chi, cells - 1);
}

static long factorial(long n)
{
	long product = 1;

	for (; n > 1; n--)
		product *= n;
	return product;
}

/* The number of a permutation of 0..n-1, 0..n!-1 (Lehmer's code). */
static long number_of(const unsigned short *v, size_t n)
{
	long number = 0;
	size_t i, j;

	for (i = 0; i < n; i++) {
		long smaller = 0;

		for (j = i + 1; j < n; j++)
			smaller += v[j] < v[i];
		number = number * (long)(n - i) + smaller;
	}
	return number;
}

static void in_order(struct mxsel__mx *v, size_t n)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f" };
	size_t i;

	memset(v, 0, n * sizeof(*v));
	for (i = 0; i < n; i++) {
		v[i].name = names[i];
		v[i].length = 1;
		v[i].key = mxsel__order_key(names[i], 1);
		v[i].preference = 10;
		v[i].mark = (uint8_t)i;
	}
}

static long shuffled_number(size_t n, struct mxsel__random *r)
{
	struct mxsel__mx v[6];
	unsigned short order[6];
	size_t i;

	in_order(v, n);
	mxsel__order_shuffle(v, n, r);
	for (i = 0; i < n; i++)
		order[i] = v[i].mark;
	return number_of(order, n);
}

START_TEST(the_tail_is_the_one_of_the_tables)
{
	/* Chi-square tables: 5 % points, and the median of freedom 2. */
	ck_assert_double_eq_tol(tail(3.841458821, 1), 0.05, 1e-8);
	ck_assert_double_eq_tol(tail(11.07049769, 5), 0.05, 1e-8);
	ck_assert_double_eq_tol(tail(124.3421134, 100), 0.05, 1e-8);
	ck_assert_double_eq_tol(tail(1.386294361, 2), 0.5, 1e-8);
	ck_assert_double_eq_tol(tail(77.92946517, 100), 0.95, 1e-8);
}
END_TEST

/* n = 2..6 with five seeds each: i counts through them. */
#define ROUNDS 25

static double p_of_hosts(int i)
{
	static long counts[720];
	size_t n = 2 + (size_t)i % 5;
	long cells = factorial((long)n), draw;
	struct mxsel__random r;

	memset(counts, 0, sizeof(counts));
	mxsel__random_init(&r, 1000 + (uint64_t)i);
	for (draw = 0; draw < DRAWS(cells); draw++)
		counts[shuffled_number(n, &r)]++;
	return p_of(counts, cells);
}

START_TEST(R31_S36_every_order_of_equals_is_equally_likely)
{
	double p = p_of_hosts(_i);

	ck_assert_double_ge(p, 1e-4);
	ck_assert_double_le(p, 1 - 1e-4);
}
END_TEST

/* As a selection does it: one seed, one shuffle, seeds as they come. */
START_TEST(R31_neighbouring_seeds_give_independent_orders)
{
	static long counts[24];
	uint64_t seed;
	double p;

	memset(counts, 0, sizeof(counts));
	for (seed = 0; seed < 24 * 1000; seed++) {
		struct mxsel__random r;

		mxsel__random_init(&r, seed);
		counts[shuffled_number(4, &r)]++;
	}
	p = p_of(counts, 24);
	ck_assert_double_ge(p, 1e-4);
	ck_assert_double_le(p, 1 - 1e-4);
}
END_TEST

/* Two runs, 2 and 3 long: all 2! * 3! pairs of orders, equally often. */
START_TEST(R31_the_runs_are_shuffled_independently)
{
	static long counts[12];
	struct mxsel__random r;
	double p;
	long i;

	memset(counts, 0, sizeof(counts));
	mxsel__random_init(&r, 4);
	for (i = 0; i < 12000; i++) {
		struct mxsel__mx v[5];
		unsigned short order[5];
		size_t j;

		in_order(v, 5);
		for (j = 2; j < 5; j++)
			v[j].preference = 20;
		mxsel__order_shuffle(v, 5, &r);
		for (j = 0; j < 5; j++)
			order[j] = v[j].mark;
		counts[number_of(order, 2) * 6 + number_of(order + 2, 3)]++;
	}
	p = p_of(counts, 12);
	ck_assert_double_ge(p, 1e-4);
	ck_assert_double_le(p, 1 - 1e-4);
}
END_TEST

START_TEST(R31_every_host_of_fifty_leads_equally_often)
{
	static long counts[50];
	static char names[50];
	struct mxsel__random r;
	double p;
	long i;

	memset(counts, 0, sizeof(counts));
	mxsel__random_init(&r, 50);
	for (i = 0; i < 50000; i++) {
		struct mxsel__mx v[50];
		size_t j;

		memset(v, 0, sizeof(v));
		for (j = 0; j < 50; j++) {
			v[j].name = names;
			v[j].mark = (uint8_t)j;
		}
		mxsel__order_shuffle(v, 50, &r);
		counts[v[0].mark]++;
	}
	p = p_of(counts, 50);
	ck_assert_double_ge(p, 1e-4);
	ck_assert_double_le(p, 1 - 1e-4);
}
END_TEST

/* The address-level shuffle is as fair as the one of hosts. */
static double p_of_addresses(int i)
{
	static long counts[720];
	size_t n = 2 + (size_t)i % 5;
	long cells = factorial((long)n), draw;
	struct mxsel__random r;

	memset(counts, 0, sizeof(counts));
	mxsel__random_init(&r, 2000 + (uint64_t)i);
	for (draw = 0; draw < DRAWS(cells); draw++) {
		unsigned short v[6] = { 0, 1, 2, 3, 4, 5 };

		mxsel__family_shuffle(v, n, &r);
		counts[number_of(v, n)]++;
	}
	return p_of(counts, cells);
}

START_TEST(R31_S36_every_order_of_addresses_is_equally_likely)
{
	double p = p_of_addresses(_i);

	ck_assert_double_ge(p, 1e-4);
	ck_assert_double_le(p, 1 - 1e-4);
}
END_TEST

START_TEST(S36_the_least_and_the_greatest_chance_of_all)
{
	double p, least = 1, greatest = 0;
	int i;

	for (i = 0; i < 2 * ROUNDS; i++) {
		p = i < ROUNDS ? p_of_hosts(i) : p_of_addresses(i - ROUNDS);
		least = p < least ? p : least;
		greatest = p > greatest ? p : greatest;
	}
	figure_print("shuffle chi-square over n!", least >= 1e-4 &&
		greatest <= 1 - 1e-4 ? FIGURE_REACHED : FIGURE_FAILED,
		"n = 2..6, p in [0.0001, 0.9999]",
		"%d rounds, p in [%.4f, %.4f]", 2 * ROUNDS, least, greatest);
	ck_assert(least >= 1e-4 && greatest <= 1 - 1e-4);
}
END_TEST

/* Random preferences, sorted and shuffled: they still only ever rise. */
START_TEST(R30_S37_a_lower_preference_is_never_after_a_higher)
{
	static char names[300][4];
	struct mxsel__random r;
	long wrong = 0;
	size_t i, n;

	for (i = 0; i < 300; i++) {
		names[i][0] = (char)('a' + i % 26);
		names[i][1] = (char)('a' + i / 26);
	}
	mxsel__random_init(&r, 77);
	for (n = 0; n < 300; n++) {
		struct mxsel__mx v[300];
		uint32_t levels = 1 + mxsel__random_below(&r, 65536);
		unsigned char seen[300] = { 0 };
		size_t kept;

		if (n % 2 == 0)
			levels = 1 + levels % 5;
		memset(v, 0, sizeof(v));
		for (i = 0; i < n; i++) {
			v[i].name = names[i];
			v[i].length = 2;
			v[i].key = mxsel__order_key(names[i], 2);
			v[i].preference = (uint16_t)mxsel__random_below(&r,
				levels);
		}
		kept = mxsel__order_sort(v, n);
		mxsel__order_shuffle(v, kept, &r);
		wrong += kept != n;
		for (i = 0; i < kept; i++) {
			wrong += i > 0 &&
				v[i - 1].preference > v[i].preference;
			wrong += seen[(v[i].name - names[0]) / 4]++ != 0;
		}
	}
	ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(R32_the_same_seed_gives_the_same_order_and_another_another)
{
	struct mxsel__random a, b;
	int same = 0;
	uint64_t seed;

	for (seed = 0; seed < 100; seed++) {
		mxsel__random_init(&a, seed);
		mxsel__random_init(&b, seed);
		ck_assert_int_eq(shuffled_number(6, &a),
			shuffled_number(6, &b));
		mxsel__random_init(&a, seed);
		mxsel__random_init(&b, seed + 1);
		same += shuffled_number(6, &a) == shuffled_number(6, &b);
	}
	ck_assert_int_lt(same, 5);
}
END_TEST

static Suite *shuffle_suite(void)
{
	Suite *suite = suite_create("rank/shuffle");
	TCase *tc = tcase_create("shuffle");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, the_tail_is_the_one_of_the_tables);
	tcase_add_loop_test(tc,
		R31_S36_every_order_of_equals_is_equally_likely, 0, ROUNDS);
	tcase_add_test(tc, R31_neighbouring_seeds_give_independent_orders);
	tcase_add_test(tc, R31_the_runs_are_shuffled_independently);
	tcase_add_test(tc, R31_every_host_of_fifty_leads_equally_often);
	tcase_add_loop_test(tc,
		R31_S36_every_order_of_addresses_is_equally_likely, 0,
		ROUNDS);
	tcase_add_test(tc, S36_the_least_and_the_greatest_chance_of_all);
	tcase_add_test(tc, R30_S37_a_lower_preference_is_never_after_a_higher);
	tcase_add_test(tc,
		R32_the_same_seed_gives_the_same_order_and_another_another);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(shuffle_suite());
}
