/*
 * The socketmap protocol (socketmap_table(5)) for many clients on one
 * thread: netstrings in, netstrings out, the engine of libmxsel between
 * them, and poll(2) around it all.
 *
 * Whoever can reach the socket is a client, and may be broken or hostile:
 * what is kept for one is bounded, nobody is waited for, and one that takes a
 * place without using it loses it.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "postfix_map.h"

enum {
	CLIENTS = 200,       /* Postfix has 100 processes of a kind */
	IDLE_TIME = 30000,   /* milliseconds; Postfix closes after 10 s */
	AT_A_TURN = 50,      /* new ones, then the others are heard */
	REST = 1000,         /* after accept() failed for want of anything */
	FRAME = 8            /* "4096:" and "," */
};

struct client {
	int fd;              /* -1: the place is free */
	int asking;          /* its question is under way */
	int leaving;         /* after this answer */
	uint64_t since;      /* when it was last of use, */
	uint64_t order;      /* and after whom */
	size_t have;
	char in[REQUEST_MAX + FRAME];
	size_t out_length, sent;
	char out[REPLY_MAX + FRAME];
	struct lookup lookup;
};

struct server {
	const struct answers *answers;
	int listener;
	uint64_t rest_until;
	uint64_t order;
	size_t count;
	struct client clients[CLIENTS];
};

static int stop_pipe[2] = { -1, -1 };

static void stop_serving(int number)
{
	const int before = errno;

	(void)number;
	if (write(stop_pipe[1], "", 1) < 0)
		errno = before; /* it is full: that is enough */
	errno = before;
}

static uint64_t now(void)
{
	return mxsel_ldns_clock(NULL);
}

/* ----------------------------------------------------------------- clients */

static void drop(struct server *s, struct client *c)
{
	if (c->asking && s->answers->engine != NULL)
		mxsel_engine_cancel(s->answers->engine, c->lookup.m);
	close(c->fd);
	c->fd = -1;
	c->asking = 0;
	s->count--;
}

/* The one without a question that has been of no use longest; NULL: none. */
static struct client *idlest_of(struct server *s)
{
	struct client *idlest = NULL, *c;

	for (c = s->clients; c < s->clients + CLIENTS; c++)
		if (c->fd != -1 && !c->asking &&
		    (idlest == NULL || c->order < idlest->order))
			idlest = c;
	return idlest;
}

/* Who comes in vain waits in the listener's queue. */
static int may_come(struct server *s)
{
	return s->rest_until <= now() &&
		(s->count < CLIENTS || idlest_of(s) != NULL);
}

static void was_of_use(struct server *s, struct client *c)
{
	c->since = now();
	c->order = ++s->order;
}

static void welcome(struct server *s, int fd)
{
	struct client *c = s->clients;

	while (c->fd != -1)
		c++;
	c->fd = fd;
	c->asking = c->leaving = 0;
	c->have = c->out_length = c->sent = 0;
	was_of_use(s, c);
	s->count++;
}

