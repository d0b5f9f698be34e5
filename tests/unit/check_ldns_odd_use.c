/*
 * Programs that use engine and resolver in ways nobody would: a selection in
 * the hands of two engines, a question that nobody asked, a wait for nothing,
 * no limit of time, figures that there are not. Each is refused or served,
 * and breaks nothing (F97, F98, F99, F100).
 */
#define _DEFAULT_SOURCE

#include <stdlib.h>

#include <mxsel/cache.h>

#include "ldns/engine.h"
#include "ldns/task.h"
#include "select/select.h"
#include "support/crowd_trial.h"
#include "support/run.h"

/* --- the engine ---------------------------------------------------------- */

START_TEST(F98_a_selection_of_one_engine_is_refused_by_another)
{
	struct party p, other;
	mxsel *m;

	party_begin(&p, NULL, PARTY_TIME);
	party_begin(&other, NULL, PARTY_TIME);
	m = party_new(&p, "d1.example");
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_next(other.engine, m), MXSEL_EUSAGE);
	while (mxsel__list_is_empty(&p.engine->ready))
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 100), 0);
	/* It could go on, but not there. */
	ck_assert_int_eq(mxsel_engine_next(other.engine, m), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_engine_ready(other.engine));
	ck_assert_ptr_eq(mxsel_engine_ready(p.engine), m);
	mxsel_free(m);
	party_end(&other);
	party_end(&p);
}
END_TEST

START_TEST(F98_a_question_that_is_not_asked_here_is_forgotten_at_once)
{
	struct party p;
	mxsel_query *query;
	mxsel *m;

	party_begin(&p, NULL, PARTY_TIME);
	m = party_new(&p, "d1.example");
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	query = mxsel_query_take(m);
	ck_assert_ptr_nonnull(query);
	mxsel__engine_forget(p.engine, query);
	/* It is open, as it was. */
	ck_assert_int_eq(mxsel_answer_finish(query, MXSEL_DNS_NXDOMAIN,
		MXSEL_SECURITY_INDETERMINATE), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	mxsel_free(m);
	party_end(&p);
}
END_TEST

/* Whose answer comes second is not asked what it was. */
START_TEST(F98_a_question_that_somebody_else_answers_is_answered)
{
	struct party p;
	struct mxsel__waiter *w;
	struct mxsel__question *q;

	party_begin(&p, NULL, PARTY_TIME);
	party_send(&p, "n1.example");
	q = MXSEL__OWNER(p.engine->questions.next, struct mxsel__question,
		place);
	w = MXSEL__OWNER(q->waiters.next, struct mxsel__waiter, place);
	ck_assert_int_eq(mxsel_answer_finish(w->query, _i == 0 ?
		MXSEL_DNS_NXDOMAIN : MXSEL_DNS_SERVFAIL,
		MXSEL_SECURITY_INDETERMINATE), 0);
	if (_i == 1)
		mxsel__question_finish(p.engine, q, MXSEL_DNS_TIMEOUT);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[_i == 0 ? MXSEL_REASON_NO_DOMAIN :
		MXSEL_REASON_DNS_TEMPORARY], 1);
	party_end(&p);
}
END_TEST

