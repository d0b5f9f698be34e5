/*
 * A context of libunbound with its thread, as the rest of this folder uses
 * it: silent, not to be touched by a process that was forked, and with
 * mxsel's errors. May use the public headers, libc, pthread and libunbound.
 */
#ifndef MXSEL_UNBOUND_CHANNEL_H
#define MXSEL_UNBOUND_CHANNEL_H

#include <stdatomic.h>
#include <stdint.h>

#include <unbound.h>

#include <mxsel/mxsel.h>

struct mxsel__ub_channel {
	struct ub_ctx *context;
	atomic_int asked;   /* settings are closed */
	atomic_int started; /* libunbound's thread is there */
	atomic_int broken;  /* its pipe cannot be trusted any more */
	long process;       /* whose it is */
};

/* 0, MXSEL_ENOMEM (libunbound does not say why). */
int mxsel__ub_channel_init(struct mxsel__ub_channel *c);
void mxsel__ub_channel_destroy(struct mxsel__ub_channel *c);

/* 0: after fork(), in the child. */
int mxsel__ub_channel_is_own(const struct mxsel__ub_channel *c);

/* mxsel's number for an error of libunbound. */
int mxsel__ub_error(int error);
/* The same for a setting that is known to be good: libunbound calls it a
   syntax error as well when it has no memory for it (S39). */
int mxsel__ub_error_of_good(int error);

/*
 * Ask; heard is called from mxsel__ub_channel_hear(), perhaps in another
 * thread and before this returns, and frees the result. After an error it is
 * not called. 0, MXSEL_ENOMEM, MXSEL_ESYSTEM.
 */
int mxsel__ub_channel_ask(struct mxsel__ub_channel *c,
	const mxsel_query *query, ub_callback_type heard, void *user,
	int *id);

/* 1: its callback will not be called any more; 0: it is being called now, by
   another thread. */
int mxsel__ub_channel_forget(struct mxsel__ub_channel *c, int id);

/* Call back for the answers that are there. 0, MXSEL_ESYSTEM. */
int mxsel__ub_channel_hear(struct mxsel__ub_channel *c);

/* The same after waiting for the first; -1: for ever. 1: a signal came. */
int mxsel__ub_channel_wait(struct mxsel__ub_channel *c, int milliseconds);

#endif
