/*
 * Random numbers of a simulation: what is drawn follows from the seed alone.
 * May use libc and libm.
 */
#ifndef TESTS_BENCH_OUTAGES_DICE_H
#define TESTS_BENCH_OUTAGES_DICE_H

#include <math.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

static inline uint64_t dice_next(struct dice *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Above 0, up to 1. */
static inline double dice_part(struct dice *d)
{
	return (double)((dice_next(d) >> 11) + 1) * 0x1p-53;
}

static inline unsigned dice_below(struct dice *d, unsigned bound)
{
	return (unsigned)((dice_next(d) >> 32) * bound >> 32);
}

/* How long until something that happens once in mean comes. */
static inline double dice_wait(struct dice *d, double mean)
{
	return -mean * log(dice_part(d));
}

/* Between least and most, every order of magnitude as likely as any other. */
static inline double dice_between(struct dice *d, double least, double most)
{
	return least * exp(dice_part(d) * log(most / least));
}

#endif
