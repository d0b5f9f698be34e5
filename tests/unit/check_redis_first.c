/*
 * The first use of a mxsel_redis, by several threads at once: whoever comes
 * first starts the one thread, and all get the same store (R85). Threads that
 * touch the same without a lock are seen where this is built with
 * ThreadSanitizer.
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <pthread.h>

#include "support/false_redis.h"
#include "support/redis_trial.h"

#define THREADS 4

static struct false_redis *server;
static mxsel_redis *r;
static mxsel_memory *memories[THREADS];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

/* A worker of a mail server that begins. */
static void *worker(void *user)
{
	mxsel_memory **memory = user;

	(void)pthread_mutex_lock(&gate);
	(void)pthread_mutex_unlock(&gate);
	*memory = memory_of(r);
	return NULL;
}

/* A thread that shows how things are, whoever has begun. */
static void *onlooker(void *user)
{
	char text[256];

	(void)pthread_mutex_lock(&gate);
	(void)pthread_mutex_unlock(&gate);
	(void)COUNTED(r, WAITING);
	(void)mxsel_redis_error(r, text, sizeof text);
	(void)mxsel_redis_flush(r, 0);
	return user;
}

START_TEST(R85_workers_that_begin_at_once_get_one_store)
{
	pthread_t threads[THREADS], other;
	int i;

	server = false_redis_start(0);
	r = redis_at(false_redis_port(server));
	(void)pthread_mutex_lock(&gate);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, worker,
			&memories[i]), 0);
	ck_assert_int_eq(pthread_create(&other, NULL, onlooker, NULL), 0);
	(void)pthread_mutex_unlock(&gate);
	for (i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
	(void)pthread_join(other, NULL);
	refused(memories[0], "mx.example.com");
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
	ck_assert_uint_eq(false_redis_count(server, FALSE_CONNECTIONS), 1);
	ck_assert_uint_eq(false_redis_count(server, FALSE_TOLD), 1);
	for (i = 0; i < THREADS; i++)
		mxsel_memory_free(memories[i]);
	mxsel_redis_free(r);
	false_redis_stop(server);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("redis/first");
	TCase *t = tcase_create("first");

	tcase_add_loop_test(t, R85_workers_that_begin_at_once_get_one_store,
		0, 10);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
