/*
 * What the name server for crowds knows, see crowd.h. May use libc and
 * support/packet.h.
 */
#define _DEFAULT_SOURCE

#include "support/crowd_zone.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "support/crowd.h"

uint32_t crowd_hash(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t)*name) * 16777619u;
	return hash;
}

static size_t address_octets(uint8_t out[16], const char *name, int type)
{
	static const uint8_t prefix[4] = { 0x20, 0x01, 0x0d, 0xb8 };
	uint32_t hash = crowd_hash(name);
	size_t size = type == PACKET_A ? 4 : 16, i;

	memset(out, 0, 16);
	memcpy(out, prefix, sizeof prefix);
	for (i = 0; i < 4; i++)
		out[size - 4 + i] = (uint8_t)(hash >> 8 * i);
	if (type == PACKET_A)
		out[0] = 10;
	return size;
}

void crowd_address(char out[46], const char *name, int type)
{
	uint8_t octets[16];

	address_octets(octets, name, type);
	if (inet_ntop(type == PACKET_A ? AF_INET : AF_INET6, octets, out,
			46) == NULL)
		out[0] = '\0';
}

void crowd_tlsa(uint8_t out[32], const char *name)
{
	uint32_t hash = crowd_hash(name);
	unsigned i;

	for (i = 0; i < 32; i++)
		out[i] = (uint8_t)(hash >> i % 25);
}

size_t crowd_read_question(const uint8_t *q, size_t size,
	char name[CROWD_NAME_SIZE])
{
	size_t at = 12, length = 0;

	while (at < size && q[at] != 0) {
		if (at + 1 + q[at] >= size ||
				length + q[at] + 1 >= CROWD_NAME_SIZE)
			return 0;
		if (length > 0)
			name[length++] = '.';
		memcpy(name + length, q + at + 1, q[at]);
		length += q[at];
		at += 1u + q[at];
	}
	name[length] = '\0';
	return at + 5 <= size ? at + 5 : 0;
}

uint64_t crowd_fold(char *name)
{
	uint64_t upper = 0, bit = 1;

	for (; *name != '\0'; name++) {
		if (*name >= 'A' && *name <= 'Z') {
			upper |= bit;
			*name = (char)(*name | 0x20);
		}
		if (*name >= 'a' && *name <= 'z')
			bit <<= 1;
	}
	return upper;
}

/* Lengths of labels, and the octets of types, are below 'A'. */
static void fold_question(uint8_t *message, size_t end)
{
	size_t i;

	for (i = 12; i < end; i++)
		if (message[i] >= 'A' && message[i] <= 'Z')
			message[i] |= 0x20;
}

void crowd_take_note(struct crowd_note *note, const uint8_t *question,
	size_t size, uint16_t port)
{
	char name[CROWD_NAME_SIZE];

	note->id = (uint16_t)(question[0] << 8 | question[1]);
	note->port = port;
	note->upper = crowd_read_question(question, size, name) != 0 ?
		crowd_fold(name) : 0;
}

unsigned crowd_delay(const struct crowd_plan *plan, const char *name)
{
	return !plan->slow_names || name[0] == 's' ? plan->delay : 0;
}

static void tell_mx(struct packet *p, const char *name)
{
	char exchange[CROWD_NAME_SIZE + 4];

	if (name[0] == 'f') {
		packet_set16(p, 2, PACKET_REPLY | 2);
	} else if (name[0] == 'e') {
		packet_soa(p, "example", 300, 60);
	} else if (name[0] == 'z') {
		packet_mx(p, PACKET_ANSWER, NULL, 300, 0, ".");
	} else if (name[0] == 'p') {
		packet_mx(p, PACKET_ANSWER, NULL, 300, 10,
			"mx1.provider.example");
		packet_mx(p, PACKET_ANSWER, NULL, 300, 20,
			"mx2.provider.example");
	} else {
		snprintf(exchange, sizeof exchange, "mx.%s", name);
		packet_mx(p, PACKET_ANSWER, NULL, 300, 10, exchange);
	}
}

static void tell_tlsa(struct packet *p, const char *name)
{
	uint8_t rdata[3 + 32] = { 3, 1, 1 };

	crowd_tlsa(rdata + 3, name);
	packet_record(p, PACKET_ANSWER, NULL, PACKET_TLSA, 300, rdata,
		sizeof rdata);
}

static void tell_address(struct packet *p, const char *name, unsigned type)
{
	uint8_t octets[16];
	size_t size = address_octets(octets, name, (int)type);

	packet_address(p, PACKET_ANSWER, NULL, 300, octets, size);
}

void crowd_answer(struct packet *p, const uint8_t *question, size_t end,
	const char *name, const struct crowd_plan *plan, int udp)
{
	int truncate = udp && plan->truncate;
	unsigned type;

	p->size = 0;
	packet_bytes(p, question, end);
	if (plan->folds)
		fold_question(p->octets, end);
	type = packet_get16(p, end - 4);
	packet_set16(p, 2, PACKET_REPLY | (truncate ? PACKET_TC : 0));
	packet_set16(p, 4, 1);
	packet_set16(p, 6, 0);
	packet_set16(p, 8, 0);
	packet_set16(p, 10, 0);
	if (truncate)
		return;
	if (name[0] == 'n') {
		packet_set16(p, 2, PACKET_REPLY | 3);
		packet_soa(p, "example", 300, 60);
	} else if (type == PACKET_MX) {
		tell_mx(p, name);
	} else if (type == PACKET_TLSA && name[0] == '_') {
		tell_tlsa(p, name);
	} else if (type == PACKET_A || type == PACKET_AAAA) {
		tell_address(p, name, type);
	} else {
		packet_soa(p, "example", 300, 60);
	}
	if (plan->signs && name[0] != 'u')
		p->octets[3] |= PACKET_AD;
}
