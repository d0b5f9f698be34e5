/*
 * The machine under engine and resolver refuses, call by call: what it says
 * is told in four words, nothing is lost but time, and all goes on when it
 * gives in. The calls are failed by functions of the same name here, in the
 * test's thread only. Requirements S2, S7, S9, S10, S39, S44.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ldns/engine.h"
#include "ldns/task.h"
#include "support/child.h"
#include "support/crowd_trial.h"
#include "support/run.h"

#if SANITIZED

int main(void)
{
	puts("skipped: system calls cannot be replaced in this build");
	return 77;
}

#else

enum call { CALL_NONE, CALL_SOCKET, CALL_EPOLL_CTL, CALL_POLL,
	CALL_GETSOCKOPT, CALL_SENDMMSG, CALL_RECVMMSG, CALL_MMAP,
	CALL_MADVISE, CALL_SYSCONF, CALL_MUTEX, CALL_CLOCK, CALL_SEND };

static _Thread_local struct trouble {
	enum call call;
	int error;
	int skip;  /* so many work first */
	int times; /* then so many fail; -1: all */
} trouble;

static int fails(enum call call)
{
	if (trouble.call != call || trouble.times == 0)
		return 0;
	if (trouble.skip > 0) {
		trouble.skip--;
		return 0;
	}
	trouble.times--;
	errno = trouble.error;
	return 1;
}

static void have_trouble(enum call call, int error, int skip, int times)
{
	trouble = (struct trouble){ call, error, skip, times };
}

static void no_trouble(void)
{
	have_trouble(CALL_NONE, 0, 0, 0);
}

/* Of connections only. */
int socket(int domain, int type, int protocol)
{
	return (type & SOCK_STREAM) != 0 && fails(CALL_SOCKET) ? -1 :
		(int)syscall(SYS_socket, domain, type, protocol);
}

int epoll_ctl(int fd, int what, int watched, struct epoll_event *event)
{
	return fails(CALL_EPOLL_CTL) ? -1 :
		(int)syscall(SYS_epoll_ctl, fd, what, watched, event);
}

int poll(struct pollfd *fds, nfds_t count, int milliseconds)
{
	struct timespec time = { milliseconds / 1000,
		milliseconds % 1000 * 1000000L };

	return fails(CALL_POLL) ? -1 : (int)syscall(SYS_ppoll, fds, count,
		milliseconds < 0 ? NULL : &time, NULL, 0);
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
	return fails(CALL_GETSOCKOPT) ? -1 :
		(int)syscall(SYS_getsockopt, fd, level, name, value, length);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
	return fails(CALL_SEND) ? -1 :
		syscall(SYS_sendto, fd, data, size, flags, NULL, 0);
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	return fails(CALL_SENDMMSG) ? -1 :
		(int)syscall(SYS_sendmmsg, fd, messages, count, flags);
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
	struct timespec *limit)
{
	return fails(CALL_RECVMMSG) ? -1 : (int)syscall(SYS_recvmmsg, fd,
		messages, count, flags, limit);
}

/* The kernel's own, which wants pages where its file offset is short. */
#ifdef SYS_mmap2
#define MAP_CALL SYS_mmap2
#define MAP_FROM(octets) ((octets) / 4096)
#else
#define MAP_CALL SYS_mmap
#define MAP_FROM(octets) (octets)
#endif

void *mmap(void *at, size_t size, int may, int flags, int fd, off_t from)
{
	return fails(CALL_MMAP) ? MAP_FAILED :
		(void *)syscall(MAP_CALL, at, size, may, flags, fd,
			MAP_FROM(from));
}

int madvise(void *at, size_t size, int advice)
{
	return fails(CALL_MADVISE) ? -1 :
		(int)syscall(SYS_madvise, at, size, advice);
}

/* Nobody here asks for anything else. */
long sysconf(int name)
{
	return name != _SC_PAGESIZE || fails(CALL_SYSCONF) ? -1 :
		getpagesize();
}

int pthread_mutex_init(pthread_mutex_t *mutex,
	const pthread_mutexattr_t *attributes)
{
	int (*real)(pthread_mutex_t *, const pthread_mutexattr_t *);

	*(void **)&real = dlsym(RTLD_NEXT, "pthread_mutex_init");
	return fails(CALL_MUTEX) ? trouble.error : real(mutex, attributes);
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
	memset(time, 0, sizeof *time);
	return fails(CALL_CLOCK) ? -1 :
		(int)syscall(SYS_clock_gettime, clock, time);
}

