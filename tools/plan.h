/*
 * A whole delivery plan: every host and address of one selection, walked to
 * the end, kept for the printers. May use the public headers.
 */
#ifndef TOOLS_PLAN_H
#define TOOLS_PLAN_H

#include <stddef.h>

#include <mxsel/mxsel.h>

#include "plan_tls.h"

/* One host: its addresses are plan->addresses[first .. first + count - 1]. */
struct plan_host {
	char *name;
	char *canonical;
	int preference;
	int rank;
	int secure;     /* every address of it came in a secure answer */
	int is_secured; /* one address at least did */
	struct plan_tls tls;
	size_t first;
	size_t count;
};

struct plan {
	const char *destination; /* as given; the caller's */
	const mxsel *m;          /* at its end; the caller's */
	int port;                /* of the attempts; 0 when there is none */
	int shows_tls;           /* somebody wants to know of the hosts' tls */
	struct plan_host *hosts;
	size_t host_count;
	size_t host_room;
	char **addresses;
	size_t address_count;
	size_t address_room;
};

/*
 * Walk m, which blocks, to MXSEL_END. 0 or MXSEL_E*; plan_free() in any case.
 */
int plan_collect(struct plan *p, mxsel *m, const char *destination,
	int shows_tls);

void plan_free(struct plan *p);

/* What to do now: MXSEL_ACTION_TRY as soon as there is one attempt. */
int plan_action(const struct plan *p);

/* "try", "defer", "bounce". */
const char *plan_action_name(const struct plan *p);

/* "mx", "implicit", "literal", "static"; "" when nothing is known. */
const char *plan_source_name(const mxsel *m);

/* The exit status a script expects for what there is to do: 0, 1 or 75. */
int plan_exit(int action);

/* The worse of two of them: 75, then 1, then 0. */
int plan_worse(int a, int b);

#endif
