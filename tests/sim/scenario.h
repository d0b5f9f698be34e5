/*
 * Scenario files: a zone, its servers, what goes wrong, and what must come of
 * it; README.md has the format. May use libc only.
 */
#ifndef TESTS_SIM_SCENARIO_H
#define TESTS_SIM_SCENARIO_H

#include <stdio.h>

#include "sim/lookup.h"

#define SIM_FAILS_MAX 8u

/* A range, both ends included. */
struct sim_range {
	unsigned least, most;
	int given;
};

struct sim_case {
	char title[160];
	const char *path;
	unsigned line;
	struct sim_zone *zone;
	char destination[300];
	unsigned servers;
	struct sim_settings settings;
	unsigned delay_least, delay_most, lost, doubled, guesses;
	struct { struct sim_fault fault; int swept; } faults[SIM_FAULTS_MAX];
	unsigned fault_count;
	struct { enum sim_call call; unsigned skip, count; int error; }
		fails[SIM_FAILS_MAX];
	unsigned fail_count;
	unsigned sweep_from, sweep_to;
	unsigned send_most;
	int no_slices, low_descriptors;
	int64_t real_jump, monotonic_jump;
	unsigned jump_after; /* milliseconds */
	/* what is expected */
	char text[SIM_TEXT_MAX];
	int plan;  /* the plan without faults */
	int defer; /* or a temporary failure */
	struct sim_range time, asked, asked_tcp, counts[8];
};

/* Read the next case. 1; 0: no more; -1: it was told what is wrong. */
struct sim_reader {
	FILE *file;
	const char *path;
	unsigned line;
	char text[1200];
	int kept;              /* text is the next line still */
	struct sim_zone zone;  /* the file's, and the case's */
	struct sim_zone own;
};

int sim_reader_open(struct sim_reader *r, const char *path);
int sim_reader_next(struct sim_reader *r, struct sim_case *c);
void sim_reader_close(struct sim_reader *r);

/* 0; or how many ways of playing it went wrong, which is said. */
unsigned sim_case_play(const struct sim_case *c);

#endif
