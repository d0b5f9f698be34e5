/*
 * Arguments that nobody should give: F99. May use host_judge.h.
 */
#define _POSIX_C_SOURCE 200809L

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mock.h>
#include <mxsel/security.h>

#include "faults/api.h"
#include "faults/host_judge.h"

#define MEGABYTE 1048576u

static mxsel *asking(const char *destination, mxsel_query **q)
{
	mxsel *m;

	EXPECT(mxsel_new(&m, destination, NULL) == 0);
	EXPECT(mxsel_next(m) == MXSEL_LOOKUP);
	*q = mxsel_query_take(m);
	EXPECT(*q != NULL);
	return m;
}

/* Records beyond what a message carries: the answer counts as a failure. */
static void too_many_records(void)
{
	mxsel_query *q;
	mxsel *m = asking("example.com", &q);
	int i, refused = 0;

	for (i = 0; i < 70000; i++)
		refused += mxsel_answer_mx(q, (uint16_t)i, "mx.example.com",
			300) == MXSEL_ELIMIT;
	EXPECT(refused > 0);
	EXPECT(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0) == 0);
	EXPECT(mxsel_next(m) == MXSEL_END);
	EXPECT(mxsel_verdict_code(m) == 451);
	mxsel_free(m);
}

static void too_many_addresses(void)
{
	static const uint8_t v4[4] = { 192, 0, 2, 1 };
	mxsel_query *q;
	mxsel *m = asking("[mx.example.com]", &q);
	int i, refused = 0;

	while (q != NULL) {
		for (i = 0; i < 70000 &&
				mxsel_query_type(q) == MXSEL_TYPE_A; i++)
			refused += mxsel_answer_address(q, v4, 4, 300) ==
				MXSEL_ELIMIT;
		for (i = 0; i < 70000; i++)
			refused += mxsel_answer_alias(q, "a.example", 300) ==
				MXSEL_ELIMIT;
		EXPECT(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0) == 0);
		q = mxsel_query_take(m);
	}
	EXPECT(refused > 0);
	EXPECT(mxsel_next(m) == MXSEL_END);
	EXPECT(mxsel_verdict_code(m) == 451);
	mxsel_free(m);
}

static void wrong_lengths(void)
{
	static const uint8_t octets[64];
	static const size_t sizes[] = { 0, 1, 3, 4, 5, 15, 16, 17, 64,
		SIZE_MAX };
	mxsel_query *q;
	mxsel *m = asking("[mx.example.com]", &q);
	size_t i, right;

	right = mxsel_query_type(q) == MXSEL_TYPE_A ? 4 : 16;
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (sizes[i] != right)
			EXPECT(mxsel_answer_address(q, octets, sizes[i], 1) ==
				MXSEL_EUSAGE);
	EXPECT(mxsel_answer_address(q, NULL, right, 1) == MXSEL_EUSAGE);
	EXPECT(mxsel_answer_mx(q, 0, "mx.example", 1) == MXSEL_EUSAGE);
	EXPECT(mxsel_answer_tlsa(q, 3, 1, 1, octets, 32, 1) == MXSEL_EUSAGE);
	EXPECT(mxsel_answer_alias(q, NULL, 1) == MXSEL_EUSAGE);
	EXPECT(mxsel_answer_alias(q, "a..b", 1) == MXSEL_ESYNTAX);
	EXPECT(mxsel_answer_finish(q, -1, 0) == MXSEL_ERANGE);
	EXPECT(mxsel_answer_finish(q, INT_MAX, 0) == MXSEL_ERANGE);
	EXPECT(mxsel_answer_finish(q, 0, INT_MIN) == MXSEL_ERANGE);
	EXPECT(mxsel_answer_packet(q, octets, 64, 99) == MXSEL_ERANGE);
	for (i = 0; i < 64; i++)
		EXPECT(mxsel_answer_packet(q, octets, i, 0) ==
			MXSEL_EMALFORMED ||
			mxsel_answer_packet(q, octets, i, 0) ==
			MXSEL_EMISMATCH);
	mxsel_free(m);
}

static void larger_than_messages(const uint8_t *octets)
{
	mxsel_query *q;
	mxsel *m = asking("example.com", &q);

	EXPECT(mxsel_answer_packet(q, octets, MEGABYTE, 0) < 0);
	EXPECT(mxsel_answer_packet(q, octets, 65536, 0) < 0);
	EXPECT(mxsel_answer_mx(q, 0, NULL, 1) == MXSEL_EUSAGE);
	EXPECT(mxsel_answer_mx(q, 65535, (const char *)octets, 1) <= 0);
	EXPECT(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0) == 0);
	EXPECT(mxsel_next(m) == MXSEL_END || mxsel_next(m) ==
		MXSEL_LOOKUP);
	mxsel_free(m);
}

