/*
 * What DANE, MTA-STS and REQUIRETLS come to for a domain with one mail host,
 * said a second time and in another way than the library says it: from what
 * every question would be answered, the questions that must be asked, what
 * the attempt must be, or the verdict. From RFC 7672 2, RFC 8461 4 and 5, RFC
 * 8689 4. May use the public headers and libc.
 */
#ifndef TESTS_SUPPORT_DANE_MODEL_H
#define TESTS_SUPPORT_DANE_MODEL_H

#include <stdio.h>
#include <string.h>

#include <mxsel/security.h>

#define MODEL_DOMAIN "d.example"
#define MODEL_EXCHANGE "h.example"
#define MODEL_TARGET "t.example"

/* The addresses of a family at the end of all aliases. */
enum model_address {
	ADDRESS_INDETERMINATE, ADDRESS_INSECURE, ADDRESS_SECURE,
	ADDRESS_BOGUS, ADDRESS_SERVFAIL, ADDRESS_NONE, ADDRESS_NONE_UNKNOWN,
	ADDRESS_COUNT
};

/* The host's name. FIRST: told alone, and by itself as secure as it says. */
enum model_alias {
	ALIAS_FIRST_INDETERMINATE, ALIAS_FIRST_INSECURE, ALIAS_FIRST_SECURE,
	ALIAS_FIRST_BOGUS, ALIAS_NONE, ALIAS_WITHIN, ALIAS_COUNT
};

enum model_sts {
	STS_NONE, STS_TESTING, STS_TESTING_OTHER, STS_ENFORCE,
	STS_ENFORCE_OTHER, STS_COUNT
};

/* What an answer to a TLSA question, or to a probe, means. */
enum model_means {
	MEANS_FAILURE, MEANS_NOTHING, MEANS_UNUSABLE, MEANS_RECORDS
};

struct model_answer {
	const char *name;
	int outcome, security;
	char records;    /* u: usable, x: unusable, b: both, a: an alias */
	const char *then; /* an alias told alone; the answer at its target */
	enum model_means means;
};

#define COMPLETE MXSEL_DNS_COMPLETE
#define NXDOMAIN MXSEL_DNS_NXDOMAIN
#define UNKNOWN MXSEL_SECURITY_INDETERMINATE
#define INSECURE MXSEL_SECURITY_INSECURE
#define SECURE MXSEL_SECURITY_SECURE
#define BOGUS MXSEL_SECURITY_BOGUS

