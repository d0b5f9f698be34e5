/*
 * Corners of a selection that no walk passes by itself: who is never asked
 * for, duplicates and limits of MX records and of addresses, and calls that
 * cancel (R5, R15-R19, R37, R51, R63, R64, R78). May use the public headers.
 */
#include "support/one_selection.h"
#include "support/run.h"

/* --- names that are not asked for ---------------------------------------- */

static const struct zone_record odd[] = {
	{ "d.example", MX, ZONE_UNKNOWN, "one.example", 10 },
	{ "d.example", MX, ZONE_UNKNOWN, "192.0.2.9", 20 },
	{ "d.example", MX, ZONE_UNKNOWN, "x.onion", 30 },
	{ "d.example", MX, ZONE_UNKNOWN, "bad.invalid", 10 },
	{ "d.example", MX, ZONE_UNKNOWN, "two.example", 40 },
	{ "one.example", A, ZONE_UNKNOWN, "1", 0 },
	{ "two.example", A, ZONE_UNKNOWN, "2", 0 },
	{ "o.example", MX, ZONE_UNKNOWN, "not a name", 10 },
	{ "o.example", MX, ZONE_UNKNOWN, "one.example", 10 },
	{ NULL, 0, 0, NULL, 0 }
};

static int ranked;

static int32_t rank(const char *name, void *user)
{
	(void)user;
	ck_assert_str_ne(name, "not a name");
	ranked++;
	return 0;
}

START_TEST(R5_R51_nobody_asks_the_dns_for_what_is_not_in_it)
{
	set(MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, 1);
	set(MXSEL_OPT_HAND_OUT_ONION, 1);
	set(MXSEL_OPT_PREFETCH, 8);
	ck_assert_int_eq(mxsel_options_add_self_address(o, "192.0.2.77"),
		MXSEL_OK);
	ck_assert_int_eq(first("d.example", odd), MXSEL_ATTEMPT);
	while (zone_next(m, odd, &asked) == MXSEL_ATTEMPT)
		;
	ck_assert(was_asked("AAAA two.example\n"));
	ck_assert(!was_asked("192.0.2.9"));
	ck_assert(!was_asked("onion"));
	ck_assert(!was_asked("invalid"));
	mxsel_free(m);
	m = NULL;
	ck_assert_int_eq(mxsel_options_set_rank(o, rank, NULL), MXSEL_OK);
	ck_assert_int_eq(first("o.example", odd), MXSEL_ATTEMPT);
	ck_assert_int_eq(ranked, 1);
}
END_TEST

