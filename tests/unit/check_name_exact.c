/*
 * Names and addresses that are all but what they are taken for, at the very
 * end of memory: nothing beyond a text counts, and nothing beyond it is read
 * (R5, R21, S15, S21, S43).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "name/address.h"
#include "name/name.h"
#include "name/text.h"
#include "support/guard.h"
#include "support/run.h"

static int is_v6(const char *text, size_t length)
{
	struct mxsel__address address;

	return mxsel__address_parse_v6(&address, text, length) == MXSEL_OK;
}

static int is_address(const char *text)
{
	struct mxsel__address address;

	return mxsel__address_from_name(&address, text, strlen(text)) ==
		MXSEL_OK;
}

static enum mxsel__name_kind kind_of(const char *text, size_t length)
{
	char out[MXSEL__NAME_TEXT_SIZE];
	size_t n;

	return mxsel__name_parse(out, &n, text, length);
}

START_TEST(S43_half_an_ipv4_address_ends_where_it_ends)
{
	struct mxsel__address address;
	char *text = guard_end("192.0.2", 7);

	ck_assert_int_eq(mxsel__address_parse_v4(&address, text, 7),
		MXSEL_ESYNTAX);
}
END_TEST

/* Digits and the octet before them all look alike to a computer. */
START_TEST(S43_only_digits_make_a_group)
{
	const char *digits = "0123456789abcdefABCDEF";
	char text[] = "::?";
	int c;

	for (c = 1; c < 256; c++) {
		text[2] = (char)c;
		ck_assert_msg(is_v6(text, 3) == (strchr(digits, c) != NULL),
			"octet %d", c);
	}
}
END_TEST

START_TEST(S43_no_ipv4_address_stands_behind_seven_groups)
{
	char text[64];
	int c, d;

	for (c = 0; c < 256; c++) {
		for (d = 0; d < 256; d++) {
			int n = snprintf(text, sizeof(text),
				"1:2:3:4:5:6:7:1.2.%d.%d", c, d);

			ck_assert_msg(!is_v6(text, (size_t)n), "%s", text);
		}
	}
}
END_TEST

START_TEST(S43_nine_groups_are_no_address_whatever_the_ninth_is)
{
	char text[64];
	int group;

	for (group = 0; group < 65536; group += 129) {
		int n = snprintf(text, sizeof(text), "1:2:3:4:5:6:7:8:%x",
			(unsigned)group);

		ck_assert_msg(!is_v6(text, (size_t)n), "%s", text);
	}
}
END_TEST

START_TEST(S43_a_text_of_groups_is_not_read_beyond_its_end)
{
	static const char text[] = "1:22:333:4444:5::8";
	size_t length;

	for (length = 0; length < sizeof(text); length++)
		ck_assert_int_eq(is_v6(guard_end(text, length), length),
			length >= 17 && length < sizeof(text));
}
END_TEST

START_TEST(S43_one_colon_is_not_two)
{
	ck_assert(is_v6("::", 2));
	ck_assert(!is_v6("::", 1));
	ck_assert(!is_v6("::", 0));
}
END_TEST

START_TEST(S43_the_tag_of_a_literal_is_letter_by_letter)
{
	ck_assert(is_address("[IPv6:::1]"));
	ck_assert(is_address("[ipV6:::1]"));
	ck_assert(!is_address("[IPv\x16:::1]"));
	ck_assert(!is_address("[IPv6\x1a::1]"));
	ck_assert(!is_address("[IPv7:::1]"));
	ck_assert(!is_address("[IPv:::1]"));
	ck_assert(!is_address("[IPv]"));
}
END_TEST

START_TEST(R21_a_bracket_at_one_end_alone_makes_no_literal)
{
	struct mxsel__address address;

	ck_assert(is_address("[192.0.2.1]"));
	ck_assert(!is_address("192.0.2.1]"));
	ck_assert(!is_address("1192.0.2.1]"));
	ck_assert(!is_address("[192.0.2.1"));
	ck_assert(!is_address("[192.0.2.11"));
	ck_assert_int_ne(mxsel__address_from_name(&address, guard_end("", 0),
		0), MXSEL_OK);
}
END_TEST

