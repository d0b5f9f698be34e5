/*
 * One resolver of <mxsel/unbound.h> for many threads, through the shared
 * libraries: nobody gets another's answer, nobody waits for ever, whoever
 * takes the answers from libunbound (R90, S7, F93).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/run.h"
#include "support/unbound_trial.h"

#define THREADS 8
#define DESTINATIONS 60

struct worker {
	struct trial *trial;
	pthread_t thread;
	unsigned number;
	int wrong;
};

/* Its own names and, now and then, one that all the others want too. */
static void name_of(char name[48], unsigned worker, unsigned i)
{
	if (i % 3 == 0)
		snprintf(name, 48, "%cshared%u.example", "tns"[i % 9 / 3], i);
	else
		snprintf(name, 48, "%c%u-%u.example", "tns"[i % 3], worker,
			i);
}

static int is_right(const mxsel *m, int result)
{
	switch (mxsel_destination(m)[0]) {
	case 't':
		return result == MXSEL_ATTEMPT &&
			strcmp(mxsel_address(m), "192.0.2.1") == 0;
	case 'n':
		return result == MXSEL_END && mxsel_verdict_code(m) == 550;
	default:
		return result == MXSEL_END && mxsel_verdict_code(m) == 451;
	}
}

static void *work(void *user)
{
	struct worker *w = user;
	char name[48];
	unsigned i;
	mxsel *m;

	for (i = 0; i < DESTINATIONS; i++) {
		name_of(name, w->number, i);
		if (mxsel_new(&m, name, w->trial->options) != 0) {
			w->wrong++;
			continue;
		}
		if (!is_right(m, mxsel_next(m)))
			w->wrong++;
		mxsel_free(m);
	}
	return NULL;
}

static void start(struct worker *workers, struct trial *t,
	void *(*function)(void *))
{
	unsigned i;

	for (i = 0; i < THREADS; i++) {
		workers[i].trial = t;
		workers[i].number = i;
		workers[i].wrong = 0;
		ck_assert_int_eq(pthread_create(&workers[i].thread, NULL,
			function, &workers[i]), 0);
	}
}

static int join(struct worker *workers)
{
	int i, wrong = 0;

	for (i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		wrong += workers[i].wrong;
	}
	return wrong;
}

START_TEST(threads_share_a_resolver)
{
	struct worker workers[THREADS];
	struct trial t;

	trial_begin(&t);
	start(workers, &t, work);
	ck_assert_int_eq(join(workers), 0);
	trial_end(&t);
}
END_TEST

/* Half of them wait for what never comes, each until its own time is up. */
static void *wait_in_vain(void *user)
{
	struct worker *w = user;
	struct trial own = *w->trial;

	if (w->number % 2 == 0)
		return work(user);
	(void)trial_next(&own, w->number == 1 ? "quiet1.example" :
		"quiet2.example");
	w->wrong = own.code != 451 || own.took < 499 ||
		own.took > 500 + 2 * TRIAL_SLACK;
	return NULL;
}

START_TEST(S7_who_waits_in_vain_does_not_hold_up_the_others)
{
	struct worker workers[THREADS];
	struct trial t;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_options_set(t.options, MXSEL_OPT_TIME_LIMIT,
		500), 0);
	start(workers, &t, wait_in_vain);
	(void)join(workers);
	ck_assert_int_eq(workers[1].wrong, 0);
	ck_assert_int_eq(workers[3].wrong, 0);
	ck_assert_int_eq(workers[5].wrong, 0);
	ck_assert_int_eq(workers[7].wrong, 0);
	trial_end(&t);
}
END_TEST

/* A loop has its own answers, whoever else is waiting. */
START_TEST(a_loop_works_beside_blocking_threads)
{
	struct worker workers[THREADS];
	struct trial t;
	char name[48];
	unsigned i;
	int result;
	mxsel *m;

	trial_begin(&t);
	start(workers, &t, work);
	for (i = 0; i < DESTINATIONS; i++) {
		name_of(name, THREADS, i);
		ck_assert_int_eq(mxsel_new(&m, name, t.pull), 0);
		while ((result = mxsel_unbound_next(t.u, m)) ==
				MXSEL_LOOKUP) {
			ck_assert_int_eq(mxsel_unbound_wait(t.u, -1), 0);
			ck_assert_ptr_eq(mxsel_unbound_ready(t.u), m);
		}
		ck_assert_msg(is_right(m, result), "%s", name);
		mxsel_free(m);
	}
	ck_assert_int_eq(join(workers), 0);
	trial_end(&t);
}
END_TEST

