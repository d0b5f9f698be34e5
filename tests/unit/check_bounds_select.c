/*
 * What a selection may cost at most, whatever the DNS says: memory, stack,
 * requests for memory when it is used again (S39, S40, F55-F57, F85), and
 * that neither such answers nor a locale change what is chosen (R6, R19,
 * F89).
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "bench/answers.h"
#include "bench/hostile.h"
#include "bench/memory.h"
#include "support/figure.h"
#include "support/run.h"
#include "support/sanitized.h"

#define SMALL_STACK ((size_t)(SANITIZED ? 1 << 20 : 32 << 10))

#define BOUND ((size_t)256 << 10)

static const struct answer_record zone[] = {
	{ "isil.example", PACKET_MX, 10, "MAIL.ISIL.example" },
	{ "isil.example", PACKET_MX, 20, "mail2.isil.example" },
	{ "mail.isil.example", PACKET_A, 0, "\xc0\0\2\1" },
	{ "mail.isil.example", PACKET_AAAA, 0, "\1" },
	{ "mail2.isil.example", PACKET_A, 0, "\xc0\0\2\2" },
	{ "alias.example", PACKET_CNAME, 1, "isil.example" },
	{ "null.example", PACKET_MX, 0, "." },
	{ "plain.example", PACKET_A, 0, "\xc0\0\2\3" },
	{ NULL, 0, 0, NULL }
};

static const char *const destinations[] = {
	"isil.example", "alias.example", "null.example", "plain.example",
	"absent.example", "[192.0.2.1]", "[IPv6:2001:db8::1]", "a..b",
	"[mail2.isil.example]:25", "user@isil.example"
};

#define DESTINATIONS (sizeof(destinations) / sizeof(destinations[0]))

static struct memory memory;
static mxsel_options *options;
static mxsel *m;
static struct packet packet;

static void setup(void)
{
	memory_begin(&memory);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&options,
		memory_give, &memory), 0);
	ck_assert_int_eq(hostile_unlimit(options), 0);
	memory.bytes = memory.peak = 0; /* options are shared by many */
	m = NULL;
}

static void teardown(void)
{
	mxsel_free(m);
	mxsel_options_free(options);
	ck_assert_uint_eq(memory.blocks, 0);
}

static int answer(void)
{
	mxsel_query *q;
	int rc = 0;

	while (rc == 0 && (q = mxsel_query_take(m)) != NULL) {
		answer_message(&packet, zone, mxsel_query_name(q),
			mxsel_query_type(q));
		rc = mxsel_answer_packet(q, packet.octets, packet.size, 0);
	}
	return rc;
}

static int walk(void)
{
	int rc, attempts = 0;

	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc == MXSEL_LOOKUP)
			rc = answer();
		else if (rc == MXSEL_ATTEMPT)
			attempts++;
		if (rc < 0)
			return rc;
	}
	return attempts;
}

/* ------------------------------------------------------------------- memory */

START_TEST(S39_F55_F56_F57_no_answer_takes_more_than_256_kib)
{
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_ge(hostile_walk(m, (enum hostile)_i,
		hostile_count((enum hostile)_i)), 0);
	ck_assert_msg(memory.peak <= BOUND, "%s: %zu octets",
		hostile_names[_i], memory.peak);
}
END_TEST

static size_t peak_of(enum hostile kind)
{
	memory.peak = memory.bytes;
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_ge(hostile_walk(m, kind, hostile_count(kind)), 0);
	mxsel_free(m);
	m = NULL;
	return memory.peak;
}

/* Records that make room for others are not kept all the same. */
START_TEST(S39_R92_records_in_a_bad_order_take_no_more_memory)
{
	ck_assert_uint_le(peak_of(HOSTILE_TLSA_MIXED),
		peak_of(HOSTILE_TLSA) + 4096);
}
END_TEST

/* What one destination needed must not add to what the next one needs. */
START_TEST(S39_a_selection_used_again_stays_below_256_kib)
{
	unsigned round;
	int kind;

	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	for (round = 0; round < 10; round++)
		for (kind = 0; kind < HOSTILE_COUNT; kind++) {
			ck_assert_int_eq(mxsel_reset(m, "example.com"), 0);
			ck_assert_int_ge(hostile_walk(m, (enum hostile)kind,
				hostile_count((enum hostile)kind) *
				(round + 1) / 10), 0);
			ck_assert_msg(memory.peak <= BOUND,
				"round %u, %s: %zu octets", round,
				hostile_names[kind], memory.peak);
		}
	figure_print("memory of a selection", FIGURE_REACHED,
		"262144 octets at most", "%zu octets", memory.peak);
}
END_TEST

