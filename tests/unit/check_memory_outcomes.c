/*
 * What each outcome of an attempt does to what is remembered of the host and
 * of the address (R85).
 */
#include <check.h>

#include "policy/outcome.h"
#include "support/remembered.h"
#include "support/run.h"

#define HOST "mx1.example.com"

static uint64_t now = 5000;
static mxsel_memory *memory;

static void setup(void)
{
	memory = remembered_new(65536, &now);
}

static void teardown(void)
{
	mxsel_memory_free(memory);
}

static void tell(const char *address, int outcome, int code, const char *text)
{
	remembered_tell(memory, HOST, address, outcome, code, text);
}

/* A code that the outcome can have. */
static int code_for(int outcome)
{
	return mxsel__outcome_is_ours(outcome) ||
		mxsel__outcome_row(outcome, 0) != NULL ? 0 : 450;
}

/* ------------------------------------------------------------------- score */

START_TEST(R85_a_host_that_failed_is_remembered)
{
	static const int failures[] = { MXSEL_OUTCOME_REFUSED,
		MXSEL_OUTCOME_TIMEOUT, MXSEL_OUTCOME_GREETING,
		MXSEL_OUTCOME_EHLO, MXSEL_OUTCOME_TLS, MXSEL_OUTCOME_POLICY,
		MXSEL_OUTCOME_LOST };
	int outcome = failures[_i];
	struct mxsel_memory_entry e;

	tell(FROM_V4, outcome, code_for(outcome), NULL);
	e = remembered(memory, HOST);
	ck_assert_int_eq(e.kind, MXSEL_MEMORY_HOST);
	ck_assert_uint_eq(e.score, 1000);
	ck_assert_int_eq(e.outcomes[0], outcome);
	ck_assert_uint_eq(e.outcomes[1], 0);
	ck_assert_int_eq(e.code, code_for(outcome));
	e = remembered(memory, FROM_V4);
	ck_assert_int_eq(e.kind, MXSEL_MEMORY_ADDRESS);
	/* A certificate is about a name, not about an address. */
	ck_assert_uint_eq(e.score, outcome == MXSEL_OUTCOME_POLICY ? 0 : 1000);
	ck_assert_int_eq(e.outcomes[0], outcome);
	ck_assert_int_eq(e.code, code_for(outcome));
	ck_assert_int_eq(remembered_knows(memory, FROM_V6), 0);
}
END_TEST

START_TEST(R85_a_host_that_talks_has_failed_no_more)
{
	static const struct {
		int outcome, code;
	} talks[] = {
		{ MXSEL_OUTCOME_DELIVERED, 0 }, { MXSEL_OUTCOME_MAIL, 450 },
		{ MXSEL_OUTCOME_RCPT, 550 }, { MXSEL_OUTCOME_DATA, 451 },
		{ MXSEL_OUTCOME_DELIVERED, 250 },
	};

	tell(FROM_V4, MXSEL_OUTCOME_TIMEOUT, 0, NULL);
	tell(FROM_V4, MXSEL_OUTCOME_TIMEOUT, 0, NULL);
	tell(FROM_V4, talks[_i].outcome, talks[_i].code, NULL);
	ck_assert_uint_eq(remembered_score(memory, HOST), 0);
	ck_assert_uint_eq(remembered_score(memory, FROM_V4), 0);
	ck_assert_int_eq(remembered(memory, HOST).outcomes[0],
		talks[_i].outcome);
	ck_assert_uint_eq(remembered(memory, HOST).outcomes[1],
		MXSEL_OUTCOME_TIMEOUT);
}
END_TEST

START_TEST(R85_what_is_about_us_is_noted_and_counts_for_nothing)
{
	static const int noted[] = { MXSEL_OUTCOME_OWN_NAME,
		MXSEL_OUTCOME_REQUIRETLS };

	tell(FROM_V4, noted[_i], 0, NULL);
	ck_assert_uint_eq(remembered_score(memory, HOST), 0);
	ck_assert_int_eq(remembered(memory, HOST).outcomes[0], noted[_i]);
	tell(FROM_V4, MXSEL_OUTCOME_LOST, 0, NULL);
	tell(FROM_V4, noted[_i], 0, NULL);
	ck_assert_uint_eq(remembered_score(memory, HOST), 1000);
	ck_assert_uint_eq(remembered_score(memory, FROM_V4), 1000);
}
END_TEST

