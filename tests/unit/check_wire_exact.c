/*
 * Messages at the very end of memory, whole and cut at every octet, and names
 * in them that nobody found sound: nothing is read behind the packet, and
 * nothing but the name itself counts (S1, S14, S15, S16, S21, F6, F64).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/guard.h"
#include "support/packet.h"
#include "support/run.h"
#include "wire/message.h"

static struct packet p;
static struct mxsel__message m;
static uint8_t *end_of_memory;

static void begin_memory(void)
{
	end_of_memory = (uint8_t *)guard_end(NULL, PACKET_MAX) + PACKET_MAX;
}

/* The first octets of p, moved to where memory ends. */
static const uint8_t *at_the_end(size_t size)
{
	memcpy(end_of_memory - size, p.octets, size);
	return end_of_memory - size;
}

static int open_cut(size_t size, const char *name, uint16_t type)
{
	return mxsel__wire_open(&m, at_the_end(size), size, name, type, 10);
}

static int open_whole(const char *name, uint16_t type)
{
	return open_cut(p.size, name, type);
}

static void begin_mx(void)
{
	packet_begin(&p, PACKET_REPLY, "example.com", PACKET_MX);
}

/* An MX record whose exchange is these labels and the end of a name. */
static void add_mx(const char *labels, size_t pointer)
{
	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 60);
	packet_16(&p, 10);
	packet_labels(&p, labels);
	if (pointer != 0)
		packet_pointer(&p, pointer);
	else
		packet_8(&p, 0);
	packet_end(&p);
}

/* The exchange of the next record as text. */
static const char *next_exchange(void)
{
	static char text[MXSEL__NAME_TEXT_SIZE];
	struct mxsel__record record;
	size_t length;

	ck_assert_int_eq(mxsel__wire_next(&m, &record), 1);
	(void)mxsel__wire_name(&m, record.exchange, text, &length);
	ck_assert_uint_eq(length, strlen(text));
	return text;
}

static void build_everything(void)
{
	begin_mx();
	add_mx("mx1", 12);
	packet_cname(&p, "other.example", 60, "a.example");
	add_mx("MX2.elsewhere", 20);
	packet_named(&p, PACKET_AUTHORITY, NULL, PACKET_NS, 60, "ns.example");
	packet_soa(&p, NULL, 300, 300);
	packet_opt(&p, PACKET_ADDITIONAL, 0);
}

START_TEST(F6_a_message_cut_anywhere_is_malformed_and_no_more_is_read)
{
	size_t size;

	build_everything();
	for (size = 0; size < p.size; size++)
		ck_assert_int_eq(open_cut(size, "example.com", MXSEL_TYPE_MX),
			MXSEL_EMALFORMED);
	ck_assert_int_eq(open_whole("example.com", MXSEL_TYPE_MX), MXSEL_OK);
	ck_assert_str_eq(next_exchange(), "mx1.example.com");
	ck_assert_str_eq(next_exchange(), "mx2.elsewhere.com");
}
END_TEST

/* Cut within the question, of which the text asked for has more. */
START_TEST(S1_a_question_that_ends_too_soon_is_not_read_further)
{
	size_t size;

	packet_begin(&p, PACKET_REPLY, "a.b", PACKET_MX);
	for (size = 12; size < p.size; size++)
		ck_assert_int_eq(open_cut(size, "a.b.c", MXSEL_TYPE_MX),
			MXSEL_EMALFORMED);
	ck_assert_int_eq(open_whole("a.b.c", MXSEL_TYPE_MX), MXSEL_EMISMATCH);
	ck_assert_int_eq(open_whole("a.bc", MXSEL_TYPE_MX), MXSEL_EMISMATCH);
	ck_assert_int_eq(open_whole("a", MXSEL_TYPE_MX), MXSEL_EMISMATCH);
	ck_assert_int_eq(open_whole("a.b", MXSEL_TYPE_MX), MXSEL_OK);
}
END_TEST

START_TEST(S1_an_octet_zero_is_not_the_end_of_the_text)
{
	static const char name[] = "ab\0\0";

	packet_begin(&p, PACKET_REPLY, "", PACKET_MX);
	p.size = 12;
	packet_label(&p, "ab\0", 3);
	packet_8(&p, 0);
	packet_16(&p, PACKET_MX);
	packet_16(&p, PACKET_IN);
	ck_assert_int_eq(open_whole(name, MXSEL_TYPE_MX), MXSEL_EMISMATCH);
}
END_TEST

