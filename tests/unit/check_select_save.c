/*
 * A queue goes on after a restart where it was (R80): saved at any step and
 * resumed, the rest of the walk is the same; and octets that nobody saved
 * never make a selection that could not be. May use the public headers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mock.h>

#include "bench/memory.h"
#include "integration/replay_zone.h"
#include "support/run.h"

#define ZONES 300u

static struct walk walk, rest, quiet;

static mxsel *begin(unsigned zone, mxsel_options **options)
{
	mxsel_options *o;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	walk_options(o, zone);
	mxsel_options_set_seed(o, zone);
	ck_assert_int_eq(mxsel_new(&m, walk_destination(zone), o), 0);
	walk_policy(m, zone);
	if (options != NULL)
		*options = o;
	else
		mxsel_options_free(o);
	return m;
}

/* The octets in a block of just their size: its end is the sanitizer's. */
static uint8_t *save(const mxsel *m, size_t *size)
{
	uint8_t *bytes;

	*size = 0;
	ck_assert_int_eq(mxsel_save(m, NULL, size), MXSEL_ESPACE);
	bytes = malloc(*size);
	ck_assert_ptr_nonnull(bytes);
	ck_assert_int_eq(mxsel_save(m, bytes, size), 0);
	return bytes;
}

/* --- there and back ------------------------------------------------------ */

static mxsel_options *now;
static unsigned steps;

/* Saved here and resumed, it comes to what it comes to without. */
static void resume_here(const struct walk *w, const mxsel *m)
{
	size_t size, again;
	uint8_t *bytes = save(m, &size), *second;
	mxsel *resumed;

	ck_assert_int_eq(mxsel_resume(&resumed, bytes, size, now), 0);
	ck_assert_int_eq(mxsel_tls(resumed), mxsel_tls(m));
	/* The policy is given again where there was no plan yet. */
	walk_policy(resumed, w->zone);
	/* Saved again at once it is the same. */
	second = save(resumed, &again);
	ck_assert_uint_eq(size, again);
	ck_assert_mem_eq(bytes, second, size);
	free(second);
	free(bytes);
	memcpy(&rest, w, sizeof(rest));
	rest.pause = NULL;
	ck_assert_int_eq(walk_on(&rest, resumed), 0);
	ck_assert_msg(strcmp(rest.told, quiet.told) == 0,
		"zone %u, step %u:\n%s\nis not\n%s", w->zone, steps,
		rest.told, quiet.told);
	mxsel_free(resumed);
	steps++;
}

START_TEST(R80_saved_at_any_step_the_rest_of_the_walk_is_the_same)
{
	unsigned zone;
	mxsel *m;

	steps = 0;
	for (zone = 0; zone < ZONES; zone++) {
		memset(&quiet, 0, sizeof(quiet));
		quiet.zone = zone;
		quiet.one_by_one = zone % 2 == 1;
		m = begin(zone, &now);
		ck_assert_int_eq(walk_on(&quiet, m), 0);
		mxsel_free(m);
		memset(&walk, 0, sizeof(walk));
		walk.zone = zone;
		walk.one_by_one = quiet.one_by_one;
		walk.pause = resume_here;
		m = begin(zone, NULL);
		resume_here(&walk, m); /* before anything was asked */
		ck_assert_int_eq(walk_on(&walk, m), 0);
		mxsel_free(m);
		mxsel_options_free(now);
	}
	ck_assert_uint_gt(steps, 8 * ZONES);
}
END_TEST

