/*
 * RFC 5321 5.1 as one state machine. Each state is one function; what it
 * returns is a result for mxsel_next(), or AGAIN after it chose another.
 *
 *   START -> MX      a domain: ask for its MX
 *         -> GROUP   a literal or a host: nothing to ask first
 *         -> END     no destination, or not one of the public DNS
 *   MX    -> MX      an alias whose target nobody spoke of: ask there
 *         -> GROUP   hosts, or the domain itself (implicit MX)
 *         -> END     null MX, no domain, DNS failure, loop of aliases
 *   GROUP -> HOSTS   the next host, or all of one preference: ask addresses
 *         -> END     no hosts left: the verdict
 *   HOSTS -> WALK    answered and judged
 *   WALK  -> (attempt), or GROUP when there is no further one
 *         -> DANE    a host comes first whose TLSA records are to be known
 *   DANE  -> WALK    they are, or they cannot be had
 */
#include "select/select.h"

#include "select/security.h"

#define AGAIN 100

static int go(struct mxsel *m, enum state state)
{
	m->state = (uint8_t)state;
	return AGAIN;
}

/* Names that are never asked for, as the domain of a destination (R5). */
static int special_verdict(const struct mxsel *m, const char *name)
{
	switch (mxsel__name_special(name)) {
	case MXSEL__SPECIAL_LOCALHOST:
		return MXSEL__V_LOCALHOST;
	case MXSEL__SPECIAL_INVALID:
		return MXSEL__V_SPECIAL_USE;
	case MXSEL__SPECIAL_ONION:
		return m->options->values[MXSEL_OPT_HAND_OUT_ONION]
			? MXSEL__V_TRY : MXSEL__V_SPECIAL_USE;
	case MXSEL__SPECIAL_LOCAL:
		return m->options->values[MXSEL_OPT_ASK_LOCAL]
			? MXSEL__V_TRY : MXSEL__V_LOCAL;
	default:
		return MXSEL__V_TRY;
	}
}

static int single(struct mxsel *m, const char *name, int source)
{
	int rc = mxsel__plan_single(m, name, source);

	return rc == MXSEL_OK ? go(m, STATE_GROUP) : rc;
}

static int ask_mx(struct mxsel *m, struct mxsel_query *asker)
{
	struct mxsel_query *q;

	if (!mxsel__question_allowed(m)) {
		m->flags |= MXSEL_FLAG_LIMITED;
		return mxsel__conclude(m, MXSEL__V_LIMITED);
	}
	q = mxsel__question_open(m, m->domain, MXSEL_TYPE_MX, asker);
	if (q == NULL)
		return MXSEL_ENOMEM;
	m->asking = q;
	mxsel__cached_look(q);
	return go(m, STATE_MX);
}

static int start_named(struct mxsel *m)
{
	int verdict = special_verdict(m, m->domain);
	int rc = mxsel__seed_draw(m);

	if (rc != MXSEL_OK)
		return rc;
	if (verdict != MXSEL__V_TRY)
		return mxsel__conclude(m, verdict);
	if (m->kind == DESTINATION_HOST ||
		mxsel__name_special(m->domain) == MXSEL__SPECIAL_ONION)
		return single(m, m->domain, MXSEL_SOURCE_STATIC);
	return ask_mx(m, NULL);
}

static int start(struct mxsel *m)
{
	static const char *const kinds[] = {
		[DESTINATION_NONE] = "", [DESTINATION_BAD] = "not valid",
		[DESTINATION_NO_IDN] = "not ASCII",
		[DESTINATION_BAD_IDN] = "not valid",
		[DESTINATION_DOMAIN] = "domain", [DESTINATION_HOST] = "host",
		[DESTINATION_LITERAL] = "address literal",
	};

	if (mxsel__trace(m, MXSEL_TRACE_DESTINATION, m->destination,
		kinds[m->kind], "RFC 5321 4.1.2") != MXSEL_OK)
		return MXSEL_ENOMEM;
	switch (m->kind) {
	case DESTINATION_NONE:
		return MXSEL_ENOMEM;
	case DESTINATION_BAD:
		return mxsel__conclude(m, MXSEL__V_BAD_DESTINATION);
	case DESTINATION_NO_IDN:
		return mxsel__conclude(m, MXSEL__V_NO_IDN);
	case DESTINATION_BAD_IDN:
		return mxsel__conclude(m, MXSEL__V_BAD_IDN);
	case DESTINATION_LITERAL:
		return single(m, m->address, MXSEL_SOURCE_LITERAL);
	default:
		return start_named(m);
	}
}

