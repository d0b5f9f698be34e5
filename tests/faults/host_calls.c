/*
 * System calls in trouble, F74..F81 and F90: signals, descriptors, networks.
 * May use host_judge.h.
 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "faults/host.h"
#include "faults/host_judge.h"

static void tick(int number)
{
	(void)number;
}

static void storm(long microseconds)
{
	struct itimerval every = { { 0, microseconds }, { 0, microseconds } };

	EXPECT(setitimer(ITIMER_REAL, &every, NULL) == 0);
}

/* The servers' threads inherit that they take no such signal: all are ours. */
static void take_alarms(int how)
{
	sigset_t alarms;

	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	EXPECT(sigprocmask(how, &alarms, NULL) == 0);
}

void F74_signals(void)
{
	struct sigaction action;
	struct trial t;
	int i;

	memset(&action, 0, sizeof action);
	action.sa_handler = tick; /* without SA_RESTART */
	EXPECT(sigaction(SIGALRM, &action, NULL) == 0);
	take_alarms(SIG_BLOCK);
	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	take_alarms(SIG_UNBLOCK);
	storm(500);
	for (i = 0; i < 20; i++)
		trial_expect_right(&t);
	storm(0);
	trial_end(&t);
	take_alarms(SIG_BLOCK);
	trial_begin(&t, JUDGE_TIME);
	trial_server(&t, truncated, holding);
	take_alarms(SIG_UNBLOCK);
	storm(500);
	trial_expect_temporary(&t);
	storm(0);
	trial_end(&t);
}

/* --- descriptors --------------------------------------------------------- */

static int taken[20000];
static int taken_count;

/* Every descriptor that may be had below limit. */
static void take_all_below(int limit)
{
	int fd;

	for (taken_count = 0; taken_count < 20000; taken_count++) {
		fd = fcntl(0, F_DUPFD, 0);
		if (fd < 0 && errno == EMFILE)
			return;
		EXPECT(fd >= 0);
		if (fd >= limit) {
			close(fd);
			return;
		}
		taken[taken_count] = fd;
	}
	judge_fail("there is no end of descriptors");
}

static void give_all_back(void)
{
	while (taken_count > 0)
		close(taken[--taken_count]);
}

/* Truly none: poll() wants the limit above what it watches. */
static void no_descriptor(struct trial *t)
{
	struct rlimit usual, none;
	mxsel_engine *e = NULL;
	mxsel_resolver *r = NULL;

	EXPECT(getrlimit(RLIMIT_NOFILE, &usual) == 0);
	none = usual;
	none.rlim_cur = 64;
	EXPECT(setrlimit(RLIMIT_NOFILE, &none) == 0);
	take_all_below(1 << 20);
	trial_expect_temporary(t);
	EXPECT(mxsel_engine_new(&e, "") == MXSEL_ESYSTEM);
	EXPECT(mxsel_ldns_new(&r, NULL) == MXSEL_EFILE);
	give_all_back();
	EXPECT(setrlimit(RLIMIT_NOFILE, &usual) == 0);
}

void F75_no_descriptor(void)
{
	static const int errors[] = { EMFILE, ENFILE };
	struct trial t;
	size_t i;

	trial_begin(&t, JUDGE_TIME);
	trial_server(&t, honest, NULL);
	no_descriptor(&t);
	t.time = JUDGE_LONG;
	trial_expect_right(&t);
	for (i = 0; i < 2; i++) {
		wrap_fail(CALL_SOCKET, errors[i], 1, 1);
		trial_expect_right(&t);
		wrap_fail(CALL_SOCKET, errors[i], 1, 0);
		t.time = JUDGE_TIME;
		trial_expect_temporary(&t);
		wrap_off();
		t.time = JUDGE_LONG;
		trial_expect_right(&t);
	}
	trial_end(&t);
}

void F78_high_descriptors(void)
{
	struct rlimit limit;
	struct trial t;

	EXPECT(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < 1200)
		judge_skip("no more than %lu descriptors here",
			(unsigned long)limit.rlim_max);
	limit.rlim_cur = limit.rlim_max < 1200 ? limit.rlim_max : 1200;
	EXPECT(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	trial_server(&t, truncated, honest);
	take_all_below(1030);
	wrap_off();
	trial_expect_right(&t);
	EXPECT(wrap.lowest_socket >= 1030 && wrap.lowest_socket < 1200);
	liar_stop(t.liars[0]);
	t.liars[0] = t.liars[1];
	t.count = 1;
	trial_expect_right(&t);
	EXPECT(mxsel_ldns_statistic(t.resolver, MXSEL_LDNS_SENT_TCP) > 0);
	give_all_back();
	trial_end(&t);
}

void F81_no_standard_descriptors(void)
{
	struct trial t;
	int i, kept[3];
	mxsel_engine *e;

	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, truncated, honest);
	for (i = 0; i < 3; i++)
		kept[i] = fcntl(i, F_DUPFD, 100);
	for (i = 0; i < 3; i++)
		close(i);
	wrap_off();
	trial_expect_right(&t);
	EXPECT(wrap.lowest_socket >= 3 && wrap.lowest_socket < 1000);
	EXPECT(mxsel_engine_new(&e, "") == 0);
	EXPECT(mxsel_engine_fd(e) >= 3);
	mxsel_engine_free(e);
	/* The server has one of them, perhaps, until it is stopped. */
	liar_stop(t.liars[0]);
	t.count = 0;
	for (i = 0; i < 3; i++) {
		EXPECT(fcntl(i, F_GETFD) == -1);
		EXPECT(dup2(kept[i], i) == i);
		close(kept[i]);
	}
	trial_end(&t);
}

