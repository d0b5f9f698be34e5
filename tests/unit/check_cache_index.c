/*
 * One shard, so small that it is known where every name stands: which of its
 * two buckets takes a name, who makes room when both are full, and what is
 * left of an entry that grows (S40). And what no user of the cache sees: that
 * all of its memory comes back. May use lib/cache.
 */
#define _DEFAULT_SOURCE
#include <stdlib.h>
#include <string.h>

#include "cache/hash.h"
#include "cache/pack.h"
#include "cache/shard.h"
#include "support/cached.h"
#include "support/failing_malloc.h"
#include "support/guard.h"
#include "support/run.h"

#define BUCKETS 4u
#define NAMES 64u

static struct mxsel__shard shard;
static _Atomic uint32_t buckets[BUCKETS * MXSEL__BUCKET];
static uint64_t ring[4096];
static char names[NAMES][16];
static unsigned used_names, tried;
static uint64_t moment;

static void setup(void)
{
	memset(&shard, 0, sizeof(shard));
	memset(buckets, 0, sizeof(buckets));
	shard.key[0] = 1;
	shard.key[1] = 2;
	shard.index = buckets;
	shard.ring = (struct mxsel__piece *)(void *)ring;
	shard.units = 4000;
	shard.buckets = BUCKETS;
	shard.place_bits = 12;
	used_names = tried = 0;
	moment = 1000;
}

static uint64_t hash_of(const char *name)
{
	return mxsel__cache_hash(shard.key, name, strlen(name));
}

/* The next name that may stand in these two buckets, and in no others. */
static const char *name_for(unsigned first, unsigned second)
{
	char *name = names[used_names++];
	uint64_t hash;

	ck_assert_uint_le(used_names, NAMES);
	do {
		(void)snprintf(name, 16, "n%u.example", tried++);
		hash = hash_of(name);
	} while ((hash >> 32) * BUCKETS >> 32 != first ||
		(hash & UINT32_MAX) * BUCKETS >> 32 != second);
	return name;
}

static struct mxsel__look look_for(const char *name, unsigned type)
{
	struct mxsel__look look;

	memset(&look, 0, sizeof(look));
	look.name = name;
	look.length = strlen(name);
	look.type = (uint16_t)type;
	look.hash = hash_of(name);
	look.now = moment;
	return look;
}

static void keep_answer(const char *name, unsigned type, unsigned seconds,
	const struct mxsel__cached *answer)
{
	unsigned char section[MXSEL__SECTION_MAX];
	struct mxsel__look look = look_for(name, type);

	ck_assert_uint_gt(mxsel__section_pack(section, name, look.length,
		look.type, answer), 0);
	mxsel__section_set_end(section, moment + seconds * 1000u);
	mxsel__shard_keep(&shard, &look, section);
}

static void keep(const char *name, unsigned type, unsigned seconds)
{
	struct mxsel__cached answer;

	cached_addresses(cached_empty(&answer, seconds), type == MXSEL_TYPE_A
		? 4 : 16, 1, 1);
	keep_answer(name, type, seconds, &answer);
}

static int is_there(const char *name, unsigned type)
{
	struct mxsel__look look = look_for(name, type);
	struct mxsel__cached out;

	return mxsel__shard_find(&shard, &look, 0, &out);
}

static _Atomic uint32_t *slot_of(const char *name)
{
	struct mxsel__look look = look_for(name, MXSEL_TYPE_A);

	return mxsel__index_find(&shard, &look);
}

/* In which bucket it stands; BUCKETS: in none. */
static unsigned bucket_of(const char *name)
{
	const _Atomic uint32_t *slot = slot_of(name);

	return slot == NULL ? BUCKETS
		: (unsigned)(slot - buckets) / MXSEL__BUCKET;
}

static const char *kept_in(unsigned first, unsigned second)
{
	const char *name = name_for(first, second);

	keep(name, MXSEL_TYPE_A, 300);
	return name;
}

