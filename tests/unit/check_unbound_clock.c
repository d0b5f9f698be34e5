/*
 * Deadlines by a clock that fails, and by one that says what a test wants
 * (S7, F83): a wait is never longer than it may be, and a condition that
 * cannot be told which clock it goes by does not come into being. The
 * functions of libc that are used stand here. May use lib/unbound.
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "support/run.h"
#include "unbound/clock.h"

#define HOUR 3600000u

static struct timespec said;      /* by the clock */
static int clock_fails;
static struct timespec waited_until;
static int init_says, setclock_says, condition_says;
static int clock_of_condition, attributes;

int clock_gettime(clockid_t clock, struct timespec *t)
{
	(void)clock;
	if (clock_fails) {
		errno = EINVAL;
		return -1;
	}
	*t = said;
	return 0;
}

int pthread_condattr_init(pthread_condattr_t *a)
{
	memset(a, 0, sizeof *a);
	attributes += init_says == 0;
	return init_says;
}

int pthread_condattr_destroy(pthread_condattr_t *a)
{
	(void)a;
	attributes--;
	return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *a, clockid_t clock)
{
	(void)a;
	clock_of_condition = (int)clock;
	return setclock_says;
}

int pthread_cond_init(pthread_cond_t *restrict condition,
	const pthread_condattr_t *restrict a)
{
	(void)condition;
	ck_assert_ptr_nonnull(a);
	return condition_says;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition,
	pthread_mutex_t *restrict lock, const struct timespec *restrict until)
{
	(void)condition;
	(void)lock;
	waited_until = *until;
	return ETIMEDOUT;
}

static void setup(void)
{
	said.tv_sec = 1000;
	said.tv_nsec = 999999;
	clock_fails = 0;
	init_says = setclock_says = condition_says = 0;
	clock_of_condition = -1;
	attributes = 0;
}

START_TEST(S7_milliseconds_are_whole)
{
	ck_assert_uint_eq(mxsel__ub_now(), 1000000);
	said.tv_nsec = 999999999;
	ck_assert_uint_eq(mxsel__ub_now(), 1000999);
}
END_TEST

START_TEST(without_a_clock_time_stands_still)
{
	uint64_t now;

	clock_fails = 1;
	now = mxsel__ub_now();
	clock_fails = 0; /* check(3) has a look at it, too */
	ck_assert_uint_eq(now, 0);
}
END_TEST

START_TEST(S7_a_wait_fits_into_poll)
{
	ck_assert_int_eq(mxsel__ub_until(7, MXSEL__UB_NEVER), -1);
	ck_assert_int_eq(mxsel__ub_until(7, 7), 0);
	ck_assert_int_eq(mxsel__ub_until(8, 7), 0);
	ck_assert_int_eq(mxsel__ub_until(7, 8), 1);
	ck_assert_int_eq(mxsel__ub_until(7, 7 + HOUR - 1), (int)HOUR - 1);
	ck_assert_int_eq(mxsel__ub_until(7, 7 + HOUR), (int)HOUR);
	ck_assert_int_eq(mxsel__ub_until(7, 7 + HOUR + 1), (int)HOUR);
	ck_assert_int_eq(mxsel__ub_until(0, MXSEL__UB_NEVER - 1), (int)HOUR);
}
END_TEST

#ifndef __APPLE__

static const struct {
	int init, setclock, condition, result;
} failures[] = {
	{ 0, 0, 0, 0 },
	{ ENOMEM, 0, 0, ENOMEM },
	{ 0, EINVAL, 0, EINVAL },
	{ 0, 0, EAGAIN, EAGAIN }
};

START_TEST(F83_a_condition_goes_by_this_clock_or_is_none)
{
	pthread_cond_t condition;

	init_says = failures[_i].init;
	setclock_says = failures[_i].setclock;
	condition_says = failures[_i].condition;
	ck_assert_int_eq(mxsel__ub_condition_init(&condition),
		failures[_i].result);
	ck_assert_int_eq(attributes, 0);
	if (failures[_i].result == 0)
		ck_assert_int_eq(clock_of_condition, (int)CLOCK_MONOTONIC);
}
END_TEST

static uint64_t slept_until(uint64_t then)
{
	pthread_cond_t condition;
	pthread_mutex_t lock;

	memset(&condition, 0, sizeof condition);
	memset(&lock, 0, sizeof lock);
	mxsel__ub_condition_wait(&condition, &lock, then);
	ck_assert_int_lt(waited_until.tv_nsec, 1000000000);
	return (uint64_t)waited_until.tv_sec * 1000u +
		(uint64_t)waited_until.tv_nsec / 1000000u;
}

START_TEST(S7_who_sleeps_looks_again_after_an_hour)
{
	uint64_t now = mxsel__ub_now();

	ck_assert_uint_eq(slept_until(now + 1234), now + 1234);
	ck_assert_uint_eq(slept_until(now + HOUR), now + HOUR);
	ck_assert_uint_eq(slept_until(now + HOUR + 1), now + HOUR);
	ck_assert_uint_eq(slept_until(MXSEL__UB_NEVER), now + HOUR);
}
END_TEST

#endif

int main(void)
{
	Suite *s = suite_create("unbound's clock");
	TCase *c = tcase_create("clock");

	tcase_add_checked_fixture(c, setup, NULL);
	tcase_add_test(c, S7_milliseconds_are_whole);
	tcase_add_test(c, without_a_clock_time_stands_still);
	tcase_add_test(c, S7_a_wait_fits_into_poll);
#ifndef __APPLE__
	tcase_add_loop_test(c, F83_a_condition_goes_by_this_clock_or_is_none,
		0, (int)(sizeof failures / sizeof *failures));
	tcase_add_test(c, S7_who_sleeps_looks_again_after_an_hour);
#endif
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
