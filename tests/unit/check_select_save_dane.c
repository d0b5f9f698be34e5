/*
 * How securely a host must be reached is known after a restart as it was
 * before (R80, R94-R96); and octets that nobody saved never lower it. May use
 * the public headers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/run.h"
#include "support/signed_zone.h"

static const struct zone_record zone[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "d.example", MX, ZONE_SECURE, "three.example", 30 },
	{ "d.example", MX, ZONE_SECURE, "four.example", 40 },
	{ "d.example", MX, ZONE_SECURE, "five.example", 50 },
	{ "one.example", 0, ZONE_SECURE, "far.example", 0 },
	{ "far.example", A, ZONE_SECURE, "1", 0 },
	{ "far.example", AAAA, ZONE_INSECURE, "1", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "310b", 4 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "200c", 9 },
	{ "two.example", A, ZONE_SECURE, "2", 0 },
	{ "_25._tcp.two.example", TLSA, ZONE_SECURE, "!", 0 },
	{ "three.example", A, ZONE_SECURE, "3", 0 },
	{ "_25._tcp.three.example", TLSA, ZONE_SECURE, "111c", 0 },
	{ "four.example", 0, ZONE_SECURE, "abroad.example", 0 },
	{ "abroad.example", A, ZONE_INSECURE, "4", 0 },
	{ "_25._tcp.four.example", TLSA, ZONE_SECURE, "201d", 0 },
	{ "five.example", A, ZONE_SECURE, "5", 0 },
	{ "five.example", AAAA, ZONE_SECURE, "5", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static mxsel_options *options;
static mxsel_sts *policy;

static void setup(void)
{
	static const char body[] = "version: STSv1\nmode: enforce\n"
		"max_age: 99\nmx: one.example\nmx: five.example\n";

	ck_assert_int_eq(mxsel_options_new(&options), 0);
	mxsel_options_set_seed(options, 1);
	mxsel_options_set(options, MXSEL_OPT_DANE, 1);
	ck_assert_int_eq(mxsel_sts_new(&policy, "d.example", body,
		sizeof(body) - 1, 1), 0);
}

static void teardown(void)
{
	mxsel_sts_free(policy);
	mxsel_options_free(options);
}

static mxsel *begin(void)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "d.example", options), 0);
	return m;
}

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

/* Saved, given back, and another in its place. */
static mxsel *restart(mxsel *m)
{
	size_t size;
	uint8_t *bytes = save(m, &size);

	mxsel_free(m);
	ck_assert_int_eq(mxsel_resume(&m, bytes, size, options), 0);
	free(bytes);
	return m;
}

static void tell(const mxsel *m, char out[1024])
{
	int usage, selector, matching;
	const uint8_t *data;
	size_t i, length;

	(void)snprintf(out, 1024, "%s %s %s %s %s %s \"%s\" %s:",
		mxsel_host_name(m), mxsel_host_canonical(m), mxsel_address(m),
		mxsel_posture_name(mxsel_posture(m)),
		mxsel_posture_reason_name(mxsel_posture_reason(m)),
		mxsel_dane_name(mxsel_dane(m)), mxsel_tlsa_base(m),
		mxsel_tls_name(m));
	for (i = 0; i < mxsel_tls_identity_count(m); i++)
		(void)snprintf(out + strlen(out), 1024 - strlen(out), " %s",
			mxsel_tls_identity(m, i));
	for (i = 0; mxsel_tlsa(m, i, &usage, &selector, &matching, &data,
		&length) == 0; i++)
		(void)snprintf(out + strlen(out), 1024 - strlen(out),
			" %d%d%d%c%u", usage, selector, matching,
			data[length - 1], (unsigned)length);
}

START_TEST(R80_R94_an_attempt_is_reached_again_just_as_securely)
{
	char before[1024], after[1024];
	mxsel *m = begin();
	int attempts = 0;

	while (zone_next(m, zone, NULL) == MXSEL_ATTEMPT) {
		tell(m, before);
		m = restart(m);
		tell(m, after);
		ck_assert_str_eq(before, after);
		if (attempts++ == 0)
			ck_assert_str_eq(after, "one.example far.example "
				"192.0.2.1 dane tlsa records \"one.example\" "
				"one.example: one.example d.example 310b4 "
				"311a32 200c9");
	}
	ck_assert_int_eq(attempts, 5);
	mxsel_free(m);
}
END_TEST

