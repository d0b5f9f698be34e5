/*
 * The fixed part of a resource record (RFC 1035 4.1.3), and the walk over an
 * answer section whose names are known to be sound. May use base and name.
 */
#ifndef MXSEL_WIRE_RECORD_H
#define MXSEL_WIRE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "wire/message.h"
#include "wire/octets.h"
#include "wire/walk.h"

enum {
	MXSEL__TYPE_NS = 2,
	MXSEL__TYPE_DNAME = 39, /* RFC 6672 2.1 */
	MXSEL__TYPE_SOA = 6,
	MXSEL__TYPE_OPT = 41
};

#define MXSEL__CLASS_IN 1

struct mxsel__resource {
	size_t owner; /* offsets */
	size_t rdata;
	size_t end;   /* of the RDATA: there the next record begins (S17) */
	uint32_t ttl;
	uint16_t type;
	uint16_t class;
};

/* Above 2^31-1 it counts as 0 (RFC 2181 8). */
static inline uint32_t mxsel__ttl(uint32_t ttl)
{
	return ttl > 0x7fffffff ? 0 : ttl;
}

/*
 * The record whose owner's name ends at at. 0, or -1: it does not end within
 * the packet.
 */
static inline int mxsel__resource_read(struct mxsel__resource *r,
	const uint8_t *packet, size_t size, size_t at)
{
	size_t end;

	if (at + 10 > size)
		return -1;
	end = at + 10 + mxsel__get16(packet + at + 8);
	if (end > size)
		return -1;
	r->type = mxsel__get16(packet + at);
	r->class = mxsel__get16(packet + at + 2);
	r->ttl = mxsel__get32(packet + at + 4);
	r->rdata = at + 10;
	r->end = end;
	return 0;
}

/* The end of the name at at where it stands, of a section found sound. */
static inline size_t mxsel__name_end(const uint8_t *packet, size_t size,
	size_t at)
{
	unsigned octet;

	while ((octet = mxsel__read8(packet, size, at)) != 0) {
		if (octet > MXSEL__LABEL_MAX)
			return at + 2;
		at += octet + 1;
	}
	return at + 1;
}

/* The record at at, of a section that was found sound. 0, or -1. */
static inline int mxsel__resource_at(struct mxsel__resource *r,
	const uint8_t *packet, size_t size, size_t at)
{
	r->owner = at;
	return mxsel__resource_read(r, packet, size,
		mxsel__name_end(packet, size, at));
}

/* Is this the name at offset name? The usual pointer is seen at once. */
static inline int mxsel__resource_is_at(const struct mxsel__resource *r,
	const uint8_t *packet, size_t size, size_t name,
	unsigned long *work)
{
	if (mxsel__read16(packet, size, r->owner) == MXSEL__POINTER + name)
		return 1;
	return mxsel__walk_same(packet, size, r->owner, name, work);
}

#endif
