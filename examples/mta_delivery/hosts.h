/*
 * Which hosts are down: what one process finds out, those of the next messages
 * know.
 */
#ifndef MTA_HOSTS_H
#define MTA_HOSTS_H

#include <mxsel/memory.h>

/* Attach what the file knows; NULL: no file was given, or it is of no use,
   which is said and holds nothing up. */
mxsel_memory *hosts_attach(mxsel_options *options, const char *file);
/* Put it back, with what others found out meanwhile. */
void hosts_save(mxsel_memory *memory, const char *file);

#endif
