/*
 * Runs scenario files: what a domain has in the DNS, and what must come of
 * it (README.md). Each case counts as one. May use the other files here, that
 * use <mxsel/mxsel.h> and nothing else of the library.
 */
#include "scenarios/scenario.h"

#include <stdio.h>
#include <stdlib.h>

static void run_file(const char *file, unsigned *passed, unsigned *failed)
{
	struct scenario *list, *s;

	if (scenario_read(file, &list) != 0) {
		(*failed)++;
	} else {
		for (s = list; s != NULL; s = s->next) {
			if (scenario_play(s) == 0)
				(*passed)++;
			else
				(*failed)++;
		}
	}
	scenario_free(list);
}

int main(int argc, char **argv)
{
	unsigned passed = 0, failed = 0;
	int i;

	if (argc < 2) {
		fputs("usage: run FILE...\n", stderr);
		return 64;
	}
	for (i = 1; i < argc; i++)
		run_file(argv[i], &passed, &failed);
	printf("%u passed, %u failed\n", passed, failed);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
