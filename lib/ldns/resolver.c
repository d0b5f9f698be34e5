/*
 * The blocking socket resolver: a pool of engines, one for each selection
 * that has questions in flight, and the loop that waits for them. A seat in the
 * pool belongs to one selection, and so to one thread, from its first
 * question to the end of its last; the lock is held to find a seat, never
 * while waiting. May use public headers, libc and pthread.
 *
 * fork(): a child may go on with the selections of the thread that forked;
 * its questions are asked anew on sockets of its own. As for every lock, no
 * other thread may be inside the resolver at that moment.
 */
#define _POSIX_C_SOURCE 200809L

#include <mxsel/ldns.h>

#include <pthread.h>
#include <stdlib.h>

#include "ldns/conf.h"
#include "ldns/engine.h"
#include "ldns/server.h"

#define QUERY_TIME_MAX 600000

struct seat {
	struct seat *next;
	const mxsel *selection; /* NULL: free */
	struct mxsel_engine engine;
};

struct pool {
	struct mxsel__servers servers;
	pthread_mutex_t lock; /* of the seats' list and selections */
	struct seat *seats;
};

/* --------------------------------------------------------------- seats */

static struct seat *seat_held_by(struct pool *pool, const mxsel *selection)
{
	struct seat *seat = pool->seats;

	while (seat != NULL && seat->selection != selection)
		seat = seat->next;
	return seat;
}

static struct seat *find_seat(struct pool *pool, const mxsel *selection)
{
	struct seat *seat;

	pthread_mutex_lock(&pool->lock);
	seat = seat_held_by(pool, selection);
	pthread_mutex_unlock(&pool->lock);
	return seat;
}

static struct seat *add_seat(struct pool *pool)
{
	struct seat *seat = malloc(sizeof *seat);

	if (seat == NULL)
		return NULL;
	/* A descriptor of its own would be one more for each seat (S11). */
	if (mxsel__engine_init(&seat->engine, &pool->servers,
			MXSEL__POLLER_POLL) != 0) {
		free(seat);
		return NULL;
	}
	seat->selection = NULL;
	seat->next = pool->seats;
	pool->seats = seat;
	return seat;
}

static struct seat *take_seat(struct pool *pool, const mxsel *selection)
{
	struct seat *seat;

	pthread_mutex_lock(&pool->lock);
	seat = seat_held_by(pool, selection);
	if (seat == NULL)
		seat = seat_held_by(pool, NULL);
	if (seat == NULL)
		seat = add_seat(pool);
	if (seat != NULL)
		seat->selection = selection;
	pthread_mutex_unlock(&pool->lock);
	return seat;
}

static void leave_seat(struct pool *pool, struct seat *seat)
{
	if (!mxsel__list_is_empty(&seat->engine.questions) ||
			!mxsel__list_is_empty(&seat->engine.later))
		return;
	mxsel__engine_rest(&seat->engine);
	pthread_mutex_lock(&pool->lock);
	seat->selection = NULL;
	pthread_mutex_unlock(&pool->lock);
}

/* ------------------------------------------------- the resolver's functions */

/*
 * What is asked ahead goes out when somebody waits: until then nobody would
 * look at a socket for it, nor at its time.
 */
static int ask(struct mxsel_engine *e, mxsel_query *query)
{
	int result;

	if (!mxsel_is_waiting(mxsel_query_selection(query)))
		return mxsel__engine_ask_later(e, query);
	result = mxsel__engine_arrive(e);
	return result == 0 ? mxsel__engine_ask(e, query, NULL) : result;
}

static int start(struct pool *pool, mxsel_query *query)
{
	struct seat *seat = take_seat(pool, mxsel_query_selection(query));
	int result;

	if (seat == NULL)
		return MXSEL_ENOMEM;
	result = ask(&seat->engine, query);
	leave_seat(pool, seat);
	return result;
}

static void resolve(mxsel_query *query, void *user)
{
	/* When even this has no memory, wait() finds no question and the
	   selection ends it. */
	if (start(user, query) != 0)
		mxsel_answer_finish(query, MXSEL_DNS_NETWORK,
			MXSEL_SECURITY_INDETERMINATE);
}

static void cancel(mxsel_query *query, void *user)
{
	struct seat *seat = find_seat(user, mxsel_query_selection(query));

	if (seat == NULL)
		return;
	mxsel__engine_forget(&seat->engine, query);
	leave_seat(user, seat);
}

/* Until one is answered. */
static int run(struct mxsel_engine *e, uint64_t before)
{
	int result;

	while (!mxsel__list_is_empty(&e->questions)) {
		if (e->answered != before)
			return 0;
		result = mxsel_engine_wait(e, -1);
		if (result != 0)
			return result;
	}
	return 0;
}

