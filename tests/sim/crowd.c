/*
 * Very many selections, see crowd.h. May use public headers and libc only.
 */
#include <stdio.h>
#include <string.h>

#include "sim/crowd_parts.h"
#include "sim/host_fault.h"

#define SPACING (10 * SIM_MILLISECOND) /* a hundred in a second */
#define LIMIT (30050 * SIM_MILLISECOND) /* S7 */
#define KINDS_MAX 64u

struct slot sim_slots[SIM_SLOTS];

static mxsel_engine *engine;
static mxsel_options *options;
static uint32_t serial;
static uint64_t due; /* when the next one begins */
static const struct sim_fault_kind *kinds[KINDS_MAX];
static unsigned kind_count;

/* ------------------------------------------------------------------ faults */

static void find_kinds(void)
{
	const struct sim_fault_kind *k;
	size_t i;

	kind_count = 0;
	for (i = 0; (k = sim_fault_kind_at(i)) != NULL; i++)
		if (k->effect != SIM_MEANING && k->number != 23 &&
				k->number != 24 && k->number != 26)
			kinds[kind_count++] = k;
}

static void draw_fault(struct sim_fault *f, const struct sim_fault_kind *k)
{
	static const uint16_t types[6] = { SIM_ANY, SIM_ANY, SIM_ANY, SIM_MX,
		SIM_A, SIM_AAAA };
	uint64_t number = sim_random(UINT64_MAX);

	f->kind = k;
	f->n = k->least + (unsigned)(number % (k->most - k->least + 1ull));
	f->type = types[(number >> 32) % 6];
	f->server = (number >> 40 & 1) != 0 ? (int)(number >> 41 & 1) : -1;
	f->named = 0;
	f->met = 0;
}

/* Each fault with the same chance, whatever the others do. */
static unsigned draw_faults(struct sim_crowd *c, struct slot *s)
{
	unsigned i, meaning;

	s->fault_count = 0;
	for (i = 0; i < kind_count && s->fault_count < SLOT_FAULTS - 1; i++)
		if (sim_random(1000000) < c->per_million)
			draw_fault(&s->faults[s->fault_count++], kinds[i]);
	/* 43, 45, 47 and 49 as often, 48 twice: it has two forms. */
	if (sim_random(1000000) >= 6ull * c->per_million)
		return 0;
	meaning = 1 + (unsigned)sim_random(sim_plan_meanings() - 1);
	sim_plan_meaning(meaning, &s->faults[s->fault_count++]);
	return meaning;
}

/* -------------------------------------------------------------- selections */

static unsigned pick_zone(void)
{
	return (unsigned)(sim_random(4) != 0 ? sim_random(SIM_PLAINS)
		: sim_random(SIM_ZONES));
}

static void tell(const struct slot *s, const char *what)
{
	unsigned i;

	fprintf(stderr, "selection %06x of zone %02x: %s: %s %d, %u of %u;",
		s->serial, s->zone, what, mxsel_verdict_text(s->m),
		mxsel_verdict_action(s->m), s->at, s->plan->count);
	for (i = 0; i < s->fault_count; i++)
		fprintf(stderr, " F%d n %u server %d type %u",
			s->faults[i].kind->number, s->faults[i].n,
			s->faults[i].server, s->faults[i].type);
	fputc('\n', stderr);
}

static void be_wrong(struct sim_crowd *c, struct slot *s, const char *what)
{
	s->failed = 1;
	if (c->wrong++ < 10)
		tell(s, what);
}

static void check_attempt(struct sim_crowd *c, struct slot *s)
{
	uint32_t number = sim_attempt_number(s->m);

	while (s->at < s->plan->count && s->plan->attempts[s->at] != number) {
		s->at++;
		s->exact = 0;
	}
	if (s->at == s->plan->count && !s->failed)
		be_wrong(c, s, "an attempt that is not in the plan");
	s->at++;
}

static void check_end(struct sim_crowd *c, struct slot *s)
{
	const struct sim_course *p = s->plan;
	int action = mxsel_verdict_action(s->m);
	int exact = s->exact && (s->delivered ?
		action == MXSEL_ACTION_DELIVERED && s->at == 1 :
		s->at == p->count && action == p->action &&
		mxsel_verdict_reason(s->m) == p->reason);

	c->ended++;
	s->busy = 0;
	if (sim_now() - s->began > LIMIT && c->late++ < 10)
		tell(s, "too late");
	if (s->failed)
		return;
	if (exact)
		c->right++;
	else if (action != (s->delivered ? MXSEL_ACTION_DELIVERED :
			MXSEL_ACTION_DEFER))
		be_wrong(c, s, "neither the plan nor a temporary failure");
	else if (mxsel_source(s->m) == MXSEL_SOURCE_IMPLICIT &&
			p->source != MXSEL_SOURCE_IMPLICIT)
		be_wrong(c, s, "an implicit MX that nobody has proven");
	else if (s->at > 0)
		c->part++;
	else
		c->deferred++;
}

