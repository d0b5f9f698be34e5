/*
 * What a selection asks a memory of hosts for, how often, and what it says
 * and records of that (R78, R79, R85): who counts as tried, who is an equal,
 * and that nothing is looked up twice for nothing. May use the public headers
 * and tests/support.
 */
#include <check.h>
#include <string.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/with_memory.h"

/* Records that name no host, and an .onion name, which has no address. */
static const struct zone_record odds[] = {
	{ "literals.example", RE(MX), "192.0.2.77", 10 },
	{ "literals.example", RE(MX), "192.0.2.78", 10 },
	{ "literals.example", RE(MX), "a.example", 20 },
	{ "literals.example", RE(MX), "b.example", 20 },
	{ "strange.example", RE(MX), "a.example", 10 },
	{ "strange.example", RE(MX), "b.example", 10 },
	{ "strange.example", RE(MX), "x!y.example", 10 },
	{ "mixed.example", RE(MX), "one.onion", 10 },
	{ "mixed.example", RE(MX), "a.example", 10 },
	{ "mixed.example", RE(MX), "b.example", 10 },
	{ "lone.example", RE(MX), "a.example", 10 },
	{ "a.example", RE(A), "1", 0 }, { "b.example", RE(A), "2", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static void choose(int option, int value)
{
	mxsel_free(m);
	m = NULL;
	ck_assert_int_eq(mxsel_options_set(o, option, value), 0);
}

static int start(const char *domain, uint64_t seed)
{
	mxsel_free(m);
	m = NULL;
	mxsel_options_set_seed(o, seed);
	ck_assert_int_eq(mxsel_new(&m, domain, o), 0);
	return zone_next(m, odds, NULL);
}

/* How much is said of the memory, whatever it is. */
static int events(void)
{
	size_t i;
	int code, n = 0;

	for (i = 0; mxsel_trace_event(m, i, &code, NULL, NULL, NULL) == 0; i++)
		n += code == MXSEL_TRACE_MEMORY;
	return n;
}

static uint64_t counted(int which)
{
	return mxsel_memory_statistic(memory, which);
}

/* --- what is said, and counted ------------------------------------------- */

/* A minute is two half-lives. */
static void failed_a_minute_ago(const char *host, const char *address)
{
	ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
	fails(host, address);
	now += 60 * 1000;
}

START_TEST(R78_R85_of_those_that_are_well_nothing_is_said)
{
	int behind = 0, tried = 0;
	uint64_t seed;

	for (seed = 1; seed < 40; seed++) {
		failed_a_minute_ago("b.example", NULL);
		(void)walk("three.example", seed);
		behind += says("b.example", "behind its equals: score 0.250");
		tried += says("b.example", "in its place, to see whether it "
			"is well again: score 0.250, timeout 60 s ago");
		ck_assert_int_eq(events(), says("b.example", ""));
		ck_assert_int_eq((int)counted(MXSEL_MEMORY_BEHIND), behind);
		ck_assert_int_eq((int)counted(MXSEL_MEMORY_PROBES), tried);
	}
	ck_assert_int_gt(behind, 2);
	ck_assert_int_gt(tried, 5);
}
END_TEST

START_TEST(R78_R85_of_an_address_that_is_tried_again_it_is_said_why)
{
	int tried = 0;
	uint64_t seed;

	for (seed = 1; seed < 20; seed++) {
		failed_a_minute_ago(NULL, "2001:db8::61");
		(void)walk("many.example", seed);
		ck_assert_int_eq(events(), 1);
		tried += says("2001:db8::61", "in its place, to see whether "
			"it is well again: score 0.250, timeout 60 s ago");
	}
	ck_assert_int_gt(tried, 5);
}
END_TEST

/* By the attempts of all hosts, not by those of each. */
START_TEST(R31_R85_of_addresses_that_are_shuffled_who_is_first_is_tried)
{
	unsigned is_first, first = 0, others = 0;
	uint64_t seed;

	choose(MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	for (seed = 1; seed < 60; seed++) {
		failed_a_minute_ago(NULL, "2001:db8::61");
		begin("many.example", seed);
		is_first = strcmp(mxsel_address(m), "2001:db8::61") == 0;
		first += is_first;
		others += !is_first;
		ck_assert_uint_eq(known("2001:db8::61").score,
			is_first ? 1250 : 250);
	}
	ck_assert_uint_eq(counted(MXSEL_MEMORY_PROBES), first);
	ck_assert_uint_gt(first, 0);
	ck_assert_uint_gt(others, 0);
}
END_TEST

START_TEST(R31_R85_a_host_whose_addresses_are_shuffled_does_not_count_as_tried)
{
	uint64_t seed;

	choose(MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	failed_a_minute_ago("b.example", NULL);
	for (seed = 1; seed < 40; seed++)
		(void)walk("two.example", seed);
	ck_assert_uint_eq(known("b.example").score, 250);
	ck_assert_uint_eq(counted(MXSEL_MEMORY_PROBES), 0);
}
END_TEST

/* --- who is an equal ----------------------------------------------------- */

START_TEST(R21_R85_equals_that_name_no_host_did_not_fail)
{
	uint64_t seed;

	for (seed = 1; seed < 10; seed++) {
		fails("a.example", NULL);
		ck_assert_int_eq(start("literals.example", seed),
			MXSEL_ATTEMPT);
		ck_assert_str_eq(mxsel_host_name(m), "b.example");
		ck_assert(!says("literals.example", "ignored"));
	}
}
END_TEST

/* An address would be one, for whoever allows that. */
START_TEST(R21_R85_a_record_that_is_no_name_and_no_address_is_no_equal)
{
	uint64_t seed;

	choose(MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, 1);
	fails("a.example", NULL);
	fails("b.example", NULL);
	for (seed = 1; seed < 20; seed++) {
		ck_assert_int_eq(start("strange.example", seed),
			MXSEL_ATTEMPT);
		ck_assert(!changed());
		ck_assert(says("strange.example", "ignored: all hosts"));
	}
}
END_TEST

/* --- what a store is asked for ------------------------------------------- */

static struct {
	size_t asked, entries;
} store;

static int get(struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life, uint32_t budget, void *user)
{
	size_t i;

	(void)half_life;
	(void)budget;
	(void)user;
	store.asked++;
	store.entries += count;
	for (i = 0; i < count; i++)
		ck_assert_str_ne(entries[i].name, "");
	return 0;
}

static void record_nothing(const struct mxsel_memory_entry *entry, int change,
	uint32_t half_life, void *user)
{
	(void)entry;
	(void)change;
	(void)half_life;
	(void)user;
}

static void attach(void)
{
	mxsel_store *s;

	memset(&store, 0, sizeof(store));
	ck_assert_int_eq(mxsel_store_new(&s, get, record_nothing, NULL), 0);
	ck_assert_int_eq(mxsel_memory_set_store(memory, s), 0);
	mxsel_store_free(s);
}

START_TEST(R85_a_host_without_equals_is_asked_for_with_its_addresses)
{
	attach();
	(void)walk("both.example", 1);
	ck_assert_uint_eq(store.asked, 1);
	ck_assert_uint_eq(store.entries, 3);
}
END_TEST

START_TEST(R85_of_one_of_equals_its_addresses_are_asked_for_later)
{
	attach();
	begin("pair.example", 1);
	ck_assert_uint_eq(store.asked, 2);
	ck_assert_str_eq(mxsel_host_name(m), "both.example");
	ck_assert_uint_eq(store.entries, 2 + 2);
	while (zone_next(m, zone, NULL) == MXSEL_ATTEMPT)
		;
	ck_assert_uint_eq(store.asked, 3);
	ck_assert_uint_eq(store.entries, 2 + 2 + 4);
}
END_TEST

/* Neither is one asked for with whom there is nothing to put in order. */
START_TEST(R5_R85_nobody_is_asked_for_the_address_of_an_onion_name)
{
	attach();
	choose(MXSEL_OPT_HAND_OUT_ONION, 1);
	choose(MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	ck_assert_int_eq(start("mixed.example", 1), MXSEL_ATTEMPT);
	ck_assert_uint_eq(store.entries, 3 + 2);
	ck_assert_uint_eq(store.asked, 2);
}
END_TEST

/* --- how often the clock is read ----------------------------------------- */

static int readings;

static uint64_t count_reading(void *user)
{
	readings++;
	return *(uint64_t *)user;
}

static void count_readings(void)
{
	mxsel_memory_free(memory);
	remember(count_reading);
	readings = 0;
}

START_TEST(R85_where_there_is_nothing_to_put_in_order_nothing_is_looked_up)
{
	count_readings();
	ck_assert_int_eq(start("lone.example", 1), MXSEL_ATTEMPT);
	ck_assert_int_eq(zone_next(m, odds, NULL), MXSEL_END);
	ck_assert_int_eq(readings, 0);
}
END_TEST

START_TEST(R79_R85_to_report_nothing_is_looked_up_that_nobody_records)
{
	int told;

	count_readings();
	fails("z.example", "192.0.2.9");
	told = readings;
	ck_assert_int_gt(told, 0);
	begin("back.example", 1);
	readings = 0;
	report(MXSEL_OUTCOME_TIMEOUT, 0, NULL);
	ck_assert_int_eq(readings, told);
}
END_TEST

/* --- what is recorded ---------------------------------------------------- */

static char lines[8192];

static void keep(const char *line, void *user)
{
	size_t n = strlen(lines);

	(void)user;
	if (strncmp(line, "memory ", 7) == 0 ||
		strncmp(line, "report ", 7) == 0)
		snprintf(lines + n, sizeof(lines) - n, "%s\n", line);
}

static void recorded(void)
{
	mxsel_free(m);
	m = NULL;
	lines[0] = '\0';
	ck_assert_int_eq(mxsel_options_set_recorder(o, keep, NULL), 0);
}

/* How many lines begin so. */
static int count_lines(const char *begins)
{
	const char *at = lines;
	int n = 0;

	for (; at != NULL && *at != '\0'; at = strchr(at, '\n') + 1)
		n += strncmp(at, begins, strlen(begins)) == 0;
	return n;
}

static void is_well(const char *host, const char *address, int works)
{
	struct mxsel_memory_entry e;

	ck_assert_int_eq(mxsel_memory_report(memory, host, address, 25,
		MXSEL_OUTCOME_DELIVERED, 250, NULL), 0);
	e = known(host);
	e.works = works;
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
}

/* The second look is at what works, when an address does not. */
START_TEST(R79_R85_one_of_equals_is_looked_up_again_when_an_address_failed)
{
	is_well("both.example", "192.0.2.4", 4);
	is_well("many.example", NULL, 4);
	fails(NULL, "2001:db8::62");
	recorded();
	(void)walk("pair.example", 1);
	ck_assert_int_eq(count_lines("memory host both.example "), 1);
	ck_assert_int_eq(count_lines("memory host many.example "), 2);
	ck_assert_int_eq(count_lines("memory address 2001:db8::62 "), 1);
	ck_assert_int_eq(count_lines("memory address 192.0.2.4 "), 1);
	ck_assert_int_eq(count_lines("memory "), 5);
}
END_TEST

START_TEST(R79_R85_a_host_without_equals_is_looked_up_once)
{
	is_well("many.example", NULL, 4);
	fails(NULL, "2001:db8::62");
	recorded();
	(void)walk("many.example", 1);
	ck_assert_int_eq(count_lines("memory host many.example "), 1);
	ck_assert_int_eq(count_lines("memory "), 2);
}
END_TEST

/* Who plays it again must know what the report was added to. */
START_TEST(R79_R85_what_a_report_adds_to_is_recorded_before_it)
{
	fails("z.example", "192.0.2.9");
	recorded();
	begin("back.example", 1);
	ck_assert_str_eq(mxsel_host_name(m), "z.example");
	ck_assert_str_eq(lines, "");
	report(MXSEL_OUTCOME_TIMEOUT, 0, NULL);
	ck_assert_int_eq(count_lines("memory host z.example "), 1);
	ck_assert_int_eq(count_lines("memory address 192.0.2.9 "), 1);
	ck_assert_int_eq(count_lines("report "), 1);
	ck_assert_int_eq(count_lines(""), 3);
	ck_assert_int_eq(strncmp(lines, "memory ", 7), 0);
	ck_assert_ptr_null(strstr(strstr(lines, "report "), "memory "));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: memory of hosts, asked");
	TCase *t = tcase_create("R85");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R78_R85_of_those_that_are_well_nothing_is_said);
	tcase_add_test(t,
		R78_R85_of_an_address_that_is_tried_again_it_is_said_why);
	tcase_add_test(t,
		R31_R85_of_addresses_that_are_shuffled_who_is_first_is_tried);
	tcase_add_test(t,
	R31_R85_a_host_whose_addresses_are_shuffled_does_not_count_as_tried);
	tcase_add_test(t, R21_R85_equals_that_name_no_host_did_not_fail);
	tcase_add_test(t,
		R21_R85_a_record_that_is_no_name_and_no_address_is_no_equal);
	tcase_add_test(t,
		R85_a_host_without_equals_is_asked_for_with_its_addresses);
	tcase_add_test(t,
		R85_of_one_of_equals_its_addresses_are_asked_for_later);
	tcase_add_test(t,
		R5_R85_nobody_is_asked_for_the_address_of_an_onion_name);
	tcase_add_test(t,
	R85_where_there_is_nothing_to_put_in_order_nothing_is_looked_up);
	tcase_add_test(t,
		R79_R85_to_report_nothing_is_looked_up_that_nobody_records);
	tcase_add_test(t,
	R79_R85_one_of_equals_is_looked_up_again_when_an_address_failed);
	tcase_add_test(t, R79_R85_a_host_without_equals_is_looked_up_once);
	tcase_add_test(t,
		R79_R85_what_a_report_adds_to_is_recorded_before_it);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
