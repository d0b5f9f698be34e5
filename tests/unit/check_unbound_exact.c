/*
 * What libunbound is told, word by word, and how long look-ups wait for it,
 * to the millisecond (R14, R90, S7, S8, S32, S39, F93, F98). Nothing of it is
 * true: see support/unbound_lies.h. May use lib/unbound.
 */
#define _GNU_SOURCE

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/run.h"
#include "support/unbound_turns.h"
#include "unbound/clock.h"
#include "unbound/inside.h"

#define DS "DS 60485 13 2 " \
	"0000000000000000000000000000000000000000000000000000000000000001"
#define ANCHOR ". IN " DS

/* ---------------------------------------------------------------- settings */

/* How often a line was told to whatever context. */
static int times_told(const char *what)
{
	const char *at = world.told;
	int count = 0;

	while ((at = strstr(at, what)) != NULL) {
		count++;
		at++;
	}
	return count;
}

START_TEST(S8_either_side_is_told_how_to_begin)
{
	ck_assert_int_eq(times_told(" debuglevel 0\n"), 2);
	ck_assert_int_eq(times_told(" async 1\n"), 2);
	ck_assert_int_eq(times_told(" do-not-query-localhost: yes\n"), 2);
	ck_assert_int_eq(times_told(" outgoing-range: 128\n"), 2);
	ck_assert_int_eq(times_told(" outgoing-num-tcp: 16\n"), 2);
}
END_TEST

/* Tried on a third context first, and until its settings are read. */
START_TEST(R90_an_option_is_tried_and_then_set_on_either_side)
{
	world.told[0] = '\0';
	ck_assert_int_eq(mxsel_unbound_set_option(u, "do-tcp:", "yes"), 0);
	ck_assert_int_eq(times_told(" do-tcp: yes\n"), 3);
	ck_assert_int_eq(times_told("3 do-tcp: yes\n3 remove invalid.\n"), 1);
}
END_TEST

START_TEST(S32_an_anchor_is_tried_and_then_set_on_either_side)
{
	world.told[0] = '\0';
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, ANCHOR), 0);
	ck_assert_int_eq(times_told(" trust-anchor: " ANCHOR "\n"), 3);
	ck_assert_int_eq(times_told("3 trust-anchor: " ANCHOR
		"\n3 remove invalid.\n"), 1);
}
END_TEST

/* Whichever call it is that fails. */
START_TEST(S32_an_anchor_that_was_refused_proves_nothing)
{
	int call, result = -1;

	world.error = UB_NOMEM;
	for (call = 1; result != 0; call++) {
		world.calls = 0;
		world.fails = call;
		result = mxsel_unbound_add_anchor(u, ANCHOR);
		ck_assert_int_eq(mxsel__ub_proves(u), result == 0);
	}
	ck_assert_int_gt(call, 8);
}
END_TEST

START_TEST(S32_an_option_that_was_refused_changes_nothing)
{
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, ANCHOR), 0);
	world.calls = 0;
	world.fails = 1;
	world.error = UB_NOMEM;
	ck_assert_int_ne(mxsel_unbound_set_option(u, "val-permissive-mode:",
		"yes"), 0);
	ck_assert(mxsel__ub_proves(u));
	ck_assert_int_eq(mxsel_unbound_set_option(u, "val-permissive-mode:",
		"yes"), 0);
	ck_assert(!mxsel__ub_proves(u));
}
END_TEST

static const struct {
	const char *modules;
	int result;
} modules[] = {
	{ "validator iterator", 0 },
	{ " dns64  validator iterator ", 0 },
	{ "respip iterator", 0 },
	{ "valid iterator", MXSEL_ESYNTAX },
	{ "iter", MXSEL_ESYNTAX },
	{ "validator iterators", MXSEL_ESYNTAX },
	{ "nonsense iterator", MXSEL_ESYNTAX },
	{ "iterator validator", MXSEL_ESYNTAX },
	{ "", MXSEL_ESYNTAX }
};

START_TEST(R90_modules_are_known_by_their_whole_names)
{
	ck_assert_int_eq(mxsel_unbound_set_option(u, "module-config:",
		modules[_i].modules), modules[_i].result);
}
END_TEST

