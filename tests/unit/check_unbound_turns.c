/*
 * Look-ups while libunbound, the system or memory do what they should not:
 * each question ends, the mail is kept, and what came of one is given back
 * (R14, S7, S8, S32, S39, F74, F84, F93). Time goes by only while somebody
 * waits.
 */
#define _GNU_SOURCE

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/run.h"
#include "support/unbound_turns.h"
#include "unbound/inside.h"

#define ANCHOR ". IN DS 60485 13 2 " \
	"0000000000000000000000000000000000000000000000000000000000000001"

/* ---------------------------------------------------------------- asking */

static const int refusals[] = { UB_NOMEM, UB_PIPE };

START_TEST(R14_what_cannot_be_asked_is_a_failure_for_now)
{
	long began = world.now;
	int i;

	for (i = 0; i < 4; i++) {
		world.ask_says = refusals[i % 2];
		world.ask_leaves = i / 2;
		world.last_cancelled = 0;
		defers(_i);
		/* What it kept all the same is taken away again. */
		ck_assert_int_eq(world.last_cancelled,
			world.ask_leaves ? world.id : 0);
	}
	ck_assert_int_eq(world.now, began); /* nobody waited for it */
	world.ask_says = UB_NOERROR;
	believes(_i);
}
END_TEST

/* The first question starts a thread, which must not take signals. */
START_TEST(R14_without_a_signal_mask_nothing_is_asked)
{
	world.mask_says = EINVAL;
	defers(_i);
	ck_assert_int_eq(world.id, 0);
	world.mask_says = 0;
	believes(_i);
	world.mask_says = EINVAL; /* it is there */
	believes(_i);
}
END_TEST

START_TEST(S8_the_first_question_is_asked_without_signals_only)
{
	mxsel *m = made(_i == BLOCKING ? blocking : pull);
	sigset_t mask;

	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	ck_assert_int_eq(sigismember(&mask, SIGPIPE), 0);
	world.ask_says = UB_PIPE;
	ck_assert_int_eq(goes_on(m, _i), MXSEL_END);
	ck_assert_int_eq(world.ask_is_quiet, 1);
	mxsel_free(m);
	world.ask_says = UB_NOERROR;
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	ck_assert_int_eq(sigismember(&mask, SIGPIPE), 0);
	believes(_i);
	ck_assert_int_eq(world.ask_is_quiet, 0);
}
END_TEST

START_TEST(S39_without_a_condition_nobody_waits)
{
	world.condition_says = EAGAIN;
	defers(BLOCKING);
	ck_assert_int_eq(world.id, 0);
	world.condition_says = 0;
	believes(BLOCKING);
}
END_TEST

#ifndef MALLOC_IS_TAKEN

/* The truth, a failure that keeps the mail, or a call to be made again. */
static void is_sane(const mxsel *m, int result)
{
	if (result == MXSEL_ATTEMPT)
		ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	else if (result == MXSEL_END)
		ck_assert_int_eq(mxsel_verdict_code(m), 451);
	else
		ck_assert_int_eq(result, MXSEL_ENOMEM);
}

/* From the very first question on, each request for memory fails once. */
START_TEST(F84_without_memory_a_look_up_fails_for_now)
{
	int call, failed = 1, result;
	mxsel *m;

	for (call = 0; failed; call++) {
		teardown();
		setup();
		m = made(_i == BLOCKING ? blocking : pull);
		fail_at(call);
		result = goes_on(m, _i);
		failed = disarm();
		is_sane(m, result);
		if (result < 0)
			is_sane(m, goes_on(m, _i));
		mxsel_free(m);
	}
	ck_assert_int_gt(call, 5);
}
END_TEST

#endif

/* --------------------------------------------------------------- security */

static const struct {
	const char *anchor, *lenient;
	int security;
} words[] = {
	{ NULL, "no", MXSEL_SECURITY_INDETERMINATE },
	{ ANCHOR, "no", MXSEL_SECURITY_INSECURE },
	{ ANCHOR, "yes", MXSEL_SECURITY_INDETERMINATE },
	{ NULL, "yes", MXSEL_SECURITY_INDETERMINATE }
};

START_TEST(S32_who_validates_proves_and_nobody_else)
{
	if (words[_i].anchor != NULL)
		ck_assert_int_eq(mxsel_unbound_add_anchor(u,
			words[_i].anchor), 0);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "val-permissive-mode:",
		words[_i].lenient), 0);
	believes(BLOCKING);
	ck_assert_int_eq(security, words[_i].security);
	security = -1;
	believes(LOOP);
	ck_assert_int_eq(security, words[_i].security);
}
END_TEST

/* ------------------------------------------------------------------- time */

START_TEST(S7_without_a_limit_of_its_own_it_waits_for_the_question)
{
	long began = world.now;

	world.silent = "true.";
	defers(_i);
	ck_assert_int_eq(world.now - began, QUERY_TIME);
}
END_TEST

/* Another thread listens, and hears nothing. */
START_TEST(S7_who_sleeps_wakes_in_time)
{
	long began = world.now;

	u->blocking.led = 1;
	world.silent = "true.";
	defers(BLOCKING);
	ck_assert_int_eq(world.now - began, QUERY_TIME);
	u->blocking.led = 0;
}
END_TEST

static int woken;

static void hear_for_all(void)
{
	woken++;
	if (woken == 1)
		return; /* for no reason at all */
	world.silent = NULL;
	u->blocking.led = 0;
	believes(BLOCKING);
}

