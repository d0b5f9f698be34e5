/*
 * Answers from the cache and into it: what was learnt for one selection
 * answers the questions of another, with the same meaning as when it came
 * from a server. What cannot be given back exactly as it came is not kept. May
 * use the cache's own header besides those of the room.
 */
#include "select/select.h"

#include <string.h>

#include "cache/cache.h"
#include "select/security.h"

#define TLSA_HEAD 2u /* length of the RDATA that follows */
#define MX_HEAD 4u /* preference, length, kind; then the text and its NUL */

enum { FROM_CACHE = 1, FROM_CACHE_STALE = 2 };

static int is_used(const struct mxsel *m)
{
	const struct mxsel_options *o = m->options;

	return o->cache != NULL &&
		(o->resolver == NULL || !o->resolver->bypass);
}

static int is_failure(int outcome)
{
	return outcome != MXSEL_DNS_COMPLETE && outcome != MXSEL_DNS_NXDOMAIN;
}

/* --- out of the cache ---------------------------------------------------- */

static const uint8_t *records_of(const struct mxsel__cached *c)
{
	return c->canonical_length == 0 ? c->data
	                                : c->data + c->canonical_length + 1;
}

/* As in a message: a chain too long first, then a circle (R11). */
static int take_alias(struct mxsel_query *q, const struct mxsel__cached *c)
{
	if (c->canonical_length == 0)
		return MXSEL_OK;
	if (c->links > mxsel__question_links_left(q)) {
		q->loop = 2;
		return MXSEL_OK;
	}
	q->links = (uint8_t)(q->links + c->links);
	return mxsel__question_alias(q, (const char *)c->data,
		c->canonical_length);
}

static int take_mx(struct mxsel_query *q, const struct mxsel__cached *c)
{
	struct mxsel *m = q->selection;
	_Alignas(8) unsigned char room[2048];
	const uint8_t *at = records_of(c);
	struct mxsel__arena scratch;
	struct mxsel__mx *v;
	int rc = MXSEL_ENOMEM, self = -1;
	size_t n;

	mxsel__arena_init(&scratch, &m->arena.allocator, room, sizeof(room));
	v = mxsel__arena_get(&scratch, c->records * sizeof(*v));
	for (n = 0; v != NULL && n < c->records; n++) {
		mxsel__plan_fill(&v[n], (const char *)at + MX_HEAD, at[2],
			at[3], (uint16_t)(at[0] << 8 | at[1]));
		self = mxsel__plan_self(m, &v[n], self);
		at += MX_HEAD + at[2] + 1;
	}
	q->has_records = 1;
	q->records = c->records;
	if (v != NULL)
		rc = mxsel__plan_build(m, v, n, self, 0);
	mxsel__arena_free(&scratch);
	return rc;
}

/* The next TLSA record at *at, which goes behind it. */
static void read_tlsa(struct mxsel__tlsa *tlsa, const uint8_t **at)
{
	size_t size = (size_t)((*at)[0] << 8 | (*at)[1]);

	mxsel__tlsa_read(tlsa, *at + TLSA_HEAD, size);
	*at += TLSA_HEAD + size;
}

