/*
 * Who takes mail, and when he does not: destinations with their hosts and
 * addresses, and a trace of outages. All of it follows from a seed. May use
 * libc, libm and the public header.
 */
#ifndef TESTS_BENCH_OUTAGES_WORLD_H
#define TESTS_BENCH_OUTAGES_WORLD_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <mxsel/mxsel.h>

#include "bench/outages/dice.h"

#define SECOND UINT64_C(1000) /* virtual time is in milliseconds */
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

enum {
	HOSTS_MAX = 6,     /* of a destination: five equals, one behind them */
	ADDRESSES_MAX = 3, /* of a host */
	WHOLE = -1         /* not one address, but the host */
};

enum state { WELL, REFUSES, TIMES_OUT };

/* From when until when a host, or one address of it, takes no mail. */
struct outage {
	uint64_t from, to;
	int address; /* or WHOLE */
	enum state state;
};

struct host {
	unsigned addresses; /* the first is IPv6 when there are several */
	unsigned six;       /* bits: which of them are IPv6 */
	int preference;
	struct outage *outages; /* in the order of time */
	size_t count;
};

struct destination {
	unsigned hosts, equals; /* those behind the equals come last */
	double until;  /* share of all mails up to and with this one */
	struct host host[HOSTS_MAX];
};

struct world {
	struct destination *destination;
	size_t count, outages;
};

/* count destinations, the first with most mail, and no outage. */
void world_make(struct world *w, size_t count, uint64_t seed);

/* The same, each with two to five equal hosts, and with as much mail. */
void world_make_even(struct world *w, size_t count, uint64_t seed);

/* One destination of so many equal hosts with so many addresses each. */
void world_make_one(struct world *w, unsigned hosts, unsigned addresses);
void world_free(struct world *w);

/* Outages in so many milliseconds. */
void world_trouble(struct world *w, uint64_t length, uint64_t seed);
void world_add_outage(struct world *w, struct host *h,
	const struct outage *outage);

/* Each outage a line, in the order of time. */
void world_print_trace(const struct world *w, FILE *to);

enum state world_state(const struct host *h, int address, uint64_t now);

/* Bit 1: one of the equals is well; bit 2: one is ill. */
int world_health(const struct destination *one, uint64_t now);

/* Is this host or one of the same preference well, so that nobody has to try
   what is not? */
int world_spares(const struct destination *one, const struct host *h,
	uint64_t now);

/* Who gets the next mail. */
size_t world_draw(const struct world *w, struct dice *d);

/* Which one an attempt is at. */
struct place {
	size_t destination;
	unsigned host;
	int address;
};
void world_place(const struct world *w, const mxsel *m, struct place *place);

/* A resolver of the world; it answers at once. */
void world_resolve(mxsel_query *q, void *user);

#endif
