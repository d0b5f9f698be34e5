/*
 * The child of a fork() while a thread of its parent holds the lock of the
 * blocking side: its questions end as failures at once, and
 * nothing of it hangs (R90, R14, F93). An alarm ends a child that does.
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/run.h"
#include "support/unbound_trial.h"
#include "unbound/inside.h"

#define PATIENCE 10 /* seconds */

/* What a child makes of a selection: 0: as it should. */
typedef int (*life_fn)(struct trial *t, mxsel *m);

/* Fork with the lock held, as by a thread that the child has not. */
static void lead_a_life(struct trial *t, mxsel *m, life_fn life)
{
	pthread_mutex_t *lock = &t->u->blocking.lock;
	int status;
	pid_t child;

	ck_assert_int_eq(pthread_mutex_lock(lock), 0);
	child = fork();
	if (child == 0) {
		(void)signal(SIGALRM, SIG_DFL); /* not check's */
		(void)alarm(PATIENCE);
		_exit(life(t, m));
	}
	ck_assert_int_eq(pthread_mutex_unlock(lock), 0);
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		"status %d", status);
}

static int ask(struct trial *t, mxsel *m)
{
	long began = trial_now();

	(void)m;
	if (mxsel_new(&m, "true.example", t->options) != 0)
		return 1;
	if (mxsel_next(m) != MXSEL_END || mxsel_verdict_code(m) != 451)
		return 2;
	if (strcmp(trial_answer(m), "MX network") != 0)
		return 3;
	mxsel_free(m);
	return trial_now() - began > TRIAL_TIME / 2 ? 4 : 0;
}

START_TEST(R14_a_childs_question_ends_as_a_failure)
{
	struct trial t;

	trial_begin(&t);
	ck_assert(trial_believes(&t, "true.example"));
	lead_a_life(&t, NULL, ask);
	ck_assert(trial_believes(&t, "truly.example"));
	trial_end(&t);
}
END_TEST

/* The second host is asked for while the first is tried. */
static void two_hosts(struct liar_call *call)
{
	if (liar_type(call) != PACKET_MX) {
		trial_world(call);
		return;
	}
	liar_begin(call, PACKET_REPLY);
	packet_mx(call->packet, PACKET_ANSWER, NULL, 300, 10, "a.example");
	packet_mx(call->packet, PACKET_ANSWER, NULL, 300, 20,
		"quiet.example");
	liar_send(call);
}

static mxsel *with_open_questions(struct trial *t)
{
	mxsel *m;

	trial_begin_with(t, two_hosts, NULL);
	ck_assert_int_eq(mxsel_options_set(t->options, MXSEL_OPT_PREFETCH, 2),
		0);
	ck_assert_int_eq(mxsel_new(&m, "both.example", t->options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	return m;
}

static int go_on(struct trial *t, mxsel *m)
{
	long began = trial_now();

	(void)t;
	if (mxsel_next(m) != MXSEL_END)
		return 1;
	mxsel_free(m);
	return trial_now() - began > TRIAL_TIME / 2 ? 2 : 0;
}

START_TEST(R14_questions_open_at_the_fork_end_in_the_child)
{
	struct trial t;
	mxsel *m = with_open_questions(&t);

	lead_a_life(&t, m, go_on);
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

static int give_back(struct trial *t, mxsel *m)
{
	mxsel_free(m);
	mxsel_options_free(t->options);
	mxsel_unbound_free(t->u);
	return 0;
}

START_TEST(F93_a_child_gives_back_what_is_under_way)
{
	struct trial t;
	mxsel *m = with_open_questions(&t);

	lead_a_life(&t, m, give_back);
	mxsel_free(m);
	ck_assert_int_eq(trial_next(&t, "true.example"), MXSEL_ATTEMPT);
	trial_end(&t);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("unbound and fork");
	TCase *c = tcase_create("children");

	tcase_add_test(c, R14_a_childs_question_ends_as_a_failure);
	tcase_add_test(c, R14_questions_open_at_the_fork_end_in_the_child);
	tcase_add_test(c, F93_a_child_gives_back_what_is_under_way);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return mxsel_test_run(suite());
}
