/*
 * What selections do with a memory: hosts and addresses looked up together,
 * one that failed is tried again by one of them only (R85).
 */
#include <check.h>

#include "support/remembered.h"
#include "support/run.h"

#define HOST "mx1.example.com"

static uint64_t now;
static mxsel_memory *memory;

static void setup(void)
{
	now = 100;
	memory = remembered_new(65536, &now);
}

static void teardown(void)
{
	mxsel_memory_free(memory);
}

static uint64_t probes(void)
{
	return mxsel_memory_statistic(memory, MXSEL_MEMORY_PROBES);
}

/* --------------------------------------------------------------------- look */

START_TEST(R85_hosts_and_addresses_are_looked_up_together)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };
	struct mxsel__known k[3];

	memset(k, 0x5a, sizeof(k));
	k[0] = remembered_host(HOST);
	k[1] = remembered_host("mx2.example.com");
	k[2].name = (const char *)v4;
	k[2].length = 4;
	k[2].port = 25;
	k[2].kind = MXSEL_MEMORY_ADDRESS;
	ck_assert_int_eq(mxsel__memory_look(memory, k, 3), 0);
	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_GREETING, 554,
		"5.7.1");
	now += 1000;
	ck_assert_int_eq(mxsel__memory_look(memory, k, 3), 1);
	ck_assert_uint_eq(k[0].is_known, 1);
	ck_assert_uint_eq(k[0].last, MXSEL_OUTCOME_GREETING);
	ck_assert_uint_eq(k[0].doubt, MXSEL__V4);
	ck_assert_uint_eq(k[0].age, 1000);
	ck_assert_uint_eq(k[1].is_known, 0);
	ck_assert_uint_eq(k[1].score, 0);
	ck_assert_uint_eq(k[1].last, 0);
	ck_assert_uint_eq(k[2].is_known, 1);
	ck_assert_uint_eq(k[2].doubt, 0);
	ck_assert_uint_gt(k[2].score, 900);
	ck_assert_int_eq(mxsel__memory_look(memory, k, 0), 0);
}
END_TEST

START_TEST(R85_as_many_as_there_can_be_are_looked_up)
{
	struct mxsel__known k[MXSEL__KNOWN_MAX];
	char names[MXSEL__KNOWN_MAX][32];
	unsigned i;

	for (i = 0; i < MXSEL__KNOWN_MAX; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "mx%u.example", i);
		k[i] = remembered_host(names[i]);
		if (i % 2)
			remembered_refused(memory, names[i], NULL);
	}
	ck_assert_int_eq(mxsel__memory_look(memory, k, MXSEL__KNOWN_MAX), 1);
	for (i = 0; i < MXSEL__KNOWN_MAX; i++)
		ck_assert_uint_eq(k[i].is_known, i % 2);
}
END_TEST

START_TEST(R85_what_was_looked_up_is_an_entry_for_the_recorder)
{
	static const uint8_t v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	struct mxsel_memory_entry e, got;
	struct mxsel__known k;

	remembered_tell(memory, HOST, FROM_V6, MXSEL_OUTCOME_RCPT, 450, NULL);
	remembered_tell(memory, HOST, FROM_V6, MXSEL_OUTCOME_LOST, 0, NULL);
	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_RCPT, 550,
		"5.7.1");
	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_TIMEOUT, 0, NULL);
	now += 15000;
	k = remembered_look(memory, HOST);
	mxsel__memory_entry(&e, &k);
	got = remembered(memory, HOST);
	got.outcomes[1] = got.outcomes[2] = got.outcomes[3] = 0;
	remembered_same(&e, &got);
	ck_assert_int_eq(e.turn, 6);
	ck_assert_int_eq(e.doubt, 1);
	ck_assert_str_eq(e.again, FROM_V6);
	ck_assert_uint_eq(e.score, 707);
	/* It can be put, and looks the same then. */
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	got = remembered(memory, HOST);
	remembered_same(&e, &got);
	memset(&k, 0, sizeof(k));
	k.kind = MXSEL_MEMORY_ADDRESS;
	k.name = (const char *)v6;
	k.length = 16;
	k.port = 587;
	mxsel__memory_entry(&e, &k);
	ck_assert_str_eq(e.name, FROM_V6);
	ck_assert_int_eq(e.port, 587);
	ck_assert_uint_eq(e.outcomes[0], 0);
}
END_TEST

