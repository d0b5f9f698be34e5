/*
 * What other half-lives, and other shares that are left to those that failed,
 * would give: for whoever wants to change the defaults.
 */
#include "bench/outages/three.h"

/* A host dead for half an hour, refusing; one silent for a minute, which is
   the worst: then all who tried it report at once. */
static struct three without, refusing, silent;

/* A day's attempts and waiting with one memory for all, medians. */
static void measure_day(const struct plan *settings, unsigned hours,
	unsigned seeds, double v[2])
{
	struct world world;
	struct plan plan = *settings;
	struct tally tally;
	double value[2][SEEDS_MAX];
	unsigned seed;

	plan.world = &world;
	plan.workers = WORKERS;
	plan.rate = 10;
	plan.length = hours * HOUR;
	plan.delivery = 2 * SECOND;
	for (seed = 0; seed < seeds; seed++) {
		world_make(&world, DESTINATIONS, seed);
		world_trouble(&world, plan.length, seed + 1000);
		plan.seed = seed + 2000;
		run(&plan, &tally);
		value[0][seed] = 1000 * (double)tally.needless /
			(double)tally.mails;
		value[1][seed] = waits_mean(&tally.ill) / 1000;
		tally_free(&tally);
		world_free(&world);
	}
	v[0] = part_of(value[0], seeds, 0.5);
	v[1] = part_of(value[1], seeds, 0.5);
}

static void row(int half_life, int explore, unsigned hours, unsigned seeds)
{
	struct plan plan = { .way = SHARED, .half_life = half_life,
		.explore = explore };
	double v[2];

	measure_day(&plan, hours, seeds, v);
	three_measure(&refusing, plan, 4 * seeds);
	three_measure(&silent, plan, 4 * seeds);
	printf("| %d | %d | %.2f | %.2f | %.1f | %.0f | %u | %.0f | %u |\n",
		half_life, explore, v[0], v[1],
		100 * (1 - three_tried_from(&refusing, 1) /
		three_tried_from(&without, 1)),
		100 * three_share(&refusing, 2), three_recovers(&refusing),
		100 * three_share(&silent, 2), three_recovers(&silent));
	(void)fflush(stdout);
}

int part_settings(unsigned hours, unsigned seeds)
{
	static const int lives[] = { 10, 15, 20, 30, 40, 60, 120, 300, 900 };
	static const int shares[] = { 0, 1, 10, 20, 50, 100 };
	unsigned i;

	without = (struct three){ .state = REFUSES, .lasts = 30 * MINUTE,
		.rate = 5 };
	refusing = without;
	silent = without;
	silent.state = TIMES_OUT;
	silent.lasts = MINUTE;
	three_measure(&without, (struct plan){ .explore = -1 }, 4 * seeds);
	printf("\nOther settings, one memory for all, %u hours, %u seeds.\nOf "
		"a day: attempts wasted without need, of 1000 mails; mean time "
		"to the first good\nconnection where equals are ill and well, "
		"s. Of three hosts, one refusing for 30\nminutes, or silent "
		"for 1: fewer attempts at it from the second minute, %%; its\n"
		"share in the third minute after its return, %% of a third; "
		"seconds until it has it\n\n| half-life | explore | wasted | "
		"mean | fewer | refused: share | s | silent: share | s |\n"
		"|---|---|---|---|---|---|---|---|---|\n", hours, seeds);
	for (i = 0; i < sizeof(lives) / sizeof(lives[0]); i++)
		row(lives[i], 5, hours, seeds);
	for (i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
		row(30, shares[i], hours, seeds);
	return 0;
}
