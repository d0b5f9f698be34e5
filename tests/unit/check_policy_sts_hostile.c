/*
 * MTA-STS policies from whoever likes to do harm (R95, S27): bodies of any
 * size and of any octets, good ones cut and changed at every place, and text
 * put together at random and judged by another reader of the same grammar.
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <regex.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "support/sts_body.h"

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))
#define MEBIBYTE ((size_t)1 << 20)

/* What it takes, without a pattern, so that others follow. */
#define HEAD "version: STSv1\nmode: enforce\nmax_age: 60\n"

static char body[2 * MEBIBYTE];

/* A body of this head, then of one piece again and again: its size. */
static size_t repeat(const char *head, const char *piece, size_t times)
{
	size_t at = strlen(head), length = strlen(piece);

	memcpy(body, head, at);
	for (; times > 0 && at + length <= sizeof(body); times--) {
		memcpy(body + at, piece, length);
		at += length;
	}
	return at;
}

static void expect(size_t size, int wanted, size_t wanted_line)
{
	const char *why = NULL;
	size_t line = 0;
	int rc = mxsel_sts_check(body, size, &line, &why);

	ck_assert_int_eq(rc, wanted);
	if (rc != MXSEL_OK)
		ck_assert_uint_eq(line, wanted_line);
	ck_assert_int_eq(sts_body_holds(body, size), rc == MXSEL_OK);
}

/* ------------------------------------------------------------ size, octets */

START_TEST(R95_a_policy_of_65536_octets_is_read_and_no_larger_one)
{
	size_t size = repeat(HEAD "mx: a.example\nx: ", "y", 70000);

	ck_assert_uint_gt(size, 65537);
	expect(65536, MXSEL_OK, 0);
	expect(65537, MXSEL_ELIMIT, 0);
	size = repeat(RFC_BODY, "x: y\r\n", MEBIBYTE / 6);
	expect(size, MXSEL_ELIMIT, 0);
	memset(body, 0, MEBIBYTE);
	expect(MEBIBYTE, MXSEL_ELIMIT, 0);
	expect(65536, MXSEL_ESYNTAX, 1);
}
END_TEST

START_TEST(R95_a_thousand_mx_are_kept_and_no_more)
{
	expect(repeat(HEAD, "mx:a\n", 1000), MXSEL_OK, 0);
	expect(repeat(HEAD, "mx:a\n", 1001), MXSEL_ELIMIT, 1004);
	expect(repeat(HEAD, "mx:a\n", 13000), MXSEL_ELIMIT, 1004);
	expect(repeat(HEAD, "mx:a\n", 100000), MXSEL_ELIMIT, 0);
}
END_TEST

/* One octet after the other in one huge piece: nothing is tried twice. */
START_TEST(S27_R95_pieces_without_end_are_refused)
{
	static const struct {
		const char *piece;
		size_t line;
	} pieces[] = {
		{ "a", 4 }, { ":", 4 }, { ".", 4 }, { "*", 4 }, { "*.", 4 },
		{ " ", 4 }, { "\t", 4 }, { "\r", 4 }, { "\n", 4 },
		{ "\r\r\n", 4 }, { "\xc3\xa4", 4 }, { "\x80", 4 },
		{ "\xff", 4 }, { "\x1b[2J", 4 }, { "mx:*\n", 4 },
		{ "mx:*.*.a\n", 4 }, { "mode:\n", 4 },
	};
	size_t i;

	for (i = 0; i < COUNT(pieces); i++)
		expect(repeat(HEAD, pieces[i].piece, 7000), MXSEL_ESYNTAX,
			pieces[i].line);
	expect(repeat(HEAD "mx: a", ".a", 30000), MXSEL_ESYNTAX, 4);
	expect(repeat(HEAD "mx: ", "a", 5120), MXSEL_ESYNTAX, 4);
	expect(repeat(HEAD "mx: *.", "a.", 2560), MXSEL_ESYNTAX, 4);
	expect(repeat("max_age: ", "0", 60000), MXSEL_ESYNTAX, 1);
}
END_TEST

