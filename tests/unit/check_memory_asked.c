/*
 * How long a store is waited for, and what its word does to those who look at
 * the same host meanwhile (R85). May use lib/cache and Check.
 */
#include <check.h>

#include "support/idle_store.h"
#include "support/remembered.h"
#include "support/run.h"

#define HOST "mx1.example.com"
#define OTHER "mx2.example.com"

static uint64_t now;
static mxsel_memory *memory;

/* A store that does as it is told. */
static struct {
	int asked, fails;
	uint32_t budget;         /* it was asked with last */
	uint64_t takes;          /* milliseconds by the clock */
	int reports;             /* of HOST, while it is asked */
	const char *knows;       /* or NULL */
	uint32_t score;
} s;

static int get(struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life, uint32_t budget, void *user)
{
	size_t i;
	int n;

	(void)half_life;
	(void)user;
	s.asked++;
	s.budget = budget;
	now += s.takes;
	for (n = 0; n < s.reports; n++)
		remembered_refused(memory, HOST, NULL);
	for (i = 0; i < count; i++) {
		if (s.knows == NULL || strcmp(entries[i].name, s.knows) != 0)
			continue;
		entries[i].score = s.score;
		entries[i].outcomes[0] = MXSEL_OUTCOME_TIMEOUT;
	}
	return s.fails ? -1 : 0;
}

static void setup(void)
{
	mxsel_store *store = NULL;

	now = UINT64_C(1) << 40;
	memset(&s, 0, sizeof(s));
	memory = remembered_new(65536, &now);
	ck_assert_int_eq(mxsel_store_new(&store, get, idle_record, NULL), 0);
	ck_assert_int_eq(mxsel_memory_set_store(memory, store), 0);
	mxsel_store_free(store);
}

static void teardown(void)
{
	mxsel_memory_free(memory);
}

/* A look-up by one who has waited so long before. */
static void look_on(const char *name, uint32_t *waited)
{
	struct mxsel__known k = remembered_host(name);
	int asked = s.asked;

	(void)mxsel__memory_look_on(memory, &k, 1, waited);
	ck_assert_int_eq(s.asked, asked + 1);
}

/* ------------------------------------------------------------------- waited */

START_TEST(R85_a_selection_waits_so_long_and_no_longer)
{
	uint32_t waited = 0;

	s.takes = 2;
	look_on(HOST, &waited);
	ck_assert_uint_eq(s.budget, 5);
	ck_assert_uint_eq(waited, 2);
	look_on(OTHER, &waited);
	ck_assert_uint_eq(s.budget, 3);
	ck_assert_uint_eq(waited, 4);
	look_on("mx3.example.com", &waited);
	ck_assert_uint_eq(s.budget, 1);
	ck_assert_uint_eq(waited, 5);
	look_on("mx4.example.com", &waited);
	ck_assert_uint_eq(s.budget, 0);
	ck_assert_uint_eq(waited, 5);
}
END_TEST

/* Whatever the clock says: nobody waits for such a one again. */
START_TEST(R85_a_store_that_does_not_answer_was_waited_for_to_the_end)
{
	uint32_t waited = 0;

	s.fails = 1;
	look_on(HOST, &waited);
	ck_assert_uint_eq(waited, 5);
	look_on(OTHER, &waited);
	ck_assert_uint_eq(s.budget, 0);
	ck_assert_uint_eq(waited, 5);
}
END_TEST

START_TEST(R85_F83_a_clock_that_leaps_ends_the_waiting)
{
	uint32_t waited = 0;

	s.takes = UINT64_C(1) << 32; /* 49 days */
	look_on(HOST, &waited);
	ck_assert_uint_eq(waited, 5);
}
END_TEST

START_TEST(R85_F83_a_clock_that_goes_back_is_no_waiting)
{
	uint32_t waited = 0;

	s.takes = (uint64_t)0 - 5000;
	look_on(HOST, &waited);
	ck_assert_uint_eq(waited, 0);
	look_on(OTHER, &waited);
	ck_assert_uint_eq(s.budget, 5);
}
END_TEST

START_TEST(R85_who_has_waited_longer_than_may_be_by_now_waits_no_more)
{
	uint32_t waited = 0;

	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_BUDGET, 10), 0);
	s.fails = 1;
	look_on(HOST, &waited);
	ck_assert_uint_eq(waited, 10);
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_BUDGET, 5), 0);
	look_on(OTHER, &waited);
	ck_assert_uint_eq(s.budget, 0);
}
END_TEST

/* ---------------------------------------------------------------- meanwhile */