static const struct model_answer model_tlsa[] = {
	{ "secure records", COMPLETE, SECURE, 'u', NULL, MEANS_RECORDS },
	{ "secure, unusable", COMPLETE, SECURE, 'x', NULL, MEANS_UNUSABLE },
	{ "secure nodata", COMPLETE, SECURE, 0, NULL, MEANS_NOTHING },
	{ "servfail", MXSEL_DNS_SERVFAIL, UNKNOWN, 0, NULL, MEANS_FAILURE },
	/* From here on others of the same meaning: MODEL_TLSA_FEW. */
	{ "secure, one usable", COMPLETE, SECURE, 'b', NULL, MEANS_RECORDS },
	{ "secure nxdomain", NXDOMAIN, SECURE, 0, NULL, MEANS_NOTHING },
	{ "insecure records", COMPLETE, INSECURE, 'u', NULL, MEANS_NOTHING },
	{ "insecure nodata", COMPLETE, INSECURE, 0, NULL, MEANS_NOTHING },
	{ "insecure nxdomain", NXDOMAIN, INSECURE, 0, NULL, MEANS_NOTHING },
	{ "unknown records", COMPLETE, UNKNOWN, 'u', NULL, MEANS_FAILURE },
	{ "unknown nodata", COMPLETE, UNKNOWN, 0, NULL, MEANS_FAILURE },
	{ "unknown nxdomain", NXDOMAIN, UNKNOWN, 0, NULL, MEANS_FAILURE },
	{ "bogus", COMPLETE, BOGUS, 'u', NULL, MEANS_FAILURE },
	{ "bogus nxdomain", NXDOMAIN, BOGUS, 0, NULL, MEANS_FAILURE },
	{ "timeout", MXSEL_DNS_TIMEOUT, UNKNOWN, 0, NULL, MEANS_FAILURE },
	{ "truncated", MXSEL_DNS_TRUNCATED, SECURE, 'u', NULL, MEANS_FAILURE },
	{ "refused", MXSEL_DNS_REFUSED, UNKNOWN, 0, NULL, MEANS_FAILURE },
	{ "alias within", COMPLETE, SECURE, 'w', NULL, MEANS_RECORDS },
	{ "alias within, insecure", COMPLETE, INSECURE, 'w', NULL,
		MEANS_NOTHING },
	{ "secure alias to records", COMPLETE, SECURE, 'a', "secure records",
		MEANS_RECORDS },
	{ "secure alias to unusable", COMPLETE, SECURE, 'a',
		"secure, unusable", MEANS_UNUSABLE },
	{ "secure alias to insecure", COMPLETE, SECURE, 'a',
		"insecure records", MEANS_NOTHING },
	{ "secure alias to nothing", COMPLETE, SECURE, 'a', "secure nodata",
		MEANS_NOTHING },
	{ "secure alias to unknown", COMPLETE, SECURE, 'a',
		"unknown records", MEANS_FAILURE },
	{ "secure alias to servfail", COMPLETE, SECURE, 'a', "servfail",
		MEANS_FAILURE },
	{ "insecure alias", COMPLETE, INSECURE, 'a', NULL, MEANS_NOTHING },
	{ "unknown alias", COMPLETE, UNKNOWN, 'a', NULL, MEANS_FAILURE },
};
#define MODEL_TLSA_FEW 4
#define MODEL_TLSA_COUNT ((int)(sizeof(model_tlsa) / sizeof(model_tlsa[0])))

static const struct model_answer model_probe[] = {
	{ "secure alias", COMPLETE, SECURE, 'a', NULL, MEANS_RECORDS },
	{ "insecure alias", COMPLETE, INSECURE, 'a', NULL, MEANS_NOTHING },
	{ "servfail", MXSEL_DNS_SERVFAIL, UNKNOWN, 0, NULL, MEANS_FAILURE },
	/* From here on others of the same meaning: MODEL_PROBE_FEW. */
	{ "secure nodata", COMPLETE, SECURE, 0, NULL, MEANS_NOTHING },
	{ "secure nxdomain", NXDOMAIN, SECURE, 0, NULL, MEANS_NOTHING },
	{ "insecure nodata", COMPLETE, INSECURE, 0, NULL, MEANS_NOTHING },
	{ "unknown alias", COMPLETE, UNKNOWN, 'a', NULL, MEANS_FAILURE },
	{ "unknown nodata", COMPLETE, UNKNOWN, 0, NULL, MEANS_FAILURE },
	{ "bogus", COMPLETE, BOGUS, 'a', NULL, MEANS_FAILURE },
	{ "timeout", MXSEL_DNS_TIMEOUT, UNKNOWN, 0, NULL, MEANS_FAILURE },
	{ "truncated", MXSEL_DNS_TRUNCATED, SECURE, 'a', NULL, MEANS_FAILURE },
};
#define MODEL_PROBE_FEW 3
#define MODEL_PROBE_COUNT \
	((int)(sizeof(model_probe) / sizeof(model_probe[0])))

/* One world. The last three say which of the answers above. */
struct model_world {
	int mx;           /* MXSEL_SECURITY_* */
	int implicit;     /* there is no MX record */
	int address[2];   /* AAAA, A */
	int alias;
	int knob, sts, tls;
	int probe, expanded, original;
};

struct model_result {
	int action, code, posture, reason, dane;
	int families;     /* that are handed out: 1 AAAA, 2 A */
	const char *status, *base, *sni;
	char identities[128], asked[512], report[128];
};