/* --- networks ------------------------------------------------------------ */

/* Once: still right. For ever: temporary, then right. */
static void fails_once_and_on(struct trial *t, int call, int error)
{
	wrap_fail(call, error, 1, 1);
	t->time = JUDGE_LONG;
	trial_expect_right(t);
	EXPECT(wrap.failed > 0);
	wrap_fail(call, error, 1, 0);
	t->time = JUDGE_TIME;
	trial_expect_temporary(t);
	EXPECT(wrap.failed > 0);
	wrap_off();
	t->time = JUDGE_LONG;
	trial_expect_right(t);
}

void F76_no_buffer(void)
{
	static const int errors[] = { ENOBUFS, ENOMEM };
	struct trial udp, tcp;
	size_t i;

	trial_begin(&udp, JUDGE_TIME);
	trial_server(&udp, honest, NULL);
	for (i = 0; i < 2; i++)
		fails_once_and_on(&udp, CALL_SENDMMSG, errors[i]);
	trial_end(&udp);
	trial_begin(&tcp, JUDGE_TIME);
	trial_server(&tcp, truncated, honest);
	for (i = 0; i < 2; i++)
		fails_once_and_on(&tcp, CALL_SEND, errors[i]);
	trial_end(&tcp);
}

static void nothing_there(liar_fn udp, liar_fn tcp, int call)
{
	struct trial t;

	trial_begin(&t, JUDGE_TIME);
	trial_server(&t, udp, tcp);
	wrap_fail(call, EAGAIN, 1, 5);
	t.time = JUDGE_LONG;
	trial_expect_right(&t);
	EXPECT(wrap.failed == 5);
	wrap_fail(call, EAGAIN, 1, 0);
	wrap.wait = 1;
	t.time = JUDGE_TIME;
	trial_expect_temporary(&t);
	wrap_off();
	t.time = JUDGE_LONG;
	trial_expect_right(&t);
	trial_end(&t);
}

void F77_nothing_after_all(void)
{
	nothing_there(honest, NULL, CALL_RECVMMSG);
	nothing_there(truncated, honest, CALL_RECVMSG);
}

/* There is another server: at once. There is none: temporary, at once. */
static void no_way(int call, int error)
{
	struct trial t;

	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	wrap_fail(call, error, 1, 0);
	trial_expect_temporary(&t);
	if (t.took > JUDGE_TIME)
		judge_late("%ld ms for a way that is not there", t.took);
	wrap_off();
	trial_expect_right(&t);
	trial_end(&t);
	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	trial_server(&t, honest, NULL);
	wrap_fail(call, error, 1, 1);
	trial_expect_right(&t);
	if (t.took > JUDGE_TIME)
		judge_late("%ld ms to the next server", t.took);
	wrap_off();
	trial_end(&t);
}

void F79_no_way(void)
{
	static const int errors[] = { ENETUNREACH, EPERM };
	size_t i;

	for (i = 0; i < 2; i++) {
		no_way(CALL_CONNECT, errors[i]);
		no_way(CALL_SENDMMSG, errors[i]);
	}
}

static void hangs_up(struct liar_call *call)
{
	liar_reset(call);
}

void F80_broken_pipe(void)
{
	struct trial t;

	EXPECT(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
	trial_begin(&t, JUDGE_TIME);
	trial_server(&t, truncated, hangs_up);
	trial_expect_temporary(&t);
	trial_end(&t);
	trial_begin(&t, JUDGE_TIME);
	trial_server(&t, truncated, honest);
	wrap_off();
	wrap.shut_before_send = 1;
	trial_expect_temporary(&t);
	EXPECT(wrap.made[CALL_SEND] > 0);
	EXPECT(wrap.without_nosignal == 0);
	wrap_off();
	t.time = JUDGE_LONG;
	trial_expect_right(&t);
	trial_end(&t);
}

void F90_short_sends(void)
{
	struct trial t;

	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, truncated, honest);
	wrap_off();
	wrap.most_sent = 1;
	trial_expect_right(&t);
	EXPECT(wrap.made[CALL_SEND] > 100);
	wrap_off();
	trial_expect_right(&t);
	trial_end(&t);
}
