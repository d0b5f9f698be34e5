/*
 * Replies in wire format (RFC 1035 4.1), names compressed against all that
 * was written before. May use libc only.
 */
#include "ldns/zones.h"

#include <string.h>

#define HEADER 12u
#define POINTER_END 0x4000u /* a pointer has 14 bits */
#define PROBES 8u
#define SLOTS 4096u

static void put_octets(
	struct mxsel__zone_message *m, const uint8_t *octets, size_t count)
{
	if (m->full || count > sizeof(m->octets) - m->size) {
		m->full = 1;
		return;
	}
	if (count > 0)
		memcpy(m->octets + m->size, octets, count);
	m->size += count;
}

static void put16(struct mxsel__zone_message *m, unsigned value)
{
	uint8_t octets[2];

	octets[0] = (uint8_t)(value >> 8);
	octets[1] = (uint8_t)value;
	put_octets(m, octets, 2);
}

static void put32(struct mxsel__zone_message *m, uint32_t value)
{
	put16(m, value >> 16);
	put16(m, value & 0xffff);
}

static unsigned read16(const struct mxsel__zone_message *m, size_t at)
{
	return (unsigned)m->octets[at] << 8 | m->octets[at + 1];
}

static void set16(struct mxsel__zone_message *m, size_t at, unsigned value)
{
	m->octets[at] = (uint8_t)(value >> 8);
	m->octets[at + 1] = (uint8_t)value;
}

/* -------------------------------------------------------------- compression */

/* Is the name written at offset this one, to the octet? */
static int is_written(
	const struct mxsel__zone_message *m, size_t offset, const uint8_t *name)
{
	for (;;) {
		size_t length = m->octets[offset];

		if (length >= 0xc0) {
			offset = read16(m, offset) & 0x3fff;
			continue;
		}
		if (length != name[0] ||
			memcmp(m->octets + offset, name, length + 1) != 0)
			return 0;
		if (length == 0)
			return 1;
		offset += length + 1;
		name += length + 1;
	}
}

/* Where the suffix was written, or 0. */
static size_t recall(const struct mxsel__zone_message *m, uint32_t hash,
	const uint8_t *suffix)
{
	size_t i;

	for (i = 0; i < PROBES; i++) {
		size_t offset = m->known[(hash + i) % SLOTS];

		if (offset != 0 && is_written(m, offset, suffix))
			return offset;
	}
	return 0;
}

/* Remember where a suffix begins; a full neighbourhood forgets it. */
static void remember(
	struct mxsel__zone_message *m, uint32_t hash, size_t offset)
{
	size_t i;

	for (i = 0; i < PROBES && offset < POINTER_END; i++) {
		uint16_t *slot = &m->known[(hash + i) % SLOTS];

		if (*slot == 0) {
			*slot = (uint16_t)offset;
			return;
		}
	}
}

/* Starts and hashes of the suffixes, hashed from the root to the left. */
static size_t split(const uint8_t *name, uint8_t *starts, uint32_t *hashes)
{
	uint32_t hash = 2166136261u;
	size_t count = 0, at = 0, i, j;

	while (name[at] != 0) {
		starts[count++] = (uint8_t)at;
		at += 1u + name[at];
	}
	starts[count] = (uint8_t)at;
	for (i = count; i > 0; i--) {
		const uint8_t *label = name + starts[i - 1];

		for (j = 0; j <= label[0]; j++)
			hash = (uint32_t)(UINT64_C(16777619) *
				(hash ^ label[j]));
		hashes[i - 1] = hash ^ hash >> 15;
	}
	return count;
}

static void put_name(struct mxsel__zone_message *m, const uint8_t *name)
{
	uint8_t starts[MXSEL__ZONE_LABEL_MAX + 1];
	uint32_t hashes[MXSEL__ZONE_LABEL_MAX];
	size_t count = split(name, starts, hashes);
	size_t begin = m->size, plain = 0, known = 0;

	if (m->full)
		return; /* what is remembered may not have been written */
	while (plain < count && known == 0) {
		known = recall(m, hashes[plain], name + starts[plain]);
		if (known == 0)
			plain++;
	}
	put_octets(m, name, starts[plain]);
	if (known != 0)
		put16(m, 0xc000u | (unsigned)known);
	else
		put_octets(m, name + starts[plain], 1);
	for (; plain > 0 && !m->full; plain--)
		remember(m, hashes[plain - 1], begin + starts[plain - 1]);
}

/* ------------------------------------------------------------------ records */

static size_t name_size(const uint8_t *name)
{
	return mxsel__zone_name_size(name, MXSEL__ZONE_WIRE_MAX);
}

/* Names in RDATA are compressed where RFC 3597 4 allows: not in DNAME. */
static void put_rdata(struct mxsel__zone_message *m, uint16_t type,
	const uint8_t *rdata, size_t length)
{
	switch (type) {
	case MXSEL__ZONE_NS:
	case MXSEL__ZONE_CNAME:
		put_name(m, rdata);
		break;
	case MXSEL__ZONE_MX:
		put_octets(m, rdata, 2);
		put_name(m, rdata + 2);
		break;
	case MXSEL__ZONE_SOA:
		put_name(m, rdata);
		put_name(m, rdata + name_size(rdata));
		put_octets(m, rdata + length - 20, 20);
		break;
	default:
		put_octets(m, rdata, length);
		break;
	}
}

void mxsel__zone_message_put(struct mxsel__zone_message *m, int section,
	const uint8_t *owner, uint16_t type, uint32_t ttl, const uint8_t *rdata,
	size_t rdlength)
{
	size_t count = section == MXSEL__ZONE_ANSWER ? 6 : 8;
	size_t at;

	put_name(m, owner);
	put16(m, type);
	put16(m, 1);
	put32(m, ttl);
	at = m->size;
	put16(m, 0);
	put_rdata(m, type, rdata, rdlength);
	if (m->full)
		return;
	set16(m, at, (unsigned)(m->size - at - 2));
	set16(m, count, read16(m, count) + 1);
}

void mxsel__zone_message_begin(
	struct mxsel__zone_message *m, const uint8_t *name, uint16_t type)
{
	memset(m->octets, 0, HEADER);
	memset(m->known, 0, sizeof(m->known));
	m->size = HEADER;
	m->full = 0;
	set16(m, 4, 1);
	put_name(m, name);
	put16(m, type);
	put16(m, 1);
	m->question_end = m->size;
}

void mxsel__zone_message_end(
	struct mxsel__zone_message *m, int authoritative, int rcode)
{
	unsigned flags = 0x8000u | 0x0100u; /* QR; RD as the question had it */

	if (m->full) {
		m->size = m->question_end;
		memset(m->octets + 6, 0, HEADER - 6);
		authoritative = 0;
		rcode = 2; /* SERVFAIL */
	}
	if (authoritative)
		flags |= 0x0400u;
	set16(m, 2, flags | (unsigned)rcode);
}
