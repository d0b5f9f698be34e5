/*
 * Master files that are read, and those that are refused as a whole: a zone
 * is either what its owner wrote or nothing (S17, S18, S39, F53, F72, F86).
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "ldns/zones.h"
#include "support/run.h"

#define SOA "@ 60 IN SOA ns h 1 2 3 4 5\n"
#define START "$ORIGIN example.com.\n" SOA

static struct mxsel__zone zone;

/* What becomes of this text; the zone stays for further questions. */
static int load(const char *text)
{
	mxsel__zone_clear(&zone);
	return mxsel__zone_load(&zone, text);
}

static void teardown(void)
{
	mxsel__zone_clear(&zone);
}

static const struct mxsel__zone_record *only(const char *name, uint16_t type)
{
	struct mxsel__zone_record *const *records;
	struct mxsel__zone_name asked;

	ck_assert_int_eq(mxsel__zone_name_text(&asked, name), 0);
	ck_assert_uint_eq(mxsel__zone_find(&zone, asked.key, asked.size - 1,
		type, &records), 1);
	return records[0];
}

static uint32_t ttl_of(const char *name)
{
	return only(name, MXSEL__ZONE_A)->ttl;
}

static int exists(const char *name)
{
	struct mxsel__zone_name asked;

	ck_assert_int_eq(mxsel__zone_name_text(&asked, name), 0);
	return mxsel__zone_exists(&zone, asked.key, asked.size - 1);
}

START_TEST(class_and_ttl_come_in_either_order_or_not_at_all)
{
	ck_assert_int_eq(load(START "$TTL 7\n"
		"a 300 IN A 192.0.2.1\n"
		"b IN 301 A 192.0.2.1\n"
		"c IN A 192.0.2.1\n"
		"d 302 A 192.0.2.1\n"
		"e A 192.0.2.1\n"
		"f in a 192.0.2.1\n"
		"g 303 CLASS1 TYPE1 \\# 4 c0000201\n"), 0);
	ck_assert_uint_eq(ttl_of("a.example.com"), 300);
	ck_assert_uint_eq(ttl_of("b.example.com"), 301);
	ck_assert_uint_eq(ttl_of("c.example.com"), 7);
	ck_assert_uint_eq(ttl_of("d.example.com"), 302);
	ck_assert_uint_eq(ttl_of("e.example.com"), 7);
	ck_assert_uint_eq(ttl_of("f.example.com"), 7);
	ck_assert_uint_eq(ttl_of("g.example.com"), 303);
}
END_TEST

START_TEST(a_ttl_left_out_is_the_last_one_stated)
{
	ck_assert_int_eq(load("$ORIGIN example.com.\n"
		"@ SOA ns h 1 2 3 4 5\n"
		"a A 192.0.2.1\n"
		"b 20 A 192.0.2.1\n"
		"c A 192.0.2.1\n"
		"$TTL 0\n"
		"d A 192.0.2.1\n"
		"e 30 A 192.0.2.1\n"
		"f A 192.0.2.1\n"), 0);
	ck_assert_uint_eq(ttl_of("a.example.com"), 3600);
	ck_assert_uint_eq(ttl_of("b.example.com"), 20);
	ck_assert_uint_eq(ttl_of("c.example.com"), 20);
	ck_assert_uint_eq(ttl_of("d.example.com"), 0);
	ck_assert_uint_eq(ttl_of("e.example.com"), 30);
	ck_assert_uint_eq(ttl_of("f.example.com"), 0);
}
END_TEST