/* ----------------------------------------------------------------- servers */

static const struct {
	const char *server;
	int is_here;
} servers[] = {
	{ "127.0.0.1", 1 }, { "127.1.2.3@53", 1 }, { "::1", 1 },
	{ "192.0.2.53", 0 }, { "2001:db8::1", 0 },
	{ "7f00::1", 0 }, { "::2", 0 }, { "::", 0 }
};

START_TEST(S8_servers_of_this_machine_are_asked_when_they_are_named)
{
	ck_assert_int_eq(mxsel_unbound_add_server(u, servers[_i].server), 0);
	ck_assert_int_eq(times_told(" do-not-query-localhost: no\n"),
		servers[_i].is_here ? 2 : 0);
	world.told[0] = '\0';
	ck_assert_int_eq(mxsel_unbound_add_stub(u, "example",
		servers[_i].server), 0);
	ck_assert_int_eq(times_told(" do-not-query-localhost: no\n"),
		servers[_i].is_here ? 2 : 0);
}
END_TEST

static const struct {
	const char *zone;
	const char *unblocked; /* first letters of those */
} zones[] = {
	{ ".", "ltioh" }, { "example", "" }, { "test", "t" },
	{ "a.test.", "t" }, { "arpa", "h" }, { "home.arpa", "h" },
	{ "localhost", "l" }, { "in-addr.arpa", "" }, { "onion", "o" },
	{ "attest", "" }
};

START_TEST(R90_a_server_knows_of_its_zone_what_the_dns_has_not)
{
	static const char *const blocked[] = { "localhost.", "test.",
		"invalid.", "onion.", "home.arpa." };
	char line[64];
	size_t i;

	ck_assert_int_eq(mxsel_unbound_add_stub(u, zones[_i].zone,
		"192.0.2.53"), 0);
	for (i = 0; i < sizeof blocked / sizeof *blocked; i++) {
		(void)snprintf(line, sizeof line,
			" local-zone: %s transparent\n", blocked[i]);
		ck_assert_int_eq(times_told(line),
			strchr(zones[_i].unblocked, blocked[i][0]) != NULL ?
			2 : 0);
	}
	ck_assert_int_eq(mxsel_unbound_add_server(u, "192.0.2.53"), 0);
	ck_assert_int_ge(times_told(" local-zone: onion. transparent\n"), 2);
}
END_TEST

START_TEST(S21_a_server_is_no_longer_than_an_address)
{
	char server[4096];

	memset(server, '1', sizeof server);
	server[sizeof server - 1] = '\0';
	ck_assert_int_eq(mxsel_unbound_add_server(u, server), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_server(u, "127.0.0.1@"),
		MXSEL_ESYNTAX);
}
END_TEST

START_TEST(F98_after_the_first_question_nothing_is_set)
{
	believes(_i);
	world.told[0] = '\0';
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, ANCHOR), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(u, "/dev/null"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_server(u, "127.0.0.1"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_stub(u, "example", "127.0.0.1"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "do-tcp:", "yes"),
		MXSEL_EUSAGE);
	ck_assert_str_eq(world.told, "");
}
END_TEST

/* -------------------------------------------------------------------- time */

START_TEST(S7_a_selection_waits_as_long_as_it_may)
{
	mxsel_options *o = _i == BLOCKING ? blocking : pull;
	long began = world.now;

	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TIME_LIMIT, 700), 0);
	world.silent = "true.";
	defers(_i);
	ck_assert_int_eq(world.now - began, 700);
}
END_TEST

START_TEST(S7_a_loop_waits_as_long_as_it_was_told)
{
	long began = world.now;
	mxsel *m;

	ck_assert_int_eq(mxsel_unbound_wait(u, 500), 0);
	ck_assert_int_eq(world.now - began, 500);
	ck_assert_int_eq(mxsel_unbound_wait(u, -1), 0);
	ck_assert_int_eq(world.now - began, 500);
	world.silent = "true.";
	m = begun();
	ck_assert_int_eq(mxsel_unbound_wait(u, 1000), 0);
	ck_assert_int_eq(world.now - began, 1500);
	ck_assert_ptr_null(mxsel_unbound_ready(u));
	/* But not beyond what is due. */
	ck_assert_int_eq(mxsel_unbound_wait(u, 60000), 0);
	ck_assert_int_eq(world.now - began, 500 + QUERY_TIME);
	ck_assert_ptr_eq(mxsel_unbound_ready(u), m);
	mxsel_free(m);
}
END_TEST

