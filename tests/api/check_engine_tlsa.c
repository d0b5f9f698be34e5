/*
 * TLSA records for many selections on one engine: names that begin with an
 * underscore over UDP and TCP, with letters of either case, asked once for
 * all who want them, and only when the addresses are secure. Through the
 * shared libraries. Requirements R90-R92, S5, S6, S12, S31.
 */
#define _DEFAULT_SOURCE

#include <check.h>

#include <mxsel/cache.h>
#include <mxsel/security.h>

#include "support/crowd_trial.h"
#include "support/run.h"

#define TLSA 52
#define COUNT 20u

static void begin(struct party *p, const struct crowd_plan *plan, int trust)
{
	party_begin(p, plan, PARTY_TIME);
	ck_assert_int_eq(mxsel_engine_set(p->engine, MXSEL_ENGINE_TRUST_AD,
		trust), 0);
	ck_assert_int_eq(mxsel_options_set(p->options, MXSEL_OPT_DANE, 1), 0);
}

/* The records of the attempt's host are its own. */
static void look_at_records(const mxsel *m)
{
	int usage = 0, selector = 0, matching = 0;
	const uint8_t *data;
	uint8_t right[32];
	char name[80];
	size_t size;

	ck_assert_int_eq(mxsel_dane(m), MXSEL_DANE_RECORDS);
	ck_assert_int_eq(mxsel_posture(m), MXSEL_POSTURE_DANE);
	ck_assert_str_eq(mxsel_tlsa_base(m), mxsel_host_name(m));
	ck_assert_uint_eq(mxsel_tlsa_count(m), 1);
	ck_assert_int_eq(mxsel_tlsa(m, 0, &usage, &selector, &matching, &data,
		&size), 0);
	ck_assert_int_eq(usage, 3);
	ck_assert_int_eq(selector, 1);
	ck_assert_int_eq(matching, 1);
	ck_assert_uint_eq(size, sizeof right);
	snprintf(name, sizeof name, "_25._tcp.%s", mxsel_host_name(m));
	crowd_tlsa(right, name);
	ck_assert_mem_eq(data, right, size);
}

/* One step of a selection; 1: it has come to its end. */
static int go_on(struct party *p, mxsel *m, int records)
{
	int result = mxsel_engine_next(p->engine, m);

	if (result == MXSEL_LOOKUP)
		return 0;
	ck_assert_int_eq(result, MXSEL_ATTEMPT);
	party_look(m);
	if (records)
		look_at_records(m);
	else
		ck_assert_int_eq(mxsel_dane(m), MXSEL_DANE_NONE);
	p->attempts++;
	mxsel_free(m);
	p->ended++;
	return 1;
}

/* So many domains, "d0.example" and on: the first attempt of each. */
static void send_all(struct party *p, const char *first, unsigned count,
	int records)
{
	long long began = party_now();
	char name[32];
	unsigned i;
	mxsel *m;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof name, "%s%u.example", first, i);
		go_on(p, party_new(p, name), records);
	}
	while (p->ended < p->begun) {
		ck_assert_int_eq(mxsel_engine_wait(p->engine, 100), 0);
		while ((m = mxsel_engine_ready(p->engine)) != NULL)
			go_on(p, m, records);
		ck_assert_int_lt(party_now() - began, 2 * PARTY_TIME);
	}
}

/* Questions for TLSA records of the hosts of those domains. */
static unsigned asked(const struct party *p, unsigned count)
{
	char name[48];
	unsigned i, n = 0;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof name, "_25._tcp.mx.d%u.example", i);
		n += crowd_asked(p->crowds[0], name, TLSA);
	}
	return n;
}

static const struct kind {
	struct crowd_plan plan;
	int mix, trust, records;
} kinds[] = {
	{ { .signs = 1 }, 0, -1, 1 },
	{ { .signs = 1 }, 0, 1, 1 },
	{ { .signs = 1 }, 0, 0, 0 },
	{ { .signs = 0 }, 0, -1, 0 },
	{ { .signs = 1, .truncate = 1 }, 0, -1, 1 },
	{ { .signs = 1, .truncate = 1, .hang_up = 3 }, 0, -1, 1 },
	{ { .signs = 1, .truncate = 1, .drip = 1 }, 0, -1, 1 },
	{ { .signs = 1 }, 1, -1, 1 },
	{ { .signs = 1, .folds = 1 }, 1, -1, 1 },
	{ { .signs = 1, .truncate = 1 }, 1, -1, 1 },
	{ { .signs = 1, .twice = 2, .strays = 2 }, 0, -1, 1 },
	{ { .signs = 1, .lose_questions = 5 }, 0, -1, 1 },
};

START_TEST(S31_R91_tlsa_records_come_over_every_transport)
{
	const struct kind *k = &kinds[_i];
	unsigned count = k->plan.drip > 0 ? 2 : COUNT;
	struct party p;

	begin(&p, &k->plan, k->trust);
	ck_assert_int_eq(mxsel_engine_set(p.engine, MXSEL_ENGINE_MIX_CASE,
		k->mix), 0);
	send_all(&p, "d", count, k->records);
	ck_assert_uint_eq(p.attempts, count);
	if (k->records)
		ck_assert_uint_ge(asked(&p, count), count);
	else /* RFC 7672, 2.2.2: not where the addresses are not secure */
		ck_assert_uint_eq(asked(&p, count), 0);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MALFORMED), 0);
	party_end(&p);
}
END_TEST

START_TEST(S5_R91_all_customers_of_a_provider_ask_for_its_records_once)
{
	static const struct crowd_plan plan = { .signs = 1, .delay = 20 };
	struct party p;

	begin(&p, &plan, -1);
	send_all(&p, "p", COUNT, 1);
	ck_assert_uint_eq(p.attempts, COUNT);
	ck_assert_uint_eq(crowd_asked(p.crowds[0],
		"_25._tcp.mx1.provider.example", TLSA), 1);
	ck_assert_uint_ge(party_counted(&p, MXSEL_LDNS_COALESCED),
		3 * (COUNT - 1));
	party_end(&p);
}
END_TEST

START_TEST(S31_R91_out_of_the_cache_they_are_as_secure_as_they_came)
{
	static const struct crowd_plan signing = { .signs = 1 };
	mxsel_cache *cache;
	struct party p;
	unsigned before;

	begin(&p, &signing, -1);
	ck_assert_int_eq(mxsel_cache_new(&cache, 1u << 20, mxsel_ldns_clock,
		NULL), 0);
	ck_assert_int_eq(mxsel_options_set_cache(p.options, cache), 0);
	send_all(&p, "d", COUNT, 1);
	before = crowd_heard_udp(p.crowds[0]);
	send_all(&p, "d", COUNT, 1);
	ck_assert_uint_eq(p.attempts, 2 * COUNT);
	ck_assert_uint_eq(crowd_heard_udp(p.crowds[0]), before);
	party_end(&p);
	mxsel_cache_free(cache);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("engine tlsa");
	TCase *c = tcase_create("tlsa");

	tcase_add_loop_test(c,
		S31_R91_tlsa_records_come_over_every_transport, 0,
		(int)(sizeof kinds / sizeof kinds[0]));
	tcase_add_test(c,
		S5_R91_all_customers_of_a_provider_ask_for_its_records_once);
	tcase_add_test(c,
		S31_R91_out_of_the_cache_they_are_as_secure_as_they_came);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
