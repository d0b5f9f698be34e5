/*
 * Name servers and the network between: they answer from a zone, honestly but
 * for the faults that are set. May use libc only.
 */
#ifndef TESTS_SIM_SERVER_H
#define TESTS_SIM_SERVER_H

#include "sim/fault.h"
#include "sim/kernel.h"

#define SIM_SERVERS_MAX 4u
#define SIM_FAULTS_MAX 16u

/* What no right answer has: seen in a plan, a forgery was believed. */
#define SIM_EVIL_HOST "evil.example.net"
#define SIM_EVIL_A "203.0.113.66"
#define SIM_EVIL_AAAA "2001:db8:bad::66"

struct sim_world {
	struct sim_zone *zone;
	struct sim_fault *faults; /* those that may strike now */
	unsigned fault_count;
	struct sim_fault own[SIM_FAULTS_MAX]; /* faults, unless prepared */
	unsigned servers;
	/* The way there and back: milliseconds, and datagrams of a thousand
	   that are lost or come twice. */
	unsigned delay_least, delay_most, lost, doubled;
	/* Questions of many: set zone and faults for this one. */
	void (*prepare)(const uint8_t *packet, size_t size);
	/* Connections of a million that meet each fault of theirs. */
	unsigned bad_connections;
	/* Forgeries of each answer over UDP, and how many there were. */
	unsigned guesses;
	uint64_t forged;
	/* Questions heard: over UDP and TCP, and the most tries of one. */
	uint64_t asked_udp, asked_tcp, connections;
	unsigned most_tries;
	/* How often each fault was met. */
	uint64_t met[100];
};

extern struct sim_world sim_world;

/* Everything as at the beginning, with so many servers. */
void sim_world_reset(struct sim_zone *zone, unsigned servers);

/* The faults are over; what is on its way is still on its way. */
void sim_world_heal(void);

/* Add a fault; NULL: too many. */
struct sim_fault *sim_world_fault(int number);

/* The address of a server, for mxsel_engine_add_server(). */
const char *sim_server_text(unsigned server);

/* Asked of all servers together, in tries. */
unsigned sim_tries(uint16_t type);

#endif
