/*
 * The resolvers mxsel_ldns_zone_new() and mxsel_ldns_zone_text_new() as a
 * caller has them: whole selections answered from master files, without a
 * network (R10-R18, R60, F44, F46, F86, F91, F99, F100).
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mxsel/ldns.h>

#include "support/run.h"

static const char zone_text[] =
	"example.com. 300 IN SOA ns host 1 7200 3600 1209600 60\n"
	"@ 300 MX 20 mx2\n"
	"@ 300 MX 10 mx1\n"
	"mx1 300 A 192.0.2.1\n"
	"mx1 300 AAAA 2001:db8::1\n"
	"mx2 300 CNAME mx3\n"
	"mx3 300 A 192.0.2.3\n"
	"implicit 300 A 192.0.2.4\n"
	"null 300 MX 0 .\n"
	"alias 300 CNAME example.com.\n"
	"gone 300 CNAME nowhere\n"
	"away 300 CNAME example.net.\n"
	"circle 300 CNAME circle2\n"
	"circle2 300 CNAME circle\n"
	"cut 300 NS ns.example.net.\n"
	"odd 300 MX 10 a\\.b.c\n"
	"*.wild 300 MX 5 mx1\n";

static mxsel_resolver *resolver;
static mxsel_options *options;
static char where[32];
static char path[2][64];

static void setup(void)
{
	ck_assert_int_eq(mxsel_ldns_zone_text_new(&resolver, zone_text), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(options, resolver), 0);
	ck_assert_int_eq(mxsel_options_set_seed(options, 1), 0);
}

static void teardown(void)
{
	mxsel_options_free(options);
	mxsel_resolver_free(resolver);
}

/* "mx1.example.com 2001:db8::1, ...: reason": a whole selection. */
static const char *plan(const char *destination)
{
	static char text[512];
	size_t at = 0;
	mxsel *m;
	int step;

	ck_assert_int_eq(mxsel_new(&m, destination, options), 0);
	while ((step = mxsel_next(m)) == MXSEL_ATTEMPT)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
			"%s %s, ", mxsel_host_name(m), mxsel_address(m));
	ck_assert_int_eq(step, MXSEL_END);
	(void)snprintf(text + at, sizeof(text) - at, "%s",
		mxsel_reason_name(mxsel_verdict_reason(m)));
	mxsel_free(m);
	return text;
}

START_TEST(R10_a_selection_is_answered_from_a_zone)
{
	ck_assert_str_eq(plan("example.com"),
		"mx1.example.com 2001:db8::1, mx1.example.com 192.0.2.1, "
		"mx2.example.com 192.0.2.3, unreachable");
}
END_TEST

START_TEST(R11_the_alias_of_a_domain_is_followed_in_one_question)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "alias.example.com", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_domain(m), "example.com");
	ck_assert_uint_eq(mxsel_query_count(m), 3); /* MX, AAAA, A */
	mxsel_free(m);
	ck_assert_str_eq(plan("alias.example.com"),
		"mx1.example.com 2001:db8::1, mx1.example.com 192.0.2.1, "
		"mx2.example.com 192.0.2.3, unreachable");
}
END_TEST

START_TEST(a_wildcard_takes_mail_for_names_below_it_only)
{
	ck_assert_str_eq(plan("any.wild.example.com"),
		"mx1.example.com 2001:db8::1, mx1.example.com 192.0.2.1, "
		"unreachable");
	ck_assert_str_eq(plan("wild.example.com"), "no_host");
}
END_TEST

START_TEST(R12_a_name_that_is_not_in_the_zone_does_not_exist)
{
	ck_assert_str_eq(plan("none.example.com"), "no_domain");
	ck_assert_str_eq(plan("gone.example.com"), "no_domain");
}
END_TEST

START_TEST(R13_nodata_makes_an_implicit_mx)
{
	ck_assert_str_eq(plan("implicit.example.com"),
		"implicit.example.com 192.0.2.4, unreachable");
}
END_TEST

START_TEST(R14_what_no_zone_answers_is_temporary)
{
	ck_assert_str_eq(plan("example.net"), "dns_temporary");
	ck_assert_str_eq(plan("away.example.com"), "dns_temporary");
}
END_TEST

