/*
 * What TLS must be for an attempt, in libcurl's and OpenSSL's words.
 */
#ifndef MTA_TLS_H
#define MTA_TLS_H

#include <curl/curl.h>

#include <mxsel/mxsel.h>
#include <mxsel/security.h>

/* Set up a transfer as the posture of the attempt reached wants it. 0: this
   libcurl cannot. m must live as long as the transfer. */
int tls_prepare(CURL *curl, mxsel *m, const char *ca);

/* Before the first mxsel_next(): the MTA-STS policy of the domain, if the
   folder has one. */
void tls_use_policy(mxsel *m, const char *folder);

/* What the end of a transfer says about TLS: MXSEL_OUTCOME_TLS or _POLICY; 0:
   nothing. */
int tls_outcome(CURLcode result);

#endif
