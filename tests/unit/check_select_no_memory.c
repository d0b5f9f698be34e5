/*
 * Every request for memory fails in turn, once and from there on, where the
 * rules are least often: long texts being recorded, literals, hosts that a
 * policy does not list, full traces, saved selections. What is called again
 * comes to what it came to, or the mail waits (S39, F84). May use the public
 * headers.
 */
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "bench/memory.h"
#include "support/run.h"
#include "support/walked.h"

static struct memory memory;
static mxsel_options *o;
static struct walked quiet, w;
static char long_text[600], long_name[260];
static mxsel_sts *policy;
static int tells_tlsa = 1; /* records that the table does not have */

static void ignore(const char *line, void *user)
{
	(void)line;
	(void)user;
}

static void setup(void)
{
	size_t i;

	memset(long_text, 1, sizeof(long_text) - 1);
	for (i = 0; i < 250; i++)
		long_name[i] = i % 60 == 59 ? '.' : 'n';
	memory_begin(&memory);
	policy = NULL;
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, memory_give,
		&memory), MXSEL_OK);
	mxsel_options_set_seed(o, 1);
}

static void teardown(void)
{
	mxsel_sts_free(policy);
	mxsel_options_free(o);
	ck_assert_uint_eq(memory.bytes, 0);
}

/* Answers, of which a part may be lost. */
static void answer(mxsel_query *q, const struct zone_record *zone)
{
	static const uint8_t data[700] = { 1 };

	if (mxsel_query_type(q) == MX &&
		strcmp(mxsel_query_name(q), "i.example") != 0)
		(void)mxsel_answer_mx(q, 5, long_text, 300);
	if (strcmp(mxsel_query_name(q), "lost.example") == 0)
		(void)mxsel_answer_alias(q, long_text, 300);
	if (mxsel_query_type(q) == TLSA && tells_tlsa) {
		(void)mxsel_answer_tlsa(q, 3, 1, 0, data, sizeof(data), 300);
		(void)mxsel_answer_tlsa(q, 3, 1, 0, NULL, 0, 300);
	}
	(void)zone_answer(q, zone, 0);
	/* Refused for want of memory: once more, or it has failed. */
	if (mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0) == MXSEL_ENOMEM)
		(void)mxsel_answer_finish(q, MXSEL_DNS_SERVFAIL, 0);
}

static void report(mxsel *m)
{
	int tries;

	for (tries = 0; tries < 4; tries++)
		if (mxsel_report(m, MXSEL_OUTCOME_RCPT, 450, long_text) !=
			MXSEL_ENOMEM)
			return;
}

static int begin(mxsel **m, const char *destination)
{
	int rc, tries = 0;

	do
		rc = mxsel_new(m, destination, o);
	while (rc == MXSEL_ENOMEM && tries++ < 4);
	if (rc == MXSEL_OK && policy != NULL)
		ck_assert_int_eq(mxsel_set_sts(*m, policy, 0), MXSEL_OK);
	return rc;
}

/* To the end, or to where there is no memory for good. */
static void play(const char *destination, const struct zone_record *zone)
{
	int rc, refused = 0;
	mxsel_query *q;
	mxsel *m;

	w.size = 0;
	w.text[0] = '\0';
	if (begin(&m, destination) != MXSEL_OK)
		return;
	while ((rc = mxsel_next(m)) != MXSEL_END && refused < 4) {
		refused += rc == MXSEL_ENOMEM;
		(void)mxsel_is_waiting(m);
		while ((q = mxsel_query_take(m)) != NULL)
			answer(q, zone);
		if (rc != MXSEL_ATTEMPT)
			continue;
		walked_add(&w, "%s %s\n", mxsel_host_name(m),
			mxsel_address(m));
		report(m);
	}
	if (rc == MXSEL_END)
		walked_end(&w, m);
	mxsel_free(m);
}

