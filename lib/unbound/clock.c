/*
 * Time, see clock.h. May use libc and pthread.
 */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _POSIX_C_SOURCE 200809L
#endif

#include "unbound/clock.h"

#include <limits.h>
#include <time.h>

/* Nobody waits longer at a stretch: what comes then is asked again. */
#define STRETCH 3600000u

uint64_t mxsel__ub_now(void)
{
	struct timespec t = { 0, 0 };

	/* Where there is no such clock time stands still. */
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

int mxsel__ub_until(uint64_t now, uint64_t then)
{
	if (then == MXSEL__UB_NEVER)
		return -1;
	if (then <= now)
		return 0;
	return then - now < STRETCH ? (int)(then - now) : (int)STRETCH;
}

#ifdef __APPLE__
int mxsel__ub_condition_init(pthread_cond_t *condition)
{
	return pthread_cond_init(condition, NULL);
}

void mxsel__ub_condition_wait(pthread_cond_t *condition,
	pthread_mutex_t *lock, uint64_t then)
{
	int wait = mxsel__ub_until(mxsel__ub_now(), then);
	struct timespec t;

	if (wait < 0)
		wait = (int)STRETCH;
	t.tv_sec = wait / 1000;
	t.tv_nsec = wait % 1000 * 1000000L;
	(void)pthread_cond_timedwait_relative_np(condition, lock, &t);
}
#else
int mxsel__ub_condition_init(pthread_cond_t *condition)
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

void mxsel__ub_condition_wait(pthread_cond_t *condition,
	pthread_mutex_t *lock, uint64_t then)
{
	uint64_t latest = mxsel__ub_now() + STRETCH;
	struct timespec t;

	if (then > latest)
		then = latest;
	t.tv_sec = (time_t)(then / 1000u);
	t.tv_nsec = (long)(then % 1000u) * 1000000L;
	(void)pthread_cond_timedwait(condition, lock, &t);
}
#endif
