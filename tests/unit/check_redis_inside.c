/*
 * libmxsel-redis where its inside shows: what is on its way, what waits for a
 * server that takes little, replies of other kinds than were asked for, a
 * socket that has no port (R85).
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "redis/clock.h"
#include "redis/inside.h"
#include "support/redis_served.h"

#define KNOWN "score=1000 age=1 last=refused"

/* --------------------------------------------------------------- questions */

START_TEST(who_asks_twice_for_one_entry_has_one_late_answer)
{
	struct mxsel_memory_entry twice[2];
	mxsel_store *store;

	false_redis_know(server, KNOWN);
	begin();
	store = mxsel_redis_store(r);
	false_redis_be(server, FALSE_SLOW, NULL);
	host_entry(&twice[0], HOST);
	twice[1] = twice[0];
	ck_assert_int_ne(mxsel_store_get(store, twice, 2, HALF_LIFE, 1), 0);
	BECOMES(false_redis_count(server, FALSE_LOOKED) == 2);
	false_redis_be(server, FALSE_MUTE, NULL);
	BECOMES(mxsel_store_get(store, twice, 2, HALF_LIFE, 1) == 0);
	ck_assert_uint_eq(twice[0].score, 1000);
	ck_assert_uint_eq(twice[1].score, 0);
}
END_TEST

START_TEST(an_address_is_known_as_a_host_is)
{
	false_redis_know(server, KNOWN);
	begin();
	host_entry(&entry, "192.0.2.1");
	entry.kind = MXSEL_MEMORY_ADDRESS;
	ck_assert_int_eq(mxsel_store_get(mxsel_redis_store(r), &entry, 1,
		HALF_LIFE, 1000), 0);
	ck_assert_int_eq(entry.kind, MXSEL_MEMORY_ADDRESS);
	ck_assert_str_eq(entry.name, "192.0.2.1");
	ck_assert_uint_eq(entry.score, 1000);
}
END_TEST

/* "Nothing" is an answer, and no error. */
START_TEST(what_nobody_knows_is_no_error)
{
	begin();
	ck_assert_int_eq(look(r, &entry, HOST, 1000), 0);
	ck_assert_uint_eq(entry.score, 0);
	ck_assert_uint_eq(COUNTED(r, ERRORS), 0);
	ck_assert_uint_eq(COUNTED(r, LATE), 0);
}
END_TEST

static const char *const no_text[] = { ":1\r\n", "+OK\r\n" };

/* Nor is it "nothing". */
START_TEST(what_is_no_text_is_no_answer)
{
	begin();
	false_redis_be(server, FALSE_SAYS, no_text[_i]);
	ck_assert_int_ne(look(r, &entry, HOST, PATIENCE), 0);
	ck_assert_uint_eq(COUNTED(r, LATE), 1);
	ck_assert_uint_eq(COUNTED(r, IS_CONNECTED), 1);
}
END_TEST

START_TEST(no_question_has_more_entries_than_any_selection)
{
	static struct mxsel_memory_entry many[1025];
	size_t i;

	begin();
	for (i = 0; i < sizeof many / sizeof *many; i++)
		host_entry(&many[i], HOST);
	ck_assert_int_ne(mxsel__rd_get(many, 1025, HALF_LIFE, 1000, r), 0);
	ck_assert_uint_eq(false_redis_count(server, FALSE_LOOKED), 0);
	ck_assert_int_eq(mxsel__rd_get(many, 1024, HALF_LIFE, 9000, r), 0);
	ck_assert_uint_eq(false_redis_count(server, FALSE_LOOKED), 1024);
}
END_TEST

/* ---------------------------------------------------------------- outcomes */

/* It may have been taken: it is not counted as lost. */
START_TEST(what_is_on_its_way_is_not_thrown_away)
{
	struct mxsel__rd_link none;

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_QUEUE, 0), 0);
	mxsel__rd_list_init(&none);
	r->queue.waiting = 2;
	mxsel__rd_put_back(r, &none);
	ck_assert_uint_eq(r->queue.waiting, 2);
	ck_assert_uint_eq(COUNTED(r, LOST), 0);
	r->queue.waiting = 0;
}
END_TEST

