/*
 * The engine where two things come together: a question is cancelled in the
 * batch that cannot be sent, the last socket dies while it is looked for,
 * chance gives out between two draws. The calls are failed by functions of
 * the same name here, in the test's thread only. Requirements S2, S3, S7,
 * S10, S11, S47.
 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ldns/engine.h"
#include "ldns/question_steps.h"
#include "support/crowd_inside.h"
#include "support/crowd_trial.h"
#include "support/liar_trial.h"
#include "support/run.h"

static _Thread_local struct {
	int no_entropy;
	int cannot_send;   /* errno */
	unsigned floods;   /* calls that give as many datagrams as they may */
	uint8_t flood[12]; /* each of them */
} trouble;

static void no_trouble(void)
{
	memset(&trouble, 0, sizeof trouble);
}

ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
	if (!trouble.no_entropy)
		return syscall(SYS_getrandom, buffer, size, flags);
	errno = ENOSYS;
	return -1;
}

/* With _GNU_SOURCE, which declares these, connect() is no C function. */
struct mmsghdr {
	struct msghdr message;
	unsigned length;
};
int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
	struct timespec *limit);

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	if (trouble.cannot_send == 0)
		return (int)syscall(SYS_sendmmsg, fd, messages, count, flags);
	errno = trouble.cannot_send;
	return -1;
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
	struct timespec *limit)
{
	unsigned i;

	if (trouble.floods == 0)
		return (int)syscall(SYS_recvmmsg, fd, messages, count, flags,
			limit);
	trouble.floods--;
	for (i = 0; i < count; i++) {
		memcpy(messages[i].message.msg_iov->iov_base, trouble.flood,
			sizeof trouble.flood);
		messages[i].length = sizeof trouble.flood;
		messages[i].message.msg_flags = 0;
	}
	return (int)count;
}

static const struct crowd_plan silent = { .silent = 1, .silent_tcp = 1 };
static const struct crowd_plan truncates = { .truncate = 1 };

/* The order among equals needs no entropy then: only questions do. */
static void begin_seeded(struct party *p, const struct crowd_plan *plan)
{
	party_begin(p, plan, PARTY_TIME);
	ck_assert_int_eq(mxsel_options_set_seed(p->options, 1), 0);
}

/* --- chance gives out ---------------------------------------------------- */

/* So many octets are left: for how long, for the id, and for the letters. */
START_TEST(F87_S2_what_lacks_one_random_number_is_not_sent)
{
	struct party p;

	begin_seeded(&p, NULL);
	mxsel_engine_set(p.engine, MXSEL_ENGINE_MIX_CASE, 1);
	party_send(&p, "d1.example");
	party_run(&p, PARTY_TIME);
	p.engine->dice.left = (unsigned)_i;
	trouble.no_entropy = 1;
	party_send(&p, "z1.example");
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	ck_assert_uint_eq(crowd_asked(p.crowds[0], "z1.example", 15), 0);
	trouble.no_entropy = 0;
	party_send(&p, "z1.example");
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 1);
	party_end(&p);
}
END_TEST

/* Four octets are those of the datagram. */
START_TEST(F87_S2_S11_over_TCP_neither_and_the_connection_ends)
{
	struct party p;

	begin_seeded(&p, &truncates);
	p.engine->dice.left = 4 + (unsigned)_i;
	trouble.no_entropy = 1;
	party_send(&p, "z1.example");
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_TRUNCATED), 1);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SENT_TCP), 0);
	ck_assert_uint_eq(crowd_heard_tcp(p.crowds[0]), 0);
	/* It is kept for a while, as any that nobody uses. */
	trouble.no_entropy = 0;
	party_send(&p, "z2.example");
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 1);
	ck_assert_uint_eq(crowd_connections(p.crowds[0]), 1);
	while (party_counted(&p, MXSEL_LDNS_SOCKETS) > 0) {
		ck_assert_int_ge(mxsel_engine_timeout(p.engine), 0);
		p.engine->behind += 1000000; /* a second later */
		ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	}
	party_end(&p);
}
END_TEST

