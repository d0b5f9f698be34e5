/*
 * Answers to the questions that DANE asks (R91, R92): TLSA records of any
 * length and cut anywhere (S16, S17), aliases that are asked for themselves,
 * and the AD bit of a question (R90).
 */
#include "support/opened.h"
#include "support/run.h"

#define NAME "_25._tcp.mx.example"

static int open_tlsa(int section, const void *rdata, size_t length)
{
	packet_begin(&p, PACKET_REPLY, NAME, PACKET_TLSA);
	packet_record(&p, section, NULL, PACKET_TLSA, 300, rdata, length);
	return open_as(NAME, MXSEL_TYPE_TLSA, p.size);
}

START_TEST(S16_F66_a_tlsa_record_has_three_octets_at_least)
{
	size_t length;

	/* Wherever it stands: whoever sends such a thing is not believed. */
	for (length = 0; length < 3; length++)
		ck_assert_int_eq(open_tlsa(_i, "\3\1\1", length),
			MXSEL_EMALFORMED);
	ck_assert_int_eq(open_tlsa(_i, "\3\1\1", 3), MXSEL_OK);
	ck_assert_uint_eq(m.records, _i == PACKET_ANSWER);
}
END_TEST

START_TEST(R92_a_tlsa_record_is_read_as_it_stands)
{
	static const uint8_t rdata[] = { 3, 1, 0, 0xaa, 0, 0xbb };
	struct mxsel__record record;
	size_t length;

	for (length = 3; length <= sizeof(rdata); length++) {
		ck_assert_int_eq(open_tlsa(PACKET_ANSWER, rdata, length), 0);
		ck_assert_int_eq(m.outcome, MXSEL_DNS_COMPLETE);
		mxsel__wire_rewind(&m);
		ck_assert_int_eq(mxsel__wire_next(&m, &record), 1);
		ck_assert_uint_eq(record.rdlength, length);
		ck_assert_mem_eq(record.rdata, rdata, length);
		ck_assert_uint_eq(record.ttl, 300);
		ck_assert_int_eq(mxsel__wire_next(&m, &record), 0);
	}
}
END_TEST

