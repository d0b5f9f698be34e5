/*
 * A memory's file on a machine that does not do as it is told: each call to
 * the system fails once, is interrupted, does half of it, and each request for
 * memory is refused (R85, S39, F74, F75, F84). Then the old file is there as
 * it was, or the new one whole, and nothing else. May use <mxsel/memory.h>.
 */
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE /* its open() cannot be replaced */

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>

#include "support/memory_folder.h"
#include "support/run.h"

#include "support/failing_malloc.h"

static struct {
	int armed;
	int calls, fail_at; /* from 1 */
	int error;          /* 0: half of it is done */
	int interruptions, left;
	int opened;         /* not closed yet */
	int no_unlink;
	int close_error;    /* it is closed, and that failed */
	int writes_nothing;
	int never_ends;     /* and so much of it can be read */
	int circle;         /* all is a link to "x" */
	int far;            /* and to a name so long */
	char folder[128];   /* that was opened as one */
	int becomes_pipe;   /* between a look at it and its being open */
} machine;

/* The call fails. *half: as much of it is done. */
static int fails(size_t *half)
{
	if (!machine.armed)
		return 0;
	if (machine.left-- > 0) {
		errno = EINTR;
		return 1;
	}
	machine.left = machine.interruptions;
	if (++machine.calls != machine.fail_at)
		return 0;
	if (machine.error != 0)
		errno = machine.error;
	else if (half != NULL)
		*half = (*half + 1) / 2;
	return machine.error != 0;
}

/* These are never interrupted for long, and who is does not try again. */
static int fails_at_once(void)
{
	machine.left = 0;
	return fails(NULL);
}

/* The C library's own. */
#define REAL(type, name, ...) \
	((type (*)(__VA_ARGS__))(uintptr_t)dlsym(RTLD_NEXT, name))

int open(const char *file, int flags, ...)
{
	mode_t mode = 0;
	va_list more;
	int fd;

	if ((flags & O_CREAT) != 0) {
		va_start(more, flags);
		mode = va_arg(more, mode_t);
		va_end(more);
	}
	/* No child may inherit it (S9). */
	if (machine.armed)
		ck_assert_int_ne(flags & O_CLOEXEC, 0);
	if (fails_at_once())
		return -1;
	if ((flags & O_DIRECTORY) != 0)
		snprintf(machine.folder, sizeof(machine.folder), "%s", file);
	fd = openat(AT_FDCWD, file, flags, mode);
	machine.opened += machine.armed && fd >= 0;
	return fd;
}

int mkostemp(char *template, int flags)
{
	int fd;

	if (machine.armed)
		ck_assert_int_ne(flags & O_CLOEXEC, 0);
	if (fails_at_once())
		return -1;
	fd = mkstemp(template);
	machine.opened += machine.armed && fd >= 0;
	return fd;
}

int close(int fd)
{
	int rc = REAL(int, "close", int)(fd);

	machine.opened -= machine.armed;
	if (!machine.armed || machine.close_error == 0)
		return rc;
	errno = machine.close_error;
	return -1;
}

ssize_t read(int fd, void *room, size_t size)
{
	if (machine.armed && machine.never_ends)
		return (ssize_t)size;
	return fails(&size) ? -1
		: REAL(ssize_t, "read", int, void *, size_t)(fd, room, size);
}

ssize_t write(int fd, const void *octets, size_t size)
{
	if (machine.armed && machine.writes_nothing)
		return 0;
	return fails(&size) ? -1
		: REAL(ssize_t, "write", int, const void *, size_t)(fd, octets,
			size);
}

/* Nobody pulls the plug. */
int fsync(int fd)
{
	(void)fd;
	return fails(NULL) ? -1 : 0;
}

