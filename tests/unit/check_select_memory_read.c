/*
 * Plans that nobody carries out: selections that only read a memory of hosts
 * leave it as it was, however many there are (R85, R79). May use the public
 * headers and tests/support.
 */
#include <check.h>
#include <stdlib.h>

#include <mxsel/memory.h>

#include "support/run.h"
#include "support/with_memory.h"

static void setup_read(void)
{
	setup();
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_READ_ONLY, 1),
		0);
}

/* All that is known, as text. */
static const char *everything(void)
{
	static char text[4096];
	struct mxsel_memory_entry e;
	uint64_t place = 0;
	size_t n = 0;

	text[0] = '\0';
	while (mxsel_memory_next(memory, &place, &e) == 1) {
		ck_assert_int_eq(mxsel_memory_format(&e, text + n,
			sizeof(text) - n), 0);
		n += strlen(text + n);
	}
	return text;
}

static void rejects_IPv6(const char *host)
{
	ck_assert_int_eq(mxsel_memory_report(memory, host, "2001:db8::61", 25,
		MXSEL_OUTCOME_MAIL, 550, "5.7.1 No reverse DNS"), 0);
	ck_assert_int_eq(known(host).turn, 4);
}

START_TEST(R85_a_plan_takes_no_turn)
{
	rejects_IPv6("many.example");
	ck_assert_str_eq(walk("many.example", 1), "41 61 42 62");
	ck_assert_str_eq(walk("many.example", 1), "41 61 42 62");
	ck_assert_int_eq(known("many.example").turn, 4);
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_READ_ONLY, 0),
		0);
	ck_assert_str_eq(walk("many.example", 1), "41 61 42 62");
	ck_assert_int_eq(known("many.example").turn, 0);
	ck_assert_str_eq(walk("many.example", 1), "61 41 62 42");
}
END_TEST

/* By a score of 250 it goes behind in a quarter of all plans, not more. */
START_TEST(R31_R85_a_plan_is_no_try_of_one_that_failed)
{
	char before[4096];
	uint64_t seed, probes;
	int first = 0;

	fails("a.example", NULL);
	now += 60000;
	ck_assert_int_eq(known("a.example").score, 250);
	strcpy(before, everything());
	for (seed = 1; seed <= 900; seed++)
		first += walk("three.example", seed)[0] == '1';
	/* Of 300 that it leads by the shuffle about 225 are left. */
	ck_assert_int_gt(first, 180);
	ck_assert_int_lt(first, 270);
	ck_assert_str_eq(everything(), before);
	probes = mxsel_memory_statistic(memory, MXSEL_MEMORY_PROBES);
	ck_assert_uint_eq(probes, 0);
}
END_TEST

START_TEST(R85_what_is_reported_of_a_plan_is_not_kept)
{
	begin("three.example", 1);
	report(MXSEL_OUTCOME_REFUSED, 0, NULL);
	ck_assert_str_eq(everything(), "");
	fails("b.example", NULL);
	ck_assert_int_eq(known("b.example").score, 1000);
}
END_TEST

START_TEST(R79_R85_the_same_seed_gives_the_same_plan_however_often)
{
	char first[128];
	uint64_t seed;
	int i;

	fails("a.example", "192.0.2.1");
	rejects_IPv6("many.example");
	now += 40000;
	for (seed = 1; seed < 100; seed++) {
		strcpy(first, walk("three.example", seed));
		for (i = 0; i < 5; i++)
			ck_assert_str_eq(walk("three.example", seed), first);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: memory of hosts, read only");
	TCase *t = tcase_create("R85");

	tcase_add_checked_fixture(t, setup_read, teardown);
	tcase_add_test(t, R85_a_plan_takes_no_turn);
	tcase_add_test(t, R31_R85_a_plan_is_no_try_of_one_that_failed);
	tcase_add_test(t, R85_what_is_reported_of_a_plan_is_not_kept);
	tcase_add_test(t,
		R79_R85_the_same_seed_gives_the_same_plan_however_often);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