START_TEST(S40_a_name_goes_where_there_is_more_room)
{
	unsigned i;

	for (i = 0; i < 8; i++)
		ck_assert_uint_eq(bucket_of(kept_in(0, 1)), i % 2);
	ck_assert_uint_eq(bucket_of(kept_in(0, 0)), 0);
	ck_assert_uint_eq(bucket_of(kept_in(0, 1)), 1);
	for (i = 0; i < 3; i++)
		(void)kept_in(1, 1);
	ck_assert_uint_eq(bucket_of(kept_in(1, 0)), 0);
	/* One is full, and then the other. */
	ck_assert_uint_eq(bucket_of(kept_in(1, 0)), 0);
	ck_assert_uint_eq(bucket_of(kept_in(0, 1)), 0);
	ck_assert_uint_eq(shard.names, 16);
	ck_assert_uint_eq(shard.evicted, 0);
}
END_TEST

/* Both buckets of whoever comes next are full. */
static void fill(const char *all[16], unsigned from)
{
	for (; from < 16; from++)
		all[from] = kept_in(from / 8, from / 8);
}

START_TEST(S40_nobody_is_given_up_while_one_can_move)
{
	const char *all[17], *mover = kept_in(0, 2);
	unsigned i;

	all[0] = mover;
	fill(all, 1);
	ck_assert_uint_eq(bucket_of(mover), 0);
	all[16] = kept_in(1, 0);
	ck_assert_uint_eq(bucket_of(mover), 2);
	ck_assert_uint_eq(bucket_of(all[16]), 0);
	ck_assert_uint_eq(shard.evicted, 0);
	for (i = 0; i < 17; i++)
		ck_assert(is_there(all[i], MXSEL_TYPE_A));
}
END_TEST

START_TEST(S40_who_can_only_move_to_its_second_choice_moves)
{
	const char *all[17], *mover;
	unsigned i;

	(void)kept_in(2, 2);
	mover = kept_in(2, 1); /* the second is the emptier one */
	ck_assert_uint_eq(bucket_of(mover), 1);
	all[8] = mover;
	for (i = 0; i < 8; i++)
		all[i] = kept_in(0, 0);
	fill(all, 9);
	all[16] = kept_in(0, 1);
	ck_assert_uint_eq(bucket_of(mover), 2);
	ck_assert_uint_eq(bucket_of(all[16]), 1);
	ck_assert_uint_eq(shard.evicted, 0);
}
END_TEST

START_TEST(S40_of_names_that_cannot_move_the_least_asked_for_goes)
{
	const char *all[16];
	unsigned i, k;

	fill(all, 0);
	for (i = 0; i < 16; i++)
		for (k = 0; k < (i == 5 ? 1u : 2u); k++)
			ck_assert(is_there(all[i], MXSEL_TYPE_A));
	ck_assert_uint_eq(bucket_of(kept_in(0, 1)), 0);
	ck_assert_uint_eq(bucket_of(all[5]), BUCKETS);
	ck_assert_uint_eq(shard.names, 16);
	ck_assert_uint_eq(shard.evicted, 1);
}
END_TEST

/* Though it was asked for most, and another could have moved. */
START_TEST(S40_before_anybody_moves_what_is_over_goes)
{
	const char *all[16], *over, *mover = kept_in(0, 2);
	unsigned k;

	over = name_for(0, 0);
	keep(over, MXSEL_TYPE_A, 1);
	all[0] = mover;
	all[1] = over;
	fill(all, 2);
	for (k = 0; k < 3; k++)
		ck_assert(is_there(over, MXSEL_TYPE_A));
	moment += 2000;
	(void)kept_in(0, 1);
	ck_assert_uint_eq(bucket_of(over), BUCKETS);
	ck_assert_uint_eq(bucket_of(mover), 0);
	ck_assert_uint_eq(shard.names, 16);
	ck_assert_uint_eq(shard.evicted, 0); /* it was of no use */
}
END_TEST

