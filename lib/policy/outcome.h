/*
 * The table of outcomes: what an attempt came to, where to go on, and how
 * strong it speaks in the verdict (R71-R76). Pure data and its look-up. May
 * use base and name.
 */
#ifndef MXSEL_POLICY_OUTCOME_H
#define MXSEL_POLICY_OUTCOME_H

/* Where to go on after an attempt. */
enum mxsel__go {
	MXSEL__GO_ADDRESS, /* the host's next address, then the next host */
	MXSEL__GO_HOST,    /* the next host */
	MXSEL__GO_FAMILY,  /* the host's other family, once */
	MXSEL__GO_STOP     /* nowhere */
};

/* The lattice: the higher one decides, whatever the order (R74). */
enum mxsel__strength {
	MXSEL__S_NONE,
	MXSEL__S_PERMANENT, /* this host will not take it; another may */
	MXSEL__S_TEMPORARY,
	MXSEL__S_FINAL,     /* no host of the domain will take it */
	MXSEL__S_DELIVERED
};

struct mxsel__outcome_row {
	int outcome;         /* MXSEL_OUTCOME_* */
	int reply;           /* 4, 5: class of the code; 521; 0: any */
	int go;              /* enum mxsel__go */
	int strength;        /* enum mxsel__strength */
	int reason;          /* MXSEL_REASON_* */
	int code;            /* unless the remote host gave one */
	const char *status;  /* unless the remote host gave one */
	const char *text;    /* "%s" in it stands for the domain */
	const char *rule;
};

/* The row for an outcome and its reply code; NULL: it cannot be. */
const struct mxsel__outcome_row *mxsel__outcome_row(int outcome, int code);

/*
 * 1: the row follows from what we know, not from the peer's reply: its class,
 * 4 or 5, is asked for with 400 or 500.
 */
int mxsel__outcome_is_ours(int outcome);

/* All rows, for those who print the table; index from 0, NULL at the end. */
const struct mxsel__outcome_row *mxsel__outcome_row_at(unsigned index);

const char *mxsel__go_name(int go);

/*
 * The enhanced status a reply begins with, "5.7.1", if its class is that of
 * the code (RFC 2034 4, RFC 3463 2). Its length, or 0.
 */
unsigned mxsel__outcome_status(const char *reply, int code);

#endif
