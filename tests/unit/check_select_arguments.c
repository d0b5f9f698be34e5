/*
 * Every argument that can be wrong, one at a time: one number says it, and
 * nothing has changed (F99, F100). Also what must not be called inside a
 * callback (S38), and texts that are longer than anybody needs. May use the
 * public headers.
 */
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "bench/memory.h"
#include "support/one_selection.h"
#include "support/run.h"

static const struct zone_record zone[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "two.example", A, ZONE_SECURE, "2", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static mxsel_query *take(uint16_t type)
{
	mxsel_query *q;

	for (;;) {
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		while ((q = mxsel_query_take(m)) != NULL) {
			if (mxsel_query_type(q) == type)
				return q;
			zone_answer(q, zone, 0);
		}
	}
}

START_TEST(F99_R92_a_tlsa_record_has_three_octets_and_data)
{
	static const uint8_t data[32] = { 1 };
	mxsel_query *q;

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	begin("d.example");
	q = take(MX);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, 1, 1, data, 32, 60),
		MXSEL_EUSAGE);
	zone_answer(q, zone, 0);
	q = take(TLSA);
	ck_assert_int_eq(mxsel_answer_tlsa(NULL, 3, 1, 1, data, 32, 60),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, 1, 1, NULL, 32, 60),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_tlsa(q, -1, 1, 1, data, 32, 60),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 256, 1, 1, data, 32, 60),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, -1, 1, data, 32, 60),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, 256, 1, data, 32, 60),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, 1, -1, data, 32, 60),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, 1, 256, data, 32, 60),
		MXSEL_ERANGE);
	/* No data are a record without use, but one. */
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, 1, 1, NULL, 0, 60),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, 1, 1, data, 32, 60),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE,
		ZONE_SECURE), MXSEL_OK);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_uint_eq(mxsel_tlsa_count(m), 1);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, 1, 1, data, 32, 60),
		MXSEL_EUSAGE); /* answered already */
}
END_TEST

START_TEST(F99_R90_a_message_is_as_secure_as_there_are_words_for)
{
	static const uint8_t octet;
	mxsel_query *q;

	begin("d.example");
	q = take(MX);
	ck_assert_int_eq(mxsel_answer_packet(q, &octet, 1,
		MXSEL_SECURITY_BOGUS + 1), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_packet(q, &octet, 1, -1),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_packet(q, &octet, 1,
		MXSEL_SECURITY_BOGUS), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(F99_S27_tlsa_records_beyond_64_kib_spoil_the_answer)
{
	static const uint8_t data[60000] = { 1 };
	mxsel_query *q;

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	begin("d.example");
	q = take(TLSA);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, 1, 0, data, sizeof(data),
		60), MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_tlsa(q, 3, 1, 0, data, sizeof(data),
		60), MXSEL_ELIMIT);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, ZONE_SECURE);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "two.example");
}
END_TEST

START_TEST(F100_what_a_message_asks_is_said_before_the_first_question)
{
	ck_assert_int_eq(mxsel_set_tls(NULL, MXSEL_TLS_REQUIRED),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_tls(NULL), MXSEL_TLS_BY_POLICY);
	ck_assert_int_eq(mxsel_set_sts(NULL, NULL, 0), MXSEL_EUSAGE);
	begin("d.example");
	ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_BY_POLICY - 1),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_OPTIONAL + 1),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_tls(m), MXSEL_TLS_BY_POLICY);
	ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_OPTIONAL), MXSEL_OK);
	(void)take(MX);
	ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_REQUIRED), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_set_sts(m, NULL, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_tls(m), MXSEL_TLS_OPTIONAL);
}
END_TEST

START_TEST(F100_R97_what_tls_came_to_is_said_once_of_each_attempt)
{
	const char *host, *address;
	int policy, result;

	ck_assert_int_eq(mxsel_report_tls(NULL, 0), MXSEL_EUSAGE);
	ck_assert_uint_eq(mxsel_tlsrpt_count(NULL), 0);
	ck_assert_int_eq(mxsel_tlsrpt(NULL, 0, &host, &address, &policy,
		&result), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_tlsrpt_policy(NULL), MXSEL_TLSRPT_NO_POLICY);
	ck_assert_int_eq(mxsel_tlsa(NULL, 0, NULL, NULL, NULL, NULL, NULL),
		MXSEL_EUSAGE);
	begin("d.example");
	ck_assert_int_eq(mxsel_report_tls(m, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_tlsrpt_policy(m), MXSEL_TLSRPT_NO_POLICY);
	ck_assert_int_eq(mxsel_tlsa(m, 0, NULL, NULL, NULL, NULL, NULL),
		MXSEL_ERANGE);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report_tls(m, MXSEL_TLSRPT_SUCCESS - 1),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_report_tls(m,
		MXSEL_TLSRPT_STS_WEBPKI_INVALID + 1), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_report_tls(m,
		MXSEL_TLSRPT_CERTIFICATE_EXPIRED), MXSEL_OK);
	ck_assert_int_eq(mxsel_report_tls(m, MXSEL_TLSRPT_SUCCESS),
		MXSEL_EUSAGE);
	ck_assert_uint_eq(mxsel_tlsrpt_count(m), 1);
	ck_assert_int_eq(mxsel_tlsrpt(m, 1, NULL, NULL, NULL, NULL),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_tlsrpt(m, 0, NULL, NULL, NULL, NULL),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_tlsrpt(m, 0, &host, &address, &policy,
		&result), MXSEL_OK);
	ck_assert_str_eq(host, "one.example");
	ck_assert_str_eq(address, "192.0.2.1");
	ck_assert_int_eq(policy, MXSEL_TLSRPT_NO_POLICY);
	ck_assert_int_eq(result, MXSEL_TLSRPT_CERTIFICATE_EXPIRED);
}
END_TEST

