/*
 * Randomness: seeds from the operating system, and a generator whose numbers
 * follow from its seed alone. Not for secrets. May use libc only.
 */
#ifndef MXSEL_BASE_RANDOM_H
#define MXSEL_BASE_RANDOM_H

#include <stdint.h>

struct mxsel__random {
	uint64_t state[4];
};

/* A seed from the operating system; 0 or MXSEL_EENTROPY. */
int mxsel__random_seed(uint64_t *seed);

/* The next of 2^64 different numbers, whose order follows from the state. */
uint64_t mxsel__random_step(uint64_t *state);

void mxsel__random_init(struct mxsel__random *r, uint64_t seed);
uint64_t mxsel__random_next(struct mxsel__random *r);

/* Uniform in 0..bound-1, unbiased by rejection; bound > 0. */
uint32_t mxsel__random_below(struct mxsel__random *r, uint32_t bound);

#endif
