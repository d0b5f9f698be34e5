/*
 * A store's answer that is about something else than what was asked, or older
 * than what happened here while it was asked (R85).
 */
#include <check.h>

#include "support/remembered.h"
#include "support/run.h"

#define HOST "mx1.example.com"

static uint64_t now;
static mxsel_memory *memory;

/* What the store says of whatever it is asked; and whose turn is taken while
   it is asked. */
static struct mxsel_memory_entry says;
static struct mxsel__known turning;

/* What it was told. */
static int told, turn_told;

static int get(struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life, uint32_t budget, void *user)
{
	size_t i;

	(void)half_life;
	(void)budget;
	(void)user;
	for (i = 0; i < count; i++)
		entries[i] = says;
	if (turning.turn != 0)
		ck_assert_int_eq(mxsel__memory_turned(memory, &turning), 1);
	return 0;
}

static void record(const struct mxsel_memory_entry *entry, int change,
	uint32_t half_life, void *user)
{
	(void)half_life;
	(void)user;
	ck_assert_int_eq(change, MXSEL_STORE_NOTED);
	ck_assert_str_eq(entry->name, HOST);
	turn_told = entry->turn;
	told++;
}

static void setup(void)
{
	mxsel_store *store;

	now = 10000;
	told = 0;
	memset(&turning, 0, sizeof(turning));
	says = remembered_entry(HOST);
	says.works = 4;
	memory = remembered_new(65536, &now);
	ck_assert_int_eq(mxsel_store_new(&store, get, record, NULL), 0);
	ck_assert_int_eq(mxsel_memory_set_store(memory, store), 0);
	mxsel_store_free(store);
}

static void teardown(void)
{
	mxsel_memory_free(memory);
}

/* ------------------------------------------------- about something else */

static struct mxsel__known look_at_address(void)
{
	static const unsigned char bytes[] = { 192, 0, 2, 1 };
	struct mxsel__known k;

	memset(&k, 0, sizeof(k));
	k.kind = MXSEL_MEMORY_ADDRESS;
	k.name = (const char *)bytes;
	k.length = sizeof(bytes);
	k.port = 25;
	ck_assert_int_eq(mxsel__memory_look(memory, &k, 1), k.is_known);
	return k;
}

/* Such an entry would be no line of a file that is read again. */
START_TEST(R85_what_is_of_hosts_comes_to_no_address)
{
	ck_assert_int_eq(look_at_address().is_known, 0);
	ck_assert_int_eq(remembered_knows(memory, FROM_V4), 0);
	(void)snprintf(says.name, sizeof(says.name), "%s", FROM_V4);
	ck_assert_int_eq(look_at_address().is_known, 0);
	now += 1000;
	says.kind = MXSEL_MEMORY_ADDRESS;
	ck_assert_int_eq(look_at_address().is_known, 0);
	now += 1000;
	says.works = 0;
	ck_assert_int_eq(look_at_address().is_known, 1);
	ck_assert_uint_eq(remembered_score(memory, FROM_V4), 1000);
}
END_TEST

START_TEST(R85_what_is_of_another_host_or_port_comes_to_nobody)
{
	ck_assert_int_eq(remembered_look(memory, "mx2.example.com").is_known,
		0);
	says.port = 26;
	ck_assert_int_eq(remembered_look(memory, HOST).is_known, 0);
	now += 1000;
	says.port = 25;
	ck_assert_int_eq(remembered_look(memory, HOST).is_known, 1);
	ck_assert_uint_eq(mxsel_memory_statistic(memory, MXSEL_MEMORY_ENTRIES),
		1);
}
END_TEST

START_TEST(R85_a_name_may_be_said_in_capitals)
{
	(void)snprintf(says.name, sizeof(says.name), "MX1.Example.COM.");
	ck_assert_int_eq(remembered_look(memory, HOST).is_known, 1);
}
END_TEST

/* ------------------------------------------------------------ meanwhile */

START_TEST(R85_a_turn_that_was_taken_meanwhile_does_not_come_back)
{
	says.turn = 6;
	turning = remembered_look(memory, HOST);
	ck_assert_int_eq(turning.turn, 6);
	now += 1000;
	ck_assert_int_eq(remembered_look(memory, HOST).turn, 0);
	ck_assert_int_eq(remembered(memory, HOST).turn, 0);
	ck_assert_int_eq(told, 1);
	ck_assert_int_eq(turn_told, 0);
}
END_TEST

START_TEST(R85_another_turn_than_the_one_that_was_taken_counts)
{
	says.turn = 6;
	turning = remembered_look(memory, HOST);
	now += 1000;
	says.turn = 4;
	ck_assert_int_eq(remembered_look(memory, HOST).turn, 4);
}
END_TEST

START_TEST(S39_R85_a_store_hears_that_a_turn_was_given_back)
{
	struct mxsel__known returning;

	says.turn = 6;
	returning = remembered_look(memory, HOST);
	ck_assert_int_eq(mxsel__memory_turned(memory, &returning), 1);
	ck_assert_int_eq(turn_told, 0);
	mxsel__memory_unturned(memory, &returning);
	ck_assert_int_eq(told, 2);
	ck_assert_int_eq(turn_told, 6);
	ck_assert_int_eq(remembered(memory, HOST).turn, 6);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/meanwhile");
	TCase *t = tcase_create("meanwhile");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R85_what_is_of_hosts_comes_to_no_address);
	tcase_add_test(t, R85_what_is_of_another_host_or_port_comes_to_nobody);
	tcase_add_test(t, R85_a_name_may_be_said_in_capitals);
	tcase_add_test(t,
		R85_a_turn_that_was_taken_meanwhile_does_not_come_back);
	tcase_add_test(t, R85_another_turn_than_the_one_that_was_taken_counts);
	tcase_add_test(t, S39_R85_a_store_hears_that_a_turn_was_given_back);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
