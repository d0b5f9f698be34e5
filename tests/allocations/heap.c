/*
 * See heap.h. Where malloc() cannot be this program's own (sanitizers, other
 * C libraries than glibc) the supplied allocator alone is counted.
 */
#include "allocations/heap.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

#include "support/own_malloc.h"

struct memory heap;

static _Thread_local int depth; /* calls of the library we are in */

void heap_enter(void)
{
	depth++;
}

void heap_leave(void)
{
	depth--;
}

void heap_fail_at(size_t n, int on)
{
	memory_begin(&heap);
	heap.fail_at = n;
	heap.fail_on = on;
}

void *heap_give(void *pointer, size_t size, void *user)
{
	int before = depth;

	(void)user;
	depth = 0; /* its malloc() is no further request */
	pointer = memory_give(pointer, size, &heap);
	depth = before;
	return pointer;
}

#ifdef MALLOC_IS_TAKEN

int heap_has_malloc(void)
{
	return 0;
}

#else

int heap_has_malloc(void)
{
	return 1;
}

/* Where the code of this program, and of our libraries in it, stands. */
extern char __executable_start, etext;

static int is_ours(const void *caller)
{
	return (uintptr_t)caller >= (uintptr_t)&__executable_start &&
		(uintptr_t)caller < (uintptr_t)&etext;
}

static int fails(const void *caller)
{
	if (depth == 0 || !is_ours(caller) || !memory_fails(&heap))
		return 0;
	errno = ENOMEM;
	return 1;
}

/*
 * The blocks that we were given, by their addresses, since others may free
 * them: another thread, and a library what we asked it to hold.
 */
#define SLOTS 65536u /* far more than there ever are at once */
static const void *ledger[SLOTS];
static atomic_flag busy = ATOMIC_FLAG_INIT;

static size_t slot_of(const void *pointer)
{
	return (size_t)((uintptr_t)pointer / 16u * 0x9e3779b1u) % SLOTS;
}

static void *given(void *pointer, const void *caller)
{
	size_t i = slot_of(pointer);

	if (depth == 0 || pointer == NULL || !is_ours(caller))
		return pointer;
	while (atomic_flag_test_and_set(&busy))
		;
	while (ledger[i] != NULL)
		i = (i + 1) % SLOTS;
	ledger[i] = pointer;
	heap.blocks++;
	atomic_flag_clear(&busy);
	return pointer;
}

/* Those behind it that it was in the way of move up. */
static void close_gap(size_t gap)
{
	size_t i, home;

	for (i = (gap + 1) % SLOTS; ledger[i] != NULL; i = (i + 1) % SLOTS) {
		home = slot_of(ledger[i]);
		if ((i + SLOTS - home) % SLOTS < (i + SLOTS - gap) % SLOTS)
			continue;
		ledger[gap] = ledger[i];
		gap = i;
	}
	ledger[gap] = NULL;
}

static void taken_back(const void *pointer)
{
	size_t i = slot_of(pointer);

	if (pointer == NULL || heap.blocks == 0)
		return;
	while (atomic_flag_test_and_set(&busy))
		;
	while (ledger[i] != NULL && ledger[i] != pointer)
		i = (i + 1) % SLOTS;
	if (ledger[i] != NULL) {
		close_gap(i);
		heap.blocks--;
	}
	atomic_flag_clear(&busy);
}

void *malloc(size_t size)
{
	const void *caller = __builtin_return_address(0);

	return fails(caller) ? NULL : given(__libc_malloc(size), caller);
}

void *calloc(size_t count, size_t size)
{
	const void *caller = __builtin_return_address(0);

	return fails(caller) ? NULL : given(__libc_calloc(count, size),
		caller);
}

void *realloc(void *pointer, size_t size)
{
	const void *caller = __builtin_return_address(0);
	void *more;

	if (pointer != NULL && size == 0) {
		free(pointer);
		return NULL;
	}
	if (fails(caller))
		return NULL;
	more = __libc_realloc(pointer, size);
	if (more == NULL || more == pointer)
		return more;
	taken_back(pointer);
	return given(more, caller);
}

void free(void *pointer)
{
	taken_back(pointer);
	__libc_free(pointer);
}

#endif
