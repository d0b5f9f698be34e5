/*
 * Family D: messages that break the wire format of RFC 1035, 4.1, or bend
 * it. May use libc.
 */
#include "faults/lie.h"

#include <string.h>

/* An MX begun: its preference is there, its exchange is not. */
static void begin_mx(struct lie *lie)
{
	struct packet *p = &lie->packet;

	packet_pointer(p, 12);
	packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
	packet_16(p, 10);
}

/* The answer to all that is asked: bend fills it. */
static void answer(struct lie *lie, void (*fill)(struct lie *lie))
{
	lie_begin(lie, PACKET_REPLY);
	fill(lie);
	if (lie->packet.size > 1232 && !lie->call.is_tcp)
		lie_begin(lie, PACKET_REPLY | PACKET_TC);
	lie_send(lie);
}

/* --- F58 to F62: pointers ------------------------------------------------ */

/* For an owner: the rest of a record after it. */
static void end_as_mx(struct lie *lie)
{
	struct packet *p = &lie->packet;

	packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
	packet_16(p, 10);
	packet_label(p, "mx", 2);
	packet_pointer(p, 12);
	packet_end(p);
}

/* As exchange, as exchange after a label, as owner. */
static void self_pointer(struct lie *lie)
{
	struct packet *p = &lie->packet;

	if (lie->variant == 2) {
		packet_pointer(p, p->size);
		end_as_mx(lie);
		return;
	}
	begin_mx(lie);
	if (lie->variant == 1) {
		packet_label(p, "mx", 2);
		packet_pointer(p, p->size - 3);
	} else {
		packet_pointer(p, p->size);
	}
	packet_end(p);
}

/* At each other: both in the exchange; across records; after labels. */
static void two_pointers(struct lie *lie)
{
	struct packet *p = &lie->packet;
	size_t first;

	begin_mx(lie);
	first = p->size;
	if (lie->variant == 2)
		packet_label(p, "mx", 2);
	packet_pointer(p, first + (lie->variant == 0 ? 2 :
		lie->variant == 1 ? 16 : 5));
	if (lie->variant != 1) {
		packet_pointer(p, first);
		packet_end(p);
		return;
	}
	packet_end(p);
	begin_mx(lie);
	packet_pointer(p, first);
	packet_end(p);
}

/* To a sound name that follows; to the end; beyond it. */
static void forward_pointer(struct lie *lie)
{
	static const size_t ahead[] = { 2, 30, 200 };
	struct packet *p = &lie->packet;

	begin_mx(lie);
	packet_pointer(p, p->size + ahead[lie->variant]);
	packet_end(p);
	packet_mx(p, PACKET_ANSWER, "example.org", 300, 5, "mx.example.org");
}

static void into_header(struct lie *lie)
{
	begin_mx(lie);
	packet_pointer(&lie->packet, lie->variant);
	packet_end(&lie->packet);
}

/*
 * Each pointer one lower than the last, as far as 14 bits reach, and 3,000
 * records that begin at the upper end; with a label at every 64th pointer
 * the name is too long besides.
 */
static void pointer_chain(struct lie *lie)
{
	struct packet *p = &lie->packet;
	size_t last = 12, at;
	unsigned i;

	packet_pointer(p, 12);
	packet_head(p, PACKET_ANSWER, PACKET_TXT, PACKET_IN, 300);
	for (i = 0; p->size < 16380; i++) {
		at = p->size;
		if (lie->variant == 1 && i % 64 == 0)
			packet_label(p, "x", 1);
		packet_pointer(p, last);
		last = at;
	}
	packet_end(p);
	for (i = 0; i < 3000; i++) {
		begin_mx(lie);
		packet_pointer(p, last);
		packet_end(p);
	}
}

/* --- F63 to F65: labels -------------------------------------------------- */

static void label_type(struct lie *lie)
{
	struct packet *p = &lie->packet;
	unsigned i;

	begin_mx(lie);
	packet_8(p, 0x40 + lie->variant);
	for (i = 0; i < (lie->variant & 0x3f); i++)
		packet_8(p, 'a');
	packet_8(p, 0);
	packet_end(p);
}

/* Of 1 octet or of 63, one octet short of the end or right at it. */
static void label_past_end(struct lie *lie)
{
	struct packet *p = &lie->packet;
	unsigned length = lie->variant < 2 ? 1 : 63, i;

	begin_mx(lie);
	packet_8(p, length);
	for (i = lie->variant % 2; i < length; i++)
		packet_8(p, 'a');
	packet_end(p);
}

