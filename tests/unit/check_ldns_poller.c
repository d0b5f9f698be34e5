/*
 * The poller on pairs of sockets, each statement for what the system does
 * best (_i 0) and for poll() (_i 1).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mxsel/mxsel.h>

#include "ldns/poller.h"
#include "ldns/sys.h"
#include "support/child.h"
#include "support/run.h"

#define R MXSEL__READABLE
#define W MXSEL__WRITABLE
#define BOTH 2

#if defined __linux__ || defined __FreeBSD__ || defined __NetBSD__ || \
	defined __OpenBSD__ || defined __DragonFly__ || defined __APPLE__
#define HAS_BETTER 1
#else
#define HAS_BETTER 0
#endif

static const enum mxsel__poller_kind kinds[BOTH] = {
	MXSEL__POLLER_AUTO, MXSEL__POLLER_POLL
};

/* Pairs: the poller watches ours, a test writes to theirs. */
static int ours[MXSEL__POLLER_MAX + 1], theirs[MXSEL__POLLER_MAX + 1];
static struct mxsel__watch watches[MXSEL__POLLER_MAX + 1];
static struct mxsel__poller poller;

/* May so many pairs be open, at least while this test lasts? */
static int has_room(unsigned pairs)
{
	struct rlimit limit;
	rlim_t files = 2 * (rlim_t)pairs + 20;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_cur < files && limit.rlim_max >= files) {
		limit.rlim_cur = files;
		ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	}
	return limit.rlim_cur >= files;
}

