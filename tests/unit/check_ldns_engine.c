/*
 * The engine from inside: where its sockets go, what a fork does to it, how
 * it works without epoll and when time passes. The clock and epoll_create1()
 * are this program's own. Requirements S7, S10, S11, S44.
 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ldns/conf.h"
#include "ldns/engine.h"
#include "support/child.h"
#include "support/crowd_trial.h"
#include "support/liar.h"
#include "support/run.h"

static atomic_llong ahead; /* milliseconds that the clock is put forward */
static int without_epoll; /* what it says instead */
static int watches_that_fail;

int clock_gettime(clockid_t clock, struct timespec *time)
{
	long long more = atomic_load(&ahead);

	if (syscall(SYS_clock_gettime, clock, time) != 0)
		return -1;
	time->tv_sec += (time_t)(more / 1000);
	time->tv_nsec += (long)(more % 1000) * 1000000;
	if (time->tv_nsec >= 1000000000) {
		time->tv_sec++;
		time->tv_nsec -= 1000000000;
	}
	return 0;
}

int epoll_create1(int flags)
{
	if (!without_epoll)
		return (int)syscall(SYS_epoll_create1, flags);
	errno = without_epoll;
	return -1;
}

int epoll_ctl(int fd, int what, int watched, struct epoll_event *event)
{
	if (watches_that_fail == 0)
		return (int)syscall(SYS_epoll_ctl, fd, what, watched, event);
	watches_that_fail--;
	errno = ENOSPC;
	return -1;
}

static void begin_anew(void)
{
	atomic_store(&ahead, 0);
	without_epoll = 0;
	watches_that_fail = 0;
}

/* --- sockets ------------------------------------------------------------- */

START_TEST(S11_four_thousand_in_flight_share_sixty_four_sockets)
{
	static const struct crowd_plan silent = { .silent = 1,
		.receive_buffer = 4 << 20 }; /* or as much as there may be */
	static const struct crowd_plan honest = { .silent = 0 };
	struct party p;

	party_begin(&p, &silent, 15000);
	mxsel_engine_set(p.engine, MXSEL_ENGINE_IN_FLIGHT, 4096);
	party_send(&p, "z0.example");
	p.engine->lanes[0].window = 4096; /* as if it took them all */
	party_send_many(&p, "z", 1, 4500);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert_uint_eq(p.engine->lanes[0].in_flight, 4096);
	ck_assert_uint_eq(mxsel_engine_queued(p.engine), 405);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS),
		MXSEL__SOCKETS_MAX);
	crowd_change(p.crowds[0], &honest);
	while (p.ended < p.begun) {
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 100), 0);
		ck_assert_uint_le(party_counted(&p, MXSEL_LDNS_SOCKETS),
			MXSEL__SOCKETS_MAX);
		party_take_ready(&p);
	}
	/* On a busy machine some may not be heard three times in a row. */
	ck_assert_uint_ge(p.reasons[MXSEL_REASON_NULL_MX], 4000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX] +
		p.reasons[MXSEL_REASON_DNS_TEMPORARY], 4501);
	ck_assert_uint_le(crowd_most_udp(p.crowds[0]), 3);
	party_end(&p);
}
END_TEST

START_TEST(S11_a_question_without_a_socket_still_ends_in_time)
{
	struct party p;
	long long took;

	party_begin(&p, NULL, 200);
	p.engine->servers->sockets = MXSEL__SOCKETS_MAX; /* others have them */
	party_send(&p, "z1.example");
	ck_assert_int_gt(mxsel_engine_timeout(p.engine), 0); /* no spinning */
	party_send_many(&p, "d", 0, 49);
	took = party_run(&p, 1000);
	ck_assert_int_le(took, 200 + PARTY_GRACE);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 50);
	ck_assert_uint_eq(crowd_heard_udp(p.crowds[0]), 0);
	p.engine->servers->sockets = 0;
	party_send_many(&p, "d", 0, 50);
	party_run(&p, 1000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 50);
	party_end(&p);
}
END_TEST

