/*
 * TLSA records and everything else that a selection can do: go back, leave a
 * host, meet an address twice, look up a whole preference, begin anew, be
 * freed in the middle (R80, R91-R93, S38). May use the public headers.
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
}

static void teardown(void)
{
	mxsel_options_free(options);
}

static mxsel *begin(void)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "d.example", options), 0);
	return m;
}

static int has_rejected(const mxsel *m, int wanted, const char *who)
{
	const char *subject;
	int reason;
	size_t i;

	for (i = 0; mxsel_rejected(m, i, &reason, NULL, &subject) == 0; i++)
		if (reason == wanted && strcmp(subject, who) == 0)
			return 1;
	return 0;
}

/* The walk to its end: "host address posture" of each attempt. */
static void walk(mxsel *m, const struct zone_record *zone, char out[1024])
{
	int rc;

	out[0] = '\0';
	while ((rc = zone_next(m, zone, &asked)) == MXSEL_ATTEMPT)
		(void)snprintf(out + strlen(out), 1024 - strlen(out),
			"%s %s %s\n", mxsel_host_name(m), mxsel_address(m),
			mxsel_posture_name(mxsel_posture(m)));
	ck_assert_int_eq(rc, MXSEL_END);
}

/* --- back and on --------------------------------------------------------- */

static const struct zone_record three[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "d.example", MX, ZONE_SECURE, "three.example", 30 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "one.example", A, ZONE_SECURE, "11", 0 },
	{ "two.example", A, ZONE_SECURE, "2", 0 },
	{ "two.example", AAAA, ZONE_INSECURE, "2", 0 },
	{ "three.example", A, ZONE_SECURE, "3", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ "_25._tcp.two.example", TLSA, ZONE_SECURE, "011b", 0 },
	{ "_25._tcp.three.example", TLSA, ZONE_SECURE, "!", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

START_TEST(R80_R91_a_second_pass_asks_nothing_and_is_the_same)
{
	mxsel *m = begin();
	char first[1024], second[1024];
	size_t count, rejected;

	walk(m, three, first);
	count = asked.count;
	rejected = mxsel_rejected_count(m);
	ck_assert_str_eq(first, "one.example 192.0.2.1 dane\n"
		"one.example 192.0.2.11 dane\n"
		"two.example 192.0.2.2 encrypt\n");
	ck_assert(has_rejected(m, MXSEL_REJECT_INSECURE, "2001:db8::2"));
	ck_assert(has_rejected(m, MXSEL_REJECT_TLSA, "three.example"));
	ck_assert_int_eq(mxsel_rewind(m), 0);
	walk(m, three, second);
	ck_assert_str_eq(first, second);
	ck_assert_uint_eq(asked.count, count);
	ck_assert_uint_eq(mxsel_rejected_count(m), rejected);
	mxsel_free(m);
}
END_TEST

START_TEST(R80_R91_back_from_an_open_tlsa_question_it_is_not_asked_twice)
{
	mxsel *m = begin();
	char told[1024];
	int i;

	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		zone_answer_open(m, three, &asked);
	}
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_rewind(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_uint_eq(zone_answer_open(m, three, &asked), 1);
	walk(m, three, told);
	ck_assert_ptr_nonnull(strstr(told, "one.example 192.0.2.1 dane\n"));
	ck_assert_uint_eq(mxsel_query_count(m), asked.count);
	mxsel_free(m);
}
END_TEST

START_TEST(R91_a_host_that_is_left_is_followed_by_the_next)
{
	mxsel *m = begin();
	int rc;

	ck_assert_int_eq(zone_next(m, three, &asked), MXSEL_ATTEMPT);
	rc = mxsel_next_host(m);
	ck_assert_int_eq(rc, MXSEL_LOOKUP);
	zone_answer_open(m, three, &asked);
	ck_assert_int_eq(zone_next(m, three, &asked), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "two.example");
	ck_assert_int_eq(mxsel_posture_reason(m),
		MXSEL_POSTURE_BY_UNUSABLE_TLSA);
	ck_assert_int_eq(mxsel_dane(m), MXSEL_DANE_UNUSABLE);
	ck_assert_uint_eq(mxsel_tlsa_count(m), 0);
	mxsel_free(m);
}
END_TEST

/* --- a domain that is an alias and its own host -------------------------- */

static void domain_comes_to(const struct zone_record *zone, int posture,
	const char *base, const char *asked_last)
{
	mxsel *m = begin();
	size_t size;
	uint8_t bytes[2048];
	const char *last;

	memset(&asked, 0, sizeof(asked));
	ck_assert_int_eq(zone_next(m, zone, &asked), posture ==
		MXSEL_POSTURE_NONE ? MXSEL_END : MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_posture(m), posture);
	ck_assert_str_eq(mxsel_tlsa_base(m), base);
	last = asked.text + strlen(asked.text) - strlen(asked_last);
	ck_assert_msg(last >= asked.text && strcmp(last, asked_last) == 0,
		"%s", asked.text);
	/* R80: and so it is after a restart. */
	size = sizeof(bytes);
	ck_assert_int_eq(mxsel_save(m, bytes, &size), 0);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_resume(&m, bytes, size, options), 0);
	ck_assert_int_eq(mxsel_posture(m), posture);
	ck_assert_str_eq(mxsel_tlsa_base(m), base);
	mxsel_free(m);
}