START_TEST(R80_R91_open_tlsa_questions_are_asked_again)
{
	mxsel *m = begin(), *quiet = begin();
	struct zone_asked asked;
	mxsel_query *q;
	int rc, steps = 0;

	memset(&asked, 0, sizeof(asked));
	while (zone_next(quiet, zone, NULL) == MXSEL_ATTEMPT)
		;
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc != MXSEL_LOOKUP)
			continue;
		if (steps++ % 2 == 0) { /* what an alias led to begins anew */
			zone_answer_open(m, zone, &asked);
			continue;
		}
		m = restart(m);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		/* Answered in part, and what came of it is lost, too. */
		q = mxsel_query_take(m);
		if (mxsel_query_type(q) == TLSA)
			mxsel_answer_tlsa(q, 3, 0, 0, (const uint8_t *)"ab", 2,
				3);
		m = restart(m);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		zone_answer_open(m, zone, &asked);
	}
	ck_assert_ptr_nonnull(strstr(asked.text, "TLSA _25._tcp.far.example\n"
		"TLSA _25._tcp.one.example\n"));
	ck_assert_uint_eq(mxsel_query_count(m), mxsel_query_count(quiet));
	ck_assert_str_eq(mxsel_verdict_text(m), mxsel_verdict_text(quiet));
	mxsel_free(quiet);
	mxsel_free(m);
}
END_TEST

/* The second host's question is open, and the first one is tried again. */
START_TEST(R80_R91_a_question_left_open_by_a_rewind_is_asked_again)
{
	mxsel *m = begin();
	struct zone_asked asked;
	size_t before = 0;
	int i;

	memset(&asked, 0, sizeof(asked));
	ck_assert_int_eq(zone_next(m, zone, &asked), MXSEL_ATTEMPT);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		before = mxsel_query_count(m);
		if (i == 0)
			zone_answer_open(m, zone, &asked);
	}
	ck_assert_int_eq(mxsel_rewind(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "one.example");
	m = restart(m);
	ck_assert_uint_eq(mxsel_query_count(m), before - 1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_uint_eq(mxsel_query_count(m), before);
	ck_assert_uint_eq(zone_answer_open(m, zone, &asked), 1);
	ck_assert_ptr_nonnull(strstr(asked.text, "TLSA _25._tcp.two.example"));
	mxsel_free(m);
}
END_TEST

START_TEST(R80_R95_before_the_plan_the_policy_is_given_once_more)
{
	mxsel *m = begin();

	ck_assert_int_eq(mxsel_set_sts(m, policy, 2), 0);
	ck_assert_int_eq(mxsel_set_tls(m, MXSEL_TLS_REQUIRED), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	/* Its MX was asked for, and not yet answered. */
	m = restart(m);
	ck_assert_int_eq(mxsel_tls(m), MXSEL_TLS_REQUIRED);
	ck_assert_int_eq(mxsel_set_sts(m, policy, 200), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_set_sts(m, policy, 2), 0);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	/* From here on it is in what is saved. */
	m = restart(m);
	ck_assert_int_eq(mxsel_set_sts(m, policy, 2), MXSEL_EUSAGE);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "five.example");
	ck_assert_int_eq(mxsel_posture_reason(m), MXSEL_POSTURE_BY_STS);
	mxsel_free(m);
}
END_TEST

START_TEST(R80_R97_what_tls_came_to_is_told_once_over_a_restart)
{
	mxsel *m = begin();

	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report_tls(m, MXSEL_TLSRPT_SUCCESS), 0);
	ck_assert_uint_gt(mxsel_tlsrpt_count(m), 0);
	m = restart(m);
	ck_assert_uint_eq(mxsel_tlsrpt_count(m), 0);
	ck_assert_int_eq(mxsel_report_tls(m, MXSEL_TLSRPT_SUCCESS),
		MXSEL_EUSAGE);
	mxsel_free(m);
}
END_TEST

