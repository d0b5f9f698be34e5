/*
 * TCP, see tcp.h (RFC 1035 4.2.2, RFC 7766). Every read and write is short in
 * the worst case: prefix split, a message in single octets, several messages
 * in one segment (F28, F31, F32). May use public headers and libc only.
 */
#include "ldns/tcp.h"

#include <poll.h>
#include <stdlib.h>

#define HEADER_SIZE 12u
#define READS_AT_A_TIME 64

enum mxsel__fault mxsel__tcp_open(struct mxsel__exchange *x,
	const struct mxsel__server *server)
{
	enum mxsel__fault fault;

	fault = mxsel__sys_open(&x->fd, server->address.any.sa_family,
		SOCK_STREAM);
	if (fault == MXSEL__FAULT_NONE) {
		fault = mxsel__sys_connect(x->fd, &server->address.any,
			server->length);
		x->connected = fault == MXSEL__FAULT_NONE;
	}
	if (fault == MXSEL__FAULT_AGAIN)
		return MXSEL__FAULT_NONE;
	if (fault != MXSEL__FAULT_NONE)
		mxsel__exchange_close(x);
	return fault;
}

static enum mxsel__fault finish_connecting(struct mxsel__exchange *x)
{
	enum mxsel__fault fault = MXSEL__FAULT_NONE;

	if (!x->connected)
		fault = mxsel__sys_connected(x->fd);
	if (fault == MXSEL__FAULT_NONE)
		x->connected = 1;
	return fault;
}

/* Prefix and question leave in one write (RFC 7766 8), unless it is short. */
static enum mxsel__fault write_question(struct mxsel__exchange *x)
{
	size_t size = MXSEL__PREFIX_SIZE + x->size;
	enum mxsel__fault fault = MXSEL__FAULT_NONE;
	size_t sent = 0;

	while (fault == MXSEL__FAULT_NONE && x->sent < size) {
		fault = mxsel__sys_send(x->fd, x->packet + x->sent,
			size - x->sent, &sent);
		if (fault == MXSEL__FAULT_NONE)
			x->sent += sent;
	}
	return fault;
}

static void forget_message(struct mxsel__exchange *x)
{
	free(x->body);
	x->body = NULL;
	x->got = 0;
}

/* The prefix is there: a message needs at least a header (F29). */
static enum mxsel__fault make_room(struct mxsel__exchange *x)
{
	x->body_size = (size_t)x->prefix[0] << 8 | x->prefix[1];
	if (x->body_size < HEADER_SIZE)
		return MXSEL__FAULT_BROKEN;
	x->body = malloc(x->body_size);
	return x->body != NULL ? MXSEL__FAULT_NONE : MXSEL__FAULT_LOCAL;
}

static enum mxsel__fault read_more(struct mxsel__exchange *x, uint8_t *at,
	size_t size)
{
	enum mxsel__fault fault;
	size_t got = 0;

	fault = mxsel__sys_receive(x->fd, at, size, &got, NULL);
	if (fault == MXSEL__FAULT_NONE && got == 0)
		return MXSEL__FAULT_PEER; /* end of stream */
	x->got += got;
	return fault;
}

static enum mxsel__fault read_part(struct mxsel__exchange *x)
{
	enum mxsel__fault fault;
	size_t at;

	if (x->got < MXSEL__PREFIX_SIZE) {
		fault = read_more(x, x->prefix + x->got,
			MXSEL__PREFIX_SIZE - x->got);
		if (fault == MXSEL__FAULT_NONE && x->got == MXSEL__PREFIX_SIZE)
			fault = make_room(x);
		return fault;
	}
	at = x->got - MXSEL__PREFIX_SIZE;
	return read_more(x, x->body + at, x->body_size - at);
}

static int is_whole(const struct mxsel__exchange *x)
{
	return x->body != NULL &&
		x->got == MXSEL__PREFIX_SIZE + x->body_size;
}

static enum mxsel__fault read_message(struct mxsel__exchange *x,
	struct mxsel__reply *reply)
{
	enum mxsel__fault fault = MXSEL__FAULT_NONE;
	int reads;

	if (is_whole(x))
		forget_message(x); /* the one before */
	for (reads = 0; reads < READS_AT_A_TIME && !is_whole(x); reads++) {
		fault = read_part(x);
		if (fault != MXSEL__FAULT_NONE)
			return fault;
	}
	if (!is_whole(x))
		return MXSEL__FAULT_AGAIN;
	reply->packet = x->body;
	reply->size = x->body_size;
	reply->cut = 0;
	return MXSEL__FAULT_NONE;
}

enum mxsel__fault mxsel__tcp_step(struct mxsel__exchange *x,
	struct mxsel__reply *reply)
{
	enum mxsel__fault fault = finish_connecting(x);

	if (fault == MXSEL__FAULT_NONE)
		fault = write_question(x);
	if (fault == MXSEL__FAULT_NONE)
		fault = read_message(x, reply);
	return fault;
}

short mxsel__tcp_events(const struct mxsel__exchange *x)
{
	int writing = x->sent < MXSEL__PREFIX_SIZE + x->size;

	return writing ? POLLOUT : POLLIN;
}
