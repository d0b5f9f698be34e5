/*
 * Selections under way, see task.h, and the calls by which a program has them
 * there. May use public headers and libc only.
 */
#include "ldns/task.h"

#include <stdlib.h>
#include <string.h>

#include "ldns/engine.h"
#include "ldns/sys.h"

static struct mxsel__task *task_at(struct mxsel__link *place)
{
	return MXSEL__OWNER(place, struct mxsel__task, place);
}

/* ---------------------------------------------------------------- waiters */

struct mxsel__waiter *mxsel__waiter_new(struct mxsel_engine *e,
	mxsel_query *query, struct mxsel__task *task)
{
	struct mxsel__link *spare = mxsel__list_take(&e->spare_waiters);
	struct mxsel__waiter *w;

	if (spare != NULL) {
		w = MXSEL__OWNER(spare, struct mxsel__waiter, place);
	} else {
		w = malloc(sizeof *w);
		if (w == NULL)
			return NULL;
		mxsel__list_init(&w->place);
	}
	mxsel__list_init(&w->of_task);
	w->question = NULL;
	w->query = query;
	w->task = task;
	if (task != NULL)
		mxsel__list_add_last(&task->waiters, &w->of_task);
	mxsel_query_set_user(query, w);
	return w;
}

void mxsel__waiter_free(struct mxsel_engine *e, struct mxsel__waiter *w)
{
	mxsel__list_remove(&w->place);
	mxsel__list_remove(&w->of_task);
	mxsel__list_add_first(&e->spare_waiters, &w->place);
}

/* ------------------------------------------------------------------ tasks */

static void cancel(mxsel_query *query, void *user);

static struct mxsel__task *task_new(struct mxsel_engine *e, mxsel *m)
{
	struct mxsel__link *spare = mxsel__list_take(&e->spare_tasks);
	struct mxsel__task *task = spare != NULL ? task_at(spare)
		: malloc(sizeof *task);

	if (task == NULL)
		return NULL;
	memset(task, 0, sizeof *task);
	task->engine = e;
	task->selection = m;
	mxsel__list_init(&task->turn);
	mxsel__list_init(&task->waiters);
	mxsel__timer_init(&task->timer);
	task->timer.kind = MXSEL__OF_TASK;
	mxsel__list_add_last(&e->tasks, &task->place);
	e->task_count++;
	mxsel_set_cancel(m, cancel, task);
	return task;
}

/* Without questions: the selection is its owner's alone. */
static void task_free(struct mxsel__task *task)
{
	struct mxsel_engine *e = task->engine;

	mxsel_set_cancel(task->selection, NULL, NULL);
	mxsel__wheel_stop(&e->wheel, &task->timer);
	mxsel__list_remove(&task->turn);
	mxsel__list_remove(&task->place);
	mxsel__list_add_first(&e->spare_tasks, &task->place);
	e->task_count--;
}

/* The selection tells: nobody waits for this question; NULL, when it has told
   so of each: for any. */
static void cancel(mxsel_query *query, void *user)
{
	struct mxsel__task *task = user;

	if (query != NULL)
		mxsel__engine_forget(task->engine, query);
	else
		task_free(task);
}

static void make_ready(struct mxsel_engine *e, struct mxsel__task *task)
{
	uint64_t now = e->now / 1000u;

	if (!task->waiting)
		return;
	task->waiting = 0;
	mxsel__wheel_stop(&e->wheel, &task->timer);
	mxsel__list_add_last(&e->ready, &task->turn);
	if (now > task->began)
		mxsel_time_spent(task->selection,
			(uint32_t)(now - task->began));
}

/* Nothing is asked for it, and nobody need be told of it. */
static void free_if_idle(struct mxsel__task *task)
{
	if (!task->waiting && mxsel__list_is_empty(&task->waiters) &&
			mxsel__list_is_empty(&task->turn))
		task_free(task);
}

void mxsel__task_answered(struct mxsel_engine *e, struct mxsel__task *task)
{
	if (task == NULL)
		return;
	if (!mxsel_is_waiting(task->selection))
		make_ready(e, task);
	free_if_idle(task);
}

void mxsel__task_expired(struct mxsel_engine *e, struct mxsel__timer *timer)
{
	make_ready(e, MXSEL__OWNER(timer, struct mxsel__task, timer));
}