START_TEST(R51_R96_who_is_not_used_may_be_ourselves)
{
	static const struct zone_record loops[] = {
		{ "d.example", MX, ZONE_INSECURE, "one.example", 10 },
		{ "d.example", MX, ZONE_INSECURE, "192.0.2.50", 10 },
		{ "one.example", A, ZONE_INSECURE, "1", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	const char *subject = "";
	size_t i;

	set(MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, 1);
	ck_assert_int_eq(mxsel_options_add_self_address(o, "192.0.2.1"),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_REQUIRED), MXSEL_OK);
	ck_assert_int_eq(zone_next(m, loops, NULL), MXSEL_END);
	ck_assert(has(MXSEL_FLAG_SELF));
	/* Its equal is behind it. */
	ck_assert_int_eq(first("d.example", loops), MXSEL_END);
	ck_assert_uint_eq(mxsel_rejected_count(m), 3); /* and its address */
	for (i = 0; i < 3; i++) {
		(void)mxsel_rejected(m, i, NULL, NULL, &subject);
		ck_assert_int_eq(why(i), strcmp(subject, "192.0.2.50") == 0
			? MXSEL_REJECT_BEHIND_SELF : MXSEL_REJECT_SELF);
	}
}
END_TEST

START_TEST(R51_a_literal_of_ours_is_named_once)
{
	ck_assert_int_eq(mxsel_options_add_self_address(o, "192.0.2.9"),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_options_add_self_address(o, "0.0.0.0"),
		MXSEL_OK);
	ck_assert_int_eq(first("[192.0.2.9]", odd), MXSEL_END);
	ck_assert_uint_eq(mxsel_rejected_count(m), 1);
	ck_assert_int_eq(why(0), MXSEL_REJECT_SELF);
	ck_assert_int_eq(first("[0.0.0.0]", odd), MXSEL_END);
	ck_assert_uint_eq(mxsel_rejected_count(m), 1);
	ck_assert_int_eq(why(0), MXSEL_REJECT_UNSPECIFIED);
}
END_TEST

/* --- MX records ---------------------------------------------------------- */

static const struct zone_record many[] = {
	{ "d.example", MX, ZONE_UNKNOWN, "two.example", 40 },
	{ "d.example", MX, ZONE_UNKNOWN, "one.example", 20 },
	{ "d.example", MX, ZONE_UNKNOWN, "two.example", 10 },
	{ "d.example", MX, ZONE_UNKNOWN, "one.example", 10 },
	{ "d.example", MX, ZONE_UNKNOWN, "two.example", 30 },
	{ "l.example", MX, ZONE_UNKNOWN, "one.example", 10 },
	{ "l.example", MX, ZONE_UNKNOWN, "two.example", 20 },
	{ "l.example", MX, ZONE_UNKNOWN, "us.example", 30 },
	{ "one.example", A, ZONE_UNKNOWN, "1", 0 },
	{ "two.example", A, ZONE_UNKNOWN, "2", 0 },
	{ "null.example", MX, ZONE_UNKNOWN, ".", 5 },
	{ "zero.example", MX, ZONE_UNKNOWN, ".", 0 },
	{ "mixed.example", MX, ZONE_UNKNOWN, ".", 0 },
	{ "mixed.example", MX, ZONE_UNKNOWN, "us.example", 10 },
	{ NULL, 0, 0, NULL, 0 }
};

static const char *subject(size_t i, int *preference)
{
	const char *name = "";

	ck_assert_int_eq(mxsel_rejected(m, i, NULL, preference, &name),
		MXSEL_OK);
	return name;
}

START_TEST(R15_duplicates_are_shown_in_order)
{
	static const int preferences[] = { 20, 30, 40 };
	int preference;
	size_t i;

	ck_assert_int_eq(first("d.example", many), MXSEL_ATTEMPT);
	for (i = 0; i < 3; i++) {
		ck_assert_str_eq(subject(i, &preference), i == 0
			? "one.example" : "two.example");
		ck_assert_int_eq(preference, preferences[i]);
	}
	ck_assert_uint_eq(mxsel_rejected_count(m), 3);
}
END_TEST

/* However they came: by name they were in one order before. */
START_TEST(R15_R32_duplicates_are_shown_in_one_order)
{
	unsigned round, i, n = 1;
	int preference, last;
	mxsel_query *q;
	char name[32];

	for (round = 0; round < 50; round++) {
		mxsel_free(m);
		ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		q = mxsel_query_take(m);
		for (i = 0; i < 12; i++) {
			n = n * 1103515245u + 12345u;
			(void)snprintf(name, sizeof(name), "h%u.example",
				(n >> 16) % 3);
			mxsel_answer_mx(q, (uint16_t)(n >> 20 & 1023), name,
				300);
		}
		ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), MXSEL_OK);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		ck_assert_uint_ge(mxsel_rejected_count(m), 9);
		for (i = 0, last = -1; i < mxsel_rejected_count(m); i++) {
			(void)subject(i, &preference);
			ck_assert_int_ge(preference, last);
			last = preference;
		}
	}
}
END_TEST

