/*
 * A mxsel_unbound as a whole: made of its two sides, see inside.h, and kept
 * alive by its resolver's owners. May use the public headers, libc, pthread
 * and libunbound.
 */
#include <stdlib.h>

#include "unbound/inside.h"

#define QUERY_TIME 10000
#define QUERY_TIME_MAX 600000

/* The last owner is gone; the loop's side went with mxsel_unbound_free(). */
static void release(void *user)
{
	struct mxsel_unbound *u = user;

	mxsel__ub_blocking_destroy(u);
	mxsel__ub_anchors_free(u->anchors);
	free(u);
}

static int init_resolver(struct mxsel_unbound *u)
{
	int result = mxsel_resolver_new(&u->resolver, mxsel__ub_resolve,
		mxsel__ub_cancel, u);

	if (result != 0)
		return result;
	mxsel_resolver_set_wait(u->resolver, mxsel__ub_wait);
	mxsel_resolver_set_release(u->resolver, release);
	return 0;
}

static int init(struct mxsel_unbound *u)
{
	int result = mxsel__ub_blocking_init(u);

	if (result != 0)
		return result;
	result = mxsel__ub_loop_init(u);
	if (result != 0)
		goto no_loop;
	result = init_resolver(u);
	if (result == 0)
		return 0;
	mxsel__ub_loop_destroy(u);
no_loop:
	mxsel__ub_blocking_destroy(u);
	return result;
}

int mxsel_unbound_new(mxsel_unbound **out)
{
	struct mxsel_unbound *u;
	int result;

	if (out == NULL)
		return MXSEL_EUSAGE;
	u = calloc(1, sizeof *u);
	if (u == NULL)
		return MXSEL_ENOMEM;
	atomic_init(&u->query_time, QUERY_TIME);
	u->validates = 1;
	result = init(u);
	if (result == 0)
		*out = u;
	else
		free(u);
	return result;
}

void mxsel_unbound_free(mxsel_unbound *u)
{
	if (u == NULL)
		return;
	mxsel__ub_loop_destroy(u);
	mxsel_resolver_free(u->resolver);
}

mxsel_resolver *mxsel_unbound_resolver(mxsel_unbound *u)
{
	return u == NULL ? NULL : u->resolver;
}

int mxsel_unbound_set_query_time(mxsel_unbound *u, int milliseconds)
{
	if (u == NULL)
		return MXSEL_EUSAGE;
	if (milliseconds < 1 || milliseconds > QUERY_TIME_MAX)
		return MXSEL_ERANGE;
	atomic_store(&u->query_time, milliseconds);
	return 0;
}
