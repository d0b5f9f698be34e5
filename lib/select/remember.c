/*
 * A memory of hosts at work (R85): which equals go behind, which family and
 * which address of a host go first, and what a report adds to what is known.
 * It never drops anything and never fails but for lack of memory. May use the
 * memory's own header besides those of the room.
 */
#include "select/remember.h"

#include <string.h>

#include "cache/memory.h"
#include "cache/memory_text.h"
#include "rank/behind.h"
#include "rank/family.h"

#define FOUND_MAX (2 * FAMILY_MAX)
#define NOT_ASKED 255u
#define WHY_SIZE (MXSEL__NAME_SIZE + 96) /* a host, and what of it */
#define RULE "RFC 5321 5.1" /* "clear reason to favor one" */

static const struct mxsel__known nothing;
/* Of a record that names no host: it is no equal of those that failed. */
static const struct mxsel__known no_host;

/* Equals in their order, and what is known of each. */
struct group {
	struct mxsel *m;
	size_t n;
	const struct mxsel__known *of[MXSEL__KNOWN_MAX];
	struct mxsel__equal equal[MXSEL__KNOWN_MAX];
	unsigned short order[MXSEL__KNOWN_MAX]; /* who comes to stand there */
	int is_next; /* the first one is the next that is tried */
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
		g->equal[i].failed = g->of[i] == &no_host ||
			has_failed(g->of[i]);
	}
}

static int is_one_well(const struct group *g)
{
	size_t i = 0;

	while (i < g->n && (g->of[i]->score > 0 || g->of[i] == &no_host))
		i++;
	return i < g->n;
}

/*
 * One that failed leads others that are well: of all who see it so at this
 * moment one tries, and the others take it as failed (it counts so until it
 * is reported). Who may never be tried at all is not counted.
 */
