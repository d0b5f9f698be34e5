/*
 * A memory's file: written beside the old one and put in its place when it is
 * whole, read at once or not at all. The one file of the core that opens any,
 * and only when it is told to. May use base and name.
 */
#define _GNU_SOURCE

#include "cache/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/memory_inside.h"
#include "cache/memory_text.h"

#define FILE_MAX (UINT64_C(64) << 20)
#define PATH_ROOM 4096u
#define LINKS_MAX 40
#define OUT_ROOM 16384u
#define READ_ROOM 65536u
#define ENDING ".XXXXXX" /* of the file that is not whole yet */

/* A regular file; if not, errno says so. */
static int is_file(const struct stat *what)
{
	if (S_ISREG(what->st_mode))
		return 1;
	errno = S_ISDIR(what->st_mode) ? EISDIR : EINVAL;
	return 0;
}

/*
 * What is at a path: 0 for a regular file, else -1 and errno. Nothing else is
 * opened at all: a device may do something, a pipe wait for somebody.
 */
static int look(const char *path, struct stat *out)
{
	return stat(path, out) == 0 && is_file(out) ? 0 : -1;
}

/* ----------------------------------------------------------------- written */

struct file {
	struct mxsel__lines lines;
	char path[PATH_ROOM];
	char beside[PATH_ROOM + sizeof(ENDING)];
	char link[PATH_ROOM];
	char out[OUT_ROOM];
	size_t out_length;
	int fd;
};

static int flush(struct file *f)
{
	size_t at = 0;
	ssize_t n;

	while (at < f->out_length) {
		n = write(f->fd, f->out + at, f->out_length - at);
		if (n == 0)
			errno = EIO; /* and for ever so */
		if (n <= 0 && errno != EINTR)
			return -1;
		at += n < 0 ? 0 : (size_t)n;
	}
	f->out_length = 0;
	return 0;
}

static int put(struct file *f, const char *text, size_t length)
{
	if (f->out_length + length > OUT_ROOM && flush(f) != 0)
		return -1;
	memcpy(f->out + f->out_length, text, length);
	f->out_length += length;
	return 0;
}

static int to_disk(int fd)
{
	int rc;

	do
		rc = fsync(fd);
	while (rc != 0 && errno == EINTR);
	return rc;
}

static int put_all(struct file *f)
{
	const struct mxsel__lines *all = &f->lines;
	size_t length = sizeof(MXSEL__MEMORY_FIRST) - 1, i;

	memcpy(f->out, MXSEL__MEMORY_FIRST, length);
	length += mxsel__memory_digits(f->out + length, all->time);
	f->out[length++] = '\n';
	f->out_length = length;
	for (i = 0; i < all->count; i++)
		if (put(f, all->text + all->line[i].at,
				all->line[i].length) != 0)
			return -1;
	return flush(f) != 0 ? -1 : to_disk(f->fd);
}

