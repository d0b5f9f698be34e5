/*
 * The engine of <mxsel/ldns.h> through the shared libraries, on one server
 * that behaves: many selections at once, what fd, timeout and the counts say,
 * time limits (S5, S7).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <poll.h>

#include <mxsel/cache.h>

#include "support/crowd_trial.h"
#include "support/run.h"

static void must_set(struct party *p, int option, int value)
{
	ck_assert_int_eq(mxsel_options_set(p->options, option, value), 0);
}

/* --- many at once -------------------------------------------------------- */

START_TEST(a_thousand_destinations_are_planned_at_once)
{
	struct party p;

	party_begin(&p, NULL, PARTY_TIME);
	p.walks = 1;
	party_send_many(&p, "d", 0, 1000);
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 1000);
	party_run(&p, 10000);
	ck_assert_uint_eq(p.attempts, 2000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_UNREACHABLE], 1000);
	ck_assert_uint_eq(crowd_questions(p.crowds[0]), 3000);
	party_end(&p);
}
END_TEST

START_TEST(each_destination_gets_the_verdict_it_would_get_alone)
{
	struct party p;

	party_begin(&p, NULL, PARTY_TIME);
	party_send_many(&p, "d", 0, 100);
	party_send_many(&p, "e", 0, 100);
	party_send_many(&p, "f", 0, 100);
	party_send_many(&p, "n", 0, 100);
	party_send_many(&p, "z", 0, 100);
	party_send(&p, "[192.0.2.1]x");
	party_run(&p, 10000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 200);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 100);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NO_DOMAIN], 100);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 100);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_BAD_DESTINATION], 1);
	party_end(&p);
}
END_TEST

START_TEST(S5_a_provider_of_a_thousand_domains_is_looked_up_once)
{
	static const struct crowd_plan plan = { .delay = 30 };
	struct party p;

	party_begin(&p, &plan, PARTY_TIME);
	must_set(&p, MXSEL_OPT_PREFETCH, 128);
	p.walks = 1;
	party_send_many(&p, "p", 0, 500);
	party_send_many(&p, "p", 0, 500);
	party_run(&p, 10000);
	ck_assert_uint_eq(p.attempts, 4000);
	ck_assert_uint_eq(crowd_asked(p.crowds[0], "p7.example", 15), 1);
	ck_assert_uint_le(crowd_asked(p.crowds[0], "mx1.provider.example", 1),
		30);
	/* MX and four addresses each; a try that nobody answered in time
	   is one more. */
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_COALESCED) +
		party_counted(&p, MXSEL_LDNS_SENT_UDP) +
		party_counted(&p, MXSEL_LDNS_SENT_TCP) -
		party_counted(&p, MXSEL_LDNS_TIMEOUTS), 5 * 1000);
	party_end(&p);
}
END_TEST

START_TEST(S5_all_who_ask_the_same_go_on_with_the_one_answer)
{
	static const struct crowd_plan plan = { .delay = 50 };
	struct party p;
	unsigned i;

	party_begin(&p, &plan, PARTY_TIME);
	for (i = 0; i < 300; i++)
		party_send(&p, "d1.example");
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_COALESCED), 299);
	party_run(&p, 2000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 300);
	ck_assert_uint_eq(crowd_heard_udp(p.crowds[0]), 3);
	ck_assert_uint_eq(crowd_most_udp(p.crowds[0]), 1);
	party_end(&p);
}
END_TEST

START_TEST(S5_with_a_cache_nothing_is_asked_twice_at_all)
{
	struct party p;
	mxsel_cache *cache;
	unsigned heard;

	party_begin(&p, NULL, PARTY_TIME);
	ck_assert_int_eq(mxsel_cache_new(&cache, 1 << 20, mxsel_ldns_clock,
		NULL), 0);
	ck_assert_int_eq(mxsel_options_set_cache(p.options, cache), 0);
	party_send_many(&p, "p", 0, 200);
	party_run(&p, 5000);
	/* A try that nobody answered in time is one more. */
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SENT_UDP) +
		party_counted(&p, MXSEL_LDNS_SENT_TCP) -
		party_counted(&p, MXSEL_LDNS_TIMEOUTS), 202);
	heard = crowd_heard_udp(p.crowds[0]);
	party_send_many(&p, "p", 0, 200);
	ck_assert_uint_eq(p.ended, 400);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 400);
	ck_assert_uint_eq(crowd_heard_udp(p.crowds[0]), heard);
	mxsel_cache_free(cache);
	party_end(&p);
}
END_TEST

