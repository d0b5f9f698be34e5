/*
 * The cache where what can hardly be is: a kernel that gives no random octets,
 * and names that share all of a hash (S2, F87). getrandom() is this
 * program's own, where there is one.
 */
#define _GNU_SOURCE

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cache/pack.h"
#include "cache/shard.h"
#include "support/cached.h"
#include "support/run.h"

#ifdef __linux__
#include <sys/random.h>

static int calls, fails_at; /* from 1 */

ssize_t getrandom(void *room, size_t size, unsigned int flags)
{
	(void)flags;
	if (++calls == fails_at) {
		errno = ENOSYS;
		return -1;
	}
	memset(room, calls, size);
	return (ssize_t)size;
}

START_TEST(S2_F87_without_a_secret_there_is_no_cache)
{
	mxsel_cache *cache = NULL;
	uint64_t now = 0;

	for (fails_at = 1; fails_at <= 2; fails_at++) {
		calls = 0;
		ck_assert_int_eq(mxsel_cache_new(&cache, 65536, cached_clock,
			&now), MXSEL_EENTROPY);
		ck_assert_ptr_null(cache);
	}
	calls = 0;
	ck_assert_int_eq(mxsel_cache_new(&cache, 65536, cached_clock, &now),
		0);
	ck_assert_int_eq(calls, 2);
	mxsel_cache_free(cache);
}
END_TEST
#endif

/* A shard without a cache: nobody else has it, so it needs no lock. */
static struct mxsel__shard shard;
static void *memory[2];

static void setup(void)
{
	memset(&shard, 0, sizeof(shard));
	mxsel__shard_divide(&shard, 65536);
	memory[0] = calloc(shard.buckets, MXSEL__BUCKET *
		sizeof(shard.index[0]));
	memory[1] = calloc(1, (size_t)shard.units * MXSEL__UNIT +
		MXSEL__SLACK);
	ck_assert_ptr_nonnull(memory[0]);
	ck_assert_ptr_nonnull(memory[1]);
	shard.index = memory[0];
	shard.ring = memory[1];
}

static void teardown(void)
{
	free(memory[0]);
	free(memory[1]);
}

static struct mxsel__look look_for(const char *name)
{
	struct mxsel__look look = { .name = name, .length = strlen(name),
		.type = MXSEL_TYPE_A, .hash = UINT64_C(0x123456789abcdef0) };

	return look;
}

static void keep(const char *name, unsigned address)
{
	unsigned char section[MXSEL__SECTION_MAX];
	struct mxsel__look look = look_for(name);
	struct mxsel__cached c;

	cached_addresses(cached_empty(&c, 60), 4, 1, address);
	ck_assert_uint_gt(mxsel__section_pack(section, name, look.length,
		look.type, &c), 0);
	mxsel__section_set_end(section, 60000);
	mxsel__shard_keep(&shard, &look, section);
}

/* The address of a name, 0 when it is not there. */
static unsigned found(const char *name)
{
	struct mxsel__look look = look_for(name);
	struct mxsel__cached c;

	return mxsel__shard_find(&shard, &look, 0, &c) ? c.data[0] : 0;
}

START_TEST(names_of_one_hash_are_told_apart)
{
	keep("a.example", 10);
	ck_assert_uint_eq(found("b.example"), 0);
	ck_assert_uint_eq(found("longer.example"), 0);
	keep("b.example", 20);
	keep("longer.example", 30);
	ck_assert_uint_eq(found("a.example"), 10);
	ck_assert_uint_eq(found("b.example"), 20);
	ck_assert_uint_eq(found("longer.example"), 30);
	keep("b.example", 40);
	ck_assert_uint_eq(found("a.example"), 10);
	ck_assert_uint_eq(found("b.example"), 40);
	ck_assert_uint_eq(shard.names, 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cache/corners");
	TCase *t = tcase_create("corners");

	tcase_add_checked_fixture(t, setup, teardown);
#ifdef __linux__
	tcase_add_test(t, S2_F87_without_a_secret_there_is_no_cache);
#endif
	tcase_add_test(t, names_of_one_hash_are_told_apart);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