static int calls;

/* Told the questions of the second host, while the first is reached. */
static void resolve(mxsel_query *q, void *user)
{
	mxsel *s = mxsel_query_selection(q);
	size_t size = 0;

	(void)user;
	if (strcmp(mxsel_query_name(q), "two.example") == 0) {
		calls++;
		ck_assert_int_eq(mxsel_report(s,
			MXSEL_OUTCOME_REFUSED, 0, NULL),
			MXSEL_EUSAGE);
		ck_assert_int_eq(mxsel_report_tls(s, 0), MXSEL_EUSAGE);
		ck_assert_int_eq(mxsel_save(s, NULL, &size), MXSEL_EUSAGE);
		ck_assert_int_eq(mxsel_next_host(s), MXSEL_EUSAGE);
		ck_assert_int_eq(mxsel_rewind(s), MXSEL_EUSAGE);
	}
	zone_answer(q, zone, 0);
}

START_TEST(S38_nothing_is_said_of_a_host_while_the_next_is_looked_for)
{
	mxsel_resolver *r;

	calls = 0;
	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, NULL, NULL), 0);
	mxsel_options_set(o, MXSEL_OPT_PREFETCH, 0);
	mxsel_options_set_resolver(o, r);
	mxsel_resolver_free(r);
	begin("d.example");
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "two.example");
	ck_assert_int_eq(calls, 2);
}
END_TEST

START_TEST(F99_a_refused_name_is_text_of_a_good_length)
{
	char pattern[260];

	memset(pattern, 'x', sizeof(pattern));
	pattern[254] = '\0';
	ck_assert_int_eq(mxsel_options_refuse_exchange(o, pattern, 550, NULL,
		NULL), MXSEL_ESYNTAX);
	pattern[253] = '\0';
	ck_assert_int_eq(mxsel_options_refuse_exchange(o, pattern, 550, NULL,
		NULL), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_refuse_exchange(o, "a\tb", 550, NULL,
		NULL), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_options_refuse_exchange(o, "a", 550, NULL,
		"d\x7f"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_options_refuse_exchange(o, "a", 550, "5.7.1x",
		NULL), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(o, "a", 550, "5.7.1 x",
		NULL), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_refuse_exchange(o, "a", 550, "5.7",
		NULL), MXSEL_ERANGE);
}
END_TEST

START_TEST(R76_a_verdict_quotes_a_long_destination_in_part)
{
	char destination[1000], shown[300];

	memset(destination, 0xfc, sizeof(destination) - 1);
	destination[sizeof(destination) - 1] = '\0';
	memset(shown, '?', 253);
	memcpy(shown + 253, "...", 4);
	ck_assert_int_eq(mxsel_new(&m, destination, o), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_ptr_nonnull(strstr(mxsel_verdict_text(m), shown));
}
END_TEST

static void keep_length(const char *line, void *user)
{
	size_t *longest = user;

	if (strlen(line) > *longest)
		*longest = strlen(line);
}

START_TEST(R79_a_record_keeps_of_long_texts_what_matters)
{
	size_t longest = 0;
	char text[3000];
	mxsel_query *q;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	mxsel_options_set_recorder(o, keep_length, &longest);
	ck_assert_int_eq(mxsel_new(&m, text, o), MXSEL_OK);
	ck_assert_uint_gt(longest, 1024);
	ck_assert_uint_lt(longest, 1100);
	longest = 0;
	begin("d.example");
	q = take(MX);
	ck_assert_int_eq(mxsel_answer_mx(q, 10, text, 300), MXSEL_OK);
	ck_assert_uint_lt(longest, 1200);
	zone_answer(q, zone, 0);
	longest = 0;
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_RCPT, 450, text), 0);
	ck_assert_uint_gt(longest, 512);
	ck_assert_uint_lt(longest, 700);
}
END_TEST

START_TEST(R1_a_backslash_outside_of_quotes_is_nothing_special)
{
	ck_assert_int_eq(mxsel_new(&m, "\"a\\\\\\\"b\"@d.example", o), 0);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_reset(m, "a\\b@d.example"), MXSEL_OK);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
}
END_TEST

static int refuse_idn(const char *name, size_t length, char *out, void *user)
{
	(void)name;
	(void)length;
	(void)out;
	(void)user;
	return MXSEL_ESYNTAX;
}

