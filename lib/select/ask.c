/*
 * Groups of hosts: which are looked up together, what is asked for them, and
 * what for the hosts behind them, ahead of time (R37, R56, R60).
 */
#include "select/select.h"

#include <string.h>

static const uint16_t family_type[2] = { MXSEL_TYPE_AAAA, MXSEL_TYPE_A };

static int family_is_off(const struct mxsel *m, int family)
{
	int mode = m->options->values[MXSEL_OPT_FAMILY];

	return mode == (family == 0 ? MXSEL_FAMILY_V4_ONLY
	                            : MXSEL_FAMILY_V6_ONLY);
}

/*
 * With own addresses a whole preference is looked up before one of its hosts
 * is handed out, or an equal that is ourselves would be seen too late (R56).
 */
static uint16_t group_end(const struct mxsel *m)
{
	uint16_t end = m->next_host;
	uint16_t preference = m->hosts[end].preference;

	end++;
	if (m->options->self_addresses.count == 0 &&
		m->options->values[MXSEL_OPT_MAX_ATTEMPTS] == 0 &&
		m->options->values[MXSEL_OPT_SHUFFLE] !=
		MXSEL_SHUFFLE_ADDRESSES)
		return end;
	while (end < m->host_count && m->hosts[end].preference == preference)
		end++;
	return end;
}

/* Hosts that need no question: addresses, and .onion names. */
static int make_itself(struct mxsel *m, struct host *host)
{
	struct mxsel__address address;

	if (host->itself != NULL)
		return MXSEL_OK;
	/* A literal is one: that is what its kind says. */
	if (host->literal)
		(void)mxsel__address_from_name(&address, host->name,
			strlen(host->name));
	host->itself = mxsel__candidate_make(m, host->literal ? &address
	                                                      : NULL);
	return host->itself == NULL ? MXSEL_ENOMEM : MXSEL_OK;
}

static int ask_family(struct mxsel *m, struct host *host, int family,
	struct mxsel_query *opened[2])
{
	opened[family] = mxsel__question_open(m, host->name,
		family_type[family], NULL);
	if (opened[family] == NULL)
		return MXSEL_ENOMEM;
	host->asked[family] = opened[family];
	return MXSEL_OK;
}

/* What was asked ahead counts from now on, if it still may. */
static void count_ahead(struct mxsel *m, struct mxsel_query **asked)
{
	if (!(*asked)->ahead)
		return;
	if (mxsel__question_allowed(m)) {
		(*asked)->ahead = 0;
		m->ahead_count--;
		m->query_count++;
	} else {
		m->flags |= MXSEL_FLAG_LIMITED;
		*asked = NULL; /* as if it had never been asked */
	}
}

static int ask_host(struct mxsel *m, struct host *host)
{
	struct mxsel_query *opened[2] = { NULL, NULL };
	int family, rc = MXSEL_OK;

	if (host->literal || host->nameless)
		return make_itself(m, host);
	for (family = 0; family < 2 && rc == MXSEL_OK; family++) {
		if (family_is_off(m, family))
			continue;
		if (host->asked[family] != NULL)
			count_ahead(m, &host->asked[family]);
		else if (!mxsel__question_allowed(m))
			m->flags |= MXSEL_FLAG_LIMITED;
		else
			rc = ask_family(m, host, family, opened);
	}
	mxsel__cached_look_host(opened);
	return rc;
}

/* Addresses that one answer can add. */
static size_t answer_room(const struct mxsel *m)
{
	return mxsel__options_limit(m->options, MXSEL_OPT_MAX_HOST_ADDRESSES,
		FAMILY_MAX) + REJECTED_PER_ANSWER;
}

/* Is its last answer still to come? */
static int is_pending(const struct mxsel_query *q)
{
	return q != NULL && (q->state != QUERY_DONE ||
		mxsel__question_dangles(q));
}

static size_t count_pending(const struct mxsel *m)
{
	size_t pending = 0;
	uint16_t i;

	for (i = m->next_host; i < m->host_count; i++)
		pending += (size_t)(is_pending(m->hosts[i].asked[0]) +
			is_pending(m->hosts[i].asked[1]));
	return pending;
}

/* One host of those ahead. 1: there is no room for more questions; 0. */
static int ask_host_ahead(struct mxsel *m, struct host *host, size_t *pending)
{
	struct mxsel_query *opened[2] = { NULL, NULL };
	size_t most = mxsel__options_limit(m->options, MXSEL_OPT_MAX_QUERIES,
		QUESTIONS_MAX);
	int family, rc = 0;

	for (family = 0; family < 2 && rc == 0; family++) {
		if (host->asked[family] != NULL || family_is_off(m, family))
			continue;
		if (m->query_count + m->ahead_count >= most ||
			m->candidate_count + ++*pending * answer_room(m) >
			ATTEMPTS_MAX) {
			rc = 1;
		} else {
			rc = ask_family(m, host, family, opened);
			if (rc != MXSEL_OK)
				break;
			opened[family]->ahead = 1;
			m->query_count--;
			m->ahead_count++;
		}
	}
	mxsel__cached_look_host(opened);
	for (family = 0; family < 2; family++)
		if (opened[family] != NULL && !is_pending(opened[family]))
			--*pending;
	return rc;
}

/*
 * The hosts behind the group, as many as are wanted. What is asked ahead is
 * counted when its host's turn comes, as if it were asked then, so that a
 * limit of questions leaves the same ones out. And only as many are asked as
 * there is room for all their addresses, for that room, too, goes to hosts in
 * their order.
 */
static int ask_ahead(struct mxsel *m)
{
	int wanted = m->options->values[MXSEL_OPT_PREFETCH], rc = 0;
	size_t pending = wanted > 0 ? count_pending(m) : 0;
	uint16_t i;

	for (i = m->group_end; i < m->host_count && wanted-- > 0 && rc == 0;
		i++)
		if (!m->hosts[i].literal && !m->hosts[i].nameless)
			rc = ask_host_ahead(m, &m->hosts[i], &pending);
	return rc < 0 ? rc : MXSEL_OK;
}

int mxsel__hosts_ask(struct mxsel *m)
{
	uint16_t i;

	m->group_end = group_end(m);
	for (i = m->next_host; i < m->group_end; i++)
		if (ask_host(m, &m->hosts[i]) != MXSEL_OK)
			return MXSEL_ENOMEM;
	return ask_ahead(m);
}
