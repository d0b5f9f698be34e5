/*
 * The slow half of the append buffer. May use libc.
 */
#include "buffer.h"

#include <stdint.h>
#include <stdlib.h>

int buffer_grow(struct buffer *b, size_t n)
{
	size_t room = b->room == 0 ? 512 : b->room;
	char *moved = NULL;

	while (room - b->length < n && room <= SIZE_MAX / 2)
		room *= 2;
	if (room - b->length >= n)
		moved = realloc(b->bytes, room);
	if (moved == NULL) {
		b->failed = 1;
		return -1;
	}
	b->bytes = moved;
	b->room = room;
	return 0;
}

void buffer_free(struct buffer *b)
{
	free(b->bytes);
	memset(b, 0, sizeof(*b));
}

void buffer_number(struct buffer *b, unsigned long long n)
{
	char digits[24];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	buffer_add(b, digits + i, sizeof(digits) - i);
}
