/*
 * Two faults at once, every pair in turn, each time on another zone: whatever
 * they do, the result is the plan that the zone gives or a temporary failure,
 * it is there in time, and nothing is left of it. May use libc only.
 */
#include <stdio.h>
#include <string.h>

#include "sim/host_fault.h"
#include "sim/modes.h"
#include "sim/random_zone.h"
#include "sim/scenario.h"
#include "support/figure.h"

#define TRIES_MAX 4u /* over UDP, of a question at a server (S47) */

static const struct sim_settings usual;

struct host {
	const struct sim_host_fault *fault;
	unsigned skip, count;
};

struct one {
	uint64_t seed, number;
	size_t first, second;
	struct sim_fault faults[2];
	struct host hosts[2];
	unsigned fault_count, host_count;
	struct sim_zone zone;
	struct sim_settings settings;
	enum sim_way way;
	unsigned servers;
	struct sim_client client;
	struct sim_result clean, plan, faulty, after;
	const char *wrong;
	char said[400];
};

static struct {
	uint64_t runs, wrong, same, part, nothing, errors;
} sums;

/* Faults of servers and network first, then those of the machine. */
static size_t kinds(void)
{
	size_t n = 0, m = 0;

	while (sim_fault_kind_at(n) != NULL)
		n++;
	while (sim_host_fault_at(m) != NULL)
		m++;
	return n + m;
}

static void describe(struct one *o, const char *name, int number, unsigned n,
	int server, unsigned type)
{
	size_t size = strlen(o->said);

	(void)snprintf(o->said + size, sizeof o->said - size,
		" F%d (%s) n %u server %d type %u;", number, name, n, server,
		type);
}

/* Where and how much, by chance. */
static void draw_fault(struct one *o, const struct sim_fault_kind *kind)
{
	static const uint16_t types[6] = { SIM_ANY, SIM_ANY, SIM_ANY, SIM_MX,
		SIM_A, SIM_AAAA };
	struct sim_fault *f = &o->faults[o->fault_count++];

	memset(f, 0, sizeof *f);
	f->kind = kind;
	f->n = kind->least + (unsigned)sim_random(
		kind->most - kind->least + 1ull);
	f->type = types[sim_random(6)];
	f->server = kind->effect != SIM_MEANING && sim_random(2) == 0 ?
		(int)sim_random(o->servers) : -1;
	describe(o, kind->name, kind->number, f->n, f->server, f->type);
}

static void draw(struct one *o, size_t which)
{
	const struct sim_fault_kind *kind = sim_fault_kind_at(which);
	struct host *h = &o->hosts[o->host_count];
	size_t n = 0;

	if (kind != NULL) {
		draw_fault(o, kind);
		return;
	}
	while (sim_fault_kind_at(n) != NULL)
		n++;
	h->fault = sim_host_fault_at(which - n);
	h->skip = (unsigned)sim_random(4);
	h->count = 1u << sim_random(8);
	o->host_count++;
	describe(o, h->fault->name, h->fault->number, h->count, -1, 0);
}

/* What servers mean is so for the plan as well. */
static void set_faults(const struct one *o, int only_meaning)
{
	unsigned i;

	sim_world_heal();
	for (i = 0; i < o->fault_count; i++)
		if (!only_meaning ||
				o->faults[i].kind->effect == SIM_MEANING)
			sim_world.faults[sim_world.fault_count++] =
				o->faults[i];
	for (i = 0; i < o->host_count && !only_meaning; i++)
		sim_fail(o->hosts[i].fault->call, o->hosts[i].skip,
			o->hosts[i].count, o->hosts[i].fault->error);
}

static void begin_one(struct one *o)
{
	sim_kernel_reset(o->seed * 1000003u + o->number);
	sim_zone_free(&o->zone);
	sim_zone_random(&o->zone);
	o->servers = 1 + (unsigned)sim_random(3);
	o->way = (enum sim_way)sim_random(SIM_WAYS);
	o->settings = usual;
	o->settings.mix_case = sim_random(4) == 0;
	sim_world_reset(&o->zone, o->servers);
	sim_world.delay_least = 1 + (unsigned)sim_random(20);
	sim_world.delay_most = sim_world.delay_least +
		(unsigned)sim_random(50);
	o->wrong = NULL;
	o->said[0] = '\0';
	o->fault_count = o->host_count = 0;
	draw(o, o->first);
	draw(o, o->second);
}

static int look_up_clean(struct one *o)
{
	if (sim_client_open(&o->client, o->way, &o->settings) != 0)
		return -1;
	sim_lookup(&o->client, "example.com", &o->clean);
	set_faults(o, 1);
	o->plan = o->clean;
	if (sim_world.fault_count > 0)
		sim_lookup(&o->client, "example.com", &o->plan);
	sim_world_heal();
	sim_client_rest(&o->client);
	return sim_client_close(&o->client);
}

