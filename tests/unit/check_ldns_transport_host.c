/*
 * The socket resolver on a machine in trouble (list E of the faults): system
 * calls that fail, are interrupted or do half of what was asked, closed
 * standard descriptors, high descriptors, signals, threads. The calls are
 * failed by functions of the same name here, in the test's thread only.
 * Requirements S8, S9, S10, S11.
 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "support/liar_trial.h"
#include "support/run.h"

/* Sending, receiving and waiting each have two calls: one datagram or many,
   poll(). */
enum call { CALL_NONE, CALL_SOCKET, CALL_CONNECT, CALL_SEND, CALL_RECEIVE,
	CALL_GETRANDOM, CALL_WAIT, CALL_CLOCK };

/* The call that fails, with what, how often, and how often it works first. */
static _Thread_local struct trouble {
	enum call call;
	int error;
	int times;
	int skip;
} trouble;

static _Thread_local int one_octet_at_a_time, closed_before_send;
static _Thread_local int lowest_socket;

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

static void have_trouble(enum call call, int error, int times)
{
	trouble = (struct trouble){ call, error, times, 0 };
}

int socket(int domain, int type, int protocol)
{
	return fails(CALL_SOCKET) ? -1 :
		(int)syscall(SYS_socket, domain, type, protocol);
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	if (fd < lowest_socket)
		lowest_socket = fd;
	return fails(CALL_CONNECT) ? -1 :
		(int)syscall(SYS_connect, fd, address, length);
}

static void no_trouble(void)
{
	have_trouble(CALL_NONE, 0, 0);
	one_octet_at_a_time = 0;
	closed_before_send = 0;
}

static int is_stream(int fd)
{
	socklen_t length = sizeof(int);
	int type = 0;

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 &&
		type == SOCK_STREAM;
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
	if (fails(CALL_SEND))
		return -1;
	if (closed_before_send && is_stream(fd))
		shutdown(fd, SHUT_WR);
	if (one_octet_at_a_time && is_stream(fd))
		size = 1;
	return syscall(SYS_sendto, fd, data, size, flags, NULL, 0);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	return fails(CALL_RECEIVE) ? -1 :
		syscall(SYS_recvmsg, fd, message, flags);
}

/* Of UDP only: no kernel that takes messages apart, whose failures would be
   tried again without. */
int setsockopt(int fd, int level, int name, const void *value,
	socklen_t length)
{
	if (level == IPPROTO_UDP) {
		errno = ENOPROTOOPT;
		return -1;
	}
	return (int)syscall(SYS_setsockopt, fd, level, name, value, length);
}

/* With _GNU_SOURCE, which declares these, connect() is no C function. */
struct mmsghdr;
int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
	struct timespec *limit);

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	if (fails(CALL_SEND))
		return -1;
	if (one_octet_at_a_time)
		count = 1;
	return (int)syscall(SYS_sendmmsg, fd, messages, count, flags);
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
	struct timespec *limit)
{
	return fails(CALL_RECEIVE) ? -1 : (int)syscall(SYS_recvmmsg, fd,
		messages, count, flags, limit);
}

ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
	if (fails(CALL_GETRANDOM))
		return -1;
	if (one_octet_at_a_time && size > 1)
		size = 1;
	return syscall(SYS_getrandom, buffer, size, flags);
}

int poll(struct pollfd *fds, nfds_t count, int milliseconds)
{
	struct timespec time = { milliseconds / 1000,
		milliseconds % 1000 * 1000000L };

	return fails(CALL_WAIT) ? -1 : (int)syscall(SYS_ppoll, fds, count,
		milliseconds < 0 ? NULL : &time, NULL, 0);
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
	memset(time, 0, sizeof *time);
	return fails(CALL_CLOCK) ? -1 :
		(int)syscall(SYS_clock_gettime, clock, time);
}

static void honest(struct liar_call *call)
{
	liar_tell_truth(call);
}

static void truncated(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | PACKET_TC);
}

/* The order among equals needs no entropy then: only the transport does. */
static void begin_seeded(struct trial *t, int query_time)
{
	trial_begin(t, query_time);
	ck_assert_int_eq(mxsel_options_set_seed(t->options, 1), 0);
}

