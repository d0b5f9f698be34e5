/*
 * A libidn2 that does not keep its word: the functions of it that are used
 * stand here, and say what each test wants. Whatever they say, nothing is
 * written beyond its room, and what is no A-label does not go to the DNS (R4,
 * S21, S33). May use lib/idn2.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "idn2/label.h"

#include <mxsel/mxsel.h>

#include "support/run.h"

static struct {
	const char *text; /* NULL: it fails */
	int rc, error;
} said[2];

static int calls;

static int say(char **out)
{
	int turn = calls++ > 0;

	errno = said[turn].error;
	*out = said[turn].text == NULL ? NULL : strdup(said[turn].text);
	return said[turn].rc;
}

int idn2_to_ascii_8z(const char *input, char **output, int flags)
{
	(void)input;
	(void)flags;
	return say(output);
}

int idn2_to_unicode_8z8z(const char *input, char **output, int flags)
{
	(void)input;
	(void)flags;
	return say(output);
}

void idn2_free(void *pointer)
{
	free(pointer);
}

static char out[MXSEL__ULABEL_SIZE];

static int to_ascii(const char *label, const char *first, const char *second)
{
	calls = 0;
	said[0].text = first;
	said[1].text = second;
	said[0].rc = first == NULL ? IDN2_ENCODING_ERROR : IDN2_OK;
	said[1].rc = second == NULL ? IDN2_ENCODING_ERROR : IDN2_OK;
	said[0].error = said[1].error = 0;
	return mxsel__label_to_ascii(out, label, strlen(label));
}

START_TEST(R4_a_label_is_what_it_is_when_it_is_read_again)
{
	ck_assert_int_eq(to_ascii("b\xc3\xbc", "xn--b-eha", "xn--b-eha"), 0);
	ck_assert_str_eq(out, "xn--b-eha");
	ck_assert_int_eq(to_ascii("b\xc3\xbc", "xn--b-eha", "xn--b-ehb"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(to_ascii("b\xc3\xbc", "xn--b-eha", NULL),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(to_ascii("b\xc3\xbc", NULL, NULL), MXSEL_ESYNTAX);
	/* It may have been folded to one that needs no coding. */
	ck_assert_int_eq(to_ascii("\xef\xbd\x82", "b", NULL), 0);
	ck_assert_str_eq(out, "b");
}
END_TEST

START_TEST(R4_an_a_label_becomes_itself_or_nothing)
{
	ck_assert_int_eq(to_ascii("xn--b-eha", "xn--b-eha", "xn--b-eha"), 0);
	ck_assert_int_eq(to_ascii("xn--b-eha", "xn--b-ehc", "xn--b-ehc"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(to_ascii("xn--b-eha", NULL, NULL), MXSEL_ESYNTAX);
	ck_assert_int_eq(to_ascii("b\xc3\xbc", "other", NULL), 0);
}
END_TEST

START_TEST(S21_a_label_of_any_length_is_given_and_one_of_63_taken)
{
	char label[65];

	memset(label, 'a', 64);
	label[64] = '\0';
	ck_assert_int_eq(to_ascii("\xc3\xbc", label, NULL), MXSEL_ESYNTAX);
	label[63] = '\0';
	ck_assert_int_eq(to_ascii("\xc3\xbc", label, NULL), 0);
	ck_assert_str_eq(out, label);
	ck_assert_int_eq(to_ascii("\xc3\xbc", "", NULL), MXSEL_ESYNTAX);
	ck_assert_int_eq(to_ascii("", "a", NULL), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(S33_what_stands_for_a_letter_may_be_a_sign)
{
	static const char *const signs[] = { "a/c", "a{c", "a:c", "a c", "~" };
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		ck_assert_int_eq(to_ascii("\xe2\x84\x80", signs[i], NULL),
			MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R4_only_the_whole_prefix_makes_an_a_label)
{
	static const char *const labels[] = { "xa--b", "xnb-c", "xn-bc",
		"an--b", "xn-", "xn", "x_0-9z" };
	size_t i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		ck_assert_int_eq(to_ascii(labels[i], NULL, NULL), 0);
		ck_assert_str_eq(out, labels[i]);
		ck_assert_int_eq(calls, 0);
	}
	ck_assert_int_eq(to_ascii("XN--b", "xn--b", "xn--b"), 0);
	ck_assert_int_gt(calls, 0);
}
END_TEST

START_TEST(S39_short_memory_is_no_verdict_on_a_name)
{
	said[0].text = NULL;
	said[0].rc = IDN2_MALLOC;
	said[0].error = 0;
	calls = 0;
	ck_assert_int_eq(mxsel__label_to_ascii(out, "\xc3\xbc", 2),
		MXSEL_ENOMEM);
	said[0].rc = IDN2_ENCODING_ERROR;
	said[0].error = ENOMEM;
	calls = 0;
	ck_assert_int_eq(mxsel__label_to_ascii(out, "\xc3\xbc", 2),
		MXSEL_ENOMEM);
}
END_TEST

START_TEST(R4_a_label_is_shown_in_letters_when_they_are_few)
{
	char text[MXSEL__ULABEL_SIZE + 1];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	(void)to_ascii("xn--b-eha", "xn--b-eha", "xn--b-eha");
	calls = 0;
	ck_assert_int_eq(mxsel__label_to_unicode(out, "xn--b-eha", 9), 0);
	ck_assert_str_eq(out, "xn--b-eha"); /* as this libidn2 says */
	ck_assert_int_eq(mxsel__label_to_unicode(out, "b-eha", 5),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel__label_to_unicode(out, "xn--b{", 6),
		MXSEL_ESYNTAX);
	(void)to_ascii("xn--b-eha", "xn--b-eha", text);
	calls = 0;
	ck_assert_int_eq(mxsel__label_to_unicode(out, "xn--b-eha", 9),
		MXSEL_ESYNTAX);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("idn2: a library that lies");
	TCase *one = tcase_create("lies");

	tcase_add_test(one, R4_a_label_is_what_it_is_when_it_is_read_again);
	tcase_add_test(one, R4_an_a_label_becomes_itself_or_nothing);
	tcase_add_test(one,
		S21_a_label_of_any_length_is_given_and_one_of_63_taken);
	tcase_add_test(one, S33_what_stands_for_a_letter_may_be_a_sign);
	tcase_add_test(one, R4_only_the_whole_prefix_makes_an_a_label);
	tcase_add_test(one, S39_short_memory_is_no_verdict_on_a_name);
	tcase_add_test(one, R4_a_label_is_shown_in_letters_when_they_are_few);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
