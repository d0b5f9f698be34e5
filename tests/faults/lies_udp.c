/*
 * Family A: datagrams that are lost, late, twice, cut, junk, or somebody
 * else's. What must not be believed names another host, so that who believes
 * it shows it. May use libc and sockets.
 */
#include "faults/lie.h"

#include <string.h>
#include <sys/socket.h>

#define ROOM 64 /* octets before which F6 cuts, more than the truth has */

/* --- F1 to F5: lost, late, twice, out of order --------------------------- */

static void lose_first(struct lie *lie)
{
	if (lie->nth > lie->variant + 1)
		lie_tell_truth(lie);
}

static const char *lost(unsigned variant)
{
	return variant < 2 ? LIE_PLAN : LIE_DEFER "|" LIE_PLAN;
}

static void tell_late(struct lie *lie)
{
	static const int late[] = { 60, 150, 250, 330 };

	lie_pause(late[lie->variant]);
	lie_tell_truth(lie);
}

static const char *lateness(unsigned variant)
{
	return variant == 0 ? LIE_PLAN : LIE_DEFER "|" LIE_PLAN;
}

static void tell_often(struct lie *lie)
{
	unsigned i, copies = lie->variant == 0 ? 2 : 50;

	lie_truth(lie);
	for (i = 0; i < copies; i++)
		lie_send(lie);
}

/* One family's answer comes after the other's, and after that of others. */
static void tell_second(struct lie *lie)
{
	if (lie->type == (lie->variant == 0 ? PACKET_A : PACKET_AAAA))
		lie_pause(30);
	lie_tell_truth(lie);
}

/* --- F6 to F8: what is no message ---------------------------------------- */

/* Even variants: nothing but the beginning; odd: the whole after it. */
static void tell_cut(struct lie *lie)
{
	size_t cut = lie->variant / 2;

	lie_truth(lie);
	/* Cut where nothing is missing, it would be the truth. */
	if (cut >= lie->packet.size)
		cut = lie->packet.size - 1;
	liar_send_raw(&lie->call, lie->packet.octets, cut);
	if (lie->variant % 2 == 1)
		lie_send(lie);
}

static const char *alone_or_not(unsigned variant)
{
	return variant % 2 == 0 ? LIE_DEFER "|" LIE_PLAN : LIE_PLAN;
}

static void tell_nothing(struct lie *lie)
{
	liar_send_raw(&lie->call, "", 0);
	if (lie->variant == 1)
		lie_tell_truth(lie);
}

/* Octets of every kind and length, with the right id from variant 8 on. */
static void tell_junk(struct lie *lie)
{
	uint32_t state = 1 + lie->variant;
	uint8_t junk[600];
	size_t size = 1 + lie_number(&state) % sizeof junk, i;

	for (i = 0; i < size; i++)
		junk[i] = (uint8_t)lie_number(&state);
	if (lie->variant >= 8) {
		memcpy(junk, lie->question, size < 2 ? size : 2);
		junk[2] |= 0x80;
	}
	liar_send_raw(&lie->call, junk, size);
	lie_tell_truth(lie);
}

/* --- F9 to F18: what answers another question, or comes from elsewhere --- */

/* The function bends what is false; then the truth, in odd variants. */
static void tell_bent(struct lie *lie, void (*bend)(struct lie *lie))
{
	lie_false(lie);
	bend(lie);
	lie_send(lie);
	if (lie->variant % 2 == 1)
		lie_tell_truth(lie);
}

static void flip(struct lie *lie, size_t at, unsigned bits)
{
	lie->packet.octets[at] ^= (uint8_t)bits;
}

static void other_id(struct lie *lie)
{
	flip(lie, lie->variant / 2 % 2, 1u << lie->variant / 4);
}

static void tell_wrong_id(struct lie *lie)
{
	lie_false(lie);
	other_id(lie);
	lie_send(lie);
}

static void tell_id_then_truth(struct lie *lie)
{
	tell_wrong_id(lie);
	lie_tell_truth(lie);
}

