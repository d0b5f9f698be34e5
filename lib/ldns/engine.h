/*
 * The questions in flight of one selection, or later of many: started,
 * visited when a socket is ready or a time has come, cancelled. Nothing here
 * blocks; who drives it polls the descriptors until the wake time. One thread
 * at a time. May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_ENGINE_H
#define MXSEL_LDNS_ENGINE_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "ldns/engine_question.h"
#include "ldns/server.h"

struct mxsel__engine {
	struct mxsel__servers *servers;
	struct mxsel__question *first;
	struct mxsel__question *visited; /* its turn now */
	struct mxsel__question *next;    /* its turn next */
	unsigned long answered;          /* questions that ended in process */
	int error;                       /* of an answer, until it is read */
	pid_t owner;                     /* the process of the sockets */
};

void mxsel__engine_init(struct mxsel__engine *e,
	struct mxsel__servers *servers);

/* Forget every question; those still open are left open. */
void mxsel__engine_drop(struct mxsel__engine *e);

/* Take a question, to be answered within this time. 0, or MXSEL_ENOMEM. */
int mxsel__engine_start(struct mxsel__engine *e, mxsel_query *query,
	uint64_t now, uint32_t milliseconds);

/* Forget this question if it is here; also from within an answer. */
void mxsel__engine_cancel(struct mxsel__engine *e, const mxsel_query *query);

int mxsel__engine_is_idle(const struct mxsel__engine *e);

/* End every question no later than this. */
void mxsel__engine_limit(struct mxsel__engine *e, uint64_t deadline);

/* When to process at the latest; UINT64_MAX when there is no question. */
uint64_t mxsel__engine_timeout(const struct mxsel__engine *e);

/*
 * The descriptors to poll, at most MXSEL__SOCKETS_MAX. Returns how many.
 * They change with every call of process, start and cancel.
 */
nfds_t mxsel__engine_descriptors(const struct mxsel__engine *e,
	struct pollfd out[MXSEL__SOCKETS_MAX]);

/* Do all that can be done now. In a child after fork() all is asked again. */
void mxsel__engine_process(struct mxsel__engine *e, uint64_t now);

#endif
