/*
 * The addresses of an answer, each judged when it arrives: ours or not,
 * refused or not, and only so many kept that memory is bounded for any
 * answer (R36, R37, R51, R55, R63).
 */
#include "select/select.h"

#include <string.h>

#include "policy/self.h"

/* An own address means ourselves only where the port is ours too (R55). */
int mxsel__candidate_is_self(const struct mxsel *m,
	const struct mxsel__address *address)
{
	const struct mxsel_options *o = m->options;

	return m->port == o->values[MXSEL_OPT_SELF_PORT] &&
		mxsel__self_is_address(o->self_addresses.items,
			o->self_addresses.count, &o->filter, address);
}

static int judge(const struct mxsel *m, const struct mxsel__address *address)
{
	int reject = mxsel__filter_judge(&m->options->filter, address);

	/* Ourselves first: a filter must not hide a loop (R51). */
	if (reject != MXSEL_REJECT_UNSPECIFIED &&
		m->options->self_addresses.count > 0 &&
		mxsel__candidate_is_self(m, address))
		return MXSEL_REJECT_SELF;
	return reject;
}

struct candidate *mxsel__candidate_make(struct mxsel *m,
	const struct mxsel__address *address)
{
	size_t length = address == NULL ? 0 : address->length;
	struct candidate *c = mxsel__arena_zero(&m->arena, sizeof(*c) +
		length);

	if (c == NULL || address == NULL)
		return c;
	c->length = address->length;
	memcpy(c->bytes, address->bytes, address->length);
	c->reject = (uint8_t)judge(m, address);
	return c;
}

void mxsel__candidate_address(struct mxsel__address *out,
	const struct candidate *c)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->bytes, c->bytes, c->length);
	out->length = c->length;
}

void mxsel__candidate_text(char out[MXSEL__ADDRESS_TEXT_SIZE],
	const struct candidate *c)
{
	struct mxsel__address address;

	out[0] = '\0';
	if (c->length == 0)
		return; /* an .onion name has none */
	mxsel__candidate_address(&address, c);
	mxsel__address_format(out, &address);
}

static int is_known(const struct mxsel_query *q,
	const struct mxsel__address *address)
{
	const struct candidate *c;

	for (c = q->first.addresses; c != NULL; c = c->next)
		if (memcmp(c->bytes, address->bytes, address->length) == 0)
			return 1;
	return 0;
}

/* What the answer as a whole must remember of one address. 1: keep it. */
static int note(struct mxsel_query *q, int reject)
{
	const struct mxsel_options *o = q->selection->options;

	if (reject == 0) {
		if (q->kept >= mxsel__options_limit(o,
			MXSEL_OPT_MAX_HOST_ADDRESSES, FAMILY_MAX) ||
			q->selection->candidate_count >= ATTEMPTS_MAX) {
			q->cut = 1;
			return 0;
		}
		return 1;
	}
	if (reject == MXSEL_REJECT_SELF || reject == MXSEL_REJECT_UNSPECIFIED)
		q->self = 1;
	else
		q->filtered = 1;
	return q->refused < REJECTED_PER_ANSWER &&
		q->selection->candidate_count < ATTEMPTS_MAX;
}

int mxsel__candidate_add(struct mxsel_query *q, const uint8_t *bytes)
{
	struct mxsel__address address;
	struct candidate *c, **link;
	int reject;

	memset(&address, 0, sizeof(address));
	address.length = q->type == MXSEL_TYPE_A ? 4 : 16;
	memcpy(address.bytes, bytes, address.length);
	q->has_records = 1;
	q->records++;
	if (is_known(q, &address))
		return MXSEL_OK;
	reject = judge(q->selection, &address);
	if (!note(q, reject))
		return MXSEL_OK;
	c = mxsel__arena_zero(&q->selection->arena, sizeof(*c) +
		address.length);
	if (c == NULL)
		return MXSEL_ENOMEM;
	memcpy(c->bytes, address.bytes, address.length);
	c->length = address.length;
	c->reject = (uint8_t)reject;
	q->selection->candidate_count++;
	if (reject == 0)
		q->kept++;
	else
		q->refused++;
	for (link = &q->first.addresses; *link != NULL; )
		link = &(*link)->next;
	*link = c;
	return MXSEL_OK;
}
