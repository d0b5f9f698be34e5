/*
 * A failing look-up never lowers what is asked of a host. Every combination
 * of answers that a domain with one mail host can get is played, as records,
 * as messages and by the mock, and the questions, the attempts and the
 * verdict are those of a model that knows nothing of the library
 * (tests/support/dane_model.h). May use the public headers.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mock.h>

#include "support/dane_answer.h"
#include "support/run.h"

static mxsel_sts *policies[STS_COUNT];
static mxsel_options *options[3]; /* for each knob */

static void setup(void)
{
	static const char *const bodies[STS_COUNT] = {
		NULL,
		"mode: testing\nmx: h.example\nmx: d.example\n",
		"mode: testing\nmx: other.example\n",
		"mode: enforce\nmx: *.example\n",
		"mode: enforce\nmx: other.example\n",
	};
	char body[128];
	int i;

	for (i = 1; i < STS_COUNT; i++) {
		(void)snprintf(body, sizeof(body),
			"version: STSv1\nmax_age: 99\n%s", bodies[i]);
		ck_assert_int_eq(mxsel_sts_new(&policies[i], MODEL_DOMAIN,
			body, strlen(body), 0), 0);
	}
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(mxsel_options_new(&options[i]), 0);
		mxsel_options_set_seed(options[i], 1);
		mxsel_options_set(options[i], MXSEL_OPT_DANE, 1);
		mxsel_options_set(options[i], MXSEL_OPT_DANE_INSECURE_MX, i);
	}
}

static void teardown(void)
{
	int i;

	for (i = 1; i < STS_COUNT; i++)
		mxsel_sts_free(policies[i]);
	for (i = 0; i < 3; i++)
		mxsel_options_free(options[i]);
}

/* --- one world ----------------------------------------------------------- */

static void note_asked(struct model_result *r, const mxsel_query *q)
{
	int type = mxsel_query_type(q);

	model_ask(r, type == MXSEL_TYPE_MX ? "MX" : type == MXSEL_TYPE_A ? "A"
		: type == MXSEL_TYPE_AAAA ? "AAAA" : type == MXSEL_TYPE_CNAME
		? "CNAME" : "TLSA", "", mxsel_query_name(q));
}

static void note_attempt(struct model_result *r, const mxsel *m)
{
	int posture = mxsel_posture(m);
	const char *identity;
	size_t i;

	/* All attempts of a host are alike. */
	ck_assert(r->families == 0 || r->posture == posture);
	r->families |= strchr(mxsel_address(m), ':') != NULL ? 1 : 2;
	r->posture = posture;
	r->reason = mxsel_posture_reason(m);
	r->dane = mxsel_dane(m);
	ck_assert_uint_eq(mxsel_tlsa_count(m) > 0,
		r->dane == MXSEL_DANE_RECORDS);
	/* The names live as long as the worlds do. */
	r->base = strcmp(mxsel_tlsa_base(m), MODEL_TARGET) == 0 ? MODEL_TARGET
		: strcmp(mxsel_tlsa_base(m), MODEL_EXCHANGE) == 0
		? MODEL_EXCHANGE : mxsel_tlsa_base(m)[0] == '\0' ? ""
		: MODEL_DOMAIN;
	r->sni = strcmp(mxsel_tls_name(m), MODEL_TARGET) == 0 ? MODEL_TARGET
		: strcmp(mxsel_tls_name(m), MODEL_EXCHANGE) == 0
		? MODEL_EXCHANGE : MODEL_DOMAIN;
	r->identities[0] = '\0';
	for (i = 0; (identity = mxsel_tls_identity(m, i)) != NULL; i++) {
		if (i > 0)
			strcat(r->identities, " ");
		strcat(r->identities, identity);
	}
}

static void note_end(struct model_result *r, const mxsel *m)
{
	static char status[16];
	size_t i, n;
	int policy, result;

	r->action = mxsel_verdict_action(m);
	r->code = mxsel_verdict_code(m);
	strcpy(status, mxsel_verdict_status(m));
	r->status = status;
	for (i = 0; mxsel_tlsrpt(m, i, NULL, NULL, &policy, &result) == 0;
		i++) {
		n = strlen(r->report);
		(void)snprintf(r->report + n, sizeof(r->report) - n,
			"%s %s\n", mxsel_tlsrpt_policy_name(policy),
			mxsel_tlsrpt_result_name(result));
	}
}

static mxsel *begin(const struct model_world *w, const mxsel_options *o)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, MODEL_DOMAIN, o), 0);
	ck_assert_int_eq(mxsel_set_tls(m, w->tls), 0);
	ck_assert_int_eq(mxsel_set_sts(m, policies[w->sts], 5), 0);
	return m;
}

