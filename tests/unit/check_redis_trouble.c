/*
 * libmxsel-redis and a server that breaks off, talks nonsense, refuses or has
 * lost its scripts: it harms no selection and loses no outcome that could be
 * kept (R85).
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <pthread.h>
#include <stdatomic.h>

#include <mxsel/redis.h>

#include "support/redis_served.h"

/* ---------------------------------------------------------------- breaking */

START_TEST(what_was_under_way_when_it_broke_is_told_again)
{
	char host[32];
	int i;

	begin();
	false_redis_be(server, FALSE_CLOSES, NULL);
	for (i = 0; i < 50; i++) {
		(void)snprintf(host, sizeof host, "mx%d.example.com", i);
		refused(memory, host);
	}
	BECOMES(error_has("closed"));
	ck_assert_uint_eq(COUNTED(r, WAITING), 50);
	false_redis_be(server, FALSE_HONEST, NULL);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(told(), 50);
	ck_assert_uint_eq(COUNTED(r, LOST), 0);
	ck_assert_uint_ge(COUNTED(r, CONNECTIONS), 2);
}
END_TEST

START_TEST(only_the_newest_are_told_where_not_all_could_wait)
{
	int port = false_redis_port(server), i;
	char host[32];

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_QUEUE, 3), 0);
	false_redis_stop(server);
	memory = memory_of(r);
	BECOMES(error_has("cannot connect"));
	for (i = 0; i < 10; i++) {
		(void)snprintf(host, sizeof host, "mx%d.example.com", i);
		refused(memory, host);
	}
	server = false_redis_start(port);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_ptr_null(strstr(heard(), "mx6."));
	ck_assert(strstr(heard(), "mx7.") < strstr(heard(), "mx8."));
	ck_assert(strstr(heard(), "mx8.") < strstr(heard(), "mx9."));
	ck_assert_uint_eq(COUNTED(r, LOST), 7);
	ck_assert_uint_eq(COUNTED(r, RECORDED), 3);
}
END_TEST

START_TEST(who_always_hangs_up_is_left_alone_for_longer_and_longer)
{
	uint64_t until;

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_RETRY, 5000), 0);
	false_redis_be(server, FALSE_BRIEF, NULL);
	begin();
	for (until = micro() + 300000; micro() < until; moment())
		refused(memory, HOST);
	BECOMES(false_redis_count(server, FALSE_CONNECTIONS) > 1);
	ck_assert_uint_gt(COUNTED(r, RECORDED), 0);
	ck_assert_uint_le(COUNTED(r, CONNECTIONS), 6);
}
END_TEST

/* As it does when it is in protected mode, or has too many clients. */
START_TEST(who_refuses_us_and_hangs_up_has_said_why)
{
	mxsel_store *store;

	false_redis_be(server, FALSE_DENIES, "-DENIED protected mode\r\n");
	store = mxsel_redis_store(r);
	ck_assert_ptr_nonnull(store);
	BECOMES(false_redis_count(server, FALSE_CONNECTIONS) > 4);
	ck_assert(error_has("the server said: DENIED protected mode"));
	ck_assert_uint_eq(COUNTED(r, CONNECTIONS), 0);
}
END_TEST

static const char *const nonsense[] = {
	"HTTP/1.1 400 Bad Request\r\n\r\n",
	"*2147483647\r\n:1\r\n",
	"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n",
	"*0\r\n", "*-1\r\n*1\r\n+x\r\n", "$-5\r\n", "$99999999999999999999\r\n",
	":1\r\n:1\r\n:1\r\n", "%1\r\n+a\r\n+b\r\n", "\r\n\r\n", "$1\r\nxyz\r\n"
};

START_TEST(nonsense_is_the_end_of_a_connection_and_of_nothing_else)
{
	false_redis_be(server, FALSE_ONCE, nonsense[_i]);
	begin();
	refused(memory, HOST);
	(void)look(r, &entry, HOST, 5);
	BECOMES(COUNTED(r, CONNECTIONS) > 1 || COUNTED(r, WAITING) == 0);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(COUNTED(r, LOST), 0);
	BECOMES(look(r, &entry, HOST, 1000) == 0);
}
END_TEST

START_TEST(a_string_without_end_is_not_read_to_its_end)
{
	begin();
	false_redis_be(server, FALSE_FLOODS, NULL);
	refused(memory, HOST);
	BECOMES(error_has("no reply"));
	false_redis_be(server, FALSE_HONEST, NULL);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(told(), 1);
}
END_TEST

