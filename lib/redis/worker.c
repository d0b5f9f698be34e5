/*
 * The thread: it takes jobs from the lists to the server and replies back, and
 * is the only one that waits for the server. May use the public headers, libc,
 * pthread and hiredis.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "redis/clock.h"
#include "redis/inside.h"
#include "redis/script.h"

#define WINDOW 1024u         /* jobs without reply */
#define OUT_MAX (256u * 1024u) /* octets that the server has not taken yet */

/* ------------------------------------------------------------------- wake */

void mxsel__rd_unlock_and_wake(struct mxsel_redis *r)
{
	int wakes = r->sleeping && (r->ending || (r->window &&
		atomic_load(&r->state) == MXSEL__RD_READY));

	if (wakes)
		r->sleeping = 0;
	pthread_mutex_unlock(&r->lock);
	/* A pipe that is full has been told before. */
	while (wakes && write(r->wake[1], "", 1) < 0 && errno == EINTR)
		;
}

static void empty_pipe(struct mxsel_redis *r)
{
	char told[64];

	while (read(r->wake[0], told, sizeof told) == (ssize_t)sizeof told)
		;
}

/* --------------------------------------------------------------------- out */

static int has_window(const struct mxsel_redis *r)
{
	return r->worker.flying < WINDOW &&
		mxsel__rd_stream_waiting(&r->worker.stream) < OUT_MAX;
}

static struct mxsel__rd_job *take_job(struct mxsel_redis *r, uint64_t now)
{
	struct mxsel__rd_job *job;

	pthread_mutex_lock(&r->lock);
	job = mxsel__rd_take_job(r);
	if (job != NULL && r->worker.flying == 0)
		r->owed = now;
	pthread_mutex_unlock(&r->lock);
	return job;
}

static void send_jobs(struct mxsel_redis *r, uint64_t now)
{
	struct mxsel__rd_worker *w = &r->worker;
	struct mxsel__rd_job *job;

	while (has_window(r) && (job = take_job(r, now)) != NULL) {
		if (w->flying++ == 0)
			w->progress = now;
		job->sent = now;
		mxsel__rd_list_add(&w->sent, &job->link);
		if (mxsel__rd_append_job(r, job, now) != 0) {
			mxsel__rd_lose(r, 1, "out of memory", NULL);
			return;
		}
	}
}

/* ---------------------------------------------------------------------- in */

/* The answer of a question as text of its own; *good 0: it is none. */
static char *take_answer(const struct mxsel__rd_reply *reply, int *good)
{
	char *answer;

	*good = reply->type == REDIS_REPLY_NIL;
	if (reply->type != REDIS_REPLY_STRING)
		return NULL;
	answer = malloc(reply->length + 1);
	if (answer == NULL)
		return NULL;
	memcpy(answer, reply->text, reply->length + 1);
	*good = 1;
	return answer;
}

/* A reply that is no error; with the lock held. */
static void finish(struct mxsel_redis *r, struct mxsel__rd_job *job,
	const struct mxsel__rd_reply *reply)
{
	char *answer;
	int good;

	if (job->kind == MXSEL__RD_OUTCOME) {
		mxsel__rd_tell_end(r, OUTCOME(job), 1);
		return;
	}
	answer = take_answer(reply, &good);
	if (good)
		mxsel__rd_answer(r, ASK(job), answer);
	else
		mxsel__rd_fail(r, ASK(job));
}

/* An error that is about this job alone; with the lock held. */
static void finish_badly(struct mxsel_redis *r, struct mxsel__rd_job *job,
	const struct mxsel__rd_reply *reply)
{
	if (!job->whole && strncmp(reply->text, "NOSCRIPT", 8) == 0)
		mxsel__rd_put_again(r, job);
	else if (job->kind == MXSEL__RD_OUTCOME)
		mxsel__rd_tell_end(r, OUTCOME(job), 0);
	else
		mxsel__rd_fail(r, ASK(job));
}

/* The oldest job has its reply. */
static void job_reply(struct mxsel_redis *r)
{
	struct mxsel__rd_worker *w = &r->worker;
	const struct mxsel__rd_reply *reply = &w->stream.reply;
	struct mxsel__rd_job *job = JOB(mxsel__rd_list_first(&w->sent));
	int bad = reply->type == REDIS_REPLY_ERROR;

	if (bad) {
		mxsel__rd_count(r, MXSEL_REDIS_ERRORS, 1);
		if (mxsel__rd_means_away(reply->text)) {
			mxsel__rd_lose(r, 1, "the server said", reply->text);
			return;
		}
		mxsel__rd_say(r, "the server said", reply->text);
	}
	pthread_mutex_lock(&r->lock);
	mxsel__rd_list_remove(&job->link);
	w->flying--;
	if (bad)
		finish_badly(r, job, reply);
	else
		finish(r, job, reply);
	w->proved |= !bad;
	r->owed = w->flying == 0 ? 0 :
		JOB(mxsel__rd_list_first(&w->sent))->sent;
	pthread_mutex_unlock(&r->lock);
}

