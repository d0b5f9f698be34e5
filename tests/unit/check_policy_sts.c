/*
 * MTA-STS policies as text (R95): what the grammar of RFC 8461 3.2 allows,
 * and what it does not, with the line and the reason.
 */
#include "support/run.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "support/sts_body.h"

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

/* A policy but for what is put in the middle of it, which is line 4. */
#define WITH(line) "version: STSv1\nmode: enforce\nmx: a.example\n" line \
	"max_age: 60\n"
#define WITH_MX(pattern) "version: STSv1\nmode: enforce\nmax_age: 60\n" \
	"mx: " pattern "\n"

/* ------------------------------------------------------------ what is right */

START_TEST(R95_the_example_of_the_standard_is_a_policy)
{
	mxsel_sts *p = sts_body_policy(RFC_BODY);

	ck_assert_str_eq(mxsel_sts_domain(p), "example.com");
	ck_assert_int_eq(mxsel_sts_mode(p), MXSEL_STS_ENFORCE);
	ck_assert_uint_eq(mxsel_sts_max_age(p), 604800);
	ck_assert_uint_eq(mxsel_sts_expires(p), 605800);
	ck_assert_uint_eq(mxsel_sts_mx_count(p), 3);
	ck_assert_str_eq(mxsel_sts_mx(p, 0), "mail.example.com");
	ck_assert_str_eq(mxsel_sts_mx(p, 1), "*.example.net");
	ck_assert_str_eq(mxsel_sts_mx(p, 2), "backupmx.example.com");
	ck_assert_ptr_null(mxsel_sts_mx(p, 3));
	ck_assert_ptr_null(mxsel_sts_mx(p, SIZE_MAX));
	mxsel_sts_free(p);
}
END_TEST

START_TEST(R95_the_example_of_the_appendix_is_a_policy)
{
	mxsel_sts *p = sts_body_policy(RFC_APPENDIX_BODY);

	ck_assert_uint_eq(mxsel_sts_max_age(p), 1296000);
	ck_assert_uint_eq(mxsel_sts_mx_count(p), 3);
	ck_assert_str_eq(mxsel_sts_mx(p, 2), "mx.backup-example.com");
	mxsel_sts_free(p);
}
END_TEST

START_TEST(R95_what_the_grammar_allows_is_accepted)
{
	static const char *const bodies[] = {
		/* Line ends: LF, CRLF, both, none at the end. */
		"version: STSv1\r\nmode: none\nmax_age: 0\r\n",
		"version: STSv1\nmode: none\nmax_age: 0",
		"version: STSv1\r\nmode: none\r\nmax_age: 0",
		/* Any order. */
		"max_age: 1\nmx: a.example\nmode: testing\nversion: STSv1",
		/* White space: after the colon and at the end of a line. */
		"version:STSv1\nmode:none\nmax_age:1\n",
		"version: \t  STSv1\t \nmode:\tnone \nmax_age:    1\t\r\n",
		/* Digits: 1 to 10, and the most seconds there are. */
		"version: STSv1\nmode: none\nmax_age: 31557600\n",
		"version: STSv1\nmode: none\nmax_age: 0031557600\n",
		"version: STSv1\nmode: none\nmax_age: 0000000000\n",
		/* Fields that nobody knows. */
		WITH("x: y\n"),
		WITH("Version: STSv9\nMODE: off\nMx: *\nMax_Age: never\n"),
		WITH("a.b-c_d: several words  and: a colon; = #\n"),
		WITH("0: \xc3\xa4 \xe2\x82\xac \xf0\x9f\x93\xa7\n"),
		WITH("a2345678901234567890123456789012: 32 octets\n"),
		WITH("mxx: *.*\nmax_ag: -1\nmode-: x\n"),
		/* Host names. */
		WITH_MX("mail"),
		WITH_MX("*.example"),
		WITH_MX("1.2.example"),
		WITH_MX("a--b.xn--bcher-kva.example"),
		WITH_MX("mail.123"),
	};
	size_t i;

	for (i = 0; i < COUNT(bodies); i++)
		ck_assert_msg(sts_body_check(bodies[i]) == MXSEL_OK, "%s",
			bodies[i]);
}
END_TEST

