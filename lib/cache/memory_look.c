/*
 * What selections do with a memory: look hosts and addresses up, try one
 * again that failed, and take a family's turn. May use base and name.
 */
#define _POSIX_C_SOURCE 200809L

#include "cache/memory.h"

#include <string.h>

#include "cache/memory_inside.h"

#define KEYS_MAX 8u /* at a time */

/* --------------------------------------------------------------------- look */

void mxsel__memory_known_key(const struct mxsel_memory *memory,
	struct mxsel__key *key, const struct mxsel__known *k)
{
	mxsel__memory_key(memory, key, k->kind, k->name, k->length, k->port);
}

void mxsel__memory_fill(struct mxsel__known *k, const struct mxsel__slot *slot,
	const struct mxsel__when *when)
{
	const struct mxsel__past *past;

	k->is_known = slot != NULL &&
		mxsel__past_is_known(&slot->past, when);
	k->version = slot == NULL ? (uint8_t)0 : slot->version;
	if (!k->is_known) {
		k->last = k->works = k->turn = k->doubt = 0;
		k->again_length = 0;
		k->score = k->age = 0;
		return;
	}
	past = &slot->past;
	k->last = past->outcomes[0];
	k->works = past->works;
	k->turn = past->turn;
	k->doubt = past->doubt;
	k->again_length = past->again_length;
	memcpy(k->again, past->again, sizeof(k->again));
	k->score = mxsel__past_score(past, when);
	k->age = mxsel__past_age(past, when);
}

/* Has a store nothing to say of it any more? */
static int is_due(const struct mxsel__slot *slot,
	const struct mxsel__when *when)
{
	return slot == NULL || slot->asked == 0 ||
		when->now - slot->asked >= when->refresh;
}

static void look(struct mxsel_memory *memory, struct mxsel__asking *asking,
	size_t i, const struct mxsel__key *key, struct mxsel__when *when)
{
	struct mxsel__part *part = mxsel__memory_enter(memory, key, when);
	struct mxsel__slot *slot = mxsel__part_find(part, key);

	if (slot != NULL && slot->past.heard != 0 &&
		slot->used < MXSEL__USED_MAX)
		slot->used++;
	mxsel__memory_fill(&asking->known[i], slot, when);
	if (memory->store != NULL && asking->waited != NULL &&
		is_due(slot, when))
		asking->wanted |= UINT64_C(1) << i;
	mxsel__memory_leave(part);
}

/* Hashes first, one beside the other: a lock would make each wait. */
static void look_some(struct mxsel_memory *memory,
	struct mxsel__asking *asking, size_t first, size_t n,
	struct mxsel__when *when)
{
	struct mxsel__key keys[KEYS_MAX];
	size_t i;

	n = n < KEYS_MAX ? n : KEYS_MAX;
	for (i = 0; i < n; i++)
		mxsel__memory_known_key(memory, &keys[i],
			&asking->known[first + i]);
	for (i = 0; i < n; i++)
		look(memory, asking, first + i, &keys[i], when);
}

int mxsel__memory_look(struct mxsel_memory *memory, struct mxsel__known *k,
	size_t n)
{
	uint32_t waited = 0;

	return mxsel__memory_look_on(memory, k, n, &waited);
}

int mxsel__memory_look_on(struct mxsel_memory *memory, struct mxsel__known *k,
	size_t n, uint32_t *waited)
{
	struct mxsel__asking asking = { k, 0, waited };
	struct mxsel__when when;
	unsigned known = 0;
	size_t i;

	mxsel__memory_begin(memory, &when);
	for (i = 0; i < n; i += KEYS_MAX)
		look_some(memory, &asking, i, n - i, &when);
	if (asking.wanted != 0)
		mxsel__memory_ask(memory, &asking, &when);
	for (i = 0; i < n; i++)
		known |= k[i].is_known;
	return (int)known;
}

void mxsel__memory_entry(struct mxsel_memory_entry *out,
	const struct mxsel__known *k)
{
	struct mxsel__key key = { k->name, 0, k->length, k->port, k->kind };
	struct mxsel__past past;
	struct mxsel__when now = { 0, 0, 0, 0, 1 };

	memset(&past, 0, sizeof(past));
	mxsel__memory_show_key(out, &key);
	if (!k->is_known)
		return;
	past.outcomes[0] = k->last;
	past.works = k->works;
	past.turn = k->turn;
	past.doubt = k->doubt;
	past.again_length = k->again_length;
	memcpy(past.again, k->again, sizeof(past.again));
	past.score = k->score;
	mxsel__memory_show(out, &past, &now);
	out->age = k->age;
}

