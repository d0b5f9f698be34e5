/*
 * Recognising ourselves, by name and by address, and the patterns that refuse
 * exchanges by name (R5, R6, R50, R51, R55, R57, R65, S25).
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "policy/self.h"
#include "support/run.h"

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

static const struct mxsel__filter defaults;
static const char *const our_names[] = { "mx.example.net", "relay.example" };

static int is_our_name(const char *name)
{
	return mxsel__self_is_name(our_names, 2, name);
}

static struct mxsel__address address(const char *text)
{
	struct mxsel__address a;

	memset(&a, 0, sizeof(a));
	ck_assert_msg(mxsel__address_parse(&a, text, strlen(text)) == 0,
		"%s", text);
	return a;
}

static int is_our_address(const char *text)
{
	struct mxsel__address own[3];
	struct mxsel__address a = address(text);

	own[0] = address("192.0.2.25");
	own[1] = address("2001:db8::25");
	own[2] = address("::ffff:198.51.100.25");
	return mxsel__self_is_address(own, 3, &defaults, &a);
}

START_TEST(R51_each_of_our_names_is_ourselves)
{
	ck_assert_int_eq(is_our_name("mx.example.net"), 1);
	ck_assert_int_eq(is_our_name("relay.example"), 1);
}
END_TEST

START_TEST(R6_R51_our_name_is_ours_in_any_case)
{
	ck_assert_int_eq(is_our_name("MX.Example.NET"), 1);
	ck_assert_int_eq(is_our_name("RELAY.EXAMPLE"), 1);
}
END_TEST

START_TEST(R50_other_names_are_not_ourselves_however_alike)
{
	static const char *const others[] = { "", "example.net",
		"x.mx.example.net", "mx.example.ne", "mx.example.net.x",
		"mx-example.net", "relay" };
	int i;

	for (i = 0; i < COUNT(others); i++)
		ck_assert_msg(is_our_name(others[i]) == 0, "%s", others[i]);
	ck_assert_int_eq(mxsel__self_is_name(NULL, 0, "mx.example.net"), 0);
}
END_TEST

START_TEST(R5_localhost_is_ourselves_without_being_told)
{
	ck_assert_int_eq(mxsel__self_is_name(NULL, 0, "localhost"), 1);
	ck_assert_int_eq(mxsel__self_is_name(NULL, 0, "mx.localhost"), 1);
	ck_assert_int_eq(mxsel__self_is_name(NULL, 0, "a.b.localhost"), 1);
	ck_assert_int_eq(mxsel__self_is_name(NULL, 0, "notlocalhost"), 0);
	ck_assert_int_eq(mxsel__self_is_name(NULL, 0, "localhost.example"), 0);
}
END_TEST

START_TEST(R51_each_of_our_addresses_is_ourselves)
{
	ck_assert_int_eq(is_our_address("192.0.2.25"), 1);
	ck_assert_int_eq(is_our_address("2001:db8::25"), 1);
	ck_assert_int_eq(is_our_address("192.0.2.26"), 0);
	ck_assert_int_eq(is_our_address("2001:db8::26"), 0);
}
END_TEST

START_TEST(R51_S25_our_address_in_disguise_is_ourselves)
{
	ck_assert_int_eq(is_our_address("::ffff:192.0.2.25"), 1);
	ck_assert_int_eq(is_our_address("64:ff9b::192.0.2.25"), 1);
	ck_assert_int_eq(is_our_address("2002:c000:219::1"), 1);
	ck_assert_int_eq(is_our_address("::ffff:192.0.2.26"), 0);
}
END_TEST

START_TEST(R51_our_own_addresses_may_be_given_in_disguise)
{
	ck_assert_int_eq(is_our_address("198.51.100.25"), 1);
	ck_assert_int_eq(is_our_address("64:ff9b::198.51.100.25"), 1);
}
END_TEST

START_TEST(R57_our_address_behind_a_declared_nat64_is_ourselves)
{
	struct mxsel__network nat64;
	struct mxsel__filter f = defaults;
	struct mxsel__address own = address("192.0.2.25");
	struct mxsel__address a = address("2001:db8:64::192.0.2.25");

	ck_assert_int_eq(mxsel__network_parse(&nat64, "2001:db8:64::/96", 16),
		0);
	ck_assert_int_eq(mxsel__self_is_address(&own, 1, &f, &a), 0);
	f.nat64 = &nat64;
	f.nat64_count = 1;
	ck_assert_int_eq(mxsel__self_is_address(&own, 1, &f, &a), 1);
}
END_TEST

START_TEST(R55_the_unspecified_address_is_ourselves_whatever_was_given)
{
	static const char *const all[] = { "0.0.0.0", "::", "::ffff:0.0.0.0",
		"64:ff9b::0.0.0.0" };
	int i;

	for (i = 0; i < COUNT(all); i++) {
		struct mxsel__address a = address(all[i]);

		ck_assert_int_eq(mxsel__self_is_address(NULL, 0, &defaults,
			&a), 1);
		ck_assert_int_eq(is_our_address(all[i]), 1);
	}
}
END_TEST

START_TEST(R50_loopback_is_not_ourselves_unless_it_was_given)
{
	struct mxsel__address loopback = address("127.0.0.1");

	ck_assert_int_eq(is_our_address("127.0.0.1"), 0);
	ck_assert_int_eq(is_our_address("::1"), 0);
	ck_assert_int_eq(mxsel__self_is_address(&loopback, 1, &defaults,
		&loopback), 1);
}
END_TEST

struct example {
	const char *pattern, *name;
	int matches;
};

static const struct example examples[] = {
	{ "", "", 1 }, { "", "a", 0 }, { "a", "", 0 }, { "*", "", 1 },
	{ "**", "", 1 }, { "?", "", 0 }, { "*", "mx.example.com", 1 },
	{ "mx.example.com", "mx.example.com", 1 },
	{ "mx.example.com", "mx.example.co", 0 },
	{ "mx.example.com", "mx.example.comm", 0 },
	{ "*.example.com", "mx.example.com", 1 },
	{ "*.example.com", "example.com", 0 },
	{ "*.example.com", "mx.example.com.evil", 0 },
	{ "*.example.com", "a.example.com.b.example.com", 1 },
	{ "mx?.example.com", "mx1.example.com", 1 },
	{ "mx?.example.com", "mx10.example.com", 0 },
	{ "mx?.example.com", "mx.example.com", 0 },
	{ "mx*.example.com", "mx.example.com", 1 },
	{ "*gnail*", "smtp.gnail.com", 1 }, { "*gnail*", "gmail.com", 0 },
	{ "a*b*c", "axxbxxc", 1 }, { "a*b*c", "axxcxxb", 0 },
	{ "*aab", "aaab", 1 }, { "*?", "", 0 }, { "*?", "x", 1 },
	{ "park*.?", "parking.example.x", 1 },
};

START_TEST(R65_a_pattern_matches_what_it_looks_like)
{
	const struct example *e = &examples[_i];

	ck_assert_msg(mxsel__pattern_matches(e->pattern, e->name) ==
		e->matches, "%s %s", e->pattern, e->name);
}
END_TEST

/*
 * The reference: can[j] says whether the pattern so far matches the first j
 * octets of the name.
 */
