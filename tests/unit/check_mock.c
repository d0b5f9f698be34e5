/*
 * The scripted resolver as those have it who test their own delivery with
 * it: records, denials, failures, delays, silence and answers out of place
 * (R11-R14, R60, R77, R90, S7, F1, F3, F4, F92, F96-F98).
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mock.h>

#include "support/run.h"

static mxsel_mock *mock;
static mxsel_options *options;
static mxsel *m;

static void setup(void)
{
	m = NULL;
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(options,
		mxsel_mock_resolver(mock)), 0);
	ck_assert_int_eq(mxsel_options_set_seed(options, 1), 0);
	ck_assert_int_eq(mxsel_mock_mx(mock, "example.com", 10,
		"mx.example.com", 300), 0);
	ck_assert_int_eq(mxsel_mock_address(mock, "mx.example.com",
		"192.0.2.1", 200), 0);
	ck_assert_int_eq(mxsel_mock_address(mock, "mx.example.com",
		"2001:db8::1", 250), 0);
}

static void teardown(void)
{
	mxsel_free(m);
	mxsel_options_free(options);
	mxsel_mock_free(mock);
}

static void begin(const char *destination)
{
	mxsel_free(m);
	ck_assert_int_eq(mxsel_new(&m, destination, options), 0);
}

/* "192.0.2.1 2001:db8::1 reason": what is left of the selection. */
static const char *rest(void)
{
	static char text[512];
	size_t at = 0;
	int step;

	while ((step = mxsel_next(m)) == MXSEL_ATTEMPT)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s ",
			mxsel_address(m));
	if (step == MXSEL_END)
		(void)snprintf(text + at, sizeof(text) - at, "%s",
			mxsel_reason_name(mxsel_verdict_reason(m)));
	else
		(void)snprintf(text + at, sizeof(text) - at, "%d", step);
	return text;
}

static const char *plan(const char *destination)
{
	begin(destination);
	return rest();
}

/* --------------------------------------------------------- what it can say */

START_TEST(it_says_the_records_of_its_script)
{
	ck_assert_str_eq(plan("example.com"),
		"2001:db8::1 192.0.2.1 unreachable");
	ck_assert_uint_eq(mxsel_ttl(m), 200);
	ck_assert_uint_eq(mxsel_mock_now(mock), 0);
}
END_TEST

START_TEST(R6_names_have_no_case_and_no_final_dot)
{
	ck_assert_int_eq(mxsel_mock_mx(mock, "Example.NET.", 10,
		"MX.example.com.", 300), 0);
	ck_assert_str_eq(plan("example.net"),
		"2001:db8::1 192.0.2.1 unreachable");
	ck_assert_uint_eq(mxsel_mock_asked(mock, "EXAMPLE.net.",
		MXSEL_TYPE_MX), 1);
}
END_TEST

START_TEST(R12_a_name_never_mentioned_does_not_exist)
{
	ck_assert_str_eq(plan("example.org"), "no_domain");
	ck_assert_uint_eq(mxsel_ttl(m), 300);
	ck_assert_uint_eq(mxsel_mock_asked(mock, NULL, 0), 1);
}
END_TEST

START_TEST(R13_another_type_is_nodata)
{
	ck_assert_str_eq(plan("mx.example.com"),
		"2001:db8::1 192.0.2.1 unreachable");
	ck_assert_int_eq(mxsel_source(m), MXSEL_SOURCE_IMPLICIT);
}
END_TEST

START_TEST(an_exchange_without_record_of_its_own_does_not_exist)
{
	const char *subject;
	int reason;

	ck_assert_int_eq(mxsel_mock_mx(mock, "example.org", 1,
		"gone.example.org", 60), 0);
	ck_assert_str_eq(plan("example.org"), "no_host");
	ck_assert_int_eq(mxsel_rejected(m, 0, &reason, NULL, &subject), 0);
	ck_assert_int_eq(reason, MXSEL_REJECT_NOT_FOUND);
	ck_assert_str_eq(subject, "gone.example.org");
}
END_TEST

START_TEST(R11_aliases_are_followed_with_what_is_there)
{
	ck_assert_int_eq(mxsel_mock_alias(mock, "a.example", "B.example.",
		30), 0);
	ck_assert_int_eq(mxsel_mock_alias(mock, "b.example", "example.com",
		30), 0);
	ck_assert_str_eq(plan("a.example"),
		"2001:db8::1 192.0.2.1 unreachable");
	ck_assert_str_eq(mxsel_domain(m), "example.com");
	ck_assert_uint_eq(mxsel_mock_asked(mock, NULL, MXSEL_TYPE_MX), 1);
	ck_assert_uint_eq(mxsel_ttl(m), 30);
}
END_TEST

