/*
 * The zones of the crowd, and what a selection must come to in each of them:
 * found out without any fault, but with what servers mean (F43, F45, F47 to
 * F49). May use public headers and libc only.
 */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "sim/crowd_parts.h"
#include "sim/lookup.h"
#include "sim/random_zone.h"

#define MEANINGS 25u /* none; six, each about any type or one of three */

static struct sim_zone zones[SIM_ZONES];
static struct sim_course courses[SIM_ZONES][MEANINGS];

unsigned sim_plan_meanings(void)
{
	return MEANINGS;
}

void sim_plan_meaning(unsigned meaning, struct sim_fault *out)
{
	static const struct { int number; unsigned n; } kinds[6] = {
		{ 43, 0 }, { 45, 0 }, { 47, 0 }, { 48, 0 }, { 48, 1 },
		{ 49, 0 }
	};
	static const uint16_t types[4] = { SIM_ANY, SIM_MX, SIM_A, SIM_AAAA };

	memset(out, 0, sizeof *out);
	out->kind = sim_fault_kind(kinds[(meaning - 1) / 4].number);
	out->n = kinds[(meaning - 1) / 4].n;
	out->type = types[(meaning - 1) % 4];
	out->server = -1;
}

const struct sim_course *sim_plan(unsigned zone, unsigned meaning)
{
	return &courses[zone][meaning];
}

/* ------------------------------------------------------------------ names */

static const char digits[] = "0123456789abcdef";

void sim_crowd_name(char *out, uint32_t serial, unsigned zone)
{
	int i;

	for (i = 5; i >= 0; i--, serial >>= 4)
		out[i] = digits[serial & 15];
	memcpy(out + 6, ".00.test", 9);
	out[7] = digits[zone >> 4 & 15];
	out[8] = digits[zone & 15];
}

static unsigned value_of(const uint8_t *text, unsigned count)
{
	unsigned value = 0;

	for (; count > 0; count--, text++)
		value = value << 4 | (unsigned)(*text >= 'a' ? *text - 'a' + 10
			: *text - '0');
	return value & 0xffffff;
}

void sim_crowd_prepare(const uint8_t *packet, size_t size)
{
	const uint8_t *at = packet + 12, *end = packet + size;
	struct slot *s;
	uint32_t serial;

	sim_world.fault_count = 0;
	while (at < end && *at != 0 && !(at[0] == 6 && end - at > 15 &&
			at[7] == 2 && at[10] == 4))
		at += 1u + *at;
	if (end - at <= 15 || *at != 6)
		return;
	serial = value_of(at + 1, 6);
	sim_world.zone = &zones[value_of(at + 8, 2) % SIM_ZONES];
	s = &sim_slots[serial % SIM_SLOTS];
	if (!s->busy || s->serial != serial)
		return;
	sim_world.faults = s->faults;
	sim_world.fault_count = s->fault_count;
}

static uint32_t mix(uint32_t hash, const void *data, size_t size)
{
	const uint8_t *at = data;

	for (; size > 0; size--)
		hash = (hash ^ *at++) * 16777619u;
	return hash;
}

uint32_t sim_attempt_number(const mxsel *m)
{
	const char *name = mxsel_host_name(m);
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		uint8_t octets[128];
	} address;
	size_t size = sizeof address, length = strlen(name);
	uint32_t hash = 2166136261u ^ (uint32_t)mxsel_host_preference(m);

	if (length >= 14 && memcmp(name + length - 5, ".test", 5) == 0)
		length -= 14;
	hash = mix(hash, name, length);
	if (mxsel_sockaddr(m, &address.any, &size) != 0)
		return 0;
	if (address.any.sa_family == AF_INET)
		return mix(hash, &address.v4.sin_addr, 4);
	return mix(hash, &address.v6.sin6_addr, 16);
}

/* ------------------------------------------------------------------- plans */

static int run_one(struct sim_client *c, const char *name,
	struct sim_course *out)
{
	mxsel *m;
	int result;

	if (mxsel_new(&m, name, c->options) != 0)
		return -1;
	do {
		result = mxsel_engine_next(c->engine, m);
		while (result == MXSEL_LOOKUP) {
			(void)mxsel_engine_wait(c->engine, -1);
			if (mxsel_engine_ready(c->engine) == m)
				result = mxsel_engine_next(c->engine, m);
		}
		if (result == MXSEL_ATTEMPT && out->count < SIM_COURSE_MAX)
			out->attempts[out->count++] = sim_attempt_number(m);
	} while (result == MXSEL_ATTEMPT);
	out->action = mxsel_verdict_action(m);
	out->reason = mxsel_verdict_reason(m);
	out->source = mxsel_source(m);
	mxsel_free(m);
	return result == MXSEL_END ? 0 : -1;
}

static int make_courses(struct sim_client *c, unsigned zone)
{
	struct slot *s = &sim_slots[0];
	unsigned meaning;
	char name[32];

	sim_crowd_name(name, 0, zone);
	memset(courses[zone], 0, sizeof courses[zone]);
	for (meaning = 0; meaning < MEANINGS; meaning++) {
		s->busy = 1;
		s->serial = 0;
		s->fault_count = meaning > 0;
		if (meaning > 0)
			sim_plan_meaning(meaning, &s->faults[0]);
		if (run_one(c, name, &courses[zone][meaning]) != 0)
			return -1;
	}
	s->busy = 0;
	return 0;
}

int sim_plans_make(void)
{
	static const struct sim_settings usual;
	struct sim_client client;
	unsigned i;
	int result = 0;

	for (i = 0; i < SIM_ZONES; i++) {
		if (i < SIM_PLAINS)
			sim_zone_plain(&zones[i], i);
		else
			sim_zone_random(&zones[i]);
		zones[i].any_labels = 3;
	}
	if (sim_client_open(&client, SIM_BY_EPOLL, &usual) != 0)
		return -1;
	for (i = 0; i < SIM_ZONES && result == 0; i++)
		result = make_courses(&client, i);
	sim_client_rest(&client);
	return sim_client_close(&client) == 0 ? result : -1;
}

void sim_plans_free(void)
{
	unsigned i;

	for (i = 0; i < SIM_ZONES; i++)
		sim_zone_free(&zones[i]);
}
