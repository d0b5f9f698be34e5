/*
 * A little signed DNS in a table, which answers a selection as records, each
 * answer with its security; it notes what was asked. For tests of DANE. May
 * use the public headers and tests/support.
 */
#ifndef TESTS_SUPPORT_SIGNED_ZONE_H
#define TESTS_SUPPORT_SIGNED_ZONE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/security.h>

#include "support/packet.h"

/* Short, for tables. */
#define A MXSEL_TYPE_A
#define AAAA MXSEL_TYPE_AAAA
#define CNAME MXSEL_TYPE_CNAME
#define MX MXSEL_TYPE_MX
#define TLSA MXSEL_TYPE_TLSA

#define ZONE_SECURE MXSEL_SECURITY_SECURE
#define ZONE_INSECURE MXSEL_SECURITY_INSECURE
#define ZONE_UNKNOWN MXSEL_SECURITY_INDETERMINATE

/*
 * type 0: an alias to text. TLSA: "311a" is usage, selector, matching type
 * and the octet that fills the data. text "!": it fails; "-": there is none,
 * as for what is not in the table, which is denied securely.
 */
struct zone_record {
	const char *name;
	int type;
	int security;
	const char *text;
	int number;       /* preference; length of TLSA data, 0: the digest's */
};

struct zone_asked {
	size_t count;
	char text[16384];
};

static inline const char *zone_type(int type)
{
	return type == MXSEL_TYPE_MX ? "MX" : type == MXSEL_TYPE_A ? "A"
		: type == MXSEL_TYPE_AAAA ? "AAAA"
		: type == MXSEL_TYPE_CNAME ? "CNAME" : "TLSA";
}

static inline void zone_note(struct zone_asked *asked, const mxsel_query *q)
{
	size_t n = strlen(asked->text);

	asked->count++;
	(void)snprintf(asked->text + n, sizeof(asked->text) - n, "%s %s\n",
		zone_type(mxsel_query_type(q)), mxsel_query_name(q));
}

/* One number: the last octet of a documentation address. Its octets. */
static inline size_t zone_address(uint8_t out[16], int type, const char *text)
{
	static const uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	static const uint8_t v4[4] = { 192, 0, 2 };
	size_t length = type == MXSEL_TYPE_A ? 4 : 16;

	memcpy(out, type == MXSEL_TYPE_A ? v4 : v6, length);
	out[length - 1] = (uint8_t)atoi(text);
	return length;
}

/* The RDATA of a TLSA record, and its octets. */
static inline size_t zone_tlsa(const uint8_t **rdata,
	const struct zone_record *r)
{
	static uint8_t octets[65535];
	size_t length = r->number != 0 ? (size_t)r->number
		: r->text[2] == '2' ? 64 : 32;

	octets[0] = (uint8_t)(r->text[0] - '0');
	octets[1] = (uint8_t)(r->text[1] - '0');
	octets[2] = (uint8_t)(r->text[2] - '0');
	memset(octets + 3, r->text[3], length);
	*rdata = octets;
	return 3 + length;
}

static inline int zone_add(mxsel_query *q, const struct zone_record *r)
{
	const uint8_t *rdata;
	uint8_t bytes[16];
	size_t length;

	switch (mxsel_query_type(q)) {
	case MXSEL_TYPE_MX:
		return mxsel_answer_mx(q, (uint16_t)r->number, r->text, 300);
	case MXSEL_TYPE_TLSA:
		length = zone_tlsa(&rdata, r);
		return mxsel_answer_tlsa(q, rdata[0], rdata[1], rdata[2],
			rdata + 3, length - 3, 200);
	default:
		length = zone_address(bytes, mxsel_query_type(q), r->text);
		return mxsel_answer_address(q, bytes, length, 300);
	}
}

static inline void zone_put(struct packet *p, int type,
	const struct zone_record *r)
{
	const uint8_t *rdata;
	uint8_t bytes[16];
	size_t length;

	switch (type) {
	case MXSEL_TYPE_MX:
		packet_mx(p, PACKET_ANSWER, NULL, 300, (unsigned)r->number,
			r->text);
		break;
	case MXSEL_TYPE_TLSA:
		length = zone_tlsa(&rdata, r);
		packet_record(p, PACKET_ANSWER, NULL, PACKET_TLSA, 200, rdata,
			length);
		break;
	default:
		length = zone_address(bytes, type, r->text);
		packet_address(p, PACKET_ANSWER, NULL, 300, bytes, length);
	}
}

static inline int zone_is_about(const struct zone_record *r,
	const char *name, int type)
{
	return strcmp(r->name, name) == 0 && (r->type == 0 ||
		r->type == type);
}

/* The same as a message. Its security. */
static inline int zone_message(struct packet *p,
	const struct zone_record *zone, const char *name, int type)
{
	int security = ZONE_SECURE, any = 0;

	packet_begin(p, PACKET_REPLY, name, (unsigned)type);
	for (; zone->name != NULL; zone++) {
		if (!zone_is_about(zone, name, type))
			continue;
		security = zone->security;
		if (zone->text[0] == '!')
			packet_set16(p, 2, PACKET_REPLY | 2);
		if (zone->text[0] == '!' || zone->text[0] == '-')
			continue;
		any = 1;
		if (zone->type == 0)
			packet_cname(p, NULL, 250, zone->text);
		else
			zone_put(p, type, zone);
	}
	if (!any)
		packet_soa(p, "example", 100, 100);
	return security;
}

/* reversed: the last record of the table first. How much was lost. */
static inline int zone_answer(mxsel_query *q, const struct zone_record *zone,
	int reversed)
{
	const struct zone_record *r, *end = zone, *last;
	int security = ZONE_SECURE, any = 0, outcome = MXSEL_DNS_COMPLETE;
	int lost = 0;

	while (end->name != NULL)
		end++;
	last = reversed ? zone - 1 : end;
	for (r = reversed ? end - 1 : zone; r != last; r += reversed ? -1 : 1) {
		if (!zone_is_about(r, mxsel_query_name(q),
			mxsel_query_type(q)))
			continue;
		security = r->security;
		if (r->text[0] == '!')
			outcome = MXSEL_DNS_SERVFAIL;
		if (r->text[0] == '!' || r->text[0] == '-')
			continue;
		any = 1;
		if (r->type == 0)
			lost += mxsel_answer_alias(q, r->text, 250) != 0;
		else
			lost += zone_add(q, r) != 0;
	}
	if (!any)
		mxsel_answer_negative_ttl(q, 100);
	lost += mxsel_answer_finish(q, outcome, security) != 0;
	return lost;
}

/* Answers all that is open. How many questions that were. */
static inline size_t zone_answer_open(mxsel *m,
	const struct zone_record *zone, struct zone_asked *asked)
{
	mxsel_query *q;
	size_t n = 0;

	while ((q = mxsel_query_take(m)) != NULL) {
		if (asked != NULL)
			zone_note(asked, q);
		zone_answer(q, zone, 0);
		n++;
	}
	return n;
}

/* To the next attempt, or the end. */
static inline int zone_next(mxsel *m, const struct zone_record *zone,
	struct zone_asked *asked)
{
	int rc;

	while ((rc = mxsel_next(m)) == MXSEL_LOOKUP)
		if (zone_answer_open(m, zone, asked) == 0)
			abort();
	return rc;
}

#endif
