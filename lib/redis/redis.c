/*
 * A mxsel_redis as a whole: its life, its counters, what it says when it
 * fails. It lives as long as its store, which memories may hold for longer
 * than whoever made it. May use the public headers, libc and pthread.
 */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "redis/clock.h"
#include "redis/inside.h"

int mxsel__rd_is_own(const struct mxsel_redis *r)
{
	return atomic_load(&r->process) == (long)getpid();
}

/* ------------------------------------------------------------ the thread */

static void close_pipe(struct mxsel_redis *r)
{
	(void)close(r->wake[0]);
	(void)close(r->wake[1]);
}

static int set_up(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
		fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static int open_pipe(struct mxsel_redis *r)
{
	if (pipe(r->wake) != 0)
		return -1;
	if (set_up(r->wake[0]) && set_up(r->wake[1]))
		return 0;
	close_pipe(r);
	return -1;
}

/* It takes no signal of the program's, and no SIGPIPE can end it. */
static int start_thread(struct mxsel_redis *r)
{
	sigset_t all, before;
	int error;

	(void)sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return -1;
	error = pthread_create(&r->thread, NULL, mxsel__rd_work, r);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error == 0 ? 0 : -1;
}

/*
 * Nobody holds the store any more. A thread that asks the DNS for the
 * server's address may do so for many seconds: it is left alone, and frees
 * what is left when it comes back.
 */
static void release(void *user)
{
	struct mxsel_redis *r = user;
	pthread_t thread = r->thread;
	int detached;

	if (!mxsel__rd_is_own(r))
		return;
	pthread_mutex_lock(&r->lock);
	r->ending = 1;
	r->detached = detached = r->resolving;
	mxsel__rd_unlock_and_wake(r);
	if (detached) {
		(void)pthread_detach(thread);
		return;
	}
	(void)pthread_join(thread, NULL);
	mxsel__rd_destroy(r);
}

static mxsel_store *start(struct mxsel_redis *r)
{
	mxsel_store *store = NULL;

	if (mxsel_store_new(&store, mxsel__rd_get, mxsel__rd_record, r) != 0)
		return NULL;
	if (open_pipe(r) != 0)
		goto no_pipe;
	atomic_store(&r->process, (long)getpid());
	r->owed = mxsel__rd_now();
	if (start_thread(r) != 0)
		goto no_thread;
	(void)mxsel_store_set_release(store, release);
	return store;
no_thread:
	close_pipe(r);
no_pipe:
	mxsel_store_free(store);
	return NULL;
}

mxsel_store *mxsel_redis_store(mxsel_redis *r)
{
	mxsel_store *store = r == NULL ? NULL : atomic_load(&r->store);

	/* In the child of a fork() the lock may never be given up. */
	if (r == NULL || store != NULL)
		return store;
	pthread_mutex_lock(&r->lock);
	store = atomic_load(&r->store);
	if (store == NULL) {
		store = start(r);
		atomic_store(&r->store, store);
	}
	pthread_mutex_unlock(&r->lock);
	return store;
}

/* --------------------------------------------------------- life and death */

static int init(struct mxsel_redis *r)
{
	size_t i;

	r->self = r;
	for (i = 0; i < sizeof r->counters / sizeof *r->counters; i++)
		atomic_init(&r->counters[i], 0);
	atomic_init(&r->store, NULL);
	atomic_init(&r->process, 0);
	atomic_init(&r->state, MXSEL__RD_TRYING);
	mxsel__rd_queue_init(&r->queue);
	mxsel__rd_list_init(&r->worker.sent);
	mxsel__rd_stream_init(&r->worker.stream);
	if (pthread_mutex_init(&r->lock, NULL) != 0)
		return MXSEL_ENOMEM;
	if (mxsel__rd_condition_init(&r->drained) == 0)
		return 0;
	(void)pthread_mutex_destroy(&r->lock);
	return MXSEL_ENOMEM;
}

int mxsel_redis_new(mxsel_redis **out, const char *server)
{
	struct mxsel_redis *r;
	int result;

	if (out == NULL || server == NULL)
		return MXSEL_EUSAGE;
	r = calloc(1, sizeof *r);
	if (r == NULL)
		return MXSEL_ENOMEM;
	mxsel__rd_settings_init(&r->set);
	result = mxsel__rd_set_server(&r->set, server);
	if (result == 0)
		result = init(r);
	if (result == 0) {
		*out = r;
		return 0;
	}
	mxsel__rd_settings_destroy(&r->set);
	free(r);
	return result;
}

void mxsel__rd_destroy(struct mxsel_redis *r)
{
	if (r->store != NULL)
		close_pipe(r);
	mxsel__rd_queue_destroy(&r->queue);
	mxsel__rd_shelf_destroy(&r->shelf);
	mxsel__rd_settings_destroy(&r->set);
	(void)pthread_cond_destroy(&r->drained);
	(void)pthread_mutex_destroy(&r->lock);
	free(r);
}

void mxsel_redis_free(mxsel_redis *r)
{
	if (r == NULL)
		return;
	if (r->store == NULL)
		mxsel__rd_destroy(r);
	else
		mxsel_store_free(r->store);
}

/* ------------------------------------------------------- what is going on */

uint64_t mxsel_redis_statistic(const mxsel_redis *r, int which)
{
	uint64_t waiting;

	if (r == NULL || which < 0 || which > MXSEL_REDIS_ERRORS)
		return 0;
	if (which == MXSEL_REDIS_IS_CONNECTED)
		return atomic_load(&r->self->state) == MXSEL__RD_READY;
	if (which != MXSEL_REDIS_WAITING)
		return atomic_load_explicit(&r->self->counters[which],
			memory_order_relaxed);
	if (!mxsel__rd_is_own(r))
		return 0;
	pthread_mutex_lock(&r->self->lock);
	waiting = r->queue.waiting;
	pthread_mutex_unlock(&r->self->lock);
	return waiting;
}

/* The server's words are anybody's: nothing but printable ASCII is kept. */
void mxsel__rd_say(struct mxsel_redis *r, const char *what,
	const char *detail)
{
	const char *where = r->set.path != NULL ? r->set.path : r->set.host;
	size_t i;

	pthread_mutex_lock(&r->lock);
	(void)snprintf(r->error, sizeof r->error, "%s%s%s: %s%s%s", where,
		r->set.path != NULL ? "" : " port ",
		r->set.path != NULL ? "" : r->set.port, what,
		detail != NULL ? ": " : "", detail != NULL ? detail : "");
	for (i = 0; r->error[i] != '\0'; i++)
		if (r->error[i] < ' ' || r->error[i] >= 0x7f)
			r->error[i] = '?';
	pthread_mutex_unlock(&r->lock);
}

const char *mxsel_redis_error(const mxsel_redis *r, char *text, size_t size)
{
	if (text == NULL || size == 0)
		return "";
	text[0] = '\0';
	if (r == NULL || !mxsel__rd_is_own(r))
		return text;
	pthread_mutex_lock(&r->self->lock);
	(void)snprintf(text, size, "%s", r->error);
	pthread_mutex_unlock(&r->self->lock);
	return text;
}

int mxsel_redis_flush(mxsel_redis *r, uint32_t milliseconds)
{
	uint64_t until = mxsel__rd_now() +
		(uint64_t)milliseconds * MXSEL__RD_MS;
	size_t waiting;

	if (r == NULL)
		return MXSEL_EUSAGE;
	if (r->store == NULL)
		return 0;
	if (!mxsel__rd_is_own(r))
		return MXSEL_ESYSTEM;
	pthread_mutex_lock(&r->lock);
	while (r->queue.waiting > 0 && mxsel__rd_now() < until)
		mxsel__rd_condition_wait(&r->drained, &r->lock, until);
	waiting = r->queue.waiting;
	pthread_mutex_unlock(&r->lock);
	return waiting == 0 ? 0 : MXSEL_ESYSTEM;
}
