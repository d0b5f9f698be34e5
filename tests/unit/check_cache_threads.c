/*
 * One cache, several threads, the same names: whatever is found is whole, and
 * was kept under that name and type. Meant to run under a thread sanitizer
 * also.
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/random.h"
#include "support/cached.h"
#include "support/run.h"

#define THREADS 4
#define ROUNDS 30000

static atomic_ullong ticks;

/* Goes on a little with each look, of whatever thread. */
static uint64_t ticking(void *user)
{
	(void)user;
	return atomic_fetch_add(&ticks, 1) / 16;
}

struct worker {
	mxsel_cache *cache;
	size_t bytes;
	uint64_t seed;
	uint32_t names;
	long wrong, found;
	pthread_t thread;
};

/* Records say whose they are: name and type, each as often as there are. */
static void make(struct mxsel__cached *c, uint32_t name, uint16_t type,
	unsigned n)
{
	unsigned i;

	cached_empty(c, 1 + n);
	if (type == MXSEL_TYPE_MX) {
		char text[40];

		(void)snprintf(text, sizeof(text), "mx%u.example", name);
		for (i = 0; i < n; i++)
			cached_mx(c, name & 0xffff, 0, text);
		return;
	}
	for (i = 0; i < n; i++)
		cached_addresses(c, type == MXSEL_TYPE_A ? 4 : 16, 1,
			name + type);
}

static void look(struct worker *w, const char *text, uint32_t name,
	uint16_t type)
{
	struct mxsel__cached is, should;

	if (!cached_find(w->cache, text, type, 0, &is))
		return;
	make(&should, name, type, is.records);
	w->found++;
	w->wrong += !cached_equal(&is, &should);
	w->wrong += is.ttl == 0 || is.ttl > should.ttl;
}

static void *work(void *user)
{
	static const uint16_t types[] = { MXSEL_TYPE_A, MXSEL_TYPE_AAAA,
		MXSEL_TYPE_MX };
	struct worker *w = user;
	struct mxsel__random dice;
	struct mxsel__cached c;
	long round;

	mxsel__random_init(&dice, w->seed);
	for (round = 0; round < ROUNDS; round++) {
		uint32_t name = mxsel__random_below(&dice, w->names);
		uint16_t type = types[mxsel__random_below(&dice, 3)];
		uint32_t what = mxsel__random_below(&dice, 1000);
		char text[40];

		(void)snprintf(text, sizeof(text), "d%u.example", name);
		if (what < 600) {
			look(w, text, name, type);
		} else if (what < 980) {
			make(&c, name, type, mxsel__random_below(&dice, 9));
			cached_keep(w->cache, text, type, &c);
		} else if (what < 998) {
			w->wrong += mxsel_cache_forget(w->cache, text) != 0;
		} else if (what < 999) {
			w->wrong += mxsel_cache_statistic(w->cache,
				MXSEL_CACHE_BYTES) > w->bytes;
			(void)mxsel_cache_set(w->cache, MXSEL_CACHE_STALE,
				(int)(name % 3));
		} else if (round % 10 == 0) {
			w->wrong += mxsel_cache_forget(w->cache, NULL) != 0;
		}
	}
	mxsel_cache_free(w->cache);
	return NULL;
}

static void hammer(size_t bytes, uint32_t names)
{
	struct worker workers[THREADS];
	mxsel_cache *cache;
	long found = 0;
	int i;

	ck_assert_int_eq(mxsel_cache_new(&cache, bytes, ticking, NULL), 0);
	for (i = 0; i < THREADS; i++) {
		struct worker w = { cache, bytes, (uint64_t)i + 1, names,
			0, 0, 0 };

		workers[i] = w;
		mxsel__cache_hold(cache);
		ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, work,
			&workers[i]), 0);
	}
	mxsel_cache_free(cache); /* the workers keep it alive */
	for (i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(workers[i].thread, NULL), 0);
		ck_assert_int_eq(workers[i].wrong, 0);
		found += workers[i].found;
	}
	ck_assert_int_gt(found, 1000);
}

START_TEST(F91_threads_that_share_few_names_find_only_what_was_kept)
{
	hammer(65536, 20);
}
END_TEST

START_TEST(F91_threads_that_share_a_cache_that_is_too_small_do_so_too)
{
	hammer(65536, 1500);
}
END_TEST

START_TEST(F91_threads_meet_in_all_shards)
{
	hammer((size_t)16 << 20, 1500);
}
END_TEST

static Suite *threads_suite(void)
{
	Suite *suite = suite_create("cache/threads");
	TCase *tc = tcase_create("threads");

	tcase_set_timeout(tc, 300);
	tcase_add_test(tc,
		F91_threads_that_share_few_names_find_only_what_was_kept);
	tcase_add_test(tc,
		F91_threads_that_share_a_cache_that_is_too_small_do_so_too);
	tcase_add_test(tc, F91_threads_meet_in_all_shards);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(threads_suite());
}