int rename(const char *from, const char *to)
{
	return fails_at_once() ? -1 : renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int unlink(const char *file)
{
	if (machine.armed && machine.no_unlink) {
		errno = EACCES;
		return -1;
	}
	return unlinkat(AT_FDCWD, file, 0);
}

int stat(const char *file, struct stat *out)
{
	if (machine.armed && strlen(file) > 4095) {
		memset(out, 0, sizeof(*out));
		out->st_mode = S_IFREG;
		return 0;
	}
	return fails_at_once() ? -1 : fstatat(AT_FDCWD, file, out, 0);
}

int fstat(int fd, struct stat *out)
{
	int rc = fails_at_once() ? -1 : fstatat(fd, "", out, AT_EMPTY_PATH);

	if (machine.armed && machine.becomes_pipe)
		out->st_mode = S_IFIFO;
	return rc;
}

int fchown(int fd, uid_t owner, gid_t group)
{
	return fails_at_once() ? -1
		: fchownat(fd, "", owner, group, AT_EMPTY_PATH);
}

int fchmod(int fd, mode_t mode)
{
	return fails_at_once() ? -1
		: REAL(int, "fchmod", int, mode_t)(fd, mode);
}

ssize_t readlink(const char *file, char *room, size_t size)
{
	if (machine.armed && machine.far) {
		memset(room, 'x', size);
		return (ssize_t)size;
	}
	if (machine.armed && machine.circle) {
		room[0] = 'x';
		return 1;
	}
	return fails_at_once() ? -1 : readlinkat(AT_FDCWD, file, room, size);
}

static void setup_machine(void)
{
	memset(&machine, 0, sizeof(machine));
	setup();
}

static void teardown_machine(void)
{
	machine.armed = 0;
	teardown();
}

static const char old_text[] = "mxsel-memory 1 5\nhost old 25 last=lost\n";

static int save(void)
{
	int rc;

	machine.calls = 0;
	machine.left = machine.interruptions;
	machine.armed = 1;
	errno = 0;
	rc = mxsel_memory_save(memory, path);
	machine.armed = 0;
	ck_assert_int_eq(machine.opened, 0);
	return rc;
}

static int load(mxsel_memory *into)
{
	int rc;

	machine.calls = 0;
	machine.left = machine.interruptions;
	machine.armed = 1;
	errno = 0;
	rc = mxsel_memory_load(into, path);
	machine.armed = 0;
	ck_assert_int_eq(machine.opened, 0);
	return rc;
}

/* What is in the file is the new state. */
static void check_new(int count)
{
	mxsel_memory *m = new_memory();

	ck_assert_int_eq(mxsel_memory_load(m, path), 0);
	ck_assert_int_eq(entries(m), count);
	mxsel_memory_free(m);
}

static void know_some(int count)
{
	char line[100];
	int i;

	for (i = 0; i < count; i++) {
		snprintf(line, sizeof(line), "host h%d.example 25 score=1000"
			" last=lost,lost,lost,lost", i);
		know(memory, line);
	}
}

/* -------------------------------------------------------------------- saved */

/* Every call of a save with this error; how many made it fail. */
static int fail_each(int error)
{
	int refused = 0, rc, why;

	machine.error = error;
	for (machine.fail_at = 1;; machine.fail_at++) {
		write_text(old_text);
		rc = save();
		why = errno;
		ck_assert_int_eq(sweep("memory"), 0);
		if (rc == 0)
			check_new(500);
		if (machine.calls < machine.fail_at)
			return refused;
		if (rc == 0)
			continue;
		ck_assert_int_eq(rc, MXSEL_EFILE);
		ck_assert_int_eq(why, error);
		ck_assert_str_eq(text_of(path), old_text);
		refused++;
	}
}

START_TEST(R85_F75_each_call_that_fails_leaves_the_old_file)
{
	static const int errors[] = {
		EIO, ENOSPC, EDQUOT, EACCES, EROFS, EMFILE, ENFILE, ENOMEM,
		EFBIG
	};
	size_t i;

	know_some(500);
	/* Looked at, led on, made, owned, its mode, written two times, on
	   disk, named: what comes after that is done already. */
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		ck_assert_int_eq(fail_each(errors[i]), 9);
}
END_TEST

START_TEST(R85_who_may_not_give_a_file_away_saves_it_all_the_same)
{
	know_some(500);
	/* All but the one call. */
	ck_assert_int_eq(fail_each(EPERM), 8);
}
END_TEST

/* A name is in a folder, and that has to be on the disk, too. */
START_TEST(R85_the_folder_is_brought_to_the_disk)
{
	ck_assert_int_eq(save(), 0);
	ck_assert_int_eq(strncmp(machine.folder, folder, strlen(folder)), 0);
	ck_assert_str_eq(machine.folder + strlen(folder), "/");
	ck_assert_int_eq(chdir(folder), 0);
	machine.armed = 1;
	ck_assert_int_eq(mxsel_memory_save(memory, "here"), 0);
	machine.armed = 0;
	ck_assert_str_eq(machine.folder, ".");
	ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(R85_F90_what_is_written_by_halves_is_written)
{
	know_some(500);
	ck_assert_int_eq(fail_each(0), 0);
}
END_TEST

START_TEST(R85_F74_interruptions_end_no_saving_and_no_reading)
{
	know_some(500);
	for (machine.interruptions = 0; machine.interruptions < 40;
			machine.interruptions += 13) {
		write_text(old_text);
		ck_assert_int_eq(save(), 0);
		check_new(500);
		ck_assert_int_eq(load(other), 0);
		ck_assert_int_eq(entries(other), 500);
		ck_assert_int_eq(sweep("memory"), 0);
	}
}
END_TEST

START_TEST(R85_a_disk_that_takes_nothing_is_an_error)
{
	write_text(old_text);
	machine.writes_nothing = 1;
	ck_assert_int_eq(save(), MXSEL_EFILE);
	ck_assert_int_eq(errno, EIO);
	ck_assert_str_eq(text_of(path), old_text);
	ck_assert_int_eq(sweep("memory"), 0);
}
END_TEST

START_TEST(R85_the_first_reason_is_the_one_that_is_told)
{
	write_text(old_text);
	machine.no_unlink = 1;
	machine.error = ENOSPC;
	machine.fail_at = 6; /* the first write */
	ck_assert_int_eq(save(), MXSEL_EFILE);
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert_str_eq(text_of(path), old_text);
	ck_assert_int_eq(sweep("memory"), 1); /* what nobody could remove */
	machine.no_unlink = 0;
	machine.close_error = EIO;
	ck_assert_int_eq(save(), MXSEL_EFILE);
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert_str_eq(text_of(path), old_text);
}
END_TEST

START_TEST(R85_a_file_that_vanishes_is_a_new_one)
{
	write_text(old_text);
	machine.error = ENOENT;
	machine.fail_at = 1; /* the look at it */
	ck_assert_int_eq(save(), 0);
	ck_assert_uint_eq(mode_of(path), 0600);
	check_new(0);
}
END_TEST

START_TEST(R85_links_that_are_made_while_they_are_followed_end)
{
	machine.circle = 1;
	ck_assert_int_eq(save(), MXSEL_EFILE);
	ck_assert_int_eq(errno, ELOOP);
	machine.circle = 0;
	machine.far = 1;
	ck_assert_int_eq(save(), MXSEL_EFILE);
	ck_assert_int_eq(errno, ENAMETOOLONG);
	ck_assert_int_eq(sweep(""), 0);
}
END_TEST

START_TEST(R85_S21_a_path_of_any_length_has_its_room_or_none)
{
	char longer[5000];

	memset(longer, 'a', sizeof(longer));
	longer[4096] = '\0';
	machine.armed = 1;
	ck_assert_int_eq(mxsel_memory_save(memory, longer), MXSEL_EFILE);
	ck_assert_int_eq(errno, ENAMETOOLONG);
	machine.armed = 0;
	ck_assert_int_eq(machine.opened, 0);
}
END_TEST

/* ------------------------------------------------------------------- loaded */

START_TEST(R85_F75_a_file_that_stops_half_way_is_none)
{
	int refused = 0, rc;

	know_some(1500);
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	machine.error = EIO;
	for (machine.fail_at = 1;; machine.fail_at++) {
		rc = load(other);
		if (machine.calls < machine.fail_at)
			break;
		ck_assert_int_eq(rc, MXSEL_EFILE);
		ck_assert_int_eq(errno, EIO);
		ck_assert_int_eq(entries(other), 0);
		refused++;
	}
	/* Looked at, opened, looked at again, read two times and to its end. */
	ck_assert_int_eq(refused, 6);
	ck_assert_int_eq(entries(other), 1500);
}
END_TEST

START_TEST(R85_F90_what_is_read_by_halves_is_read)
{
	know_some(1500);
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	for (machine.fail_at = 4; machine.fail_at < 7; machine.fail_at++) {
		mxsel_memory *m = new_memory();

		ck_assert_int_eq(load(m), 0);
		ck_assert_int_eq(entries(m), 1500);
		mxsel_memory_free(m);
	}
}
END_TEST

START_TEST(R85_S10_a_file_that_becomes_a_pipe_is_not_read)
{
	write_text(old_text);
	machine.becomes_pipe = 1;
	ck_assert_int_eq(load(memory), MXSEL_EFILE);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(entries(memory), 0);
}
END_TEST

/* Somebody writes faster than it is read. */
START_TEST(R85_S18_a_file_that_never_ends_is_too_large)
{
	write_text(old_text);
	machine.never_ends = 1;
	ck_assert_int_eq(load(memory), MXSEL_EFILE);
	ck_assert_int_eq(errno, EFBIG);
	ck_assert_int_eq(entries(memory), 0);
}
END_TEST

/* ------------------------------------------------------------------- memory */

#ifndef MALLOC_IS_TAKEN

START_TEST(R85_S39_F84_without_memory_nothing_is_saved)
{
	long blocks = own_heap_blocks();
	int at, rc, refused = 0;

	know_some(2000);
	write_text(old_text);
	for (at = 0;; at++) {
		fail_at(at);
		rc = mxsel_memory_save(memory, path);
		if (!disarm())
			break;
		ck_assert_int_eq(rc, MXSEL_ENOMEM);
		ck_assert_int_eq(own_heap_blocks(), blocks);
		ck_assert_str_eq(text_of(path), old_text);
		ck_assert_int_eq(sweep("memory"), 0);
		blocks = own_heap_blocks();
		refused++;
	}
	ck_assert_int_eq(rc, 0);
	ck_assert_int_gt(refused, 10);
	check_new(2000);
}
END_TEST

START_TEST(R85_S39_F84_without_memory_nothing_is_loaded)
{
	long blocks;
	int at, rc, refused = 0;

	know_some(2000);
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	for (at = 0;; at++) {
		blocks = own_heap_blocks();
		fail_at(at);
		rc = mxsel_memory_load(other, path);
		if (!disarm())
			break;
		ck_assert_int_eq(rc, MXSEL_ENOMEM);
		ck_assert_int_eq(own_heap_blocks(), blocks);
		ck_assert_int_eq(entries(other), 0);
		refused++;
	}
	ck_assert_int_eq(rc, 0);
	ck_assert_int_gt(refused, 0);
	ck_assert_int_eq(entries(other), 2000);
}
END_TEST

#endif

int main(void)
{
	Suite *s = suite_create("memory: failing");
	TCase *t = tcase_create("failing");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, setup_machine, teardown_machine);
	tcase_add_test(t, R85_F75_each_call_that_fails_leaves_the_old_file);
	tcase_add_test(t,
		R85_who_may_not_give_a_file_away_saves_it_all_the_same);
	tcase_add_test(t, R85_the_folder_is_brought_to_the_disk);
	tcase_add_test(t, R85_F90_what_is_written_by_halves_is_written);
	tcase_add_test(t,
		R85_F74_interruptions_end_no_saving_and_no_reading);
	tcase_add_test(t, R85_a_disk_that_takes_nothing_is_an_error);
	tcase_add_test(t, R85_the_first_reason_is_the_one_that_is_told);
	tcase_add_test(t, R85_a_file_that_vanishes_is_a_new_one);
	tcase_add_test(t,
		R85_links_that_are_made_while_they_are_followed_end);
	tcase_add_test(t, R85_S21_a_path_of_any_length_has_its_room_or_none);
	tcase_add_test(t, R85_F75_a_file_that_stops_half_way_is_none);
	tcase_add_test(t, R85_F90_what_is_read_by_halves_is_read);
	tcase_add_test(t, R85_S10_a_file_that_becomes_a_pipe_is_not_read);
	tcase_add_test(t, R85_S18_a_file_that_never_ends_is_too_large);
#ifndef MALLOC_IS_TAKEN
	tcase_add_test(t, R85_S39_F84_without_memory_nothing_is_saved);
	tcase_add_test(t, R85_S39_F84_without_memory_nothing_is_loaded);
#endif
	return mxsel_test_run(s);
}
