/*
 * A little DNS in a table: it answers the questions of a selection, as DNS
 * messages or as records, for tests and figures that pull. May use libc and
 * the public header.
 */
#ifndef TESTS_BENCH_ANSWERS_H
#define TESTS_BENCH_ANSWERS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/packet.h"

struct answer_record {
	const char *owner;
	unsigned type; /* PACKET_* */
	unsigned preference;
	const char *data; /* a name; the four octets of an A as a string */
};

#define ANSWER_FAILS 0 /* the type of an owner that is SERVFAIL */

static inline const struct answer_record *answer_find(
	const struct answer_record *r, const char *owner, unsigned type)
{
	for (; r->owner != NULL; r++)
		if (strcmp(r->owner, owner) == 0 && r->type == type)
			return r;
	return NULL;
}

static inline int answer_exists(const struct answer_record *r,
	const char *owner)
{
	for (; r->owner != NULL; r++)
		if (strcmp(r->owner, owner) == 0)
			return 1;
	return 0;
}

/* 2001:db8::N for an AAAA whose data is one octet N. */
static inline size_t answer_octets(uint8_t out[16],
	const struct answer_record *r)
{
	memset(out, 0, 16);
	if (r->type == PACKET_A) {
		memcpy(out, r->data, 4);
		return 4;
	}
	memcpy(out, "\x20\x01\x0d\xb8", 4);
	out[15] = (uint8_t)r->data[0];
	return 16;
}

static inline void answer_put(struct packet *p, const char *owner,
	const struct answer_record *r)
{
	uint8_t octets[16];
	size_t length;

	if (r->type == PACKET_MX) {
		packet_mx(p, PACKET_ANSWER, owner, 300, r->preference,
			r->data);
		return;
	}
	length = answer_octets(octets, r);
	packet_address(p, PACKET_ANSWER, owner, 200, octets, length);
}

/* The message that answers name and type. */
static inline void answer_message(struct packet *p,
	const struct answer_record *table, const char *name, unsigned type)
{
	const struct answer_record *r, *alias;
	const char *owner = NULL;
	size_t before;

	packet_begin(p, PACKET_REPLY, name, type);
	if (answer_find(table, name, ANSWER_FAILS) != NULL) {
		packet_set16(p, 2, PACKET_REPLY | 2);
		return;
	}
	while ((alias = answer_find(table, name, PACKET_CNAME)) != NULL) {
		packet_cname(p, owner, 250, alias->data);
		owner = name = alias->data;
		if (alias->preference != 0)
			return; /* the target is for another question */
	}
	before = p->size;
	for (r = table; r->owner != NULL; r++)
		if (strcmp(r->owner, name) == 0 && r->type == type)
			answer_put(p, owner, r);
	if (p->size != before)
		return;
	if (!answer_exists(table, name))
		packet_set16(p, 2, PACKET_REPLY | 3);
	packet_soa(p, "example", 120, 60);
}

static inline int answer_add(mxsel_query *q, const struct answer_record *r)
{
	uint8_t octets[16];
	size_t length;

	if (r->type == PACKET_MX)
		return mxsel_answer_mx(q, (uint16_t)r->preference, r->data,
			300);
	length = answer_octets(octets, r);
	return mxsel_answer_address(q, octets, length, 200);
}

/*
 * The same as records, all but the end. *outcome is for
 * mxsel_answer_finish(); an error ends it early.
 */
static inline int answer_records(mxsel_query *q,
	const struct answer_record *table, int *outcome)
{
	const char *name = mxsel_query_name(q);
	unsigned type = mxsel_query_type(q);
	const struct answer_record *r, *alias;
	int any = 0, rc = 0;

	*outcome = MXSEL_DNS_COMPLETE;
	if (answer_find(table, name, ANSWER_FAILS) != NULL) {
		*outcome = MXSEL_DNS_SERVFAIL;
		return 0;
	}
	while (rc == 0 && (alias = answer_find(table, name, PACKET_CNAME)) !=
		NULL) {
		rc = mxsel_answer_alias(q, alias->data, 250);
		name = alias->data;
		if (alias->preference != 0)
			return rc;
	}
	for (r = table; rc == 0 && r->owner != NULL; r++)
		if (strcmp(r->owner, name) == 0 && r->type == type) {
			rc = answer_add(q, r);
			any = 1;
		}
	if (rc != 0 || any)
		return rc;
	if (!answer_exists(table, name))
		*outcome = MXSEL_DNS_NXDOMAIN;
	return mxsel_answer_negative_ttl(q, 60);
}

#endif