static void fail_each(const char *destination, const struct zone_record *zone)
{
	size_t n, all;
	int on;

	memory.calls = 0;
	play(destination, zone);
	all = memory.calls;
	ck_assert_uint_gt(all, 0);
	memcpy(&quiet, &w, sizeof(w));
	for (on = 0; on < 2; on++)
		for (n = 0; n < all; n++) {
			memory.calls = 0;
			memory.fail_at = n;
			memory.fail_on = on;
			play(destination, zone);
			memory.fail_at = MEMORY_NEVER;
			/* Never a bounce that was none before. */
			ck_assert(strstr(w.text, "bounce") == NULL ||
				strstr(quiet.text, "bounce") != NULL);
			ck_assert(on || strcmp(w.text, quiet.text) == 0 ||
				strstr(w.text, "defer") != NULL);
		}
}

/*
 * The same with local parts of many lengths before it: each request of the
 * selection's own is then once the one that needs a block of memory.
 */
static void fail_everywhere(const char *domain,
	const struct zone_record *zone)
{
	char destination[1024];
	int length;

	for (length = 1; length < 1000; length += 8) {
		memset(destination, 'l', (size_t)length);
		(void)snprintf(destination + length,
			sizeof(destination) - (size_t)length, "@%s", domain);
		fail_each(destination, zone);
	}
}

static const struct zone_record odds[] = {
	{ "d.example", MX, ZONE_UNKNOWN, "one.example", 10 },
	{ "d.example", MX, ZONE_UNKNOWN, "ONE.example", 10 },
	{ "d.example", MX, ZONE_UNKNOWN, "one.example", 20 },
	{ "d.example", MX, ZONE_UNKNOWN, ".", 10 },
	{ "d.example", MX, ZONE_UNKNOWN, "bad name", 10 },
	{ "d.example", MX, ZONE_UNKNOWN, "two.example", 10 },
	{ "d.example", MX, ZONE_UNKNOWN, "us.example", 30 },
	{ "d.example", MX, ZONE_UNKNOWN, "three.example", 40 },
	{ "one.example", A, ZONE_UNKNOWN, "1", 0 },
	{ "one.example", A, ZONE_UNKNOWN, "2", 0 },
	{ "one.example", AAAA, ZONE_UNKNOWN, "1", 0 },
	{ "two.example", A, ZONE_UNKNOWN, "3", 0 },
	{ "two.example", A, ZONE_UNKNOWN, "1", 0 },
	{ "i.example", A, ZONE_UNKNOWN, "9", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* 0: without, 1: with a trace. */
START_TEST(R17_R20_R52_S39_records_of_every_kind)
{
	mxsel_options_set(o, MXSEL_OPT_TRACE, _i);
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOST_ADDRESSES, 1);
	ck_assert_int_eq(mxsel_options_add_self_name(o, "us.example"), 0);
	fail_everywhere("d.example", odds);
	fail_everywhere("i.example", odds);
}
END_TEST

START_TEST(R51_R56_S39_ourselves_by_address_among_equals)
{
	mxsel_options_set(o, MXSEL_OPT_TRACE, _i);
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	ck_assert_int_eq(mxsel_options_add_self_address(o, "192.0.2.3"), 0);
	fail_everywhere("d.example", odds);
	mxsel_options_free(o);
	setup();
	mxsel_options_set(o, MXSEL_OPT_TRACE, _i);
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 1);
	fail_everywhere("d.example", odds);
}
END_TEST

