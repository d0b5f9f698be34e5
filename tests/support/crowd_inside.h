/*
 * What a party's engine has in its hands, for unit tests that look inside.
 * May use lib/ldns and crowd_trial.h.
 */
#ifndef TESTS_SUPPORT_CROWD_INSIDE_H
#define TESTS_SUPPORT_CROWD_INSIDE_H

#include "ldns/engine.h"
#include "support/crowd_trial.h"

/* The oldest and the youngest that are asked. */
static inline struct mxsel__question *oldest(struct party *p)
{
	return MXSEL__OWNER(p->engine->questions.next, struct mxsel__question,
		place);
}

static inline struct mxsel__question *youngest(struct party *p)
{
	return MXSEL__OWNER(p->engine->questions.previous,
		struct mxsel__question, place);
}

#endif