/* --- what cannot be sent ------------------------------------------------- */

START_TEST(F92_F79_one_cancelled_in_a_batch_that_cannot_be_sent)
{
	struct party p;
	mxsel *m;

	party_begin(&p, NULL, PARTY_TIME);
	m = party_new(&p, "d1.example");
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_LOOKUP);
	party_send(&p, "d2.example");
	ck_assert_uint_eq(p.engine->batch.count, 2);
	mxsel_free(m);
	p.begun--;
	trouble.cannot_send = EPERM;
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 0);
	party_end(&p);
}
END_TEST

START_TEST(F79_S11_the_last_socket_dies_while_it_is_looked_for)
{
	struct mxsel__port *port, *other = NULL;
	struct party p;

	party_begin(&p, NULL, PARTY_TIME);
	party_send(&p, "d1.example"); /* not out yet */
	port = p.engine->lanes[0].port;
	port->used = MXSEL__PORT_USES;
	p.engine->servers->sockets = MXSEL__SOCKETS_MAX;
	trouble.cannot_send = EPERM;
	ck_assert_int_eq(mxsel__port_choose(p.engine, 0, &other),
		MXSEL__FAULT_AGAIN);
	ck_assert_int_eq(port->socket.fd, -1);
	ck_assert_ptr_null(p.engine->lanes[0].port);
	p.engine->servers->sockets -= MXSEL__SOCKETS_MAX - 1;
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	trouble.cannot_send = 0;
	party_send(&p, "d1.example");
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 1);
	party_end(&p);
}
END_TEST

/* Copies of an answer that came already; eight batches at a time are read. */
START_TEST(F4_F22_S7_a_flood_at_one_socket_does_not_hold_the_others)
{
	struct party p;
	uint16_t id;

	party_begin(&p, &silent, PARTY_TIME);
	party_send_many(&p, "z", 0, 2);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	id = p.engine->lanes[0].port->ids[0];
	mxsel__question_finish(p.engine, oldest(&p), MXSEL_DNS_SERVFAIL);
	trouble.flood[0] = (uint8_t)(id >> 8);
	trouble.flood[1] = (uint8_t)id;
	trouble.flood[2] = 0x80;
	trouble.flood[5] = 1;
	trouble.floods = 9;
	mxsel__port_listen(p.engine, p.engine->lanes[0].port);
	ck_assert_uint_eq(trouble.floods, 1);
	/* None of them is a guess. */
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 0);
	ck_assert_uint_eq(p.engine->lanes[0].port->open, 1);
	crowd_change(p.crowds[0], &truncates);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 1);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	party_end(&p);
}
END_TEST

/* Its last question leaves it, and that alone closes it already. */
START_TEST(S4_F10_strays_at_a_socket_that_takes_no_more_questions)
{
	static const struct crowd_plan mute = { .silent = 1 };
	struct mxsel__port *port;
	struct party p;

	party_begin(&p, &mute, PARTY_TIME);
	party_send(&p, "z1.example");
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	port = p.engine->lanes[0].port;
	port->used = MXSEL__PORT_USES;
	trouble.flood[0] = (uint8_t)(port->ids[0] >> 8 ^ 1);
	trouble.flood[1] = (uint8_t)port->ids[0];
	trouble.flood[2] = 0x80;
	trouble.flood[5] = 1;
	trouble.floods = 1;
	mxsel__port_listen(p.engine, port);
	ck_assert_int_eq(port->socket.fd, -1);
	ck_assert_ptr_null(p.engine->lanes[0].port);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 1);
	ck_assert_uint_eq(crowd_heard_tcp(p.crowds[0]), 1);
	party_end(&p);
}
END_TEST

/* --- servers ------------------------------------------------------------- */

