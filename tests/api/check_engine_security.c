/*
 * What many selections on one engine are told of DNSSEC: the AD bit of
 * servers that are trusted, and of no others, the same for all who wait for
 * an answer, and kept with it in the cache. Through the shared libraries.
 * Requirements R90, S31, S32.
 */
#define _DEFAULT_SOURCE

#include <check.h>

#include <mxsel/cache.h>

#include "support/crowd_trial.h"
#include "support/run.h"

#define GUESTS 40

/* Selections of one party until each has its first attempt. */
struct guests {
	struct party p;
	mxsel *all[GUESTS];
	unsigned count, arrived;
};

static const struct crowd_plan signing = { .signs = 1 };

static void begin(struct guests *g, const struct crowd_plan *plan, int trust)
{
	memset(g, 0, sizeof *g);
	party_begin(&g->p, plan, PARTY_TIME);
	ck_assert_int_eq(mxsel_engine_set(g->p.engine, MXSEL_ENGINE_TRUST_AD,
		trust), 0);
}

static void go_on(struct guests *g, mxsel *m)
{
	int result = mxsel_engine_next(g->p.engine, m);

	if (result == MXSEL_ATTEMPT) {
		party_look(m);
		g->arrived++;
	} else {
		ck_assert_int_eq(result, MXSEL_LOOKUP);
	}
}

static void send_off(struct guests *g, const char *destination)
{
	mxsel *m;

	ck_assert_uint_lt(g->count, GUESTS);
	ck_assert_int_eq(mxsel_new(&m, destination, g->p.options), 0);
	g->all[g->count++] = m;
	go_on(g, m);
}

static void receive_all(struct guests *g)
{
	long long began = party_now();
	mxsel *m;

	while (g->arrived < g->count) {
		ck_assert_int_eq(mxsel_engine_wait(g->p.engine, 100), 0);
		while ((m = mxsel_engine_ready(g->p.engine)) != NULL)
			go_on(g, m);
		ck_assert_int_lt(party_now() - began, 2 * PARTY_TIME);
	}
}

static void see_off(struct guests *g)
{
	while (g->count > 0)
		mxsel_free(g->all[--g->count]);
	g->arrived = 0;
}

static void end(struct guests *g)
{
	see_off(g);
	party_end(&g->p);
}

/* Of so many, the hosts' answer and the address' are secure. */
static void all_are(const struct guests *g, int host, int address)
{
	unsigned i;

	for (i = 0; i < g->count; i++) {
		ck_assert_int_eq(mxsel_is_secure(g->all[i]), host);
		ck_assert_int_eq(mxsel_address_is_secure(g->all[i]), address);
	}
}

static unsigned heard(const struct guests *g)
{
	return crowd_heard_udp(g->p.crowds[0]) +
		crowd_heard_tcp(g->p.crowds[0]);
}

static unsigned wanted_ad(const struct guests *g)
{
	return crowd_wanted_ad(g->p.crowds[0]);
}

/* Servers of all kinds: the setting, and what comes of it. */
static const struct kind {
	struct crowd_plan plan;
	int mix, trust, secure;
} kinds[] = {
	{ { .signs = 1 }, 0, -1, 1 },
	{ { .signs = 1 }, 0, 1, 1 },
	{ { .signs = 1 }, 0, 0, 0 },
	{ { .signs = 0 }, 0, -1, 0 },
	{ { .signs = 0 }, 0, 1, 0 },
	{ { .signs = 1, .truncate = 1 }, 0, -1, 1 },
	{ { .signs = 1, .truncate = 1 }, 0, 0, 0 },
	{ { .signs = 1, .truncate = 1, .hang_up = 2 }, 0, -1, 1 },
	{ { .signs = 1 }, 1, -1, 1 },
	{ { .signs = 1, .folds = 1 }, 1, -1, 1 },
	{ { .signs = 1, .strays = 2, .twice = 2 }, 0, -1, 1 },
	{ { .signs = 1, .lose_questions = 3 }, 0, -1, 1 },
};