START_TEST(S7_without_a_limit_of_its_own_a_selection_has_its_questions)
{
	static const struct crowd_plan silent = { .silent = 1 };
	struct party p;

	party_begin(&p, &silent, 60);
	ck_assert_int_eq(mxsel_options_set(p.options, MXSEL_OPT_TIME_LIMIT,
		0), 0);
	party_send(&p, "d1.example");
	party_run(&p, 1000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	party_end(&p);
}
END_TEST

/* --- the blocking resolver ----------------------------------------------- */

static void call_for(struct caller *c, const struct crowd_plan *plan, int time)
{
	call(c, plan);
	ck_assert_int_eq(mxsel_ldns_set_query_time(c->resolver, time), 0);
}

START_TEST(S7_without_a_limit_the_blocking_resolver_has_its_questions)
{
	static const struct crowd_plan silent = { .silent = 1 };
	struct caller c;
	mxsel *m;

	call_for(&c, &silent, 60);
	ck_assert_int_eq(mxsel_options_set(c.options, MXSEL_OPT_TIME_LIMIT,
		0), 0);
	ck_assert_int_eq(mxsel_new(&m, "d1.example", c.options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	mxsel_free(m);
	hang_up(&c);
}
END_TEST

static void remember_first_host(struct caller *c, mxsel_cache *cache)
{
	mxsel_options *lazy;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_new(&lazy), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(lazy, c->resolver), 0);
	ck_assert_int_eq(mxsel_options_set_cache(lazy, cache), 0);
	ck_assert_int_eq(mxsel_new(&m, "p1.example", lazy), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	mxsel_free(m);
	mxsel_options_free(lazy);
}

/* What nobody waits for yet is left, and asked when somebody does. */
START_TEST(S5_hosts_asked_ahead_come_in_their_order)
{
	struct caller c;
	mxsel *m;
	int n = 0;

	call_for(&c, NULL, PARTY_TIME);
	ck_assert_int_eq(mxsel_options_set(c.options, MXSEL_OPT_PREFETCH,
		128), 0);
	ck_assert_int_eq(mxsel_new(&m, "p1.example", c.options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	do {
		party_look(m);
		ck_assert_str_eq(mxsel_host_name(m), n++ < 2 ?
			"mx1.provider.example" : "mx2.provider.example");
	} while (mxsel_next(m) == MXSEL_ATTEMPT);
	ck_assert_int_eq(n, 4);
	ck_assert_uint_eq(crowd_questions(c.crowd), 5);
	mxsel_free(m);
	hang_up(&c);
}
END_TEST

/* MX and first host are remembered: the second is asked for while nobody
   waits, and so not before somebody does. */
START_TEST(S5_what_is_asked_during_an_attempt_goes_out_with_the_next_wait)
{
	mxsel_cache *cache;
	struct caller c;
	mxsel *m;

	call_for(&c, NULL, PARTY_TIME);
	ck_assert_int_eq(mxsel_cache_new(&cache, 65536, mxsel_ldns_clock,
		NULL), 0);
	ck_assert_int_eq(mxsel_options_set(c.options, MXSEL_OPT_PREFETCH, 128),
		0);
	ck_assert_int_eq(mxsel_options_set_cache(c.options, cache), 0);
	remember_first_host(&c, cache);
	ck_assert_int_eq(mxsel_new(&m, "p1.example", c.options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "mx1.provider.example");
	ck_assert_uint_eq(crowd_questions(c.crowd), 3);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	party_look(m);
	ck_assert_str_eq(mxsel_host_name(m), "mx2.provider.example");
	ck_assert_uint_eq(crowd_questions(c.crowd), 5);
	mxsel_free(m);
	hang_up(&c);
	mxsel_cache_free(cache);
}
END_TEST

START_TEST(F97_F100_a_wait_for_nothing_is_refused)
{
	struct caller c;
	mxsel *m;

	call_for(&c, NULL, PARTY_TIME);
	ck_assert_int_eq(mxsel_new(&m, "d1.example", c.options), 0);
	ck_assert_int_eq(c.resolver->wait(m, c.resolver->user), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	mxsel_free(m);
	hang_up(&c);
}
END_TEST

START_TEST(F100_a_figure_that_there_is_not_is_none)
{
	struct caller c;
	mxsel *m;
	int i;

	call_for(&c, NULL, PARTY_TIME);
	ck_assert_int_eq(mxsel_new(&m, "z1.example", c.options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_uint_eq(mxsel_ldns_statistic(c.resolver,
		MXSEL_LDNS_SENT_UDP), 1);
	for (i = MXSEL__COUNTERS; i < 64; i++)
		ck_assert_uint_eq(mxsel_ldns_statistic(c.resolver, i), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(c.resolver, -1), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(NULL, 0), 0);
	mxsel_free(m);
	hang_up(&c);
}
END_TEST

/* --- in one call --------------------------------------------------------- */

/* A literal needs no server: the system's are never asked. */
static const struct {
	const char *destination, *server;
	int result;
} calls[] = {
	{ "[192.0.2.1]", "127.0.0.1", MXSEL_OK },
	{ "[192.0.2.1]", NULL, MXSEL_OK },
	{ "[192.0.2.1]", "nobody", MXSEL_ESYNTAX },
	{ NULL, NULL, MXSEL_EUSAGE },
};

START_TEST(F100_a_selection_in_one_call)
{
	mxsel *m = NULL;

	ck_assert_int_eq(mxsel_ldns_select(&m, calls[_i].destination,
		calls[_i].server), calls[_i].result);
	ck_assert_int_eq(m != NULL, calls[_i].result == MXSEL_OK);
	if (m != NULL)
		ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_ldns_select(NULL, "[192.0.2.1]", NULL),
		MXSEL_EUSAGE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns: odd use");
	TCase *c = tcase_create("odd");

	tcase_add_test(c,
		F98_a_selection_of_one_engine_is_refused_by_another);
	tcase_add_test(c,
		F98_a_question_that_is_not_asked_here_is_forgotten_at_once);
	tcase_add_loop_test(c,
		F98_a_question_that_somebody_else_answers_is_answered, 0, 2);
	tcase_add_test(c,
		S7_without_a_limit_of_its_own_a_selection_has_its_questions);
	tcase_add_test(c,
		S7_without_a_limit_the_blocking_resolver_has_its_questions);
	tcase_add_test(c,
		S5_hosts_asked_ahead_come_in_their_order);
	tcase_add_test(c,
		S5_what_is_asked_during_an_attempt_goes_out_with_the_next_wait);
	tcase_add_test(c, F97_F100_a_wait_for_nothing_is_refused);
	tcase_add_test(c, F100_a_figure_that_there_is_not_is_none);
	tcase_add_loop_test(c, F100_a_selection_in_one_call, 0,
		(int)(sizeof calls / sizeof calls[0]));
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
