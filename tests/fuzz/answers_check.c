/*
 * What must hold at any moment of any selection, whatever it was answered
 * (R30, R36, R37, R72-R75, R92, R95, R96, S26, S27, S32, S37). May use the
 * public headers.
 */
#include "fuzz/answers.h"

void seen_rewind(struct seen *seen)
{
	seen->preference = -1;
	seen->count = seen->hosts = 0;
	memset(seen->of_host, 0, sizeof(seen->of_host));
}

void seen_begin(struct seen *seen, int is_cached)
{
	seen_rewind(seen);
	/* A cache knows what an earlier selection was told. */
	if (!is_cached)
		seen->tlsa_count = 0;
}

/* --- TLSA records -------------------------------------------------------- */

static unsigned find_tlsa(const struct seen *seen, const char *name)
{
	unsigned i;

	for (i = 0; i < seen->tlsa_count; i++)
		if (strcmp(seen->tlsa[i].name, name) == 0)
			break;
	return i;
}

static void note(struct seen *seen, const char *name,
	enum seen_tlsa_kind kind)
{
	unsigned at = find_tlsa(seen, name);

	if (at == SEEN_TLSA)
		return;
	/* Asked for two hosts and answered otherwise: each has its own. */
	if (at < seen->tlsa_count && seen->tlsa[at].kind != kind)
		kind = TLSA_UNKNOWN;
	if (at == seen->tlsa_count)
		seen->tlsa_count++;
	(void)snprintf(seen->tlsa[at].name, sizeof(seen->tlsa[at].name),
		"%s", name);
	seen->tlsa[at].kind = kind;
}

void seen_tlsa(struct seen *seen, const mxsel_query *q, int outcome,
	int security, unsigned count, int is_unclear)
{
	enum seen_tlsa_kind kind;

	if (mxsel_query_type(q) != MXSEL_TYPE_TLSA)
		return;
	if (is_unclear)
		kind = TLSA_UNKNOWN;
	else if ((outcome != MXSEL_DNS_COMPLETE &&
		outcome != MXSEL_DNS_NXDOMAIN) ||
		security == MXSEL_SECURITY_BOGUS ||
		security == MXSEL_SECURITY_INDETERMINATE)
		kind = TLSA_FAILED;
	else if (outcome == MXSEL_DNS_NXDOMAIN ||
		security == MXSEL_SECURITY_INSECURE || count == 0)
		kind = TLSA_NONE;
	else
		kind = TLSA_UNUSABLE;
	note(seen, mxsel_query_name(q), kind);
}

void seen_usable(struct seen *seen, const mxsel_query *q)
{
	unsigned at = find_tlsa(seen, mxsel_query_name(q));

	if (at < seen->tlsa_count && seen->tlsa[at].kind == TLSA_UNUSABLE)
		seen->tlsa[at].kind = TLSA_USABLE;
}

/*
 * A host that is no alias, at an address that DNSSEC vouches for: what its
 * TLSA records demand is what it is reached with, at least (S32).
 */
static void check_dane(const mxsel *m, const mxsel_options *options,
	const struct seen *seen)
{
	int insecure = mxsel_options_get(options, MXSEL_OPT_DANE_INSECURE_MX);
	char name[300];
	unsigned at;

	if (!mxsel_options_get(options, MXSEL_OPT_DANE) ||
		mxsel_tls(m) == MXSEL_TLS_OPTIONAL ||
		mxsel_host_source(m) == MXSEL_SOURCE_LITERAL ||
		mxsel_address(m)[0] == '\0' || !mxsel_address_is_secure(m) ||
		strcmp(mxsel_host_name(m), mxsel_host_canonical(m)) != 0)
		return;
	if (insecure == MXSEL_INSECURE_MX_MAY && !mxsel_is_secure(m))
		return;
	(void)snprintf(name, sizeof(name), "_%d._tcp.%s", mxsel_port(m),
		mxsel_host_name(m));
	if (strlen(name) > 253)
		return;
	at = find_tlsa(seen, name);
	if (at == SEEN_TLSA)
		return;
	MUST(at < seen->tlsa_count);
	MUST(seen->tlsa[at].kind != TLSA_FAILED);
	if (seen->tlsa[at].kind == TLSA_USABLE)
		MUST(mxsel_posture(m) == MXSEL_POSTURE_DANE ||
			(insecure == MXSEL_INSECURE_MX_ENCRYPT &&
			!mxsel_is_secure(m) && mxsel_posture(m) >=
			MXSEL_POSTURE_ENCRYPT));
	if (seen->tlsa[at].kind == TLSA_UNUSABLE)
		MUST(mxsel_posture(m) >= MXSEL_POSTURE_ENCRYPT);
}

