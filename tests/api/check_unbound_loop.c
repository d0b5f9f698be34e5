/*
 * Event loops with <mxsel/unbound.h> through the shared libraries: any number
 * of selections at once, freed, reset and cancelled at any time (F92 to F95,
 * F100, R90, S7).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <poll.h>
#include <stdlib.h>

#include "support/run.h"
#include "support/unbound_trial.h"

/* -------------------------------------------------------------- one at once */

/* As a program with an event loop does it. */
static mxsel *wait_in_poll(struct trial *t, int milliseconds)
{
	struct pollfd watched = { .events = POLLIN };
	long until = trial_now() + milliseconds;
	mxsel *m;
	int wait;

	while ((m = mxsel_unbound_ready(t->u)) == NULL &&
			trial_now() < until) {
		watched.fd = mxsel_unbound_fd(t->u);
		wait = mxsel_unbound_timeout(t->u);
		if (wait < 0 || wait > until - trial_now())
			wait = (int)(until - trial_now());
		poll(&watched, 1, wait < 0 ? 0 : wait);
		ck_assert_int_eq(mxsel_unbound_process(t->u), 0);
	}
	return m;
}

static int look_up(struct trial *t, mxsel *m)
{
	int result;

	while ((result = mxsel_unbound_next(t->u, m)) == MXSEL_LOOKUP)
		ck_assert_ptr_eq(wait_in_poll(t, 10000), m);
	return result;
}

static mxsel *begun(struct trial *t, const char *destination)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, destination, t->pull), 0);
	ck_assert_int_eq(mxsel_unbound_next(t->u, m), MXSEL_LOOKUP);
	return m;
}

