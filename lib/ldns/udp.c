/*
 * UDP, see udp.h (RFC 1035 4.2.1). May use public headers and libc only.
 */
#include "ldns/udp.h"

static enum mxsel__fault send_question(struct mxsel__exchange *x,
	const struct mxsel__server *server)
{
	enum mxsel__fault fault;
	size_t sent;

	fault = mxsel__sys_connect(x->fd, &server->address.any,
		server->length);
	if (fault == MXSEL__FAULT_NONE)
		fault = mxsel__sys_send(x->fd, x->packet + MXSEL__PREFIX_SIZE,
			x->size, &sent);
	/* No port or no buffer free: neither call waits on a datagram. */
	return fault == MXSEL__FAULT_AGAIN ? MXSEL__FAULT_LOCAL : fault;
}

enum mxsel__fault mxsel__udp_open(struct mxsel__exchange *x,
	const struct mxsel__server *server)
{
	enum mxsel__fault fault;

	fault = mxsel__sys_open(&x->fd, server->address.any.sa_family,
		SOCK_DGRAM);
	if (fault == MXSEL__FAULT_NONE)
		fault = send_question(x, server);
	if (fault != MXSEL__FAULT_NONE)
		mxsel__exchange_close(x);
	return fault;
}

enum mxsel__fault mxsel__udp_receive(struct mxsel__exchange *x,
	uint8_t *room, struct mxsel__reply *reply)
{
	reply->packet = room;
	return mxsel__sys_receive(x->fd, room, MXSEL__UDP_SIZE, &reply->size,
		&reply->cut);
}
