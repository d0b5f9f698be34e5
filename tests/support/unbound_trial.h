/*
 * What the tests of <mxsel/unbound.h> share: a server on 127.0.0.1 that
 * everything is asked of, whose answer depends on the first letter of the
 * name, and one look-up that blocks. No name is ever asked of anybody else.
 * May use the public headers, check and support/liar.h.
 */
#ifndef TESTS_SUPPORT_UNBOUND_TRIAL_H
#define TESTS_SUPPORT_UNBOUND_TRIAL_H

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <mxsel/unbound.h>

#include "support/liar.h"

#define TRIAL_TIME 8000 /* ms for a question where nothing waits for it */
#define TRIAL_SLACK 400 /* ms that a deadline may be missed by */

struct trial {
	struct liar *liar;
	mxsel_unbound *u;
	mxsel_options *options; /* with the blocking resolver */
	mxsel_options *pull;    /* for event loops */
	long took;              /* ms, of the last look-up */
	int code;               /* of its verdict; 0: it gave an address */
	char address[64];
	char answer[128];       /* what came to its first question */
};

static inline long trial_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* n: no such name; e: nothing there; s, r: failures; c: cut short; q: not a
   word; all others: the truth. */
static inline void trial_world(struct liar_call *call)
{
	switch (call->question[13]) {
	case 'n':
		liar_tell(call, PACKET_REPLY | 3);
		break;
	case 'e':
		liar_tell(call, PACKET_REPLY);
		break;
	case 's':
		liar_tell(call, PACKET_REPLY | 2);
		break;
	case 'r':
		liar_tell(call, PACKET_REPLY | 5);
		break;
	case 'c':
		liar_tell(call, PACKET_REPLY | PACKET_TC);
		break;
	case 'q':
		break;
	default:
		liar_tell_truth(call);
		break;
	}
}

static inline mxsel_options *trial_options(void)
{
	mxsel_options *o;

	ck_assert_int_eq(mxsel_options_new(&o), 0);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_FAMILY,
		MXSEL_FAMILY_V4_ONLY), 0);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TRACE, 1), 0);
	return o;
}

static inline void trial_begin_with(struct trial *t, liar_fn udp, liar_fn tcp)
{
	memset(t, 0, sizeof *t);
	t->liar = liar_start(udp, tcp);
	ck_assert_int_eq(mxsel_unbound_new(&t->u), 0);
	ck_assert_int_eq(mxsel_unbound_add_server(t->u,
		liar_address(t->liar)), 0);
	ck_assert_int_eq(mxsel_unbound_set_query_time(t->u, TRIAL_TIME), 0);
	t->options = trial_options();
	ck_assert_int_eq(mxsel_options_set_resolver(t->options,
		mxsel_unbound_resolver(t->u)), 0);
	t->pull = trial_options();
}

static inline void trial_begin(struct trial *t)
{
	trial_begin_with(t, trial_world, NULL);
}

static inline void trial_end(struct trial *t)
{
	mxsel_options_free(t->options);
	mxsel_options_free(t->pull);
	mxsel_unbound_free(t->u);
	liar_stop(t->liar);
}

/* What came to the first question, as mxsel_trace_event() has it. */
static inline const char *trial_answer(const mxsel *m)
{
	const char *detail;
	size_t i;
	int code;

	for (i = 0; mxsel_trace_event(m, i, &code, NULL, &detail, NULL) == 0;
			i++)
		if (code == MXSEL_TRACE_ANSWER)
			return detail;
	return "";
}

static inline int trial_next(struct trial *t, const char *destination)
{
	long began = trial_now();
	mxsel *m;
	int result;

	ck_assert_int_eq(mxsel_new(&m, destination, t->options), 0);
	result = mxsel_next(m);
	t->took = trial_now() - began;
	t->code = mxsel_verdict_code(m);
	snprintf(t->address, sizeof t->address, "%s", result == MXSEL_ATTEMPT ?
		mxsel_address(m) : "");
	snprintf(t->answer, sizeof t->answer, "%s", trial_answer(m));
	mxsel_free(m);
	return result;
}

/* The true address came. */
static inline int trial_believes(struct trial *t, const char *destination)
{
	return trial_next(t, destination) == MXSEL_ATTEMPT &&
		strcmp(t->address, "192.0.2.1") == 0;
}

/* No address, and the mail is to be kept: never a bounce (R14). */
static inline int trial_defers(struct trial *t, const char *destination)
{
	return trial_next(t, destination) == MXSEL_END && t->code == 451;
}

#endif
