/*
 * The engine of <mxsel/ldns.h> through the shared libraries: selections that
 * are freed, reset and cancelled at any time, and wrong calls (F92 to F95,
 * F100).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <unistd.h>

#include "support/crowd_trial.h"
#include "support/run.h"

static void must_set(struct party *p, int option, int value)
{
	ck_assert_int_eq(mxsel_options_set(p->options, option, value), 0);
}

/* --- taken out at any time ----------------------------------------------- */

static uint64_t dice = 4;

static unsigned throw_dice(unsigned sides)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(dice >> 33) % sides;
}

#define GUESTS 64

/* What a careless program might do to a selection of its own, at any time. */
static void do_something(struct party *p, mxsel **m)
{
	char name[32];

	snprintf(name, sizeof name, "%c%u.example", "dpenzf"[throw_dice(6)],
		throw_dice(40));
	switch (throw_dice(8)) {
	case 0:
		mxsel_free(*m);
		ck_assert_int_eq(mxsel_new(m, name, p->options), 0);
		mxsel_engine_next(p->engine, *m);
		break;
	case 1:
		ck_assert_int_eq(mxsel_reset(*m, name), 0);
		mxsel_engine_next(p->engine, *m);
		break;
	case 2:
		ck_assert_int_eq(mxsel_engine_cancel(p->engine, *m), 0);
		break;
	case 3:
		mxsel_engine_cancel(p->engine, *m);
		mxsel_engine_next(p->engine, *m);
		break;
	case 4:
		ck_assert_int_eq(mxsel_rewind(*m), 0);
		break;
	default:
		mxsel_engine_next(p->engine, *m);
		break;
	}
}

static void take_some(struct party *p, mxsel **guests)
{
	mxsel *m;
	int i;

	while ((m = mxsel_engine_ready(p->engine)) != NULL) {
		for (i = 0; i < GUESTS && guests[i] != m; i++)
			;
		ck_assert_int_lt(i, GUESTS);
		if (throw_dice(4) == 0)
			do_something(p, &guests[i]);
		else if (mxsel_engine_next(p->engine, m) == MXSEL_ATTEMPT)
			party_look(m);
	}
}

static const struct crowd_plan moods[] = {
	{ .delay = 0 },
	{ .delay = 2, .twice = 3 },
	{ .reverse = 7, .lose_questions = 30 },
	{ .truncate = 1, .hang_up = 5, .delay = 1 },
	{ .strays = 2, .lose_answers = 20 },
	{ .silent = 1 },
};

START_TEST(F92_to_F95_selections_are_freed_reset_and_cancelled_in_flight)
{
	mxsel *guests[GUESTS];
	struct party p;
	int i, step;

	party_begin(&p, &moods[_i], 60);
	must_set(&p, MXSEL_OPT_PREFETCH, 2);
	must_set(&p, MXSEL_OPT_TIME_LIMIT, 300);
	for (i = 0; i < GUESTS; i++)
		guests[i] = party_new(&p, "p1.example");
	for (step = 0; step < 3000; step++) {
		do_something(&p, &guests[throw_dice(GUESTS)]);
		if (throw_dice(3) == 0)
			ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
		if (throw_dice(3) == 0)
			take_some(&p, guests);
		ck_assert_uint_le(mxsel_engine_count(p.engine), GUESTS);
		if (step == 2000)
			usleep(70000); /* some are out of time now */
	}
	for (i = 0; i < GUESTS / 2; i++)
		mxsel_free(guests[i]);
	mxsel_engine_free(p.engine);
	p.engine = NULL;
	for (; i < GUESTS; i++) {
		ck_assert_int_eq(mxsel_reset(guests[i], "d1.example"), 0);
		mxsel_free(guests[i]);
	}
	party_end(&p);
}
END_TEST

