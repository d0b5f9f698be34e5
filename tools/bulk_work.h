/*
 * A run of mxsel bulk, as its parts share it: bulk.c sets it up, bulk_loop.c
 * waits for what comes next, bulk_job.c does one destination. May use the
 * public headers.
 */
#ifndef TOOLS_BULK_WORK_H
#define TOOLS_BULK_WORK_H

#include <mxsel/cache.h>

#include "bulk_asker.h"
#include "bulk_input.h"
#include "bulk_output.h"
#include "bulk_progress.h"
#include "bulk_state.h"
#include "bulk_window.h"
#include "json.h"
#include "settings.h"

/* A selection, used for one destination after the other. */
struct job {
	mxsel *m;          /* NULL before the first */
	uint64_t number;   /* in the window, where there is one */
	struct job *next;  /* in a list */
	int was_left;      /* waited between two attempts: walk again */
	int status;        /* exit status of its verdict */
};

struct bulk {
	const struct settings *settings;
	struct asker asker;
	mxsel_cache *cache;
	struct job *jobs;
	struct job *idle;
	size_t busy;
	/* Finished, without a line, because nobody takes lines now. */
	struct job *held, **held_end;
	int walks_all;        /* the first attempt does not tell all */
	int is_ordered;
	struct window *window; /* NULL: no order, and no --resume */
	struct json json;
	struct buffer line;
	struct input input;
	struct output output;
	struct progress progress;
	struct tally tally;
	uint64_t asked;        /* questions, by those who answered at once */
	struct place printed;  /* how far the output is added to, in order */
	int worst;             /* exit status of what was added to it */
	int failed;            /* exit status that ends the run; said already */
	/* --resume */
	const char *resume;
	struct state earlier;  /* what an earlier run has done */
	struct state next;     /* to be written when the output is this far: */
	uint64_t next_place;
	int next_waits;
	uint64_t saved;        /* when */
	uint64_t saved_place;  /* of the output, then */
};

/* Lines that wait to be written: beyond this nothing is added. */
#define BULK_OUTPUT_MAX ((size_t)262144)
/* Texts that wait behind a slow destination: the same. */
#define BULK_TEXTS_MAX ((size_t)8 << 20)

/* bulk_job.c */

/* May another destination begin? */
int bulk_has_room(const struct bulk *b);

/* Begin one. */
void bulk_begin(struct bulk *b, const struct input_line *line);

/* A selection can go on. */
void bulk_go_on(struct bulk *b, struct job *job);

/* Add what is finished to the output, as far as it takes it. */
void bulk_print(struct bulk *b);

/* Nothing more can be done: one line on stderr, the exit status. */
void bulk_fail(struct bulk *b, const char *what, int error, int status);

/* The same of an errno number. */
void bulk_fail_system(struct bulk *b, const char *what, const char *file,
	int error, int status);

/* bulk_loop.c */

uint64_t bulk_now(void);

/* Until all is done, a signal came or something failed: signal or 0. */
int bulk_loop(struct bulk *b);

#endif
