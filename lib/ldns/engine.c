/*
 * The engine's round: what came, what is late, what has room to go out. See
 * engine.h. May use public headers and libc only.
 */
#define _POSIX_C_SOURCE 200809L

#include "ldns/engine.h"

#include <stdlib.h>
#include <string.h>

#include "ldns/stream.h"
#include "ldns/sys.h"
#include "ldns/task.h"

static struct mxsel__question *question_at(struct mxsel__link *place)
{
	return MXSEL__OWNER(place, struct mxsel__question, place);
}

static struct mxsel__socket *socket_at(struct mxsel__link *place)
{
	return MXSEL__OWNER(place, struct mxsel__socket, place);
}

/* ------------------------------------------------------------ birth, death */

static int init_parts(struct mxsel_engine *e, enum mxsel__poller_kind kind)
{
	uint64_t key;
	int result = mxsel__sys_random(&key, sizeof key);

	if (result == 0)
		result = mxsel__engine_look_at_clock(e);
	if (result == 0)
		result = mxsel__poller_init(&e->poller, kind);
	if (result != 0)
		return result;
	result = mxsel__table_init(&e->table, key);
	if (result != 0)
		mxsel__poller_destroy(&e->poller);
	return result;
}

int mxsel__engine_init(struct mxsel_engine *e, struct mxsel__servers *servers,
	enum mxsel__poller_kind kind)
{
	int result;

	memset(e, 0, offsetof(struct mxsel_engine, batch));
	e->batch.port = NULL;
	e->batch.count = 0;
	e->batch.slices = -1;
	e->servers = servers;
	e->in_flight = 1024;
	mxsel__list_init(&e->questions);
	mxsel__list_init(&e->tasks);
	mxsel__list_init(&e->ready);
	mxsel__list_init(&e->dead);
	mxsel__list_init(&e->later);
	mxsel__list_init(&e->spare_questions);
	mxsel__list_init(&e->spare_waiters);
	mxsel__list_init(&e->spare_tasks);
	mxsel__dice_init(&e->dice);
	result = init_parts(e, kind);
	if (result != 0)
		return result;
	mxsel__wheel_init(&e->wheel, e->now / 1000u);
	mxsel__process_init(&e->process);
	return result;
}

static void bury(struct mxsel_engine *e)
{
	struct mxsel__link *link;

	while ((link = mxsel__list_take(&e->dead)) != NULL)
		free(socket_at(link)); /* first in port and stream */
}

static void close_socket(struct mxsel_engine *e, struct mxsel__socket *socket)
{
	if (socket->is_stream)
		mxsel__stream_close(e, (struct mxsel__stream *)(void *)socket);
	else
		mxsel__port_close(e, (struct mxsel__port *)(void *)socket);
}

static void close_list(struct mxsel_engine *e, struct mxsel__link *sockets)
{
	while (!mxsel__list_is_empty(sockets))
		close_socket(e, socket_at(sockets->next));
}

void mxsel__engine_rest(struct mxsel_engine *e)
{
	unsigned i;

	for (i = 0; i < e->lane_count; i++) {
		close_list(e, &e->lanes[i].ports);
		close_list(e, &e->lanes[i].streams);
	}
	bury(e);
}

/* Nothing is asked: the next question has a port that nobody has seen. */
static void leave_ports(struct mxsel_engine *e)
{
	unsigned i;

	if (!mxsel__list_is_empty(&e->questions))
		return;
	for (i = 0; i < e->lane_count; i++)
		close_list(e, &e->lanes[i].ports);
}

static void leave_waiters(struct mxsel_engine *e, struct mxsel__link *waiters)
{
	while (!mxsel__list_is_empty(waiters))
		mxsel__waiter_free(e, MXSEL__OWNER(waiters->next,
			struct mxsel__waiter, place));
}

void mxsel__engine_drop(struct mxsel_engine *e)
{
	struct mxsel__question *q;

	leave_waiters(e, &e->later);
	while (!mxsel__list_is_empty(&e->questions)) {
		q = question_at(e->questions.next);
		leave_waiters(e, &q->waiters);
		mxsel__question_drop(e, q);
	}
}

static void release_spare(struct mxsel_engine *e)
{
	struct mxsel__link *link;

	while ((link = mxsel__list_take(&e->spare_questions)) != NULL)
		free(question_at(link));
	while ((link = mxsel__list_take(&e->spare_waiters)) != NULL)
		free(MXSEL__OWNER(link, struct mxsel__waiter, place));
}

void mxsel__engine_destroy(struct mxsel_engine *e)
{
	while (!mxsel__list_is_empty(&e->questions))
		mxsel__question_finish(e, question_at(e->questions.next),
			MXSEL_DNS_NETWORK);
	mxsel__tasks_drop(e);
	mxsel__engine_rest(e);
	release_spare(e);
	mxsel__table_destroy(&e->table);
	mxsel__poller_destroy(&e->poller);
	mxsel__process_destroy(&e->process);
	free(e->lanes);
}

