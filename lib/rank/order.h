/*
 * The order of MX records: a canonical sort, duplicates collapsed, equal
 * preferences shuffled (R19, R30-R32). Pure: no memory of its own, in place.
 * May use base and name.
 */
#ifndef MXSEL_RANK_ORDER_H
#define MXSEL_RANK_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

/* One MX record while it is put in order. */
struct mxsel__mx {
	uint64_t key;        /* first 8 octets of name, big-endian, 0-padded */
	const char *name;    /* folded text, NUL-terminated */
	uint16_t preference;
	uint16_t length;     /* of name */
	uint8_t kind;        /* enum mxsel__name_kind; the order ignores it */
	uint8_t mark;        /* the caller's; the order ignores it */
	uint8_t plain;       /* the same */
};

/* The key for a name of this length. */
uint64_t mxsel__order_key(const char *name, size_t length);

/* By preference, then by name as octets: a strict weak order (S35). */
int mxsel__order_compare(const struct mxsel__mx *a, const struct mxsel__mx *b);

/*
 * Sort by preference and name; of records with the same name only the one
 * with the lowest preference stays. Returns how many stay; the others stand
 * behind them, in no order. n log n, no recursion, no allocation.
 */
size_t mxsel__order_sort(struct mxsel__mx *v, size_t n);

/* A uniformly random permutation of every run of equal preference (R31). */
void mxsel__order_shuffle(struct mxsel__mx *v, size_t n,
	struct mxsel__random *r);

#endif
