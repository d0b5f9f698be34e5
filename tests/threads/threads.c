/*
 * Many threads over the same options, caches, resolvers and MTA-STS policies
 * (F91): nobody may see half of what another writes. Hosts, addresses and end
 * of every selection are compared with what was put into the DNS. Made to run
 * under ThreadSanitizer. May use the public API, support/liar.h.
 *
 *	threads [THREADS [SELECTIONS [SECONDS]]]
 *
 * Prints how many selections each thread made at least and how many of all
 * were wrong; a thread ends after SECONDS, done or not. Exit: 0 when none was
 * wrong.
 */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <mxsel/cache.h>
#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>
#include <mxsel/security.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support/liar.h"

enum {
	THREADS_MAX = 256,
	DOMAINS = 1000,
	POPULAR = 50,            /* those most mail goes to */
	CACHE_OCTETS = 256 << 10, /* too small for all domains */
	NAME_SIZE = 24,
	EVERY_UNPOPULAR = 32,    /* selections: of any domain */
	EVERY_WHOLE = 8,         /* to the end, not to the first host */
	EVERY_OBJECT = 64,       /* a new one, not a reset */
	EVERY_ZONE = 128,        /* from a master file */
	EVERY_SOCKET = 4096,     /* over loopback */
	EVERY_ENGINE = 4096,
	EVERY_LOOK = 1024,       /* at the cache itself */
	POLICIES = 8             /* of the first domains */
};

/* A domain and its two hosts. */
struct domain {
	char name[NAME_SIZE];
	struct {
		char name[NAME_SIZE], address[16];
		uint8_t octets[4];
		int preference;
	} host[2];
};

/* What all threads use. */
struct shared {
	struct domain domains[DOMAINS];
	mxsel_cache *cache;
	mxsel_sts *policies[POLICIES];
	mxsel_options *quick, *zone, *socket, *engine;
	const char *server;
	long selections;
	time_t end;
};

struct worker {
	struct shared *shared;
	pthread_t thread;
	uint64_t state;
	mxsel *kept;
	mxsel_engine *engine;
	long done, wrong;
};

/* --------------------------------------------------- what is in the DNS */

static void make_domains(struct shared *s)
{
	static const char *const nets[] = { "192.0.2", "198.51.100" };
	int n, i;

	for (n = 0; n < DOMAINS; n++) {
		struct domain *d = &s->domains[n];

		(void)snprintf(d->name, NAME_SIZE, "d%d.example", n);
		for (i = 0; i < 2; i++) {
			(void)snprintf(d->host[i].name, NAME_SIZE,
				"%c%d.example", "ab"[i], n);
			(void)snprintf(d->host[i].address, 16, "%s.%d",
				nets[i], n % 250 + 1);
			if (inet_pton(AF_INET, d->host[i].address,
				    d->host[i].octets) != 1)
				abort();
			d->host[i].preference = 10 * (i + 1);
		}
	}
}

/* The resolver of functions; it only reads, so any thread may ask it. */
static void resolve(mxsel_query *q, void *user)
{
	const char *name = mxsel_query_name(q);
	const struct domain *d = (const struct domain *)user +
		strtol(name + 1, NULL, 10);
	int i, rc = 0;

	if (mxsel_query_type(q) == MXSEL_TYPE_MX)
		for (i = 0; i < 2; i++)
			rc |= mxsel_answer_mx(q,
				(uint16_t)d->host[i].preference,
				d->host[i].name, 300);
	else if (mxsel_query_type(q) == MXSEL_TYPE_A)
		rc |= mxsel_answer_address(q, d->host[name[0] == 'b'].octets,
			4, 300);
	else
		rc |= mxsel_answer_negative_ttl(q, 300);
	rc |= mxsel_answer_finish(q, MXSEL_DNS_COMPLETE,
		MXSEL_SECURITY_INSECURE);
	if (rc != 0)
		abort();
}

static char *zone_text(const struct shared *s)
{
	size_t room = DOMAINS * 160 + 200, at;
	char *text = malloc(room);
	int n, i;

	if (text == NULL)
		abort();
	at = (size_t)snprintf(text, room, "example. 300 IN SOA ns.example. "
		"hostmaster.example. 1 7200 900 86400 300\n"
		"example. 300 IN NS ns.example.\n");
	for (n = 0; n < DOMAINS; n++) {
		const struct domain *d = &s->domains[n];

		for (i = 0; i < 2; i++)
			at += (size_t)snprintf(text + at, room - at,
				"%s. 300 IN MX %d %s.\n%s. 300 IN A %s\n",
				d->name, d->host[i].preference,
				d->host[i].name, d->host[i].name,
				d->host[i].address);
	}
	return text;
}