void mxsel__tasks_drop(struct mxsel_engine *e)
{
	struct mxsel__link *link;

	while (!mxsel__list_is_empty(&e->tasks))
		task_free(task_at(e->tasks.next));
	while ((link = mxsel__list_take(&e->spare_tasks)) != NULL)
		free(task_at(link));
}

/* ------------------------------------------------------------------ public */

static void ask_one(struct mxsel_engine *e, mxsel_query *query)
{
	mxsel *m = mxsel_query_selection(query);
	struct mxsel__task *task = mxsel_cancel_user(m, cancel);

	if (task == NULL)
		task = task_new(e, m);
	if (task == NULL || mxsel__engine_ask(e, query, task) != 0)
		mxsel_answer_finish(query, MXSEL_DNS_NETWORK,
			MXSEL_SECURITY_INDETERMINATE);
}

/* Hand over what the selection asks; most often it is nothing. */
static void ask_all(struct mxsel_engine *e, mxsel *m)
{
	mxsel_query *query = mxsel_query_take(m);

	/* Without clock or sockets of its own, nothing can be asked. */
	if (query != NULL && mxsel__engine_arrive(e) != 0) {
		for (; query != NULL; query = mxsel_query_take(m))
			mxsel_answer_finish(query, MXSEL_DNS_NETWORK,
				MXSEL_SECURITY_INDETERMINATE);
	}
	for (; query != NULL; query = mxsel_query_take(m))
		ask_one(e, query);
}

static void begin_waiting(struct mxsel_engine *e, struct mxsel__task *task)
{
	uint32_t left = mxsel_time_left(task->selection);

	/* Without a new question nobody has looked at the clock. */
	(void)mxsel__engine_look_at_clock(e);
	task->waiting = 1;
	task->began = e->now / 1000u;
	if (left != UINT32_MAX)
		mxsel__wheel_set(&e->wheel, &task->timer,
			task->began + left);
}

int mxsel_engine_next(mxsel_engine *e, mxsel *m)
{
	struct mxsel__task *task;
	int result;

	if (e == NULL || m == NULL)
		return MXSEL_EUSAGE;
	task = mxsel_cancel_user(m, cancel);
	if (task != NULL && (task->waiting || task->engine != e))
		return MXSEL_EUSAGE;
	if (task != NULL)
		mxsel__list_remove(&task->turn);
	do {
		result = mxsel_next(m);
		if (result == MXSEL_ECANCELED)
			return result; /* a resolver of its own freed it */
		if (result == MXSEL_LOOKUP || result == MXSEL_ATTEMPT)
			ask_all(e, m);
		/* Answered at once, in part: see what comes of it. */
	} while (result == MXSEL_LOOKUP && !mxsel_is_waiting(m));
	task = mxsel_cancel_user(m, cancel);
	if (result == MXSEL_LOOKUP && task == NULL)
		return MXSEL_EUSAGE; /* somebody else has its questions */
	if (result == MXSEL_LOOKUP)
		begin_waiting(e, task);
	else if (task != NULL)
		free_if_idle(task);
	return result;
}

mxsel *mxsel_engine_ready(mxsel_engine *e)
{
	struct mxsel__link *link;
	struct mxsel__task *task;
	mxsel *m;

	link = e == NULL ? NULL : mxsel__list_take(&e->ready);
	if (link == NULL)
		return NULL;
	task = MXSEL__OWNER(link, struct mxsel__task, turn);
	m = task->selection;
	free_if_idle(task);
	return m;
}

int mxsel_engine_cancel(mxsel_engine *e, mxsel *m)
{
	struct mxsel__task *task;
	mxsel_query *query;

	if (e == NULL || m == NULL)
		return MXSEL_EUSAGE;
	task = mxsel_cancel_user(m, cancel);
	if (task == NULL || task->engine != e)
		return 0;
	while (!mxsel__list_is_empty(&task->waiters)) {
		query = MXSEL__OWNER(task->waiters.next, struct mxsel__waiter,
			of_task)->query;
		mxsel__engine_forget(e, query);
		mxsel_answer_finish(query, MXSEL_DNS_NETWORK,
			MXSEL_SECURITY_INDETERMINATE);
	}
	task_free(task);
	return 0;
}
