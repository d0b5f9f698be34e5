/*
 * Selections of an event loop: what they asked, until when they wait for it,
 * and which can go on. One thread at a time, so nothing is locked; libunbound
 * calls back only from mxsel__ub_channel_hear(). May use the public headers,
 * libc and libunbound.
 */
#include <stdlib.h>

#include "unbound/answer.h"
#include "unbound/clock.h"
#include "unbound/inside.h"

struct question;

struct task {
	struct mxsel__ub_link place;  /* in loop->tasks */
	struct mxsel__ub_link turn;   /* in loop->ready, or in none */
	struct mxsel__ub_timer timer; /* what of it ends first */
	struct mxsel_unbound *owner;
	mxsel *selection;
	struct question *questions;
	uint64_t began;               /* to wait */
	uint64_t limit;               /* of the selection, while it waits */
	int waiting;                  /* it cannot go on without an answer */
	int attached;                 /* the selection knows of it */
};

struct question {
	struct question *next;
	struct task *task;
	mxsel_query *query;
	uint64_t deadline;
	int id;
};

static struct task *task_of_turn(struct mxsel__ub_link *turn)
{
	return MXSEL__UB_OWNER(turn, struct task, turn);
}

/* ------------------------------------------------------------- questions */

static void forget(struct question *q)
{
	struct question **link = &q->task->questions;

	while (*link != q)
		link = &(*link)->next;
	*link = q->next;
	free(q);
}

/* libunbound is told that nobody waits. */
static void withdraw(struct question *q)
{
	(void)mxsel__ub_channel_forget(&q->task->owner->loop.channel, q->id);
	forget(q);
}

/* ----------------------------------------------------------------- tasks */

static void cancel(mxsel_query *query, void *user);

static struct task *task_new(struct mxsel_unbound *u, mxsel *m)
{
	struct mxsel__ub_loop *loop = &u->loop;
	struct task *task;

	if (mxsel__ub_heap_reserve(&loop->timers, loop->count + 1) != 0)
		return NULL;
	task = calloc(1, sizeof *task);
	if (task == NULL)
		return NULL;
	task->owner = u;
	task->selection = m;
	task->limit = MXSEL__UB_NEVER;
	mxsel__ub_list_init(&task->place);
	mxsel__ub_list_init(&task->turn);
	mxsel__ub_list_add(&loop->tasks, &task->place);
	loop->count++;
	return task;
}

/* From the first question on: a cancel function of the program's own is left
   alone when there is nothing to ask. */
static void attach(struct task *task)
{
	mxsel_set_cancel(task->selection, cancel, task);
	task->attached = 1;
}

/* The selection is its owner's alone. No question is left: those of a
   selection that is reset or freed it has cancelled one by one before. */
static void task_free(struct task *task)
{
	struct mxsel__ub_loop *loop = &task->owner->loop;

	if (task->attached)
		mxsel_set_cancel(task->selection, NULL, NULL);
	mxsel__ub_heap_stop(&loop->timers, &task->timer);
	mxsel__ub_list_remove(&task->turn);
	mxsel__ub_list_remove(&task->place);
	loop->count--;
	free(task);
}

/* Nothing is asked for it, and nobody need be told of it. */
static void free_if_idle(struct task *task)
{
	if (!task->waiting && task->questions == NULL &&
			mxsel__ub_list_is_empty(&task->turn))
		task_free(task);
}

static void set_timer(struct task *task)
{
	uint64_t due = task->limit;
	const struct question *q;

	for (q = task->questions; q != NULL; q = q->next)
		if (q->deadline < due)
			due = q->deadline;
	/* Also never: it comes last. */
	mxsel__ub_heap_set(&task->owner->loop.timers, &task->timer, due);
}

static void make_ready(struct task *task, uint64_t now)
{
	task->waiting = 0;
	task->limit = MXSEL__UB_NEVER;
	mxsel__ub_list_add(&task->owner->loop.ready, &task->turn);
	mxsel_time_spent(task->selection, (uint32_t)(now - task->began));
}

/* Something of it was answered, or its time has come. */
static void look_after(struct task *task, uint64_t now)
{
	if (task->waiting && (task->limit <= now ||
			!mxsel_is_waiting(task->selection)))
		make_ready(task, now);
	set_timer(task);
	free_if_idle(task);
}

/* The selection tells: nobody waits for this question; NULL: for any. */
static void cancel(mxsel_query *query, void *user)
{
	struct task *task = user;
	struct question *q;

	if (query == NULL) {
		task_free(task);
		return;
	}
	/* NULL: it was not taken here. */
	q = mxsel_query_user(query);
	if (q != NULL)
		withdraw(q);
}

/* libunbound has an answer. */
static void hear(void *user, int error, struct ub_result *result)
{
	struct question *q = user;
	struct task *task = q->task;
	mxsel_query *query = q->query;

	forget(q);
	mxsel_query_set_user(query, NULL);
	mxsel__ub_answer(query, error, result, mxsel__ub_proves(task->owner));
	look_after(task, mxsel__ub_now());
}

/* It ends without libunbound's answer. */
static void end_question(struct question *q, int outcome)
{
	mxsel_query *query = q->query;

	withdraw(q);
	mxsel_query_set_user(query, NULL);
	mxsel__ub_answer_failed(query, outcome);
}

static void task_end(struct task *task)
{
	while (task->questions != NULL)
		end_question(task->questions, MXSEL_DNS_NETWORK);
	task_free(task);
}

