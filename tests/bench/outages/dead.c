/*
 * The figures for one of three equal hosts that dies and comes back: how soon
 * it is left alone, how soon it has its share again, and how evenly the other
 * two are used meanwhile.
 */
#include "bench/outages/three.h"

#include "support/figure.h"

enum { RATE = 5, LENGTHS = 4 };

static const unsigned lengths[LENGTHS] = { 1, 2, 5, 30 }; /* minutes */

/* How each way did, by how the host was dead, and for how long. */
struct case_of {
	enum state state;
	const char *word;
	struct three by[WAYS][LENGTHS];
};

static void measure(struct case_of *c, unsigned seeds)
{
	struct plan plan = { .explore = -1 };
	struct three *t;
	int i;

	for (plan.way = WITHOUT; plan.way < WAYS; plan.way++)
		for (i = 0; i < LENGTHS; i++) {
			t = &c->by[plan.way][i];
			t->state = c->state;
			t->lasts = lengths[i] * MINUTE;
			t->rate = RATE;
			three_measure(t, plan, seeds);
		}
}

/* ------------------------------------------------------------------- tables */

static void show_attempts(const struct case_of *c)
{
	static const unsigned minutes[] = { 0, 1, 2, 5, 29 };
	unsigned i;
	int way;

	for (way = WITHOUT; way < WAYS; way++) {
		printf("| %s, %s |", c->word, way_name((enum way)way));
		for (i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++)
			printf(" %.1f |", 100 * three_tried(
				&c->by[way][LENGTHS - 1], minutes[i]));
		putchar('\n');
	}
}

static void show_shares(const struct case_of *c)
{
	const struct three *t;
	unsigned minute;
	int way, i;

	for (way = WITHOUT; way < WAYS; way++)
		for (i = 0; i < LENGTHS; i++) {
			t = &c->by[way][i];
			printf("| %s %u min, %s |", c->word, lengths[i],
				way_name((enum way)way));
			for (minute = 0; minute < 4; minute++)
				printf(" %.0f |", 100 * three_share(t,
					minute));
			printf(" %u | %.0f |\n", three_recovers(t),
				100 * t->worst);
		}
}

/* ------------------------------------------------------------------ figures */

static int judge(const struct case_of *c, enum way way, const char *name,
	int is_good, const char *wanted, double reached)
{
	char title[96];

	(void)snprintf(title, sizeof(title), "%s (%s, %s)", name, c->word,
		way_name(way));
	figure_print(title, is_good ? FIGURE_REACHED : FIGURE_FAILED, wanted,
		"%.1f %%", reached);
	return !is_good;
}

/* By how much attempts at it are fewer than without, in percent: in the
   second minute, or from then on, whatever is less. */
static double fall(const struct case_of *c, enum way way)
{
	const struct three *with = &c->by[way][LENGTHS - 1];
	const struct three *without = &c->by[WITHOUT][LENGTHS - 1];

	return 100 * (1 - fmax(three_tried(with, 1) / three_tried(without, 1),
		three_tried_from(with, 1) / three_tried_from(without, 1)));
}

/* Its share two minutes after its return, the least of all lengths. */
static double least_share(const struct case_of *c, enum way way)
{
	double least = 1;
	int i;

	for (i = 0; i < LENGTHS; i++)
		least = fmin(least, three_share(&c->by[way][i], 2));
	return 100 * least;
}

static int figures(const struct case_of *c, enum way way)
{
	double fewer = fall(c, way), share = least_share(c, way), chance;
	double uneven = three_unevenness(&c->by[way][LENGTHS - 1], &chance);
	int failed;

	failed = judge(c, way, "fewer attempts after a minute", fewer >= 90,
		">= 90 %", fewer);
	failed |= judge(c, way, "share two minutes after return", share >= 90,
		">= 90 % of a third", share);
	failed |= judge(c, way, "the others uneven meanwhile", uneven < 2 &&
		chance > 1e-9, "< 2 %; p > 1e-9", uneven);
	return failed;
}

int part_three(unsigned seeds)
{
	static struct case_of cases[] = {
		{ .state = REFUSES, .word = "refuses" },
		{ .state = TIMES_OUT, .word = "silent" },
	};
	int i, failed = 0;

	for (i = 0; i < 2; i++)
		measure(&cases[i], seeds);
	printf("\nOne of three equal hosts is dead for half an hour; %d mails "
		"a second, %u seeds:\nattempts at it, of 100 mails, in a "
		"minute since it died\n\n| | 1st | 2nd | 3rd | 6th | 30th |\n"
		"|---|---|---|---|---|---|\n", RATE, seeds);
	for (i = 0; i < 2; i++)
		show_attempts(&cases[i]);
	printf("\nIts share in a minute since it is back, percent of a third; "
		"seconds until that is\nover 90 in every half minute; the "
		"least of a seed in the third minute\n\n| dead | 1st | 2nd | "
		"3rd | 4th | s | least |\n|---|---|---|---|---|---|---|\n");
	for (i = 0; i < 2; i++)
		show_shares(&cases[i]);
	putchar('\n');
	for (i = 0; i < 2; i++) {
		failed |= figures(&cases[i], SHARED);
		failed |= figures(&cases[i], STORE);
	}
	return failed;
}
