/*
 * One fault and those who meet it: each client asks for every variant in
 * processes of its own, and writes down what came of it where the parent
 * sees it. May use libc.
 */
#ifndef TESTS_FAULTS_CELL_H
#define TESTS_FAULTS_CELL_H

#include <stdatomic.h>

#include "faults/lie.h"

struct outcome {
	int is_done;
	int took;        /* ms */
	int next_is_right; /* the honest look-up after it */
	int next_is_late;  /* it took its time, which was not enough */
	char said[480];
};

struct cell {
	const struct fault *fault;
	int port;
	int kind;                /* of the client, for server_name() */
	atomic_int open;         /* LIE_NO_PORT is over */
	int sockets_left;        /* descriptors more than before */
	long blocks_left;        /* blocks of memory more than before */
	struct outcome outcomes[LIE_VARIANTS];
};

struct client {
	const char *name;
	int kind;
	int shards; /* processes at a time */
	int is_base; /* a library to compare with: one process a variant */
	/* Every step-th variant, from first on. */
	void (*run)(struct cell *cell, unsigned first, unsigned step);
};

/* All clients of this program; the last one has no name. */
extern const struct client clients[];

int cell_now(void); /* ms, monotonic */

/* Write '@' for the domain, wherever it stands. */
void cell_shorten(char *text, const char *domain);

/* Does it meet what is right? See lie.h. */
int cell_matches(const char *alternatives, const char *said);

/* Did it take all its time, to have nothing or one address alone? On a busy
   machine it may. */
int cell_is_late(const struct cell *cell, const char *said, int took);

#endif
