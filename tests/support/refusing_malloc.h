/*
 * malloc() and its kin as this program's own: each request is refused when
 * HEAP_FAILS(cleared) says so (cleared: it is calloc()'s), and heap.blocks
 * counts what was given less what was taken back while heap.armed. Both are
 * the program's to define before. For one file of a program; not where
 * MALLOC_IS_TAKEN. May use libc only.
 */
#ifndef TESTS_SUPPORT_REFUSING_MALLOC_H
#define TESTS_SUPPORT_REFUSING_MALLOC_H

#include <stdlib.h>

#include "support/own_malloc.h"

static inline void *heap_given(void *pointer)
{
	heap.blocks += heap.armed && pointer != NULL;
	return pointer;
}

void *malloc(size_t size)
{
	return HEAP_FAILS(0) ? NULL : heap_given(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return HEAP_FAILS(1) ? NULL : heap_given(__libc_calloc(count, size));
}

void *realloc(void *pointer, size_t size)
{
	if (HEAP_FAILS(0))
		return NULL;
	heap.blocks -= heap.armed && pointer != NULL && size == 0;
	return pointer == NULL ? heap_given(__libc_realloc(NULL, size))
	                       : __libc_realloc(pointer, size);
}

void free(void *pointer)
{
	heap.blocks -= heap.armed && pointer != NULL;
	__libc_free(pointer);
}

#endif
