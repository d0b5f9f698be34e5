/*
 * The outages of a world: drawn, looked up, and printed so that they can be
 * read. May use libc and libm.
 */
#include "bench/outages/world.h"

#include <stdlib.h>
#include <string.h>

/* A host fails once in so long, for so long. */
#define FAILS_ONCE_IN (30.0 * (double)HOUR)
#define SHORTEST (2.0 * (double)MINUTE)
#define LONGEST (4.0 * (double)HOUR)

void world_add_outage(struct world *w, struct host *h,
	const struct outage *outage)
{
	struct outage *more = realloc(h->outages,
		(h->count + 1) * sizeof(*more));

	if (more == NULL)
		abort();
	h->outages = more;
	more[h->count++] = *outage;
	w->outages++;
}

/* Half of them refuse, half are silent; one in four is one address' alone. */
static void trouble_host(struct world *w, struct host *h, double length,
	struct dice *d)
{
	double at = dice_wait(d, FAILS_ONCE_IN), lasts;

	while (at < length) {
		struct outage o;

		lasts = dice_between(d, SHORTEST, LONGEST);
		o.from = (uint64_t)at;
		o.to = (uint64_t)(at + lasts);
		o.state = dice_below(d, 2) == 0 ? REFUSES : TIMES_OUT;
		o.address = WHOLE;
		if (h->addresses > 1 && dice_below(d, 4) == 0)
			o.address = (int)dice_below(d, h->addresses);
		world_add_outage(w, h, &o);
		at += lasts + dice_wait(d, FAILS_ONCE_IN);
	}
}

/* Beside those that come and go there is a long one: of the first destination
   with three equal hosts one is silent for half of all the time. */
static void trouble_long(struct world *w, uint64_t length)
{
	struct outage o = { length / 4, length * 3 / 4, WHOLE, TIMES_OUT };
	struct host *h;
	size_t i;

	for (i = 0; i < w->count && w->destination[i].equals != 3; i++)
		;
	if (i == w->count)
		return;
	h = &w->destination[i].host[1];
	w->outages -= h->count;
	h->count = 0;
	world_add_outage(w, h, &o);
}

void world_trouble(struct world *w, uint64_t length, uint64_t seed)
{
	struct dice d = { seed };
	size_t i;
	unsigned h;

	for (i = 0; i < w->count; i++)
		for (h = 0; h < w->destination[i].hosts; h++)
			trouble_host(w, &w->destination[i].host[h],
				(double)length, &d);
	trouble_long(w, length);
}

enum state world_state(const struct host *h, int address, uint64_t now)
{
	size_t i;

	for (i = 0; i < h->count && h->outages[i].from <= now; i++)
		if (now < h->outages[i].to && (h->outages[i].address == WHOLE ||
			h->outages[i].address == address))
			return h->outages[i].state;
	return WELL;
}

static int is_well(const struct host *h, uint64_t now)
{
	unsigned i;

	for (i = 0; i < h->addresses; i++)
		if (world_state(h, (int)i, now) == WELL)
			return 1;
	return 0;
}

int world_health(const struct destination *one, uint64_t now)
{
	int seen = 0;
	unsigned i;

	for (i = 0; i < one->equals; i++)
		seen |= is_well(&one->host[i], now) ? 1 : 2;
	return seen;
}

int world_spares(const struct destination *one, const struct host *h,
	uint64_t now)
{
	unsigned i;

	if (is_well(h, now))
		return 1;
	for (i = 0; i < one->hosts; i++)
		if (one->host[i].preference == h->preference &&
			is_well(&one->host[i], now))
			return 1;
	return 0;
}

/* ------------------------------------------------------------------- shown */

struct line {
	struct outage outage;
	size_t destination;
	unsigned host;
};

static int is_earlier(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return (x->outage.from > y->outage.from) -
		(x->outage.from < y->outage.from);
}

static size_t collect(const struct world *w, struct line *lines)
{
	size_t i, k, n = 0;
	unsigned j;

	for (i = 0; i < w->count; i++)
		for (j = 0; j < w->destination[i].hosts; j++)
			for (k = 0; k < w->destination[i].host[j].count; k++) {
				lines[n].destination = i;
				lines[n].host = j;
				lines[n++].outage =
					w->destination[i].host[j].outages[k];
			}
	return n;
}

static void print_line(const struct line *line, FILE *to)
{
	const struct outage *o = &line->outage;
	unsigned long long from = o->from / SECOND;

	fprintf(to, "%02llu:%02llu:%02llu  mx%u.d%zu.example", from / 3600,
		from / 60 % 60, from % 60, line->host, line->destination);
	if (o->address != WHOLE)
		fprintf(to, ", address %d,", o->address + 1);
	fprintf(to, " %s for %.1f minutes\n", o->state == REFUSES ?
		"refuses" : "is silent", (double)(o->to - o->from) /
		(double)MINUTE);
}

void world_print_trace(const struct world *w, FILE *to)
{
	struct line *lines = calloc(w->outages + 1, sizeof(*lines));
	size_t i, n;

	if (lines == NULL)
		abort();
	n = collect(w, lines);
	qsort(lines, n, sizeof(*lines), is_earlier);
	for (i = 0; i < n; i++)
		print_line(&lines[i], to);
	free(lines);
}
