/*
 * mxsel lint: what is wrong with the mail DNS of a domain, for those who own
 * the zone. May use the public headers.
 */
#ifndef TOOLS_LINT_H
#define TOOLS_LINT_H

#include <mxsel/mxsel.h>

#include "settings.h"

/*
 * Look at every destination of s, which must be domains, with what options
 * say (they hold the resolver), and print what was found. The exit status: 1
 * when there is an error, EX_TEMPFAIL when the DNS did not answer or memory
 * ran out, EX_USAGE when a destination is no domain, EX_IOERR when the output
 * cannot be written, else 0.
 */
int lint_run(const struct settings *s, mxsel_options *options);

#endif
