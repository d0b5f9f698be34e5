/*
 * The lying name server, see liar.h. May use libc and pthread.
 */
#define _DEFAULT_SOURCE

#include "support/liar.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct liar {
	pthread_t thread;
	liar_fn udp, tcp;
	int udp_fd, tcp_fd;
	int stop[2]; /* a pipe: readable when the liar is to stop */
	atomic_uint heard_udp, heard_tcp;
	char address[32];
	struct packet packet;
};

/* A test without its server is no test: there is nothing to go on with. */
static void must(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(99);
}

static struct sockaddr_in loopback(in_port_t port)
{
	struct sockaddr_in a;

	memset(&a, 0, sizeof a);
	a.sin_family = AF_INET;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = port;
	return a;
}

static int bound(int type, in_port_t port)
{
	struct sockaddr_in a = loopback(port);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	must(fd >= 0, "socket");
	if (bind(fd, (struct sockaddr *)&a, sizeof a) == 0)
		return fd;
	close(fd);
	return -1;
}

static in_port_t port_of(int fd)
{
	struct sockaddr_in a;
	socklen_t length = sizeof a;

	must(getsockname(fd, (struct sockaddr *)&a, &length) == 0,
		"getsockname");
	return a.sin_port;
}

static void write_address(char out[32], in_port_t port)
{
	snprintf(out, 32, "127.0.0.1@%u", (unsigned)ntohs(port));
}

/* The same port for both: the kernel's choice for UDP may be taken. Where
   nobody listens it is bound all the same, so that no other test does. */
static void bind_both(struct liar *liar)
{
	int tries;

	for (tries = 0; tries < 100; tries++) {
		liar->udp_fd = bound(SOCK_DGRAM, 0);
		must(liar->udp_fd >= 0, "bind");
		liar->tcp_fd = bound(SOCK_STREAM, port_of(liar->udp_fd));
		if (liar->tcp_fd >= 0)
			return;
		close(liar->udp_fd);
	}
	must(0, "no port free");
}

static int readable(struct liar *liar, int fd, int milliseconds)
{
	struct pollfd fds[2] = {
		{ .fd = liar->stop[0], .events = POLLIN },
		{ .fd = fd, .events = POLLIN }
	};

	poll(fds, 2, milliseconds);
	return fds[0].revents == 0 && fds[1].revents != 0;
}

static void hear_udp(struct liar *liar)
{
	uint8_t question[2048];
	struct liar_call call;
	socklen_t length = sizeof call.peer;
	ssize_t got;

	got = recvfrom(liar->udp_fd, question, sizeof question, MSG_DONTWAIT,
		(struct sockaddr *)&call.peer, &length);
	if (got < 12)
		return;
	call.liar = liar;
	call.nth = atomic_fetch_add(&liar->heard_udp, 1) + 1;
	call.fd = liar->udp_fd;
	call.is_tcp = 0;
	call.question = question;
	call.size = (size_t)got;
	call.packet = &liar->packet;
	if (liar->udp != NULL)
		liar->udp(&call);
}

static int read_all(struct liar *liar, int fd, uint8_t *at, size_t size)
{
	ssize_t got;

	while (size > 0) {
		if (!readable(liar, fd, 5000))
			return 0;
		got = recv(fd, at, size, 0);
		if (got <= 0)
			return 0;
		at += got;
		size -= (size_t)got;
	}
	return 1;
}

static void hear_connection(struct liar *liar, struct liar_call *call)
{
	uint8_t question[2048];
	uint8_t prefix[2];

	if (!read_all(liar, call->fd, prefix, sizeof prefix))
		return;
	call->size = (size_t)prefix[0] << 8 | prefix[1];
	if (call->size < 12 || call->size > sizeof question ||
			!read_all(liar, call->fd, question, call->size))
		return;
	call->question = question;
	call->nth = atomic_fetch_add(&liar->heard_tcp, 1) + 1;
	liar->tcp(call);
}

static void hear_tcp(struct liar *liar)
{
	struct liar_call call;
	socklen_t length = sizeof call.peer;

	call.liar = liar;
	call.is_tcp = 1;
	call.packet = &liar->packet;
	call.fd = accept(liar->tcp_fd, (struct sockaddr *)&call.peer, &length);
	if (call.fd < 0)
		return;
	hear_connection(liar, &call);
	if (call.fd >= 0)
		close(call.fd);
}

static void *live(void *user)
{
	struct liar *liar = user;
	struct pollfd fds[3] = {
		{ .fd = liar->stop[0], .events = POLLIN },
		{ .fd = liar->udp_fd, .events = POLLIN },
		{ .fd = liar->tcp != NULL ? liar->tcp_fd : -1,
			.events = POLLIN }
	};

	for (;;) {
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return NULL;
		if (fds[0].revents != 0)
			return NULL;
		if (fds[1].revents != 0)
			hear_udp(liar);
		if (fds[2].revents != 0)
			hear_tcp(liar);
	}
}

