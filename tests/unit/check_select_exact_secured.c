/*
 * Every single thing about the security of a host's path that a saved
 * selection is refused for, alone (R80, R91-R93); and which hosts with the
 * same address are tried one after the other because each is reached by its
 * own name (R36). May use lib/select.
 */
#define _DEFAULT_SOURCE
#include "support/forged.h"

#include "support/run.h"

/* Until this question is open. */
static void wait_for(const char *destination, int type)
{
	mxsel_query *q;

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	begin(destination);
	for (;;) {
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		while ((q = mxsel_query_take(m)) != NULL) {
			if (mxsel_query_type(q) == type)
				return;
			zone_answer(q, zone, 0);
		}
	}
}

/* --- where it is on its way to the records ------------------------------- */

START_TEST(R80_R91_records_are_looked_for_of_a_host_whose_turn_it_is)
{
	wait_for("d.example", TLSA);
	FINE((void)0);
	REFUSED(m->dane_host = 1);
	REFUSED(m->dane_host = 1; m->dane_step = MXSEL__DANE_STEP_MAX);
	REFUSED(m->dane_host = 100; m->dane_step = MXSEL__DANE_STEP_MAX);
	REFUSED(m->hosts[0].looked = 1);
	REFUSED(m->tls = MXSEL_TLS_OPTIONAL);
	REFUSED(m->reached = 1);
	REFUSED(m->verdict = MXSEL__V_DNS);
}
END_TEST

/* For the records of the first host, which nobody has been at. */
#define LOOKING m->state = STATE_DANE; m->dane_host = 0; \
	m->dane_step = MXSEL__DANE_STEP_MAX; m->hosts[0].reached = 0; \
	m->cursor = m->tried = NULL; m->reached = 0

START_TEST(R80_R91_records_are_looked_for_of_names_in_the_dns)
{
	mxsel_options_set(o, MXSEL_OPT_HAND_OUT_ONION, 1);
	reach("i.example", 1);
	FINE(LOOKING);
	REFUSED(LOOKING; m->tls = MXSEL_TLS_OPTIONAL);
	REFUSED(LOOKING; m->hosts[0].looked = 1);
	REFUSED(LOOKING; m->hosts[0].reached = 1);
	reach("onion.example", 1);
	REFUSED(LOOKING);
	REFUSED(m->hosts[0].path = PATH_SECURE);
	REFUSED(m->hosts[0].looked = 1);
	reach("[192.0.2.1]", 1);
	REFUSED(LOOKING);
	REFUSED(m->hosts[0].path = PATH_SECURE);
	REFUSED(m->hosts[0].looked = 1);
}
END_TEST

START_TEST(R80_R91_the_alias_of_a_domain_is_probed_before_it_is_used)
{
	wait_for("alias.example", CNAME);
	ck_assert_uint_eq(m->dane_step, 3);
	FINE(m->dane_step = 4); /* TLSA at the alias */
	FINE(m->dane_step = 5);
	REFUSED(m->dane_step = 0);
	REFUSED(m->dane_step = 1);
	REFUSED(m->dane_step = 2);
	REFUSED(m->original = m->domain);
	REFUSED(m->mx_security = MXSEL_SECURITY_INDETERMINATE);
	FINE(m->mx_security = MXSEL_SECURITY_SECURE; m->secure = 1;
		m->dane_step = 4);
	REFUSED(m->mx_security = MXSEL_SECURITY_SECURE; m->secure = 1);
}
END_TEST

/* --- what came of it ----------------------------------------------------- */

START_TEST(R80_R91_records_are_at_a_name_that_the_host_has)
{
	struct candidate *c;

	reach("d.example", 1);
	REFUSED(m->hosts[0].base = BASE_EXPANDED);
	REFUSED(m->hosts[0].base = BASE_DOMAIN);
	set(MXSEL_OPT_DANE, 1);
	reach("d.example", 1);
	ck_assert_int_eq(m->hosts[0].dane, MXSEL_DANE_RECORDS);
	FINE(m->hosts[0].base = BASE_NAME);
	REFUSED(m->hosts[0].canonical = m->hosts[0].name);
	REFUSED(m->hosts[0].base = BASE_DOMAIN);
	REFUSED(m->hosts[0].base = BASE_DOMAIN; m->original = "o.example");
	REFUSED(m->tls = MXSEL_TLS_OPTIONAL);
	FINE(m->hosts[0].base = BASE_NAME;
		m->hosts[0].path = PATH_ALIAS_SECURE;
		for (c = m->attempts; c != NULL; c = c->after)
			c->secure = 0);
	REFUSED(m->hosts[0].path = PATH_ALIAS_SECURE;
		for (c = m->attempts; c != NULL; c = c->after)
			c->secure = 0);
	REFUSED(for (c = m->attempts; c != NULL; c = c->after)
			c->secure = 0);
	REFUSED(m->hosts[0].looked = 0);
}
END_TEST

START_TEST(R80_R91_a_domain_has_records_where_it_is_an_alias)
{
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	reach("alias.example", 1);
	ck_assert_int_eq(m->hosts[0].looked, 1);
	FINE(m->hosts[0].dane = MXSEL_DANE_UNUSABLE;
		m->hosts[0].path = PATH_ALIAS_SECURE;
		m->hosts[0].base = BASE_DOMAIN);
	REFUSED(m->hosts[0].dane = MXSEL_DANE_UNUSABLE;
		m->hosts[0].path = PATH_ALIAS_SECURE;
		m->hosts[0].base = BASE_DOMAIN;
		m->mx_security = MXSEL_SECURITY_INDETERMINATE);
	REFUSED(m->hosts[0].dane = MXSEL_DANE_UNUSABLE;
		m->hosts[0].path = PATH_ALIAS_SECURE;
		m->hosts[0].base = BASE_DOMAIN;
		m->original = m->domain);
}
END_TEST