/* A text of a megabyte without an end in between. */
static void long_texts(const char *text)
{
	mxsel_options *o;
	mxsel_mock *mock;
	mxsel_sts *policy = NULL;
	size_t length = strlen(text);
	mxsel *m;

	EXPECT(mxsel_new(&m, text, NULL) == 0);
	EXPECT(mxsel_next(m) == MXSEL_END);
	EXPECT(mxsel_verdict_reason(m) == MXSEL_REASON_BAD_DESTINATION);
	EXPECT(strlen(mxsel_destination(m)) <= 1024);
	EXPECT(mxsel_reset(m, text) == 0);
	mxsel_free(m);
	EXPECT(mxsel_new_bytes(&m, text, length, NULL) == 0);
	mxsel_free(m);
	EXPECT(mxsel_resume(&m, (const uint8_t *)text, length, NULL) ==
		MXSEL_ESYNTAX);
	EXPECT(mxsel_options_new(&o) == 0);
	EXPECT(mxsel_options_add_self_name(o, text) == MXSEL_ESYNTAX);
	EXPECT(mxsel_options_add_self_address(o, text) == MXSEL_ESYNTAX);
	EXPECT(mxsel_options_allow_network(o, text) == MXSEL_ESYNTAX);
	EXPECT(mxsel_options_add_nat64(o, text) == MXSEL_ESYNTAX);
	EXPECT(mxsel_options_refuse_exchange(o, text, 550, NULL, NULL) ==
		MXSEL_ESYNTAX);
	mxsel_options_free(o);
	EXPECT(mxsel_sts_new(&policy, "example.com", text, length, 0) ==
		MXSEL_ELIMIT);
	EXPECT(mxsel_sts_check(text, length, NULL, NULL) == MXSEL_ELIMIT);
	EXPECT(mxsel_sts_new(&policy, text, "", 0, 0) == MXSEL_ESYNTAX);
	EXPECT(mxsel_mock_new(&mock) == 0);
	EXPECT(mxsel_mock_mx(mock, text, 1, text, 1) <= 0);
	EXPECT(mxsel_mock_address(mock, "a", text, 1) == MXSEL_ESYNTAX);
	EXPECT(mxsel_mock_replay(mock, text, length) == MXSEL_ESYNTAX);
	mxsel_mock_free(mock);
}

static void wild_numbers(void)
{
	static const int values[] = { INT_MIN, -1, 0, 1, 2, 255, 65535, 65536,
		INT_MAX };
	mxsel_options *o;
	int option, before;
	size_t i;

	EXPECT(mxsel_options_new(&o) == 0);
	for (option = -1; option < 40; option++)
		for (i = 0; i < sizeof values / sizeof *values; i++) {
			before = mxsel_options_get(o, option);
			if (mxsel_options_set(o, option, values[i]) == 0)
				EXPECT(mxsel_options_get(o, option) ==
					values[i]);
			else
				EXPECT(mxsel_options_get(o, option) ==
					before);
		}
	EXPECT(mxsel_options_refuse_exchange(o, "a", INT_MIN, NULL, NULL) ==
		MXSEL_ERANGE);
	mxsel_options_free(o);
}

/* A million lines to a resolver from text, and names on the way to it. */
static void adapters(const char *text)
{
	mxsel_resolver *r = NULL;
	mxsel_engine *e = NULL;
	struct trial t;

	EXPECT(mxsel_ldns_zone_text_new(&r, text) == MXSEL_EFILE);
	EXPECT(mxsel_ldns_zone_new(&r, &text, 1) == MXSEL_EFILE);
	EXPECT(mxsel_ldns_new(&r, text) == MXSEL_EFILE);
	EXPECT(mxsel_engine_new(&e, text) == MXSEL_EFILE);
	trial_begin(&t, JUDGE_LONG);
	trial_server(&t, honest, NULL);
	EXPECT(mxsel_ldns_add_server(t.resolver, text) == MXSEL_ESYNTAX);
	EXPECT(mxsel_engine_add_server(t.engine, text) == MXSEL_ESYNTAX);
	EXPECT(mxsel_engine_set(t.engine, INT_MAX, INT_MIN) == MXSEL_ERANGE);
	trial_expect_right(&t);
	trial_end(&t);
}

void F99_hostile(void)
{
	struct base base;
	struct trial t;
	char *text;

	trial_begin(&t, JUDGE_LONG); /* what the C library keeps is kept */
	trial_end(&t);
	judge_base(&base);
	too_many_records();
	too_many_addresses();
	wrong_lengths();
	wild_numbers();
	text = malloc(MEGABYTE + 1);
	EXPECT(text != NULL);
	memset(text, 'a', MEGABYTE);
	text[MEGABYTE] = '\0';
	larger_than_messages((const uint8_t *)text);
	long_texts(text);
	adapters(text);
	free(text);
	judge_same(&base, "at the end");
}
