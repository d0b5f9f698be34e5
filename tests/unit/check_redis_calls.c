/*
 * libmxsel-redis where system calls fail, in its thread and in those that
 * call it: whichever fails and how, nobody waits for long, no descriptor is
 * left, and it works when they work again (S39, R85). The calls are this
 * program's own; the C library's are behind them.
 */
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE /* it has inline functions before some of them */

#include "support/run.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mxsel/redis.h>

#include "redis/inside.h"
#include "support/own_malloc.h"
#include "support/false_redis.h"
#include "support/redis_trial.h"

#ifndef MALLOC_IS_TAKEN

#define HOST "mx.example.com"
#define TURNS 6

enum call {
	SOCKET, CONNECT, SEND, SEND_HALF, RECV, POLL, GETSOCKOPT, SETSOCKOPT,
	FCNTL, GETFL, SETFL, SETFD, READ, WRITE, PIPE, CREATE, SIGMASK,
	CONDITION, SETCLOCK
};

#define NO_ERROR 4095 /* nor has it a name */

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
	/* A part of it, and then nothing. */
	if (atomic_load(&failing) == SEND_HALF && !false_redis_spared) {
		if (atomic_fetch_add(&made, 1) % 2 == 0)
			return send_behind(fd, text, (length + 1) / 2, flags);
		errno = EAGAIN;
		return -1;
	}
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

	if (command == F_GETFL && fails(GETFL))
		return -1;
	if (command == F_SETFL && fails(SETFL))
		return -1;
	if (command == F_SETFD && fails(SETFD))
		return -1;
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

int pthread_create(pthread_t *restrict thread,
	const pthread_attr_t *restrict attributes, void *(*function)(void *),
	void *restrict user)
{
	BEHIND(int, pthread_create, (pthread_t *, const pthread_attr_t *,
		void *(*)(void *), void *));
	return fails(CREATE) ? EAGAIN :
		pthread_create_behind(thread, attributes, function, user);
}

int pthread_sigmask(int how, const sigset_t *restrict set,
	sigset_t *restrict before)
{
	BEHIND(int, pthread_sigmask, (int, const sigset_t *, sigset_t *));
	return fails(SIGMASK) ? EINVAL :
		pthread_sigmask_behind(how, set, before);
}

/* Who goes away when a question is made. */
static _Atomic(struct mxsel_redis *) goes_away;

int pthread_condattr_setclock(pthread_condattr_t *attributes, clockid_t clock)
{
	BEHIND(int, pthread_condattr_setclock, (pthread_condattr_t *,
		clockid_t));
	return fails(SETCLOCK) ? EINVAL :
		pthread_condattr_setclock_behind(attributes, clock);
}

int pthread_condattr_init(pthread_condattr_t *attributes)
{
	BEHIND(int, pthread_condattr_init, (pthread_condattr_t *));
	struct mxsel_redis *who = atomic_load(&goes_away);

	if (who != NULL)
		atomic_store(&who->state, MXSEL__RD_AWAY);
	return fails(CONDITION) ? ENOMEM :
		pthread_condattr_init_behind(attributes);
}

int pthread_mutex_init(pthread_mutex_t *lock,
	const pthread_mutexattr_t *attributes)
{
	BEHIND(int, pthread_mutex_init, (pthread_mutex_t *,
		const pthread_mutexattr_t *));
	return fails(CONDITION) ? ENOMEM :
		pthread_mutex_init_behind(lock, attributes);
}

