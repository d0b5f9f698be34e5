/*
 * One memory, its store, many threads and the same hosts: whatever is found
 * is whole, and one of all tries a host that failed (R85, F91). Meant to run
 * under a thread sanitizer also.
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/random.h"
#include "support/remembered.h"
#include "support/run.h"

#define THREADS 8
#define ROUNDS 8000

static atomic_uint ticks;

/* Goes on a little with each call, of whatever thread. */
static uint64_t ticking(void *user)
{
	(void)user;
	return atomic_fetch_add(&ticks, 1) / 16;
}

struct worker {
	mxsel_memory *memory;
	uint32_t names;
	uint64_t seed;
	long wrong, found;
	pthread_t thread;
};

/* Each host says one code and one address only, so they tell whose it is. */
static void tell(struct worker *w, uint32_t i, struct mxsel__random *dice)
{
	static const uint8_t outcomes[] = { MXSEL_OUTCOME_RCPT,
		MXSEL_OUTCOME_DATA, MXSEL_OUTCOME_GREETING };
	char name[32], address[24];

	(void)snprintf(name, sizeof(name), "mx%u.example", i);
	(void)snprintf(address, sizeof(address), "10.0.%u.%u", i >> 8,
		i & 255);
	w->wrong += mxsel_memory_report(w->memory, name, address, 25,
		outcomes[mxsel__random_below(dice, 3)], 400 + (int)(i & 127),
		NULL) != 0;
}

static void check(struct worker *w, const struct mxsel_memory_entry *e)
{
	unsigned i;
	int at = 0;

	if (e->kind != MXSEL_MEMORY_HOST)
		return;
	w->found++;
	if (sscanf(e->name, "mx%u.example%n", &i, &at) != 1 ||
		e->name[at] != '\0' || e->code != 400 + (int)(i & 127)) {
		w->wrong++;
		return;
	}
	w->wrong += e->score > 4000 || e->outcomes[0] == 0;
	if (e->again[0] != '\0') {
		unsigned high = 0, low = 0;

		w->wrong += sscanf(e->again, "10.0.%u.%u", &high, &low) != 2 ||
			high << 8 != (i & ~255u) || low != (i & 255);
	}
}

static void look(struct worker *w, uint32_t i)
{
	struct mxsel_memory_entry e;
	struct mxsel__known k[2];
	char names[2][32];
	int j;

	for (j = 0; j < 2; j++) {
		(void)snprintf(names[j], sizeof(names[j]), "mx%u.example",
			i + (unsigned)j);
		k[j] = remembered_host(names[j]);
	}
	(void)mxsel__memory_look(w->memory, k, 2);
	for (j = 0; j < 2; j++) {
		if (k[j].is_known && k[j].score > 0)
			(void)mxsel__memory_probe(w->memory, &k[j]);
		w->wrong += k[j].is_known && k[j].last == 0;
	}
	if (mxsel_memory_get(w->memory, names[0], 25, &e) == 1)
		check(w, &e);
}

static void walk(struct worker *w)
{
	struct mxsel_memory_entry e;
	uint64_t place = 0;
	int n = 0;

	while (n++ < 300 && mxsel_memory_next(w->memory, &place, &e) > 0)
		check(w, &e);
}

static void *work(void *user)
{
	struct worker *w = user;
	struct mxsel__random dice;
	char name[32];
	long round;

	mxsel__random_init(&dice, w->seed);
	for (round = 0; round < ROUNDS; round++) {
		uint32_t i = mxsel__random_below(&dice, w->names);
		uint32_t what = mxsel__random_below(&dice, 1000);

		if (what < 600) {
			look(w, i);
		} else if (what < 980) {
			tell(w, i, &dice);
		} else if (what < 995) {
			(void)snprintf(name, sizeof(name), "mx%u.example", i);
			w->wrong += mxsel_memory_forget(w->memory, name) != 0;
		} else if (what < 999) {
			walk(w);
		} else {
			w->wrong += mxsel_memory_statistic(w->memory,
				MXSEL_MEMORY_BYTES) > 1 << 20;
			(void)mxsel_memory_set(w->memory,
				MXSEL_MEMORY_EXPLORE, (int)(i % 7));
			if (round % 4 == 0)
				w->wrong += mxsel_memory_forget(w->memory,
					NULL) != 0;
		}
	}
	mxsel_memory_free(w->memory);
	return NULL;
}

