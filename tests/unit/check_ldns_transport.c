/*
 * What the socket resolver believes of what comes over UDP: a lying server on
 * loopback for every fault of list A. Requirements S1, S2, S3, S4, S7, S47.
 */
#define _DEFAULT_SOURCE

#include <arpa/inet.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/liar_trial.h"
#include "support/run.h"

static void honest(struct liar_call *call)
{
	liar_tell_truth(call);
}

/* What else the header of a bent reply says: TC or a response code. */
static atomic_uint bent_flags;

/* The truth, with octet at changed by flipping these bits. */
static void tell_bent(struct liar_call *call, size_t at, unsigned bits)
{
	liar_truth(call);
	packet_set16(call->packet, 2, PACKET_REPLY |
		atomic_load(&bent_flags));
	call->packet->octets[at] ^= (uint8_t)bits;
	liar_send(call);
}

START_TEST(an_honest_server_gives_a_whole_plan)
{
	struct trial t;

	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, honest, NULL);
	mxsel_options_set(t.options, MXSEL_OPT_FAMILY,
		MXSEL_FAMILY_INTERLEAVE);
	ck_assert_int_eq(trial_next(&t, "user@example.net"), MXSEL_ATTEMPT);
	ck_assert_str_eq(t.address, "2001:db8::1");
	/* None came too late, unless the machine is slow. */
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_SENT_UDP),
		3 + trial_counted(&t, MXSEL_LDNS_TIMEOUTS));
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_SENT_TCP), 0);
	trial_end(&t);
}
END_TEST

/* --- A: datagrams lost, late, twice, out of order ------------------------ */

static void drop_two(struct liar_call *call)
{
	if (call->nth > 2)
		liar_tell_truth(call);
}

START_TEST(F2_S47_two_lost_questions_are_asked_again)
{
	struct trial t;

	trial_of_truth(&t, drop_two, NULL);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_TIMEOUTS), 2);
	trial_end(&t);
}
END_TEST

START_TEST(F1_S7_S47_silence_is_asked_three_times_and_ends_in_time)
{
	struct trial t;

	trial_of_failure(&t, NULL, NULL);
	ck_assert_int_ge(t.took, TRIAL_TIME - 1);
	ck_assert_uint_eq(liar_heard_udp(t.liars[0]), 3);
	trial_end(&t);
}
END_TEST

START_TEST(F1_S7_three_silent_servers_end_in_the_time_of_one)
{
	struct trial t;
	int i;

	trial_begin(&t, TRIAL_TIME);
	for (i = 0; i < 3; i++)
		trial_server(&t, NULL, NULL);
	ck_assert(trial_defers(&t));
	ck_assert_int_le(t.took, TRIAL_TIME + TRIAL_GRACE);
	for (i = 0; i < 3; i++)
		ck_assert_uint_ge(liar_heard_udp(t.liars[i]), 1);
	trial_end(&t);
}
END_TEST

START_TEST(S7_the_time_limit_of_the_selection_holds_over_all_questions)
{
	struct trial t;

	trial_begin(&t, 10000);
	trial_server(&t, NULL, NULL);
	mxsel_options_set(t.options, MXSEL_OPT_TIME_LIMIT, 200);
	mxsel_options_set(t.options, MXSEL_OPT_FAMILY,
		MXSEL_FAMILY_INTERLEAVE);
	ck_assert(trial_defers(&t));
	ck_assert_int_ge(t.took, 199);
	ck_assert_int_le(t.took, 200 + TRIAL_GRACE);
	trial_end(&t);
}
END_TEST

static void slow(struct liar_call *call)
{
	liar_pause(call, 40);
	liar_tell_truth(call);
}

START_TEST(S7_the_time_of_each_wait_is_taken_from_the_selection)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, slow, NULL);
	mxsel_options_set(t.options, MXSEL_OPT_TIME_LIMIT, 1000);
	ck_assert_int_eq(mxsel_new(&m, "example.net", t.options), 0);
	ck_assert_uint_eq(mxsel_time_left(m), 1000);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_uint_le(mxsel_time_left(m), 1000 - 2 * 39);
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

static void late_once(struct liar_call *call)
{
	if (call->nth == 1)
		liar_pause(call, 230);
	liar_tell_truth(call);
}

