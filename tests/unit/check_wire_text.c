/*
 * Names of a message as text: the text and the kind that the same name has
 * when it comes as text (S20, R20, R21, F51, F72), and comparisons.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "name/name.h"
#include "support/packet.h"
#include "support/run.h"
#include "wire/message.h"

static struct packet p;
static struct mxsel__message m;
static uint8_t *memory;

/* In memory that ends where the packet ends, as a message found sound. */
static void open_packet(void)
{
	free(memory);
	memory = malloc(p.size);
	ck_assert_ptr_nonnull(memory);
	memcpy(memory, p.octets, p.size);
	memset(&m, 0, sizeof(m));
	m.packet = memory;
	m.size = p.size;
}

static void teardown(void)
{
	free(memory);
	memory = NULL;
}

/* Twelve octets that are no name, so that offsets are as in a message. */
static void begin(void)
{
	static const uint8_t header[12] = { 0 };

	p.size = 0;
	packet_bytes(&p, header, 12);
}

static enum mxsel__name_kind read_name(size_t offset, char *out)
{
	size_t length = 12345;
	enum mxsel__name_kind kind;

	memset(out, 0x55, MXSEL__NAME_TEXT_SIZE);
	kind = mxsel__wire_name(&m, offset, out, &length);
	if (kind != MXSEL__NAME_BROKEN) {
		ck_assert_uint_eq(length, strlen(out));
		ck_assert_uint_lt(length, MXSEL__NAME_TEXT_SIZE);
	}
	return kind;
}

static void assert_name(enum mxsel__name_kind kind, const char *text)
{
	char out[MXSEL__NAME_TEXT_SIZE];

	open_packet();
	ck_assert_int_eq(read_name(12, out), kind);
	ck_assert_str_eq(out, text);
}

START_TEST(R20_a_host_name_is_written_in_lower_case)
{
	begin();
	packet_name(&p, "MX1.Example.COM");
	assert_name(MXSEL__NAME_GOOD, "mx1.example.com");
	begin();
	packet_name(&p, "a-very-LONG_label-0123456789-of-an-EXCHANGE.b");
	assert_name(MXSEL__NAME_GOOD,
		"a-very-long_label-0123456789-of-an-exchange.b");
	begin();
	packet_name(&p, ".");
	assert_name(MXSEL__NAME_ROOT, "");
}
END_TEST

static const char *const addresses[] = {
	"192.0.2.1", "[192.0.2.1]", "2001:db8::1", "[2001:db8::1]",
	"[ipv6:2001:db8::1]", "::ffff:192.0.2.1"
};

START_TEST(R21_F51_an_exchange_written_as_an_address_is_seen)
{
	begin();
	packet_name(&p, addresses[_i]);
	assert_name(MXSEL__NAME_ADDRESS, addresses[_i]);
}
END_TEST

START_TEST(R21_an_address_in_one_label_is_an_odd_name)
{
	begin();
	packet_label(&p, "192.0.2.1", 9);
	packet_8(&p, 0);
	assert_name(MXSEL__NAME_ODD, "192\\.0\\.2\\.1");
	begin();
	packet_name(&p, "192.0.2.256");
	assert_name(MXSEL__NAME_GOOD, "192.0.2.256");
	begin();
	packet_name(&p, "mx.192");
	assert_name(MXSEL__NAME_GOOD, "mx.192");
}
END_TEST

START_TEST(S20_F72_other_octets_are_escaped)
{
	static const char octets[] = "A\0 .\r\n\\\"\x80\xff_-";

	begin();
	packet_label(&p, octets, sizeof(octets) - 1);
	packet_name(&p, "Example");
	assert_name(MXSEL__NAME_ODD,
		"a\\000\\032\\.\\013\\010\\\\\"\\128\\255_-.example");
}
END_TEST

