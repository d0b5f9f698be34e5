/*
 * What single events of a trace say, word by word: of questions and of their
 * answers, of hosts, and of texts that are too long (R78). May use the public
 * headers and tests/support.
 */
#include "support/one_selection.h"

#include "support/run.h"

#define LOCAL_PART_LENGTH 400
#define KEPT 300

static const struct zone_record zone[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "two.example", A, ZONE_SECURE, "2", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* The at-th event of this code, from 0; 0: there is none. */
static int event(int wanted, int at, const char **subject,
	const char **detail, const char **rule)
{
	int code;
	size_t i;

	for (i = 0; mxsel_trace_event(m, i, &code, subject, detail, rule) == 0;
		i++)
		if (code == wanted && at-- == 0)
			return 1;
	return 0;
}

static void check_event(int code, int at, const char *subject,
	const char *detail, const char *rule)
{
	const char *about = "", *found = "", *by = "";

	ck_assert(event(code, at, &about, &found, &by));
	ck_assert_str_eq(about, subject);
	ck_assert_str_eq(found, detail);
	ck_assert_str_eq(by, rule);
}

START_TEST(R78_a_host_is_told_with_its_preference)
{
	set(MXSEL_OPT_TRACE, 1);
	ck_assert_int_eq(first("d.example", zone), MXSEL_ATTEMPT);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	check_event(MXSEL_TRACE_HOST, 0, "one.example", "preference 10",
		"RFC 5321 5.1");
	check_event(MXSEL_TRACE_HOST, 1, "two.example", "preference 20",
		"RFC 5321 5.1");
	ck_assert(!event(MXSEL_TRACE_HOST, 2, &(const char *){ 0 },
		&(const char *){ 0 }, &(const char *){ 0 }));
}
END_TEST

START_TEST(R78_R91_the_rule_of_a_question_is_that_of_its_type)
{
	mxsel_query *q;
	uint8_t bytes[4] = { 192, 0, 2, 1 };

	set(MXSEL_OPT_TRACE, 1);
	set(MXSEL_OPT_DANE, 1);
	set(MXSEL_OPT_FAMILY, MXSEL_FAMILY_V4_ONLY);
	begin("[h.example]");
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	/* An alias and its target in one answer: who signed the alias? */
	mxsel_answer_alias(q, "t.example", 300);
	mxsel_answer_address(q, bytes, sizeof(bytes), 300);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, ZONE_INSECURE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	mxsel_answer_alias(q, "t.example", 300);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, ZONE_SECURE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	check_event(MXSEL_TRACE_ASK, 0, "h.example", "A", "RFC 5321 5.1");
	check_event(MXSEL_TRACE_ASK, 1, "h.example", "CNAME",
		"RFC 7672 2.2.2");
	check_event(MXSEL_TRACE_ASK, 2, "_25._tcp.h.example", "TLSA",
		"RFC 7672 2.2.3");
}
END_TEST

START_TEST(R14_R78_an_answer_of_which_a_record_was_lost_is_malformed)
{
	mxsel_query *q;

	set(MXSEL_OPT_TRACE, 1);
	begin("d.example");
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_int_ne(mxsel_answer_alias(q, "no..name", 300), 0);
	(void)mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, ZONE_UNKNOWN);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	check_event(MXSEL_TRACE_ANSWER, 0, "d.example", "MX malformed",
		"RFC 1035 4.1");
}
END_TEST

START_TEST(R78_S39_the_beginning_of_a_long_text_is_kept)
{
	char destination[LOCAL_PART_LENGTH + sizeof("@d.example")];
	const char *subject = "", *detail, *rule;

	memset(destination, 'l', LOCAL_PART_LENGTH);
	memcpy(destination + LOCAL_PART_LENGTH, "@d.example",
		sizeof("@d.example"));
	set(MXSEL_OPT_TRACE, 1);
	ck_assert_int_eq(first(destination, zone), MXSEL_ATTEMPT);
	ck_assert(event(MXSEL_TRACE_DESTINATION, 0, &subject, &detail, &rule));
	ck_assert_uint_eq(strlen(subject), KEPT);
	ck_assert_mem_eq(subject, destination, KEPT);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: the words of a trace");
	TCase *t = tcase_create("R78");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R78_a_host_is_told_with_its_preference);
	tcase_add_test(t, R78_R91_the_rule_of_a_question_is_that_of_its_type);
	tcase_add_test(t,
		R14_R78_an_answer_of_which_a_record_was_lost_is_malformed);
	tcase_add_test(t, R78_S39_the_beginning_of_a_long_text_is_kept);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
