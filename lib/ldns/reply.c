/*
 * Replies held against questions, see reply.h. May use public headers and
 * libc only.
 */
#include "ldns/reply.h"

#include <string.h>

#define HEADER_SIZE 12u
#define QUESTION_TAIL 4u /* type and class */
#define RECORD_TAIL 10u  /* type, class, TTL, RDLENGTH */
#define TYPE_OPT 41u     /* RFC 6891 6.1.1 */
#define OPTION_SIZE 11u  /* of an OPT record without options */

static unsigned u16_at(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

int mxsel__reply_is_answer(const struct mxsel__reply *reply)
{
	/* QR set, opcode QUERY (RFC 1035 4.1.1), one question */
	return reply->size >= HEADER_SIZE &&
		(reply->packet[2] & 0xf8) == 0x80 &&
		u16_at(reply->packet + 4) == 1;
}

uint16_t mxsel__reply_id(const struct mxsel__reply *reply)
{
	return (uint16_t)u16_at(reply->packet);
}

static uint8_t fold(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

/*
 * Past the name at offset, or 0 when there is none: only its octets in place
 * count here, a pointer ends it (RFC 1035 4.1.4).
 */
static size_t skip_name(const uint8_t *packet, size_t size, size_t at)
{
	while (at < size && packet[at] != 0) {
		if (packet[at] >= 0xc0)
			return at + 2 <= size ? at + 2 : 0;
		if (packet[at] > 63)
			return 0;
		at += 1u + packet[at];
	}
	return at < size ? at + 1 : 0;
}

/* Label lengths are below 'A', so that folding leaves them alone. */
static int same_question(const uint8_t *a, const uint8_t *b, size_t name)
{
	size_t i;

	for (i = 0; i < name; i++)
		if (fold(a[i]) != fold(b[i]))
			return 0;
	return memcmp(a + name, b + name, QUESTION_TAIL) == 0;
}

int mxsel__reply_has_question(const struct mxsel__reply *reply,
	const mxsel_query *query)
{
	uint8_t asked[MXSEL__QUESTION_SIZE];
	size_t size = sizeof asked, end;

	/* There is room for every question, and each has a name. */
	(void)mxsel_query_packet(query, 0, 0, asked, &size);
	end = skip_name(asked, size, HEADER_SIZE);
	return reply->size >= end + QUESTION_TAIL &&
		same_question(reply->packet + HEADER_SIZE,
			asked + HEADER_SIZE, end - HEADER_SIZE);
}

int mxsel__reply_is_truncated(const struct mxsel__reply *reply)
{
	return (reply->packet[2] & 0x02) != 0;
}

/*
 * AD, RFC 4035 3.2.3. Without it nothing there is signed: where signatures
 * are missing or wrong a validating server answers SERVFAIL (RFC 4035 5.5).
 */
int mxsel__reply_security(const struct mxsel__reply *reply, int trusting)
{
	if (!trusting)
		return MXSEL_SECURITY_INDETERMINATE;
	return (reply->packet[3] & 0x20) != 0 ? MXSEL_SECURITY_SECURE
		: MXSEL_SECURITY_INSECURE;
}

/* Past count records from at, which is not 0; or 0 when they do not fit. */
static size_t skip_records(const uint8_t *packet, size_t size, size_t at,
	unsigned count)
{
	for (; count > 0; count--) {
		at = skip_name(packet, size, at);
		if (at == 0 || size - at < RECORD_TAIL)
			return 0;
		at += RECORD_TAIL + u16_at(packet + at + 8);
		if (at > size)
			return 0;
	}
	return at;
}

/* The one additional record most answers have: an OPT without options. */
static int ends_with_option(const uint8_t *packet, size_t size)
{
	const uint8_t *at = packet + size - OPTION_SIZE;

	return size >= HEADER_SIZE + OPTION_SIZE && at[0] == 0 &&
		u16_at(at + 1) == TYPE_OPT && u16_at(at + 9) == 0;
}

/*
 * EXTENDED-RCODE stands where the TTL of another record would (RFC 6891
 * 6.1.3). A message that cannot be walked is left to the decoder, which
 * refuses it.
 */
static unsigned extended_code(const uint8_t *packet, size_t size, size_t at)
{
	unsigned left = u16_at(packet + 10);
	size_t name, next;

	if (left == 0)
		return 0;
	if (left == 1 && ends_with_option(packet, size))
		return packet[size - OPTION_SIZE + 5];
	at = skip_records(packet, size, at,
		u16_at(packet + 6) + u16_at(packet + 8));
	for (; left > 0 && at != 0; left--) {
		next = skip_records(packet, size, at, 1);
		name = skip_name(packet, size, at);
		if (next != 0 && u16_at(packet + name) == TYPE_OPT)
			return packet[name + 4];
		at = next;
	}
	return 0;
}

unsigned mxsel__reply_code(const struct mxsel__reply *reply)
{
	size_t question = skip_name(reply->packet, reply->size, HEADER_SIZE);

	if (question == 0 || reply->size - question < QUESTION_TAIL)
		return reply->packet[3] & 0x0fu;
	return extended_code(reply->packet, reply->size,
		question + QUESTION_TAIL) << 4 | (reply->packet[3] & 0x0fu);
}
