/*
 * Every single thing about attempts, reports and the verdict that a saved
 * selection is refused for, alone (R80). May use lib/select.
 */
#define _DEFAULT_SOURCE
#include "support/forged.h"

#include "support/run.h"

/* --- attempts, and where it is among them -------------------------------- */

START_TEST(R80_an_attempt_is_at_an_address_of_a_host_that_is_used)
{
	struct candidate *first, *second;

	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_HAND_OUT_ONION, 1),
		MXSEL_OK);
	reach("d.example", 1);
	first = m->attempts;
	second = first->after;
	ck_assert_ptr_nonnull(second);
	REFUSED((first->length == 16 ? first : second)->length = 8);
	REFUSED((first->length == 16 ? first : second)->length = 15);
	REFUSED(second->length = 0);
	REFUSED(second->host = 1; second->secure = 0);
	REFUSED(second->host = 100);
	REFUSED(m->hosts[0].extra = MXSEL_REJECT_STS);
	/* Is on it, but was not reached. */
	REFUSED(m->hosts[0].reached = 0);
	REFUSED(m->cursor = NULL);
	REFUSED(m->tried = second);
	FINE(m->cursor = NULL; m->reached = 0);
	FINE(m->reached = 0);
	reach("onion.example", 1);
	ck_assert_uint_eq(m->attempts->length, 0);
	REFUSED(m->hosts[0].nameless = 0);
	REFUSED(m->hosts[0].name = m->hosts[0].canonical = "x.example");
}
END_TEST

START_TEST(R30_R80_attempts_are_in_the_order_of_their_hosts)
{
	struct candidate *third;

	reach("d.example", 3);
	third = m->attempts->after->after;
	ck_assert_uint_eq(third->host, 1);
	REFUSED(third->host = 0; m->attempts->after->host = 1);
	FINE(m->attempts->after->host = 1);
}
END_TEST

START_TEST(R80_only_on_its_way_it_is_at_an_attempt)
{
	reach("d.example", 1);
	NUMBER_IS(state, SAVED_GROUP);
	NUMBER_IS(state, SAVED_DANE);
	NUMBER_IS(dane_host, 1);
	NUMBER_IS(dane_step, 1);
	NUMBER_IS(custom, 1);
	NUMBER_IS(strength, MXSEL__S_PERMANENT);
	REFUSED(m->verdict = MXSEL__V_DNS);
	REFUSED(m->reached = 0; m->verdict = MXSEL__V_DNS);
	FINE(m->state = STATE_GROUP; m->reached = 0);
}
END_TEST

/* --- reports, and the end ------------------------------------------------ */

static void report_one(void)
{
	reach("d.example", 1);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_RCPT, 450,
		"4.2.1 Later"), MXSEL_OK);
}

START_TEST(R71_R80_what_was_reported_is_an_outcome_of_a_host)
{
	report_one();
	FINE((void)0);
	FINE(m->status[0] = '\0');
	FINE(m->strength = MXSEL__S_PERMANENT);
	REFUSED(m->strength = MXSEL__S_FINAL);
	REFUSED(m->strength = MXSEL__S_DELIVERED);
	REFUSED(strcpy(m->status, "4.2"));
	REFUSED(strcpy(m->status, "5.2.1"));
	REFUSED(m->outcome = 0);
	NUMBER_IS(by_report, 1);
}
END_TEST

