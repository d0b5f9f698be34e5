/*
 * A question's life and what follows from what happens to it, see question.h.
 * May use public headers and libc only.
 */
#include "ldns/question.h"

#include <stdlib.h>
#include <string.h>

#include "ldns/engine.h"
#include "ldns/question_steps.h"
#include "ldns/stream.h"
#include "ldns/task.h"

#define SHORTAGE_PAUSE 50u   /* ms, when the machine is short of something */
#define RESEND_PAUSE 10u     /* ms, before it is called back a second time */

const mxsel_query *mxsel__question_query(const struct mxsel__question *q)
{
	return MXSEL__OWNER(q->waiters.next, struct mxsel__waiter,
		place)->query;
}

/* --------------------------------------------------------- birth and death */

struct mxsel__question *mxsel__question_new(struct mxsel_engine *e)
{
	struct mxsel__link *spare = mxsel__list_take(&e->spare_questions);
	struct mxsel__question *q = spare != NULL
		? MXSEL__OWNER(spare, struct mxsel__question, place)
		: malloc(sizeof *q);

	if (q == NULL)
		return NULL;
	memset(q, 0, sizeof *q);
	mxsel__list_init(&q->waiting);
	mxsel__list_init(&q->waiters);
	mxsel__timer_init(&q->timer);
	q->timer.kind = MXSEL__OF_QUESTION;
	mxsel__list_add_last(&e->questions, &q->place);
	q->state = MXSEL__QUESTION_DUE;
	q->outcome = MXSEL_DNS_NETWORK;
	return q;
}

static void leave_port(struct mxsel_engine *e, struct mxsel__question *q,
	enum mxsel__leaving how)
{
	struct mxsel__lane *lane = mxsel__question_lane(e, q);
	uint64_t took = e->now - q->sent;

	if (how == MXSEL__ANSWERED)
		mxsel__lane_answered(lane, q->late, took, e->now,
			e->in_flight);
	else if (how == MXSEL__LOST)
		mxsel__lane_lost(lane, q->late,
			lane->heard < q->sent ? took : 0, e->in_flight);
	else
		mxsel__lane_left(lane, q->late);
	if (how == MXSEL__LOST)
		q->port->given_up[q->place_there] = q->sent;
	mxsel__port_leave(e, q->port, q->place_there);
	q->port = NULL;
}

static void leave_stream(struct mxsel_engine *e, struct mxsel__question *q,
	enum mxsel__leaving how)
{
	if (how == MXSEL__ANSWERED)
		mxsel__lane_told(mxsel__question_lane(e, q),
			e->now - q->sent, e->now);
	else
		q->stream->unheard++;
	mxsel__stream_leave(e, q->stream, q->place_there, how == MXSEL__LOST);
	q->stream = NULL;
}

void mxsel__question_hang_up(struct mxsel_engine *e, struct mxsel__question *q,
	enum mxsel__leaving how)
{
	mxsel__wheel_stop(&e->wheel, &q->timer);
	if (q->port != NULL)
		leave_port(e, q, how);
	if (q->stream != NULL)
		leave_stream(e, q, how);
	if (q->state == MXSEL__QUESTION_QUEUED) {
		mxsel__list_remove(&q->waiting);
		e->queued--;
	}
	q->state = MXSEL__QUESTION_DUE;
}

void mxsel__question_retire(struct mxsel_engine *e, struct mxsel__question *q)
{
	mxsel__table_remove(&e->table, q);
	mxsel__list_remove(&q->place);
	mxsel__list_add_first(&e->spare_questions, &q->place);
}

void mxsel__question_drop(struct mxsel_engine *e, struct mxsel__question *q)
{
	mxsel__question_hang_up(e, q, MXSEL__LEFT);
	mxsel__question_retire(e, q);
}

/* Detached first: what is answered may go on at once (S38). */
void mxsel__question_answer_all(struct mxsel_engine *e,
	struct mxsel__question *q, int outcome,
	const struct mxsel__reply *reply)
{
	struct mxsel__waiter *w;
	struct mxsel__task *task;
	mxsel_query *query;
	int result;

	while (!mxsel__list_is_empty(&q->waiters)) {
		w = MXSEL__OWNER(q->waiters.next, struct mxsel__waiter, place);
		query = w->query;
		task = w->task;
		mxsel__waiter_free(e, w);
		result = MXSEL_EMALFORMED;
		if (reply != NULL)
			result = mxsel_answer_packet(query, reply->packet,
				reply->size,
				mxsel__reply_security(reply, q->trusting));
		/* That fails where somebody else has answered it. */
		if (result != 0)
			(void)mxsel_answer_finish(query, outcome,
				MXSEL_SECURITY_INDETERMINATE);
		e->answered++;
		mxsel__task_answered(e, task);
	}
}

