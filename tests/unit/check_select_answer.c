/*
 * Answers: as records and as messages they come to the same plan; what is
 * hostile, too much or too late is refused or makes the question fail, never
 * anything better (R14, S12, S18, F99). May use <mxsel/mxsel.h>.
 */
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/packet.h"
#include "support/run.h"

#define L64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const uint8_t v4[4] = { 192, 0, 2, 1 };
static const uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };

static mxsel *m;
static mxsel_query *q;
static struct packet packet;

static void ask(const char *destination)
{
	mxsel_options *o;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_seed(o, 1), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, destination, o), MXSEL_OK);
	mxsel_options_free(o);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_ptr_nonnull(q);
}

static void setup(void)
{
	ask("example.com");
}

static void teardown(void)
{
	mxsel_free(m);
}

/* On to the question for the AAAA of the first host. */
static void ask_host(void)
{
	ck_assert_int_eq(mxsel_answer_mx(q, 10, "mx.example", 300), MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_int_eq(mxsel_query_type(q), MXSEL_TYPE_AAAA);
}

static int give_packet(void)
{
	return mxsel_answer_packet(q, packet.octets, packet.size, 0);
}

static void is_deferred(void)
{
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.4.3");
	ck_assert_int_eq(mxsel_verdict_reason(m),
		MXSEL_REASON_DNS_TEMPORARY);
}

/* --- too much ------------------------------------------------------------ */

START_TEST(F99_seventy_thousand_mx_records_are_no_answer)
{
	char name[32];
	int i, limit = 0, rc;

	for (i = 0; i < 70000; i++) {
		snprintf(name, sizeof(name), "mx%d.example", i);
		rc = mxsel_answer_mx(q, 10, name, 300);
		ck_assert(rc == MXSEL_OK || rc == MXSEL_ELIMIT);
		limit |= rc == MXSEL_ELIMIT;
		if (limit)
			ck_assert_int_eq(rc, MXSEL_ELIMIT);
	}
	ck_assert_int_eq(limit, 1);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	is_deferred();
}
END_TEST

START_TEST(F99_seventy_thousand_addresses_are_no_answer)
{
	uint8_t bytes[16] = { 0x20, 0x01 };
	int i, rc = MXSEL_OK;

	ask_host();
	for (i = 0; i < 70000; i++) {
		bytes[13] = (uint8_t)(i >> 16);
		bytes[14] = (uint8_t)(i >> 8);
		bytes[15] = (uint8_t)i;
		rc = mxsel_answer_address(q, bytes, 16, 300);
	}
	ck_assert_int_eq(rc, MXSEL_ELIMIT);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	q = mxsel_query_take(m);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m),
		MXSEL_REASON_DNS_TEMPORARY);
}
END_TEST

START_TEST(F99_seventy_thousand_aliases_are_no_answer)
{
	char name[32];
	int i, rc = MXSEL_OK;

	for (i = 0; i < 70000; i++) {
		snprintf(name, sizeof(name), "c%d.example", i);
		rc = mxsel_answer_alias(q, name, 300);
	}
	ck_assert_int_eq(rc, MXSEL_ELIMIT);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	is_deferred();
}
END_TEST

/* What a message can carry is taken: 4,000 records (F55). */
START_TEST(F55_as_many_records_as_a_message_carries_are_taken)
{
	char name[32];
	int i;

	for (i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "m%d.example", i);
		ck_assert_int_eq(mxsel_answer_mx(q, 10, name, 300), MXSEL_OK);
	}
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_uint_eq(mxsel_flags(m), MXSEL_FLAG_LIMITED);
}
END_TEST

/* --- wrong --------------------------------------------------------------- */

START_TEST(F99_addresses_of_the_wrong_length_are_refused)
{
	static const size_t wrong[] = { 0, 1, 3, 4, 5, 15, 17, 65536,
		(size_t)-1 };
	size_t i;

	ask_host();
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_int_eq(mxsel_answer_address(q, v6, wrong[i], 300),
			MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_address(q, v6, 16, 300), MXSEL_OK);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
	q = mxsel_query_take(m);
	ck_assert_int_eq(mxsel_query_type(q), MXSEL_TYPE_A);
	ck_assert_int_eq(mxsel_answer_address(q, v6, 16, 300), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_address(q, v4, 4, 300), MXSEL_OK);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "2001:db8::1");
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
}
END_TEST

