/*
 * A name server on 127.0.0.1 for crowds of questions: a thread with one UDP
 * socket and any number of pipelined TCP connections, honest and fast unless
 * its plan says otherwise, that counts what it hears. May use libc, pthread
 * and support/packet.h.
 *
 * What it knows: the name decides. MX of a name that begins with
 *	e	NODATA		f	SERVFAIL
 *	n	NXDOMAIN	z	null MX
 *	p	10 mx1.provider.example, 20 mx2.provider.example
 * and of any other 10 mx.NAME. Every name not beginning with n has the two
 * addresses that crowd_address() tells, and below _25._tcp the TLSA record
 * that crowd_tlsa() tells; nothing is a CNAME.
 */
#ifndef TESTS_SUPPORT_CROWD_H
#define TESTS_SUPPORT_CROWD_H

#include <stddef.h>
#include <stdint.h>

struct crowd;

/* All 0: honest and at once. A question or its answer is lost once at most. */
struct crowd_plan {
	unsigned delay;          /* ms from a question to its answer */
	unsigned work;           /* us that each question keeps it busy */
	unsigned lose_questions; /* every so many-th datagram is not heard */
	unsigned lose_answers;   /* every so many-th datagram gets lost */
	unsigned twice;          /* every so many-th answer comes again */
	unsigned reverse;        /* answers leave in groups, last one first */
	unsigned strays;         /* datagrams with wrong ids, then the answer */
	unsigned hang_up;        /* TCP: end the connection after so many */
	unsigned drip;           /* TCP: one octet every so many ms */
	int truncate;            /* UDP: TC and nothing else */
	int signs;               /* AD, but for names that begin with u */
	int folds;               /* the question comes back in lower case */
	int silent;              /* UDP: nothing at all */
	int silent_tcp;          /* TCP: connections, but no answer */
	int slow_names;          /* only names that begin with s are delayed */
	int no_tcp;              /* read at the start only, as is the next */
	int receive_buffer;      /* octets for datagrams; 0: the system's */
};

/* plan NULL: all 0. Never NULL. */
struct crowd *crowd_start(const struct crowd_plan *plan);
void crowd_change(struct crowd *crowd, const struct crowd_plan *plan);
void crowd_stop(struct crowd *crowd);

/* "127.0.0.1@40001" */
const char *crowd_address_of(const struct crowd *crowd);

/* The address of a name as text: type 1 (A) or 28 (AAAA). */
void crowd_address(char out[46], const char *name, int type);

/* The data of the TLSA record 3 1 1 at that name. */
void crowd_tlsa(uint8_t out[32], const char *name);

/* ------------------------------------------------------- what it heard */

unsigned crowd_heard_udp(struct crowd *crowd);
unsigned crowd_heard_tcp(struct crowd *crowd);
/* Connections that were made to it; and how many it has now. */
unsigned crowd_connections(struct crowd *crowd);
unsigned crowd_connected(struct crowd *crowd);
/* Different questions; how often the one heard most came over UDP and TCP;
   and how often one came. */
unsigned crowd_questions(struct crowd *crowd);
unsigned crowd_most_udp(struct crowd *crowd);
unsigned crowd_most_tcp(struct crowd *crowd);
unsigned crowd_asked(struct crowd *crowd, const char *name, int type);
/* Datagrams and answers that it lost. */
unsigned crowd_lost(struct crowd *crowd);

/* Messages over TCP with a letter in upper case in what they asked. */
unsigned crowd_shouted_tcp(struct crowd *crowd);

/* Questions over UDP and TCP that had the AD bit. */
unsigned crowd_wanted_ad(struct crowd *crowd);

/* The id and port of the datagrams heard first, in their order; of the letters
   asked for a bit each, from the lowest on: it was in upper case. */
#define CROWD_NOTES 16384
struct crowd_note {
	uint16_t id, port;
	uint64_t upper;
};
const struct crowd_note *crowd_notes(struct crowd *crowd);

#endif
