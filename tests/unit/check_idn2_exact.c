/*
 * At the very ends of labels and of memory, with a libidn2 that finds
 * everything plain: nothing is read behind a label, nothing is written behind
 * the room there is, and a sign never gets as far as libidn2 (R4, R6, S21,
 * S33). The functions of libidn2 that are used stand here. May use lib/idn2.
 */
#define _DEFAULT_SOURCE

#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "idn2/label.h"
#include "idn2/utf8.h"

#include <mxsel/idn2.h>

#include "support/guard.h"
#include "support/run.h"

static const char *said = "plain";
static int calls;

static int say(char **output)
{
	calls++;
	*output = strdup(said);
	return *output == NULL ? IDN2_MALLOC : IDN2_OK;
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

static void begin(void)
{
	said = "plain";
	calls = 0;
}

START_TEST(S33_a_sign_is_refused_before_libidn2_sees_it)
{
	static const char around[] = "/:@[`{ !.~\x7f";
	char name[] = "a?b.example", out[254];
	const char *sign;

	for (sign = around; *sign != '\0'; sign++) {
		if (*sign == '.')
			continue;
		name[1] = *sign;
		ck_assert_int_eq(mxsel_idn2_to_ascii(name, strlen(name), out,
			NULL), MXSEL_ESYNTAX);
	}
	ck_assert_int_eq(calls, 0);
	ck_assert_int_eq(mxsel_idn2_to_ascii("\xc3\xbc.b", 4, out, NULL), 0);
	ck_assert_str_eq(out, "plain.b");
	ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(R4_a_label_is_as_long_as_it_is_said_to_be)
{
	ck_assert(mxsel__label_is_xn("xn--", 4));
	ck_assert(!mxsel__label_is_xn("xn--", 3));
	ck_assert(!mxsel__label_is_xn("xn--", 0));
}
END_TEST

START_TEST(S21_no_octet_is_looked_at_where_none_is_left)
{
	const char *end = guard_end(NULL, 0);
	uint32_t c = 7;

	ck_assert_uint_eq(mxsel__utf8_next(&c, end, 0), 0);
	ck_assert_uint_eq(c, 7);
}
END_TEST

/* What libidn2 gives may be longer than any label. */
START_TEST(S21_of_what_is_too_long_nothing_is_taken)
{
	char *out = guard_end(NULL, MXSEL__LABEL_MAX + 1);
	char text[MXSEL__LABEL_MAX + 2];

	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	said = text;
	ck_assert_int_eq(mxsel__label_to_ascii(out, "\xc3\xbc", 2),
		MXSEL_ESYNTAX);
	text[sizeof text - 2] = '\0';
	ck_assert_int_eq(mxsel__label_to_ascii(out, "\xc3\xbc", 2), 0);
	ck_assert_str_eq(out, text);
}
END_TEST

/* With every room there can be: what fits is whole, what does not is "". */
START_TEST(R6_S21_a_name_is_shown_in_its_room)
{
	static const char name[] = "mx.a.example";
	char out[32];
	size_t room, size, i;

	for (room = 0; room < sizeof name + 2; room++) {
		memset(out, '#', sizeof out);
		size = room;
		ck_assert_int_eq(mxsel_idn2_to_display(name, out, &size),
			room < sizeof name ? MXSEL_ESPACE : 0);
		ck_assert_uint_eq(size, sizeof name);
		if (room >= sizeof name)
			ck_assert_str_eq(out, name);
		else if (room > 0)
			ck_assert_str_eq(out, "");
		for (i = room; i < sizeof out; i++)
			ck_assert_int_eq(out[i], '#');
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("idn2: ends");
	TCase *one = tcase_create("ends");

	tcase_add_checked_fixture(one, begin, NULL);
	tcase_add_test(one, S33_a_sign_is_refused_before_libidn2_sees_it);
	tcase_add_test(one, R4_a_label_is_as_long_as_it_is_said_to_be);
	tcase_add_test(one, S21_no_octet_is_looked_at_where_none_is_left);
	tcase_add_test(one, S21_of_what_is_too_long_nothing_is_taken);
	tcase_add_test(one, R6_S21_a_name_is_shown_in_its_room);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
