/*
 * How securely a host of a plan must be reached, kept for the printers. May
 * use the public headers.
 */
#ifndef TOOLS_PLAN_TLS_H
#define TOOLS_PLAN_TLS_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/mxsel.h>

struct plan_tlsa {
	int usage, selector, matching;
	uint8_t *data;
	size_t length;
};

struct plan_tls {
	int posture;       /* MXSEL_POSTURE_* */
	int reason;        /* MXSEL_POSTURE_BY_* */
	char *name;        /* what the certificate is for; NULL: not known */
	char *base;        /* of the TLSA records */
	struct plan_tlsa *records;
	size_t record_count;
};

/* Of the host that m has reached. 0 or MXSEL_ENOMEM; all zero before. */
int plan_tls_keep(struct plan_tls *t, const mxsel *m);

void plan_tls_free(struct plan_tls *t);

#endif
