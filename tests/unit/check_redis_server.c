/*
 * libmxsel-redis and a server: what it is told and asked, and that one that
 * is slow or hangs costs no selection more than its budget (R85).
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <mxsel/redis.h>

#include "support/redis_served.h"

/* ------------------------------------------------------------ as it should */

START_TEST(who_we_are_and_which_database_are_said_first)
{
	ck_assert_int_eq(mxsel_redis_set_login(r, "mta", "secret"), 0);
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_DATABASE, 65535), 0);
	begin();
	ck_assert_ptr_eq(strstr(heard(), "AUTH mta secret\nSELECT 65535\n"
		"SCRIPT LOAD SCRIPT\nSCRIPT LOAD SCRIPT\n"), heard());
	ck_assert_uint_eq(COUNTED(r, CONNECTIONS), 1);
}
END_TEST

START_TEST(a_password_alone_will_do)
{
	ck_assert_int_eq(mxsel_redis_set_login(r, NULL, "secret"), 0);
	begin();
	ck_assert_ptr_eq(strstr(heard(), "AUTH secret\nSCRIPT LOAD SCRIPT\n"),
		heard());
}
END_TEST

START_TEST(a_user_without_a_password_is_nobody)
{
	ck_assert_int_eq(mxsel_redis_set_login(r, "mail", NULL), 0);
	begin();
	ck_assert_ptr_null(strstr(heard(), "AUTH"));
}
END_TEST

START_TEST(an_outcome_is_told_of_host_and_address)
{
	ck_assert_int_eq(mxsel_redis_set_prefix(r, "p:"), 0);
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_KEEP, 60), 0);
	begin();
	ck_assert_int_eq(mxsel_memory_report(memory, HOST, "192.0.2.1", 26,
		MXSEL_OUTCOME_TIMEOUT, 0, NULL), 0);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	has_line(" 1 p:host:mx.example.com 1 26 30000 ");
	has_line(" 0 60000 last=timeout\n");
	has_line(" 1 p:address:192.0.2.1 1 26 30000 ");
	ck_assert_uint_eq(COUNTED(r, RECORDED), 2);
	ck_assert_uint_eq(told(), 2);
}
END_TEST

START_TEST(a_host_that_is_forgotten_is_forgotten_there)
{
	begin();
	ck_assert_int_eq(mxsel_memory_forget(memory, HOST), 0);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	has_line(" 1 mxsel:host:mx.example.com 4 ");
}
END_TEST

START_TEST(what_the_server_knows_is_known)
{
	false_redis_know(server, "score=1500 age=3000 last=refused,delivered "
		"works=6 later=word");
	begin();
	ck_assert_int_eq(look(r, &entry, HOST, 1000), 0);
	ck_assert_str_eq(entry.name, HOST);
	ck_assert_int_eq(entry.kind, MXSEL_MEMORY_HOST);
	ck_assert_int_eq(entry.port, 25);
	ck_assert_uint_eq(entry.score, 1500);
	ck_assert_uint_eq(entry.age, 3000);
	ck_assert_int_eq(entry.outcomes[0], MXSEL_OUTCOME_REFUSED);
	ck_assert_int_eq(entry.outcomes[1], MXSEL_OUTCOME_DELIVERED);
	ck_assert_int_eq(entry.works, 6);
	has_line(" 1 mxsel:host:mx.example.com 25 30000 86400000\n");
	ck_assert_uint_eq(COUNTED(r, LATE), 0);
}
END_TEST

START_TEST(what_the_server_does_not_know_is_left_alone)
{
	struct mxsel_memory_entry before;

	begin();
	host_entry(&before, HOST);
	ck_assert_int_eq(look(r, &entry, HOST, 1000), 0);
	ck_assert_int_eq(memcmp(&before, &entry, sizeof entry), 0);
}
END_TEST

