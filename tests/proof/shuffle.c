/*
 * Up to COUNT records with any preferences, shuffled by any random numbers:
 * every run of equal ones anywhere among them (RUNS), or which runs there are
 * (with the contract below in place of shuffle()). Uses the room rank.
 */
#include "proof/proof.h"
#include "rank/order.h"

/*@ requires first < COUNT && end <= COUNT;
  @ requires \valid(v + (0 .. COUNT - 1)) && \valid(r);
  @ assigns v[0 .. COUNT - 1] \from v[0 .. COUNT - 1], *r;
  @ assigns *r \from *r;
  @*/
static void shuffle(struct mxsel__mx *v, size_t first, size_t end,
	struct mxsel__random *r);

#include "rank/order.c"

static struct mxsel__mx v[COUNT];

int main(void)
{
	struct mxsel__random r;
	size_t first;

	/*@ widen_hints global:"all", COUNT - 1, COUNT; */
	Frama_C_make_unknown((char *)v, sizeof(v));
	Frama_C_make_unknown((char *)&r, sizeof(r));
	if (!RUNS) {
		mxsel__order_shuffle(v, any_size(0, COUNT), &r);
		return 0;
	}
	/*@ loop unroll COUNT; */
	for (first = 0; first < COUNT; first++)
		shuffle(v, first, any_size(0, COUNT), &r);
	return 0;
}
