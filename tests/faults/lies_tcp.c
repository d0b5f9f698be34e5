/*
 * Family B: what can go wrong with a stream. The answer over UDP says TC, so
 * that every question comes here. Questions that share a stream share its
 * end: where one form must come to the truth and another breaks the stream,
 * the engine gets them in turn (LIE_SOLO). May use libc and sockets.
 */
#include "faults/lie.h"

#include <string.h>
#include <unistd.h>

static void say_tc(struct lie *lie)
{
	lie_tell(lie, PACKET_REPLY | PACKET_TC);
}

/* Longer than anybody waits; the reader notices when we are gone. */
static void stay_silent(struct lie *lie)
{
	(void)lie;
	lie_pause(3000);
}

static void hang_up(struct lie *lie)
{
	close(lie->call.fd);
	lie->call.fd = -1;
}

static void send_prefix(struct lie *lie, size_t size)
{
	uint8_t prefix[2] = { (uint8_t)(size >> 8), (uint8_t)(size & 0xff) };

	liar_send_raw(&lie->call, prefix, 2);
}

/* Within the prefix, right after it, in the header, in the records. */
static void reset_within(struct lie *lie)
{
	static const size_t sizes[] = { 0, 1, 7, 50 };
	size_t size = sizes[lie->variant];

	lie_truth(lie);
	if (size == 0) {
		liar_send_raw(&lie->call, "", 1);
	} else {
		send_prefix(lie, lie->packet.size);
		liar_send_raw(&lie->call, lie->packet.octets, size);
	}
	lie_pause(10);
	liar_reset(&lie->call);
}

static void drip(struct lie *lie)
{
	size_t i;

	lie_truth(lie);
	liar_send_raw(&lie->call, "", 1);
	for (i = 0; i < 10; i++) {
		lie_pause(400);
		liar_send_raw(&lie->call, lie->packet.octets + i, 1);
	}
}

/* And silence; the end; the same again; the truth. */
static void send_empty(struct lie *lie)
{
	int i;

	for (i = 0; i < (lie->variant == 2 ? 1000 : 1); i++)
		send_prefix(lie, 0);
	if (lie->variant == 0)
		stay_silent(lie);
	else if (lie->variant == 1)
		hang_up(lie);
	else
		lie_tell_truth(lie);
}

static const char *empty(unsigned variant)
{
	return variant < 2 ? LIE_DEFER : LIE_DEFER "|" LIE_PLAN;
}

/* A whole answer in front, and silence or the end where the rest would be. */
static void promise_much(struct lie *lie)
{
	lie_truth(lie);
	send_prefix(lie, 65535);
	liar_send_raw(&lie->call, lie->packet.octets, lie->packet.size);
	if (lie->variant == 0)
		stay_silent(lie);
	else
		hang_up(lie);
}

static size_t put_message(struct lie *lie, uint8_t *at)
{
	at[0] = (uint8_t)(lie->packet.size >> 8);
	at[1] = (uint8_t)(lie->packet.size & 0xff);
	memcpy(at + 2, lie->packet.octets, lie->packet.size);
	return lie->packet.size + 2;
}

/* The answer twice; or what is false, with another id, before it. */
static void send_two(struct lie *lie)
{
	uint8_t both[2048];
	size_t size;

	if (lie->variant == 0)
		lie_truth(lie);
	else
		lie_false(lie);
	if (lie->variant == 1)
		lie->packet.octets[0] ^= 0xff;
	if (lie->variant == 2)
		lie->packet.octets[13] ^= 0x01;
	size = put_message(lie, both);
	lie_truth(lie);
	size += put_message(lie, both + size);
	liar_send_raw(&lie->call, both, size);
}

static const char *two(unsigned variant)
{
	return variant == 0 ? LIE_PLAN : LIE_PLAN "|" LIE_DEFER;
}

