/*
 * What mxsel memory shows, put together and printed: entries of a file, or
 * those of a cluster. May use the public headers.
 */
#ifndef TOOLS_MEMORY_LIST_H
#define TOOLS_MEMORY_LIST_H

#include <stddef.h>

#include <mxsel/memory.h>

#include "settings.h"

struct list {
	const struct settings *settings;
	struct mxsel_memory_entry *entries;
	size_t count, room;
	size_t known; /* of so many of them there is something to tell */
	int unknown;  /* nothing is known of one that was asked for */
};

/* Each of these: 0, or the exit status, and one line was said. */

int list_add(struct list *l, const struct mxsel_memory_entry *e);

/* One that was asked for in vain. */
int list_add_unknown(struct list *l, const char *name);

/* All of them, the worst first. The exit status. */
int list_print(struct list *l);

void list_free(struct list *l);

/* No name but that, kind and port: what somebody asks for. */
void list_ask_for(struct mxsel_memory_entry *e, const struct settings *s,
	const char *name);

/* A name is none. option: what it was given with, for the complaint. */
int list_refuse_name(const char *option, const char *name, int error);

#endif