static void check_posture(const mxsel *m, const mxsel_sts *policy)
{
	int posture = mxsel_posture(m), source = mxsel_host_source(m);

	MUST(posture >= MXSEL_POSTURE_OPPORTUNISTIC &&
		posture <= MXSEL_POSTURE_DANE);
	MUST(mxsel_posture_reason_name(mxsel_posture_reason(m)) != NULL);
	MUST(mxsel_dane(m) != MXSEL_DANE_TEMPORARY);
	MUST(posture != MXSEL_POSTURE_DANE || mxsel_tlsa_count(m) > 0);
	MUST(posture < MXSEL_POSTURE_PKIX ||
		mxsel_tls_identity_count(m) > 0);
	MUST(mxsel_tls(m) != MXSEL_TLS_OPTIONAL ||
		posture == MXSEL_POSTURE_OPPORTUNISTIC);
	MUST(mxsel_tls(m) != MXSEL_TLS_REQUIRED ||
		posture >= MXSEL_POSTURE_PKIX);
	if (mxsel_sts_mode(policy) != MXSEL_STS_ENFORCE ||
		mxsel_tls(m) == MXSEL_TLS_OPTIONAL ||
		strcmp(mxsel_original_domain(m), "example.com") != 0 ||
		(source != MXSEL_SOURCE_MX && source != MXSEL_SOURCE_IMPLICIT))
		return;
	MUST(mxsel_sts_matches(policy, mxsel_host_name(m)));
	MUST(posture >= MXSEL_POSTURE_PKIX);
}

/* --- order and limits ---------------------------------------------------- */

static unsigned limit(const mxsel_options *options, int option)
{
	int value = mxsel_options_get(options, option);

	return value == 0 ? 1000000 : (unsigned)value;
}

static void check_limits(const mxsel_options *options,
	const struct seen *seen)
{
	MUST(seen->hosts <= limit(options, MXSEL_OPT_MAX_HOSTS));
	MUST(seen->count <= limit(options, MXSEL_OPT_MAX_ADDRESSES));
	MUST(seen->count <= limit(options, MXSEL_OPT_MAX_ATTEMPTS));
}

/* R30, S37: never back. R36, R73: nothing twice. */
static void check_order(const mxsel *m, const mxsel_options *options,
	const mxsel_sts *policy, struct seen *seen)
{
	char *told = seen->tried[seen->count];
	/* Where names matter to TLS, an address may come again (R36). */
	int by_name = mxsel_options_get(options, MXSEL_OPT_KEEP_DUPLICATES) ||
		mxsel_options_get(options, MXSEL_OPT_DANE) || policy != NULL ||
		mxsel_tls(m) == MXSEL_TLS_REQUIRED ||
		*mxsel_address(m) == '\0';
	int rank = mxsel_host_rank(m);
	unsigned i;

	MUST(mxsel_host_preference(m) >= seen->preference);
	seen->preference = mxsel_host_preference(m);
	MUST(rank >= 0 && rank < SEEN_HOSTS);
	seen->hosts += seen->of_host[rank] == 0;
	seen->of_host[rank]++;
	MUST(seen->of_host[rank] <=
		limit(options, MXSEL_OPT_MAX_HOST_ADDRESSES));
	(void)snprintf(told, sizeof(seen->tried[0]), "%s %s",
		by_name ? mxsel_host_name(m) : "", mxsel_address(m));
	for (i = 0; i < seen->count; i++)
		MUST(strcmp(seen->tried[i], told) != 0);
	seen->count++;
	MUST(seen->count < SEEN_TRIED);
}

/* S26: what is never handed out. */
static void check_address(const mxsel *m, const mxsel_options *options)
{
	const char *address = mxsel_address(m);
	int family = mxsel_options_get(options, MXSEL_OPT_FAMILY);

	MUST(strncmp(address, "0.", 2) != 0 && strcmp(address, "::") != 0);
	MUST(strncmp(address, "224.", 4) != 0);
	MUST(strcmp(address, "255.255.255.255") != 0);
	MUST(mxsel_options_get(options, MXSEL_OPT_ALLOW_LOOPBACK) ||
		(strcmp(address, "127.0.0.1") != 0 &&
		strcmp(address, "::1") != 0));
	MUST(mxsel_options_get(options, MXSEL_OPT_ALLOW_LINK_LOCAL) ||
		(strncmp(address, "169.254.", 8) != 0 &&
		strncmp(address, "fe80:", 5) != 0));
	MUST(!mxsel_options_get(options, MXSEL_OPT_REFUSE_PRIVATE) ||
		strncmp(address, "10.", 3) != 0);
	MUST(family != MXSEL_FAMILY_V4_ONLY || strchr(address, ':') == NULL);
	MUST(family != MXSEL_FAMILY_V6_ONLY || strchr(address, '.') == NULL);
}

