/*
 * The scripted resolver as those have it who test what their mail server
 * does under DANE: TLSA records, aliases asked for by themselves, security by
 * name and type; and records of all that, written down and told again (R79,
 * R90-R92). May use the public headers.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mock.h>
#include <mxsel/security.h>

#include "support/run.h"

#define HOST "mx.example.com"
#define TLSA "_25._tcp.mx.example.com"
#define DIGEST \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static mxsel_mock *mock;
static mxsel_options *options;
static mxsel *m;
static uint8_t digest[32];
static char lines[4096];

static void secure(const char *name, int security)
{
	ck_assert_int_eq(mxsel_mock_secure(mock, name, 0, security), 0);
}

static void new_options(mxsel_resolver *resolver)
{
	mxsel_options_free(options);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_DANE, 1), 0);
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_TRACE, 1), 0);
	ck_assert_int_eq(mxsel_options_set_resolver(options, resolver), 0);
	ck_assert_int_eq(mxsel_options_set_seed(options, 1), 0);
}

static void setup(void)
{
	uint8_t i;

	m = NULL;
	options = NULL;
	lines[0] = '\0';
	for (i = 0; i < sizeof(digest); i++)
		digest[i] = i;
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	new_options(mxsel_mock_resolver(mock));
	ck_assert_int_eq(mxsel_mock_mx(mock, "example.com", 10, HOST, 300),
		0);
	ck_assert_int_eq(mxsel_mock_address(mock, HOST, "192.0.2.1", 300), 0);
	secure("example.com", MXSEL_SECURITY_SECURE);
	secure(HOST, MXSEL_SECURITY_SECURE);
	secure(TLSA, MXSEL_SECURITY_SECURE);
}

static void teardown(void)
{
	mxsel_free(m);
	mxsel_options_free(options);
	mxsel_mock_free(mock);
}

static void add_tlsa(int usage)
{
	ck_assert_int_eq(mxsel_mock_tlsa(mock, TLSA, usage, 1, 1, digest,
		sizeof(digest), 300), 0);
}

/* "dane tlsa mx.example.com" for the first attempt, or the verdict. */
static const char *first(void)
{
	static char text[512];
	int step;

	mxsel_free(m);
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	step = mxsel_next(m);
	ck_assert_int_ge(step, 0);
	if (step == MXSEL_ATTEMPT)
		snprintf(text, sizeof(text), "%s %s %s",
			mxsel_posture_name(mxsel_posture(m)),
			mxsel_posture_reason_name(mxsel_posture_reason(m)),
			mxsel_tlsa_base(m));
	else
		snprintf(text, sizeof(text), "%d %s", mxsel_verdict_code(m),
			mxsel_verdict_status(m));
	return text;
}

/* --- what it can say ------------------------------------------------------ */

START_TEST(R92_it_says_the_tlsa_records_of_its_script)
{
	int usage, selector, matching;
	const uint8_t *data;
	size_t length;

	add_tlsa(3);
	ck_assert_str_eq(first(), "dane tlsa " HOST);
	ck_assert_uint_eq(mxsel_tlsa_count(m), 1);
	ck_assert_int_eq(mxsel_tlsa(m, 0, &usage, &selector, &matching,
		&data, &length), 0);
	ck_assert_int_eq(usage, 3);
	ck_assert_int_eq(selector, 1);
	ck_assert_int_eq(matching, 1);
	ck_assert_uint_eq(length, sizeof(digest));
	ck_assert_mem_eq(data, digest, sizeof(digest));
	ck_assert_uint_eq(mxsel_mock_asked(mock, TLSA, MXSEL_TYPE_TLSA), 1);
}
END_TEST

START_TEST(R92_a_record_without_data_is_said_and_is_unusable)
{
	ck_assert_int_eq(mxsel_mock_tlsa(mock, TLSA, 3, 0, 0, NULL, 0, 300),
		0);
	ck_assert_str_eq(first(), "encrypt unusable_tlsa " HOST);
}
END_TEST

START_TEST(R92_octets_that_end_a_text_are_octets_here)
{
	static const uint8_t zeros[64];
	const uint8_t *data;
	size_t length;

	ck_assert_int_eq(mxsel_mock_tlsa(mock, TLSA, 2, 0, 2, zeros,
		sizeof(zeros), 300), 0);
	ck_assert_str_eq(first(), "dane tlsa " HOST);
	ck_assert_int_eq(mxsel_tlsa(m, 0, NULL, NULL, NULL, &data, &length),
		0);
	ck_assert_uint_eq(length, sizeof(zeros));
	ck_assert_mem_eq(data, zeros, sizeof(zeros));
}
END_TEST

