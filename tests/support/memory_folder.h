/*
 * What tests of a memory's file share: two memories with a clock that stands
 * still, and a folder that is swept when a test has ended. Include it in one
 * file of a program. May use libc with _DEFAULT_SOURCE, Check and
 * <mxsel/memory.h>.
 */
#ifndef TESTS_SUPPORT_MEMORY_FOLDER_H
#define TESTS_SUPPORT_MEMORY_FOLDER_H

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mxsel/memory.h>

/* A folder of the test's own, and a file in it that is not there. */
static char folder[64], path[128];
static uint64_t now;
static mxsel_memory *memory, *other;

static inline uint64_t clock_of(void *user)
{
	(void)user;
	return now;
}

static inline mxsel_memory *new_memory(void)
{
	mxsel_memory *m = NULL;

	ck_assert_int_eq(mxsel_memory_new(&m, (size_t)1 << 20, clock_of, NULL),
		0);
	return m;
}

static inline const char *in_folder(const char *name)
{
	static char paths[4][384];
	static int n;

	n = (n + 1) % 4;
	snprintf(paths[n], sizeof(paths[n]), "%s/%s", folder, name);
	return paths[n];
}

static inline void setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/mxsel-memory-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/memory", folder);
	now = 5000000;
	memory = new_memory();
	other = new_memory();
	umask(022);
}

/* All there is in the folder but for what is named; how many they were. */
static inline int sweep(const char *but)
{
	DIR *dir = opendir(folder);
	struct dirent *e;
	int count = 0;

	ck_assert_ptr_nonnull(dir);
	while ((e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 ||
			strcmp(e->d_name, "..") == 0 ||
			strcmp(e->d_name, but) == 0)
			continue;
		if (unlink(in_folder(e->d_name)) != 0)
			rmdir(in_folder(e->d_name));
		count++;
	}
	closedir(dir);
	return count;
}

static inline void teardown(void)
{
	mxsel_memory_free(memory);
	mxsel_memory_free(other);
	sweep("");
	ck_assert_int_eq(rmdir(folder), 0);
}

static inline void know(mxsel_memory *m, const char *line)
{
	struct mxsel_memory_entry e;

	ck_assert_int_eq(mxsel_memory_parse(&e, line, strlen(line)), 0);
	ck_assert_int_eq(mxsel_memory_put(m, &e), 0);
}

/* What is known of one, as a line. */
static inline const char *known(mxsel_memory *m, const char *name)
{
	static char line[MXSEL_MEMORY_TEXT_SIZE];
	struct mxsel_memory_entry e;

	if (mxsel_memory_get(m, name, 25, &e) != 1)
		return "nothing";
	ck_assert_int_eq(mxsel_memory_format(&e, line, sizeof(line)), 0);
	return line;
}

static inline int entries(const mxsel_memory *m)
{
	return (int)mxsel_memory_statistic(m, MXSEL_MEMORY_ENTRIES);
}

static inline void write_octets(const char *to, const char *text, size_t length)
{
	int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq((int)write(fd, text, length), (int)length);
	close(fd);
}

static inline void write_text(const char *text)
{
	write_octets(path, text, strlen(text));
}

static inline const char *text_of(const char *file)
{
	static char text[1 << 16];
	FILE *in = fopen(file, "r");
	size_t n;

	ck_assert_ptr_nonnull(in);
	n = fread(text, 1, sizeof(text) - 1, in);
	text[n] = '\0';
	fclose(in);
	return text;
}

static inline unsigned mode_of(const char *file)
{
	struct stat st;

	ck_assert_int_eq(lstat(file, &st), 0);
	return (unsigned)st.st_mode & 07777;
}

static inline int is_link(const char *file)
{
	struct stat st;

	ck_assert_int_eq(lstat(file, &st), 0);
	return S_ISLNK(st.st_mode);
}

#endif
