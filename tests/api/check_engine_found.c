/*
 * The engine and the resolver of <mxsel/ldns.h> through the shared libraries,
 * where what one selection does must not cost the others anything: it is
 * freed, its names are slow, its server fell silent, its attempt takes its
 * time (S7, S10, S11, F92, F93).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <dirent.h>
#include <unistd.h>

#include "support/crowd_trial.h"
#include "support/run.h"

static void must_set(struct party *p, int option, int value)
{
	ck_assert_int_eq(mxsel_options_set(p->options, option, value), 0);
}

/* "d0.example" and on, to be freed by the caller. */
static void begin_some(struct party *p, mxsel **m, unsigned count)
{
	char name[32];
	unsigned i;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof name, "d%u.example", i);
		m[i] = party_new(p, name);
		ck_assert_int_eq(party_go_on(p, m[i]), MXSEL_LOOKUP);
	}
}

/* --- freed --------------------------------------------------------------- */

START_TEST(F92_answers_over_TCP_for_nobody_are_no_strays)
{
	static const struct crowd_plan plan = { .truncate = 1, .delay = 150 };
	mxsel *m[20];
	struct party p;
	unsigned i;

	party_begin(&p, &plan, PARTY_TIME);
	begin_some(&p, m, 20);
	while (crowd_heard_tcp(p.crowds[0]) < 20)
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 10), 0);
	for (i = 0; i < 8; i++)
		mxsel_free(m[i]);
	p.begun -= 8;
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 12);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 0);
	party_end(&p);
}
END_TEST

static void free_it(mxsel_query *query, void *user)
{
	++*(int *)user;
	mxsel_free(mxsel_query_selection(query));
}

/* Whoever reads what was freed is told by a sanitizer. */
START_TEST(F93_a_resolver_may_free_the_selection_that_asks_it)
{
	mxsel_resolver *resolver;
	struct party p;
	int calls = 0;

	party_begin(&p, NULL, PARTY_TIME);
	ck_assert_int_eq(mxsel_resolver_new(&resolver, free_it, NULL, &calls),
		0);
	ck_assert_int_eq(mxsel_options_set_resolver(p.options, resolver), 0);
	mxsel_resolver_free(resolver);
	ck_assert_int_eq(mxsel_engine_next(p.engine, party_new(&p,
		"d1.example")), MXSEL_ECANCELED);
	ck_assert_int_eq(calls, 1);
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 0);
	ck_assert_ptr_null(mxsel_engine_ready(p.engine));
	party_end(&p);
}
END_TEST

/* --- slow, silent -------------------------------------------------------- */

static const struct crowd_plan slow[] = {
	{ .delay = 200, .slow_names = 1, .silent_tcp = 1 },
	{ .delay = 200, .slow_names = 1, .no_tcp = 1 },
};

#define SLOW_NAMES_TOTAL 1500u
#define SLOW_NAMES_AT_ONCE 600u

START_TEST(S10_slow_names_of_a_fast_server_are_not_lost)
{
	struct party p;

	party_begin(&p, &slow[_i], 2000);
	while (p.ended < SLOW_NAMES_TOTAL) {
		while (p.begun < SLOW_NAMES_TOTAL &&
				p.begun - p.ended < SLOW_NAMES_AT_ONCE)
			party_send_many(&p, p.begun % 10 == 0 ? "s" : "d",
				p.begun, 1);
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 100), 0);
		party_take_ready(&p);
	}
	/* A tenth is slow; of these a busy machine may lose some, not most. */
	ck_assert_uint_ge(p.reasons[MXSEL_REASON_DELIVERED],
		SLOW_NAMES_TOTAL - SLOW_NAMES_TOTAL / 30);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED] +
		p.reasons[MXSEL_REASON_DNS_TEMPORARY], SLOW_NAMES_TOTAL);
	party_end(&p);
}
END_TEST

START_TEST(S10_a_queue_does_not_wait_for_a_server_that_fell_silent)
{
	static const struct crowd_plan silent = { .silent = 1, .no_tcp = 1 };
	struct party p;
	long long took;

	party_begin(&p, &silent, 3000);
	party_server(&p, NULL);
	ck_assert_int_eq(mxsel_engine_set(p.engine, MXSEL_ENGINE_IN_FLIGHT,
		16), 0);
	party_send_many(&p, "d", 0, 400);
	took = party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 400);
	ck_assert_int_lt(took, 2000);
	party_end(&p);
}
END_TEST

