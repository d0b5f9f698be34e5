/*
 * UDP sockets, each connected to one server from a port that the kernel drew
 * and each for 64 questions only: a port is gone before anyone can find out
 * which it is (S2). Questions leave in batches. May use public headers and
 * libc only.
 */
#ifndef MXSEL_LDNS_PORT_H
#define MXSEL_LDNS_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "ldns/list.h"
#include "ldns/poller.h"
#include "ldns/reply.h"
#include "ldns/sys.h"

#define MXSEL__PORT_USES 64u

struct mxsel_engine;
struct mxsel__question;

/* What ports and streams have in common; first in both. */
struct mxsel__socket {
	struct mxsel__watch watch;
	struct mxsel__link place;  /* in its lane, or in engine->dead */
	int fd;                    /* -1: closed */
	uint8_t is_stream;
	uint8_t lane;
};

struct mxsel__port {
	struct mxsel__socket socket;
	uint8_t used;   /* places that have an id */
	uint8_t open;   /* of them, with a question that waits */
	uint8_t strays; /* datagrams that answered nothing asked (S4) */
	uint8_t next;   /* the place that is likely answered next */
	uint16_t ids[MXSEL__PORT_USES];
	uint64_t given_up[MXSEL__PORT_USES]; /* when it was sent; 0: not */
	/* NULL: answered, or given up; its answer may still come */
	struct mxsel__question *asked[MXSEL__PORT_USES];
};

/* Questions on their way out, all of one port; and room for what comes. */
struct mxsel__batch {
	struct mxsel__port *port;
	size_t count;
	int slices; /* mxsel__sys_can_slice(); -1: not asked yet */
	uint8_t places[MXSEL__BATCH_MAX];
	struct mxsel__datagram out[MXSEL__BATCH_MAX];
	struct mxsel__datagram in[MXSEL__BATCH_MAX];
	uint8_t room[MXSEL__BATCH_MAX][MXSEL__QUESTION_SIZE];
	uint8_t in_room[MXSEL__BATCH_MAX][MXSEL__UDP_SIZE];
};

/*
 * A port of the lane with a free place. FAULT_AGAIN: as many sockets are open
 * as may be, and all are full; else what went wrong with a new one.
 */
enum mxsel__fault mxsel__port_choose(struct mxsel_engine *e, unsigned lane,
	struct mxsel__port **out);

/* Send the question with the next batch. 0, or an error of the library. */
int mxsel__port_send(struct mxsel_engine *e, struct mxsel__port *port,
	struct mxsel__question *q);

/* What was written leaves now. */
void mxsel__port_flush(struct mxsel_engine *e);

/* The question at this place waits no more. */
void mxsel__port_leave(struct mxsel_engine *e, struct mxsel__port *port,
	unsigned place);

/* Read what came. */
void mxsel__port_listen(struct mxsel_engine *e, struct mxsel__port *port);

void mxsel__port_close(struct mxsel_engine *e, struct mxsel__port *port);

#endif