START_TEST(S5_prefetch_asks_for_what_comes_next_while_an_attempt_runs)
{
	struct party p;
	mxsel *m;

	party_begin(&p, NULL, PARTY_TIME);
	must_set(&p, MXSEL_OPT_PREFETCH, 1);
	m = party_new(&p, "p1.example");
	while (mxsel_engine_next(p.engine, m) == MXSEL_LOOKUP)
		while (mxsel_engine_ready(p.engine) == NULL)
			mxsel_engine_wait(p.engine, 1000);
	ck_assert_str_eq(mxsel_host_name(m), "mx1.provider.example");
	while (crowd_asked(p.crowds[0], "mx2.provider.example", 28) == 0)
		mxsel_engine_wait(p.engine, 100);
	while (mxsel_engine_timeout(p.engine) >= 0)
		mxsel_engine_wait(p.engine, 100);
	ck_assert_ptr_null(mxsel_engine_ready(p.engine));
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 0);
	ck_assert_int_eq(mxsel_next_host(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "mx2.provider.example");
	ck_assert_uint_eq(crowd_most_udp(p.crowds[0]), 1);
	mxsel_free(m);
	party_end(&p);
}
END_TEST

START_TEST(a_host_is_left_and_the_engine_finds_the_next)
{
	struct party p;
	mxsel *m;

	party_begin(&p, NULL, PARTY_TIME);
	m = party_new(&p, "p1.example");
	while (mxsel_engine_next(p.engine, m) == MXSEL_LOOKUP)
		while (mxsel_engine_ready(p.engine) == NULL)
			mxsel_engine_wait(p.engine, 1000);
	ck_assert_str_eq(mxsel_host_name(m), "mx1.provider.example");
	ck_assert_int_eq(mxsel_next_host(m), MXSEL_LOOKUP);
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 0);
	while (mxsel_engine_next(p.engine, m) == MXSEL_LOOKUP)
		while (mxsel_engine_ready(p.engine) == NULL)
			mxsel_engine_wait(p.engine, 1000);
	ck_assert_str_eq(mxsel_host_name(m), "mx2.provider.example");
	mxsel_free(m);
	party_end(&p);
}
END_TEST

/* --- the descriptor and the clock ---------------------------------------- */

static int is_readable(const struct party *p, int milliseconds)
{
	struct pollfd fd = { .fd = mxsel_engine_fd(p->engine),
		.events = POLLIN };

	return poll(&fd, 1, milliseconds) == 1;
}

START_TEST(an_idle_engine_waits_for_nothing)
{
	struct party p;

	party_begin(&p, NULL, PARTY_TIME);
	ck_assert_int_ge(mxsel_engine_fd(p.engine), 3);
	ck_assert_int_eq(mxsel_engine_timeout(p.engine), -1);
	ck_assert(!is_readable(&p, 0));
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert_int_eq(mxsel_engine_wait(p.engine, -1), 0);
	ck_assert_ptr_null(mxsel_engine_ready(p.engine));
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 0);
	party_end(&p);
}
END_TEST

START_TEST(fd_and_timeout_say_when_there_is_something_to_do)
{
	static const struct crowd_plan plan = { .delay = 30 };
	struct party p;
	mxsel *m;

	party_begin(&p, &plan, 400);
	m = party_new(&p, "e1.example");
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_timeout(p.engine), 0); /* to be sent */
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert_int_ne(mxsel_engine_timeout(p.engine), 0);
	ck_assert_int_le(mxsel_engine_timeout(p.engine), 400);
	ck_assert_ptr_null(mxsel_engine_ready(p.engine));
	ck_assert(is_readable(&p, 1000)); /* the answer is there */
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert(!is_readable(&p, 0));
	ck_assert_int_eq(mxsel_engine_timeout(p.engine), 0); /* it is ready */
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 1);
	ck_assert_ptr_eq(mxsel_engine_ready(p.engine), m);
	ck_assert_ptr_null(mxsel_engine_ready(p.engine));
	mxsel_free(m);
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 0);
	ck_assert_int_eq(mxsel_engine_timeout(p.engine), -1);
	party_end(&p);
}
END_TEST

