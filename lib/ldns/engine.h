/*
 * Questions in flight, of one selection or of thousands: what all the files
 * of the engine share. Nothing here blocks but mxsel__engine_wait(). One
 * thread at a time. May use public headers and libc only.
 *
 *   task      a selection under way, and what it waits for
 *   waiter    one of its questions; several wait for the same answer (S5)
 *   question  a name and a type on the way to its answer
 *   lane      a server: who waits for it, how much it takes, how fast it is
 *   port      a UDP socket with a random port, for a few questions
 *   stream    a TCP connection, for many
 */
#ifndef MXSEL_LDNS_ENGINE_H
#define MXSEL_LDNS_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/ldns.h>

#include "ldns/dice.h"
#include "ldns/lane.h"
#include "ldns/list.h"
#include "ldns/poller.h"
#include "ldns/port.h"
#include "ldns/process.h"
#include "ldns/question.h"
#include "ldns/server.h"
#include "ldns/table.h"
#include "ldns/wheel.h"

#define MXSEL__IN_FLIGHT_MAX 4096u

/* Whose a timer is. */
enum { MXSEL__OF_QUESTION, MXSEL__OF_TASK, MXSEL__OF_STREAM };

struct mxsel__task;

struct mxsel_engine {
	struct mxsel__servers *servers;
	struct mxsel__servers *own;   /* the same, when they are ours */
	struct mxsel__lane *lanes;    /* one a server, when any is asked */
	unsigned lane_count;
	unsigned in_flight;           /* questions per server, at most */
	uint32_t query_time;          /* milliseconds; 0: as servers say */
	uint64_t now;                 /* microseconds, of this round */
	uint64_t clock, behind;       /* what the clock said last, and how far
	                                 it went back in all */
	uint64_t answered;            /* questions of selections */
	size_t queued;                /* questions that wait for a lane */
	size_t task_count;
	struct mxsel__link questions; /* all */
	struct mxsel__link tasks;     /* all */
	struct mxsel__link ready;     /* tasks that can go on, oldest first */
	struct mxsel__link dead;      /* sockets closed in this round */
	struct mxsel__link later;     /* waiters whose question is not asked */
	struct mxsel__link spare_questions, spare_waiters, spare_tasks;
	struct mxsel__table table;
	struct mxsel__wheel wheel;
	struct mxsel__dice dice;
	struct mxsel__process process; /* whose the sockets are */
	struct mxsel__poller poller;
	struct mxsel__batch batch;
};

/* 0; MXSEL_ENOMEM; MXSEL_ESYSTEM; MXSEL_EENTROPY. */
int mxsel__engine_init(struct mxsel_engine *e, struct mxsel__servers *servers,
	enum mxsel__poller_kind kind);

/* Every question ends with MXSEL_DNS_NETWORK; everything is released. */
void mxsel__engine_destroy(struct mxsel_engine *e);

/*
 * Ask, or join who asks the same (S5). task: who waits for it; NULL: the
 * blocking resolver. 0, or MXSEL_ENOMEM.
 */
int mxsel__engine_ask(struct mxsel_engine *e, mxsel_query *query,
	struct mxsel__task *task);

/* Ask with the next mxsel__engine_ask_now(). 0, or MXSEL_ENOMEM. */
int mxsel__engine_ask_later(struct mxsel_engine *e, mxsel_query *query);
void mxsel__engine_ask_now(struct mxsel_engine *e);
/* What is asked is left for then as well, and no socket is kept for it. */
void mxsel__engine_put_off(struct mxsel_engine *e);

/* Forget this question if it is here; the query is left as it is. */
void mxsel__engine_forget(struct mxsel_engine *e, mxsel_query *query);

/* Forget every question; those still open are left open. */
void mxsel__engine_drop(struct mxsel_engine *e);

/* Without questions: close every socket. */
void mxsel__engine_rest(struct mxsel_engine *e);

/* Everything ends no later than this. */
void mxsel__engine_limit(struct mxsel_engine *e, uint64_t milliseconds);

/* Take the time. 0; MXSEL_ESYSTEM: it stays as it was. */
int mxsel__engine_look_at_clock(struct mxsel_engine *e);

/*
 * Before anything is asked: take the time, and leave the sockets of a parent
 * process. 0; MXSEL_ESYSTEM.
 */
int mxsel__engine_arrive(struct mxsel_engine *e);

/* When to take a turn: as mxsel_engine_timeout(). */
int mxsel__engine_wake(const struct mxsel_engine *e);

/*
 * Do all that can be done, after waiting for it: no longer than so many
 * milliseconds (-1: no end), nor than until the next turn is due.
 */
int mxsel__engine_turn(struct mxsel_engine *e, int milliseconds);

#endif
