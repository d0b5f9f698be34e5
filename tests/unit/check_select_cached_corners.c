/*
 * The cache at its edges: answers too large for it, chains it cannot tell a
 * recorder, old data while memory fails, sizes at which it is looked into
 * ahead. A warm cache never changes what a plan comes to (R32, R77). May use
 * the public headers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/cache.h>
#include <mxsel/mxsel.h>

#include "bench/memory.h"
#include "support/run.h"
#include "support/walked.h"

#define UNKNOWN ZONE_UNKNOWN

static uint64_t now; /* milliseconds */
static mxsel_cache *cache;
static mxsel_options *o;
static struct memory memory;
static struct walked first, second;
static size_t questions;

static uint64_t tell_time(void *user)
{
	(void)user;
	return now;
}

static void begin(size_t bytes)
{
	now = 5000000;
	memory_begin(&memory);
	ck_assert_int_eq(mxsel_cache_new(&cache, bytes, tell_time, NULL), 0);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o,
		memory_give, &memory), 0);
	mxsel_options_set_seed(o, 1);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_QUERIES, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_ADDRESSES, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOST_ADDRESSES, 0);
	mxsel_options_set_cache(o, cache);
}

static void setup(void)
{
	begin(1u << 20);
}

static void teardown(void)
{
	mxsel_options_free(o);
	mxsel_cache_free(cache);
	ck_assert_uint_eq(memory.bytes, 0);
}

/* By messages or by records. */
static int by_messages;

static int answer(mxsel_query *q, const struct zone_record *zone)
{
	static struct packet p;
	int security;

	questions++;
	if (!by_messages)
		return zone_answer(q, zone, 0);
	security = zone_message(&p, zone, mxsel_query_name(q),
		mxsel_query_type(q));
	return mxsel_answer_packet(q, p.octets, p.size, security);
}

static void play(struct walked *w, const struct zone_record *zone)
{
	mxsel_query *q;
	mxsel *m;
	int rc;

	w->size = 0;
	questions = 0;
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), 0);
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		while ((q = mxsel_query_take(m)) != NULL)
			ck_assert_int_eq(answer(q, zone), 0);
		if (rc == MXSEL_ATTEMPT)
			walked_add(w, "%s %s %s\n", mxsel_host_name(m),
				mxsel_address(m), mxsel_posture_name(
				mxsel_posture(m)));
	}
	walked_end(w, m);
	mxsel_free(m);
}

/* Cold, then warm: the same, with so many questions each. */
static void twice(const struct zone_record *zone, size_t cold, size_t warm)
{
	play(&first, zone);
	ck_assert_uint_eq(questions, cold);
	play(&second, zone);
	ck_assert_uint_eq(questions, warm);
	ck_assert_str_eq(first.text, second.text);
}

static const struct zone_record hosts[] = {
	{ "d.example", MX, UNKNOWN, "h0.example", 10 },
	{ "d.example", MX, UNKNOWN, "h1.example", 20 },
	{ "d.example", MX, UNKNOWN, "h2.example", 30 },
	{ "d.example", MX, UNKNOWN, "h3.example", 40 },
	{ "d.example", MX, UNKNOWN, "h4.example", 50 },
	{ "d.example", MX, UNKNOWN, "h5.example", 60 },
	{ "d.example", MX, UNKNOWN, "h6.example", 70 },
	{ "d.example", MX, UNKNOWN, "h7.example", 80 },
	{ "d.example", MX, UNKNOWN, "h8.example", 90 },
	{ "d.example", MX, UNKNOWN, "h9.example", 95 },
	{ "h0.example", A, UNKNOWN, "10", 0 },
	{ "h1.example", A, UNKNOWN, "11", 0 },
	{ "h2.example", A, UNKNOWN, "12", 0 },
	{ "h9.example", A, UNKNOWN, "19", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static void resolve(mxsel_query *q, void *user)
{
	(void)user;
	(void)answer(q, hosts);
}

START_TEST(R32_a_large_cache_looks_ahead_and_changes_nothing)
{
	static const struct zone_record few[] = {
		{ "d.example", MX, UNKNOWN, "h0.example", 10 },
		{ "h0.example", A, UNKNOWN, "10", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	mxsel_resolver *r;
	int ahead;

	teardown();
	begin(8u << 20);
	for (ahead = 0; ahead <= 16; ahead += 8) {
		mxsel_options_set(o, MXSEL_OPT_PREFETCH, ahead);
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), 0);
		twice(hosts, 21, 0);
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), 0);
		twice(few, 3, 0);
	}
	/* A resolver that goes past the cache goes past all of it. */
	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, NULL, NULL), 0);
	mxsel_resolver_set_bypass(r, 1);
	mxsel_options_set_resolver(o, r);
	mxsel_resolver_free(r);
	twice(hosts, 21, 21);
}
END_TEST