void mxsel__question_finish(struct mxsel_engine *e,
	struct mxsel__question *q, int outcome)
{
	mxsel__question_hang_up(e, q, MXSEL__LEFT);
	mxsel__question_answer_all(e, q, outcome, NULL);
	mxsel__question_retire(e, q);
}

/* ---------------------------------------------------------- what comes next */

/* How much a failure tells; the most telling one is the question's. */
static int rank_of(int outcome)
{
	switch (outcome) {
	case MXSEL_DNS_SERVFAIL:
		return 5;
	case MXSEL_DNS_TRUNCATED:
	case MXSEL_DNS_MALFORMED:
		return 4;
	case MXSEL_DNS_NETWORK:
		return 1;
	case MXSEL_DNS_TIMEOUT:
		return 2;
	default:
		return 3;
	}
}

void mxsel__question_note(struct mxsel__question *q, int outcome)
{
	if (rank_of(outcome) > rank_of(q->outcome))
		q->outcome = (uint8_t)outcome;
}

/* The next turn of a server that may still be of use; turns: none. */
static unsigned later_turn(const struct mxsel__question *q)
{
	unsigned turn, standing;

	for (turn = q->turn + 1u; turn < q->turns; turn++) {
		standing = q->standings[q->order[turn % q->count]];
		if (!(standing & MXSEL__STANDING_USELESS) &&
			(standing & MXSEL__STANDING_TRIES) < MXSEL__ROUNDS_MAX)
			break;
	}
	return turn;
}

int mxsel__question_is_last(const struct mxsel__question *q)
{
	return later_turn(q) >= q->turns;
}

/* Off its socket already. */
void mxsel__question_go_on_at(struct mxsel_engine *e, struct mxsel__question *q,
	uint64_t time)
{
	q->state = MXSEL__QUESTION_DUE;
	mxsel__wheel_set(&e->wheel, &q->timer,
		mxsel__earlier(time, q->deadline));
}

static void next_server(struct mxsel_engine *e, struct mxsel__question *q,
	uint64_t time)
{
	unsigned turn = later_turn(q);

	if (turn >= q->turns) {
		mxsel__question_finish(e, q, q->outcome);
		return;
	}
	q->turn = (uint16_t)turn;
	q->goes_on = 0;
	q->resent = 0;
	mxsel__question_go_on_at(e, q, time);
}

void mxsel__question_pass_on(struct mxsel_engine *e, struct mxsel__question *q)
{
	next_server(e, q, mxsel__question_now(e));
}

void mxsel__question_give_up_server(struct mxsel_engine *e,
	struct mxsel__question *q, int outcome)
{
	mxsel__question_note(q, outcome);
	*mxsel__question_standing(q) |= MXSEL__STANDING_USELESS;
	next_server(e, q, mxsel__question_now(e));
}

void mxsel__question_go_on_over_tcp(struct mxsel_engine *e,
	struct mxsel__question *q)
{
	*mxsel__question_standing(q) |= MXSEL__STANDING_TCP;
	q->goes_on = 1;
	mxsel__question_go_on_at(e, q, mxsel__question_now(e));
}

void mxsel__question_to_tcp(struct mxsel_engine *e,
	struct mxsel__question *q)
{
	mxsel__question_hang_up(e, q, MXSEL__LEFT);
	mxsel__question_go_on_over_tcp(e, q);
}

int mxsel__question_end_detour(struct mxsel_engine *e,
	struct mxsel__question *q)
{
	if (q->detour != 1)
		return 0;
	q->detour = 2;
	q->goes_on = 1;
	mxsel__question_go_on_at(e, q, mxsel__question_now(e));
	return 1;
}

/* So many milliseconds, a quarter more or less, so that many askers do not
   come back at the same time (S47): the hash has a random key. */
static uint64_t jittered(const struct mxsel_engine *e,
	const struct mxsel__question *q, uint64_t pause)
{
	return pause - pause / 4 + (q->hash ^ e->now) % (pause / 2 + 1);
}

/* Once at once, as connections end in any case (RFC 7766 6.2.4); then after
   ever longer pauses (S47). */
