/*
 * Seeds come from the kernel or not at all (S2, F87); numbers follow from the
 * seed alone (R32); a bounded number is fair to every value (S36). The
 * kernel is replaced by a function of this file, where one can be.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include <mxsel/mxsel.h>

#include "base/random.h"
#include "support/run.h"

#ifdef __linux__
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the kernel answers, one letter a call; then it is the real one. */
static const char *script = "";
static int calls;

ssize_t getrandom(void *buffer, size_t length, unsigned int flags)
{
	calls++;
	if (*script == '\0')
		return (ssize_t)syscall(SYS_getrandom, buffer, length, flags);
	switch (*script++) {
	case 'i':
		errno = EINTR;
		return -1;
	case 'n':
		errno = ENOSYS;
		return -1;
	case '0':
		return 0;
	case '1': /* short: one octet */
		memset(buffer, 0x5a, 1);
		return 1;
	default: /* all of it */
		memset(buffer, 0x5a, length);
		return (ssize_t)length;
	}
}

static void forget(void)
{
	script = "";
	calls = 0;
}

START_TEST(F87_an_interrupted_kernel_is_asked_again)
{
	uint64_t seed = 0;

	script = "iiia";
	ck_assert_int_eq(mxsel__random_seed(&seed), 0);
	ck_assert_int_eq(calls, 4);
	ck_assert(seed == UINT64_C(0x5a5a5a5a5a5a5a5a));
}
END_TEST

START_TEST(F87_a_short_answer_is_completed)
{
	uint64_t seed = 0;

	script = "1i11a";
	ck_assert_int_eq(mxsel__random_seed(&seed), 0);
	ck_assert_int_eq(calls, 5);
	ck_assert(seed == UINT64_C(0x5a5a5a5a5a5a5a5a));
}
END_TEST

START_TEST(S2_F87_without_entropy_there_is_an_error_and_no_fallback)
{
	uint64_t seed;

	script = "n";
	ck_assert_int_eq(mxsel__random_seed(&seed), MXSEL_EENTROPY);
	script = "0";
	ck_assert_int_eq(mxsel__random_seed(&seed), MXSEL_EENTROPY);
	script = "1n";
	ck_assert_int_eq(mxsel__random_seed(&seed), MXSEL_EENTROPY);
	ck_assert_int_eq(calls, 4);
}
END_TEST
#endif

START_TEST(two_seeds_are_not_the_same)
{
	uint64_t one = 0, two = 0;

	ck_assert_int_eq(mxsel__random_seed(&one), 0);
	ck_assert_int_eq(mxsel__random_seed(&two), 0);
	ck_assert(one != two);
}
END_TEST

/* The values that the authors' own code gives. */
START_TEST(the_generator_is_xoshiro_and_its_state_is_splitmix)
{
	struct mxsel__random r;

	mxsel__random_init(&r, 0);
	ck_assert(r.state[0] == UINT64_C(0xe220a8397b1dcdaf));
	ck_assert(r.state[1] == UINT64_C(0x6e789e6aa1b965f4));
	ck_assert(r.state[2] == UINT64_C(0x06c45d188009454f));
	ck_assert(r.state[3] == UINT64_C(0xf88bb8a8724c81ec));
	r.state[0] = 1;
	r.state[1] = 2;
	r.state[2] = 3;
	r.state[3] = 4;
	ck_assert(mxsel__random_next(&r) == 11520);
	ck_assert(mxsel__random_next(&r) == 0);
	ck_assert(mxsel__random_next(&r) == 1509978240);
	ck_assert(mxsel__random_next(&r) == UINT64_C(1215971899390074240));
}
END_TEST

START_TEST(R32_the_same_seed_gives_the_same_numbers)
{
	struct mxsel__random a, b, c;
	int differ = 0;
	int i;

	mxsel__random_init(&a, 42);
	mxsel__random_init(&b, 42);
	mxsel__random_init(&c, 43);
	for (i = 0; i < 1000; i++) {
		uint64_t x = mxsel__random_next(&a);

		ck_assert(x == mxsel__random_next(&b));
		differ += x != mxsel__random_next(&c);
	}
	ck_assert_int_ge(differ, 999);
}
END_TEST

START_TEST(S36_a_bounded_number_is_below_its_bound)
{
	static const uint32_t bounds[] = { 1, 2, 3, 5, 255, 65536, 0x7fffffff,
		0x80000000, 0x80000001, 0xfffffffe, 0xffffffff };
	struct mxsel__random r;
	size_t i;
	int j;
	int outside = 0;

	mxsel__random_init(&r, 7);
	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		for (j = 0; j < 10000; j++)
			outside += mxsel__random_below(&r, bounds[i]) >=
				bounds[i];
	}
	ck_assert_int_eq(outside, 0);
}
END_TEST

/*
 * Chi-square of counts that should be equal, as its distance from its mean in
 * standard deviations, squared. Chance rarely goes beyond 5 of them.
 */
static double distance(const long *counts, long cells, long draws)
{
	double expected = (double)draws / (double)cells;
	double chi = 0;
	double freedom = (double)(cells - 1);
	long i;

	for (i = 0; i < cells; i++) {
		double d = (double)counts[i] - expected;

		chi += d * d / expected;
	}
	return (chi - freedom) * (chi - freedom) / (2 * freedom);
}

START_TEST(S36_every_value_comes_equally_often)
{
	static const uint32_t bounds[] = { 2, 3, 5, 6, 7, 10, 16, 100, 1000 };
	size_t i;

	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		long counts[1000] = { 0 };
		struct mxsel__random r;
		long j;

		mxsel__random_init(&r, 2024);
		for (j = 0; j < 200000; j++)
			counts[mxsel__random_below(&r, bounds[i])]++;
		ck_assert_double_lt(distance(counts, (long)bounds[i], 200000),
			25);
	}
}
END_TEST

/*
 * With this bound four random words meet three values: whoever forgets the
 * rejection gives one value in three twice the share of the others.
 */
START_TEST(S36_what_a_plain_multiplication_favours_is_not_favoured)
{
	long counts[3] = { 0 };
	struct mxsel__random r;
	long j;

	mxsel__random_init(&r, 1);
	for (j = 0; j < 300000; j++)
		counts[mxsel__random_below(&r, 3u << 30) % 3]++;
	ck_assert_double_lt(distance(counts, 3, 300000), 25);
}
END_TEST

static Suite *random_suite(void)
{
	Suite *suite = suite_create("base/random");
	TCase *tc = tcase_create("random");

	tcase_set_timeout(tc, 60);
#ifdef __linux__
	tcase_add_checked_fixture(tc, forget, NULL);
	tcase_add_test(tc, F87_an_interrupted_kernel_is_asked_again);
	tcase_add_test(tc, F87_a_short_answer_is_completed);
	tcase_add_test(tc,
		S2_F87_without_entropy_there_is_an_error_and_no_fallback);
#endif
	tcase_add_test(tc, two_seeds_are_not_the_same);
	tcase_add_test(tc,
		the_generator_is_xoshiro_and_its_state_is_splitmix);
	tcase_add_test(tc, R32_the_same_seed_gives_the_same_numbers);
	tcase_add_test(tc, S36_a_bounded_number_is_below_its_bound);
	tcase_add_test(tc, S36_every_value_comes_equally_often);
	tcase_add_test(tc,
		S36_what_a_plain_multiplication_favours_is_not_favoured);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(random_suite());
}