START_TEST(R20_an_escape_has_three_digits)
{
	char text[4] = "\\123";
	int c;

	ck_assert_int_eq(kind_of(text, 4), MXSEL__NAME_ODD);
	ck_assert_int_eq(kind_of(text, 3), MXSEL__NAME_BROKEN);
	ck_assert_int_eq(kind_of(text, 2), MXSEL__NAME_BROKEN);
	ck_assert_int_eq(kind_of(text, 1), MXSEL__NAME_BROKEN);
	for (c = 0; c < 256; c++) {
		char second[4] = { '\\', '0', (char)c, '9' };
		char third[4] = { '\\', '0', '1', (char)c };
		int good = c >= '0' && c <= '9';

		ck_assert_msg((kind_of(second, 4) == MXSEL__NAME_BROKEN) !=
			good, "second: octet %d", c);
		ck_assert_msg((kind_of(third, 4) == MXSEL__NAME_BROKEN) !=
			good, "third: octet %d", c);
	}
}
END_TEST

START_TEST(a_short_name_is_not_under_a_long_one)
{
	static const char text[] = "x.a.example";

	/* What stands before the name in memory is not of the name. */
	ck_assert(!mxsel__name_under(text + 4, "a.example"));
	ck_assert(!mxsel__name_under(text + 3, "a.example"));
	ck_assert(mxsel__name_under(text + 2, "a.example"));
}
END_TEST

START_TEST(R5_the_root_is_not_special_and_has_no_last_letter)
{
	ck_assert_int_eq(mxsel__name_special(guard_begin("", 1)),
		MXSEL__SPECIAL_NONE);
}
END_TEST

static const char *const ordinary[] = {
	/* longer than a special name, shorter, as long, one letter off */
	"a.invalidt", "a.localhostt", "a.oniont", "a.onionn", "a.localhost1",
	"a.locall", "a.nvalid", "a.ocalhost", "a.nion", "a.ocal", "a.al",
	"a.abroad", "a.zinvalid", "a.zlocalhost", "a.zonion", "a.zlocal",
	"a.friend", "a.examplt", "a.exampld", "a.restauran", "a.amsterdal",
	"a.marathont", "a.milan", "a.brasil", "a.inval", "a.loc.al",
	"a.lo.cal", "invalidinvalidinvalidd"
};

START_TEST(R5_a_name_is_special_by_its_whole_last_label)
{
	ck_assert_msg(mxsel__name_special(ordinary[_i]) ==
		MXSEL__SPECIAL_NONE, "%s", ordinary[_i]);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

int main(void)
{
	Suite *suite = suite_create("name exact");
	TCase *tests = tcase_create("exact");

	suite_add_tcase(suite, tests);
	tcase_add_test(tests, S43_half_an_ipv4_address_ends_where_it_ends);
	tcase_add_test(tests, S43_only_digits_make_a_group);
	tcase_add_test(tests, S43_no_ipv4_address_stands_behind_seven_groups);
	tcase_add_test(tests,
		S43_nine_groups_are_no_address_whatever_the_ninth_is);
	tcase_add_test(tests,
		S43_a_text_of_groups_is_not_read_beyond_its_end);
	tcase_add_test(tests, S43_one_colon_is_not_two);
	tcase_add_test(tests, S43_the_tag_of_a_literal_is_letter_by_letter);
	tcase_add_test(tests,
		R21_a_bracket_at_one_end_alone_makes_no_literal);
	tcase_add_test(tests, R20_an_escape_has_three_digits);
	tcase_add_test(tests, a_short_name_is_not_under_a_long_one);
	tcase_add_test(tests,
		R5_the_root_is_not_special_and_has_no_last_letter);
	tcase_add_loop_test(tests,
		R5_a_name_is_special_by_its_whole_last_label, 0,
		COUNT(ordinary));
	return mxsel_test_run(suite);
}
