/*
 * System calls that fail when they are told to, see wrap.h. Linux only: what
 * other systems would call is not wrapped. May use libc only.
 */
#define _GNU_SOURCE

#include "syscalls/wrap.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

_Thread_local struct wrap wrap = { .call = -1 };

/* fgetc() failed: ferror() of its file says so until it is closed. */
static _Thread_local int broken_file;

static const char *const names[CALL_COUNT] = {
	"clock_gettime", "close", "connect", "epoll_create1", "epoll_ctl",
	"epoll_wait", "fcntl", "fgetc", "fmemopen", "fopen", "getifaddrs",
	"getrandom", "getsockopt", "madvise", "mmap", "munmap", "open", "poll",
	"pthread_condattr_init", "pthread_condattr_setclock",
	"pthread_cond_init", "pthread_mutex_init", "pthread_sigmask", "read",
	"recvmmsg", "recvmsg", "send", "sendmmsg", "setsockopt", "socket",
	"sysconf", "fchmod", "fchown", "fstat", "fsync", "mkostemp",
	"readlink", "rename", "stat", "write"
};

const char *wrap_name(int call)
{
	return names[call];
}

void wrap_off(void)
{
	memset(&wrap, 0, sizeof wrap);
	wrap.call = -1;
	wrap.lowest_socket = 1 << 30;
	broken_file = 0;
}

void wrap_fail(int call, int error, unsigned from, unsigned times)
{
	wrap_off();
	wrap.call = call;
	wrap.error = error;
	wrap.from = from;
	wrap.times = times;
}

/* This call is to fail; errno says how. */
static int fails(enum call call)
{
	struct timespec pause = { 0, (long)wrap.wait * 1000000 };
	unsigned nth = ++wrap.made[call];

	if (wrap.call != (int)call || nth < wrap.from)
		return 0;
	if (wrap.times > 0 && nth - wrap.from >= wrap.times)
		return 0;
	wrap.failed++;
	if (wrap.wait > 0)
		nanosleep(&pause, NULL);
	errno = wrap.error;
	return 1;
}

/* The calls as --wrap names them: what the libraries call, and what does it
   really. */
#define WRAPS(type, name, parameters) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters

static void shift(struct timespec *time)
{
	int64_t now = (int64_t)time->tv_sec * 1000 + wrap.shift;

	time->tv_sec = (time_t)(now / 1000);
	wrap.shift += wrap.shift_later;
}

WRAPS(int, clock_gettime, (clockid_t clock, struct timespec *time))
{
	int result;

	wrap.wall_clocks += clock == CLOCK_REALTIME;
	if (fails(CALL_CLOCK_GETTIME))
		return -1;
	result = __real_clock_gettime(clock, time);
	if (wrap.shift != 0 || wrap.shift_later != 0)
		shift(time);
	return result;
}

/* Whatever it says, the descriptor is closed (Linux, close(2)). */
WRAPS(int, close, (int fd))
{
	int result = __real_close(fd);

	return fails(CALL_CLOSE) ? -1 : result;
}

/* An interrupted connection is made all the same. */
WRAPS(int, connect, (int fd, const struct sockaddr *address, socklen_t size))
{
	if (fd < wrap.lowest_socket)
		wrap.lowest_socket = fd;
	if (!fails(CALL_CONNECT))
		return __real_connect(fd, address, size);
	if (wrap.error == EINTR || wrap.error == EINPROGRESS ||
			wrap.error == EALREADY)
		(void)__real_connect(fd, address, size);
	errno = wrap.error;
	return -1;
}

WRAPS(int, epoll_create1, (int flags))
{
	if (fails(CALL_EPOLL_CREATE1))
		return -1;
	if (!wrap.no_epoll)
		return __real_epoll_create1(flags);
	errno = ENOSYS;
	return -1;
}

WRAPS(int, epoll_ctl, (int poller, int what, int fd,
	struct epoll_event *event))
{
	return fails(CALL_EPOLL_CTL) ? -1 :
		__real_epoll_ctl(poller, what, fd, event);
}

