/*
 * Selections under way: which of their questions are asked, whether they can
 * go on, and when their time is up. May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_TASK_H
#define MXSEL_LDNS_TASK_H

#include <stdint.h>

#include <mxsel/ldns.h>

#include "ldns/list.h"
#include "ldns/wheel.h"

struct mxsel__question;

struct mxsel__task {
	struct mxsel__link place;   /* in engine->tasks, or spare */
	struct mxsel__link turn;    /* in engine->ready, or in none */
	struct mxsel__link waiters;
	struct mxsel__timer timer;  /* the selection's time limit */
	struct mxsel_engine *engine;
	mxsel *selection;
	uint64_t began;             /* milliseconds; when it began to wait */
	int waiting;                /* it cannot go on without an answer */
};

/* A question of a selection, and the question in flight that answers it. */
struct mxsel__waiter {
	struct mxsel__link place;   /* in question->waiters, or spare */
	struct mxsel__link of_task; /* in task->waiters, or in none */
	struct mxsel__question *question;
	struct mxsel__task *task;   /* NULL: the blocking resolver's */
	mxsel_query *query;
};

/* A new waiter. NULL: no memory. */
struct mxsel__waiter *mxsel__waiter_new(struct mxsel_engine *e,
	mxsel_query *query, struct mxsel__task *task);

/* Leave question and task; the query is left as it is. */
void mxsel__waiter_free(struct mxsel_engine *e, struct mxsel__waiter *w);

/* A question of it was answered: perhaps it can go on. */
void mxsel__task_answered(struct mxsel_engine *e, struct mxsel__task *task);

/* The timer is that of a task: its time is up. */
void mxsel__task_expired(struct mxsel_engine *e, struct mxsel__timer *timer);

/* Forget every task; the selections are left as they are. */
void mxsel__tasks_drop(struct mxsel_engine *e);

#endif