START_TEST(R71_R80_without_a_report_nothing_is_left_of_one)
{
	to_the_end("none.example");
	NUMBER_IS(outcome, MXSEL_OUTCOME_RCPT);
	NUMBER_IS(by_report, 1);
	save();
	put(place_of(offsetof(struct mxsel, by_report)), 1, 1);
	put(place_of(offsetof(struct mxsel, verdict)), MXSEL__V_COUNT, 1);
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
	save();
	ck_assert_uint_eq(bytes[text_place(5)], 0);
	insert(text_place(5) + 1, "5.1.1", 5);
	bytes[text_place(5)] = 5;
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R74_R80_a_verdict_is_one_that_it_can_come_to)
{
	report_one();
	while (zone_next(m, zone, NULL) != MXSEL_END)
		;
	FINE((void)0);
	ck_assert_int_eq(m->by_report, 1);
	REFUSED(m->by_report = 0);
	REFUSED(m->verdict = MXSEL__V_DNS);
	REFUSED(m->verdict = MXSEL__V_TRY);
	REFUSED(m->custom = 1);
	REFUSED(m->plan = PLAN_NULL_MX);
	to_the_end("none.example");
	FINE(m->verdict = MXSEL__V_DNS);
	REFUSED(m->custom = 1);
	REFUSED(m->verdict = MXSEL__V_TRY);
	REFUSED(m->verdict = MXSEL__V_BAD_DESTINATION);
	REFUSED(m->reached = 1);
	NUMBER_IS(dane_host, 1);
	NUMBER_IS(dane_step, 1);
}
END_TEST

START_TEST(R65_R80_a_refusal_of_ours_is_a_reply)
{
	static struct name_filter refusal;
	size_t at;

	ck_assert_int_eq(mxsel_options_refuse_exchange(o, "*.example", 550,
		NULL, "We do not like them"), MXSEL_OK);
	to_the_end("bad.example");
	ck_assert_int_eq(m->custom, 1);
	refusal = *m->name_filter;
	m->name_filter = &refusal;
	FINE(m->custom = 0);
	REFUSED(m->verdict = MXSEL__V_FILTERED_LATER);
	REFUSED(refusal.code = 450; refusal.status = "4.7.1");
	FINE(m->verdict = MXSEL__V_FILTERED_LATER);
	REFUSED(m->met &= (uint16_t)~MET_NAME_FILTER);
	REFUSED(refusal.code = 250; refusal.status = "2.7.1";
		m->custom = 0);
	refusal.code = 550;
	refusal.status = "5.7.1";
	m->verdict = MXSEL__V_FILTERED;
	save();
	at = behind("We do not like them") - 19 - 3;
	ck_assert_uint_eq(bytes[at], 1);
	bytes[at] = 0; /* there is no text, and here it is */
	ck_assert_int_eq(sealed(), MXSEL_ESYNTAX);
	REFUSED(refusal.status = "5.7.1 ");
	refusal.status = "5.7.1";
	REFUSED(m->rejected->reason = 200);
	m->rejected->reason = MXSEL_REJECT_NAME_FILTER;
	REFUSED(m->rejected->subject = "");
}
END_TEST

/* --- today's options ----------------------------------------------------- */

START_TEST(R51_R80_a_host_or_its_alias_that_is_ours_now_is_not_reached)
{
	static const char *const names[] = { "one.example", "far.example",
		"three.example" };
	size_t i;

	for (i = 0; i < 3; i++) {
		reach("d.example", 1);
		mxsel_free(m);
		m = NULL;
		ck_assert_int_eq(mxsel_options_add_self_name(o, names[i]),
			MXSEL_OK);
		ck_assert_int_eq(resume(), MXSEL_EMISMATCH);
		teardown();
		setup();
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: where a saved one cannot be");
	TCase *one = tcase_create("one thing");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one,
		R80_an_attempt_is_at_an_address_of_a_host_that_is_used);
	tcase_add_test(one, R30_R80_attempts_are_in_the_order_of_their_hosts);
	tcase_add_test(one, R80_only_on_its_way_it_is_at_an_attempt);
	tcase_add_test(one, R71_R80_what_was_reported_is_an_outcome_of_a_host);
	tcase_add_test(one, R71_R80_without_a_report_nothing_is_left_of_one);
	tcase_add_test(one, R74_R80_a_verdict_is_one_that_it_can_come_to);
	tcase_add_test(one, R65_R80_a_refusal_of_ours_is_a_reply);
	tcase_add_test(one,
		R51_R80_a_host_or_its_alias_that_is_ours_now_is_not_reached);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
