/*
 * A question as a DNS message (RFC 1035 4.1, RFC 6891 6.1.2). May use base
 * and name.
 */
#include "wire/message.h"

#include <string.h>

#include <mxsel/mxsel.h>

#define UDP_SIZE 1232u /* fits any path without fragments */
#define OPT_SIZE 11u

static size_t put16(uint8_t *out, unsigned value)
{
	out[0] = (uint8_t)(value >> 8);
	out[1] = (uint8_t)value;
	return 2;
}

/* The root, type, size, no flags, no options (RFC 6891 6.1.2). */
static size_t put_opt(uint8_t *out)
{
	memset(out, 0, OPT_SIZE);
	put16(out + 1, 41);
	put16(out + 3, UDP_SIZE);
	return OPT_SIZE;
}

static size_t put_header(uint8_t *out, uint16_t id, int flags)
{
	memset(out, 0, 12);
	put16(out, id);
	/* RD, and AD where the answer's own is of interest (RFC 6840 5.7). */
	put16(out + 2, flags & MXSEL_PACKET_AD ? 0x0120 : 0x0100);
	put16(out + 4, 1);
	put16(out + 10, flags & MXSEL_PACKET_EDNS ? 1 : 0);
	return 12;
}

int mxsel__wire_question(uint8_t *buffer, size_t *size, uint16_t id,
	const char *name, uint16_t type, int flags)
{
	uint8_t wire[MXSEL__WIRE_NAME_MAX];
	size_t length = mxsel__name_to_wire(wire, name);
	size_t room = *size;
	size_t opt = flags & MXSEL_PACKET_EDNS ? OPT_SIZE : 0;
	size_t at;

	if (length == 0)
		return MXSEL_ESYNTAX;
	*size = 12 + length + 4 + opt;
	/*@ split opt; */
	if (12 + length + 4 + opt > room)
		return MXSEL_ESPACE;
	at = put_header(buffer, id, flags);
	memcpy(buffer + at, wire, length);
	at += length;
	at += put16(buffer + at, type);
	at += put16(buffer + at, 1);
	if (opt > 0)
		put_opt(buffer + at);
	return MXSEL_OK;
}
