/*
 * When there is no memory, an internationalised name is neither right nor
 * wrong: MXSEL_ENOMEM, never MXSEL_ESYNTAX, never another name (R4, S39, F84).
 * malloc() is this program's own, so that every request of libidn2 and of
 * what it uses can fail, once and from there on.
 */
#define _GNU_SOURCE

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/idn2.h>

#include "support/own_malloc.h"
#include "support/run.h"

#ifdef MALLOC_IS_TAKEN

int main(void)
{
	puts("skipped: malloc() cannot be replaced in this build");
	return 77;
}

#else

static struct {
	int armed, fail_on;
	size_t calls, fail_at;
	long blocks; /* given less taken back while armed */
} heap;

static int fails(void)
{
	size_t call;

	if (!heap.armed)
		return 0;
	call = heap.calls++;
	if (call < heap.fail_at || (call > heap.fail_at && !heap.fail_on))
		return 0;
	errno = ENOMEM;
	return 1;
}

#define HEAP_FAILS(cleared) fails()
#include "support/refusing_malloc.h"

/* ------------------------------------------------------------------- tests */

static char out[1024];

static int make_ascii(const char *name)
{
	return mxsel_idn2_to_ascii(name, strlen(name), out, NULL);
}

static int make_display(const char *name)
{
	size_t size = sizeof(out);

	return mxsel_idn2_to_display(name, out, &size);
}

/* Nothing is asserted while armed: check(3) needs memory itself. */
static int attempt(int (*job)(const char *), const char *name, size_t n,
	int fail_on)
{
	int rc;

	memset(&heap, 0, sizeof(heap));
	heap.fail_at = n;
	heap.fail_on = fail_on;
	heap.armed = 1;
	rc = job(name);
	heap.armed = 0;
	return rc;
}

/*
 * Each request fails in turn, until none is left to fail. Some may: what only
 * gives memory back.
 */
static void fail_each(int (*job)(const char *), const char *name, int expected,
	const char *made)
{
	size_t n, refusals = 0;
	int fail_on, rc;

	for (fail_on = 0; fail_on < 2; fail_on++)
		for (n = 0;; n++) {
			rc = attempt(job, name, n, fail_on);
			ck_assert_int_eq(heap.blocks, 0);
			if (heap.calls <= n)
				break;
			ck_assert_msg(rc == MXSEL_ENOMEM || rc == expected,
				"%s, request %zu: %d", name, n, rc);
			ck_assert_str_eq(out, rc == expected ? made : "");
			refusals += rc == MXSEL_ENOMEM;
		}
	ck_assert_uint_gt(refusals, n);
	ck_assert_int_eq(rc, expected);
	ck_assert_str_eq(out, made);
}

START_TEST(R4_S39_F84_a_name_without_memory_is_no_wrong_name)
{
	fail_each(make_ascii, "bücher.faß.example", 0,
		"xn--bcher-kva.xn--fa-hia.example");
	fail_each(make_ascii, "xn--bcher-kva.example", 0,
		"xn--bcher-kva.example");
	fail_each(make_ascii, "mu\xcc\x88ller。Ｅxample", 0,
		"xn--mller-kva.example");
	fail_each(make_ascii, "bücher.☃.example", MXSEL_ESYNTAX, "");
}
END_TEST

START_TEST(R4_S39_F84_a_name_is_never_shown_half)
{
	fail_each(make_display, "xn--bcher-kva.xn--tda.example", 0,
		"bücher.ü.example");
}
END_TEST

START_TEST(S39_plain_names_need_no_memory)
{
	ck_assert_int_eq(attempt(make_ascii, "Mail_1.Example.ORG", 0, 1), 0);
	ck_assert_str_eq(out, "mail_1.example.org");
	ck_assert_int_eq(attempt(make_display, "example.org", 0, 1), 0);
	ck_assert_str_eq(out, "example.org");
	ck_assert_uint_eq(heap.calls, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("idn2 without memory");
	TCase *tc = tcase_create("F84");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, R4_S39_F84_a_name_without_memory_is_no_wrong_name);
	tcase_add_test(tc, R4_S39_F84_a_name_is_never_shown_half);
	tcase_add_test(tc, S39_plain_names_need_no_memory);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}

#endif