START_TEST(S40_a_name_that_begins_as_another_does_is_not_it)
{
	static char longer[16];
	const char *name = name_for(0, 0);
	unsigned i = 0;

	shard.place_bits = 30; /* two bits are left to tell names apart */
	do
		(void)snprintf(longer, sizeof(longer), "%.8s%u", name, i++);
	while ((hash_of(longer) >> 32) * BUCKETS >> 32 != 0 ||
		((hash_of(longer) ^ hash_of("n")) >> 6 & 3) != 0);
	for (i = 0; i < 4; i++) {
		/* Its beginning, of any tag, in the same bucket. */
		keep(longer, MXSEL_TYPE_A, 300);
		ck_assert(is_there(longer, MXSEL_TYPE_A));
	}
	for (i = (unsigned)strlen(longer) - 1; i > 0; i--) {
		struct mxsel__look look = look_for(longer, MXSEL_TYPE_A);

		look.length = i; /* with the hash of the whole */
		ck_assert_ptr_null(mxsel__index_find(&shard, &look));
	}
}
END_TEST

/* --- entries that change ------------------------------------------------- */

static struct mxsel__piece *piece_of(const char *name)
{
	return mxsel__piece_at(&shard, mxsel__index_place(&shard,
		*slot_of(name)));
}

START_TEST(S40_an_entry_of_the_same_size_stays_where_it_is)
{
	const char *name = kept_in(0, 1);
	struct mxsel__piece *before = piece_of(name);

	ck_assert_uint_eq(before->hits, 0);
	keep(name, MXSEL_TYPE_A, 200);
	ck_assert_ptr_eq(piece_of(name), before);
	ck_assert_uint_eq(before->hits, 1); /* who is kept again is wanted */
	ck_assert_uint_eq(before->sections, 1);
	(void)is_there(name, MXSEL_TYPE_A);
	(void)is_there(name, MXSEL_TYPE_A);
	ck_assert_uint_eq(before->hits, 3);
	keep(name, MXSEL_TYPE_A, 100);
	ck_assert_uint_eq(before->hits, 3);
	ck_assert_uint_eq(shard.stored, 3);
}
END_TEST

START_TEST(S40_an_entry_that_grows_is_as_much_asked_for_as_before)
{
	const char *first = kept_in(0, 1), *second = kept_in(0, 1), *third;
	struct mxsel__look look;
	unsigned i;

	for (i = 0; i < 3; i++)
		ck_assert(is_there(first, MXSEL_TYPE_A));
	keep(first, MXSEL_TYPE_AAAA, 300);
	ck_assert_uint_eq(piece_of(first)->hits, 3);
	ck_assert_uint_eq(piece_of(first)->sections, 2);
	keep(second, MXSEL_TYPE_AAAA, 300);
	ck_assert_uint_eq(piece_of(second)->hits, 0);
	/* The next of that size has the place that was left: one more. */
	third = kept_in(0, 1);
	ck_assert_uint_eq(piece_of(third)->hits, 1);
	keep(third, MXSEL_TYPE_AAAA, 300);
	ck_assert_uint_eq(piece_of(third)->hits, 1);
	/* In a place that was left it counts as asked for once, at least. */
	third = kept_in(0, 1);
	piece_of(third)->hits = 0;
	look = look_for(first, MXSEL_TYPE_A);
	mxsel__shard_forget(&shard, &look);
	keep(third, MXSEL_TYPE_AAAA, 300);
	ck_assert_uint_eq(piece_of(third)->hits, 1);
}
END_TEST

