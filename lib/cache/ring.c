/*
 * Room for entries: a ring that is written at its head and cleared at its
 * tail (shard.h). May use what shard.h may.
 */
#include "cache/shard.h"

#include <string.h>

#define NONE UINT32_MAX

/*
 * Octets that one call moves before it gives up: others wait for the lock,
 * and a ring full of what is asked for can be large.
 */
#define MOVED_MAX 65536u

/* Pieces left form a list for each size, both ways: the links lie in them. */
struct link {
	struct mxsel__piece head;
	uint32_t next, before; /* place + 1, 0: none */
};

static struct link *link_at(const struct mxsel__shard *s, uint32_t place)
{
	return (struct link *)(void *)mxsel__piece_at(s, place);
}

void mxsel__ring_leave(struct mxsel__shard *s, uint32_t place)
{
	struct link *link = link_at(s, place);
	uint32_t *first;

	link->head.state = MXSEL__PIECE_LEFT;
	if (link->head.units >= MXSEL__SIZES)
		return;
	first = &s->left[link->head.units];
	link->before = 0;
	link->next = *first;
	if (*first != 0)
		link_at(s, *first - 1)->before = place + 1;
	*first = place + 1;
}

static void unlink_left(struct mxsel__shard *s, uint32_t place)
{
	struct link *link = link_at(s, place);

	if (link->head.units >= MXSEL__SIZES)
		return;
	if (link->next != 0)
		link_at(s, link->next - 1)->before = link->before;
	if (link->before != 0)
		link_at(s, link->before - 1)->next = link->next;
	else
		s->left[link->head.units] = link->next;
}

static uint32_t forward(const struct mxsel__shard *s, uint32_t place,
	uint32_t units)
{
	return place + units == s->units ? 0 : place + units;
}

/* The tail's entry to the head, which is at or before it: see room(). */
static void move(struct mxsel__shard *s, uint32_t units)
{
	struct mxsel__piece *from = mxsel__piece_at(s, s->tail);
	_Atomic uint32_t *slot = mxsel__index_of(s, s->tail);

	from->hits--;
	if (s->head != s->tail) {
		*slot = *slot - s->tail + s->head;
		memmove(mxsel__piece_at(s, s->head), from,
			(size_t)units * MXSEL__UNIT);
	}
	s->head = forward(s, s->head, units);
	s->tail = forward(s, s->tail, units);
}

/* Clear the piece at the tail; the octets that had to be moved. */
static size_t clear_tail(struct mxsel__shard *s,
	const struct mxsel__look *look)
{
	struct mxsel__piece *p = mxsel__piece_at(s, s->tail);
	uint32_t units = p->units;

	if (p->state == MXSEL__PIECE_ENTRY && p->hits > 0 &&
		mxsel__piece_is_useful(p, look)) {
		move(s, units);
		return (size_t)units * MXSEL__UNIT;
	}
	if (p->state == MXSEL__PIECE_ENTRY)
		mxsel__shard_evict(s, mxsel__index_of(s, s->tail), look);
	if (p->state == MXSEL__PIECE_LEFT)
		unlink_left(s, s->tail);
	s->tail = forward(s, s->tail, units);
	s->used -= units;
	return 0;
}

static void pad(struct mxsel__shard *s)
{
	struct mxsel__piece *p = mxsel__piece_at(s, s->head);
	uint32_t units = s->units - s->head;

	p->units = units & 0xffff;
	p->state = MXSEL__PIECE_PAD;
	s->used += units;
	s->head = 0;
}

/* Is there room at the head? If not, the head is at or before the tail. */
static int room(struct mxsel__shard *s, uint32_t units)
{
	if (s->used == 0)
		s->head = s->tail = 0;
	if (s->used == 0 || s->head > s->tail) {
		if (s->units - s->head >= units)
			return 1;
		pad(s);
	}
	return s->tail - s->head >= units;
}

uint32_t mxsel__ring_take(struct mxsel__shard *s, uint32_t units,
	const struct mxsel__look *look)
{
	size_t moved = 0;
	uint32_t place;

	if (units < MXSEL__SIZES && s->left[units] != 0) {
		place = s->left[units] - 1;
		unlink_left(s, place);
		/* Wherever the hand is, it has not seen this one. */
		mxsel__piece_at(s, place)->hits = 1;
		return place;
	}
	while (!room(s, units)) {
		if (moved >= MOVED_MAX)
			return NONE;
		moved += clear_tail(s, look);
	}
	place = s->head;
	mxsel__piece_at(s, place)->units = units & 0xffff;
	mxsel__piece_at(s, place)->hits = 0;
	s->head = forward(s, s->head, units);
	s->used += units;
	return place;
}
