/*
 * The answers of a world of dane_model.h, as records or as messages. May use
 * the public headers and tests/support.
 */
#ifndef TESTS_SUPPORT_DANE_ANSWER_H
#define TESTS_SUPPORT_DANE_ANSWER_H

#include <stdlib.h>

#include "support/dane_model.h"
#include "support/packet.h"

static const uint8_t answer_address[2][16] = {
	{ 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, { 192, 0, 2, 1 }
};
static const uint8_t answer_digest[32] = { 7 };

/* What is said to it: one record, an alias, both, or nothing. */
struct said {
	int outcome, security;
	char records;         /* as in the model; m: MX; d: an address */
	const char *alias;    /* NULL: none */
	int alone;            /* the alias, and nothing of its target */
};

enum answer_form { AS_RECORDS, AS_PACKETS };

static inline const struct model_answer *answer_named(const char *name)
{
	int i;

	for (i = 0; i < MODEL_TLSA_COUNT; i++)
		if (strcmp(model_tlsa[i].name, name) == 0)
			return &model_tlsa[i];
	abort();
}

static inline struct said say_kind(const struct model_answer *a,
	const char *target)
{
	struct said said = { a->outcome, a->security, a->records, NULL, 0 };

	if (a->records == 'a' || a->records == 'w')
		said.alias = target;
	said.alone = a->records == 'a';
	if (said.alone)
		said.records = 0;
	else if (a->records == 'w')
		said.records = 'u';
	return said;
}

static inline struct said say_address(const struct model_world *w,
	const char *name, int family)
{
	static const struct said of[ADDRESS_COUNT] = {
		{ COMPLETE, UNKNOWN, 'd', NULL, 0 },
		{ COMPLETE, INSECURE, 'd', NULL, 0 },
		{ COMPLETE, SECURE, 'd', NULL, 0 },
		{ COMPLETE, BOGUS, 'd', NULL, 0 },
		{ MXSEL_DNS_SERVFAIL, UNKNOWN, 0, NULL, 0 },
		{ COMPLETE, SECURE, 0, NULL, 0 },
		{ COMPLETE, UNKNOWN, 0, NULL, 0 },
	};
	struct said said = of[w->address[family]];

	if (strcmp(name, MODEL_TARGET) == 0)
		return said;
	if (model_is_first(w)) {
		said.outcome = COMPLETE;
		said.security = w->alias;
		said.records = 0;
		said.alone = 1;
	}
	if (w->alias != ALIAS_NONE)
		said.alias = MODEL_TARGET;
	return said;
}

static inline struct said say_tlsa(const struct model_world *w,
	const char *name)
{
	if (strcmp(name, "_25._tcp." MODEL_TARGET) == 0)
		return say_kind(&model_tlsa[w->expanded], "ke.example");
	if (strcmp(name, "ke.example") == 0)
		return say_kind(answer_named(model_tlsa[w->expanded].then),
			NULL);
	if (strcmp(name, "ko.example") == 0)
		return say_kind(answer_named(model_tlsa[w->original].then),
			NULL);
	return say_kind(&model_tlsa[w->original], "ko.example");
}

static inline struct said answer_say(const struct model_world *w,
	const char *name, int type)
{
	struct said mx = { COMPLETE, w->mx, w->implicit ? 0 : 'm', NULL, 0 };

	switch (type) {
	case MXSEL_TYPE_MX:
		return mx;
	case MXSEL_TYPE_CNAME:
		return say_kind(&model_probe[w->probe], MODEL_TARGET);
	case MXSEL_TYPE_TLSA:
		return say_tlsa(w, name);
	default:
		return say_address(w, name, type == MXSEL_TYPE_A);
	}
}

static inline void answer_as_records(mxsel_query *q, const struct said *s)
{
	int v4 = mxsel_query_type(q) == MXSEL_TYPE_A;

	if (s->alias != NULL)
		mxsel_answer_alias(q, s->alias, 60);
	if (s->records == 'm')
		mxsel_answer_mx(q, 10, MODEL_EXCHANGE, 60);
	if (s->records == 'd')
		mxsel_answer_address(q, answer_address[v4], v4 ? 4 : 16, 60);
	if (s->records == 'x' || s->records == 'b')
		mxsel_answer_tlsa(q, 1, 1, 1, answer_digest, 32, 60);
	if (s->records == 'u' || s->records == 'b')
		mxsel_answer_tlsa(q, 3, 1, 1, answer_digest, 32, 60);
	if (s->records == 0 && !s->alone)
		mxsel_answer_negative_ttl(q, 60);
	mxsel_answer_finish(q, s->outcome, s->security);
}

static inline void fill_packet(struct packet *p, const struct said *s, int type)
{
	uint8_t rdata[35] = { 3, 1, 1, 7 };
	int v4 = type == MXSEL_TYPE_A;

	if (s->alias != NULL)
		packet_cname(p, NULL, 60, s->alias);
	if (s->records == 'm')
		packet_mx(p, PACKET_ANSWER, NULL, 60, 10, MODEL_EXCHANGE);
	if (s->records == 'd')
		packet_address(p, PACKET_ANSWER, s->alias, 60,
			answer_address[v4], v4 ? 4 : 16);
	if (s->records == 'u' || s->records == 'b')
		packet_record(p, PACKET_ANSWER, s->alias, PACKET_TLSA, 60,
			rdata, sizeof(rdata));
	rdata[0] = 1;
	if (s->records == 'x' || s->records == 'b')
		packet_record(p, PACKET_ANSWER, s->alias, PACKET_TLSA, 60,
			rdata, sizeof(rdata));
	if (s->records == 0 && !s->alone)
		packet_soa(p, "example", 60, 60);
}

static inline void answer_as_packet(mxsel_query *q, const struct said *s)
{
	static struct packet p;
	unsigned flags = PACKET_REPLY;

	if (s->outcome == MXSEL_DNS_TIMEOUT) {
		mxsel_answer_finish(q, s->outcome, s->security);
		return;
	}
	if (s->outcome == MXSEL_DNS_TRUNCATED)
		flags |= PACKET_TC;
	else if (s->outcome == MXSEL_DNS_REFUSED)
		flags |= 5;
	else
		flags |= (unsigned)(s->outcome == NXDOMAIN ? 3
			: s->outcome == MXSEL_DNS_SERVFAIL ? 2 : 0);
	packet_begin(&p, flags, mxsel_query_name(q), mxsel_query_type(q));
	fill_packet(&p, s, mxsel_query_type(q));
	if (mxsel_answer_packet(q, p.octets, p.size, s->security) != 0)
		abort();
}

static inline void answer_world(const struct model_world *w, mxsel_query *q,
	enum answer_form form)
{
	struct said said = answer_say(w, mxsel_query_name(q),
		mxsel_query_type(q));

	if (form == AS_RECORDS)
		answer_as_records(q, &said);
	else
		answer_as_packet(q, &said);
}

#endif
