/*
 * A memory of hosts and the addresses of one (R85): those that failed go
 * behind, and the family and the address that are worth it go first. May use
 * the public headers and tests/support.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/with_memory.h"

START_TEST(R85_an_address_that_failed_goes_behind_the_others_of_its_host)
{
	ck_assert_str_eq(walk("many.example", 1), "61 41 62 42");
	fails(NULL, "2001:db8::61");
	ck_assert_str_eq(walk("many.example", 1), "41 62 42 61");
	ck_assert(changed());
	ck_assert(says("2001:db8::61",
		"behind the others of many.example: score 1.000, timeout 0 s"));
	fails(NULL, "192.0.2.41");
	ck_assert_str_eq(walk("many.example", 1), "62 42 61 41");
}
END_TEST

START_TEST(R85_the_order_stands_when_all_addresses_failed)
{
	fails(NULL, "2001:db8::6");
	fails(NULL, "192.0.2.4");
	ck_assert_str_eq(walk("both.example", 1), "6 4");
	ck_assert(!changed());
	ck_assert(says("both.example", "ignored: all addresses failed"));
}
END_TEST

START_TEST(R38_R85_a_limit_keeps_both_families_and_whom_the_memory_puts_first)
{
	fails(NULL, "2001:db8::61");
	fails(NULL, "2001:db8::62");
	mxsel_options_set(o, MXSEL_OPT_MAX_HOST_ADDRESSES, 2);
	ck_assert_str_eq(walk("many.example", 1), "41 61");
}
END_TEST

START_TEST(R72_R85_after_a_first_rejection_the_other_family_goes_first_once)
{
	begin("both.example", 1);
	ck_assert_str_eq(mxsel_address(m), "2001:db8::6");
	report(MXSEL_OUTCOME_MAIL, 550, "5.7.1 No reverse DNS");
	ck_assert_int_eq(known("both.example").turn, 4);
	ck_assert_int_eq(known("both.example").doubt, 2);
	ck_assert_str_eq(walk("both.example", 1), "4 6");
	ck_assert(says("both.example",
		"IPv4 first: the other family was rejected by policy"));
	ck_assert_int_eq(known("both.example").turn, 0);
	ck_assert_str_eq(walk("both.example", 1), "6 4");
	ck_assert(!changed());
}
END_TEST

/* With own addresses all equals are looked up before one is tried. */
START_TEST(R56_R85_a_turn_is_taken_by_who_is_tried)
{
	struct mxsel_memory_entry e;
	uint64_t seed;
	int tried;

	ck_assert_int_eq(mxsel_options_add_self_address(o, "203.0.113.9"), 0);
	for (seed = 0; seed < 20; seed++) {
		ck_assert_int_eq(mxsel_memory_report(memory, "both.example",
			NULL, 25, MXSEL_OUTCOME_MAIL, 451, NULL), 0);
		e = known("both.example");
		e.turn = 4;
		ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
		begin("pair.example", seed);
		tried = strcmp(mxsel_host_name(m), "both.example") == 0;
		if (tried)
			ck_assert_str_eq(mxsel_address(m), "192.0.2.4");
		ck_assert_int_eq(known("both.example").turn, tried ? 0 : 4);
	}
}
END_TEST

START_TEST(R85_the_family_that_worked_leads_while_the_other_is_in_doubt)
{
	begin("both.example", 1);
	report(MXSEL_OUTCOME_GREETING, 554, "5.7.1 Go away");
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.4");
	report(MXSEL_OUTCOME_DELIVERED, 250, NULL);
	ck_assert_int_eq(known("both.example").works, 4);
	now += 3600 * 1000; /* the failure is forgotten, the doubt is not */
	ck_assert_str_eq(walk("both.example", 1), "4 6");
	ck_assert_str_eq(walk("both.example", 1), "4 6");
	ck_assert(says("both.example", "IPv4 first: it worked last"));
	begin("both.example", 1);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	report(MXSEL_OUTCOME_DELIVERED, 250, NULL);
	ck_assert_int_eq(known("both.example").doubt, 0);
	ck_assert_str_eq(walk("both.example", 1), "6 4");
}
END_TEST