static void one_reply(struct mxsel_redis *r, uint64_t now)
{
	struct mxsel__rd_worker *w = &r->worker;

	w->progress = now;
	if (w->setup_heard < w->setup)
		mxsel__rd_setup_reply(r, now);
	else if (w->flying > 0)
		job_reply(r);
	else
		mxsel__rd_lose(r, 1, "a reply that nobody asked for",
			w->stream.reply.text);
}

static void hear(struct mxsel_redis *r, uint64_t now)
{
	struct mxsel__rd_stream *s = &r->worker.stream;
	int error, got = mxsel__rd_stream_read(s, &error), reply = 0;

	while (got > 0 && s->fd >= 0 &&
			(reply = mxsel__rd_stream_next(s)) > 0)
		one_reply(r, now);
	if (reply < 0) {
		mxsel__rd_count(r, MXSEL_REDIS_ERRORS, 1);
		mxsel__rd_lose(r, 1, "what it said is no reply", NULL);
	} else if (got < 0 && error == 0) {
		mxsel__rd_lose(r, 0, "the server closed the connection", NULL);
	} else if (got < 0) {
		mxsel__rd_lose_by(r, "the connection broke", error);
	}
}

/* -------------------------------------------------------------------- wait */

/* When the thread has to look again, whatever happens. */
static uint64_t deadline(const struct mxsel_redis *r)
{
	const struct mxsel__rd_worker *w = &r->worker;

	if (w->stream.fd < 0)
		return w->retry_at;
	if (!w->connecting && w->setup_heard == w->setup && w->flying == 0)
		return MXSEL__RD_NEVER;
	return w->progress + (uint64_t)r->set.values[MXSEL_REDIS_TIMEOUT] *
		MXSEL__RD_MS;
}

/* 0: there is something to do already. */
static int fall_asleep(struct mxsel_redis *r)
{
	int sleeps, has_job;

	pthread_mutex_lock(&r->lock);
	r->window = has_window(r);
	has_job = r->window && mxsel__rd_has_job(r);
	sleeps = !r->ending && (!has_job ||
		atomic_load(&r->state) != MXSEL__RD_READY);
	r->sleeping = sleeps;
	pthread_mutex_unlock(&r->lock);
	return sleeps;
}

static void wake_up(struct mxsel_redis *r)
{
	pthread_mutex_lock(&r->lock);
	r->sleeping = 0;
	pthread_mutex_unlock(&r->lock);
}

static void wait_and_hear(struct mxsel_redis *r)
{
	static const struct timespec moment = { 0, 1000000 };
	struct mxsel__rd_worker *w = &r->worker;
	struct pollfd watched[2] = { { r->wake[0], POLLIN, 0 },
		{ w->stream.fd, POLLIN, 0 } };
	uint64_t then = deadline(r), now;
	int sleeps = fall_asleep(r);

	if (w->connecting || mxsel__rd_stream_waiting(&w->stream) > 0)
		watched[1].events = POLLIN | POLLOUT;
	/* Where there is no connection its descriptor is -1: of that nothing
	   is said. */
	if (poll(watched, 2, !sleeps ? 0 :
			mxsel__rd_until(mxsel__rd_now(), then)) < 0) {
		/* The kernel has no memory: it may have some soon. */
		watched[0].revents = watched[1].revents = 0;
		(void)nanosleep(&moment, NULL);
	}
	wake_up(r);
	if (watched[0].revents != 0)
		empty_pipe(r);
	now = mxsel__rd_now();
	if (watched[1].revents != 0) {
		if (w->connecting)
			mxsel__rd_connected(r, now);
		else
			hear(r, now);
	}
	/* What came at the last moment counts. */
	if (w->stream.fd >= 0 && now >= deadline(r))
		mxsel__rd_lose(r, 1, "no answer in time", NULL);
}

/* Nothing waits before there is a connection. */
static void push(struct mxsel_redis *r)
{
	int error = mxsel__rd_stream_write(&r->worker.stream);

	if (error != 0)
		mxsel__rd_lose_by(r, "the connection broke", error);
}

static int is_ending(struct mxsel_redis *r)
{
	int ending;

	pthread_mutex_lock(&r->lock);
	ending = r->ending;
	pthread_mutex_unlock(&r->lock);
	return ending;
}

static void turn(struct mxsel_redis *r)
{
	struct mxsel__rd_worker *w = &r->worker;
	uint64_t now = mxsel__rd_now();

	if (w->stream.fd < 0 && now >= w->retry_at)
		mxsel__rd_reach(r, now);
	if (atomic_load(&r->state) == MXSEL__RD_READY)
		send_jobs(r, mxsel__rd_now());
	push(r);
	wait_and_hear(r);
}

void *mxsel__rd_work(void *user)
{
	struct mxsel_redis *r = user;
	int detached;

	while (!is_ending(r))
		turn(r);
	mxsel__rd_stream_close(&r->worker.stream);
	pthread_mutex_lock(&r->lock);
	mxsel__rd_put_back(r, &r->worker.sent);
	detached = r->detached;
	pthread_mutex_unlock(&r->lock);
	if (detached)
		mxsel__rd_destroy(r);
	return NULL;
}
