/*
 * What an attempt came to, told to a selection, and where it goes from there
 * (R70-R74, R76); what a resolver's functions may do meanwhile; and what a
 * trace says, line by line (R78). May use lib/select.
 */
#include "select/select.h"

#include "support/one_selection.h"
#include "support/run.h"
#include "support/walked.h"

static const struct zone_record zone[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", AAAA, ZONE_SECURE, "1", 0 },
	{ "one.example", AAAA, ZONE_SECURE, "2", 0 },
	{ "one.example", A, ZONE_SECURE, "3", 0 },
	{ "two.example", A, ZONE_SECURE, "4", 0 },
	{ "two.example", A, ZONE_SECURE, "5", 0 },
	{ "_25._tcp.two.example", TLSA, ZONE_SECURE, "311a", 0 },
	/* Families that are not one host's. */
	{ "e.example", MX, ZONE_SECURE, "six.example", 10 },
	{ "e.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "six.example", AAAA, ZONE_SECURE, "6", 0 },
	{ "alone.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "f.example", MX, ZONE_SECURE, "six.example", 10 },
	{ "f.example", MX, ZONE_SECURE, "two.example", 10 },
	/* Nothing to ask for the first one. */
	{ "p.example", MX, ZONE_SECURE, "192.0.2.9", 10 },
	{ "p.example", MX, ZONE_SECURE, "two.example", 20 },
	/* Equals. */
	{ "q.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "q.example", MX, ZONE_SECURE, "six.example", 10 },
	{ NULL, 0, 0, NULL, 0 }
};

static void setup_v6_first(void)
{
	setup();
	mxsel_options_set(o, MXSEL_OPT_FAMILY, MXSEL_FAMILY_V6_FIRST);
}

/* The address of the next attempt; NULL: the end. */
static const char *next(void)
{
	return zone_next(m, zone, NULL) == MXSEL_ATTEMPT ? mxsel_address(m)
		: NULL;
}

static void told(int outcome, int code, const char *text)
{
	ck_assert_int_eq(mxsel_report(m, outcome, code, text), MXSEL_OK);
}

/* --- where to go --------------------------------------------------------- */

START_TEST(R72_the_other_family_is_one_of_the_same_host)
{
	uint64_t seed = 1;

	begin("d.example");
	ck_assert_str_eq(next(), "2001:db8::1");
	told(MXSEL_OUTCOME_MAIL, 550, "5.7.25 No PTR");
	ck_assert_str_eq(next(), "192.0.2.3");
	told(MXSEL_OUTCOME_MAIL, 550, "5.7.25 No PTR");
	ck_assert_ptr_null(next());
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_BOUNCE);
	begin("e.example");
	ck_assert_str_eq(next(), "2001:db8::6");
	told(MXSEL_OUTCOME_MAIL, 550, "5.7.25 No PTR");
	ck_assert_ptr_null(next());
	/* Though the other family of the other host is known already. */
	mxsel_free(m);
	m = NULL;
	mxsel_options_set(o, MXSEL_OPT_MAX_ATTEMPTS, 10);
	do {
		mxsel_free(m);
		m = NULL;
		mxsel_options_set_seed(o, seed++);
		begin("f.example");
	} while (strcmp(next(), "2001:db8::6") != 0);
	told(MXSEL_OUTCOME_MAIL, 550, "5.7.25 No PTR");
	ck_assert_ptr_null(next());
}
END_TEST

/* Whoever did not reply says nothing about a family. */
START_TEST(R72_only_a_reply_is_about_a_family)
{
	begin("d.example");
	ck_assert_str_eq(next(), "2001:db8::1");
	told(MXSEL_OUTCOME_REFUSED, 550, "5.7.1 No");
	ck_assert_str_eq(next(), "2001:db8::2");
	begin("d.example");
	ck_assert_str_eq(next(), "2001:db8::1");
	told(MXSEL_OUTCOME_TLS, 550, "5.7.1 No");
	ck_assert_str_eq(next(), "2001:db8::2");
	begin("d.example");
	ck_assert_str_eq(next(), "2001:db8::1");
	told(MXSEL_OUTCOME_POLICY, 550, "5.7.1 No");
	ck_assert_str_eq(next(), "192.0.2.4");
}
END_TEST

START_TEST(R72_other_hosts_of_that_family_are_tried)
{
	int seed, met = 0;
	char second[64];

	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, MXSEL_SHUFFLE_ADDRESSES);
	for (seed = 0; seed < 200; seed++) {
		mxsel_free(m);
		m = NULL;
		mxsel_options_set_seed(o, (uint64_t)seed);
		begin("q.example");
		(void)snprintf(second, sizeof(second), "%s", next());
		if (strcmp(second, "2001:db8::1") != 0)
			continue;
		(void)snprintf(second, sizeof(second), "%s", next());
		ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
		(void)next();
		if (strcmp(second, "2001:db8::6") != 0)
			continue;
		told(MXSEL_OUTCOME_MAIL, 550, "5.7.1 No");
		ck_assert_str_eq(next(), second);
		met++;
	}
	ck_assert_int_gt(met, 5);
}
END_TEST

START_TEST(R71_a_host_that_says_it_is_the_host_is_left_as_a_whole)
{
	begin("d.example");
	ck_assert_str_eq(next(), "2001:db8::1");
	told(MXSEL_OUTCOME_GREETING, 521, NULL);
	ck_assert_str_eq(next(), "192.0.2.4");
	told(MXSEL_OUTCOME_LOST, 0, NULL);
	ck_assert_ptr_null(next());
	ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	ck_assert_str_eq(next(), "2001:db8::1");
	told(MXSEL_OUTCOME_GREETING, 554, NULL);
	ck_assert_str_eq(next(), "2001:db8::2");
}
END_TEST

START_TEST(R76_R96_what_tls_came_to_has_a_status_of_its_own)
{
	begin("alone.example");
	(void)next();
	told(MXSEL_OUTCOME_POLICY, 0, NULL);
	ck_assert_ptr_null(next());
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.1");
	/* Required, it is for good; but not when the host says "later". */
	begin("[192.0.2.1]");
	ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_REQUIRED), MXSEL_OK);
	(void)next();
	told(MXSEL_OUTCOME_TLS, 454, "4.7.0 Later");
	ck_assert_ptr_null(next());
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	begin("[192.0.2.1]");
	ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_REQUIRED), MXSEL_OK);
	(void)next();
	told(MXSEL_OUTCOME_TLS, 0, NULL);
	ck_assert_ptr_null(next());
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_BOUNCE);
	mxsel_free(m);
	m = NULL;
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	begin("alone.example");
	(void)next();
	told(MXSEL_OUTCOME_POLICY, 0, NULL);
	ck_assert_ptr_null(next());
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.5");
	begin("alone.example");
	(void)next();
	told(MXSEL_OUTCOME_POLICY, 0, "4.7.7 Other");
	ck_assert_ptr_null(next());
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.7");
}
END_TEST

