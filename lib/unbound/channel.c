/*
 * A context of libunbound, see channel.h. May use the public headers, libc,
 * pthread and libunbound.
 */
#define _POSIX_C_SOURCE 200809L

#include "unbound/channel.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#define CLASS_IN 1

/* What differs from libunbound's own defaults. */
static const struct {
	const char *option;
	const char *value;
} defaults[] = {
	/* A hostile delegation must not lead to servers of this machine. */
	{ "do-not-query-localhost:", "yes" },
	/* 16 questions under way and 2 connections are few for bulk mail. */
	{ "outgoing-range:", "128" },
	{ "outgoing-num-tcp:", "16" }
};

static int prepare(struct ub_ctx *context)
{
	size_t i;
	int error;

	/* Without a file libunbound writes to the standard error. */
	error = ub_ctx_debugout(context, NULL);
	if (error == 0)
		error = ub_ctx_debuglevel(context, 0);
	if (error == 0)
		error = ub_ctx_async(context, 1);
	for (i = 0; error == 0 && i < sizeof defaults / sizeof *defaults; i++)
		error = ub_ctx_set_option(context, defaults[i].option,
			defaults[i].value);
	return error;
}

int mxsel__ub_channel_init(struct mxsel__ub_channel *c)
{
	int error;

	c->context = ub_ctx_create();
	if (c->context == NULL)
		return errno == EMFILE || errno == ENFILE ? MXSEL_ESYSTEM :
			MXSEL_ENOMEM;
	c->process = (long)getpid();
	atomic_init(&c->asked, 0);
	atomic_init(&c->started, 0);
	atomic_init(&c->broken, 0);
	error = prepare(c->context);
	if (error == 0)
		return 0;
	mxsel__ub_channel_destroy(c);
	return mxsel__ub_error_of_good(error);
}

/* After fork() a child would steal from its parent, and may find libunbound's
   locks held by threads that it does not have. */
int mxsel__ub_channel_is_own(const struct mxsel__ub_channel *c)
{
	return c->process == (long)getpid();
}

static int is_sound(struct mxsel__ub_channel *c)
{
	return !atomic_load(&c->broken) && mxsel__ub_channel_is_own(c);
}

void mxsel__ub_channel_destroy(struct mxsel__ub_channel *c)
{
	/* A child would tell its parent's thread to end; where the pipe is
	   broken libunbound might wait in it for ever. */
	if (is_sound(c))
		ub_ctx_delete(c->context);
	c->context = NULL;
}

int mxsel__ub_error(int error)
{
	switch (error) {
	case UB_NOERROR:
		return 0;
	case UB_NOMEM:
		return MXSEL_ENOMEM;
	case UB_SYNTAX:
	case UB_INITFAIL:
		return MXSEL_ESYNTAX;
	case UB_AFTERFINAL:
		return MXSEL_EUSAGE;
	default:
		return MXSEL_ESYSTEM;
	}
}

int mxsel__ub_error_of_good(int error)
{
	int result = mxsel__ub_error(error);

	return result == MXSEL_ESYNTAX ? MXSEL_ENOMEM : result;
}

static int ask(struct mxsel__ub_channel *c, const mxsel_query *query,
	ub_callback_type heard, void *user, int *id)
{
	int error = ub_resolve_async(c->context, mxsel_query_name(query),
		mxsel_query_type(query), CLASS_IN, user, heard, id);

	/* What could not be sent is still on libunbound's list. */
	if (error != 0 && *id != 0)
		(void)ub_cancel(c->context, *id);
	return error;
}

/* The thread that comes into being takes no signal of the program's, and no
   SIGPIPE of its own can end the program. */
static int ask_first(struct mxsel__ub_channel *c, const mxsel_query *query,
	ub_callback_type heard, void *user, int *id)
{
	sigset_t all, before;
	int error;

	(void)sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return UB_INITFAIL;
	error = ask(c, query, heard, user, id);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0)
		atomic_store(&c->started, 1);
	return error;
}

int mxsel__ub_channel_ask(struct mxsel__ub_channel *c,
	const mxsel_query *query, ub_callback_type heard, void *user,
	int *id)
{
	int error;

	*id = 0;
	if (!is_sound(c))
		return MXSEL_ESYSTEM;
	atomic_store(&c->asked, 1);
	error = atomic_load(&c->started) ? ask(c, query, heard, user, id)
		: ask_first(c, query, heard, user, id);
	if (error == 0)
		return 0;
	return error == UB_NOMEM ? MXSEL_ENOMEM : MXSEL_ESYSTEM;
}

int mxsel__ub_channel_forget(struct mxsel__ub_channel *c, int id)
{
	if (!mxsel__ub_channel_is_own(c))
		return 1;
	return ub_cancel(c->context, id) != UB_NOID;
}

int mxsel__ub_channel_hear(struct mxsel__ub_channel *c)
{
	if (!is_sound(c))
		return MXSEL_ESYSTEM;
	if (ub_process(c->context) == 0)
		return 0;
	/* Without memory for a message libunbound loses its place in the
	   stream, and takes what follows for something else. */
	atomic_store(&c->broken, 1);
	return MXSEL_ESYSTEM;
}

int mxsel__ub_channel_wait(struct mxsel__ub_channel *c, int milliseconds)
{
	struct pollfd watched = { -1, POLLIN, 0 };
	int result, interrupted;

	if (!is_sound(c))
		return MXSEL_ESYSTEM;
	watched.fd = ub_fd(c->context);
	result = poll(&watched, 1, milliseconds);
	if (result < 0 && errno != EINTR && errno != EAGAIN)
		return MXSEL_ESYSTEM;
	interrupted = result < 0;
	result = mxsel__ub_channel_hear(c);
	return result != 0 ? result : interrupted;
}
