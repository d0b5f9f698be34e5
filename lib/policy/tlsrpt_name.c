/*
 * The names that reports on TLS use for policies and results (RFC 8460 4.2,
 * 4.3), letter by letter: whoever gets a report compares them. May use base
 * and name.
 */
#include <stddef.h>

#include <mxsel/security.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static const char *const policies[] = {
	[MXSEL_TLSRPT_NO_POLICY] = "no-policy-found",
	[MXSEL_TLSRPT_TLSA] = "tlsa",
	[MXSEL_TLSRPT_STS] = "sts",
};

/* Success has no name: a report only counts it. */
static const char *const results[] = {
	[MXSEL_TLSRPT_STARTTLS_NOT_SUPPORTED] = "starttls-not-supported",
	[MXSEL_TLSRPT_CERTIFICATE_HOST_MISMATCH] = "certificate-host-mismatch",
	[MXSEL_TLSRPT_CERTIFICATE_EXPIRED] = "certificate-expired",
	[MXSEL_TLSRPT_CERTIFICATE_NOT_TRUSTED] = "certificate-not-trusted",
	[MXSEL_TLSRPT_VALIDATION_FAILURE] = "validation-failure",
	[MXSEL_TLSRPT_TLSA_INVALID] = "tlsa-invalid",
	[MXSEL_TLSRPT_DNSSEC_INVALID] = "dnssec-invalid",
	[MXSEL_TLSRPT_DANE_REQUIRED] = "dane-required",
	[MXSEL_TLSRPT_STS_POLICY_FETCH_ERROR] = "sts-policy-fetch-error",
	[MXSEL_TLSRPT_STS_POLICY_INVALID] = "sts-policy-invalid",
	[MXSEL_TLSRPT_STS_WEBPKI_INVALID] = "sts-webpki-invalid",
};

const char *mxsel_tlsrpt_policy_name(int policy)
{
	return policy >= 0 && policy < COUNT(policies) ? policies[policy]
		: NULL;
}

const char *mxsel_tlsrpt_result_name(int result)
{
	return result >= 0 && result < COUNT(results) ? results[result] : NULL;
}
