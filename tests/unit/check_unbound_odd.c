/*
 * Look-ups in a child of fork(), and by programs that take, cancel and free
 * what is not theirs or at an odd moment: questions end, nothing is told to a
 * libunbound that is the parent's, and nothing is lost (R90, F82, F93, F97,
 * F98).
 */
#define _GNU_SOURCE

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/run.h"
#include "support/unbound_turns.h"
#include "unbound/inside.h"

/* --------------------------------------------------------------- children */

/* As after fork(): this process is another. */
static void become_a_child(void)
{
	u->blocking.channel.process++;
	u->loop.channel.process++;
}

static void delete_what_is_the_parents(void)
{
	ub_ctx_delete(u->blocking.channel.context);
	ub_ctx_delete(u->loop.channel.context);
}

START_TEST(F82_a_childs_look_ups_end_at_once)
{
	believes(BLOCKING);
	believes(LOOP);
	become_a_child();
	world.id = 0;
	defers(BLOCKING);
	defers(LOOP);
	ck_assert_int_eq(world.id, 0);
	ck_assert_int_eq(mxsel_unbound_process(u), MXSEL_ESYSTEM);
	ck_assert_int_eq(mxsel_unbound_wait(u, -1), MXSEL_ESYSTEM);
	delete_what_is_the_parents();
}
END_TEST

