/*
 * Which family and which address of a host go first by what a memory knows of
 * the host (R85), when the host stands alone and when it has equals. May use
 * the public headers and tests/support.
 */
#include <check.h>
#include <string.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/with_memory.h"

/* The bits of doubt. */
#define V4 1
#define V6 2

static struct mxsel_memory_entry delivered_to(const char *host)
{
	ck_assert_int_eq(mxsel_memory_forget(memory, host), 0);
	ck_assert_int_eq(mxsel_memory_report(memory, host, NULL, 25,
		MXSEL_OUTCOME_DELIVERED, 250, NULL), 0);
	return known(host);
}

/* Mail went there by the family that works (0: by a name alone), and a
   policy rejected those in doubt. */
static void host_is(const char *host, int works, int doubt)
{
	struct mxsel_memory_entry e = delivered_to(host);

	e.works = works;
	e.doubt = doubt;
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
}

static void asked_to_come_again_at(const char *host, const char *address)
{
	struct mxsel_memory_entry e = delivered_to(host);

	strcpy(e.again, address);
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
}

/* An option may be set while no selection has them. */
static void choose(int option, int value)
{
	mxsel_free(m);
	m = NULL;
	ck_assert_int_eq(mxsel_options_set(o, option, value), 0);
}

/* --- the family that worked ---------------------------------------------- */

START_TEST(R34_R85_IPv6_leads_where_it_worked_and_IPv4_is_in_doubt)
{
	choose(MXSEL_OPT_FAMILY, MXSEL_FAMILY_V4_FIRST);
	ck_assert_str_eq(walk("both.example", 1), "4 6");
	host_is("both.example", 6, V4);
	ck_assert_str_eq(walk("both.example", 1), "6 4");
	ck_assert(changed());
	ck_assert(says("both.example", "IPv6 first: it worked last"));
	host_is("both.example", 6, V6);
	ck_assert_str_eq(walk("both.example", 1), "4 6");
	ck_assert(!changed());
}
END_TEST

START_TEST(R85_a_family_that_leads_anyway_is_not_said_to_be_favoured)
{
	host_is("both.example", 6, V4);
	ck_assert_str_eq(walk("both.example", 1), "6 4");
	ck_assert(!changed());
	ck_assert(!says("both.example", "IPv6 first"));
}
END_TEST

/* _i: the family that worked. Without a memory either leads, by chance. */
START_TEST(R34_R85_where_any_family_may_lead_the_one_that_worked_does)
{
	const char *leads = _i == 4 ? "41 61 42 62" : "61 41 62 42";
	int by_chance = 0, plain;
	uint64_t seed;

	choose(MXSEL_OPT_FAMILY, MXSEL_FAMILY_ANY);
	host_is("many.example", _i, _i == 4 ? V6 : V4);
	for (seed = 1; seed < 40; seed++) {
		plain = strcmp(walk_without("many.example", seed), leads) == 0;
		by_chance += plain;
		ck_assert_str_eq(walk("many.example", seed), leads);
		ck_assert_int_eq(changed(), !plain);
		ck_assert_int_eq(says("many.example", _i == 4
			? "IPv4 first: it worked last"
			: "IPv6 first: it worked last"), !plain);
	}
	ck_assert_int_gt(by_chance, 5);
	ck_assert_int_lt(by_chance, 34);
}
END_TEST

/* The one that worked last, which is IPv4: it leads when IPv6 fails. */
START_TEST(R85_a_family_one_of_whose_addresses_failed_is_in_doubt)
{
	host_is("many.example", 4, 0);
	ck_assert_str_eq(walk("many.example", 1), "61 41 62 42");
	ck_assert(!changed());
	fails(NULL, "2001:db8::62");
	ck_assert_str_eq(walk("many.example", 1), "41 61 42 62");
	ck_assert(says("many.example", "IPv4 first: it worked last"));
}
END_TEST

/* _i: the only family that is wanted. */
START_TEST(R34_R85_a_family_alone_is_not_said_to_lead)
{
	choose(MXSEL_OPT_FAMILY, _i);
	host_is("many.example", _i == MXSEL_FAMILY_V4_ONLY ? 4 : 6, V4 | V6);
	fails(NULL, "192.0.2.41");
	fails(NULL, "2001:db8::61");
	ck_assert_str_eq(walk("many.example", 1),
		_i == MXSEL_FAMILY_V4_ONLY ? "42 41" : "62 61");
	ck_assert(!says("many.example", "IPv"));
}
END_TEST