/* Scripts are sent whole: they are more than is sent at a stretch. */
START_TEST(more_than_goes_out_at_a_time_goes_out_all_the_same)
{
	char host[32];
	int i;

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_TIMEOUT, 100), 0);
	false_redis_be(server, FALSE_SILENT, NULL);
	memory = memory_of(r);
	for (i = 0; i < 900; i++) {
		(void)snprintf(host, sizeof host, "mx%d.example.com", i);
		refused(memory, host);
	}
	ck_assert_uint_eq(COUNTED(r, WAITING), 900);
	false_redis_be(server, FALSE_REFUSES, "-ERR unknown command\r\n");
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_ge(told(), 900);
	ck_assert_uint_eq(COUNTED(r, RECORDED), 900);
	ck_assert_uint_eq(COUNTED(r, LOST), 0);
}
END_TEST

/* ----------------------------------------------------------------- replies */

static const char *const no_hash[] = {
	"+OK\r\n", "$3\r\nabc\r\n", ":1\r\n", "$-1\r\n"
};

START_TEST(what_is_no_hash_is_not_called_by)
{
	false_redis_be(server, FALSE_REFUSES, no_hash[_i]);
	begin();
	refused(memory, HOST);
	ck_assert_int_eq(look(r, &entry, HOST, 1000), 0);
	ck_assert_uint_eq(told(), 1);
	ck_assert_uint_eq(false_redis_count(server, FALSE_WHOLE), 2);
	ck_assert_uint_eq(COUNTED(r, ERRORS), 0);
}
END_TEST

/* What it said first is no reason any more. */
START_TEST(who_kept_no_scripts_and_hangs_up_later_has_hung_up)
{
	int i;

	false_redis_be(server, FALSE_REFUSES, "-ERR unknown\x7f command\r\n");
	begin();
	ck_assert(error_has("the server said: ERR unknown? command"));
	for (i = 0; i < 20; i++) /* it stands for longer than a pause */
		moment();
	false_redis_be(server, FALSE_CLOSES, NULL);
	refused(memory, HOST);
	BECOMES(error_has("the server closed the connection"));
	false_redis_be(server, FALSE_HONEST, NULL);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(COUNTED(r, LOST), 0);
}
END_TEST