static inline const char *model_host(const struct model_world *w)
{
	return w->implicit ? MODEL_DOMAIN : MODEL_EXCHANGE;
}

/* The MX answer was seen by one who validates. */
static inline int model_validates_mx(const struct model_world *w)
{
	return w->mx == SECURE || w->mx == INSECURE;
}

static inline int model_has_alias(const struct model_world *w)
{
	return w->alias != ALIAS_NONE;
}

static inline int model_is_first(const struct model_world *w)
{
	return w->alias <= ALIAS_FIRST_BOGUS;
}

/* --- addresses ----------------------------------------------------------- */

static inline int model_failed(const struct model_world *w, int family)
{
	return w->alias == ALIAS_FIRST_BOGUS ||
		w->address[family] == ADDRESS_BOGUS ||
		w->address[family] == ADDRESS_SERVFAIL;
}

static inline int model_has_address(const struct model_world *w, int family)
{
	return !model_failed(w, family) &&
		w->address[family] < ADDRESS_BOGUS;
}

/* Of the answer at the end, and of the alias that led there. */
static inline int model_security(const struct model_world *w, int family)
{
	static const int securities[ADDRESS_COUNT] = {
		UNKNOWN, INSECURE, SECURE, BOGUS, UNKNOWN, SECURE, UNKNOWN
	};
	int first = model_is_first(w) ? w->alias : SECURE;
	int last = securities[w->address[family]];

	if (first == INSECURE || last == INSECURE)
		return INSECURE;
	return first == SECURE && last == SECURE ? SECURE : UNKNOWN;
}

static inline int model_is_secure(const struct model_world *w, int family)
{
	return model_has_address(w, family) &&
		model_security(w, family) == SECURE;
}

/* Has some family, of those that were answered, this security? */
static inline int model_any(const struct model_world *w, int security)
{
	return (!model_failed(w, 0) && model_security(w, 0) == security) ||
		(!model_failed(w, 1) && model_security(w, 1) == security);
}

/* Somebody who validates was at work. */
static inline int model_validates(const struct model_world *w)
{
	return model_validates_mx(w) || model_any(w, SECURE) ||
		model_any(w, INSECURE);
}

/* --- DANE (RFC 7672 2.2) ------------------------------------------------- */

static inline int model_wants_dane(const struct model_world *w)
{
	return w->tls != MXSEL_TLS_OPTIONAL && !(w->mx == INSECURE &&
		w->knob == MXSEL_INSECURE_MX_MAY);
}

static inline int model_secure_addresses(const struct model_world *w)
{
	return model_is_secure(w, 0) || model_is_secure(w, 1);
}

/* Not secure, and who validates cannot say that it is insecure. */
static inline int model_is_in_doubt(const struct model_world *w)
{
	return !model_secure_addresses(w) && model_validates(w) &&
		model_any(w, UNKNOWN);
}

/* It is known that only what lies behind the alias is insecure. */
static inline int model_secure_alias(const struct model_world *w)
{
	return !model_secure_addresses(w) && !model_is_in_doubt(w) &&
		w->alias == ALIAS_FIRST_SECURE;
}

static inline int model_needs_probe(const struct model_world *w)
{
	return model_wants_dane(w) && !model_secure_addresses(w) &&
		!model_is_in_doubt(w) && !model_secure_alias(w) &&
		model_has_alias(w) &&
		(model_any(w, SECURE) || model_any(w, INSECURE));
}

static inline int model_needs_expanded(const struct model_world *w)
{
	return model_wants_dane(w) && model_secure_addresses(w) &&
		model_has_alias(w);
}

static inline int model_needs_original(const struct model_world *w)
{
	if (!model_wants_dane(w) || model_is_in_doubt(w))
		return 0;
	if (model_needs_probe(w))
		return model_probe[w->probe].means == MEANS_RECORDS;
	if (model_needs_expanded(w))
		return model_tlsa[w->expanded].means == MEANS_NOTHING;
	return model_secure_addresses(w) || model_secure_alias(w);
}