static void answer(struct liar_call *call)
{
	liar_truth(call);
	liar_send(call);
}

/* ------------------------------------------------------------ selections */

static uint32_t below(struct worker *w, uint32_t bound)
{
	uint64_t z = w->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ z >> 31) % bound);
}

/* Is this attempt the one that belongs there? domain NULL: the server on
   loopback says the same of all. */
static int is_right(const mxsel *m, int nth, const struct domain *d)
{
	if (d == NULL)
		return strcmp(mxsel_host_name(m), "mx.example.net") == 0;
	return strcmp(mxsel_host_name(m), d->host[nth].name) == 0 &&
		strcmp(mxsel_address(m), d->host[nth].address) == 0 &&
		mxsel_host_preference(m) == d->host[nth].preference;
}

static int next(struct worker *w, mxsel *m)
{
	int rc;

	if (w->engine == NULL)
		return mxsel_next(m);
	while ((rc = mxsel_engine_next(w->engine, m)) == MXSEL_LOOKUP)
		while (mxsel_engine_ready(w->engine) == NULL)
			if (mxsel_engine_wait(w->engine, -1) != 0)
				abort();
	return rc;
}

/* The first attempt, or both and the end. */
static void follow(struct worker *w, mxsel *m, const struct domain *d)
{
	int most = w->done % EVERY_WHOLE == 0 ? 3 : 1, nth = 0, rc;

	for (rc = MXSEL_ATTEMPT; nth < most; nth++) {
		rc = next(w, m);
		if (rc != MXSEL_ATTEMPT || nth > 1 || !is_right(m, nth, d))
			break;
	}
	if (most == 3 ? rc != MXSEL_END || nth != 2 : nth != 1)
		w->wrong++;
}

static mxsel *begin(const char *name, const mxsel_options *options)
{
	mxsel *m;

	if (mxsel_new(&m, name, options) != 0)
		abort();
	return m;
}

static void begin_and_follow(struct worker *w, const struct domain *d,
	const mxsel_options *options, const struct domain *expected)
{
	const struct shared *s = w->shared;
	mxsel *m = begin(d->name, options);

	if (d < s->domains + POLICIES && mxsel_set_sts(m,
		    s->policies[d - s->domains], 1000) != 0)
		abort();
	follow(w, m, expected);
	mxsel_free(m);
}

/* By an engine of the thread's own, with the cache of all. */
static void through_engine(struct worker *w, const struct domain *d)
{
	const struct shared *s = w->shared;

	if (mxsel_engine_new(&w->engine, "") != 0 ||
		mxsel_engine_add_server(w->engine, s->server) != 0)
		abort();
	begin_and_follow(w, d, s->engine, NULL);
	mxsel_engine_free(w->engine);
	w->engine = NULL;
}

/* With a copy of the options all use, while all use them. */
static void with_copy(struct worker *w, const struct domain *d)
{
	mxsel_options *copy;

	if (mxsel_options_copy(&copy, w->shared->quick) != 0)
		abort();
	begin_and_follow(w, d, copy, d);
	mxsel_options_free(copy);
}

static void look_at_cache(mxsel_cache *cache, const char *name)
{
	if (mxsel_cache_forget(cache, name) != 0 ||
		mxsel_cache_set(cache, MXSEL_CACHE_STALE, 60) != 0)
		abort();
	(void)mxsel_cache_statistic(cache, MXSEL_CACHE_HITS);
	(void)mxsel_cache_statistic(cache, MXSEL_CACHE_BYTES);
}

/* The selection kept begins anew: what a mail server does most. */
static void again(struct worker *w, const struct domain *d)
{
	if (w->kept == NULL)
		w->kept = begin(d->name, w->shared->quick);
	else if (mxsel_reset(w->kept, d->name) != 0)
		abort();
	follow(w, w->kept, d);
}

static void select_one(struct worker *w)
{
	struct shared *s = w->shared;
	int of_any = w->done % EVERY_UNPOPULAR == 0;
	const struct domain *d = s->domains +
		below(w, of_any ? DOMAINS : POPULAR);

	if (w->done % EVERY_LOOK == 1)
		look_at_cache(s->cache, d->name);
	if (w->done % EVERY_SOCKET == 2)
		begin_and_follow(w, d, s->socket, NULL);
	else if (w->done % EVERY_ENGINE == 3)
		through_engine(w, d);
	else if (w->done % EVERY_ZONE == 4)
		begin_and_follow(w, d, s->zone, d);
	else if (w->done % EVERY_OBJECT == 5)
		with_copy(w, d);
	else
		again(w, d);
	w->done++;
}