START_TEST(S31_R90_an_answer_with_the_bit_is_secure_when_it_counts)
{
	const struct kind *k = &kinds[_i];
	struct guests g;
	char name[32];
	unsigned i;

	begin(&g, &k->plan, k->trust);
	ck_assert_int_eq(mxsel_engine_set(g.p.engine, MXSEL_ENGINE_MIX_CASE,
		k->mix), 0);
	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof name, "d%u.example", i);
		send_off(&g, name);
	}
	receive_all(&g);
	all_are(&g, k->secure, k->secure);
	ck_assert_uint_ge(heard(&g), 60);
	ck_assert_uint_eq(wanted_ad(&g), k->trust != 0 ? heard(&g) : 0);
	end(&g);
}
END_TEST

START_TEST(S31_R90_every_answer_is_worth_what_its_own_bit_says)
{
	struct guests g;

	begin(&g, &signing, -1);
	send_off(&g, "unsigned.example");
	send_off(&g, "u.example");
	receive_all(&g);
	all_are(&g, 0, 1); /* of mx.u.example it is signed */
	see_off(&g);
	send_off(&g, "d.example");
	send_off(&g, "[ux.example]");
	receive_all(&g);
	ck_assert_int_eq(mxsel_is_secure(g.all[0]), 1);
	ck_assert_int_eq(mxsel_address_is_secure(g.all[0]), 1);
	ck_assert_int_eq(mxsel_address_is_secure(g.all[1]), 0);
	end(&g);
}
END_TEST

START_TEST(S31_R90_one_server_elsewhere_takes_the_trust_from_all)
{
	struct guests g;

	begin(&g, &signing, -1);
	/* No socket of ours can be connected to it: nothing is sent there. */
	ck_assert_int_eq(mxsel_engine_add_server(g.p.engine,
		"255.255.255.255"), 0);
	send_off(&g, "d.example");
	receive_all(&g);
	all_are(&g, 0, 0);
	ck_assert_uint_eq(wanted_ad(&g), 0);
	see_off(&g);
	ck_assert_int_eq(mxsel_engine_set(g.p.engine, MXSEL_ENGINE_TRUST_AD,
		1), 0);
	send_off(&g, "d.example");
	receive_all(&g);
	all_are(&g, 1, 1);
	end(&g);
}
END_TEST

START_TEST(S5_S31_all_who_wait_for_an_answer_hear_the_same_of_it)
{
	static const struct crowd_plan plan = { .signs = 1, .delay = 40 };
	struct guests g;
	unsigned i;

	begin(&g, &plan, _i);
	for (i = 0; i < GUESTS; i++)
		send_off(&g, "d.example");
	receive_all(&g);
	all_are(&g, _i, _i);
	ck_assert_uint_ge(party_counted(&g.p, MXSEL_LDNS_COALESCED),
		GUESTS - 1);
	ck_assert_uint_eq(crowd_questions(g.p.crowds[0]), 3);
	end(&g);
}
END_TEST

/* Whoever joins a question has its answer as it was asked for. */
START_TEST(S5_S31_also_when_it_is_set_anew_while_they_wait)
{
	static const struct crowd_plan plan = { .signs = 1, .delay = 150 };
	struct guests g;

	begin(&g, &plan, _i);
	send_off(&g, "d.example");
	ck_assert_int_eq(mxsel_engine_set(g.p.engine, MXSEL_ENGINE_TRUST_AD,
		!_i), 0);
	send_off(&g, "d.example");
	receive_all(&g);
	ck_assert_uint_ge(party_counted(&g.p, MXSEL_LDNS_COALESCED), 1);
	all_are(&g, _i, !_i);
	end(&g);
}
END_TEST

START_TEST(S31_R90_the_cache_keeps_it_with_the_answer)
{
	mxsel_cache *cache;
	struct guests g;
	unsigned before;

	begin(&g, &signing, -1);
	ck_assert_int_eq(mxsel_cache_new(&cache, 1u << 20, mxsel_ldns_clock,
		NULL), 0);
	ck_assert_int_eq(mxsel_options_set_cache(g.p.options, cache), 0);
	send_off(&g, "d.example");
	receive_all(&g);
	send_off(&g, "u.example");
	receive_all(&g);
	before = heard(&g);
	send_off(&g, "d.example");
	send_off(&g, "u.example");
	ck_assert_uint_eq(g.arrived, 4); /* at once */
	ck_assert_uint_eq(heard(&g), before);
	ck_assert_int_eq(mxsel_is_secure(g.all[2]), 1);
	ck_assert_int_eq(mxsel_address_is_secure(g.all[2]), 1);
	ck_assert_int_eq(mxsel_is_secure(g.all[3]), 0);
	ck_assert_int_eq(mxsel_address_is_secure(g.all[3]), 1);
	end(&g);
	mxsel_cache_free(cache);
}
END_TEST

