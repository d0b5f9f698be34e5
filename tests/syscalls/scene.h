/*
 * What is done while system calls fail: objects are made, a plan is looked
 * up with them. May use the public headers, support/liar.h and faults/
 * host_judge.h.
 */
#ifndef TESTS_SYSCALLS_SCENE_H
#define TESTS_SYSCALLS_SCENE_H

#include <stddef.h>

#include <mxsel/ldns.h>
#include <mxsel/unbound.h>

#include "faults/host_judge.h"
#include "syscalls/wrap.h"

#define ERRORS_MAX 20
#define RESULTS_MAX 3
#define TIME_LIMIT 120 /* ms that the DNS may take */

/* The errors of a call, 0 behind the last one; and the results, besides a
   right or temporary plan, that functions may say then. */
struct call_errors {
	enum call call;
	int errors[ERRORS_MAX];
	int results[RESULTS_MAX];
};
extern const struct call_errors call_errors[];
extern const size_t call_errors_count;

/* Everything of a run; NULL what it does not need. */
struct objects {
	struct trial t; /* its functions judge the plan */
	mxsel_unbound *unbound;
	mxsel_resolver *zone;
	mxsel_cache *cache;
	mxsel_memory *memory;
	mxsel *selection;
	char servers[4][32]; /* "127.0.0.1@40001" */
	unsigned server_count;
	const char *path; /* of the scene's file */
	char folder[64];
	int poll_only;
};

struct scene {
	const char *name;
	liar_fn udp, tcp;
	unsigned servers;
	int (*make)(struct objects *o); /* 0 or an error */
	int (*look)(struct objects *o); /* the same; the plan is in o->t */
	void (*prepare)(struct objects *o); /* once, before all; or NULL */
	int blocks_differ; /* libunbound's own are not counted */
};
extern const struct scene scenes[];
extern const size_t scenes_count;

/* What make has made so far. */
void scene_give_back(struct objects *o);

#endif