START_TEST(F3_S2_an_answer_after_the_timeout_goes_to_a_closed_socket)
{
	struct trial t;

	trial_of_truth(&t, late_once, NULL);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_TIMEOUTS), 1);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MISMATCHED), 0);
	trial_end(&t);
}
END_TEST

static void twice(struct liar_call *call)
{
	liar_tell_truth(call);
	liar_send(call);
}

START_TEST(F4_a_second_copy_of_the_answer_changes_nothing)
{
	struct trial t;

	trial_of_truth(&t, twice, NULL);
	ck_assert(trial_believes(&t));
	trial_end(&t);
}
END_TEST

/* The first question of a pair is answered after the second. */
static void reversed(struct liar_call *call)
{
	static uint8_t kept[512];
	static struct sockaddr_in asker;
	static size_t size;
	struct liar_call first = *call;

	if (call->nth % 2 == 1) {
		memcpy(kept, call->question, call->size);
		size = call->size;
		asker = call->peer;
		return;
	}
	liar_tell_truth(call);
	first.question = kept;
	first.size = size;
	first.peer = asker;
	liar_tell_truth(&first);
}

START_TEST(F5_A_and_AAAA_are_asked_together_and_may_come_in_any_order)
{
	struct trial t;

	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, reversed, NULL);
	mxsel_options_set(t.options, MXSEL_OPT_FAMILY,
		MXSEL_FAMILY_INTERLEAVE);
	ck_assert_int_eq(trial_next(&t, TRIAL_HOST), MXSEL_ATTEMPT);
	ck_assert_str_eq(t.address, "2001:db8::1");
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_TIMEOUTS), 0);
	trial_end(&t);
}
END_TEST

/* --- A: datagrams that answer nothing we asked --------------------------- */

static void empty_then_truth(struct liar_call *call)
{
	liar_send_raw(call, "", 0);
	liar_tell_truth(call);
}

static void junk_then_truth(struct liar_call *call)
{
	uint8_t junk[64];

	memset(junk, 0xa5, sizeof junk);
	liar_send_raw(call, junk, sizeof junk);
	liar_send_raw(call, junk, 1);
	liar_tell_truth(call);
}

static void wrong_id_then_truth(struct liar_call *call)
{
	tell_bent(call, 1, 0x01);
	liar_tell_truth(call);
}

static void wrong_name_then_truth(struct liar_call *call)
{
	tell_bent(call, 13, 0x01);
	liar_tell_truth(call);
}

static void wrong_type_then_truth(struct liar_call *call)
{
	tell_bent(call, call->size - 11 - 3, 0x10);
	liar_tell_truth(call);
}

static void wrong_class_then_truth(struct liar_call *call)
{
	tell_bent(call, call->size - 11 - 1, 0x02);
	liar_tell_truth(call);
}

static void no_question_then_truth(struct liar_call *call)
{
	tell_bent(call, 5, 0x01);
	liar_tell_truth(call);
}

static void two_questions_then_truth(struct liar_call *call)
{
	tell_bent(call, 5, 0x03);
	liar_tell_truth(call);
}

static void a_question_then_truth(struct liar_call *call)
{
	tell_bent(call, 2, 0x80);
	liar_tell_truth(call);
}

static void an_update_then_truth(struct liar_call *call)
{
	tell_bent(call, 2, 5 << 3);
	liar_tell_truth(call);
}

static void header_only_then_truth(struct liar_call *call)
{
	liar_begin(call, PACKET_REPLY);
	packet_set16(call->packet, 4, 0);
	liar_send_raw(call, call->packet->octets, 12);
	liar_tell_truth(call);
}

static const struct stray {
	const char *what;
	liar_fn fn;
	unsigned strays;
} strays[] = {
	{ "F7 empty", empty_then_truth, 1 },
	{ "F8 junk", junk_then_truth, 2 },
	{ "F10 wrong id", wrong_id_then_truth, 1 },
	{ "F11 wrong name", wrong_name_then_truth, 1 },
	{ "F12 wrong type", wrong_type_then_truth, 1 },
	{ "F12 wrong class", wrong_class_then_truth, 1 },
	{ "F13 QDCOUNT 0", no_question_then_truth, 1 },
	{ "F14 QDCOUNT 2", two_questions_then_truth, 1 },
	{ "F15 QR 0", a_question_then_truth, 1 },
	{ "F16 opcode 5", an_update_then_truth, 1 },
	{ "F13 header only", header_only_then_truth, 1 },
};

