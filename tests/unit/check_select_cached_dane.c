/*
 * TLSA records and probes out of the cache: as secure as they came, and never
 * older than their time (R14, R77, R90-R92); recorded and replayed they come
 * to the same (R79). May use the public headers.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/cache.h>
#include <mxsel/mock.h>

#include "support/run.h"
#include "support/signed_zone.h"

static const struct zone_record zone[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "d.example", MX, ZONE_SECURE, "three.example", 30 },
	{ "d.example", MX, ZONE_SECURE, "four.example", 40 },
	{ "d.example", MX, ZONE_SECURE, "five.example", 50 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "310b", 90 },
	{ "two.example", A, ZONE_SECURE, "2", 0 },
	{ "_25._tcp.two.example", TLSA, ZONE_INSECURE, "311b", 0 },
	{ "three.example", A, ZONE_SECURE, "3", 0 },
	{ "_25._tcp.three.example", TLSA, ZONE_UNKNOWN, "311c", 0 },
	{ "four.example", A, ZONE_SECURE, "4", 0 },
	{ "_25._tcp.four.example", 0, ZONE_SECURE, "keys.example", 0 },
	{ "keys.example", TLSA, ZONE_SECURE, "201d", 0 },
	{ "five.example", A, ZONE_SECURE, "5", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static uint64_t now; /* milliseconds */
static mxsel_cache *cache;
static mxsel_options *options;
static struct zone_asked asked;
static int by_packets;

static uint64_t tell_time(void *user)
{
	(void)user;
	return now;
}

static void setup(void)
{
	now = 5000000;
	by_packets = 0;
	ck_assert_int_eq(mxsel_cache_new(&cache, 1u << 20, tell_time, NULL),
		0);
	ck_assert_int_eq(mxsel_options_new(&options), 0);
	mxsel_options_set_seed(options, 1);
	mxsel_options_set(options, MXSEL_OPT_DANE, 1);
	mxsel_options_set(options, MXSEL_OPT_TRACE, 1);
	ck_assert_int_eq(mxsel_options_set_cache(options, cache), 0);
}

static void teardown(void)
{
	mxsel_options_free(options);
	mxsel_cache_free(cache);
}

static void answer_all(mxsel *m, const struct zone_record *records)
{
	static struct packet p;
	mxsel_query *q;
	int security;

	while ((q = mxsel_query_take(m)) != NULL) {
		zone_note(&asked, q);
		if (!by_packets) {
			(void)zone_answer(q, records, 0);
			continue;
		}
		security = zone_message(&p, records, mxsel_query_name(q),
			mxsel_query_type(q));
		ck_assert_int_eq(mxsel_answer_packet(q, p.octets, p.size,
			security), 0);
	}
}

/* Without what says that it is from the cache, and how long it lives. */
static void tell_event(char *out, size_t size, const char *detail)
{
	const char *end = strstr(detail, " ttl ");

	if (end == NULL)
		end = strstr(detail, ", cached");
	(void)snprintf(out, size, "%.*s", end == NULL ? 200
		: (int)(end - detail), detail);
}

/* All attempts and decisions. */
static void play(const struct zone_record *records, char out[16384])
{
	const char *subject, *detail;
	char shown[256];
	int rc, code;
	size_t i, n = 0;
	mxsel *m;

	memset(&asked, 0, sizeof(asked));
	ck_assert_int_eq(mxsel_new(&m, "d.example", options), 0);
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc == MXSEL_LOOKUP)
			answer_all(m, records);
		else
			n += (size_t)snprintf(out + n, 16384 - n,
				"%s %s %s %u\n", mxsel_host_name(m),
				mxsel_posture_name(mxsel_posture(m)),
				mxsel_posture_reason_name(
				mxsel_posture_reason(m)),
				(unsigned)mxsel_tlsa_count(m));
	}
	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail, NULL) ==
		0; i++) {
		tell_event(shown, sizeof(shown), detail);
		n += (size_t)snprintf(out + n, 16384 - n, "%d %s %s\n", code,
			subject, shown);
	}
	ck_assert_uint_lt(n, 16000);
	mxsel_free(m);
}

static char first[16384], second[16384];

