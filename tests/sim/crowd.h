/*
 * Very many selections through one engine, a hundred in a virtual second, over
 * a few hundred zones, each selection with faults of its own. What each must
 * come to is known before. May use public headers and libc only.
 */
#ifndef TESTS_SIM_CROWD_H
#define TESTS_SIM_CROWD_H

#include <mxsel/ldns.h>

#include "sim/server.h"

#define SIM_SLOTS 4096u   /* selections at a time */
#define SIM_ZONES 256u
#define SIM_PLAINS 24u    /* zones without anything odd */
#define SIM_COURSE_MAX 64u

/* The attempts of a selection, as numbers, and how it ended. */
struct sim_course {
	uint32_t attempts[SIM_COURSE_MAX];
	unsigned count;
	int action, reason, source;
};

struct sim_crowd {
	unsigned per_million;      /* selections that meet each fault */
	unsigned host_per_million; /* calls that meet each fault */
	unsigned guesses;          /* forgeries of each answer */
	/* since the last begin */
	uint64_t begun, ended, right, part, deferred;
	uint64_t wrong, late;
	uint64_t struck;           /* had a fault of its own */
};

/* Zones, what they must come to, an engine. 0; -1. */
int sim_crowd_open(struct sim_crowd *c, uint64_t seed);

/* So many selections begin; those before go on meanwhile. */
void sim_crowd_run(struct sim_crowd *c, uint64_t selections);

/* Without any fault: 0; or how many do not come to what they should. */
uint64_t sim_crowd_prove(struct sim_crowd *c, uint64_t selections);

/* All of them end; no selection is left, and no connection. */
void sim_crowd_settle(struct sim_crowd *c);

void sim_crowd_close(struct sim_crowd *c);

#endif
