/*
 * How securely a host must be reached, in JSON. May use the public headers.
 */
#ifndef TOOLS_JSON_TLS_H
#define TOOLS_JSON_TLS_H

#include <mxsel/mxsel.h>

#include "buffer.h"

/* The keys of the host that m has reached, each with a comma before it. */
void json_tls_host(struct buffer *out, const mxsel *m);

/* "tlsrpt" and its value. */
void json_tls_report(struct buffer *out, const mxsel *m);

#endif