static const struct {
	enum call call;
	int number;
	int later; /* not before its thread runs */
} faults[] = {
	{ SOCKET, EMFILE, 0 }, { SOCKET, ENOBUFS, 0 },
	{ CONNECT, ECONNREFUSED, 0 }, { CONNECT, EAGAIN, 0 },
	{ CONNECT, ENETUNREACH, 0 }, { CONNECT, EINTR, 0 },
	{ CONNECT, NO_ERROR, 0 }, { SEND, EPIPE, 0 }, { SEND, ECONNRESET, 0 },
	{ SEND, EAGAIN, 0 }, { SEND, EINTR, 0 }, { SEND, ENOBUFS, 0 },
	{ SEND, NO_ERROR, 0 }, { SEND_HALF, EAGAIN, 0 },
	{ RECV, ECONNRESET, 0 }, { RECV, EAGAIN, 0 }, { RECV, EINTR, 0 },
	{ RECV, ETIMEDOUT, 0 }, { RECV, NO_ERROR, 0 }, { POLL, EINTR, 0 },
	{ POLL, ENOMEM, 0 }, { GETSOCKOPT, ENOBUFS, 0 },
	{ SETSOCKOPT, EINVAL, 0 }, { FCNTL, EINVAL, 0 }, { FCNTL, EINVAL, 1 },
	{ SETFL, EINVAL, 0 }, { SETFL, EINVAL, 1 },
	{ SETFD, EINVAL, 0 }, { SETFD, EINVAL, 1 },
	{ READ, EAGAIN, 0 }, { READ, EINTR, 0 }, { WRITE, EINTR, 0 },
	{ PIPE, EMFILE, 0 }, { CREATE, EAGAIN, 0 }, { SIGMASK, EINVAL, 0 },
	{ CONDITION, ENOMEM, 1 }, { SETCLOCK, EINVAL, 1 }
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

/* One of them alone, after so many. */
static void let_one_fail(enum call call, int error, int after)
{
	let_fail(call, error, 1000);
	atomic_store(&made, (1000 - after) % 1000);
}

/* One life, from the first moment to the last, while it fails. */
static void live(struct false_redis *with, int which, int how_often)
{
	mxsel_redis *redis = redis_at(false_redis_port(with));
	mxsel_memory *remembers;
	mxsel_store *store = NULL;
	uint64_t began, longest = 0;
	struct mxsel_memory_entry found;
	int i;

	ck_assert_int_eq(mxsel_redis_set(redis, MXSEL_REDIS_TIMEOUT, 100), 0);
	ck_assert_int_eq(mxsel_memory_new(&remembers, 65536, milli, NULL), 0);
	if (!faults[which].later)
		let_fail(faults[which].call, faults[which].number, how_often);
	for (i = 0; store == NULL; i++) {
		store = mxsel_redis_store(redis);
		if (i == 5) /* it is made with several */
			atomic_store(&failing, -1);
	}
	ck_assert_int_eq(mxsel_memory_set_store(remembers, store), 0);
	if (faults[which].later)
		let_fail(faults[which].call, faults[which].number, how_often);
	for (i = 0; i < TURNS; i++) {
		began = micro();
		refused(remembers, HOST);
		(void)look(redis, &found, HOST, 1);
		if (micro() - began > longest)
			longest = micro() - began;
		moment();
		if (i == TURNS / 2)
			false_redis_be(with, FALSE_CLOSES, NULL);
		if (i == TURNS / 2 + 2)
			false_redis_be(with, FALSE_HONEST, NULL);
	}
	ck_assert_uint_lt(longest, 500000);
	/* Each time a connection is lost there is another chance. */
	if ((faults[which].call == FCNTL || faults[which].call == SETFL ||
			faults[which].call == SETFD) && faults[which].later)
		false_redis_be(with, FALSE_CLOSES, NULL);
	/* On a busy machine the turns may have met no such call: ask on. */
	BECOMES(((void)look(redis, &found, HOST, 1), atomic_load(&made) > 0));
	false_redis_be(with, FALSE_HONEST, NULL);
	atomic_store(&failing, -1);
	ck_assert_int_eq(mxsel_redis_flush(redis, PATIENCE), 0);
	BECOMES(look(redis, &found, HOST, 1000) == 0);
	ck_assert_uint_eq(COUNTED(redis, RECORDED), TURNS);
	mxsel_memory_free(remembers);
	mxsel_redis_free(redis);
}

START_TEST(without_a_lock_there_is_none)
{
	mxsel_redis *redis = NULL;
	int n;

	/* The first one that is asked for, and the second. */
	for (n = 0; n <= 1; n++) {
		let_fail(CONDITION, ENOMEM, 2);
		atomic_store(&made, n);
		ck_assert_int_eq(mxsel_redis_new(&redis, "[::1]"),
			MXSEL_ENOMEM);
		ck_assert_ptr_null(redis);
	}
	atomic_store(&failing, -1);
}
END_TEST

static const struct {
	enum call call;
	int after;
} no_store[] = {
	{ PIPE, 0 }, { CREATE, 0 }, { SIGMASK, 0 }, { GETFL, 0 },
	{ GETFL, 1 }, { SETFL, 0 }, { SETFL, 1 }, { SETFD, 0 }, { SETFD, 1 }
};

START_TEST(without_its_pipe_and_its_thread_there_is_no_store)
{
	mxsel_redis *redis = redis_at(1);
	int free_before = lowest_free();

	let_one_fail(no_store[_i].call, EINVAL, no_store[_i].after);
	ck_assert_ptr_null(mxsel_redis_store(redis));
	atomic_store(&failing, -1);
	ck_assert_int_eq(lowest_free(), free_before);
	ck_assert_ptr_nonnull(mxsel_redis_store(redis));
	mxsel_redis_free(redis);
	ck_assert_int_eq(lowest_free(), free_before);
}
END_TEST

static const enum call no_socket[] = { SOCKET, GETFL, SETFL, SETFD, CONNECT };

START_TEST(a_socket_that_is_not_as_it_should_be_is_none)
{
	struct sockaddr_in nobody;
	struct mxsel__rd_stream s;
	int free_before = lowest_free();

	memset(&nobody, 0, sizeof nobody);
	nobody.sin_family = AF_INET;
	nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	nobody.sin_port = htons(1);
	mxsel__rd_stream_init(&s);
	let_one_fail(no_socket[_i], EMFILE, 0);
	ck_assert_int_eq(mxsel__rd_stream_open(&s,
		(const struct sockaddr *)&nobody, sizeof nobody), EMFILE);
	atomic_store(&failing, -1);
	ck_assert_int_eq(s.fd, -1);
	ck_assert_int_eq(lowest_free(), free_before);
}
END_TEST

static const enum call no_wait[] = { CONDITION, SETCLOCK };

START_TEST(what_cannot_be_waited_for_is_not_asked)
{
	struct false_redis *with = false_redis_start(0);
	mxsel_redis *redis = redis_at(false_redis_port(with));
	struct mxsel_memory_entry found;

	ck_assert_ptr_nonnull(mxsel_redis_store(redis));
	BECOMES(COUNTED(redis, IS_CONNECTED));
	let_fail(no_wait[_i], ENOMEM, 1);
	ck_assert_int_ne(look(redis, &found, HOST, PATIENCE), 0);
	atomic_store(&failing, -1);
	ck_assert_uint_eq(COUNTED(redis, LATE), 1);
	ck_assert_uint_eq(false_redis_count(with, FALSE_LOOKED), 0);
	mxsel_redis_free(redis);
	false_redis_stop(with);
}
END_TEST

/* R85: between the question and its turn. */
START_TEST(a_server_that_goes_away_in_between_is_not_waited_for)
{
	struct false_redis *with = false_redis_start(0);
	mxsel_redis *redis = redis_at(false_redis_port(with));
	struct mxsel_memory_entry found;
	uint64_t began;

	ck_assert_ptr_nonnull(mxsel_redis_store(redis));
	BECOMES(COUNTED(redis, IS_CONNECTED));
	atomic_store(&goes_away, redis);
	began = micro();
	ck_assert_int_ne(look(redis, &found, HOST, 5000), 0);
	ck_assert_uint_lt(micro() - began, 2000000);
	atomic_store(&goes_away, NULL);
	ck_assert_uint_eq(COUNTED(redis, LATE), 1);
	ck_assert_uint_eq(false_redis_count(with, FALSE_LOOKED), 0);
	mxsel_redis_free(redis);
	false_redis_stop(with);
}
END_TEST

START_TEST(whichever_call_fails_it_goes_on)
{
	static const int often[] = { 2, 5 };
	struct false_redis *with = false_redis_start(0);
	int i, free_before = lowest_free();

	for (i = 0; i < 2; i++) {
		live(with, _i, often[i]);
		ck_assert_int_eq(lowest_free(), free_before);
	}
	false_redis_stop(with);
}
END_TEST

static Suite *calls_suite(void)
{
	Suite *suite = suite_create("redis and system calls");
	TCase *t = tcase_create("calls");

	tcase_add_test(t, without_a_lock_there_is_none);
	tcase_add_loop_test(t,
		without_its_pipe_and_its_thread_there_is_no_store, 0,
		sizeof no_store / sizeof *no_store);
	tcase_add_loop_test(t, a_socket_that_is_not_as_it_should_be_is_none, 0,
		sizeof no_socket / sizeof *no_socket);
	tcase_add_loop_test(t, what_cannot_be_waited_for_is_not_asked, 0,
		sizeof no_wait / sizeof *no_wait);
	tcase_add_test(t,
		a_server_that_goes_away_in_between_is_not_waited_for);
	tcase_add_loop_test(t, whichever_call_fails_it_goes_on, 0,
		sizeof faults / sizeof *faults);
	suite_add_tcase(suite, t);
	return suite;
}

int main(void)
{
	return mxsel_test_run(calls_suite());
}

#else

int main(void)
{
	puts("skipped: malloc() cannot be replaced in this build");
	return 77;
}

#endif
