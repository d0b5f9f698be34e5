/*
 * What goes into the cache comes out again, octet for octet, however it is
 * packed inside; and what is not well made does not go in (R22, R37).
 */
#include <check.h>
#include <string.h>

#include "cache/hash.h"
#include "support/cached.h"
#include "support/run.h"

static uint64_t now;
static mxsel_cache *cache;
static struct mxsel__cached in, out;

static void setup(void)
{
	now = 5000;
	cache = cached_new(65536, &now);
}

static void teardown(void)
{
	mxsel_cache_free(cache);
}

/* Kept, found, the same; and told as many seconds as were given. */
static void comes_back(const char *name, unsigned type)
{
	cached_keep(cache, name, type, &in);
	ck_assert_int_eq(cached_find(cache, name, type, 0, &out), 1);
	ck_assert(cached_equal(&in, &out));
	ck_assert_uint_eq(out.ttl, in.ttl);
	ck_assert_uint_eq(out.stale, 0);
}

static void is_refused(const char *name, unsigned type)
{
	uint64_t stored = mxsel_cache_statistic(cache, MXSEL_CACHE_STORED);

	cached_keep(cache, name, type, &in);
	ck_assert_int_eq(cached_find(cache, name, type, 0, &out), 0);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_STORED),
		stored);
}

START_TEST(addresses_of_both_families_come_back)
{
	unsigned n;

	for (n = 1; n <= MXSEL__CACHED_MAX / 16; n++) {
		cached_addresses(cached_empty(&in, 300), 4, n, n);
		comes_back("mx1.example.com", MXSEL_TYPE_A);
		cached_addresses(cached_empty(&in, 200), 16, n, 2 * n);
		comes_back("mx1.example.com", MXSEL_TYPE_AAAA);
		ck_assert_uint_eq(out.records, n);
	}
	cached_addresses(cached_empty(&in, 300), 4, MXSEL__CACHED_MAX / 4, 0);
	comes_back("mx1.example.com", MXSEL_TYPE_A);
	ck_assert_uint_eq(out.records, MXSEL__CACHED_MAX / 4);
}
END_TEST

START_TEST(mail_exchangers_of_one_provider_come_back)
{
	cached_empty(&in, 3600);
	cached_mx(&in, 1, 0, "aspmx.l.google.com");
	cached_mx(&in, 5, 0, "alt1.aspmx.l.google.com");
	cached_mx(&in, 5, 0, "alt2.aspmx.l.google.com");
	cached_mx(&in, 10, 0, "alt3.aspmx.l.google.com");
	cached_mx(&in, 10, 0, "alt4.aspmx.l.google.com");
	comes_back("example.com", MXSEL_TYPE_MX);
	ck_assert_uint_eq(out.records, 5);
}
END_TEST

/* The first name shares its end with the domain's own. */
START_TEST(an_exchanger_may_be_the_domain_itself_or_end_like_it)
{
	static const char *const names[] = { "example.com", "mx.example.com",
		"com", "m", "", "xexample.com", "example.com.net",
		"example.co", "xample.com" };
	size_t i, j;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		for (j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			cached_empty(&in, 60);
			cached_mx(&in, 10, 0, names[i]);
			cached_mx(&in, 10, 0, names[j]);
			comes_back("example.com", MXSEL_TYPE_MX);
			comes_back("", MXSEL_TYPE_MX);
		}
	}
}
END_TEST

START_TEST(every_preference_and_every_kind_of_name_comes_back)
{
	static const unsigned preferences[] = { 0, 1, 255, 256, 257, 32768,
		65535 };
	unsigned i, kind;

	for (i = 0; i < 7; i++) {
		cached_empty(&in, 60);
		for (kind = 0; kind < 5; kind++)
			cached_mx(&in, preferences[i], kind,
				kind == 3 ? "odd\\.\\255.example"
				          : "a.example");
		comes_back("example.com", MXSEL_TYPE_MX);
	}
}
END_TEST

START_TEST(R16_a_null_mx_comes_back)
{
	cached_empty(&in, 60);
	cached_mx(&in, 0, 1, "");
	comes_back("example.com", MXSEL_TYPE_MX);
	ck_assert_uint_eq(out.size, 5);
}
END_TEST

START_TEST(names_of_full_length_come_back)
{
	char name[254], exchange[256];

	memset(name, 'a', 253);
	name[253] = 0;
	memset(exchange, 'b', 255);
	exchange[255] = 0;
	cached_empty(&in, 60);
	cached_mx(&in, 10, 0, exchange);
	exchange[0] = 'c';
	cached_mx(&in, 10, 0, exchange);
	exchange[254] = 'c';
	cached_mx(&in, 10, 0, exchange);
	comes_back(name, MXSEL_TYPE_MX);
	cached_empty(&in, 60);
	name[0] = 'b';
	cached_alias(&in, name, 8);
	cached_addresses(&in, 4, 2, 7);
	name[0] = 'a';
	comes_back(name, MXSEL_TYPE_A);
}
END_TEST

