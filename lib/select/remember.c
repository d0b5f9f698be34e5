/*
 * A memory of hosts at work (R85): which equals go behind, which family and
 * which address of a host go first, and what a report adds to what is known.
 * It never drops anything and never fails but for lack of memory. May use the
 * memory's own header besides those of the room.
 */
#include "select/remember.h"

#include <stdio.h>
#include <string.h>

#include "cache/memory.h"
#include "rank/behind.h"
#include "rank/family.h"

#define FOUND_MAX (2 * FAMILY_MAX)
#define WHY_SIZE (MXSEL__NAME_TEXT_SIZE + 96)
#define RULE "RFC 5321 5.1" /* "clear reason to favor one" */

static const struct mxsel__known nothing;

/* Equals in their order, and what is known of each. */
struct group {
	struct mxsel *m;
	size_t n;
	const struct mxsel__known *of[MXSEL__KNOWN_MAX];
	struct mxsel__equal equal[MXSEL__KNOWN_MAX];
	unsigned short order[MXSEL__KNOWN_MAX]; /* who comes to stand there */
	int probes;  /* the first one is tried to see how it is */
	int changed;
};

/* Look up, and tell the recorder. 0: nothing is known. */
static int look(struct mxsel *m, struct mxsel__known *k, size_t n)
{
	size_t i;

	if (!mxsel__memory_look(m->options->memory, k, n))
		return 0;
	for (i = 0; i < n; i++)
		if (k[i].is_known)
			mxsel__record_memory(m, &k[i]);
	return 1;
}

static void ask_host(struct mxsel__known *k, const struct mxsel *m,
	const char *name, size_t length)
{
	memset(k, 0, sizeof(*k));
	k->kind = MXSEL_MEMORY_HOST;
	k->name = name;
	k->length = (uint16_t)length;
	k->port = m->port;
}

static void ask_address(struct mxsel__known *k, const struct mxsel *m,
	const struct candidate *c)
{
	memset(k, 0, sizeof(*k));
	k->kind = MXSEL_MEMORY_ADDRESS;
	k->name = (const char *)c->bytes;
	k->length = c->length;
	k->port = m->port;
}

static int has_failed(const struct mxsel__known *k)
{
	return k->score >= MXSEL__SCORE_BAD;
}

/* --- who goes behind ----------------------------------------------------- */

static void weigh(struct group *g)
{
	size_t i;

	for (i = 0; i < g->n; i++) {
		uint32_t score = g->of[i]->score;

		g->equal[i].chance = (uint16_t)(score < MXSEL__SCORE_ONE
			? score : MXSEL__SCORE_ONE);
		g->equal[i].failed = has_failed(g->of[i]) != 0;
	}
}

static int is_one_well(const struct group *g)
{
	size_t i = 0;

	while (i < g->n && g->of[i]->score > 0)
		i++;
	return i < g->n;
}

/*
 * One that failed leads others that are well: of all who see it so at this
 * moment one tries, and the others take it as failed (it counts so until it
 * is reported).
 */
static void let_one_probe(struct group *g)
{
	while (g->of[g->order[0]]->score > 0 && is_one_well(g)) {
		if (mxsel__memory_probe(g->m->options->memory,
			g->of[g->order[0]])) {
			g->probes = 1;
			return;
		}
		g->equal[g->order[0]].behind = 1;
		mxsel__behind_order(g->order, g->equal, g->n);
	}
}

/* Did any of them ever fail, as far as is remembered? */
static int has_score(const struct group *g)
{
	size_t i = 0;

	while (i < g->n && g->of[i]->score == 0)
		i++;
	return i < g->n;
}

/* What is in its arrays is set as far as it is used: this is a hot path. */
static void begin_group(struct group *g, struct mxsel *m)
{
	g->m = m;
	g->n = 0;
	g->probes = g->changed = 0;
}

/* 0: all failed, so that nothing changes. */
static int decide(struct group *g)
{
	struct mxsel *m = g->m;
	unsigned behind = 0;
	size_t i;

	weigh(g);
	if (mxsel__behind_draw(g->equal, g->n, mxsel__memory_explore(
		m->options->memory), &m->random) == MXSEL__ALL_FAILED)
		return 0;
	mxsel__behind_order(g->order, g->equal, g->n);
	let_one_probe(g);
	for (i = 0; i < g->n; i++) {
		g->changed |= g->order[i] != i;
		behind += g->equal[i].behind;
	}
	if (behind > 0)
		mxsel__memory_count_behind(m->options->memory, behind);
	if (g->changed)
		m->flags |= MXSEL_FLAG_MEMORY;
	return 1;
}

