/*
 * No random numbers from the system: nothing is guessed in their place, and
 * when they are back it goes on (R32, S2, F87). The system's function stands
 * here. May use the public headers.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>

#include <mxsel/cache.h>
#include <mxsel/mxsel.h>

#include "support/run.h"

ssize_t getrandom(void *buffer, size_t size, unsigned flags);

static int good; /* calls until it fails; -1: never */

ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
	(void)flags;
	if (good == 0) {
		errno = ENOSYS;
		return -1;
	}
	if (good > 0)
		good--;
	memset(buffer, 0x5a, size);
	return (ssize_t)size;
}

START_TEST(R32_S2_F87_without_entropy_there_is_no_order)
{
	uint64_t seed = 7;
	mxsel *m;

	good = 0;
	ck_assert_int_eq(mxsel_new(&m, "d.example", NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_seed(m, &seed), MXSEL_EENTROPY);
	ck_assert_uint_eq(seed, 7);
	ck_assert_int_eq(mxsel_next(m), MXSEL_EENTROPY);
	ck_assert_int_eq(mxsel_next(m), MXSEL_EENTROPY);
	good = -1;
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_seed(m, &seed), MXSEL_OK);
	mxsel_free(m);
}
END_TEST

static uint64_t midnight(void *user)
{
	(void)user;
	return 1;
}

/* It wants two: none, one, and both. */
START_TEST(S2_F87_without_entropy_there_is_no_cache)
{
	mxsel_cache *cache = NULL;

	good = 0;
	ck_assert_int_eq(mxsel_cache_new(&cache, 1u << 20, midnight, NULL),
		MXSEL_EENTROPY);
	good = 1;
	ck_assert_int_eq(mxsel_cache_new(&cache, 1u << 20, midnight, NULL),
		MXSEL_EENTROPY);
	ck_assert_ptr_null(cache);
	good = 2;
	ck_assert_int_eq(mxsel_cache_new(&cache, 1u << 20, midnight, NULL),
		MXSEL_OK);
	mxsel_cache_free(cache);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: no entropy");
	TCase *one = tcase_create("no entropy");

	tcase_add_test(one, R32_S2_F87_without_entropy_there_is_no_order);
	tcase_add_test(one, S2_F87_without_entropy_there_is_no_cache);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
