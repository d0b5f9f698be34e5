/*
 * Two ways to the same plans: two thousand destinations through an engine,
 * all at once, and through the blocking resolver, one by one, give the same
 * hosts, addresses and verdicts in the same order (R32, S5).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <stdlib.h>

#include "support/crowd_trial.h"
#include "support/run.h"

#define MANY 2000u

/* A destination and what became of it, as text. */
struct told {
	mxsel *selection;
	size_t length;
	char text[240];
};

static void destination(char out[32], unsigned i)
{
	/* Some of them twice. */
	snprintf(out, 32, i % 11 == 0 ? "[%c%u.example]" : "%c%u.example",
		"dddppenzf"[i % 9], i % 1500);
}

static void say(struct told *t, const char *a, int number, const char *b)
{
	int n = snprintf(t->text + t->length, sizeof t->text - t->length,
		"%s %d %s\n", a, number, b);

	ck_assert_int_gt(n, 0);
	t->length += (size_t)n;
	ck_assert_uint_lt(t->length, sizeof t->text);
}

/* 1: it has ended. */
static int follow(struct told *t, mxsel_engine *e)
{
	mxsel *m = t->selection;
	int result;

	for (;;) {
		result = e != NULL ? mxsel_engine_next(e, m) : mxsel_next(m);
		if (result != MXSEL_ATTEMPT)
			break;
		party_look(m);
		say(t, mxsel_host_name(m), mxsel_host_preference(m),
			mxsel_address(m));
	}
	if (result == MXSEL_LOOKUP)
		return 0;
	ck_assert_int_eq(result, MXSEL_END);
	say(t, mxsel_verdict_status(m), mxsel_verdict_code(m),
		mxsel_verdict_text(m));
	say(t, "questions", (int)mxsel_query_count(m), "");
	mxsel_free(m);
	return 1;
}

static void begin(struct told *t, unsigned i, const mxsel_options *options)
{
	char name[32];

	destination(name, i);
	t->length = 0;
	ck_assert_int_eq(mxsel_new(&t->selection, name, options), 0);
	mxsel_set_user(t->selection, t);
}

static void plan_all_at_once(struct party *p, struct told *all)
{
	unsigned i, ended = 0;
	mxsel *m;

	for (i = 0; i < MANY; i++) {
		begin(&all[i], i, p->options);
		ended += (unsigned)follow(&all[i], p->engine);
	}
	while (ended < MANY) {
		ck_assert_int_eq(mxsel_engine_wait(p->engine, 1000), 0);
		while ((m = mxsel_engine_ready(p->engine)) != NULL)
			ended += (unsigned)follow(mxsel_user(m), p->engine);
	}
}

static const struct crowd_plan plans[] = {
	{ .delay = 0 },
	{ .reverse = 10, .lose_questions = 100, .twice = 5 },
};

START_TEST(R32_S5_many_at_once_or_one_by_one_the_plans_are_the_same)
{
	struct told *all = calloc(MANY, sizeof *all), one;
	static const struct crowd_plan honest = { .delay = 0 };
	mxsel_options *blocking;
	mxsel_resolver *r;
	struct party p;
	unsigned i;

	ck_assert_ptr_nonnull(all);
	/* What is lost is asked again, on a busy machine as well. */
	party_begin(&p, &plans[_i], 5 * PARTY_TIME);
	ck_assert_int_eq(mxsel_options_set_seed(p.options, 11), 0);
	ck_assert_int_eq(mxsel_options_copy(&blocking, p.options), 0);
	plan_all_at_once(&p, all);
	crowd_change(p.crowds[0], &honest);
	ck_assert_int_eq(mxsel_ldns_new(&r, ""), 0);
	ck_assert_int_eq(mxsel_ldns_add_server(r,
		crowd_address_of(p.crowds[0])), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(blocking, r), 0);
	for (i = 0; i < MANY; i++) {
		begin(&one, i, blocking);
		ck_assert_int_eq(follow(&one, NULL), 1);
		ck_assert_str_eq(one.text, all[i].text);
	}
	mxsel_resolver_free(r);
	mxsel_options_free(blocking);
	party_end(&p);
	free(all);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("engine and resolver");
	TCase *c = tcase_create("alike");

	tcase_add_loop_test(c,
		R32_S5_many_at_once_or_one_by_one_the_plans_are_the_same, 0,
		(int)(sizeof plans / sizeof plans[0]));
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
