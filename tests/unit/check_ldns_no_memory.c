/*
 * Engine and resolver when one request for memory fails that others seldom
 * make: to ask later, to have a larger table, to keep an answer with many
 * hosts, to be made at all. Nothing is lost but time, and nothing leaks
 * (S39, F84). malloc() is this program's own; in the thread of the test alone
 * it fails.
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "ldns/engine.h"
#include "ldns/task.h"
#include "support/crowd_trial.h"
#include "support/liar.h"
#include "support/own_malloc.h"
#include "support/run.h"

#ifdef MALLOC_IS_TAKEN

int main(void)
{
	puts("skipped: malloc() cannot be replaced in this build");
	return 77;
}

#else

static _Thread_local struct {
	int armed;
	int cleared;         /* only calloc() fails */
	unsigned calls, failed;
	unsigned fail_at;    /* from this one on, from 0 */
	unsigned times;
	long blocks;
} heap;

static int fails(int cleared)
{
	if (!heap.armed || cleared < heap.cleared)
		return 0;
	if (heap.calls++ < heap.fail_at || heap.failed == heap.times)
		return 0;
	heap.failed++;
	errno = ENOMEM;
	return 1;
}

#define HEAP_FAILS(cleared) fails(cleared)
#include "support/refusing_malloc.h"

/* So many fail, from this one on. */
static void fail_from(unsigned call, unsigned times)
{
	memset(&heap, 0, sizeof heap);
	heap.fail_at = call;
	heap.times = times;
	heap.armed = 1;
}

static unsigned disarm(void)
{
	heap.armed = 0;
	return heap.failed;
}

/* --- later --------------------------------------------------------------- */

START_TEST(F84_S39_a_question_asked_ahead_without_memory_fails_for_now)
{
	struct party p;
	mxsel_query *query;
	int result;
	mxsel *m;

	party_begin(&p, NULL, PARTY_TIME);
	m = party_new(&p, "d1.example");
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	query = mxsel_query_take(m);
	fail_from(0, 1);
	result = mxsel__engine_ask_later(p.engine, query);
	ck_assert_uint_eq(disarm(), 1);
	ck_assert_int_eq(result, MXSEL_ENOMEM);
	ck_assert_int_eq(mxsel__engine_ask_later(p.engine, query), 0);
	fail_from(0, 1);
	mxsel__engine_ask_now(p.engine);
	ck_assert_uint_eq(disarm(), 1);
	ck_assert_uint_eq(p.engine->answered, 1);
	ck_assert(mxsel__list_is_empty(&p.engine->questions));
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	mxsel_free(m);
	party_end(&p);
}
END_TEST

/* --- many ---------------------------------------------------------------- */

START_TEST(F84_S5_a_table_that_cannot_grow_finds_all_the_same)
{
	struct party p;

	party_begin(&p, NULL, PARTY_TIME);
	party_send_many(&p, "z", 0, 60);
	fail_from(0, 1);
	heap.cleared = 1;
	party_send_many(&p, "z", 60, 5); /* the fifth makes it grow */
	ck_assert_uint_eq(disarm(), 1);
	ck_assert_uint_eq(p.engine->table.mask, 63);
	party_send_many(&p, "z", 0, 65);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_COALESCED), 65);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 130);
	party_end(&p);
}
END_TEST

#define LABEL "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcd"

/* Sixty hosts with long names: more than a selection has room for. */
static void many_hosts(struct liar_call *call)
{
	struct packet *p = call->packet;
	unsigned i;

	liar_begin(call, PACKET_REPLY);
	for (i = 0; i < 60; i++) {
		packet_owner(p, NULL);
		packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
		packet_16(p, 10);
		packet_8(p, 2);
		packet_8(p, 'a' + i % 26);
		packet_8(p, 'a' + i / 26);
		packet_pointer(p, 12);
		packet_end(p);
	}
	liar_send(call);
}

START_TEST(F84_F55_S39_an_answer_that_finds_no_memory_is_temporary)
{
	struct liar *liar = liar_start(many_hosts, NULL);
	struct party p;
	int result = 0;

	party_open(&p, PARTY_TIME);
	ck_assert_int_eq(mxsel_engine_add_server(p.engine,
		liar_address(liar)), 0);
	party_send(&p, LABEL "." LABEL "." LABEL ".example");
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	fail_from(0, 1000);
	while (result == 0 && mxsel__list_is_empty(&p.engine->ready))
		result = mxsel_engine_wait(p.engine, 1000);
	ck_assert_uint_ge(disarm(), 1);
	ck_assert_int_eq(result, 0);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	party_end(&p);
	liar_stop(liar);
}
END_TEST

/* --- in one call --------------------------------------------------------- */

START_TEST(F84_S39_a_selection_in_one_call_is_made_or_is_not)
{
	const char *server = _i == 0 ? "127.0.0.1" : NULL;
	unsigned n = 0, failed;
	mxsel *m;
	int result;

	do {
		m = NULL;
		fail_from(n++, 1);
		result = mxsel_ldns_select(&m, "[192.0.2.1]", server);
		heap.times = 0;
		mxsel_free(m);
		failed = disarm();
		/* What the C library keeps of a file it has read. */
		if (server != NULL)
			ck_assert_msg(heap.blocks == 0, "%u: %ld", n,
				heap.blocks);
		ck_assert_msg(result == MXSEL_OK || (failed == 1 &&
			result == MXSEL_ENOMEM), "%u: %d", n, result);
	} while (failed > 0);
	ck_assert_int_eq(result, MXSEL_OK);
	ck_assert_uint_ge(n, 4);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns: no memory");
	TCase *c = tcase_create("memory");

	tcase_add_test(c,
		F84_S39_a_question_asked_ahead_without_memory_fails_for_now);
	tcase_add_test(c, F84_S5_a_table_that_cannot_grow_finds_all_the_same);
	tcase_add_test(c,
		F84_F55_S39_an_answer_that_finds_no_memory_is_temporary);
	tcase_add_loop_test(c,
		F84_S39_a_selection_in_one_call_is_made_or_is_not, 0, 2);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}

#endif