START_TEST(F82_a_loops_questions_are_the_parents)
{
	mxsel *m = begun();

	become_a_child();
	world.last_cancelled = 0;
	ck_assert_int_eq(mxsel_unbound_cancel(u, m), 0);
	ck_assert_int_eq(world.last_cancelled, 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	mxsel_free(m);
	delete_what_is_the_parents();
}
END_TEST

/* Threads that only the parent has may be in the midst of them. */
START_TEST(F82_a_child_destroys_no_lock)
{
	believes(BLOCKING);
	become_a_child();
	delete_what_is_the_parents();
	mxsel_options_free(blocking);
	mxsel_options_free(pull);
	mxsel_unbound_free(u);
	ck_assert_int_eq(world.destroyed, 0);
	setup();
	believes(BLOCKING);
	teardown();
	ck_assert_int_eq(world.destroyed, 2);
	setup();
}
END_TEST

START_TEST(F82_a_child_ends_what_its_selection_waits_for)
{
	mxsel *m = made(pull), *other = made(pull);

	(void)handed_over(m);
	become_a_child();
	ck_assert_int_eq(mxsel__ub_wait(other, u), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel__ub_wait(m, u), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	mxsel_free(other);
	mxsel_free(m);
	delete_what_is_the_parents();
}
END_TEST

START_TEST(F82_a_child_forgets_what_nobody_waits_for)
{
	mxsel *m = made(pull);
	mxsel_query *query = handed_over(m);

	become_a_child();
	world.last_cancelled = 0;
	mxsel__ub_cancel(query, u);
	ck_assert_int_eq(world.last_cancelled, 0);
	ck_assert_ptr_null(mxsel_query_user(query));
	mxsel_free(m);
	delete_what_is_the_parents();
}
END_TEST

/* ------------------------------------------------- programs, odd and wrong */

START_TEST(F98_what_was_not_asked_is_not_cancelled)
{
	mxsel *m = made(pull);
	mxsel_query *query;

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	query = mxsel_query_take(m);
	mxsel__ub_cancel(query, u);
	ck_assert_int_eq(world.last_cancelled, 0);
	ck_assert_int_eq(mxsel__ub_wait(m, u), MXSEL_EUSAGE);
	mxsel_free(m);
}
END_TEST

/* libunbound is about to call, and cannot be stopped any more. */
START_TEST(F98_an_answer_that_comes_after_the_end_is_freed)
{
	mxsel *m = made(pull);
	mxsel_query *query = handed_over(m);

	world.cancel_says = UB_NOID;
	mxsel__ub_cancel(query, u);
	ck_assert_ptr_null(mxsel_query_user(query));
	mxsel_free(m);
	believes(BLOCKING);
	ck_assert_int_eq(world.results, 0);
}
END_TEST

/* What was asked ahead, and heard by another who listened. */
START_TEST(F93_freed_with_an_answer_that_it_never_took)
{
	mxsel *m = made(blocking);

	world.silent = "b.";
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	world.silent = NULL;
	believes(BLOCKING);
	ck_assert_int_eq(world.results, 1);
	world.last_cancelled = 0;
	mxsel_free(m);
	ck_assert_int_eq(world.results, 0);
	ck_assert_int_eq(world.last_cancelled, 0);
	/* Its place is free, and nothing lies there. */
	world.silent = "b.";
	m = made(blocking);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	believes(BLOCKING);
	mxsel_free(m);
}
END_TEST

START_TEST(questions_that_somebody_else_took_are_not_waited_for)
{
	mxsel *m = made(pull);

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_ptr_nonnull(mxsel_query_take(m));
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_timeout(u), -1);
	mxsel_free(m);
}
END_TEST

START_TEST(F93_questions_that_somebody_else_took_are_not_cancelled)
{
	mxsel *m = begun();

	ck_assert_int_eq(mxsel_unbound_process(u), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_ptr_nonnull(mxsel_query_take(m));
	mxsel_free(m);
	ck_assert_int_eq(world.last_cancelled, 0);
	ck_assert_ptr_null(mxsel_unbound_ready(u));
}
END_TEST

START_TEST(a_selection_between_attempts_has_one_owner)
{
	mxsel_unbound *other;
	mxsel *m;

	ck_assert_int_eq(mxsel_unbound_new(&other), 0);
	m = begun();
	ck_assert_int_eq(mxsel_unbound_process(u), 0);
	world.silent = "b.";
	ck_assert_int_eq(look_up(m), MXSEL_ATTEMPT);
	/* The other host is looked up meanwhile. */
	ck_assert_int_eq(mxsel_unbound_timeout(u), QUERY_TIME);
	ck_assert_int_eq(mxsel_unbound_next(other, m), MXSEL_EUSAGE);
	world.silent = NULL;
	ck_assert_int_eq(look_up(m), MXSEL_ATTEMPT);
	mxsel_free(m);
	mxsel_unbound_free(other);
}
END_TEST

static void free_it(mxsel_query *query, void *user)
{
	(void)user;
	mxsel_free(mxsel_query_selection(query));
}

START_TEST(F93_its_own_resolver_frees_a_selection)
{
	mxsel_options *own;
	mxsel_resolver *r;
	mxsel *m;

	ck_assert_int_eq(mxsel_resolver_new(&r, free_it, NULL, NULL), 0);
	own = options(r);
	mxsel_resolver_free(r);
	m = made(own);
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_ECANCELED);
	ck_assert_int_eq(mxsel_unbound_timeout(u), -1);
	ck_assert_uint_eq(u->loop.count, 0);
	mxsel_options_free(own);
}
END_TEST

static void add_tests(TCase *c)
{
	tcase_add_test(c, F82_a_childs_look_ups_end_at_once);
	tcase_add_test(c, F82_a_child_destroys_no_lock);
	tcase_add_test(c, F82_a_loops_questions_are_the_parents);
	tcase_add_test(c, F82_a_child_ends_what_its_selection_waits_for);
	tcase_add_test(c, F82_a_child_forgets_what_nobody_waits_for);
	tcase_add_test(c, F98_what_was_not_asked_is_not_cancelled);
	tcase_add_test(c, F98_an_answer_that_comes_after_the_end_is_freed);
	tcase_add_test(c, F93_freed_with_an_answer_that_it_never_took);
	tcase_add_test(c,
		questions_that_somebody_else_took_are_not_waited_for);
	tcase_add_test(c,
		F93_questions_that_somebody_else_took_are_not_cancelled);
	tcase_add_test(c, a_selection_between_attempts_has_one_owner);
	tcase_add_test(c, F93_its_own_resolver_frees_a_selection);
}

int main(void)
{
	Suite *s = suite_create("unbound at odd moments");
	TCase *c = tcase_create("look-ups");

	tcase_add_checked_fixture(c, setup, teardown);
	add_tests(c);
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