static void play(struct model_result *r, const struct model_world *w,
	enum answer_form form)
{
	mxsel *m = begin(w, options[w->knob]);
	mxsel_query *q;
	int rc;

	memset(r, 0, sizeof(*r));
	r->base = r->sni = "";
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		ck_assert_int_ge(rc, 0);
		if (rc == MXSEL_ATTEMPT)
			note_attempt(r, m);
		while (rc == MXSEL_LOOKUP && (q = mxsel_query_take(m)) !=
			NULL) {
			note_asked(r, q);
			answer_world(w, q, form);
		}
	}
	note_end(r, m);
	mxsel_free(m);
}

static const char *tell(const struct model_world *w)
{
	static char text[400];

	(void)snprintf(text, sizeof(text), "mx %d implicit %d AAAA %d A %d "
		"alias %d knob %d sts %d tls %d; probe: %s; expanded: %s; "
		"original: %s", w->mx, w->implicit, w->address[0],
		w->address[1], w->alias, w->knob, w->sts, w->tls,
		model_probe[w->probe].name, model_tlsa[w->expanded].name,
		model_tlsa[w->original].name);
	return text;
}

static void compare(const struct model_result *is,
	const struct model_result *want, const struct model_world *w)
{
	ck_assert_msg(is->posture == want->posture && is->reason ==
		want->reason && (is->dane == want->dane || is->posture == 0),
		"%s:\n%s by %s, %s; not %s by %s, %s", tell(w),
		mxsel_posture_name(is->posture),
		mxsel_posture_reason_name(is->reason),
		mxsel_dane_name(is->dane), mxsel_posture_name(want->posture),
		mxsel_posture_reason_name(want->reason),
		mxsel_dane_name(want->dane));
	ck_assert_msg(is->families == want->families, "%s:\nfamilies %d, "
		"not %d", tell(w), is->families, want->families);
	ck_assert_msg(strcmp(is->asked, want->asked) == 0,
		"%s:\nasked\n%snot\n%s", tell(w), is->asked, want->asked);
	ck_assert_msg(is->action == want->action && is->code == want->code &&
		strcmp(is->status, want->status) == 0,
		"%s:\n%d %s, not %d %s", tell(w), is->code, is->status,
		want->code, want->status);
	ck_assert_msg(strcmp(is->base, want->base) == 0 &&
		strcmp(is->sni, want->sni) == 0 &&
		strcmp(is->identities, want->identities) == 0,
		"%s:\nbase %s, name %s, for %s; not %s, %s, %s", tell(w),
		is->base, is->sni, is->identities, want->base, want->sni,
		want->identities);
	ck_assert_msg(strcmp(is->report, want->report) == 0,
		"%s:\nreports\n%snot\n%s", tell(w), is->report, want->report);
}

/* Does it get an answer that fails, of those that DANE asks for? */
static int has_failure(const struct model_world *w)
{
	return (model_needs_probe(w) &&
		model_probe[w->probe].means == MEANS_FAILURE) ||
		(model_needs_expanded(w) &&
		model_tlsa[w->expanded].means == MEANS_FAILURE) ||
		(model_needs_original(w) &&
		model_tlsa[w->original].means == MEANS_FAILURE);
}

static unsigned long worlds, failing;

static void try_world(const struct model_world *w)
{
	struct model_result is, want;

	model_expect(w, &want);
	play(&is, w, worlds % 4 == 3 ? AS_PACKETS : AS_RECORDS);
	compare(&is, &want, w);
	worlds++;
	if (strstr(is.asked, "TLSA") == NULL &&
		strstr(is.asked, "CNAME") == NULL)
		return;
	/* S32, R92: never a weaker attempt; none at all, and for now. */
	if (!has_failure(w))
		return;
	failing++;
	ck_assert_int_eq(is.families, 0);
	ck_assert_int_eq(is.action, MXSEL_ACTION_DEFER);
}

/* Each answer, where its question is asked; where not, it cannot matter. */
static void try_answers(struct model_world *w, int probes, int tlsas)
{
	for (w->probe = 0; w->probe < probes; w->probe++) {
		for (w->expanded = 0; w->expanded < tlsas; w->expanded++) {
			for (w->original = 0; w->original < tlsas;
				w->original++) {
				try_world(w);
				if (!model_needs_original(w))
					break;
			}
			if (!model_needs_expanded(w))
				break;
		}
		if (!model_needs_probe(w))
			break;
	}
	w->probe = w->expanded = w->original = 0;
}

