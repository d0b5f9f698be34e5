/*
 * A cache between selection and DNS: mail goes where it would go without it,
 * for the same reasons, whether the cache is cold or warm (R14, R32, R77);
 * what it answers nobody is asked for, and what was broken, forged or only
 * our own end is never kept. May use <mxsel/mxsel.h>, <mxsel/cache.h> and
 * <mxsel/mock.h>.
 */
#include "support/run.h"

#include <mxsel/cache.h>
#include <mxsel/mock.h>

#include "support/many_domains.h"
#include "support/one_domain.h"

#define DOMAINS 3000

/* --- the same with and without ------------------------------------------- */

static struct domain_play without, cold, warm;

/* Messages or records, first and second time; prefetch. */
static const struct way {
	int packets, prefetch;
} ways[] = { { 0, 0 }, { 1, 0 }, { 0, 128 }, { 1, 2 } };

#define WAYS ((int)(sizeof(ways) / sizeof(ways[0])))

START_TEST(R32_R77_a_cache_changes_neither_plan_nor_verdict)
{
	struct domain d;
	size_t asked = 0, again = 0;
	int i;

	for (i = 0; i < DOMAINS; i++) {
		domain_make(&d, (uint64_t)i);
		without = (struct domain_play){ .d = &d,
			.packets = ways[_i].packets };
		cold = without;
		cold.cache = cache;
		cold.prefetch = ways[_i].prefetch;
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), MXSEL_OK);
		domain_play(&without, (uint64_t)i);
		domain_play(&cold, (uint64_t)i);
		domain_check_same(&without, &cold, i, "cold");
		warm = cold;
		domain_play(&warm, (uint64_t)i);
		domain_check_same(&without, &warm, i, "warm");
		if (cold.prefetch == 0) {
			ck_assert_uint_eq(cold.questions, without.questions);
			ck_assert_uint_eq(warm.questions, without.questions);
		}
		asked += cold.asked;
		again += warm.asked;
	}
	/* Most of it was known; the rest may not be kept. */
	ck_assert_uint_gt(asked, DOMAINS);
	ck_assert_uint_lt(again * 2, asked);
}
END_TEST

/* What one site learnt serves another, whose rules are different. */
START_TEST(R32_what_is_kept_does_not_depend_on_whose_question_it_was)
{
	struct domain d, other;
	int i;

	for (i = 0; i < DOMAINS; i++) {
		domain_make(&d, (uint64_t)i);
		other = d;
		other.options = (uint32_t)i * 2654435761u;
		cold = (struct domain_play){ .d = &other, .cache = cache,
			.packets = i & 1 };
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), MXSEL_OK);
		domain_play(&cold, (uint64_t)i + 1);
		without = (struct domain_play){ .d = &d, .packets = i & 1 };
		domain_play(&without, (uint64_t)i);
		warm = without;
		warm.cache = cache;
		domain_play(&warm, (uint64_t)i);
		domain_check_same(&without, &warm, i, "other options");
	}
}
END_TEST

/* --- one domain ---------------------------------------------------------- */

START_TEST(S5_what_is_known_is_not_asked_again)
{
	mxsel *m;

	ck_assert_int_eq(play(GOOD), 1);
	ck_assert_int_eq(questions, 3);
	m = begin(0, NULL);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_ptr_null(mxsel_query_take(m));
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(questions, 0);
	/* It counts as if it had been asked. */
	ck_assert_uint_eq(mxsel_query_count(m), 3);
	mxsel_free(m);
}
END_TEST

START_TEST(R77_a_ttl_goes_on_running_in_the_cache)
{
	mxsel *m;

	(void)play(GOOD);
	now += 40 * 1000;
	m = begin(0, NULL);
	ck_assert_int_eq(go(m, GOOD), 1);
	ck_assert_int_eq(questions, 0);
	ck_assert_uint_eq(mxsel_ttl(m), 60);
	mxsel_free(m);
	now += 60 * 1000; /* the denial of the AAAA is over, the A is not */
	ck_assert_int_eq(play(GOOD), 1);
	ck_assert_int_eq(questions, 1);
}
END_TEST