static inline int model_dane_of(enum model_means means)
{
	static const int danes[] = {
		MXSEL_DANE_TEMPORARY, MXSEL_DANE_NONE, MXSEL_DANE_UNUSABLE,
		MXSEL_DANE_RECORDS
	};

	return danes[means];
}

static inline int model_dane(const struct model_world *w, const char **base)
{
	int dane = MXSEL_DANE_NONE;

	*base = "";
	if (!model_wants_dane(w))
		return MXSEL_DANE_NONE;
	if (model_is_in_doubt(w) || (model_needs_probe(w) &&
		model_probe[w->probe].means == MEANS_FAILURE))
		return MXSEL_DANE_TEMPORARY;
	if (model_needs_expanded(w)) {
		dane = model_dane_of(model_tlsa[w->expanded].means);
		*base = MODEL_TARGET;
	}
	if (model_needs_original(w)) {
		dane = model_dane_of(model_tlsa[w->original].means);
		*base = model_host(w);
	}
	if (dane == MXSEL_DANE_NONE)
		*base = "";
	return dane;
}

/* --- the posture --------------------------------------------------------- */

static inline int model_posture(const struct model_world *w, int dane,
	int *reason)
{
	int encrypts = w->mx == INSECURE &&
		w->knob == MXSEL_INSECURE_MX_ENCRYPT;
	int located = model_secure_addresses(w) || model_secure_alias(w) ||
		(model_needs_probe(w) &&
		model_probe[w->probe].means == MEANS_RECORDS);

#define IS(posture, why) \
	return *reason = MXSEL_POSTURE_BY_##why, MXSEL_POSTURE_##posture
	if (w->tls == MXSEL_TLS_OPTIONAL)
		IS(OPPORTUNISTIC, TLS_OPTIONAL);
	if (dane == MXSEL_DANE_RECORDS && !encrypts)
		IS(DANE, TLSA);
	if (w->sts == STS_ENFORCE)
		IS(PKIX, STS);
	if (w->tls == MXSEL_TLS_REQUIRED)
		IS(PKIX, REQUIRETLS);
	if (dane == MXSEL_DANE_UNUSABLE)
		IS(ENCRYPT, UNUSABLE_TLSA);
	if (dane == MXSEL_DANE_RECORDS)
		IS(ENCRYPT, INSECURE_MX);
	if (w->sts != STS_NONE)
		IS(OPPORTUNISTIC, STS_TESTING);
	if (!model_wants_dane(w))
		IS(OPPORTUNISTIC, INSECURE_MX);
	if (located)
		IS(OPPORTUNISTIC, NO_TLSA);
	IS(OPPORTUNISTIC, NO_SECURITY);
#undef IS
}

/* --- everything ---------------------------------------------------------- */

static inline void model_ask(struct model_result *r, const char *type,
	const char *prefix, const char *name)
{
	size_t n = strlen(r->asked);

	(void)snprintf(r->asked + n, sizeof(r->asked) - n, "%s %s%s\n", type,
		prefix, name);
}

static inline void model_ask_tlsa(struct model_result *r, const char *base,
	const struct model_answer *answer, const char *target)
{
	model_ask(r, "TLSA", "_25._tcp.", base);
	if (answer->then != NULL)
		model_ask(r, "TLSA", "", target);
}

