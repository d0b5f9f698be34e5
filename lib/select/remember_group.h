/*
 * What the files share that put equals in order by what a memory knows of
 * them: remember.c, remember_addresses.c, remember_say.c. May use what
 * remember.h may.
 */
#ifndef MXSEL_SELECT_REMEMBER_GROUP_H
#define MXSEL_SELECT_REMEMBER_GROUP_H

#include "cache/memory.h"
#include "rank/behind.h"
#include "select/remember.h"

/* Equals in their order, and what is known of each. */
struct group {
	struct mxsel *m;
	size_t n;
	const struct mxsel__known *of[MXSEL__KNOWN_MAX];
	struct mxsel__equal equal[MXSEL__KNOWN_MAX];
	unsigned short order[MXSEL__KNOWN_MAX]; /* who comes to stand there */
	int is_next; /* the first one is the next that is tried */
	int probes;  /* the first one is tried to see how it is */
	int changed;
};

/* What the memory was told while a step is not over. */
struct told {
	struct told *next;
	struct mxsel__known k; /* as it was looked up */
	int is_turn;
};

static inline int mxsel__known_failed(const struct mxsel__known *k)
{
	return k->score >= MXSEL__SCORE_BAD;
}

/* Does the order of hosts stand, and of the addresses of each? */
static inline int mxsel__is_by_host(const struct mxsel *m)
{
	return m->options->values[MXSEL_OPT_SHUFFLE] !=
		MXSEL_SHUFFLE_ADDRESSES;
}

/* ------------------------------------------------------------- remember.c */

/* What is known of one that nobody knows. */
extern const struct mxsel__known mxsel__nothing_known;

void mxsel__ask_host(struct mxsel__known *k, const struct mxsel *m,
	const char *name, size_t length);
void mxsel__ask_address(struct mxsel__known *k, const struct mxsel *m,
	const struct candidate *c);
/* Look up, and tell the recorder. 0: nothing is known. */
int mxsel__look(struct mxsel *m, struct mxsel__known *k, size_t n,
	uint32_t *waited);

/*
 * Remember that the memory is told, so that a step that finds no memory can
 * be made again (S39). 0 or MXSEL_ENOMEM: then it must not be told.
 */
int mxsel__will_tell(struct mxsel *m, const struct mxsel__known *k,
	int is_turn);

/* What is in its arrays is set as far as it is used: this is a hot path. */
void mxsel__group_begin(struct group *g, struct mxsel *m, int is_next);

/* The addresses of a group, as order has them: those that failed behind the
   others. 0 or MXSEL_ENOMEM. */
int mxsel__group_order(struct group *g, const char *of_whom,
	unsigned short *order);

/* --------------------------------------------------------- remember_say.c */

/* 0 or MXSEL_ENOMEM, as mxsel__trace(). The parts of a text; why: NULL at
   the end. */
int mxsel__say_memory(struct mxsel *m, const char *subject,
	const char *const *why);
/* Why each goes where it goes: "behind" its equals, or the others "of". */
int mxsel__say_group(const struct group *g, const char *behind,
	const char *of);

#endif
