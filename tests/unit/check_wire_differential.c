/*
 * A second opinion: thousands of damaged messages, decoded here and by ldns
 * (S14-S19). What is accepted here ldns reads the same way; what ldns accepts
 * and is refused here has one of a few reasons, which are told apart by a
 * plain reading of the packet. The seed is fixed.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>
#include <mxsel/mxsel.h>

#include "base/random.h"
#include "support/ldns_alias.h"
#include "support/packet.h"
#include "support/run.h"
#include "wire/message.h"

#define ROUNDS 40000
#define NAME "example.com"

/* Why a message that ldns accepts is refused here. */
enum reason {
	NONE,        /* no reason: a difference that must not be */
	POINTER,     /* S14: one that does not lead below, or too many */
	RDATA,       /* S16: RDATA and what it holds differ in length */
	OPT,         /* F71: two, not additional, or not the root's */
	CONTRADICTS, /* records in NXDOMAIN; two targets of one alias */
	ASTRAY,      /* S17: ldns goes on where it stopped reading a record,
	                not behind its RDATA, and so misses that the message
	                ends too early; it says so when it has to go on there */
	REASONS
};

static struct packet p, work;
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

/* ------------------------------------------------ a plain second reading */

static unsigned get16(size_t at)
{
	return at + 2 <= p.size ? packet_get16(&p, at) : 0;
}

/* The end of the name at at; *reason when its pointers are at fault. */
static size_t name_at(size_t at, enum reason *reason)
{
	size_t start = at, end = 0;
	int hops = 0;

	while (at < p.size && p.octets[at] != 0) {
		if (p.octets[at] < 0x40) {
			at += p.octets[at] + 1u;
			continue;
		}
		if (end == 0)
			end = at + 2;
		at = get16(at) & 0x3fff;
		if (at >= start || at < 12 || ++hops > 127) {
			*reason = POINTER;
			return end;
		}
		start = at;
	}
	return end != 0 ? end : at + 1;
}

static size_t rdata_at(size_t rdata, unsigned type, size_t length,
	enum reason *reason)
{
	size_t end = rdata + length;

	if (type == PACKET_A)
		end = rdata + 4;
	else if (type == PACKET_AAAA)
		end = rdata + 16;
	else if (type == PACKET_MX)
		end = name_at(rdata + 2, reason);
	else if (type == PACKET_CNAME)
		end = name_at(rdata, reason);
	else if (type == PACKET_SOA)
		end = name_at(name_at(rdata, reason), reason) + 20;
	else if (type == PACKET_TLSA && length < 3)
		end = rdata + 3;
	if (*reason == NONE && end != rdata + length)
		*reason = RDATA;
	return rdata + length;
}

/*
 * Is such a record read here? Of others only where they end matters, and
 * there ldns is at fault: they are hidden from it.
 */
static int is_read(unsigned type, unsigned class)
{
	return type == PACKET_OPT || (class == PACKET_IN &&
		(type == PACKET_A || type == PACKET_AAAA ||
		type == PACKET_MX || type == PACKET_CNAME ||
		type == PACKET_SOA || type == PACKET_TLSA));
}

/*
 * The record at at: the first reason found against it. In the copy at work a
 * record that is not read here becomes one of a type without structure.
 */
static size_t record_at(size_t at, int section, int *opts,
	enum reason *reason)
{
	size_t head = name_at(at, reason);
	unsigned type = get16(head), class = get16(head + 2);
	size_t length = get16(head + 8);

	if (*reason == NONE && head + 10 + length > p.size)
		*reason = ASTRAY;
	if (*reason != NONE)
		return at;
	if (!is_read(type, class))
		packet_set16(&work, head, 65400);
	if (type == PACKET_OPT && (section != PACKET_ADDITIONAL ||
			(*opts)++ > 0 || p.octets[at] != 0))
		*reason = OPT;
	if (class != PACKET_IN)
		return head + 10 + length;
	return rdata_at(head + 10, type, length, reason);
}

static enum reason read_plainly(void)
{
	enum reason reason = NONE;
	size_t at = name_at(12, &reason) + 4;
	int opts = 0;
	int section;
	unsigned i;

	memcpy(work.octets, p.octets, p.size);
	work.size = p.size;
	for (section = PACKET_ANSWER; section <= PACKET_ADDITIONAL;
		section++) {
		for (i = 0; i < get16(4 + 2 * (size_t)section); i++) {
			at = record_at(at, section, &opts, &reason);
			if (reason != NONE)
				return reason;
		}
	}
	return NONE;
}

/* ------------------------------------------------- what ldns makes of it */

