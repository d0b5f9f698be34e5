/*
 * Random domains with everything that the DNS may say of them, and one
 * selection played over such a domain, told as text: for tests in which two
 * ways must come to the same. Every random number follows from a seed. May
 * use <mxsel/mxsel.h>, check and support/packet.h.
 */
#ifndef TESTS_SUPPORT_MANY_DOMAINS_H
#define TESTS_SUPPORT_MANY_DOMAINS_H

#include <check.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/packet.h"

#define DOMAIN_NAMES 16 /* 0 is the domain itself, 1..8 are exchanges */
#define DOMAIN_RECORDS 10
#define DOMAIN_ADDRESSES 20

/* What one name says when it is asked for one type. */
struct domain_says {
	int outcome; /* MXSEL_DNS_* */
	int count;   /* records, in a complete answer */
	int denies;  /* without records: with an SOA */
	uint32_t ttl;
	uint8_t last[DOMAIN_ADDRESSES]; /* octet of an address */
};

struct domain {
	struct {
		int alias; /* a name; -1: none */
		int shown; /* links of its chain that one answer tells */
		struct domain_says says[3]; /* MX, AAAA, A */
	} name[DOMAIN_NAMES];
	struct {
		uint16_t preference;
		int name; /* DOMAIN_NAMES: the root; above: no host name */
	} mx[DOMAIN_RECORDS];
	uint32_t options; /* bits for domain_options() */
};

struct domain_random {
	uint64_t state;
};

static inline uint32_t domain_below(struct domain_random *r, uint32_t bound)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ z >> 31) % bound);
}

static inline void domain_make_says(struct domain_says *s,
	struct domain_random *r, int most)
{
	uint32_t kind = domain_below(r, 12);
	int i;

	s->outcome = kind == 0 ? MXSEL_DNS_NXDOMAIN : kind == 1
		? MXSEL_DNS_SERVFAIL + (int)domain_below(r, 10)
		: MXSEL_DNS_COMPLETE;
	s->count = kind < 4 ? 0 : 1 + (int)domain_below(r, (uint32_t)most);
	if (s->count > 3 && domain_below(r, 4) > 0)
		s->count = 2;
	s->denies = domain_below(r, 5) > 0;
	s->ttl = domain_below(r, 20) == 0 ? 0 : 100 + domain_below(r, 900);
	for (i = 0; i < DOMAIN_ADDRESSES; i++)
		s->last[i] = (uint8_t)domain_below(r, 40);
}

static inline void domain_make(struct domain *d, uint64_t seed)
{
	struct domain_random r = { seed };
	int i, type;

	memset(d, 0, sizeof(*d));
	for (i = 0; i < DOMAIN_NAMES; i++) {
		d->name[i].alias = domain_below(&r, i == 0 ? 6 : 4) > 0 ? -1
			: (int)domain_below(&r, DOMAIN_NAMES);
		d->name[i].shown = 1 + (int)domain_below(&r, 3);
		for (type = 0; type < 3; type++)
			domain_make_says(&d->name[i].says[type], &r,
				type == 0 ? DOMAIN_RECORDS : DOMAIN_ADDRESSES);
	}
	for (i = 0; i < DOMAIN_RECORDS; i++) {
		d->mx[i].preference = (uint16_t)(10 * domain_below(&r, 3));
		d->mx[i].name = 1 + (int)domain_below(&r,
			domain_below(&r, 4) == 0 ? DOMAIN_NAMES + 1 : 8);
	}
	d->options = domain_below(&r, UINT32_MAX);
}

static inline const char *domain_name(char out[32], int i)
{
	if (i == 0)
		strcpy(out, "example.com");
	else if (i == DOMAIN_NAMES)
		strcpy(out, ".");
	else if (i > DOMAIN_NAMES)
		strcpy(out, "no name.example");
	else
		(void)snprintf(out, 32, "h%d.example", i);
	return out;
}

static inline int domain_find(const char *name)
{
	int i = 0;

	return sscanf(name, "h%d.example", &i) == 1 ? i : 0;
}

static inline size_t domain_address(uint8_t out[16], int v4, uint8_t last)
{
	memset(out, 0, 16);
	if (v4) { /* 0: loopback, 1: ourselves */
		memcpy(out, last == 0 ? "\177\0\0" : "\300\0\2", 3);
		out[3] = last == 0 ? 1 : last;
		return 4;
	}
	memcpy(out, "\x20\x01\x0d\xb8", 4);
	out[15] = last;
	return 16;
}

/* The end of the part of the chain that is told; *links of it. */
static inline int domain_follow(const struct domain *d, int at, int *links)
{
	int left = d->name[at].shown;

	for (*links = 0; left > 0 && d->name[at].alias >= 0; left--) {
		at = d->name[at].alias;
		++*links;
	}
	return at;
}

static inline int domain_type(unsigned type)
{
	return type == MXSEL_TYPE_MX ? 0 : type == MXSEL_TYPE_AAAA ? 1 : 2;
}

