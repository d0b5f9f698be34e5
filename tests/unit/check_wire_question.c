/*
 * Questions as they go out (RFC 1035 4.1, RFC 6891): octet by octet.
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"
#include "wire/message.h"

static const uint8_t plain[] = {
	0xbe, 0xef, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, 'e', 'x', 'a', 'm', 'p',
	'l', 'e', 3, 'c', 'o', 'm', 0, 0, 15, 0, 1
};

static const uint8_t opt[] = { 0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0 };

START_TEST(a_question_has_one_name_and_wants_recursion)
{
	uint8_t buffer[MXSEL__WIRE_QUERY_SIZE];
	size_t size = sizeof(buffer);

	ck_assert_int_eq(mxsel__wire_question(buffer, &size, 0xbeef,
			"example.com", MXSEL_TYPE_MX, 0), MXSEL_OK);
	ck_assert_uint_eq(size, sizeof(plain));
	ck_assert_mem_eq(buffer, plain, sizeof(plain));
}
END_TEST

START_TEST(S13_edns_announces_1232_octets)
{
	uint8_t buffer[MXSEL__WIRE_QUERY_SIZE];
	size_t size = sizeof(buffer);

	ck_assert_int_eq(mxsel__wire_question(buffer, &size, 0xbeef,
			"example.com", MXSEL_TYPE_MX, 1), MXSEL_OK);
	ck_assert_uint_eq(size, sizeof(plain) + sizeof(opt));
	ck_assert_uint_eq(buffer[11], 1);
	ck_assert_mem_eq(buffer + 12, plain + 12, sizeof(plain) - 12);
	ck_assert_mem_eq(buffer + sizeof(plain), opt, sizeof(opt));
}
END_TEST

START_TEST(a_question_for_the_root_can_be_asked)
{
	uint8_t buffer[MXSEL__WIRE_QUERY_SIZE];
	size_t size = sizeof(buffer);

	ck_assert_int_eq(mxsel__wire_question(buffer, &size, 1, "",
			MXSEL_TYPE_AAAA, 0), MXSEL_OK);
	ck_assert_uint_eq(size, 17);
	ck_assert_mem_eq(buffer + 12, "\0\0\x1c\0\1", 5);
}
END_TEST

START_TEST(a_buffer_too_small_is_told_what_is_needed)
{
	uint8_t buffer[40];
	size_t size;
	size_t room;

	for (room = 0; room < 40; room++) {
		memset(buffer, 0xaa, sizeof(buffer));
		size = room;
		ck_assert_int_eq(mxsel__wire_question(buffer, &size, 1,
				"example.com", MXSEL_TYPE_MX, 1),
			MXSEL_ESPACE);
		ck_assert_uint_eq(size, 40);
		ck_assert_uint_eq(buffer[0], 0xaa);
	}
	ck_assert_int_eq(mxsel__wire_question(buffer, &size, 1, "example.com",
			MXSEL_TYPE_MX, 1), MXSEL_OK);
}
END_TEST

START_TEST(the_longest_name_fits_into_512_octets)
{
	uint8_t buffer[MXSEL__WIRE_QUERY_SIZE];
	size_t size = sizeof(buffer);
	char name[254];
	int i;

	for (i = 0; i < 127; i++)
		memcpy(name + 2 * i, "a.", 2);
	name[253] = '\0';
	ck_assert_int_eq(mxsel__wire_question(buffer, &size, 1, name,
			MXSEL_TYPE_MX, 1), MXSEL_OK);
	ck_assert_uint_eq(size, 12 + 255 + 4 + 11);
}
END_TEST

START_TEST(R3_what_is_no_host_name_is_not_asked)
{
	uint8_t buffer[MXSEL__WIRE_QUERY_SIZE];
	size_t size = sizeof(buffer);

	ck_assert_int_eq(mxsel__wire_question(buffer, &size, 1, "a..b",
			MXSEL_TYPE_MX, 1), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel__wire_question(buffer, &size, 1, "a b",
			MXSEL_TYPE_MX, 1), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(a_question_sent_back_as_a_reply_is_understood)
{
	uint8_t buffer[MXSEL__WIRE_QUERY_SIZE];
	size_t size = sizeof(buffer);
	struct mxsel__message m;

	ck_assert_int_eq(mxsel__wire_question(buffer, &size, 1,
			"mx.example.com", MXSEL_TYPE_A, 1), MXSEL_OK);
	ck_assert_int_eq(mxsel__wire_open(&m, buffer, size, "mx.example.com",
			MXSEL_TYPE_A, 10), MXSEL_EMISMATCH);
	buffer[2] |= 0x80; /* QR */
	ck_assert_int_eq(mxsel__wire_open(&m, buffer, size, "mx.example.com",
			MXSEL_TYPE_A, 10), MXSEL_OK);
	ck_assert_uint_eq(m.outcome, MXSEL_DNS_COMPLETE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire question");
	TCase *tests = tcase_create("question");

	suite_add_tcase(suite, tests);
	tcase_add_test(tests, a_question_has_one_name_and_wants_recursion);
	tcase_add_test(tests, S13_edns_announces_1232_octets);
	tcase_add_test(tests, a_question_for_the_root_can_be_asked);
	tcase_add_test(tests, a_buffer_too_small_is_told_what_is_needed);
	tcase_add_test(tests, the_longest_name_fits_into_512_octets);
	tcase_add_test(tests, R3_what_is_no_host_name_is_not_asked);
	tcase_add_test(tests, a_question_sent_back_as_a_reply_is_understood);
	return mxsel_test_run(suite);
}
