/*
 * TCP connections: many questions on one, answers in any order (RFC 7766
 * 6.2.1), kept a while for more. May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_STREAM_H
#define MXSEL_LDNS_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "ldns/port.h"
#include "ldns/wheel.h"

#define MXSEL__STREAM_USES 32u
#define MXSEL__PREFIX_SIZE 2u /* length of a message, RFC 1035 4.2.2 */

struct mxsel__stream {
	struct mxsel__socket socket; /* first: see port.h */
	struct mxsel__timer idle;    /* it is closed then */
	uint8_t connected;
	uint8_t stalled;             /* a question gave up on it: no more */
	uint8_t open;                /* questions that wait */
	uint8_t strays;
	unsigned answered;           /* messages that came */
	unsigned unheard;            /* questions nobody waits for any more */
	uint16_t ids[MXSEL__STREAM_USES];
	struct mxsel__question *asked[MXSEL__STREAM_USES]; /* NULL: free */
	size_t sent, written;        /* octets of out */
	uint8_t out[MXSEL__STREAM_USES *
		(MXSEL__PREFIX_SIZE + MXSEL__QUESTION_SIZE)];
	/* the message being read */
	uint8_t prefix[MXSEL__PREFIX_SIZE];
	uint8_t *body;     /* NULL until its length is known */
	size_t body_size;
	size_t got;        /* octets read, those of the prefix included */
};

/*
 * A connection of the lane with room for a question, a new one if need be.
 * FAULT_AGAIN: none may be made now; else what went wrong with a new one.
 */
enum mxsel__fault mxsel__stream_choose(struct mxsel_engine *e, unsigned lane,
	struct mxsel__stream **out);

/* Ask there. 0; MXSEL_EENTROPY. */
int mxsel__stream_ask(struct mxsel_engine *e, struct mxsel__stream *s,
	struct mxsel__question *q);

/* The question at this place waits no more; gave_up: nothing came for it. */
void mxsel__stream_leave(struct mxsel_engine *e, struct mxsel__stream *s,
	unsigned place, int gave_up);

/* Go on: connected, writable, or something came. */
void mxsel__stream_step(struct mxsel_engine *e, struct mxsel__stream *s);

/* The timer is that of a stream: nobody used it for a while. */
void mxsel__stream_expired(struct mxsel_engine *e,
	struct mxsel__timer *timer);

/* Without questions. */
void mxsel__stream_close(struct mxsel_engine *e, struct mxsel__stream *s);

#endif
