/*
 * The engine of <mxsel/ldns.h> through the shared libraries, on servers that
 * lose, delay, shout, hang up and lie: nothing is lost, nothing is believed
 * that was not asked (S1 to S4, S7, S10 to S12, S47).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/crowd_trial.h"
#include "support/run.h"

/* All were delivered, and no question came more often than is allowed. */
static void all_is_well(struct party *p, unsigned count)
{
	ck_assert_uint_eq(p->reasons[MXSEL_REASON_DELIVERED], count);
	ck_assert_uint_le(crowd_most_udp(p->crowds[0]), 3);
	ck_assert_uint_le(crowd_most_tcp(p->crowds[0]), 1);
}

/* --- windows ------------------------------------------------------------- */

START_TEST(S47_five_thousand_at_once_wait_for_a_server_that_takes_few)
{
	static const struct crowd_plan plan = { .receive_buffer = 4096,
		.work = 5 };
	struct party p;

	party_begin(&p, &plan, 10000);
	party_send_many(&p, "e", 0, 5000);
	ck_assert_uint_ge(mxsel_engine_queued(p.engine), 4000);
	ck_assert_uint_le(mxsel_engine_queued(p.engine), 5000);
	while (crowd_asked(p.crowds[0], "e4999.example", MXSEL_TYPE_MX) == 0) {
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 100), 0);
		party_take_ready(&p);
	}
	party_run(&p, 10000); /* none is queued then */
	all_is_well(&p, 5000);
	party_end(&p);
}
END_TEST

START_TEST(no_more_are_in_flight_than_was_set)
{
	static const struct crowd_plan plan = { .delay = 20 };
	struct party p;
	long long took;

	party_begin(&p, &plan, PARTY_TIME);
	ck_assert_int_eq(mxsel_engine_set(p.engine, MXSEL_ENGINE_IN_FLIGHT,
		3), 0);
	party_send_many(&p, "z", 0, 30);
	ck_assert_uint_eq(mxsel_engine_queued(p.engine), 27);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SENT_UDP), 3);
	took = party_run(&p, PARTY_TIME);
	ck_assert_int_ge(took, 10 * 20 - 1); /* 30 questions, 3 at a time */
	ck_assert_uint_le(crowd_heard_udp(p.crowds[0]), 45);
	party_end(&p);
}
END_TEST

static const unsigned delays[] = { 3, 30, 100 };

START_TEST(a_server_far_away_is_slow_but_loses_nothing)
{
	struct crowd_plan plan = { .delay = delays[_i] };
	struct party p;
	long long took;

	party_begin(&p, &plan, PARTY_TIME);
	party_send_many(&p, "d", 0, 300);
	took = party_run(&p, PARTY_TIME);
	all_is_well(&p, 300);
	/* The second host is not asked for: MX, then A and AAAA. */
	ck_assert_uint_le(crowd_heard_udp(p.crowds[0]), 900 * 3 / 2);
	ck_assert_int_lt(took, 2 * (long)delays[_i] + 1500);
	party_end(&p);
}
END_TEST

/* --- loss ---------------------------------------------------------------- */

static const struct crowd_plan losses[] = {
	{ .lose_questions = 100, .lose_answers = 100 },
	{ .lose_questions = 50, .lose_answers = 50 },
	{ .lose_questions = 50, .lose_answers = 50, .no_tcp = 1 },
	{ .lose_questions = 30, .delay = 3 },
	{ .lose_answers = 10, .no_tcp = 1 },
	{ .lose_questions = 50, .reverse = 20, .twice = 2 },
};

START_TEST(F1_F2_S47_what_is_lost_is_asked_again_three_times_at_most)
{
	struct party p;

	party_begin(&p, &losses[_i], 8000);
	/* Few enough that no others are lost for want of room. */
	ck_assert_int_eq(mxsel_engine_set(p.engine, MXSEL_ENGINE_IN_FLIGHT,
		100), 0);
	party_send_many(&p, "d", 0, 300);
	party_run(&p, 9000);
	ck_assert_uint_ge(crowd_lost(p.crowds[0]), 9);
	all_is_well(&p, 300);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 0);
	party_end(&p);
}
END_TEST

/* --- TCP ----------------------------------------------------------------- */

