/*
 * Answers that are nearly well made, packed to the octet, and unpacked where
 * memory ends (R22, S21, S39).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <string.h>

#include "cache/hash.h"
#include "cache/pack.h"
#include "support/cached.h"
#include "support/guard.h"
#include "support/run.h"

#define OWNER "example.com"

static struct mxsel__cached in;

static size_t packed_mx(const char *owner, const char *exchange)
{
	unsigned char out[MXSEL__SECTION_MAX];

	cached_mx(cached_empty(&in, 60), 10, 0, exchange);
	return mxsel__section_pack(out, owner, strlen(owner), MXSEL_TYPE_MX,
		&in);
}

/* Kind, preference, two lengths, and what is not at the owner's end. */
static size_t own_octets(const char *owner, const char *exchange)
{
	return packed_mx(owner, exchange) - MXSEL__SECTION_HEAD - 4;
}

START_TEST(of_an_exchange_only_what_differs_from_the_domain_is_kept)
{
	ck_assert_uint_eq(own_octets(OWNER, "mx." OWNER), 3);
	ck_assert_uint_eq(own_octets(OWNER, OWNER), 0);
	ck_assert_uint_eq(own_octets("a." OWNER, OWNER), 0);
	ck_assert_uint_eq(own_octets("a." OWNER, "b." OWNER), 1);
	ck_assert_uint_eq(own_octets(OWNER, "mx.example.net"), 14);
	ck_assert_uint_eq(own_octets(OWNER, "mx.example.cim"), 13);
	ck_assert_uint_eq(own_octets("", OWNER), 11);
}
END_TEST

START_TEST(names_are_not_read_before_they_begin)
{
	char *owner = guard_begin("m", 2);

	ck_assert_uint_eq(own_octets(owner, "com"), 2);
	ck_assert_uint_eq(own_octets(owner, "m"), 0);
}
END_TEST

START_TEST(a_cut_exchange_is_not_packed)
{
	unsigned char out[MXSEL__SECTION_MAX];
	uint16_t size;

	cached_mx(cached_empty(&in, 60), 10, 0, "mx.example.net");
	for (size = in.size; size-- > 0;) {
		in.size = size;
		ck_assert_uint_eq(mxsel__section_pack(out, OWNER, 11,
			MXSEL_TYPE_MX, &in), 0);
	}
}
END_TEST

START_TEST(a_cut_alias_is_not_packed)
{
	unsigned char out[MXSEL__SECTION_MAX];

	cached_alias(cached_empty(&in, 60), "mx.example.net", 1);
	ck_assert_uint_gt(mxsel__section_pack(out, OWNER, 11, MXSEL_TYPE_CNAME,
		&in), 0);
	in.size = in.canonical_length;
	ck_assert_uint_eq(mxsel__section_pack(out, OWNER, 11,
		MXSEL_TYPE_CNAME, &in), 0);
}
END_TEST

/* The first shares its end with the name that the caller gave. */
START_TEST(S21_nothing_is_read_behind_the_name_looked_for)
{
	unsigned char section[MXSEL__SECTION_MAX + MXSEL__SLACK];
	struct mxsel__cached out;
	char *owner = guard_end(OWNER, 11);

	memset(section, 0, sizeof(section));
	cached_mx(cached_empty(&in, 60), 10, 0, "mx." OWNER);
	cached_mx(&in, 20, 0, "mx2." OWNER);
	ck_assert_uint_gt(mxsel__section_pack(section, owner, 11,
		MXSEL_TYPE_MX, &in), 0);
	memset(&out, 0, sizeof(out));
	mxsel__section_unpack(section, owner, 11, &out);
	ck_assert(cached_equal(&in, &out));
}
END_TEST

