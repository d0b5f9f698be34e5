/*
 * The master-file resolver at its ends: chains as long as it follows them,
 * messages in which no name can be pointed to any more or which end inside a
 * name, and words and names that are cut (F46, F53, F55, F56, F86, S15).
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "ldns/zones.h"
#include "support/run.h"
#include "support/zone_shown.h"

#define HEAD "$ORIGIN test.\n@ 60 SOA . . 1 1 1 1 1\n"

static struct mxsel__zone zone;
static struct mxsel__zones zones = { &zone, 1 };
static struct mxsel__zone_message message;
static char *text; /* of the zone */
static size_t text_size;

static void teardown(void)
{
	mxsel__zone_clear(&zone);
	free(text);
	text = NULL;
}

static FILE *begin_zone(void)
{
	FILE *out = open_memstream(&text, &text_size);

	ck_assert_ptr_nonnull(out);
	fputs(HEAD, out);
	return out;
}

static void end_zone(FILE *out)
{
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_int_eq(mxsel__zone_load(&zone, text), 0);
}

static void zone_is(const char *records)
{
	FILE *out = begin_zone();

	fputs(records, out);
	end_zone(out);
}

/* How many records answer the question. */
static int answers(const char *name, uint16_t type)
{
	struct mxsel__zone_name asked;

	ck_assert_int_eq(mxsel__zone_name_text(&asked, name), 0);
	mxsel__zones_answer(&zones, &asked, type, &message);
	return message.octets[6] << 8 | message.octets[7];
}

static const char *answer(const char *name, uint16_t type)
{
	static char shown[2048];

	answers(name, type);
	zone_show(shown, sizeof(shown), message.octets, message.size);
	return shown;
}

/* ------------------------------------------------------------------- chains */

/* c0 is an alias of c1, and so on; the last one of x.dn, which is a.t. */
static void chain_of(int count)
{
	FILE *out = begin_zone();
	int i;

	for (i = 0; i + 1 < count; i++)
		fprintf(out, "c%d CNAME c%d\n", i, i + 1);
	fprintf(out, "c%d CNAME x.dn\ndn DNAME t\nx.t A 192.0.2.1\n",
		count - 1);
	end_zone(out);
}

START_TEST(F46_of_a_chain_without_end_sixty_four_links_are_told)
{
	chain_of(62); /* DNAME, the CNAME made of it, and the address */
	ck_assert_int_eq(answers("c0.test", 1), 62 + 3);
	teardown();
	chain_of(63);
	ck_assert_int_eq(answers("c0.test", 1), 63 + 3);
	teardown();
	chain_of(64);
	ck_assert_int_eq(answers("c0.test", 1), 64);
	teardown();
	chain_of(65);
	ck_assert_int_eq(answers("c0.test", 1), 64);
	ck_assert_int_eq(answers("c1.test", 1), 64);
	ck_assert_int_eq(answers("c2.test", 1), 63 + 3);
}
END_TEST

START_TEST(F46_a_dname_met_again_is_told_once)
{
	zone_is("dn.deep DNAME t\nx.t CNAME y.dn.deep\ny.t A 192.0.2.1\n");
	ck_assert_str_eq(answer("x.dn.deep.test", 1), "NOERROR aa"
		"; dn.deep.test. 60 IN DNAME t.test."
		"; x.dn.deep.test. 60 IN CNAME x.t.test."
		"; x.t.test. 60 IN CNAME y.dn.deep.test."
		"; y.dn.deep.test. 60 IN CNAME y.t.test."
		"; y.t.test. 60 IN A 192.0.2.1");
	teardown();
	zone_is("dn DNAME far.away\nx.far.away CNAME y.dn\n"
		"y.far.away A 192.0.2.1\n");
	ck_assert_str_eq(answer("x.dn.test", 1), "NOERROR aa"
		"; dn.test. 60 IN DNAME far.away.test."
		"; x.dn.test. 60 IN CNAME x.far.away.test."
		"; x.far.away.test. 60 IN CNAME y.dn.test."
		"; y.dn.test. 60 IN CNAME y.far.away.test."
		"; y.far.away.test. 60 IN A 192.0.2.1");
}
END_TEST