/* Where TLS failed before the restart the other name is tried after it. */
START_TEST(R34_R80_a_host_where_tls_failed_is_remembered)
{
	static const struct zone_record twins[] = {
		{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
		{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
		{ "one.example", A, ZONE_SECURE, "1", 0 },
		{ "two.example", A, ZONE_SECURE, "1", 0 },
		{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	mxsel *m = begin();

	ck_assert_int_eq(zone_next(m, twins, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_TLS, 0, NULL), 0);
	m = restart(m);
	ck_assert_int_eq(zone_next(m, twins, NULL), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_host_name(m), "two.example");
	mxsel_free(m);
}
END_TEST

/*
 * A domain that is a secure alias and has no MX is looked for under its own
 * name (R91): what failed there is remembered, at an insecure address, too.
 */
START_TEST(R80_R91_a_domain_whose_records_failed_is_remembered)
{
	static const struct zone_record alias[] = {
		{ "d.example", 0, ZONE_SECURE, "far.example", 0 },
		{ "far.example", A, ZONE_INSECURE, "1", 0 },
		{ "_25._tcp.d.example", TLSA, ZONE_SECURE, "!", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	mxsel *m = begin();

	ck_assert_int_eq(zone_next(m, alias, NULL), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.5");
	m = restart(m);
	ck_assert_int_eq(zone_next(m, alias, NULL), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.5");
	mxsel_free(m);
}
END_TEST

/* --- other options ------------------------------------------------------- */

START_TEST(R80_R96_options_that_look_for_other_records_do_not_resume)
{
	mxsel *m = begin(), *resumed = NULL;
	mxsel_options *off;
	uint8_t *with, *without;
	size_t size, other;

	ck_assert_int_eq(mxsel_options_new(&off), 0);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	with = save(m, &size);
	ck_assert_int_eq(mxsel_resume(&resumed, with, size, off),
		MXSEL_EMISMATCH);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_new(&m, "d.example", off), 0);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	without = save(m, &other);
	/* It is at an address that nobody looked for records of. */
	ck_assert_int_eq(mxsel_resume(&resumed, without, other, options),
		MXSEL_EMISMATCH);
	ck_assert_int_eq(mxsel_resume(&resumed, without, other, off), 0);
	mxsel_free(resumed);
	free(with);
	free(without);
	mxsel_free(m);
	/* Before the first attempt there is nothing to take back. */
	ck_assert_int_eq(mxsel_new(&m, "d.example", off), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	zone_answer_open(m, zone, NULL);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	m = restart(m);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_posture(m), MXSEL_POSTURE_DANE);
	mxsel_free(m);
	mxsel_options_free(off);
}
END_TEST

/* --- octets that nobody saved -------------------------------------------- */

static void put32(uint8_t *at, uint32_t n)
{
	int i;

	for (i = 0; i < 4; i++)
		at[i] = (uint8_t)(n >> (24 - 8 * i));
}

static void seal(uint8_t *bytes, size_t size)
{
	uint32_t crc = 0xffffffff;
	size_t i;
	int bit;

	put32(bytes + 6, (uint32_t)size);
	for (i = 0; i < size - 4; i++)
		for (crc ^= bytes[i], bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	put32(bytes + size - 4, ~crc);
}

/* A selection that is what it says: usable records in their order. */
static void is_possible(mxsel *m)
{
	int usage, selector, matching, rc, steps = 0;
	size_t i, length, count;

	do {
		count = mxsel_tlsa_count(m);
		ck_assert(count <= 16 && (count > 0) == (mxsel_dane(m) ==
			MXSEL_DANE_RECORDS));
		ck_assert_int_ne(mxsel_dane(m), MXSEL_DANE_TEMPORARY);
		for (i = 0; i < count; i++) {
			ck_assert_int_eq(mxsel_tlsa(m, i, &usage, &selector,
				&matching, NULL, &length), 0);
			ck_assert(usage == 2 || usage == 3);
			ck_assert(selector <= 1 && matching <= 2);
			ck_assert(matching == 0 ? length > 0
				: length == 32u * (unsigned)matching);
		}
		rc = zone_next(m, zone, NULL);
	} while (rc == MXSEL_ATTEMPT && ++steps < 100);
	ck_assert_int_eq(rc, MXSEL_END);
	ck_assert_int_ne(mxsel_verdict_action(m), MXSEL_ACTION_TRY);
}

static unsigned taken;

static void try_octets(const uint8_t *bytes, size_t size)
{
	uint8_t *exact = malloc(size);
	mxsel *m = NULL;
	int rc;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, bytes, size);
	rc = mxsel_resume(&m, exact, size, options);
	free(exact);
	ck_assert(rc == 0 || rc == MXSEL_ESYNTAX || rc == MXSEL_EMISMATCH);
	if (rc != 0)
		return;
	taken++;
	is_possible(m);
	mxsel_free(m);
}

/* After so many answers and attempts. */
static uint8_t *left_at(int steps, size_t *size)
{
	mxsel *m = begin();
	uint8_t *bytes;
	int rc = MXSEL_LOOKUP;

	for (; steps > 0 && rc != MXSEL_END; steps--) {
		rc = mxsel_next(m);
		if (rc == MXSEL_LOOKUP && steps > 1)
			zone_answer_open(m, zone, NULL);
	}
	bytes = save(m, size);
	mxsel_free(m);
	return bytes;
}

START_TEST(R80_S32_every_flipped_bit_is_seen_or_makes_nothing_impossible)
{
	size_t size, i;
	uint8_t *bytes;
	unsigned bit, sealed, accepted = 0;
	int steps;

	for (steps = 1; steps < 18; steps++)
		for (sealed = 0; sealed < 2; sealed++) {
			bytes = left_at(steps, &size);
			taken = 0;
			for (i = 0; i < size - 4; i++)
				for (bit = 0; bit < 8; bit++) {
					bytes[i] ^= (uint8_t)(1u << bit);
					if (sealed)
						seal(bytes, size);
					try_octets(bytes, size);
					bytes[i] ^= (uint8_t)(1u << bit);
				}
			ck_assert(sealed || taken == 0);
			accepted += taken;
			free(bytes);
		}
	ck_assert_uint_gt(accepted, 100); /* another TTL, say, is sound */
}
END_TEST

START_TEST(R80_S32_every_octet_and_every_cut_makes_nothing_impossible)
{
	size_t size, i;
	uint8_t *bytes, *cut, before;
	unsigned value;

	bytes = left_at(7, &size);
	for (i = 10; i < size - 4; i++) {
		before = bytes[i];
		for (value = 0; value < 256; value += value < 8 ? 1 : 31) {
			bytes[i] = (uint8_t)value;
			seal(bytes, size);
			try_octets(bytes, size);
		}
		bytes[i] = before;
		cut = malloc(i + 4);
		ck_assert_ptr_nonnull(cut);
		memcpy(cut, bytes, i + 4);
		taken = 0;
		try_octets(cut, i + 4);
		seal(cut, i + 4);
		try_octets(cut, i + 4);
		ck_assert_uint_eq(taken, 0);
		free(cut);
	}
	free(bytes);
}
END_TEST

START_TEST(R80_the_first_version_is_refused)
{
	size_t size;
	uint8_t *bytes = left_at(3, &size);
	mxsel *m = NULL;

	ck_assert_uint_eq(bytes[5], 2);
	bytes[5] = 1;
	seal(bytes, size);
	ck_assert_int_eq(mxsel_resume(&m, bytes, size, options),
		MXSEL_ESYNTAX);
	ck_assert_ptr_null(m);
	free(bytes);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("saved and resumed: security");
	TCase *tc = tcase_create("saved");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc,
		R80_R94_an_attempt_is_reached_again_just_as_securely);
	tcase_add_test(tc, R80_R91_open_tlsa_questions_are_asked_again);
	tcase_add_test(tc,
		R80_R91_a_question_left_open_by_a_rewind_is_asked_again);
	tcase_add_test(tc,
		R80_R95_before_the_plan_the_policy_is_given_once_more);
	tcase_add_test(tc,
		R80_R97_what_tls_came_to_is_told_once_over_a_restart);
	tcase_add_test(tc, R34_R80_a_host_where_tls_failed_is_remembered);
	tcase_add_test(tc,
		R80_R91_a_domain_whose_records_failed_is_remembered);
	tcase_add_test(tc,
		R80_R96_options_that_look_for_other_records_do_not_resume);
	tcase_add_test(tc,
	R80_S32_every_flipped_bit_is_seen_or_makes_nothing_impossible);
	tcase_add_test(tc,
		R80_S32_every_octet_and_every_cut_makes_nothing_impossible);
	tcase_add_test(tc, R80_the_first_version_is_refused);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
