/*
 * The socket on which Postfix asks. The protocol knows no password: whoever
 * can connect may ask, so it is a socket of the file system with permissions,
 * or an address of loopback, and no other.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "postfix_map.h"

enum { BACKLOG = 128 };

static int fail(const char *where, const char *why, int fd)
{
	fprintf(stderr, "postfix_map: %s: %s\n", where, why);
	if (fd >= 0)
		close(fd);
	return -1;
}

static int open_at(const char *where, const struct sockaddr *sa,
	socklen_t size)
{
	int fd = socket(sa->sa_family, SOCK_STREAM, 0), on = 1;

	if (fd < 0)
		return fail(where, strerror(errno), fd);
	if (sa->sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, sa, size) != 0 || listen(fd, BACKLOG) != 0)
		return fail(where, strerror(errno), fd);
	return fd;
}

/* What an earlier run left behind; a socket somebody answers at stays. */
static void remove_stale(const struct sockaddr_un *sun)
{
	struct stat status;
	int fd;

	if (lstat(sun->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)sun,
	    sizeof *sun) != 0 && errno == ECONNREFUSED)
		unlink(sun->sun_path);
	if (fd >= 0)
		close(fd);
}

static int listen_unix(const char *path, unsigned mode)
{
	struct sockaddr_un sun;
	mode_t before;
	int fd;

	memset(&sun, 0, sizeof sun);
	sun.sun_family = AF_UNIX;
	if (*path == '\0' || strlen(path) >= sizeof sun.sun_path)
		return fail(path, "no path, or too long for a socket", -1);
	memcpy(sun.sun_path, path, strlen(path));
	remove_stale(&sun);
	before = umask(0777 & ~(mode_t)mode);
	fd = open_at(path, (const struct sockaddr *)&sun, sizeof sun);
	umask(before);
	if (fd >= 0)
		printf("listening at unix:%s\n", path);
	return fd;
}

/* 1: sa holds an address of loopback. */
static int read_loopback(const char *address, unsigned long port,
	struct sockaddr_storage *sa)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };

	sin.sin_port = sin6.sin6_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, address, &sin.sin_addr) == 1) {
		memcpy(sa, &sin, sizeof sin);
		return (ntohl(sin.sin_addr.s_addr) >> 24) == 127;
	}
	if (inet_pton(AF_INET6, address, &sin6.sin6_addr) == 1) {
		memcpy(sa, &sin6, sizeof sin6);
		return IN6_IS_ADDR_LOOPBACK(&sin6.sin6_addr);
	}
	return 0;
}

static void say_port(int fd, const char *address)
{
	struct sockaddr_storage sa;
	struct sockaddr_in sin;
	socklen_t size = sizeof sa;

	memset(&sa, 0, sizeof sa);
	getsockname(fd, (struct sockaddr *)&sa, &size);
	memcpy(&sin, &sa, sizeof sin); /* the port is at one place in both */
	printf("listening at inet:%s:%u\n", address, ntohs(sin.sin_port));
}

static int listen_inet(const char *where)
{
	struct sockaddr_storage sa;
	const char *colon = strrchr(where, ':');
	char address[INET6_ADDRSTRLEN], *end;
	unsigned long port;
	size_t length;
	int fd;

	memset(&sa, 0, sizeof sa);
	length = colon == NULL ? 0 : (size_t)(colon - where);
	if (length == 0 || length >= sizeof address)
		return fail(where, "wanted is inet:ADDRESS:PORT", -1);
	memcpy(address, where, length);
	address[length] = '\0';
	port = strtoul(colon + 1, &end, 10);
	if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || port > 65535)
		return fail(where, "the port is no number to 65535", -1);
	if (!read_loopback(address, port, &sa))
		return fail(where, "give an address of loopback: "
			"127.0.0.1 or ::1", -1);
	fd = open_at(where, (const struct sockaddr *)&sa,
		sa.ss_family == AF_INET ? sizeof(struct sockaddr_in) :
		sizeof(struct sockaddr_in6));
	if (fd >= 0)
		say_port(fd, address);
	return fd;
}

int listen_at(const char *where, unsigned mode)
{
	int fd;

	if (strncmp(where, "unix:", 5) == 0)
		fd = listen_unix(where + 5, mode);
	else if (strncmp(where, "inet:", 5) == 0)
		fd = listen_inet(where + 5);
	else
		return fail(where, "wanted is unix:PATH or inet:ADDRESS:PORT",
			-1);
	fflush(stdout); /* whoever started it may wait for this line */
	return fd;
}
