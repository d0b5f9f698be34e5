/*
 * The wheel of timers, see wheel.h. A slot that has timers has its bit in
 * used; expiry looks at those slots only, and at each at most once however
 * far the clock went. May use libc only.
 */
#include "ldns/wheel.h"

#include <string.h>

#define WORD_BITS 64u
#define WORDS (MXSEL__WHEEL_SLOTS / WORD_BITS)

void mxsel__wheel_init(struct mxsel__wheel *w, uint64_t now)
{
	size_t i;

	for (i = 0; i < MXSEL__WHEEL_SLOTS; i++)
		mxsel__list_init(&w->slots[i]);
	memset(w->used, 0, sizeof w->used);
	mxsel__list_init(&w->expired);
	w->now = now;
	w->count = 0;
}

void mxsel__timer_init(struct mxsel__timer *t)
{
	mxsel__list_init(&t->link);
	t->due = 0;
}

static size_t slot_of(uint64_t due)
{
	return (size_t)(due % MXSEL__WHEEL_SLOTS);
}

static void note_use(struct mxsel__wheel *w, size_t slot)
{
	uint64_t bit = (uint64_t)1 << slot % WORD_BITS;

	if (mxsel__list_is_empty(&w->slots[slot]))
		w->used[slot / WORD_BITS] &= ~bit;
	else
		w->used[slot / WORD_BITS] |= bit;
}

void mxsel__wheel_set(struct mxsel__wheel *w, struct mxsel__timer *t,
	uint64_t due)
{
	size_t slot = slot_of(due);

	mxsel__wheel_stop(w, t);
	t->due = due;
	w->count++;
	if (due < w->now) {
		/* Its slot comes round a turn too late. */
		mxsel__list_add_last(&w->expired, &t->link);
		return;
	}
	mxsel__list_add_last(&w->slots[slot], &t->link);
	note_use(w, slot);
}

void mxsel__wheel_stop(struct mxsel__wheel *w, struct mxsel__timer *t)
{
	if (!mxsel__timer_is_set(t))
		return;
	mxsel__list_remove(&t->link);
	note_use(w, slot_of(t->due));
	w->count--;
}

static unsigned lowest_bit(uint64_t bits)
{
	unsigned at = 0, half;

	for (half = WORD_BITS / 2; half > 0; half /= 2) {
		if ((bits & (((uint64_t)1 << half) - 1)) != 0)
			continue;
		bits >>= half;
		at += half;
	}
	return at;
}

/* How many slots further the first used one is; SLOTS: there is none. */
static size_t distance(const struct mxsel__wheel *w, size_t from)
{
	size_t word = from / WORD_BITS, i, found;
	uint64_t after = UINT64_MAX << from % WORD_BITS;
	uint64_t bits = w->used[word] & after;

	for (i = 1; bits == 0 && i < WORDS; i++)
		bits = w->used[(word + i) % WORDS];
	if (bits == 0) {
		/* Round, in the word where it began. */
		bits = w->used[word] & ~after;
		i = WORDS + 1;
	}
	if (bits == 0)
		return MXSEL__WHEEL_SLOTS;
	found = (word + i - 1) * WORD_BITS + lowest_bit(bits);
	return found - from;
}

/* What is due goes to the expired; what has a later turn stays. */
static void empty_slot(struct mxsel__wheel *w, size_t slot, uint64_t now)
{
	struct mxsel__link *head = &w->slots[slot], *link, *next;

	for (link = head->next; link != head; link = next) {
		next = link->next;
		if (MXSEL__OWNER(link, struct mxsel__timer, link)->due > now)
			continue;
		mxsel__list_remove(link);
		mxsel__list_add_last(&w->expired, link);
	}
	note_use(w, slot);
}

static void look_until(struct mxsel__wheel *w, uint64_t now)
{
	size_t first = slot_of(w->now), at;
	size_t slots = MXSEL__WHEEL_SLOTS;

	if (now - w->now < slots)
		slots = (size_t)(now - w->now) + 1;
	at = distance(w, first);
	while (at < slots) {
		empty_slot(w, slot_of(first + at), now);
		at++;
		at += distance(w, slot_of(first + at));
	}
	w->now = now + 1;
}

struct mxsel__timer *mxsel__wheel_expired(struct mxsel__wheel *w,
	uint64_t now)
{
	struct mxsel__timer *t;

	if (mxsel__list_is_empty(&w->expired) && now >= w->now)
		look_until(w, now);
	if (mxsel__list_is_empty(&w->expired))
		return NULL;
	t = MXSEL__OWNER(w->expired.next, struct mxsel__timer, link);
	mxsel__list_remove(&t->link);
	w->count--;
	return t;
}

uint64_t mxsel__wheel_next(const struct mxsel__wheel *w)
{
	if (w->count == 0)
		return UINT64_MAX;
	/* Found already: whatever it was due, it is so by now. */
	if (!mxsel__list_is_empty(&w->expired))
		return 0;
	return w->now + distance(w, slot_of(w->now));
}