START_TEST(S12_a_hundred_truncated_answers_take_few_connections)
{
	static const struct crowd_plan plan = { .truncate = 1 };
	struct party p;

	party_begin(&p, &plan, PARTY_TIME);
	party_send_many(&p, "z", 0, 100);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 100);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_TRUNCATED), 100);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SENT_TCP), 100);
	ck_assert_uint_le(party_counted(&p, MXSEL_LDNS_CONNECTED), 4);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_CONNECTED),
		crowd_connections(p.crowds[0]));
	/* The next ones find them open still. */
	party_send_many(&p, "z", 100, 20);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_le(crowd_connections(p.crowds[0]), 4);
	party_end(&p);
}
END_TEST

static const struct crowd_plan pipelines[] = {
	{ .truncate = 1, .reverse = 8 },
	{ .truncate = 1, .hang_up = 1 },
	{ .truncate = 1, .hang_up = 7 },
	{ .truncate = 1, .hang_up = 7, .reverse = 5 },
	{ .truncate = 1, .delay = 3, .hang_up = 20 },
};

START_TEST(F26_F33_answers_in_any_order_and_connections_that_end)
{
	struct party p;

	party_begin(&p, &pipelines[_i], PARTY_TIME);
	party_send_many(&p, "d", 0, 100);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 100);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 0);
	if (pipelines[_i].hang_up == 0)
		ck_assert_uint_le(crowd_connections(p.crowds[0]), 4);
	else
		ck_assert_uint_ge(crowd_connections(p.crowds[0]),
			300 / pipelines[_i].hang_up);
	party_end(&p);
}
END_TEST

START_TEST(F26_a_server_may_close_a_connection_that_is_idle)
{
	static const struct crowd_plan plan = { .truncate = 1, .hang_up = 1 };
	struct party p;
	unsigned i;

	party_begin(&p, &plan, PARTY_TIME);
	for (i = 0; i < 10; i++) {
		party_send_many(&p, "z", i, 1);
		party_run(&p, PARTY_TIME);
		/* The end of it comes now, or with the next question. */
		if (i % 2 == 0)
			mxsel_engine_wait(p.engine, 20);
	}
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 10);
	ck_assert_uint_le(crowd_most_tcp(p.crowds[0]),
		1 + party_counted(&p, MXSEL_LDNS_TIMEOUTS));
	party_end(&p);
}
END_TEST

START_TEST(F28_S7_a_dripping_connection_ends_in_time)
{
	static const struct crowd_plan plan = { .truncate = 1, .drip = 50 };
	struct party p;
	long long took;

	party_begin(&p, &plan, 400);
	party_send_many(&p, "d", 0, 50);
	took = party_run(&p, 1000);
	ck_assert_int_le(took, 400 + PARTY_GRACE);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 50);
	party_end(&p);
}
END_TEST

START_TEST(F23_truncated_answers_of_a_server_without_TCP_are_temporary)
{
	static const struct crowd_plan plan = { .truncate = 1, .no_tcp = 1 };
	struct party p;

	party_begin(&p, &plan, PARTY_TIME);
	party_send_many(&p, "d", 0, 100);
	party_run(&p, 1000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 100);
	/* Connections are those that were made, not those tried. */
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_CONNECTED), 0);
	party_end(&p);
}
END_TEST

/* --- guesses ------------------------------------------------------------- */

START_TEST(F22_S4_of_ten_thousand_guesses_none_is_believed)
{
	static const struct crowd_plan plan = { .strays = 100 };
	struct party p;

	party_begin(&p, &plan, PARTY_TIME);
	party_send_many(&p, "d", 0, 40); /* 120 questions, 12,000 guesses */
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 40);
	ck_assert_uint_ge(party_counted(&p, MXSEL_LDNS_MISMATCHED), 4);
	/* Four at a port, then none of its questions is asked over UDP. */
	ck_assert_uint_le(party_counted(&p, MXSEL_LDNS_MISMATCHED), 120 * 4);
	ck_assert_uint_ge(crowd_heard_tcp(p.crowds[0]), 40);
	/* Each once, or because the machine is slow. */
	ck_assert_uint_le(crowd_most_tcp(p.crowds[0]),
		1 + party_counted(&p, MXSEL_LDNS_TIMEOUTS));
	party_end(&p);
}
END_TEST

