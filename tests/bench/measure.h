/*
 * Figures per operation on a noisy machine: contestants take turns in small
 * batches, each round gives one figure for each of them, and what is shown is
 * the median of the rounds with its quartiles. May use libc only.
 */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MEASURE_ROUNDS 25
#define MEASURE_TURNS 60

struct contestant {
	const char *name;
	void (*work)(void);
	unsigned batch; /* operations in a turn */
	double ns[MEASURE_ROUNDS];
};

static inline double measure_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline int measure_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline double measure_turn(const struct contestant *c)
{
	double start = measure_now();
	unsigned i;

	for (i = 0; i < c->batch; i++)
		c->work();
	return measure_now() - start;
}

static inline void measure_all(struct contestant *v, size_t n)
{
	size_t i, round, turn;

	for (i = 0; i < n; i++)
		(void)measure_turn(&v[i]);
	for (round = 0; round < MEASURE_ROUNDS; round++) {
		for (i = 0; i < n; i++)
			v[i].ns[round] = 0;
		for (turn = 0; turn < MEASURE_TURNS; turn++)
			for (i = 0; i < n; i++)
				v[i].ns[round] += measure_turn(&v[i]) /
					(MEASURE_TURNS * (double)v[i].batch);
	}
}

/* 0: the least of the figures, 2: their median, 4: the most. */
static inline double measure_quartile(const double ns[MEASURE_ROUNDS], int q)
{
	double sorted[MEASURE_ROUNDS];

	memcpy(sorted, ns, sizeof(sorted));
	qsort(sorted, MEASURE_ROUNDS, sizeof(sorted[0]), measure_compare);
	return sorted[(MEASURE_ROUNDS - 1) * q / 4];
}

static inline double measure_median(const struct contestant *c)
{
	return measure_quartile(c->ns, 2);
}

/* How many times b is a: of each round, since noise hits both; the median. */
static inline double measure_ratio(const struct contestant *a,
	const struct contestant *b)
{
	double ratio[MEASURE_ROUNDS];
	int i;

	for (i = 0; i < MEASURE_ROUNDS; i++)
		ratio[i] = a->ns[i] / b->ns[i];
	return measure_quartile(ratio, 2);
}

static inline void measure_title(const char *title)
{
	printf("\n%s\n", title);
	printf("  %-44s %9s %9s %9s\n", "", "median", "quartile", "quartile");
}

static inline void measure_row(const struct contestant *c)
{
	printf("  %-44s %9.1f %9.1f %9.1f", c->name, measure_median(c),
		measure_quartile(c->ns, 1), measure_quartile(c->ns, 3));
}

#endif
