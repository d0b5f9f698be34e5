/*
 * The table of verdicts: action, code, status and sentence agree in every row
 * (R75), and the codes are the ones promised (R76).
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "policy/verdict.h"
#include "support/run.h"

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

static const struct mxsel__verdict_row *row(int verdict)
{
	return mxsel__verdict_row(verdict);
}

/* All rows but the first, which decides nothing. */
START_TEST(R75_first_digits_of_code_and_status_agree)
{
	ck_assert_int_eq(row(_i)->code / 100, row(_i)->status[0] - '0');
	ck_assert_int_eq(row(_i)->status[1], '.');
	ck_assert(row(_i)->code >= 400 && row(_i)->code <= 599);
}
END_TEST

START_TEST(R75_the_action_agrees_with_the_class)
{
	int expected = row(_i)->code < 500 ? MXSEL_ACTION_DEFER
	                                   : MXSEL_ACTION_BOUNCE;

	ck_assert_int_eq(row(_i)->action, expected);
	ck_assert_int_ne(row(_i)->reason, MXSEL_REASON_OK);
	ck_assert_ptr_nonnull(mxsel_reason_name(row(_i)->reason));
}
END_TEST

START_TEST(R75_every_sentence_is_one_about_the_domain)
{
	const char *text = row(_i)->text;
	const char *domain = strstr(text, "%s");
	size_t length = strlen(text);
	size_t i;

	ck_assert_ptr_nonnull(domain);
	ck_assert_ptr_null(strstr(domain + 2, "%"));
	ck_assert_int_eq(text[length - 1], '.');
	ck_assert_ptr_null(strchr(text, '\n'));
	for (i = 0; i < length; i++)
		ck_assert(text[i] >= ' ' && text[i] <= '~');
	/* With the longest name it fits one reply line, RFC 5321 4.5.3.1.5. */
	ck_assert_uint_le(strlen("550 5.7.27 \r\n") + length + 253, 512);
}
END_TEST

START_TEST(R78_every_verdict_names_its_clause)
{
	const char *rule = row(_i)->rule;

	ck_assert(strncmp(rule, "RFC ", 4) == 0 ||
		strncmp(rule, "local ", 6) == 0);
}
END_TEST

START_TEST(no_two_verdicts_say_the_same)
{
	int other;

	for (other = 0; other < _i; other++)
		ck_assert_str_ne(row(_i)->text, row(other)->text);
}
END_TEST

START_TEST(R75_nothing_decided_has_no_code)
{
	const struct mxsel__verdict_row *try = row(MXSEL__V_TRY);

	ck_assert_int_eq(try->action, MXSEL_ACTION_TRY);
	ck_assert_int_eq(try->reason, MXSEL_REASON_OK);
	ck_assert_int_eq(try->code, 0);
	ck_assert_str_eq(try->status, "");
	ck_assert_str_eq(try->text, "");
}
END_TEST

struct promise {
	int verdict;
	int code;
	const char *status;
	int reason;
};

static const struct promise promises[] = {
	{ MXSEL__V_BAD_DESTINATION, 501, "5.1.3",
		MXSEL_REASON_BAD_DESTINATION },
	{ MXSEL__V_NO_IDN, 501, "5.1.3", MXSEL_REASON_BAD_DESTINATION },
	{ MXSEL__V_BAD_IDN, 550, "5.1.2", MXSEL_REASON_BAD_DESTINATION },
	{ MXSEL__V_NO_DOMAIN, 550, "5.1.2", MXSEL_REASON_NO_DOMAIN },
	{ MXSEL__V_SPECIAL_USE, 550, "5.1.2", MXSEL_REASON_NO_DOMAIN },
	{ MXSEL__V_LOCAL, 451, "4.4.3", MXSEL_REASON_DNS_TEMPORARY },
	{ MXSEL__V_NULL_MX, 556, "5.1.10", MXSEL_REASON_NULL_MX },
	{ MXSEL__V_SENDER_NULL_MX, 550, "5.7.27", MXSEL_REASON_NULL_MX },
	{ MXSEL__V_DNS, 451, "4.4.3", MXSEL_REASON_DNS_TEMPORARY },
	{ MXSEL__V_ALIAS_LOOP, 451, "4.4.3", MXSEL_REASON_DNS_TEMPORARY },
	{ MXSEL__V_NO_HOST, 550, "5.4.4", MXSEL_REASON_NO_HOST },
	{ MXSEL__V_NO_HOST_LATER, 451, "4.4.4", MXSEL_REASON_NO_HOST },
	{ MXSEL__V_HOST_DNS, 451, "4.4.4", MXSEL_REASON_DNS_TEMPORARY },
	{ MXSEL__V_FAMILY_OFF, 451, "4.4.4", MXSEL_REASON_NO_HOST },
	{ MXSEL__V_LIMITED, 451, "4.4.4", MXSEL_REASON_NO_HOST },
	{ MXSEL__V_BACKUP, 451, "4.4.4", MXSEL_REASON_NO_HOST },
	{ MXSEL__V_LOOP, 550, "5.4.6", MXSEL_REASON_LOOP },
	{ MXSEL__V_LOCALHOST, 550, "5.4.6", MXSEL_REASON_LOOP },
	{ MXSEL__V_FILTERED, 550, "5.7.1", MXSEL_REASON_FILTERED },
	{ MXSEL__V_FILTERED_LATER, 451, "4.7.1", MXSEL_REASON_FILTERED },
	{ MXSEL__V_UNREACHABLE, 451, "4.4.1", MXSEL_REASON_UNREACHABLE },
	{ MXSEL__V_TLSA, 451, "4.7.5", MXSEL_REASON_POLICY },
	{ MXSEL__V_STS, 451, "4.7.1", MXSEL_REASON_POLICY },
	{ MXSEL__V_REQUIRETLS, 550, "5.7.30", MXSEL_REASON_POLICY },
};

