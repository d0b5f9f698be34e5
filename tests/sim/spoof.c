/*
 * Ten million forged datagrams while look-ups are under way: none of them is
 * believed. May use libc only.
 */
#include <stdio.h>

#include "sim/crowd.h"
#include "sim/modes.h"
#include "support/figure.h"

#define GUESSES 40u /* in the window of each question */
#define STEP 500u

int sim_spoof(uint64_t datagrams, uint64_t seconds, uint64_t seed)
{
	static struct sim_crowd c;
	double began = sim_real_time();

	if (sim_crowd_open(&c, seed) != 0)
		return 1;
	c.guesses = GUESSES;
	while (sim_world.forged < datagrams &&
			sim_real_time() - began < (double)seconds)
		sim_crowd_run(&c, STEP);
	sim_crowd_settle(&c);
	printf("%llu selections: %llu as planned, %llu in part, %llu deferred;"
		" %.1f s\n", (unsigned long long)c.ended,
		(unsigned long long)c.right, (unsigned long long)c.part,
		(unsigned long long)c.deferred, sim_real_time() - began);
	figure_print("spoofed datagrams accepted", c.wrong > 0 ? FIGURE_FAILED
		: sim_world.forged >= 10000000 ? FIGURE_REACHED : FIGURE_SHORT,
		"0 of 10000000", "%llu of %llu", (unsigned long long)c.wrong,
		(unsigned long long)sim_world.forged);
	sim_crowd_close(&c);
	return c.wrong > 0;
}
