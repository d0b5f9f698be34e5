/*
 * Numbers from any state, below any bound; a seed from a kernel that answers
 * anything. Uses the room base.
 */
#include <errno.h>
#include <sys/types.h>

#include "base/random.h"
#include "proof/proof.h"

/* Any part of what was asked for, an error, or nothing. */
ssize_t getrandom(void *buffer, size_t length, unsigned flags)
{
	int n = Frama_C_interval(-1, 8);

	(void)flags;
	/*@ split n; */
	/*@ split length; */
	if (n > (int)length)
		n = (int)length;
	if (n < 0)
		errno = Frama_C_nondet(EINTR, ENOSYS);
	else if (n > 0)
		Frama_C_make_unknown(buffer, (size_t)n);
	return n;
}

int main(void)
{
	struct mxsel__random r;
	uint64_t seed;
	uint32_t bound, below;

	if (mxsel__random_seed(&seed) != 0)
		seed = 1;
	mxsel__random_init(&r, seed);
	Frama_C_make_unknown((char *)&r, sizeof(r));
	(void)mxsel__random_step(&seed);
	(void)mxsel__random_next(&r);
	(void)mxsel__random_below(&r, (uint32_t)any_size(1, UINT32_MAX));
	/*@ loop unroll COUNT; */
	for (bound = 1; bound <= COUNT; bound++) {
		below = mxsel__random_below(&r, bound);
		/*@ assert below < bound; */
	}
	return 0;
}
