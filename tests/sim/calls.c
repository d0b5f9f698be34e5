/*
 * The system calls as programs make them: the linker calls these in place of
 * the C library's (-Wl,--wrap). What is not the simulator's descriptor goes
 * where it always went. May use libc only.
 */
#define _GNU_SOURCE

#include "sim/kernel_file.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include "sim/calls.h"

#define DATAGRAM_MAX 65536u
#define STREAM_OUT 8192u

/* ------------------------------------------------------------ that may fail */

static struct {
	unsigned skip, count, often, errors;
	int error;
	int list[8];
} failing[SIM_CALLS];

void sim_fail(enum sim_call call, unsigned skip, unsigned count, int error)
{
	failing[call].skip = skip;
	failing[call].count = count;
	failing[call].error = error;
}

void sim_fail_often(enum sim_call call, unsigned per_million,
	const int *errors, unsigned count)
{
	failing[call].often = per_million;
	failing[call].errors = count;
	memcpy(failing[call].list, errors, count * sizeof errors[0]);
}

void sim_fail_never(void)
{
	memset(failing, 0, sizeof failing);
}

const char *sim_call_name(enum sim_call call)
{
	static const char *const names[SIM_CALLS] = {
		"socket", "connect", "close", "fcntl", "send", "sendmmsg",
		"recvmsg", "recvmmsg", "getsockopt", "setsockopt", "poll",
		"epoll_create1", "epoll_ctl", "epoll_wait", "clock_gettime",
		"getrandom"
	};

	return names[call];
}

static int outcome(int error)
{
	if (error == 0)
		return 1;
	errno = error;
	return -1;
}

int sim_injected(enum sim_call call)
{
	sim_kernel.calls++;
	if (failing[call].count > 0) {
		if (failing[call].skip > 0) {
			failing[call].skip--;
			return 0;
		}
		failing[call].count--;
		return outcome(failing[call].error);
	}
	if (failing[call].often > 0 &&
			sim_random(1000000) < failing[call].often)
		return outcome(failing[call].list[
			sim_random(failing[call].errors)]);
	return 0;
}

/* -------------------------------------------------------------- descriptors */

/* S9: no program that is started has it. */
static void expect_cloexec(int has)
{
	if (has)
		return;
	fputs("simulator: a descriptor without CLOEXEC\n", stderr);
	exit(2);
}

int __wrap_socket(int family, int type, int protocol)
{
	(void)family, (void)protocol;
	expect_cloexec((type & SOCK_CLOEXEC) != 0);
	if (sim_injected(SIM_SOCKET) < 0)
		return -1;
	return sim_file_new((type & 0xf) == SOCK_STREAM ? STREAM : DATAGRAM,
		0);
}

int __wrap_epoll_create1(int flags)
{
	expect_cloexec((flags & EPOLL_CLOEXEC) != 0);
	if (sim_injected(SIM_EPOLL_CREATE) < 0)
		return -1;
	return sim_file_new(EPOLL, 0);
}

int __wrap_close(int fd)
{
	if (sim_file(fd) == NULL)
		return __real_close(fd);
	sim_file_close(fd);
	/* It is closed all the same, as on Linux. */
	return sim_injected(SIM_CLOSE) < 0 ? -1 : 0;
}

/* F_DUPFD_CLOEXEC of a socket without port or of a new epoll. */
int __wrap_fcntl(int fd, int command, ...)
{
	struct file *f = sim_file(fd), *copy;
	va_list arguments;
	int value, higher;

	va_start(arguments, command);
	value = va_arg(arguments, int);
	va_end(arguments);
	if (f == NULL)
		return __real_fcntl(fd, command, value);
	if (sim_injected(SIM_FCNTL) < 0)
		return -1;
	if (command != F_DUPFD_CLOEXEC)
		return 0;
	higher = sim_file_new((enum file_kind)f->kind, value);
	copy = sim_file(higher);
	if (copy != NULL)
		copy->state = f->state;
	return higher;
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	struct file *f = sim_file(fd);
	int failed;

	if (f == NULL)
		return __real_connect(fd, address, length);
	failed = sim_injected(SIM_CONNECT) < 0;
	if (failed && errno != EINTR)
		return -1;
	f->server = sim_kernel.peer.find(address);
	if (f->server < 0) {
		errno = ENETUNREACH;
		return -1;
	}
	sim_file_bind(f);
	if (f->kind == DATAGRAM)
		return 0;
	sim_kernel.ports[f->port] = -1; /* TCP has ports of its own */
	f->state = CONNECTING;
	sim_kernel.peer.connect(f->server, sim_connection_of(f));
	errno = failed ? EINTR : EINPROGRESS;
	return -1;
}

