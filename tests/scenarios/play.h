/*
 * What the runner's files share about one play: the selection, and what was
 * seen of it. May use <mxsel/security.h> and <mxsel/memory.h>.
 */
#ifndef TESTS_SCENARIOS_PLAY_H
#define TESTS_SCENARIOS_PLAY_H

#include <mxsel/memory.h>

#include "scenarios/scenario.h"

#define ASKED_MAX 600
#define TOLD_MAX 65536
#define TRIES_MAX 1100
#define TRIED_ROOM 320

struct way {
	const char *name;
	int form;
	int pull;    /* else by a resolver that answers at once */
	int newest;  /* pull: the question asked last is answered first */
	int single;  /* pull: go on after each answer */
	int trace;   /* decisions are kept */
	int memory;  /* one that knows nothing, where a case has none */
};

struct asked {
	char name[NAME_ROOM];
	int type;
};

/* One play: the selection, and what was seen of it. */
struct play {
	const struct scenario *s;
	const struct way *way;
	const struct text_line *at; /* the line being played */
	mxsel *m;
	mxsel_options *options;
	mxsel_memory *memory; /* or NULL */
	uint64_t now;         /* by its clock */
	unsigned long long seed;
	int keep_duplicates;
	int dane;            /* MXSEL_OPT_DANE */
	int by_name;         /* TLS goes, or went wrong, by the name */
	int tls;             /* MXSEL_TLS_* */
	int policy;          /* what mxsel_set_sts() came to */
	mxsel_sts *sts;      /* what it was given */
	int failed;
	int last;            /* of mxsel_next() */
	int skip_host;
	int every_event;     /* lines name all events */
	size_t event;        /* the next one to be named */
	size_t tls_line;     /* of the TLS report, the same */
	int preference;      /* of the attempt before; -1 */
	const char *trouble; /* of the resolver */
	int quiet;           /* nothing is printed */
	size_t lost;         /* the one in asked[], from 1, not answered */
	char failure[512];   /* what would have been printed */
	size_t open_count, asked_count, tried_count, told, traced;
	mxsel_query *open[ASKED_MAX]; /* taken, to be answered */
	struct asked asked[ASKED_MAX];
	char tried[TRIES_MAX][TRIED_ROOM];
	char tell[TOLD_MAX]; /* to be compared between ways */
	char trace[TOLD_MAX]; /* the same of the events */
	char used[128];      /* rejections that a line has named */
};

/* report.c: say what is wrong and return 1; write down what happened. */
int play_fail(struct play *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void play_tell(struct play *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *source_name(int source);
const char *action_name(int action);

/* play.c: go on to the next attempt, answering what is asked. */
int play_next(struct play *p);

/* The ways there are; those from PULLED on have no resolver. */
#define WAYS 6
#define PULLED 3
extern const struct way play_ways[WAYS];
/* May the case be played in this way? Extra records are for messages. */
int play_suits(const struct scenario *s, const struct way *way);
void play_reset(struct play *p, const struct scenario *s,
	const struct way *way, unsigned long long seed);
/* Up to the first line; *seeded: the case has a seed. 0 or 1. */
int play_begin(struct play *p, int *seeded);
void play_lines(struct play *p);
void play_end(struct play *p);
/* What the selection knows, beside what was told on the way. */
void play_tell_state(struct play *p);

/* hold.c: what must be so for any mail. 0 or 1. */
int hold_attempt(struct play *p);
int hold_verdict(struct play *p);
int hold_trace(struct play *p);

/* steps.c: lines about what comes next. 0 or 1. */
int step_try(struct play *p, char *words[], size_t n);
int step_set(struct play *p, const char *word, int together);
int step_verdict(struct play *p, char *words[], size_t n);

/* events.c: how an attempt ended, and why what was decided. 0 or 1. */
int step_report(struct play *p, char *words[], size_t n);
int check_event(struct play *p, const char *want);
int check_no_event(struct play *p, const char *want);
int check_trace(struct play *p);
int check_all_events(struct play *p);
void tell_events(struct play *p);

/* security.c: DANE, MTA-STS, REQUIRETLS and TLS reports. 0 or 1. */
int play_secure(struct play *p);
int hold_security(struct play *p);
int hold_no_security(struct play *p);
int check_posture(struct play *p, char *words[], size_t n);
/* A line that is about them? *failed says what came of it. */
int check_security(struct play *p, char *words[], size_t n, int *failed);
int check_all_reported(struct play *p);
void tell_security(struct play *p);
void tell_tls_report(struct play *p);

/* memory.c: what is known of hosts. 0 or 1. */
int play_memory(struct play *p);
/* As it was before the first mail. */
int play_remember(struct play *p);
/* A line that is about it? *failed says what came of it. */
int check_memory(struct play *p, char *words[], size_t n, const char *rest,
	int *failed);

/* checks.c: a line that begins with words. 0 or 1. */
int check_line(struct play *p, char *words[], size_t n, const char *rest);
/* Lines of rejections name all there are, or none. */
int check_all_rejected(struct play *p);

#endif
