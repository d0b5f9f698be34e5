/*
 * The cache's memory: how little an answer takes, that nothing goes beyond
 * the bound, and who stays when there is no more room (S40, F84).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/cached.h"
#include "support/run.h"
#include "support/sanitized.h"

static uint64_t now;
static struct mxsel__cached in, out;

static uint64_t counted(const mxsel_cache *cache, int which)
{
	return mxsel_cache_statistic(cache, which);
}

static int is_there(mxsel_cache *cache, const char *name)
{
	return cached_find(cache, name, MXSEL_TYPE_A, 0, &out);
}

static char *numbered(unsigned i)
{
	static char name[40];

	(void)snprintf(name, sizeof(name), "mx%u.host-%07u.test", i % 10, i);
	return name;
}

START_TEST(a_host_with_both_addresses_takes_less_than_96_octets)
{
	mxsel_cache *cache = cached_new(1 << 20, &now);
	uint64_t before = counted(cache, MXSEL_CACHE_BYTES);

	cached_host(cache, "alt1.aspmx.l.google.com", 300);
	ck_assert_uint_le(counted(cache, MXSEL_CACHE_BYTES) - before, 96);
	ck_assert_uint_ge(counted(cache, MXSEL_CACHE_BYTES) - before, 48);
	cached_host(cache, "alt1.aspmx.l.google.com", 300);
	ck_assert_uint_le(counted(cache, MXSEL_CACHE_BYTES) - before, 96);
	ck_assert_int_eq(mxsel_cache_forget(cache, NULL), 0);
	ck_assert_uint_eq(counted(cache, MXSEL_CACHE_BYTES), before);
	cached_host(cache, "mail-exchanger-1.example-provider.net", 300);
	ck_assert_uint_le(counted(cache, MXSEL_CACHE_BYTES) - before, 96);
	mxsel_cache_free(cache);
}
END_TEST

START_TEST(five_mail_exchangers_take_less_than_200_octets)
{
	mxsel_cache *cache = cached_new(1 << 20, &now);
	uint64_t before = counted(cache, MXSEL_CACHE_BYTES);

	cached_empty(&in, 3600);
	cached_mx(&in, 1, 0, "aspmx.l.google.com");
	cached_mx(&in, 5, 0, "alt1.aspmx.l.google.com");
	cached_mx(&in, 5, 0, "alt2.aspmx.l.google.com");
	cached_mx(&in, 10, 0, "alt3.aspmx.l.google.com");
	cached_mx(&in, 10, 0, "alt4.aspmx.l.google.com");
	cached_keep(cache, "domain-12345.example", MXSEL_TYPE_MX, &in);
	ck_assert_uint_le(counted(cache, MXSEL_CACHE_BYTES) - before, 200);
	/* Names that have nothing in common fit also. */
	cached_empty(&in, 3600);
	cached_mx(&in, 1, 0, "mx-primary.example.net");
	cached_mx(&in, 5, 0, "first.mail.example.org");
	cached_mx(&in, 5, 0, "second.a.example.info");
	cached_mx(&in, 10, 0, "third.backup.test.com");
	cached_mx(&in, 10, 0, "fourth.somewhere.else");
	before = counted(cache, MXSEL_CACHE_BYTES);
	cached_keep(cache, "domain-12346.example", MXSEL_TYPE_MX, &in);
	ck_assert_uint_le(counted(cache, MXSEL_CACHE_BYTES) - before, 200);
	mxsel_cache_free(cache);
}
END_TEST

/*
 * Not what the counter says, but what fits: the whole cache divided by the
 * hosts in it, when A and AAAA of hosts in flight came in turn.
 */
START_TEST(a_full_cache_holds_a_host_for_each_96_octets_of_all_of_it)
{
	static const size_t sizes[] = { 65536, 300000, 1 << 20, 4 << 20 };
	size_t k;
	unsigned i;

	for (k = 0; k < 4; k++) {
		mxsel_cache *cache = cached_new(sizes[k], &now);

		for (i = 0; i < sizes[k] / 24; i++) {
			cached_addresses(cached_empty(&in, 300), 4, 1, i);
			cached_keep(cache, numbered(i), MXSEL_TYPE_A, &in);
			if (i < 100)
				continue;
			cached_addresses(cached_empty(&in, 300), 16, 1, i);
			cached_keep(cache, numbered(i - 100), MXSEL_TYPE_AAAA,
				&in);
		}
		ck_assert_uint_le(sizes[k], 96 *
			counted(cache, MXSEL_CACHE_NAMES));
		ck_assert_uint_le(counted(cache, MXSEL_CACHE_BYTES), sizes[k]);
		ck_assert_uint_gt(counted(cache, MXSEL_CACHE_BYTES),
			sizes[k] / 10 * 8);
		mxsel_cache_free(cache);
	}
}
END_TEST