/* Told as records too, when messages are over. */
START_TEST(S27_what_is_too_large_for_the_cache_is_asked_again)
{
	static struct zone_record zone[400];
	static char names[200][40];
	struct zone_record *r = zone;
	size_t i;

	memset(zone, 0, sizeof(zone));
	for (i = 0; i < 100; i++) {
		(void)snprintf(names[i], sizeof(names[i]),
			"a-rather-long-name-%03u.example", (unsigned)i);
		*r++ = (struct zone_record){ "d.example", MX, UNKNOWN,
			names[i], i == 0 ? 10 : 20 };
	}
	for (i = 0; i < 140; i++) {
		(void)snprintf(names[i] + 36, 4, "%u", (unsigned)i + 1);
		*r++ = (struct zone_record){ names[0], AAAA, UNKNOWN,
			names[i] + 36, 0 };
	}
	for (by_messages = 0; by_messages < 2; by_messages++) {
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), 0);
		twice(zone, 201, 2); /* MX and AAAA again */
	}
	by_messages = 0;
}
END_TEST

START_TEST(S27_R77_addresses_under_an_alias_too_large_for_the_cache)
{
	static struct zone_record zone[200] = {
		{ "d.example", MX, UNKNOWN, "h.example", 10 },
		{ "h.example", 0, UNKNOWN, "x.example", 0 },
		{ "x.example", A, UNKNOWN, "1", 0 },
	};
	static char numbers[140][4];
	size_t i;

	for (i = 0; i < 140; i++) {
		(void)snprintf(numbers[i], 4, "%u", (unsigned)i + 1);
		zone[3 + i] = (struct zone_record){ "h.example", AAAA,
			UNKNOWN, numbers[i], 0 };
	}
	twice(zone, 4, 1);
	/* Old data of the end of a chain are as good as those of a host. */
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 3600), 0);
	now += 400 * 1000; /* all of it is too old */
	zone[2].text = "!";
	play(&second, zone);
	ck_assert_ptr_nonnull(strstr(second.text, "h.example 192.0.2.1"));
}
END_TEST

START_TEST(S27_R92_large_tlsa_records_are_asked_for_again)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, ZONE_SECURE, "h.example", 10 },
		{ "h.example", A, ZONE_SECURE, "1", 0 },
		{ "_25._tcp.h.example", TLSA, ZONE_SECURE, "311a", 0 },
		{ "_25._tcp.h.example", TLSA, ZONE_SECURE, "310b", 2100 },
		{ NULL, 0, 0, NULL, 0 }
	};

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	for (by_messages = 0; by_messages < 2; by_messages++) {
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), 0);
		twice(zone, 4, 1);
	}
	by_messages = 0;
}
END_TEST

START_TEST(R20_R77_a_name_beyond_what_the_cache_holds)
{
	static struct packet p;
	char label[60];
	mxsel_query *q;
	size_t i;
	mxsel *m;

	memset(label, 1, sizeof(label)); /* each octet is shown as \001 */
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	packet_begin(&p, PACKET_REPLY, "d.example", MX);
	packet_pointer(&p, 12);
	packet_head(&p, PACKET_ANSWER, PACKET_MX, PACKET_IN, 300);
	packet_16(&p, 10);
	for (i = 0; i < 4; i++)
		packet_label(&p, label, sizeof(label));
	packet_8(&p, 0);
	packet_end(&p);
	ck_assert_int_eq(mxsel_answer_packet(q, p.octets, p.size, 0), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	walked_end(&first, m);
	ck_assert_ptr_nonnull(strstr(first.text, "- bad_name \\001\\001"));
	/* It is not known, so it is asked again. */
	ck_assert_int_eq(mxsel_reset(m, "d.example"), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	mxsel_free(m);
}
END_TEST

START_TEST(R77_old_data_help_when_a_message_says_servfail)
{
	static struct zone_record failing[] = {
		{ "d.example", MX, UNKNOWN, "!", 0 },
		{ "h0.example", A, UNKNOWN, "!", 0 },
		{ "h0.example", AAAA, UNKNOWN, "!", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};

	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 3600), 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 1);
	by_messages = 1;
	play(&first, hosts);
	now += 1000 * 1000;
	play(&second, failing);
	ck_assert_uint_eq(questions, 3);
	ck_assert_int_eq(strncmp(first.text, second.text, 23), 0);
	by_messages = 0;
}
END_TEST

static void ignore(const char *line, void *user)
{
	(void)line;
	(void)user;
}

START_TEST(R79_an_old_chain_is_not_used_where_it_is_to_be_recorded)
{
	static struct zone_record zone[] = {
		{ "d.example", MX, UNKNOWN, "h.example", 10 },
		{ "h.example", A, UNKNOWN, "1", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static struct packet p;
	mxsel_query *q;
	int recorded;
	mxsel *m;

	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 3600), 0);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	packet_begin(&p, PACKET_REPLY, "d.example", MX);
	packet_cname(&p, NULL, 300, "e.example");
	packet_cname(&p, "e.example", 300, "f.example");
	packet_mx(&p, PACKET_ANSWER, "f.example", 300, 10, "h.example");
	ck_assert_int_eq(mxsel_answer_packet(q, p.octets, p.size, 0), 0);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	mxsel_free(m);
	now += 1000 * 1000;
	for (recorded = 0; recorded < 2; recorded++) {
		mxsel_options_set_recorder(o, recorded ? ignore : NULL, NULL);
		ck_assert_int_eq(mxsel_new(&m, "d.example", o), 0);
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		q = mxsel_query_take(m);
		ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_TIMEOUT, 0),
			0);
		ck_assert_int_eq(zone_next(m, zone, NULL), recorded
			? MXSEL_END : MXSEL_ATTEMPT);
		mxsel_free(m);
	}
}
END_TEST

