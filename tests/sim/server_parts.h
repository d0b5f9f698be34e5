/*
 * What the files of the servers share: an answer, how it is spoilt, and how it
 * travels. May use libc only.
 */
#ifndef TESTS_SIM_SERVER_PARTS_H
#define TESTS_SIM_SERVER_PARTS_H

#include "sim/server.h"

/* The faults that strike this question. */
struct sim_struck {
	struct sim_fault *list[SIM_FAULTS_MAX];
	unsigned count;
};

void sim_strike(struct sim_struck *s, const struct sim_question *q,
	int server);
struct sim_fault *sim_struck_by(const struct sim_struck *s, int number);

/* Those that concern streams: TCP must be asked. */
int sim_is_for_tcp(int number);

/* The answer as the faults have it; the whole message. */
void sim_build(struct sim_answer *a, const struct sim_question *q,
	const struct sim_struck *s, int tcp);

/* An answer that nobody should believe: records, or (odd) a denial. */
void sim_build_forged(struct sim_answer *a, const struct sim_question *q,
	unsigned n);

/* F58 to F73: a record that is none. */
void sim_spoil_records(struct sim_answer *a, const struct sim_question *q,
	const struct sim_fault *f);

/* F6, F13 to F16, F69 to F71: the message as a whole. */
void sim_spoil_message(struct sim_answer *a, const struct sim_question *q,
	const struct sim_fault *f);

/* One way, nanoseconds. */
uint64_t sim_delay(void);

/* An answer on its way; more: nanoseconds besides. */
void sim_send_datagram(int server, uint16_t port, const uint8_t *data,
	size_t size, uint64_t more);

/* The forgeries that come before an answer. */
void sim_send_guesses(int server, uint16_t port, const struct sim_question *q,
	unsigned count);

/* Streams: see sim_peer. */
void sim_server_connect(int server, sim_connection c);
size_t sim_server_octets(int server, sim_connection c, const uint8_t *data,
	size_t size);

void sim_tally(const struct sim_question *q, int server, int tcp);

#endif
