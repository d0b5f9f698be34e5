/*
 * Which server the socket resolver turns to, how often, and what it makes of
 * the failures that servers report: a lying server on loopback for every
 * fault of list C that a transport can see.
 */
#define _DEFAULT_SOURCE

#include <stdatomic.h>

#include "support/liar_trial.h"
#include "support/run.h"

static void honest(struct liar_call *call)
{
	liar_tell_truth(call);
}

/* --- which server, and how often ----------------------------------------- */

START_TEST(F20_S10_a_refused_port_means_the_next_server_at_once)
{
	struct trial t;
	char nobody[32];

	trial_begin(&t, 2000);
	liar_nobody(nobody);
	trial_add(&t, nobody);
	trial_server(&t, honest, NULL);
	ck_assert(trial_believes(&t));
	ck_assert_int_lt(t.took, 200);
	trial_end(&t);
}
END_TEST

START_TEST(F20_without_any_server_up_the_failure_comes_at_once)
{
	struct trial t;
	char nobody[32];

	trial_begin(&t, 2000);
	liar_nobody(nobody);
	trial_add(&t, nobody);
	ck_assert(trial_defers(&t));
	ck_assert_int_lt(t.took, 200);
	trial_end(&t);
}
END_TEST

START_TEST(without_any_server_at_all_the_failure_is_temporary)
{
	struct trial t;

	trial_begin(&t, 2000);
	ck_assert(trial_defers(&t));
	ck_assert_int_lt(t.took, 200);
	trial_end(&t);
}
END_TEST

START_TEST(S10_a_silent_server_is_not_first_the_next_time)
{
	struct trial t;

	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, NULL, NULL);
	trial_server(&t, honest, NULL);
	ck_assert(trial_believes(&t));
	ck_assert_int_ge(t.took, 20);
	ck_assert(trial_believes(&t));
	ck_assert_uint_eq(liar_heard_udp(t.liars[0]), 1);
	ck_assert_uint_eq(liar_heard_udp(t.liars[1]), 2);
	trial_end(&t);
}
END_TEST

static atomic_int awake;

static void wakes_up(struct liar_call *call)
{
	if (atomic_load(&awake))
		liar_tell_truth(call);
}

START_TEST(S10_when_all_servers_are_in_disgrace_all_are_asked)
{
	struct trial t;

	atomic_store(&awake, 0);
	trial_begin(&t, 150);
	trial_server(&t, wakes_up, NULL);
	trial_server(&t, NULL, NULL);
	ck_assert(trial_defers(&t));
	atomic_store(&awake, 1);
	ck_assert(trial_believes(&t));
	trial_end(&t);
}
END_TEST

static void good_then_failing(struct liar_call *call)
{
	if (call->nth == 1)
		liar_tell_truth(call);
	else
		liar_tell(call, PACKET_REPLY | 2);
}

START_TEST(S10_an_answer_ends_the_disgrace)
{
	struct trial t;

	atomic_store(&awake, 0);
	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, wakes_up, NULL);
	trial_server(&t, good_then_failing, NULL);
	ck_assert(trial_believes(&t)); /* the second's answer */
	atomic_store(&awake, 1);
	ck_assert(trial_believes(&t)); /* the second fails, the first wakes */
	ck_assert_uint_eq(liar_heard_udp(t.liars[1]), 2);
	ck_assert(trial_believes(&t)); /* the first is first again */
	ck_assert_uint_eq(liar_heard_udp(t.liars[1]), 2);
	trial_end(&t);
}
END_TEST

/* --- C: what servers say ------------------------------------------------- */

static void servfail(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | 2);
}

static void refused(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | 5);
}

static void yxdomain(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | 6);
}

static void notimp(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | 4);
}

static void formerr(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | 1);
}

static const liar_fn failures[] = {
	servfail, refused, yxdomain, notimp, formerr
};

START_TEST(F36_F37_F39_F41_a_failing_server_gives_way_to_the_next)
{
	struct trial t;

	trial_begin(&t, 2000);
	trial_server(&t, failures[_i], NULL);
	trial_server(&t, honest, NULL);
	ck_assert(trial_believes(&t));
	ck_assert_int_lt(t.took, 200);
	trial_end(&t);
}
END_TEST

START_TEST(F36_F37_F39_F41_R14_when_all_fail_it_is_temporary_and_at_once)
{
	struct trial t;

	trial_begin(&t, 2000);
	trial_server(&t, failures[_i], NULL);
	trial_server(&t, servfail, NULL);
	ck_assert(trial_defers(&t));
	ck_assert_int_lt(t.took, 200);
	ck_assert_uint_eq(liar_heard_udp(t.liars[1]), 1);
	trial_end(&t);
}
END_TEST

static void formerr_to_edns(struct liar_call *call)
{
	if (liar_has_edns(call))
		formerr(call);
	else
		liar_tell_truth(call);
}

static void notimp_to_edns(struct liar_call *call)
{
	if (liar_has_edns(call))
		notimp(call);
	else
		liar_tell_truth(call);
}

static void badvers_to_edns(struct liar_call *call)
{
	if (!liar_has_edns(call)) {
		liar_tell_truth(call);
		return;
	}
	liar_begin(call, PACKET_REPLY);
	packet_opt(call->packet, PACKET_ADDITIONAL, 1);
	liar_send(call);
}

static const liar_fn edns_haters[] = {
	formerr_to_edns, notimp_to_edns, badvers_to_edns
};

