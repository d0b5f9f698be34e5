/*
 * A selection over the table of support/signed_zone.h to its end, as text:
 * "host address" a line for each attempt, "- reason subject" for each that was
 * dropped, the verdict last. May use the public headers and tests/support.
 */
#ifndef TESTS_SUPPORT_WALKED_H
#define TESTS_SUPPORT_WALKED_H

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/signed_zone.h"

struct walked {
	size_t size;
	char text[65536];
};

__attribute__((format(printf, 2, 3)))
static inline void walked_add(struct walked *w, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	w->size += (size_t)vsnprintf(w->text + w->size,
		sizeof(w->text) - w->size, format, arguments);
	va_end(arguments);
	ck_assert_uint_lt(w->size, sizeof(w->text));
}

/* What was dropped, in order, and what it came to. */
static inline void walked_end(struct walked *w, const mxsel *selection)
{
	static const char *const actions[] = { "try", "deliver", "defer",
		"bounce" };
	const char *subject;
	int reason;
	size_t i;

	for (i = 0; mxsel_rejected(selection, i, &reason, NULL,
		&subject) == 0; i++)
		walked_add(w, "- %s %s\n", mxsel_reject_name(reason),
			subject);
	i = (size_t)mxsel_verdict_action(selection);
	walked_add(w, "%s %s\n", i < 4 ? actions[i] : "?",
		mxsel_verdict_status(selection));
}

static inline void walked_all(struct walked *w, mxsel *selection,
	const struct zone_record *zone)
{
	w->size = 0;
	w->text[0] = '\0';
	while (zone_next(selection, zone, NULL) == MXSEL_ATTEMPT)
		walked_add(w, "%s %s\n", mxsel_host_name(selection),
			mxsel_address(selection));
	walked_end(w, selection);
}

/* All of one destination. */
static inline const char *walked(const char *destination,
	const mxsel_options *options, const struct zone_record *zone)
{
	static struct walked w;
	mxsel *selection;

	ck_assert_int_eq(mxsel_new(&selection, destination,
		options), MXSEL_OK);
	walked_all(&w, selection, zone);
	mxsel_free(selection);
	return w.text;
}

#endif
