/*
 * Callbacks: a resolver may answer at once, never, twice or too late, may
 * free the selection or another, or begin a new one; calls at the wrong
 * moment are refused (S38, F92-F98). May use <mxsel/mxsel.h>.
 */
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

/* What the resolver of a test is to do, and what was done with it. */
struct script {
	void (*on_resolve)(mxsel_query *q, struct script *s);
	void (*on_wait)(mxsel *m, struct script *s);
	void (*on_cancel)(mxsel_query *q, struct script *s);
	int wait_result;
	mxsel *other;
	mxsel_query *kept[64];
	int kept_count, resolved, waited, cancelled, refused;
};

static struct script script;
static mxsel_options *options;

static void answer(mxsel_query *q)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };

	if (mxsel_query_type(q) == MXSEL_TYPE_MX)
		mxsel_answer_mx(q, 10, "mx.example", 300);
	if (mxsel_query_type(q) == MXSEL_TYPE_A)
		mxsel_answer_address(q, v4, 4, 300);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
}

static void at_once(mxsel_query *q, struct script *s)
{
	(void)s;
	answer(q);
}

static void keep(mxsel_query *q, struct script *s)
{
	if (s->kept_count < 64)
		s->kept[s->kept_count++] = q;
}

static void resolve(mxsel_query *q, void *user)
{
	struct script *s = user;

	s->resolved++;
	s->on_resolve(q, s);
}

static int wait(mxsel *m, void *user)
{
	struct script *s = user;

	s->waited++;
	if (s->on_wait != NULL)
		s->on_wait(m, s);
	return s->wait_result;
}

static void cancel(mxsel_query *q, void *user)
{
	struct script *s = user;

	s->cancelled++;
	if (s->on_cancel != NULL)
		s->on_cancel(q, s);
}

static void setup(void)
{
	mxsel_resolver *r;

	memset(&script, 0, sizeof(script));
	script.on_resolve = keep;
	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, cancel, &script),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_resolver_set_wait(r, wait), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_new(&options), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_resolver(options, r), MXSEL_OK);
	mxsel_resolver_free(r);
}

/* The same without wait: answers come when they come. */
static void setup_later(void)
{
	mxsel_resolver *r;

	memset(&script, 0, sizeof(script));
	script.on_resolve = keep;
	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, cancel, &script),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_options_new(&options), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_resolver(options, r), MXSEL_OK);
	mxsel_resolver_free(r);
}

static void teardown(void)
{
	mxsel_options_free(options);
}

static mxsel *begin(void)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "example.com", options), MXSEL_OK);
	return m;
}

static void comes_to_its_attempt(mxsel *m)
{
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
}

/* --- at once, never, later ----------------------------------------------- */

START_TEST(F96_a_resolver_that_answers_at_once)
{
	mxsel *m = begin();

	script.on_resolve = at_once;
	comes_to_its_attempt(m);
	ck_assert_int_eq(script.resolved, 3);
	ck_assert_int_eq(script.waited, 0);
	ck_assert_int_eq(script.cancelled, 0);
	mxsel_free(m);
}
END_TEST

static void answer_one(mxsel *m, struct script *s)
{
	(void)m;
	ck_assert_int_gt(s->kept_count, 0);
	answer(s->kept[--s->kept_count]);
}

START_TEST(a_resolver_that_answers_one_question_for_each_wait)
{
	mxsel *m = begin();

	script.on_wait = answer_one;
	comes_to_its_attempt(m);
	ck_assert_int_eq(script.waited, 3);
	ck_assert_int_eq(script.cancelled, 0);
	mxsel_free(m);
}
END_TEST

START_TEST(F97_a_resolver_that_never_answers_ends_in_a_defer)
{
	mxsel *m = begin();

	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.4.3");
	ck_assert_int_eq(script.waited, 1);
	ck_assert_int_eq(script.cancelled, 1);
	mxsel_free(m);
	ck_assert_int_eq(script.cancelled, 1);
}
END_TEST

START_TEST(R77_F97_that_failure_is_kept_for_seconds)
{
	mxsel *m = begin();

	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_uint_eq(mxsel_ttl(m), 5);
	mxsel_free(m);
}
END_TEST