START_TEST(R95_every_mode_is_known_by_its_name)
{
	static const char *const names[] = { "none", "testing", "enforce" };
	char body[100];
	int mode;

	for (mode = 0; mode < 3; mode++) {
		mxsel_sts *p;

		(void)snprintf(body, sizeof(body), "version: STSv1\nmode: "
			"%s\nmx: a.example\nmax_age: 9\n", names[mode]);
		p = sts_body_policy(body);
		ck_assert_int_eq(mxsel_sts_mode(p), mode);
		ck_assert_str_eq(mxsel_sts_mode_name(mode), names[mode]);
		ck_assert_uint_eq(mxsel_sts_mx_count(p), 1);
		mxsel_sts_free(p);
	}
	ck_assert_ptr_null(mxsel_sts_mode_name(-1));
	ck_assert_ptr_null(mxsel_sts_mode_name(3));
}
END_TEST

START_TEST(R95_only_the_mode_none_needs_no_mx)
{
	mxsel_sts *p = sts_body_policy(
		"version: STSv1\nmode: none\nmax_age: 86400\n");

	ck_assert_int_eq(mxsel_sts_mode(p), MXSEL_STS_NONE);
	ck_assert_uint_eq(mxsel_sts_mx_count(p), 0);
	ck_assert_ptr_null(mxsel_sts_mx(p, 0));
	ck_assert_int_eq(mxsel_sts_matches(p, "a.example"), 0);
	mxsel_sts_free(p);
}
END_TEST

START_TEST(R6_R95_domain_and_patterns_are_in_lower_case)
{
	mxsel_sts *p;
	const char *body = WITH_MX("*.MAIL.Example");

	ck_assert_int_eq(mxsel_sts_new(&p, "EXAMPLE.Com.", body,
		strlen(body), 0), MXSEL_OK);
	ck_assert_str_eq(mxsel_sts_domain(p), "example.com");
	ck_assert_str_eq(mxsel_sts_mx(p, 0), "*.mail.example");
	mxsel_sts_free(p);
}
END_TEST

/* Four fields twice, in all 24 orders of the second ones. */
START_TEST(R95_of_a_field_that_must_not_repeat_the_first_counts)
{
	static const char *const again[] = { "version: STSv2\n",
		"mode: testing\n", "max_age: 31557601\n", "mode: bogus\n" };
	char body[300];
	int order;

	for (order = 0; order < 256; order++) {
		int a = order & 3, b = order >> 2 & 3, c = order >> 4 & 3;
		int d = order >> 6;
		mxsel_sts *p;

		if (a == b || a == c || a == d || b == c || b == d || c == d)
			continue;
		(void)snprintf(body, sizeof(body), "%s%s%s%s%s",
			"version: STSv1\nmode: enforce\nmax_age: 60\n"
			"mx: a.example\n", again[a], again[b], again[c],
			again[d]);
		p = sts_body_policy(body);
		ck_assert_int_eq(mxsel_sts_mode(p), MXSEL_STS_ENFORCE);
		ck_assert_uint_eq(mxsel_sts_max_age(p), 60);
		mxsel_sts_free(p);
	}
}
END_TEST

/* Each before and each after the other, with all else around them. */
START_TEST(R95_it_is_the_first_that_counts_wherever_it_stands)
{
	static const struct {
		const char *body;
		int rc;
	} bodies[] = {
		{ "mode: bogus\nmode: none\nversion: STSv1\nmax_age: 1\n",
			MXSEL_ESYNTAX },
		{ "mode: none\nversion: STSv1\nmode: bogus\nmax_age: 1\n",
			MXSEL_OK },
		{ "version: STSv2\nmode: none\nversion: STSv1\nmax_age: 1\n",
			MXSEL_ESYNTAX },
		{ "version: STSv1\nmode: none\nversion: STSv2\nmax_age: 1\n",
			MXSEL_OK },
		{ "max_age: x\nversion: STSv1\nmode: none\nmax_age: 1\n",
			MXSEL_ESYNTAX },
		{ "max_age: 1\nversion: STSv1\nmode: none\nmax_age: x\n",
			MXSEL_OK },
		/* What comes again must still have the form of a field. */
		{ "max_age: 1\nversion: STSv1\nmode: none\nmax_age:\n",
			MXSEL_ESYNTAX },
		{ "mode: none\nmode: a\tb\nversion: STSv1\nmax_age: 1\n",
			MXSEL_ESYNTAX },
	};
	size_t i;

	for (i = 0; i < COUNT(bodies); i++)
		ck_assert_msg(sts_body_check(bodies[i].body) == bodies[i].rc,
			"%s", bodies[i].body);
}
END_TEST

