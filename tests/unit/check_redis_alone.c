/*
 * The parts of libmxsel-redis that decide, without a server and without its
 * thread: what waits, and in which order it goes (R85); when an attempt to
 * reach the server is made again, and when there is one.
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <unistd.h>

#include "redis/clock.h"
#include "redis/inside.h"
#include "redis/script.h"
#include "support/redis_jobs.h"
#include "support/redis_trial.h"

static mxsel_redis *r;
static struct mxsel_memory_entry entry;

/* It is this process's, but nothing runs. */
static void set_up(void)
{
	r = redis_at(1);
	r->process = (long)getpid();
	host_entry(&entry, "mx.example.com");
}

static void tear_down(void)
{
	redis_end_jobs(r);
	mxsel__rd_stream_close(&r->worker.stream);
	mxsel_redis_free(r);
}

static void tell(void)
{
	mxsel__rd_record(&entry, MXSEL_STORE_FAILED, HALF_LIFE, r);
}

/* Nobody waits for the answer. */
static void ask(void)
{
	ck_assert_int_ne(mxsel__rd_get(&entry, 1, HALF_LIFE, 0, r), 0);
}

/* The kind of the next job, which is taken and ended; -1: there is none. */
static int take(void)
{
	struct mxsel__rd_job *job = mxsel__rd_take_job(r);
	int kind = job == NULL ? -1 : job->kind;

	if (kind == MXSEL__RD_OUTCOME)
		mxsel__rd_tell_end(r, OUTCOME(job), 1);
	if (kind == MXSEL__RD_ASK)
		mxsel__rd_fail(r, ASK(job));
	return kind;
}

/* ------------------------------------------------------------------- queue */

START_TEST(what_was_told_and_asked_goes_in_that_order)
{
	ck_assert_int_eq(take(), -1);
	ask();
	tell();
	ask();
	tell();
	ck_assert_int_eq(take(), MXSEL__RD_ASK);
	ck_assert_int_eq(take(), MXSEL__RD_OUTCOME);
	ck_assert_int_eq(take(), MXSEL__RD_ASK);
	ck_assert_int_eq(take(), MXSEL__RD_OUTCOME);
	ck_assert_int_eq(take(), -1);
	tell();
	ck_assert_int_eq(take(), MXSEL__RD_OUTCOME);
	ck_assert_uint_eq(COUNTED(r, RECORDED), 3);
}
END_TEST

/* A question takes no outcome's place, nor does one that goes again. */
START_TEST(what_waits_is_counted_once)
{
	struct mxsel__rd_job *job;

	ask();
	tell();
	tell();
	ck_assert_uint_eq(r->queue.outcome_count, 2);
	ck_assert_int_eq(take(), MXSEL__RD_ASK);
	ck_assert_uint_eq(r->queue.outcome_count, 2);
	job = mxsel__rd_take_job(r);
	ck_assert_uint_eq(r->queue.outcome_count, 1);
	mxsel__rd_put_again(r, job);
	ck_assert_uint_eq(r->queue.outcome_count, 1);
	ck_assert_ptr_eq(mxsel__rd_take_job(r), job);
	ck_assert_uint_eq(r->queue.outcome_count, 1);
	mxsel__rd_tell_end(r, OUTCOME(job), 1);
	ck_assert_uint_eq(r->queue.waiting, 1);
}
END_TEST

/* A server that is there has taken most of it before it is too much. */
START_TEST(a_server_that_is_there_is_told_though_nothing_is_to_wait)
{
	int i;

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_QUEUE, 5), 0);
	for (i = 0; i < 8; i++)
		tell();
	ck_assert_uint_eq(r->queue.waiting, 5);
	ck_assert_uint_eq(COUNTED(r, LOST), 3);
	atomic_store(&r->state, MXSEL__RD_READY);
	for (i = 5; i < 1030; i++)
		tell();
	ck_assert_uint_eq(r->queue.waiting, 1024);
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_QUEUE, 1100), 0);
	for (i = 1024; i < 1110; i++)
		tell();
	ck_assert_uint_eq(r->queue.waiting, 1100);
}
END_TEST

