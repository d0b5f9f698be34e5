/*
 * The thread of libmxsel-redis when a connection breaks, calls fail or
 * signals come: what it says of that, and who wakes it (R85).
 */
#define _POSIX_C_SOURCE 200809L

#include "support/redis_turns.h" /* first: see there */

#include <stdio.h>

#include "redis/inside.h"
#include "support/run.h"

#ifdef TURNS_ARE_NOT_OURS

int main(void)
{
	puts("skipped: system calls cannot be replaced in this build");
	return 77;
}

#else

/* ------------------------------------------------------------------ breaks */

static int fails_and_says_that_all_is_over(void)
{
	watched[0].revents = watched[1].revents = POLLIN | POLLHUP;
	errno = ENOMEM;
	return -1;
}

START_TEST(what_a_wait_that_failed_says_is_not_believed)
{
	ck_assert_int_eq(shutdown(fds[1], SHUT_RDWR), 0);
	work(fails_and_says_that_all_is_over, sleeps_for_ever, NULL);
	ck_assert(!error_has("closed"));
}
END_TEST

/* And that is the end: before it tries to reach the server again. */
static int hears_what_there_is(void)
{
	watched[1].revents = POLLIN;
	r->ending = 1;
	return 1;
}

START_TEST(why_nothing_could_be_heard_is_said)
{
	int other[2];

	ck_assert_int_eq(pipe(other), 0);
	ck_assert_int_eq(close(fds[0]), 0);
	w->stream.fd = other[0]; /* no socket */
	work(hears_what_there_is, NULL, NULL);
	ck_assert(error_has("the connection broke: "));
	ck_assert(error_has(strerror(ENOTSOCK)));
	ck_assert_uint_eq(COUNTED(r, ERRORS), 0);
	ck_assert_int_eq(close(other[1]), 0);
}
END_TEST

START_TEST(that_a_server_hung_up_is_said)
{
	ck_assert_int_eq(shutdown(fds[1], SHUT_RDWR), 0);
	work(hears_what_there_is, NULL, NULL);
	ck_assert(error_has("the server closed the connection"));
}
END_TEST

START_TEST(memory_that_fails_is_no_error_of_the_servers)
{
	w->stream.reader->err = REDIS_ERR_OOM;
	server_says(":1\r\n");
	work(hears_what_there_is, NULL, NULL);
	ck_assert(error_has("the connection broke: "));
	ck_assert(error_has(strerror(ENOMEM)));
	ck_assert_uint_eq(COUNTED(r, ERRORS), 0);
}
END_TEST

static int is_over(void)
{
	ck_assert_int_eq(w->stream.fd, -1);
	ck_assert_int_eq(watched[1].fd, -1);
	r->ending = 1;
	return 0;
}

START_TEST(what_cannot_be_sent_is_the_end_of_a_connection)
{
	ck_assert_int_eq(shutdown(fds[1], SHUT_RDWR), 0);
	tell();
	work(is_over, NULL, NULL);
	ck_assert(error_has("the connection broke: "));
	ck_assert(error_has(strerror(EPIPE)));
	ck_assert_uint_eq(r->queue.outcome_count, 1);
}
END_TEST

/* It may have closed it behind our back. */
START_TEST(a_connection_that_is_none_is_noticed)
{
	w->stream.fd = 0x7fff; /* more than are open */
	work(hears_what_there_is, NULL, NULL);
	ck_assert(error_has(strerror(EBADF)));
	ck_assert_int_eq(close(fds[0]), 0);
}
END_TEST

