/*
 * A DNAME leads on only by the CNAME that comes with it (RFC 6672 3.1): where
 * that is missing nothing is denied (R13, R14, F46). May use lib/wire.
 */
#include <check.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/packet.h"
#include "support/run.h"
#include "wire/message.h"

static struct packet p;
static struct mxsel__message m;

static int open_with(unsigned max_links)
{
	return mxsel__wire_open(&m, p.octets, p.size, "example.com",
		MXSEL_TYPE_MX, max_links);
}

static void begin(unsigned flags)
{
	packet_begin(&p, PACKET_REPLY | flags, "example.com", PACKET_MX);
}

START_TEST(R13_F46_a_dname_without_its_cname_denies_nothing)
{
	begin(0);
	packet_named(&p, PACKET_ANSWER, "com", PACKET_DNAME, 5, "example");
	ck_assert_int_eq(open_with(10), MXSEL_EMALFORMED);
	/* Beside records, or in another class, it is nothing to us. */
	packet_mx(&p, PACKET_ANSWER, NULL, 1, 10, "mx");
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.records, 1);
	/* Nor does it with NXDOMAIN, nor behind an alias. */
	begin(3);
	packet_named(&p, PACKET_ANSWER, "com", PACKET_DNAME, 5, "example");
	ck_assert_int_eq(open_with(10), MXSEL_EMALFORMED);
	begin(0);
	packet_cname(&p, NULL, 5, "a.d.example");
	packet_named(&p, PACKET_ANSWER, "D.example", PACKET_DNAME, 5, "e");
	ck_assert_int_eq(open_with(10), MXSEL_EMALFORMED);
	/* One that is not above the name is somebody else's. */
	begin(0);
	packet_named(&p, PACKET_ANSWER, "net", PACKET_DNAME, 5, "example");
	packet_named(&p, PACKET_ANSWER, "example.com", PACKET_DNAME, 5, "e");
	packet_named(&p, PACKET_ANSWER, "x.example.com", PACKET_DNAME, 5, "e");
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.records, 0);
	begin(0);
	packet_name(&p, "com");
	packet_head(&p, PACKET_ANSWER, PACKET_DNAME, PACKET_CH, 5);
	packet_name(&p, "example");
	packet_end(&p);
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.records, 0);
}
END_TEST

START_TEST(R13_F46_a_dname_of_another_class_is_above_nothing)
{
	begin(0);
	packet_name(&p, "com");
	packet_head(&p, PACKET_ANSWER, PACKET_DNAME, PACKET_CH, 5);
	packet_name(&p, "example");
	packet_end(&p);
	packet_named(&p, PACKET_ANSWER, "net", PACKET_DNAME, 5, "example");
	ck_assert_int_eq(open_with(10), MXSEL_OK);
	ck_assert_uint_eq(m.records, 0);
}
END_TEST

/* A name of 120 labels, and two thousand that are none of its ends. */
START_TEST(S14_F46_dnames_beyond_measure_are_malformed)
{
	char name[242];
	size_t owner, i;

	for (i = 0; i < 240; i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	name[239] = '\0';
	packet_begin(&p, PACKET_REPLY, name, PACKET_MX);
	owner = p.size;
	packet_name(&p, "b");
	packet_head(&p, PACKET_ANSWER, PACKET_DNAME, PACKET_IN, 5);
	packet_name(&p, "e");
	packet_end(&p);
	for (i = 0; i < 2000; i++) {
		packet_pointer(&p, owner);
		packet_head(&p, PACKET_ANSWER, PACKET_DNAME, PACKET_IN, 5);
		packet_name(&p, "e");
		packet_end(&p);
	}
	ck_assert_int_eq(mxsel__wire_open(&m, p.octets, p.size, name,
		PACKET_MX, 10), MXSEL_EMALFORMED);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire: dname");
	TCase *one = tcase_create("dname");

	tcase_add_test(one,
		R13_F46_a_dname_without_its_cname_denies_nothing);
	tcase_add_test(one,
		R13_F46_a_dname_of_another_class_is_above_nothing);
	tcase_add_test(one,
		S14_F46_dnames_beyond_measure_are_malformed);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