START_TEST(R76_codes_are_the_ones_promised)
{
	const struct promise *p = &promises[_i];

	ck_assert_int_eq(row(p->verdict)->code, p->code);
	ck_assert_str_eq(row(p->verdict)->status, p->status);
	ck_assert_int_eq(row(p->verdict)->reason, p->reason);
}
END_TEST

START_TEST(R76_a_promise_stands_for_every_verdict)
{
	int i;

	ck_assert_int_eq(COUNT(promises), MXSEL__V_COUNT - 1);
	for (i = 0; i < COUNT(promises); i++)
		ck_assert_int_eq(promises[i].verdict, i + 1);
}
END_TEST

/* R74: unknown is temporary. */
START_TEST(R74_an_unknown_verdict_defers)
{
	ck_assert_ptr_eq(row(-1), row(MXSEL__V_DNS));
	ck_assert_ptr_eq(row(MXSEL__V_COUNT), row(MXSEL__V_DNS));
	ck_assert_ptr_eq(row(1000000), row(MXSEL__V_DNS));
	ck_assert_int_eq(row(-1)->action, MXSEL_ACTION_DEFER);
}
END_TEST

static const char *sentence(const char *text, const char *domain)
{
	static char out[600];
	unsigned n = mxsel__verdict_sentence(out, sizeof(out), text, domain);

	ck_assert_uint_eq(n, strlen(out));
	return out;
}

START_TEST(R75_the_sentence_speaks_of_the_domain)
{
	ck_assert_str_eq(sentence(row(MXSEL__V_NULL_MX)->text, "example.com"),
		"The domain example.com does not accept mail (null MX).");
	ck_assert_str_eq(sentence("No domain in it.", "example.com"),
		"No domain in it.");
	ck_assert_str_eq(sentence("%s, %s", "a"), "a, a");
	ck_assert_str_eq(sentence("", "example.com"), "");
	ck_assert_str_eq(sentence("<%s>", ""), "<>");
}
END_TEST

START_TEST(only_percent_s_is_special_also_at_the_end)
{
	ck_assert_str_eq(sentence("100% %d %%s %", "a"), "100% %d %a %");
	ck_assert_str_eq(sentence("%s", "%s"), "%s");
}
END_TEST

/* What a sender wrote must not become a line of its own. */
START_TEST(R75_a_hostile_domain_cannot_forge_another_line)
{
	ck_assert_str_eq(sentence("The domain %s.", "a\r\n250 ok\t\x1b[0m"),
		"The domain a??250 ok??[0m.");
	ck_assert_str_eq(sentence("%s", "b\xc3\xbc" "cher\x7f~ "),
		"b??cher?~ ");
}
END_TEST

START_TEST(S21_a_sentence_is_cut_to_its_room_and_terminated)
{
	const char *whole = "The domain example.com does not exist.";
	const char *text = "The domain %s does not exist.";
	unsigned size;

	for (size = 1; size < 60; size++) {
		char out[61];
		unsigned n;

		memset(out, '#', sizeof(out));
		n = mxsel__verdict_sentence(out, size, text, "example.com");
		ck_assert_uint_eq(n, size > 38 ? 38 : size - 1);
		ck_assert_uint_eq(strlen(out), n);
		ck_assert(strncmp(out, whole, n) == 0);
		ck_assert_int_eq(out[size], '#');
	}
}
END_TEST

START_TEST(S21_without_any_room_nothing_is_written)
{
	char out = '#';

	ck_assert_uint_eq(mxsel__verdict_sentence(&out, 0, "%s", "a"), 0);
	ck_assert_int_eq(out, '#');
}
END_TEST

static Suite *verdict_suite(void)
{
	Suite *suite = suite_create("policy/verdict");
	TCase *tc = tcase_create("verdict");
	int n = MXSEL__V_COUNT;

	tcase_add_loop_test(tc, R75_first_digits_of_code_and_status_agree, 1,
		n);
	tcase_add_loop_test(tc, R75_the_action_agrees_with_the_class, 1, n);
	tcase_add_loop_test(tc, R75_every_sentence_is_one_about_the_domain, 1,
		n);
	tcase_add_loop_test(tc, R78_every_verdict_names_its_clause, 0, n);
	tcase_add_loop_test(tc, no_two_verdicts_say_the_same, 1, n);
	tcase_add_test(tc, R75_nothing_decided_has_no_code);
	tcase_add_loop_test(tc, R76_codes_are_the_ones_promised, 0,
		COUNT(promises));
	tcase_add_test(tc, R76_a_promise_stands_for_every_verdict);
	tcase_add_test(tc, R74_an_unknown_verdict_defers);
	tcase_add_test(tc, R75_the_sentence_speaks_of_the_domain);
	tcase_add_test(tc, only_percent_s_is_special_also_at_the_end);
	tcase_add_test(tc, R75_a_hostile_domain_cannot_forge_another_line);
	tcase_add_test(tc, S21_a_sentence_is_cut_to_its_room_and_terminated);
	tcase_add_test(tc, S21_without_any_room_nothing_is_written);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(verdict_suite());
}
