/*
 * Lines on their way to standard output, which may be slow: nothing here
 * waits for whoever reads unless it is told to. May use libc.
 */
#ifndef TOOLS_BULK_OUTPUT_H
#define TOOLS_BULK_OUTPUT_H

#include <stdint.h>
#include <sys/types.h>

#include "buffer.h"

struct output {
	int fd;
	int is_file;         /* writing never waits for a reader */
	int is_own;          /* fd was opened here, and never waits either */
	int is_at_end;       /* a regular file, and we write at its end */
	off_t begun;         /* its size then */
	int error;           /* errno of a write that failed */
	struct buffer lines; /* add to it */
	size_t sent;         /* of lines */
	uint64_t written;    /* in all */
};

void output_open(struct output *out, int fd);

/* Octets that wait. */
size_t output_pending(const struct output *out);

/* Where the last octet added will be, in octets of all that is written. */
uint64_t output_place(const struct output *out);

/* Write what can be written now. 0, or -1: error is set. */
int output_flush(struct output *out);

/* Write all, however long it takes. A signal that ends us does so. */
int output_finish(struct output *out);

/* What was written is to survive a failure of power, where it can. */
void output_sync(const struct output *out);

/*
 * Take back what was written after the first so many octets, when it is in a
 * file to which nobody else has written.
 */
void output_take_back(const struct output *out, uint64_t written);

void output_close(struct output *out);

#endif
