/*
 * Every function of <mxsel/mock.h> with NULL and with numbers that are none
 * (F99, F100), through the shared library alone.
 */
#include <check.h>
#include <limits.h>

#include <mxsel/mock.h>

#include "support/run.h"

static mxsel_mock *mock;
static const uint8_t octet[1] = { 48 };

static void setup(void)
{
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
}

static void teardown(void)
{
	mxsel_mock_free(mock);
}

START_TEST(F100_no_mock_is_a_usage_error)
{
	ck_assert_int_eq(mxsel_mock_new(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_mx(NULL, "a", 0, "b", 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_address(NULL, "a", "::1", 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_alias(NULL, "a", "b", 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_tlsa(NULL, "a", 3, 1, 0, octet, 1, 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_fail(NULL, "a", 0, 2), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_secure(NULL, "a", 0, 2), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_delay(NULL, "a", 0, 2), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_misbehave(NULL, "a", 0, 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_set_blocking(NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_advance(NULL, 1), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_mock_resolver(NULL));
	ck_assert_uint_eq(mxsel_mock_now(NULL), 0);
	ck_assert_uint_eq(mxsel_mock_asked(NULL, NULL, 0), 0);
	ck_assert_uint_eq(mxsel_mock_cancelled(NULL), 0);
	ck_assert_uint_eq(mxsel_mock_refused(NULL), 0);
	mxsel_mock_free(NULL);
}
END_TEST

START_TEST(F100_no_name_is_a_usage_error)
{
	ck_assert_int_eq(mxsel_mock_mx(mock, NULL, 0, "b", 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_mx(mock, "a", 0, NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_address(mock, NULL, "::1", 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_address(mock, "a", NULL, 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_alias(mock, NULL, "b", 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_tlsa(mock, NULL, 3, 1, 0, octet, 1, 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_tlsa(mock, "a", 3, 1, 0, NULL, 1, 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_alias(mock, "a", NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_fail(mock, NULL, 0, 2), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_secure(mock, NULL, 0, 2), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_delay(mock, NULL, 0, 2), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_misbehave(mock, NULL, 0, 1),
		MXSEL_EUSAGE);
	ck_assert_uint_eq(mxsel_mock_asked(mock, NULL, 0), 0);
}
END_TEST

START_TEST(F99_what_is_no_address_is_a_syntax_error)
{
	ck_assert_int_eq(mxsel_mock_address(mock, "a", "", 1), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_mock_address(mock, "a", "127.1", 1),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_mock_address(mock, "a", "[::1]", 1),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_mock_address(mock, "a", "fe80::1%1", 1),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_mock_address(mock, "a", "a.example", 1),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_mock_address(mock, "a", "192.0.2.1", 1), 0);
	ck_assert_int_eq(mxsel_mock_address(mock, "a", "::ffff:192.0.2.1",
		1), 0);
}
END_TEST

START_TEST(F99_numbers_have_ranges)
{
	static const int none[] = { -1, 99, INT_MAX, INT_MIN };
	int i;

	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(mxsel_mock_fail(mock, "a", 0, none[i]),
			MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_mock_secure(mock, "a", 0, none[i]),
			MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_mock_misbehave(mock, "a", 0, none[i]),
			MXSEL_ERANGE);
	}
	ck_assert_int_eq(mxsel_mock_misbehave(mock, "a", 0, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_mock_fail(mock, "a", 0, MXSEL_DNS_REFERRAL),
		0);
	ck_assert_int_eq(mxsel_mock_fail(mock, "a", 0,
		MXSEL_DNS_REFERRAL + 1), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_mock_delay(mock, "a", 0, UINT32_MAX), 0);
}
END_TEST

START_TEST(F99_the_numbers_of_a_tlsa_record_are_octets)
{
	static const int none[] = { -1, 256, INT_MAX, INT_MIN };
	int i;

	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(mxsel_mock_tlsa(mock, "a", none[i], 1, 0,
			octet, 1, 1), MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_mock_tlsa(mock, "a", 3, none[i], 0,
			octet, 1, 1), MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_mock_tlsa(mock, "a", 3, 1, none[i],
			octet, 1, 1), MXSEL_ERANGE);
	}
	ck_assert_int_eq(mxsel_mock_tlsa(mock, "a", 255, 255, 255, octet, 1,
		1), 0);
	ck_assert_int_eq(mxsel_mock_tlsa(mock, "a", 0, 0, 0, NULL, 0, 1), 0);
}
END_TEST

START_TEST(time_passes_without_questions)
{
	ck_assert_int_eq(mxsel_mock_advance(mock, UINT32_MAX), 0);
	ck_assert_int_eq(mxsel_mock_advance(mock, 1), 0);
	ck_assert(mxsel_mock_now(mock) == (uint64_t)UINT32_MAX + 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mock_arguments");
	TCase *t = tcase_create("arguments");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, F100_no_mock_is_a_usage_error);
	tcase_add_test(t, F100_no_name_is_a_usage_error);
	tcase_add_test(t, F99_what_is_no_address_is_a_syntax_error);
	tcase_add_test(t, F99_numbers_have_ranges);
	tcase_add_test(t, F99_the_numbers_of_a_tlsa_record_are_octets);
	tcase_add_test(t, time_passes_without_questions);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