/* --- answers ------------------------------------------------------------- */

static inline void domain_put_records(struct packet *p,
	const struct domain *d, const struct domain_says *s, const char *owner,
	int type)
{
	uint8_t bytes[16];
	char name[32];
	size_t length;
	int i;

	for (i = 0; i < s->count; i++)
		if (type == 0) {
			packet_mx(p, PACKET_ANSWER, owner, s->ttl,
				d->mx[i].preference, domain_name(name,
				d->mx[i].name));
		} else {
			length = domain_address(bytes, type == 2, s->last[i]);
			packet_address(p, PACKET_ANSWER, owner, s->ttl, bytes,
				length);
		}
}

/* 1: answered; 0: no message says that. */
static inline int domain_tell_packet(mxsel_query *q, const struct domain *d)
{
	static const unsigned rcodes[] = { 0, 3, 2, 5, 1, 4, 9 };
	static struct packet p;
	const char *asked = mxsel_query_name(q);
	int type = domain_type(mxsel_query_type(q)), links, i;
	int from = domain_find(asked), at = domain_follow(d, from, &links);
	const struct domain_says *s = &d->name[at].says[type];
	char owner[32], target[32];

	if (s->outcome > MXSEL_DNS_RCODE)
		return 0;
	packet_begin(&p, PACKET_REPLY | rcodes[s->outcome], asked,
		mxsel_query_type(q));
	for (i = from; links > 0; links--, i = d->name[i].alias)
		packet_cname(&p, domain_name(owner, i), 700, domain_name(target,
			d->name[i].alias));
	domain_name(owner, at);
	if (d->name[at].alias >= 0)
		; /* the rest of the chain is for another question */
	else if (s->outcome == MXSEL_DNS_COMPLETE && s->count > 0)
		domain_put_records(&p, d, s, owner, type);
	else if (s->denies)
		packet_soa(&p, "example", s->ttl, s->ttl);
	ck_assert_int_eq(mxsel_answer_packet(q, p.octets, p.size, from % 4),
		MXSEL_OK);
	return 1;
}

static inline void domain_tell_records(mxsel_query *q, const struct domain *d)
{
	int type = domain_type(mxsel_query_type(q)), links, i;
	int from = domain_find(mxsel_query_name(q));
	int at = domain_follow(d, from, &links);
	const struct domain_says *s = &d->name[at].says[type];
	uint8_t bytes[16];
	char name[32];
	size_t length;

	for (i = from; links > 0; links--, i = d->name[i].alias)
		mxsel_answer_alias(q, domain_name(name, d->name[i].alias), 700);
	for (i = 0; i < s->count && d->name[at].alias < 0; i++)
		if (type == 0) {
			mxsel_answer_mx(q, d->mx[i].preference,
				domain_name(name, d->mx[i].name), s->ttl);
		} else {
			length = domain_address(bytes, type == 2, s->last[i]);
			mxsel_answer_address(q, bytes, length, s->ttl);
		}
	if (d->name[at].alias < 0 && s->denies && (s->count == 0 ||
		s->outcome != MXSEL_DNS_COMPLETE))
		mxsel_answer_negative_ttl(q, s->ttl);
	mxsel_answer_finish(q, s->outcome, from % 4);
}

/* --- one selection over it ----------------------------------------------- */

struct domain_play {
	const struct domain *d;
	int packets;   /* as messages, where one can say it */
	int prefetch;  /* MXSEL_OPT_PREFETCH */
	int between;   /* answers that come while an attempt runs: 0..100 % */
	int newest;    /* of several questions the newest is answered first */
	int stop;      /* after so many attempts; 0: to the end */
	mxsel_cache *cache;
	mxsel_resolver *resolver; /* else all is answered here */
	mxsel_record_fn record;
	void *record_user;
	/* filled in */
	size_t questions; /* counted by the selection */
	size_t asked;     /* answered here */
	char told[16384];
	size_t length;
};

#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
static inline void domain_say(struct domain_play *p, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(p->told + p->length, sizeof(p->told) - p->length, format,
		args);
	va_end(args);
	ck_assert_int_ge(n, 0);
	p->length += (size_t)n;
	ck_assert_uint_lt(p->length, sizeof(p->told));
}

