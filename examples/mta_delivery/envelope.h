/*
 * One message of the queue: who sent it, to whom it goes, and its content.
 */
#ifndef MTA_ENVELOPE_H
#define MTA_ENVELOPE_H

#include <stdio.h>

#include "settings.h"
#include "spool.h"

struct envelope {
	char *from;               /* "": the null sender of a bounce */
	char *to[RECIPIENTS_MAX];
	size_t count;
	double arrived;
	FILE *file;
	long content;             /* where the content begins in it */
};

/* Take a message into the queue: 0; -1 when it is not there. The content is
   everything that can be read from in; there must be some. */
int envelope_submit(const struct spool *spool, const char *id,
	const char *from, char **to, size_t count, FILE *in);

/* The lines before the content; the content follows. */
void envelope_write(FILE *file, const char *from, char *const *to,
	size_t count);

/* Read a message of the queue: 0; -1. Close it in both cases. */
int envelope_open(struct envelope *e, const struct spool *spool,
	const char *id);
void envelope_close(struct envelope *e);

#endif