void mxsel__question_resend(struct mxsel_engine *e,
	struct mxsel__question *q)
{
	uint64_t now = mxsel__question_now(e);

	mxsel__question_hang_up(e, q, MXSEL__LEFT);
	q->goes_on = 1;
	if (q->resent > 0)
		now += jittered(e, q, (RESEND_PAUSE / 2u) << q->resent);
	q->resent++;
	mxsel__question_go_on_at(e, q, now);
}

void mxsel__question_restart(struct mxsel_engine *e,
	struct mxsel__question *q)
{
	if (q->state != MXSEL__QUESTION_UDP && q->state != MXSEL__QUESTION_TCP)
		return;
	q->port = NULL;
	q->stream = NULL;
	q->goes_on = 1;
	mxsel__question_go_on_at(e, q, mxsel__question_now(e));
}

void mxsel__question_take_fault(struct mxsel_engine *e,
	struct mxsel__question *q, enum mxsel__fault fault)
{
	if (fault == MXSEL__FAULT_BROKEN) {
		mxsel__servers_count(e->servers, MXSEL_LDNS_MALFORMED);
		mxsel__question_give_up_server(e, q, MXSEL_DNS_MALFORMED);
	} else if (fault == MXSEL__FAULT_LOCAL) {
		next_server(e, q, mxsel__question_now(e) +
			jittered(e, q, SHORTAGE_PAUSE));
	} else {
		if (!(*mxsel__question_standing(q) & MXSEL__STANDING_TCP))
			mxsel__servers_blame(e->servers,
				mxsel__question_server(q),
				mxsel__question_now(e));
		mxsel__question_give_up_server(e, q, MXSEL_DNS_NETWORK);
	}
}

void mxsel__question_fault(struct mxsel_engine *e, struct mxsel__question *q,
	enum mxsel__fault fault)
{
	mxsel__question_hang_up(e, q, MXSEL__LEFT);
	if (!mxsel__question_end_detour(e, q))
		mxsel__question_take_fault(e, q, fault);
}

/* ----------------------------------------------------------------- in time */

static void time_out(struct mxsel_engine *e, struct mxsel__question *q)
{
	int was_udp = q->state == MXSEL__QUESTION_UDP;

	mxsel__servers_count(e->servers, MXSEL_LDNS_TIMEOUTS);
	mxsel__question_note(q, MXSEL_DNS_TIMEOUT);
	/* Alive, if it answered others meanwhile. */
	if (was_udp && mxsel__question_lane(e, q)->heard < q->sent)
		mxsel__servers_blame(e->servers,
			mxsel__question_server(q), mxsel__question_now(e));
	mxsel__question_hang_up(e, q, MXSEL__LOST);
	if (!mxsel__question_end_detour(e, q))
		next_server(e, q, mxsel__question_now(e));
}

/* Longer than most take; where that is not known yet, look again. */
static void be_late(struct mxsel_engine *e, struct mxsel__question *q)
{
	struct mxsel__lane *lane = mxsel__question_lane(e, q);
	uint64_t now = mxsel__question_now(e), next;

	if (!q->late)
		mxsel__lane_late(lane);
	q->late = 1;
	mxsel__question_learn(e, q);
	next = lane->mean != 0 ? q->try_end : 2 * now - q->sent / 1000u + 1;
	mxsel__wheel_set(&e->wheel, &q->timer,
		mxsel__earlier(next, q->try_end));
}

void mxsel__question_expired(struct mxsel_engine *e,
	struct mxsel__timer *timer)
{
	struct mxsel__question *q = MXSEL__OWNER(timer,
		struct mxsel__question, timer);

	if (q->state == MXSEL__QUESTION_DUE) {
		mxsel__question_ask(e, q);
	} else if (q->state == MXSEL__QUESTION_QUEUED) {
		mxsel__question_finish(e, q, q->outcome);
	} else if (mxsel__question_now(e) < q->try_end) {
		be_late(e, q);
	} else {
		time_out(e, q);
	}
}

void mxsel__question_limit(struct mxsel_engine *e, struct mxsel__question *q,
	uint64_t milliseconds)
{
	if (q->deadline <= milliseconds)
		return;
	q->deadline = milliseconds;
	q->try_end = mxsel__earlier(q->try_end, milliseconds);
	if (q->timer.due > milliseconds)
		mxsel__wheel_set(&e->wheel, &q->timer, milliseconds);
}
