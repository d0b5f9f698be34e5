/*
 * malloc() and the locks of a program that counts them, and lets the request
 * fail that it is told to. Included once, where MALLOC_IS_TAKEN is not defined.
 * May use tests/support/own_malloc.h.
 */
#ifndef TESTS_SUPPORT_COUNTED_MALLOC_H
#define TESTS_SUPPORT_COUNTED_MALLOC_H

#include <errno.h>
#include <pthread.h>
#include <stddef.h>

#include "support/own_malloc.h"

static struct {
	int armed;
	long calls, fail_at;
	long blocks; /* given less taken back while armed */
	size_t octets;
	long locks, locks_fail_at; /* made less destroyed */
	int seeds, seeds_fail_at;  /* of getrandom(), from 1 */
} system_of;

static int fails(size_t octets)
{
	if (!system_of.armed)
		return 0;
	if (system_of.calls++ == system_of.fail_at) {
		errno = ENOMEM;
		return 1;
	}
	system_of.blocks++;
	system_of.octets += octets;
	return 0;
}

void *malloc(size_t size)
{
	return fails(size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails(count * size) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size)
{
	return fails(size) ? NULL : __libc_realloc(pointer, size);
}

void free(void *pointer)
{
	system_of.blocks -= system_of.armed && pointer != NULL;
	__libc_free(pointer);
}

int pthread_mutex_init(pthread_mutex_t *lock, const pthread_mutexattr_t *how)
{
	static const pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;

	(void)how;
	if (system_of.armed && system_of.locks == system_of.locks_fail_at)
		return EAGAIN;
	system_of.locks += system_of.armed;
	*lock = fresh;
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *lock)
{
	(void)lock;
	system_of.locks -= system_of.armed;
	return 0;
}

#endif
