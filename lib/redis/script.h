/*
 * What the server does for us: two scripts, and the commands that run them.
 * Each touches one key, so that it runs in a cluster behind a proxy as well.
 * May use the public headers, libc and hiredis.
 */
#ifndef MXSEL_REDIS_SCRIPT_H
#define MXSEL_REDIS_SCRIPT_H

#include "redis/inside.h"

/* Number of the script of a job: the scripts are told in this order. */
enum { MXSEL__RD_TELL, MXSEL__RD_LOOK, MXSEL__RD_SCRIPTS };

/* Have the server learn a script; its reply is the hash to call it by. 0; -1:
   no memory. */
int mxsel__rd_append_script(struct mxsel_redis *r, int script);

/* The command of a job. 0; -1: no memory. */
int mxsel__rd_append_job(struct mxsel_redis *r, const struct mxsel__rd_job *job,
	uint64_t now);

#endif