/* The longest reply, after short ones, and whatever came between. */
START_TEST(R71_a_long_reply_disturbs_nothing)
{
	static char text[500 + 1];
	char all[3][64];
	int i;

	memset(text, 'x', 500);
	memcpy(text, "5.7.0 ", 6);
	begin("d.example");
	(void)next();
	told(MXSEL_OUTCOME_LOST, 0, "short");
	(void)next();
	told(MXSEL_OUTCOME_RCPT, 550, text);
	ck_assert_ptr_null(next());
	ck_assert_str_eq(mxsel_verdict_reply(m), text);
	ck_assert_str_eq(mxsel_verdict_host(m), "two.example");
	ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
	ck_assert_str_eq(mxsel_verdict_reply(m), "");
	for (i = 0; i < 3; i++)
		(void)snprintf(all[i], sizeof(all[i]), "%s", next());
	ck_assert_str_eq(all[0], "2001:db8::1");
	ck_assert_str_eq(all[1], "2001:db8::2");
	ck_assert_str_eq(all[2], "192.0.2.3");
	ck_assert_str_eq(next(), "192.0.2.4");
	ck_assert_str_eq(mxsel_host_name(m), "two.example");
}
END_TEST

/* Saved with nothing tried, though the last report asked for another family. */
START_TEST(R72_R80_who_begins_anew_leaves_nobody_out)
{
	static const int wishes[] = { MXSEL__GO_FAMILY, MXSEL__GO_STOP,
		MXSEL__GO_HOST };
	uint8_t bytes[4096];
	size_t i, size;

	for (i = 0; i < 3; i++) {
		begin("d.example");
		(void)next();
		m->cursor = m->tried = NULL;
		m->reached = 0;
		m->go = (uint8_t)wishes[i];
		size = sizeof(bytes);
		ck_assert_int_eq(mxsel_save(m, bytes, &size), MXSEL_OK);
		mxsel_free(m);
		ck_assert_int_eq(mxsel_resume(&m, bytes, size, o), MXSEL_OK);
		ck_assert_str_eq(next(), "2001:db8::1");
	}
}
END_TEST

