/*
 * Texts of policies, replies and records that stop just where they would
 * have become something else, at the end of memory where that tells more; and
 * names of what does not exist (R55, R74, R92, R95, R97, F99, F100).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <limits.h>
#include <string.h>

#include <mxsel/mxsel.h>
#include <mxsel/security.h>

#include "policy/filter.h"
#include "policy/outcome.h"
#include "policy/sts.h"
#include "policy/tlsa.h"
#include "support/guard.h"
#include "support/run.h"

/* ------------------------------------------------------------ the addresses */

static int is_unspecified(const char *network, const char *address)
{
	struct mxsel__network nat64;
	struct mxsel__address at;
	struct mxsel__filter filter;

	ck_assert_int_eq(mxsel__network_parse(&nat64, network,
		strlen(network)), MXSEL_OK);
	ck_assert_int_eq(mxsel__address_parse(&at, address, strlen(address)),
		MXSEL_OK);
	memset(&filter, 0, sizeof(filter));
	filter.nat64 = &nat64;
	filter.nat64_count = 1;
	return mxsel__filter_is_unspecified(&filter, &at);
}

START_TEST(R55_nobody_is_nobody_behind_a_declared_nat64_too)
{
	ck_assert(is_unspecified("2001:db8:64::/96", "2001:db8:64::"));
	ck_assert(!is_unspecified("2001:db8:64::/96", "2001:db8:64::1"));
	ck_assert(!is_unspecified("2001:db8:64::/96", "2001:db8:65::"));
	ck_assert(!is_unspecified("2001:db8:64::/96", "32.1.0.0"));
}
END_TEST

/* -------------------------------------------------------------- the replies */

START_TEST(R74_an_enhanced_status_has_two_dots)
{
	ck_assert_uint_eq(mxsel__outcome_status("5.7.1 no", 550), 5);
	ck_assert_uint_eq(mxsel__outcome_status("5-7.1 no", 550), 0);
	ck_assert_uint_eq(mxsel__outcome_status("5.7-1 no", 550), 0);
	ck_assert_uint_eq(mxsel__outcome_status("5.7 1 no", 550), 0);
	ck_assert_uint_eq(mxsel__outcome_status("5.7.1-no", 550), 0);
}
END_TEST

/* ------------------------------------------------------------- the policies */

static const char *why(const char *body, size_t size)
{
	static struct mxsel__sts_body read;

	if (mxsel__sts_read(&read, body, size, NULL) == MXSEL_OK)
		return "";
	ck_assert_ptr_nonnull(read.why);
	return read.why;
}

#define BODY "version: STSv1\nmode: none\nmax_age: 86400"

START_TEST(R95_a_policy_ends_where_its_octets_do)
{
	static const char body[] = BODY;
	struct mxsel__sts_body read;
	size_t size, digits = sizeof(BODY) - 1 - 5;
	uint32_t age = 0;

	for (size = 1; size <= digits; size++)
		ck_assert_str_ne(why(guard_end(body, size), size), "");
	for (; size < sizeof(BODY); size++) {
		age = age * 10 + (uint32_t)(body[size - 1] - '0');
		ck_assert_int_eq(mxsel__sts_read(&read,
			guard_end(body, size), size, NULL), MXSEL_OK);
		ck_assert_uint_eq(read.max_age, age);
		/* What stands beyond it does not count. */
		ck_assert_int_eq(mxsel__sts_read(&read, body, size, NULL),
			MXSEL_OK);
		ck_assert_uint_eq(read.max_age, age);
	}
}
END_TEST

START_TEST(R95_what_is_wrong_with_a_line_is_told_from_that_line)
{
	static const char returned[] = "\r\nmode: none";

	ck_assert_str_eq(why("mode : none", 4), why("mode", 4));
	ck_assert_str_ne(why("mode : none", 4), why("mode : none", 11));
	ck_assert_str_eq(why(returned + 1, 11), "The line is empty.");
	ck_assert_str_ne(why(returned, 12), "");
}
END_TEST

