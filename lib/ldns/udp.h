/*
 * A question over UDP: one connected socket per try, so that the kernel drops
 * what comes from elsewhere (S1) and picks a new port each time (S2). May use
 * public headers and libc only.
 */
#ifndef MXSEL_LDNS_UDP_H
#define MXSEL_LDNS_UDP_H

#include "ldns/engine_exchange.h"
#include "ldns/server.h"
#include "ldns/sys.h"

#define MXSEL__UDP_SIZE 1232 /* what we announce in EDNS (S13) */

/* Send the question written in x. On a fault there is no socket. */
enum mxsel__fault mxsel__udp_open(struct mxsel__exchange *x,
	const struct mxsel__server *server);

/* The next datagram, into room for MXSEL__UDP_SIZE. */
enum mxsel__fault mxsel__udp_receive(struct mxsel__exchange *x,
	uint8_t *room, struct mxsel__reply *reply);

#endif
