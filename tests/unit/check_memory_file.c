/*
 * A memory in a file (R85): what is saved is what is loaded, and what is no
 * such file changes nothing. May use <mxsel/memory.h>.
 */
#define _DEFAULT_SOURCE

#include <errno.h>
#include <pthread.h>

#include "support/memory_folder.h"
#include "support/run.h"

/* -------------------------------------------------------- written and read */

START_TEST(R85_a_file_says_all_that_is_known_sorted_by_name)
{
	know(memory, "host mx2.example 25 score=1000 age=12 last=refused");
	know(memory, "address 192.0.2.1 25 last=delivered code=250");
	know(memory, "host mx2.example 587 last=lost");
	know(memory, "host mx10.example 25 last=data code=451 works=6"
		" doubt=4 again=2001:db8::1");
	know(memory, "host mx 25 last=timeout");
	know(memory, "host mx-1.example 25 last=timeout");
	know(memory, "host mx2.example 3 last=lost");
	know(memory, "address 2001:db8::1 25 score=4000 last=tls");
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	ck_assert_str_eq(text_of(path), "mxsel-memory 1 5000000\n"
		"address 192.0.2.1 25 last=delivered code=250\n"
		"address 2001:db8::1 25 score=4000 last=tls\n"
		"host mx 25 last=timeout\n"
		"host mx-1.example 25 last=timeout\n"
		"host mx10.example 25 last=data code=451 works=6 doubt=4"
		" again=2001:db8::1\n"
		"host mx2.example 3 last=lost\n"
		"host mx2.example 25 score=1000 age=12 last=refused\n"
		"host mx2.example 587 last=lost\n");
	ck_assert_int_eq(sweep("memory"), 0);
	ck_assert_int_eq(mxsel_memory_load(other, path), 0);
	ck_assert_int_eq(entries(other), 8);
	ck_assert_int_eq(mxsel_memory_save(other, in_folder("again")), 0);
	ck_assert_str_eq(text_of(in_folder("again")), text_of(path));
}
END_TEST

START_TEST(R85_nothing_is_a_file_of_one_line)
{
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	ck_assert_str_eq(text_of(path), "mxsel-memory 1 5000000\n");
	ck_assert_int_eq(mxsel_memory_load(other, path), 0);
	ck_assert_int_eq(entries(other), 0);
	know(other, "host a 25 last=lost");
	ck_assert_int_eq(mxsel_memory_load(other, path), 0);
	ck_assert_int_eq(entries(other), 1);
}
END_TEST

START_TEST(R85_thousands_of_hosts_are_sorted_and_read_again)
{
	struct mxsel_memory_entry e, last;
	char line[100];
	FILE *in;
	int i, n = 0;

	mxsel_memory_free(memory);
	ck_assert_int_eq(mxsel_memory_new(&memory, (size_t)4 << 20, clock_of,
		NULL), 0);
	for (i = 0; i < 6000; i++) {
		snprintf(line, sizeof(line), "host h%d.example %d score=%d"
			" last=lost", i * 7919 % 6007 / 2, 25 + i % 2,
			i % 4000);
		know(memory, line);
	}
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	in = fopen(path, "r");
	ck_assert_ptr_nonnull(in);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), in));
	last.name[0] = '\0';
	while (fgets(line, sizeof(line), in) != NULL) {
		ck_assert_int_eq(mxsel_memory_parse(&e, line, strlen(line) -
			1), 0);
		ck_assert(strcmp(last.name, e.name) < 0 || (strcmp(last.name,
			e.name) == 0 && last.port < e.port));
		last = e;
		n++;
	}
	fclose(in);
	ck_assert_int_eq(n, entries(memory));
	ck_assert_int_gt(n, 4000);
	mxsel_memory_free(other);
	ck_assert_int_eq(mxsel_memory_new(&other, (size_t)4 << 20, clock_of,
		NULL), 0);
	ck_assert_int_eq(mxsel_memory_load(other, path), 0);
	ck_assert_int_eq(entries(other), n);
}
END_TEST

