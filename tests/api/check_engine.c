/*
 * The engine through the shared libraries, as its manual page has it: what
 * each call returns and when, with a name server of the test's own that
 * answers when it is told to (S5, S7, S38, S44, F82, F92, F100).
 */
#define _DEFAULT_SOURCE 1

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mxsel/cache.h>
#include <mxsel/ldns.h>

#include "support/child.h"
#include "support/run.h"

/* ------------------------------------------- a name server of few words */

struct site {
	int server;
	struct sockaddr_in where;
	char address[48];
	mxsel_engine *engine;
	mxsel_options *options;
	unsigned heard; /* questions */
};

struct question {
	uint8_t packet[512];
	size_t end; /* of the question section */
	uint16_t type;
	struct sockaddr_in from;
};

static void site_open(struct site *s)
{
	socklen_t size = sizeof s->where;

	memset(s, 0, sizeof *s);
	s->server = socket(AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_ge(s->server, 0);
	s->where.sin_family = AF_INET;
	s->where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(s->server, (struct sockaddr *)&s->where, size),
		0);
	ck_assert_int_eq(getsockname(s->server,
		(struct sockaddr *)&s->where, &size), 0);
	snprintf(s->address, sizeof s->address, "127.0.0.1@%d",
		ntohs(s->where.sin_port));
	ck_assert_int_eq(mxsel_engine_new(&s->engine, ""), 0);
	ck_assert_int_eq(mxsel_engine_add_server(s->engine, s->address), 0);
	ck_assert_int_eq(mxsel_options_new(&s->options), 0);
}

static void site_close(struct site *s)
{
	mxsel_engine_free(s->engine);
	mxsel_options_free(s->options);
	ck_assert_int_eq(close(s->server), 0);
}

/* A question that has come by now, or comes within so many milliseconds. */
static int hear(struct site *s, struct question *q, int milliseconds)
{
	struct pollfd watched = { s->server, POLLIN, 0 };
	socklen_t size = sizeof q->from;
	ssize_t n;

	if (poll(&watched, 1, milliseconds) != 1)
		return 0;
	n = recvfrom(s->server, q->packet, sizeof q->packet, 0,
		(struct sockaddr *)&q->from, &size);
	ck_assert_int_ge(n, 12);
	q->end = 12;
	while (q->packet[q->end] != 0)
		q->end += q->packet[q->end] + 1u;
	q->type = (uint16_t)(q->packet[q->end + 1] << 8 |
		q->packet[q->end + 2]);
	q->end += 5;
	s->heard++;
	return 1;
}

/* Every domain has "10 mx.test", every host one address of each family. */
static void answer(struct site *s, struct question *q)
{
	static const uint8_t head[] = { 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0 };
	static const uint8_t mx[] = { 0, 10, 2, 'm', 'x', 4, 't', 'e', 's',
		't', 0 };
	static const uint8_t v4[] = { 192, 0, 2, 1 };
	static const uint8_t v6[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 1 };
	int is_mx = q->type == MXSEL_TYPE_MX, is_a = q->type == MXSEL_TYPE_A;
	const uint8_t *data = is_mx ? mx : is_a ? v4 : v6;
	size_t size = is_mx ? sizeof mx : is_a ? sizeof v4 : sizeof v6;
	uint8_t record[12] = { 0xc0, 12, 0, (uint8_t)q->type, 0, 1, 0, 0, 1,
		0, 0, (uint8_t)size };
	uint8_t *end = q->packet + q->end;

	memcpy(q->packet + 2, head, sizeof head);
	memcpy(end, record, sizeof record);
	memcpy(end + sizeof record, data, size);
	size += q->end + sizeof record;
	ck_assert_int_eq(sendto(s->server, q->packet, size, 0,
		(struct sockaddr *)&q->from, sizeof q->from), (ssize_t)size);
}

