/*
 * Where the servers are, and whether their word on DNSSEC counts: one server's
 * text, and what a resolv.conf says of both. Needs no memory, so that nothing
 * can run out while it is read. May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_CONF_H
#define MXSEL_LDNS_CONF_H

#include "ldns/server.h"

/* "192.0.2.53", "192.0.2.53@5353", "::1@53". 0, or MXSEL_ESYNTAX. */
int mxsel__conf_server(struct mxsel__server *out, const char *text);

/*
 * Add the servers of a file. Lines that say nothing of use are passed over:
 * other keywords, what is no address, an address with a scope or one that
 * needs it (fe80::/10), servers beyond the 32nd. With "options trust-ad" the
 * servers are vouched for. 0, or MXSEL_EFILE.
 */
int mxsel__conf_file(struct mxsel__servers *servers, const char *path);

/* path: NULL for /etc/resolv.conf, "" for no server at all. As conf_file. */
int mxsel__conf_read(struct mxsel__servers *servers, const char *path);

#endif