START_TEST(S4_three_strays_are_borne_and_the_fourth_means_TCP)
{
	struct crowd_plan plan = { .strays = 3 };
	struct party p;

	party_begin(&p, &plan, PARTY_TIME);
	party_send(&p, "z1.example");
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(crowd_heard_tcp(p.crowds[0]), 0);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 3);
	plan.strays = 4;
	crowd_change(p.crowds[0], &plan);
	party_send(&p, "z2.example");
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(crowd_heard_tcp(p.crowds[0]), 1);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 2);
	party_end(&p);
}
END_TEST

START_TEST(F3_F4_late_and_second_answers_are_no_strays)
{
	struct crowd_plan plan = { .twice = 1 };
	struct party p;

	party_begin(&p, &plan, PARTY_TIME);
	party_send_many(&p, "d", 0, 200);
	party_run(&p, PARTY_TIME);
	plan.twice = 0;
	plan.delay = 150; /* far longer than it took so far */
	crowd_change(p.crowds[0], &plan);
	party_send_many(&p, "z", 0, 50);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_ge(party_counted(&p, MXSEL_LDNS_TIMEOUTS), 50);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 0);
	all_is_well(&p, 200);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 50);
	party_end(&p);
}
END_TEST

/* --- what a guesser has to guess ----------------------------------------- */

static int compare_notes(const void *a, const void *b)
{
	const struct crowd_note *x = a, *y = b;

	return x->port != y->port ? x->port - y->port : x->id - y->id;
}

static int compare_ids(const void *a, const void *b)
{
	const struct crowd_note *x = a, *y = b;

	return x->id - y->id;
}

#define GUESSES 3000u

/* Ids that came before, over all ports. */
static unsigned repeated(struct crowd_note *notes)
{
	unsigned i, n = 0;

	qsort(notes, GUESSES, sizeof notes[0], compare_ids);
	for (i = 1; i < GUESSES; i++)
		n += notes[i].id == notes[i - 1].id;
	return n;
}

START_TEST(S2_ports_and_ids_are_drawn_by_chance)
{
	unsigned i, ports = 1, uses = 1, high = 0, same = 0;
	struct crowd_note notes[GUESSES];
	struct party p;

	party_begin(&p, NULL, PARTY_TIME);
	for (i = 0; i < GUESSES / 100; i++) {
		party_send_many(&p, "z", i * 100, 100);
		party_run(&p, PARTY_TIME);
	}
	ck_assert_uint_ge(crowd_heard_udp(p.crowds[0]), GUESSES);
	memcpy(notes, crowd_notes(p.crowds[0]), sizeof notes);
	qsort(notes, GUESSES, sizeof notes[0], compare_notes);
	for (i = 1; i < GUESSES; i++) {
		high += notes[i].id >> 15;
		if (notes[i].port != notes[i - 1].port) {
			ports++;
			uses = 0;
		}
		same += uses > 0 && notes[i].id == notes[i - 1].id;
		ck_assert_uint_le(++uses, 2 * 64); /* drawn again, perhaps */
	}
	ck_assert_uint_ge(ports, GUESSES / 64);
	/* Worse would come by chance with p < 1e-9: of ids with the first bit
	   set half are expected; of two alike, 1.5 at one port and 67 of 3,000
	   at all ports. */
	ck_assert(fabs(high - GUESSES / 2.0) < 6.2 * sqrt(GUESSES / 4.0));
	ck_assert_uint_le(same, 16);
	i = repeated(notes);
	ck_assert_uint_ge(i, 20);
	ck_assert_uint_le(i, 130);
	party_end(&p);
}
END_TEST

/* --- which server -------------------------------------------------------- */

START_TEST(S10_a_silent_server_is_left_for_the_next)
{
	static const struct crowd_plan silent = { .silent = 1 };
	struct party p;
	unsigned heard;
	long long took;

	party_begin(&p, &silent, PARTY_TIME);
	party_server(&p, NULL);
	party_send(&p, "d1.example");
	party_run(&p, PARTY_TIME);
	heard = crowd_heard_udp(p.crowds[0]);
	ck_assert_uint_ge(heard, 1);
	party_send_many(&p, "d", 2, 500);
	took = party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 501);
	/* Of 1,500 questions; on a busy machine the second, too, takes its
	   time for once. */
	ck_assert_uint_le(crowd_heard_udp(p.crowds[0]), heard + 500);
	ck_assert_int_lt(took, 2000);
	party_end(&p);
}
END_TEST

