/*
 * What the transport reads of a message before anything decodes it: whether
 * it answers, whether it is our question, which code it carries. Messages of
 * every shape, each in a block of just its size, so that a sanitizer sees
 * every octet too many (S1, S3, S13, F6, F13-F16, F61-F71). May use lib/ldns.
 */
#include <stdlib.h>
#include <string.h>

#include "ldns/letters.h"
#include "ldns/reply.h"

#include "support/packet.h"
#include "support/run.h"

static struct packet p;

/* What of these octets alone; the block is exactly theirs. */
static unsigned code_of(const uint8_t *octets, size_t size)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);
	struct mxsel__reply reply = { exact, size, 0 };
	unsigned code = 0xffff;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, octets, size);
	if (mxsel__reply_is_answer(&reply))
		code = mxsel__reply_code(&reply);
	free(exact);
	return code;
}

static unsigned code(void)
{
	return code_of(p.octets, p.size);
}

static void begin(unsigned rcode)
{
	packet_begin(&p, PACKET_REPLY | rcode, "d.example", PACKET_MX);
}

START_TEST(S13_the_code_is_that_of_header_and_option)
{
	static const uint8_t option[] = { 0, 10, 0, 0 };

	begin(5);
	ck_assert_uint_eq(code(), 5);
	packet_opt(&p, PACKET_ADDITIONAL, 1);
	ck_assert_uint_eq(code(), 0x15);
	/* Behind other records, and with options of its own. */
	begin(2);
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "mx.example");
	packet_named(&p, PACKET_AUTHORITY, "example", PACKET_NS, 300, "a.b");
	packet_address(&p, PACKET_ADDITIONAL, "a.b", 300,
		(const uint8_t *)"\1\2\3\4", 4);
	packet_8(&p, 0);
	packet_head(&p, PACKET_ADDITIONAL, PACKET_OPT, 1232,
		UINT32_C(3) << 24);
	packet_bytes(&p, option, sizeof(option));
	packet_end(&p);
	ck_assert_uint_eq(code(), 0x32);
	/* Additional records without any option. */
	begin(3);
	packet_address(&p, PACKET_ADDITIONAL, NULL, 300,
		(const uint8_t *)"\1\2\3\4", 4);
	packet_address(&p, PACKET_ADDITIONAL, NULL, 300,
		(const uint8_t *)"\1\2\3\4", 4);
	ck_assert_uint_eq(code(), 3);
	/* One that ends like an option: another owner, type or length. */
	begin(3);
	packet_record(&p, PACKET_ADDITIONAL, NULL, PACKET_TXT, 0,
		"\1\0\51\4\320\7\0\0\0\0\0", 11);
	ck_assert_uint_eq(code(), 3);
	begin(3);
	packet_record(&p, PACKET_ADDITIONAL, NULL, PACKET_TXT, 0,
		"\0\0\50\4\320\7\0\0\0\0\0", 11);
	ck_assert_uint_eq(code(), 3);
	begin(3);
	packet_record(&p, PACKET_ADDITIONAL, NULL, PACKET_TXT, 0,
		"\0\0\51\4\320\7\0\0\0\0\1", 11);
	ck_assert_uint_eq(code(), 3);
}
END_TEST

START_TEST(F6_every_cut_has_the_code_of_its_header)
{
	size_t size;

	begin(2);
	packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, "mx.example");
	packet_address(&p, PACKET_ADDITIONAL, "mx.example", 300,
		(const uint8_t *)"\1\2\3\4", 4);
	packet_opt(&p, PACKET_ADDITIONAL, 1);
	for (size = 0; size < p.size; size++)
		ck_assert_uint_eq(code_of(p.octets, size), size < 12 ? 0xffff
			: 2);
	ck_assert_uint_eq(code_of(p.octets, p.size), 0x12);
}
END_TEST

START_TEST(F61_F63_names_that_end_nowhere)
{
	static const struct {
		const char *octets;
		size_t size;
	} names[] = { { "\xc0", 1 }, { "\x40", 1 }, { "\x3f", 1 }, { "", 0 },
		{ "\1a", 2 }, { "\1a\x80", 3 }, { "\xc0\x0c", 2 },
		{ "\1a\0\0\x0f", 5 }, { "\0\0\x0f\0\1", 5 } };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		p.size = 0;
		packet_bytes(&p, "\x12\x34\x81\x84\0\1\0\0\0\0\0\1", 12);
		packet_bytes(&p, names[i].octets, names[i].size);
		ck_assert_uint_eq(code(), 4);
		/* The same as owner of a record. */
		begin(4);
		packet_set16(&p, 10, 2);
		packet_bytes(&p, names[i].octets, names[i].size);
		ck_assert_uint_eq(code(), 4);
	}
	/* RDATA that goes beyond the end. */
	begin(4);
	packet_set16(&p, 10, 2);
	packet_bytes(&p, "\0\0\1\0\1\0\0\0\0\0\1", 11);
	ck_assert_uint_eq(code(), 4);
}
END_TEST