/* -------------------------------------------------------------------- probe */

START_TEST(R85_of_two_that_see_a_host_failed_one_tries_it)
{
	struct mxsel__known a, b;

	remembered_refused(memory, HOST, FROM_V4);
	now += 20000;
	a = remembered_look(memory, HOST);
	b = remembered_look(memory, HOST);
	ck_assert_int_eq(mxsel__memory_probe(memory, &a), 1);
	ck_assert_int_eq(mxsel__memory_probe(memory, &b), 0);
	ck_assert_uint_eq(probes(), 1);
	/* It counts as failed once more, and was heard of when it was. */
	ck_assert_uint_eq(remembered_score(memory, HOST), a.score + 1000);
	ck_assert_uint_eq(remembered(memory, HOST).age, 20000);
	ck_assert_uint_eq(remembered(memory, HOST).outcomes[1], 0);
	ck_assert_uint_eq(remembered_score(memory, FROM_V4), a.score);
	/* Who looks now may try it by another chance. */
	a = remembered_look(memory, HOST);
	ck_assert_int_eq(mxsel__memory_probe(memory, &a), 1);
	ck_assert_uint_eq(probes(), 2);
}
END_TEST

START_TEST(R85_one_of_two_tries_a_host_that_failed_as_often_as_counts)
{
	struct mxsel__known a, b;
	int i;

	for (i = 0; i < 6; i++)
		remembered_refused(memory, HOST, NULL);
	a = remembered_look(memory, HOST);
	b = remembered_look(memory, HOST);
	ck_assert_uint_eq(a.score, 4000);
	ck_assert_int_eq(mxsel__memory_probe(memory, &b), 1);
	ck_assert_int_eq(mxsel__memory_probe(memory, &a), 0);
	ck_assert_uint_eq(remembered_score(memory, HOST), 4000);
}
END_TEST

START_TEST(R85_nobody_tries_a_host_that_failed_since_he_looked)
{
	struct mxsel__known k;
	int i;

	remembered_refused(memory, HOST, NULL);
	for (i = 0; i < 300; i++) {
		k = remembered_look(memory, HOST);
		remembered_refused(memory, HOST, NULL);
		ck_assert_int_eq(mxsel__memory_probe(memory, &k), 0);
	}
	ck_assert_uint_eq(probes(), 0);
}
END_TEST

START_TEST(R85_one_that_is_well_again_or_forgotten_is_tried_by_all)
{
	struct mxsel__known k;

	remembered_refused(memory, HOST, NULL);
	k = remembered_look(memory, HOST);
	remembered_tell(memory, HOST, NULL, MXSEL_OUTCOME_DELIVERED, 0, NULL);
	ck_assert_int_eq(mxsel__memory_probe(memory, &k), 2);
	ck_assert_uint_eq(remembered_score(memory, HOST), 0);
	ck_assert_int_eq(mxsel_memory_forget(memory, HOST), 0);
	ck_assert_int_eq(mxsel__memory_probe(memory, &k), 2);
	ck_assert_int_eq(remembered_knows(memory, HOST), 0);
	ck_assert_int_eq(mxsel__memory_turned(memory, &k), 0);
	ck_assert_int_eq(remembered_knows(memory, HOST), 0);
	remembered_refused(memory, HOST, NULL);
	k = remembered_look(memory, HOST);
	now += 86400001;
	ck_assert_int_eq(mxsel__memory_probe(memory, &k), 2);
	ck_assert_int_eq(mxsel__memory_turned(memory, &k), 0);
	ck_assert_int_eq(remembered_knows(memory, HOST), 0);
	ck_assert_uint_eq(probes(), 0);
}
END_TEST

