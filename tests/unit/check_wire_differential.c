/*
 * A second opinion: thousands of damaged messages, decoded here and by ldns
 * (S14-S19). What is accepted here ldns reads the same way; what ldns accepts
 * and is refused here has one of a few reasons: see support/ldns_opinion.h.
 * The seed is fixed.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "base/random.h"
#include "support/ldns_opinion.h"
#include "support/packet.h"
#include "support/run.h"
#include "wire/message.h"

#define ROUNDS 40000
#define NAME "example.com"

static struct packet p;
static struct mxsel__message m;
static struct mxsel__random r;
static uint16_t asked;

/* ---------------------------------------------------------- what is sent */

static void add_glue(void)
{
	static const uint8_t octets[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };

	packet_address(&p, PACKET_ADDITIONAL, "mx1.example.com", 60, octets,
		16);
	packet_address(&p, PACKET_ADDITIONAL, "mx1.example.com", 60, octets,
		4);
	packet_opt(&p, PACKET_ADDITIONAL, 0);
}

static void add_compressed_mx(const char *label, unsigned preference)
{
	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
	packet_16(&p, preference);
	packet_labels(&p, label);
	packet_pointer(&p, 12);
	packet_end(&p);
}

static void build_mx(void)
{
	packet_begin(&p, PACKET_REPLY, NAME, PACKET_MX);
	add_compressed_mx("mx1", 10);
	add_compressed_mx("mx2", 20);
	packet_mx(&p, PACKET_ANSWER, NULL, 0x80000001, 30, "mail.example.net");
	packet_mx(&p, PACKET_ANSWER, "other.example", 3, 40, ".");
	add_glue();
}

static void build_alias(void)
{
	packet_begin(&p, PACKET_REPLY, NAME, PACKET_MX);
	packet_cname(&p, "b.example", 50, "c.example");
	packet_cname(&p, NULL, 60, "b.example");
	packet_mx(&p, PACKET_ANSWER, "C.example", 300, 10, "mx.c.example");
	packet_mx(&p, PACKET_ANSWER, "c.example", 300, 5, "mx1.c.example");
	packet_named(&p, PACKET_AUTHORITY, "example", PACKET_NS, 9, "ns.x");
}

static void build_denial(void)
{
	packet_begin(&p, PACKET_REPLY | (asked == PACKET_MX ? 3 : 0), NAME,
		asked);
	packet_cname(&p, NULL, 60, "b.example");
	if (mxsel__random_below(&r, 8) == 0)
		packet_cname(&p, NULL, 60, "B.Example");
	if (mxsel__random_below(&r, 8) == 0)
		packet_cname(&p, NULL, 60, "d.example");
	packet_soa(&p, "example", 900, 600);
	packet_opt(&p, PACKET_ADDITIONAL, 0);
}

static void build_addresses(void)
{
	static const uint8_t octets[16] = { 192, 0, 2, 1 };
	size_t length = asked == PACKET_A ? 4 : 16;

	packet_begin(&p, PACKET_REPLY, NAME, asked);
	packet_cname(&p, NULL, 60, "b.example");
	packet_address(&p, PACKET_ANSWER, "b.example", 60, octets, length);
	packet_address(&p, PACKET_ANSWER, "b.example", 60, octets + 1, 4);
	packet_record(&p, PACKET_ANSWER, NULL, PACKET_TXT, 1, "\5hello", 6);
	packet_soa(&p, "example", 900, 600);
}

static void build_tlsa(void)
{
	static const uint8_t rdata[] = { 3, 1, 1, 0xde, 0xad, 0xbe, 0xef };
	uint32_t i, count = mxsel__random_below(&r, 4);

	asked = PACKET_TLSA;
	packet_begin(&p, PACKET_REPLY, NAME, asked);
	packet_cname(&p, NULL, 60, "b.example");
	for (i = 0; i < count; i++)
		packet_record(&p, PACKET_ANSWER, "b.example",
			PACKET_TLSA, 60, rdata, 3 +
			mxsel__random_below(&r, sizeof(rdata) - 2));
	packet_soa(&p, "example", 900, 600);
}