static int set_flags(int fd)
{
	return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
		fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

/* Whoever idled before makes room: not one that was not yet listened to. */
static int make_room(struct server *s, uint64_t before)
{
	struct client *idlest = s->count == CLIENTS ? idlest_of(s) : NULL;

	if (idlest != NULL && idlest->order <= before)
		drop(s, idlest);
	return s->count < CLIENTS;
}

static void accept_some(struct server *s)
{
	const uint64_t before = s->order;
	int fd, n;

	for (n = 0; n < AT_A_TURN && make_room(s, before); n++) {
		fd = accept(s->listener, NULL, NULL);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
			s->rest_until = now() + REST;
		if (fd < 0)
			return;
		if (set_flags(fd))
			welcome(s, fd);
		else
			close(fd);
	}
}

/* --------------------------------------------------------------- netstrings */

/*
 * The netstring at the start of what has come: 1 it is whole, 0 more must
 * come, -1 it is none, -2 it is larger than any address.
 */
static int find_request(const struct client *c, size_t *start, size_t *length)
{
	size_t at = 0, size = 0;

	while (at < c->have && c->in[at] >= '0' && c->in[at] <= '9') {
		if (at > 0 && size == 0)
			return -1; /* no leading zeros */
		size = size * 10 + (size_t)(c->in[at++] - '0');
		if (size > REQUEST_MAX)
			return -2;
	}
	if (at == c->have)
		return 0;
	if (at == 0 || c->in[at] != ':')
		return -1;
	*start = at + 1;
	*length = size;
	if (c->have < *start + size + 1)
		return 0;
	return c->in[*start + size] == ',' ? 1 : -1;
}

static void queue_reply(struct server *s, struct client *c)
{
	int length = snprintf(c->out, sizeof c->out, "%zu:%s,",
		c->lookup.length, c->lookup.text);

	c->asking = 0;
	c->sent = 0;
	c->out_length = (size_t)length;
	was_of_use(s, c);
	if (s->answers->verbose)
		fprintf(stderr, "-> %s\n", c->lookup.text);
}

/* One line, whatever a client sends. */
static void say_request(const char *request, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		fputc(request[i] < ' ' || request[i] > '~' ? '?' : request[i],
			stderr);
	fputc('\n', stderr);
}

/* 1: something was asked; an answer is there or on its way. */
static int take_request(struct server *s, struct client *c)
{
	static const char too_long[] = "PERM this is too long for an address";
	size_t start = 0, length = 0;
	int found = find_request(c, &start, &length);

	if (found == 0)
		return 0;
	if (found == -1) {
		drop(s, c); /* Postfix connects again, then defers */
		return 0;
	}
	if (found == -2) {
		memcpy(c->lookup.text, too_long, sizeof too_long);
		c->lookup.length = sizeof too_long - 1;
		c->leaving = 1;
		queue_reply(s, c);
		return 1;
	}
	if (s->answers->verbose)
		say_request(c->in + start, length);
	c->asking = 1;
	if (lookup_begin(s->answers, &c->lookup, c->in + start, length, c))
		queue_reply(s, c);
	c->have -= start + length + 1;
	memmove(c->in, c->in + start + length + 1, c->have);
	return 1;
}

/* 1: all is sent. */
static int send_reply(struct server *s, struct client *c)
{
	ssize_t n;

	while (c->sent < c->out_length) {
		n = send(c->fd, c->out + c->sent, c->out_length - c->sent,
			MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		if (n < 0) {
			drop(s, c);
			return 0;
		}
		c->sent += (size_t)n;
	}
	c->out_length = c->sent = 0;
	if (c->leaving)
		drop(s, c);
	return c->fd != -1;
}

/*
 * As far as it goes without waiting. Answers are in the order of the
 * questions: the next one is taken when this one's answer is sent.
 */
static void work(struct server *s, struct client *c)
{
	while (c->fd != -1 && !c->asking) {
		if (c->out_length > 0 && !send_reply(s, c))
			return;
		if (!take_request(s, c))
			return;
	}
}

/* There is room: a request that would not fit is never waited for. */
static void hear(struct server *s, struct client *c)
{
	ssize_t n = recv(c->fd, c->in + c->have, sizeof c->in - c->have, 0);

	if (n > 0) {
		c->have += (size_t)n;
		work(s, c);
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN &&
	    errno != EWOULDBLOCK)) {
		drop(s, c);
	}
}

/* ---------------------------------------------------------------- the loop */

static short wanted(const struct client *c)
{
	if (c->asking)
		return 0; /* only that it hung up */
	return c->out_length > 0 ? POLLOUT : POLLIN;
}

static int sooner(int timeout, uint64_t then, uint64_t at)
{
	int left = then > at ? (int)(then - at) : 0;

	return timeout < 0 || left < timeout ? left : timeout;
}

/* When to look again, should nothing happen. Those who idle are dropped. */
static int timeout_of(struct server *s)
{
	int timeout = -1;
	struct client *c;
	uint64_t at = now();

	if (s->answers->engine != NULL)
		timeout = mxsel_engine_timeout(s->answers->engine);
	if (s->rest_until > at)
		timeout = sooner(timeout, s->rest_until, at);
	for (c = s->clients; c < s->clients + CLIENTS; c++) {
		if (c->fd == -1 || c->asking)
			continue;
		if (at - c->since >= IDLE_TIME)
			drop(s, c);
		else
			timeout = sooner(timeout, c->since + IDLE_TIME, at);
	}
	return timeout;
}

/* The first three of what is watched; a client each follows. */
enum { STOP, ENGINE, LISTENER, FIRST };

/*
 * How many there are to watch: up to the last place in use, for poll() refuses
 * more than there may be descriptors.
 */
static nfds_t watch(struct server *s, struct pollfd *watched)
{
	size_t i, count = FIRST;

	memset(watched, 0, (FIRST + CLIENTS) * sizeof *watched);
	watched[STOP].fd = stop_pipe[0];
	watched[ENGINE].fd = s->answers->engine == NULL ? -1 :
		mxsel_engine_fd(s->answers->engine);
	watched[LISTENER].fd = may_come(s) ? s->listener : -1;
	for (i = 0; i < FIRST; i++)
		watched[i].events = POLLIN;
	for (i = 0; i < CLIENTS; i++) {
		watched[FIRST + i].fd = s->clients[i].fd;
		watched[FIRST + i].events = wanted(&s->clients[i]);
		if (s->clients[i].fd != -1)
			count = FIRST + i + 1;
	}
	return (nfds_t)count;
}

static void attend(struct server *s, const struct pollfd *watched)
{
	struct client *c;
	size_t i;

	for (i = 0; i < CLIENTS; i++) {
		c = &s->clients[i];
		if (c->fd == -1 || watched[i].revents == 0)
			continue;
		if (c->asking)
			drop(s, c);
		else if (c->out_length > 0)
			work(s, c);
		else
			hear(s, c);
	}
}

static int turn_engine(struct server *s)
{
	mxsel_engine *engine = s->answers->engine;
	struct client *c;
	mxsel *m;
	int r;

	if (engine == NULL)
		return 0;
	r = mxsel_engine_process(engine);
	while ((m = mxsel_engine_ready(engine)) != NULL) {
		c = mxsel_user(m);
		if (lookup_go_on(s->answers, &c->lookup)) {
			queue_reply(s, c);
			work(s, c);
		}
	}
	return r;
}

static int run(struct server *s)
{
	struct pollfd watched[FIRST + CLIENTS];
	nfds_t count;
	int r, timeout;

	for (;;) {
		r = turn_engine(s);
		if (r != 0)
			return r;
		timeout = timeout_of(s);
		count = watch(s, watched);
		if (poll(watched, count, timeout) < 0) {
			if (errno == EINTR)
				continue; /* the pipe tells which signal */
			return MXSEL_ESYSTEM;
		}
		if (watched[STOP].revents != 0)
			return 0;
		attend(s, watched + FIRST);
		if (watched[LISTENER].revents != 0)
			accept_some(s);
	}
}

/*
 * A signal ends the loop where nothing is half done. That nobody reads what
 * --verbose says is no reason to end.
 */
static int catch_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = SIG_IGN;
	if (sigaction(SIGPIPE, &action, NULL) != 0)
		return 0;
	action.sa_handler = stop_serving;
	return pipe(stop_pipe) == 0 && set_flags(stop_pipe[0]) &&
		set_flags(stop_pipe[1]) &&
		sigaction(SIGTERM, &action, NULL) == 0 &&
		sigaction(SIGINT, &action, NULL) == 0;
}

int serve(const struct answers *answers, int listener)
{
	static struct server s;
	size_t i;
	int r;

	if (!catch_signals() || !set_flags(listener))
		return MXSEL_ESYSTEM;
	s.answers = answers;
	s.listener = listener;
	for (i = 0; i < CLIENTS; i++)
		s.clients[i].fd = -1;
	r = run(&s);
	for (i = 0; i < CLIENTS; i++) {
		if (s.clients[i].fd != -1)
			drop(&s, &s.clients[i]);
		mxsel_free(s.clients[i].lookup.m);
	}
	return r;
}
