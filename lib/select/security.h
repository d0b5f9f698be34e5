/*
 * What the files about the security of the path offer to the others of the
 * room: DANE (dane.c), policies and what the message asks for (security.c),
 * the lines of a TLS report (tlsrpt.c). May use base, name, wire, cache, rank
 * and policy.
 */
#ifndef MXSEL_SELECT_SECURITY_H
#define MXSEL_SELECT_SECURITY_H

#include "select/select.h"

/*
 * dane.c: how securely a host was found, from its answers; called before they
 * are recycled (R91).
 */
void mxsel__dane_note(const struct mxsel *m, struct host *host);
/* Did the resolver say of it whether it is secure? */
static inline int mxsel__security_is_told(int security)
{
	return security == MXSEL_SECURITY_SECURE ||
		security == MXSEL_SECURITY_INSECURE;
}

static inline int mxsel__dane_is_validating(const struct mxsel *m)
{
	return mxsel__security_is_told(m->mx_security);
}

/*
 * Is what its addresses are tried for bound to its name, so that another
 * name's attempt at the same address is not the same (R36)?
 */
int mxsel__dane_is_by_name(const struct mxsel *m, const struct host *host);
/* Must its TLSA records be looked for before it is tried? */
int mxsel__dane_is_due(const struct mxsel *m, const struct host *host);
/* Begin with this host. */
void mxsel__dane_begin(struct mxsel *m, uint16_t host);
/* 1: it is known; 0: an answer is to come; MXSEL_ENOMEM. */
int mxsel__dane_go_on(struct mxsel *m);
#define MXSEL__DANE_STEP_MAX 5 /* of dane_step */
/* Can dane_host have come to dane_step, and a settled host to where it is? */
int mxsel__dane_step_is_sound(const struct mxsel *m);
int mxsel__dane_host_is_sound(const struct mxsel *m, const struct host *host);
/* The TLSA base domain; NULL: it has no records. */
const char *mxsel__dane_base(const struct mxsel *m, const struct host *host);
/* Those of its TLSA records that can be used; NULL: none. */
static inline const struct tlsa *mxsel__dane_tlsa(const struct host *host)
{
	return host->dane == MXSEL_DANE_RECORDS ? host->tlsa : NULL;
}
/* One that is kept, as policy sees it. */
static inline struct mxsel__tlsa mxsel__dane_record(const struct tlsa *t)
{
	struct mxsel__tlsa record = { t->usage, t->selector, t->matching,
		t->length, t->data };

	return record;
}
/* May this address of its host not be used (R92, R93)? */
int mxsel__dane_forbids(const struct host *host, const struct candidate *c);
/* answer.c or packet: a record to its question. 0 or MXSEL_ENOMEM. */
int mxsel__tlsa_add(struct mxsel_query *q, const struct mxsel__tlsa *tlsa);

/* security.c: 0, or why a policy or the message forbids the host. */
int mxsel__security_judge(struct mxsel *m, const char *name, int source);
/* MXSEL_STS_* of a policy that lists it; NONE. */
int mxsel__security_sts(const struct mxsel *m, const char *name, int source);
/* What is known of a host. */
void mxsel__security_path(const struct mxsel *m, const struct host *host,
	struct mxsel__path *path);
/* The policy that was given is not needed any more. */
void mxsel__security_drop(struct mxsel *m);
/* Whatever of the MX answer counts for the hosts it names. */
void mxsel__security_note_mx(struct mxsel *m, const struct mxsel_query *q);

/* tlsrpt.c: a line of the report. 0 or MXSEL_ENOMEM. */
/* host: a name that lives as long as the selection. */
int mxsel__tlsrpt_add(struct mxsel *m, const char *host,
	const struct candidate *c, int policy, int result);

#endif