START_TEST(S1_an_answer_has_its_bits)
{
	begin(0);
	ck_assert_uint_eq(code(), 0);
	p.octets[2] = 0x01; /* a question */
	ck_assert_uint_eq(code(), 0xffff);
	p.octets[2] = 0xa9; /* an update */
	ck_assert_uint_eq(code(), 0xffff);
	p.octets[2] = 0x81;
	packet_set16(&p, 4, 2);
	ck_assert_uint_eq(code(), 0xffff);
	packet_set16(&p, 4, 0);
	ck_assert_uint_eq(code(), 0xffff);
}
END_TEST

/* "D.example" MX, asked for in letters of either case. */
static int is_ours(const char *name, unsigned type, unsigned class,
	size_t size)
{
	mxsel *m;
	int ours;
	struct mxsel__reply reply = { p.octets, 0, 0 };

	packet_begin(&p, PACKET_REPLY, name, type);
	packet_set16(&p, p.size - 2, class);
	reply.size = size < p.size ? size : p.size;
	ck_assert_int_eq(mxsel_new(&m, "da.example", NULL), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ours = mxsel__reply_has_question(&reply, mxsel_query_take(m));
	mxsel_free(m);
	return ours;
}

START_TEST(S1_a_question_is_ours_or_not)
{
	ck_assert_int_eq(is_ours("da.example", PACKET_MX, PACKET_IN, 999), 1);
	ck_assert_int_eq(is_ours("DA.exAmple", PACKET_MX, PACKET_IN, 999), 1);
	ck_assert_int_eq(is_ours("d[.example", PACKET_MX, PACKET_IN, 999), 0);
	ck_assert_int_eq(is_ours("d@.example", PACKET_MX, PACKET_IN, 999), 0);
	ck_assert_int_eq(is_ours("db.example", PACKET_MX, PACKET_IN, 999), 0);
	ck_assert_int_eq(is_ours("da.example", PACKET_A, PACKET_IN, 999), 0);
	ck_assert_int_eq(is_ours("da.example", PACKET_MX, PACKET_CH, 999), 0);
	ck_assert_int_eq(is_ours("da.example", PACKET_MX, PACKET_IN, 27), 0);
	ck_assert_int_eq(is_ours("da.example", PACKET_MX, PACKET_IN, 28), 1);
}
END_TEST

START_TEST(S6_a_question_comes_back_in_its_letters)
{
	uint8_t question[64], asked[64];
	struct mxsel__reply reply = { question, 0, 0 };
	size_t size = sizeof(question), i;
	uint32_t bits;
	mxsel_query *q;
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "a-0z_.example", NULL), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_int_eq(mxsel_query_packet(q, 0, 0, question, &size), 0);
	memcpy(asked, question, size);
	for (bits = 1; bits != 0; bits <<= 1) {
		memcpy(question, asked, size);
		mxsel__letters_mix(question, bits | 5u);
		reply.size = size;
		ck_assert(mxsel__letters_repeated(&reply, q, bits | 5u));
		ck_assert(!mxsel__letters_repeated(&reply, q, ~(bits | 5u)));
		for (i = 12; i < size; i++) {
			reply.size = i;
			ck_assert(!mxsel__letters_repeated(&reply, q,
				bits | 5u) || i >= 12 + 15 + 8 + 4);
		}
		/* Only letters have changed, and only their case. */
		for (i = 0; i < size; i++)
			ck_assert((question[i] ^ asked[i]) == 0 ||
				((question[i] ^ asked[i]) == 0x20 &&
				asked[i] >= 'a' && asked[i] <= 'z'));
	}
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns: replies");
	TCase *one = tcase_create("shapes");

	tcase_add_test(one, S13_the_code_is_that_of_header_and_option);
	tcase_add_test(one, F6_every_cut_has_the_code_of_its_header);
	tcase_add_test(one, F61_F63_names_that_end_nowhere);
	tcase_add_test(one, S1_an_answer_has_its_bits);
	tcase_add_test(one, S1_a_question_is_ours_or_not);
	tcase_add_test(one, S6_a_question_comes_back_in_its_letters);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
