/*
 * A selection fed by hand, through the shared library alone: each function's
 * documented results, those of wrong calls at wrong moments too (R70, F99,
 * F100).
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <mxsel/mxsel.h>

#include "support/packet.h"
#include "support/run.h"

static const uint8_t v4[4] = { 192, 0, 2, 1 };
static const uint8_t v6[16] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 1 };

static mxsel_options *options;
static mxsel *m;
static struct packet packet;

static void setup(void)
{
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	ck_assert_int_eq(mxsel_options_set_seed(options, 99), 0);
	m = NULL;
}

static void teardown(void)
{
	mxsel_free(m);
	mxsel_options_free(options);
}

/* The selection has asked for the MX of example.com. */
static mxsel_query *asked(void)
{
	mxsel_query *q;

	ck_assert_int_eq(mxsel_new(&m, "user@Example.COM.", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_ptr_nonnull(q);
	return q;
}

/* ... and at the first attempt: mx.example.com, 2001:db8::1. */
static void reach(void)
{
	mxsel_query *q = asked();

	ck_assert_int_eq(mxsel_answer_mx(q, 10, "mx.example.com", 300), 0);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE,
		MXSEL_SECURITY_SECURE), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	while ((q = mxsel_query_take(m)) != NULL) {
		int is_a = mxsel_query_type(q) == MXSEL_TYPE_A;

		ck_assert_int_eq(mxsel_answer_address(q, is_a ? v4 : v6,
			is_a ? 4 : 16, 100), 0);
		ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE,
			is_a ? MXSEL_SECURITY_INSECURE
			     : MXSEL_SECURITY_SECURE), 0);
	}
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
}

/* ----------------------------------------------------------- what it knows */

START_TEST(a_selection_knows_what_it_was_given)
{
	uint64_t seed = 0;

	ck_assert_int_eq(mxsel_new(&m, "user@Example.COM.", options), 0);
	ck_assert_str_eq(mxsel_destination(m), "user@Example.COM.");
	ck_assert_str_eq(mxsel_original_domain(m), "example.com");
	ck_assert_str_eq(mxsel_domain(m), "example.com");
	ck_assert_int_eq(mxsel_source(m), MXSEL_SOURCE_NONE);
	ck_assert_uint_eq(mxsel_flags(m), 0);
	ck_assert_uint_eq(mxsel_ttl(m), 2147483647u);
	ck_assert_uint_eq(mxsel_query_count(m), 0);
	ck_assert_uint_eq(mxsel_rejected_count(m), 0);
	ck_assert_int_eq(mxsel_is_secure(m), 0);
	ck_assert_int_eq(mxsel_seed(m, &seed), 0);
	ck_assert_uint_eq(seed, 99);
	ck_assert_int_eq(mxsel_seed(m, NULL), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_user(m));
	ck_assert_int_eq(mxsel_set_user(m, &seed), 0);
	ck_assert_int_eq(mxsel_reset(m, "user@Example.COM."), 0);
	ck_assert_ptr_eq(mxsel_user(m), &seed);
	ck_assert_int_eq(mxsel_set_user(NULL, &seed), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_user(NULL));
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_TRY);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_OK);
	ck_assert_int_eq(mxsel_verdict_code(m), 0);
	ck_assert_str_eq(mxsel_verdict_status(m), "");
	ck_assert_str_eq(mxsel_verdict_text(m), "");
}
END_TEST

static void check_no_attempt(const mxsel *selection)
{
	struct sockaddr_storage sa;
	size_t size = sizeof(sa);

	ck_assert_ptr_null(mxsel_host_name(selection));
	ck_assert_ptr_null(mxsel_host_canonical(selection));
	ck_assert_int_eq(mxsel_host_preference(selection), -1);
	ck_assert_int_eq(mxsel_host_rank(selection), -1);
	ck_assert_int_eq(mxsel_host_source(selection), MXSEL_SOURCE_NONE);
	ck_assert_int_eq(mxsel_host_is_incomplete(selection), 0);
	ck_assert_int_eq(mxsel_address_is_secure(selection), 0);
	ck_assert_int_eq(mxsel_port(selection), 0);
	ck_assert_int_eq(mxsel_sockaddr(selection, (struct sockaddr *)&sa,
		&size), MXSEL_EUSAGE);
	if (selection != NULL)
		ck_assert_ptr_null(mxsel_address(selection));
}

