/*
 * Pull without waiting: questions that somebody else answers later, who hears
 * when nobody waits any more, keeps a pointer with each, and may free the
 * selection while he hears of it (S38, F92, F93, F98). May use
 * <mxsel/mxsel.h>.
 */
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

static struct {
	int cancelled, left, frees, answers;
	const void *seen[8]; /* pointers kept with the questions */
	mxsel_query *last;
} heard;

static mxsel *m;

static void answer(mxsel_query *q)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };

	if (mxsel_query_type(q) == MXSEL_TYPE_MX)
		mxsel_answer_mx(q, 10, "mx.example", 300);
	if (mxsel_query_type(q) == MXSEL_TYPE_A)
		mxsel_answer_address(q, v4, 4, 300);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
}

static void hear(mxsel_query *q, void *user)
{
	ck_assert_ptr_eq(user, &heard);
	if (q == NULL) { /* the selection itself goes */
		heard.left++;
		if (heard.frees)
			mxsel_free(m);
		return;
	}
	ck_assert_int_eq(mxsel_next(mxsel_query_selection(q)), MXSEL_EUSAGE);
	heard.seen[heard.cancelled++] = mxsel_query_user(q);
	heard.last = q;
	if (heard.answers)
		answer(q);
	if (heard.frees)
		mxsel_free(mxsel_query_selection(q));
}

