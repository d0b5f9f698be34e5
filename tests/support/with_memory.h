/*
 * Selections with a memory of hosts, over the table of signed_zone.h, under a
 * clock that stands still: what the programs check_select_memory_*.c share,
 * which include it once. May use the public headers and tests/support.
 */
#ifndef TESTS_SUPPORT_WITH_MEMORY_H
#define TESTS_SUPPORT_WITH_MEMORY_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/memory.h>

#include "support/signed_zone.h"

#define RE(type) type, ZONE_UNKNOWN

static const struct zone_record zone[] = {
	{ "three.example", RE(MX), "a.example", 10 },
	{ "three.example", RE(MX), "b.example", 10 },
	{ "three.example", RE(MX), "c.example", 10 },
	{ "three.example", RE(MX), "z.example", 20 },
	{ "two.example", RE(MX), "b.example", 10 },
	{ "two.example", RE(MX), "a.example", 10 },
	{ "back.example", RE(MX), "z.example", 10 },
	{ "back.example", RE(MX), "a.example", 20 },
	{ "back.example", RE(MX), "b.example", 20 },
	{ "odd.example", RE(MX), "a.example", 10 },
	{ "odd.example", RE(MX), "b.example", 10 },
	{ "odd.example", RE(MX), "192.0.2.77", 10 },
	{ "pair.example", RE(MX), "both.example", 10 },
	{ "pair.example", RE(MX), "many.example", 10 },
	{ "both.example", RE(MX), "both.example", 10 },
	{ "many.example", RE(MX), "many.example", 10 },
	{ "a.example", RE(A), "1", 0 }, { "b.example", RE(A), "2", 0 },
	{ "c.example", RE(A), "3", 0 }, { "z.example", RE(A), "9", 0 },
	{ "both.example", RE(AAAA), "6", 0 },
	{ "both.example", RE(A), "4", 0 },
	{ "many.example", RE(AAAA), "97", 0 },
	{ "many.example", RE(AAAA), "98", 0 },
	{ "many.example", RE(A), "41", 0 }, { "many.example", RE(A), "42", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static uint64_t now;
static mxsel_memory *memory;
static mxsel_options *o;
static mxsel *m;

static inline uint64_t clock_of(void *user)
{
	return *(uint64_t *)user;
}

/* A memory under this clock, which has now, and options that hold it. */
static inline void remember(mxsel_clock_fn clock)
{
	now = 1000000;
	ck_assert_int_eq(mxsel_memory_new(&memory, 1 << 20, clock, &now), 0);
	mxsel_memory_set(memory, MXSEL_MEMORY_EXPLORE, 0);
	ck_assert_int_eq(mxsel_options_set_memory(o, memory), 0);
}

static inline void setup_clock(mxsel_clock_fn clock)
{
	m = NULL;
	ck_assert_int_eq(mxsel_options_new(&o), 0);
	remember(clock);
	mxsel_options_set_seed(o, 1);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
}

static inline void setup(void)
{
	setup_clock(clock_of);
}

static inline void teardown(void)
{
	mxsel_free(m);
	mxsel_options_free(o);
	mxsel_memory_free(memory);
}

/* A new selection with this seed, on its way to its first attempt. */
static inline void begin(const char *domain, uint64_t seed)
{
	mxsel_free(m);
	m = NULL;
	mxsel_options_set_seed(o, seed);
	ck_assert_int_eq(mxsel_new(&m, domain, o), 0);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
}

static inline void report(int outcome, int code, const char *text)
{
	ck_assert_int_eq(mxsel_report(m, outcome, code, text), 0);
}

/* The last number of each address in the order they are tried, nothing
   reported: "1 2 3 9". */
static inline const char *walk(const char *domain, uint64_t seed)
{
	static char text[128];
	const char *address;
	size_t n = 0;

	begin(domain, seed);
	do {
		address = mxsel_address(m);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
			n > 0 ? " " : "", strrchr(address,
			strchr(address, ':') ? ':' : '.') + 1);
	} while (zone_next(m, zone, NULL) == MXSEL_ATTEMPT);
	return text;
}

/* As it would be without a memory. */
static inline const char *walk_without(const char *domain, uint64_t seed)
{
	static char text[128];

	mxsel_free(m);
	m = NULL;
	ck_assert_int_eq(mxsel_options_set_memory(o, NULL), 0);
	snprintf(text, sizeof(text), "%s", walk(domain, seed));
	mxsel_free(m);
	m = NULL;
	ck_assert_int_eq(mxsel_options_set_memory(o, memory), 0);
	return text;
}

static inline void fails(const char *host, const char *address)
{
	ck_assert_int_eq(mxsel_memory_report(memory, host, address, 25,
		MXSEL_OUTCOME_TIMEOUT, 0, NULL), 0);
}

static inline struct mxsel_memory_entry known(const char *name)
{
	struct mxsel_memory_entry e;

	memset(&e, 0, sizeof(e));
	ck_assert_int_eq(mxsel_memory_get(memory, name, 25, &e), 1);
	return e;
}

/* Is there an event of the memory about this, and does it say so? */
static inline int says(const char *subject, const char *begins)
{
	const char *s, *detail, *rule;
	size_t i;
	int code;

	for (i = 0; mxsel_trace_event(m, i, &code, &s, &detail, &rule) == 0;
		i++)
		if (code == MXSEL_TRACE_MEMORY && strcmp(s, subject) == 0 &&
			strncmp(detail, begins, strlen(begins)) == 0)
			return strcmp(rule, "RFC 5321 5.1") == 0;
	return 0;
}

static inline int changed(void)
{
	return (mxsel_flags(m) & MXSEL_FLAG_MEMORY) != 0;
}

#endif
