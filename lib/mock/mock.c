/*
 * A resolver for tests that follows a script on a virtual clock. Questions
 * wait in a list until their time comes: in blocking mode the wait moves the
 * clock to the next answer, else the test does with mxsel_mock_advance().
 * A question is taken off the list before it is answered, and a cancelled
 * one at once, so that no dead pointer is ever looked at. May use the public
 * headers and libc.
 */
#include "mock/script.h"

#include <stdlib.h>

/* Where a selection has no time limit, waiting for nothing ends here. */
#define PATIENCE 30000u

/* ---------------------------------------------------------------- questions */

static void append(mxsel_mock *mock, struct mxsel__mock_pending *pending)
{
	pending->next = NULL;
	*mock->last_pending = pending;
	mock->last_pending = &pending->next;
}

/* Take the question off the list; NULL: somebody else took it. */
static struct mxsel__mock_pending *detach(
	mxsel_mock *mock, const mxsel_query *query)
{
	struct mxsel__mock_pending **link = &mock->pending, *found;

	while (*link != NULL && (*link)->query != query)
		link = &(*link)->next;
	found = *link;
	if (found == NULL)
		return NULL;
	*link = found->next;
	if (mock->last_pending == &found->next)
		mock->last_pending = link;
	return found;
}

static void give_up(mxsel_query *query, int outcome)
{
	(void)mxsel_answer_finish(query, outcome, MXSEL_SECURITY_INDETERMINATE);
}

static void resolve(mxsel_query *query, void *user)
{
	mxsel_mock *mock = user;
	const char *name = mxsel_query_name(query);
	uint16_t type = mxsel_query_type(query);
	uint32_t left = mxsel_time_left(mxsel_query_selection(query));
	struct mxsel__mock_pending *pending = malloc(sizeof(*pending));

	if (pending == NULL ||
		mxsel__mock_count(mock, name, type) != MXSEL_OK) {
		free(pending);
		give_up(query, MXSEL_DNS_SERVFAIL);
		return;
	}
	pending->query = query;
	pending->due = mock->now + mxsel__mock_delay(mock, name, type);
	if (mxsel__mock_manners(mock, name, type) == MXSEL_MOCK_NEVER)
		pending->due = UINT64_MAX;
	pending->deadline = left == UINT32_MAX ? UINT64_MAX : mock->now + left;
	append(mock, pending);
}

static void cancel(mxsel_query *query, void *user)
{
	mxsel_mock *mock = user;
	struct mxsel__mock_pending *pending = detach(mock, query);

	mock->cancelled += pending != NULL;
	free(pending);
}

/* ----------------------------------------------------------------- the time */

static uint64_t event(const struct mxsel__mock_pending *pending)
{
	return pending->due < pending->deadline ? pending->due
	                                        : pending->deadline;
}

/*
 * The question, of this selection if one is given, whose time is next; NULL
 * when none is open.
 */
static struct mxsel__mock_pending *next_event(
	const mxsel_mock *mock, const mxsel *selection)
{
	struct mxsel__mock_pending *pending, *first = NULL;

	for (pending = mock->pending; pending != NULL;
		pending = pending->next) {
		if (selection != NULL &&
			mxsel_query_selection(pending->query) != selection)
			continue;
		if (first == NULL || event(pending) < event(first))
			first = pending;
	}
	return first;
}

/* Its time has come: the answer, or the end of the selection's patience. */
static void settle(mxsel_mock *mock, struct mxsel__mock_pending *pending)
{
	mxsel_query *query = pending->query;
	int answered = pending->due <= pending->deadline;

	free(detach(mock, query));
	if (answered)
		mxsel__mock_answer(mock, query);
	else
		give_up(query, MXSEL_DNS_TIMEOUT);
}

static int wait_next(mxsel *selection, void *user)
{
	mxsel_mock *mock = user;
	struct mxsel__mock_pending *first = next_event(mock, selection);
	uint64_t until;

	if (first == NULL)
		return MXSEL_EUSAGE; /* somebody else took the question */
	until = event(first);
	if (until == UINT64_MAX)
		first->deadline = until = mock->now + PATIENCE;
	if (until > mock->now) {
		(void)mxsel_time_spent(
			selection, (uint32_t)(until - mock->now));
		mock->now = until;
	}
	while (first != NULL && event(first) <= mock->now) {
		settle(mock, first);
		first = next_event(mock, selection);
	}
	return MXSEL_OK;
}