/* --- calls that fail once ------------------------------------------------ */

static const struct passing {
	const char *what;
	enum call call;
	int error;
	int times;
	int skip;
} passing[] = {
	{ "F75 EMFILE", CALL_SOCKET, EMFILE, 1, 0 },
	{ "F75 ENFILE", CALL_SOCKET, ENFILE, 2, 0 },
	{ "socket ENOBUFS", CALL_SOCKET, ENOBUFS, 1, 0 },
	{ "socket ENOMEM", CALL_SOCKET, ENOMEM, 1, 0 },
	{ "connect EAGAIN", CALL_CONNECT, EAGAIN, 1, 0 },
	{ "connect EADDRNOTAVAIL", CALL_CONNECT, EADDRNOTAVAIL, 1, 0 },
	{ "F76 send ENOBUFS", CALL_SEND, ENOBUFS, 1, 0 },
	{ "F76 send ENOMEM", CALL_SEND, ENOMEM, 2, 0 },
	{ "send EAGAIN", CALL_SEND, EAGAIN, 1, 0 },
	{ "F74 send EINTR", CALL_SEND, EINTR, 50, 0 },
	{ "F74 receive EINTR", CALL_RECEIVE, EINTR, 50, 0 },
	{ "F77 receive EAGAIN", CALL_RECEIVE, EAGAIN, 5, 0 },
	{ "receive ENOMEM", CALL_RECEIVE, ENOMEM, 1, 0 },
	{ "F87 getrandom EINTR", CALL_GETRANDOM, EINTR, 50, 0 },
	{ "F74 wait EINTR", CALL_WAIT, EINTR, 1, 0 },
};

START_TEST(F74_to_F77_F87_S10_a_passing_shortage_costs_a_try_at_most)
{
	struct trial t;

	begin_seeded(&t, 600);
	trial_server(&t, honest, NULL);
	have_trouble(passing[_i].call, passing[_i].error, passing[_i].times);
	ck_assert_msg(trial_believes(&t), "%s", passing[_i].what);
	ck_assert_int_eq(trouble.times, 0);
	trial_end(&t);
}
END_TEST

/* --- calls that fail for ever -------------------------------------------- */

static const struct passing lasting[] = {
	{ "F75 EMFILE", CALL_SOCKET, EMFILE, -1, 0 },
	{ "no such family", CALL_SOCKET, EAFNOSUPPORT, -1, 0 },
	{ "F79 connect ENETUNREACH", CALL_CONNECT, ENETUNREACH, -1, 0 },
	{ "F79 send EPERM", CALL_SEND, EPERM, -1, 0 },
	{ "F76 send ENOBUFS", CALL_SEND, ENOBUFS, -1, 0 },
	{ "receive EBADF", CALL_RECEIVE, EBADF, -1, 0 },
	{ "F87 getrandom ENOSYS", CALL_GETRANDOM, ENOSYS, -1, 0 },
	{ "wait ENOMEM", CALL_WAIT, ENOMEM, -1, 0 },
	/* the test itself reads the clock once before */
	{ "no clock for an engine", CALL_CLOCK, EINVAL, -1, 1 },
	{ "no clock for a question", CALL_CLOCK, EINVAL, -1, 2 },
	{ "no clock to begin waiting", CALL_CLOCK, EINVAL, -1, 3 },
	{ "no clock to wait", CALL_CLOCK, EINVAL, -1, 4 },
	{ "no clock to know for how long", CALL_CLOCK, EINVAL, -1, 5 },
	{ "no clock after waiting", CALL_CLOCK, EINVAL, -1, 6 },
};

START_TEST(F75_F79_F87_S10_lasting_trouble_is_temporary_and_ends_with_it)
{
	int before = trial_descriptors();
	struct trial t;

	begin_seeded(&t, TRIAL_TIME);
	trial_server(&t, honest, NULL);
	have_trouble(lasting[_i].call, lasting[_i].error, lasting[_i].times);
	trouble.skip = lasting[_i].skip;
	ck_assert_msg(trial_defers(&t), "%s", lasting[_i].what);
	ck_assert_int_le(t.took, TRIAL_TIME + TRIAL_GRACE);
	have_trouble(CALL_NONE, 0, 0);
	ck_assert_msg(trial_believes(&t), "%s, afterwards", lasting[_i].what);
	trial_end(&t);
	ck_assert_int_eq(trial_descriptors(), before);
}
END_TEST

