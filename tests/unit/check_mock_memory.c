/*
 * Scripts and records while memory is short: of a record that could not be
 * read nothing stays, and an answer that could not be kept is a failure for
 * now, never an answer with less in it (S18, S39, R79, F84). malloc() is this
 * program's own.
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mock.h>

#include "bench/memory.h"
#include "support/failing_malloc.h"
#include "support/run.h"

#ifdef MALLOC_IS_TAKEN

int main(void)
{
	puts("skipped: malloc() cannot be replaced in this build");
	return 77;
}

#else

#define HOSTS 60

static mxsel_mock *mock;

static void setup(void)
{
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
}

static void teardown(void)
{
	mxsel_mock_free(mock);
}

static const char record[] = "mxsel-record 1\n"
	"destination a.example\n"
	"seed 7\n"
	"end a.example MX 0 0\n";

START_TEST(R79_S39_a_record_is_read_whole_or_not_at_all)
{
	int at, result, failed;

	for (at = 0; ; at++) {
		fail_at(at);
		result = mxsel_mock_replay(mock, record, strlen(record));
		failed = disarm();
		if (!failed)
			break;
		ck_assert_int_eq(result, MXSEL_ENOMEM);
		ck_assert_ptr_null(mxsel_mock_replay_destination(mock, NULL));
	}
	ck_assert_int_eq(result, 0);
	ck_assert_int_eq(at, 4); /* a replay and three lines */
	ck_assert_str_eq(mxsel_mock_replay_destination(mock, NULL),
		"a.example");
}
END_TEST

/* ------------------------------------------------------ room of answers */

static void script(void)
{
	char host[32];
	int i;

	for (i = 0; i < HOSTS; i++) {
		snprintf(host, sizeof host, "mx%d.a.example", i);
		mxsel_mock_mx(mock, "a.example", 10, host, 300);
		mxsel_mock_address(mock, host, "192.0.2.1", 300);
	}
}

/* The same, as somebody recorded it. */
static void replay(void)
{
	static char text[16384];
	FILE *out = fmemopen(text, sizeof text, "w");
	int i;

	fputs("mxsel-record 1\ndestination a.example\n", out);
	for (i = 0; i < HOSTS; i++)
		fprintf(out, "mx a.example 10 mx%d.a.example 300\n", i);
	fputs("end a.example MX 0 0\n", out);
	for (i = 0; i < HOSTS; i++)
		fprintf(out, "address mx%d.a.example A 192.0.2.1 300\n"
			"end mx%d.a.example A 0 0\n"
			"end mx%d.a.example AAAA 0 0\n", i, i, i);
	fclose(out);
	ck_assert_int_eq(mxsel_mock_replay(mock, text, strlen(text)), 0);
}

/* A selection whose n-th request fails: its end, or -1 when it never began. */
static int plan(size_t at, struct memory *memory)
{
	mxsel_options *options;
	mxsel *m;
	int attempts = -1, result;

	memory_begin(memory);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&options,
		memory_give, memory), 0);
	mxsel_options_set_resolver(options, mxsel_mock_resolver(mock));
	mxsel_options_set_seed(options, 1);
	memory->fail_at = memory->calls + at;
	if (mxsel_new(&m, "a.example", options) == 0) {
		attempts = 0;
		while ((result = mxsel_next(m)) != MXSEL_END) {
			ck_assert_int_ne(result, MXSEL_LOOKUP);
			attempts += result == MXSEL_ATTEMPT;
		}
		ck_assert_int_eq(mxsel_verdict_action(m),
			MXSEL_ACTION_DEFER);
		mxsel_free(m);
	}
	mxsel_options_free(options);
	ck_assert_uint_eq(memory->bytes, 0);
	return attempts;
}

/* With one request less than is needed, all hosts are there or none. */
static void is_all_or_nothing(void)
{
	struct memory memory;
	int most = plan(MEMORY_NEVER / 2, &memory), got, failures = 0;
	size_t at;

	ck_assert_int_gt(most, 0);
	for (at = 0; ; at++) {
		got = plan(at, &memory);
		if (memory.failed == 0)
			break;
		ck_assert_msg(got == -1 || got == 0 || got == most,
			"%d of %d", got, most);
		failures += got == 0;
	}
	ck_assert_uint_gt(at, 2);
	ck_assert_int_gt(failures, 0);
}

START_TEST(S18_S39_a_script_is_told_whole_or_fails)
{
	script();
	is_all_or_nothing();
}
END_TEST

START_TEST(R79_S39_a_record_is_told_whole_or_fails)
{
	replay();
	is_all_or_nothing();
}
END_TEST

/* ------------------------------------------------------------------ reports */

START_TEST(R79_R80_a_report_that_cannot_be_is_an_error)
{
	static const char text[] = "mxsel-record 1\ndestination a.example\n"
		"mx a.example 10 mx.a.example 300\nend a.example MX 0 0\n"
		"address mx.a.example A 192.0.2.1 300\n"
		"end mx.a.example A 0 0\nend mx.a.example AAAA 0 0\n"
		"report mx.a.example 192.0.2.1 1 199\n";
	mxsel_options *options;
	mxsel *m;

	ck_assert_int_eq(mxsel_mock_replay(mock, text, strlen(text)), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	mxsel_options_set_resolver(options, mxsel_mock_resolver(mock));
	ck_assert_int_eq(mxsel_new(&m, "a.example", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_mock_replay_report(mock, m), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_mock_replay_report(mock, m), MXSEL_ERANGE);
	mxsel_free(m);
	mxsel_options_free(options);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mock without memory");
	TCase *t = tcase_create("memory");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R79_S39_a_record_is_read_whole_or_not_at_all);
	tcase_add_test(t, S18_S39_a_script_is_told_whole_or_fails);
	tcase_add_test(t, R79_S39_a_record_is_told_whole_or_fails);
	tcase_add_test(t, R79_R80_a_report_that_cannot_be_is_an_error);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}

#endif
