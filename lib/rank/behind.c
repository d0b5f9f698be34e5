/*
 * Who goes behind his equals, by chance: the more certain it is that he does
 * not work, the more surely he goes. A few are left in their place, for else
 * nobody would see that they work again. May use base and name.
 */
#include "rank/behind.h"

static int all_failed(const struct mxsel__equal *v, size_t n)
{
	size_t i = 0;

	while (i < n && v[i].failed)
		i++;
	return i == n;
}

static int goes_behind(const struct mxsel__equal *e, uint32_t explore,
	struct mxsel__random *r)
{
	uint32_t stays = MXSEL__CHANCES - e->chance;

	if (stays < explore)
		stays = explore;
	return mxsel__random_below(r, MXSEL__CHANCES) >= stays;
}

size_t mxsel__behind_draw(struct mxsel__equal *v, size_t n, uint32_t explore,
	struct mxsel__random *r)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		v[i].behind = 0;
	if (all_failed(v, n))
		return MXSEL__ALL_FAILED;
	for (i = 0; i < n; i++) {
		if (v[i].chance == 0)
			continue; /* what is well changes no other's order */
		v[i].behind = goes_behind(&v[i], explore, r) != 0;
		count += v[i].behind;
	}
	for (i = 0; i < n && count == n; i++)
		v[i].behind = 0;
	return count == n ? 0 : count;
}

void mxsel__behind_order(unsigned short *order, const struct mxsel__equal *v,
	size_t n)
{
	size_t at[2] = { 0, n }; /* where the next goes: in its place, behind */
	size_t i;

	for (i = 0; i < n; i++)
		at[1] -= v[i].behind != 0;
	for (i = 0; i < n; i++)
		order[at[v[i].behind != 0]++] = (unsigned short)i;
}