/* Let the engine send, and answer all that comes. */
static void serve(struct site *s)
{
	struct question q;

	ck_assert_int_eq(mxsel_engine_process(s->engine), 0);
	while (hear(s, &q, 1))
		answer(s, &q);
	ck_assert_int_eq(mxsel_engine_wait(s->engine, 1), 0);
}

static mxsel *selection(struct site *s, const char *destination)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, destination, s->options), 0);
	return m;
}

/* Go on with one selection until it is no longer under way. */
static int walk(struct site *s, mxsel *m)
{
	int r, rounds = 0;

	while ((r = mxsel_engine_next(s->engine, m)) == MXSEL_LOOKUP) {
		do {
			serve(s);
			ck_assert_int_lt(rounds++, 1000);
		} while (mxsel_engine_ready(s->engine) != m);
	}
	return r;
}

/* -------------------------------------------------------- one selection */

START_TEST(a_selection_goes_from_lookup_to_attempts_to_its_end)
{
	struct site s;
	mxsel *m;

	site_open(&s);
	m = selection(&s, "user@example.test");
	ck_assert_int_eq(mxsel_engine_timeout(s.engine), -1);
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_LOOKUP);
	ck_assert_uint_eq(mxsel_engine_count(s.engine), 1);
	ck_assert_int_eq(mxsel_engine_timeout(s.engine), 0);
	ck_assert_ptr_null(mxsel_engine_ready(s.engine));
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_EUSAGE);
	while (mxsel_engine_timeout(s.engine) != 0 || s.heard == 0)
		serve(&s);
	ck_assert_ptr_eq(mxsel_engine_ready(s.engine), m);
	ck_assert_ptr_null(mxsel_engine_ready(s.engine));
	ck_assert_int_eq(walk(&s, m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "mx.test");
	ck_assert_str_eq(mxsel_address(m), "2001:db8::1");
	ck_assert_int_eq(walk(&s, m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	ck_assert_int_eq(walk(&s, m), MXSEL_END);
	ck_assert_uint_eq(mxsel_engine_count(s.engine), 0);
	ck_assert_uint_eq(s.heard, 3);
	ck_assert_uint_eq(mxsel_engine_statistic(s.engine,
		MXSEL_LDNS_SENT_UDP), 3);
	mxsel_free(m);
	site_close(&s);
}
END_TEST

START_TEST(the_descriptor_is_readable_when_an_answer_has_come)
{
	struct pollfd watched = { -1, POLLIN, 0 };
	struct question q;
	struct site s;
	mxsel *m;

	site_open(&s);
	m = selection(&s, "example.test");
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_process(s.engine), 0);
	ck_assert_int_eq(hear(&s, &q, 1000), 1);
	watched.fd = mxsel_engine_fd(s.engine);
	if (watched.fd < 0) { /* this system has nothing of the kind */
		mxsel_free(m);
		site_close(&s);
		return;
	}
	ck_assert_int_eq(poll(&watched, 1, 0), 0);
	answer(&s, &q);
	ck_assert_int_eq(poll(&watched, 1, 1000), 1);
	ck_assert_int_eq(mxsel_engine_process(s.engine), 0);
	ck_assert_ptr_eq(mxsel_engine_ready(s.engine), m);
	mxsel_free(m);
	site_close(&s);
}
END_TEST

START_TEST(S7_a_selection_whose_time_is_up_comes_back_and_defers)
{
	struct site s;
	mxsel *m;
	int rounds = 0;

	site_open(&s);
	mxsel_options_set(s.options, MXSEL_OPT_TIME_LIMIT, 60);
	m = selection(&s, "example.test");
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_LOOKUP);
	while (mxsel_engine_ready(s.engine) == NULL) {
		ck_assert_int_eq(mxsel_engine_wait(s.engine, 1000), 0);
		ck_assert_int_lt(rounds++, 1000);
	}
	ck_assert_uint_eq(mxsel_time_left(m), 0);
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	mxsel_free(m);
	site_close(&s);
}
END_TEST

