/*
 * The name server for crowds, see crowd.h. One lock for what others read and
 * change; the thread holds it while it works. May use libc and pthread.
 */
#define _GNU_SOURCE

#include "support/crowd.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "support/crowd_ledger.h"
#include "support/crowd_socket.h"
#include "support/crowd_zone.h"

#define CONNECTIONS 64
#define STREAM_IN 32768
#define STREAM_OUT 262144
#define GROUP_PAUSE 5000u /* us: a group of answers waits no longer */

/* An answer that waits for its time. */
struct letter {
	struct letter *next;
	uint64_t due;
	struct sockaddr_in to;
	int connection;  /* -1: UDP */
	unsigned serial; /* the connection's: it may be another by then */
	size_t size;
	uint8_t octets[512];
};

struct connection {
	int fd; /* -1: free */
	unsigned serial, answers;
	size_t got, written, sent;
	uint64_t next_octet; /* drip */
	uint8_t in[STREAM_IN];
	uint8_t out[STREAM_OUT];
};

struct crowd {
	pthread_t thread;
	pthread_mutex_t lock;
	struct crowd_plan plan;
	int udp_fd, tcp_fd, listens;
	int stop[2];
	char address[32];
	unsigned heard_udp, heard_tcp, came, answered, lost;
	unsigned connections, shouted_tcp, wanted_ad;
	struct letter *first, **last; /* by time */
	struct letter *group;
	unsigned group_size;
	uint64_t group_since;
	struct crowd_ledger ledger;
	struct crowd_note notes[CROWD_NOTES];
	struct connection conns[CONNECTIONS];
	struct packet packet;
};

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

/* Is it this one's turn to be lost? Never a second time. */
static int loses(struct crowd *c, struct crowd_question *q, unsigned nth,
	unsigned every)
{
	if (every == 0 || nth % every != 0 || q->lost > 0)
		return 0;
	q->lost++;
	c->lost++;
	return 1;
}

/* ------------------------------------------------------------ what it says */

static void hang_up(struct connection *conn)
{
	close(conn->fd);
	conn->fd = -1;
}

static void write_out(struct crowd *c, struct connection *conn)
{
	size_t left = conn->written - conn->sent;
	ssize_t sent;

	if (c->plan.drip > 0 && left > 0) {
		if (now() < conn->next_octet)
			return;
		conn->next_octet = now() + c->plan.drip * 1000u;
		left = 1;
	}
	sent = send(conn->fd, conn->out + conn->sent, left,
		MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent > 0)
		conn->sent += (size_t)sent;
	if (conn->sent < conn->written)
		return;
	conn->sent = conn->written = 0;
	if (c->plan.hang_up > 0 && conn->answers >= c->plan.hang_up)
		hang_up(conn);
}

static void post_stream(struct crowd *c, const struct letter *l)
{
	struct connection *conn = &c->conns[l->connection];

	if (conn->fd < 0 || conn->serial != l->serial ||
		(c->plan.hang_up > 0 && conn->answers >= c->plan.hang_up))
		return;
	must(conn->written + l->size + 2 <= STREAM_OUT, "stream");
	conn->out[conn->written++] = (uint8_t)(l->size >> 8);
	conn->out[conn->written++] = (uint8_t)(l->size & 0xff);
	memcpy(conn->out + conn->written, l->octets, l->size);
	conn->written += l->size;
	conn->answers++;
	write_out(c, conn);
}

static void send_to(struct crowd *c, const struct letter *l)
{
	(void)!sendto(c->udp_fd, l->octets, l->size, 0,
		(const struct sockaddr *)&l->to, sizeof l->to);
}

/* Wrong ids from the right place, with a false answer. */
static void send_strays(struct crowd *c, const struct letter *l)
{
	struct letter stray = *l;
	unsigned i;

	stray.octets[stray.size - 1] ^= 0x55;
	for (i = 1; i <= c->plan.strays; i++) {
		stray.octets[0] = (uint8_t)(l->octets[0] ^ i >> 8);
		stray.octets[1] = (uint8_t)(l->octets[1] ^ (i & 0xff));
		send_to(c, &stray);
	}
}