START_TEST(F7_to_F16_S1_S3_a_stray_datagram_is_dropped_and_we_wait_on)
{
	const struct stray *stray = &strays[_i];
	struct trial t;

	trial_of_truth(&t, stray->fn, NULL);
	ck_assert_msg(trial_counted(&t, MXSEL_LDNS_MISMATCHED) ==
		stray->strays, "%s", stray->what);
	ck_assert_uint_eq(liar_heard_udp(t.liars[0]), 1);
	trial_end(&t);
}
END_TEST

static void always_wrong_id(struct liar_call *call)
{
	tell_bent(call, 0, 0x80);
}

/*
 * A stray that reports a failure must not send us to another server, or to
 * TCP: that is what a forger would want.
 */
START_TEST(F10_to_F16_S1_a_stray_failure_is_no_failure)
{
	static const unsigned flags[] = { PACKET_TC, 2, 5, 1 };
	const struct stray *stray = &strays[_i];
	struct trial t;
	size_t i;

	for (i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		atomic_store(&bent_flags, flags[i]);
		trial_of_truth(&t, stray->fn, NULL);
		ck_assert_msg(trial_counted(&t, MXSEL_LDNS_MISMATCHED) ==
			stray->strays, "%s, flags %u", stray->what, flags[i]);
		ck_assert_uint_eq(liar_heard_udp(t.liars[0]), 1);
		trial_end(&t);
	}
	atomic_store(&bent_flags, 0);
}
END_TEST

START_TEST(F9_a_server_that_never_has_our_id_is_never_believed)
{
	struct trial t;

	trial_of_failure(&t, always_wrong_id, NULL);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MISMATCHED), 3);
	trial_end(&t);
}
END_TEST

static void shouting(struct liar_call *call)
{
	size_t i;

	liar_truth(call);
	for (i = 13; call->packet->octets[i] != 0; i++)
		if (call->packet->octets[i] >= 'a')
			call->packet->octets[i] ^= 0x20;
	liar_send(call);
}

START_TEST(F19_the_case_of_the_question_does_not_matter)
{
	struct trial t;

	trial_of_truth(&t, shouting, NULL);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MISMATCHED), 0);
	trial_end(&t);
}
END_TEST

/* The same, over TCP as it should be. */
START_TEST(F19_S6_with_letters_mixed_it_does_and_TCP_is_asked_once)
{
	struct trial t;

	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, shouting, liar_tell_truth);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(t.resolver, 1), 0);
	ck_assert(trial_believes(&t));
	ck_assert_uint_eq(liar_heard_udp(t.liars[0]), 1);
	ck_assert_uint_eq(liar_heard_tcp(t.liars[0]), 1);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MISMATCHED), 1);
	trial_end(&t);
}
END_TEST

START_TEST(F11_S6_with_letters_mixed_another_name_is_a_stray_as_ever)
{
	struct trial t;

	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, wrong_name_then_truth, liar_tell_truth);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(t.resolver, 1), 0);
	ck_assert(trial_believes(&t));
	ck_assert_uint_eq(liar_heard_tcp(t.liars[0]), 0);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MISMATCHED), 1);
	trial_end(&t);
}
END_TEST

/* A false address, from a socket bound to this address. */
static void send_false_from(struct liar_call *call, in_addr_t source)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	a.sin_addr.s_addr = htonl(source);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) == 0) {
		liar_truth(call);
		call->packet->octets[call->packet->size - 1] = 66;
		(void)!sendto(fd, call->packet->octets, call->packet->size, 0,
			(struct sockaddr *)&call->peer, sizeof call->peer);
	}
	close(fd);
}

static void another_port(struct liar_call *call)
{
	send_false_from(call, INADDR_LOOPBACK);
	liar_tell_truth(call);
}

static void another_host(struct liar_call *call)
{
	send_false_from(call, INADDR_LOOPBACK + 1);
	liar_tell_truth(call);
}

START_TEST(F17_S1_an_answer_from_another_address_does_not_reach_us)
{
	struct trial t;

	trial_of_truth(&t, another_host, NULL);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MISMATCHED), 0);
	trial_end(&t);
}
END_TEST

START_TEST(F18_S1_an_answer_from_another_port_does_not_reach_us)
{
	struct trial t;

	trial_of_truth(&t, another_port, NULL);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MISMATCHED), 0);
	trial_end(&t);
}
END_TEST

