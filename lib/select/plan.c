/*
 * MX records to hosts in the order they will be tried (R15-R23, R30-R37,
 * R50-R53): duplicates and null MX first, then ourselves on the full list,
 * then the shuffle, and limits and the judgement of each name last.
 */
#include "select/select.h"

#include <string.h>

#include "policy/self.h"
#include "select/remember.h"
#include "select/security.h"

#define FAVOURED_MAX 1024u /* so many at least; it is quadratic */

struct plan {
	struct mxsel *m;
	struct mxsel__mx *v;
	size_t n;
	size_t used, most; /* hosts that are handed out */
};

static int reject_mx(struct mxsel *m, int reason, const struct mxsel__mx *mx)
{
	return mxsel__reject(m, reason, mx->preference,
		mx->length == 0 ? "." : mx->name);
}

/* Duplicates stand behind the rest in no order; show them in one. */
static int drop_duplicates(struct plan *p)
{
	struct mxsel__mx *v = p->v, *rest, swap;
	size_t unique = mxsel__order_sort(v, p->n), i, k;
	size_t count = p->n - unique;

	rest = v + unique;
	p->n = unique;
	if (count == 0)
		return MXSEL_OK;
	p->m->flags |= MXSEL_FLAG_DUPLICATE_MX;
	if (count > REJECTED_MAX)
		return MXSEL_OK; /* more than are shown: the flag says it */
	for (i = 1; i < count; i++)
		for (k = i; k > 0 && mxsel__order_compare(&rest[k - 1],
			&rest[k]) > 0; k--) {
			swap = rest[k];
			rest[k] = rest[k - 1];
			rest[k - 1] = swap;
		}
	for (i = 0; i < count; i++)
		if (reject_mx(p->m, MXSEL_REJECT_DUPLICATE, &rest[i]) != 0)
			return MXSEL_ENOMEM;
	return MXSEL_OK;
}

/* RFC 7505 3: null MX is the root and nothing beside it (R16, R17). */
static int find_null(struct plan *p)
{
	struct mxsel *m = p->m;
	size_t i;

	for (i = 0; i < p->n && p->v[i].kind != MXSEL__NAME_ROOT; i++)
		;
	if (i == p->n)
		return MXSEL_OK;
	if (p->n == 1 && p->v[0].preference != 0)
		m->flags |= MXSEL_FLAG_NULL_MX_PREFERENCE;
	if (p->n > 1)
		m->flags |= MXSEL_FLAG_MIXED_NULL_MX;
	if (p->n == 1 || m->options->values[MXSEL_OPT_STRICT_NULL_MX]) {
		m->plan = PLAN_NULL_MX;
		p->n = 0;
		return mxsel__trace(m, MXSEL_TRACE_NULL_MX, m->asking->name,
			p->v[0].preference == 0 ? "" : "preference is not 0",
			"RFC 7505 3");
	}
	if (reject_mx(m, MXSEL_REJECT_NULL, &p->v[i]) != MXSEL_OK)
		return MXSEL_ENOMEM;
	p->n--;
	memmove(&p->v[i], &p->v[i + 1], (p->n - i) * sizeof(p->v[0]));
	return MXSEL_OK;
}

