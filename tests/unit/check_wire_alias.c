/*
 * CNAMEs in an answer: followed in any order, within bounds, and what stands
 * at the end of them (R11, R18, S19, S28, F46).
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/packet.h"
#include "support/run.h"
#include "wire/message.h"
#include "wire/scan.h"
#include "wire/walk.h"

static struct packet p;
static struct mxsel__message m;

static int open_with(unsigned max_links)
{
	static uint8_t memory[PACKET_MAX];

	memcpy(memory, p.octets, p.size);
	return mxsel__wire_open(&m, memory, p.size, "example.com",
		MXSEL_TYPE_MX, max_links);
}

static void begin(unsigned flags)
{
	packet_begin(&p, PACKET_REPLY | flags, "example.com", PACKET_MX);
}

static void assert_owner(const char *name)
{
	ck_assert(mxsel__wire_name_is(&m, m.owner, name));
}

START_TEST(R11_R18_the_records_of_an_alias_are_its_target_s)
{
	struct mxsel__record r;

	begin(0);
	packet_cname(&p, NULL, 300, "Mail.example.net");
	packet_mx(&p, PACKET_ANSWER, "mail.EXAMPLE.net", 600, 10, "mx");
	packet_mx(&p, PACKET_ANSWER, NULL, 600, 20, "old");
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.links, 1);
	ck_assert_uint_eq(m.alias_ttl, 300);
	ck_assert_uint_eq(m.records, 1);
	assert_owner("mail.example.net");
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
	ck_assert_uint_eq(r.preference, 10);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 0);
}
END_TEST

/* Link i of a chain: to "c<i+1>", the first one from the question's name. */
static void add_link(unsigned i)
{
	char owner[16], target[16];

	snprintf(owner, sizeof(owner), "c%u", i);
	snprintf(target, sizeof(target), "c%u", i + 1);
	packet_cname(&p, i == 0 ? NULL : owner, 1000 - i, target);
}

static void assert_chain(unsigned links)
{
	char end[16];

	snprintf(end, sizeof(end), "c%u", links);
	packet_mx(&p, PACKET_ANSWER, end, 1, 10, "mx");
	ck_assert_int_eq(open_with(16), MXSEL_OK);
	ck_assert(!m.loop);
	ck_assert_uint_eq(m.links, links);
	ck_assert_uint_eq(m.alias_ttl, 1001 - links);
	ck_assert_uint_eq(m.records, 1);
	assert_owner(end);
}

START_TEST(R11_F46_a_chain_is_followed_in_any_order)
{
	unsigned links = (unsigned)_i;
	unsigned i;

	begin(0);
	for (i = 0; i < links; i++)
		add_link(i);
	assert_chain(links);
	begin(0);
	for (i = links; i-- > 0;)
		add_link(i);
	assert_chain(links);
	begin(0);
	for (i = 0; i < links; i += 2)
		add_link(i);
	for (i = 1; i < links; i += 2)
		add_link(i);
	assert_chain(links);
}
END_TEST

START_TEST(R11_S28_F46_a_chain_has_at_most_the_links_allowed)
{
	unsigned links = (unsigned)_i;
	unsigned max, i;

	for (max = 0; max <= 17; max++) {
		int is_long = links > max || links > 16;

		begin(0);
		for (i = 0; i < links; i++)
			add_link(i);
		ck_assert_int_eq(open_with(max), MXSEL_OK);
		ck_assert_uint_eq(m.outcome, MXSEL_DNS_COMPLETE);
		ck_assert_int_eq(m.loop, is_long);
		ck_assert_int_eq(m.chain_long, is_long);
		if (!is_long)
			ck_assert_uint_eq(m.links, links);
	}
}
END_TEST

START_TEST(R11_S28_F46_a_circle_is_seen)
{
	unsigned links = (unsigned)_i;
	unsigned flags, i;
	char owner[16];

	/* NXDOMAIN beside a circle is no denial of anything. */
	for (flags = 0; flags <= 3; flags += 3) {
		begin(flags);
		for (i = 0; i + 1 < links; i++)
			add_link(i);
		snprintf(owner, sizeof(owner), "c%u", links - 1);
		packet_cname(&p, links == 1 ? NULL : owner, 1,
			"EXAMPLE.com");
		packet_mx(&p, PACKET_ANSWER, NULL, 1, 10, "mx");
		ck_assert_int_eq(open_with(links - 1), MXSEL_OK);
		ck_assert_uint_eq(m.outcome, MXSEL_DNS_COMPLETE);
		ck_assert(m.loop);
		ck_assert(!m.chain_long);
		ck_assert_uint_eq(m.records, 0);
	}
}
END_TEST