/* A letter, the length of a label, or the name of nobody. */
static void other_name(struct lie *lie)
{
	if (lie->variant / 2 == 0)
		flip(lie, 13, 0x01);
	else if (lie->variant / 2 == 1)
		flip(lie, lie_end(lie) - 6, 0x02);
	else
		flip(lie, 12, 0x01);
}

static void other_type(struct lie *lie)
{
	flip(lie, lie_end(lie) - (lie->variant / 2 == 0 ? 3 : 1), 0x02);
}

static void tell_wrong_name(struct lie *lie)
{
	tell_bent(lie, other_name);
}

static void tell_wrong_type(struct lie *lie)
{
	tell_bent(lie, other_type);
}

/* The count alone is wrong; or there is no question. */
static void no_question(struct lie *lie)
{
	struct packet *p = &lie->packet;

	packet_set16(p, 4, 0);
	if (lie->variant / 2 == 0)
		return;
	p->size = 12;
	packet_set16(p, 6, 0);
	if (lie->variant / 2 == 1)
		return;
	packet_mx(p, PACKET_ANSWER, lie->name, 300, 5, "evil.example.org");
}

static void tell_no_question(struct lie *lie)
{
	tell_bent(lie, no_question);
}

/* The count alone is wrong; or the question stands there twice. */
static void two_questions(struct lie *lie)
{
	struct packet *p = &lie->packet;

	if (lie->variant / 2 == 1) {
		p->size = lie_end(lie);
		packet_bytes(p, p->octets + 12, lie_end(lie) - 12);
		packet_mx(p, PACKET_ANSWER, NULL, 300, 5, "evil.example.org");
	}
	packet_set16(p, 4, 2);
	packet_set16(p, 6, 1);
}

static void tell_two_questions(struct lie *lie)
{
	tell_bent(lie, two_questions);
}

static void no_reply(struct lie *lie)
{
	flip(lie, 2, 0x80);
}

static void tell_question(struct lie *lie)
{
	tell_bent(lie, no_reply);
}

/* 5, and every other that is not QUERY. */
static void other_opcode(struct lie *lie)
{
	unsigned opcode = (4 + lie->variant / 2) % 15 + 1;

	flip(lie, 2, opcode << 3);
}

static void tell_opcode(struct lie *lie)
{
	tell_bent(lie, other_opcode);
}

static void tell_from_address(struct lie *lie)
{
	lie_false(lie);
	lie_send_from(lie, 1);
	if (lie->variant % 2 == 1)
		lie_tell_truth(lie);
}

static void tell_from_port(struct lie *lie)
{
	lie_false(lie);
	lie_send_from(lie, 0);
	if (lie->variant % 2 == 1)
		lie_tell_truth(lie);
}

/* --- F19 to F22 ---------------------------------------------------------- */

static void tell_loudly(struct lie *lie)
{
	size_t i;

	lie_truth(lie);
	for (i = 13; i < lie_end(lie) - 5; i++)
		if (lie->packet.octets[i] >= 'a' &&
			(lie->variant == 0 || i % 2 == 0))
			flip(lie, i, 0x20);
	lie_send(lie);
}

/* The truth, and more of it than a datagram to us may hold. */
static void tell_much(struct lie *lie)
{
	static const size_t sizes[] = { 1233, 4096, 60000 };
	struct packet *p = &lie->packet;

	lie_truth(lie);
	while (p->size < sizes[lie->variant]) {
		packet_owner(p, "x.example");
		packet_head(p, PACKET_ADDITIONAL, PACKET_TXT, PACKET_IN, 0);
		while (p->size - p->rdata < 200)
			packet_8(p, 0);
		packet_end(p);
	}
	lie_send(lie);
}

/*
 * Half of them from the server's address with ids that are guessed and wrong,
 * half with the right id from another port or address; or all of these, for
 * which nobody leaves UDP. The truth in the end.
 */
