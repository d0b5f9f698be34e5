/*
 * Letters of either case in what is asked over UDP (S6): drawn by chance,
 * wanted back as they were, and no obstacle to mail where a server does not
 * keep them. Through the shared libraries.
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <math.h>

#include "support/crowd_trial.h"
#include "support/run.h"

/* At one server, with the setting. */
static void begin(struct party *p, const struct crowd_plan *plan, int mix)
{
	party_begin(p, plan, PARTY_TIME);
	ck_assert_int_eq(mxsel_engine_set(p->engine, MXSEL_ENGINE_MIX_CASE,
		mix), 0);
}

/* Datagrams with a letter in upper case. */
static unsigned shouted(struct crowd *crowd)
{
	const struct crowd_note *notes = crowd_notes(crowd);
	unsigned heard = crowd_heard_udp(crowd), i, n = 0;

	ck_assert_uint_le(heard, CROWD_NOTES);
	for (i = 0; i < heard; i++)
		n += notes[i].upper != 0;
	return n;
}

START_TEST(S6_F19_a_server_that_keeps_the_letters_answers_over_UDP)
{
	struct party p;

	begin(&p, NULL, 1);
	party_send_many(&p, "d", 0, 300);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 300);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 0);
	/* None, unless the machine is slow. */
	ck_assert_uint_le(party_counted(&p, MXSEL_LDNS_SENT_TCP),
		party_counted(&p, MXSEL_LDNS_TIMEOUTS));
	/* With 8 letters and more, one of 256 at most has none of them. */
	ck_assert_uint_ge(shouted(p.crowds[0]), 850);
	party_end(&p);
}
END_TEST

START_TEST(S6_F19_one_that_folds_them_is_asked_over_TCP_once_for_each)
{
	static const struct crowd_plan plan = { .folds = 1 };
	unsigned over_tcp, folded, same;
	struct party p;

	begin(&p, &plan, 1);
	party_send_many(&p, "d", 0, 200);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 200);
	over_tcp = party_counted(&p, MXSEL_LDNS_SENT_TCP);
	folded = party_counted(&p, MXSEL_LDNS_MISMATCHED);
	ck_assert_uint_le(folded, over_tcp);
	/* Or because the machine is slow. */
	ck_assert_uint_ge(folded + party_counted(&p, MXSEL_LDNS_TIMEOUTS),
		over_tcp);
	ck_assert_uint_eq(crowd_heard_tcp(p.crowds[0]), over_tcp);
	ck_assert_uint_le(crowd_most_tcp(p.crowds[0]),
		1 + party_counted(&p, MXSEL_LDNS_TIMEOUTS));
	/* All but those that went out in lower case by chance. */
	same = crowd_heard_udp(p.crowds[0]) - shouted(p.crowds[0]);
	ck_assert_uint_le(over_tcp, crowd_questions(p.crowds[0]));
	ck_assert_uint_ge(over_tcp + same, crowd_questions(p.crowds[0]));
	/* Over TCP nothing is mixed. */
	ck_assert_uint_eq(crowd_shouted_tcp(p.crowds[0]), 0);
	party_end(&p);
}
END_TEST

START_TEST(S6_F19_without_TCP_either_it_is_temporary_and_never_wrong)
{
	static const struct crowd_plan plan = { .folds = 1, .no_tcp = 1 };
	struct party p;

	begin(&p, &plan, 1);
	/* All of 32 letters in lower case are not to be expected. */
	party_send_many(&p, "nobodyhasthisnameinlowercaseletters", 0, 50);
	party_send_many(&p, "dobodyhasthisnameinlowercaseletters", 0, 50);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DNS_TEMPORARY], 100);
	party_end(&p);
}
END_TEST

START_TEST(S6_F19_a_second_server_that_keeps_them_is_believed)
{
	static const struct crowd_plan plan = { .folds = 1, .no_tcp = 1 };
	struct party p;

	begin(&p, &plan, 1);
	party_server(&p, NULL);
	party_send_many(&p, "d", 0, 50);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 50);
	ck_assert_uint_ge(crowd_heard_udp(p.crowds[1]), 50);
	party_end(&p);
}
END_TEST

