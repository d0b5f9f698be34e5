/*
 * A memory of hosts where there is more than it looks up at a time, where
 * hosts have no address, where little is known and where names are as long
 * as they can be (R85). May use the public headers and tests/support.
 */
#include <check.h>
#include <stdlib.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/with_memory.h"

#define LONG_LABEL \
	"a123456789a123456789a123456789a123456789a123456789a123456789"
/* 253 octets */
#define LONG_NAME LONG_LABEL "." LONG_LABEL "." LONG_LABEL "." LONG_LABEL \
	".anexample"
#define CROWD 24 /* addresses; more than are looked up at a time */

static const struct zone_record odds[] = {
	{ "onions.example", RE(MX), "one.onion", 10 },
	{ "onions.example", RE(MX), "two.onion", 10 },
	{ "mixed.example", RE(MX), "one.onion", 10 },
	{ "mixed.example", RE(MX), "a.example", 10 },
	{ "mixed.example", RE(MX), "b.example", 10 },
	{ "long.example", RE(MX), LONG_NAME, 10 },
	{ "long.example", RE(MX), "b.example", 10 },
	{ LONG_NAME, RE(A), "1", 0 }, { LONG_NAME, RE(A), "3", 0 },
	{ "a.example", RE(A), "1", 0 }, { "b.example", RE(A), "2", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* crowd.example, one host of so many addresses, and its equal. */
static struct zone_record crowd[CROWD + 4];

static void fill_crowd(void)
{
	static char numbers[CROWD][4];
	static const struct zone_record equals[] = {
		{ "crowd.example", RE(MX), "many.example", 10 },
		{ "crowd.example", RE(MX), "b.example", 10 },
		{ "b.example", RE(A), "200", 0 }
	};
	size_t i;

	memset(crowd, 0, sizeof(crowd));
	for (i = 0; i < CROWD; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%u",
			(unsigned)i + 1);
		crowd[i].name = "many.example";
		crowd[i].type = A;
		crowd[i].security = ZONE_UNKNOWN;
		crowd[i].text = numbers[i];
	}
	memcpy(crowd + CROWD, equals, sizeof(equals));
	mxsel_options_set(o, MXSEL_OPT_MAX_HOST_ADDRESSES, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_ADDRESSES, 0);
}

static int start(const char *domain, uint64_t seed,
	const struct zone_record *table)
{
	mxsel_free(m);
	m = NULL;
	mxsel_options_set_seed(o, seed);
	ck_assert_int_eq(mxsel_new(&m, domain, o), 0);
	return zone_next(m, table, NULL);
}

/* All are tried once; the place of this one, from 1. */
static int place_of(const char *domain, uint64_t seed,
	const struct zone_record *table, const char *address, int *all)
{
	int rc = start(domain, seed, table), place = 0;

	for (*all = 0; rc == MXSEL_ATTEMPT; rc = zone_next(m, table, NULL)) {
		++*all;
		if (strcmp(mxsel_address(m), address) == 0)
			place = *all;
	}
	return place;
}

/* 0: the addresses of a host; 1: the attempts of equal hosts. */
START_TEST(R31_R85_of_many_addresses_none_is_lost_or_tried_twice)
{
	int all, place, moved = 0;
	uint64_t seed;

	fill_crowd();
	if (_i == 1)
		mxsel_options_set(o, MXSEL_OPT_SHUFFLE,
			MXSEL_SHUFFLE_ADDRESSES);
	for (seed = 1; seed < 20; seed++) {
		fails(NULL, "192.0.2.1");
		place = place_of("crowd.example", seed, crowd, "192.0.2.1",
			&all);
		ck_assert_int_eq(all, CROWD + 1);
		ck_assert_int_gt(place, 1);
		moved += changed();
	}
	ck_assert_int_gt(moved, 0);
}
END_TEST

/* Of one that is not looked up no failure is known. */
START_TEST(R31_R85_who_is_not_looked_up_is_left_in_its_place)
{
	uint64_t seed;
	int all, before;

	fill_crowd();
	for (seed = 1; seed < 20; seed++) {
		ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
		before = place_of("many.example", seed, crowd, "192.0.2.24",
			&all);
		ck_assert_int_eq(all, CROWD);
		fails("many.example", "192.0.2.24");
		if (before > 18)
			ck_assert_int_eq(place_of("many.example", seed, crowd,
				"192.0.2.24", &all), before);
		ck_assert_int_eq(all, CROWD);
	}
}
END_TEST

/* More equals than are looked up at a time. */
START_TEST(R31_R85_of_many_equals_none_is_lost_or_tried_twice)
{
	static struct zone_record table[2 * CROWD + 1];
	static char names[CROWD][16], numbers[CROWD][4];
	uint64_t seed;
	size_t i;
	int all;

	for (i = 0; i < CROWD; i++) {
		snprintf(names[i], sizeof(names[i]), "mx%u.example",
			(unsigned)i + 1);
		snprintf(numbers[i], sizeof(numbers[i]), "%u",
			(unsigned)i + 1);
		table[i] = (struct zone_record){ "equals.example", RE(MX),
			names[i], 10 };
		table[CROWD + i] = (struct zone_record){ names[i], RE(A),
			numbers[i], 0 };
	}
	mxsel_options_set(o, MXSEL_OPT_FAMILY, MXSEL_FAMILY_V4_ONLY);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_ADDRESSES, 0);
	for (seed = 1; seed < 20; seed++) {
		fails("mx1.example", NULL);
		ck_assert_int_gt(place_of("equals.example", seed, table,
			"192.0.2.1", &all), 1);
		ck_assert_int_eq(all, CROWD);
	}
}
END_TEST