/* TCP, the same: it is tried again until there is a socket. */
START_TEST(S11_S12_a_truncated_answer_waits_for_a_socket)
{
	static const struct crowd_plan plan = { .truncate = 1 };
	struct party p;

	party_begin(&p, &plan, 2000);
	party_send_many(&p, "z", 0, 5);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 1);
	p.engine->servers->sockets = MXSEL__SOCKETS_MAX + 1;
	while (party_counted(&p, MXSEL_LDNS_TRUNCATED) < 5)
		mxsel_engine_wait(p.engine, 10);
	mxsel_engine_wait(p.engine, 15);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SENT_TCP), 0);
	p.engine->servers->sockets -= MXSEL__SOCKETS_MAX;
	party_run(&p, 1000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 5);
	party_end(&p);
}
END_TEST

START_TEST(F92_a_cancelled_question_closes_its_socket)
{
	static const struct crowd_plan plan = { .silent = 1 };
	struct party p;
	mxsel *m;

	party_begin(&p, &plan, PARTY_TIME);
	m = party_new(&p, "[mx.example]");
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SENT_UDP), 2);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 1);
	ck_assert_int_eq(mxsel_engine_cancel(p.engine, m), 0);
	ck_assert(mxsel__list_is_empty(&p.engine->questions));
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 0);
	ck_assert_uint_eq(p.engine->lanes[0].in_flight, 0);
	ck_assert_uint_eq(p.engine->lanes[0].pipe, 0);
	ck_assert_uint_eq(p.engine->wheel.count, 0);
	mxsel_free(m);
	party_end(&p);
}
END_TEST

START_TEST(S2_a_port_is_left_when_nothing_is_asked_there)
{
	struct party p;
	unsigned i;

	party_begin(&p, NULL, PARTY_TIME);
	for (i = 0; i < 20; i++) {
		party_send_many(&p, "z", i, 1);
		party_run(&p, 1000);
		ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 0);
	}
	party_end(&p);
}
END_TEST

START_TEST(S7_a_shorter_limit_ends_what_is_in_flight)
{
	static const struct crowd_plan plan = { .silent = 1 };
	struct party p;
	long long began;

	party_begin(&p, &plan, PARTY_TIME);
	party_send_many(&p, "d", 0, 500); /* some of them queued */
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	began = party_now();
	mxsel__engine_limit(p.engine, (uint64_t)began + 60);
	party_run(&p, 1000);
	ck_assert_int_ge(party_now() - began, 60);
	ck_assert_int_le(party_now() - began, 60 + PARTY_GRACE);
	party_end(&p);
}
END_TEST

/* --- time that passes ---------------------------------------------------- */

START_TEST(S10_disgrace_ends_after_five_seconds)
{
	unsigned char order[MXSEL__SERVERS_MAX];
	struct mxsel__servers servers;
	struct mxsel__server server;

	ck_assert_int_eq(mxsel__servers_init(&servers), 0);
	ck_assert_int_eq(mxsel__conf_server(&server, "192.0.2.1"), 0);
	ck_assert_int_eq(mxsel__servers_add(&servers, &server), 0);
	ck_assert_int_eq(mxsel__conf_server(&server, "192.0.2.2"), 0);
	ck_assert_int_eq(mxsel__servers_add(&servers, &server), 0);
	mxsel__servers_blame(&servers, 0, 1000);
	ck_assert_uint_eq(mxsel__servers_order(&servers, 1000, order), 2);
	ck_assert_uint_eq(order[0], 1);
	ck_assert_uint_eq(mxsel__servers_order(&servers, 5999, order), 2);
	ck_assert_uint_eq(order[0], 1);
	ck_assert_uint_eq(mxsel__servers_order(&servers, 6000, order), 2);
	ck_assert_uint_eq(order[0], 0);
	mxsel__servers_destroy(&servers);
}
END_TEST