START_TEST(F44_a_referral_is_no_answer)
{
	ck_assert_str_eq(plan("x.cut.example.com"), "dns_temporary");
}
END_TEST

START_TEST(F46_a_circle_of_aliases_is_its_own_error)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "circle.example.com", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_uint_ne(mxsel_flags(m) & MXSEL_FLAG_ALIAS_LOOP, 0);
	mxsel_free(m);
}
END_TEST

START_TEST(R16_a_null_mx_in_a_zone_is_a_null_mx)
{
	ck_assert_str_eq(plan("null.example.com"), "null_mx");
}
END_TEST

START_TEST(R20_an_exchange_with_odd_octets_is_dropped_not_misread)
{
	mxsel *m;
	const char *subject;
	int reason;

	ck_assert_int_eq(mxsel_new(&m, "odd.example.com", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_rejected(m, 0, &reason, NULL, &subject), 0);
	ck_assert_int_eq(reason, MXSEL_REJECT_BAD_NAME);
	ck_assert_str_eq(subject, "a\\.b.c.example.com");
	mxsel_free(m);
}
END_TEST

START_TEST(R90_a_zone_says_nothing_about_dnssec)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_is_secure(m), 0);
	ck_assert_int_eq(mxsel_address_is_secure(m), 0);
	mxsel_free(m);
}
END_TEST

/* -------------------------------------------------------------------- files */

static void write_file(const char *name, const char *text, size_t size)
{
	FILE *out = fopen(name, "wb");

	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(text, 1, size, out), size);
	ck_assert_int_eq(fclose(out), 0);
}

