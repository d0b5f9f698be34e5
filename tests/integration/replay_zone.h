/*
 * Random domains and a whole walk through each: what the DNS says and what
 * becomes of every attempt follow from the domain's number alone, so that a
 * walk can be told again. For the tests of records and of saved selections.
 * May use the public headers and tests/support.
 */
#ifndef TESTS_INTEGRATION_REPLAY_ZONE_H
#define TESTS_INTEGRATION_REPLAY_ZONE_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mock.h>
#include <mxsel/security.h>

#include "support/packet.h"

/* One walk; what it comes to stands in told. */
struct walk {
	unsigned zone;
	mxsel_mock *mock;  /* reports come from its record; NULL: made here */
	int trace;         /* tell every decision, too */
	int one_by_one;    /* go on after each single answer */
	int to_report;     /* an attempt is reached and not reported */
	int leave;         /* the host, at the next step */
	unsigned attempts;
	size_t n;
	char told[65536];
	/* Called wherever a selection may be left; NULL: nobody. */
	void (*pause)(const struct walk *w, const mxsel *m);
};

static inline uint32_t walk_mix(uint32_t zone, const char *what, uint32_t k)
{
	uint64_t z = zone * UINT64_C(0x9e3779b97f4a7c15) + k;

	for (; *what != '\0'; what++)
		z = (z ^ (unsigned char)*what) * UINT64_C(0x100000001b3);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(z >> 32 ^ z);
}

__attribute__((format(printf, 2, 3)))
static inline void walk_say(struct walk *w, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(w->told + w->n, sizeof(w->told) - w->n, format,
		arguments);
	va_end(arguments);
	if (n < 0 || w->n + (size_t)n >= sizeof(w->told))
		abort();
	w->n += (size_t)n;
}

/* --- options ------------------------------------------------------------- */

static inline void walk_options(mxsel_options *o, unsigned zone)
{
	uint32_t x = walk_mix(zone, "options", 0);

	mxsel_options_set(o, MXSEL_OPT_FAMILY, (int)(x % 6));
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, (int)(x >> 4) % 3);
	if ((x >> 8) % 4 == 0)
		mxsel_options_add_self_address(o, "192.0.2.1");
	if ((x >> 10) % 4 == 0)
		mxsel_options_add_self_name(o, "h7.example");
	if ((x >> 12) % 4 == 0)
		mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 2);
	if ((x >> 12) % 4 == 1)
		mxsel_options_set(o, MXSEL_OPT_MAX_ADDRESSES, 3);
	if ((x >> 12) % 4 == 2)
		mxsel_options_set(o, MXSEL_OPT_MAX_ATTEMPTS, 3);
	if ((x >> 14) % 4 == 0)
		mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	if ((x >> 16) % 4 == 0)
		mxsel_options_refuse_exchange(o, "h3.*", 450 + (int)(x >> 18) %
			2 * 100, NULL, (x >> 19) % 2 ? "Not there." : NULL);
	if ((x >> 20) % 4 == 0)
		mxsel_options_set(o, MXSEL_OPT_MAX_QUERIES, 7);
	if ((x >> 22) % 4 == 0)
		mxsel_options_set(o, MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, 1);
	if ((x >> 24) % 4 == 0)
		mxsel_options_set(o, MXSEL_OPT_HAND_OUT_ONION, 1);
	if ((x >> 26) % 4 == 0)
		mxsel_options_set(o, MXSEL_OPT_REFUSE_EXCHANGE_ALIAS, 1);
	x = walk_mix(zone, "dane", 0);
	mxsel_options_set(o, MXSEL_OPT_DANE, x % 4 != 0);
	mxsel_options_set(o, MXSEL_OPT_DANE_INSECURE_MX, (int)(x >> 4) % 3);
}

/* A policy that lists some of the hosts, and what the message wants. */
static inline void walk_policy(mxsel *m, unsigned zone)
{
	static const char *const bodies[] = {
		"version: STSv1\nmode: enforce\nmax_age: 99\nmx: h1.example\n"
		"mx: h2.example\nmx: d.example\nmx: h4.example\n",
		"version: STSv1\nmode: testing\nmax_age: 99\nmx: h2.example\n",
		"version: STSv1\nmode: enforce\nmax_age: 99\n"
		"mx: *.example\n",
	};
	uint32_t x = walk_mix(zone, "policy", 0);
	const char *body = bodies[(x >> 8) % 3];
	mxsel_sts *policy;

	(void)mxsel_set_tls(m, x % 5 == 0 ? MXSEL_TLS_REQUIRED
		: x % 5 == 1 ? MXSEL_TLS_OPTIONAL : MXSEL_TLS_BY_POLICY);
	if ((x >> 4) % 3 == 0 || mxsel_sts_new(&policy, "d.example", body,
		strlen(body), 100) != 0)
		return;
	(void)mxsel_set_sts(m, policy, 150);
	mxsel_sts_free(policy);
}