/* More than can be shown are told by the flag alone. */
START_TEST(R15_a_hundred_duplicates_are_not_shown)
{
	mxsel_query *q;
	int n, i;

	for (n = 101; n <= 102; n++) {
		mxsel_free(m);
		ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		q = mxsel_query_take(m);
		for (i = 0; i < n; i++)
			ck_assert_int_eq(mxsel_answer_mx(q, (uint16_t)i,
				"one.example", 300), MXSEL_OK);
		ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), MXSEL_OK);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		ck_assert(has(MXSEL_FLAG_DUPLICATE_MX));
		ck_assert_uint_eq(mxsel_rejected_count(m),
			n == 101 ? 100 : 0);
	}
}
END_TEST

START_TEST(R19_R37_what_is_beyond_a_limit_of_records_is_shown)
{
	int preference;

	set(MXSEL_OPT_MAX_RECORDS, 1);
	ck_assert_int_eq(first("l.example", many), MXSEL_ATTEMPT);
	ck_assert_uint_eq(mxsel_rejected_count(m), 2);
	ck_assert_str_eq(subject(0, &preference), "two.example");
	ck_assert_str_eq(subject(1, &preference), "us.example");
	ck_assert_int_eq(why(1), MXSEL_REJECT_LIMIT);
	/* Behind a limit of hosts only an equal could be ourselves. */
	set(MXSEL_OPT_MAX_RECORDS, 0);
	set(MXSEL_OPT_MAX_HOSTS, 1);
	ck_assert_int_eq(mxsel_options_add_self_address(o, "192.0.2.77"),
		MXSEL_OK);
	ck_assert_int_eq(first("l.example", many), MXSEL_ATTEMPT);
	ck_assert_int_eq(zone_next(m, many, &asked), MXSEL_END);
	ck_assert(!was_asked("two.example"));
}
END_TEST

START_TEST(R16_R17_a_null_mx_says_what_is_odd_about_it)
{
	const char *detail = NULL;
	int code, pass;
	size_t i;

	set(MXSEL_OPT_TRACE, 1);
	for (pass = 0; pass < 2; pass++) {
		ck_assert_int_eq(first(pass == 0 ? "null.example"
			: "zero.example", many), MXSEL_END);
		for (i = 0; mxsel_trace_event(m, i, &code, NULL, &detail,
			NULL) == 0 && code != MXSEL_TRACE_NULL_MX; i++)
			;
		ck_assert_int_eq(code, MXSEL_TRACE_NULL_MX);
		ck_assert_int_eq(detail[0] != '\0', pass == 0);
	}
	set(MXSEL_OPT_STRICT_NULL_MX, 1);
	ck_assert_int_eq(mxsel_options_add_self_name(o, "us.example"),
		MXSEL_OK);
	ck_assert_int_eq(first("mixed.example", many), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_NULL_MX);
	ck_assert(!has(MXSEL_FLAG_SELF));
}
END_TEST

/* --- addresses ----------------------------------------------------------- */

static int count_attempts(int refused, int good)
{
	uint8_t bytes[4] = { 127, 0, 0, 0 };
	mxsel_query *q;
	int i, n = 0, rc;

	mxsel_free(m);
	ck_assert_int_eq(mxsel_new(&m, "[h.example]", o), MXSEL_OK);
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		n += rc == MXSEL_ATTEMPT;
		while ((q = mxsel_query_take(m)) != NULL) {
			for (i = 0; i < refused + good &&
				mxsel_query_type(q) == A; i++) {
				bytes[0] = i < refused ? 127 : 192;
				bytes[3] = (uint8_t)i;
				mxsel_answer_address(q, bytes, 4, 300);
			}
			mxsel_answer_finish(q, 0, 0);
		}
	}
	return n;
}

