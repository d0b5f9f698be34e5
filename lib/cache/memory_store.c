/*
 * Stores: where memories meet. Asked before equals are ordered, told of what
 * is reported; never with a lock held. May use base and name.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "cache/memory_inside.h"
#include "cache/memory_text.h"

#define ENTRIES_MAX 64u /* of mxsel_store_get() */

/* ------------------------------------------------------------------- object */

int mxsel_store_new(mxsel_store **out, mxsel_store_get_fn get,
	mxsel_store_record_fn record, void *user)
{
	mxsel_store *store;

	if (out == NULL || get == NULL || record == NULL)
		return MXSEL_EUSAGE;
	store = calloc(1, sizeof(*store));
	if (store == NULL)
		return MXSEL_ENOMEM;
	atomic_init(&store->owners, 1);
	store->get = get;
	store->record = record;
	store->user = user;
	*out = store;
	return MXSEL_OK;
}

int mxsel_store_set_release(mxsel_store *store, mxsel_release_fn release)
{
	if (store == NULL)
		return MXSEL_EUSAGE;
	store->release = release;
	return MXSEL_OK;
}

void mxsel_store_free(mxsel_store *store)
{
	if (store == NULL || atomic_fetch_sub(&store->owners, 1) != 1)
		return;
	if (store->release != NULL)
		store->release(store->user);
	mxsel_memory_free(store->shared);
	free(store);
}

int mxsel_store_get(mxsel_store *store, struct mxsel_memory_entry *entries,
	size_t count, uint32_t half_life, uint32_t budget)
{
	size_t i;

	if (store == NULL || entries == NULL)
		return MXSEL_EUSAGE;
	if (count > ENTRIES_MAX)
		return MXSEL_ERANGE;
	for (i = 0; i < count; i++)
		if (entries[i].port < 0 || entries[i].port > UINT16_MAX)
			return MXSEL_ERANGE;
	return store->get(entries, count, half_life, budget, store->user);
}

/* --------------------------------------------------------- one of a memory */

/* The time of the shared memory, by the half-life of who asks. */
static struct mxsel__part *enter_shared(const struct mxsel_memory *shared,
	const struct mxsel__key *key, struct mxsel__when *when,
	uint32_t half_life)
{
	mxsel__memory_begin(shared, when);
	when->half_life = half_life > 0 ? half_life : 1;
	return mxsel__memory_enter(shared, key, when);
}

static int ask_shared(struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life, uint32_t budget, void *user)
{
	const struct mxsel_memory *shared = user;
	union mxsel__key_room room;
	struct mxsel__key key;
	struct mxsel__when when;
	struct mxsel__part *part;
	struct mxsel__slot *slot;
	size_t i;

	(void)budget; /* a lock is all there is to wait for */
	for (i = 0; i < count; i++) {
		if (mxsel__memory_key_read(shared, &key, &room,
				entries[i].name, (unsigned)entries[i].port) !=
				MXSEL_OK)
			continue;
		part = enter_shared(shared, &key, &when, half_life);
		slot = mxsel__part_find(part, &key);
		if (slot != NULL &&
			mxsel__past_is_known(&slot->past, &when)) {
			if (slot->used < MXSEL__USED_MAX)
				slot->used++;
			mxsel__memory_show(&entries[i], &slot->past, &when);
		}
		mxsel__memory_leave(part);
	}
	return 0;
}

/* All but the score is as it was told; that one is counted here. */
static void record_in(struct mxsel__slot *slot,
	const struct mxsel_memory_entry *entry, int change,
	const struct mxsel__when *when)
{
	struct mxsel__past past;

	mxsel__memory_learn(&past, entry, when);
	past.score = mxsel__past_is_known(&slot->past, when)
		? mxsel__past_score(&slot->past, when) : 0;
	if (change == MXSEL_STORE_FAILED)
		mxsel__past_fail(&past, when);
	if (change == MXSEL_STORE_TALKED)
		past.score = 0;
	slot->past = past;
	mxsel__slot_changed(slot);
}

