/*
 * The scripted resolver to the millisecond and to the last word: whose time
 * goes by, what is told of names that only a rule knows, which answer of a
 * record comes next (R6, R11, R60, R79, R91, S7, S39). malloc() is this
 * program's own. May use <mxsel/mock.h>.
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mock.h>

#include "support/failing_malloc.h"
#include "support/packet.h"
#include "support/run.h"

static mxsel_mock *mock;
static mxsel_options *options;
static char lines[4096];
static uint64_t last_seen;
static long blocks_before;

/* What was told, and by a clock that only goes forward. */
static void record(const char *line, void *user)
{
	size_t used = strlen(lines);

	(void)user;
	ck_assert_uint_ge(mxsel_mock_now(mock), last_seen);
	last_seen = mxsel_mock_now(mock);
	ck_assert_uint_lt(used + strlen(line) + 2, sizeof lines);
	(void)snprintf(lines + used, sizeof lines - used, "%s\n", line);
}

static void setup(void)
{
	lines[0] = '\0';
	last_seen = 0;
	blocks_before = own_heap_blocks();
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	mxsel_options_set_resolver(options, mxsel_mock_resolver(mock));
	mxsel_options_set_seed(options, 1);
	mxsel_options_set(options, MXSEL_OPT_FAMILY, MXSEL_FAMILY_V4_ONLY);
	mxsel_options_set(options, MXSEL_OPT_PREFETCH, 8);
	mxsel_options_set_recorder(options, record, NULL);
}

static void teardown(void)
{
	mxsel_options_free(options);
	mxsel_mock_free(mock);
	ck_assert_int_eq(own_heap_blocks(), blocks_before);
}

static mxsel *begun(const char *destination, int expected)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, destination, options), 0);
	ck_assert_int_eq(mxsel_next(m), expected);
	return m;
}

static int was_told(const char *line)
{
	char whole[128];

	(void)snprintf(whole, sizeof whole, "\n%s\n", line);
	return strstr(lines, whole) != NULL;
}

static void hosts(void)
{
	mxsel_mock_mx(mock, "a.example", 10, "one.example", 300);
	mxsel_mock_mx(mock, "a.example", 20, "two.example", 300);
	mxsel_mock_mx(mock, "b.example", 10, "one.example", 300);
	mxsel_mock_address(mock, "one.example", "192.0.2.1", 300);
	mxsel_mock_address(mock, "two.example", "192.0.2.2", 300);
}

/* ------------------------------------------------------------------- time */

/* One asked ahead, and what it asked is overdue since another waited. */
static mxsel *overdue(void)
{
	mxsel *m;

	hosts();
	mxsel_mock_delay(mock, "two.example", 0, 500);
	mxsel_mock_delay(mock, "b.example", 0, 1000);
	mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT, 5000);
	m = begun("a.example", MXSEL_ATTEMPT);
	mxsel_free(begun("b.example", MXSEL_ATTEMPT));
	ck_assert_uint_eq(mxsel_mock_now(mock), 1000);
	return m;
}

START_TEST(R60_an_answer_waits_for_who_asked)
{
	mxsel *m = overdue();

	ck_assert_int_eq(mxsel_mock_advance(mock, 0), 1);
	mxsel_free(m);
}
END_TEST

START_TEST(S7_an_answer_that_is_overdue_takes_no_time)
{
	mxsel *m = overdue();
	uint32_t left = mxsel_time_left(m);

	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.2");
	ck_assert_uint_eq(mxsel_mock_now(mock), 1000);
	ck_assert_uint_eq(mxsel_time_left(m), left);
	mxsel_free(m);
}
END_TEST

START_TEST(S7_time_that_is_moved_on_goes_forward)
{
	mxsel *m = overdue();
	uint32_t left = mxsel_time_left(m);

	ck_assert_int_eq(mxsel_mock_advance(mock, 100), 1);
	ck_assert_uint_eq(mxsel_mock_now(mock), 1100);
	ck_assert_uint_eq(mxsel_time_left(m), left);
	ck_assert_uint_eq(last_seen, 1000);
	mxsel_free(m);
}
END_TEST

