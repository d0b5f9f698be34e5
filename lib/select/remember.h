/*
 * What a memory of hosts does to an order, and what it is told. Nobody
 * outside the room includes it. May use base, name, cache and rank.
 */
#ifndef MXSEL_SELECT_REMEMBER_H
#define MXSEL_SELECT_REMEMBER_H

#include "rank/order.h"
#include "select/select.h"

/*
 * Of n records in order, those that failed go behind their equals (R85). 0
 * or MXSEL_ENOMEM, also when there is no memory.
 */
int mxsel__memory_ties(struct mxsel *m, struct mxsel__mx *v, size_t n);

/*
 * The addresses of a host: order holds indices of those found, merged by
 * family. 0 or MXSEL_ENOMEM.
 */
int mxsel__memory_addresses(struct mxsel *m, const struct host *host,
	const struct finding *f, unsigned short *order, size_t count);

/* The attempts of equal hosts, shuffled: order holds indices of the list. */
int mxsel__memory_attempts(struct mxsel *m, struct candidate *const *list,
	unsigned short *order, size_t count);

/*
 * The attempt reached is about to be reported: the recorder hears what is
 * known of it, though nobody had to look it up, for a report adds to that.
 */
void mxsel__memory_record(struct mxsel *m);

/* rejected.c: what was told since then is untold. */
void mxsel__memory_take_back(struct mxsel *m, struct told *before);

/* The attempt reached was reported. */
void mxsel__memory_reported(const struct mxsel *m, int outcome, int code,
	int rejected);

/* record.c: those of n that are known. */
struct mxsel__known;
void mxsel__record_memory(const struct mxsel *m, const struct mxsel__known *k,
	size_t n);

#endif