START_TEST(F53_ttls_have_units_and_32_bits)
{
	ck_assert_int_eq(load(START
		"a 1h30m A 192.0.2.1\n"
		"b 1W2d3H4m5s A 192.0.2.1\n"
		"c 4294967295 A 192.0.2.1\n"), 0);
	ck_assert_uint_eq(ttl_of("a.example.com"), 5400);
	ck_assert_uint_eq(ttl_of("b.example.com"), 788645);
	ck_assert_uint_eq(ttl_of("c.example.com"), UINT32_MAX);
	ck_assert_int_eq(load(START "a 4294967296 A 192.0.2.1\n"),
		MXSEL_EFILE);
	ck_assert_int_eq(load(START "a 7200w A 192.0.2.1\n"), MXSEL_EFILE);
	ck_assert_int_eq(load(START "a 3600x A 192.0.2.1\n"), MXSEL_EFILE);
	ck_assert_int_eq(load(START "a 3hh A 192.0.2.1\n"), MXSEL_EFILE);
	ck_assert_int_eq(load(START "$TTL -1\n"), MXSEL_EFILE);
}
END_TEST

START_TEST(an_owner_left_out_is_the_one_before)
{
	ck_assert_int_eq(load(START
		"a A 192.0.2.1\n"
		"  AAAA 2001:db8::1\n"
		"$ORIGIN sub\n"
		"\tTXT still-of-a\n"
		"b A 192.0.2.2\n"), 0);
	(void)only("a.example.com", MXSEL__ZONE_AAAA);
	(void)only("a.example.com", 16);
	(void)only("b.sub.example.com", MXSEL__ZONE_A);
	ck_assert_int_eq(load(" 60 IN SOA ns h 1 2 3 4 5\n"), MXSEL_EFILE);
}
END_TEST

START_TEST(without_origin_names_are_relative_to_the_owner_of_the_soa)
{
	ck_assert_int_eq(load("example.com. 60 SOA ns h 1 2 3 4 5\n"
		"@ MX 10 mx\n"
		"mx A 192.0.2.1\n"), 0);
	(void)only("mx.example.com", MXSEL__ZONE_A);
	ck_assert_uint_eq(only("example.com", MXSEL__ZONE_MX)->rdlength,
		2 + 3 + 12 + 1);
}
END_TEST

START_TEST(an_at_sign_that_stands_for_nothing_is_refused)
{
	/* The origin stands in a name server's configuration only. To take
	 * it for the root would make every name of the world NXDOMAIN. */
	ck_assert_int_eq(load(SOA "@ MX 10 mx\n"), MXSEL_EFILE);
	ck_assert_int_eq(load("$ORIGIN @\n" SOA), MXSEL_EFILE);
	ck_assert_int_eq(load("$ORIGIN .\n" SOA), 0);
	ck_assert_int_eq(load(". 60 SOA ns h 1 2 3 4 5\n"), 0);
}
END_TEST

START_TEST(an_entry_in_parentheses_spans_lines)
{
	ck_assert_int_eq(load("$ORIGIN example.com.\r\n"
		"@ 60 IN SOA ns h (1 ; serial ) of today\r\n"
		" 2 3 ( 4\n\n"
		") 5 ) ; minimum\r\n"
		"; a comment (\n"
		"   ; another \"one\n"
		"a MX ( 10\n"
		"b )"), 0);
	(void)only("a.example.com", MXSEL__ZONE_MX);
	ck_assert_uint_eq(zone.count, 2);
}
END_TEST

START_TEST(special_characters_mean_nothing_in_quotes_or_behind_a_backslash)
{
	ck_assert_int_eq(load(START
		"a TXT \"semi;colon ( \\\" paren\" more\n"
		"b\\ c A 192.0.2.1\n"
		"d\\;e A 192.0.2.2\n"
		"f\\(g A 192.0.2.3\n"
		"\\$TTL A 192.0.2.4\n"
		"\\@ A 192.0.2.5\n"
		"h\\000 A 192.0.2.6\n"
		"\xfc A 192.0.2.7\n"), 0);
	ck_assert_uint_eq(zone.count, 9);
	ck_assert_int_eq(exists("b c.example.com"), 1);
	ck_assert_int_eq(exists("d;e.example.com"), 1);
	ck_assert_int_eq(exists("f(g.example.com"), 1);
	ck_assert_int_eq(exists("$ttl.example.com"), 1);
	ck_assert_int_eq(exists("@.example.com"), 1);
	ck_assert_int_eq(exists("\xfc.example.com"), 1);
	ck_assert_int_eq(exists("b.example.com"), 0);
}
END_TEST

