/*
 * Numbers in a packet, and eight octets of a label at once: which of them a
 * host name may have, and the same in lower case. Written with shifts, so
 * that it means the same on every machine; compilers make one load of it.
 * An offset is compared with the size beside the very read, and as offset
 * plus octets, never as size less offset: so tests/proof can see it.
 * May use libc only.
 */
#ifndef MXSEL_WIRE_OCTETS_H
#define MXSEL_WIRE_OCTETS_H

#include <stddef.h>
#include <stdint.h>

/* c in each of eight octets. */
#define MXSEL__EACH(c) (UINT64_C(0x0101010101010101) * (c))

static inline uint16_t mxsel__get16(const uint8_t *p)
{
	return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t mxsel__get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		(uint32_t)p[2] << 8 | (uint32_t)p[3];
}

/* The octet at at, 0 beyond the end. */
static inline unsigned mxsel__read8(const uint8_t *packet, size_t size,
	size_t at)
{
	return at < size ? packet[at] : 0;
}

/* The number at at, 0 when it does not end within the packet. */
static inline unsigned mxsel__read16(const uint8_t *packet, size_t size,
	size_t at)
{
	return at + 2 <= size ? mxsel__get16(packet + at) : 0;
}

/* The first octet is the lowest one of the number. */
static inline uint64_t mxsel__get_eight(const uint8_t *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
		(uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
		(uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
		(uint64_t)p[7] << 56;
}

static inline void mxsel__put_eight(char *out, uint64_t eight)
{
	out[0] = (char)(eight & 0xff);
	out[1] = (char)(eight >> 8 & 0xff);
	out[2] = (char)(eight >> 16 & 0xff);
	out[3] = (char)(eight >> 24 & 0xff);
	out[4] = (char)(eight >> 32 & 0xff);
	out[5] = (char)(eight >> 40 & 0xff);
	out[6] = (char)(eight >> 48 & 0xff);
	out[7] = (char)(eight >> 56 & 0xff);
}

/*
 * The high bit of each octet (all below 0x80) that is from..to, both in
 * 1..0x7e: an addition that never carries into the next octet.
 */
static inline uint64_t mxsel__between(uint64_t eight, unsigned from,
	unsigned to)
{
	return (eight + MXSEL__EACH(0x80 - from)) &
		~(eight + MXSEL__EACH(0x7f - to));
}

/* ASCII letters in lower case, every other octet as it is. */
static inline uint64_t mxsel__lower_eight(uint64_t eight)
{
	uint64_t low = eight & MXSEL__EACH(0x7f);
	uint64_t upper = mxsel__between(low, 'A', 'Z') & ~eight &
		MXSEL__EACH(0x80);

	return eight | upper >> 2;
}

/*
 * The high bit of each octet of eight lower-case ones that no host name has:
 * 0x80 where it is none of [a-z0-9_-].
 */
static inline uint64_t mxsel__odd_eight(uint64_t eight)
{
	uint64_t low = eight & MXSEL__EACH(0x7f);
	uint64_t fine = mxsel__between(low, 'a', 'z') |
		mxsel__between(low, '0', '9') |
		mxsel__between(low, '-', '-') |
		mxsel__between(low, '_', '_');

	return (~fine | eight) & MXSEL__EACH(0x80);
}

#endif
