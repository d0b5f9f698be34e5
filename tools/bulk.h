/*
 * mxsel bulk: destinations from standard input, a line of JSON for each. May
 * use the public headers.
 */
#ifndef TOOLS_BULK_H
#define TOOLS_BULK_H

#include "settings.h"

/*
 * Does bulk ask name servers with these settings? Then it does so itself, and
 * the options must have no resolver.
 */
int bulk_asks_servers(const struct settings *s);

/* The whole run; its exit status. */
int bulk_run(const struct settings *s);

#endif