/* --- what it says -------------------------------------------------------- */

static const struct {
	int error;
	enum mxsel__fault fault;
} words[] = {
	{ EAGAIN, MXSEL__FAULT_AGAIN },
	{ EINPROGRESS, MXSEL__FAULT_AGAIN },
	{ EALREADY, MXSEL__FAULT_AGAIN },
	{ EMFILE, MXSEL__FAULT_LOCAL },
	{ ENFILE, MXSEL__FAULT_LOCAL },
	{ ENOBUFS, MXSEL__FAULT_LOCAL },
	{ ENOMEM, MXSEL__FAULT_LOCAL },
	{ EADDRNOTAVAIL, MXSEL__FAULT_LOCAL },
	{ ECONNREFUSED, MXSEL__FAULT_PEER },
	{ ENETUNREACH, MXSEL__FAULT_PEER },
	{ EPERM, MXSEL__FAULT_PEER },
};

START_TEST(S10_every_error_is_one_of_four_words)
{
	ck_assert_int_eq(mxsel__sys_fault(words[_i].error),
		words[_i].fault);
}
END_TEST

static void make_pair(int fds[2], int type)
{
	ck_assert_int_eq(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, fds),
		0);
}

START_TEST(F77_S10_whether_a_connection_is_made_may_not_be_known_yet)
{
	int fds[2];

	make_pair(fds, SOCK_STREAM);
	ck_assert_int_eq(mxsel__sys_connected(fds[0]), MXSEL__FAULT_NONE);
	have_trouble(CALL_POLL, EINTR, 0, 1);
	ck_assert_int_eq(mxsel__sys_connected(fds[0]), MXSEL__FAULT_AGAIN);
	have_trouble(CALL_GETSOCKOPT, ENOBUFS, 0, 1);
	ck_assert_int_eq(mxsel__sys_connected(fds[0]), MXSEL__FAULT_LOCAL);
	ck_assert_int_eq(mxsel__sys_connected(fds[0]), MXSEL__FAULT_NONE);
	mxsel__sys_close(&fds[0]);
	mxsel__sys_close(&fds[1]);
}
END_TEST

START_TEST(F83_a_clock_that_cannot_be_read_says_nothing)
{
	ck_assert_uint_gt(mxsel_ldns_clock(NULL), 0);
	have_trouble(CALL_CLOCK, EINVAL, 0, 1);
	ck_assert_uint_eq(mxsel_ldns_clock(NULL), 0);
	ck_assert_uint_gt(mxsel_ldns_clock(NULL), 0);
	have_trouble(CALL_CLOCK, EINVAL, 0, 1);
	ck_assert_uint_eq(mxsel_ldns_time_of_day(NULL), 0);
	ck_assert_uint_gt(mxsel_ldns_time_of_day(NULL), 0);
}
END_TEST

START_TEST(R85_the_time_of_day_is_that_of_the_system_in_milliseconds)
{
	time_t before = time(NULL);
	uint64_t now = mxsel_ldns_time_of_day(NULL);

	/* The two clocks of the system may differ by a tick. */
	ck_assert_uint_ge(now / 1000 + 1, (uint64_t)before);
	ck_assert_uint_le(now / 1000, (uint64_t)time(NULL) + 1);
}
END_TEST

/* The last is none of the device's. */
static const int devices[] = { EIO, EINVAL, EOPNOTSUPP, EMSGSIZE, ENETDOWN };

START_TEST(S13_a_device_that_takes_no_message_apart_gets_them_one_by_one)
{
	uint8_t data[2][8] = { "first", "secon" };
	struct mxsel__datagram batch[2] = {
		{ data[0], 6, 0 }, { data[1], 6, 0 }
	};
	int fds[2], can = 1, sent = devices[_i] != ENETDOWN;
	char got[8];
	size_t done;

	make_pair(fds, SOCK_DGRAM);
	have_trouble(CALL_SENDMMSG, devices[_i], 0, 1);
	ck_assert_int_eq(mxsel__sys_send_sliced(fds[0], batch, 2, &done,
		&can), sent ? MXSEL__FAULT_NONE : MXSEL__FAULT_PEER);
	ck_assert_int_eq(can, !sent);
	ck_assert_uint_eq(done, sent ? 2 : 0);
	ck_assert_int_eq(recv(fds[1], got, sizeof got, 0), sent ? 6 : -1);
	mxsel__sys_close(&fds[0]);
	mxsel__sys_close(&fds[1]);
}
END_TEST

