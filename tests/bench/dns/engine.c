/*
 * This library: mxsel_engine, a cache, every check on. Without mode each
 * selection is walked to its end, so that all addresses are found; "lazy"
 * looks at the first attempt alone. May use the public headers only.
 */
#define _DEFAULT_SOURCE

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>

#include "bench/dns/load.h"

#define CACHE_SIZE (32u << 20)

struct delivery {
	struct load_job job;
	mxsel *selection;
	const char *host; /* of the last attempt, and its checksum */
	uint64_t hash;
};

static mxsel_engine *engine;
static mxsel_options *options;
static mxsel_cache *cache;
static int lazy;

static void set_up(void)
{
	char server[32];

	(void)snprintf(server, sizeof(server), "127.0.0.1@%u", load.port);
	lazy = strcmp(load.mode, "lazy") == 0;
	if (mxsel_engine_new(&engine, "") != MXSEL_OK ||
		mxsel_engine_add_server(engine, server) != MXSEL_OK ||
		mxsel_cache_new(&cache, CACHE_SIZE, mxsel_ldns_clock, NULL) !=
		MXSEL_OK || mxsel_options_new(&options) != MXSEL_OK ||
		mxsel_options_set_cache(options, cache) != MXSEL_OK ||
		(!lazy && mxsel_options_set(options, MXSEL_OPT_PREFETCH,
		128) != MXSEL_OK))
		load_die("no engine");
}

static enum load_status status_of(const mxsel *m)
{
	switch (mxsel_verdict_reason(m)) {
	case MXSEL_REASON_OK:
	case MXSEL_REASON_UNREACHABLE:
		return LOAD_OK;
	case MXSEL_REASON_NULL_MX:
		return LOAD_NULL_MX;
	case MXSEL_REASON_NO_DOMAIN:
		return LOAD_NO_DOMAIN;
	case MXSEL_REASON_NO_HOST:
		return LOAD_NO_HOST;
	default:
		return LOAD_LOST;
	}
}

static void note(struct delivery *d)
{
	const mxsel *m = d->selection;
	union {
		struct sockaddr sa;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} u;
	size_t size = sizeof(u);

	if (mxsel_sockaddr(m, &u.sa, &size) != MXSEL_OK)
		return;
	if (d->host != mxsel_host_name(m)) {
		d->host = mxsel_host_name(m);
		d->hash = load_hash(d->host);
	}
	if (u.sa.sa_family == AF_INET)
		load_add(&d->job, d->hash,
			(unsigned)mxsel_host_preference(m), &u.v4.sin_addr, 4);
	else
		load_add(&d->job, d->hash,
			(unsigned)mxsel_host_preference(m), &u.v6.sin6_addr,
			16);
}

static int begin(struct delivery *d)
{
	if (!load_next(&d->job))
		return 0;
	d->host = NULL;
	if (d->selection != NULL ?
		mxsel_reset(d->selection, load_domain(&d->job)) != MXSEL_OK :
		mxsel_new(&d->selection, load_domain(&d->job), options) !=
		MXSEL_OK)
		load_die("no selection");
	(void)mxsel_set_user(d->selection, d);
	return 1;
}

/* Walk until a question is open; 1: the domain is done. */
static int walk(struct delivery *d)
{
	int rc;

	while ((rc = mxsel_engine_next(engine, d->selection)) ==
		MXSEL_ATTEMPT) {
		note(d);
		if (lazy)
			break;
	}
	if (rc == MXSEL_LOOKUP)
		return 0;
	if (rc < 0)
		load_die(mxsel_strerror(rc));
	if (lazy)
		load_done_first(&d->job, rc == MXSEL_ATTEMPT ? LOAD_OK :
			status_of(d->selection));
	else
		load_done(&d->job, status_of(d->selection));
	return 1;
}

/* This domain and others after it, until one waits. */
static void work(struct delivery *d)
{
	while (walk(d))
		if (!begin(d))
			return;
}

int main(int argc, char **argv)
{
	struct delivery *all;
	mxsel *m;
	unsigned i;

	load_begin(argc, argv, "engine");
	set_up();
	all = calloc(load.concurrency, sizeof(all[0]));
	if (all == NULL)
		load_die("no memory");
	for (i = 0; i < load.concurrency && begin(&all[i]); i++)
		work(&all[i]);
	while (load_busy()) {
		if (mxsel_engine_wait(engine, 1000) != MXSEL_OK)
			load_die("mxsel_engine_wait");
		while ((m = mxsel_engine_ready(engine)) != NULL)
			work(mxsel_user(m));
	}
	for (i = 0; i < load.concurrency; i++)
		mxsel_free(all[i].selection);
	free(all);
	mxsel_options_free(options);
	mxsel_cache_free(cache);
	mxsel_engine_free(engine);
	return load_end();
}