/* Labels of every length, so that they end anywhere in a group of eight. */
START_TEST(a_name_that_ends_with_the_packet_is_read_to_its_end)
{
	char label[64];

	memset(label, 'x', sizeof(label));
	label[_i] = '\0';
	begin_mx();
	add_mx(label, 0);
	ck_assert_int_eq(open_whole("example.com", MXSEL_TYPE_MX), MXSEL_OK);
	ck_assert_str_eq(next_exchange(), label);
	begin_mx();
	add_mx(label, 12);
	ck_assert_int_eq(open_whole("example.com", MXSEL_TYPE_MX), MXSEL_OK);
	ck_assert_int_eq(strncmp(next_exchange(), label, (size_t)_i), 0);
}
END_TEST

START_TEST(the_root_asked_for_and_pointed_to_is_the_root)
{
	struct mxsel__record record;
	char text[MXSEL__NAME_TEXT_SIZE];
	size_t length;

	packet_begin(&p, PACKET_REPLY, "", PACKET_MX);
	add_mx("", 12);
	add_mx("com", 12);
	ck_assert_int_eq(open_whole("", MXSEL_TYPE_MX), MXSEL_OK);
	ck_assert_int_eq(mxsel__wire_next(&m, &record), 1);
	ck_assert_int_eq(mxsel__wire_name(&m, record.exchange, text, &length),
		MXSEL__NAME_ROOT);
	ck_assert_uint_eq(length, 0);
	ck_assert_str_eq(next_exchange(), "com");
}
END_TEST

/* A message that nobody opened: what is in it, no one knows. */
static enum mxsel__name_kind forged_name(size_t offset)
{
	char *text = guard_end(NULL, MXSEL__NAME_TEXT_SIZE);
	size_t length;

	memset(&m, 0, sizeof(m));
	m.packet = at_the_end(p.size);
	m.size = p.size;
	return mxsel__wire_name(&m, offset, text, &length);
}

START_TEST(S15_what_is_no_name_is_broken_and_not_read_further)
{
	size_t at;

	begin_mx();
	at = p.size;
	packet_8(&p, 5);
	packet_bytes(&p, "ab", 2);
	ck_assert_int_eq(forged_name(at), MXSEL__NAME_BROKEN);
	ck_assert_int_eq(forged_name(p.size), MXSEL__NAME_BROKEN);
	ck_assert(!mxsel__wire_name_is(&m, at, "abcde"));
	p.size = at;
	packet_labels(&p, "ab");
	ck_assert_int_eq(forged_name(at), MXSEL__NAME_BROKEN);
	packet_8(&p, 0xc0);
	ck_assert_int_eq(forged_name(at), MXSEL__NAME_BROKEN);
	packet_8(&p, 12);
	ck_assert_int_eq(forged_name(at), MXSEL__NAME_GOOD);
}
END_TEST

START_TEST(S15_a_name_longer_than_names_are_is_broken)
{
	char label[64];
	size_t at;
	int i;

	memset(label, 'x', sizeof(label));
	label[63] = '\0';
	begin_mx();
	at = p.size;
	for (i = 0; i < 40; i++)
		packet_labels(&p, label);
	packet_8(&p, 0);
	ck_assert_int_eq(forged_name(at), MXSEL__NAME_BROKEN);
}
END_TEST

START_TEST(S14_no_record_follows_where_the_packet_ends)
{
	struct mxsel__record record;
	size_t more;

	begin_mx();
	for (more = 0; more < 3; more++) {
		memset(&m, 0, sizeof(m));
		m.packet = at_the_end(p.size);
		m.size = p.size;
		m.type = MXSEL_TYPE_MX;
		m.left = 1;
		m.next = p.size - more;
		ck_assert_int_eq(mxsel__wire_next(&m, &record), 0);
		packet_8(&p, more == 0 ? 0xc0 : 12);
	}
}
END_TEST