START_TEST(F97_a_wait_that_fails_ends_in_a_defer)
{
	mxsel *m = begin();

	script.wait_result = MXSEL_ESYSTEM;
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m),
		MXSEL_REASON_DNS_TEMPORARY);
	ck_assert_int_eq(script.cancelled, 1);
	mxsel_free(m);
}
END_TEST

static void answer_all(mxsel *m, struct script *s)
{
	(void)m;
	while (s->kept_count > 0)
		answer(s->kept[--s->kept_count]);
}

/* What was answered before the wait failed is answered. */
START_TEST(a_wait_that_answers_and_fails_loses_nothing)
{
	mxsel *m = begin();

	script.wait_result = -1;
	script.on_wait = answer_all;
	comes_to_its_attempt(m);
	mxsel_free(m);
}
END_TEST

START_TEST(F97_without_wait_the_question_stays_open)
{
	mxsel *m = begin();

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(script.resolved, 1);
	ck_assert_ptr_null(mxsel_query_take(m));
	ck_assert_int_eq(script.cancelled, 0);
	mxsel_free(m);
	ck_assert_int_eq(script.cancelled, 1);
}
END_TEST

START_TEST(without_wait_the_answer_may_come_between_calls)
{
	mxsel *m = begin();
	int rc;

	while ((rc = mxsel_next(m)) == MXSEL_LOOKUP)
		answer_one(m, &script);
	ck_assert_int_eq(rc, MXSEL_ATTEMPT);
	ck_assert_int_eq(script.resolved, 3);
	mxsel_free(m);
	ck_assert_int_eq(script.cancelled, 0);
}
END_TEST

START_TEST(a_reset_cancels_what_is_open)
{
	mxsel *m = begin();

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_reset(m, "example.net"), MXSEL_OK);
	ck_assert_int_eq(script.cancelled, 1);
	script.on_resolve = at_once;
	comes_to_its_attempt(m);
	mxsel_free(m);
	ck_assert_int_eq(script.cancelled, 1);
}
END_TEST

/* --- twice, too late ----------------------------------------------------- */

static void twice(mxsel_query *q, struct script *s)
{
	answer(q);
	s->refused += mxsel_answer_finish(q, MXSEL_DNS_NXDOMAIN, 0) ==
		MXSEL_EUSAGE;
	s->refused += mxsel_answer_negative_ttl(q, 0) == MXSEL_EUSAGE;
}

START_TEST(F98_the_second_answer_is_refused)
{
	mxsel *m = begin();

	script.on_resolve = twice;
	comes_to_its_attempt(m);
	ck_assert_int_eq(script.refused, 6);
	mxsel_free(m);
}
END_TEST

static void answer_late(mxsel_query *q, struct script *s)
{
	answer(q);
	s->refused += mxsel_answer_finish(q, MXSEL_DNS_NXDOMAIN, 0) ==
		MXSEL_EUSAGE;
}

/* While it is cancelled a question may still be answered, for the last time. */
START_TEST(F98_an_answer_while_it_is_cancelled)
{
	mxsel *m = begin();
	int rc;

	script.on_cancel = answer_late;
	rc = mxsel_next(m);
	ck_assert(rc == MXSEL_END || rc == MXSEL_ATTEMPT);
	ck_assert_int_eq(script.refused, script.cancelled);
	ck_assert_int_ge(script.cancelled, 1);
	mxsel_free(m);
}
END_TEST

START_TEST(F98_an_answer_while_the_selection_goes)
{
	mxsel *m = begin();

	script.on_cancel = answer_late;
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	mxsel_free(m);
	ck_assert_int_eq(script.cancelled, 1);
	ck_assert_int_eq(script.refused, 1);
}
END_TEST

/* --- freed within -------------------------------------------------------- */

static void free_own(mxsel_query *q, struct script *s)
{
	(void)s;
	mxsel_free(mxsel_query_selection(q));
}

START_TEST(F93_freed_inside_resolve)
{
	script.on_resolve = free_own;
	ck_assert_int_eq(mxsel_next(begin()), MXSEL_ECANCELED);
	ck_assert_int_eq(script.resolved, 1);
	ck_assert_int_eq(script.cancelled, 1);
}
END_TEST

