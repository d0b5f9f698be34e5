/*
 * UDP, see port.h (RFC 1035 4.2.1, RFC 5452). May use public headers and libc
 * only.
 */
#include "ldns/port.h"

#include <stdlib.h>
#include <string.h>

#include "ldns/engine.h"
#include "ldns/letters.h"

#define STRAYS_MAX 4u        /* S4 */
#define READS_AT_A_TIME 8    /* batches, then others have their turn */

static struct mxsel__port *port_at(struct mxsel__link *place)
{
	return MXSEL__OWNER(place, struct mxsel__port, socket.place);
}

void mxsel__port_close(struct mxsel_engine *e, struct mxsel__port *port)
{
	struct mxsel__lane *lane = &e->lanes[port->socket.lane];

	if (port->socket.fd < 0)
		return;
	if (e->batch.port == port)
		e->batch.count = 0;
	if (lane->port == port)
		lane->port = NULL;
	mxsel__poller_remove(&e->poller, &port->socket.watch);
	mxsel__sys_close(&port->socket.fd);
	mxsel__servers_give_socket(e->servers);
	mxsel__list_remove(&port->socket.place);
	mxsel__list_add_last(&e->dead, &port->socket.place);
}

/* No further question, unless there is no other socket to be had. */
static int is_used_up(const struct mxsel__port *port)
{
	return port->used == MXSEL__PORT_USES;
}

void mxsel__port_leave(struct mxsel_engine *e, struct mxsel__port *port,
	unsigned place)
{
	port->asked[place] = NULL;
	port->open--;
	if (port->open == 0 && is_used_up(port))
		mxsel__port_close(e, port);
}

static enum mxsel__fault connect_port(struct mxsel_engine *e,
	struct mxsel__port *port)
{
	const struct mxsel__server *server =
		&e->servers->list[port->socket.lane];
	int *fd = &port->socket.fd;
	enum mxsel__fault fault;

	fault = mxsel__sys_open(fd, server->address.any.sa_family,
		SOCK_DGRAM);
	if (fault == MXSEL__FAULT_NONE)
		fault = mxsel__sys_connect(*fd, &server->address.any,
			server->length);
	if (fault == MXSEL__FAULT_NONE && mxsel__poller_add(&e->poller,
			&port->socket.watch, *fd, MXSEL__READABLE) != 0)
		fault = MXSEL__FAULT_LOCAL;
	if (fault != MXSEL__FAULT_NONE)
		mxsel__sys_close(fd);
	/* No port free: connecting a datagram socket never waits. */
	return fault == MXSEL__FAULT_AGAIN ? MXSEL__FAULT_LOCAL : fault;
}

static enum mxsel__fault open_port(struct mxsel_engine *e, unsigned lane)
{
	struct mxsel__port *port;
	enum mxsel__fault fault;

	if (!mxsel__servers_take_socket(e->servers))
		return MXSEL__FAULT_AGAIN;
	port = calloc(1, sizeof *port);
	fault = port != NULL ? MXSEL__FAULT_NONE : MXSEL__FAULT_LOCAL;
	if (port != NULL) {
		port->socket.lane = (uint8_t)lane;
		port->socket.watch.fd = -1;
		fault = connect_port(e, port);
	}
	if (fault != MXSEL__FAULT_NONE) {
		free(port);
		mxsel__servers_give_socket(e->servers);
		return fault;
	}
	mxsel__list_add_first(&e->lanes[lane].ports, &port->socket.place);
	e->lanes[lane].port = port;
	return MXSEL__FAULT_NONE;
}

/* Forget the ids of those that are over, to have their places again. */
static void compact(struct mxsel__port *port)
{
	unsigned from, to = 0;

	for (from = 0; from < port->used; from++) {
		if (port->asked[from] == NULL)
			continue;
		port->ids[to] = port->ids[from];
		port->asked[to] = port->asked[from];
		port->given_up[to] = 0;
		port->asked[to]->place_there = (uint8_t)to;
		to++;
	}
	port->used = (uint8_t)to;
}

/* Every socket that may be open is: one with few questions, once more. */
static struct mxsel__port *find_used_port(struct mxsel_engine *e,
	struct mxsel__lane *lane)
{
	struct mxsel__link *link;
	struct mxsel__port *port;

