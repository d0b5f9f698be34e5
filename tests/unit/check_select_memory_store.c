/*
 * A selection whose memory has a store: it is asked before equals are ordered,
 * it is waited for no longer than was set, however often it is asked, and
 * whatever it does no selection fails (R85). May use the public headers and
 * tests/support.
 */
#include <check.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/with_memory.h"

/* A store that takes its time, by the memory's clock. */
static struct {
	unsigned asked, waited, takes, told, budgets[16];
	int fails, is_late;
	const char *failed; /* a host of which it knows that it failed */
} s;

static int get(struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life, uint32_t budget, void *user)
{
	unsigned takes = s.is_late || s.takes < budget ? s.takes
		: (unsigned)budget;
	size_t i;

	(void)half_life;
	(void)user;
	now += takes;
	ck_assert_uint_lt(s.asked, 16);
	s.budgets[s.asked++] = (unsigned)budget;
	s.waited += takes;
	for (i = 0; i < count && s.failed != NULL; i++)
		if (strcmp(entries[i].name, s.failed) == 0) {
			entries[i].score = 4000;
			entries[i].outcomes[0] = MXSEL_OUTCOME_TIMEOUT;
		}
	return s.fails ? -1 : 0;
}

static void record(const struct mxsel_memory_entry *entry, int change,
	uint32_t half_life, void *user)
{
	(void)entry;
	(void)change;
	(void)half_life;
	(void)user;
	s.told++;
}

static void keep_nothing(const char *line, void *user)
{
	(void)line;
	(void)user;
}

static void attach(void)
{
	mxsel_store *store;

	setup();
	memset(&s, 0, sizeof(s));
	ck_assert_int_eq(mxsel_store_new(&store, get, record, NULL), 0);
	ck_assert_int_eq(mxsel_memory_set_store(memory, store), 0);
	mxsel_store_free(store);
}

START_TEST(R85_what_a_store_knows_orders_equals)
{
	s.failed = "b.example";
	ck_assert_int_eq(walk("three.example", 1)[4], '2');
	ck_assert_int_eq(walk("three.example", 2)[4], '2');
	ck_assert_uint_eq(s.asked, 1);
	ck_assert_uint_eq(s.budgets[0], 5);
}
END_TEST

/* With own addresses all equals are looked up before one is tried. */
START_TEST(R56_R85_a_selection_waits_for_all_its_questions_as_for_one)
{
	ck_assert_int_eq(mxsel_options_add_self_address(o, "203.0.113.9"), 0);
	s.takes = 2;
	begin("pair.example", 1);
	ck_assert_uint_eq(s.asked, 3); /* the two, and the addresses of each */
	ck_assert_uint_eq(s.waited, 5);
	now += 2000;
	begin("pair.example", 1);
	ck_assert_uint_eq(s.asked, 6);
	ck_assert_uint_eq(s.waited, 10);
}
END_TEST

START_TEST(R85_a_store_that_does_not_answer_is_waited_for_once)
{
	const char *order;

	ck_assert_int_eq(mxsel_options_add_self_address(o, "203.0.113.9"), 0);
	fails("many.example", NULL);
	s.takes = 5;
	s.fails = 1;
	order = walk("pair.example", 1);
	ck_assert_uint_eq(s.waited, 5);
	ck_assert_str_eq(order, "6 4 61 41 62 42");
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_UNANSWERED), s.asked);
}
END_TEST

/* It was told when nobody waits any more. */
START_TEST(R85_a_store_that_is_late_has_no_time_left)
{
	ck_assert_int_eq(mxsel_options_add_self_address(o, "203.0.113.9"), 0);
	s.takes = 30;
	s.is_late = 1;
	begin("pair.example", 1);
	ck_assert_uint_eq(s.asked, 3);
	ck_assert_uint_eq(s.budgets[0], 5);
	ck_assert_uint_eq(s.budgets[1], 0);
	ck_assert_uint_eq(s.budgets[2], 0);
}
END_TEST

START_TEST(R79_R85_who_reports_waits_for_no_store)
{
	ck_assert_int_eq(mxsel_options_set_recorder(o, keep_nothing, NULL), 0);
	begin("three.example", 1);
	ck_assert_uint_eq(s.asked, 1);
	now += 2000;
	report(MXSEL_OUTCOME_TIMEOUT, 0, NULL);
	ck_assert_uint_eq(s.asked, 1);
	ck_assert_uint_eq(s.told, 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: memory of hosts, stores");
	TCase *t = tcase_create("R85");

	tcase_add_checked_fixture(t, attach, teardown);
	tcase_add_test(t, R85_what_a_store_knows_orders_equals);
	tcase_add_test(t,
		R56_R85_a_selection_waits_for_all_its_questions_as_for_one);
	tcase_add_test(t,
		R85_a_store_that_does_not_answer_is_waited_for_once);
	tcase_add_test(t, R85_a_store_that_is_late_has_no_time_left);
	tcase_add_test(t, R79_R85_who_reports_waits_for_no_store);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
