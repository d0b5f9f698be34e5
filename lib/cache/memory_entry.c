/*
 * What is known of one host or address as users see it: asked for, put, given
 * one after the other, forgotten. May use base and name.
 */
#define _POSIX_C_SOURCE 200809L

#include <string.h>

#include "cache/memory_inside.h"
#include "cache/memory_text.h"

#define CHUNK 256u /* slots that are looked through with the lock held */

/* --------------------------------------------------------------------- keys */

int mxsel__memory_key_read(const struct mxsel_memory *memory,
	struct mxsel__key *key, union mxsel__key_room *room, const char *name,
	unsigned port)
{
	size_t length = strlen(name);

	if (mxsel__address_parse(&room->address, name, length) == MXSEL_OK) {
		mxsel__memory_key(memory, key, MXSEL_MEMORY_ADDRESS,
			room->address.bytes, room->address.length, port);
		return MXSEL_OK;
	}
	if (mxsel__name_parse(room->text, &length, name, length) !=
		MXSEL__NAME_GOOD)
		return MXSEL_ESYNTAX;
	mxsel__memory_key(memory, key, MXSEL_MEMORY_HOST, room->text, length,
		port);
	return MXSEL_OK;
}

/* ------------------------------------------------------------------ entries */

static void show_address(char *out, const void *bytes, size_t length)
{
	struct mxsel__address address;

	memset(&address, 0, sizeof(address));
	memcpy(address.bytes, bytes, length);
	address.length = (uint8_t)length;
	(void)mxsel__address_format(out, &address);
}

void mxsel__memory_show_key(struct mxsel_memory_entry *out,
	const struct mxsel__key *key)
{
	memset(out, 0, sizeof(*out));
	out->kind = key->kind;
	out->port = key->port;
	if (key->kind == MXSEL_MEMORY_ADDRESS)
		show_address(out->name, key->name, key->length);
	else
		memcpy(out->name, key->name, key->length);
}

void mxsel__memory_show(struct mxsel_memory_entry *out,
	const struct mxsel__past *past, const struct mxsel__when *when)
{
	out->score = mxsel__past_score(past, when);
	out->age = mxsel__past_age(past, when);
	memcpy(out->outcomes, past->outcomes, sizeof(out->outcomes));
	out->code = past->code;
	out->works = past->works;
	out->turn = past->turn;
	out->doubt = past->doubt;
	if (past->again_length > 0)
		show_address(out->again, past->again, past->again_length);
}

void mxsel__memory_learn(struct mxsel__past *past,
	const struct mxsel_memory_entry *entry,
	const struct mxsel__when *when)
{
	struct mxsel__address again;

	memset(past, 0, sizeof(*past));
	past->heard = when->now - entry->age;
	past->scored = when->now;
	past->score = entry->score;
	past->code = (uint16_t)entry->code;
	past->works = (uint8_t)entry->works;
	past->turn = (uint8_t)entry->turn;
	past->doubt = (uint8_t)entry->doubt;
	memcpy(past->outcomes, entry->outcomes, sizeof(past->outcomes));
	if (mxsel__address_parse(&again, entry->again,
			strlen(entry->again)) == MXSEL_OK) {
		past->again_length = again.length;
		memcpy(past->again, again.bytes, sizeof(past->again));
	}
}

/* ----------------------------------------------------------------- get, put */

int mxsel_memory_get(const mxsel_memory *memory, const char *name, int port,
	struct mxsel_memory_entry *out)
{
	union mxsel__key_room room;
	struct mxsel__key key;
	struct mxsel__when when;
	struct mxsel__part *part;
	const struct mxsel__slot *slot;
	int is_known;

	if (memory == NULL || name == NULL || out == NULL)
		return MXSEL_EUSAGE;
	if (mxsel__memory_key_read(memory, &key, &room, name,
			(unsigned)port) != MXSEL_OK)
		return MXSEL_ESYNTAX;
	if (port < 1 || port > 65535)
		return MXSEL_ERANGE;
	mxsel__memory_begin(memory, &when);
	part = mxsel__memory_enter(memory, &key, &when);
	slot = mxsel__part_find(part, &key);
	is_known = slot != NULL && mxsel__past_is_known(&slot->past, &when);
	if (is_known) {
		mxsel__memory_show_key(out, &key);
		mxsel__memory_show(out, &slot->past, &when);
	}
	mxsel__memory_leave(part);
	return is_known;
}

/* An entry by how much older; what is not as young as what is known. */
struct putting {
	const struct mxsel_memory_entry *entry;
	uint64_t older;
	int only_younger;
};

/* What is put, as it is remembered. */
static void learn(struct mxsel__past *past, const struct putting *p,
	const struct mxsel__when *when)
{
	/* Whatever is older than this was forgotten long ago. */
	uint64_t older = p->older < UINT32_MAX ? p->older : UINT32_MAX;

	mxsel__memory_learn(past, p->entry, when);
	past->heard -= older;
	past->scored -= older;
	past->score = mxsel__past_score(past, when);
	past->scored = when->now;
}

