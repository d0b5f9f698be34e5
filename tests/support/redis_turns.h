/*
 * The thread of libmxsel-redis turn by turn, in the test's own thread, for
 * tests that look at it while it waits: poll() and some other calls are this
 * program's own, and what happens while one of them runs happens at that
 * moment. For one file of a program, first of all that it includes; where
 * system calls cannot be replaced it defines TURNS_ARE_NOT_OURS alone. May use
 * the library's inside and support/redis_trial.h.
 */
#ifndef TESTS_SUPPORT_REDIS_TURNS_H
#define TESTS_SUPPORT_REDIS_TURNS_H

#undef _FORTIFY_SOURCE /* it has inline functions before some of them */

#include "support/sanitized.h"

#if SANITIZED
#define TURNS_ARE_NOT_OURS 1
#else

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "redis/clock.h"
#include "redis/inside.h"
#include "support/redis_jobs.h"
#include "support/redis_trial.h"

#define MINUTE 60000 /* milliseconds */
#define MS ((uint64_t)MXSEL__RD_MS)
#define STEPS 3

static mxsel_redis *r;
static struct mxsel__rd_worker *w;
static struct mxsel_memory_entry entry;
static int fds[2]; /* the connection; ours is the second one */

/* What happens while it waits, one after the other; poll() returns that. */
static int (*steps[STEPS])(void);
static int waits;
static struct pollfd *watched;
static int timeout;

/* What happens while it sends, or waits for an answer; once. */
static void (*while_sending)(void), (*while_waiting)(void);

static enum { ALL_WELL, SEND_STOPS, RECV_STOPS, WRITE_STOPS } signals;

/* ------------------------------------------------------------ system calls */

int poll(struct pollfd *them, nfds_t count, int until)
{
	ck_assert_uint_eq(count, 2);
	watched = them;
	timeout = until;
	watched[0].revents = watched[1].revents = 0;
	if (waits < STEPS && steps[waits] != NULL)
		return steps[waits++]();
	r->ending = 1;
	return 0;
}

/* Once, a signal comes. */
static inline int is_stopped(int which)
{
	if ((int)signals != which)
		return 0;
	signals = ALL_WELL;
	errno = EINTR;
	return 1;
}

ssize_t send(int fd, const void *text, size_t length, int flags)
{
	void (*happens)(void) = while_sending;

	if (is_stopped(SEND_STOPS))
		return -1;
	while_sending = NULL;
	if (happens != NULL)
		happens();
	return sendto(fd, text, length, flags, NULL, 0);
}

ssize_t recv(int fd, void *text, size_t length, int flags)
{
	return is_stopped(RECV_STOPS) ? -1 :
		recvfrom(fd, text, length, flags, NULL, NULL);
}

ssize_t write(int fd, const void *text, size_t length)
{
	char copy[16];
	struct iovec part = { copy, length };

	if (is_stopped(WRITE_STOPS))
		return -1;
	ck_assert_uint_le(length, sizeof copy);
	memcpy(copy, text, length);
	return writev(fd, &part, 1);
}

/* With the lock held. */
int pthread_cond_timedwait(pthread_cond_t *restrict condition,
	pthread_mutex_t *restrict lock, const struct timespec *restrict then)
{
	void (*happens)(void) = while_waiting;

	(void)condition;
	(void)lock;
	(void)then;
	while_waiting = NULL;
	if (happens != NULL)
		happens();
	moment();
	return ETIMEDOUT;
}

/* ----------------------------------------------------------------- fixture */

static inline void set_up(void)
{
	int i;

	r = redis_at(1);
	w = &r->worker;
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_TIMEOUT, MINUTE), 0);
	r->process = (long)getpid();
	host_entry(&entry, "mx.example.com");
	ck_assert_int_eq(pipe(r->wake), 0);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(fcntl(r->wake[i], F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	w->stream.fd = fds[0];
	w->stream.reader = redisReaderCreateWithFunctions(
		&w->stream.functions);
	ck_assert_ptr_nonnull(w->stream.reader);
	w->stream.reader->privdata = &w->stream.reply;
	atomic_store(&r->state, MXSEL__RD_READY);
	memset(steps, 0, sizeof steps);
	waits = 0;
	while_sending = while_waiting = NULL;
	signals = ALL_WELL;
}

static inline void tear_down(void)
{
	redis_end_jobs(r);
	mxsel__rd_stream_close(&w->stream);
	(void)close(r->wake[0]);
	(void)close(r->wake[1]);
	(void)close(fds[1]);
	mxsel_redis_free(r);
}

static inline void tell(void)
{
	mxsel__rd_record(&entry, MXSEL_STORE_FAILED, HALF_LIFE, r);
}

/* It works, with these steps, and ends. */
static inline void work(int (*first)(void), int (*second)(void),
	int (*third)(void))
{
	steps[0] = first;
	steps[1] = second;
	steps[2] = third;
	ck_assert_ptr_null(mxsel__rd_work(r));
	ck_assert(waits == STEPS || steps[waits] == NULL);
}

static inline int nothing_happens(void)
{
	return 0;
}

static inline void server_says(const char *text)
{
	ck_assert_int_eq(sendto(fds[1], text, strlen(text), 0, NULL, 0),
		(int)strlen(text));
}

static inline int error_has(const char *words)
{
	char text[256];

	return strstr(mxsel_redis_error(r, text, sizeof text), words) != NULL;
}

/* It has so much time, of a minute that has just begun. */
static inline void has_a_limit(void)
{
	ck_assert_int_gt(timeout, 0);
	ck_assert_int_le(timeout, MINUTE);
}

/* Nothing is under way, and nothing waits. */
static inline int sleeps_for_ever(void)
{
	ck_assert_int_eq(timeout, -1);
	ck_assert_int_eq(watched[0].fd, r->wake[0]);
	ck_assert_int_eq(watched[0].events, POLLIN);
	ck_assert_int_eq(watched[1].fd, fds[0]);
	ck_assert_int_eq(watched[1].events, POLLIN);
	ck_assert_int_eq(r->sleeping, 1);
	ck_assert_int_eq(r->window, 1);
	ck_assert_uint_eq(r->owed, 0);
	ck_assert_int_eq((int)w->flying, 0);
	return 0;
}

#endif
#endif
