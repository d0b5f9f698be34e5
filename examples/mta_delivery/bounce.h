/*
 * The report that tells a sender which recipients do not get his mail.
 */
#ifndef MTA_BOUNCE_H
#define MTA_BOUNCE_H

#include "journal.h"

/* Report every failure that was not reported yet, by a message in the queue:
   0; -1: not yet. Begun again after a crash, it makes the same message. */
int bounce_write(const struct spool *spool, const char *id,
	const struct envelope *e, struct journal *j,
	const struct settings *settings);

/* A bounce that the journal promises is in the queue, or was: 0. */
int bounce_finish(const struct spool *spool, const char *id,
	const struct journal *j);

#endif