START_TEST(R85_F83_all_grow_older_by_the_time_that_went_on)
{
	write_text("mxsel-memory 1 5000000\n"
		"host a 25 score=1000 age=500 last=lost\n"
		"host b 25 score=4000 last=lost,lost\n"
		"host c 25 age=4294967000 last=delivered\n");
	now += 60000; /* two half-lives */
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_KEEP, 2592000),
		0);
	ck_assert_int_eq(mxsel_memory_load(memory, path), 0);
	ck_assert_str_eq(known(memory, "a"),
		"host a 25 score=250 age=60500 last=lost");
	ck_assert_str_eq(known(memory, "b"),
		"host b 25 score=1000 age=60000 last=lost,lost");
	ck_assert_str_eq(known(memory, "c"), "nothing"); /* over a month */
}
END_TEST

START_TEST(R85_F83_a_clock_that_went_back_is_no_time)
{
	write_text("mxsel-memory 1 18446744073709551615\n"
		"host a 25 score=1000 age=500 last=lost\n");
	ck_assert_int_eq(mxsel_memory_load(memory, path), 0);
	ck_assert_str_eq(known(memory, "a"),
		"host a 25 score=1000 age=500 last=lost");
}
END_TEST

START_TEST(R85_F83_what_is_very_old_is_forgotten)
{
	write_text("mxsel-memory 1 0\nhost a 25 score=1000 last=lost\n");
	now = UINT64_C(1) << 62;
	ck_assert_int_eq(mxsel_memory_load(memory, path), 0);
	ck_assert_int_eq(entries(memory), 0);
}
END_TEST

START_TEST(R85_of_two_the_younger_one_counts)
{
	know(memory, "host a 25 score=1000 age=100 last=lost");
	know(memory, "host b 25 score=1000 age=300 last=lost");
	know(memory, "host d 25 score=1000 age=7 last=lost");
	write_text("mxsel-memory 1 5000000\n"
		"host a 25 age=200 last=delivered\n"
		"host b 25 age=200 last=delivered\n"
		"host c 25 age=200 last=delivered\n");
	ck_assert_int_eq(mxsel_memory_load(memory, path), 0);
	ck_assert_str_eq(known(memory, "a"),
		"host a 25 score=1000 age=100 last=lost");
	ck_assert_str_eq(known(memory, "b"), "host b 25 age=200"
		" last=delivered");
	ck_assert_str_eq(known(memory, "c"), "host c 25 age=200"
		" last=delivered");
	ck_assert_str_eq(known(memory, "d"),
		"host d 25 score=1000 age=7 last=lost");
}
END_TEST

START_TEST(R85_who_edits_a_file_may_leave_notes_in_it)
{
	write_text("mxsel-memory 1 5\n"
		"# host z 25 last=lost\n"
		"\n"
		"host a 25 last=lost\n"
		"#\n"
		"\n"
		"host b 25 last=refused\n"
		"# the end\n");
	ck_assert_int_eq(mxsel_memory_load(memory, path), 0);
	ck_assert_int_eq(entries(memory), 2);
	(void)known(memory, "a");
	(void)known(memory, "b");
	/* They are not its own: what is saved is what is known. */
	ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
	ck_assert_int_eq(mxsel_memory_load(memory, path), 0);
	ck_assert_int_eq(entries(memory), 2);
}
END_TEST

/* ---------------------------------------------------------- what is no file */

static const char *const bad[] = {
	"", "\n", "\nmxsel-memory 1 5\n", "mxsel-memory 1 5", "mxsel-memory 1",
	"mxsel-memory 1\n", "mxsel-memory 1 \n", "mxsel-memory 1 x\n",
	"mxsel-memory 1 05\n", "mxsel-memory 1 -5\n", "mxsel-memory 1 5 \n",
	"mxsel-memory 1 5 6\n", "mxsel-memory 1  5\n",
	"mxsel-memory 1 18446744073709551616\n", "mxsel-memory 2 5\n",
	"mxsel-memory 10 5\n", "mxsel-memory 0 5\n", "Mxsel-memory 1 5\n",
	"mxsel-record 1\n", "host a 25\n", " mxsel-memory 1 5\n",
	"\xef\xbb\xbfmxsel-memory 1 5\n",
	"mxsel-memory 1 5\r\n", "mxsel-memory 1 5\nhost a 25\r\n",
	"mxsel-memory 1 5\nhost a 25 last=lost",
	"mxsel-memory 1 5\nhost a 25 last=lost\nhost b 25 age=1",
	"mxsel-memory 1 5\nhost a 25 last=lost\n \n",
	"mxsel-memory 1 5\nhost a 25 last=lost\nhost b\n",
	"mxsel-memory 1 5\nhost a 25 last=lost\nmxsel-memory 1 5\n",
	"mxsel-memory 1 5\nhost a 25 last=lost\n # not at its beginning\n",
	"mxsel-memory 1 5\nhost a 25 last=lost\n# half of a li",
	"# not before the first\nmxsel-memory 1 5\n",
};

