/*
 * For LD_PRELOAD: a network that loses datagrams. Of every MXSEL_LOSSY that
 * are sent one is swallowed, and of every MXSEL_LOSSY that are received, at
 * random but the same in every run. Datagram sockets only. May use POSIX,
 * Linux and libdl.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The header's sockets take any kind of address through a union. */
#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Wpedantic"
#endif

#define MOST_FDS 65536

static unsigned every;
static uint64_t seed = 1;
static unsigned char kinds[MOST_FDS]; /* 0: not known, 1: datagrams, 2: no */

static void real(const char *name, void *function, size_t size)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (symbol == NULL)
		abort();
	memcpy(function, &symbol, size);
}

static int lose(void)
{
	const char *text;

	if (every == 0) {
		text = getenv("MXSEL_LOSSY");
		every = text != NULL ? (unsigned)strtoul(text, NULL, 10) : 100;
		if (every == 0)
			every = 100;
	}
	seed = seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (seed >> 33) % every == 0;
}

static int is_datagram(int fd)
{
	int type = 0;
	socklen_t size = sizeof(type);

	if (fd < 0 || fd >= MOST_FDS)
		return 0;
	if (kinds[fd] == 0)
		kinds[fd] = getsockopt(fd, SOL_SOCKET, SO_TYPE, &type,
			&size) == 0 && type == SOCK_DGRAM ? 1 : 2;
	return kinds[fd] == 1;
}

int close(int fd)
{
	static int (*next)(int);

	if (next == NULL)
		real("close", &next, sizeof(next));
	if (fd >= 0 && fd < MOST_FDS)
		kinds[fd] = 0;
	return next(fd);
}

ssize_t sendto(int fd, const void *data, size_t size, int flags,
	const struct sockaddr *sa, socklen_t length)
{
	static ssize_t (*next)(int, const void *, size_t, int,
		const struct sockaddr *, socklen_t);

	if (next == NULL)
		real("sendto", &next, sizeof(next));
	if (is_datagram(fd) && lose())
		return (ssize_t)size;
	return next(fd, data, size, flags, sa, length);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
	return sendto(fd, data, size, flags, NULL, 0);
}

static size_t size_of(const struct msghdr *m)
{
	size_t n = 0, i;

	for (i = 0; i < (size_t)m->msg_iovlen; i++)
		n += m->msg_iov[i].iov_len;
	return n;
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	static ssize_t (*next)(int, const struct msghdr *, int);

	if (next == NULL)
		real("sendmsg", &next, sizeof(next));
	if (is_datagram(fd) && lose())
		return (ssize_t)size_of(m);
	return next(fd, m, flags);
}

/* Up to the first that is lost; that one alone when it is the first. */
int sendmmsg(int fd, struct mmsghdr *v, unsigned n, int flags)
{
	static int (*next)(int, struct mmsghdr *, unsigned, int);
	unsigned good = 0;

	if (next == NULL)
		real("sendmmsg", &next, sizeof(next));
	if (!is_datagram(fd))
		return next(fd, v, n, flags);
	while (good < n && !lose())
		good++;
	if (good > 0 || n == 0)
		return next(fd, v, good, flags);
	v[0].msg_len = (unsigned)size_of(&v[0].msg_hdr);
	return 1;
}

ssize_t recvfrom(int fd, void *data, size_t size, int flags,
	struct sockaddr *sa, socklen_t *length)
{
	static ssize_t (*next)(int, void *, size_t, int, struct sockaddr *,
		socklen_t *);
	ssize_t rc;

	if (next == NULL)
		real("recvfrom", &next, sizeof(next));
	do
		rc = next(fd, data, size, flags, sa, length);
	while (rc >= 0 && is_datagram(fd) && lose());
	return rc;
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
	return recvfrom(fd, data, size, flags, NULL, NULL);
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
	static ssize_t (*next)(int, struct msghdr *, int);
	struct msghdr before = *m;
	ssize_t rc;

	if (next == NULL)
		real("recvmsg", &next, sizeof(next));
	do {
		*m = before;
		rc = next(fd, m, flags);
	} while (rc >= 0 && is_datagram(fd) && lose());
	return rc;
}

/* The message of one entry into the buffers of another before it. */
static void move(struct mmsghdr *to, const struct mmsghdr *from)
{
	memcpy(to->msg_hdr.msg_iov[0].iov_base,
		from->msg_hdr.msg_iov[0].iov_base, from->msg_len);
	to->msg_len = from->msg_len;
	to->msg_hdr.msg_flags = from->msg_hdr.msg_flags;
	to->msg_hdr.msg_namelen = from->msg_hdr.msg_namelen;
	if (from->msg_hdr.msg_name != NULL)
		memcpy(to->msg_hdr.msg_name, from->msg_hdr.msg_name,
			from->msg_hdr.msg_namelen);
}

int recvmmsg(int fd, struct mmsghdr *v, unsigned n, int flags,
	struct timespec *timeout)
{
	static int (*next)(int, struct mmsghdr *, unsigned, int,
		struct timespec *);
	int rc, i, kept = 0;

	if (next == NULL)
		real("recvmmsg", &next, sizeof(next));
	rc = next(fd, v, n, flags, timeout);
	if (rc <= 0 || !is_datagram(fd))
		return rc;
	for (i = 0; i < rc; i++) {
		if (lose())
			continue;
		if (kept != i)
			move(&v[kept], &v[i]);
		kept++;
	}
	if (kept == 0)
		errno = EAGAIN;
	return kept != 0 ? kept : -1;
}