START_TEST(R12_an_alias_to_a_name_never_mentioned_is_nxdomain)
{
	ck_assert_int_eq(mxsel_mock_alias(mock, "a.example", "no.example",
		30), 0);
	ck_assert_str_eq(plan("a.example"), "no_domain");
	ck_assert_str_eq(mxsel_domain(m), "no.example");
	ck_assert_uint_eq(mxsel_mock_asked(mock, NULL, 0), 1);
}
END_TEST

START_TEST(F46_a_circle_of_aliases_ends)
{
	ck_assert_int_eq(mxsel_mock_alias(mock, "a.example", "b.example",
		30), 0);
	ck_assert_int_eq(mxsel_mock_alias(mock, "b.example", "a.example",
		30), 0);
	(void)plan("a.example");
	ck_assert_uint_ne(mxsel_flags(m) & MXSEL_FLAG_ALIAS_LOOP, 0);
}
END_TEST

START_TEST(R14_failures_are_said_for_one_type_or_for_all)
{
	ck_assert_int_eq(mxsel_mock_fail(mock, "mx.example.com",
		MXSEL_TYPE_AAAA, MXSEL_DNS_SERVFAIL), 0);
	ck_assert_str_eq(plan("example.com"), "192.0.2.1 unreachable");
	ck_assert_uint_ne(mxsel_flags(m) & MXSEL_FLAG_INCOMPLETE, 0);
	ck_assert_int_eq(mxsel_mock_fail(mock, "EXAMPLE.com", 0,
		MXSEL_DNS_REFUSED), 0);
	ck_assert_str_eq(plan("example.com"), "dns_temporary");
	ck_assert_int_eq(mxsel_mock_fail(mock, "example.com", MXSEL_TYPE_MX,
		MXSEL_DNS_COMPLETE), 0); /* the type goes before all types */
	ck_assert_str_eq(plan("example.com"), "192.0.2.1 unreachable");
}
END_TEST

START_TEST(a_failure_at_the_end_of_an_alias_is_the_answers)
{
	ck_assert_int_eq(mxsel_mock_alias(mock, "a.example", "example.com",
		30), 0);
	ck_assert_int_eq(mxsel_mock_fail(mock, "example.com", MXSEL_TYPE_MX,
		MXSEL_DNS_SERVFAIL), 0);
	ck_assert_str_eq(plan("a.example"), "dns_temporary");
}
END_TEST

START_TEST(R90_security_is_said_for_each_answer)
{
	ck_assert_int_eq(mxsel_mock_secure(mock, "example.com", 0,
		MXSEL_SECURITY_SECURE), 0);
	ck_assert_int_eq(mxsel_mock_secure(mock, "mx.example.com",
		MXSEL_TYPE_AAAA, MXSEL_SECURITY_SECURE), 0);
	begin("example.com");
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_is_secure(m), 1);
	ck_assert_int_eq(mxsel_address_is_secure(m), 1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_address_is_secure(m), 0);
	ck_assert_int_eq(mxsel_mock_secure(mock, "example.com", 0,
		MXSEL_SECURITY_BOGUS), 0);
	ck_assert_str_eq(plan("example.com"), "dns_temporary");
}
END_TEST

/* ---------------------------------------------------------------- the clock */

START_TEST(blocking_waits_pass_on_the_virtual_clock)
{
	ck_assert_int_eq(mxsel_mock_delay(mock, "example.com", 0, 1000), 0);
	ck_assert_int_eq(mxsel_mock_delay(mock, "mx.example.com", 0, 20), 0);
	ck_assert_int_eq(mxsel_mock_delay(mock, "mx.example.com",
		MXSEL_TYPE_A, 500), 0);
	begin("example.com");
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_uint_eq(mxsel_mock_now(mock), 1500);
	ck_assert_uint_eq(mxsel_time_left(m), 28500);
}
END_TEST

START_TEST(F1_silence_uses_up_the_time_and_is_temporary)
{
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT,
		7000), 0);
	ck_assert_int_eq(mxsel_mock_misbehave(mock, "example.com",
		MXSEL_TYPE_MX, MXSEL_MOCK_NEVER), 0);
	ck_assert_str_eq(plan("example.com"), "dns_temporary");
	ck_assert_uint_eq(mxsel_mock_now(mock), 7000);
	ck_assert_uint_eq(mxsel_time_left(m), 0);
}
END_TEST

START_TEST(silence_ends_also_where_no_limit_is_set)
{
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT, 0),
		0);
	ck_assert_int_eq(mxsel_mock_misbehave(mock, "mx.example.com", 0,
		MXSEL_MOCK_NEVER), 0);
	ck_assert_str_eq(plan("example.com"), "dns_temporary");
	ck_assert_uint_gt(mxsel_mock_now(mock), 0);
}
END_TEST

