/*
 * What a memory of hosts does at its edges: names that share a hash, stores
 * that are told nonsense or asked too much, steps taken back too late (R85).
 * May use lib/cache and Check.
 */
#include <check.h>
#include <stdlib.h>

#include "cache/memory_inside.h"
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

/* -------------------------------------------------------------------- table */

static struct mxsel__slot *add(struct mxsel__part *part, const char *name,
	int kind, struct mxsel__key *key)
{
	static const struct mxsel__when when = { 100, 100, 100000, 1000, 1000 };

	memset(key, 0, sizeof(*key));
	key->name = name;
	key->length = (uint16_t)strlen(name);
	key->kind = (uint8_t)kind;
	key->port = 25;
	key->hash = UINT64_C(77) << 32;
	return mxsel__part_add(part, key, &when, 1);
}

/* A hash is kept in half: who finds two names of the same has two entries. */
START_TEST(R85_S2_names_that_share_a_hash_are_told_apart)
{
	static const struct {
		const char *name;
		int kind;
	} same[] = {
		{ "aaaa", MXSEL_MEMORY_HOST }, { "bbbb", MXSEL_MEMORY_HOST },
		{ "aaaaa", MXSEL_MEMORY_HOST }, { "aaaa", MXSEL_MEMORY_ADDRESS }
	};
	struct mxsel__part *part = &memory->part[0].part;
	struct mxsel__key keys[4];
	struct mxsel__slot *slots[4];
	size_t i, k;

	for (i = 0; i < 4; i++) {
		slots[i] = add(part, same[i].name, same[i].kind, &keys[i]);
		ck_assert_ptr_nonnull(slots[i]);
		for (k = 0; k <= i; k++)
			ck_assert_ptr_eq(mxsel__part_find(part, &keys[k]),
				slots[k]);
	}
	mxsel__part_forget(part, &keys[1]);
	ck_assert_ptr_null(mxsel__part_find(part, &keys[1]));
	for (i = 0; i < 4; i++)
		if (i != 1)
			ck_assert_ptr_eq(mxsel__part_find(part, &keys[i]),
				slots[i]);
}
END_TEST

/* --------------------------------------------------------------------- time */

/*
 * The table cannot tell what the clock says: a part's time never goes back,
 * but what was put from a file may seem to come from later.
 */
START_TEST(R85_what_seems_to_come_from_later_is_new)
{
	struct mxsel__when when = { 0, 1000, 500, 0, 1000 };
	struct mxsel__past past;
	struct mxsel__slot slot;
	struct mxsel__known k;

	memset(&past, 0, sizeof(past));
	memset(&slot, 0, sizeof(slot));
	memset(&k, 0, sizeof(k));
	slot.past.heard = 2000;
	slot.past.outcomes[0] = MXSEL_OUTCOME_LOST;
	mxsel__memory_fill(&k, &slot, &when);
	ck_assert_uint_eq(k.is_known, 1);
	ck_assert_uint_eq(k.age, 0);
	ck_assert_uint_eq(k.last, MXSEL_OUTCOME_LOST);
	slot.past.heard = 499;
	mxsel__memory_fill(&k, &slot, &when);
	ck_assert_uint_eq(k.is_known, 0);
	ck_assert_uint_eq(k.last, 0);
	slot.past.heard = 0;
	mxsel__memory_fill(&k, &slot, &when);
	ck_assert_uint_eq(k.is_known, 0);
}
END_TEST

