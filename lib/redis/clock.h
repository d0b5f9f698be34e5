/*
 * Time, for budgets and deadlines. May use libc and pthread.
 */
#ifndef MXSEL_REDIS_CLOCK_H
#define MXSEL_REDIS_CLOCK_H

#include <pthread.h>
#include <stdint.h>

#define MXSEL__RD_NEVER UINT64_MAX
#define MXSEL__RD_MS 1000u /* microseconds */

/* Monotonic microseconds, never 0. */
uint64_t mxsel__rd_now(void);

/* Milliseconds from now until then, for poll(), up to a month: -1: never. */
int mxsel__rd_until(uint64_t now, uint64_t then);

/* A condition that waits by the same clock. 0, or what pthread says. */
int mxsel__rd_condition_init(pthread_cond_t *condition);

/* Wait until then, weeks from now at most, at the longest; may return early. */
void mxsel__rd_condition_wait(pthread_cond_t *condition,
	pthread_mutex_t *lock, uint64_t then);

#endif