/* A signed alias of a name in a zone that is not (R91). */
static const struct zone_record alias[] = {
	{ "d.example", MX, ZONE_SECURE, "h.example", 10 },
	{ "h.example", CNAME, ZONE_SECURE, "x.example", 0 },
	{ "h.example", A, ZONE_INSECURE, "1", 0 },
	{ "_25._tcp.h.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

/* Its addresses come with the alias, which the table cannot say. */
static int answer_alias(mxsel_query *q)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };
	static struct packet p;
	int type = mxsel_query_type(q), security = ZONE_INSECURE;

	if (type != A && type != CNAME)
		return answer(q, alias);
	if (type == CNAME)
		security = ZONE_SECURE;
	if (!by_messages) {
		mxsel_answer_alias(q, "x.example", 300);
		if (type == A)
			mxsel_answer_address(q, v4, 4, 300);
		return mxsel_answer_finish(q, 0, security);
	}
	packet_begin(&p, PACKET_REPLY, "h.example", (unsigned)type);
	packet_cname(&p, NULL, 300, "x.example");
	if (type == A)
		packet_address(&p, PACKET_ANSWER, "x.example", 300, v4, 4);
	return mxsel_answer_packet(q, p.octets, p.size, security);
}

static void play_alias(size_t wanted)
{
	mxsel_query *q;
	size_t n = 0;
	mxsel *m;

	ck_assert_int_eq(mxsel_new(&m, "d.example", o), 0);
	while (mxsel_next(m) == MXSEL_LOOKUP)
		for (; (q = mxsel_query_take(m)) != NULL; n++)
			ck_assert_int_eq(answer_alias(q), 0);
	ck_assert_str_eq(mxsel_posture_name(mxsel_posture(m)), "dane");
	ck_assert_str_eq(mxsel_tlsa_base(m), "h.example");
	ck_assert_uint_eq(n, wanted);
	mxsel_free(m);
}

START_TEST(R91_R79_a_probe_for_an_alias_comes_from_the_cache)
{
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	for (by_messages = 0; by_messages < 2; by_messages++) {
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), 0);
		mxsel_options_set_recorder(o, NULL, NULL);
		play_alias(5);
		play_alias(0);
		mxsel_options_set_recorder(o, ignore, NULL);
		play_alias(0);
	}
	by_messages = 0;
}
END_TEST

/* --- without memory ------------------------------------------------------ */

/* Calls that want memory are called again; what it comes to is the same. */
static void play_with_failures(struct walked *w,
	const struct zone_record *zone)
{
	mxsel_query *q = NULL;
	mxsel *m;
	int rc;

	w->size = 0;
	do
		rc = mxsel_new(&m, "d.example", o);
	while (rc == MXSEL_ENOMEM);
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc == MXSEL_ATTEMPT)
			walked_add(w, "%s %s %s\n", mxsel_host_name(m),
				mxsel_address(m), mxsel_posture_name(
				mxsel_posture(m)));
		if (rc == MXSEL_ENOMEM)
			(void)mxsel_is_waiting(m);
		while ((q = mxsel_query_take(m)) != NULL)
			if (answer(q, zone) == MXSEL_ENOMEM)
				mxsel_answer_finish(q, MXSEL_DNS_NETWORK, 0);
	}
	walked_end(w, m);
	mxsel_free(m);
}

/* Every request for memory in turn; old data wanted as well when stale. */
static void fail_each(const struct zone_record *zone,
	const struct zone_record *again, int stale)
{
	size_t n, all;

	play(&first, zone);
	if (stale)
		now += 1000 * 1000;
	memory.calls = 0;
	play_with_failures(&first, again);
	all = memory.calls;
	ck_assert_uint_gt(all, 0);
	for (n = 0; n < all; n++) {
		memory.calls = 0;
		memory.fail_at = n;
		play_with_failures(&second, again);
		memory.fail_at = MEMORY_NEVER;
		/* Without old data it is a failure for now, no more. */
		if (strcmp(first.text, second.text) != 0) {
			ck_assert(stale);
			ck_assert_ptr_nonnull(strstr(second.text, "defer"));
		}
	}
}

