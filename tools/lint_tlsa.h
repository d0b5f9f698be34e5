/*
 * TLSA records for mxsel lint: asked for as senders ask, and where they do
 * not. May use the public headers.
 */
#ifndef TOOLS_LINT_TLSA_H
#define TOOLS_LINT_TLSA_H

#include "lint_look.h"
#include "tlsa_answer.h"

/* Any name as text, in brackets. */
#define LINT_HOST_ROOM 1100

/* Records, and how the last question for them ended. */
struct lint_tlsa {
	struct lint_answer answer;
	struct tlsa_answer tlsa;
};

/* What senders with DANE come to for a host. */
struct lint_dane {
	struct lint_tlsa found;
	int dane;                  /* MXSEL_DANE_* */
	char base[LINT_HOST_ROOM]; /* where the records are */
};

/* lint_tlsa_ask.c, 1: it is known; 0: page->error is set. */

/* What a selection comes to for a host; is_domain: the domain without MX. */
int lint_tlsa_select(struct lint_look *look, struct lint_dane *dane,
	const char *name, int is_domain);

/* What there is at a name, whether or not senders would ask for it. */
int lint_tlsa_find(struct lint_look *look, struct lint_tlsa *found,
	const char *name);

#endif