static inline void model_ask_all(struct model_result *r,
	const struct model_world *w)
{
	model_ask(r, "AAAA", "", model_host(w));
	model_ask(r, "A", "", model_host(w));
	if (model_is_first(w) && w->alias != ALIAS_FIRST_BOGUS) {
		model_ask(r, "AAAA", "", MODEL_TARGET);
		model_ask(r, "A", "", MODEL_TARGET);
	}
	if (!model_has_address(w, 0) && !model_has_address(w, 1))
		return;
	if (model_needs_probe(w))
		model_ask(r, "CNAME", "", model_host(w));
	if (model_needs_expanded(w))
		model_ask_tlsa(r, MODEL_TARGET, &model_tlsa[w->expanded],
			"ke.example");
	if (model_needs_original(w))
		model_ask_tlsa(r, model_host(w), &model_tlsa[w->original],
			"ko.example");
}

static inline void model_end(struct model_result *r, int action, int code,
	const char *status)
{
	r->action = action;
	r->code = code;
	r->status = status;
}

/* The policy, and what the message wants, before any address is asked for. 1:
 * they leave nobody. */
static inline int model_refuses(const struct model_world *w,
	struct model_result *r)
{
	int other = w->sts == STS_TESTING_OTHER || w->sts == STS_ENFORCE_OTHER;

	if (w->tls == MXSEL_TLS_OPTIONAL)
		return 0;
	if (other)
		strcat(r->report, "sts validation-failure\n");
	if (w->sts == STS_ENFORCE_OTHER) {
		model_end(r, MXSEL_ACTION_DEFER, 451, "4.7.1");
		return 1;
	}
	if (w->tls != MXSEL_TLS_REQUIRED || w->implicit || w->mx == SECURE ||
		(w->sts != STS_NONE && !other))
		return 0;
	model_end(r, MXSEL_ACTION_BOUNCE, 550, "5.7.30");
	return 1;
}

static inline void model_names(const struct model_world *w,
	struct model_result *r, const char *base)
{
	const char *host = model_host(w);

	r->base = base;
	r->sni = host;
	if (base[0] != '\0' && (r->posture == MXSEL_POSTURE_DANE ||
		r->posture == MXSEL_POSTURE_ENCRYPT))
		r->sni = base;
	if (r->posture != MXSEL_POSTURE_DANE) {
		strcpy(r->identities, host);
		return;
	}
	strcpy(r->identities, base);
	if (strcmp(base, host) != 0)
		strcat(strcat(r->identities, " "), host);
	if (!w->implicit)
		strcat(r->identities, " " MODEL_DOMAIN);
}

static inline void model_expect(const struct model_world *w,
	struct model_result *r)
{
	int incomplete = model_failed(w, 0) || model_failed(w, 1), family;
	const char *base;

	memset(r, 0, sizeof(*r));
	r->status = r->base = r->sni = "";
	model_ask(r, "MX", "", MODEL_DOMAIN);
	if (w->mx == BOGUS) {
		model_end(r, MXSEL_ACTION_DEFER, 451, "4.4.3");
		return;
	}
	if (model_refuses(w, r))
		return;
	model_ask_all(r, w);
	if (!model_has_address(w, 0) && !model_has_address(w, 1)) {
		if (incomplete)
			model_end(r, MXSEL_ACTION_DEFER, 451, "4.4.4");
		else
			model_end(r, MXSEL_ACTION_BOUNCE, 550, "5.4.4");
		return;
	}
	r->dane = model_dane(w, &base);
	if (r->dane == MXSEL_DANE_TEMPORARY) {
		strcat(r->report, "tlsa dnssec-invalid\n");
		model_end(r, MXSEL_ACTION_DEFER, 451, incomplete ? "4.4.4"
			: "4.7.5");
		return;
	}
	if (r->dane == MXSEL_DANE_UNUSABLE)
		strcat(r->report, "tlsa tlsa-invalid\n");
	for (family = 0; family < 2; family++)
		if (model_has_address(w, family) && (r->dane ==
			MXSEL_DANE_NONE || !model_secure_addresses(w) ||
			model_is_secure(w, family)))
			r->families |= 1 << family;
	r->posture = model_posture(w, r->dane, &r->reason);
	model_names(w, r, base);
	model_end(r, MXSEL_ACTION_DEFER, 451, "4.4.1");
}

#endif
