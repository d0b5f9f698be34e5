/*
 * Options: ranges, lists, copies, owners, and that nothing changes while a
 * selection uses them. May use <mxsel/mxsel.h>.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"
#include "support/settings.h"

static mxsel_options *options;

static void setup(void)
{
	ck_assert_int_eq(mxsel_options_new(&options), MXSEL_OK);
}

static void teardown(void)
{
	mxsel_options_free(options);
}

static void refused(int option, int value)
{
	int before = mxsel_options_get(options, option);

	ck_assert_int_eq(mxsel_options_set(options, option, value),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_get(options, option), before);
}

START_TEST(R37_every_setting_has_its_default_and_its_range)
{
	int option = settings[_i].option;
	int least = settings[_i].least, most = settings[_i].most;

	ck_assert_int_eq(option, _i + 1);
	ck_assert_int_eq(mxsel_options_get(options, option),
		settings[_i].normal);
	ck_assert_int_eq(mxsel_options_set(options, option, least), 0);
	ck_assert_int_eq(mxsel_options_get(options, option), least);
	ck_assert_int_eq(mxsel_options_set(options, option, most), 0);
	ck_assert_int_eq(mxsel_options_get(options, option), most);
	refused(option, least - 1);
	refused(option, INT_MIN);
	if (most < INT_MAX) {
		refused(option, most + 1);
		refused(option, INT_MAX);
	}
}
END_TEST

START_TEST(settings_that_do_not_exist_are_out_of_range)
{
	static const int none[] = {
		0, -1, SETTINGS + 1, 1000, INT_MAX, INT_MIN
	};
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		ck_assert_int_eq(mxsel_options_set(options, none[i], 1),
			MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_options_get(options, none[i]),
			MXSEL_ERANGE);
	}
}
END_TEST

START_TEST(nothing_changes_while_a_selection_uses_it)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "example.com", options), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_PORT, 26),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_get(options, MXSEL_OPT_PORT), 25);
	ck_assert_int_eq(mxsel_options_set_seed(options, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_set_resolver(options, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_name(options, "a.example"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_self_address(options, "192.0.2.1"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_allow_network(options, "192.0.2.0/24"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_add_nat64(options, "2001:db8::/96"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "*", 550, NULL,
		NULL), MXSEL_EUSAGE);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_PORT, 26),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_seed(options, 1), MXSEL_OK);
}
END_TEST

START_TEST(two_selections_keep_them_until_the_last_is_gone)
{
	mxsel *a, *b;

	ck_assert_int_eq(mxsel_new(&a, "a.example", options), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&b, "b.example", options), MXSEL_OK);
	mxsel_free(a);
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_PORT, 26),
		MXSEL_EUSAGE);
	mxsel_free(b);
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_PORT, 26),
		MXSEL_OK);
}
END_TEST

START_TEST(a_selection_keeps_options_alive)
{
	mxsel_options *mine;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_new(&mine), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set(mine, MXSEL_OPT_PORT, 2525),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "[192.0.2.1]", mine), MXSEL_OK);
	mxsel_options_free(mine);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_port(m), 2525);
	mxsel_free(m);
}
END_TEST

static int released;

static void resolve(mxsel_query *q, void *user)
{
	(void)user;
	mxsel_answer_finish(q, MXSEL_DNS_SERVFAIL, 0);
}

static void release(void *user)
{
	(void)user;
	released++;
}

START_TEST(a_resolver_lives_as_long_as_any_options_that_hold_it)
{
	mxsel_options *copy;
	mxsel_resolver *r;

	released = 0;
	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, NULL, &released),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_resolver_set_release(r, release), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_resolver(options, r), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_resolver(options, r), MXSEL_OK);
	mxsel_resolver_free(r);
	ck_assert_int_eq(mxsel_options_copy(&copy, options), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_resolver(options, NULL), MXSEL_OK);
	ck_assert_int_eq(released, 0);
	mxsel_options_free(copy);
	ck_assert_int_eq(released, 1);
}
END_TEST

/* A copy does what the original does, and can be changed. */
START_TEST(a_copy_is_a_whole_and_its_own)
{
	mxsel_options *copy;
	uint64_t seed = 0;
	mxsel *m, *held;

	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_PORT, 26),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_seed(options, 77), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_add_self_address(options,
		"192.0.2.1"), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_SELF_PORT, 26),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_options_add_self_name(options, "us.example"),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_options_allow_network(options, "127.0.0.9"),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&held, "example.com", options), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_copy(&copy, options), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set(copy, MXSEL_OPT_MAX_HOSTS, 3),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_options_get(options, MXSEL_OPT_MAX_HOSTS), 16);
	mxsel_free(held);

	ck_assert_int_eq(mxsel_new(&m, "[192.0.2.1]", copy), MXSEL_OK);
	ck_assert_int_eq(mxsel_seed(m, &seed), MXSEL_OK);
	ck_assert_uint_eq(seed, 77);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_LOOP);
	ck_assert_int_eq(mxsel_reset(m, "[us.example]"), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_LOOP);
	ck_assert_int_eq(mxsel_reset(m, "[127.0.0.9]"), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_port(m), 26);
	mxsel_free(m);
	mxsel_options_free(copy);
}
END_TEST

