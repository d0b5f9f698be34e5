/*
 * Questions going out: over what, for how long, and when there is room. May
 * use public headers and libc only.
 */
#include "ldns/question.h"

#include "ldns/engine.h"
#include "ldns/question_steps.h"
#include "ldns/stream.h"
#include "ldns/task.h"

#define SHARE_MAX 1750u      /* ms: a slow recursion is given that much */
#define SHARE_WANTED 1000u   /* ms: rather fewer rounds than less */
#define SOCKET_PAUSE 10u     /* ms, when all sockets are in use */

/*
 * As many rounds as leave every try a fair time: a try of the second round
 * has twice the time of the first, one of the third four times.
 */
static void plan_rounds(struct mxsel__question *q, uint32_t milliseconds)
{
	uint32_t wanted = (uint32_t)mxsel__earlier(SHARE_WANTED,
		milliseconds / 7u);
	unsigned rounds = MXSEL__ROUNDS_MAX + 1;
	uint32_t share;

	do {
		rounds--;
		share = milliseconds / (q->count * ((1u << rounds) - 1u));
	} while (share < wanted && rounds > 1);
	q->turns = (uint16_t)(rounds * q->count);
	q->share = (uint32_t)mxsel__earlier(share, SHARE_MAX);
}

/* So long is waited for an answer, without what chance adds to it. */
static uint64_t span_of_try(struct mxsel_engine *e,
	const struct mxsel__question *q)
{
	uint64_t span = (uint64_t)q->share << (q->turn / q->count);
	uint64_t usual = mxsel__lane_timeout(mxsel__question_lane(e, q)) /
		1000u;

	/* Twice as long with every try after the first. */
	if (usual != 0)
		span = mxsel__earlier(span,
			usual << mxsel__question_tries(q) >> 1);
	return span;
}

/*
 * Jittered by an eighth either way, so that many askers do not come back at
 * the same time. The last try has all the time that is left, a detour half.
 */
static uint64_t end_of_try(struct mxsel_engine *e,
	const struct mxsel__question *q, int tcp, uint16_t jitter)
{
	uint64_t now = mxsel__question_now(e), left = q->deadline - now;
	uint64_t span = span_of_try(e, q);

	if (q->detour == 1)
		return now + left / 2;
	if (mxsel__question_is_last(q))
		return q->deadline;
	/* Over TCP nothing is lost: it is the server that takes its time. */
	if (tcp)
		span = (uint64_t)q->share << (q->turn / q->count);
	span = span * 7 / 8 + span * jitter / (4u * 65536u);
	return mxsel__earlier(now + (span > 0 ? span : 1), q->deadline);
}

void mxsel__question_learn(struct mxsel_engine *e, struct mxsel__question *q)
{
	if (!mxsel__question_is_last(q))
		q->try_end = mxsel__earlier(q->try_end,
			q->sent / 1000u + span_of_try(e, q));
}

/* The last try of a server goes without EDNS: something may drop it. */
static int wants_edns(const struct mxsel__question *q)
{
	unsigned rounds = q->turns / q->count;

	return !(q->standings[mxsel__question_server(q)] &
		MXSEL__STANDING_PLAIN) &&
		(rounds == 1 || mxsel__question_tries(q) < rounds);
}

/* One try more, and how long it may take. 0; MXSEL_EENTROPY. */
static int begin_try(struct mxsel_engine *e, struct mxsel__question *q,
	int tcp)
{
	uint16_t jitter;
	int result = mxsel__dice_throw(&e->dice, &jitter);

	if (result != 0)
		return result;
	if (!q->goes_on)
		++*mxsel__question_standing(q);
	q->goes_on = 0;
	q->edns = (uint8_t)wants_edns(q);
	q->late = 0;
	q->sent = e->now;
	q->try_end = end_of_try(e, q, tcp, jitter);
	return 0;
}

/* No connection can be made: that was a try, if it did not go on with one. */
static void fail_over_tcp(struct mxsel_engine *e, struct mxsel__question *q,
	enum mxsel__fault fault)
{
	if (!q->goes_on)
		++*mxsel__question_standing(q);
	if (!mxsel__question_end_detour(e, q))
		mxsel__question_take_fault(e, q, fault);
}

static void ask_over_tcp(struct mxsel_engine *e, struct mxsel__question *q)
{
	struct mxsel__stream *s;
	enum mxsel__fault fault;

	fault = mxsel__stream_choose(e, mxsel__question_server(q), &s);
	if (fault == MXSEL__FAULT_AGAIN && q->detour != 1) {
		mxsel__question_go_on_at(e, q,
			mxsel__question_now(e) + SOCKET_PAUSE);
		return;
	}
	if (fault != MXSEL__FAULT_NONE) {
		fail_over_tcp(e, q, fault);
		return;
	}
	if (begin_try(e, q, 1) != 0 || mxsel__stream_ask(e, s, q) != 0) {
		mxsel__question_finish(e, q, MXSEL_DNS_NETWORK);
		return;
	}
	mxsel__servers_count(e->servers, MXSEL_LDNS_SENT_TCP);
	q->state = MXSEL__QUESTION_TCP;
	mxsel__wheel_set(&e->wheel, &q->timer, q->try_end);
}

