/*
 * mxsel__address_from_name() for the proofs of its callers: it may answer
 * anything, and what it is given must be readable. Its own proof is
 * address.c. Read by Frama-C alone; uses the room name.
 */
#ifndef MXSEL_PROOF_ANY_ADDRESS_H
#define MXSEL_PROOF_ANY_ADDRESS_H

#include "name/address.h"

/*@ requires \valid_read(text + (0 .. length - 1));
  @ requires \valid(out);
  @ assigns \result \from text[0 .. length - 1];
  @ assigns *out \from text[0 .. length - 1];
  @*/
int mxsel__address_from_name(struct mxsel__address *out, const char *text,
	size_t length);

#endif
