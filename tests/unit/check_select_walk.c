/*
 * Walking: the cursor goes forward only, hosts can be left, the whole can be
 * gone through again (R70, R73, R80); and the pull interface, where questions
 * are taken and answered in any order (R32, R56). May use <mxsel/mxsel.h>.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

/* example.com: MX 10 a, MX 10 b, MX 20 c; each with two addresses. */
static void answer(mxsel_query *q)
{
	uint8_t v4[4] = { 192, 0, 2, 0 };
	uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	uint8_t host = (uint8_t)mxsel_query_name(q)[0];

	switch (mxsel_query_type(q)) {
	case MXSEL_TYPE_MX:
		mxsel_answer_mx(q, 20, "c.example", 300);
		mxsel_answer_mx(q, 10, "a.example", 300);
		mxsel_answer_mx(q, 10, "b.example", 300);
		break;
	case MXSEL_TYPE_A:
		v4[3] = host;
		mxsel_answer_address(q, v4, 4, 300);
		break;
	default:
		v6[15] = host;
		mxsel_answer_address(q, v6, 16, 300);
		break;
	}
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
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

static mxsel *begin(uint64_t seed)
{
	mxsel_options *o;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_seed(o, seed), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	return m;
}

/* All that comes from here on, as text. */
static void walk(mxsel *m, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	while (go_on(m) == MXSEL_ATTEMPT && n < size)
		n += (size_t)snprintf(out + n, size - n, "%d %s %s %d;",
			mxsel_host_preference(m), mxsel_host_name(m),
			mxsel_address(m), mxsel_host_rank(m));
}

START_TEST(R70_before_the_first_attempt_there_is_none)
{
	mxsel *m = begin(1);
	struct sockaddr_storage sa;
	size_t size = sizeof(sa);

	ck_assert_ptr_null(mxsel_host_name(m));
	ck_assert_ptr_null(mxsel_host_canonical(m));
	ck_assert_ptr_null(mxsel_address(m));
	ck_assert_int_eq(mxsel_host_preference(m), -1);
	ck_assert_int_eq(mxsel_host_rank(m), -1);
	ck_assert_int_eq(mxsel_host_source(m), MXSEL_SOURCE_NONE);
	ck_assert_int_eq(mxsel_host_is_incomplete(m), 0);
	ck_assert_int_eq(mxsel_address_is_secure(m), 0);
	ck_assert_int_eq(mxsel_port(m), 0);
	ck_assert_int_eq(mxsel_sockaddr(m, (struct sockaddr *)&sa, &size),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next_host(m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_TRY);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_OK);
	ck_assert_int_eq(mxsel_verdict_code(m), 0);
	ck_assert_str_eq(mxsel_verdict_status(m), "");
	ck_assert_str_eq(mxsel_verdict_text(m), "");
	mxsel_free(m);
}
END_TEST

START_TEST(R70_while_questions_are_open_no_attempt_is_reached)
{
	mxsel *m = begin(1);

	ck_assert_int_eq(go_on(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(go_on(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_ptr_null(mxsel_host_name(m));
	ck_assert_int_eq(mxsel_next_host(m), MXSEL_EUSAGE);
	ck_assert_int_eq(go_on(m), MXSEL_ATTEMPT);
	ck_assert_ptr_nonnull(mxsel_host_name(m));
	mxsel_free(m);
}
END_TEST

START_TEST(R73_the_end_stays_the_end)
{
	mxsel *m = begin(1);
	char text[512];
	int i;

	walk(m, text, sizeof(text));
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(mxsel_next(m), MXSEL_END);
		ck_assert_int_eq(mxsel_verdict_code(m), 451);
		ck_assert_ptr_null(mxsel_host_name(m));
		ck_assert_int_eq(mxsel_host_preference(m), -1);
		ck_assert_int_eq(mxsel_next_host(m), MXSEL_EUSAGE);
	}
	ck_assert_uint_eq(mxsel_query_count(m), 7);
	mxsel_free(m);
}
END_TEST

START_TEST(R73_leaving_a_host_leaves_it_for_good)
{
	mxsel *m = begin(1);
	char first[64];

	ck_assert_int_eq(go_on(m), MXSEL_ATTEMPT);
	snprintf(first, sizeof(first), "%s", mxsel_host_name(m));
	ck_assert_int_eq(mxsel_next_host(m), MXSEL_LOOKUP);
	while (go_on(m) == MXSEL_ATTEMPT)
		ck_assert_str_ne(mxsel_host_name(m), first);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_UNREACHABLE);
	mxsel_free(m);
}
END_TEST

START_TEST(R80_the_same_again_whenever_one_goes_back)
{
	char whole[512], again[512];
	size_t after;

	for (after = 0; after <= 7; after++) {
		mxsel *m = begin(42);
		size_t i;

		walk(m, whole, sizeof(whole));
		mxsel_free(m);
		m = begin(42);
		for (i = 0; i < after; i++)
			go_on(m);
		ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
		ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_TRY);
		ck_assert_ptr_null(mxsel_host_name(m));
		walk(m, again, sizeof(again));
		ck_assert_str_eq(whole, again);
		ck_assert_uint_eq(mxsel_query_count(m), 7);
		mxsel_free(m);
	}
}
END_TEST

START_TEST(R80_going_back_with_questions_open_loses_none)
{
	mxsel *m = begin(42);
	char whole[512], again[512];

	walk(m, whole, sizeof(whole));
	mxsel_free(m);
	m = begin(42);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	ck_assert_int_eq(go_on(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(go_on(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	walk(m, again, sizeof(again));
	ck_assert_str_eq(whole, again);
	ck_assert_uint_eq(mxsel_query_count(m), 7);
	mxsel_free(m);
}
END_TEST

START_TEST(R80_hosts_that_were_left_are_back)
{
	mxsel *m = begin(42);
	char whole[512], again[512];

	walk(m, whole, sizeof(whole));
	mxsel_rewind(m);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	while (mxsel_next_host(m) == MXSEL_ATTEMPT)
		;
	ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	walk(m, again, sizeof(again));
	ck_assert_str_eq(whole, again);
	mxsel_free(m);
}
END_TEST

START_TEST(R70_a_socket_address_is_the_attempt)
{
	mxsel *m = begin(1);
	struct sockaddr_storage sa;
	const struct sockaddr_in6 *v6 = (const void *)&sa;
	const struct sockaddr_in *v4 = (const void *)&sa;
	size_t size = 0;

	ck_assert_int_eq(go_on(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_sockaddr(m, NULL, &size), MXSEL_ESPACE);
	ck_assert_uint_eq(size, sizeof(*v6));
	size = sizeof(*v6) - 1;
	ck_assert_int_eq(mxsel_sockaddr(m, (struct sockaddr *)&sa, &size),
		MXSEL_ESPACE);
	ck_assert_int_eq(mxsel_sockaddr(m, (struct sockaddr *)&sa, NULL),
		MXSEL_EUSAGE);
	size = sizeof(sa);
	ck_assert_int_eq(mxsel_sockaddr(m, (struct sockaddr *)&sa, &size),
		MXSEL_OK);
	ck_assert_uint_eq(size, sizeof(*v6));
	ck_assert_int_eq(sa.ss_family, AF_INET6);
	ck_assert_int_eq(ntohs(v6->sin6_port), 25);
	ck_assert_int_eq(v6->sin6_addr.s6_addr[0], 0x20);
	ck_assert_int_eq(v6->sin6_scope_id, 0);
	ck_assert_int_eq(go_on(m), MXSEL_ATTEMPT);
	size = sizeof(sa);
	ck_assert_int_eq(mxsel_sockaddr(m, (struct sockaddr *)&sa, &size),
		MXSEL_OK);
	ck_assert_uint_eq(size, sizeof(*v4));
	ck_assert_int_eq(sa.ss_family, AF_INET);
	ck_assert_int_eq(ntohs(v4->sin_port), 25);
	mxsel_free(m);
}
END_TEST

/* --- pull ---------------------------------------------------------------- */

START_TEST(R60_both_families_are_asked_at_the_same_time)
{
	mxsel *m = begin(1);
	mxsel_query *first, *second;

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	first = mxsel_query_take(m);
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_null(mxsel_query_take(m));
	ck_assert_str_eq(mxsel_query_name(first), "example.com");
	ck_assert_int_eq(mxsel_query_type(first), MXSEL_TYPE_MX);
	ck_assert_ptr_eq(mxsel_query_selection(first), m);
	answer(first);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	first = mxsel_query_take(m);
	second = mxsel_query_take(m);
	ck_assert_ptr_null(mxsel_query_take(m));
	ck_assert_str_eq(mxsel_query_name(first), mxsel_query_name(second));
	ck_assert_int_eq(mxsel_query_type(first) + mxsel_query_type(second),
		MXSEL_TYPE_A + MXSEL_TYPE_AAAA);
	mxsel_free(m);
}
END_TEST

START_TEST(R60_nothing_goes_on_before_both_are_answered)
{
	mxsel *m = begin(1);
	mxsel_query *first, *second;

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	answer(mxsel_query_take(m));
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	first = mxsel_query_take(m);
	second = mxsel_query_take(m);
	answer(second);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_ptr_null(mxsel_query_take(m));
	answer(first);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	mxsel_free(m);
}
END_TEST

/* Which of n things comes as the k-th in the p-th order of them. */
static size_t permuted(size_t n, size_t p, size_t k)
{
	char used[8] = { 0 };
	size_t i, j = 0, radix;

	for (i = 0; i <= k; i++) {
		size_t left = n - i;

		radix = p % left;
		p /= left;
		for (j = 0; used[j] || radix > 0; j++)
			radix -= !used[j];
		used[j] = 1;
	}
	return j;
}

/* With an own address a whole preference is asked: four questions at once. */
START_TEST(R32_R56_answers_in_any_order_give_the_same_plan)
{
	char first[512], again[512];
	size_t p, k;

	for (p = 0; p < 24; p++) {
		mxsel_options *o;
		mxsel_query *open[4];
		mxsel *m;

		ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
		mxsel_options_set_seed(o, 9);
		mxsel_options_add_self_address(o, "198.51.100.1");
		ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
		mxsel_options_free(o);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		answer(mxsel_query_take(m));
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		for (k = 0; k < 4; k++) {
			open[k] = mxsel_query_take(m);
			ck_assert_ptr_nonnull(open[k]);
		}
		ck_assert_ptr_null(mxsel_query_take(m));
		for (k = 0; k < 4; k++) {
			ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
			answer(open[permuted(4, p, k)]);
		}
		walk(m, again, sizeof(again));
		if (p == 0)
			memcpy(first, again, sizeof(first));
		ck_assert_str_eq(first, again);
		mxsel_free(m);
	}
	ck_assert_uint_gt(strlen(first), 80);
}
END_TEST

START_TEST(a_question_that_nobody_took_may_stay_open)
{
	mxsel *m = begin(1);

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_uint_eq(mxsel_query_count(m), 1);
	ck_assert_int_eq(mxsel_reset(m, "example.net"), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_str_eq(mxsel_query_name(mxsel_query_take(m)),
		"example.net");
	mxsel_free(m);
}
END_TEST

START_TEST(a_reset_begins_from_nothing)
{
	mxsel *m = begin(5);
	char whole[512], again[512];

	walk(m, whole, sizeof(whole));
	ck_assert_int_eq(mxsel_reset(m, "[127.0.0.1]"), MXSEL_OK);
	ck_assert_uint_eq(mxsel_query_count(m), 0);
	ck_assert_uint_eq(mxsel_flags(m), 0);
	ck_assert_uint_eq(mxsel_ttl(m), 2147483647);
	ck_assert_uint_eq(mxsel_rejected_count(m), 0);
	ck_assert_ptr_null(mxsel_host_name(m));
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_TRY);
	ck_assert_str_eq(mxsel_domain(m), "");
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_FILTERED);
	ck_assert_int_eq(mxsel_reset(m, "example.com"), MXSEL_OK);
	walk(m, again, sizeof(again));
	ck_assert_str_eq(whole, again);
	mxsel_free(m);
}
END_TEST

/* The text may be the selection's own: to begin again at the alias's end. */
START_TEST(a_reset_takes_the_selections_own_text)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "a-user@a-domain.example.com", NULL),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_reset(m, mxsel_destination(m)), MXSEL_OK);
	ck_assert_str_eq(mxsel_destination(m), "a-user@a-domain.example.com");
	ck_assert_int_eq(mxsel_reset(m, mxsel_domain(m)), MXSEL_OK);
	ck_assert_str_eq(mxsel_destination(m), "a-domain.example.com");
	ck_assert_str_eq(mxsel_domain(m), "a-domain.example.com");
	ck_assert_int_eq(mxsel_reset(m, mxsel_destination(m) + 2), MXSEL_OK);
	ck_assert_str_eq(mxsel_destination(m), "domain.example.com");
	ck_assert_str_eq(mxsel_domain(m), "domain.example.com");
	mxsel_free(m);
}
END_TEST

START_TEST(R32_without_a_seed_the_one_drawn_gives_the_order_again)
{
	mxsel *m;
	char whole[512], again[512];
	uint64_t seed, same;

	ck_assert_int_eq(mxsel_new(&m, "example.com", NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_seed(m, &seed), MXSEL_OK);
	walk(m, whole, sizeof(whole));
	ck_assert_int_eq(mxsel_seed(m, &same), MXSEL_OK);
	ck_assert(seed == same);
	mxsel_free(m);
	m = begin(seed);
	walk(m, again, sizeof(again));
	ck_assert_str_eq(whole, again);
	mxsel_free(m);
}
END_TEST

START_TEST(F95_a_selection_may_be_freed_at_any_attempt)
{
	int n, i;

	for (n = 0; n < 8; n++) {
		mxsel *m = begin(3);
		int rc = MXSEL_LOOKUP;

		for (i = 0; i < n; i++)
			rc = go_on(m);
		if (n > 0)
			ck_assert_int_eq(rc, n <= 6 ? MXSEL_ATTEMPT
				: MXSEL_END);
		mxsel_free(m);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: walking");
	TCase *tc = tcase_create("walking");

	tcase_add_test(tc, R70_before_the_first_attempt_there_is_none);
	tcase_add_test(tc, R70_while_questions_are_open_no_attempt_is_reached);
	tcase_add_test(tc, R73_the_end_stays_the_end);
	tcase_add_test(tc, R73_leaving_a_host_leaves_it_for_good);
	tcase_add_test(tc, R80_the_same_again_whenever_one_goes_back);
	tcase_add_test(tc, R80_going_back_with_questions_open_loses_none);
	tcase_add_test(tc, R80_hosts_that_were_left_are_back);
	tcase_add_test(tc, R70_a_socket_address_is_the_attempt);
	tcase_add_test(tc, R60_both_families_are_asked_at_the_same_time);
	tcase_add_test(tc, R60_nothing_goes_on_before_both_are_answered);
	tcase_add_test(tc, R32_R56_answers_in_any_order_give_the_same_plan);
	tcase_add_test(tc, a_question_that_nobody_took_may_stay_open);
	tcase_add_test(tc, a_reset_begins_from_nothing);
	tcase_add_test(tc, a_reset_takes_the_selections_own_text);
	tcase_add_test(tc,
		R32_without_a_seed_the_one_drawn_gives_the_order_again);
	tcase_add_test(tc, F95_a_selection_may_be_freed_at_any_attempt);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
