/*
 * Names in messages at their limits: as long as names can be, with the
 * question's name behind a pointer, and where a message ends with its header
 * (S1, S14, S15, F65).
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/packet.h"
#include "support/run.h"
#include "wire/message.h"

static struct packet p;
static struct mxsel__message m;
static char name[256];

/* Labels of 63 octets, and one of so many. */
static void name_of(int full_labels, int rest)
{
	int i;

	memset(name, 'a', sizeof(name));
	for (i = 0; i < full_labels; i++)
		name[64 * i + 63] = '.';
	name[64 * full_labels + rest] = '\0';
}

static int open_mx(void)
{
	return mxsel__wire_open(&m, p.octets, p.size, name, PACKET_MX, 10);
}

/* An MX record of a host right under the question's name. */
static int open_host(const char *label)
{
	packet_begin(&p, PACKET_REPLY, name, PACKET_MX);
	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 60);
	packet_16(&p, 10);
	packet_labels(&p, label);
	packet_pointer(&p, 12);
	packet_end(&p);
	return open_mx();
}

/* A name written at once behind the header: labels of these octets. */
static int is_no_host(const char *label, size_t length, unsigned labels)
{
	p.size = 0;
	packet_bytes(&p, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
	while (labels-- > 0)
		packet_label(&p, label, length);
	packet_8(&p, 0);
	m.packet = p.octets;
	m.size = p.size;
	return mxsel__wire_is_no_host(&m, 12);
}

START_TEST(S14_R20_what_is_surely_no_host)
{
	ck_assert(is_no_host("abcdefgh!", 9, 7));
	ck_assert(is_no_host("\1", 1, 31));
	/* As short as an address may be, or fit for a host. */
	ck_assert(!is_no_host("\1", 1, 30));
	ck_assert(!is_no_host("abcdefghi", 9, 7));
	ck_assert(!is_no_host("", 0, 0));
}
END_TEST

START_TEST(S15_F65_a_host_of_255_octets_is_one_with_256_there_is_none)
{
	char text[MXSEL__NAME_TEXT_SIZE];
	struct mxsel__record record;
	size_t length;

	name_of(3, 57); /* 251 octets on the wire */
	ck_assert_int_eq(open_host("abc"), MXSEL_OK);
	ck_assert_int_eq(mxsel__wire_next(&m, &record), 1);
	ck_assert_int_eq(mxsel__wire_name(&m, record.exchange, text, &length),
		MXSEL__NAME_GOOD);
	ck_assert_uint_eq(length, 253);
	ck_assert_int_eq(strncmp(text, "abc.aaa", 7), 0);
	ck_assert_int_eq(open_host("abcd"), MXSEL_EMALFORMED);
	name_of(3, 61); /* 255 */
	ck_assert_int_eq(open_host("a"), MXSEL_EMALFORMED);
	ck_assert_int_eq(open_host(""), MXSEL_OK);
}
END_TEST

START_TEST(S1_a_question_that_is_not_there_is_no_question)
{
	packet_begin(&p, PACKET_REPLY, ".", PACKET_MX);
	name[0] = '\0'; /* the root */
	ck_assert_int_eq(open_mx(), MXSEL_OK);
	for (; p.size >= 12; p.size--)
		if (p.size < 17)
			ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	packet_begin(&p, PACKET_REPLY, "a", PACKET_MX);
	ck_assert_int_ne(open_mx(), MXSEL_OK);
}
END_TEST

/* Only of messages that nobody looked at before. */
START_TEST(S15_a_name_beyond_253_octets_is_none_that_was_asked_for)
{
	int rest;

	for (rest = 1; rest <= 63; rest++) {
		name_of(3, rest);
		p.size = 0;
		packet_name(&p, name);
		memset(&m, 0, sizeof(m));
		m.packet = p.octets;
		m.size = p.size;
		ck_assert_int_eq(mxsel__wire_name_is(&m, 0, name), rest <= 61);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire limits");
	TCase *t = tcase_create("limits");

	tcase_add_test(t, S14_R20_what_is_surely_no_host);
	tcase_add_test(t,
		S15_F65_a_host_of_255_octets_is_one_with_256_there_is_none);
	tcase_add_test(t, S1_a_question_that_is_not_there_is_no_question);
	tcase_add_test(t,
		S15_a_name_beyond_253_octets_is_none_that_was_asked_for);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
