/*
 * TCP, see stream.h (RFC 1035 4.2.2, RFC 7766). Every read and write is short
 * in the worst case: prefix split, a message in single octets, several
 * messages in one segment (F28, F31, F32). May use public headers and libc
 * only.
 */
#include "ldns/stream.h"

#include <stdlib.h>
#include <string.h>

#include "ldns/engine.h"

#define STREAMS_MAX 4u     /* of a lane */
#define IDLE_TIME 2000u    /* milliseconds; RFC 7766 6.2.3: a few seconds */
#define HEADER_SIZE 12u
#define STRAYS_MAX 4u
#define READS_AT_A_TIME 64
#define RESENT_MAX 8u      /* times a question calls back (S47) */

static struct mxsel__stream *stream_at(struct mxsel__link *place)
{
	return MXSEL__OWNER(place, struct mxsel__stream, socket.place);
}

void mxsel__stream_close(struct mxsel_engine *e, struct mxsel__stream *s)
{
	if (s->socket.fd < 0)
		return;
	mxsel__wheel_stop(&e->wheel, &s->idle);
	mxsel__poller_remove(&e->poller, &s->socket.watch);
	mxsel__sys_close(&s->socket.fd);
	mxsel__servers_give_socket(e->servers);
	free(s->body);
	s->body = NULL;
	mxsel__list_remove(&s->socket.place);
	mxsel__list_add_last(&e->dead, &s->socket.place);
}

/* It ended: in order, and the others ask again; or nothing ever came. */
static void hang_up(struct mxsel_engine *e, struct mxsel__stream *s,
	enum mxsel__fault fault)
{
	struct mxsel__question *q;
	int in_order = fault == MXSEL__FAULT_PEER && s->answered > 0;
	unsigned i;

	s->stalled = 1;
	if (in_order && s->open > 0)
		e->lanes[s->socket.lane].per_stream = s->answered;
	for (i = 0; i < MXSEL__STREAM_USES; i++) {
		q = s->asked[i];
		if (q == NULL)
			continue;
		if (in_order && q->resent < RESENT_MAX)
			mxsel__question_resend(e, q);
		else
			mxsel__question_fault(e, q, fault);
	}
	mxsel__stream_close(e, s);
}

/* ------------------------------------------------------------ connecting */

/* Until somebody asks there. */
static void be_idle(struct mxsel_engine *e, struct mxsel__stream *s)
{
	mxsel__wheel_set(&e->wheel, &s->idle, e->now / 1000u + IDLE_TIME);
}

static void be_connected(struct mxsel_engine *e, struct mxsel__stream *s)
{
	s->connected = 1;
	mxsel__servers_count(e->servers, MXSEL_LDNS_CONNECTED);
}

static enum mxsel__fault connect_stream(struct mxsel_engine *e,
	struct mxsel__stream *s)
{
	const struct mxsel__server *server =
		&e->servers->list[s->socket.lane];
	enum mxsel__fault fault;

	fault = mxsel__sys_open(&s->socket.fd, server->address.any.sa_family,
		SOCK_STREAM);
	if (fault == MXSEL__FAULT_NONE) {
		fault = mxsel__sys_connect(s->socket.fd,
			&server->address.any, server->length);
		if (fault == MXSEL__FAULT_NONE)
			be_connected(e, s);
		if (fault == MXSEL__FAULT_AGAIN)
			fault = MXSEL__FAULT_NONE;
	}
	if (fault == MXSEL__FAULT_NONE && mxsel__poller_add(&e->poller,
			&s->socket.watch, s->socket.fd, MXSEL__READABLE |
			MXSEL__WRITABLE) != 0)
		fault = MXSEL__FAULT_LOCAL;
	if (fault != MXSEL__FAULT_NONE)
		mxsel__sys_close(&s->socket.fd);
	return fault;
}

static enum mxsel__fault open_stream(struct mxsel_engine *e, unsigned lane,
	struct mxsel__stream **out)
{
	struct mxsel__stream *s;
	enum mxsel__fault fault = MXSEL__FAULT_LOCAL;

	if (!mxsel__servers_take_socket(e->servers))
		return MXSEL__FAULT_AGAIN;
	s = calloc(1, sizeof *s);
	if (s != NULL) {
		s->socket.is_stream = 1;
		s->socket.lane = (uint8_t)lane;
		s->socket.watch.fd = -1;
		mxsel__timer_init(&s->idle);
		s->idle.kind = MXSEL__OF_STREAM;
		fault = connect_stream(e, s);
	}
	if (fault != MXSEL__FAULT_NONE) {
		free(s);
		mxsel__servers_give_socket(e->servers);
		return fault;
	}
	/* Perhaps nobody will ask there. */
	be_idle(e, s);
	mxsel__list_add_first(&e->lanes[lane].streams, &s->socket.place);
	*out = s;
	return MXSEL__FAULT_NONE;
}

