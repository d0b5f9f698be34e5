/*
 * What the master-file resolver answers, message by message, as ldns reads
 * it: what an authoritative server says of names, aliases, wildcards, cuts
 * and holes in a zone (R11-R13, R18, F42-F46, F53-F56).
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

static const char zone_text[] =
	"$ORIGIN example.com.\n"
	"$TTL 3600\n"
	"@ SOA ns host 1 7200 3600 1209600 300\n"
	"@ NS ns\n"
	"@ MX 20 mx2\n"
	"@ MX 10 mx1\n"
	"ns A 192.0.2.53\n"
	"mx1 A 192.0.2.9\n"
	"mx1 A 192.0.2.1\n"
	"mx1 A 192.0.2.9\n"
	"alias CNAME again\n"
	"again CNAME mx1\n"
	"gone CNAME nowhere\n"
	"away CNAME example.net.\n"
	"other CNAME www.example.org.\n"
	"cut CNAME x.deleg\n"
	"circle CNAME circle2\n"
	"circle2 CNAME circle\n"
	"self CNAME self\n"
	"leaf.empty TXT \"only below\"\n"
	"*.wild MX 5 mx1\n"
	"there.wild A 192.0.2.77\n"
	"a.b.wild A 192.0.2.78\n"
	"*.wa CNAME mx1\n"
	"*.wl CNAME x.wl\n"
	"below.*.we A 192.0.2.80\n"
	"deleg NS ns.deleg\n"
	"ns.deleg A 192.0.2.90\n"
	"dn DNAME target\n"
	"x.target A 192.0.2.91\n"
	"dl DNAME dl\n"
	"odd MX 10 a\\.b.c\n"
	"odd MX 20 x\\000y\\;\\032z\\(\n"
	"null MX 0 .\n"
	"ttl 4294967295 A 192.0.2.101\n"
	"secret NSEC3 1 0 0 - 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom A\n"
	"both CNAME mx1\n"
	"both MX 5 mx2\n"
	"under.dn A 192.0.2.103\n"
	"y.sub A 192.0.2.104\n"
	"UPPER A 192.0.2.102\n";

static const char other_text[] =
	"example.org. 60 SOA ns h 1 2 3 4 86400\n"
	"www 60 MX 10 mail\n"
	"mail 60 CNAME mx1.example.com.\n";

static const char child_text[] =
	"sub.example.com. 60 SOA ns h 1 2 3 4 5\n"
	"x 60 A 192.0.2.200\n";

static struct mxsel__zone loaded[3];
static struct mxsel__zones zones = { loaded, 3 };
static struct mxsel__zone_message message;
static char shown[4096];

static void setup(void)
{
	ck_assert_int_eq(mxsel__zone_load(&loaded[0], zone_text), 0);
	ck_assert_int_eq(mxsel__zone_load(&loaded[1], other_text), 0);
	ck_assert_int_eq(mxsel__zone_load(&loaded[2], child_text), 0);
	ck_assert_int_eq(mxsel__zones_index(&zones), 0);
}

static void teardown(void)
{
	size_t i;

	for (i = 0; i < 3; i++)
		mxsel__zone_clear(&loaded[i]);
}

static const char *show(void)
{
	zone_show(shown, sizeof(shown), message.octets, message.size);
	return shown;
}

static const char *answer(const char *name, uint16_t type)
{
	struct mxsel__zone_name asked;

	ck_assert_int_eq(mxsel__zone_name_text(&asked, name), 0);
	mxsel__zones_answer(&zones, &asked, type, &message);
	return show();
}

START_TEST(records_come_in_the_order_of_the_file_each_once)
{
	ck_assert_str_eq(answer("example.com", 15), "NOERROR aa"
		"; example.com. 3600 IN MX 20 mx2.example.com."
		"; example.com. 3600 IN MX 10 mx1.example.com.");
	ck_assert_str_eq(answer("mx1.example.com", 1), "NOERROR aa"
		"; mx1.example.com. 3600 IN A 192.0.2.9"
		"; mx1.example.com. 3600 IN A 192.0.2.1");
}
END_TEST

START_TEST(R6_names_are_found_in_any_case)
{
	ck_assert_str_eq(answer("upper.example.com", 1), "NOERROR aa"
		"; upper.example.com. 3600 IN A 192.0.2.102");
}
END_TEST

START_TEST(R13_a_name_without_the_type_is_nodata_with_the_soa)
{
	ck_assert_str_eq(answer("mx1.example.com", 15), "NOERROR aa; SOA 300");
	ck_assert_str_eq(answer("example.com", 28), "NOERROR aa; SOA 300");
}
END_TEST

START_TEST(R12_a_missing_name_is_nxdomain_with_the_soa)
{
	ck_assert_str_eq(answer("no.example.com", 15), "NXDOMAIN aa; SOA 300");
	ck_assert_str_eq(answer("a.b.c.example.com", 1),
		"NXDOMAIN aa; SOA 300");
}
END_TEST

START_TEST(the_soa_of_a_denial_lives_as_long_as_the_lesser_of_ttl_and_minimum)
{
	/* MINIMUM 86400, but the SOA itself lives 60 seconds. */
	ck_assert_str_eq(answer("no.example.org", 15), "NXDOMAIN aa; SOA 60");
	ck_assert_str_eq(answer("no.sub.example.com", 15),
		"NXDOMAIN aa; SOA 5");
}
END_TEST

