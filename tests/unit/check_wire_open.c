/*
 * Replies taken apart: whose answer it is, what its sections must be, which
 * records count (S1, S15, S18, S19, R18).
 */
#include "support/opened.h"
#include "support/run.h"

START_TEST(an_answer_comes_apart_record_by_record)
{
	struct mxsel__record r;
	char name[MXSEL__NAME_TEXT_SIZE];
	size_t length;

	begin(0);
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "MX1.example.com");
	packet_mx(&p, PACKET_ANSWER, "example.COM", 600, 65535, "");
	packet_opt(&p, PACKET_ADDITIONAL, 0);
	assert_outcome(MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(m.records, 2);
	ck_assert_uint_eq(m.type, MXSEL_TYPE_MX);
	ck_assert_uint_eq(m.owner, 12);
	ck_assert_uint_eq(m.links, 0);
	ck_assert(!m.loop && !m.has_negative);
	ck_assert_uint_eq(m.alias_ttl, UINT32_MAX);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
	ck_assert_uint_eq(r.preference, 10);
	ck_assert_uint_eq(r.ttl, 300);
	ck_assert_uint_eq(r.rdlength, 19);
	ck_assert_int_eq(mxsel__wire_name(&m, r.exchange, name, &length),
		MXSEL__NAME_GOOD);
	ck_assert_str_eq(name, "mx1.example.com");
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
	ck_assert_uint_eq(r.preference, 65535);
	ck_assert_int_eq(mxsel__wire_name(&m, r.exchange, name, &length),
		MXSEL__NAME_ROOT);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 0);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 0);
	mxsel__wire_rewind(&m);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
	ck_assert_uint_eq(r.preference, 10);
}
END_TEST

START_TEST(addresses_come_as_octets)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };
	static const uint8_t v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	struct mxsel__record r;

	packet_begin(&p, PACKET_REPLY, "mx.example", PACKET_A);
	packet_address(&p, PACKET_ANSWER, NULL, 60, v6, 16);
	packet_address(&p, PACKET_ANSWER, NULL, 60, v4, 4);
	ck_assert_int_eq(open_as("mx.example", MXSEL_TYPE_A, p.size), 0);
	ck_assert_uint_eq(m.records, 1);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
	ck_assert_uint_eq(r.rdlength, 4);
	ck_assert_mem_eq(r.rdata, v4, 4);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 0);

	packet_set16(&p, 24, PACKET_AAAA);
	ck_assert_int_eq(open_as("mx.example", MXSEL_TYPE_AAAA, p.size), 0);
	ck_assert_uint_eq(m.records, 1);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
	ck_assert_uint_eq(r.rdlength, 16);
	ck_assert_mem_eq(r.rdata, v6, 16);
}
END_TEST