static void record_shared(const struct mxsel_memory_entry *entry, int change,
	uint32_t half_life, void *user)
{
	struct mxsel_memory *shared = user;
	union mxsel__key_room room;
	struct mxsel__key key;
	struct mxsel__when when;
	struct mxsel__part *part;
	struct mxsel__slot *slot;

	if (mxsel__memory_key_read(shared, &key, &room, entry->name,
			(unsigned)entry->port) != MXSEL_OK)
		return;
	part = enter_shared(shared, &key, &when, half_life);
	if (change == MXSEL_STORE_FORGOTTEN) {
		mxsel__part_forget(part, &key);
	} else {
		slot = mxsel__part_find(part, &key);
		if (slot == NULL)
			slot = mxsel__part_add(part, &key, &when, 1);
		if (slot != NULL)
			record_in(slot, entry, change, &when);
	}
	mxsel__memory_leave(part);
}

int mxsel_store_new_memory(mxsel_store **out, mxsel_memory *shared)
{
	int rc;

	if (shared == NULL)
		return MXSEL_EUSAGE;
	rc = mxsel_store_new(out, ask_shared, record_shared, shared);
	if (rc != MXSEL_OK)
		return rc;
	mxsel__memory_hold(shared);
	(*out)->shared = shared;
	return MXSEL_OK;
}

/* -------------------------------------------------------------- of a memory */

/* Another store has said nothing yet. */
static void ask_anew(struct mxsel__part *part)
{
	uint32_t i, n = mxsel__part_slots(part);

	for (i = 0; i < n; i++) {
		struct mxsel__slot *slot = mxsel__part_slot(part, i);

		if (slot != NULL)
			slot->asked = 0;
	}
}

/* Is the store this memory, or one that has such a store, and so on? They
   would keep each other alive for ever. */
static int leads_to(const mxsel_store *store, const mxsel_memory *memory)
{
	while (store != NULL && store->shared != memory)
		store = store->shared == NULL ? NULL : store->shared->store;
	return store != NULL;
}

int mxsel_memory_set_store(mxsel_memory *memory, mxsel_store *store)
{
	uint32_t i;

	if (memory == NULL || leads_to(store, memory))
		return MXSEL_EUSAGE;
	if (store == memory->store)
		return MXSEL_OK;
	if (store != NULL)
		atomic_fetch_add(&store->owners, 1);
	mxsel_store_free(memory->store);
	memory->store = store;
	for (i = 0; i < memory->parts; i++)
		ask_anew(&memory->part[i].part);
	return MXSEL_OK;
}

int mxsel__memory_note(const struct mxsel_memory *memory,
	struct mxsel_memory_entry *note, const struct mxsel__key *key,
	const struct mxsel__past *past, const struct mxsel__when *when)
{
	if (memory->store == NULL)
		return 0;
	mxsel__memory_show_key(note, key);
	mxsel__memory_show(note, past, when);
	return 1;
}

void mxsel__memory_tell_store(const struct mxsel_memory *memory,
	const struct mxsel_memory_entry *note, int change,
	const struct mxsel__when *when)
{
	memory->store->record(note, change, when->half_life,
		memory->store->user);
}

/* ---------------------------------------------------------------------- ask */

/* Did the store set anything, is it sound, and about what it was asked? */
static int is_told(struct mxsel_memory_entry *sound,
	const struct mxsel_memory_entry *entry, const struct mxsel__key *key)
{
	struct mxsel_memory_entry asked;

	if (mxsel__memory_entry_check(sound, entry) != MXSEL_OK)
		return 0;
	mxsel__memory_show_key(&asked, key);
	if (sound->kind != asked.kind || sound->port != asked.port ||
		strcmp(sound->name, asked.name) != 0)
		return 0; /* what is of hosts must not come to an address */
	return sound->outcomes[0] != 0 || sound->score != 0 ||
		sound->age != 0 || sound->code != 0 || sound->works != 0 ||
		sound->turn != 0 || sound->doubt != 0 ||
		sound->again[0] != '\0';
}

