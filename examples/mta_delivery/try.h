/*
 * One try to deliver one message, while it goes on.
 */
#ifndef MTA_TRY_H
#define MTA_TRY_H

#include "hosts.h"
#include "smtp.h"

/* Recipients that share one fate so far. */
struct group {
	mxsel *m;
	int is_resumed; /* at the attempt where another process left it */
	struct members who;
};

struct try {
	const struct spool *spool;
	const struct settings *settings;
	const char *id;
	mxsel_options *options;
	mxsel_memory *memory; /* of hosts that are down, or NULL */
	struct envelope e;
	struct journal j;
	struct group groups[RECIPIENTS_MAX];
	size_t count;
	struct transaction t; /* the attempt under way */
};

/* Try the address that the group's selection has reached, for all of its
   recipients, and report what became of it: 0; MXSEL_E*: stop here. Those who
   were answered differently are in groups of their own afterwards. */
int try_attempt(struct try *t, struct group *g);

#endif