START_TEST(R85_what_is_no_such_file_changes_nothing)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_text(bad[i]);
		ck_assert_msg(mxsel_memory_load(memory, path) ==
			MXSEL_ESYNTAX, "%s", bad[i]);
		ck_assert_int_eq(entries(memory), 0);
	}
	write_octets(path, "mxsel-memory 1 5\nhost a\0 25\n", 28);
	ck_assert_int_eq(mxsel_memory_load(memory, path), MXSEL_ESYNTAX);
	write_octets(path, "mxsel-memory 1 5\n\0", 18);
	ck_assert_int_eq(mxsel_memory_load(memory, path), MXSEL_ESYNTAX);
	write_octets(path, "mxsel-memory 1 5\0\n", 18);
	ck_assert_int_eq(mxsel_memory_load(memory, path), MXSEL_ESYNTAX);
	ck_assert_int_eq(entries(memory), 0);
}
END_TEST

START_TEST(R85_one_bad_line_in_a_thousand_is_one_too_many)
{
	char text[40000] = "mxsel-memory 1 5\n";
	size_t length = strlen(text), good;
	int i;

	for (i = 0; i < 1000; i++)
		length += (size_t)snprintf(text + length, sizeof(text) -
			length, "host h%d.example 25 last=lost\n", i);
	good = length;
	memcpy(text + length, "host h 0\n", 9);
	write_octets(path, text, length + 9);
	ck_assert_int_eq(mxsel_memory_load(memory, path), MXSEL_ESYNTAX);
	ck_assert_int_eq(entries(memory), 0);
	write_octets(path, text, good);
	ck_assert_int_eq(mxsel_memory_load(memory, path), 0);
	ck_assert_int_eq(entries(memory), 1000);
}
END_TEST

START_TEST(R85_a_line_of_a_megabyte_is_a_line)
{
	size_t length = 1 << 20;
	char *text = malloc(length);

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', length);
	memcpy(text, "mxsel-memory 1 5000000\nhost a 25 last=lost y=", 45);
	text[length - 1] = '\n';
	write_octets(path, text, length);
	ck_assert_int_eq(mxsel_memory_load(memory, path), 0);
	ck_assert_str_eq(known(memory, "a"), "host a 25 last=lost");
	memset(text + 28, 'a', 300); /* in the name */
	write_octets(path, text, length);
	ck_assert_int_eq(mxsel_memory_load(other, path), MXSEL_ESYNTAX);
	free(text);
}
END_TEST

START_TEST(R85_S18_a_file_that_is_too_large_is_refused)
{
	write_text("mxsel-memory 1 5\n");
	ck_assert_int_eq(truncate(path, ((off_t)64 << 20) + 1), 0);
	errno = 0;
	ck_assert_int_eq(mxsel_memory_load(memory, path), MXSEL_EFILE);
	ck_assert_int_eq(errno, EFBIG);
	ck_assert_int_eq(truncate(path, (off_t)64 << 20), 0);
	ck_assert_int_eq(mxsel_memory_load(memory, path), MXSEL_ESYNTAX);
}
END_TEST

/* Neither is opened: a pipe would wait for ever. */
START_TEST(R85_S10_what_is_no_regular_file_does_not_hang_and_stays)
{
	struct stat st;

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(mxsel_memory_load(memory, path), MXSEL_EFILE);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(mxsel_memory_save(memory, path), MXSEL_EFILE);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert(stat(path, &st) == 0 && S_ISFIFO(st.st_mode));
	ck_assert_int_eq(mxsel_memory_load(memory, folder), MXSEL_EFILE);
	ck_assert_int_eq(errno, EISDIR);
	ck_assert_int_eq(mxsel_memory_save(memory, folder), MXSEL_EFILE);
	ck_assert_int_eq(errno, EISDIR);
	ck_assert_int_eq(mxsel_memory_load(memory, "/dev/zero"), MXSEL_EFILE);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(mxsel_memory_save(memory, "/dev/null"), MXSEL_EFILE);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
	ck_assert_int_eq(sweep("memory"), 0);
}
END_TEST

