/*
 * Time, see clock.h. May use libc and pthread.
 */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _POSIX_C_SOURCE 200809L
#endif

#include "redis/clock.h"

#include <time.h>

#define SECOND 1000000u /* microseconds */

uint64_t mxsel__rd_now(void)
{
	struct timespec t = { 0, 0 };

	/* Where there is no such clock time stands still. */
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec / 1000u + 1;
}

int mxsel__rd_until(uint64_t now, uint64_t then)
{
	if (then == MXSEL__RD_NEVER)
		return -1;
	if (then <= now)
		return 0;
	return (int)((then - now + MXSEL__RD_MS - 1) / MXSEL__RD_MS);
}

#ifdef __APPLE__
int mxsel__rd_condition_init(pthread_cond_t *condition)
{
	return pthread_cond_init(condition, NULL);
}

void mxsel__rd_condition_wait(pthread_cond_t *condition,
	pthread_mutex_t *lock, uint64_t then)
{
	uint64_t now = mxsel__rd_now();
	uint64_t wait = then <= now ? 0 : then - now;
	struct timespec t;

	t.tv_sec = (time_t)(wait / SECOND);
	t.tv_nsec = (long)(wait % SECOND) * 1000L;
	(void)pthread_cond_timedwait_relative_np(condition, lock, &t);
}
#else
int mxsel__rd_condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	int error = pthread_condattr_init(&attributes);

	if (error != 0)
		return error;
	error = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	if (error == 0)
		error = pthread_cond_init(condition, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	return error;
}

void mxsel__rd_condition_wait(pthread_cond_t *condition,
	pthread_mutex_t *lock, uint64_t then)
{
	struct timespec t;

	t.tv_sec = (time_t)(then / SECOND);
	t.tv_nsec = (long)(then % SECOND) * 1000L;
	(void)pthread_cond_timedwait(condition, lock, &t);
}
#endif
