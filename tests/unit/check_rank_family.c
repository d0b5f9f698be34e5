/*
 * The addresses of one host by family: alternating so that a broken family
 * costs one attempt, and in the resolver's order within a family (R33, R34).
 */
#include <check.h>
#include <stddef.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "rank/family.h"
#include "support/run.h"

/* The merged order as letters: A, B, C... for IPv6, a, b, c... for IPv4. */
static const char *merged(size_t v6, size_t v4, int mode,
	struct mxsel__random *r)
{
	static char text[64];
	unsigned short out[64];
	size_t n = mxsel__family_merge(out, v6, v4, mode, r);
	size_t i;

	for (i = 0; i < n; i++)
		text[i] = (char)(out[i] < v6 ? 'A' + out[i]
		                             : 'a' + (out[i] - (int)v6));
	text[n] = '\0';
	return text;
}

START_TEST(R33_interleaving_alternates_and_ipv6_leads)
{
	int mode = MXSEL_FAMILY_INTERLEAVE;

	ck_assert_str_eq(merged(3, 3, mode, NULL), "AaBbCc");
	ck_assert_str_eq(merged(1, 1, mode, NULL), "Aa");
}
END_TEST

START_TEST(R33_interleaving_appends_what_is_left)
{
	int mode = MXSEL_FAMILY_INTERLEAVE;

	ck_assert_str_eq(merged(4, 1, mode, NULL), "AaBCD");
	ck_assert_str_eq(merged(1, 4, mode, NULL), "Aabcd");
	ck_assert_str_eq(merged(0, 3, mode, NULL), "abc");
	ck_assert_str_eq(merged(3, 0, mode, NULL), "ABC");
	ck_assert_str_eq(merged(0, 0, mode, NULL), "");
}
END_TEST

START_TEST(R33_R34_one_family_first_keeps_the_other_behind_it)
{
	ck_assert_str_eq(merged(2, 3, MXSEL_FAMILY_V6_FIRST, NULL), "ABabc");
	ck_assert_str_eq(merged(2, 3, MXSEL_FAMILY_V4_FIRST, NULL), "abcAB");
	ck_assert_str_eq(merged(0, 2, MXSEL_FAMILY_V6_FIRST, NULL), "ab");
	ck_assert_str_eq(merged(2, 0, MXSEL_FAMILY_V4_FIRST, NULL), "AB");
}
END_TEST

START_TEST(R33_one_family_only_gives_nothing_of_the_other)
{
	ck_assert_str_eq(merged(2, 3, MXSEL_FAMILY_V6_ONLY, NULL), "AB");
	ck_assert_str_eq(merged(2, 3, MXSEL_FAMILY_V4_ONLY, NULL), "abc");
	ck_assert_str_eq(merged(0, 3, MXSEL_FAMILY_V6_ONLY, NULL), "");
	ck_assert_str_eq(merged(2, 0, MXSEL_FAMILY_V4_ONLY, NULL), "");
}
END_TEST

START_TEST(R33_any_family_leads_half_of_the_time)
{
	struct mxsel__random r;
	int v6_led = 0;
	int i;

	mxsel__random_init(&r, 6);
	for (i = 0; i < 10000; i++) {
		const char *order = merged(2, 3, MXSEL_FAMILY_ANY, &r);

		if (order[0] == 'A')
			v6_led++;
		ck_assert_str_eq(order, order[0] == 'A' ? "AaBbc" : "aAbBc");
	}
	ck_assert_int_ge(v6_led, 4800);
	ck_assert_int_le(v6_led, 5200);
}
END_TEST

/* R79: a draw that decides nothing would change what comes after it. */
START_TEST(R33_any_with_one_family_draws_nothing)
{
	struct mxsel__random r, before;

	mxsel__random_init(&r, 6);
	before = r;
	ck_assert_str_eq(merged(2, 0, MXSEL_FAMILY_ANY, &r), "AB");
	ck_assert_str_eq(merged(0, 2, MXSEL_FAMILY_ANY, &r), "ab");
	ck_assert_mem_eq(&r, &before, sizeof(r));
}
END_TEST

START_TEST(R33_R34_nothing_is_lost_doubled_or_reordered_within_a_family)
{
	struct mxsel__random r;
	size_t v6, v4;
	int mode;

	mxsel__random_init(&r, 3);
	for (v6 = 0; v6 < 8; v6++) {
		for (v4 = 0; v4 < 8; v4++) {
			for (mode = 0; mode <= MXSEL_FAMILY_V4_FIRST; mode++) {
				const char *order = merged(v6, v4, mode, &r);
				char six = 'A', four = 'a';

				for (; *order != '\0'; order++) {
					six = (char)(six + (*order == six));
					four = (char)(four + (*order == four));
				}
				ck_assert_int_eq(six, 'A' + (int)v6);
				ck_assert_int_eq(four, 'a' + (int)v4);
			}
		}
	}
}
END_TEST

START_TEST(a_number_that_is_no_mode_interleaves)
{
	ck_assert_str_eq(merged(2, 2, 99, NULL), "AaBb");
}
END_TEST

START_TEST(R31_shuffled_addresses_are_the_same_addresses)
{
	struct mxsel__random r;
	unsigned short v[1000];
	unsigned char seen[1000] = { 0 };
	int doubled = 0, moved = 0;
	size_t i;

	mxsel__random_init(&r, 8);
	for (i = 0; i < 1000; i++)
		v[i] = (unsigned short)i;
	mxsel__family_shuffle(v, 1000, &r);
	for (i = 0; i < 1000; i++) {
		doubled += seen[v[i]]++;
		moved += v[i] != i;
	}
	ck_assert_int_eq(doubled, 0);
	ck_assert_int_gt(moved, 900);
	mxsel__family_shuffle(v, 0, &r);
	mxsel__family_shuffle(v, 1, &r);
}
END_TEST

static Suite *family_suite(void)
{
	Suite *suite = suite_create("rank/family");
	TCase *tc = tcase_create("family");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, R33_interleaving_alternates_and_ipv6_leads);
	tcase_add_test(tc, R33_interleaving_appends_what_is_left);
	tcase_add_test(tc, R33_R34_one_family_first_keeps_the_other_behind_it);
	tcase_add_test(tc, R33_one_family_only_gives_nothing_of_the_other);
	tcase_add_test(tc, R33_any_family_leads_half_of_the_time);
	tcase_add_test(tc, R33_any_with_one_family_draws_nothing);
	tcase_add_test(tc,
		R33_R34_nothing_is_lost_doubled_or_reordered_within_a_family);
	tcase_add_test(tc, a_number_that_is_no_mode_interleaves);
	tcase_add_test(tc, R31_shuffled_addresses_are_the_same_addresses);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(family_suite());
}
