/*
 * The run: one clock, and the workers in the order of time. Everything that a
 * worker decides comes from the library; what a host does, from the world. May
 * use libc and the public headers.
 */
#include "bench/outages/run.h"

#include <stdlib.h>
#include <string.h>

#include "bench/outages/later.h"

#define REFUSAL 1               /* milliseconds: a refused connection */
#define CONNECT 20              /* one that is made */
#define SILENCE (30 * SECOND)   /* until a worker gives up */
#define TRIES 6                 /* of a mail that is deferred */
#define FIRST_PAUSE (15 * MINUTE) /* then twice as long each time */
#define MEMORY_OCTETS ((size_t)4 << 20)
#define CACHE_OCTETS ((size_t)8 << 20)

struct worker {
	mxsel_options *options;
	mxsel_memory *memory;  /* its own */
	mxsel *selection;      /* NULL: free */
	struct dice dice;
	struct later later;    /* mails that were deferred */
	struct mail next, now; /* the next new one, the one in hand */
	uint64_t until;        /* busy; or free since */
	uint64_t began;
	int outcome;           /* of the attempt under way */
	int attempts;
	int was_ill;
};

struct simulation {
	const struct plan *plan;
	struct tally *tally;
	uint64_t now;
	mxsel_resolver *resolver;
	mxsel_cache *cache;
	mxsel_memory *shared;
	mxsel_store *store;
	struct worker *workers;
};

static void must(int rc)
{
	if (rc != MXSEL_OK)
		abort();
}

static uint64_t tell_time(void *user)
{
	return *(const uint64_t *)user;
}

/* -------------------------------------------------------------- one attempt */

static void count_attempt(struct tally *t, const struct place *at,
	uint64_t now, int is_first)
{
	struct slice *slice = &t->slice[now / SLICE];

	t->attempts++;
	if (is_first)
		t->share[at->destination][at->host]++;
	if (at->destination != 0)
		return;
	slice->tried[at->host]++;
	slice->first[at->host] += (uint32_t)is_first;
}

/* The attempt reached: how it will end, and when. */
static void attempt(struct simulation *s, struct worker *w)
{
	const struct destination *one;
	const struct host *h;
	struct place at;
	enum state state;

	world_place(s->plan->world, w->selection, &at);
	one = &s->plan->world->destination[at.destination];
	h = &one->host[at.host];
	state = world_state(h, at.address, s->now);
	if (state == WELL && s->plan->mishaps > 0 &&
		dice_below(&w->dice, 1000) < s->plan->mishaps)
		state = REFUSES;
	count_attempt(s->tally, &at, s->now, w->attempts++ == 0);
	if (state == WELL) {
		w->outcome = MXSEL_OUTCOME_DELIVERED;
		w->until = s->now + CONNECT + s->plan->delivery;
		waits_add(&s->tally->first, s->now + CONNECT - w->began);
		if (w->was_ill)
			waits_add(&s->tally->ill,
				s->now + CONNECT - w->began);
		return;
	}
	s->tally->wasted++;
	s->tally->needless += (uint64_t)world_spares(one, h, s->now);
	w->outcome = state == REFUSES ? MXSEL_OUTCOME_REFUSED :
		MXSEL_OUTCOME_TIMEOUT;
	w->until = s->now + (state == REFUSES ? REFUSAL : SILENCE);
}

/* ----------------------------------------------------------------- one mail */

static void draw_next(struct simulation *s, struct worker *w)
{
	double pause = 1000 * (double)s->plan->workers / s->plan->rate;

	w->next.due += (uint64_t)dice_wait(&w->dice, pause) + 1;
	w->next.destination = world_draw(s->plan->world, &w->dice);
	w->next.seed = dice_next(&w->dice);
	w->next.tries = 0;
}

static void end_mail(struct simulation *s, struct worker *w)
{
	int is_delivered = w->outcome == MXSEL_OUTCOME_DELIVERED;

	s->tally->busy += s->now - w->began;
	s->tally->delivered += (uint64_t)is_delivered;
	mxsel_free(w->selection);
	w->selection = NULL;
	w->until = s->now;
	if (is_delivered)
		return;
	if (++w->now.tries == TRIES) {
		s->tally->given_up++;
		return;
	}
	s->tally->deferred++;
	w->now.due = s->now + (FIRST_PAUSE << (w->now.tries - 1));
	w->now.seed = dice_next(&(struct dice){ w->now.seed });
	later_push(&w->later, &w->now);
}

/* Where the selection goes from here. */
static void go_on(struct simulation *s, struct worker *w)
{
	int rc = mxsel_next(w->selection);

	if (rc == MXSEL_ATTEMPT)
		attempt(s, w);
	else if (rc == MXSEL_END)
		end_mail(s, w);
	else
		abort();
}

static void begin_mail(struct simulation *s, struct worker *w)
{
	struct tally *t = s->tally;
	char domain[32];

	if (w->later.count > 0 && w->later.mail[0].due < w->next.due) {
		later_pop(&w->later, &w->now);
	} else {
		w->now = w->next;
		draw_next(s, w);
	}
	(void)snprintf(domain, sizeof(domain), "d%zu.example",
		w->now.destination);
	must(mxsel_options_set_seed(w->options, w->now.seed));
	must(mxsel_new(&w->selection, domain, w->options));
	w->began = s->now;
	w->attempts = 0;
	w->was_ill = world_health(&s->plan->world->destination[
		w->now.destination], s->now) == 3;
	t->mails++;
	if (w->now.destination == 0)
		t->slice[s->now / SLICE].mails++;
	go_on(s, w);
}