START_TEST(no_more_questions_wait_than_there_is_room_for)
{
	int i;

	for (i = 0; i < 300; i++)
		ask();
	ck_assert_uint_eq(r->queue.request_count, 256);
	ck_assert_uint_eq(COUNTED(r, LATE), 300);
	redis_end_jobs(r);
	ck_assert_uint_eq(r->queue.request_count, 0);
}
END_TEST

/* That nobody answered is not that nothing is known. */
START_TEST(a_question_that_failed_is_no_late_answer)
{
	ask();
	ck_assert_int_eq(take(), MXSEL__RD_ASK);
	ck_assert_int_ne(mxsel__rd_get(&entry, 1, HALF_LIFE, 0, r), 0);
	mxsel__rd_answer(r, ASK(mxsel__rd_take_job(r)), NULL);
	ck_assert_int_eq(mxsel__rd_get(&entry, 1, HALF_LIFE, 0, r), 0);
}
END_TEST

START_TEST(of_a_server_that_is_away_no_late_answer_is_used)
{
	ask();
	mxsel__rd_answer(r, ASK(mxsel__rd_take_job(r)), NULL);
	atomic_store(&r->state, MXSEL__RD_AWAY);
	ck_assert_int_ne(mxsel__rd_get(&entry, 1, HALF_LIFE, 0, r), 0);
	atomic_store(&r->state, MXSEL__RD_TRYING);
	ck_assert_int_eq(mxsel__rd_get(&entry, 1, HALF_LIFE, 0, r), 0);
}
END_TEST

START_TEST(what_is_no_host_and_no_address_is_not_asked_for)
{
	struct mxsel_memory_entry two[2];

	host_entry(&two[0], "mx.example.com");
	two[1] = two[0];
	two[1].name[0] = '\0';
	ck_assert_int_ne(mxsel__rd_get(two, 2, HALF_LIFE, 0, r), 0);
	two[1] = two[0];
	two[1].kind = 3;
	ck_assert_int_ne(mxsel__rd_get(two, 2, HALF_LIFE, 0, r), 0);
	ck_assert_int_eq(take(), -1);
	mxsel__rd_record(&two[1], MXSEL_STORE_FORGOTTEN, HALF_LIFE, r);
	ck_assert_int_eq(take(), -1);
	ck_assert_uint_eq(COUNTED(r, LOST), 1);
}
END_TEST

/* The child of a fork: it may hold a lock that nobody gives up. */
START_TEST(another_process_asks_and_tells_nothing)
{
	mxsel_store *store = mxsel_redis_store(r);

	pthread_mutex_lock(&r->lock);
	r->process++;
	ck_assert_ptr_nonnull(store);
	ck_assert_ptr_eq(mxsel_redis_store(r), store);
	ask();
	tell();
	ck_assert_int_eq(mxsel_redis_flush(r, 0), MXSEL_ESYSTEM);
	ck_assert_uint_eq(COUNTED(r, GETS), 0);
	ck_assert_uint_eq(COUNTED(r, LOST), 0);
	r->process--;
	pthread_mutex_unlock(&r->lock);
}
END_TEST

/* Its thread is another process's. */
START_TEST(another_process_ends_nothing)
{
	mxsel_redis *other = redis_at(1);

	ck_assert_ptr_nonnull(mxsel_redis_store(other));
	other->process++;
	mxsel_redis_free(other);
	ck_assert_int_eq(other->ending, 0);
	other->process--;
	pthread_mutex_lock(&other->lock);
	other->ending = 1;
	mxsel__rd_unlock_and_wake(other);
	ck_assert_int_eq(pthread_join(other->thread, NULL), 0);
	mxsel__rd_destroy(other);
}
END_TEST

/* By a clock that nobody sets. */
START_TEST(who_waits_sleeps_until_then)
{
	static pthread_cond_t never;
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	uint64_t then = mxsel__rd_now() + 20 * (uint64_t)MXSEL__RD_MS;
	int woken = 0;

	ck_assert_int_eq(mxsel__rd_condition_init(&never), 0);
	pthread_mutex_lock(&lock);
	for (; mxsel__rd_now() < then; woken++)
		mxsel__rd_condition_wait(&never, &lock, then);
	pthread_mutex_unlock(&lock);
	ck_assert_int_le(woken, 10);
	ck_assert_int_eq(pthread_cond_destroy(&never), 0);
}
END_TEST

