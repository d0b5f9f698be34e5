/*
 * What waits for the server, see queue.h. May use the public headers, libc
 * and pthread.
 */
#include "redis/queue.h"

#include <stdlib.h>

#include "redis/clock.h"
#include "redis/inside.h"

/* So many may be on their way although nothing is to be kept. */
#define FLOOR 1024u

void mxsel__rd_queue_init(struct mxsel__rd_queue *q)
{
	mxsel__rd_list_init(&q->outcomes);
	mxsel__rd_list_init(&q->asks);
	mxsel__rd_list_init(&q->again);
}

void mxsel__rd_queue_destroy(struct mxsel__rd_queue *q)
{
	struct mxsel__rd_link *link;

	while (!mxsel__rd_list_is_empty(&q->outcomes)) {
		link = mxsel__rd_list_first(&q->outcomes);
		mxsel__rd_list_remove(link);
		free(OUTCOME(JOB(link)));
	}
}

void mxsel__rd_request_free(struct mxsel__rd_request *request)
{
	size_t i;

	for (i = 0; i < request->count; i++)
		free(request->asks[i].answer);
	(void)pthread_cond_destroy(&request->done);
	free(request);
}

static struct mxsel__rd_key key_of(const struct mxsel__rd_job *job)
{
	struct mxsel__rd_key key = { job->key, job->key_length, job->port };

	return key;
}

/* ------------------------------------------------------------- outcomes */

static void one_less(struct mxsel_redis *r)
{
	if (--r->queue.waiting == 0)
		(void)pthread_cond_broadcast(&r->drained);
}

/* What does not fit in is lost, the oldest first; not what is on its way. */
static void trim(struct mxsel_redis *r)
{
	size_t most = (size_t)r->set.values[MXSEL_REDIS_QUEUE];
	struct mxsel__rd_link *oldest;

	if (atomic_load(&r->state) == MXSEL__RD_READY && most < FLOOR)
		most = FLOOR;
	while (r->queue.waiting > most && r->queue.outcome_count > 0) {
		oldest = mxsel__rd_list_first(&r->queue.outcomes);
		mxsel__rd_list_remove(oldest);
		r->queue.outcome_count--;
		mxsel__rd_tell_end(r, OUTCOME(JOB(oldest)), 0);
	}
}

void mxsel__rd_put_outcome(struct mxsel_redis *r,
	struct mxsel__rd_outcome *outcome)
{
	struct mxsel__rd_key key = key_of(&outcome->job);

	outcome->job.sequence = ++r->queue.sequence;
	mxsel__rd_shelf_told(&r->shelf, &key, outcome->job.sequence);
	mxsel__rd_list_add(&r->queue.outcomes, &outcome->job.link);
	r->queue.outcome_count++;
	r->queue.waiting++;
	trim(r);
}

void mxsel__rd_tell_end(struct mxsel_redis *r,
	struct mxsel__rd_outcome *outcome, int taken)
{
	struct mxsel__rd_key key = key_of(&outcome->job);

	if (taken)
		mxsel__rd_shelf_taken(&r->shelf, &key);
	else
		mxsel__rd_shelf_lost(&r->shelf, &key, outcome->half_life,
			mxsel__rd_now());
	mxsel__rd_count(r, taken ? MXSEL_REDIS_RECORDED : MXSEL_REDIS_LOST, 1);
	free(outcome);
	one_less(r);
}

/* ------------------------------------------------------------ questions */

void mxsel__rd_put_request(struct mxsel_redis *r,
	struct mxsel__rd_request *request)
{
	size_t i;

	r->queue.request_count++;
	for (i = 0; i < request->count; i++) {
		request->asks[i].job.sequence = ++r->queue.sequence;
		mxsel__rd_list_add(&r->queue.asks, &request->asks[i].job.link);
	}
}