/* What is not written down is done all the same. */
START_TEST(R78_R85_without_a_trace_the_order_is_the_same)
{
	static const char *const domains[] = { "two.example", "pair.example",
		"many.example" };
	char traced[128];
	size_t i;
	int trace;

	for (i = 0; i < 3; i++)
		for (trace = 1; trace >= 0; trace--) {
			ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
			fails("a.example", "2001:db8::61");
			fails("both.example", NULL);
			ck_assert_int_eq(mxsel_memory_report(memory,
				"many.example", "192.0.2.42", 25,
				MXSEL_OUTCOME_RCPT, 450, NULL), 0);
			mxsel_free(m);
			m = NULL;
			ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TRACE,
				trace), 0);
			if (trace)
				snprintf(traced, sizeof(traced), "%s",
					walk(domains[i], 1));
			else
				ck_assert_str_eq(walk(domains[i], 1), traced);
			ck_assert(changed());
		}
}
END_TEST

START_TEST(R5_R85_onion_names_have_no_address_to_remember)
{
	uint64_t seed;
	int all, failed;

	mxsel_options_set(o, MXSEL_OPT_HAND_OUT_ONION, 1);
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	for (seed = 1; seed < 20; seed++) {
		fails(NULL, "192.0.2.1");
		failed = place_of("mixed.example", seed, odds, "192.0.2.1",
			&all);
		ck_assert_int_eq(all, 3);
		ck_assert_int_eq(failed, 3);
		(void)place_of("onions.example", seed, odds, "192.0.2.1",
			&all);
		ck_assert_int_eq(all, 2);
		ck_assert(!changed());
	}
}
END_TEST

START_TEST(R85_an_onion_host_that_failed_goes_behind_its_equals)
{
	uint64_t seed;

	mxsel_options_set(o, MXSEL_OPT_HAND_OUT_ONION, 1);
	for (seed = 1; seed < 20; seed++) {
		fails("one.onion", NULL);
		ck_assert_int_eq(start("onions.example", seed, odds),
			MXSEL_ATTEMPT);
		ck_assert_str_eq(mxsel_host_name(m), "two.onion");
	}
}
END_TEST

/* A score that somebody put, without saying what it comes from. */
START_TEST(R78_R85_a_score_of_unknown_origin)
{
	struct mxsel_memory_entry e;

	memset(&e, 0, sizeof(e));
	strcpy(e.name, "a.example");
	e.kind = MXSEL_MEMORY_HOST;
	e.port = 25;
	e.score = 4000;
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	ck_assert_str_eq(walk("two.example", 1), "2 1");
	ck_assert(says("a.example", "behind its equals: score 4.000"));
	ck_assert(!says("a.example", "behind its equals: score 4.000,"));
}
END_TEST

START_TEST(R78_R85_names_as_long_as_they_can_be)
{
	int all;

	ck_assert_uint_eq(strlen(LONG_NAME), 253);
	fails(LONG_NAME, NULL);
	ck_assert_int_eq(start("long.example", 1, odds), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "b.example");
	ck_assert(says(LONG_NAME,
		"behind its equals: score 1.000, timeout 0 s ago"));
	fails(NULL, "192.0.2.1");
	ck_assert_int_eq(place_of(LONG_NAME, 1, odds, "192.0.2.1", &all), 2);
	ck_assert(says("192.0.2.1", "behind the others of " LONG_NAME
		": score 1.000"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: memory of hosts, edges");
	TCase *t = tcase_create("R85");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t,
		R31_R85_of_many_addresses_none_is_lost_or_tried_twice, 0, 2);
	tcase_add_test(t, R31_R85_who_is_not_looked_up_is_left_in_its_place);
	tcase_add_test(t, R31_R85_of_many_equals_none_is_lost_or_tried_twice);
	tcase_add_test(t, R78_R85_without_a_trace_the_order_is_the_same);
	tcase_add_test(t, R5_R85_onion_names_have_no_address_to_remember);
	tcase_add_test(t, R85_an_onion_host_that_failed_goes_behind_its_equals);
	tcase_add_test(t, R78_R85_a_score_of_unknown_origin);
	tcase_add_test(t, R78_R85_names_as_long_as_they_can_be);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
