/*
 * The simulator: scenario files, random pairs of faults, a virtual day, and a
 * flood of forgeries; README.md says how. May use libc only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/modes.h"
#include "sim/scenario.h"

static int play_file(const char *path, unsigned *good, unsigned *bad)
{
	struct sim_reader reader;
	struct sim_case c;
	int result = sim_reader_open(&reader, path);

	while (result == 0 && (result = sim_reader_next(&reader, &c)) == 1) {
		if (sim_case_play(&c) == 0)
			++*good;
		else
			++*bad;
		result = 0;
	}
	sim_reader_close(&reader);
	return result;
}

static int play_files(char **paths, int count)
{
	unsigned good = 0, bad = 0;
	int i;

	for (i = 0; i < count; i++)
		if (play_file(paths[i], &good, &bad) != 0)
			bad++;
	printf("%u passed, %u failed\n", good, bad);
	return bad != 0;
}

static int usage(void)
{
	fputs("usage: run FILE...\n"
		"       run pairs SECONDS SEED\n"
		"       run day SELECTIONS SECONDS SEED\n"
		"       run spoof DATAGRAMS SECONDS SEED\n", stderr);
	return 2;
}

static uint64_t number(const char *text)
{
	return strtoull(text, NULL, 10);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage();
	if (strcmp(argv[1], "pairs") == 0 && argc == 4)
		return sim_pairs(number(argv[2]), number(argv[3]));
	if (strcmp(argv[1], "day") == 0 && argc == 5)
		return sim_day(number(argv[2]), number(argv[3]),
			number(argv[4]));
	if (strcmp(argv[1], "spoof") == 0 && argc == 5)
		return sim_spoof(number(argv[2]), number(argv[3]),
			number(argv[4]));
	return play_files(argv + 1, argc - 1);
}
