/*
 * Faults by their number, F1 to F73, and where they strike. May use libc
 * only.
 */
#ifndef TESTS_SIM_FAULT_H
#define TESTS_SIM_FAULT_H

#include "sim/zone.h"

/* What a fault may change. */
enum sim_effect {
	SIM_HARMLESS, /* time: the right answer comes in the end */
	SIM_FAILURE,  /* the answer may not be had */
	SIM_MEANING   /* the server says something else, and means it */
};

struct sim_fault_kind {
	int number;
	const char *name;
	enum sim_effect effect;
	unsigned usual;        /* n, where nothing is said */
	unsigned least, most;  /* n, where chance decides */
};

struct sim_fault {
	const struct sim_fault_kind *kind;
	unsigned n;            /* how much, how many, which */
	int server;            /* -1: every one */
	uint16_t type;         /* SIM_ANY: every one */
	int named;
	struct sim_name name;  /* if named: this one only */
	unsigned met;          /* so often so far */
};

/* NULL: it is none that a server or the network commits. */
const struct sim_fault_kind *sim_fault_kind(int number);

/* The i-th, from 0; NULL: no more. */
const struct sim_fault_kind *sim_fault_kind_at(size_t i);

#endif