/* Fields that nobody knows may be many and long; white space too. */
START_TEST(R95_what_is_passed_over_may_fill_the_policy)
{
	expect(repeat(RFC_BODY, "x: y\n", 13000), MXSEL_OK, 0);
	expect(repeat(RFC_BODY "x: ", "\xf0\x9f\x93\xa7", 16000), MXSEL_OK,
		0);
	expect(repeat(RFC_BODY "x:y", " ", 65000), MXSEL_OK, 0);
	expect(repeat(RFC_BODY, "mode: x\r\n", 7000), MXSEL_OK, 0);
}
END_TEST

/* Every octet in a value, in a name, and alone. */
START_TEST(R95_NUL_and_control_characters_stand_nowhere)
{
	int octet;

	for (octet = 0; octet < 256; octet++) {
		size_t size = repeat(RFC_BODY "x: a?b\n", "", 0);
		int visible = octet >= ' ' && octet < 0x7f;

		body[size - 3] = (char)octet;
		expect(size, visible ? MXSEL_OK : MXSEL_ESYNTAX,
			octet == '\n' ? 8 : 7);
		size = repeat(RFC_BODY "?: a\n", "", 0);
		body[size - 5] = (char)octet;
		ck_assert_int_eq(sts_body_holds(body, size),
			visible && strchr("abcdefghijklmnopqrstuvwxyz"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
			octet) != NULL);
		body[0] = (char)octet;
		ck_assert_int_eq(sts_body_holds(body, 1), 0);
	}
}
END_TEST

START_TEST(R95_a_NUL_hides_nothing_behind_it)
{
	static const char after[] = RFC_BODY "\0garbage";
	static const char within[] = "version: STSv1\0\nmode: none\nmax_age: 1";

	memcpy(body, after, sizeof(after));
	expect(sizeof(after) - 1, MXSEL_ESYNTAX, 7);
	expect(sizeof(RFC_BODY), MXSEL_ESYNTAX, 7); /* with its NUL */
	memcpy(body, within, sizeof(within));
	expect(sizeof(within) - 1, MXSEL_ESYNTAX, 1);
}
END_TEST

/* ------------------------------------------------------------------- UTF-8 */

/* The character of n octets, by arithmetic; -1: it is none. */
static long character(const unsigned char *c, size_t n)
{
	static const long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	long value = c[0] & (0xff >> (n + 1));
	size_t i;

	if ((c[0] & (0xff << (7 - n) & 0xff)) != (0xff << (8 - n) & 0xff))
		return -1;
	for (i = 1; i < n; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return -1;
		value = value << 6 | (c[i] & 0x3f);
	}
	if (value < least[n] || value > 0x10ffff ||
		(value >= 0xd800 && value < 0xe000))
		return -1;
	return value;
}

static int is_taken(const unsigned char *c, size_t n)
{
	size_t head = sizeof(RFC_BODY "x: ") - 1;

	memcpy(body, RFC_BODY "x: ", head);
	memcpy(body + head, c, n);
	return mxsel_sts_check(body, head + n, NULL, NULL) == MXSEL_OK;
}

/* Octets at the borders of what each place may hold, in all orders. */
START_TEST(R95_a_value_is_UTF_8_in_its_shortest_form)
{
	static const unsigned char edges[] = { 0x7f, 0x80, 0x8f, 0x90, 0x9f,
		0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed,
		0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xff };
	unsigned char c[4];
	size_t n, i, taken = 0;
	size_t all = COUNT(edges) * COUNT(edges) * COUNT(edges) *
		COUNT(edges);

	for (i = 0; i < 65536; i++) {
		c[0] = (unsigned char)(0x80 | i >> 8);
		c[1] = (unsigned char)(0x80 | i);
		ck_assert_int_eq(is_taken(c, 2), character(c, 2) >= 0);
	}
	for (i = 0; i < all; i++) {
		c[0] = edges[i % COUNT(edges)];
		c[1] = edges[i / COUNT(edges) % COUNT(edges)];
		c[2] = edges[i / COUNT(edges) / COUNT(edges) % COUNT(edges)];
		c[3] = edges[i / COUNT(edges) / COUNT(edges) / COUNT(edges)];
		for (n = 3; n <= 4; n++) {
			int good = character(c, n) >= 0;

			/* Three octets may also be no single character. */
			if (c[0] < 0xe0 || (n == 4 && c[0] < 0xf0))
				continue;
			ck_assert_int_eq(is_taken(c, n), good);
			taken += (size_t)good;
		}
	}
	ck_assert_uint_gt(taken, 1000);
}
END_TEST

