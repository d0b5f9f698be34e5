/*
 * One host: what its answers hold, and what becomes of it (R35-R37, R60-R64).
 * Any address makes it usable; without one it is permanent only when every
 * family that was asked said so.
 */
#include "select/select.h"

#include <string.h>

#include "policy/self.h"
#include "rank/family.h"
#include "select/remember.h"
#include "select/security.h"

static void find_address(struct finding *f, struct candidate *c, size_t *count)
{
	/* There is room: an answer keeps at most FAMILY_MAX of them. */
	if (c->reject == 0) {
		f->found[f->v6 + f->v4] = c;
		(*count)++;
	}
}

static void find_in_answer(struct finding *f, struct mxsel_query *q,
	size_t *count)
{
	struct candidate *c;
	int secure = mxsel__question_security(q) == MXSEL_SECURITY_SECURE;

	if (q->loop)
		f->loop = q->loop;
	if (q->security != MXSEL_SECURITY_BOGUS && (q->loop ||
		q->aliases != NULL || q->asker != NULL))
		f->alias = 1;
	if (mxsel__question_failed(q)) {
		f->failed = 1;
		return;
	}
	if (q->outcome == MXSEL_DNS_NXDOMAIN)
		f->missing = 1;
	if (q->self)
		f->self = MXSEL_REJECT_SELF;
	f->filtered |= q->filtered;
	f->cut |= q->cut;
	for (c = q->first.addresses; c != NULL; c = c->next) {
		c->secure = (uint8_t)secure;
		find_address(f, c, count);
	}
}

static void find_itself(struct mxsel *m, struct candidate *c,
	struct finding *f)
{
	int off = m->options->values[MXSEL_OPT_FAMILY];

	if (c->reject == MXSEL_REJECT_SELF ||
		c->reject == MXSEL_REJECT_UNSPECIFIED)
		f->self = c->reject;
	else if (c->reject != 0)
		f->filtered = 1;
	else if ((c->length == 4 && off == MXSEL_FAMILY_V6_ONLY) ||
		(c->length == 16 && off == MXSEL_FAMILY_V4_ONLY))
		f->off = 1;
	else
		/* Alone it has no order; it is of whatever family we use. */
		find_address(f, c, off == MXSEL_FAMILY_V6_ONLY ? &f->v6
			: &f->v4);
}

/* The name the addresses were found under, through all that was asked. */
static const char *canonical(const struct host *host)
{
	const char *name = mxsel__question_expanded(host->asked[0]);

	if (name == NULL)
		name = mxsel__question_expanded(host->asked[1]);
	return name == NULL ? host->name : name;
}

/*
 * An alias may lead to ourselves as well as a name may (R5, R51), and each
 * family may have another one.
 */
static int leads_to_us(const struct mxsel *m, const struct mxsel_query *q)
{
	const struct list *own = &m->options->self_names;
	const char *name = mxsel__question_expanded(q);

	return name != NULL &&
		mxsel__self_is_name(own->items, own->count, name);
}

static void use_ttl(struct mxsel *m, const struct host *host)
{
	const struct mxsel_query *q;
	int family;

	for (family = 0; family < 2; family++)
		for (q = host->asked[family]; q != NULL; q = q->asker)
			if (q->ttl < m->ttl)
				m->ttl = q->ttl;
}

void mxsel__host_find(struct mxsel *m, struct host *host, struct finding *f)
{
	const struct mxsel_options *o = m->options;
	int mode = o->values[MXSEL_OPT_FAMILY];

	memset(f, 0, offsetof(struct finding, found));
	if (host->literal || host->nameless) {
		find_itself(m, host->itself, f);
		return;
	}
	f->off = mode == MXSEL_FAMILY_V4_ONLY || mode == MXSEL_FAMILY_V6_ONLY;
	if (host->asked[0] != NULL)
		find_in_answer(f, host->asked[0], &f->v6);
	else if (mode != MXSEL_FAMILY_V4_ONLY)
		f->unasked = 1;
	if (host->asked[1] != NULL)
		find_in_answer(f, host->asked[1], &f->v4);
	else if (mode != MXSEL_FAMILY_V6_ONLY)
		f->unasked = 1;
	host->canonical = canonical(host);
	if (leads_to_us(m, host->asked[0]) || leads_to_us(m, host->asked[1]))
		f->self = MXSEL_REJECT_SELF;
}

/*
 * Is this attempt as good as one at the same address under another name? Not
 * where a policy for TLS goes by the name of either (R36).
 */
static int is_tried_for_all(const struct mxsel *m, const struct candidate *a,
	const struct host *host)
{
	const struct host *other = &m->hosts[a->host];

	return !mxsel__dane_is_by_name(m, other) &&
		!mxsel__dane_is_by_name(m, host);
}

static int is_duplicate(const struct mxsel *m, const struct host *host,
	const struct candidate *c)
{
	const struct candidate *a;

	if (m->options->values[MXSEL_OPT_KEEP_DUPLICATES] || c->length == 0)
		return 0;
	for (a = m->attempts; a != NULL; a = a->after)
		if (a->length == c->length && (c->length == 4
			? memcmp(a->bytes, c->bytes, 4)
			: memcmp(a->bytes, c->bytes, 16)) == 0 &&
			is_tried_for_all(m, a, host))
			return 1;
	return 0;
}