/* R80: and so is a second pass over a resumed one. */
START_TEST(R80_a_resumed_selection_is_rewound_like_any_other)
{
	unsigned zone;
	size_t size;
	uint8_t *bytes;
	mxsel *m, *resumed;

	for (zone = 0; zone < ZONES; zone++) {
		memset(&walk, 0, sizeof(walk));
		walk.zone = zone;
		m = begin(zone, &now);
		ck_assert_int_eq(walk_on(&walk, m), 0);
		bytes = save(m, &size);
		ck_assert_int_eq(mxsel_resume(&resumed, bytes, size, now), 0);
		free(bytes);
		ck_assert_int_eq(mxsel_rewind(m), 0);
		ck_assert_int_eq(mxsel_rewind(resumed), 0);
		memset(&quiet, 0, sizeof(quiet));
		memset(&rest, 0, sizeof(rest));
		quiet.zone = rest.zone = zone;
		ck_assert_int_eq(walk_on(&quiet, m), 0);
		ck_assert_int_eq(walk_on(&rest, resumed), 0);
		ck_assert_str_eq(rest.told, quiet.told);
		mxsel_free(m);
		mxsel_free(resumed);
		mxsel_options_free(now);
	}
}
END_TEST

/* --- what it holds ------------------------------------------------------- */

static void answer_five(mxsel_query *q)
{
	char name[64];
	uint8_t bytes[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	int i, v4 = mxsel_query_type(q) == MXSEL_TYPE_A;

	for (i = 1; i <= 5 && mxsel_query_type(q) == MXSEL_TYPE_MX; i++) {
		(void)snprintf(name, sizeof(name),
			"mx%d.mail-protection.outlook.example", i);
		mxsel_answer_mx(q, 10, name, 300);
	}
	if (mxsel_query_type(q) != MXSEL_TYPE_MX) {
		bytes[15] = bytes[3] = (uint8_t)mxsel_query_name(q)[2];
		mxsel_answer_address(q, bytes, v4 ? 4 : 16, 300);
	}
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
}

static mxsel *five(void)
{
	mxsel_options *o;
	mxsel_query *q;
	mxsel *m;
	int rc;

	mxsel_options_new(&o);
	mxsel_options_set_seed(o, 5);
	ck_assert_int_eq(mxsel_new(&m, "user@outlook.example", o), 0);
	mxsel_options_free(o);
	while ((rc = mxsel_next(m)) != MXSEL_END)
		while (rc == MXSEL_LOOKUP && (q = mxsel_query_take(m)) != NULL)
			answer_five(q);
	ck_assert_int_eq(mxsel_rewind(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	return m;
}

START_TEST(R80_a_plan_of_five_hosts_is_less_than_a_kibibyte)
{
	mxsel *m = five(), *resumed;
	size_t size;
	uint8_t *bytes;

	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_RCPT, 450,
		"4.2.0 mailbox is being moved, come again"), 0);
	bytes = save(m, &size);
	ck_assert_uint_lt(size, 1024);
	ck_assert_int_eq(mxsel_resume(&resumed, bytes, size, NULL), 0);
	ck_assert_str_eq(mxsel_host_name(resumed), mxsel_host_name(m));
	ck_assert_str_eq(mxsel_address(resumed), mxsel_address(m));
	ck_assert_str_eq(mxsel_destination(resumed), "user@outlook.example");
	/* It was reported before the restart. */
	ck_assert_int_eq(mxsel_report(resumed, MXSEL_OUTCOME_REFUSED, 0,
		NULL), MXSEL_EUSAGE);
	free(bytes);
	mxsel_free(resumed);
	mxsel_free(m);
}
END_TEST

START_TEST(R80_what_was_reported_is_known_after_the_restart)
{
	mxsel *m = five(), *resumed;
	size_t size;
	uint8_t *bytes;

	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_RCPT, 550,
		"5.1.1 No such user"), 0);
	bytes = save(m, &size);
	ck_assert_int_eq(mxsel_resume(&resumed, bytes, size, NULL), 0);
	ck_assert_int_eq(mxsel_next(resumed), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(resumed), 550);
	ck_assert_str_eq(mxsel_verdict_status(resumed), "5.1.1");
	ck_assert_str_eq(mxsel_verdict_reply(resumed), "5.1.1 No such user");
	ck_assert_str_eq(mxsel_verdict_host(resumed), mxsel_host_name(m));
	free(bytes);
	mxsel_free(resumed);
	mxsel_free(m);
}
END_TEST