START_TEST(R85_that_an_address_of_its_own_failed_does_not_make_a_family_lead)
{
	host_is("many.example", 4, 0);
	fails(NULL, "192.0.2.42");
	ck_assert_str_eq(walk("many.example", 1), "61 41 62 42");
	ck_assert(!says("many.example", "IPv4 first"));
}
END_TEST

START_TEST(R32_R85_who_never_delivered_is_tried_in_the_order_of_the_seed)
{
	char plain[128];
	uint64_t seed;

	choose(MXSEL_OPT_FAMILY, MXSEL_FAMILY_ANY);
	host_is("both.example", 0, V6);
	for (seed = 1; seed < 60; seed++) {
		snprintf(plain, sizeof(plain), "%s",
			walk_without("pair.example", seed));
		ck_assert_str_eq(walk("pair.example", seed), plain);
		ck_assert(!changed());
	}
}
END_TEST

/* --- turns --------------------------------------------------------------- */

static void both_rejects(const char *address)
{
	ck_assert_int_eq(mxsel_memory_report(memory, "both.example", address,
		25, MXSEL_OUTCOME_MAIL, 550, "5.7.1 No reverse DNS"), 0);
}

/* IPv4 was rejected as well meanwhile, but that is no reason to go back. */
START_TEST(R72_R85_a_turn_goes_before_what_worked_last)
{
	ck_assert_int_eq(mxsel_memory_report(memory, "both.example",
		"2001:db8::6", 25, MXSEL_OUTCOME_DELIVERED, 250, NULL), 0);
	both_rejects("2001:db8::6");
	both_rejects("192.0.2.4");
	ck_assert_int_eq(known("both.example").works, 6);
	ck_assert_int_eq(known("both.example").turn, 4);
	ck_assert_int_eq(known("both.example").doubt, V4 | V6);
	ck_assert_str_eq(walk("both.example", 1), "4 6");
	ck_assert(says("both.example",
		"IPv4 first: the other family was rejected by policy"));
}
END_TEST

static void many_rejects_IPv6(void)
{
	ck_assert_int_eq(mxsel_memory_report(memory, "many.example",
		"2001:db8::61", 25, MXSEL_OUTCOME_MAIL, 550,
		"5.7.1 No reverse DNS"), 0);
	ck_assert_int_eq(known("many.example").turn, 4);
}

/* _i: the caller's order of families. */
START_TEST(R34_R85_the_family_that_leads_does_so_by_an_address_that_is_well)
{
	choose(MXSEL_OPT_FAMILY, _i);
	fails(NULL, "192.0.2.41");
	many_rejects_IPv6();
	ck_assert_str_eq(walk("many.example", 1), "42 61 62 41");
	ck_assert(says("many.example",
		"IPv4 first: the other family was rejected by policy"));
	ck_assert_int_eq(known("many.example").turn, 0);
	host_is("many.example", 4, V6);
	ck_assert_str_eq(walk("many.example", 1), "42 61 62 41");
	ck_assert(says("many.example", "IPv4 first: it worked last"));
}
END_TEST

START_TEST(R85_the_turn_of_a_family_waits_until_an_address_of_it_is_well)
{
	many_rejects_IPv6();
	fails(NULL, "192.0.2.41");
	fails(NULL, "192.0.2.42");
	ck_assert_str_eq(walk("many.example", 1), "61 62 41 42");
	ck_assert(!says("many.example", "IPv4 first"));
	ck_assert_int_eq(known("many.example").turn, 4);
	ck_assert_int_eq(mxsel_memory_forget(memory, "192.0.2.42"), 0);
	ck_assert_str_eq(walk("many.example", 1), "42 61 62 41");
	ck_assert_int_eq(known("many.example").turn, 0);
}
END_TEST

