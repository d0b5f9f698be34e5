/*
 * How a host must be reached (R96), as one table of precedence: what the
 * message says, then TLSA records, MTA-STS, REQUIRETLS, then what little is
 * left. Pure. May use base and name.
 */
#include "policy/posture.h"

#include <stddef.h>

#include <mxsel/security.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

int mxsel__path_wants_tlsa(const struct mxsel__path *path)
{
	return path->wants_dane && (!path->insecure_mx ||
		path->for_insecure_mx != MXSEL_INSECURE_MX_MAY);
}

/* What DANE alone asks for (RFC 7672 2.2), and why. */
static int by_dane(const struct mxsel__path *path, int *reason)
{
	*reason = MXSEL_POSTURE_BY_DEFAULT;
	if (!path->wants_dane)
		return MXSEL_POSTURE_OPPORTUNISTIC;
	*reason = MXSEL_POSTURE_BY_INSECURE_MX;
	if (!mxsel__path_wants_tlsa(path))
		return MXSEL_POSTURE_OPPORTUNISTIC;
	if (path->dane == MXSEL_DANE_UNUSABLE) {
		*reason = MXSEL_POSTURE_BY_UNUSABLE_TLSA;
		return MXSEL_POSTURE_ENCRYPT;
	}
	if (path->dane == MXSEL_DANE_RECORDS) {
		if (path->insecure_mx && path->for_insecure_mx ==
			MXSEL_INSECURE_MX_ENCRYPT)
			return MXSEL_POSTURE_ENCRYPT;
		*reason = MXSEL_POSTURE_BY_TLSA;
		return MXSEL_POSTURE_DANE;
	}
	*reason = path->is_secure ? MXSEL_POSTURE_BY_NO_TLSA
	                          : MXSEL_POSTURE_BY_NO_SECURITY;
	return MXSEL_POSTURE_OPPORTUNISTIC;
}

int mxsel__path_posture(const struct mxsel__path *path, int *reason)
{
	int posture = by_dane(path, reason);

	if (path->tls == MXSEL_TLS_OPTIONAL) {
		/* RFC 8689 4.2.2: whatever the domain wants. */
		*reason = MXSEL_POSTURE_BY_TLS_OPTIONAL;
		return MXSEL_POSTURE_OPPORTUNISTIC;
	}
	if (posture == MXSEL_POSTURE_DANE)
		return posture; /* RFC 8461 2: DANE comes first */
	if (path->sts == MXSEL_STS_ENFORCE) {
		*reason = MXSEL_POSTURE_BY_STS;
		return MXSEL_POSTURE_PKIX;
	}
	if (path->tls == MXSEL_TLS_REQUIRED) {
		*reason = MXSEL_POSTURE_BY_REQUIRETLS;
		return MXSEL_POSTURE_PKIX;
	}
	if (posture == MXSEL_POSTURE_OPPORTUNISTIC &&
		path->sts == MXSEL_STS_TESTING)
		*reason = MXSEL_POSTURE_BY_STS_TESTING;
	return posture;
}

/* ------------------------------------------------------------------- names */

static const char *const postures[] = {
	"none", "opportunistic", "encrypt", "pkix", "dane"
};

static const char *const danes[] = {
	"none", "records", "unusable", "temporary"
};

struct reason {
	const char *name;
	const char *rule;
};

static const struct reason reasons[] = {
	[MXSEL_POSTURE_BY_DEFAULT] = { "default", "RFC 3207 4.1" },
	[MXSEL_POSTURE_BY_NO_SECURITY] = { "no_security",
		"RFC 7672 2.2.2" },
	[MXSEL_POSTURE_BY_NO_TLSA] = { "no_tlsa", "RFC 7672 2.2" },
	[MXSEL_POSTURE_BY_INSECURE_MX] = { "insecure_mx",
		"RFC 7672 2.2.1" },
	[MXSEL_POSTURE_BY_TLSA] = { "tlsa", "RFC 7672 2.2" },
	[MXSEL_POSTURE_BY_UNUSABLE_TLSA] = { "unusable_tlsa",
		"RFC 7672 2.2" },
	[MXSEL_POSTURE_BY_STS] = { "sts", "RFC 8461 5" },
	[MXSEL_POSTURE_BY_STS_TESTING] = { "sts_testing", "RFC 8461 5" },
	[MXSEL_POSTURE_BY_REQUIRETLS] = { "requiretls", "RFC 8689 4.2.1" },
	[MXSEL_POSTURE_BY_TLS_OPTIONAL] = { "tls_optional",
		"RFC 8689 4.2.2" },
};

const char *mxsel_posture_name(int posture)
{
	return posture < 0 || posture >= COUNT(postures) ? NULL
		: postures[posture];
}

const char *mxsel_dane_name(int dane)
{
	return dane < 0 || dane >= COUNT(danes) ? NULL : danes[dane];
}

const char *mxsel_posture_reason_name(int reason)
{
	return reason < 0 || reason >= COUNT(reasons) ? NULL
		: reasons[reason].name;
}

const char *mxsel_posture_rule(int reason)
{
	return reason < 0 || reason >= COUNT(reasons) ? NULL
		: reasons[reason].rule;
}