START_TEST(S17_a_tlsa_record_fills_the_largest_message)
{
	static uint8_t rdata[65535] = { 3, 1, 0 };
	struct mxsel__record record;
	size_t most;

	packet_begin(&p, PACKET_REPLY, NAME, PACKET_TLSA);
	most = PACKET_MAX - p.size - 12; /* its head */
	rdata[most - 1] = 0x5a;
	ck_assert_int_eq(open_tlsa(PACKET_ANSWER, rdata, most), 0);
	ck_assert_uint_eq(p.size, PACKET_MAX);
	mxsel__wire_rewind(&m);
	ck_assert_int_eq(mxsel__wire_next(&m, &record), 1);
	ck_assert_uint_eq(record.rdlength, most);
	ck_assert_int_eq(record.rdata[most - 1], 0x5a);
	/* And not one octet more than there is. */
	packet_set16(&p, p.rdata - 2, (unsigned)most + 1);
	ck_assert_int_eq(open_as(NAME, MXSEL_TYPE_TLSA, p.size),
		MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S17_an_answer_cut_anywhere_is_none)
{
	static const uint8_t rdata[35] = { 3, 1, 1 };
	size_t size, i, sound = 0;

	packet_begin(&p, PACKET_REPLY, NAME, PACKET_TLSA);
	packet_cname(&p, NULL, 60, "keys.example");
	for (i = 0; i < 3; i++)
		packet_record(&p, PACKET_ANSWER, "keys.example", PACKET_TLSA,
			60, rdata, sizeof(rdata) - i);
	for (size = 0; size <= p.size; size++)
		sound += open_as(NAME, MXSEL_TYPE_TLSA, size) == 0;
	ck_assert_uint_eq(sound, 1); /* the whole one */
	ck_assert_uint_eq(m.records, 3);
	ck_assert_uint_eq(m.links, 1);
}
END_TEST

START_TEST(R91_only_tlsa_records_of_the_name_count)
{
	static const uint8_t rdata[4] = { 3, 1, 0, 9 };

	packet_begin(&p, PACKET_REPLY, NAME, PACKET_TLSA);
	packet_record(&p, PACKET_ANSWER, "_26._tcp.mx.example", PACKET_TLSA,
		60, rdata, 4);
	packet_record(&p, PACKET_ANSWER, "mx.example", PACKET_TLSA, 60, rdata,
		4);
	packet_owner(&p, NULL);
	packet_head(&p, PACKET_ANSWER, PACKET_TLSA, PACKET_CH, 60);
	packet_bytes(&p, rdata, 4);
	packet_end(&p);
	packet_record(&p, PACKET_ANSWER, NULL, PACKET_TXT, 60, rdata, 4);
	packet_record(&p, PACKET_AUTHORITY, NULL, PACKET_TLSA, 60, rdata, 4);
	ck_assert_int_eq(open_as(NAME, MXSEL_TYPE_TLSA, p.size), 0);
	ck_assert_uint_eq(m.records, 0);
}
END_TEST

/* --- aliases, asked for themselves --------------------------------------- */

static int open_cname(void)
{
	return open_as("mx.example", MXSEL_TYPE_CNAME, p.size);
}

START_TEST(R91_an_alias_asked_for_is_a_record_and_not_followed)
{
	packet_begin(&p, PACKET_REPLY, "mx.example", PACKET_CNAME);
	packet_cname(&p, NULL, 60, "far.example");
	packet_cname(&p, "far.example", 60, "farther.example");
	packet_address(&p, PACKET_ANSWER, "farther.example", 60,
		(const uint8_t *)"\1\2\3\4", 4);
	ck_assert_int_eq(open_cname(), 0);
	ck_assert_int_eq(m.outcome, MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(m.records, 1);
	ck_assert_uint_eq(m.links, 0);
	ck_assert_uint_eq(m.loop, 0);
}
END_TEST

START_TEST(R11_R91_an_alias_of_itself_is_one_when_asked_for)
{
	packet_begin(&p, PACKET_REPLY, "mx.example", PACKET_CNAME);
	packet_cname(&p, NULL, 60, "mx.example");
	ck_assert_int_eq(open_cname(), 0);
	ck_assert_uint_eq(m.records, 1);
}
END_TEST

START_TEST(R91_other_records_are_no_alias)
{
	packet_begin(&p, PACKET_REPLY, "mx.example", PACKET_CNAME);
	packet_address(&p, PACKET_ANSWER, NULL, 60,
		(const uint8_t *)"\1\2\3\4", 4);
	packet_cname(&p, "other.example", 60, "far.example");
	packet_soa(&p, "example", 60, 60);
	ck_assert_int_eq(open_cname(), 0);
	ck_assert_uint_eq(m.records, 0);
	ck_assert_int_eq(m.has_negative, 1);
}
END_TEST

START_TEST(S16_an_alias_whose_name_is_cut_is_none)
{
	packet_begin(&p, PACKET_REPLY, "mx.example", PACKET_CNAME);
	packet_record(&p, PACKET_ANSWER, NULL, PACKET_CNAME, 60, "\3far", 4);
	ck_assert_int_eq(open_cname(), MXSEL_EMALFORMED);
}
END_TEST

/* --- the question -------------------------------------------------------- */

START_TEST(R90_a_question_may_ask_whether_the_answer_was_validated)
{
	uint8_t plain[MXSEL__WIRE_QUERY_SIZE], other[MXSEL__WIRE_QUERY_SIZE];
	size_t size = sizeof(plain), same = sizeof(other);
	int flags;

	ck_assert_int_eq(mxsel__wire_question(plain, &size, 7, NAME,
		MXSEL_TYPE_TLSA, 0), 0);
	ck_assert_uint_eq(plain[size - 3], PACKET_TLSA);
	ck_assert_uint_eq(plain[3], 0);
	for (flags = 1; flags <= 3; flags++) {
		same = sizeof(other);
		ck_assert_int_eq(mxsel__wire_question(other, &same, 7, NAME,
			MXSEL_TYPE_TLSA, flags), 0);
		/* RFC 6840 5.7; an OPT record is another matter. */
		ck_assert_uint_eq(other[3], flags & MXSEL_PACKET_AD
			? PACKET_AD : 0);
		ck_assert_uint_eq(same - size, flags & MXSEL_PACKET_EDNS
			? 11 : 0);
		other[3] = 0;
		other[11] = 0;
		ck_assert_mem_eq(plain, other, size);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire: TLSA and aliases");
	TCase *tc = tcase_create("tlsa");

	tcase_add_checked_fixture(tc, NULL, forget);
	tcase_add_loop_test(tc,
		S16_F66_a_tlsa_record_has_three_octets_at_least,
		PACKET_ANSWER, PACKET_ADDITIONAL + 1);
	tcase_add_test(tc, R92_a_tlsa_record_is_read_as_it_stands);
	tcase_add_test(tc, S17_a_tlsa_record_fills_the_largest_message);
	tcase_add_test(tc, S17_an_answer_cut_anywhere_is_none);
	tcase_add_test(tc, R91_only_tlsa_records_of_the_name_count);
	tcase_add_test(tc,
		R91_an_alias_asked_for_is_a_record_and_not_followed);
	tcase_add_test(tc, R11_R91_an_alias_of_itself_is_one_when_asked_for);
	tcase_add_test(tc, R91_other_records_are_no_alias);
	tcase_add_test(tc, S16_an_alias_whose_name_is_cut_is_none);
	tcase_add_test(tc,
		R90_a_question_may_ask_whether_the_answer_was_validated);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