START_TEST(R72_R80_the_other_family_is_tried_once_over_a_restart)
{
	static const char reply[] = "5.7.1 not over IPv6";
	mxsel *m = five(), *resumed;
	size_t size;
	uint8_t *bytes;

	ck_assert_ptr_nonnull(strchr(mxsel_address(m), ':'));
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_MAIL, 550, reply), 0);
	bytes = save(m, &size);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_resume(&resumed, bytes, size, NULL), 0);
	free(bytes);
	ck_assert_int_eq(mxsel_next(resumed), MXSEL_ATTEMPT);
	ck_assert_ptr_null(strchr(mxsel_address(resumed), ':'));
	ck_assert_int_eq(mxsel_report(resumed, MXSEL_OUTCOME_MAIL, 450, NULL),
		0);
	/* The next host says so at both families: now it is believed. */
	ck_assert_int_eq(mxsel_next(resumed), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report(resumed, MXSEL_OUTCOME_MAIL, 550,
		reply), 0);
	ck_assert_int_eq(mxsel_next(resumed), MXSEL_ATTEMPT);
	ck_assert_ptr_null(strchr(mxsel_address(resumed), ':'));
	ck_assert_int_eq(mxsel_report(resumed, MXSEL_OUTCOME_MAIL, 550,
		reply), 0);
	ck_assert_int_eq(mxsel_next(resumed), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_action(resumed), MXSEL_ACTION_BOUNCE);
	mxsel_free(resumed);
}
END_TEST

/* Today's options decide what may be tried (R51, R55, R63, R80). */
START_TEST(R80_what_the_options_forbid_now_is_not_resumed)
{
	mxsel *m = five(), *resumed = NULL;
	mxsel_options *o;
	size_t size;
	uint8_t *bytes = save(m, &size);
	int way;

	for (way = 0; way < 5; way++) {
		mxsel_options_new(&o);
		if (way == 0)
			mxsel_options_add_self_name(o,
				"mx3.mail-protection.outlook.example");
		else if (way == 1)
			mxsel_options_add_self_address(o,
				mxsel_address(m));
		else if (way == 2)
			mxsel_options_set(o, MXSEL_OPT_FAMILY,
				MXSEL_FAMILY_V4_ONLY);
		else if (way == 3)
			mxsel_options_set(o, MXSEL_OPT_SELF_PORT, 26);
		else
			mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 1);
		ck_assert_int_eq(mxsel_resume(&resumed, bytes, size, o),
			way < 3 ? MXSEL_EMISMATCH : 0);
		mxsel_options_free(o);
		mxsel_free(resumed);
		resumed = NULL;
	}
	free(bytes);
	mxsel_free(m);
}
END_TEST

/* --- octets that nobody saved -------------------------------------------- */

static void put32(uint8_t *at, uint32_t n)
{
	int i;

	for (i = 0; i < 4; i++)
		at[i] = (uint8_t)(n >> (24 - 8 * i));
}

static uint32_t crc_of(const uint8_t *bytes, size_t size)
{
	uint32_t crc = 0xffffffff;
	int bit;

	while (size-- > 0)
		for (crc ^= *bytes++, bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	return ~crc;
}

/* A forger knows the checksum, too. */
static void seal(uint8_t *bytes, size_t size)
{
	if (size < 14)
		return;
	put32(bytes + 6, (uint32_t)size);
	put32(bytes + size - 4, crc_of(bytes, size - 4));
}

static unsigned taken;

/* Refused; or a selection that comes to its end and answers everything. */
static void try_octets(const uint8_t *bytes, size_t size, unsigned zone)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);
	size_t again;
	mxsel *m = NULL;
	int rc;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, bytes, size);
	rc = mxsel_resume(&m, exact, size, now);
	free(exact);
	if (rc != 0) {
		ck_assert(rc == MXSEL_ESYNTAX || rc == MXSEL_EMISMATCH);
		ck_assert_ptr_null(m);
		return;
	}
	taken++;
	memset(&rest, 0, sizeof(rest));
	rest.zone = zone;
	free(save(m, &again));
	ck_assert_int_eq(walk_on(&rest, m), 0);
	ck_assert_int_ne(mxsel_verdict_action(m), MXSEL_ACTION_TRY);
	ck_assert_int_eq(mxsel_rewind(m), 0);
	ck_assert_int_eq(walk_on(&rest, m), 0);
	mxsel_free(m);
}