/* ---------------------------------------------------------------- refusing */

static const char *const away[] = {
	"-LOADING Redis is loading the dataset in memory\r\n",
	"-READONLY You can't write against a read only replica.\r\n",
	"-NOAUTH Authentication required.\r\n",
	"-MASTERDOWN Link with MASTER is down\r\n",
	"-CLUSTERDOWN The cluster is down\r\n",
	"-BUSY Redis is busy running a script.\r\n",
	/* So Redis 6 says that a script may not write. */
	"-@user_script: 34: -READONLY You can't write against a read only "
	"replica.\r\n",
	"-ERR Error running script (call to f_60b5b39b0e3af83f7a2973c2d263e904"
	"5cc8a835): @user_script:1: @user_script: 1: -READONLY You can't write "
	"against a read only replica.\r\n"
};

/* Such a server may be one for us later: outcomes wait. */
START_TEST(one_that_is_none_for_us_now_is_away)
{
	begin();
	false_redis_be(server, FALSE_ALWAYS, away[_i]);
	refused(memory, HOST);
	BECOMES(COUNTED(r, ERRORS) > 1);
	BECOMES(!COUNTED(r, IS_CONNECTED));
	ck_assert(error_has("the server said: "));
	ck_assert_uint_eq(COUNTED(r, WAITING), 1);
	/* It is not asked again and again without a pause. */
	ck_assert_uint_lt(COUNTED(r, ERRORS), 1000);
	false_redis_be(server, FALSE_HONEST, NULL);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(told(), 1);
	ck_assert_uint_eq(COUNTED(r, LOST), 0);
}
END_TEST

static const char *const lost[] = {
	"-OOM command not allowed when used memory > 'maxmemory'.\r\n",
	"-MOVED 3999 127.0.0.1:6381\r\n",
	"-ERR unknown command\r\n",
	"-NOPERM this user has no permissions\r\n",
	"-MISCONF Redis is configured to save RDB snapshots\r\n",
	"-\r\n"
};

/* It is there, but will not have this outcome, now or later. */
START_TEST(one_that_will_not_take_an_outcome_is_not_pressed)
{
	begin();
	false_redis_be(server, FALSE_SAYS, lost[_i]);
	refused(memory, HOST);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_int_ne(look(r, &entry, HOST, 1000), 0);
	ck_assert_uint_eq(COUNTED(r, LOST), 1);
	ck_assert_uint_eq(COUNTED(r, ERRORS), 2);
	ck_assert_uint_eq(COUNTED(r, LATE), 1);
	ck_assert_uint_eq(COUNTED(r, IS_CONNECTED), 1);
	ck_assert_uint_eq(COUNTED(r, CONNECTIONS), 1);
	ck_assert(error_has("the server said: "));
}
END_TEST

START_TEST(a_wrong_password_is_said_and_tried_with_pauses)
{
	ck_assert_int_eq(mxsel_redis_set_login(r, NULL, "wrong"), 0);
	false_redis_be(server, FALSE_ALWAYS,
		"-WRONGPASS invalid \a password\x1b[1m\r\n");
	memory = memory_of(r);
	BECOMES(error_has("WRONGPASS invalid ? password?[1m"));
	BECOMES(false_redis_count(server, FALSE_CONNECTIONS) > 2);
	ck_assert_int_ne(look(r, &entry, HOST, 1000), 0);
	ck_assert_uint_eq(COUNTED(r, CONNECTIONS), 0);
}
END_TEST

/* ----------------------------------------------------------------- scripts */

/* It was restarted, or somebody flushed them. */
START_TEST(a_server_that_lost_its_scripts_gets_them_again)
{
	begin();
	false_redis_be(server, FALSE_ONCE, "-NOSCRIPT No matching script.\r\n");
	refused(memory, HOST);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(told(), 1);
	ck_assert_uint_eq(false_redis_count(server, FALSE_WHOLE), 1);
	refused(memory, HOST);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(false_redis_count(server, FALSE_WHOLE), 1);
	ck_assert_uint_eq(COUNTED(r, RECORDED), 2);
	ck_assert_uint_eq(COUNTED(r, LOST), 0);
}
END_TEST

