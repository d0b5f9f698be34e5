/*
 * What it costs to hold a selection and to use it again: memory, requests for
 * it, and the system's random numbers (S36, S39). The kernel is replaced by a
 * function of this file, where one can be.
 */
#define _GNU_SOURCE
#include "support/run.h"

#include <string.h>
#include <sys/types.h>

#include <mxsel/cache.h>
#include <mxsel/mxsel.h>

#include "bench/answers.h"
#include "bench/memory.h"

#ifdef __linux__
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

static int drawn; /* requests for random numbers */

ssize_t getrandom(void *buffer, size_t length, unsigned int flags)
{
	drawn++;
	return (ssize_t)syscall(SYS_getrandom, buffer, length, flags);
}
#endif

static const struct answer_record zone[] = {
	{ "example.com", PACKET_MX, 1, "aspmx.provider.example" },
	{ "example.com", PACKET_MX, 5, "alt1.aspmx.provider.example" },
	{ "example.com", PACKET_MX, 5, "alt2.aspmx.provider.example" },
	{ "example.com", PACKET_MX, 10, "alt3.aspmx.provider.example" },
	{ "example.com", PACKET_MX, 10, "alt4.aspmx.provider.example" },
	{ "aspmx.provider.example", PACKET_A, 0, "\xc0\0\2\1" },
	{ "aspmx.provider.example", PACKET_AAAA, 0, "\1" },
	{ "alt1.aspmx.provider.example", PACKET_A, 0, "\xc0\0\2\2" },
	{ "alt1.aspmx.provider.example", PACKET_AAAA, 0, "\2" },
	{ "alt2.aspmx.provider.example", PACKET_A, 0, "\xc0\0\2\3" },
	{ "alt2.aspmx.provider.example", PACKET_AAAA, 0, "\3" },
	{ "alt3.aspmx.provider.example", PACKET_A, 0, "\xc0\0\2\4" },
	{ "alt3.aspmx.provider.example", PACKET_AAAA, 0, "\4" },
	{ "alt4.aspmx.provider.example", PACKET_A, 0, "\xc0\0\2\5" },
	{ "alt4.aspmx.provider.example", PACKET_AAAA, 0, "\5" },
	{ NULL, 0, 0, NULL }
};

static struct memory memory;
static mxsel_options *options;
static mxsel_cache *cache;

static uint64_t tell_time(void *user)
{
	(void)user;
	return 1000;
}

static void setup(void)
{
	memory_begin(&memory);
	ck_assert_int_eq(mxsel_cache_new(&cache, 65536, tell_time, NULL), 0);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&options,
		memory_give, &memory), 0);
}

static void teardown(void)
{
	mxsel_options_free(options);
	mxsel_cache_free(cache);
	ck_assert_uint_eq(memory.bytes, 0);
}

/* To the end; answers are counted, and so are attempts. */
static int walk(mxsel *m, int *attempts)
{
	static struct packet packet;
	int answers = 0, rc;
	mxsel_query *q;

	for (*attempts = 0; (rc = mxsel_next(m)) != MXSEL_END;) {
		if (rc == MXSEL_ENOMEM)
			continue;
		*attempts += rc == MXSEL_ATTEMPT;
		for (; (q = mxsel_query_take(m)) != NULL; answers++) {
			answer_message(&packet, zone, mxsel_query_name(q),
				mxsel_query_type(q));
			do
				rc = mxsel_answer_packet(q, packet.octets,
					packet.size, 0);
			while (rc == MXSEL_ENOMEM);
			ck_assert_int_eq(rc, MXSEL_OK);
		}
	}
	return answers;
}

START_TEST(S39_five_hosts_with_ten_addresses_and_a_verdict_are_held_in_1536)
{
	size_t before = memory.bytes;
	int attempts;
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(walk(m, &attempts), 11);
	ck_assert_int_eq(attempts, 10);
	ck_assert_int_eq(mxsel_verdict_code(m), 451);
	ck_assert_uint_le(memory.bytes - before, 1536);
	mxsel_free(m);
}
END_TEST

START_TEST(S39_asked_all_at_once_they_are_held_in_2560)
{
	size_t before = memory.bytes;
	int attempts;
	mxsel *m;

	mxsel_options_set(options, MXSEL_OPT_PREFETCH, 128);
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(walk(m, &attempts), 11);
	ck_assert_int_eq(attempts, 10);
	ck_assert_uint_le(memory.bytes - before, 2560);
	mxsel_free(m);
}
END_TEST

