/*
 * How securely a host must be reached, as a postmaster would say it. May use
 * the public headers.
 */
#ifndef TOOLS_PHRASES_TLS_H
#define TOOLS_PHRASES_TLS_H

#include <stdio.h>

#include "plan_tls.h"

/* "TLS by DANE", "TLS if offered"; never NULL. */
const char *phrase_posture(int posture);

/* Of MXSEL_POSTURE_BY_*: "it has no TLSA records"; never NULL. */
const char *phrase_posture_reason(int reason);

/* Both: "TLS, trusted certificate for mx.example: MTA-STS, mode enforce". */
void phrase_tls(FILE *out, const struct plan_tls *t);

/* "3 1 1 0b9fa5a59eed715c...", with so many octets of its data. */
void phrase_tlsa(FILE *out, const struct plan_tlsa *record, size_t shown);

#endif
