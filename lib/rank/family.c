/*
 * Orders the addresses of one host by family, so that a family that is
 * broken somewhere on the way costs one attempt and not all of them (RFC
 * 8305 4). Only indices move. May use base and name.
 */
#include "rank/family.h"

#include <mxsel/mxsel.h>

/*
 * The index that stands at at when one of each takes its turn while both
 * last, and then what is left (RFC 8305 4).
 */
static size_t in_turn(size_t at, size_t v6, size_t v4, int v6_leads)
{
	size_t both = v6 < v4 ? v6 : v4;

	if (at >= 2 * both)
		return v6 > v4 ? at - both : at;
	return at / 2 + ((at % 2 == 0) == v6_leads ? 0 : v6);
}

/* The index that stands at at. */
static size_t index_at(size_t at, size_t v6, size_t v4, int mode, int v6_leads)
{
	switch (mode) {
	case MXSEL_FAMILY_V6_ONLY:
	case MXSEL_FAMILY_V6_FIRST:
		return at;
	case MXSEL_FAMILY_V4_ONLY:
		return v6 + at;
	case MXSEL_FAMILY_V4_FIRST:
		return at < v4 ? v6 + at : at - v4;
	default:
		return in_turn(at, v6, v4, v6_leads);
	}
}

size_t mxsel__family_merge(unsigned short *out, size_t v6, size_t v4, int mode,
	struct mxsel__random *r)
{
	size_t count = (mode == MXSEL_FAMILY_V4_ONLY ? 0 : v6) +
		(mode == MXSEL_FAMILY_V6_ONLY ? 0 : v4);
	int v6_leads = mode != MXSEL__FAMILY_IN_TURN_V4;
	size_t at;

	if (mode == MXSEL_FAMILY_ANY && v6 > 0 && v4 > 0)
		v6_leads = mxsel__random_below(r, 2) == 0;
	for (at = 0; at < count; at++)
		out[at] = (unsigned short)index_at(at, v6, v4, mode, v6_leads);
	return count;
}

/* Fisher and Yates, from the end. */
void mxsel__family_shuffle(unsigned short *v, size_t n,
	struct mxsel__random *r)
{
	size_t i;

	for (i = n; i > 1; i--) {
		size_t j = mxsel__random_below(r, (uint32_t)i);
		unsigned short t = v[j];

		v[j] = v[i - 1];
		v[i - 1] = t;
	}
}
