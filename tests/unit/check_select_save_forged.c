/*
 * Saved selections that never were: made by changing one thing in a real one
 * before it is saved, where a forger would change it afterwards. Each is
 * refused, or comes to something that could be (R80). May use lib/select.
 */
#define _DEFAULT_SOURCE

#include <stdlib.h>
#include <string.h>

#include "support/run.h"
#include "support/saved.h"

static const struct zone_record zone[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 20 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ "two.example", A, ZONE_SECURE, "2", 0 },
	/* Its MX is implicit, under an alias that is signed. */
	{ "i.example", MX, ZONE_INSECURE, "-", 0 },
	{ "i.example", 0, ZONE_INSECURE, "x.example", 0 },
	{ "x.example", MX, ZONE_INSECURE, "-", 0 },
	{ "x.example", A, ZONE_INSECURE, "3", 0 },
	{ "x.example", AAAA, ZONE_INSECURE, "-", 0 },
	{ "_25._tcp.i.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static void reach(const char *destination)
{
	begin(destination);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_ATTEMPT);
	ck_assert_int_eq(save_and_resume(), MXSEL_OK);
}

START_TEST(R80_nothing_is_rejected_before_the_first_question)
{
	static const uint8_t rejection[] = { MXSEL_REJECT_SELF, 0, 10, 1,
		'a' };

	begin("d.example");
	save();
	ck_assert_int_eq(resume(), MXSEL_OK);
	put(place_of(offsetof(struct mxsel, rejected_count)), 1, 2);
	memcpy(bytes + size - 4, rejection, sizeof(rejection));
	size += sizeof(rejection);
	seal();
	ck_assert_int_eq(resume(), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R80_what_is_no_destination_has_no_plan)
{
	reach("[192.0.2.1]");
	m->kind = DESTINATION_NO_IDN;
	m->address = "";
	m->source = MXSEL_SOURCE_STATIC;
	m->hosts[0].source = MXSEL_SOURCE_STATIC;
	ck_assert_int_eq(save_and_resume(), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R80_R57_a_host_is_never_localhost)
{
	reach("d.example");
	m->hosts[0].name = m->hosts[0].canonical = "localhost";
	ck_assert_int_eq(save_and_resume(), MXSEL_EMISMATCH);
}
END_TEST

START_TEST(R80_the_status_of_a_refusal_is_one)
{
	static struct name_filter filter = { .pattern = "",
		.status = "5.7.1", .code = 550 };

	reach("d.example");
	m->met |= MET_NAME_FILTER;
	m->name_filter = &filter;
	ck_assert_int_eq(save_and_resume(), MXSEL_OK);
	filter.status = "5.7.1x";
	ck_assert_int_eq(save_and_resume(), MXSEL_ESYNTAX);
	filter.status = "x";
	ck_assert_int_eq(save_and_resume(), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R80_a_refusal_of_many_words_is_saved_in_part)
{
	static char text[70000];

	memset(text, 'x', sizeof(text) - 1);
	ck_assert_int_eq(mxsel_options_refuse_exchange(o, "*", 550, NULL,
		text), MXSEL_OK);
	begin("d.example");
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "5.7.1");
	ck_assert_int_eq(save_and_resume(), MXSEL_OK);
}
END_TEST

/* Up to the question of this type, unanswered. */
static void wait_for(int type, int nth)
{
	mxsel_query *q;

	for (;;) {
		ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
		while ((q = mxsel_query_take(m)) != NULL) {
			if (mxsel_query_type(q) == type && --nth == 0)
				return;
			if (mxsel_query_type(q) == CNAME) {
				mxsel_answer_alias(q, "x.example", 300);
				mxsel_answer_finish(q, 0, ZONE_SECURE);
			} else {
				zone_answer(q, zone, 0);
			}
		}
	}
}

START_TEST(R80_R92_tlsa_records_are_asked_for_names_only)
{
	static const struct {
		const char *name;
		unsigned literal, nameless;
	} hosts[] = { { "192.0.2.1", 1, 0 }, { "x.onion", 0, 1 } };
	struct candidate *c;
	struct host *host;
	size_t i;

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	begin("i.example");
	wait_for(CNAME, 1);
	ck_assert_int_eq(save_and_resume(), MXSEL_OK);
	host = &m->hosts[m->dane_host];
	for (i = 0; i < 2; i++) {
		host->name = host->canonical = hosts[i].name;
		host->literal = hosts[i].literal & 1u;
		host->nameless = hosts[i].nameless & 1u;
		for (c = m->attempts; c != NULL; c = c->after)
			if (host->nameless)
				c->length = 0;
		ck_assert_int_eq(save_and_resume(), MXSEL_ESYNTAX);
	}
}
END_TEST

START_TEST(R80_R91_nobody_has_reached_a_host_that_is_still_asked_about)
{
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	begin("d.example");
	wait_for(TLSA, 1);
	ck_assert_int_eq(save_and_resume(), MXSEL_OK);
	m->hosts[0].reached = 1;
	m->cursor = m->attempts;
	ck_assert_int_eq(save_and_resume(), MXSEL_ESYNTAX);
	m->cursor = NULL;
}
END_TEST

/* How many of the eight steps could be. */
static int count_steps(void)
{
	unsigned step;
	int n = 0;

	for (step = 0; step < 8; step++) {
		save();
		put(place_of(offsetof(struct mxsel, dane_step)), step, 1);
		seal();
		n += resume() == MXSEL_OK;
	}
	return n;
}

START_TEST(R80_R93_a_step_is_one_that_leads_there)
{
	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	begin("d.example");
	wait_for(TLSA, 1);
	ck_assert_int_eq(count_steps(), 2); /* ORIGINAL, or already past */
	begin("i.example");
	wait_for(CNAME, 1); /* is the alias itself secure? */
	ck_assert_int_gt(count_steps(), 1);
	begin("i.example");
	wait_for(TLSA, 1); /* it is */
	ck_assert_int_eq(save_and_resume(), MXSEL_OK);
	ck_assert_int_gt(count_steps(), 1);
}
END_TEST

START_TEST(R80_R92_what_failed_could_have_been_asked_for)
{
	mxsel_query *q;
	struct host *host;

	mxsel_options_set(o, MXSEL_OPT_DANE, 1);
	begin("i.example");
	wait_for(CNAME, 1);
	q = m->asking;
	mxsel_answer_finish(q, MXSEL_DNS_SERVFAIL, 0);
	ck_assert_int_eq(zone_next(m, zone, NULL), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.7.5");
	ck_assert_int_eq(save_and_resume(), MXSEL_OK);
	/* Not under its own name, where there is no alias. */
	host = &m->hosts[0];
	m->original = m->domain;
	host->path = PATH_INSECURE & 7u;
	ck_assert_int_eq(save_and_resume(), MXSEL_ESYNTAX);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: forged saves");
	TCase *one = tcase_create("that never were");

	tcase_add_checked_fixture(one, setup, teardown);
	tcase_add_test(one,
		R80_nothing_is_rejected_before_the_first_question);
	tcase_add_test(one, R80_what_is_no_destination_has_no_plan);
	tcase_add_test(one, R80_R57_a_host_is_never_localhost);
	tcase_add_test(one, R80_the_status_of_a_refusal_is_one);
	tcase_add_test(one, R80_a_refusal_of_many_words_is_saved_in_part);
	tcase_add_test(one, R80_R92_tlsa_records_are_asked_for_names_only);
	tcase_add_test(one,
		R80_R91_nobody_has_reached_a_host_that_is_still_asked_about);
	tcase_add_test(one, R80_R93_a_step_is_one_that_leads_there);
	tcase_add_test(one, R80_R92_what_failed_could_have_been_asked_for);
	suite_add_tcase(suite, one);
	return mxsel_test_run(suite);
}
