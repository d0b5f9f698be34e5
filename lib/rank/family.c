/*
 * Orders the addresses of one host by family, so that a family that is
 * broken somewhere on the way costs one attempt and not all of them (RFC
 * 8305 4). Only indices move. May use base and name.
 */
#include "rank/family.h"

#include <mxsel/mxsel.h>

/* The indices from..from+count-1 in their order. */
static unsigned short *append(unsigned short *out, size_t from, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		*out++ = (unsigned short)(from + i);
	return out;
}

/* One of each in turn while both last, then what is left (RFC 8305 4). */
static void alternate(unsigned short *out, size_t v6, size_t v4, int v6_leads)
{
	size_t both = v6 < v4 ? v6 : v4;
	size_t i;

	for (i = 0; i < both; i++) {
		size_t six = i;
		size_t four = v6 + i;

		*out++ = (unsigned short)(v6_leads ? six : four);
		*out++ = (unsigned short)(v6_leads ? four : six);
	}
	out = append(out, both, v6 - both);
	(void)append(out, v6 + both, v4 - both);
}

size_t mxsel__family_merge(unsigned short *out, size_t v6, size_t v4, int mode,
	struct mxsel__random *r)
{
	int v6_leads = 1;

	switch (mode) {
	case MXSEL_FAMILY_V6_ONLY:
		(void)append(out, 0, v6);
		return v6;
	case MXSEL_FAMILY_V4_ONLY:
		(void)append(out, v6, v4);
		return v4;
	case MXSEL_FAMILY_V6_FIRST:
		(void)append(out, 0, v6 + v4);
		break;
	case MXSEL_FAMILY_V4_FIRST:
		(void)append(append(out, v6, v4), 0, v6);
		break;
	case MXSEL_FAMILY_ANY:
		if (v6 > 0 && v4 > 0)
			v6_leads = mxsel__random_below(r, 2) == 0;
		alternate(out, v6, v4, v6_leads);
		break;
	default:
		alternate(out, v6, v4, 1);
		break;
	}
	return v6 + v4;
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
