/*
 * Names at the very end of memory, and names that go astray into the header:
 * what stands there is no label, whatever it looks like (S14, S16, S21, R13,
 * R14).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/guard.h"
#include "support/packet.h"
#include "support/run.h"
#include "wire/message.h"
#include "wire/walk.h"

static struct packet p;

/* The packet, where memory ends. */
static struct mxsel__message message(void)
{
	struct mxsel__message m;

	memset(&m, 0, sizeof m);
	m.packet = guard_end(p.octets, p.size);
	m.size = p.size;
	return m;
}

static void bytes(const char *octets, size_t length)
{
	packet_bytes(&p, octets, length);
}

#define BYTES(text) bytes(text, sizeof text - 1)

START_TEST(S21_a_name_that_is_all_letters_may_be_a_host)
{
	static const char name[] = "abcdefghijklmnopqrst.abcdefghi.abcdefgh"
		".abcdefghijklmnopqrstu";
	struct mxsel__message m;
	size_t at;

	packet_begin(&p, PACKET_REPLY, "example.com", PACKET_MX);
	at = p.size;
	packet_name(&p, name);
	m = message();
	ck_assert_int_eq(mxsel__wire_is_no_host(&m, at), 0);
	p.octets[p.size - 3] = '!';
	m = message();
	ck_assert_int_eq(mxsel__wire_is_no_host(&m, at), 1);
	p.octets[p.size - 3] = 'x';
	p.octets[at + 1] = '!';
	m = message();
	ck_assert_int_eq(mxsel__wire_is_no_host(&m, at), 1);
	/* A short one may be an address that somebody put there. */
	at = p.size;
	packet_name(&p, "a!");
	m = message();
	ck_assert_int_eq(mxsel__wire_is_no_host(&m, at), 0);
}
END_TEST

/* A long label, and a short one that ends the packet. */
START_TEST(S21_a_short_label_is_compared_as_far_as_it_goes)
{
	unsigned long work = 0;
	struct mxsel__message m;
	size_t early, late;

	packet_begin(&p, PACKET_REPLY, "example.com", PACKET_MX);
	early = p.size;
	packet_name(&p, "abcdefghijklmnopqrstuvwxyz");
	late = p.size;
	packet_name(&p, "a");
	m = message();
	ck_assert(!mxsel__walk_same(m.packet, m.size, early, late, &work));
	ck_assert(!mxsel__walk_same(m.packet, m.size, late, early, &work));
	ck_assert(mxsel__walk_same(m.packet, m.size, late, late, &work));
}
END_TEST

/* The id reads as a label, twice, and the flags as the root. */
START_TEST(S14_a_pointer_that_leads_nowhere_is_no_name)
{
	unsigned long work = 0;
	struct mxsel__message m;
	size_t good, astray;

	packet_begin(&p, 0, "example.com", PACKET_MX);
	packet_set16(&p, 0, 0x0161);
	good = p.size;
	BYTES("\1a\1a\0");
	astray = p.size;
	BYTES("\xc0\x05");
	m = message();
	ck_assert(!mxsel__walk_same(m.packet, m.size, good, astray, &work));
	ck_assert(!mxsel__walk_same(m.packet, m.size, astray, good, &work));
}
END_TEST

START_TEST(S14_a_name_that_goes_astray_is_no_text)
{
	struct mxsel__message m;
	size_t astray;

	packet_begin(&p, 0, "example.com", PACKET_MX);
	memcpy(p.octets, "\0abc", 4);
	astray = p.size;
	BYTES("\3foo\xc0\x05");
	m = message();
	ck_assert_int_eq(mxsel__wire_name_is(&m, astray, "foo.abc"), 0);
	ck_assert_int_eq(mxsel__wire_name_is(&m, astray, "foo"), 0);
}
END_TEST

/* An alias was followed: its target's servers refer to nobody. */
START_TEST(R14_behind_an_alias_there_is_no_referral)
{
	static const unsigned char ns[] = { 0 };
	struct mxsel__message m;

	packet_begin(&p, PACKET_REPLY, "example.com", PACKET_MX);
	packet_record(&p, PACKET_AUTHORITY, NULL, 2, 300, ns, 1);
	ck_assert_int_eq(mxsel__wire_open(&m, p.octets, p.size,
		"example.com", MXSEL_TYPE_MX, 10), 0);
	ck_assert_int_eq(m.outcome, MXSEL_DNS_REFERRAL);
	packet_begin(&p, PACKET_REPLY, "example.com", PACKET_MX);
	packet_record(&p, PACKET_ANSWER, NULL, 5, 300, "\3net", 5);
	packet_record(&p, PACKET_AUTHORITY, NULL, 2, 300, ns, 1);
	ck_assert_int_eq(mxsel__wire_open(&m, p.octets, p.size,
		"example.com", MXSEL_TYPE_MX, 10), 0);
	ck_assert_uint_eq(m.links, 1);
	ck_assert_int_eq(m.outcome, MXSEL_DNS_COMPLETE);
}
END_TEST

/* Records above the name that lead nowhere, beside a DNAME of others. */
START_TEST(R13_only_a_dname_of_the_internet_leads_on)
{
	struct mxsel__message m;

	packet_begin(&p, PACKET_REPLY, "example.com", PACKET_MX);
	packet_named(&p, PACKET_ANSWER, "net", PACKET_DNAME, 5, "example");
	packet_named(&p, PACKET_ANSWER, "com", PACKET_NS, 5, "example");
	packet_name(&p, "com");
	packet_head(&p, PACKET_ANSWER, PACKET_DNAME, PACKET_CH, 5);
	packet_name(&p, "example");
	packet_end(&p);
	ck_assert_int_eq(mxsel__wire_open(&m, p.octets, p.size,
		"example.com", MXSEL_TYPE_MX, 10), 0);
	packet_named(&p, PACKET_ANSWER, "com", PACKET_DNAME, 5, "example");
	ck_assert_int_eq(mxsel__wire_open(&m, p.octets, p.size,
		"example.com", MXSEL_TYPE_MX, 10), MXSEL_EMALFORMED);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("wire: names at the end");
	TCase *c = tcase_create("names");

	tcase_add_test(c, S21_a_name_that_is_all_letters_may_be_a_host);
	tcase_add_test(c, S21_a_short_label_is_compared_as_far_as_it_goes);
	tcase_add_test(c, S14_a_pointer_that_leads_nowhere_is_no_name);
	tcase_add_test(c, S14_a_name_that_goes_astray_is_no_text);
	tcase_add_test(c, R14_behind_an_alias_there_is_no_referral);
	tcase_add_test(c, R13_only_a_dname_of_the_internet_leads_on);
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
