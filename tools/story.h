/*
 * The trace of a selection, put in the order in which people ask: the
 * destination, below it the questions, below those the hosts by preference,
 * below each host what was found and what was dropped. The printers of trees
 * and graphs both read it. May use the public headers.
 */
#ifndef TOOLS_STORY_H
#define TOOLS_STORY_H

#include <stddef.h>

#include "plan.h"

enum story_kind {
	STORY_DESTINATION, /* subject; detail: how it was read */
	STORY_QUESTION,    /* subject: name, type; detail: its answer */
	STORY_ALIAS,       /* subject is an alias of detail */
	STORY_NOTE,        /* event: MXSEL_TRACE_IMPLICIT, _NULL_MX, _SELF */
	STORY_HOST,        /* preference; reason when it is not used */
	STORY_ADDRESS,     /* reason when it is not used */
	STORY_DANE,        /* detail: what it comes to for the host */
	STORY_TLSA,        /* record */
	STORY_POSTURE,     /* detail: of the host, and why */
	STORY_MEMORY,      /* detail: what a memory changed for its parent */
	STORY_CUT,         /* more was decided than the trace keeps */
	STORY_LIMITED,     /* a limit cut something off */
	STORY_VERDICT,     /* what to do now */
	STORY_SENTENCE,    /* its sentence, when there is nothing to try */
	STORY_LATER        /* and what to do when all was tried in vain */
};

#define STORY_NONE ((size_t)-1)

/* The reason of a host of which no address is tried. */
#define STORY_USELESS (-1)

/* Strings are the selection's; NULL: none. */
struct story_node {
	enum story_kind kind;
	int event;          /* MXSEL_TRACE_* it comes from */
	int preference;     /* of a host; -1: not known */
	int reason;         /* MXSEL_REJECT_*, STORY_USELESS; 0: used */
	const char *subject;
	const char *detail;
	const char *type;   /* "MX", "AAAA", "A", "TLSA", "CNAME" */
	const struct plan_tlsa *record; /* the plan's */
	const char *rule;
	size_t parent, first, next; /* STORY_NONE: none */
};

struct story {
	const struct plan *plan;
	struct story_node *nodes; /* the first one is the destination */
	size_t count, room;
	size_t hosts_below;       /* what named the hosts */
	size_t rejected;          /* entries of mxsel_rejected() met */
	size_t group_host;        /* the newest host asked for */
	size_t group_size;        /* and how many were, together with it */
	int group_is_over;        /* they were judged */
	size_t dane_host;         /* whose TLSA records were told of last */
	const char *verdict_rule; /* of the end of the trace */
	int is_cut;               /* the trace is */
};

/* From a plan at its end: 0 or MXSEL_ENOMEM; story_free() in any case. */
int story_tell(struct story *s, const struct plan *plan);

void story_free(struct story *s);

/* The node after this one, from the destination on; STORY_NONE at the end. */
size_t story_after(const struct story *s, size_t node);

#endif