START_TEST(R90_security_and_failures_are_said_by_type)
{
	add_tlsa(3);
	ck_assert_int_eq(mxsel_mock_secure(mock, TLSA, MXSEL_TYPE_TLSA,
		MXSEL_SECURITY_INSECURE), 0);
	ck_assert_str_eq(first(), "opportunistic no_tlsa ");
	ck_assert_int_eq(mxsel_mock_secure(mock, TLSA, MXSEL_TYPE_TLSA,
		MXSEL_SECURITY_BOGUS), 0);
	ck_assert_str_eq(first(), "451 4.7.5");
	ck_assert_int_eq(mxsel_mock_secure(mock, TLSA, MXSEL_TYPE_TLSA,
		MXSEL_SECURITY_SECURE), 0);
	ck_assert_int_eq(mxsel_mock_fail(mock, TLSA, MXSEL_TYPE_TLSA,
		MXSEL_DNS_SERVFAIL), 0);
	ck_assert_str_eq(first(), "451 4.7.5");
}
END_TEST

START_TEST(R92_names_never_mentioned_are_a_denial_of_unknown_security)
{
	ck_assert_int_eq(mxsel_options_set(options, MXSEL_OPT_PORT, 26), 0);
	ck_assert_str_eq(first(), "451 4.7.5");
	secure("_26._tcp." HOST, MXSEL_SECURITY_SECURE);
	ck_assert_str_eq(first(), "opportunistic no_tlsa ");
}
END_TEST

/* A host that is a secure alias of one in an insecure zone. */
static void add_alias(void)
{
	ck_assert_int_eq(mxsel_mock_mx(mock, "example.net", 10,
		"www.example.net", 300), 0);
	ck_assert_int_eq(mxsel_mock_alias(mock, "www.example.net", HOST, 60),
		0);
	secure("example.net", MXSEL_SECURITY_SECURE);
	secure("www.example.net", MXSEL_SECURITY_INSECURE);
	ck_assert_int_eq(mxsel_mock_secure(mock, "www.example.net",
		MXSEL_TYPE_CNAME, MXSEL_SECURITY_SECURE), 0);
	secure("_25._tcp.www.example.net", MXSEL_SECURITY_SECURE);
}

