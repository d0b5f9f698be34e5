/*
 * The cache through the shared library alone: making, setting, counting,
 * forgetting, and what is no argument (R77, S39).
 */
#include <check.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include <mxsel/cache.h>

#include "support/run.h"

static int asked;

static uint64_t still(void *user)
{
	ck_assert_ptr_eq(user, &asked);
	asked++;
	return 1;
}

static mxsel_cache *cache;

static void setup(void)
{
	ck_assert_int_eq(mxsel_cache_new(&cache, 65536, still, &asked), 0);
}

static void teardown(void)
{
	mxsel_cache_free(cache);
}

START_TEST(a_cache_may_have_64_kib_and_more)
{
	mxsel_cache *other = NULL;
	size_t bytes;

	ck_assert_int_eq(mxsel_cache_new(&other, 65535, still, &asked),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_cache_new(&other, 0, still, &asked),
		MXSEL_ERANGE);
	ck_assert_ptr_null(other);
	for (bytes = 65536; bytes < 40000000; bytes = bytes * 3 / 2 + 1) {
		ck_assert_int_eq(mxsel_cache_new(&other, bytes, still,
			&asked), 0);
		ck_assert_uint_gt(mxsel_cache_statistic(other,
			MXSEL_CACHE_BYTES), 0);
		ck_assert_uint_lt(mxsel_cache_statistic(other,
			MXSEL_CACHE_BYTES), bytes / 16);
		mxsel_cache_free(other);
	}
#if SIZE_MAX > UINT32_MAX
	other = NULL;
	ck_assert_int_eq(mxsel_cache_new(&other, ((size_t)1 << 36) + 1, still,
		&asked), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_cache_new(&other, SIZE_MAX, still, &asked),
		MXSEL_ERANGE);
	ck_assert_ptr_null(other);
#endif
}
END_TEST

START_TEST(a_cache_needs_a_place_and_a_clock)
{
	mxsel_cache *other = NULL;

	ck_assert_int_eq(mxsel_cache_new(NULL, 65536, still, &asked),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_cache_new(&other, 65536, NULL, &asked),
		MXSEL_EUSAGE);
	ck_assert_ptr_null(other);
}
END_TEST

START_TEST(every_setting_takes_what_is_in_its_range)
{
	static const struct {
		int setting, most;
	} all[] = {
		{ MXSEL_CACHE_MAX_TTL, 2147483647 },
		{ MXSEL_CACHE_MAX_NEGATIVE_TTL, 86400 },
		{ MXSEL_CACHE_FAILURE_TTL, 300 },
		{ MXSEL_CACHE_STALE, 604800 },
	};
	size_t i;

	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(mxsel_cache_set(cache, all[i].setting, 0), 0);
		ck_assert_int_eq(mxsel_cache_set(cache, all[i].setting,
			all[i].most), 0);
		ck_assert_int_eq(mxsel_cache_set(cache, all[i].setting, -1),
			MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_cache_set(cache, all[i].setting,
			INT_MIN), MXSEL_ERANGE);
		if (all[i].most < INT_MAX)
			ck_assert_int_eq(mxsel_cache_set(cache,
				all[i].setting, all[i].most + 1),
				MXSEL_ERANGE);
	}
	ck_assert_int_eq(mxsel_cache_set(NULL, MXSEL_CACHE_STALE, 0),
		MXSEL_EUSAGE);
}
END_TEST

START_TEST(a_setting_that_is_none_is_out_of_range)
{
	ck_assert_int_eq(mxsel_cache_set(cache, 0, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_cache_set(cache, 5, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_cache_set(cache, -1, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_cache_set(cache, INT_MAX, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_cache_set(cache, INT_MIN, 0), MXSEL_ERANGE);
}
END_TEST

START_TEST(a_new_cache_has_counted_nothing_yet)
{
	int which;

	for (which = -3; which < 20; which++) {
		if (which != MXSEL_CACHE_BYTES)
			ck_assert_uint_eq(mxsel_cache_statistic(cache, which),
				0);
		ck_assert_uint_eq(mxsel_cache_statistic(NULL, which), 0);
	}
	ck_assert_uint_gt(mxsel_cache_statistic(cache, MXSEL_CACHE_BYTES), 0);
}
END_TEST

START_TEST(names_can_be_forgotten_whether_known_or_not)
{
	ck_assert_int_eq(mxsel_cache_forget(cache, "example.com"), 0);
	ck_assert_int_eq(mxsel_cache_forget(cache, "MX1.Example.COM."), 0);
	ck_assert_int_eq(mxsel_cache_forget(cache, "."), 0);
	ck_assert_int_eq(mxsel_cache_forget(cache, NULL), 0);
	ck_assert_int_eq(mxsel_cache_forget(NULL, "example.com"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_cache_forget(NULL, NULL), MXSEL_EUSAGE);
}
END_TEST

START_TEST(what_is_no_name_cannot_be_forgotten)
{
	char longest[400];

	memset(longest, 'a', sizeof(longest));
	longest[399] = 0;
	ck_assert_int_eq(mxsel_cache_forget(cache, "a..example"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_cache_forget(cache, ".example"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_cache_forget(cache, longest), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_cache_forget(cache, "192.0.2.1"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_cache_forget(cache, "[2001:db8::1]"),
		MXSEL_ESYNTAX);
}
END_TEST

START_TEST(no_cache_can_be_given_back)
{
	mxsel_cache_free(NULL);
	ck_assert_int_gt(asked, 0);
}
END_TEST

static Suite *cache_suite(void)
{
	Suite *suite = suite_create("api/cache");
	TCase *tc = tcase_create("cache");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_cache_may_have_64_kib_and_more);
	tcase_add_test(tc, a_cache_needs_a_place_and_a_clock);
	tcase_add_test(tc, every_setting_takes_what_is_in_its_range);
	tcase_add_test(tc, a_setting_that_is_none_is_out_of_range);
	tcase_add_test(tc, a_new_cache_has_counted_nothing_yet);
	tcase_add_test(tc, names_can_be_forgotten_whether_known_or_not);
	tcase_add_test(tc, what_is_no_name_cannot_be_forgotten);
	tcase_add_test(tc, no_cache_can_be_given_back);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(cache_suite());
}