START_TEST(R80_R92_what_failed_is_remembered_and_could_have)
{
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	to_the_end("fail.example");
	ck_assert_int_eq(m->hosts[0].dane, MXSEL_DANE_TEMPORARY);
	REFUSED(m->met &= (uint16_t)~MET_TLSA);
	REFUSED(m->hosts[0].path = PATH_INSECURE);
	FINE(m->hosts[0].path = PATH_UNKNOWN);
	FINE(m->hosts[0].path = PATH_ALIAS);
	FINE(m->hosts[0].path = PATH_ALIAS; m->hosts[0].dane =
		MXSEL_DANE_NONE);
	REFUSED(m->hosts[0].path = PATH_ALIAS; m->hosts[0].dane =
		MXSEL_DANE_UNUSABLE);
	REFUSED(m->hosts[0].path = PATH_UNKNOWN; m->hosts[0].dane =
		MXSEL_DANE_NONE);
	FINE(m->hosts[0].path = PATH_INSECURE; m->hosts[0].dane =
		MXSEL_DANE_NONE);
	REFUSED(m->hosts[0].path = PATH_INSECURE; m->hosts[0].dane =
		MXSEL_DANE_UNUSABLE);
	reach("alias.example", 1);
	REFUSED(m->hosts[0].dane = MXSEL_DANE_UNUSABLE);
	REFUSED(m->attempts->secure = 1);
}
END_TEST

/* --- the same address under two names */

static const struct zone_record twins[] = {
	{ "t.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "t.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "two.example", A, ZONE_SECURE, "1", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* One of them has records: the second is only looked for after the first. */
static const struct zone_record first_has[] = {
	{ "t.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "t.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ "two.example", A, ZONE_INSECURE, "1", 0 },
	{ NULL, 0, 0, NULL, 0 }
};
static const struct zone_record second_may_have[] = {
	{ "t.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "t.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_INSECURE, "1", 0 },
	{ "two.example", A, ZONE_SECURE, "1", 0 },
	{ NULL, 0, 0, NULL, 0 }
};
static const struct zone_record none_has[] = {
	{ "t.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "t.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_INSECURE, "1", 0 },
	{ "two.example", A, ZONE_INSECURE, "1", 0 },
	{ NULL, 0, 0, NULL, 0 }
};
/* The resolver validates and did not say. */
static const struct zone_record unknown[] = {
	{ "t.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "t.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_INSECURE, "1", 0 },
	{ "two.example", A, ZONE_UNKNOWN, "1", 0 },
	{ "two.example", AAAA, ZONE_UNKNOWN, "-", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static int duplicates(const struct zone_record *records, int tls,
	const char *mode)
{
	char body[128];
	mxsel_sts *policy = NULL;
	int rc, reason, n = 0;
	size_t i;

	ck_assert_int_eq(mxsel_new(&m, "t.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_set_tls(m, tls), MXSEL_OK);
	if (mode != NULL) {
		(void)snprintf(body, sizeof(body), "version: STSv1\nmode: %s\n"
			"mx: *.example\nmax_age: 99\n", mode);
		ck_assert_int_eq(mxsel_sts_new(&policy, "t.example", body,
			strlen(body), 0), MXSEL_OK);
		ck_assert_int_eq(mxsel_set_sts(m, policy, 1), MXSEL_OK);
	}
	do
		rc = zone_next(m, records, NULL);
	while (rc != MXSEL_END);
	for (i = 0; mxsel_rejected(m, i, &reason, NULL, NULL) == 0; i++)
		n += reason == MXSEL_REJECT_DUPLICATE;
	mxsel_sts_free(policy);
	mxsel_free(m);
	m = NULL;
	return n;
}

START_TEST(R36_one_address_of_two_names_is_tried_once_or_by_each)
{
	const int any = MXSEL_TLS_BY_POLICY;

	ck_assert_int_eq(duplicates(twins, any, NULL), 1);
	ck_assert_int_eq(duplicates(twins, MXSEL_TLS_OPTIONAL, NULL), 1);
	ck_assert_int_eq(duplicates(twins, MXSEL_TLS_REQUIRED, NULL), 0);
	ck_assert_int_eq(duplicates(twins, any, "testing"), 1);
	ck_assert_int_eq(duplicates(twins, any, "enforce"), 0);
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	ck_assert_int_eq(duplicates(twins, any, NULL), 0);
	ck_assert_int_eq(duplicates(twins, MXSEL_TLS_OPTIONAL, NULL), 1);
	ck_assert_int_eq(duplicates(first_has, any, NULL), 0);
	ck_assert_int_eq(duplicates(second_may_have, any, NULL), 0);
	ck_assert_int_eq(duplicates(none_has, any, NULL), 1);
	ck_assert_int_eq(duplicates(unknown, any, NULL), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: how a saved one is reached");
	TCase *one = tcase_create("one thing");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one,
		R80_R91_records_are_looked_for_of_a_host_whose_turn_it_is);
	tcase_add_test(one, R80_R91_records_are_looked_for_of_names_in_the_dns);
	tcase_add_test(one,
		R80_R91_the_alias_of_a_domain_is_probed_before_it_is_used);
	tcase_add_test(one, R80_R91_records_are_at_a_name_that_the_host_has);
	tcase_add_test(one, R80_R91_a_domain_has_records_where_it_is_an_alias);
	tcase_add_test(one, R80_R92_what_failed_is_remembered_and_could_have);
	tcase_add_test(one,
		R36_one_address_of_two_names_is_tried_once_or_by_each);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
