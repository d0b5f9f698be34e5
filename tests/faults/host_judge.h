/*
 * What the faults of machine and caller (F74..F100) are judged by: each runs
 * in a process of its own, which must end by itself, and leaves descriptors
 * and blocks as they were. May use the public headers of the libraries,
 * support/liar.h and syscalls/.
 */
#ifndef TESTS_FAULTS_HOST_JUDGE_H
#define TESTS_FAULTS_HOST_JUDGE_H

#include <stddef.h>

#include <mxsel/ldns.h>
#include <mxsel/mxsel.h>

#include "support/liar.h"
#include "syscalls/heap.h"
#include "syscalls/wrap.h"

#define JUDGE_TIME 300  /* ms for a selection that waits in vain */
#define JUDGE_LONG 3000 /* the same where nothing waits for its end */
#define JUDGE_GRACE 50  /* ms that a deadline may be missed by (S7) */

struct fault {
	const char *number;
	void (*run)(void);
	const char *shown; /* one sentence, when it has passed */
};

/* One line for each: fault|F74|passed|12|...; how many failed. The
   arguments name those that are wanted; none: all. */
int judge_all(const struct fault *faults, size_t count, int argc, char **argv);

/* Where those write who are not run by judge_all(). */
void judge_report_to(int fd);

/* ---------------------------------------------- inside the fault's process */

__attribute__((format(printf, 1, 2), noreturn))
void judge_fail(const char *format, ...);
__attribute__((format(printf, 1, 2), noreturn))
void judge_skip(const char *format, ...);
/* Something was late, which a busy machine excuses twice. */
__attribute__((format(printf, 1, 2), noreturn))
void judge_late(const char *format, ...);
/* Instead of the sentence of the table. */
__attribute__((format(printf, 1, 2)))
void judge_say(const char *format, ...);

#define EXPECT(what) \
	((what) ? (void)0 : judge_fail("line %d: %s", __LINE__, #what))

long judge_now(void); /* monotonic ms */
int judge_descriptors(void);

/* What is held against later: descriptors and blocks. */
struct base {
	int descriptors;
	size_t blocks;
};
void judge_base(struct base *base);
void judge_same(const struct base *base, const char *what);

/* ------------------------------------------------ look-ups against servers */

struct trial {
	struct base base;
	struct liar *liars[4];
	unsigned count;
	mxsel_resolver *resolver;
	mxsel_options *options; /* with the resolver */
	mxsel_engine *engine;
	mxsel_options *pull;    /* for the engine */
	int limit;              /* ms that the DNS may take */
	int time;               /* ms that a selection may take */
	long took;
	int code;               /* of the verdict at the end of the plan */
	int partly;             /* a family or more failed for now */
	int may_differ;         /* selections at once, while something fails */
	int insane;             /* then: one was not even temporary */
	char said[256];         /* the addresses, in the order of the plan */
};

/* Objects and no server yet. Selections end after so many ms. */
void trial_begin(struct trial *t, int milliseconds);
/* Objects are given back; then nothing must be left. */
void trial_end(struct trial *t);

/* udp, tcp as for liar_start(). */
struct liar *trial_server(struct trial *t, liar_fn udp, liar_fn tcp);

/* A selection to the end of its plan; 0 or an error. */
int trial_look(struct trial *t, const char *destination);
/* The same on the engine; times selections at once, which must be alike. */
int trial_look_engine(struct trial *t, const char *destination, int times);

/* Selections under way at once, freed by trial_many_end(). */
#define MANY 64
struct many {
	mxsel *m[MANY];
	char said[MANY][64];
	int count, ended;
};
int trial_many_begin(struct trial *t, struct many *all,
	const char *destination, int times);
int trial_many_run(struct trial *t, struct many *all);
void trial_many_end(struct many *all);

/* All addresses; or fewer, and the mail is kept (R14). */
int trial_is_right(const struct trial *t);
int trial_is_temporary(const struct trial *t);
/* What may be while something fails. */
int trial_is_sane(const struct trial *t);
/* The last one did not take longer than it may; else the fault is late. */
void trial_in_time(const struct trial *t);

/* Both ways, and they must be right, temporary, or either. */
void trial_expect_right(struct trial *t);
void trial_expect_temporary(struct trial *t);

/* Plans as text, without the C library's printf(), which needs more stack
   than the library. */
void trial_add_text(char *out, size_t room, const char *text);

/* Servers. */
void honest(struct liar_call *call);
void truncated(struct liar_call *call);
void silent(struct liar_call *call);
void holding(struct liar_call *call);

#endif
