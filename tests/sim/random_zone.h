/*
 * Small zones by chance, odd ones among them (F45, F46, F50 to F57, F72). May
 * use libc only.
 */
#ifndef TESTS_SIM_RANDOM_ZONE_H
#define TESTS_SIM_RANDOM_ZONE_H

#include "sim/zone.h"

/* Records of example.com, by sim_random(). */
void sim_zone_random(struct sim_zone *zone);

/* One or two hosts with addresses, as most domains have. */
void sim_zone_plain(struct sim_zone *zone, unsigned number);

#endif