/* After every octet of the prefix and of the message. */
static void split(struct lie *lie)
{
	uint8_t whole[512];
	size_t size, at;

	lie_truth(lie);
	size = put_message(lie, whole);
	at = (1 + lie->variant) % size;
	liar_send_raw(&lie->call, whole, at);
	lie_pause(15);
	liar_send_raw(&lie->call, whole + at, size - at);
}

/* Another id, name or type, or no reply at all: and nothing more. */
static void send_foreign(struct lie *lie)
{
	size_t where[4] = { 1, 13, 0, 2 };

	where[2] = lie_end(lie) - 3;
	lie_false(lie);
	lie->packet.octets[where[lie->variant]] ^=
		lie->variant == 3 ? 0x80 : 0x02;
	lie_send(lie);
	stay_silent(lie);
}

/* With no record, with one that is true, and with one that is not. */
static void send_tc(struct lie *lie)
{
	if (lie->variant == 0)
		lie_begin(lie, 0);
	else if (lie->variant == 1)
		lie_truth(lie);
	else
		lie_false(lie);
	packet_set16(&lie->packet, 2, PACKET_REPLY | PACKET_TC);
	lie_send(lie);
}

/* UDP: a worse MX alone, as if it were cut off there. */
static void say_part(struct lie *lie)
{
	lie_begin(lie, PACKET_REPLY | PACKET_TC);
	lie_mx(lie, 90, "backup");
	lie_send(lie);
}

static void whole_or_none(struct lie *lie)
{
	if (lie->variant == 0)
		lie_tell_truth(lie);
	else
		hang_up(lie);
}

static const char *part(unsigned variant)
{
	return variant == 0 ? LIE_PLAN : LIE_DEFER;
}

const struct fault faults_tcp[] = {
	{ .number = 23, .what = "TC, then no connection (RST)", .udp = say_tc,
		.right = LIE_DEFER, .flags = LIE_NO_TCP },
	{ .number = 24, .what = "TC, then a black hole", .udp = say_tc,
		.right = LIE_DEFER, .flags = LIE_TCP_FULL },
	{ .number = 25, .what = "TCP: accepted, then silence", .udp = say_tc,
		.tcp = stay_silent, .right = LIE_DEFER },
	{ .number = 26, .what = "TCP: accepted, then the end", .udp = say_tc,
		.tcp = hang_up, .right = LIE_DEFER },
	{ .number = 27, .what = "TCP: reset within the message",
		.udp = say_tc, .tcp = reset_within, .variants = 4,
		.right = LIE_DEFER },
	{ .number = 28, .what = "TCP: an octet each 0.4 s", .udp = say_tc,
		.tcp = drip, .right = LIE_DEFER, .time = 1000 },
	{ .number = 29, .what = "TCP: length 0", .udp = say_tc,
		.tcp = send_empty, .variants = 3, .rights = empty },
	{ .number = 30, .what = "TCP: length 65,535, a short body",
		.udp = say_tc, .tcp = promise_much, .variants = 2,
		.right = LIE_DEFER },
	{ .number = 31, .what = "TCP: two messages in a segment",
		.udp = say_tc, .tcp = send_two, .variants = 3, .rights = two,
		.flags = LIE_SOLO },
	{ .number = 32, .what = "TCP: split at every octet", .udp = say_tc,
		.tcp = split, .variants = 56, .right = LIE_PLAN,
		.flags = LIE_SOLO },
	{ .number = 33, .what = "TCP: wrong id or question", .udp = say_tc,
		.tcp = send_foreign, .variants = 4, .right = LIE_DEFER },
	{ .number = 34, .what = "TCP: TC again", .udp = say_tc,
		.tcp = send_tc, .variants = 3, .right = LIE_DEFER },
	{ .number = 35, .what = "a part of the answer under TC",
		.udp = say_part, .tcp = whole_or_none, .variants = 2,
		.rights = part, .flags = LIE_SOLO },
	{ .number = 0 }
};
