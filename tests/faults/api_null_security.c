/*
 * NULL for every function of <mxsel/security.h>: F100. May use host_judge.h.
 */
#define _POSIX_C_SOURCE 200809L

#include <limits.h>

#include <mxsel/security.h>

#include "faults/api.h"
#include "faults/host_judge.h"

static void names(void)
{
	static const int none[] = { INT_MIN, -1, 99, INT_MAX };
	size_t i;

	for (i = 0; i < sizeof none / sizeof *none; i++) {
		NOTHING(mxsel_posture_name, (none[i]));
		NOTHING(mxsel_posture_reason_name, (none[i]));
		NOTHING(mxsel_posture_rule, (none[i]));
		NOTHING(mxsel_dane_name, (none[i]));
		NOTHING(mxsel_sts_mode_name, (none[i]));
		NOTHING(mxsel_tlsrpt_policy_name, (none[i]));
		NOTHING(mxsel_tlsrpt_result_name, (none[i]));
	}
	NOTHING(mxsel_tlsrpt_result_name, (MXSEL_TLSRPT_SUCCESS));
}

static void selection_of_nobody(void)
{
	ZERO(mxsel_posture, (NULL));
	ZERO(mxsel_posture_reason, (NULL));
	NO_TEXT(mxsel_tls_name, (NULL));
	ZERO(mxsel_tls_identity_count, (NULL));
	NOTHING(mxsel_tls_identity, (NULL, 0));
	ZERO(mxsel_dane, (NULL));
	NO_TEXT(mxsel_tlsa_base, (NULL));
	ZERO(mxsel_tlsa_count, (NULL));
	USAGE(mxsel_tlsa, (NULL, 0, NULL, NULL, NULL, NULL, NULL));
	USAGE(mxsel_set_tls, (NULL, MXSEL_TLS_REQUIRED));
	ZERO(mxsel_tls, (NULL));
	USAGE(mxsel_set_sts, (NULL, NULL, 0));
	ZERO(mxsel_tlsrpt_policy, (NULL));
	USAGE(mxsel_report_tls, (NULL, 0));
	ZERO(mxsel_tlsrpt_count, (NULL));
	USAGE(mxsel_tlsrpt, (NULL, 0, NULL, NULL, NULL, NULL));
}

static void selection_of_nothing(void)
{
	mxsel *m;

	EXPECT(mxsel_new(&m, "[192.0.2.1]", NULL) == 0);
	ZERO(mxsel_posture, (m));
	NOTHING(mxsel_tls_name, (m));
	NOTHING(mxsel_tls_identity, (m, 0));
	USAGE(mxsel_report_tls, (m, 0));
	GIVES(mxsel_set_tls, (m, 99), MXSEL_ERANGE);
	GIVES(mxsel_set_tls, (m, -1), MXSEL_ERANGE);
	ZERO(mxsel_set_sts, (m, NULL, 0));
	EXPECT(mxsel_next(m) == MXSEL_ATTEMPT);
	GIVES(mxsel_tlsa, (m, 0, NULL, NULL, NULL, NULL, NULL),
		MXSEL_ERANGE);
	NOTHING(mxsel_tls_identity, (m, SIZE_MAX));
	GIVES(mxsel_tlsrpt, (m, SIZE_MAX, NULL, NULL, NULL, NULL),
		MXSEL_ERANGE);
	GIVES(mxsel_report_tls, (m, INT_MAX), MXSEL_ERANGE);
	USAGE(mxsel_set_tls, (m, MXSEL_TLS_REQUIRED));
	USAGE(mxsel_set_sts, (m, NULL, 0));
	mxsel_free(m);
}

static void policies(void)
{
	static const char *const texts[1] = { NULL };
	static const size_t lengths[1] = { 3 };
	static const char body[] = "version: STSv1\nmode: none\nmax_age: 1\n";
	mxsel_sts *policy = NULL;
	char id[33];

	USAGE(mxsel_sts_id, (NULL, texts, lengths, 1));
	USAGE(mxsel_sts_id, (id, NULL, lengths, 1));
	USAGE(mxsel_sts_id, (id, texts, NULL, 1));
	USAGE(mxsel_sts_id, (id, texts, lengths, 1));
	USAGE(mxsel_sts_new, (NULL, "a", body, 1, 0));
	USAGE(mxsel_sts_new, (&policy, NULL, body, 1, 0));
	USAGE(mxsel_sts_new, (&policy, "a", NULL, 1, 0));
	GIVES(mxsel_sts_new, (&policy, "a..b", body, sizeof body - 1, 0),
		MXSEL_ESYNTAX);
	GIVES(mxsel_sts_new, (&policy, "a", body, 0, 0), MXSEL_ESYNTAX);
	USAGE(mxsel_sts_check, (NULL, 1, NULL, NULL));
	GIVES(mxsel_sts_check, ("", 0, NULL, NULL), MXSEL_ESYNTAX);
	NO_TEXT(mxsel_sts_domain, (NULL));
	GIVES(mxsel_sts_mode, (NULL), MXSEL_STS_NONE);
	ZERO(mxsel_sts_max_age, (NULL));
	ZERO(mxsel_sts_expires, (NULL));
	ZERO(mxsel_sts_mx_count, (NULL));
	NOTHING(mxsel_sts_mx, (NULL, 0));
	ZERO(mxsel_sts_matches, (NULL, "a"));
	SURVIVES(mxsel_sts_free, (NULL));
	EXPECT(mxsel_sts_new(&policy, "a.b", body, sizeof body - 1, 0) == 0);
	NOTHING(mxsel_sts_mx, (policy, SIZE_MAX));
	ZERO(mxsel_sts_matches, (policy, NULL));
	ZERO(mxsel_sts_matches, (policy, "a..b"));
	mxsel_sts_free(policy);
}

void api_null_security(void)
{
	names();
	selection_of_nobody();
	selection_of_nothing();
	policies();
}