/* Settings that follow from the domain's own bits. */
static inline mxsel_options *domain_options(const struct domain_play *p,
	uint64_t seed)
{
	uint32_t x = p->d->options;
	mxsel_options *o;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set_seed(o, seed);
	mxsel_options_set(o, MXSEL_OPT_FAMILY, (int)(x % 8 < 6 ? x % 8 : 0));
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, (int)(x >> 3 & 3) % 3);
	if ((x >> 5 & 3) == 0)
		mxsel_options_add_self_address(o, "192.0.2.1");
	if ((x >> 7 & 7) == 0)
		mxsel_options_add_self_name(o, "h7.example");
	if ((x >> 10 & 3) == 0)
		mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 2);
	if ((x >> 10 & 3) == 1)
		mxsel_options_set(o, MXSEL_OPT_MAX_ADDRESSES, 3);
	if ((x >> 12 & 3) == 0)
		mxsel_options_set(o, MXSEL_OPT_MAX_QUERIES,
			1 + (int)(x >> 14 & 15));
	if ((x >> 18 & 3) == 0)
		mxsel_options_set(o, MXSEL_OPT_MAX_ALIASES, (int)(x >> 20 & 3));
	if ((x >> 22 & 3) == 0)
		mxsel_options_set(o, MXSEL_OPT_MAX_ATTEMPTS, 4);
	if ((x >> 24 & 3) == 0)
		mxsel_options_set(o, MXSEL_OPT_MAX_HOST_ADDRESSES,
			(int)(x >> 26 & 3));
	mxsel_options_set(o, MXSEL_OPT_REFUSE_EXCHANGE_ALIAS,
		(x >> 28 & 7) == 0);
	mxsel_options_set(o, MXSEL_OPT_PREFETCH, p->prefetch);
	mxsel_options_set_cache(o, p->cache);
	mxsel_options_set_resolver(o, p->resolver);
	mxsel_options_set_recorder(o, p->record, p->record_user);
	return o;
}

static inline void domain_answer(struct domain_play *p, mxsel_query *q)
{
	p->asked++;
	if (!p->packets || !domain_tell_packet(q, p->d))
		domain_tell_records(q, p->d);
}

/* While an attempt runs only some are answered; else until it can go on. */
static inline void domain_answer_open(struct domain_play *p, mxsel *m,
	mxsel_query **open, int *count, struct domain_random *r, int waiting)
{
	mxsel_query *q;
	int at;

	while ((q = mxsel_query_take(m)) != NULL) {
		ck_assert_int_lt(*count, 600);
		open[(*count)++] = q;
	}
	while (*count > 0 && (waiting ? mxsel_is_waiting(m)
		: (int)domain_below(r, 100) < p->between)) {
		at = p->newest ? *count - 1 : 0;
		q = open[at];
		memmove(&open[at], &open[at + 1], (size_t)(*count - at - 1) *
			sizeof(open[0]));
		--*count;
		domain_answer(p, q);
	}
}

static inline void domain_say_attempt(struct domain_play *p, const mxsel *m)
{
	domain_say(p, "try %d %d %s %s %s %d%d\n", mxsel_host_rank(m),
		mxsel_host_preference(m), mxsel_host_name(m),
		mxsel_host_canonical(m), mxsel_address(m),
		mxsel_host_is_incomplete(m), mxsel_address_is_secure(m));
}

static inline void domain_say_end(struct domain_play *p, const mxsel *m)
{
	const char *subject;
	int reason, preference;
	size_t i;

	domain_say(p, "verdict %d %d %s %d %s\n", mxsel_verdict_action(m),
		mxsel_verdict_code(m), mxsel_verdict_status(m),
		mxsel_verdict_reason(m), mxsel_verdict_text(m));
	domain_say(p, "flags %lx ttl %lu domain %s source %d secure %d\n",
		(unsigned long)mxsel_flags(m), (unsigned long)mxsel_ttl(m),
		mxsel_domain(m), mxsel_source(m), mxsel_is_secure(m));
	for (i = 0; mxsel_rejected(m, i, &reason, &preference, &subject) ==
		MXSEL_OK; i++)
		domain_say(p, "rejected %d %d %s\n", reason, preference,
			subject);
}

static inline void domain_play(struct domain_play *p, uint64_t seed)
{
	static mxsel_query *open[600];
	struct domain_random r = { seed };
	mxsel_options *o = domain_options(p, seed);
	int count = 0, attempts = 0, rc;
	mxsel *m;

	p->length = p->asked = 0;
	p->told[0] = '\0';
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc == MXSEL_ATTEMPT)
			domain_say_attempt(p, m);
		else
			ck_assert_int_eq(rc, MXSEL_LOOKUP);
		if (rc == MXSEL_ATTEMPT && ++attempts == p->stop)
			break;
		domain_answer_open(p, m, open, &count, &r,
			rc == MXSEL_LOOKUP);
	}
	domain_say_end(p, m);
	p->questions = mxsel_query_count(m);
	mxsel_free(m);
}

/* Said shortly: the first line that differs. */
static inline void domain_check_same(const struct domain_play *a,
	const struct domain_play *b, int i, const char *what)
{
	size_t at = 0, begin = 0;

	for (; a->told[at] != '\0' && a->told[at] == b->told[at]; at++)
		if (a->told[at] == '\n')
			begin = at + 1;
	ck_assert_msg(a->told[at] == b->told[at],
		"%s, domain %d: \"%.*s\" becomes \"%.*s\"", what, i,
		(int)strcspn(a->told + begin, "\n"), a->told + begin,
		(int)strcspn(b->told + begin, "\n"), b->told + begin);
}

#endif
