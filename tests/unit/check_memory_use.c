/*
 * Who goes when a memory is full: what nobody needs, then what nobody knows,
 * then who was used least of late, and whoever is used stays (R85). Hosts come
 * from whoever owns a domain (S2). May use lib/cache and Check.
 */
#include <check.h>

#include "cache/memory_inside.h"
#include "support/idle_store.h"
#include "support/remembered.h"
#include "support/run.h"

#define HOSTS 20
#define ROOM 65536

static uint64_t now;
static mxsel_memory *memory;
static mxsel_store *store; /* the memory as one */

static void setup(void)
{
	now = 1;
	memory = remembered_new(ROOM, &now);
	ck_assert_int_eq(mxsel_store_new_memory(&store, memory), 0);
}

static void teardown(void)
{
	mxsel_store_free(store);
	mxsel_memory_free(memory);
}

static uint64_t statistic(int which)
{
	return mxsel_memory_statistic(memory, which);
}

/* Hosts that there is room for; each takes the next place. */
static int room(void)
{
	return (int)memory->part[0].part.pools[0].count;
}

static const char *host(int i)
{
	static char name[32];

	(void)snprintf(name, sizeof(name), "mx%d.example", i);
	return name;
}

static void refused(int first, int count)
{
	int i;

	for (i = first; i < first + count; i++)
		remembered_refused(memory, host(i), NULL);
}

static int knows(int i)
{
	return remembered_knows(memory, host(i));
}

/* --------------------------------------------------------------------- used */

static void ask(int i)
{
	struct mxsel_memory_entry e = remembered_entry(host(i));

	e.score = 0;
	ck_assert_int_eq(mxsel_store_get(store, &e, 1, 30000, 5), 0);
	ck_assert_uint_eq(e.score, 1000);
}

/* By a selection, by another memory that asks this one, by a report. */
static void use(int way, int i)
{
	if (way == 0)
		(void)remembered_look(memory, host(i));
	else if (way == 1)
		ask(i);
	else
		remembered_tell(memory, host(i), NULL,
			MXSEL_OUTCOME_OWN_NAME, 0, NULL);
}

START_TEST(R85_S2_hosts_in_use_stay_however_many_others_come)
{
	int round, i;

	refused(0, HOSTS);
	for (round = 1; round < 100; round++) {
		refused(round * HOSTS, HOSTS);
		for (i = 0; i < HOSTS; i++) {
			ck_assert_int_eq(knows(i), 1);
			use(_i, i);
		}
	}
	ck_assert_uint_gt(statistic(MXSEL_MEMORY_EVICTED), 1000);
}
END_TEST

/* What it did once does not keep a host for ever. */
START_TEST(R85_a_host_that_was_used_a_lot_and_is_not_any_more_goes)
{
	int i;

	refused(0, 1);
	for (i = 0; i < 200; i++)
		use(_i, 0);
	refused(1, 6 * room());
	ck_assert_int_eq(knows(0), 0);
	ck_assert_int_eq(knows(6 * room()), 1);
}
END_TEST

static void fill_with_hosts_in_use(void)
{
	int i, count = room();

	refused(0, count);
	for (i = 0; i < count; i++) {
		(void)remembered_look(memory, host(i));
		(void)remembered_look(memory, host(i));
	}
}

START_TEST(R85_of_those_at_hand_the_one_that_was_used_least_goes)
{
	int i, count = room();

	fill_with_hosts_in_use();
	ck_assert_int_eq(mxsel_memory_forget(memory, host(10)), 0);
	refused(10, 1); /* in its old place */
	refused(count, 1);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_EVICTED), 1);
	for (i = 0; i <= count; i++)
		ck_assert_int_eq(knows(i), i != 10);
}
END_TEST

