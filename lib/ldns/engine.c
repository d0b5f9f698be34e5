/*
 * Questions in flight, see engine.h. May use public headers and libc only.
 */
#define _POSIX_C_SOURCE 200809L

#include "ldns/engine.h"

#include <unistd.h>

void mxsel__engine_init(struct mxsel__engine *e,
	struct mxsel__servers *servers)
{
	e->servers = servers;
	e->first = NULL;
	e->visited = NULL;
	e->next = NULL;
	e->answered = 0;
	e->error = 0;
	e->owner = getpid();
}

static void remove_question(struct mxsel__engine *e,
	struct mxsel__question *q)
{
	struct mxsel__question **link = &e->first;

	while (*link != q)
		link = &(*link)->next;
	*link = q->next;
	if (e->next == q)
		e->next = q->next;
	mxsel__question_free(q);
}

void mxsel__engine_drop(struct mxsel__engine *e)
{
	while (e->first != NULL)
		remove_question(e, e->first);
	e->error = 0;
}

int mxsel__engine_start(struct mxsel__engine *e, mxsel_query *query,
	uint64_t now, uint32_t milliseconds)
{
	struct mxsel__question **link = &e->first;
	struct mxsel__question *q;
	int result;

	result = mxsel__question_new(&q, e->servers, query, now,
		milliseconds);
	if (result != 0)
		return result;
	while (*link != NULL)
		link = &(*link)->next;
	*link = q;
	return 0;
}

void mxsel__engine_cancel(struct mxsel__engine *e, const mxsel_query *query)
{
	struct mxsel__question *q = e->first;

	while (q != NULL && q->query != query)
		q = q->next;
	if (q == NULL)
		return;
	mxsel__question_cancel(q);
	/* The one being visited is still in use below us on the stack. */
	if (q != e->visited)
		remove_question(e, q);
}

int mxsel__engine_is_idle(const struct mxsel__engine *e)
{
	return e->first == NULL;
}

void mxsel__engine_limit(struct mxsel__engine *e, uint64_t deadline)
{
	struct mxsel__question *q;

	for (q = e->first; q != NULL; q = q->next)
		mxsel__question_limit(q, deadline);
}

uint64_t mxsel__engine_timeout(const struct mxsel__engine *e)
{
	const struct mxsel__question *q;
	uint64_t wake = UINT64_MAX;

	for (q = e->first; q != NULL; q = q->next)
		if (q->wake < wake)
			wake = q->wake;
	return wake;
}

nfds_t mxsel__engine_descriptors(const struct mxsel__engine *e,
	struct pollfd out[MXSEL__SOCKETS_MAX])
{
	const struct mxsel__question *q;
	nfds_t n = 0;

	for (q = e->first; q != NULL && n < MXSEL__SOCKETS_MAX; q = q->next)
		if (mxsel__question_descriptor(q, &out[n]))
			n++;
	return n;
}

/*
 * The child of a fork has copies of its parent's sockets and would take the
 * parent's answers from them (S44).
 */
static void leave_parent(struct mxsel__engine *e, uint64_t now)
{
	struct mxsel__question *q;
	pid_t self = getpid();

	if (e->owner == self)
		return;
	e->owner = self;
	for (q = e->first; q != NULL; q = q->next)
		mxsel__question_restart(q, now);
}

static void visit(struct mxsel__engine *e, struct mxsel__question *q,
	uint64_t now)
{
	e->visited = q;
	mxsel__question_visit(q, now);
	e->visited = NULL;
	if (q->state != MXSEL__QUESTION_OVER)
		return;
	e->answered++;
	if (q->error != 0)
		e->error = q->error;
	remove_question(e, q);
}

void mxsel__engine_process(struct mxsel__engine *e, uint64_t now)
{
	struct mxsel__question *q;

	leave_parent(e, now);
	for (q = e->first; q != NULL; q = e->next) {
		e->next = q->next;
		visit(e, q, now);
	}
}
