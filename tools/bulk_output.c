/*
 * Standard output without waiting. Its flags are not touched, for it may be
 * shared with other processes. Linux opens a pipe anew with flags of its own;
 * elsewhere poll() says when a pipe takes as much as it takes at once. May use
 * libc.
 */
#define _POSIX_C_SOURCE 200809L

#include "bulk_output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* What poll() promises of a pipe (POSIX: PIPE_BUF is 512 or more). */
#ifdef PIPE_BUF
#define PIECE ((size_t)PIPE_BUF)
#else
#define PIECE ((size_t)512)
#endif

/* The same pipe, not waiting; -1: there is no such thing. */
static int open_anew(int fd)
{
#ifdef __linux__
	char name[32];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	return open(name, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
#else
	(void)fd;
	return -1;
#endif
}

void output_open(struct output *out, int fd)
{
	struct stat st;
	int anew;

	memset(out, 0, sizeof(*out));
	out->fd = fd;
	if (fstat(fd, &st) != 0)
		return;
	out->is_file = S_ISREG(st.st_mode) ||
		(S_ISCHR(st.st_mode) && !isatty(fd));
	out->begun = st.st_size;
	out->is_at_end = S_ISREG(st.st_mode) &&
		((fcntl(fd, F_GETFL) & O_APPEND) != 0 ||
		lseek(fd, 0, SEEK_CUR) == st.st_size);
	anew = S_ISFIFO(st.st_mode) ? open_anew(fd) : -1;
	if (anew >= 0) {
		out->fd = anew;
		out->is_own = 1;
	}
}

size_t output_pending(const struct output *out)
{
	return out->lines.length - out->sent;
}

uint64_t output_place(const struct output *out)
{
	return out->written + output_pending(out);
}

/* What is sent leaves the buffer when that moves little. */
static void compact(struct output *out)
{
	size_t left = output_pending(out);

	if (out->sent < left)
		return;
	if (left > 0)
		memcpy(out->lines.bytes, out->lines.bytes + out->sent, left);
	out->lines.length = left;
	out->sent = 0;
}

/* Wait until something is taken. 1; 0 when time is up; -1: error is set. */
static int wait_until_writable(struct output *out, int milliseconds)
{
	struct pollfd p = { .fd = out->fd, .events = POLLOUT };
	int r = poll(&p, 1, milliseconds);

	if (r < 0 && errno == EINTR)
		return 0;
	if (r < 0)
		out->error = errno;
	return r;
}

/* One write(). 1; 0: nothing is taken now; -1: error is set. */
static int write_some(struct output *out)
{
	size_t n = output_pending(out);
	ssize_t r;

	if (!out->is_file && !out->is_own) {
		if (wait_until_writable(out, 0) <= 0)
			return out->error != 0 ? -1 : 0;
		n = n > PIECE ? PIECE : n;
	}
	r = write(out->fd, out->lines.bytes + out->sent, n);
	if (r < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (r < 0) {
		out->error = errno;
		return -1;
	}
	out->sent += (size_t)r;
	out->written += (uint64_t)r;
	return 1;
}

static int flush_within(struct output *out, int milliseconds)
{
	int r = 1;

	while (r >= 0 && output_pending(out) > 0) {
		r = write_some(out);
		if (r == 0 && milliseconds == 0)
			break;
		if (r == 0)
			r = wait_until_writable(out, milliseconds);
	}
	compact(out);
	return r < 0 ? -1 : 0;
}

int output_flush(struct output *out)
{
	return flush_within(out, 0);
}

int output_finish(struct output *out)
{
	return flush_within(out, -1);
}

void output_sync(const struct output *out)
{
	if (out->is_file)
		fsync(out->fd);
}

void output_take_back(const struct output *out, uint64_t written)
{
	struct stat st;

	if (!out->is_at_end || fstat(out->fd, &st) != 0 ||
	    st.st_size != out->begun + (off_t)out->written)
		return;
	if (ftruncate(out->fd, out->begun + (off_t)written) != 0)
		return; /* then some lines will be there twice */
}

void output_close(struct output *out)
{
	buffer_free(&out->lines);
	if (out->is_own)
		close(out->fd);
}
