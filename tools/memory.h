/*
 * mxsel memory: what is known of hosts and addresses, by a file or by the
 * server of a cluster, and how to have it forgotten. May use the public
 * headers.
 */
#ifndef TOOLS_MEMORY_H
#define TOOLS_MEMORY_H

#include "settings.h"

/* The exit status; one line was said where it is an error. */
int memory_run(const struct settings *s);

/* The same with --store. */
int memory_run_cluster(const struct settings *s);

#endif