START_TEST(an_empty_non_terminal_exists)
{
	ck_assert_str_eq(answer("empty.example.com", 15),
		"NOERROR aa; SOA 300");
	ck_assert_str_eq(answer("mpty.example.com", 15),
		"NXDOMAIN aa; SOA 300");
}
END_TEST

START_TEST(names_outside_every_zone_are_refused)
{
	ck_assert_str_eq(answer("example.net", 15), "REFUSED");
	ck_assert_str_eq(answer("com", 15), "REFUSED");
	ck_assert_str_eq(answer("xexample.com", 15), "REFUSED");
	ck_assert_str_eq(answer("", 15), "REFUSED");
}
END_TEST

START_TEST(the_zone_with_the_longest_name_answers)
{
	ck_assert_str_eq(answer("x.sub.example.com", 1), "NOERROR aa"
		"; x.sub.example.com. 60 IN A 192.0.2.200");
	ck_assert_str_eq(answer("sub.example.com", 1), "NOERROR aa; SOA 5");
}
END_TEST

START_TEST(R11_aliases_are_followed_through_all_zones)
{
	ck_assert_str_eq(answer("alias.example.com", 1), "NOERROR aa"
		"; alias.example.com. 3600 IN CNAME again.example.com."
		"; again.example.com. 3600 IN CNAME mx1.example.com."
		"; mx1.example.com. 3600 IN A 192.0.2.9"
		"; mx1.example.com. 3600 IN A 192.0.2.1");
	ck_assert_str_eq(answer("other.example.com", 15), "NOERROR aa"
		"; other.example.com. 3600 IN CNAME www.example.org."
		"; www.example.org. 60 IN MX 10 mail.example.org.");
	ck_assert_str_eq(answer("mail.example.org", 28), "NOERROR aa"
		"; mail.example.org. 60 IN CNAME mx1.example.com.; SOA 300");
}
END_TEST

START_TEST(R12_after_an_alias_nxdomain_speaks_of_the_target)
{
	ck_assert_str_eq(answer("gone.example.com", 15), "NXDOMAIN aa"
		"; gone.example.com. 3600 IN CNAME nowhere.example.com."
		"; SOA 300");
}
END_TEST

START_TEST(an_alias_that_leaves_all_zones_stands_alone)
{
	ck_assert_str_eq(answer("away.example.com", 15), "NOERROR aa"
		"; away.example.com. 3600 IN CNAME example.net.");
}
END_TEST

