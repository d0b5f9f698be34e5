/*
 * What the thread of libmxsel-redis waits for and how long, when it does not
 * wait, and since when a reply is owed (R85).
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

/* ----------------------------------------------------------------- waiting */

START_TEST(where_nothing_is_under_way_it_waits_for_ever)
{
	work(sleeps_for_ever, sleeps_for_ever, NULL);
	ck_assert_int_eq(r->sleeping, 0);
}
END_TEST

static int still_connects(void)
{
	has_a_limit();
	ck_assert_int_eq(watched[1].events, POLLIN | POLLOUT);
	ck_assert_int_eq(r->sleeping, 1);
	ck_assert_int_eq(w->connecting, 1);
	ck_assert_uint_eq(r->queue.outcome_count, 1);
	return 0;
}

START_TEST(a_connection_comes_about_in_time_or_not_at_all)
{
	atomic_store(&r->state, MXSEL__RD_TRYING);
	w->connecting = 1;
	w->progress = mxsel__rd_now();
	tell();
	work(still_connects, still_connects, NULL);
}
END_TEST

static int still_introduces_itself(void)
{
	has_a_limit();
	ck_assert_int_eq(watched[1].events, POLLIN);
	return 0;
}

START_TEST(what_is_said_first_is_answered_in_time_or_not_at_all)
{
	atomic_store(&r->state, MXSEL__RD_TRYING);
	w->setup = 3;
	w->setup_heard = 2;
	w->progress = mxsel__rd_now();
	work(still_introduces_itself, NULL, NULL);
	w->setup = w->setup_heard = 0;
}
END_TEST

static uint64_t began;

static int waits_for_its_reply(void)
{
	has_a_limit();
	ck_assert_int_eq(r->sleeping, 1);
	ck_assert_int_eq((int)w->flying, 1);
	ck_assert_uint_ge(w->progress, began);
	ck_assert_uint_ge(r->owed, began);
	return 0;
}

START_TEST(a_reply_comes_in_time_or_not_at_all)
{
	began = mxsel__rd_now();
	w->progress = 1; /* nothing was asked for long */
	tell();
	work(waits_for_its_reply, NULL, NULL);
	ck_assert_uint_eq(r->queue.outcome_count, 1);
}
END_TEST

static int still_alone(void)
{
	has_a_limit();
	ck_assert_int_eq(watched[1].fd, -1);
	ck_assert_int_eq(w->stream.fd, -1);
	ck_assert_int_eq(w->connecting, 0);
	ck_assert_uint_eq(w->count, 0);
	ck_assert_uint_eq(r->queue.outcome_count, 1);
	return 0;
}

START_TEST(a_server_that_is_away_is_left_alone_until_its_time)
{
	mxsel__rd_stream_close(&w->stream);
	atomic_store(&r->state, MXSEL__RD_AWAY);
	w->retry_at = mxsel__rd_now() + MINUTE * MS;
	tell();
	work(still_alone, still_alone, NULL);
}
END_TEST

static int does_not_sleep(void)
{
	ck_assert_int_eq(timeout, 0);
	ck_assert_int_eq(r->sleeping, 0);
	ck_assert_uint_eq(r->queue.outcome_count, 1);
	return 0;
}

static int has_sent_both(void)
{
	has_a_limit();
	ck_assert_int_eq((int)w->flying, 2);
	ck_assert_uint_eq(r->queue.outcome_count, 0);
	return 0;
}

START_TEST(what_is_told_while_it_sends_is_not_slept_over)
{
	tell();
	while_sending = tell;
	work(does_not_sleep, has_sent_both, NULL);
}
END_TEST

static void is_to_end(void)
{
	r->ending = 1;
}

static int ends(void)
{
	ck_assert_int_eq(timeout, 0);
	ck_assert_int_eq(r->sleeping, 0);
	return 0;
}

START_TEST(who_is_to_end_does_not_sleep)
{
	tell();
	while_sending = is_to_end;
	work(ends, NULL, NULL);
}
END_TEST

/* -------------------------------------------------------------------- room */

static int has_sent_one_of_two(void)
{
	has_a_limit();
	ck_assert_uint_eq(w->flying, 1024);
	ck_assert_uint_eq(r->queue.outcome_count, 1);
	ck_assert_int_eq(r->window, 0);
	ck_assert_int_eq(r->sleeping, 1);
	return 0;
}