/* A selection left after so many steps. */
static uint8_t *left_at(unsigned zone, unsigned when, size_t *size)
{
	mxsel *m = begin(zone, NULL);
	mxsel_query *q;
	uint8_t *bytes;
	int rc = MXSEL_ATTEMPT;

	for (; when > 0 && rc > MXSEL_END; when--) {
		rc = mxsel_next(m);
		if (rc == MXSEL_ATTEMPT && when % 2 == 0)
			mxsel_report(m, MXSEL_OUTCOME_RCPT, 450, "4.1.1 Hm");
		while (rc == MXSEL_LOOKUP && (q = mxsel_query_take(m)) != NULL)
			walk_answer(zone, q);
	}
	bytes = save(m, size);
	mxsel_free(m);
	return bytes;
}

START_TEST(R80_every_flipped_bit_and_every_cut_is_seen)
{
	unsigned zone, bit;
	size_t size, i;
	uint8_t *bytes;

	for (zone = 0; zone < 40; zone++) {
		mxsel_free(begin(zone, &now));
		bytes = left_at(zone, zone % 7, &size);
		taken = 0;
		for (i = 0; i < size; i++) {
			for (bit = 0; bit < 8; bit++) {
				bytes[i] = (uint8_t)(bytes[i] ^ 1u << bit);
				try_octets(bytes, size, zone);
				bytes[i] = (uint8_t)(bytes[i] ^ 1u << bit);
			}
			try_octets(bytes, i, zone);
		}
		ck_assert_uint_eq(taken, 0);
		try_octets(bytes, size, zone);
		ck_assert_uint_eq(taken, 1);
		free(bytes);
		mxsel_options_free(now);
	}
}
END_TEST

START_TEST(R80_a_forged_checksum_makes_no_impossible_selection)
{
	unsigned zone, bit;
	size_t size, i;
	uint8_t *bytes, *cut;

	taken = 0;
	for (zone = 0; zone < 60; zone++) {
		mxsel_free(begin(zone, &now));
		bytes = left_at(zone, zone % 9, &size);
		cut = malloc(size);
		ck_assert_ptr_nonnull(cut);
		for (i = 10; i + 4 < size; i++) {
			for (bit = 0; bit < 8; bit++) {
				bytes[i] = (uint8_t)(bytes[i] ^ 1u << bit);
				seal(bytes, size);
				try_octets(bytes, size, zone);
				bytes[i] = (uint8_t)(bytes[i] ^ 1u << bit);
			}
			memcpy(cut, bytes, i + 4);
			seal(cut, i + 4);
			try_octets(cut, i + 4, zone);
		}
		free(cut);
		free(bytes);
		mxsel_options_free(now);
	}
	ck_assert_uint_gt(taken, 1000); /* another TTL, say, is sound */
}
END_TEST

/* Its numbers would all be 0, and the search for a fair one never end. */
START_TEST(R80_a_generator_of_zeros_is_refused)
{
	mxsel *m = five(), *resumed = NULL;
	size_t size;
	uint8_t *bytes = save(m, &size);

	memset(bytes + 10, 0, 32);
	seal(bytes, size);
	ck_assert_int_eq(mxsel_resume(&resumed, bytes, size, NULL),
		MXSEL_ESYNTAX);
	ck_assert_ptr_null(resumed);
	free(bytes);
	mxsel_free(m);
}
END_TEST

