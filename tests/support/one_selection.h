/*
 * One selection after another under one set of options, in the order that
 * the records have, and what is asked of it: flags, rejections, questions.
 * For programs of unit tests, which include it once; may use the public
 * headers and tests/support.
 */
#ifndef TESTS_SUPPORT_ONE_SELECTION_H
#define TESTS_SUPPORT_ONE_SELECTION_H

#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/signed_zone.h"

static mxsel_options *o;
static mxsel *m;
static struct zone_asked asked;

static inline void setup(void)
{
	m = NULL;
	memset(&asked, 0, sizeof(asked));
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set_seed(o, 1);
}

static inline void teardown(void)
{
	mxsel_free(m);
	mxsel_options_free(o);
}

/* Between two selections: options change while nobody holds them. */
static inline void set(int option, int value)
{
	mxsel_free(m);
	m = NULL;
	ck_assert_int_eq(mxsel_options_set(o, option, value), MXSEL_OK);
}

/* A new one in place of the last. */
static inline void begin(const char *destination)
{
	mxsel_free(m);
	m = NULL;
	ck_assert_int_eq(mxsel_new(&m, destination, o), MXSEL_OK);
}

/* To its first attempt, or its end. */
static inline int first(const char *destination,
	const struct zone_record *records)
{
	memset(&asked, 0, sizeof(asked));
	begin(destination);
	return zone_next(m, records, &asked);
}

static inline int was_asked(const char *line)
{
	return strstr(asked.text, line) != NULL;
}

static inline int why(size_t i)
{
	int reason = 0;

	(void)mxsel_rejected(m, i, &reason, NULL, NULL);
	return reason;
}

static inline int has(uint32_t flag)
{
	return (mxsel_flags(m) & flag) != 0;
}

#endif