/* -------------------------------------------------- good ones, cut, changed */

#define ODD_BODY "mode:none\r\n" "x-1: a \xe2\x82\xac z\n" \
	"version:\tSTSv1 \n" "max_age: 0"
#define TWICE_BODY "mx: *.A.example \n" "mode: testing\n" \
	"max_age: 0000000060\n" "mode: none\n" "version: STSv1\r\n"

static const char *const good[] = { RFC_BODY, RFC_APPENDIX_BODY, ODD_BODY,
	TWICE_BODY };

START_TEST(R95_a_policy_cut_anywhere_is_read_without_harm)
{
	size_t i, size, whole = 0;

	for (i = 0; i < COUNT(good); i++) {
		for (size = 0; size <= strlen(good[i]); size++)
			whole += (size_t)sts_body_holds(good[i], size);
		ck_assert_int_eq(sts_body_holds(good[i], size - 1), 1);
	}
	/* Lines end or do not, and the last number has more digits or less. */
	ck_assert_uint_ge(whole, 3 * COUNT(good));
	ck_assert_uint_le(whole, 10 * COUNT(good));
}
END_TEST

/* Every octet becomes every other, is left out, and comes twice. */
START_TEST(R95_a_policy_changed_anywhere_is_read_without_harm)
{
	size_t i, at, length, sound = 0, all = 0;
	int octet;

	for (i = 0; i < COUNT(good); i++) {
		length = strlen(good[i]);
		for (at = 0; at < length; at++) {
			memcpy(body, good[i], length);
			for (octet = 0; octet < 256; octet++, all++) {
				body[at] = (char)octet;
				sound += (size_t)sts_body_holds(body, length);
			}
			memcpy(body, good[i], at);
			memcpy(body + at, good[i] + at + 1, length - at - 1);
			(void)sts_body_holds(body, length - 1);
			memcpy(body, good[i], at + 1);
			memcpy(body + at + 1, good[i] + at, length - at);
			(void)sts_body_holds(body, length + 1);
		}
	}
	ck_assert_uint_gt(sound, all / 100);
	ck_assert_uint_lt(sound, all / 4);
}
END_TEST

/* ------------------------------------------------ put together, and judged */

#define LABEL "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
#define END "[ \t]*$"

/* The grammar once more, said in the regular expressions of POSIX. */
enum { VERSION, MODE, MAX_AGE, MX, FIELD, EXPRESSIONS };
static const char *const expressions[EXPRESSIONS] = {
	"^version:[ \t]*STSv1" END,
	"^mode:[ \t]*(testing|enforce|none)" END,
	"^max_age:[ \t]*(0{0,9}[0-9]|0{0,2}[0-2]?[0-9]{1,7})" END,
	"^mx:[ \t]*([*][.])?" LABEL "([.]" LABEL ")*" END,
	"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}:[ \t]*[!-~]([ !-~]*[!-~])?" END,
};
static const char *const names[MX + 1] = { "version:", "mode:", "max_age:",
	"mx:" };

/* Is each line one of a policy, and all there? Without its limits. */
static int is_policy(const regex_t *grammar, char *text)
{
	int seen[MX + 1] = { 0 };
	int is_none = 0;
	char *line = text;

	while (*line != '\0') {
		char *end = strchr(line, '\n');
		char *next = end == NULL ? line + strlen(line) : end + 1;
		int kind = 0;

		if (end != NULL)
			end[end > line && end[-1] == '\r' ? -1 : 0] = '\0';
		while (kind < FIELD && strncmp(line, names[kind],
			strlen(names[kind])) != 0)
			if (++kind > MX)
				kind = FIELD;
		if (kind < MX && seen[kind])
			kind = FIELD;
		if (regexec(&grammar[kind], line, 0, NULL, 0) != 0)
			return 0;
		if (kind < FIELD)
			seen[kind] = 1;
		is_none |= kind == MODE && strstr(line, "none") != NULL;
		line = next;
	}
	return seen[VERSION] && seen[MODE] && seen[MAX_AGE] &&
		(seen[MX] || is_none);
}