START_TEST(R91_R93_S39_secure_hosts_that_have_it_all)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
		{ "d.example", MX, ZONE_SECURE, "two.example", 10 },
		{ "one.example", A, ZONE_INSECURE, "1", 0 },
		{ "one.example", A, ZONE_INSECURE, "2", 0 },
		{ "one.example", A, ZONE_INSECURE, "3", 0 },
		{ "one.example", A, ZONE_INSECURE, "4", 0 },
		{ "one.example", A, ZONE_INSECURE, "5", 0 },
		{ "one.example", A, ZONE_INSECURE, "6", 0 },
		{ "one.example", A, ZONE_INSECURE, "7", 0 },
		{ "one.example", A, ZONE_INSECURE, "8", 0 },
		{ "one.example", AAAA, ZONE_SECURE, "2", 0 },
		{ "two.example", A, ZONE_SECURE, "3", 0 },
		{ "_25._tcp.two.example", TLSA, ZONE_SECURE, "!", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static const struct zone_record unusable[] = {
		{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
		{ "one.example", A, ZONE_SECURE, "1", 0 },
		{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "011a", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	tells_tlsa = _i;
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	fail_everywhere("d.example", zone);
	fail_everywhere("d.example", unusable);
	tells_tlsa = 1;
}
END_TEST

/* 0: testing, 1: enforced. */
START_TEST(R95_S39_policies_that_list_nobody)
{
	static const char *const bodies[] = {
		"version: STSv1\nmode: testing\nmx: x.example\n"
		"max_age: 86400\n",
		"version: STSv1\nmode: enforce\nmx: x.example\n"
		"max_age: 86400\n" };

	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	ck_assert_int_eq(mxsel_sts_new(&policy, "d.example", bodies[_i],
		strlen(bodies[_i]), 0), MXSEL_OK);
	fail_everywhere("d.example", odds);
	mxsel_sts_free(policy);
	ck_assert_int_eq(mxsel_sts_new(&policy, "i.example", bodies[_i],
		strlen(bodies[_i]), 0), MXSEL_OK);
	fail_everywhere("i.example", odds);
}
END_TEST

START_TEST(R79_S39_what_is_recorded_may_be_long)
{
	const struct zone_record zone[] = {
		{ "d.example", MX, ZONE_SECURE, long_name, 10 },
		{ "d.example", MX, ZONE_SECURE, "alias.example", 20 },
		{ "d.example", MX, ZONE_SECURE, "lost.example", 30 },
		{ long_name, A, ZONE_SECURE, "1", 0 },
		{ "alias.example", 0, ZONE_SECURE, long_name, 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	char destination[400];

	mxsel_options_set_recorder(o, ignore, NULL);
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	(void)snprintf(destination, sizeof(destination), "%.*s@d.example", 64,
		long_name);
	fail_each(destination, zone);
	memset(destination, '<', sizeof(destination) - 1);
	destination[sizeof(destination) - 1] = '\0';
	fail_each(destination, zone);
}
END_TEST

START_TEST(R5_S39_hosts_without_question_need_memory_too)
{
	static struct zone_record zone[40];
	static char names[40][16];
	size_t i;

	memset(zone, 0, sizeof(zone));
	for (i = 0; i < 30; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "192.0.2.%u",
			(unsigned)i + 1);
		zone[i] = (struct zone_record){ "d.example", MX,
			ZONE_UNKNOWN, names[i], 10 };
	}
	mxsel_options_set(o, MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, 1);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 0);
	ck_assert_int_eq(mxsel_options_add_self_address(o, "203.0.113.1"), 0);
	fail_each("d.example", zone);
	fail_each("[IPv6:2001:db8::1]", zone);
}
END_TEST

START_TEST(R95_S39_an_implicit_mx_that_no_policy_lists)
{
	static char domain[256];
	const struct zone_record zone[] = {
		{ domain, A, ZONE_UNKNOWN, "1", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static const char body[] = "version: STSv1\nmode: testing\n"
		"mx: mx.example\nmax_age: 86400\n";

	/* So long that the name of the host does not fit any more. */
	(void)snprintf(domain, sizeof(domain), "%.250s", long_name);
	ck_assert_int_eq(mxsel_sts_new(&policy, domain, body, strlen(body),
		0), MXSEL_OK);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	fail_each(domain, zone);
}
END_TEST

START_TEST(R78_S39_the_end_of_a_full_trace)
{
	static struct zone_record zone[400];
	static char names[128][24];
	size_t i;

	memset(zone, 0, sizeof(zone));
	for (i = 0; i < 128; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "h%03u.example",
			(unsigned)i);
		zone[2 * i] = (struct zone_record){ "d.example", MX,
			ZONE_UNKNOWN, names[i], 10 };
		zone[2 * i + 1] = (struct zone_record){ names[i], A,
			ZONE_UNKNOWN, "1", 0 };
	}
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_QUERIES, 0);
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	fail_each("d.example", zone);
}
END_TEST

/* A message needs more at once than records do. */
START_TEST(R19_S39_two_thousand_exchanges_in_one_message)
{
	static struct packet p;
	char name[16];
	mxsel_query *q;
	unsigned i;
	int on, rc = 0;
	mxsel *m;

	packet_begin(&p, PACKET_REPLY, "d.example", MX);
	for (i = 0; i < 2000; i++) {
		(void)snprintf(name, sizeof(name), "h%04u.ex", i);
		packet_mx(&p, PACKET_ANSWER, NULL, 300, i, name);
	}
	for (on = 0; on < 2; on++)
		for (i = 0; i < 40; i++) {
			ck_assert_int_eq(mxsel_new(&m, "d.example", o), 0);
			ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
			q = mxsel_query_take(m);
			memory.calls = 0;
			memory.fail_at = i;
			memory.fail_on = on;
			rc = mxsel_answer_packet(q, p.octets, p.size, 0);
			memory.fail_at = MEMORY_NEVER;
			if (rc != MXSEL_OK) {
				ck_assert_int_eq(rc, MXSEL_ENOMEM);
				ck_assert_int_eq(mxsel_answer_packet(q,
					p.octets, p.size, 0), MXSEL_OK);
			}
			ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
			ck_assert_str_eq(mxsel_query_name(
				mxsel_query_take(m)), "h0000.ex");
			mxsel_free(m);
		}
	ck_assert_int_eq(rc, MXSEL_OK); /* it needs less than forty */
}
END_TEST

START_TEST(R80_S39_a_saved_end_with_all_that_was_dropped)
{
	static struct zone_record zone[200];
	static char names[110][24];
	static uint8_t bytes[65536];
	size_t size = sizeof(bytes), i;
	mxsel *m, *again = NULL;
	int on, rc = 0;

	memset(zone, 0, sizeof(zone));
	for (i = 0; i < 110; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "h%03u.example",
			(unsigned)i);
		zone[i] = (struct zone_record){ "d.example", MX,
			ZONE_UNKNOWN, names[i], 10 };
	}
	zone[110] = (struct zone_record){ names[0], A, ZONE_UNKNOWN, "1", 0 };
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_NONE);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), 0);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	report(m);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_END);
	ck_assert_int_eq(mxsel_save(m, bytes, &size), MXSEL_OK);
	mxsel_free(m);
	for (on = 0; on < 2; on++)
		for (i = 0; i < 60; i++) {
			memory.calls = 0;
			memory.fail_at = i;
			memory.fail_on = on;
			rc = mxsel_resume(&again, bytes, size, o);
			memory.fail_at = MEMORY_NEVER;
			if (rc != MXSEL_OK) {
				ck_assert_int_eq(rc, MXSEL_ENOMEM);
				continue;
			}
			ck_assert_str_eq(mxsel_verdict_host(again), names[0]);
			mxsel_free(again);
		}
	ck_assert_int_eq(rc, MXSEL_OK);
}
END_TEST

