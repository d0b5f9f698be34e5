/*
 * Many threads with objects of their own and shared options, caches,
 * resolvers and servers: F91. May use host_judge.h.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/cache.h>

#include "faults/api.h"
#include "faults/host_judge.h"

#define THREADS 64
#define ROUNDS 100 /* selections of a thread */
#define DOMAINS 100

struct shared {
	struct trial *t;
	mxsel_cache *cache;
	atomic_uint right, wrong;
};

static void judge(struct shared *s, const char *said)
{
	if (strcmp(said, "2001:db8::1 192.0.2.1 ") == 0)
		atomic_fetch_add(&s->right, 1);
	else
		atomic_fetch_add(&s->wrong, 1);
}

static void one_blocking(struct shared *s, const char *name)
{
	char said[64] = "";
	mxsel *m;

	if (mxsel_new(&m, name, s->t->options) == 0) {
		while (mxsel_next(m) == MXSEL_ATTEMPT) {
			trial_add_text(said, sizeof said, mxsel_address(m));
			trial_add_text(said, sizeof said, " ");
		}
		mxsel_free(m);
	}
	judge(s, said);
}

static void one_on_engine(struct shared *s, mxsel_engine *e, const char *name)
{
	char said[64] = "";
	int result;
	mxsel *m;

	if (mxsel_new(&m, name, s->t->pull) == 0) {
		while ((result = mxsel_engine_next(e, m)) > 0) {
			if (result == MXSEL_LOOKUP) {
				while (mxsel_engine_ready(e) == NULL)
					mxsel_engine_wait(e, -1);
				continue;
			}
			trial_add_text(said, sizeof said, mxsel_address(m));
			trial_add_text(said, sizeof said, " ");
		}
		mxsel_free(m);
	}
	judge(s, said);
}

static void *live(void *user)
{
	struct shared *s = user;
	mxsel_engine *e = NULL;
	char name[32];
	int i;

	if (mxsel_engine_new(&e, "") != 0 || mxsel_engine_add_server(e,
			liar_address(s->t->liars[0])) != 0)
		atomic_fetch_add(&s->wrong, 1);
	for (i = 0; i < ROUNDS; i++) {
		snprintf(name, sizeof name, "d%d.example", i % DOMAINS);
		if (i % 2 == 0)
			one_blocking(s, name);
		else
			one_on_engine(s, e, name);
		if (i % 50 == 49) /* and ask anew */
			mxsel_cache_forget(s->cache, NULL);
	}
	mxsel_engine_free(e);
	return NULL;
}

static void all_at_once(struct shared *s)
{
	pthread_t threads[THREADS];
	int i;

	for (i = 0; i < THREADS; i++)
		EXPECT(pthread_create(&threads[i], NULL, live, s) == 0);
	for (i = 0; i < THREADS; i++)
		EXPECT(pthread_join(threads[i], NULL) == 0);
}

void F91_threads(void)
{
	struct shared s;
	struct trial t;
	struct base base;

	trial_begin(&t, 20000);
	trial_server(&t, honest, honest);
	s.t = &t;
	atomic_init(&s.right, 0);
	atomic_init(&s.wrong, 0);
	EXPECT(mxsel_cache_new(&s.cache, 1 << 20, mxsel_ldns_clock, NULL) ==
		0);
	EXPECT(mxsel_options_set_cache(t.options, s.cache) == 0);
	EXPECT(mxsel_options_set_cache(t.pull, s.cache) == 0);
	all_at_once(&s);
	base.descriptors = judge_descriptors();
	base.blocks = heap_blocks();
	all_at_once(&s);
	/* A resolver keeps a seat for as many as ever waited at once. */
	EXPECT(judge_descriptors() == base.descriptors);
	EXPECT(heap_blocks() <= base.blocks + 8 * THREADS);
	EXPECT(atomic_load(&s.wrong) == 0);
	EXPECT(atomic_load(&s.right) == 2 * THREADS * ROUNDS);
	mxsel_cache_free(s.cache);
	EXPECT(trial_look(&t, "example.com") == 0 && trial_is_right(&t));
	judge_say("%d threads x %d selections with shared options, resolver, "
		"cache and server: every plan right", THREADS, 2 * ROUNDS);
}