/* RFC 5321 5.1: no MX at all; the domain itself, preference 0 (R13). */
static int implicit(struct mxsel *m)
{
	return single(m, m->domain, MXSEL_SOURCE_IMPLICIT);
}

static int no_domain(struct mxsel *m)
{
	if (!m->options->values[MXSEL_OPT_IMPLICIT_ON_NXDOMAIN])
		return mxsel__conclude(m, MXSEL__V_NO_DOMAIN);
	m->flags |= MXSEL_FLAG_IMPLICIT_NXDOMAIN;
	return implicit(m);
}

static int have_mx(struct mxsel *m)
{
	m->source = MXSEL_SOURCE_MX;
	if (m->plan != PLAN_NULL_MX)
		return go(m, STATE_GROUP);
	return mxsel__conclude(m, m->options->values[MXSEL_OPT_SENDER]
		? MXSEL__V_SENDER_NULL_MX : MXSEL__V_NULL_MX);
}

static void note_mx(struct mxsel *m, const struct mxsel_query *q)
{
	if (q->ttl < m->ttl)
		m->ttl = q->ttl;
	if (q->aliases != NULL) {
		m->flags |= MXSEL_FLAG_DOMAIN_IS_ALIAS;
		m->domain = mxsel__question_canonical(q);
	}
	if (q->loop)
		m->flags |= MXSEL_FLAG_DOMAIN_IS_ALIAS | (q->loop == 1
			? MXSEL_FLAG_ALIAS_LOOP : MXSEL_FLAG_ALIAS_CHAIN);
	mxsel__security_note_mx(m, q);
}

