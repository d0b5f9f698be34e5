/*
 * A selection that finds no memory makes its step again, and untells the
 * memory of hosts what it told it in that step (S39, R85): what others told
 * meanwhile stays. Others are heard of at a reading of the clock, as if
 * another thread had been quicker. May use the public headers and
 * tests/support.
 */
#include <check.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/short_of_memory.h"

#define PROBED "in its place, to see whether it is well again"

static int outcome; /* of another one's attempt */
static int reads;   /* of the clock, by the selection; -1: no more */

/* The first reading is for the look-up, the second to try it again. */
static uint64_t clock_of_two(void *user)
{
	if (reads >= 0 && ++reads == 2) {
		reads = -1;
		ck_assert_int_eq(mxsel_memory_report(memory, "a.example", NULL,
			25, outcome, 0, NULL), 0);
	}
	return *(uint64_t *)user;
}

/* To its first attempt, with the n-th request for memory refused; alone: with
   nobody in between. */
static void play(const char *destination, uint64_t seed, size_t n, int alone)
{
	mxsel_query *q;
	int rc;

	reads = -1;
	mxsel_free(m);
	m = NULL;
	mxsel_memory_free(memory);
	remember(clock_of_two);
	fails("a.example", NULL);
	now += 60000;
	mxsel_options_set_seed(o, seed);
	ck_assert_int_eq(mxsel_new(&m, destination, o), 0);
	reads = alone ? -1 : 0;
	heap.calls = 0;
	heap.fail_at = n;
	while ((rc = mxsel_next(m)) == MXSEL_LOOKUP || rc == MXSEL_ENOMEM)
		while ((q = mxsel_query_take(m)) != NULL)
			answer_outside(q, NULL);
	ck_assert_int_eq(rc, MXSEL_ATTEMPT);
	heap.fail_at = MEMORY_NEVER;
}

/* With this one a.example is tried again, while nobody is in between. */
static uint64_t seed_that_tries(void)
{
	uint64_t seed;

	for (seed = 1; seed < 100; seed++) {
		play("two.example", seed, MEMORY_NEVER, 1);
		if (says("a.example", PROBED))
			return seed;
	}
	ck_abort_msg("it is never tried again");
	return 0;
}

/*
 * Local parts of many lengths, so that each request of the selection's own is
 * once the one that needs a block of memory, which is refused once.
 */
static void check_score(int how, unsigned score)
{
	uint64_t seed = seed_that_tries();
	char destination[1100];
	size_t length, n, all;

	outcome = how;
	for (length = 1; length < 1000; length += 8) {
		memset(destination, 'l', length);
		strcpy(destination + length, "@two.example");
		for (n = 0, all = 1; n < all; n++) {
			play(destination, seed, n, 0);
			ck_assert_int_eq(reads, -1);
			all = heap.calls;
			ck_assert_uint_eq(known("a.example").score, score);
			ck_assert_int_eq(says("a.example", "behind"),
				score > 0);
			ck_assert_uint_eq(mxsel_memory_statistic(memory,
				MXSEL_MEMORY_PROBES), 0);
		}
	}
}

START_TEST(S39_R85_that_another_one_tries_a_host_again_is_not_untold)
{
	check_score(MXSEL_OUTCOME_TIMEOUT, 1250);
}
END_TEST

START_TEST(S39_R85_that_a_host_talks_by_now_is_not_untold)
{
	check_score(MXSEL_OUTCOME_DELIVERED, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: memory of hosts, untold");
	TCase *t = tcase_create("S39");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, begin_failing, end_failing);
	tcase_add_test(t,
		S39_R85_that_another_one_tries_a_host_again_is_not_untold);
	tcase_add_test(t, S39_R85_that_a_host_talks_by_now_is_not_untold);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