START_TEST(R91_to_a_question_for_an_alias_it_is_the_answer)
{
	add_alias();
	ck_assert_int_eq(mxsel_mock_tlsa(mock, "_25._tcp.www.example.net", 3,
		1, 1, digest, sizeof(digest), 300), 0);
	ck_assert_int_eq(mxsel_new(&m, "example.net", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_posture(m), MXSEL_POSTURE_DANE);
	ck_assert_str_eq(mxsel_tlsa_base(m), "www.example.net");
	ck_assert_uint_eq(mxsel_mock_asked(mock, "www.example.net",
		MXSEL_TYPE_CNAME), 1);
	ck_assert_uint_eq(mxsel_mock_asked(mock, HOST, MXSEL_TYPE_CNAME), 0);
	ck_assert_uint_eq(mxsel_mock_asked(mock, TLSA, 0), 0);
}
END_TEST

START_TEST(R91_an_alias_may_fail_where_its_target_does_not)
{
	add_alias();
	ck_assert_int_eq(mxsel_mock_fail(mock, "www.example.net",
		MXSEL_TYPE_CNAME, MXSEL_DNS_SERVFAIL), 0);
	ck_assert_int_eq(mxsel_new(&m, "example.net", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.5");
}
END_TEST

/* --- written down, and told again ----------------------------------------- */

static void keep_line(const char *line, void *user)
{
	(void)user;
	ck_assert_uint_lt(strlen(lines) + strlen(line) + 2, sizeof(lines));
	strcat(lines, line);
	strcat(lines, "\n");
}

static int has_line(const char *line)
{
	const char *at = strstr(lines, line);

	return at != NULL && (at == lines || at[-1] == '\n') &&
		at[strlen(line)] == '\n';
}

static void trace_of(const mxsel *selection, char *out, size_t size)
{
	const char *subject, *detail;
	size_t i, at = 0;
	int code;

	for (i = 0; i < mxsel_trace_count(selection) && at < size; i++) {
		mxsel_trace_event(selection, i, &code, &subject, &detail,
			NULL);
		at += (size_t)snprintf(out + at, size - at, "%d %s %s\n",
			code, subject, detail);
	}
}

START_TEST(R79_tlsa_records_replay_byte_for_byte)
{
	static char before[4096], after[4096], record[sizeof(lines)];
	mxsel_mock *again;

	add_tlsa(3);
	ck_assert_int_eq(mxsel_mock_tlsa(mock, TLSA, 0, 255, 7, NULL, 0, 9),
		0);
	mxsel_options_set_recorder(options, keep_line, NULL);
	ck_assert_str_eq(first(), "dane tlsa " HOST);
	trace_of(m, before, sizeof(before));
	ck_assert(has_line("tlsa " TLSA " 3 1 1 " DIGEST " 300"));
	ck_assert(has_line("tlsa " TLSA " 0 255 7 - 9"));
	ck_assert(has_line("end " TLSA " TLSA 0 2"));
	memcpy(record, lines, sizeof(record));
	lines[0] = '\0';
	ck_assert_int_eq(mxsel_mock_new(&again), 0);
	ck_assert_int_eq(mxsel_mock_replay(again, record, strlen(record)), 0);
	new_options(mxsel_mock_resolver(again));
	mxsel_options_set_recorder(options, keep_line, NULL);
	ck_assert_str_eq(first(), "dane tlsa " HOST);
	trace_of(m, after, sizeof(after));
	ck_assert_str_eq(before, after);
	ck_assert_str_eq(record, lines);
	mxsel_mock_free(again);
}
END_TEST

START_TEST(R79_an_alias_by_itself_is_a_line_of_its_own_type)
{
	mxsel_mock *again;

	add_alias();
	mxsel_options_set_recorder(options, keep_line, NULL);
	ck_assert_int_eq(mxsel_new(&m, "example.net", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert(has_line("alias www.example.net CNAME " HOST " 60"));
	ck_assert(has_line("end www.example.net CNAME 0 2"));
	ck_assert(!has_line("negative www.example.net CNAME 300"));
	ck_assert_int_eq(mxsel_mock_new(&again), 0);
	ck_assert_int_eq(mxsel_mock_replay(again, lines, strlen(lines)), 0);
	new_options(mxsel_mock_resolver(again));
	mxsel_free(m);
	ck_assert_int_eq(mxsel_new(&m, "example.net", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_posture_reason(m), MXSEL_POSTURE_BY_NO_TLSA);
	mxsel_mock_free(again);
}
END_TEST

static const char *const bad_lines[] = {
	"tlsa", "tlsa a", "tlsa a 3 1 1", "tlsa a 3 1 1 00",
	"tlsa a 3 1 1  300", "tlsa a 3 1 1 0 300", "tlsa a 3 1 1 0g 300",
	"tlsa a 3 1 1 AB 300", "tlsa a 256 1 1 00 300",
	"tlsa a 3 256 1 00 300", "tlsa a 3 1 256 00 300",
	"tlsa a -1 1 1 00 300", "tlsa a 03 1 1 00 300",
	"tlsa a 3 1 1 -- 300", "tlsa a 3 1 1 - ", "tlsa a 3 1 1 -",
	"tlsa a 3 1 1 00 300 1", "tlsa a TLSA 3 1 1 00 300",
	"address a TLSA 192.0.2.1 300", "address a CNAME 192.0.2.1 300",
	"address a MX 192.0.2.1 300", "end a TXT 0 0", "end a tlsa 0 0",
};

START_TEST(R79_what_is_no_line_about_tlsa_is_no_record)
{
	char text[200];

	snprintf(text, sizeof(text), "mxsel-record 1\ndestination a\n%s\n",
		bad_lines[_i]);
	ck_assert_int_eq(mxsel_mock_replay(mock, text, strlen(text)),
		MXSEL_ESYNTAX);
	snprintf(text, sizeof(text), "mxsel-record 1\ndestination a\n%s\n",
		"tlsa a 255 0 1 00ff 4294967295");
	ck_assert_int_eq(mxsel_mock_replay(mock, text, strlen(text)), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mock_secure");
	TCase *t = tcase_create("secure");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R92_it_says_the_tlsa_records_of_its_script);
	tcase_add_test(t, R92_a_record_without_data_is_said_and_is_unusable);
	tcase_add_test(t, R92_octets_that_end_a_text_are_octets_here);
	tcase_add_test(t, R90_security_and_failures_are_said_by_type);
	tcase_add_test(t,
		R92_names_never_mentioned_are_a_denial_of_unknown_security);
	tcase_add_test(t, R91_to_a_question_for_an_alias_it_is_the_answer);
	tcase_add_test(t, R91_an_alias_may_fail_where_its_target_does_not);
	tcase_add_test(t, R79_tlsa_records_replay_byte_for_byte);
	tcase_add_test(t, R79_an_alias_by_itself_is_a_line_of_its_own_type);
	tcase_add_loop_test(t, R79_what_is_no_line_about_tlsa_is_no_record, 0,
		(int)(sizeof(bad_lines) / sizeof(bad_lines[0])));
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