static void *work(void *user)
{
	struct worker *w = user;

	while (w->done < w->shared->selections &&
		(w->done % 64 != 0 || time(NULL) < w->shared->end))
		select_one(w);
	mxsel_free(w->kept);
	return NULL;
}

/* ------------------------------------------------------------------ main */

static mxsel_options *options_for(mxsel_resolver *resolver,
	mxsel_cache *cache)
{
	mxsel_options *options;

	if (mxsel_options_new(&options) != 0 ||
		mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT, 600000) != 0 ||
		mxsel_options_set_resolver(options, resolver) != 0 ||
		mxsel_options_set_cache(options, cache) != 0)
		abort();
	mxsel_resolver_free(resolver);
	return options;
}

static void make_policies(struct shared *s)
{
	static const char body[] = "version: STSv1\nmode: testing\n"
		"mx: *.example\nmax_age: 86400\n";
	int i;

	for (i = 0; i < POLICIES; i++)
		if (mxsel_sts_new(&s->policies[i], s->domains[i].name, body,
			    sizeof(body) - 1, 900) != 0)
			abort();
}

static void prepare(struct shared *s, struct liar *liar)
{
	mxsel_resolver *quick, *zone, *socket;
	mxsel_cache *none = NULL, *answers;
	char *text;

	make_domains(s);
	make_policies(s);
	text = zone_text(s);
	s->server = liar_address(liar);
	if (mxsel_cache_new(&s->cache, CACHE_OCTETS, mxsel_ldns_clock,
		    NULL) != 0 ||
		mxsel_cache_new(&answers, CACHE_OCTETS, mxsel_ldns_clock,
			NULL) != 0 ||
		mxsel_resolver_new(&quick, resolve, NULL, s->domains) != 0 ||
		mxsel_ldns_zone_text_new(&zone, text) != 0 ||
		mxsel_ldns_new(&socket, "") != 0 ||
		mxsel_ldns_add_server(socket, s->server) != 0 ||
		mxsel_ldns_set_query_time(socket, 60000) != 0)
		abort();
	free(text);
	s->quick = options_for(quick, s->cache);
	s->zone = options_for(zone, none);
	s->socket = options_for(socket, none);
	s->engine = options_for(NULL, answers);
	mxsel_cache_free(answers);
}

/* The fewest selections of a thread. */
static long run(struct shared *s, int threads, long *wrong)
{
	static struct worker workers[THREADS_MAX];
	long fewest = s->selections;
	int i;

	for (i = 0; i < threads; i++) {
		workers[i].shared = s;
		workers[i].state = (uint64_t)i;
		if (pthread_create(&workers[i].thread, NULL, work,
			    &workers[i]) != 0)
			abort();
	}
	for (i = 0; i < threads; i++) {
		(void)pthread_join(workers[i].thread, NULL);
		*wrong += workers[i].wrong;
		if (workers[i].done < fewest)
			fewest = workers[i].done;
	}
	return fewest;
}

int main(int argc, char **argv)
{
	int threads = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 64;
	long seconds = argc > 3 ? strtol(argv[3], NULL, 10) : 3600;
	struct liar *liar = liar_start(answer, answer);
	static struct shared s;
	long wrong = 0, fewest;
	time_t began = time(NULL);
	int i;

	s.selections = argc > 2 ? strtol(argv[2], NULL, 10) : 100000;
	s.end = began + seconds;
	if (threads < 1 || threads > THREADS_MAX || s.selections < 1)
		return 64;
	prepare(&s, liar);
	fewest = run(&s, threads, &wrong);
	printf("%d threads, each %ld selections, %ld wrong, %ld s\n", threads,
		fewest, wrong, (long)(time(NULL) - began));
	mxsel_options_free(s.quick);
	mxsel_options_free(s.zone);
	mxsel_options_free(s.socket);
	mxsel_options_free(s.engine);
	for (i = 0; i < POLICIES; i++)
		mxsel_sts_free(s.policies[i]);
	mxsel_cache_free(s.cache);
	liar_stop(liar);
	return wrong == 0 ? 0 : 1;
}
