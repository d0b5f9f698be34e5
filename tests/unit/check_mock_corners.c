/*
 * The scripted resolver where two selections share it, where its script fails
 * half-way, and with arguments at their ends (R11, R60, F97, F99). May use
 * <mxsel/mock.h>.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mock.h>

#include "support/run.h"

static mxsel_mock *mock;
static mxsel_options *options;

static void setup(void)
{
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(options,
		mxsel_mock_resolver(mock)), 0);
	mxsel_options_set_seed(options, 1);
	mxsel_mock_mx(mock, "a.example", 10, "one.example", 300);
	mxsel_mock_mx(mock, "a.example", 20, "two.example", 300);
	mxsel_mock_mx(mock, "b.example", 10, "one.example", 300);
	mxsel_mock_address(mock, "one.example", "192.0.2.1", 300);
	mxsel_mock_address(mock, "two.example", "192.0.2.2", 300);
}

static void teardown(void)
{
	mxsel_options_free(options);
	mxsel_mock_free(mock);
}

/* One asks ahead and goes on; the other waits meanwhile. */
static mxsel *one_that_asked_ahead(mxsel **other)
{
	mxsel *m;

	mxsel_options_set(options, MXSEL_OPT_PREFETCH, 8);
	ck_assert_int_eq(mxsel_new(&m, "a.example", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_new(other, "b.example", options), 0);
	ck_assert_int_eq(mxsel_next(*other), MXSEL_ATTEMPT);
	mxsel_free(*other);
	return m;
}

START_TEST(R60_who_waits_takes_nobody_elses_answers)
{
	mxsel *other, *m;

	mxsel_mock_delay(mock, "two.example", 0, 1000);
	mxsel_mock_delay(mock, "b.example", 0, 500);
	m = one_that_asked_ahead(&other);
	ck_assert_uint_eq(mxsel_mock_now(mock), 500);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.2");
	ck_assert_uint_eq(mxsel_mock_now(mock), 1000);
	mxsel_free(m);
}
END_TEST

START_TEST(S7_time_that_another_waited_is_over_for_all)
{
	mxsel *other, *m;

	mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT, 700);
	mxsel_mock_delay(mock, "two.example", 0, 900);
	mxsel_mock_delay(mock, "b.example", 0, 600);
	mxsel_mock_delay(mock, "one.example", 0, 50);
	mxsel_options_set(options, MXSEL_OPT_PREFETCH, 8);
	ck_assert_int_eq(mxsel_new(&m, "a.example", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT, 700);
	ck_assert_int_eq(mxsel_new(&other, "b.example", options), 0);
	ck_assert_int_eq(mxsel_next(other), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_reset(other, "c.example"), 0);
	mxsel_mock_delay(mock, "c.example", 0, 600);
	ck_assert_int_eq(mxsel_next(other), MXSEL_END);
	/* Answer and deadline are both over; the deadline was first. */
	ck_assert_uint_gt(mxsel_mock_now(mock), 900);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	mxsel_free(other);
	mxsel_free(m);
}
END_TEST

START_TEST(R11_a_chain_may_fail_at_its_second_link)
{
	mxsel *m;

	mxsel_mock_alias(mock, "d.example", "e.example", 300);
	mxsel_mock_alias(mock, "e.example", "a.example", 300);
	mxsel_mock_fail(mock, "e.example", 0, MXSEL_DNS_SERVFAIL);
	ck_assert_int_eq(mxsel_new(&m, "d.example", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m),
		MXSEL_REASON_DNS_TEMPORARY);
	mxsel_free(m);
}
END_TEST

START_TEST(F99_texts_of_no_length_and_of_every_length)
{
	static const uint8_t octet = 1;

	ck_assert_int_eq(mxsel_mock_mx(mock, "", 10, "one.example", 300), 0);
	ck_assert_uint_eq(mxsel_mock_asked(mock, "", 0), 0);
	ck_assert_int_eq(mxsel_mock_tlsa(mock, "a.example", 3, 1, 1, &octet,
		SIZE_MAX, 300), MXSEL_ENOMEM);
	ck_assert_int_eq(mxsel_mock_tlsa(mock, "a.example", 3, 1, 1, NULL, 0,
		300), 0);
}
END_TEST

START_TEST(R79_what_was_recorded_is_read_in_part)
{
	static const char text[] = "mxsel-record 1\ndestination a.example\n";
	size_t length = 0;
	uint64_t seed;

	ck_assert_ptr_null(mxsel_mock_replay_destination(mock, &length));
	ck_assert_int_eq(mxsel_mock_replay(mock, text, strlen(text)), 0);
	ck_assert_str_eq(mxsel_mock_replay_destination(mock, NULL),
		"a.example");
	ck_assert_str_eq(mxsel_mock_replay_destination(mock, &length),
		"a.example");
	ck_assert_uint_eq(length, 9);
	ck_assert_int_eq(mxsel_mock_replay_seed(mock, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_replay_seed(mock, &seed), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_mock_replay_report(NULL, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_replay_report(mock, NULL), MXSEL_EUSAGE);
}
END_TEST

static void *give_but_one(void *pointer, size_t size, void *user)
{
	int *left = user;

	if (size == 0) {
		free(pointer);
		return NULL;
	}
	return (*left)-- == 0 ? NULL : realloc(pointer, size);
}

/* 0: the selection is freed; 1: it is asked to go on. */
START_TEST(S39_F84_a_question_that_somebody_else_takes_is_not_waited_for)
{
	char host[200];
	mxsel_query *q;
	int i, n, left, taken = 0;
	mxsel *m;

	for (i = 0; i < 16; i++) {
		(void)snprintf(host, sizeof(host), "h%02d.%050d.%050d.example",
			i, i, i);
		mxsel_mock_mx(mock, "c.example", 10, host, 300);
		mxsel_mock_address(mock, host, "192.0.2.1", 300);
	}
	for (n = 0; n < 40; n++) {
		mxsel_options_free(options);
		left = -1;
		mxsel_options_new_with_allocator(&options, give_but_one,
			&left);
		mxsel_options_set(options, MXSEL_OPT_TRACE, 1);
		mxsel_options_add_self_address(options, "192.0.2.99");
		mxsel_options_set_resolver(options,
			mxsel_mock_resolver(mock));
		ck_assert_int_eq(mxsel_new(&m, "c.example", options), 0);
		left = n;
		q = mxsel_next(m) == MXSEL_ENOMEM ? mxsel_query_take(m) : NULL;
		left = -1;
		taken += q != NULL;
		if (q != NULL && _i == 1)
			(void)mxsel_next(m);
		mxsel_free(m);
	}
	ck_assert_int_gt(taken, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mock: corners");
	TCase *one = tcase_create("corners");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, R60_who_waits_takes_nobody_elses_answers);
	tcase_add_test(one, S7_time_that_another_waited_is_over_for_all);
	tcase_add_test(one, R11_a_chain_may_fail_at_its_second_link);
	tcase_add_test(one, F99_texts_of_no_length_and_of_every_length);
	tcase_add_test(one, R79_what_was_recorded_is_read_in_part);
	tcase_add_loop_test(one,
		S39_F84_a_question_that_somebody_else_takes_is_not_waited_for,
		0, 2);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