WRAPS(int, epoll_wait, (int poller, struct epoll_event *events, int most,
	int milliseconds))
{
	return fails(CALL_EPOLL_WAIT) ? -1 :
		__real_epoll_wait(poller, events, most, milliseconds);
}

int __real_fcntl(int fd, int what, ...);
int __wrap_fcntl(int fd, int what, ...);

/* The libraries give it a number, and nothing else. */
int __wrap_fcntl(int fd, int what, ...)
{
	va_list arguments;
	int argument;

	va_start(arguments, what);
	argument = va_arg(arguments, int);
	va_end(arguments);
	return fails(CALL_FCNTL) ? -1 : __real_fcntl(fd, what, argument);
}

WRAPS(int, fgetc, (FILE *file))
{
	if (!fails(CALL_FGETC))
		return __real_fgetc(file);
	broken_file = 1;
	return EOF;
}

WRAPS(int, ferror, (FILE *file))
{
	return broken_file || __real_ferror(file);
}

WRAPS(int, fclose, (FILE *file))
{
	broken_file = 0;
	return __real_fclose(file);
}

WRAPS(FILE *, fmemopen, (void *text, size_t size, const char *mode))
{
	return fails(CALL_FMEMOPEN) ? NULL :
		__real_fmemopen(text, size, mode);
}

WRAPS(FILE *, fopen, (const char *path, const char *mode))
{
	return fails(CALL_FOPEN) ? NULL : __real_fopen(path, mode);
}

WRAPS(int, getifaddrs, (struct ifaddrs **out))
{
	return fails(CALL_GETIFADDRS) ? -1 : __real_getifaddrs(out);
}

WRAPS(ssize_t, getrandom, (void *buffer, size_t size, unsigned flags))
{
	if (fails(CALL_GETRANDOM))
		return -1;
	if (wrap.most_random > 0 && size > wrap.most_random)
		size = wrap.most_random;
	return __real_getrandom(buffer, size, flags);
}

WRAPS(int, getsockopt, (int fd, int level, int name, void *value,
	socklen_t *size))
{
	return fails(CALL_GETSOCKOPT) ? -1 :
		__real_getsockopt(fd, level, name, value, size);
}

WRAPS(int, madvise, (void *at, size_t size, int what))
{
	return fails(CALL_MADVISE) ? -1 : __real_madvise(at, size, what);
}

WRAPS(void *, mmap, (void *at, size_t size, int protection, int flags, int fd,
	off_t offset))
{
	return fails(CALL_MMAP) ? MAP_FAILED :
		__real_mmap(at, size, protection, flags, fd, offset);
}

/* It is given back, lest a thousand runs use up what there is. */
WRAPS(int, munmap, (void *at, size_t size))
{
	int result = __real_munmap(at, size);

	return fails(CALL_MUNMAP) ? -1 : result;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

/* The libraries make no file. */
int __wrap_open(const char *path, int flags, ...)
{
	return fails(CALL_OPEN) ? -1 : __real_open(path, flags);
}

WRAPS(int, poll, (struct pollfd *fds, nfds_t count, int milliseconds))
{
	return fails(CALL_POLL) ? -1 : __real_poll(fds, count, milliseconds);
}

WRAPS(int, pthread_condattr_init, (pthread_condattr_t *attributes))
{
	return fails(CALL_CONDATTR_INIT) ? wrap.error :
		__real_pthread_condattr_init(attributes);
}

WRAPS(int, pthread_condattr_setclock, (pthread_condattr_t *attributes,
	clockid_t clock))
{
	return fails(CALL_CONDATTR_SETCLOCK) ? wrap.error :
		__real_pthread_condattr_setclock(attributes, clock);
}

WRAPS(int, pthread_cond_init, (pthread_cond_t *condition,
	const pthread_condattr_t *attributes))
{
	return fails(CALL_COND_INIT) ? wrap.error :
		__real_pthread_cond_init(condition, attributes);
}

WRAPS(int, pthread_mutex_init, (pthread_mutex_t *mutex,
	const pthread_mutexattr_t *attributes))
{
	return fails(CALL_MUTEX_INIT) ? wrap.error :
		__real_pthread_mutex_init(mutex, attributes);
}

WRAPS(int, pthread_sigmask, (int how, const sigset_t *set, sigset_t *before))
{
	wrap.blocking_signals += before != NULL ? 1 : -1;
	return fails(CALL_SIGMASK) ? wrap.error :
		__real_pthread_sigmask(how, set, before);
}

WRAPS(ssize_t, read, (int fd, void *buffer, size_t size))
{
	return fails(CALL_READ) ? -1 : __real_read(fd, buffer, size);
}

WRAPS(int, recvmmsg, (int fd, struct mmsghdr *messages, unsigned count,
	int flags, struct timespec *limit))
{
	return fails(CALL_RECVMMSG) ? -1 :
		__real_recvmmsg(fd, messages, count, flags, limit);
}

WRAPS(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags))
{
	return fails(CALL_RECVMSG) ? -1 :
		__real_recvmsg(fd, message, flags);
}