START_TEST(R90_what_was_secure_is_secure_out_of_the_cache)
{
	mxsel *m;

	(void)play(SIGNED);
	m = begin(0, NULL);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_is_secure(m), 1);
	ck_assert_int_eq(mxsel_address_is_secure(m), 1);
	ck_assert_int_eq(questions, 0);
	mxsel_free(m);
}
END_TEST

START_TEST(R14_R77_a_failure_is_known_for_seconds_and_defers)
{
	mxsel *m;

	ck_assert_int_eq(play(FAILS), 0);
	ck_assert_int_eq(questions, 1);
	m = begin(0, NULL);
	ck_assert_int_eq(go(m, GOOD), 0);
	ck_assert_int_eq(questions, 0);
	ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
	ck_assert_uint_eq(mxsel_ttl(m), 5);
	mxsel_free(m);
	now += 5000;
	ck_assert_int_eq(play(GOOD), 1);
	ck_assert_int_eq(questions, 3);
}
END_TEST

START_TEST(R14_what_is_forged_lost_or_our_own_end_is_not_kept)
{
	static const enum end ends[] = { FORGED, LOST, NOBODY };

	ck_assert_int_eq(play(ends[_i]), 0);
	ck_assert_int_eq(play(GOOD), 1);
	ck_assert_int_eq(questions, 3);
}
END_TEST

START_TEST(R14_what_a_reset_cancelled_is_not_kept)
{
	mxsel *m = begin(0, NULL);

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_ptr_nonnull(mxsel_query_take(m));
	ck_assert_int_eq(mxsel_reset(m, "example.com"), MXSEL_OK);
	ck_assert_int_eq(go(m, GOOD), 1);
	ck_assert_int_eq(questions, 3);
	mxsel_free(m);
}
END_TEST

static void resolve(mxsel_query *q, void *user)
{
	(void)user;
	answer(q, GOOD);
}

START_TEST(a_resolver_may_go_past_the_cache)
{
	mxsel_resolver *r;
	mxsel *m;

	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, NULL, NULL),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_resolver_set_bypass(r, 1), MXSEL_OK);
	m = begin(0, r);
	ck_assert_int_eq(go(m, GOOD), 1);
	mxsel_free(m);
	m = begin(0, r); /* nothing was kept */
	ck_assert_int_eq(go(m, GOOD), 1);
	ck_assert_int_eq(questions, 3);
	mxsel_free(m);
	ck_assert_uint_eq(mxsel_cache_statistic(cache, MXSEL_CACHE_STORED), 0);
	ck_assert_int_eq(mxsel_resolver_set_bypass(r, 0), MXSEL_OK);
	m = begin(0, r);
	ck_assert_int_eq(go(m, GOOD), 1);
	mxsel_free(m);
	m = begin(0, r);
	ck_assert_int_eq(go(m, GOOD), 1);
	ck_assert_int_eq(questions, 0);
	mxsel_free(m);
	mxsel_resolver_free(r);
}
END_TEST

START_TEST(R78_the_trace_says_what_the_cache_answered)
{
	mxsel *m;

	(void)play(GOOD);
	m = begin(1, NULL);
	ck_assert_int_eq(go(m, GOOD), 1);
	ck_assert(traced(m, "MX complete records 1 ttl 300, cached"));
	ck_assert(traced(m, "A complete records 1 ttl 200, cached"));
	ck_assert(traced(m, "AAAA complete records 0 ttl 100, cached"));
	mxsel_free(m);
}
END_TEST

/* --- what is on record --------------------------------------------------- */

static struct {
	char text[65536];
	size_t length;
} taken[2], *taking;