START_TEST(R80_random_octets_are_no_selection)
{
	uint32_t round, i;
	size_t size, other;
	uint8_t *bytes, *mixed;

	mxsel_options_new(&now);
	for (round = 0; round < 20000; round++) {
		bytes = left_at(round % 50, round % 11, &size);
		mixed = left_at(round % 47, round % 13, &other);
		for (i = 0; i < 1 + round % 5; i++) {
			uint32_t x = walk_mix(round, "octet", i);
			size_t at = 10 + x % (size - 14);

			if (x >> 28 < 8)
				bytes[at] = (uint8_t)(x >> 8);
			else if (at < other)
				memcpy(bytes + at, mixed + at,
					size < other ? size - at : other - at);
		}
		seal(bytes, size);
		try_octets(bytes, size, round % 50);
		free(bytes);
		free(mixed);
	}
	mxsel_options_free(now);
	ck_assert_int_eq(mxsel_resume(NULL, NULL, 0, NULL), MXSEL_EUSAGE);
}
END_TEST

/* --- the call ------------------------------------------------------------ */

START_TEST(R80_a_buffer_that_is_too_small_is_told_its_size)
{
	mxsel *m = five(), *none = NULL;
	uint8_t bytes[1024];
	size_t size = sizeof(bytes), less;

	ck_assert_int_eq(mxsel_save(m, bytes, &size), 0);
	for (less = 0; less < size; less++) {
		size_t room = less;

		memset(bytes, 0xa5, sizeof(bytes));
		ck_assert_int_eq(mxsel_save(m, bytes, &room), MXSEL_ESPACE);
		ck_assert_uint_eq(room, size);
		ck_assert_uint_eq(bytes[less], 0xa5);
	}
	ck_assert_int_eq(mxsel_save(NULL, bytes, &size), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_save(m, bytes, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_save(m, NULL, &size), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_resume(&none, NULL, 0, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_resume(NULL, bytes, size, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_resume(&none, bytes, 0, NULL), MXSEL_ESYNTAX);
	mxsel_free(m);
}
END_TEST

START_TEST(S39_F84_R80_no_memory_while_resuming_leaves_nothing_behind)
{
	struct memory memory;
	mxsel_options *o;
	uint8_t *bytes;
	unsigned zone;
	size_t size, fail;
	mxsel *m;
	int rc, failures = 0;

	for (zone = 0; zone < 60; zone++) {
		bytes = left_at(zone, 12, &size);
		for (fail = 0, rc = MXSEL_ENOMEM; rc == MXSEL_ENOMEM; fail++) {
			memory_begin(&memory);
			ck_assert_int_eq(mxsel_options_new_with_allocator(&o,
				memory_give, &memory), 0);
			walk_options(o, zone);
			memory.fail_at = memory.calls + fail;
			m = NULL;
			rc = mxsel_resume(&m, bytes, size, o);
			ck_assert_int_eq(rc == 0, m != NULL);
			mxsel_free(m);
			mxsel_options_free(o);
			ck_assert_uint_eq(memory.blocks, 0);
			failures += rc == MXSEL_ENOMEM;
		}
		ck_assert_int_eq(rc, 0);
		free(bytes);
	}
	ck_assert_int_ge(failures, 60);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: saved and resumed");
	TCase *tc = tcase_create("saved");

	tcase_set_timeout(tc, 240);
	tcase_add_test(tc,
		R80_saved_at_any_step_the_rest_of_the_walk_is_the_same);
	tcase_add_test(tc, R80_a_resumed_selection_is_rewound_like_any_other);
	tcase_add_test(tc, R80_a_plan_of_five_hosts_is_less_than_a_kibibyte);
	tcase_add_test(tc, R80_what_was_reported_is_known_after_the_restart);
	tcase_add_test(tc,
		R72_R80_the_other_family_is_tried_once_over_a_restart);
	tcase_add_test(tc, R80_what_the_options_forbid_now_is_not_resumed);
	tcase_add_test(tc, R80_every_flipped_bit_and_every_cut_is_seen);
	tcase_add_test(tc,
		R80_a_forged_checksum_makes_no_impossible_selection);
	tcase_add_test(tc, R80_a_generator_of_zeros_is_refused);
	tcase_add_test(tc, R80_random_octets_are_no_selection);
	tcase_add_test(tc, R80_a_buffer_that_is_too_small_is_told_its_size);
	tcase_add_test(tc,
		S39_F84_R80_no_memory_while_resuming_leaves_nothing_behind);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
