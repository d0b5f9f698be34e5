/*
 * The jobs of a libmxsel-redis whose thread was not started. May use lib/redis
 * and the public headers.
 */
#ifndef TESTS_SUPPORT_REDIS_JOBS_H
#define TESTS_SUPPORT_REDIS_JOBS_H

#include "redis/inside.h"

/* None of them comes to anything. */
static inline void redis_end_jobs(struct mxsel_redis *r)
{
	struct mxsel__rd_job *job;

	while ((job = mxsel__rd_take_job(r)) != NULL)
		if (job->kind == MXSEL__RD_OUTCOME)
			mxsel__rd_tell_end(r, OUTCOME(job), 0);
		else
			mxsel__rd_fail(r, ASK(job));
}

#endif
