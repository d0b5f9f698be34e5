/*
 * The lying server, see server.h. May use libc, sockets and pthread.
 */
#define _DEFAULT_SOURCE

#include "faults/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT_FIRST 20000 /* below those that the kernel chooses itself */
#define PORTS 12000
#define IDLE 5000        /* ms that a connection may say nothing */
#define BUFFER (4 << 20)

/* A server that cannot be set up judges nobody. */
static void must(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(99);
}

static int bound(int type, uint32_t address, int port)
{
	struct sockaddr_in a;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	int one = 1;

	must(fd >= 0, "socket");
	memset(&a, 0, sizeof a);
	a.sin_family = AF_INET;
	a.sin_addr.s_addr = htonl(address);
	a.sin_port = htons((uint16_t)port);
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) == 0)
		return fd;
	close(fd);
	return -1;
}

static int bind_at(struct server *s, int port)
{
	s->udp = bound(SOCK_DGRAM, INADDR_LOOPBACK, port);
	s->tcp = bound(SOCK_STREAM, INADDR_LOOPBACK, port);
	s->other_address = bound(SOCK_DGRAM, INADDR_LOOPBACK + 1, port);
	s->other_port = bound(SOCK_DGRAM, INADDR_LOOPBACK, port + PORTS);
	s->port = port;
	if (s->udp >= 0 && s->tcp >= 0 && s->other_address >= 0 &&
		s->other_port >= 0)
		return 1;
	server_close(s);
	return 0;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void server_close(struct server *s)
{
	close_one(&s->udp);
	close_one(&s->tcp);
	close_one(&s->other_address);
	close_one(&s->other_port);
}

/* Connections wait in a queue that holds one: those of this process. */
static void fill_queue(const struct server *s)
{
	struct sockaddr_in a;
	int i, fd;

	memset(&a, 0, sizeof a);
	a.sin_family = AF_INET;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons((uint16_t)s->port);
	must(listen(s->tcp, 0) == 0, "listen");
	for (i = 0; i < 3; i++) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		must(fd >= 0, "socket");
		(void)!connect(fd, (struct sockaddr *)&a, sizeof a);
	}
}

void server_bind(struct server *s, const struct fault *fault)
{
	int tries, port = (int)(getpid() * 7L % PORTS);

	memset(s, 0, sizeof *s);
	s->fault = fault;
	for (tries = 0; tries < 200; tries++) {
		if (bind_at(s, PORT_FIRST + port))
			return;
		port = (port + 131) % PORTS;
	}
	must(0, "no port free");
}

/* ------------------------------------------------------------------ names */

static const char kind_letters[SERVER_KINDS + 1] = "bex";

void server_name(char out[64], const struct fault *fault, unsigned variant,
	int kind, int is_honest)
{
	snprintf(out, 64, "%c%03dv%04u%c.example.net", is_honest ? 'h' : 'f',
		fault->number, variant, kind_letters[kind]);
}

/* The name in the question, without escapes; 0: it is none. */
static int read_name(struct lie *lie)
{
	const uint8_t *at = lie->call.question + 12;
	const uint8_t *end = lie->call.question + lie->call.size;
	size_t n = 0, i;

	while (at < end && *at != 0 && *at < 64 && at + 1 + *at < end) {
		if (n > 0)
			lie->name[n++] = '.';
		for (i = 1; i <= *at && n < sizeof lie->name - 2; i++)
			lie->name[n++] = (char)(at[i] >= 'A' && at[i] <= 'Z' ?
				at[i] + 32 : at[i]);
		at += 1 + *at;
	}
	lie->name[n] = '\0';
	if (at + 5 > end || *at != 0)
		return 0;
	lie->type = (unsigned)at[1] << 8 | at[2];
	return 1;
}

static int digits(const char *at, int count)
{
	int value = 0;

	while (count-- > 0)
		value = value * 10 + (*at++ - '0');
	return value;
}

/* "f006v0017b" before ".example.net": the variant and who asks. */
static const char *read_tag(struct lie *lie, int *kind)
{
	const char *end = strstr(lie->name, ".example.net");
	const char *at, *letter;

	if (end == NULL || end - lie->name < 10)
		return NULL;
	at = end - 10;
	letter = strchr(kind_letters, at[9]);
	if (at[4] != 'v' || letter == NULL)
		return NULL;
	lie->variant = (unsigned)digits(at + 5, 4) % LIE_VARIANTS;
	*kind = (int)(letter - kind_letters) % SERVER_KINDS;
	lie->depth = at > lie->name;
	return at;
}

static unsigned bit_of(unsigned type)
{
	if (type == PACKET_A)
		return LIE_A;
	if (type == PACKET_AAAA)
		return LIE_AAAA;
	return LIE_MX;
}