static void go_on(struct sim_crowd *c, struct slot *s)
{
	int result;

	for (;;) {
		result = mxsel_engine_next(engine, s->m);
		if (result == MXSEL_ATTEMPT) {
			check_attempt(c, s);
			/* Every other mail is delivered at the first try. */
			if ((s->serial & 1) != 0 && mxsel_report(s->m,
					MXSEL_OUTCOME_DELIVERED, 0, NULL) == 0)
				s->delivered = 1;
		} else if (result != MXSEL_EENTROPY)
			break;
	}
	if (result == MXSEL_END)
		check_end(c, s);
	else if (result != MXSEL_LOOKUP)
		be_wrong(c, s, "an error of the call");
}

static void begin(struct sim_crowd *c, struct slot *s)
{
	char name[32];
	int result;

	s->serial = serial;
	s->zone = pick_zone();
	s->plan = sim_plan(s->zone, draw_faults(c, s));
	c->struck += s->fault_count > 0;
	s->at = 0;
	s->exact = 1;
	s->failed = s->delivered = 0;
	s->busy = 1;
	s->began = sim_now();
	c->begun++;
	sim_crowd_name(name, s->serial, s->zone);
	result = s->m != NULL ? mxsel_reset(s->m, name)
		: mxsel_new(&s->m, name, options);
	if (result == 0)
		result = mxsel_set_user(s->m, s);
	if (result == 0)
		go_on(c, s);
	else
		s->busy = 0;
}

/* ----------------------------------------------------------------- the loop */

static void turn(struct sim_crowd *c, int milliseconds)
{
	mxsel *m;

	(void)mxsel_engine_wait(engine, milliseconds);
	while ((m = mxsel_engine_ready(engine)) != NULL)
		go_on(c, mxsel_user(m));
}

void sim_crowd_run(struct sim_crowd *c, uint64_t selections)
{
	if (due < sim_now())
		due = sim_now();
	sim_host_faults_often(c->host_per_million);
	sim_world.bad_connections = c->per_million;
	sim_world.guesses = c->guesses;
	while (selections > 0) {
		while (sim_now() < due)
			turn(c, (int)((due - sim_now()) / SIM_MILLISECOND) + 1);
		due += SPACING;
		do
			serial = (serial + 1) & 0xffffff;
		while (sim_slots[serial % SIM_SLOTS].busy);
		begin(c, &sim_slots[serial % SIM_SLOTS]);
		selections--;
	}
}

void sim_crowd_settle(struct sim_crowd *c)
{
	unsigned i;

	while (mxsel_engine_count(engine) > 0)
		turn(c, -1);
	sim_fail_never();
	sim_world.bad_connections = sim_world.guesses = 0;
	for (i = 0; i < SIM_SLOTS; i++) {
		mxsel_free(sim_slots[i].m);
		memset(&sim_slots[i], 0, sizeof sim_slots[i]);
	}
	for (i = 0; i < 150; i++) {
		sim_sleep(100 * SIM_MILLISECOND);
		(void)mxsel_engine_process(engine);
	}
}

uint64_t sim_crowd_prove(struct sim_crowd *c, uint64_t selections)
{
	struct sim_crowd clean;

	memset(&clean, 0, sizeof clean);
	sim_crowd_run(&clean, selections);
	sim_crowd_settle(&clean);
	c->wrong += clean.wrong;
	return clean.ended - clean.right;
}

/* ----------------------------------------------------------- birth, death */

/* As many questions at a time as there will ever be: what an engine keeps for
   later it has from then on. */
static void warm_up(struct sim_crowd *c)
{
	static const uint16_t types[2] = { SIM_A, SIM_AAAA };
	struct slot *s;
	unsigned i, j;
	char name[32];

	for (i = 0; i < SIM_SLOTS; i++) {
		s = &sim_slots[i];
		s->serial = i;
		s->plan = sim_plan(0, 0);
		s->busy = s->exact = 1;
		s->began = sim_now();
		for (j = 0; j < 2; j++) {
			draw_fault(&s->faults[j], sim_fault_kind(1));
			s->faults[j].type = types[j];
			s->faults[j].server = -1;
		}
		s->fault_count = 2;
		sim_crowd_name(name, i, 0);
		if (mxsel_new(&s->m, name, options) == 0 &&
				mxsel_set_user(s->m, s) == 0)
			go_on(c, s);
	}
	sim_crowd_settle(c);
}

static int open_engine(void)
{
	unsigned i;
	int result = mxsel_engine_new(&engine, "");

	for (i = 0; result == 0 && i < sim_world.servers; i++)
		result = mxsel_engine_add_server(engine, sim_server_text(i));
	if (result == 0)
		result = mxsel_options_new(&options);
	if (result == 0)
		result = mxsel_options_set(options, MXSEL_OPT_SHUFFLE,
			MXSEL_SHUFFLE_NONE);
	return result == 0 ? 0 : -1;
}

int sim_crowd_open(struct sim_crowd *c, uint64_t seed)
{
	memset(c, 0, sizeof *c);
	memset(sim_slots, 0, sizeof sim_slots);
	serial = 0;
	due = 0;
	sim_kernel_reset(seed);
	sim_world_reset(NULL, 2);
	sim_world.prepare = sim_crowd_prepare;
	sim_trace_stop();
	find_kinds();
	if (sim_plans_make() != 0 || open_engine() != 0)
		return -1;
	warm_up(c);
	memset(c, 0, sizeof *c);
	return 0;
}

void sim_crowd_close(struct sim_crowd *c)
{
	(void)c;
	mxsel_options_free(options);
	mxsel_engine_free(engine);
	sim_plans_free();
}