START_TEST(R37_R63_R64_refused_addresses_take_nobody_s_place)
{
	set(MXSEL_OPT_MAX_HOST_ADDRESSES, 2);
	ck_assert_int_eq(count_attempts(3, 1), 1);
	ck_assert_int_eq(count_attempts(20, 5), 2);
	ck_assert_uint_eq(mxsel_rejected_count(m), 16);
	ck_assert(has(MXSEL_FLAG_LIMITED));
	set(MXSEL_OPT_MAX_HOST_ADDRESSES, 1000000);
	set(MXSEL_OPT_MAX_ADDRESSES, 0);
	ck_assert_int_eq(count_attempts(0, 128), 128);
	ck_assert(!has(MXSEL_FLAG_LIMITED));
	ck_assert_int_eq(count_attempts(0, 129), 128);
	ck_assert(has(MXSEL_FLAG_LIMITED));
	/* Neither family was asked for: not because it is switched off. */
	set(MXSEL_OPT_FAMILY, MXSEL_FAMILY_V6_ONLY);
	set(MXSEL_OPT_MAX_QUERIES, 1);
	ck_assert_int_eq(first("l.example", many), MXSEL_END);
	ck_assert_uint_eq(mxsel_rejected_count(m), 3);
	ck_assert_int_eq(why(0), MXSEL_REJECT_LIMIT);
	ck_assert(has(MXSEL_FLAG_LIMITED) && !has(MXSEL_FLAG_FAMILY_OFF));
}
END_TEST

/* --- calls --------------------------------------------------------------- */

static int lines, ours, theirs;

static void record(const char *line, void *user)
{
	(void)line;
	(void)user;
	lines++;
}

static void resolve(mxsel_query *q, void *user)
{
	(void)q;
	(void)user;
}

static void cancel_theirs(mxsel_query *q, void *user)
{
	(void)q;
	(void)user;
	theirs++;
}

/* At the end it is called without a question, too. */
static void cancel_ours(mxsel_query *q, void *user)
{
	(void)user;
	ours += q != NULL;
}

START_TEST(who_asked_is_told_that_nobody_wants_to_know)
{
	mxsel_resolver *r;
	int before;

	ck_assert_int_eq(mxsel_options_set_recorder(o, record, NULL),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, cancel_theirs, NULL),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_resolver(o, r), MXSEL_OK);
	mxsel_resolver_free(r);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_set_cancel(m, cancel_ours, &ours), MXSEL_OK);
	ck_assert_ptr_eq(mxsel_cancel_user(m, cancel_ours), &ours);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	before = lines;
	mxsel_free(m);
	ck_assert_int_eq(theirs, 1);
	ck_assert_int_eq(ours, 0);
	ck_assert_int_eq(lines, before);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_set_cancel(m, NULL, &ours), MXSEL_OK);
	ck_assert_ptr_null(mxsel_cancel_user(m, NULL));
}
END_TEST

START_TEST(R78_there_is_no_name_beyond_the_last)
{
	size_t size = 100;
	int code;

	for (code = MXSEL_TRACE_MEMORY + 1; code < 40; code++)
		ck_assert_ptr_null(mxsel_trace_name(code));
	ck_assert_int_eq(mxsel_options_add_nat64(o, "192.0.2.0/32"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(first("d.example", many), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_sockaddr(m, NULL, &size), MXSEL_ESPACE);
	ck_assert_uint_lt(size, 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: corners, exactly");
	TCase *one = tcase_create("one thing");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, R5_R51_nobody_asks_the_dns_for_what_is_not_in_it);
	tcase_add_test(one, R51_R96_who_is_not_used_may_be_ourselves);
	tcase_add_test(one, R51_a_literal_of_ours_is_named_once);
	tcase_add_test(one, R15_duplicates_are_shown_in_order);
	tcase_add_test(one, R15_R32_duplicates_are_shown_in_one_order);
	tcase_add_test(one, R15_a_hundred_duplicates_are_not_shown);
	tcase_add_test(one, R19_R37_what_is_beyond_a_limit_of_records_is_shown);
	tcase_add_test(one, R16_R17_a_null_mx_says_what_is_odd_about_it);
	tcase_add_test(one, R37_R63_R64_refused_addresses_take_nobody_s_place);
	tcase_add_test(one, who_asked_is_told_that_nobody_wants_to_know);
	tcase_add_test(one, R78_there_is_no_name_beyond_the_last);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
