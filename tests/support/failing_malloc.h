/*
 * A malloc() of the test program's own, of which one call fails when a test
 * wants it. Include it in one file of a program, after a header of the C
 * library. Where MALLOC_IS_TAKEN there is none of it. May use libc only.
 */
#ifndef TESTS_SUPPORT_FAILING_MALLOC_H
#define TESTS_SUPPORT_FAILING_MALLOC_H

#include "support/own_malloc.h"

#ifndef MALLOC_IS_TAKEN

#include <errno.h>
#include <stdlib.h>

/* Of each thread: only the one of the test is refused anything. */
static _Thread_local struct {
	int armed, calls, fail_at;
	long blocks; /* that were not freed */
} own_heap;

static inline int own_heap_fails(void)
{
	if (!own_heap.armed || own_heap.calls++ != own_heap.fail_at)
		return 0;
	errno = ENOMEM;
	return 1;
}

static inline void *own_heap_count(void *block)
{
	own_heap.blocks += block != NULL;
	return block;
}

void *malloc(size_t size)
{
	return own_heap_fails() ? NULL : own_heap_count(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return own_heap_fails() ? NULL :
		own_heap_count(__libc_calloc(count, size));
}

void *realloc(void *pointer, size_t size)
{
	if (pointer == NULL)
		return malloc(size);
	return own_heap_fails() ? NULL : __libc_realloc(pointer, size);
}

void free(void *pointer)
{
	own_heap.blocks -= pointer != NULL;
	__libc_free(pointer);
}

/* This call from now, from 0, fails. */
static inline void fail_at(int call)
{
	own_heap.calls = 0;
	own_heap.fail_at = call;
	own_heap.armed = 1;
}

static inline long own_heap_blocks(void)
{
	return own_heap.blocks;
}

/* Was there a call that failed? */
static inline int disarm(void)
{
	own_heap.armed = 0;
	return own_heap.calls > own_heap.fail_at;
}

#else

/* The sanitizer counts. */
static inline long own_heap_blocks(void)
{
	return 0;
}

#endif

#endif
