/*
 * Slots of a memory: found, taken, given up. May use what memory_table.h may.
 */
#include "cache/memory_table.h"

#include <string.h>

#include "name/name.h"

/* Octets of a slot for names of this length. */
#define STRIDE(length) ((offsetof(struct mxsel__slot, name) + (length) + \
	MXSEL__SLOT_UNIT - 1) / MXSEL__SLOT_UNIT * MXSEL__SLOT_UNIT)
#define SHORT_STRIDE STRIDE(MXSEL__SHORT_NAME)
#define LONG_STRIDE STRIDE(MXSEL__NAME_MAX)
_Static_assert(MXSEL__SLOT_UNIT % _Alignof(struct mxsel__slot) == 0,
	"slots lie where they may");
#define BUCKET sizeof(uint32_t) /* one for each slot */
#define LONG_SHARE 8u           /* of the memory, its part for long names */

/* Slots that a call looks at before it gives up: others wait for the lock. */
#define HAND_STEPS 64u
#define BROOM_STEPS 16u

/* ------------------------------------------------------------------- layout */

static void set_pool(struct mxsel__pool *pool, uint32_t first, size_t stride,
	size_t octets)
{
	pool->first = first;
	pool->units = (uint32_t)(stride / MXSEL__SLOT_UNIT);
	pool->count = (uint32_t)(octets / (stride + BUCKET));
}

void mxsel__part_divide(struct mxsel__part *part, size_t octets)
{
	size_t longer = octets / LONG_SHARE;
	struct mxsel__pool *pools = part->pools;

	set_pool(&pools[0], 0, SHORT_STRIDE, octets - longer);
	set_pool(&pools[1], pools[0].count * pools[0].units, LONG_STRIDE,
		longer);
	part->buckets = pools[0].count + pools[1].count;
}

size_t mxsel__part_slots_size(const struct mxsel__part *part)
{
	return (size_t)part->pools[0].count * SHORT_STRIDE +
		(size_t)part->pools[1].count * LONG_STRIDE;
}

uint64_t mxsel__part_octets(const struct mxsel__part *part)
{
	return part->pools[0].taken * (uint64_t)(SHORT_STRIDE + BUCKET) +
		part->pools[1].taken * (uint64_t)(LONG_STRIDE + BUCKET);
}

/* --------------------------------------------------------------------- time */

/* Is there no more use in it? */
static int is_over(const struct mxsel__slot *slot,
	const struct mxsel__when *when)
{
	if (slot->past.heard != 0)
		return !mxsel__past_is_known(&slot->past, when);
	return when->now - slot->asked >= when->refresh;
}

/* 2 to the power of -k/16, in 65536ths. */
static const uint32_t powers[] = {
	65536, 62757, 60097, 57549, 55109, 52773, 50535, 48393, 46341,
	44376, 42495, 40693, 38968, 37316, 35734, 34219, 32768
};

uint32_t mxsel__past_decayed(const struct mxsel__past *past,
	const struct mxsel__when *when)
{
	uint64_t halves; /* of the score, in 65536ths */
	uint32_t power, score = past->score, k;

	if (when->now > past->scored) {
		halves = ((when->now - past->scored) << 16) / when->half_life;
		if (halves >> 16 > 12) /* nothing is left of the highest */
			return 0;
		k = (uint32_t)(halves >> 12) & 15;
		power = powers[k] - ((powers[k] - powers[k + 1]) *
			(uint32_t)(halves & 4095) >> 12);
		score = (score * power) >> 16 >> (halves >> 16);
	}
	return score * 16 < MXSEL__SCORE_ONE ? 0 : score;
}

/* -------------------------------------------------------------------- slots */

static struct mxsel__slot *slot_at(const struct mxsel__part *part,
	uint32_t place)
{
	return (struct mxsel__slot *)(void *)(part->slots +
		(size_t)place * MXSEL__SLOT_UNIT);
}

static uint32_t place_of(const struct mxsel__pool *pool, uint32_t i)
{
	return pool->first + i * pool->units;
}

static struct mxsel__slot *slot_in(const struct mxsel__part *part,
	const struct mxsel__pool *pool, uint32_t i)
{
	return slot_at(part, place_of(pool, i));
}

uint32_t mxsel__part_slots(const struct mxsel__part *part)
{
	return part->pools[0].count + part->pools[1].fresh;
}

struct mxsel__slot *mxsel__part_slot(const struct mxsel__part *part,
	uint32_t number)
{
	const struct mxsel__pool *pool = &part->pools[0];
	struct mxsel__slot *slot;

	if (number >= pool->count) {
		number -= pool->count;
		pool++;
	}
	if (number >= pool->fresh)
		return NULL;
	slot = slot_in(part, pool, number);
	return slot->kind == 0 ? NULL : slot;
}

static uint32_t *bucket_of(const struct mxsel__part *part, uint32_t hash)
{
	return &part->index[(uint64_t)hash * part->buckets >> 32];
}

static int is_named(const struct mxsel__slot *slot,
	const struct mxsel__key *key)
{
	return slot->hash == (uint32_t)(key->hash >> 32) &&
		slot->kind == key->kind && slot->length == key->length &&
		memcmp(slot->name, key->name, key->length) == 0;
}

struct mxsel__slot *mxsel__part_find(const struct mxsel__part *part,
	const struct mxsel__key *key)
{
	uint32_t at = *bucket_of(part, (uint32_t)(key->hash >> 32));

	while (at != 0) {
		struct mxsel__slot *slot = slot_at(part, at - 1);

		if (slot->port == key->port && is_named(slot, key))
			return slot;
		at = slot->next;
	}
	return NULL;
}