/* The DNS's side of worlds, one after the other. 0: that was the last. */
static int next_dns(struct model_world *w)
{
	if (++w->address[0] < ADDRESS_COUNT)
		return 1;
	w->address[0] = 0;
	if (++w->address[1] < ADDRESS_COUNT)
		return 1;
	w->address[1] = 0;
	if (++w->alias < ALIAS_COUNT)
		return 1;
	w->alias = 0;
	if (++w->mx <= MXSEL_SECURITY_BOGUS)
		return 1;
	w->mx = 0;
	return ++w->implicit < 2;
}

/* The local side: knob, policy, message. */
static int next_local(struct model_world *w)
{
	if (++w->knob < 3)
		return 1;
	w->knob = 0;
	if (++w->sts < STS_COUNT)
		return 1;
	w->sts = 0;
	return ++w->tls < 3;
}

/*
 * 4 MX answers, 2 sources, 7 answers of each family and 6 kinds of alias with
 * every answer to every question that they lead to (11 to the probe, 27 at
 * each base), and with each of them one of the 45 local sides in turn, which
 * a step of 7 pairs with all of them; then with none of these set: some
 * 130,000 worlds, in more than 30,000 of which an answer for DANE fails.
 */
START_TEST(R91_R92_R93_every_answer_gives_the_posture_of_the_model)
{
	struct model_world w, local;

	memset(&w, 0, sizeof(w));
	memset(&local, 0, sizeof(local));
	worlds = failing = 0;
	do {
		int i;

		for (i = 0; i < 7; i++)
			if (!next_local(&local))
				memset(&local, 0, sizeof(local));
		w.knob = local.knob;
		w.sts = local.sts;
		w.tls = local.tls;
		try_answers(&w, MODEL_PROBE_COUNT, MODEL_TLSA_COUNT);
		/* And as it is where nothing is set. */
		w.knob = w.sts = w.tls = 0;
		try_answers(&w, MODEL_PROBE_COUNT, MODEL_TLSA_COUNT);
	} while (next_dns(&w));
	ck_assert_uint_gt(worlds, 100000);
	ck_assert_uint_gt(failing, 30000);
}
END_TEST

/*
 * The whole product with an answer of each meaning: all of the DNS's side,
 * the 45 local sides, 3 probes, 4 answers at each base: some 240,000 worlds,
 * in 19,000 of which an answer for DANE fails.
 */
START_TEST(R95_R96_every_answer_meets_every_policy_and_message)
{
	struct model_world w, dns;

	memset(&dns, 0, sizeof(dns));
	worlds = failing = 0;
	do {
		w = dns;
		do
			try_answers(&w, MODEL_PROBE_FEW, MODEL_TLSA_FEW);
		while (next_local(&w));
	} while (next_dns(&dns));
	ck_assert_uint_gt(worlds, 200000);
	ck_assert_uint_gt(failing, 15000);
}
END_TEST

/* --- what is not known instead of what is secure ------------------------- */

static void try_in_doubt(const struct model_world *w)
{
	struct model_world doubted[4] = { *w, *w, *w, *w };
	struct model_result before, after;
	int i;

	/* The probe is for the very alias that was told. */
	if (w->alias == ALIAS_FIRST_SECURE &&
		model_probe[w->probe].means == MEANS_NOTHING)
		return;
	play(&before, w, AS_RECORDS);
	if (before.families == 0)
		return;
	if (w->address[0] == ADDRESS_SECURE)
		doubted[0].address[0] = doubted[2].address[0] =
			ADDRESS_INDETERMINATE;
	if (w->address[1] == ADDRESS_SECURE)
		doubted[1].address[1] = doubted[2].address[1] =
			ADDRESS_INDETERMINATE;
	if (w->alias == ALIAS_FIRST_SECURE)
		doubted[3].alias = ALIAS_FIRST_INDETERMINATE;
	for (i = 0; i < 4; i++) {
		if (memcmp(&doubted[i], w, sizeof(*w)) == 0)
			continue;
		play(&after, &doubted[i], AS_RECORDS);
		ck_assert_msg(after.families == 0 || after.posture >=
			before.posture, "%s:\n%s, and only %s when in doubt",
			tell(w), mxsel_posture_name(before.posture),
			mxsel_posture_name(after.posture));
		worlds++;
	}
}

/*
 * Where the MX answer shows that the resolver validates, an address, or an
 * alias, of which it does not say so is no way around DANE.
 */
