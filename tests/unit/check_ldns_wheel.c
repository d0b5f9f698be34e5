/*
 * The wheel of timers against a model that looks at every timer each time:
 * the deadlines of S7 are as good as it is.
 */
#include <check.h>
#include <stdint.h>
#include <string.h>

#include "ldns/list.h"
#include "ldns/wheel.h"
#include "support/run.h"

#define TIMERS 300
#define STEPS 20000

static struct mxsel__wheel wheel;
static struct mxsel__timer timers[TIMERS];

static struct model {
	int set[TIMERS];
	uint64_t due[TIMERS];
	uint64_t now;
	size_t count;
} model;

static uint64_t seed;

static uint64_t chance(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

static void begin(uint64_t now)
{
	size_t i;

	memset(&model, 0, sizeof model);
	model.now = now;
	mxsel__wheel_init(&wheel, now);
	for (i = 0; i < TIMERS; i++)
		mxsel__timer_init(&timers[i]);
}

static void set(size_t i, uint64_t due)
{
	mxsel__wheel_set(&wheel, &timers[i], due);
	model.count += !model.set[i];
	model.set[i] = 1;
	model.due[i] = due;
}

static void stop(size_t i)
{
	mxsel__wheel_stop(&wheel, &timers[i]);
	model.count -= (size_t)model.set[i];
	model.set[i] = 0;
}

/* Past, at once, soon, within a turn, some turns on, next century. */
static uint64_t some_due(void)
{
	switch (chance(8)) {
	case 0:
		return model.now - chance(2000);
	case 1:
		return model.now;
	case 2:
		return model.now + chance(5);
	case 3:
		return model.now + 1020 + chance(10);
	case 4:
		return model.now + chance(100000);
	case 5:
		return model.now + 3000000000000u + chance(3000);
	default:
		return model.now + chance(1024);
	}
}

static void some_change(void)
{
	size_t i = (size_t)chance(TIMERS);

	if (chance(3) == 0)
		stop(i);
	else
		set(i, some_due());
}

static void some_time(void)
{
	switch (chance(10)) {
	case 0:
		model.now += chance(5000);
		return;
	case 1:
		model.now += 1023 + chance(3);
		return;
	case 2:
		if (chance(50) == 0)
			model.now += 3000000000000u;
		return;
	default:
		model.now += chance(4);
		return;
	}
}

/* Never late; early by whole turns, unless one is due by now. */
static void judge_next(void)
{
	uint64_t next = mxsel__wheel_next(&wheel), soonest = UINT64_MAX;
	int whole_turns = 0;
	size_t i, wrong = 0;

	for (i = 0; i < TIMERS; i++) {
		wrong += model.set[i] != mxsel__timer_is_set(&timers[i]);
		if (!model.set[i])
			continue;
		if (model.due[i] < soonest)
			soonest = model.due[i];
		whole_turns |= (model.due[i] - next) % 1024 == 0;
	}
	ck_assert_uint_eq(wrong, 0);
	if (soonest <= model.now) {
		ck_assert_uint_le(next, model.now);
		return;
	}
	ck_assert_uint_le(next, soonest);
	ck_assert(soonest == UINT64_MAX ? next == UINT64_MAX : whole_turns);
}

static void judge_expired(void)
{
	struct mxsel__timer *t;
	size_t i, late = 0;

	while ((t = mxsel__wheel_expired(&wheel, model.now)) != NULL) {
		i = (size_t)(t - timers);
		ck_assert(model.set[i] && model.due[i] <= model.now &&
			!mxsel__timer_is_set(t));
		model.set[i] = 0;
		model.count--;
		/* In the middle of it: itself again, and others. */
		if (chance(4) == 0)
			set(i, model.now + chance(3));
		if (chance(4) == 0)
			some_change();
	}
	for (i = 0; i < TIMERS; i++)
		late += model.set[i] && model.due[i] <= model.now;
	ck_assert_uint_eq(late, 0);
}

START_TEST(S7_every_timer_expires_when_it_is_due_and_once)
{
	int step;

	seed = (uint64_t)_i + 1;
	begin(_i == 0 ? 0 : 5000000000u);
	if (_i == 0)
		model.now = 4000; /* nobody asked for a while */
	for (step = 0; step < STEPS; step++) {
		some_change();
		judge_next();
		if (chance(3) == 0) {
			some_time();
			judge_next();
			judge_expired();
			judge_next();
		}
		ck_assert_uint_eq(wheel.count, model.count);
	}
}
END_TEST

START_TEST(S7_an_empty_wheel_waits_for_nothing)
{
	begin(77);
	ck_assert_uint_eq(mxsel__wheel_next(&wheel), UINT64_MAX);
	ck_assert_ptr_null(mxsel__wheel_expired(&wheel, 1000000));
	stop(0);
	set(0, 5);
	stop(0);
	stop(0);
	ck_assert_uint_eq(mxsel__wheel_next(&wheel), UINT64_MAX);
	ck_assert_uint_eq(wheel.count, 0);
	ck_assert_ptr_null(mxsel__wheel_expired(&wheel, 1000001));
}
END_TEST

START_TEST(S7_a_timer_of_the_past_expires_next)
{
	begin(10000);
	ck_assert_ptr_null(mxsel__wheel_expired(&wheel, 10000));
	set(1, 9000);
	ck_assert_uint_le(mxsel__wheel_next(&wheel), 10000);
	ck_assert_ptr_eq(mxsel__wheel_expired(&wheel, 10000), &timers[1]);
	ck_assert_ptr_null(mxsel__wheel_expired(&wheel, 10000));
}
END_TEST

START_TEST(S7_a_clock_that_stands_or_goes_back_expires_nothing_anew)
{
	begin(10000);
	set(1, 10005);
	ck_assert_ptr_null(mxsel__wheel_expired(&wheel, 10004));
	ck_assert_ptr_null(mxsel__wheel_expired(&wheel, 10004));
	ck_assert_ptr_null(mxsel__wheel_expired(&wheel, 9000));
	ck_assert_uint_eq(mxsel__wheel_next(&wheel), 10005);
	ck_assert_ptr_eq(mxsel__wheel_expired(&wheel, 10005), &timers[1]);
}
END_TEST

START_TEST(S7_one_found_may_be_stopped_or_put_off_before_it_is_handed_out)
{
	begin(100);
	set(0, 101);
	set(1, 101);
	set(2, 101);
	set(3, 101);
	ck_assert_ptr_eq(mxsel__wheel_expired(&wheel, 101), &timers[0]);
	stop(1);
	set(2, 300);
	ck_assert_ptr_eq(mxsel__wheel_expired(&wheel, 101), &timers[3]);
	ck_assert_ptr_null(mxsel__wheel_expired(&wheel, 101));
	ck_assert_uint_eq(mxsel__wheel_next(&wheel), 300);
	ck_assert_ptr_eq(mxsel__wheel_expired(&wheel, 300), &timers[2]);
	ck_assert_uint_eq(wheel.count, 0);
}
END_TEST

static int values_of(struct mxsel__link *head, int out[4])
{
	struct mxsel__link *link;
	int n = 0;

	for (link = head->next; link != head && n < 4; link = link->next)
		out[n++] = (int)(MXSEL__OWNER(link, struct mxsel__timer,
			link) - timers);
	return n;
}

START_TEST(S7_a_list_keeps_the_order_its_members_came_in)
{
	struct mxsel__link head;
	int out[4];

	begin(0);
	mxsel__list_init(&head);
	ck_assert(mxsel__list_is_empty(&head));
	mxsel__list_add_last(&head, &timers[1].link);
	mxsel__list_add_last(&head, &timers[2].link);
	mxsel__list_add_first(&head, &timers[0].link);
	ck_assert_int_eq(values_of(&head, out), 3);
	ck_assert(out[0] == 0 && out[1] == 1 && out[2] == 2);
	mxsel__list_remove(&timers[1].link);
	mxsel__list_remove(&timers[1].link);
	ck_assert_int_eq(values_of(&head, out), 2);
	ck_assert(out[0] == 0 && out[1] == 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("timers");
	TCase *tests = tcase_create("wheel");

	tcase_add_loop_test(tests,
		S7_every_timer_expires_when_it_is_due_and_once, 0, 3);
	tcase_add_test(tests, S7_an_empty_wheel_waits_for_nothing);
	tcase_add_test(tests, S7_a_timer_of_the_past_expires_next);
	tcase_add_test(tests,
		S7_a_clock_that_stands_or_goes_back_expires_nothing_anew);
	tcase_add_test(tests,
		S7_one_found_may_be_stopped_or_put_off_before_it_is_handed_out);
	tcase_add_test(tests, S7_a_list_keeps_the_order_its_members_came_in);
	suite_add_tcase(suite, tests);
	return mxsel_test_run(suite);
}