/* Its MX question is taken. */
static mxsel_query *begin(int milliseconds)
{
	mxsel_options *o;
	mxsel_query *q;

	memset(&heard, 0, sizeof(heard));
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set(o, MXSEL_OPT_TIME_LIMIT, milliseconds);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	ck_assert_int_eq(mxsel_set_cancel(m, hear, &heard), MXSEL_OK);
	ck_assert_int_eq(mxsel_is_waiting(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_ptr_nonnull(q);
	return q;
}

START_TEST(S38_a_reset_tells_who_took_the_question)
{
	mxsel_query *q = begin(0);

	ck_assert_ptr_null(mxsel_query_user(q));
	ck_assert_int_eq(mxsel_query_set_user(q, &heard), MXSEL_OK);
	ck_assert_ptr_eq(mxsel_query_user(q), &heard);
	ck_assert_int_eq(mxsel_reset(m, "example.net"), MXSEL_OK);
	ck_assert_int_eq(heard.cancelled, 1);
	ck_assert_ptr_eq(heard.seen[0], &heard);
	ck_assert_ptr_eq(heard.last, q);
	/* The function stays for the next destination. */
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_ptr_nonnull(mxsel_query_take(m));
	mxsel_free(m);
	ck_assert_int_eq(heard.cancelled, 2);
	ck_assert_ptr_null(heard.seen[1]);
	ck_assert_int_eq(heard.left, 2);
}
END_TEST

START_TEST(a_question_that_nobody_took_or_that_is_answered_is_not_cancelled)
{
	mxsel_query *q = begin(0);

	answer(q);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(heard.left, 0);
	mxsel_free(m);
	ck_assert_int_eq(heard.cancelled, 0);
	ck_assert_int_eq(heard.left, 1);
}
END_TEST

START_TEST(F93_it_may_be_freed_when_a_reset_takes_leave)
{
	answer(begin(0));
	heard.frees = 1;
	ck_assert_int_eq(mxsel_reset(m, "example.net"), MXSEL_ECANCELED);
	ck_assert_int_eq(heard.cancelled, 0);
	ck_assert_int_eq(heard.left, 2);
}
END_TEST

START_TEST(it_is_in_the_hands_of_who_set_his_function_last)
{
	(void)begin(0);
	ck_assert_ptr_eq(mxsel_cancel_user(m, hear), &heard);
	ck_assert_ptr_null(mxsel_cancel_user(m, NULL));
	ck_assert_ptr_null(mxsel_cancel_user(NULL, hear));
	ck_assert_int_eq(mxsel_set_cancel(m, NULL, &heard), MXSEL_OK);
	ck_assert_ptr_null(mxsel_cancel_user(m, hear));
	mxsel_free(m);
	ck_assert_int_eq(heard.cancelled + heard.left, 0);
}
END_TEST

START_TEST(who_took_two_of_them_hears_twice)
{
	answer(begin(0));
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_ptr_nonnull(mxsel_query_take(m));
	ck_assert_ptr_nonnull(mxsel_query_take(m));
	ck_assert_ptr_null(mxsel_query_take(m));
	mxsel_free(m);
	ck_assert_int_eq(heard.cancelled, 2);
}
END_TEST

START_TEST(F98_an_answer_while_it_is_cancelled_is_the_last)
{
	(void)begin(0);
	heard.answers = 1;
	ck_assert_int_eq(mxsel_reset(m, "example.net"), MXSEL_OK);
	ck_assert_int_eq(heard.cancelled, 1);
	ck_assert_int_eq(mxsel_answer_finish(NULL, 0, 0), MXSEL_EUSAGE);
	mxsel_free(m);
	ck_assert_int_eq(heard.cancelled, 1);
}
END_TEST

START_TEST(F93_it_may_be_freed_while_a_reset_cancels)
{
	(void)begin(0);
	heard.frees = 1;
	ck_assert_int_eq(mxsel_reset(m, "example.net"), MXSEL_ECANCELED);
	ck_assert_int_eq(heard.cancelled, 1);
}
END_TEST

START_TEST(F93_it_may_be_freed_while_its_own_end_cancels)
{
	(void)begin(0);
	heard.frees = 1;
	mxsel_free(m);
	ck_assert_int_eq(heard.cancelled, 1);
}
END_TEST

START_TEST(F93_it_may_be_freed_when_its_time_is_up)
{
	(void)begin(100);
	heard.frees = 1;
	ck_assert_int_eq(mxsel_time_spent(m, 100), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ECANCELED);
	ck_assert_int_eq(heard.cancelled, 1);
}
END_TEST

START_TEST(S47_when_the_time_is_up_the_question_is_cancelled_and_it_defers)
{
	(void)begin(100);
	ck_assert_int_eq(mxsel_time_spent(m, 99), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_is_waiting(m), 1);
	ck_assert_int_eq(mxsel_time_spent(m, 1), MXSEL_OK);
	ck_assert_int_eq(mxsel_is_waiting(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(heard.cancelled, 1);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	mxsel_free(m);
	ck_assert_int_eq(heard.cancelled, 1);
}
END_TEST

START_TEST(it_waits_until_the_last_answer_is_there)
{
	mxsel_query *q = begin(0), *other;

	ck_assert_int_eq(mxsel_is_waiting(m), 1);
	answer(q);
	ck_assert_int_eq(mxsel_is_waiting(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_is_waiting(m), 1);
	q = mxsel_query_take(m);
	other = mxsel_query_take(m);
	answer(other);
	ck_assert_int_eq(mxsel_is_waiting(m), 1);
	answer(q);
	ck_assert_int_eq(mxsel_is_waiting(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_is_waiting(m), 0);
	mxsel_free(m);
	ck_assert_int_eq(heard.cancelled, 0);
}
END_TEST

/* The oldest first, however many were answered without being taken. */
START_TEST(questions_are_taken_in_the_order_they_were_asked)
{
	mxsel_query *q;

	answer(begin(0));
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_uint_eq(mxsel_query_type(q), MXSEL_TYPE_AAAA);
	ck_assert_str_eq(mxsel_query_name(q), "mx.example");
	q = mxsel_query_take(m);
	ck_assert_uint_eq(mxsel_query_type(q), MXSEL_TYPE_A);
	mxsel_free(m);
}
END_TEST

START_TEST(F100_nothing_is_a_usage_error)
{
	ck_assert_int_eq(mxsel_set_cancel(NULL, hear, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_query_set_user(NULL, &heard), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_query_user(NULL));
	ck_assert_int_eq(mxsel_is_waiting(NULL), 0);
	ck_assert_int_eq(mxsel_resolver_set_bypass(NULL, 1), MXSEL_EUSAGE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: answered later");
	TCase *t = tcase_create("pull");

	tcase_add_test(t, S38_a_reset_tells_who_took_the_question);
	tcase_add_test(t,
	    a_question_that_nobody_took_or_that_is_answered_is_not_cancelled);
	tcase_add_test(t, F93_it_may_be_freed_when_a_reset_takes_leave);
	tcase_add_test(t, it_is_in_the_hands_of_who_set_his_function_last);
	tcase_add_test(t, who_took_two_of_them_hears_twice);
	tcase_add_test(t, F98_an_answer_while_it_is_cancelled_is_the_last);
	tcase_add_test(t, F93_it_may_be_freed_while_a_reset_cancels);
	tcase_add_test(t, F93_it_may_be_freed_while_its_own_end_cancels);
	tcase_add_test(t, F93_it_may_be_freed_when_its_time_is_up);
	tcase_add_test(t,
	    S47_when_the_time_is_up_the_question_is_cancelled_and_it_defers);
	tcase_add_test(t, it_waits_until_the_last_answer_is_there);
	tcase_add_test(t, questions_are_taken_in_the_order_they_were_asked);
	tcase_add_test(t, F100_nothing_is_a_usage_error);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
