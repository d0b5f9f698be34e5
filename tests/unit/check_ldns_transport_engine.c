/*
 * The engine below the blocking resolver, driven as an event loop would:
 * many questions at once, cancelled ones, a fork in the middle. The
 * questions come from selections in pull mode.
 */
#define _DEFAULT_SOURCE

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ldns/conf.h"
#include "ldns/engine.h"
#include "ldns/sys.h"
#include "support/liar_trial.h"
#include "support/run.h"

struct bench {
	struct mxsel__servers servers;
	struct mxsel__engine engine;
	struct liar *liar;
	nfds_t most; /* descriptors that were open at a time */
};

static uint64_t now(void)
{
	uint64_t time = 0;

	ck_assert_int_eq(mxsel__sys_clock(&time), 0);
	return time;
}

static void bench_begin(struct bench *b, liar_fn udp)
{
	struct mxsel__server server;

	memset(b, 0, sizeof *b);
	b->liar = liar_start(udp, NULL);
	ck_assert_int_eq(mxsel__servers_init(&b->servers), 0);
	ck_assert_int_eq(mxsel__conf_server(&server, liar_address(b->liar)),
		0);
	ck_assert_int_eq(mxsel__servers_add(&b->servers, &server), 0);
	mxsel__engine_init(&b->engine, &b->servers);
}

static void bench_end(struct bench *b)
{
	mxsel__engine_drop(&b->engine);
	ck_assert_uint_eq(b->servers.sockets, 0);
	mxsel__servers_destroy(&b->servers);
	liar_stop(b->liar);
}

/* A selection whose questions are taken by the engine; how many. */
static int start(struct bench *b, mxsel **m, uint32_t milliseconds)
{
	mxsel_query *q;
	int count = 0;

	ck_assert_int_eq(mxsel_new(m, TRIAL_HOST, NULL), 0);
	ck_assert_int_eq(mxsel_next(*m), MXSEL_LOOKUP);
	while ((q = mxsel_query_take(*m)) != NULL) {
		ck_assert_int_eq(mxsel__engine_start(&b->engine, q, now(),
			milliseconds), 0);
		count++;
	}
	return count;
}

static void turn(struct bench *b)
{
	struct pollfd fds[MXSEL__SOCKETS_MAX];
	uint64_t wake, time = now();
	nfds_t n;

	mxsel__engine_process(&b->engine, time);
	n = mxsel__engine_descriptors(&b->engine, fds);
	b->most = n > b->most ? n : b->most;
	wake = mxsel__engine_timeout(&b->engine);
	if (wake != UINT64_MAX)
		poll(fds, n, wake > time ? (int)(wake - time) : 0);
}

static void run(struct bench *b)
{
	while (!mxsel__engine_is_idle(&b->engine))
		turn(b);
}

static void honest(struct liar_call *call)
{
	liar_tell_truth(call);
}

static void slow(struct liar_call *call)
{
	liar_pause(call, 2);
	liar_tell_truth(call);
}

#define MANY 50

START_TEST(S11_a_hundred_questions_share_sixty_four_sockets)
{
	mxsel *selections[MANY];
	struct bench b;
	int i, asked = 0;

	bench_begin(&b, slow);
	for (i = 0; i < MANY; i++)
		asked += start(&b, &selections[i], 5000);
	ck_assert_int_eq(asked, 2 * MANY);
	run(&b);
	ck_assert_uint_eq(b.most, MXSEL__SOCKETS_MAX);
	ck_assert_uint_eq(b.engine.answered, 2 * MANY);
	for (i = 0; i < MANY; i++) {
		ck_assert_int_eq(mxsel_next(selections[i]), MXSEL_ATTEMPT);
		mxsel_free(selections[i]);
	}
	bench_end(&b);
}
END_TEST

START_TEST(S11_a_question_without_a_socket_still_ends_in_time)
{
	mxsel *selections[MANY];
	struct bench b;
	uint64_t began;
	int i;

	bench_begin(&b, NULL);
	began = now();
	for (i = 0; i < MANY; i++)
		start(&b, &selections[i], 200);
	run(&b);
	ck_assert_uint_le(now() - began, 200 + TRIAL_GRACE);
	for (i = 0; i < MANY; i++) {
		ck_assert_int_eq(mxsel_next(selections[i]), MXSEL_END);
		ck_assert_int_eq(mxsel_verdict_code(selections[i]), 451);
		mxsel_free(selections[i]);
	}
	bench_end(&b);
}
END_TEST

