/*
 * Random numbers for ids and jitter: the system's own, a few hundred at a
 * time, so that a question costs no system call for its id. No entropy is an
 * error, never a fallback (S2). May use libc only.
 */
#ifndef MXSEL_LDNS_DICE_H
#define MXSEL_LDNS_DICE_H

#include <stddef.h>
#include <stdint.h>

#define MXSEL__DICE_SIZE 512u

struct mxsel__dice {
	uint8_t octets[MXSEL__DICE_SIZE];
	size_t left;
};

/* Nothing drawn yet; also in the child of a fork: forget what is there. */
void mxsel__dice_init(struct mxsel__dice *d);

/* 16 random bits, used once and wiped. 0; MXSEL_EENTROPY. */
int mxsel__dice_throw(struct mxsel__dice *d, uint16_t *out);

#endif
