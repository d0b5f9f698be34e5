/*
 * The resolver abstraction: a few functions and a count of owners. Who
 * answers, and how, is no business of the core.
 */
#include "select/select.h"

#include <stdlib.h>

int mxsel_resolver_new(mxsel_resolver **out, mxsel_resolve_fn resolve,
	mxsel_cancel_fn cancel, void *user)
{
	mxsel_resolver *r;

	if (out == NULL || resolve == NULL)
		return MXSEL_EUSAGE;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return MXSEL_ENOMEM;
	atomic_init(&r->owners, 1);
	r->resolve = resolve;
	r->cancel = cancel;
	r->user = user;
	*out = r;
	return MXSEL_OK;
}

int mxsel_resolver_set_wait(mxsel_resolver *r, mxsel_wait_fn wait)
{
	if (r == NULL)
		return MXSEL_EUSAGE;
	r->wait = wait;
	return MXSEL_OK;
}

int mxsel_resolver_set_release(mxsel_resolver *r, mxsel_release_fn release)
{
	if (r == NULL)
		return MXSEL_EUSAGE;
	r->release = release;
	return MXSEL_OK;
}

int mxsel_resolver_set_bypass(mxsel_resolver *r, int bypass)
{
	if (r == NULL)
		return MXSEL_EUSAGE;
	r->bypass = bypass != 0;
	return MXSEL_OK;
}

void *mxsel_resolver_user(const mxsel_resolver *r, mxsel_resolve_fn resolve)
{
	return r != NULL && r->resolve == resolve ? r->user : NULL;
}

void mxsel__resolver_hold(mxsel_resolver *r)
{
	atomic_fetch_add(&r->owners, 1);
}

void mxsel_resolver_free(mxsel_resolver *r)
{
	if (r == NULL || atomic_fetch_sub(&r->owners, 1) != 1)
		return;
	if (r->release != NULL)
		r->release(r->user);
	free(r);
}

uint32_t mxsel_time_left(const mxsel *m)
{
	uint32_t limit;

	if (m == NULL)
		return 0;
	limit = (uint32_t)m->options->values[MXSEL_OPT_TIME_LIMIT];
	if (limit == 0)
		return UINT32_MAX;
	return m->spent >= limit ? 0 : limit - m->spent;
}

int mxsel_time_spent(mxsel *m, uint32_t milliseconds)
{
	if (m == NULL)
		return MXSEL_EUSAGE;
	m->spent = milliseconds > UINT32_MAX - m->spent
		? UINT32_MAX : m->spent + milliseconds;
	return MXSEL_OK;
}