START_TEST(a_program_needs_nothing_but_poll_on_the_one_descriptor)
{
	static const struct crowd_plan plan = { .delay = 3, .truncate = 0,
		.lose_questions = 50 };
	struct party p;
	long long began = party_now();
	unsigned turns = 0;

	party_begin(&p, &plan, PARTY_TIME);
	party_send_many(&p, "d", 0, 200);
	while (p.ended < p.begun) {
		is_readable(&p, mxsel_engine_timeout(p.engine));
		ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
		party_take_ready(&p);
		turns++;
		ck_assert_int_lt(party_now() - began, 5000);
	}
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 200);
	ck_assert_uint_lt(turns, 4000); /* it does not spin */
	party_end(&p);
}
END_TEST

START_TEST(wait_comes_back_early_only_when_one_is_ready)
{
	static const struct crowd_plan plan = { .delay = 60 };
	struct party p;
	long long began;
	mxsel *m;

	party_begin(&p, &plan, PARTY_TIME);
	m = party_new(&p, "e1.example");
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_LOOKUP);
	began = party_now();
	ck_assert_int_eq(mxsel_engine_wait(p.engine, 0), 0);
	ck_assert_int_lt(party_now() - began, 30);
	while (mxsel_engine_ready(p.engine) == NULL)
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 5000), 0);
	ck_assert_int_ge(party_now() - began, 59);
	ck_assert_int_lt(party_now() - began, 1000);
	mxsel_free(m);
	party_end(&p);
}
END_TEST

/* --- time ---------------------------------------------------------------- */

START_TEST(S7_a_selection_out_of_time_ends_while_the_others_go_on)
{
	static const struct crowd_plan plan = { .delay = 150 };
	mxsel_options *hurried;
	struct party p;
	long long began;
	mxsel *m, *ready = NULL;

	party_begin(&p, &plan, PARTY_TIME);
	ck_assert_int_eq(mxsel_options_copy(&hurried, p.options), 0);
	ck_assert_int_eq(mxsel_options_set(hurried, MXSEL_OPT_TIME_LIMIT, 60),
		0);
	ck_assert_int_eq(mxsel_new(&m, "d1.example", hurried), 0);
	began = party_now();
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_LOOKUP);
	party_send(&p, "d1.example");
	party_send(&p, "d2.example");
	while ((ready = mxsel_engine_ready(p.engine)) == NULL)
		ck_assert_int_eq(mxsel_engine_wait(p.engine, -1), 0);
	ck_assert_ptr_eq(ready, m);
	ck_assert_int_ge(party_now() - began, 59);
	ck_assert_int_le(party_now() - began, 60 + PARTY_GRACE);
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_DNS_TEMPORARY);
	party_run(&p, 3000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 2);
	ck_assert_uint_eq(crowd_asked(p.crowds[0], "d1.example", 15), 1);
	mxsel_free(m);
	mxsel_options_free(hurried);
	party_end(&p);
}
END_TEST

START_TEST(S7_two_hundred_questions_to_a_silent_server_end_in_their_time)
{
	static const struct crowd_plan plan = { .silent = 1 };
	struct party p;
	long long took;

	party_begin(&p, &plan, 200);
	party_send_many(&p, "d", 0, 200);
	took = party_run(&p, 1000);
	ck_assert_int_ge(took, 195);
	ck_assert_int_le(took, 200 + PARTY_GRACE);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 200);
	ck_assert_uint_le(crowd_most_udp(p.crowds[0]), 3);
	party_end(&p);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("engine");
	TCase *c = tcase_create("many");

	tcase_add_test(c, a_thousand_destinations_are_planned_at_once);
	tcase_add_test(c,
		each_destination_gets_the_verdict_it_would_get_alone);
	tcase_add_test(c,
		S5_a_provider_of_a_thousand_domains_is_looked_up_once);
	tcase_add_test(c, S5_all_who_ask_the_same_go_on_with_the_one_answer);
	tcase_add_test(c, S5_with_a_cache_nothing_is_asked_twice_at_all);
	tcase_add_test(c,
		S5_prefetch_asks_for_what_comes_next_while_an_attempt_runs);
	tcase_add_test(c, a_host_is_left_and_the_engine_finds_the_next);
	tcase_add_test(c, an_idle_engine_waits_for_nothing);
	tcase_add_test(c, fd_and_timeout_say_when_there_is_something_to_do);
	tcase_add_test(c,
		a_program_needs_nothing_but_poll_on_the_one_descriptor);
	tcase_add_test(c, wait_comes_back_early_only_when_one_is_ready);
	tcase_add_test(c,
		S7_a_selection_out_of_time_ends_while_the_others_go_on);
	tcase_add_test(c,
		S7_two_hundred_questions_to_a_silent_server_end_in_their_time);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}