START_TEST(S7_the_time_of_all_who_wait_goes_by)
{
	mxsel *a, *b;

	hosts();
	mxsel_mock_set_blocking(mock, 0);
	mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT, 5000);
	mxsel_mock_delay(mock, "a.example", 0, 900);
	mxsel_mock_delay(mock, "b.example", 0, 900);
	a = begun("a.example", MXSEL_LOOKUP);
	b = begun("b.example", MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 300), 0);
	ck_assert_uint_eq(mxsel_time_left(a), 4700);
	ck_assert_uint_eq(mxsel_time_left(b), 4700);
	ck_assert_int_eq(mxsel_mock_advance(mock, 700), 2);
	/* They were answered when it was time. */
	ck_assert_uint_eq(last_seen, 900);
	ck_assert_uint_eq(mxsel_mock_now(mock), 1000);
	mxsel_free(a);
	mxsel_free(b);
}
END_TEST

/* Whichever was asked first. */
START_TEST(S7_the_slowest_of_ones_questions_is_what_it_waits_for)
{
	mxsel *m;

	hosts();
	mxsel_mock_set_blocking(mock, 0);
	mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT, 5000);
	mxsel_mock_delay(mock, "one.example", 0, _i ? 400 : 100);
	mxsel_mock_delay(mock, "two.example", 0, _i ? 100 : 400);
	m = begun("a.example", MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 0), 1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_mock_advance(mock, 1000), 2);
	ck_assert_uint_eq(mxsel_time_left(m), 4600);
	mxsel_free(m);
}
END_TEST

START_TEST(S7_where_nobody_has_a_limit_patience_has)
{
	hosts();
	mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT, 0);
	mxsel_mock_misbehave(mock, "a.example", 0, MXSEL_MOCK_NEVER);
	mxsel_free(begun("a.example", MXSEL_END));
	ck_assert_uint_eq(mxsel_mock_now(mock), 30000);
}
END_TEST

/* ------------------------------------------------------------------ names */

START_TEST(R6_a_name_that_a_rule_knows_exists)
{
	mxsel_mock_delay(mock, "rule.example", 0, 10);
	mxsel_free(begun("rule.example", MXSEL_END));
	ck_assert(was_told("end rule.example MX 0 0"));
	mxsel_free(begun("other.example", MXSEL_END));
	ck_assert(!was_told("end other.example MX 0 0"));
	ck_assert(was_told("negative other.example MX 300"));
}
END_TEST

START_TEST(R11_what_is_told_is_what_there_is_and_no_more)
{
	hosts();
	mxsel_options_set(options, MXSEL_OPT_FAMILY, MXSEL_FAMILY_V4_FIRST);
	mxsel_mock_fail(mock, "two.example", MXSEL_TYPE_A,
		MXSEL_DNS_SERVFAIL);
	mxsel_free(begun("a.example", MXSEL_ATTEMPT));
	ck_assert(!was_told("negative a.example MX 300"));
	ck_assert(!was_told("negative one.example A 300"));
	ck_assert(was_told("negative one.example AAAA 300"));
	ck_assert(was_told("negative two.example AAAA 300"));
	ck_assert(!was_told("negative two.example A 300"));
	ck_assert(!was_told("address two.example A 192.0.2.2 300"));
	ck_assert(was_told("address one.example A 192.0.2.1 300"));
}
END_TEST

START_TEST(R60_questions_are_counted_by_name_and_type)
{
	hosts();
	mxsel_free(begun("a.example", MXSEL_ATTEMPT));
	mxsel_free(begun("b.example", MXSEL_ATTEMPT));
	ck_assert_uint_eq(mxsel_mock_asked(mock, "a.example", MXSEL_TYPE_MX),
		1);
	ck_assert_uint_eq(mxsel_mock_asked(mock, "b.example", 0), 1);
	ck_assert_uint_eq(mxsel_mock_asked(mock, "one.example",
		MXSEL_TYPE_A), 2);
	ck_assert_uint_eq(mxsel_mock_asked(mock, "two.example", 0), 1);
	ck_assert_uint_eq(mxsel_mock_asked(mock, "one.example",
		MXSEL_TYPE_MX), 0);
}
END_TEST

START_TEST(R60_a_rule_for_a_type_leaves_alone_what_it_does_not_name)
{
	hosts();
	mxsel_mock_misbehave(mock, "a.example", 0, MXSEL_MOCK_TWICE);
	mxsel_mock_delay(mock, "a.example", MXSEL_TYPE_MX, 5);
	mxsel_free(begun("a.example", MXSEL_ATTEMPT));
	ck_assert_uint_eq(mxsel_mock_refused(mock), 1);
}
END_TEST