/* Tiny entries fill the index before the ring, large ones the ring. */
START_TEST(whatever_the_size_of_entries_the_bound_holds)
{
	static const unsigned sizes[] = { 0, 4, 16, 200, 2048 };
	unsigned k, i;

	for (k = 0; k < 5; k++) {
		mxsel_cache *cache = cached_new(65536, &now);
		uint64_t stored, names, evicted;

		for (i = 0; i < 20000; i++) {
			char name[16];

			(void)snprintf(name, sizeof(name), "%x", i);
			cached_addresses(cached_empty(&in, 300), 1, sizes[k],
				i);
			cached_keep(cache, name, 99, &in);
			ck_assert_uint_le(counted(cache, MXSEL_CACHE_BYTES),
				65536);
			ck_assert_int_eq(cached_find(cache, name, 99, 0, &out),
				1);
			ck_assert_uint_eq(out.size, sizes[k]);
		}
		stored = counted(cache, MXSEL_CACHE_STORED);
		names = counted(cache, MXSEL_CACHE_NAMES);
		evicted = counted(cache, MXSEL_CACHE_EVICTED);
		ck_assert_uint_eq(stored, names + evicted);
		ck_assert_uint_ge(names, 65536 / (sizes[k] + 60) * 2 / 3);
		mxsel_cache_free(cache);
	}
}
END_TEST

/* What the few providers of many domains are: asked for again and again. */
START_TEST(hosts_that_are_asked_for_stay_while_others_come_and_go)
{
	mxsel_cache *cache = cached_new(65536, &now);
	unsigned i, k, lost = 0;

	for (k = 0; k < 100; k++)
		cached_host(cache, numbered(k), 3600);
	for (i = 0; i < 50000; i++) {
		/* Each of them once in 100 strangers; 900 strangers fit. */
		lost += !is_there(cache, numbered(i % 100));
		cached_host(cache, numbered(1000 + i), 3600);
	}
	ck_assert_uint_eq(lost, 0);
	ck_assert_uint_gt(counted(cache, MXSEL_CACHE_EVICTED), 90000);
	mxsel_cache_free(cache);
}
END_TEST

START_TEST(what_is_over_makes_room_before_what_is_not)
{
	mxsel_cache *cache = cached_new(65536, &now);
	unsigned i;

	now = 1000;
	for (i = 0; i < 500; i++) {
		cached_host(cache, numbered(i), 10);
		ck_assert(is_there(cache, numbered(i)));
		ck_assert(is_there(cache, numbered(i)));
	}
	now += 10000;
	for (i = 500; i < 1300; i++)
		cached_host(cache, numbered(i), 10);
	ck_assert_uint_eq(counted(cache, MXSEL_CACHE_EVICTED), 0);
	for (i = 500; i < 1300; i++)
		ck_assert(is_there(cache, numbered(i)));
	mxsel_cache_free(cache);
}
END_TEST

/* All have been asked for: one call gives up, but some call gets through. */
START_TEST(a_cache_full_of_what_is_asked_for_takes_new_names_in_the_end)
{
	mxsel_cache *cache = cached_new(1 << 20, &now);
	unsigned i, k, there = 0;

	for (i = 0; i < 14000; i++) {
		cached_host(cache, numbered(i), 3600);
		for (k = 0; k < 3; k++)
			ck_assert(is_there(cache, numbered(i)));
	}
	for (i = 20000; i < 20500; i++) {
		cached_host(cache, numbered(i), 3600);
		there += (unsigned)is_there(cache, numbered(i));
	}
	ck_assert_uint_gt(there, 300);
	mxsel_cache_free(cache);
}
END_TEST

/* Sizes change all the time: no fragmentation, no loss of room. */
START_TEST(after_much_growing_and_shrinking_all_room_is_still_there)
{
	mxsel_cache *cache = cached_new(65536, &now);
	unsigned i, n = 12345;

	for (i = 0; i < 100000; i++) {
		n = n * 1103515245 + 12345;
		cached_addresses(cached_empty(&in, 300), 4, (n >> 16) % 100, i);
		cached_keep(cache, numbered((n >> 8) % 300),
			i % 3 == 0 ? MXSEL_TYPE_A : 60 + i % 3, &in);
		if (i % 1000 == 0)
			(void)mxsel_cache_forget(cache, numbered(i / 1000));
	}
	for (i = 1000; i < 5000; i++)
		cached_host(cache, numbered(i), 300);
	ck_assert_uint_ge(counted(cache, MXSEL_CACHE_NAMES), 65536 / 96);
	for (i = 0; i < 300; i++)
		ck_assert(is_there(cache, numbered(4999 - i)));
	mxsel_cache_free(cache);
}
END_TEST

