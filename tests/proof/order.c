/*
 * Any records, up to as many as an answer can hold, sorted in both ways.
 * Uses the room rank.
 */
#include "proof/proof.h"
#include "rank/order.c"

static char names[NAME];
static struct mxsel__mx v[COUNT] = { [0 ... COUNT - 1] = { .name = names } };

int main(void)
{
	size_t n = any_size(0, COUNT);
	size_t i;

	/*@ widen_hints global:"all", 1, NAME, COUNT - 1, COUNT; */
	Frama_C_make_unknown(names, NAME);
	for (i = 0; i < COUNT; i++) {
		v[i].length = (uint16_t)any_size(0, NAME);
		v[i].preference = any_16();
		v[i].key = mxsel__order_key(names, v[i].length);
	}
	if (n > FEW)
		n = sort_many(v, n);
	else
		n = sort_few(v, n);
	/*@ assert n <= COUNT; */
	return 0;
}
