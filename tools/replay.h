/*
 * --record and --replay: what the DNS said in one run, kept in a file, and
 * the same run again without the DNS. May use the public headers.
 */
#ifndef TOOLS_REPLAY_H
#define TOOLS_REPLAY_H

#include "settings.h"

/*
 * Before the first selection: have s->record written, and let s->replay
 * answer instead of any other resolver, with its seed. 0; or the exit status,
 * with one line said on stderr. Each wants one destination; that of a replay
 * is the one that was recorded. Other options are not in the file: they are
 * to be given again.
 */
int replay_start(const struct settings *s, mxsel_options *options);

/* After the last selection: 0, or the exit status as above. */
int replay_end(const struct settings *s);

#endif