START_TEST(S6_F19_unless_it_is_set_no_upper_case_letter_is_sent)
{
	static const struct crowd_plan plan = { .folds = 1 };
	struct party p;

	party_begin(&p, &plan, PARTY_TIME);
	party_send_many(&p, "D", 0, 300);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_DELIVERED], 300);
	/* 900, but where a busy machine loses some, which go over TCP. */
	ck_assert_uint_ge(crowd_heard_udp(p.crowds[0]), 500);
	ck_assert_uint_eq(shouted(p.crowds[0]), 0);
	ck_assert_uint_eq(party_counted(&p, MXSEL_LDNS_MISMATCHED), 0);
	party_end(&p);
}
END_TEST

START_TEST(S6_it_can_be_set_and_taken_back_between_questions)
{
	struct party p;
	unsigned before;

	begin(&p, NULL, 1);
	party_send_many(&p, "zzzzzzzzzzzzzzzz", 0, 20);
	party_run(&p, PARTY_TIME);
	before = shouted(p.crowds[0]);
	ck_assert_uint_ge(before, 19);
	ck_assert_int_eq(mxsel_engine_set(p.engine, MXSEL_ENGINE_MIX_CASE, 0),
		0);
	party_send_many(&p, "zzzzzzzzzzzzzzzz", 100, 20);
	party_run(&p, PARTY_TIME);
	ck_assert_uint_eq(shouted(p.crowds[0]), before);
	ck_assert_uint_eq(p.reasons[MXSEL_REASON_NULL_MX], 40);
	party_end(&p);
}
END_TEST

/* --- chance -------------------------------------------------------------- */

#define TRIES 2000u
#define LETTERS 32u

/* Of so many tries half are expected; more or less than this comes with
   p < 1e-12, for all 528 figures together with p < 1e-9. */
static void half(unsigned n, unsigned i, unsigned k)
{
	ck_assert_msg(fabs(n - TRIES / 2.0) < 7.2 * sqrt(TRIES / 4.0),
		"letters %u and %u: %u of %u", i, k, n, TRIES);
}

/* One name again and again: 42 letters and two dots. */
static void ask_the_same(struct party *p)
{
	unsigned i;

	for (i = 0; i < TRIES; i++) {
		party_send(p, "zabcdefghijklmnopqrstuvwx.yzabcdefgh.example");
		party_run(p, PARTY_TIME);
	}
	ck_assert_uint_ge(crowd_heard_udp(p->crowds[0]), TRIES);
}

static unsigned turned(const struct crowd_note *note, unsigned letter)
{
	return note->upper >> letter & 1;
}

START_TEST(S6_every_letter_is_drawn_by_itself)
{
	const struct crowd_note *notes;
	unsigned i, k, n, t;
	struct party p;

	begin(&p, NULL, 1);
	ask_the_same(&p);
	notes = crowd_notes(p.crowds[0]);
	for (i = 0; i < LETTERS; i++)
		for (k = i; k < LETTERS; k++) {
			for (n = 0, t = 0; t < TRIES; t++)
				n += turned(&notes[t], i) ^ (k > i &&
					turned(&notes[t], k));
			half(n, i, k);
		}
	/* Those beyond the 32nd are mixed, too. */
	for (i = LETTERS; i < 42; i++) {
		for (n = 0, t = 0; t < TRIES; t++)
			n += turned(&notes[t], i);
		half(n, i, i);
	}
	party_end(&p);
}
END_TEST

START_TEST(S6_a_question_that_is_sent_again_has_other_letters)
{
	static const struct crowd_plan plan = { .silent = 1, .no_tcp = 1 };
	const struct crowd_note *notes;
	struct party p;

	party_begin(&p, &plan, 700);
	ck_assert_int_eq(mxsel_engine_set(p.engine, MXSEL_ENGINE_MIX_CASE, 1),
		0);
	party_send(&p, "zabcdefghijklmnopqrstuvwx.yzabcdefgh.example");
	party_run(&p, 1000);
	ck_assert_uint_ge(crowd_heard_udp(p.crowds[0]), 2);
	notes = crowd_notes(p.crowds[0]);
	ck_assert(notes[0].upper != notes[1].upper);
	party_end(&p);
}
END_TEST