/* An uncompressed name of ldns as text. */
static void text_of(const ldns_rdf *name, char *text)
{
	struct mxsel__message lone = { .packet = ldns_rdf_data(name),
		.size = ldns_rdf_size(name) };
	size_t length;

	ck_assert_int_ne(mxsel__wire_name(&lone, 0, text, &length),
		MXSEL__NAME_BROKEN);
}

static void assert_same_name(size_t offset, const ldns_rdf *name)
{
	char ours[MXSEL__NAME_TEXT_SIZE], theirs[MXSEL__NAME_TEXT_SIZE];
	size_t length;

	ck_assert_int_ne(mxsel__wire_name(&m, offset, ours, &length),
		MXSEL__NAME_BROKEN);
	text_of(name, theirs);
	ck_assert_str_eq(ours, theirs);
}

/* Three numbers and, for ldns in a field of its own, the data. */
static void assert_same_tlsa(const struct mxsel__record *record,
	const ldns_rr *rr)
{
	const ldns_rdf *data = ldns_rr_rd_count(rr) > 3 ? ldns_rr_rdf(rr, 3)
		: NULL;
	size_t i, length = data == NULL ? 0 : ldns_rdf_size(data);

	ck_assert_uint_eq(record->rdlength, 3 + length);
	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(record->rdata[i],
			ldns_rdf2native_int8(ldns_rr_rdf(rr, i)));
	if (length > 0)
		ck_assert_mem_eq(record->rdata + 3, ldns_rdf_data(data),
			length);
}

static void assert_same_record(const struct mxsel__record *record,
	const ldns_rr *rr)
{
	uint32_t ttl = ldns_rr_ttl(rr);

	ck_assert_uint_eq(record->ttl, ttl > 0x7fffffff ? 0 : ttl);
	if (asked == PACKET_MX) {
		ck_assert_uint_eq(record->preference,
			ldns_rdf2native_int16(ldns_rr_rdf(rr, 0)));
		assert_same_name(record->exchange, ldns_rr_rdf(rr, 1));
		return;
	}
	if (asked == PACKET_TLSA) {
		assert_same_tlsa(record, rr);
		return;
	}
	ck_assert_uint_eq(record->rdlength, ldns_rdf_size(ldns_rr_rdf(rr, 0)));
	ck_assert_mem_eq(record->rdata, ldns_rdf_data(ldns_rr_rdf(rr, 0)),
		record->rdlength);
}

static int is_wanted(const ldns_rr *rr, const ldns_rdf *name)
{
	return ldns_rr_get_type(rr) == (ldns_rr_type)asked &&
		ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN &&
		ldns_dname_compare(ldns_rr_owner(rr), name) == 0;
}

static unsigned count_wanted(const ldns_pkt *pkt, const ldns_rdf *name)
{
	ldns_rr_list *list = ldns_pkt_answer(pkt);
	unsigned count = 0;
	size_t i;

	for (i = 0; i < ldns_rr_list_rr_count(list); i++)
		count += (unsigned)is_wanted(ldns_rr_list_rr(list, i), name);
	return count;
}

static void assert_same_records(const ldns_pkt *pkt, const ldns_rdf *name)
{
	ldns_rr_list *list = ldns_pkt_answer(pkt);
	struct mxsel__record record;
	size_t i;

	ck_assert_uint_eq(m.records, count_wanted(pkt, name));
	for (i = 0; i < ldns_rr_list_rr_count(list); i++) {
		ldns_rr *rr = ldns_rr_list_rr(list, i);

		if (!is_wanted(rr, name))
			continue;
		ck_assert_int_eq(mxsel__wire_next(&m, &record), 1);
		assert_same_record(&record, rr);
	}
	ck_assert_int_eq(mxsel__wire_next(&m, &record), 0);
}

static unsigned rcode_of(const ldns_pkt *pkt)
{
	return (unsigned)ldns_pkt_get_rcode(pkt) |
		(unsigned)ldns_pkt_edns_extended_rcode(pkt) << 4;
}

static void assert_same_outcome(const ldns_pkt *pkt)
{
	static const uint8_t outcomes[] = { MXSEL_DNS_COMPLETE,
		MXSEL_DNS_FORMERR, MXSEL_DNS_SERVFAIL, MXSEL_DNS_NXDOMAIN,
		MXSEL_DNS_NOTIMP, MXSEL_DNS_REFUSED };
	unsigned rcode = rcode_of(pkt);
	unsigned want = rcode < 6 ? outcomes[rcode] : MXSEL_DNS_RCODE;

	if (m.outcome == MXSEL_DNS_REFERRAL || m.loop)
		ck_assert(rcode == 0 || (m.loop && rcode == 3));
	else
		ck_assert_uint_eq(m.outcome, want);
}