START_TEST(F87_S2_without_entropy_nothing_is_sent)
{
	struct trial t;

	begin_seeded(&t, TRIAL_TIME);
	trial_server(&t, honest, honest);
	have_trouble(CALL_GETRANDOM, ENOSYS, -1);
	ck_assert(trial_defers(&t));
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_SENT_UDP), 0);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_SENT_TCP), 0);
	trial_end(&t);
}
END_TEST

START_TEST(F79_an_unreachable_server_means_the_next_at_once)
{
	struct trial t;

	begin_seeded(&t, 2000);
	trial_server(&t, honest, NULL);
	trial_server(&t, honest, NULL);
	have_trouble(CALL_SEND, ENETUNREACH, 1);
	ck_assert(trial_believes(&t));
	ck_assert_int_lt(t.took, 200);
	ck_assert_uint_eq(liar_heard_udp(t.liars[0]), 0);
	trial_end(&t);
}
END_TEST

START_TEST(F79_S11_sockets_that_could_not_be_used_are_given_back)
{
	struct trial t;
	int i;

	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, honest, NULL);
	for (i = 0; i < 100; i++) {
		have_trouble(CALL_SEND, ENETUNREACH, 1);
		ck_assert(trial_defers(&t));
	}
	ck_assert_int_eq(trouble.times, 0);
	ck_assert(trial_believes(&t));
	trial_end(&t);
}
END_TEST

START_TEST(F87_F90_half_done_sends_and_short_random_are_finished)
{
	struct trial t;

	begin_seeded(&t, TRIAL_LONG);
	trial_server(&t, NULL, honest);
	trial_server(&t, truncated, honest);
	one_octet_at_a_time = 1;
	ck_assert(trial_believes(&t));
	ck_assert_uint_eq(liar_heard_tcp(t.liars[1]), 1);
	trial_end(&t);
}
END_TEST

/* --- signals ------------------------------------------------------------- */

START_TEST(F80_S8_writing_to_a_closed_connection_raises_no_signal)
{
	struct trial t;

	signal(SIGPIPE, SIG_DFL);
	trial_begin(&t, TRIAL_TIME);
	trial_server(&t, truncated, honest);
	closed_before_send = 1;
	ck_assert(trial_defers(&t));
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_SENT_TCP), 1);
	trial_end(&t);
}
END_TEST

static void tick(int number)
{
	(void)number;
}

START_TEST(F74_S10_a_storm_of_signals_changes_neither_answer_nor_deadline)
{
	struct sigaction action = { .sa_handler = tick };
	struct itimerval storm = { { 0, 500 }, { 0, 500 } };
	struct trial t;

	trial_begin(&t, TRIAL_TIME);
	trial_server(&t, NULL, NULL);
	trial_server(&t, truncated, honest);
	ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &storm, NULL), 0);
	ck_assert(trial_believes(&t));
	liar_stop(t.liars[1]);
	t.count = 1;
	ck_assert(trial_defers(&t));
	ck_assert_int_le(t.took, TRIAL_TIME + TRIAL_GRACE);
	storm.it_value.tv_usec = 0;
	setitimer(ITIMER_REAL, &storm, NULL);
	trial_end(&t);
}
END_TEST

/* --- descriptors --------------------------------------------------------- */

START_TEST(F81_S9_closed_standard_descriptors_do_not_become_sockets)
{
	int kept[3], i, good;
	struct trial t;

	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, truncated, honest);
	for (i = 0; i < 3; i++)
		kept[i] = fcntl(i, F_DUPFD, 3);
	for (i = 0; i < 3; i++)
		close(i);
	lowest_socket = 1000;
	good = trial_believes(&t);
	trial_end(&t); /* the liar has one of them for its own */
	for (i = 0; i < 3; i++) {
		dup2(kept[i], i);
		close(kept[i]);
	}
	ck_assert(good);
	ck_assert_int_ge(lowest_socket, 3);
	ck_assert_int_lt(lowest_socket, 1000);
}
END_TEST

