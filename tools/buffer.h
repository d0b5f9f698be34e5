/*
 * Octets that are put together before they are written: grows, and is used
 * again. A lack of memory is remembered and asked for once at the end, so
 * that printers need not look after each word. May use libc.
 */
#ifndef TOOLS_BUFFER_H
#define TOOLS_BUFFER_H

#include <stddef.h>
#include <string.h>

struct buffer {
	char *bytes;
	size_t length;
	size_t room;
	int failed; /* something is missing: there was no memory */
};

/* Make room for n more octets. 0, or -1: failed is set. */
int buffer_grow(struct buffer *b, size_t n);

void buffer_free(struct buffer *b);

void buffer_number(struct buffer *b, unsigned long long n);

/* Where n more octets may be written, NULL without memory; count them. */
static inline char *buffer_room(struct buffer *b, size_t n)
{
	if (b->room - b->length < n && buffer_grow(b, n) != 0)
		return NULL;
	return b->bytes + b->length;
}

static inline void buffer_add(struct buffer *b, const char *s, size_t n)
{
	char *room = n > 0 ? buffer_room(b, n) : NULL;

	if (room == NULL)
		return;
	memcpy(room, s, n);
	b->length += n;
}

/* The same for a string constant, whose length the compiler knows. */
#define buffer_constant(b, s) buffer_add((b), "" s, sizeof(s) - 1)

static inline void buffer_octet(struct buffer *b, char c)
{
	buffer_add(b, &c, 1);
}

static inline void buffer_empty(struct buffer *b)
{
	b->length = 0;
	b->failed = 0;
}

#endif
