/*
 * What a postmaster would say, for the numbers of the library; the same words
 * in every output for people. May use the public headers.
 */
#ifndef TOOLS_PHRASES_H
#define TOOLS_PHRASES_H

#include <stdio.h>

#include "plan.h"

/* Of MXSEL_REJECT_*: "this is ourselves"; never NULL. */
const char *phrase_reject(int reason);

/* The MXSEL_REJECT_* number of a word such as "self"; 0: none. */
int phrase_reject_number(const char *name);

/*
 * What to do now: "try 2 hosts, 3 addresses (by MX), port 26", or the
 * verdict. The word that decides stands between on and off: colours, or "".
 */
void phrase_plan(FILE *out, const struct plan *p, const char *on,
	const char *off);

/* What to do when nothing is left: "bounce 550 5.1.2 (no_domain)". */
void phrase_verdict(FILE *out, const struct plan *p, const char *on,
	const char *off);

/* Is the domain what was typed, but for case and the final dot? */
int phrase_says_domain(const char *given, const char *domain);

#endif