/* mx does repeat: all count, and a bad one anywhere spoils the policy. */
START_TEST(R95_every_mx_counts_and_the_same_may_come_again)
{
	mxsel_sts *p = sts_body_policy(WITH("mx: b.example\nmx: A.example\n"));

	ck_assert_uint_eq(mxsel_sts_mx_count(p), 3);
	ck_assert_str_eq(mxsel_sts_mx(p, 2), "a.example");
	mxsel_sts_free(p);
	ck_assert_int_eq(sts_body_check(WITH("mx: b..example\n")),
		MXSEL_ESYNTAX);
}
END_TEST

/* ------------------------------------------------------------ what is wrong */

struct fault {
	const char *body;
	size_t line;
	const char *why; /* a part of the sentence */
};

static void expect(const struct fault *f)
{
	const char *why = NULL;
	size_t line = 99;
	int rc = mxsel_sts_check(f->body, strlen(f->body), &line, &why);

	ck_assert_msg(rc == MXSEL_ESYNTAX, "accepted: %s", f->body);
	ck_assert_msg(line == f->line && strstr(why, f->why) != NULL,
		"%s: line %zu: %s", f->body, line, why);
}

START_TEST(R95_what_is_no_policy_says_where_and_why)
{
	static const struct fault faults[] = {
		{ "", 0, "policy is empty" },
		{ "\n", 1, "line is empty" },
		{ "<html>\n", 1, "not begin with the name" },
		{ "version: STSv1\n", 0, "field mode" },
		{ "mode: none\nmax_age: 1\n", 0, "field version" },
		{ "version: STSv1\nmode: none\n", 0, "field max_age" },
		{ "version: STSv1\nmode: enforce\nmax_age: 1\n", 0, "no mx" },
		{ "version: STSv1\nmode: testing\nmax_age: 1\n", 0, "no mx" },
		{ "version: stsv1\n", 1, "not STSv1" },
		{ "version: STSv11\n", 1, "not STSv1" },
		{ "version: STSv\n", 1, "not STSv1" },
		{ "version: STSv1 x\n", 1, "not STSv1" },
		{ "mode: Enforce\n", 1, "mode is not" },
		{ "mode: report\n", 1, "mode is not" },
		{ "mode: none,\n", 1, "mode is not" },
		{ WITH("version\n"), 4, "No colon" },
		{ WITH("x=y\n"), 4, "No colon" },
		{ WITH("a23456789012345678901234567890123: y\n"), 4, "32" },
		{ WITH("x : y\n"), 4, "before the colon" },
		{ WITH(" x: y\n"), 4, "before the name" },
		{ WITH("\tx: y\n"), 4, "before the name" },
		{ WITH(" \n"), 4, "before the name" },
		{ WITH("_x: y\n"), 4, "not begin with the name" },
		{ WITH(": y\n"), 4, "not begin with the name" },
		{ WITH("\xc3\xa4: y\n"), 4, "not begin with the name" },
		{ WITH("x:\n"), 4, "no value" },
		{ WITH("x: \t\n"), 4, "no value" },
		{ WITH("mx:\n"), 4, "no value" },
		{ WITH("x: a\tb\n"), 4, "tab" },
		{ WITH("\n"), 4, "line is empty" },
		{ WITH("\r\n"), 4, "line is empty" },
		{ RFC_BODY "\n", 7, "line is empty" },
		{ "\xef\xbb\xbf" RFC_BODY, 1, "byte order mark" },
		{ RFC_BODY "# comment\n", 7, "not begin with the name" },
	};
	size_t i;

	for (i = 0; i < COUNT(faults); i++)
		expect(&faults[i]);
}
END_TEST