START_TEST(R95_a_character_is_not_half_of_one)
{
	static const struct {
		const char *text;
		int good;
	} cases[] = {
		{ "\xc2\x80", 1 }, { "\xdf\xbf", 1 }, { "\xe0\xa0\x80", 1 },
		{ "\xec\x80\x80", 1 }, { "\xed\x9f\xbf", 1 },
		{ "\xee\x80\x80", 1 }, { "\xef\xbf\xbf", 1 },
		{ "\xf0\x90\x80\x80", 1 }, { "\xf4\x8f\xbf\xbf", 1 },
		{ "\xf1\x80\x80\x80", 1 }, { "\xf3\xbf\xbf\xbf", 1 },
		{ "\x80", 0 }, { "\xbf\x80", 0 }, { "\xc0\x80", 0 },
		{ "\xc1\xbf", 0 }, { "\xc2\x7f", 0 }, { "\xc2\xc0", 0 },
		{ "\xe0\x9f\x80", 0 }, { "\xe1\x7f\x80", 0 },
		{ "\xe1\x80\x7f", 0 }, { "\xe1\x80\xc0", 0 },
		{ "\xed\xa0\x80", 0 }, { "\xf0\x8f\x80\x80", 0 },
		{ "\xf1\x80\x80\x7f", 0 }, { "\xf1\x80\xc0\x80", 0 },
		{ "\xf4\x90\x80\x80", 0 }, { "\xf5\x80\x80\x80", 0 },
		{ "\xff\x80\x80\x80", 0 }, { "\xc2", 0 }, { "\xe1\x80", 0 },
		{ "\xf1\x80\x80", 0 }
	};
	char body[64] = "name: ";
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t size = 6 + strlen(cases[i].text);

		strcpy(body + 6, cases[i].text);
		ck_assert_msg((strcmp(why(guard_end(body, size), size),
			"The line is not UTF-8.") == 0) != cases[i].good,
			"character %u", (unsigned)i);
		/* The rest of it stands beyond the end, and does not count. */
		if (cases[i].good)
			ck_assert_str_eq(why(body, size - 1),
				"The line is not UTF-8.");
	}
}
END_TEST

START_TEST(R95_a_nul_is_told_from_other_octets)
{
	ck_assert_str_eq(why("mode: a\0b", 9),
		"A NUL octet stands in the line.");
	ck_assert_str_ne(why("mode: a\1b", 9),
		"A NUL octet stands in the line.");
}
END_TEST

START_TEST(R95_a_star_alone_is_no_pattern)
{
	char out[MXSEL__STS_PATTERN_SIZE];
	size_t length, size;

	for (size = 0; size < 3; size++) {
		ck_assert_ptr_nonnull(mxsel__sts_pattern(out, &length,
			guard_end("*.a", size), size));
		ck_assert_ptr_nonnull(mxsel__sts_pattern(out, &length, "*.a",
			size));
	}
	ck_assert_ptr_null(mxsel__sts_pattern(out, &length, "*.a", 3));
}
END_TEST

/* ------------------------------------------- the TXT record of a policy */

static int id_of(const char *text, size_t length)
{
	const char *end = guard_end(text, length);
	char id[33];

	return mxsel_sts_id(id, &end, &length, 1);
}

START_TEST(R95_an_announcement_ends_where_its_octets_do)
{
	static const char text[] = "v=STSv1; id=a ; b=c; ";
	const size_t good[] = { 13, 15, 16, 19, 20, 21 };
	size_t length, i;

	for (length = 0; length < sizeof(text); length++) {
		int want = MXSEL_ESYNTAX;
		char id[33];
		const char *all = text;

		for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
			if (good[i] == length)
				want = MXSEL_OK;
		ck_assert_msg(id_of(text, length) == want, "%u octets",
			(unsigned)length);
		ck_assert_int_eq(mxsel_sts_id(id, &all, &length, 1), want);
	}
}
END_TEST