/* --- a resolver's functions ---------------------------------------------- */

static struct {
	mxsel *m;
	mxsel_query *open[8];
	int count, waits, results[4], frees;
} r;

static void resolve(mxsel_query *q, void *user)
{
	(void)user;
	r.count++;
	if (r.frees) {
		mxsel_free(r.m);
		return;
	}
	if (mxsel_query_type(q) == MX || mxsel_address(r.m) != NULL) {
		r.results[0] = mxsel_report(r.m, MXSEL_OUTCOME_LOST, 0, NULL);
		r.results[1] = mxsel_next_host(r.m);
		r.results[2] = mxsel_report_tls(r.m, MXSEL_TLSRPT_SUCCESS);
		r.results[3] = mxsel_rewind(r.m);
	}
	if (mxsel_query_type(q) == MX)
		zone_answer(q, zone, 0);
	else if (r.count < 8)
		r.open[r.count] = q;
}

static void cancel(mxsel_query *q, void *user)
{
	(void)q;
	(void)user;
}

/* Answers one question, and fails. */
static int answer_one(mxsel *selection, void *user)
{
	int i;

	(void)selection;
	(void)user;
	r.waits++;
	for (i = 0; i < 8; i++)
		if (r.open[i] != NULL) {
			zone_answer(r.open[i], zone, 0);
			r.open[i] = NULL;
			return -1;
		}
	return -1;
}

static void use_resolver(mxsel_wait_fn wait)
{
	mxsel_resolver *resolver;

	memset(&r, 0, sizeof(r));
	ck_assert_int_eq(mxsel_resolver_new(&resolver, resolve, cancel, NULL),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_resolver_set_wait(resolver, wait), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_resolver(o, resolver), MXSEL_OK);
	mxsel_resolver_free(resolver);
}

START_TEST(a_resolver_that_fails_is_not_waited_for_again)
{
	use_resolver(answer_one);
	begin("d.example");
	r.m = m;
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(r.waits, 1);
	ck_assert(mxsel_flags(m) & MXSEL_FLAG_INCOMPLETE);
}
END_TEST

START_TEST(a_selection_that_was_freed_asks_nothing_more)
{
	use_resolver(NULL);
	begin("[one.example]");
	r.m = m;
	r.frees = 1;
	ck_assert_int_eq(mxsel_next(m), MXSEL_ECANCELED);
	m = NULL;
	ck_assert_int_eq(r.count, 1);
}
END_TEST

/* What is asked ahead is handed over when an attempt was reached already. */
START_TEST(within_a_resolver_the_attempt_stays_as_it_is)
{
	size_t i;

	mxsel_options_set(o, MXSEL_OPT_PREFETCH, 4);
	mxsel_options_set(o, MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, 1);
	use_resolver(NULL);
	begin("p.example");
	r.m = m;
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.9");
	ck_assert_int_eq(r.count, 3);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(r.results[i], MXSEL_EUSAGE);
}
END_TEST

/* --- the trace ----------------------------------------------------------- */

static int events(int wanted, const char **detail, const char **rule)
{
	int code, n = 0;
	size_t i;
	const char *found, *by;

	for (i = 0; mxsel_trace_event(m, i, &code, NULL, &found, &by) == 0;
		i++)
		if (code == wanted) {
			*detail = found;
			*rule = by;
			n++;
		}
	return n;
}