WRAPS(ssize_t, send, (int fd, const void *data, size_t size, int flags))
{
	wrap.without_nosignal += (flags & MSG_NOSIGNAL) == 0;
	if (fails(CALL_SEND))
		return -1;
	if (wrap.shut_before_send)
		shutdown(fd, SHUT_WR);
	if (wrap.most_sent > 0 && size > wrap.most_sent)
		size = wrap.most_sent;
	return __real_send(fd, data, size, flags);
}

WRAPS(int, sendmmsg, (int fd, struct mmsghdr *messages, unsigned count,
	int flags))
{
	wrap.without_nosignal += (flags & MSG_NOSIGNAL) == 0;
	return fails(CALL_SENDMMSG) ? -1 :
		__real_sendmmsg(fd, messages, count, flags);
}

WRAPS(int, setsockopt, (int fd, int level, int name, const void *value,
	socklen_t size))
{
	return fails(CALL_SETSOCKOPT) ? -1 :
		__real_setsockopt(fd, level, name, value, size);
}

WRAPS(int, socket, (int family, int type, int protocol))
{
	return fails(CALL_SOCKET) ? -1 :
		__real_socket(family, type, protocol);
}

WRAPS(long, sysconf, (int name))
{
	return fails(CALL_SYSCONF) ? -1 : __real_sysconf(name);
}

/* --- files --------------------------------------------------------------- */

WRAPS(int, fchmod, (int fd, mode_t mode))
{
	return fails(CALL_FCHMOD) ? -1 : __real_fchmod(fd, mode);
}

WRAPS(int, fchown, (int fd, uid_t owner, gid_t group))
{
	return fails(CALL_FCHOWN) ? -1 : __real_fchown(fd, owner, group);
}

WRAPS(int, fstat, (int fd, struct stat *out))
{
	return fails(CALL_FSTAT) ? -1 : __real_fstat(fd, out);
}

/* Nobody pulls the plug. */
WRAPS(int, fsync, (int fd))
{
	(void)fd;
	return fails(CALL_FSYNC) ? -1 : 0;
}

WRAPS(int, mkostemp, (char *path, int flags))
{
	return fails(CALL_MKOSTEMP) ? -1 : __real_mkostemp(path, flags);
}

WRAPS(ssize_t, readlink, (const char *path, char *out, size_t size))
{
	return fails(CALL_READLINK) ? -1 : __real_readlink(path, out, size);
}

WRAPS(int, rename, (const char *from, const char *to))
{
	return fails(CALL_RENAME) ? -1 : __real_rename(from, to);
}

WRAPS(int, stat, (const char *path, struct stat *out))
{
	return fails(CALL_STAT) ? -1 : __real_stat(path, out);
}

WRAPS(ssize_t, write, (int fd, const void *data, size_t size))
{
	return fails(CALL_WRITE) ? -1 : __real_write(fd, data, size);
}
