/*
 * Ids that nobody can guess (S2): what dice hand out, and that it is gone
 * from memory afterwards.
 */
#define _GNU_SOURCE

#include <check.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <mxsel/mxsel.h>

#include "ldns/dice.h"
#include "support/run.h"

#define THROWS 65536

static int fails_with;      /* errno; 0: it does not */
static size_t gives = 1000; /* octets at most at a time */

/* In place of the C library's. */
ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
	if (fails_with != 0) {
		errno = fails_with;
		fails_with = errno == EINTR ? 0 : fails_with;
		return -1;
	}
	return syscall(SYS_getrandom, buffer, size < gives ? size : gives,
		flags);
}

/*
 * 256 classes, 256 throws expected in each: chi-square with 255 degrees of
 * freedom lies outside 125..430 once in more than 1e9 runs.
 */
static void judge_even(const unsigned counts[256])
{
	double sum = 0, off;
	int i;

	for (i = 0; i < 256; i++) {
		off = (double)counts[i] - THROWS / 256.0;
		sum += off * off / (THROWS / 256.0);
	}
	ck_assert_msg(sum > 125 && sum < 430, "chi-square %f", sum);
}

START_TEST(S2_both_octets_of_an_id_take_every_value_alike)
{
	unsigned high[256] = { 0 }, low[256] = { 0 };
	struct mxsel__dice d;
	uint16_t id;
	int i;

	mxsel__dice_init(&d);
	for (i = 0; i < THROWS; i++) {
		ck_assert_int_eq(mxsel__dice_throw(&d, &id), 0);
		high[id >> 8]++;
		low[id & 0xff]++;
	}
	judge_even(high);
	judge_even(low);
}
END_TEST

START_TEST(S2_an_id_is_gone_from_the_stock_when_it_is_out)
{
	static const uint8_t nothing[MXSEL__DICE_SIZE];
	struct mxsel__dice d;
	uint16_t id;
	unsigned i;

	mxsel__dice_init(&d);
	for (i = 0; i < MXSEL__DICE_SIZE / 2; i++) {
		ck_assert_int_eq(mxsel__dice_throw(&d, &id), 0);
		ck_assert_uint_eq(d.left, MXSEL__DICE_SIZE - 2 * (i + 1));
		ck_assert_mem_eq(d.octets + d.left, nothing, 2 * (i + 1));
	}
	ck_assert_uint_eq(d.left, 0);
	ck_assert_int_eq(mxsel__dice_throw(&d, &id), 0);
	ck_assert_uint_eq(d.left, MXSEL__DICE_SIZE - 2);
}
END_TEST

START_TEST(F87_no_entropy_is_an_error_until_there_is_some)
{
	struct mxsel__dice d;
	uint16_t id = 7;

	mxsel__dice_init(&d);
	fails_with = ENOSYS;
	ck_assert_int_eq(mxsel__dice_throw(&d, &id), MXSEL_EENTROPY);
	ck_assert_int_eq(mxsel__dice_throw(&d, &id), MXSEL_EENTROPY);
	ck_assert_uint_eq(id, 7);
	fails_with = EINTR;
	ck_assert_int_eq(mxsel__dice_throw(&d, &id), 0);
	ck_assert_int_eq(fails_with, 0);
}
END_TEST

START_TEST(F87_a_short_draw_is_drawn_on)
{
	static const uint8_t nothing[8];
	struct mxsel__dice d;
	uint16_t id;
	unsigned at;

	mxsel__dice_init(&d);
	gives = 7;
	ck_assert_int_eq(mxsel__dice_throw(&d, &id), 0);
	/* Eight octets of zero by chance: once in 2^64, each of 63 times. */
	for (at = 0; at + 8 < d.left; at += 8)
		ck_assert_mem_ne(d.octets + at, nothing, 8);
}
END_TEST

/* Equal by chance: once in 2^256. */
START_TEST(S44_the_child_of_a_fork_forgets_what_its_parent_drew)
{
	uint16_t parent[16], child[16];
	struct mxsel__dice d, copy;
	int i;

	mxsel__dice_init(&d);
	ck_assert_int_eq(mxsel__dice_throw(&d, &parent[0]), 0);
	copy = d;
	mxsel__dice_init(&copy);
	ck_assert_uint_eq(copy.left, 0);
	for (i = 0; i < 16; i++) {
		ck_assert_int_eq(mxsel__dice_throw(&d, &parent[i]), 0);
		ck_assert_int_eq(mxsel__dice_throw(&copy, &child[i]), 0);
	}
	ck_assert_mem_ne(parent, child, sizeof parent);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("random ids");
	TCase *tests = tcase_create("dice");

	tcase_add_test(tests, S2_both_octets_of_an_id_take_every_value_alike);
	tcase_add_test(tests, S2_an_id_is_gone_from_the_stock_when_it_is_out);
	tcase_add_test(tests, F87_no_entropy_is_an_error_until_there_is_some);
	tcase_add_test(tests, F87_a_short_draw_is_drawn_on);
	tcase_add_test(tests,
		S44_the_child_of_a_fork_forgets_what_its_parent_drew);
	suite_add_tcase(suite, tests);
	return mxsel_test_run(suite);
}
