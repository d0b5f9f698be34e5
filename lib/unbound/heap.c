/*
 * Timers in a binary heap, see heap.h. May use libc only.
 */
#include "unbound/heap.h"

#include <stdlib.h>

#include <mxsel/mxsel.h>

#define ROOM_FIRST 16

int mxsel__ub_heap_reserve(struct mxsel__ub_heap *heap, size_t timers)
{
	struct mxsel__ub_timer **slots;
	size_t room = ROOM_FIRST;

	if (timers <= heap->room)
		return 0;
	while (room < timers && room <= SIZE_MAX / 4 / sizeof *slots)
		room *= 2;
	if (room < timers)
		return MXSEL_ENOMEM;
	slots = realloc(heap->slots, (room + 1) * sizeof *slots);
	if (slots == NULL)
		return MXSEL_ENOMEM;
	heap->slots = slots;
	heap->room = room;
	return 0;
}

void mxsel__ub_heap_destroy(struct mxsel__ub_heap *heap)
{
	free(heap->slots);
}

static void put(struct mxsel__ub_heap *heap, size_t slot,
	struct mxsel__ub_timer *timer)
{
	heap->slots[slot] = timer;
	timer->slot = slot;
}

/* Its place is at slot or nearer to the first. */
static void rise(struct mxsel__ub_heap *heap, size_t slot,
	struct mxsel__ub_timer *timer)
{
	for (; slot > 1 && heap->slots[slot / 2]->due > timer->due; slot /= 2)
		put(heap, slot, heap->slots[slot / 2]);
	put(heap, slot, timer);
}

/* Its place is at slot or further from the first. */
static void sink(struct mxsel__ub_heap *heap, size_t slot,
	struct mxsel__ub_timer *timer)
{
	size_t child;

	for (; (child = slot * 2) <= heap->count; slot = child) {
		if (child < heap->count && heap->slots[child + 1]->due <
				heap->slots[child]->due)
			child++;
		if (heap->slots[child]->due >= timer->due)
			break;
		put(heap, slot, heap->slots[child]);
	}
	put(heap, slot, timer);
}

void mxsel__ub_heap_set(struct mxsel__ub_heap *heap,
	struct mxsel__ub_timer *timer, uint64_t due)
{
	uint64_t before = timer->slot == 0 ? UINT64_MAX : timer->due;

	if (timer->slot == 0)
		timer->slot = ++heap->count;
	timer->due = due;
	if (due <= before)
		rise(heap, timer->slot, timer);
	else
		sink(heap, timer->slot, timer);
}

void mxsel__ub_heap_stop(struct mxsel__ub_heap *heap,
	struct mxsel__ub_timer *timer)
{
	size_t slot = timer->slot;
	struct mxsel__ub_timer *last;

	if (slot == 0)
		return;
	timer->slot = 0;
	last = heap->slots[heap->count--];
	if (last == timer)
		return;
	if (last->due <= timer->due)
		rise(heap, slot, last);
	else
		sink(heap, slot, last);
}

struct mxsel__ub_timer *mxsel__ub_heap_first(const struct mxsel__ub_heap *heap)
{
	return heap->count == 0 ? NULL : heap->slots[1];
}