START_TEST(S28_F46_a_circle_further_down_is_seen)
{
	begin(0);
	packet_cname(&p, NULL, 1, "a");
	packet_cname(&p, "a", 1, "b");
	packet_cname(&p, "b", 1, "c");
	packet_cname(&p, "c", 1, "a");
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert(m.loop);
	ck_assert(!m.chain_long);
}
END_TEST

START_TEST(F46_one_owner_has_one_target)
{
	begin(0);
	packet_cname(&p, NULL, 300, "a.example");
	packet_cname(&p, NULL, 200, "A.Example");
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.links, 1);
	ck_assert_uint_eq(m.alias_ttl, 200);
	packet_cname(&p, NULL, 300, "b.example");
	ck_assert_int_eq(open_with(10), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S19_F47_aliases_of_others_lead_nowhere)
{
	begin(0);
	packet_cname(&p, "www.example.com", 1, "a.example");
	packet_cname(&p, "www.example.com", 1, "b.example");
	packet_pointer(&p, 12); /* of another class */
	packet_head(&p, PACKET_ANSWER, PACKET_CNAME, PACKET_CH, 1);
	packet_name(&p, "c.example");
	packet_end(&p);
	packet_named(&p, PACKET_AUTHORITY, NULL, PACKET_CNAME, 1, "d");
	packet_named(&p, PACKET_ADDITIONAL, NULL, PACKET_CNAME, 1, "e");
	packet_mx(&p, PACKET_ANSWER, NULL, 1, 10, "mx");
	packet_set16(&p, 6, 3); /* what is additional now is that MX */
	packet_set16(&p, 10, 2);
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.links, 0);
	ck_assert_uint_eq(m.owner, 12);
	ck_assert_uint_eq(m.alias_ttl, UINT32_MAX);
	ck_assert_uint_eq(m.records, 0);
}
END_TEST

/* A label of 1..63 octets is compared to its last octet, in either case. */
START_TEST(S19_R6_an_owner_is_compared_to_its_last_octet)
{
	char target[64], owner[64];
	size_t length = (size_t)_i, at;

	memset(target, 'm', length);
	target[length] = '\0';
	for (at = 0; at < length; at++) {
		memset(owner, 'M', length + 1);
		owner[length] = '\0';
		owner[at] = 'N';
		begin(0);
		packet_cname(&p, NULL, 1, target);
		packet_mx(&p, PACKET_ANSWER, owner, 1, 10, "mx");
		ck_assert_int_eq(open_with(10), MXSEL_OK);
		ck_assert_uint_eq(m.records, 0);
		owner[at] = 'm';
		packet_mx(&p, PACKET_ANSWER, owner, 1, 10, "mx");
		ck_assert_int_eq(open_with(10), MXSEL_OK);
		ck_assert_uint_eq(m.records, 1);
	}
}
END_TEST

/* '@' and '`' or '[' and '{' are no letters, 0xC4 and 0xE4 are none here. */
START_TEST(R6_only_ascii_letters_have_two_cases)
{
	static const uint8_t one[] = { '@', '[', 0xc4, 'A' | 0x80, 0x1a, 'K' };
	size_t length;

	for (length = 1; length <= 9; length += 8) {
		uint8_t target[16], owner[16];
		size_t i;

		for (i = 0; i < sizeof(one); i++) {
			memset(target, 'x', sizeof(target));
			memset(owner, 'X', sizeof(owner));
			target[0] = one[i];
			owner[0] = one[i] | 0x20;
			begin(0);
			packet_pointer(&p, 12);
			packet_head(&p, PACKET_ANSWER, PACKET_CNAME,
				PACKET_IN, 1);
			packet_label(&p, target, length);
			packet_8(&p, 0);
			packet_end(&p);
			packet_label(&p, owner, length);
			packet_8(&p, 0);
			packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_IN,
				1);
			packet_bytes(&p, "\0\1\0", 3);
			packet_end(&p);
			ck_assert_int_eq(open_with(10), MXSEL_OK);
			ck_assert_uint_eq(m.records, one[i] == 'K');
		}
	}
}
END_TEST

START_TEST(R12_nxdomain_after_an_alias_is_the_target_s)
{
	begin(3);
	packet_cname(&p, NULL, 1, "gone.example");
	packet_soa(&p, "example", 60, 60);
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.outcome, MXSEL_DNS_NXDOMAIN);
	ck_assert_uint_eq(m.links, 1);
	assert_owner("gone.example");
	packet_begin(&p, PACKET_REPLY | 3, "example.com", PACKET_MX);
	packet_cname(&p, NULL, 1, "here.example");
	packet_mx(&p, PACKET_ANSWER, "here.example", 1, 10, "mx");
	ck_assert_int_eq(open_with(10), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(R11_an_alias_beside_a_delegation_is_an_answer)
{
	begin(0);
	packet_cname(&p, NULL, 1, "a.example");
	packet_named(&p, PACKET_AUTHORITY, "example", PACKET_NS, 1, "ns");
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.outcome, MXSEL_DNS_COMPLETE);
	ck_assert_uint_eq(m.links, 1);
	ck_assert(!m.has_negative);
}
END_TEST

