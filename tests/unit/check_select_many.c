/*
 * More of everything than a mail server meets: hosts, records, names, events,
 * lines of a TLS report, each to its limit and beyond, and the best is never
 * what is lost (R19, R37, S27). May use <mxsel/mxsel.h>.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "bench/memory.h"
#include "support/run.h"
#include "support/walked.h"

#define HOSTS 128
#define ALL 160

static mxsel_options *o;
static struct zone_record zone[2 * ALL + 1];
static char names[ALL][256];
static struct packet packet;

static void setup(void)
{
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set_seed(o, 1);
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_NONE);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_RECORDS, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_QUERIES, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_ADDRESSES, 0);
	memset(zone, 0, sizeof(zone));
}

static void teardown(void)
{
	mxsel_options_free(o);
}

/* All hosts at preference 10, one address each. */
static void make_zone(int security)
{
	size_t i;

	for (i = 0; i < ALL; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "h%03u.example",
			(unsigned)i);
		zone[2 * i] = (struct zone_record){ "d.example", MX, security,
			names[i], 10 };
		zone[2 * i + 1] = (struct zone_record){ names[i], A, security,
			i % 2 == 0 ? "1" : "2", 0 };
	}
}

static int count(const char *text, const char *word)
{
	int n = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		n++;
	return n;
}

START_TEST(R37_R56_more_equals_than_hosts_can_be)
{
	const char *text;

	make_zone(ZONE_UNKNOWN);
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	ck_assert_int_eq(mxsel_options_add_self_address(o, "198.51.100.1"),
		MXSEL_OK);
	text = walked("d.example", o, zone);
	ck_assert_int_eq(count(text, "192.0.2."), HOSTS);
	ck_assert_int_eq(count(text, "- limit"), ALL - HOSTS);
	ck_assert_ptr_nonnull(strstr(text, "defer"));
}
END_TEST

START_TEST(R37_R51_refused_equals_take_the_place_of_hosts)
{
	const char *text;

	make_zone(ZONE_UNKNOWN);
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	ck_assert_int_eq(mxsel_options_add_self_address(o, "198.51.100.1"),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_options_refuse_exchange(o, "h010.example", 550,
		NULL, NULL), MXSEL_OK);
	text = walked("d.example", o, zone);
	ck_assert_int_eq(count(text, "192.0.2."), HOSTS - 1);
	ck_assert_int_eq(count(text, "- name_filter h010.example"), 1);
	ck_assert_int_eq(count(text, "- limit"), ALL - HOSTS);
}
END_TEST

START_TEST(R37_a_limit_above_what_memory_holds_is_that)
{
	const char *text;

	make_zone(ZONE_UNKNOWN);
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 1000);
	text = walked("d.example", o, zone);
	ck_assert_int_eq(count(text, "192.0.2."), HOSTS);
}
END_TEST