static mxsel_options *of_both_families(const mxsel_options *o)
{
	mxsel_options *both;

	ck_assert_int_eq(mxsel_options_copy(&both, o), 0);
	ck_assert_int_eq(mxsel_options_set(both, MXSEL_OPT_FAMILY,
		MXSEL_FAMILY_V4_FIRST), 0);
	return both;
}

/* An answer with which nobody can go on is no reason to stop. */
START_TEST(S7_a_loop_waits_on_while_nobody_is_ready)
{
	mxsel_options *both = of_both_families(pull);
	mxsel *m = made(both);
	long began;

	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_unbound_process(u), 0);
	world.silent_type = PACKET_AAAA;
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_LOOKUP);
	began = world.now;
	ck_assert_int_eq(mxsel_unbound_wait(u, 300), 0);
	ck_assert_int_eq(world.now - began, 300);
	ck_assert_ptr_null(mxsel_unbound_ready(u));
	mxsel_free(m);
	mxsel_options_free(both);
}
END_TEST

/* The other family's question cannot be asked; nobody waits for it. */
START_TEST(R14_a_question_that_was_not_asked_is_not_waited_for)
{
	mxsel_options *both = of_both_families(_i == BLOCKING ? blocking :
		pull);
	mxsel *m = made(both);
	long began = world.now;

	world.refused_type = PACKET_AAAA;
	world.silent = "b."; /* asked ahead */
	ck_assert_int_eq(goes_on(m, _i), MXSEL_ATTEMPT);
	ck_assert_int_eq(world.now, began);
	mxsel_free(m);
	mxsel_options_free(both);
}
END_TEST

/* Its time was up while the program was away, and it was answered. */
START_TEST(S7_what_is_there_already_is_heard)
{
	mxsel *m = made(blocking);

	world.silent = "b.";
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	world.now += 2 * QUERY_TIME;
	world.silent = NULL;
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "b.example");
	mxsel_free(m);
}
END_TEST

START_TEST(R14_a_broken_libunbound_is_not_waited_for)
{
	struct ub_ctx *context = u->loop.channel.context;
	long began = world.now;

	world.process_says = UB_NOMEM;
	ck_assert_int_eq(mxsel_unbound_wait(u, 500), MXSEL_ESYSTEM);
	world.process_says = UB_NOERROR;
	began = world.now;
	ck_assert_int_eq(mxsel_unbound_wait(u, 500), MXSEL_ESYSTEM);
	ck_assert_int_eq(world.now, began);
	ub_ctx_delete(context); /* mxsel will not */
}
END_TEST

/* ------------------------------------------------------------- small words */

START_TEST(R14_who_waits_is_told_how_it_ended)
{
	mxsel *m = made(pull);

	world.silent = "true.";
	(void)handed_over(m);
	world.poll_error = EBADF;
	ck_assert_int_eq(mxsel__ub_wait(m, u), MXSEL_ESYSTEM);
	/* A signal came, and so did the answer. */
	world.poll_error = EINTR;
	world.silent = NULL;
	ck_assert_int_eq(mxsel__ub_wait(m, u), 0);
	ck_assert_int_eq(world.results, 0);
	mxsel_free(m);
}
END_TEST

static mxsel *sleeper;

static void hear_for_it(void)
{
	world.woken = 0;
	world.silent = NULL;
	u->blocking.led = 0;
	(void)ub_process(u->blocking.channel.context);
	ck_assert_int_eq(world.woken, 1);
}

START_TEST(F93_who_has_mail_is_woken)
{
	sleeper = made(blocking);
	u->blocking.led = 1;
	world.silent = "true.";
	world.others = hear_for_it;
	ck_assert_int_eq(mxsel_next(sleeper), MXSEL_ATTEMPT);
	mxsel_free(sleeper);
}
END_TEST

