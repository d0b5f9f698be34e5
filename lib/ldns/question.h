/*
 * One question until it is answered: which server is asked next, for how
 * long, over UDP or TCP, and what becomes of the answer. It never waits:
 * things happen to it.
 *
 *   state   what happens                             then
 *   DUE     its time comes                           QUEUED, UDP or TCP
 *   QUEUED  its server has room                      UDP or TCP
 *   UDP     truncated, other case, or four strays    TCP, same server
 *   TCP     truncated, or four strays                DUE, next server
 *   both    NOERROR, NXDOMAIN                        OVER
 *           FORMERR, NOTIMP, BADVERS to EDNS         DUE, same server
 *           other failure, unreachable, no answer    DUE, next server
 *   any     no server or no time left                OVER
 *
 * The last try at a server that answers others goes over TCP, where nothing
 * is lost on the way (a detour); where that does not work, over UDP.
 *
 * May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_QUESTION_H
#define MXSEL_LDNS_QUESTION_H

#include <stdint.h>

#include <mxsel/ldns.h>

#include "ldns/list.h"
#include "ldns/reply.h"
#include "ldns/server.h"
#include "ldns/sys.h"
#include "ldns/wheel.h"

struct mxsel__port;
struct mxsel__stream;
struct mxsel__waiter;

enum mxsel__question_state {
	MXSEL__QUESTION_DUE,
	MXSEL__QUESTION_QUEUED,
	MXSEL__QUESTION_UDP,
	MXSEL__QUESTION_TCP
};

/* How one server did with this question. */
enum {
	MXSEL__STANDING_TRIES = 3,    /* at most 3 (S47) */
	MXSEL__STANDING_USELESS = 4,  /* it failed for good */
	MXSEL__STANDING_PLAIN = 8,    /* it does not like EDNS */
	MXSEL__STANDING_TCP = 16      /* it is asked over TCP from now on */
};

struct mxsel__question {
	struct mxsel__link place;   /* in engine->questions, or spare */
	struct mxsel__link waiting; /* in its lane's queue, or in none */
	struct mxsel__link waiters;
	struct mxsel__question *same; /* in the table */
	struct mxsel__timer timer;
	uint64_t hash;
	uint64_t deadline;   /* monotonic milliseconds */
	uint64_t try_end;    /* the same; of the try */
	uint64_t sent;       /* microseconds; of the first try at this server */
	struct mxsel__port *port;     /* UDP */
	struct mxsel__stream *stream; /* TCP */
	uint32_t share;      /* milliseconds for a try of the first round */
	uint32_t letters;    /* when mixed: what turned them */
	uint16_t turns;      /* rounds times servers */
	uint16_t turn;       /* servers are asked in rounds */
	uint8_t state;       /* enum mxsel__question_state */
	uint8_t place_there; /* of the port's or stream's */
	uint8_t outcome;     /* MXSEL_DNS_*: the best failure so far */
	uint8_t count;       /* servers */
	uint8_t goes_on;     /* the next try only continues the last */
	uint8_t edns;        /* this try has an OPT record */
	uint8_t late;        /* it takes longer than most */
	uint8_t resent;      /* over TCP, after the server hung up */
	uint8_t mixed;       /* its letters went out so (UDP, S6) */
	uint8_t detour;      /* 1: it is over TCP of our own will; 2: was */
	uint8_t trusting;    /* the AD bit of its answer counts (S31) */
	uint8_t order[MXSEL__SERVERS_MAX];
	uint8_t standings[MXSEL__SERVERS_MAX];
};

/* NULL: no memory. It has a hash and one waiter when it is begun. */
struct mxsel__question *mxsel__question_new(struct mxsel_engine *e);
void mxsel__question_begin(struct mxsel_engine *e, struct mxsel__question *q);

/* Leave everything and be spare; its waiters are gone already. */
void mxsel__question_drop(struct mxsel_engine *e, struct mxsel__question *q);

/* Any query that waits for it: all are alike. */
const mxsel_query *mxsel__question_query(const struct mxsel__question *q);

/* MXSEL_PACKET_*, for this try. */
static inline int mxsel__question_flags(const struct mxsel__question *q)
{
	return (q->edns ? MXSEL_PACKET_EDNS : 0) |
		(q->trusting ? MXSEL_PACKET_AD : 0);
}

/* Its lane has room. */
void mxsel__question_admit(struct mxsel_engine *e, struct mxsel__question *q);

/* What came for it; 0: it answers another question. It may be gone then. */
int mxsel__question_reply(struct mxsel_engine *e, struct mxsel__question *q,
	const struct mxsel__reply *reply);

/* Its socket failed. It may be gone then. */
void mxsel__question_fault(struct mxsel_engine *e, struct mxsel__question *q,
	enum mxsel__fault fault);

/* Its connection ended in order: ask on another. */
void mxsel__question_resend(struct mxsel_engine *e,
	struct mxsel__question *q);

/* Ask the same server over TCP. */
void mxsel__question_to_tcp(struct mxsel_engine *e,
	struct mxsel__question *q);

/* The timer is that of a question. */
void mxsel__question_expired(struct mxsel_engine *e,
	struct mxsel__timer *timer);

/* The process forked: its sockets are gone, ask again (S44). */
void mxsel__question_restart(struct mxsel_engine *e,
	struct mxsel__question *q);

/* End it no later than this. */
void mxsel__question_limit(struct mxsel_engine *e, struct mxsel__question *q,
	uint64_t milliseconds);

/* All who wait for it hear that it failed. */
void mxsel__question_finish(struct mxsel_engine *e,
	struct mxsel__question *q, int outcome);

#endif
