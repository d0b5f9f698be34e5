/*
 * What a reply comes to: response codes, denials and how long they last,
 * delegations, answers that were cut (S12, S34, R12-R14, R77).
 */
#include "support/opened.h"
#include "support/run.h"

static const struct {
	unsigned rcode;
	int outcome;
} codes[] = {
	{ 0, MXSEL_DNS_COMPLETE }, { 1, MXSEL_DNS_FORMERR },
	{ 2, MXSEL_DNS_SERVFAIL }, { 3, MXSEL_DNS_NXDOMAIN },
	{ 4, MXSEL_DNS_NOTIMP }, { 5, MXSEL_DNS_REFUSED },
	{ 6, MXSEL_DNS_RCODE }, { 15, MXSEL_DNS_RCODE },
	{ 16, MXSEL_DNS_RCODE }, { 19, MXSEL_DNS_RCODE },
	{ 23, MXSEL_DNS_RCODE }, { 4080, MXSEL_DNS_RCODE }
};

START_TEST(R14_F36_F37_F38_F39_F41_every_response_code_has_an_outcome)
{
	begin(codes[_i].rcode & 15);
	packet_opt(&p, PACKET_ADDITIONAL, codes[_i].rcode >> 4);
	assert_outcome(codes[_i].outcome);
	ck_assert_uint_eq(m.records, 0);
}
END_TEST

START_TEST(R14_records_beside_an_error_do_not_count)
{
	struct mxsel__record r;

	begin(2);
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "mx.example.com");
	assert_outcome(MXSEL_DNS_SERVFAIL);
	ck_assert_uint_eq(m.records, 0);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 0);
}
END_TEST

START_TEST(R12_F42_nxdomain_with_answers_is_malformed)
{
	begin(3);
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "mx.example.com");
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	begin(3);
	packet_mx(&p, PACKET_ANSWER, "example.org", 300, 10, "mx.example");
	packet_soa(&p, "com", 900, 86400);
	assert_outcome(MXSEL_DNS_NXDOMAIN);
	ck_assert(m.has_negative);
	ck_assert_uint_eq(m.negative_ttl, 900);
}
END_TEST

START_TEST(R13_F43_nodata_needs_no_soa)
{
	begin(0);
	assert_outcome(MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(m.records, 0);
	ck_assert(!m.has_negative);
	ck_assert_uint_eq(m.negative_ttl, 0);
}
END_TEST

static const struct {
	uint32_t ttl, minimum, want;
} denials[] = {
	{ 900, 86400, 900 }, { 86400, 900, 900 }, { 0, 900, 0 },
	{ 0x7fffffff, 0x7fffffff, 0x7fffffff }, { 0x80000000, 900, 0 },
	{ 900, 0x80000000, 0 }, { 0xffffffff, 0xffffffff, 0 }
};

START_TEST(R77_S34_F53_a_denial_is_kept_by_its_soa)
{
	begin(0);
	packet_soa(&p, NULL, denials[_i].ttl, denials[_i].minimum);
	packet_soa(&p, "com", 1, 1); /* the first one counts */
	assert_outcome(MXSEL_DNS_COMPLETE);
	ck_assert(m.has_negative);
	ck_assert_uint_eq(m.negative_ttl, denials[_i].want);
}
END_TEST

START_TEST(an_soa_of_another_class_denies_nothing)
{
	begin(0);
	packet_soa(&p, NULL, 900, 900);
	packet_set16(&p, 29 + 4, PACKET_CH);
	assert_outcome(MXSEL_DNS_COMPLETE);
	ck_assert(!m.has_negative);
}
END_TEST

START_TEST(R77_S34_F53_a_ttl_above_2_31_counts_as_0)
{
	static const uint32_t ttls[] = { 0, 0x7fffffff, 0x80000000,
		0xffffffff };
	static const uint32_t wanted[] = { 0, 0x7fffffff, 0, 0 };
	struct mxsel__record r;
	int i;

	begin(0);
	for (i = 0; i < 4; i++)
		packet_mx(&p, PACKET_ANSWER, NULL, ttls[i], 10, "mx");
	assert_outcome(MXSEL_DNS_COMPLETE);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
		ck_assert_uint_eq(r.ttl, wanted[i]);
	}
}
END_TEST

START_TEST(R14_F44_a_referral_is_no_answer)
{
	begin(0);
	packet_named(&p, PACKET_AUTHORITY, "com", PACKET_NS, 9, "ns.example");
	assert_outcome(MXSEL_DNS_REFERRAL);
	/* Authoritative, with a denial or an answer it is none. */
	packet_set16(&p, 2, PACKET_REPLY | PACKET_AA);
	assert_outcome(MXSEL_DNS_COMPLETE);
	packet_set16(&p, 2, PACKET_REPLY);
	packet_soa(&p, NULL, 900, 900);
	assert_outcome(MXSEL_DNS_COMPLETE);
	begin(0);
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "mx.example.com");
	packet_named(&p, PACKET_AUTHORITY, NULL, PACKET_NS, 9, "ns.example");
	assert_outcome(MXSEL_DNS_COMPLETE);
}
END_TEST

START_TEST(S12_F35_a_cut_answer_is_truncated_wherever_it_ends)
{
	struct mxsel__record r;
	size_t size;

	begin(PACKET_TC);
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "mx1.example.com");
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "mx2.example.com");
	for (size = 0; size <= p.size; size++) {
		int result = open_as("example.com", MXSEL_TYPE_MX, size);

		if (size < 29) {
			ck_assert_int_eq(result, MXSEL_EMALFORMED);
			continue;
		}
		ck_assert_int_eq(result, MXSEL_OK);
		ck_assert_uint_eq(m.outcome, MXSEL_DNS_TRUNCATED);
		ck_assert_uint_eq(m.records, 0);
		ck_assert_int_eq(mxsel__wire_next(&m, &r), 0);
		mxsel__wire_rewind(&m);
		ck_assert_int_eq(mxsel__wire_next(&m, &r), 0);
	}
	ck_assert_int_eq(open_as("example.org", MXSEL_TYPE_MX, p.size),
		MXSEL_EMISMATCH);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

int main(void)
{
	Suite *suite = suite_create("wire outcome");
	TCase *tests = tcase_create("outcome");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, forget);
	tcase_add_loop_test(tests,
		R14_F36_F37_F38_F39_F41_every_response_code_has_an_outcome, 0,
		COUNT(codes));
	tcase_add_test(tests, R14_records_beside_an_error_do_not_count);
	tcase_add_test(tests, R12_F42_nxdomain_with_answers_is_malformed);
	tcase_add_test(tests, R13_F43_nodata_needs_no_soa);
	tcase_add_loop_test(tests, R77_S34_F53_a_denial_is_kept_by_its_soa, 0,
		COUNT(denials));
	tcase_add_test(tests, an_soa_of_another_class_denies_nothing);
	tcase_add_test(tests, R77_S34_F53_a_ttl_above_2_31_counts_as_0);
	tcase_add_test(tests, R14_F44_a_referral_is_no_answer);
	tcase_add_test(tests,
		S12_F35_a_cut_answer_is_truncated_wherever_it_ends);
	return mxsel_test_run(suite);
}