START_TEST(S40_what_is_over_is_left_out_when_an_entry_is_written)
{
	const char *name = name_for(0, 1);
	struct mxsel__cached failure;

	keep(name, MXSEL_TYPE_A, 1);
	cached_empty(&failure, 5)->outcome = MXSEL_DNS_SERVFAIL;
	keep_answer(name, MXSEL_TYPE_MX, 5, &failure);
	ck_assert_uint_eq(piece_of(name)->sections, 2);
	moment += 2000;
	keep(name, MXSEL_TYPE_AAAA, 300);
	/* The failure is not over, and as good as an answer. */
	ck_assert_uint_eq(piece_of(name)->sections, 2);
	ck_assert(is_there(name, MXSEL_TYPE_MX));
	ck_assert(!is_there(name, MXSEL_TYPE_A));
	moment += 4000;
	keep(name, MXSEL_TYPE_A, 300);
	ck_assert_uint_eq(piece_of(name)->sections, 2);
	ck_assert(!is_there(name, MXSEL_TYPE_MX));
}
END_TEST

START_TEST(S40_names_count_for_no_more_than_the_index)
{
	shard.live = 10;
	shard.names = 6;
	ck_assert_uint_eq(mxsel__shard_octets(&shard), 80 + 30);
	shard.names = 25;
	ck_assert_uint_eq(mxsel__shard_octets(&shard), 80 + 125);
	shard.names = 26;
	ck_assert_uint_eq(mxsel__shard_octets(&shard), 80 + 128);
}
END_TEST

/* --- the whole cache ----------------------------------------------------- */

static uint64_t nothing_in(size_t bytes, int *is_large)
{
	static uint64_t now;
	mxsel_cache *cache = cached_new(bytes, &now);
	uint64_t n = mxsel_cache_statistic(cache, MXSEL_CACHE_BYTES);

	*is_large = mxsel__cache_is_large(cache);
	mxsel_cache_free(cache);
	return n;
}

START_TEST(S40_a_shard_has_256_KiB_and_there_are_64_at_most)
{
	uint64_t one, two, many;
	int is_large;

	one = nothing_in((512u << 10) - 1, &is_large);
	ck_assert(!is_large);
	two = nothing_in(512u << 10, &is_large);
	ck_assert_uint_gt(two, one);
	ck_assert_uint_eq(nothing_in((1u << 20) - 1, &is_large), two);
	(void)nothing_in((4u << 20) - 1, &is_large);
	ck_assert(!is_large);
	(void)nothing_in(4u << 20, &is_large);
	ck_assert(is_large);
	many = nothing_in(16u << 20, &is_large);
	ck_assert_uint_eq(many - one, 63 * (two - one));
	ck_assert_uint_eq(nothing_in(32u << 20, &is_large), many);
}
END_TEST

START_TEST(S40_a_call_that_had_to_move_much_gives_up)
{
	static uint64_t now;
	mxsel_cache *cache = cached_new(1 << 20, &now);
	uint64_t stored, first = 0;
	struct mxsel__cached out;
	char name[40];
	unsigned i, k;

	for (i = 0; mxsel_cache_statistic(cache, MXSEL_CACHE_EVICTED) == 0 &&
		i < 20000; i++) {
		stored = mxsel_cache_statistic(cache, MXSEL_CACHE_STORED);
		(void)snprintf(name, sizeof(name), "host-%u.example", i);
		cached_host(cache, name, 3600);
		for (k = 0; k < 3; k++)
			(void)cached_find(cache, name, MXSEL_TYPE_A, 0, &out);
		if (mxsel_cache_statistic(cache, MXSEL_CACHE_STORED) ==
			stored && first++ == 0)
			ck_assert(!cached_find(cache, name, MXSEL_TYPE_A, 0,
				&out));
	}
	ck_assert_uint_gt(first, 0);
	mxsel_cache_free(cache);
}
END_TEST

START_TEST(S40_nothing_is_kept_beyond_the_end_of_time)
{
	static uint64_t now;
	struct mxsel__cached answer;
	mxsel_cache *cache;

	now = 0;
	cache = cached_new(65536, &now);
	cached_addresses(cached_empty(&answer, 300), 4, 1, 1);
	now = MXSEL__END_MAX - 300000;
	cached_keep(cache, "last.example", MXSEL_TYPE_A, &answer);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_STORED), 1);
	now++;
	cached_keep(cache, "late.example", MXSEL_TYPE_A, &answer);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_STORED), 1);
	mxsel_cache_free(cache);
}
END_TEST

