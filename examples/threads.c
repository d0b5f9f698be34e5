/*
 * Several threads with an engine each, and one cache for all: what one of
 * them has learnt no other asks again. The threads take destinations from
 * standard input in turn; at the end it is told what the cache was good for.
 *
 *     threads [--server ADDRESS[@PORT]] [--seed N] [--threads N]
 *             < DESTINATIONS
 *
 * Prints what many.c prints, in whatever order the threads come to it. Exit:
 * 0, 64 wrong usage, 75 no memory or a failure of the system.
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

enum {
	THREADS_MAX = 64,
	AT_ONCE = 1000, /* selections of one thread at most */
	CACHE_BYTES = 16 << 20
};

/* guide: state */
/* Shared: the cache and the options may be, the input has a lock. */
struct shared {
	mxsel_cache *cache;
	mxsel_options *options;
	const char *server; /* NULL: those of /etc/resolv.conf */
	pthread_mutex_t input;
};

/* A thread's own. */
struct worker {
	struct shared *shared;
	mxsel_engine *engine;
	pthread_t thread;
	uint64_t asked;
	int input_ended;
	int error;
};
/* guide: end */

/* One call a line: stdio keeps lines of several threads apart. */
static void print_attempt(const mxsel *m)
{
	printf("%s: %d %s [%s]\n", mxsel_destination(m),
		mxsel_host_preference(m), mxsel_host_name(m),
		mxsel_address(m));
}

static void print_end(const mxsel *m, int r)
{
	if (r == MXSEL_END)
		printf("%s: %d %s %s\n", mxsel_destination(m),
			mxsel_verdict_code(m), mxsel_verdict_status(m),
			mxsel_verdict_text(m));
	else
		printf("%s: %s\n", mxsel_destination(m), mxsel_strerror(r));
}

static void advance(struct worker *w, mxsel *m)
{
	int r;

	while ((r = mxsel_engine_next(w->engine, m)) == MXSEL_ATTEMPT)
		print_attempt(m);
	if (r == MXSEL_LOOKUP)
		return; /* mxsel_engine_ready() brings it back */
	print_end(m, r);
	mxsel_free(m);
}

/* 1, or 0 when the input has ended. */
static int take_line(struct shared *shared, char *line, int size)
{
	int r;

	pthread_mutex_lock(&shared->input);
	r = fgets(line, size, stdin) != NULL;
	pthread_mutex_unlock(&shared->input);
	if (r)
		line[strcspn(line, "\n")] = '\0';
	return r;
}

static int begin_more(struct worker *w)
{
	char line[1100];
	mxsel *m;
	int r;

	while (!w->input_ended && mxsel_engine_count(w->engine) < AT_ONCE &&
	       mxsel_engine_queued(w->engine) == 0) {
		if (!take_line(w->shared, line, sizeof line)) {
			w->input_ended = 1;
			break;
		}
		if (line[0] == '\0')
			continue;
		r = mxsel_new(&m, line, w->shared->options);
		if (r != 0)
			return r;
		advance(w, m);
	}
	return 0;
}

/* guide: worker */
static int work(struct worker *w)
{
	mxsel *m;
	int r;

	for (;;) {
		while ((m = mxsel_engine_ready(w->engine)) != NULL)
			advance(w, m);
		r = begin_more(w);
		if (r != 0)
			return r;
		if (w->input_ended && mxsel_engine_count(w->engine) == 0)
			return 0;
		r = mxsel_engine_wait(w->engine, -1);
		if (r != 0)
			return r;
	}
}

static void *run_worker(void *user)
{
	struct worker *w = user;
	const char *server = w->shared->server;

	w->error = mxsel_engine_new(&w->engine, server != NULL ? "" : NULL);
	if (w->error == 0 && server != NULL)
		w->error = mxsel_engine_add_server(w->engine, server);
	if (w->error == 0)
		w->error = work(w);
	w->asked = mxsel_engine_statistic(w->engine, MXSEL_LDNS_SENT_UDP) +
		mxsel_engine_statistic(w->engine, MXSEL_LDNS_SENT_TCP);
	mxsel_engine_free(w->engine);
	return NULL;
}
/* guide: end */

static int make_shared(struct shared *shared, const char *seed)
{
	int r;

	r = mxsel_cache_new(&shared->cache, CACHE_BYTES, mxsel_ldns_clock,
		NULL);
	if (r == 0)
		r = mxsel_options_new(&shared->options);
	if (r == 0)
		r = mxsel_options_set_cache(shared->options, shared->cache);
	if (r == 0 && seed != NULL)
		r = mxsel_options_set_seed(shared->options,
			strtoull(seed, NULL, 10));
	if (r == 0 && pthread_mutex_init(&shared->input, NULL) != 0)
		r = MXSEL_ESYSTEM;
	return r;
}

/* The first error of any thread, 0 when there was none. */
static int run(struct shared *shared, int count, uint64_t *asked)
{
	static struct worker workers[THREADS_MAX];
	int i, started, r = 0;

	for (started = 0; started < count && r == 0; started++) {
		workers[started].shared = shared;
		if (pthread_create(&workers[started].thread, NULL, run_worker,
		    &workers[started]) != 0)
			r = MXSEL_ESYSTEM;
	}
	if (r != 0)
		started--;
	for (i = 0; i < started; i++) {
		pthread_join(workers[i].thread, NULL);
		*asked += workers[i].asked;
		if (r == 0)
			r = workers[i].error;
	}
	return r;
}

static void print_totals(const mxsel_cache *cache, uint64_t asked)
{
	fprintf(stderr, "asked %" PRIu64 ", found %" PRIu64 "\n", asked,
		mxsel_cache_statistic(cache, MXSEL_CACHE_HITS));
}

/* 1 when the usage is right. */
static int read_arguments(int argc, char **argv, const char **server,
	const char **seed, int *threads)
{
	int i;

	for (i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--server") == 0)
			*server = argv[i + 1];
		else if (strcmp(argv[i], "--seed") == 0)
			*seed = argv[i + 1];
		else if (strcmp(argv[i], "--threads") == 0)
			*threads = (int)strtol(argv[i + 1], NULL, 10);
		else
			return 0;
	}
	return i == argc && *threads > 0 && *threads <= THREADS_MAX;
}

int main(int argc, char **argv)
{
	static struct shared shared;
	const char *seed = NULL;
	uint64_t asked = 0;
	int threads = 4, r;

	if (!read_arguments(argc, argv, &shared.server, &seed, &threads)) {
		fprintf(stderr, "usage: threads [--server ADDRESS[@PORT]] "
			"[--seed N] [--threads N] < DESTINATIONS\n");
		return 64;
	}
	r = make_shared(&shared, seed);
	if (r == 0)
		r = run(&shared, threads, &asked);
	if (r == 0)
		print_totals(shared.cache, asked);
	else
		fprintf(stderr, "threads: %s\n", mxsel_strerror(r));
	mxsel_options_free(shared.options);
	mxsel_cache_free(shared.cache);
	return r == 0 ? 0 : r == MXSEL_ESYNTAX ? 64 : 75;
}