int __wrap_getsockopt(int fd, int level, int name, void *value,
	socklen_t *length)
{
	struct file *f = sim_file(fd);

	if (f == NULL)
		return __real_getsockopt(fd, level, name, value, length);
	if (sim_injected(SIM_GETSOCKOPT) < 0)
		return -1;
	memcpy(value, &f->error, sizeof f->error);
	f->error = 0;
	return 0;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value,
	socklen_t length)
{
	struct file *f = sim_file(fd);

	if (f == NULL)
		return __real_setsockopt(fd, level, name, value, length);
	if (sim_injected(SIM_SETSOCKOPT) < 0)
		return -1;
	if (sim_kernel.slices)
		return 0;
	errno = ENOPROTOOPT;
	return -1;
}

/* ----------------------------------------------------------------- sending */

static size_t gather(const struct msghdr *message, uint8_t *out, size_t room)
{
	size_t size = 0, part;
	size_t i;

	for (i = 0; i < message->msg_iovlen; i++) {
		part = message->msg_iov[i].iov_len;
		if (part > room - size)
			part = room - size;
		memcpy(out + size, message->msg_iov[i].iov_base, part);
		size += part;
	}
	return size;
}

/* Into how large pieces; size when it is one. */
static size_t slice_of(struct msghdr *message, size_t size)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	uint16_t octets = 0;

	if (header == NULL || header->cmsg_type != 103 /* UDP_SEGMENT */)
		return size;
	memcpy(&octets, CMSG_DATA(header), sizeof octets);
	return octets == 0 ? size : octets;
}

static void send_one(struct file *f, struct msghdr *message)
{
	static uint8_t whole[DATAGRAM_MAX];
	size_t size = gather(message, whole, sizeof whole), at, part;
	size_t slice = slice_of(message, size);

	for (at = 0; at < size; at += part) {
		part = size - at < slice ? size - at : slice;
		sim_kernel.peer.datagram(f->server, f->port, whole + at, part);
	}
}

/* A pending error of the socket comes first, once (as on Linux). */
static int pending(struct file *f)
{
	if (f->error == 0)
		return 0;
	errno = f->error;
	f->error = 0;
	return -1;
}

int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count,
	int flags)
{
	struct file *f = sim_file(fd);
	unsigned i;
	int said;

	if (f == NULL)
		return __real_sendmmsg(fd, messages, count, flags);
	said = sim_injected(SIM_SENDMMSG);
	if (said < 0 || pending(f) < 0)
		return -1;
	if (said > 0 && count > 1)
		count = 1;
	for (i = 0; i < count; i++) {
		send_one(f, &messages[i].msg_hdr);
		messages[i].msg_len = 0;
	}
	return (int)count;
}

static void keep_out(struct file *f, const uint8_t *data, size_t size)
{
	size_t used;

	if (f->out_size + size > f->out_room) {
		f->out_room = (f->out_size + size) * 2;
		f->out = sim_reallocate(f->out, f->out_room);
	}
	memcpy(f->out + f->out_size, data, size);
	f->out_size += size;
	used = sim_kernel.peer.octets(f->server, sim_connection_of(f), f->out,
		f->out_size);
	memmove(f->out, f->out + used, f->out_size - used);
	f->out_size -= used;
}

