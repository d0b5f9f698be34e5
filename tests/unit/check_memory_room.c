/*
 * A memory that is full: never larger than it was told, and what is of use
 * stays longest (R85). Names come from whoever owns a domain (S2).
 */
#include <check.h>
#include <limits.h>
#include <stdlib.h>

#include "cache/memory_inside.h"
#include "support/remembered.h"
#include "support/run.h"

#define FLOOD 100000

static uint64_t now;
static mxsel_memory *memory;

static void setup(void)
{
	now = 1;
	memory = remembered_new(65536, &now);
}

static void teardown(void)
{
	mxsel_memory_free(memory);
}

static uint64_t statistic(int which)
{
	return mxsel_memory_statistic(memory, which);
}

/* A host of the flood; a long name now and then, when wanted. */
static void flood(int i, int longer)
{
	char name[128];

	(void)snprintf(name, sizeof(name), "mx%d.%s.example", i, longer ?
		"a-name-that-is-so-long-that-it-does-not-fit-with-the-others"
		: "flood");
	remembered_refused(memory, name, NULL);
}

START_TEST(R85_S2_a_flood_of_names_takes_no_more_memory_than_was_set)
{
	static const size_t sizes[] = { 65536, 1 << 20, 4 << 20 };
	size_t bytes = sizes[_i];
	uint64_t entries, most = 0;
	int i;

	mxsel_memory_free(memory);
	memory = remembered_new(bytes, &now);
	for (i = 0; i < FLOOD; i++) {
		flood(i, i % 8 == 0);
		if (i % 1000 != 0)
			continue;
		if (statistic(MXSEL_MEMORY_BYTES) > most)
			most = statistic(MXSEL_MEMORY_BYTES);
	}
	ck_assert_uint_le(most, bytes);
	/* Nearly all of it is used, some 150 octets for each. */
	ck_assert_uint_gt(most, bytes - bytes / 16);
	entries = statistic(MXSEL_MEMORY_ENTRIES);
	ck_assert_uint_gt(entries, bytes / 175);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_EVICTED), FLOOD - entries);
}
END_TEST

START_TEST(R85_S2_hosts_in_use_are_known_after_a_flood)
{
	char name[64];
	int i, j;

	for (j = 0; j < 20; j++) {
		(void)snprintf(name, sizeof(name), "mx%d.example.com", j);
		remembered_refused(memory, name, NULL);
	}
	for (i = 0; i < FLOOD; i++) {
		flood(i, 0);
		if (i % 100 != 0)
			continue;
		for (j = 0; j < 20; j++) {
			(void)snprintf(name, sizeof(name), "mx%d.example.com",
				j);
			ck_assert_int_eq(remembered_look(memory,
				name).is_known, 1);
		}
	}
}
END_TEST

START_TEST(R85_long_names_do_not_drive_short_ones_out)
{
	int i;

	for (i = 0; i < 100; i++)
		flood(i, 0);
	for (i = 0; i < 10000; i++)
		flood(i, 1);
	for (i = 0; i < 100; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "mx%d.flood.example", i);
		ck_assert_int_eq(remembered_knows(memory, name), 1);
	}
	ck_assert_uint_gt(statistic(MXSEL_MEMORY_ENTRIES), 120);
}
END_TEST

START_TEST(R85_what_is_too_old_makes_room_first)
{
	uint64_t old, young, i;

	/* Fill it, one half of it a day later. */
	for (i = 0; statistic(MXSEL_MEMORY_EVICTED) == 0; i++)
		flood((int)i, 0);
	old = statistic(MXSEL_MEMORY_ENTRIES) / 2;
	ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
	for (i = 0; i < old; i++)
		flood((int)i, 0);
	now += 86400001;
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ENTRIES), 0);
	for (young = 0; young < old; young++)
		flood((int)(old + young), 0);
	/* So many others find room, and nothing young is forgotten. */
	i = statistic(MXSEL_MEMORY_EVICTED);
	for (young = 0; young < old; young++)
		flood((int)(3 * old + young), 0);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_EVICTED), i);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ENTRIES), 2 * old);
}
END_TEST

START_TEST(R85_what_was_forgotten_leaves_room)
{
	uint64_t before;
	int i;

	for (i = 0; i < 200; i++)
		flood(i, 0);
	before = statistic(MXSEL_MEMORY_BYTES);
	for (i = 0; i < 100000; i++) {
		char name[64];

		flood(1000 + i, i % 5 == 0);
		(void)snprintf(name, sizeof(name), "mx%d.flood.example",
			1000 + i);
		ck_assert_int_eq(mxsel_memory_forget(memory, name), 0);
		if (i % 5 == 0)
			ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
		if (i % 5 == 0)
			for (int j = 0; j < 10; j++)
				flood(j, 0);
	}
	ck_assert_uint_le(statistic(MXSEL_MEMORY_BYTES), before);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_EVICTED), 0);
	ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
	ck_assert_uint_lt(statistic(MXSEL_MEMORY_BYTES), 2048);
}
END_TEST

