/*
 * The names that reports on TLS use (R97, RFC 8460 4.2 and 4.3), letter by
 * letter.
 */
#include "support/run.h"

#include <limits.h>
#include <stddef.h>

#include <mxsel/security.h>

START_TEST(R97_policy_types_have_the_names_of_the_standard)
{
	ck_assert_str_eq(mxsel_tlsrpt_policy_name(MXSEL_TLSRPT_NO_POLICY),
		"no-policy-found");
	ck_assert_str_eq(mxsel_tlsrpt_policy_name(MXSEL_TLSRPT_TLSA), "tlsa");
	ck_assert_str_eq(mxsel_tlsrpt_policy_name(MXSEL_TLSRPT_STS), "sts");
}
END_TEST

START_TEST(R97_result_types_have_the_names_of_the_standard)
{
	static const char *const names[] = { NULL, "starttls-not-supported",
		"certificate-host-mismatch", "certificate-expired",
		"certificate-not-trusted", "validation-failure",
		"tlsa-invalid", "dnssec-invalid", "dane-required",
		"sts-policy-fetch-error", "sts-policy-invalid",
		"sts-webpki-invalid" };
	int i;

	for (i = 1; i < (int)(sizeof(names) / sizeof(names[0])); i++)
		ck_assert_str_eq(mxsel_tlsrpt_result_name(i), names[i]);
	ck_assert_int_eq(MXSEL_TLSRPT_STS_WEBPKI_INVALID, i - 1);
	ck_assert_ptr_null(mxsel_tlsrpt_result_name(i));
}
END_TEST

START_TEST(R97_success_and_unknown_numbers_have_no_name)
{
	ck_assert_ptr_null(mxsel_tlsrpt_result_name(MXSEL_TLSRPT_SUCCESS));
	ck_assert_ptr_null(mxsel_tlsrpt_result_name(-1));
	ck_assert_ptr_null(mxsel_tlsrpt_result_name(INT_MIN));
	ck_assert_ptr_null(mxsel_tlsrpt_result_name(INT_MAX));
	ck_assert_ptr_null(mxsel_tlsrpt_policy_name(-1));
	ck_assert_ptr_null(mxsel_tlsrpt_policy_name(3));
	ck_assert_ptr_null(mxsel_tlsrpt_policy_name(INT_MIN));
	ck_assert_ptr_null(mxsel_tlsrpt_policy_name(INT_MAX));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy: names of TLS reports");
	TCase *tc = tcase_create("names");

	tcase_add_test(tc,
		R97_policy_types_have_the_names_of_the_standard);
	tcase_add_test(tc,
		R97_result_types_have_the_names_of_the_standard);
	tcase_add_test(tc, R97_success_and_unknown_numbers_have_no_name);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