static int run_timed(struct mxsel_engine *e, mxsel *selection)
{
	uint32_t left = mxsel_time_left(selection);
	uint64_t began, before = e->answered;
	int result;

	result = mxsel__engine_arrive(e);
	if (result != 0)
		return result;
	mxsel__engine_ask_now(e);
	began = e->now / 1000u;
	if (left != UINT32_MAX)
		mxsel__engine_limit(e, began + left);
	result = run(e, before);
	mxsel_time_spent(selection, (uint32_t)(e->now / 1000u - began));
	return result;
}

static int wait_for_one(mxsel *selection, void *user)
{
	struct seat *seat = find_seat(user, selection);
	int result;

	if (seat == NULL)
		return MXSEL_EUSAGE;
	result = run_timed(&seat->engine, selection);
	/* On an error the selection ends its questions: they are gone. */
	if (result != 0)
		mxsel__engine_drop(&seat->engine);
	/* The others were asked ahead: see start(). */
	else if (!mxsel_is_waiting(selection))
		mxsel__engine_put_off(&seat->engine);
	leave_seat(user, seat);
	return result;
}

static void release(void *user)
{
	struct pool *pool = user;
	struct seat *seat;

	while ((seat = pool->seats) != NULL) {
		pool->seats = seat->next;
		mxsel__engine_drop(&seat->engine);
		mxsel__engine_destroy(&seat->engine);
		free(seat);
	}
	pthread_mutex_destroy(&pool->lock);
	mxsel__servers_destroy(&pool->servers);
	free(pool);
}

/* ---------------------------------------------------------------- public */

static struct pool *pool_of(const mxsel_resolver *r)
{
	return mxsel_resolver_user(r, resolve);
}

static int pool_new(struct pool **out)
{
	struct pool *pool = malloc(sizeof *pool);

	if (pool == NULL)
		return MXSEL_ENOMEM;
	pool->seats = NULL;
	if (mxsel__servers_init(&pool->servers) != 0) {
		free(pool);
		return MXSEL_ENOMEM;
	}
	if (pthread_mutex_init(&pool->lock, NULL) != 0) {
		mxsel__servers_destroy(&pool->servers);
		free(pool);
		return MXSEL_ENOMEM;
	}
	*out = pool;
	return 0;
}

int mxsel_ldns_new(mxsel_resolver **out, const char *resolv_conf)
{
	mxsel_resolver *r;
	struct pool *pool;
	int result;

	if (out == NULL)
		return MXSEL_EUSAGE;
	result = pool_new(&pool);
	if (result != 0)
		return result;
	result = mxsel__conf_read(&pool->servers, resolv_conf);
	if (result == 0)
		result = mxsel_resolver_new(&r, resolve, cancel, pool);
	if (result != 0) {
		release(pool);
		return result;
	}
	mxsel_resolver_set_wait(r, wait_for_one);
	mxsel_resolver_set_release(r, release);
	*out = r;
	return 0;
}

int mxsel_ldns_add_server(mxsel_resolver *r, const char *server)
{
	struct pool *pool = pool_of(r);
	struct mxsel__server parsed;
	int result;

	if (pool == NULL || server == NULL)
		return MXSEL_EUSAGE;
	result = mxsel__conf_server(&parsed, server);
	return result != 0 ? result :
		mxsel__servers_add(&pool->servers, &parsed);
}

int mxsel_ldns_set_query_time(mxsel_resolver *r, int milliseconds)
{
	struct pool *pool = pool_of(r);

	if (pool == NULL)
		return MXSEL_EUSAGE;
	if (milliseconds < 1 || milliseconds > QUERY_TIME_MAX)
		return MXSEL_ERANGE;
	mxsel__servers_set_time(&pool->servers, (uint32_t)milliseconds);
	return 0;
}

int mxsel_ldns_set_mix_case(mxsel_resolver *r, int on)
{
	struct pool *pool = pool_of(r);

	if (pool == NULL)
		return MXSEL_EUSAGE;
	if (on != 0 && on != 1)
		return MXSEL_ERANGE;
	mxsel__servers_set_mix_case(&pool->servers, on);
	return 0;
}

int mxsel_ldns_set_trust_ad(mxsel_resolver *r, int trust)
{
	struct pool *pool = pool_of(r);

	if (pool == NULL)
		return MXSEL_EUSAGE;
	if (trust < -1 || trust > 1)
		return MXSEL_ERANGE;
	mxsel__servers_set_trust_ad(&pool->servers, trust);
	return 0;
}

int mxsel_ldns_trusts_ad(const mxsel_resolver *r)
{
	struct pool *pool = pool_of(r);

	return pool != NULL && mxsel__servers_trust_ad(&pool->servers);
}

uint64_t mxsel_ldns_statistic(const mxsel_resolver *r, int which)
{
	struct pool *pool = pool_of(r);

	if (pool == NULL || which < 0 || which >= MXSEL__COUNTERS)
		return 0;
	return mxsel__servers_counter(&pool->servers, (unsigned)which);
}
