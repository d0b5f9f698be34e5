/*
 * COUNT records with any preferences and lengths of names, sorted and
 * shuffled by any random numbers; SORT says by which of the two ways, of
 * which the library takes the second for more than 64 records only. Uses the
 * room rank.
 */
#include "proof/proof.h"
#include "rank/order.c"

#define TEXT_SIZE 1024

int main(void)
{
	struct mxsel__mx *v = malloc(COUNT * sizeof(*v));
	const char *names = anything(TEXT_SIZE);
	struct mxsel__random r;
	size_t i, n;

	for (i = 0; i < COUNT; i++) {
		v[i].name = names;
		v[i].length = Frama_C_unsigned_short_interval(0,
			TEXT_SIZE - 1);
		v[i].key = mxsel__order_key(names, v[i].length);
		v[i].preference = Frama_C_unsigned_short_interval(0, 65535);
		v[i].kind = 0;
		v[i].mark = 0;
	}
	Frama_C_make_unknown((char *)&r, sizeof(r));
	n = SORT(v, COUNT);
	mxsel__order_shuffle(v, n, &r);
	return 0;
}