/* --- why ----------------------------------------------------------------- */

/* "what: score 1.500, refused 12 s ago" */
static int say_score(struct mxsel *m, const char *subject, const char *what,
	const struct mxsel__known *k)
{
	const char *last = mxsel_outcome_name(k->last);
	char why[WHY_SIZE];
	int n = snprintf(why, sizeof(why), "%s: score %lu.%03lu", what,
		(unsigned long)k->score / MXSEL__SCORE_ONE,
		(unsigned long)k->score % MXSEL__SCORE_ONE);

	if (last != NULL)
		snprintf(why + n, sizeof(why) - (size_t)n, ", %s %lu s ago",
			last, (unsigned long)k->age / 1000);
	return mxsel__trace(m, MXSEL_TRACE_MEMORY, subject, why, RULE);
}

static const char *subject_of(char text[MXSEL__ADDRESS_TEXT_SIZE],
	const struct mxsel__known *k)
{
	struct mxsel__address a = { { 0 }, 0 };

	if (k->kind == MXSEL_MEMORY_HOST)
		return k->name;
	a.length = (unsigned char)k->length;
	memcpy(a.bytes, k->name, k->length);
	mxsel__address_format(text, &a);
	return text;
}

/* behind: "behind its equals". */
static int say_group(const struct group *g, const char *behind)
{
	char text[MXSEL__ADDRESS_TEXT_SIZE];
	size_t i;

	if (!mxsel__traces(g->m))
		return MXSEL_OK;
	for (i = 0; i < g->n; i++) {
		const struct mxsel__known *k = g->of[g->order[i]];
		const char *what = g->equal[g->order[i]].behind ? behind
			: i == 0 && g->probes
			? "in its place, to see whether it is well again"
			: NULL;

		if (what != NULL && say_score(g->m, subject_of(text, k), what,
			k) != MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	return MXSEL_OK;
}

/* --- hosts of equal preference ------------------------------------------- */

static int order_run(struct group *g, struct mxsel__mx *v)
{
	struct mxsel__mx moved[MXSEL__KNOWN_MAX];
	size_t i;

	if (!has_score(g))
		return MXSEL_OK;
	if (!decide(g))
		return mxsel__trace(g->m, MXSEL_TRACE_MEMORY, g->m->domain,
			"ignored: all hosts of a preference failed", RULE);
	if (g->changed) {
		memcpy(moved, v, g->n * sizeof(*v));
		for (i = 0; i < g->n; i++)
			v[i] = moved[g->order[i]];
	}
	return say_group(g, "behind its equals");
}

/* The end of the run of equals that begins at first. */
static size_t run_end(const struct mxsel__mx *v, size_t first, size_t n)
{
	size_t end = first + 1;

	while (end < n && v[end].preference == v[first].preference)
		end++;
	return end;
}

/* Who has equals, and a name: there is nothing else to know of a host. */
static size_t ask_ties(const struct mxsel *m, const struct mxsel__mx *v,
	size_t n, struct mxsel__known *k, const struct mxsel__known **of)
{
	size_t first, end, i, count = 0;

	for (first = 0; first < n; first = end) {
		end = run_end(v, first, n);
		for (i = first; i < end; i++) {
			of[i] = &nothing;
			if (end - first < 2 || v[i].kind != MXSEL__NAME_GOOD)
				continue;
			ask_host(&k[count], m, v[i].name, v[i].length);
			of[i] = &k[count++];
		}
	}
	return count;
}

int mxsel__memory_ties(struct mxsel *m, struct mxsel__mx *v, size_t n)
{
	struct mxsel__known k[MXSEL__KNOWN_MAX];
	const struct mxsel__known *of[MXSEL__KNOWN_MAX];
	struct group g;
	size_t first, end, count;

	if (m->options->memory == NULL)
		return MXSEL_OK;
	/* More are never tried; and they were shuffled. */
	n = n < MXSEL__KNOWN_MAX ? n : MXSEL__KNOWN_MAX;
	count = ask_ties(m, v, n, k, of);
	if (count == 0 || !look(m, k, count))
		return MXSEL_OK;
	for (first = 0; first < n; first = end) {
		end = run_end(v, first, n);
		if (end - first < 2)
			continue;
		begin_group(&g, m);
		g.n = end - first;
		memcpy(g.of, of + first, g.n * sizeof(g.of[0]));
		if (order_run(&g, v + first) != MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	return MXSEL_OK;
}

/* --- addresses of a host ------------------------------------------------- */

struct addresses {
	struct mxsel *m;
	const struct host *host;
	const struct finding *f;
	const struct mxsel__known *itself; /* the host */
	const struct mxsel__known *of[FOUND_MAX]; /* by index of those found */
	unsigned short *order;
	size_t count;
};

static int family_of(const struct candidate *c)
{
	return c->length == 4 ? 4 : 6;
}

/* Did one of this family fail, or was it rejected? */
static int is_in_doubt(const struct addresses *a, int family)
{
	size_t i;

	if (a->itself->doubt & (family == 4 ? MXSEL__V4 : MXSEL__V6))
		return 1;
	for (i = 0; i < a->count; i++)
		if (family_of(a->f->found[i]) == family &&
			has_failed(a->of[i]))
			return 1;
	return 0;
}

static void to_front(unsigned short *order, size_t at)
{
	unsigned short moved = order[at];

	memmove(order + 1, order, at * sizeof(*order));
	order[0] = moved;
}

/* This family first: in turn where the caller wants it so, else one of it. */
static void lead(struct addresses *a, int family)
{
	int mode = a->m->options->values[MXSEL_OPT_FAMILY];
	size_t at = 0;

	if (family_of(a->f->found[a->order[0]]) == family)
		return;
	if (mode == MXSEL_FAMILY_INTERLEAVE || mode == MXSEL_FAMILY_ANY) {
		(void)mxsel__family_merge(a->order, a->f->v6, a->f->v4,
			family == 4 ? MXSEL__FAMILY_IN_TURN_V4
			: MXSEL_FAMILY_INTERLEAVE, &a->m->random);
		return;
	}
	while (family_of(a->f->found[a->order[at]]) != family)
		at++;
	to_front(a->order, at);
}

static int say_lead(const struct addresses *a, int family, const char *why)
{
	char text[64];

	a->m->flags |= MXSEL_FLAG_MEMORY;
	snprintf(text, sizeof(text), "IPv%d first: %s", family, why);
	return mxsel__trace(a->m, MXSEL_TRACE_MEMORY, a->host->name, text,
		RULE);
}

static int order_families(struct addresses *a)
{
	const struct mxsel__known *k = a->itself;
	unsigned short first = a->order[0];
	int family = 0;

	if (a->f->v6 == 0 || a->f->v4 == 0)
		return MXSEL_OK;
	if (k->turn != 0) {
		family = k->turn;
		mxsel__memory_turned(a->m->options->memory, k);
	} else if (k->works != 0 && is_in_doubt(a, 10 - k->works)) {
		family = k->works;
	}
	if (family == 0)
		return MXSEL_OK;
	lead(a, family);
	return a->order[0] == first ? MXSEL_OK : say_lead(a, family,
		k->turn != 0 ? "the other family was rejected by policy"
		: "it worked last");
}

/* Greylisting knows who comes again by where he comes to. */
static int order_again(struct addresses *a)
{
	const struct mxsel__known *k = a->itself;
	char text[MXSEL__ADDRESS_TEXT_SIZE], why[WHY_SIZE];
	const struct candidate *c = NULL;
	size_t at;

	for (at = 0; at < a->count; at++) {
		c = a->f->found[a->order[at]];
		if (k->again_length != 0 && c->length == k->again_length &&
			memcmp(c->bytes, k->again, c->length) == 0)
			break;
	}
	if (at == 0 || at == a->count || has_failed(a->of[a->order[at]]))
		return MXSEL_OK;
	to_front(a->order, at);
	a->m->flags |= MXSEL_FLAG_MEMORY;
	if (!mxsel__traces(a->m))
		return MXSEL_OK;
	mxsel__candidate_text(text, c);
	snprintf(why, sizeof(why), "first of %s: it asked to come again here",
		a->host->name);
	return mxsel__trace(a->m, MXSEL_TRACE_MEMORY, text, why, RULE);
}

/* Those that failed behind the others; g has of and n. */
static int order_failed(struct group *g, const char *of_whom,
	unsigned short *order)
{
	unsigned short moved[MXSEL__KNOWN_MAX];
	char why[WHY_SIZE];
	size_t i;

	if (!has_score(g))
		return MXSEL_OK;
	if (!decide(g))
		return mxsel__trace(g->m, MXSEL_TRACE_MEMORY, of_whom,
			"ignored: all addresses failed", RULE);
	memcpy(moved, order, g->n * sizeof(*order));
	for (i = 0; i < g->n; i++)
		order[i] = moved[g->order[i]];
	if (!mxsel__traces(g->m))
		return MXSEL_OK;
	snprintf(why, sizeof(why), "behind the others of %s", of_whom);
	return say_group(g, why);
}

/* The host itself is the first of k; an address that is alone has no order. */
static int look_addresses(struct addresses *a, struct mxsel__known *k)
{
	const struct host *host = a->host;
	size_t i, n = 0;

	a->itself = &nothing;
	if (!host->literal && !host->nameless) {
		ask_host(&k[n], a->m, host->name, strlen(host->name));
		a->itself = &k[n++];
	}
	for (i = 0; i < a->count; i++)
		a->of[i] = &nothing;
	for (i = 0; i < a->count && n < MXSEL__KNOWN_MAX; i++, n++) {
		ask_address(&k[n], a->m, a->f->found[a->order[i]]);
		a->of[a->order[i]] = &k[n];
	}
	return look(a->m, k, n);
}

int mxsel__memory_addresses(struct mxsel *m, const struct host *host,
	const struct finding *f, unsigned short *order, size_t count)
{
	struct mxsel__known k[MXSEL__KNOWN_MAX];
	struct addresses a;
	struct group g;

	if (m->options->memory == NULL || count < 2)
		return MXSEL_OK;
	begin_group(&g, m);
	a.m = m;
	a.host = host;
	a.f = f;
	a.order = order;
	a.count = count;
	if (!look_addresses(&a, k))
		return MXSEL_OK;
	if (order_families(&a) != MXSEL_OK || order_again(&a) != MXSEL_OK)
		return MXSEL_ENOMEM;
	for (; g.n < count && g.n < MXSEL__KNOWN_MAX; g.n++)
		g.of[g.n] = a.of[order[g.n]];
	return order_failed(&g, host->name, order);
}

int mxsel__memory_attempts(struct mxsel *m, struct candidate *const *list,
	unsigned short *order, size_t count)
{
	struct mxsel__known k[MXSEL__KNOWN_MAX];
	struct group g;
	size_t n = 0;

	if (m->options->memory == NULL)
		return MXSEL_OK;
	begin_group(&g, m);
	/* More are hardly ever tried; and they were shuffled. */
	for (; g.n < count && g.n < MXSEL__KNOWN_MAX; g.n++) {
		g.of[g.n] = &nothing;
		if (list[order[g.n]]->length == 0)
			continue; /* an .onion name has no address */
		ask_address(&k[n], m, list[order[g.n]]);
		g.of[g.n] = &k[n++];
	}
	return n == 0 || !look(m, k, n) ? MXSEL_OK
	                                : order_failed(&g, m->domain, order);
}

/* --- what is told -------------------------------------------------------- */

void mxsel__memory_record(struct mxsel *m)
{
	const struct candidate *c = m->cursor;
	const struct host *host = &m->hosts[c->host];
	struct mxsel__known k[2];
	size_t n = 0;

	if (m->options->memory == NULL || m->options->record == NULL)
		return;
	if (!host->literal)
		ask_host(&k[n++], m, host->name, strlen(host->name));
	if (c->length > 0)
		ask_address(&k[n++], m, c);
	(void)look(m, k, n);
}

void mxsel__memory_reported(const struct mxsel *m, int outcome, int code,
	int rejected)
{
	const struct candidate *c = m->cursor;
	const struct host *host = &m->hosts[c->host];
	struct mxsel__memory_attempt attempt = { 0 };

	if (m->options->memory == NULL)
		return;
	if (!host->literal) {
		attempt.host = host->name;
		attempt.host_length = (uint16_t)strlen(host->name);
	}
	attempt.address = c->bytes;
	attempt.address_length = c->length;
	attempt.port = m->port;
	attempt.code = (uint16_t)code;
	attempt.outcome = (uint8_t)outcome;
	attempt.rejected = rejected != 0;
	mxsel__memory_tell(m->options->memory, &attempt);
}
