/*
 * One request for memory fails, and no other: whoever needed it says so, and
 * nothing is half there (S39). May use the public headers.
 */
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"
#include "support/signed_zone.h"

static struct {
	int calls, fail_at; /* -1: none */
} heap;

static void *give(void *pointer, size_t size, void *user)
{
	(void)user;
	if (size == 0) {
		free(pointer);
		return NULL;
	}
	if (heap.calls++ == heap.fail_at)
		return NULL;
	return realloc(pointer, size);
}

static mxsel_options *o;

static void setup(void)
{
	heap.fail_at = -1;
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, give, NULL),
		MXSEL_OK);
	mxsel_options_set_seed(o, 1);
}

static void teardown(void)
{
	mxsel_options_free(o);
}

/* The one after so many more is the one that fails. */
static void fail_once(int after)
{
	heap.calls = 0;
	heap.fail_at = after;
}

/* Did it? From now on none does. */
static int failed(void)
{
	int yes = heap.fail_at >= 0 && heap.calls > heap.fail_at;

	heap.fail_at = -1;
	return yes;
}

START_TEST(R65_S39_a_refusal_is_kept_whole_or_not_at_all)
{
	static char text[1100];
	size_t length;
	int k, failures = 0;

	for (length = 8; length < 1040; length += 8)
		for (k = 0; k < 4; k++) {
			int rc;

			teardown();
			setup();
			memset(text, 'x', length);
			text[length] = '\0';
			fail_once(k);
			rc = mxsel_options_refuse_exchange(o, "pattern", 550,
				"5.7.123", text);
			failures += rc == MXSEL_ENOMEM;
			ck_assert_int_eq(rc, failed() ? MXSEL_ENOMEM
				: MXSEL_OK);
		}
	ck_assert_int_gt(failures, 100);
}
END_TEST

/* So that each of its lists has memory of its own. */
static void fill_lists(mxsel_options *options)
{
	char name[300];
	int i;

	for (i = 0; i < 9; i++) {
		memset(name, 'a' + i, 60);
		memcpy(name + 60, ".example", 9);
		ck_assert_int_eq(mxsel_options_add_self_name(options, name),
			MXSEL_OK);
		(void)snprintf(name, sizeof(name), "192.0.2.%d", i + 1);
		ck_assert_int_eq(mxsel_options_add_self_address(options, name),
			MXSEL_OK);
		ck_assert_int_eq(mxsel_options_allow_network(options, name),
			MXSEL_OK);
		(void)snprintf(name, sizeof(name), "2001:db8:%d::/96", i + 1);
		ck_assert_int_eq(mxsel_options_add_nat64(options, name),
			MXSEL_OK);
		ck_assert_int_eq(mxsel_options_refuse_exchange(options,
			"*.example", 550, NULL, NULL), MXSEL_OK);
	}
}

START_TEST(S39_options_are_copied_whole_or_not_at_all)
{
	mxsel_options *copy;
	int k, rc = MXSEL_ENOMEM;

	fill_lists(o);
	for (k = 0; rc != MXSEL_OK; k++) {
		copy = NULL;
		fail_once(k);
		rc = mxsel_options_copy(&copy, o);
		ck_assert_int_eq(rc, failed() ? MXSEL_ENOMEM : MXSEL_OK);
		ck_assert((rc == MXSEL_OK) == (copy != NULL));
	}
	ck_assert_int_gt(k, 10);
	mxsel_options_free(copy);
}
END_TEST

static int lines;

static void record(const char *line, void *user)
{
	(void)line;
	(void)user;
	lines++;
}

/* A question of this type, about the first host or the domain. */
static mxsel_query *ask(mxsel **m, int type)
{
	static const struct zone_record zone[] = {
		{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
		{ "one.example", A, ZONE_SECURE, "1", 0 },
		{ NULL, 0, 0, NULL, 0 }
	};
	mxsel_query *q;

	ck_assert_int_eq(mxsel_new(m, "d.example", o), MXSEL_OK);
	for (;;) {
		ck_assert_int_eq(mxsel_next(*m), MXSEL_LOOKUP);
		while ((q = mxsel_query_take(*m)) != NULL) {
			if (mxsel_query_type(q) == type)
				return q;
			zone_answer(q, zone, 0);
		}
	}
}

START_TEST(R79_S39_what_cannot_be_recorded_is_not_taken)
{
	static char text[5000];
	static uint8_t data[5000];
	mxsel_query *q;
	mxsel *m;
	int way, rc, before;

	memset(text, 'x', sizeof(text) - 1);
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	ck_assert_int_eq(mxsel_options_set_recorder(o, record, NULL),
		MXSEL_OK);
	for (way = 0; way < 3; way++) {
		q = ask(&m, way == 2 ? TLSA : MX);
		before = lines;
		fail_once(0);
		if (way == 0)
			rc = mxsel_answer_mx(q, 10, text, 300);
		else if (way == 1)
			rc = mxsel_answer_alias(q, text, 300);
		else
			rc = mxsel_answer_tlsa(q, 3, 1, 0, data,
				sizeof(data), 300);
		ck_assert(failed());
		ck_assert_int_eq(rc, MXSEL_ENOMEM);
		ck_assert_int_eq(lines, before);
		/* The answer is not complete, whatever it says it is. */
		(void)mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, ZONE_SECURE);
		ck_assert_int_eq(mxsel_next(m), MXSEL_END);
		ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_DEFER);
		mxsel_free(m);
	}
}
END_TEST

START_TEST(R79_S39_a_destination_that_cannot_be_recorded_is_none)
{
	static char text[1000];
	mxsel *m;
	int k, rc = MXSEL_ENOMEM;

	memset(text, 'x', sizeof(text) - 1);
	memcpy(text + sizeof(text) - 20, "@d.example", 11);
	ck_assert_int_eq(mxsel_options_set_recorder(o, record, NULL),
		MXSEL_OK);
	for (k = 0; rc != MXSEL_OK; k++) {
		m = NULL;
		fail_once(k);
		rc = mxsel_new(&m, text, o);
		ck_assert_int_eq(rc, failed() ? MXSEL_ENOMEM : MXSEL_OK);
		ck_assert((rc == MXSEL_OK) == (m != NULL));
	}
	ck_assert_int_gt(k, 2);
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: one request fails");
	TCase *one = tcase_create("one thing");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one, R65_S39_a_refusal_is_kept_whole_or_not_at_all);
	tcase_add_test(one, S39_options_are_copied_whole_or_not_at_all);
	tcase_add_test(one, R79_S39_what_cannot_be_recorded_is_not_taken);
	tcase_add_test(one,
		R79_S39_a_destination_that_cannot_be_recorded_is_none);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