START_TEST(S39_a_refused_name_is_kept_whole_or_not_at_all)
{
	size_t n, refused = 0;
	mxsel_options *copy;
	int rc;

	for (n = 0; n < 1000; n++) {
		/* Each of the three is now and then the one that fails. */
		const char *pattern = long_name + (n < 500 ? 235
			: 200 + n % 49);

		memory.calls = 0;
		memory.fail_at = 0;
		memory.fail_on = 1;
		rc = mxsel_options_refuse_exchange(o, pattern, 550, "5.7.123",
			n < 500 ? "texts" : long_name + 200 + n * 7 % 49);
		memory.fail_at = MEMORY_NEVER;
		if (rc == MXSEL_OK)
			continue;
		ck_assert_int_eq(rc, MXSEL_ENOMEM);
		ck_assert_int_eq(mxsel_options_refuse_exchange(o, pattern,
			550, "5.7.123", "texts"), MXSEL_OK);
		refused++;
	}
	ck_assert_uint_gt(refused, 100);
	ck_assert_int_eq(mxsel_options_copy(&copy, o), MXSEL_OK);
	mxsel_options_free(copy);
}
END_TEST

START_TEST(R5_S39_a_literal_after_as_long_a_local_part_as_there_is_room)
{
	char destination[1024];
	size_t length, refused = 0;
	mxsel *m;

	ck_assert_int_eq(begin(&m, "d.example"), MXSEL_OK);
	for (length = 8; length < 1000; length += 8) {
		memset(destination, 'x', length);
		memcpy(destination + length, "@[IPv6:2001:db8::1]", 20);
		memory.calls = 0;
		memory.fail_at = 0;
		memory.fail_on = 1;
		refused += mxsel_reset(m, destination) == MXSEL_ENOMEM;
		memory.fail_at = MEMORY_NEVER;
		ck_assert_int_eq(mxsel_reset(m, destination), MXSEL_OK);
		ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
		ck_assert_str_eq(mxsel_address(m), "2001:db8::1");
		/* Memory that was had once is kept: begin anew. */
		mxsel_free(m);
		ck_assert_int_eq(begin(&m, "d.example"), MXSEL_OK);
	}
	/* Where pointers are short there is room for the longest one. */
	ck_assert(refused > 0 || sizeof(void *) < 8);
	mxsel_free(m);
}
END_TEST

