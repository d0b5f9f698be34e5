/*
 * What <mxsel/unbound.h> takes and refuses before the first question, and
 * wrong calls (R90, S46).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/run.h"
#include "support/unbound_trial.h"

#define ANCHOR "example. IN DS 60485 5 1 " \
	"2BB183AF5F22588179A53B0A98631FAD1A292118"

static mxsel_unbound *made(void)
{
	mxsel_unbound *u;

	ck_assert_int_eq(mxsel_unbound_new(&u), 0);
	return u;
}

START_TEST(an_anchor_is_a_ds_or_dnskey_record)
{
	mxsel_unbound *u = made();

	ck_assert_int_eq(mxsel_unbound_add_anchor(u, ANCHOR), 0);
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, "example. IN DS 1"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, "no anchor at all"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, ""), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_anchor(NULL, ANCHOR),
		MXSEL_EUSAGE);
	mxsel_unbound_free(u);
}
END_TEST

/* A file with this text, to be unlinked. */
static void write_file(char *name, const char *text)
{
	int fd = mkstemp(name);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq((int)write(fd, text, strlen(text)),
		(int)strlen(text));
	close(fd);
}

START_TEST(anchors_are_read_from_a_file)
{
	char good[] = "/tmp/mxsel-anchor-XXXXXX";
	char bad[] = "/tmp/mxsel-anchor-XXXXXX";
	char empty[] = "/tmp/mxsel-anchor-XXXXXX";
	char other[] = "/tmp/mxsel-anchor-XXXXXX";
	mxsel_unbound *u = made();

	write_file(good, "; of the root\n" ANCHOR "\n");
	write_file(bad, "example. IN DS nonsense\n");
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(u, good), 0);
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(u, bad),
		MXSEL_ESYNTAX);
	write_file(empty, "; keys: none\n\n");
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(u, empty),
		MXSEL_ESYNTAX);
	write_file(other, "example. IN A 192.0.2.1\n");
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(u, other),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "trust-anchor-file:",
		good), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(u, "/nonexistent"),
		MXSEL_EFILE);
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(u, "/tmp"),
		MXSEL_EFILE);
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(u, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(NULL, good),
		MXSEL_EUSAGE);
	mxsel_unbound_free(u);
	unlink(good);
	unlink(bad);
	unlink(empty);
	unlink(other);
}
END_TEST