/* Both accept: do they say the same? */
static void compare(const ldns_pkt *pkt)
{
	unsigned links = 0, ttl = UINT32_MAX;
	int split = 0;
	const ldns_rdf *end = follow(pkt, &links, &split, &ttl);

	assert_same_outcome(pkt);
	if (m.outcome != MXSEL_DNS_COMPLETE && m.outcome != MXSEL_DNS_NXDOMAIN)
		return;
	ck_assert_int_eq(m.loop, end == NULL);
	if (end == NULL)
		return;
	ck_assert(!split);
	ck_assert_uint_eq(m.links, links);
	ck_assert_uint_eq(m.alias_ttl, ttl);
	assert_same_name(m.owner, end);
	assert_same_records(pkt, end);
}

/* A reason in what the message says rather than in how it is built. */
static int contradicts(const ldns_pkt *pkt)
{
	unsigned links, ttl;
	int split = 0;
	const ldns_rdf *end = follow(pkt, &links, &split, &ttl);

	return split || (end != NULL && rcode_of(pkt) == 3 &&
		count_wanted(pkt, end) > 0);
}

/* Does ldns see the question that was asked, in a reply? */
static int is_answer(const ldns_pkt *pkt)
{
	ldns_rr_list *list = ldns_pkt_question(pkt);
	ldns_rdf *name = ldns_dname_new_frm_str(NAME ".");
	ldns_rr *rr = ldns_rr_list_rr(list, 0);
	int is;

	is = ldns_pkt_qr(pkt) && ldns_pkt_get_opcode(pkt) == 0 &&
		ldns_rr_list_rr_count(list) == 1 &&
		ldns_rr_get_type(rr) == (ldns_rr_type)asked &&
		ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN &&
		ldns_dname_compare(ldns_rr_owner(rr), name) == 0;
	ldns_rdf_deep_free(name);
	return is;
}

/* --------------------------------------------------------- both together */

static ldns_pkt *read_with_ldns(const struct packet *packet)
{
	ldns_pkt *pkt = NULL;

	if (ldns_wire2pkt(&pkt, packet->octets, packet->size) !=
		LDNS_STATUS_OK)
		return NULL;
	return pkt;
}

/* Accepted here: ldns must accept it and say the same. */
static void judge_accepted(enum reason reason)
{
	ldns_pkt *pkt = read_with_ldns(&work);

	ck_assert_int_eq(reason, NONE);
	ck_assert_ptr_nonnull(pkt);
	ck_assert(is_answer(pkt));
	compare(pkt);
	ldns_pkt_free(pkt);
}

/* Refused here, but not by ldns: there must be a reason. */
static enum reason judge_refused(const ldns_pkt *pkt, enum reason reason)
{
	if (reason == NONE && contradicts(pkt))
		reason = CONTRADICTS;
	ck_assert_int_ne(reason, NONE);
	if (reason == ASTRAY) {
		ldns_pkt *again = read_with_ldns(&work);

		ck_assert_ptr_null(again);
	}
	return reason;
}

static void judge(unsigned found[REASONS])
{
	uint8_t *exact = malloc(p.size);
	enum reason reason = read_plainly();
	ldns_pkt *pkt = read_with_ldns(&p);
	int result;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, p.octets, p.size);
	result = mxsel__wire_open(&m, exact, p.size, NAME, asked, 10);
	if (result == MXSEL_OK && m.outcome != MXSEL_DNS_TRUNCATED) {
		judge_accepted(reason);
		found[NONE]++;
	} else if (result == MXSEL_EMISMATCH && pkt != NULL) {
		ck_assert(!is_answer(pkt));
	} else if (result == MXSEL_EMALFORMED && pkt != NULL) {
		found[judge_refused(pkt, reason)]++;
	}
	ldns_pkt_free(pkt);
	free(exact);
}

START_TEST(ldns_reads_the_same_in_what_is_accepted)
{
	unsigned found[REASONS] = { 0 };
	int i;

	mxsel__random_init(&r, 1035 + (uint64_t)_i);
	for (i = 0; i < ROUNDS; i++) {
		build();
		damage_some();
		judge(found);
	}
	/* The test would mean nothing if all were refused, or none. */
	ck_assert_uint_gt(found[NONE], ROUNDS / 4);
	ck_assert_uint_gt(found[POINTER], 10);
	ck_assert_uint_gt(found[RDATA], 10);
	ck_assert_uint_gt(found[OPT], 10);
	ck_assert_uint_gt(found[CONTRADICTS], 10);
	ck_assert_uint_lt(found[ASTRAY], ROUNDS / 100);
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