START_TEST(S39_what_failed_is_told_by_its_name)
{
	mxsel *m = made(pull);
	mxsel_query *query;
	int id;

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	query = mxsel_query_take(m);
	world.last_cancelled = -1;
	world.ask_says = UB_NOMEM;
	ck_assert_int_eq(mxsel__ub_channel_ask(&u->loop.channel, query, NULL,
		NULL, &id), MXSEL_ENOMEM);
	world.ask_says = UB_PIPE;
	ck_assert_int_eq(mxsel__ub_channel_ask(&u->loop.channel, query, NULL,
		NULL, &id), MXSEL_ESYSTEM);
	/* There was nothing to take back. */
	ck_assert_int_eq(world.last_cancelled, -1);
	mxsel_free(m);
}
END_TEST

/* There is no thread yet that could have inherited a mask. */
START_TEST(S8_the_first_question_that_is_asked_is_asked_without_signals)
{
	mxsel *m;

	world.ask_says = UB_PIPE;
	defers(LOOP);
	world.ask_says = UB_NOERROR;
	m = begun();
	ck_assert_int_eq(world.ask_is_quiet, 1);
	mxsel_free(m);
}
END_TEST

START_TEST(F93_a_seat_serves_again)
{
	mxsel *m = made(blocking), *other = made(blocking);
	const struct mxsel__ub_seat *seat;

	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	seat = u->blocking.seats; /* the last one made */
	ck_assert_int_eq(mxsel_next(other), MXSEL_ATTEMPT);
	ck_assert_ptr_eq(u->blocking.seats, seat);
	mxsel_free(other);
	mxsel_free(m);
}
END_TEST

static int slept;

/* Another who listened goes, and nobody listens any more. */
static void listen_and_go(void)
{
	mxsel *m;

	if (slept++ > 0)
		return;
	u->blocking.led = 0;
	world.woken_sleepers = 0;
	ck_assert_int_eq(mxsel_new(&m, "other.example", blocking), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_gt(world.woken_sleepers, 0);
	mxsel_free(m);
	world.silent = NULL;
}

START_TEST(F93_who_sleeps_is_woken_to_listen)
{
	mxsel *m = made(blocking);

	slept = 0;
	u->blocking.led = 1;
	world.silent = "true.";
	world.others = listen_and_go;
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(slept, 1);
	mxsel_free(m);
}
END_TEST

/* The third host, when the second one is tried. */
START_TEST(S7_what_is_asked_ahead_is_asked_at_once)
{
	mxsel *m;
	int asked;

	ck_assert_int_eq(mxsel_options_set(pull, MXSEL_OPT_PREFETCH, 1), 0);
	ck_assert_int_eq(mxsel_new(&m, "3.example", pull), 0);
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_unbound_process(u), 0);
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_LOOKUP);
	asked = world.id;
	ck_assert_int_eq(mxsel_unbound_process(u), 0);
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_ATTEMPT);
	ck_assert_int_eq(world.id, asked);
	ck_assert_int_eq(mxsel_unbound_next(u, m), MXSEL_ATTEMPT);
	ck_assert_int_eq(world.id, asked + 1);
	mxsel_free(m);
}
END_TEST

#ifndef MALLOC_IS_TAKEN

