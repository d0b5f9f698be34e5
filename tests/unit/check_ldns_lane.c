/*
 * How many questions a server is asked at a time, and how long it is waited
 * for: the arithmetic of lane.h, in rounds played by hand.
 */
#include <check.h>
#include <stdint.h>

#include "ldns/lane.h"
#include "support/run.h"

#define MOST 4096u
#define RTT 1000u /* microseconds */

static uint64_t clock_now;

static void send_as_many_as_go(struct mxsel__lane *lane, unsigned most)
{
	while (mxsel__lane_has_room(lane, most))
		mxsel__lane_sent(lane);
	lane->used_up = 1;
}

/* So many rounds; of every so many answers one is lost, 0: none. */
static void play(struct mxsel__lane *lane, unsigned rounds, unsigned loss,
	uint64_t rtt)
{
	unsigned i, n = 0, window;

	while (rounds-- > 0) {
		send_as_many_as_go(lane, MOST);
		window = lane->window;
		for (i = 0; i < window && lane->in_flight > 0; i++) {
			clock_now += 5;
			if (loss > 0 && ++n % loss == 0)
				mxsel__lane_lost(lane, 0, rtt * 3, MOST);
			else
				mxsel__lane_answered(lane, 0, rtt, clock_now,
					MOST);
		}
	}
}

START_TEST(a_new_server_is_asked_a_few_at_a_time)
{
	struct mxsel__lane lane;

	mxsel__lane_init(&lane);
	send_as_many_as_go(&lane, MOST);
	ck_assert_uint_ge(lane.in_flight, 16);
	ck_assert_uint_le(lane.in_flight, 128);
	ck_assert(mxsel__list_is_empty(&lane.queue));
}
END_TEST

START_TEST(never_more_are_in_flight_than_was_set)
{
	struct mxsel__lane lane;

	mxsel__lane_init(&lane);
	send_as_many_as_go(&lane, 7);
	ck_assert_uint_eq(lane.in_flight, 7);
	mxsel__lane_left(&lane, 0);
	ck_assert(mxsel__lane_has_room(&lane, 7));
	ck_assert(!mxsel__lane_has_room(&lane, 6));
}
END_TEST

START_TEST(one_that_is_late_makes_room_for_another_but_counts)
{
	struct mxsel__lane lane;
	unsigned sent;

	mxsel__lane_init(&lane);
	send_as_many_as_go(&lane, MOST);
	sent = lane.in_flight;
	mxsel__lane_late(&lane);
	ck_assert(mxsel__lane_has_room(&lane, MOST));
	ck_assert(!mxsel__lane_has_room(&lane, sent));
	mxsel__lane_sent(&lane);
	ck_assert_uint_eq(lane.in_flight, sent + 1);
	mxsel__lane_lost(&lane, 1, RTT, MOST); /* the late one */
	ck_assert(!mxsel__lane_has_room(&lane, MOST));
	ck_assert_uint_eq(lane.in_flight, sent);
	mxsel__lane_answered(&lane, 0, RTT, 1, MOST);
	ck_assert(mxsel__lane_has_room(&lane, MOST));
}
END_TEST

START_TEST(a_server_that_loses_nothing_is_asked_ever_more)
{
	struct mxsel__lane lane;

	mxsel__lane_init(&lane);
	play(&lane, 20, 0, RTT);
	ck_assert_uint_ge(lane.window, 1024);
	play(&lane, 2000, 0, RTT);
	ck_assert_uint_le(lane.window, MOST);
}
END_TEST

START_TEST(a_window_that_nobody_uses_up_stays)
{
	struct mxsel__lane lane;
	unsigned i, before;

	mxsel__lane_init(&lane);
	before = lane.window;
	for (i = 0; i < 10 * before; i++) {
		mxsel__lane_sent(&lane);
		mxsel__lane_answered(&lane, 0, RTT, i, MOST);
	}
	ck_assert_uint_eq(lane.window, before);
	ck_assert_uint_eq(lane.in_flight, 0);
	ck_assert_uint_eq(lane.pipe, 0);
}
END_TEST

/* A recursor knows most names, and takes a second for the others. */
START_TEST(S10_slow_names_do_not_hold_the_places_of_fast_ones)
{
	struct mxsel__lane lane;
	unsigned i;

	mxsel__lane_init(&lane);
	for (i = 0; i < 300; i++) {
		mxsel__lane_sent(&lane);
		mxsel__lane_answered(&lane, 0, i % 3 == 0 ? 1000000 : RTT,
			i, MOST);
	}
	ck_assert_uint_gt(mxsel__lane_timeout(&lane), 300000);
	ck_assert_uint_lt(mxsel__lane_patience(&lane), 100000);
}
END_TEST

