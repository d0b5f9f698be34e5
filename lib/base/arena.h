/*
 * Memory of one selection: a supplied allocator, and an arena on top of it
 * whose blocks are kept when it is emptied. May use libc only.
 */
#ifndef MXSEL_BASE_ARENA_H
#define MXSEL_BASE_ARENA_H

#include <stddef.h>

#include <mxsel/mxsel.h>

struct mxsel__allocator {
	mxsel_alloc_fn fn;
	void *user;
};

struct mxsel__block {
	struct mxsel__block *next;
	size_t size; /* octets after this header */
};

struct mxsel__arena {
	struct mxsel__allocator allocator;
	struct mxsel__block *first;   /* blocks from the allocator */
	struct mxsel__block *current; /* the one in use; NULL: the own room */
	unsigned char *room;          /* first room, not the arena's to free */
	size_t room_size;
	unsigned char *at, *end;      /* what is left of the one in use */
};

extern const struct mxsel__allocator mxsel__malloc;

void *mxsel__alloc(const struct mxsel__allocator *a, size_t size);
void mxsel__release(const struct mxsel__allocator *a, void *pointer);

/* room may be NULL with size 0; else it must be aligned to 8. */
void mxsel__arena_init(struct mxsel__arena *arena,
	const struct mxsel__allocator *allocator, void *room, size_t size);

/* Not zeroed, aligned to 8; NULL when there is no memory. */
void *mxsel__arena_get(struct mxsel__arena *arena, size_t size);

/* The same, zeroed. */
void *mxsel__arena_zero(struct mxsel__arena *arena, size_t size);

/* A NUL-terminated copy of length octets. */
char *mxsel__arena_text(struct mxsel__arena *arena, const char *text,
	size_t length);

/* The piece got last needs only its first size octets. */
void mxsel__arena_trim(struct mxsel__arena *arena, void *last, size_t size);

/* Forget what was got; keep blocks of up to 20 KiB. */
void mxsel__arena_empty(struct mxsel__arena *arena);

/* Give the blocks back; the arena can be used on. */
void mxsel__arena_free(struct mxsel__arena *arena);

#endif
