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

static struct {
	int armed;
	long calls, fail_at;
	long blocks; /* given less taken back while armed */
	size_t octets;
	long locks, locks_fail_at; /* made less destroyed */
} system_of;

static int fails(size_t octets)
{
	if (!system_of.armed)
		return 0;
	if (system_of.calls++ == system_of.fail_at) {
		errno = ENOMEM;
		return 1;
	}
	system_of.blocks++;
	system_of.octets += octets;
	return 0;
}

void *malloc(size_t size)
{
	return fails(size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails(count * size) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size)
{
	return fails(size) ? NULL : __libc_realloc(pointer, size);
}

void free(void *pointer)
{
	system_of.blocks -= system_of.armed && pointer != NULL;
	__libc_free(pointer);
}

int pthread_mutex_init(pthread_mutex_t *lock, const pthread_mutexattr_t *how)
{
	static const pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;

	(void)how;
	if (system_of.armed && system_of.locks == system_of.locks_fail_at)
		return EAGAIN;
	system_of.locks += system_of.armed;
	*lock = fresh;
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *lock)
{
	(void)lock;
	system_of.locks -= system_of.armed;
	return 0;
}

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