START_TEST(S10_a_server_that_was_silent_is_asked_again_after_five_seconds)
{
	static const struct crowd_plan silent = { .silent = 1 };
	static const struct crowd_plan honest = { .silent = 0 };
	struct party p;
	unsigned heard;

	party_begin(&p, &silent, 700);
	party_server(&p, NULL);
	party_send(&p, "z1.example");
	party_run(&p, 1000);
	heard = crowd_heard_udp(p.crowds[0]);
	crowd_change(p.crowds[0], &honest);
	party_send(&p, "z2.example");
	party_run(&p, 1000);
	ck_assert_uint_eq(crowd_heard_udp(p.crowds[0]), heard);
	atomic_fetch_add(&ahead, 5000);
	party_send(&p, "z3.example");
	party_run(&p, 1000);
	ck_assert_uint_eq(crowd_heard_udp(p.crowds[0]), heard + 1);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 3);
	party_end(&p);
}
END_TEST

START_TEST(S11_an_idle_connection_is_closed_after_a_few_seconds)
{
	static const struct crowd_plan plan = { .truncate = 1 };
	struct party p;

	party_begin(&p, &plan, PARTY_TIME);
	party_send(&p, "z1.example");
	party_run(&p, 1000);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 1);
	ck_assert_int_gt(mxsel_engine_timeout(p.engine), 0);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 1);
	atomic_fetch_add(&ahead, 5000);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_SOCKETS), 0);
	ck_assert_int_eq(mxsel_engine_timeout(p.engine), -1);
	party_end(&p);
}
END_TEST

START_TEST(F83_a_machine_that_slept_for_a_year_goes_on)
{
	static const struct crowd_plan silent = { .silent = 1 };
	static const struct crowd_plan honest = { .silent = 0 };
	struct party p;

	party_begin(&p, &silent, PARTY_TIME);
	party_send_many(&p, "d", 0, 200);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	atomic_fetch_add(&ahead, 400LL * 86400 * 1000);
	party_run(&p, 1000 + 400LL * 86400 * 1000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 200);
	crowd_change(p.crowds[0], &honest);
	party_send_many(&p, "d", 0, 200);
	party_run(&p, 2000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 200);
	party_end(&p);
	begin_anew(); /* for Check, which looks at the clock too */
}
END_TEST

/* No such clock steps back; but machines are moved, and hung for ever. */
START_TEST(F83_S7_a_clock_that_steps_back_ends_nothing_and_delays_little)
{
	static const struct crowd_plan silent = { .silent = 1 };
	static const struct crowd_plan honest = { .silent = 0 };
	struct party p;

	atomic_fetch_add(&ahead, 400LL * 86400 * 1000);
	party_begin(&p, &silent, 300);
	party_send_many(&p, "d", 0, 20);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	atomic_fetch_sub(&ahead, 400LL * 86400 * 1000);
	ck_assert_int_le(mxsel_engine_timeout(p.engine), 300);
	party_run(&p, 300 + 10 * PARTY_GRACE);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 20);
	crowd_change(p.crowds[0], &honest);
	party_send_many(&p, "d", 0, 20);
	party_run(&p, 2000);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 20);
	party_end(&p);
	begin_anew();
}
END_TEST

/* --- without epoll ------------------------------------------------------- */

static const struct crowd_plan moods[] = {
	{ .delay = 1 },
	{ .lose_questions = 40, .twice = 2 },
	{ .truncate = 1, .hang_up = 9, .reverse = 4 },
};

START_TEST(a_system_without_epoll_has_poll)
{
	struct party p;

	without_epoll = ENOSYS;
	party_begin(&p, &moods[_i], PARTY_TIME);
	ck_assert_int_eq(p.engine->poller.kind, MXSEL__POLLER_POLL);
	ck_assert_int_eq(mxsel_engine_fd(p.engine), -1);
	party_send_many(&p, "d", 0, 200);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 200);
	party_end(&p);
}
END_TEST

