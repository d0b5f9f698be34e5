/*
 * The table of verdicts: reason and permanence to reply code, enhanced
 * status and sentence (R75, R76); and the table of rejections. Pure data and
 * its look-up. May use base and name.
 */
#ifndef MXSEL_POLICY_VERDICT_H
#define MXSEL_POLICY_VERDICT_H

/* Every verdict that the DNS alone decides; a row of the table each. */
enum mxsel__verdict {
	MXSEL__V_TRY,            /* nothing decided: go on */
	MXSEL__V_BAD_DESTINATION,/* 501 5.1.3 */
	MXSEL__V_NO_IDN,         /* 501 5.1.3, non-ASCII without IDN support */
	MXSEL__V_BAD_IDN,        /* 550 5.1.2, no internationalised name */
	MXSEL__V_NO_DOMAIN,      /* 550 5.1.2 NXDOMAIN */
	MXSEL__V_SPECIAL_USE,    /* 550 5.1.2 .invalid, .onion */
	MXSEL__V_LOCAL,          /* 451 4.4.3 .local is not asked here */
	MXSEL__V_NULL_MX,        /* 556 5.1.10 */
	MXSEL__V_SENDER_NULL_MX, /* 550 5.7.27 */
	MXSEL__V_DNS,            /* 451 4.4.3 the domain's MX cannot be had */
	MXSEL__V_ALIAS_LOOP,     /* 451 4.4.3 CNAMEs in a circle or too many */
	MXSEL__V_NO_HOST,        /* 550 5.4.4 */
	MXSEL__V_NO_HOST_LATER,  /* 451 4.4.4 as a setting wants, or a limit */
	MXSEL__V_HOST_DNS,       /* 451 4.4.4 an exchange's addresses failed */
	MXSEL__V_FAMILY_OFF,     /* 451 4.4.4 a family is switched off here */
	MXSEL__V_LIMITED,        /* 451 4.4.4 a limit left hosts untried */
	MXSEL__V_BACKUP,         /* 451 4.4.4 better MX have no address now */
	MXSEL__V_LOOP,           /* 550 5.4.6 we are the best MX */
	MXSEL__V_LOCALHOST,      /* 550 5.4.6 localhost is ourselves */
	MXSEL__V_FILTERED,       /* 550 5.7.1 every address is refused here */
	MXSEL__V_FILTERED_LATER, /* 451 4.7.1 the same, as a setting wants */
	MXSEL__V_UNREACHABLE,    /* 451 4.4.1 all handed out, none reported */
	MXSEL__V_TLSA,           /* 451 4.7.5 TLSA records cannot be had */
	MXSEL__V_STS,            /* 451 4.7.1 no host is in the policy */
	MXSEL__V_REQUIRETLS,     /* 550 5.7.30 no host is vouched for */
	MXSEL__V_COUNT
};

struct mxsel__verdict_row {
	int action;         /* MXSEL_ACTION_* */
	int reason;         /* MXSEL_REASON_* */
	int code;           /* 556; 0 for MXSEL__V_TRY */
	const char *status; /* "5.1.10" */
	const char *text;   /* a sentence; "%s" in it stands for the domain */
	const char *rule;   /* the clause: "RFC 7505 3" */
};

/* Never NULL: an unknown number gives the row of MXSEL__V_DNS. */
const struct mxsel__verdict_row *mxsel__verdict_row(int verdict);

/*
 * Write a row's sentence with the domain put in, cut to size, always
 * terminated. Returns the length written.
 */
unsigned mxsel__verdict_sentence(char *out, unsigned size, const char *text,
	const char *domain);

#endif
