/*
 * One run with memory that fails: what it said, and whether a call that was
 * refused is worth another try. For tests that let every request for memory
 * fail in turn (S39, F84). May use bench/memory.h.
 */
#ifndef TESTS_SUPPORT_TRIAL_H
#define TESTS_SUPPORT_TRIAL_H

#include <check.h>
#include <stdarg.h>
#include <stdio.h>

#include <mxsel/mxsel.h>

#include "bench/memory.h"

/* A request fails, or all from it on for a while, or for ever. */
enum mode { ONCE, ON, GONE };

struct trial {
	struct memory memory;
	enum mode mode;
	int refusals; /* MXSEL_ENOMEM in a row */
	int gave_up;
	size_t length;
	char said[65536];
};

__attribute__((format(printf, 2, 3)))
static inline void say(struct trial *t, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(t->said + t->length, sizeof(t->said) - t->length,
		format, arguments);
	va_end(arguments);
	ck_assert_int_ge(n, 0);
	t->length += (size_t)n;
	ck_assert_uint_lt(t->length, sizeof(t->said));
}

/* Is it worth to try the same call again? Memory comes back in time. */
static inline int again(struct trial *t, int rc)
{
	if (rc != MXSEL_ENOMEM) {
		t->refusals = 0;
		return 0;
	}
	ck_assert_uint_gt(t->memory.failed, 0);
	t->refusals++;
	if (t->mode == GONE) {
		t->gave_up = 1;
		return 0;
	}
	/* From there on: still none at the second try, then it is back. */
	if (t->mode == ON && t->refusals == 2)
		t->memory.fail_at = MEMORY_NEVER;
	ck_assert_int_lt(t->refusals, 4);
	return 1;
}

/* Call until it is not for want of memory that it fails; 0 or it ends. */
#define DO(t, rc, call) do { \
		rc = (call); \
	} while (again(t, rc))

/* Memory from which the n-th request on, or that one alone, is refused. */
static inline void trial_fail_at(struct trial *t, enum mode mode, size_t n)
{
	t->mode = mode;
	memory_begin(&t->memory);
	t->memory.fail_at = n;
	t->memory.fail_on = mode != ONCE;
}

#endif
