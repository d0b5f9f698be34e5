/*
 * Names from text: what is a host name, what is only a name, what is none,
 * and the one text each of them has (R3, R20, R21, S20, F51, F65, F72).
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "name/name.h"
#include "support/run.h"

struct sample {
	const char *text;
	const char *folded;
	enum mxsel__name_kind kind;
};

/* Parse from memory that ends where the text ends. */
static enum mxsel__name_kind parse(char *out, size_t *size, const char *text,
	size_t length)
{
	char *exact = malloc(length + 1);
	enum mxsel__name_kind kind;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, text, length);
	exact = realloc(exact, length == 0 ? 1 : length);
	ck_assert_ptr_nonnull(exact);
	kind = mxsel__name_parse(out, size, exact, length);
	free(exact);
	return kind;
}

static void assert_sample(const struct sample *s)
{
	char out[MXSEL__NAME_TEXT_SIZE];
	size_t length;

	ck_assert_msg(parse(out, &length, s->text, strlen(s->text)) ==
		s->kind, "kind of \"%s\"", s->text);
	if (s->kind == MXSEL__NAME_BROKEN)
		return;
	ck_assert_str_eq(out, s->folded);
	ck_assert_uint_eq(length, strlen(s->folded));
}

static enum mxsel__name_kind kind_of(const char *text)
{
	char out[MXSEL__NAME_TEXT_SIZE];
	size_t length;

	return parse(out, &length, text, strlen(text));
}

static const struct sample host_names[] = {
	{ "mx1.example.com", "mx1.example.com", MXSEL__NAME_GOOD },
	{ "MX1.Example.COM.", "mx1.example.com", MXSEL__NAME_GOOD },
	{ "mail", "mail", MXSEL__NAME_GOOD },
	{ "_dmarc.a-b.example", "_dmarc.a-b.example", MXSEL__NAME_GOOD },
	{ "-a.example-", "-a.example-", MXSEL__NAME_GOOD },
	{ "\\077x\\049.example", "mx1.example", MXSEL__NAME_GOOD },
	{ "\\mx.exampl\\e", "mx.example", MXSEL__NAME_GOOD },
	{ "192.0.2.example", "192.0.2.example", MXSEL__NAME_GOOD },
	{ "192.0.2.256", "192.0.2.256", MXSEL__NAME_GOOD },
	{ "127.1", "127.1", MXSEL__NAME_GOOD },
	{ "7", "7", MXSEL__NAME_GOOD },
	{ "", "", MXSEL__NAME_ROOT },
	{ ".", "", MXSEL__NAME_ROOT }
};

START_TEST(R20_a_host_name_is_letters_digits_hyphen_underscore)
{
	assert_sample(&host_names[_i]);
}
END_TEST

static const struct sample odd_names[] = {
	{ "a\\.b.example", "a\\.b.example", MXSEL__NAME_ODD },
	{ "a\\046b", "a\\.b", MXSEL__NAME_ODD },
	{ "a\\\\b", "a\\\\b", MXSEL__NAME_ODD },
	{ "a\\000b.example", "a\\000b.example", MXSEL__NAME_ODD },
	{ "a b.example", "a\\032b.example", MXSEL__NAME_ODD },
	{ "a\r\nb", "a\\013\\010b", MXSEL__NAME_ODD },
	{ "\"A\".example", "\"a\".example", MXSEL__NAME_ODD },
	{ "m\xc3\xbcller.example", "m\\195\\188ller.example",
		MXSEL__NAME_ODD },
	{ "a\x7f", "a\\127", MXSEL__NAME_ODD },
	{ "\\255", "\\255", MXSEL__NAME_ODD },
	{ "\\@.Example.", "@.example", MXSEL__NAME_ODD },
	{ "!~", "!~", MXSEL__NAME_ODD },
	{ "*.example", "*.example", MXSEL__NAME_ODD },
	{ "\\..", "\\.", MXSEL__NAME_ODD }
};

START_TEST(R20_F72_other_octets_are_kept_but_escaped)
{
	assert_sample(&odd_names[_i]);
}
END_TEST

static const struct sample addresses[] = {
	{ "192.0.2.1", "192.0.2.1", MXSEL__NAME_ADDRESS },
	{ "192.0.2.1.", "192.0.2.1", MXSEL__NAME_ADDRESS },
	{ "[192.0.2.1]", "[192.0.2.1]", MXSEL__NAME_ADDRESS },
	{ "2001:DB8::1", "2001:db8::1", MXSEL__NAME_ADDRESS },
	{ "2001:db8::1.", "2001:db8::1", MXSEL__NAME_ADDRESS },
	{ "[2001:db8::1]", "[2001:db8::1]", MXSEL__NAME_ADDRESS },
	{ "[IPv6:2001:db8::1]", "[ipv6:2001:db8::1]", MXSEL__NAME_ADDRESS },
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", MXSEL__NAME_ADDRESS },
	{ "::", "::", MXSEL__NAME_ADDRESS },
	{ "192\\.0\\.2\\.1", "192\\.0\\.2\\.1", MXSEL__NAME_ODD },
	{ "[192.0.2.1", "[192.0.2.1", MXSEL__NAME_ODD },
	{ "[IPv6:192.0.2.1]", "[ipv6:192.0.2.1]", MXSEL__NAME_ODD },
	{ "fe80::1%eth0", "fe80::1%eth0", MXSEL__NAME_ODD },
	{ "192.0.02.1", "192.0.02.1", MXSEL__NAME_GOOD }
};

