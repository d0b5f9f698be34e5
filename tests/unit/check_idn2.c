/*
 * Internationalised domain names, there and back: what UTS 46
 * (non-transitional) and IDNA2008 make of them, what they refuse, and what a
 * reader is shown (R4, R2, R3, R6, S33). Characters that an editor may change
 * are written as octets, those that have no glyph as well.
 */
#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/idn2.h>

#include "support/run.h"

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))
#define ZWNJ "\xe2\x80\x8c"
#define ZWJ "\xe2\x80\x8d"
#define SHY "\xc2\xad"

struct pair {
	const char *given, *made;
};

static int to_ascii(char out[254], const char *name)
{
	memset(out, 'z', 254);
	return mxsel_idn2_to_ascii(name, strlen(name), out, NULL);
}

static void refused(const char *name)
{
	char out[254];

	ck_assert_msg(to_ascii(out, name) == MXSEL_ESYNTAX, "%s", name);
	ck_assert_str_eq(out, "");
}

static void becomes(const char *name, const char *made)
{
	char out[254];

	ck_assert_msg(to_ascii(out, name) == 0, "%s is refused", name);
	ck_assert_str_eq(out, made);
}

/* ---------------------------------------------------------- what is valid */

static const struct pair valid[] = {
	{ "bücher.example", "xn--bcher-kva.example" },
	{ "BÜCHER.Example", "xn--bcher-kva.example" },
	{ "mu\xcc\x88ller.example", "xn--mller-kva.example" }, /* NFC */
	{ "mail.bücher.example", "mail.xn--bcher-kva.example" },
	{ "例子.测试", "xn--fsqu00a.xn--0zwm56d" },
	{ "пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f" },
	{ "παράδειγμα.δοκιμή",
		"xn--hxajbheg2az3al.xn--jxalpdlp" },
	{ "ü", "xn--tda" },
	/* Sharp s, final sigma: letters of their own, not "ss" and sigma. */
	{ "faß.de", "xn--fa-hia.de" },
	{ "straße.example", "xn--strae-oqa.example" },
	{ "σας.gr", "xn--mxa8ab.gr" },
	{ "ΣΑΣ.gr", "xn--mxa9ab.gr" },
	/* RFC 5892 A.1, A.2: joiners where the script wants them. */
	{ "क्" ZWJ "ष.example", "xn--11b2ezcw70k.example" },
	{ "نامه" ZWNJ "ای.com", "xn--mgba3gch31f060k.com" },
	/* RFC 5892 A.3: the Catalan middle dot. */
	{ "col·lega.example", "xn--collega-xma.example" },
	/* UTS 46: fullwidth letters, other dots, what is not there at all. */
	{ "ｂüｃｈｅｒ．ｅｘａｍｐｌｅ",
		"xn--bcher-kva.example" },
	{ "bücher。example", "xn--bcher-kva.example" },
	{ "bücher｡example", "xn--bcher-kva.example" },
	{ "ｅｘａｍｐｌｅ。com", "example.com" },
	{ "bü" SHY "cher.example", "xn--bcher-kva.example" },
	/* A.B.C of a right-to-left label (RFC 5893). */
	{ "אב1.example", "xn--1-zhcd.example" },
	/* A final dot is dropped (R2). */
	{ "bücher.example.", "xn--bcher-kva.example" },
	{ "bücher.example。", "xn--bcher-kva.example" },
	/* Labels that are in the DNS already. */
	{ "xn--bcher-kva.example", "xn--bcher-kva.example" },
	{ "XN--BCHER-KVA.Example", "xn--bcher-kva.example" },
	{ "xn--fa-hia.de", "xn--fa-hia.de" },
	{ "xn--bcher-kva.faß.de", "xn--bcher-kva.xn--fa-hia.de" },
	{ "ｘｎ－－bcher-kva.example", "xn--bcher-kva.example" },
	{ "Example.ORG", "example.org" },
};

START_TEST(R4_a_name_becomes_what_the_dns_holds)
{
	becomes(valid[_i].given, valid[_i].made);
}
END_TEST

/* Plain labels are as free beside an internationalised one as without it. */
static const struct pair plain[] = {
	{ "_dmarc.bücher.example", "_dmarc.xn--bcher-kva.example" },
	{ "Mail_1.bücher.example", "mail_1.xn--bcher-kva.example" },
	{ "r3---sn-ab.bücher.example", "r3---sn-ab.xn--bcher-kva.example" },
	{ "-a.bücher.b-", "-a.xn--bcher-kva.b-" },
	{ "1.bücher.2x", "1.xn--bcher-kva.2x" },
};

