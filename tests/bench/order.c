/*
 * The order alone: canonical sort, duplicates, shuffle, for one record to
 * four thousand. Uses the room rank.
 */
#define _POSIX_C_SOURCE 200809L

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "rank/order.h"

#define MOST 4000

static struct mxsel__mx given[MOST], v[MOST];
static char names[MOST][32];
static struct mxsel__random numbers;
static size_t count;
static volatile size_t used;

/* Records as answers bring them: names in no order, some preferences equal. */
static void make(size_t n)
{
	size_t i;

	count = n;
	for (i = 0; i < n; i++) {
		size_t at = (i * 2654435761u) % MOST;
		int length = snprintf(names[i], sizeof(names[i]),
			"mx%zu.example.com", at);

		given[i].name = names[i];
		given[i].length = (uint16_t)length;
		given[i].key = mxsel__order_key(names[i], (size_t)length);
		given[i].preference = (uint16_t)(10 * (at % 3 + 1));
	}
}

static void order(void)
{
	memcpy(v, given, count * sizeof(v[0]));
	used += mxsel__order_sort(v, count);
	mxsel__order_shuffle(v, count, &numbers);
}

static void copy(void)
{
	memcpy(v, given, count * sizeof(v[0]));
	used += (size_t)v[0].preference;
}

static void show(size_t n)
{
	struct contestant c[] = {
		{ .work = order }, { .work = copy },
	};
	char name[64];
	double ns;

	make(n);
	c[0].batch = c[1].batch = n < 100 ? (unsigned)(1000 / n) : 1;
	measure_all(c, 2);
	(void)snprintf(name, sizeof(name), "n = %zu", n);
	c[0].name = name;
	ns = measure_median(&c[0]) - measure_median(&c[1]);
	measure_row(&c[0]);
	printf(" %9.1f", ns);
	if (n > 1)
		printf(" %7.2f", ns / ((double)n * log2((double)n)));
	putchar('\n');
}

int main(void)
{
	static const size_t sizes[] = { 1, 2, 5, 10, 50, 1000, MOST };
	size_t i;

	mxsel__random_init(&numbers, 1);
	measure_title("The order alone; ns (then without the copy of the "
		"input, and that by n log2 n)");
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		show(sizes[i]);
	return EXIT_SUCCESS;
}