static void tell_forgeries(struct lie *lie)
{
	uint32_t state = 22 + lie->variant;
	unsigned i, own;

	lie_false(lie);
	own = packet_get16(&lie->packet, 0);
	for (i = 0; i < 10000; i++) {
		int is_guess = i % 2 == 0 && lie->variant != 1;

		packet_set16(&lie->packet, 0, is_guess ?
			own ^ (1 + lie_number(&state) % 65535) : own);
		if (is_guess)
			lie_send(lie);
		else
			lie_send_from(lie, i % 4 > 1);
		if (i % 500 == 499)
			lie_pause(2);
	}
	lie_tell_truth(lie);
}

/* Where TCP says nothing either, the forgers have all the time there is. */
static void after_forgeries(struct lie *lie)
{
	if (lie->variant == 2)
		lie_pause(2500);
	else
		lie_tell_truth(lie);
}

static const char *forged(unsigned variant)
{
	return variant == 2 ? LIE_PLAN "|" LIE_DEFER : LIE_PLAN;
}

const struct fault faults_udp[] = {
	{ .number = 1, .what = "every datagram is lost", .lies = LIE_ALL,
		.right = LIE_DEFER },
	{ .number = 2, .what = "the first ones are lost", .udp = lose_first,
		.variants = 3, .rights = lost },
	{ .number = 3, .what = "the answer comes late", .udp = tell_late,
		.variants = 4, .rights = lateness },
	{ .number = 4, .what = "the answer comes twice", .udp = tell_often,
		.variants = 2, .right = LIE_PLAN, .lies = LIE_ALL },
	{ .number = 5, .what = "answers out of order", .udp = tell_second,
		.variants = 2, .right = LIE_PLAN, .lies = LIE_HOSTS },
	{ .number = 6, .what = "cut at every octet", .udp = tell_cut,
		.variants = 2 * ROOM, .rights = alone_or_not },
	{ .number = 7, .what = "an empty datagram first", .udp = tell_nothing,
		.variants = 2, .rights = alone_or_not },
	{ .number = 8, .what = "junk first", .udp = tell_junk, .variants = 32,
		.right = LIE_PLAN },
	{ .number = 9, .what = "wrong id", .udp = tell_wrong_id,
		.variants = 32, .right = LIE_DEFER "|" LIE_PLAN },
	{ .number = 10, .what = "wrong id, then the right one",
		.udp = tell_id_then_truth, .variants = 32, .right = LIE_PLAN },
	{ .number = 11, .what = "wrong name", .udp = tell_wrong_name,
		.variants = 6, .rights = alone_or_not },
	{ .number = 12, .what = "wrong type or class", .udp = tell_wrong_type,
		.variants = 4, .rights = alone_or_not },
	{ .number = 13, .what = "QDCOUNT 0", .udp = tell_no_question,
		.variants = 6, .rights = alone_or_not },
	{ .number = 14, .what = "QDCOUNT 2", .udp = tell_two_questions,
		.variants = 4, .rights = alone_or_not },
	{ .number = 15, .what = "a question for an answer",
		.udp = tell_question, .variants = 2, .rights = alone_or_not },
	{ .number = 16, .what = "another opcode", .udp = tell_opcode,
		.variants = 30, .rights = alone_or_not },
	{ .number = 17, .what = "from another address",
		.udp = tell_from_address, .variants = 2,
		.rights = alone_or_not },
	{ .number = 18, .what = "from another port", .udp = tell_from_port,
		.variants = 2, .rights = alone_or_not },
	{ .number = 19, .what = "the question in other letters",
		.udp = tell_loudly, .variants = 2, .right = LIE_PLAN },
	{ .number = 20, .what = "nobody listens (ICMP)", .right = LIE_DEFER,
		.flags = LIE_NO_PORT },
	{ .number = 21, .what = "larger than we announced", .udp = tell_much,
		.variants = 3, .right = LIE_PLAN },
	{ .number = 22, .what = "10,000 spoofed answers",
		.udp = tell_forgeries, .tcp = after_forgeries,
		.variants = 3, .rights = forged, .flags = LIE_SOLO,
		.time = 2000 },
	{ .number = 0 }
};
