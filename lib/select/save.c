/*
 * A selection as octets (R80). What is written is a state in which no
 * question is open: one that is, is taken as not yet asked.
 */
#include "select/save.h"

#include <string.h>

#include "select/security.h"

#define NUMBER(member, most) \
	{ offsetof(struct mxsel, member), \
	sizeof(((struct mxsel *)0)->member), most }

const struct saved_number mxsel__saved_numbers[] = {
	NUMBER(random.state[0], UINT64_MAX),
	NUMBER(random.state[1], UINT64_MAX),
	NUMBER(random.state[2], UINT64_MAX),
	NUMBER(random.state[3], UINT64_MAX),
	NUMBER(seed, UINT64_MAX),
	NUMBER(flags, 2 * MXSEL_FLAG_MEMORY - 1),
	NUMBER(ttl, TTL_MAX),
	NUMBER(query_count, QUESTIONS_MAX),
	NUMBER(host_count, HOSTS_MAX),
	NUMBER(next_host, HOSTS_MAX),
	NUMBER(attempt_count, ATTEMPTS_MAX),
	NUMBER(candidate_count, ATTEMPTS_MAX),
	NUMBER(rejected_count, REJECTED_MAX),
	NUMBER(reply_code, 599),
	NUMBER(port, UINT16_MAX),
	NUMBER(best, UINT16_MAX),
	NUMBER(kind, DESTINATION_LITERAL),
	NUMBER(state, SAVED_END),
	NUMBER(source, MXSEL_SOURCE_STATIC),
	NUMBER(secure, 1),
	NUMBER(seeded, 1),
	NUMBER(met, 2 * MET_REQUIRETLS - 1),
	NUMBER(plan, PLAN_NULL_MX),
	NUMBER(verdict, MXSEL__V_COUNT),
	NUMBER(custom, 1),
	NUMBER(by_report, 1),
	NUMBER(strength, MXSEL__S_DELIVERED),
	NUMBER(outcome, MXSEL_OUTCOME_REQUIRETLS),
	NUMBER(reported, 1),
	NUMBER(unreported, 1),
	NUMBER(go, MXSEL__GO_STOP),
	NUMBER(reached, 1),
	NUMBER(tls, MXSEL_TLS_OPTIONAL),
	NUMBER(mx_security, MXSEL_SECURITY_BOGUS),
	NUMBER(tlsa_octets, TLSA_OCTETS_MAX),
	NUMBER(dane_host, HOSTS_MAX - 1),
	NUMBER(dane_step, MXSEL__DANE_STEP_MAX),
	NUMBER(tls_reported, 1),
};

const size_t mxsel__saved_number_count =
	sizeof(mxsel__saved_numbers) / sizeof(mxsel__saved_numbers[0]);

/* CRC-32 of IEEE 802.3: finds every error of up to 32 bits in a row. */
uint32_t mxsel__saved_crc(const uint8_t *bytes, size_t size)
{
	uint32_t crc = UINT32_MAX;
	size_t i;
	int bit;

	for (i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ UINT32_C(0xedb88320)
			              : crc >> 1;
	}
	return ~crc;
}

/* --- octets, counted where there is no room ------------------------------ */

struct writer {
	uint8_t *out;
	size_t at, room;
};

static void put(struct writer *w, uint64_t number, unsigned octets)
{
	while (octets > 0) {
		octets--;
		if (w->at < w->room)
			w->out[w->at] = (uint8_t)(number >> 8 * octets);
		w->at++;
	}
}

static void put_octets(struct writer *w, const void *octets, size_t length)
{
	if (w->at < w->room && w->room - w->at >= length)
		memcpy(w->out + w->at, octets, length);
	w->at += length;
}

static void put_text(struct writer *w, const char *text, unsigned octets,
	size_t most)
{
	size_t length = text == NULL ? 0 : strlen(text);

	if (length > most)
		length = most;
	put(w, length, octets);
	if (length > 0)
		put_octets(w, text, length);
}

/* --- the state with no question open ------------------------------------- */

static void as_at_start(struct mxsel *s, const struct mxsel *m)
{
	memset(s, 0, sizeof(*s));
	s->destination = m->destination;
	s->bad = m->bad;
	s->original = s->domain = m->original;
	s->address = m->address;
	s->kind = m->kind;
	s->port = m->port;
	s->ttl = TTL_MAX;
	s->tls = m->tls;
	s->seeded = m->seeded;
	if (!s->seeded)
		return;
	s->seed = m->seed;
	mxsel__random_init(&s->random, s->seed);
}

