/*
 * The table of outcomes: which codes belong to which outcome, what follows,
 * and that code, status and strength of every row agree (R71, R72, R75, R76).
 * May use the room policy.
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "policy/outcome.h"
#include "support/run.h"

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

/* The whole of it once more, written down by what a mail server must do. */
static const struct {
	int outcome, from, to; /* reply codes */
	int go, strength;
	const char *status;
} expected[] = {
	{ MXSEL_OUTCOME_DELIVERED, 200, 299, MXSEL__GO_STOP,
		MXSEL__S_DELIVERED, "2.0.0" },
	{ MXSEL_OUTCOME_REFUSED, 200, 599, MXSEL__GO_ADDRESS,
		MXSEL__S_TEMPORARY, "4.4.1" },
	{ MXSEL_OUTCOME_TIMEOUT, 200, 599, MXSEL__GO_ADDRESS,
		MXSEL__S_TEMPORARY, "4.4.1" },
	{ MXSEL_OUTCOME_GREETING, 400, 499, MXSEL__GO_ADDRESS,
		MXSEL__S_TEMPORARY, "4.3.2" },
	{ MXSEL_OUTCOME_GREETING, 500, 520, MXSEL__GO_ADDRESS,
		MXSEL__S_PERMANENT, "5.3.2" },
	{ MXSEL_OUTCOME_GREETING, 521, 521, MXSEL__GO_HOST,
		MXSEL__S_PERMANENT, "5.3.2" },
	{ MXSEL_OUTCOME_GREETING, 522, 599, MXSEL__GO_ADDRESS,
		MXSEL__S_PERMANENT, "5.3.2" },
	{ MXSEL_OUTCOME_EHLO, 400, 499, MXSEL__GO_ADDRESS,
		MXSEL__S_TEMPORARY, "4.5.0" },
	{ MXSEL_OUTCOME_EHLO, 500, 520, MXSEL__GO_ADDRESS,
		MXSEL__S_PERMANENT, "5.5.0" },
	{ MXSEL_OUTCOME_EHLO, 521, 521, MXSEL__GO_HOST,
		MXSEL__S_PERMANENT, "5.3.2" },
	{ MXSEL_OUTCOME_EHLO, 522, 599, MXSEL__GO_ADDRESS,
		MXSEL__S_PERMANENT, "5.5.0" },
	/* By 4 and 5 whether the message requires TLS, not by the peer. */
	{ MXSEL_OUTCOME_TLS, 400, 499, MXSEL__GO_ADDRESS,
		MXSEL__S_TEMPORARY, "4.7.5" },
	{ MXSEL_OUTCOME_TLS, 500, 599, MXSEL__GO_ADDRESS,
		MXSEL__S_PERMANENT, "5.7.10" },
	{ MXSEL_OUTCOME_POLICY, 400, 499, MXSEL__GO_HOST,
		MXSEL__S_TEMPORARY, "4.7.1" },
	{ MXSEL_OUTCOME_POLICY, 500, 599, MXSEL__GO_ADDRESS,
		MXSEL__S_PERMANENT, "5.7.10" },
	{ MXSEL_OUTCOME_MAIL, 400, 499, MXSEL__GO_HOST,
		MXSEL__S_TEMPORARY, "4.0.0" },
	{ MXSEL_OUTCOME_MAIL, 500, 599, MXSEL__GO_STOP, MXSEL__S_FINAL,
		"5.0.0" },
	{ MXSEL_OUTCOME_RCPT, 400, 499, MXSEL__GO_HOST,
		MXSEL__S_TEMPORARY, "4.0.0" },
	{ MXSEL_OUTCOME_RCPT, 500, 599, MXSEL__GO_STOP, MXSEL__S_FINAL,
		"5.0.0" },
	{ MXSEL_OUTCOME_DATA, 400, 499, MXSEL__GO_HOST,
		MXSEL__S_TEMPORARY, "4.0.0" },
	{ MXSEL_OUTCOME_DATA, 500, 599, MXSEL__GO_STOP, MXSEL__S_FINAL,
		"5.0.0" },
	{ MXSEL_OUTCOME_LOST, 200, 599, MXSEL__GO_HOST,
		MXSEL__S_TEMPORARY, "4.4.2" },
};

/* Not reported by a code: 4 and 5 say whether it is the best MX. */
#define OWN_NAME MXSEL_OUTCOME_OWN_NAME

static int expected_of(int outcome, int code)
{
	int i;

	for (i = 0; i < COUNT(expected); i++)
		if (expected[i].outcome == outcome &&
			code >= expected[i].from && code <= expected[i].to)
			return i;
	return -1;
}

