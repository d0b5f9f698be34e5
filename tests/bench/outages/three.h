/*
 * One of three equal hosts dies and comes back: what is measured of it.
 */
#ifndef TESTS_BENCH_OUTAGES_THREE_H
#define TESTS_BENCH_OUTAGES_THREE_H

#include "bench/outages/parts.h"

#define DIES (10 * MINUTE)
#define LONGEST (30 * MINUTE) /* that it can be dead */
#define AFTER (10 * MINUTE)

struct three {
	enum state state; /* how it is dead */
	uint64_t lasts;   /* how long, in whole minutes */
	double rate;      /* mails a second */
	struct slice slice[(DIES + LONGEST + AFTER) / SLICE]; /* of all seeds */
	double worst;     /* the least of its shares in the third minute */
};

/* plan: way, half-life and exploration. */
void three_measure(struct three *t, struct plan plan, unsigned seeds);

/* Attempts at it, a mail begun, in a minute since it died, from 0; or in all
   minutes from that one until it is back. */
double three_tried(const struct three *t, unsigned minute);
double three_tried_from(const struct three *t, unsigned minute);

/* Its share of first attempts in a minute since it is back; 1: a third. */
double three_share(const struct three *t, unsigned minute);

/* The seconds after which its share is nine tenths of a third, or more, in
   any half minute. */
unsigned three_recovers(const struct three *t);

/* How uneven the other two are from a minute after it died until it is back,
   in percent, and how likely that is by chance. */
double three_unevenness(const struct three *t, double *chance);

#endif