static void shelve(struct mxsel_redis *r, struct mxsel__rd_request *request)
{
	uint64_t now = mxsel__rd_now();
	struct mxsel__rd_ask *ask;
	size_t i;

	for (i = 0; i < request->count; i++) {
		struct mxsel__rd_key key = key_of(&request->asks[i].job);

		ask = &request->asks[i];
		mxsel__rd_shelf_put(&r->shelf, &key, ask->job.sequence,
			request->half_life, ask->answer, now);
		ask->answer = NULL;
	}
}

/* One question of it less; whoever waits for it has it then. */
static void come_closer(struct mxsel_redis *r,
	struct mxsel__rd_request *request)
{
	if (--request->left > 0)
		return;
	r->queue.request_count--;
	if (!request->abandoned) {
		(void)pthread_cond_signal(&request->done);
		return;
	}
	if (!request->failed)
		shelve(r, request);
	mxsel__rd_request_free(request);
}

void mxsel__rd_answer(struct mxsel_redis *r, struct mxsel__rd_ask *ask,
	char *answer)
{
	struct mxsel__rd_key key = key_of(&ask->job);

	/* A server that is full, say: it goes on telling what it knew before,
	   which must not take the place of what is known here. */
	if (mxsel__rd_shelf_is_behind(&r->shelf, &key, mxsel__rd_now())) {
		free(answer);
		answer = NULL;
	}
	ask->answer = answer;
	come_closer(r, ask->request);
}

void mxsel__rd_fail(struct mxsel_redis *r, struct mxsel__rd_ask *ask)
{
	ask->request->failed = 1;
	come_closer(r, ask->request);
}

/* ----------------------------------------------------------------- jobs */

/* NULL: there is none. */
static struct mxsel__rd_link *first_of(const struct mxsel__rd_link *head)
{
	return mxsel__rd_list_is_empty(head) ? NULL :
		mxsel__rd_list_first(head);
}

/* Before what was asked goes what was told before. */
static struct mxsel__rd_link *choose(const struct mxsel__rd_queue *q)
{
	struct mxsel__rd_link *again = first_of(&q->again);
	struct mxsel__rd_link *outcome = first_of(&q->outcomes);
	struct mxsel__rd_link *ask = first_of(&q->asks);

	if (again != NULL)
		return again;
	if (outcome == NULL || ask == NULL)
		return outcome != NULL ? outcome : ask;
	return JOB(ask)->sequence < JOB(outcome)->sequence ? ask : outcome;
}

int mxsel__rd_has_job(const struct mxsel_redis *r)
{
	return choose(&r->queue) != NULL;
}

struct mxsel__rd_job *mxsel__rd_take_job(struct mxsel_redis *r)
{
	struct mxsel__rd_link *link = choose(&r->queue);

	if (link == NULL)
		return NULL;
	if (JOB(link)->kind == MXSEL__RD_OUTCOME && !JOB(link)->whole)
		r->queue.outcome_count--;
	mxsel__rd_list_remove(link);
	return JOB(link);
}

void mxsel__rd_put_again(struct mxsel_redis *r, struct mxsel__rd_job *job)
{
	job->whole = 1;
	mxsel__rd_list_add(&r->queue.again, &job->link);
}

/* The outcomes of a list wait again, in the order in which they were. */
static void put_back(struct mxsel_redis *r, struct mxsel__rd_link *from,
	struct mxsel__rd_link *kept)
{
	struct mxsel__rd_job *job;

	while (!mxsel__rd_list_is_empty(from)) {
		job = JOB(mxsel__rd_list_first(from));
		mxsel__rd_list_remove(&job->link);
		job->whole = 0;
		if (job->kind == MXSEL__RD_ASK) {
			mxsel__rd_fail(r, ASK(job));
			continue;
		}
		mxsel__rd_list_add(kept, &job->link);
		r->queue.outcome_count++;
	}
}

void mxsel__rd_put_back(struct mxsel_redis *r, struct mxsel__rd_link *sent)
{
	struct mxsel__rd_link kept;

	mxsel__rd_list_init(&kept);
	put_back(r, sent, &kept);
	put_back(r, &r->queue.again, &kept);
	mxsel__rd_list_prepend(&r->queue.outcomes, &kept);
	put_back(r, &r->queue.asks, &kept);
	trim(r);
}
