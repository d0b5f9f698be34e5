/*
 * What all lies are made of, see lie.h. The truth is MX 10 mx.NAME, 192.0.2.1
 * and 2001:db8::1 for whatever name; what is false names another domain and
 * other addresses. May use libc and sockets.
 */
#define _DEFAULT_SOURCE

#include "faults/lie.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "faults/server.h"

static const struct fault *find_in(const struct fault *list, int number)
{
	for (; list->number != 0; list++)
		if (list->number == number)
			return list;
	return NULL;
}

const struct fault *fault_find(int number)
{
	static const struct fault *const lists[] = { faults_udp, faults_tcp,
		faults_meaning, faults_numbers, faults_wire };
	const struct fault *found = NULL;
	size_t i;

	for (i = 0; i < sizeof lists / sizeof *lists && found == NULL; i++)
		found = find_in(lists[i], number);
	return found;
}

unsigned fault_variants(const struct fault *fault)
{
	return fault->variants == 0 ? 1 : fault->variants;
}

int fault_time(const struct fault *fault)
{
	return fault->time == 0 ? LIE_TIME : fault->time;
}

const char *fault_right(const struct fault *fault, unsigned variant)
{
	return fault->right != NULL ? fault->right : fault->rights(variant);
}

const char *fault_base(const struct fault *fault)
{
	return fault->base != NULL ? fault->base : LIE_BASE;
}

size_t lie_end(const struct lie *lie)
{
	size_t at = 12;

	while (at < lie->call.size && lie->call.question[at] != 0)
		at += 1u + lie->call.question[at];
	return at + 5;
}

void lie_begin(struct lie *lie, unsigned flags)
{
	liar_begin(&lie->call, flags);
}

void lie_mx(struct lie *lie, unsigned preference, const char *label)
{
	struct packet *p = &lie->packet;

	packet_pointer(p, 12);
	packet_head(p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
	packet_16(p, preference);
	packet_labels(p, label);
	packet_pointer(p, 12);
	packet_end(p);
}

void lie_truth(struct lie *lie)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };
	static const uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	struct packet *p = &lie->packet;

	lie_begin(lie, PACKET_REPLY);
	switch (lie->type) {
	case PACKET_A:
		packet_address(p, PACKET_ANSWER, NULL, 300, v4, sizeof v4);
		break;
	case PACKET_AAAA:
		packet_address(p, PACKET_ANSWER, NULL, 300, v6, sizeof v6);
		break;
	case PACKET_MX:
		lie_mx(lie, 10, "mx");
		break;
	default:
		packet_soa(p, NULL, 300, 300);
	}
}

void lie_false(struct lie *lie)
{
	static const uint8_t v4[4] = { 203, 0, 113, 66 };
	static const uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 66 };
	struct packet *p = &lie->packet;

	lie_begin(lie, PACKET_REPLY);
	if (lie->type == PACKET_A)
		packet_address(p, PACKET_ANSWER, NULL, 300, v4, sizeof v4);
	else if (lie->type == PACKET_AAAA)
		packet_address(p, PACKET_ANSWER, NULL, 300, v6, sizeof v6);
	else
		packet_mx(p, PACKET_ANSWER, NULL, 300, 5, "evil.example.org");
}

void lie_send(struct lie *lie)
{
	liar_send(&lie->call);
}

void lie_send_from(struct lie *lie, int another_address)
{
	int own = lie->call.fd;

	if (lie->call.is_tcp)
		return;
	lie->call.fd = another_address ? lie->server->other_address :
		lie->server->other_port;
	lie_send(lie);
	lie->call.fd = own;
}

void lie_tell_truth(struct lie *lie)
{
	lie_truth(lie);
	lie_send(lie);
}

void lie_tell(struct lie *lie, unsigned flags)
{
	lie_begin(lie, flags);
	lie_send(lie);
}

void lie_pause(int milliseconds)
{
	struct timespec time = { milliseconds / 1000,
		milliseconds % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

unsigned lie_number(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}