START_TEST(S10_a_watch_that_cannot_be_changed_stays_as_it_was)
{
	static struct mxsel__poller poller;
	struct mxsel__watch watch;
	int fds[2];

	make_pair(fds, SOCK_STREAM);
	ck_assert_int_eq(mxsel__poller_init(&poller, MXSEL__POLLER_AUTO), 0);
	ck_assert_int_eq(mxsel__poller_add(&poller, &watch, fds[0],
		MXSEL__READABLE), 0);
	have_trouble(CALL_EPOLL_CTL, ENOMEM, 0, 1);
	ck_assert_int_eq(mxsel__poller_change(&poller, &watch,
		MXSEL__WRITABLE), MXSEL_ESYSTEM);
	ck_assert_uint_eq(watch.wanted, MXSEL__READABLE);
	ck_assert_int_eq(mxsel__poller_change(&poller, &watch,
		MXSEL__WRITABLE), 0);
	ck_assert_uint_eq(watch.wanted, MXSEL__WRITABLE);
	mxsel__poller_destroy(&poller);
	mxsel__sys_close(&fds[0]);
	mxsel__sys_close(&fds[1]);
}
END_TEST

/* --- who we are ---------------------------------------------------------- */

/* No page, none that a fork wipes, none whose size is known. */
static const struct {
	enum call call;
	int marked;
} pages[] = {
	{ CALL_NONE, 1 }, { CALL_MMAP, 0 }, { CALL_MADVISE, 0 },
	{ CALL_SYSCONF, 1 },
};

START_TEST(F82_S44_a_child_knows_that_it_is_one)
{
	struct mxsel__process process;
	int status = -1;
	pid_t child;

	have_trouble(pages[_i].call, ENOMEM, 0, -1);
	mxsel__process_init(&process);
	no_trouble();
	ck_assert_int_eq(process.mark != NULL, pages[_i].marked);
	ck_assert_int_eq(mxsel__process_is_child(&process), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		status = mxsel__process_is_child(&process) != 1;
		mxsel__process_settle(&process);
		status |= mxsel__process_is_child(&process) != 0;
		mxsel__process_destroy(&process);
		end_child(status);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(mxsel__process_is_child(&process), 0);
	mxsel__process_destroy(&process);
	ck_assert_ptr_null((void *)(uintptr_t)process.mark);
}
END_TEST

/* --- being made ---------------------------------------------------------- */

START_TEST(S39_an_engine_without_a_lock_is_not_made)
{
	mxsel_engine *e = NULL;

	have_trouble(CALL_MUTEX, EAGAIN, 0, 1);
	ck_assert_int_eq(mxsel_engine_new(&e, ""), MXSEL_ENOMEM);
	ck_assert_ptr_null(e);
	ck_assert_int_eq(mxsel_engine_new(&e, ""), 0);
	mxsel_engine_free(e);
}
END_TEST

/* It has two: that of its servers, and its own. */
START_TEST(S39_a_resolver_without_a_lock_is_not_made)
{
	mxsel_resolver *r = NULL;

	have_trouble(CALL_MUTEX, ENOMEM, _i, 1);
	ck_assert_int_eq(mxsel_ldns_new(&r, ""), MXSEL_ENOMEM);
	ck_assert_int_eq(trouble.times, 0);
	ck_assert_ptr_null(r);
	ck_assert_int_eq(mxsel_ldns_new(&r, ""), 0);
	mxsel_resolver_free(r);
}
END_TEST

/* --- asking -------------------------------------------------------------- */

START_TEST(S7_F83_without_a_clock_a_question_fails_for_now)
{
	struct party p;
	mxsel *m;

	party_begin(&p, NULL, PARTY_TIME);
	m = party_new(&p, "[mx.example]"); /* A and AAAA */
	have_trouble(CALL_CLOCK, EINVAL, 0, 1);
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SENT_UDP), 0);
	mxsel_free(m);
	p.begun--;
	party_send(&p, "d1.example");
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 1);
	party_end(&p);
}
END_TEST