ssize_t __wrap_send(int fd, const void *data, size_t size, int flags)
{
	struct file *f = sim_file(fd);
	int said;

	if (f == NULL)
		return __real_send(fd, data, size, flags);
	said = sim_injected(SIM_SEND);
	if (said < 0 || pending(f) < 0)
		return -1;
	if (f->state != CONNECTED) {
		errno = f->state == CONNECTING ? EAGAIN : EPIPE;
		return -1;
	}
	if ((flags & MSG_NOSIGNAL) == 0) {
		fputs("simulator: send without MSG_NOSIGNAL\n", stderr);
		exit(2);
	}
	if (said > 0 && size > 1)
		size = 1;
	if (sim_kernel.send_most != 0 && size > sim_kernel.send_most)
		size = sim_kernel.send_most;
	keep_out(f, data, size);
	return (ssize_t)size;
}

/* --------------------------------------------------------------- receiving */

static size_t scatter(struct msghdr *message, const struct packet *p)
{
	size_t room = message->msg_iov[0].iov_len;
	size_t left = p->size - p->used;
	size_t size = left < room ? left : room;

	if (size > 0)
		memcpy(message->msg_iov[0].iov_base, p->data + p->used, size);
	return size;
}

int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned count,
	int flags, struct timespec *limit)
{
	struct file *f = sim_file(fd);
	struct packet *p;
	unsigned i;
	int said;

	if (f == NULL)
		return __real_recvmmsg(fd, messages, count, flags, limit);
	said = sim_injected(SIM_RECVMMSG);
	if (said < 0 || pending(f) < 0)
		return -1;
	if (said > 0)
		count = 1;
	for (i = 0; i < count && f->first != NULL; i++) {
		p = f->first;
		messages[i].msg_len = (unsigned)scatter(&messages[i].msg_hdr,
			p);
		messages[i].msg_hdr.msg_flags =
			messages[i].msg_len < p->size ? MSG_TRUNC : 0;
		sim_file_shift(f);
	}
	if (i == 0)
		errno = EAGAIN;
	return i == 0 ? -1 : (int)i;
}

/* The end, or nothing yet. */
static ssize_t receive_nothing(struct file *f)
{
	if (pending(f) < 0)
		return -1;
	if (f->finished)
		return 0;
	errno = f->state == NEW ? ENOTCONN : EAGAIN;
	return f->state == BROKEN ? 0 : -1;
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *message, int flags)
{
	struct file *f = sim_file(fd);
	size_t size, room;
	struct packet *p;
	int said;

	if (f == NULL)
		return __real_recvmsg(fd, message, flags);
	said = sim_injected(SIM_RECVMSG);
	if (said < 0)
		return -1;
	p = f->first;
	if (p == NULL)
		return receive_nothing(f);
	room = message->msg_iov[0].iov_len;
	if (said > 0)
		message->msg_iov[0].iov_len = 1;
	size = scatter(message, p);
	message->msg_iov[0].iov_len = room;
	message->msg_flags = 0;
	p->used += (uint32_t)size;
	if (p->used == p->size)
		sim_file_shift(f);
	return (ssize_t)size;
}

/* ----------------------------------------------------------------- clocks */

int __wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
	uint64_t now;
	int64_t jump;

	if (sim_injected(SIM_CLOCK) < 0)
		return -1;
	if (sim_kernel.jump_at != 0 && sim_kernel.now >= sim_kernel.jump_at) {
		sim_jump(sim_kernel.real_later, sim_kernel.monotonic_later);
		sim_kernel.jump_at = 0;
	}
	jump = clock == CLOCK_REALTIME ? sim_kernel.real_jump
		: sim_kernel.monotonic_jump;
	/* Who looks again and again sees it move. */
	now = sim_kernel.now += 50;
	out->tv_sec = (time_t)((int64_t)(now / SIM_SECOND) + jump);
	out->tv_nsec = (long)(now % SIM_SECOND);
	return 0;
}

double sim_real_time(void)
{
	struct timespec now;

	(void)__real_clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags)
{
	uint8_t *at = buffer;
	uint64_t number = 0;
	size_t i;
	int said = sim_injected(SIM_RANDOM);

	(void)flags;
	if (said < 0)
		return -1;
	if (said > 0 && size > 1)
		size = 1;
	for (i = 0; i < size; i++) {
		if (i % 8 == 0)
			number = sim_number(&sim_kernel.given_numbers);
		at[i] = (uint8_t)(number >> i % 8 * 8);
	}
	return (ssize_t)size;
}
