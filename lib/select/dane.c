/*
 * The TLSA records of the host whose turn it is (R91-R93): asked for after
 * its addresses and before the first of them is handed out. Whatever goes
 * wrong on the way makes the host unusable for now; it never makes it a host
 * without TLSA records.
 */
#include "select/select.h"

#include <stdio.h>
#include <string.h>

#include "policy/tlsa.h"
#include "select/security.h"

/* What is asked for next. */
enum step {
	STEP_PROBE,    /* is the alias at its name secure? */
	STEP_EXPANDED, /* TLSA at the name that has the addresses */
	STEP_ORIGINAL, /* TLSA at the name as published */
	/* A domain that is an alias and has no MX is its own host under
	   either name (RFC 7672 2.2.2). */
	STEP_PROBE_DOMAIN, /* is that alias secure? */
	STEP_DOMAIN,       /* TLSA at the name that was asked for first */
	STEP_NONE          /* nothing */
};

_Static_assert(STEP_NONE == MXSEL__DANE_STEP_MAX, "the last of them");

/* --- which question ------------------------------------------------------ */

int mxsel__dane_is_due(const struct mxsel *m, const struct host *host)
{
	struct mxsel__path path;

	if (host->looked)
		return 0;
	mxsel__security_path(m, host, &path);
	return mxsel__path_wants_tlsa(&path);
}

/* Where to look when there is nothing under the host's own names. */
static enum step domain_step(const struct mxsel *m, const struct host *host)
{
	if (host->source != MXSEL_SOURCE_IMPLICIT ||
		!mxsel__dane_is_validating(m) ||
		strcmp(m->domain, m->original) == 0)
		return STEP_NONE;
	return m->secure ? STEP_DOMAIN : STEP_PROBE_DOMAIN;
}

static enum step begin_step(const struct mxsel *m, const struct host *host)
{
	if (host->path == PATH_ALIAS)
		return STEP_PROBE;
	if (host->path == PATH_SECURE)
		return host->canonical != host->name ? STEP_EXPANDED
		                                     : STEP_ORIGINAL;
	if (host->path == PATH_ALIAS_SECURE)
		return STEP_ORIGINAL;
	return host->path == PATH_INSECURE ? domain_step(m, host) : STEP_NONE;
}

/* Where to look when there is nothing here. */
static enum step next_step(const struct mxsel *m, const struct host *host,
	enum step step)
{
	if (step == STEP_EXPANDED)
		return STEP_ORIGINAL;
	return step < STEP_PROBE_DOMAIN ? domain_step(m, host) : STEP_NONE;
}

int mxsel__dane_is_by_name(const struct mxsel *m, const struct host *host)
{
	if (m->tls == MXSEL_TLS_REQUIRED || host->sts == MXSEL_STS_ENFORCE ||
		host->dane != MXSEL_DANE_NONE)
		return 1;
	return mxsel__dane_is_due(m, host) && (host->path == PATH_UNKNOWN ||
		begin_step(m, host) != STEP_NONE);
}

void mxsel__dane_begin(struct mxsel *m, uint16_t host)
{
	/* After a rewind what was asked is still asked: of this host, for
	   those before it are settled (R80). */
	if (m->asking != NULL)
		return;
	m->dane_host = host;
	m->dane_step = (uint8_t)begin_step(m, &m->hosts[host]);
}

static const char *base_name(const struct mxsel *m, const struct host *host,
	unsigned base)
{
	switch (base) {
	case BASE_EXPANDED:
		return host->canonical;
	case BASE_DOMAIN:
		return m->original;
	default:
		return host->name;
	}
}

const char *mxsel__dane_base(const struct mxsel *m, const struct host *host)
{
	if (host->dane != MXSEL_DANE_RECORDS &&
		host->dane != MXSEL_DANE_UNUSABLE)
		return NULL;
	return base_name(m, host, host->base);
}

/* At which name the step looks. */
static enum base base_of(enum step step)
{
	if (step == STEP_EXPANDED)
		return BASE_EXPANDED;
	return step == STEP_DOMAIN || step == STEP_PROBE_DOMAIN
		? BASE_DOMAIN : BASE_NAME;
}