START_TEST(F99_records_of_another_type_are_refused)
{
	ck_assert_int_eq(mxsel_answer_address(q, v4, 4, 300), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_address(q, v6, 16, 300), MXSEL_EUSAGE);
	ask_host();
	ck_assert_int_eq(mxsel_answer_mx(q, 10, "mx.example", 300),
		MXSEL_EUSAGE);
}
END_TEST

START_TEST(F99_outcomes_that_do_not_exist_leave_the_question_open)
{
	ck_assert_int_eq(mxsel_answer_finish(q, -1, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_REFERRAL + 1, 0),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, -1), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_answer_finish(q, 0, MXSEL_SECURITY_BOGUS + 1),
		MXSEL_ERANGE);
	packet_begin(&packet, PACKET_REPLY, "example.com", PACKET_MX);
	ck_assert_int_eq(mxsel_answer_packet(q, packet.octets, packet.size,
		99), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_NXDOMAIN, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
}
END_TEST

START_TEST(F99_an_alias_that_is_no_name_makes_the_answer_fail)
{
	static const char *const bad[] = {
		"", ".", "a..b", "a b", "192.0.2.1", "a\\000b.example"
	};

	ck_assert_int_eq(mxsel_answer_alias(q, bad[_i], 300), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	is_deferred();
}
END_TEST

START_TEST(F98_an_answered_question_takes_no_more)
{
	packet_begin(&packet, PACKET_REPLY, "example.com", PACKET_MX);
	packet_mx(&packet, PACKET_ANSWER, NULL, 300, 5, "evil.example");
	ck_assert_int_eq(mxsel_answer_mx(q, 10, "mx.example", 300), MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_mx(q, 5, "evil.example", 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_alias(q, "evil.example", 1),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_negative_ttl(q, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_NXDOMAIN, 0),
		MXSEL_EUSAGE);
	ck_assert_int_eq(give_packet(), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_str_eq(mxsel_query_name(mxsel_query_take(m)),
		"mx.example");
	ck_assert_uint_eq(mxsel_ttl(m), 300);
}
END_TEST

START_TEST(R14_records_of_an_answer_that_failed_mean_nothing)
{
	ck_assert_int_eq(mxsel_answer_mx(q, 0, ".", 300), MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_TRUNCATED, 0),
		MXSEL_OK);
	is_deferred();
	ck_assert_uint_eq(mxsel_rejected_count(m), 0);
	ck_assert_uint_eq(mxsel_flags(m), 0);
}
END_TEST

/* --- messages ------------------------------------------------------------ */

START_TEST(a_message_for_another_question_leaves_it_open)
{
	packet_begin(&packet, PACKET_REPLY, "example.net", PACKET_MX);
	ck_assert_int_eq(give_packet(), MXSEL_EMISMATCH);
	packet_begin(&packet, PACKET_REPLY, "example.com", PACKET_A);
	ck_assert_int_eq(give_packet(), MXSEL_EMISMATCH);
	packet_begin(&packet, PACKET_RD, "example.com", PACKET_MX);
	ck_assert_int_eq(give_packet(), MXSEL_EMISMATCH);
	packet_begin(&packet, PACKET_REPLY, "example.com", PACKET_MX);
	packet.octets[2] |= 0x28; /* opcode 5 */
	ck_assert_int_eq(give_packet(), MXSEL_EMISMATCH);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	packet_begin(&packet, PACKET_REPLY, "EXAMPLE.com", PACKET_MX);
	packet_mx(&packet, PACKET_ANSWER, NULL, 300, 0, ".");
	ck_assert_int_eq(give_packet(), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m), MXSEL_REASON_NULL_MX);
}
END_TEST

/* S18: a message cut at any octet is no answer with fewer records. */
START_TEST(S18_F6_a_message_cut_anywhere_leaves_the_question_open)
{
	size_t whole, cut;

	packet_begin(&packet, PACKET_REPLY, "example.com", PACKET_MX);
	packet_mx(&packet, PACKET_ANSWER, NULL, 300, 10, "mx1.example");
	packet_mx(&packet, PACKET_ANSWER, NULL, 300, 0, ".");
	whole = packet.size;
	for (cut = 0; cut < whole; cut++) {
		int rc = mxsel_answer_packet(q, packet.octets, cut, 0);

		ck_assert_msg(rc == MXSEL_EMALFORMED || rc == MXSEL_EMISMATCH,
			"cut at %zu: %d", cut, rc);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	}
	ck_assert_uint_eq(mxsel_flags(m), 0);
	ck_assert_uint_eq(mxsel_rejected_count(m), 0);
	ck_assert_int_eq(give_packet(), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_uint_eq(mxsel_flags(m), MXSEL_FLAG_MIXED_NULL_MX);
}
END_TEST

START_TEST(S18_a_message_replaces_records_that_were_added_before)
{
	ck_assert_int_eq(mxsel_answer_mx(q, 1, "other.example", 1), MXSEL_OK);
	packet_begin(&packet, PACKET_REPLY, "example.com", PACKET_MX);
	packet_mx(&packet, PACKET_ANSWER, NULL, 300, 10, "mx.example");
	ck_assert_int_eq(give_packet(), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_str_eq(mxsel_query_name(mxsel_query_take(m)),
		"mx.example");
}
END_TEST

START_TEST(the_question_as_a_message)
{
	uint8_t room[512];
	size_t size = sizeof(room), plain;

	ck_assert_int_eq(mxsel_query_packet(q, 0xabcd, 0, room, &size),
		MXSEL_OK);
	plain = size;
	ck_assert_uint_eq(plain, 12 + 13 + 4);
	ck_assert_uint_eq(room[0], 0xab);
	ck_assert_uint_eq(room[1], 0xcd);
	ck_assert_uint_eq(room[2], 0x01); /* RD and nothing else */
	ck_assert_uint_eq(room[3], 0);
	size = sizeof(room);
	ck_assert_int_eq(mxsel_query_packet(q, 1, MXSEL_PACKET_EDNS, room,
		&size), MXSEL_OK);
	ck_assert_uint_eq(size, plain + 11);
	for (size = 0; size < plain + 11; size++) {
		size_t room_left = size;

		ck_assert_int_eq(mxsel_query_packet(q, 1, MXSEL_PACKET_EDNS,
			room, &room_left), MXSEL_ESPACE);
		ck_assert_uint_eq(room_left, plain + 11);
	}
	size = 0;
	ck_assert_int_eq(mxsel_query_packet(q, 1, 0, NULL, &size),
		MXSEL_ESPACE);
	ck_assert_uint_eq(size, plain);
}
END_TEST

/* --- records and messages ------------------------------------------------ */

static const struct {
	unsigned preference;
	const char *exchange;
	uint32_t ttl;
} records[] = {
	{ 10, "b.example", 300 }, { 10, "a.example", 200 },
	{ 10, "c.example", 300 }, { 20, "A.EXAMPLE", 300 },
	{ 0, ".", 300 }, { 30, "192.0.2.7", 100 }, { 5, "us.example", 300 },
	{ 40, "d.example", 0 }, { 65535, "x_-9.example", 2147483648u },
	{ 4, "e.example", 300 },
};

#define RECORDS (sizeof(records) / sizeof(records[0]))

static void put_exchange(const char *exchange)
{
	if (strcmp(exchange, "192.0.2.7") == 0)
		packet_labels(&packet, "192.0.2.7");
	else
		packet_labels(&packet, strcmp(exchange, ".") == 0 ? ""
			: exchange);
	packet_8(&packet, 0);
}

static void answer_mx(unsigned subset, int as_packet)
{
	size_t i;

	packet_begin(&packet, PACKET_REPLY, "example.com", PACKET_MX);
	for (i = 0; i < RECORDS; i++) {
		if ((subset >> i & 1) == 0)
			continue;
		packet_owner(&packet, NULL);
		packet_head(&packet, PACKET_ANSWER, PACKET_MX, PACKET_IN,
			records[i].ttl);
		packet_16(&packet, records[i].preference);
		put_exchange(records[i].exchange);
		packet_end(&packet);
		if (!as_packet)
			ck_assert_int_eq(mxsel_answer_mx(q,
				(uint16_t)records[i].preference,
				records[i].exchange, records[i].ttl),
				MXSEL_OK);
	}
	if (subset == 0) {
		packet_soa(&packet, "example", 60, 90);
		if (!as_packet)
			mxsel_answer_negative_ttl(q, 60);
	}
	ck_assert_int_eq(as_packet ? give_packet()
		: mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0), MXSEL_OK);
}

/* The whole plan as text: hosts have one address each, by their name. */
static void plan(unsigned subset, int as_packet, char *out, size_t size)
{
	mxsel_options *o;
	size_t n = 0, i;
	uint8_t bytes[4] = { 192, 0, 2, 0 };
	int rc, reason, preference;
	const char *subject;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set_seed(o, subset);
	mxsel_options_add_self_name(o, "us.example");
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc == MXSEL_ATTEMPT) {
			n += (size_t)snprintf(out + n, size - n, "%d %s %s\n",
				mxsel_host_preference(m), mxsel_host_name(m),
				mxsel_address(m));
			continue;
		}
		q = mxsel_query_take(m);
		ck_assert_ptr_nonnull(q);
		if (mxsel_query_type(q) == MXSEL_TYPE_MX) {
			answer_mx(subset, as_packet);
			continue;
		}
		bytes[3] = (uint8_t)mxsel_query_name(q)[0];
		if (mxsel_query_type(q) == MXSEL_TYPE_A)
			mxsel_answer_address(q, bytes, 4, 300);
		mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
	}
	n += (size_t)snprintf(out + n, size - n, "%d %s %x %u\n",
		mxsel_verdict_code(m), mxsel_verdict_status(m),
		(unsigned)mxsel_flags(m), (unsigned)mxsel_ttl(m));
	for (i = 0; mxsel_rejected(m, i, &reason, &preference, &subject) == 0;
		i++)
		n += (size_t)snprintf(out + n, size - n, "%s %d %d\n", subject,
			reason, preference);
	ck_assert_uint_lt(n, size);
	mxsel_free(m);
	m = NULL;
}

