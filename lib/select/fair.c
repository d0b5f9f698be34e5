/*
 * A limit of attempts, shared fairly among the hosts of one preference (R38).
 * What is cut sets the flag that makes the verdict temporary (R37).
 */
#include "select/select.h"

static struct candidate *first_since(const struct mxsel *m,
	const struct mark *before)
{
	return before->last_attempt == NULL ? m->attempts
	                                    : before->last_attempt->after;
}

/*
 * Slots from the first on, in each the hosts in their order. There are more
 * of them than are left.
 */
static void keep_slots(struct candidate *first, size_t left)
{
	struct candidate *c;
	int slot;

	for (c = first; c != NULL; c = c->after)
		c->kept = 0;
	for (slot = 0; left > 0; slot++)
		for (c = first; c != NULL && left > 0; c = c->after)
			if (c->slot == slot) {
				c->kept = 1;
				left--;
			}
}

static struct candidate *find(struct candidate *first, int kept,
	uint8_t length, int not_this)
{
	struct candidate *c, *found = NULL;

	for (c = first; c != NULL; c = c->after) {
		if (c->kept != kept || (c->length == length) == not_this)
			continue;
		if (!kept)
			return c; /* the best of what is left out */
		if (found == NULL || c->slot >= found->slot)
			found = c; /* the one that is easiest to miss */
	}
	return found;
}

/* The latest slot kept makes room for the first of a family without one. */
static void keep_both_families(const struct mxsel *m, struct candidate *first,
	uint8_t length, size_t left)
{
	struct candidate *missing = find(first, 0, length, 0);
	struct candidate *last = find(first, 1, length, 1);
	const struct candidate *c;

	if (missing == NULL || last == NULL ||
		find(first, 1, length, 0) != NULL)
		return;
	for (c = m->attempts; left < 2 && c != first; c = c->after)
		if (c->length == length)
			return; /* one place, and a better one has it */
	last->kept = 0;
	missing->kept = 1;
}

static int unlink_rest(struct mxsel *m, const struct mark *before)
{
	struct candidate **link = before->last_attempt == NULL
		? &m->attempts : &before->last_attempt->after;

	m->last_attempt = before->last_attempt;
	m->attempt_count = before->attempt_count;
	while (*link != NULL) {
		if ((*link)->kept) {
			m->last_attempt = *link;
			m->attempt_count++;
			link = &(*link)->after;
		} else {
			if (mxsel__reject_address(m, MXSEL_REJECT_LIMIT,
				m->hosts[(*link)->host].preference,
				*link) != MXSEL_OK)
				return MXSEL_ENOMEM;
			*link = (*link)->after;
		}
	}
	return MXSEL_OK;
}

int mxsel__fair_limit(struct mxsel *m, const struct mark *before)
{
	size_t most = mxsel__options_limit(m->options,
		MXSEL_OPT_MAX_ATTEMPTS, ATTEMPTS_MAX);
	size_t addresses = mxsel__options_limit(m->options,
		MXSEL_OPT_MAX_ADDRESSES, ATTEMPTS_MAX);
	struct candidate *first = first_since(m, before);
	size_t left;

	if (most > addresses)
		most = addresses;
	if (m->attempt_count <= most)
		return MXSEL_OK;
	/* Some are left: else there would have been no more hosts. */
	left = most - before->attempt_count;
	m->flags |= MXSEL_FLAG_LIMITED;
	keep_slots(first, left);
	if (most >= 2) {
		keep_both_families(m, first, 4, left);
		keep_both_families(m, first, 16, left);
	}
	return unlink_rest(m, before);
}