static const char *step_name(const struct mxsel *m, const struct host *host)
{
	return base_name(m, host, base_of((enum step)m->dane_step));
}

/* RFC 6698 3: "_25._tcp." before the name. "": it would be too long. */
static void tlsa_name(const struct mxsel *m, const struct host *host,
	char out[MXSEL__NAME_TEXT_SIZE])
{
	const char *base = step_name(m, host);
	char prefix[16];
	size_t before, length = strlen(base);

	before = (size_t)snprintf(prefix, sizeof(prefix), "_%u._tcp.",
		(unsigned)m->port);
	out[0] = '\0';
	if (before + length > MXSEL__NAME_MAX)
		return;
	memcpy(out, prefix, before);
	memcpy(out + before, base, length + 1);
}

/* --- what an answer means ------------------------------------------------ */

enum found { FOUND_FAILED, FOUND_NOTHING, FOUND_RECORDS };

/* Insecure is as good as none, and unknown never is (RFC 7672 2.1, S32). */
static enum found judge(const struct mxsel_query *q)
{
	int security = mxsel__question_security(q);

	if (mxsel__question_failed(q) || (security != MXSEL_SECURITY_SECURE &&
		security != MXSEL_SECURITY_INSECURE))
		return FOUND_FAILED;
	if (security == MXSEL_SECURITY_INSECURE || !q->has_records)
		return FOUND_NOTHING;
	/* Some could be used, and there was no room for any. */
	if (q->type == MXSEL_TYPE_TLSA && q->kept == 0 && q->cut)
		return FOUND_FAILED;
	return FOUND_RECORDS;
}

/*
 * Addresses of a DANE host that DNSSEC does not vouch for are not used, nor
 * any of a host whose records cannot be had (R92, R93).
 */
int mxsel__dane_forbids(const struct host *host, const struct candidate *c)
{
	if (host->dane == MXSEL_DANE_TEMPORARY)
		return 1;
	return host->dane != MXSEL_DANE_NONE && host->path == PATH_SECURE &&
		!c->secure;
}

static int reject_insecure(struct mxsel *m, const struct host *host)
{
	const struct candidate *c;
	int left = 0;

	for (c = m->attempts; c != NULL; c = c->after) {
		if (&m->hosts[c->host] != host)
			continue;
		if (!mxsel__dane_forbids(host, c))
			left = 1;
		else if (mxsel__reject_address(m, MXSEL_REJECT_INSECURE,
			host->preference, c) != MXSEL_OK)
			return MXSEL_ENOMEM;
	}
	if (!left)
		m->met |= MET_TLSA;
	return MXSEL_OK;
}

/* They were never reached, so nobody is at any of them. */
static void drop_forbidden(struct mxsel *m, const struct host *host)
{
	struct candidate **link = &m->attempts, *c;

	m->last_attempt = NULL;
	while ((c = *link) != NULL) {
		if (&m->hosts[c->host] == host &&
			mxsel__dane_forbids(host, c)) {
			*link = c->after;
			m->attempt_count--;
		} else {
			m->last_attempt = c;
			link = &c->after;
		}
	}
}

/* What follows for the host from its outcome, and is told. */
static int tell(struct mxsel *m, const struct host *host)
{
	if (mxsel__trace_tlsa(m, host) != MXSEL_OK)
		return MXSEL_ENOMEM;
	switch (host->dane) {
	case MXSEL_DANE_TEMPORARY:
		m->met |= MET_TLSA;
		if (mxsel__tlsrpt_add(m, host->name, NULL, MXSEL_TLSRPT_TLSA,
			MXSEL_TLSRPT_DNSSEC_INVALID) != MXSEL_OK)
			return MXSEL_ENOMEM;
		return mxsel__reject(m, MXSEL_REJECT_TLSA, host->preference,
			host->name);
	case MXSEL_DANE_UNUSABLE:
		if (mxsel__tlsrpt_add(m, host->name, NULL, MXSEL_TLSRPT_TLSA,
			MXSEL_TLSRPT_TLSA_INVALID) != MXSEL_OK)
			return MXSEL_ENOMEM;
		break;
	case MXSEL_DANE_RECORDS:
		break;
	default:
		return MXSEL_OK;
	}
	return host->path == PATH_SECURE ? reject_insecure(m, host)
	                                 : MXSEL_OK;
}

