/*
 * One question until it is answered: which server is asked next, for how
 * long, over UDP or TCP, and what becomes of the answer. It never waits: it
 * is visited when a socket is ready or its time has come.
 *
 *   state   what happens                             then
 *   DUE     its time comes                           UDP or TCP
 *           no socket free                           DUE, a little later
 *   UDP     truncated, or four strays                TCP, same server
 *   TCP     truncated, or four strays                DUE, next server
 *   both    NOERROR, NXDOMAIN                        OVER
 *           FORMERR, NOTIMP, BADVERS to EDNS         DUE, same server
 *           other failure, unreachable, no answer    DUE, next server
 *   any     no server or no time left                OVER
 *
 * May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_ENGINE_QUESTION_H
#define MXSEL_LDNS_ENGINE_QUESTION_H

#include <stdint.h>

#include "ldns/engine_exchange.h"
#include "ldns/server.h"

struct pollfd;

enum mxsel__question_state {
	MXSEL__QUESTION_DUE,
	MXSEL__QUESTION_UDP,
	MXSEL__QUESTION_TCP,
	MXSEL__QUESTION_OVER
};

/* How one server did with this question. */
struct mxsel__standing {
	unsigned char tries;   /* at most 3 (S47); going on over TCP is none */
	unsigned char useless; /* it failed for good */
	unsigned char plain;   /* it does not like EDNS */
	unsigned char tcp;     /* it is asked over TCP from now on */
};

struct mxsel__question {
	struct mxsel__question *next;
	struct mxsel__servers *servers;
	mxsel_query *query;  /* NULL once it is answered or cancelled */
	enum mxsel__question_state state;
	int error;           /* of the library, when OVER */
	int outcome;         /* MXSEL_DNS_*: the best failure so far */
	uint64_t deadline;   /* monotonic milliseconds */
	uint64_t wake;       /* the try ends, or begins when DUE */
	uint32_t share;      /* milliseconds for a try of the first round */
	unsigned turn;       /* servers are asked in rounds */
	unsigned turns;      /* rounds times servers */
	unsigned count;      /* servers */
	int goes_on;         /* the next try only continues the last */
	unsigned char order[MXSEL__SERVERS_MAX];
	struct mxsel__standing standings[MXSEL__SERVERS_MAX];
	struct mxsel__exchange exchange;
};

/* 0, or MXSEL_ENOMEM. The first try is made by the first visit. */
int mxsel__question_new(struct mxsel__question **out,
	struct mxsel__servers *servers, mxsel_query *query, uint64_t now,
	uint32_t milliseconds);

/* Free it; a query still open is left as it is. */
void mxsel__question_free(struct mxsel__question *q);

/* Do all that can be done without waiting. */
void mxsel__question_visit(struct mxsel__question *q, uint64_t now);

/* Nobody waits for it any more. */
void mxsel__question_cancel(struct mxsel__question *q);

/* After fork(): leave the parent's socket alone, ask again (S44). */
void mxsel__question_restart(struct mxsel__question *q, uint64_t now);

/* End it no later than this. */
void mxsel__question_limit(struct mxsel__question *q, uint64_t deadline);

/* What to wait for besides wake; 0 when there is no socket. */
int mxsel__question_descriptor(const struct mxsel__question *q,
	struct pollfd *out);

#endif