START_TEST(S39_out_of_a_warm_cache_nothing_is_allocated)
{
	int attempts, i;
	size_t calls;
	mxsel *m;

	mxsel_options_set_cache(options, cache);
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(walk(m, &attempts), 11);
	calls = memory.calls;
	for (i = 0; i < 100; i++) {
		ck_assert_int_eq(mxsel_reset(m, "example.com"), 0);
		ck_assert_int_eq(walk(m, &attempts), 0);
		ck_assert_int_eq(attempts, 10);
	}
	ck_assert_uint_eq(memory.calls, calls);
	mxsel_free(m);
}
END_TEST

/* Each request fails once: the cache helps as it does on a quiet day. */
START_TEST(S39_F84_short_memory_and_a_warm_cache)
{
	int attempts, at, failures = 0;
	mxsel_options *o;
	mxsel *m;

	mxsel_options_set_cache(options, cache);
	mxsel_options_set(options, MXSEL_OPT_TRACE, 1);
	mxsel_options_set(options, MXSEL_OPT_PREFETCH, _i);
	ck_assert_int_eq(mxsel_options_copy(&o, options), 0);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), 0);
	(void)walk(m, &attempts);
	mxsel_free(m);
	for (at = 1; at < 40; at++) {
		ck_assert_int_eq(mxsel_new(&m, "example.com", o), 0);
		memory.fail_at = memory.calls + (size_t)at - 1;
		(void)walk(m, &attempts);
		failures += memory.calls > memory.fail_at;
		memory.fail_at = MEMORY_NEVER;
		ck_assert_int_eq(attempts, 10);
		ck_assert_int_eq(mxsel_verdict_code(m), 451);
		ck_assert_uint_eq(mxsel_query_count(m), 11);
		ck_assert_uint_eq(mxsel_rejected_count(m), 0);
		mxsel_free(m);
	}
	ck_assert_int_gt(failures, 1);
	mxsel_options_free(o);
}
END_TEST

/* --- seeds --------------------------------------------------------------- */

#define SEEDS 4096

static uint64_t seeds[SEEDS];

START_TEST(R31_S36_the_seeds_of_one_selection_are_as_good_as_new_ones)
{
	int i, k, bit, ones, same = 0;
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	for (i = 0; i < SEEDS; i++) {
		ck_assert_int_eq(mxsel_seed(m, &seeds[i]), 0);
		ck_assert_int_eq(mxsel_reset(m, "example.com"), 0);
	}
	mxsel_free(m);
	for (i = 0; i < SEEDS; i++)
		for (k = 0; k < i; k++)
			same += seeds[i] == seeds[k];
	ck_assert_int_eq(same, 0);
	/* Each bit is set in half of them: 7 standard deviations are 224. */
	for (bit = 0; bit < 64; bit++) {
		for (ones = 0, i = 0; i < SEEDS; i++)
			ones += (int)(seeds[i] >> bit & 1);
		ck_assert_int_gt(ones, SEEDS / 2 - 224);
		ck_assert_int_lt(ones, SEEDS / 2 + 224);
	}
}
END_TEST

START_TEST(R32_a_seed_of_the_options_is_the_same_after_each_reset)
{
	uint64_t seed;
	mxsel *m;
	int i;

	mxsel_options_set_seed(options, 77);
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(mxsel_seed(m, &seed), 0);
		ck_assert_uint_eq(seed, 77);
		ck_assert_int_eq(mxsel_reset(m, "example.com"), 0);
	}
	mxsel_free(m);
}
END_TEST

#ifdef __linux__
START_TEST(the_system_is_asked_when_new_and_at_every_256th_reset)
{
	uint64_t seed;
	mxsel *m;
	int i;

	drawn = 0;
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	for (i = 0; i < 1024; i++) {
		ck_assert_int_eq(mxsel_seed(m, &seed), 0);
		ck_assert_int_eq(drawn, 1 + i / 256);
		ck_assert_int_eq(mxsel_reset(m, "example.com"), 0);
	}
	mxsel_free(m);
}
END_TEST
#endif

int main(void)
{
	Suite *s = suite_create("select: held and used again");
	TCase *t = tcase_create("held");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t,
	    S39_five_hosts_with_ten_addresses_and_a_verdict_are_held_in_1536);
	tcase_add_test(t, S39_asked_all_at_once_they_are_held_in_2560);
	tcase_add_test(t, S39_out_of_a_warm_cache_nothing_is_allocated);
	tcase_add_loop_test(t, S39_F84_short_memory_and_a_warm_cache, 0, 4);
	tcase_add_test(t,
		R31_S36_the_seeds_of_one_selection_are_as_good_as_new_ones);
	tcase_add_test(t,
		R32_a_seed_of_the_options_is_the_same_after_each_reset);
#ifdef __linux__
	tcase_add_test(t,
		the_system_is_asked_when_new_and_at_every_256th_reset);
#endif
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
