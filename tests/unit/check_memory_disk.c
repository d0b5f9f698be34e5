/*
 * A memory's file and the disk (R85): whose it is, where links lead, and that
 * it is whole or not there at all, whatever the machine does meanwhile. May
 * use <mxsel/memory.h>.
 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "support/memory_folder.h"
#include "support/run.h"

/* ------------------------------------------------------------- modes, links */

START_TEST(R85_a_new_file_is_for_its_owner_alone)
{
	umask(0);
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	ck_assert_uint_eq(mode_of(path), 0600);
}
END_TEST

START_TEST(R85_an_old_file_keeps_its_mode_and_its_owner)
{
	static const unsigned modes[] = { 0640, 0666, 0400, 0000 };
	struct stat st;
	size_t i;

	umask(077);
	for (i = 0; i < 4; i++) {
		write_text("old");
		ck_assert_int_eq(chmod(path, (mode_t)modes[i]), 0);
		ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
		ck_assert_uint_eq(mode_of(path), modes[i]);
		ck_assert_int_eq(unlink(path), 0);
	}
	write_text("old");
	if (chown(path, 12345, 23456) != 0)
		return; /* who is not root keeps what is his anyway */
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_uid, 12345);
	ck_assert_uint_eq(st.st_gid, 23456);
}
END_TEST

START_TEST(R85_a_link_stays_and_what_it_leads_to_is_replaced)
{
	know(memory, "host a 25 last=lost");
	write_text("old");
	ck_assert_int_eq(symlink("memory", in_folder("relative")), 0);
	ck_assert_int_eq(symlink(in_folder("relative"), in_folder("two")), 0);
	ck_assert_int_eq(mxsel_memory_save(memory, in_folder("two")), 0);
	ck_assert(is_link(in_folder("two")));
	ck_assert(is_link(in_folder("relative")));
	ck_assert(!is_link(path));
	ck_assert_str_eq(text_of(path),
		"mxsel-memory 1 5000000\nhost a 25 last=lost\n");
	ck_assert_uint_eq(mode_of(path), 0644);
	ck_assert_int_eq(mxsel_memory_load(other, in_folder("two")), 0);
	ck_assert_int_eq(entries(other), 1);
	ck_assert_int_eq(sweep(""), 3);
}
END_TEST

START_TEST(R85_a_link_may_lead_to_a_file_that_is_not_there_yet)
{
	ck_assert_int_eq(symlink("new", path), 0);
	ck_assert_int_eq(mxsel_memory_load(memory, path), MXSEL_EFILE);
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	ck_assert(is_link(path));
	ck_assert(!is_link(in_folder("new")));
	ck_assert_uint_eq(mode_of(in_folder("new")), 0600);
	ck_assert_int_eq(mxsel_memory_load(memory, path), 0);
}
END_TEST

START_TEST(R85_links_in_a_circle_lead_nowhere)
{
	ck_assert_int_eq(symlink("b", in_folder("a")), 0);
	ck_assert_int_eq(symlink("a", in_folder("b")), 0);
	ck_assert_int_eq(mxsel_memory_save(memory, in_folder("a")),
		MXSEL_EFILE);
	ck_assert_int_eq(errno, ELOOP);
	ck_assert_int_eq(mxsel_memory_load(memory, in_folder("a")),
		MXSEL_EFILE);
	ck_assert_int_eq(errno, ELOOP);
	ck_assert_int_eq(sweep(""), 2);
}
END_TEST

START_TEST(R85_a_file_here_is_a_file_here)
{
	ck_assert_int_eq(chdir(folder), 0);
	know(memory, "host a 25 last=lost");
	ck_assert_int_eq(mxsel_memory_save(memory, "here"), 0);
	ck_assert_int_eq(mxsel_memory_load(other, "here"), 0);
	ck_assert_int_eq(entries(other), 1);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(sweep(""), 1);
}
END_TEST

/* -------------------------------------------------------------- interrupted */