static void let_one_probe(struct group *g)
{
	while (g->is_next && g->of[g->order[0]]->score > 0 && is_one_well(g)) {
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
static void begin_group(struct group *g, struct mxsel *m, int is_next)
{
	g->m = m;
	g->n = 0;
	g->is_next = is_next;
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

/*
 * A text that is put together: printf() takes more of the stack than all of
 * this (S40).
 */
struct why {
	size_t length;
	char text[WHY_SIZE];
};

static void put(struct why *why, const char *text)
{
	size_t length = strlen(text);

	if (length > sizeof(why->text) - 1 - why->length)
		length = sizeof(why->text) - 1 - why->length;
	memcpy(why->text + why->length, text, length);
	why->length += length;
	why->text[why->length] = '\0';
}

static void put_number(struct why *why, uint64_t number)
{
	char digits[21];

	digits[mxsel__memory_digits(digits, number)] = '\0';
	put(why, digits);
}

/* "what: score 1.500, refused 12 s ago"; "what of: ..." */
static int say_score(struct mxsel *m, const char *subject, const char *what,
	const char *of, const struct mxsel__known *k)
{
	const char *last = mxsel_outcome_name(k->last);
	struct why why;

	why.length = 0;
	put(&why, what);
	put(&why, of);
	put(&why, ": score ");
	put_number(&why, k->score / MXSEL__SCORE_ONE);
	/* 1000 to 1999 are thousandths with their zeros; the 1 is no more. */
	put_number(&why, MXSEL__SCORE_ONE + k->score % MXSEL__SCORE_ONE);
	why.text[why.length - 4] = '.';
	if (last != NULL) {
		put(&why, ", ");
		put(&why, last);
		put(&why, " ");
		put_number(&why, k->age / 1000);
		put(&why, " s ago");
	}
	return mxsel__trace(m, MXSEL_TRACE_MEMORY, subject, why.text, RULE);
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

/* Why each goes where it goes: "behind" its equals, or the others "of". */
static int say_group(const struct group *g, const char *behind,
	const char *of)
{
	char text[MXSEL__ADDRESS_TEXT_SIZE];
	size_t i;

	if (!mxsel__traces(g->m))
		return MXSEL_OK;
	for (i = 0; i < g->n; i++) {
		const struct mxsel__known *k = g->of[g->order[i]];
		int goes = g->equal[g->order[i]].behind;

		if (!goes && (i > 0 || !g->probes))
			continue;
		if (say_score(g->m, subject_of(text, k), goes ? behind
			: "in its place, to see whether it is well again",
			goes ? of : "", k) != MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	return MXSEL_OK;
}

/* --- hosts of equal preference ------------------------------------------- */

static int order_run(struct group *g, struct mxsel__mx *v)
{
	size_t i, k;

	if (!has_score(g))
		return MXSEL_OK;
	if (!decide(g))
		return mxsel__trace(g->m, MXSEL_TRACE_MEMORY, g->m->domain,
			"ignored: all hosts of a preference failed", RULE);
	for (i = 0; i < g->n && g->changed; i++) {
		struct mxsel__mx moved = v[i];

		/* Who belongs here went to where an earlier one came from. */
		for (k = g->order[i]; k < i; k = g->order[k])
			;
		v[i] = v[k];
		v[k] = moved;
	}
	return say_group(g, "behind its equals", "");
}

/* The end of the run of equals that begins at first. */
static size_t run_end(const struct mxsel__mx *v, size_t first, size_t n)
{
	size_t end = first + 1;

	while (end < n && v[end].preference == v[first].preference)
		end++;
	return end;
}

static int is_host(const struct mxsel *m, const struct mxsel__mx *mx)
{
	return mx->kind == MXSEL__NAME_GOOD ||
		(mx->kind == MXSEL__NAME_ADDRESS &&
		m->options->values[MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS]);
}

/* Does the order of hosts stand, and of the addresses of each? */
static int is_by_host(const struct mxsel *m)
{
	return m->options->values[MXSEL_OPT_SHUFFLE] !=
		MXSEL_SHUFFLE_ADDRESSES;
}

/* Who has equals, and a name: there is nothing else to know of a host. */
static size_t ask_ties(const struct mxsel *m, const struct mxsel__mx *v,
	size_t n, struct mxsel__known *k, const struct mxsel__known **of)
{
	size_t first, end, i, count = 0;

	for (first = 0; first < n; first = end) {
		end = run_end(v, first, n);
		for (i = first; i < end; i++) {
			of[i] = is_host(m, &v[i]) ? &nothing : &no_host;
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
		begin_group(&g, m, first == 0 && is_by_host(m));
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
	unsigned short *order;
	size_t count;
	int is_next; /* to be tried, and before it no other host */
	struct mxsel__known k[MXSEL__KNOWN_MAX];
	unsigned char at[FOUND_MAX]; /* of those found, in k, or NOT_ASKED */
};

static const struct mxsel__known *known_of(const struct addresses *a, size_t i)
{
	return a->at[i] == NOT_ASKED ? &nothing : &a->k[a->at[i]];
}

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
			has_failed(known_of(a, i)))
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
	struct why text;

	a->m->flags |= MXSEL_FLAG_MEMORY;
	text.length = 0;
	put(&text, family == 4 ? "IPv4 first: " : "IPv6 first: ");
	put(&text, why);
	return mxsel__trace(a->m, MXSEL_TRACE_MEMORY, a->host->name,
		text.text, RULE);
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
		if (a->is_next)
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
	char text[MXSEL__ADDRESS_TEXT_SIZE];
	struct why why;
	const struct candidate *c = NULL;
	size_t at;

	for (at = 0; at < a->count; at++) {
		c = a->f->found[a->order[at]];
		if (k->again_length != 0 && c->length == k->again_length &&
			memcmp(c->bytes, k->again, c->length) == 0)
			break;
	}
	if (at == 0 || at == a->count || has_failed(known_of(a, a->order[at])))
		return MXSEL_OK;
	to_front(a->order, at);
	a->m->flags |= MXSEL_FLAG_MEMORY;
	if (!mxsel__traces(a->m))
		return MXSEL_OK;
	mxsel__candidate_text(text, c);
	why.length = 0;
	put(&why, "first of ");
	put(&why, a->host->name);
	put(&why, ": it asked to come again here");
	return mxsel__trace(a->m, MXSEL_TRACE_MEMORY, text, why.text, RULE);
}

/* Those that failed behind the others; g has of and n. */
static int order_failed(struct group *g, const char *of_whom,
	unsigned short *order)
{
	unsigned short moved[MXSEL__KNOWN_MAX];
	size_t i;

	if (!has_score(g))
		return MXSEL_OK;
	if (!decide(g))
		return mxsel__trace(g->m, MXSEL_TRACE_MEMORY, of_whom,
			"ignored: all addresses failed", RULE);
	memcpy(moved, order, g->n * sizeof(*order));
	for (i = 0; i < g->n; i++)
		order[i] = moved[g->order[i]];
	return say_group(g, "behind the others of ", of_whom);
}

/* The host itself is the first of k; an address that is alone has no order. */
static int look_addresses(struct addresses *a)
{
	const struct host *host = a->host;
	size_t i, n = 0;

	a->itself = &nothing;
	if (!host->literal && !host->nameless) {
		ask_host(&a->k[n], a->m, host->name, strlen(host->name));
		a->itself = &a->k[n++];
	}
	memset(a->at, NOT_ASKED, a->count);
	for (i = 0; i < a->count && n < MXSEL__KNOWN_MAX; i++, n++) {
		ask_address(&a->k[n], a->m, a->f->found[a->order[i]]);
		a->at[a->order[i]] = (unsigned char)n;
	}
	return look(a->m, a->k, n);
}

int mxsel__memory_addresses(struct mxsel *m, const struct host *host,
	const struct finding *f, unsigned short *order, size_t count)
{
	struct addresses a;
	struct group g;

	if (m->options->memory == NULL || count < 2)
		return MXSEL_OK;
	a.is_next = m->last_attempt == m->cursor && is_by_host(m);
	begin_group(&g, m, a.is_next);
	a.m = m;
	a.host = host;
	a.f = f;
	a.order = order;
	a.count = count;
	if (!look_addresses(&a))
		return MXSEL_OK;
	if (order_families(&a) != MXSEL_OK || order_again(&a) != MXSEL_OK)
		return MXSEL_ENOMEM;
	for (; g.n < count && g.n < MXSEL__KNOWN_MAX; g.n++)
		g.of[g.n] = known_of(&a, order[g.n]);
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
	begin_group(&g, m, 1);
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
