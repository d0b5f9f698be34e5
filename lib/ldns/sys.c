/*
 * System calls, see sys.h. Nothing here knows of DNS. May use public headers
 * and libc only.
 */
#define _GNU_SOURCE

#include "ldns/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <mxsel/mxsel.h>

static int read_clock(clockid_t clock, uint64_t *microseconds)
{
	struct timespec now;

	if (clock_gettime(clock, &now) != 0)
		return MXSEL_ESYSTEM;
	*microseconds = (uint64_t)now.tv_sec * 1000000u +
		(uint64_t)now.tv_nsec / 1000u;
	return 0;
}

int mxsel__sys_clock_exact(uint64_t *microseconds)
{
	return read_clock(CLOCK_MONOTONIC, microseconds);
}

int mxsel__sys_clock(uint64_t *milliseconds)
{
	uint64_t now;
	int result = read_clock(CLOCK_MONOTONIC, &now);

	if (result == 0)
		*milliseconds = now / 1000u;
	return result;
}

#ifdef CLOCK_MONOTONIC_COARSE
#define COARSE CLOCK_MONOTONIC_COARSE
#else
#define COARSE CLOCK_MONOTONIC
#endif

uint64_t mxsel__sys_clock_coarse(void)
{
	uint64_t now;

	return read_clock(COARSE, &now) == 0 ? now / 1000u : 0;
}

uint64_t mxsel__sys_time_of_day(void)
{
	uint64_t now;

	return read_clock(CLOCK_REALTIME, &now) == 0 ? now / 1000u : 0;
}

int mxsel__sys_random(void *buffer, size_t size)
{
	unsigned char *at = buffer;
	ssize_t got;

	while (size > 0) {
		got = getrandom(at, size, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return MXSEL_EENTROPY;
		at += got;
		size -= (size_t)got;
	}
	return 0;
}

enum mxsel__fault mxsel__sys_fault(int error)
{
	switch (error) {
	case EAGAIN:
	case EINPROGRESS:
	case EALREADY:
		return MXSEL__FAULT_AGAIN;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EADDRNOTAVAIL:
		return MXSEL__FAULT_LOCAL;
	default:
		return MXSEL__FAULT_PEER;
	}
}

/*
 * A descriptor 0, 1 or 2 would be what the program prints to: a message of
 * its own for standard error must not end up in a DNS stream.
 */
int mxsel__sys_above_standard(int fd)
{
	int higher, error;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	error = errno;
	close(fd);
	errno = error;
	return higher;
}

enum mxsel__fault mxsel__sys_open(int *fd, int family, int type)
{
	*fd = mxsel__sys_above_standard(socket(family,
		type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
	return *fd >= 0 ? MXSEL__FAULT_NONE : mxsel__sys_fault(errno);
}

void mxsel__sys_close(int *fd)
{
	/* EINTR or not, Linux has closed it: a second close could hit another
	   thread's descriptor. */
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

enum mxsel__fault mxsel__sys_connect(int fd, const struct sockaddr *address,
	socklen_t length)
{
	if (connect(fd, address, length) == 0)
		return MXSEL__FAULT_NONE;
	/* An interrupted connect goes on by itself (POSIX, connect). */
	if (errno == EINTR)
		return MXSEL__FAULT_AGAIN;
	return mxsel__sys_fault(errno);
}

enum mxsel__fault mxsel__sys_send(int fd, const uint8_t *data, size_t size,
	size_t *sent)
{
	ssize_t n;

	do
		n = send(fd, data, size, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return mxsel__sys_fault(errno);
	*sent = (size_t)n;
	return MXSEL__FAULT_NONE;
}

enum mxsel__fault mxsel__sys_receive(int fd, uint8_t *data, size_t size,
	size_t *got, int *cut)
{
	struct iovec room = { .iov_base = data, .iov_len = size };
	struct msghdr message = { .msg_iov = &room, .msg_iovlen = 1 };
	ssize_t n;

	do
		n = recvmsg(fd, &message, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return mxsel__sys_fault(errno);
	*got = (size_t)n;
	if (cut != NULL)
		*cut = (message.msg_flags & MSG_TRUNC) != 0;
	return MXSEL__FAULT_NONE;
}

enum mxsel__fault mxsel__sys_connected(int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLOUT };
	socklen_t length = sizeof(int);
	int error = 0;

	/* A failing poll (EINTR, ENOMEM) is no news of the connection. */
	if (poll(&wanted, 1, 0) <= 0)
		return MXSEL__FAULT_AGAIN;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
		return mxsel__sys_fault(errno);
	return error == 0 ? MXSEL__FAULT_NONE : mxsel__sys_fault(error);
}