START_TEST(F46_a_circle_of_aliases_is_told_once_round)
{
	ck_assert_str_eq(answer("circle.example.com", 15), "NOERROR aa"
		"; circle.example.com. 3600 IN CNAME circle2.example.com."
		"; circle2.example.com. 3600 IN CNAME circle.example.com.");
	ck_assert_str_eq(answer("self.example.com", 15), "NOERROR aa"
		"; self.example.com. 3600 IN CNAME self.example.com.");
	ck_assert_str_eq(answer("y.wl.example.com", 15), "NOERROR aa"
		"; y.wl.example.com. 3600 IN CNAME x.wl.example.com."
		"; x.wl.example.com. 3600 IN CNAME x.wl.example.com.");
}
END_TEST

START_TEST(a_wildcard_answers_for_names_that_do_not_exist)
{
	ck_assert_str_eq(answer("q.wild.example.com", 15), "NOERROR aa"
		"; q.wild.example.com. 3600 IN MX 5 mx1.example.com.");
	ck_assert_str_eq(answer("p.q.wild.example.com", 15), "NOERROR aa"
		"; p.q.wild.example.com. 3600 IN MX 5 mx1.example.com.");
	ck_assert_str_eq(answer("q.wild.example.com", 28),
		"NOERROR aa; SOA 300");
	ck_assert_str_eq(answer("q.wa.example.com", 28), "NOERROR aa"
		"; q.wa.example.com. 3600 IN CNAME mx1.example.com.; SOA 300");
}
END_TEST

START_TEST(an_existing_name_blocks_the_wildcard_for_itself_and_below)
{
	ck_assert_str_eq(answer("there.wild.example.com", 15),
		"NOERROR aa; SOA 300");
	ck_assert_str_eq(answer("x.there.wild.example.com", 15),
		"NXDOMAIN aa; SOA 300");
	ck_assert_str_eq(answer("b.wild.example.com", 15),
		"NOERROR aa; SOA 300"); /* an empty non-terminal blocks too */
	ck_assert_str_eq(answer("z.b.wild.example.com", 15),
		"NXDOMAIN aa; SOA 300");
}
END_TEST

START_TEST(a_wildcard_that_is_an_empty_non_terminal_gives_nodata)
{
	ck_assert_str_eq(answer("q.we.example.com", 15),
		"NOERROR aa; SOA 300");
}
END_TEST

START_TEST(F44_a_cut_below_the_apex_is_a_referral)
{
	ck_assert_str_eq(answer("x.deleg.example.com", 15), "NOERROR"
		"; authority deleg.example.com. 3600 IN NS"
		" ns.deleg.example.com.");
	ck_assert_str_eq(answer("ns.deleg.example.com", 1), "NOERROR"
		"; authority deleg.example.com. 3600 IN NS"
		" ns.deleg.example.com.");
	ck_assert_str_eq(answer("cut.example.com", 15), "NOERROR aa"
		"; cut.example.com. 3600 IN CNAME x.deleg.example.com."
		"; authority deleg.example.com. 3600 IN NS"
		" ns.deleg.example.com.");
}
END_TEST

START_TEST(F46_a_dname_redirects_what_is_below_it)
{
	ck_assert_str_eq(answer("x.dn.example.com", 1), "NOERROR aa"
		"; dn.example.com. 3600 IN DNAME target.example.com."
		"; x.dn.example.com. 3600 IN CNAME x.target.example.com."
		"; x.target.example.com. 3600 IN A 192.0.2.91");
	ck_assert_str_eq(answer("dn.example.com", 1), "NOERROR aa; SOA 300");
	ck_assert_str_eq(answer("x.dl.example.com", 1), "NOERROR aa"
		"; dl.example.com. 3600 IN DNAME dl.example.com."
		"; x.dl.example.com. 3600 IN CNAME x.dl.example.com.");
}
END_TEST

