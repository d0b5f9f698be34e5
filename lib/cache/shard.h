/*
 * A part of the cache that has its own lock, index and memory. A name belongs
 * to one shard, and all that is known of it lies in one entry there. Nothing
 * here locks: whoever calls holds the lock. May use base and name.
 *
 * Entries lie one behind the other in a ring, in units of 8 octets. Where the
 * ring is full the hand goes on from its oldest end: what was asked for since
 * the hand last came moves to the young end, what was not is dropped. So
 * there is no fragmentation, and room comes in the order of age. An entry
 * that grows is written anew; what it leaves is used for the next of its
 * size.
 */
#ifndef MXSEL_CACHE_SHARD_H
#define MXSEL_CACHE_SHARD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/cache.h"

#define MXSEL__UNIT 8u
#define MXSEL__BUCKET 8u      /* slots in a bucket of the index */
#define MXSEL__SIZES 65u      /* pieces of fewer units are used again */
#define MXSEL__ENTRY_MAX 8192u
#define MXSEL__HITS_MAX 3u    /* so often an entry is spared */

/* What stands first in each piece of the ring: one unit. */
struct mxsel__piece {
	unsigned units : 16;
	unsigned length : 8;   /* of the name */
	unsigned state : 2;    /* enum mxsel__piece_state */
	unsigned hits : 2;     /* 0..MXSEL__HITS_MAX */
	unsigned sections : 4;
	unsigned char rest[4]; /* an entry: the name, then its sections */
};
#define MXSEL__PIECE_HEAD 4u
#define MXSEL__SECTIONS_MAX 15u

enum mxsel__piece_state {
	MXSEL__PIECE_ENTRY = 1,
	MXSEL__PIECE_LEFT, /* free for the next of its size */
	MXSEL__PIECE_PAD   /* the end of the ring, too short for what came */
};

struct mxsel__shard {
	pthread_mutex_t lock;
	uint64_t key[2];            /* of the hash */
	struct mxsel__piece *ring;
	/* Slots: 0, or a tag and a place + 1. Read without lock by those who
	   only want to have them near. */
	_Atomic uint32_t *index;
	uint32_t units, buckets;    /* beyond the units: MXSEL__SLACK */
	uint32_t place_bits;        /* of a slot */
	uint32_t head, tail, used;  /* written next, oldest, units between */
	uint32_t left[MXSEL__SIZES]; /* place + 1 of a piece of this size */
	uint32_t names, live;       /* entries, their units */
	uint64_t raw;               /* what the clock said last */
	uint64_t skew;              /* by how much it has gone back */
	uint64_t hits, misses, stale_hits, stored, evicted;
};

/* What a call looks for, and when. */
struct mxsel__look {
	const char *name;
	size_t length;
	uint16_t type;
	uint64_t hash;
	uint64_t now;   /* of this shard, milliseconds */
	uint64_t stale; /* milliseconds that an answer outlives its end */
};

/* Octets of index and ring that a shard makes of its share of memory. */
void mxsel__shard_divide(struct mxsel__shard *s, size_t octets);

/* The time as the shard counts it: never back, whatever the clock says. */
uint64_t mxsel__shard_now(struct mxsel__shard *s, uint64_t raw,
	uint64_t birth);

int mxsel__shard_find(struct mxsel__shard *s, const struct mxsel__look *look,
	int stale, struct mxsel__cached *out);
/* As mxsel__cache_find_host(). */
int mxsel__shard_find_host(struct mxsel__shard *s, struct mxsel__look *look,
	struct mxsel__cached *v6, struct mxsel__cached *v4);
void mxsel__shard_keep(struct mxsel__shard *s, const struct mxsel__look *look,
	const unsigned char *section);
void mxsel__shard_forget(struct mxsel__shard *s,
	const struct mxsel__look *look);
void mxsel__shard_clear(struct mxsel__shard *s);

/* Octets in use, the index's share of each name included. */
uint64_t mxsel__shard_octets(const struct mxsel__shard *s);

/* ---------------------------------------------------------- index.c, ring.c */

static inline struct mxsel__piece *mxsel__piece_at(
	const struct mxsel__shard *s, uint32_t place)
{
	return s->ring + place;
}

static inline unsigned char *mxsel__piece_name(struct mxsel__piece *p)
{
	return (unsigned char *)p + MXSEL__PIECE_HEAD;
}

static inline unsigned char *mxsel__piece_sections(struct mxsel__piece *p)
{
	return mxsel__piece_name(p) + p->length;
}

/* Is there anything in an entry that may still be used? */
int mxsel__piece_is_useful(struct mxsel__piece *p,
	const struct mxsel__look *look);

/* The slot of a name; NULL: not there. */
_Atomic uint32_t *mxsel__index_find(const struct mxsel__shard *s,
	const struct mxsel__look *look);

/* Fetch the buckets of a hash ahead of the look; no lock is needed. */
void mxsel__index_expect(const struct mxsel__shard *s, uint64_t hash);
/* Then the entry, when the buckets are there. */
void mxsel__index_expect_entry(const struct mxsel__shard *s, uint64_t hash);

/* A slot for a name that has none, made free when need be. */
_Atomic uint32_t *mxsel__index_add(struct mxsel__shard *s,
	const struct mxsel__look *look);

/* The slot of the entry at this place. */
_Atomic uint32_t *mxsel__index_of(const struct mxsel__shard *s, uint32_t place);

uint32_t mxsel__index_place(const struct mxsel__shard *s, uint32_t slot);
uint32_t mxsel__index_slot(const struct mxsel__shard *s, uint64_t hash,
	uint32_t place);

/* Room for so many units; UINT32_MAX: none now. Entries may have moved. */
uint32_t mxsel__ring_take(struct mxsel__shard *s, uint32_t units,
	const struct mxsel__look *look);

/* Leave the piece at this place to the next of its size. */
void mxsel__ring_leave(struct mxsel__shard *s, uint32_t place);

/* Give the entry of this slot up for room. */
void mxsel__shard_evict(struct mxsel__shard *s, _Atomic uint32_t *slot,
	const struct mxsel__look *look);

#endif