START_TEST(F98_no_selection_is_no_shortage)
{
	fail_at(0);
	ck_assert_int_eq(mxsel_unbound_next(u, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(disarm(), 0);
}
END_TEST

START_TEST(S39_room_that_is_there_is_not_asked_for)
{
	struct mxsel__ub_heap heap = { NULL, 0, 0 };

	ck_assert_int_eq(mxsel__ub_heap_reserve(&heap, 16), 0);
	fail_at(0);
	ck_assert_int_eq(mxsel__ub_heap_reserve(&heap, 1), 0);
	ck_assert_int_eq(mxsel__ub_heap_reserve(&heap, 16), 0);
	ck_assert_int_eq(mxsel__ub_heap_reserve(&heap, 17), MXSEL_ENOMEM);
	ck_assert_int_eq(disarm(), 1);
	mxsel__ub_heap_destroy(&heap);
}
END_TEST

#endif

/* What waits for nothing is not there. */
START_TEST(F93_a_task_is_there_while_it_has_something_to_do)
{
	mxsel *m = made(pull);

	world.silent = "b.";
	ck_assert_int_eq(look_up(m), MXSEL_ATTEMPT);
	ck_assert_uint_eq(u->loop.count, 1); /* it asked ahead */
	ck_assert_int_eq(mxsel_unbound_timeout(u), QUERY_TIME);
	world.silent = NULL;
	ck_assert_int_eq(look_up(m), MXSEL_ATTEMPT);
	ck_assert_uint_eq(u->loop.count, 0);
	ck_assert_int_eq(mxsel_unbound_timeout(u), -1);
	ck_assert_int_eq(look_up(m), MXSEL_END);
	ck_assert_uint_eq(u->loop.count, 0);
	mxsel_free(m);
	m = begun();
	ck_assert_int_eq(mxsel_unbound_process(u), 0);
	ck_assert_uint_eq(u->loop.count, 1); /* it is ready */
	ck_assert_ptr_eq(mxsel_unbound_ready(u), m);
	ck_assert_uint_eq(u->loop.count, 0);
	mxsel_free(m);
}
END_TEST

static void add_settings(TCase *c)
{
	tcase_add_test(c, S8_either_side_is_told_how_to_begin);
	tcase_add_test(c, R90_an_option_is_tried_and_then_set_on_either_side);
	tcase_add_test(c, S32_an_anchor_is_tried_and_then_set_on_either_side);
	tcase_add_test(c, S32_an_anchor_that_was_refused_proves_nothing);
	tcase_add_test(c, S32_an_option_that_was_refused_changes_nothing);
	tcase_add_loop_test(c, R90_modules_are_known_by_their_whole_names, 0,
		(int)(sizeof modules / sizeof *modules));
	tcase_add_loop_test(c,
		S8_servers_of_this_machine_are_asked_when_they_are_named, 0,
		(int)(sizeof servers / sizeof *servers));
	tcase_add_loop_test(c,
		R90_a_server_knows_of_its_zone_what_the_dns_has_not, 0,
		(int)(sizeof zones / sizeof *zones));
	tcase_add_test(c, S21_a_server_is_no_longer_than_an_address);
	tcase_add_loop_test(c, F98_after_the_first_question_nothing_is_set, 0,
		BOTH);
}

static void add_turns(TCase *c)
{
	tcase_add_loop_test(c, S7_a_selection_waits_as_long_as_it_may, 0,
		BOTH);
	tcase_add_test(c, S7_a_loop_waits_as_long_as_it_was_told);
	tcase_add_test(c, S7_a_loop_waits_on_while_nobody_is_ready);
	tcase_add_loop_test(c,
		R14_a_question_that_was_not_asked_is_not_waited_for, 0, BOTH);
	tcase_add_test(c, S7_what_is_there_already_is_heard);
	tcase_add_test(c, R14_a_broken_libunbound_is_not_waited_for);
	tcase_add_test(c, R14_who_waits_is_told_how_it_ended);
	tcase_add_test(c, F93_who_has_mail_is_woken);
	tcase_add_test(c, F93_a_seat_serves_again);
	tcase_add_test(c, F93_who_sleeps_is_woken_to_listen);
	tcase_add_test(c, S7_what_is_asked_ahead_is_asked_at_once);
	tcase_add_test(c, S39_what_failed_is_told_by_its_name);
	tcase_add_test(c,
		S8_the_first_question_that_is_asked_is_asked_without_signals);
#ifndef MALLOC_IS_TAKEN
	tcase_add_test(c, F98_no_selection_is_no_shortage);
	tcase_add_test(c, S39_room_that_is_there_is_not_asked_for);
#endif
	tcase_add_test(c, F93_a_task_is_there_while_it_has_something_to_do);
}

int main(void)
{
	Suite *s = suite_create("unbound exactly");
	TCase *c = tcase_create("look-ups");

	tcase_add_checked_fixture(c, setup, teardown);
	add_settings(c);
	add_turns(c);
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
