/*
 * A decision in words, for the tree and the graph of mxsel explain. May use
 * the public headers.
 */
#ifndef TOOLS_WORDS_H
#define TOOLS_WORDS_H

#include <stdio.h>

#include "story.h"

/* One line, without its end. */
void words_print(FILE *out, const struct story *s, size_t node);

/* A name, and how it is written where that differs. */
void words_name(FILE *out, const char *name);

/* Why a host or an address is not used: "loopback address". */
const char *words_reason(const struct story_node *n);

/* Did this question fail for now, so that its answer is not known? */
int words_is_failure(const struct story_node *n);

#endif