START_TEST(F46_a_dname_is_passed_over)
{
	begin(0);
	packet_named(&p, PACKET_ANSWER, "com", PACKET_DNAME, 5, "example");
	packet_cname(&p, NULL, 0x80000000, "example.example");
	packet_mx(&p, PACKET_ANSWER, "example.example", 1, 10, "mx");
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.links, 1);
	ck_assert_uint_eq(m.alias_ttl, 0);
	ck_assert_uint_eq(m.records, 1);
}
END_TEST

START_TEST(R11_a_target_may_be_any_name)
{
	begin(0);
	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_CNAME, PACKET_IN, 1);
	packet_label(&p, "a\0B", 3);
	packet_8(&p, 0);
	packet_end(&p);
	packet_label(&p, "A\0b", 3);
	packet_8(&p, 0);
	packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 1);
	packet_16(&p, 10);
	packet_name(&p, "mx");
	packet_end(&p);
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.links, 1);
	ck_assert_uint_eq(m.records, 1);
}
END_TEST

/* Beyond 14 bits a pointer cannot reach: it must not seem to. */
START_TEST(S19_a_target_far_away_is_not_taken_for_another)
{
	struct mxsel__record r;

	begin(0);
	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_TXT, PACKET_IN, 1);
	while (p.size < 0x400c - 12)
		packet_8(&p, 0);
	packet_end(&p);
	packet_cname(&p, NULL, 1, "far.example"); /* its target: 0x400c */
	packet_mx(&p, PACKET_ANSWER, NULL, 1, 10, "wrong");
	packet_mx(&p, PACKET_ANSWER, "far.example", 1, 20, "right");
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.owner, 0x400c);
	ck_assert_uint_eq(m.records, 1);
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
	ck_assert_uint_eq(r.preference, 20);
}
END_TEST

/* Sixteen links backwards, then records of another name. */
static void add_crowd(unsigned others, unsigned type)
{
	unsigned i;

	begin(0);
	for (i = 16; i-- > 0;)
		add_link(i);
	for (i = 0; i < others; i++) {
		if (type == PACKET_MX)
			packet_mx(&p, PACKET_ANSWER, "another.name", 1, 1, "x");
		else
			packet_cname(&p, "another.name", 1, "x");
	}
}

START_TEST(S14_F46_a_crowd_of_others_changes_nothing)
{
	add_crowd(1000, PACKET_MX);
	ck_assert_int_eq(open_with(16), MXSEL_OK);
	ck_assert_uint_eq(m.links, 16);
	ck_assert_uint_eq(m.records, 0);
	add_crowd(1500, PACKET_CNAME);
	ck_assert_int_eq(open_with(16), MXSEL_OK);
	ck_assert_uint_eq(m.links, 16);
}
END_TEST

/* Eighteen names that differ in their last label only. */
static void add_alike_names(size_t names[18])
{
	unsigned i, j;

	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_TXT, PACKET_IN, 1);
	for (i = 0; i < 18; i++) {
		names[i] = p.size;
		for (j = 0; j < 120; j++)
			packet_label(&p, "a", 1);
		packet_label(&p, &"ABCDEFGHIJKLMNOPQR"[i], 1);
		packet_8(&p, 0);
	}
	packet_end(&p);
}

/*
 * Eight links backwards between them, and records of the last one in all
 * that is left: each is sound, but to compare them every time would take more
 * than O(message).
 */
static void add_alike(unsigned type)
{
	size_t names[18];
	unsigned i;

	begin(0);
	add_alike_names(names);
	for (i = 8; i-- > 0;) {
		packet_pointer(&p, i == 0 ? 12 : names[i - 1]);
		packet_head(&p, PACKET_ANSWER, PACKET_CNAME, PACKET_IN, 1);
		packet_pointer(&p, names[i]);
		packet_end(&p);
	}
	while (p.size < PACKET_MAX - 56) {
		packet_pointer(&p, names[17]);
		packet_head(&p, PACKET_ANSWER, type, PACKET_IN, 1);
		if (type == PACKET_MX)
			packet_16(&p, 10);
		packet_pointer(&p, 12);
		packet_end(&p);
		packet_record(&p, PACKET_ANSWER, NULL, PACKET_TXT, 1,
			"\27text that costs nothing", 24);
	}
}

