/*
 * One host or address of a memory, for people and as JSON. May use the public
 * headers.
 */
#ifndef TOOLS_MEMORY_PRINT_H
#define TOOLS_MEMORY_PRINT_H

#include <stdio.h>

#include <mxsel/memory.h>

#include "buffer.h"

/* Is anything known? One that was looked up in vain has its name alone. */
int memory_is_known(const struct mxsel_memory_entry *e);

/* color: 1 to use the terminal's colours. */
void memory_print_human(FILE *out, const struct mxsel_memory_entry *e,
	int color);

/* One object and a newline; the keys never change their meaning. */
void memory_print_json(struct buffer *out,
	const struct mxsel_memory_entry *e);

#endif
