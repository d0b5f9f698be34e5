/*
 * A memory as the files of this room see it that make one of its parts,
 * stores and settings. May use base and name.
 */
#ifndef MXSEL_CACHE_MEMORY_INSIDE_H
#define MXSEL_CACHE_MEMORY_INSIDE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/hash.h"
#include "cache/locks.h"
#include "cache/memory_table.h"
#include "name/address.h"
#include "name/name.h"

/* A part, and nothing else in its cache lines. */
union mxsel__part_room {
	struct mxsel__part part;
	unsigned char lines[(sizeof(struct mxsel__part) + MXSEL__LINE - 1) /
		MXSEL__LINE * MXSEL__LINE];
};

struct mxsel_memory {
	atomic_uint owners;
	atomic_int settings[MXSEL_MEMORY_READ_ONLY + 1];
	mxsel_clock_fn clock;
	void *user;
	uint64_t key[2];
	uint32_t parts; /* a power of two */
	union mxsel__part_room *part;
	mxsel_store *store; /* or NULL */
	/* What is counted for no part, and without a lock. */
	atomic_ulong counts[MXSEL_MEMORY_UNANSWERED + 1];
};

struct mxsel_store {
	atomic_uint owners;
	mxsel_store_get_fn get;
	mxsel_store_record_fn record;
	mxsel_release_fn release;
	void *user;
	struct mxsel_memory *shared; /* the store is this memory; or NULL */
};

/* ----------------------------------------------------------------- memory.c */

/* What the user's clock says. */
uint64_t mxsel__memory_time(const struct mxsel_memory *memory);

uint32_t mxsel__memory_get_setting(const struct mxsel_memory *memory,
	int setting);

/* The time of a call, and what counts by it. */
void mxsel__memory_begin(const struct mxsel_memory *memory,
	struct mxsel__when *when);

/* This part, locked; the time is that of the part. */
static inline struct mxsel__part *mxsel__memory_enter_part(
	const struct mxsel_memory *memory, uint32_t number,
	struct mxsel__when *when)
{
	struct mxsel__part *part = &memory->part[number].part;

	(void)pthread_mutex_lock(&part->lock);
	when->now = mxsel__part_now(part, when->raw);
	return part;
}

/* The part of a key. */
static inline struct mxsel__part *mxsel__memory_enter(
	const struct mxsel_memory *memory, const struct mxsel__key *key,
	struct mxsel__when *when)
{
	return mxsel__memory_enter_part(memory,
		(uint32_t)key->hash & (memory->parts - 1), when);
}

static inline void mxsel__memory_leave(struct mxsel__part *part)
{
	(void)pthread_mutex_unlock(&part->lock);
}

/* --------------------------------------------------------------------- keys */

/* A key of what stands folded, or of the octets of an address. */
static inline void mxsel__memory_key(const struct mxsel_memory *memory,
	struct mxsel__key *key, int kind, const void *name, size_t length,
	unsigned port)
{
	key->name = name;
	/* All ports of a name lie in one chain: it is forgotten at once. */
	key->hash = mxsel__cache_hash(memory->key, name, length);
	key->length = (uint16_t)length;
	key->port = (uint16_t)port;
	key->kind = (uint8_t)kind;
}

/* The key of what is looked up. */
static inline void mxsel__memory_known_key(const struct mxsel_memory *memory,
	struct mxsel__key *key, const struct mxsel__known *k)
{
	mxsel__memory_key(memory, key, k->kind, k->name, k->length, k->port);
}

/* ------------------------------------------------------------ memory_look.c */

/* What a slot knows; NULL: nothing. */
void mxsel__memory_fill(struct mxsel__known *k, const struct mxsel__slot *slot,
	const struct mxsel__when *when);

/* ------------------------------------------------------------ memory_tell.c */

/* One more failure; whatever changed, the version is another. */
void mxsel__past_fail(struct mxsel__past *past,
	const struct mxsel__when *when);
void mxsel__slot_changed(struct mxsel__slot *slot);

/* Never 0: that is where there is no slot. */
static inline uint8_t mxsel__version_after(uint8_t version)
{
	return version == UINT8_MAX ? (uint8_t)1 : (uint8_t)(version + 1);
}

/* ----------------------------------------------------------- memory_entry.c */

/* Where the name of a key is kept. */
union mxsel__key_room {
	char text[MXSEL__NAME_TEXT_SIZE];
	struct mxsel__address address;
};

/* A host name or an address as text. 0, or MXSEL_ESYNTAX. */
int mxsel__memory_key_read(const struct mxsel_memory *memory,
	struct mxsel__key *key, union mxsel__key_room *room, const char *name,
	unsigned port);

/* What is known of one as an entry, as it is by now; but for its name. */
void mxsel__memory_show(struct mxsel_memory_entry *out,
	const struct mxsel__past *past, const struct mxsel__when *when);
/* Its name, kind and port; all else is 0. */
void mxsel__memory_show_key(struct mxsel_memory_entry *out,
	const struct mxsel__key *key);

/* The other way: a sound entry as it is to be remembered. */
void mxsel__memory_learn(struct mxsel__past *past,
	const struct mxsel_memory_entry *entry, const struct mxsel__when *when);

/*
 * As mxsel_memory_put(), after the entry has grown older by so many
 * milliseconds; and only when it is younger then than what is known.
 */
int mxsel__memory_merge(struct mxsel_memory *memory,
	const struct mxsel_memory_entry *entry, uint64_t older);

/* ----------------------------------------------------------- memory_store.c */

/* Look-ups that found nothing that a store has said of late. */
struct mxsel__asking {
	struct mxsel__known *known;
	uint64_t wanted;  /* bits */
	uint32_t *waited; /* milliseconds, so far; NULL: ask nobody */
};

/* Ask the store of those wanted, and look them up again. */
void mxsel__memory_ask(struct mxsel_memory *memory,
	const struct mxsel__asking *asking, struct mxsel__when *when);

/* With the lock held: what there will be to tell a store. 0: no store. */
int mxsel__memory_note(const struct mxsel_memory *memory,
	struct mxsel_memory_entry *note, const struct mxsel__key *key,
	const struct mxsel__past *past, const struct mxsel__when *when);
/* Without it: tell the store that there is. */
void mxsel__memory_tell_store(const struct mxsel_memory *memory,
	const struct mxsel_memory_entry *note, int change,
	const struct mxsel__when *when);

#endif