/* One octet of each value at each place of a label, near and far. */
START_TEST(S20_F72_an_octet_is_judged_wherever_it_stands)
{
	char want[80], octets[20], out[MXSEL__NAME_TEXT_SIZE];
	size_t at, label, behind, length;

	for (label = 1; label <= 17; label++) {
		for (at = 0; at < label; at++) {
			memset(octets, 'M', sizeof(octets));
			octets[at] = (char)_i;
			snprintf(want, sizeof(want),
				"%.*s\\%03d%.*s.tail", (int)at,
				"mmmmmmmmmmmmmmmmm", _i, (int)(label - at - 1),
				"mmmmmmmmmmmmmmmmm");
			ck_assert_int_ne(mxsel__name_parse(out, &length, want,
					strlen(want)), MXSEL__NAME_BROKEN);
			for (behind = 0; behind < 30; behind += 29) {
				begin();
				packet_label(&p, octets, label);
				packet_name(&p, "tail");
				packet_bytes(&p, memset(want, '!', 29),
					behind);
				assert_name(mxsel__name_fold[_i] != 0
					? MXSEL__NAME_GOOD
					: MXSEL__NAME_ODD, out);
			}
		}
	}
}
END_TEST

START_TEST(a_name_is_followed_through_its_pointers)
{
	char out[MXSEL__NAME_TEXT_SIZE];
	size_t first, second;

	begin();
	packet_name(&p, "Example.COM");
	first = p.size;
	packet_labels(&p, "Mail");
	packet_pointer(&p, 12);
	second = p.size;
	packet_labels(&p, "mx9");
	packet_pointer(&p, first);
	packet_pointer(&p, second);
	open_packet();
	ck_assert_int_eq(read_name(p.size - 2, out), MXSEL__NAME_GOOD);
	ck_assert_str_eq(out, "mx9.mail.example.com");
	ck_assert_int_eq(read_name(first, out), MXSEL__NAME_GOOD);
	ck_assert_str_eq(out, "mail.example.com");
	ck_assert(mxsel__wire_name_is(&m, p.size - 2,
		"mx9.mail.example.com"));
}
END_TEST

START_TEST(F65_F72_the_longest_names_fit)
{
	char out[MXSEL__NAME_TEXT_SIZE];
	uint8_t octets[63];
	int odd, i;

	for (odd = 0; odd < 2; odd++) {
		memset(octets, odd ? 1 : 'X', sizeof(octets));
		begin();
		for (i = 0; i < 3; i++)
			packet_label(&p, octets, 63);
		packet_label(&p, octets, 61);
		packet_8(&p, 0);
		open_packet();
		ck_assert_int_eq(read_name(12, out), odd ? MXSEL__NAME_ODD
		                                         : MXSEL__NAME_GOOD);
		ck_assert_uint_eq(strlen(out), odd ? 1003 : 253);
	}
	begin();
	for (i = 0; i < 127; i++)
		packet_label(&p, "A", 1);
	packet_8(&p, 0);
	open_packet();
	ck_assert_int_eq(read_name(12, out), MXSEL__NAME_GOOD);
	ck_assert_uint_eq(strlen(out), 253);
}
END_TEST

/* Such offsets never come from a message found sound. */
START_TEST(S14_what_is_no_name_is_broken_and_never_left)
{
	static const uint8_t octets[63] = { 0 };
	char out[MXSEL__NAME_TEXT_SIZE];
	size_t at;
	int i;

	begin();
	for (i = 0; i < 5; i++) /* too long, of odd octets */
		packet_label(&p, octets, 63);
	at = p.size;
	for (i = 0; i < 6; i++) /* too long, of good ones */
		packet_label(&p, memset(out, 'a', 63), 63);
	packet_pointer(&p, p.size);
	packet_8(&p, 0x40);
	packet_8(&p, 0xc0);
	open_packet();
	ck_assert_int_eq(read_name(12, out), MXSEL__NAME_BROKEN);
	ck_assert_int_eq(read_name(at, out), MXSEL__NAME_BROKEN);
	ck_assert_int_eq(read_name(p.size - 4, out), MXSEL__NAME_BROKEN);
	ck_assert_int_eq(read_name(p.size - 2, out), MXSEL__NAME_BROKEN);
	ck_assert_int_eq(read_name(p.size - 1, out), MXSEL__NAME_BROKEN);
	ck_assert_int_eq(read_name(p.size, out), MXSEL__NAME_BROKEN);
	ck_assert_int_eq(read_name(70000, out), MXSEL__NAME_BROKEN);
	ck_assert(!mxsel__wire_name_is(&m, p.size - 1, "a"));
	ck_assert(!mxsel__wire_name_is(&m, p.size, ""));
}
END_TEST