static int matches_by_table(const char *pattern, const char *name)
{
	size_t n = strlen(name);
	int can[16] = { 1 };
	size_t j;

	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '*') {
			for (j = 1; j <= n; j++)
				can[j] = can[j] || can[j - 1];
			continue;
		}
		for (j = n; j > 0; j--)
			can[j] = can[j - 1] && (*pattern == '?' ||
				*pattern == name[j - 1]);
		can[0] = 0;
	}
	return can[n];
}

/* The number as a word of at most room letters. */
static void spell(char *out, long number, const char *letters, int room)
{
	long base = (long)strlen(letters) + 1;

	for (; room > 0; room--) {
		if (number % base > 0)
			*out++ = letters[number % base - 1];
		number /= base;
	}
	*out = '\0';
}

START_TEST(R65_every_short_pattern_and_name_agree_with_the_reference)
{
	long pattern, name, wrong = 0;

	for (pattern = 0; pattern < 3125; pattern++) { /* 5 to the 5th */
		for (name = 0; name < 729; name++) {   /* 3 to the 6th */
			char p[8], n[8];

			spell(p, pattern, "ab*?", 5);
			spell(n, name, "ab", 6);
			wrong += mxsel__pattern_matches(p, n) !=
				matches_by_table(p, n);
		}
	}
	ck_assert_int_eq(wrong, 0);
}
END_TEST

/* A naive matcher takes longer than the universe lasts. */
START_TEST(R65_many_stars_cost_pattern_times_name_at_most)
{
	char pattern[202], name[254];
	size_t i;

	for (i = 0; i < 200; i += 2) {
		pattern[i] = '*';
		pattern[i + 1] = 'a';
	}
	pattern[200] = 'b';
	pattern[201] = '\0';
	memset(name, 'a', 253);
	name[253] = '\0';
	for (i = 0; i < 1000; i++)
		ck_assert_int_eq(mxsel__pattern_matches(pattern, name), 0);
	name[100] = 'b';
	ck_assert_int_eq(mxsel__pattern_matches(pattern, name), 0);
	name[252] = 'b';
	ck_assert_int_eq(mxsel__pattern_matches("*a*a*a*ab", name), 1);
}
END_TEST

static Suite *self_suite(void)
{
	Suite *suite = suite_create("policy/self");
	TCase *tc = tcase_create("self");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, R51_each_of_our_names_is_ourselves);
	tcase_add_test(tc, R6_R51_our_name_is_ours_in_any_case);
	tcase_add_test(tc, R50_other_names_are_not_ourselves_however_alike);
	tcase_add_test(tc, R5_localhost_is_ourselves_without_being_told);
	tcase_add_test(tc, R51_each_of_our_addresses_is_ourselves);
	tcase_add_test(tc, R51_S25_our_address_in_disguise_is_ourselves);
	tcase_add_test(tc, R51_our_own_addresses_may_be_given_in_disguise);
	tcase_add_test(tc,
		R57_our_address_behind_a_declared_nat64_is_ourselves);
	tcase_add_test(tc,
		R55_the_unspecified_address_is_ourselves_whatever_was_given);
	tcase_add_test(tc, R50_loopback_is_not_ourselves_unless_it_was_given);
	tcase_add_loop_test(tc, R65_a_pattern_matches_what_it_looks_like, 0,
		COUNT(examples));
	tcase_add_test(tc,
		R65_every_short_pattern_and_name_agree_with_the_reference);
	tcase_add_test(tc, R65_many_stars_cost_pattern_times_name_at_most);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return mxsel_test_run(self_suite());
}