static void free_and_answer(mxsel_query *q, struct script *s)
{
	mxsel_free(mxsel_query_selection(q));
	mxsel_free(mxsel_query_selection(q));
	at_once(q, s);
}

START_TEST(F93_freed_inside_resolve_and_answered_all_the_same)
{
	script.on_resolve = free_and_answer;
	ck_assert_int_eq(mxsel_next(begin()), MXSEL_ECANCELED);
	ck_assert_int_eq(script.cancelled, 0);
}
END_TEST

static void free_waiting(mxsel *m, struct script *s)
{
	(void)s;
	mxsel_free(m);
}

START_TEST(F93_freed_inside_wait)
{
	script.on_wait = free_waiting;
	ck_assert_int_eq(mxsel_next(begin()), MXSEL_ECANCELED);
	ck_assert_int_eq(script.cancelled, 1);
}
END_TEST

START_TEST(F93_freed_inside_cancel)
{
	script.on_cancel = free_own;
	ck_assert_int_eq(mxsel_next(begin()), MXSEL_ECANCELED);
	ck_assert_int_eq(script.cancelled, 1);
}
END_TEST

START_TEST(F93_freed_inside_the_cancel_of_a_reset)
{
	mxsel *m = begin();

	script.on_cancel = free_own;
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_reset(m, "example.net"), MXSEL_ECANCELED);
	ck_assert_int_eq(script.cancelled, 1);
}
END_TEST

START_TEST(F93_freed_inside_the_cancel_of_its_own_end)
{
	mxsel *m = begin();

	script.on_cancel = free_own;
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	mxsel_free(m);
	ck_assert_int_eq(script.cancelled, 1);
}
END_TEST

static void free_other(mxsel_query *q, struct script *s)
{
	mxsel_free(s->other);
	s->other = NULL;
	answer(q);
}

START_TEST(F92_another_selection_is_freed_inside_a_callback)
{
	mxsel *m;

	script.other = begin();
	ck_assert_int_eq(mxsel_next(script.other), MXSEL_LOOKUP);
	m = begin();
	script.on_resolve = free_other;
	comes_to_its_attempt(m);
	ck_assert_int_eq(script.cancelled, 1);
	mxsel_free(m);
}
END_TEST

/* --- calls at the wrong moment ------------------------------------------- */

static void misuse(mxsel *m, struct script *s)
{
	s->refused += mxsel_next(m) == MXSEL_EUSAGE;
	s->refused += mxsel_next_host(m) == MXSEL_EUSAGE;
	s->refused += mxsel_rewind(m) == MXSEL_EUSAGE;
	s->refused += mxsel_reset(m, "example.net") == MXSEL_EUSAGE;
	s->refused += mxsel_options_set(options, MXSEL_OPT_PORT, 1) ==
		MXSEL_EUSAGE;
}

static void misuse_and_answer(mxsel_query *q, struct script *s)
{
	misuse(mxsel_query_selection(q), s);
	answer(q);
	misuse(mxsel_query_selection(q), s);
}

START_TEST(S38_calls_inside_resolve_are_refused)
{
	mxsel *m = begin();

	script.on_resolve = misuse_and_answer;
	comes_to_its_attempt(m);
	ck_assert_int_eq(script.refused, 3 * 2 * 5);
	mxsel_free(m);
}
END_TEST

static void misuse_and_answer_one(mxsel *m, struct script *s)
{
	misuse(m, s);
	answer_one(m, s);
}

START_TEST(S38_calls_inside_wait_are_refused)
{
	mxsel *m = begin();

	script.on_wait = misuse_and_answer_one;
	comes_to_its_attempt(m);
	ck_assert_int_eq(script.refused, 3 * 5);
	mxsel_free(m);
}
END_TEST

static void misuse_cancelled(mxsel_query *q, struct script *s)
{
	misuse(mxsel_query_selection(q), s);
}

START_TEST(S38_calls_inside_cancel_are_refused)
{
	mxsel *m = begin();

	script.on_cancel = misuse_cancelled;
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(script.refused, 5);
	mxsel_free(m);
}
END_TEST

