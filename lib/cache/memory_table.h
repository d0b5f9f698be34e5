/*
 * A part of a memory that has its own lock, index and slots. A host or
 * address belongs to one part, and all that is known of it lies in one slot
 * there, which never moves. Nothing here locks: whoever calls holds the lock.
 * May use base and name.
 *
 * Slots are of two sizes, for short names and for long ones. Where all of a
 * size are taken a hand goes around: what was used since it last came is
 * spared, what was not is forgotten.
 */
#ifndef MXSEL_CACHE_MEMORY_TABLE_H
#define MXSEL_CACHE_MEMORY_TABLE_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/memory.h"

#define MXSEL__SHORT_NAME 56u  /* octets that a short slot has for a name */
#define MXSEL__USED_MAX 3u     /* so often a slot is spared */

/* What is remembered of one. Times are those of the part. */
struct mxsel__past {
	uint64_t heard;  /* when the last outcome came; 0: nothing is known */
	uint64_t scored; /* when the score was as it says */
	uint32_t score;
	uint16_t code;
	uint8_t works, turn, doubt;
	uint8_t again_length;
	uint8_t again[16];
	uint8_t outcomes[MXSEL_MEMORY_OUTCOMES];
};

struct mxsel__slot {
	struct mxsel__past past;
	uint64_t asked;  /* when a store was asked; 0: never */
	uint32_t next;   /* place + 1: in its chain, or of the free ones */
	uint32_t hash;   /* its high half */
	uint16_t port;
	uint8_t length;  /* of the name */
	uint8_t kind;    /* MXSEL_MEMORY_*; 0: free */
	uint8_t used;    /* 0..MXSEL__USED_MAX */
	uint8_t version; /* another one whenever an outcome was counted */
	char name[];     /* or an address */
};

/* What is looked for. */
struct mxsel__key {
	const char *name;
	uint64_t hash;
	uint16_t length, port;
	uint8_t kind;
};

/* The time of a call, and what counts by it, in milliseconds. */
struct mxsel__when {
	uint64_t raw; /* as the clock says */
	uint64_t now; /* as the part says that is entered */
	uint64_t keep, refresh;
	uint32_t half_life;
};

/* All slots of one size. A place counts units of 8 octets. */
#define MXSEL__SLOT_UNIT 8u
struct mxsel__pool {
	uint32_t first;  /* the place of its first slot */
	uint32_t units;  /* of a slot */
	uint32_t count;
	uint32_t fresh;  /* from here on none was ever taken */
	uint32_t freed;  /* place + 1 of one that was given back */
	uint32_t taken;
	uint32_t hand;   /* looks for what may go */
	uint32_t broom;  /* looks for what is over */
};

struct mxsel__part {
	pthread_mutex_t lock;
	uint32_t *index;    /* place + 1 of the first in the chain */
	unsigned char *slots;
	uint32_t buckets;
	struct mxsel__pool pools[2]; /* short, long */
	uint64_t birth;     /* what the clock said first */
	uint64_t raw;       /* what it said last */
	uint64_t skew;      /* by how much it has gone back */
	uint64_t counts[MXSEL_MEMORY_UNANSWERED + 1];
};

/* What an entry can be older than the memory itself. */
#define MXSEL__EPOCH (UINT64_C(1) << 33)

/*
 * Calls ask the clock before they have the lock, so one may bring a time
 * that is older than another's: that much is no step back.
 */
#define MXSEL__OVERTAKEN 1000u

/* The time as the part counts it: never back, never 0. */
static inline uint64_t mxsel__part_now(struct mxsel__part *part, uint64_t raw)
{
	if (raw < part->raw && part->raw - raw <= MXSEL__OVERTAKEN)
		raw = part->raw;
	/* A step back is as if no time had passed; then time goes on. */
	if (raw < part->raw)
		part->skew += part->raw - raw;
	part->raw = raw;
	return raw + part->skew - part->birth + MXSEL__EPOCH;
}

/* How many slots there are in so many octets, indexes included. */
void mxsel__part_divide(struct mxsel__part *part, size_t octets);

/* Octets of the slots of both sizes. */
size_t mxsel__part_slots_size(const struct mxsel__part *part);

/* The slot, which may be known or not any more; NULL: there is none. */
struct mxsel__slot *mxsel__part_find(const struct mxsel__part *part,
	const struct mxsel__key *key);

/*
 * An empty slot for a key that has none; may_evict: even in the place of one
 * that is known. NULL: there is no room, or no name is so long.
 */
struct mxsel__slot *mxsel__part_add(struct mxsel__part *part,
	const struct mxsel__key *key, const struct mxsel__when *when,
	int may_evict);

/* This name at every port. */
void mxsel__part_forget(struct mxsel__part *part,
	const struct mxsel__key *key);
void mxsel__part_clear(struct mxsel__part *part);

/* All slots that were ever taken have numbers below this one. */
uint32_t mxsel__part_slots(const struct mxsel__part *part);
/* The slot of a number, which stays the same; NULL: there is none now. */
struct mxsel__slot *mxsel__part_slot(const struct mxsel__part *part,
	uint32_t number);

/* Octets of slots that are taken, with their share of the index. */
uint64_t mxsel__part_octets(const struct mxsel__part *part);

/* Was anything heard of it, and not too long ago? */
static inline int mxsel__past_is_known(const struct mxsel__past *past,
	const struct mxsel__when *when)
{
	return past->heard != 0 && (past->heard > when->now ||
		when->now - past->heard <= when->keep);
}

/* The score now, of one that is not 0. */
uint32_t mxsel__past_decayed(const struct mxsel__past *past,
	const struct mxsel__when *when);

static inline uint32_t mxsel__past_score(const struct mxsel__past *past,
	const struct mxsel__when *when)
{
	return past->score == 0 ? 0 : mxsel__past_decayed(past, when);
}

/* Milliseconds since the last outcome. */
static inline uint32_t mxsel__past_age(const struct mxsel__past *past,
	const struct mxsel__when *when)
{
	uint64_t age = when->now < past->heard ? 0 : when->now - past->heard;

	return age > UINT32_MAX ? UINT32_MAX : (uint32_t)age;
}

#endif
