/*
 * Time, for deadlines. May use libc and pthread.
 */
#ifndef MXSEL_UNBOUND_CLOCK_H
#define MXSEL_UNBOUND_CLOCK_H

#include <pthread.h>
#include <stdint.h>

#define MXSEL__UB_NEVER UINT64_MAX

/* Monotonic milliseconds. */
uint64_t mxsel__ub_now(void);

/* Milliseconds from now until then, for poll(): -1: never. */
int mxsel__ub_until(uint64_t now, uint64_t then);

/* A condition that waits by the same clock. 0, or what pthread says. */
int mxsel__ub_condition_init(pthread_cond_t *condition);

/* Wait until then at the longest; may return early. */
void mxsel__ub_condition_wait(pthread_cond_t *condition,
	pthread_mutex_t *lock, uint64_t then);

#endif
