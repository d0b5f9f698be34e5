/*
 * A caller's own resolver through the shared library alone: one that answers
 * at once, one that answers later, one that waits in vain, and callbacks that
 * do what they may not, or may (F92-F97, F100).
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

static mxsel_options *options;
static mxsel *m;

static void setup(void)
{
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	m = NULL;
}

static void teardown(void)
{
	mxsel_free(m);
	mxsel_options_free(options);
}

static struct {
	int released, cancelled;
	int rc_inside[3];
} seen;

static void refuse(mxsel_query *q, void *user)
{
	mxsel *selection = mxsel_query_selection(q);

	(void)user;
	seen.rc_inside[0] = mxsel_next(selection);
	seen.rc_inside[1] = mxsel_reset(selection, "a.example");
	seen.rc_inside[2] = mxsel_rewind(selection);
	(void)mxsel_answer_finish(q, MXSEL_DNS_REFUSED, 0);
}

static void keep(mxsel_query *q, void *user)
{
	*(mxsel_query **)user = q;
}

static void cancelled(mxsel_query *q, void *user)
{
	ck_assert_ptr_eq(q, *(mxsel_query **)user);
	seen.cancelled++;
}

static void free_it(mxsel_query *q, void *user)
{
	(void)user;
	mxsel_free(mxsel_query_selection(q));
}

static int wait_in_vain(mxsel *selection, void *user)
{
	(void)user;
	return mxsel_time_spent(selection, 30001);
}

static void released(void *user)
{
	(void)user;
	seen.released++;
}

static void use(mxsel_resolve_fn resolve, mxsel_cancel_fn cancel, void *user,
	mxsel_wait_fn wait)
{
	mxsel_resolver *r;

	memset(&seen, 0, sizeof(seen));
	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, cancel, user), 0);
	ck_assert_int_eq(mxsel_resolver_set_wait(r, wait), 0);
	ck_assert_int_eq(mxsel_resolver_set_release(r, released), 0);
	ck_assert_ptr_eq(mxsel_resolver_user(r, resolve), user);
	ck_assert_ptr_null(mxsel_resolver_user(r, NULL));
	ck_assert_int_eq(mxsel_options_set_resolver(options, r), 0);
	mxsel_resolver_free(r);
	ck_assert_int_eq(seen.released, 0);
}

START_TEST(a_resolver_that_answers_at_once_needs_no_lookups)
{
	use(refuse, NULL, NULL, NULL);
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.4.3");
	ck_assert_int_eq(seen.rc_inside[0], MXSEL_EUSAGE);
	ck_assert_int_eq(seen.rc_inside[1], MXSEL_EUSAGE);
	ck_assert_int_eq(seen.rc_inside[2], MXSEL_EUSAGE);
	mxsel_free(m);
	m = NULL;
	mxsel_options_free(options);
	options = NULL;
	ck_assert_int_eq(seen.released, 1);
}
END_TEST

START_TEST(a_resolver_that_answers_later_is_told_of_the_end)
{
	mxsel_query *kept = NULL;

	use(keep, cancelled, &kept, NULL);
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_ptr_nonnull(kept);
	ck_assert_int_eq(mxsel_reset(m, "example.net"), 0);
	ck_assert_int_eq(seen.cancelled, 1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_str_eq(mxsel_query_name(kept), "example.net");
	ck_assert_int_eq(mxsel_answer_finish(kept, MXSEL_DNS_NXDOMAIN, 0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "5.1.2");
	ck_assert_int_eq(seen.cancelled, 1);
}
END_TEST

START_TEST(a_wait_in_vain_ends_as_a_network_failure)
{
	mxsel_query *kept = NULL;

	use(keep, cancelled, &kept, wait_in_vain);
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_uint_eq(mxsel_time_left(m), 30000);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_uint_eq(mxsel_time_left(m), 0);
	ck_assert_uint_eq(mxsel_time_left(NULL), 0);
	ck_assert_int_eq(mxsel_time_spent(NULL, 1), MXSEL_EUSAGE);
	mxsel_free(m);
	m = NULL;
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_TIME_LIMIT, 0),
		0);
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_uint_eq(mxsel_time_left(m), UINT32_MAX);
}
END_TEST

START_TEST(F93_a_selection_freed_in_a_callback_is_gone)
{
	mxsel *gone;

	use(free_it, NULL, NULL, NULL);
	ck_assert_int_eq(mxsel_new(&gone, "example.com", options), 0);
	mxsel_options_free(options);
	options = NULL;
	ck_assert_int_eq(seen.released, 0);
	ck_assert_int_eq(mxsel_next(gone), MXSEL_ECANCELED);
	ck_assert_int_eq(seen.released, 1);
}
END_TEST

START_TEST(F100_no_resolver_is_a_usage_error)
{
	mxsel_resolver *r;

	ck_assert_int_eq(mxsel_resolver_new(NULL, refuse, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_resolver_new(&r, NULL, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_resolver_set_wait(NULL, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_resolver_set_release(NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_resolver_user(NULL, refuse));
	mxsel_resolver_free(NULL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("own resolvers through the shared library");
	TCase *t = tcase_create("resolver");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_resolver_that_answers_at_once_needs_no_lookups);
	tcase_add_test(t, a_resolver_that_answers_later_is_told_of_the_end);
	tcase_add_test(t, a_wait_in_vain_ends_as_a_network_failure);
	tcase_add_test(t, F93_a_selection_freed_in_a_callback_is_gone);
	tcase_add_test(t, F100_no_resolver_is_a_usage_error);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
