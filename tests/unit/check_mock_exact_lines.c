/*
 * The lines of a record at the very end of memory, right and wrong by one
 * octet: each is read as it was meant, or not at all, and nothing is read
 * behind it (R79, S21, F99). May use lib/mock.
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mock/replay.h"

#include "support/guard.h"
#include "support/run.h"

static struct mxsel__mock_line *line;

static int read_line(const char *text)
{
	size_t length = strlen(text);

	line = NULL;
	return mxsel__mock_line_read(&line, guard_end(text, length), length);
}

static const char *const wrong[] = {
	/* octets of a text: none that is no glyph, escapes are three digits */
	"destination a\tb", "destination \x1f", "destination a\x7f",
	"destination a\x80", "destination a\xff",
	"destination \\", "destination \\0", "destination \\06",
	"destination \\01/", "destination \\00:", "destination \\/00",
	"destination \\256", "destination \\999",
	/* names and numbers */
	"mx  10 b 300", "mx a 10  300", "mx \\000 10 b 300", "mx a 10 b ",
	"mx a 10 b", "mx a  b 300", "mx a 010 b 300", "mx a 65536 b 300",
	"mx a 1/ b 300", "mx a 1: b 300", "mx a 10 b 300 ",
	"seed 18446744073709551616", "seed 111111111111111111111",
	"seed 99999999999999999999", "seed -1", "seed 1 1", "seed", "seeds 1",
	"see 1",
	/* types are whole words */
	"negative a AA 60", "negative a M 60", "negative a AAA 60",
	"negative a MXX 60", "negative a a 60", "negative a  60",
	/* addresses belong to a type, and to that one */
	"address a MX ::1 300", "address a CNAME ::1 300",
	"address a TLSA 192.0.2.1 300", "address a AAAA 192.0.2.1 300",
	"address a A ::1 300", "address a A 192.0.2.1 ", "address a A  300",
	"address a A 192.0.2.1",
	/* octets in hexadecimal, lower case, in pairs */
	"packet a MX 0 0", "packet a MX 0 z0", "packet a MX 0 0z",
	"packet a MX 0 zz00000000000000", "packet a MX 0 0W",
	"packet a MX 0 A0", "packet a MX 0 `0", "packet a MX 0 0`",
	"packet a MX 0 /0", "packet a MX 0 0:", "packet a MX 0 g0",
	"packet a MX 0 000", "packet a MX 4 00",
	"tlsa a 3 1 1 zz 300", "tlsa a 3 1 1 z00 300", "tlsa a 3 1 1 00zz 3",
	"tlsa a 3 1 1 -x300", "tlsa a 3 1 1 -- 300", "tlsa a 3 1 1  300",
	"tlsa a 3 1 1 - ", "tlsa a 256 1 1 - 300",
	"report a 192.0.2.1 1", "report a  1 250", "report a - 1 1000",
	"report a - 1 250 \\000"
};

START_TEST(R79_S21_a_line_that_is_wrong_by_an_octet_is_none)
{
	ck_assert_msg(read_line(wrong[_i]) == MXSEL_ESYNTAX, "%s", wrong[_i]);
	ck_assert_ptr_null(line);
}
END_TEST

static const struct {
	const char *text, *data;
	size_t size;
} right[] = {
	{ "destination a", "a", 1 },
	{ "destination !~", "!~", 2 },
	{ "destination \\032\\000\\255", " \0\xff", 3 },
	{ "mx a 10 b 300", "b", 0 },
	{ "mx a 65535 b 4294967295", "b", 0 },
	{ "seed 18446744073709551615", NULL, 0 },
	{ "alias a AAAA b 0", "b", 0 },
	{ "address a A 192.0.2.1 300", "\xc0\0\2\1", 4 },
	{ "address a AAAA :: 300", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16 },
	{ "packet a MX 3 09af", "\x09\xaf", 2 },
	{ "packet a MX 0 f9", "\xf9", 1 },
	{ "tlsa a 3 1 1 - 300", "", 0 },
	{ "tlsa a 255 0 0 00 300", "\0", 1 },
	{ "negative a TLSA 60", NULL, 0 },
	{ "report a - 1 250", NULL, 0 },
	{ "report a - 1 250 \\040ok)", "(ok)", 4 }
};

START_TEST(R79_a_line_is_read_as_it_was_meant)
{
	ck_assert_msg(read_line(right[_i].text) == 0, "%s", right[_i].text);
	if (right[_i].data == NULL)
		ck_assert_ptr_null(line->data);
	else
		ck_assert_mem_eq(line->data, right[_i].data, right[_i].size);
	ck_assert_uint_eq(line->size, right[_i].size);
	free(line);
}
END_TEST

/* An escape is over where its line is, whatever follows. */
START_TEST(S21_an_escape_ends_with_its_line)
{
	static const char text[] = "destination \\065";

	ck_assert_int_eq(mxsel__mock_line_read(&line, text, sizeof text - 1),
		0);
	ck_assert_str_eq(line->data, "A");
	free(line);
	ck_assert_int_eq(mxsel__mock_line_read(&line, text, sizeof text - 2),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel__mock_line_read(&line, text, sizeof text - 4),
		MXSEL_ESYNTAX);
}
END_TEST

/* ----------------------------------------------------------- first lines */

static int replay(const char *text)
{
	size_t length = strlen(text);
	mxsel_mock *mock;
	int result;

	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	result = mxsel_mock_replay(mock, guard_end(text, length), length);
	mxsel_mock_free(mock);
	return result;
}

START_TEST(R79_S21_a_record_begins_with_its_version)
{
	ck_assert_int_eq(replay("mxsel-record 1\ndestination a\n"), 0);
	ck_assert_int_eq(replay("mxsel-record 1\ndestination a"), 0);
	ck_assert_int_eq(replay("mxsel-record 2\ndestination a\n"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(replay("mxsel-record 1\n"), MXSEL_ESYNTAX);
	ck_assert_int_eq(replay("mxsel-record 1"), MXSEL_ESYNTAX);
	ck_assert_int_eq(replay("mxsel"), MXSEL_ESYNTAX);
	ck_assert_int_eq(replay(""), MXSEL_ESYNTAX);
}
END_TEST

/* ----------------------------------------------------------------- names */

START_TEST(R2_names_are_the_same_when_all_of_them_is)
{
	ck_assert(mxsel__mock_name_is("a.example", "A.Example."));
	ck_assert(!mxsel__mock_name_is("a.ex", "a.example"));
	ck_assert(!mxsel__mock_name_is("a.example", "a.ex"));
	ck_assert(!mxsel__mock_name_is("a.exampl0", "a.examplP"));
	ck_assert(!mxsel__mock_name_is("[", "{"));
	ck_assert(!mxsel__mock_name_is("@", "`"));
	ck_assert_uint_eq(mxsel__mock_name_size(guard_begin("", 1)), 1);
	ck_assert_uint_eq(mxsel__mock_name_size("."), 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mock: lines");
	TCase *one = tcase_create("lines");

	tcase_add_loop_test(one,
		R79_S21_a_line_that_is_wrong_by_an_octet_is_none, 0,
		(int)(sizeof wrong / sizeof *wrong));
	tcase_add_loop_test(one, R79_a_line_is_read_as_it_was_meant, 0,
		(int)(sizeof right / sizeof *right));
	tcase_add_test(one, S21_an_escape_ends_with_its_line);
	tcase_add_test(one, R79_S21_a_record_begins_with_its_version);
	tcase_add_test(one, R2_names_are_the_same_when_all_of_them_is);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
