/*
 * What the files of the crowd share. May use public headers and libc only.
 */
#ifndef TESTS_SIM_CROWD_PARTS_H
#define TESTS_SIM_CROWD_PARTS_H

#include "sim/crowd.h"

#define SLOT_FAULTS 6u

/* One selection under way. */
struct slot {
	mxsel *m;
	uint32_t serial;
	int busy, failed, delivered;
	unsigned zone;
	const struct sim_course *plan;
	unsigned at;      /* so far along the plan */
	int exact;        /* and nothing of it left out */
	uint64_t began;
	struct sim_fault faults[SLOT_FAULTS];
	unsigned fault_count;
};

extern struct slot sim_slots[SIM_SLOTS];

/* Zones, and a course for each and each thing that servers may mean. 0; -1. */
int sim_plans_make(void);
void sim_plans_free(void);

/* n: of what sim_plan_meanings() counts; 0: nothing odd is meant. */
const struct sim_course *sim_plan(unsigned zone, unsigned meaning);
unsigned sim_plan_meanings(void);
void sim_plan_meaning(unsigned meaning, struct sim_fault *out);

/* The questions of slots, for sim_world.prepare. */
void sim_crowd_prepare(const uint8_t *packet, size_t size);

/* The attempt reached, as a number; the serial left out. */
uint32_t sim_attempt_number(const mxsel *m);

/* "0001a2.07.test" */
void sim_crowd_name(char *out, uint32_t serial, unsigned zone);

#endif
