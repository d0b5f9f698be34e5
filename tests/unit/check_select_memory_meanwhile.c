/*
 * What others learn while a selection orders its equals: one that is tried
 * again by somebody else goes behind, one that talks by now is tried, a
 * family's turn is taken once (R85). Others are heard of at a reading of the
 * clock, as if another thread had been quicker. May use the public headers
 * and tests/support.
 */
#include <check.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/with_memory.h"

#define PROBED "in its place, to see whether it is well again"

/* What another one does at the at-th reading of the clock; 0: nothing. */
static struct {
	int reads, at, busy;
	void (*does)(void);
} other;

static uint64_t clock_of_many(void *user)
{
	if (!other.busy && other.does != NULL && ++other.reads == other.at) {
		other.busy = 1;
		other.does();
		other.busy = 0;
	}
	return *(uint64_t *)user;
}

static void setup_many(void)
{
	memset(&other, 0, sizeof(other));
	setup_clock(clock_of_many);
}

/* The world before; each walk begins with a memory of its own. */
static void anew(void (*before)(void))
{
	mxsel_free(m);
	m = NULL;
	other.does = NULL;
	mxsel_memory_free(memory);
	remember(clock_of_many);
	before();
}

/* A seed with which this is said of a subject when nobody is in between. */
static uint64_t seed_of(const char *domain, void (*before)(void),
	const char *subject, const char *said)
{
	uint64_t seed;

	for (seed = 1; seed < 100; seed++) {
		anew(before);
		(void)walk(domain, seed);
		if (says(subject, said))
			return seed;
	}
	ck_abort_msg("%s: never \"%s\"", domain, said);
	return 0;
}

/*
 * Another one is in between at each reading in turn: how often what is said
 * of the subject was this. All are tried, whatever happens.
 */
static int count_said(const char *domain, uint64_t seed,
	void (*before)(void), void (*does)(void), const char *subject,
	const char *said)
{
	size_t all = strlen(walk_without(domain, seed));
	int at, n = 0;

	for (at = 1; at < 12; at++) {
		anew(before);
		other.reads = 0;
		other.at = at;
		other.does = does;
		ck_assert_uint_eq(strlen(walk(domain, seed)), all);
		n += says(subject, said);
	}
	return n;
}

static void failed_a_while_ago(void)
{
	fails("a.example", "2001:db8::61");
	now += 60000;
}

static void all_but_one_failed_a_while_ago(void)
{
	fails("a.example", NULL);
	fails("b.example", NULL);
	now += 60000;
}

static void somebody_else_failed(void)
{
	fails("a.example", "2001:db8::61");
}

static void somebody_else_delivered(void)
{
	ck_assert_int_eq(mxsel_memory_report(memory, "a.example",
		"2001:db8::61", 25, MXSEL_OUTCOME_DELIVERED, 0, NULL), 0);
}

static void all_is_forgotten(void)
{
	ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
}

START_TEST(R85_a_host_that_another_one_tries_goes_behind)
{
	uint64_t seed = seed_of("two.example", failed_a_while_ago,
		"a.example", PROBED);

	ck_assert_int_gt(count_said("two.example", seed, failed_a_while_ago,
		somebody_else_failed, "a.example",
		"behind its equals: score 0.250"), 0);
	ck_assert_int_gt(count_said("two.example", seed, failed_a_while_ago,
		somebody_else_failed, "a.example", PROBED), 0);
}
END_TEST

/* The next one that failed may be tried instead, or one that is well. */
START_TEST(R85_behind_one_that_another_one_tries_the_next_leads)
{
	uint64_t seed = seed_of("three.example",
		all_but_one_failed_a_while_ago, "a.example", PROBED);

	ck_assert_int_gt(count_said("three.example", seed,
		all_but_one_failed_a_while_ago, somebody_else_failed,
		"a.example", "behind its equals: score 0.250"), 0);
}
END_TEST

START_TEST(R85_a_host_that_talks_by_now_is_tried)
{
	uint64_t seed = seed_of("two.example", failed_a_while_ago,
		"a.example", PROBED);

	ck_assert_int_gt(count_said("two.example", seed, failed_a_while_ago,
		somebody_else_delivered, "a.example", PROBED), 0);
	ck_assert_int_eq(count_said("two.example", seed, failed_a_while_ago,
		somebody_else_delivered, "a.example", "behind"), 0);
	ck_assert_int_gt(count_said("two.example", seed, failed_a_while_ago,
		all_is_forgotten, "a.example", PROBED), 0);
}
END_TEST

START_TEST(R85_an_address_that_another_one_tries_goes_behind)
{
	uint64_t seed = seed_of("many.example", failed_a_while_ago,
		"2001:db8::61", PROBED);

	ck_assert_int_gt(count_said("many.example", seed, failed_a_while_ago,
		somebody_else_failed, "2001:db8::61",
		"behind the others of many.example: score 0.250"), 0);
}
END_TEST

static void a_policy_rejected(void)
{
	ck_assert_int_eq(mxsel_memory_report(memory, "both.example",
		"2001:db8::6", 25, MXSEL_OUTCOME_RCPT, 550, "5.7.1 no"), 0);
}

static int turns; /* taken by somebody else */

/* Another selection, which begins and goes as far as its first attempt. */
static void somebody_else_takes_the_turn(void)
{
	mxsel *mine = m;

	m = NULL;
	begin("both.example", 1);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.4");
	turns++;
	mxsel_free(m);
	m = mine;
}

START_TEST(R85_a_turn_that_another_one_took_is_over)
{
	const char *said = "IPv4 first: the other family was rejected";
	int n;

	ck_assert_uint_eq(seed_of("both.example", a_policy_rejected,
		"both.example", said), 1);
	turns = 0;
	n = count_said("both.example", 1, a_policy_rejected,
		somebody_else_takes_the_turn, "both.example", said);
	ck_assert_int_gt(n, 0);
	ck_assert_int_gt(turns, 1); /* before it is looked up, and after */
	ck_assert_int_eq(n + turns, 11);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: memory of hosts, meanwhile");
	TCase *t = tcase_create("R85");

	tcase_add_checked_fixture(t, setup_many, teardown);
	tcase_add_test(t, R85_a_host_that_another_one_tries_goes_behind);
	tcase_add_test(t,
		R85_behind_one_that_another_one_tries_the_next_leads);
	tcase_add_test(t, R85_a_host_that_talks_by_now_is_tried);
	tcase_add_test(t, R85_an_address_that_another_one_tries_goes_behind);
	tcase_add_test(t, R85_a_turn_that_another_one_took_is_over);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