START_TEST(R78_S39_what_was_cut_is_said_last_or_not_yet)
{
	struct zone_record zone[257];
	char names[128][64];
	size_t length, i, refused = 0;
	mxsel *m;

	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	mxsel_options_set(o, MXSEL_OPT_MAX_RECORDS, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_QUERIES, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_ADDRESSES, 0);
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	for (length = 1; length < 40; length++) {
		memset(zone, 0, sizeof(zone));
		for (i = 0; i < 128; i++) {
			(void)snprintf(names[i], sizeof(names[i]),
				"h%03u%.*s.ex", (unsigned)i, (int)length,
				"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
			zone[2 * i] = (struct zone_record){ "d.example", MX,
				ZONE_UNKNOWN, names[i], 10 };
			zone[2 * i + 1] = (struct zone_record){ names[i], A,
				ZONE_UNKNOWN, "1", 0 };
		}
		ck_assert_int_eq(begin(&m, "d.example"), MXSEL_OK);
		for (i = 0; i < 128; i++)
			ck_assert_int_eq(zone_next(m, zone, NULL),
				MXSEL_ATTEMPT);
		memory.calls = 0;
		memory.fail_at = 0;
		memory.fail_on = 1;
		refused += mxsel_next(m) == MXSEL_ENOMEM;
		memory.fail_at = MEMORY_NEVER;
		ck_assert_int_eq(mxsel_next(m), MXSEL_END);
		mxsel_free(m);
	}
	ck_assert_uint_gt(refused, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: no memory");
	TCase *one = tcase_create("no memory");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_loop_test(one, R17_R20_R52_S39_records_of_every_kind, 0, 2);
	tcase_add_loop_test(one,
		R51_R56_S39_ourselves_by_address_among_equals, 0, 2);
	tcase_add_loop_test(one, R91_R93_S39_secure_hosts_that_have_it_all,
		0, 2);
	tcase_add_loop_test(one, R95_S39_policies_that_list_nobody, 0, 2);
	tcase_add_test(one, R79_S39_what_is_recorded_may_be_long);
	tcase_add_test(one, R5_S39_hosts_without_question_need_memory_too);
	tcase_add_test(one, R95_S39_an_implicit_mx_that_no_policy_lists);
	tcase_add_test(one, R78_S39_the_end_of_a_full_trace);
	tcase_add_test(one, R19_S39_two_thousand_exchanges_in_one_message);
	tcase_add_test(one, R80_S39_a_saved_end_with_all_that_was_dropped);
	tcase_add_test(one, S39_a_refused_name_is_kept_whole_or_not_at_all);
	tcase_add_test(one,
		R5_S39_a_literal_after_as_long_a_local_part_as_there_is_room);
	tcase_add_test(one, R78_S39_what_was_cut_is_said_last_or_not_yet);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