static void expire_questions(struct task *task, uint64_t now)
{
	struct question *q, *next;

	for (q = task->questions; q != NULL; q = next) {
		next = q->next;
		if (q->deadline <= now)
			end_question(q, MXSEL_DNS_TIMEOUT);
	}
}

void mxsel__ub_expire(struct mxsel_unbound *u)
{
	struct mxsel__ub_loop *loop = &u->loop;
	uint64_t now = mxsel__ub_now();
	struct mxsel__ub_timer *timer;
	struct task *task;

	while ((timer = mxsel__ub_heap_first(&loop->timers)) != NULL &&
			timer->due <= now) {
		task = MXSEL__UB_OWNER(timer, struct task, timer);
		expire_questions(task, now);
		look_after(task, now);
	}
}

void mxsel__ub_give_up(struct mxsel_unbound *u)
{
	struct mxsel__ub_link *link, *next;
	struct task *task;

	for (link = u->loop.tasks.next; link != &u->loop.tasks; link = next) {
		next = link->next;
		task = MXSEL__UB_OWNER(link, struct task, place);
		while (task->questions != NULL)
			end_question(task->questions, MXSEL_DNS_NETWORK);
		look_after(task, mxsel__ub_now());
	}
}

/* ---------------------------------------------------------------- asking */

static int ask(struct task *task, mxsel_query *query)
{
	struct mxsel_unbound *u = task->owner;
	struct question *q = malloc(sizeof *q);
	int result;

	if (q == NULL)
		return MXSEL_ENOMEM;
	q->task = task;
	q->query = query;
	q->deadline = mxsel__ub_now() +
		(uint64_t)atomic_load(&u->query_time);
	q->next = task->questions;
	task->questions = q;
	mxsel_query_set_user(query, q);
	result = mxsel__ub_channel_ask(&u->loop.channel, query, hear, q,
		&q->id);
	if (result != 0) {
		forget(q);
		mxsel_query_set_user(query, NULL);
	}
	return result;
}

static void ask_all(struct task *task)
{
	mxsel_query *query;

	while ((query = mxsel_query_take(task->selection)) != NULL) {
		attach(task);
		if (ask(task, query) != 0)
			mxsel__ub_answer_failed(query, MXSEL_DNS_NETWORK);
	}
}

static void begin_waiting(struct task *task)
{
	task->waiting = 1;
	task->began = mxsel__ub_now();
	/* Where there is none, in 49 days: questions end before. */
	task->limit = task->began + mxsel_time_left(task->selection);
}

static int go_on(struct task *task)
{
	int result;

	do {
		/* It may be freed, by a resolver or cancel function of its
		   own: of the task, which asked nothing, nothing is left,
		   either (MXSEL_ECANCELED). */
		result = mxsel_next(task->selection);
		if (result == MXSEL_LOOKUP || result == MXSEL_ATTEMPT)
			ask_all(task);
		/* Ended at once, some of them: see what comes of it. */
	} while (result == MXSEL_LOOKUP &&
		!mxsel_is_waiting(task->selection));
	if (result == MXSEL_LOOKUP && task->questions != NULL)
		begin_waiting(task);
	else if (result == MXSEL_LOOKUP)
		result = MXSEL_EUSAGE; /* somebody else has its questions */
	set_timer(task);
	free_if_idle(task);
	return result;
}

int mxsel_unbound_next(mxsel_unbound *u, mxsel *m)
{
	struct task *task;

	if (u == NULL || m == NULL)
		return MXSEL_EUSAGE;
	task = mxsel_cancel_user(m, cancel);
	if (task != NULL && (task->waiting || task->owner != u))
		return MXSEL_EUSAGE;
	if (task == NULL)
		task = task_new(u, m);
	if (task == NULL)
		return MXSEL_ENOMEM;
	mxsel__ub_list_remove(&task->turn);
	return go_on(task);
}

mxsel *mxsel_unbound_ready(mxsel_unbound *u)
{
	struct task *task;
	mxsel *m;

	if (u == NULL || mxsel__ub_list_is_empty(&u->loop.ready))
		return NULL;
	task = task_of_turn(u->loop.ready.next);
	mxsel__ub_list_remove(&task->turn);
	m = task->selection;
	free_if_idle(task);
	return m;
}

int mxsel_unbound_cancel(mxsel_unbound *u, mxsel *m)
{
	struct task *task;

	if (u == NULL || m == NULL)
		return MXSEL_EUSAGE;
	task = mxsel_cancel_user(m, cancel);
	if (task != NULL && task->owner == u)
		task_end(task);
	return 0;
}

/* ------------------------------------------------------------ make, free */

int mxsel__ub_loop_init(struct mxsel_unbound *u)
{
	struct mxsel__ub_loop *loop = &u->loop;

	mxsel__ub_list_init(&loop->tasks);
	mxsel__ub_list_init(&loop->ready);
	loop->timers.slots = NULL;
	loop->timers.count = loop->timers.room = 0;
	loop->count = 0;
	return mxsel__ub_channel_init(&loop->channel);
}

void mxsel__ub_loop_destroy(struct mxsel_unbound *u)
{
	struct mxsel__ub_loop *loop = &u->loop;

	while (!mxsel__ub_list_is_empty(&loop->tasks))
		task_end(MXSEL__UB_OWNER(loop->tasks.next, struct task,
			place));
	mxsel__ub_heap_destroy(&loop->timers);
	mxsel__ub_channel_destroy(&loop->channel);
}