START_TEST(R32_records_and_messages_come_to_the_same_plan)
{
	static char as_records[4096], as_message[4096];
	unsigned subset;

	mxsel_free(m);
	for (subset = 0; subset < 1u << RECORDS; subset++) {
		plan(subset, 0, as_records, sizeof(as_records));
		plan(subset, 1, as_message, sizeof(as_message));
		ck_assert_str_eq(as_records, as_message);
	}
}
END_TEST

/* --- odds and ends ------------------------------------------------------- */

/* Aliases of an answer that then failed lead nowhere that counts. */
START_TEST(R22_R91_a_failed_answer_gives_no_host_its_last_name)
{
	mxsel_query *a;

	ask_host();
	a = mxsel_query_take(m);
	ck_assert_int_eq(mxsel_query_type(a), MXSEL_TYPE_A);
	ck_assert_int_eq(mxsel_answer_alias(q, "half.example", 9), MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_SERVFAIL, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_alias(a, "half.example", 9), MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_alias(a, "last.example", 9), MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_address(a, v4, 4, 9), MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_finish(a, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_canonical(m), "last.example");
	ck_assert_int_eq(mxsel_host_is_incomplete(m), 1);
}
END_TEST

START_TEST(R77_a_failure_of_whatever_kind_is_kept_for_seconds)
{
	ck_assert_int_eq(mxsel_answer_mx(q, 10, "mx.example", 1000000),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_SERVFAIL + _i, 0),
		MXSEL_OK);
	is_deferred();
	ck_assert_uint_eq(mxsel_ttl(m), 5);
}
END_TEST

