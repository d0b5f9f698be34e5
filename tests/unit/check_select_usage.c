/*
 * F100: NULL and invalid arguments to every public function of the core give
 * an error, or nothing, and never anything worse. May use <mxsel/mxsel.h>.
 */
#define _POSIX_C_SOURCE 200809L

#include <limits.h>
#include <string.h>

#include <sys/socket.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

static void *allocate(void *pointer, size_t size, void *user)
{
	(void)pointer;
	(void)size;
	(void)user;
	return NULL;
}

static void resolve(mxsel_query *q, void *user)
{
	(void)q;
	(void)user;
}

static void other_resolve(mxsel_query *q, void *user)
{
	(void)user;
	mxsel_answer_finish(q, MXSEL_DNS_REFUSED, 0);
}

START_TEST(F100_options_of_nobody)
{
	mxsel_options *o = NULL;

	ck_assert_int_eq(mxsel_options_new(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_new_with_allocator(NULL, allocate,
		NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, allocate, NULL),
		MXSEL_ENOMEM);
	ck_assert_int_eq(mxsel_options_copy(NULL, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_copy(&o, NULL), MXSEL_EUSAGE);
	ck_assert_ptr_null(o);
	mxsel_options_free(NULL);
	ck_assert_int_eq(mxsel_options_set(NULL, MXSEL_OPT_PORT, 25),
		MXSEL_EUSAGE);
	ck_assert_int_lt(mxsel_options_get(NULL, MXSEL_OPT_PORT), 0);
	ck_assert_int_eq(mxsel_options_set_seed(NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_set_resolver(NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_name(NULL, "a"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_address(NULL, "::1"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_allow_network(NULL, "::1"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_nat64(NULL, "::/96"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(NULL, "*", 550, NULL,
		NULL), MXSEL_EUSAGE);
}
END_TEST

START_TEST(F100_options_given_nothing)
{
	mxsel_options *o;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_copy(NULL, o), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_name(o, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_address(o, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_allow_network(o, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_nat64(o, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(o, NULL, 550, NULL,
		NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_set_resolver(o, NULL), MXSEL_OK);
	mxsel_options_free(o);
}
END_TEST

START_TEST(F100_no_selection_to_make)
{
	mxsel *m = NULL;

	ck_assert_int_eq(mxsel_new(NULL, "example.com", NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_new(&m, NULL, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_new_bytes(NULL, "a", 1, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_new_bytes(&m, NULL, 0, NULL), MXSEL_EUSAGE);
	ck_assert_ptr_null(m);
	mxsel_free(NULL);
	ck_assert_int_eq(mxsel_reset(NULL, "example.com"), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_new(&m, "[192.0.2.1]", NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_reset(m, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT); /* as it was */
	mxsel_free(m);
}
END_TEST

START_TEST(F100_nothing_is_known_of_no_selection)
{
	struct sockaddr_storage sa;
	size_t size = sizeof(sa);
	uint64_t seed;

	ck_assert_int_eq(mxsel_next(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next_host(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_rewind(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_set_user(NULL, &size), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_user(NULL));
	ck_assert_str_eq(mxsel_destination(NULL), "");
	ck_assert_str_eq(mxsel_original_domain(NULL), "");
	ck_assert_str_eq(mxsel_domain(NULL), "");
	ck_assert_int_eq(mxsel_source(NULL), MXSEL_SOURCE_NONE);
	ck_assert_int_eq(mxsel_is_secure(NULL), 0);
	ck_assert_uint_eq(mxsel_flags(NULL), 0);
	ck_assert_uint_eq(mxsel_ttl(NULL), 0);
	ck_assert_uint_eq(mxsel_query_count(NULL), 0);
	ck_assert_int_eq(mxsel_seed(NULL, &seed), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_host_name(NULL));
	ck_assert_ptr_null(mxsel_host_canonical(NULL));
	ck_assert_int_eq(mxsel_host_preference(NULL), -1);
	ck_assert_int_eq(mxsel_host_rank(NULL), -1);
	ck_assert_int_eq(mxsel_host_source(NULL), MXSEL_SOURCE_NONE);
	ck_assert_int_eq(mxsel_host_is_incomplete(NULL), 0);
	ck_assert_int_eq(mxsel_address_is_secure(NULL), 0);
	ck_assert_ptr_null(mxsel_address(NULL));
	ck_assert_int_eq(mxsel_port(NULL), 0);
	ck_assert_int_eq(mxsel_sockaddr(NULL, (struct sockaddr *)&sa, &size),
		MXSEL_EUSAGE);
	ck_assert_uint_eq(mxsel_rejected_count(NULL), 0);
	ck_assert_int_eq(mxsel_rejected(NULL, 0, NULL, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_query_take(NULL));
	ck_assert_uint_eq(mxsel_time_left(NULL), 0);
	ck_assert_int_eq(mxsel_time_spent(NULL, 1), MXSEL_EUSAGE);
}
END_TEST

START_TEST(F100_no_selection_has_a_verdict)
{
	ck_assert_int_eq(mxsel_verdict_action(NULL), MXSEL_ACTION_TRY);
	ck_assert_int_eq(mxsel_verdict_reason(NULL), MXSEL_REASON_OK);
	ck_assert_int_eq(mxsel_verdict_code(NULL), 0);
	ck_assert_str_eq(mxsel_verdict_status(NULL), "");
	ck_assert_str_eq(mxsel_verdict_text(NULL), "");
}
END_TEST

START_TEST(F100_no_question)
{
	uint8_t bytes[16] = { 0 };
	size_t size = sizeof(bytes);

	ck_assert_ptr_null(mxsel_query_selection(NULL));
	ck_assert_ptr_null(mxsel_query_name(NULL));
	ck_assert_uint_eq(mxsel_query_type(NULL), 0);
	ck_assert_int_eq(mxsel_query_packet(NULL, 0, 0, bytes, &size),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_packet(NULL, bytes, 16, 0),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_mx(NULL, 1, "a", 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_address(NULL, bytes, 16, 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_alias(NULL, "a", 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_negative_ttl(NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_finish(NULL, 0, 0), MXSEL_EUSAGE);
}
END_TEST

START_TEST(F100_a_question_answered_with_nothing)
{
	uint8_t bytes[16] = { 0 };
	size_t size = 16;
	mxsel_query *q;
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "example.com", NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_int_eq(mxsel_query_packet(q, 0, 0, bytes, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_query_packet(q, 0, 0, NULL, &size),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_packet(q, NULL, 0, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_packet(q, NULL, 16, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_packet(q, bytes, 0, 0),
		MXSEL_EMALFORMED);
	ck_assert_int_eq(mxsel_answer_packet(q, bytes, 16, INT_MIN),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_mx(q, 1, NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_address(q, NULL, 4, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_alias(q, NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_finish(q, INT_MAX, INT_MAX),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP); /* still open */
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_source(m), MXSEL_SOURCE_IMPLICIT);
	q = mxsel_query_take(m);
	ck_assert_int_eq(mxsel_answer_address(q, NULL, 16, 1), MXSEL_EUSAGE);
	mxsel_free(m);
}
END_TEST

START_TEST(F100_a_selection_given_nothing)
{
	size_t count;
	mxsel *m;
	int mine = 5;

	ck_assert_int_eq(mxsel_new(&m, "[127.0.0.1]", NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_seed(m, NULL), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_user(m));
	ck_assert_int_eq(mxsel_set_user(m, &mine), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_sockaddr(m, NULL, NULL), MXSEL_EUSAGE);
	count = mxsel_rejected_count(m);
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(mxsel_rejected(m, 0, NULL, NULL, NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_rejected(m, count, NULL, NULL, NULL),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_rejected(m, (size_t)-1, NULL, NULL, NULL),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_reset(m, "example.com"), MXSEL_OK);
	ck_assert_ptr_eq(mxsel_user(m), &mine);
	ck_assert_int_eq(mxsel_set_user(m, NULL), MXSEL_OK);
	ck_assert_ptr_null(mxsel_user(m));
	mxsel_free(m);
}
END_TEST

START_TEST(F100_resolvers_of_nobody)
{
	mxsel_resolver *r = NULL;
	int mine;

	ck_assert_int_eq(mxsel_resolver_new(NULL, resolve, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_resolver_new(&r, NULL, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_ptr_null(r);
	ck_assert_int_eq(mxsel_resolver_set_wait(NULL, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_resolver_set_release(NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_resolver_user(NULL, resolve));
	mxsel_resolver_free(NULL);
	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, NULL, &mine),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_resolver_set_wait(r, NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_resolver_set_release(r, NULL), MXSEL_OK);
	ck_assert_ptr_eq(mxsel_resolver_user(r, resolve), &mine);
	ck_assert_ptr_null(mxsel_resolver_user(r, other_resolve));
	ck_assert_ptr_null(mxsel_resolver_user(r, NULL));
	mxsel_resolver_free(r);
}
END_TEST

START_TEST(F100_names_of_numbers_that_are_none)
{
	static const int none[] = { -1, 1000, INT_MIN, INT_MAX };
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		ck_assert_ptr_null(mxsel_reason_name(none[i]));
		ck_assert_ptr_null(mxsel_reject_name(none[i]));
		ck_assert_ptr_null(mxsel_reject_rule(none[i]));
	}
	ck_assert_ptr_null(mxsel_reject_name(0));
	ck_assert_ptr_null(mxsel_reject_rule(0));
	ck_assert_ptr_null(mxsel_flag_name(0));
	ck_assert_ptr_null(mxsel_flag_name(3));
	ck_assert_ptr_null(mxsel_flag_name(UINT32_MAX));
	ck_assert_ptr_null(mxsel_flag_name(0x80000000u));
	ck_assert_str_eq(mxsel_strerror(INT_MIN), "unknown error");
	ck_assert_str_eq(mxsel_strerror(1), "unknown error");
	ck_assert_ptr_nonnull(mxsel_strerror(0));
	ck_assert_ptr_nonnull(mxsel_version());
}
END_TEST

START_TEST(F100_time_goes_on_and_does_not_turn_round)
{
	mxsel_options *o;
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "example.com", NULL), MXSEL_OK);
	ck_assert_uint_eq(mxsel_time_left(m), 30000);
	ck_assert_int_eq(mxsel_time_spent(m, 29999), MXSEL_OK);
	ck_assert_uint_eq(mxsel_time_left(m), 1);
	ck_assert_int_eq(mxsel_time_spent(m, UINT32_MAX), MXSEL_OK);
	ck_assert_uint_eq(mxsel_time_left(m), 0);
	ck_assert_int_eq(mxsel_time_spent(m, 30000), MXSEL_OK);
	ck_assert_uint_eq(mxsel_time_left(m), 0);
	ck_assert_int_eq(mxsel_reset(m, "example.com"), MXSEL_OK);
	ck_assert_uint_eq(mxsel_time_left(m), 30000);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TIME_LIMIT, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	ck_assert_int_eq(mxsel_time_spent(m, UINT32_MAX), MXSEL_OK);
	ck_assert_uint_eq(mxsel_time_left(m), UINT32_MAX);
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: usage");
	TCase *tc = tcase_create("usage");

	tcase_add_test(tc, F100_options_of_nobody);
	tcase_add_test(tc, F100_options_given_nothing);
	tcase_add_test(tc, F100_no_selection_to_make);
	tcase_add_test(tc, F100_nothing_is_known_of_no_selection);
	tcase_add_test(tc, F100_no_selection_has_a_verdict);
	tcase_add_test(tc, F100_no_question);
	tcase_add_test(tc, F100_a_question_answered_with_nothing);
	tcase_add_test(tc, F100_a_selection_given_nothing);
	tcase_add_test(tc, F100_resolvers_of_nobody);
	tcase_add_test(tc, F100_names_of_numbers_that_are_none);
	tcase_add_test(tc, F100_time_goes_on_and_does_not_turn_round);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