/* --- all of it ----------------------------------------------------------- */

/* Whatever was dropped has a name, a reason, and is told. */
static void check_rejected(const mxsel *m)
{
	const char *subject = NULL;
	int reason = 0, preference = -1;
	size_t count = mxsel_rejected_count(m);

	if (count == 0)
		return;
	MUST(mxsel_rejected(m, count - 1, &reason, &preference,
		&subject) == 0);
	MUST(subject != NULL && *subject != '\0');
	MUST(mxsel_reject_name(reason) != NULL);
	MUST(preference >= 0 && preference <= 65535);
}

void check_always(const mxsel *m, const mxsel_options *options)
{
	/* Asked ahead: counted when it is their host's turn (R37). */
	unsigned ahead = 2 * (unsigned)mxsel_options_get(options,
		MXSEL_OPT_PREFETCH);

	MUST(mxsel_query_count(m) <=
		limit(options, MXSEL_OPT_MAX_QUERIES) + ahead);
	MUST(mxsel_ttl(m) <= 2147483647);
	MUST(mxsel_rejected_count(m) <= 100);
	check_rejected(m);
	/* 512, the end, and after a rewind that it is cut and the end. */
	MUST(mxsel_trace_count(m) <= 515);
	MUST(mxsel_tlsrpt_count(m) <= 200);
}

void check_attempt(const mxsel *m, const mxsel_options *options,
	const mxsel_sts *policy, struct seen *seen)
{
	MUST(mxsel_verdict_action(m) == MXSEL_ACTION_TRY);
	MUST(mxsel_verdict_code(m) == 0 && *mxsel_verdict_status(m) == '\0');
	MUST(mxsel_port(m) >= 1 && mxsel_port(m) <= 65535);
	MUST(mxsel_host_name(m) != NULL && *mxsel_host_name(m) != '\0');
	check_order(m, options, policy, seen);
	check_limits(options, seen);
	check_address(m, options);
	check_posture(m, policy);
	check_dane(m, options, seen);
}

/* R74, R75: the first digit says what the action says. */
void check_verdict(const mxsel *m)
{
	int action = mxsel_verdict_action(m);
	int class = action == MXSEL_ACTION_DELIVERED ? 2
		: action == MXSEL_ACTION_DEFER ? 4 : 5;
	const char *status = mxsel_verdict_status(m);
	const char *text = mxsel_verdict_text(m);

	MUST(action >= MXSEL_ACTION_DELIVERED &&
		action <= MXSEL_ACTION_BOUNCE);
	MUST(mxsel_verdict_code(m) / 100 == class);
	MUST(status[0] == '0' + class && status[1] == '.');
	MUST(*text != '\0' && text[strlen(text) - 1] == '.');
	MUST(mxsel_reason_name(mxsel_verdict_reason(m)) != NULL);
	MUST(mxsel_verdict_reply(m) != NULL && mxsel_verdict_host(m) != NULL);
	MUST(mxsel_address(m) == NULL && mxsel_host_rank(m) == -1);
	MUST(mxsel_posture(m) == MXSEL_POSTURE_NONE);
}

static int same(const char *a, const char *b)
{
	return (a == NULL && b == NULL) ||
		(a != NULL && b != NULL && strcmp(a, b) == 0);
}

void same_place(const mxsel *m, const mxsel *other)
{
	MUST(same(mxsel_host_name(m), mxsel_host_name(other)));
	MUST(same(mxsel_host_canonical(m), mxsel_host_canonical(other)));
	MUST(same(mxsel_address(m), mxsel_address(other)));
	MUST(mxsel_host_rank(m) == mxsel_host_rank(other));
	MUST(mxsel_posture(m) == mxsel_posture(other));
	MUST(mxsel_posture_reason(m) == mxsel_posture_reason(other));
	MUST(mxsel_tlsa_count(m) == mxsel_tlsa_count(other));
	MUST(mxsel_tls(m) == mxsel_tls(other));
	MUST(mxsel_verdict_action(m) == mxsel_verdict_action(other));
	MUST(mxsel_verdict_code(m) == mxsel_verdict_code(other));
	MUST(same(mxsel_verdict_text(m), mxsel_verdict_text(other)));
}