static void record(const char *line, void *user)
{
	size_t length = strlen(line);

	(void)user;
	if (strncmp(line, "packet", 6) == 0)
		return;
	ck_assert_uint_lt(taking->length + length + 2, sizeof(taking->text));
	memcpy(taking->text + taking->length, line, length);
	taking->length += length;
	taking->text[taking->length++] = '\n';
	taking->text[taking->length] = '\0';
}

/* Told as records and out of the cache: the same lines in the same order. */
START_TEST(R79_what_the_cache_answers_is_on_record)
{
	mxsel_options *o;
	mxsel *m;
	int i;

	for (i = 0; i < 2; i++) {
		taking = &taken[i];
		taking->length = 0;
		ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
		mxsel_options_set_cache(o, cache);
		mxsel_options_set_seed(o, 1);
		mxsel_options_set_recorder(o, record, NULL);
		ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
		mxsel_options_free(o);
		questions = 0;
		ck_assert_int_eq(go(m, GOOD), 1);
		ck_assert_int_eq(questions, i == 0 ? 3 : 0);
		mxsel_free(m);
	}
	ck_assert_ptr_nonnull(strstr(taken[1].text,
		"mx example.com 10 mx.example 300\n"));
	ck_assert_uint_eq(taken[0].length, taken[1].length);
	ck_assert_ptr_nonnull(strstr(taken[1].text,
		"negative mx.example AAAA 100\n"));
}
END_TEST

static void record_all(const char *line, void *user)
{
	size_t length = strlen(line);

	(void)user;
	if (strcmp(line, "mxsel-record 1") == 0)
		taking->length = 0;
	ck_assert_uint_lt(taking->length + length + 2, sizeof(taking->text));
	memcpy(taking->text + taking->length, line, length);
	taking->length += length;
	taking->text[taking->length++] = '\n';
}

/* What came out of the cache is in the record as if it had been answered. */
START_TEST(R79_a_record_of_a_warm_cache_replays_without_it)
{
	struct domain d;
	mxsel_mock *mock;
	int i;

	taking = &taken[0];
	for (i = 0; i < DOMAINS / 3; i++) {
		domain_make(&d, (uint64_t)i);
		ck_assert_int_eq(mxsel_cache_forget(cache, NULL), MXSEL_OK);
		cold = (struct domain_play){ .d = &d, .cache = cache,
			.packets = i & 1 };
		domain_play(&cold, (uint64_t)i);
		warm = cold;
		warm.record = record_all;
		domain_play(&warm, (uint64_t)i);
		domain_check_same(&cold, &warm, i, "on record");
		ck_assert_int_eq(mxsel_mock_new(&mock), MXSEL_OK);
		ck_assert_int_eq(mxsel_mock_replay(mock, taking->text,
			taking->length), MXSEL_OK);
		without = (struct domain_play){ .d = &d,
			.resolver = mxsel_mock_resolver(mock) };
		domain_play(&without, (uint64_t)i);
		domain_check_same(&warm, &without, i, "replayed");
		mxsel_mock_free(mock);
	}
}
END_TEST

/* No settings but the limit of aliases, 0..3; above: the usual one. */
static uint32_t aliases_only(uint32_t most)
{
	return 1u << 5 | 1u << 7 | 2u << 10 | 1u << 12 | 1u << 22 | 1u << 24 |
		1u << 28 | (most > 3 ? 1u << 18 : most << 20);
}

/* The domain, then the names from 9 on; so many links in the first answer. */
static void make_chain(struct domain *d, int length, int shown, uint32_t most)
{
	int i;

	domain_make(d, 1);
	d->options = aliases_only(most);
	d->name[0].alias = 9;
	d->name[0].shown = shown;
	for (i = 9; i < 9 + length; i++) {
		d->name[i].alias = i + 1;
		d->name[i].shown = shown;
	}
	d->name[i].alias = -1;
	d->name[i].says[0] = (struct domain_says){ .count = 1, .ttl = 300 };
}