/* Where connections end after a few answers, no more are asked for on one
   than the last one gave (RFC 7766 6.2.1.1: they would be asked again). */
static int has_room(const struct mxsel__stream *s, unsigned per_stream)
{
	return !s->stalled && s->open < MXSEL__STREAM_USES &&
		(per_stream == 0 || s->open == 0 ||
			s->answered + s->open < per_stream) &&
		s->written - s->sent + MXSEL__PREFIX_SIZE +
		MXSEL__QUESTION_SIZE <= sizeof s->out;
}

enum mxsel__fault mxsel__stream_choose(struct mxsel_engine *e, unsigned lane,
	struct mxsel__stream **out)
{
	struct mxsel__link *streams = &e->lanes[lane].streams, *link;
	unsigned count = 0;

	for (link = streams->next; link != streams; link = link->next) {
		*out = stream_at(link);
		if (has_room(*out, e->lanes[lane].per_stream))
			return MXSEL__FAULT_NONE;
		count++;
	}
	return count < STREAMS_MAX ? open_stream(e, lane, out)
		: MXSEL__FAULT_AGAIN;
}

/* ---------------------------------------------------------------- asking */

static void want(struct mxsel_engine *e, struct mxsel__stream *s)
{
	unsigned wanted = MXSEL__READABLE;

	if (!s->connected || s->sent < s->written)
		wanted |= MXSEL__WRITABLE;
	mxsel__poller_change(&e->poller, &s->socket.watch, wanted);
}

/* An id that no other question there has. 0; MXSEL_EENTROPY. */
static int draw_id(struct mxsel_engine *e, const struct mxsel__stream *s,
	uint16_t *out)
{
	unsigned i;
	int result;

	do {
		result = mxsel__dice_throw(&e->dice, out);
		if (result != 0)
			return result;
		for (i = 0; i < MXSEL__STREAM_USES && (s->asked[i] == NULL ||
				s->ids[i] != *out); i++)
			;
	} while (i < MXSEL__STREAM_USES);
	return 0;
}

/* Prefix and question together (RFC 7766 8). */
static void write_question(struct mxsel__stream *s,
	const struct mxsel__question *q, uint16_t id)
{
	size_t size = MXSEL__QUESTION_SIZE;
	uint8_t *at;

	memmove(s->out, s->out + s->sent, s->written - s->sent);
	s->written -= s->sent;
	s->sent = 0;
	at = s->out + s->written;
	/* There is room for every question. */
	(void)mxsel_query_packet(mxsel__question_query(q), id,
		mxsel__question_flags(q), at + MXSEL__PREFIX_SIZE, &size);
	at[0] = (uint8_t)(size >> 8);
	at[1] = (uint8_t)(size & 0xff);
	s->written += MXSEL__PREFIX_SIZE + size;
}

int mxsel__stream_ask(struct mxsel_engine *e, struct mxsel__stream *s,
	struct mxsel__question *q)
{
	unsigned place = 0;
	uint16_t id;
	int result = draw_id(e, s, &id);

	if (result != 0)
		return result;
	write_question(s, q, id);
	while (s->asked[place] != NULL)
		place++;
	s->ids[place] = id;
	s->asked[place] = q;
	s->open++;
	q->stream = s;
	q->place_there = (uint8_t)place;
	mxsel__wheel_stop(&e->wheel, &s->idle);
	want(e, s);
	return 0;
}

void mxsel__stream_leave(struct mxsel_engine *e, struct mxsel__stream *s,
	unsigned place, int gave_up)
{
	s->asked[place] = NULL;
	s->open--;
	s->stalled |= (uint8_t)gave_up;
	if (s->open > 0)
		return;
	if (s->stalled)
		mxsel__stream_close(e, s);
	else
		be_idle(e, s);
}

void mxsel__stream_expired(struct mxsel_engine *e,
	struct mxsel__timer *timer)
{
	mxsel__stream_close(e, MXSEL__OWNER(timer, struct mxsel__stream,
		idle));
}

/* --------------------------------------------------------------- hearing */

static enum mxsel__fault finish_connecting(struct mxsel_engine *e,
	struct mxsel__stream *s)
{
	enum mxsel__fault fault;

	if (s->connected)
		return MXSEL__FAULT_NONE;
	fault = mxsel__sys_connected(s->socket.fd);
	if (fault == MXSEL__FAULT_NONE)
		be_connected(e, s);
	return fault;
}

static enum mxsel__fault write_more(struct mxsel__stream *s)
{
	enum mxsel__fault fault = MXSEL__FAULT_NONE;
	size_t sent = 0;