START_TEST(R85_errno_says_why_a_file_cannot_be_read_or_written)
{
	char longer[5000];

	ck_assert_int_eq(mxsel_memory_load(memory, path), MXSEL_EFILE);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(mxsel_memory_load(memory, ""), MXSEL_EFILE);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(mxsel_memory_save(memory, in_folder("none/x")),
		MXSEL_EFILE);
	ck_assert_int_eq(errno, ENOENT);
	write_text("");
	ck_assert_int_eq(mxsel_memory_save(memory, in_folder("memory/x")),
		MXSEL_EFILE);
	ck_assert_int_eq(errno, ENOTDIR);
	ck_assert_int_eq(mxsel_memory_load(memory, in_folder("memory/x")),
		MXSEL_EFILE);
	ck_assert_int_eq(errno, ENOTDIR);
	memset(longer, 'a', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	ck_assert_int_eq(mxsel_memory_save(memory, longer), MXSEL_EFILE);
	ck_assert_int_eq(errno, ENAMETOOLONG);
	longer[254] = '\0'; /* a name, but with no room for another beside it */
	ck_assert_int_eq(mxsel_memory_save(memory, longer), MXSEL_EFILE);
	ck_assert_int_eq(errno, ENAMETOOLONG);
	ck_assert_int_eq(sweep("memory"), 0);
}
END_TEST

START_TEST(F100_a_file_of_nothing)
{
	ck_assert_int_eq(mxsel_memory_save(NULL, path), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_save(memory, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_load(NULL, path), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_load(memory, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(sweep(""), 0);
}
END_TEST

/* ------------------------------------------------------------------ threads */

static void *report_on(void *user)
{
	char name[32];
	int i;

	for (i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "h%d.example", i % 100);
		ck_assert_int_eq(mxsel_memory_report(user, name, "192.0.2.1",
			25, MXSEL_OUTCOME_REFUSED + i % 2, 0, NULL), 0);
	}
	return NULL;
}

START_TEST(R85_F91_it_is_saved_and_loaded_while_others_report)
{
	pthread_t threads[3];
	int i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, report_on,
			memory), 0);
	for (i = 0; i < 20; i++) {
		ck_assert_int_eq(mxsel_memory_save(memory, path), 0);
		ck_assert_int_eq(mxsel_memory_load(memory, path), 0);
		ck_assert_int_eq(mxsel_memory_load(other, path), 0);
	}
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_int_eq(entries(memory), 101);
	ck_assert_int_le(entries(other), 101);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("memory: file");
	TCase *t = tcase_create("files");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, R85_a_file_says_all_that_is_known_sorted_by_name);
	tcase_add_test(t, R85_nothing_is_a_file_of_one_line);
	tcase_add_test(t, R85_thousands_of_hosts_are_sorted_and_read_again);
	tcase_add_test(t, R85_F83_all_grow_older_by_the_time_that_went_on);
	tcase_add_test(t, R85_F83_a_clock_that_went_back_is_no_time);
	tcase_add_test(t, R85_F83_what_is_very_old_is_forgotten);
	tcase_add_test(t, R85_of_two_the_younger_one_counts);
	tcase_add_test(t, R85_who_edits_a_file_may_leave_notes_in_it);
	tcase_add_test(t, R85_what_is_no_such_file_changes_nothing);
	tcase_add_test(t, R85_one_bad_line_in_a_thousand_is_one_too_many);
	tcase_add_test(t, R85_a_line_of_a_megabyte_is_a_line);
	tcase_add_test(t, R85_S18_a_file_that_is_too_large_is_refused);
	tcase_add_test(t,
		R85_S10_what_is_no_regular_file_does_not_hang_and_stays);
	tcase_add_test(t, R85_errno_says_why_a_file_cannot_be_read_or_written);
	tcase_add_test(t, F100_a_file_of_nothing);
	tcase_add_test(t, R85_F91_it_is_saved_and_loaded_while_others_report);
	return mxsel_test_run(s);
}
