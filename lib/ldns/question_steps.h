/*
 * What the files of a question share: where it is, and the few steps that
 * everything which happens to it is made of. May use public headers and libc
 * only.
 */
#ifndef MXSEL_LDNS_QUESTION_STEPS_H
#define MXSEL_LDNS_QUESTION_STEPS_H

#include "ldns/engine.h"

#define MXSEL__ROUNDS_MAX 3u /* tries per server (S47) */

/* How it leaves its socket. */
enum mxsel__leaving { MXSEL__ANSWERED, MXSEL__LOST, MXSEL__LEFT };

static inline uint64_t mxsel__earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Milliseconds. */
static inline uint64_t mxsel__question_now(const struct mxsel_engine *e)
{
	return e->now / 1000u;
}

static inline unsigned mxsel__question_server(const struct mxsel__question *q)
{
	return q->order[q->turn % q->count];
}

static inline struct mxsel__lane *mxsel__question_lane(
	struct mxsel_engine *e, const struct mxsel__question *q)
{
	return &e->lanes[mxsel__question_server(q)];
}

static inline uint8_t *mxsel__question_standing(struct mxsel__question *q)
{
	return &q->standings[mxsel__question_server(q)];
}

static inline unsigned mxsel__question_tries(const struct mxsel__question *q)
{
	return q->standings[mxsel__question_server(q)] &
		MXSEL__STANDING_TRIES;
}

/* Off its socket or queue, and DUE; somebody must say when. */
void mxsel__question_hang_up(struct mxsel_engine *e,
	struct mxsel__question *q, enum mxsel__leaving how);

/* Those are for one that hung up. */

/* Ask at that time, here; on the next server, or never again. */
void mxsel__question_go_on_at(struct mxsel_engine *e,
	struct mxsel__question *q, uint64_t time);
void mxsel__question_pass_on(struct mxsel_engine *e,
	struct mxsel__question *q);
void mxsel__question_go_on_over_tcp(struct mxsel_engine *e,
	struct mxsel__question *q);
void mxsel__question_give_up_server(struct mxsel_engine *e,
	struct mxsel__question *q, int outcome);
void mxsel__question_take_fault(struct mxsel_engine *e,
	struct mxsel__question *q, enum mxsel__fault fault);

/* TCP was worth a try: the rest of the time over UDP. 0: it was no detour. */
int mxsel__question_end_detour(struct mxsel_engine *e,
	struct mxsel__question *q);

/* Ask now, or wait for room: question_ask.c. */
void mxsel__question_ask(struct mxsel_engine *e, struct mxsel__question *q);

/* What others have taught of the server since ends the try earlier. */
void mxsel__question_learn(struct mxsel_engine *e, struct mxsel__question *q);

/* The most telling failure is the question's. */
void mxsel__question_note(struct mxsel__question *q, int outcome);

/* No server will be asked after this try. */
int mxsel__question_is_last(const struct mxsel__question *q);

/* Answer all who wait, with the reply or else with the outcome. */
void mxsel__question_answer_all(struct mxsel_engine *e,
	struct mxsel__question *q, int outcome,
	const struct mxsel__reply *reply);

/* Nobody waits: be spare. */
void mxsel__question_retire(struct mxsel_engine *e,
	struct mxsel__question *q);

#endif