START_TEST(R71_R72_every_outcome_and_code_has_what_follows)
{
	int outcome, code, i;

	for (outcome = -1; outcome < OWN_NAME; outcome++)
		for (code = 1; code < 1000; code++) {
			const struct mxsel__outcome_row *row =
				mxsel__outcome_row(outcome, code);

			i = expected_of(outcome, code);
			ck_assert_msg((row == NULL) == (i < 0),
				"outcome %d code %d", outcome, code);
			if (row == NULL)
				continue;
			ck_assert_int_eq(row->outcome, outcome);
			ck_assert_int_eq(row->go, expected[i].go);
			ck_assert_int_eq(row->strength, expected[i].strength);
			ck_assert_str_eq(row->status, expected[i].status);
		}
}
END_TEST

START_TEST(R71_only_where_nobody_replied_a_code_may_be_missing)
{
	int outcome;

	for (outcome = MXSEL_OUTCOME_DELIVERED; outcome < OWN_NAME; outcome++)
		ck_assert_int_eq(mxsel__outcome_row(outcome, 0) == NULL,
			outcome == MXSEL_OUTCOME_TLS ||
			outcome == MXSEL_OUTCOME_POLICY ||
			outcome == MXSEL_OUTCOME_GREETING ||
			outcome == MXSEL_OUTCOME_EHLO ||
			outcome == MXSEL_OUTCOME_MAIL ||
			outcome == MXSEL_OUTCOME_RCPT ||
			outcome == MXSEL_OUTCOME_DATA);
}
END_TEST

START_TEST(R71_R76_our_own_name_at_the_best_mx_or_behind)
{
	const struct mxsel__outcome_row *best, *other;

	best = mxsel__outcome_row(OWN_NAME, 500);
	other = mxsel__outcome_row(OWN_NAME, 400);
	ck_assert_ptr_nonnull(best);
	ck_assert_ptr_nonnull(other);
	ck_assert_int_eq(best->code, 550);
	ck_assert_str_eq(best->status, "5.4.6");
	ck_assert_int_eq(best->reason, MXSEL_REASON_LOOP);
	ck_assert_int_eq(best->go, MXSEL__GO_STOP);
	ck_assert_str_eq(other->status, "4.4.6");
	ck_assert_int_eq(other->strength, MXSEL__S_TEMPORARY);
	ck_assert_int_eq(other->go, MXSEL__GO_STOP);
}
END_TEST

START_TEST(R96_without_requiretls_there_the_next_address_is_tried)
{
	const struct mxsel__outcome_row *row;

	row = mxsel__outcome_row(MXSEL_OUTCOME_REQUIRETLS, 0);
	ck_assert_ptr_nonnull(row);
	ck_assert_int_eq(row->code, 550);
	ck_assert_str_eq(row->status, "5.7.30");
	ck_assert_int_eq(row->reason, MXSEL_REASON_POLICY);
	ck_assert_int_eq(row->go, MXSEL__GO_ADDRESS);
	ck_assert_int_eq(row->strength, MXSEL__S_PERMANENT);
}
END_TEST

START_TEST(R72_no_row_is_in_vain)
{
	const struct mxsel__outcome_row *row;
	unsigned i;
	int code, met;

	for (i = 0; (row = mxsel__outcome_row_at(i)) != NULL; i++) {
		met = 0;
		for (code = 0; code < 600; code++)
			met |= mxsel__outcome_row(row->outcome, code) == row;
		ck_assert_msg(met, "row %u is never found", i);
	}
	ck_assert_uint_ge(i, 20);
	ck_assert_ptr_null(mxsel__outcome_row_at(i + 1));
	ck_assert_ptr_null(mxsel__outcome_row_at(0u - 1u));
}
END_TEST

START_TEST(R74_R75_the_digits_of_every_row_agree)
{
	static const int class[] = {
		[MXSEL__S_PERMANENT] = 5, [MXSEL__S_TEMPORARY] = 4,
		[MXSEL__S_FINAL] = 5, [MXSEL__S_DELIVERED] = 2,
	};
	const struct mxsel__outcome_row *row;
	unsigned i;

	for (i = 0; (row = mxsel__outcome_row_at(i)) != NULL; i++) {
		size_t length = strlen(row->text);

		ck_assert_int_ne(row->strength, MXSEL__S_NONE);
		ck_assert_int_eq(row->code / 100, class[row->strength]);
		ck_assert_uint_eq(mxsel__outcome_status(row->status,
			row->code), strlen(row->status));
		ck_assert_ptr_nonnull(strstr(row->text, "%s"));
		ck_assert_int_eq(row->text[length - 1], '.');
		ck_assert_uint_le(length + 253 + 12, 512);
		ck_assert_ptr_nonnull(mxsel_reason_name(row->reason));
		ck_assert_ptr_nonnull(mxsel_outcome_name(row->outcome));
		ck_assert_int_eq(strncmp(row->rule, "RFC ", 4), 0);
		/* A code of the host's own is of the row's class. */
		if (row->reply != 0 &&
			!mxsel__outcome_is_ours(row->outcome))
			ck_assert_int_eq(row->reply > 9 ? row->reply / 100
				: row->reply, class[row->strength]);
	}
}
END_TEST

