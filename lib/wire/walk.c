/*
 * Names in a packet compared without writing them down. May use base and
 * name.
 */
#include "wire/walk.h"

static unsigned lower(uint8_t octet)
{
	return octet - (unsigned)'A' < 26 ? octet | 0x20u : octet;
}

static int same_octets(const uint8_t *a, const uint8_t *b, size_t length)
{
	size_t i = 0;

	while (length - i >= 8) {
		if (mxsel__lower_eight(mxsel__get_eight(a + i)) !=
			mxsel__lower_eight(mxsel__get_eight(b + i)))
			return 0;
		i += 8;
	}
	while (i < length && lower(a[i]) == lower(b[i]))
		i++;
	return i == length;
}

/*
 * One label of each. 1: go on, the names are the same so far; 0: it is
 * decided, and *same says how.
 */
static int compare(struct mxsel__walk *x, struct mxsel__walk *y, int *same)
{
	unsigned length = mxsel__walk_label(x);
	unsigned other = mxsel__walk_label(y);

	*same = 0;
	if (length != other || length == MXSEL__LABEL_BAD)
		return 0;
	x->steps += length / 8;
	if (x->at != y->at && !same_octets(x->packet + x->at + 1,
			y->packet + y->at + 1, length))
		return 0;
	*same = 1;
	mxsel__walk_on(x, length);
	mxsel__walk_on(y, length);
	return length != 0 && x->at != y->at;
}

int mxsel__walk_same(const uint8_t *packet, size_t size, size_t a, size_t b,
	long *work)
{
	struct mxsel__walk x, y;
	int same;

	mxsel__walk_begin(&x, packet, size, a);
	mxsel__walk_begin(&y, packet, size, b);
	while (compare(&x, &y, &same))
		continue;
	*work -= x.steps + y.steps;
	return same;
}