START_TEST(R95_lines_end_with_LF_or_CRLF_and_nothing_else)
{
	static const struct fault faults[] = {
		{ "version: STSv1\rmode: none\rmax_age: 1\r", 1, "carriage" },
		{ "version: STSv1\nmode: none\r\r\nmax_age: 1", 2, "carriage" },
		{ "version: STSv1\n\rmode: none\n\rmax_age: 1", 2, "carriage" },
		{ "version: STSv1\nmode: none\nmax_age: 1\r", 3, "carriage" },
		{ "version: STSv1\vmode: none\nmax_age: 1", 1, "control" },
		{ "version: STSv1\fmode: none\nmax_age: 1", 1, "control" },
		/* U+0085 and U+2028 end no line; as values they may stand. */
		{ "version: STSv1\xc2\x85mode: none\nmax_age: 1", 1, "STSv1" },
		{ "version: STSv1\xe2\x80\xa8mode: none\n", 1, "STSv1" },
	};
	size_t i;

	for (i = 0; i < COUNT(faults); i++)
		expect(&faults[i]);
}
END_TEST

START_TEST(R95_an_age_is_1_to_10_digits_up_to_a_year)
{
	static const struct fault faults[] = {
		{ "max_age: 31557601\n", 1, "more than" },
		{ "max_age: 99999999\n", 1, "more than" },
		{ "max_age: 4294967296\n", 1, "more than" },
		{ "max_age: 4294967356\n", 1, "more than" },
		{ "max_age: 9999999999\n", 1, "more than" },
		{ "max_age: 00000000001\n", 1, "digits" },
		{ "max_age: 18446744073709551676\n", 1, "digits" },
		{ "max_age: 1 0\n", 1, "digits" },
		{ "max_age: +1\n", 1, "digits" },
		{ "max_age: -1\n", 1, "digits" },
		{ "max_age: 0x10\n", 1, "digits" },
		{ "max_age: 1e6\n", 1, "digits" },
		{ "max_age: 86400s\n", 1, "digits" },
		{ "max_age: 1.0\n", 1, "digits" },
		/* Arabic-Indic digits. */
		{ "max_age: \xd9\xa1\xd9\xa2\n", 1, "digits" },
	};
	size_t i;

	for (i = 0; i < COUNT(faults); i++)
		expect(&faults[i]);
}
END_TEST

START_TEST(R95_a_pattern_is_a_host_name_or_a_star_before_one)
{
	static const struct fault faults[] = {
		{ WITH_MX("*"), 4, "first label" },
		{ WITH_MX("*."), 4, "empty label" },
		{ WITH_MX("."), 4, "empty label" },
		{ WITH_MX(".example.com"), 4, "empty label" },
		{ WITH_MX("a..example"), 4, "empty label" },
		{ WITH_MX("*..example"), 4, "empty label" },
		{ WITH_MX("**.example"), 4, "first label" },
		{ WITH_MX("*.*.example"), 4, "first label" },
		{ WITH_MX("a.*.example"), 4, "first label" },
		{ WITH_MX("mx*.example"), 4, "first label" },
		{ WITH_MX("*mx.example"), 4, "first label" },
		{ WITH_MX("mx.*"), 4, "first label" },
		{ WITH_MX("mx.example."), 4, "ends with a dot" },
		{ WITH_MX("*.example."), 4, "ends with a dot" },
		{ WITH_MX("192.0.2.1"), 4, "is an address" },
		{ WITH_MX("[192.0.2.1]"), 4, "is an address" },
		{ WITH_MX("2001:db8::1"), 4, "is an address" },
		{ WITH_MX("[IPv6:2001:db8::1]"), 4, "is an address" },
		{ WITH_MX("*.192.0.2.1"), 4, "is an address" },
		{ WITH_MX("-mx.example"), 4, "hyphen" },
		{ WITH_MX("mx-.example"), 4, "hyphen" },
		{ WITH_MX("mx.example-"), 4, "hyphen" },
		{ WITH_MX("*.-example"), 4, "hyphen" },
		{ WITH_MX("my_host.example"), 4, "letter, digit" },
		{ WITH_MX("a.example, b.example"), 4, "letter, digit" },
		{ WITH_MX("a.example b.example"), 4, "letter, digit" },
		{ WITH_MX("a.example\tb"), 4, "letter, digit" },
		{ WITH_MX("a.example:25"), 4, "letter, digit" },
		{ WITH_MX("10 a.example"), 4, "letter, digit" },
		{ WITH_MX("\\109x.example"), 4, "letter, digit" },
		{ WITH_MX("m\\x.example"), 4, "letter, digit" },
		{ WITH_MX("*\\.example"), 4, "first label" },
		{ WITH_MX("b\xc3\xbc" "cher.example"), 4, "A-labels" },
		{ WITH_MX("*.b\xc3\xbc" "cher.example"), 4, "A-labels" },
		/* U+3002, a full stop for some. */
		{ WITH_MX("mx\xe3\x80\x82" "example"), 4, "A-labels" },
	};
	size_t i;

	for (i = 0; i < COUNT(faults); i++)
		expect(&faults[i]);
}
END_TEST