/* --- the blocking resolver ----------------------------------------------- */

static void call_mixed(struct caller *c, const struct crowd_plan *plan,
	int mix)
{
	call(c, plan);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(c->resolver, mix), 0);
}

/* The first attempt, and that it is the right one. */
static int reaches(const struct caller *c, const char *destination)
{
	mxsel *m;
	int result;

	ck_assert_int_eq(mxsel_new(&m, destination, c->options), 0);
	result = mxsel_next(m);
	if (result == MXSEL_ATTEMPT)
		party_look(m);
	else
		ck_assert_int_eq(mxsel_verdict_code(m), 451);
	mxsel_free(m);
	return result == MXSEL_ATTEMPT;
}

static const struct {
	struct crowd_plan plan;
	int mix, reaches, shouts, tcp;
} calls[] = {
	{ { .folds = 0 }, 1, 1, 1, 0 },
	{ { .folds = 1 }, 1, 1, 1, 1 },
	{ { .folds = 1, .no_tcp = 1 }, 1, 0, 1, 0 },
	{ { .folds = 1 }, 0, 1, 0, 0 },
};

START_TEST(S6_F19_the_blocking_resolver_does_the_same)
{
	struct caller c;

	call_mixed(&c, &calls[_i].plan, calls[_i].mix);
	ck_assert_int_eq(reaches(&c, "dobodyhasthisnameinlowercase.example"),
		calls[_i].reaches);
	ck_assert_int_eq(shouted(c.crowd) > 0, calls[_i].shouts);
	ck_assert_int_eq(crowd_heard_tcp(c.crowd) > 0, calls[_i].tcp);
	ck_assert_uint_eq(crowd_shouted_tcp(c.crowd), 0);
	ck_assert_uint_eq(mxsel_ldns_statistic(c.resolver,
		MXSEL_LDNS_MISMATCHED) > 0, calls[_i].mix &&
		calls[_i].plan.folds);
	hang_up(&c);
}
END_TEST

START_TEST(S6_F100_it_is_on_or_off_and_of_this_resolver_only)
{
	struct caller c;

	call_mixed(&c, NULL, 0);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(c.resolver, -1),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(c.resolver, 2),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_ldns_set_mix_case(NULL, 1), MXSEL_EUSAGE);
	ck_assert(reaches(&c, "done.example"));
	ck_assert_uint_eq(shouted(c.crowd), 0);
	/* Also after the first question. */
	ck_assert_int_eq(mxsel_ldns_set_mix_case(c.resolver, 1), 0);
	ck_assert(reaches(&c, "dobodyhasthisnameinlowercase.example"));
	ck_assert_uint_ge(shouted(c.crowd), 1);
	hang_up(&c);
}
END_TEST

static void add_engine(Suite *suite)
{
	TCase *c = tcase_create("engine");

	tcase_add_test(c,
		S6_F19_a_server_that_keeps_the_letters_answers_over_UDP);
	tcase_add_test(c,
		S6_F19_one_that_folds_them_is_asked_over_TCP_once_for_each);
	tcase_add_test(c,
		S6_F19_without_TCP_either_it_is_temporary_and_never_wrong);
	tcase_add_test(c, S6_F19_a_second_server_that_keeps_them_is_believed);
	tcase_add_test(c,
		S6_F19_unless_it_is_set_no_upper_case_letter_is_sent);
	tcase_add_test(c, S6_it_can_be_set_and_taken_back_between_questions);
	tcase_add_test(c, S6_every_letter_is_drawn_by_itself);
	tcase_add_test(c, S6_a_question_that_is_sent_again_has_other_letters);
	suite_add_tcase(suite, c);
}

static void add_blocking(Suite *suite)
{
	TCase *c = tcase_create("blocking");

	tcase_add_loop_test(c, S6_F19_the_blocking_resolver_does_the_same, 0,
		(int)(sizeof calls / sizeof calls[0]));
	tcase_add_test(c, S6_F100_it_is_on_or_off_and_of_this_resolver_only);
	suite_add_tcase(suite, c);
}

int main(void)
{
	Suite *suite = suite_create("letters of either case");

	add_engine(suite);
	add_blocking(suite);
	return mxsel_test_run(suite);
}