START_TEST(S47_S7_so_many_servers_that_each_is_asked_once)
{
	struct mxsel__question *q;
	struct party p;
	char nobody[32], server[32];
	int i;

	party_open(&p, 700);
	liar_nobody(nobody);
	for (i = 1; i <= 9; i++) {
		snprintf(server, sizeof server, "127.0.0.%d%.20s", i,
			strchr(nobody, '@'));
		ck_assert_int_eq(mxsel_engine_add_server(p.engine, server),
			0);
	}
	party_send(&p, "d1.example");
	q = oldest(&p);
	ck_assert_uint_eq(q->turns, 9);
	ck_assert_uint_eq(q->share, 700 / 9);
	party_run(&p, 700 + PARTY_GRACE);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	ck_assert_uint_le(party_counted(&p, MXSEL_LDNS_SENT_UDP), 9);
	party_end(&p);
}
END_TEST

/* Unless that is of no use for this question. */
START_TEST(S10_whose_turn_comes_at_a_silent_server_goes_to_another)
{
	struct mxsel__question *q;
	unsigned here, there;
	struct party p;

	party_begin(&p, &silent, 100);
	party_server(&p, &silent);
	party_send(&p, "z0.example");
	p.engine->lanes[0].window = p.engine->lanes[1].window = 0;
	party_send(&p, "z1.example");
	q = youngest(&p);
	ck_assert_int_eq(q->state, MXSEL__QUESTION_QUEUED);
	here = mxsel__question_server(q);
	there = 1 - here;
	mxsel__servers_blame(p.engine->servers, here,
		p.engine->now / 1000);
	if (_i == 1)
		q->standings[there] |= MXSEL__STANDING_USELESS;
	mxsel__question_admit(p.engine, q);
	ck_assert_int_eq(q->state, _i == 1 ? MXSEL__QUESTION_UDP :
		MXSEL__QUESTION_DUE);
	ck_assert_uint_eq(mxsel__question_server(q), _i == 1 ? here : there);
	party_run(&p, 1000);
	party_end(&p);
}
END_TEST

static void likes_no_edns(struct liar_call *call)
{
	if (liar_has_edns(call))
		liar_tell(call, PACKET_REPLY | 1);
}

/* One of the three was spent on another form of the question. */
START_TEST(F36_S47_a_server_is_asked_three_times_with_EDNS_and_without)
{
	struct trial t;

	trial_of_failure(&t, likes_no_edns, NULL);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_SENT_UDP), 3);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_TIMEOUTS), 2);
	trial_end(&t);
}
END_TEST

static void add_datagrams(Suite *suite)
{
	TCase *c = tcase_create("datagrams");

	tcase_add_checked_fixture(c, no_trouble, no_trouble);
	tcase_add_loop_test(c,
		F87_S2_what_lacks_one_random_number_is_not_sent, 0, 8);
	tcase_add_loop_test(c,
		F87_S2_S11_over_TCP_neither_and_the_connection_ends, 0, 4);
	tcase_add_test(c,
		F92_F79_one_cancelled_in_a_batch_that_cannot_be_sent);
	tcase_add_test(c,
		F79_S11_the_last_socket_dies_while_it_is_looked_for);
	tcase_add_test(c,
		F4_F22_S7_a_flood_at_one_socket_does_not_hold_the_others);
	tcase_add_test(c,
		S4_F10_strays_at_a_socket_that_takes_no_more_questions);
	tcase_add_test(c, S47_S7_so_many_servers_that_each_is_asked_once);
	tcase_add_loop_test(c,
		S10_whose_turn_comes_at_a_silent_server_goes_to_another, 0, 2);
	tcase_add_test(c,
		F36_S47_a_server_is_asked_three_times_with_EDNS_and_without);
	suite_add_tcase(suite, c);
}

int main(void)
{
	Suite *suite = suite_create("ldns engine: corners");

	add_datagrams(suite);
	return mxsel_test_run(suite);
}
