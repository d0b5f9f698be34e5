/*
 * What a memory knows as lines of text: shared by the file that writes a line
 * and the one that writes them all. May use base and name.
 */
#ifndef MXSEL_CACHE_MEMORY_TEXT_H
#define MXSEL_CACHE_MEMORY_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/memory.h>

/* The first line of a file, up to the time. */
#define MXSEL__MEMORY_FIRST "mxsel-memory 1 "

/*
 * The one form that an entry has: name and addresses as they are written,
 * nothing behind their NULs. 0; MXSEL_ESYNTAX or MXSEL_ERANGE when it is no
 * entry, and *out is of no use.
 */
int mxsel__memory_entry_check(struct mxsel_memory_entry *out,
	const struct mxsel_memory_entry *entry);

/* Such an entry as a line without newline; its length. */
size_t mxsel__memory_line(char text[MXSEL_MEMORY_TEXT_SIZE],
	const struct mxsel_memory_entry *entry);

/* A decimal number without needless zeros, up to most: 0; -1: it is none. */
int mxsel__memory_number(uint64_t *out, const char *text, size_t length,
	uint64_t most);

/* The digits of a number; how many. No NUL. */
size_t mxsel__memory_digits(char text[20], uint64_t number);

/* Lines of all that is known, each with a newline. */
struct mxsel__line {
	size_t at;       /* in the text */
	uint16_t length; /* with its newline */
	uint16_t name;   /* octets before the name */
	uint16_t port;
};

struct mxsel__lines {
	uint64_t time;   /* by the memory's clock */
	char *text;      /* in no order */
	size_t length, room;
	struct mxsel__line *line; /* sorted by name, then by port */
	size_t count, line_room;  /* the room in octets */
};

/* Into lines that are all zeros: 0 or MXSEL_ENOMEM. They are to be freed. */
int mxsel__lines_take(struct mxsel__lines *lines, const mxsel_memory *memory);
void mxsel__lines_free(struct mxsel__lines *lines);

/* A block that has room for need octets, as realloc() makes it. 0 or -1. */
int mxsel__memory_grow(void **block, size_t *room, size_t need);

/* All of a file: mxsel_memory_load(), but for the reading. */
int mxsel__memory_take(struct mxsel_memory *memory, const char *text,
	size_t length);

#endif