/* Those that were asked before go first: their time is running. */
static void wait_for_room(struct mxsel_engine *e, struct mxsel__question *q)
{
	struct mxsel__lane *lane = mxsel__question_lane(e, q);

	lane->used_up = 1;
	e->queued++;
	q->state = MXSEL__QUESTION_QUEUED;
	if (q->standings[mxsel__question_server(q)] != 0)
		mxsel__list_add_first(&lane->queue, &q->waiting);
	else
		mxsel__list_add_last(&lane->queue, &q->waiting);
	mxsel__wheel_set(&e->wheel, &q->timer, q->deadline);
}

static void ask_over_udp(struct mxsel_engine *e, struct mxsel__question *q)
{
	struct mxsel__port *port;
	enum mxsel__fault fault;
	uint64_t late;

	fault = mxsel__port_choose(e, mxsel__question_server(q), &port);
	if (fault == MXSEL__FAULT_AGAIN) {
		/* Others have the sockets: nobody will tell when not. */
		mxsel__question_go_on_at(e, q,
			mxsel__question_now(e) + SOCKET_PAUSE);
		return;
	}
	if (fault != MXSEL__FAULT_NONE) {
		++*mxsel__question_standing(q);
		mxsel__question_take_fault(e, q, fault);
		return;
	}
	if (begin_try(e, q, 0) != 0 || mxsel__port_send(e, port, q) != 0) {
		mxsel__question_finish(e, q, MXSEL_DNS_NETWORK);
		return;
	}
	q->state = MXSEL__QUESTION_UDP;
	mxsel__servers_count(e->servers, MXSEL_LDNS_SENT_UDP);
	mxsel__lane_sent(mxsel__question_lane(e, q));
	late = e->now + mxsel__lane_patience(mxsel__question_lane(e, q));
	mxsel__wheel_set(&e->wheel, &q->timer,
		mxsel__earlier((late + 999u) / 1000u, q->try_end));
}

static int wants_detour(struct mxsel_engine *e, struct mxsel__question *q)
{
	return q->detour == 0 && mxsel__question_tries(q) > 0 &&
		mxsel__question_is_last(q) &&
		mxsel__question_lane(e, q)->mean != 0;
}

void mxsel__question_ask(struct mxsel_engine *e, struct mxsel__question *q)
{
	if (mxsel__question_now(e) >= q->deadline) {
		mxsel__question_finish(e, q, q->outcome);
		return;
	}
	if (wants_detour(e, q))
		q->detour = 1;
	if (q->detour == 1 ||
		(*mxsel__question_standing(q) & MXSEL__STANDING_TCP) != 0)
		ask_over_tcp(e, q);
	else if (mxsel__lane_has_room(mxsel__question_lane(e, q), e->in_flight))
		ask_over_udp(e, q);
	else
		wait_for_room(e, q);
}

/* Its server fell silent while it waited, and another has not (S10). */
static int has_better(struct mxsel_engine *e, const struct mxsel__question *q)
{
	unsigned i, here = mxsel__question_server(q);
	uint64_t now = mxsel__question_now(e);

	if (!mxsel__servers_is_bad(e->servers, here, now))
		return 0;
	for (i = 0; i < q->count; i++)
		if (!(q->standings[i] & MXSEL__STANDING_USELESS) &&
			!mxsel__servers_is_bad(e->servers, i, now))
			return 1;
	return 0;
}

void mxsel__question_admit(struct mxsel_engine *e, struct mxsel__question *q)
{
	mxsel__question_hang_up(e, q, MXSEL__LEFT);
	if (!mxsel__question_is_last(q) && has_better(e, q))
		mxsel__question_pass_on(e, q);
	else
		ask_over_udp(e, q);
}

void mxsel__question_begin(struct mxsel_engine *e, struct mxsel__question *q)
{
	uint32_t time = e->query_time != 0 ? e->query_time
		: mxsel__servers_time(e->servers);
	uint64_t now = mxsel__question_now(e);

	q->deadline = now + time;
	q->trusting = mxsel__servers_trust_ad(e->servers) != 0;
	q->count = (uint8_t)mxsel__servers_order(e->servers, now, q->order);
	if (q->count == 0) {
		mxsel__question_finish(e, q, MXSEL_DNS_NETWORK);
		return;
	}
	plan_rounds(q, time);
	mxsel__question_ask(e, q);
}