START_TEST(R14_bogus_data_is_a_failure)
{
	ck_assert_int_eq(mxsel_answer_mx(q, 0, ".", 300), MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE,
		MXSEL_SECURITY_BOGUS), MXSEL_OK);
	is_deferred();
	ck_assert_int_eq(mxsel_is_secure(m), 0);
}
END_TEST

START_TEST(R20_exchanges_that_are_no_text_of_a_name_are_dropped)
{
	static const char *const bad[] = {
		"a..b", "mx.example..", "\\", "\\25", "\\256.example",
		"mx\\ 1.example", "mx 1.example", "\xff", "a\r\nb.example",
		L64 ".example"
	};
	size_t i;
	int reason;
	const char *subject;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(mxsel_answer_mx(q, 10, bad[i], 300),
			MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_mx(q, 20, "mx.example", 300), MXSEL_OK);
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_str_eq(mxsel_query_name(mxsel_query_take(m)),
		"mx.example");
	for (i = 0; mxsel_rejected(m, i, &reason, NULL, &subject) == 0; i++) {
		const char *c;

		ck_assert(reason == MXSEL_REJECT_BAD_NAME ||
			reason == MXSEL_REJECT_DUPLICATE);
		for (c = subject; *c != '\0'; c++)
			ck_assert(*c > ' ' && *c < 0x7f);
	}
	ck_assert_uint_ge(i, 9);
}
END_TEST