	for (link = lane->ports.next; link != &lane->ports;
			link = link->next) {
		port = port_at(link);
		if (port->open >= MXSEL__PORT_USES)
			continue;
		if (e->batch.port == port)
			mxsel__port_flush(e); /* it speaks of places */
		if (port->socket.fd < 0)
			return NULL;
		compact(port);
		return port;
	}
	return NULL;
}

enum mxsel__fault mxsel__port_choose(struct mxsel_engine *e, unsigned lane,
	struct mxsel__port **out)
{
	struct mxsel__lane *l = &e->lanes[lane];
	enum mxsel__fault fault = MXSEL__FAULT_NONE;

	if (l->port == NULL || is_used_up(l->port))
		fault = open_port(e, lane);
	if (fault == MXSEL__FAULT_AGAIN || fault == MXSEL__FAULT_LOCAL) {
		*out = find_used_port(e, l);
		if (*out == NULL)
			return fault;
		l->port = *out;
		return MXSEL__FAULT_NONE;
	}
	*out = l->port;
	return fault;
}

/* As random as an id (S2); drawn anew for every try. */
static int mix_letters(struct mxsel_engine *e, struct mxsel__question *q,
	uint8_t *packet)
{
	uint16_t low, high;
	int result = mxsel__dice_throw(&e->dice, &low);

	if (result == 0)
		result = mxsel__dice_throw(&e->dice, &high);
	if (result != 0)
		return result;
	q->letters = (uint32_t)high << 16 | low;
	mxsel__letters_mix(packet, q->letters);
	return 0;
}

int mxsel__port_send(struct mxsel_engine *e, struct mxsel__port *port,
	struct mxsel__question *q)
{
	struct mxsel__batch *b = &e->batch;
	uint16_t id;
	size_t size = MXSEL__QUESTION_SIZE;
	int result;

	if (b->port != port || b->count == MXSEL__BATCH_MAX)
		mxsel__port_flush(e);
	result = mxsel__dice_throw(&e->dice, &id);
	if (result != 0)
		return result;
	/* There is room for every question. */
	(void)mxsel_query_packet(mxsel__question_query(q), id,
		mxsel__question_flags(q), b->room[b->count], &size);
	q->mixed = mxsel__servers_mix_case(e->servers) != 0;
	if (q->mixed)
		result = mix_letters(e, q, b->room[b->count]);
	if (result != 0)
		return result;
	b->port = port;
	b->places[b->count] = port->used;
	b->out[b->count].data = b->room[b->count];
	b->out[b->count].size = size;
	b->count++;
	port->ids[port->used] = id;
	port->given_up[port->used] = 0;
	port->asked[port->used] = q;
	q->port = port;
	q->place_there = port->used;
	port->used++;
	port->open++;
	return 0;
}

/* What could not be sent: the questions hear of it. */
static void fail(struct mxsel_engine *e, struct mxsel__port *port,
	enum mxsel__fault fault, const uint8_t *places, size_t count)
{
	size_t i;

	/* Cancelled ones have left their place. */
	for (i = 0; i < count; i++)
		if (port->asked[places[i]] != NULL)
			mxsel__question_fault(e, port->asked[places[i]],
				fault);
}

/* Those of one size together, the largest first. */
static void sort_by_size(struct mxsel__batch *b)
{
	struct mxsel__datagram moved;
	uint8_t place;
	size_t i, k;

	for (i = 1; i < b->count; i++) {
		moved = b->out[i];
		place = b->places[i];
		for (k = i; k > 0 && b->out[k - 1].size < moved.size; k--) {
			b->out[k] = b->out[k - 1];
			b->places[k] = b->places[k - 1];
		}
		b->out[k] = moved;
		b->places[k] = place;
	}
}

/* As one message where that works; where it does not, never again. */
static enum mxsel__fault send_some(struct mxsel__batch *b, size_t from,
	size_t count, size_t *done)
{
	int fd = b->port->socket.fd;

	if (b->slices < 0)
		b->slices = mxsel__sys_can_slice(fd);
	if (b->slices)
		return mxsel__sys_send_sliced(fd, b->out + from, count, done,
			&b->slices);
	return mxsel__sys_send_batch(fd, b->out + from, count, done);
}

