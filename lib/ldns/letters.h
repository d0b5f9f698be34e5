/*
 * Letters of either case in the name that is asked for (S6): a server copies
 * the question into its answer, and who cannot see the question would have to
 * guess them. May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_LETTERS_H
#define MXSEL_LDNS_LETTERS_H

#include <stdint.h>

#include <mxsel/mxsel.h>

#include "ldns/reply.h"

/*
 * Turn the letters of the question's name by these bits, one each; from the
 * 33rd letter on the bits come again. The same bits twice undo it.
 */
void mxsel__letters_mix(uint8_t *question, uint32_t bits);

/* Is it the question asked with these bits, octet for octet? */
int mxsel__letters_repeated(const struct mxsel__reply *reply,
	const mxsel_query *query, uint32_t bits);

#endif