START_TEST(F46_a_dname_that_leads_below_itself_is_told_once)
{
	zone_is("dn DNAME below.dn\n");
	ck_assert_str_eq(answer("x.dn.test", 1), "NOERROR aa"
		"; dn.test. 60 IN DNAME below.dn.test."
		"; x.dn.test. 60 IN CNAME x.below.dn.test.");
}
END_TEST

/* ----------------------------------------------------------------- messages */

/* An exchange of 126 labels that ends like no other. */
static void put_exchange(FILE *out, int number)
{
	int i;

	for (i = 0; i < 124; i++)
		fputs("a.", out);
	fprintf(out, "%c%c.", 'a' + number / 26, 'a' + number % 26);
}

/* "big" with so many of them, the last one twice. */
static void big_zone(int count)
{
	FILE *out = begin_zone();
	int i;

	for (i = 0; i <= count; i++) {
		fprintf(out, "big MX %d ", i);
		put_exchange(out, i < count ? i : count - 1);
		fputs("\n", out);
	}
	end_zone(out);
}

static void exchange_is(const ldns_rr *rr, int number)
{
	char *found = ldns_rdf2str(ldns_rr_rdf(rr, 1));
	char expected[300];
	FILE *out = fmemopen(expected, sizeof(expected), "w");

	put_exchange(out, number);
	fclose(out);
	ck_assert_str_eq(found, expected);
	free(found);
}

/* Each record of the message is the one of the file; its size. */
static size_t big_answer(int count)
{
	ldns_pkt *packet = NULL;
	int i;

	ck_assert_int_eq(answers("big.test", 15), count + 1);
	ck_assert_int_eq(ldns_wire2pkt(&packet, message.octets, message.size),
		LDNS_STATUS_OK);
	for (i = 0; i <= count; i++)
		exchange_is(ldns_rr_list_rr(ldns_pkt_answer(packet),
			(size_t)i), i < count ? i : count - 1);
	ldns_pkt_free(packet);
	return message.size;
}

/* Header and question; then 14 octets and an exchange, or a pointer to it. */
#define QUESTION (12 + 10 + 4)
#define EXCHANGE (2 * 124 + 3 + 1)

START_TEST(F56_what_a_pointer_cannot_reach_is_written_again)
{
	big_zone(20);
	ck_assert_uint_eq(big_answer(20),
		QUESTION + 20 * (14 + EXCHANGE) + 14 + 2);
	teardown();
	/* Of so many names some are forgotten. */
	big_zone(60);
	ck_assert_uint_lt(big_answer(60), QUESTION + 61 * (14 + EXCHANGE));
	teardown();
	/* 16384 octets is as far as a pointer reaches. */
	big_zone(70);
	ck_assert_uint_eq(big_answer(70), QUESTION + 71 * (14 + EXCHANGE));
}
END_TEST

START_TEST(F55_a_message_that_is_full_inside_a_name_is_servfail)
{
	big_zone(240);
	ck_assert_int_eq(answers("big.test", 15), 241);
	teardown();
	big_zone(260);
	ck_assert_str_eq(answer("big.test", 15), "SERVFAIL");
	ck_assert_uint_eq(message.size, QUESTION);
}
END_TEST

/* ---------------------------------------------------------- names and words */