START_TEST(R11_R79_what_was_an_alias_twice_is_not_told_as_one)
{
	struct domain d;
	mxsel_mock *mock;

	make_chain(&d, 3, 2, 3); /* four links; three are allowed */
	cold = (struct domain_play){ .d = &d, .cache = cache, .packets = 1 };
	domain_play(&cold, 1);
	ck_assert_ptr_nonnull(strstr(cold.told, "flags 4010 "));
	taking = &taken[0];
	warm = cold;
	warm.record = record_all;
	domain_play(&warm, 1);
	domain_check_same(&cold, &warm, 0, "warm");
	ck_assert_int_eq(mxsel_mock_new(&mock), MXSEL_OK);
	ck_assert_int_eq(mxsel_mock_replay(mock, taking->text,
		taking->length), MXSEL_OK);
	without = (struct domain_play){ .d = &d,
		.resolver = mxsel_mock_resolver(mock) };
	domain_play(&without, 1);
	domain_check_same(&cold, &without, 0, "replayed");
	mxsel_mock_free(mock);
}
END_TEST

START_TEST(R11_a_circle_through_the_middle_of_a_chain_is_seen_as_soon)
{
	struct domain d;

	make_chain(&d, 1, 2, 4);
	d.name[10].alias = 9;
	d.name[10].shown = 1;
	cold = (struct domain_play){ .d = &d, .cache = cache };
	domain_play(&cold, 1);
	warm = cold;
	domain_play(&warm, 1);
	domain_check_same(&cold, &warm, 0, "warm");
	ck_assert_uint_eq(cold.questions, 2);
	ck_assert_uint_eq(warm.questions, 2);
}
END_TEST

START_TEST(F100_options_that_are_in_use_take_no_cache)
{
	mxsel_options *o, *copy;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_set_cache(NULL, cache), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_cache(o, cache), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_copy(&copy, o), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_cache(o, NULL), MXSEL_EUSAGE);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_options_set_cache(o, NULL), MXSEL_OK);
	mxsel_options_free(o);
	/* The copy keeps the cache alive when its maker has given it back. */
	mxsel_cache_free(cache);
	cache = NULL;
	ck_assert_int_eq(mxsel_new(&m, "example.com", copy), MXSEL_OK);
	mxsel_options_free(copy);
	ck_assert_int_eq(go(m, GOOD), 1);
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: answers out of the cache");
	TCase *t = tcase_create("cached");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t,
		R32_R77_a_cache_changes_neither_plan_nor_verdict, 0, WAYS);
	tcase_add_test(t,
		R32_what_is_kept_does_not_depend_on_whose_question_it_was);
	tcase_add_test(t, S5_what_is_known_is_not_asked_again);
	tcase_add_test(t, R77_a_ttl_goes_on_running_in_the_cache);
	tcase_add_test(t, R90_what_was_secure_is_secure_out_of_the_cache);
	tcase_add_test(t, R14_R77_a_failure_is_known_for_seconds_and_defers);
	tcase_add_loop_test(t,
		R14_what_is_forged_lost_or_our_own_end_is_not_kept, 0, 3);
	tcase_add_test(t, R14_what_a_reset_cancelled_is_not_kept);
	tcase_add_test(t, a_resolver_may_go_past_the_cache);
	tcase_add_test(t, R78_the_trace_says_what_the_cache_answered);
	tcase_add_test(t, R79_what_the_cache_answers_is_on_record);
	tcase_add_test(t, R79_a_record_of_a_warm_cache_replays_without_it);
	tcase_add_test(t, R11_R79_what_was_an_alias_twice_is_not_told_as_one);
	tcase_add_test(t,
		R11_a_circle_through_the_middle_of_a_chain_is_seen_as_soon);
	tcase_add_test(t, F100_options_that_are_in_use_take_no_cache);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
