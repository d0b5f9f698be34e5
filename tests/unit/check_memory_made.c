/*
 * All of a memory is taken when it is made, and nothing is left when that
 * fails (R85, S39, F84), nor is there one without a secret (S2, F87).
 * malloc(), pthread_mutex_init() and getrandom() are this program's own.
 */
#define _GNU_SOURCE

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/own_malloc.h"
#include "support/remembered.h"
#include "support/run.h"

#ifdef MALLOC_IS_TAKEN

int main(void)
{
	puts("skipped: malloc() cannot be replaced in this build");
	return 77;
}

#else

#include "support/counted_malloc.h"

static uint64_t now;

static void disarm(void)
{
	memset(&system_of, 0, sizeof(system_of));
	system_of.fail_at = system_of.locks_fail_at = -1;
}

static int try_new(mxsel_memory **memory, size_t bytes, long fail_at,
	long locks_fail_at)
{
	int result;

	disarm();
	system_of.fail_at = fail_at;
	system_of.locks_fail_at = locks_fail_at;
	system_of.armed = 1;
	result = mxsel_memory_new(memory, bytes, remembered_clock, &now);
	system_of.armed = 0;
	return result;
}

START_TEST(R85_S39_F84_a_memory_that_gets_no_memory_leaves_nothing)
{
	static const size_t sizes[] = { 65536, 1 << 20, (size_t)64 << 20 };
	mxsel_memory *memory = NULL;
	size_t bytes = sizes[_i];
	long at, locks;

	ck_assert_int_eq(try_new(&memory, bytes, 0, -1), MXSEL_ENOMEM);
	ck_assert_ptr_null(memory);
	ck_assert_int_eq(system_of.blocks, 0);
	ck_assert_int_eq(system_of.locks, 0);
	ck_assert_int_eq(try_new(&memory, bytes, -1, -1), 0);
	ck_assert_int_eq(system_of.blocks, 1);
	ck_assert_uint_eq(system_of.octets, bytes);
	locks = system_of.locks;
	system_of.armed = 1;
	mxsel_memory_free(memory);
	system_of.armed = 0;
	ck_assert_int_eq(system_of.blocks, 0);
	ck_assert_int_eq(system_of.locks, 0);
	memory = NULL;
	for (at = 0; at < locks; at++) {
		ck_assert_int_eq(try_new(&memory, bytes, -1, at),
			MXSEL_ENOMEM);
		ck_assert_ptr_null(memory);
		ck_assert_int_eq(system_of.blocks, 0);
		ck_assert_int_eq(system_of.locks, 0);
	}
}
END_TEST

START_TEST(R85_S39_a_store_that_gets_no_memory_leaves_nothing)
{
	mxsel_memory *shared = remembered_new(65536, &now);
	mxsel_store *store = NULL;

	disarm();
	system_of.fail_at = 0;
	system_of.armed = 1;
	ck_assert_int_eq(mxsel_store_new_memory(&store, shared),
		MXSEL_ENOMEM);
	system_of.armed = 0;
	ck_assert_ptr_null(store);
	disarm();
	system_of.armed = 1;
	mxsel_memory_free(shared); /* nobody else holds it */
	system_of.armed = 0;
	ck_assert_int_eq(system_of.blocks, -1);
}
END_TEST

/* All that is done with a memory, and a look-up each. */
static void use(mxsel_memory *memory)
{
	struct mxsel_memory_entry e;
	uint64_t place = 0;
	char name[32];
	int i;

	for (i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "mx%d.example", i % 900);
		(void)mxsel_memory_report(memory, name, FROM_V6, 25,
			MXSEL_OUTCOME_LOST, 0, NULL);
		(void)remembered_look(memory, name);
		(void)mxsel_memory_get(memory, name, 25, &e);
		(void)mxsel_memory_put(memory, &e);
		(void)mxsel_memory_next(memory, &place, &e);
		if (i % 100 == 0)
			(void)mxsel_memory_forget(memory, name);
		if (i % 3000 == 0)
			(void)mxsel_memory_forget(memory, NULL);
		(void)mxsel_memory_statistic(memory, MXSEL_MEMORY_BYTES);
	}
}

START_TEST(R85_S39_nothing_is_allocated_once_a_memory_is_there)
{
	mxsel_memory *memory = remembered_new(65536, &now);

	disarm();
	system_of.armed = 1;
	use(memory);
	system_of.armed = 0;
	ck_assert_int_eq(system_of.calls, 0);
	ck_assert_int_eq(system_of.blocks, 0);
	mxsel_memory_free(memory);
}
END_TEST