static inline const char *walk_destination(unsigned zone)
{
	static const char *const odd[] = {
		"[192.0.2.9]", "[IPv6:2001:db8::9]", "[h2.example]:2525",
		"user@d.example", "a..b", "localhost", "abc.onion",
		"b\303\274ro.example", "[192.0.2.1]", "d.example:26", "",
		"h7.example", "x.local", "\"a b\\\"@c\"@d.example",
	};
	uint32_t x = walk_mix(zone, "destination", 0);

	return x % 4 != 0 ? "d.example" : odd[(x >> 8) %
		(sizeof(odd) / sizeof(odd[0]))];
}

/* --- what the DNS says --------------------------------------------------- */

/* An answer in either form. */
struct walk_answer {
	mxsel_query *q;
	struct packet *packet; /* NULL: as records */
	const char *owner;
};

static inline void walk_add_mx(struct walk_answer *a, unsigned preference,
	const char *exchange, uint32_t ttl)
{
	if (a->packet == NULL)
		mxsel_answer_mx(a->q, (uint16_t)preference, exchange, ttl);
	else
		packet_mx(a->packet, PACKET_ANSWER, a->owner, ttl, preference,
			exchange);
}

static inline void walk_fill_mx(struct walk_answer *a, unsigned zone,
	const char *name)
{
	static const char *const odd[] = {
		".", "no name.example", "192.0.2.7", "localhost", "x.invalid",
		"y.local", "z.onion", "MX.Example.", "h3.example",
		"a..b.example", /* an empty label */
		"a\\.b.example",
	};
	uint32_t count = walk_mix(zone, name, 1) % 8, i, x;
	char text[32];

	for (i = 0; i < count; i++) {
		x = walk_mix(zone, name, 100 + i);
		(void)snprintf(text, sizeof(text), "h%u.example",
			(unsigned)(x >> 8) % 9);
		if ((x >> 16) % 5 == 0)
			walk_add_mx(a, x % 3 * 10, odd[(x >> 20) %
				(a->packet == NULL ? 11 : 9)], x >> 3);
		else
			walk_add_mx(a, x % 3 * 10, text, 60 + x % 600);
	}
}

static inline void walk_fill_address(struct walk_answer *a, unsigned zone,
	const char *name)
{
	int v4 = mxsel_query_type(a->q) == MXSEL_TYPE_A;
	uint32_t count = walk_mix(zone, name, v4 ? 2 : 3) % 4, i;

	for (i = 0; i < count; i++) {
		uint32_t x = walk_mix(zone, name, (v4 ? 200 : 300) + i);
		uint8_t bytes[16] = { 0x20, 0x01, 0x0d, 0xb8 };

		bytes[15] = (uint8_t)((x >> 8) % 12);
		if (v4) {
			bytes[0] = x % 9 == 0 ? 127 : 192;
			bytes[1] = 0;
			bytes[2] = 2;
			bytes[3] = (uint8_t)((x >> 8) % 12);
		}
		if (a->packet == NULL)
			mxsel_answer_address(a->q, bytes, v4 ? 4 : 16,
				30 + x % 99);
		else
			packet_address(a->packet, PACKET_ANSWER, a->owner,
				30 + x % 99, bytes, v4 ? 4 : 16);
	}
}

static inline void walk_fill_tlsa(struct walk_answer *a, unsigned zone,
	const char *name)
{
	uint32_t count = walk_mix(zone, name, 4) % 4, i, x;
	uint8_t rdata[3 + 64];

	for (i = 0; i < count; i++) {
		x = walk_mix(zone, name, 400 + i);
		memset(rdata, (int)(x >> 8) % 3, sizeof(rdata));
		rdata[0] = x % 7 == 0 ? 1 : 2 + x % 2;
		rdata[1] = (x >> 16) % 2;
		rdata[2] = (uint8_t)((x >> 17) % 3);
		x = rdata[2] == 0 ? 5 : 32u * rdata[2];
		if (a->packet == NULL)
			mxsel_answer_tlsa(a->q, rdata[0], rdata[1], rdata[2],
				rdata + 3, x, 90);
		else
			packet_record(a->packet, PACKET_ANSWER, a->owner,
				PACKET_TLSA, 90, rdata, 3 + x);
	}
}

