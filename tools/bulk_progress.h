/*
 * What a person at a terminal sees of a long run: one line on stderr, written
 * anew ten times a second, and a last one. May use libc.
 */
#ifndef TOOLS_BULK_PROGRESS_H
#define TOOLS_BULK_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

/* What was counted up to now. */
struct tally {
	uint64_t try, defer, bounce; /* destinations, by what to do */
	uint64_t questions;          /* that were asked */
	uint64_t octets;             /* of the input, done in this run */
	uint64_t size;               /* of all of it; 0: not known */
};

struct progress {
	int is_on;
	int is_drawn;    /* there is a line on the terminal */
	int clears;      /* standard output is a terminal, too */
	uint64_t begun;  /* milliseconds */
	uint64_t drawn;
	uint64_t rate_at;    /* the rate is that of the last seconds: */
	uint64_t rate_count; /* so many were done then */
	double rate;
};

/* when: SETTINGS_COLOR_AUTO, _ALWAYS or _NEVER. */
void progress_begin(struct progress *p, int when, uint64_t now);

/* Draw it when it is time for it. */
void progress_tick(struct progress *p, const struct tally *t, uint64_t now);

/* Something is about to be written to standard error. */
void progress_erase(struct progress *p);

/* Something is about to be written to standard output. */
void progress_clear(struct progress *p);

/* The last line; what: "", or why it ended before the end. */
void progress_end(struct progress *p, const struct tally *t, uint64_t now,
	const char *what);

#endif
