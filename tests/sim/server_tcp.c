/*
 * Name servers over TCP (RFC 1035 4.2.2), and what becomes of connections and
 * messages on them: F23 to F34. May use libc only.
 */
#include <string.h>

#include "sim/server_parts.h"

#define PATIENCE 10500u /* milliseconds: nobody waits for more */

/* Faults of the server itself: nothing was asked yet. */
static struct sim_fault *of_connection(int server, int number)
{
	struct sim_fault *f;
	unsigned i;

	for (i = 0; i < sim_world.fault_count; i++) {
		f = &sim_world.faults[i];
		if (f->kind->number == number &&
				(f->server < 0 || f->server == server))
			return f;
	}
	return NULL;
}

static int strikes(int server, int number)
{
	struct sim_fault *f;

	if (sim_world.prepare != NULL) {
		if (sim_random(1000000) >= sim_world.bad_connections)
			return 0;
	} else {
		f = of_connection(server, number);
		if (f == NULL || (number == 26 && f->n > 0))
			return 0;
		f->met++;
	}
	sim_world.met[number]++;
	return 1;
}

void sim_server_connect(int server, sim_connection c)
{
	sim_world.connections++;
	if (strikes(server, 24))
		return;
	if (strikes(server, 23)) {
		sim_break(c, sim_delay() + sim_delay());
		return;
	}
	sim_accept(c, sim_delay() + sim_delay());
	if (strikes(server, 26))
		sim_finish(c, sim_delay());
}

/* ---------------------------------------------------------------- messages */

static void drip(sim_connection c, const uint8_t *data, size_t size,
	unsigned milliseconds)
{
	uint64_t delay = sim_delay();
	size_t i;

	for (i = 0; i < size && i * milliseconds < PATIENCE; i++)
		sim_segment(c, data + i, 1,
			delay + i * milliseconds * SIM_MILLISECOND);
}

/* 1: nothing else is sent. */
static int instead(const struct sim_fault *f, sim_connection c,
	const uint8_t *data, size_t size)
{
	static const uint8_t too_long[64] = { 0xff, 0xff, 0 };
	uint8_t prefix[2] = { 0, 0 };

	switch (f->kind->number) {
	case 1:
	case 25:
		return 1;
	case 27:
		sim_segment(c, data, f->n < size ? f->n : size - 1,
			sim_delay());
		sim_break(c, sim_delay());
		return 1;
	case 28:
		drip(c, data, size, f->n);
		return 1;
	case 29:
		prefix[1] = (uint8_t)f->n;
		sim_segment(c, prefix, 2, sim_delay());
		sim_segment(c, data, f->n, sim_delay());
		return 1;
	case 30:
		sim_segment(c, too_long, sizeof too_long, sim_delay());
		sim_finish(c, sim_delay());
		return 1;
	}
	return 0;
}

/* F31: the answer twice, and both in a segment. */
static void send_twice(sim_connection c, const uint8_t *data, size_t size)
{
	static uint8_t both[2 * (SIM_MESSAGE_MAX + 2)];

	memcpy(both, data, size);
	memcpy(both + size, data, size);
	sim_segment(c, both, 2 * size, sim_delay());
}

static void send_message(sim_connection c, const struct sim_struck *s,
	const struct sim_answer *a)
{
	static uint8_t data[SIM_MESSAGE_MAX + 2];
	size_t size = a->size + 2, at, part;
	unsigned i;

	data[0] = (uint8_t)(a->size >> 8);
	data[1] = (uint8_t)a->size;
	memcpy(data + 2, a->octets, a->size);
	for (i = 0; i < s->count; i++)
		if (instead(s->list[i], c, data, size))
			return;
	if (sim_struck_by(s, 31) != NULL) {
		send_twice(c, data, size);
		return;
	}
	for (at = 0; at < size; at += part) {
		part = size - at < 1440 ? size - at : 1440;
		if (sim_struck_by(s, 32) != NULL && at < 2)
			part = 1;
		sim_segment(c, data + at, part, sim_delay() +
			(at > 0 ? sim_random(100000) : sim_delay()));
	}
}

/* F26 1: this was the last one. */
static int ends_now(const struct sim_struck *s, sim_connection c)
{
	const struct sim_fault *f = sim_struck_by(s, 26);

	if (f == NULL || f->n == 0)
		return 0;
	sim_finish(c, sim_delay());
	return 1;
}

/* 0: nothing more is heard on this connection. */
static int reply(int server, sim_connection c, const uint8_t *data,
	size_t size)
{
	static const struct { uint8_t number; } as[3] = { { 9 }, { 11 },
		{ 12 } };
	static struct sim_answer a;
	struct sim_question q;
	struct sim_struck s;
	struct sim_fault *f, wrong;

	if (sim_world.prepare != NULL)
		sim_world.prepare(data, size);
	if (sim_question_read(&q, sim_world.zone, data, size) != 0)
		return 1;
	if (sim_world.prepare == NULL)
		sim_tally(&q, server, 1);
	sim_strike(&s, &q, server);
	f = sim_struck_by(&s, 33);
	if (f != NULL) {
		wrong = *f;
		wrong.kind = sim_fault_kind(as[f->n % 3].number);
		sim_build_forged(&a, &q, f->n);
		sim_spoil_message(&a, &q, &wrong);
	} else {
		sim_build(&a, &q, &s, 1);
	}
	send_message(c, &s, &a);
	return !ends_now(&s, c);
}

size_t sim_server_octets(int server, sim_connection c, const uint8_t *data,
	size_t size)
{
	size_t used = 0, message;

	while (size - used >= 2) {
		message = (size_t)data[used] << 8 | data[used + 1];
		if (size - used - 2 < message)
			break;
		sim_world.asked_tcp++;
		sim_trace_add(data + used, message + 2);
		if (!reply(server, c, data + used + 2, message))
			return size;
		used += message + 2;
	}
	return used;
}
