/*
 * Questions sent and replies held against them, see engine_exchange.h. May
 * use public headers and libc only.
 */
#include "ldns/engine_exchange.h"

#include <stdlib.h>
#include <string.h>

#include "ldns/sys.h"

#define HEADER_SIZE 12u
#define QUESTION_TAIL 4u /* type and class */
#define RECORD_TAIL 10u  /* type, class, TTL, RDLENGTH */
#define TYPE_OPT 41u     /* RFC 6891 6.1.1 */

void mxsel__exchange_init(struct mxsel__exchange *x)
{
	memset(x, 0, sizeof *x);
	x->fd = -1;
}

int mxsel__exchange_write(struct mxsel__exchange *x,
	const mxsel_query *query, uint16_t id, int edns)
{
	int result;

	mxsel__exchange_init(x);
	x->size = MXSEL__QUESTION_SIZE;
	result = mxsel_query_packet(query, id, edns ? MXSEL_PACKET_EDNS : 0,
		x->packet + MXSEL__PREFIX_SIZE, &x->size);
	x->packet[0] = (uint8_t)(x->size >> 8);
	x->packet[1] = (uint8_t)(x->size & 0xff);
	return result;
}

void mxsel__exchange_close(struct mxsel__exchange *x)
{
	mxsel__sys_close(&x->fd);
	free(x->body);
	x->body = NULL;
	x->got = 0;
}

static unsigned u16_at(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
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

int mxsel__reply_matches(const struct mxsel__reply *reply,
	const struct mxsel__exchange *x)
{
	const uint8_t *sent = x->packet + MXSEL__PREFIX_SIZE;
	const uint8_t *got = reply->packet;
	size_t end = skip_name(sent, x->size, HEADER_SIZE);

	if (end == 0 || reply->size < end + QUESTION_TAIL)
		return 0;
	if (got[0] != sent[0] || got[1] != sent[1])
		return 0;
	/* QR set, opcode QUERY (RFC 1035 4.1.1), one question */
	if ((got[2] & 0xf8) != 0x80 || u16_at(got + 4) != 1)
		return 0;
	return same_question(got + HEADER_SIZE, sent + HEADER_SIZE,
		end - HEADER_SIZE);
}

int mxsel__reply_is_truncated(const struct mxsel__reply *reply)
{
	return (reply->packet[2] & 0x02) != 0;
}

/* Past count records, or 0 when they do not fit. */
static size_t skip_records(const uint8_t *packet, size_t size, size_t at,
	unsigned count)
{
	for (; count > 0 && at != 0; count--) {
		at = skip_name(packet, size, at);
		if (at == 0 || size - at < RECORD_TAIL)
			return 0;
		at += RECORD_TAIL + u16_at(packet + at + 8);
		if (at > size)
			return 0;
	}
	return at;
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

	return extended_code(reply->packet, reply->size,
		question + QUESTION_TAIL) << 4 | (reply->packet[3] & 0x0fu);
}