START_TEST(F46_an_alias_beside_an_mx_is_used_for_other_types)
{
	ck_assert_str_eq(answer("both.example.com", 15), "NOERROR aa"
		"; both.example.com. 3600 IN MX 5 mx2.example.com.");
	ck_assert_str_eq(answer("both.example.com", 28), "NOERROR aa"
		"; both.example.com. 3600 IN CNAME mx1.example.com.; SOA 300");
}
END_TEST

START_TEST(what_a_dname_or_a_child_zone_hides_is_not_served)
{
	ck_assert_str_eq(answer("under.dn.example.com", 1), "NXDOMAIN aa"
		"; dn.example.com. 3600 IN DNAME target.example.com."
		"; under.dn.example.com. 3600 IN CNAME"
		" under.target.example.com.; SOA 300");
	ck_assert_str_eq(answer("y.sub.example.com", 1),
		"NXDOMAIN aa; SOA 5");
}
END_TEST

START_TEST(R20_odd_octets_of_an_exchange_survive)
{
	ck_assert_str_eq(answer("odd.example.com", 15), "NOERROR aa"
		"; odd.example.com. 3600 IN MX 10 a\\.b.c.example.com."
		"; odd.example.com. 3600 IN MX 20"
		" x\\000y\\;\\032z\\(.example.com.");
}
END_TEST

START_TEST(R16_a_root_exchange_is_served)
{
	ck_assert_str_eq(answer("null.example.com", 15), "NOERROR aa"
		"; null.example.com. 3600 IN MX 0 .");
}
END_TEST

START_TEST(F53_a_ttl_is_served_as_it_is_written)
{
	ck_assert_str_eq(answer("ttl.example.com", 1), "NOERROR aa"
		"; ttl.example.com. 4294967295 IN A 192.0.2.101");
}
END_TEST

START_TEST(owners_of_nsec3_are_no_names_of_the_zone)
{
	ck_assert_str_eq(answer("secret.example.com", 15),
		"NXDOMAIN aa; SOA 300");
}
END_TEST

/* A zone whose one name has so many MX records, served and shown. */
static size_t many(unsigned count, const char *exchange)
{
	char *text = malloc(100 + (size_t)count * 64);
	struct mxsel__zone one;
	struct mxsel__zones all = { &one, 1 };
	struct mxsel__zone_name asked;
	size_t at = 0;
	unsigned i;

	ck_assert_ptr_nonnull(text);
	at += (size_t)sprintf(text, "big.test. 1 SOA . . 1 1 1 1 1\n");
	for (i = 0; i < count; i++)
		at += (size_t)sprintf(text + at, "big.test. 1 MX %u %s\n",
			i, exchange);
	ck_assert_int_eq(mxsel__zone_load(&one, text), 0);
	ck_assert_int_eq(mxsel__zone_name_text(&asked, "big.test"), 0);
	mxsel__zones_answer(&all, &asked, 15, &message);
	mxsel__zone_clear(&one);
	free(text);
	return message.size;
}

START_TEST(F56_an_answer_of_up_to_65535_octets_is_whole)
{
	/* 26 octets of header and question, 16 of each record. */
	ck_assert_uint_eq(many(4094, "big.test."), 26 + 4094 * 16);
	ck_assert_int_eq(message.octets[6] << 8 | message.octets[7], 4094);
	ck_assert_int_eq(message.octets[3] & 15, 0);
}
END_TEST

START_TEST(more_than_a_message_holds_is_servfail)
{
	ck_assert_uint_eq(many(4095, "big.test."), 26);
	ck_assert_str_eq(show(), "SERVFAIL");
	ck_assert_uint_eq(many(8000, "long.name.of.an.exchange."), 26);
	ck_assert_str_eq(show(), "SERVFAIL");
}
END_TEST

START_TEST(names_are_compressed_against_what_was_written)
{
	(void)answer("alias.example.com", 1);
	/* header, question, two CNAMEs of known suffixes, two addresses */
	ck_assert_uint_eq(message.size, 12 + 23 + (12 + 8) + (12 + 6)
		+ 2 * 16);
}
END_TEST

