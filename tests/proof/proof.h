/*
 * What the proofs share: a piece of memory of exactly so many octets, of
 * which nothing is known. Read by Frama-C alone; uses its library.
 */
#ifndef MXSEL_PROOF_PROOF_H
#define MXSEL_PROOF_PROOF_H

#include <__fc_builtin.h>
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

#endif