/* The one that asks, and others that joined its question, come to an end. */
START_TEST(F92_S5_whoever_joined_a_question_keeps_it)
{
	static const struct crowd_plan plan = { .delay = 30 };
	struct party p;
	mxsel *m[3];
	int i;

	party_begin(&p, &plan, PARTY_TIME);
	for (i = 0; i < 3; i++) {
		m[i] = party_new(&p, "e1.example");
		ck_assert_int_eq(mxsel_engine_next(p.engine, m[i]),
			MXSEL_LOOKUP);
	}
	mxsel_free(m[0]);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert_int_eq(mxsel_reset(m[1], "d1.example"), 0);
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 1);
	while (mxsel_engine_ready(p.engine) == NULL)
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 1000), 0);
	ck_assert_int_eq(mxsel_engine_next(p.engine, m[2]), MXSEL_LOOKUP);
	ck_assert_uint_eq(crowd_asked(p.crowds[0], "e1.example", 15), 1);
	mxsel_free(m[1]);
	mxsel_free(m[2]);
	party_end(&p);
}
END_TEST

START_TEST(F93_F95_one_that_is_ready_may_be_freed_instead)
{
	struct party p;
	mxsel *m[3];
	int i;

	party_begin(&p, NULL, PARTY_TIME);
	for (i = 0; i < 3; i++) {
		m[i] = party_new(&p, "e1.example");
		ck_assert_int_eq(mxsel_engine_next(p.engine, m[i]),
			MXSEL_LOOKUP);
	}
	while (mxsel_engine_timeout(p.engine) != 0)
		ck_assert_int_eq(mxsel_engine_wait(p.engine, 1000), 0);
	ck_assert_int_eq(mxsel_engine_wait(p.engine, 1000), 0);
	while (mxsel_engine_ready(p.engine) != m[0])
		mxsel_engine_wait(p.engine, 100);
	mxsel_free(m[1]);              /* in the list */
	mxsel_free(m[0]);              /* just returned */
	ck_assert_ptr_eq(mxsel_engine_ready(p.engine), m[2]);
	ck_assert_int_eq(mxsel_reset(m[2], "d2.example"), 0);
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 0);
	ck_assert_ptr_null(mxsel_engine_ready(p.engine));
	mxsel_free(m[2]);
	party_end(&p);
}
END_TEST

START_TEST(F92_a_cancelled_selection_ends_with_no_server_reached)
{
	struct party p;
	mxsel *m;

	party_begin(&p, NULL, PARTY_TIME);
	m = party_new(&p, "d1.example");
	ck_assert_int_eq(mxsel_engine_cancel(p.engine, m), 0);
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_cancel(p.engine, m), 0);
	ck_assert_int_eq(mxsel_engine_cancel(p.engine, m), 0);
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 0);
	ck_assert_ptr_null(mxsel_engine_ready(p.engine));
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	mxsel_free(m);
	party_end(&p);
}
END_TEST

START_TEST(F93_freeing_the_engine_ends_the_questions_not_the_selections)
{
	static const struct crowd_plan plan = { .silent = 1 };
	struct party p;
	mxsel *m[40];
	char name[32];
	int i;

	party_begin(&p, &plan, PARTY_TIME);
	for (i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "d%d.example", i / 2);
		m[i] = party_new(&p, name);
		ck_assert_int_eq(mxsel_engine_next(p.engine, m[i]),
			MXSEL_LOOKUP);
	}
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	mxsel_engine_free(p.engine);
	p.engine = NULL;
	for (i = 0; i < 40; i++) {
		ck_assert_int_eq(mxsel_next(m[i]), MXSEL_END);
		ck_assert_int_eq(mxsel_verdict_code(m[i]), 451);
		mxsel_free(m[i]);
	}
	party_end(&p);
}
END_TEST