/* ------------------------------------------------------------- probe, turn */

/* The slot of one that is known; NULL: none. */
static struct mxsel__slot *find(const struct mxsel__part *part,
	const struct mxsel__key *key, const struct mxsel__when *when)
{
	struct mxsel__slot *slot = mxsel__part_find(part, key);

	return slot == NULL || !mxsel__past_is_known(&slot->past, when)
		? NULL : slot;
}

int mxsel__memory_probe(struct mxsel_memory *memory,
	const struct mxsel__known *k)
{
	struct mxsel_memory_entry note;
	struct mxsel__key key;
	struct mxsel__when when;
	struct mxsel__slot *slot;
	struct mxsel__part *part;
	int told = 0, result = 2;

	mxsel__memory_begin(memory, &when);
	mxsel__memory_known_key(memory, &key, k);
	part = mxsel__memory_enter(memory, &key, &when);
	slot = find(part, &key, &when);
	/* One that talks by now, or is gone, is no probe. */
	if (slot != NULL && mxsel__past_score(&slot->past, &when) > 0)
		result = slot->version == k->version;
	else
		slot = NULL;
	if (slot != NULL && result) {
		mxsel__past_fail(&slot->past, &when);
		mxsel__slot_changed(slot);
		part->counts[MXSEL_MEMORY_PROBES]++;
		told = mxsel__memory_note(memory, &note, &key, &slot->past,
			&when);
	}
	mxsel__memory_leave(part);
	if (told)
		mxsel__memory_tell_store(memory, &note, MXSEL_STORE_FAILED,
			&when);
	return result;
}

int mxsel__memory_turned(struct mxsel_memory *memory,
	const struct mxsel__known *k)
{
	struct mxsel_memory_entry note;
	struct mxsel__key key;
	struct mxsel__when when;
	struct mxsel__slot *slot;
	struct mxsel__part *part;
	int told = 0, taken = 0;

	mxsel__memory_begin(memory, &when);
	mxsel__memory_known_key(memory, &key, k);
	part = mxsel__memory_enter(memory, &key, &when);
	slot = find(part, &key, &when);
	if (slot != NULL && slot->past.turn != 0 &&
		slot->past.turn == k->turn) {
		slot->past.turn = 0;
		taken = 1;
		told = mxsel__memory_note(memory, &note, &key, &slot->past,
			&when);
	}
	mxsel__memory_leave(part);
	if (told)
		mxsel__memory_tell_store(memory, &note, MXSEL_STORE_NOTED,
			&when);
	return taken;
}

void mxsel__memory_unprobe(struct mxsel_memory *memory,
	const struct mxsel__known *k)
{
	struct mxsel__key key;
	struct mxsel__when when;
	struct mxsel__slot *slot;
	struct mxsel__part *part;

	mxsel__memory_begin(memory, &when);
	mxsel__memory_known_key(memory, &key, k);
	part = mxsel__memory_enter(memory, &key, &when);
	slot = find(part, &key, &when);
	/* What was reported since counts. */
	if (slot != NULL && slot->version ==
		mxsel__version_after(k->version)) {
		slot->past.score = k->score;
		slot->past.scored = when.now;
		slot->version = k->version;
		part->counts[MXSEL_MEMORY_PROBES]--;
	}
	mxsel__memory_leave(part);
}

void mxsel__memory_unturned(struct mxsel_memory *memory,
	const struct mxsel__known *k)
{
	struct mxsel__key key;
	struct mxsel__when when;
	struct mxsel__slot *slot;
	struct mxsel__part *part;

	mxsel__memory_begin(memory, &when);
	mxsel__memory_known_key(memory, &key, k);
	part = mxsel__memory_enter(memory, &key, &when);
	slot = find(part, &key, &when);
	if (slot != NULL && slot->version == k->version)
		slot->past.turn = k->turn;
	mxsel__memory_leave(part);
}
