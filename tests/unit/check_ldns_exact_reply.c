/*
 * The response code of messages that end where memory does, whole and cut at
 * every octet: nothing is read behind them, and what was cut off adds nothing
 * to the code of the header (S3, S13, S21, F61). May use lib/ldns.
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <string.h>

#include "ldns/reply.h"

#include "support/guard.h"
#include "support/packet.h"
#include "support/run.h"

static struct packet p;
static uint8_t *end_of_memory;

static unsigned code_of_cut(size_t size)
{
	struct mxsel__reply reply = { end_of_memory - size, size, 0 };

	memcpy(end_of_memory - size, p.octets, size);
	ck_assert(mxsel__reply_is_answer(&reply));
	return mxsel__reply_code(&reply);
}

static void begin(void)
{
	end_of_memory = (uint8_t *)guard_end(NULL, PACKET_MAX) + PACKET_MAX;
	packet_begin(&p, PACKET_REPLY | 5, "d.example", PACKET_MX);
}

static void only_the_whole_has(unsigned code)
{
	size_t size;

	ck_assert_uint_eq(code_of_cut(p.size), code);
	for (size = 12; size < p.size; size++)
		ck_assert_uint_eq(code_of_cut(size), 5);
}

START_TEST(S13_S21_a_code_is_whole_or_that_of_the_header)
{
	begin();
	packet_opt(&p, PACKET_ADDITIONAL, 1);
	only_the_whole_has(0x15);
}
END_TEST

START_TEST(S13_S21_behind_other_records_too)
{
	begin();
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "mx.example");
	packet_named(&p, PACKET_AUTHORITY, "example", PACKET_NS, 300, "a.b");
	packet_address(&p, PACKET_ADDITIONAL, "a.b", 300,
		(const uint8_t *)"\1\2\3\4", 4);
	packet_opt(&p, PACKET_ADDITIONAL, 3);
	only_the_whole_has(0x35);
}
END_TEST

/* A count of records that are not there. */
START_TEST(S21_a_count_is_no_record)
{
	begin();
	packet_set16(&p, 10, 1);
	only_the_whole_has(5);
	packet_set16(&p, 10, 0);
	packet_set16(&p, 6, 3);
	only_the_whole_has(5);
}
END_TEST

/* What is no option, though it ends the message as one would. */
START_TEST(S13_another_record_has_no_code)
{
	begin();
	packet_8(&p, 0);
	packet_head(&p, PACKET_ADDITIONAL, PACKET_NS, 1232, UINT32_C(1) << 24);
	packet_end(&p);
	only_the_whole_has(5);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ldns: replies at the end");
	TCase *c = tcase_create("replies");

	tcase_add_test(c, S13_S21_a_code_is_whole_or_that_of_the_header);
	tcase_add_test(c, S13_S21_behind_other_records_too);
	tcase_add_test(c, S21_a_count_is_no_record);
	tcase_add_test(c, S13_another_record_has_no_code);
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