static int judge_mx(struct mxsel *m)
{
	struct mxsel_query *q = m->asking;
	int verdict = MXSEL__V_TRY;

	if (q->state != QUERY_DONE)
		return MXSEL_LOOKUP;
	note_mx(m, q);
	/* With records it was told before they were put in order. */
	if (!q->has_records && mxsel__trace_answer(m, q) != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (q->loop)
		return mxsel__conclude(m, MXSEL__V_ALIAS_LOOP);
	/* Whatever is not a clear answer is temporary, never a reason to go
	 * to the domain's own addresses (RFC 5321 5.1, R14). */
	if (mxsel__question_failed(q))
		return mxsel__conclude(m, MXSEL__V_DNS);
	/* The target is processed as if it were the domain (R5, R11). */
	if (q->aliases != NULL)
		verdict = special_verdict(m, m->domain);
	if (verdict != MXSEL__V_TRY) {
		m->host_count = 0; /* what its records came to is not used */
		return mxsel__conclude(m, verdict);
	}
	if (q->outcome == MXSEL_DNS_NXDOMAIN)
		return no_domain(m);
	if (q->has_records)
		return have_mx(m);
	if (!mxsel__question_dangles(q))
		return implicit(m);
	return ask_mx(m, q);
}

static int mx(struct mxsel *m)
{
	int rc = judge_mx(m);

	if (rc == AGAIN && m->state == STATE_GROUP)
		mxsel__question_recycle(m, &m->asking);
	return rc;
}

static int group(struct mxsel *m)
{
	size_t addresses = mxsel__options_limit(m->options,
		MXSEL_OPT_MAX_ADDRESSES, ATTEMPTS_MAX);
	size_t attempts = mxsel__options_limit(m->options,
		MXSEL_OPT_MAX_ATTEMPTS, ATTEMPTS_MAX);
	int rc;

	if (m->next_host < m->host_count && (m->attempt_count >= addresses ||
		m->attempt_count >= attempts)) {
		rc = mxsel__hosts_drop(m);
		if (rc != MXSEL_OK)
			return rc;
	}
	if (m->next_host >= m->host_count)
		return mxsel__conclude_met(m);
	rc = mxsel__hosts_ask(m);
	return rc == MXSEL_OK ? go(m, STATE_HOSTS) : rc;
}

static int hosts(struct mxsel *m)
{
	int rc = mxsel__hosts_follow(m);

	if (rc < 0)
		return rc;
	if (rc == 0)
		return MXSEL_LOOKUP;
	rc = mxsel__hosts_settle(m);
	return rc == MXSEL_OK ? go(m, STATE_WALK) : rc;
}

/* Is it left out because of what became of the attempt before (R72)? */
static int is_passed_over(const struct mxsel *m, const struct candidate *c)
{
	const struct candidate *tried = m->tried;

	if (m->hosts[c->host].skip)
		return 1;
	return tried != NULL && m->go == MXSEL__GO_FAMILY &&
		c->host == tried->host && c->length == tried->length;
}

/* What the report of the attempt reached asks for, before going on. */
static void leave(struct mxsel *m)
{
	if (m->tried == m->cursor)
		return; /* or there is none yet */
	m->tried = m->cursor;
	if (!m->reported) {
		m->unreported = 1;
		m->go = MXSEL__GO_ADDRESS;
	} else if (m->go == MXSEL__GO_HOST) {
		m->hosts[m->cursor->host].skip = 1;
	}
}

static int reach(struct mxsel *m, struct candidate *c)
{
	struct host *host = &m->hosts[c->host];

	if (!host->reached && mxsel__trace_posture(m, host) != MXSEL_OK)
		return MXSEL_ENOMEM;
	host->reached = 1;
	if (mxsel__trace_candidate(m, MXSEL_TRACE_ATTEMPT, c) != MXSEL_OK)
		return MXSEL_ENOMEM;
	m->cursor = c;
	m->reported = 0;
	m->tls_reported = 0;
	m->shown = 0;
	return MXSEL_ATTEMPT;
}

static int walk(struct mxsel *m)
{
	struct candidate *c;

	leave(m);
	m->reached = 0;
	if (m->tried != NULL && m->go == MXSEL__GO_STOP)
		return mxsel__conclude_met(m);
	c = m->cursor == NULL ? m->attempts : m->cursor->after;
	for (; c != NULL && is_passed_over(m, c); c = c->after)
		m->cursor = m->tried = c;
	if (c == NULL)
		return go(m, STATE_GROUP);
	if (mxsel__dane_is_due(m, &m->hosts[c->host])) {
		mxsel__dane_begin(m, c->host);
		return go(m, STATE_DANE);
	}
	return reach(m, c);
}

static int dane(struct mxsel *m)
{
	int rc = mxsel__dane_go_on(m);

	if (rc < 0)
		return rc;
	return rc == 0 ? MXSEL_LOOKUP : go(m, STATE_WALK);
}

static int end(struct mxsel *m)
{
	(void)m;
	return MXSEL_END;
}

static int (*const states[])(struct mxsel *) = {
	[STATE_START] = start,
	[STATE_MX] = mx,
	[STATE_GROUP] = group,
	[STATE_HOSTS] = hosts,
	[STATE_WALK] = walk,
	[STATE_DANE] = dane,
	[STATE_END] = end,
};

/*
 * The first two states are taken back when memory ends in them. The others
 * leave nothing half done, and a question they opened stays open, as told.
 */
static int step(struct mxsel *m)
{
	struct mark mark;
	int rc;

	if (m->state != STATE_START && m->state != STATE_MX)
		return states[m->state](m);
	mxsel__mark(m, &mark);
	rc = states[m->state](m);
	if (rc < 0)
		mxsel__take_back(m, &mark);
	return rc;
}

static int advance(struct mxsel *m)
{
	int rc;

	do
		rc = step(m);
	while (rc == AGAIN);
	m->reached = rc == MXSEL_ATTEMPT;
	return rc;
}

/* Nothing was answered at once: wait, if there is time and a way to. */
static void await(struct mxsel *m, const mxsel_resolver *r)
{
	uint32_t before = m->answered;
	int rc;

	if (mxsel_time_left(m) == 0) {
		mxsel__cancel_all(m, MXSEL_DNS_TIMEOUT);
	} else if (r->wait != NULL) {
		rc = r->wait(m, r->user);
		if (!m->doomed && (rc < 0 || m->answered == before))
			mxsel__cancel_all(m, MXSEL_DNS_NETWORK);
	}
}

/* A callback freed it: this is its end. */
static int survive(struct mxsel *m)
{
	if (!m->doomed)
		return MXSEL_OK;
	mxsel__destroy(m);
	return MXSEL_ECANCELED;
}

/* Hand the open questions to the resolver. */
static int hand_over(struct mxsel *m, const mxsel_resolver *r)
{
	struct mxsel_query *q;

	m->busy = 1;
	while (!m->doomed && (q = mxsel_query_take(m)) != NULL)
		r->resolve(q, r->user);
	m->busy = 0;
	return survive(m);
}

static int consult(struct mxsel *m, const mxsel_resolver *r)
{
	uint32_t before = m->answered;
	int rc = hand_over(m, r);

	if (rc != MXSEL_OK)
		return rc;
	if (m->answered != before)
		return MXSEL_OK;
	m->busy = 1;
	await(m, r);
	m->busy = 0;
	return survive(m);
}

/* Somebody else asks; for as long as there is time. */
static int leave_open(struct mxsel *m)
{
	if (mxsel_time_left(m) > 0)
		return MXSEL_OK;
	mxsel__cancel_all(m, MXSEL_DNS_TIMEOUT);
	return survive(m);
}

int mxsel_next(mxsel *m)
{
	const mxsel_resolver *r;
	uint32_t before;
	int rc;

	if (m == NULL || m->busy)
		return MXSEL_EUSAGE;
	r = m->options->resolver;
	for (;;) {
		rc = advance(m);
		/* What was asked ahead is looked up while the attempt runs. */
		if (rc == MXSEL_ATTEMPT && r != NULL && m->untaken != NULL)
			return hand_over(m, r) < 0 ? MXSEL_ECANCELED : rc;
		if (rc != MXSEL_LOOKUP)
			return rc;
		before = m->answered;
		rc = r != NULL ? consult(m, r) : leave_open(m);
		if (rc < 0)
			return rc;
		if (m->answered == before)
			return MXSEL_LOOKUP;
	}
}

int mxsel_is_waiting(const mxsel *m)
{
	if (m == NULL || mxsel_time_left(m) == 0)
		return 0;
	if (m->state == STATE_MX)
		return m->asking->state != QUERY_DONE;
	if (m->state == STATE_DANE)
		return m->asking != NULL &&
			m->asking->state != QUERY_DONE;
	return m->state == STATE_HOSTS && !mxsel__hosts_answered(m);
}

int mxsel_next_host(mxsel *m)
{
	if (m == NULL || m->busy || !m->reached)
		return MXSEL_EUSAGE;
	m->hosts[m->cursor->host].skip = 1;
	return mxsel_next(m);
}

int mxsel_rewind(mxsel *m)
{
	uint16_t i;

	if (m == NULL || m->busy)
		return MXSEL_EUSAGE;
	m->reached = 0;
	if (m->attempts == NULL)
		return MXSEL_OK; /* nothing was handed out */
	for (i = 0; i < m->next_host; i++)
		m->hosts[i].skip = 0;
	m->cursor = m->tried = NULL;
	m->go = MXSEL__GO_ADDRESS;
	m->reported = m->tls_reported = m->unreported = 0;
	m->strength = MXSEL__S_NONE;
	m->verdict = MXSEL__V_TRY;
	m->state = STATE_WALK;
	return MXSEL_OK;
}
