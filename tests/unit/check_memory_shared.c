/*
 * A memory as the store of others: what one finds out all know (R85).
 */
#include <check.h>

#include "support/remembered.h"
#include "support/run.h"

#define HOST "mx1.example.com"
#define OTHER "mx2.example.com"

static uint64_t now;
static mxsel_memory *shared, *a, *b;

static void setup(void)
{
	mxsel_store *store = NULL;

	now = 1000;
	shared = remembered_new(65536, &now);
	a = remembered_new(65536, &now);
	b = remembered_new(65536, &now);
	ck_assert_int_eq(mxsel_store_new_memory(&store, shared), 0);
	ck_assert_int_eq(mxsel_memory_set_store(a, store), 0);
	ck_assert_int_eq(mxsel_memory_set_store(b, store), 0);
	/* The memories hold it, and it holds the shared one. */
	mxsel_store_free(store);
	mxsel_memory_free(shared);
}

static void teardown(void)
{
	mxsel_memory_free(a);
	mxsel_memory_free(b);
}

START_TEST(R85_what_one_worker_finds_out_all_know)
{
	struct mxsel__known k;

	remembered_tell(a, HOST, FROM_V6, MXSEL_OUTCOME_RCPT, 550, "5.7.1");
	remembered_refused(a, HOST, FROM_V4);
	k = remembered_look(b, HOST);
	ck_assert_uint_eq(k.score, 1000);
	ck_assert_uint_eq(k.last, MXSEL_OUTCOME_REFUSED);
	ck_assert_uint_eq(k.turn, 4);
	ck_assert_uint_eq(k.doubt, MXSEL__V6);
	now += 500;
	remembered_refused(b, HOST, FROM_V4);
	now += 500;
	k = remembered_look(a, HOST);
	ck_assert_uint_eq(k.score, 1965);
	ck_assert_uint_eq(k.age, 500);
	/* One that delivers clears it for all. */
	remembered_tell(b, HOST, FROM_V4, MXSEL_OUTCOME_DELIVERED, 0, NULL);
	ck_assert_uint_gt(remembered_look(a, HOST).score, 0);
	now += 1000;
	k = remembered_look(a, HOST);
	ck_assert_uint_eq(k.score, 0);
	ck_assert_uint_eq(k.works, 4);
}
END_TEST

/* Both saw it fail: the store counts both, whatever each one knows. */
START_TEST(R85_failures_of_all_workers_add_up)
{
	remembered_refused(a, HOST, NULL);
	remembered_refused(b, HOST, NULL);
	remembered_refused(b, HOST, NULL);
	ck_assert_uint_eq(remembered_score(a, HOST), 1000);
	ck_assert_uint_eq(remembered_score(b, HOST), 2000);
	ck_assert_uint_eq(remembered_look(a, HOST).score, 3000);
	ck_assert_uint_eq(remembered_score(shared, HOST), 3000);
	remembered_tell(a, HOST, NULL, MXSEL_OUTCOME_OWN_NAME, 0, NULL);
	ck_assert_uint_eq(remembered_score(shared, HOST), 3000);
	ck_assert_uint_eq(remembered(shared, HOST).outcomes[0],
		MXSEL_OUTCOME_OWN_NAME);
}
END_TEST

START_TEST(R85_one_worker_of_all_tries_a_host_that_failed)
{
	struct mxsel__known k;

	remembered_refused(a, HOST, NULL);
	k = remembered_look(a, HOST);
	ck_assert_int_eq(mxsel__memory_probe(a, &k), 1);
	ck_assert_uint_eq(remembered_look(b, HOST).score, 2000);
	remembered_tell(a, OTHER, FROM_V4, MXSEL_OUTCOME_RCPT, 550, "5.7.1");
	k = remembered_look(b, OTHER);
	ck_assert_uint_eq(k.turn, 6);
	mxsel__memory_turned(b, &k);
	now += 1000;
	ck_assert_uint_eq(remembered_look(a, OTHER).turn, 0);
}
END_TEST

START_TEST(R85_a_host_that_is_forgotten_is_forgotten_by_the_store)
{
	remembered_refused(a, HOST, FROM_V4);
	remembered_refused(a, OTHER, FROM_V4);
	ck_assert_int_eq(mxsel_memory_forget(b, HOST), 0);
	ck_assert_int_eq(remembered_knows(shared, HOST), 0);
	ck_assert_int_eq(remembered_knows(shared, OTHER), 1);
	ck_assert_int_eq(mxsel_memory_forget(b, FROM_V4), 0);
	ck_assert_int_eq(remembered_knows(shared, FROM_V4), 0);
	ck_assert_int_eq(mxsel_memory_forget(b, NULL), 0);
	ck_assert_int_eq(remembered_knows(shared, OTHER), 1);
	ck_assert_uint_eq(remembered_look(b, OTHER).score, 1000);
}
END_TEST