START_TEST(R39_R61_a_family_that_is_behind_the_limit_comes_within_it)
{
	static const struct zone_record few[] = {
		{ "d.example", MX, ZONE_UNKNOWN, "mx.example", 10 },
		{ "mx.example", A, ZONE_UNKNOWN, "1", 0 },
		{ "mx.example", AAAA, ZONE_UNKNOWN, "2", 0 },
		{ "mx.example", AAAA, ZONE_UNKNOWN, "3", 0 },
		{ "mx.example", AAAA, ZONE_UNKNOWN, "4", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	const char *text;

	mxsel_options_set(o, MXSEL_OPT_MAX_HOST_ADDRESSES, 2);
	text = walked("d.example", o, few);
	ck_assert_int_eq(count(text, "mx.example 192.0.2.1"), 1);
	ck_assert_int_eq(count(text, "mx.example "), 2);
}
END_TEST

/* A long name: its number, then as much as a name holds. */
static void long_name(char out[256], unsigned number)
{
	size_t i;

	(void)snprintf(out, 256, "h%05u.", number);
	for (i = 7; i < 253; i++)
		out[i] = i % 60 == 6 ? '.' : 'x';
	out[253] = '\0';
}

/*
 * MX records with a preference from a function, until it is full: as long
 * names, which are written once, as no memory for names would hold (S39).
 */
static unsigned long_message(unsigned (*preference)(unsigned))
{
	char name[256];
	size_t suffix;
	unsigned n;

	packet_begin(&packet, PACKET_REPLY, "d.example", MX);
	long_name(name, 0);
	packet_mx(&packet, PACKET_ANSWER, NULL, 300, preference(0), name);
	suffix = packet.rdata + 2 + 7;
	for (n = 1; packet.size < PACKET_MAX - 30; n++) {
		long_name(name, n);
		packet_pointer(&packet, 12);
		packet_head(&packet, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
		packet_16(&packet, preference(n));
		packet_label(&packet, name, 6);
		packet_pointer(&packet, suffix);
		packet_end(&packet);
	}
	return n;
}

/* To the plan; every other question is denied. Flags it came to. */
static uint32_t plan(mxsel *m, const char *wanted)
{
	mxsel_query *q = NULL;
	char name[256];

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_int_eq(mxsel_answer_packet(q, packet.octets, packet.size,
		0), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_ptr_nonnull(q);
	(void)snprintf(name, sizeof(name), "%s", mxsel_query_name(q));
	if (wanted != NULL)
		ck_assert_str_eq(name, wanted);
	return mxsel_flags(m);
}

static unsigned worst_of_all(unsigned n)
{
	(void)n;
	return 65535;
}

static unsigned falling(unsigned n)
{
	return 65535u - n * 20u;
}

static unsigned equal_but_the_best(unsigned n)
{
	return n < 100 ? 300 : n < 130 ? n - 100 : n;
}

START_TEST(R19_S27_names_that_do_not_fit_are_the_worst)
{
	static unsigned (*const preferences[])(unsigned) = { worst_of_all,
		falling, equal_but_the_best };
	char best[256];
	unsigned n;
	size_t i;
	mxsel *m;

	for (i = 0; i < 3; i++) {
		n = long_message(preferences[i]);
		ck_assert_uint_gt(n, 2000);
		long_name(best, n - 1); /* falling: the last is the best */
		ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
		ck_assert_uint_ne(plan(m, i == 1 ? best : NULL) &
			MXSEL_FLAG_LIMITED, 0);
		mxsel_free(m);
	}
}
END_TEST

START_TEST(R19_S39_names_that_do_not_fit_in_want_of_memory)
{
	static struct memory memory;
	mxsel_query *q;
	size_t n;
	int rc = MXSEL_ENOMEM;
	mxsel *m;

	(void)long_message(falling);
	memory_begin(&memory);
	mxsel_options_free(o);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, memory_give,
		&memory), MXSEL_OK);
	for (n = 0; n < 2000 && rc != MXSEL_OK; n++) {
		ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		q = mxsel_query_take(m);
		memory.calls = 0;
		memory.fail_at = n;
		rc = mxsel_answer_packet(q, packet.octets, packet.size, 0);
		memory.fail_at = MEMORY_NEVER;
		ck_assert(rc == MXSEL_OK || rc == MXSEL_ENOMEM);
		mxsel_free(m);
	}
	ck_assert_uint_gt(n, 10);
	ck_assert_int_eq(rc, MXSEL_OK);
}
END_TEST

START_TEST(R19_R52_ourselves_behind_all_that_fits_cut_nothing)
{
	char ours[256], best[256];
	unsigned n = long_message(falling);
	mxsel *m;

	long_name(ours, 0); /* the worst of all */
	long_name(best, n - 1);
	ck_assert_int_eq(mxsel_options_add_self_name(o, ours), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_uint_ne(plan(m, best) & MXSEL_FLAG_SELF, 0);
	mxsel_free(m);
}
END_TEST

static int rank_by_number(const char *host, void *user)
{
	(void)user;
	return atoi(host + 1);
}

START_TEST(R40_favour_goes_as_far_as_a_thousand_records)
{
	char name[16];
	unsigned n;
	mxsel *m;

	packet_begin(&packet, PACKET_REPLY, "d.example", MX);
	for (n = 0; n < 2000; n++) {
		(void)snprintf(name, sizeof(name), "h%04u.example", n);
		packet_mx(&packet, PACKET_ANSWER, NULL, 300, 10, name);
	}
	mxsel_options_set_rank(o, rank_by_number, NULL);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	(void)plan(m, "h1023.example");
	mxsel_free(m);
}
END_TEST

START_TEST(R78_texts_of_a_trace_end_somewhere)
{
	struct zone_record *r = zone;
	const char *detail;
	size_t i, cuts = 0;
	int code;
	mxsel *m;

	for (i = 0; i < ALL; i++) {
		long_name(names[i], (unsigned)i);
		*r++ = (struct zone_record){ "d.example", MX, ZONE_UNKNOWN,
			names[i], 10 };
	}
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_END);
	for (i = 0; mxsel_trace_event(m, i, &code, NULL, &detail, NULL) == 0;
		i++)
		if (code == MXSEL_TRACE_CUT) {
			cuts++;
			ck_assert_int_gt(atoi(detail), 0);
		}
	ck_assert_uint_eq(cuts, 1);
	ck_assert_uint_lt(i, 512);
	mxsel_free(m);
}
END_TEST

START_TEST(R97_a_tls_report_has_two_hundred_lines)
{
	int rc, said = 0;
	mxsel *m;

	make_zone(ZONE_SECURE);
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	while ((rc = zone_next(m, zone, NULL)) == MXSEL_ATTEMPT)
		said += mxsel_report_tls(m,
			MXSEL_TLSRPT_STARTTLS_NOT_SUPPORTED) == MXSEL_OK;
	ck_assert_int_eq(said, HOSTS);
	ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	while ((rc = zone_next(m, zone, NULL)) == MXSEL_ATTEMPT)
		said += mxsel_report_tls(m,
			MXSEL_TLSRPT_STARTTLS_NOT_SUPPORTED) == MXSEL_OK;
	ck_assert_int_eq(said, 2 * HOSTS);
	ck_assert_uint_eq(mxsel_tlsrpt_count(m), 200);
	mxsel_free(m);
}
END_TEST

/* Every TLSA name is an alias of a long one, which fails. */
static int answer_with_alias(mxsel_query *q, unsigned *number)
{
	char name[256];

	if (mxsel_query_type(q) != TLSA)
		return zone_answer(q, zone, 0);
	long_name(name, (*number)++);
	mxsel_answer_alias(q, name, 300);
	return mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, ZONE_SECURE);
}

START_TEST(S39_R92_aliases_of_tlsa_names_have_an_end)
{
	unsigned number = 0;
	mxsel_query *q;
	int rc;
	mxsel *m;

	make_zone(ZONE_SECURE);
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		ck_assert_int_eq(rc, MXSEL_LOOKUP); /* none may be used */
		while ((q = mxsel_query_take(m)) != NULL)
			ck_assert_int_eq(answer_with_alias(q, &number), 0);
	}
	ck_assert_uint_gt(number, HOSTS);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.5");
	mxsel_free(m);
}
END_TEST