START_TEST(S39_a_reset_needs_no_new_memory)
{
	size_t i, calls = 0;
	int round;

	ck_assert_int_eq(mxsel_new(&m, "a.example", options), 0);
	for (round = 0; round < 100; round++) {
		for (i = 0; i < DESTINATIONS; i++) {
			ck_assert_int_eq(mxsel_reset(m, destinations[i]), 0);
			ck_assert_int_ge(walk(), 0);
		}
		if (round == 1)
			calls = memory.calls;
	}
	ck_assert_uint_gt(calls, 0);
	ck_assert_uint_eq(memory.calls, calls);
}
END_TEST

/* -------------------------------------------------------------------- stack */

static int on_small_stack(void)
{
	size_t i;
	int kind, rc = 0;

	for (i = 0; rc >= 0 && i < DESTINATIONS; i++) {
		rc = mxsel_reset(m, destinations[i]);
		if (rc == 0)
			rc = walk();
	}
	for (kind = 0; rc >= 0 && kind < HOSTILE_COUNT; kind++) {
		rc = mxsel_reset(m, "example.com");
		if (rc == 0)
			rc = hostile_walk(m, (enum hostile)kind,
				hostile_count((enum hostile)kind));
	}
	return rc;
}

static void *run_on_small_stack(void *result)
{
	*(int *)result = on_small_stack();
	return NULL;
}

START_TEST(S40_F85_a_thread_of_32_kib_is_enough)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int result = -1;

	ck_assert_int_eq(mxsel_new(&m, "a.example", options), 0);
	ck_assert_int_eq(pthread_attr_init(&attributes), 0);
	ck_assert_int_eq(pthread_attr_setstacksize(&attributes, SMALL_STACK),
		0);
	ck_assert_int_eq(pthread_create(&thread, &attributes,
		run_on_small_stack, &result), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	(void)pthread_attr_destroy(&attributes);
	ck_assert_int_ge(result, 0);
}
END_TEST

/* ------------------------------------------------------------------- choice */

/* Names so long that they cannot all be kept, and the best comes last. */
START_TEST(R19_memory_never_hides_the_best_mx)
{
	mxsel_query *q;
	size_t suffix;
	unsigned i;

	packet_begin(&packet, PACKET_REPLY, "example.com", PACKET_MX);
	suffix = hostile_suffix(&packet, 'l'); /* preference 9 */
	for (i = 0; i < 300; i++) {
		hostile_mx(&packet, i, suffix);
		packet_set16(&packet, packet.rdata, 9);
	}
	packet_mx(&packet, PACKET_ANSWER, NULL, 300, 1, "best.example.com");
	ck_assert_int_eq(mxsel_new(&m, "example.com", options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	ck_assert_int_eq(mxsel_answer_packet(q, packet.octets, packet.size,
		0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_str_eq(mxsel_query_name(mxsel_query_take(m)),
		"best.example.com");
}
END_TEST

/* In Turkish "I" is no capital "i"; in the DNS it is. */
START_TEST(R6_F89_a_turkish_locale_changes_no_name)
{
	static const char *const locales[] = { "tr_TR.UTF-8", "tr_TR.utf8",
		"tr_TR.ISO-8859-9", "tr_TR", "tr_CY.UTF-8" };
	const char *set = NULL;
	size_t i;

	for (i = 0; set == NULL && i < 5; i++)
		set = setlocale(LC_ALL, locales[i]);
	if (set == NULL)
		puts("skipped: tr_TR (the locale; tried in the present one)");
	ck_assert_int_eq(mxsel_options_add_self_name(options,
		"MAIL2.ISIL.EXAMPLE"), 0);
	ck_assert_int_eq(mxsel_new(&m, "user@ISIL.EXAMPLE", options), 0);
	ck_assert_str_eq(mxsel_domain(m), "isil.example");
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(answer(), 0);
	ck_assert_uint_ne(mxsel_flags(m) & MXSEL_FLAG_SELF, 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(answer(), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "mail.isil.example");
	ck_assert_int_eq(mxsel_reset(m, "HOST.INVALID"), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_BOUNCE);
	ck_assert_int_eq(mxsel_reset(m, "[IPV6:2001:DB8::I]"), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_reason(m),
		MXSEL_REASON_BAD_DESTINATION);
	(void)setlocale(LC_ALL, "C");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("what a selection may cost");
	TCase *t = tcase_create("bounds");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t,
		S39_F55_F56_F57_no_answer_takes_more_than_256_kib, 0,
		HOSTILE_COUNT);
	tcase_add_test(t, S39_R92_records_in_a_bad_order_take_no_more_memory);
	tcase_add_test(t, S39_a_selection_used_again_stays_below_256_kib);
	tcase_add_test(t, S39_a_reset_needs_no_new_memory);
	tcase_add_test(t, S40_F85_a_thread_of_32_kib_is_enough);
	tcase_add_test(t, R19_memory_never_hides_the_best_mx);
	tcase_add_test(t, R6_F89_a_turkish_locale_changes_no_name);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
