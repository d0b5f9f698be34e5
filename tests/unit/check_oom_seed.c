/*
 * Memory that is short at the very first step, and memory over many passes:
 * the order of equals must not suffer from the one, nor the size from the
 * other (R32, S39).
 */
#include "support/run.h"

#include <string.h>

#include <mxsel/mxsel.h>

#include "bench/memory.h"

static void answer(mxsel_query *q)
{
	uint8_t address[4] = { 192, 0, 2, 0 };
	char name[] = "h?.example";
	int i;

	if (mxsel_query_type(q) == MXSEL_TYPE_MX) {
		for (i = 0; i < 8; i++) {
			name[1] = (char)('a' + i);
			ck_assert_int_eq(mxsel_answer_mx(q, 1, name, 1), 0);
		}
	} else if (mxsel_query_type(q) == MXSEL_TYPE_A) {
		address[3] = (uint8_t)mxsel_query_name(q)[1];
		ck_assert_int_eq(mxsel_answer_address(q, address, 4, 1), 0);
	}
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0), 0);
}

static int go_on(mxsel *m)
{
	mxsel_query *q;
	int rc;

	while ((rc = mxsel_next(m)) == MXSEL_LOOKUP)
		while ((q = mxsel_query_take(m)) != NULL)
			answer(q);
	return rc;
}

/* The second letters of the hosts, in order; how often memory was short. */
static int order(size_t local_part, int trace, int fail, char letters[16])
{
	struct memory memory;
	char destination[1100];
	mxsel_options *o;
	mxsel *m;
	int failures = 0;

	memory_begin(&memory);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, memory_give,
		&memory), 0);
	ck_assert_int_eq(mxsel_options_set_seed(o, 7), 0);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TRACE, trace), 0);
	memset(destination, 'a', local_part);
	memcpy(destination + local_part, "@example.com", 13);
	ck_assert_int_eq(mxsel_new(&m, destination, o), 0);
	if (fail) {
		memory.fail_at = memory.calls;
		failures = mxsel_next(m) == MXSEL_ENOMEM;
		memory.fail_at = MEMORY_NEVER;
	}
	memset(letters, 0, 16);
	while (go_on(m) == MXSEL_ATTEMPT)
		letters[strlen(letters)] = mxsel_host_name(m)[1];
	mxsel_free(m);
	mxsel_options_free(o);
	ck_assert_uint_eq(memory.bytes, 0);
	return failures;
}

START_TEST(R32_S39_short_memory_at_the_first_step_changes_no_order)
{
	char whole[16], short_of[16];
	size_t local_part;
	int failures = 0, trace;

	/* A trace takes room too: where pointers are short there is more. */
	for (trace = 0; trace < 2; trace++)
		for (local_part = 600; local_part < 1000; local_part += 10) {
			order(local_part, trace, 0, whole);
			failures += order(local_part, trace, 1, short_of);
			ck_assert_uint_eq(strlen(whole), 8);
			ck_assert_str_eq(short_of, whole);
		}
	ck_assert_int_gt(failures, 0);
}
END_TEST

START_TEST(R80_S39_passes_and_reports_without_end_take_no_more_memory)
{
	struct memory memory;
	mxsel_options *o;
	mxsel *m;
	size_t after_ten = 0;
	int i;

	memory_begin(&memory);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, memory_give,
		&memory), 0);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), 0);
	for (i = 0; i < 10000; i++) {
		ck_assert_int_eq(go_on(m), MXSEL_ATTEMPT);
		ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_RCPT, 550,
			"5.1.1 No such user"), MXSEL_OK);
		ck_assert_int_eq(go_on(m), MXSEL_END);
		ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
		if (i == 10)
			after_ten = memory.bytes;
	}
	ck_assert_uint_eq(memory.bytes, after_ten);
	mxsel_free(m);
	mxsel_options_free(o);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("no memory at the start");
	TCase *tc = tcase_create("seed");

	tcase_add_test(tc,
		R32_S39_short_memory_at_the_first_step_changes_no_order);
	tcase_add_test(tc,
		R80_S39_passes_and_reports_without_end_take_no_more_memory);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