static void post(struct crowd *c, const struct letter *l)
{
	if (l->connection >= 0) {
		post_stream(c, l);
		return;
	}
	send_strays(c, l);
	send_to(c, l);
	c->answered++;
	if (c->plan.twice > 0 && c->answered % c->plan.twice == 0)
		send_to(c, l);
}

static void post_group(struct crowd *c)
{
	struct letter *l;

	while ((l = c->group) != NULL) {
		c->group = l->next;
		post(c, l);
		free(l);
	}
	c->group_size = 0;
}

/* The plan's delay is the same for all: what comes last is due last. */
static void keep(struct crowd *c, const struct letter *letter)
{
	struct letter *l = malloc(sizeof *l);

	must(l != NULL, "malloc");
	*l = *letter;
	if (c->plan.reverse > 1) {
		if (c->group_size++ == 0)
			c->group_since = now();
		l->next = c->group;
		c->group = l;
		if (c->group_size >= c->plan.reverse)
			post_group(c);
		return;
	}
	l->next = NULL;
	*c->last = l;
	c->last = &l->next;
}

static void post_due(struct crowd *c)
{
	struct letter *l;

	while ((l = c->first) != NULL && l->due <= now()) {
		c->first = l->next;
		if (c->first == NULL)
			c->last = &c->first;
		post(c, l);
		free(l);
	}
	if (c->group_size > 0 && now() - c->group_since > GROUP_PAUSE)
		post_group(c);
}

/* ----------------------------------------------------------- what it hears */

static void work(const struct crowd *c)
{
	uint64_t end = now() + c->plan.work;

	while (c->plan.work > 0 && now() < end)
		;
}

/* connection -1: it came over UDP, from there. */
static void hear(struct crowd *c, const uint8_t *question, size_t size,
	int connection, const struct sockaddr_in *from)
{
	char name[CROWD_NAME_SIZE];
	size_t end = crowd_read_question(question, size, name);
	struct letter l = { .connection = connection, .to = *from };
	struct crowd_question *q;
	int udp = connection < 0;

	if (end == 0)
		return;
	c->shouted_tcp += crowd_fold(name) != 0 && !udp;
	c->wanted_ad += (question[3] & PACKET_AD) != 0;
	q = crowd_enter(&c->ledger, name, (unsigned)question[end - 4] << 8 |
		question[end - 3]);
	q->udp += (unsigned)udp;
	q->tcp += (unsigned)!udp;
	if (udp && loses(c, q, ++c->came, c->plan.lose_questions))
		return;
	work(c);
	if ((udp ? c->plan.silent : c->plan.silent_tcp) || (udp &&
			loses(c, q, c->came + 7, c->plan.lose_answers)))
		return;
	crowd_answer(&c->packet, question, end, name, &c->plan, udp);
	l.serial = udp ? 0 : c->conns[connection].serial;
	l.due = now() + crowd_delay(&c->plan, name) * 1000u;
	l.size = c->packet.size;
	must(l.size <= sizeof l.octets, "answer");
	memcpy(l.octets, c->packet.octets, l.size);
	if (l.due > now() || c->plan.reverse > 1)
		keep(c, &l);
	else
		post(c, &l);
}

static void hear_datagrams(struct crowd *c)
{
	uint8_t question[512];
	struct sockaddr_in from;
	socklen_t length = sizeof from;
	ssize_t got;
	int i;

	for (i = 0; i < 64; i++) {
		length = sizeof from;
		got = recvfrom(c->udp_fd, question, sizeof question,
			MSG_DONTWAIT, (struct sockaddr *)&from, &length);
		if (got < 12)
			return;
		if (c->heard_udp++ < CROWD_NOTES)
			crowd_take_note(&c->notes[c->heard_udp - 1], question,
				(size_t)got, ntohs(from.sin_port));
		hear(c, question, (size_t)got, -1, &from);
	}
}

