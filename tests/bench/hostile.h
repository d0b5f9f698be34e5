/*
 * Answers as large and as awkward as a DNS message can be, for the memory
 * that a selection may take: tests and figures. May use libc and the public
 * header.
 */
#ifndef TESTS_BENCH_HOSTILE_H
#define TESTS_BENCH_HOSTILE_H

#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/packet.h"

enum hostile {
	HOSTILE_4000_MX,      /* four thousand, most of them the same */
	HOSTILE_DISTINCT_MX,  /* as many names as fit */
	HOSTILE_LONG_NAMES,   /* of 250 octets, by compression */
	HOSTILE_ODD_NAMES,    /* the same of octets that must be escaped */
	HOSTILE_RECORDS_SHORT,/* by mxsel_answer_mx(), as many as allowed */
	HOSTILE_RECORDS_LONG,
	HOSTILE_RECORDS_ODD,
	HOSTILE_ADDRESSES,    /* 200 hosts of 1,000 addresses a family */
	HOSTILE_REFUSED,      /* the same, all of them loopback or alike */
	HOSTILE_TLSA,         /* long names, four addresses a family, and
	                         small TLSA records, as many as fit */
	HOSTILE_TLSA_LARGE,   /* the same with large ones */
	HOSTILE_TLSA_MIXED,   /* each before all others, of another length */
	HOSTILE_COUNT
};

static const char *const hostile_names[HOSTILE_COUNT] = {
	"4,000 MX", "distinct MX", "names of 250 octets", "odd names",
	"short records", "long records", "odd records",
	"1,000 addresses a host", "1,000 refused addresses a host",
	"small TLSA records", "large TLSA records", "TLSA records of any size"
};

#define HOSTILE_HOSTS 200
#define HOSTILE_ADDRESSES_EACH 1000

/* Two octets of a label for each i below 36 * 36, three for more. */
static inline size_t hostile_label(char out[4], unsigned i)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t n = 0;

	if (i >= 36 * 36)
		out[n++] = digits[i / (36 * 36) % 36];
	out[n++] = digits[i / 36 % 36];
	out[n++] = digits[i % 36];
	out[n] = '\0';
	return n;
}

/* An MX whose exchange is a label under the name at suffix. */
static inline void hostile_mx(struct packet *p, unsigned i, size_t suffix)
{
	char label[4];
	size_t length = hostile_label(label, i);

	packet_pointer(p, 12);
	packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
	packet_16(p, i % 7);
	packet_label(p, label, length);
	packet_pointer(p, suffix);
	packet_end(p);
}

static inline void hostile_again(struct packet *p, size_t name)
{
	packet_pointer(p, 12);
	packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
	packet_16(p, 3);
	packet_pointer(p, name);
	packet_end(p);
}

/* A first MX whose long name the others end with: where it stands. */
static inline size_t hostile_suffix_of(struct packet *p, unsigned char octet,
	size_t length)
{
	unsigned char label[60];
	size_t at;
	int i;

	memset(label, octet, sizeof(label));
	packet_pointer(p, 12);
	packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
	packet_16(p, 9);
	at = p->size;
	for (i = 0; i < 4; i++)
		packet_label(p, label, length);
	packet_8(p, 0);
	packet_end(p);
	return at;
}

static inline size_t hostile_suffix(struct packet *p, unsigned char octet)
{
	return hostile_suffix_of(p, octet, 60);
}

/* count: at most so many names, or as many as fit. */
static inline void hostile_mx_packet(struct packet *p, const char *name,
	enum hostile kind, unsigned count)
{
	size_t suffix = 12, first;
	unsigned i;

	packet_begin(p, PACKET_REPLY, name, PACKET_MX);
	first = p->size + 14; /* the name in the first record */
	if (kind == HOSTILE_LONG_NAMES)
		suffix = hostile_suffix(p, 'l');
	if (kind >= HOSTILE_TLSA) /* "_25._tcp." goes before them */
		suffix = hostile_suffix_of(p, 'l', 59);
	if (kind == HOSTILE_ODD_NAMES)
		suffix = hostile_suffix(p, 0xff);
	for (i = 0; i < count && p->size + 20 < PACKET_MAX; i++)
		hostile_mx(p, i, suffix);
	while (kind == HOSTILE_4000_MX && p->size + 16 < PACKET_MAX)
		hostile_again(p, first);
}

static inline void hostile_record_name(char out[1024], unsigned i,
	enum hostile kind)
{
	size_t n = hostile_label(out, i), k;

	if (kind == HOSTILE_RECORDS_SHORT)
		return;
	for (k = 1; k < 240; k++) {
		if (k % 60 == 1) {
			out[n++] = '.';
			continue;
		}
		if (kind == HOSTILE_RECORDS_ODD) {
			memcpy(out + n, "\\255", 4);
			n += 4;
		} else {
			out[n++] = 'l';
		}
	}
	out[n] = '\0';
}

