/*
 * MTA-STS policies as objects (R95): whose they are, when they end, their one
 * block of memory (S39), and owners in several threads. Meant to run under a
 * thread sanitizer also.
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "bench/memory.h"
#include "policy/sts.h"
#include "support/sts_body.h"

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

START_TEST(R95_a_policy_is_of_a_domain_and_of_nothing_else)
{
	static const char *const domains[] = { "", ".", "a..example",
		"192.0.2.1", "[192.0.2.1]", "2001:db8::1", "*.example",
		"b\xc3\xbc.example", "a b.example", "user@example.com" };
	mxsel_sts *p = NULL;
	size_t i;

	for (i = 0; i < COUNT(domains); i++)
		ck_assert_msg(mxsel_sts_new(&p, domains[i], RFC_BODY,
			sizeof(RFC_BODY) - 1, 0) == MXSEL_ESYNTAX, "%s",
			domains[i]);
	ck_assert_ptr_null(p);
}
END_TEST

START_TEST(R95_the_last_second_of_all_is_not_passed)
{
	static const char body[] = "version: STSv1\nmode: none\nmax_age: 60";
	static const struct {
		uint64_t fetched, expires;
	} times[] = {
		{ 0, 60 }, { UINT32_MAX, UINT64_C(4294967355) },
		{ UINT64_MAX - 60, UINT64_MAX },
		{ UINT64_MAX - 59, UINT64_MAX }, { UINT64_MAX, UINT64_MAX },
	};
	size_t i;

	for (i = 0; i < COUNT(times); i++) {
		mxsel_sts *p;

		ck_assert_int_eq(mxsel_sts_new(&p, "example.com", body,
			sizeof(body) - 1, times[i].fetched), MXSEL_OK);
		ck_assert_uint_eq(mxsel_sts_expires(p), times[i].expires);
		mxsel_sts_free(p);
	}
}
END_TEST

START_TEST(R95_nothing_is_no_policy_and_no_crash)
{
	mxsel_sts *p = NULL;

	ck_assert_int_eq(mxsel_sts_new(NULL, "a", "", 0, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_new(&p, NULL, "", 0, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_new(&p, "a", NULL, 0, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_check(NULL, 0, NULL, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_check("", 0, NULL, NULL), MXSEL_ESYNTAX);
	ck_assert_str_eq(mxsel_sts_domain(NULL), "");
	ck_assert_int_eq(mxsel_sts_mode(NULL), MXSEL_STS_NONE);
	ck_assert_uint_eq(mxsel_sts_max_age(NULL), 0);
	ck_assert_uint_eq(mxsel_sts_expires(NULL), 0);
	ck_assert_uint_eq(mxsel_sts_mx_count(NULL), 0);
	ck_assert_ptr_null(mxsel_sts_mx(NULL, 0));
	ck_assert_int_eq(mxsel_sts_matches(NULL, "a"), 0);
	ck_assert_ptr_null(mxsel__sts_hold(NULL));
	mxsel__sts_release(NULL);
	mxsel_sts_free(NULL);
}
END_TEST

START_TEST(R95_a_sound_policy_has_no_fault_to_tell)
{
	const char *why = "as it was";
	size_t line = 7;

	ck_assert_int_eq(mxsel_sts_check(RFC_BODY, sizeof(RFC_BODY) - 1,
		&line, &why), MXSEL_OK);
	ck_assert_uint_eq(line, 7);
	ck_assert_str_eq(why, "as it was");
}
END_TEST

/* One block of memory, which may fail once or from then on. */
START_TEST(S39_R95_without_memory_there_is_no_policy_and_no_leak)
{
	struct mxsel__allocator allocator = { memory_give, NULL };
	struct memory memory;
	mxsel_sts *p = NULL;
	size_t fail_at;
	int rc;

	for (fail_at = 0, rc = MXSEL_ENOMEM; rc != MXSEL_OK; fail_at++) {
		memory_begin(&memory);
		memory.fail_at = fail_at;
		allocator.user = &memory;
		rc = mxsel__sts_make(&p, &allocator, "example.com", RFC_BODY,
			sizeof(RFC_BODY) - 1, 0);
		ck_assert_int_eq(rc, fail_at == 0 ? MXSEL_ENOMEM : MXSEL_OK);
		ck_assert_int_eq(p != NULL, rc == MXSEL_OK);
	}
	ck_assert_uint_eq(memory.blocks, 1);
	mxsel_sts_free(p);
	ck_assert_uint_eq(memory.blocks, 0);
	ck_assert_uint_eq(memory.bytes, 0);
}
END_TEST

/* A policy lives as long as one of its owners. */
START_TEST(R95_who_holds_a_policy_keeps_it)
{
	mxsel_sts *p = sts_body_policy(RFC_BODY);
	const mxsel_sts *held = mxsel__sts_hold(p);

	ck_assert_ptr_eq(held, p);
	mxsel_sts_free(p);
	ck_assert_str_eq(mxsel_sts_mx(held, 1), "*.example.net");
	mxsel__sts_release(held);
}
END_TEST

#define THREADS 4
#define ROUNDS 20000

struct worker {
	const mxsel_sts *policy;
	int wrong;
	pthread_t thread;
};

static void *work(void *user)
{
	struct worker *w = user;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		const mxsel_sts *held = mxsel__sts_hold(w->policy);

		w->wrong += !mxsel_sts_matches(held, "mail.example.com");
		mxsel__sts_release(held);
	}
	mxsel__sts_release(w->policy);
	return NULL;
}

/* Whoever is last gives it back: sanitizers would see it done twice. */
START_TEST(R95_a_policy_is_shared_by_threads)
{
	mxsel_sts *p = sts_body_policy(RFC_BODY);
	struct worker workers[THREADS];
	int i;

	for (i = 0; i < THREADS; i++) {
		workers[i].policy = mxsel__sts_hold(p);
		workers[i].wrong = 0;
		ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, work,
			&workers[i]), 0);
	}
	mxsel_sts_free(p);
	for (i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(workers[i].thread, NULL), 0);
		ck_assert_int_eq(workers[i].wrong, 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy: MTA-STS policies as objects");
	TCase *tc = tcase_create("object");

	tcase_add_test(tc, R95_a_policy_is_of_a_domain_and_of_nothing_else);
	tcase_add_test(tc, R95_the_last_second_of_all_is_not_passed);
	tcase_add_test(tc, R95_nothing_is_no_policy_and_no_crash);
	tcase_add_test(tc, R95_a_sound_policy_has_no_fault_to_tell);
	tcase_add_test(tc,
		S39_R95_without_memory_there_is_no_policy_and_no_leak);
	tcase_add_test(tc, R95_who_holds_a_policy_keeps_it);
	tcase_add_test(tc, R95_a_policy_is_shared_by_threads);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
