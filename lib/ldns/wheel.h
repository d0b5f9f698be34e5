/*
 * Timers: set, stopped and found in the same time however many there are. A
 * wheel of 1,024 slots of a millisecond; what is due later than one turn
 * stays in its slot until its turn has come. May use libc only.
 */
#ifndef MXSEL_LDNS_WHEEL_H
#define MXSEL_LDNS_WHEEL_H

#include <stdint.h>

#include "ldns/list.h"

#define MXSEL__WHEEL_SLOTS 1024u

struct mxsel__timer {
	struct mxsel__link link; /* in no list: not set */
	uint64_t due;            /* monotonic milliseconds */
	unsigned kind;           /* whose it is: the user's to set */
};

struct mxsel__wheel {
	struct mxsel__link slots[MXSEL__WHEEL_SLOTS];
	uint64_t used[MXSEL__WHEEL_SLOTS / 64]; /* slots that may have some */
	struct mxsel__link expired; /* found, not yet returned */
	uint64_t now;               /* every slot before it was looked at */
	size_t count;               /* timers that are set */
};

void mxsel__wheel_init(struct mxsel__wheel *w, uint64_t now);
void mxsel__timer_init(struct mxsel__timer *t);

/* Set it, or set it anew; one that is due already expires next. */
void mxsel__wheel_set(struct mxsel__wheel *w, struct mxsel__timer *t,
	uint64_t due);

/* Also when it is not set. */
void mxsel__wheel_stop(struct mxsel__wheel *w, struct mxsel__timer *t);

static inline int mxsel__timer_is_set(const struct mxsel__timer *t)
{
	return !mxsel__list_is_empty(&t->link);
}

/*
 * A timer that is due by now, stopped; NULL: none (any more). Others may be
 * set and stopped between two calls.
 */
struct mxsel__timer *mxsel__wheel_expired(struct mxsel__wheel *w,
	uint64_t now);

/*
 * When the next may be due: never later than it is; earlier by whole turns
 * of the wheel only. UINT64_MAX: none is set.
 */
uint64_t mxsel__wheel_next(const struct mxsel__wheel *w);

#endif