/* Questions asked ahead, left behind when the selection is freed. */
static void *leave(void *user)
{
	struct worker *w = user;
	char name[48];
	unsigned i;
	mxsel *m;

	for (i = 0; i < DESTINATIONS; i++) {
		snprintf(name, sizeof name, "t%u-%u.example", w->number, i);
		if (mxsel_new(&m, name, w->trial->options) != 0) {
			w->wrong++;
			continue;
		}
		w->wrong += mxsel_next(m) != MXSEL_ATTEMPT;
		mxsel_free(m);
	}
	return NULL;
}

static void many_hosts(struct liar_call *call)
{
	char name[32];
	unsigned i;

	if (liar_type(call) != PACKET_MX) {
		liar_tell_truth(call);
		return;
	}
	liar_begin(call, PACKET_REPLY);
	for (i = 0; i < 8; i++) {
		snprintf(name, sizeof name, "m%u-%u.example", call->nth, i);
		packet_mx(call->packet, PACKET_ANSWER, NULL, 300, 10 + i,
			name);
	}
	liar_send(call);
}

START_TEST(F93_what_is_left_behind_comes_to_nobody)
{
	struct worker workers[THREADS];
	struct trial t;

	trial_begin_with(&t, many_hosts, NULL);
	ck_assert_int_eq(mxsel_options_set(t.options, MXSEL_OPT_PREFETCH, 8),
		0);
	start(workers, &t, leave);
	ck_assert_int_eq(join(workers), 0);
	trial_end(&t);
}
END_TEST

/* --------------------------------------------------------------- children */

#define CHILDREN 300

static atomic_int enough;

static void *ask_without_pause(void *user)
{
	struct worker *w = user;
	mxsel *m;

	while (!atomic_load(&enough)) {
		if (mxsel_new(&m, "true.example", w->trial->options) != 0)
			continue;
		w->wrong += mxsel_next(m) != MXSEL_ATTEMPT;
		mxsel_free(m);
	}
	return NULL;
}

/* Nothing of it depends on locks of libunbound's or of the check library's. */
static void live_as_child(struct trial *t)
{
	int result, code;
	mxsel *m;

	(void)signal(SIGALRM, SIG_DFL); /* not check's */
	(void)alarm(20);
	if (mxsel_new(&m, "child.example", t->options) != 0)
		_exit(1);
	result = mxsel_next(m);
	code = mxsel_verdict_code(m);
	mxsel_free(m);
	_exit(result == MXSEL_END && code == 451 ? 0 : 2);
}

START_TEST(a_child_does_not_wait_for_threads_it_has_not)
{
	struct worker workers[THREADS];
	struct trial t;
	int i, status = 0;
	pid_t child;

	trial_begin(&t);
	ck_assert(trial_believes(&t, "true.example"));
	atomic_store(&enough, 0);
	start(workers, &t, ask_without_pause);
	for (i = 0; i < CHILDREN && status == 0; i++) {
		child = fork();
		if (child == 0)
			live_as_child(&t);
		ck_assert_int_gt(child, 0);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
	}
	atomic_store(&enough, 1);
	ck_assert_int_eq(join(workers), 0);
	ck_assert_msg(status == 0, "child %d: status %d", i, status);
	trial_end(&t);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("unbound and threads");
	TCase *c = tcase_create("threads");

	tcase_add_test(c, threads_share_a_resolver);
	tcase_add_test(c, S7_who_waits_in_vain_does_not_hold_up_the_others);
	tcase_add_test(c, a_loop_works_beside_blocking_threads);
	tcase_add_test(c, F93_what_is_left_behind_comes_to_nobody);
	tcase_add_test(c, a_child_does_not_wait_for_threads_it_has_not);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return mxsel_test_run(suite());
}
