/*
 * UTF-8 before any other library sees it: every character and its shortest
 * form, and nothing else (R4, S33).
 */
#include <check.h>
#include <string.h>

#include "idn2/utf8.h"
#include "support/run.h"

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

/* RFC 3629 3, the table of bits, without asking what is allowed. */
static size_t write_character(char out[4], uint32_t c, size_t octets)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t i;

	for (i = octets - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	out[0] = (char)(lead[octets] | c);
	return octets;
}

static size_t shortest(uint32_t c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static int is_surrogate(uint32_t c)
{
	return c >= 0xd800 && c <= 0xdfff;
}

START_TEST(R4_S33_every_character_is_read_in_its_shortest_form)
{
	uint32_t c, read;
	char text[4];
	size_t octets, wrong = 0;

	for (c = 0; c <= 0x10ffff; c++) {
		octets = write_character(text, c, shortest(c));
		read = ~c;
		if (is_surrogate(c))
			wrong += mxsel__utf8_next(&read, text, octets) != 0;
		else
			wrong += mxsel__utf8_next(&read, text, octets) !=
				octets || read != c;
	}
	ck_assert_uint_eq(wrong, 0);
}
END_TEST

START_TEST(R4_S33_no_character_has_a_longer_form)
{
	uint32_t c, read;
	char text[4];
	size_t octets, wrong = 0;

	for (c = 0; c < 0x10000; c++)
		for (octets = shortest(c) + 1; octets <= 4; octets++) {
			write_character(text, c, octets);
			wrong += mxsel__utf8_next(&read, text, octets) != 0;
		}
	ck_assert_uint_eq(wrong, 0);
}
END_TEST

START_TEST(R4_S33_there_is_nothing_above_the_last_character)
{
	uint32_t c, read;
	char text[4];
	size_t wrong = 0;

	for (c = 0x110000; c < 0x200000; c++) {
		write_character(text, c, 4);
		wrong += mxsel__utf8_next(&read, text, 4) != 0;
	}
	ck_assert_uint_eq(wrong, 0);
}
END_TEST

/* Every pair of octets: 128 * 256 begin with ASCII, 1920 are characters. */
START_TEST(R4_S33_of_all_pairs_of_octets_only_characters_are_read)
{
	size_t one = 0, two = 0;
	uint32_t c;
	char text[2];
	int i;

	for (i = 0; i < 65536; i++) {
		text[0] = (char)(i >> 8);
		text[1] = (char)(i & 0xff);
		switch (mxsel__utf8_next(&c, text, 2)) {
		case 0: break;
		case 1: one++; break;
		default: two++; break;
		}
	}
	ck_assert_uint_eq(one, 128 * 256);
	ck_assert_uint_eq(two, 1920);
}
END_TEST

static const char *const broken[] = { "\x80", "\xbf", "\xc3", "\xc3\x28",
	"\xe2\x82", "\xe2\x28\xa1", "\xe2\x82\x28", "\xf0\x9f\x92",
	"\xf0\x28\x8c\xbc", "\xf0\x9f\x28\xbc", "\xf0\x9f\x92\x28",
	"\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80",
	"\xfe", "\xff", "\xed\xa0\xbd\xed\xb2\xa9" };

START_TEST(R4_S33_what_is_broken_is_not_read)
{
	uint32_t c;

	ck_assert_uint_eq(mxsel__utf8_next(&c, broken[_i],
		strlen(broken[_i])), 0);
}
END_TEST

START_TEST(S33_nothing_is_read_behind_the_end)
{
	uint32_t c;
	size_t left;

	for (left = 0; left < 4; left++)
		ck_assert_uint_eq(mxsel__utf8_next(&c, "\xf0\x9f\x92\xa9",
			left), 0);
	ck_assert_uint_eq(mxsel__utf8_next(&c, "\xf0\x9f\x92\xa9", 4), 4);
	ck_assert_uint_eq(c, 0x1f4a9);
	ck_assert_uint_eq(mxsel__utf8_next(&c, "", 1), 1);
	ck_assert_uint_eq(c, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("idn2/utf8");
	TCase *tc = tcase_create("utf8");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc,
		R4_S33_every_character_is_read_in_its_shortest_form);
	tcase_add_test(tc, R4_S33_no_character_has_a_longer_form);
	tcase_add_test(tc, R4_S33_there_is_nothing_above_the_last_character);
	tcase_add_test(tc,
		R4_S33_of_all_pairs_of_octets_only_characters_are_read);
	tcase_add_loop_test(tc, R4_S33_what_is_broken_is_not_read, 0,
		COUNT(broken));
	tcase_add_test(tc, S33_nothing_is_read_behind_the_end);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
