/*
 * The order of the addresses of one host by family (R33, R34). Pure.
 * May use base and name.
 */
#ifndef MXSEL_RANK_FAMILY_H
#define MXSEL_RANK_FAMILY_H

#include <stddef.h>

#include "base/random.h"

/* A mode besides those of MXSEL_FAMILY_*: in turn, IPv4 first. */
#define MXSEL__FAMILY_IN_TURN_V4 100

/*
 * Merge the indices of v6 IPv6 addresses (0..v6-1) and v4 IPv4 addresses
 * (v6..v6+v4-1) into out (room for v6+v4) by mode, MXSEL_FAMILY_*. Within a
 * family the order stays. r is used by MXSEL_FAMILY_ANY only, and only when
 * both families are there. Returns how many indices were written: a family
 * that is switched off gives none.
 */
size_t mxsel__family_merge(unsigned short *out, size_t v6, size_t v4, int mode,
	struct mxsel__random *r);

/* Uniform shuffle of n indices (address-level shuffle, R31). */
void mxsel__family_shuffle(unsigned short *v, size_t n,
	struct mxsel__random *r);

#endif
