/*
 * The addresses of a host by what a memory knows of them and of it (R85): the
 * family that is worth it first, then who asked to come again, and those that
 * failed behind the others. May use what remember.h may.
 */
#include "select/remember_group.h"

#include <string.h>

#include "rank/family.h"

#define FOUND_MAX (2 * FAMILY_MAX)
#define NOT_ASKED 255u

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
	return a->at[i] == NOT_ASKED ? &mxsel__nothing_known : &a->k[a->at[i]];
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
			mxsel__known_failed(known_of(a, i)))
			return 1;
	return 0;
}

static void to_front(unsigned short *order, size_t at)
{
	unsigned short moved = order[at];

	memmove(order + 1, order, at * sizeof(*order));
	order[0] = moved;
}

/* The first place of one of this family that did not fail; count: of none. */
static size_t find_well(const struct addresses *a, int family)
{
	size_t at = 0;

	while (at < a->count &&
		(family_of(a->f->found[a->order[at]]) != family ||
		mxsel__known_failed(known_of(a, a->order[at]))))
		at++;
	return at;
}

/* This family first, by one that is well, of which there is one; and in turn
   where the caller wants it so. */
static void lead(struct addresses *a, int family)
{
	int mode = a->m->options->values[MXSEL_OPT_FAMILY];

	if (family_of(a->f->found[a->order[0]]) != family &&
		(mode == MXSEL_FAMILY_INTERLEAVE || mode == MXSEL_FAMILY_ANY))
		(void)mxsel__family_merge(a->order, a->f->v6, a->f->v4,
			family == 4 ? MXSEL__FAMILY_IN_TURN_V4
			: MXSEL_FAMILY_INTERLEAVE, &a->m->random);
	to_front(a->order, find_well(a, family));
}

static int say_lead(const struct addresses *a, int family, const char *why)
{
	a->m->flags |= MXSEL_FLAG_MEMORY;
	return mxsel__say_memory(a->m, a->host->name, (const char *[]){
		family == 4 ? "IPv4 first: " : "IPv6 first: ", why, NULL });
}

/*
 * The family whose turn it is, once. It is left where this host is not tried
 * next, and where the family has no address that is well. 0: none;
 * MXSEL_ENOMEM.
 */
static int take_turn(struct addresses *a)
{
	const struct mxsel__known *k = a->itself;

	if (k->turn == 0 || find_well(a, k->turn) == a->count)
		return 0;
	if (!a->is_next ||
		mxsel__memory_is_read_only(a->m->options->memory))
		return k->turn;
	if (mxsel__will_tell(a->m, k, 1) != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (mxsel__memory_turned(a->m->options->memory, k))
		return k->turn;
	a->m->told = a->m->told->next; /* somebody else took it */
	return 0;
}

/* Now and then the other family is tried: it may be well by now. */
static int explores(struct addresses *a)
{
	return mxsel__random_below(&a->m->random, MXSEL__CHANCES) <
		mxsel__memory_explore(a->m->options->memory);
}

static int order_families(struct addresses *a)
{
	const struct mxsel__known *k = a->itself;
	const char *why = "the other family was rejected by policy";
	unsigned short first = a->order[0];
	int family;

	if (a->f->v6 == 0 || a->f->v4 == 0)
		return MXSEL_OK;
	family = take_turn(a);
	if (family == 0 && k->works != 0 && is_in_doubt(a, 10 - k->works) &&
		find_well(a, k->works) < a->count && !explores(a)) {
		family = k->works;
		why = "it worked last";
	}
	if (family <= 0)
		return family;
	lead(a, family);
	return a->order[0] == first ? MXSEL_OK : say_lead(a, family, why);
}

/* Greylisting knows who comes again by where he comes to. */
static int order_again(struct addresses *a)
{
	const struct mxsel__known *k = a->itself;
	char text[MXSEL__ADDRESS_TEXT_SIZE];
	const struct candidate *c = NULL;
	size_t at;

	for (at = 0; at < a->count; at++) {
		c = a->f->found[a->order[at]];
		if (k->again_length != 0 && c->length == k->again_length &&
			memcmp(c->bytes, k->again, c->length) == 0)
			break;
	}
	if (at == 0 || at == a->count ||
		mxsel__known_failed(known_of(a, a->order[at])))
		return MXSEL_OK;
	to_front(a->order, at);
	a->m->flags |= MXSEL_FLAG_MEMORY;
	mxsel__candidate_text(text, c);
	return mxsel__say_memory(a->m, text, (const char *[]){ "first of ",
		a->host->name, ": it asked to come again here", NULL });
}

/*
 * The host itself is the first of k, unless it was looked up in its tie. One
 * without a name of its own has one address, and so no order.
 */
static int look_addresses(struct addresses *a)
{
	const struct host *host = a->host;
	size_t i, n = 0;

	a->itself = &mxsel__nothing_known;
	if (!host->plain) {
		mxsel__ask_host(&a->k[n], a->m, host->name, strlen(host->name));
		a->itself = &a->k[n++];
	}
	memset(a->at, NOT_ASKED, a->count);
	for (i = 0; i < a->count && n < MXSEL__KNOWN_MAX; i++, n++) {
		mxsel__ask_address(&a->k[n], a->m, a->f->found[a->order[i]]);
		a->at[a->order[i]] = (unsigned char)n;
	}
	return mxsel__look(a->m, a->k, n, &a->m->waited);
}

/* What was looked up in its tie is looked up again where one failed. */
static void look_plain(struct addresses *a, struct mxsel__known *k)
{
	size_t i = 0;

	while (i < a->count && known_of(a, i)->score == 0)
		i++;
	if (!a->host->plain || i == a->count)
		return;
	mxsel__ask_host(k, a->m, a->host->name, strlen(a->host->name));
	(void)mxsel__look(a->m, k, 1, &a->m->waited);
	a->itself = k;
}

int mxsel__memory_addresses(struct mxsel *m, const struct host *host,
	const struct finding *f, unsigned short *order, size_t count)
{
	struct addresses a;
	struct mxsel__known itself;
	struct group g;

	if (m->options->memory == NULL || count < 2)
		return MXSEL_OK;
	a.is_next = m->last_attempt == m->cursor && mxsel__is_by_host(m);
	mxsel__group_begin(&g, m, a.is_next);
	a.m = m;
	a.host = host;
	a.f = f;
	a.order = order;
	a.count = count;
	if (!look_addresses(&a))
		return MXSEL_OK;
	look_plain(&a, &itself);
	if (order_families(&a) != MXSEL_OK || order_again(&a) != MXSEL_OK)
		return MXSEL_ENOMEM;
	for (; g.n < count && g.n < MXSEL__KNOWN_MAX; g.n++)
		g.of[g.n] = known_of(&a, order[g.n]);
	return mxsel__group_order(&g, host->name, order);
}