START_TEST(R74_delivered_beats_final_beats_temporary_beats_permanent)
{
	ck_assert_int_gt(MXSEL__S_DELIVERED, MXSEL__S_FINAL);
	ck_assert_int_gt(MXSEL__S_FINAL, MXSEL__S_TEMPORARY);
	ck_assert_int_gt(MXSEL__S_TEMPORARY, MXSEL__S_PERMANENT);
	ck_assert_int_gt(MXSEL__S_PERMANENT, MXSEL__S_NONE);
}
END_TEST

START_TEST(R75_an_enhanced_status_is_read_when_it_is_one)
{
	static const struct {
		const char *text;
		int code;
		unsigned length;
	} all[] = {
		{ "5.1.1 no such user", 550, 5 }, { "5.1.1", 550, 5 },
		{ "4.2.0 later", 450, 5 }, { "2.0.0 ok", 250, 5 },
		{ "5.7.999 x", 599, 7 }, { "5.123.456", 500, 9 },
		{ "5.0.0 ", 500, 5 },
		{ "4.1.1 no", 550, 0 }, { "5.1.1 no", 450, 0 },
		{ "5.1.1 no", 0, 0 }, { "5.1.1234", 550, 0 },
		{ "5.1234.1", 550, 0 }, { "5.1", 550, 0 }, { "5.1.", 550, 0 },
		{ "5..1 x", 550, 0 }, { "5", 550, 0 }, { "5.", 550, 0 },
		{ "", 550, 0 }, { "55.1.1", 550, 0 }, { " 5.1.1", 550, 0 },
		{ "5.1.1x", 550, 0 }, { "5.1.1.1", 550, 0 },
		{ "5.-1.1 x", 550, 0 }, { "5.1.+1 x", 550, 0 },
		{ "no such user", 550, 0 }, { NULL, 550, 0 },
	};
	int i;

	for (i = 0; i < COUNT(all); i++)
		ck_assert_msg(mxsel__outcome_status(all[i].text,
			all[i].code) == all[i].length, "row %d", i);
}
END_TEST

START_TEST(R71_outcomes_have_names)
{
	static const char *const names[] = {
		"delivered", "refused", "timeout", "greeting", "ehlo", "tls",
		"policy", "mail", "rcpt", "data", "lost", "own_name",
		"requiretls"
	};
	int i;

	for (i = 0; i < COUNT(names); i++)
		ck_assert_str_eq(mxsel_outcome_name(i + 1), names[i]);
	ck_assert_ptr_null(mxsel_outcome_name(0));
	ck_assert_ptr_null(mxsel_outcome_name(-1));
	ck_assert_ptr_null(mxsel_outcome_name(COUNT(names) + 1));
	ck_assert_str_eq(mxsel__go_name(MXSEL__GO_ADDRESS), "next address");
	ck_assert_str_eq(mxsel__go_name(MXSEL__GO_HOST), "next host");
	ck_assert_str_eq(mxsel__go_name(MXSEL__GO_FAMILY), "other family");
	ck_assert_str_eq(mxsel__go_name(MXSEL__GO_STOP), "stop");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("policy: outcomes");
	TCase *t = tcase_create("table");

	tcase_add_test(t, R71_R72_every_outcome_and_code_has_what_follows);
	tcase_add_test(t, R71_only_where_nobody_replied_a_code_may_be_missing);
	tcase_add_test(t, R71_R76_our_own_name_at_the_best_mx_or_behind);
	tcase_add_test(t,
		R96_without_requiretls_there_the_next_address_is_tried);
	tcase_add_test(t, R72_no_row_is_in_vain);
	tcase_add_test(t, R74_R75_the_digits_of_every_row_agree);
	tcase_add_test(t,
		R74_delivered_beats_final_beats_temporary_beats_permanent);
	tcase_add_test(t, R75_an_enhanced_status_is_read_when_it_is_one);
	tcase_add_test(t, R71_outcomes_have_names);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
