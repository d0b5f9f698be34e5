/*
 * A server as the engine sees it: how long it takes to answer, how many
 * questions it may have at a time, and who waits to be asked. The window is
 * what it answers without loss: grown while it is used up and nothing is
 * lost, cut when something is. May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_LANE_H
#define MXSEL_LDNS_LANE_H

#include <stdint.h>

#include "ldns/list.h"

struct mxsel__port;
struct mxsel__question;

struct mxsel__lane {
	struct mxsel__link queue;   /* questions that wait, oldest first */
	struct mxsel__link ports;   /* UDP sockets */
	struct mxsel__link streams; /* TCP connections */
	struct mxsel__port *port;   /* the one that sends */
	unsigned per_stream; /* answers a connection gives; 0: any number */
	unsigned window;
	unsigned pipe;      /* in flight, those that are late not counted */
	unsigned in_flight; /* all */
	unsigned ceiling;   /* the window at which something was lost */
	unsigned clean;     /* rounds without loss */
	/* this round, which is as long as the window */
	unsigned ended, lost, late;
	int used_up;        /* somebody had to wait */
	int starting;       /* the window doubles */
	uint32_t mean;      /* microseconds from question to answer; 0: none */
	uint32_t spread;
	uint32_t least;
	uint64_t heard;     /* microseconds: when it answered last */
};

void mxsel__lane_init(struct mxsel__lane *lane);

/* May one more be sent? most: how many may be in flight at all. */
int mxsel__lane_has_room(const struct mxsel__lane *lane, unsigned most);

/* How a question in flight ended, or that it takes longer than most. */
void mxsel__lane_sent(struct mxsel__lane *lane);
void mxsel__lane_answered(struct mxsel__lane *lane, int was_late,
	uint64_t took, uint64_t now, unsigned most);
/* The same over TCP, which has no window. */
void mxsel__lane_told(struct mxsel__lane *lane, uint64_t took, uint64_t now);
/* took: so long it was waited for; 0: others were answered meanwhile, so that
   it tells nothing. */
void mxsel__lane_lost(struct mxsel__lane *lane, int was_late,
	uint64_t took, unsigned most);
void mxsel__lane_left(struct mxsel__lane *lane, int was_late);
void mxsel__lane_late(struct mxsel__lane *lane);

/* Microseconds: until an answer is late; until a try is given up (0: no
   idea yet). */
uint64_t mxsel__lane_patience(const struct mxsel__lane *lane);
uint64_t mxsel__lane_timeout(const struct mxsel__lane *lane);

#endif