START_TEST(S15_a_name_has_its_root_63_octets_a_label_and_255_in_all)
{
	static const uint8_t good[] = { 1, 'a', 2, 'b', 'c', 0, 7 };
	uint8_t wire[300];
	struct mxsel__zone_name name;
	size_t room;

	ck_assert_uint_eq(mxsel__zone_name_size(good, sizeof(good)), 6);
	ck_assert_uint_eq(mxsel__zone_name_size(good, 6), 6);
	for (room = 0; room < 6; room++) {
		ck_assert_uint_eq(mxsel__zone_name_size(good, room), 0);
		ck_assert_int_eq(mxsel__zone_name_wire(&name, good, room), -1);
	}
	memset(wire, 63, sizeof(wire));
	ck_assert_uint_eq(mxsel__zone_name_size(wire, sizeof(wire)), 0);
	wire[3 * 64] = 61;
	wire[254] = 0;
	ck_assert_uint_eq(mxsel__zone_name_size(wire, sizeof(wire)), 255);
	wire[3 * 64] = 62;
	wire[255] = 0;
	ck_assert_uint_eq(mxsel__zone_name_size(wire, sizeof(wire)), 0);
	wire[0] = 64;
	wire[65] = 0;
	ck_assert_uint_eq(mxsel__zone_name_size(wire, sizeof(wire)), 0);
	wire[0] = 0xc0; /* a pointer has no place here */
	ck_assert_uint_eq(mxsel__zone_name_size(wire, sizeof(wire)), 0);
}
END_TEST

START_TEST(S15_a_question_has_labels_of_1_to_63_octets)
{
	struct mxsel__zone_name name;
	char label[70];

	memset(label, 'a', sizeof(label));
	label[63] = '\0';
	ck_assert_int_eq(mxsel__zone_name_text(&name, label), 0);
	ck_assert_uint_eq(name.size, 65);
	label[63] = 'a';
	label[64] = '\0';
	ck_assert_int_eq(mxsel__zone_name_text(&name, label), -1);
	ck_assert_int_eq(mxsel__zone_name_text(&name, ".a"), -1);
	ck_assert_int_eq(mxsel__zone_name_text(&name, ""), 0);
	ck_assert_uint_eq(name.labels, 0);
}
END_TEST

START_TEST(F53_units_of_time_in_either_case)
{
	static const struct {
		const char *word;
		uint32_t ttl;
	} words[] = {
		{ "1s", 1 }, { "2S", 2 }, { "3m", 180 }, { "4M", 240 },
		{ "5h", 18000 }, { "6H", 21600 }, { "1d", 86400 },
		{ "2D", 172800 }, { "1w", 604800 }, { "2W", 1209600 },
		{ "1D1", 86401 },
	};
	uint32_t ttl;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		ck_assert_int_eq(mxsel__zone_word_ttl(words[i].word, &ttl), 0);
		ck_assert_uint_eq(ttl, words[i].ttl);
	}
	ck_assert_int_eq(mxsel__zone_word_ttl("", &ttl), -1);
	ck_assert_int_eq(mxsel__zone_word_ttl("s", &ttl), -1);
}
END_TEST

START_TEST(F86_a_number_has_digits_and_an_end)
{
	uint32_t number = 7;

	ck_assert_int_eq(mxsel__zone_word_number("", 255, &number), -1);
	ck_assert_int_eq(mxsel__zone_word_number("-1", 255, &number), -1);
	ck_assert_int_eq(mxsel__zone_word_number("25:", 255, &number), -1);
	ck_assert_int_eq(mxsel__zone_word_number("256", 255, &number), -1);
	ck_assert_uint_eq(number, 7);
	ck_assert_int_eq(mxsel__zone_word_number("255", 255, &number), 0);
	ck_assert_uint_eq(number, 255);
}
END_TEST

static int reads(const char *record)
{
	FILE *out = begin_zone();
	int result;

	fputs(record, out);
	ck_assert_int_eq(fclose(out), 0);
	result = mxsel__zone_load(&zone, text);
	teardown();
	return result;
}

