/*
 * What the command line says of the security of hosts, for each selection:
 * the MTA-STS policy and what the message asks for. May use the public
 * headers.
 */
#ifndef TOOLS_SECURITY_H
#define TOOLS_SECURITY_H

#include <stddef.h>

#include <mxsel/security.h>

#include "settings.h"

struct security {
	int tls;      /* MXSEL_TLS_* */
	char *policy; /* the text of it; NULL: none */
	size_t size;
};

/* 0, or the exit status: one line was said. security_close() in any case. */
int security_open(struct security *sec, const struct settings *s);

/* Before the first mxsel_next() of a new or reset selection: 0 or MXSEL_E*. */
int security_use(const struct security *sec, mxsel *m);

/*
 * The policy, as that of this domain; NULL when there is none or the domain
 * is no domain. 0 or MXSEL_ENOMEM.
 */
int security_policy(const struct security *sec, mxsel_sts **policy,
	const char *domain);

void security_close(struct security *sec);

#endif