/* The TLSA records that came will come again. */
static void unask_tlsa(struct mxsel *s, const struct mxsel_query *q)
{
	const struct tlsa *t;

	for (; q != NULL; q = q->asker) {
		s->query_count--;
		if (q->type != MXSEL_TYPE_TLSA)
			continue;
		for (t = q->first.tlsa; t != NULL; t = t->next)
			s->tlsa_octets = (uint16_t)(s->tlsa_octets -
				t->length);
	}
}

/* Take back what was asked for one family of a host. */
static void unask(struct mxsel *s, const struct mxsel_query *q)
{
	for (; q != NULL; q = q->asker) {
		unsigned known = (unsigned)q->kept + q->refused;

		s->query_count -= !q->ahead;
		s->candidate_count = (uint16_t)(s->candidate_count > known
			? s->candidate_count - known : 0);
	}
}

static void as_before_questions(struct mxsel *s, const struct mxsel *m)
{
	uint16_t i;

	*s = *m;
	for (i = s->next_host; i < s->host_count; i++) {
		unask(s, s->hosts[i].asked[0]);
		unask(s, s->hosts[i].asked[1]);
	}
	/* After a rewind it may still be open while others are tried. */
	if (m->state == STATE_DANE || m->state == STATE_WALK)
		unask_tlsa(s, s->asking);
	if (m->state != STATE_DANE)
		s->dane_host = s->dane_step = 0;
}

static const uint8_t saved_states[] = {
	[STATE_START] = SAVED_START, [STATE_MX] = SAVED_START,
	[STATE_GROUP] = SAVED_GROUP, [STATE_HOSTS] = SAVED_GROUP,
	[STATE_WALK] = SAVED_WALK, [STATE_DANE] = SAVED_DANE,
	[STATE_END] = SAVED_END,
};

static void settle(struct mxsel *s, const struct mxsel *m)
{
	if (m->state == STATE_START || m->state == STATE_MX) {
		as_at_start(s, m);
	} else {
		as_before_questions(s, m);
		s->state = saved_states[m->state];
	}
	/* Left over from before a rewind, these mean nothing. */
	if (s->state != SAVED_END)
		s->custom = s->by_report = 0;
	if (s->strength != MXSEL__S_NONE)
		return;
	s->outcome = 0;
	s->reply_code = 0;
	s->status[0] = '\0';
}

/* --- its parts ----------------------------------------------------------- */

static void put_numbers(struct writer *w, const struct mxsel *s)
{
	size_t i;

	for (i = 0; i < mxsel__saved_number_count; i++) {
		const struct saved_number *n = &mxsel__saved_numbers[i];
		const void *at = (const char *)s + n->offset;
		uint64_t number;

		if (n->size == 8)
			number = *(const uint64_t *)at;
		else if (n->size == 4)
			number = *(const uint32_t *)at;
		else if (n->size == 2)
			number = *(const uint16_t *)at;
		else
			number = *(const uint8_t *)at;
		put(w, number, n->size);
	}
}

static void put_filter(struct writer *w, const struct name_filter *filter)
{
	put(w, (uint64_t)filter->code, 2);
	put_text(w, filter->status, 1, 11);
	put(w, filter->text != NULL, 1);
	put_text(w, filter->text, 2, SAVED_TEXT_MAX);
}

/* How the host must be reached, and by which records. */
static void put_path(struct writer *w, const struct host *host, int settled)
{
	const struct tlsa *t = settled ? mxsel__dane_tlsa(host) : NULL, *last;
	unsigned path = (unsigned)host->sts << SAVED_STS_SHIFT, count = 0;

	if (settled)
		path |= (unsigned)host->path |
			(unsigned)host->dane << SAVED_DANE_SHIFT;
	put(w, path, 1);
	if (!settled || host->dane != MXSEL_DANE_RECORDS)
		return;
	for (last = t; last != NULL; last = last->next)
		count++;
	put(w, count, 1);
	for (; t != NULL; t = t->next) {
		put(w, t->usage, 1);
		put(w, t->selector, 1);
		put(w, t->matching, 1);
		put(w, t->length, 2);
		put_octets(w, t->data, t->length);
	}
}