/* An exchange of so many octets on the wire, the root's included. */
static void long_name(struct lie *lie, size_t size)
{
	static const char letters[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	struct packet *p = &lie->packet;
	size_t left = size - 1;

	while (left > 64 + 1) {
		packet_label(p, letters, 63);
		left -= 64;
	}
	if (left > 64) {
		packet_label(p, letters, 31);
		left -= 32;
	}
	packet_label(p, letters, left - 1);
	packet_8(p, 0);
}

/* 255; 256; 256 whose end is the question's name; 1,000 by pointers. */
static void long_names(struct lie *lie)
{
	struct packet *p = &lie->packet;
	size_t at = 12, next;
	unsigned i;

	begin_mx(lie);
	if (lie->variant < 2) {
		long_name(lie, 255 + lie->variant);
	} else {
		for (i = 0; i < (lie->variant == 2 ? 1u : 5u); i++) {
			next = p->size;
			long_name(lie, 257 - (lie_end(lie) - 16));
			p->size--;
			packet_pointer(p, at);
			at = next;
		}
	}
	packet_end(p);
}

static const char *longest(unsigned variant)
{
	return variant == 0 ? "mx 10 aaaaaaaaaaaaaaaaaaaaaaaaaaa*" : LIE_DEFER;
}

/* --- F66 to F69: lengths and counts -------------------------------------- */

/* 0, 1, 2: alone, and after a sound record. */
static void tiny_rdata(struct lie *lie)
{
	struct packet *p = &lie->packet;

	if (lie->variant >= 3)
		lie_mx(lie, 10, "mx");
	packet_pointer(p, 12);
	packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
	packet_bytes(p, "\0\12", lie->variant % 3);
	packet_end(p);
}

/* One short; one, two, nine long; so long that another record hides in it. */
static void wrong_rdlength(struct lie *lie)
{
	static const int more[] = { -1, 1, 2, 9, 0 };
	struct packet *p = &lie->packet;
	size_t length;

	lie_mx(lie, 10, "mx");
	length = p->rdata - 2;
	if (lie->variant < 4) {
		packet_set16(p, length, (unsigned)((int)packet_get16(p,
			length) + more[lie->variant]));
		packet_bytes(p, "\0\0\0\0\0\0\0\0\0", 9);
		return;
	}
	packet_mx(p, PACKET_ANSWER, NULL, 300, 5, "evil.example.org");
	packet_set16(p, length, (unsigned)(p->size - length - 2));
	packet_set16(p, 6, lie->variant == 4 ? 1 : 2);
}

static void rdlength_past_end(struct lie *lie)
{
	static const unsigned lengths[] = { 1, 1000, 65535 };
	struct packet *p = &lie->packet;
	unsigned right;

	lie_mx(lie, 10, "mx");
	right = packet_get16(p, p->rdata - 2);
	packet_set16(p, p->rdata - 2, lie->variant == 2 ? 65535 :
		right + lengths[lie->variant]);
}

/* The three counts 65535; 1 too many; and no answer, says the header. */
static void wrong_counts(struct lie *lie)
{
	struct packet *p = &lie->packet;

	lie_mx(lie, 10, "mx");
	if (lie->variant < 3)
		packet_set16(p, 6 + 2 * lie->variant, 65535);
	else
		packet_set16(p, 6, lie->variant == 3 ? 2 : 0);
}

static const char *counts(unsigned variant)
{
	return variant < 4 ? LIE_DEFER :
		LIE_DEFER "|implicit 0 @ 2001:db8::1 192.0.2.1";
}

/* --- F70 to F73 ---------------------------------------------------------- */

static void trailing(struct lie *lie)
{
	static const unsigned sizes[] = { 1, 11, 500, 60000 };
	unsigned i;

	lie_mx(lie, 10, "mx");
	for (i = 0; i < sizes[lie->variant]; i++)
		packet_8(&lie->packet, i * 7);
}

/* Twice; among the answers; in the authority section; owned by a name. */
static void opt_anywhere(struct lie *lie)
{
	struct packet *p = &lie->packet;

	lie_mx(lie, 10, "mx");
	if (lie->variant == 3) {
		packet_owner(p, "example.org");
		packet_head(p, PACKET_ADDITIONAL, PACKET_OPT, 1232, 0);
		packet_end(p);
		return;
	}
	packet_opt(p, lie->variant == 0 ? PACKET_ADDITIONAL :
		lie->variant == 1 ? PACKET_ANSWER : PACKET_AUTHORITY, 0);
	if (lie->variant != 1)
		packet_set16(p, 10, 1 + (lie->variant == 0));
	if (lie->variant == 0) {
		packet_opt(p, PACKET_ADDITIONAL, 0);
		packet_set16(p, 10, 2);
	}
	if (lie->variant == 2)
		packet_set16(p, 10, 0);
}

/* Every octet as the first and as the second of a label of two. */
static void odd_octet(struct lie *lie)
{
	struct packet *p = &lie->packet;
	char label[2] = { 'b', 'b' };

	label[lie->variant / 256] = (char)(lie->variant % 256);
	begin_mx(lie);
	packet_label(p, label, 2);
	packet_pointer(p, 12);
	packet_end(p);
	lie_mx(lie, 20, "mx");
}

/* Letters, digits, hyphen, underscore: else the other host is left. */
static const char *octets(unsigned variant)
{
	unsigned c = variant % 256;

	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_' || c == '-')
		return "mx 10 *";
	return "mx 20 mx.@ 2001:db8::1 192.0.2.1";
}

#define LENGTHS 21

/* 0 to 20 octets: of an A, then of an AAAA; the other family is sound. */
static void odd_address(struct lie *lie)
{
	static const uint8_t octets_of[LENGTHS] = { 192, 0, 2, 66 };
	unsigned is_a = lie->type == PACKET_A;

	if (is_a != (lie->variant < LENGTHS)) {
		lie_tell_truth(lie);
		return;
	}
	lie_begin(lie, PACKET_REPLY);
	packet_record(&lie->packet, PACKET_ANSWER, NULL, lie->type, 300,
		octets_of, lie->variant % LENGTHS);
	lie_send(lie);
}

static const char *lengths(unsigned variant)
{
	if (variant == 4)
		return "mx 10 mx.@ 2001:db8::1 192.0.2.66";
	if (variant == LENGTHS + 16)
		return "mx 10 mx.@ c000:242:: 192.0.2.1";
	return variant < LENGTHS ? "mx 10 mx.@ 2001:db8::1" :
		"mx 10 mx.@ 192.0.2.1";
}

#define WIRE(name) \
	static void tell_##name(struct lie *lie) \
	{ \
		answer(lie, name); \
	}

WIRE(self_pointer)
WIRE(two_pointers)
WIRE(forward_pointer)
WIRE(into_header)
WIRE(pointer_chain)
WIRE(label_type)
WIRE(label_past_end)
WIRE(long_names)
WIRE(tiny_rdata)
WIRE(wrong_rdlength)
WIRE(rdlength_past_end)
WIRE(wrong_counts)
WIRE(trailing)
WIRE(opt_anywhere)
WIRE(odd_octet)

const struct fault faults_wire[] = {
	{ .number = 58, .what = "a pointer to itself",
		.udp = tell_self_pointer, .variants = 3, .right = LIE_DEFER,
		.base = "temporary*" },
	{ .number = 59, .what = "two pointers at each other",
		.udp = tell_two_pointers, .variants = 3, .right = LIE_DEFER,
		.base = "temporary*" },
	{ .number = 60, .what = "a pointer forward",
		.udp = tell_forward_pointer, .variants = 3,
		.right = LIE_DEFER, .base = "temporary*|mx*" },
	{ .number = 61, .what = "a pointer into the header",
		.udp = tell_into_header, .variants = 12, .right = LIE_DEFER,
		.base = "temporary*|mx*" },
	{ .number = 62, .what = "3,000 chains of 8,000 pointers",
		.udp = tell_pointer_chain, .variants = 2,
		.right = LIE_DEFER "|mx 10 @ 2001:db8::1 192.0.2.1",
		.base = "temporary*|mx 10 @*" },
	{ .number = 63, .what = "label types 01 and 10",
		.udp = tell_label_type, .variants = 128, .right = LIE_DEFER,
		.base = "temporary*" },
	{ .number = 64, .what = "a label past the end",
		.udp = tell_label_past_end, .variants = 4,
		.right = LIE_DEFER, .base = "temporary*" },
	{ .number = 65, .what = "names of 255, 256 and 1,000 octets",
		.udp = tell_long_names, .variants = 4, .rights = longest,
		.base = "temporary*|mx 10 aaaaaaaaaaaaaaaaaaaaaaaaaaa*" },
	{ .number = 66, .what = "RDLENGTH 0, 1, 2", .udp = tell_tiny_rdata,
		.variants = 6, .right = LIE_DEFER, .base = "temporary*" },
	{ .number = 67, .what = "RDLENGTH short and long",
		.udp = tell_wrong_rdlength, .variants = 6,
		.right = LIE_DEFER },
	{ .number = 68, .what = "RDLENGTH past the end",
		.udp = tell_rdlength_past_end, .variants = 3,
		.right = LIE_DEFER, .base = "temporary*" },
	{ .number = 69, .what = "counts 65535 and 0",
		.udp = tell_wrong_counts, .variants = 5, .rights = counts,
		.base = LIE_BASE "|nodata" },
	{ .number = 70, .what = "trailing octets", .udp = tell_trailing,
		.variants = 4, .right = LIE_PLAN },
	{ .number = 71, .what = "OPT twice, and where it is not to be",
		.udp = tell_opt_anywhere, .variants = 4,
		.right = LIE_DEFER "|" LIE_PLAN },
	{ .number = 72, .what = "every octet in a label",
		.udp = tell_odd_octet, .variants = 512, .rights = octets,
		.base = "temporary*|mx*" },
	{ .number = 73, .what = "A of 0 to 20 octets, AAAA too",
		.udp = odd_address, .variants = 2 * LENGTHS,
		.lies = LIE_HOSTS, .rights = lengths, .ask = PACKET_A,
		.base = "temporary*|a 192.0.2.1|a 192.0.2.66" },
	{ .number = 0 }
};
