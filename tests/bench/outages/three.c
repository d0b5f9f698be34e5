/*
 * One destination, three equal hosts with an address of each family; one host
 * dies after ten minutes and comes back. Its attempts and its share are
 * looked at by ten seconds of virtual time.
 */
#include "bench/outages/three.h"

#define WINDOW (30 * SECOND) /* in which a share is not left to chance */

enum { DEAD = 1, HOSTS = 3 };

static uint64_t back(const struct three *t)
{
	return DIES + t->lasts;
}

static void add(struct three *t, const struct tally *tally)
{
	size_t i, k;

	for (i = 0; i < (back(t) + AFTER) / SLICE; i++) {
		t->slice[i].mails += tally->slice[i].mails;
		for (k = 0; k < HOSTS; k++) {
			t->slice[i].tried[k] += tally->slice[i].tried[k];
			t->slice[i].first[k] += tally->slice[i].first[k];
		}
	}
}

static struct slice sum(const struct slice *slice, uint64_t from, uint64_t to)
{
	struct slice s = { 0 };
	size_t i, k;

	for (i = (size_t)(from / SLICE); i < to / SLICE; i++) {
		s.mails += slice[i].mails;
		for (k = 0; k < HOSTS; k++) {
			s.tried[k] += slice[i].tried[k];
			s.first[k] += slice[i].first[k];
		}
	}
	return s;
}

static double share(const struct slice *slice, uint64_t from, uint64_t to)
{
	struct slice s = sum(slice, from, to);

	return (double)s.first[DEAD] * HOSTS / (double)(s.first[0] +
		s.first[1] + s.first[2]);
}

static double tried(const struct three *t, uint64_t from, uint64_t to)
{
	struct slice s = sum(t->slice, from, to);

	return (double)s.tried[DEAD] / (double)s.mails;
}

double three_tried(const struct three *t, unsigned minute)
{
	return tried(t, DIES + minute * MINUTE, DIES + (minute + 1) * MINUTE);
}

double three_tried_from(const struct three *t, unsigned minute)
{
	return tried(t, DIES + minute * MINUTE, back(t));
}

double three_share(const struct three *t, unsigned minute)
{
	return share(t->slice, back(t) + minute * MINUTE,
		back(t) + (minute + 1) * MINUTE);
}

unsigned three_recovers(const struct three *t)
{
	uint64_t at;

	for (at = back(t) + AFTER - WINDOW; at > back(t); at -= SLICE)
		if (share(t->slice, at - SLICE, at - SLICE + WINDOW) < 0.9)
			break;
	return (unsigned)((at - back(t)) / SECOND);
}

double three_unevenness(const struct three *t, double *chance)
{
	struct slice s = sum(t->slice, DIES + MINUTE, back(t));
	double a = s.first[0], b = s.first[2], mean = (a + b) / 2;

	*chance = chance_of(((a - mean) * (a - mean) + (b - mean) *
		(b - mean)) / mean, 1);
	return 100 * fabs(a / mean - 1);
}

void three_measure(struct three *t, struct plan plan, unsigned seeds)
{
	struct outage dead = { DIES, back(t), WHOLE, t->state };
	struct world world;
	struct tally tally;
	unsigned seed;

	memset(t->slice, 0, sizeof(t->slice));
	t->worst = 1;
	world_make_one(&world, HOSTS, 2);
	world_add_outage(&world, &world.destination[0].host[DEAD], &dead);
	plan.world = &world;
	plan.workers = WORKERS;
	plan.rate = t->rate;
	plan.length = back(t) + AFTER;
	plan.delivery = 2 * SECOND;
	for (seed = 0; seed < seeds; seed++) {
		plan.seed = seed + 4000;
		run(&plan, &tally);
		add(t, &tally);
		t->worst = fmin(t->worst, share(tally.slice, back(t) +
			2 * MINUTE, back(t) + 3 * MINUTE));
		tally_free(&tally);
	}
	world_free(&world);
}
