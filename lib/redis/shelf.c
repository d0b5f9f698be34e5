/*
 * Late answers and lost outcomes, see shelf.h. May use libc.
 */
#include "redis/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "redis/clock.h"

#define GOOD_FOR (2000u * (uint64_t)MXSEL__RD_MS)
/* Behind them the highest score counts no more (mxsel_memory(3)). */
#define HALF_LIVES 6u

/* FNV-1a, 32 bit. Who makes keys collide loses late answers, no more. */
static uint32_t hash_of(const char *text, size_t length)
{
	uint32_t hash = 2166136261u;
	size_t i;

	for (i = 0; i < length; i++)
		hash = (uint32_t)((uint64_t)(hash ^ (unsigned char)text[i]) *
			16777619u & UINT32_MAX);
	return hash;
}

static size_t place_of(const char *text, size_t length)
{
	return hash_of(text, length) % MXSEL__RD_SHELF;
}

static void empty(struct mxsel__rd_shelf *shelf, size_t place)
{
	struct mxsel__rd_late *late = shelf->places[place];

	if (late == NULL)
		return;
	shelf->places[place] = NULL;
	free(late->answer);
	free(late);
}

void mxsel__rd_shelf_destroy(struct mxsel__rd_shelf *shelf)
{
	size_t i;

	for (i = 0; i < MXSEL__RD_SHELF; i++)
		empty(shelf, i);
}

void mxsel__rd_shelf_told(struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_key *key, uint64_t sequence)
{
	size_t place = place_of(key->text, key->length);

	shelf->told[place] = sequence;
	empty(shelf, place);
}

void mxsel__rd_shelf_lost(struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_key *key, uint32_t half_life, uint64_t now)
{
	uint32_t hash = hash_of(key->text, key->length);
	struct mxsel__rd_loss *loss = &shelf->lost[hash % MXSEL__RD_LOST];

	loss->hash = hash;
	loss->until = now + (uint64_t)half_life * MXSEL__RD_MS * HALF_LIVES;
}

void mxsel__rd_shelf_taken(struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_key *key)
{
	uint32_t hash = hash_of(key->text, key->length);
	struct mxsel__rd_loss *loss = &shelf->lost[hash % MXSEL__RD_LOST];

	if (loss->hash == hash)
		loss->until = 0;
}

int mxsel__rd_shelf_is_behind(const struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_key *key, uint64_t now)
{
	uint32_t hash = hash_of(key->text, key->length);
	const struct mxsel__rd_loss *loss =
		&shelf->lost[hash % MXSEL__RD_LOST];

	return loss->hash == hash && now < loss->until;
}

void mxsel__rd_shelf_put(struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_key *key, uint64_t sequence,
	uint32_t half_life, char *answer, uint64_t now)
{
	size_t place = place_of(key->text, key->length);
	struct mxsel__rd_late *late = NULL;

	if (shelf->told[place] < sequence)
		late = malloc(sizeof *late + key->length);
	if (late == NULL) {
		free(answer);
		return;
	}
	late->when = now;
	late->half_life = half_life;
	late->port = key->port;
	late->key_length = key->length;
	late->answer = answer;
	memcpy(late->key, key->text, key->length);
	empty(shelf, place);
	shelf->places[place] = late;
}

struct mxsel__rd_late *mxsel__rd_shelf_find(
	const struct mxsel__rd_shelf *shelf, const struct mxsel__rd_key *key,
	uint32_t half_life, uint64_t now)
{
	struct mxsel__rd_late *late;

	late = shelf->places[place_of(key->text, key->length)];
	if (late == NULL || late->key_length != key->length ||
			late->port != key->port ||
			late->half_life != half_life ||
			memcmp(late->key, key->text, key->length) != 0 ||
			now > late->when + GOOD_FOR)
		return NULL;
	return late;
}

void mxsel__rd_shelf_take(struct mxsel__rd_shelf *shelf,
	const struct mxsel__rd_late *late)
{
	size_t place = place_of(late->key, late->key_length);

	shelf->places[place] = NULL;
}