static void know_many(mxsel_memory *m, int count)
{
	char line[100];
	int i;

	for (i = 0; i < count; i++) {
		snprintf(line, sizeof(line), "host h%d.example 25 score=1000"
			" last=lost,lost,lost,lost", i);
		know(m, line);
	}
}

/* Saved by a child that may write so many octets to a file. */
static int save_limited(rlim_t most, int ignore)
{
	struct rlimit limit = { most, most };
	int status;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		limit.rlim_max = RLIM_INFINITY;
		signal(SIGXFSZ, ignore ? SIG_IGN : SIG_DFL);
		if (setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }) != 0 ||
			setrlimit(RLIMIT_FSIZE, &limit) != 0)
			_exit(99);
		status = mxsel_memory_save(memory, path);
		_exit(status == MXSEL_EFILE && errno == EFBIG ? 1 : status);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

START_TEST(R85_F75_where_there_is_no_room_the_old_file_stays)
{
	static const rlim_t room[] = { 0, 1, 22, 23, 100, 16384, 16385, 50000 };
	size_t i;

	know_many(memory, 1000);
	write_text("mxsel-memory 1 5\nhost old 25 last=lost\n");
	for (i = 0; i < sizeof(room) / sizeof(room[0]); i++) {
		ck_assert_int_eq(save_limited(room[i], 1), 1);
		ck_assert_int_eq(sweep("memory"), 0);
		ck_assert_str_eq(text_of(path),
			"mxsel-memory 1 5\nhost old 25 last=lost\n");
	}
	ck_assert_int_eq(save_limited(1 << 20, 1), 0);
	ck_assert_int_eq(mxsel_memory_load(other, path), 0);
	ck_assert_int_eq(entries(other), 1000);
}
END_TEST

START_TEST(R85_who_is_ended_while_writing_leaves_the_old_file)
{
	know_many(memory, 1000);
	write_text("mxsel-memory 1 5\nhost old 25 last=lost\n");
	ck_assert_int_eq(save_limited(20000, 0), -SIGXFSZ);
	ck_assert_str_eq(text_of(path),
		"mxsel-memory 1 5\nhost old 25 last=lost\n");
	ck_assert_int_eq(sweep("memory"), 1);
}
END_TEST

/* One who saves again and again, now these and now those. */
static void save_for_ever(void)
{
	for (;;) {
		(void)mxsel_memory_save(memory, path);
		(void)mxsel_memory_save(other, path);
	}
}

START_TEST(R85_at_any_moment_the_file_is_whole)
{
	mxsel_memory *read = NULL;
	int round, status, n;
	pid_t child;

	know_many(memory, 700);
	know_many(other, 300);
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	for (round = 0; round < 15; round++) {
		child = fork();
		ck_assert_int_ge(child, 0);
		if (child == 0)
			save_for_ever();
		usleep((useconds_t)(500 + 777 * round % 5000));
		ck_assert_int_eq(kill(child, SIGKILL), 0);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		read = new_memory();
		ck_assert_int_eq(mxsel_memory_load(read, path), 0);
		n = entries(read);
		ck_assert(n == 700 || n == 300);
		mxsel_memory_free(read);
	}
	ck_assert_int_le(sweep("memory"), 15);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("memory: disk");
	TCase *t = tcase_create("disk");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R85_a_new_file_is_for_its_owner_alone);
	tcase_add_test(t, R85_an_old_file_keeps_its_mode_and_its_owner);
	tcase_add_test(t, R85_a_link_stays_and_what_it_leads_to_is_replaced);
	tcase_add_test(t, R85_a_link_may_lead_to_a_file_that_is_not_there_yet);
	tcase_add_test(t, R85_links_in_a_circle_lead_nowhere);
	tcase_add_test(t, R85_a_file_here_is_a_file_here);
	tcase_add_test(t, R85_F75_where_there_is_no_room_the_old_file_stays);
	tcase_add_test(t, R85_who_is_ended_while_writing_leaves_the_old_file);
	tcase_add_test(t, R85_at_any_moment_the_file_is_whole);
	return mxsel_test_run(s);
}