/* 0: to be answered truly. */
static int wants_lie(struct lie *lie)
{
	const struct fault *fault = lie->server->fault;
	const char *tag;
	unsigned bit;
	int kind = 0;

	if (!read_name(lie) || (tag = read_tag(lie, &kind)) == NULL)
		return 0;
	bit = bit_of(lie->type);
	if (*tag != 'f' || ((fault->lies == 0 ? LIE_MX : fault->lies) &
		bit) == 0)
		return 0;
	if (!lie->call.is_tcp)
		lie->nth = 1 + atomic_fetch_add(
			&lie->server->heard[kind][lie->variant][bit >> 1], 1);
	return 1;
}

/* -------------------------------------------------------------- questions */

static struct lie *new_lie(struct server *s)
{
	struct lie *lie = calloc(1, sizeof *lie);

	must(lie != NULL, "calloc");
	lie->server = s;
	lie->call.packet = &lie->packet;
	lie->call.question = lie->question;
	return lie;
}

static void *tell(void *user)
{
	struct lie *lie = user;

	if (lie->server->fault->udp != NULL)
		lie->server->fault->udp(lie);
	free(lie);
	return NULL;
}

static void in_thread(void *(*run)(void *), void *user)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	must(pthread_create(&thread, &attributes, run, user) == 0, "thread");
	pthread_attr_destroy(&attributes);
}

static void hear_udp(struct server *s)
{
	struct lie *lie = new_lie(s);
	socklen_t length = sizeof lie->call.peer;
	ssize_t got;

	got = recvfrom(s->udp, lie->question, sizeof lie->question,
		MSG_DONTWAIT, (struct sockaddr *)&lie->call.peer, &length);
	lie->call.fd = s->udp;
	lie->call.size = got < 0 ? 0 : (size_t)got;
	if (got >= 17 && wants_lie(lie)) {
		in_thread(tell, lie);
		return;
	}
	if (got >= 17)
		lie_tell_truth(lie);
	free(lie);
}

static int read_all(int fd, uint8_t *at, size_t size)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	ssize_t got;

	while (size > 0) {
		if (poll(&readable, 1, IDLE) <= 0)
			return 0;
		got = recv(fd, at, size, 0);
		if (got <= 0)
			return 0;
		at += got;
		size -= (size_t)got;
	}
	return 1;
}

static int hear_stream(struct lie *lie)
{
	const struct fault *fault = lie->server->fault;
	uint8_t prefix[2];

	if (!read_all(lie->call.fd, prefix, 2))
		return 0;
	lie->call.size = (size_t)prefix[0] << 8 | prefix[1];
	if (lie->call.size < 17 || lie->call.size > sizeof lie->question ||
		!read_all(lie->call.fd, lie->question, lie->call.size))
		return 0;
	/* Who cannot be on the way to us cannot forge TCP: there is the truth
	   of family A, where we turn when too much is nonsense (S4). */
	if (!wants_lie(lie))
		lie_tell_truth(lie);
	else if (fault->tcp != NULL)
		fault->tcp(lie);
	else if (fault->number <= LIE_UDP_LAST)
		lie_tell_truth(lie);
	else if (fault->udp != NULL)
		fault->udp(lie);
	return lie->call.fd >= 0;
}

static void *serve_stream(void *user)
{
	struct lie *lie = user;

	while (hear_stream(lie))
		continue;
	if (lie->call.fd >= 0)
		close(lie->call.fd);
	free(lie);
	return NULL;
}

static void hear_tcp(struct server *s)
{
	struct lie *lie;
	int fd = accept(s->tcp, NULL, NULL);

	if (fd < 0)
		return;
	lie = new_lie(s);
	lie->call.fd = fd;
	lie->call.is_tcp = 1;
	in_thread(serve_stream, lie);
}

/* Nobody is there while the lie lasts, and somebody afterwards. */
static void come_and_go(struct server *s, int is_open)
{
	if (is_open && s->udp < 0)
		s->udp = bound(SOCK_DGRAM, INADDR_LOOPBACK, s->port);
	if (!is_open)
		close_one(&s->udp);
}

void server_run(struct server *s, atomic_int *open)
{
	unsigned flags = s->fault->flags;
	int size = BUFFER;
	struct pollfd fds[2];

	if ((flags & LIE_TCP_FULL) != 0)
		fill_queue(s);
	else if ((flags & (LIE_NO_TCP | LIE_NO_PORT)) == 0)
		must(listen(s->tcp, 256) == 0, "listen");
	setsockopt(s->udp, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	for (;;) {
		if ((flags & LIE_NO_PORT) != 0)
			come_and_go(s, atomic_load(open));
		fds[0].fd = s->udp;
		fds[1].fd = (flags & (LIE_NO_PORT | LIE_NO_TCP |
			LIE_TCP_FULL)) != 0 ? -1 : s->tcp;
		fds[0].events = fds[1].events = POLLIN;
		fds[0].revents = fds[1].revents = 0;
		poll(fds, 2, (flags & LIE_NO_PORT) != 0 ? 2 : -1);
		if (fds[0].revents != 0)
			hear_udp(s);
		if (fds[1].revents != 0)
			hear_tcp(s);
	}
}