static unsigned settled_bits(const struct host *host)
{
	return (host->incomplete ? SAVED_INCOMPLETE : 0u) |
		(host->skip ? SAVED_SKIP : 0u) |
		(host->reached ? SAVED_REACHED : 0u) |
		(host->base == BASE_DOMAIN ? SAVED_AT_DOMAIN : 0u) |
		(host->looked ? SAVED_LOOKED : 0u) |
		(host->base == BASE_EXPANDED ? SAVED_EXPANDED : 0u);
}

static void put_host(struct writer *w, const struct host *host, int settled)
{
	int other = settled && host->canonical != host->name &&
		strcmp(host->canonical, host->name) != 0;
	unsigned bits = (host->literal ? SAVED_LITERAL : 0u) |
		(host->nameless ? SAVED_NAMELESS : 0u);

	if (settled)
		bits |= settled_bits(host);
	put_text(w, host->name, 1, MXSEL__NAME_MAX);
	put_text(w, other ? host->canonical : "", 1, MXSEL__NAME_MAX);
	put(w, host->preference, 2);
	put(w, host->source, 1);
	put(w, bits, 1);
	put(w, host->extra, 1);
	put_path(w, host, settled);
}

/* Where in the list it is, from 1; 0: there is none. */
static unsigned place(const struct mxsel *s, const struct candidate *wanted)
{
	const struct candidate *c;
	unsigned at = 1;

	if (wanted == NULL)
		return 0;
	for (c = s->attempts; c != wanted; c = c->after)
		at++;
	return at;
}

static void put_attempts(struct writer *w, const struct mxsel *s)
{
	const struct candidate *c;

	put(w, place(s, s->cursor), 2);
	put(w, place(s, s->tried), 2);
	for (c = s->attempts; c != NULL; c = c->after) {
		put(w, c->host, 2);
		put(w, c->length, 1);
		put(w, c->secure, 1);
		put_octets(w, c->bytes, c->length);
	}
}

static unsigned reply_host(const struct mxsel *s)
{
	unsigned i;

	for (i = 0; i + 1 < s->next_host; i++)
		if (s->hosts[i].name == s->reply_host)
			break;
	return i;
}

static void put_all(struct writer *w, const struct mxsel *s)
{
	const struct rejection *r;
	uint16_t i;

	put_numbers(w, s);
	put_text(w, s->destination, 2, DESTINATION_MAX);
	put_text(w, s->bad, 1, 255);
	put_text(w, s->original, 1, MXSEL__NAME_MAX);
	put_text(w, s->domain, 1, MXSEL__NAME_MAX);
	put_text(w, s->address, 1, MXSEL__ADDRESS_TEXT_SIZE);
	put_text(w, s->status, 1, sizeof(s->status) - 1);
	if (s->met & MET_NAME_FILTER)
		put_filter(w, s->name_filter);
	if (s->strength != MXSEL__S_NONE) {
		put_text(w, s->reply, 2, SAVED_REPLY_MAX);
		put(w, reply_host(s), 2);
	}
	for (i = 0; i < s->host_count; i++)
		put_host(w, &s->hosts[i], i < s->next_host);
	put_attempts(w, s);
	for (r = s->rejected; r != NULL; r = r->next) {
		put(w, r->reason, 1);
		put(w, r->preference, 2);
		put_text(w, r->subject, 1, MXSEL__NAME_MAX);
	}
}

int mxsel_save(const mxsel *m, uint8_t *bytes, size_t *size)
{
	struct writer w = { bytes, 0, 0 };
	struct mxsel s;

	if (m == NULL || size == NULL || m->busy ||
		(bytes == NULL && *size > 0))
		return MXSEL_EUSAGE;
	if (m->kind == DESTINATION_NONE)
		return MXSEL_ENOMEM;
	w.room = *size;
	settle(&s, m);
	put_octets(&w, SAVED_MAGIC, 4);
	put(&w, SAVED_VERSION, 2);
	put(&w, 0, 4);
	put_all(&w, &s);
	*size = w.at + SAVED_TAIL;
	if (w.room < *size)
		return MXSEL_ESPACE;
	w.at = 6;
	put(&w, *size, 4);
	w.at = *size - SAVED_TAIL;
	put(&w, mxsel__saved_crc(bytes, w.at), 4);
	return MXSEL_OK;
}