struct liar *liar_start(liar_fn udp, liar_fn tcp)
{
	struct liar *liar = calloc(1, sizeof *liar);

	must(liar != NULL, "calloc");
	liar->udp = udp;
	liar->tcp = tcp;
	bind_both(liar);
	write_address(liar->address, port_of(liar->udp_fd));
	if (tcp != NULL)
		must(listen(liar->tcp_fd, 16) == 0, "listen");
	must(pipe(liar->stop) == 0, "pipe");
	must(pthread_create(&liar->thread, NULL, live, liar) == 0, "thread");
	return liar;
}

void liar_leave_tcp(struct liar *liar)
{
	if (liar->tcp_fd >= 0)
		close(liar->tcp_fd);
	liar->tcp_fd = -1;
}

void liar_stop(struct liar *liar)
{
	if (liar == NULL)
		return;
	must(write(liar->stop[1], "", 1) == 1, "write");
	pthread_join(liar->thread, NULL);
	close(liar->stop[0]);
	close(liar->stop[1]);
	close(liar->udp_fd);
	liar_leave_tcp(liar);
	free(liar);
}

const char *liar_address(const struct liar *liar)
{
	return liar->address;
}

unsigned liar_heard_udp(struct liar *liar)
{
	return atomic_load(&liar->heard_udp);
}

unsigned liar_heard_tcp(struct liar *liar)
{
	return atomic_load(&liar->heard_tcp);
}

/* Below the ports that the kernel gives to servers of other tests. */
void liar_nobody(char out[32])
{
	static unsigned next;
	int fd;

	next += (unsigned)getpid() * 7919u;
	do {
		fd = bound(SOCK_DGRAM, htons((uint16_t)(20001u +
			next++ % 12000u)));
	} while (fd < 0);
	write_address(out, port_of(fd));
	close(fd);
}

/* Where the question ends: its name is never compressed. */
static size_t question_end(const struct liar_call *call)
{
	size_t at = 12;

	while (at < call->size && call->question[at] != 0)
		at += 1u + call->question[at];
	return at + 5;
}

unsigned liar_type(const struct liar_call *call)
{
	size_t end = question_end(call);

	return (unsigned)call->question[end - 4] << 8 |
		call->question[end - 3];
}

int liar_has_edns(const struct liar_call *call)
{
	return call->question[11] != 0;
}

void liar_begin(struct liar_call *call, unsigned flags)
{
	struct packet *p = call->packet;

	p->size = 0;
	p->full = 0;
	packet_bytes(p, call->question, question_end(call));
	packet_set16(p, 2, flags);
	packet_set16(p, 4, 1);
	packet_set16(p, 6, 0);
	packet_set16(p, 8, 0);
	packet_set16(p, 10, 0);
}

void liar_truth(struct liar_call *call)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };
	static const uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	struct packet *p = call->packet;

	liar_begin(call, PACKET_REPLY);
	switch (liar_type(call)) {
	case PACKET_A:
		packet_address(p, PACKET_ANSWER, NULL, 300, v4, sizeof v4);
		break;
	case PACKET_AAAA:
		packet_address(p, PACKET_ANSWER, NULL, 300, v6, sizeof v6);
		break;
	default:
		packet_mx(p, PACKET_ANSWER, NULL, 300, 10, "mx.example.net");
		break;
	}
}

void liar_send_raw(struct liar_call *call, const void *data, size_t size)
{
	/* A client that has gone away is no failure of the liar. */
	if (call->is_tcp)
		(void)!send(call->fd, data, size, MSG_NOSIGNAL);
	else
		(void)!sendto(call->fd, data, size, MSG_NOSIGNAL,
			(struct sockaddr *)&call->peer, sizeof call->peer);
}

void liar_send(struct liar_call *call)
{
	uint8_t prefix[2];

	if (call->is_tcp) {
		prefix[0] = (uint8_t)(call->packet->size >> 8);
		prefix[1] = (uint8_t)(call->packet->size & 0xff);
		liar_send_raw(call, prefix, sizeof prefix);
	}
	liar_send_raw(call, call->packet->octets, call->packet->size);
}

void liar_tell_truth(struct liar_call *call)
{
	liar_truth(call);
	liar_send(call);
}

void liar_tell(struct liar_call *call, unsigned flags)
{
	liar_begin(call, flags);
	liar_send(call);
}

int liar_pause(struct liar_call *call, int milliseconds)
{
	struct pollfd stop = { .fd = call->liar->stop[0], .events = POLLIN };

	return poll(&stop, 1, milliseconds < 1000 ? milliseconds : 1000) == 0;
}

void liar_reset(struct liar_call *call)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(call->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(call->fd);
	call->fd = -1;
}