START_TEST(R4_a_plain_label_stays_as_it_is)
{
	becomes(plain[_i].given, plain[_i].made);
}
END_TEST

START_TEST(R4_what_was_made_is_made_again_of_itself)
{
	char once[254], again[254];

	ck_assert_int_eq(to_ascii(once, valid[_i].given), 0);
	ck_assert_int_eq(to_ascii(again, once), 0);
	ck_assert_str_eq(again, once);
}
END_TEST

/* -------------------------------------------------------- what is refused */

static const char *const invalid[] = {
	/* Symbols: DISALLOWED (RFC 5892). */
	"☃.example", "💩.example", "i❤.example", "a™b☃.example",
	"xn--n3h.example", "xn--ls8h.example",
	/* UTS 46 lets this one pass for IDNA2003's sake, IDNA2008 does not. */
	"≠.example", "xn--1ch.example",
	/* Joiners out of context. */
	"a" ZWJ "b.example", "a" ZWNJ "b.example", ZWJ "ü.example",
	"xn--ab-m1t.example", "xn--ab-j1t.example",
	/* A mark without a letter. */
	"\xcc\x81ü.example",
	/* Hyphens: third and fourth, first, last (RFC 5891 4.2.3.1). */
	"ab--cü.example", "-ü.example", "ü-.example", "－ü.example",
	"xn----eha.example", "xn----dha.example",
	/* Left in right, right in left (RFC 5893). */
	"אa.example", "1א.example", "١۱.example",
	/* Signs that no host name has, however they are written. */
	"ü_x.example", "ü!.example", "ü x.example", "a/ü.example",
	"℀.example", "ü＿x.example", "ü＠x.example", "ü%2e.example",
	"ü\\046.example", "bücher.a b", "bücher.[a]", "\"bücher\".example",
	"xn--a-b_-kva.example",
	/* Not assigned, private, no character. */
	"\xcd\xb8.example", "\xee\x80\x80.example", "\xef\xbf\xbe.example",
	/* Signs that hold dots, and no label at all. */
	"ü․example", "⒈ü.example", "ü…example", "ü﹒example",
	"", ".", "。", "..", "ü..", "ü.。", ".ü", "bücher..example",
	"ü。。a", SHY, SHY ".example", "ü." SHY ".example",
	/* No punycode, or none that anybody would make. */
	"xn--.example", "xn--a.example", "xn--zz.example", "xn---.example",
	"xn--abc-.example", "xn--bcher.example", "xn--bücher.example",
	"Ｘn--a.example", "xn--99999999.example",
	/* A-labels of what is not in normal form, or not mapped. */
	"xn--u-ccb.example", "xn--a-rjb.example", "xn--ssbcher-kva",
};

START_TEST(R4_what_is_no_valid_name_is_refused)
{
	refused(invalid[_i]);
}
END_TEST

static const char *const no_utf8[] = {
	"m\xfcller.example", "\xc3.example", "ü.\xc3", "\xc0\xaf.example",
	"\xe0\x80\xae.ü", "\xed\xa0\x80.example", "\xed\xb2\xa9.example",
	"\xf4\x90\x80\x80.example", "\xff\xfe.example", "\x80.example",
	"ü\xe2\x80.example", "\xf0\x82\x82\xac.example",
};

START_TEST(R4_S33_what_is_no_utf8_is_refused)
{
	refused(no_utf8[_i]);
}
END_TEST

START_TEST(R4_S33_controls_are_refused_wherever_they_stand)
{
	char name[] = "ü?ü.example";
	char out[254], c1[] = "ü\xc2?.example";
	int i;

	for (i = 0; i < 0x20; i++) {
		name[2] = (char)i;
		ck_assert_int_eq(mxsel_idn2_to_ascii(name, sizeof(name) - 1,
			out, NULL), MXSEL_ESYNTAX);
	}
	name[2] = 0x7f;
	refused(name);
	for (i = 0x80; i < 0xa0; i++) {
		c1[3] = (char)i;
		refused(c1);
	}
	name[2] = 'x';
	becomes(name, "xn--x-dhab.example");
}
END_TEST

START_TEST(R4_a_nul_ends_nothing)
{
	char out[254];

	ck_assert_int_eq(mxsel_idn2_to_ascii("ü.example\0.x", 12, out, NULL),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_idn2_to_ascii("\0", 1, out, NULL),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_idn2_to_ascii("ü.examples", 10, out, NULL), 0);
	ck_assert_str_eq(out, "xn--tda.example");
}
END_TEST

/* ------------------------------------------------------------------ length */

