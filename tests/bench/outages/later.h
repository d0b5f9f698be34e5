/*
 * Mails that wait for their next try, the earliest first. May use libc.
 */
#ifndef TESTS_BENCH_OUTAGES_LATER_H
#define TESTS_BENCH_OUTAGES_LATER_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct mail {
	uint64_t due;
	uint64_t seed; /* of its selection */
	size_t destination;
	int tries;
};

/* A heap: none is due before the one at half its place. */
struct later {
	struct mail *mail;
	size_t count, room;
};

static inline void later_push(struct later *l, const struct mail *mail)
{
	size_t at = l->count++;

	if (at == l->room) {
		l->room = 2 * l->room + 16;
		l->mail = realloc(l->mail, l->room * sizeof(*l->mail));
		if (l->mail == NULL)
			abort();
	}
	for (; at > 0 && mail->due < l->mail[(at - 1) / 2].due;
		at = (at - 1) / 2)
		l->mail[at] = l->mail[(at - 1) / 2];
	l->mail[at] = *mail;
}

static inline void later_pop(struct later *l, struct mail *mail)
{
	const struct mail *last = &l->mail[--l->count];
	size_t at = 0, below;

	*mail = l->mail[0];
	while ((below = 2 * at + 1) < l->count) {
		if (below + 1 < l->count &&
			l->mail[below + 1].due < l->mail[below].due)
			below++;
		if (last->due <= l->mail[below].due)
			break;
		l->mail[at] = l->mail[below];
		at = below;
	}
	l->mail[at] = *last;
}

static inline void later_free(struct later *l)
{
	free(l->mail);
}

#endif
