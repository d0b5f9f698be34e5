/*
 * What the proofs share: pieces of memory of which nothing is known but
 * their size, and numbers of which nothing is known but their bounds. Read by
 * Frama-C alone; uses its library.
 */
#ifndef MXSEL_PROOF_PROOF_H
#define MXSEL_PROOF_PROOF_H

#include <__fc_builtin.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Any octets, size of them; one before or behind them is an alarm. */
static inline void *anything(size_t size)
{
	char *room = malloc(size);

	Frama_C_make_unknown(room, size);
	return room;
}

/* Any text of up to length octets, and its NUL. */
static inline char *any_text(size_t length)
{
	char *text = anything(length + 1);

	text[length] = '\0';
	return text;
}

static inline size_t any_size(size_t least, size_t most)
{
	return Frama_C_size_t_interval(least, most);
}

/*
 * Where SIZE is set: once with SIZE octets of room and any size up to it, or
 * (LEAST) with each size from LEAST to SIZE in a room of just that many.
 */
#ifdef SIZE
static inline void each_size(void (*run)(size_t room, size_t size))
{
#ifdef LEAST
	size_t size;

	/*@ loop unroll 65536; */
	for (size = LEAST; size <= SIZE; size++)
		run(size, size);
#else
	run(SIZE, any_size(0, SIZE));
#endif
}
#endif

static inline uint16_t any_16(void)
{
	return Frama_C_unsigned_short_interval(0, 65535);
}

#endif
