/*
 * A case of a scenario file played by every way there is to ask: without a
 * fault, with its faults, and once more when they are over. May use libc
 * only.
 */
#include <stdarg.h>
#include <string.h>

#include "sim/scenario.h"

#define SEED 20261122u

struct play {
	const struct sim_case *c;
	enum sim_way way;
	unsigned swept;
	unsigned wrong;
	struct sim_client client;
	struct sim_result plan, faulty, after;
};

static const char *const way_names[SIM_WAYS] = { "epoll", "poll",
	"blocking" };

__attribute__((format(printf, 2, 3)))
static void complain(struct play *p, const char *format, ...)
{
	va_list arguments;

	p->wrong++;
	fprintf(stderr, "%s:%u: %s (%s", p->c->path, p->c->line, p->c->title,
		way_names[p->way]);
	if (p->c->sweep_to != 0)
		fprintf(stderr, ", %u", p->swept);
	fputs("): ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

static void begin_world(struct play *p)
{
	const struct sim_case *c = p->c;

	sim_kernel_reset(SEED + p->swept);
	sim_world_reset(c->zone, c->servers);
	sim_world.delay_least = c->delay_least;
	sim_world.delay_most = c->delay_most;
	sim_slices(!c->no_slices);
	if (c->low_descriptors)
		sim_first_descriptor(0);
}

static void begin_faults(struct play *p)
{
	const struct sim_case *c = p->c;
	unsigned i;

	for (i = 0; i < c->fault_count; i++) {
		sim_world.faults[i] = c->faults[i].fault;
		if (c->faults[i].swept)
			sim_world.faults[i].n = p->swept;
	}
	sim_world.fault_count = c->fault_count;
	sim_world.lost = c->lost;
	sim_world.doubled = c->doubled;
	sim_world.guesses = c->guesses;
	for (i = 0; i < c->fail_count; i++)
		sim_fail(c->fails[i].call, c->fails[i].skip,
			c->fails[i].count, c->fails[i].error);
	sim_send_most(c->send_most);
	sim_jump_later(c->jump_after * SIM_MILLISECOND, c->real_jump,
		c->monotonic_jump);
}

static void end_faults(void)
{
	sim_world_heal();
	sim_fail_never();
	sim_send_most(0);
}

static int is_in(const struct sim_range *range, uint64_t value)
{
	return !range->given ||
		(value >= range->least && value <= range->most);
}

static void check_numbers(struct play *p)
{
	const struct sim_case *c = p->c;
	unsigned i;

	if (!is_in(&c->time, p->faulty.milliseconds))
		complain(p, "it took %u ms", p->faulty.milliseconds);
	if (!is_in(&c->asked, sim_world.asked_udp))
		complain(p, "asked %u times over UDP",
			(unsigned)sim_world.asked_udp);
	if (!is_in(&c->asked_tcp, sim_world.asked_tcp))
		complain(p, "asked %u times over TCP",
			(unsigned)sim_world.asked_tcp);
	for (i = 0; i < 8; i++)
		if (!is_in(&c->counts[i], sim_client_count(&p->client,
				(int)i)))
			complain(p, "counter %u is %u", i, (unsigned)
				sim_client_count(&p->client, (int)i));
}

static void check(struct play *p)
{
	const struct sim_case *c = p->c;
	const char *wrong = NULL;

	if (!c->plan && strcmp(p->faulty.text, c->text) != 0)
		complain(p, "it came to\n%s", p->faulty.text);
	if (c->plan && !c->defer && strcmp(p->faulty.text, p->plan.text) != 0)
		complain(p, "it came to\n%sinstead of\n%s", p->faulty.text,
			p->plan.text);
	if (c->plan)
		wrong = sim_result_judge(&p->faulty, &p->plan);
	if (wrong != NULL)
		complain(p, "%s:\n%s", wrong, p->faulty.text);
	if (p->faulty.milliseconds > 30050)
		complain(p, "it took %u ms", p->faulty.milliseconds);
	/* The same object once more, when all is well. */
	if (strcmp(p->after.text, p->plan.text) != 0)
		complain(p, "after the fault it comes to\n%sinstead of\n%s",
			p->after.text, p->plan.text);
}

/* Without any fault, for what it would have been. */
static int make_plan(struct play *p)
{
	int result;

	begin_world(p);
	result = sim_client_open(&p->client, p->way, &p->c->settings);
	if (result == 0) {
		sim_lookup(&p->client, p->c->destination, &p->plan);
		sim_client_rest(&p->client);
		if (sim_client_close(&p->client) != 0)
			complain(p, "something is left open");
	}
	return result;
}

static void play_once(struct play *p)
{
	unsigned base, left;

	if (make_plan(p) != 0) {
		complain(p, "no client");
		return;
	}
	begin_world(p);
	if (sim_client_open(&p->client, p->way, &p->c->settings) != 0) {
		complain(p, "no client");
		return;
	}
	base = sim_open_count();
	begin_faults(p);
	sim_lookup(&p->client, p->c->destination, &p->faulty);
	check_numbers(p);
	end_faults();
	sim_lookup(&p->client, p->c->destination, &p->after);
	check(p);
	sim_client_rest(&p->client);
	left = sim_open_count();
	if (left != base)
		complain(p, "%u descriptors are open, not %u", left, base);
	if (sim_client_close(&p->client) != 0)
		complain(p, "%u descriptors, %zu octets are left",
			sim_open_count(), sim_heap() - p->client.heap);
}

/* Played again it is the same, octet for octet and instant for instant. */
static void play_twice(struct play *p)
{
	uint64_t trace, calls;

	play_once(p);
	trace = sim_trace();
	calls = sim_calls();
	play_once(p);
	if (sim_trace() != trace || sim_calls() != calls)
		complain(p, "it is not the same the second time");
}

unsigned sim_case_play(const struct sim_case *c)
{
	static struct play p;

	memset(&p, 0, sizeof p);
	p.c = c;
	for (p.way = 0; p.way < SIM_WAYS; p.way++)
		for (p.swept = c->sweep_from; p.swept <= c->sweep_to;
				p.swept++)
			play_twice(&p);
	return p.wrong;
}