START_TEST(R37_a_hundred_rejections_are_kept_and_no_more)
{
	char name[32];
	int i;

	for (i = 0; i < 100 + _i; i++) {
		snprintf(name, sizeof(name), "no name %d.example", i);
		ck_assert_int_eq(mxsel_answer_mx(q, (uint16_t)i, name, 300),
			MXSEL_OK);
	}
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_uint_eq(mxsel_rejected_count(m), _i < 0 ? 99 : 100);
	ck_assert_int_eq(mxsel_rejected(m, 100, NULL, NULL, NULL),
		MXSEL_ERANGE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: answers");
	TCase *tc = tcase_create("answers");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, F99_seventy_thousand_mx_records_are_no_answer);
	tcase_add_test(tc, F99_seventy_thousand_addresses_are_no_answer);
	tcase_add_test(tc, F99_seventy_thousand_aliases_are_no_answer);
	tcase_add_test(tc,
		F55_as_many_records_as_a_message_carries_are_taken);
	tcase_add_test(tc, F99_addresses_of_the_wrong_length_are_refused);
	tcase_add_test(tc, F99_records_of_another_type_are_refused);
	tcase_add_test(tc,
		F99_outcomes_that_do_not_exist_leave_the_question_open);
	tcase_add_loop_test(tc,
		F99_an_alias_that_is_no_name_makes_the_answer_fail, 0, 6);
	tcase_add_test(tc, F98_an_answered_question_takes_no_more);
	tcase_add_test(tc, R14_records_of_an_answer_that_failed_mean_nothing);
	tcase_add_test(tc, a_message_for_another_question_leaves_it_open);
	tcase_add_test(tc,
		S18_F6_a_message_cut_anywhere_leaves_the_question_open);
	tcase_add_test(tc,
		S18_a_message_replaces_records_that_were_added_before);
	tcase_add_test(tc, the_question_as_a_message);
	tcase_add_test(tc, R32_records_and_messages_come_to_the_same_plan);
	tcase_add_test(tc,
		R22_R91_a_failed_answer_gives_no_host_its_last_name);
	tcase_add_loop_test(tc,
		R77_a_failure_of_whatever_kind_is_kept_for_seconds, 0, 10);
	tcase_add_test(tc, R14_bogus_data_is_a_failure);
	tcase_add_test(tc,
		R20_exchanges_that_are_no_text_of_a_name_are_dropped);
	tcase_add_loop_test(tc,
		R37_a_hundred_rejections_are_kept_and_no_more, -1, 3);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