static void append(struct mxsel *m, struct candidate *c, size_t slot)
{
	c->slot = (uint8_t)slot;
	c->after = NULL;
	if (m->last_attempt == NULL)
		m->attempts = c;
	else
		m->last_attempt->after = c;
	m->last_attempt = c;
	m->attempt_count++;
}

/*
 * A limit of two or more never leaves one family only where both are. They
 * are both there when the limit is passed: no answer keeps more than it.
 */
static void keep_family(unsigned short *order, size_t count, size_t most,
	size_t v6)
{
	int first = order[0] < v6;
	unsigned short moved;
	size_t i;

	if (most < 2 || count <= most)
		return;
	for (i = 1; (order[i] < v6) == first; i++)
		;
	if (i < most)
		return;
	moved = order[i];
	for (; i >= most; i--)
		order[i] = order[i - 1];
	order[most - 1] = moved;
}

/* Limits are those of addresses that would be used, best first (R37). */
static int use(struct mxsel *m, struct host *host, const struct finding *f)
{
	const struct mxsel_options *o = m->options;
	unsigned short order[2 * FAMILY_MAX];
	size_t of_host = mxsel__options_limit(o, MXSEL_OPT_MAX_HOST_ADDRESSES,
		2 * FAMILY_MAX);
	/* A limit of attempts shares both among all hosts: fair.c. */
	size_t in_all = o->values[MXSEL_OPT_MAX_ATTEMPTS] > 0 ? ATTEMPTS_MAX
		: mxsel__options_limit(o, MXSEL_OPT_MAX_ADDRESSES,
			ATTEMPTS_MAX);
	size_t count = mxsel__family_merge(order, f->v6, f->v4,
		o->values[MXSEL_OPT_FAMILY], &m->random), i, used = 0;

	if (mxsel__memory_addresses(m, host, f, order, count) != MXSEL_OK)
		return MXSEL_ENOMEM;
	keep_family(order, count, of_host, f->v6);
	for (i = 0; i < count; i++) {
		struct candidate *c = f->found[order[i]];

		c->host = (uint16_t)(host - m->hosts);
		if (is_duplicate(m, host, c)) {
			m->flags |= MXSEL_FLAG_DUPLICATE_ADDRESS;
			if (mxsel__reject_address(m, MXSEL_REJECT_DUPLICATE,
				host->preference, c) != MXSEL_OK)
				return MXSEL_ENOMEM;
			continue;
		}
		if (used == of_host || m->attempt_count == in_all) {
			m->flags |= MXSEL_FLAG_LIMITED;
			if (mxsel__reject_address(m, MXSEL_REJECT_LIMIT,
				host->preference, c) != MXSEL_OK)
				return MXSEL_ENOMEM;
			continue;
		}
		append(m, c, used++);
	}
	return MXSEL_OK;
}

/* Why a host has no address to use; temporary reasons first (R60, R61). */
static int say_why(struct mxsel *m, const struct host *host,
	const struct finding *f)
{
	int reason;

	if (f->loop) {
		m->met |= MET_TEMPORARY;
		reason = MXSEL_REJECT_ALIAS_LOOP;
	} else if (f->failed) {
		m->met |= MET_TEMPORARY;
		reason = MXSEL_REJECT_DNS;
	} else if (f->unasked) {
		reason = MXSEL_REJECT_LIMIT;
	} else if (f->off && !f->missing) {
		/* It may have addresses of the other family (R35). */
		m->met |= MET_FAMILY_OFF;
		m->flags |= MXSEL_FLAG_FAMILY_OFF;
		reason = MXSEL_REJECT_FAMILY_OFF;
	} else if (f->filtered) {
		m->met |= MET_FILTERED;
		return MXSEL_OK; /* its addresses are listed already */
	} else {
		m->met |= MET_NO_ADDRESS;
		reason = f->missing ? MXSEL_REJECT_NOT_FOUND
		                    : MXSEL_REJECT_NO_ADDRESS;
	}
	return mxsel__reject(m, reason, host->preference, host->name);
}

void mxsel__host_note(struct mxsel *m, const struct host *host,
	const struct finding *f)
{
	use_ttl(m, host);
	if (f->alias && host->source == MXSEL_SOURCE_MX)
		m->flags |= MXSEL_FLAG_MX_IS_ALIAS;
	if (f->loop)
		m->flags |= f->loop == 1 ? MXSEL_FLAG_ALIAS_LOOP
		                         : MXSEL_FLAG_ALIAS_CHAIN;
	if (f->filtered)
		m->flags |= MXSEL_FLAG_FILTERED;
	if (f->cut)
		m->flags |= MXSEL_FLAG_LIMITED;
}

int mxsel__host_settle(struct mxsel *m, struct host *host,
	const struct finding *f)
{
	int refused = f->alias && host->source == MXSEL_SOURCE_MX &&
		m->options->values[MXSEL_OPT_REFUSE_EXCHANGE_ALIAS];

	if (host->extra)
		return mxsel__reject(m, host->extra, host->preference,
			host->name);
	if (refused && !f->failed)
		return mxsel__reject(m, MXSEL_REJECT_ALIAS, host->preference,
			host->name);
	if (refused || f->v6 + f->v4 == 0)
		return say_why(m, host, f);
	if (f->failed) {
		host->incomplete = 1;
		m->flags |= MXSEL_FLAG_INCOMPLETE;
	}
	mxsel__dane_note(m, host);
	return use(m, host, f);
}
