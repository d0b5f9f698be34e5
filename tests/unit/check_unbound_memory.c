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
#include <sys/wait.h>
#include <unistd.h>

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

/* How an attempt to make one ended. */
enum { MADE, ENDED_BY_LIBUNBOUND, REFUSED, WRONG };

static int make_one(int call)
{
	mxsel_unbound *u = NULL;
	int failed, result;

	fail_at(call);
	result = mxsel_unbound_new(&u);
	if (result == 0)
		result = mxsel_unbound_add_server(u, "127.0.0.1@9");
	failed = disarm();
	mxsel_unbound_free(u);
	if (result != 0 && result != MXSEL_ENOMEM && result != MXSEL_ESYSTEM)
		return WRONG;
	return failed ? REFUSED : result == 0 ? MADE : WRONG;
}

/* In a process of its own: libunbound 1.22 calls exit(1) when two of its
   requests, for random numbers, fail. */
static int make_one_apart(int call)
{
	pid_t child = fork();
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0)
		_exit(make_one(call));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* To libunbound a good setting is bad when it has no memory for it. */
START_TEST(S39_without_memory_nothing_good_is_called_bad)
{
	int result, call = 0, ended = 0;

	while ((result = make_one_apart(call)) != MADE) {
		ck_assert_msg(result != WRONG, "%d", call);
		ended += result == ENDED_BY_LIBUNBOUND;
		call++;
	}
	ck_assert_int_gt(call, 5);
	ck_assert_int_le(ended, 2);
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
