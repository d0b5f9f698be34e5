/*
 * Names in a packet compared without writing them down. May use base and
 * name.
 */
#include "wire/walk.h"

static unsigned lower(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? octet | 0x20u : octet;
}

/*
 * Two labels, each with its length octet, which is no letter. They are the
 * same as far as the one that stands behind the other goes, to end.
 */
static int same_octets(const uint8_t *packet, size_t before, size_t behind,
	size_t end)
{
	while (behind + 8 <= end) {
		if (mxsel__lower_eight(mxsel__get_eight(packet + before)) !=
			mxsel__lower_eight(mxsel__get_eight(packet + behind)))
			return 0;
		before += 8;
		behind += 8;
	}
	while (behind < end && lower(packet[before]) == lower(packet[behind])) {
		before++;
		behind++;
	}
	return behind == end;
}

static int same_labels(const uint8_t *packet, size_t a, size_t a_end,
	size_t b, size_t b_end)
{
	if (a == b)
		return 1;
	return a < b ? same_octets(packet, a, b, b_end)
		: same_octets(packet, b, a, a_end);
}

/*
 * One label of each. 1: go on, the names are the same so far; 0: it is
 * decided, and *same says how.
 */
static int compare(struct mxsel__walk *x, struct mxsel__walk *y, int *same)
{
	size_t x_end = mxsel__walk_label(x);
	size_t y_end = mxsel__walk_label(y);

	x->steps += x->length / 8;
	*same = x_end != 0 && y_end != 0 &&
		same_labels(x->packet, x->at, x_end, y->at, y_end);
	x->at = x_end;
	y->at = y_end;
	return *same && x->length != 0 && x_end != y_end;
}

int mxsel__walk_same(const uint8_t *packet, size_t size, size_t a, size_t b,
	unsigned long *work)
{
	struct mxsel__walk x, y;
	int same;

	mxsel__walk_begin(&x, packet, size, a);
	mxsel__walk_begin(&y, packet, size, b);
	while (compare(&x, &y, &same))
		continue;
	*work += x.steps + y.steps;
	return same;
}