	while (fault == MXSEL__FAULT_NONE && s->sent < s->written) {
		fault = mxsel__sys_send(s->socket.fd, s->out + s->sent,
			s->written - s->sent, &sent);
		if (fault == MXSEL__FAULT_NONE)
			s->sent += sent;
	}
	return fault == MXSEL__FAULT_AGAIN ? MXSEL__FAULT_NONE : fault;
}

/* The prefix is there: a message needs at least a header (F29). */
static enum mxsel__fault make_room(struct mxsel__stream *s)
{
	s->body_size = (size_t)s->prefix[0] << 8 | s->prefix[1];
	if (s->body_size < HEADER_SIZE)
		return MXSEL__FAULT_BROKEN;
	s->body = malloc(s->body_size);
	return s->body != NULL ? MXSEL__FAULT_NONE : MXSEL__FAULT_LOCAL;
}

static enum mxsel__fault read_more(struct mxsel__stream *s, uint8_t *at,
	size_t size)
{
	enum mxsel__fault fault;
	size_t got = 0;

	fault = mxsel__sys_receive(s->socket.fd, at, size, &got, NULL);
	if (fault == MXSEL__FAULT_NONE && got == 0)
		return MXSEL__FAULT_PEER; /* end of stream */
	s->got += got;
	return fault;
}

static enum mxsel__fault read_part(struct mxsel__stream *s)
{
	enum mxsel__fault fault;
	size_t at;

	if (s->got < MXSEL__PREFIX_SIZE) {
		fault = read_more(s, s->prefix + s->got,
			MXSEL__PREFIX_SIZE - s->got);
		if (fault == MXSEL__FAULT_NONE && s->got == MXSEL__PREFIX_SIZE)
			fault = make_room(s);
		return fault;
	}
	at = s->got - MXSEL__PREFIX_SIZE;
	return read_more(s, s->body + at, s->body_size - at);
}

static int find_place(const struct mxsel__stream *s, uint16_t id)
{
	unsigned i;

	for (i = 0; i < MXSEL__STREAM_USES; i++)
		if (s->asked[i] != NULL && s->ids[i] == id)
			return (int)i;
	return -1;
}

/* What came too late, or for nobody (0). */
static int is_late(struct mxsel__stream *s)
{
	if (s->unheard == 0)
		return 0;
	s->unheard--;
	return 1;
}

/* A whole message. 0: it answered nothing asked. */
static int take(struct mxsel_engine *e, struct mxsel__stream *s,
	const uint8_t *body)
{
	struct mxsel__reply reply = { body, s->body_size, 0 };
	int place;

	if (!mxsel__reply_is_answer(&reply))
		return 0;
	place = find_place(s, mxsel__reply_id(&reply));
	if (place < 0)
		return is_late(s);
	if (!mxsel__question_reply(e, s->asked[place], &reply))
		return 0;
	/* Closed perhaps, but not freed before this round ends. */
	s->answered++;
	if (e->lanes[s->socket.lane].per_stream < s->answered)
		e->lanes[s->socket.lane].per_stream = 0;
	return 1;
}

static enum mxsel__fault take_message(struct mxsel_engine *e,
	struct mxsel__stream *s)
{
	uint8_t *body = s->body;
	int taken;

	s->body = NULL; /* the stream may end before we are back */
	s->got = 0;
	taken = take(e, s, body);
	free(body);
	if (taken)
		return MXSEL__FAULT_NONE;
	mxsel__servers_count(e->servers, MXSEL_LDNS_MISMATCHED);
	return ++s->strays < STRAYS_MAX ? MXSEL__FAULT_NONE
		: MXSEL__FAULT_BROKEN;
}

static enum mxsel__fault listen_to(struct mxsel_engine *e,
	struct mxsel__stream *s)
{
	enum mxsel__fault fault = MXSEL__FAULT_NONE;
	int reads;

	for (reads = 0; reads < READS_AT_A_TIME && s->socket.fd >= 0 &&
			fault == MXSEL__FAULT_NONE; reads++) {
		fault = read_part(s);
		if (fault == MXSEL__FAULT_NONE && s->body != NULL &&
				s->got == MXSEL__PREFIX_SIZE + s->body_size)
			fault = take_message(e, s);
	}
	return fault == MXSEL__FAULT_AGAIN ? MXSEL__FAULT_NONE : fault;
}

void mxsel__stream_step(struct mxsel_engine *e, struct mxsel__stream *s)
{
	enum mxsel__fault fault = finish_connecting(e, s);

	if (fault == MXSEL__FAULT_AGAIN)
		return;
	if (fault == MXSEL__FAULT_NONE)
		fault = write_more(s);
	if (fault == MXSEL__FAULT_NONE)
		fault = listen_to(e, s);
	if (s->socket.fd < 0)
		return;
	if (fault == MXSEL__FAULT_NONE)
		want(e, s);
	else
		hang_up(e, s, fault);
}
