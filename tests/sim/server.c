/*
 * Name servers over UDP, see server.h. May use libc only.
 */
#include "sim/server_parts.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define TALLIES 256u

struct sim_world sim_world;

/* Tries of a name and type at a server. */
static struct {
	uint64_t key;
	uint16_t type;
	uint8_t udp, tcp;
} tallies[TALLIES];
static unsigned tally_count;

/* ------------------------------------------------------------------- world */

static int find_server(const void *sockaddr)
{
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;
	unsigned number;

	memcpy(&v4, sockaddr, sizeof v4);
	memcpy(&v6, sockaddr, sizeof v6);
	number = v4.sin_family == AF_INET ? ntohl(v4.sin_addr.s_addr) & 0xff
		: v6.sin6_addr.s6_addr[15];
	return number >= 1 && number <= SIM_SERVERS_MAX ? (int)number - 1 : -1;
}

const char *sim_server_text(unsigned server)
{
	static const char *const texts[SIM_SERVERS_MAX] = {
		"192.0.2.1", "2001:db8::2", "192.0.2.3", "2001:db8::4@5353"
	};

	return texts[server];
}

void sim_world_heal(void)
{
	sim_world.fault_count = 0;
	sim_world.faults = sim_world.own;
	sim_world.lost = sim_world.doubled = sim_world.guesses = 0;
	tally_count = 0;
}

struct sim_fault *sim_world_fault(int number)
{
	const struct sim_fault_kind *kind = sim_fault_kind(number);
	struct sim_fault *f;

	if (kind == NULL || sim_world.fault_count == SIM_FAULTS_MAX)
		return NULL;
	f = &sim_world.own[sim_world.fault_count++];
	memset(f, 0, sizeof *f);
	f->kind = kind;
	f->n = kind->usual;
	f->server = -1;
	f->type = SIM_ANY;
	return f;
}

/* ------------------------------------------------------------------ counts */

void sim_tally(const struct sim_question *q, int server, int tcp)
{
	uint64_t key = (uint64_t)server + 1;
	unsigned i;

	for (i = 0; i < q->name.size; i++)
		key = (key ^ q->name.octets[i]) * 0x100000001b3u;
	for (i = 0; i < tally_count; i++)
		if (tallies[i].key == key && tallies[i].type == q->type)
			break;
	if (i == TALLIES)
		return;
	if (i == tally_count) {
		memset(&tallies[i], 0, sizeof tallies[i]);
		tallies[i].key = key;
		tallies[i].type = q->type;
		tally_count++;
	}
	if (tcp)
		tallies[i].tcp++;
	else
		tallies[i].udp++;
	if (tallies[i].udp > sim_world.most_tries)
		sim_world.most_tries = tallies[i].udp;
}

unsigned sim_tries(uint16_t type)
{
	unsigned i, sum = 0;

	for (i = 0; i < tally_count; i++)
		if (type == SIM_ANY || tallies[i].type == type)
			sum += (unsigned)tallies[i].udp + tallies[i].tcp;
	return sum;
}

/* ------------------------------------------------------------------ faults */

void sim_strike(struct sim_struck *s, const struct sim_question *q, int server)
{
	struct sim_fault *f;
	unsigned i;

	s->count = 0;
	for (i = 0; i < sim_world.fault_count; i++) {
		f = &sim_world.faults[i];
		if ((f->server >= 0 && f->server != server) ||
			(f->type != SIM_ANY && f->type != q->type) ||
			(f->named && !sim_question_is_for(q, &f->name)))
			continue;
		f->met++;
		sim_world.met[f->kind->number]++;
		s->list[s->count++] = f;
	}
}

struct sim_fault *sim_struck_by(const struct sim_struck *s, int number)
{
	unsigned i;

	for (i = 0; i < s->count; i++)
		if (s->list[i]->kind->number == number)
			return s->list[i];
	return NULL;
}

int sim_is_for_tcp(int number)
{
	return number >= 23 && number <= 34;
}

/* --------------------------------------------------------------------- UDP */