static char *append(char *end, const char *text, int times)
{
	size_t length = strlen(text);

	for (; times > 0; times--) {
		memcpy(end, text, length);
		end += length;
	}
	*end = '\0';
	return end;
}

START_TEST(R4_S33_signs_are_refused_wherever_they_stand)
{
	static const char signs[] = "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~";
	char name[] = "ü?ü.example";
	size_t i;

	for (i = 0; i + 1 < sizeof(signs); i++) {
		name[2] = signs[i];
		refused(name);
	}
}
END_TEST

START_TEST(R3_R4_the_a_label_counts_not_the_letters)
{
	char name[1200], out[254];

	append(append(name, "a", 55), "ü", 1);
	ck_assert_int_eq(to_ascii(out, name), 0);
	ck_assert_uint_eq(strlen(out), 63);
	append(append(name, "a", 56), "ü", 1);
	ck_assert_int_eq(to_ascii(out, name), MXSEL_ESYNTAX);
	append(name, "a", 64);
	append(name + 64, ".ü", 1);
	ck_assert_int_eq(to_ascii(out, name), MXSEL_ESYNTAX);
	append(append(name, "a", 63), ".ü", 1);
	ck_assert_int_eq(to_ascii(out, name), 0);
	append(name, "ü", 57); /* 114 octets of UTF-8 */
	ck_assert_int_eq(to_ascii(out, name), 0);
	ck_assert_uint_eq(strlen(out), 63);
	append(name, "ü", 58);
	ck_assert_int_eq(to_ascii(out, name), MXSEL_ESYNTAX);
	append(name, "字", 300);
	ck_assert_int_eq(to_ascii(out, name), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R3_R4_a_name_has_253_octets_at_most)
{
	char name[1200], out[254], *end;

	end = append(name, "ü.", 1);          /* 8 octets: "xn--tda." */
	end = append(end, "bbbbbbb.", 30);    /* 240 */
	append(end, "ccccc", 1);
	ck_assert_int_eq(to_ascii(out, name), 0);
	ck_assert_uint_eq(strlen(out), 253);
	append(end, "ccccc.", 1);
	ck_assert_int_eq(to_ascii(out, name), 0);
	ck_assert_uint_eq(strlen(out), 253);
	append(end, "cccccc", 1);
	ck_assert_int_eq(to_ascii(out, name), MXSEL_ESYNTAX);
	append(name, "ü.", 200);
	ck_assert_int_eq(to_ascii(out, name), MXSEL_ESYNTAX);
	append(append(name, "a.", 126), "ü", 1);
	ck_assert_int_eq(to_ascii(out, name), MXSEL_ESYNTAX);
}
END_TEST

/* Octets that are mapped to nothing could go on for ever. */
START_TEST(R4_S33_more_than_1024_octets_are_not_looked_at)
{
	char name[1200], out[254], *end;

	end = append(append(name, SHY, 507), "ü.example", 1);
	ck_assert_uint_eq((size_t)(end - name), 1024);
	becomes(name, "xn--tda.example");
	append(end, "s", 1);
	ck_assert_int_eq(to_ascii(out, name), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_idn2_to_ascii(name, SIZE_MAX, out, NULL),
		MXSEL_ESYNTAX);
}
END_TEST

/* ----------------------------------------------------------------- display */

static const struct pair shown[] = {
	{ "xn--bcher-kva.example", "bücher.example" },
	{ "mail.XN--BCHER-KVA.Example", "mail.bücher.Example" },
	{ "xn--fa-hia.de", "faß.de" },
	{ "xn--fsqu00a.xn--0zwm56d", "例子.测试" },
	{ "xn--mgba3gch31f060k.com", "نامه" ZWNJ "ای.com" },
	{ "xn--tda.", "ü." },
	{ "example.com", "example.com" },
	{ "", "" },
	{ ".", "." },
	{ "a..b", "a..b" },
	{ "bücher.example", "bücher.example" },
	/* Nobody is shown what could not be looked up. */
	{ "xn--n3h.example", "xn--n3h.example" },
	{ "xn--1ch.example", "xn--1ch.example" },
	{ "xn--.xn--a.xn--tda", "xn--.xn--a.ü" },
	{ "xn--abc-.xn--u-ccb", "xn--abc-.xn--u-ccb" },
	{ "xn--ab-m1t.xn--a-b_-kva", "xn--ab-m1t.xn--a-b_-kva" },
	/* A dot or octet that is escaped belongs to its label. */
	{ "a\\.xn--tda.xn--tda", "a\\.xn--tda.ü" },
	{ "xn--tda\\032.b\\", "xn--tda\\032.b\\" },
};

START_TEST(R4_a_reader_sees_letters_where_they_are_valid)
{
	char out[1024];
	size_t size = sizeof(out);

	ck_assert_int_eq(mxsel_idn2_to_display(shown[_i].given, out, &size),
		0);
	ck_assert_str_eq(out, shown[_i].made);
	ck_assert_uint_eq(size, strlen(out) + 1);
}
END_TEST

START_TEST(R4_display_says_how_much_room_it_needs)
{
	static const char name[] = "xn--bcher-kva.xn--tda";
	static const char made[] = "bücher.ü";
	char out[32];
	size_t room, size;

	for (room = 0; room < sizeof(out); room++) {
		memset(out, '#', sizeof(out));
		size = room;
		ck_assert_int_eq(mxsel_idn2_to_display(name, out, &size),
			room < sizeof(made) ? MXSEL_ESPACE : 0);
		ck_assert_uint_eq(size, sizeof(made));
		ck_assert_int_eq(out[room], '#');
		if (room > 0)
			ck_assert_str_eq(out, room < sizeof(made) ? "" : made);
	}
}
END_TEST

START_TEST(R4_what_is_shown_leads_back)
{
	char ascii[254], out[1024], again[254];
	size_t size = sizeof(out);

	ck_assert_int_eq(to_ascii(ascii, valid[_i].given), 0);
	ck_assert_int_eq(mxsel_idn2_to_display(ascii, out, &size), 0);
	ck_assert_int_eq(to_ascii(again, out), 0);
	ck_assert_str_eq(again, ascii);
}
END_TEST

/* --------------------------------------------------------------- the calls */

START_TEST(R6_R4_the_locale_changes_nothing)
{
	static const char *const locales[] = { "C", "C.UTF-8", "tr_TR.UTF-8",
		"tr_TR", "en_US.ISO-8859-1", "" };
	int i;

	for (i = 0; i < COUNT(locales); i++) {
		if (setlocale(LC_ALL, locales[i]) == NULL)
			continue;
		becomes("ÜIi.EXAMPLE.İ", "xn--ii-wka.example.xn--i-9bb");
		becomes("XN--TDA.ISTANBUL.ı", "xn--tda.istanbul.xn--cfa");
		refused("m\xfcller.example");
	}
	ck_assert_ptr_nonnull(setlocale(LC_ALL, "C"));
}
END_TEST

START_TEST(calls_with_null_are_refused)
{
	char out[254] = "";
	size_t size = sizeof(out);

	ck_assert_int_eq(mxsel_idn2_to_ascii(NULL, 1, out, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_idn2_to_ascii("ü", 2, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_idn2_to_display(NULL, out, &size),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_idn2_to_display("a", NULL, &size),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_idn2_to_display("a", out, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_idn2_use(NULL), MXSEL_EUSAGE);
}
END_TEST

static Suite *idn2_suite(void)
{
	Suite *suite = suite_create("idn2");
	TCase *tc = tcase_create("idn2");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, R4_a_name_becomes_what_the_dns_holds, 0,
		COUNT(valid));
	tcase_add_loop_test(tc, R4_a_plain_label_stays_as_it_is, 0,
		COUNT(plain));
	tcase_add_loop_test(tc, R4_what_was_made_is_made_again_of_itself, 0,
		COUNT(valid));
	tcase_add_loop_test(tc, R4_what_is_no_valid_name_is_refused, 0,
		COUNT(invalid));
	tcase_add_loop_test(tc, R4_S33_what_is_no_utf8_is_refused, 0,
		COUNT(no_utf8));
	tcase_add_test(tc, R4_S33_controls_are_refused_wherever_they_stand);
	tcase_add_test(tc, R4_S33_signs_are_refused_wherever_they_stand);
	tcase_add_test(tc, R4_a_nul_ends_nothing);
	tcase_add_test(tc, R3_R4_the_a_label_counts_not_the_letters);
	tcase_add_test(tc, R3_R4_a_name_has_253_octets_at_most);
	tcase_add_test(tc, R4_S33_more_than_1024_octets_are_not_looked_at);
	tcase_add_loop_test(tc, R4_a_reader_sees_letters_where_they_are_valid,
		0, COUNT(shown));
	tcase_add_test(tc, R4_display_says_how_much_room_it_needs);
	tcase_add_loop_test(tc, R4_what_is_shown_leads_back, 0, COUNT(valid));
	tcase_add_test(tc, R6_R4_the_locale_changes_nothing);
	tcase_add_test(tc, calls_with_null_are_refused);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(idn2_suite());
}
