/*
 * mxsel explain: one plan with every decision that led to it, as a tree for
 * people. May use the public headers.
 */
#ifndef TOOLS_EXPLAIN_H
#define TOOLS_EXPLAIN_H

#include <stdio.h>

#include "plan.h"

/*
 * color: 1 to use the terminal's colours; utf8: 1 to draw lines with
 * characters beyond ASCII. 0 or MXSEL_ENOMEM; nothing is printed then.
 */
int explain_print(FILE *out, const struct plan *p, int color, int utf8);

#endif
