/*
 * One plan for people: a heading, a line per address in the order they would
 * be tried, then what was dropped. May use the public headers.
 */
#ifndef TOOLS_HUMAN_H
#define TOOLS_HUMAN_H

#include <stdio.h>

#include "plan.h"

/* color: 1 to use the terminal's colours. */
void human_print(FILE *out, const struct plan *p, int color);

#endif