START_TEST(a_counter_that_is_none_is_0)
{
	atomic_store(&r->state, MXSEL__RD_READY);
	ck_assert_uint_eq(COUNTED(r, IS_CONNECTED), 1);
	ck_assert_uint_eq(mxsel_redis_statistic(r, MXSEL_REDIS_ERRORS + 1), 0);
}
END_TEST

/* It was told by another thread since the clock was read. */
START_TEST(an_outcome_is_never_older_than_it_is)
{
	struct mxsel__rd_stream *s = &r->worker.stream;
	struct mxsel__rd_job *job;
	size_t length;

	tell();
	job = mxsel__rd_take_job(r);
	ck_assert_int_eq(mxsel__rd_append_job(r, job, OUTCOME(job)->when), 0);
	length = s->length;
	ck_assert_int_eq(mxsel__rd_append_job(r, job,
		OUTCOME(job)->when - 5000), 0);
	ck_assert_uint_eq(s->length, 2 * length);
	ck_assert_mem_eq(s->out, s->out + length, length);
	mxsel__rd_tell_end(r, OUTCOME(job), 1);
}
END_TEST

/* One that begins as another one does is another one. */
START_TEST(a_late_answer_is_found_by_the_whole_name)
{
	static struct mxsel__rd_shelf shelf;
	struct mxsel__rd_key key, shorter = { "mx", 2, 25 };
	char name[16];
	int i;

	for (i = 0; i < 2000; i++) {
		key.text = name;
		key.length = (uint16_t)snprintf(name, sizeof name, "mx%d", i);
		key.port = 25;
		mxsel__rd_shelf_put(&shelf, &key, 1, HALF_LIFE, NULL, 1);
		ck_assert_ptr_nonnull(mxsel__rd_shelf_find(&shelf, &key,
			HALF_LIFE, 1));
		ck_assert_ptr_null(mxsel__rd_shelf_find(&shelf, &shorter,
			HALF_LIFE, 1));
	}
	mxsel__rd_shelf_destroy(&shelf);
}
END_TEST

/* ------------------------------------------------------------------- reach */

#define MS ((uint64_t)MXSEL__RD_MS)

/* A connection that stood for so long is lost; pauses are up to most. */
static void stood(unsigned milliseconds, int most, int proved, int known)
{
	struct mxsel__rd_worker *w = &r->worker;

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_RETRY, most), 0);
	atomic_store(&r->state, MXSEL__RD_READY);
	w->pause = 0;
	w->ready_at = mxsel__rd_now() - milliseconds * MS;
	w->proved = proved;
	mxsel__rd_lose(r, known, "it is over", NULL);
}

static int is_at_once(void)
{
	return r->worker.retry_at <= mxsel__rd_now();
}

/* Nothing is known of the server then: selections may ask. */
START_TEST(a_connection_that_stood_is_made_again_at_once)
{
	stood(2000, 1000, 0, 0);
	ck_assert(is_at_once());
	ck_assert_int_eq(atomic_load(&r->state), MXSEL__RD_TRYING);
	ck_assert_uint_ne(r->owed, 0);
	ck_assert_uint_eq(r->worker.pause, 0);
	stood(2000, 1000, 0, 1);
	ck_assert(is_at_once());
	ck_assert_int_eq(atomic_load(&r->state), MXSEL__RD_AWAY);
	ck_assert_uint_eq(r->owed, 0);
}
END_TEST

START_TEST(a_connection_that_did_not_stand_is_not_made_again_at_once)
{
	r->worker.next = 1; /* it was the first of two addresses */
	r->worker.count = 2;
	stood(200, 100000, 0, 0);
	ck_assert(!is_at_once());
	ck_assert_int_eq(atomic_load(&r->state), MXSEL__RD_AWAY);
	ck_assert_uint_eq(r->owed, 0);
	ck_assert_uint_eq(r->worker.pause, 100 * MS);
}
END_TEST

