/*
 * Parts counted, and their locks made all or none. May use libc only.
 */
#define _POSIX_C_SOURCE 200809L

#include "cache/locks.h"

#include <pthread.h>

#include <mxsel/mxsel.h>

uint32_t mxsel__parts_for(size_t bytes, size_t least, uint32_t most)
{
	uint32_t n = 1;

	while (n < most && bytes / (2 * n) >= least)
		n *= 2;
	return n;
}

static pthread_mutex_t *lock_of(void *parts, size_t stride, uint32_t i)
{
	return (pthread_mutex_t *)(void *)((unsigned char *)parts +
		i * stride);
}

void mxsel__locks_destroy(void *parts, size_t stride, uint32_t n)
{
	for (; n > 0; n--)
		(void)pthread_mutex_destroy(lock_of(parts, stride, n - 1));
}

int mxsel__locks_make(void *parts, size_t stride, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (pthread_mutex_init(lock_of(parts, stride, i), NULL) == 0)
			continue;
		mxsel__locks_destroy(parts, stride, i);
		return MXSEL_ENOMEM;
	}
	return MXSEL_OK;
}