/* An entry is bounded: the newest types stay. */
START_TEST(a_name_with_too_many_types_keeps_the_newest)
{
	mxsel_cache *cache = cached_new(65536, &now);
	unsigned i, there = 0;

	for (i = 100; i < 200; i++) {
		cached_addresses(cached_empty(&in, 300), 1, 10, i);
		cached_keep(cache, "many.example", i, &in);
		ck_assert(cached_find(cache, "many.example", i, 0, &out));
	}
	for (i = 100; i < 200; i++)
		there += (unsigned)cached_find(cache, "many.example", i, 0,
			&out);
	ck_assert_uint_ge(there, 2);
	ck_assert_uint_le(there, 15);
	for (i = 200; i < 210; i++) {
		cached_addresses(cached_empty(&in, 300), 1, 2048, i);
		cached_keep(cache, "many.example", i, &in);
		ck_assert(cached_find(cache, "many.example", i, 0, &out));
	}
	ck_assert_uint_eq(counted(cache, MXSEL_CACHE_NAMES), 1);
	mxsel_cache_free(cache);
}
END_TEST

/* Five types with as much as an answer may have are too much for one. */
START_TEST(S27_a_name_with_too_many_octets_keeps_the_newest)
{
	mxsel_cache *cache = cached_new(65536, &now);
	unsigned i, there = 0;

	for (i = 100; i < 106; i++) {
		cached_addresses(cached_empty(&in, 300), 1, 2000, i);
		cached_keep(cache, "many.example", i, &in);
		ck_assert(cached_find(cache, "many.example", i, 0, &out));
	}
	for (i = 100; i < 106; i++)
		there += (unsigned)cached_find(cache, "many.example", i, 0,
			&out);
	ck_assert_uint_eq(there, 4);
	mxsel_cache_free(cache);
}
END_TEST

/* Whom it fetches is nobody's business but the processor's. */
START_TEST(what_is_expected_changes_nothing)
{
	mxsel_cache *cache = cached_new(8u << 20, &now);
	unsigned i;

	for (i = 0; i < 60000; i++)
		cached_host(cache, numbered(i), 300);
	for (i = 0; i < 120000; i++)
		mxsel__cache_expect_more(cache, mxsel__cache_expect(cache,
			numbered(i), strlen(numbered(i))));
	for (i = 0; i < 60000; i += 1000)
		ck_assert(is_there(cache, numbered(i)));
	ck_assert_uint_eq(counted(cache, MXSEL_CACHE_NAMES), 60000);
	mxsel_cache_free(cache);
}
END_TEST

#if defined(__linux__) && !SANITIZED
/* Pages of this process that are in memory. */
static long resident(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long all, pages = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%ld %ld", &all, &pages) != 2)
		pages = 0;
	(void)fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

START_TEST(a_large_cache_that_holds_little_costs_little)
{
	long before = resident();
	mxsel_cache *cache = cached_new((size_t)256 << 20, &now);
	unsigned i;

	ck_assert_int_le(resident() - before, 1024);
	for (i = 0; i < 100; i++)
		cached_host(cache, numbered(i), 300);
	ck_assert_int_le(resident() - before, 2048);
	ck_assert_int_eq(mxsel_cache_forget(cache, NULL), 0);
	mxsel_cache_free(cache);
}
END_TEST
#endif

static Suite *room_suite(void)
{
	Suite *suite = suite_create("cache/room");
	TCase *tc = tcase_create("room");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc,
		a_host_with_both_addresses_takes_less_than_96_octets);
	tcase_add_test(tc, five_mail_exchangers_take_less_than_200_octets);
	tcase_add_test(tc,
		a_full_cache_holds_a_host_for_each_96_octets_of_all_of_it);
	tcase_add_test(tc, whatever_the_size_of_entries_the_bound_holds);
	tcase_add_test(tc,
		hosts_that_are_asked_for_stay_while_others_come_and_go);
	tcase_add_test(tc, what_is_over_makes_room_before_what_is_not);
	tcase_add_test(tc,
		a_cache_full_of_what_is_asked_for_takes_new_names_in_the_end);
	tcase_add_test(tc,
		after_much_growing_and_shrinking_all_room_is_still_there);
	tcase_add_test(tc, a_name_with_too_many_types_keeps_the_newest);
	tcase_add_test(tc,
		S27_a_name_with_too_many_octets_keeps_the_newest);
	tcase_add_test(tc, what_is_expected_changes_nothing);
#if defined(__linux__) && !SANITIZED
	tcase_add_test(tc, a_large_cache_that_holds_little_costs_little);
#endif
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(room_suite());
}
