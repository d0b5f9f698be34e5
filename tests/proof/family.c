/*
 * Up to FAMILY addresses of each family, merged in any mode, and up to twice
 * as many shuffled by any random numbers. Uses the room rank.
 */
#include <mxsel/mxsel.h>

#include "proof/proof.h"
#include "rank/family.h"

int main(void)
{
	unsigned short *out = anything(2 * FAMILY * sizeof(*out));
	struct mxsel__random r;

	/*@ widen_hints global:"all", FAMILY, 2 * FAMILY; */
	Frama_C_make_unknown((char *)&r, sizeof(r));
	(void)mxsel__family_merge(out, any_size(0, FAMILY),
		any_size(0, FAMILY), (int)any_size(0, 10), &r);
	mxsel__family_shuffle(out, any_size(0, 2 * FAMILY), &r);
	return 0;
}
