/*
 * One try to deliver one message, in a process of its own.
 */
#ifndef MTA_DELIVER_H
#define MTA_DELIVER_H

#include "settings.h"
#include "spool.h"

/* Deliver to every recipient that waits, write bounces, say when it is due
   again, or remove it. lock is the journal, from spool_lock(). */
void deliver(const struct spool *spool, const char *id, int lock,
	const struct settings *settings);

#endif