START_TEST(F99_an_address_is_of_somebody)
{
	ck_assert_int_eq(mxsel_mock_address(NULL, "a.example", "192.0.2.1",
		300), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_address(mock, NULL, "192.0.2.1", 300),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_address(mock, "a.example", NULL, 300),
		MXSEL_EUSAGE);
}
END_TEST

/* ---------------------------------------------------------------- records */

#define HEAD "mxsel-record 1\ndestination a.example\n" \
	"mx a.example 10 mx.example 300\nend a.example MX 0 0\n"
#define ANSWER(address) "address mx.example A " address " 300\n" \
	"end mx.example A 0 0\n"

static void play(const char *text)
{
	ck_assert_int_eq(mxsel_mock_replay(mock, text, strlen(text)), 0);
}

START_TEST(R79_asked_again_it_goes_on_to_the_next_answer)
{
	static const char *const addresses[] = { "192.0.2.1", "192.0.2.2",
		"192.0.2.2" };
	mxsel *m;
	size_t i;

	play(HEAD ANSWER("192.0.2.1") ANSWER("192.0.2.2"));
	ck_assert_int_eq(mxsel_new(&m, "a.example", options), 0);
	for (i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		ck_assert_int_eq(mxsel_reset(m, "a.example"), 0);
		ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
		ck_assert_str_eq(mxsel_address(m), addresses[i]);
	}
	mxsel_free(m);
}
END_TEST

START_TEST(R79_a_report_is_played_once)
{
	mxsel *m;

	play(HEAD ANSWER("192.0.2.1") "report mx.example 192.0.2.1 1 0\n");
	m = begun("a.example", MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_mock_replay_report(mock, m), 1);
	ck_assert_int_eq(mxsel_reset(m, "a.example"), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_mock_replay_report(mock, m), 0);
	mxsel_free(m);
}
END_TEST

START_TEST(R79_manners_are_of_scripts_and_not_of_records)
{
	mxsel_mock_misbehave(mock, "a.example", 0, MXSEL_MOCK_TWICE);
	play(HEAD ANSWER("192.0.2.1"));
	mxsel_free(begun("a.example", MXSEL_ATTEMPT));
	ck_assert_uint_eq(mxsel_mock_refused(mock), 0);
}
END_TEST