START_TEST(R78_each_decision_is_told_once)
{
	const char *detail, *rule;

	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	begin("d.example");
	while (next() != NULL)
		told(MXSEL_OUTCOME_REFUSED, 0, NULL);
	/* MX, and both families of two hosts. */
	ck_assert_int_eq(events(MXSEL_TRACE_ANSWER, &detail, &rule), 5);
	ck_assert_int_eq(events(MXSEL_TRACE_POSTURE, &detail, &rule), 2);
	ck_assert_int_eq(events(MXSEL_TRACE_ATTEMPT, &detail, &rule), 5);
	ck_assert_int_eq(events(MXSEL_TRACE_ADDRESS, &detail, &rule), 5);
	ck_assert_int_eq(events(MXSEL_TRACE_DECISION, &detail, &rule), 5);
	ck_assert_str_eq(detail, "next address");
	ck_assert_str_ne(rule, "local policy");
	begin("d.example");
	(void)next();
	told(MXSEL_OUTCOME_MAIL, 550, "5.7.1 No");
	ck_assert_int_eq(events(MXSEL_TRACE_DECISION, &detail, &rule), 1);
	ck_assert_str_eq(detail, "other family");
	ck_assert_str_eq(rule, "local policy");
	begin("[two.example]");
	(void)next();
	ck_assert_int_eq(events(MXSEL_TRACE_ANSWER, &detail, &rule), 2);
}
END_TEST

/* The detail of the one answer about a name begins so. */
static int answer_says(const char *name, const char *words)
{
	const char *subject, *detail;
	int code;
	size_t i;

	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail, NULL) ==
		0; i++)
		if (code == MXSEL_TRACE_ANSWER && strcmp(subject, name) == 0)
			return strstr(detail, words) != NULL;
	return 0;
}

START_TEST(R78_an_answer_says_what_was_wrong_with_it)
{
	static const struct zone_record wrong[] = {
		{ "l.example", 0, ZONE_UNKNOWN, "l2.example", 0 },
		{ "l2.example", 0, ZONE_UNKNOWN, "l.example", 0 },
		{ "c.example", 0, ZONE_UNKNOWN, "c2.example", 0 },
		{ "c2.example", 0, ZONE_UNKNOWN, "c3.example", 0 },
		{ "b.example", MX, MXSEL_SECURITY_BOGUS, "-", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	const char *detail, *rule;

	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	mxsel_options_set(o, MXSEL_OPT_MAX_ALIASES, 1);
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	begin("l.example");
	(void)zone_next(m, wrong, NULL);
	ck_assert(answer_says("l2.example", "aliases in a circle"));
	begin("c.example");
	(void)zone_next(m, wrong, NULL);
	ck_assert(answer_says("c2.example", "too many aliases"));
	begin("b.example");
	(void)zone_next(m, wrong, NULL);
	ck_assert(answer_says("b.example", "bogus"));
	/* Neither has TLSA records; one was asked for them. */
	begin("[six.example]");
	ck_assert_str_eq(next(), "2001:db8::6");
	ck_assert_int_eq(events(MXSEL_TRACE_TLSA, &detail, &rule), 1);
	ck_assert_str_eq(detail, "none");
	ck_assert_int_eq(events(MXSEL_TRACE_ASK, &detail, &rule), 3);
	ck_assert_str_eq(rule, "RFC 7672 2.2.3");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: what it is told");
	TCase *one = tcase_create("one thing");

	tcase_add_checked_fixture(one, setup_v6_first, teardown);
	tcase_add_test(one, R72_the_other_family_is_one_of_the_same_host);
	tcase_add_test(one, R72_only_a_reply_is_about_a_family);
	tcase_add_test(one, R72_other_hosts_of_that_family_are_tried);
	tcase_add_test(one,
		R71_a_host_that_says_it_is_the_host_is_left_as_a_whole);
	tcase_add_test(one, R76_R96_what_tls_came_to_has_a_status_of_its_own);
	tcase_add_test(one, R71_a_long_reply_disturbs_nothing);
	tcase_add_test(one, R72_R80_who_begins_anew_leaves_nobody_out);
	tcase_add_test(one, a_resolver_that_fails_is_not_waited_for_again);
	tcase_add_test(one, a_selection_that_was_freed_asks_nothing_more);
	tcase_add_test(one, within_a_resolver_the_attempt_stays_as_it_is);
	tcase_add_test(one, R78_each_decision_is_told_once);
	tcase_add_test(one, R78_an_answer_says_what_was_wrong_with_it);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
