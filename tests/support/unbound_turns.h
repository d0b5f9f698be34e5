/*
 * What the unit tests of look-ups with a libunbound that lies share: one to
 * ask, options for either way, and look-ups whose end is known. Include it in
 * one file of a program. May use lib/unbound and the headers it includes.
 */
#ifndef TESTS_SUPPORT_UNBOUND_TURNS_H
#define TESTS_SUPPORT_UNBOUND_TURNS_H

#include <check.h>
#include <stdio.h>

#include "support/failing_malloc.h"
#include "support/unbound_lies.h"
#include "unbound/inside.h"

#define QUERY_TIME 10000 /* as it is when nobody says anything */

static mxsel_unbound *u;
static mxsel_options *blocking, *pull;
static int security; /* of the last answer */
static long blocks_before;

static inline void record(const char *line, void *user)
{
	(void)user;
	if (sscanf(line, "packet %*s %*s %d", &security) != 1)
		(void)sscanf(line, "end %*s %*s %*d %d", &security);
}

static inline mxsel_options *options(mxsel_resolver *resolver)
{
	mxsel_options *o;

	ck_assert_int_eq(mxsel_options_new(&o), 0);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_FAMILY,
		MXSEL_FAMILY_V4_ONLY), 0);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_PREFETCH, 2), 0);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TIME_LIMIT, 0), 0);
	/* Both hosts have the same one. */
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1),
		0);
	ck_assert_int_eq(mxsel_options_set_recorder(o, record, NULL), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(o, resolver), 0);
	return o;
}

static inline void setup(void)
{
	blocks_before = own_heap_blocks();
	world_begins();
	security = -1;
	ck_assert_int_eq(mxsel_unbound_new(&u), 0);
	blocking = options(mxsel_unbound_resolver(u));
	pull = options(NULL);
}

static inline void teardown(void)
{
	mxsel_options_free(blocking);
	mxsel_options_free(pull);
	mxsel_unbound_free(u);
	nothing_is_left();
	ck_assert_int_eq(own_heap_blocks(), blocks_before);
}

static inline mxsel *made(const mxsel_options *o)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "true.example", o), 0);
	return m;
}

static inline mxsel *begun(void)
{
	mxsel *m = made(pull);

	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_LOOKUP);
	return m;
}

static inline int look_up(mxsel *m)
{
	int result;

	while ((result = mxsel_unbound_next(u, m)) == MXSEL_LOOKUP) {
		(void)mxsel_unbound_wait(u, -1);
		if (mxsel_unbound_ready(u) != m)
			return MXSEL_EUSAGE;
	}
	return result;
}

/* Blocking, or in a loop. */
enum { BLOCKING, LOOP, BOTH };

static inline int goes_on(mxsel *m, int way)
{
	return way == BLOCKING ? mxsel_next(m) : look_up(m);
}

static inline void believes(int way)
{
	mxsel *m = made(way == BLOCKING ? blocking : pull);

	ck_assert_int_eq(goes_on(m, way), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	mxsel_free(m);
}

static inline void defers(int way)
{
	mxsel *m = made(way == BLOCKING ? blocking : pull);

	ck_assert_int_eq(goes_on(m, way), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	mxsel_free(m);
}

/* A question that the blocking side has in its hands. */
static inline mxsel_query *handed_over(mxsel *m)
{
	mxsel_query *query;

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	query = mxsel_query_take(m);
	ck_assert_ptr_nonnull(query);
	mxsel__ub_resolve(query, u);
	ck_assert_ptr_nonnull(mxsel_query_user(query));
	return query;
}

#endif
