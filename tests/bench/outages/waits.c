/*
 * Waiting times, each counted to the millisecond. May use libc.
 */
#include <stdlib.h>

#include "bench/outages/run.h"

void waits_begin(struct waits *w)
{
	w->count = calloc(WAIT_MOST + 1, sizeof(*w->count));
	if (w->count == NULL)
		abort();
}

void waits_add(struct waits *w, uint64_t wait)
{
	w->count[wait < WAIT_MOST ? wait : WAIT_MOST]++;
	w->all++;
	w->sum += (double)wait;
}

double waits_mean(const struct waits *w)
{
	return w->all == 0 ? 0 : w->sum / (double)w->all;
}

double waits_part(const struct waits *w, double part)
{
	double left = part * (double)w->all;
	size_t i;

	for (i = 0; i < WAIT_MOST && (double)w->count[i] < left; i++)
		left -= (double)w->count[i];
	return (double)i;
}
