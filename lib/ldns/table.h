/*
 * The questions in flight by name and type, so that none is asked twice at a
 * time (S5). The key of the hash is random: who chooses the names cannot
 * choose where they go. May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_TABLE_H
#define MXSEL_LDNS_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct mxsel__question;

struct mxsel__table {
	struct mxsel__question **slots; /* chains by question->same */
	size_t mask;                    /* slots - 1; a power of two */
	size_t count;
	uint64_t key;
};

/* 0; MXSEL_ENOMEM. */
int mxsel__table_init(struct mxsel__table *t, uint64_t key);
void mxsel__table_destroy(struct mxsel__table *t);

uint64_t mxsel__table_hash(const struct mxsel__table *t, const char *name,
	uint16_t type);

/* The question for that name and type; NULL: none is in flight. */
struct mxsel__question *mxsel__table_find(const struct mxsel__table *t,
	uint64_t hash, const char *name, uint16_t type);

/* With its hash set. Never fails: it grows when there is memory. */
void mxsel__table_add(struct mxsel__table *t, struct mxsel__question *q);
void mxsel__table_remove(struct mxsel__table *t, struct mxsel__question *q);

#endif