START_TEST(names_as_long_as_names_can_be_are_found_and_replaced)
{
	static const char label[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	char name[300];
	struct mxsel__zone_name asked;

	/* 61 + 1 for three labels, 63 + 1 for the last one, and the root */
	(void)snprintf(name, sizeof(name), "%s.%s.%s.%saa.dn.example.com",
		label, label, label, label);
	ck_assert_int_eq(mxsel__zone_name_text(&asked, name), -1);
	(void)snprintf(name, sizeof(name), "%s.%s.%s.%.46s.dn.example.com",
		label, label, label, label);
	ck_assert_int_eq(mxsel__zone_name_text(&asked, name), 0);
	ck_assert_uint_eq(asked.size, 249);
	mxsel__zones_answer(&zones, &asked, 1, &message);
	ck_assert_ptr_nonnull(strstr(show(), "NXDOMAIN aa; dn.example.com."));
	(void)snprintf(name, sizeof(name), "%s.%s.%s.%.51s.dn.example.com",
		label, label, label, label);
	ck_assert_int_eq(mxsel__zone_name_text(&asked, name), 0);
	ck_assert_uint_eq(asked.size, 254);
	mxsel__zones_answer(&zones, &asked, 1, &message);
	ck_assert_str_eq(show(), "YXDOMAIN aa; dn.example.com. 3600 IN DNAME"
		" target.example.com.");
	ck_assert_int_eq(mxsel__zone_name_text(&asked, "a..b"), -1);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("ldns_zone_answer");
	TCase *t = tcase_create("answers");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, records_come_in_the_order_of_the_file_each_once);
	tcase_add_test(t, R6_names_are_found_in_any_case);
	tcase_add_test(t, R13_a_name_without_the_type_is_nodata_with_the_soa);
	tcase_add_test(t, R12_a_missing_name_is_nxdomain_with_the_soa);
	tcase_add_test(t,
the_soa_of_a_denial_lives_as_long_as_the_lesser_of_ttl_and_minimum);
	tcase_add_test(t, an_empty_non_terminal_exists);
	tcase_add_test(t, names_outside_every_zone_are_refused);
	tcase_add_test(t, the_zone_with_the_longest_name_answers);
	tcase_add_test(t, R11_aliases_are_followed_through_all_zones);
	tcase_add_test(t, R12_after_an_alias_nxdomain_speaks_of_the_target);
	tcase_add_test(t, an_alias_that_leaves_all_zones_stands_alone);
	tcase_add_test(t, F46_a_circle_of_aliases_is_told_once_round);
	tcase_add_test(t, a_wildcard_answers_for_names_that_do_not_exist);
	tcase_add_test(t,
		an_existing_name_blocks_the_wildcard_for_itself_and_below);
	tcase_add_test(t,
		a_wildcard_that_is_an_empty_non_terminal_gives_nodata);
	tcase_add_test(t, F44_a_cut_below_the_apex_is_a_referral);
	tcase_add_test(t, F46_a_dname_redirects_what_is_below_it);
	tcase_add_test(t,
		F46_an_alias_beside_an_mx_is_used_for_other_types);
	tcase_add_test(t, what_a_dname_or_a_child_zone_hides_is_not_served);
	tcase_add_test(t, R20_odd_octets_of_an_exchange_survive);
	tcase_add_test(t, R16_a_root_exchange_is_served);
	tcase_add_test(t, F53_a_ttl_is_served_as_it_is_written);
	tcase_add_test(t, owners_of_nsec3_are_no_names_of_the_zone);
	tcase_add_test(t, F56_an_answer_of_up_to_65535_octets_is_whole);
	tcase_add_test(t, more_than_a_message_holds_is_servfail);
	tcase_add_test(t, names_are_compressed_against_what_was_written);
	tcase_add_test(t,
		names_as_long_as_names_can_be_are_found_and_replaced);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return mxsel_test_run(suite());
}
