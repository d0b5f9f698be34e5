/*
 * Version, errors, and every option with what is in its range and what is
 * not (R37, F99, F100), through the shared library alone.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"
#include "support/settings.h"

static mxsel_options *options;

static void setup(void)
{
	ck_assert_int_eq(mxsel_options_new(&options), 0);
}

static void teardown(void)
{
	mxsel_options_free(options);
}

START_TEST(the_version_that_runs_is_the_one_compiled_against)
{
	unsigned long number = 0;
	const char *at = mxsel_version();
	char *end;
	int i;

	ck_assert_str_eq(at, MXSEL_VERSION_STRING);
	for (i = 0; i < 3; i++) {
		number = number << 8 | strtoul(at, &end, 10);
		at = *end == '.' ? end + 1 : end;
	}
	ck_assert_uint_eq(number, MXSEL_VERSION_NUMBER);
}
END_TEST

START_TEST(every_error_has_a_sentence_of_its_own)
{
	int a, b;

	for (a = MXSEL_ECANCELED; a <= MXSEL_OK; a++) {
		ck_assert_ptr_nonnull(mxsel_strerror(a));
		ck_assert_str_ne(mxsel_strerror(a), "");
		ck_assert_str_ne(mxsel_strerror(a), "unknown error");
		for (b = a + 1; b <= MXSEL_OK; b++)
			ck_assert_str_ne(mxsel_strerror(a), mxsel_strerror(b));
	}
	ck_assert_str_eq(mxsel_strerror(MXSEL_ECANCELED - 1),
		"unknown error");
	ck_assert_str_eq(mxsel_strerror(1), "unknown error");
	ck_assert_str_eq(mxsel_strerror(INT_MIN), "unknown error");
	ck_assert_str_eq(mxsel_strerror(INT_MAX), "unknown error");
}
END_TEST

START_TEST(R37_a_setting_takes_its_range_and_nothing_else)
{
	int option = settings[_i].option;
	int least = settings[_i].least, most = settings[_i].most;

	ck_assert_int_eq(mxsel_options_get(options, option),
		settings[_i].normal);
	ck_assert_int_eq(mxsel_options_set(options, option, most), 0);
	ck_assert_int_eq(mxsel_options_get(options, option), most);
	ck_assert_int_eq(mxsel_options_set(options, option, least), 0);
	ck_assert_int_eq(mxsel_options_set(options, option, least - 1),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_set(options, option, INT_MIN),
		MXSEL_ERANGE);
	if (most < INT_MAX)
		ck_assert_int_eq(mxsel_options_set(options, option, most + 1),
			MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_get(options, option), least);
}
END_TEST

START_TEST(F99_there_are_no_other_settings)
{
	static const int none[] = { 0, -1, 30, 1000, INT_MIN, INT_MAX };
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		ck_assert_int_eq(mxsel_options_set(options, none[i], 1),
			MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_options_get(options, none[i]),
			MXSEL_ERANGE);
	}
}
END_TEST

START_TEST(F100_no_options_is_a_usage_error)
{
	mxsel_options *copy;

	ck_assert_int_eq(mxsel_options_new(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_copy(NULL, options), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_copy(&copy, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&copy, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_set(NULL, MXSEL_OPT_PORT, 25),
		MXSEL_EUSAGE);
	ck_assert_int_lt(mxsel_options_get(NULL, MXSEL_OPT_PORT), 0);
	ck_assert_int_eq(mxsel_options_set_seed(NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_set_resolver(NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_name(NULL, "a"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_address(NULL, "::1"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_allow_network(NULL, "::1/128"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_nat64(NULL, "64:ff9b:1::/96"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(NULL, "*", 550, NULL,
		NULL), MXSEL_EUSAGE);
	mxsel_options_free(NULL);
}
END_TEST

START_TEST(F100_no_text_is_a_usage_error)
{
	ck_assert_int_eq(mxsel_options_add_self_name(options, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_address(options, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_allow_network(options, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_nat64(options, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, NULL, 550,
		NULL, NULL), MXSEL_EUSAGE);
}
END_TEST

START_TEST(F99_what_is_no_name_no_address_no_network)
{
	static const char *const names[] = { "", ".", "a..b", "a b",
		"192.0.2.1", "\xff" };
	static const char *const addresses[] = { "", "a", "127.1",
		"0127.0.0.1", "fe80::1%1", "[::1]", "192.0.2.1/32" };
	static const char *const networks[] = { "", "192.0.2.1/24",
		"192.0.2.0/33", "2001:db8::/129", "10.0.0.0/", "10.0.0.0/8 ",
		"10.0.0.0/-1" };
	static const char *const prefixes[] = { "2001:db8::/80", "::/33",
		"192.0.2.0/24", "2001:db8::/128", "64:ff9b::1/96" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ck_assert_int_eq(mxsel_options_add_self_name(options,
			names[i]), MXSEL_ESYNTAX);
	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		ck_assert_int_eq(mxsel_options_add_self_address(options,
			addresses[i]), MXSEL_ESYNTAX);
	for (i = 0; i < sizeof(networks) / sizeof(networks[0]); i++)
		ck_assert_int_eq(mxsel_options_allow_network(options,
			networks[i]), MXSEL_ESYNTAX);
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		ck_assert_int_eq(mxsel_options_add_nat64(options,
			prefixes[i]), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R65_a_refusal_has_a_code_and_a_status_of_one_class)
{
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "*", 399,
		NULL, NULL), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "*", 600,
		NULL, NULL), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "*", 550,
		"4.7.1", NULL), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "*", 450,
		"5.7.1", NULL), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "*", 550,
		"5.7", NULL), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "", 550,
		NULL, NULL), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "*", 550,
		NULL, "two\r\nlines"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options,
		"*.squatter.example", 454, "4.7.99", "Not there."), 0);
}
END_TEST

START_TEST(options_in_use_cannot_be_changed)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_PORT, 26),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_set_seed(options, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_set_resolver(options, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_name(options, "a.example"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_address(options, "::2"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_allow_network(options, "::2"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_nat64(options, "64:ff9b:1::/96"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "*", 550,
		NULL, NULL), MXSEL_EUSAGE);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_PORT, 26), 0);
}
END_TEST

START_TEST(a_copy_has_the_settings_and_can_be_changed)
{
	mxsel_options *copy;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_PORT, 2525), 0);
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(mxsel_options_copy(&copy, options), 0);
	ck_assert_int_eq(mxsel_options_get(copy, MXSEL_OPT_PORT), 2525);
	ck_assert_int_eq(mxsel_options_set(copy, MXSEL_OPT_PORT, 587), 0);
	ck_assert_int_eq(mxsel_options_get(options, MXSEL_OPT_PORT), 2525);
	mxsel_free(m);
	mxsel_options_free(copy);
}
END_TEST

START_TEST(every_setting_has_a_name_and_is_found_by_it)
{
	int option, other;

	for (option = 1; mxsel_option_name(option) != NULL; option++) {
		ck_assert_int_ne(mxsel_options_get(options, option),
			MXSEL_ERANGE);
		for (other = 1; other < option; other++)
			ck_assert_str_ne(mxsel_option_name(option),
				mxsel_option_name(other));
	}
	ck_assert_int_eq(mxsel_options_get(options, option), MXSEL_ERANGE);
	ck_assert_str_eq(mxsel_option_name(MXSEL_OPT_PORT), "port");
	ck_assert_str_eq(mxsel_option_name(MXSEL_OPT_MAX_HOSTS), "max_hosts");
	ck_assert_str_eq(mxsel_option_name(MXSEL_OPT_DANE_INSECURE_MX),
		"dane_insecure_mx");
	ck_assert_ptr_null(mxsel_option_name(0));
	ck_assert_ptr_null(mxsel_option_name(-1));
}
END_TEST

START_TEST(actions_and_sources_have_names)
{
	ck_assert_str_eq(mxsel_action_name(MXSEL_ACTION_TRY), "try");
	ck_assert_str_eq(mxsel_action_name(MXSEL_ACTION_DELIVERED),
		"delivered");
	ck_assert_str_eq(mxsel_action_name(MXSEL_ACTION_DEFER), "defer");
	ck_assert_str_eq(mxsel_action_name(MXSEL_ACTION_BOUNCE), "bounce");
	ck_assert_ptr_null(mxsel_action_name(-1));
	ck_assert_ptr_null(mxsel_action_name(MXSEL_ACTION_BOUNCE + 1));
	ck_assert_str_eq(mxsel_source_name(MXSEL_SOURCE_NONE), "none");
	ck_assert_str_eq(mxsel_source_name(MXSEL_SOURCE_MX), "mx");
	ck_assert_str_eq(mxsel_source_name(MXSEL_SOURCE_IMPLICIT),
		"implicit");
	ck_assert_str_eq(mxsel_source_name(MXSEL_SOURCE_LITERAL), "literal");
	ck_assert_str_eq(mxsel_source_name(MXSEL_SOURCE_STATIC), "static");
	ck_assert_ptr_null(mxsel_source_name(-1));
	ck_assert_ptr_null(mxsel_source_name(MXSEL_SOURCE_STATIC + 1));
}
END_TEST

START_TEST(names_of_numbers_are_there_and_no_two_are_the_same)
{
	int a, b;
	uint32_t flag;

	for (a = MXSEL_REASON_OK; a <= MXSEL_REASON_REPLY; a++)
		for (b = 0; b < a; b++)
			ck_assert_str_ne(mxsel_reason_name(a),
				mxsel_reason_name(b));
	ck_assert_str_eq(mxsel_reason_name(MXSEL_REASON_NULL_MX), "null_mx");
	ck_assert_ptr_null(mxsel_reason_name(-1));
	ck_assert_ptr_null(mxsel_reason_name(12));
	for (a = MXSEL_REJECT_BAD_NAME; a <= MXSEL_REJECT_REQUIRETLS; a++) {
		ck_assert_ptr_nonnull(mxsel_reject_rule(a));
		ck_assert_str_ne(mxsel_reject_rule(a), "");
		for (b = MXSEL_REJECT_BAD_NAME; b < a; b++)
			ck_assert_str_ne(mxsel_reject_name(a),
				mxsel_reject_name(b));
	}
	ck_assert_str_eq(mxsel_reject_name(MXSEL_REJECT_SELF), "self");
	ck_assert_ptr_null(mxsel_reject_name(0));
	ck_assert_ptr_null(mxsel_reject_name(27));
	ck_assert_ptr_null(mxsel_reject_rule(0));
	ck_assert_ptr_null(mxsel_reject_rule(27));
	for (flag = 1; flag <= MXSEL_FLAG_MEMORY; flag <<= 1)
		ck_assert_ptr_nonnull(mxsel_flag_name(flag));
	ck_assert_str_eq(mxsel_flag_name(MXSEL_FLAG_MIXED_NULL_MX),
		"mixed_null_mx");
	ck_assert_ptr_null(mxsel_flag_name(0));
	ck_assert_ptr_null(mxsel_flag_name(3));
	ck_assert_ptr_null(mxsel_flag_name(131072));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("options through the shared library");
	TCase *t = tcase_create("options");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t,
		the_version_that_runs_is_the_one_compiled_against);
	tcase_add_test(t, every_error_has_a_sentence_of_its_own);
	tcase_add_loop_test(t,
		R37_a_setting_takes_its_range_and_nothing_else, 0,
		SETTINGS);
	tcase_add_test(t, F99_there_are_no_other_settings);
	tcase_add_test(t, F100_no_options_is_a_usage_error);
	tcase_add_test(t, F100_no_text_is_a_usage_error);
	tcase_add_test(t, F99_what_is_no_name_no_address_no_network);
	tcase_add_test(t,
		R65_a_refusal_has_a_code_and_a_status_of_one_class);
	tcase_add_test(t, options_in_use_cannot_be_changed);
	tcase_add_test(t, a_copy_has_the_settings_and_can_be_changed);
	tcase_add_test(t, every_setting_has_a_name_and_is_found_by_it);
	tcase_add_test(t, actions_and_sources_have_names);
	tcase_add_test(t, names_of_numbers_are_there_and_no_two_are_the_same);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
