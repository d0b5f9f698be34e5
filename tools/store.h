/*
 * The server where a cluster keeps how hosts behaved, as --store names it. May
 * use the public headers.
 */
#ifndef TOOLS_STORE_H
#define TOOLS_STORE_H

#include <stddef.h>

#include <mxsel/memory.h>

#include "settings.h"

/* Seconds: what was told is shown and used however old, as a file's is. It is
   as long as can be kept. */
#define STORE_KEEP 2592000

/* A server, and whether it is there. All zero: none. */
struct store {
	const struct settings *settings;
	struct mxsel_redis *redis;
	mxsel_store *shared; /* of redis */
	int is_away;
	size_t refused; /* so much of what it was told it did not take */
};

/*
 * Connect, and wait a second for that at most. 0, also when the server is
 * away; or the exit status: one line was said. store_close() in any case.
 */
int store_open(struct store *t, const struct settings *s);

/*
 * The same server for somebody who looks only: it is asked, and told nothing.
 * 0 or MXSEL_E*. To be freed before store_close().
 */
int store_reader(mxsel_store **out, const struct store *t);

/* What the server knows of these: 0, or it is away. */
int store_get(struct store *t, struct mxsel_memory_entry *entries,
	size_t count);

/* Tell it what is to be told: 0, also when it refused some of it, or it is
   away. */
int store_flush(struct store *t);

/* The server is away, or refuses: a line with what it said, and what to do. */
void store_say_away(const struct store *t, const char *next);

void store_close(struct store *t);

#endif
