/*
 * mxsel explain --dot: one plan as a graph for Graphviz. May use the public
 * headers.
 */
#ifndef TOOLS_DOT_H
#define TOOLS_DOT_H

#include <stdio.h>

#include "plan.h"

/* One digraph. 0 or MXSEL_ENOMEM. */
int dot_print(FILE *out, const struct plan *p);

#endif
