/*
 * Where the entry of a name lies. A name may stand in one of two buckets, so
 * that the index can be nearly full; of the place that is not needed to find
 * the entry, a slot keeps some bits of the hash, so that hardly any other
 * entry is looked at. May use what shard.h may.
 */
#include "cache/shard.h"

#include <limits.h>
#include <string.h>

#include "cache/hash.h"

struct seat {
	_Atomic uint32_t *bucket[2];
	uint32_t tag;
};

/* High and low half choose a bucket each by their high ends. */
static struct seat seat_of(const struct mxsel__shard *s, uint64_t hash)
{
	uint64_t high = hash >> 32, low = hash & UINT32_MAX;
	struct seat seat;

	seat.bucket[0] = s->index + (high * s->buckets >> 32) * MXSEL__BUCKET;
	seat.bucket[1] = s->index + (low * s->buckets >> 32) * MXSEL__BUCKET;
	seat.tag = (uint32_t)(hash >> 6) << s->place_bits;
	return seat;
}

static _Atomic uint32_t *slot_at(const struct seat *seat, uint32_t i)
{
	return &seat->bucket[i / MXSEL__BUCKET][i % MXSEL__BUCKET];
}

#if defined __GNUC__
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address) (void)(address)
#endif

/*
 * The two buckets of a name are the memory that is least likely near: in a
 * cache of any size they are what a look waits for.
 */
void mxsel__index_expect(const struct mxsel__shard *s, uint64_t hash)
{
	struct seat seat = seat_of(s, hash);

	FETCH(seat.bucket[0]);
	FETCH(seat.bucket[1]);
}

void mxsel__index_expect_entry(const struct mxsel__shard *s, uint64_t hash)
{
	struct seat seat = seat_of(s, hash);
	uint32_t i, slot;

	for (i = 0; i < 2 * MXSEL__BUCKET; i++) {
		slot = atomic_load_explicit(slot_at(&seat, i),
			memory_order_relaxed);
		if (slot != 0 && (slot ^ seat.tag) >> s->place_bits == 0)
			FETCH(s->ring + mxsel__index_place(s, slot));
	}
}

uint32_t mxsel__index_place(const struct mxsel__shard *s, uint32_t slot)
{
	return (slot & ((UINT32_C(1) << s->place_bits) - 1)) - 1;
}

uint32_t mxsel__index_slot(const struct mxsel__shard *s, uint64_t hash,
	uint32_t place)
{
	return (uint32_t)(hash >> 6) << s->place_bits | (place + 1);
}

static int is_named(struct mxsel__piece *p, const struct mxsel__look *look)
{
	return p->length == look->length &&
		memcmp(mxsel__piece_name(p), look->name, look->length) == 0;
}

static _Atomic uint32_t *search(const struct mxsel__shard *s,
	_Atomic uint32_t *bucket, uint32_t tag,
	const struct mxsel__look *look)
{
	uint32_t i;

	for (i = 0; i < MXSEL__BUCKET; i++) {
		uint32_t slot = bucket[i];

		if (slot == 0 || (slot ^ tag) >> s->place_bits != 0)
			continue;
		if (is_named(mxsel__piece_at(s, mxsel__index_place(s, slot)),
			look))
			return &bucket[i];
	}
	return NULL;
}

_Atomic uint32_t *mxsel__index_find(const struct mxsel__shard *s,
	const struct mxsel__look *look)
{
	struct seat seat = seat_of(s, look->hash);
	_Atomic uint32_t *slot = search(s, seat.bucket[0], seat.tag, look);

	return slot != NULL ? slot
	                    : search(s, seat.bucket[1], seat.tag, look);
}

static uint64_t hash_of(const struct mxsel__shard *s, uint32_t place)
{
	struct mxsel__piece *p = mxsel__piece_at(s, place);

	return mxsel__cache_hash(s->key, (const char *)mxsel__piece_name(p),
		p->length);
}

/* All slots that a name may have, by number: in one of them it is. */
_Atomic uint32_t *mxsel__index_of(const struct mxsel__shard *s,
	uint32_t place)
{
	uint64_t hash = hash_of(s, place);
	struct seat seat = seat_of(s, hash);
	uint32_t wanted = mxsel__index_slot(s, hash, place);
	uint32_t i = 0;

	while (i < 2 * MXSEL__BUCKET - 1 && *slot_at(&seat, i) != wanted)
		i++;
	return slot_at(&seat, i);
}

static _Atomic uint32_t *free_slot(_Atomic uint32_t *bucket, uint32_t *taken)
{
	_Atomic uint32_t *found = NULL;
	uint32_t i;

	*taken = 0;
	for (i = 0; i < MXSEL__BUCKET; i++) {
		if (bucket[i] == 0)
			found = &bucket[i];
		else
			++*taken;
	}
	return found;
}

/* One whose name has room in its other bucket, and goes there; or NULL. */
static _Atomic uint32_t *displace(const struct mxsel__shard *s,
	const struct seat *seat)
{
	uint32_t i, side, taken;

	for (i = 0; i < 2 * MXSEL__BUCKET; i++) {
		_Atomic uint32_t *slot = slot_at(seat, i);
		struct seat its = seat_of(s, hash_of(s,
			mxsel__index_place(s, *slot)));

		for (side = 0; side < 2; side++) {
			_Atomic uint32_t *other =
				free_slot(its.bucket[side], &taken);

			if (other == NULL)
				continue;
			*other = *slot;
			*slot = 0;
			return slot;
		}
	}
	return NULL;
}

/* Of those in whose place it may stand, one that is over or asked for least. */
static _Atomic uint32_t *least_used(const struct mxsel__shard *s,
	const struct seat *seat, const struct mxsel__look *look, unsigned *use)
{
	_Atomic uint32_t *least = NULL;
	uint32_t i;

	*use = UINT_MAX;
	for (i = 0; i < 2 * MXSEL__BUCKET; i++) {
		_Atomic uint32_t *slot = slot_at(seat, i);
		struct mxsel__piece *p = mxsel__piece_at(s,
			mxsel__index_place(s, *slot));
		unsigned its = mxsel__piece_is_useful(p, look) ? 1u + p->hits
		                                               : 0;

		if (its < *use) {
			*use = its;
			least = slot;
		}
	}
	return least;
}

_Atomic uint32_t *mxsel__index_add(struct mxsel__shard *s,
	const struct mxsel__look *look)
{
	struct seat seat = seat_of(s, look->hash);
	uint32_t taken[2];
	_Atomic uint32_t *a = free_slot(seat.bucket[0], &taken[0]);
	_Atomic uint32_t *b = free_slot(seat.bucket[1], &taken[1]);
	unsigned use;

	if (a != NULL && taken[0] <= taken[1])
		return a; /* as it is where the other one is full */
	if (b != NULL)
		return b;
	a = least_used(s, &seat, look, &use);
	b = use > 0 ? displace(s, &seat) : NULL;
	if (b != NULL)
		return b;
	mxsel__shard_evict(s, a, look);
	return a;
}