/* What is wrong with each is said beside it. */
static const char *const broken[] = {
	"",                                         /* nothing */
	"; only a comment\n",
	"\n  \n\t\n",
	"$ORIGIN example.com.\na 60 A 192.0.2.1\n", /* no SOA */
	START SOA "a.example.com. 60 SOA ns h 1 2 3 4 5\n", /* two of them */
	START "@ 60 IN SOA ns h 2 2 3 4 5\n",
	START "example.net. A 192.0.2.1\n",         /* not in the zone */
	START "com. A 192.0.2.1\n",
	START "xexample.com. A 192.0.2.1\n",
	START "a CH A 192.0.2.1\n",                 /* another class */
	START "a CLASS3 A 192.0.2.1\n",
	START "a\n",                                /* no type */
	START "a 60\n",
	START "a IN\n",
	START "a 60 IN\n",
	START "a A\n",                              /* no RDATA */
	START "a MX 10\n",
	START "a A 192.0.2.256\n",
	START "a A 192.0.2.1 and more\n",
	START "a A 10.1\n",
	START "a AAAA 2001:db8::1::2\n",
	START "a AAAA fe80::1%eth0\n",
	START "a BOGUS 1\n",
	START "a MX x b\n",
	START "a MX 65536 b\n",                     /* would wrap to 0 */
	START "a MX 4294967306 b\n",
	START "a MX 000000000010 b\n",
	START "a MX -1 b\n",
	START "a MX 10 b c\n",
	START "a MX 10 b..c\n",
	START "a MX \\# 2 000a\n",                  /* no exchange */
	START "a MX \\# 9 000a00\n",
	START "a A \\# 3 c00002\n",
	START "a CNAME \\# 0\n",
	START "a TLSA 3 1 1\n",                     /* no data */
	START "a TLSA 3 1 ab\n",
	START "a TLSA 3 1 1 abc\n",                 /* half an octet */
	START "a TLSA 3 1 1 ab c\n",
	START "a TLSA 3 1 1 0\n",
	START "a TLSA 3 1 1 xy\n",
	START "a TLSA 3 1 1 \"ab\"\n",
	START "a TLSA 256 1 1 ab\n",                /* would wrap to 0 */
	START "a TLSA 259 1 1 ab\n",
	START "a TLSA 3 257 1 ab\n",
	START "a TLSA 3 1 257 ab\n",
	START "a TLSA 4294967299 1 1 ab\n",
	START "a TLSA -253 1 1 ab\n",
	START "a TLSA +3 1 1 ab\n",
	START "a TLSA 3.0 1 1 ab\n",
	START "a TLSA DANE-XX 1 1 ab\n",
	START "a TLSA \\# 2 0301\n",
	START "a TLSA \\# 0\n",
	START "a CNAME b\\256c\n",
	START "a CNAME b\\25\n",
	START "a CNAME b\\\n",
	START "a MX ( 10 b\n",                      /* cut short */
	START "a MX 10 b )\n",
	START "a TXT \"open\n",
	START "a TXT \"open",
	START "a..b A 192.0.2.1\n",
	START "$INCLUDE other.zone\n",              /* one file, one zone */
	START "$GENERATE 1-9 a$ A 192.0.2.$\n",
	START "$TTL\n",
	START "$TTL 1 2\n",
	START "$ORIGIN\n",
	START "$ORIGIN a..b\n",
	START "$ORIGINAL x.\n",
	START "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		" A 192.0.2.1\n",                   /* 64 octets */
};

START_TEST(F86_what_does_not_parse_is_refused_whole)
{
	ck_assert_msg(load(broken[_i]) == MXSEL_EFILE, "%s", broken[_i]);
	ck_assert_uint_eq(zone.count, 0);
	ck_assert_ptr_null(zone.records);
}
END_TEST