/* As often as a version has values: it must not look like none. */
START_TEST(R85_whatever_is_reported_while_a_store_is_asked_counts)
{
	static const int reports[] = { 1, 254, 255, 256, 257 };

	s.reports = reports[_i];
	s.knows = HOST;
	ck_assert_uint_eq(remembered_look(memory, HOST).score,
		s.reports == 1 ? 1000 : 4000);
	ck_assert_uint_eq(remembered(memory, HOST).outcomes[0],
		MXSEL_OUTCOME_REFUSED);
}
END_TEST

/* Two here look at the same host, one after the other. */
START_TEST(R85_a_host_of_which_a_store_says_no_more_is_tried_by_who_saw_it)
{
	struct mxsel__known first, second;

	s.knows = HOST;
	s.score = 2000;
	first = remembered_look(memory, HOST);
	ck_assert_uint_eq(first.score, 2000);
	now += 1000;
	s.score = 1900;
	second = remembered_look(memory, HOST);
	ck_assert_uint_eq(second.score, 1900);
	ck_assert_int_eq(s.asked, 2);
	ck_assert_int_eq(mxsel__memory_probe(memory, &first), 1);
	ck_assert_int_eq(mxsel__memory_probe(memory, &second), 0);
}
END_TEST

/* Somewhere else one tries it, or failed again. */
START_TEST(R85_a_host_of_which_a_store_says_more_is_not_tried_by_who_saw_less)
{
	struct mxsel__known first, second;

	s.knows = HOST;
	s.score = 2000;
	first = remembered_look(memory, HOST);
	now += 1000;
	s.score = 2950;
	second = remembered_look(memory, HOST);
	ck_assert_int_eq(s.asked, 2);
	ck_assert_int_eq(mxsel__memory_probe(memory, &first), 0);
	ck_assert_int_eq(mxsel__memory_probe(memory, &second), 1);
}
END_TEST

/* ------------------------------------------------------------------- shared */

START_TEST(R85_S41_what_is_no_name_is_nobody_in_a_shared_memory)
{
	struct mxsel_memory_entry e[2];
	mxsel_memory *shared = remembered_new(65536, &now);
	mxsel_store *store = NULL;

	remembered_refused(shared, HOST, NULL);
	ck_assert_int_eq(mxsel_store_new_memory(&store, shared), 0);
	e[0] = e[1] = remembered_entry(HOST);
	(void)snprintf(e[1].name, sizeof(e[1].name), "%s..", HOST);
	e[0].score = e[1].score = 0;
	ck_assert_int_eq(mxsel_store_get(store, e, 2, 30000, 5), 0);
	ck_assert_uint_eq(e[0].score, 1000);
	ck_assert_uint_eq(e[1].score, 0);
	mxsel_store_free(store);
	mxsel_memory_free(shared);
}
END_TEST

/* However slowly scores fall for who tells of it. */
START_TEST(R85_what_a_shared_memory_has_forgotten_does_not_add_up)
{
	mxsel_memory *shared = remembered_new(65536, &now);
	mxsel_store *store = NULL;

	ck_assert_int_eq(mxsel_memory_set(shared, MXSEL_MEMORY_KEEP, 60), 0);
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_HALF_LIFE,
		86400), 0);
	ck_assert_int_eq(mxsel_store_new_memory(&store, shared), 0);
	ck_assert_int_eq(mxsel_memory_set_store(memory, store), 0);
	mxsel_store_free(store);
	remembered_refused(memory, HOST, NULL);
	now += 60001;
	remembered_refused(memory, HOST, NULL);
	ck_assert_uint_gt(remembered_score(memory, HOST), 1900);
	ck_assert_uint_eq(remembered_score(shared, HOST), 1000);
	mxsel_memory_free(shared);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/asked");
	TCase *t = tcase_create("asked");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R85_a_selection_waits_so_long_and_no_longer);
	tcase_add_test(t,
		R85_a_store_that_does_not_answer_was_waited_for_to_the_end);
	tcase_add_test(t, R85_F83_a_clock_that_leaps_ends_the_waiting);
	tcase_add_test(t, R85_F83_a_clock_that_goes_back_is_no_waiting);
	tcase_add_test(t,
		R85_who_has_waited_longer_than_may_be_by_now_waits_no_more);
	tcase_add_loop_test(t,
		R85_whatever_is_reported_while_a_store_is_asked_counts, 0, 5);
	tcase_add_test(t,
	R85_a_host_of_which_a_store_says_no_more_is_tried_by_who_saw_it);
	tcase_add_test(t,
	R85_a_host_of_which_a_store_says_more_is_not_tried_by_who_saw_less);
	tcase_add_test(t,
		R85_S41_what_is_no_name_is_nobody_in_a_shared_memory);
	tcase_add_test(t,
		R85_what_a_shared_memory_has_forgotten_does_not_add_up);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
