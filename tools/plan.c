/*
 * Walks a selection to its end and keeps what it handed out. The library
 * forgets each attempt when it goes on to the next; a printed plan wants them
 * all. May use the public headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "plan.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* Room for one more element of an array; the element count stays below. */
static int grow(void **array, size_t *room, size_t count, size_t size)
{
	size_t more = *room == 0 ? 8 : *room * 2;
	void *moved;

	if (count < *room)
		return 0;
	if (more > SIZE_MAX / size)
		return MXSEL_ENOMEM;
	moved = realloc(*array, more * size);
	if (moved == NULL)
		return MXSEL_ENOMEM;
	*array = moved;
	*room = more;
	return 0;
}

static int begin_host(struct plan *p)
{
	const char *canonical = mxsel_host_canonical(p->m);
	void *array = p->hosts;
	struct plan_host *h;
	int r = grow(&array, &p->host_room, p->host_count, sizeof(*h));

	p->hosts = array;
	if (r != 0)
		return r;
	h = &p->hosts[p->host_count];
	memset(h, 0, sizeof(*h));
	h->name = strdup(mxsel_host_name(p->m));
	h->canonical = strdup(canonical);
	h->preference = mxsel_host_preference(p->m);
	h->rank = mxsel_host_rank(p->m);
	h->secure = 1;
	h->first = p->address_count;
	p->host_count++;
	if (h->name == NULL || h->canonical == NULL)
		return MXSEL_ENOMEM;
	return p->shows_tls ? plan_tls_keep(&h->tls, p->m) : 0;
}

static int add_address(struct plan *p)
{
	void *array = p->addresses;
	int r = grow(&array, &p->address_room, p->address_count,
		sizeof(*p->addresses));
	struct plan_host *h = &p->hosts[p->host_count - 1];
	char *copy;

	p->addresses = array;
	if (r != 0)
		return r;
	copy = strdup(mxsel_address(p->m));
	if (copy == NULL)
		return MXSEL_ENOMEM;
	p->addresses[p->address_count++] = copy;
	h->count++;
	if (mxsel_address_is_secure(p->m) == 1)
		h->is_secured = 1;
	else
		h->secure = 0;
	return 0;
}

static int add_attempt(struct plan *p)
{
	int rank = mxsel_host_rank(p->m);
	int r = 0;

	p->port = mxsel_port(p->m);
	if (p->host_count == 0 || p->hosts[p->host_count - 1].rank != rank)
		r = begin_host(p);
	return r != 0 ? r : add_address(p);
}

int plan_collect(struct plan *p, mxsel *m, const char *destination,
	int shows_tls)
{
	int r;

	memset(p, 0, sizeof(*p));
	p->destination = destination;
	p->m = m;
	p->shows_tls = shows_tls;
	for (;;) {
		r = mxsel_next(m);
		if (r == MXSEL_ATTEMPT)
			r = add_attempt(p);
		else
			return r == MXSEL_LOOKUP ? MXSEL_EUSAGE : r;
		if (r < 0)
			return r;
	}
}

void plan_free(struct plan *p)
{
	size_t i;

	for (i = 0; i < p->host_count; i++) {
		free(p->hosts[i].name);
		free(p->hosts[i].canonical);
		plan_tls_free(&p->hosts[i].tls);
	}
	for (i = 0; i < p->address_count; i++)
		free(p->addresses[i]);
	free(p->hosts);
	free(p->addresses);
	memset(p, 0, sizeof(*p));
}

int plan_action(const struct plan *p)
{
	if (p->address_count > 0)
		return MXSEL_ACTION_TRY;
	return mxsel_verdict_action(p->m);
}

const char *plan_action_name(const struct plan *p)
{
	return mxsel_action_name(plan_action(p));
}

const char *plan_source_name(const mxsel *m)
{
	int source = mxsel_source(m);

	return source == MXSEL_SOURCE_NONE ? "" : mxsel_source_name(source);
}

int plan_exit(int action)
{
	switch (action) {
	case MXSEL_ACTION_TRY:
		return EX_OK;
	case MXSEL_ACTION_BOUNCE:
		return 1;
	default:
		return EX_TEMPFAIL;
	}
}

int plan_worse(int a, int b)
{
	return a > b ? a : b;
}
