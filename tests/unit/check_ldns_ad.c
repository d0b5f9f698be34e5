/*
 * Whose word counts that an answer was validated, and what comes of it: the
 * decision by the servers' addresses and by the setter, the bit in what is
 * asked, and the one in what is answered, over UDP and TCP. Requirements R90,
 * S31, S32.
 */
#define _DEFAULT_SOURCE

#include <stdatomic.h>
#include <stdlib.h>

#include "ldns/conf.h"
#include "ldns/reply.h"
#include "support/liar_trial.h"
#include "support/run.h"

/* --- the decision -------------------------------------------------------- */

static const struct list {
	const char *servers[4];
	int near; /* all are loopback */
} lists[] = {
	{ { NULL }, 0 },
	{ { "127.0.0.1" }, 1 },
	{ { "127.0.0.0" }, 1 },
	{ { "127.255.255.255@5300" }, 1 },
	{ { "::1" }, 1 },
	{ { "::1@5300", "127.0.0.53", "127.0.0.1@1" }, 1 },
	{ { "0:0:0:0:0:0:0:1", "127.1.2.3" }, 1 },
	{ { "126.255.255.255" }, 0 },
	{ { "128.0.0.0" }, 0 },
	{ { "1.0.0.127" }, 0 },
	{ { "0.0.0.0" }, 0 },
	{ { "10.0.0.1" }, 0 },
	{ { "192.168.1.1" }, 0 },
	{ { "::" }, 0 },
	{ { "::2" }, 0 },
	{ { "::127.0.0.1" }, 0 },
	{ { "::ffff:127.0.0.1" }, 0 },
	{ { "7f00:1::" }, 0 },
	{ { "100::1" }, 0 },
	{ { "2001:db8::1" }, 0 },
	{ { "127.0.0.1", "192.0.2.1" }, 0 },
	{ { "192.0.2.1", "127.0.0.1" }, 0 },
	{ { "192.0.2.1", "127.0.0.1", "::1" }, 0 },
	{ { "::1", "127.0.0.1", "2001:db8::1" }, 0 },
	{ { "::1", "2001:db8::1", "::1", "::1" }, 0 },
};

static mxsel_resolver *resolver_of(const struct list *list)
{
	mxsel_resolver *r;
	unsigned i;

	ck_assert_int_eq(mxsel_ldns_new(&r, ""), 0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 0);
	for (i = 0; i < 4 && list->servers[i] != NULL; i++)
		ck_assert_int_eq(mxsel_ldns_add_server(r, list->servers[i]),
			0);
	return r;
}

START_TEST(S31_R90_servers_are_trusted_when_all_are_loopback)
{
	const struct list *list = &lists[_i];
	mxsel_resolver *r = resolver_of(list);

	ck_assert_msg(mxsel_ldns_trusts_ad(r) == list->near, "%s",
		list->servers[0]);
	mxsel_resolver_free(r);
}
END_TEST

START_TEST(S31_R90_the_setter_says_otherwise_and_is_taken_back)
{
	const struct list *list = &lists[_i];
	mxsel_resolver *r = resolver_of(list);

	ck_assert_int_eq(mxsel_ldns_set_trust_ad(r, 1), 0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 1);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(r, 0), 0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 0);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(r, 2), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), 0);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(r, -1), 0);
	ck_assert_int_eq(mxsel_ldns_trusts_ad(r), list->near);
	mxsel_resolver_free(r);
}
END_TEST

START_TEST(S31_who_vouches_for_no_server_vouches_for_none_to_come)
{
	struct mxsel__servers servers;
	struct mxsel__server remote;

	ck_assert_int_eq(mxsel__servers_init(&servers), 0);
	ck_assert_int_eq(mxsel__conf_server(&remote, "192.0.2.1"), 0);
	mxsel__servers_vouch(&servers);
	ck_assert_int_eq(mxsel__servers_trust_ad(&servers), 0);
	ck_assert_int_eq(mxsel__servers_add(&servers, &remote), 0);
	ck_assert_int_eq(mxsel__servers_trust_ad(&servers), 0);
	mxsel__servers_vouch(&servers);
	ck_assert_int_eq(mxsel__servers_trust_ad(&servers), 1);
	mxsel__servers_destroy(&servers);
}
END_TEST