/* Nobody knows which address is the first one in the end. */
START_TEST(R31_R85_where_addresses_of_all_hosts_are_shuffled_no_turn_is_taken)
{
	uint64_t seed;

	choose(MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	both_rejects("2001:db8::6");
	for (seed = 1; seed < 20; seed++) {
		(void)walk("both.example", seed);
		ck_assert_int_eq(known("both.example").turn, 4);
	}
}
END_TEST

/* --- who asked to come again --------------------------------------------- */

START_TEST(R85_who_asked_to_come_again_and_leads_anyway_is_not_favoured)
{
	asked_to_come_again_at("many.example", "2001:db8::61");
	ck_assert_str_eq(walk("many.example", 1), "61 41 62 42");
	ck_assert(!changed());
	ck_assert(!says("2001:db8::61", "first of"));
}
END_TEST

START_TEST(R85_who_asked_to_come_again_and_failed_since_is_not_favoured)
{
	asked_to_come_again_at("many.example", "192.0.2.42");
	fails(NULL, "192.0.2.42");
	ck_assert_str_eq(walk("many.example", 1), "61 41 62 42");
	ck_assert(!says("192.0.2.42", "first of"));
	ck_assert(says("192.0.2.42", "behind the others of many.example"));
}
END_TEST

/* c000:229:: begins with the octets of 192.0.2.41. */
START_TEST(R36_R85_who_asked_to_come_again_is_known_by_the_whole_address)
{
	asked_to_come_again_at("many.example", "c000:229::1");
	ck_assert_str_eq(walk("many.example", 1), "61 41 62 42");
	ck_assert(!changed());
}
END_TEST

/* --- one of several equals ----------------------------------------------- */

/* Of pair.example the addresses in this order, whoever goes first. */
static void check_pair(const char *both, const char *many)
{
	const char *order;
	uint64_t seed;

	for (seed = 1; seed < 20; seed++) {
		order = walk("pair.example", seed);
		ck_assert_ptr_nonnull(strstr(order, both));
		ck_assert_ptr_nonnull(strstr(order, many));
	}
}

START_TEST(R31_R85_one_of_equals_that_asked_to_come_again_is_tried_there)
{
	asked_to_come_again_at("both.example", "192.0.2.4");
	asked_to_come_again_at("many.example", "2001:db8::62");
	check_pair("4 6", "62 61 41 42");
}
END_TEST

START_TEST(R34_R85_of_one_of_equals_the_family_that_worked_leads)
{
	host_is("both.example", 4, V6);
	host_is("many.example", 4, 0);
	check_pair("4 6", "61 41 62 42");
	fails(NULL, "2001:db8::62");
	check_pair("4 6", "41 61 42 62");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: memory of hosts, families");
	TCase *t = tcase_create("R85");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t,
		R34_R85_IPv6_leads_where_it_worked_and_IPv4_is_in_doubt);
	tcase_add_test(t,
		R85_a_family_that_leads_anyway_is_not_said_to_be_favoured);
	tcase_add_loop_test(t,
		R34_R85_where_any_family_may_lead_the_one_that_worked_does,
		4, 5);
	tcase_add_loop_test(t,
		R34_R85_where_any_family_may_lead_the_one_that_worked_does,
		6, 7);
	tcase_add_test(t,
		R85_a_family_one_of_whose_addresses_failed_is_in_doubt);
	tcase_add_loop_test(t,
		R34_R85_a_family_alone_is_not_said_to_lead,
		MXSEL_FAMILY_V6_ONLY, MXSEL_FAMILY_V4_ONLY + 1);
	tcase_add_test(t,
	R85_that_an_address_of_its_own_failed_does_not_make_a_family_lead);
	tcase_add_test(t,
		R32_R85_who_never_delivered_is_tried_in_the_order_of_the_seed);
	tcase_add_test(t, R72_R85_a_turn_goes_before_what_worked_last);
	tcase_add_loop_test(t,
	R34_R85_the_family_that_leads_does_so_by_an_address_that_is_well,
		MXSEL_FAMILY_INTERLEAVE, MXSEL_FAMILY_V6_FIRST + 1);
	tcase_add_test(t,
		R85_the_turn_of_a_family_waits_until_an_address_of_it_is_well);
	tcase_add_test(t,
	R31_R85_where_addresses_of_all_hosts_are_shuffled_no_turn_is_taken);
	tcase_add_test(t,
		R85_who_asked_to_come_again_and_leads_anyway_is_not_favoured);
	tcase_add_test(t,
		R85_who_asked_to_come_again_and_failed_since_is_not_favoured);
	tcase_add_test(t,
		R36_R85_who_asked_to_come_again_is_known_by_the_whole_address);
	tcase_add_test(t,
		R31_R85_one_of_equals_that_asked_to_come_again_is_tried_there);
	tcase_add_test(t,
		R34_R85_of_one_of_equals_the_family_that_worked_leads);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