/* Does an earlier question of the list belong to the same selection? */
static int stands_behind(
	const mxsel_mock *mock, const struct mxsel__mock_pending *entry)
{
	const struct mxsel__mock_pending *other = mock->pending;

	while (mxsel_query_selection(other->query) !=
		mxsel_query_selection(entry->query))
		other = other->next;
	return other != entry;
}

/* A selection waits as long as its slowest question, or all the time. */
static uint32_t waited(
	const mxsel_mock *mock, const mxsel *selection, uint32_t milliseconds)
{
	const struct mxsel__mock_pending *pending = mock->pending;
	uint64_t longest = 0;

	for (; pending != NULL; pending = pending->next) {
		uint64_t at = event(pending);

		if (mxsel_query_selection(pending->query) == selection &&
			at > mock->now && at - mock->now > longest)
			longest = at - mock->now;
	}
	return longest < milliseconds ? (uint32_t)longest : milliseconds;
}

static void charge(mxsel_mock *mock, uint32_t milliseconds)
{
	const struct mxsel__mock_pending *pending = mock->pending;

	for (; pending != NULL; pending = pending->next) {
		mxsel *selection = mxsel_query_selection(pending->query);

		if (!stands_behind(mock, pending))
			(void)mxsel_time_spent(selection,
				waited(mock, selection, milliseconds));
	}
}

int mxsel_mock_advance(mxsel_mock *mock, uint32_t milliseconds)
{
	struct mxsel__mock_pending *pending;
	uint64_t until;
	int given = 0;

	if (mock == NULL)
		return MXSEL_EUSAGE;
	until = mock->now + milliseconds;
	charge(mock, milliseconds);
	while ((pending = next_event(mock, NULL)) != NULL &&
		event(pending) <= until) {
		if (event(pending) > mock->now)
			mock->now = event(pending);
		settle(mock, pending);
		given++;
	}
	mock->now = until;
	return given;
}

/* ----------------------------------------------------------------- the mock */

/* The last owner of the resolver is gone, and with it the last question. */
static void release(void *user)
{
	mxsel__mock_forget(user);
	free(user);
}

int mxsel_mock_new(mxsel_mock **out)
{
	mxsel_mock *mock;
	int result;

	if (out == NULL)
		return MXSEL_EUSAGE;
	mock = calloc(1, sizeof(*mock));
	if (mock == NULL)
		return MXSEL_ENOMEM;
	result = mxsel_resolver_new(&mock->resolver, resolve, cancel, mock);
	if (result != MXSEL_OK) {
		free(mock);
		return result;
	}
	mock->last_record = &mock->records;
	mock->last_pending = &mock->pending;
	(void)mxsel_resolver_set_wait(mock->resolver, wait_next);
	(void)mxsel_resolver_set_release(mock->resolver, release);
	*out = mock;
	return MXSEL_OK;
}

void mxsel_mock_free(mxsel_mock *mock)
{
	if (mock != NULL)
		mxsel_resolver_free(mock->resolver);
}

mxsel_resolver *mxsel_mock_resolver(mxsel_mock *mock)
{
	return mock == NULL ? NULL : mock->resolver;
}

int mxsel_mock_set_blocking(mxsel_mock *mock, int blocking)
{
	if (mock == NULL)
		return MXSEL_EUSAGE;
	return mxsel_resolver_set_wait(
		mock->resolver, blocking ? wait_next : NULL);
}

uint64_t mxsel_mock_now(const mxsel_mock *mock)
{
	return mock == NULL ? 0 : mock->now;
}

size_t mxsel_mock_cancelled(const mxsel_mock *mock)
{
	return mock == NULL ? 0 : mock->cancelled;
}

size_t mxsel_mock_refused(const mxsel_mock *mock)
{
	return mock == NULL ? 0 : mock->refused;
}
