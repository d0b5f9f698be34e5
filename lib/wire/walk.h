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

/* A pointer to the question's name, which follows the header. */
#define MXSEL__POINTER 0xc000u
#define MXSEL__POINTER_TO_QUESTION (MXSEL__POINTER + MXSEL__HEADER_SIZE)

struct mxsel__walk {
	const uint8_t *packet;
	size_t size;
	size_t at;    /* the length octet of the label reached */
	size_t start; /* of what stands together, since the last pointer */
	unsigned length; /* of the label reached */
	unsigned steps;
};

static inline void mxsel__walk_begin(struct mxsel__walk *walk,
	const uint8_t *packet, size_t size, size_t offset)
{
	walk->packet = packet;
	walk->size = size;
	walk->at = offset;
	walk->start = offset;
	walk->length = 0;
	walk->steps = 0;
}

/*
 * Where the pointer at walk->at leads; 0 when it is none: another label type
 * (S15), cut, or not strictly below all that the name used so far (S14).
 */
static inline size_t mxsel__walk_target(const struct mxsel__walk *walk)
{
	size_t target = mxsel__read16(walk->packet, walk->size, walk->at);

	if (target < MXSEL__POINTER + MXSEL__HEADER_SIZE ||
		target - MXSEL__POINTER >= walk->start)
		return 0;
	return target - MXSEL__POINTER;
}

/*
 * Follow pointers to the next label. Returns its end, which is within the
 * packet, or 0: there is none. Length 0 is the root, the end of the name.
 */
static inline size_t mxsel__walk_label(struct mxsel__walk *walk)
{
	walk->steps++;
	while (walk->at < walk->size) {
		unsigned octet = walk->packet[walk->at];

		if (octet <= MXSEL__LABEL_MAX) {
			size_t end = walk->at + 1 + octet;

			walk->length = octet;
			return end <= walk->size ? end : 0;
		}
		walk->at = mxsel__walk_target(walk);
		if (walk->at == 0)
			return 0;
		walk->start = walk->at;
		walk->steps++;
	}
	return 0;
}

/*
 * Are the names at a and b the same, ASCII letters in either case? What it
 * cost is added to *work: a step for a label, a pointer, eight octets.
 */
int mxsel__walk_same(const uint8_t *packet, size_t size, size_t a, size_t b,
	unsigned long *work);

#endif
