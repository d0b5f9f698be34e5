/*
 * What a policy and the message ask of the hosts (R95, R96), and what of all
 * this can be read at an attempt (R94).
 */
#include "select/select.h"

#include <string.h>

#include "select/security.h"

/* Policies are about hosts that the DNS named (RFC 8461 3). */
static int is_of_dns(int source)
{
	return source == MXSEL_SOURCE_MX || source == MXSEL_SOURCE_IMPLICIT;
}

/* The mode that rules hosts of this source. */
static int mode_for(const struct mxsel *m, int source)
{
	if (m->sts == NULL || m->tls == MXSEL_TLS_OPTIONAL ||
		!is_of_dns(source))
		return MXSEL_STS_NONE;
	return mxsel_sts_mode(m->sts);
}

void mxsel__security_note_mx(struct mxsel *m, const struct mxsel_query *q)
{
	m->mx_security = (uint8_t)mxsel__question_security(q);
	m->secure = m->mx_security == MXSEL_SECURITY_SECURE;
}

int mxsel__security_sts(const struct mxsel *m, const char *name, int source)
{
	int mode = mode_for(m, source);

	if (mode == MXSEL_STS_ENFORCE && !mxsel_sts_matches(m->sts, name))
		return MXSEL_STS_NONE;
	return mode;
}

/*
 * RFC 8689 4.2.1: DNSSEC for the MX, or a policy that lists the host. Where
 * the domain is the host, the same for an alias on the way.
 */
static int is_vouched_for(const struct mxsel *m, int source, int listed)
{
	if (!is_of_dns(source) || listed || (source == MXSEL_SOURCE_IMPLICIT &&
		strcmp(m->domain, m->original) == 0))
		return 1;
	return mxsel__question_security(m->asking) == MXSEL_SECURITY_SECURE;
}

/* The name is that of an answer, and will be gone. */
static int report_unlisted(struct mxsel *m, const char *name)
{
	if (m->line_count >= TLSRPT_MAX)
		return MXSEL_OK;
	name = mxsel__arena_text(&m->arena, name, strlen(name));
	return name == NULL ? MXSEL_ENOMEM : mxsel__tlsrpt_add(m, name, NULL,
		MXSEL_TLSRPT_STS, MXSEL_TLSRPT_VALIDATION_FAILURE);
}

int mxsel__security_judge(struct mxsel *m, const char *name, int source)
{
	int mode = mode_for(m, source);
	int listed = mode != MXSEL_STS_NONE &&
		mxsel_sts_matches(m->sts, name);

	if (mode != MXSEL_STS_NONE && !listed && report_unlisted(m, name) !=
		MXSEL_OK)
		return MXSEL_ENOMEM;
	if (mode == MXSEL_STS_ENFORCE && !listed) {
		m->met |= MET_STS;
		return MXSEL_REJECT_STS;
	}
	if (m->tls == MXSEL_TLS_REQUIRED &&
		!is_vouched_for(m, source, listed)) {
		m->met |= MET_REQUIRETLS;
		return MXSEL_REJECT_REQUIRETLS;
	}
	return 0;
}

void mxsel__security_path(const struct mxsel *m, const struct host *host,
	struct mxsel__path *path)
{
	const int *values = m->options->values;

	path->tls = m->tls;
	path->wants_dane = values[MXSEL_OPT_DANE] && !host->literal &&
		!host->nameless && m->tls != MXSEL_TLS_OPTIONAL;
	path->dane = host->dane;
	path->insecure_mx = is_of_dns(host->source) &&
		m->mx_security == MXSEL_SECURITY_INSECURE;
	path->for_insecure_mx =
		(unsigned char)values[MXSEL_OPT_DANE_INSECURE_MX];
	path->is_secure = host->path == PATH_SECURE ||
		host->path == PATH_ALIAS_SECURE;
	path->sts = host->sts;
}

/* --- said before the first question -------------------------------------- */

int mxsel_set_tls(mxsel *m, int tls)
{
	if (m == NULL || m->state != STATE_START)
		return MXSEL_EUSAGE;
	if (tls < MXSEL_TLS_BY_POLICY || tls > MXSEL_TLS_OPTIONAL)
		return MXSEL_ERANGE;
	m->tls = (uint8_t)tls;
	return MXSEL_OK;
}

int mxsel_tls(const mxsel *m)
{
	return m == NULL ? MXSEL_TLS_BY_POLICY : m->tls;
}

void mxsel__security_drop(struct mxsel *m)
{
	mxsel__sts_release(m->sts);
	m->sts = NULL;
}