START_TEST(a_name_is_itself_and_no_other)
{
	size_t at;

	begin_mx();
	at = p.size;
	packet_name(&p, "MX1.example.com");
	packet_name(&p, "mx.1");
	packet_label(&p, "ab\0", 3);
	packet_8(&p, 0);
	(void)forged_name(12);
	ck_assert(mxsel__wire_name_is(&m, at, "mx1.example.com"));
	ck_assert(!mxsel__wire_name_is(&m, at, "mx2.example.com"));
	ck_assert(!mxsel__wire_name_is(&m, at, "mx1.example.co"));
	ck_assert(!mxsel__wire_name_is(&m, at, "mx1.example.com.a"));
	ck_assert(!mxsel__wire_name_is(&m, at, "mx11.example.com"));
	ck_assert(!mxsel__wire_name_is(&m, at, "mx1.example"));
	ck_assert(!mxsel__wire_name_is(&m, at, "mx1"));
	ck_assert(mxsel__wire_name_is(&m, at + 17, "mx.1"));
	ck_assert(!mxsel__wire_name_is(&m, at + 17, "mx1"));
	ck_assert(!mxsel__wire_name_is(&m, at + 23, "ab\0\0"));
}
END_TEST

START_TEST(only_mx_records_have_a_preference_and_an_exchange)
{
	static const uint8_t address[4] = { 192, 0, 2, 1 };
	struct mxsel__record record;

	packet_begin(&p, PACKET_REPLY, "example.com", PACKET_A);
	packet_address(&p, PACKET_ANSWER, NULL, 60, address, 4);
	ck_assert_int_eq(open_whole("example.com", MXSEL_TYPE_A), MXSEL_OK);
	ck_assert_int_eq(mxsel__wire_next(&m, &record), 1);
	ck_assert_uint_eq(record.preference, 0);
	ck_assert_uint_eq(record.exchange, 0);
	ck_assert_mem_eq(record.rdata, address, 4);
}
END_TEST

START_TEST(a_question_needs_no_room_behind_it)
{
	size_t size = 12 + 13 + 4, more = size + 11;
	uint8_t *buffer = guard_end(NULL, size);

	ck_assert_int_eq(mxsel__wire_question(buffer, &size, 1, "example.com",
		MXSEL_TYPE_MX, 0), MXSEL_OK);
	ck_assert_uint_eq(size, 29);
	buffer = guard_end(NULL, more);
	ck_assert_int_eq(mxsel__wire_question(buffer, &more, 1, "example.com",
		MXSEL_TYPE_MX, MXSEL_PACKET_EDNS), MXSEL_OK);
	ck_assert_uint_eq(more, 40);
}
END_TEST

/* The header of this message reads as a name, were it taken for one. */
START_TEST(S16_an_soa_with_a_broken_name_is_malformed_whatever_the_id)
{
	packet_begin(&p, PACKET_REPLY, "", PACKET_MX);
	packet_set16(&p, 0, 0x3f00);
	packet_8(&p, 0);
	packet_head(&p, PACKET_AUTHORITY, PACKET_SOA, PACKET_IN, 60);
	packet_8(&p, 0x40);
	while (p.size < 85)
		packet_8(&p, 0);
	packet_end(&p);
	ck_assert_int_eq(open_whole("", MXSEL_TYPE_MX), MXSEL_EMALFORMED);
	p.octets[p.rdata] = 0;
	ck_assert_int_eq(open_whole("", MXSEL_TYPE_MX), MXSEL_EMALFORMED);
}
END_TEST

/* What stands behind the name asked for is type and class, were it whole. */
START_TEST(S1_a_longer_name_is_not_the_one_asked_for)
{
	packet_begin(&p, PACKET_REPLY, "", PACKET_MX);
	p.size = 12;
	packet_label(&p, "a", 1);
	packet_label(&p, "\0\17\0\1", 4);
	packet_8(&p, 0);
	packet_16(&p, PACKET_MX);
	packet_16(&p, PACKET_IN);
	ck_assert_int_eq(open_whole("a", MXSEL_TYPE_MX), MXSEL_EMISMATCH);
}
END_TEST

static void add_mx_of(const char *owner, unsigned class, unsigned preference)
{
	packet_owner(&p, owner);
	packet_head(&p, PACKET_ANSWER, PACKET_MX, class, 60);
	packet_16(&p, preference);
	packet_name(&p, "mx.example");
	packet_end(&p);
}

START_TEST(R18_behind_aliases_only_records_of_the_type_and_class_count)
{
	struct mxsel__record record;

	begin_mx();
	packet_cname(&p, NULL, 60, "b.example");
	packet_cname(&p, "b.example", 3600, "c.example");
	packet_named(&p, PACKET_ANSWER, "c.example", PACKET_NS, 60, "d");
	add_mx_of("c.example", PACKET_CH, 99);
	add_mx_of("c.example", PACKET_IN, 10);
	ck_assert_int_eq(open_whole("example.com", MXSEL_TYPE_MX), MXSEL_OK);
	ck_assert_uint_eq(m.links, 2);
	ck_assert_uint_eq(m.records, 1);
	ck_assert_uint_eq(m.alias_ttl, 60);
	ck_assert_int_eq(mxsel__wire_next(&m, &record), 1);
	ck_assert_uint_eq(record.preference, 10);
	ck_assert_int_eq(mxsel__wire_next(&m, &record), 0);
}
END_TEST