START_TEST(R85_the_family_in_doubt_is_tried_now_and_then)
{
	unsigned first = 0;
	uint64_t seed;

	mxsel_memory_set(memory, MXSEL_MEMORY_EXPLORE, 200);
	begin("both.example", 1);
	report(MXSEL_OUTCOME_MAIL, 550, "5.7.1 No reverse DNS");
	ck_assert_str_eq(walk("both.example", 1), "4 6"); /* its turn */
	begin("both.example", 1);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	report(MXSEL_OUTCOME_DELIVERED, 250, NULL);
	for (seed = 0; seed < 2000; seed++)
		first += walk("both.example", seed)[0] == '6';
	ck_assert_uint_ge(first, 400 - 108); /* six deviations */
	ck_assert_uint_le(first, 400 + 108);
}
END_TEST

START_TEST(R34_R85_a_family_that_worked_leads_in_turn_with_the_other)
{
	struct mxsel_memory_entry e;

	ck_assert_int_eq(mxsel_memory_report(memory, "many.example", NULL, 25,
		MXSEL_OUTCOME_DELIVERED, 250, NULL), 0);
	e = known("many.example");
	e.works = 4;
	e.doubt = 2;
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	ck_assert_str_eq(walk("many.example", 1), "41 61 42 62");
	mxsel_free(m);
	m = NULL;
	mxsel_options_set(o, MXSEL_OPT_FAMILY, MXSEL_FAMILY_V6_FIRST);
	ck_assert_str_eq(walk("many.example", 1), "41 61 62 42");
	mxsel_free(m);
	m = NULL;
	mxsel_options_set(o, MXSEL_OPT_FAMILY, MXSEL_FAMILY_V6_ONLY);
	ck_assert_str_eq(walk("many.example", 1), "61 62");
}
END_TEST

START_TEST(R85_who_asked_to_come_again_is_tried_at_the_same_address)
{
	begin("many.example", 1);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "2001:db8::62");
	report(MXSEL_OUTCOME_RCPT, 451, "4.7.1 Greylisted");
	ck_assert_str_eq(known("many.example").again, "2001:db8::62");
	ck_assert_str_eq(walk("many.example", 1), "62 61 41 42");
	ck_assert(says("2001:db8::62",
		"first of many.example: it asked to come again here"));
	fails(NULL, "2001:db8::62");
	ck_assert_str_eq(walk("many.example", 1), "61 41 42 62");
	begin("many.example", 1);
	report(MXSEL_OUTCOME_DELIVERED, 250, NULL);
	ck_assert_str_eq(known("many.example").again, "");
}
END_TEST

START_TEST(R31_R85_addresses_that_are_shuffled_go_behind_as_well)
{
	const char *order;
	uint64_t seed;

	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	for (seed = 0; seed < 40; seed++) {
		fails(NULL, "192.0.2.2");
		order = walk("three.example", seed);
		ck_assert_int_eq(order[4], '2');
		ck_assert_int_eq(order[6], '9');
		mxsel_free(m);
		m = NULL;
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: memory of hosts, addresses");
	TCase *t = tcase_create("R85");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t,
		R85_an_address_that_failed_goes_behind_the_others_of_its_host);
	tcase_add_test(t, R85_the_order_stands_when_all_addresses_failed);
	tcase_add_test(t,
	R38_R85_a_limit_keeps_both_families_and_whom_the_memory_puts_first);
	tcase_add_test(t,
	R72_R85_after_a_first_rejection_the_other_family_goes_first_once);
	tcase_add_test(t, R56_R85_a_turn_is_taken_by_who_is_tried);
	tcase_add_test(t,
		R85_the_family_that_worked_leads_while_the_other_is_in_doubt);
	tcase_add_test(t, R85_the_family_in_doubt_is_tried_now_and_then);
	tcase_add_test(t,
		R34_R85_a_family_that_worked_leads_in_turn_with_the_other);
	tcase_add_test(t,
		R85_who_asked_to_come_again_is_tried_at_the_same_address);
	tcase_add_test(t,
		R31_R85_addresses_that_are_shuffled_go_behind_as_well);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