START_TEST(S27_as_many_mail_exchangers_as_there_is_room_for)
{
	char exchange[256];
	unsigned i;

	cached_empty(&in, 60);
	memset(exchange, 'x', sizeof(exchange));
	exchange[251] = '\0';
	for (i = 0; i < 8; i++) { /* 2,048 octets */
		exchange[0] = (char)('a' + i);
		cached_mx(&in, 10, 0, exchange);
	}
	ck_assert_uint_eq(in.size, MXSEL__CACHED_MAX);
	comes_back("example.com", MXSEL_TYPE_MX);
}
END_TEST

START_TEST(R22_an_alias_comes_back_with_and_without_records)
{
	cached_empty(&in, 60);
	cached_alias(&in, "real.example.net", 3);
	comes_back("www.example.com", MXSEL_TYPE_A);
	cached_addresses(&in, 4, 3, 1);
	comes_back("www.example.com", MXSEL_TYPE_A);
	cached_empty(&in, 60);
	cached_alias(&in, "real.example.net", 255);
	cached_mx(&in, 10, 0, "mx.example.net");
	comes_back("www.example.com", MXSEL_TYPE_MX);
	cached_empty(&in, 60);
	cached_alias(&in, "gone.example.net", 1);
	in.outcome = MXSEL_DNS_NXDOMAIN;
	in.has_negative = 1;
	comes_back("www.example.com", MXSEL_TYPE_AAAA);
}
END_TEST

START_TEST(what_was_said_about_an_answer_comes_back)
{
	unsigned i;

	for (i = 0; i < 8 * (MXSEL_DNS_REFERRAL + 1); i++) {
		(void)mxsel_cache_forget(cache, NULL);
		cached_empty(&in, 5);
		in.outcome = (uint8_t)(i / 8);
		in.security = (uint8_t)(i / 2 % 4);
		in.has_negative = (uint8_t)(i % 2);
		comes_back("example.com", MXSEL_TYPE_MX);
	}
}
END_TEST

START_TEST(types_of_later_days_come_back_as_they_are)
{
	cached_addresses(cached_empty(&in, 60), 35, 2, 3);
	comes_back("_25._tcp.mx.example.com", 52);
	cached_addresses(cached_empty(&in, 60), 1, 7, 9);
	comes_back("_25._tcp.mx.example.com", 65535);
	ck_assert_int_eq(cached_find(cache, "_25._tcp.mx.example.com", 52, 0,
		&out), 1);
	ck_assert_uint_eq(out.size, 70);
	ck_assert_int_eq(cached_find(cache, "_25._tcp.mx.example.com", 53, 0,
		&out), 0);
}
END_TEST

START_TEST(the_types_of_a_name_do_not_touch_each_other)
{
	struct mxsel__cached a, aaaa, mx;
	int round;

	cached_addresses(cached_empty(&a, 60), 4, 2, 1);
	cached_addresses(cached_empty(&aaaa, 70), 16, 3, 2);
	cached_mx(cached_empty(&mx, 80), 10, 0, "example.com");
	for (round = 1; round < 40; round++) {
		cached_keep(cache, "example.com", MXSEL_TYPE_A, &a);
		cached_keep(cache, "example.com", MXSEL_TYPE_AAAA, &aaaa);
		cached_keep(cache, "example.com", MXSEL_TYPE_MX, &mx);
		ck_assert_int_eq(cached_find(cache, "example.com",
			MXSEL_TYPE_A, 0, &out), 1);
		ck_assert(cached_equal(&a, &out));
		ck_assert_int_eq(cached_find(cache, "example.com",
			MXSEL_TYPE_AAAA, 0, &out), 1);
		ck_assert(cached_equal(&aaaa, &out));
		ck_assert_uint_eq(out.ttl, 70);
		ck_assert_int_eq(cached_find(cache, "example.com",
			MXSEL_TYPE_MX, 0, &out), 1);
		ck_assert(cached_equal(&mx, &out));
		/* Grow and shrink in turn. */
		if (round % 3 == 0)
			cached_addresses(cached_empty(&a, 60), 4,
				(unsigned)round % 7, 1);
		else
			cached_addresses(&aaaa, 16, 1, (unsigned)round);
	}
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_NAMES), 1);
}
END_TEST

START_TEST(names_that_nearly_are_the_same_are_not)
{
	cached_host(cache, "mx1.example.com", 60);
	ck_assert(!cached_find(cache, "mx1.example.co", MXSEL_TYPE_A, 0, &out));
	ck_assert(!cached_find(cache, "mx1.example.con", MXSEL_TYPE_A, 0,
		&out));
	ck_assert(!cached_find(cache, "m", MXSEL_TYPE_A, 0, &out));
	ck_assert(!cached_find(cache, "", MXSEL_TYPE_A, 0, &out));
	ck_assert(!cached_find(cache, "mx1.example.com", MXSEL_TYPE_MX, 0,
		&out));
	ck_assert(cached_find(cache, "mx1.example.com", MXSEL_TYPE_A, 0, &out));
}
END_TEST