START_TEST(S31_the_bit_is_one_of_sixteen)
{
	uint8_t packet[12] = { 0 };
	struct mxsel__reply reply = { packet, sizeof packet, 0 };
	unsigned bit;

	for (bit = 0; bit < 16; bit++) {
		packet[2] = (uint8_t)(1u << bit >> 8);
		packet[3] = (uint8_t)(1u << bit);
		ck_assert_int_eq(mxsel__reply_security(&reply, 1), bit == 5 ?
			MXSEL_SECURITY_SECURE : MXSEL_SECURITY_INSECURE);
		ck_assert_int_eq(mxsel__reply_security(&reply, 0),
			MXSEL_SECURITY_INDETERMINATE);
		packet[2] = (uint8_t)~packet[2];
		packet[3] = (uint8_t)~packet[3];
		ck_assert_int_eq(mxsel__reply_security(&reply, 1), bit == 5 ?
			MXSEL_SECURITY_INSECURE : MXSEL_SECURITY_SECURE);
	}
}
END_TEST

/* --- questions and answers ----------------------------------------------- */

static atomic_uint said;     /* flags of the answer */
static atomic_uint asked;    /* questions that came, and with the bit */
static atomic_uint asked_ad;
static atomic_uint last_ad;  /* had the last one that came the bit? */

static void take_note(const struct liar_call *call)
{
	unsigned ad = (call->question[3] & PACKET_AD) != 0;

	atomic_fetch_add(&asked, 1);
	atomic_fetch_add(&asked_ad, ad);
	atomic_store(&last_ad, ad);
}

static void tell(struct liar_call *call)
{
	take_note(call);
	liar_truth(call);
	packet_set16(call->packet, 2, PACKET_REPLY | atomic_load(&said));
	liar_send(call);
}

/* With another word on validation than the answer itself. */
static void truncated(struct liar_call *call)
{
	take_note(call);
	liar_tell(call, PACKET_REPLY | PACKET_TC |
		(~atomic_load(&said) & PACKET_AD));
}

/* FORMERR, until it is asked without EDNS. */
static void plain(struct liar_call *call)
{
	if (!liar_has_edns(call)) {
		tell(call);
		return;
	}
	take_note(call);
	liar_tell(call, PACKET_REPLY | 1 | (~atomic_load(&said) & PACKET_AD));
}

/* The first is lost. */
static void late(struct liar_call *call)
{
	take_note(call);
	if (call->nth == 1)
		return;
	liar_truth(call);
	packet_set16(call->packet, 2, PACKET_REPLY | atomic_load(&said));
	liar_send(call);
}

/* A denial, or a failure; without records. */
static void deny(struct liar_call *call)
{
	take_note(call);
	liar_begin(call, PACKET_REPLY | atomic_load(&said));
	if ((atomic_load(&said) & 15) != 2)
		packet_soa(call->packet, "example.net", 300, 300);
	liar_send(call);
}

/* "packet mx.example.net A 2 8180...": the security; -1: no such line. */
static void read_security(const char *line, void *user)
{
	static const char *const starts[] = {
		"packet mx.example.net A ", "end mx.example.net A "
	};
	int *security = user;
	char *end;

	if (strncmp(line, starts[0], strlen(starts[0])) == 0)
		*security = (int)strtol(line + strlen(starts[0]), NULL, 10);
	if (strncmp(line, starts[1], strlen(starts[1])) == 0) {
		(void)strtol(line + strlen(starts[1]), &end, 10);
		*security = (int)strtol(end, NULL, 10);
	}
}

static int security; /* of the answer to the last question */

