/*
 * How an event loop drives its side: when to look, and looking. The
 * selections are task.c's. May use the public headers, libc and libunbound.
 */
#include "unbound/clock.h"
#include "unbound/inside.h"

int mxsel_unbound_fd(const mxsel_unbound *u)
{
	return u == NULL ? -1 : ub_fd(u->loop.channel.context);
}

int mxsel_unbound_timeout(const mxsel_unbound *u)
{
	const struct mxsel__ub_timer *first;

	if (u == NULL)
		return -1;
	if (!mxsel__ub_list_is_empty(&u->loop.ready))
		return 0;
	first = mxsel__ub_heap_first(&u->loop.timers);
	return first == NULL ? -1 :
		mxsel__ub_until(mxsel__ub_now(), first->due);
}

int mxsel_unbound_process(mxsel_unbound *u)
{
	int result;

	if (u == NULL)
		return MXSEL_EUSAGE;
	result = mxsel__ub_channel_hear(&u->loop.channel);
	if (result < 0)
		mxsel__ub_give_up(u);
	mxsel__ub_expire(u);
	return result;
}

/* How long to wait in one go: until something is due at the longest. */
static int stretch(const mxsel_unbound *u, uint64_t until)
{
	int due = mxsel_unbound_timeout(u);
	int left = mxsel__ub_until(mxsel__ub_now(), until);

	return left >= 0 && (due < 0 || left < due) ? left : due;
}

int mxsel_unbound_wait(mxsel_unbound *u, int milliseconds)
{
	uint64_t until;
	int result;

	if (u == NULL)
		return MXSEL_EUSAGE;
	until = milliseconds < 0 ? MXSEL__UB_NEVER :
		mxsel__ub_now() + (uint64_t)milliseconds;
	do {
		/* Nothing at all to wait for: that would be for ever. */
		if (until == MXSEL__UB_NEVER && u->loop.count == 0)
			until = 0;
		result = mxsel__ub_channel_wait(&u->loop.channel,
			stretch(u, until));
		if (result < 0)
			mxsel__ub_give_up(u);
		mxsel__ub_expire(u);
	} while (result == 0 && mxsel__ub_list_is_empty(&u->loop.ready) &&
		mxsel__ub_now() < until);
	return result < 0 ? result : 0;
}