START_TEST(S32_R90_what_is_in_doubt_is_never_weaker_than_what_is_secure)
{
	struct model_world w;

	memset(&w, 0, sizeof(w));
	worlds = 0;
	do {
		if (!model_validates_mx(&w))
			continue;
		for (w.probe = 0; w.probe < MODEL_PROBE_FEW; w.probe++)
			for (w.expanded = 0; w.expanded < MODEL_TLSA_FEW;
				w.expanded++)
				for (w.original = 0; w.original <
					MODEL_TLSA_FEW; w.original++)
					try_in_doubt(&w);
		w.probe = w.expanded = w.original = 0;
	} while (next_dns(&w));
	ck_assert_uint_gt(worlds, 10000);
}
END_TEST

/* --- the mock ------------------------------------------------------------ */

static void script(mxsel_mock *mock, const char *name, int type,
	const struct said *s)
{
	if (s->outcome != COMPLETE && s->outcome != NXDOMAIN)
		mxsel_mock_fail(mock, name, (uint16_t)type, s->outcome);
	if (s->alias != NULL)
		mxsel_mock_alias(mock, name, s->alias, 60);
	if (s->records == 'm')
		mxsel_mock_mx(mock, name, 10, MODEL_EXCHANGE, 60);
	if (s->records == 'd')
		mxsel_mock_address(mock, s->alias != NULL ? s->alias : name,
			type == MXSEL_TYPE_A ? "192.0.2.1" : "2001:db8::1",
			60);
	if (s->records == 'u' || s->records == 'x')
		mxsel_mock_tlsa(mock, name, s->records == 'u' ? 3 : 1, 1, 1,
			answer_digest, 32, 60);
	mxsel_mock_secure(mock, name, (uint16_t)type, s->security);
}

static void play_mock(struct model_result *r, const struct model_world *w)
{
	static const char tlsa[] = "_25._tcp." MODEL_EXCHANGE;
	mxsel_options *o;
	mxsel_mock *mock;
	struct said said;
	mxsel *m;
	int rc;

	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	said = answer_say(w, MODEL_DOMAIN, MXSEL_TYPE_MX);
	script(mock, MODEL_DOMAIN, MXSEL_TYPE_MX, &said);
	said = answer_say(w, MODEL_EXCHANGE, MXSEL_TYPE_AAAA);
	script(mock, MODEL_EXCHANGE, MXSEL_TYPE_AAAA, &said);
	said = answer_say(w, MODEL_EXCHANGE, MXSEL_TYPE_A);
	script(mock, MODEL_EXCHANGE, MXSEL_TYPE_A, &said);
	said = answer_say(w, tlsa, MXSEL_TYPE_TLSA);
	script(mock, tlsa, MXSEL_TYPE_TLSA, &said);
	ck_assert_int_eq(mxsel_options_new(&o), 0);
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	mxsel_options_set(o, MXSEL_OPT_DANE_INSECURE_MX, w->knob);
	mxsel_options_set_resolver(o, mxsel_mock_resolver(mock));
	m = begin(w, o);
	memset(r, 0, sizeof(*r));
	r->base = r->sni = "";
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		ck_assert_int_eq(rc, MXSEL_ATTEMPT);
		note_attempt(r, m);
	}
	note_end(r, m);
	mxsel_free(m);
	mxsel_options_free(o);
	mxsel_mock_free(mock);
}

START_TEST(R91_R92_the_mock_answers_alike)
{
	struct model_result is, want;
	struct model_world w;

	memset(&w, 0, sizeof(w));
	w.alias = ALIAS_NONE;
	worlds = 0;
	do {
		if (w.alias != ALIAS_NONE)
			continue;
		for (w.original = 0; w.original < MODEL_TLSA_FEW;
			w.original++) {
			w.knob = (int)(worlds % 3);
			w.tls = (int)(worlds / 3 % 3);
			w.sts = (int)(worlds / 9 % STS_COUNT);
			model_expect(&w, &want);
			play_mock(&is, &w);
			strcpy(is.asked, want.asked); /* it does not say */
			compare(&is, &want, &w);
			worlds++;
		}
		w.knob = w.tls = w.sts = w.original = 0;
	} while (next_dns(&w) && !w.implicit);
	ck_assert_uint_gt(worlds, 700);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("DANE: never weaker than it must be");
	TCase *tc = tcase_create("property");

	tcase_set_timeout(tc, 240);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc,
		R91_R92_R93_every_answer_gives_the_posture_of_the_model);
	tcase_add_test(tc,
		R95_R96_every_answer_meets_every_policy_and_message);
	tcase_add_test(tc,
		S32_R90_what_is_in_doubt_is_never_weaker_than_what_is_secure);
	tcase_add_test(tc, R91_R92_the_mock_answers_alike);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
