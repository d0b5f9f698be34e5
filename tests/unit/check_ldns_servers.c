/*
 * The table that all who ask the same servers share: each server is in it
 * once, and of sockets there are never more than 64 (S11, S10, F75, F91).
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>

#include <mxsel/ldns.h>

#include "ldns/conf.h"
#include "ldns/server.h"
#include "support/run.h"

static struct mxsel__servers servers;

static void setup(void)
{
	ck_assert_int_eq(mxsel__servers_init(&servers), 0);
}

static void teardown(void)
{
	mxsel__servers_destroy(&servers);
}

static void add(const char *text)
{
	struct mxsel__server server;

	ck_assert_int_eq(mxsel__conf_server(&server, text), 0);
	ck_assert_int_eq(mxsel__servers_add(&servers, &server), 0);
}

START_TEST(F86_a_server_is_one_address_at_one_port)
{
	static const char *const different[] = { "192.0.2.1", "192.0.2.2",
		"192.0.2.1@54", "2001:db8::1", "2001:db8::2",
		"2001:db8::1@54", "::ffff:192.0.2.1" };
	unsigned i;

	for (i = 0; i < 7; i++) {
		ck_assert_uint_eq(servers.count, i);
		add(different[i]);
		add(different[i]);
	}
	for (i = 0; i < 7; i++)
		add(different[i]);
	add("2001:db8:0:0::1@53");
	ck_assert_uint_eq(servers.count, 7);
}
END_TEST

START_TEST(S10_F83_a_penalty_ends_for_those_whose_clock_is_behind)
{
	unsigned char order[MXSEL__SERVERS_MAX];

	add("192.0.2.1");
	add("192.0.2.2");
	mxsel__servers_blame(&servers, 0, 1000000);
	(void)mxsel__servers_order(&servers, 1000000, order);
	ck_assert_uint_eq(order[0], 1);
	(void)mxsel__servers_order(&servers, 10, order);
	ck_assert_uint_eq(order[0], 0);
	ck_assert(mxsel__servers_is_bad(&servers, 0, 1000000));
	ck_assert(mxsel__servers_is_bad(&servers, 0, 1004999));
	ck_assert(!mxsel__servers_is_bad(&servers, 0, 1005000));
	ck_assert(!mxsel__servers_is_bad(&servers, 0, 10));
}
END_TEST

START_TEST(S10_who_answers_is_forgiven)
{
	unsigned char order[MXSEL__SERVERS_MAX];

	add("192.0.2.1");
	add("192.0.2.2");
	mxsel__servers_blame(&servers, 0, 1000);
	ck_assert_uint_eq(mxsel__servers_order(&servers, 1000, order), 2);
	ck_assert_uint_eq(order[0], 1);
	mxsel__servers_forgive(&servers, 0);
	mxsel__servers_forgive(&servers, 1);
	ck_assert_uint_eq(mxsel__servers_order(&servers, 1000, order), 2);
	ck_assert_uint_eq(order[0], 0);
}
END_TEST

START_TEST(S11_F75_there_are_64_sockets_and_no_more)
{
	unsigned i;

	for (i = 0; i < 64; i++) {
		ck_assert_uint_eq(mxsel__servers_counter(&servers,
			MXSEL_LDNS_SOCKETS), i);
		ck_assert_int_eq(mxsel__servers_take_socket(&servers), 1);
	}
	ck_assert_int_eq(mxsel__servers_take_socket(&servers), 0);
	ck_assert_int_eq(mxsel__servers_take_socket(&servers), 0);
	mxsel__servers_give_socket(&servers);
	ck_assert_int_eq(mxsel__servers_take_socket(&servers), 1);
	ck_assert_int_eq(mxsel__servers_take_socket(&servers), 0);
	ck_assert_uint_eq(mxsel__servers_counter(&servers,
		MXSEL_LDNS_SOCKETS), 64);
}
END_TEST

/* --- threads ------------------------------------------------------------- */

#define THREADS 3
#define TURNS 200000

static atomic_uint in_use, most, started;

static void *take_and_give(void *unused)
{
	unsigned i, n;

	atomic_fetch_add(&started, 1);
	while (atomic_load(&started) < THREADS)
		continue;
	for (i = 0; i < TURNS; i++) {
		if (!mxsel__servers_take_socket(&servers))
			continue;
		n = atomic_fetch_add(&in_use, 1) + 1;
		if (n > atomic_load(&most))
			atomic_store(&most, n);
		atomic_fetch_sub(&in_use, 1);
		mxsel__servers_give_socket(&servers);
	}
	return unused;
}

START_TEST(S11_F91_threads_have_no_more_sockets_between_them)
{
	pthread_t threads[THREADS];
	unsigned i;

	for (i = 0; i < 62; i++)
		mxsel__servers_take_socket(&servers);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL,
			take_and_give, NULL), 0);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_ge(atomic_load(&most), 1);
	ck_assert_uint_le(atomic_load(&most), 2);
	ck_assert_uint_eq(mxsel__servers_counter(&servers,
		MXSEL_LDNS_SOCKETS), 62);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns servers");
	TCase *t = tcase_create("servers");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, F86_a_server_is_one_address_at_one_port);
	tcase_add_test(t,
		S10_F83_a_penalty_ends_for_those_whose_clock_is_behind);
	tcase_add_test(t, S10_who_answers_is_forgiven);
	tcase_add_test(t, S11_F75_there_are_64_sockets_and_no_more);
	tcase_add_test(t, S11_F91_threads_have_no_more_sockets_between_them);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
