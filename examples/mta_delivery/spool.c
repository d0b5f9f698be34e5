/*
 * Mail on the disk, so that a machine that stops at any moment loses none: a
 * message is written to tmp/, brought to the disk, and appears in queue/ by
 * one rename(). The journal of a message is its lock too: flock(2) belongs to
 * the open file, so that it passes from the scheduler to the process it
 * starts, outlives the scheduler, and ends with the last process that has it.
 */
#define _DEFAULT_SOURCE /* flock() */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "spool.h"

double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int open_folder(int above, const char *name)
{
	if (mkdirat(above, name, 0700) != 0 && errno != EEXIST)
		return -1;
	return openat(above, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int spool_open(struct spool *spool, const char *folder)
{
	int above = open_folder(AT_FDCWD, folder);

	if (above < 0)
		return -1;
	spool->tmp = open_folder(above, "tmp");
	spool->queue = open_folder(above, "queue");
	spool->journal = open_folder(above, "journal");
	spool->dead = open_folder(above, "dead");
	fsync(above);
	close(above);
	return spool->tmp < 0 || spool->queue < 0 || spool->journal < 0 ||
		spool->dead < 0 ? -1 : 0;
}

void spool_new_id(char id[ID_SIZE])
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	snprintf(id, ID_SIZE, "%lx.%05lx.%lx", (unsigned long)t.tv_sec,
		(unsigned long)t.tv_nsec / 1000, (unsigned long)getpid());
}

FILE *spool_begin(const struct spool *spool, const char *id)
{
	int fd = openat(spool->tmp, id,
		O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

int spool_finish(const struct spool *spool, FILE *message)
{
	int bad = ferror(message) || fflush(message) != 0 ||
		fsync(fileno(message)) != 0;

	if (fclose(message) != 0 || bad)
		return -1;
	return fsync(spool->tmp);
}

int spool_publish(const struct spool *spool, const char *id)
{
	if (renameat(spool->tmp, id, spool->queue, id) != 0)
		return -1;
	return fsync(spool->queue);
}

static int is_gone(const struct spool *spool, const char *id)
{
	struct stat its;

	return fstatat(spool->queue, id, &its, 0) != 0 && errno == ENOENT;
}

/* guide: lock */
int spool_lock(const struct spool *spool, const char *id)
{
	int fd = openat(spool->journal, id,
		O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
	struct stat its;

	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return -1; /* somebody delivers it at this moment */
	}
	if (fstatat(spool->queue, id, &its, 0) == 0 && fstat(fd, &its) == 0 &&
		its.st_nlink > 0 && fsync(spool->journal) == 0)
		return fd;
	/* Done with, between our seeing the message and our lock? */
	if (is_gone(spool, id))
		unlinkat(spool->journal, id, 0);
	close(fd);
	return -1;
}
/* guide: end */

double spool_due(const struct spool *spool, const char *id)
{
	struct stat its;

	if (fstatat(spool->queue, id, &its, AT_SYMLINK_NOFOLLOW) != 0)
		return now() + 1; /* it is gone */
	return (double)its.st_mtim.tv_sec +
		(double)its.st_mtim.tv_nsec / 1e9;
}

int spool_set_due(const struct spool *spool, const char *id, double seconds)
{
	double due = now() + seconds;
	struct timespec times[2];

	times[0].tv_nsec = UTIME_OMIT;
	times[0].tv_sec = 0;
	times[1].tv_sec = (time_t)due;
	times[1].tv_nsec = (long)((due - (double)times[1].tv_sec) * 1e9);
	return utimensat(spool->queue, id, times, AT_SYMLINK_NOFOLLOW);
}

/* The message first: a journal without message is rubbish, a message without
   its journal would be delivered again. */
int spool_remove(const struct spool *spool, const char *id)
{
	if (unlinkat(spool->queue, id, 0) != 0 || fsync(spool->queue) != 0)
		return -1;
	return unlinkat(spool->journal, id, 0);
}

int spool_bury(const struct spool *spool, const char *id)
{
	if (renameat(spool->queue, id, spool->dead, id) != 0 ||
		fsync(spool->dead) != 0 || fsync(spool->queue) != 0)
		return -1;
	return unlinkat(spool->journal, id, 0);
}

/* Of a message: it goes into logs, and into the header of a bounce. */
static int is_id(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

	return name[0] != '.' && name[length] == '\0' && length < ID_SIZE;
}

int spool_each(int folder, int (*use)(const char *id, void *user), void *user)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int r = 0;

	if (listing == NULL)
		return -1;
	while (r == 0 && (entry = readdir(listing)) != NULL)
		if (is_id(entry->d_name))
			r = use(entry->d_name, user);
	closedir(listing);
	return r;
}

static int sweep_one(const char *id, void *user)
{
	const struct spool *spool = user;
	int fd = is_gone(spool, id) ? spool_lock(spool, id) : -1;

	if (fd >= 0)
		close(fd);
	return 0;
}

int spool_sweep(const struct spool *spool)
{
	struct spool same = *spool;

	return spool_each(spool->journal, sweep_one, &same);
}
