/*
 * The questions of DANE through the socket resolver: the alias of a name, its
 * TLSA records, and what they are worth, from a server that is not honest and
 * from one that is. Requirements R90-R92, S1, S6, S12, S31, S32.
 */
#define _DEFAULT_SOURCE

#include <stdatomic.h>

#include <mxsel/security.h>

#include "support/liar_trial.h"
#include "support/run.h"

#define ALIAS_HOST "mx.example.net"
#define REAL_HOST "real.example.org"

static atomic_uint heard_a, heard_cname, heard_tlsa;

static void count(const struct liar_call *call)
{
	unsigned type = liar_type(call);

	if (type == PACKET_A)
		atomic_fetch_add(&heard_a, 1);
	else if (type == PACKET_CNAME)
		atomic_fetch_add(&heard_cname, 1);
	else if (type == PACKET_TLSA)
		atomic_fetch_add(&heard_tlsa, 1);
}

/* Flags of the answers to each type, and TLSA records. */
static struct {
	unsigned a, cname, tlsa; /* with AD or without, and a code */
	int is_alias;
	uint8_t rdata[3 + 64];
	size_t size;
} zone;

static void tell_a(struct liar_call *call)
{
	static const uint8_t address[4] = { 192, 0, 2, 1 };
	struct packet *p = call->packet;

	liar_begin(call, PACKET_REPLY | zone.a);
	if (zone.is_alias)
		packet_cname(p, NULL, 300, REAL_HOST);
	packet_address(p, PACKET_ANSWER, zone.is_alias ? REAL_HOST : NULL, 300,
		address, sizeof address);
}

static void tell_cname(struct liar_call *call)
{
	liar_begin(call, PACKET_REPLY | zone.cname);
	if ((zone.cname & 15) != 0)
		return;
	if (zone.is_alias)
		packet_cname(call->packet, NULL, 300, REAL_HOST);
	else
		packet_soa(call->packet, "example.net", 300, 300);
}

static void tell_tlsa(struct liar_call *call)
{
	liar_begin(call, PACKET_REPLY | zone.tlsa);
	if ((zone.tlsa & 15) != 0)
		return;
	if (zone.size > 0)
		packet_record(call->packet, PACKET_ANSWER, NULL, PACKET_TLSA,
			300, zone.rdata, zone.size);
	else
		packet_soa(call->packet, "example.net", 300, 300);
}

static void tell(struct liar_call *call)
{
	count(call);
	if (liar_type(call) == PACKET_CNAME)
		tell_cname(call);
	else if (liar_type(call) == PACKET_TLSA)
		tell_tlsa(call);
	else
		tell_a(call);
	liar_send(call);
}

/* What DANE asks for is too large. */
static void truncated(struct liar_call *call)
{
	if (liar_type(call) == PACKET_A)
		tell(call);
	else
		liar_tell(call, PACKET_REPLY | PACKET_AD | PACKET_TC);
}

/* The letters come back as they are known here. */
static void folded(struct liar_call *call)
{
	static uint8_t question[2048];
	size_t i;

	memcpy(question, call->question, call->size);
	for (i = 12; i < call->size; i++)
		if (question[i] >= 'A' && question[i] <= 'Z')
			question[i] |= 0x20;
	call->question = question;
	tell(call);
}

static void set_zone(unsigned a, unsigned cname, unsigned tlsa, int is_alias)
{
	memset(&zone, 0, sizeof zone);
	zone.a = a;
	zone.cname = cname;
	zone.tlsa = tlsa;
	zone.is_alias = is_alias;
	zone.size = 3 + 32;
	memcpy(zone.rdata, "\3\1\1", 3);
	memset(zone.rdata + 3, 0x5a, 32);
	atomic_store(&heard_a, 0);
	atomic_store(&heard_cname, 0);
	atomic_store(&heard_tlsa, 0);
}

/* The one host; what DANE comes to, -1: it is passed over. */
static int dane_of(struct trial *t, char base[64])
{
	int dane = -1;
	mxsel *m;

	base[0] = '\0';
	ck_assert_int_eq(mxsel_options_set(t->options, MXSEL_OPT_DANE, 1), 0);
	ck_assert_int_eq(mxsel_new(&m, TRIAL_HOST, t->options), 0);
	if (mxsel_next(m) == MXSEL_ATTEMPT) {
		dane = mxsel_dane(m);
		snprintf(base, 64, "%s", mxsel_tlsa_base(m));
		ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
		ck_assert_uint_eq(mxsel_tlsa_count(m),
			dane == MXSEL_DANE_RECORDS);
	} else {
		ck_assert_int_eq(mxsel_verdict_code(m), 451);
	}
	mxsel_free(m);
	return dane;
}