/* ------------------------------------------------------- many of them */

START_TEST(S5_ten_that_want_the_same_ask_for_it_once)
{
	struct site s;
	mxsel *m[10], *ready;
	int i, ended = 0, r;

	site_open(&s);
	for (i = 0; i < 10; i++) {
		m[i] = selection(&s, "example.test");
		ck_assert_int_eq(mxsel_engine_next(s.engine, m[i]),
			MXSEL_LOOKUP);
	}
	while (ended < 10) {
		serve(&s);
		while ((ready = mxsel_engine_ready(s.engine)) != NULL) {
			do
				r = mxsel_engine_next(s.engine, ready);
			while (r == MXSEL_ATTEMPT);
			ended += r == MXSEL_END;
		}
	}
	ck_assert_uint_eq(s.heard, 3);
	ck_assert_uint_eq(mxsel_engine_statistic(s.engine,
		MXSEL_LDNS_COALESCED), 27);
	for (i = 0; i < 10; i++)
		mxsel_free(m[i]);
	site_close(&s);
}
END_TEST

START_TEST(what_may_not_be_in_flight_is_queued_and_asked_later)
{
	static const char *const names[] = { "a.test", "b.test", "c.test",
		"d.test", "e.test" };
	struct question q, other;
	struct site s;
	mxsel *m[5];
	int i;

	site_open(&s);
	ck_assert_int_eq(mxsel_engine_set(s.engine, MXSEL_ENGINE_IN_FLIGHT,
		1), 0);
	for (i = 0; i < 5; i++) {
		m[i] = selection(&s, names[i]);
		ck_assert_int_eq(mxsel_engine_next(s.engine, m[i]),
			MXSEL_LOOKUP);
	}
	for (i = 0; i < 5; i++) {
		ck_assert_int_eq(mxsel_engine_process(s.engine), 0);
		ck_assert_uint_eq(mxsel_engine_queued(s.engine),
			(size_t)(4 - i));
		ck_assert_int_eq(hear(&s, &q, 1000), 1);
		ck_assert_int_eq(hear(&s, &other, 5), 0);
		answer(&s, &q);
		while (mxsel_engine_ready(s.engine) == NULL)
			ck_assert_int_eq(mxsel_engine_wait(s.engine, 100), 0);
	}
	for (i = 0; i < 5; i++)
		mxsel_free(m[i]);
	ck_assert_uint_eq(mxsel_engine_count(s.engine), 0);
	site_close(&s);
}
END_TEST

START_TEST(what_the_cache_knows_is_not_asked_and_not_waited_for)
{
	mxsel_cache *cache;
	struct site s;
	mxsel *m;

	site_open(&s);
	ck_assert_int_eq(mxsel_cache_new(&cache, 65536, mxsel_ldns_clock,
		NULL), 0);
	ck_assert_int_eq(mxsel_options_set_cache(s.options, cache), 0);
	mxsel_cache_free(cache);
	m = selection(&s, "example.test");
	ck_assert_int_eq(walk(&s, m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_reset(m, "example.test"), 0);
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_END);
	ck_assert_uint_eq(s.heard, 3);
	mxsel_free(m);
	site_close(&s);
}
END_TEST

/* ---------------------------------------------------------- cancelling */

START_TEST(F92_a_cancelled_selection_goes_on_and_defers)
{
	struct site s;
	mxsel *m;

	site_open(&s);
	m = selection(&s, "example.test");
	ck_assert_int_eq(mxsel_engine_cancel(s.engine, m), 0);
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_cancel(s.engine, m), 0);
	ck_assert_uint_eq(mxsel_engine_count(s.engine), 0);
	ck_assert_ptr_null(mxsel_engine_ready(s.engine));
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.4.3");
	mxsel_free(m);
	site_close(&s);
}
END_TEST

