/*
 * The arena and the default allocator. Objects of a selection die together,
 * so nothing is freed singly and a reset costs nothing.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 1008u /* with its header 1 KiB */
#define ALIGNMENT 8u
#define KEEP 20480u /* octets of blocks that an empty arena keeps */

static void *with_malloc(void *pointer, size_t size, void *user)
{
	(void)user;
	if (size == 0) {
		free(pointer);
		return NULL;
	}
	return realloc(pointer, size);
}

const struct mxsel__allocator mxsel__malloc = { with_malloc, NULL };

void *mxsel__alloc(const struct mxsel__allocator *a, size_t size)
{
	return a->fn(NULL, size, a->user);
}

void mxsel__release(const struct mxsel__allocator *a, void *pointer)
{
	if (pointer != NULL)
		(void)a->fn(pointer, 0, a->user);
}

void mxsel__arena_init(struct mxsel__arena *arena,
	const struct mxsel__allocator *allocator, void *room, size_t size)
{
	arena->allocator = *allocator;
	arena->first = NULL;
	arena->room = room;
	arena->room_size = size;
	mxsel__arena_empty(arena);
}

static void free_blocks(struct mxsel__arena *arena,
	struct mxsel__block **link)
{
	struct mxsel__block *block = *link;

	*link = NULL;
	while (block != NULL) {
		struct mxsel__block *next = block->next;

		mxsel__release(&arena->allocator, block);
		block = next;
	}
}

/* One hostile answer must not make a long-lived object large for good. */
static void free_excess(struct mxsel__arena *arena)
{
	struct mxsel__block **link = &arena->first;
	size_t kept = 0;

	while (*link != NULL && kept + (*link)->size <= KEEP) {
		kept += (*link)->size;
		link = &(*link)->next;
	}
	free_blocks(arena, link);
}

void mxsel__arena_empty(struct mxsel__arena *arena)
{
	free_excess(arena);
	arena->current = NULL;
	arena->at = arena->room;
	arena->end = arena->room == NULL ? NULL
	                                 : arena->room + arena->room_size;
}

void mxsel__arena_free(struct mxsel__arena *arena)
{
	free_blocks(arena, &arena->first);
	mxsel__arena_empty(arena);
}

static void use_block(struct mxsel__arena *arena, struct mxsel__block *block)
{
	arena->current = block;
	arena->at = (unsigned char *)(block + 1);
	arena->end = arena->at + block->size;
}

/* Go to the next block that has room, or get one. */
static int more(struct mxsel__arena *arena, size_t size)
{
	struct mxsel__block **link = arena->current == NULL
		? &arena->first : &arena->current->next;
	size_t want = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	struct mxsel__block *block;

	if (*link == NULL || (*link)->size < size) {
		block = mxsel__alloc(&arena->allocator,
			sizeof(*block) + want);
		if (block == NULL)
			return -1;
		block->size = want;
		block->next = *link;
		*link = block;
	}
	use_block(arena, *link);
	return 0;
}

static size_t aligned(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

void *mxsel__arena_get(struct mxsel__arena *arena, size_t size)
{
	void *got;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = aligned(size + (size == 0));
	if ((arena->at == NULL || (size_t)(arena->end - arena->at) < size) &&
		more(arena, size) != 0)
		return NULL;
	got = arena->at;
	arena->at += size;
	return got;
}

void mxsel__arena_trim(struct mxsel__arena *arena, void *last, size_t size)
{
	arena->at = (unsigned char *)last + aligned(size);
}

void *mxsel__arena_zero(struct mxsel__arena *arena, size_t size)
{
	void *got = mxsel__arena_get(arena, size);

	if (got != NULL)
		memset(got, 0, size);
	return got;
}

char *mxsel__arena_text(struct mxsel__arena *arena, const char *text,
	size_t length)
{
	char *got = mxsel__arena_get(arena, length + 1);

	if (got != NULL) {
		memcpy(got, text, length);
		got[length] = '\0';
	}
	return got;
}