/* 50 ms are enough then; or less, where pauses are shorter. */
START_TEST(a_connection_that_was_of_use_need_not_stand_as_long)
{
	stood(200, 100000, 1, 0);
	ck_assert(is_at_once());
	ck_assert_int_eq(atomic_load(&r->state), MXSEL__RD_TRYING);
	stood(20, 100000, 1, 0);
	ck_assert(!is_at_once());
	stood(20, 10, 1, 0);
	ck_assert_uint_eq(r->worker.pause, 0);
	ck_assert_int_eq(atomic_load(&r->state), MXSEL__RD_TRYING);
}
END_TEST

/* No connection came about; nothing was known before. */
static void cannot_connect(unsigned next, unsigned count)
{
	atomic_store(&r->state, MXSEL__RD_TRYING);
	r->worker.next = next;
	r->worker.count = count;
	mxsel__rd_lose(r, 0, "cannot connect", NULL);
}

START_TEST(another_address_is_tried_at_once_and_then_with_pauses)
{
	uint64_t now = mxsel__rd_now();

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_RETRY, 80000), 0);
	cannot_connect(1, 2);
	ck_assert(is_at_once());
	ck_assert_int_eq(atomic_load(&r->state), MXSEL__RD_TRYING);
	ck_assert_uint_ne(r->owed, 0);
	cannot_connect(2, 2);
	ck_assert_uint_ge(r->worker.retry_at, now + 37 * MS);
	ck_assert_int_eq(atomic_load(&r->state), MXSEL__RD_AWAY);
	ck_assert_uint_eq(r->worker.pause, 100 * MS);
	cannot_connect(2, 2);
	ck_assert_uint_eq(r->worker.pause, 200 * MS);
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_RETRY, 80), 0);
	cannot_connect(2, 2);
	ck_assert_uint_eq(r->worker.pause, 160 * MS);
	ck_assert_uint_le(r->worker.retry_at, mxsel__rd_now() + 80 * MS);
}
END_TEST

START_TEST(a_server_that_is_away_stays_so_while_its_addresses_are_tried)
{
	atomic_store(&r->state, MXSEL__RD_AWAY);
	r->worker.next = 1;
	r->worker.count = 2;
	mxsel__rd_lose(r, 0, "cannot connect", NULL);
	ck_assert(is_at_once());
	ck_assert_int_eq(atomic_load(&r->state), MXSEL__RD_AWAY);
}
END_TEST

/* Is it said that the connection broke, or still what the server said? */
static int is_said(int refused, unsigned heard, int known)
{
	char text[256];

	mxsel__rd_say(r, "the server said", "no");
	r->worker.refused = refused;
	r->worker.setup = 2;
	r->worker.setup_heard = heard;
	mxsel__rd_lose(r, known, "it broke", NULL);
	return strstr(mxsel_redis_error(r, text, sizeof text), "it broke") !=
		NULL;
}

START_TEST(who_refused_us_and_then_hung_up_has_said_why)
{
	ck_assert(is_said(0, 1, 0));
	ck_assert(!is_said(1, 1, 0));
	ck_assert(is_said(1, 1, 1));
	ck_assert(is_said(1, 2, 0)); /* that was before it let us in */
}
END_TEST

/* Of so many commands before the first job the first is answered so. */
static int set_up_is_answered(unsigned commands, int type, const char *text)
{
	struct mxsel__rd_worker *w = &r->worker;

	atomic_store(&r->state, MXSEL__RD_TRYING);
	memset(w->sha, 0, sizeof w->sha);
	w->setup = commands;
	w->setup_heard = 0;
	w->refused = 0;
	w->stream.reply.type = type;
	w->stream.reply.length = strlen(text);
	(void)snprintf(w->stream.reply.text, sizeof w->stream.reply.text, "%s",
		text);
	mxsel__rd_setup_reply(r, 1);
	return atomic_load(&r->state);
}