START_TEST(S31_S32_a_failure_is_never_secure)
{
	struct guests g;
	mxsel *m;

	begin(&g, &signing, 1);
	m = party_new(&g.p, "f.example"); /* SERVFAIL with the bit */
	ck_assert_int_eq(party_go_on(&g.p, m), MXSEL_LOOKUP);
	while (mxsel_engine_ready(g.p.engine) == NULL)
		ck_assert_int_eq(mxsel_engine_wait(g.p.engine, 100), 0);
	ck_assert_int_eq(party_go_on(&g.p, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	ck_assert_int_eq(mxsel_is_secure(m), 0);
	mxsel_free(m);
	end(&g);
}
END_TEST

START_TEST(S31_F100_it_is_one_of_three_values)
{
	struct guests g;

	begin(&g, &signing, -1);
	ck_assert_int_eq(mxsel_engine_set(g.p.engine, MXSEL_ENGINE_TRUST_AD,
		-2), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_engine_set(g.p.engine, MXSEL_ENGINE_TRUST_AD,
		2), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_engine_set(NULL, MXSEL_ENGINE_TRUST_AD, 1),
		MXSEL_EUSAGE);
	send_off(&g, "d.example");
	receive_all(&g);
	all_are(&g, 1, 1);
	end(&g);
}
END_TEST

START_TEST(S31_R90_the_blocking_resolver_does_the_same)
{
	const struct kind *k = &kinds[_i];
	struct crowd *crowd = crowd_start(&k->plan);
	mxsel_options *options;
	mxsel_resolver *r;
	mxsel *m;

	ck_assert_int_eq(mxsel_ldns_new(&r, ""), 0);
	ck_assert_int_eq(mxsel_ldns_add_server(r, crowd_address_of(crowd)),
		0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 1);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(r, k->trust), 0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), k->trust != 0);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(r, k->mix), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(options, r), 0);
	ck_assert_int_eq(mxsel_new(&m, "d.example", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	party_look(m);
	ck_assert_int_eq(mxsel_is_secure(m), k->secure);
	ck_assert_int_eq(mxsel_address_is_secure(m), k->secure);
	ck_assert_uint_eq(crowd_wanted_ad(crowd), k->trust != 0 ?
		crowd_heard_udp(crowd) + crowd_heard_tcp(crowd) : 0);
	mxsel_free(m);
	mxsel_options_free(options);
	mxsel_resolver_free(r);
	crowd_stop(crowd);
}
END_TEST

#define KINDS ((int)(sizeof kinds / sizeof kinds[0]))

static void add_answers(Suite *suite)
{
	TCase *c = tcase_create("answers");

	tcase_add_loop_test(c,
		S31_R90_an_answer_with_the_bit_is_secure_when_it_counts,
		0, KINDS);
	tcase_add_test(c,
		S31_R90_every_answer_is_worth_what_its_own_bit_says);
	tcase_add_test(c,
		S31_R90_one_server_elsewhere_takes_the_trust_from_all);
	tcase_add_loop_test(c,
		S5_S31_all_who_wait_for_an_answer_hear_the_same_of_it, 0, 2);
	tcase_add_loop_test(c,
		S5_S31_also_when_it_is_set_anew_while_they_wait, 0, 2);
	tcase_add_test(c, S31_R90_the_cache_keeps_it_with_the_answer);
	tcase_add_test(c, S31_S32_a_failure_is_never_secure);
	tcase_add_test(c, S31_F100_it_is_one_of_three_values);
	tcase_add_loop_test(c, S31_R90_the_blocking_resolver_does_the_same,
		0, KINDS);
	suite_add_tcase(suite, c);
}

int main(void)
{
	Suite *suite = suite_create("engine security");

	add_answers(suite);
	return mxsel_test_run(suite);
}
