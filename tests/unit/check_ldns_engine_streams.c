/*
 * Connections of the engine where two things come together: one that is made
 * at once, is full, ends again and again, or bears what comes too late.
 * connect() is this program's own. Requirements S1, S2, S3, S7, S11, S12, S47.
 */
#define _DEFAULT_SOURCE

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ldns/engine.h"
#include "ldns/stream.h"
#include "support/crowd_inside.h"
#include "support/crowd_trial.h"
#include "support/liar_trial.h"
#include "support/run.h"

static _Thread_local int connects_at_once;

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	int flags, result;

	if (!connects_at_once)
		return (int)syscall(SYS_connect, fd, address, length);
	flags = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	result = (int)syscall(SYS_connect, fd, address, length);
	fcntl(fd, F_SETFL, flags);
	return result;
}

static const struct crowd_plan truncates = { .truncate = 1 };

static void turn_until(struct party *p, int which, unsigned count)
{
	int turns = 0;

	while (party_counted(p, which) < count) {
		ck_assert_int_eq(mxsel_engine_wait(p->engine, 100), 0);
		ck_assert_int_lt(turns++, 1000);
	}
}

START_TEST(S12_a_connection_that_is_made_at_once_is_used_at_once)
{
	struct party p;

	party_begin(&p, &truncates, PARTY_TIME);
	connects_at_once = 1;
	party_send_many(&p, "d", 0, 20);
	party_run(&p, PARTY_TIME);
	connects_at_once = 0;
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 20);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_CONNECTED),
		crowd_connections(p.crowds[0]));
	party_end(&p);
}
END_TEST

/* As many left it unsent as there is room for, and were cancelled. */
START_TEST(S11_F24_a_connection_full_of_what_could_not_leave_gets_no_more)
{
	struct mxsel__stream *full, *other = NULL;
	struct party p;

	party_begin(&p, &truncates, PARTY_TIME);
	party_send(&p, "z1.example");
	party_run(&p, PARTY_TIME);
	ck_assert_int_eq(mxsel__stream_choose(p.engine, 0, &full),
		MXSEL__FAULT_NONE);
	full->sent = 0;
	full->written = sizeof full->out;
	ck_assert_int_eq(mxsel__stream_choose(p.engine, 0, &other),
		MXSEL__FAULT_NONE);
	ck_assert_ptr_ne(full, other);
	full->written = 0;
	mxsel__stream_close(p.engine, other);
	ck_assert_int_eq(mxsel__stream_choose(p.engine, 0, &other),
		MXSEL__FAULT_NONE);
	ck_assert_ptr_eq(full, other);
	party_end(&p);
}
END_TEST

static void truncated(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | PACKET_TC);
}

static void of_another_name(struct liar_call *call)
{
	liar_truth(call);
	call->packet->octets[13] ^= 1;
	liar_send(call);
}

START_TEST(F26_F33_S47_who_answers_another_question_is_not_called_back)
{
	struct trial t;

	trial_begin(&t, PARTY_TIME);
	trial_server(&t, truncated, of_another_name);
	ck_assert(trial_defers(&t));
	ck_assert_uint_eq(liar_heard_tcp(t.liars[0]), 1);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_SENT_TCP), 1);
	trial_end(&t);
}
END_TEST

/* Of what chance has in stock the last octets come first. */
static void stock(struct mxsel__dice *dice, uint16_t first, uint16_t second,
	uint16_t third)
{
	const uint16_t all[3] = { third, second, first };
	unsigned i;

	dice->left = 6;
	for (i = 0; i < 3; i++) {
		dice->octets[2 * i] = (uint8_t)(all[i] >> 8);
		dice->octets[2 * i + 1] = (uint8_t)(all[i] & 0xff);
	}
}

START_TEST(S2_no_two_questions_of_a_connection_have_the_same_id)
{
	static const struct crowd_plan plan = { .truncate = 1,
		.silent_tcp = 1 };
	struct mxsel__stream *s;
	struct party p;

	party_begin(&p, &plan, 1000);
	party_send(&p, "z1.example");
	turn_until(&p, MXSEL_LDNS_SENT_TCP, 1);
	s = oldest(&p)->stream;
	party_send(&p, "z2.example");
	stock(&p.engine->dice, 7, s->ids[0], s->ids[0] ^ 0x1234);
	turn_until(&p, MXSEL_LDNS_SENT_TCP, 2);
	ck_assert_ptr_eq(youngest(&p)->stream, s);
	ck_assert_uint_eq(s->ids[1], s->ids[0] ^ 0x1234);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 2);
	party_end(&p);
}
END_TEST

