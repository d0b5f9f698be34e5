/*
 * Timers, the next one first. May use libc only.
 */
#ifndef MXSEL_UNBOUND_HEAP_H
#define MXSEL_UNBOUND_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct mxsel__ub_timer {
	uint64_t due; /* milliseconds */
	size_t slot;  /* where it stands, from 1; 0: it does not run */
};

struct mxsel__ub_heap {
	struct mxsel__ub_timer **slots; /* the first is not used */
	size_t count;
	size_t room; /* for so many timers */
};

/* Make sure of a place for one timer more. 0, MXSEL_ENOMEM. */
int mxsel__ub_heap_reserve(struct mxsel__ub_heap *heap, size_t timers);
void mxsel__ub_heap_destroy(struct mxsel__ub_heap *heap);

/* Start it, or move it; there is room. */
void mxsel__ub_heap_set(struct mxsel__ub_heap *heap,
	struct mxsel__ub_timer *timer, uint64_t due);
/* Also when it does not run. */
void mxsel__ub_heap_stop(struct mxsel__ub_heap *heap,
	struct mxsel__ub_timer *timer);

/* The timer that is due first; NULL: none runs. */
struct mxsel__ub_timer *mxsel__ub_heap_first(const struct mxsel__ub_heap *heap);

#endif