START_TEST(F3_an_answer_beyond_the_time_limit_is_a_timeout)
{
	ck_assert_int_eq(mxsel_mock_delay(mock, "example.com", 0, 30001), 0);
	ck_assert_str_eq(plan("example.com"), "dns_temporary");
	ck_assert_uint_eq(mxsel_mock_now(mock), 30000);
	ck_assert_int_eq(mxsel_mock_delay(mock, "example.com", 0, 29999), 0);
	ck_assert_str_eq(plan("example.com"),
		"2001:db8::1 192.0.2.1 unreachable");
}
END_TEST

START_TEST(without_blocking_answers_come_as_time_passes)
{
	ck_assert_int_eq(mxsel_mock_set_blocking(mock, 0), 0);
	ck_assert_int_eq(mxsel_mock_delay(mock, "mx.example.com",
		MXSEL_TYPE_A, 50), 0);
	begin("example.com");
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 0), 1); /* MX */
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 49), 1); /* AAAA */
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 1), 1); /* A */
	ck_assert_str_eq(rest(), "2001:db8::1 192.0.2.1 unreachable");
	ck_assert_uint_eq(mxsel_mock_now(mock), 50);
	ck_assert_uint_eq(mxsel_time_left(m), 29950);
	ck_assert_int_eq(mxsel_mock_advance(mock, 1000), 0);
}
END_TEST

START_TEST(only_time_with_an_open_question_is_spent)
{
	ck_assert_int_eq(mxsel_mock_set_blocking(mock, 0), 0);
	ck_assert_int_eq(mxsel_mock_delay(mock, "example.com", 0, 10), 0);
	begin("example.com");
	ck_assert_int_eq(mxsel_mock_advance(mock, 5000), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 5000), 1);
	ck_assert_uint_eq(mxsel_time_left(m), 29990);
}
END_TEST

START_TEST(the_time_limit_ends_questions_without_blocking_too)
{
	ck_assert_int_eq(mxsel_mock_set_blocking(mock, 0), 0);
	ck_assert_int_eq(mxsel_mock_misbehave(mock, "mx.example.com", 0,
		MXSEL_MOCK_NEVER), 0);
	begin("example.com");
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 0), 1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 29999), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 1), 2);
	ck_assert_str_eq(rest(), "dns_temporary");
}
END_TEST

START_TEST(two_selections_wait_each_for_its_own)
{
	mxsel *other;

	ck_assert_int_eq(mxsel_mock_set_blocking(mock, 0), 0);
	ck_assert_int_eq(mxsel_mock_delay(mock, "slow.example", 0, 400), 0);
	ck_assert_int_eq(mxsel_new(&other, "slow.example", options), 0);
	begin("example.com");
	ck_assert_int_eq(mxsel_next(other), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 100), 1);
	ck_assert_uint_eq(mxsel_time_left(m), 30000);
	ck_assert_uint_eq(mxsel_time_left(other), 29900);
	ck_assert_int_eq(mxsel_mock_advance(mock, 900), 1);
	ck_assert_uint_eq(mxsel_time_left(other), 29600);
	ck_assert_int_eq(mxsel_mock_set_blocking(mock, 1), 0);
	ck_assert_str_eq(rest(), "2001:db8::1 192.0.2.1 unreachable");
	mxsel_free(other);
}
END_TEST

/* -------------------------------------------------------------- bad manners */

START_TEST(F98_an_answer_given_twice_is_refused_once)
{
	ck_assert_int_eq(mxsel_mock_misbehave(mock, "example.com", 0,
		MXSEL_MOCK_TWICE), 0);
	ck_assert_str_eq(plan("example.com"),
		"2001:db8::1 192.0.2.1 unreachable");
	ck_assert_uint_eq(mxsel_mock_refused(mock), 1);
}
END_TEST

START_TEST(F3_an_answer_after_the_timeout_is_refused)
{
	ck_assert_int_eq(mxsel_mock_misbehave(mock, "mx.example.com",
		MXSEL_TYPE_AAAA, MXSEL_MOCK_LATE), 0);
	ck_assert_str_eq(plan("example.com"), "192.0.2.1 unreachable");
	ck_assert_uint_eq(mxsel_mock_refused(mock), 1);
	ck_assert_uint_ne(mxsel_flags(m) & MXSEL_FLAG_INCOMPLETE, 0);
}
END_TEST

START_TEST(F97_a_cancelled_question_is_never_answered)
{
	ck_assert_int_eq(mxsel_mock_set_blocking(mock, 0), 0);
	ck_assert_int_eq(mxsel_mock_misbehave(mock, "example.com", 0,
		MXSEL_MOCK_TWICE), 0);
	begin("example.com");
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	mxsel_free(m);
	m = NULL;
	ck_assert_uint_eq(mxsel_mock_cancelled(mock), 1);
	ck_assert_int_eq(mxsel_mock_advance(mock, 60000), 0);
	ck_assert_uint_eq(mxsel_mock_refused(mock), 0);
}
END_TEST

