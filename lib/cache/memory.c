/*
 * The memory of hosts as an object: made, set, counted, given back. All of it
 * is one block, taken at once and touched where it is needed. May use base
 * and name.
 */
#define _POSIX_C_SOURCE 200809L

#include "cache/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "cache/hash.h"
#include "cache/locks.h"
#include "cache/memory_inside.h"

#define BYTES_MIN 65536u
#define BYTES_MAX (UINT64_C(1) << 32)
#define PARTS_MAX 64u
#define BYTES_OF_PART 65536u /* at least */
#define LINE MXSEL__LINE

_Static_assert(offsetof(struct mxsel__part, lock) == 0, "locks.h");

/* ---------------------------------------------------------------- new, free */

/* In the order of the numbers. */
static const struct {
	int least, most, at_first;
} settings[] = {
	{ 0, 0, 0 },
	{ 1, 86400, 30 },
	{ 0, 1000, 5 },
	{ 60, 2592000, 86400 },
	{ 0, 3600000, 1000 },
	{ 0, 1000, 5 },
	{ 0, 1, 0 },
};

/* Parts, then the slots of each, then their indexes. */
static void divide(mxsel_memory *memory, unsigned char *block, size_t bytes)
{
	size_t odd = (uintptr_t)block % LINE;
	size_t at = mxsel__line_after(sizeof(*memory) + odd) - odd;
	uint64_t birth = memory->clock(memory->user);
	size_t each;
	uint32_t i;

	memory->part = (union mxsel__part_room *)(void *)(block + at);
	at += memory->parts * sizeof(*memory->part);
	each = (bytes - at) / memory->parts;
	for (i = 0; i < memory->parts; i++) {
		struct mxsel__part *part = &memory->part[i].part;

		part->birth = part->raw = birth;
		mxsel__part_divide(part, each);
		part->slots = block + at;
		at += mxsel__part_slots_size(part);
	}
	for (i = 0; i < memory->parts; i++) {
		struct mxsel__part *part = &memory->part[i].part;

		part->index = (uint32_t *)(void *)(block + at);
		at += part->buckets * sizeof(part->index[0]);
	}
}

int mxsel_memory_new(mxsel_memory **out, size_t bytes, mxsel_clock_fn clock,
	void *user)
{
	uint64_t wanted = bytes, key[2];
	mxsel_memory *memory;
	int i;

	if (out == NULL || clock == NULL)
		return MXSEL_EUSAGE;
	if (wanted < BYTES_MIN || wanted > BYTES_MAX)
		return MXSEL_ERANGE;
	if (mxsel__random_seed(&key[0]) != 0 ||
		mxsel__random_seed(&key[1]) != 0)
		return MXSEL_EENTROPY;
	memory = calloc(1, bytes); /* zeroed pages cost nothing until used */
	if (memory == NULL)
		return MXSEL_ENOMEM;
	atomic_init(&memory->owners, 1);
	for (i = 1; i <= MXSEL_MEMORY_READ_ONLY; i++)
		atomic_init(&memory->settings[i], settings[i].at_first);
	for (i = 0; i <= MXSEL_MEMORY_UNANSWERED; i++)
		atomic_init(&memory->counts[i], 0);
	memory->clock = clock;
	memory->user = user;
	memcpy(memory->key, key, sizeof(key));
	memory->parts = mxsel__parts_for(bytes, BYTES_OF_PART,
		PARTS_MAX);
	divide(memory, (unsigned char *)memory, bytes);
	if (mxsel__locks_make(memory->part, sizeof(*memory->part),
		memory->parts) != MXSEL_OK) {
		free(memory);
		return MXSEL_ENOMEM;
	}
	*out = memory;
	return MXSEL_OK;
}

void mxsel__memory_hold(mxsel_memory *memory)
{
	atomic_fetch_add(&memory->owners, 1);
}

void mxsel_memory_free(mxsel_memory *memory)
{
	if (memory == NULL || atomic_fetch_sub(&memory->owners, 1) != 1)
		return;
	mxsel_store_free(memory->store);
	mxsel__locks_destroy(memory->part, sizeof(*memory->part),
		memory->parts);
	free(memory);
}

/* ----------------------------------------------------------------- settings */

int mxsel_memory_set(mxsel_memory *memory, int setting, int value)
{
	if (memory == NULL)
		return MXSEL_EUSAGE;
	if (setting < MXSEL_MEMORY_HALF_LIFE ||
		setting > MXSEL_MEMORY_READ_ONLY ||
		value < settings[setting].least ||
		value > settings[setting].most)
		return MXSEL_ERANGE;
	atomic_store(&memory->settings[setting], value);
	return MXSEL_OK;
}

uint32_t mxsel__memory_get_setting(const mxsel_memory *memory, int setting)
{
	return (uint32_t)atomic_load_explicit(&memory->settings[setting],
		memory_order_relaxed);
}

uint32_t mxsel__memory_explore(const mxsel_memory *memory)
{
	return mxsel__memory_get_setting(memory, MXSEL_MEMORY_EXPLORE);
}

/* --------------------------------------------------------------------- time */

uint64_t mxsel__memory_time(const mxsel_memory *memory)
{
	return memory->clock(memory->user);
}

void mxsel__memory_begin(const mxsel_memory *memory, struct mxsel__when *when)
{
	when->raw = mxsel__memory_time(memory);
	when->now = 0;
	when->keep = (uint64_t)mxsel__memory_get_setting(memory,
		MXSEL_MEMORY_KEEP) * 1000;
	when->refresh = mxsel__memory_get_setting(memory,
		MXSEL_MEMORY_REFRESH);
	when->half_life = 1000 * mxsel__memory_get_setting(memory,
		MXSEL_MEMORY_HALF_LIFE);
}

/* --------------------------------------------------------------- statistics */

void mxsel__memory_count_behind(mxsel_memory *memory, unsigned count)
{
	atomic_fetch_add_explicit(&memory->counts[MXSEL_MEMORY_BEHIND], count,
		memory_order_relaxed);
}

static uint64_t known_in(const struct mxsel__part *part,
	const struct mxsel__when *when)
{
	uint32_t i, n = mxsel__part_slots(part);
	uint64_t known = 0;

	for (i = 0; i < n; i++) {
		const struct mxsel__slot *slot = mxsel__part_slot(part, i);

		known += slot != NULL &&
			mxsel__past_is_known(&slot->past, when);
	}
	return known;
}

static uint64_t counter(const struct mxsel__part *part, int which,
	const struct mxsel__when *when)
{
	if (which == MXSEL_MEMORY_ENTRIES)
		return known_in(part, when);
	if (which == MXSEL_MEMORY_BYTES)
		return mxsel__part_octets(part);
	return part->counts[which];
}

uint64_t mxsel_memory_statistic(const mxsel_memory *memory, int which)
{
	struct mxsel__when when;
	uint64_t sum;
	uint32_t i;

	if (memory == NULL || which < MXSEL_MEMORY_ENTRIES ||
		which > MXSEL_MEMORY_UNANSWERED)
		return 0;
	sum = atomic_load_explicit(&memory->counts[which],
		memory_order_relaxed);
	if (which == MXSEL_MEMORY_BYTES)
		sum = sizeof(*memory) + memory->parts * sizeof(*memory->part);
	mxsel__memory_begin(memory, &when);
	for (i = 0; i < memory->parts; i++) {
		struct mxsel__part *part = mxsel__memory_enter_part(memory, i,
			&when);

		sum += counter(part, which, &when);
		mxsel__memory_leave(part);
	}
	return sum;
}