/* hiredis 1 gives a constant for what it has no function for. */
START_TEST(a_kind_of_reply_that_we_do_not_know_is_none)
{
	static const char nil[] = "$-1\r\n";
	struct mxsel__rd_stream s;
	int fds[2], error;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	mxsel__rd_stream_init(&s);
	s.reader = redisReaderCreateWithFunctions(&s.functions);
	ck_assert_ptr_nonnull(s.reader);
	s.reader->privdata = &s.reply;
	s.fd = fds[0];
	ck_assert_int_eq(write(fds[1], nil, sizeof nil - 1), sizeof nil - 1);
	ck_assert_int_eq(mxsel__rd_stream_read(&s, &error), 1);
	ck_assert_int_eq(mxsel__rd_stream_next(&s), 1);
	ck_assert_int_eq(s.reply.type, REDIS_REPLY_NIL);
	s.functions.createNil = NULL;
	ck_assert_int_eq(write(fds[1], nil, sizeof nil - 1), sizeof nil - 1);
	ck_assert_int_eq(mxsel__rd_stream_read(&s, &error), 1);
	ck_assert_int_eq(mxsel__rd_stream_next(&s), -1);
	mxsel__rd_stream_close(&s);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

/* ------------------------------------------------------------------ waking */

static void make_pipe(void)
{
	int i;

	ck_assert_int_eq(pipe(r->wake), 0);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(fcntl(r->wake[i], F_SETFL, O_NONBLOCK), 0);
}

START_TEST(who_is_told_often_enough_need_not_be_told_again)
{
	make_pipe();
	while (write(r->wake[1], "", 1) == 1)
		;
	ck_assert_int_eq(errno, EAGAIN);
	r->sleeping = r->ending = 1;
	pthread_mutex_lock(&r->lock);
	mxsel__rd_unlock_and_wake(r); /* does not wait */
	ck_assert_int_eq(r->sleeping, 0);
	ck_assert_int_eq(pthread_mutex_trylock(&r->lock), 0);
	pthread_mutex_unlock(&r->lock);
	r->ending = 0;
	ck_assert_int_eq(close(r->wake[0]) | close(r->wake[1]), 0);
}
END_TEST

static int pipe_is_empty(void)
{
	struct pollfd watched = { r->wake[0], POLLIN, 0 };

	return poll(&watched, 1, 0) == 0;
}

START_TEST(however_often_it_is_told_it_is_awake_once)
{
	char told_often[100] = "";

	begin();
	ck_assert_int_eq(write(r->wake[1], told_often, sizeof told_often),
		sizeof told_often);
	BECOMES(pipe_is_empty());
	ck_assert_int_eq(look(r, &entry, HOST, 1000), 0);
}
END_TEST

START_TEST(nobody_waits_for_what_was)
{
	ck_assert_int_eq(mxsel__rd_until(5000, MXSEL__RD_NEVER), -1);
	ck_assert_int_eq(mxsel__rd_until(5000, 4999), 0);
	ck_assert_int_eq(mxsel__rd_until(50000, 1), 0);
	ck_assert_int_eq(mxsel__rd_until(5000, 5000), 0);
	ck_assert_int_eq(mxsel__rd_until(5000, 5001), 1);
}
END_TEST

/* ------------------------------------------------------------------ a path */

/* It is connected at once: no port has to be reached. */
START_TEST(a_socket_of_the_file_system_is_reached)
{
	struct sockaddr_un address = { AF_UNIX, "" };
	int listening = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	char folder[] = "/tmp/redis_inside.XXXXXX", text[64] = "";
	mxsel_redis *local;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s/s",
		folder);
	ck_assert_int_eq(bind(listening, (struct sockaddr *)&address,
		sizeof address), 0);
	ck_assert_int_eq(listen(listening, 1), 0);
	ck_assert_int_eq(mxsel_redis_new(&local, address.sun_path), 0);
	ck_assert_ptr_nonnull(mxsel_redis_store(local));
	fd = accept(listening, NULL, NULL);
	ck_assert_int_eq(recv(fd, text, 31, MSG_WAITALL), 31);
	ck_assert_ptr_eq(strstr(text, "*3\r\n$6\r\nSCRIPT\r\n$4\r\nLOAD\r\n"),
		text);
	mxsel_redis_free(local);
	ck_assert_int_eq(close(fd) | close(listening), 0);
	ck_assert_int_eq(unlink(address.sun_path) | rmdir(folder), 0);
}
END_TEST

static Suite *inside_suite(void)
{
	Suite *suite = suite_create("redis, its inside");
	TCase *t = tcase_create("inside");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, who_asks_twice_for_one_entry_has_one_late_answer);
	tcase_add_test(t, an_address_is_known_as_a_host_is);
	tcase_add_test(t, what_nobody_knows_is_no_error);
	tcase_add_loop_test(t, what_is_no_text_is_no_answer, 0,
		sizeof no_text / sizeof *no_text);
	tcase_add_test(t, no_question_has_more_entries_than_any_selection);
	tcase_add_test(t, what_is_on_its_way_is_not_thrown_away);
	tcase_add_test(t, more_than_goes_out_at_a_time_goes_out_all_the_same);
	tcase_add_loop_test(t, what_is_no_hash_is_not_called_by, 0,
		sizeof no_hash / sizeof *no_hash);
	tcase_add_test(t, who_kept_no_scripts_and_hangs_up_later_has_hung_up);
	tcase_add_test(t, a_kind_of_reply_that_we_do_not_know_is_none);
	tcase_add_test(t, who_is_told_often_enough_need_not_be_told_again);
	tcase_add_test(t, however_often_it_is_told_it_is_awake_once);
	tcase_add_test(t, nobody_waits_for_what_was);
	tcase_add_test(t, a_socket_of_the_file_system_is_reached);
	suite_add_tcase(suite, t);
	return suite;
}

int main(void)
{
	return mxsel_test_run(inside_suite());
}
