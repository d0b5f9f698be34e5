/*
 * TLSA records as they come (R92): those that can be used are kept, in an
 * order of their own, and only so many that memory is bounded for any answer.
 * What is cut off is told, for a record that is missing must never be taken
 * for one that is not there.
 */
#include "select/select.h"

#include <string.h>

#include "policy/tlsa.h"
#include "select/security.h"

static int compare(const struct tlsa *kept, const struct mxsel__tlsa *tlsa)
{
	struct mxsel__tlsa a = mxsel__dane_record(kept);

	return mxsel__tlsa_compare(&a, tlsa);
}

/*
 * Is there room for so many octets more? Certificates leave half of it to
 * digests, so that a few hosts with the former do not lock out the others.
 */
static int has_room(const struct mxsel *m, size_t length)
{
	size_t most = length > 64 ? TLSA_OCTETS_MAX / 2 : TLSA_OCTETS_MAX;

	return m->tlsa_octets <= most && length <= most - m->tlsa_octets;
}

/* Where it belongs, in an order of their own, whatever the answer's (R32). */
static struct tlsa **find_place(struct mxsel_query *q,
	const struct mxsel__tlsa *tlsa)
{
	struct tlsa **link = &q->first.tlsa;

	while (*link != NULL && compare(*link, tlsa) < 0)
		link = &(*link)->next;
	return link;
}

/* With so many as may be kept, the last of them makes room. */
static struct tlsa **find_last(struct mxsel_query *q)
{
	struct tlsa **link = &q->first.tlsa;

	while ((*link)->next != NULL)
		link = &(*link)->next;
	return link;
}

/* charge: the octets it counts as. */
static struct tlsa *make_record(struct mxsel *m,
	const struct mxsel__tlsa *tlsa, size_t charge)
{
	struct tlsa *t = mxsel__arena_get(&m->arena, sizeof(*t) +
		tlsa->length);

	if (t != NULL)
		m->tlsa_octets = (uint16_t)(m->tlsa_octets + charge);
	return t;
}

static void fill_record(struct tlsa *t, const struct mxsel__tlsa *tlsa)
{
	t->usage = tlsa->usage;
	t->selector = tlsa->selector;
	t->matching = tlsa->matching;
	t->length = tlsa->length;
	memcpy(t->data, tlsa->data, tlsa->length);
}

int mxsel__tlsa_add(struct mxsel_query *q, const struct mxsel__tlsa *tlsa)
{
	struct tlsa **link, **last = NULL, *t = NULL;
	size_t charge = tlsa->length;

	q->has_records = 1;
	q->records++;
	if (!mxsel__tlsa_is_usable(tlsa))
		return MXSEL_OK;
	link = find_place(q, tlsa);
	if (*link != NULL && compare(*link, tlsa) == 0)
		return MXSEL_OK;
	if (q->kept == TLSA_PER_HOST) {
		q->cut = 1;
		if (*link == NULL)
			return MXSEL_OK; /* the last is left out */
		last = find_last(q);
		if ((*last)->length == tlsa->length)
			t = *last;
		charge += sizeof(*t); /* what makes room is lost, too */
	}
	if (t == NULL && !has_room(q->selection, charge)) {
		q->cut = 1;
		return MXSEL_OK;
	}
	if (t == NULL)
		t = make_record(q->selection, tlsa, charge);
	if (t == NULL)
		return MXSEL_ENOMEM;
	if (last != NULL)
		*last = NULL;
	else
		q->kept++;
	fill_record(t, tlsa);
	t->next = *link;
	*link = t;
	return MXSEL_OK;
}