/* --- attempts that take their time --------------------------------------- */

static int wait_for(struct party *p, mxsel *m)
{
	int result;

	while ((result = mxsel_engine_next(p->engine, m)) == MXSEL_LOOKUP)
		while (mxsel_engine_ready(p->engine) != m)
			ck_assert_int_eq(mxsel_engine_wait(p->engine, 100), 0);
	return result;
}

/* The fourth question is one of those asked ahead, for the second host. */
START_TEST(S7_the_time_of_an_attempt_is_not_that_of_the_DNS)
{
	static const struct crowd_plan plan = { .delay = 50,
		.lose_questions = 4 };
	struct party p;
	mxsel *m;

	party_begin(&p, &plan, PARTY_TIME);
	must_set(&p, MXSEL_OPT_TIME_LIMIT, 1000);
	must_set(&p, MXSEL_OPT_PREFETCH, 128);
	m = party_new(&p, "p1.example");
	ck_assert_int_eq(wait_for(&p, m), MXSEL_ATTEMPT);
	usleep(1200000);
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "mx1.provider.example");
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_LOOKUP);
	while (mxsel_engine_ready(p.engine) != m)
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 100), 0);
	ck_assert_uint_ge(mxsel_time_left(m), 400);
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "mx2.provider.example");
	mxsel_free(m);
	party_end(&p);
}
END_TEST

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

static void use_blocking(struct party *p, struct crowd *crowd)
{
	mxsel_resolver *r;

	ck_assert_int_eq(mxsel_ldns_new(&r, ""), 0);
	ck_assert_int_eq(mxsel_ldns_add_server(r, crowd_address_of(crowd)), 0);
	ck_assert_int_eq(mxsel_ldns_set_query_time(r, 1500), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(p->options, r), 0);
	mxsel_resolver_free(r);
}

static mxsel *first_attempt(struct party *p, char letter, unsigned number)
{
	char name[32];
	mxsel *m;

	snprintf(name, sizeof name, "%c%u.example", letter, number);
	m = party_new(p, name);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	party_look(m);
	return m;
}

#define HELD 40

static const struct crowd_plan ways[] = { { .truncate = 0 },
	{ .truncate = 1 } };

START_TEST(S11_selections_held_at_an_attempt_cost_no_descriptor)
{
	int before, attempts = 0;
	mxsel *m[HELD];
	struct party p;
	unsigned i;

	party_begin(&p, &ways[_i], PARTY_TIME);
	use_blocking(&p, p.crowds[0]);
	must_set(&p, MXSEL_OPT_PREFETCH, 128);
	before = descriptors();
	for (i = 0; i < HELD; i++)
		m[i] = first_attempt(&p, 'p', i);
	/* The server may take a moment to close its ends. */
	for (i = 0; i < 100 && descriptors() > before; i++)
		usleep(10000);
	ck_assert_int_eq(descriptors(), before);
	/* They are in nobody's way. */
	for (i = 0; i < HELD; i++)
		mxsel_free(first_attempt(&p, 'd', i));
	/* What was asked ahead is answered when it is wanted. */
	while (mxsel_next(m[0]) == MXSEL_ATTEMPT) {
		party_look(m[0]);
		attempts += strcmp(mxsel_host_name(m[0]),
			"mx2.provider.example") == 0;
	}
	ck_assert_int_eq(attempts, 2);
	for (i = 0; i < HELD; i++)
		mxsel_free(m[i]);
	party_end(&p);
}
END_TEST

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

int main(void)
{
	Suite *suite = suite_create("engine and neighbours");
	TCase *c = tcase_create("neighbours");

	tcase_add_test(c, F92_answers_over_TCP_for_nobody_are_no_strays);
	tcase_add_test(c, F93_a_resolver_may_free_the_selection_that_asks_it);
	tcase_add_loop_test(c, S10_slow_names_of_a_fast_server_are_not_lost, 0,
		COUNT(slow));
	tcase_add_test(c,
		S10_a_queue_does_not_wait_for_a_server_that_fell_silent);
	tcase_add_test(c, S7_the_time_of_an_attempt_is_not_that_of_the_DNS);
	tcase_add_loop_test(c,
		S11_selections_held_at_an_attempt_cost_no_descriptor, 0,
		COUNT(ways));
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
