/*
 * Destinations from standard input, one a line, as they come: never waits for
 * more than one read, holds no more than its buffer. May use libc.
 */
#ifndef TOOLS_BULK_INPUT_H
#define TOOLS_BULK_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* Octets of a line that can be a destination; longer ones are cut. */
#define INPUT_LINE_MAX 1024

/* How far the input is read, in whole lines. */
struct place {
	uint64_t octets;
	uint64_t lines;
	uint64_t sum;   /* of all octets up to here, when they are summed */
};

struct input {
	int fd;
	int is_file;    /* reading never waits */
	int at_end;     /* nothing comes after what is in the buffer */
	int error;      /* errno of a read, or copy, that failed */
	int sums;
	int is_cutting; /* the rest of a line that is too long */
	int is_comment; /* and begins with '#' */
	int is_in_line; /* what was passed last was no newline */
	off_t begun;    /* of a file: where we began */
	uint64_t size;  /* of a file, from there; 0: not known */
	FILE *copy;     /* of what comes before the rest of a pipe */
	int is_copied;  /* what is read goes into it */
	struct place place;
	char *bytes;
	size_t begin, end;
	size_t head_length;
	char head[INPUT_LINE_MAX + 1];
};

/* One destination; there is a NUL behind it, also where it is cut. */
struct input_line {
	const char *text;
	size_t length;
	int is_odd;     /* too long, or with a NUL: it can only be refused */
};

enum { INPUT_END, INPUT_LINE, INPUT_MORE };

/* 0, or -1 when there is no memory. */
int input_open(struct input *in, int fd, int sums);

/*
 * The next destination, without reading. INPUT_MORE: call input_read() first.
 * A line lives until the next call. place says where it ends.
 */
int input_next(struct input *in, struct input_line *line);

/* One read(). Sets at_end, and error with it when it failed. */
void input_read(struct input *in);

/*
 * Pass over what was done in an earlier run: 0; -1: the input is another one,
 * or ends before. The sum must be that of the octets passed.
 */
int input_skip(struct input *in, const struct place *to);

/*
 * Does what comes now, up to this place, have this sum, and a line end there?
 * 0 or -1, as input_skip(). All of it is still to come after 0.
 */
int input_compare(struct input *in, const struct place *to);

/* Can a read wait for somebody who writes? */
int input_may_wait(const struct input *in);

/* After input_skip(): read until there is something, or the end. */
void input_need(struct input *in);

/* Does the next octet begin a line, or end one? */
int input_is_at_line(const struct input *in);

void input_close(struct input *in);

#endif
