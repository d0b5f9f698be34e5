/*
 * When there is no memory, a question ends as a failure or the call can be
 * made again, and nothing is lost; also where libunbound has none (S39, R14,
 * F84). malloc() is this program's own, and fails in the thread of the test
 * only: libunbound's thread is not ours to answer for.
 */
#define _GNU_SOURCE

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/failing_malloc.h"
#include "support/run.h"
#include "support/unbound_trial.h"

#ifdef MALLOC_IS_TAKEN

int main(void)
{
	puts("skipped: malloc() cannot be replaced in this build");
	return 77;
}

#else

/* The truth, a failure that keeps the mail, or nothing yet. */
static void is_sane(const mxsel *m, int result)
{
	if (result == MXSEL_ATTEMPT)
		ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	else if (result == MXSEL_END)
		ck_assert_int_eq(mxsel_verdict_code(m), 451);
	else
		ck_assert_msg(result == MXSEL_LOOKUP ||
			result == MXSEL_ENOMEM, "%d", result);
}

static void warm_up(struct trial *t)
{
	mxsel *m;

	trial_begin(t);
	ck_assert(trial_believes(t, "true.example"));
	ck_assert_int_eq(mxsel_new(&m, "true.example", t->pull), 0);
	ck_assert_int_eq(mxsel_unbound_next(t->u, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_unbound_wait(t->u, -1), 0);
	ck_assert_ptr_eq(mxsel_unbound_ready(t->u), m);
	mxsel_free(m);
}

START_TEST(S39_without_memory_a_blocking_look_up_fails_for_now)
{
	struct trial t;
	int call = 0;
	int failed = 1, result;
	mxsel *m;

	for (; failed; call++) {
		warm_up(&t);
		ck_assert_int_eq(mxsel_new(&m, "truth.example", t.options),
			0);
		fail_at(call);
		result = mxsel_next(m);
		failed = disarm();
		is_sane(m, result);
		if (result < 0)
			is_sane(m, mxsel_next(m));
		mxsel_free(m);
		trial_end(&t);
	}
	ck_assert_int_gt(call, 5);
}
END_TEST

static int look_up(struct trial *t, mxsel *m)
{
	int result;

	while ((result = mxsel_unbound_next(t->u, m)) == MXSEL_LOOKUP) {
		(void)mxsel_unbound_wait(t->u, -1);
		if (mxsel_unbound_ready(t->u) != m)
			return MXSEL_EUSAGE;
	}
	return result;
}

START_TEST(S39_without_memory_a_look_up_in_a_loop_fails_for_now)
{
	struct trial t;
	int call = 0;
	int failed = 1, result;
	mxsel *m;

	for (; failed; call++) {
		warm_up(&t);
		ck_assert_int_eq(mxsel_new(&m, "truth.example", t.pull), 0);
		fail_at(call);
		result = look_up(&t, m);
		failed = disarm();
		is_sane(m, result);
		if (result < 0)
			is_sane(m, look_up(&t, m));
		mxsel_free(m);
		trial_end(&t);
	}
	ck_assert_int_gt(call, 5);
}
END_TEST

/* To libunbound a good setting is bad when it has no memory for it. */
START_TEST(S39_without_memory_nothing_good_is_called_bad)
{
	int call = 0;
	int failed = 1, result;
	mxsel_unbound *u;

	for (; failed; call++) {
		u = NULL;
		fail_at(call);
		result = mxsel_unbound_new(&u);
		if (result == 0)
			result = mxsel_unbound_add_server(u, "127.0.0.1@9");
		failed = disarm();
		ck_assert_msg(result == 0 || result == MXSEL_ENOMEM ||
			result == MXSEL_ESYSTEM, "%d: %d", call, result);
		mxsel_unbound_free(u);
	}
	ck_assert_int_eq(result, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("unbound without memory");
	TCase *c = tcase_create("memory");

	tcase_add_test(c,
		S39_without_memory_a_blocking_look_up_fails_for_now);
	tcase_add_test(c,
		S39_without_memory_a_look_up_in_a_loop_fails_for_now);
	tcase_add_test(c, S39_without_memory_nothing_good_is_called_bad);
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}

#endif