START_TEST(F86_a_backslash_escapes_no_end_of_line)
{
	ck_assert_int_eq(reads("a TXT x\\\n"), MXSEL_EFILE);
	ck_assert_int_eq(reads("a TXT x\\\r\n"), MXSEL_EFILE);
	ck_assert_int_eq(reads("a TXT x\\"), MXSEL_EFILE);
	ck_assert_int_eq(reads("a TXT x\\y\r\n"), 0);
	/* A sign like others within quotes, and what RFC 3597 5 has without. */
	ck_assert_int_eq(reads("a TXT \"\\# 4 c0000201\"\n"), 0);
	ck_assert_int_eq(reads("a A \\# 4 c0000201\n"), 0);
	ck_assert_int_eq(reads("a A \"\\# 4 c0000201\"\n"), MXSEL_EFILE);
}
END_TEST

START_TEST(S15_a_name_that_its_origin_makes_too_long_is_refused)
{
	char label[61], record[400];

	memset(label, 'a', 60);
	label[60] = '\0';
	snprintf(record, sizeof(record), "$ORIGIN %s.%s.test.\n%s.%s%.5s A "
		"192.0.2.1\n", label, label, label, label, label);
	ck_assert_int_eq(reads(record), MXSEL_EFILE);
	snprintf(record, sizeof(record), "$ORIGIN %s.%s.test.\n%s.%.60s A "
		"192.0.2.1\n", label, label, label, label);
	ck_assert_int_eq(reads(record), 0);
}
END_TEST

START_TEST(R91_usages_of_tlsa_have_names_and_numbers)
{
	ck_assert_int_eq(reads("a TLSA DANE-EE SPKI SHA2-256 00ff\n"), 0);
	ck_assert_int_eq(reads("a TLSA dane-ee spki sha2-256 00ff\n"), 0);
	ck_assert_int_eq(reads("a TLSA 3 1 1 00ff\n"), 0);
	ck_assert_int_eq(reads("a TLSA -1 1 1 00ff\n"), MXSEL_EFILE);
	ck_assert_int_eq(reads("a TLSA 259 1 1 00ff\n"), MXSEL_EFILE);
	ck_assert_int_eq(reads("a TLSA 3 257 1 00ff\n"), MXSEL_EFILE);
	ck_assert_int_eq(reads("a TLSA 3 1 258 00ff\n"), MXSEL_EFILE);
	ck_assert_int_eq(reads("a TLSA 3 1 1 00f\n"), MXSEL_EFILE);
}
END_TEST

START_TEST(R90_signatures_are_passed_over)
{
	zone_is("a A 192.0.2.1\na RRSIG A 13 2 60 20300101000000 "
		"20200101000000 1 test. AAAA\n"
		"b RRSIG A 13 2 60 20300101000000 20200101000000 1 test. "
		"AAAA\n");
	ck_assert_str_eq(answer("a.test", 1),
		"NOERROR aa; a.test. 60 IN A 192.0.2.1");
	ck_assert_str_eq(answer("b.test", 1), "NXDOMAIN aa; SOA 1");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("ldns_zone_edges");
	TCase *t = tcase_create("edges");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t,
		F46_of_a_chain_without_end_sixty_four_links_are_told);
	tcase_add_test(t, F46_a_dname_met_again_is_told_once);
	tcase_add_test(t, F46_a_dname_that_leads_below_itself_is_told_once);
	tcase_add_test(t, F56_what_a_pointer_cannot_reach_is_written_again);
	tcase_add_test(t, F55_a_message_that_is_full_inside_a_name_is_servfail);
	tcase_add_test(t,
		S15_a_name_has_its_root_63_octets_a_label_and_255_in_all);
	tcase_add_test(t, S15_a_question_has_labels_of_1_to_63_octets);
	tcase_add_test(t, F53_units_of_time_in_either_case);
	tcase_add_test(t, F86_a_number_has_digits_and_an_end);
	tcase_add_test(t, F86_a_backslash_escapes_no_end_of_line);
	tcase_add_test(t,
		S15_a_name_that_its_origin_makes_too_long_is_refused);
	tcase_add_test(t, R91_usages_of_tlsa_have_names_and_numbers);
	tcase_add_test(t, R90_signatures_are_passed_over);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return mxsel_test_run(suite());
}
