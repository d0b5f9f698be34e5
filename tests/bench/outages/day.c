/*
 * A day of mail to a thousand destinations whose hosts come and go: what each
 * way of remembering costs and saves, beside no memory.
 */
#include "bench/outages/parts.h"
#include "support/figure.h"

enum { NEEDLESS, WASTED, MEAN, MIDDLE, HIGH, ILL_MEAN, ILL_MIDDLE, ILL_MOST,
	ILL_HIGH, BUSY, VALUES };

static const char *const titles[VALUES] = {
	"attempts wasted without need, of 1000 mails",
	"attempts wasted, of 1000 mails",
	"time to first good connection, mean, s",
	"the same, 50 of 100, s",
	"the same, 99 of 100, s",
	"where equals are ill and well: mean, s",
	"the same, 50 of 100, s",
	"the same, 90 of 100, s",
	"the same, 99 of 100, s",
	"workers busy, %"
};

static void read_values(double v[VALUES], const struct tally *t,
	const struct plan *plan)
{
	double mails = (double)t->mails / 1000;

	v[NEEDLESS] = (double)t->needless / mails;
	v[WASTED] = (double)t->wasted / mails;
	v[MEAN] = waits_mean(&t->first) / 1000;
	v[MIDDLE] = waits_part(&t->first, 0.5) / 1000;
	v[HIGH] = waits_part(&t->first, 0.99) / 1000;
	v[ILL_MEAN] = waits_mean(&t->ill) / 1000;
	v[ILL_MIDDLE] = waits_part(&t->ill, 0.5) / 1000;
	v[ILL_MOST] = waits_part(&t->ill, 0.9) / 1000;
	v[ILL_HIGH] = waits_part(&t->ill, 0.99) / 1000;
	v[BUSY] = 100 * (double)t->busy /
		(double)(plan->length * plan->workers);
}

static double value[WAYS][VALUES][SEEDS_MAX];

static void one_day(uint64_t length, unsigned seed)
{
	struct world world;
	struct plan plan = { .world = &world, .workers = WORKERS, .rate = 10,
		.length = length, .delivery = 2 * SECOND, .explore = -1 };
	struct tally tally;
	double v[VALUES];
	int i;

	world_make(&world, DESTINATIONS, seed);
	world_trouble(&world, length, seed + 1000);
	plan.seed = seed + 2000;
	for (plan.way = WITHOUT; plan.way < WAYS; plan.way++) {
		run(&plan, &tally);
		read_values(v, &tally, &plan);
		for (i = 0; i < VALUES; i++)
			value[plan.way][i][seed] = v[i];
		if (seed == 0)
			printf("  %-12s %8llu mails begun, %llu delivered, "
				"%llu attempts, %llu put behind, %llu tried "
				"again\n", way_name(plan.way),
				(unsigned long long)tally.mails,
				(unsigned long long)tally.delivered,
				(unsigned long long)tally.attempts,
				(unsigned long long)tally.behind,
				(unsigned long long)tally.probes);
		tally_free(&tally);
	}
	world_free(&world);
}

/* Medians, and of those with memory what part of "without" they are. */
static void show(int what, unsigned seeds)
{
	double ratio[SEEDS_MAX];
	unsigned i;
	int way;

	printf("| %s |", titles[what]);
	for (way = 0; way < WAYS; way++) {
		printf(" %.3g", part_of(value[way][what], seeds, 0.5));
		if (way == WITHOUT || what == MIDDLE || what == ILL_MIDDLE) {
			printf(" |");
			continue;
		}
		for (i = 0; i < seeds; i++)
			ratio[i] = value[way][what][i] /
				value[WITHOUT][what][i];
		printf(" (%.2f; %.2f-%.2f) |", part_of(ratio, seeds, 0.5),
			part_of(ratio, seeds, 0), part_of(ratio, seeds, 1));
	}
	putchar('\n');
}

/* It must never cost more than none does, and the shared ones must save. */
static int judge(enum way way, double wanted, const char *text, unsigned seeds)
{
	double ratio[SEEDS_MAX], middle;
	char name[64];
	unsigned i;

	for (i = 0; i < seeds; i++)
		ratio[i] = value[way][NEEDLESS][i] /
			value[WITHOUT][NEEDLESS][i];
	middle = part_of(ratio, seeds, 0.5);
	(void)snprintf(name, sizeof(name), "wasted without need, %s",
		way_name(way));
	figure_print(name, middle <= wanted ? FIGURE_REACHED : FIGURE_FAILED,
		text, "%.2f of without, %.2f-%.2f", middle,
		part_of(ratio, seeds, 0), part_of(ratio, seeds, 1));
	return middle > wanted;
}

int part_day(unsigned hours, unsigned seeds)
{
	unsigned seed;
	int i, failed;

	printf("\nA day: %d destinations, %d workers, %u hours, %u seeds; "
		"of the first seed:\n", DESTINATIONS, WORKERS, hours, seeds);
	for (seed = 0; seed < seeds; seed++)
		one_day(hours * HOUR, seed);
	printf("\n| median (part of without; least-most) | without | alone | "
		"shared | by a store |\n|---|---|---|---|---|\n");
	for (i = 0; i < VALUES; i++)
		show(i, seeds);
	putchar('\n');
	failed = judge(ALONE, 1, "<= 1", seeds);
	failed |= judge(SHARED, 0.5, "<= 0.5", seeds);
	failed |= judge(STORE, 0.5, "<= 0.5", seeds);
	return failed;
}