START_TEST(F75_an_engine_without_a_descriptor_is_an_error)
{
	mxsel_engine *e = NULL;

	without_epoll = EMFILE;
	ck_assert_int_eq(mxsel_engine_new(&e, ""), MXSEL_ESYSTEM);
	ck_assert_ptr_null(e);
	without_epoll = 0;
	ck_assert_int_eq(mxsel_engine_new(&e, ""), MXSEL_OK);
	mxsel_engine_free(e);
}
END_TEST

START_TEST(F75_S10_a_socket_that_cannot_be_watched_costs_a_try)
{
	struct party p;

	party_begin(&p, NULL, PARTY_TIME);
	watches_that_fail = 1;
	party_send(&p, "d0.example");
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 1);
	ck_assert_int_eq(watches_that_fail, 0);
	party_end(&p);
}
END_TEST

/* Whatever was begun and never sent, time spent elsewhere is not waiting. */
START_TEST(S7_a_wait_without_anything_to_wait_for_ends_at_once)
{
	struct party p;
	uint64_t before, after;

	party_begin(&p, NULL, PARTY_TIME);
	ck_assert_int_eq(mxsel__sys_clock(&before), 0);
	ck_assert_int_eq(mxsel_engine_wait(p.engine, 3000), 0);
	ck_assert_int_eq(mxsel_engine_wait(p.engine, -1), 0);
	ck_assert_int_eq(mxsel__sys_clock(&after), 0);
	ck_assert_uint_lt(after - before, 1500);
	party_end(&p);
}
END_TEST

/* --- fork ---------------------------------------------------------------- */

static atomic_uint pairs_of_ports;

/* MX is answered at its second coming only: that of parent and child. */
static void both_came(struct liar_call *call)
{
	static struct liar_call first;
	static uint8_t kept[512];

	if (call->nth == 1) {
		first = *call;
		memcpy(kept, call->question, call->size);
		first.question = kept;
		return;
	}
	if (first.peer.sin_port != call->peer.sin_port)
		atomic_fetch_add(&pairs_of_ports, 1);
	liar_tell(call, PACKET_REPLY | 3);
	liar_tell(&first, PACKET_REPLY | 3);
}

static int finish(struct party *p)
{
	unsigned turns = 0;

	/* A turn may bring a single answer. */
	while (p->ended < p->begun && turns++ < 20000) {
		if (mxsel_engine_wait(p->engine, 100) != 0)
			return 0;
		party_take_ready(p);
	}
	return p->ended == p->begun;
}

static void wait_for(pid_t child)
{
	int status = -1;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

START_TEST(F82_S44_a_child_asks_anew_and_leaves_the_parents_socket)
{
	struct liar *liar = liar_start(both_came, NULL);
	struct party p;
	pid_t child;

	party_open(&p, 3000);
	ck_assert_int_eq(mxsel_engine_add_server(p.engine,
		liar_address(liar)), 0);
	party_send(&p, "n1.example");
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		end_child(finish(&p) &&
			p.reasons[MXSEL_REASON_NO_DOMAIN] == 1 ? 0 : 1);
	ck_assert(finish(&p));
	wait_for(child);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NO_DOMAIN], 1);
	ck_assert_uint_eq(atomic_load(&pairs_of_ports), 1);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_TIMEOUTS), 0);
	party_end(&p);
	liar_stop(liar);
}
END_TEST

static const struct crowd_plan parents[] = {
	{ .delay = 20 },
	{ .delay = 20, .truncate = 1 },
};

START_TEST(F82_S44_parent_and_child_go_on_with_hundreds_in_flight)
{
	struct party p;
	pid_t child;

	party_begin(&p, &parents[_i], 3 * PARTY_TIME);
	without_epoll = 0;
	party_send_many(&p, "d", 0, 300);
	while (p.ended < 20) {
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 100), 0);
		party_take_ready(&p);
	}
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		end_child(finish(&p) &&
			p.reasons[MXSEL_REASON_DELIVERED] == 300 ? 0 : 1);
	ck_assert(finish(&p));
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 300);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 0);
	wait_for(child);
	party_end(&p);
}
END_TEST