static void hear_messages(struct crowd *c, int i)
{
	static const struct sockaddr_in nobody;
	struct connection *conn = &c->conns[i];
	size_t at = 0, size;

	while (conn->fd >= 0 && conn->got - at >= 2) {
		size = (size_t)conn->in[at] << 8 | conn->in[at + 1];
		if (conn->got - at - 2 < size)
			break;
		c->heard_tcp++;
		hear(c, conn->in + at + 2, size, i, &nobody);
		at += 2 + size;
	}
	memmove(conn->in, conn->in + at, conn->got - at);
	conn->got -= at;
}

static void hear_stream(struct crowd *c, int i)
{
	struct connection *conn = &c->conns[i];
	ssize_t got = recv(conn->fd, conn->in + conn->got,
		STREAM_IN - conn->got, MSG_DONTWAIT);

	if (got <= 0) {
		hang_up(conn);
		return;
	}
	conn->got += (size_t)got;
	hear_messages(c, i);
}

static void take_connection(struct crowd *c)
{
	int fd = accept4(c->tcp_fd, NULL, NULL, SOCK_CLOEXEC), i;

	for (i = 0; fd >= 0 && i < CONNECTIONS; i++)
		if (c->conns[i].fd < 0) {
			c->conns[i].fd = fd;
			c->conns[i].serial = ++c->connections;
			c->conns[i].got = c->conns[i].written = 0;
			c->conns[i].sent = 0;
			c->conns[i].answers = 0;
			return;
		}
	if (fd >= 0)
		close(fd);
}

/* ------------------------------------------------------------- its thread */

static int time_to_wait(struct crowd *c)
{
	uint64_t time = now();

	if (c->plan.drip > 0 || c->group_size > 0)
		return 1;
	if (c->first == NULL)
		return 1000;
	return c->first->due <= time ? 0 :
		(int)((c->first->due - time) / 1000u) + 1;
}

static nfds_t watch(struct crowd *c, struct pollfd *fds, int *milliseconds)
{
	nfds_t n = 3;
	int i;

	pthread_mutex_lock(&c->lock);
	fds[0] = (struct pollfd){ .fd = c->stop[0], .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = c->udp_fd, .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = c->listens ? c->tcp_fd : -1,
		.events = POLLIN };
	for (i = 0; i < CONNECTIONS; i++, n++) {
		fds[n].fd = c->conns[i].fd;
		fds[n].events = POLLIN;
		if (c->conns[i].sent < c->conns[i].written &&
				c->plan.drip == 0)
			fds[n].events |= POLLOUT;
		fds[n].revents = 0;
	}
	*milliseconds = time_to_wait(c);
	pthread_mutex_unlock(&c->lock);
	return n;
}

static void serve(struct crowd *c, const struct pollfd *fds)
{
	int i;

	if (fds[1].revents != 0)
		hear_datagrams(c);
	for (i = 0; i < CONNECTIONS; i++) {
		if (c->conns[i].fd >= 0 && fds[3 + i].revents & POLLIN)
			hear_stream(c, i);
		if (c->conns[i].fd >= 0 && c->conns[i].sent <
				c->conns[i].written)
			write_out(c, &c->conns[i]);
	}
	if (fds[2].revents != 0)
		take_connection(c);
	post_due(c);
}

static void *live(void *user)
{
	struct pollfd fds[3 + CONNECTIONS];
	struct crowd *c = user;
	int milliseconds;
	nfds_t n;

	for (;;) {
		n = watch(c, fds, &milliseconds);
		(void)!poll(fds, n, milliseconds);
		if (fds[0].revents != 0)
			return NULL;
		pthread_mutex_lock(&c->lock);
		serve(c, fds);
		pthread_mutex_unlock(&c->lock);
	}
}

struct crowd *crowd_start(const struct crowd_plan *plan)
{
	struct crowd *c = calloc(1, sizeof *c);
	int i;