START_TEST(S10_a_burst_does_not_wait_for_the_silent_one_each_time)
{
	static const struct crowd_plan silent = { .silent = 1 };
	struct party p;
	long long took;

	party_begin(&p, &silent, PARTY_TIME);
	party_server(&p, NULL);
	party_send_many(&p, "d", 0, 1000);
	took = party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 1000);
	ck_assert_int_lt(took, 4000);
	party_end(&p);
}
END_TEST

/* --- what is left behind ------------------------------------------------- */

static int descriptors(void)
{
	DIR *dir = opendir("/dev/fd");
	int n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

START_TEST(S11_two_thousand_failures_leave_no_descriptor)
{
	static const struct crowd_plan plan = { .truncate = 1, .no_tcp = 1 };
	int before = descriptors(), i;
	struct party p;

	party_begin(&p, &plan, PARTY_TIME);
	for (i = 0; i < 10; i++) {
		party_send_many(&p, i % 2 == 0 ? "f" : "d", 0, 200);
		party_run(&p, PARTY_TIME);
		ck_assert_uint_le(party_counted(&p, MXSEL_LDNS_SOCKETS), 64);
	}
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 2000);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 0);
	party_end(&p);
	ck_assert_int_eq(descriptors(), before);
}
END_TEST

START_TEST(F75_S10_without_descriptors_it_fails_and_recovers)
{
	struct rlimit limit, few;
	struct party p;

	party_begin(&p, NULL, 300);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	few = limit;
	few.rlim_cur = 3;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	party_send_many(&p, "d", 0, 20);
	party_run(&p, 2000);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 20);
	party_send_many(&p, "d", 0, 20);
	party_run(&p, 2000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 20);
	party_end(&p);
}
END_TEST

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

static void add_losses(Suite *suite)
{
	TCase *c = tcase_create("losses");

	tcase_add_test(c,
		S47_five_thousand_at_once_wait_for_a_server_that_takes_few);
	tcase_add_test(c, no_more_are_in_flight_than_was_set);
	tcase_add_loop_test(c, a_server_far_away_is_slow_but_loses_nothing, 0,
		COUNT(delays));
	tcase_add_loop_test(c,
		F1_F2_S47_what_is_lost_is_asked_again_three_times_at_most, 0,
		COUNT(losses));
	tcase_add_test(c,
		S10_a_silent_server_is_left_for_the_next);
	tcase_add_test(c,
		S10_a_burst_does_not_wait_for_the_silent_one_each_time);
	tcase_add_test(c, S11_two_thousand_failures_leave_no_descriptor);
	tcase_add_test(c, F75_S10_without_descriptors_it_fails_and_recovers);
	suite_add_tcase(suite, c);
}

static void add_streams(Suite *suite)
{
	TCase *c = tcase_create("streams");

	tcase_add_test(c,
		S12_a_hundred_truncated_answers_take_few_connections);
	tcase_add_loop_test(c,
		F26_F33_answers_in_any_order_and_connections_that_end, 0,
		COUNT(pipelines));
	tcase_add_test(c, F26_a_server_may_close_a_connection_that_is_idle);
	tcase_add_test(c, F28_S7_a_dripping_connection_ends_in_time);
	tcase_add_test(c,
		F23_truncated_answers_of_a_server_without_TCP_are_temporary);
	suite_add_tcase(suite, c);
}

static void add_guesses(Suite *suite)
{
	TCase *c = tcase_create("guesses");

	tcase_add_test(c, F22_S4_of_ten_thousand_guesses_none_is_believed);
	tcase_add_test(c, S4_three_strays_are_borne_and_the_fourth_means_TCP);
	tcase_add_test(c, F3_F4_late_and_second_answers_are_no_strays);
	tcase_add_test(c, S2_ports_and_ids_are_drawn_by_chance);
	suite_add_tcase(suite, c);
}

int main(void)
{
	Suite *suite = suite_create("engine servers");

	add_losses(suite);
	add_streams(suite);
	add_guesses(suite);
	return mxsel_test_run(suite);
}