START_TEST(R95_half_a_version_is_no_second_announcement)
{
	const char *const texts[] = { "v=STSv1; id=a", "v=STSv1; id=b" };
	size_t lengths[] = { 13, 7 };
	char id[33];

	ck_assert_int_eq(mxsel_sts_id(id, texts, lengths, 2), MXSEL_OK);
	ck_assert_str_eq(id, "a");
	lengths[1] = 8;
	ck_assert_int_eq(mxsel_sts_id(id, texts, lengths, 2), MXSEL_ESYNTAX);
	ck_assert_uint_eq(mxsel__sts_field_name("version", 3), 3);
}
END_TEST

START_TEST(F100_an_announcement_without_a_text_is_a_mistake)
{
	const char *const text = "v=STSv1; id=a";
	const char *const none = NULL;
	const size_t length = 13;
	char id[33];

	ck_assert_int_eq(mxsel_sts_id(NULL, &text, &length, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_id(id, NULL, &length, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_id(id, &text, NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_id(id, &none, &length, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_id(id, &text, &length, 1), MXSEL_OK);
}
END_TEST

/* --------------------------------------------------------- the TLSA records */

START_TEST(R92_certificates_are_compared_as_far_as_both_go)
{
	static const uint8_t octets[] = "abcz", longer[] = "abcd";
	struct mxsel__tlsa a = { 3, 1, 0, 3, octets };
	struct mxsel__tlsa b = { 3, 1, 0, 4, longer };

	ck_assert_int_lt(mxsel__tlsa_compare(&a, &b), 0);
	ck_assert_int_gt(mxsel__tlsa_compare(&b, &a), 0);
	a.length = 4;
	ck_assert_int_gt(mxsel__tlsa_compare(&a, &b), 0);
	ck_assert_int_lt(mxsel__tlsa_compare(&b, &a), 0);
}
END_TEST

/* ---------------------------------------------------------------- the names */

/* How many names there are from the first number on; then there is none. */
static int names(const char *(*name)(int), int first)
{
	int count = 0, i;

	while (name(first + count) != NULL)
		count++;
	for (i = 0; i < 300; i++) {
		ck_assert_ptr_null(name(first + count + i));
		ck_assert_ptr_null(name(first - 1 - i));
	}
	ck_assert_ptr_null(name(INT_MAX));
	ck_assert_ptr_null(name(INT_MIN));
	return count;
}

START_TEST(F100_what_does_not_exist_has_no_name)
{
	ck_assert_int_eq(names(mxsel_outcome_name, MXSEL_OUTCOME_DELIVERED),
		MXSEL_OUTCOME_REQUIRETLS - MXSEL_OUTCOME_DELIVERED + 1);
	ck_assert_int_eq(names(mxsel_posture_name, 0), 5);
	ck_assert_int_eq(names(mxsel_dane_name, 0), 4);
	ck_assert_int_eq(names(mxsel_posture_reason_name, 1), 10);
	ck_assert_int_eq(names(mxsel_posture_rule, 1), 10);
	ck_assert_int_eq(names(mxsel_sts_mode_name, 0), 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy exact");
	TCase *tests = tcase_create("exact");

	suite_add_tcase(suite, tests);
	tcase_add_test(tests, R55_nobody_is_nobody_behind_a_declared_nat64_too);
	tcase_add_test(tests, R74_an_enhanced_status_has_two_dots);
	tcase_add_test(tests, R95_a_policy_ends_where_its_octets_do);
	tcase_add_test(tests,
		R95_what_is_wrong_with_a_line_is_told_from_that_line);
	tcase_add_test(tests, R95_a_character_is_not_half_of_one);
	tcase_add_test(tests, R95_a_nul_is_told_from_other_octets);
	tcase_add_test(tests, R95_a_star_alone_is_no_pattern);
	tcase_add_test(tests, R95_an_announcement_ends_where_its_octets_do);
	tcase_add_test(tests, R95_half_a_version_is_no_second_announcement);
	tcase_add_test(tests,
		F100_an_announcement_without_a_text_is_a_mistake);
	tcase_add_test(tests, R92_certificates_are_compared_as_far_as_both_go);
	tcase_add_test(tests, F100_what_does_not_exist_has_no_name);
	return mxsel_test_run(suite);
}
