/*
 * Questions: opened by the machine, taken by whoever resolves, cancelled
 * when nobody waits any more.
 */
#include "select/select.h"

#include <string.h>

#include "wire/message.h"

/* The limit of questions holds whatever the answers say (R37). */
int mxsel__question_allowed(const struct mxsel *m)
{
	return m->query_count < mxsel__options_limit(m->options,
		MXSEL_OPT_MAX_QUERIES, QUESTIONS_MAX);
}

struct mxsel_query *mxsel__question_open(struct mxsel *m, const char *name,
	uint16_t type, struct mxsel_query *asker)
{
	struct mxsel_query *q = mxsel__arena_zero(&m->arena, sizeof(*q));

	if (q == NULL)
		return NULL;
	q->selection = m;
	q->name = name;
	q->type = type;
	q->asker = asker;
	q->links = asker == NULL ? 0 : asker->links;
	q->ttl = TTL_MAX;
	if (mxsel__trace_ask(m, q) != MXSEL_OK)
		return NULL;
	q->next = m->queries;
	m->queries = q;
	m->query_count++;
	return q;
}

mxsel_query *mxsel_query_take(mxsel *m)
{
	struct mxsel_query *q, *oldest = NULL;

	if (m == NULL)
		return NULL;
	for (q = m->queries; q != NULL; q = q->next)
		if (q->state == QUERY_OPEN)
			oldest = q;
	if (oldest != NULL)
		oldest->state = QUERY_TAKEN;
	return oldest;
}

void mxsel__cancel_all(struct mxsel *m, int outcome)
{
	const mxsel_resolver *r = m->options->resolver;
	struct mxsel_query *q;
	uint8_t busy = m->busy;

	m->busy = 1;
	for (q = m->queries; q != NULL; q = q->next) {
		if (q->state == QUERY_DONE)
			continue;
		if (q->state == QUERY_TAKEN && r != NULL && r->cancel != NULL)
			r->cancel(q, r->user);
		if (q->state == QUERY_DONE)
			continue; /* answered while it was cancelled */
		q->outcome = (uint8_t)outcome;
		mxsel__record_end(q);
		mxsel__question_end(q);
	}
	m->busy = busy;
}

int mxsel__question_failed(const struct mxsel_query *q)
{
	if (q->security == MXSEL_SECURITY_BOGUS || q->broken || q->loop)
		return 1;
	return q->outcome != MXSEL_DNS_COMPLETE &&
		q->outcome != MXSEL_DNS_NXDOMAIN;
}

int mxsel__question_secure(const struct mxsel_query *q)
{
	for (; q != NULL; q = q->asker)
		if (q->security != MXSEL_SECURITY_SECURE)
			return 0;
	return 1;
}

int mxsel__question_dangles(const struct mxsel_query *q)
{
	return q->state == QUERY_DONE && !mxsel__question_failed(q) &&
		q->outcome == MXSEL_DNS_COMPLETE && q->canonical != NULL &&
		!q->has_records && !q->has_negative;
}

mxsel *mxsel_query_selection(const mxsel_query *q)
{
	return q == NULL ? NULL : q->selection;
}

const char *mxsel_query_name(const mxsel_query *q)
{
	return q == NULL ? NULL : q->name;
}

uint16_t mxsel_query_type(const mxsel_query *q)
{
	return q == NULL ? 0 : q->type;
}

int mxsel_query_packet(const mxsel_query *q, uint16_t id, int flags,
	uint8_t *buffer, size_t *size)
{
	if (q == NULL || size == NULL || (buffer == NULL && *size > 0))
		return MXSEL_EUSAGE;
	return mxsel__wire_question(buffer, size, id, q->name, q->type,
		flags & MXSEL_PACKET_EDNS);
}
