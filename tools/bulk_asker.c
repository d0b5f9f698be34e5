/*
 * Who asks for mxsel bulk. Without libunbound settings that want it are
 * refused, so that its functions are not missed. May use the public headers.
 */
#include "bulk_asker.h"

#include <string.h>
#include <sysexits.h>

#include "resolver.h"

#ifndef HAVE_UNBOUND
#define mxsel_unbound_next(u, m) ((void)(u), mxsel_next(m))
#define mxsel_unbound_ready(u) ((void)(u), (mxsel *)NULL)
#define mxsel_unbound_process(u) ((void)(u), 0)
#define mxsel_unbound_fd(u) ((void)(u), -1)
#define mxsel_unbound_timeout(u) ((void)(u), -1)
#define mxsel_unbound_wait(u, t) ((void)(u), (void)(t))
#define mxsel_unbound_free(u) ((void)(u))
#endif

static int open_engine(struct asker *a, const struct settings *s)
{
	int error = mxsel_engine_new(&a->engine,
		s->server_count > 0 ? "" : NULL);
	size_t i;

	if (error != 0)
		return resolver_refuse_system(error);
	for (i = 0; i < s->server_count; i++) {
		error = mxsel_engine_add_server(a->engine, s->servers[i]);
		if (error != 0)
			return resolver_refuse_server(s->servers[i], error);
	}
	mxsel_engine_set(a->engine, MXSEL_ENGINE_MIX_CASE, s->mix_case);
	mxsel_engine_set(a->engine, MXSEL_ENGINE_TRUST_AD, s->trust_ad);
	return 0;
}

int asker_open(struct asker *a, const struct settings *s)
{
	return s->anchor_count > 0 ? resolver_validator(&a->validator, s) :
		open_engine(a, s);
}

void asker_close(struct asker *a)
{
	mxsel_engine_free(a->engine);
	if (a->validator != NULL)
		mxsel_unbound_free(a->validator);
	memset(a, 0, sizeof(*a));
}

int asker_is_open(const struct asker *a)
{
	return a->engine != NULL || a->validator != NULL;
}

int asker_next(struct asker *a, mxsel *m)
{
	int r;

	if (a->engine != NULL)
		return mxsel_engine_next(a->engine, m);
	if (a->validator == NULL)
		return mxsel_next(m);
	r = mxsel_unbound_next(a->validator, m);
	a->waiting += r == MXSEL_LOOKUP;
	return r;
}

mxsel *asker_ready(struct asker *a)
{
	mxsel *m = NULL;

	if (a->engine != NULL)
		return mxsel_engine_ready(a->engine);
	if (a->validator != NULL)
		m = mxsel_unbound_ready(a->validator);
	a->waiting -= m != NULL;
	return m;
}

int asker_process(struct asker *a)
{
	return a->engine != NULL ? mxsel_engine_process(a->engine) :
		a->validator != NULL ? mxsel_unbound_process(a->validator) : 0;
}

size_t asker_count(const struct asker *a)
{
	return a->engine != NULL ? mxsel_engine_count(a->engine) : a->waiting;
}

size_t asker_queued(const struct asker *a)
{
	return a->engine != NULL ? mxsel_engine_queued(a->engine) : 0;
}

int asker_fd(const struct asker *a)
{
	return a->engine != NULL ? mxsel_engine_fd(a->engine) :
		a->validator != NULL ? mxsel_unbound_fd(a->validator) : -1;
}

int asker_timeout(const struct asker *a)
{
	return a->engine != NULL ? mxsel_engine_timeout(a->engine) :
		a->validator != NULL ? mxsel_unbound_timeout(a->validator) :
		-1;
}

void asker_wait(struct asker *a, int milliseconds)
{
	if (a->engine != NULL)
		mxsel_engine_wait(a->engine, milliseconds);
	else if (a->validator != NULL)
		mxsel_unbound_wait(a->validator, milliseconds);
}

int asker_has_tally(const struct asker *a)
{
	return a->engine != NULL;
}

uint64_t asker_tally(const struct asker *a)
{
	return mxsel_engine_statistic(a->engine, MXSEL_LDNS_SENT_UDP) +
		mxsel_engine_statistic(a->engine, MXSEL_LDNS_SENT_TCP);
}
