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
	struct mxsel_query *q = m->idle;

	if (q == NULL)
		q = mxsel__arena_get(&m->arena, sizeof(*q));
	if (q == NULL)
		return NULL;
	m->idle = q == m->idle ? q->next : m->idle;
	memset(q, 0, sizeof(*q));
	q->selection = m;
	q->name = name;
	q->type = (uint8_t)type;
	q->asker = asker;
	q->links = asker == NULL ? 0 : asker->links;
	q->ttl = TTL_MAX;
	if (mxsel__trace_ask(m, q) != MXSEL_OK)
		return NULL;
	if (m->open == NULL)
		m->open = q;
	else
		m->last_open->next = q;
	m->last_open = q;
	if (m->untaken == NULL)
		m->untaken = q;
	m->query_count++;
	return q;
}

mxsel_query *mxsel_query_take(mxsel *m)
{
	struct mxsel_query *q;

	if (m == NULL || m->untaken == NULL)
		return NULL;
	q = m->untaken;
	m->untaken = q->next;
	q->state = QUERY_TAKEN;
	return q;
}

void mxsel__question_close(struct mxsel_query *q)
{
	struct mxsel *m = q->selection;
	struct mxsel_query **link = &m->open, *before = NULL;

	for (; *link != q; link = &(*link)->next)
		before = *link;
	*link = q->next;
	if (m->last_open == q)
		m->last_open = before;
	if (m->untaken == q)
		m->untaken = q->next;
	q->state = QUERY_DONE;
}

void mxsel__question_recycle(struct mxsel *m, struct mxsel_query **asked)
{
	struct mxsel_query *q, *asker;

	for (q = *asked; q != NULL; q = asker) {
		asker = q->asker;
		q->next = m->idle;
		m->idle = q;
	}
	*asked = NULL;
}

/* Whoever took it is told, that he can forget it. */
static void cancel(struct mxsel *m, struct mxsel_query *q)
{
	const mxsel_resolver *r = m->options->resolver;

	if (q->state != QUERY_TAKEN)
		return;
	if (r == NULL && m->cancel != NULL)
		m->cancel(q, m->cancel_user);
	else if (r != NULL && r->cancel != NULL)
		r->cancel(q, r->user);
}

static void end_all(struct mxsel *m, int outcome, int abandoned)
{
	struct mxsel_query *q;
	uint8_t busy = m->busy;

	m->busy = 1;
	while ((q = m->open) != NULL) {
		cancel(m, q);
		if (q->state == QUERY_DONE)
			continue; /* answered while it was cancelled */
		if (!abandoned && mxsel__cached_stale(q, outcome, 0))
			continue;
		q->outcome = (uint8_t)outcome;
		mxsel__record_end(q);
		mxsel__question_end(q);
	}
	m->busy = busy;
}

void mxsel__cancel_all(struct mxsel *m, int outcome)
{
	end_all(m, outcome, m->doomed);
}

void mxsel__abandon_all(struct mxsel *m)
{
	end_all(m, MXSEL_DNS_NETWORK, 1);
}

int mxsel__question_failed(const struct mxsel_query *q)
{
	if (q->security == MXSEL_SECURITY_BOGUS || q->broken || q->loop)
		return 1;
	return q->outcome != MXSEL_DNS_COMPLETE &&
		q->outcome != MXSEL_DNS_NXDOMAIN;
}

/*
 * All secure is secure. One link that is proven insecure makes the chain so,
 * whatever is not known of the others.
 */
int mxsel__question_security(const struct mxsel_query *q)
{
	int security = MXSEL_SECURITY_SECURE;

	for (; q != NULL; q = q->asker) {
		if (q->security == MXSEL_SECURITY_BOGUS ||
			q->security == MXSEL_SECURITY_INSECURE)
			return q->security;
		if (q->security != MXSEL_SECURITY_SECURE)
			security = MXSEL_SECURITY_INDETERMINATE;
	}
	return security;
}

const char *mxsel__question_expanded(const struct mxsel_query *q)
{
	for (; q != NULL; q = q->asker)
		if (q->aliases != NULL && !mxsel__question_failed(q))
			return mxsel__question_canonical(q);
	return NULL;
}

int mxsel__question_dangles(const struct mxsel_query *q)
{
	return !mxsel__question_failed(q) &&
		q->outcome == MXSEL_DNS_COMPLETE && q->aliases != NULL &&
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

int mxsel_query_set_user(mxsel_query *q, void *user)
{
	if (q == NULL)
		return MXSEL_EUSAGE;
	q->user = user;
	return MXSEL_OK;
}

void *mxsel_query_user(const mxsel_query *q)
{
	return q == NULL ? NULL : q->user;
}

int mxsel_query_packet(const mxsel_query *q, uint16_t id, int flags,
	uint8_t *buffer, size_t *size)
{
	if (q == NULL || size == NULL || (buffer == NULL && *size > 0))
		return MXSEL_EUSAGE;
	return mxsel__wire_question(buffer, size, id, q->name, q->type,
		flags);
}
