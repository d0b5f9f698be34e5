/*
 * For queue_steps.py, loaded before the C library: the process is killed when
 * it is about to make the STEPth call that changes something on the disk, and
 * STEP_TOLD says that it was. A process begins to count where the one that
 * started it has stopped.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static void step(void)
{
	static long count;
	const char *when = getenv("STEP"), *told = getenv("STEP_TOLD");
	int fd;

	if (when == NULL || told == NULL || ++count != strtol(when, NULL, 10))
		return;
	fd = open(told, O_CREAT | O_WRONLY, 0600);
	if (fd >= 0)
		close(fd);
	kill(getpid(), SIGKILL);
}

int fsync(int fd)
{
	int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");

	step();
	return next(fd);
}

ssize_t write(int fd, const void *data, size_t size)
{
	ssize_t (*next)(int, const void *, size_t) = (ssize_t (*)(int,
		const void *, size_t))dlsym(RTLD_NEXT, "write");

	step();
	return next(fd, data, size);
}

int renameat(int from, const char *old, int to, const char *new)
{
	int (*next)(int, const char *, int, const char *) = (int (*)(int,
		const char *, int, const char *))dlsym(RTLD_NEXT, "renameat");

	step();
	return next(from, old, to, new);
}

int unlinkat(int folder, const char *name, int flags)
{
	int (*next)(int, const char *, int) = (int (*)(int, const char *,
		int))dlsym(RTLD_NEXT, "unlinkat");

	step();
	return next(folder, name, flags);
}
