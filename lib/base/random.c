/*
 * Seeds come from the kernel and from nowhere else: without it there is an
 * error, never a fallback. The generator is xoshiro256** by Blackman and
 * Vigna, its state filled by splitmix64.
 */
#include "base/random.h"

#include <stddef.h>
#if defined(__linux__) || defined(__FreeBSD__)
#include <errno.h>
#include <sys/random.h>
#elif defined(__APPLE__)
#include <sys/random.h>
#else
#include <unistd.h>
#endif

#include <mxsel/mxsel.h>

#if defined(__linux__) || defined(__FreeBSD__)
int mxsel__random_seed(uint64_t *seed)
{
	unsigned char *at = (unsigned char *)seed;
	size_t left = sizeof(*seed);

	while (left > 0) {
		ssize_t n = getrandom(at, left, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return MXSEL_EENTROPY;
		at += n;
		left -= (size_t)n;
	}
	return MXSEL_OK;
}
#else
int mxsel__random_seed(uint64_t *seed)
{
	return getentropy(seed, sizeof(*seed)) == 0 ? MXSEL_OK
	                                            : MXSEL_EENTROPY;
}
#endif

uint64_t mxsel__random_step(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void mxsel__random_init(struct mxsel__random *r, uint64_t seed)
{
	int i;

	for (i = 0; i < 4; i++)
		r->state[i] = mxsel__random_step(&seed);
}

static uint64_t rotate(uint64_t x, int bits)
{
	return (x << bits) | (x >> (64 - bits));
}

uint64_t mxsel__random_next(struct mxsel__random *r)
{
	uint64_t *s = r->state;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

/* Lemire's multiplication, with his rejection of the unfair remainder. */
uint32_t mxsel__random_below(struct mxsel__random *r, uint32_t bound)
{
	uint64_t product = (mxsel__random_next(r) >> 32) * bound;
	uint32_t low = (uint32_t)product;

	if (low < bound) {
		uint32_t unfair = (UINT32_MAX - bound + 1) % bound;

		while (low < unfair) {
			product = (mxsel__random_next(r) >> 32) * bound;
			low = (uint32_t)product;
		}
	}
	return (uint32_t)(product >> 32);
}