/* --- new work within ----------------------------------------------------- */

static void nest(mxsel_query *q, struct script *s)
{
	if (s->kept_count++ < 50) {
		mxsel *m = begin();

		comes_to_its_attempt(m);
		mxsel_free(m);
	}
	answer(q);
}

START_TEST(F94_new_selections_inside_a_callback)
{
	mxsel *m = begin();

	script.on_resolve = nest;
	comes_to_its_attempt(m);
	ck_assert_int_eq(script.resolved, 3 * 51);
	mxsel_free(m);
}
END_TEST

static void answer_chain(mxsel_query *q, struct script *s)
{
	char name[32];

	snprintf(name, sizeof(name), "c%d.example", s->resolved);
	mxsel_answer_alias(q, name, 300);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
}

/* Answers given at once lead to questions without end and no deeper stack. */
START_TEST(F94_F96_a_chain_of_questions_answered_at_once_ends)
{
	mxsel *m = begin();

	script.on_resolve = answer_chain;
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_uint_eq(mxsel_flags(m), MXSEL_FLAG_DOMAIN_IS_ALIAS |
		MXSEL_FLAG_ALIAS_CHAIN);
	ck_assert_int_eq(script.resolved, 11);
	mxsel_free(m);
}
END_TEST

static void take_inside(mxsel_query *q, struct script *s)
{
	mxsel_query *more;

	while ((more = mxsel_query_take(mxsel_query_selection(q))) != NULL) {
		s->kept_count++;
		answer(more);
	}
	answer(q);
}

START_TEST(S38_questions_may_be_taken_inside_a_callback)
{
	mxsel *m = begin();

	script.on_resolve = take_inside;
	comes_to_its_attempt(m);
	ck_assert_int_eq(script.resolved, 2);
	ck_assert_int_eq(script.kept_count, 1);
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: callbacks");
	TCase *tc = tcase_create("blocking");
	TCase *later = tcase_create("later");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, F96_a_resolver_that_answers_at_once);
	tcase_add_test(tc,
		a_resolver_that_answers_one_question_for_each_wait);
	tcase_add_test(tc, F97_a_resolver_that_never_answers_ends_in_a_defer);
	tcase_add_test(tc, R77_F97_that_failure_is_kept_for_seconds);
	tcase_add_test(tc, F97_a_wait_that_fails_ends_in_a_defer);
	tcase_add_test(tc, a_wait_that_answers_and_fails_loses_nothing);
	tcase_add_test(tc, F98_the_second_answer_is_refused);
	tcase_add_test(tc, F98_an_answer_while_it_is_cancelled);
	tcase_add_test(tc, F93_freed_inside_resolve);
	tcase_add_test(tc,
		F93_freed_inside_resolve_and_answered_all_the_same);
	tcase_add_test(tc, F93_freed_inside_wait);
	tcase_add_test(tc, F93_freed_inside_cancel);
	tcase_add_test(tc, S38_calls_inside_resolve_are_refused);
	tcase_add_test(tc, S38_calls_inside_wait_are_refused);
	tcase_add_test(tc, S38_calls_inside_cancel_are_refused);
	tcase_add_test(tc, F94_new_selections_inside_a_callback);
	tcase_add_test(tc,
		F94_F96_a_chain_of_questions_answered_at_once_ends);
	tcase_add_test(tc, S38_questions_may_be_taken_inside_a_callback);
	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(later, setup_later, teardown);
	tcase_add_test(later, F97_without_wait_the_question_stays_open);
	tcase_add_test(later, without_wait_the_answer_may_come_between_calls);
	tcase_add_test(later, a_reset_cancels_what_is_open);
	tcase_add_test(later, F98_an_answer_while_the_selection_goes);
	tcase_add_test(later, F92_another_selection_is_freed_inside_a_callback);
	tcase_add_test(later, F93_freed_inside_the_cancel_of_a_reset);
	tcase_add_test(later, F93_freed_inside_the_cancel_of_its_own_end);
	suite_add_tcase(suite, later);
	return mxsel_test_run(suite);
}
