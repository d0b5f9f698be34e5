/*
 * The calls of the engine, of the socket resolver and of the cache, measured
 * against an honest server on loopback: see stack.c. What ldns takes while it
 * reads resolv.conf and zones is not the library's.
 */
#include <stdio.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>

#include "properties/stack.h"
#include "support/crowd.h"

static unsigned long failed;

static void expect(int rc, int wanted)
{
	failed += rc != wanted;
}

static mxsel_options *make_options(mxsel_cache *cache)
{
	mxsel_options *o = NULL;

	expect(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	mxsel_options_set(o, MXSEL_OPT_PREFETCH, 8);
	SHOW("mxsel_options_set_cache", mxsel_options_set_cache(o, cache));
	return o;
}

static void walk(mxsel_engine *e, mxsel *m)
{
	int rc, turns = 0;

	while (turns++ < 1000) {
		rc = CALL("mxsel_engine_next", mxsel_engine_next(e, m));
		if (rc == MXSEL_LOOKUP) {
			SHOW("mxsel_engine_timeout", mxsel_engine_timeout(e));
			SHOW("mxsel_engine_wait", mxsel_engine_wait(e, 100));
			SHOW("mxsel_engine_process", mxsel_engine_process(e));
			while (mxsel_engine_ready(e) != m && turns++ < 1000)
				expect(mxsel_engine_wait(e, 100), MXSEL_OK);
		} else if (rc != MXSEL_ATTEMPT) {
			expect(rc, MXSEL_END);
			return;
		}
	}
	failed++;
}

static void use_engine(struct crowd *crowd)
{
	static const char *const destinations[] = { "p1.example",
		"d1.example", "n1.example", "p1.example" };
	mxsel_cache *cache = NULL;
	mxsel_engine *e = NULL;
	mxsel_options *o;
	mxsel *m = NULL;
	size_t i;

	expect(CALL("mxsel_cache_new", mxsel_cache_new(&cache, 65536,
		mxsel_ldns_clock, NULL)), MXSEL_OK);
	o = make_options(cache);
	expect(CALL("mxsel_engine_new, no file", mxsel_engine_new(&e, "")),
		MXSEL_OK);
	expect(CALL("mxsel_engine_add_server", mxsel_engine_add_server(e,
		crowd_address_of(crowd))), MXSEL_OK);
	for (i = 0; i < sizeof(destinations) / sizeof(destinations[0]); i++) {
		expect(CALL("mxsel_new", mxsel_new(&m, destinations[i], o)),
			MXSEL_OK);
		walk(e, m);
		mxsel_free(m);
	}
	RELEASE("mxsel_engine_free", mxsel_engine_free(e));
	mxsel_options_free(o);
	SHOW("mxsel_cache_forget", mxsel_cache_forget(cache, "p1.example"));
	RELEASE("mxsel_cache_free", mxsel_cache_free(cache));
}

static void use_resolver(struct crowd *crowd)
{
	mxsel_resolver *r = NULL;
	mxsel_options *o = NULL;
	mxsel *m = NULL;

	expect(CALL("mxsel_ldns_new, no file", mxsel_ldns_new(&r, "")),
		MXSEL_OK);
	expect(CALL("mxsel_ldns_add_server", mxsel_ldns_add_server(r,
		crowd_address_of(crowd))), MXSEL_OK);
	expect(mxsel_options_new(&o), MXSEL_OK);
	expect(mxsel_options_set_resolver(o, r), MXSEL_OK);
	expect(CALL("mxsel_new", mxsel_new(&m, "d1.example", o)), MXSEL_OK);
	expect(CALL("mxsel_next, over sockets", (mxsel_next)(m)),
		MXSEL_ATTEMPT);
	mxsel_free(m);
	mxsel_options_free(o);
	mxsel_resolver_free(r);
}

unsigned long stack_sockets(void)
{
	static const struct crowd_plan plans[] = { { .signs = 1 },
		{ .signs = 1, .truncate = 1 } };
	struct crowd *crowd;
	size_t i;

	for (i = 0; i < 2; i++) {
		crowd = crowd_start(&plans[i]);
		use_engine(crowd);
		use_resolver(crowd);
		crowd_stop(crowd);
	}
	return failed;
}
