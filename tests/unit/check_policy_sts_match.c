/*
 * Which hosts an MTA-STS policy lists (R95): a pattern is a name, or a star
 * that stands for exactly one label before one (RFC 8461 4.1).
 */
#include "support/run.h"

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "policy/sts.h"
#include "support/sts_body.h"

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

static mxsel_sts *listing(const char *pattern)
{
	char body[400];

	(void)snprintf(body, sizeof(body), "version: STSv1\nmode: enforce\n"
		"max_age: 60\nmx: %s\n", pattern);
	return sts_body_policy(body);
}

static int lists(const char *pattern, const char *host)
{
	mxsel_sts *p = listing(pattern);
	int rc = mxsel_sts_matches(p, host);

	mxsel_sts_free(p);
	return rc;
}

START_TEST(R95_a_star_stands_for_exactly_one_label)
{
	ck_assert_int_eq(lists("*.example.com", "mail.example.com"), 1);
	ck_assert_int_eq(lists("*.example.com", "example.com"), 0);
	ck_assert_int_eq(lists("*.example.com", "foo.bar.example.com"), 0);
}
END_TEST

START_TEST(R95_the_example_of_the_standard_lists_these_hosts)
{
	static const char *const listed[] = { "mail.example.com",
		"backupmx.example.com", "a.example.net", "mx-1.example.net" };
	static const char *const others[] = { "example.com", "example.net",
		"mx.example.com", "a.b.example.net", "mail.example.com.example",
		"xmail.example.com", "ail.example.com", "a.xexample.net",
		"example", "net" };
	mxsel_sts *p = sts_body_policy(RFC_BODY);
	size_t i;

	for (i = 0; i < COUNT(listed); i++)
		ck_assert_msg(mxsel_sts_matches(p, listed[i]) == 1, "%s",
			listed[i]);
	for (i = 0; i < COUNT(others); i++)
		ck_assert_msg(mxsel_sts_matches(p, others[i]) == 0, "%s",
			others[i]);
	mxsel_sts_free(p);
}
END_TEST

START_TEST(R95_the_edges_of_a_star)
{
	ck_assert_int_eq(lists("*.com", "example.com"), 1);
	ck_assert_int_eq(lists("*.com", "com"), 0);
	ck_assert_int_eq(lists("*.com", "a.example.com"), 0);
	ck_assert_int_eq(lists("*.example.com", "xexample.com"), 0);
	ck_assert_int_eq(lists("*.example.com", "a.example.comm"), 0);
	ck_assert_int_eq(lists("*.example.com", "a.example.com.net"), 0);
	ck_assert_int_eq(lists("*.example.com", "*.example.com"), 0);
	ck_assert_int_eq(lists("*.example.com", ".example.com"), 0);
	ck_assert_int_eq(lists("*.example.com", "a..example.com"), 0);
	ck_assert_int_eq(lists("*.example.com", "_a.example.com"), 1);
	ck_assert_int_eq(lists("*.example.com", "xn--bcher-kva.example.com"),
		1);
	ck_assert_int_eq(lists("*.example.com", "b\xc3\xbc.example.com"), 0);
}
END_TEST

/* An escaped dot is in a label and parts none; it is in no host name. */
START_TEST(R20_R95_a_dot_inside_of_a_label_divides_nothing)
{
	ck_assert_int_eq(lists("*.example.com", "a\\.example.com"), 0);
	ck_assert_int_eq(lists("*.example.com", "a\\.b.example.com"), 0);
	ck_assert_int_eq(lists("*.example.com", "a\\046b.example.com"), 0);
	ck_assert_int_eq(lists("*.com", "a\\.example.com"), 0);
}
END_TEST

START_TEST(R6_R95_letters_match_in_either_case)
{
	ck_assert_int_eq(lists("Mail.EXAMPLE.com", "mAIL.example.COM"), 1);
	ck_assert_int_eq(lists("*.EXAMPLE.com", "MX.Example.COM"), 1);
	ck_assert_int_eq(lists("mail.example.com", "mail.example.com."), 1);
	/* No letters: they differ by the bit that letters differ by. */
	ck_assert_int_eq(lists("a-b.example", "a\rb.example"), 0);
}
END_TEST

START_TEST(R21_R95_what_is_no_host_name_is_never_listed)
{
	static const char *const others[] = { "", ".", "..", "192.0.2.1",
		"[192.0.2.1]", "2001:db8::1", "a b.example.com", "*" };
	mxsel_sts *p = sts_body_policy("version: STSv1\nmode: enforce\n"
		"max_age: 60\nmx: *.example.com\nmx: *.0.2.1\nmx: a\n");
	size_t i;

	for (i = 0; i < COUNT(others); i++)
		ck_assert_msg(mxsel_sts_matches(p, others[i]) == 0, "%s",
			others[i]);
	ck_assert_int_eq(mxsel_sts_matches(p, NULL), 0);
	ck_assert_int_eq(mxsel_sts_matches(NULL, "a"), 0);
	ck_assert_int_eq(mxsel_sts_matches(p, "x.0.2.1"), 1);
	mxsel_sts_free(p);
}
END_TEST

