/*
 * The heap of the program under test, counted in octets as the allocator
 * gives them; what the simulator itself needs is not. May use libc only.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/kernel.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *pointer, size_t size);
void __real_free(void *pointer);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);
void __wrap_free(void *pointer);

static size_t held;

static void *count(void *pointer)
{
	if (pointer != NULL)
		held += malloc_usable_size(pointer);
	return pointer;
}

void *__wrap_malloc(size_t size)
{
	return count(__real_malloc(size));
}

void *__wrap_calloc(size_t number, size_t size)
{
	return count(__real_calloc(number, size));
}

void *__wrap_realloc(void *pointer, size_t size)
{
	size_t before = pointer != NULL ? malloc_usable_size(pointer) : 0;
	void *after = __real_realloc(pointer, size);

	if (after == NULL)
		return NULL;
	held -= before;
	return count(after);
}

void __wrap_free(void *pointer)
{
	if (pointer != NULL)
		held -= malloc_usable_size(pointer);
	__real_free(pointer);
}

size_t sim_heap(void)
{
	return held;
}

static void *wanted(void *pointer)
{
	if (pointer != NULL)
		return pointer;
	fputs("simulator: no memory\n", stderr);
	exit(2);
}

void *sim_allocate(size_t size)
{
	return wanted(__real_malloc(size));
}

void *sim_reallocate(void *pointer, size_t size)
{
	return wanted(__real_realloc(pointer, size));
}

void sim_release(void *pointer)
{
	__real_free(pointer);
}