static inline void walk_fill(struct walk_answer *a, unsigned zone)
{
	const char *name = mxsel_query_name(a->q);
	uint32_t x = walk_mix(zone, name, mxsel_query_type(a->q) + 10u);
	static char target[32];
	int probes = mxsel_query_type(a->q) == MXSEL_TYPE_CNAME;

	if (x % 6 == 0 || (probes && x % 3 == 0)) {
		(void)snprintf(target, sizeof(target), "%c%u.example",
			mxsel_query_type(a->q) == MXSEL_TYPE_MX ? 'd' : 'h',
			(unsigned)(x >> 8) % 9);
		if (a->packet == NULL)
			mxsel_answer_alias(a->q, target, 77);
		else
			packet_cname(a->packet, NULL, 77, target);
		if ((x >> 16) % 2 == 0 || probes)
			return; /* the target is for another question */
		name = a->owner = target;
	}
	if (mxsel_query_type(a->q) == MXSEL_TYPE_MX)
		walk_fill_mx(a, zone, name);
	else if (mxsel_query_type(a->q) == MXSEL_TYPE_TLSA)
		walk_fill_tlsa(a, zone, name);
	else if (!probes)
		walk_fill_address(a, zone, name);
	if ((x >> 18) % 2 == 0 && a->packet == NULL)
		mxsel_answer_negative_ttl(a->q, 40 + x % 20);
	else if ((x >> 18) % 2 == 0 && packet_get16(a->packet, 6) == 0)
		packet_soa(a->packet, "example", 120, 60);
}

static inline void walk_answer(unsigned zone, mxsel_query *q)
{
	static struct packet packet;
	uint32_t x = walk_mix(zone, mxsel_query_name(q),
		mxsel_query_type(q) + 50u);
	struct walk_answer a = { q, x % 2 ? &packet : NULL, NULL };
	int outcome = (x >> 4) % 8 == 0 ? (int)(x >> 8) % 12
		: MXSEL_DNS_COMPLETE, security = (int)(x >> 16) % 4;

	if (security == MXSEL_SECURITY_BOGUS && (x >> 20) % 4 != 0)
		security = MXSEL_SECURITY_SECURE;
	if (zone % 4 >= 2 && (x >> 24) % 8 != 0) /* signed, by and large */
		security = MXSEL_SECURITY_SECURE;
	if (a.packet == NULL) {
		walk_fill(&a, zone);
		mxsel_answer_finish(q, outcome, security);
		return;
	}
	packet_begin(&packet, PACKET_REPLY, mxsel_query_name(q),
		mxsel_query_type(q));
	if (outcome == MXSEL_DNS_COMPLETE)
		walk_fill(&a, zone);
	else
		packet_set16(&packet, 2, PACKET_REPLY |
			(unsigned)(outcome % 6));
	if (mxsel_answer_packet(q, packet.octets, packet.size, security) != 0)
		mxsel_answer_finish(q, MXSEL_DNS_MALFORMED, 0);
}

/* --- what becomes of an attempt ------------------------------------------ */

static inline void walk_report(struct walk *w, mxsel *m)
{
	static const char *const replies[] = {
		"5.1.1 No such user", "4.2.1 busy", "5.7.1 go\taway", "", NULL,
		"Gr\303\274\303\237e \\ \"quoted\"", "5.7.1 not over IPv6",
	};
	uint32_t x = walk_mix(w->zone, "report", w->attempts++);
	int outcome = 2 + (int)(x % 11), code = 0;

	w->leave = (x >> 24) % 9 == 0;
	if (x % 3 == 0)
		walk_say(w, "told %d\n", mxsel_report_tls(m, (int)(x >> 4) %
			12));
	if (w->mock != NULL) {
		walk_say(w, "reported %d\n",
			mxsel_mock_replay_report(w->mock, m));
		return;
	}
	if ((x >> 28) % 8 == 0) {
		walk_say(w, "reported 0\n"); /* or not at all */
		return;
	}
	if ((x >> 20) % 16 == 0)
		outcome = MXSEL_OUTCOME_DELIVERED;
	if (w->zone % 8 == 3) /* everybody refuses by the address (R72) */
		outcome = MXSEL_OUTCOME_MAIL;
	if (outcome == MXSEL_OUTCOME_GREETING ||
		outcome == MXSEL_OUTCOME_EHLO ||
		(outcome >= MXSEL_OUTCOME_MAIL && outcome <=
		MXSEL_OUTCOME_DATA))
		code = (x >> 8) % 3 == 0 ? 550 : (x >> 8) % 3 == 1 ? 450 : 521;
	if (w->zone % 8 == 3)
		code = w->attempts % 2 == 1 ? 550 : 450;
	walk_say(w, "reported %d\n", mxsel_report(m, outcome, code,
		replies[w->zone % 8 == 3 ? 6 : (x >> 12) % 7]) == 0);
}

/* --- the walk ------------------------------------------------------------ */