static void begin(int kind, unsigned pairs)
{
	unsigned i;
	int fds[2];

	for (i = 0; i <= MXSEL__POLLER_MAX; i++)
		watches[i].fd = -1;
	ck_assert_int_eq(mxsel__poller_init(&poller, kinds[kind]), 0);
	for (i = 0; i < pairs; i++) {
		ck_assert_int_eq(socketpair(AF_UNIX,
			SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
		ours[i] = fds[0];
		theirs[i] = fds[1];
	}
}

static void add(unsigned i, unsigned wanted)
{
	ck_assert_int_eq(mxsel__poller_add(&poller, &watches[i], ours[i],
		wanted), 0);
	ck_assert_int_eq(watches[i].fd, ours[i]);
}

static void change(unsigned i, unsigned wanted)
{
	ck_assert_int_eq(mxsel__poller_change(&poller, &watches[i], wanted),
		0);
}

static void say(unsigned i)
{
	ck_assert_int_eq(write(theirs[i], "x", 1), 1);
}

static void hear(unsigned i)
{
	char c;

	ck_assert_int_eq(read(ours[i], &c, 1), 1);
}

/* The events of the only watch that is ready now; 0: none is. */
static unsigned only(unsigned i)
{
	unsigned events = 0, all = 0;
	struct mxsel__watch *w;

	ck_assert_int_eq(mxsel__poller_wait(&poller, 0), 0);
	while ((w = mxsel__poller_ready(&poller, &events)) != NULL) {
		ck_assert_ptr_eq(w, &watches[i]);
		ck_assert_uint_ne(events, 0);
		all |= events;
	}
	return all;
}

static int readable_now(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

START_TEST(what_is_wanted_and_there_is_found)
{
	begin(_i, 2);
	add(0, R);
	add(1, R);
	ck_assert_uint_eq(only(0), 0);
	say(1);
	ck_assert_uint_eq(only(1), R);
	ck_assert_uint_eq(only(1), R); /* as long as it is there */
	change(1, R | W);
	ck_assert_uint_eq(only(1), R | W);
	hear(1);
	ck_assert_uint_eq(only(1), W);
	change(1, W);
	say(1);
	ck_assert_uint_eq(only(1), W);
	change(1, 0);
	ck_assert_uint_eq(only(1), 0);
	change(1, R);
	change(1, R);
	ck_assert_uint_eq(only(1), R);
	mxsel__poller_remove(&poller, &watches[1]);
	ck_assert_int_eq(watches[1].fd, -1);
	ck_assert_uint_eq(only(1), 0);
	mxsel__poller_remove(&poller, &watches[1]);
	add(1, R);
	ck_assert_uint_eq(only(1), R);
	mxsel__poller_destroy(&poller);
}
END_TEST

START_TEST(the_end_of_a_stream_shows_as_what_was_wanted)
{
	begin(_i, 2);
	add(0, W);
	add(1, 0);
	ck_assert_uint_eq(only(0), W);
	close(theirs[0]);
	close(theirs[1]);
	ck_assert_uint_eq(only(0), W);
	change(0, R);
	ck_assert_uint_eq(only(0), R);
	change(0, R | W);
	ck_assert_uint_eq(only(0), R | W);
	/* Who wants nothing hears of no end either. */
	change(0, 0);
	ck_assert_uint_eq(only(0), 0);
	mxsel__poller_destroy(&poller);
}
END_TEST

START_TEST(S38_a_watch_removed_or_changed_in_a_batch_does_not_come_out)
{
	struct mxsel__watch *first, *w;
	unsigned events, i, seen = 0;

	begin(_i, 4);
	for (i = 0; i < 4; i++) {
		add(i, R);
		say(i);
	}
	ck_assert_int_eq(mxsel__poller_wait(&poller, -1), 0);
	first = mxsel__poller_ready(&poller, &events);
	ck_assert_ptr_nonnull(first);
	/* Of the other three one is removed, one put in anew, one changed. */
	i = (unsigned)(first - watches);
	mxsel__poller_remove(&poller, &watches[(i + 1) % 4]);
	mxsel__poller_remove(&poller, &watches[(i + 2) % 4]);
	add((i + 2) % 4, R);
	change((i + 3) % 4, W);
	mxsel__poller_remove(&poller, first);
	ck_assert_ptr_null(mxsel__poller_ready(&poller, &events));
	ck_assert_int_eq(mxsel__poller_wait(&poller, 0), 0);
	while ((w = mxsel__poller_ready(&poller, &events)) != NULL)
		seen |= 1u << ((unsigned)(w - watches) + 4 - i) % 4;
	ck_assert_uint_eq(seen, 1u << 2 | 1u << 3);
	mxsel__poller_destroy(&poller);
}
END_TEST

/* Each wait finds 64; three waits find all, whoever was not heard. */
START_TEST(S11_more_than_a_batch_that_are_ready_all_get_their_turn)
{
	int seen[150] = { 0 };
	struct mxsel__watch *w;
	unsigned events, i, n, wait, all = 0;

	if (!has_room(150))
		return;
	begin(_i, 150);
	for (i = 0; i < 150; i++) {
		add(i, R);
		say(i);
	}
	for (wait = 0; wait < 3; wait++) {
		ck_assert_int_eq(mxsel__poller_wait(&poller, 0), 0);
		for (n = 0; (w = mxsel__poller_ready(&poller, &events)); n++)
			seen[w - watches] = 1;
		ck_assert_uint_eq(n, MXSEL__POLLER_BATCH);
	}
	for (i = 0; i < 150; i++)
		all += (unsigned)seen[i];
	ck_assert_uint_eq(all, 150);
	mxsel__poller_destroy(&poller);
}
END_TEST

START_TEST(S11_no_more_than_the_limit_is_watched)
{
	unsigned i;

	if (!has_room(MXSEL__POLLER_MAX + 1))
		return;
	begin(_i, MXSEL__POLLER_MAX + 1);
	for (i = 0; i < MXSEL__POLLER_MAX; i++)
		add(i, R);
	ck_assert_int_eq(mxsel__poller_add(&poller, &watches[i], ours[i], R),
		MXSEL_ELIMIT);
	ck_assert_int_eq(watches[i].fd, -1);
	mxsel__poller_remove(&poller, &watches[i]);
	/* In an order that moves others about. */
	for (i = 0; i < MXSEL__POLLER_MAX; i += 2)
		mxsel__poller_remove(&poller, &watches[i]);
	say(0);
	say(MXSEL__POLLER_MAX - 1);
	ck_assert_uint_eq(only(MXSEL__POLLER_MAX - 1), R);
	hear(MXSEL__POLLER_MAX - 1);
	add(0, R);
	ck_assert_uint_eq(only(0), R);
	mxsel__poller_destroy(&poller);
	ck_assert_int_eq(watches[0].fd, -1);
	mxsel__poller_remove(&poller, &watches[0]);
}
END_TEST

START_TEST(S9_the_descriptor_is_readable_when_a_wait_would_find_something)
{
	int fd;

	begin(_i, 1);
	fd = mxsel__poller_fd(&poller);
	ck_assert_int_eq(fd >= 0, HAS_BETTER && _i == 0);
	if (fd < 0)
		return;
	ck_assert_int_gt(fd, STDERR_FILENO);
	ck_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	add(0, R);
	ck_assert(!readable_now(fd));
	say(0);
	ck_assert(readable_now(fd));
	hear(0);
	ck_assert(!readable_now(fd));
	mxsel__poller_destroy(&poller);
	ck_assert_int_eq(mxsel__poller_fd(&poller), -1);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

START_TEST(F81_the_descriptor_is_no_standard_one_when_those_are_closed)
{
	int fd, standard = dup(STDIN_FILENO);

	close(STDIN_FILENO);
	ck_assert_int_eq(mxsel__poller_init(&poller, MXSEL__POLLER_AUTO), 0);
	fd = mxsel__poller_fd(&poller);
	ck_assert_int_eq(fcntl(STDIN_FILENO, F_GETFD), -1);
	if (standard >= 0)
		dup2(standard, STDIN_FILENO);
	ck_assert(fd == -1 || fd > STDERR_FILENO);
	ck_assert(fd == -1 || (fcntl(fd, F_GETFD) & FD_CLOEXEC));
	mxsel__poller_destroy(&poller);
}
END_TEST

START_TEST(F75_without_a_free_descriptor_there_is_an_error_and_later_none)
{
	int better = HAS_BETTER && _i == 0;
	struct rlimit old, none;

	begin(_i, 1);
	mxsel__poller_destroy(&poller);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = 0;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_assert_int_eq(mxsel__poller_init(&poller, kinds[_i]),
		better ? MXSEL_ESYSTEM : 0);
	ck_assert_int_eq(mxsel__poller_fd(&poller), -1);
	ck_assert_int_eq(mxsel__poller_restart(&poller),
		better ? MXSEL_ESYSTEM : 0);
	if (better)
		ck_assert_int_eq(mxsel__poller_add(&poller, &watches[0],
			ours[0], R), MXSEL_ESYSTEM);
	ck_assert_int_eq(watches[0].fd, -1);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
	ck_assert_int_eq(mxsel__poller_restart(&poller), 0);
	add(0, R);
	say(0);
	ck_assert_uint_eq(only(0), R);
	mxsel__poller_destroy(&poller);
}
END_TEST

/* 0 when the child can use its own, without the parent's watches. */
static int child(void)
{
	unsigned events;

	if (mxsel__poller_restart(&poller) != 0)
		return 1;
	if (watches[0].fd != -1 || watches[1].fd != -1)
		return 2;
	if (mxsel__poller_wait(&poller, 0) != 0 ||
			mxsel__poller_ready(&poller, &events) != NULL)
		return 3;
	if (mxsel__poller_add(&poller, &watches[1], ours[1], W) != 0)
		return 4;
	if (mxsel__poller_wait(&poller, 0) != 0 ||
			mxsel__poller_ready(&poller, &events) != &watches[1])
		return 5;
	mxsel__poller_remove(&poller, &watches[1]);
	mxsel__poller_destroy(&poller);
	return 0;
}

START_TEST(S44_the_child_of_a_fork_has_its_own_and_leaves_the_parents)
{
	int status = -1;
	pid_t pid;

	begin(_i, 2);
	add(0, R);
	add(1, R);
	say(0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		end_child(child());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(only(0), R);
	hear(0);
	say(1);
	ck_assert_uint_eq(only(1), R);
	mxsel__poller_destroy(&poller);
}
END_TEST

static void ignore(int number)
{
	(void)number;
}

START_TEST(F74_a_signal_ends_a_wait_without_an_error)
{
	struct sigaction action;
	struct itimerval soon = { .it_value = { .tv_usec = 20000 } };
	unsigned events;

	memset(&action, 0, sizeof action);
	action.sa_handler = ignore;
	ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
	begin(_i, 1);
	add(0, R);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
	ck_assert_int_eq(mxsel__poller_wait(&poller, -1), 0);
	ck_assert_ptr_null(mxsel__poller_ready(&poller, &events));
	mxsel__poller_destroy(&poller);
}
END_TEST

START_TEST(S7_a_wait_ends_when_its_time_is_over)
{
	uint64_t before, after;
	unsigned events;

	begin(_i, 1);
	add(0, R);
	ck_assert_int_eq(mxsel__sys_clock_exact(&before), 0);
	ck_assert_int_eq(mxsel__poller_wait(&poller, 30), 0);
	ck_assert_int_eq(mxsel__sys_clock_exact(&after), 0);
	ck_assert_uint_ge(after - before, 29000);
	ck_assert_ptr_null(mxsel__poller_ready(&poller, &events));
	mxsel__poller_destroy(&poller);
}
END_TEST

START_TEST(S10_a_descriptor_that_cannot_be_watched_is_an_error)
{
	begin(0, 1);
	close(ours[0]);
	if (mxsel__poller_fd(&poller) >= 0)
		ck_assert_int_eq(mxsel__poller_add(&poller, &watches[0],
			ours[0], R), MXSEL_ESYSTEM);
	ck_assert_int_eq(watches[0].fd, -1);
	ck_assert_uint_eq(poller.count, 0);
	mxsel__poller_destroy(&poller);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("which sockets are ready");
	TCase *tests = tcase_create("poller");

	tcase_add_loop_test(tests, what_is_wanted_and_there_is_found, 0,
		BOTH);
	tcase_add_loop_test(tests,
		the_end_of_a_stream_shows_as_what_was_wanted, 0, BOTH);
	tcase_add_loop_test(tests,
		S38_a_watch_removed_or_changed_in_a_batch_does_not_come_out,
		0, BOTH);
	tcase_add_loop_test(tests,
		S11_more_than_a_batch_that_are_ready_all_get_their_turn, 0,
		BOTH);
	tcase_add_loop_test(tests, S11_no_more_than_the_limit_is_watched, 0,
		BOTH);
	tcase_add_loop_test(tests,
		S9_the_descriptor_is_readable_when_a_wait_would_find_something,
		0, BOTH);
	tcase_add_test(tests,
		F81_the_descriptor_is_no_standard_one_when_those_are_closed);
	tcase_add_loop_test(tests,
		F75_without_a_free_descriptor_there_is_an_error_and_later_none,
		0, BOTH);
	tcase_add_loop_test(tests,
		S44_the_child_of_a_fork_has_its_own_and_leaves_the_parents,
		0, BOTH);
	tcase_add_loop_test(tests, F74_a_signal_ends_a_wait_without_an_error,
		0, BOTH);
	tcase_add_loop_test(tests, S7_a_wait_ends_when_its_time_is_over, 0,
		BOTH);
	tcase_add_test(tests,
		S10_a_descriptor_that_cannot_be_watched_is_an_error);
	suite_add_tcase(suite, tests);
	return mxsel_test_run(suite);
}