/* ----------------------------------------------------------------- asking */

/* One a server; from now on there are no others. */
static int make_lanes(struct mxsel_engine *e)
{
	unsigned char order[MXSEL__SERVERS_MAX];
	unsigned count, i;

	if (e->lanes != NULL)
		return 0;
	count = mxsel__servers_order(e->servers, 0, order);
	e->lanes = calloc(count + 1u, sizeof(e->lanes[0]));
	if (e->lanes == NULL)
		return MXSEL_ENOMEM;
	for (i = 0; i < count; i++)
		mxsel__lane_init(&e->lanes[i]);
	e->lane_count = count;
	return 0;
}

/* It waits for whoever asks the same, or asks. 0, or MXSEL_ENOMEM. */
static int join(struct mxsel_engine *e, struct mxsel__waiter *w)
{
	const char *name = mxsel_query_name(w->query);
	uint16_t type = mxsel_query_type(w->query);
	uint64_t hash = mxsel__table_hash(&e->table, name, type);
	struct mxsel__question *q;

	if (make_lanes(e) != 0)
		return MXSEL_ENOMEM;
	q = mxsel__table_find(&e->table, hash, name, type);
	if (q != NULL) {
		mxsel__servers_count(e->servers, MXSEL_LDNS_COALESCED);
		w->question = q;
		mxsel__list_add_last(&q->waiters, &w->place);
		return 0;
	}
	q = mxsel__question_new(e);
	if (q == NULL)
		return MXSEL_ENOMEM;
	q->hash = hash;
	w->question = q;
	mxsel__list_add_last(&q->waiters, &w->place);
	mxsel__table_add(&e->table, q);
	mxsel__question_begin(e, q);
	return 0;
}

int mxsel__engine_ask(struct mxsel_engine *e, mxsel_query *query,
	struct mxsel__task *task)
{
	struct mxsel__waiter *w = mxsel__waiter_new(e, query, task);

	if (w == NULL)
		return MXSEL_ENOMEM;
	if (join(e, w) == 0)
		return 0;
	mxsel__waiter_free(e, w);
	return MXSEL_ENOMEM;
}

int mxsel__engine_ask_later(struct mxsel_engine *e, mxsel_query *query)
{
	struct mxsel__waiter *w = mxsel__waiter_new(e, query, NULL);

	if (w == NULL)
		return MXSEL_ENOMEM;
	mxsel__list_add_last(&e->later, &w->place);
	return 0;
}

void mxsel__engine_ask_now(struct mxsel_engine *e)
{
	struct mxsel__link *link;
	struct mxsel__waiter *w;
	mxsel_query *query;

	while ((link = mxsel__list_take(&e->later)) != NULL) {
		w = MXSEL__OWNER(link, struct mxsel__waiter, place);
		query = w->query;
		if (join(e, w) == 0)
			continue;
		mxsel__waiter_free(e, w);
		mxsel_answer_finish(query, MXSEL_DNS_NETWORK,
			MXSEL_SECURITY_INDETERMINATE);
		e->answered++;
	}
}

void mxsel__engine_put_off(struct mxsel_engine *e)
{
	struct mxsel__question *q;
	struct mxsel__waiter *w;

	while (!mxsel__list_is_empty(&e->questions)) {
		q = question_at(e->questions.next);
		while (!mxsel__list_is_empty(&q->waiters)) {
			w = MXSEL__OWNER(q->waiters.next,
				struct mxsel__waiter, place);
			w->question = NULL;
			mxsel__list_remove(&w->place);
			mxsel__list_add_last(&e->later, &w->place);
		}
		mxsel__question_drop(e, q);
	}
	mxsel__engine_rest(e);
}

void mxsel__engine_forget(struct mxsel_engine *e, mxsel_query *query)
{
	struct mxsel__waiter *w = mxsel_query_user(query);
	struct mxsel__question *q;

	if (w == NULL)
		return;
	q = w->question;
	mxsel__waiter_free(e, w);
	if (q != NULL && mxsel__list_is_empty(&q->waiters))
		mxsel__question_drop(e, q);
}

void mxsel__engine_limit(struct mxsel_engine *e, uint64_t milliseconds)
{
	struct mxsel__link *link;

	for (link = e->questions.next; link != &e->questions;
			link = link->next)
		mxsel__question_limit(e, question_at(link), milliseconds);
}

/* ---------------------------------------------------------------- a round */

/*
 * The child of a fork has copies of its parent's sockets and would take the
 * parent's answers from them, with numbers the parent drew (S44).
 */
