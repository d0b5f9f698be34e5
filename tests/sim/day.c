/*
 * A virtual day: 8,640,000 selections through one engine, a hundred in a
 * second, one of a hundred with each of the faults. No answer is wrong, and
 * in the evening the engine holds what it held in the morning. May use libc
 * only.
 */
#include <stdio.h>

#include "sim/crowd.h"
#include "sim/modes.h"
#include "support/figure.h"

#define PER_MILLION 10000u /* 1 % */
#define STEP 5000u
#define DESCRIPTORS_MAX 65u /* S11: 64 sockets, and epoll's */

static void tell(const struct sim_crowd *c, double took)
{
	const struct sim_fault_kind *k;
	uint64_t least = UINT64_MAX, number = 0;
	size_t i;

	for (i = 0; (k = sim_fault_kind_at(i)) != NULL; i++)
		if (sim_world.met[k->number] < least) {
			least = sim_world.met[k->number];
			number = (uint64_t)k->number;
		}
	printf("%llu selections in %.1f s, %.0f a second; %.0f virtual s\n",
		(unsigned long long)c->ended, took, (double)c->ended / took,
		(double)c->begun / 100);
	printf("%llu with faults of their own: %llu as planned, %llu in part, "
		"%llu deferred, %llu wrong, %llu late\n",
		(unsigned long long)c->struck, (unsigned long long)c->right,
		(unsigned long long)c->part, (unsigned long long)c->deferred,
		(unsigned long long)c->wrong, (unsigned long long)c->late);
	printf("asked %llu over UDP, %llu over TCP on %llu connections; "
		"%llu calls, at most %u descriptors; met least often: F%llu, "
		"%llu times\n",
		(unsigned long long)sim_world.asked_udp,
		(unsigned long long)sim_world.asked_tcp,
		(unsigned long long)sim_world.connections,
		(unsigned long long)sim_calls(), sim_open_most(),
		(unsigned long long)number,
		(unsigned long long)least);
}

int sim_day(uint64_t selections, uint64_t seconds, uint64_t seed)
{
	static struct sim_crowd c;
	double began = sim_real_time(), took;
	long long octets, descriptors;
	uint64_t missing;
	int failed;

	if (sim_crowd_open(&c, seed) != 0)
		return 1;
	octets = (long long)sim_heap();
	descriptors = (long long)sim_open_count();
	c.per_million = c.host_per_million = PER_MILLION;
	while (c.begun < selections && (seconds == 0 ||
			sim_real_time() - began < (double)seconds))
		sim_crowd_run(&c, selections - c.begun < STEP ?
			selections - c.begun : STEP);
	sim_crowd_settle(&c);
	/* The morning after: all is well, and so is every answer. */
	missing = sim_crowd_prove(&c, 2000);
	took = sim_real_time() - began;
	octets = (long long)sim_heap() - octets;
	descriptors = (long long)sim_open_count() - descriptors;
	tell(&c, took);
	if (missing > 0)
		fprintf(stderr, "%llu of 2000 are not as planned when the "
			"faults are over\n", (unsigned long long)missing);
	/* Most find their way in spite of all. */
	failed = missing > 0 || sim_open_most() > DESCRIPTORS_MAX ||
		c.right * 10 < c.ended * 6 || c.wrong > 0 || c.late > 0 ||
		octets != 0 || descriptors != 0;
	figure_print("virtual day, heap drift", failed ? FIGURE_FAILED :
		c.ended >= 8640000 ? FIGURE_REACHED : FIGURE_SHORT,
		"8640000 selections: 0 octets, +0 descriptors, 0 wrong",
		"%llu selections: %lld octets, %+lld descriptors, %llu wrong",
		(unsigned long long)c.ended, octets, descriptors,
		(unsigned long long)(c.wrong + c.late));
	sim_crowd_close(&c);
	return failed;
}
