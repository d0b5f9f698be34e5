/*
 * What happens on the way to a host whose TLSA records are looked for: which
 * questions are asked, when, and how often; and what every other way of
 * walking makes of it (R91-R94). May use the public headers.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "support/run.h"
#include "support/signed_zone.h"

static mxsel_options *options;
static struct zone_asked asked;

static void setup(void)
{
	memset(&asked, 0, sizeof(asked));
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	mxsel_options_set_seed(options, 1);
	mxsel_options_set(options, MXSEL_OPT_DANE, 1);
	mxsel_options_set(options, MXSEL_OPT_TRACE, 1);
}

static void teardown(void)
{
	mxsel_options_free(options);
}

static mxsel *begin(const char *destination)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, destination, options), 0);
	return m;
}

static void is_at(const mxsel *m, const char *host, const char *address,
	int posture)
{
	ck_assert_str_eq(mxsel_host_name(m), host);
	ck_assert_str_eq(mxsel_address(m), address);
	ck_assert_msg(mxsel_posture(m) == posture, "%s: %s", host,
		mxsel_posture_name(mxsel_posture(m)));
}

static void defers_for_policy(const mxsel *m)
{
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.5");
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_POLICY);
}

/* --- when ---------------------------------------------------------------- */

static const struct zone_record two[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "one.example", AAAA, ZONE_SECURE, "1", 0 },
	{ "two.example", A, ZONE_SECURE, "2", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ "_25._tcp.two.example", TLSA, ZONE_SECURE, "201b", 5 },
	{ "_2525._tcp.two.example", TLSA, ZONE_SECURE, "211c", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

START_TEST(R91_addresses_come_first_and_only_of_hosts_that_are_reached)
{
	mxsel *m = begin("d.example");

	ck_assert_int_eq(zone_next(m, two, &asked), MXSEL_ATTEMPT);
	is_at(m, "one.example", "2001:db8::1", MXSEL_POSTURE_DANE);
	ck_assert_int_eq(zone_next(m, two, &asked), MXSEL_ATTEMPT);
	is_at(m, "one.example", "192.0.2.1", MXSEL_POSTURE_DANE);
	ck_assert_str_eq(asked.text, "MX d.example\nAAAA one.example\n"
		"A one.example\nTLSA _25._tcp.one.example\n");
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_DELIVERED, 250, NULL),
		0);
	ck_assert_int_eq(zone_next(m, two, &asked), MXSEL_END);
	ck_assert_uint_eq(asked.count, 4);
	mxsel_free(m);
}
END_TEST

/* R91: not even while the addresses of both are known. */
START_TEST(R91_looked_up_ahead_are_addresses_only)
{
	mxsel *m;

	mxsel_options_set(options, MXSEL_OPT_PREFETCH, 128);
	m = begin("d.example");
	ck_assert_int_eq(zone_next(m, two, &asked), MXSEL_ATTEMPT);
	ck_assert_ptr_nonnull(strstr(asked.text, "A two.example"));
	ck_assert_ptr_null(strstr(asked.text, "_tcp.two.example"));
	ck_assert_int_eq(mxsel_next_host(m), MXSEL_LOOKUP);
	zone_answer_open(m, two, &asked);
	ck_assert_int_eq(zone_next(m, two, &asked), MXSEL_ATTEMPT);
	is_at(m, "two.example", "192.0.2.2", MXSEL_POSTURE_ENCRYPT);
	mxsel_free(m);
}
END_TEST

START_TEST(R91_the_port_is_the_one_that_will_be_connected_to)
{
	mxsel *m = begin("[two.example]:2525");
	const uint8_t *data;
	int usage;

	ck_assert_int_eq(zone_next(m, two, &asked), MXSEL_ATTEMPT);
	is_at(m, "two.example", "192.0.2.2", MXSEL_POSTURE_DANE);
	ck_assert_ptr_nonnull(strstr(asked.text, "TLSA _2525._tcp.two"));
	ck_assert_int_eq(mxsel_tlsa(m, 0, &usage, NULL, NULL, &data, NULL), 0);
	ck_assert_int_eq(usage, 2);
	ck_assert_int_eq(data[31], 'c');
	mxsel_free(m);
}
END_TEST