static inline void walk_say_posture(struct walk *w, const mxsel *m)
{
	const uint8_t *data;
	size_t i, length;
	int usage, selector, matching;

	walk_say(w, "%s %s %s %d %d \"%s\"", mxsel_posture_name(
		mxsel_posture(m)), mxsel_posture_reason_name(
		mxsel_posture_reason(m)), mxsel_dane_name(mxsel_dane(m)),
		mxsel_tlsrpt_policy(m), mxsel_tls(m), mxsel_tls_name(m));
	walk_say(w, " \"%s\"", mxsel_tlsa_base(m));
	for (i = 0; mxsel_tls_identity(m, i) != NULL; i++)
		walk_say(w, " %s", mxsel_tls_identity(m, i));
	for (i = 0; mxsel_tlsa(m, i, &usage, &selector, &matching, &data,
		&length) == 0; i++)
		walk_say(w, " %d%d%d-%d-%lu", usage, selector, matching,
			data[length - 1], (unsigned long)length);
	walk_say(w, "\n");
}

static inline void walk_say_attempt(struct walk *w, const mxsel *m)
{
	walk_say(w, "%d %d %s %s %s %d %d %d %d\n", mxsel_host_rank(m),
		mxsel_host_preference(m), mxsel_host_name(m),
		mxsel_host_canonical(m), mxsel_address(m), mxsel_port(m),
		mxsel_host_source(m), mxsel_host_is_incomplete(m),
		mxsel_address_is_secure(m));
	walk_say_posture(w, m);
}

static inline void walk_say_trace(struct walk *w, const mxsel *m)
{
	const char *subject, *detail, *rule;
	size_t i;
	int code;

	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail, &rule)
		== 0; i++)
		walk_say(w, "%s %s %s %s\n", mxsel_trace_name(code), subject,
			detail, rule);
}

static inline void walk_say_end(struct walk *w, const mxsel *m)
{
	const char *subject;
	int reason, preference;
	size_t i;

	walk_say(w, "%d %d %d %s %s\nreply %s\nhost %s\n",
		mxsel_verdict_action(m), mxsel_verdict_reason(m),
		mxsel_verdict_code(m), mxsel_verdict_status(m),
		mxsel_verdict_text(m), mxsel_verdict_reply(m),
		mxsel_verdict_host(m));
	walk_say(w, "%s %s %s %d %d %lx %lu %lu\n", mxsel_destination(m),
		mxsel_original_domain(m), mxsel_domain(m), mxsel_source(m),
		mxsel_is_secure(m), (unsigned long)mxsel_flags(m),
		(unsigned long)mxsel_ttl(m),
		(unsigned long)mxsel_query_count(m));
	for (i = 0; mxsel_rejected(m, i, &reason, &preference, &subject) == 0;
		i++)
		walk_say(w, "- %s %d %s\n", mxsel_reject_name(reason),
			preference, subject);
	if (w->trace)
		walk_say_trace(w, m);
}

static inline void walk_pause(const struct walk *w, const mxsel *m)
{
	if (w->pause != NULL)
		w->pause(w, m);
}

static inline void walk_answer_open(struct walk *w, mxsel *m)
{
	mxsel_query *q;

	while ((q = mxsel_query_take(m)) != NULL) {
		walk_answer(w->zone, q);
		walk_pause(w, m);
		if (w->one_by_one)
			return;
	}
}

/* To the end, from wherever w is. 0, or what mxsel_next() failed with. */
static inline int walk_on(struct walk *w, mxsel *m)
{
	int rc;

	for (;;) {
		if (w->to_report) {
			walk_report(w, m);
			w->to_report = 0;
			walk_pause(w, m);
		}
		rc = w->leave ? mxsel_next_host(m) : mxsel_next(m);
		if (rc < 0)
			return rc;
		w->leave = 0;
		if (rc == MXSEL_END)
			break;
		if (rc == MXSEL_ATTEMPT) {
			walk_say_attempt(w, m);
			w->to_report = 1;
		}
		walk_pause(w, m);
		if (rc == MXSEL_LOOKUP)
			walk_answer_open(w, m);
	}
	walk_pause(w, m);
	walk_say_end(w, m);
	return 0;
}

/* --- a record in memory -------------------------------------------------- */

struct walk_record {
	char *text;
	size_t length, room;
	unsigned bad; /* lines that are not as they should be */
};

static inline void walk_keep_line(const char *line, void *user)
{
	struct walk_record *r = user;
	size_t length = strlen(line), i;

	for (i = 0; i < length; i++)
		r->bad += line[i] < 0x20 || line[i] > 0x7e;
	if (r->length + length + 2 > r->room) {
		r->room = 2 * (r->length + length + 2);
		r->text = realloc(r->text, r->room);
		if (r->text == NULL)
			abort();
	}
	memcpy(r->text + r->length, line, length);
	r->length += length;
	r->text[r->length++] = '\n';
	r->text[r->length] = '\0';
}

#endif