START_TEST(R85_an_age_stops_where_its_number_ends)
{
	struct mxsel__when when = { 0, UINT64_C(1) << 40, UINT64_MAX, 0, 1 };
	struct mxsel_memory_entry e;
	struct mxsel__past past;

	memset(&past, 0, sizeof(past));
	memset(&e, 0, sizeof(e));
	past.heard = 1;
	mxsel__memory_show(&e, &past, &when);
	ck_assert_uint_eq(e.age, UINT32_MAX);
	past.heard = 5000;
	mxsel__memory_show(&e, &past, &when);
	ck_assert_uint_eq(e.age, UINT32_MAX);
	past.heard = when.now - UINT32_MAX;
	mxsel__memory_show(&e, &past, &when);
	ck_assert_uint_eq(e.age, UINT32_MAX);
	past.heard++;
	mxsel__memory_show(&e, &past, &when);
	ck_assert_uint_eq(e.age, UINT32_MAX - 1);
	past.heard = when.now + 1;
	mxsel__memory_show(&e, &past, &when);
	ck_assert_uint_eq(e.age, 0);
}
END_TEST

/* -------------------------------------------------------------------- steps */

START_TEST(S39_R85_a_step_is_taken_back_of_who_was_forgotten)
{
	struct mxsel__known k;

	remembered_tell(memory, HOST, FROM_V6, MXSEL_OUTCOME_RCPT, 550,
		"5.7.1");
	remembered_refused(memory, HOST, NULL);
	k = remembered_look(memory, HOST);
	ck_assert_int_eq(k.turn, 4);
	ck_assert_int_eq(mxsel__memory_turned(memory, &k), 1);
	ck_assert_int_eq(mxsel__memory_probe(memory, &k), 1);
	ck_assert_int_eq(mxsel_memory_forget(memory, HOST), 0);
	mxsel__memory_unprobe(memory, &k);
	mxsel__memory_unturned(memory, &k);
	ck_assert_int_eq(remembered_knows(memory, HOST), 0);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_PROBES), 1);
}
END_TEST

/* Whoever took the turn or tried it in between has done so. */
START_TEST(S39_R85_a_step_is_not_taken_back_over_what_was_reported_since)
{
	struct mxsel__known k;

	remembered_tell(memory, HOST, FROM_V6, MXSEL_OUTCOME_RCPT, 550,
		"5.7.1");
	remembered_refused(memory, HOST, NULL);
	k = remembered_look(memory, HOST);
	ck_assert_int_eq(mxsel__memory_turned(memory, &k), 1);
	ck_assert_int_eq(mxsel__memory_probe(memory, &k), 1);
	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_DELIVERED, 0,
		NULL);
	mxsel__memory_unprobe(memory, &k);
	mxsel__memory_unturned(memory, &k);
	ck_assert_uint_eq(remembered_score(memory, HOST), 0);
	ck_assert_int_eq(remembered(memory, HOST).turn, 0);
}
END_TEST

/* ------------------------------------------------------------------- stores */

START_TEST(R85_a_store_is_asked_of_64_at_a_time)
{
	struct mxsel_memory_entry entries[65];
	mxsel_store *store;
	size_t i;

	for (i = 0; i < 65; i++) {
		entries[i] = remembered_entry(HOST);
		entries[i].score = 0;
	}
	remembered_refused(memory, HOST, NULL);
	ck_assert_int_eq(mxsel_store_new_memory(&store, memory), 0);
	ck_assert_int_eq(mxsel_store_get(store, entries, 65, 30, 5),
		MXSEL_ERANGE);
	ck_assert_uint_eq(entries[0].score, 0);
	ck_assert_int_eq(mxsel_store_get(store, entries, 64, 30, 5), 0);
	ck_assert_uint_eq(entries[63].score, 1000);
	ck_assert_uint_eq(entries[64].score, 0);
	mxsel_store_free(store);
}
END_TEST

