/*
 * Names compared, special names known, names written to the wire (R3, R5, R6,
 * F89).
 */
#include <check.h>
#include <locale.h>
#include <string.h>

#include "name/name.h"
#include "support/run.h"

START_TEST(R6_case_makes_no_difference)
{
	ck_assert(mxsel__name_equal("MX.Example", "mx.eXAMPLE"));
	ck_assert(mxsel__name_equal("", ""));
	ck_assert(!mxsel__name_equal("mx.example", "mx.exampl"));
	ck_assert(!mxsel__name_equal("mx.exampl", "mx.example"));
	ck_assert(!mxsel__name_equal("mx.example", "mx.example2"));
	ck_assert(!mxsel__name_equal("a@b", "a`b"));
	ck_assert(!mxsel__name_equal("[", "{"));
}
END_TEST

START_TEST(R6_F89_a_turkish_locale_changes_nothing)
{
	/* Where that locale is not installed this asks the C locale. */
	(void)setlocale(LC_ALL, "tr_TR.UTF-8");
	ck_assert(mxsel__name_equal("MAIL.EXAMPLE", "mail.example"));
	ck_assert(!mxsel__name_equal("\xc4\xb0", "i"));
	ck_assert_int_eq(mxsel__name_fold['I'], 'i');
	(void)setlocale(LC_ALL, "C");
}
END_TEST

START_TEST(a_name_is_under_itself_and_its_parents)
{
	ck_assert(mxsel__name_under("a.example", "a.example"));
	ck_assert(mxsel__name_under("b.a.example", "a.example"));
	ck_assert(mxsel__name_under("a.example", ""));
	ck_assert(mxsel__name_under("", ""));
	ck_assert(!mxsel__name_under("ba.example", "a.example"));
	ck_assert(!mxsel__name_under("example", "a.example"));
	ck_assert(!mxsel__name_under("a.example", "b.example"));
}
END_TEST

START_TEST(a_dot_inside_a_label_is_no_border)
{
	ck_assert(!mxsel__name_under("a\\.example", "example"));
	ck_assert(mxsel__name_under("a\\\\.example", "example"));
	ck_assert(!mxsel__name_under("\\.example", "example"));
	ck_assert(mxsel__name_under("\\\\.example", "example"));
}
END_TEST

static const struct {
	const char *name;
	enum mxsel__special special;
} specials[] = {
	{ "invalid", MXSEL__SPECIAL_INVALID },
	{ "a.invalid", MXSEL__SPECIAL_INVALID },
	{ "localhost", MXSEL__SPECIAL_LOCALHOST },
	{ "a.b.localhost", MXSEL__SPECIAL_LOCALHOST },
	{ "xyz.onion", MXSEL__SPECIAL_ONION },
	{ "printer.local", MXSEL__SPECIAL_LOCAL },
	{ "local", MXSEL__SPECIAL_LOCAL },
	{ "invalid.example", MXSEL__SPECIAL_NONE },
	{ "notlocal", MXSEL__SPECIAL_NONE },
	{ "mail.example", MXSEL__SPECIAL_NONE },
	{ "mail.nine-long", MXSEL__SPECIAL_NONE },
	{ "mail.fives", MXSEL__SPECIAL_NONE },
	{ "mail.tldoftwelve", MXSEL__SPECIAL_NONE },
	{ "mylocalhost", MXSEL__SPECIAL_NONE },
	{ "localhost.localdomain", MXSEL__SPECIAL_NONE },
	{ "", MXSEL__SPECIAL_NONE }
};

START_TEST(R5_special_names_are_known)
{
	ck_assert_int_eq(mxsel__name_special(specials[_i].name),
		specials[_i].special);
}
END_TEST

START_TEST(a_name_goes_to_the_wire_label_by_label)
{
	uint8_t wire[MXSEL__WIRE_NAME_MAX];

	ck_assert_uint_eq(mxsel__name_to_wire(wire, "mx1.example"), 13);
	ck_assert_mem_eq(wire, "\3mx1\7example", 13);
	ck_assert_uint_eq(mxsel__name_to_wire(wire, ""), 1);
	ck_assert_uint_eq(wire[0], 0);
}
END_TEST

static const char *const unfit[] = {
	".", ".a", "a..b", "a.", "a b", "a\\.b", "\xc3\xbc.example",
	"a23456789012345678901234567890123456789012345678901234567890123x.b"
};

START_TEST(R3_what_is_no_host_name_does_not_go_to_the_wire)
{
	uint8_t wire[MXSEL__WIRE_NAME_MAX];

	ck_assert_uint_eq(mxsel__name_to_wire(wire, unfit[_i]), 0);
}
END_TEST

START_TEST(R3_253_octets_go_to_the_wire_and_254_do_not)
{
	uint8_t wire[MXSEL__WIRE_NAME_MAX];
	char name[256];
	int i;

	for (i = 0; i < 127; i++)
		memcpy(name + 2 * i, "a.", 2);
	name[253] = '\0';
	ck_assert_uint_eq(mxsel__name_to_wire(wire, name), 255);
	memcpy(name + 252, "ab", 3);
	ck_assert_uint_eq(mxsel__name_to_wire(wire, name), 0);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

int main(void)
{
	Suite *suite = suite_create("name compare");
	TCase *tests = tcase_create("compare");

	suite_add_tcase(suite, tests);
	tcase_add_test(tests, R6_case_makes_no_difference);
	tcase_add_test(tests, R6_F89_a_turkish_locale_changes_nothing);
	tcase_add_test(tests, a_name_is_under_itself_and_its_parents);
	tcase_add_test(tests, a_dot_inside_a_label_is_no_border);
	tcase_add_loop_test(tests, R5_special_names_are_known, 0,
		COUNT(specials));
	tcase_add_test(tests, a_name_goes_to_the_wire_label_by_label);
	tcase_add_loop_test(tests,
		R3_what_is_no_host_name_does_not_go_to_the_wire, 0,
		COUNT(unfit));
	tcase_add_test(tests, R3_253_octets_go_to_the_wire_and_254_do_not);
	return mxsel_test_run(suite);
}