START_TEST(R50_names_of_ourselves_are_host_names)
{
	static const char *const good[] = {
		"mx.example", "MX.Example.", "localhost", "a", "_x-.example"
	};
	static const char *const bad[] = {
		"", ".", "a..b", "mx .example", "192.0.2.1", "[192.0.2.1]",
		"::1", "m\xc3\xbc.example", "a/b", "mx.example..", "*.example"
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_int_eq(mxsel_options_add_self_name(options, good[i]),
			MXSEL_OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(mxsel_options_add_self_name(options, bad[i]) ==
			MXSEL_ESYNTAX, "\"%s\"", bad[i]);
}
END_TEST

START_TEST(R50_addresses_of_ourselves_are_addresses)
{
	static const char *const good[] = {
		"192.0.2.1", "0.0.0.0", "::", "2001:DB8::1",
		"::ffff:192.0.2.1"
	};
	static const char *const bad[] = {
		"", "127.1", "0127.0.0.1", "192.0.2.256", "192.0.2.1 ",
		"[192.0.2.1]", "mx.example", "fe80::1%eth0", "1:2:3",
		"192.0.2.0/24"
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_int_eq(mxsel_options_add_self_address(options,
			good[i]), MXSEL_OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(mxsel_options_add_self_address(options,
			bad[i]) == MXSEL_ESYNTAX, "\"%s\"", bad[i]);
}
END_TEST

START_TEST(R63_networks_have_no_bits_beyond_their_length)
{
	static const char *const good[] = {
		"0.0.0.0/0", "10.0.0.0/8", "192.0.2.1", "192.0.2.1/32",
		"::/0", "2001:db8::/32", "::1/128"
	};
	static const char *const bad[] = {
		"", "/8", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/",
		"10.0.0.0/-1", "10.0.0.0/8x", "2001:db8::1/32", "::/129",
		"10.0.0.0/ 8", "10/8", "example.com/8"
	};
	static const char *const no_nat64[] = {
		"10.0.0.0/8", "2001:db8::/33", "2001:db8::/72",
		"2001:db8::/104", "2001:db8::/24", "2001:db8::1", "::/0"
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(mxsel_options_allow_network(options, good[i]) ==
			MXSEL_OK, "\"%s\"", good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(mxsel_options_allow_network(options, bad[i]) ==
			MXSEL_ESYNTAX, "\"%s\"", bad[i]);
	for (i = 0; i < sizeof(no_nat64) / sizeof(no_nat64[0]); i++)
		ck_assert_msg(mxsel_options_add_nat64(options, no_nat64[i]) ==
			MXSEL_ESYNTAX, "\"%s\"", no_nat64[i]);
}
END_TEST

START_TEST(R63_nat64_prefixes_have_the_lengths_of_rfc_6052)
{
	static const int lengths[] = { 32, 40, 48, 56, 64, 96 };
	char text[32];
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		snprintf(text, sizeof(text), "2001:db8::/%d", lengths[i]);
		ck_assert_int_eq(mxsel_options_add_nat64(options, text),
			MXSEL_OK);
	}
}
END_TEST

START_TEST(R65_refusals_have_a_code_and_a_status_of_its_class)
{
	static const struct {
		int code;
		const char *status;
		int result;
	} tries[] = {
		{ 550, NULL, MXSEL_OK }, { 450, NULL, MXSEL_OK },
		{ 400, "4.0.0", MXSEL_OK }, { 599, "5.999.999", MXSEL_OK },
		{ 399, NULL, MXSEL_ERANGE }, { 600, NULL, MXSEL_ERANGE },
		{ 250, NULL, MXSEL_ERANGE }, { -1, NULL, MXSEL_ERANGE },
		{ 550, "4.7.1", MXSEL_ERANGE }, { 450, "5.7.1", MXSEL_ERANGE },
		{ 550, "", MXSEL_ERANGE }, { 550, "5", MXSEL_ERANGE },
		{ 550, "5.7", MXSEL_ERANGE }, { 550, "5.7.1.1", MXSEL_ERANGE },
		{ 550, "5..1", MXSEL_ERANGE }, { 550, "5.7.", MXSEL_ERANGE },
		{ 550, "5.7.x", MXSEL_ERANGE }, { 550, "x", MXSEL_ERANGE },
		{ 550, "5.7.1\r\n", MXSEL_ERANGE },
		{ 550, "5.1000.1", MXSEL_ERANGE },
		{ 550, "5.1.1000", MXSEL_ERANGE },
	};
	size_t i;

	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		ck_assert_msg(mxsel_options_refuse_exchange(options, "*",
			tries[i].code, tries[i].status, NULL) ==
			tries[i].result, "%d %s", tries[i].code,
			tries[i].status == NULL ? "-" : tries[i].status);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "", 550, NULL,
		NULL), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_options_refuse_exchange(options, "*", 550, NULL,
		"two\r\nlines"), MXSEL_ESYNTAX);
}
END_TEST

/* --- an allocator of the caller's ---------------------------------------- */

struct counter {
	size_t live, calls;
};

static void *count(void *pointer, size_t size, void *user)
{
	struct counter *c = user;
	void *got;

	c->calls++;
	if (size == 0) {
		c->live -= pointer != NULL;
		free(pointer);
		return NULL;
	}
	got = realloc(pointer, size);
	c->live += got != NULL && pointer == NULL;
	return got;
}

START_TEST(R37_S39_all_memory_comes_from_the_callers_allocator)
{
	struct counter c = { 0, 0 };
	mxsel_options *mine, *copy;
	mxsel *m;
	int i;

	ck_assert_int_eq(mxsel_options_new_with_allocator(&mine, count, &c),
		MXSEL_OK);
	for (i = 0; i < 20; i++)
		ck_assert_int_eq(mxsel_options_add_self_name(mine,
			"us.example"), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_copy(&copy, mine), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "example.com", copy), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_uint_gt(c.live, 3);
	mxsel_free(m);
	mxsel_options_free(copy);
	mxsel_options_free(mine);
	ck_assert_uint_eq(c.live, 0);
	ck_assert_uint_gt(c.calls, 6);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: options");
	TCase *tc = tcase_create("options");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc,
		R37_every_setting_has_its_default_and_its_range, 0, SETTINGS);
	tcase_add_test(tc, settings_that_do_not_exist_are_out_of_range);
	tcase_add_test(tc, nothing_changes_while_a_selection_uses_it);
	tcase_add_test(tc, two_selections_keep_them_until_the_last_is_gone);
	tcase_add_test(tc, a_selection_keeps_options_alive);
	tcase_add_test(tc,
		a_resolver_lives_as_long_as_any_options_that_hold_it);
	tcase_add_test(tc, a_copy_is_a_whole_and_its_own);
	tcase_add_test(tc, R50_names_of_ourselves_are_host_names);
	tcase_add_test(tc, R50_addresses_of_ourselves_are_addresses);
	tcase_add_test(tc, R63_networks_have_no_bits_beyond_their_length);
	tcase_add_test(tc, R63_nat64_prefixes_have_the_lengths_of_rfc_6052);
	tcase_add_test(tc,
		R65_refusals_have_a_code_and_a_status_of_its_class);
	tcase_add_test(tc,
		R37_S39_all_memory_comes_from_the_callers_allocator);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