START_TEST(R70_an_attempt_has_name_address_port_and_rank)
{
	mxsel_query *q = asked();

	check_no_attempt(m);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_TIMEOUT, 0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	check_no_attempt(m);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.4.3");
	ck_assert_str_ne(mxsel_verdict_text(m), "");
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	mxsel_free(m);
	reach();
	ck_assert_str_eq(mxsel_host_name(m), "mx.example.com");
	ck_assert_str_eq(mxsel_host_canonical(m), "mx.example.com");
	ck_assert_int_eq(mxsel_host_preference(m), 10);
	ck_assert_int_eq(mxsel_host_rank(m), 0);
	ck_assert_int_eq(mxsel_host_source(m), MXSEL_SOURCE_MX);
	ck_assert_int_eq(mxsel_source(m), MXSEL_SOURCE_MX);
	ck_assert_int_eq(mxsel_is_secure(m), 1);
	ck_assert_str_eq(mxsel_address(m), "2001:db8::1");
	ck_assert_int_eq(mxsel_address_is_secure(m), 1);
	ck_assert_int_eq(mxsel_port(m), 25);
	ck_assert_uint_eq(mxsel_ttl(m), 100);
	ck_assert_uint_eq(mxsel_query_count(m), 3);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	ck_assert_int_eq(mxsel_address_is_secure(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_UNREACHABLE);
}
END_TEST

START_TEST(a_socket_address_is_ready_for_connect)
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;
	struct sockaddr_storage any;
	size_t size = sizeof(six) - 1;

	reach();
	ck_assert_int_eq(mxsel_sockaddr(m, (struct sockaddr *)&any, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sockaddr(m, (struct sockaddr *)&any, &size),
		MXSEL_ESPACE);
	ck_assert_uint_eq(size, sizeof(six));
	ck_assert_int_eq(mxsel_sockaddr(m, (struct sockaddr *)&any, &size),
		0);
	memcpy(&six, &any, sizeof(six));
	ck_assert_int_eq(six.sin6_family, AF_INET6);
	ck_assert_uint_eq(ntohs(six.sin6_port), 25);
	ck_assert_mem_eq(&six.sin6_addr, v6, 16);
	ck_assert_uint_eq(six.sin6_scope_id, 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	size = 0;
	ck_assert_int_eq(mxsel_sockaddr(m, NULL, &size), MXSEL_ESPACE);
	ck_assert_uint_eq(size, sizeof(four));
	size = sizeof(any);
	ck_assert_int_eq(mxsel_sockaddr(m, (struct sockaddr *)&any, &size),
		0);
	ck_assert_uint_eq(size, sizeof(four));
	memcpy(&four, &any, sizeof(four));
	ck_assert_int_eq(four.sin_family, AF_INET);
	ck_assert_uint_eq(ntohs(four.sin_port), 25);
	ck_assert_mem_eq(&four.sin_addr, v4, 4);
}
END_TEST

START_TEST(a_host_can_be_left_and_the_order_gone_through_again)
{
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(mxsel_next_host(m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_rewind(m), 0);
	mxsel_free(m);
	reach();
	ck_assert_int_eq(mxsel_next_host(m), MXSEL_END);
	ck_assert_int_eq(mxsel_next_host(m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_rewind(m), 0);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_TRY);
	check_no_attempt(m);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "2001:db8::1");
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_uint_eq(mxsel_query_count(m), 3);
}
END_TEST

START_TEST(a_selection_can_be_used_for_another_destination)
{
	reach();
	ck_assert_int_eq(mxsel_reset(m, "[IPv6:2001:db8::1]"), 0);
	check_no_attempt(m);
	ck_assert_str_eq(mxsel_original_domain(m), "");
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "2001:db8::1");
	ck_assert_str_eq(mxsel_host_name(m), "2001:db8::1");
	ck_assert_int_eq(mxsel_source(m), MXSEL_SOURCE_LITERAL);
	ck_assert_uint_eq(mxsel_query_count(m), 0);
	ck_assert_int_eq(mxsel_reset(m, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_reset(NULL, "a"), MXSEL_EUSAGE);
}
END_TEST

START_TEST(F99_a_nul_in_a_destination_is_no_domain)
{
	ck_assert_int_eq(mxsel_new_bytes(&m, "example.com\0.net", 16,
		options), 0);
	ck_assert_str_eq(mxsel_destination(m), "example.com");
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m),
		MXSEL_REASON_BAD_DESTINATION);
	ck_assert_int_eq(mxsel_verdict_code(m), 501);
	ck_assert_str_eq(mxsel_verdict_status(m), "5.1.3");
	ck_assert_uint_eq(mxsel_query_count(m), 0);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_new_bytes(&m, "example.com", 7, NULL), 0);
	ck_assert_str_eq(mxsel_domain(m), "example");
}
END_TEST