START_TEST(F93_who_sleeps_gets_what_another_heard)
{
	mxsel *m = made(blocking);

	woken = 0;
	u->blocking.led = 1;
	world.silent = "true.";
	world.others = hear_for_all;
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	ck_assert_int_eq(woken, 2);
	mxsel_free(m);
}
END_TEST

static const int interruptions[] = { EINTR, EAGAIN };

/* What is there already is heard. */
START_TEST(F74_a_signal_ends_a_wait_and_no_question)
{
	mxsel *m;

	world.silent = "true.";
	m = begun();
	world.poll_error = interruptions[_i];
	ck_assert_int_eq(mxsel_unbound_wait(u, -1), 0);
	ck_assert_ptr_null(mxsel_unbound_ready(u));
	world.silent = NULL;
	ck_assert_int_eq(mxsel_unbound_wait(u, -1), 0);
	ck_assert_ptr_eq(mxsel_unbound_ready(u), m);
	ck_assert_int_eq(look_up(m), MXSEL_ATTEMPT);
	mxsel_free(m);
	believes(BLOCKING);
}
END_TEST

START_TEST(R14_who_cannot_wait_gives_up)
{
	mxsel *m = begun();

	world.poll_error = EBADF;
	ck_assert_int_eq(mxsel_unbound_wait(u, -1), MXSEL_ESYSTEM);
	ck_assert_ptr_eq(mxsel_unbound_ready(u), m);
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	mxsel_free(m);
	defers(BLOCKING);
	world.poll_error = 0;
	believes(BLOCKING);
	believes(LOOP);
}
END_TEST

/* One family is known, the other is not; it goes on with both. */
START_TEST(S7_an_answer_is_not_all_answers)
{
	mxsel_options *both;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_copy(&both, pull), 0);
	ck_assert_int_eq(mxsel_options_set(both, MXSEL_OPT_FAMILY,
		MXSEL_FAMILY_V4_FIRST), 0);
	m = made(both);
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_unbound_process(u), 0);
	ck_assert_ptr_eq(mxsel_unbound_ready(u), m);
	world.silent_type = PACKET_AAAA;
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_unbound_process(u), 0);
	ck_assert_ptr_null(mxsel_unbound_ready(u));
	world.silent_type = 0;
	ck_assert_int_eq(mxsel_unbound_process(u), 0);
	ck_assert_ptr_eq(mxsel_unbound_ready(u), m);
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_ATTEMPT);
	mxsel_free(m);
	mxsel_options_free(both);
}
END_TEST

/* ---------------------------------------------- a stream that is no longer */

START_TEST(R14_a_loop_whose_libunbound_broke_asks_no_more)
{
	struct ub_ctx *context = u->loop.channel.context;
	int asked;
	mxsel *m = begun();

	world.process_says = UB_NOMEM;
	ck_assert_int_eq(mxsel_unbound_process(u), MXSEL_ESYSTEM);
	world.process_says = UB_NOERROR;
	ck_assert_ptr_eq(mxsel_unbound_ready(u), m);
	asked = world.id;
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	mxsel_free(m);
	defers(LOOP);
	ck_assert_int_eq(world.id, asked);
	ck_assert_int_eq(mxsel_unbound_process(u), MXSEL_ESYSTEM);
	ck_assert_int_eq(mxsel_unbound_wait(u, 0), MXSEL_ESYSTEM);
	believes(BLOCKING);
	ub_ctx_delete(context); /* mxsel will not */
}
END_TEST

START_TEST(R14_blocking_with_a_libunbound_that_broke_keeps_the_mail)
{
	struct ub_ctx *context = u->blocking.channel.context;

	world.process_says = UB_NOMEM;
	defers(BLOCKING);
	world.process_says = UB_NOERROR;
	defers(BLOCKING);
	believes(LOOP);
	ub_ctx_delete(context);
}
END_TEST

static void add_tests(TCase *c)
{
	tcase_add_loop_test(c, R14_what_cannot_be_asked_is_a_failure_for_now,
		0, BOTH);
	tcase_add_loop_test(c, R14_without_a_signal_mask_nothing_is_asked, 0,
		BOTH);
	tcase_add_loop_test(c,
		S8_the_first_question_is_asked_without_signals_only, 0, BOTH);
	tcase_add_test(c, S39_without_a_condition_nobody_waits);
#ifndef MALLOC_IS_TAKEN
	tcase_add_loop_test(c, F84_without_memory_a_look_up_fails_for_now, 0,
		BOTH);
#endif
	tcase_add_loop_test(c, S32_who_validates_proves_and_nobody_else, 0,
		(int)(sizeof words / sizeof *words));
	tcase_add_loop_test(c,
		S7_without_a_limit_of_its_own_it_waits_for_the_question,
		0, BOTH);
	tcase_add_test(c, S7_who_sleeps_wakes_in_time);
	tcase_add_test(c, F93_who_sleeps_gets_what_another_heard);
	tcase_add_loop_test(c, F74_a_signal_ends_a_wait_and_no_question, 0,
		(int)(sizeof interruptions / sizeof *interruptions));
	tcase_add_test(c, R14_who_cannot_wait_gives_up);
	tcase_add_test(c, S7_an_answer_is_not_all_answers);
	tcase_add_test(c, R14_a_loop_whose_libunbound_broke_asks_no_more);
	tcase_add_test(c,
		R14_blocking_with_a_libunbound_that_broke_keeps_the_mail);
}

int main(void)
{
	Suite *s = suite_create("unbound's turns");
	TCase *c = tcase_create("look-ups");

	tcase_add_checked_fixture(c, setup, teardown);
	add_tests(c);
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