START_TEST(a_server_is_an_address)
{
	mxsel_unbound *u = made();

	ck_assert_int_eq(mxsel_unbound_add_server(u, "127.0.0.1"), 0);
	ck_assert_int_eq(mxsel_unbound_add_server(u, "127.0.0.1@5353"), 0);
	ck_assert_int_eq(mxsel_unbound_add_server(u, "::1@5353"), 0);
	ck_assert_int_eq(mxsel_unbound_add_server(u, "192.0.2.53"), 0);
	ck_assert_int_eq(mxsel_unbound_add_server(u, "localhost"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_server(u, ""), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_server(u, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_server(NULL, "127.0.0.1"),
		MXSEL_EUSAGE);
	mxsel_unbound_free(u);
}
END_TEST

static const char *const no_servers[] = {
	"127.0.0.1@", "127.0.0.1@0", "127.0.0.1@00000", "127.0.0.1@65536",
	"127.0.0.1@99999", "127.0.0.1@053053", "127.0.0.1@53@54",
	"127.0.0.1@+53", "127.0.0.1@-1", "127.0.0.1@ 53", "127.0.0.1@53 ",
	"127.0.0.1@5x", "127.0.0.1@53#dns.example", "127.0.0.1#dns.example",
	"127.0.0.1%lo", "127.0.0.1:53", "127.0.0.300", "127.0.0", "@53",
	"::1@", "::1@0", "::1@53@54", "::1%", "::1%@53", "[::1]", "[::1]@53",
	"::g@53"
};

START_TEST(no_server_has_a_port_that_is_none)
{
	mxsel_unbound *u = made();

	ck_assert_int_eq(mxsel_unbound_add_server(u, no_servers[_i]),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_stub(u, "example",
		no_servers[_i]), MXSEL_ESYNTAX);
	mxsel_unbound_free(u);
}
END_TEST

START_TEST(ports_are_from_1_to_65535)
{
	mxsel_unbound *u = made();

	ck_assert_int_eq(mxsel_unbound_add_server(u, "127.0.0.1@1"), 0);
	ck_assert_int_eq(mxsel_unbound_add_server(u, "192.0.2.1@65535"), 0);
	ck_assert_int_eq(mxsel_unbound_add_server(u, "fe80::1%1@53"), 0);
	ck_assert_int_eq(mxsel_unbound_add_stub(u, "example", "::1@65535"),
		0);
	mxsel_unbound_free(u);
}
END_TEST

START_TEST(a_zone_may_have_a_server_of_its_own)
{
	mxsel_unbound *u = made();

	ck_assert_int_eq(mxsel_unbound_add_stub(u, "example", "127.0.0.1@53"),
		0);
	ck_assert_int_eq(mxsel_unbound_add_stub(u, ".", "127.0.0.1"), 0);
	ck_assert_int_eq(mxsel_unbound_add_stub(u, "example", "nowhere"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_stub(u, "a..b", "127.0.0.1"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_add_stub(u, NULL, "127.0.0.1"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_stub(u, "example", NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_stub(NULL, "example", "127.0.0.1"),
		MXSEL_EUSAGE);
	mxsel_unbound_free(u);
}
END_TEST

START_TEST(options_are_those_of_libunbound)
{
	mxsel_unbound *u = made();

	ck_assert_int_eq(mxsel_unbound_set_option(u, "module-config:",
		"iterator"), 0);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "module-config:",
		"nonsense"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "module-config:",
		"validator"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "module-config:", ""),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "module-config:",
		"validator  iterator"), 0);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "no-such-option:",
		"yes"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "do-tcp:", "perhaps"),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_unbound_set_option(u, NULL, "yes"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "do-tcp:", NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_set_option(NULL, "do-tcp:", "yes"),
		MXSEL_EUSAGE);
	mxsel_unbound_free(u);
}
END_TEST

START_TEST(the_time_for_a_question_has_a_range)
{
	mxsel_unbound *u = made();

	ck_assert_int_eq(mxsel_unbound_set_query_time(u, 1), 0);
	ck_assert_int_eq(mxsel_unbound_set_query_time(u, 600000), 0);
	ck_assert_int_eq(mxsel_unbound_set_query_time(u, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_unbound_set_query_time(u, 600001),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_unbound_set_query_time(NULL, 1), MXSEL_EUSAGE);
	mxsel_unbound_free(u);
}
END_TEST

static void is_closed(mxsel_unbound *u)
{
	ck_assert_int_eq(mxsel_unbound_add_anchor(u, ANCHOR), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_anchor_file(u, "/dev/null"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_server(u, "127.0.0.1"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_add_stub(u, "example", "127.0.0.1"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_set_option(u, "do-tcp:", "yes"),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_set_query_time(u, 1), 0);
}

START_TEST(settings_are_closed_by_the_first_blocking_question)
{
	struct trial t;

	trial_begin(&t);
	ck_assert(trial_believes(&t, "true.example"));
	is_closed(t.u);
	trial_end(&t);
}
END_TEST

START_TEST(settings_are_closed_by_the_first_question_of_a_loop)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_new(&m, "true.example", t.pull), 0);
	ck_assert_int_eq(mxsel_unbound_next(t.u, m), MXSEL_LOOKUP);
	is_closed(t.u);
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

START_TEST(nothing_is_something_everywhere)
{
	mxsel_unbound *u = made();
	mxsel *m;

	ck_assert_int_eq(mxsel_unbound_new(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_new(&m, "true.example", NULL), 0);
	ck_assert_int_eq(mxsel_unbound_next(NULL, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_next(u, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_cancel(NULL, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_cancel(u, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_cancel(u, m), 0);
	ck_assert_ptr_null(mxsel_unbound_ready(NULL));
	ck_assert_ptr_null(mxsel_unbound_ready(u));
	ck_assert_int_eq(mxsel_unbound_fd(NULL), -1);
	ck_assert_int_ge(mxsel_unbound_fd(u), 0);
	ck_assert_int_eq(mxsel_unbound_timeout(NULL), -1);
	ck_assert_int_eq(mxsel_unbound_timeout(u), -1);
	ck_assert_int_eq(mxsel_unbound_process(NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_process(u), 0);
	ck_assert_int_eq(mxsel_unbound_wait(NULL, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_unbound_wait(u, -1), 0);
	ck_assert_ptr_null(mxsel_unbound_resolver(NULL));
	mxsel_unbound_free(NULL);
	mxsel_free(m);
	mxsel_unbound_free(u);
}
END_TEST

/* In the child nothing is asked, and the parent's thread goes on. */
static int live_as_child(struct trial *t)
{
	mxsel *m;

	if (!trial_defers(t, "true.example"))
		return 1;
	if (mxsel_unbound_process(t->u) != MXSEL_ESYSTEM)
		return 2;
	if (mxsel_new(&m, "true.example", t->pull) != 0)
		return 3;
	if (mxsel_unbound_next(t->u, m) != MXSEL_END)
		return 4;
	mxsel_free(m);
	mxsel_options_free(t->options);
	mxsel_unbound_free(t->u);
	return 0;
}

START_TEST(a_child_does_not_disturb_its_parent)
{
	struct trial t;
	int status;
	pid_t child;

	trial_begin(&t);
	ck_assert(trial_believes(&t, "true.example"));
	child = fork();
	if (child == 0)
		_exit(live_as_child(&t));
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	ck_assert(trial_believes(&t, "truly.example"));
	trial_end(&t);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("unbound settings");
	TCase *c = tcase_create("settings");

	tcase_add_test(c, an_anchor_is_a_ds_or_dnskey_record);
	tcase_add_test(c, anchors_are_read_from_a_file);
	tcase_add_test(c, a_server_is_an_address);
	tcase_add_loop_test(c, no_server_has_a_port_that_is_none, 0,
		(int)(sizeof no_servers / sizeof *no_servers));
	tcase_add_test(c, ports_are_from_1_to_65535);
	tcase_add_test(c, a_zone_may_have_a_server_of_its_own);
	tcase_add_test(c, options_are_those_of_libunbound);
	tcase_add_test(c, the_time_for_a_question_has_a_range);
	tcase_add_test(c, settings_are_closed_by_the_first_blocking_question);
	tcase_add_test(c, settings_are_closed_by_the_first_question_of_a_loop);
	tcase_add_test(c, nothing_is_something_everywhere);
	tcase_add_test(c, a_child_does_not_disturb_its_parent);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return mxsel_test_run(suite());
}
