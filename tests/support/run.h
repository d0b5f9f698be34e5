/*
 * What every unit test shares: run one suite, honour CK_FORK, and say the
 * result in Check's own closing line.
 */
#ifndef TESTS_SUPPORT_RUN_H
#define TESTS_SUPPORT_RUN_H

#include <check.h>
#include <stdlib.h>

/*
 * With each assertion check(3) notes, by a system call, how far a test has
 * come. The tests have millions of them: half of their time would go there.
 * Where a test crashes a debugger says, too.
 */
#define _mark_point(file, line) ((void)0)

static inline int mxsel_test_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