/* S38: one of two that wait for the same is freed, the other goes on. */
START_TEST(S38_who_waits_for_the_same_is_not_disturbed)
{
	struct site s;
	mxsel *m, *other;

	site_open(&s);
	m = selection(&s, "example.test");
	other = selection(&s, "example.test");
	ck_assert_int_eq(mxsel_engine_next(s.engine, other), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_LOOKUP);
	mxsel_free(other);
	ck_assert_uint_eq(mxsel_engine_count(s.engine), 1);
	while (mxsel_engine_ready(s.engine) != m)
		serve(&s);
	ck_assert_int_eq(walk(&s, m), MXSEL_ATTEMPT);
	ck_assert_uint_eq(s.heard, 3);
	mxsel_free(m);
	site_close(&s);
}
END_TEST

START_TEST(S38_a_reset_under_way_begins_with_the_other_destination)
{
	struct question q;
	struct site s;
	mxsel *m;

	site_open(&s);
	m = selection(&s, "old.test");
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_process(s.engine), 0);
	ck_assert_int_eq(hear(&s, &q, 1000), 1);
	ck_assert_int_eq(mxsel_reset(m, "new.test"), 0);
	ck_assert_uint_eq(mxsel_engine_count(s.engine), 0);
	answer(&s, &q);
	ck_assert_int_eq(mxsel_engine_wait(s.engine, 20), 0);
	ck_assert_ptr_null(mxsel_engine_ready(s.engine));
	ck_assert_int_eq(walk(&s, m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_domain(m), "new.test");
	mxsel_free(m);
	site_close(&s);
}
END_TEST

START_TEST(S38_selections_outlive_their_engine)
{
	struct site s;
	mxsel *m;

	site_open(&s);
	m = selection(&s, "example.test");
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_LOOKUP);
	mxsel_engine_free(s.engine);
	ck_assert_int_eq(mxsel_engine_new(&s.engine, ""), 0);
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	mxsel_free(m);
	site_close(&s);
}
END_TEST

START_TEST(a_selection_belongs_to_one_engine_at_a_time)
{
	mxsel_engine *other;
	struct site s;
	mxsel *m;

	site_open(&s);
	ck_assert_int_eq(mxsel_engine_new(&other, ""), 0);
	m = selection(&s, "example.test");
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_next(other, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_cancel(other, m), 0);
	ck_assert_uint_eq(mxsel_engine_count(s.engine), 1);
	mxsel_engine_free(other);
	mxsel_free(m);
	site_close(&s);
}
END_TEST

/* ------------------------------------------------------------ the process */