/* More addresses than there are attempts; the last host has them all cut. */
START_TEST(R93_S27_addresses_that_had_no_room_vouch_for_their_host)
{
	static const uint8_t insecure[4] = { 192, 0, 2, 200 };
	static const uint8_t data[32] = { 1 };
	uint8_t bytes[16] = { 0x20, 1, 0x0d, 0xb8 };
	mxsel_query *open[64], *q;
	size_t i, n = 0;
	int k;
	mxsel *m;

	make_zone(ZONE_SECURE);
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOST_ADDRESSES, 0);
	memset(&zone[2 * 9], 0, sizeof(zone[0])); /* nine hosts */
	ck_assert_int_eq(mxsel_options_add_self_address(o, "203.0.113.1"), 0);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	zone_answer(mxsel_query_take(m), zone, 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	while ((q = mxsel_query_take(m)) != NULL)
		open[n++] = q;
	ck_assert_uint_eq(n, 18);
	for (i = 0; i < n; i++) /* first of all, the last host's IPv4 */
		if (mxsel_query_type(open[i]) == A &&
			strcmp(mxsel_query_name(open[i]), names[8]) == 0) {
			mxsel_answer_address(open[i], insecure, 4, 300);
			mxsel_answer_finish(open[i], 0, ZONE_INSECURE);
			open[i] = NULL;
		}
	for (i = 0; i < n; i++) {
		if (open[i] == NULL)
			continue;
		for (k = 0; k < 128 && mxsel_query_type(open[i]) == AAAA; k++) {
			bytes[14] = (uint8_t)i;
			bytes[15] = (uint8_t)k;
			mxsel_answer_address(open[i], bytes, 16, 300);
		}
		mxsel_answer_finish(open[i], 0, ZONE_SECURE);
	}
	while ((k = mxsel_next(m)) != MXSEL_END) {
		/* Its records ask for DANE, and no address is left for it. */
		if (k == MXSEL_ATTEMPT)
			ck_assert_str_ne(mxsel_address(m), "192.0.2.200");
		while ((q = mxsel_query_take(m)) != NULL) {
			mxsel_answer_tlsa(q, 3, 1, 1, data, 32, 300);
			mxsel_answer_finish(q, 0, ZONE_SECURE);
		}
	}
	mxsel_free(m);
}
END_TEST