/* Whoever comes meanwhile waits for the lock. */
START_TEST(R85_S2_room_is_made_by_a_look_at_64_hosts_at_most)
{
	const struct mxsel__part *part = &memory->part[0].part;
	int i, count = room(), touched = 0;

	fill_with_hosts_in_use();
	refused(count, 1);
	for (i = 0; i < count; i++)
		touched += mxsel__part_slot(part, (uint32_t)i)->used <
			MXSEL__USED_MAX;
	ck_assert_int_le(touched, 64);
	ck_assert_int_eq(knows(count), 1);
}
END_TEST

/* --------------------------------------------------------------------- over */

START_TEST(R85_what_is_over_goes_when_its_room_is_wanted)
{
	int count = room();
	uint64_t full;

	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_KEEP, 60), 0);
	refused(0, count);
	full = statistic(MXSEL_MEMORY_BYTES);
	now += 60001;
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ENTRIES), 0);
	ck_assert_int_eq(mxsel_memory_forget(memory, host(7)), 0);
	ck_assert_uint_lt(statistic(MXSEL_MEMORY_BYTES), full);
	refused(count, 1); /* there is one place */
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_BYTES), full);
	refused(count + 1, 1);
	ck_assert_uint_lt(statistic(MXSEL_MEMORY_BYTES), full);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_EVICTED), 0);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ENTRIES), 2);
}
END_TEST

/* ------------------------------------------------------------------ unknown */

/* Who is asked of these, and knows none of them. */
static void ask_for(int first, int count)
{
	mxsel_store *nobody;
	int i;

	if (memory->store == NULL) {
		ck_assert_int_eq(mxsel_store_new(&nobody, idle_get,
			idle_record, NULL), 0);
		ck_assert_int_eq(mxsel_memory_set_store(memory, nobody), 0);
		mxsel_store_free(nobody);
	}
	for (i = first; i < first + count; i++)
		ck_assert_int_eq(remembered_look(memory, host(i)).is_known, 0);
}

START_TEST(R85_what_nobody_knows_goes_before_what_is_known)
{
	int count = room();

	ask_for(0, 30);
	refused(30, count - 30);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ENTRIES),
		(uint64_t)count - 30);
	refused(count, 30);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_EVICTED), 0);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ENTRIES), (uint64_t)count);
	refused(count + 30, 1);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_EVICTED), 1);
}
END_TEST

START_TEST(R85_a_full_memory_asks_a_store_no_sooner_for_the_same)
{
	uint64_t asked;
	int count = room();

	ask_for(0, count);
	ask_for(count, 1); /* in the place of the first */
	asked = statistic(MXSEL_MEMORY_ASKED);
	ck_assert_uint_eq(asked, (uint64_t)count + 1);
	now += 999;
	ask_for(1, count);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ASKED), asked);
	ask_for(0, 1);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ASKED), asked + 1);
}
END_TEST

/* Whatever a number is that no call has left, nothing is read by it. */
START_TEST(R85_F100_behind_the_last_place_there_is_nothing)
{
	static const uint64_t places[] = {
		0x7fffff00, 0xffffffff, UINT64_C(1) << 32, UINT64_MAX
	};
	struct mxsel_memory_entry entry;
	uint64_t place = places[_i];

	refused(0, HOSTS);
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &entry), 0);
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &entry), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/use");
	TCase *t = tcase_create("use");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t,
		R85_S2_hosts_in_use_stay_however_many_others_come, 0, 3);
	tcase_add_loop_test(t,
		R85_a_host_that_was_used_a_lot_and_is_not_any_more_goes, 0, 3);
	tcase_add_test(t,
		R85_of_those_at_hand_the_one_that_was_used_least_goes);
	tcase_add_test(t, R85_S2_room_is_made_by_a_look_at_64_hosts_at_most);
	tcase_add_test(t, R85_what_is_over_goes_when_its_room_is_wanted);
	tcase_add_test(t, R85_what_nobody_knows_goes_before_what_is_known);
	tcase_add_test(t,
		R85_a_full_memory_asks_a_store_no_sooner_for_the_same);
	tcase_add_loop_test(t,
		R85_F100_behind_the_last_place_there_is_nothing, 0, 4);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