START_TEST(R6_a_name_is_recognized_in_any_case)
{
	begin();
	packet_name(&p, "MX.Example");
	open_packet();
	ck_assert(mxsel__wire_name_is(&m, 12, "mx.example"));
	ck_assert(!mxsel__wire_name_is(&m, 12, "mx.exampl"));
	ck_assert(!mxsel__wire_name_is(&m, 12, "mx.example2"));
	ck_assert(!mxsel__wire_name_is(&m, 12, "mx"));
	ck_assert(!mxsel__wire_name_is(&m, 12, "mx.example.com"));
	ck_assert(!mxsel__wire_name_is(&m, 12, "example"));
	ck_assert(!mxsel__wire_name_is(&m, 12, ""));
	ck_assert(mxsel__wire_name_is(&m, 15, "example"));
	ck_assert(mxsel__wire_name_is(&m, p.size - 1, ""));
	begin();
	packet_label(&p, "a\0b", 3);
	packet_8(&p, 0);
	open_packet();
	ck_assert(!mxsel__wire_name_is(&m, 12, "a"));
}
END_TEST

/* A random name; many octets are those that matter. */
static void random_name(struct mxsel__random *r)
{
	static const char special[] = ".\\ 09azAZ-_[]:\x7f\x80\xff\"@";
	size_t left = 1 + mxsel__random_below(r, 100);
	uint32_t strange = mxsel__random_below(r, 3);

	begin();
	while (left > 0) {
		size_t label = 1 + mxsel__random_below(r,
			(uint32_t)(left > 63 ? 63 : left));

		left -= label;
		packet_8(&p, (unsigned)label);
		for (; label > 0; label--) {
			uint32_t c = 'a' + mxsel__random_below(r, 26);

			if (strange > 0 && mxsel__random_below(r, 4) < strange)
				c = (uint8_t)special[mxsel__random_below(r,
					sizeof(special))];
			packet_8(&p, c);
		}
	}
	packet_8(&p, 0);
}

/* Every octet as \DDD: text that is certainly the same name. */
static size_t escaped(char *text)
{
	size_t at = 12, n = 0, i;

	while (p.octets[at] != 0) {
		for (i = 1; i <= p.octets[at]; i++)
			n += (size_t)snprintf(text + n, 5, "\\%03d",
				p.octets[at + i]);
		text[n++] = '.';
		at += p.octets[at] + 1u;
	}
	text[n] = '\0';
	return n;
}

START_TEST(S20_wire_and_text_give_one_name_one_text)
{
	struct mxsel__random r;
	char text[1200], want[MXSEL__NAME_TEXT_SIZE];
	char out[MXSEL__NAME_TEXT_SIZE];
	size_t length;
	int kinds[5] = { 0 };
	int i;

	mxsel__random_init(&r, 20);
	for (i = 0; i < 20000; i++) {
		enum mxsel__name_kind kind;

		random_name(&r);
		kind = mxsel__name_parse(want, &length, text, escaped(text));
		open_packet();
		ck_assert_int_eq(read_name(12, out), kind);
		ck_assert_str_eq(out, want);
		ck_assert_int_eq(mxsel__name_parse(text, &length, out,
				strlen(out)), kind);
		ck_assert_str_eq(text, out);
		if (kind == MXSEL__NAME_GOOD)
			ck_assert(mxsel__wire_name_is(&m, 12, out));
		kinds[kind]++;
	}
	ck_assert_int_gt(kinds[MXSEL__NAME_GOOD], 5000);
	ck_assert_int_gt(kinds[MXSEL__NAME_ODD], 5000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire text");
	TCase *tests = tcase_create("text");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, teardown);
	tcase_add_test(tests, R20_a_host_name_is_written_in_lower_case);
	tcase_add_loop_test(tests,
		R21_F51_an_exchange_written_as_an_address_is_seen, 0, 6);
	tcase_add_test(tests, R21_an_address_in_one_label_is_an_odd_name);
	tcase_add_test(tests, S20_F72_other_octets_are_escaped);
	tcase_add_loop_test(tests,
		S20_F72_an_octet_is_judged_wherever_it_stands, 0, 256);
	tcase_add_test(tests, a_name_is_followed_through_its_pointers);
	tcase_add_test(tests, F65_F72_the_longest_names_fit);
	tcase_add_test(tests,
		S14_what_is_no_name_is_broken_and_never_left);
	tcase_add_test(tests, R6_a_name_is_recognized_in_any_case);
	tcase_add_test(tests, S20_wire_and_text_give_one_name_one_text);
	return mxsel_test_run(suite);
}