START_TEST(F99_a_reset_takes_octets_as_a_new_selection_does)
{
	ck_assert_int_eq(mxsel_new(&m, "example.net", options), 0);
	ck_assert_int_eq(mxsel_reset_bytes(m, "example.com\0.net", 16), 0);
	ck_assert_str_eq(mxsel_destination(m), "example.com");
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "5.1.3");
	ck_assert_int_eq(mxsel_reset_bytes(m, "example.com", 7), 0);
	ck_assert_str_eq(mxsel_domain(m), "example");
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_reset_bytes(m, NULL, 7), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_reset_bytes(NULL, "a", 1), MXSEL_EUSAGE);
	ck_assert_str_eq(mxsel_domain(m), "example");
}
END_TEST

START_TEST(what_was_dropped_can_be_read)
{
	int reason = 0, preference = 0;
	const char *subject = NULL;
	mxsel_query *q = asked();

	ck_assert_int_eq(mxsel_answer_mx(q, 7, "bad name.example", 60), 0);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_uint_eq(mxsel_rejected_count(m), 1);
	ck_assert_int_eq(mxsel_rejected(m, 0, &reason, &preference,
		&subject), 0);
	ck_assert_int_eq(reason, MXSEL_REJECT_BAD_NAME);
	ck_assert_int_eq(preference, 7);
	ck_assert_str_eq(subject, "bad\\032name.example");
	ck_assert_int_eq(mxsel_rejected(m, 0, NULL, NULL, NULL), 0);
	ck_assert_int_eq(mxsel_rejected(m, 1, NULL, NULL, NULL),
		MXSEL_ERANGE);
	ck_assert_uint_eq(mxsel_flags(m), MXSEL_FLAG_BAD_MX_NAME);
}
END_TEST

/* --------------------------------------------------- questions and answers */

START_TEST(a_question_is_taken_once_and_can_be_sent)
{
	mxsel_query *q = asked();
	uint8_t octets[512];
	size_t size = sizeof(octets), plain;

	ck_assert_ptr_null(mxsel_query_take(m));
	ck_assert_ptr_eq(mxsel_query_selection(q), m);
	ck_assert_str_eq(mxsel_query_name(q), "example.com");
	ck_assert_uint_eq(mxsel_query_type(q), MXSEL_TYPE_MX);
	ck_assert_int_eq(mxsel_query_packet(q, 0xbeef, 0, octets, &size), 0);
	ck_assert_uint_eq(size, 12 + 13 + 4);
	ck_assert_mem_eq(octets, "\xbe\xef\1\0\0\1\0\0\0\0\0\0"
		"\7example\3com\0\0\17\0\1", 29);
	plain = size;
	size = 3;
	ck_assert_int_eq(mxsel_query_packet(q, 1, MXSEL_PACKET_EDNS, octets,
		&size), MXSEL_ESPACE);
	ck_assert_uint_eq(size, plain + 11);
	size = sizeof(octets);
	ck_assert_int_eq(mxsel_query_packet(q, 1, MXSEL_PACKET_EDNS, octets,
		&size), 0);
	ck_assert_uint_eq(size, plain + 11);
	ck_assert_int_eq(mxsel_query_packet(NULL, 1, 0, octets, &size),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_query_packet(q, 1, 0, NULL, &size),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_query_packet(q, 1, 0, octets, NULL),
		MXSEL_EUSAGE);
}
END_TEST