#define ALIAS_DOMAIN(security) \
	{ "d.example", 0, security, "e.example", 0 }, \
	{ "e.example", MX, ZONE_SECURE, "-", 0 }, \
	{ "e.example", A, ZONE_SECURE, "5", 0 }

START_TEST(R13_R91_a_domain_that_is_an_alias_is_looked_for_under_both_names)
{
	static const struct zone_record both[] = {
		ALIAS_DOMAIN(ZONE_SECURE),
		{ "_25._tcp.e.example", TLSA, ZONE_SECURE, "311e", 0 },
		{ "_25._tcp.d.example", TLSA, ZONE_SECURE, "311d", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static const struct zone_record first_name[] = {
		ALIAS_DOMAIN(ZONE_SECURE),
		{ "_25._tcp.d.example", TLSA, ZONE_SECURE, "311d", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static const struct zone_record neither[] = {
		ALIAS_DOMAIN(ZONE_SECURE),
		{ NULL, 0, 0, NULL, 0 }
	};
	static const struct zone_record failing[] = {
		ALIAS_DOMAIN(ZONE_SECURE),
		{ "_25._tcp.d.example", TLSA, ZONE_SECURE, "!", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	domain_comes_to(both, MXSEL_POSTURE_DANE, "e.example",
		"TLSA _25._tcp.e.example\n");
	domain_comes_to(first_name, MXSEL_POSTURE_DANE, "d.example",
		"TLSA _25._tcp.e.example\nTLSA _25._tcp.d.example\n");
	domain_comes_to(neither, MXSEL_POSTURE_OPPORTUNISTIC, "",
		"TLSA _25._tcp.e.example\nTLSA _25._tcp.d.example\n");
	/* R92, S32: never as if there were none. */
	domain_comes_to(failing, MXSEL_POSTURE_NONE, "",
		"TLSA _25._tcp.e.example\nTLSA _25._tcp.d.example\n");
}
END_TEST

START_TEST(R91_an_insecure_alias_of_the_domain_leads_to_no_records_of_its)
{
	static const struct zone_record insecure[] = {
		ALIAS_DOMAIN(ZONE_INSECURE),
		{ "_25._tcp.d.example", TLSA, ZONE_SECURE, "311d", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	domain_comes_to(insecure, MXSEL_POSTURE_OPPORTUNISTIC, "",
		"TLSA _25._tcp.e.example\nCNAME d.example\n");
}
END_TEST

/* --- one address, two names ---------------------------------------------- */

static const struct zone_record shared[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "two.example", A, ZONE_SECURE, "1", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "!", 0 },
	{ "_25._tcp.two.example", TLSA, ZONE_SECURE, "311b", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

START_TEST(R34_R92_an_address_of_a_host_passed_over_is_tried_under_its_other)
{
	mxsel *m = begin();
	char told[1024];

	walk(m, shared, told);
	ck_assert_str_eq(told, "two.example 192.0.2.1 dane\n");
	ck_assert(!has_rejected(m, MXSEL_REJECT_DUPLICATE, "192.0.2.1"));
	mxsel_free(m);
}
END_TEST

static const struct zone_record twins[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "two.example", A, ZONE_SECURE, "1", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ "_25._tcp.two.example", TLSA, ZONE_SECURE, "311b", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* TLS goes by the name, so the same address is another host's as well. */
START_TEST(R34_R72_names_with_records_are_tried_each_and_others_once)
{
	int dane;
	mxsel *m;

	for (dane = 0; dane < 2; dane++) {
		mxsel_options_set(options, MXSEL_OPT_DANE, dane);
		m = begin();
		ck_assert_int_eq(zone_next(m, twins, NULL), MXSEL_ATTEMPT);
		ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_TLS, 0, NULL),
			0);
		ck_assert_int_eq(zone_next(m, twins, NULL), dane
			? MXSEL_ATTEMPT : MXSEL_END);
		if (dane)
			ck_assert_str_eq(mxsel_host_name(m), "two.example");
		else
			ck_assert(has_rejected(m, MXSEL_REJECT_DUPLICATE,
				"192.0.2.1"));
		mxsel_free(m);
	}
}
END_TEST

/* An insecure address of a DANE host, dropped, is one of another host's. */
START_TEST(R34_R93_a_dropped_address_is_tried_under_its_other_name)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
		{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
		{ "one.example", A, ZONE_SECURE, "1", 0 },
		{ "one.example", AAAA, ZONE_INSECURE, "7", 0 },
		{ "two.example", AAAA, ZONE_SECURE, "7", 0 },
		{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	mxsel *m = begin();
	char told[1024];

	walk(m, zone, told);
	ck_assert_str_eq(told, "one.example 192.0.2.1 dane\n"
		"two.example 2001:db8::7 opportunistic\n");
	mxsel_free(m);
}
END_TEST

/* --- a whole preference at once ------------------------------------------ */

static const struct zone_record equals[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "three.example", 10 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "one.example", A, ZONE_SECURE, "11", 0 },
	{ "two.example", A, ZONE_SECURE, "2", 0 },
	{ "two.example", A, ZONE_SECURE, "12", 0 },
	{ "three.example", A, ZONE_SECURE, "3", 0 },
	{ "three.example", A, ZONE_SECURE, "13", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ "_25._tcp.two.example", TLSA, ZONE_SECURE, "!", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* Each host is as secure as it is, however they are mixed. */
START_TEST(R56_R93_hosts_looked_up_together_keep_their_own_posture)
{
	char told[1024], *line;
	int way, lines;
	mxsel *m;

	for (way = 0; way < 3; way++) {
		mxsel_options_set(options, MXSEL_OPT_SHUFFLE, way == 0
			? MXSEL_SHUFFLE_ADDRESSES : MXSEL_SHUFFLE_HOSTS);
		mxsel_options_set(options, MXSEL_OPT_MAX_ATTEMPTS, way == 1
			? 5 : 0);
		if (way == 2)
			mxsel_options_add_self_address(options, "192.0.2.99");
		memset(&asked, 0, sizeof(asked));
		m = begin();
		walk(m, equals, told);
		lines = 0;
		for (line = strtok(told, "\n"); line != NULL;
			line = strtok(NULL, "\n")) {
			ck_assert_ptr_null(strstr(line, "two.example"));
			ck_assert_ptr_nonnull(strstr(line, strncmp(line,
				"one", 3) == 0 ? " dane"
				: " opportunistic"));
			lines++;
		}
		ck_assert_int_ge(lines, way == 1 ? 3 : 4);
		ck_assert_int_le(lines, 4);
		ck_assert(has_rejected(m, MXSEL_REJECT_TLSA, "two.example"));
		/* Once for each host, however often one comes to it. */
		ck_assert_uint_eq(asked.count, 1 + 6 + 3);
		mxsel_free(m);
	}
}
END_TEST

/* --- a new beginning ----------------------------------------------------- */

static const char body[] = "version: STSv1\nmode: enforce\nmax_age: 9\n"
	"mx: one.example\n";

START_TEST(R95_R96_a_reset_forgets_policy_and_message)
{
	mxsel *m = begin();
	mxsel_sts *policy;

	ck_assert_int_eq(mxsel_sts_new(&policy, "d.example", body,
		sizeof(body) - 1, 1), 0);
	ck_assert_int_eq(mxsel_set_sts(m, policy, 2), 0);
	ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_REQUIRED), 0);
	ck_assert_int_eq(mxsel_reset(m, "d.example"), 0);
	ck_assert_int_eq(mxsel_tls(m), MXSEL_TLS_BY_POLICY);
	ck_assert_int_eq(zone_next(m, three, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report_tls(m, MXSEL_TLSRPT_SUCCESS), 0);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_REFUSED, 0, NULL), 0);
	ck_assert_int_eq(mxsel_next_host(m), MXSEL_LOOKUP);
	zone_answer_open(m, three, NULL);
	/* The second is not in the policy, which does not count any more. */
	ck_assert_int_eq(zone_next(m, three, NULL), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "two.example");
	/* Too late for either. */
	ck_assert_int_eq(mxsel_set_sts(m, policy, 2), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_set_tls(m, 0), MXSEL_EUSAGE);
	ck_assert_uint_gt(mxsel_tlsrpt_count(m), 0);
	ck_assert_int_eq(mxsel_reset(m, "d.example"), 0);
	ck_assert_uint_eq(mxsel_tlsrpt_count(m), 0);
	mxsel_sts_free(policy);
	mxsel_free(m);
}
END_TEST

/* Records of before are not those of after, nor is their room used up. */
START_TEST(S39_R92_a_reset_makes_room_for_other_records)
{
	static const struct zone_record large[] = {
		{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
		{ "one.example", A, ZONE_SECURE, "1", 0 },
		{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "310a", 8192 },
		{ NULL, 0, 0, NULL, 0 }
	};
	mxsel *m = begin();
	int i;

	for (i = 0; i < 20; i++) {
		ck_assert_int_eq(zone_next(m, large, NULL), MXSEL_ATTEMPT);
		ck_assert_uint_eq(mxsel_tlsa_count(m), 1);
		ck_assert_int_eq(mxsel_reset(m, "d.example"), 0);
		ck_assert_uint_eq(mxsel_tlsa_count(m), 0);
	}
	mxsel_free(m);
}
END_TEST

/* --- inside a callback --------------------------------------------------- */

static mxsel *victim;
static int cancelled, freed;

static void hear_cancel(mxsel_query *q, void *user)
{
	(void)user;
	if (q == NULL)
		return; /* that was all */
	ck_assert_int_eq(mxsel_query_type(q), MXSEL_TYPE_TLSA);
	cancelled++;
}

START_TEST(S38_a_selection_freed_or_reset_cancels_its_tlsa_question)
{
	int way, i;
	mxsel *m;

	for (way = 0; way < 2; way++) {
		m = begin();
		cancelled = 0;
		ck_assert_int_eq(mxsel_set_cancel(m, hear_cancel, NULL), 0);
		for (i = 0; i < 2; i++) {
			ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
			zone_answer_open(m, three, NULL);
		}
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		ck_assert_ptr_nonnull(mxsel_query_take(m));
		if (way == 0)
			ck_assert_int_eq(mxsel_reset(m, "d.example"), 0);
		mxsel_free(m);
		ck_assert_int_eq(cancelled, 1);
	}
}
END_TEST

/* Frees the selection out of its own TLSA question. */
static void resolve(mxsel_query *q, void *user)
{
	(void)user;
	if (mxsel_query_type(q) != MXSEL_TYPE_TLSA) {
		zone_answer(q, three, 0);
		return;
	}
	freed++;
	mxsel_free(victim);
	victim = NULL;
}

static void forget(mxsel_query *q, void *user)
{
	(void)user;
	ck_assert_int_eq(mxsel_query_type(q), MXSEL_TYPE_TLSA);
	cancelled++;
}

START_TEST(S38_a_selection_may_be_freed_by_who_is_asked_for_tlsa)
{
	mxsel_resolver *resolver;

	cancelled = freed = 0;
	ck_assert_int_eq(mxsel_resolver_new(&resolver, resolve, forget, NULL),
		0);
	mxsel_options_set_resolver(options, resolver);
	mxsel_resolver_free(resolver);
	victim = begin();
	ck_assert_int_eq(mxsel_next(victim), MXSEL_ECANCELED);
	ck_assert_int_eq(freed, 1);
	ck_assert_int_eq(cancelled, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("DANE: and everything else");
	TCase *tc = tcase_create("modes");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, R80_R91_a_second_pass_asks_nothing_and_is_the_same);
	tcase_add_test(tc,
		R80_R91_back_from_an_open_tlsa_question_it_is_not_asked_twice);
	tcase_add_test(tc, R91_a_host_that_is_left_is_followed_by_the_next);
	tcase_add_test(tc,
	R13_R91_a_domain_that_is_an_alias_is_looked_for_under_both_names);
	tcase_add_test(tc,
	R91_an_insecure_alias_of_the_domain_leads_to_no_records_of_its);
	tcase_add_test(tc,
	R34_R92_an_address_of_a_host_passed_over_is_tried_under_its_other);
	tcase_add_test(tc,
		R34_R72_names_with_records_are_tried_each_and_others_once);
	tcase_add_test(tc,
		R34_R93_a_dropped_address_is_tried_under_its_other_name);
	tcase_add_test(tc,
		R56_R93_hosts_looked_up_together_keep_their_own_posture);
	tcase_add_test(tc, R95_R96_a_reset_forgets_policy_and_message);
	tcase_add_test(tc, S39_R92_a_reset_makes_room_for_other_records);
	tcase_add_test(tc,
		S38_a_selection_freed_or_reset_cancels_its_tlsa_question);
	tcase_add_test(tc,
		S38_a_selection_may_be_freed_by_who_is_asked_for_tlsa);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