START_TEST(answers_that_are_not_well_made_are_not_kept)
{
	char name[300];

	cached_addresses(cached_empty(&in, 60), 4, 2, 1);
	in.size--;
	is_refused("a.example", MXSEL_TYPE_A);
	in.size++;
	in.records = 1;
	is_refused("a.example", MXSEL_TYPE_A);
	is_refused("a.example", MXSEL_TYPE_AAAA);
	in.records = 2;
	in.size = MXSEL__CACHED_MAX + 1;
	is_refused("a.example", 52);
	cached_empty(&in, 60)->outcome = 16;
	is_refused("a.example", MXSEL_TYPE_A);
	cached_empty(&in, 60)->security = 4;
	is_refused("a.example", MXSEL_TYPE_A);
	cached_alias(cached_empty(&in, 60), "b.example", 1);
	in.data[9] = 'x';
	is_refused("a.example", MXSEL_TYPE_A);
	in.size = 9;
	is_refused("a.example", MXSEL_TYPE_A);
	memset(name, 'a', sizeof(name));
	name[254] = 0;
	is_refused(name, MXSEL_TYPE_A);
}
END_TEST

START_TEST(mail_exchangers_that_are_not_well_made_are_not_kept)
{
	uint16_t size;

	cached_mx(cached_empty(&in, 60), 10, 0, "mx.example.com");
	for (size = 0; size < 19; size++) {
		in.size = size;
		is_refused("example.com", MXSEL_TYPE_MX);
	}
	in.size = 20; /* an octet too many */
	is_refused("example.com", MXSEL_TYPE_MX);
	in.size = 19;
	in.data[3] = 8;
	is_refused("example.com", MXSEL_TYPE_MX);
	in.data[3] = 0;
	in.data[18] = 'x';
	is_refused("example.com", MXSEL_TYPE_MX);
	in.data[18] = 0;
	in.data[2] = 13;
	is_refused("example.com", MXSEL_TYPE_MX);
	in.data[2] = 14;
	in.records = 2;
	is_refused("example.com", MXSEL_TYPE_MX);
	in.records = 1;
	comes_back("example.com", MXSEL_TYPE_MX);
}
END_TEST

/* Known answer of SipHash-1-3: key 00..0f, no input; and its habits. */
START_TEST(the_hash_is_siphash_and_follows_key_length_and_octets)
{
	static const uint64_t key[2] = { UINT64_C(0x0706050403020100),
		UINT64_C(0x0f0e0d0c0b0a0908) };
	static const uint64_t other[2] = { UINT64_C(0x0706050403020100),
		UINT64_C(0x0f0e0d0c0b0a0909) };
	static const char zeros[33];
	uint64_t seen[33];
	size_t i, j;

	ck_assert(mxsel__cache_hash(key, "", 0) ==
		UINT64_C(0xabac0158050fc4dc));
	for (i = 0; i < 33; i++) {
		seen[i] = mxsel__cache_hash(key, zeros, i);
		ck_assert(seen[i] != mxsel__cache_hash(other, zeros, i));
		for (j = 0; j < i; j++)
			ck_assert(seen[i] != seen[j]);
	}
}
END_TEST

static Suite *pack_suite(void)
{
	Suite *suite = suite_create("cache/pack");
	TCase *tc = tcase_create("pack");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc,
		S27_as_many_mail_exchangers_as_there_is_room_for);
	tcase_add_test(tc, addresses_of_both_families_come_back);
	tcase_add_test(tc, mail_exchangers_of_one_provider_come_back);
	tcase_add_test(tc,
		an_exchanger_may_be_the_domain_itself_or_end_like_it);
	tcase_add_test(tc, every_preference_and_every_kind_of_name_comes_back);
	tcase_add_test(tc, R16_a_null_mx_comes_back);
	tcase_add_test(tc, names_of_full_length_come_back);
	tcase_add_test(tc, R22_an_alias_comes_back_with_and_without_records);
	tcase_add_test(tc, what_was_said_about_an_answer_comes_back);
	tcase_add_test(tc, types_of_later_days_come_back_as_they_are);
	tcase_add_test(tc, the_types_of_a_name_do_not_touch_each_other);
	tcase_add_test(tc, names_that_nearly_are_the_same_are_not);
	tcase_add_test(tc, answers_that_are_not_well_made_are_not_kept);
	tcase_add_test(tc,
		mail_exchangers_that_are_not_well_made_are_not_kept);
	tcase_add_test(tc,
		the_hash_is_siphash_and_follows_key_length_and_octets);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(pack_suite());
}