START_TEST(a_message_that_is_none_leaves_the_question_open)
{
	mxsel_query *q = asked();

	packet_begin(&packet, PACKET_REPLY, "example.net", PACKET_MX);
	ck_assert_int_eq(mxsel_answer_packet(q, packet.octets, packet.size,
		0), MXSEL_EMISMATCH);
	packet_begin(&packet, PACKET_REPLY, "example.com", PACKET_MX);
	packet_mx(&packet, PACKET_ANSWER, NULL, 60, 10, "mx.example.com");
	ck_assert_int_eq(mxsel_answer_packet(q, packet.octets,
		packet.size - 1, 0), MXSEL_EMALFORMED);
	ck_assert_int_eq(mxsel_answer_packet(q, packet.octets, 11, 0),
		MXSEL_EMALFORMED);
	ck_assert_int_eq(mxsel_answer_packet(q, NULL, 12, 0), MXSEL_EUSAGE);
	ck_assert_int_lt(mxsel_answer_packet(q, packet.octets, packet.size,
		4), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_answer_packet(q, packet.octets, packet.size,
		MXSEL_SECURITY_SECURE), 0);
	ck_assert_int_eq(mxsel_answer_packet(q, packet.octets, packet.size,
		0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_is_secure(m), 1);
}
END_TEST

START_TEST(F98_an_answered_question_takes_no_more)
{
	mxsel_query *q = asked();

	ck_assert_int_eq(mxsel_answer_finish(q, -1, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_finish(q, 12, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, 4), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, -1), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_REFUSED, 0), 0);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_mx(q, 1, "a", 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_alias(q, "a", 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_negative_ttl(q, 1), MXSEL_EUSAGE);
}
END_TEST

START_TEST(records_of_another_type_or_length_are_a_usage_error)
{
	mxsel_query *q = asked();

	ck_assert_int_eq(mxsel_answer_address(q, v4, 4, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_mx(q, 1, NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_alias(q, NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	while ((q = mxsel_query_take(m)) != NULL) {
		ck_assert_int_eq(mxsel_answer_mx(q, 1, "a", 1), MXSEL_EUSAGE);
		ck_assert_int_eq(mxsel_answer_address(q, v6, 5, 1),
			MXSEL_EUSAGE);
		ck_assert_int_eq(mxsel_answer_address(q, NULL, 4, 1),
			MXSEL_EUSAGE);
		ck_assert_int_eq(mxsel_answer_negative_ttl(q, 77), 0);
		ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), 0);
	}
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "5.4.4");
}
END_TEST

START_TEST(F99_more_records_than_a_message_carries_are_refused)
{
	mxsel_query *q = asked();
	int i, rc = 0;

	for (i = 0; rc == 0 && i < 70000; i++)
		rc = mxsel_answer_mx(q, 1, "mx.example.com", 300);
	ck_assert_int_eq(rc, MXSEL_ELIMIT);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
}
END_TEST

START_TEST(an_alias_that_is_no_name_spoils_the_answer)
{
	mxsel_query *q = asked();

	ck_assert_int_eq(mxsel_answer_alias(q, "a..b", 1), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	mxsel_free(m);
	q = asked();
	ck_assert_int_eq(mxsel_answer_alias(q, "Example.NET", 10), 0);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_str_eq(mxsel_domain(m), "example.net");
	ck_assert_str_eq(mxsel_original_domain(m), "example.com");
	ck_assert_str_eq(mxsel_query_name(mxsel_query_take(m)),
		"example.net");
}
END_TEST

/* The addresses of example.com itself, as text; what mxsel_next() says. */
static int told(const char *a, int want_a, const char *aaaa, int want_aaaa)
{
	mxsel_query *q = asked();

	ck_assert_int_eq(mxsel_answer_address_text(q, a, 60), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_negative_ttl(q, 90), 0);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	while ((q = mxsel_query_take(m)) != NULL) {
		int is_a = mxsel_query_type(q) == MXSEL_TYPE_A;

		ck_assert_int_eq(mxsel_answer_address_text(q, NULL, 60),
			MXSEL_EUSAGE);
		ck_assert_int_eq(mxsel_answer_address_text(q, is_a ? a : aaaa,
			60), is_a ? want_a : want_aaaa);
		ck_assert_int_eq(mxsel_answer_finish(q, 0, 0), 0);
		ck_assert_int_eq(mxsel_answer_address_text(q, a, 60),
			MXSEL_EUSAGE);
	}
	return mxsel_next(m);
}

START_TEST(addresses_can_be_told_as_text)
{
	ck_assert_int_eq(told("192.0.2.7", 0, "2001:DB8::7", 0),
		MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "2001:db8::7");
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.7");
	ck_assert_uint_eq(mxsel_ttl(m), 60);
	ck_assert_int_eq(mxsel_answer_address_text(NULL, "192.0.2.7", 60),
		MXSEL_EUSAGE);
}
END_TEST

START_TEST(a_text_that_is_no_address_is_a_failure_and_bounces_nothing)
{
	static const char *const wrong[][2] = { { "192.0.2", "" },
		{ "2001:db8::7", "192.0.2.7" }, { "192.0.2.07", "::g" },
		{ "[192.0.2.7]", "IPv6:2001:db8::7" } };
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ck_assert_int_eq(told(wrong[i][0], MXSEL_ESYNTAX, wrong[i][1],
			MXSEL_ESYNTAX), MXSEL_END);
		ck_assert_int_eq(mxsel_verdict_action(m),
			MXSEL_ACTION_DEFER);
		mxsel_free(m);
		m = NULL;
	}
	ck_assert_int_eq(told("no address", MXSEL_ESYNTAX, "2001:db8::7", 0),
		MXSEL_ATTEMPT);
	ck_assert_uint_ne(mxsel_flags(m) & MXSEL_FLAG_INCOMPLETE, 0);
}
END_TEST

/* --------------------------------------------------------------- no object */

START_TEST(F100_null_is_a_usage_error_everywhere)
{
	int (*const steps[])(mxsel *) = { mxsel_next, mxsel_next_host,
		mxsel_rewind };
	size_t i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(steps[i](NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_new(NULL, "a", options), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_new(&m, NULL, options), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_new_bytes(&m, NULL, 0, options),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_new_bytes(NULL, "a", 1, options),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_rejected(NULL, 0, NULL, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_packet(NULL, v6, 16, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_mx(NULL, 1, "a", 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_address(NULL, v4, 4, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_alias(NULL, "a", 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_negative_ttl(NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_finish(NULL, 0, 0), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_query_take(NULL));
	ck_assert_ptr_null(mxsel_query_selection(NULL));
	ck_assert_uint_eq(mxsel_query_type(NULL), 0);
	ck_assert_uint_eq(mxsel_flags(NULL) | mxsel_ttl(NULL), 0);
	ck_assert_uint_eq(mxsel_rejected_count(NULL), 0);
	ck_assert_uint_eq(mxsel_query_count(NULL), 0);
	ck_assert_int_eq(mxsel_source(NULL) | mxsel_is_secure(NULL), 0);
	check_no_attempt(NULL);
	mxsel_free(NULL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("a selection through the shared library");
	TCase *t = tcase_create("selection");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_selection_knows_what_it_was_given);
	tcase_add_test(t, R70_an_attempt_has_name_address_port_and_rank);
	tcase_add_test(t, a_socket_address_is_ready_for_connect);
	tcase_add_test(t, a_host_can_be_left_and_the_order_gone_through_again);
	tcase_add_test(t, a_selection_can_be_used_for_another_destination);
	tcase_add_test(t, F99_a_nul_in_a_destination_is_no_domain);
	tcase_add_test(t, F99_a_reset_takes_octets_as_a_new_selection_does);
	tcase_add_test(t, what_was_dropped_can_be_read);
	tcase_add_test(t, a_question_is_taken_once_and_can_be_sent);
	tcase_add_test(t, a_message_that_is_none_leaves_the_question_open);
	tcase_add_test(t, F98_an_answered_question_takes_no_more);
	tcase_add_test(t, records_of_another_type_or_length_are_a_usage_error);
	tcase_add_test(t, F99_more_records_than_a_message_carries_are_refused);
	tcase_add_test(t, an_alias_that_is_no_name_spoils_the_answer);
	tcase_add_test(t, addresses_can_be_told_as_text);
	tcase_add_test(t,
		a_text_that_is_no_address_is_a_failure_and_bounces_nothing);
	tcase_add_test(t, F100_null_is_a_usage_error_everywhere);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