START_TEST(S21_nothing_is_written_behind_a_full_answer)
{
	unsigned char section[MXSEL__SECTION_MAX + MXSEL__SLACK];
	struct mxsel__cached *out = guard_end(NULL, sizeof(*out));
	char exchange[256];

	memset(section, 0, sizeof(section));
	cached_empty(&in, 60);
	memset(exchange, 'x', sizeof(exchange));
	strcpy(exchange + 250, ".com");
	while (in.size + 260u <= MXSEL__CACHED_MAX)
		cached_mx(&in, 10, 0, exchange);
	exchange[MXSEL__CACHED_MAX - in.size - 5] = '\0';
	cached_mx(&in, 20, 0, exchange);
	ck_assert_uint_eq(in.size, MXSEL__CACHED_MAX);
	ck_assert_uint_gt(mxsel__section_pack(section, OWNER, 11,
		MXSEL_TYPE_MX, &in), 0);
	mxsel__section_unpack(section, OWNER, 11, out);
	ck_assert(cached_equal(&in, out));
}
END_TEST

START_TEST(an_answer_is_found_under_its_own_type_alone)
{
	uint64_t now = 5000;
	mxsel_cache *cache = cached_new(65536, &now);
	struct mxsel__cached out;

	cached_empty(&in, 60);
	cached_keep(cache, OWNER, MXSEL_TYPE_TLSA, &in);
	ck_assert(cached_find(cache, OWNER, MXSEL_TYPE_TLSA, 0, &out));
	ck_assert(!cached_find(cache, OWNER, MXSEL_TYPE_TLSA + 256, 0, &out));
	ck_assert(!cached_find(cache, OWNER, MXSEL_TYPE_TLSA + 1, 0, &out));
	mxsel_cache_free(cache);
}
END_TEST

START_TEST(a_name_that_is_none_is_not_kept)
{
	uint64_t now = 5000;
	mxsel_cache *cache = cached_new(65536, &now);
	char name[255];

	memset(name, 'x', sizeof(name));
	cached_empty(&in, 60);
	mxsel__cache_keep(cache, name, 254, MXSEL_TYPE_A, &in);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_NAMES), 0);
	mxsel__cache_keep(cache, name, 253, MXSEL_TYPE_A, &in);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_NAMES), 1);
	mxsel_cache_free(cache);
}
END_TEST

/* Denials: a host without addresses is an answer like any other. */
START_TEST(R13_what_is_denied_is_no_failure)
{
	uint64_t now = 5000;
	mxsel_cache *cache = cached_new(65536, &now);
	struct mxsel__cached out;

	cached_empty(&in, 60);
	in.outcome = MXSEL_DNS_NXDOMAIN;
	cached_keep(cache, OWNER, MXSEL_TYPE_MX, &in);
	now += 50000; /* a failure would be over by now */
	ck_assert(cached_find(cache, OWNER, MXSEL_TYPE_MX, 0, &out));
	ck_assert_uint_eq(out.ttl, 10);
	mxsel_cache_free(cache);
}
END_TEST

START_TEST(every_octet_of_a_name_counts_in_its_hash)
{
	static const uint64_t key[2] = { 1, 2 };
	char name[] = "abcdefghijklmnopqrstuvwxyz";
	size_t length, i;

	for (length = 1; length < sizeof(name); length++) {
		uint64_t hash = mxsel__cache_hash(key, name, length);

		ck_assert(hash != mxsel__cache_hash(key, name, length - 1));
		for (i = 0; i < length; i++) {
			name[i] ^= 1;
			ck_assert(hash != mxsel__cache_hash(key, name,
				length));
			name[i] ^= 1;
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cache exact");
	TCase *tests = tcase_create("exact");

	suite_add_tcase(suite, tests);
	tcase_add_test(tests,
		of_an_exchange_only_what_differs_from_the_domain_is_kept);
	tcase_add_test(tests, names_are_not_read_before_they_begin);
	tcase_add_test(tests, a_cut_exchange_is_not_packed);
	tcase_add_test(tests, a_cut_alias_is_not_packed);
	tcase_add_test(tests, S21_nothing_is_read_behind_the_name_looked_for);
	tcase_add_test(tests, S21_nothing_is_written_behind_a_full_answer);
	tcase_add_test(tests, an_answer_is_found_under_its_own_type_alone);
	tcase_add_test(tests, a_name_that_is_none_is_not_kept);
	tcase_add_test(tests, R13_what_is_denied_is_no_failure);
	tcase_add_test(tests, every_octet_of_a_name_counts_in_its_hash);
	return mxsel_test_run(suite);
}