static int leave_parent(struct mxsel_engine *e)
{
	struct mxsel__link *link;
	unsigned i;

	if (!mxsel__process_is_child(&e->process))
		return 0;
	if (mxsel__poller_restart(&e->poller) != 0)
		return MXSEL_ESYSTEM;
	mxsel__process_settle(&e->process);
	mxsel__dice_init(&e->dice);
	e->batch.count = 0;
	for (link = e->questions.next; link != &e->questions;
			link = link->next)
		mxsel__question_restart(e, question_at(link));
	mxsel__engine_rest(e);
	for (i = 0; i < e->lane_count; i++)
		e->lanes[i].pipe = e->lanes[i].in_flight = 0;
	return 0;
}

static void hear(struct mxsel_engine *e)
{
	struct mxsel__watch *watch;
	unsigned events;

	while ((watch = mxsel__poller_ready(&e->poller, &events)) != NULL) {
		struct mxsel__socket *socket = MXSEL__OWNER(watch,
			struct mxsel__socket, watch);

		if (socket->is_stream)
			mxsel__stream_step(e,
				(struct mxsel__stream *)(void *)socket);
		else
			mxsel__port_listen(e,
				(struct mxsel__port *)(void *)socket);
	}
}

static void expire(struct mxsel_engine *e)
{
	struct mxsel__timer *timer;

	while ((timer = mxsel__wheel_expired(&e->wheel, e->now / 1000u)) !=
			NULL) {
		if (timer->kind == MXSEL__OF_QUESTION)
			mxsel__question_expired(e, timer);
		else if (timer->kind == MXSEL__OF_TASK)
			mxsel__task_expired(e, timer);
		else
			mxsel__stream_expired(e, timer);
	}
}

/* Does somebody wait for this server that it would take? */
static int can_admit_to(const struct mxsel_engine *e,
	const struct mxsel__lane *lane)
{
	return !mxsel__list_is_empty(&lane->queue) &&
		mxsel__lane_has_room(lane, e->in_flight);
}

/* Those that wait for a server, as many as it takes now. */
static void admit(struct mxsel_engine *e)
{
	struct mxsel__lane *lane;
	unsigned i;

	/* Each leaves the queue, and nobody comes back to it in this round. */
	for (i = 0; i < e->lane_count; i++) {
		lane = &e->lanes[i];
		while (can_admit_to(e, lane))
			mxsel__question_admit(e, MXSEL__OWNER(lane->queue.next,
				struct mxsel__question, waiting));
	}
}

static int can_admit(const struct mxsel_engine *e)
{
	unsigned i;

	for (i = 0; i < e->lane_count; i++)
		if (can_admit_to(e, &e->lanes[i]))
			return 1;
	return 0;
}

/* When it steps back, as after a virtual machine was moved, no time has
   passed: deadlines and the wheel of timers know one direction (F83). */
int mxsel__engine_look_at_clock(struct mxsel_engine *e)
{
	uint64_t clock;
	int result = mxsel__sys_clock_exact(&clock);

	if (result != 0)
		return result;
	if (clock < e->clock)
		e->behind += e->clock - clock;
	e->clock = clock;
	e->now = clock + e->behind;
	return 0;
}

int mxsel__engine_arrive(struct mxsel_engine *e)
{
	int result = mxsel__engine_look_at_clock(e);

	return result == 0 ? leave_parent(e) : result;
}

int mxsel__engine_wake(const struct mxsel_engine *e)
{
	uint64_t now, wake = mxsel__wheel_next(&e->wheel);

	if (e->batch.count > 0 || !mxsel__list_is_empty(&e->ready) ||
			can_admit(e) || mxsel__sys_clock(&now) != 0 ||
			mxsel__process_is_child(&e->process))
		return 0;
	if (wake == UINT64_MAX)
		return -1;
	if (now < e->clock / 1000u)
		now = e->clock / 1000u;
	now += e->behind / 1000u;
	if (wake <= now)
		return 0;
	/* It is a turn of the wheel at most. */
	return (int)(wake - now);
}

int mxsel__engine_turn(struct mxsel_engine *e, int milliseconds)
{
	int result = mxsel__engine_arrive(e);
	int wake;

	if (result != 0)
		return result;
	mxsel__port_flush(e);
	wake = milliseconds == 0 ? 0 : mxsel__engine_wake(e);
	/* Nothing at all to wait for: that would be for ever. */
	if (wake < 0)
		wake = 0;
	if (milliseconds < 0 || wake < milliseconds)
		milliseconds = wake;
	result = mxsel__poller_wait(&e->poller, milliseconds);
	if (result == 0)
		result = mxsel__engine_look_at_clock(e);
	if (result != 0)
		return result;
	hear(e);
	expire(e);
	admit(e);
	mxsel__port_flush(e);
	leave_ports(e);
	bury(e);
	return 0;
}
