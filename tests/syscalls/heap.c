/*
 * The program's own malloc(), see heap.h. May use libc only.
 */
#define _GNU_SOURCE

#include "syscalls/heap.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "support/own_malloc.h"

static _Thread_local struct {
	size_t calls, fail_at, failed;
	int on;
	enum heap_scope scope;
} heap;

static atomic_size_t blocks;

void heap_fail(size_t request, int on, enum heap_scope scope)
{
	heap.calls = heap.failed = 0;
	heap.fail_at = request;
	heap.on = on;
	heap.scope = scope;
}

size_t heap_failed(void)
{
	return heap.failed;
}

size_t heap_blocks(void)
{
	return atomic_load(&blocks);
}

#ifdef MALLOC_IS_TAKEN

int heap_is_ours(void)
{
	return 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *pointer, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);

void *__wrap_malloc(size_t size)
{
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *pointer, size_t size)
{
	return __real_realloc(pointer, size);
}

#else

int heap_is_ours(void)
{
	return 1;
}

static int fails(enum heap_scope who)
{
	if (heap.fail_at == 0 || who != heap.scope)
		return 0;
	heap.calls++;
	if (heap.calls < heap.fail_at ||
			(heap.calls > heap.fail_at && !heap.on))
		return 0;
	heap.failed++;
	errno = ENOMEM;
	return 1;
}

static void *counted(void *block)
{
	if (block != NULL)
		atomic_fetch_add(&blocks, 1);
	return block;
}

static void *give(enum heap_scope who, size_t size)
{
	return fails(who) ? NULL : counted(__libc_malloc(size));
}

static void *give_zeroed(enum heap_scope who, size_t count, size_t size)
{
	return fails(who) ? NULL : counted(__libc_calloc(count, size));
}

static void *resize(enum heap_scope who, void *pointer, size_t size)
{
	if (pointer == NULL)
		return give(who, size);
	return fails(who) ? NULL : __libc_realloc(pointer, size);
}

void *malloc(size_t size)
{
	return give(HEAP_ALL, size);
}

void *calloc(size_t count, size_t size)
{
	return give_zeroed(HEAP_ALL, count, size);
}

void *realloc(void *pointer, size_t size)
{
	return resize(HEAP_ALL, pointer, size);
}

/* What the linker makes of a call in a statically linked library. */
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);

void *__wrap_malloc(size_t size)
{
	return give(heap.scope, size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return give_zeroed(heap.scope, count, size);
}

void *__wrap_realloc(void *pointer, size_t size)
{
	return resize(heap.scope, pointer, size);
}

void free(void *pointer)
{
	if (pointer != NULL)
		atomic_fetch_sub(&blocks, 1);
	__libc_free(pointer);
}

#endif