/* The name in a path: what stands behind its last slash. */
static char *name_in(char *path)
{
	char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/*
 * A symbolic link stays, and what it leads to is replaced: f->path becomes
 * the path of that, though it need not be there yet.
 */
static int follow(struct file *f)
{
	size_t at;
	ssize_t n;
	int i;

	for (i = 0; i < LINKS_MAX; i++) {
		n = readlink(f->path, f->link, sizeof(f->link));
		if (n < 0)
			return errno == EINVAL || errno == ENOENT ? 0 : -1;
		at = f->link[0] == '/' ? 0
			: (size_t)(name_in(f->path) - f->path);
		if (at + (size_t)n >= PATH_ROOM) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(f->path + at, f->link, (size_t)n);
		f->path[at + (size_t)n] = '\0';
	}
	errno = ELOOP;
	return -1;
}

/* As the old one was. Not everybody may give a file away. */
static int keep_mode(int fd, const struct stat *old)
{
	if (fchown(fd, old->st_uid, old->st_gid) != 0 && errno != EPERM)
		return -1;
	return fchmod(fd, old->st_mode & 0777);
}

/* So that the folder has the new name after a power cut, where it can be
   told; if not, the file is in its place all the same. */
static void folder_to_disk(char *path)
{
	char *name = name_in(path);
	int fd;

	*name = '\0';
	fd = open(name == path ? "." : path,
		O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)to_disk(fd);
	(void)close(fd);
}

/* Written beside the old file, whose name it gets when it is whole. */
static int replace(struct file *f, const struct stat *old)
{
	size_t length = strlen(f->path);
	int wrong, why;

	memcpy(f->beside, f->path, length);
	memcpy(f->beside + length, ENDING, sizeof(ENDING));
	f->fd = mkostemp(f->beside, O_CLOEXEC); /* for the owner alone */
	if (f->fd < 0)
		return -1;
	wrong = (old != NULL && keep_mode(f->fd, old) != 0) ||
		put_all(f) != 0;
	why = errno;
	(void)close(f->fd);
	if (!wrong && rename(f->beside, f->path) == 0) {
		folder_to_disk(f->path);
		return 0;
	}
	if (!wrong)
		why = errno;
	(void)unlink(f->beside);
	errno = why;
	return -1;
}

static int put_file(struct file *f, const char *path)
{
	size_t length = strlen(path);
	struct stat old;
	int rc = look(path, &old);

	if (rc != 0 && errno != ENOENT)
		return -1;
	if (length >= PATH_ROOM) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(f->path, path, length + 1);
	if (follow(f) != 0)
		return -1;
	return replace(f, rc == 0 ? &old : NULL);
}

int mxsel_memory_save(const mxsel_memory *memory, const char *path)
{
	struct file *f;
	int rc, why;

	if (memory == NULL || path == NULL)
		return MXSEL_EUSAGE;
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		return MXSEL_ENOMEM;
	rc = mxsel__lines_take(&f->lines, memory);
	if (rc == MXSEL_OK && put_file(f, path) != 0)
		rc = MXSEL_EFILE;
	why = errno;
	mxsel__lines_free(&f->lines);
	free(f);
	errno = why;
	return rc;
}

/* --------------------------------------------------------------- read again */

/* One line, and *at goes behind it. 1: its entry; 0: it has none. */
static int read_line(struct mxsel_memory_entry *e, const char **at,
	const char *end)
{
	const char *line = *at;
	const char *newline = memchr(line, '\n', (size_t)(end - line));
	int rc;

	/* Without its end a line may be half of one. */
	if (newline == NULL)
		return MXSEL_ESYNTAX;
	*at = newline + 1;
	if (newline == line || *line == '#')
		return 0;
	rc = mxsel_memory_parse(e, line, (size_t)(newline - line));
	return rc == MXSEL_OK ? 1 : rc;
}

static int read_first(uint64_t *time, const char **at, const char *end)
{
	size_t length = sizeof(MXSEL__MEMORY_FIRST) - 1;
	const char *newline = memchr(*at, '\n', (size_t)(end - *at));

	if (newline == NULL || (size_t)(newline - *at) < length ||
			memcmp(*at, MXSEL__MEMORY_FIRST, length) != 0)
		return MXSEL_ESYNTAX;
	*at += length;
	if (mxsel__memory_number(time, *at, (size_t)(newline - *at),
			UINT64_MAX) != 0)
		return MXSEL_ESYNTAX;
	*at = newline + 1;
	return MXSEL_OK;
}

int mxsel__memory_take(mxsel_memory *memory, const char *text, size_t length)
{
	const char *at = text, *end = text + length, *first;
	struct mxsel_memory_entry e;
	uint64_t written, now;
	int rc = read_first(&written, &at, end);

	first = at;
	while (rc >= 0 && at < end)
		rc = read_line(&e, &at, end);
	if (rc < 0)
		return rc;
	now = mxsel__memory_time(memory);
	for (at = first; at < end;)
		if (read_line(&e, &at, end) == 1)
			(void)mxsel__memory_merge(memory, &e,
				now > written ? now - written : 0);
	return MXSEL_OK;
}

/* Until its end. 0; MXSEL_ENOMEM; MXSEL_EFILE and errno. */
static int read_all(int fd, void **text, size_t *length)
{
	size_t room = 0;
	ssize_t n = 1;

	while (n != 0) {
		if (*length > FILE_MAX) {
			errno = EFBIG;
			return MXSEL_EFILE;
		}
		if (mxsel__memory_grow(text, &room, *length + READ_ROOM) != 0)
			return MXSEL_ENOMEM;
		n = read(fd, (char *)*text + *length, room - *length);
		if (n < 0 && errno != EINTR)
			return MXSEL_EFILE;
		*length += n > 0 ? (size_t)n : 0;
	}
	return MXSEL_OK;
}

/* The file, open; -1 and errno. */
static int open_file(const char *path)
{
	struct stat now;
	int fd, why;

	if (look(path, &now) != 0)
		return -1;
	/* It may have become something else by now. */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || (fstat(fd, &now) == 0 && is_file(&now)))
		return fd;
	why = errno;
	(void)close(fd);
	errno = why;
	return -1;
}

int mxsel_memory_load(mxsel_memory *memory, const char *path)
{
	void *text = NULL;
	size_t length = 0;
	int fd, rc, why;

	if (memory == NULL || path == NULL)
		return MXSEL_EUSAGE;
	fd = open_file(path);
	if (fd < 0)
		return MXSEL_EFILE;
	rc = read_all(fd, &text, &length);
	why = errno;
	(void)close(fd);
	if (rc == MXSEL_OK)
		rc = mxsel__memory_take(memory, text, length);
	free(text);
	errno = why;
	return rc;
}