START_TEST(R85_failures_add_up_to_four_at_most)
{
	uint32_t n;

	for (n = 1; n <= 9; n++) {
		tell(FROM_V4, MXSEL_OUTCOME_REFUSED, 0, NULL);
		ck_assert_uint_eq(remembered_score(memory, HOST),
			n < 4 ? n * 1000 : 4000);
	}
}
END_TEST

START_TEST(R85_the_last_eight_outcomes_are_kept_the_newest_first)
{
	struct mxsel_memory_entry e;
	int i;

	for (i = 1; i <= MXSEL_OUTCOME_REQUIRETLS; i++)
		tell(FROM_V4, i, code_for(i), NULL);
	e = remembered(memory, HOST);
	for (i = 0; i < MXSEL_MEMORY_OUTCOMES; i++)
		ck_assert_int_eq(e.outcomes[i], MXSEL_OUTCOME_REQUIRETLS - i);
}
END_TEST

/* ---------------------------------------------------------------- families */

START_TEST(R85_the_family_that_worked_last_is_remembered)
{
	ck_assert_int_eq(remembered_look(memory, HOST).works, 0);
	tell(FROM_V6, MXSEL_OUTCOME_DELIVERED, 0, NULL);
	ck_assert_int_eq(remembered(memory, HOST).works, 6);
	tell(FROM_V4, MXSEL_OUTCOME_DELIVERED, 250, NULL);
	ck_assert_int_eq(remembered(memory, HOST).works, 4);
	tell(FROM_V6, MXSEL_OUTCOME_TIMEOUT, 0, NULL);
	ck_assert_int_eq(remembered(memory, HOST).works, 4);
	ck_assert_int_eq(remembered(memory, FROM_V4).works, 0);
}
END_TEST

START_TEST(R85_after_a_first_policy_rejection_the_other_family_has_a_turn)
{
	struct mxsel__known k;

	tell(_i ? FROM_V6 : FROM_V4, MXSEL_OUTCOME_RCPT, 550,
		"5.7.25 No PTR");
	k = remembered_look(memory, HOST);
	ck_assert_uint_eq(k.turn, _i ? 4 : 6);
	ck_assert_uint_eq(k.doubt, _i ? MXSEL__V6 : MXSEL__V4);
	/* It goes first once. */
	mxsel__memory_turned(memory, &k);
	ck_assert_int_eq(remembered(memory, HOST).turn, 0);
	tell(_i ? FROM_V6 : FROM_V4, MXSEL_OUTCOME_MAIL, 550, "5.7.1");
	ck_assert_int_eq(remembered(memory, HOST).turn, 0);
	/* Neither is better than the other one then. */
	tell(_i ? FROM_V4 : FROM_V6, MXSEL_OUTCOME_MAIL, 550, "5.7.1");
	ck_assert_int_eq(remembered(memory, HOST).turn, 0);
	ck_assert_int_eq(remembered(memory, HOST).doubt,
		MXSEL__V4 | MXSEL__V6);
	ck_assert_int_eq(remembered(memory, FROM_V4).doubt, 0);
	/* What is delivered is in doubt no more, and the rest is. */
	tell(_i ? FROM_V4 : FROM_V6, MXSEL_OUTCOME_DELIVERED, 0, NULL);
	ck_assert_int_eq(remembered(memory, HOST).doubt,
		_i ? MXSEL__V6 : MXSEL__V4);
}
END_TEST

START_TEST(R85_a_turn_that_was_not_taken_ends_with_a_delivery)
{
	struct mxsel__known k;

	tell(FROM_V4, MXSEL_OUTCOME_GREETING, 554, "5.7.1 Blocked");
	ck_assert_int_eq(remembered(memory, HOST).turn, 6);
	ck_assert_uint_eq(remembered_score(memory, HOST), 1000);
	k = remembered_look(memory, HOST);
	tell(FROM_V4, MXSEL_OUTCOME_DELIVERED, 0, NULL);
	ck_assert_int_eq(remembered(memory, HOST).turn, 0);
	/* Whoever looked before takes no turn that came later. */
	tell(FROM_V6, MXSEL_OUTCOME_MAIL, 550, "5.7.1");
	mxsel__memory_turned(memory, &k);
	ck_assert_int_eq(remembered(memory, HOST).turn, 4);
}
END_TEST