/* S44 F82: both go on, and neither takes what the other was sent. */
START_TEST(S44_F82_after_a_fork_both_come_to_their_attempts)
{
	struct site s;
	mxsel *m;
	pid_t child;
	int status;

	site_open(&s);
	m = selection(&s, "example.test");
	ck_assert_int_eq(mxsel_engine_next(s.engine, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_process(s.engine), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child > 0) {
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert_int_eq(status, 0);
	}
	while (mxsel_engine_ready(s.engine) != m)
		serve(&s);
	status = walk(&s, m) != MXSEL_ATTEMPT;
	if (child == 0)
		end_child(status);
	ck_assert_int_eq(status, 0);
	mxsel_free(m);
	site_close(&s);
}
END_TEST

/* ------------------------------------------------------------ wrong calls */

START_TEST(settings_and_servers_have_their_ranges)
{
	static const int wrong[][2] = { { MXSEL_ENGINE_QUERY_TIME, 0 },
		{ MXSEL_ENGINE_QUERY_TIME, 600001 },
		{ MXSEL_ENGINE_IN_FLIGHT, 0 },
		{ MXSEL_ENGINE_IN_FLIGHT, 4097 }, { 0, 1 },
		{ MXSEL_ENGINE_MIX_CASE, 2 },
		{ MXSEL_ENGINE_TRUST_AD, 2 }, { 5, 1 } };
	struct site s;
	size_t i;

	site_open(&s);
	for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		ck_assert_int_eq(mxsel_engine_set(s.engine, wrong[i][0],
			wrong[i][1]), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_engine_set(s.engine, MXSEL_ENGINE_QUERY_TIME,
		600000), 0);
	ck_assert_int_eq(mxsel_engine_set(s.engine, MXSEL_ENGINE_IN_FLIGHT,
		4096), 0);
	ck_assert_int_eq(mxsel_engine_add_server(s.engine, "no server"),
		MXSEL_ESYNTAX);
	ck_assert_uint_eq(mxsel_engine_statistic(s.engine, -1), 0);
	ck_assert_uint_eq(mxsel_engine_statistic(s.engine, 99), 0);
	site_close(&s);
}
END_TEST

START_TEST(a_server_comes_before_the_first_question)
{
	struct site s;
	mxsel *m;

	site_open(&s);
	m = selection(&s, "example.test");
	ck_assert_int_eq(walk(&s, m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_engine_add_server(s.engine, "127.0.0.1@9"),
		MXSEL_EUSAGE);
	mxsel_free(m);
	site_close(&s);
}
END_TEST

START_TEST(F100_null_is_answered_and_never_fatal)
{
	mxsel_engine *engine;

	ck_assert_int_eq(mxsel_engine_new(NULL, ""), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_new(&engine, "/nonexistent/resolv"),
		MXSEL_EFILE);
	ck_assert_int_eq(mxsel_engine_add_server(NULL, "127.0.0.1"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_set(NULL, MXSEL_ENGINE_IN_FLIGHT, 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_next(NULL, NULL), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_engine_ready(NULL));
	ck_assert_int_eq(mxsel_engine_cancel(NULL, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_fd(NULL), -1);
	ck_assert_int_eq(mxsel_engine_timeout(NULL), -1);
	ck_assert_int_eq(mxsel_engine_process(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_wait(NULL, 0), MXSEL_EUSAGE);
	ck_assert_uint_eq(mxsel_engine_count(NULL), 0);
	ck_assert_uint_eq(mxsel_engine_queued(NULL), 0);
	ck_assert_uint_eq(mxsel_engine_statistic(NULL, 0), 0);
	mxsel_engine_free(NULL);
	ck_assert_int_eq(mxsel_engine_new(&engine, ""), 0);
	ck_assert_int_eq(mxsel_engine_add_server(engine, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_next(engine, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_cancel(engine, NULL), MXSEL_EUSAGE);
	mxsel_engine_free(engine);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("the engine through the shared libraries");
	TCase *t = tcase_create("engine");

	tcase_set_timeout(t, 60);
	tcase_add_test(t,
		a_selection_goes_from_lookup_to_attempts_to_its_end);
	tcase_add_test(t, the_descriptor_is_readable_when_an_answer_has_come);
	tcase_add_test(t,
		S7_a_selection_whose_time_is_up_comes_back_and_defers);
	tcase_add_test(t, S5_ten_that_want_the_same_ask_for_it_once);
	tcase_add_test(t, what_may_not_be_in_flight_is_queued_and_asked_later);
	tcase_add_test(t,
		what_the_cache_knows_is_not_asked_and_not_waited_for);
	tcase_add_test(t, F92_a_cancelled_selection_goes_on_and_defers);
	tcase_add_test(t, S38_who_waits_for_the_same_is_not_disturbed);
	tcase_add_test(t,
		S38_a_reset_under_way_begins_with_the_other_destination);
	tcase_add_test(t, S38_selections_outlive_their_engine);
	tcase_add_test(t, a_selection_belongs_to_one_engine_at_a_time);
	tcase_add_test(t, S44_F82_after_a_fork_both_come_to_their_attempts);
	tcase_add_test(t, settings_and_servers_have_their_ranges);
	tcase_add_test(t, a_server_comes_before_the_first_question);
	tcase_add_test(t, F100_null_is_answered_and_never_fatal);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
