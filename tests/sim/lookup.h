/*
 * A selection from beginning to end under the simulator, by any of the ways
 * there are, and what came of it as text. May use public headers and libc
 * only.
 */
#ifndef TESTS_SIM_LOOKUP_H
#define TESTS_SIM_LOOKUP_H

#include <mxsel/ldns.h>

#include "sim/server.h"

/* How questions are asked. */
enum sim_way { SIM_BY_EPOLL, SIM_BY_POLL, SIM_BY_BLOCKING, SIM_WAYS };

struct sim_client {
	enum sim_way way;
	mxsel_engine *engine;
	mxsel_resolver *resolver;
	mxsel_options *options;
	unsigned at_once; /* others that want the same at the same time */
	size_t heap;      /* before there was anything */
};

struct sim_settings {
	int mix_case, query_time; /* 0: as usual */
	int option, value;        /* MXSEL_OPT_*; 0: none */
	unsigned at_once;         /* others beside each, with an engine */
};

/* 0; or an error of the library: nothing is there then. */
int sim_client_open(struct sim_client *c, enum sim_way way,
	const struct sim_settings *s);

/* Everything given back? 0; -1: descriptors or octets are left. */
int sim_client_close(struct sim_client *c);

#define SIM_TEXT_MAX 6000u
#define SIM_OTHERS_MAX 100u

/* What a selection came to. */
struct sim_result {
	char text[SIM_TEXT_MAX];   /* "try 10 mx1.example.com 192.0.2.1", ... */
	char verdict[80];          /* "defer 451 4.4.1 unreachable" */
	unsigned attempts;
	int action, source;
	uint32_t flags;
	unsigned milliseconds;     /* virtual */
};

void sim_lookup(struct sim_client *c, const char *destination,
	struct sim_result *out);

/* Let idle connections end. */
void sim_client_rest(struct sim_client *c);

/* A counter of its sockets, MXSEL_LDNS_*. */
uint64_t sim_client_count(const struct sim_client *c, int which);

/* Is it what it would be without a fault, or a part of it that says so, or a
   temporary failure? NULL; else what is wrong. */
const char *sim_result_judge(const struct sim_result *result,
	const struct sim_result *plan);

#endif