START_TEST(F92_a_loop_finds_the_hosts)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_new(&m, "true.example", t.pull), 0);
	ck_assert_int_eq(look_up(&t, m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	ck_assert_int_eq(look_up(&t, m), MXSEL_END);
	ck_assert_int_eq(mxsel_unbound_timeout(t.u), -1);
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

START_TEST(a_wait_takes_the_place_of_a_loop)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t);
	m = begun(&t, "none.example");
	ck_assert_int_eq(mxsel_unbound_wait(t.u, -1), 0);
	ck_assert_ptr_eq(mxsel_unbound_ready(t.u), m);
	ck_assert_ptr_null(mxsel_unbound_ready(t.u));
	ck_assert_int_eq(mxsel_unbound_next(t.u, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 550);
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

START_TEST(one_that_is_under_way_is_not_begun_again)
{
	struct trial t;
	mxsel_unbound *other;
	mxsel *m;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_unbound_new(&other), 0);
	m = begun(&t, "true.example");
	ck_assert_int_eq(mxsel_unbound_next(t.u, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_next(other, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_cancel(other, m), 0);
	ck_assert_ptr_eq(wait_in_poll(&t, 5000), m);
	mxsel_free(m);
	mxsel_unbound_free(other);
	trial_end(&t);
}
END_TEST

START_TEST(a_selection_with_a_resolver_is_not_asked_for)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_new(&m, "true.example", t.options), 0);
	ck_assert_int_eq(mxsel_unbound_next(t.u, m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_unbound_timeout(t.u), -1);
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

static void heard(mxsel_query *query, void *user)
{
	(void)query;
	++*(int *)user;
}

START_TEST(without_a_question_a_cancel_function_is_left_alone)
{
	struct trial t;
	int calls = 0;
	mxsel *m;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_new(&m, "[192.0.2.7]", t.pull), 0);
	ck_assert_int_eq(mxsel_set_cancel(m, heard, &calls), 0);
	ck_assert_int_eq(mxsel_unbound_next(t.u, m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_unbound_cancel(t.u, m), 0);
	mxsel_free(m);
	ck_assert_int_eq(calls, 1);
	trial_end(&t);
}
END_TEST

/* ------------------------------------------------------------------- times */

START_TEST(S7_silence_ends_with_the_time_for_a_question)
{
	struct trial t;
	long began;
	mxsel *m;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_unbound_set_query_time(t.u, 300), 0);
	began = trial_now();
	m = begun(&t, "quiet.example");
	ck_assert_int_le(mxsel_unbound_timeout(t.u), 300);
	ck_assert_int_eq(look_up(&t, m), MXSEL_EUSAGE);
	ck_assert_ptr_eq(wait_in_poll(&t, 5000), m);
	ck_assert_int_ge(trial_now() - began, 299);
	ck_assert_int_le(trial_now() - began, 300 + TRIAL_SLACK);
	ck_assert_int_eq(mxsel_unbound_next(t.u, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	ck_assert_str_eq(trial_answer(m), "MX timeout");
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

START_TEST(S7_silence_ends_with_the_time_of_the_selection)
{
	struct trial t;
	long began;
	mxsel *m;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_options_set(t.pull, MXSEL_OPT_TIME_LIMIT, 250),
		0);
	began = trial_now();
	m = begun(&t, "quiet.example");
	ck_assert_int_eq(mxsel_unbound_wait(t.u, -1), 0);
	ck_assert_ptr_eq(mxsel_unbound_ready(t.u), m);
	ck_assert_int_ge(trial_now() - began, 249);
	ck_assert_int_le(trial_now() - began, 250 + TRIAL_SLACK);
	ck_assert_int_eq(mxsel_unbound_next(t.u, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

START_TEST(a_wait_ends_when_it_is_told_to)
{
	struct trial t;
	long began;
	mxsel *m;

	trial_begin(&t);
	m = begun(&t, "quiet.example");
	began = trial_now();
	ck_assert_int_eq(mxsel_unbound_wait(t.u, 100), 0);
	ck_assert_int_ge(trial_now() - began, 99);
	ck_assert_int_le(trial_now() - began, 100 + TRIAL_SLACK);
	ck_assert_ptr_null(mxsel_unbound_ready(t.u));
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

/* -------------------------------------------------------- taken out, freed */

START_TEST(F93_cancelled_questions_end_as_a_failure)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t);
	m = begun(&t, "quiet.example");
	ck_assert_int_eq(mxsel_unbound_cancel(t.u, m), 0);
	ck_assert_int_eq(mxsel_unbound_timeout(t.u), -1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	ck_assert_str_eq(trial_answer(m), "MX network");
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

START_TEST(F93_freed_while_it_is_ready)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t);
	m = begun(&t, "true.example");
	ck_assert_int_eq(mxsel_unbound_wait(t.u, -1), 0);
	ck_assert_int_eq(mxsel_unbound_timeout(t.u), 0);
	mxsel_free(m);
	ck_assert_ptr_null(mxsel_unbound_ready(t.u));
	trial_end(&t);
}
END_TEST

START_TEST(F93_reset_while_it_is_under_way)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t);
	m = begun(&t, "quiet.example");
	ck_assert_int_eq(mxsel_reset(m, "true.example"), 0);
	ck_assert_int_eq(look_up(&t, m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

START_TEST(F93_it_is_freed_before_its_selections)
{
	struct trial t;
	mxsel *m, *ready;

	trial_begin(&t);
	m = begun(&t, "quiet.example");
	ready = begun(&t, "none.example");
	ck_assert_int_eq(mxsel_unbound_wait(t.u, -1), 0);
	mxsel_unbound_free(t.u);
	t.u = NULL;
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(trial_answer(m), "MX network");
	ck_assert_int_eq(mxsel_next(ready), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(ready), 550);
	mxsel_free(ready);
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

/* An attempt while further hosts are looked up. */
static void two_hosts(struct liar_call *call)
{
	if (liar_type(call) != PACKET_MX) {
		trial_world(call);
		return;
	}
	liar_begin(call, PACKET_REPLY);
	packet_mx(call->packet, PACKET_ANSWER, NULL, 300, 10, "mx.example");
	packet_mx(call->packet, PACKET_ANSWER, NULL, 300, 20, "quiet.example");
	liar_send(call);
}

START_TEST(F95_questions_asked_ahead_end_with_the_selection)
{
	struct trial t;
	mxsel *m;

	trial_begin_with(&t, two_hosts, NULL);
	ck_assert_int_eq(mxsel_options_set(t.pull, MXSEL_OPT_PREFETCH, 4), 0);
	ck_assert_int_eq(mxsel_unbound_set_query_time(t.u, 1000), 0);
	ck_assert_int_eq(mxsel_new(&m, "true.example", t.pull), 0);
	ck_assert_int_eq(look_up(&t, m), MXSEL_ATTEMPT);
	ck_assert_int_gt(mxsel_unbound_timeout(t.u), 0);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_unbound_timeout(t.u), -1);
	ck_assert_int_eq(mxsel_new(&m, "true.example", t.pull), 0);
	ck_assert_int_eq(look_up(&t, m), MXSEL_ATTEMPT);
	/* Its time runs out while nobody waits for it. */
	ck_assert_ptr_null(wait_in_poll(&t, 1100));
	ck_assert_int_eq(mxsel_unbound_timeout(t.u), -1);
	ck_assert_int_eq(mxsel_unbound_next(t.u, m), MXSEL_END);
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

/* --------------------------------------------------------- many, at random */

#define MANY 300

static void name_of(char name[32], int i)
{
	snprintf(name, 32, "%c%d.example", "tnes"[i % 4], i);
}

static int code_of(const mxsel *m, int result)
{
	return result == MXSEL_ATTEMPT ? 250 : mxsel_verdict_code(m);
}

static void judge(mxsel *m, int result)
{
	static const char letters[] = "tnes";
	static const int codes[] = { 250, 550, 451, 451 };
	const char *which = strchr(letters, mxsel_destination(m)[0]);

	ck_assert_ptr_nonnull(which);
	ck_assert_msg(code_of(m, result) == codes[which - letters], "%s: %d",
		mxsel_destination(m), code_of(m, result));
}

START_TEST(F92_many_at_once_each_ready_once)
{
	mxsel *all[MANY];
	struct trial t;
	char name[32];
	mxsel *m;
	int i, result, done = 0;

	trial_begin(&t);
	for (i = 0; i < MANY; i++) {
		name_of(name, i);
		all[i] = begun(&t, name);
	}
	while (done < MANY) {
		ck_assert_int_eq(mxsel_unbound_wait(t.u, -1), 0);
		while ((m = mxsel_unbound_ready(t.u)) != NULL) {
			result = mxsel_unbound_next(t.u, m);
			if (result == MXSEL_LOOKUP)
				continue;
			judge(m, result);
			done++;
		}
	}
	for (i = 0; i < MANY; i++)
		mxsel_free(all[i]);
	ck_assert_int_eq(mxsel_unbound_timeout(t.u), -1);
	trial_end(&t);
}
END_TEST

static uint64_t dice = 7;

static unsigned throw_dice(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

#define GUESTS 40
#define ROUNDS 2000

/* What a careless program might do to a selection of its own, at any time. */
static void do_something(struct trial *t, mxsel **m)
{
	char name[32];

	snprintf(name, sizeof name, "%c%u.example", "tnescr"[throw_dice(6)],
		throw_dice(60));
	switch (throw_dice(7)) {
	case 0:
		mxsel_free(*m);
		ck_assert_int_eq(mxsel_new(m, name, t->pull), 0);
		break;
	case 1:
		ck_assert_int_eq(mxsel_reset(*m, name), 0);
		break;
	case 2:
		ck_assert_int_eq(mxsel_unbound_cancel(t->u, *m), 0);
		break;
	case 3:
		(void)mxsel_rewind(*m);
		break;
	default:
		(void)mxsel_unbound_next(t->u, *m);
		break;
	}
}

START_TEST(F100_selections_are_left_at_any_moment)
{
	mxsel *guests[GUESTS];
	struct trial t;
	mxsel *m;
	int i, ready = 0;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_options_set(t.pull, MXSEL_OPT_PREFETCH, 8), 0);
	for (i = 0; i < GUESTS; i++)
		ck_assert_int_eq(mxsel_new(&guests[i], "true.example",
			t.pull), 0);
	for (i = 0; i < ROUNDS; i++) {
		do_something(&t, &guests[throw_dice(GUESTS)]);
		if (throw_dice(4) == 0)
			ck_assert_int_eq(mxsel_unbound_wait(t.u, 1), 0);
		if (throw_dice(3) == 0 &&
				(m = mxsel_unbound_ready(t.u)) != NULL) {
			ready++;
			(void)mxsel_unbound_next(t.u, m);
		}
	}
	ck_assert_int_gt(ready, 0);
	/* Half of them before it is freed, half of them after. */
	for (i = 0; i < GUESTS / 2; i++)
		mxsel_free(guests[i]);
	mxsel_unbound_free(t.u);
	t.u = NULL;
	for (; i < GUESTS; i++)
		mxsel_free(guests[i]);
	trial_end(&t);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("unbound in a loop");
	TCase *c = tcase_create("loop");

	tcase_add_test(c, F92_a_loop_finds_the_hosts);
	tcase_add_test(c, a_wait_takes_the_place_of_a_loop);
	tcase_add_test(c, one_that_is_under_way_is_not_begun_again);
	tcase_add_test(c, a_selection_with_a_resolver_is_not_asked_for);
	tcase_add_test(c,
		without_a_question_a_cancel_function_is_left_alone);
	tcase_add_test(c, S7_silence_ends_with_the_time_for_a_question);
	tcase_add_test(c, S7_silence_ends_with_the_time_of_the_selection);
	tcase_add_test(c, a_wait_ends_when_it_is_told_to);
	tcase_add_test(c, F93_cancelled_questions_end_as_a_failure);
	tcase_add_test(c, F93_freed_while_it_is_ready);
	tcase_add_test(c, F93_reset_while_it_is_under_way);
	tcase_add_test(c, F93_it_is_freed_before_its_selections);
	tcase_add_test(c, F95_questions_asked_ahead_end_with_the_selection);
	tcase_add_test(c, F92_many_at_once_each_ready_once);
	tcase_add_test(c, F100_selections_are_left_at_any_moment);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return mxsel_test_run(suite());
}