START_TEST(R4_what_only_looks_like_a_coded_label_is_an_ordinary_one)
{
	static const char *const domains[] = { "xm--a.example", "xn-a.example",
		"xna-.example", "xn.example", "axn--b.example", "x.example" };
	size_t i;

	mxsel_options_set_idn(o, refuse_idn, NULL);
	begin("d.example");
	for (i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
		ck_assert_int_eq(mxsel_reset(m, domains[i]), MXSEL_OK);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		ck_assert_str_eq(mxsel_domain(m), domains[i]);
		ck_assert_int_eq(mxsel_reset(m, "d.example"), MXSEL_OK);
	}
	ck_assert_int_eq(mxsel_reset(m, "a.xn--a.example"), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
}
END_TEST

START_TEST(F99_a_destination_of_1025_octets_is_too_long)
{
	char text[1025];

	memset(text, 'a', sizeof(text));
	ck_assert_int_eq(mxsel_new_bytes(&m, text, sizeof(text), o), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_ptr_nonnull(strstr(mxsel_verdict_text(m), "too long"));
}
END_TEST

START_TEST(R63_a_proxys_name_has_no_socket_address)
{
	size_t size = 0;

	mxsel_options_set(o, MXSEL_OPT_HAND_OUT_ONION, 1);
	ck_assert_int_eq(mxsel_new(&m, "hidden.onion", o), MXSEL_OK);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_sockaddr(m, NULL, &size), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sockaddr(m, NULL, NULL), MXSEL_EUSAGE);
}
END_TEST

/* Answers nobody, and lets time go by. */
static void dream(mxsel_query *q, void *user)
{
	(void)user;
	calls++;
	ck_assert_int_eq(mxsel_time_spent(mxsel_query_selection(q), 20),
		MXSEL_OK);
}

static int wait_long(mxsel *s, void *user)
{
	(void)s;
	(void)user;
	ck_abort_msg("there is no time to wait");
	return 0;
}

START_TEST(S7_a_resolver_that_takes_all_the_time_is_not_waited_for)
{
	mxsel_resolver *r;

	calls = 0;
	ck_assert_int_eq(mxsel_resolver_new(&r, dream, NULL, NULL), 0);
	ck_assert_int_eq(mxsel_resolver_set_wait(r, wait_long), MXSEL_OK);
	mxsel_options_set(o, MXSEL_OPT_TIME_LIMIT, 10);
	mxsel_options_set_resolver(o, r);
	mxsel_resolver_free(r);
	begin("d.example");
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(S39_a_reset_without_memory_leaves_nothing_to_ask_or_save)
{
	static struct memory memory; /* of options that are freed later */
	char domain[1024];
	size_t size = 0;

	mxsel_options_free(o);
	memory_begin(&memory);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, memory_give,
		&memory), MXSEL_OK);
	begin("d.example");
	memory.fail_at = memory.calls;
	memory.fail_on = 1;
	memset(domain, '[', sizeof(domain) - 1);
	domain[sizeof(domain) - 1] = '\0';
	if (sizeof(void *) < 8 && mxsel_reset(m, domain) == MXSEL_OK) {
		/* A selection begins with room for the longest one there. */
		ck_assert_uint_eq(memory.failed, 0);
		memory.fail_at = MEMORY_NEVER;
		return;
	}
	ck_assert_int_eq(mxsel_reset(m, domain), MXSEL_ENOMEM);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ENOMEM);
	ck_assert_int_eq(mxsel_save(m, NULL, &size), MXSEL_ENOMEM);
	memory.fail_at = MEMORY_NEVER;
	ck_assert_int_eq(mxsel_reset(m, "d.example"), MXSEL_OK);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: arguments");
	TCase *one = tcase_create("one at a time");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, F99_R92_a_tlsa_record_has_three_octets_and_data);
	tcase_add_test(one,
		F99_R90_a_message_is_as_secure_as_there_are_words_for);
	tcase_add_test(one,
		F99_S27_tlsa_records_beyond_64_kib_spoil_the_answer);
	tcase_add_test(one,
		F100_what_a_message_asks_is_said_before_the_first_question);
	tcase_add_test(one,
		F100_R97_what_tls_came_to_is_said_once_of_each_attempt);
	tcase_add_test(one,
		S38_nothing_is_said_of_a_host_while_the_next_is_looked_for);
	tcase_add_test(one, F99_a_refused_name_is_text_of_a_good_length);
	tcase_add_test(one, R76_a_verdict_quotes_a_long_destination_in_part);
	tcase_add_test(one, R79_a_record_keeps_of_long_texts_what_matters);
	tcase_add_test(one,
		R1_a_backslash_outside_of_quotes_is_nothing_special);
	tcase_add_test(one,
		R4_what_only_looks_like_a_coded_label_is_an_ordinary_one);
	tcase_add_test(one, F99_a_destination_of_1025_octets_is_too_long);
	tcase_add_test(one, R63_a_proxys_name_has_no_socket_address);
	tcase_add_test(one,
		S7_a_resolver_that_takes_all_the_time_is_not_waited_for);
	tcase_add_test(one,
		S39_a_reset_without_memory_leaves_nothing_to_ask_or_save);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