static void step(struct simulation *s, struct worker *w)
{
	if (w->selection == NULL) {
		begin_mail(s, w);
		return;
	}
	must(mxsel_report(w->selection, w->outcome, 0, NULL));
	go_on(s, w);
}

/* ------------------------------------------------------------------ the run */

static uint64_t next_step(const struct worker *w)
{
	uint64_t due = w->next.due;

	if (w->selection != NULL)
		return w->until;
	if (w->later.count > 0 && w->later.mail[0].due < due)
		due = w->later.mail[0].due;
	return due > w->until ? due : w->until;
}

static struct worker *next_worker(struct simulation *s, uint64_t *when)
{
	struct worker *first = NULL;
	unsigned i;

	*when = UINT64_MAX;
	for (i = 0; i < s->plan->workers; i++) {
		uint64_t at = next_step(&s->workers[i]);

		if (at < *when) {
			*when = at;
			first = &s->workers[i];
		}
	}
	return first;
}

static mxsel_memory *new_memory(struct simulation *s)
{
	mxsel_memory *memory;

	must(mxsel_memory_new(&memory, MEMORY_OCTETS, tell_time, &s->now));
	if (s->plan->half_life > 0)
		must(mxsel_memory_set(memory, MXSEL_MEMORY_HALF_LIFE,
			s->plan->half_life));
	if (s->plan->explore >= 0)
		must(mxsel_memory_set(memory, MXSEL_MEMORY_EXPLORE,
			s->plan->explore));
	return memory;
}

static void begin_worker(struct simulation *s, struct worker *w,
	struct dice *seeds)
{
	enum way way = s->plan->way;

	must(mxsel_options_new(&w->options));
	must(mxsel_options_set_resolver(w->options, s->resolver));
	must(mxsel_options_set_cache(w->options, s->cache));
	if (way == ALONE || way == STORE)
		w->memory = new_memory(s);
	if (way == STORE)
		must(mxsel_memory_set_store(w->memory, s->store));
	if (way != WITHOUT)
		must(mxsel_options_set_memory(w->options,
			way == SHARED ? s->shared : w->memory));
	w->dice.state = dice_next(seeds);
	draw_next(s, w);
}

static void begin(struct simulation *s)
{
	struct dice seeds = { s->plan->seed };
	struct tally *t = s->tally;
	unsigned i;

	must(mxsel_resolver_new(&s->resolver, world_resolve, NULL,
		(void *)(uintptr_t)s->plan->world));
	must(mxsel_cache_new(&s->cache, CACHE_OCTETS, tell_time, &s->now));
	if (s->plan->way == SHARED || s->plan->way == STORE)
		s->shared = new_memory(s);
	if (s->plan->way == STORE)
		must(mxsel_store_new_memory(&s->store, s->shared));
	memset(t, 0, sizeof(*t));
	waits_begin(&t->first);
	waits_begin(&t->ill);
	t->slices = (size_t)(s->plan->length / SLICE) + 1;
	t->slice = calloc(t->slices, sizeof(*t->slice));
	t->share = calloc(s->plan->world->count, sizeof(*t->share));
	s->workers = calloc(s->plan->workers, sizeof(*s->workers));
	if (t->slice == NULL || t->share == NULL || s->workers == NULL)
		abort();
	for (i = 0; i < s->plan->workers; i++)
		begin_worker(s, &s->workers[i], &seeds);
}

static void count_memory(struct tally *t, const mxsel_memory *memory)
{
	t->probes += mxsel_memory_statistic(memory, MXSEL_MEMORY_PROBES);
	t->behind += mxsel_memory_statistic(memory, MXSEL_MEMORY_BEHIND);
}

static void end(struct simulation *s)
{
	unsigned i;

	for (i = 0; i < s->plan->workers; i++) {
		struct worker *w = &s->workers[i];

		mxsel_free(w->selection);
		mxsel_options_free(w->options);
		count_memory(s->tally, w->memory);
		mxsel_memory_free(w->memory);
		later_free(&w->later);
	}
	if (s->plan->way == SHARED)
		count_memory(s->tally, s->shared);
	free(s->workers);
	mxsel_store_free(s->store);
	mxsel_memory_free(s->shared);
	mxsel_cache_free(s->cache);
	mxsel_resolver_free(s->resolver);
}

void run(const struct plan *plan, struct tally *tally)
{
	struct simulation s = { .plan = plan, .tally = tally };
	struct worker *w;
	uint64_t when;

	begin(&s);
	while ((w = next_worker(&s, &when)) != NULL && when < plan->length) {
		s.now = when;
		step(&s, w);
	}
	end(&s);
}

void tally_free(struct tally *tally)
{
	free(tally->first.count);
	free(tally->ill.count);
	free(tally->slice);
	free(tally->share);
}
