/*
 * What a mxsel_unbound is made of: two contexts of libunbound with the same
 * settings, one for the threads that block in mxsel_next(), one for the event
 * loop. Either takes what it asked itself, so the loop needs no lock, and no
 * blocking thread takes from its descriptor what the loop waits for. May use
 * the public headers, libc, pthread and libunbound.
 */
#ifndef MXSEL_UNBOUND_INSIDE_H
#define MXSEL_UNBOUND_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include <mxsel/unbound.h>

#include "unbound/anchor.h"
#include "unbound/channel.h"
#include "unbound/heap.h"
#include "unbound/list.h"

struct mxsel__ub_seat;

struct mxsel__ub_blocking {
	struct mxsel__ub_channel channel;
	pthread_mutex_t lock; /* of all that follows, and of the mails */
	struct mxsel__ub_seat *seats;
	int led; /* somebody listens to libunbound, for everybody */
};

struct mxsel__ub_loop {
	struct mxsel__ub_channel channel;
	struct mxsel__ub_link tasks;
	struct mxsel__ub_link ready;
	struct mxsel__ub_heap timers;
	size_t count; /* of tasks */
};

struct mxsel_unbound {
	mxsel_resolver *resolver;
	struct mxsel__ub_blocking blocking;
	struct mxsel__ub_loop loop;
	atomic_int query_time; /* milliseconds */
	/* Settings; they do not change after the first question. */
	struct mxsel__ub_anchor *anchors;
	int validates; /* unless the options say otherwise */
};

/*
 * An answer that is not secure is proven insecure. So is what lies outside of
 * every anchor where there is one at all: RFC 4033 5 calls it indeterminate,
 * but RFC 4035 4.3 keeps that word for what could not be found out, a failure
 * that mail would wait for (RFC 7672 2.1.1), and here that would never end.
 */
static inline int mxsel__ub_proves(const struct mxsel_unbound *u)
{
	return u->anchors != NULL && u->validates;
}

/* The blocking side: blocking.c. */
int mxsel__ub_blocking_init(struct mxsel_unbound *u);
void mxsel__ub_blocking_destroy(struct mxsel_unbound *u);
void mxsel__ub_resolve(mxsel_query *query, void *user);
void mxsel__ub_cancel(mxsel_query *query, void *user);
int mxsel__ub_wait(mxsel *selection, void *user);

/* The event loop's: task.c. */
int mxsel__ub_loop_init(struct mxsel_unbound *u);
void mxsel__ub_loop_destroy(struct mxsel_unbound *u);
/* End the questions and the waiting whose time is up. */
void mxsel__ub_expire(struct mxsel_unbound *u);
/* End all questions: libunbound will not answer any more. */
void mxsel__ub_give_up(struct mxsel_unbound *u);

#endif