START_TEST(R85_S39_what_a_store_is_asked_with_is_given_back)
{
	mxsel_memory *memory = remembered_new(65536, &now);
	mxsel_memory *shared = remembered_new(65536, &now);
	mxsel_store *store;

	ck_assert_int_eq(mxsel_store_new_memory(&store, shared), 0);
	ck_assert_int_eq(mxsel_memory_set_store(memory, store), 0);
	disarm();
	system_of.armed = 1;
	use(memory);
	system_of.armed = 0;
	ck_assert_int_gt(system_of.calls, 0);
	ck_assert_int_eq(system_of.blocks, 0);
	mxsel_memory_free(memory);
	mxsel_memory_free(shared);
	mxsel_store_free(store);
}
END_TEST

START_TEST(R85_S39_a_store_that_cannot_be_asked_for_want_of_memory_is_away)
{
	mxsel_memory *memory = remembered_new(65536, &now);
	mxsel_memory *shared = remembered_new(65536, &now);
	mxsel_store *store;

	ck_assert_int_eq(mxsel_store_new_memory(&store, shared), 0);
	ck_assert_int_eq(mxsel_memory_set_store(memory, store), 0);
	(void)mxsel_memory_report(shared, "a.example", NULL, 25,
		MXSEL_OUTCOME_LOST, 0, NULL);
	(void)mxsel_memory_report(memory, "b.example", NULL, 25,
		MXSEL_OUTCOME_LOST, 0, NULL);
	disarm();
	system_of.fail_at = 0;
	system_of.armed = 1;
	ck_assert_uint_eq(remembered_look(memory, "a.example").score, 0);
	system_of.calls = 0;
	ck_assert_uint_eq(remembered_look(memory, "b.example").score, 1000);
	system_of.armed = 0;
	ck_assert_int_eq(system_of.blocks, 0);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_UNANSWERED), 2);
	mxsel_memory_free(memory);
	mxsel_memory_free(shared);
	mxsel_store_free(store);
}
END_TEST

START_TEST(R85_a_memory_that_cannot_be_is_refused)
{
	mxsel_memory *memory = NULL;

	ck_assert_int_eq(mxsel_memory_new(NULL, 65536, remembered_clock,
		&now), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_new(&memory, 65536, NULL, &now),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_new(&memory, 65535, remembered_clock,
		&now), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_new(&memory, 0, remembered_clock, &now),
		MXSEL_ERANGE);
	/* Where one can ask for that much; elsewhere there is no memory. */
	ck_assert_int_eq(mxsel_memory_new(&memory, SIZE_MAX, remembered_clock,
		&now), SIZE_MAX > UINT32_MAX ? MXSEL_ERANGE : MXSEL_ENOMEM);
	ck_assert_ptr_null(memory);
	mxsel_memory_free(NULL);
}
END_TEST

#ifdef __linux__
#include <sys/random.h>

ssize_t getrandom(void *room, size_t size, unsigned int flags)
{
	(void)flags;
	if (++system_of.seeds == system_of.seeds_fail_at) {
		errno = ENOSYS;
		return -1;
	}
	memset(room, system_of.seeds, size);
	return (ssize_t)size;
}

START_TEST(R85_S2_F87_without_a_secret_there_is_no_memory)
{
	mxsel_memory *memory = NULL;
	int at;

	for (at = 1; at <= 2; at++) {
		disarm();
		system_of.seeds_fail_at = at;
		ck_assert_int_eq(mxsel_memory_new(&memory, 65536,
			remembered_clock, &now), MXSEL_EENTROPY);
		ck_assert_ptr_null(memory);
	}
	disarm();
	ck_assert_int_eq(mxsel_memory_new(&memory, 65536, remembered_clock,
		&now), 0);
	ck_assert_int_eq(system_of.seeds, 2);
	mxsel_memory_free(memory);
}
END_TEST
#endif

int main(void)
{
	Suite *suite = suite_create("memory/made");
	TCase *t = tcase_create("made");

	tcase_add_loop_test(t,
		R85_S39_F84_a_memory_that_gets_no_memory_leaves_nothing, 0, 3);
	tcase_add_test(t,
		R85_S39_a_store_that_gets_no_memory_leaves_nothing);
	tcase_add_test(t,
		R85_S39_nothing_is_allocated_once_a_memory_is_there);
	tcase_add_test(t, R85_S39_what_a_store_is_asked_with_is_given_back);
	tcase_add_test(t,
	R85_S39_a_store_that_cannot_be_asked_for_want_of_memory_is_away);
	tcase_add_test(t, R85_a_memory_that_cannot_be_is_refused);
#ifdef __linux__
	tcase_add_test(t, R85_S2_F87_without_a_secret_there_is_no_memory);
#endif
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}

#endif