static void open_trial(struct trial *t, liar_fn udp, liar_fn tcp)
{
	atomic_store(&asked, 0);
	atomic_store(&asked_ad, 0);
	security = -1;
	trial_begin(t, TRIAL_LONG);
	ck_assert_int_eq(mxsel_options_set_recorder(t->options, read_security,
		&security), 0);
	trial_server(t, udp, tcp);
}

/* What the setter says and what the answer has, and what it comes to. */
static const struct word {
	int trust;
	unsigned said;
	int security;
} words[] = {
	{ -1, PACKET_AD, MXSEL_SECURITY_SECURE },
	{ -1, 0, MXSEL_SECURITY_INSECURE },
	{ 0, PACKET_AD, MXSEL_SECURITY_INDETERMINATE },
	{ 0, 0, MXSEL_SECURITY_INDETERMINATE },
	{ 1, PACKET_AD, MXSEL_SECURITY_SECURE },
	{ 1, 0, MXSEL_SECURITY_INSECURE },
	/* The bits beside it: one that is reserved, and CD. */
	{ -1, 0x0040, MXSEL_SECURITY_INSECURE },
	{ -1, 0x0010, MXSEL_SECURITY_INSECURE },
	{ -1, 0x0070, MXSEL_SECURITY_SECURE },
};
#define WORDS ((int)(sizeof words / sizeof words[0]))

/* The address comes, is worth so much, and every try asked the same way. */
static void try_word(int i, liar_fn udp, liar_fn tcp, unsigned questions,
	int mix)
{
	const struct word *w = &words[i];
	struct trial t;

	atomic_store(&said, w->said);
	open_trial(&t, udp, tcp);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(t.resolver, w->trust), 0);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(t.resolver, mix), 0);
	ck_assert(trial_believes(&t));
	ck_assert_int_eq(security, w->security);
	ck_assert_uint_ge(atomic_load(&asked), questions);
	ck_assert_uint_eq(atomic_load(&asked_ad),
		w->trust != 0 ? atomic_load(&asked) : 0);
	trial_end(&t);
}

START_TEST(S31_R90_an_answer_from_loopback_is_worth_what_its_bit_says)
{
	try_word(_i, tell, NULL, 1, 0);
}
END_TEST

START_TEST(S31_R90_over_TCP_it_is_what_the_whole_answer_says)
{
	try_word(_i, truncated, tell, 2, 0);
}
END_TEST

START_TEST(S31_R90_without_EDNS_it_is_the_same)
{
	try_word(_i, plain, NULL, 2, 0);
}
END_TEST

START_TEST(S31_R90_asked_again_it_is_the_same)
{
	try_word(_i, late, NULL, 2, 0);
}
END_TEST

START_TEST(S31_R90_S6_with_letters_of_either_case_it_is_the_same)
{
	try_word(_i, tell, NULL, 1, 1);
}
END_TEST

START_TEST(S31_R90_a_denial_is_worth_what_its_bit_says)
{
	const struct word *w = &words[_i];
	unsigned code;
	struct trial t;

	for (code = 0; code <= 3; code += 3) { /* NODATA, NXDOMAIN */
		atomic_store(&said, w->said | code);
		open_trial(&t, deny, NULL);
		ck_assert_int_eq(mxsel_ldns_set_trust_ad(t.resolver, w->trust),
			0);
		ck_assert_int_eq(trial_next(&t, TRIAL_HOST), MXSEL_END);
		ck_assert_int_eq(security, w->security);
		trial_end(&t);
	}
}
END_TEST

START_TEST(S31_S32_of_a_failure_the_bit_says_nothing)
{
	const struct word *w = &words[_i];
	struct trial t;

	atomic_store(&said, w->said | 2);
	open_trial(&t, deny, NULL);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(t.resolver, w->trust), 0);
	ck_assert(trial_defers(&t));
	ck_assert_int_eq(security, MXSEL_SECURITY_INDETERMINATE);
	trial_end(&t);
}
END_TEST