void mxsel__port_flush(struct mxsel_engine *e)
{
	struct mxsel__batch *b = &e->batch;
	uint8_t places[MXSEL__BATCH_MAX];
	size_t count = b->count, at = 0, done;
	enum mxsel__fault fault = MXSEL__FAULT_NONE;

	if (count == 0)
		return;
	sort_by_size(b);
	memcpy(places, b->places, count);
	b->count = 0;
	while (at < count && fault == MXSEL__FAULT_NONE) {
		fault = send_some(b, at, count - at, &done);
		if (fault == MXSEL__FAULT_NONE)
			at += done;
	}
	/* No buffer free: a datagram is not waited for. */
	if (at < count)
		fail(e, b->port, fault == MXSEL__FAULT_AGAIN ?
			MXSEL__FAULT_LOCAL : fault, places + at, count - at);
}

/* Nobody can be reached there: all its questions hear of it. */
static void fail_all(struct mxsel_engine *e, struct mxsel__port *port,
	enum mxsel__fault fault)
{
	unsigned i;

	/* The last one may close it; it is not freed before this round ends. */
	for (i = 0; i < port->used; i++)
		if (port->asked[i] != NULL)
			mxsel__question_fault(e, port->asked[i], fault);
}

/* Somebody guesses: all that is asked here goes on over TCP (S4). */
static void take_stray(struct mxsel_engine *e, struct mxsel__port *port)
{
	unsigned i;

	mxsel__servers_count(e->servers, MXSEL_LDNS_MISMATCHED);
	if (++port->strays < STRAYS_MAX)
		return;
	for (i = 0; i < port->used; i++)
		if (port->asked[i] != NULL)
			mxsel__question_to_tcp(e, port->asked[i]);
	mxsel__port_close(e, port);
}

/*
 * The place of the next question with this id, from the one on that is
 * looked for: answers mostly come in the order of the questions. Two may have
 * the same id by chance; the question tells them apart. used: none.
 */
static unsigned find_place(const struct mxsel__port *port, uint16_t id,
	unsigned from, unsigned *left)
{
	while (*left > 0) {
		if (from >= port->used)
			from = 0;
		--*left;
		if (port->ids[from] == id)
			return from;
		from++;
	}
	return port->used;
}

/* 0: it answers nothing that was asked here. */
static int take_answer(struct mxsel_engine *e, struct mxsel__port *port,
	const struct mxsel__reply *reply)
{
	uint16_t id = mxsel__reply_id(reply);
	unsigned left = port->used, used = port->used;
	unsigned at = find_place(port, id, port->next, &left);
	int expected = 0;

	while (at != used) {
		/* Or it comes late, or twice: nobody waits for it. */
		expected |= port->asked[at] == NULL;
		if (port->given_up[at] != 0)
			mxsel__lane_told(&e->lanes[port->socket.lane],
				e->now - port->given_up[at], e->now);
		port->given_up[at] = 0;
		port->next = (uint8_t)(at + 1);
		if (port->asked[at] != NULL &&
			mxsel__question_reply(e, port->asked[at], reply))
			return 1;
		at = find_place(port, id, at + 1, &left);
	}
	return expected;
}

static void take(struct mxsel_engine *e, struct mxsel__port *port,
	const struct mxsel__datagram *datagram)
{
	struct mxsel__reply reply = {
		datagram->data, datagram->size, datagram->cut
	};

	if (!mxsel__reply_is_answer(&reply) ||
			!take_answer(e, port, &reply))
		take_stray(e, port);
}

static enum mxsel__fault receive(struct mxsel_engine *e,
	struct mxsel__port *port, size_t *came)
{
	struct mxsel__batch *b = &e->batch;
	size_t i;

	for (i = 0; i < MXSEL__BATCH_MAX; i++) {
		b->in[i].data = b->in_room[i];
		b->in[i].size = MXSEL__UDP_SIZE;
	}
	return mxsel__sys_receive_batch(port->socket.fd, b->in,
		MXSEL__BATCH_MAX, came);
}

void mxsel__port_listen(struct mxsel_engine *e, struct mxsel__port *port)
{
	enum mxsel__fault fault;
	size_t came, i;
	int reads;

	for (reads = 0; reads < READS_AT_A_TIME; reads++) {
		fault = receive(e, port, &came);
		if (fault == MXSEL__FAULT_AGAIN)
			return;
		if (fault != MXSEL__FAULT_NONE) {
			fail_all(e, port, fault);
			return;
		}
		for (i = 0; i < came && port->socket.fd >= 0; i++)
			take(e, port, &e->batch.in[i]);
		if (came < MXSEL__BATCH_MAX || port->socket.fd < 0)
			return;
	}
}
