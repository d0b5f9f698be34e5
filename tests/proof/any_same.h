/*
 * mxsel__walk_same() for the proofs of its callers: it may answer anything,
 * and what same.c takes for granted must hold. Read by Frama-C alone; uses
 * the room wire.
 */
#ifndef MXSEL_PROOF_ANY_SAME_H
#define MXSEL_PROOF_ANY_SAME_H

#include "wire/walk.h"

/*@ requires size <= 65535 && a <= 65537 && b <= 65537;
  @ requires \valid_read(packet + (0 .. size - 1));
  @ requires \valid(work);
  @ assigns \result \from packet[0 .. size - 1], size, a, b;
  @ assigns *work \from *work, packet[0 .. size - 1], size, a, b;
  @ ensures 0 <= \result <= 1;
  @*/
int mxsel__walk_same(const uint8_t *packet, size_t size, size_t a, size_t b,
	unsigned long *work);

#endif