START_TEST(S31_silence_is_worth_nothing)
{
	struct trial t;

	open_trial(&t, NULL, NULL);
	ck_assert_int_eq(mxsel_ldns_set_query_time(t.resolver, TRIAL_TIME),
		0);
	ck_assert(trial_defers(&t));
	ck_assert_int_eq(security, MXSEL_SECURITY_INDETERMINATE);
	trial_end(&t);
}
END_TEST

START_TEST(S31_R90_one_server_elsewhere_takes_the_trust_from_all)
{
	struct trial t;

	atomic_store(&said, PACKET_AD);
	open_trial(&t, tell, NULL);
	/* No socket of ours can be connected to it: nothing is sent there. */
	trial_add(&t, "255.255.255.255");
	ck_assert_int_eq(mxsel_ldns_trusts_ad(t.resolver), 0);
	ck_assert(trial_believes(&t));
	ck_assert_int_eq(security, MXSEL_SECURITY_INDETERMINATE);
	ck_assert_uint_eq(atomic_load(&asked_ad), 0);
	ck_assert_int_eq(mxsel_ldns_set_trust_ad(t.resolver, 1), 0);
	ck_assert(trial_believes(&t));
	ck_assert_int_eq(security, MXSEL_SECURITY_SECURE);
	ck_assert_uint_eq(atomic_load(&asked_ad), 1);
	trial_end(&t);
}
END_TEST

START_TEST(S31_what_is_set_holds_for_the_questions_that_follow)
{
	struct trial t;
	int i;

	atomic_store(&said, PACKET_AD);
	open_trial(&t, tell, NULL);
	for (i = 0; i < 6; i++) {
		ck_assert_int_eq(mxsel_ldns_set_trust_ad(t.resolver, i % 2),
			0);
		ck_assert(trial_believes(&t));
		ck_assert_int_eq(security, i % 2 ? MXSEL_SECURITY_SECURE :
			MXSEL_SECURITY_INDETERMINATE);
		/* On a busy machine it may have been asked twice. */
		ck_assert_uint_eq(atomic_load(&last_ad), (unsigned)i % 2);
	}
	trial_end(&t);
}
END_TEST

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

static void add_decision(Suite *suite)
{
	TCase *c = tcase_create("decision");

	tcase_add_loop_test(c,
		S31_R90_servers_are_trusted_when_all_are_loopback,
		0, COUNT(lists));
	tcase_add_loop_test(c,
		S31_R90_the_setter_says_otherwise_and_is_taken_back,
		0, COUNT(lists));
	tcase_add_test(c,
		S31_who_vouches_for_no_server_vouches_for_none_to_come);
	tcase_add_test(c, S31_the_bit_is_one_of_sixteen);
	suite_add_tcase(suite, c);
}

static void add_answers(Suite *suite)
{
	TCase *c = tcase_create("answers");

	tcase_add_loop_test(c,
		S31_R90_an_answer_from_loopback_is_worth_what_its_bit_says,
		0, WORDS);
	tcase_add_loop_test(c,
		S31_R90_over_TCP_it_is_what_the_whole_answer_says,
		0, WORDS);
	tcase_add_loop_test(c, S31_R90_without_EDNS_it_is_the_same, 0, WORDS);
	tcase_add_loop_test(c, S31_R90_asked_again_it_is_the_same, 0, WORDS);
	tcase_add_loop_test(c,
		S31_R90_S6_with_letters_of_either_case_it_is_the_same,
		0, WORDS);
	tcase_add_loop_test(c, S31_R90_a_denial_is_worth_what_its_bit_says,
		0, WORDS);
	tcase_add_loop_test(c, S31_S32_of_a_failure_the_bit_says_nothing,
		0, WORDS);
	tcase_add_test(c, S31_silence_is_worth_nothing);
	tcase_add_test(c,
		S31_R90_one_server_elsewhere_takes_the_trust_from_all);
	tcase_add_test(c,
		S31_what_is_set_holds_for_the_questions_that_follow);
	suite_add_tcase(suite, c);
}

int main(void)
{
	Suite *suite = suite_create("ldns ad");

	add_decision(suite);
	add_answers(suite);
	return mxsel_test_run(suite);
}