static void look_up_faulty(struct one *o)
{
	unsigned open;
	size_t heap;

	/* What it keeps for the next questions it has then. */
	sim_lookup(&o->client, "example.com", &o->after);
	set_faults(o, 1);
	sim_lookup(&o->client, "example.com", &o->after);
	sim_world_heal();
	sim_client_rest(&o->client);
	open = sim_open_count();
	heap = sim_heap();
	sim_world.most_tries = 0;
	set_faults(o, 0);
	sim_lookup(&o->client, "example.com", &o->faulty);
	if (sim_world.most_tries > TRIES_MAX)
		o->wrong = "more tries than may be";
	sim_world_heal();
	sim_fail_never();
	sim_lookup(&o->client, "example.com", &o->after);
	sim_client_rest(&o->client);
	if (sim_open_count() != open)
		o->wrong = "descriptors are left";
	if (sim_heap() > heap)
		o->wrong = "octets are left";
}

static void judge(struct one *o)
{
	const char *wrong = NULL;

	/* The caller is told that there are no numbers, and comes again. */
	if (strncmp(o->faulty.verdict, "error -9", 8) == 0)
		sums.errors++;
	else
		wrong = sim_result_judge(&o->faulty, &o->plan);
	if (wrong != NULL)
		o->wrong = wrong;
	if (strcmp(o->after.text, o->clean.text) != 0)
		o->wrong = "the next look-up is not as it should be";
	if (strcmp(o->faulty.text, o->plan.text) == 0)
		sums.same++;
	else if (o->faulty.attempts > 0)
		sums.part++;
	else
		sums.nothing++;
}

static void tell(const struct one *o)
{
	fprintf(stderr, "pair %llu of seed %llu: %s:%s way %d, %u servers\n"
		"clean:\n%splan:\n%sfaulty (%u ms, %u tries):\n%s"
		"after:\n%s\n", (unsigned long long)o->number,
		(unsigned long long)o->seed, o->wrong, o->said, (int)o->way,
		o->servers, o->clean.text, o->plan.text,
		o->faulty.milliseconds, sim_world.most_tries, o->faulty.text,
		o->after.text);
}

static void play_one(struct one *o)
{
	begin_one(o);
	if (look_up_clean(o) != 0)
		o->wrong = "something is left of a clean look-up";
	else if (sim_client_open(&o->client, o->way, &o->settings) != 0)
		o->wrong = "no client";
	else {
		look_up_faulty(o);
		judge(o);
		if (sim_client_close(&o->client) != 0)
			o->wrong = "something is left";
	}
	sums.runs++;
	if (o->wrong == NULL)
		return;
	if (sums.wrong++ < 10)
		tell(o);
}

/* The first pairs of a seed, as one number. */
static uint64_t trace_of(struct one *o, uint64_t seed)
{
	uint64_t trace = 0;

	o->seed = seed;
	for (o->number = 0; o->number < 50; o->number++) {
		o->first = o->number % 8;
		o->second = o->number;
		play_one(o);
		trace = trace * 31 + sim_trace() + sim_calls();
	}
	return trace;
}

/* The same seed is the same world, another seed is another. */
static int repeats(struct one *o, uint64_t seed)
{
	uint64_t trace = trace_of(o, seed);

	if (trace == trace_of(o, seed) && trace != trace_of(o, seed + 1))
		return 1;
	fputs("one seed gave two worlds, or two gave one\n", stderr);
	return 0;
}

int sim_pairs(uint64_t seconds, uint64_t seed)
{
	static struct one o;
	double end = sim_real_time() + (double)seconds;
	size_t all = kinds(), pairs = all * (all + 1) / 2;
	uint64_t number;
	double began = sim_real_time();

	sums.wrong += !repeats(&o, seed);
	o.seed = seed;
	o.first = o.second = 0;
	for (number = 0; number % 64 != 0 || sim_real_time() < end;
			number++) {
		o.number = number;
		play_one(&o);
		/* Every pair, with itself too. */
		if (++o.second == all) {
			o.first = o.first + 1 == all ? 0 : o.first + 1;
			o.second = o.first;
		}
	}
	printf("%llu runs, %.0f a second: %llu as planned, %llu in part, "
		"%llu deferred, %llu without numbers\n",
		(unsigned long long)sums.runs,
		(double)sums.runs / (sim_real_time() - began),
		(unsigned long long)sums.same, (unsigned long long)sums.part,
		(unsigned long long)sums.nothing,
		(unsigned long long)sums.errors);
	figure_print("random pairs of faults", sums.wrong > 0 ? FIGURE_FAILED
		: sums.runs >= pairs ? FIGURE_REACHED : FIGURE_SHORT,
		"every pair: 0 violations", "%llu runs of %zu pairs: "
		"%llu violations", (unsigned long long)sums.runs, pairs,
		(unsigned long long)sums.wrong);
	return sums.wrong > 0;
}