/* A poller of its own is what it lacks at first: an error, then it has one. */
static int finish_without_descriptor(struct party *p)
{
	without_epoll = EMFILE;
	if (mxsel_engine_timeout(p->engine) != 0 ||
			mxsel_engine_wait(p->engine, 100) != MXSEL_ESYSTEM)
		return 0;
	without_epoll = 0;
	return finish(p);
}

START_TEST(F82_F75_S44_a_child_without_a_descriptor_goes_on_with_one)
{
	static const struct crowd_plan slow = { .delay = 60 };
	struct party p;
	pid_t child;

	party_begin(&p, &slow, PARTY_TIME);
	party_send_many(&p, "d", 0, 3);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		end_child(finish_without_descriptor(&p) &&
			p.reasons[MXSEL_REASON_DELIVERED] == 3 ? 0 : 1);
	ck_assert(finish(&p));
	wait_for(child);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 3);
	party_end(&p);
}
END_TEST

/* What a child does that only wants to be rid of it. */
START_TEST(F82_S44_a_child_that_frees_everything_does_not_disturb)
{
	struct party p;
	mxsel *m[50];
	char name[32];
	pid_t child;
	int i;

	party_begin(&p, &parents[_i], PARTY_TIME);
	for (i = 0; i < 50; i++) {
		snprintf(name, sizeof name, "d%d.example", i);
		m[i] = party_new(&p, name);
		ck_assert_int_eq(mxsel_engine_next(p.engine, m[i]),
			MXSEL_LOOKUP);
	}
	mxsel_engine_process(p.engine);
	mxsel_engine_wait(p.engine, 100);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		for (i = 0; i < 25; i++)
			mxsel_free(m[i]);
		mxsel_engine_free(p.engine);
		for (; i < 50; i++)
			mxsel_free(m[i]);
		end_child(0);
	}
	wait_for(child);
	ck_assert(finish(&p));
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 50);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 0);
	party_end(&p);
}
END_TEST

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

int main(void)
{
	Suite *suite = suite_create("ldns engine");
	TCase *c = tcase_create("engine");

	tcase_add_checked_fixture(c, begin_anew, begin_anew);
	tcase_add_test(c, S11_four_thousand_in_flight_share_sixty_four_sockets);
	tcase_add_test(c, S11_a_question_without_a_socket_still_ends_in_time);
	tcase_add_test(c, S11_S12_a_truncated_answer_waits_for_a_socket);
	tcase_add_test(c, F92_a_cancelled_question_closes_its_socket);
	tcase_add_test(c, S2_a_port_is_left_when_nothing_is_asked_there);
	tcase_add_test(c, S7_a_shorter_limit_ends_what_is_in_flight);
	tcase_add_test(c, S10_disgrace_ends_after_five_seconds);
	tcase_add_test(c,
		S10_a_server_that_was_silent_is_asked_again_after_five_seconds);
	tcase_add_test(c,
		S11_an_idle_connection_is_closed_after_a_few_seconds);
	tcase_add_test(c, F83_a_machine_that_slept_for_a_year_goes_on);
	tcase_add_test(c,
		F83_S7_a_clock_that_steps_back_ends_nothing_and_delays_little);
	tcase_add_loop_test(c, a_system_without_epoll_has_poll, 0,
		COUNT(moods));
	tcase_add_test(c, F75_an_engine_without_a_descriptor_is_an_error);
	tcase_add_test(c, F75_S10_a_socket_that_cannot_be_watched_costs_a_try);
	tcase_add_test(c, S7_a_wait_without_anything_to_wait_for_ends_at_once);
	tcase_add_test(c,
		F82_S44_a_child_asks_anew_and_leaves_the_parents_socket);
	tcase_add_test(c,
		F82_F75_S44_a_child_without_a_descriptor_goes_on_with_one);
	tcase_add_loop_test(c,
		F82_S44_parent_and_child_go_on_with_hundreds_in_flight, 0,
		COUNT(parents));
	tcase_add_loop_test(c,
		F82_S44_a_child_that_frees_everything_does_not_disturb, 0,
		COUNT(parents));
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