/* A policy whose only pattern has labels of so many octets. */
static int with_labels(const char *star, const size_t *labels, size_t count)
{
	char body[6000] = "version: STSv1\nmode: enforce\nmax_age: 60\nmx: ";
	size_t at = strlen(body), i;

	memcpy(body + at, star, strlen(star));
	at += strlen(star);
	for (i = 0; i < count; i++) {
		memset(body + at, 'a', labels[i]);
		at += labels[i];
		body[at++] = i + 1 < count ? '.' : '\n';
	}
	return sts_body_holds(body, at);
}

START_TEST(R3_R95_a_pattern_is_as_long_as_a_name_may_be)
{
	static const size_t most[] = { 63, 63, 63, 61 };
	static const size_t more[] = { 63, 63, 63, 62 };
	static const size_t label[] = { 64 };
	static const size_t starred[] = { 63, 63, 63, 59 };
	static const size_t too_starred[] = { 63, 63, 63, 60 };
	static const size_t huge[] = { 5120 };

	ck_assert_int_eq(with_labels("", most, 4), 1);
	ck_assert_int_eq(with_labels("", more, 4), 0);
	ck_assert_int_eq(with_labels("", label, 1), 0);
	ck_assert_int_eq(with_labels("*.", starred, 4), 1);
	ck_assert_int_eq(with_labels("*.", too_starred, 4), 0);
	ck_assert_int_eq(with_labels("", huge, 1), 0);
	ck_assert_int_eq(with_labels("*.", huge, 1), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy: the text of MTA-STS policies");
	TCase *text = tcase_create("the text");

	tcase_add_test(text, R95_the_example_of_the_standard_is_a_policy);
	tcase_add_test(text, R95_the_example_of_the_appendix_is_a_policy);
	tcase_add_test(text, R95_what_the_grammar_allows_is_accepted);
	tcase_add_test(text, R95_every_mode_is_known_by_its_name);
	tcase_add_test(text, R95_only_the_mode_none_needs_no_mx);
	tcase_add_test(text, R6_R95_domain_and_patterns_are_in_lower_case);
	tcase_add_test(text,
		R95_of_a_field_that_must_not_repeat_the_first_counts);
	tcase_add_test(text,
		R95_it_is_the_first_that_counts_wherever_it_stands);
	tcase_add_test(text,
		R95_every_mx_counts_and_the_same_may_come_again);
	tcase_add_test(text, R95_what_is_no_policy_says_where_and_why);
	tcase_add_test(text, R95_lines_end_with_LF_or_CRLF_and_nothing_else);
	tcase_add_test(text, R95_an_age_is_1_to_10_digits_up_to_a_year);
	tcase_add_test(text,
		R95_a_pattern_is_a_host_name_or_a_star_before_one);
	tcase_add_test(text, R3_R95_a_pattern_is_as_long_as_a_name_may_be);
	suite_add_tcase(suite, text);
	return mxsel_test_run(suite);
}
