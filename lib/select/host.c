/*
 * The answers for a group of hosts: aliases that lead on to further
 * questions, and what happens when one of the hosts turns out to be ourselves
 * (R51-R57, R60).
 */
#include "select/select.h"

#include "rank/family.h"
#include "select/remember.h"

/* An alias whose target nobody spoke of: ask there, where one may ask. */
static int follow(struct mxsel *m, struct mxsel_query **asked)
{
	struct mxsel_query *q = *asked, *next;
	const char *target = mxsel__question_canonical(q);
	enum mxsel__special special = mxsel__name_special(target);

	if (special == MXSEL__SPECIAL_LOCALHOST) {
		q->self = 1;
		q->has_negative = 1;
	} else if (special == MXSEL__SPECIAL_INVALID ||
		special == MXSEL__SPECIAL_ONION) {
		q->outcome = MXSEL_DNS_NXDOMAIN;
	} else if (special == MXSEL__SPECIAL_LOCAL &&
		!m->options->values[MXSEL_OPT_ASK_LOCAL]) {
		m->met |= MET_LOCAL;
		q->broken = 1;
	} else if (!mxsel__question_allowed(m)) {
		m->flags |= MXSEL_FLAG_LIMITED;
		q->broken = 1;
	} else {
		next = mxsel__question_open(m, target, q->type, q);
		if (next == NULL)
			return MXSEL_ENOMEM;
		*asked = next;
		mxsel__cached_look(next);
	}
	return MXSEL_OK;
}

int mxsel__hosts_answered(const struct mxsel *m)
{
	int family;
	uint16_t i;

	for (i = m->next_host; i < m->group_end; i++)
		for (family = 0; family < 2; family++)
			if (m->hosts[i].asked[family] != NULL && m->hosts[i].
				asked[family]->state != QUERY_DONE)
				return 0;
	return 1;
}

/*
 * All answers first: who gets the last questions allowed must not depend on
 * which answer came first (R32).
 */
int mxsel__hosts_follow(struct mxsel *m)
{
	int family, followed = 1;
	uint16_t i;

	while (followed) {
		if (!mxsel__hosts_answered(m))
			return 0;
		followed = 0;
		for (i = m->next_host; i < m->group_end; i++)
			for (family = 0; family < 2; family++) {
				struct mxsel_query **asked =
					&m->hosts[i].asked[family];

				if (*asked == NULL ||
					!mxsel__question_dangles(*asked))
					continue;
				if (follow(m, asked) != MXSEL_OK)
					return MXSEL_ENOMEM;
				followed = 1;
			}
	}
	return 1;
}

static int reject_refused(struct mxsel *m, const struct host *host)
{
	const struct candidate *c;
	int family;

	if (host->itself != NULL && host->itself->reject != 0)
		return mxsel__reject_address(m, host->itself->reject,
			host->preference, host->itself);
	for (family = 0; family < 2; family++) {
		if (host->asked[family] == NULL)
			continue;
		for (c = host->asked[family]->first.addresses; c != NULL;
			c = c->next)
			if (c->reject != 0 && mxsel__reject_address(m,
				c->reject, host->preference, c) != MXSEL_OK)
				return MXSEL_ENOMEM;
	}
	return MXSEL_OK;
}

/* Ourselves at this preference: it and all behind it go (R52). */
static int cut_at_self(struct mxsel *m, const struct host *self,
	struct finding *f)
{
	uint16_t i;
	int reason;

