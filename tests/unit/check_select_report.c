/*
 * mxsel_report(): when it may be called, with what, and what is kept of the
 * remote host's words (R71, R73, R75). May use <mxsel/mxsel.h>.
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "bench/memory.h"
#include "support/run.h"

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

/* An attempt needs no question here. */
static mxsel *reach(const mxsel_options *o)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "[192.0.2.1]", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	return m;
}

START_TEST(R71_a_report_is_of_an_attempt_and_comes_once)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_report(NULL, MXSEL_OUTCOME_LOST, 0, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_new(&m, "[192.0.2.1]", NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_LOST, 0, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_LOST, 0, NULL), 0);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_LOST, 0, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_TRY);
	ck_assert_int_eq(mxsel_verdict_code(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_DELIVERED, 0, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	mxsel_free(m);
}
END_TEST

START_TEST(R71_after_rewind_and_reset_there_is_nothing_to_report)
{
	mxsel *m = reach(NULL);

	ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_LOST, 0, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_reset(m, "[192.0.2.2]"), MXSEL_OK);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_LOST, 0, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_DELIVERED, 250, "ok"),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_host(m), "192.0.2.2");
	ck_assert_int_eq(mxsel_reset(m, "[192.0.2.3]"), MXSEL_OK);
	ck_assert_str_eq(mxsel_verdict_host(m), "");
	ck_assert_str_eq(mxsel_verdict_reply(m), "");
	mxsel_free(m);
}
END_TEST

START_TEST(R71_what_cannot_be_is_refused_and_changes_nothing)
{
	static const struct {
		int outcome, code;
	} bad[] = {
		{ 0, 0 }, { -1, 0 }, { 14, 0 }, { 9999, 550 },
		{ MXSEL_OUTCOME_GREETING, 0 }, { MXSEL_OUTCOME_GREETING, 220 },
		{ MXSEL_OUTCOME_EHLO, 250 }, { MXSEL_OUTCOME_MAIL, 354 },
		{ MXSEL_OUTCOME_RCPT, 251 }, { MXSEL_OUTCOME_DATA, 0 },
		{ MXSEL_OUTCOME_RCPT, 399 }, { MXSEL_OUTCOME_RCPT, 600 },
		{ MXSEL_OUTCOME_RCPT, -550 }, { MXSEL_OUTCOME_DATA, 5500 },
		{ MXSEL_OUTCOME_DELIVERED, 354 },
		{ MXSEL_OUTCOME_DELIVERED, 450 },
		{ MXSEL_OUTCOME_DELIVERED, 199 },
		{ MXSEL_OUTCOME_LOST, 1 }, { MXSEL_OUTCOME_LOST, 199 },
		{ MXSEL_OUTCOME_LOST, 600 }, { MXSEL_OUTCOME_TLS, -1 },
		{ MXSEL_OUTCOME_OWN_NAME, 600 },
		{ MXSEL_OUTCOME_OWN_NAME, 100 },
		{ MXSEL_OUTCOME_OWN_NAME, -1 },
	};
	mxsel *m = reach(NULL);
	size_t i;

	for (i = 0; i < COUNT(bad); i++)
		ck_assert_msg(mxsel_report(m, bad[i].outcome, bad[i].code,
			"5.1.1 no") == MXSEL_ERANGE, "row %zu", i);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_DELIVERED, 200, NULL),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DELIVERED);
	mxsel_free(m);
}
END_TEST

static void check_reply(const char *given, const char *kept)
{
	mxsel *m = reach(NULL);

	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_RCPT, 550, given),
		MXSEL_OK);
	ck_assert_str_eq(mxsel_verdict_reply(m), "");
	ck_assert_str_eq(mxsel_verdict_host(m), "");
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_reply(m), kept);
	ck_assert_str_eq(mxsel_verdict_host(m), "192.0.2.1");
	mxsel_free(m);
}

START_TEST(R75_the_reply_is_one_line_of_512_octets)
{
	char given[2000], kept[513];
	char all[256];
	int i;

	memset(given, 'x', sizeof(given) - 1);
	given[sizeof(given) - 1] = '\0';
	memset(kept, 'x', 512);
	kept[512] = '\0';
	check_reply(given, kept);
	given[512] = '\0';
	check_reply(given, kept);
	given[511] = kept[511] = '\0';
	check_reply(given, kept);
	check_reply(NULL, "");
	check_reply("", "");
	check_reply("a\r\nb\tc\x1b[0m\x7f", "a  b c [0m ");
	for (i = 1; i < 256; i++)
		all[i - 1] = (char)(unsigned char)i;
	all[255] = '\0';
	memcpy(given, all, sizeof(all));
	memset(all, ' ', 31);
	all[0x7f - 1] = ' ';
	check_reply(given, all);
}
END_TEST