START_TEST(an_idle_engine_waits_for_nothing)
{
	struct pollfd fds[MXSEL__SOCKETS_MAX];
	struct bench b;

	bench_begin(&b, honest);
	ck_assert(mxsel__engine_is_idle(&b.engine));
	ck_assert(mxsel__engine_timeout(&b.engine) == UINT64_MAX);
	ck_assert_uint_eq(mxsel__engine_descriptors(&b.engine, fds), 0);
	bench_end(&b);
}
END_TEST

/* The second of two questions is cancelled while it is asked. */
START_TEST(F92_a_cancelled_question_closes_its_socket)
{
	struct pollfd fds[MXSEL__SOCKETS_MAX];
	mxsel_query *a, *aaaa;
	struct bench b;
	mxsel *m;

	bench_begin(&b, NULL);
	ck_assert_int_eq(mxsel_new(&m, TRIAL_HOST, NULL), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	a = mxsel_query_take(m);
	aaaa = mxsel_query_take(m);
	mxsel__engine_start(&b.engine, a, now(), 1000);
	mxsel__engine_start(&b.engine, aaaa, now(), 1000);
	mxsel__engine_process(&b.engine, now());
	ck_assert_uint_eq(mxsel__engine_descriptors(&b.engine, fds), 2);
	mxsel__engine_cancel(&b.engine, aaaa);
	mxsel__engine_cancel(&b.engine, aaaa);
	ck_assert_uint_eq(mxsel__engine_descriptors(&b.engine, fds), 1);
	mxsel__engine_cancel(&b.engine, a);
	ck_assert(mxsel__engine_is_idle(&b.engine));
	ck_assert_uint_eq(b.servers.sockets, 0);
	mxsel_free(m);
	bench_end(&b);
}
END_TEST

START_TEST(S7_a_shorter_limit_ends_what_is_in_flight)
{
	struct bench b;
	uint64_t began;
	mxsel *m;

	bench_begin(&b, NULL);
	start(&b, &m, 5000);
	began = now();
	mxsel__engine_process(&b.engine, began);
	mxsel__engine_limit(&b.engine, began + 60);
	run(&b);
	ck_assert_uint_ge(now() - began, 60);
	ck_assert_uint_le(now() - began, 60 + TRIAL_GRACE);
	mxsel_free(m);
	bench_end(&b);
}
END_TEST

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

/* --- fork ---------------------------------------------------------------- */

static atomic_uint pairs_of_ports;

/* A is answered at its second coming only: that of parent and child. */
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
	liar_tell_truth(call);
	liar_tell_truth(&first);
}

static int finish_in_child(struct bench *b, mxsel *m)
{
	run(b);
	return mxsel_next(m) == MXSEL_ATTEMPT &&
		strcmp(mxsel_address(m), "192.0.2.1") == 0;
}

START_TEST(F82_S44_a_child_asks_anew_and_leaves_the_parents_socket)
{
	mxsel_options *options;
	struct bench b;
	int status = -1;
	pid_t child;
	mxsel *m;

	bench_begin(&b, both_came);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	mxsel_options_set(options, MXSEL_OPT_FAMILY, MXSEL_FAMILY_V4_ONLY);
	ck_assert_int_eq(mxsel_new(&m, TRIAL_HOST, options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	mxsel__engine_start(&b.engine, mxsel_query_take(m), now(), 3000);
	mxsel__engine_process(&b.engine, now());
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		_exit(finish_in_child(&b, m) ? 0 : 1);
	ck_assert(finish_in_child(&b, m));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(atomic_load(&pairs_of_ports), 1);
	ck_assert_uint_eq(b.servers.counters[MXSEL_LDNS_TIMEOUTS], 0);
	mxsel_free(m);
	mxsel_options_free(options);
	bench_end(&b);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns transport: engine");
	TCase *c = tcase_create("engine");

	tcase_add_test(c, S11_a_hundred_questions_share_sixty_four_sockets);
	tcase_add_test(c, S11_a_question_without_a_socket_still_ends_in_time);
	tcase_add_test(c, an_idle_engine_waits_for_nothing);
	tcase_add_test(c, F92_a_cancelled_question_closes_its_socket);
	tcase_add_test(c, S7_a_shorter_limit_ends_what_is_in_flight);
	tcase_add_test(c, S10_disgrace_ends_after_five_seconds);
	tcase_add_test(c,
		F82_S44_a_child_asks_anew_and_leaves_the_parents_socket);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