/* What comes instead of the answer, or never. 1: nothing else comes. */
static int withhold(const struct sim_fault *f, int server, uint16_t port,
	const struct sim_question *q)
{
	static struct sim_answer forged;
	int from = server;

	switch (f->kind->number) {
	case 1:
		return 1;
	case 2:
		return f->met <= f->n;
	case 20:
		sim_unreachable(port, server, sim_delay());
		return 1;
	case 17:
		from = SIM_OTHER_ADDRESS;
		break;
	case 18:
		from = SIM_OTHER_PORT;
		break;
	case 9:
	case 11:
	case 12:
	case 15:
	case 16:
		break;
	default:
		return 0;
	}
	sim_build_forged(&forged, q, f->n);
	if (from == server)
		sim_spoil_message(&forged, q, f);
	sim_datagram(port, from, forged.octets, forged.size, sim_delay());
	return 1;
}

/* What comes before the answer. */
static void precede(const struct sim_fault *f, int server, uint16_t port,
	const struct sim_question *q, const struct sim_answer *a)
{
	static struct sim_answer forged;
	uint8_t junk[40];
	unsigned i;

	for (i = 0; i < sizeof junk; i++)
		junk[i] = (uint8_t)sim_random(256);
	junk[2] &= 0x7f; /* else it could be an answer, if seldom */
	for (i = 0; i < f->n; i++)
		switch (f->kind->number) {
		case 7:
			sim_datagram(port, server, junk, 0, 0);
			break;
		case 8:
			sim_datagram(port, server, junk, sizeof junk, 0);
			break;
		case 10:
			sim_build_forged(&forged, q, i);
			sim_spoil_message(&forged, q, f);
			sim_datagram(port, server, forged.octets, forged.size,
				0);
			break;
		case 4:
			sim_send_datagram(server, port, a->octets, a->size, 0);
			break;
		}
	if (f->kind->number == 22)
		sim_send_guesses(server, port, q, f->n);
}

static uint64_t lag(const struct sim_fault *f)
{
	if (f->kind->number == 3)
		return f->n * SIM_MILLISECOND;
	return f->kind->number == 5 ?
		sim_random(f->n + 1u) * SIM_MILLISECOND : 0;
}

/* Letters as nobody wrote them (F19). */
static void flip(struct sim_answer *a, size_t end)
{
	size_t i;

	for (i = 13; i + 5 < end; i++)
		if ((a->octets[i] | 0x20) >= 'a' &&
				(a->octets[i] | 0x20) <= 'z')
			a->octets[i] ^= 0x20;
}

static void answer(int server, uint16_t port, struct sim_question *q,
	const struct sim_struck *s)
{
	static struct sim_answer a;
	uint64_t more = 0;
	unsigned i;

	sim_build(&a, q, s, 0);
	if (sim_world.guesses > 0)
		sim_send_guesses(server, port, q, sim_world.guesses);
	for (i = 0; i < s->count; i++)
		if (withhold(s->list[i], server, port, q))
			return;
	for (i = 0; i < s->count; i++) {
		precede(s->list[i], server, port, q, &a);
		more += lag(s->list[i]);
		if (s->list[i]->kind->number == 19)
			flip(&a, q->end);
	}
	sim_send_datagram(server, port, a.octets, a.size, more);
}

static void take_datagram(int server, uint16_t port, const uint8_t *data,
	size_t size)
{
	struct sim_question q;
	struct sim_struck s;

	sim_trace_add(data, size);
	sim_world.asked_udp++;
	if (sim_world.lost > 0 && sim_random(1000) < sim_world.lost)
		return;
	if (sim_world.prepare != NULL)
		sim_world.prepare(data, size);
	if (sim_question_read(&q, sim_world.zone, data, size) != 0)
		return;
	if (sim_world.prepare == NULL)
		sim_tally(&q, server, 0);
	sim_strike(&s, &q, server);
	answer(server, port, &q, &s);
}

void sim_world_reset(struct sim_zone *zone, unsigned servers)
{
	static const struct sim_peer peer = {
		find_server, take_datagram, sim_server_connect,
		sim_server_octets
	};

	memset(&sim_world, 0, sizeof sim_world);
	sim_world.zone = zone;
	sim_world.faults = sim_world.own;
	sim_world.servers = servers;
	sim_world.delay_least = 5;
	sim_world.delay_most = 15;
	tally_count = 0;
	sim_kernel_peer(&peer);
}
