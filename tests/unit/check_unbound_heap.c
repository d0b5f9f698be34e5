/*
 * The timers of <mxsel/unbound.h>'s event loop: whatever is set, moved and
 * stopped, the first is the one that is due first (F95).
 */
#include <check.h>
#include <string.h>

#include "support/run.h"
#include "unbound/heap.h"

#define TIMERS 200
#define ROUNDS 20000

static uint64_t dice = 11;

static unsigned throw_dice(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

/* By looking at all of them. */
static uint64_t earliest(const struct mxsel__ub_timer *timers)
{
	uint64_t due = UINT64_MAX;
	int i;

	for (i = 0; i < TIMERS; i++)
		if (timers[i].slot != 0 && timers[i].due < due)
			due = timers[i].due;
	return due;
}

static uint64_t first(const struct mxsel__ub_heap *heap)
{
	const struct mxsel__ub_timer *timer = mxsel__ub_heap_first(heap);

	return timer == NULL ? UINT64_MAX : timer->due;
}

START_TEST(F95_the_first_timer_is_due_first)
{
	struct mxsel__ub_timer timers[TIMERS];
	struct mxsel__ub_heap heap = { NULL, 0, 0 };
	struct mxsel__ub_timer *timer;
	int i;

	memset(timers, 0, sizeof timers);
	ck_assert_int_eq(mxsel__ub_heap_reserve(&heap, TIMERS), 0);
	ck_assert_ptr_null(mxsel__ub_heap_first(&heap));
	for (i = 0; i < ROUNDS; i++) {
		timer = &timers[throw_dice(TIMERS)];
		if (throw_dice(3) == 0)
			mxsel__ub_heap_stop(&heap, timer);
		else
			mxsel__ub_heap_set(&heap, timer, throw_dice(1000));
		ck_assert_uint_eq(first(&heap), earliest(timers));
	}
	while ((timer = mxsel__ub_heap_first(&heap)) != NULL) {
		ck_assert_uint_eq(timer->due, earliest(timers));
		mxsel__ub_heap_stop(&heap, timer);
	}
	ck_assert_uint_eq(heap.count, 0);
	mxsel__ub_heap_destroy(&heap);
}
END_TEST

START_TEST(room_is_made_before_it_is_needed)
{
	struct mxsel__ub_heap heap = { NULL, 0, 0 };

	ck_assert_int_eq(mxsel__ub_heap_reserve(&heap, 1), 0);
	ck_assert_uint_ge(heap.room, 1);
	ck_assert_int_eq(mxsel__ub_heap_reserve(&heap, 1000), 0);
	ck_assert_uint_ge(heap.room, 1000);
	ck_assert_int_ne(mxsel__ub_heap_reserve(&heap, SIZE_MAX), 0);
	ck_assert_uint_ge(heap.room, 1000);
	mxsel__ub_heap_destroy(&heap);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("timers");
	TCase *c = tcase_create("heap");

	tcase_add_test(c, F95_the_first_timer_is_due_first);
	tcase_add_test(c, room_is_made_before_it_is_needed);
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