START_TEST(F95_prefetched_questions_do_not_outlive_their_selection)
{
	static const struct crowd_plan plan = { .delay = 20 };
	struct party p;
	mxsel *m;

	party_begin(&p, &plan, PARTY_TIME);
	must_set(&p, MXSEL_OPT_PREFETCH, 128);
	m = party_new(&p, "p1.example");
	while (mxsel_engine_next(p.engine, m) == MXSEL_LOOKUP)
		while (mxsel_engine_ready(p.engine) == NULL)
			mxsel_engine_wait(p.engine, 1000);
	ck_assert_int_eq(mxsel_engine_cancel(p.engine, m), 0);
	ck_assert_str_eq(mxsel_host_name(m), "mx1.provider.example");
	mxsel_free(m);
	ck_assert_int_eq(mxsel_engine_process(p.engine), 0);
	ck_assert_int_eq(mxsel_engine_timeout(p.engine), -1);
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 0);
	party_end(&p);
}
END_TEST

/* --- wrong calls --------------------------------------------------------- */

START_TEST(F100_NULL_and_bad_numbers_are_refused)
{
	struct party p;
	mxsel *m;

	party_begin(&p, NULL, PARTY_TIME);
	m = party_new(&p, "d1.example");
	ck_assert_int_eq(mxsel_engine_new(NULL, ""), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_add_server(NULL, "::1"), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_add_server(p.engine, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_add_server(p.engine, "ns.example"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_engine_next(NULL, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_next(p.engine, NULL), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_engine_ready(NULL));
	ck_assert_int_eq(mxsel_engine_cancel(NULL, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_cancel(p.engine, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_fd(NULL), -1);
	ck_assert_int_eq(mxsel_engine_timeout(NULL), -1);
	ck_assert_int_eq(mxsel_engine_process(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_wait(NULL, 1), MXSEL_EUSAGE);
	ck_assert_uint_eq(mxsel_engine_count(NULL), 0);
	ck_assert_uint_eq(mxsel_engine_queued(NULL), 0);
	ck_assert_uint_eq(mxsel_engine_statistic(NULL, 0), 0);
	ck_assert_uint_eq(mxsel_engine_statistic(p.engine, -1), 0);
	ck_assert_uint_eq(mxsel_engine_statistic(p.engine, 99), 0);
	mxsel_engine_free(NULL);
	mxsel_free(m);
	party_end(&p);
}
END_TEST

START_TEST(F100_settings_have_ranges)
{
	static const struct {
		int setting, value, result;
	} tries[] = {
		{ MXSEL_ENGINE_QUERY_TIME, 0, MXSEL_ERANGE },
		{ MXSEL_ENGINE_QUERY_TIME, 1, 0 },
		{ MXSEL_ENGINE_QUERY_TIME, 600000, 0 },
		{ MXSEL_ENGINE_QUERY_TIME, 600001, MXSEL_ERANGE },
		{ MXSEL_ENGINE_IN_FLIGHT, 0, MXSEL_ERANGE },
		{ MXSEL_ENGINE_IN_FLIGHT, 1, 0 },
		{ MXSEL_ENGINE_IN_FLIGHT, 4096, 0 },
		{ MXSEL_ENGINE_IN_FLIGHT, 4097, MXSEL_ERANGE },
		{ MXSEL_ENGINE_MIX_CASE, -1, MXSEL_ERANGE },
		{ MXSEL_ENGINE_MIX_CASE, 0, 0 },
		{ MXSEL_ENGINE_MIX_CASE, 1, 0 },
		{ MXSEL_ENGINE_MIX_CASE, 2, MXSEL_ERANGE },
		{ MXSEL_ENGINE_TRUST_AD, -2, MXSEL_ERANGE },
		{ MXSEL_ENGINE_TRUST_AD, -1, 0 },
		{ MXSEL_ENGINE_TRUST_AD, 0, 0 },
		{ MXSEL_ENGINE_TRUST_AD, 1, 0 },
		{ MXSEL_ENGINE_TRUST_AD, 2, MXSEL_ERANGE },
		{ 0, 1, MXSEL_ERANGE }, { 5, 1, MXSEL_ERANGE },
		{ -1, 1, MXSEL_ERANGE },
	};
	mxsel_engine *e;
	size_t i;

	ck_assert_int_eq(mxsel_engine_new(&e, ""), 0);
	for (i = 0; i < sizeof tries / sizeof tries[0]; i++)
		ck_assert_msg(mxsel_engine_set(e, tries[i].setting,
			tries[i].value) == tries[i].result, "try %zu", i);
	ck_assert_int_eq(mxsel_engine_set(NULL, MXSEL_ENGINE_IN_FLIGHT, 1),
		MXSEL_EUSAGE);
	mxsel_engine_free(e);
}
END_TEST

START_TEST(F86_F100_servers_come_from_a_file_or_before_the_first_question)
{
	char server[32];
	mxsel_engine *e = NULL;
	struct party p;
	int i;

	ck_assert_int_eq(mxsel_engine_new(&e, "/nonexistent"), MXSEL_EFILE);
	ck_assert_ptr_null(e);
	party_open(&p, PARTY_TIME);
	for (i = 1; i <= 33; i++) {
		snprintf(server, sizeof server, "192.0.2.%d", i);
		ck_assert_int_eq(mxsel_engine_add_server(p.engine, server),
			i <= 32 ? 0 : MXSEL_ELIMIT);
	}
	mxsel_engine_free(p.engine);
	ck_assert_int_eq(mxsel_engine_new(&p.engine, ""), 0);
	party_send(&p, "d1.example");
	party_run(&p, 1000); /* nobody to ask: temporary, and at once */
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 1);
	ck_assert_int_eq(mxsel_engine_add_server(p.engine, "192.0.2.1"),
		MXSEL_EUSAGE);
	party_end(&p);
}
END_TEST

START_TEST(F100_one_that_is_under_way_cannot_be_begun_again)
{
	struct party p;
	mxsel_engine *other;
	mxsel *m, *taken;

	party_begin(&p, NULL, PARTY_TIME);
	ck_assert_int_eq(mxsel_engine_new(&other, ""), 0);
	m = party_new(&p, "d1.example");
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_engine_next(p.engine, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_next(other, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_engine_cancel(other, m), 0);
	ck_assert_uint_eq(mxsel_engine_count(p.engine), 1);
	taken = party_new(&p, "d2.example");
	ck_assert_int_eq(mxsel_next(taken), MXSEL_LOOKUP);
	ck_assert_ptr_nonnull(mxsel_query_take(taken));
	/* Somebody else has its question. */
	ck_assert_int_eq(mxsel_engine_next(p.engine, taken), MXSEL_EUSAGE);
	mxsel_free(taken);
	mxsel_free(m);
	mxsel_engine_free(other);
	party_end(&p);
}
END_TEST

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

int main(void)
{
	Suite *suite = suite_create("engine calls");
	TCase *c = tcase_create("calls");

	tcase_add_loop_test(c,
		F92_to_F95_selections_are_freed_reset_and_cancelled_in_flight,
		0, COUNT(moods));
	tcase_add_test(c, F92_S5_whoever_joined_a_question_keeps_it);
	tcase_add_test(c, F93_F95_one_that_is_ready_may_be_freed_instead);
	tcase_add_test(c,
		F92_a_cancelled_selection_ends_with_no_server_reached);
	tcase_add_test(c,
		F93_freeing_the_engine_ends_the_questions_not_the_selections);
	tcase_add_test(c,
		F95_prefetched_questions_do_not_outlive_their_selection);
	tcase_add_test(c, F100_NULL_and_bad_numbers_are_refused);
	tcase_add_test(c, F100_settings_have_ranges);
	tcase_add_test(c,
		F86_F100_servers_come_from_a_file_or_before_the_first_question);
	tcase_add_test(c, F100_one_that_is_under_way_cannot_be_begun_again);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