START_TEST(F92_one_of_many_questions_can_be_cancelled)
{
	mxsel *many[5];
	int i;

	ck_assert_int_eq(mxsel_mock_set_blocking(mock, 0), 0);
	for (i = 0; i < 5; i++) {
		ck_assert_int_eq(mxsel_new(&many[i], "example.com", options),
			0);
		ck_assert_int_eq(mxsel_next(many[i]), MXSEL_LOOKUP);
	}
	mxsel_free(many[2]); /* in the middle */
	mxsel_free(many[4]); /* the last */
	ck_assert_int_eq(mxsel_new(&many[4], "example.com", options), 0);
	ck_assert_int_eq(mxsel_next(many[4]), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_reset(many[0], "example.net"), 0); /* first */
	ck_assert_uint_eq(mxsel_mock_cancelled(mock), 3);
	ck_assert_int_eq(mxsel_mock_advance(mock, 1), 3);
	ck_assert_uint_eq(mxsel_mock_asked(mock, "example.com",
		MXSEL_TYPE_MX), 6);
	for (i = 0; i < 5; i++) {
		if (i != 2)
			mxsel_free(many[i]);
	}
}
END_TEST

START_TEST(questions_are_counted_by_name_and_type)
{
	(void)plan("example.com");
	(void)plan("example.com");
	ck_assert_uint_eq(mxsel_mock_asked(mock, NULL, 0), 6);
	ck_assert_uint_eq(mxsel_mock_asked(mock, NULL, MXSEL_TYPE_A), 2);
	ck_assert_uint_eq(mxsel_mock_asked(mock, "mx.example.com", 0), 4);
	ck_assert_uint_eq(mxsel_mock_asked(mock, "example.com",
		MXSEL_TYPE_A), 0);
	ck_assert_uint_eq(mxsel_mock_asked(mock, "example", 0), 0);
}
END_TEST

START_TEST(a_mock_freed_too_early_lives_as_long_as_its_options)
{
	mxsel_mock_free(mock);
	mock = NULL;
	ck_assert_str_eq(plan("example.com"),
		"2001:db8::1 192.0.2.1 unreachable");
}
END_TEST

static TCase *answers(void)
{
	TCase *t = tcase_create("answers");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, it_says_the_records_of_its_script);
	tcase_add_test(t, R6_names_have_no_case_and_no_final_dot);
	tcase_add_test(t, R12_a_name_never_mentioned_does_not_exist);
	tcase_add_test(t, R13_another_type_is_nodata);
	tcase_add_test(t,
		an_exchange_without_record_of_its_own_does_not_exist);
	tcase_add_test(t, R11_aliases_are_followed_with_what_is_there);
	tcase_add_test(t,
		R12_an_alias_to_a_name_never_mentioned_is_nxdomain);
	tcase_add_test(t, F46_a_circle_of_aliases_ends);
	tcase_add_test(t, R14_failures_are_said_for_one_type_or_for_all);
	tcase_add_test(t, a_failure_at_the_end_of_an_alias_is_the_answers);
	tcase_add_test(t, R90_security_is_said_for_each_answer);
	return t;
}

static TCase *clock_and_manners(void)
{
	TCase *t = tcase_create("clock and manners");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, blocking_waits_pass_on_the_virtual_clock);
	tcase_add_test(t, F1_silence_uses_up_the_time_and_is_temporary);
	tcase_add_test(t, silence_ends_also_where_no_limit_is_set);
	tcase_add_test(t, F3_an_answer_beyond_the_time_limit_is_a_timeout);
	tcase_add_test(t, without_blocking_answers_come_as_time_passes);
	tcase_add_test(t, only_time_with_an_open_question_is_spent);
	tcase_add_test(t, the_time_limit_ends_questions_without_blocking_too);
	tcase_add_test(t, two_selections_wait_each_for_its_own);
	tcase_add_test(t, F98_an_answer_given_twice_is_refused_once);
	tcase_add_test(t, F3_an_answer_after_the_timeout_is_refused);
	tcase_add_test(t, F97_a_cancelled_question_is_never_answered);
	tcase_add_test(t, F92_one_of_many_questions_can_be_cancelled);
	tcase_add_test(t, questions_are_counted_by_name_and_type);
	tcase_add_test(t,
		a_mock_freed_too_early_lives_as_long_as_its_options);
	return t;
}

int main(void)
{
	Suite *s = suite_create("mock");

	suite_add_tcase(s, answers());
	suite_add_tcase(s, clock_and_manners());
	return mxsel_test_run(s);
}
