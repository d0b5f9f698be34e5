/*
 * Names in a packet, label by label, through their compression pointers
 * (RFC 1035 4.1.4). Nothing here reads outside the packet, whatever is in it,
 * and every walk ends. May use base and name.
 */
#ifndef MXSEL_WIRE_WALK_H
#define MXSEL_WIRE_WALK_H

#include <stddef.h>
#include <stdint.h>

#include "wire/octets.h"

#define MXSEL__HEADER_SIZE 12u
#define MXSEL__LABEL_MAX 63u
#define MXSEL__LABEL_BAD 64u /* in place of a length: no label */

/* A pointer to the question's name, which follows the header. */
#define MXSEL__POINTER 0xc000u
#define MXSEL__POINTER_TO_QUESTION (MXSEL__POINTER + MXSEL__HEADER_SIZE)

struct mxsel__walk {
	const uint8_t *packet;
	size_t size;
	size_t at;    /* the length octet of the label reached */
	size_t start; /* of what stands together, since the last pointer */
	long steps;
};

static inline void mxsel__walk_begin(struct mxsel__walk *walk,
	const uint8_t *packet, size_t size, size_t offset)
{
	walk->packet = packet;
	walk->size = size;
	walk->at = offset;
	walk->start = offset;
	walk->steps = 0;
}

/*
 * Where the pointer at walk->at leads; 0 when it is none: another label type
 * (S15), cut, or not strictly below all that the name used so far (S14).
 */
static inline size_t mxsel__walk_target(const struct mxsel__walk *walk)
{
	size_t target;

	if (walk->size - walk->at < 2)
		return 0;
	target = mxsel__get16(walk->packet + walk->at);
	if (target < MXSEL__POINTER + MXSEL__HEADER_SIZE ||
		target - MXSEL__POINTER >= walk->start)
		return 0;
	return target - MXSEL__POINTER;
}

/*
 * Follow pointers to the next label, whose length is returned: all its octets
 * are in the packet; 0 is the root, the end of the name.
 */
static inline unsigned mxsel__walk_label(struct mxsel__walk *walk)
{
	walk->steps++;
	while (walk->at < walk->size) {
		unsigned octet = walk->packet[walk->at];

		if (octet <= MXSEL__LABEL_MAX)
			return walk->size - walk->at > octet
				? octet : MXSEL__LABEL_BAD;
		walk->at = mxsel__walk_target(walk);
		if (walk->at == 0)
			return MXSEL__LABEL_BAD;
		walk->start = walk->at;
		walk->steps++;
	}
	return MXSEL__LABEL_BAD;
}

/* On behind a label of this length. */
static inline void mxsel__walk_on(struct mxsel__walk *walk, unsigned length)
{
	walk->at += length + 1;
}

/*
 * Are the names at a and b the same, ASCII letters in either case? What it
 * cost is taken off *work: a step for a label, a pointer, eight octets.
 */
int mxsel__walk_same(const uint8_t *packet, size_t size, size_t a, size_t b,
	long *work);

#endif