START_TEST(R79_without_a_record_nothing_is_played)
{
	uint64_t seed;
	mxsel *m;

	hosts();
	m = begun("a.example", MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_mock_replay_report(mock, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_replay_report(NULL, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_replay_seed(mock, &seed), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_replay_seed(NULL, &seed), MXSEL_EUSAGE);
	mxsel_free(m);
}
END_TEST

START_TEST(R79_a_packet_that_is_none_is_malformed)
{
	play("mxsel-record 1\ndestination a.example\n"
		"packet a.example MX 0 00\n");
	mxsel_free(begun("a.example", MXSEL_END));
	ck_assert(was_told("end a.example MX 9 0"));
}
END_TEST

/* ----------------------------------------------------------------- memory */

#ifndef MALLOC_IS_TAKEN

START_TEST(S39_a_rule_that_could_not_be_kept_is_none)
{
	fail_at(0);
	ck_assert_int_eq(mxsel_mock_secure(mock, "a.example", 0,
		MXSEL_SECURITY_SECURE), MXSEL_ENOMEM);
	fail_at(0);
	ck_assert_int_eq(mxsel_mock_delay(mock, "a.example", 0, 5),
		MXSEL_ENOMEM);
	fail_at(0);
	ck_assert_int_eq(mxsel_mock_misbehave(mock, "a.example", 0,
		MXSEL_MOCK_TWICE), MXSEL_ENOMEM);
	fail_at(0);
	ck_assert_int_eq(mxsel_mock_fail(mock, "a.example", 0,
		MXSEL_DNS_SERVFAIL), MXSEL_ENOMEM);
	ck_assert_int_eq(disarm(), 1);
}
END_TEST

/* Whatever is answered was counted. */
START_TEST(S39_a_question_that_could_not_be_counted_fails)
{
	int call, failed = 1, ended = 0;
	size_t asked;
	mxsel *m;

	for (call = 0; failed; call++) {
		teardown();
		setup();
		hosts();
		ck_assert_int_eq(mxsel_new(&m, "b.example", options), 0);
		fail_at(call);
		if (mxsel_next(m) == MXSEL_ATTEMPT) {
			failed = disarm();
			asked = mxsel_mock_asked(mock, NULL, 0);
			ck_assert_uint_eq(asked, 2);
		}
		ended += disarm();
		mxsel_free(m);
	}
	ck_assert_int_gt(ended, 3);
}
END_TEST

#define HOSTS 60

/* "packet a.example MX 0 HEX", with so many exchanges. */
static const char *recorded_packet(char *text, size_t size)
{
	static struct packet p;
	size_t i, used;
	int n;

	packet_begin(&p, PACKET_REPLY, "a.example", PACKET_MX);
	for (n = 0; n < HOSTS; n++) {
		char host[32];

		(void)snprintf(host, sizeof host, "mx%d.example", n);
		packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, host);
	}
	used = (size_t)snprintf(text, size, "mxsel-record 1\n"
		"destination a.example\npacket a.example MX 0 ");
	for (i = 0; i < p.size; i++)
		used += (size_t)snprintf(text + used, size - used, "%02x",
			p.octets[i]);
	text[used++] = '\n';
	text[used] = '\0';
	return text;
}

START_TEST(S39_a_script_without_room_is_a_failure_of_the_server)
{
	int call, failed = 1, ended = 0;
	char host[32];
	mxsel *m;
	int n, result;

	for (call = 0; failed; call++) {
		teardown();
		setup();
		for (n = 0; n < HOSTS; n++) {
			(void)snprintf(host, sizeof host, "mx%d.example", n);
			mxsel_mock_mx(mock, "a.example", 10, host, 300);
		}
		ck_assert_int_eq(mxsel_new(&m, "a.example", options), 0);
		fail_at(call);
		result = mxsel_next(m);
		failed = disarm();
		ended += was_told("end a.example MX 2 0");
		/* Whatever it is, it is told. */
		ck_assert(result < 0 || was_told("end a.example MX 2 0") ||
			was_told("end a.example MX 0 0"));
		mxsel_free(m);
	}
	ck_assert_int_gt(ended, 1);
}
END_TEST

START_TEST(R79_S39_a_packet_without_room_is_not_malformed)
{
	static char text[8192];
	int call, failed = 1, ended = 0;
	mxsel *m;

	for (call = 0; failed; call++) {
		teardown();
		setup();
		play(recorded_packet(text, sizeof text));
		ck_assert_int_eq(mxsel_new(&m, "a.example", options), 0);
		fail_at(call);
		(void)mxsel_next(m);
		failed = disarm();
		ended += was_told("end a.example MX 2 0");
		ck_assert(!was_told("end a.example MX 9 0"));
		mxsel_free(m);
	}
	ck_assert_int_gt(ended, 0);
}
END_TEST

#endif

static void add_tests(TCase *c)
{
	tcase_add_test(c, R60_an_answer_waits_for_who_asked);
	tcase_add_test(c, S7_an_answer_that_is_overdue_takes_no_time);
	tcase_add_test(c, S7_time_that_is_moved_on_goes_forward);
	tcase_add_test(c, S7_the_time_of_all_who_wait_goes_by);
	tcase_add_loop_test(c,
		S7_the_slowest_of_ones_questions_is_what_it_waits_for, 0, 2);
	tcase_add_test(c, S7_where_nobody_has_a_limit_patience_has);
	tcase_add_test(c, R6_a_name_that_a_rule_knows_exists);
	tcase_add_test(c, R11_what_is_told_is_what_there_is_and_no_more);
	tcase_add_test(c, R60_questions_are_counted_by_name_and_type);
	tcase_add_test(c,
		R60_a_rule_for_a_type_leaves_alone_what_it_does_not_name);
	tcase_add_test(c, F99_an_address_is_of_somebody);
	tcase_add_test(c, R79_asked_again_it_goes_on_to_the_next_answer);
	tcase_add_test(c, R79_a_report_is_played_once);
	tcase_add_test(c, R79_manners_are_of_scripts_and_not_of_records);
	tcase_add_test(c, R79_without_a_record_nothing_is_played);
	tcase_add_test(c, R79_a_packet_that_is_none_is_malformed);
#ifndef MALLOC_IS_TAKEN
	tcase_add_test(c, S39_a_rule_that_could_not_be_kept_is_none);
	tcase_add_test(c, S39_a_question_that_could_not_be_counted_fails);
	tcase_add_test(c,
		S39_a_script_without_room_is_a_failure_of_the_server);
	tcase_add_test(c, R79_S39_a_packet_without_room_is_not_malformed);
#endif
}

int main(void)
{
	Suite *suite = suite_create("mock: exactly");
	TCase *one = tcase_create("exactly");

	tcase_add_checked_fixture(one, setup, teardown);
	add_tests(one);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
