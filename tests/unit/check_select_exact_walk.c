/*
 * Small walks whose every attempt is known beforehand: limits of addresses
 * and of attempts, families, aliases that are refused, ourselves, and the
 * verdict that each comes to (R5, R22, R33-R38, R54, R60-R65, R74). May use the
 * public headers.
 */
#include "support/one_selection.h"
#include "support/run.h"
#include "support/walked.h"

/* The addresses tried, one behind the other, and the verdict. */
static const char *tried(const char *destination,
	const struct zone_record *zone)
{
	static struct walked w;

	begin(destination);
	w.size = 0;
	w.text[0] = '\0';
	while (zone_next(m, zone, NULL) == MXSEL_ATTEMPT)
		walked_add(&w, "%s ", mxsel_address(m));
	return w.text;
}

/* --- limits -------------------------------------------------------------- */

static const struct zone_record families[] = {
	{ "d.example", MX, ZONE_UNKNOWN, "mx.example", 10 },
	{ "mx.example", AAAA, ZONE_UNKNOWN, "1", 0 },
	{ "mx.example", AAAA, ZONE_UNKNOWN, "2", 0 },
	{ "mx.example", AAAA, ZONE_UNKNOWN, "3", 0 },
	{ "mx.example", A, ZONE_UNKNOWN, "4", 0 },
	{ "mx.example", A, ZONE_UNKNOWN, "5", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

START_TEST(R37_a_limit_of_a_host_leaves_one_of_each_family)
{
	static const struct {
		int family, most;
		const char *text;
	} all[] = {
		{ MXSEL_FAMILY_V6_FIRST, 1, "2001:db8::1 " },
		{ MXSEL_FAMILY_V6_FIRST, 2, "2001:db8::1 192.0.2.4 " },
		{ MXSEL_FAMILY_V6_FIRST, 3,
			"2001:db8::1 2001:db8::2 192.0.2.4 " },
		{ MXSEL_FAMILY_V6_FIRST, 4,
			"2001:db8::1 2001:db8::2 2001:db8::3 192.0.2.4 " },
		{ MXSEL_FAMILY_V4_FIRST, 1, "192.0.2.4 " },
		{ MXSEL_FAMILY_V4_FIRST, 2, "192.0.2.4 2001:db8::1 " },
		{ MXSEL_FAMILY_V4_FIRST, 3,
			"192.0.2.4 192.0.2.5 2001:db8::1 " },
		{ MXSEL_FAMILY_V4_FIRST, 5, "192.0.2.4 192.0.2.5 "
			"2001:db8::1 2001:db8::2 2001:db8::3 " },
		{ MXSEL_FAMILY_INTERLEAVE, 3,
			"2001:db8::1 192.0.2.4 2001:db8::2 " },
	};
	const char *subject;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		set(MXSEL_OPT_FAMILY, all[i].family);
		set(MXSEL_OPT_MAX_HOST_ADDRESSES, all[i].most);
		ck_assert_str_eq(tried("d.example", families), all[i].text);
		ck_assert_int_eq(has(MXSEL_FLAG_LIMITED), all[i].most < 5);
	}
	/* The others are shown, each once. */
	set(MXSEL_OPT_FAMILY, MXSEL_FAMILY_V6_FIRST);
	set(MXSEL_OPT_MAX_HOST_ADDRESSES, 2);
	(void)tried("d.example", families);
	for (i = 0; mxsel_rejected(m, i, NULL, NULL, &subject) == 0; i++)
		ck_assert_str_eq(subject, i == 0 ? "2001:db8::2"
			: "192.0.2.5");
	ck_assert_uint_eq(i, 2);
	/* A limit of all addresses goes by their order alone. */
	set(MXSEL_OPT_MAX_HOST_ADDRESSES, 0);
	set(MXSEL_OPT_MAX_ADDRESSES, 2);
	ck_assert_str_eq(tried("d.example", families),
		"2001:db8::1 2001:db8::2 ");
}
END_TEST

static const struct zone_record equals[] = {
	{ "d.example", MX, ZONE_UNKNOWN, "one.example", 10 },
	{ "d.example", MX, ZONE_UNKNOWN, "two.example", 20 },
	{ "one.example", A, ZONE_UNKNOWN, "1", 0 },
	{ "one.example", A, ZONE_UNKNOWN, "2", 0 },
	{ "two.example", A, ZONE_UNKNOWN, "3", 0 },
	{ "e.example", MX, ZONE_UNKNOWN, "one.example", 10 },
	{ "e.example", MX, ZONE_UNKNOWN, "two.example", 10 },
	{ NULL, 0, 0, NULL, 0 }
};

START_TEST(R37_R38_who_is_beyond_a_limit_is_not_even_looked_up)
{
	const char *text;

	set(MXSEL_OPT_MAX_ADDRESSES, 2);
	ck_assert_str_eq(tried("d.example", equals), "192.0.2.1 192.0.2.2 ");
	ck_assert_uint_eq(mxsel_query_count(m), 3);
	ck_assert_int_eq(why(0), MXSEL_REJECT_LIMIT);
	ck_assert_uint_eq(mxsel_rejected_count(m), 1);
	set(MXSEL_OPT_MAX_ADDRESSES, 1);
	ck_assert_str_eq(tried("d.example", equals), "192.0.2.1 ");
	ck_assert_uint_eq(mxsel_query_count(m), 3);
	set(MXSEL_OPT_MAX_ADDRESSES, 0);
	set(MXSEL_OPT_MAX_ATTEMPTS, 2);
	ck_assert_str_eq(tried("d.example", equals), "192.0.2.1 192.0.2.2 ");
	ck_assert_uint_eq(mxsel_query_count(m), 3);
	/* Among equals a limit of attempts is shared. */
	set(MXSEL_OPT_MAX_ADDRESSES, 2);
	set(MXSEL_OPT_MAX_ATTEMPTS, 5);
	text = tried("e.example", equals);
	ck_assert_ptr_nonnull(strstr(text, "192.0.2.1 "));
	ck_assert_ptr_nonnull(strstr(text, "192.0.2.3 "));
	ck_assert_ptr_null(strstr(text, "192.0.2.2 "));
	set(MXSEL_OPT_MAX_ADDRESSES, 5);
	set(MXSEL_OPT_MAX_ATTEMPTS, 0);
	ck_assert_str_eq(tried("d.example", equals),
		"192.0.2.1 192.0.2.2 192.0.2.3 ");
	ck_assert(!has(MXSEL_FLAG_LIMITED));
}
END_TEST

START_TEST(R37_a_limit_of_questions_is_told)
{
	set(MXSEL_OPT_MAX_QUERIES, 2);
	ck_assert_str_eq(tried("d.example", equals), "");
	ck_assert(has(MXSEL_FLAG_LIMITED));
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
}
END_TEST

/* --- literals and names without address ---------------------------------- */

START_TEST(R35_a_literal_is_of_the_family_it_is)
{
	static const int families_on[] = { MXSEL_FAMILY_ANY,
		MXSEL_FAMILY_V6_ONLY, MXSEL_FAMILY_V6_FIRST,
		MXSEL_FAMILY_V4_ONLY };
	size_t i;

	for (i = 0; i < 4; i++) {
		set(MXSEL_OPT_FAMILY, families_on[i]);
		ck_assert_str_eq(tried("[IPv6:2001:db8::1]", equals),
			i < 3 ? "2001:db8::1 " : "");
		ck_assert_str_eq(tried("[192.0.2.1]", equals),
			i == 1 ? "" : "192.0.2.1 ");
		if (i == 1)
			ck_assert(has(MXSEL_FLAG_FAMILY_OFF));
		set(MXSEL_OPT_HAND_OUT_ONION, 1);
		ck_assert_str_eq(tried("x.onion", equals), " ");
	}
}
END_TEST

START_TEST(R5_two_hidden_services_are_never_the_same)
{
	static const struct zone_record hidden[] = {
		{ "d.example", MX, ZONE_UNKNOWN, "a.onion", 10 },
		{ "d.example", MX, ZONE_UNKNOWN, "b.onion", 20 },
		{ NULL, 0, 0, NULL, 0 }
	};

	set(MXSEL_OPT_HAND_OUT_ONION, 1);
	ck_assert_str_eq(tried("d.example", hidden), "  ");
	ck_assert(!has(MXSEL_FLAG_DUPLICATE_ADDRESS));
}
END_TEST

/* --- aliases ------------------------------------------------------------- */

static const struct zone_record aliases[] = {
	{ "d.example", MX, ZONE_UNKNOWN, "mx.example", 10 },
	{ "mx.example", 0, ZONE_UNKNOWN, "far.example", 0 },
	{ "far.example", A, ZONE_UNKNOWN, "1", 0 },
	/* Not an alias. */
	{ "p.example", MX, ZONE_UNKNOWN, "plain.example", 10 },
	{ "plain.example", A, ZONE_UNKNOWN, "2", 0 },
	/* No MX: the domain itself, which is one. */
	{ "i.example", MX, ZONE_UNKNOWN, "-", 0 },
	{ "i.example", 0, ZONE_UNKNOWN, "far.example", 0 },
	/* An alias whose target fails for one family. */
	{ "f.example", MX, ZONE_UNKNOWN, "mx-f.example", 10 },
	{ "mx-f.example", 0, ZONE_UNKNOWN, "half.example", 0 },
	{ "half.example", A, ZONE_UNKNOWN, "3", 0 },
	{ "half.example", AAAA, ZONE_UNKNOWN, "!", 0 },
	/* What nobody should believe is no alias, either. */
	{ "b.example", MX, ZONE_UNKNOWN, "mx-b.example", 10 },
	{ "mx-b.example", 0, MXSEL_SECURITY_BOGUS, "far.example", 0 },
	{ "loop.example", 0, ZONE_UNKNOWN, "loop2.example", 0 },
	{ "loop2.example", 0, ZONE_UNKNOWN, "loop.example", 0 },
	{ "l.example", MX, ZONE_UNKNOWN, "loop.example", 10 },
	{ "chain.example", 0, ZONE_UNKNOWN, "chain2.example", 0 },
	{ "chain2.example", 0, ZONE_UNKNOWN, "far.example", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

START_TEST(R22_an_exchange_that_is_an_alias_is_refused_on_wish)
{
	ck_assert_str_eq(tried("d.example", aliases), "192.0.2.1 ");
	ck_assert(has(MXSEL_FLAG_MX_IS_ALIAS));
	ck_assert_str_eq(tried("p.example", aliases), "192.0.2.2 ");
	ck_assert(!has(MXSEL_FLAG_MX_IS_ALIAS));
	ck_assert_str_eq(tried("[mx.example]", aliases), "192.0.2.1 ");
	ck_assert(!has(MXSEL_FLAG_MX_IS_ALIAS));
	ck_assert_str_eq(tried("f.example", aliases), "192.0.2.3 ");
	ck_assert(has(MXSEL_FLAG_INCOMPLETE));
	set(MXSEL_OPT_REFUSE_EXCHANGE_ALIAS, 1);
	ck_assert_str_eq(tried("d.example", aliases), "");
	ck_assert_int_eq(why(0), MXSEL_REJECT_ALIAS);
	ck_assert_str_eq(tried("p.example", aliases), "192.0.2.2 ");
	ck_assert_str_eq(tried("[mx.example]", aliases), "192.0.2.1 ");
	/* Refused, but perhaps it would be there tomorrow. */
	ck_assert_str_eq(tried("f.example", aliases), "");
	ck_assert_int_eq(why(0), MXSEL_REJECT_DNS);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_str_eq(tried("b.example", aliases), "");
	ck_assert(!has(MXSEL_FLAG_MX_IS_ALIAS));
	ck_assert_int_eq(why(0), MXSEL_REJECT_DNS);
}
END_TEST

START_TEST(R11_R61_aliases_in_a_circle_lead_nowhere)
{
	ck_assert_str_eq(tried("loop.example", aliases), "");
	ck_assert(has(MXSEL_FLAG_ALIAS_LOOP) && !has(MXSEL_FLAG_ALIAS_CHAIN));
	ck_assert_ptr_nonnull(strstr(mxsel_verdict_text(m), "in a circle"));
	ck_assert_uint_eq(mxsel_rejected_count(m), 0);
	ck_assert_str_eq(tried("l.example", aliases), "");
	ck_assert(has(MXSEL_FLAG_ALIAS_LOOP) && !has(MXSEL_FLAG_ALIAS_CHAIN));
	ck_assert_int_eq(why(0), MXSEL_REJECT_ALIAS_LOOP);
	set(MXSEL_OPT_MAX_ALIASES, 1);
	ck_assert_str_eq(tried("chain.example", aliases), "");
	ck_assert(has(MXSEL_FLAG_ALIAS_CHAIN) && !has(MXSEL_FLAG_ALIAS_LOOP));
}
END_TEST

/* One family leads in a circle, the other one to nothing. */
START_TEST(R61_a_circle_of_one_family_is_told_whatever_the_other_says)
{
	int circle;

	for (circle = 0; circle < 2; circle++) {
		mxsel_query *q;
		int type = circle == 0 ? AAAA : A;

		mxsel_free(m);
		ck_assert_int_eq(mxsel_new(&m, "[c.example]", o), MXSEL_OK);
		while (mxsel_next(m) == MXSEL_LOOKUP)
			while ((q = mxsel_query_take(m)) != NULL) {
				if (mxsel_query_type(q) == type)
					mxsel_answer_alias(q, strcmp(
						mxsel_query_name(q),
						"c.example") == 0 ?
						"x.example" : "c.example", 5);
				mxsel_answer_finish(q, 0, 0);
			}
		ck_assert(has(MXSEL_FLAG_ALIAS_LOOP));
		ck_assert_int_eq(why(0), MXSEL_REJECT_ALIAS_LOOP);
	}
}
END_TEST

/* --- the verdict --------------------------------------------------------- */

static const struct zone_record ourselves[] = {
	/* Better ones: with an address, and without. */
	{ "with.example", MX, ZONE_UNKNOWN, "one.example", 10 },
	{ "with.example", MX, ZONE_UNKNOWN, "us.example", 20 },
	{ "without.example", MX, ZONE_UNKNOWN, "none.example", 10 },
	{ "without.example", MX, ZONE_UNKNOWN, "us.example", 20 },
	{ "both.example", MX, ZONE_UNKNOWN, "none.example", 5 },
	{ "both.example", MX, ZONE_UNKNOWN, "one.example", 10 },
	{ "both.example", MX, ZONE_UNKNOWN, "us.example", 20 },
	{ "only.example", MX, ZONE_UNKNOWN, "us.example", 20 },
	{ "nobody.example", MX, ZONE_UNKNOWN, "none.example", 10 },
	{ "half.example", MX, ZONE_UNKNOWN, "some.example", 10 },
	{ "one.example", A, ZONE_UNKNOWN, "1", 0 },
	{ "some.example", A, ZONE_UNKNOWN, "2", 0 },
	{ "some.example", AAAA, ZONE_UNKNOWN, "!", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* Each attempt is refused for good at the greeting; then the verdict. */
static int refused(const char *destination)
{
	mxsel_free(m);
	ck_assert_int_eq(mxsel_new(&m, destination, o), MXSEL_OK);
	while (zone_next(m, ourselves, NULL) == MXSEL_ATTEMPT)
		ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_GREETING, 554,
			NULL), MXSEL_OK);
	return mxsel_verdict_action(m);
}

START_TEST(R54_a_backup_waits_only_for_who_has_no_address)
{
	ck_assert_int_eq(mxsel_options_add_self_name(o, "us.example"),
		MXSEL_OK);
	ck_assert_int_eq(refused("with.example"), MXSEL_ACTION_BOUNCE);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_REPLY);
	ck_assert_int_eq(refused("without.example"), MXSEL_ACTION_DEFER);
	ck_assert_int_eq(refused("both.example"), MXSEL_ACTION_DEFER);
	ck_assert_int_eq(refused("only.example"), MXSEL_ACTION_BOUNCE);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_LOOP);
}
END_TEST

START_TEST(R74_a_setting_for_what_was_not_met_changes_nothing)
{
	set(MXSEL_OPT_DEFER_FILTERED, 1);
	ck_assert_int_eq(refused("nobody.example"), MXSEL_ACTION_BOUNCE);
	set(MXSEL_OPT_DEFER_NO_HOST, 1);
	ck_assert_int_eq(refused("nobody.example"), MXSEL_ACTION_DEFER);
}
END_TEST

START_TEST(R74_R75_the_sentence_is_of_the_verdict_and_the_domain)
{
	char before[256];

	ck_assert_int_eq(refused("user@nobody.example"), MXSEL_ACTION_BOUNCE);
	ck_assert_ptr_nonnull(strstr(mxsel_verdict_text(m), "nobody.example"));
	ck_assert_ptr_null(strstr(mxsel_verdict_text(m), "user@"));
	ck_assert_int_eq(refused("user@[127.0.0.1]"), MXSEL_ACTION_BOUNCE);
	ck_assert_ptr_nonnull(strstr(mxsel_verdict_text(m), "127.0.0.1"));
	ck_assert_ptr_null(strstr(mxsel_verdict_text(m), "["));
	/* Left, and then refused: it comes to something else. */
	ck_assert_str_eq(tried("half.example", ourselves), "192.0.2.2 ");
	(void)snprintf(before, sizeof(before), "%s", mxsel_verdict_text(m));
	ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	ck_assert_str_eq(mxsel_verdict_text(m), "");
	ck_assert_int_eq(zone_next(m, ourselves, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_GREETING, 554, NULL),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_ne(mxsel_verdict_text(m), before);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
}
END_TEST

START_TEST(R65_our_own_words_are_gone_after_a_rewind)
{
	static const struct zone_record mixed[] = {
		{ "d.example", MX, ZONE_UNKNOWN, "spam.example", 10 },
		{ "d.example", MX, ZONE_UNKNOWN, "fine.example", 20 },
		{ "fine.example", A, ZONE_UNKNOWN, "1", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	ck_assert_int_eq(mxsel_options_refuse_exchange(o, "spam.example", 450,
		"4.7.9", "Perhaps later"), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(zone_next(m, mixed, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_GREETING, 554, NULL),
		MXSEL_OK);
	ck_assert_int_eq(zone_next(m, mixed, NULL), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_text(m), "Perhaps later");
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.9");
	ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	ck_assert_int_ne(mxsel_verdict_code(m), 450);
	ck_assert_str_ne(mxsel_verdict_status(m), "4.7.9");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: small walks");
	TCase *one = tcase_create("one thing");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, R37_a_limit_of_a_host_leaves_one_of_each_family);
	tcase_add_test(one,
		R37_R38_who_is_beyond_a_limit_is_not_even_looked_up);
	tcase_add_test(one, R37_a_limit_of_questions_is_told);
	tcase_add_test(one, R35_a_literal_is_of_the_family_it_is);
	tcase_add_test(one, R5_two_hidden_services_are_never_the_same);
	tcase_add_test(one,
		R22_an_exchange_that_is_an_alias_is_refused_on_wish);
	tcase_add_test(one, R11_R61_aliases_in_a_circle_lead_nowhere);
	tcase_add_test(one,
		R61_a_circle_of_one_family_is_told_whatever_the_other_says);
	tcase_add_test(one, R54_a_backup_waits_only_for_who_has_no_address);
	tcase_add_test(one, R74_a_setting_for_what_was_not_met_changes_nothing);
	tcase_add_test(one,
		R74_R75_the_sentence_is_of_the_verdict_and_the_domain);
	tcase_add_test(one, R65_our_own_words_are_gone_after_a_rewind);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