	if (mxsel__trace_self(m, self->preference) != MXSEL_OK)
		return MXSEL_ENOMEM;
	m->flags |= MXSEL_FLAG_SELF;
	m->met |= MET_SELF;
	/* This one is better than any we were by name (R51). */
	m->met &= (uint16_t)~MET_BETTER;
	if (m->best < self->preference)
		m->met |= MET_BETTER;
	for (i = m->next_host; i < m->host_count; i++) {
		struct host *host = &m->hosts[i];

		reason = MXSEL_REJECT_BEHIND_SELF;
		if (i < m->group_end) {
			mxsel__host_find(m, host, f);
			if (f->self)
				reason = f->self;
			if (reject_refused(m, host) != MXSEL_OK)
				return MXSEL_ENOMEM;
			if (f->self && host->itself != NULL)
				continue; /* its name was listed just now */
		}
		if (mxsel__reject(m, reason, host->preference, host->name) !=
			MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	m->host_count = m->next_host;
	return MXSEL_OK;
}

int mxsel__hosts_drop(struct mxsel *m)
{
	struct mark mark;
	uint16_t i;

	mxsel__mark(m, &mark);
	m->flags |= MXSEL_FLAG_LIMITED;
	for (i = m->next_host; i < m->host_count; i++)
		if (mxsel__reject(m, MXSEL_REJECT_LIMIT,
			m->hosts[i].preference, m->hosts[i].name) !=
			MXSEL_OK) {
			mxsel__take_back(m, &mark);
			return MXSEL_ENOMEM;
		}
	m->host_count = m->next_host;
	return MXSEL_OK;
}

/* The order of the attempts from the one after last on, at random. */
static int shuffle_attempts(struct mxsel *m, struct candidate *last,
	size_t count)
{
	struct candidate **link = last == NULL ? &m->attempts : &last->after;
	struct candidate **list, *c = *link;
	unsigned short *order;
	size_t i;

	list = mxsel__arena_get(&m->arena, count * sizeof(*list));
	order = mxsel__arena_get(&m->arena, count * sizeof(*order));
	if (list == NULL || order == NULL)
		return MXSEL_ENOMEM;
	for (i = 0; i < count; i++, c = c->after) {
		list[i] = c;
		order[i] = (unsigned short)i;
	}
	mxsel__family_shuffle(order, count, &m->random);
	if (mxsel__memory_attempts(m, list, order, count) != MXSEL_OK)
		return MXSEL_ENOMEM;
	for (i = 0; i < count; i++) {
		*link = list[order[i]];
		link = &(*link)->after;
		m->last_attempt = list[order[i]];
	}
	*link = NULL;
	return MXSEL_OK;
}

/* In the order they were asked: an alias before its target. */
static int trace_answers(struct mxsel *m, const struct host *host)
{
	const struct mxsel_query *chain[20], *q; /* at most 16 aliases */
	int family, n;

	for (family = 0; family < 2 && mxsel__traces(m); family++) {
		n = 0;
		for (q = host->asked[family]; q != NULL; q = q->asker)
			chain[n++] = q;
		while (n > 0)
			if (mxsel__trace_answer(m, chain[--n]) != MXSEL_OK)
				return MXSEL_ENOMEM;
	}
	return MXSEL_OK;
}

static int trace_attempts(struct mxsel *m, const struct candidate *last)
{
	const struct candidate *c = last == NULL ? m->attempts : last->after;

	for (; c != NULL && mxsel__traces(m); c = c->after)
		if (mxsel__trace_candidate(m, MXSEL_TRACE_ADDRESS, c) !=
			MXSEL_OK)
			return MXSEL_ENOMEM;
	return MXSEL_OK;
}

static int settle(struct mxsel *m, const struct mark *before)
{
	const struct host *self = NULL;
	struct finding f;
	uint16_t i;
	size_t count;

	for (i = m->next_host; i < m->group_end; i++) {
		if (trace_answers(m, &m->hosts[i]) != MXSEL_OK)
			return MXSEL_ENOMEM;
		mxsel__host_find(m, &m->hosts[i], &f);
		mxsel__host_note(m, &m->hosts[i], &f);
		if (f.self)
			self = &m->hosts[i];
	}
	if (self != NULL)
		return cut_at_self(m, self, &f);
	for (i = m->next_host; i < m->group_end; i++) {
		if (m->group_end > m->next_host + 1) /* else just found */
			mxsel__host_find(m, &m->hosts[i], &f);
		if (reject_refused(m, &m->hosts[i]) != MXSEL_OK ||
			mxsel__host_settle(m, &m->hosts[i], &f) != MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	if (mxsel__fair_limit(m, before) != MXSEL_OK)
		return MXSEL_ENOMEM;
	count = (size_t)(m->attempt_count - before->attempt_count);
	if (m->options->values[MXSEL_OPT_SHUFFLE] == MXSEL_SHUFFLE_ADDRESSES &&
		count > 1 && shuffle_attempts(m, before->last_attempt,
			count) != MXSEL_OK)
		return MXSEL_ENOMEM;
	return trace_attempts(m, before->last_attempt);
}

int mxsel__hosts_settle(struct mxsel *m)
{
	struct mark mark;
	uint16_t i;

	mxsel__mark(m, &mark);
	if (settle(m, &mark) != MXSEL_OK) {
		mxsel__take_back(m, &mark);
		return MXSEL_ENOMEM;
	}
	for (i = m->next_host; i < m->group_end; i++) {
		mxsel__question_recycle(m, &m->hosts[i].asked[1]);
		mxsel__question_recycle(m, &m->hosts[i].asked[0]);
	}
	m->next_host = m->host_count < m->group_end ? m->host_count
	                                            : m->group_end;
	return MXSEL_OK;
}