/* The entries that a look for one name may have to pass. */
static uint32_t longest_chain(void)
{
	const struct mxsel__part *part = &memory->part[0].part;
	uint32_t i, most = 0;

	for (i = 0; i < part->buckets; i++) {
		uint32_t n = 0, at = part->index[i];

		while (at != 0) {
			at = ((const struct mxsel__slot *)(const void *)
				(part->slots + (size_t)(at - 1) *
				MXSEL__SLOT_UNIT))->next;
			n++;
		}
		most = n > most ? n : most;
	}
	return most;
}

START_TEST(R85_S2_nobody_can_choose_names_that_meet)
{
	mxsel_memory *other = remembered_new(65536, &now);
	struct mxsel__key a, b;
	int i, differs = 0;

	for (i = 0; i < 64; i++) {
		char name[32];
		size_t length;

		length = (size_t)snprintf(name, sizeof(name), "mx%d.example",
			i);
		mxsel__memory_key(memory, &a, MXSEL_MEMORY_HOST, name, length,
			25);
		mxsel__memory_key(other, &b, MXSEL_MEMORY_HOST, name, length,
			25);
		differs += a.hash != b.hash;
	}
	ck_assert_int_ge(differs, 63);
	for (i = 0; i < FLOOD; i++)
		flood(i, i % 8 == 0);
	ck_assert_uint_lt(longest_chain(), 16);
	mxsel_memory_free(other);
}
END_TEST

/* ----------------------------------------------------------------- settings */

START_TEST(R85_settings_have_their_bounds)
{
	static const struct {
		int setting, least, most;
	} bounds[] = {
		{ MXSEL_MEMORY_HALF_LIFE, 1, 86400 },
		{ MXSEL_MEMORY_EXPLORE, 0, 1000 },
		{ MXSEL_MEMORY_KEEP, 60, 2592000 },
		{ MXSEL_MEMORY_REFRESH, 0, 3600000 },
		{ MXSEL_MEMORY_BUDGET, 0, 1000 },
		{ MXSEL_MEMORY_READ_ONLY, 0, 1 },
	};
	int i;

	for (i = 0; i < 6; i++) {
		int s = bounds[i].setting;

		ck_assert_int_eq(mxsel_memory_set(memory, s, bounds[i].least),
			0);
		ck_assert_int_eq(mxsel_memory_set(memory, s, bounds[i].most),
			0);
		ck_assert_int_eq(mxsel_memory_set(memory, s,
			bounds[i].least - 1), MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_memory_set(memory, s,
			bounds[i].most + 1), MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_memory_set(NULL, s, bounds[i].most),
			MXSEL_EUSAGE);
	}
	ck_assert_int_eq(mxsel_memory_set(memory, 0, 1), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_set(memory, 7, 1), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_set(memory, -1, 1), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_set(memory, 0, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_set(memory, INT_MAX, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_set(memory, INT_MIN, 0), MXSEL_ERANGE);
	ck_assert_uint_eq(mxsel__memory_explore(memory), 1000);
}
END_TEST

START_TEST(R85_the_octets_in_use_are_those_of_hosts_and_of_the_memory_itself)
{
	uint64_t empty = statistic(MXSEL_MEMORY_BYTES), some;
	int i;

	ck_assert_uint_gt(empty, 0);
	ck_assert_uint_lt(empty, 2048);
	for (i = 0; i < 100; i++)
		flood(i, 0);
	some = statistic(MXSEL_MEMORY_BYTES) - empty;
	ck_assert_uint_gt(some, 100 * 100);
	ck_assert_uint_lt(some, 100 * 175);
	flood(0, 1);
	ck_assert_uint_gt(statistic(MXSEL_MEMORY_BYTES), empty + some + 300);
	ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_BYTES), empty);
}
END_TEST

START_TEST(R85_what_is_not_counted_is_none)
{
	remembered_refused(memory, "mx.example", FROM_V4);
	mxsel__memory_count_behind(memory, 3);
	mxsel__memory_count_behind(memory, 2);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_BEHIND), 5);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_REPORTS), 1);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ENTRIES), 2);
	ck_assert_uint_eq(statistic(-1), 0);
	ck_assert_uint_eq(statistic(8), 0);
	ck_assert_uint_eq(statistic(INT_MAX), 0);
	ck_assert_uint_eq(statistic(INT_MIN), 0);
	ck_assert_uint_eq(mxsel_memory_statistic(NULL, MXSEL_MEMORY_BEHIND),
		0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/room");
	TCase *t = tcase_create("room");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t,
		R85_S2_a_flood_of_names_takes_no_more_memory_than_was_set, 0,
		3);
	tcase_add_test(t, R85_S2_hosts_in_use_are_known_after_a_flood);
	tcase_add_test(t, R85_long_names_do_not_drive_short_ones_out);
	tcase_add_test(t, R85_what_is_too_old_makes_room_first);
	tcase_add_test(t, R85_what_was_forgotten_leaves_room);
	tcase_add_test(t, R85_S2_nobody_can_choose_names_that_meet);
	tcase_add_test(t, R85_settings_have_their_bounds);
	tcase_add_test(t,
	R85_the_octets_in_use_are_those_of_hosts_and_of_the_memory_itself);
	tcase_add_test(t, R85_what_is_not_counted_is_none);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