static inline int hostile_mx_records(mxsel_query *q, enum hostile kind,
	unsigned count)
{
	char name[1024];
	unsigned i;
	size_t weight = 0;

	for (i = 0; i < count; i++) {
		hostile_record_name(name, i, kind);
		weight += 16 + strlen(name);
		if (weight > 65535)
			break;
		if (mxsel_answer_mx(q, (uint16_t)(i % 7), name, 300) != 0)
			return -1;
	}
	return mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
}

static inline void hostile_address(uint8_t out[16], unsigned host, unsigned i,
	int refused)
{
	memset(out, 0, 16);
	out[0] = refused ? 127 : 11;
	out[1] = (uint8_t)host;
	out[2] = (uint8_t)(i >> 8);
	out[3] = (uint8_t)(i & 255);
}

static inline void hostile_address_packet(struct packet *p, const char *name,
	unsigned type, unsigned host, enum hostile kind)
{
	int refused = kind == HOSTILE_REFUSED;
	unsigned i, count = kind >= HOSTILE_TLSA ? 4 : HOSTILE_ADDRESSES_EACH;
	uint8_t octets[16];

	packet_begin(p, PACKET_REPLY, name, type);
	for (i = 0; i < count; i++) {
		hostile_address(octets, host, i, refused);
		if (type == PACKET_AAAA) {
			octets[4] = octets[0];
			octets[0] = refused ? 0xff : 0x20;
		}
		packet_address(p, PACKET_ANSWER, NULL, 300, octets,
			type == PACKET_A ? 4 : 16);
	}
}

/* Usable records of matching type 0, each before the one before it. */
static inline void hostile_tlsa_packet(struct packet *p, const char *name,
	enum hostile kind)
{
	static uint8_t rdata[3 + 2000] = { 3 };
	size_t length = kind == HOSTILE_TLSA_LARGE ? 2000 : 2;
	unsigned i;

	packet_begin(p, PACKET_REPLY, name, PACKET_TLSA);
	for (i = 0; p->size + 20 + length < PACKET_MAX; i++) {
		rdata[3] = (uint8_t)(255 - i / 256 % 256);
		rdata[4] = (uint8_t)(255 - i % 256);
		if (kind == HOSTILE_TLSA_MIXED)
			length = 2 + i % 3;
		packet_record(p, PACKET_ANSWER, NULL, PACKET_TLSA, 300, rdata,
			3 + length);
	}
}

/* Answer all that is asked; 0, or an error of the library. */
static inline int hostile_answer(mxsel *m, enum hostile kind, unsigned count)
{
	static struct packet packet;
	static unsigned host;
	mxsel_query *q;
	int rc = 0;

	while (rc == 0 && (q = mxsel_query_take(m)) != NULL) {
		const char *name = mxsel_query_name(q);
		unsigned type = mxsel_query_type(q);

		if (type == PACKET_TLSA)
			hostile_tlsa_packet(&packet, name, kind);
		else if (type != MXSEL_TYPE_MX)
			hostile_address_packet(&packet, name, type, host++,
				kind);
		else if (kind == HOSTILE_RECORDS_SHORT ||
			kind == HOSTILE_RECORDS_LONG ||
			kind == HOSTILE_RECORDS_ODD) {
			rc = hostile_mx_records(q, kind, count);
			continue;
		} else
			hostile_mx_packet(&packet, name, kind, count);
		rc = mxsel_answer_packet(q, packet.octets, packet.size,
			MXSEL_SECURITY_SECURE);
	}
	return rc;
}

static inline unsigned hostile_count(enum hostile kind)
{
	if (kind == HOSTILE_4000_MX)
		return 400;
	return kind >= HOSTILE_ADDRESSES ? HOSTILE_HOSTS : 4095;
}

/* To the end; how many attempts, or an error. */
static inline int hostile_walk(mxsel *m, enum hostile kind, unsigned count)
{
	int rc, attempts = 0;

	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc == MXSEL_LOOKUP)
			rc = hostile_answer(m, kind, count);
		else if (rc == MXSEL_ATTEMPT)
			attempts++;
		if (rc < 0)
			return rc;
	}
	return attempts;
}

/* Options in which nothing is limited. */
static inline int hostile_unlimit(mxsel_options *o)
{
	static const int limits[] = { MXSEL_OPT_MAX_RECORDS,
		MXSEL_OPT_MAX_HOSTS, MXSEL_OPT_MAX_HOST_ADDRESSES,
		MXSEL_OPT_MAX_ADDRESSES, MXSEL_OPT_MAX_QUERIES };
	size_t i;
	int rc = 0;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		rc |= mxsel_options_set(o, limits[i], 0);
	rc |= mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	return rc | mxsel_options_set_seed(o, 1);
}

#endif
