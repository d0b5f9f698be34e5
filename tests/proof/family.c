/*
 * Up to FAMILY addresses of each family, in every mode, merged and shuffled
 * by any random numbers. Uses the room rank.
 */
#include <mxsel/mxsel.h>

#include "proof/proof.h"
#include "rank/family.h"

static void merge(size_t six, size_t four, int mode)
{
	unsigned short *out = malloc((six + four) * sizeof(*out));
	struct mxsel__random r;
	size_t n;

	Frama_C_make_unknown((char *)&r, sizeof(r));
	n = mxsel__family_merge(out, six, four, mode, &r);
	mxsel__family_shuffle(out, n, &r);
}

int main(void)
{
	size_t six, four;
	int mode;

	for (mode = 0; mode <= MXSEL_FAMILY_V4_ONLY + 1; mode++) {
		for (six = 0; six <= FAMILY; six++) {
			for (four = 0; four <= FAMILY; four++)
				merge(six, four, mode);
		}
	}
	return 0;
}
