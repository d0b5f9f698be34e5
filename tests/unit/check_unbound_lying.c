/*
 * Making and setting up a <mxsel/unbound.h> while libunbound, the system or
 * memory fails: it is told in mxsel's words, nothing is lost, and the same can
 * be said again (R90, S39, F75, F84, F99).
 */
#define _GNU_SOURCE

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mxsel/unbound.h>

#include "support/failing_malloc.h"
#include "support/run.h"
#include "support/unbound_lies.h"
#include "unbound/inside.h"

#define DS "DS 60485 13 2 " \
	"0000000000000000000000000000000000000000000000000000000000000001"

static char file[] = "/tmp/mxsel-lying-XXXXXX";

static void setup(void)
{
	static const char text[] = "example. IN " DS "\nexample. IN " DS "\n";
	int fd = mkstemp(file);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq((int)write(fd, text, sizeof text - 1),
		(int)sizeof text - 1);
	close(fd);
	world_begins();
}

static void teardown(void)
{
	unlink(file);
	memcpy(file + sizeof file - 7, "XXXXXX", 6);
}

/* All that can be said, until something fails. */
static int tell(mxsel_unbound *u)
{
	int result = mxsel_unbound_add_server(u, "127.0.0.1@53");

	if (result == 0)
		result = mxsel_unbound_add_stub(u, "test", "::1");
	if (result == 0)
		result = mxsel_unbound_add_anchor(u, ". IN " DS);
	if (result == 0)
		result = mxsel_unbound_add_anchor_file(u, file);
	return result != 0 ? result :
		mxsel_unbound_set_option(u, "do-tcp:", "yes");
}

static const struct {
	int error, result, or;
} errors[] = {
	{ UB_NOMEM, MXSEL_ENOMEM, MXSEL_ENOMEM },
	{ UB_SOCKET, MXSEL_ESYSTEM, MXSEL_ESYSTEM },
	{ UB_PIPE, MXSEL_ESYSTEM, MXSEL_ESYSTEM },
	/* A word it does not know, or no memory for one it knows. */
	{ UB_SYNTAX, MXSEL_ESYNTAX, MXSEL_ENOMEM }
};

/* Each call of libunbound fails once. */
START_TEST(S39_whatever_libunbound_refuses_can_be_said_again)
{
	int again = 0, call, result = -1;
	mxsel_unbound *u;
	long blocks;

	for (call = 1; result != 0; call++) {
		blocks = own_heap_blocks();
		u = NULL;
		world.calls = 0;
		world.fails = call;
		world.error = errors[_i].error;
		result = mxsel_unbound_new(&u);
		if (result == 0)
			result = tell(u);
		ck_assert_int_eq(result == 0, world.calls < call);
		ck_assert_msg(result == 0 || result == errors[_i].result ||
			result == errors[_i].or, "%d: %d", call, result);
		if (u != NULL && result != 0) {
			again++;
			ck_assert_int_eq(tell(u), 0);
			ck_assert(mxsel__ub_proves(u));
		}
		mxsel_unbound_free(u);
		nothing_is_left();
		ck_assert_int_eq(own_heap_blocks(), blocks);
	}
	ck_assert_int_gt(again, 20);
}
END_TEST

START_TEST(R90_errors_of_libunbound_have_numbers_of_mxsel)
{
	ck_assert_int_eq(mxsel__ub_error(UB_NOERROR), 0);
	ck_assert_int_eq(mxsel__ub_error(UB_NOMEM), MXSEL_ENOMEM);
	ck_assert_int_eq(mxsel__ub_error(UB_SYNTAX), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel__ub_error(UB_INITFAIL), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel__ub_error(UB_AFTERFINAL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel__ub_error(UB_PIPE), MXSEL_ESYSTEM);
	ck_assert_int_eq(mxsel__ub_error(12345), MXSEL_ESYSTEM);
	ck_assert_int_eq(mxsel__ub_error_of_good(UB_NOERROR), 0);
	ck_assert_int_eq(mxsel__ub_error_of_good(UB_SYNTAX), MXSEL_ENOMEM);
	ck_assert_int_eq(mxsel__ub_error_of_good(UB_PIPE), MXSEL_ESYSTEM);
}
END_TEST

START_TEST(S39_without_a_lock_there_is_none)
{
	mxsel_unbound *u = NULL;

	world.mutex_says = ENOMEM;
	ck_assert_int_eq(mxsel_unbound_new(&u), MXSEL_ENOMEM);
	ck_assert_ptr_null(u);
	nothing_is_left();
}
END_TEST

START_TEST(F99_an_address_has_an_end)
{
	char server[65];
	mxsel_unbound *u;

	ck_assert_int_eq(mxsel_unbound_new(&u), 0);
	memset(server, '1', sizeof server);
	server[64] = '\0';
	ck_assert_int_eq(mxsel_unbound_add_server(u, server), MXSEL_ESYNTAX);
	server[63] = '\0';
	ck_assert_int_eq(mxsel_unbound_add_server(u, server), MXSEL_ESYNTAX);
	mxsel_unbound_free(u);
	nothing_is_left();
}
END_TEST

#ifndef MALLOC_IS_TAKEN

START_TEST(S39_without_memory_an_anchor_is_as_if_it_was_not_said)
{
	const struct mxsel__ub_anchor *before;
	int call, refused = 0, failed = 1, result = -1;
	mxsel_unbound *u;

	ck_assert_int_eq(mxsel_unbound_new(&u), 0);
	for (call = 0; failed; call++) {
		before = u->anchors;
		fail_at(call);
		result = mxsel_unbound_add_anchor(u, ". IN " DS);
		failed = disarm();
		/* A stream does without its buffer. */
		ck_assert(result == 0 || (failed && result == MXSEL_ENOMEM));
		ck_assert_int_eq(u->anchors == before, result != 0);
		refused += result != 0;
	}
	ck_assert_int_gt(refused, 0);
	mxsel_unbound_free(u);
	nothing_is_left();
}
END_TEST

START_TEST(S39_without_memory_none_is_made)
{
	int call, failed = 1, result = -1;

	for (call = 0; failed; call++) {
		mxsel_unbound *u = NULL;

		fail_at(call);
		result = mxsel_unbound_new(&u);
		failed = disarm();
		ck_assert_int_eq(result, failed ? MXSEL_ENOMEM : 0);
		ck_assert_int_eq(u == NULL, failed);
		mxsel_unbound_free(u);
		nothing_is_left();
	}
	ck_assert_int_gt(call, 2);
}
END_TEST

#endif

int main(void)
{
	Suite *s = suite_create("unbound's lies");
	TCase *c = tcase_create("settings");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c,
		S39_whatever_libunbound_refuses_can_be_said_again, 0,
		(int)(sizeof errors / sizeof *errors));
	tcase_add_test(c, R90_errors_of_libunbound_have_numbers_of_mxsel);
	tcase_add_test(c, S39_without_a_lock_there_is_none);
	tcase_add_test(c, F99_an_address_has_an_end);
#ifndef MALLOC_IS_TAKEN
	tcase_add_test(c,
		S39_without_memory_an_anchor_is_as_if_it_was_not_said);
	tcase_add_test(c, S39_without_memory_none_is_made);
#endif
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