START_TEST(R85_only_a_permanent_5_7_x_is_a_policy_rejection)
{
	static const struct {
		int outcome, code;
		const char *text;
		int rejected;
	} replies[] = {
		{ MXSEL_OUTCOME_RCPT, 550, "5.7.1 No", 1 },
		{ MXSEL_OUTCOME_RCPT, 550, "5.7.1", 1 },
		{ MXSEL_OUTCOME_DATA, 554, "5.7.999 No", 1 },
		{ MXSEL_OUTCOME_EHLO, 550, "5.7.26 No", 1 },
		{ MXSEL_OUTCOME_RCPT, 450, "5.7.1 Not a pair", 0 },
		{ MXSEL_OUTCOME_RCPT, 450, "4.7.1 Later", 0 },
		{ MXSEL_OUTCOME_RCPT, 550, "5.1.1 Unknown", 0 },
		{ MXSEL_OUTCOME_RCPT, 550, "5.71.1 Unknown", 0 },
		{ MXSEL_OUTCOME_RCPT, 550, "5.7.", 0 },
		{ MXSEL_OUTCOME_RCPT, 550, "5.7.1234", 0 },
		{ MXSEL_OUTCOME_RCPT, 550, "5.7.1x", 0 },
		{ MXSEL_OUTCOME_RCPT, 550, "5.7.1.2", 0 },
		{ MXSEL_OUTCOME_RCPT, 550, " 5.7.1", 0 },
		{ MXSEL_OUTCOME_RCPT, 550, "5.7", 0 },
		{ MXSEL_OUTCOME_RCPT, 550, "", 0 },
		{ MXSEL_OUTCOME_RCPT, 550, NULL, 0 },
		/* These codes are not the peer's. */
		{ MXSEL_OUTCOME_TLS, 550, "5.7.10 Not here", 0 },
		{ MXSEL_OUTCOME_OWN_NAME, 550, "5.7.1 Not here", 0 },
		{ MXSEL_OUTCOME_LOST, 550, "5.7.1 Not here", 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
		tell(FROM_V4, replies[i].outcome, replies[i].code,
			replies[i].text);
		ck_assert_msg(remembered(memory, HOST).doubt ==
			replies[i].rejected, "%d %s", replies[i].code,
			replies[i].text == NULL ? "-" : replies[i].text);
		ck_assert_int_eq(remembered(memory, HOST).turn,
			replies[i].rejected ? 6 : 0);
	}
}
END_TEST

/* ------------------------------------------------------------------- again */

START_TEST(R85_a_host_that_greylisted_is_tried_at_the_same_address)
{
	struct mxsel__known k;

	tell(FROM_V6, MXSEL_OUTCOME_RCPT, 451, "4.7.1 Greylisted");
	ck_assert_str_eq(remembered(memory, HOST).again, FROM_V6);
	ck_assert_str_eq(remembered(memory, FROM_V6).again, "");
	k = remembered_look(memory, HOST);
	ck_assert_uint_eq(k.again_length, 16);
	ck_assert_uint_eq(k.again[0], 0x20);
	/* It stays so while it is refused, and for a permanent reply. */
	tell(FROM_V4, MXSEL_OUTCOME_TIMEOUT, 0, NULL);
	tell(FROM_V4, MXSEL_OUTCOME_RCPT, 550, NULL);
	tell(FROM_V4, MXSEL_OUTCOME_GREETING, 421, NULL);
	ck_assert_str_eq(remembered(memory, HOST).again, FROM_V6);
	tell(FROM_V4, MXSEL_OUTCOME_DATA, 450, NULL);
	ck_assert_str_eq(remembered(memory, HOST).again, FROM_V4);
	k = remembered_look(memory, HOST);
	ck_assert_uint_eq(k.again_length, 4);
	tell(FROM_V6, MXSEL_OUTCOME_DELIVERED, 0, NULL);
	ck_assert_str_eq(remembered(memory, HOST).again, "");
	ck_assert_uint_eq(remembered_look(memory, HOST).again_length, 0);
}
END_TEST

/* ------------------------------------------------------------ host, address */

START_TEST(R85_a_host_without_address_is_remembered_alone_and_so_is_an_address)
{
	remembered_tell(memory, "abcdef.onion", NULL, MXSEL_OUTCOME_RCPT, 450,
		NULL);
	remembered_tell(memory, NULL, FROM_V4, MXSEL_OUTCOME_RCPT, 550,
		"5.7.1");
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_ENTRIES), 2);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_REPORTS), 2);
	ck_assert_str_eq(remembered(memory, "abcdef.onion").again, "");
	remembered_tell(memory, "abcdef.onion", NULL, MXSEL_OUTCOME_RCPT, 550,
		"5.7.1");
	ck_assert_int_eq(remembered(memory, "abcdef.onion").doubt, 0);
	remembered_tell(memory, "abcdef.onion", NULL,
		MXSEL_OUTCOME_DELIVERED, 0, NULL);
	ck_assert_int_eq(remembered(memory, "abcdef.onion").works, 0);
	ck_assert_int_eq(remembered(memory, FROM_V4).code, 550);
}
END_TEST

