/*
 * How securely a host must be reached, in words: ASCII, as all of this. May
 * use the public headers.
 */
#include "phrases_tls.h"

#include <mxsel/security.h>

#include "text.h"

static const char *const postures[] = {
	[MXSEL_POSTURE_NONE] = "no TLS",
	[MXSEL_POSTURE_OPPORTUNISTIC] = "TLS if offered",
	[MXSEL_POSTURE_ENCRYPT] = "TLS, any certificate",
	[MXSEL_POSTURE_PKIX] = "TLS, trusted certificate",
	[MXSEL_POSTURE_DANE] = "TLS by DANE",
};

static const char *const reasons[] = {
	[MXSEL_POSTURE_BY_DEFAULT] = "nothing asks for more",
	[MXSEL_POSTURE_BY_NO_SECURITY] =
		"DNSSEC does not vouch for its addresses",
	[MXSEL_POSTURE_BY_NO_TLSA] = "it has no TLSA records",
	[MXSEL_POSTURE_BY_INSECURE_MX] = "no DNSSEC for the MX records",
	[MXSEL_POSTURE_BY_TLSA] = "its TLSA records",
	[MXSEL_POSTURE_BY_UNUSABLE_TLSA] =
		"none of its TLSA records can be used",
	[MXSEL_POSTURE_BY_STS] = "MTA-STS, mode enforce",
	[MXSEL_POSTURE_BY_STS_TESTING] = "MTA-STS, mode testing",
	[MXSEL_POSTURE_BY_REQUIRETLS] = "REQUIRETLS",
	[MXSEL_POSTURE_BY_TLS_OPTIONAL] = "TLS-Required: No",
};

static const char *find(const char *const *words, size_t count, int number)
{
	if (number < 0 || (size_t)number >= count || words[number] == NULL)
		return "unknown";
	return words[number];
}

const char *phrase_posture(int posture)
{
	return find(postures, sizeof(postures) / sizeof(postures[0]), posture);
}

const char *phrase_posture_reason(int reason)
{
	return find(reasons, sizeof(reasons) / sizeof(reasons[0]), reason);
}

void phrase_tls(FILE *out, const struct plan_tls *t)
{
	fputs(phrase_posture(t->posture), out);
	if (t->posture == MXSEL_POSTURE_PKIX && t->name != NULL) {
		fputs(" for ", out);
		text_plain(out, t->name);
	}
	fprintf(out, ": %s", phrase_posture_reason(t->reason));
}

void phrase_tlsa(FILE *out, const struct plan_tlsa *record, size_t shown)
{
	size_t i;

	fprintf(out, "%d %d %d ", record->usage, record->selector,
		record->matching);
	for (i = 0; i < record->length && i < shown; i++)
		fprintf(out, "%02x", record->data[i]);
	if (i < record->length)
		fputs("...", out);
}