START_TEST(S39_F84_a_warm_cache_without_memory)
{
	static struct zone_record zone[160];
	static char names[110][24];
	size_t i;

	memset(zone, 0, sizeof(zone));
	for (i = 0; i < 110; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "h%03u.example",
			(unsigned)i);
		zone[i] = (struct zone_record){ "d.example", MX, UNKNOWN,
			names[i], 10 + (int)i };
	}
	zone[110] = (struct zone_record){ names[0], A, UNKNOWN, "1", 0 };
	zone[111] = (struct zone_record){ names[0], A, UNKNOWN, "2", 0 };
	fail_each(zone, zone, 0);
}
END_TEST

START_TEST(S39_F84_a_warm_cache_of_tlsa_records_without_memory)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, ZONE_SECURE, "h.example", 10 },
		{ "h.example", 0, ZONE_SECURE, "x.example", 0 },
		{ "x.example", A, ZONE_SECURE, "1", 0 },
		{ "_25._tcp.x.example", TLSA, ZONE_SECURE, "311a", 0 },
		{ "_25._tcp.x.example", TLSA, ZONE_SECURE, "310b", 900 },
		{ "_25._tcp.x.example", TLSA, ZONE_SECURE, "310c", 900 },
		{ NULL, 0, 0, NULL, 0 }
	};

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	fail_each(zone, zone, 0);
}
END_TEST

START_TEST(S39_F84_a_warm_cache_of_aliases_without_memory)
{
	static struct zone_record zone[100];
	static char names[16][12], targets[16][256];
	struct zone_record *r = zone;
	size_t i;

	memset(zone, 0, sizeof(zone));
	for (i = 0; i < 16; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "h%02u.ex",
			(unsigned)i);
		memset(targets[i], 'x', 250);
		targets[i][0] = (char)('a' + i);
		targets[i][60] = targets[i][120] = '.';
		targets[i][180] = targets[i][240] = '.';
		*r++ = (struct zone_record){ "d.example", MX, UNKNOWN,
			names[i], 10 };
		*r++ = (struct zone_record){ names[i], 0, UNKNOWN,
			targets[i], 0 };
		*r++ = (struct zone_record){ targets[i], A, UNKNOWN, "1", 0 };
	}
	mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	fail_each(zone, zone, 0);
}
END_TEST

START_TEST(S39_F84_R77_old_data_without_memory)
{
	static struct zone_record zone[120], failing[] = {
		{ "d.example", MX, UNKNOWN, "!", 0 },
		{ "h000.example", A, UNKNOWN, "!", 0 },
		{ "h000.example", AAAA, UNKNOWN, "!", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	static char names[110][24];
	size_t i;

	memset(zone, 0, sizeof(zone));
	for (i = 0; i < 110; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "h%03u.example",
			(unsigned)i);
		zone[i] = (struct zone_record){ "d.example", MX, UNKNOWN,
			names[i], 10 + (int)i };
	}
	zone[110] = (struct zone_record){ names[0], A, UNKNOWN, "1", 0 };
	mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 1);
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_STALE, 3600), 0);
	/* What failed is not remembered: it is asked each time. */
	ck_assert_int_eq(mxsel_cache_set(cache, MXSEL_CACHE_FAILURE_TTL, 0), 0);
	fail_each(zone, failing, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: the cache at its edges");
	TCase *one = tcase_create("edges");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, R32_a_large_cache_looks_ahead_and_changes_nothing);
	tcase_add_test(one,
		S27_what_is_too_large_for_the_cache_is_asked_again);
	tcase_add_test(one,
		S27_R77_addresses_under_an_alias_too_large_for_the_cache);
	tcase_add_test(one, S27_R92_large_tlsa_records_are_asked_for_again);
	tcase_add_test(one, R20_R77_a_name_beyond_what_the_cache_holds);
	tcase_add_test(one, R77_old_data_help_when_a_message_says_servfail);
	tcase_add_test(one,
		R79_an_old_chain_is_not_used_where_it_is_to_be_recorded);
	tcase_add_test(one, R91_R79_a_probe_for_an_alias_comes_from_the_cache);
	tcase_add_test(one, S39_F84_a_warm_cache_without_memory);
	tcase_add_test(one,
		S39_F84_a_warm_cache_of_tlsa_records_without_memory);
	tcase_add_test(one,
		S39_F84_a_warm_cache_of_aliases_without_memory);
	tcase_add_test(one, S39_F84_R77_old_data_without_memory);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