/* ------------------------------------------------------------------- report */

/* What mxsel_report() takes. */
static int is_possible(int outcome, int code)
{
	int ours = mxsel__outcome_is_ours(outcome);

	return (code == 0 || (code >= 200 && code <= 599)) &&
		mxsel__outcome_row(outcome, ours ? 400 : code) != NULL;
}

START_TEST(R85_a_report_has_the_outcomes_and_codes_of_mxsel_report)
{
	int outcome, code, told;

	for (outcome = -2; outcome <= 16; outcome++) {
		for (code = -1; code <= 700; code++) {
			told = mxsel_memory_report(memory, HOST, FROM_V4, 25,
				outcome, code, NULL);
			ck_assert_msg(told == (is_possible(outcome, code)
				? 0 : MXSEL_ERANGE), "%d %d", outcome, code);
		}
	}
}
END_TEST

START_TEST(R85_a_report_of_nobody_is_refused_and_changes_nothing)
{
	static const char *const no_hosts[] = { "", ".", "a..example",
		"192.0.2.1", "[192.0.2.1]", "b\303\274cher.example",
		"a b.example", "-\\..example", "a@example" };
	static const char *const no_addresses[] = { "", "192.0.2", "127.1",
		"[192.0.2.1]", "2001:db8:::1", "fe80::1%lo", "mx.example" };
	size_t i;

	ck_assert_int_eq(mxsel_memory_report(NULL, HOST, FROM_V4, 25, 2, 0,
		NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_report(memory, NULL, NULL, 25, 2, 0,
		NULL), MXSEL_EUSAGE);
	for (i = 0; i < sizeof(no_hosts) / sizeof(no_hosts[0]); i++)
		ck_assert_int_eq(mxsel_memory_report(memory, no_hosts[i],
			FROM_V4, 25, 2, 0, NULL), MXSEL_ESYNTAX);
	for (i = 0; i < sizeof(no_addresses) / sizeof(no_addresses[0]); i++)
		ck_assert_int_eq(mxsel_memory_report(memory, HOST,
			no_addresses[i], 25, 2, 0, NULL), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_memory_report(memory, HOST, FROM_V4, 0, 2, 0,
		NULL), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_report(memory, HOST, FROM_V4, 65536, 2,
		0, NULL), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_report(memory, HOST, FROM_V4, -25, 2, 0,
		NULL), MXSEL_ERANGE);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_REPORTS), 0);
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_ENTRIES), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/outcomes");
	TCase *t = tcase_create("outcomes");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, R85_a_host_that_failed_is_remembered, 0, 7);
	tcase_add_loop_test(t, R85_a_host_that_talks_has_failed_no_more, 0, 5);
	tcase_add_loop_test(t,
		R85_what_is_about_us_is_noted_and_counts_for_nothing, 0, 2);
	tcase_add_test(t, R85_failures_add_up_to_four_at_most);
	tcase_add_test(t,
		R85_the_last_eight_outcomes_are_kept_the_newest_first);
	tcase_add_test(t, R85_the_family_that_worked_last_is_remembered);
	tcase_add_loop_test(t,
		R85_after_a_first_policy_rejection_the_other_family_has_a_turn,
		0, 2);
	tcase_add_test(t,
		R85_a_turn_that_was_not_taken_ends_with_a_delivery);
	tcase_add_test(t, R85_only_a_permanent_5_7_x_is_a_policy_rejection);
	tcase_add_test(t,
		R85_a_host_that_greylisted_is_tried_at_the_same_address);
	tcase_add_test(t,
	R85_a_host_without_address_is_remembered_alone_and_so_is_an_address);
	tcase_add_test(t,
		R85_a_report_has_the_outcomes_and_codes_of_mxsel_report);
	tcase_add_test(t,
		R85_a_report_of_nobody_is_refused_and_changes_nothing);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
