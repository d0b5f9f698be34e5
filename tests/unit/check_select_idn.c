/*
 * The hook for internationalised names: what it is given, what it may give
 * back, and what becomes of a name without it (R4). May use <mxsel/mxsel.h>.
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define L61 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define N253 L63 "." L63 "." L63 "." L61
#define AE "\xc3\xa4" /* a with two dots */

struct hook {
	const char *gives; /* NULL: it refuses */
	char given[1100];
	int calls;
};

static int hook(const char *name, size_t length, char *out, void *user)
{
	struct hook *h = user;

	h->calls++;
	ck_assert_uint_lt(length, sizeof(h->given));
	memcpy(h->given, name, length);
	h->given[length] = '\0';
	if (h->gives == NULL)
		return MXSEL_ESYNTAX;
	ck_assert_uint_lt(strlen(h->gives), 254);
	memcpy(out, h->gives, strlen(h->gives) + 1);
	return 0;
}

/* Fills all its room and forgets the end. */
static int careless(const char *name, size_t length, char *out, void *user)
{
	(void)name;
	(void)length;
	(void)user;
	memset(out, 'a', 254);
	return 0;
}

static mxsel *begin(mxsel_idn_fn idn, void *user, const char *destination)
{
	mxsel_options *o;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_idn(o, idn, user), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, destination, o), MXSEL_OK);
	mxsel_options_free(o);
	return m;
}

/* Has no memory for it, once. */
static int poor(const char *name, size_t length, char *out, void *user)
{
	int *calls = user;

	(void)name;
	(void)length;
	memcpy(out, "xn--4ca.example", sizeof("xn--4ca.example"));
	return (*calls)++ == 0 ? MXSEL_ENOMEM : 0;
}

/* The name that is asked for, or that the end comes. */
static void check_asks(const char *destination, const char *gives,
	const char *given, const char *asks)
{
	struct hook h = { gives, "", 0 };
	mxsel *m = begin(hook, &h, destination);
	mxsel_query *q;

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_str_eq(mxsel_query_name(q), asks);
	ck_assert_str_eq(h.given, given);
	ck_assert_int_eq(h.calls, given[0] != '\0');
	/* What was handed in is kept for display. */
	ck_assert_str_eq(mxsel_destination(m), destination);
	ck_assert_str_eq(mxsel_domain(m), asks);
	mxsel_free(m);
}

START_TEST(R4_the_domain_alone_is_handed_over_and_becomes_ascii)
{
	check_asks(AE ".example", "xn--4ca.example", AE ".example",
		"xn--4ca.example");
	check_asks("j" AE "ne@" AE ".example", "xn--4ca.example",
		AE ".example", "xn--4ca.example");
	check_asks(AE ".example:26", "XN--4CA.Example.", AE ".example",
		"xn--4ca.example");
	check_asks("[" AE ".example]:26", "xn--4ca.example", AE ".example",
		"xn--4ca.example");
	check_asks(AE "\xe3\x80\x82" "example", "xn--4ca.example",
		AE "\xe3\x80\x82" "example", "xn--4ca.example");
	check_asks("b." AE, N253, "b." AE, N253);
}
END_TEST

START_TEST(R4_a_label_that_is_encoded_is_checked)
{
	check_asks("xn--4ca.example", "xn--4ca.example", "xn--4ca.example",
		"xn--4ca.example");
	check_asks("www.XN--4CA.example", "www.xn--4ca.example",
		"www.XN--4CA.example", "www.xn--4ca.example");
	check_asks("user@example.xN--p1ai", "example.xn--p1ai",
		"example.xN--p1ai", "example.xn--p1ai");
}
END_TEST

START_TEST(R4_plain_names_are_not_handed_over)
{
	check_asks("example.com", "wrong.example", "", "example.com");
	check_asks(AE "@example.com", "wrong.example", "", "example.com");
	check_asks("axn--b.example", "wrong.example", "", "axn--b.example");
	check_asks("xn-.example", "wrong.example", "", "xn-.example");
	check_asks("a.xn", "wrong.example", "", "a.xn");
}
END_TEST

