/*
 * Names on the wire that are built to hurt: pointers that go nowhere, in
 * circles or on for ever, label types that do not exist, names that are too
 * long (S14, S15, F58-F65).
 */
#include "support/opened.h"
#include "support/run.h"

/* A record whose RDATA later names can point into. */
static void begin_pool(void)
{
	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_TXT, PACKET_IN, 1);
}

/* An MX record whose exchange is label (if any) and a pointer. */
static void add_mx_to(const char *label, size_t offset)
{
	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 1);
	packet_16(&p, 10);
	packet_labels(&p, label);
	packet_pointer(&p, offset);
	packet_end(&p);
}

/* A record, of a type nobody reads, owned by what a pointer leads to. */
static void add_owned_by(size_t offset)
{
	packet_pointer(&p, offset);
	packet_head(&p, PACKET_ANSWER, PACKET_TXT, PACKET_IN, 1);
	packet_end(&p);
}

START_TEST(S14_F58_a_pointer_to_itself_is_malformed)
{
	begin(0);
	add_owned_by(p.size);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	begin(0);
	add_mx_to("", p.size + 14);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	begin(0);
	add_mx_to("mx", p.size + 14); /* to the name that it ends */
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S14_F59_two_pointers_in_a_circle_are_malformed)
{
	begin(0);
	begin_pool();
	packet_pointer(&p, p.size + 2);
	packet_pointer(&p, p.size - 2);
	packet_end(&p);
	add_mx_to("", p.size - 2);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	packet_set16(&p, 6, 1); /* the pool alone is text */
	ck_assert_int_eq(open_mx(), MXSEL_OK);
}
END_TEST

START_TEST(S14_F60_a_pointer_forward_is_malformed)
{
	size_t step;

	for (step = 0; step < 40; step++) {
		begin(0);
		add_mx_to("", p.size + 14 + step);
		packet_mx(&p, PACKET_ANSWER, NULL, 1, 10, "mx.example.com");
		ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	}
	begin(0);
	add_mx_to("", 0x3fff);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S14_F61_a_pointer_into_the_header_is_malformed)
{
	size_t offset;

	for (offset = 0; offset < 12; offset++) {
		begin(0);
		packet_set16(&p, 0, 0); /* a root, if it were a name */
		add_mx_to("", offset);
		ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
		begin(0);
		add_owned_by(offset);
		ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	}
	begin(0);
	add_mx_to("", 12);
	ck_assert_int_eq(open_mx(), MXSEL_OK);
}
END_TEST

/* A name that goes back, then forward again to below where it began. */
START_TEST(S14_each_pointer_leads_below_the_one_before)
{
	size_t first;

	begin(0);
	begin_pool();
	first = p.size;
	packet_label(&p, "a", 1);
	packet_pointer(&p, first + 4); /* forward, and below the exchange */
	packet_name(&p, "b");
	packet_end(&p);
	add_mx_to("mx", first);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	packet_set16(&p, first + 2, 0xc000u + 12);
	ck_assert_int_eq(open_mx(), MXSEL_OK);
}
END_TEST

/* Pointers one after the other, each to the one before; to the last one. */
static size_t add_chain(unsigned pointers)
{
	size_t last = 12;
	unsigned i;

	begin(0);
	begin_pool();
	for (i = 0; i < pointers; i++) {
		packet_pointer(&p, last);
		last = p.size - 2;
	}
	packet_end(&p);
	return last;
}

