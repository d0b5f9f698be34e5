/*
 * Workers who deliver mail to a world, each with the memory that its way
 * gives it, and what is counted meanwhile. May use libc and the public
 * headers.
 */
#ifndef TESTS_BENCH_OUTAGES_RUN_H
#define TESTS_BENCH_OUTAGES_RUN_H

#include <mxsel/cache.h>
#include <mxsel/memory.h>

#include "bench/outages/world.h"

enum way {
	WITHOUT, /* no memory */
	ALONE,   /* each worker its own */
	SHARED,  /* one for all */
	STORE,   /* each its own, with a store that is one for all */
	WAYS
};

/* What a run is told. */
struct plan {
	const struct world *world;
	enum way way;
	unsigned workers;
	double rate;            /* mails a second, of all together */
	uint64_t length;        /* of the run */
	uint64_t seed;          /* of mails and selections */
	uint64_t delivery;      /* how long one takes */
	unsigned mishaps;       /* of 1000 connections to who is well */
	int half_life, explore; /* 0, -1: the memory's own */
};

#define WAIT_MOST (10 * MINUTE) /* what is longer counts as that */
#define SLICE (10 * SECOND)

/* Waiting times, to the millisecond. */
struct waits {
	uint32_t *count; /* of each, 0 to WAIT_MOST */
	uint64_t all;
	double sum;
};
void waits_begin(struct waits *w);
void waits_add(struct waits *w, uint64_t wait);
double waits_mean(const struct waits *w);
double waits_part(const struct waits *w, double part);

/* What happened in ten seconds at the first destination. */
struct slice {
	uint32_t mails;            /* begun */
	uint32_t tried[HOSTS_MAX]; /* attempts */
	uint32_t first[HOSTS_MAX]; /* of these, first ones */
};

struct tally {
	uint64_t mails;     /* that were begun; again when they came again */
	uint64_t delivered, deferred, given_up;
	uint64_t attempts, wasted; /* wasted: that failed */
	uint64_t needless;  /* of these: an equal, or another address of the
	                       same host, was well */
	uint64_t probes, behind;
	uint64_t busy;      /* milliseconds of all workers */
	struct waits first; /* to the first good connection */
	struct waits ill;   /* of mails to where equals were ill and well */
	uint32_t (*share)[HOSTS_MAX]; /* first attempts, by destination */
	struct slice *slice;
	size_t slices;
};

void run(const struct plan *plan, struct tally *tally);
void tally_free(struct tally *tally);

#endif