START_TEST(what_makes_no_sense_is_not_known)
{
	static const char *const texts[] = {
		"", "nonsense", "score=99999 age=0", "score=1 age=-1",
		"score=1 age=1 last=eaten", "score=1 works=5",
		"score=1 age=1\nhost a.example 25 score=1"
	};
	size_t i;

	begin();
	for (i = 1; i < sizeof texts / sizeof *texts; i++) {
		false_redis_know(server, texts[i]);
		ck_assert_int_eq(look(r, &entry, HOST, 1000), 0);
		ck_assert_msg(entry.score == 0 && entry.works == 0, "%s",
			texts[i]);
		ck_assert_uint_eq(COUNTED(r, ERRORS), i);
	}
}
END_TEST

START_TEST(what_is_longer_than_any_entry_is_not_known)
{
	static char text[1150];

	memset(text, 'x', sizeof text - 1);
	memcpy(text, "later=", 6);
	false_redis_know(server, text);
	begin();
	ck_assert_int_eq(look(r, &entry, HOST, UINT32_MAX), 0);
	ck_assert_uint_eq(entry.score, 0);
	ck_assert_uint_le(COUNTED(r, ERRORS), 1);
}
END_TEST

START_TEST(nothing_halves_in_no_time)
{
	begin();
	host_entry(&entry, HOST);
	ck_assert_int_eq(mxsel_store_get(mxsel_redis_store(r), &entry, 1, 0,
		1000), 0);
	has_line(" 1 mxsel:host:mx.example.com 25 1 86400000\n");
}
END_TEST

START_TEST(many_are_asked_at_once)
{
	struct mxsel_memory_entry many[64];
	char name[32];
	int i;

	false_redis_know(server, "score=1000 age=1 last=refused");
	begin();
	for (i = 0; i < 64; i++) {
		(void)snprintf(name, sizeof name, "mx%d.example.com", i);
		host_entry(&many[i], name);
	}
	ck_assert_int_eq(mxsel_store_get(mxsel_redis_store(r), many, 64,
		HALF_LIFE, 1000), 0);
	for (i = 0; i < 64; i++)
		ck_assert_uint_eq(many[i].score, 1000);
	ck_assert_uint_eq(COUNTED(r, GETS), 1);
	ck_assert_uint_eq(false_redis_count(server, FALSE_LOOKED), 64);
}
END_TEST

/* What was told before it is asked is there when it is answered. */
START_TEST(a_question_comes_after_what_was_told_before_it)
{
	const char *tell, *ask;

	begin();
	refused(memory, HOST);
	ck_assert_int_eq(look(r, &entry, HOST, 1000), 0);
	tell = strstr(heard(), " mxsel:host:mx.example.com 1 25 ");
	ask = strstr(heard(), " mxsel:host:mx.example.com 25 ");
	ck_assert_ptr_nonnull(tell);
	ck_assert_ptr_nonnull(ask);
	ck_assert(tell < ask);
}
END_TEST

START_TEST(a_selection_may_ask_while_the_first_connection_comes_about)
{
	false_redis_know(server, "score=1000 age=1 last=refused");
	ck_assert_int_eq(look(r, &entry, HOST, 1000), 0);
	ck_assert_uint_eq(entry.score, 1000);
}
END_TEST

/* ------------------------------------------------------------ slow, hanging */

/* R85: nobody waits longer than the budget, and it was worth something. */
START_TEST(an_answer_that_is_late_is_there_when_it_is_asked_for_again)
{
	uint64_t began;

	false_redis_know(server, "score=1000 age=1 last=refused");
	begin();
	false_redis_be(server, FALSE_SLOW, NULL);
	began = micro();
	ck_assert_int_ne(look(r, &entry, HOST, 5), 0);
	ck_assert_uint_ge(micro() - began, 5000);
	ck_assert_uint_eq(entry.score, 0);
	BECOMES(false_redis_count(server, FALSE_LOOKED) == 1);
	BECOMES(look(r, &entry, HOST, 0) == 0);
	ck_assert_uint_eq(entry.score, 1000);
	/* Once: then the server is asked again. */
	ck_assert_int_ne(look(r, &entry, HOST, 0), 0);
}
END_TEST

START_TEST(a_late_answer_is_worth_nothing_once_something_was_told)
{
	begin();
	false_redis_be(server, FALSE_SLOW, NULL);
	ck_assert_int_ne(look(r, &entry, HOST, 0), 0);
	refused(memory, HOST);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_int_ne(look(r, &entry, HOST, 0), 0);
	ck_assert_uint_eq(COUNTED(r, LATE), 2);
}
END_TEST

