/*
 * Which of several equals go behind the others, because they failed (R85).
 * Pure. May use base and name.
 */
#ifndef MXSEL_RANK_BEHIND_H
#define MXSEL_RANK_BEHIND_H

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

#define MXSEL__CHANCES 1000u /* certain */

/* One of n equals. */
struct mxsel__equal {
	uint16_t chance; /* of going behind, 0..MXSEL__CHANCES */
	uint8_t failed;  /* counts as one that does not work */
	uint8_t behind;  /* out */
};

/*
 * Say who goes behind. Nobody does, and nothing is drawn, when none has a
 * chance or all failed; nobody does, either, when all would. One with a
 * chance stays in its place at least explore times of MXSEL__CHANCES. Returns
 * how many go behind; MXSEL__ALL_FAILED: none, for all failed.
 */
#define MXSEL__ALL_FAILED SIZE_MAX
size_t mxsel__behind_draw(struct mxsel__equal *v, size_t n, uint32_t explore,
	struct mxsel__random *r);

/*
 * The new order of n things that stand in order, those of v behind last:
 * order[i] is the index of the one that comes to stand at i. Stable.
 */
void mxsel__behind_order(unsigned short *order, const struct mxsel__equal *v,
	size_t n);

#endif