START_TEST(S14_entangled_aliases_are_malformed)
{
	add_alike(PACKET_CNAME);
	ck_assert_int_eq(open_with(16), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S14_entangled_owners_are_malformed)
{
	add_alike(PACKET_MX);
	ck_assert_int_eq(open_with(16), MXSEL_EMALFORMED);
}
END_TEST

/* Handed a section that nobody checked, nothing leaves it. */
START_TEST(S14_an_unchecked_section_is_not_left)
{
	struct mxsel__scan s = { 0 };
	struct mxsel__record r;
	size_t size;

	begin(0);
	packet_cname(&p, NULL, 1, "a");
	packet_mx(&p, PACKET_ANSWER, "a", 1, 10, "mx");
	for (size = 29; size < p.size; size++) {
		uint8_t *memory = malloc(size);

		ck_assert_ptr_nonnull(memory);
		memcpy(memory, p.octets, size);
		memset(&m, 0, sizeof(m));
		s.packet = m.packet = memory;
		s.size = m.size = size;
		s.work_max = 1000;
		m.type = MXSEL_TYPE_MX;
		m.answers = m.next = 29;
		m.answer_count = m.left = 2;
		m.owner = 12;
		ck_assert_int_eq(mxsel__scan_aliases(&s, &m, 10), -1);
		ck_assert_int_eq(mxsel__wire_next(&m, &r), 0);
		free(memory);
	}
}
END_TEST

/* Names that nobody checked are compared without leaving the packet. */
START_TEST(S14_unchecked_names_are_no_one_s)
{
	static const uint8_t octets[] = { 1, 'a', 0x40, 1, 'a', 0x40, 0xc0,
		9, 1, 'a', 0, 5, 'b' };
	uint8_t *memory = malloc(sizeof(octets));
	struct mxsel__record r;
	unsigned long work = 0;
	size_t a, b;

	ck_assert_ptr_nonnull(memory);
	memcpy(memory, octets, sizeof(octets));
	for (a = 0; a <= sizeof(octets); a++) {
		for (b = 0; b <= sizeof(octets); b++)
			ck_assert_int_eq(mxsel__walk_same(memory,
					sizeof(octets), a, b, &work),
				a == b && (a == 0 || a == 3 || a == 8 ||
					a == 10));
	}
	ck_assert_uint_gt(work, 100);
	free(memory);
	begin(0);
	packet_record(&p, PACKET_ANSWER, NULL, PACKET_MX, 1, "\0\1", 2);
	memset(&m, 0, sizeof(m));
	m.packet = p.octets;
	m.size = p.size;
	m.type = MXSEL_TYPE_MX;
	m.next = 29;
	m.left = 1;
	m.owner = 12;
	ck_assert_int_eq(mxsel__wire_next(&m, &r), 1);
	ck_assert_uint_eq(r.exchange, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire alias");
	TCase *tests = tcase_create("alias");

	suite_add_tcase(suite, tests);
	tcase_add_test(tests,
		R11_R18_the_records_of_an_alias_are_its_target_s);
	tcase_add_loop_test(tests, R11_F46_a_chain_is_followed_in_any_order,
		1, 17);
	tcase_add_loop_test(tests,
		R11_S28_F46_a_chain_has_at_most_the_links_allowed, 0, 21);
	tcase_add_loop_test(tests, R11_S28_F46_a_circle_is_seen, 1, 17);
	tcase_add_test(tests, S28_F46_a_circle_further_down_is_seen);
	tcase_add_test(tests, F46_one_owner_has_one_target);
	tcase_add_test(tests, S19_F47_aliases_of_others_lead_nowhere);
	tcase_add_loop_test(tests,
		S19_R6_an_owner_is_compared_to_its_last_octet, 1, 64);
	tcase_add_test(tests, R6_only_ascii_letters_have_two_cases);
	tcase_add_test(tests, R12_nxdomain_after_an_alias_is_the_target_s);
	tcase_add_test(tests, R11_an_alias_beside_a_delegation_is_an_answer);
	tcase_add_test(tests, F46_a_dname_is_passed_over);
	tcase_add_test(tests, R11_a_target_may_be_any_name);
	tcase_add_test(tests,
		S19_a_target_far_away_is_not_taken_for_another);
	tcase_add_test(tests, S14_F46_a_crowd_of_others_changes_nothing);
	tcase_add_test(tests, S14_entangled_aliases_are_malformed);
	tcase_add_test(tests, S14_entangled_owners_are_malformed);
	tcase_add_test(tests, S14_an_unchecked_section_is_not_left);
	tcase_add_test(tests, S14_unchecked_names_are_no_one_s);
	return mxsel_test_run(suite);
}
