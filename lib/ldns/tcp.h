/*
 * A question over TCP: connection, writing and reading each as far as they go
 * without waiting. May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_TCP_H
#define MXSEL_LDNS_TCP_H

#include "ldns/engine_exchange.h"
#include "ldns/server.h"
#include "ldns/sys.h"

/* Begin to connect for the question in x. On a fault there is no socket. */
enum mxsel__fault mxsel__tcp_open(struct mxsel__exchange *x,
	const struct mxsel__server *server);

/*
 * Go on: NONE with the next whole message, AGAIN when there is none yet (or
 * the peer sends so much that others must have their turn).
 */
enum mxsel__fault mxsel__tcp_step(struct mxsel__exchange *x,
	struct mxsel__reply *reply);

/* The poll() events that tcp_step() waits for. */
short mxsel__tcp_events(const struct mxsel__exchange *x);

#endif