START_TEST(S14_F62_a_name_takes_at_most_127_pointers)
{
	add_mx_to("", add_chain(126));
	ck_assert_int_eq(open_mx(), MXSEL_OK);
	add_mx_to("", add_chain(127));
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S14_F62_8000_pointers_3000_times_are_malformed)
{
	size_t last = add_chain(8000);
	int i;

	for (i = 0; i < 3000; i++)
		add_owned_by(last);
	ck_assert(!p.full);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S14_F62_chains_of_legal_length_are_bounded_together)
{
	size_t last = add_chain(120);
	int i;

	for (i = 0; i < 30; i++)
		add_owned_by(last);
	ck_assert_int_eq(open_mx(), MXSEL_OK);
	for (i = 0; i < 4500; i++)
		add_owned_by(last);
	ck_assert(!p.full);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S15_F63_other_label_types_are_malformed)
{
	unsigned type = (unsigned)_i;

	begin(0);
	packet_8(&p, type);
	packet_bytes(&p, "\0\0\0\0", 4);
	packet_count(&p, PACKET_ANSWER);
	packet_bytes(&p, p.octets + 25, 4);
	packet_bytes(&p, "\0\0\0\0\0\0", 6);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	begin(0);
	packet_mx(&p, PACKET_ANSWER, NULL, 1, 10, "mx");
	p.octets[p.size - 4] = (uint8_t)type;
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

START_TEST(S15_F64_a_label_past_the_end_is_malformed)
{
	begin(0);
	packet_mx(&p, PACKET_ANSWER, NULL, 1, 10, "mx");
	p.octets[p.size - 4] = 63;
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	p.octets[p.size - 4] = 3; /* up to the end, but no root */
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	begin(0);
	packet_count(&p, PACKET_ANSWER);
	packet_8(&p, 0xc0); /* half a pointer */
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

/* labels of 63 octets each, then one of last octets; its offset. */
static size_t add_long(unsigned last)
{
	static const uint8_t octets[63] = { 'x' };
	size_t at;
	int i;

	begin(0);
	begin_pool();
	at = p.size;
	for (i = 0; i < 3; i++)
		packet_label(&p, octets, 63);
	packet_label(&p, octets, last);
	packet_8(&p, 0);
	packet_end(&p);
	return at;
}

START_TEST(S15_F65_a_name_has_at_most_255_octets)
{
	add_mx_to("", add_long(61)); /* 3 x 64 + 62 + 1 */
	ck_assert_int_eq(open_mx(), MXSEL_OK);
	add_mx_to("", add_long(62));
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
	add_mx_to("m", add_long(59));
	ck_assert_int_eq(open_mx(), MXSEL_OK);
	add_mx_to("m", add_long(60));
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

/* The end of the name is the question's: it counts as well. */
START_TEST(S15_F65_the_octets_behind_a_pointer_count)
{
	static const uint8_t octets[63] = { 'x' };
	unsigned last;
	int i;

	for (last = 48; last <= 50; last++) { /* 3 x 64 + 1 + last + 13 */
		begin(0);
		packet_pointer(&p, 12);
		packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 1);
		packet_16(&p, 10);
		for (i = 0; i < 3; i++)
			packet_label(&p, octets, 63);
		packet_label(&p, octets, last);
		packet_pointer(&p, 12);
		packet_end(&p);
		ck_assert_int_eq(open_mx(), last <= 49 ? MXSEL_OK
		                                       : MXSEL_EMALFORMED);
	}
}
END_TEST

START_TEST(S15_F65_a_name_of_127_labels_is_one)
{
	size_t at;
	int i;

	begin(0);
	begin_pool();
	at = p.size;
	for (i = 0; i < 127; i++)
		packet_label(&p, "a", 1);
	packet_8(&p, 0);
	packet_end(&p);
	add_mx_to("", at);
	ck_assert_int_eq(open_mx(), MXSEL_OK);
	add_mx_to("a", at);
	ck_assert_int_eq(open_mx(), MXSEL_EMALFORMED);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire pointer");
	TCase *tests = tcase_create("pointer");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, forget);
	tcase_add_test(tests, S14_F58_a_pointer_to_itself_is_malformed);
	tcase_add_test(tests, S14_F59_two_pointers_in_a_circle_are_malformed);
	tcase_add_test(tests, S14_F60_a_pointer_forward_is_malformed);
	tcase_add_test(tests, S14_F61_a_pointer_into_the_header_is_malformed);
	tcase_add_test(tests, S14_each_pointer_leads_below_the_one_before);
	tcase_add_test(tests, S14_F62_a_name_takes_at_most_127_pointers);
	tcase_add_test(tests,
		S14_F62_8000_pointers_3000_times_are_malformed);
	tcase_add_test(tests,
		S14_F62_chains_of_legal_length_are_bounded_together);
	tcase_add_loop_test(tests, S15_F63_other_label_types_are_malformed,
		0x40, 0xc0);
	tcase_add_test(tests, S15_F64_a_label_past_the_end_is_malformed);
	tcase_add_test(tests, S15_F65_a_name_has_at_most_255_octets);
	tcase_add_test(tests, S15_F65_the_octets_behind_a_pointer_count);
	tcase_add_test(tests, S15_F65_a_name_of_127_labels_is_one);
	return mxsel_test_run(suite);
}
