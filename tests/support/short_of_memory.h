/*
 * A selection that is refused memory while the world around it has enough,
 * with a memory of hosts. For one file of a program. May use what
 * with_memory.h may.
 */
#ifndef TESTS_SUPPORT_SHORT_OF_MEMORY_H
#define TESTS_SUPPORT_SHORT_OF_MEMORY_H

#include "bench/memory.h"
#include "support/with_memory.h"

static struct memory heap; /* of the selection */

static void begin_failing(void)
{
	memory_begin(&heap);
	memory = NULL;
	m = NULL;
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, memory_give,
		&heap), 0);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
}

static void end_failing(void)
{
	teardown();
	ck_assert_uint_eq(heap.bytes, 0);
}

/* Its answer by the zone, and by more, which may be NULL; finishing is asked
   for again. */
static void answer_outside(mxsel_query *q, void (*more)(mxsel_query *q))
{
	const struct zone_record *r;
	size_t calls = heap.calls, at = heap.fail_at;
	int rc;

	heap.fail_at = MEMORY_NEVER;
	for (r = zone; r->name != NULL; r++)
		if (zone_is_about(r, mxsel_query_name(q), mxsel_query_type(q)))
			ck_assert_int_eq(zone_add(q, r), 0);
	if (more != NULL)
		more(q);
	mxsel_answer_negative_ttl(q, 100);
	heap.calls = calls;
	heap.fail_at = at;
	do
		rc = mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, ZONE_UNKNOWN);
	while (rc == MXSEL_ENOMEM);
	ck_assert_int_eq(rc, 0);
}

#endif
