/*
 * What a report leaves behind in a memory of hosts (R85), and that a memory
 * changes an order and nothing else. May use the public headers and
 * tests/support.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/with_memory.h"

/* --- reports ------------------------------------------------------------- */

START_TEST(R85_a_report_is_remembered_of_the_host_and_of_the_address)
{
	begin("three.example", 1);
	report(MXSEL_OUTCOME_REFUSED, 0, NULL);
	ck_assert_uint_eq(known(mxsel_host_name(m)).score, 1000);
	ck_assert_uint_eq(known(mxsel_address(m)).score, 1000);
	ck_assert_int_eq(known(mxsel_address(m)).outcomes[0],
		MXSEL_OUTCOME_REFUSED);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_REPORTS), 1);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_REFUSED, 0, NULL),
		MXSEL_EUSAGE);
	ck_assert_uint_eq(known(mxsel_address(m)).score, 1000);
}
END_TEST

START_TEST(R85_an_attempt_that_is_not_reported_leaves_no_trace)
{
	(void)walk("three.example", 1);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_ENTRIES), 0);
}
END_TEST

START_TEST(R85_of_a_literal_the_address_is_remembered)
{
	struct mxsel_memory_entry e;

	begin("[192.0.2.77]:2525", 1);
	report(MXSEL_OUTCOME_LOST, 0, NULL);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_ENTRIES), 1);
	ck_assert_int_eq(mxsel_memory_get(memory, "192.0.2.77", 2525, &e), 1);
	ck_assert_uint_eq(e.score, 1000);
}
END_TEST

/* It orders, and that is all (R74). */
START_TEST(R74_R85_the_verdict_is_what_it_would_be_without)
{
	int pass, action[2], code[2];
	size_t attempts[2] = { 0, 0 };

	for (pass = 0; pass < 2; pass++) {
		begin("three.example", 7);
		do {
			attempts[pass]++;
			report(MXSEL_OUTCOME_TIMEOUT, 0, NULL);
		} while (zone_next(m, zone, NULL) == MXSEL_ATTEMPT);
		action[pass] = mxsel_verdict_action(m);
		code[pass] = mxsel_verdict_code(m);
	}
	ck_assert_uint_eq(attempts[0], 4);
	ck_assert_uint_eq(attempts[1], 4);
	ck_assert_int_eq(action[1], action[0]);
	ck_assert_int_eq(code[1], code[0]);
	ck_assert_int_eq(action[1], MXSEL_ACTION_DEFER);
}
END_TEST

/* --- the object ---------------------------------------------------------- */

START_TEST(R80_R85_a_second_pass_has_the_same_order)
{
	const char *first;

	begin("three.example", 2);
	first = mxsel_host_name(m);
	report(MXSEL_OUTCOME_REFUSED, 0, NULL);
	ck_assert_int_eq(mxsel_rewind(m), 0);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), first);
}
END_TEST

START_TEST(R80_R85_what_was_saved_keeps_its_order_and_says_so)
{
	uint8_t bytes[4096];
	size_t size = sizeof(bytes);
	uint64_t seed = 0;
	mxsel *resumed;

	fails("a.example", NULL);
	do {
		(void)walk("two.example", seed++);
	} while (!changed());
	begin("two.example", seed - 1);
	ck_assert_int_eq(mxsel_save(m, bytes, &size), 0);
	ck_assert_int_eq(mxsel_resume(&resumed, bytes, size, o), 0);
	ck_assert(mxsel_flags(resumed) & MXSEL_FLAG_MEMORY);
	ck_assert_str_eq(mxsel_host_name(resumed), "b.example");
	ck_assert_int_eq(mxsel_report(resumed, MXSEL_OUTCOME_TIMEOUT, 0, NULL),
		0);
	ck_assert_uint_eq(known("b.example").score, 1000);
	mxsel_free(resumed);
}
END_TEST

START_TEST(R85_options_and_their_copies_share_a_memory)
{
	mxsel_options *copy;

	ck_assert_int_eq(mxsel_options_set_memory(NULL, memory),
		MXSEL_EUSAGE);
	begin("three.example", 1);
	ck_assert_int_eq(mxsel_options_set_memory(o, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_copy(&copy, o), 0);
	mxsel_free(m);
	mxsel_memory_free(memory); /* the options keep it alive */
	ck_assert_int_eq(mxsel_new(&m, "two.example", copy), 0);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	report(MXSEL_OUTCOME_REFUSED, 0, NULL);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_ENTRIES), 2);
	mxsel_free(m);
	m = NULL;
	mxsel_options_free(o);
	o = copy;
	ck_assert_int_eq(mxsel_memory_new(&memory, 65536, clock_of, &now), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: memory of hosts, reports");
	TCase *t = tcase_create("R85");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t,
		R85_a_report_is_remembered_of_the_host_and_of_the_address);
	tcase_add_test(t, R85_an_attempt_that_is_not_reported_leaves_no_trace);
	tcase_add_test(t, R85_of_a_literal_the_address_is_remembered);
	tcase_add_test(t, R74_R85_the_verdict_is_what_it_would_be_without);
	tcase_add_test(t, R80_R85_a_second_pass_has_the_same_order);
	tcase_add_test(t, R80_R85_what_was_saved_keeps_its_order_and_says_so);
	tcase_add_test(t, R85_options_and_their_copies_share_a_memory);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