/* It is known what DANE comes to for the host. */
static int settle(struct mxsel *m, struct host *host, int dane)
{
	const struct mxsel_query *q = m->asking;

	host->dane = (unsigned)dane & 3u;
	if (dane == MXSEL_DANE_RECORDS || dane == MXSEL_DANE_UNUSABLE) {
		host->base = 3u & base_of((enum step)m->dane_step);
		host->tlsa = q->first.tlsa;
	}
	if (q != NULL && q->cut)
		m->flags |= MXSEL_FLAG_LIMITED;
	if (tell(m, host) != MXSEL_OK)
		return MXSEL_ENOMEM;
	host->looked = 1;
	drop_forbidden(m, host);
	return MXSEL_OK;
}

/* There is no TLSA record here; perhaps elsewhere. */
static int look_on(struct mxsel *m, struct host *host)
{
	enum step next = next_step(m, host, (enum step)m->dane_step);

	if (next == STEP_NONE)
		return settle(m, host, MXSEL_DANE_NONE);
	m->dane_step = (uint8_t)next;
	return MXSEL_OK;
}

/* An answer's end to the next step, or to what it all comes to. */
static int use(struct mxsel *m, struct host *host, enum found found)
{
	int probing = m->dane_step == STEP_PROBE ||
		m->dane_step == STEP_PROBE_DOMAIN;

	if (found == FOUND_FAILED)
		return settle(m, host, MXSEL_DANE_TEMPORARY);
	if (found == FOUND_NOTHING)
		return look_on(m, host);
	if (host->path != PATH_SECURE)
		host->path = PATH_ALIAS_SECURE;
	if (!probing)
		return settle(m, host, m->asking->kept > 0
			? MXSEL_DANE_RECORDS : MXSEL_DANE_UNUSABLE);
	m->dane_step = m->dane_step == STEP_PROBE ? STEP_ORIGINAL
	                                          : STEP_DOMAIN;
	return MXSEL_OK;
}

/* It ended at an alias that is secure, and only that is followed (R91). */
static int leads_on(const struct mxsel_query *q)
{
	return mxsel__question_dangles(q) &&
		mxsel__question_security(q) == MXSEL_SECURITY_SECURE;
}

/* Who is never asked for cannot be followed there, either (R5). */
static int is_followed(const struct mxsel_query *q)
{
	return leads_on(q) && mxsel__name_special(
		mxsel__question_canonical(q)) == MXSEL__SPECIAL_NONE;
}

static int open_question(struct mxsel *m, const char *name, uint16_t type)
{
	struct mxsel_query *q;

	q = mxsel__question_open(m, name, type, m->asking);
	if (q == NULL)
		return MXSEL_ENOMEM;
	m->asking = q;
	mxsel__cached_look(q);
	return MXSEL_OK;
}

/* Or there is nothing to ask, and it is known. 0 or MXSEL_ENOMEM. */
static int ask(struct mxsel *m, struct host *host)
{
	char made[MXSEL__NAME_TEXT_SIZE];
	const char *name;

	if (m->dane_step == STEP_NONE)
		return settle(m, host, host->path == PATH_UNKNOWN
			? MXSEL_DANE_TEMPORARY : MXSEL_DANE_NONE);
	if (!mxsel__question_allowed(m)) {
		m->flags |= MXSEL_FLAG_LIMITED;
		return settle(m, host, MXSEL_DANE_TEMPORARY);
	}
	if (m->dane_step == STEP_PROBE || m->dane_step == STEP_PROBE_DOMAIN)
		return open_question(m, step_name(m, host), MXSEL_TYPE_CNAME);
	tlsa_name(m, host, made);
	if (made[0] == '\0')
		return use(m, host, FOUND_NOTHING);
	name = mxsel__room_text(m, &m->tlsa_room, made, strlen(made));
	return name == NULL ? MXSEL_ENOMEM
		: open_question(m, name, MXSEL_TYPE_TLSA);
}