START_TEST(R92_S39_digests_leave_no_room_for_a_certificate)
{
	static uint8_t data[100];
	int rc, i, keys;
	mxsel_query *q;
	mxsel *m;

	make_zone(ZONE_SECURE);
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	memset(&zone[2 * 14], 0, sizeof(zone[0]));
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	for (keys = 0; (rc = mxsel_next(m)) != MXSEL_END;) {
		if (rc == MXSEL_ATTEMPT) {
			ck_assert_int_eq(mxsel_dane(m), strcmp(
				mxsel_host_name(m), names[13]) == 0
				? MXSEL_DANE_UNUSABLE : MXSEL_DANE_RECORDS);
			continue;
		}
		while ((q = mxsel_query_take(m)) != NULL) {
			if (mxsel_query_type(q) != TLSA) {
				zone_answer(q, zone, 0);
				continue;
			}
			keys++;
			for (i = 0; i < 16 && keys < 14; i++) {
				data[0] = (uint8_t)i;
				mxsel_answer_tlsa(q, 3, 1, 2, data, 64, 300);
			}
			if (keys == 14)
				mxsel_answer_tlsa(q, 3, 1, 0, data, 100, 300);
			mxsel_answer_finish(q, 0, ZONE_SECURE);
		}
	}
	ck_assert_int_eq(keys, 14);
	mxsel_free(m);
}
END_TEST

START_TEST(R78_events_that_are_lost_are_counted_to_a_limit)
{
	const char *detail, *last = NULL;
	size_t i, turn;
	int code;
	mxsel *m;

	make_zone(ZONE_UNKNOWN);
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	for (turn = 0; zone_next(m, zone, NULL) == MXSEL_ATTEMPT;) {
		mxsel_report(m, MXSEL_OUTCOME_REFUSED, 0, NULL);
		if (strcmp(mxsel_host_name(m), names[HOSTS - 1]) == 0 &&
			turn++ < 270)
			ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	}
	for (i = 0; mxsel_trace_event(m, i, &code, NULL, &detail, NULL) == 0;
		i++)
		if (code == MXSEL_TRACE_CUT)
			last = detail;
	ck_assert_ptr_nonnull(last);
	ck_assert_str_eq(last, "65535 or more");
	mxsel_free(m);
}
END_TEST

START_TEST(R95_R97_hosts_a_policy_does_not_list_fill_the_report)
{
	static const char body[] = "version: STSv1\nmode: testing\n"
		"mx: mx.example\nmax_age: 86400\n";
	mxsel_sts *policy;
	char name[16];
	unsigned n;
	mxsel *m;

	packet_begin(&packet, PACKET_REPLY, "d.example", MX);
	for (n = 0; n < 250; n++) {
		(void)snprintf(name, sizeof(name), "h%03u.example", n);
		packet_mx(&packet, PACKET_ANSWER, NULL, 300, 10, name);
	}
	ck_assert_int_eq(mxsel_sts_new(&policy, "d.example", body,
		strlen(body), 0), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_set_sts(m, policy, 0), MXSEL_OK);
	mxsel_sts_free(policy);
	(void)plan(m, NULL);
	ck_assert_uint_eq(mxsel_tlsrpt_count(m), 200);
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: many");
	TCase *one = tcase_create("to the limit and beyond");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, R37_R56_more_equals_than_hosts_can_be);
	tcase_add_test(one, R37_R51_refused_equals_take_the_place_of_hosts);
	tcase_add_test(one, R37_a_limit_above_what_memory_holds_is_that);
	tcase_add_test(one,
		R39_R61_a_family_that_is_behind_the_limit_comes_within_it);
	tcase_add_test(one, R19_S39_names_that_do_not_fit_in_want_of_memory);
	tcase_add_test(one, R19_S27_names_that_do_not_fit_are_the_worst);
	tcase_add_test(one,
		R19_R52_ourselves_behind_all_that_fits_cut_nothing);
	tcase_add_test(one, R40_favour_goes_as_far_as_a_thousand_records);
	tcase_add_test(one, R78_texts_of_a_trace_end_somewhere);
	tcase_add_test(one, R97_a_tls_report_has_two_hundred_lines);
	tcase_add_test(one, S39_R92_aliases_of_tlsa_names_have_an_end);
	tcase_add_test(one,
		R93_S27_addresses_that_had_no_room_vouch_for_their_host);
	tcase_add_test(one, R92_S39_digests_leave_no_room_for_a_certificate);
	tcase_add_test(one,
		R78_events_that_are_lost_are_counted_to_a_limit);
	tcase_add_test(one,
		R95_R97_hosts_a_policy_does_not_list_fill_the_report);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
