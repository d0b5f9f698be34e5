/*
 * Every error number has a sentence, and no number makes it fall over.
 */
#include <check.h>
#include <limits.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

START_TEST(every_error_has_a_sentence_of_its_own)
{
	int a, b;

	for (a = MXSEL_OK; a >= MXSEL_ECANCELED; a--) {
		const char *sentence = mxsel_strerror(a);

		ck_assert_str_ne(sentence, "");
		ck_assert_str_ne(sentence, "unknown error");
		for (b = MXSEL_OK; b > a; b--)
			ck_assert_str_ne(sentence, mxsel_strerror(b));
	}
}
END_TEST

START_TEST(F100_a_number_that_is_no_error_is_an_unknown_error)
{
	static const int numbers[] = { 1, 2, MXSEL_ECANCELED - 1, -1000,
		INT_MAX, INT_MIN, INT_MIN + 1 };
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		ck_assert_str_eq(mxsel_strerror(numbers[i]), "unknown error");
}
END_TEST

START_TEST(sentences_speak_of_what_happened)
{
	ck_assert_ptr_nonnull(strstr(mxsel_strerror(MXSEL_ENOMEM), "memory"));
	ck_assert_ptr_nonnull(strstr(mxsel_strerror(MXSEL_EENTROPY),
		"random"));
	ck_assert_ptr_nonnull(strstr(mxsel_strerror(MXSEL_ECANCELED),
		"callback"));
}
END_TEST

START_TEST(the_version_that_runs_is_the_version_of_the_header)
{
	ck_assert_str_eq(mxsel_version(), MXSEL_VERSION_STRING);
}
END_TEST

static Suite *error_suite(void)
{
	Suite *suite = suite_create("base/error");
	TCase *tc = tcase_create("error");

	tcase_add_test(tc, every_error_has_a_sentence_of_its_own);
	tcase_add_test(tc,
		F100_a_number_that_is_no_error_is_an_unknown_error);
	tcase_add_test(tc, sentences_speak_of_what_happened);
	tcase_add_test(tc,
		the_version_that_runs_is_the_version_of_the_header);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(error_suite());
}
