/*
 * The names that scripts and logs see never change, and every rejection can
 * say by which clause it happened (R78).
 */
#include <check.h>
#include <limits.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

static const char *const rejects[] = { NULL, "bad_name", "is_address", "null",
	"duplicate", "self", "behind_self", "limit", "name_filter", "alias",
	"special_use", "not_found", "no_address", "dns", "family_off",
	"alias_loop", "unspecified", "loopback", "link_local", "multicast",
	"broadcast", "reserved", "private", "sts_mismatch", "tlsa_failed",
	"insecure_address", "not_located" };

static const char *const reasons[] = { "ok", "null_mx", "no_domain",
	"no_host", "loop", "bad_destination", "dns_temporary", "filtered",
	"policy", "unreachable", "delivered", "reply" };

static const char *const flags[] = { "limited", "incomplete",
	"mixed_null_mx", "null_mx_preference", "domain_is_alias",
	"mx_is_alias", "mx_is_address", "bad_mx_name", "duplicate_mx",
	"duplicate_address", "self", "filtered", "family_off", "alias_loop",
	"alias_chain", "implicit_nxdomain", "memory" };

START_TEST(R78_every_rejection_has_its_name)
{
	int i;

	ck_assert_int_eq(COUNT(rejects), MXSEL_REJECT_REQUIRETLS + 1);
	for (i = 1; i < COUNT(rejects); i++)
		ck_assert_str_eq(mxsel_reject_name(i), rejects[i]);
}
END_TEST

START_TEST(R78_every_rejection_names_an_rfc_or_a_local_decision)
{
	int i;

	for (i = 1; i < COUNT(rejects); i++) {
		const char *rule = mxsel_reject_rule(i);

		ck_assert_ptr_nonnull(rule);
		ck_assert(strncmp(rule, "RFC ", 4) == 0 ||
			strcmp(rule, "local limit") == 0 ||
			strcmp(rule, "local policy") == 0);
	}
}
END_TEST

START_TEST(R78_limits_and_settings_are_told_from_standards)
{
	ck_assert_str_eq(mxsel_reject_rule(MXSEL_REJECT_LIMIT), "local limit");
	ck_assert_str_eq(mxsel_reject_rule(MXSEL_REJECT_NAME_FILTER),
		"local policy");
	ck_assert_str_eq(mxsel_reject_rule(MXSEL_REJECT_FAMILY_OFF),
		"local policy");
	ck_assert_str_eq(mxsel_reject_rule(MXSEL_REJECT_PRIVATE),
		"local policy");
	ck_assert_str_eq(mxsel_reject_rule(MXSEL_REJECT_SELF),
		"RFC 5321 5.1");
	ck_assert_str_eq(mxsel_reject_rule(MXSEL_REJECT_NULL), "RFC 7505 3");
	ck_assert_str_eq(mxsel_reject_rule(MXSEL_REJECT_ALIAS),
		"RFC 2181 10.3");
}
END_TEST

START_TEST(every_reason_has_its_name)
{
	int i;

	ck_assert_int_eq(COUNT(reasons), MXSEL_REASON_REPLY + 1);
	for (i = 0; i < COUNT(reasons); i++)
		ck_assert_str_eq(mxsel_reason_name(i), reasons[i]);
}
END_TEST

START_TEST(every_flag_has_its_name)
{
	int i;

	ck_assert_uint_eq(1u << (COUNT(flags) - 1),
		MXSEL_FLAG_MEMORY);
	for (i = 0; i < COUNT(flags); i++)
		ck_assert_str_eq(mxsel_flag_name(UINT32_C(1) << i), flags[i]);
}
END_TEST

START_TEST(F100_numbers_that_mean_nothing_have_no_name)
{
	static const int numbers[] = { INT_MIN, -1, 100, 4096, INT_MAX };
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		ck_assert_ptr_null(mxsel_reject_name(numbers[i]));
		ck_assert_ptr_null(mxsel_reject_rule(numbers[i]));
		ck_assert_ptr_null(mxsel_reason_name(numbers[i]));
	}
	ck_assert_ptr_null(mxsel_reject_name(0));
	ck_assert_ptr_null(mxsel_reject_rule(0));
	ck_assert_ptr_null(mxsel_reject_name(COUNT(rejects)));
	ck_assert_ptr_null(mxsel_reject_rule(COUNT(rejects)));
	ck_assert_ptr_null(mxsel_reason_name(COUNT(reasons)));
}
END_TEST

START_TEST(F100_no_flag_several_flags_and_unknown_flags_have_no_name)
{
	ck_assert_ptr_null(mxsel_flag_name(0));
	ck_assert_ptr_null(mxsel_flag_name(3));
	ck_assert_ptr_null(mxsel_flag_name(UINT32_C(1) << COUNT(flags)));
	ck_assert_ptr_null(mxsel_flag_name(UINT32_MAX));
}
END_TEST

static Suite *reject_suite(void)
{
	Suite *suite = suite_create("policy/reject");
	TCase *tc = tcase_create("reject");

	tcase_add_test(tc, R78_every_rejection_has_its_name);
	tcase_add_test(tc,
		R78_every_rejection_names_an_rfc_or_a_local_decision);
	tcase_add_test(tc, R78_limits_and_settings_are_told_from_standards);
	tcase_add_test(tc, every_reason_has_its_name);
	tcase_add_test(tc, every_flag_has_its_name);
	tcase_add_test(tc, F100_numbers_that_mean_nothing_have_no_name);
	tcase_add_test(tc,
		F100_no_flag_several_flags_and_unknown_flags_have_no_name);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(reject_suite());
}