START_TEST(a_question_survives_the_loss_of_scripts)
{
	false_redis_know(server, "score=1000 age=1 last=refused");
	begin();
	false_redis_be(server, FALSE_ONCE, "-NOSCRIPT No matching script.\r\n");
	ck_assert_int_eq(look(r, &entry, HOST, 1000), 0);
	ck_assert_uint_eq(entry.score, 1000);
	ck_assert_uint_eq(false_redis_count(server, FALSE_WHOLE), 1);
}
END_TEST

START_TEST(one_that_never_has_a_script_is_not_asked_for_ever)
{
	begin();
	false_redis_be(server, FALSE_SAYS, "-NOSCRIPT No matching script.\r\n");
	refused(memory, HOST);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(COUNTED(r, LOST), 1);
	ck_assert_uint_eq(COUNTED(r, ERRORS), 2);
}
END_TEST

START_TEST(one_that_does_not_keep_scripts_is_sent_them_each_time)
{
	false_redis_be(server, FALSE_REFUSES, "-ERR unknown command\r\n");
	begin();
	refused(memory, HOST);
	ck_assert_int_eq(look(r, &entry, HOST, 1000), 0);
	ck_assert_uint_eq(told(), 1);
	ck_assert_uint_eq(false_redis_count(server, FALSE_WHOLE), 2);
}
END_TEST

/* ----------------------------------------------------------------- threads */

static atomic_int stop_asking;

static void *ask_and_tell(void *user)
{
	struct mxsel_memory_entry mine;
	char host[32];
	int i;

	(void)user;
	for (i = 0; !atomic_load(&stop_asking); i++) {
		(void)snprintf(host, sizeof host, "mx%d.example.com", i % 50);
		(void)look(r, &mine, host, (uint32_t)(i % 3));
		if (i % 4 == 0)
			(void)mxsel_memory_report(memory, host, NULL, 25,
				MXSEL_OUTCOME_REFUSED, 0, NULL);
	}
	return NULL;
}

START_TEST(threads_go_on_whatever_the_server_does)
{
	static const enum false_redis_mode modes[] = {
		FALSE_HONEST, FALSE_CLOSES, FALSE_MUTE, FALSE_SLOW,
		FALSE_SILENT, FALSE_HONEST, FALSE_CLOSES, FALSE_HONEST
	};
	pthread_t threads[4];
	size_t i;
	int wait;

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_TIMEOUT, 100), 0);
	begin();
	atomic_store(&stop_asking, 0);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
			ask_and_tell, NULL), 0);
	for (i = 0; i < sizeof modes / sizeof *modes; i++) {
		false_redis_be(server, modes[i], NULL);
		for (wait = 0; wait < 8; wait++)
			moment();
	}
	atomic_store(&stop_asking, 1);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_ge(told() + COUNTED(r, LOST), COUNTED(r, RECORDED));
	BECOMES(look(r, &entry, HOST, 1000) == 0);
}
END_TEST

static Suite *trouble_suite(void)
{
	Suite *suite = suite_create("redis and its troubles");
	TCase *t = tcase_create("server");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, what_was_under_way_when_it_broke_is_told_again);
	tcase_add_test(t, only_the_newest_are_told_where_not_all_could_wait);
	tcase_add_test(t,
		who_always_hangs_up_is_left_alone_for_longer_and_longer);
	tcase_add_test(t, who_refuses_us_and_hangs_up_has_said_why);
	tcase_add_loop_test(t,
		nonsense_is_the_end_of_a_connection_and_of_nothing_else, 0,
		sizeof nonsense / sizeof *nonsense);
	tcase_add_test(t, a_string_without_end_is_not_read_to_its_end);
	tcase_add_loop_test(t, one_that_is_none_for_us_now_is_away, 0,
		sizeof away / sizeof *away);
	tcase_add_loop_test(t,
		one_that_will_not_take_an_outcome_is_not_pressed, 0,
		sizeof lost / sizeof *lost);
	tcase_add_test(t, a_wrong_password_is_said_and_tried_with_pauses);
	tcase_add_test(t, a_server_that_lost_its_scripts_gets_them_again);
	tcase_add_test(t, a_question_survives_the_loss_of_scripts);
	tcase_add_test(t, one_that_never_has_a_script_is_not_asked_for_ever);
	tcase_add_test(t,
		one_that_does_not_keep_scripts_is_sent_them_each_time);
	tcase_add_test(t, threads_go_on_whatever_the_server_does);
	suite_add_tcase(suite, t);
	return suite;
}

int main(void)
{
	return mxsel_test_run(trouble_suite());
}
