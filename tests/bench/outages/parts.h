/*
 * What the parts of the program share: their names, the names of the ways,
 * and little statistics. May use libc and libm.
 */
#ifndef TESTS_BENCH_OUTAGES_PARTS_H
#define TESTS_BENCH_OUTAGES_PARTS_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/outages/run.h"

#define WORKERS 50
#define DESTINATIONS 1000
#define SEEDS_MAX 100

/* Each prints its table and its figures; 0, or 1 when a figure failed. */
int part_day(unsigned hours, unsigned seeds);
int part_fair(unsigned hours, unsigned seeds);
int part_three(unsigned seeds);
int part_settings(unsigned hours, unsigned seeds);

static inline const char *way_name(enum way way)
{
	static const char *const names[] = { "without", "alone", "shared",
		"by a store" };

	return names[way];
}

static inline int is_less(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* 0: the least of n values, 0.5: their median, 1: the most. */
static inline double part_of(const double *values, unsigned n, double part)
{
	double sorted[SEEDS_MAX];
	unsigned low = (unsigned)(part * (n - 1)), high;

	memcpy(sorted, values, n * sizeof(*values));
	qsort(sorted, n, sizeof(*sorted), is_less);
	high = low + 1 < n ? low + 1 : low;
	return sorted[low] + (part * (n - 1) - low) *
		(sorted[high] - sorted[low]);
}

/* How likely chi-square is that or more by chance (Wilson and Hilferty). */
static inline double chance_of(double chi, double freedom)
{
	double ninth = 2 / (9 * freedom);
	double z = (cbrt(chi / freedom) - (1 - ninth)) / sqrt(ninth);

	return erfc(z / sqrt(2)) / 2;
}

#endif