/* What is over in the shared one is over for all that ask it. */
START_TEST(R85_what_a_shared_memory_forgets_nobody_hears_of)
{
	struct mxsel_memory_entry e = remembered_entry(HOST);
	mxsel_store *store;

	e.score = 0;
	e.outcomes[0] = 0;
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_KEEP, 60), 0);
	ck_assert_int_eq(mxsel_store_new_memory(&store, memory), 0);
	remembered_refused(memory, HOST, NULL);
	now += 60001;
	ck_assert_int_eq(mxsel_store_get(store, &e, 1, 30000, 5), 0);
	ck_assert_uint_eq(e.outcomes[0], 0);
	remembered_refused(memory, HOST, NULL);
	now += 60000;
	ck_assert_int_eq(mxsel_store_get(store, &e, 1, 30000, 5), 0);
	ck_assert_uint_eq(e.outcomes[0], MXSEL_OUTCOME_REFUSED);
	mxsel_store_free(store);
}
END_TEST

START_TEST(R85_a_shared_memory_that_is_told_nonsense_is_as_it_was)
{
	struct mxsel_memory_entry e = remembered_entry("no host");
	struct mxsel_memory_entry like = remembered_entry(HOST "..");
	mxsel_store *store;

	ck_assert_int_eq(mxsel_store_new_memory(&store, memory), 0);
	store->record(&e, MXSEL_STORE_FAILED, 30000, store->user);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_ENTRIES), 0);
	e = remembered_entry(HOST);
	store->record(&e, MXSEL_STORE_FAILED, 30000, store->user);
	store->record(&like, MXSEL_STORE_FAILED, 30000, store->user);
	ck_assert_uint_eq(remembered_score(memory, HOST), 1000);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_ENTRIES), 1);
	mxsel_store_free(store);
}
END_TEST

/* --------------------------------------------------------------------- room */

/* A table of so few slots that its broom comes by twice at once. */
START_TEST(R85_a_tiny_table_is_swept_when_all_in_it_are_over)
{
	struct mxsel__when when = { 100, 100, 100000, 1000, 1000 };
	struct mxsel__part part;
	struct mxsel__key key = { "mx", 0, 2, 25, MXSEL_MEMORY_HOST };
	uint32_t i, count;

	memset(&part, 0, sizeof(part));
	mxsel__part_divide(&part, 1024);
	count = part.pools[0].count;
	ck_assert_uint_gt(count, 1);
	ck_assert_uint_lt(count, 16);
	part.slots = calloc(1, mxsel__part_slots_size(&part));
	part.index = calloc(part.buckets, sizeof(*part.index));
	ck_assert(part.slots != NULL && part.index != NULL);
	for (i = 0; i < count; i++) {
		key.port = (uint16_t)(i + 1);
		ck_assert_ptr_nonnull(mxsel__part_add(&part, &key, &when, 0));
	}
	key.port = 1000;
	ck_assert_ptr_null(mxsel__part_find(&part, &key));
	when.now += when.refresh; /* no store said anything of them */
	ck_assert_ptr_nonnull(mxsel__part_add(&part, &key, &when, 0));
	ck_assert_uint_eq(part.pools[0].taken, 1);
	ck_assert_ptr_nonnull(mxsel__part_find(&part, &key));
	key.port = 1;
	ck_assert_ptr_null(mxsel__part_find(&part, &key));
	free(part.slots);
	free(part.index);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cache: memory of hosts, edges");
	TCase *t = tcase_create("R85");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R85_S2_names_that_share_a_hash_are_told_apart);
	tcase_add_test(t, R85_what_seems_to_come_from_later_is_new);
	tcase_add_test(t, R85_an_age_stops_where_its_number_ends);
	tcase_add_test(t, S39_R85_a_step_is_taken_back_of_who_was_forgotten);
	tcase_add_test(t,
		S39_R85_a_step_is_not_taken_back_over_what_was_reported_since);
	tcase_add_test(t, R85_a_store_is_asked_of_64_at_a_time);
	tcase_add_test(t, R85_what_a_shared_memory_forgets_nobody_hears_of);
	tcase_add_test(t,
		R85_a_shared_memory_that_is_told_nonsense_is_as_it_was);
	tcase_add_test(t,
		R85_a_tiny_table_is_swept_when_all_in_it_are_over);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