static const char *const lines[] = { "version: STSv1", "version:STSv1",
	"mode: enforce", "mode: testing", "mode:\tnone", "max_age: 86400",
	"max_age: 0", "max_age: 0000000001", "mx: a.example", "mx:*.b.example",
	"mx: a-b.c1 ", "x: y z", "A_b.c-1:=;", "version: STSv2", "mode: x",
	"max_age: ", "mx: *", "mx: a.", "mx: -a", "Mx: *", "" };
static const char *const ends[] = { "\n", "\n", "\n", "\r\n", "\r\n", "\r",
	"\n\n", "", "\r\r\n" };
static const char changes[] = "a*.-_: \t0;=\r\nZ~";

static uint32_t below(struct mxsel__random *r, size_t n)
{
	return mxsel__random_below(r, (uint32_t)n);
}

/*
 * Lines of which most are right, ends of which most are right; then an octet
 * or two that are something else.
 */
static size_t make(struct mxsel__random *r, char *text)
{
	size_t at = 0, changed = below(r, 3);
	uint32_t n = 3 + below(r, 6), i;

	for (i = 0; i < n; i++) {
		uint32_t kinds = below(r, 4) == 0 ? COUNT(lines) : 13;
		const char *line = lines[below(r, kinds)];
		const char *end = ends[below(r, below(r, 8) == 0
			? COUNT(ends) : 5)];

		at += (size_t)snprintf(text + at, 40, "%s%s", line, end);
	}
	while (below(r, 2) == 0 && changed-- > 0 && at > 0)
		text[below(r, at)] = changes[below(r, sizeof(changes) - 1)];
	text[at] = '\0';
	return at;
}

START_TEST(R95_another_reader_of_the_grammar_says_the_same)
{
	struct mxsel__random random;
	regex_t grammar[EXPRESSIONS];
	char text[400], copy[400];
	int i, round, sound = 0;

	for (i = 0; i < EXPRESSIONS; i++)
		ck_assert_int_eq(regcomp(&grammar[i], expressions[i],
			REG_EXTENDED | REG_NOSUB), 0);
	mxsel__random_init(&random, 20180926);
	for (round = 0; round < 60000; round++) {
		size_t size = make(&random, text);
		int wanted;

		memcpy(copy, text, size + 1);
		wanted = is_policy(grammar, copy);
		ck_assert_msg(sts_body_holds(text, size) == wanted,
			"%d: %s", wanted, text);
		sound += wanted;
	}
	for (i = 0; i < EXPRESSIONS; i++)
		regfree(&grammar[i]);
	ck_assert_int_gt(sound, 2000);
	ck_assert_int_lt(sound, 40000);
}
END_TEST

START_TEST(S27_R95_octets_at_random_do_no_harm)
{
	struct mxsel__random random;
	int round;
	size_t i;

	mxsel__random_init(&random, 95);
	for (round = 0; round < 3000; round++) {
		size_t size = below(&random, 300);

		for (i = 0; i < size; i++)
			body[i] = (char)below(&random, 256);
		ck_assert_int_eq(sts_body_holds(body, size), 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy: hostile MTA-STS policies");
	TCase *size = tcase_create("size and octets");
	TCase *trials = tcase_create("trials");

	tcase_add_test(size,
		R95_a_policy_of_65536_octets_is_read_and_no_larger_one);
	tcase_add_test(size, R95_a_thousand_mx_are_kept_and_no_more);
	tcase_add_test(size, S27_R95_pieces_without_end_are_refused);
	tcase_add_test(size, R95_what_is_passed_over_may_fill_the_policy);
	tcase_add_test(size, R95_NUL_and_control_characters_stand_nowhere);
	tcase_add_test(size, R95_a_NUL_hides_nothing_behind_it);
	tcase_add_test(size, R95_a_value_is_UTF_8_in_its_shortest_form);
	tcase_add_test(trials,
		R95_a_policy_cut_anywhere_is_read_without_harm);
	tcase_add_test(trials,
		R95_a_policy_changed_anywhere_is_read_without_harm);
	tcase_add_test(trials,
		R95_another_reader_of_the_grammar_says_the_same);
	tcase_add_test(trials, S27_R95_octets_at_random_do_no_harm);
	suite_add_tcase(suite, size);
	suite_add_tcase(suite, trials);
	return mxsel_test_run(suite);
}