START_TEST(R77_R90_a_second_selection_is_as_secure_and_asks_nobody)
{
	by_packets = _i;
	play(zone, first);
	ck_assert_ptr_nonnull(strstr(first, "one.example dane tlsa 2\n"
		"two.example opportunistic no_tlsa 0\n"
		"four.example dane tlsa 1\n"
		"five.example opportunistic no_tlsa 0\n"));
	ck_assert_ptr_nonnull(strstr(first, "three.example temporary"));
	ck_assert_uint_eq(asked.count, 17);
	play(zone, second);
	ck_assert_str_eq(second, first);
	ck_assert_str_eq(asked.text, "");
}
END_TEST

/* MXSEL__CACHED_MAX octets are the most that is kept of an answer. */
START_TEST(R77_a_large_set_is_asked_for_again_and_is_the_same)
{
	static const struct zone_record large[] = {
		{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
		{ "one.example", A, ZONE_SECURE, "1", 0 },
		{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "310a", 700 },
		{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "310b", 700 },
		{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "310c", 700 },
		{ NULL, 0, 0, NULL, 0 }
	};

	by_packets = _i;
	play(large, first);
	ck_assert_ptr_nonnull(strstr(first, "one.example dane tlsa 3\n"));
	play(large, second);
	ck_assert_str_eq(second, first);
	ck_assert_str_eq(asked.text, "TLSA _25._tcp.one.example\n");
}
END_TEST

START_TEST(R92_unusable_records_stay_unusable)
{
	static const struct zone_record unusable[] = {
		{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
		{ "one.example", A, ZONE_SECURE, "1", 0 },
		{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "111a", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	by_packets = _i;
	play(unusable, first);
	ck_assert_ptr_nonnull(strstr(first,
		"one.example encrypt unusable_tlsa 0\n"));
	play(unusable, second);
	ck_assert_str_eq(second, first);
	/* Of a message all of it is kept; as told, what is of use. */
	ck_assert_str_eq(asked.text, by_packets ? ""
		: "TLSA _25._tcp.one.example\n");
}
END_TEST

static const struct zone_record broken[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "!", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static const struct zone_record sound[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* Keys change; with old ones mail would be refused, or not protected. */
START_TEST(R77_R92_old_tlsa_records_are_never_used)
{
	by_packets = _i;
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 86400), 0);
	play(sound, first);
	ck_assert_ptr_nonnull(strstr(first, "one.example dane tlsa 1\n"));
	now += 1000 * 1000;
	play(broken, second);
	ck_assert_ptr_nonnull(strstr(asked.text, "TLSA"));
	ck_assert_ptr_null(strstr(second, "dane tlsa"));
	ck_assert_ptr_null(strstr(second, "opportunistic"));
	ck_assert_ptr_nonnull(strstr(second, "one.example temporary"));
}
END_TEST

START_TEST(R92_a_failure_from_the_cache_is_one)
{
	by_packets = _i;
	play(broken, first);
	play(sound, second); /* it is not asked for so soon */
	ck_assert_str_eq(first, second);
	ck_assert_str_eq(asked.text, "");
	now += 400 * 1000;
	play(sound, second);
	ck_assert_ptr_nonnull(strstr(second, "one.example dane tlsa 1\n"));
}
END_TEST

/* The alias is told with its target, so a probe says how secure it is. */
static const struct zone_record behind[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "one.example", 0, ZONE_INSECURE, "far.example", 0 },
	{ "far.example", A, ZONE_INSECURE, "1", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* The probe's answer is secure, or there is none. */
static void answer_probed(mxsel *m, int outcome)
{
	mxsel_query *q;

	while ((q = mxsel_query_take(m)) != NULL) {
		zone_note(&asked, q);
		if (mxsel_query_type(q) != CNAME) {
			(void)zone_answer(q, behind, 0);
			continue;
		}
		if (outcome == MXSEL_DNS_COMPLETE)
			mxsel_answer_alias(q, "far.example", 250);
		mxsel_answer_finish(q, outcome, ZONE_SECURE);
	}
}

/* MXSEL_POSTURE_* of the first attempt; NONE: the end. */
static int posture_when_probed(int outcome)
{
	mxsel *m;
	int rc, posture;

	memset(&asked, 0, sizeof(asked));
	ck_assert_int_eq(mxsel_new(&m, "d.example", options), 0);
	while ((rc = mxsel_next(m)) == MXSEL_LOOKUP)
		answer_probed(m, outcome);
	posture = mxsel_posture(m);
	ck_assert_int_eq(rc == MXSEL_END, posture == MXSEL_POSTURE_NONE);
	mxsel_free(m);
	return posture;
}

START_TEST(R77_R91_a_probe_is_kept_for_its_time_and_no_longer)
{
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 86400), 0);
	ck_assert_int_eq(posture_when_probed(MXSEL_DNS_COMPLETE),
		MXSEL_POSTURE_DANE);
	ck_assert_ptr_nonnull(strstr(asked.text, "CNAME one.example\n"));
	/* From the cache, whatever the server would say now. */
	ck_assert_int_eq(posture_when_probed(MXSEL_DNS_SERVFAIL),
		MXSEL_POSTURE_DANE);
	ck_assert_str_eq(asked.text, "");
	now += 1000 * 1000;
	ck_assert_int_eq(posture_when_probed(MXSEL_DNS_SERVFAIL),
		MXSEL_POSTURE_NONE);
	ck_assert_ptr_nonnull(strstr(asked.text, "CNAME one.example\n"));
}
END_TEST

/* --- and recorded -------------------------------------------------------- */

static char record[32768];

static void keep_line(const char *line, void *user)
{
	size_t n = strlen(record);

	(void)user;
	ck_assert_uint_lt(n + strlen(line) + 2, sizeof(record));
	(void)snprintf(record + n, sizeof(record) - n, "%s\n", line);
}

static void trace(const mxsel *m, char out[16384])
{
	const char *subject, *detail, *rule;
	size_t i, n = 0;
	int code;

	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail, &rule)
		== 0; i++)
		n += (size_t)snprintf(out + n, 16384 - n, "%d %s %.*s %s\n",
			code, subject, (int)strcspn(detail, ","), detail,
			rule);
	ck_assert_uint_lt(n, 16000);
}

/* What came from the cache is in the record, so the replay needs none. */
START_TEST(R79_a_record_of_cached_tlsa_answers_replays_the_same)
{
	mxsel_options *replay;
	mxsel_mock *mock;
	mxsel *m;

	by_packets = _i;
	play(zone, first);
	record[0] = '\0';
	mxsel_options_set_recorder(options, keep_line, NULL);
	ck_assert_int_eq(mxsel_new(&m, "d.example", options), 0);
	while (mxsel_next(m) != MXSEL_END)
		answer_all(m, zone);
	trace(m, first);
	mxsel_free(m);
	ck_assert_ptr_nonnull(strstr(record, "tlsa _25._tcp.one.example 3 1 1 "
		"61616161"));
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	ck_assert_int_eq(mxsel_mock_replay(mock, record, strlen(record)), 0);
	ck_assert_int_eq(mxsel_options_new(&replay), 0);
	mxsel_options_set_seed(replay, 1);
	mxsel_options_set(replay, MXSEL_OPT_DANE, 1);
	mxsel_options_set(replay, MXSEL_OPT_TRACE, 1);
	mxsel_options_set_resolver(replay, mxsel_mock_resolver(mock));
	ck_assert_int_eq(mxsel_new(&m, "d.example", replay), 0);
	while (mxsel_next(m) != MXSEL_END)
		;
	trace(m, second);
	ck_assert_str_eq(second, first);
	mxsel_free(m);
	mxsel_options_free(replay);
	mxsel_mock_free(mock);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: TLSA records out of the cache");
	TCase *t = tcase_create("cached");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t,
		R77_R90_a_second_selection_is_as_secure_and_asks_nobody, 0, 2);
	tcase_add_loop_test(t,
		R77_a_large_set_is_asked_for_again_and_is_the_same, 0, 2);
	tcase_add_loop_test(t, R92_unusable_records_stay_unusable, 0, 2);
	tcase_add_loop_test(t, R77_R92_old_tlsa_records_are_never_used, 0, 2);
	tcase_add_loop_test(t, R92_a_failure_from_the_cache_is_one, 0, 2);
	tcase_add_test(t, R77_R91_a_probe_is_kept_for_its_time_and_no_longer);
	tcase_add_loop_test(t,
		R79_a_record_of_cached_tlsa_answers_replays_the_same, 0, 2);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
