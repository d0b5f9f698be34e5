/*
 * A malloc() that counts what is out, see heap.h. It stands before the C
 * library's own, so that the library's memory and that of ldns count alike.
 * May use libc.
 */
#include "faults/heap.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "support/own_malloc.h"

#ifdef MALLOC_IS_TAKEN
long heap_blocks(void)
{
	return -1;
}
#else
static atomic_long blocks;

static void *counted(void *block)
{
	if (block != NULL)
		atomic_fetch_add(&blocks, 1);
	return block;
}

void *malloc(size_t size)
{
	return counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return counted(__libc_calloc(count, size));
}

void *realloc(void *pointer, size_t size)
{
	void *block = __libc_realloc(pointer, size);

	if (pointer == NULL)
		return counted(block);
	if (block == NULL && size == 0)
		atomic_fetch_sub(&blocks, 1);
	return block;
}

void free(void *pointer)
{
	if (pointer != NULL)
		atomic_fetch_sub(&blocks, 1);
	__libc_free(pointer);
}

long heap_blocks(void)
{
	return atomic_load(&blocks);
}
#endif