static int take_tlsa(struct mxsel_query *q, const struct mxsel__cached *c)
{
	const uint8_t *at = records_of(c);
	struct mxsel__tlsa tlsa;
	uint16_t i;

	for (i = 0; i < c->records; i++) {
		read_tlsa(&tlsa, &at);
		if (mxsel__tlsa_add(q, &tlsa) != MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	return MXSEL_OK;
}

static int take_addresses(struct mxsel_query *q,
	const struct mxsel__cached *c)
{
	size_t length = q->type == MXSEL_TYPE_A ? 4 : 16;
	const uint8_t *at = records_of(c);
	uint16_t i;

	for (i = 0; i < c->records; i++, at += length)
		if (mxsel__candidate_add(q, at) != MXSEL_OK)
			return MXSEL_ENOMEM;
	return MXSEL_OK;
}

int mxsel__cached_use(struct mxsel_query *q, const struct mxsel__cached *c)
{
	switch (q->type) {
	case MXSEL_TYPE_MX:
		return take_mx(q, c);
	case MXSEL_TYPE_TLSA:
		return take_tlsa(q, c);
	case MXSEL_TYPE_CNAME: /* only that there is one matters */
		q->has_records = 1;
		q->records = c->records;
		return MXSEL_OK;
	default:
		return take_addresses(q, c);
	}
}

static int take(struct mxsel_query *q, const struct mxsel__cached *c)
{
	q->cached = c->stale ? FROM_CACHE_STALE : FROM_CACHE;
	q->outcome = c->outcome;
	q->security = c->security & 3u;
	q->has_negative = c->has_negative != 0;
	q->ttl = c->ttl;
	if (take_alias(q, c) != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (c->records == 0 || mxsel__question_failed(q))
		return MXSEL_OK;
	return mxsel__cached_use(q, c);
}

/* A line for the record at at. The next one. */
static const uint8_t *record_one(const struct mxsel_query *q,
	const uint8_t *at, uint32_t ttl)
{
	struct mxsel__tlsa tlsa;

	switch (q->type) {
	case MXSEL_TYPE_MX:
		(void)mxsel__record_mx(q, (uint16_t)(at[0] << 8 | at[1]),
			(const char *)at + MX_HEAD, ttl);
		return at + MX_HEAD + at[2] + 1;
	case MXSEL_TYPE_TLSA:
		read_tlsa(&tlsa, &at);
		(void)mxsel__record_tlsa(q, &tlsa, ttl);
		return at;
	case MXSEL_TYPE_CNAME: /* its target was never of interest */
		(void)mxsel__record_alias(q, "cached.invalid", ttl);
		return at;
	default:
		mxsel__record_address(q, at, ttl);
		return at + (q->type == MXSEL_TYPE_A ? 4 : 16);
	}
}

/*
 * The lines that make a replay come to the same. Those that may need memory
 * are left out where there is none: a record with a hole ends in failures.
 */
static void record(const struct mxsel_query *q, const struct mxsel__cached *c)
{
	const uint8_t *at = records_of(c);
	uint16_t i;

	if (c->canonical_length > 0)
		(void)mxsel__record_alias(q, (const char *)c->data, c->ttl);
	for (i = 0; i < c->records; i++)
		at = record_one(q, at, c->ttl);
	if (c->has_negative)
		mxsel__record_negative(q, c->ttl);
	mxsel__record_end(q);
}

/* 1: answered; 0: there was no memory, it is as before. */
static int answer(struct mxsel_query *q, const struct mxsel__cached *c)
{
	struct question_mark before;

	mxsel__question_mark(&before, q);
	if (take(q, c) != MXSEL_OK) {
		mxsel__question_take_back(q, &before);
		return 0;
	}
	if (q->selection->options->record != NULL)
		record(q, c);
	mxsel__question_end(q);
	return 1;
}

/* The names of a chain are not kept, but a record needs them. */
static int can_be_told(const struct mxsel *m, const struct mxsel__cached *c)
{
	return m->options->record == NULL || c->links <= 1;
}

#define EXPECTED_MAX 8u

void mxsel__cached_expect_hosts(const struct mxsel *m)
{
	const struct mxsel_cache *cache = m->options->cache;
	size_t most = 1u + (size_t)m->options->values[MXSEL_OPT_PREFETCH];
	uint64_t expected[EXPECTED_MAX];
	size_t i, n;

	if (!is_used(m) || !mxsel__cache_is_large(cache))
		return;
	for (n = 0; n < m->host_count && n < most && n < EXPECTED_MAX; n++)
		expected[n] = mxsel__cache_expect(cache, m->hosts[n].name,
			strlen(m->hosts[n].name));
	for (i = 0; i < n; i++)
		mxsel__cache_expect_more(cache, expected[i]);
}

void mxsel__cached_expect(const struct mxsel *m, const char *name,
	size_t length)
{
	if (is_used(m) && mxsel__cache_is_large(m->options->cache))
		(void)mxsel__cache_expect(m->options->cache, name, length);
}

void mxsel__cached_look(struct mxsel_query *q)
{
	const struct mxsel *m = q->selection;
	struct mxsel__cached c;

	if (is_used(m) && mxsel__cache_find(m->options->cache, q->name,
		strlen(q->name), q->type, 0, &c) && can_be_told(m, &c))
		(void)answer(q, &c);
}

void mxsel__cached_look_host(struct mxsel_query *const opened[2])
{
	const struct mxsel_query *q = opened[0] != NULL ? opened[0]
	                                                : opened[1];
	struct mxsel__cached c[2];
	int i, found;

	if (q == NULL || !is_used(q->selection))
		return;
	found = mxsel__cache_find_host(q->selection->options->cache, q->name,
		strlen(q->name), opened[0] == NULL ? NULL : &c[0],
		opened[1] == NULL ? NULL : &c[1]);
	for (i = 0; i < 2; i++)
		if ((found >> i & 1) && can_be_told(q->selection, &c[i]))
			(void)answer(opened[i], &c[i]);
}

/*
 * RFC 8767 4: when asking failed, old data are better than none. Not when the
 * data that came were forged, for then somebody did answer; and only hosts
 * and addresses: that there was nothing once must not bounce mail now.
 */
int mxsel__cached_stale_in(struct mxsel__cached *c, struct mxsel_query *q,
	int outcome, int security)
{
	const struct mxsel *m = q->selection;
	struct mxsel_query before = *q;

	if (!is_used(m) || !is_failure(outcome) ||
		security == MXSEL_SECURITY_BOGUS ||
		q->type == MXSEL_TYPE_TLSA || q->type == MXSEL_TYPE_CNAME)
		return 0;
	/* Records that came with the failure are in the record already. */
	if (m->options->record != NULL && (q->weight > 0 || q->has_negative))
		return 0;
	if (!mxsel__cache_find(m->options->cache, q->name, strlen(q->name),
		q->type, 1, c) || is_failure(c->outcome) || c->records == 0 ||
		!can_be_told(m, c))
		return 0;
	mxsel__question_forget(q);
	q->broken = 0;
	q->loop = 0;
	q->aliases = NULL;
	q->links = q->asker == NULL ? 0 : q->asker->links;
	if (answer(q, c))
		return 1;
	*q = before;
	return 0;
}

int mxsel__cached_stale(struct mxsel_query *q, int outcome, int security)
{
	struct mxsel__cached c;

	return mxsel__cached_stale_in(&c, q, outcome, security);
}

/* --- into the cache ------------------------------------------------------ */

/* Room for so many octets more of data; NULL: it is too large to be kept. */
static uint8_t *more(struct mxsel__cached *c, size_t octets)
{
	uint8_t *at = c->data + c->size;

	if (octets > MXSEL__CACHED_MAX - c->size)
		return NULL;
	c->size = (uint16_t)(c->size + octets);
	return at;
}

static int add_mx(struct mxsel__cached *c, unsigned preference, int kind,
	const char *name, size_t length)
{
	uint8_t *at = length > UINT8_MAX ? NULL
	                                 : more(c, MX_HEAD + length + 1);

	if (at == NULL)
		return 0;
	at[0] = (uint8_t)(preference >> 8);
	at[1] = (uint8_t)preference;
	at[2] = (uint8_t)length;
	at[3] = (uint8_t)kind;
	memcpy(at + MX_HEAD, name, length);
	at[MX_HEAD + length] = '\0';
	c->records++;
	return 1;
}

static int add_tlsa(struct mxsel__cached *c, const uint8_t *rdata,
	size_t size)
{
	uint8_t *at = more(c, TLSA_HEAD + size);

	if (at == NULL)
		return 0;
	at[0] = (uint8_t)(size >> 8);
	at[1] = (uint8_t)size;
	memcpy(at + TLSA_HEAD, rdata, size);
	c->records++;
	return 1;
}

static int add_address(struct mxsel__cached *c, const uint8_t *bytes,
	size_t length)
{
	uint8_t *at = more(c, length);

	if (at == NULL)
		return 0;
	memcpy(at, bytes, length);
	c->records++;
	return 1;
}

static int add_record(struct mxsel__cached *c,
	const struct mxsel__message *message,
	const struct mxsel__record *record)
{
	char name[MXSEL__NAME_TEXT_SIZE];
	size_t length;
	int kind;

	switch (message->type) {
	case MXSEL_TYPE_MX:
		kind = (int)mxsel__wire_name(message, record->exchange, name,
			&length);
		return add_mx(c, record->preference, kind, name, length);
	case MXSEL_TYPE_TLSA:
		return add_tlsa(c, record->rdata, record->rdlength);
	case MXSEL_TYPE_CNAME:
		c->records++;
		return 1;
	default:
		return add_address(c, record->rdata, record->rdlength);
	}
}

static int add_message(struct mxsel__cached *c, struct mxsel__message *message)
{
	struct mxsel__record record;
	int kept = 1;

	c->ttl = TTL_MAX;
	mxsel__wire_rewind(message);
	while (kept && mxsel__wire_next(message, &record)) {
		if (record.ttl < c->ttl)
			c->ttl = record.ttl;
		kept = add_record(c, message, &record);
	}
	return kept;
}

static int add_told_tlsa(struct mxsel__cached *c, const struct tlsa *t)
{
	uint8_t *at = more(c, TLSA_HEAD + 3u + t->length);

	if (at == NULL)
		return 0;
	at[0] = (uint8_t)((t->length + 3) >> 8);
	at[1] = (uint8_t)(t->length + 3);
	at[2] = t->usage;
	at[3] = t->selector;
	at[4] = t->matching;
	memcpy(at + 5, t->data, t->length);
	c->records++;
	return 1;
}

/* Of what was told only that is there which may be of use. */
static int add_told(struct mxsel__cached *c, const struct mxsel_query *q)
{
	const struct exchange *x;
	const struct candidate *a;
	const struct tlsa *t;
	int kept = 1;

	if (q->type == MXSEL_TYPE_MX)
		for (x = q->first.exchanges; kept && x != NULL; x = x->next)
			kept = add_mx(c, x->preference, x->kind, x->name,
				x->length);
	else if (q->type == MXSEL_TYPE_TLSA)
		for (t = q->first.tlsa; kept && t != NULL; t = t->next)
			kept = add_told_tlsa(c, t);
	else if (q->type == MXSEL_TYPE_CNAME)
		c->records = q->records;
	else
		for (a = q->first.addresses; kept && a != NULL; a = a->next)
			kept = add_address(c, a->bytes, a->length);
	return kept && c->records == q->records;
}

/* Before all else: there is room for a name. */
static void begin_with(struct mxsel__cached *c, const struct mxsel_query *q)
{
	const char *canonical = mxsel__question_canonical(q);
	size_t length;

	memset(c, 0, offsetof(struct mxsel__cached, data));
	if (canonical == NULL)
		return;
	length = strlen(canonical);
	memcpy(c->data, canonical, length + 1);
	c->size = (uint16_t)(length + 1);
	c->canonical_length = (uint8_t)length;
	c->links = (uint8_t)(q->links - (q->asker == NULL ? 0
		: q->asker->links));
}

static int is_worth_keeping(const struct mxsel_query *q)
{
	return !q->broken && !q->loop && q->ttl > 0 &&
		q->security != MXSEL_SECURITY_BOGUS &&
		q->outcome != MXSEL_DNS_NETWORK;
}

int mxsel__cached_read(struct mxsel__cached *c, const struct mxsel_query *q,
	struct mxsel__message *message)
{
	begin_with(c, q);
	return is_used(q->selection) && add_message(c, message);
}

void mxsel__cached_keep(const struct mxsel_query *q, struct mxsel__cached *c)
{
	if (!is_worth_keeping(q))
		return;
	c->ttl = q->ttl;
	c->outcome = q->outcome;
	c->security = q->security;
	c->has_negative = q->has_negative;
	mxsel__cache_keep(q->selection->options->cache, q->name,
		strlen(q->name), q->type, c);
}

void mxsel__cached_keep_told(const struct mxsel_query *q)
{
	struct mxsel__cached c;

	if (!is_used(q->selection))
		return;
	/* A chain that was told has names between that matter in a circle. */
	if (q->aliases != NULL && q->aliases->next != NULL)
		return;
	begin_with(&c, q);
	if (q->outcome != MXSEL_DNS_COMPLETE || add_told(&c, q))
		mxsel__cached_keep(q, &c);
}