START_TEST(R75_the_reply_is_a_copy)
{
	char text[] = "5.1.1 no such user";
	mxsel *m = reach(NULL);

	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_RCPT, 550, text), 0);
	memset(text, '?', sizeof(text) - 1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_reply(m), "5.1.1 no such user");
	ck_assert_str_eq(mxsel_verdict_status(m), "5.1.1");
	mxsel_free(m);
}
END_TEST

/* Every outcome, code and text that is taken: the digits agree. */
START_TEST(R75_action_code_and_status_agree_whatever_is_replied)
{
	static const char digit[] = "?245";
	static const char *const texts[] = {
		NULL, "hello", "5.1.1 no", "4.2.1 no", "5.7.1", "5.1.1\r\nno"
	};
	mxsel *m = reach(NULL);
	int outcome, code, taken = 0;
	size_t i;

	for (outcome = MXSEL_OUTCOME_GREETING; outcome <= MXSEL_OUTCOME_DATA;
		outcome++)
		for (code = 400; code < 600; code++)
			for (i = 0; i < COUNT(texts); i++) {
				if (outcome == MXSEL_OUTCOME_TLS ||
					outcome == MXSEL_OUTCOME_POLICY)
					continue;
				ck_assert_int_eq(mxsel_report(m, outcome, code,
					texts[i]), MXSEL_OK);
				ck_assert_int_eq(mxsel_next(m), MXSEL_END);
				ck_assert_int_eq(mxsel_verdict_code(m), code);
				ck_assert_int_eq(mxsel_verdict_status(m)[0],
					'0' + code / 100);
				ck_assert_int_eq(digit[mxsel_verdict_action(
					m)], '0' + code / 100);
				ck_assert_int_eq(mxsel_reset(m,
					"[192.0.2.1]"), MXSEL_OK);
				ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
				taken++;
			}
	ck_assert_int_eq(taken, 5 * 200 * 6);
	mxsel_free(m);
}
END_TEST

/* Nothing of the report counts before it is kept whole. */
START_TEST(R71_without_memory_report_again)
{
	struct memory memory;
	mxsel_options *o;
	mxsel *m;
	char text[600];
	int i, failures = 0;

	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	memcpy(text, "5.3.2 ", 6);
	memory_begin(&memory);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, memory_give,
		&memory), MXSEL_OK);
	/* The trace takes the room that a selection begins with. */
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TRACE, 1), MXSEL_OK);
	m = reach(o);
	for (i = 0; i < 16; i++) {
		memory.fail_at = memory.calls;
		memory.fail_on = 1;
		/* Temporary is stronger than permanent: each one is kept. */
		if (mxsel_report(m, MXSEL_OUTCOME_GREETING, 554, text) ==
			MXSEL_ENOMEM) {
			failures++;
			memory.fail_at = MEMORY_NEVER;
			ck_assert_int_eq(mxsel_report(m,
				MXSEL_OUTCOME_GREETING, 554, text), MXSEL_OK);
		}
		memory.fail_at = MEMORY_NEVER;
		ck_assert_int_eq(mxsel_next(m), MXSEL_END);
		ck_assert_str_eq(mxsel_verdict_status(m), "5.3.2");
		ck_assert_int_eq(strncmp(mxsel_verdict_reply(m), text, 512),
			0);
		ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
		ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	}
	ck_assert_int_gt(failures, 0);
	mxsel_free(m);
	mxsel_options_free(o);
	ck_assert_uint_eq(memory.bytes, 0);
}
END_TEST

START_TEST(R71_nobody_has_no_reply)
{
	ck_assert_str_eq(mxsel_verdict_reply(NULL), "");
	ck_assert_str_eq(mxsel_verdict_host(NULL), "");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: reports");
	TCase *t = tcase_create("R71");

	tcase_add_test(t, R71_a_report_is_of_an_attempt_and_comes_once);
	tcase_add_test(t,
		R71_after_rewind_and_reset_there_is_nothing_to_report);
	tcase_add_test(t, R71_what_cannot_be_is_refused_and_changes_nothing);
	tcase_add_test(t, R75_the_reply_is_one_line_of_512_octets);
	tcase_add_test(t, R75_the_reply_is_a_copy);
	tcase_add_test(t,
		R75_action_code_and_status_agree_whatever_is_replied);
	tcase_add_test(t, R71_without_memory_report_again);
	tcase_add_test(t, R71_nobody_has_no_reply);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
