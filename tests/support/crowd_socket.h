/*
 * The sockets of the name server for crowds, for crowd.c alone. May use libc
 * only.
 */
#ifndef TESTS_SUPPORT_CROWD_SOCKET_H
#define TESTS_SUPPORT_CROWD_SOCKET_H

#include <stdio.h>
#include <stdlib.h>

/* A test without its server is no test: there is nothing to go on with. */
static inline void must(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(99);
}

/* UDP and TCP on the same port of 127.0.0.1. Who does not listen to TCP keeps
   others from doing so. */
void crowd_bind(int *udp_fd, int *tcp_fd, int listens, char address[32]);

#endif
