/*
 * Load among equals when all are well: as even as if nobody remembered.
 */
#include "bench/outages/parts.h"
#include "support/figure.h"

#define EXPECTED_LEAST 10 /* mails a host; else chi-square means nothing */

struct fairness {
	double chi, freedom;
	double share[HOSTS_MAX][HOSTS_MAX]; /* by number of equals and place */
};

static void add(struct fairness *f, const struct world *w,
	const struct tally *t)
{
	size_t i;
	unsigned k, n;

	for (i = 0; i < w->count; i++) {
		double all = 0, mean;

		n = w->destination[i].equals;
		for (k = 0; k < n; k++)
			all += t->share[i][k];
		for (k = 0; k < n; k++)
			f->share[n][k] += t->share[i][k];
		mean = all / n;
		if (n < 2 || mean < EXPECTED_LEAST)
			continue;
		f->freedom += n - 1;
		for (k = 0; k < n; k++)
			f->chi += (t->share[i][k] - mean) *
				(t->share[i][k] - mean) / mean;
	}
}

/* The most that a place has more or less than the others, in percent. */
static double worst(const struct fairness *f)
{
	double most = 0;
	unsigned k, n;

	for (n = 2; n < HOSTS_MAX; n++) {
		double all = 0;

		for (k = 0; k < n; k++)
			all += f->share[n][k];
		for (k = 0; k < n; k++)
			most = fmax(most, fabs(f->share[n][k] * n / all - 1));
	}
	return 100 * most;
}

static double chance(const struct fairness *f)
{
	return chance_of(f->chi, f->freedom);
}

/* A hundred mails a second, for a twentieth of the hours. */
static void measure(struct fairness *f, enum way way, unsigned mishaps,
	unsigned hours, unsigned seeds)
{
	struct world world;
	struct plan plan = { .world = &world, .way = way, .workers = WORKERS,
		.rate = 100, .length = hours * HOUR / 20,
		.delivery = SECOND / 10, .mishaps = mishaps, .explore = -1 };
	struct tally tally;
	unsigned i;

	memset(f, 0, sizeof(*f));
	for (i = 0; i < seeds; i++) {
		world_make_even(&world, DESTINATIONS, i);
		plan.seed = i + 3000;
		run(&plan, &tally);
		add(f, &world, &tally);
		tally_free(&tally);
		world_free(&world);
	}
}

/* Uneven by chance: there were too few mails. */
static int judge(const struct fairness *f, const char *name)
{
	enum figure_state state = chance(f) <= 1e-9 ? FIGURE_FAILED :
		worst(f) < 2 ? FIGURE_REACHED : FIGURE_SHORT;
	char title[64];

	(void)snprintf(title, sizeof(title), "load, %.48s", name);
	figure_print(title, state, "< 2 % from uniform; p > 1e-9",
		"%.2f %%, p %.2g", worst(f), chance(f));
	return state == FIGURE_FAILED;
}

int part_fair(unsigned hours, unsigned seeds)
{
	struct fairness f[WAYS + 1];
	char name[WAYS + 1][48];
	unsigned i, mishaps;
	int failed = 0;

	printf("\nAll well: load among equals, %u seeds\n\n| | most from "
		"uniform, %% | chi-square | degrees of freedom | chance |\n"
		"|---|---|---|---|---|\n", seeds);
	for (i = 0; i <= WAYS; i++) {
		mishaps = i < WAYS ? 0 : 5;
		(void)snprintf(name[i], sizeof(name[i]), "all well, %s%s",
			way_name(i < WAYS ? (enum way)i : SHARED),
			mishaps > 0 ? ", 5 of 1000 refused" : "");
		measure(&f[i], i < WAYS ? (enum way)i : SHARED, mishaps, hours,
			seeds);
		printf("| %s | %.2f | %.0f | %.0f | %.3g |\n", name[i],
			worst(&f[i]), f[i].chi, f[i].freedom, chance(&f[i]));
	}
	putchar('\n');
	for (i = 0; i <= WAYS; i++)
		failed |= judge(&f[i], name[i]);
	return failed;
}