/* The mode says what follows from it, not what is listed. */
START_TEST(R95_listed_is_listed_in_any_mode)
{
	static const char *const modes[] = { "none", "testing", "enforce" };
	char body[100];
	size_t i;

	for (i = 0; i < COUNT(modes); i++) {
		mxsel_sts *p;

		(void)snprintf(body, sizeof(body), "version: STSv1\nmode: %s\n"
			"max_age: 60\nmx: a.example\n", modes[i]);
		p = sts_body_policy(body);
		ck_assert_int_eq(mxsel_sts_matches(p, "a.example"), 1);
		ck_assert_int_eq(mxsel_sts_matches(p, "b.example"), 0);
		mxsel_sts_free(p);
	}
}
END_TEST

START_TEST(R3_R95_the_longest_names_match)
{
	char pattern[260] = "*.", host[260] = "x.", more[260] = "xy.";
	size_t at, i;

	for (at = 2, i = 0; i < 251; i++)
		pattern[at++] = i % 50 == 49 ? '.' : 'a';
	memcpy(host + 2, pattern + 2, 252);
	memcpy(more + 3, pattern + 2, 252);
	ck_assert_uint_eq(strlen(host), 253);
	ck_assert_int_eq(lists(pattern, host), 1);
	/* Longer than a name may be, so no name. */
	ck_assert_int_eq(lists(pattern, more), 0);
}
END_TEST

/* A thousand patterns, found from the first to the last. */
START_TEST(R95_every_pattern_of_many_is_looked_at)
{
	static char body[65536];
	char host[40];
	size_t at, i;
	mxsel_sts *p;

	at = (size_t)snprintf(body, sizeof(body),
		"version: STSv1\nmode: testing\nmax_age: 60\n");
	for (i = 0; i < 1000; i++)
		at += (size_t)snprintf(body + at, sizeof(body) - at,
			"mx: %sh%zu.example\n", i % 2 == 0 ? "" : "*.", i);
	p = sts_body_policy(body);
	ck_assert_uint_eq(mxsel_sts_mx_count(p), 1000);
	for (i = 0; i < 1000; i++) {
		(void)snprintf(host, sizeof(host), "h%zu.example", i);
		ck_assert_int_eq(mxsel_sts_matches(p, host), i % 2 == 0);
		(void)snprintf(host, sizeof(host), "x.h%zu.example", i);
		ck_assert_int_eq(mxsel_sts_matches(p, host), i % 2 == 1);
	}
	mxsel_sts_free(p);
}
END_TEST

#define LABELS 5

/* The labels of a name, counted; text is changed. */
static size_t split(char *text, char *labels[LABELS])
{
	size_t n = 0;

	for (; text != NULL && n < LABELS; n++) {
		labels[n] = text;
		text = strchr(text, '.');
		if (text != NULL)
			*text++ = '\0';
	}
	return n;
}

/* The rule said differently: label by label. */
static int as_said(const char *pattern, const char *host)
{
	char a[40], b[40];
	char *as[LABELS], *bs[LABELS];
	size_t n, i;

	(void)snprintf(a, sizeof(a), "%s", pattern);
	(void)snprintf(b, sizeof(b), "%s", host);
	n = split(a, as);
	if (n != split(b, bs))
		return 0;
	for (i = 0; i < n; i++) {
		if (strcmp(as[i], bs[i]) != 0 && strcmp(as[i], "*") != 0)
			return 0;
	}
	return 1;
}

/* Names of few labels and few letters, so that many of them match. */
static void make(struct mxsel__random *r, char *name, int star)
{
	static const char *const labels[] = { "a", "b", "ab" };
	uint32_t n = 1 + mxsel__random_below(r, 3);
	size_t at = 0;

	if (star && mxsel__random_below(r, 2) == 0) {
		memcpy(name, "*.", 2);
		at = 2;
	}
	while (n-- > 0)
		at += (size_t)snprintf(name + at, 8, "%s%s",
			labels[mxsel__random_below(r, COUNT(labels))],
			n == 0 ? "" : ".");
}

START_TEST(R95_patterns_match_as_the_rule_says_label_by_label)
{
	struct mxsel__random random;
	int round, matched = 0;

	mxsel__random_init(&random, 41);
	for (round = 0; round < 20000; round++) {
		char pattern[40], host[40];
		int wanted;

		make(&random, pattern, 1);
		make(&random, host, 0);
		wanted = as_said(pattern, host);
		ck_assert_msg(lists(pattern, host) == wanted, "%s %s",
			pattern, host);
		ck_assert_int_eq(mxsel__sts_pattern_matches(pattern, host),
			wanted);
		matched += wanted;
	}
	ck_assert_int_gt(matched, 500);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy: hosts of an MTA-STS policy");
	TCase *tc = tcase_create("match");

	tcase_add_test(tc, R95_a_star_stands_for_exactly_one_label);
	tcase_add_test(tc,
		R95_the_example_of_the_standard_lists_these_hosts);
	tcase_add_test(tc, R95_the_edges_of_a_star);
	tcase_add_test(tc,
		R20_R95_a_dot_inside_of_a_label_divides_nothing);
	tcase_add_test(tc, R6_R95_letters_match_in_either_case);
	tcase_add_test(tc, R21_R95_what_is_no_host_name_is_never_listed);
	tcase_add_test(tc, R95_listed_is_listed_in_any_mode);
	tcase_add_test(tc, R3_R95_the_longest_names_match);
	tcase_add_test(tc, R95_every_pattern_of_many_is_looked_at);
	tcase_add_test(tc,
		R95_patterns_match_as_the_rule_says_label_by_label);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