static void build(void)
{
	static const uint16_t types[] = { PACKET_MX, PACKET_A, PACKET_AAAA };
	uint32_t kind = mxsel__random_below(&r, 6);

	asked = kind < 2 ? PACKET_MX : types[mxsel__random_below(&r, 3)];
	if (kind == 0)
		build_mx();
	else if (kind == 1)
		build_alias();
	else if (kind == 5)
		build_tlsa();
	else if (kind == 2 || asked == PACKET_MX)
		build_denial();
	else
		build_addresses();
	if (mxsel__random_below(&r, 8) == 0)
		p.octets[3] = (uint8_t)mxsel__random_below(&r, 16);
}

/* Octets that mean something where they may come to stand. */
static uint8_t telling_octet(void)
{
	static const uint8_t octets[] = { 0, 1, 2, 3, 4, 5, 6, 15, 16, 28, 41,
		12, 0x3f, 0x40, 0x80, 0xc0, 0xff };

	return octets[mxsel__random_below(&r, sizeof(octets))];
}

/* Repeat or drop a few octets. */
static void shift(size_t at, size_t count)
{
	if (p.size + count > PACKET_MAX || p.size - at < count)
		return;
	if (mxsel__random_below(&r, 2) == 0) {
		memmove(p.octets + at + count, p.octets + at, p.size - at);
		p.size += count;
	} else {
		memmove(p.octets + at, p.octets + at + count,
			p.size - at - count);
		p.size -= count;
	}
}

static void damage(void)
{
	size_t at = mxsel__random_below(&r, (uint32_t)p.size);

	/* Most of it behind the question: else there is no other one. */
	if (at < 29 && mxsel__random_below(&r, 8) != 0)
		at = 29 + mxsel__random_below(&r, (uint32_t)p.size - 29);
	switch (mxsel__random_below(&r, 8)) {
	case 0:
		p.octets[at] ^= (uint8_t)(1u << mxsel__random_below(&r, 8));
		break;
	case 1:
		if (at + 1 < p.size)
			packet_set16(&p, at, 0xc000u |
				mxsel__random_below(&r, (uint32_t)p.size));
		break;
	case 2:
		shift(at, 1 + mxsel__random_below(&r, 4));
		break;
	case 3:
		packet_set16(&p, 6 + 2 * mxsel__random_below(&r, 3),
			mxsel__random_below(&r, 6));
		break;
	case 4:
		p.octets[at]++;
		break;
	case 5:
		p.octets[at]--;
		break;
	default:
		p.octets[at] = telling_octet();
	}
}

static void damage_some(void)
{
	uint32_t times = mxsel__random_below(&r, 4);

	for (; times > 0; times--)
		damage();
	if (mxsel__random_below(&r, 32) == 0)
		p.size = 12 + mxsel__random_below(&r, (uint32_t)p.size - 12);
}

/* --------------------------------------------------------- both together */

static enum opinion judge(void)
{
	uint8_t *exact = malloc(p.size);
	const char *what = "";
	enum opinion opinion;
	int result;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, p.octets, p.size);
	result = mxsel__wire_open(&m, exact, p.size, NAME, asked, 10);
	opinion = ldns_opinion(&p, &m, result, NAME, asked, &what);
	ck_assert_msg(opinion != OPINION_DIFFERS, "unexplained: %s", what);
	free(exact);
	return opinion;
}

START_TEST(ldns_reads_the_same_in_what_is_accepted)
{
	unsigned found[OPINIONS] = { 0 };
	int i;

	mxsel__random_init(&r, 1035 + (uint64_t)_i);
	for (i = 0; i < ROUNDS; i++) {
		build();
		damage_some();
		found[judge()]++;
	}
	/* The test would mean nothing if all were refused, or none. */
	ck_assert_uint_gt(found[OPINION_SAME], ROUNDS / 4);
	ck_assert_uint_gt(found[OPINION_POINTER], 10);
	ck_assert_uint_gt(found[OPINION_RDATA], 10);
	ck_assert_uint_gt(found[OPINION_OPT], 10);
	ck_assert_uint_gt(found[OPINION_CONTRADICTS], 10);
	ck_assert_uint_lt(found[OPINION_ASTRAY], ROUNDS / 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire differential");
	TCase *tests = tcase_create("ldns");

	suite_add_tcase(suite, tests);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, ldns_reads_the_same_in_what_is_accepted, 0,
		2);
	return mxsel_test_run(suite);
}
