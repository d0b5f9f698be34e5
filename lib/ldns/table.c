/*
 * Questions by name and type, see table.h. May use public headers and libc
 * only.
 */
#include "ldns/table.h"

#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "ldns/question.h"

#define SLOTS_FIRST 64u

int mxsel__table_init(struct mxsel__table *t, uint64_t key)
{
	t->slots = calloc(SLOTS_FIRST, sizeof(t->slots[0]));
	t->mask = SLOTS_FIRST - 1;
	t->count = 0;
	t->key = key;
	return t->slots != NULL ? 0 : MXSEL_ENOMEM;
}

void mxsel__table_destroy(struct mxsel__table *t)
{
	free(t->slots);
	t->slots = NULL;
}

static uint64_t mix(uint64_t hash)
{
	hash ^= hash >> 32;
	hash *= 0xd6e8feb86659fd93u;
	hash ^= hash >> 32;
	return hash;
}

uint64_t mxsel__table_hash(const struct mxsel__table *t, const char *name,
	uint16_t type)
{
	size_t length = strlen(name);
	uint64_t hash = t->key ^ (length << 16 | type), part;

	for (; length >= 8; length -= 8, name += 8) {
		memcpy(&part, name, 8);
		hash = mix(hash ^ part) + t->key;
	}
	part = 0;
	memcpy(&part, name, length);
	return mix(mix(hash ^ part) ^ t->key);
}

struct mxsel__question *mxsel__table_find(const struct mxsel__table *t,
	uint64_t hash, const char *name, uint16_t type)
{
	struct mxsel__question *q = t->slots[hash & t->mask];
	const mxsel_query *query;

	for (; q != NULL; q = q->same) {
		if (q->hash != hash)
			continue;
		query = mxsel__question_query(q);
		if (mxsel_query_type(query) == type &&
				strcmp(mxsel_query_name(query), name) == 0)
			return q;
	}
	return NULL;
}

static void put(struct mxsel__question **slots, size_t mask,
	struct mxsel__question *q)
{
	q->same = slots[q->hash & mask];
	slots[q->hash & mask] = q;
}

static void grow(struct mxsel__table *t)
{
	size_t mask = t->mask * 2 + 1, i;
	struct mxsel__question **slots = calloc(mask + 1, sizeof(slots[0]));
	struct mxsel__question *q;

	if (slots == NULL)
		return; /* longer chains, then */
	for (i = 0; i <= t->mask; i++)
		while ((q = t->slots[i]) != NULL) {
			t->slots[i] = q->same;
			put(slots, mask, q);
		}
	free(t->slots);
	t->slots = slots;
	t->mask = mask;
}

void mxsel__table_add(struct mxsel__table *t, struct mxsel__question *q)
{
	if (t->count > t->mask)
		grow(t);
	put(t->slots, t->mask, q);
	t->count++;
}

void mxsel__table_remove(struct mxsel__table *t, struct mxsel__question *q)
{
	struct mxsel__question **link = &t->slots[q->hash & t->mask];

	while (*link != q)
		link = &(*link)->same;
	*link = q->same;
	t->count--;
}