/* It might be due: the turn will tell. */
START_TEST(S7_F83_without_a_clock_the_next_turn_is_due)
{
	static const struct crowd_plan silent = { .silent = 1 };
	struct party p;

	party_begin(&p, &silent, 100);
	party_send(&p, "z1.example");
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	have_trouble(CALL_CLOCK, EINVAL, 0, 1);
	ck_assert_int_eq(mxsel_engine_timeout(p.engine), 0);
	ck_assert_int_eq(trouble.times, 0);
	party_run(&p, 1000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	party_end(&p);
}
END_TEST

START_TEST(F20_an_error_at_a_socket_is_that_of_all_who_wait_there)
{
	static const struct crowd_plan silent = { .silent = 1 };
	struct mxsel__question *first;
	struct party p;

	party_begin(&p, &silent, PARTY_TIME);
	party_send_many(&p, "z", 0, 3);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	first = MXSEL__OWNER(p.engine->questions.next, struct mxsel__question,
		place);
	mxsel__question_finish(p.engine, first, MXSEL_DNS_SERVFAIL);
	have_trouble(CALL_RECVMMSG, ECONNREFUSED, 0, 1);
	mxsel__port_listen(p.engine, p.engine->lanes[0].port);
	ck_assert_int_eq(trouble.times, 0);
	ck_assert(mxsel__list_is_empty(&p.engine->questions));
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 3);
	party_end(&p);
}
END_TEST

/* The datagram's watch is the first; then the connection's. */
static const struct trouble streams[] = {
	{ CALL_SOCKET, EMFILE, 0, 1 },
	{ CALL_EPOLL_CTL, ENOSPC, 1, 1 },
	{ CALL_POLL, EINTR, 0, 3 },
	{ CALL_GETSOCKOPT, ENOBUFS, 0, 1 },
	{ CALL_SEND, EAGAIN, 0, 1 },
};

START_TEST(F75_F77_S10_a_connection_that_fails_once_is_made_afterwards)
{
	static const struct crowd_plan plan = { .truncate = 1 };
	struct party p;

	party_begin(&p, &plan, PARTY_TIME);
	trouble = streams[_i];
	party_send(&p, "z1.example");
	party_run(&p, PARTY_TIME);
	ck_assert_int_eq(trouble.times, 0);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 1);
	ck_assert_uint_eq(crowd_heard_tcp(p.crowds[0]), 1);
	party_end(&p);
}
END_TEST

static void add_words(Suite *suite)
{
	TCase *c = tcase_create("words");

	tcase_add_checked_fixture(c, no_trouble, no_trouble);
	tcase_add_loop_test(c, S10_every_error_is_one_of_four_words, 0,
		(int)(sizeof words / sizeof words[0]));
	tcase_add_test(c,
		F77_S10_whether_a_connection_is_made_may_not_be_known_yet);
	tcase_add_test(c, F83_a_clock_that_cannot_be_read_says_nothing);
	tcase_add_test(c,
		R85_the_time_of_day_is_that_of_the_system_in_milliseconds);
	tcase_add_loop_test(c,
		S13_a_device_that_takes_no_message_apart_gets_them_one_by_one,
		0, (int)(sizeof devices / sizeof devices[0]));
	tcase_add_test(c, S10_a_watch_that_cannot_be_changed_stays_as_it_was);
	tcase_add_loop_test(c, F82_S44_a_child_knows_that_it_is_one, 0,
		(int)(sizeof pages / sizeof pages[0]));
	suite_add_tcase(suite, c);
}

static void add_questions(Suite *suite)
{
	TCase *c = tcase_create("questions");

	tcase_add_checked_fixture(c, no_trouble, no_trouble);
	tcase_add_test(c, S39_an_engine_without_a_lock_is_not_made);
	tcase_add_loop_test(c, S39_a_resolver_without_a_lock_is_not_made, 0,
		2);
	tcase_add_test(c, S7_F83_without_a_clock_a_question_fails_for_now);
	tcase_add_test(c, S7_F83_without_a_clock_the_next_turn_is_due);
	tcase_add_test(c,
		F20_an_error_at_a_socket_is_that_of_all_who_wait_there);
	tcase_add_loop_test(c,
		F75_F77_S10_a_connection_that_fails_once_is_made_afterwards,
		0, (int)(sizeof streams / sizeof streams[0]));
	suite_add_tcase(suite, c);
}

int main(void)
{
	Suite *suite = suite_create("ldns: the machine");

	add_words(suite);
	add_questions(suite);
	return mxsel_test_run(suite);
}

#endif