	must(c != NULL, "calloc");
	if (plan != NULL)
		c->plan = *plan;
	c->last = &c->first;
	c->listens = !c->plan.no_tcp;
	for (i = 0; i < CONNECTIONS; i++)
		c->conns[i].fd = -1;
	crowd_bind(&c->udp_fd, &c->tcp_fd, c->listens, c->address);
	if (c->plan.receive_buffer > 0)
		must(setsockopt(c->udp_fd, SOL_SOCKET, SO_RCVBUF,
			&c->plan.receive_buffer, sizeof(int)) == 0, "buffer");
	must(pipe(c->stop) == 0, "pipe");
	must(pthread_mutex_init(&c->lock, NULL) == 0, "lock");
	must(pthread_create(&c->thread, NULL, live, c) == 0, "thread");
	return c;
}

void crowd_change(struct crowd *c, const struct crowd_plan *plan)
{
	pthread_mutex_lock(&c->lock);
	c->plan = *plan;
	pthread_mutex_unlock(&c->lock);
}

static void free_letters(struct letter *l)
{
	struct letter *next;

	for (; l != NULL; l = next) {
		next = l->next;
		free(l);
	}
}

void crowd_stop(struct crowd *c)
{
	int i;

	if (c == NULL)
		return;
	must(write(c->stop[1], "", 1) == 1, "write");
	pthread_join(c->thread, NULL);
	for (i = 0; i < CONNECTIONS; i++)
		if (c->conns[i].fd >= 0)
			close(c->conns[i].fd);
	free_letters(c->first);
	free_letters(c->group);
	close(c->stop[0]);
	close(c->stop[1]);
	close(c->udp_fd);
	close(c->tcp_fd);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/* ------------------------------------------------------- what others read */

const char *crowd_address_of(const struct crowd *c)
{
	return c->address;
}

const struct crowd_note *crowd_notes(struct crowd *c)
{
	return c->notes;
}

static unsigned locked(struct crowd *c, const unsigned *number)
{
	unsigned n;

	pthread_mutex_lock(&c->lock);
	n = *number;
	pthread_mutex_unlock(&c->lock);
	return n;
}

unsigned crowd_heard_udp(struct crowd *c)
{
	return locked(c, &c->heard_udp);
}

unsigned crowd_heard_tcp(struct crowd *c)
{
	return locked(c, &c->heard_tcp);
}

unsigned crowd_connections(struct crowd *c)
{
	return locked(c, &c->connections);
}

unsigned crowd_questions(struct crowd *c)
{
	return locked(c, &c->ledger.distinct);
}

unsigned crowd_shouted_tcp(struct crowd *c)
{
	return locked(c, &c->shouted_tcp);
}

unsigned crowd_wanted_ad(struct crowd *c)
{
	return locked(c, &c->wanted_ad);
}

unsigned crowd_lost(struct crowd *c)
{
	return locked(c, &c->lost);
}

unsigned crowd_connected(struct crowd *c)
{
	unsigned n = 0;
	int i;

	pthread_mutex_lock(&c->lock);
	for (i = 0; i < CONNECTIONS; i++)
		n += c->conns[i].fd >= 0;
	pthread_mutex_unlock(&c->lock);
	return n;
}

static unsigned most(struct crowd *c, int tcp)
{
	unsigned n;

	pthread_mutex_lock(&c->lock);
	n = crowd_most(&c->ledger, tcp);
	pthread_mutex_unlock(&c->lock);
	return n;
}

unsigned crowd_most_udp(struct crowd *c)
{
	return most(c, 0);
}

unsigned crowd_most_tcp(struct crowd *c)
{
	return most(c, 1);
}

unsigned crowd_asked(struct crowd *c, const char *name, int type)
{
	struct crowd_question *q;
	unsigned n;

	pthread_mutex_lock(&c->lock);
	q = crowd_find(&c->ledger, name, (unsigned)type);
	n = q->udp + q->tcp;
	pthread_mutex_unlock(&c->lock);
	return n;
}