static const struct way {
	liar_fn udp, tcp;
	int mix;
} ways[] = {
	{ tell, NULL, 0 },
	{ truncated, tell, 0 },
	{ tell, NULL, 1 },
	{ truncated, tell, 1 },
	{ folded, tell, 1 },
};
#define WAYS ((int)(sizeof ways / sizeof ways[0]))

static int dane_by(int i, char base[64])
{
	struct trial t;
	int dane;

	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, ways[i].udp, ways[i].tcp);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(t.resolver, ways[i].mix), 0);
	dane = dane_of(&t, base);
	trial_end(&t);
	return dane;
}

START_TEST(S31_R92_the_records_of_a_secure_host_are_had)
{
	char base[64];

	set_zone(PACKET_AD, PACKET_AD, PACKET_AD, 0);
	ck_assert_int_eq(dane_by(_i, base), MXSEL_DANE_RECORDS);
	ck_assert_str_eq(base, ALIAS_HOST);
	ck_assert_uint_eq(atomic_load(&heard_cname), 0);
	ck_assert_uint_ge(atomic_load(&heard_tlsa), 1);
}
END_TEST

/* RFC 7672, 2.2.2: a secure alias into a zone that is not signed. */
START_TEST(S31_R91_the_alias_itself_is_asked_for_and_believed)
{
	char base[64];

	set_zone(0, PACKET_AD, PACKET_AD, 1);
	ck_assert_int_eq(dane_by(_i, base), MXSEL_DANE_RECORDS);
	ck_assert_str_eq(base, ALIAS_HOST);
	ck_assert_uint_ge(atomic_load(&heard_cname), 1);
	ck_assert_uint_ge(atomic_load(&heard_tlsa), 1);
}
END_TEST

START_TEST(S31_R91_an_alias_without_the_bit_leads_nowhere)
{
	char base[64];

	set_zone(0, 0, PACKET_AD, 1);
	ck_assert_int_eq(dane_by(_i, base), MXSEL_DANE_NONE);
	ck_assert_uint_ge(atomic_load(&heard_cname), 1);
	ck_assert_uint_eq(atomic_load(&heard_tlsa), 0);
}
END_TEST

START_TEST(S32_R92_records_that_cannot_be_had_pass_the_host_over)
{
	char base[64];

	/* SERVFAIL, with the bit and without it. */
	set_zone(PACKET_AD, PACKET_AD, 2 | (_i % 2 ? PACKET_AD : 0), 0);
	ck_assert_int_eq(dane_by(_i / 2, base), -1);
	set_zone(0, 2 | (_i % 2 ? PACKET_AD : 0), PACKET_AD, 1);
	ck_assert_int_eq(dane_by(_i / 2, base), -1);
	ck_assert_uint_eq(atomic_load(&heard_tlsa), 0);
}
END_TEST

START_TEST(S31_R92_a_denial_is_no_failure)
{
	char base[64];

	set_zone(PACKET_AD, PACKET_AD, PACKET_AD, 0);
	zone.size = 0;
	ck_assert_int_eq(dane_by(_i, base), MXSEL_DANE_NONE);
	set_zone(PACKET_AD, PACKET_AD, 0, 0); /* records, not signed */
	ck_assert_int_eq(dane_by(_i, base), MXSEL_DANE_NONE);
	ck_assert_uint_ge(atomic_load(&heard_tlsa), 1);
}
END_TEST

START_TEST(S31_R91_who_is_not_trusted_is_not_even_asked)
{
	char base[64];
	struct trial t;

	set_zone(PACKET_AD, PACKET_AD, PACKET_AD, 0);
	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, tell, NULL);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(t.resolver, 0), 0);
	ck_assert_int_eq(dane_of(&t, base), MXSEL_DANE_NONE);
	ck_assert_uint_eq(atomic_load(&heard_a), 1);
	ck_assert_uint_eq(atomic_load(&heard_tlsa), 0);
	trial_end(&t);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns tlsa");
	TCase *c = tcase_create("tlsa");

	tcase_add_loop_test(c, S31_R92_the_records_of_a_secure_host_are_had,
		0, WAYS);
	tcase_add_loop_test(c,
		S31_R91_the_alias_itself_is_asked_for_and_believed, 0, WAYS);
	tcase_add_loop_test(c,
		S31_R91_an_alias_without_the_bit_leads_nowhere, 0, WAYS);
	tcase_add_loop_test(c,
		S32_R92_records_that_cannot_be_had_pass_the_host_over, 0,
		2 * WAYS);
	tcase_add_loop_test(c, S31_R92_a_denial_is_no_failure, 0, WAYS);
	tcase_add_test(c, S31_R91_who_is_not_trusted_is_not_even_asked);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