/* Take the slot that *link leads to out of its chain, and leave it free. */
static void leave(struct mxsel__part *part, uint32_t *link)
{
	uint32_t place = *link - 1;
	struct mxsel__pool *pool = &part->pools[place >=
		part->pools[1].first];
	struct mxsel__slot *slot = slot_at(part, place);

	*link = slot->next;
	slot->kind = 0;
	slot->next = pool->freed;
	pool->freed = place + 1;
	pool->taken--;
}

static void give_up(struct mxsel__part *part, const struct mxsel__pool *pool,
	uint32_t i)
{
	uint32_t *link = bucket_of(part, slot_in(part, pool, i)->hash);

	while (*link != place_of(pool, i) + 1)
		link = &slot_at(part, *link - 1)->next;
	leave(part, link);
}

void mxsel__part_forget(struct mxsel__part *part,
	const struct mxsel__key *key)
{
	uint32_t *link = bucket_of(part, (uint32_t)(key->hash >> 32));

	while (*link != 0) {
		struct mxsel__slot *slot = slot_at(part, *link - 1);

		if (is_named(slot, key))
			leave(part, link);
		else
			link = &slot->next;
	}
}

void mxsel__part_clear(struct mxsel__part *part)
{
	int i;

	/* Pages of an index that was never used stay untouched. */
	if (part->pools[0].fresh > 0 || part->pools[1].fresh > 0)
		memset(part->index, 0, part->buckets * BUCKET);
	for (i = 0; i < 2; i++) {
		struct mxsel__pool *pool = &part->pools[i];

		pool->fresh = pool->freed = pool->taken = 0;
		pool->hand = pool->broom = 0;
	}
}

/* --------------------------------------------------------------------- room */

static uint32_t step(const struct mxsel__pool *pool, uint32_t *hand)
{
	uint32_t at = *hand;

	*hand = at + 1 == pool->count ? 0 : at + 1;
	return at;
}

/* All are taken: give up those that are over, of the next few. */
static void sweep(struct mxsel__part *part, struct mxsel__pool *pool,
	const struct mxsel__when *when)
{
	uint32_t i, at;

	for (i = 0; i < BROOM_STEPS; i++) {
		at = step(pool, &pool->broom);
		if (slot_in(part, pool, at)->kind != 0 &&
			is_over(slot_in(part, pool, at), when))
			give_up(part, pool, at);
	}
}

/* All are taken: give up the next of which nothing is known. 0: none near. */
static int give_up_unknown(struct mxsel__part *part, struct mxsel__pool *pool)
{
	uint32_t i, hand = pool->hand;

	for (i = 0; i < HAND_STEPS; i++) {
		uint32_t at = step(pool, &hand);

		if (slot_in(part, pool, at)->past.heard == 0) {
			give_up(part, pool, at);
			return 1;
		}
	}
	return 0;
}

/* All are known: give up the next that was not used of late. */
static void evict(struct mxsel__part *part, struct mxsel__pool *pool)
{
	uint32_t i, at, least = 0, use = MXSEL__USED_MAX + 1;

	for (i = 0; i < HAND_STEPS && use > 0; i++) {
		struct mxsel__slot *slot;

		at = step(pool, &pool->hand);
		slot = slot_in(part, pool, at);
		if (slot->used < use) {
			use = slot->used;
			least = at;
		}
		slot->used = slot->used > 0 ? (uint8_t)(slot->used - 1) : 0;
	}
	part->counts[MXSEL_MEMORY_EVICTED]++;
	give_up(part, pool, least);
}

/* Is one free, or could it be made so? */
static int make_room(struct mxsel__part *part, struct mxsel__pool *pool,
	const struct mxsel__when *when, int may_evict)
{
	if (pool->freed != 0 || pool->fresh < pool->count)
		return 1;
	sweep(part, pool, when);
	if (pool->freed != 0 || give_up_unknown(part, pool))
		return 1;
	if (may_evict)
		evict(part, pool);
	return may_evict;
}

/* The place of one that is free. */
static uint32_t take(struct mxsel__part *part, struct mxsel__pool *pool)
{
	uint32_t place;

	pool->taken++;
	if (pool->freed == 0)
		return place_of(pool, pool->fresh++);
	place = pool->freed - 1;
	pool->freed = slot_at(part, place)->next;
	return place;
}

struct mxsel__slot *mxsel__part_add(struct mxsel__part *part,
	const struct mxsel__key *key, const struct mxsel__when *when,
	int may_evict)
{
	struct mxsel__pool *pool =
		&part->pools[key->length > MXSEL__SHORT_NAME];
	uint32_t place, *bucket;
	struct mxsel__slot *slot;

	if (key->length > MXSEL__NAME_MAX ||
		!make_room(part, pool, when, may_evict))
		return NULL;
	place = take(part, pool);
	bucket = bucket_of(part, (uint32_t)(key->hash >> 32));
	slot = slot_at(part, place);
	memset(slot, 0, offsetof(struct mxsel__slot, name));
	slot->hash = (uint32_t)(key->hash >> 32);
	slot->kind = key->kind;
	slot->port = key->port;
	slot->length = (uint8_t)key->length;
	memcpy(slot->name, key->name, key->length);
	slot->next = *bucket;
	*bucket = place + 1;
	return slot;
}
