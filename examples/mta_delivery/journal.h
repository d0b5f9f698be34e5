/*
 * What became of each recipient of a message so far, on the disk before
 * anything that depends on it is done.
 */
#ifndef MTA_JOURNAL_H
#define MTA_JOURNAL_H

#include <mxsel/mxsel.h>

#include "envelope.h"

enum fate { PENDING, DELIVERED, FAILED };

/* Of a recipient that failed: the fields of its report (RFC 3464, 2.3). */
struct failure {
	char *status; /* "5.1.1" */
	char *host;   /* that said so; "-": none, we say so ourselves */
	char *said;   /* "550 5.1.1 No such user" */
	int is_bounced;
};

struct recipient {
	enum fate fate;
	struct failure failure;
	size_t cursor;  /* number of its last cursor; 0: none in this try */
	int is_open;    /* the end of the data was sent, no answer came */
};

/* Where a selection was, for those recipients who have its number. */
struct cursor {
	uint8_t *bytes;
	size_t size;
	double saved;
};

struct journal {
	int fd;
	int is_broken;          /* a record may be there in part */
	struct recipient to[RECIPIENTS_MAX];
	struct cursor *cursors; /* cursor n is cursors[n - 1] */
	size_t count;
	unsigned tries;         /* that came to an end */
	unsigned bounces;       /* that were written */
};

/* Which recipients a record is about. */
struct members {
	size_t count;
	size_t to[RECIPIENTS_MAX];
};

/* Read a journal, whose lock the caller has: 0; -1. Free it in both cases. */
int journal_read(struct journal *j, int fd, size_t recipients);
void journal_free(struct journal *j);

/* Each adds one record and waits for the disk: 0; -1: it may not be there.
   Nothing is added behind such a record, in this process: what is not sure
   here would be sure to the next one that reads it. */
int journal_cursor(struct journal *j, const struct members *who,
	const mxsel *m);
int journal_intent(struct journal *j, const struct members *who);
int journal_refused(struct journal *j, const struct members *who);
int journal_delivered(struct journal *j, const struct members *who);
int journal_failed(struct journal *j, const struct members *who,
	const char *status, const char *host, const char *said);
int journal_bounced(struct journal *j);
int journal_tried(struct journal *j); /* all others wait: a try is over */

#endif
