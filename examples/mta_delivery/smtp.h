/*
 * One SMTP transaction with the address that a selection has reached.
 */
#ifndef MTA_SMTP_H
#define MTA_SMTP_H

#include "journal.h"

#define REPLY_TEXT 512 /* as much as mxsel_report() keeps */

/* What became of the message for one recipient. */
struct answer {
	int outcome; /* MXSEL_OUTCOME_* */
	int code;    /* of the reply that says so; 0: none does */
	char text[REPLY_TEXT + 1];
};

struct transaction {
	const struct settings *settings;
	const struct envelope *envelope;
	const struct members *who;
	mxsel *m;
	/* Called before the dot that ends the data, for those who were
	   accepted: from then on the host may have it. Not 0: stop. */
	int (*intent)(const struct members *accepted, void *user);
	/* Called when the host has said that it has it, or that it has not. */
	int (*answered)(const struct members *accepted, int has_it,
		void *user);
	void *user;
	struct answer each[RECIPIENTS_MAX]; /* in the order of who */
};

/* Afterwards there is an answer for each recipient. */
void smtp_send(struct transaction *t);

#endif
