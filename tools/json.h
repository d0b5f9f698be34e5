/*
 * One plan as one line of JSON. The keys, their order and their meaning are
 * frozen: scripts read them. May use the public headers.
 */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include <stdio.h>

#include "plan.h"

/* Ends with the key "trace" when the decisions were kept. */
void json_print(FILE *out, const struct plan *p);

#endif