/* Every id but the right one, until the client has gone. */
static void spoof(struct liar_call *call)
{
	unsigned i;

	liar_truth(call);
	call->packet->octets[call->packet->size - 1] = 66;
	for (i = 1; i <= 10000; i++) {
		packet_set16(call->packet, 0, i ^ ((unsigned)
			call->question[0] << 8 | call->question[1]));
		liar_send(call);
	}
}

START_TEST(F22_S4_ten_thousand_guesses_move_the_question_to_TCP)
{
	struct trial t;

	trial_begin(&t, 20000);
	trial_server(&t, spoof, honest);
	ck_assert(trial_believes(&t));
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MISMATCHED), 4);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_SENT_TCP), 1);
	trial_end(&t);
}
END_TEST

/* --- S2: what a guesser has to guess ------------------------------------- */

#define GUESSES 40

static unsigned ids[GUESSES + 1], ports[GUESSES + 1];

static void remember(struct liar_call *call)
{
	if (call->nth <= GUESSES) {
		ids[call->nth] = (unsigned)call->question[0] << 8 |
			call->question[1];
		ports[call->nth] = ntohs(call->peer.sin_port);
	}
	liar_tell_truth(call);
}

static int in_steps(const unsigned *v)
{
	int i, steps = 0;

	for (i = 2; i <= GUESSES; i++)
		if (v[i] - v[i - 1] <= 2)
			steps++;
	return steps;
}

START_TEST(S2_every_question_has_a_new_id_and_a_new_port)
{
	struct trial t;
	int i;

	trial_begin(&t, TRIAL_LONG);
	trial_server(&t, remember, NULL);
	for (i = 0; i < GUESSES; i++)
		ck_assert(trial_believes(&t));
	ck_assert_int_lt(in_steps(ids), 5);
	ck_assert_int_lt(in_steps(ports), 5);
	trial_end(&t);
}
END_TEST

/* ------------------------------------------------------------------------- */

static void add_datagrams(Suite *suite)
{
	TCase *c = tcase_create("datagrams");

	tcase_add_test(c, an_honest_server_gives_a_whole_plan);
	tcase_add_test(c, F2_S47_two_lost_questions_are_asked_again);
	tcase_add_test(c,
		F1_S7_S47_silence_is_asked_three_times_and_ends_in_time);
	tcase_add_test(c,
		F1_S7_three_silent_servers_end_in_the_time_of_one);
	tcase_add_test(c,
		S7_the_time_limit_of_the_selection_holds_over_all_questions);
	tcase_add_test(c,
		S7_the_time_of_each_wait_is_taken_from_the_selection);
	tcase_add_test(c,
		F3_S2_an_answer_after_the_timeout_goes_to_a_closed_socket);
	tcase_add_test(c, F4_a_second_copy_of_the_answer_changes_nothing);
	tcase_add_test(c,
		F5_A_and_AAAA_are_asked_together_and_may_come_in_any_order);
	tcase_add_loop_test(c,
		F7_to_F16_S1_S3_a_stray_datagram_is_dropped_and_we_wait_on,
		0, sizeof strays / sizeof strays[0]);
	tcase_add_loop_test(c,
		F10_to_F16_S1_a_stray_failure_is_no_failure,
		0, sizeof strays / sizeof strays[0]);
	tcase_add_test(c,
		F9_a_server_that_never_has_our_id_is_never_believed);
	tcase_add_test(c, F19_the_case_of_the_question_does_not_matter);
	tcase_add_test(c,
		F19_S6_with_letters_mixed_it_does_and_TCP_is_asked_once);
	tcase_add_test(c,
		F11_S6_with_letters_mixed_another_name_is_a_stray_as_ever);
	tcase_add_test(c,
		F17_S1_an_answer_from_another_address_does_not_reach_us);
	tcase_add_test(c,
		F18_S1_an_answer_from_another_port_does_not_reach_us);
	tcase_add_test(c,
		F22_S4_ten_thousand_guesses_move_the_question_to_TCP);
	tcase_add_test(c, S2_every_question_has_a_new_id_and_a_new_port);
	suite_add_tcase(suite, c);
}

int main(void)
{
	Suite *suite = suite_create("ldns transport");

	add_datagrams(suite);
	return mxsel_test_run(suite);
}
