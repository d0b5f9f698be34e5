/*
 * Many selections on one engine against servers for crowds: what the tests
 * of the engine share. Every address handed out is held against the one that
 * its name has. May use the public headers, check and support/crowd.h.
 */
#ifndef TESTS_SUPPORT_CROWD_TRIAL_H
#define TESTS_SUPPORT_CROWD_TRIAL_H

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

#include "support/crowd.h"

#define PARTY_TIME 5000  /* ms for a question where nothing waits for it */
#define PARTY_GRACE 50   /* ms that a deadline may be missed by (S7) */
#define PARTY_REASONS 12

struct party {
	struct crowd *crowds[4];
	unsigned count;
	mxsel_engine *engine;
	mxsel_options *options;
	int walks; /* 1: to the end of the plan; 0: the first takes it */
	unsigned begun, ended, attempts;
	unsigned reasons[PARTY_REASONS]; /* of those that ended */
};

static inline long long party_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline struct crowd *party_server(struct party *p,
	const struct crowd_plan *plan)
{
	struct crowd *crowd = crowd_start(plan);

	p->crowds[p->count++] = crowd;
	ck_assert_int_eq(mxsel_engine_add_server(p->engine,
		crowd_address_of(crowd)), 0);
	return crowd;
}

/* Without a server yet. */
static inline void party_open(struct party *p, int query_time)
{
	memset(p, 0, sizeof *p);
	ck_assert_int_eq(mxsel_engine_new(&p->engine, ""), 0);
	ck_assert_int_eq(mxsel_engine_set(p->engine, MXSEL_ENGINE_QUERY_TIME,
		query_time), 0);
	ck_assert_int_eq(mxsel_options_new(&p->options), 0);
}

static inline void party_begin(struct party *p, const struct crowd_plan *plan,
	int query_time)
{
	party_open(p, query_time);
	party_server(p, plan);
}

static inline void party_end(struct party *p)
{
	unsigned i;

	mxsel_engine_free(p->engine);
	mxsel_options_free(p->options);
	for (i = 0; i < p->count; i++)
		crowd_stop(p->crowds[i]);
}

static inline unsigned party_counted(const struct party *p, int which)
{
	return (unsigned)mxsel_engine_statistic(p->engine, which);
}

/* The address of the attempt is that of its host. */
static inline void party_look(const mxsel *m)
{
	char right[46];

	crowd_address(right, mxsel_host_canonical(m),
		strchr(mxsel_address(m), ':') != NULL ? 28 : 1);
	ck_assert_str_eq(mxsel_address(m), right);
}

/* As far as it goes without waiting. */
static inline int party_go_on(struct party *p, mxsel *m)
{
	int result;

	while ((result = mxsel_engine_next(p->engine, m)) == MXSEL_ATTEMPT) {
		party_look(m);
		p->attempts++;
		if (!p->walks)
			mxsel_report(m, MXSEL_OUTCOME_DELIVERED, 250, NULL);
	}
	if (result == MXSEL_END) {
		p->ended++;
		p->reasons[mxsel_verdict_reason(m)]++;
	}
	return result;
}

static inline mxsel *party_new(struct party *p, const char *destination)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, destination, p->options), 0);
	p->begun++;
	return m;
}

/* Begin one that is freed at its end. */
static inline void party_send(struct party *p, const char *destination)
{
	mxsel *m = party_new(p, destination);
	int result = party_go_on(p, m);

	if (result == MXSEL_END)
		mxsel_free(m);
	else
		ck_assert_int_eq(result, MXSEL_LOOKUP);
}

/* "d0.example" and on. */
static inline void party_send_many(struct party *p, const char *first,
	unsigned from, unsigned count)
{
	char name[64];
	unsigned i;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof name, "%s%u.example", first, from + i);
		party_send(p, name);
	}
}

/* All that can go on do. */
static inline void party_take_ready(struct party *p)
{
	mxsel *m;
	int result;

	while ((m = mxsel_engine_ready(p->engine)) != NULL) {
		result = party_go_on(p, m);
		ck_assert_int_ge(result, 0);
		if (result == MXSEL_END)
			mxsel_free(m);
	}
}

/* Until all have ended; it must not take longer. Returns how long it took. */
static inline long long party_run(struct party *p, long long milliseconds)
{
	long long began = party_now();

	while (p->ended < p->begun) {
		ck_assert_int_eq(mxsel_engine_wait(p->engine, 100), 0);
		party_take_ready(p);
		ck_assert_msg(party_now() - began <= milliseconds,
			"it took longer: %u of %u ended", p->ended, p->begun);
	}
	ck_assert_uint_eq(mxsel_engine_count(p->engine), 0);
	ck_assert_uint_eq(mxsel_engine_queued(p->engine), 0);
	return party_now() - began;
}

/* The blocking resolver, with one server. */
struct caller {
	struct crowd *crowd;
	mxsel_resolver *resolver;
	mxsel_options *options;
};

static inline void call(struct caller *c, const struct crowd_plan *plan)
{
	c->crowd = crowd_start(plan);
	ck_assert_int_eq(mxsel_ldns_new(&c->resolver, ""), 0);
	ck_assert_int_eq(mxsel_ldns_add_server(c->resolver,
		crowd_address_of(c->crowd)), 0);
	ck_assert_int_eq(mxsel_options_new(&c->options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(c->options, c->resolver),
		0);
}

static inline void hang_up(struct caller *c)
{
	mxsel_options_free(c->options);
	mxsel_resolver_free(c->resolver);
	crowd_stop(c->crowd);
}

#endif