START_TEST(R85_scores_halve_as_whoever_asks_wants_it)
{
	ck_assert_int_eq(mxsel_memory_set(a, MXSEL_MEMORY_HALF_LIFE, 10), 0);
	remembered_refused(a, HOST, NULL);
	remembered_refused(a, HOST, NULL);
	now += 20000;
	ck_assert_uint_eq(remembered_look(a, HOST).score, 500);
	ck_assert_int_eq(mxsel_memory_set(b, MXSEL_MEMORY_HALF_LIFE, 20), 0);
	ck_assert_uint_eq(remembered_look(b, HOST).score, 1000);
}
END_TEST

START_TEST(R85_an_address_is_shared_and_so_is_every_port)
{
	struct mxsel_memory_entry e;

	ck_assert_int_eq(mxsel_memory_report(a, HOST, FROM_V6, 587,
		MXSEL_OUTCOME_LOST, 421, NULL), 0);
	ck_assert_int_eq(mxsel_memory_get(shared, FROM_V6, 587, &e), 1);
	ck_assert_int_eq(e.code, 421);
	ck_assert_int_eq(mxsel_memory_get(shared, HOST, 25, &e), 0);
	ck_assert_int_eq(mxsel_memory_get(shared, HOST, 587, &e), 1);
}
END_TEST

START_TEST(R85_a_memory_is_no_store_of_its_own)
{
	mxsel_store *store = NULL;

	ck_assert_int_eq(mxsel_store_new_memory(&store, a), 0);
	ck_assert_int_eq(mxsel_memory_set_store(a, store), MXSEL_EUSAGE);
	/* What it had it has. */
	remembered_refused(a, HOST, NULL);
	ck_assert_int_eq(remembered_knows(shared, HOST), 1);
	mxsel_store_free(store);
}
END_TEST

/* They would keep each other alive for ever. */
START_TEST(R85_S39_two_memories_are_not_stores_of_each_other)
{
	mxsel_memory *third = remembered_new(65536, &now);
	mxsel_store *store = NULL, *other = NULL;

	ck_assert_int_eq(mxsel_store_new_memory(&store, a), 0);
	ck_assert_int_eq(mxsel_memory_set_store(shared, store), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_set_store(third, store), 0);
	mxsel_store_free(store);
	ck_assert_int_eq(mxsel_store_new_memory(&other, third), 0);
	ck_assert_int_eq(mxsel_memory_set_store(shared, other), MXSEL_EUSAGE);
	mxsel_store_free(other);
	mxsel_memory_free(third);
}
END_TEST

/* What is asked for here lies beside what nobody should be told of. */
START_TEST(R85_what_a_shared_memory_does_not_know_stays_unset)
{
	struct mxsel_memory_entry e[3];
	mxsel_store *store = NULL;

	ck_assert_int_eq(mxsel_store_new_memory(&store, shared), 0);
	remembered_refused(a, HOST, NULL);
	memset(e, 0, sizeof(e));
	(void)snprintf(e[0].name, sizeof(e[0].name), "%s", OTHER);
	(void)snprintf(e[1].name, sizeof(e[1].name), "%s", "no host");
	(void)snprintf(e[2].name, sizeof(e[2].name), "%s", HOST);
	e[0].port = e[1].port = e[2].port = 25;
	/* A half-life of nothing leaves nothing, and divides nothing. */
	now += 5;
	ck_assert_int_eq(mxsel_store_get(store, e, 3, 0, 0), 0);
	ck_assert_uint_eq(e[0].outcomes[0], 0);
	ck_assert_uint_eq(e[1].outcomes[0], 0);
	ck_assert_uint_eq(e[2].outcomes[0], MXSEL_OUTCOME_REFUSED);
	ck_assert_uint_eq(e[2].score, 0);
	mxsel_store_free(store);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/shared");
	TCase *t = tcase_create("shared");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R85_what_one_worker_finds_out_all_know);
	tcase_add_test(t, R85_failures_of_all_workers_add_up);
	tcase_add_test(t, R85_one_worker_of_all_tries_a_host_that_failed);
	tcase_add_test(t,
		R85_a_host_that_is_forgotten_is_forgotten_by_the_store);
	tcase_add_test(t, R85_scores_halve_as_whoever_asks_wants_it);
	tcase_add_test(t, R85_an_address_is_shared_and_so_is_every_port);
	tcase_add_test(t, R85_a_memory_is_no_store_of_its_own);
	tcase_add_test(t, R85_S39_two_memories_are_not_stores_of_each_other);
	tcase_add_test(t,
		R85_what_a_shared_memory_does_not_know_stays_unset);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