START_TEST(F86_every_cut_of_a_file_is_read_or_refused)
{
	static const char whole[] = START "$TTL 1h\n"
		"a (60 IN MX 10 b\\;c) ; x\n\"q\" TXT \"y\\\"\" \"z\"\n"
		"c TYPE9999 \\# 2 abcd\n$ORIGIN d\ne NS f.\n";
	char text[sizeof(whole)];
	size_t i, read = 0;

	for (i = 0; i < sizeof(whole); i++) {
		int result;

		memcpy(text, whole, i);
		text[i] = '\0';
		result = load(text);
		ck_assert_msg(result == 0 || result == MXSEL_EFILE, "%zu", i);
		read += result == 0;
	}
	ck_assert_uint_gt(read, 0);
	ck_assert_int_eq(load(whole), 0);
}
END_TEST

START_TEST(F86_any_octet_anywhere_is_read_or_refused)
{
	static const char whole[] = START "a MX (10 b) ;\nc TXT \"d\"\n";
	char text[sizeof(whole)];
	size_t i;
	int octet;

	for (i = 0; i + 1 < sizeof(whole); i++) {
		for (octet = 1; octet < 256; octet += 3) {
			int result;

			memcpy(text, whole, sizeof(whole));
			text[i] = (char)octet;
			result = load(text);
			ck_assert_msg(result == 0 || result == MXSEL_EFILE,
				"%zu: %d", i, octet);
		}
	}
}
END_TEST

START_TEST(a_line_longer_than_any_record_is_refused)
{
	size_t size = MXSEL__ZONE_LINE_MAX + 100;
	char *text = malloc(size + 1);

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', size);
	text[size] = '\0';
	memcpy(text, START "a TXT ", sizeof(START "a TXT ") - 1);
	ck_assert_int_eq(load(text), MXSEL_EFILE);
	free(text);
}
END_TEST

START_TEST(a_name_is_found_among_many_thousands)
{
	size_t count = 20000, at, i;
	char *text = malloc(100 + count * 40), name[32];

	ck_assert_ptr_nonnull(text);
	at = (size_t)sprintf(text, START);
	for (i = 0; i < count; i++)
		at += (size_t)sprintf(text + at, "n%u.m%u A 192.0.2.%u\n",
			(unsigned)(i * 7919 % count), (unsigned)(i % 7),
			(unsigned)(i % 256));
	ck_assert_int_eq(load(text), 0);
	free(text);
	ck_assert_uint_eq(zone.count, count + 1);
	for (i = 0; i < count; i += 97) {
		(void)sprintf(name, "n%u.m%u.example.com",
			(unsigned)(i * 7919 % count), (unsigned)(i % 7));
		(void)only(name, MXSEL__ZONE_A);
	}
	ck_assert_int_eq(exists("n20000.m1.example.com"), 0);
	ck_assert_int_eq(exists("m6.example.com"), 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("ldns_zone_load");
	TCase *t = tcase_create("files");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, class_and_ttl_come_in_either_order_or_not_at_all);
	tcase_add_test(t, a_ttl_left_out_is_the_last_one_stated);
	tcase_add_test(t, F53_ttls_have_units_and_32_bits);
	tcase_add_test(t, an_owner_left_out_is_the_one_before);
	tcase_add_test(t,
		without_origin_names_are_relative_to_the_owner_of_the_soa);
	tcase_add_test(t, an_at_sign_that_stands_for_nothing_is_refused);
	tcase_add_test(t, an_entry_in_parentheses_spans_lines);
	tcase_add_test(t,
special_characters_mean_nothing_in_quotes_or_behind_a_backslash);
	tcase_add_loop_test(t, F86_what_does_not_parse_is_refused_whole, 0,
		(int)(sizeof(broken) / sizeof(broken[0])));
	tcase_add_test(t, F86_every_cut_of_a_file_is_read_or_refused);
	tcase_add_test(t, F86_any_octet_anywhere_is_read_or_refused);
	tcase_add_test(t, a_line_longer_than_any_record_is_refused);
	tcase_add_test(t, a_name_is_found_among_many_thousands);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return mxsel_test_run(suite());
}
