/*
 * A memory under a clock that goes when it is told to, and its entries as
 * tests want them. May use lib/cache and Check.
 */
#ifndef TESTS_SUPPORT_REMEMBERED_H
#define TESTS_SUPPORT_REMEMBERED_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "cache/memory.h"
#include "support/run.h"

#define FROM_V4 "192.0.2.1"
#define FROM_V6 "2001:db8::1"

/* A clock: user points to its milliseconds. */
static inline uint64_t remembered_clock(void *user)
{
	return *(const uint64_t *)user;
}

static inline mxsel_memory *remembered_new(size_t bytes, uint64_t *now)
{
	mxsel_memory *memory = NULL;

	ck_assert_int_eq(mxsel_memory_new(&memory, bytes, remembered_clock,
		now), 0);
	ck_assert_ptr_nonnull(memory);
	return memory;
}

/* An attempt at port 25; host or address may be NULL. */
static inline void remembered_tell(mxsel_memory *memory, const char *host,
	const char *address, int outcome, int code, const char *text)
{
	ck_assert_int_eq(mxsel_memory_report(memory, host, address, 25,
		outcome, code, text), 0);
}

static inline void remembered_refused(mxsel_memory *memory, const char *host,
	const char *address)
{
	remembered_tell(memory, host, address, MXSEL_OUTCOME_REFUSED, 0, NULL);
}

/* What is known of a name at port 25; it must be known. */
static inline struct mxsel_memory_entry remembered(const mxsel_memory *memory,
	const char *name)
{
	struct mxsel_memory_entry entry;

	memset(&entry, 0x5a, sizeof(entry));
	ck_assert_msg(mxsel_memory_get(memory, name, 25, &entry) == 1,
		"%s is not known", name);
	return entry;
}

static inline int remembered_knows(const mxsel_memory *memory,
	const char *name)
{
	struct mxsel_memory_entry entry;
	int known = mxsel_memory_get(memory, name, 25, &entry);

	ck_assert_int_ge(known, 0);
	return known;
}

static inline uint32_t remembered_score(const mxsel_memory *memory,
	const char *name)
{
	return remembered(memory, name).score;
}

/* A host at port 25 that is to be looked up. */
static inline struct mxsel__known remembered_host(const char *name)
{
	struct mxsel__known k;

	memset(&k, 0, sizeof(k));
	k.kind = MXSEL_MEMORY_HOST;
	k.name = name;
	k.length = (uint16_t)strlen(name);
	k.port = 25;
	return k;
}

/* The host looked up, as selections do it. */
static inline struct mxsel__known remembered_look(mxsel_memory *memory,
	const char *name)
{
	struct mxsel__known k = remembered_host(name);

	ck_assert_int_eq(mxsel__memory_look(memory, &k, 1), k.is_known);
	return k;
}

/* An entry to put: a host that has failed once. */
static inline struct mxsel_memory_entry remembered_entry(const char *name)
{
	struct mxsel_memory_entry entry;

	memset(&entry, 0, sizeof(entry));
	(void)snprintf(entry.name, sizeof(entry.name), "%s", name);
	entry.kind = MXSEL_MEMORY_HOST;
	entry.port = 25;
	entry.score = 1000;
	entry.outcomes[0] = MXSEL_OUTCOME_TIMEOUT;
	return entry;
}

static inline void remembered_same(const struct mxsel_memory_entry *a,
	const struct mxsel_memory_entry *b)
{
	ck_assert_str_eq(a->name, b->name);
	ck_assert_int_eq(a->kind, b->kind);
	ck_assert_int_eq(a->port, b->port);
	ck_assert_uint_eq(a->score, b->score);
	ck_assert_uint_eq(a->age, b->age);
	ck_assert_mem_eq(a->outcomes, b->outcomes, sizeof(a->outcomes));
	ck_assert_int_eq(a->code, b->code);
	ck_assert_int_eq(a->works, b->works);
	ck_assert_int_eq(a->turn, b->turn);
	ck_assert_int_eq(a->doubt, b->doubt);
	ck_assert_str_eq(a->again, b->again);
}

#endif