/* An exchange that says it is longer than the answer is none. */
START_TEST(S40_an_answer_that_ends_within_a_record_is_not_kept)
{
	static uint64_t now;
	mxsel_cache *cache = cached_new(65536, &now);
	struct mxsel__cached answer, *last;

	cached_mx(cached_empty(&answer, 300), 10, 0, "mx.example");
	answer.size--;
	cached_keep(cache, "d.example", MXSEL_TYPE_MX, &answer);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_STORED), 0);
	answer.size++;
	cached_keep(cache, "d.example", MXSEL_TYPE_MX, &answer);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_STORED), 1);
	/* Full, and there is to be one record more. */
	cached_empty(&answer, 300);
	while (answer.size + 16u <= sizeof(answer.data))
		cached_mx(&answer, 10, 0, "mx1.example");
	ck_assert_uint_eq(answer.size, sizeof(answer.data));
	cached_keep(cache, "full.example", MXSEL_TYPE_MX, &answer);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_STORED), 2);
	last = guard_end(&answer, sizeof(answer));
	last->data[sizeof(answer.data) - 14] = 250;
	cached_keep(cache, "over.example", MXSEL_TYPE_MX, last);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_STORED), 2);
	last = guard_end(&answer, sizeof(answer));
	last->records++;
	cached_keep(cache, "over.example", MXSEL_TYPE_MX, last);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_STORED), 2);
	mxsel_cache_free(cache);
}
END_TEST

#ifndef MALLOC_IS_TAKEN
START_TEST(S40_the_last_owner_gives_all_memory_back)
{
	long before = own_heap_blocks();
	mxsel_cache *cache = cached_new(65536, &moment);

	ck_assert_int_gt(own_heap_blocks(), before);
	mxsel__cache_hold(cache);
	mxsel_cache_free(cache);
	ck_assert_int_gt(own_heap_blocks(), before);
	mxsel_cache_free(cache);
	ck_assert_int_eq(own_heap_blocks(), before);
	fail_at(0);
	cache = NULL;
	ck_assert_int_eq(mxsel_cache_new(&cache, 65536, cached_clock,
		&moment), MXSEL_ENOMEM);
	ck_assert(disarm());
	ck_assert_ptr_null(cache);
	mxsel_cache_free(NULL);
}
END_TEST
#endif

int main(void)
{
	Suite *suite = suite_create("cache: where a name stands");
	TCase *one = tcase_create("one thing");

	tcase_add_checked_fixture(one, setup, NULL);
	tcase_add_test(one, S40_a_name_goes_where_there_is_more_room);
	tcase_add_test(one, S40_nobody_is_given_up_while_one_can_move);
	tcase_add_test(one, S40_who_can_only_move_to_its_second_choice_moves);
	tcase_add_test(one,
		S40_of_names_that_cannot_move_the_least_asked_for_goes);
	tcase_add_test(one, S40_before_anybody_moves_what_is_over_goes);
	tcase_add_test(one, S40_a_name_that_begins_as_another_does_is_not_it);
	tcase_add_test(one, S40_an_entry_of_the_same_size_stays_where_it_is);
	tcase_add_test(one,
		S40_an_entry_that_grows_is_as_much_asked_for_as_before);
	tcase_add_test(one,
		S40_what_is_over_is_left_out_when_an_entry_is_written);
	tcase_add_test(one, S40_names_count_for_no_more_than_the_index);
	tcase_add_test(one, S40_a_shard_has_256_KiB_and_there_are_64_at_most);
	tcase_add_test(one, S40_a_call_that_had_to_move_much_gives_up);
	tcase_add_test(one, S40_nothing_is_kept_beyond_the_end_of_time);
	tcase_add_test(one,
		S40_an_answer_that_ends_within_a_record_is_not_kept);
#ifndef MALLOC_IS_TAKEN
	tcase_add_test(one, S40_the_last_owner_gives_all_memory_back);
#endif
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
