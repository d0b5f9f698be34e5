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
	return slot == NULL || when->now - slot->asked >= when->refresh;
}

static void look(struct mxsel_memory *memory, struct mxsel__asking *asking,
	size_t i, const struct mxsel__key *key, struct mxsel__when *when)
{
	struct mxsel__part *part = mxsel__memory_enter(memory, key, when);
	struct mxsel__slot *slot = mxsel__part_find(part, key);

	if (slot != NULL && slot->used < MXSEL__USED_MAX)
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

/* One that was looked up, and its part, which is locked. */
struct visit {
	struct mxsel_memory *memory;
	struct mxsel__part *part;
	struct mxsel__slot *slot; /* NULL: it is not known any more */
	struct mxsel__key key;
	struct mxsel__when when;
};

static void enter(struct visit *v, struct mxsel_memory *memory,
	const struct mxsel__known *k)
{
	v->memory = memory;
	mxsel__memory_begin(memory, &v->when);
	mxsel__memory_known_key(memory, &v->key, k);
	v->part = mxsel__memory_enter(memory, &v->key, &v->when);
	v->slot = mxsel__part_find(v->part, &v->key);
	if (v->slot != NULL &&
		!mxsel__past_is_known(&v->slot->past, &v->when))
		v->slot = NULL;
}

/* change: MXSEL_STORE_*, of which a store is told; 0: of nothing. */
static void leave(struct visit *v, int change)
{
	struct mxsel_memory_entry note;
	int told = change != 0 && mxsel__memory_note(v->memory, &note,
		&v->key, &v->slot->past, &v->when);

	mxsel__memory_leave(v->part);
	if (told)
		mxsel__memory_tell_store(v->memory, &note, change, &v->when);
}

int mxsel__memory_probe(struct mxsel_memory *memory,
	const struct mxsel__known *k)
{
	struct visit v;
	int change = 0, result = 2;

	enter(&v, memory, k);
	/* One that talks by now, or is gone, is no probe. */
	if (v.slot != NULL && mxsel__past_score(&v.slot->past, &v.when) > 0)
		result = v.slot->version == k->version;
	if (result == 1) {
		mxsel__past_fail(&v.slot->past, &v.when);
		mxsel__slot_changed(v.slot);
		v.part->counts[MXSEL_MEMORY_PROBES]++;
		change = MXSEL_STORE_FAILED;
	}
	leave(&v, change);
	return result;
}

int mxsel__memory_is_read_only(const struct mxsel_memory *memory)
{
	return mxsel__memory_get_setting(memory, MXSEL_MEMORY_READ_ONLY) != 0;
}

int mxsel__memory_turned(struct mxsel_memory *memory,
	const struct mxsel__known *k)
{
	struct visit v;
	int taken;

	enter(&v, memory, k);
	taken = v.slot != NULL && v.slot->past.turn == k->turn;
	if (taken)
		v.slot->past.turn = 0;
	leave(&v, taken ? MXSEL_STORE_NOTED : 0);
	return taken;
}

void mxsel__memory_unprobe(struct mxsel_memory *memory,
	const struct mxsel__known *k)
{
	struct visit v;

	enter(&v, memory, k);
	/* What was reported since counts. */
	if (v.slot != NULL && v.slot->version ==
		mxsel__version_after(k->version)) {
		v.slot->past.score = k->score;
		v.slot->past.scored = v.when.now;
		v.slot->version = k->version;
		v.part->counts[MXSEL_MEMORY_PROBES]--;
	}
	leave(&v, 0);
}

void mxsel__memory_unturned(struct mxsel_memory *memory,
	const struct mxsel__known *k)
{
	struct visit v;
	int change = 0;

	enter(&v, memory, k);
	if (v.slot != NULL && v.slot->version == k->version) {
		v.slot->past.turn = k->turn;
		change = MXSEL_STORE_NOTED; /* as it was told of the other */
	}
	leave(&v, change);
}