/* Of a server that hangs only the first one waits. */
START_TEST(a_reply_that_is_owed_for_long_is_not_waited_for)
{
	uint64_t began;
	int i;

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_TIMEOUT, 60000), 0);
	begin();
	false_redis_be(server, FALSE_MUTE, NULL);
	ck_assert_int_ne(look(r, &entry, HOST, 20), 0);
	moment();
	began = micro();
	for (i = 0; i < 1000; i++)
		ck_assert_int_ne(look(r, &entry, HOST, 20), 0);
	ck_assert_uint_lt(micro() - began, 5000000);
	ck_assert_uint_eq(COUNTED(r, LATE), 1001);
}
END_TEST

START_TEST(one_that_hangs_is_away_and_is_told_when_it_is_back)
{
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_TIMEOUT, 50), 0);
	begin();
	false_redis_be(server, FALSE_MUTE, NULL);
	refused(memory, HOST);
	false_redis_be(server, FALSE_SILENT, NULL);
	BECOMES(error_has("no answer in time"));
	BECOMES(false_redis_count(server, FALSE_CONNECTIONS) > 1);
	ck_assert_uint_eq(COUNTED(r, IS_CONNECTED), 0);
	ck_assert_uint_eq(COUNTED(r, WAITING), 1);
	ck_assert_int_ne(look(r, &entry, HOST, 1000), 0);
	false_redis_be(server, FALSE_HONEST, NULL);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(told(), 1);
	ck_assert_uint_eq(COUNTED(r, RECORDED), 1);
	ck_assert_uint_eq(COUNTED(r, LOST), 0);
}
END_TEST

/* An outcome says how old it is when it is told at last. */
START_TEST(what_waited_comes_with_its_age)
{
	uint64_t began;
	long waited = -1;
	const char *at;
	int i;

	begin();
	false_redis_be(server, FALSE_CLOSES, NULL);
	began = milli(NULL);
	refused(memory, HOST);
	for (i = 0; i < 30; i++)
		moment();
	false_redis_be(server, FALSE_HONEST, NULL);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	at = strstr(heard(), " mxsel:host:mx.example.com 1 25 30000 ");
	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(sscanf(strstr(at, " 30000 ") + 7, "%ld", &waited), 1);
	ck_assert_int_ge(waited, 25);
	ck_assert_int_le(waited, (long)(milli(NULL) - began) + 1);
}
END_TEST

static Suite *server_suite(void)
{
	Suite *suite = suite_create("redis and a server");
	TCase *t = tcase_create("server");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, who_we_are_and_which_database_are_said_first);
	tcase_add_test(t, a_password_alone_will_do);
	tcase_add_test(t, a_user_without_a_password_is_nobody);
	tcase_add_test(t, an_outcome_is_told_of_host_and_address);
	tcase_add_test(t, a_host_that_is_forgotten_is_forgotten_there);
	tcase_add_test(t, what_the_server_knows_is_known);
	tcase_add_test(t, what_the_server_does_not_know_is_left_alone);
	tcase_add_test(t, what_makes_no_sense_is_not_known);
	tcase_add_test(t, what_is_longer_than_any_entry_is_not_known);
	tcase_add_test(t, nothing_halves_in_no_time);
	tcase_add_test(t, many_are_asked_at_once);
	tcase_add_test(t, a_question_comes_after_what_was_told_before_it);
	tcase_add_test(t,
		a_selection_may_ask_while_the_first_connection_comes_about);
	tcase_add_test(t,
		an_answer_that_is_late_is_there_when_it_is_asked_for_again);
	tcase_add_test(t,
		a_late_answer_is_worth_nothing_once_something_was_told);
	tcase_add_test(t, a_reply_that_is_owed_for_long_is_not_waited_for);
	tcase_add_test(t, one_that_hangs_is_away_and_is_told_when_it_is_back);
	tcase_add_test(t, what_waited_comes_with_its_age);
	suite_add_tcase(suite, t);
	return suite;
}

int main(void)
{
	return mxsel_test_run(server_suite());
}
