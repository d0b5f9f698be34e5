/*
 * How hosts behaved, for the plans of a run: from the file of --memory and the
 * server of --store. A plan is no attempt: neither is told anything. May use
 * the public headers.
 */
#ifndef TOOLS_HISTORY_H
#define TOOLS_HISTORY_H

#include <mxsel/memory.h>

#include "settings.h"
#include "store.h"

struct history {
	const struct settings *settings;
	uint64_t now; /* when the run began */
	mxsel_memory *memory; /* NULL: none is wanted */
	mxsel_store *reader;  /* of store */
	struct store store;
};

/*
 * A moment that lasts: all ages are those of the time that user points to.
 */
uint64_t history_moment(void *user);

/*
 * All that a file says, nothing of it forgotten. option is said in complaints.
 * 0, or the exit status: one line was said. To be freed in any case.
 */
int history_load(mxsel_memory **memory, const char *option, const char *file,
	mxsel_clock_fn clock, void *user);

/*
 * A line when nothing is known any more of all that is in the file that was
 * read: who asks would take it for an empty one. Not with --quiet. So many
 * entries, or 0.
 */
size_t history_say_stale(const struct settings *s, const mxsel_memory *memory,
	const char *option, const char *file);

/* What the settings say, given to their options. 0, or the exit status. */
int history_open(struct history *h, const struct settings *s);

/* With a line when the server of --store did not answer. */
void history_close(struct history *h);

#endif
