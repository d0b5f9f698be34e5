/*
 * Mail to hosts that die and come back, with and without a memory of them, in
 * virtual time; see README.md.
 *
 *	outages PART [HOURS [SEEDS]]
 *
 * PART: day, fair, three, settings, or trace, which prints the outages of the
 * seed SEEDS. Exit: 0 unless a figure failed.
 */
#include <stdio.h>

#include "bench/outages/parts.h"

static int print_trace(unsigned hours, unsigned seed)
{
	struct world world;

	world_make(&world, DESTINATIONS, seed);
	world_trouble(&world, hours * HOUR, seed + 1000);
	world_print_trace(&world, stdout);
	world_free(&world);
	return 0;
}

int main(int argc, char **argv)
{
	const char *part = argc > 1 ? argv[1] : "";
	unsigned hours = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 24;
	unsigned seeds = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 5;

	if (strcmp(part, "trace") == 0)
		return print_trace(hours, seeds);
	if (hours < 1 || hours > 1000 || seeds < 1 || 4 * seeds > SEEDS_MAX)
		return 64;
	if (strcmp(part, "day") == 0)
		return part_day(hours, seeds);
	if (strcmp(part, "fair") == 0)
		return part_fair(hours, seeds);
	if (strcmp(part, "three") == 0)
		return part_three(4 * seeds);
	if (strcmp(part, "settings") == 0)
		return part_settings(hours, seeds);
	fprintf(stderr, "outages day|fair|three|settings|trace [HOURS "
		"[SEEDS]]\n");
	return 64;
}
