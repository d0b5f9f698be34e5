/*
 * The connection of libmxsel-redis by itself: what a socket takes and gives,
 * what waits, and what errors there are (R85).
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "redis/stream.h"

static int fds[2];
static struct mxsel__rd_stream s;

static void connect_pair(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ck_assert_int_eq(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	mxsel__rd_stream_init(&s);
	s.reader = redisReaderCreateWithFunctions(&s.functions);
	ck_assert_ptr_nonnull(s.reader);
	s.reader->privdata = &s.reply;
	s.fd = fds[0];
}

static void append(const char *word, size_t length)
{
	ck_assert_int_eq(mxsel__rd_stream_append(&s, 1, &word, &length), 0);
}

START_TEST(what_the_other_side_does_not_take_waits)
{
	static char word[1 << 20];
	size_t all;

	connect_pair();
	memset(word, 'w', sizeof word);
	append(word, sizeof word);
	all = mxsel__rd_stream_waiting(&s);
	ck_assert_int_eq(mxsel__rd_stream_write(&s), 0);
	ck_assert_uint_gt(mxsel__rd_stream_waiting(&s), 0);
	ck_assert_uint_lt(mxsel__rd_stream_waiting(&s), all);
	ck_assert_int_eq(close(fds[1]), 0);
	ck_assert_int_eq(mxsel__rd_stream_write(&s), EPIPE);
	mxsel__rd_stream_close(&s);
}
END_TEST

/* What errno says of a call before means nothing. */
START_TEST(what_is_taken_is_sent_once)
{
	char taken[64];

	connect_pair();
	append("PING", 4);
	errno = EINTR;
	ck_assert_int_eq(mxsel__rd_stream_write(&s), 0);
	ck_assert_uint_eq(mxsel__rd_stream_waiting(&s), 0);
	ck_assert_int_eq(recv(fds[1], taken, sizeof taken, MSG_DONTWAIT), 14);
	ck_assert_mem_eq(taken, "*1\r\n$4\r\nPING\r\n", 14);
	mxsel__rd_stream_close(&s);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

/* A part has gone out, and more is added than there was room for. */
START_TEST(what_waits_stays_in_its_order)
{
	static char first[3000], second[9000], taken[16000];
	size_t sent = 1000, all;
	ssize_t n;

	connect_pair();
	memset(first, '1', sizeof first);
	memset(second, '2', sizeof second);
	append(first, sizeof first);
	s.sent = sent;
	append(second, sizeof second);
	all = mxsel__rd_stream_waiting(&s);
	ck_assert_int_eq(mxsel__rd_stream_write(&s), 0);
	n = recv(fds[1], taken, sizeof taken, MSG_DONTWAIT);
	ck_assert_int_eq((int)n, (int)all);
	/* "*1\r\n$3000\r\n" went before, 11 octets. */
	ck_assert_mem_eq(taken, first, 3000 - 989);
	ck_assert_mem_eq(taken + 3000 - 989, "\r\n*1\r\n$9000\r\n", 13);
	ck_assert_mem_eq(taken + 3000 - 989 + 13, second, sizeof second);
	mxsel__rd_stream_close(&s);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

START_TEST(that_nothing_came_is_no_end)
{
	int error = 1;

	connect_pair();
	ck_assert_int_eq(mxsel__rd_stream_read(&s, &error), 0);
	ck_assert_int_eq(error, 0);
	ck_assert_int_eq(write(fds[1], "+OK\r\n", 5), 5);
	errno = EAGAIN;
	ck_assert_int_eq(mxsel__rd_stream_read(&s, &error), 1);
	ck_assert_int_eq(mxsel__rd_stream_next(&s), 1);
	ck_assert_str_eq(s.reply.text, "OK");
	ck_assert_int_eq(close(fds[1]), 0);
	errno = EINTR;
	ck_assert_int_eq(mxsel__rd_stream_read(&s, &error), -1);
	ck_assert_int_eq(error, 0);
	mxsel__rd_stream_close(&s);
}
END_TEST

START_TEST(why_nothing_can_be_read_or_reached_is_told)
{
	int error = 0;

	connect_pair();
	ck_assert_int_eq(close(fds[0]) | close(fds[1]), 0);
	ck_assert_int_eq(pipe(fds), 0);
	s.fd = fds[0]; /* no socket */
	ck_assert_int_eq(mxsel__rd_stream_read(&s, &error), -1);
	ck_assert_int_eq(error, ENOTSOCK);
	ck_assert_int_eq(mxsel__rd_stream_is_open(&s), ENOTSOCK);
	mxsel__rd_stream_close(&s);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

/* A budget is shorter than what Nagle waits. */
START_TEST(what_is_small_goes_out_at_once)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address, size = sizeof(int);
	int listening = socket(AF_INET, SOCK_STREAM, 0), on = 0;

	memset(&address, 0, sizeof address);
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(listening, (struct sockaddr *)&address, length),
		0);
	ck_assert_int_eq(listen(listening, 1), 0);
	ck_assert_int_eq(getsockname(listening, (struct sockaddr *)&address,
		&length), 0);
	mxsel__rd_stream_init(&s);
	ck_assert_int_eq(mxsel__rd_stream_open(&s,
		(const struct sockaddr *)&address, length), 0);
	ck_assert_int_eq(getsockopt(s.fd, IPPROTO_TCP, TCP_NODELAY, &on,
		&size), 0);
	ck_assert_int_ne(on, 0);
	mxsel__rd_stream_close(&s);
	ck_assert_int_eq(close(listening), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("redis, its connection");
	TCase *t = tcase_create("stream");

	tcase_add_test(t, what_the_other_side_does_not_take_waits);
	tcase_add_test(t, what_is_taken_is_sent_once);
	tcase_add_test(t, what_waits_stays_in_its_order);
	tcase_add_test(t, that_nothing_came_is_no_end);
	tcase_add_test(t, why_nothing_can_be_read_or_reached_is_told);
	tcase_add_test(t, what_is_small_goes_out_at_once);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
