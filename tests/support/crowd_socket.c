/*
 * The sockets of the name server for crowds, see crowd_socket.h. May use libc
 * only.
 */
#define _GNU_SOURCE

#include "support/crowd_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int bound(int type, in_port_t port, int listens)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = port };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), one = 1;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(fd >= 0, "socket");
	if (listens)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (const struct sockaddr *)&a, sizeof a) == 0)
		return fd;
	close(fd);
	return -1;
}

/* The kernel's choice for UDP may be taken. */
void crowd_bind(int *udp_fd, int *tcp_fd, int listens, char address[32])
{
	struct sockaddr_in a;
	socklen_t length = sizeof a;
	int tries = 0;

	do {
		if (tries > 0)
			close(*udp_fd);
		must(tries++ < 100, "no port free");
		*udp_fd = bound(SOCK_DGRAM, 0, 0);
		must(*udp_fd >= 0 && getsockname(*udp_fd,
			(struct sockaddr *)&a, &length) == 0, "bind");
		*tcp_fd = bound(SOCK_STREAM, a.sin_port, listens);
	} while (*tcp_fd < 0);
	must(!listens || listen(*tcp_fd, 64) == 0, "listen");
	snprintf(address, 32, "127.0.0.1@%u", (unsigned)ntohs(a.sin_port));
}
