/*
 * What waits for the server: outcomes, which must not be lost, and questions,
 * which somebody waits for. All of it is under the lock of the mxsel_redis.
 * May use the public headers, libc and pthread.
 */
#ifndef MXSEL_REDIS_QUEUE_H
#define MXSEL_REDIS_QUEUE_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include <mxsel/redis.h>

#include "redis/list.h"

enum { MXSEL__RD_OUTCOME, MXSEL__RD_ASK };

/* One command to be, and its reply. */
struct mxsel__rd_job {
	struct mxsel__rd_link link;
	uint64_t sequence; /* what was told before it was asked goes first */
	uint64_t sent;     /* when */
	uint8_t kind;
	uint8_t whole;     /* with its script: the server has lost it */
	uint16_t port;
	uint16_t key_length;
	const char *key;
};

struct mxsel__rd_outcome {
	struct mxsel__rd_job job;
	uint64_t when;
	uint32_t half_life;
	uint32_t age;      /* of the newest outcome, at that time */
	int change;        /* MXSEL_STORE_* */
	uint16_t rest_length;
	const char *rest;  /* the entry, without what the server computes */
	char text[];
};

struct mxsel__rd_request;

struct mxsel__rd_ask {
	struct mxsel__rd_job job;
	struct mxsel__rd_request *request;
	char *answer;      /* NULL: not known */
};

/* Whose link, or whose job, this is. */
#define JOB(l) MXSEL__RD_OWNER((l), struct mxsel__rd_job, link)
#define OUTCOME(j) MXSEL__RD_OWNER((j), struct mxsel__rd_outcome, job)
#define ASK(j) MXSEL__RD_OWNER((j), struct mxsel__rd_ask, job)

/* What one selection asks. It is the selection's, until it does not wait any
   more: then it is the thread's. */
struct mxsel__rd_request {
	pthread_cond_t done;
	uint32_t half_life;
	int abandoned;
	int failed;
	size_t count, left;
	char *text;        /* all keys; behind asks[] */
	struct mxsel__rd_ask asks[];
};

struct mxsel__rd_queue {
	struct mxsel__rd_link outcomes;
	struct mxsel__rd_link asks;
	struct mxsel__rd_link again; /* those that lost their script */
	size_t outcome_count;        /* of the first list */
	size_t request_count;        /* that are not answered, all of them */
	size_t waiting;              /* outcomes, sent ones included */
	uint64_t sequence;
};

void mxsel__rd_queue_init(struct mxsel__rd_queue *q);
/* Everything that waits is lost. */
void mxsel__rd_queue_destroy(struct mxsel__rd_queue *q);

/* With the lock held, all: */
void mxsel__rd_put_outcome(struct mxsel_redis *r,
	struct mxsel__rd_outcome *outcome);
void mxsel__rd_put_request(struct mxsel_redis *r,
	struct mxsel__rd_request *request);
/* The next one to be sent, taken from its list; NULL: none. */
struct mxsel__rd_job *mxsel__rd_take_job(struct mxsel_redis *r);
int mxsel__rd_has_job(const struct mxsel_redis *r);
/* It has to be sent once more, with its script. */
void mxsel__rd_put_again(struct mxsel_redis *r, struct mxsel__rd_job *job);
/* A question's reply: text that malloc() gave, or NULL. */
void mxsel__rd_answer(struct mxsel_redis *r, struct mxsel__rd_ask *ask,
	char *answer);
/* Nobody answers this question. */
void mxsel__rd_fail(struct mxsel_redis *r, struct mxsel__rd_ask *ask);
/* The server has taken it; taken 0: it never will. */
void mxsel__rd_tell_end(struct mxsel_redis *r,
	struct mxsel__rd_outcome *outcome, int taken);
/* The connection is gone: outcomes wait again, questions have failed. */
void mxsel__rd_put_back(struct mxsel_redis *r, struct mxsel__rd_link *sent);

void mxsel__rd_request_free(struct mxsel__rd_request *request);

#endif