static void put(struct mxsel_memory *memory, const struct mxsel__key *key,
	const struct putting *p)
{
	struct mxsel__when when;
	struct mxsel__past past;
	struct mxsel__part *part;
	struct mxsel__slot *slot;
	int is_wanted;

	mxsel__memory_begin(memory, &when);
	part = mxsel__memory_enter(memory, key, &when);
	learn(&past, p, &when);
	slot = mxsel__part_find(part, key);
	/* What is not known any more, or was not yet, is older than that. */
	is_wanted = slot == NULL || !p->only_younger ||
		past.heard > slot->past.heard;
	if (slot == NULL && mxsel__past_is_known(&past, &when))
		slot = mxsel__part_add(part, key, &when, 1);
	if (slot != NULL && is_wanted) {
		slot->past = past;
		mxsel__slot_changed(slot);
	}
	mxsel__memory_leave(part);
}

static int put_checked(struct mxsel_memory *memory, struct putting *p)
{
	union mxsel__key_room room;
	struct mxsel_memory_entry sound;
	struct mxsel__key key;
	int rc;

	rc = mxsel__memory_entry_check(&sound, p->entry);
	if (rc == MXSEL_OK)
		rc = mxsel__memory_key_read(memory, &key, &room, sound.name,
			(unsigned)sound.port);
	if (rc != MXSEL_OK)
		return rc;
	p->entry = &sound;
	put(memory, &key, p);
	return MXSEL_OK;
}

int mxsel_memory_put(mxsel_memory *memory,
	const struct mxsel_memory_entry *entry)
{
	struct putting p = { entry, 0, 0 };

	if (memory == NULL || entry == NULL)
		return MXSEL_EUSAGE;
	return put_checked(memory, &p);
}

int mxsel__memory_merge(struct mxsel_memory *memory,
	const struct mxsel_memory_entry *entry, uint64_t older)
{
	struct putting p = { entry, older, 1 };

	return put_checked(memory, &p);
}

/* --------------------------------------------------------------------- next */

static void key_of(struct mxsel__key *key, const struct mxsel__slot *slot)
{
	key->name = slot->name;
	key->hash = 0;
	key->length = slot->length;
	key->port = slot->port;
	key->kind = slot->kind;
}

/* The next of a part, of the next few; *number is behind it then. */
static int next_of(const struct mxsel__part *part, uint32_t *number,
	const struct mxsel__when *when, struct mxsel_memory_entry *out)
{
	uint32_t end = mxsel__part_slots(part);
	struct mxsel__key key;

	if (*number < end && end - *number > CHUNK)
		end = *number + CHUNK;
	while (*number < end) {
		const struct mxsel__slot *slot =
			mxsel__part_slot(part, (*number)++);

		if (slot == NULL || !mxsel__past_is_known(&slot->past, when))
			continue;
		key_of(&key, slot);
		mxsel__memory_show_key(out, &key);
		mxsel__memory_show(out, &slot->past, when);
		return 1;
	}
	return 0;
}

int mxsel_memory_next(const mxsel_memory *memory, uint64_t *place,
	struct mxsel_memory_entry *out)
{
	struct mxsel__when when;
	struct mxsel__part *part;
	uint32_t number;
	int found = 0, is_more;

	if (memory == NULL || place == NULL || out == NULL)
		return MXSEL_EUSAGE;
	mxsel__memory_begin(memory, &when);
	while (!found && *place >> 32 < memory->parts) {
		number = (uint32_t)*place;
		part = mxsel__memory_enter_part(memory,
			(uint32_t)(*place >> 32), &when);
		found = next_of(part, &number, &when, out);
		is_more = number < mxsel__part_slots(part);
		mxsel__memory_leave(part);
		*place = is_more ? (*place >> 32) << 32 | number
		                 : ((*place >> 32) + 1) << 32;
	}
	return found;
}

/* ------------------------------------------------------------------- forget */

static void forget_all(struct mxsel_memory *memory)
{
	uint32_t i;

	for (i = 0; i < memory->parts; i++) {
		struct mxsel__part *part = &memory->part[i].part;

		(void)pthread_mutex_lock(&part->lock);
		mxsel__part_clear(part);
		mxsel__memory_leave(part);
	}
}

int mxsel_memory_forget(mxsel_memory *memory, const char *name)
{
	union mxsel__key_room room;
	struct mxsel_memory_entry note;
	struct mxsel__key key;
	struct mxsel__when when;
	struct mxsel__part *part;

	if (memory == NULL)
		return MXSEL_EUSAGE;
	if (name == NULL) {
		forget_all(memory);
		return MXSEL_OK;
	}
	if (mxsel__memory_key_read(memory, &key, &room, name, 0) != MXSEL_OK)
		return MXSEL_ESYNTAX;
	mxsel__memory_begin(memory, &when);
	part = mxsel__memory_enter(memory, &key, &when);
	mxsel__part_forget(part, &key);
	mxsel__memory_leave(part);
	if (memory->store == NULL)
		return MXSEL_OK;
	mxsel__memory_show_key(&note, &key);
	mxsel__memory_tell_store(memory, &note, MXSEL_STORE_FORGOTTEN, &when);
	return MXSEL_OK;
}
