/*
 * The engine without memory: every request of malloc() fails once, then all
 * from there on. A selection gets its right answer, a temporary failure or
 * MXSEL_ENOMEM, nothing leaks, and with memory back all goes on (S39, F84).
 * malloc() is this program's own; in the thread of the test alone it fails.
 */
#define _GNU_SOURCE

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "ldns/engine.h"
#include "support/crowd_trial.h"
#include "support/own_malloc.h"
#include "support/run.h"

#ifdef MALLOC_IS_TAKEN

int main(void)
{
	puts("skipped: malloc() cannot be replaced in this build");
	return 77;
}

#else

#define NEVER ((size_t)-1)

static _Thread_local struct {
	int armed, from_there_on;
	size_t calls, fail_at, failed;
	long blocks; /* given less taken back while armed */
} heap;

static int fails(void)
{
	size_t call;

	if (!heap.armed)
		return 0;
	call = heap.calls++;
	if (call < heap.fail_at || (call > heap.fail_at &&
			!heap.from_there_on))
		return 0;
	heap.failed++;
	errno = ENOMEM;
	return 1;
}

#define HEAP_FAILS(cleared) fails()
#include "support/refusing_malloc.h"

/* ------------------------------------------------------------ what is run */

#define COUNT 4

/* Two ask the same, one has hosts to prefetch, one is told NXDOMAIN. */
static const char *const destinations[COUNT] = {
	"d1.example", "d1.example", "p1.example", "n1.example"
};
static const int codes[COUNT] = { 250, 250, 250, 550 };

static struct {
	struct crowd *crowd;
	mxsel_engine *engine;
	mxsel_options *options;
	mxsel *selections[COUNT];
	unsigned ended, refused;
	unsigned odd; /* verdicts that are neither right nor temporary */
	unsigned right;
} run;

/* Memory comes back after a while: a program that waits for it goes on. */
static int again(int result)
{
	if (result != MXSEL_ENOMEM)
		return 0;
	if (++run.refused > 50)
		heap.fail_at = NEVER;
	return 1;
}

static void judge(unsigned i)
{
	int code = mxsel_verdict_code(run.selections[i]);

	run.ended++;
	run.right += code == codes[i];
	run.odd += code != codes[i] && code != 451;
	mxsel_free(run.selections[i]);
	run.selections[i] = NULL;
}

static void go_on(unsigned i)
{
	mxsel *m = run.selections[i];
	int result;

	do {
		result = mxsel_engine_next(run.engine, m);
		if (result == MXSEL_ATTEMPT)
			while (mxsel_report(m, MXSEL_OUTCOME_DELIVERED, 250,
					NULL) == MXSEL_ENOMEM)
				again(MXSEL_ENOMEM);
	} while (result == MXSEL_ATTEMPT || again(result));
	if (result == MXSEL_END)
		judge(i);
	else
		run.odd += result != MXSEL_LOOKUP;
}

static void make_all(void)
{
	unsigned i;

	while (again(mxsel_engine_new(&run.engine, "")))
		;
	while (again(mxsel_engine_add_server(run.engine,
			crowd_address_of(run.crowd))))
		;
	mxsel_engine_set(run.engine, MXSEL_ENGINE_QUERY_TIME, 3000);
	while (again(mxsel_options_new(&run.options)))
		;
	mxsel_options_set(run.options, MXSEL_OPT_PREFETCH, 128);
	for (i = 0; i < COUNT; i++)
		while (again(mxsel_new(&run.selections[i], destinations[i],
				run.options)))
			;
}

static void take_ready(void)
{
	unsigned i;
	mxsel *m;

	while ((m = mxsel_engine_ready(run.engine)) != NULL) {
		for (i = 0; run.selections[i] != m; i++)
			;
		go_on(i);
	}
}

/* No call of check's here: it wants memory of its own. */
static void do_all(size_t fail_at, int from_there_on)
{
	unsigned i, turns = 0;

	run.ended = run.refused = run.odd = run.right = 0;
	heap.calls = heap.failed = 0;
	heap.blocks = 0;
	heap.fail_at = fail_at;
	heap.from_there_on = from_there_on;
	heap.armed = 1;
	make_all();
	for (i = 0; i < COUNT; i++)
		go_on(i);
	while (run.ended < COUNT && turns++ < 2000) {
		/* It comes back while they wait, too. */
		if (turns > 4)
			heap.fail_at = NEVER;
		mxsel_engine_wait(run.engine, 100);
		take_ready();
	}
	mxsel_engine_free(run.engine);
	mxsel_options_free(run.options);
	heap.armed = 0;
}

static const struct crowd_plan plans[] = {
	{ .delay = 0 },
	{ .truncate = 1 },
	{ .lose_questions = 4 },
};

static void begin(const struct crowd_plan *plan)
{
	run.crowd = crowd_start(plan);
	do_all(NEVER, 0);
	ck_assert_uint_eq(run.ended, COUNT);
	ck_assert_uint_eq(run.right, COUNT);
	ck_assert_int_eq(heap.blocks, 0);
}

START_TEST(F84_S39_each_request_fails_once)
{
	size_t n = 0;

	begin(&plans[_i]);
	do {
		do_all(n++, 0);
		ck_assert_msg(run.ended == COUNT, "%zu: no end", n - 1);
		ck_assert_msg(run.odd == 0, "%zu: odd verdict", n - 1);
		ck_assert_msg(heap.blocks == 0, "%zu: %ld blocks", n - 1,
			heap.blocks);
		/* One is lost at most, but its answer may be two's. */
		ck_assert_uint_ge(run.right, COUNT - 2);
	} while (heap.failed > 0);
	ck_assert_uint_ge(n, 20);
	crowd_stop(run.crowd);
}
END_TEST

START_TEST(F84_S39_all_requests_fail_from_one_on)
{
	size_t n = 0;

	begin(&plans[_i]);
	do {
		do_all(n, 1);
		ck_assert_msg(run.ended == COUNT, "%zu: no end", n);
		ck_assert_msg(run.odd == 0, "%zu: odd verdict", n);
		ck_assert_msg(heap.blocks == 0, "%zu: %ld blocks", n,
			heap.blocks);
		n += 2 + (size_t)_i; /* each lets some time pass */
	} while (heap.failed > 0);
	ck_assert_uint_ge(n, 20);
	crowd_stop(run.crowd);
}
END_TEST

/* After thousands of failures the engine holds what it held after the
   first hundred. */
START_TEST(S39_two_thousand_failures_leave_no_memory_behind)
{
	static const struct crowd_plan plan = { .truncate = 1, .no_tcp = 1 };
	struct party p;
	long after = 0;
	int i;

	party_begin(&p, &plan, PARTY_TIME);
	heap.fail_at = NEVER;
	heap.armed = 1;
	heap.blocks = 0;
	for (i = 0; i < 20; i++) {
		party_send_many(&p, "d", 0, 100);
		party_run(&p, PARTY_TIME);
		if (i == 0)
			after = heap.blocks;
	}
	heap.armed = 0;
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 2000);
	/* Spare questions, waiters and tasks; none for each selection. */
	ck_assert_int_le(heap.blocks, after + 8);
	party_end(&p);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns engine memory");
	TCase *c = tcase_create("memory");
	int count = (int)(sizeof plans / sizeof plans[0]);

	tcase_add_loop_test(c, F84_S39_each_request_fails_once, 0, count);
	tcase_add_loop_test(c, F84_S39_all_requests_fail_from_one_on, 0,
		count);
	tcase_add_test(c,
		S39_two_thousand_failures_leave_no_memory_behind);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}

#endif
