/*
 * A selection without any options, and one that is used again: what the
 * simplest caller does must hold for the worst of answers.
 */
#include "support/run.h"

#include <stdio.h>
#include <string.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

static mxsel *m;

static mxsel_query *ask(const char *destination)
{
	ck_assert_int_eq(mxsel_new(&m, destination, NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	return mxsel_query_take(m);
}

START_TEST(F55_without_options_four_thousand_mx_are_taken_as_a_message)
{
	static const uint8_t record[] = { 0xc0, 12, 0, 15, 0, 1, 0, 0, 1, 44,
		0, 9, 0, 10, 4, 'm', 0, 0, 0, 0xc0, 12 };
	static uint8_t message[65535];
	mxsel_query *q = ask("example.com");
	size_t size = sizeof(message), i, count = 3000;

	ck_assert_int_eq(mxsel_query_packet(q, 0, 0, message, &size), 0);
	message[2] = 0x81;
	message[3] = 0x80;
	message[6] = (uint8_t)(count >> 8);
	message[7] = (uint8_t)(count & 0xff);
	for (i = 0; i < count; i++) {
		uint8_t *at = message + size;

		memcpy(at, record, sizeof(record));
		at[16] = (uint8_t)('a' + i / 100);
		at[17] = (uint8_t)('a' + i / 10 % 10);
		at[18] = (uint8_t)('a' + i % 10);
		size += sizeof(record);
	}
	ck_assert_int_eq(mxsel_answer_packet(q, message, size, 0), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_uint_eq(mxsel_flags(m) & MXSEL_FLAG_LIMITED,
		MXSEL_FLAG_LIMITED);
}
END_TEST

START_TEST(F55_without_options_a_thousand_mx_are_taken_as_records)
{
	mxsel_query *q = ask("example.com");
	char name[32];
	int i;

	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "mx%d.example.com", i);
		ck_assert_int_eq(mxsel_answer_mx(q, 10, name, 60), MXSEL_OK);
	}
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
}
END_TEST

START_TEST(R80_a_selection_may_be_reset_to_a_text_of_its_own)
{
	mxsel_query *q = ask("user@example.com");

	ck_assert_int_eq(mxsel_answer_alias(q, "target.example.net", 60), 0);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_str_eq(mxsel_domain(m), "target.example.net");
	ck_assert_int_eq(mxsel_reset(m, mxsel_domain(m)), MXSEL_OK);
	ck_assert_str_eq(mxsel_domain(m), "target.example.net");
	ck_assert_int_eq(mxsel_reset(m, mxsel_destination(m)), MXSEL_OK);
	ck_assert_str_eq(mxsel_destination(m), "target.example.net");
}
END_TEST

START_TEST(R77_what_a_time_limit_ended_is_kept_for_seconds_only)
{
	mxsel_query *q = ask("example.com");

	ck_assert_int_eq(mxsel_answer_mx(q, 10, "mx.example.com", 3600), 0);
	ck_assert_int_eq(mxsel_time_spent(m, 30000), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.4.3");
	ck_assert_uint_eq(mxsel_ttl(m), 5);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), MXSEL_EUSAGE);
}
END_TEST

START_TEST(one_call_makes_a_selection_that_asks_a_server)
{
	/* Nobody listens at port 1: temporary, at once. */
	ck_assert_int_eq(mxsel_ldns_select(&m, "example.com",
		"127.0.0.1@1"), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
}
END_TEST

START_TEST(one_call_says_what_is_wrong_with_its_arguments)
{
	ck_assert_int_eq(mxsel_ldns_select(NULL, "a.example", NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_select(&m, NULL, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_select(&m, "a.example", "nowhere"),
		MXSEL_ESYNTAX);
	ck_assert_ptr_null(m);
}
END_TEST

static void begin(void)
{
	m = NULL;
}

static void end(void)
{
	mxsel_free(m);
}

int main(void)
{
	Suite *suite = suite_create("select: defaults");
	TCase *tc = tcase_create("defaults");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc,
		F55_without_options_four_thousand_mx_are_taken_as_a_message);
	tcase_add_test(tc,
		F55_without_options_a_thousand_mx_are_taken_as_records);
	tcase_add_test(tc, R80_a_selection_may_be_reset_to_a_text_of_its_own);
	tcase_add_test(tc,
		R77_what_a_time_limit_ended_is_kept_for_seconds_only);
	tcase_add_test(tc, one_call_makes_a_selection_that_asks_a_server);
	tcase_add_test(tc, one_call_says_what_is_wrong_with_its_arguments);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