START_TEST(full_buffers_cut_the_window_but_never_to_nothing)
{
	struct mxsel__lane lane;
	unsigned before;

	mxsel__lane_init(&lane);
	play(&lane, 20, 0, RTT);
	before = lane.window;
	play(&lane, 2, 5, RTT);
	ck_assert_uint_lt(lane.window, before);
	play(&lane, 200, 2, RTT);
	ck_assert_uint_le(lane.window, 64);
	ck_assert_uint_ge(lane.window, 1);
	play(&lane, 200, 1, RTT);
	ck_assert_uint_ge(lane.window, 1);
	play(&lane, 300, 0, RTT);
	ck_assert_uint_ge(lane.window, 64); /* it recovers */
}
END_TEST

START_TEST(a_link_that_loses_one_in_a_hundred_is_no_full_one)
{
	struct mxsel__lane lane;

	mxsel__lane_init(&lane);
	play(&lane, 20, 0, RTT);
	play(&lane, 2000, 100, RTT);
	ck_assert_uint_ge(lane.window, 64);
}
END_TEST

START_TEST(before_the_first_answer_nobody_knows_how_long_it_takes)
{
	struct mxsel__lane lane;

	mxsel__lane_init(&lane);
	ck_assert_uint_eq(mxsel__lane_timeout(&lane), 0);
	ck_assert_uint_gt(mxsel__lane_patience(&lane), 0);
	mxsel__lane_sent(&lane);
	mxsel__lane_lost(&lane, 0, 5000, MOST);
	ck_assert_uint_eq(mxsel__lane_timeout(&lane), 0);
	mxsel__lane_told(&lane, 5000, 77);
	ck_assert_uint_ge(mxsel__lane_timeout(&lane), 5000);
	ck_assert_uint_eq(lane.heard, 77);
}
END_TEST

static const uint64_t times[] = { 1, 300, 5000, 30000, 100000, 400000 };

/* Where the time varies by a tenth, hardly an answer is taken for lost. */
START_TEST(S47_an_answer_that_comes_as_always_is_neither_late_nor_lost)
{
	uint64_t rtt = times[_i];
	struct mxsel__lane lane;
	unsigned i;

	mxsel__lane_init(&lane);
	for (i = 0; i < 500; i++)
		mxsel__lane_told(&lane, rtt, i);
	ck_assert_uint_gt(mxsel__lane_patience(&lane), rtt + rtt / 10);
	/* Less an eighth, which chance may take from it. */
	ck_assert_uint_gt(mxsel__lane_timeout(&lane) * 7 / 8,
		rtt + rtt / 10);
	ck_assert_uint_lt(mxsel__lane_timeout(&lane), 4 * rtt + 20000);
}
END_TEST

START_TEST(times_that_vary_are_waited_for_longer)
{
	struct mxsel__lane steady, varying;
	unsigned i;

	mxsel__lane_init(&steady);
	mxsel__lane_init(&varying);
	for (i = 0; i < 500; i++) {
		mxsel__lane_told(&steady, 50000, i);
		mxsel__lane_told(&varying, i % 2 == 0 ? 10000 : 90000, i);
	}
	ck_assert_uint_gt(mxsel__lane_timeout(&varying),
		mxsel__lane_timeout(&steady));
	ck_assert_uint_gt(mxsel__lane_timeout(&varying), 90000);
}
END_TEST

START_TEST(S7_no_time_is_too_long_or_too_short_to_learn)
{
	struct mxsel__lane lane;
	unsigned i;

	mxsel__lane_init(&lane);
	for (i = 0; i < 500; i++)
		mxsel__lane_told(&lane, 0, i);
	ck_assert_uint_gt(mxsel__lane_timeout(&lane), 0);
	for (i = 0; i < 500; i++)
		mxsel__lane_told(&lane, UINT64_MAX, i);
	ck_assert_uint_ge(mxsel__lane_timeout(&lane), 5000000);
	ck_assert_uint_le(mxsel__lane_timeout(&lane), 100000000);
	for (i = 0; i < 500; i++)
		mxsel__lane_told(&lane, 1000, i);
	ck_assert_uint_le(mxsel__lane_timeout(&lane), 100000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns lane");
	TCase *c = tcase_create("lane");

	tcase_add_test(c, a_new_server_is_asked_a_few_at_a_time);
	tcase_add_test(c, never_more_are_in_flight_than_was_set);
	tcase_add_test(c, one_that_is_late_makes_room_for_another_but_counts);
	tcase_add_test(c, a_server_that_loses_nothing_is_asked_ever_more);
	tcase_add_test(c, a_window_that_nobody_uses_up_stays);
	tcase_add_test(c,
		S10_slow_names_do_not_hold_the_places_of_fast_ones);
	tcase_add_test(c,
		full_buffers_cut_the_window_but_never_to_nothing);
	tcase_add_test(c, a_link_that_loses_one_in_a_hundred_is_no_full_one);
	tcase_add_test(c,
		before_the_first_answer_nobody_knows_how_long_it_takes);
	tcase_add_loop_test(c,
		S47_an_answer_that_comes_as_always_is_neither_late_nor_lost,
		0, (int)(sizeof times / sizeof times[0]));
	tcase_add_test(c, times_that_vary_are_waited_for_longer);
	tcase_add_test(c, S7_no_time_is_too_long_or_too_short_to_learn);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
