/*
 * The way of a datagram: how long, how often, and who else sends some. May
 * use libc only.
 */
#include <string.h>

#include "sim/server_parts.h"

uint64_t sim_delay(void)
{
	unsigned least = sim_world.delay_least;
	unsigned span = sim_world.delay_most - least;

	return (least * 1000ull + sim_random(span * 1000ull + 1)) * 1000u;
}

void sim_send_datagram(int server, uint16_t port, const uint8_t *data,
	size_t size, uint64_t more)
{
	if (sim_world.lost > 0 && sim_random(1000) < sim_world.lost)
		return;
	if (sim_world.doubled > 0 && sim_random(1000) < sim_world.doubled)
		sim_datagram(port, server, data, size,
			more + sim_delay() + sim_delay());
	sim_datagram(port, server, data, size,
		more + sim_delay() + sim_delay());
}

/* Something other than the id that was drawn. */
static void guess_id(struct sim_answer *a, const struct sim_question *q)
{
	uint16_t id = (uint16_t)(q->id ^ (1 + sim_random(65535)));

	a->octets[0] = (uint8_t)(id >> 8);
	a->octets[1] = (uint8_t)id;
}

/* A letter of the name, its type or its class is not what was asked. */
static void guess_question(struct sim_answer *a, const struct sim_question *q)
{
	size_t at = 13 + (size_t)sim_random(a->octets[12]);

	switch (sim_random(3)) {
	case 0:
		a->octets[at] = a->octets[at] == 'q' ? 'z' : 'q';
		break;
	case 1:
		a->octets[q->end - 3] ^= (uint8_t)(1 + sim_random(255));
		break;
	default:
		a->octets[q->end - 1] ^= 2;
	}
}

/*
 * One who does not see the question: wrong in at least one of what he must
 * guess. What he says is a host of his own, or that there is nothing.
 */
static void guess(int server, uint16_t port, const struct sim_question *q,
	struct sim_answer *a)
{
	int from = server;

	switch (sim_random(6)) {
	case 0: /* the port */
		port = (uint16_t)(port ^ (1 + sim_random(65535)));
		break;
	case 1:
		from = sim_random(2) != 0 ? SIM_OTHER_ADDRESS : SIM_OTHER_PORT;
		break;
	case 2:
		from = server + 1 < (int)sim_world.servers ? server + 1
			: SIM_OTHER_ADDRESS;
		break;
	case 3:
		guess_question(a, q);
		break;
	case 4:
		guess_question(a, q);
		guess_id(a, q);
		break;
	default:
		guess_id(a, q);
	}
	sim_world.forged++;
	sim_datagram(port, from, a->octets, a->size,
		sim_random(2 * sim_world.delay_least * 1000ull) * 1000u);
}

void sim_send_guesses(int server, uint16_t port, const struct sim_question *q,
	unsigned count)
{
	static struct sim_answer base[2], a;
	unsigned i;

	sim_build_forged(&base[0], q, 0);
	sim_build_forged(&base[1], q, 1);
	for (i = 0; i < count; i++) {
		const struct sim_answer *from = &base[i % 2];

		memcpy(a.octets, from->octets, from->size);
		a.size = from->size;
		guess(server, port, q, &a);
	}
}
