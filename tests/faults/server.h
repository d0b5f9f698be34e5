/*
 * The server of this folder: one UDP and one TCP socket on a port of
 * 127.0.0.1, a thread for each question that is lied about and for each
 * connection. May use libc, sockets and pthread.
 */
#ifndef TESTS_FAULTS_SERVER_H
#define TESTS_FAULTS_SERVER_H

#include <stdatomic.h>

#include "faults/lie.h"

#define SERVER_KINDS 3

struct server {
	const struct fault *fault;
	int udp, tcp;
	int other_address; /* 127.0.0.2, the same port */
	int other_port;    /* 127.0.0.1 */
	int port;
	atomic_uint heard[SERVER_KINDS][LIE_VARIANTS][3];
};

/* Bind the sockets, on a port that the system gives nobody. */
void server_bind(struct server *server, const struct fault *fault);
void server_close(struct server *server);

/* Answer for ever; *open: LIE_NO_PORT is over. */
void server_run(struct server *server, atomic_int *open);

/*
 * The domain that asks for a variant: "f006v0017b.example.net", or the honest
 * one beside it. kind: 0..SERVER_KINDS-1, to count them apart.
 */
void server_name(char out[64], const struct fault *fault, unsigned variant,
	int kind, int is_honest);

#endif