START_TEST(R91_a_name_too_long_for_its_prefix_has_no_records)
{
#define L63 "a23456789012345678901234567890123456789012345678901234567890123"
	static const char fits[] = L63 "." L63 "." L63 "." "b" /* + 9 = 252 */
		"2345678901234567890123456789012345678901234567890";
	char host[256];
	struct zone_record zone[] = {
		{ "d.example", MX, ZONE_SECURE, host, 10 },
		{ host, A, ZONE_SECURE, "1", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	size_t length;
	mxsel *m;

	for (length = 230; length <= 242; length++) {
		memset(&asked, 0, sizeof(asked));
		(void)snprintf(host, sizeof(host), "%.*s", (int)length, fits);
		ck_assert_uint_eq(strlen(host), length);
		m = begin("d.example");
		ck_assert_int_eq(zone_next(m, zone, &asked), MXSEL_ATTEMPT);
		ck_assert_int_eq(mxsel_posture(m),
			MXSEL_POSTURE_OPPORTUNISTIC);
		ck_assert_int_eq(mxsel_posture_reason(m),
			MXSEL_POSTURE_BY_NO_TLSA);
		mxsel_free(m);
		ck_assert_uint_eq(asked.count, 4);
	}
	(void)snprintf(host, sizeof(host), "%s.%s", fits, "c.d.e");
	ck_assert_uint_gt(strlen(host), 244);
	memset(&asked, 0, sizeof(asked));
	m = begin("d.example");
	ck_assert_int_eq(zone_next(m, zone, &asked), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_posture_reason(m), MXSEL_POSTURE_BY_NO_TLSA);
	ck_assert_uint_eq(asked.count, 3);
	mxsel_free(m);
}
END_TEST

/* --- how many ------------------------------------------------------------ */

#define MANY 40
static char letters[MANY][8];
static struct zone_record many[MANY + 3];

/* d.example with one host that has count TLSA records. */
static void make_many(int count, int length)
{
	static const struct zone_record head[] = {
		{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
		{ "one.example", A, ZONE_SECURE, "1", 0 },
	};
	int i;

	memset(many, 0, sizeof(many));
	memcpy(many, head, sizeof(head));
	for (i = 0; i < count; i++) {
		(void)snprintf(letters[i], sizeof(letters[i]), "3%d%d%c",
			i % 2, length > 0 ? 0 : 1, 'A' + i);
		many[2 + i].name = "_25._tcp.one.example";
		many[2 + i].type = TLSA;
		many[2 + i].security = ZONE_SECURE;
		many[2 + i].text = letters[i];
		many[2 + i].number = length;
	}
}

static mxsel *at_many(int reversed)
{
	mxsel *m = begin("d.example");
	mxsel_query *q;
	int rc;

	while ((rc = mxsel_next(m)) == MXSEL_LOOKUP)
		while ((q = mxsel_query_take(m)) != NULL)
			zone_answer(q, many, reversed);
	ck_assert_int_eq(rc, MXSEL_ATTEMPT);
	return m;
}

/* The data of all records, and what they are. */
static void list(const mxsel *m, char out[512])
{
	int usage, selector, matching;
	const uint8_t *data;
	size_t i, length;

	out[0] = '\0';
	for (i = 0; mxsel_tlsa(m, i, &usage, &selector, &matching, &data,
		&length) == 0; i++)
		(void)snprintf(out + strlen(out), 512 - strlen(out),
			"%d%d%d%c ", usage, selector, matching, data[0]);
	ck_assert_uint_eq(mxsel_tlsa_count(m), i);
}

START_TEST(S27_R92_sixteen_records_of_a_host_are_kept)
{
	char in[512], reversed[512];
	int count;
	mxsel *m;

	for (count = 1; count <= MANY; count++) {
		make_many(count, 0);
		m = at_many(0);
		ck_assert_uint_eq(mxsel_tlsa_count(m), count < 16
			? (unsigned)count : 16);
		ck_assert_int_eq((mxsel_flags(m) & MXSEL_FLAG_LIMITED) != 0,
			count > 16);
		list(m, in);
		mxsel_free(m);
		/* R32: whatever the order of the answer, the same ones. */
		m = at_many(1);
		list(m, reversed);
		mxsel_free(m);
		ck_assert_str_eq(in, reversed);
	}
}
END_TEST

START_TEST(R92_a_record_that_comes_twice_is_one)
{
	mxsel *m;

	make_many(3, 0);
	many[3].text = many[4].text = many[2].text;
	m = at_many(0);
	ck_assert_uint_eq(mxsel_tlsa_count(m), 1);
	mxsel_free(m);
}
END_TEST

static const struct zone_record large[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "d.example", MX, ZONE_SECURE, "three.example", 30 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "two.example", A, ZONE_SECURE, "2", 0 },
	{ "three.example", A, ZONE_SECURE, "3", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "310a", 8000 },
	{ "_25._tcp.two.example", TLSA, ZONE_SECURE, "310b", 193 },
	{ "_25._tcp.three.example", TLSA, ZONE_SECURE, "310c", 100 },
	{ "_25._tcp.three.example", TLSA, ZONE_SECURE, "310d", 100 },
	{ "d.example", MX, ZONE_SECURE, "four.example", 40 },
	{ "four.example", A, ZONE_SECURE, "4", 0 },
	{ "_25._tcp.four.example", TLSA, ZONE_SECURE, "312e", 0 },
	{ "_25._tcp.four.example", TLSA, ZONE_SECURE, "312f", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* S27: and never is it as if a host had no records, or none of use. */
START_TEST(S27_S39_R92_a_host_whose_records_find_no_room_is_passed_over)
{
	mxsel *m = begin("d.example");
	int reason;

	ck_assert_int_eq(zone_next(m, large, &asked), MXSEL_ATTEMPT);
	is_at(m, "one.example", "192.0.2.1", MXSEL_POSTURE_DANE);
	ck_assert_int_eq(zone_next(m, large, &asked), MXSEL_ATTEMPT);
	/* 8,192 octets of certificates: the one of 193 is too much. */
	is_at(m, "three.example", "192.0.2.3", MXSEL_POSTURE_DANE);
	ck_assert_uint_eq(mxsel_tlsa_count(m), 1);
	ck_assert_int_eq(mxsel_rejected(m, 0, &reason, NULL, NULL), 0);
	ck_assert_int_eq(reason, MXSEL_REJECT_TLSA);
	ck_assert(mxsel_flags(m) & MXSEL_FLAG_LIMITED);
	/* For digests there is as much again. */
	ck_assert_int_eq(zone_next(m, large, &asked), MXSEL_ATTEMPT);
	is_at(m, "four.example", "192.0.2.4", MXSEL_POSTURE_DANE);
	ck_assert_uint_eq(mxsel_tlsa_count(m), 2);
	mxsel_free(m);
}
END_TEST

START_TEST(R37_R92_out_of_questions_is_for_now_and_not_without_dane)
{
	int most;
	mxsel *m;

	for (most = 3; most < 5; most++) {
		mxsel_options_set(options, MXSEL_OPT_MAX_QUERIES, most);
		m = begin("d.example");
		ck_assert_int_eq(zone_next(m, two, NULL), most == 3
			? MXSEL_END : MXSEL_ATTEMPT);
		if (most == 3)
			defers_for_policy(m);
		else
			is_at(m, "one.example", "2001:db8::1",
				MXSEL_POSTURE_DANE);
		ck_assert(most == 4 || (mxsel_flags(m) &
			MXSEL_FLAG_LIMITED));
		mxsel_free(m);
	}
}
END_TEST

/* --- aliases of the TLSA name -------------------------------------------- */

#define TLSA_NAME "_25._tcp.one.example"
#define ONE_HOST \
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 }, \
	{ "one.example", A, ZONE_SECURE, "1", 0 }

static void alias_comes_to(const struct zone_record *zone, int posture,
	unsigned questions)
{
	mxsel *m = begin("d.example");
	int rc;

	memset(&asked, 0, sizeof(asked));
	rc = zone_next(m, zone, &asked);
	ck_assert_uint_eq(asked.count, questions);
	ck_assert_int_eq(rc, posture == MXSEL_POSTURE_NONE ? MXSEL_END
		: MXSEL_ATTEMPT);
	if (rc == MXSEL_END)
		defers_for_policy(m);
	ck_assert_int_eq(mxsel_posture(m), posture);
	if (posture == MXSEL_POSTURE_DANE) /* the base is not the alias's */
		ck_assert_str_eq(mxsel_tlsa_base(m), "one.example");
	mxsel_free(m);
}

START_TEST(R91_a_secure_chain_of_aliases_is_followed)
{
	static const struct zone_record zone[] = {
		ONE_HOST,
		{ TLSA_NAME, 0, ZONE_SECURE, "x.example", 0 },
		{ "x.example", 0, ZONE_SECURE, "y.example", 0 },
		{ "y.example", TLSA, ZONE_SECURE, "311y", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	alias_comes_to(zone, MXSEL_POSTURE_DANE, 6);
}
END_TEST

START_TEST(R91_an_insecure_alias_is_not_followed)
{
	static const struct zone_record at_once[] = {
		ONE_HOST,
		{ TLSA_NAME, 0, ZONE_INSECURE, "x.example", 0 },
		{ "x.example", TLSA, ZONE_SECURE, "311x", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static const struct zone_record later[] = {
		ONE_HOST,
		{ TLSA_NAME, 0, ZONE_SECURE, "x.example", 0 },
		{ "x.example", 0, ZONE_INSECURE, "y.example", 0 },
		{ "y.example", TLSA, ZONE_SECURE, "311x", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static const struct zone_record unknown[] = {
		ONE_HOST,
		{ TLSA_NAME, 0, ZONE_SECURE, "x.example", 0 },
		{ "x.example", 0, ZONE_UNKNOWN, "y.example", 0 },
		{ "y.example", TLSA, ZONE_SECURE, "311x", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	alias_comes_to(at_once, MXSEL_POSTURE_OPPORTUNISTIC, 4);
	alias_comes_to(later, MXSEL_POSTURE_OPPORTUNISTIC, 5);
	alias_comes_to(unknown, MXSEL_POSTURE_NONE, 5);
}
END_TEST

START_TEST(R11_R91_aliases_that_lead_nowhere_are_a_failure)
{
	static const struct zone_record circle[] = {
		ONE_HOST,
		{ TLSA_NAME, 0, ZONE_SECURE, "x.example", 0 },
		{ "x.example", 0, ZONE_SECURE, TLSA_NAME, 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static const struct zone_record special[] = {
		ONE_HOST,
		{ TLSA_NAME, 0, ZONE_SECURE, "x.invalid", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static const struct zone_record failing[] = {
		ONE_HOST,
		{ TLSA_NAME, 0, ZONE_SECURE, "x.example", 0 },
		{ "x.example", TLSA, ZONE_SECURE, "!", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	alias_comes_to(circle, MXSEL_POSTURE_NONE, 5);
	alias_comes_to(special, MXSEL_POSTURE_NONE, 4);
	alias_comes_to(failing, MXSEL_POSTURE_NONE, 5);
}
END_TEST

START_TEST(R11_R91_a_chain_too_long_is_a_failure)
{
	static const struct zone_record zone[] = {
		ONE_HOST,
		{ TLSA_NAME, 0, ZONE_SECURE, "x.example", 0 },
		{ "x.example", 0, ZONE_SECURE, "y.example", 0 },
		{ "y.example", TLSA, ZONE_SECURE, "311y", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	mxsel_options_set(options, MXSEL_OPT_MAX_ALIASES, 2);
	alias_comes_to(zone, MXSEL_POSTURE_DANE, 6);
	mxsel_options_set(options, MXSEL_OPT_MAX_ALIASES, 1);
	alias_comes_to(zone, MXSEL_POSTURE_NONE, 5);
	/* Nor is there a question for it any more. */
	mxsel_options_set(options, MXSEL_OPT_MAX_ALIASES, 8);
	mxsel_options_set(options, MXSEL_OPT_MAX_QUERIES, 5);
	alias_comes_to(zone, MXSEL_POSTURE_NONE, 5);
}
END_TEST

/* --- time ---------------------------------------------------------------- */

/* A selection whose TLSA question is open. */
static mxsel *at_question(void)
{
	mxsel *m = begin("d.example");
	int i;

	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		ck_assert_uint_eq(zone_answer_open(m, two, &asked),
			i == 0 ? 1 : 2);
	}
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	return m;
}

START_TEST(R92_time_used_up_at_the_tlsa_question_is_for_now)
{
	mxsel *m;

	mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT, 1000);
	m = at_question();
	ck_assert_int_eq(mxsel_is_waiting(m), 1);
	ck_assert_int_eq(mxsel_time_spent(m, 1000), 0);
	ck_assert_int_eq(mxsel_is_waiting(m), 0);
	/* Nor is there time for the second host's addresses. */
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_int_eq(mxsel_posture(m), MXSEL_POSTURE_NONE);
	mxsel_free(m);
}
END_TEST

START_TEST(R91_whoever_answers_knows_that_a_tlsa_answer_is_waited_for)
{
	mxsel *m = at_question();
	mxsel_query *q;

	ck_assert_int_eq(mxsel_is_waiting(m), 1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP); /* as before */
	q = mxsel_query_take(m);
	ck_assert_str_eq(mxsel_query_name(q), "_25._tcp.one.example");
	ck_assert_int_eq(mxsel_query_type(q), MXSEL_TYPE_TLSA);
	ck_assert_ptr_null(mxsel_query_take(m));
	zone_answer(q, two, 0);
	ck_assert_int_eq(mxsel_is_waiting(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_is_waiting(m), 0);
	mxsel_free(m);
}
END_TEST

START_TEST(R77_the_ttl_is_that_of_the_tlsa_records_too)
{
	mxsel *m = at_question();

	ck_assert_uint_eq(mxsel_ttl(m), 300);
	zone_answer_open(m, two, &asked);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_uint_eq(mxsel_ttl(m), 200);
	mxsel_free(m);
}
END_TEST

START_TEST(R78_the_trace_tells_of_records_and_posture)
{
	mxsel *m = at_question();
	const char *subject, *detail;
	char told[1024] = "";
	int code;
	size_t i;

	zone_answer_open(m, two, &asked);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail, NULL) ==
		0; i++)
		if (code == MXSEL_TRACE_TLSA || code == MXSEL_TRACE_POSTURE)
			(void)snprintf(told + strlen(told), sizeof(told) -
				strlen(told), "%s %s: %s\n",
				mxsel_trace_name(code), subject, detail);
	ck_assert_str_eq(told, "tlsa one.example: records 1 at one.example\n"
		"posture one.example: dane, tlsa\n");
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("DANE: on the way to a host");
	TCase *tc = tcase_create("walk");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc,
		R91_addresses_come_first_and_only_of_hosts_that_are_reached);
	tcase_add_test(tc, R91_looked_up_ahead_are_addresses_only);
	tcase_add_test(tc,
		R91_the_port_is_the_one_that_will_be_connected_to);
	tcase_add_test(tc, R91_a_name_too_long_for_its_prefix_has_no_records);
	tcase_add_test(tc, S27_R92_sixteen_records_of_a_host_are_kept);
	tcase_add_test(tc, R92_a_record_that_comes_twice_is_one);
	tcase_add_test(tc,
		S27_S39_R92_a_host_whose_records_find_no_room_is_passed_over);
	tcase_add_test(tc,
		R37_R92_out_of_questions_is_for_now_and_not_without_dane);
	tcase_add_test(tc, R91_a_secure_chain_of_aliases_is_followed);
	tcase_add_test(tc, R91_an_insecure_alias_is_not_followed);
	tcase_add_test(tc, R11_R91_aliases_that_lead_nowhere_are_a_failure);
	tcase_add_test(tc, R11_R91_a_chain_too_long_is_a_failure);
	tcase_add_test(tc,
		R92_time_used_up_at_the_tlsa_question_is_for_now);
	tcase_add_test(tc,
		R91_whoever_answers_knows_that_a_tlsa_answer_is_waited_for);
	tcase_add_test(tc, R77_the_ttl_is_that_of_the_tlsa_records_too);
	tcase_add_test(tc, R78_the_trace_tells_of_records_and_posture);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
