/*
 * The file of --resume: how far the output of a run is complete. May use
 * libc.
 */
#ifndef TOOLS_BULK_STATE_H
#define TOOLS_BULK_STATE_H

#include "buffer.h"
#include "bulk_input.h"

struct state {
	const char *path;
	struct place place;
	int status;         /* the worst exit status up to here */
	int is_complete;    /* that was all of the input */
	struct buffer bits; /* done beyond place: as window_bits() */
	struct place last;  /* where the last of those ends */
};

/*
 * Read the file: 0; 1: there is none yet; or the exit status, with one line
 * on stderr.
 */
int state_read(struct state *s, const char *path);

/* Is the destination of this number behind place done? */
int state_is_done(const struct state *s, uint64_t number);

/* Replace the file, all at once. 0, or -1 with errno. */
int state_write(const struct state *s);

void state_free(struct state *s);

#endif