START_TEST(S1_F7_less_than_a_header_is_malformed)
{
	size_t size;

	begin(0);
	for (size = 0; size < 12; size++)
		ck_assert_int_eq(open_as("example.com", MXSEL_TYPE_MX, size),
			MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S1_F15_F16_only_a_reply_to_a_query_counts)
{
	unsigned opcode;

	begin(0);
	packet_set16(&p, 2, PACKET_RD); /* F15: QR is 0 */
	ck_assert_int_eq(open_mx(), MXSEL_EMISMATCH);
	for (opcode = 1; opcode < 16; opcode++) { /* F16 */
		packet_set16(&p, 2, PACKET_REPLY | opcode << 11);
		ck_assert_int_eq(open_mx(), MXSEL_EMISMATCH);
	}
}
END_TEST

START_TEST(S1_F13_F14_there_is_one_question)
{
	static const unsigned counts[] = { 0, 2, 256, 65535 };
	unsigned i;

	for (i = 0; i < 4; i++) {
		begin(0);
		packet_set16(&p, 4, counts[i]);
		ck_assert_int_eq(open_mx(), MXSEL_EMISMATCH);
	}
}
END_TEST

static const char *const others[] = {
	"", "com", "example.co", "example.comm", "example.org", "examplf.com",
	"mx.example.com", "example.com.com", "exampl.com", "examplecom",
	"example", "examples.com", "e", "exam-le.com"
};

START_TEST(S1_F11_another_name_is_no_answer)
{
	begin(0);
	ck_assert_int_eq(open_as(others[_i], MXSEL_TYPE_MX, p.size),
		MXSEL_EMISMATCH);
	packet_begin(&p, PACKET_REPLY, others[_i], PACKET_MX);
	ck_assert_int_eq(open_mx(), MXSEL_EMISMATCH);
}
END_TEST

START_TEST(S1_a_name_with_odd_octets_is_another_name)
{
	begin(0);
	p.octets[15] = 0;
	ck_assert_int_eq(open_mx(), MXSEL_EMISMATCH);
	p.octets[15] = '.';
	ck_assert_int_eq(open_as("ex.mple.com", MXSEL_TYPE_MX, p.size),
		MXSEL_EMISMATCH);
}
END_TEST

START_TEST(S1_F12_another_type_or_class_is_no_answer)
{
	begin(0);
	ck_assert_int_eq(open_as("example.com", MXSEL_TYPE_A, p.size),
		MXSEL_EMISMATCH);
	packet_set16(&p, p.size - 2, PACKET_CH);
	ck_assert_int_eq(open_mx(), MXSEL_EMISMATCH);
}
END_TEST

START_TEST(S1_F19_the_question_may_come_back_in_another_case)
{
	packet_begin(&p, PACKET_REPLY, "eXaMpLe.COM", PACKET_MX);
	ck_assert_int_eq(open_mx(), MXSEL_OK);
}
END_TEST

START_TEST(S1_the_root_can_be_asked_about)
{
	packet_begin(&p, PACKET_REPLY, "", PACKET_MX);
	packet_mx(&p, PACKET_ANSWER, NULL, 1, 0, ".");
	packet_mx(&p, PACKET_ANSWER, ".", 1, 0, ".");
	ck_assert_int_eq(open_as("", MXSEL_TYPE_MX, p.size), MXSEL_OK);
	ck_assert_uint_eq(m.records, 2);
	ck_assert_int_eq(open_mx(), MXSEL_EMISMATCH);
}
END_TEST

START_TEST(S15_a_question_that_is_no_name_is_malformed)
{
	begin(0);
	p.octets[12] = 0x40;
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	p.octets[12] = 0x80;
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	packet_set16(&p, 12, 0xc00c);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S15_a_question_longer_than_any_name_is_no_answer)
{
	char name[300];
	int i;

	packet_begin(&p, PACKET_REPLY, "", PACKET_MX);
	p.size = 12;
	for (i = 0; i < 128; i++) {
		memcpy(name + 2 * i, i < 127 ? "a." : "a", 2);
		packet_label(&p, "a", 1);
	}
	packet_8(&p, 0);
	packet_16(&p, PACKET_MX);
	packet_16(&p, PACKET_IN);
	ck_assert_int_eq(open_as(name, MXSEL_TYPE_MX, p.size),
		MXSEL_EMALFORMED);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S18_F6_a_message_cut_anywhere_is_malformed)
{
	size_t size;

	begin(0);
	packet_cname(&p, NULL, 300, "alias.example.com");
	packet_mx(&p, PACKET_ANSWER, "alias.example.com", 300, 10, "mx");
	packet_soa(&p, NULL, 900, 900);
	packet_opt(&p, PACKET_ADDITIONAL, 0);
	for (size = 0; size < p.size; size++)
		ck_assert_int_eq(open_as("example.com", MXSEL_TYPE_MX, size),
			MXSEL_EMALFORMED);
	ck_assert_int_eq(open_mx(), MXSEL_OK);
}
END_TEST

START_TEST(S18_F69_a_count_that_is_not_reached_is_malformed)
{
	int section;

	for (section = PACKET_ANSWER; section <= PACKET_ADDITIONAL;
		section++) {
		begin(0);
		packet_mx(&p, section, NULL, 300, 10, "mx.example.com");
		packet_count(&p, section);
		ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
		packet_set16(&p, 4 + 2 * (size_t)section, 65535);
		ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	}
}
END_TEST

START_TEST(S18_F69_F70_what_is_not_counted_is_not_there)
{
	begin(0);
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "mx.example.com");
	packet_set16(&p, 6, 0);
	assert_outcome(MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(m.records, 0);
	packet_set16(&p, 6, 1);
	packet_bytes(&p, "junk \xff\xff\xff", 8);
	assert_outcome(MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(m.records, 1);
}
END_TEST

START_TEST(S12_F56_65535_octets_are_a_message_and_more_are_none)
{
	static uint8_t big[PACKET_MAX + 1];

	begin(0);
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "mx.example.com");
	memcpy(big, p.octets, p.size);
	ck_assert_int_eq(mxsel__wire_open(&m, big, PACKET_MAX, "example.com",
			MXSEL_TYPE_MX, 10), MXSEL_OK);
	ck_assert_int_eq(mxsel__wire_open(&m, big, PACKET_MAX + 1,
			"example.com", MXSEL_TYPE_MX, 10), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S19_R18_F47_F48_F49_only_the_owner_s_answers_count)
{
	begin(0);
	packet_mx(&p, PACKET_ANSWER, "example.org", 1, 1, "mx.example");
	packet_mx(&p, PACKET_ANSWER, "www.example.com", 1, 2, "mx.example");
	packet_mx(&p, PACKET_ANSWER, "com", 1, 3, "mx.example");
	packet_pointer(&p, 12); /* F49: another class, even if unreadable */
	packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_CH, 1);
	packet_8(&p, 0xff);
	packet_end(&p);
	packet_mx(&p, PACKET_AUTHORITY, NULL, 1, 4, "mx.example"); /* F48 */
	packet_mx(&p, PACKET_ADDITIONAL, NULL, 1, 5, "mx.example");
	assert_outcome(MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(m.records, 0);
}
END_TEST

START_TEST(S19_R18_F47_foreign_records_are_passed_over)
{
	struct mxsel__record r;

	begin(0);
	packet_record(&p, PACKET_ANSWER, NULL, PACKET_TXT, 1, "\1a", 2);
	packet_mx(&p, PACKET_ANSWER, "example.org", 1, 1, "mx.example");
	packet_mx(&p, PACKET_ANSWER, NULL, 1, 2, "mx.example");
	packet_mx(&p, PACKET_ANSWER, "example.net", 1, 3, "mx.example");
	assert_outcome(MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(m.records, 1);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
	ck_assert_uint_eq(r.preference, 2);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 0);
}
END_TEST

START_TEST(F71_there_is_one_opt_and_it_is_additional)
{
	begin(0);
	packet_opt(&p, PACKET_ADDITIONAL, 0);
	ck_assert_int_eq(open_mx(), MXSEL_OK);
	packet_opt(&p, PACKET_ADDITIONAL, 0);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	begin(0);
	packet_opt(&p, PACKET_ANSWER, 0);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	begin(0);
	packet_opt(&p, PACKET_AUTHORITY, 0);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	begin(0);
	packet_record(&p, PACKET_ADDITIONAL, NULL, PACKET_OPT, 0, "", 0);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(F55_4000_records_are_all_there)
{
	struct mxsel__record r;
	unsigned i;

	begin(0);
	for (i = 0; i < 4000; i++) {
		packet_pointer(&p, 12);
		packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 1);
		packet_16(&p, i);
		packet_pointer(&p, 12);
		packet_end(&p);
	}
	assert_outcome(MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(m.records, 4000);
	for (i = 0; i < 4000; i++) {
		ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
		ck_assert_uint_eq(r.preference, i);
	}
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 0);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

static void add_whose(TCase *tests)
{
	tcase_add_test(tests, S1_F7_less_than_a_header_is_malformed);
	tcase_add_test(tests, S1_F15_F16_only_a_reply_to_a_query_counts);
	tcase_add_test(tests, S1_F13_F14_there_is_one_question);
	tcase_add_loop_test(tests, S1_F11_another_name_is_no_answer, 0,
		COUNT(others));
	tcase_add_test(tests, S1_a_name_with_odd_octets_is_another_name);
	tcase_add_test(tests, S1_F12_another_type_or_class_is_no_answer);
	tcase_add_test(tests,
		S1_F19_the_question_may_come_back_in_another_case);
	tcase_add_test(tests, S1_the_root_can_be_asked_about);
	tcase_add_test(tests, S15_a_question_that_is_no_name_is_malformed);
	tcase_add_test(tests,
		S15_a_question_longer_than_any_name_is_no_answer);
}

static void add_sections(TCase *tests)
{
	tcase_add_test(tests, S18_F6_a_message_cut_anywhere_is_malformed);
	tcase_add_test(tests,
		S18_F69_a_count_that_is_not_reached_is_malformed);
	tcase_add_test(tests, S18_F69_F70_what_is_not_counted_is_not_there);
	tcase_add_test(tests,
		S12_F56_65535_octets_are_a_message_and_more_are_none);
	tcase_add_test(tests,
		S19_R18_F47_F48_F49_only_the_owner_s_answers_count);
	tcase_add_test(tests, S19_R18_F47_foreign_records_are_passed_over);
	tcase_add_test(tests, F71_there_is_one_opt_and_it_is_additional);
	tcase_add_test(tests, F55_4000_records_are_all_there);
}

int main(void)
{
	Suite *suite = suite_create("wire open");
	TCase *tests = tcase_create("open");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, forget);
	tcase_add_test(tests, an_answer_comes_apart_record_by_record);
	tcase_add_test(tests, addresses_come_as_octets);
	add_whose(tests);
	add_sections(tests);
	return mxsel_test_run(suite);
}
