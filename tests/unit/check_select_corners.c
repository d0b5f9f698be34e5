/*
 * Corners of the rules that one message in a million meets: names that are
 * none, aliases to names nobody asks for, limits reached exactly. May use
 * <mxsel/mxsel.h>.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"
#include "support/walked.h"

static mxsel_options *o;

static void setup(void)
{
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set_seed(o, 1);
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_NONE);
}

static void teardown(void)
{
	mxsel_options_free(o);
}

#define UNKNOWN ZONE_UNKNOWN

START_TEST(R20_what_is_no_name_is_shown_as_it_was_given)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, UNKNOWN, "a..b \x7f\x80\tc", 10 },
		{ NULL, 0, 0, NULL, 0 }
	};

	ck_assert_str_eq(walked("d.example", o, zone),
		"- bad_name a..b\\032\\127\\128\\009c\nbounce 5.4.4\n");
}
END_TEST

START_TEST(R20_S21_what_is_no_name_is_shown_in_part)
{
	char given[600], shown[700];
	struct zone_record zone[] = {
		{ "d.example", MX, UNKNOWN, given, 10 },
		{ NULL, 0, 0, NULL, 0 }
	};

	memset(given, 'x', sizeof(given) - 1);
	given[sizeof(given) - 1] = '\0';
	(void)snprintf(shown, sizeof(shown), "- bad_name %.250s\n"
		"bounce 5.4.4\n", given);
	ck_assert_str_eq(walked("d.example", o, zone), shown);
}
END_TEST

START_TEST(R5_an_exchange_may_be_an_alias_of_a_name_nobody_asks_for)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, UNKNOWN, "one.example", 10 },
		{ "d.example", MX, UNKNOWN, "two.example", 20 },
		{ "one.example", 0, UNKNOWN, "x.invalid", 0 },
		{ "two.example", 0, UNKNOWN, "x.onion", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	ck_assert_str_eq(walked("d.example", o, zone),
		"- not_found one.example\n- not_found two.example\n"
		"bounce 5.4.4\n");
}
END_TEST

START_TEST(R5_names_of_the_own_network_are_asked_for_when_told_so)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, UNKNOWN, "mx.local", 10 },
		{ "d.example", MX, UNKNOWN, "one.example", 20 },
		{ "mx.local", A, UNKNOWN, "1", 0 },
		{ "one.example", 0, UNKNOWN, "two.local", 0 },
		{ "two.local", A, UNKNOWN, "2", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	ck_assert_str_eq(walked("d.example", o, zone),
		"- special_use mx.local\n- dns one.example\ndefer 4.4.4\n");
	mxsel_options_set(o, MXSEL_OPT_ASK_LOCAL, 1);
	ck_assert_str_eq(walked("d.example", o, zone),
		"mx.local 192.0.2.1\none.example 192.0.2.2\ndefer 4.4.1\n");
}
END_TEST

START_TEST(R60_hosts_without_question_are_not_asked_ahead)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, UNKNOWN, "one.example", 10 },
		{ "d.example", MX, UNKNOWN, "192.0.2.9", 20 },
		{ "d.example", MX, UNKNOWN, "hidden.onion", 30 },
		{ "one.example", A, UNKNOWN, "1", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	mxsel_options_set(o, MXSEL_OPT_PREFETCH, 8);
	mxsel_options_set(o, MXSEL_OPT_HAND_OUT_ONION, 1);
	mxsel_options_set(o, MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, 1);
	ck_assert_str_eq(walked("d.example", o, zone),
		"one.example 192.0.2.1\n192.0.2.9 192.0.2.9\n"
		"hidden.onion \ndefer 4.4.1\n");
}
END_TEST

START_TEST(R37_a_chain_of_sixteen_aliases_is_traced_whole)
{
	struct zone_record zone[19];
	char names[18][16];
	int code, links = 0;
	size_t i;
	mxsel *m;

	memset(zone, 0, sizeof(zone));
	for (i = 0; i < 17; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "n%u.example",
			(unsigned)i);
		zone[i].name = names[i];
		zone[i].text = names[i + 1];
	}
	(void)snprintf(names[17], sizeof(names[17]), "no.example");
	zone[0].name = "d.example";
	zone[0].type = MX;
	zone[0].text = names[1];
	zone[17].name = names[16];
	zone[16] = (struct zone_record){ names[16], 0, 0, "n17.example", 0 };
	zone[17] = (struct zone_record){ "n17.example", A, 0, "1", 0 };
	mxsel_options_set(o, MXSEL_OPT_MAX_ALIASES, 16);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_canonical(m), "n17.example");
	for (i = 0; mxsel_trace_event(m, i, &code, NULL, NULL, NULL) == 0; i++)
		links += code == MXSEL_TRACE_ALIAS;
	ck_assert_int_ge(links, 16);
	mxsel_free(m);
}
END_TEST

START_TEST(R36_R92_hosts_of_unknown_security_at_one_address_both_wait)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
		{ "d.example", MX, ZONE_SECURE, "two.example", 10 },
		{ "one.example", A, ZONE_UNKNOWN, "1", 0 },
		{ "one.example", AAAA, ZONE_UNKNOWN, "-", 0 },
		{ "two.example", A, ZONE_UNKNOWN, "1", 0 },
		{ "two.example", AAAA, ZONE_UNKNOWN, "-", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	ck_assert_str_eq(walked("d.example", o, zone),
		"- tlsa_failed one.example\n- tlsa_failed two.example\n"
		"defer 4.7.5\n");
	/* The same address once only, when nothing goes by names. */
	mxsel_options_set(o, MXSEL_OPT_DANE, 0);
	ck_assert_str_eq(walked("d.example", o, zone),
		"one.example 192.0.2.1\n- duplicate 192.0.2.1\n"
		"defer 4.4.1\n");
}
END_TEST