static void begin(struct worker *workers, mxsel_memory *memory,
	uint32_t names, void *(*does)(void *))
{
	int i;

	for (i = 0; i < THREADS; i++) {
		struct worker w = { memory, names, (uint64_t)i + 1, 0, 0, 0 };

		workers[i] = w;
		mxsel__memory_hold(memory);
		ck_assert_int_eq(pthread_create(&workers[i].thread, NULL,
			does, &workers[i]), 0);
	}
	mxsel_memory_free(memory); /* the workers keep it alive */
}

static long end(struct worker *workers)
{
	long found = 0;
	int i;

	for (i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(workers[i].thread, NULL), 0);
		ck_assert_int_eq(workers[i].wrong, 0);
		found += workers[i].found;
	}
	return found;
}

static void hammer(size_t bytes, uint32_t names, int is_shared)
{
	struct worker workers[THREADS];
	mxsel_memory *memory, *shared;
	mxsel_store *store;

	ck_assert_int_eq(mxsel_memory_new(&memory, bytes, ticking, NULL), 0);
	if (is_shared) {
		ck_assert_int_eq(mxsel_memory_new(&shared, bytes, ticking,
			NULL), 0);
		ck_assert_int_eq(mxsel_store_new_memory(&store, shared), 0);
		ck_assert_int_eq(mxsel_memory_set_store(memory, store), 0);
		ck_assert_int_eq(mxsel_memory_set(memory,
			MXSEL_MEMORY_REFRESH, 1), 0);
		mxsel_memory_free(shared);
		mxsel_store_free(store);
	}
	begin(workers, memory, names, work);
	ck_assert_int_gt(end(workers), 1000);
}

START_TEST(R85_F91_threads_that_share_few_hosts_find_what_was_reported)
{
	hammer(65536, 20, _i);
}
END_TEST

START_TEST(R85_F91_threads_that_share_a_memory_that_is_too_small_do_so_too)
{
	hammer(65536, 2000, _i);
}
END_TEST

START_TEST(R85_F91_threads_meet_in_all_parts)
{
	hammer(1 << 20, 2000, _i);
}
END_TEST

/* -------------------------------------------------------------------- probe */

static struct mxsel__known dead;
static atomic_int tried;
static pthread_barrier_t start;

static void *probe(void *user)
{
	struct worker *w = user;

	(void)pthread_barrier_wait(&start);
	if (mxsel__memory_probe(w->memory, &dead))
		atomic_fetch_add(&tried, 1);
	mxsel_memory_free(w->memory);
	return NULL;
}

START_TEST(R85_of_many_threads_one_tries_a_host_that_failed)
{
	struct worker workers[THREADS];
	mxsel_memory *memory;
	int i;

	for (i = 0; i < 50; i++) {
		ck_assert_int_eq(mxsel_memory_new(&memory, 65536, ticking,
			NULL), 0);
		remembered_refused(memory, "mx.example", NULL);
		dead = remembered_look(memory, "mx.example");
		atomic_store(&tried, 0);
		(void)pthread_barrier_init(&start, NULL, THREADS);
		begin(workers, memory, 1, probe);
		(void)end(workers);
		(void)pthread_barrier_destroy(&start);
		ck_assert_int_eq(atomic_load(&tried), 1);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/threads");
	TCase *t = tcase_create("threads");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t,
		R85_F91_threads_that_share_few_hosts_find_what_was_reported,
		0, 2);
	tcase_add_loop_test(t,
	R85_F91_threads_that_share_a_memory_that_is_too_small_do_so_too, 0, 2);
	tcase_add_loop_test(t, R85_F91_threads_meet_in_all_parts, 0, 2);
	tcase_add_test(t,
		R85_of_many_threads_one_tries_a_host_that_failed);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