/* The question asked is answered. 0 or MXSEL_ENOMEM. */
static int hear(struct mxsel *m, struct host *host)
{
	struct mxsel_query *q = m->asking;
	int rc = MXSEL_OK;

	if (q->ttl < m->ttl)
		m->ttl = q->ttl;
	if (mxsel__trace_answer(m, q) != MXSEL_OK)
		return MXSEL_ENOMEM;
	if (is_followed(q) && mxsel__question_allowed(m))
		return open_question(m, mxsel__question_canonical(q),
			q->type);
	if (is_followed(q))
		m->flags |= MXSEL_FLAG_LIMITED;
	rc = use(m, host, leads_on(q) ? FOUND_FAILED : judge(q));
	if (rc == MXSEL_OK)
		mxsel__question_recycle(m, &m->asking);
	return rc;
}

/* One step, taken back whole where memory ends (S39). */
static int advance(struct mxsel *m, struct host *host)
{
	struct host before = *host;
	struct mark mark;
	int rc;

	mxsel__mark(m, &mark);
	rc = m->asking == NULL ? ask(m, host) : hear(m, host);
	if (rc != MXSEL_OK) {
		mxsel__take_back(m, &mark);
		*host = before;
	}
	return rc;
}

int mxsel__dane_go_on(struct mxsel *m)
{
	struct host *host = &m->hosts[m->dane_host];
	int rc;

	while (!host->looked) {
		if (m->asking != NULL &&
			m->asking->state != QUERY_DONE)
			return 0;
		rc = advance(m, host);
		if (rc != MXSEL_OK)
			return rc;
	}
	return 1;
}

/* --- read back ----------------------------------------------------------- */

int mxsel__dane_step_is_sound(const struct mxsel *m)
{
	enum step at, step = (enum step)m->dane_step;
	const struct host *host;

	if (m->dane_host >= m->next_host)
		return 0;
	host = &m->hosts[m->dane_host];
	/* Nobody has been there yet, and it is somewhere to ask about. */
	if (host->looked || host->reached || host->literal ||
		host->nameless || m->tls == MXSEL_TLS_OPTIONAL)
		return 0;
	for (at = begin_step(m, host); at != step; at = next_step(m, host, at))
		if (at == STEP_NONE || (at == STEP_PROBE_DOMAIN &&
			step == STEP_DOMAIN))
			break;
	return at == step || at == STEP_PROBE_DOMAIN;
}

/* What its path allows to come of its TLSA records. */
static int is_outcome_sound(const struct mxsel *m, const struct host *host)
{
	switch ((enum path)host->path) {
	case PATH_INSECURE:
		return host->dane == MXSEL_DANE_NONE ||
			(host->dane == MXSEL_DANE_TEMPORARY &&
			domain_step(m, host) != STEP_NONE);
	case PATH_SECURE:
	case PATH_ALIAS_SECURE:
		return 1;
	case PATH_ALIAS: /* the probe told of no secure alias */
		return host->dane == MXSEL_DANE_NONE ||
			host->dane == MXSEL_DANE_TEMPORARY;
	case PATH_UNKNOWN:
		break;
	}
	return host->dane == MXSEL_DANE_TEMPORARY;
}

int mxsel__dane_host_is_sound(const struct mxsel *m, const struct host *host)
{
	if (host->path != PATH_INSECURE && (host->literal || host->nameless))
		return 0;
	if (host->base != BASE_NAME && mxsel__dane_base(m, host) == NULL)
		return 0;
	if (host->base == BASE_EXPANDED && (host->path != PATH_SECURE ||
		host->canonical == host->name))
		return 0;
	if (host->base == BASE_DOMAIN && domain_step(m, host) == STEP_NONE)
		return 0;
	if (!host->looked)
		return host->dane == MXSEL_DANE_NONE;
	if (host->literal || host->nameless || m->tls == MXSEL_TLS_OPTIONAL)
		return 0;
	if (host->dane == MXSEL_DANE_TEMPORARY && !(m->met & MET_TLSA))
		return 0;
	return is_outcome_sound(m, host);
}