START_TEST(R93_R95_a_secure_alias_of_a_domain_may_have_records_of_its_own)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, ZONE_INSECURE, "-", 0 },
		{ "d.example", 0, ZONE_INSECURE, "x.example", 0 },
		{ "x.example", A, ZONE_INSECURE, "1", 0 },
		{ "x.example", AAAA, ZONE_INSECURE, "-", 0 },
		{ "x.example", MX, ZONE_INSECURE, "-", 0 },
		{ "_25._tcp.d.example", TLSA, ZONE_SECURE, "311a", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static const struct zone_record secure[] = {
		{ "d.example", CNAME, ZONE_SECURE, "x.example", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	mxsel_query *q;
	int rc, probes = 0;
	mxsel *m;

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	while ((rc = mxsel_next(m)) == MXSEL_LOOKUP)
		while ((q = mxsel_query_take(m)) != NULL) {
			if (mxsel_query_type(q) != CNAME) {
				zone_answer(q, zone, 0);
				continue;
			}
			probes++;
			mxsel_answer_alias(q, secure[0].text, 300);
			mxsel_answer_finish(q, MXSEL_DNS_COMPLETE,
				ZONE_SECURE);
		}
	ck_assert_int_eq(rc, MXSEL_ATTEMPT);
	ck_assert_int_eq(probes, 1);
	ck_assert_str_eq(mxsel_posture_name(mxsel_posture(m)), "dane");
	ck_assert_str_eq(mxsel_tlsa_base(m), "d.example");
	mxsel_free(m);
}
END_TEST

START_TEST(R95_an_implicit_mx_without_policy_is_looked_up_if_we_may_be_it)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, UNKNOWN, "-", 0 },
		{ "d.example", A, UNKNOWN, "1", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static const char body[] = "version: STSv1\nmode: enforce\n"
		"mx: mx.example\nmax_age: 86400\n";
	static struct walked w;
	mxsel_sts *policy;
	mxsel *m;

	ck_assert_int_eq(mxsel_sts_new(&policy, "d.example", body,
		strlen(body), 0), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_add_self_address(o, "192.0.2.1"), 0);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_set_sts(m, policy, 0), MXSEL_OK);
	walked_all(&w, m, zone);
	ck_assert_str_eq(w.text, "- self 192.0.2.1\n- self d.example\n"
		"bounce 5.4.6\n");
	mxsel_free(m);
	mxsel_sts_free(policy);
}
END_TEST

START_TEST(R13_R11_a_domain_may_be_an_alias_of_what_does_not_exist)
{
	mxsel_query *q;
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	mxsel_answer_alias(q, "x.example", 300);
	mxsel_answer_finish(q, MXSEL_DNS_NXDOMAIN, 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "5.1.2");
	ck_assert_uint_eq(mxsel_ttl(m), 0); /* nobody said how long */
	mxsel_free(m);
}
END_TEST

START_TEST(R64_refused_addresses_are_no_lack_of_hosts)
{
	static const uint8_t zero[4] = { 240, 0, 0, 1 };
	mxsel_query *q;
	mxsel *m;

	mxsel_options_set(o, MXSEL_OPT_DEFER_NO_HOST, 1);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	while (mxsel_next(m) == MXSEL_LOOKUP)
		while ((q = mxsel_query_take(m)) != NULL) {
			if (mxsel_query_type(q) == MX)
				mxsel_answer_mx(q, 10, "mx.example", 300);
			else if (mxsel_query_type(q) == A)
				mxsel_answer_address(q, zero, 4, 300);
			mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
		}
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_FILTERED);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_BOUNCE);
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: corners");
	TCase *one = tcase_create("one message in a million");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, R20_what_is_no_name_is_shown_as_it_was_given);
	tcase_add_test(one, R20_S21_what_is_no_name_is_shown_in_part);
	tcase_add_test(one,
		R5_an_exchange_may_be_an_alias_of_a_name_nobody_asks_for);
	tcase_add_test(one,
		R5_names_of_the_own_network_are_asked_for_when_told_so);
	tcase_add_test(one, R60_hosts_without_question_are_not_asked_ahead);
	tcase_add_test(one, R37_a_chain_of_sixteen_aliases_is_traced_whole);
	tcase_add_test(one,
		R36_R92_hosts_of_unknown_security_at_one_address_both_wait);
	tcase_add_test(one,
		R93_R95_a_secure_alias_of_a_domain_may_have_records_of_its_own);
	tcase_add_test(one,
		R95_an_implicit_mx_without_policy_is_looked_up_if_we_may_be_it);
	tcase_add_test(one,
		R13_R11_a_domain_may_be_an_alias_of_what_does_not_exist);
	tcase_add_test(one, R64_refused_addresses_are_no_lack_of_hosts);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