START_TEST(no_more_than_so_many_replies_are_owed)
{
	w->flying = 1023;
	w->progress = mxsel__rd_now();
	tell();
	tell();
	work(has_sent_one_of_two, has_sent_one_of_two, NULL);
}
END_TEST

static int waits_until_it_takes_more(void)
{
	ck_assert_int_eq(watched[1].events, POLLIN | POLLOUT);
	ck_assert_int_eq(r->window, 0);
	ck_assert_uint_eq(w->flying, 0);
	ck_assert_uint_eq(r->queue.outcome_count, 1);
	ck_assert_int_eq(r->sleeping, 1);
	return 0;
}

START_TEST(a_server_that_takes_nothing_is_sent_nothing_more)
{
	static char much[4 << 20];
	const char *words[] = { much };
	const size_t lengths[] = { sizeof much };

	ck_assert_int_eq(mxsel__rd_stream_append(&w->stream, 1, words,
		lengths), 0);
	tell();
	work(waits_until_it_takes_more, waits_until_it_takes_more, NULL);
}
END_TEST

/* -------------------------------------------------------------------- owed */

static int hears(const char *text)
{
	server_says(text);
	watched[1].revents = POLLIN;
	return 1;
}

static int hears_the_first_reply(void)
{
	ck_assert_int_eq((int)w->flying, 2);
	JOB(mxsel__rd_list_first(&w->sent))->sent = 5;
	JOB(w->sent.previous)->sent = 7;
	return hears(":1\r\n");
}

static int owes_the_second_one(void)
{
	ck_assert_int_eq((int)w->flying, 1);
	ck_assert_uint_eq(r->owed, 7);
	return hears(":1\r\n");
}

START_TEST(a_reply_is_owed_since_its_question_was_put)
{
	tell();
	tell();
	work(hears_the_first_reply, owes_the_second_one, sleeps_for_ever);
	ck_assert_uint_eq(COUNTED(r, RECORDED), 2);
}
END_TEST

static int is_told_more(void)
{
	ck_assert_int_eq((int)w->flying, 1);
	w->progress -= 1000 * MS;
	began = w->progress;
	r->owed = 5;
	tell();
	return 0;
}

static int owes_since_then(void)
{
	ck_assert_int_eq((int)w->flying, 2);
	ck_assert_uint_eq(w->progress, began);
	ck_assert_uint_eq(r->owed, 5);
	return 0;
}

START_TEST(more_questions_give_nobody_more_time)
{
	tell();
	work(is_told_more, owes_since_then, NULL);
}
END_TEST

static void first_fails(void)
{
	mxsel__rd_fail(r, ASK(mxsel__rd_take_job(r)));
}

/* R85: the request is the thread's until all of it has an answer. */
START_TEST(a_question_that_fails_in_part_waits_for_the_rest)
{
	struct mxsel_memory_entry two[2];
	struct mxsel__rd_job *job;

	two[0] = two[1] = entry;
	while_waiting = first_fails;
	ck_assert_int_ne(mxsel__rd_get(two, 2, HALF_LIFE, 1, r), 0);
	ck_assert(while_waiting == NULL);
	ck_assert_uint_eq(r->queue.request_count, 1);
	job = mxsel__rd_take_job(r);
	ck_assert_ptr_nonnull(job);
	ck_assert_int_eq(ASK(job)->request->abandoned, 1);
	mxsel__rd_fail(r, ASK(job));
	ck_assert_uint_eq(r->queue.request_count, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("redis, its thread's turns");
	TCase *t = tcase_create("turns");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, where_nothing_is_under_way_it_waits_for_ever);
	tcase_add_test(t, a_connection_comes_about_in_time_or_not_at_all);
	tcase_add_test(t,
		what_is_said_first_is_answered_in_time_or_not_at_all);
	tcase_add_test(t, a_reply_comes_in_time_or_not_at_all);
	tcase_add_test(t, a_server_that_is_away_is_left_alone_until_its_time);
	tcase_add_test(t, what_is_told_while_it_sends_is_not_slept_over);
	tcase_add_test(t, who_is_to_end_does_not_sleep);
	tcase_add_test(t, no_more_than_so_many_replies_are_owed);
	tcase_add_test(t, a_server_that_takes_nothing_is_sent_nothing_more);
	tcase_add_test(t, a_reply_is_owed_since_its_question_was_put);
	tcase_add_test(t, more_questions_give_nobody_more_time);
	tcase_add_test(t, a_question_that_fails_in_part_waits_for_the_rest);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}

#endif
