/*
 * Slots of a memory: found, taken, given up. May use what memory_table.h may.
 */
#include "cache/memory_table.h"

#include <string.h>

#include "name/name.h"

/* Octets of a slot for names of this length; the next one is aligned, too. */
#define STRIDE(length) ((offsetof(struct mxsel__slot, name) + (length) + \
	_Alignof(struct mxsel__slot) - 1) / _Alignof(struct mxsel__slot) * \
	_Alignof(struct mxsel__slot))
#define SHORT_STRIDE STRIDE(MXSEL__SHORT_NAME)
#define LONG_STRIDE STRIDE(MXSEL__NAME_MAX)
#define BUCKET sizeof(uint32_t) /* one for each slot */
#define LONG_SHARE 8u           /* of the memory, its part for long names */

/* Slots that a call looks at before it gives up: others wait for the lock. */
#define HAND_STEPS 64u
#define BROOM_STEPS 16u

/* ------------------------------------------------------------------- layout */

void mxsel__part_divide(struct mxsel__part *part, size_t octets)
{
	size_t longer = octets / LONG_SHARE;

	part->pools[0].stride = SHORT_STRIDE;
	part->pools[0].count = (uint32_t)((octets - longer) /
		(SHORT_STRIDE + BUCKET));
	part->pools[1].stride = LONG_STRIDE;
	part->pools[1].count = (uint32_t)(longer / (LONG_STRIDE + BUCKET));
	part->pools[1].first = part->pools[0].count;
	part->buckets = part->pools[0].count + part->pools[1].count;
}

size_t mxsel__part_slots_size(const struct mxsel__part *part)
{
	return (size_t)part->pools[0].count * SHORT_STRIDE +
		(size_t)part->pools[1].count * LONG_STRIDE;
}

void mxsel__part_place(struct mxsel__part *part, unsigned char *slots)
{
	part->pools[0].slots = slots;
	part->pools[1].slots = slots +
		(size_t)part->pools[0].count * SHORT_STRIDE;
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

uint32_t mxsel__past_score(const struct mxsel__past *past,
	const struct mxsel__when *when)
{
	uint64_t halves; /* of the score, in 65536ths */
	uint32_t power, score, k;

	if (past->score == 0)
		return 0;
	score = past->score;
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

uint32_t mxsel__past_age(const struct mxsel__past *past,
	const struct mxsel__when *when)
{
	uint64_t age = when->now < past->heard ? 0 : when->now - past->heard;

	return age > UINT32_MAX ? UINT32_MAX : (uint32_t)age;
}

/* -------------------------------------------------------------------- slots */

static struct mxsel__slot *slot_in(const struct mxsel__pool *pool, uint32_t i)
{
	return (struct mxsel__slot *)(void *)(pool->slots +
		(size_t)i * pool->stride);
}

static const struct mxsel__pool *pool_of(const struct mxsel__part *part,
	uint32_t number)
{
	return &part->pools[number >= part->pools[1].first];
}

static struct mxsel__slot *slot_at(const struct mxsel__part *part,
	uint32_t number)
{
	const struct mxsel__pool *pool = pool_of(part, number);

	return slot_in(pool, number - pool->first);
}

uint32_t mxsel__part_slots(const struct mxsel__part *part)
{
	return part->pools[1].first + part->pools[1].fresh;
}

struct mxsel__slot *mxsel__part_slot(const struct mxsel__part *part,
	uint32_t number)
{
	const struct mxsel__pool *pool = pool_of(part, number);
	struct mxsel__slot *slot;

	if (number - pool->first >= pool->fresh)
		return NULL;
	slot = slot_at(part, number);
	return slot->kind == 0 ? NULL : slot;
}

static uint32_t *bucket_of(const struct mxsel__part *part, uint32_t hash)
{
	return &part->index[(uint64_t)hash * part->buckets >> 32];
}

static int are_equal_8(const char *a, const char *b)
{
	uint64_t x, y;

	memcpy(&x, a, 8);
	memcpy(&y, b, 8);
	return x == y;
}

/* Names are short: a call to memcmp() would take longer. */
static int are_equal(const char *a, const char *b, size_t length)
{
	size_t at;

	if (length < 8)
		return memcmp(a, b, length) == 0;
	for (at = 0; at + 8 < length; at += 8)
		if (!are_equal_8(a + at, b + at))
			return 0;
	return are_equal_8(a + length - 8, b + length - 8);
}

static int is_named(const struct mxsel__slot *slot,
	const struct mxsel__key *key)
{
	return slot->hash == (uint32_t)(key->hash >> 32) &&
		slot->kind == key->kind && slot->length == key->length &&
		are_equal(slot->name, key->name, key->length);
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
	uint32_t number = *link - 1;
	struct mxsel__pool *pool = &part->pools[number >=
		part->pools[1].first];
	struct mxsel__slot *slot = slot_at(part, number);

	*link = slot->next;
	slot->kind = 0;
	slot->next = pool->freed;
	pool->freed = number + 1;
	pool->taken--;
}

static void give_up(struct mxsel__part *part, const struct mxsel__pool *pool,
	uint32_t i)
{
	uint32_t *link = bucket_of(part, slot_in(pool, i)->hash);

	while (*link != pool->first + i + 1)
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

	for (i = 0; i < BROOM_STEPS && i < pool->count; i++) {
		at = step(pool, &pool->broom);
		if (slot_in(pool, at)->kind != 0 &&
			is_over(slot_in(pool, at), when))
			give_up(part, pool, at);
	}
}

/* All are taken: give up the next of which nothing is known. 0: none near. */
static int give_up_unknown(struct mxsel__part *part, struct mxsel__pool *pool)
{
	uint32_t i, hand = pool->hand;

	for (i = 0; i < HAND_STEPS; i++) {
		uint32_t at = step(pool, &hand);

		if (slot_in(pool, at)->past.heard == 0) {
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
		slot = slot_in(pool, at);
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

/* The number of one that is free. */
static uint32_t take(struct mxsel__part *part, struct mxsel__pool *pool)
{
	uint32_t number = pool->freed - 1;

	pool->taken++;
	if (pool->freed == 0)
		return pool->first + pool->fresh++;
	pool->freed = slot_at(part, number)->next;
	return number;
}

struct mxsel__slot *mxsel__part_add(struct mxsel__part *part,
	const struct mxsel__key *key, const struct mxsel__when *when,
	int may_evict)
{
	struct mxsel__pool *pool =
		&part->pools[key->length > MXSEL__SHORT_NAME];
	uint32_t number, *bucket;
	struct mxsel__slot *slot;

	if (key->length > MXSEL__NAME_MAX ||
		!make_room(part, pool, when, may_evict))
		return NULL;
	number = take(part, pool);
	bucket = bucket_of(part, (uint32_t)(key->hash >> 32));
	slot = slot_at(part, number);
	memset(slot, 0, offsetof(struct mxsel__slot, name));
	slot->hash = (uint32_t)(key->hash >> 32);
	slot->kind = key->kind;
	slot->port = key->port;
	slot->length = (uint8_t)key->length;
	memcpy(slot->name, key->name, key->length);
	slot->next = *bucket;
	*bucket = number + 1;
	return slot;
}