/* 127 labels of one letter: the name that costs most. */
static void long_name(char name[254])
{
	memset(name, '.', 253);
	for (size_t i = 0; i < 253; i += 2)
		name[i] = 'a';
	name[253] = '\0';
}

/* A message with so many addresses of a name that costs much each time. */
static int open_costly(unsigned records, unsigned type, int with_alias)
{
	char name[254];
	size_t at;

	long_name(name);
	packet_begin(&p, PACKET_REPLY, "example.com", PACKET_A);
	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_TXT, PACKET_IN, 60);
	at = p.size;
	packet_name(&p, name);
	packet_end(&p);
	if (with_alias)
		packet_cname(&p, "b", 60, "c");
	for (; records > 0; records--) {
		packet_pointer(&p, at);
		packet_head(&p, PACKET_ANSWER, type, PACKET_IN, 60);
		packet_bytes(&p, "\300\0\2\1", 4);
		packet_end(&p);
	}
	return open_whole("example.com", MXSEL_TYPE_A);
}

/* How many such records a message may have. */
static unsigned most_records(unsigned type, int with_alias)
{
	unsigned records = 0;

	while (open_costly(records + 1, type, with_alias) == MXSEL_OK)
		records++;
	return records;
}

/*
 * Four steps an octet, of the message and of 1,024 more: 5,280 and 64 for
 * each record. A record costs 129 (127 labels, a pointer, the visit), and 3
 * more where its name is compared with the question's. An alias of somebody
 * else costs a second visit of each, and no third.
 */
START_TEST(S14_a_message_costs_no_more_steps_than_it_may)
{
	ck_assert_uint_eq(most_records(PACKET_TXT, 0), 81);
	ck_assert_uint_eq(most_records(PACKET_A, 0), 77);
	ck_assert_uint_eq(most_records(PACKET_A, 1), 77);
}
END_TEST

START_TEST(S14_a_pointer_to_the_question_costs_one_step)
{
	char name[254];
	int i;

	long_name(name);
	packet_begin(&p, PACKET_REPLY, name, PACKET_A);
	for (i = 0; i < 500; i++)
		packet_record(&p, PACKET_ANSWER, NULL, PACKET_A, 60,
			"\300\0\2\1", 4);
	ck_assert_int_eq(open_whole(name, MXSEL_TYPE_A), MXSEL_OK);
	ck_assert_uint_eq(m.records, 500);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire exact");
	TCase *tests = tcase_create("exact");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, begin_memory, NULL);
	tcase_add_test(tests,
		F6_a_message_cut_anywhere_is_malformed_and_no_more_is_read);
	tcase_add_test(tests,
		S1_a_question_that_ends_too_soon_is_not_read_further);
	tcase_add_test(tests, S1_an_octet_zero_is_not_the_end_of_the_text);
	tcase_add_loop_test(tests,
		a_name_that_ends_with_the_packet_is_read_to_its_end, 1, 64);
	tcase_add_test(tests,
		the_root_asked_for_and_pointed_to_is_the_root);
	tcase_add_test(tests,
		S15_what_is_no_name_is_broken_and_not_read_further);
	tcase_add_test(tests, S15_a_name_longer_than_names_are_is_broken);
	tcase_add_test(tests, S14_no_record_follows_where_the_packet_ends);
	tcase_add_test(tests, a_name_is_itself_and_no_other);
	tcase_add_test(tests,
		only_mx_records_have_a_preference_and_an_exchange);
	tcase_add_test(tests, a_question_needs_no_room_behind_it);
	tcase_add_test(tests,
		S16_an_soa_with_a_broken_name_is_malformed_whatever_the_id);
	tcase_add_test(tests, S1_a_longer_name_is_not_the_one_asked_for);
	tcase_add_test(tests,
		R18_behind_aliases_only_records_of_the_type_and_class_count);
	tcase_add_test(tests, S14_a_message_costs_no_more_steps_than_it_may);
	tcase_add_test(tests, S14_a_pointer_to_the_question_costs_one_step);
	return mxsel_test_run(suite);
}