static int is_null_device(int fd)
{
	struct stat null, one;

	return stat("/dev/null", &null) == 0 && fstat(fd, &one) == 0 &&
		one.st_rdev == null.st_rdev && S_ISCHR(one.st_mode);
}

START_TEST(F78_S9_descriptors_above_1023_work)
{
	struct rlimit limit;
	struct trial t;
	int fd = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < 1100)
		return; /* this machine cannot have any */
	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, truncated, honest);
	while (fd >= 0 && fd < 1050)
		fd = open("/dev/null", O_RDONLY);
	lowest_socket = 100000;
	ck_assert(trial_believes(&t));
	ck_assert_int_gt(lowest_socket, 1023);
	trial_end(&t);
	for (; fd > 2; fd--)
		if (is_null_device(fd))
			close(fd);
}
END_TEST

static void mixed_failures(struct liar_call *call)
{
	switch (call->nth % 3) {
	case 0:
		truncated(call);
		break;
	case 1:
		liar_tell(call, PACKET_REPLY | 2);
		break;
	default:
		liar_tell(call, PACKET_REPLY | 5);
		break;
	}
}

START_TEST(S11_a_thousand_failing_lookups_leave_no_descriptor)
{
	struct trial t;
	char nobody[32];
	int i, before;

	trial_begin(&t, TRIAL_TIME);
	liar_nobody(nobody);
	trial_add(&t, nobody);
	trial_server(&t, mixed_failures, NULL);
	ck_assert(trial_defers(&t));
	before = trial_descriptors();
	for (i = 0; i < 1000; i++)
		ck_assert(trial_defers(&t));
	ck_assert_int_eq(trial_descriptors(), before);
	trial_end(&t);
}
END_TEST

/* --- threads ------------------------------------------------------------- */

#define THREADS 8

static void *look_up_often(void *user)
{
	struct trial mine = *(const struct trial *)user;
	int i, good = 0;

	for (i = 0; i < 50; i++)
		good += trial_believes(&mine);
	return good == 50 ? user : NULL;
}

START_TEST(F91_threads_share_one_resolver)
{
	pthread_t threads[THREADS];
	struct trial t;
	void *result;
	int i;

	trial_begin(&t, 5000);
	trial_server(&t, honest, NULL);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
			look_up_often, &t), 0);
	for (i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &result), 0);
		ck_assert_ptr_eq(result, &t);
	}
	ck_assert_uint_ge(trial_counted(&t, MXSEL_LDNS_SENT_UDP),
		THREADS * 50);
	trial_end(&t);
}
END_TEST

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

int main(void)
{
	Suite *suite = suite_create("ldns transport: host");
	TCase *c = tcase_create("host");

	tcase_add_checked_fixture(c, no_trouble, no_trouble);
	tcase_add_loop_test(c,
		F74_to_F77_F87_S10_a_passing_shortage_costs_a_try_at_most,
		0, COUNT(passing));
	tcase_add_loop_test(c,
		F75_F79_F87_S10_lasting_trouble_is_temporary_and_ends_with_it,
		0, COUNT(lasting));
	tcase_add_test(c, F87_S2_without_entropy_nothing_is_sent);
	tcase_add_test(c, F79_an_unreachable_server_means_the_next_at_once);
	tcase_add_test(c,
		F79_S11_sockets_that_could_not_be_used_are_given_back);
	tcase_add_test(c,
		F87_F90_half_done_sends_and_short_random_are_finished);
	tcase_add_test(c,
		F80_S8_writing_to_a_closed_connection_raises_no_signal);
	tcase_add_test(c,
		F74_S10_a_storm_of_signals_changes_neither_answer_nor_deadline);
	tcase_add_test(c,
		F81_S9_closed_standard_descriptors_do_not_become_sockets);
	tcase_add_test(c, F78_S9_descriptors_above_1023_work);
	tcase_add_test(c, S11_a_thousand_failing_lookups_leave_no_descriptor);
	tcase_add_test(c, F91_threads_share_one_resolver);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