/* The connection ends, as after an answer to somebody else. */
static void end_connection(struct party *p, unsigned nth)
{
	struct mxsel__stream *s;

	turn_until(p, MXSEL_LDNS_CONNECTED, nth);
	s = oldest(p)->stream;
	s->answered = 1;
	ck_assert_int_eq(shutdown(s->socket.fd, SHUT_RDWR), 0);
	while (oldest(p)->resent < nth)
		ck_assert_int_eq(mxsel_engine_wait(p->engine, 100), 0);
}

/* At once, after 10 ms, 20, 40 and so on, a quarter more or less. */
START_TEST(F26_S47_who_hangs_up_is_called_back_eight_times_ever_later)
{
	static const struct crowd_plan plan = { .truncate = 1,
		.silent_tcp = 1 };
	struct mxsel__question *q;
	unsigned nth, pause = 5;
	struct party p;
	uint64_t now;

	party_begin(&p, &plan, PARTY_TIME);
	party_send(&p, "d1.example");
	for (nth = 1; nth <= 8; nth++, pause *= 2) {
		end_connection(&p, nth);
		if (nth == 1)
			continue;
		q = oldest(&p);
		now = p.engine->now / 1000;
		ck_assert_int_eq(q->state, MXSEL__QUESTION_DUE);
		ck_assert_uint_ge(q->timer.due, now + pause * 3 / 4);
		ck_assert_uint_le(q->timer.due, now + pause * 5 / 4 + 1);
		p.engine->behind += 1000 * (q->timer.due - now);
	}
	turn_until(&p, MXSEL_LDNS_CONNECTED, 9);
	oldest(&p)->stream->answered = 1;
	shutdown(oldest(&p)->stream->socket.fd, SHUT_RDWR);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SENT_TCP), 9);
	party_end(&p);
}
END_TEST

/* A question comes back, and then the answer. */
static void echoes(struct liar_call *call)
{
	liar_begin(call, PACKET_RD);
	liar_send(call);
	liar_tell_truth(call);
}

START_TEST(F15_S1_S3_over_TCP_a_question_is_no_answer_either)
{
	struct trial t;

	trial_of_truth(&t, truncated, echoes);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_MISMATCHED), 1);
	trial_end(&t);
}
END_TEST

static atomic_int is_too_late;

/* The first question is answered too late, and then the second one. */
static void answers_late(struct liar_call *call)
{
	struct liar_call second = *call;
	uint8_t room[512];

	if (recv(call->fd, room, 2, MSG_WAITALL) != 2)
		return;
	second.size = (size_t)room[0] << 8 | room[1];
	second.question = room;
	if (second.size > sizeof room ||
			recv(call->fd, room, second.size, MSG_WAITALL) < 0)
		return;
	while (!atomic_load(&is_too_late))
		if (!liar_pause(call, 5))
			return;
	liar_tell_truth(call);
	liar_tell_truth(&second);
}

START_TEST(F3_S3_a_late_answer_does_not_spoil_the_connection_for_others)
{
	struct liar *liar = liar_start(truncated, answers_late);
	struct party p;
	mxsel *m;

	party_open(&p, PARTY_TIME);
	ck_assert_int_eq(mxsel_engine_add_server(p.engine,
		liar_address(liar)), 0);
	ck_assert_int_eq(mxsel_options_set(p.options, MXSEL_OPT_FAMILY,
		MXSEL_FAMILY_V4_ONLY), 0);
	party_send(&p, "[one.example.net]");
	party_send(&p, "[two.example.net]");
	turn_until(&p, MXSEL_LDNS_SENT_TCP, 2);
	mxsel__question_limit(p.engine, oldest(&p),
		p.engine->now / 1000 + 30);
	turn_until(&p, MXSEL_LDNS_TIMEOUTS, 1);
	atomic_store(&is_too_late, 1);
	while (p.ended < 2) {
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 100), 0);
		m = mxsel_engine_ready(p.engine);
		p.ended += m != NULL;
		mxsel_free(m);
	}
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_TIMEOUTS), 1);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 0);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_CONNECTED), 1);
	/* Who gave up on it lets nobody else ask there. */
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 0);
	party_end(&p);
	liar_stop(liar);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns engine: connections");
	TCase *c = tcase_create("streams");

	tcase_add_test(c,
		S12_a_connection_that_is_made_at_once_is_used_at_once);
	tcase_add_test(c,
		S11_F24_a_connection_full_of_what_could_not_leave_gets_no_more);
	tcase_add_test(c,
		F26_F33_S47_who_answers_another_question_is_not_called_back);
	tcase_add_test(c,
		F26_S47_who_hangs_up_is_called_back_eight_times_ever_later);
	tcase_add_test(c,
		S2_no_two_questions_of_a_connection_have_the_same_id);
	tcase_add_test(c, F15_S1_S3_over_TCP_a_question_is_no_answer_either);
	tcase_add_test(c,
		F3_S3_a_late_answer_does_not_spoil_the_connection_for_others);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