/* A step that finds no memory is made again, and must find what it found. */
START_TEST(R85_S39_a_probe_that_is_taken_back_was_none)
{
	struct mxsel__known k, again;

	remembered_refused(memory, HOST, NULL);
	k = remembered_look(memory, HOST);
	ck_assert_int_eq(mxsel__memory_probe(memory, &k), 1);
	mxsel__memory_unprobe(memory, &k);
	again = remembered_look(memory, HOST);
	ck_assert_uint_eq(again.score, k.score);
	ck_assert_uint_eq(probes(), 0);
	ck_assert_int_eq(mxsel__memory_probe(memory, &again), 1);
	/* What was reported meanwhile stays. */
	remembered_tell(memory, HOST, NULL, MXSEL_OUTCOME_DELIVERED, 0, NULL);
	mxsel__memory_unprobe(memory, &again);
	ck_assert_uint_eq(remembered_score(memory, HOST), 0);
}
END_TEST

START_TEST(R85_S39_a_turn_that_is_taken_back_is_there_again)
{
	struct mxsel__known k;

	remembered_tell(memory, HOST, FROM_V6, MXSEL_OUTCOME_MAIL, 550,
		"5.7.1 No");
	k = remembered_look(memory, HOST);
	ck_assert_uint_eq(k.turn, 4);
	ck_assert_int_eq(mxsel__memory_turned(memory, &k), 1);
	ck_assert_int_eq(mxsel__memory_turned(memory, &k), 0);
	ck_assert_uint_eq(remembered_look(memory, HOST).turn, 0);
	mxsel__memory_unturned(memory, &k);
	ck_assert_uint_eq(remembered_look(memory, HOST).turn, 4);
	mxsel__memory_turned(memory, &k);
	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_DELIVERED, 0,
		NULL);
	mxsel__memory_unturned(memory, &k);
	ck_assert_uint_eq(remembered_look(memory, HOST).turn, 0);
}
END_TEST

START_TEST(R85_a_turn_and_a_failure_that_are_too_old_are_nobodys)
{
	struct mxsel__known k;

	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_KEEP, 60), 0);
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_HALF_LIFE,
		86400), 0);
	remembered_tell(memory, HOST, FROM_V6, MXSEL_OUTCOME_GREETING, 554,
		"5.7.1");
	k = remembered_look(memory, HOST);
	ck_assert_uint_eq(k.turn, 4);
	ck_assert_uint_eq(k.score, 1000);
	now += 60001;
	ck_assert_int_eq(mxsel__memory_turned(memory, &k), 0);
	ck_assert_int_eq(mxsel__memory_probe(memory, &k), 2);
	ck_assert_int_eq(remembered_knows(memory, HOST), 0);
	ck_assert_uint_eq(probes(), 0);
}
END_TEST

START_TEST(R85_a_delivery_ends_a_probe)
{
	struct mxsel__known k;

	remembered_refused(memory, HOST, NULL);
	k = remembered_look(memory, HOST);
	ck_assert_int_eq(mxsel__memory_probe(memory, &k), 1);
	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_DELIVERED, 0,
		NULL);
	ck_assert_uint_eq(remembered_score(memory, HOST), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/probe");
	TCase *t = tcase_create("probe");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R85_hosts_and_addresses_are_looked_up_together);
	tcase_add_test(t, R85_as_many_as_there_can_be_are_looked_up);
	tcase_add_test(t,
		R85_what_was_looked_up_is_an_entry_for_the_recorder);
	tcase_add_test(t, R85_of_two_that_see_a_host_failed_one_tries_it);
	tcase_add_test(t,
		R85_one_of_two_tries_a_host_that_failed_as_often_as_counts);
	tcase_add_test(t,
		R85_nobody_tries_a_host_that_failed_since_he_looked);
	tcase_add_test(t,
		R85_one_that_is_well_again_or_forgotten_is_tried_by_all);
	tcase_add_test(t, R85_S39_a_probe_that_is_taken_back_was_none);
	tcase_add_test(t, R85_S39_a_turn_that_is_taken_back_is_there_again);
	tcase_add_test(t,
		R85_a_turn_and_a_failure_that_are_too_old_are_nobodys);
	tcase_add_test(t, R85_a_delivery_ends_a_probe);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
