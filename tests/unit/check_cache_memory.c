/*
 * All memory of a cache is taken when it is made, and nothing is left when
 * that fails. malloc() and pthread_mutex_init() are this program's own, so
 * that each request can fail and be counted (S39, F84).
 */
#define _GNU_SOURCE

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/cached.h"
#include "support/own_malloc.h"
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

static int try_new(mxsel_cache **cache, size_t bytes, long fail_at,
	long locks_fail_at)
{
	int result;

	memset(&system_of, 0, sizeof(system_of));
	system_of.fail_at = fail_at;
	system_of.locks_fail_at = locks_fail_at;
	system_of.armed = 1;
	result = mxsel_cache_new(cache, bytes, cached_clock, &now);
	system_of.armed = 0;
	return result;
}

START_TEST(S39_F84_a_cache_that_gets_no_memory_leaves_nothing)
{
	static const size_t sizes[] = { 65536, 1 << 20, (size_t)64 << 20 };
	mxsel_cache *cache = NULL;
	long at, locks;
	size_t i;

	for (i = 0; i < 3; i++) {
		for (at = 0; try_new(&cache, sizes[i], at, -1) != 0; at++) {
			ck_assert_int_eq(try_new(&cache, sizes[i], at, -1),
				MXSEL_ENOMEM);
			ck_assert_ptr_null(cache);
			ck_assert_int_eq(system_of.blocks, 0);
			ck_assert_int_eq(system_of.locks, 0);
		}
		ck_assert_int_gt(at, 0);
		ck_assert_int_le((long)system_of.octets, (long)sizes[i]);
		locks = system_of.locks;
		system_of.armed = 1;
		mxsel_cache_free(cache);
		system_of.armed = 0;
		ck_assert_int_eq(system_of.blocks, 0);
		ck_assert_int_eq(system_of.locks, 0);
		cache = NULL;
		for (at = 0; at < locks; at++) {
			ck_assert_int_eq(try_new(&cache, sizes[i], -1, at),
				MXSEL_ENOMEM);
			ck_assert_ptr_null(cache);
			ck_assert_int_eq(system_of.blocks, 0);
			ck_assert_int_eq(system_of.locks, 0);
		}
	}
}
END_TEST

START_TEST(S39_nothing_is_allocated_once_a_cache_is_there)
{
	mxsel_cache *cache = cached_new(65536, &now);
	struct mxsel__cached out;
	unsigned i;

	memset(&system_of, 0, sizeof(system_of));
	system_of.armed = 1;
	for (i = 0; i < 20000; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "mx%u.example", i % 3000);
		cached_host(cache, name, 300);
		(void)cached_find(cache, name, MXSEL_TYPE_A, i % 2, &out);
		if (i % 100 == 0)
			(void)mxsel_cache_forget(cache, name);
		if (i % 7000 == 0)
			(void)mxsel_cache_forget(cache, NULL);
		(void)mxsel_cache_statistic(cache, MXSEL_CACHE_BYTES);
	}
	system_of.armed = 0;
	ck_assert_int_eq(system_of.calls, 0);
	ck_assert_int_eq(system_of.blocks, 0);
	mxsel_cache_free(cache);
}
END_TEST

static Suite *memory_suite(void)
{
	Suite *suite = suite_create("cache/memory");
	TCase *tc = tcase_create("memory");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, S39_F84_a_cache_that_gets_no_memory_leaves_nothing);
	tcase_add_test(tc, S39_nothing_is_allocated_once_a_cache_is_there);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(memory_suite());
}

#endif
