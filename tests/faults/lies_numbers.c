/*
 * Family C, F53 to F57: numbers and sizes, of TTLs, records, addresses and
 * messages. May use libc.
 */
#include "faults/lie.h"

#include <string.h>

#define V6 "2001:db8::1"
#define V4 "192.0.2.1"

static void tell_ttl(struct lie *lie)
{
	static const uint32_t ttls[] = { 0, 1, 0x7fffffff, 0x80000000,
		0xffffffff };
	struct packet *p = &lie->packet;

	lie_begin(lie, PACKET_REPLY);
	packet_pointer(p, 12);
	packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN,
		ttls[lie->variant]);
	packet_16(p, 10);
	packet_label(p, "mx", 2);
	packet_pointer(p, 12);
	packet_end(p);
	lie_send(lie);
}

static const char *ttl(unsigned variant)
{
	static const char *const right[] = { LIE_PLAN " ttl 0",
		LIE_PLAN " ttl 1", LIE_PLAN " ttl 300", LIE_PLAN " ttl 0",
		LIE_PLAN " ttl 0" };

	return right[variant];
}

static void tell_again(struct lie *lie)
{
	size_t size;
	int i;

	lie_truth(lie);
	size = lie->packet.size - lie_end(lie);
	for (i = 0; i < 5; i++) {
		packet_bytes(&lie->packet, lie->packet.octets +
			lie_end(lie), size);
		packet_count(&lie->packet, PACKET_ANSWER);
	}
	if (lie->type == PACKET_MX) {
		lie_mx(lie, 5 + 20 * lie->variant, "MX");
		lie_mx(lie, 20, "mX");
	}
	lie_send(lie);
}

static const char *again(unsigned variant)
{
	return variant == 0 ? "mx 5 mx.@ " V6 " " V4 : LIE_PLAN;
}

/* Over UDP it does not fit. */
static void send_large(struct lie *lie)
{
	if (!lie->call.is_tcp)
		lie_begin(lie, PACKET_REPLY | PACKET_TC);
	lie_send(lie);
}

/* The best one last. */
static void tell_4000(struct lie *lie)
{
	struct packet *p = &lie->packet;
	unsigned i;

	lie_begin(lie, PACKET_REPLY);
	for (i = 0; i < 4000; i++) {
		packet_pointer(p, 12);
		packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
		packet_16(p, i == 3999 ? 10 : 100 + i);
		if (i == 0 || i == 3999)
			packet_label(p, i == 0 ? "zz" : "mx", 2);
		packet_pointer(p, i > 0 && i < 3999 ? lie_end(lie) + 14 : 12);
		packet_end(p);
	}
	send_large(lie);
}

/* The truth, and records of others to the last octet. */
static void tell_65535(struct lie *lie)
{
	struct packet *p = &lie->packet;

	lie_truth(lie);
	while (p->size < PACKET_MAX) {
		size_t left = PACKET_MAX - p->size;
		size_t size = left < 30000 ? left : 20000;

		packet_owner(p, "x.example");
		packet_head(p, lie->variant % 2 == 0 ? PACKET_ADDITIONAL :
			PACKET_ANSWER, PACKET_TXT, PACKET_IN, 0);
		for (size -= 21; size > 0; size--)
			packet_8(p, 0);
		packet_end(p);
	}
	send_large(lie);
}

/* Of each family as many as a host may have in all: 16. */
#define PAIR(n) " 2001:db8::ca00:0:0:" n " 202.0.0." n
#define EIGHT PAIR("1") PAIR("2") PAIR("3") PAIR("4") PAIR("5") PAIR("6") \
	PAIR("7") PAIR("8")

static void tell_1000(struct lie *lie)
{
	struct packet *p = &lie->packet;
	uint8_t octets[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	unsigned i, is_a = lie->type == PACKET_A;

	lie_begin(lie, PACKET_REPLY);
	for (i = 1; i <= 1000; i++) {
		octets[14] = (uint8_t)(i >> 8);
		octets[15] = (uint8_t)i;
		memcpy(octets + 8, "\312\0\0\0", 4);
		if (is_a)
			memcpy(octets + 10, octets + 14, 2);
		packet_address(p, PACKET_ANSWER, NULL, 300,
			octets + (is_a ? 8 : 0), is_a ? 4 : 16);
	}
	send_large(lie);
}

const struct fault faults_numbers[] = {
	{ .number = 53, .what = "TTL 0, 2^31, 2^32-1", .udp = tell_ttl,
		.variants = 5, .rights = ttl, .flags = LIE_SHOW_TTL },
	{ .number = 54, .what = "records again and again", .udp = tell_again,
		.variants = 2, .lies = LIE_ALL, .rights = again,
		.base = "mx*|temporary*" },
	{ .number = 55, .what = "4,000 MX", .udp = tell_4000,
		.right = LIE_PLAN,
		.base = "mx 10 mx.@, *|temporary*" },
	{ .number = 56, .what = "answers of 65,535 octets",
		.udp = tell_65535, .variants = 2, .lies = LIE_ALL,
		.right = LIE_PLAN },
	{ .number = 57, .what = "1,000 addresses of a host",
		.udp = tell_1000, .lies = LIE_HOSTS, .ask = PACKET_A,
		.right = "mx 10 mx.@" EIGHT, .base = "a 202.0.*|temporary*" },
	{ .number = 0 }
};