START_TEST(R21_F51_an_address_in_place_of_a_name_is_seen)
{
	assert_sample(&addresses[_i]);
}
END_TEST

static const char *const broken[] = {
	"..", ".example", "a..example", "example..", "a.\\", "\\", "\\25",
	"\\25x", "\\2x5", "\\256", "\\999"
};

START_TEST(R3_an_empty_label_or_a_bad_escape_is_no_name)
{
	ck_assert_int_eq(kind_of(broken[_i]), MXSEL__NAME_BROKEN);
}
END_TEST

START_TEST(R3_a_label_has_at_most_63_octets)
{
	char text[80];

	memset(text, 'a', sizeof(text));
	memcpy(text + 63, ".example", 9);
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_GOOD);
	memset(text, 'a', sizeof(text));
	memcpy(text + 64, ".example", 9);
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_BROKEN);
	memcpy(text + 63, "\\\\.b", 5);
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_BROKEN);
	memcpy(text + 62, "\\\\.b", 5);
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_ODD);
}
END_TEST

/* Three labels of 63 octets, then one of last octets. */
static void fill(char *text, size_t last, int dot)
{
	memset(text, 'b', 300);
	text[63] = text[127] = text[191] = '.';
	text[192 + last] = dot ? '.' : '\0';
	text[193 + last] = '\0';
}

START_TEST(R3_F65_a_name_has_at_most_253_octets_of_text)
{
	char text[300];

	fill(text, 61, 0);
	ck_assert_uint_eq(strlen(text), MXSEL__NAME_MAX);
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_GOOD);
	fill(text, 61, 1);
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_GOOD);
	fill(text, 62, 0);
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_BROKEN);
	fill(text, 62, 1);
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_BROKEN);
	fill(text, 60, 1);
	memcpy(text + 253, "c", 2);
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_BROKEN);
}
END_TEST

START_TEST(F72_the_longest_text_of_a_name_fits)
{
	char text[2000];
	char out[MXSEL__NAME_TEXT_SIZE];
	size_t length;
	size_t n = 0;
	int i;

	for (i = 0; i < 250; i++) {
		if (i > 0 && i % 63 == 0)
			text[n++] = '.';
		memcpy(text + n, "\\001", 5);
		n += 4;
	}
	ck_assert_int_eq(parse(out, &length, text, strlen(text)),
		MXSEL__NAME_ODD);
	ck_assert_str_eq(out, text);
	ck_assert_uint_eq(length, 1003);
	/* One octet more is too long, and so are many more. */
	memcpy(text + n, "a", 2);
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_BROKEN);
	memset(text + n, 'a', 900);
	text[n + 900] = '\0';
	ck_assert_int_eq(kind_of(text), MXSEL__NAME_BROKEN);
}
END_TEST

/* Every octet, escaped and bare: the same name, the same text. */
START_TEST(S20_an_octet_has_one_text_however_it_was_written)
{
	char bare[4] = { 'a', (char)_i, 'b', '\0' };
	char escaped[8];
	char first[MXSEL__NAME_TEXT_SIZE], second[MXSEL__NAME_TEXT_SIZE];
	size_t length, again;
	enum mxsel__name_kind kind;

	snprintf(escaped, sizeof(escaped), "a\\%03db", _i);
	kind = parse(first, &length, escaped, strlen(escaped));
	ck_assert_int_eq(kind, mxsel__name_fold[_i] != 0 ? MXSEL__NAME_GOOD
	                                                 : MXSEL__NAME_ODD);
	ck_assert_uint_eq(length, strlen(first));
	if (_i != '.' && _i != '\\') {
		ck_assert_int_eq(parse(second, &again, bare, 3), kind);
		ck_assert_str_eq(first, second);
	}
	ck_assert_int_eq(parse(second, &again, first, length), kind);
	ck_assert_str_eq(first, second);
}
END_TEST

START_TEST(R6_the_table_folds_ascii_letters_and_nothing_else)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
	int c;

	for (c = 1; c < 256; c++) {
		int small = c >= 'A' && c <= 'Z' ? c + 32 : c;
		int want = strchr(fine, small) != NULL ? small : 0;

		ck_assert_int_eq(mxsel__name_fold[c], want);
	}
	ck_assert_int_eq(mxsel__name_fold[0], 0);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

int main(void)
{
	Suite *suite = suite_create("name text");
	TCase *tests = tcase_create("text");

	suite_add_tcase(suite, tests);
	tcase_add_loop_test(tests,
		R20_a_host_name_is_letters_digits_hyphen_underscore, 0,
		COUNT(host_names));
	tcase_add_loop_test(tests, R20_F72_other_octets_are_kept_but_escaped,
		0, COUNT(odd_names));
	tcase_add_loop_test(tests,
		R21_F51_an_address_in_place_of_a_name_is_seen, 0,
		COUNT(addresses));
	tcase_add_loop_test(tests,
		R3_an_empty_label_or_a_bad_escape_is_no_name, 0,
		COUNT(broken));
	tcase_add_test(tests, R3_a_label_has_at_most_63_octets);
	tcase_add_test(tests, R3_F65_a_name_has_at_most_253_octets_of_text);
	tcase_add_test(tests, F72_the_longest_text_of_a_name_fits);
	tcase_add_loop_test(tests,
		S20_an_octet_has_one_text_however_it_was_written, 0, 256);
	tcase_add_test(tests,
		R6_the_table_folds_ascii_letters_and_nothing_else);
	return mxsel_test_run(suite);
}