int mxsel_set_sts(mxsel *m, const mxsel_sts *policy, uint64_t now)
{
	if (m == NULL || m->state != STATE_START)
		return MXSEL_EUSAGE;
	if (policy != NULL) {
		if (strcmp(mxsel_sts_domain(policy), m->original) != 0)
			return MXSEL_EMISMATCH;
		if (now >= mxsel_sts_expires(policy))
			return MXSEL_ERANGE;
	}
	policy = mxsel__sts_hold(policy);
	mxsel__security_drop(m);
	m->sts = policy;
	return MXSEL_OK;
}

/* --- read at an attempt -------------------------------------------------- */

static int posture(const mxsel *m, const struct host *host, int *reason)
{
	struct mxsel__path path;

	mxsel__security_path(m, host, &path);
	return mxsel__path_posture(&path, reason);
}

int mxsel_posture(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);
	int reason;

	return host == NULL ? MXSEL_POSTURE_NONE : posture(m, host, &reason);
}

int mxsel_posture_reason(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);
	int reason = 0;

	if (host != NULL)
		(void)posture(m, host, &reason);
	return reason;
}

/* Does DANE rule it, if only by asking for TLS? */
static int is_by_dane(const mxsel *m, const struct host *host)
{
	int reason, is = posture(m, host, &reason);

	return mxsel__dane_base(m, host) != NULL && (is == MXSEL_POSTURE_DANE ||
		is == MXSEL_POSTURE_ENCRYPT);
}

int mxsel_tlsrpt_policy(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);

	if (host == NULL)
		return MXSEL_TLSRPT_NO_POLICY;
	if (is_by_dane(m, host))
		return MXSEL_TLSRPT_TLSA;
	return host->sts != MXSEL_STS_NONE ? MXSEL_TLSRPT_STS
	                                   : MXSEL_TLSRPT_NO_POLICY;
}

const char *mxsel_tls_name(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);

	if (host == NULL)
		return NULL;
	if (host->literal)
		return "";
	return is_by_dane(m, host) ? mxsel__dane_base(m, host) : host->name;
}

#define IDENTITIES_MAX 4u

static size_t add(const char *list[IDENTITIES_MAX], size_t count,
	const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(list[i], name) == 0)
			return count;
	list[count] = name;
	return count + 1;
}

/* RFC 7672 3.2.2; without DANE RFC 8461 4.2 and RFC 8689 4.2.1. */
static size_t identities(const mxsel *m, const struct host *host,
	const char *list[IDENTITIES_MAX])
{
	int reason, is = posture(m, host, &reason);
	size_t count;

	if (is != MXSEL_POSTURE_DANE)
		return add(list, 0, host->literal ? mxsel__address_text(m)
		                                  : host->name);
	count = add(list, 0, mxsel__dane_base(m, host));
	if (host->base == BASE_EXPANDED)
		count = add(list, count, host->name);
	count = add(list, count, m->original);
	/* What an insecure alias leads to is anybody's. */
	return m->secure ? add(list, count, m->domain) : count;
}

size_t mxsel_tls_identity_count(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);
	const char *list[IDENTITIES_MAX];

	return host == NULL ? 0 : identities(m, host, list);
}

const char *mxsel_tls_identity(const mxsel *m, size_t index)
{
	const struct host *host = mxsel__host_reached(m);
	const char *list[IDENTITIES_MAX];

	return host == NULL || index >= identities(m, host, list) ? NULL
		: list[index];
}

/* --- TLSA records -------------------------------------------------------- */

int mxsel_dane(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);

	return host == NULL ? MXSEL_DANE_NONE : host->dane;
}

const char *mxsel_tlsa_base(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);

	const char *base = host == NULL ? NULL : mxsel__dane_base(m, host);

	return base == NULL ? "" : base;
}

size_t mxsel_tlsa_count(const mxsel *m)
{
	const struct host *host = mxsel__host_reached(m);
	const struct tlsa *t = host == NULL ? NULL : mxsel__dane_tlsa(host);
	size_t count = 0;

	for (; t != NULL; t = t->next)
		count++;
	return count;
}

int mxsel_tlsa(const mxsel *m, size_t index, int *usage, int *selector,
	int *matching, const uint8_t **data, size_t *length)
{
	const struct host *host = mxsel__host_reached(m);
	const struct tlsa *t = host == NULL ? NULL : mxsel__dane_tlsa(host);

	if (m == NULL)
		return MXSEL_EUSAGE;
	for (; t != NULL && index > 0; index--)
		t = t->next;
	if (t == NULL)
		return MXSEL_ERANGE;
	if (usage != NULL)
		*usage = t->usage;
	if (selector != NULL)
		*selector = t->selector;
	if (matching != NULL)
		*matching = t->matching;
	if (data != NULL)
		*data = t->data;
	if (length != NULL)
		*length = t->length;
	return MXSEL_OK;
}
