/*
 * Faults of the machine by their number: which call fails, and how. May use
 * libc only.
 */
#ifndef TESTS_SIM_HOST_FAULT_H
#define TESTS_SIM_HOST_FAULT_H

#include "sim/kernel.h"

struct sim_host_fault {
	int number;
	const char *name;
	enum sim_call call;
	int error; /* 0: short */
};

/* The i-th; NULL: no more. */
const struct sim_host_fault *sim_host_fault_at(size_t i);

/* Each of these calls so often of a million. */
void sim_host_faults_often(unsigned per_million);

#endif