/* The scripts are the last two; one that does not keep them will do. */
START_TEST(a_server_that_does_not_let_us_in_is_none)
{
	ck_assert_int_eq(set_up_is_answered(3, REDIS_REPLY_ERROR,
		"ERR DB index is out of range"), MXSEL__RD_AWAY);
	ck_assert_int_eq(set_up_is_answered(2, REDIS_REPLY_ERROR,
		"LOADING the dataset"), MXSEL__RD_AWAY);
	ck_assert_int_eq(set_up_is_answered(2, REDIS_REPLY_ERROR,
		"ERR unknown command"), MXSEL__RD_TRYING);
	ck_assert_int_eq(set_up_is_answered(1, REDIS_REPLY_ERROR,
		"ERR unknown command"), MXSEL__RD_READY);
}
END_TEST

START_TEST(a_script_is_called_by_what_the_server_calls_it)
{
	static const char hash[] = "0123456789abcdef0123456789abcdef01234567";
	struct mxsel__rd_worker *w = &r->worker;

	ck_assert_int_eq(set_up_is_answered(2, REDIS_REPLY_STRING, hash),
		MXSEL__RD_TRYING);
	ck_assert_str_eq(w->sha[0], hash);
	ck_assert_str_eq(w->sha[1], "");
	ck_assert_int_eq(set_up_is_answered(1, REDIS_REPLY_STRING, hash),
		MXSEL__RD_READY);
	ck_assert_str_eq(w->sha[0], "");
	ck_assert_str_eq(w->sha[1], hash);
	(void)set_up_is_answered(2, REDIS_REPLY_STATUS, hash);
	ck_assert_str_eq(w->sha[0], "");
	(void)set_up_is_answered(2, REDIS_REPLY_STRING, hash + 1);
	ck_assert_str_eq(w->sha[0], "");
	/* To a login, or the choice of a database. */
	w->proved = 0;
	(void)set_up_is_answered(3, REDIS_REPLY_STRING, hash);
	ck_assert_int_eq(w->proved, 0);
	ck_assert_str_eq(w->sha[0], "");
}
END_TEST

static void add_queue(TCase *t)
{
	tcase_add_test(t, what_was_told_and_asked_goes_in_that_order);
	tcase_add_test(t, what_waits_is_counted_once);
	tcase_add_test(t,
		a_server_that_is_there_is_told_though_nothing_is_to_wait);
	tcase_add_test(t, no_more_questions_wait_than_there_is_room_for);
	tcase_add_test(t, a_question_that_failed_is_no_late_answer);
	tcase_add_test(t, of_a_server_that_is_away_no_late_answer_is_used);
	tcase_add_test(t, what_is_no_host_and_no_address_is_not_asked_for);
	tcase_add_test(t, another_process_asks_and_tells_nothing);
	tcase_add_test(t, another_process_ends_nothing);
	tcase_add_test(t, who_waits_sleeps_until_then);
	tcase_add_test(t, a_counter_that_is_none_is_0);
	tcase_add_test(t, an_outcome_is_never_older_than_it_is);
	tcase_add_test(t, a_late_answer_is_found_by_the_whole_name);
}

static void add_reach(TCase *t)
{
	tcase_add_test(t, a_connection_that_stood_is_made_again_at_once);
	tcase_add_test(t,
		a_connection_that_did_not_stand_is_not_made_again_at_once);
	tcase_add_test(t,
		a_connection_that_was_of_use_need_not_stand_as_long);
	tcase_add_test(t,
		another_address_is_tried_at_once_and_then_with_pauses);
	tcase_add_test(t,
		a_server_that_is_away_stays_so_while_its_addresses_are_tried);
	tcase_add_test(t, who_refused_us_and_then_hung_up_has_said_why);
	tcase_add_test(t, a_server_that_does_not_let_us_in_is_none);
	tcase_add_test(t, a_script_is_called_by_what_the_server_calls_it);
}

int main(void)
{
	Suite *suite = suite_create("redis, its parts alone");
	TCase *t = tcase_create("alone");

	tcase_add_checked_fixture(t, set_up, tear_down);
	add_queue(t);
	add_reach(t);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
