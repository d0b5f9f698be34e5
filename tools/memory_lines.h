/*
 * The lines of a memory's file, for those who have to say more of it than the
 * library does: which one is bad, how many there are. May use the public
 * headers.
 */
#ifndef TOOLS_MEMORY_LINES_H
#define TOOLS_MEMORY_LINES_H

#include <stddef.h>

/* Octets that the library takes of a file, and none more. */
#define MEMORY_LINES_MAX ((size_t)64 << 20)

struct memory_lines {
	size_t entries; /* before the first bad line, if there is one */
	size_t bad;     /* its number from 1; 0: all are good */
	int is_cut;     /* what is wrong with it is that it has no end */
};

/* 0; -1: it cannot be read now, and out is all zero. */
int memory_lines_read(struct memory_lines *out, const char *file);

#endif
