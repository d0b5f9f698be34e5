/*
 * Who asks for mxsel bulk: an engine, or with --anchor libunbound, which
 * validates; the same questions put to either. May use the public headers.
 */
#ifndef TOOLS_BULK_ASKER_H
#define TOOLS_BULK_ASKER_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/ldns.h>
#include <mxsel/unbound.h>

#include "settings.h"

/* Both NULL: the options have a resolver, and nobody is asked here. */
struct asker {
	mxsel_engine *engine;
	mxsel_unbound *validator;
	size_t waiting; /* selections under way at the validator */
};

/* 0, or the exit status: said. asker_close() in any case. */
int asker_open(struct asker *a, const struct settings *s);
void asker_close(struct asker *a);

/* Is there one? */
int asker_is_open(const struct asker *a);

/* As the functions of the engine that are called so. */
int asker_next(struct asker *a, mxsel *m);
mxsel *asker_ready(struct asker *a);
int asker_process(struct asker *a);
size_t asker_count(const struct asker *a);
size_t asker_queued(const struct asker *a);
int asker_fd(const struct asker *a);
int asker_timeout(const struct asker *a);
void asker_wait(struct asker *a, int milliseconds);

/* Does it know how many questions it sent? Then how many. */
int asker_has_tally(const struct asker *a);
uint64_t asker_tally(const struct asker *a);

#endif