static void setup_files(void)
{
	(void)snprintf(where, sizeof(where), "/tmp/check_zone_XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(where));
	(void)snprintf(path[0], sizeof(path[0]), "%s/one", where);
	(void)snprintf(path[1], sizeof(path[1]), "%s/two", where);
	write_file(path[0], zone_text, strlen(zone_text));
}

static void teardown_files(void)
{
	(void)unlink(path[0]);
	(void)unlink(path[1]);
	(void)rmdir(where);
}

static int from_files(const char *one, const char *two)
{
	const char *files[2];
	int result;

	files[0] = one;
	files[1] = two;
	resolver = NULL;
	result = mxsel_ldns_zone_new(&resolver, files, two == NULL ? 1 : 2);
	if (result != MXSEL_OK)
		ck_assert_ptr_null(resolver);
	mxsel_resolver_free(resolver);
	return result;
}

START_TEST(each_file_is_one_zone)
{
	static const char other[] =
		"example.net. 300 IN SOA ns host 1 7200 3600 1209600 60\n"
		"@ 300 MX 7 mx1.example.com.\n";
	const char *files[2] = { path[0], path[1] };

	write_file(path[1], other, strlen(other));
	ck_assert_int_eq(mxsel_ldns_zone_new(&resolver, files, 2), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(options, resolver), 0);
	ck_assert_str_eq(plan("example.net"),
		"mx1.example.com 2001:db8::1, mx1.example.com 192.0.2.1, "
		"unreachable");
	ck_assert_str_eq(plan("away.example.com"),
		"mx1.example.com 2001:db8::1, mx1.example.com 192.0.2.1, "
		"unreachable");
	teardown();
}
END_TEST

START_TEST(F86_a_file_that_cannot_be_read_is_an_error)
{
	ck_assert_int_eq(from_files(path[0], NULL), MXSEL_OK);
	ck_assert_int_eq(from_files(path[0], path[1]), MXSEL_EFILE);
	ck_assert_int_eq(from_files(where, NULL), MXSEL_EFILE);
	ck_assert_int_eq(from_files("", NULL), MXSEL_EFILE);
	ck_assert_int_eq(from_files("/dev/null", NULL), MXSEL_EFILE);
	ck_assert_int_eq(from_files("/dev/zero", NULL), MXSEL_EFILE);
}
END_TEST

START_TEST(two_files_of_one_zone_are_an_error)
{
	write_file(path[1], zone_text, strlen(zone_text));
	ck_assert_int_eq(from_files(path[0], path[1]), MXSEL_EFILE);
}
END_TEST

START_TEST(a_nul_ends_no_file_unseen)
{
	write_file(path[1], zone_text, sizeof(zone_text));
	ck_assert_int_eq(from_files(path[1], NULL), MXSEL_EFILE);
}
END_TEST

START_TEST(F99_a_large_file_is_read_whole)
{
	static char text[70000];
	size_t at = (size_t)snprintf(text, sizeof(text),
		"example.org. 1 SOA ns h 1 2 3 4 5\n@ 1 MX 1 last\n");

	memset(text + at, ' ', sizeof(text) - at);
	for (; at < sizeof(text) - 100; at += 50)
		text[at] = ';', text[at + 49] = '\n';
	(void)snprintf(text + at, sizeof(text) - at, "last 1 A 192.0.2.9\n");
	write_file(path[1], text, strlen(text));
	ck_assert_int_eq(mxsel_ldns_zone_text_new(&resolver, text), 0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(options, resolver), 0);
	ck_assert_str_eq(plan("example.org"),
		"last.example.org 192.0.2.9, unreachable");
	teardown();
	ck_assert_int_eq(from_files(path[1], NULL), MXSEL_OK);
}
END_TEST

START_TEST(F100_null_is_a_usage_error)
{
	const char *files[2] = { path[0], NULL };

	ck_assert_int_eq(mxsel_ldns_zone_new(NULL, files, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_new(&resolver, NULL, 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_new(&resolver, files, 0),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_new(&resolver, files, 2),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_text_new(NULL, zone_text),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_text_new(&resolver, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_ldns_zone_text_new(&resolver, ""),
		MXSEL_EFILE);
}
END_TEST

/* ------------------------------------------------------------------ threads */

#define ROUNDS 500

static void *walk(void *unused)
{
	long good = 0;
	int i;

	(void)unused;
	for (i = 0; i < ROUNDS; i++) {
		mxsel *m = NULL;
		int attempts = 0;

		if (mxsel_new(&m, "example.com", options) != 0)
			break;
		while (mxsel_next(m) == MXSEL_ATTEMPT)
			attempts++;
		good += attempts == 3;
		mxsel_free(m);
	}
	return (void *)good;
}

START_TEST(F91_one_zone_serves_many_threads)
{
	pthread_t threads[8];
	void *good;
	int i;

	for (i = 0; i < 8; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, walk,
			NULL), 0);
	for (i = 0; i < 8; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &good), 0);
		ck_assert_int_eq((long)good, ROUNDS);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("ldns_zone");
	TCase *t = tcase_create("selections");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R10_a_selection_is_answered_from_a_zone);
	tcase_add_test(t,
		R11_the_alias_of_a_domain_is_followed_in_one_question);
	tcase_add_test(t, a_wildcard_takes_mail_for_names_below_it_only);
	tcase_add_test(t, R12_a_name_that_is_not_in_the_zone_does_not_exist);
	tcase_add_test(t, R13_nodata_makes_an_implicit_mx);
	tcase_add_test(t, R14_what_no_zone_answers_is_temporary);
	tcase_add_test(t, F44_a_referral_is_no_answer);
	tcase_add_test(t, F46_a_circle_of_aliases_is_its_own_error);
	tcase_add_test(t, R16_a_null_mx_in_a_zone_is_a_null_mx);
	tcase_add_test(t,
		R20_an_exchange_with_odd_octets_is_dropped_not_misread);
	tcase_add_test(t, R90_a_zone_says_nothing_about_dnssec);
	tcase_add_test(t, F91_one_zone_serves_many_threads);
	suite_add_tcase(s, t);
	t = tcase_create("files");
	tcase_add_checked_fixture(t, setup_files, teardown_files);
	tcase_add_test(t, each_file_is_one_zone);
	tcase_add_test(t, F86_a_file_that_cannot_be_read_is_an_error);
	tcase_add_test(t, two_files_of_one_zone_are_an_error);
	tcase_add_test(t, a_nul_ends_no_file_unseen);
	tcase_add_test(t, F99_a_large_file_is_read_whole);
	tcase_add_test(t, F100_null_is_a_usage_error);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return mxsel_test_run(suite());
}
