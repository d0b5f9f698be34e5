/*
 * RDATA that is too short, too long or hides something (S16, S17, S18, F66,
 * F67, F68, F73), whatever section it stands in.
 */
#include "support/opened.h"
#include "support/run.h"

/* A lone record of this type and RDATA. */
static int open_with(int section, unsigned type, unsigned class,
	const void *rdata, size_t length)
{
	packet_begin(&p, PACKET_REPLY, "example.com", PACKET_MX);
	packet_pointer(&p, 12);
	packet_head(&p, section, type, class, 300);
	packet_bytes(&p, rdata, length);
	packet_end(&p);
	return open_mx();
}

START_TEST(S16_F66_an_mx_has_a_preference_and_a_name)
{
	size_t length;

	for (length = 0; length < 3; length++)
		ck_assert_int_eq(open_with(_i, PACKET_MX, PACKET_IN,
				"\0\12\0", length), MXSEL_EMALFORMED);
	ck_assert_int_eq(open_with(_i, PACKET_MX, PACKET_IN, "\0\12\0", 3),
		MXSEL_OK);
}
END_TEST

/* A short RDLENGTH, and behind it octets that would complete the name. */
START_TEST(S16_F66_an_exchange_is_not_completed_from_behind)
{
	size_t length;

	for (length = 0; length <= 5; length++) {
		packet_begin(&p, PACKET_REPLY, "example.com", PACKET_MX);
		packet_record(&p, _i, NULL, PACKET_MX, 1, "\0\12\2mx\0", 6);
		packet_set16(&p, p.size - 8, (unsigned)length);
		ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	}
	packet_set16(&p, p.size - 8, 6);
	ck_assert_int_eq(open_mx(), MXSEL_OK);
}
END_TEST

START_TEST(S16_F67_an_exchange_ends_where_its_rdata_ends)
{
	ck_assert_int_eq(open_with(_i, PACKET_MX, PACKET_IN, "\0\12\2mx\0",
			6), MXSEL_OK);
	ck_assert_int_eq(open_with(_i, PACKET_MX, PACKET_IN, "\0\12\2mx\0\0",
			7), MXSEL_EMALFORMED);
	ck_assert_int_eq(open_with(_i, PACKET_MX, PACKET_IN,
			"\0\12\2mx\xc0\x0c\0", 8), MXSEL_EMALFORMED);
}
END_TEST

/* The slack of the first record holds a whole second one. */
START_TEST(S17_F67_no_record_hides_in_the_rdata_of_another)
{
	packet_begin(&p, PACKET_REPLY, "example.com", PACKET_MX);
	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 1);
	packet_bytes(&p, "\0\12\2mx\0", 6);
	packet_bytes(&p, "\xc0\x0c\0\x0f\0\1\0\0\0\1\0\3\0\0\0", 15);
	packet_end(&p);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	packet_set16(&p, 6, 2);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	/* In a record that nobody reads it stays where it is. */
	packet_set16(&p, 6, 1);
	packet_set16(&p, 29 + 2, PACKET_TXT);
	ck_assert_int_eq(open_mx(), MXSEL_OK);
	ck_assert_uint_eq(m.records, 0);
}
END_TEST

START_TEST(S18_F68_rdata_past_the_end_is_malformed)
{
	static const unsigned lengths[] = { 7, 255, 256, 65535 };
	int i;

	for (i = 0; i < 4; i++) {
		packet_begin(&p, PACKET_REPLY, "example.com", PACKET_MX);
		packet_record(&p, _i, NULL, PACKET_TXT, 1, "\5hello", 6);
		packet_set16(&p, p.size - 8, lengths[i]);
		ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	}
}
END_TEST

START_TEST(S16_F73_an_address_has_its_length)
{
	static const uint8_t octets[20] = { 1, 2, 3 };
	size_t length;

	for (length = 0; length <= 20; length++) {
		ck_assert_int_eq(open_with(_i, PACKET_A, PACKET_IN, octets,
				length), length == 4 ? MXSEL_OK
				: MXSEL_EMALFORMED);
		ck_assert_int_eq(open_with(_i, PACKET_AAAA, PACKET_IN, octets,
				length), length == 16 ? MXSEL_OK
				: MXSEL_EMALFORMED);
	}
}
END_TEST

START_TEST(S16_an_alias_is_one_name)
{
	ck_assert_int_eq(open_with(_i, PACKET_CNAME, PACKET_IN, "\1a\0", 3),
		MXSEL_OK);
	ck_assert_int_eq(open_with(_i, PACKET_CNAME, PACKET_IN, "", 0),
		MXSEL_EMALFORMED);
	ck_assert_int_eq(open_with(_i, PACKET_CNAME, PACKET_IN, "\1a\0\0", 4),
		MXSEL_EMALFORMED);
	ck_assert_int_eq(open_with(_i, PACKET_CNAME, PACKET_IN, "\1a", 2),
		MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S16_an_soa_is_two_names_and_five_numbers)
{
	static const uint8_t soa[] = { 1, 'n', 0, 1, 'h', 0, 0, 0, 0, 1, 0, 0,
		0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0 };
	static const uint8_t bad[] = { 1, 'n', 0, 0x80, 'h', 0 };
	size_t length;

	for (length = 0; length <= sizeof(soa); length++)
		ck_assert_int_eq(open_with(_i, PACKET_SOA, PACKET_IN, soa,
				length), length == 26 ? MXSEL_OK
				: MXSEL_EMALFORMED);
	ck_assert_int_eq(open_with(_i, PACKET_SOA, PACKET_IN, bad,
			sizeof(bad)), MXSEL_EMALFORMED);
	ck_assert_int_eq(open_with(_i, PACKET_SOA, PACKET_IN, bad + 3, 3),
		MXSEL_EMALFORMED);
}
END_TEST

START_TEST(R18_rdata_of_another_class_is_not_read)
{
	ck_assert_int_eq(open_with(_i, PACKET_A, PACKET_CH, "\1a\0\0\1", 5),
		MXSEL_OK);
	ck_assert_int_eq(open_with(_i, PACKET_MX, PACKET_CH, "", 0),
		MXSEL_OK);
}
END_TEST

static void add(TCase *tests, const TTest *test)
{
	tcase_add_loop_test(tests, test, PACKET_ANSWER,
		PACKET_ADDITIONAL + 1);
}

int main(void)
{
	Suite *suite = suite_create("wire rdata");
	TCase *tests = tcase_create("rdata");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, forget);
	add(tests, S16_F66_an_mx_has_a_preference_and_a_name);
	add(tests, S16_F66_an_exchange_is_not_completed_from_behind);
	add(tests, S16_F67_an_exchange_ends_where_its_rdata_ends);
	tcase_add_test(tests,
		S17_F67_no_record_hides_in_the_rdata_of_another);
	add(tests, S18_F68_rdata_past_the_end_is_malformed);
	add(tests, S16_F73_an_address_has_its_length);
	add(tests, S16_an_alias_is_one_name);
	add(tests, S16_an_soa_is_two_names_and_five_numbers);
	add(tests, R18_rdata_of_another_class_is_not_read);
	return mxsel_test_run(suite);
}