START_TEST(F36_F37_F38_S13_who_dislikes_EDNS_is_asked_once_more_without)
{
	struct trial t;

	trial_of_truth(&t, edns_haters[_i], NULL);
	ck_assert_uint_eq(liar_heard_udp(t.liars[0]), 2);
	ck_assert_int_lt(t.took, 200);
	trial_end(&t);
}
END_TEST

static void deaf_to_edns(struct liar_call *call)
{
	if (!liar_has_edns(call))
		liar_tell_truth(call);
}

START_TEST(S13_the_last_try_goes_without_EDNS)
{
	struct trial t;

	trial_of_truth(&t, deaf_to_edns, NULL);
	ck_assert_uint_eq(liar_heard_udp(t.liars[0]), 3);
	trial_end(&t);
}
END_TEST

static void a_fails(struct liar_call *call)
{
	if (liar_type(call) == PACKET_A)
		servfail(call);
	else
		liar_tell_truth(call);
}

START_TEST(F40_R60_SERVFAIL_for_A_leaves_the_AAAA_to_use)
{
	struct trial t;

	trial_begin(&t, TRIAL_TIME);
	trial_server(&t, a_fails, NULL);
	mxsel_options_set(t.options, MXSEL_OPT_FAMILY,
		MXSEL_FAMILY_INTERLEAVE);
	ck_assert_int_eq(trial_next(&t, TRIAL_HOST), MXSEL_ATTEMPT);
	ck_assert_str_eq(t.address, "2001:db8::1");
	trial_end(&t);
}
END_TEST

static void no_such_name(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | 3);
}

START_TEST(F45_NXDOMAIN_is_an_answer_and_ends_the_search)
{
	struct trial t;

	trial_begin(&t, TRIAL_TIME);
	trial_server(&t, no_such_name, NULL);
	trial_server(&t, honest, NULL);
	ck_assert_int_eq(trial_next(&t, "example.net"), MXSEL_END);
	ck_assert_int_eq(t.code, 550);
	ck_assert_uint_eq(liar_heard_udp(t.liars[1]), 0);
	trial_end(&t);
}
END_TEST

/* An A record of three octets. */
static void tell_malformed(struct liar_call *call)
{
	liar_begin(call, PACKET_REPLY);
	packet_record(call->packet, PACKET_ANSWER, NULL, PACKET_A, 300,
		"\1\2\3", 3);
	liar_send(call);
}

static void malformed_then_truth(struct liar_call *call)
{
	tell_malformed(call);
	liar_tell_truth(call);
}

START_TEST(F73_S3_S16_a_malformed_answer_is_dropped_for_a_better_one)
{
	struct trial t;

	trial_of_truth(&t, malformed_then_truth, NULL);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MALFORMED), 1);
	trial_end(&t);
}
END_TEST

START_TEST(F73_S12_malformed_answers_alone_are_temporary)
{
	struct trial t;

	trial_of_failure(&t, tell_malformed, NULL);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MALFORMED), 3);
	trial_end(&t);
}
END_TEST

/* Cut in the middle: the header still promises a record (F6). */
static void cut_then_truth(struct liar_call *call)
{
	liar_truth(call);
	liar_send_raw(call, call->packet->octets, call->packet->size - 1);
	liar_send_raw(call, call->packet->octets, call->packet->size - 16);
	liar_tell_truth(call);
}

START_TEST(F6_a_datagram_cut_short_is_malformed_never_NODATA)
{
	struct trial t;

	trial_of_truth(&t, cut_then_truth, NULL);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MALFORMED), 2);
	trial_end(&t);
}
END_TEST

/* ------------------------------------------------------------------------- */

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

static void add_servers(Suite *suite)
{
	TCase *c = tcase_create("servers");

	tcase_add_test(c,
		F20_S10_a_refused_port_means_the_next_server_at_once);
	tcase_add_test(c,
		F20_without_any_server_up_the_failure_comes_at_once);
	tcase_add_test(c,
		without_any_server_at_all_the_failure_is_temporary);
	tcase_add_test(c, S10_a_silent_server_is_not_first_the_next_time);
	tcase_add_test(c,
		S10_when_all_servers_are_in_disgrace_all_are_asked);
	tcase_add_test(c, S10_an_answer_ends_the_disgrace);
	suite_add_tcase(suite, c);
}

static void add_meaning(Suite *suite)
{
	TCase *c = tcase_create("meaning");

	tcase_add_loop_test(c,
		F36_F37_F39_F41_a_failing_server_gives_way_to_the_next,
		0, COUNT(failures));
	tcase_add_loop_test(c,
		F36_F37_F39_F41_R14_when_all_fail_it_is_temporary_and_at_once,
		0, COUNT(failures));
	tcase_add_loop_test(c,
		F36_F37_F38_S13_who_dislikes_EDNS_is_asked_once_more_without,
		0, COUNT(edns_haters));
	tcase_add_test(c, S13_the_last_try_goes_without_EDNS);
	tcase_add_test(c, F40_R60_SERVFAIL_for_A_leaves_the_AAAA_to_use);
	tcase_add_test(c, F45_NXDOMAIN_is_an_answer_and_ends_the_search);
	tcase_add_test(c,
		F73_S3_S16_a_malformed_answer_is_dropped_for_a_better_one);
	tcase_add_test(c, F73_S12_malformed_answers_alone_are_temporary);
	tcase_add_test(c, F6_a_datagram_cut_short_is_malformed_never_NODATA);
	suite_add_tcase(suite, c);
}

int main(void)
{
	Suite *suite = suite_create("ldns transport: servers");

	add_servers(suite);
	add_meaning(suite);
	return mxsel_test_run(suite);
}