START_TEST(a_signal_while_it_sends_or_hears_harms_nothing)
{
	char text[32];
	const char *words[] = { "PING" };
	const size_t lengths[] = { 4 };
	int error = 1;

	ck_assert_int_eq(mxsel__rd_stream_append(&w->stream, 1, words,
		lengths), 0);
	signals = SEND_STOPS;
	ck_assert_int_eq(mxsel__rd_stream_write(&w->stream), 0);
	ck_assert_int_eq(recv(fds[1], text, sizeof text, MSG_DONTWAIT), 14);
	server_says("+PONG\r\n");
	signals = RECV_STOPS;
	ck_assert_int_eq(mxsel__rd_stream_read(&w->stream, &error), 0);
	ck_assert_int_eq(error, 0);
	ck_assert_int_eq(mxsel__rd_stream_read(&w->stream, &error), 1);
	ck_assert_int_eq(mxsel__rd_stream_next(&w->stream), 1);
	ck_assert_str_eq(w->stream.reply.text, "PONG");
}
END_TEST

/* ------------------------------------------------------------------ waking */

static int told(void)
{
	char text[256];
	ssize_t n = read(r->wake[0], text, sizeof text);

	return n < 0 ? 0 : (int)n;
}

static const struct {
	int sleeping, ending, window, state, wakes;
} sleepers[] = {
	{ 1, 0, 1, MXSEL__RD_READY, 1 }, { 1, 1, 0, MXSEL__RD_AWAY, 1 },
	{ 1, 1, 1, MXSEL__RD_READY, 1 },
	{ 0, 1, 1, MXSEL__RD_READY, 0 }, { 1, 0, 0, MXSEL__RD_READY, 0 },
	{ 1, 0, 1, MXSEL__RD_TRYING, 0 }, { 1, 0, 1, MXSEL__RD_AWAY, 0 }
};

START_TEST(only_who_sleeps_and_could_do_something_is_woken)
{
	r->sleeping = sleepers[_i].sleeping;
	r->ending = sleepers[_i].ending;
	r->window = sleepers[_i].window;
	atomic_store(&r->state, sleepers[_i].state);
	pthread_mutex_lock(&r->lock);
	errno = EINTR; /* of a call before */
	mxsel__rd_unlock_and_wake(r);
	ck_assert_int_eq(told(), sleepers[_i].wakes);
	ck_assert_int_eq(r->sleeping,
		sleepers[_i].sleeping && !sleepers[_i].wakes);
}
END_TEST

START_TEST(a_signal_while_it_is_woken_keeps_nobody_asleep)
{
	r->sleeping = r->window = 1;
	signals = WRITE_STOPS;
	pthread_mutex_lock(&r->lock);
	mxsel__rd_unlock_and_wake(r);
	ck_assert_int_eq(told(), 1);
}
END_TEST

static int is_told_very_often(void)
{
	int i;

	for (i = 0; i < 200; i++)
		ck_assert_int_eq((int)write(r->wake[1], "", 1), 1);
	watched[0].revents = POLLIN;
	return 1;
}

static int is_told_nothing(void)
{
	ck_assert_int_eq(told(), 0);
	return 0;
}

START_TEST(however_often_it_was_told_it_wakes_up_once)
{
	work(is_told_very_often, is_told_nothing, nothing_happens);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("redis, its thread's troubles");
	TCase *t = tcase_create("troubles");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, what_a_wait_that_failed_says_is_not_believed);
	tcase_add_test(t, why_nothing_could_be_heard_is_said);
	tcase_add_test(t, that_a_server_hung_up_is_said);
	tcase_add_test(t, memory_that_fails_is_no_error_of_the_servers);
	tcase_add_test(t, what_cannot_be_sent_is_the_end_of_a_connection);
	tcase_add_test(t, a_connection_that_is_none_is_noticed);
	tcase_add_test(t, a_signal_while_it_sends_or_hears_harms_nothing);
	tcase_add_loop_test(t,
		only_who_sleeps_and_could_do_something_is_woken, 0,
		sizeof sleepers / sizeof *sleepers);
	tcase_add_test(t, a_signal_while_it_is_woken_keeps_nobody_asleep);
	tcase_add_test(t, however_often_it_was_told_it_wakes_up_once);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}

#endif
