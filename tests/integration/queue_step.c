/*
 * For queue_steps.py, loaded before the C library: the process is killed when
 * it is about to make the STEPth call that changes something on the disk, and
 * STEP_TOLD says that it was. With STEP_FULL the call fails instead, as on a
 * disk without room: of what is written one half is there, and the process
 * goes on. A process begins to count where the one that started it has
 * stopped.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

/* Returns whether the call shall fail. */
static int step(void)
{
	static long count;
	const char *when = getenv("STEP"), *told = getenv("STEP_TOLD");
	int fd;

	if (when == NULL || told == NULL || ++count != strtol(when, NULL, 10))
		return 0;
	fd = open(told, O_CREAT | O_WRONLY, 0600);
	if (fd >= 0)
		close(fd);
	if (getenv("STEP_FULL") == NULL)
		kill(getpid(), SIGKILL);
	errno = ENOSPC;
	return 1;
}

int fsync(int fd)
{
	int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");

	return step() ? -1 : next(fd);
}

ssize_t write(int fd, const void *data, size_t size)
{
	ssize_t (*next)(int, const void *, size_t) = (ssize_t (*)(int,
		const void *, size_t))dlsym(RTLD_NEXT, "write");
	static int is_full;

	if (is_full) {
		is_full = 0;
		errno = ENOSPC;
		return -1;
	}
	is_full = step();
	return next(fd, data, is_full ? size / 2 : size);
}

int renameat(int from, const char *old, int to, const char *new)
{
	int (*next)(int, const char *, int, const char *) = (int (*)(int,
		const char *, int, const char *))dlsym(RTLD_NEXT, "renameat");

	return step() ? -1 : next(from, old, to, new);
}

int unlinkat(int folder, const char *name, int flags)
{
	int (*next)(int, const char *, int) = (int (*)(int, const char *,
		int))dlsym(RTLD_NEXT, "unlinkat");

	return step() ? -1 : next(folder, name, flags);
}
