/*
 * DNS messages put together octet by octet, sound or broken, for tests.
 * May use libc only; what does not fit any more is left out, and packet.full
 * says so.
 */
#ifndef TESTS_SUPPORT_PACKET_H
#define TESTS_SUPPORT_PACKET_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { /* record types and classes, RFC 1035 3.2.2 */
	PACKET_A = 1, PACKET_NS = 2, PACKET_CNAME = 5, PACKET_SOA = 6,
	PACKET_MX = 15, PACKET_TXT = 16, PACKET_AAAA = 28, PACKET_DNAME = 39,
	PACKET_OPT = 41, PACKET_TLSA = 52,
	PACKET_IN = 1, PACKET_CH = 3
};

enum { /* header flags, with the response code in the low four bits */
	PACKET_QR = 0x8000, PACKET_AA = 0x0400, PACKET_TC = 0x0200,
	PACKET_RD = 0x0100, PACKET_RA = 0x0080, PACKET_AD = 0x0020,
	PACKET_REPLY = PACKET_QR | PACKET_RD | PACKET_RA
};

enum { /* sections, for packet_record() */
	PACKET_ANSWER = 1, PACKET_AUTHORITY = 2, PACKET_ADDITIONAL = 3
};

#define PACKET_MAX 65535

struct packet {
	uint8_t octets[PACKET_MAX];
	size_t size;
	size_t rdata; /* of the record begun */
	int full;
};

static inline void packet_8(struct packet *p, unsigned value)
{
	if (p->size == PACKET_MAX) {
		p->full = 1;
		return;
	}
	p->octets[p->size++] = (uint8_t)value;
}

static inline void packet_16(struct packet *p, unsigned value)
{
	packet_8(p, value >> 8);
	packet_8(p, value);
}

static inline void packet_32(struct packet *p, uint32_t value)
{
	packet_16(p, value >> 16);
	packet_16(p, value);
}

static inline void packet_bytes(struct packet *p, const void *bytes,
	size_t length)
{
	const uint8_t *b = bytes;
	size_t i;

	for (i = 0; i < length; i++)
		packet_8(p, b[i]);
}

/* One label, of any octets. */
static inline void packet_label(struct packet *p, const void *octets,
	size_t length)
{
	packet_8(p, (unsigned)length);
	packet_bytes(p, octets, length);
}

/* The labels of "mx1.example.com", without the root. No escapes. */
static inline void packet_labels(struct packet *p, const char *name)
{
	while (*name != '\0') {
		size_t length = strcspn(name, ".");

		packet_label(p, name, length);
		name += length;
		if (*name == '.')
			name++;
	}
}

/* A whole name, not compressed; "" or "." is the root. */
static inline void packet_name(struct packet *p, const char *name)
{
	if (strcmp(name, ".") != 0)
		packet_labels(p, name);
	packet_8(p, 0);
}

/* A compression pointer; 12 is the question's name. */
static inline void packet_pointer(struct packet *p, size_t offset)
{
	packet_16(p, 0xc000u | (unsigned)offset);
}

static inline void packet_set16(struct packet *p, size_t at, unsigned value)
{
	p->octets[at] = (uint8_t)(value >> 8);
	p->octets[at + 1] = (uint8_t)value;
}

static inline unsigned packet_get16(const struct packet *p, size_t at)
{
	return (unsigned)p->octets[at] << 8 | p->octets[at + 1];
}

/* Header and question; the counts of the sections are 0. */
static inline void packet_begin(struct packet *p, unsigned flags,
	const char *name, unsigned type)
{
	p->size = 0;
	p->full = 0;
	p->rdata = 0;
	packet_16(p, 0x1234);
	packet_16(p, flags);
	packet_16(p, 1);
	packet_16(p, 0);
	packet_16(p, 0);
	packet_16(p, 0);
	packet_name(p, name);
	packet_16(p, type);
	packet_16(p, PACKET_IN);
}

/* One more record in this section, whatever really follows. */
static inline void packet_count(struct packet *p, int section)
{
	size_t at = 4 + 2 * (size_t)section;

	packet_set16(p, at, packet_get16(p, at) + 1);
}

/*
 * A record's head after its owner, which was written just before. Its RDATA
 * follows; packet_end() puts its length right.
 */
static inline void packet_head(struct packet *p, int section, unsigned type,
	unsigned class, uint32_t ttl)
{
	packet_count(p, section);
	packet_16(p, type);
	packet_16(p, class);
	packet_32(p, ttl);
	packet_16(p, 0);
	p->rdata = p->size;
}

static inline void packet_end(struct packet *p)
{
	if (!p->full)
		packet_set16(p, p->rdata - 2,
			(unsigned)(p->size - p->rdata));
}

/* The owner: NULL is a pointer to the question's name. */
static inline void packet_owner(struct packet *p, const char *owner)
{
	if (owner == NULL)
		packet_pointer(p, 12);
	else
		packet_name(p, owner);
}

/* A record of class IN with this RDATA. */
static inline void packet_record(struct packet *p, int section,
	const char *owner, unsigned type, uint32_t ttl, const void *rdata,
	size_t length)
{
	packet_owner(p, owner);
	packet_head(p, section, type, PACKET_IN, ttl);
	packet_bytes(p, rdata, length);
	packet_end(p);
}

static inline void packet_mx(struct packet *p, int section, const char *owner,
	uint32_t ttl, unsigned preference, const char *exchange)
{
	packet_owner(p, owner);
	packet_head(p, section, PACKET_MX, PACKET_IN, ttl);
	packet_16(p, preference);
	packet_name(p, exchange);
	packet_end(p);
}

/* An NS or CNAME record. */
static inline void packet_named(struct packet *p, int section,
	const char *owner, unsigned type, uint32_t ttl, const char *target)
{
	packet_owner(p, owner);
	packet_head(p, section, type, PACKET_IN, ttl);
	packet_name(p, target);
	packet_end(p);
}

static inline void packet_cname(struct packet *p, const char *owner,
	uint32_t ttl, const char *target)
{
	packet_named(p, PACKET_ANSWER, owner, PACKET_CNAME, ttl, target);
}

/* length 4: A; 16: AAAA. */
static inline void packet_address(struct packet *p, int section,
	const char *owner, uint32_t ttl, const uint8_t *bytes, size_t length)
{
	packet_record(p, section, owner, length == 4 ? PACKET_A : PACKET_AAAA,
		ttl, bytes, length);
}

/* A denial in the authority section. */
static inline void packet_soa(struct packet *p, const char *owner,
	uint32_t ttl, uint32_t minimum)
{
	packet_owner(p, owner);
	packet_head(p, PACKET_AUTHORITY, PACKET_SOA, PACKET_IN, ttl);
	packet_name(p, "ns.example");
	packet_name(p, "hostmaster.example");
	packet_32(p, 1);
	packet_32(p, 7200);
	packet_32(p, 3600);
	packet_32(p, 1209600);
	packet_32(p, minimum);
	packet_end(p);
}

/* An OPT record; rcode_high is the upper eight bits of the response code. */
static inline void packet_opt(struct packet *p, int section,
	unsigned rcode_high)
{
	packet_8(p, 0);
	packet_head(p, section, PACKET_OPT, 1232, (uint32_t)rcode_high << 24);
	packet_end(p);
}

#endif
