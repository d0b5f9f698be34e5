/*
 * libmxsel-redis where system calls fail, in its thread and in those that
 * call it: whichever fails and how, nobody waits for long, no descriptor is
 * left, and it works when they work again (S39, R85). The calls are this
 * program's own; the C library's are behind them.
 */
#define _GNU_SOURCE

#include "support/run.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/own_malloc.h"
#include "support/false_redis.h"
#include "support/redis_trial.h"

#ifndef MALLOC_IS_TAKEN

#define HOST "mx.example.com"

enum call {
	SOCKET, CONNECT, SEND, RECV, POLL, GETSOCKOPT, SETSOCKOPT, FCNTL, READ,
	WRITE, PIPE
};

static atomic_int failing = -1, every = 1, number, made;

/* Every so-many-th call of this kind, but for the server's and, while it
   looks at things, the test's. */
static int fails(enum call call)
{
	if (false_redis_spared || atomic_load(&failing) != (int)call ||
			atomic_fetch_add(&made, 1) % atomic_load(&every) != 0)
		return 0;
	errno = atomic_load(&number);
	return 1;
}

/* A function of the C library that we stand before. */
#define BEHIND(type, name, parameters) \
	type (*name##_behind) parameters; \
	void *name##_found = dlsym(RTLD_NEXT, #name); \
	memcpy(&name##_behind, &name##_found, sizeof name##_behind)

int socket(int family, int type, int protocol)
{
	BEHIND(int, socket, (int, int, int));
	return fails(SOCKET) ? -1 : socket_behind(family, type, protocol);
}

int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length)
{
	BEHIND(int, connect, (int, __CONST_SOCKADDR_ARG, socklen_t));
	return fails(CONNECT) ? -1 : connect_behind(fd, address, length);
}

ssize_t send(int fd, const void *text, size_t length, int flags)
{
	BEHIND(ssize_t, send, (int, const void *, size_t, int));
	/* SIGPIPE must not reach the program. */
	ck_assert_int_ne(flags & MSG_NOSIGNAL, 0);
	return fails(SEND) ? -1 : send_behind(fd, text, length, flags);
}

ssize_t recv(int fd, void *text, size_t length, int flags)
{
	BEHIND(ssize_t, recv, (int, void *, size_t, int));
	return fails(RECV) ? -1 : recv_behind(fd, text, length, flags);
}

int poll(struct pollfd *watched, nfds_t count, int timeout)
{
	BEHIND(int, poll, (struct pollfd *, nfds_t, int));
	return fails(POLL) ? -1 : poll_behind(watched, count, timeout);
}

int getsockopt(int fd, int level, int name, void *restrict value,
	socklen_t *restrict length)
{
	BEHIND(int, getsockopt, (int, int, int, void *, socklen_t *));
	return fails(GETSOCKOPT) ? -1 :
		getsockopt_behind(fd, level, name, value, length);
}

int setsockopt(int fd, int level, int name, const void *value,
	socklen_t length)
{
	BEHIND(int, setsockopt, (int, int, int, const void *, socklen_t));
	return fails(SETSOCKOPT) ? -1 :
		setsockopt_behind(fd, level, name, value, length);
}

/* All that is asked of it here takes a number, or nothing. */
static int fcntl_ours(int fd, int command, va_list more)
{
	BEHIND(int, fcntl, (int, int, ...));
	int value = command == F_GETFL ? 0 : va_arg(more, int);

	return fails(FCNTL) ? -1 : fcntl_behind(fd, command, value);
}

#undef fcntl
int fcntl(int fd, int command, ...)
{
	va_list more;
	int result;

	va_start(more, command);
	result = fcntl_ours(fd, command, more);
	va_end(more);
	return result;
}

/* Where offsets are large it is called so. */
int fcntl64(int fd, int command, ...)
{
	va_list more;
	int result;

	va_start(more, command);
	result = fcntl_ours(fd, command, more);
	va_end(more);
	return result;
}

ssize_t read(int fd, void *text, size_t length)
{
	BEHIND(ssize_t, read, (int, void *, size_t));
	return fails(READ) ? -1 : read_behind(fd, text, length);
}

ssize_t write(int fd, const void *text, size_t length)
{
	BEHIND(ssize_t, write, (int, const void *, size_t));
	return fails(WRITE) ? -1 : write_behind(fd, text, length);
}

int pipe(int fds[2])
{
	BEHIND(int, pipe, (int *));
	return fails(PIPE) ? -1 : pipe_behind(fds);
}

static const struct {
	enum call call;
	int number;
} faults[] = {
	{ SOCKET, EMFILE }, { SOCKET, ENOBUFS }, { CONNECT, ECONNREFUSED },
	{ CONNECT, EAGAIN }, { CONNECT, ENETUNREACH }, { CONNECT, EINTR },
	{ SEND, EPIPE }, { SEND, ECONNRESET }, { SEND, EAGAIN },
	{ SEND, EINTR }, { SEND, ENOBUFS }, { RECV, ECONNRESET },
	{ RECV, EAGAIN }, { RECV, EINTR }, { RECV, ETIMEDOUT },
	{ POLL, EINTR }, { POLL, ENOMEM }, { GETSOCKOPT, ENOBUFS },
	{ SETSOCKOPT, EINVAL }, { FCNTL, EINVAL }, { READ, EAGAIN },
	{ READ, EINTR }, { WRITE, EINTR }, { WRITE, EAGAIN },
	{ PIPE, EMFILE }
};

static int lowest_free(void)
{
	int fd = dup(0);

	(void)close(fd);
	return fd;
}

static void let_fail(enum call call, int error, int how_often)
{
	atomic_store(&made, 0);
	atomic_store(&number, error);
	atomic_store(&every, how_often);
	atomic_store(&failing, (int)call);
}

/* One life, from the first moment to the last, while it fails. */
static void live(struct false_redis *with)
{
	mxsel_redis *redis = redis_at(false_redis_port(with));
	mxsel_memory *remembers;
	mxsel_store *store = NULL;
	uint64_t began, longest = 0;
	struct mxsel_memory_entry found;
	int i;

	ck_assert_int_eq(mxsel_redis_set(redis, MXSEL_REDIS_TIMEOUT, 100), 0);
	ck_assert_int_eq(mxsel_memory_new(&remembers, 65536, milli, NULL), 0);
	while (store == NULL)
		store = mxsel_redis_store(redis);
	ck_assert_int_eq(mxsel_memory_set_store(remembers, store), 0);
	for (i = 0; i < 30; i++) {
		began = micro();
		refused(remembers, HOST);
		(void)look(redis, &found, HOST, 1);
		if (micro() - began > longest)
			longest = micro() - began;
		if (i == 15)
			false_redis_be(with, FALSE_CLOSES, NULL);
		if (i == 20)
			false_redis_be(with, FALSE_HONEST, NULL);
	}
	ck_assert_uint_lt(longest, 500000);
	atomic_store(&failing, -1);
	ck_assert_int_eq(mxsel_redis_flush(redis, PATIENCE), 0);
	BECOMES(look(redis, &found, HOST, 1000) == 0);
	ck_assert_uint_eq(COUNTED(redis, RECORDED), 30);
	mxsel_memory_free(remembers);
	mxsel_redis_free(redis);
}

START_TEST(whichever_call_fails_it_goes_on)
{
	static const int often[] = { 2, 3, 5 };
	struct false_redis *with = false_redis_start(0);
	int free_before, i;

	live(with);
	free_before = lowest_free();
	for (i = 0; i < 3; i++) {
		let_fail(faults[_i].call, faults[_i].number, often[i]);
		live(with);
		ck_assert_int_gt(atomic_load(&made), 0);
		ck_assert_int_eq(lowest_free(), free_before);
	}
	false_redis_stop(with);
}
END_TEST

#endif

static Suite *calls_suite(void)
{
	Suite *suite = suite_create("redis and system calls");
	TCase *t = tcase_create("calls");

#ifndef MALLOC_IS_TAKEN
	tcase_add_loop_test(t, whichever_call_fails_it_goes_on, 0,
		sizeof faults / sizeof *faults);
#endif
	suite_add_tcase(suite, t);
	return suite;
}

int main(void)
{
	return mxsel_test_run(calls_suite());
}
