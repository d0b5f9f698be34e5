/*
 * Who answers the questions of a run. May use the public headers.
 */
#ifndef TOOLS_RESOLVER_H
#define TOOLS_RESOLVER_H

#include <mxsel/unbound.h>

#include "settings.h"

/*
 * Give the options who answers, as the settings say; nobody where a record
 * is replayed, or bulk asks by itself. 0, or the exit status: said.
 */
int resolver_open(struct settings *s);

/*
 * libunbound with the trust anchors and servers of the settings. 0, or the
 * exit status, said: EX_USAGE also where it is not there.
 */
int resolver_validator(mxsel_unbound **u, const struct settings *s);

/* Complain of /etc/resolv.conf, or of a --server. The exit status. */
int resolver_refuse_system(int error);
int resolver_refuse_server(const char *server, int error);

#endif