static void check_ends(mxsel_idn_fn idn, const char *gives,
	const char *destination, int code, const char *status)
{
	struct hook h = { gives, "", 0 };
	mxsel *m = begin(idn, &h, destination);

	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_BOUNCE);
	ck_assert_int_eq(mxsel_verdict_code(m), code);
	ck_assert_str_eq(mxsel_verdict_status(m), status);
	ck_assert_uint_eq(mxsel_query_count(m), 0);
	mxsel_free(m);
}

START_TEST(R4_what_is_no_name_is_5_1_2_and_never_asked)
{
	check_ends(hook, NULL, AE ".example", 550, "5.1.2");
	check_ends(hook, NULL, "user@xn--a.example", 550, "5.1.2");
	check_ends(hook, NULL, "[\xff.example]", 550, "5.1.2");
	check_ends(careless, NULL, AE ".example", 550, "5.1.2");
}
END_TEST

START_TEST(R4_S39_no_memory_is_no_verdict_about_a_name)
{
	mxsel_options *o;
	mxsel *m = NULL;
	int calls = 0;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_idn(o, poor, &calls), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, AE ".example", o), MXSEL_ENOMEM);
	ck_assert_int_eq(mxsel_new(&m, AE ".example", o), MXSEL_OK);
	ck_assert_str_eq(mxsel_domain(m), "xn--4ca.example");
	calls = 0;
	ck_assert_int_eq(mxsel_reset(m, AE ".example"), MXSEL_ENOMEM);
	ck_assert_int_eq(mxsel_reset(m, AE ".example"), MXSEL_OK);
	ck_assert_str_eq(mxsel_domain(m), "xn--4ca.example");
	mxsel_free(m);
	mxsel_options_free(o);
}
END_TEST

START_TEST(R4_what_the_function_gives_is_parsed_like_any_name)
{
	check_ends(hook, "a..b", AE ".example", 501, "5.1.3");
	check_ends(hook, "", AE ".example", 501, "5.1.3");
	check_ends(hook, "192.0.2.1", AE ".example", 501, "5.1.3");
	check_ends(hook, AE ".example", AE ".example", 501, "5.1.3");
	check_ends(hook, "a b.example", AE ".example", 501, "5.1.3");
	check_ends(hook, "a.invalid", AE ".example", 550, "5.1.2");
	check_ends(hook, "localhost", AE ".example", 550, "5.4.6");
}
END_TEST

START_TEST(R4_without_a_function_it_is_refused_clearly)
{
	check_ends(NULL, NULL, AE ".example", 501, "5.1.3");
	check_ends(NULL, NULL, "user@" AE ".example", 501, "5.1.3");
}
END_TEST

START_TEST(R4_literals_are_never_names)
{
	struct hook h = { NULL, "", 0 };
	mxsel *m = begin(hook, &h, "[192.0.2.1]");

	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(h.calls, 0);
	mxsel_free(m);
}
END_TEST

START_TEST(R4_the_function_is_the_options_and_their_copies)
{
	struct hook h = { "xn--4ca.example", "", 0 };
	mxsel_options *o, *copy;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_set_idn(NULL, hook, &h),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_idn(o, hook, &h), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_copy(&copy, o), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, AE ".example", copy), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_idn(copy, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_str_eq(mxsel_domain(m), "xn--4ca.example");
	/* And for every destination of a selection. */
	ck_assert_int_eq(mxsel_reset(m, "b." AE), MXSEL_OK);
	ck_assert_str_eq(h.given, "b." AE);
	mxsel_free(m);
	mxsel_options_free(copy);
	mxsel_options_free(o);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: internationalised names");
	TCase *t = tcase_create("R4");

	tcase_add_test(t,
		R4_the_domain_alone_is_handed_over_and_becomes_ascii);
	tcase_add_test(t, R4_a_label_that_is_encoded_is_checked);
	tcase_add_test(t, R4_plain_names_are_not_handed_over);
	tcase_add_test(t, R4_what_is_no_name_is_5_1_2_and_never_asked);
	tcase_add_test(t, R4_S39_no_memory_is_no_verdict_about_a_name);
	tcase_add_test(t, R4_what_the_function_gives_is_parsed_like_any_name);
	tcase_add_test(t, R4_without_a_function_it_is_refused_clearly);
	tcase_add_test(t, R4_literals_are_never_names);
	tcase_add_test(t, R4_the_function_is_the_options_and_their_copies);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