/* What the store said of one, or did not: entry is NULL where it failed. */
static void take_in(struct mxsel_memory *memory,
	const struct mxsel__asking *asking, size_t i,
	const struct mxsel_memory_entry *entry, struct mxsel__when *when)
{
	struct mxsel_memory_entry sound;
	struct mxsel__key key;
	struct mxsel__part *part;
	struct mxsel__slot *slot;
	int told;
	uint32_t score;

	mxsel__memory_known_key(memory, &key, &asking->known[i]);
	told = entry != NULL && is_told(&sound, entry, &key);
	part = mxsel__memory_enter(memory, &key, when);
	slot = mxsel__part_find(part, &key);
	if (slot == NULL)
		slot = mxsel__part_add(part, &key, when, told);
	if (slot != NULL) {
		/* What was reported meanwhile the store does not know yet. */
		if (told && slot->version == asking->known[i].version) {
			/* Nor that its turn was taken. */
			if (slot->past.turn == 0 &&
				sound.turn == asking->known[i].turn)
				sound.turn = 0;
			score = mxsel__past_score(&slot->past, when);
			mxsel__memory_learn(&slot->past, &sound, when);
			/* Somebody else may have begun to probe it. */
			if (sound.score > score)
				mxsel__slot_changed(slot);
		}
		slot->asked = when->now;
	}
	mxsel__memory_fill(&asking->known[i], slot, when);
	mxsel__memory_leave(part);
}

/* Those wanted, as entries, and where they are in the look-up; how many. */
static size_t gather(const struct mxsel_memory *memory,
	const struct mxsel__asking *asking, struct mxsel_memory_entry *entries,
	uint8_t *which)
{
	struct mxsel__key key;
	size_t i, n = 0;

	for (i = 0; i < MXSEL__KNOWN_MAX; i++) {
		if ((asking->wanted >> i & 1) == 0)
			continue;
		which[n] = (uint8_t)i;
		mxsel__memory_known_key(memory, &key, &asking->known[i]);
		mxsel__memory_show_key(&entries[n++], &key);
	}
	return n;
}

/* 0: the store set what it knows. */
static int ask(struct mxsel_memory *memory, struct mxsel_memory_entry *entries,
	size_t n, const struct mxsel__when *when, uint32_t budget)
{
	int rc = -1;

	if (entries != NULL)
		rc = memory->store->get(entries, n, when->half_life, budget,
			memory->store->user);
	atomic_fetch_add(&memory->counts[MXSEL_MEMORY_ASKED], 1);
	if (rc != 0)
		atomic_fetch_add(&memory->counts[MXSEL_MEMORY_UNANSWERED], 1);
	return rc;
}

/* One that did not answer was waited for to the end. */
static void count_waited(uint32_t *waited, uint32_t budget, int rc,
	uint64_t took)
{
	*waited += rc != 0 || took > budget ? budget : (uint32_t)took;
}

void mxsel__memory_ask(struct mxsel_memory *memory,
	const struct mxsel__asking *asking, struct mxsel__when *when)
{
	uint8_t which[MXSEL__KNOWN_MAX];
	struct mxsel_memory_entry *entries;
	uint32_t budget = mxsel__memory_get_setting(memory,
		MXSEL_MEMORY_BUDGET);
	uint64_t began = when->raw;
	size_t i, n = 0;
	int rc;

	for (i = 0; i < MXSEL__KNOWN_MAX; i++)
		n += asking->wanted >> i & 1;
	/* Too much for a small stack; where there is no memory for it, what is
	   known here counts. */
	entries = malloc(n * sizeof(*entries));
	n = entries == NULL ? 0 : gather(memory, asking, entries, which);
	budget = budget > *asking->waited ? budget - *asking->waited : 0;
	rc = ask(memory, entries, n, when, budget);
	mxsel__memory_begin(memory, when);
	count_waited(asking->waited, budget, rc,
		when->raw > began ? when->raw - began : 0);
	for (i = 0; i < n; i++)
		take_in(memory, asking, which[i], rc == 0 ? &entries[i] : NULL,
			when);
	free(entries);
}