/* Ourselves, our equals and everything behind are dropped (R52). */
static int cut_at_self(struct plan *p, int self)
{
	struct mxsel *m = p->m;
	size_t i, keep = 0;

	if (self < 0)
		return MXSEL_OK;
	if (mxsel__trace_self(m, self) != MXSEL_OK)
		return MXSEL_ENOMEM;
	m->flags |= MXSEL_FLAG_SELF;
	m->met |= MET_SELF;
	if (m->best < self)
		m->met |= MET_BETTER;
	while (keep < p->n && p->v[keep].preference < self)
		keep++;
	for (i = keep; i < p->n; i++) {
		const struct mxsel__mx *mx = &p->v[i];

		if (reject_mx(m, mxsel__plan_is_self(m, mx)
			? MXSEL_REJECT_SELF : MXSEL_REJECT_BEHIND_SELF,
			mx) != MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	p->n = keep;
	return MXSEL_OK;
}

static const struct name_filter *find_filter(const struct mxsel *m,
	const char *name)
{
	const struct name_filter *f = m->options->filters.items;
	size_t i;

	for (i = 0; i < m->options->filters.count; i++)
		if (mxsel__pattern_matches(f[i].pattern, name))
			return &f[i];
	return NULL;
}

/* Names that the DNS is not asked for (R5). */
static int judge_special(struct mxsel *m, const struct mxsel__mx *mx)
{
	const int *values = m->options->values;

	if (mx->mark == MXSEL__SPECIAL_INVALID)
		return MXSEL_REJECT_SPECIAL_USE;
	if (mx->mark == MXSEL__SPECIAL_ONION)
		return values[MXSEL_OPT_HAND_OUT_ONION]
			? 0 : MXSEL_REJECT_SPECIAL_USE;
	if (mx->mark != MXSEL__SPECIAL_LOCAL || values[MXSEL_OPT_ASK_LOCAL])
		return 0; /* or localhost: ourselves, cut before */
	m->met |= MET_LOCAL;
	return MXSEL_REJECT_SPECIAL_USE;
}

/* 0, or why this record is not used; MXSEL_ENOMEM. */
static int judge(struct mxsel *m, const struct mxsel__mx *mx)
{
	const struct name_filter *filter;
	int reject;

	if (mx->kind == MXSEL__NAME_ODD) {
		m->flags |= MXSEL_FLAG_BAD_MX_NAME;
		return MXSEL_REJECT_BAD_NAME;
	}
	if (mx->kind == MXSEL__NAME_ADDRESS) {
		m->flags |= MXSEL_FLAG_MX_IS_ADDRESS;
		if (!m->options->values[MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS])
			return MXSEL_REJECT_IS_ADDRESS;
	}
	filter = find_filter(m, mx->name);
	if (filter != NULL) {
		m->met |= MET_NAME_FILTER;
		/* A temporary refusal is the stronger one (R74). */
		if (m->name_filter == NULL || filter->code < 500)
			m->name_filter = filter;
		return MXSEL_REJECT_NAME_FILTER;
	}
	reject = judge_special(m, mx);
	return reject != 0 ? reject : mxsel__security_judge(m, mx->name,
		MXSEL_SOURCE_MX);
}

static void fill_host(struct host *host, const char *name, int preference,
	int source, int special)
{
	memset(host, 0, sizeof(*host));
	host->name = name;
	host->canonical = name;
	host->preference = (uint16_t)preference;
	host->source = (uint8_t)source;
	host->nameless = special == MXSEL__SPECIAL_ONION;
}

/*
 * A host that is not used, but an equal of one that is: with own addresses it
 * is looked up all the same, for it may be ourselves (R51, R56).
 */
static int is_looked_up(const struct mxsel *m, const struct mxsel__mx *mx,
	int reason)
{
	if (m->options->self_addresses.count == 0 ||
		m->host_count >= HOSTS_MAX)
		return 0;
	if (reason == MXSEL_REJECT_NAME_FILTER ||
		reason == MXSEL_REJECT_STS ||
		reason == MXSEL_REJECT_REQUIRETLS)
		return mx->kind == MXSEL__NAME_GOOD;
	/* A limit was reached by hosts, so there is a last one. */
	return reason == MXSEL_REJECT_LIMIT &&
		m->hosts[m->host_count - 1].preference == mx->preference;
}

/* reason: 0, or why the host is not used. */
static int add_host(struct plan *p, const struct mxsel__mx *mx, int reason)
{
	struct mxsel *m = p->m;
	struct host *host;
	const char *name;

	if (reason == 0 && (p->used >= p->most ||
		m->host_count >= HOSTS_MAX)) {
		m->flags |= MXSEL_FLAG_LIMITED;
		reason = MXSEL_REJECT_LIMIT;
	}
	if (reason != 0 && !is_looked_up(m, mx, reason))
		return reject_mx(m, reason, mx);
	name = mxsel__arena_text(&m->arena, mx->name, mx->length);
	if (name == NULL)
		return MXSEL_ENOMEM;
	host = &m->hosts[m->host_count++];
	fill_host(host, name, mx->preference, MXSEL_SOURCE_MX, mx->mark);
	host->literal = mx->kind == MXSEL__NAME_ADDRESS;
	host->extra = (uint8_t)reason;
	host->plain = mx->plain != 0;
	host->sts = 3u & (unsigned)mxsel__security_sts(m, name,
		MXSEL_SOURCE_MX);
	p->used += reason == 0;
	return mxsel__trace_host(m, host);
}

/* Limits come after the sort: they never hide the best MX (R19). */
static int limit_records(struct plan *p)
{
	size_t most = mxsel__options_limit(p->m->options,
		MXSEL_OPT_MAX_RECORDS, SIZE_MAX), i;

	if (p->n <= most)
		return MXSEL_OK;
	p->m->flags |= MXSEL_FLAG_LIMITED;
	for (i = most; i < p->n && i < most + REJECTED_MAX; i++)
		if (reject_mx(p->m, MXSEL_REJECT_LIMIT, &p->v[i]) != MXSEL_OK)
			return MXSEL_ENOMEM;
	p->n = most;
	return MXSEL_OK;
}

static int choose(struct plan *p)
{
	struct mxsel *m = p->m;
	size_t room = p->n < HOSTS_MAX ? p->n : HOSTS_MAX, i;
	int rc;

	p->used = 0;
	p->most = mxsel__options_limit(m->options, MXSEL_OPT_MAX_HOSTS,
		HOSTS_MAX);
	if (room > p->most && m->options->self_addresses.count == 0)
		room = p->most;
	m->host_count = 0;
	m->hosts = mxsel__arena_get(&m->arena, room * sizeof(m->hosts[0]));
	if (m->hosts == NULL)
		return MXSEL_ENOMEM;
	for (i = 0; i < p->n; i++) {
		rc = judge(m, &p->v[i]);
		if (rc >= 0)
			rc = add_host(p, &p->v[i], rc);
		if (rc != MXSEL_OK)
			return rc;
	}
	return MXSEL_OK;
}

/* Those the caller favours first, among equals only, stable (R40). */
static void favour(struct plan *p)
{
	const struct mxsel_options *o = p->m->options;
	struct mxsel__mx moved;
	size_t i, k;

	if (o->rank == NULL)
		return;
	/* The key has done its work in the sort; now it holds the favour. */
	for (i = 0; i < p->n; i++)
		p->v[i].key = (uint64_t)((p->v[i].kind != MXSEL__NAME_GOOD
			? (int64_t)0 /* what is no name is not asked for */
			: o->rank(p->v[i].name, o->rank_user)) - INT32_MIN);
	for (i = 1; i < p->n && i < FAVOURED_MAX; i++) {
		moved = p->v[i];
		for (k = i; k > 0 && p->v[k - 1].preference ==
			moved.preference && p->v[k - 1].key < moved.key; k--)
			p->v[k] = p->v[k - 1];
		p->v[k] = moved;
	}
}

static int build(struct plan *p, int self)
{
	struct mxsel *m = p->m;

	if (mxsel__trace_answer(m, m->asking) != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (drop_duplicates(p) != MXSEL_OK || find_null(p) != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (m->plan == PLAN_NULL_MX)
		return MXSEL_OK;
	m->best = p->v[0].preference;
	if (cut_at_self(p, self) != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (m->options->values[MXSEL_OPT_SHUFFLE] != MXSEL_SHUFFLE_NONE)
		mxsel__order_shuffle(p->v, p->n, &m->random);
	if (mxsel__memory_ties(m, p->v, p->n) != MXSEL_OK)
		return MXSEL_ENOMEM;
	favour(p);
	return limit_records(p) == MXSEL_OK ? choose(p) : MXSEL_ENOMEM;
}

int mxsel__plan_build(struct mxsel *m, struct mxsel__mx *v, size_t n,
	int self_preference, int cut)
{
	struct plan p = { m, v, n, 0, 0 };
	struct mark mark;

	mxsel__mark(m, &mark);
	m->plan = PLAN_HOSTS;
	if (cut)
		m->flags |= MXSEL_FLAG_LIMITED;
	if (build(&p, self_preference) == MXSEL_OK) {
		mxsel__cached_expect_hosts(m);
		return MXSEL_OK;
	}
	mxsel__take_back(m, &mark);
	return MXSEL_ENOMEM;
}

/* A policy may not list it; it may be ourselves all the same (R51). */
static int judge_single(struct mxsel *m, struct host *host)
{
	int reason = mxsel__security_judge(m, host->name, host->source);

	if (reason < 0)
		return reason;
	host->sts = 3u & (unsigned)mxsel__security_sts(m, host->name,
		host->source);
	host->extra = (uint8_t)reason;
	if (reason == 0 || m->options->self_addresses.count > 0)
		return MXSEL_OK;
	m->host_count = 0;
	return mxsel__reject(m, reason, 0, host->name);
}

int mxsel__plan_single(struct mxsel *m, const char *name, int source)
{
	struct host *host = mxsel__arena_get(&m->arena, sizeof(*host));

	if (host == NULL)
		return MXSEL_ENOMEM;
	fill_host(host, name, 0, source, (int)mxsel__name_special(name));
	host->literal = source == MXSEL_SOURCE_LITERAL;
	m->hosts = host;
	m->host_count = 1;
	m->next_host = 0;
	m->source = (uint8_t)source;
	m->best = 0;
	if (source == MXSEL_SOURCE_IMPLICIT && mxsel__trace(m,
		MXSEL_TRACE_IMPLICIT, name, "no MX record: preference 0",
		"RFC 5321 5.1") != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (mxsel__trace_host(m, host) != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (host->literal || !mxsel__self_is_name(
		m->options->self_names.items, m->options->self_names.count,
		name))
		return judge_single(m, host);
	m->host_count = 0; /* the domain itself is ourselves (R57) */
	m->met |= MET_SELF;
	m->flags |= MXSEL_FLAG_SELF;
	return mxsel__reject(m, MXSEL_REJECT_SELF, 0, name);
}
