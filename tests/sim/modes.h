/*
 * What the simulator does besides playing scenario files: each prints figures
 * and returns an exit status. May use libc only.
 */
#ifndef TESTS_SIM_MODES_H
#define TESTS_SIM_MODES_H

#include <stdint.h>

/* Pairs of faults over random zones, for so many real seconds. */
int sim_pairs(uint64_t seconds, uint64_t seed);

/* So many selections, a hundred in a virtual second, 1 % of every fault; it
   ends after so many real seconds (0: never before the last). */
int sim_day(uint64_t selections, uint64_t seconds, uint64_t seed);

/* So many forged datagrams. */
int sim_spoof(uint64_t datagrams, uint64_t seconds, uint64_t seed);

#endif
