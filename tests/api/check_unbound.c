/*
 * The blocking resolver of <mxsel/unbound.h> through the shared libraries:
 * what a server says, fails to say or says in part, and what becomes of the
 * mail (R14, R90, S7, S32, F93).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/run.h"
#include "support/unbound_trial.h"

/* ------------------------------------------------------------ what is said */

START_TEST(R10_the_hosts_of_a_domain_are_found)
{
	struct trial t;

	trial_begin(&t);
	ck_assert(trial_believes(&t, "true.example"));
	ck_assert_uint_ge(liar_heard_udp(t.liar), 2);
	trial_end(&t);
}
END_TEST

START_TEST(R13_no_such_domain_is_believed)
{
	struct trial t;

	trial_begin(&t);
	ck_assert_int_eq(trial_next(&t, "none.example"), MXSEL_END);
	ck_assert_int_eq(t.code, 550);
	trial_end(&t);
}
END_TEST

START_TEST(R12_a_domain_without_mx_is_its_own_host)
{
	struct trial t;

	trial_begin(&t);
	/* Neither MX nor address: the other family was not asked for. */
	ck_assert(trial_defers(&t, "empty.example"));
	ck_assert_ptr_nonnull(strstr(t.answer, "MX complete records 0"));
	trial_end(&t);
}
END_TEST

START_TEST(the_same_question_is_not_asked_twice)
{
	struct trial t;
	unsigned heard;

	trial_begin(&t);
	ck_assert(trial_believes(&t, "true.example"));
	heard = liar_heard_udp(t.liar);
	ck_assert(trial_believes(&t, "true.example"));
	ck_assert_uint_eq(liar_heard_udp(t.liar), heard);
	trial_end(&t);
}
END_TEST

/* A name server of the zone itself: it has the answer, and asks nobody. */
static void be_authoritative(struct liar_call *call)
{
	liar_truth(call);
	if (liar_type(call) == PACKET_MX) {
		liar_begin(call, 0);
		packet_mx(call->packet, PACKET_ANSWER, NULL, 300, 10,
			"mx.Split.test");
	}
	packet_set16(call->packet, 2, PACKET_QR | PACKET_AA);
	liar_send(call);
}

START_TEST(a_zone_is_asked_of_its_own_server)
{
	struct liar *own = liar_start(be_authoritative, NULL);
	struct trial t;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_unbound_add_stub(t.u, "Split.test",
		liar_address(own)), 0);
	ck_assert(trial_believes(&t, "none.split.test"));
	ck_assert_uint_ge(liar_heard_udp(own), 2);
	ck_assert_uint_eq(liar_heard_udp(t.liar), 0);
	ck_assert_int_eq(trial_next(&t, "none.example"), MXSEL_END);
	ck_assert_int_eq(t.code, 550);
	trial_end(&t);
	liar_stop(own);
}
END_TEST

/* A name that libunbound by itself says does not exist. */
START_TEST(names_of_a_private_tree_are_asked_of_the_server_given)
{
	struct trial t;

	trial_begin(&t);
	ck_assert(trial_believes(&t, "true.test"));
	ck_assert(trial_believes(&t, "true.home.arpa"));
	trial_end(&t);
}
END_TEST

START_TEST(S32_without_an_anchor_nothing_is_secure)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_new(&m, "true.example", t.options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_is_secure(m), 0);
	ck_assert_int_eq(mxsel_address_is_secure(m), 0);
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

/* --------------------------------------------------------------- failures */

static const char *const failing[] = {
	"servfail.example", "refused.example", "cut.example"
};

START_TEST(R14_a_failure_keeps_the_mail)
{
	struct trial t;

	trial_begin(&t);
	ck_assert(trial_defers(&t, failing[_i]));
	ck_assert_str_eq(t.answer, "MX servfail");
	trial_end(&t);
}
END_TEST

START_TEST(R14_nobody_listens)
{
	struct trial t;
	char nobody[32];

	trial_begin(&t);
	mxsel_options_free(t.options);
	mxsel_unbound_free(t.u);
	liar_nobody(nobody);
	ck_assert_int_eq(mxsel_unbound_new(&t.u), 0);
	ck_assert_int_eq(mxsel_unbound_add_server(t.u, nobody), 0);
	ck_assert_int_eq(mxsel_unbound_set_query_time(t.u, 1000), 0);
	t.options = trial_options();
	ck_assert_int_eq(mxsel_options_set_resolver(t.options,
		mxsel_unbound_resolver(t.u)), 0);
	ck_assert(trial_defers(&t, "true.example"));
	ck_assert_int_le(t.took, 1000 + TRIAL_SLACK);
	trial_end(&t);
}
END_TEST

START_TEST(R14_another_server_knows)
{
	struct trial t;
	char nobody[32];

	trial_begin(&t);
	liar_nobody(nobody);
	ck_assert_int_eq(mxsel_unbound_add_server(t.u, nobody), 0);
	ck_assert_int_eq(mxsel_unbound_add_stub(t.u, "test", nobody), 0);
	ck_assert_int_eq(mxsel_unbound_add_stub(t.u, "a.Test.",
		liar_address(t.liar)), 0);
	ck_assert(trial_believes(&t, "true.example"));
	ck_assert(trial_believes(&t, "true.example.net"));
	trial_end(&t);
}
END_TEST

START_TEST(S7_silence_ends_with_the_time_for_a_question)
{
	struct trial t;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_unbound_set_query_time(t.u, 300), 0);
	ck_assert(trial_defers(&t, "quiet.example"));
	ck_assert_str_eq(t.answer, "MX timeout");
	ck_assert_int_ge(t.took, 299);
	ck_assert_int_le(t.took, 300 + TRIAL_SLACK);
	trial_end(&t);
}
END_TEST

START_TEST(S7_silence_ends_with_the_time_of_the_selection)
{
	struct trial t;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_options_set(t.options, MXSEL_OPT_TIME_LIMIT,
		250), 0);
	ck_assert(trial_defers(&t, "quiet.example"));
	ck_assert_str_eq(t.answer, "MX timeout");
	ck_assert_int_ge(t.took, 249);
	ck_assert_int_le(t.took, 250 + TRIAL_SLACK);
	trial_end(&t);
}
END_TEST

/* ----------------------------------------------------------- large answers */

#define LARGE 1200 /* records: 60 KiB and more */
#define HUGE 1271  /* so many that not even a CNAME has room beside them */
#define TARGET "big.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.ccccccccc" \
	"ccccccccccccccccccccccccccccccccccccccccccccccccccc.example.org"

static void tell_many(struct liar_call *call, int records)
{
	char name[64];
	int i;

	liar_begin(call, PACKET_REPLY);
	for (i = 0; i < records; i++) {
		snprintf(name, sizeof name,
			"m%d.abcdefghijklmnop%d.example%d", i, i, i);
		packet_mx(call->packet, PACKET_ANSWER, NULL, 300,
			10 + (unsigned)i, name);
	}
	ck_assert(!call->packet->full);
	liar_send(call);
}

static void cut(struct liar_call *call)
{
	if (liar_type(call) == PACKET_MX)
		liar_tell(call, PACKET_REPLY | PACKET_TC);
	else
		liar_tell_truth(call);
}

static void tell_large(struct liar_call *call)
{
	tell_many(call, LARGE);
}

START_TEST(R19_an_answer_of_60_kib_is_read_whole)
{
	struct trial t;

	trial_begin_with(&t, cut, tell_large);
	ck_assert(trial_believes(&t, "example.net"));
	ck_assert_ptr_nonnull(strstr(t.answer, "MX complete records 1200"));
	ck_assert_uint_ge(liar_heard_tcp(t.liar), 1);
	trial_end(&t);
}
END_TEST

static void lead_to_huge(struct liar_call *call)
{
	if (call->question[13] == 'b') {
		cut(call);
		return;
	}
	liar_begin(call, PACKET_REPLY);
	packet_named(call->packet, PACKET_ANSWER, NULL, PACKET_CNAME, 300,
		TARGET);
	liar_send(call);
}

static void tell_huge(struct liar_call *call)
{
	tell_many(call, HUGE);
}

/* Alias and records, found one by one, are more than a message holds. */
START_TEST(R14_what_does_not_fit_is_no_denial)
{
	struct trial t;

	trial_begin_with(&t, lead_to_huge, tell_huge);
	ck_assert(trial_defers(&t, "example.net"));
	ck_assert_str_eq(t.answer, "MX truncated");
	ck_assert_uint_ge(liar_heard_tcp(t.liar), 1);
	trial_end(&t);
}
END_TEST

/* ------------------------------------------------------- cancelling, lives */

START_TEST(F93_freed_while_questions_are_open)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t);
	/* Asked ahead, so that an attempt comes before the answers. */
	ck_assert_int_eq(mxsel_options_set(t.options, MXSEL_OPT_PREFETCH, 16),
		0);
	ck_assert_int_eq(mxsel_new(&m, "true.example", t.options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_reset(m, "quiet.example"), 0);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_new(&m, "true.example", t.options), 0);
	mxsel_free(m);
	ck_assert(trial_believes(&t, "true.example"));
	trial_end(&t);
}
END_TEST

START_TEST(options_keep_it_alive)
{
	struct trial t;
	mxsel *m;

	trial_begin(&t);
	mxsel_unbound_free(t.u);
	t.u = NULL;
	ck_assert(trial_believes(&t, "true.example"));
	ck_assert_int_eq(mxsel_new(&m, "true.example", t.options), 0);
	mxsel_options_free(t.options);
	t.options = NULL;
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_str_eq(mxsel_address(m), "192.0.2.1");
	mxsel_free(m);
	trial_end(&t);
}
END_TEST

/* Two selections of one thread, one of them in the midst of its list. */
START_TEST(selections_do_not_take_each_others_answers)
{
	struct trial t;
	mxsel *a, *b;

	trial_begin(&t);
	ck_assert_int_eq(mxsel_new(&a, "true.example", t.options), 0);
	ck_assert_int_eq(mxsel_new(&b, "none.example", t.options), 0);
	ck_assert_int_eq(mxsel_next(a), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_next(b), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(b), 550);
	ck_assert_int_eq(mxsel_next(a), MXSEL_END);
	mxsel_free(b);
	mxsel_free(a);
	trial_end(&t);
}
END_TEST

/* ---------------------------------------------------------------- silence */

static int standard_error_to(const char *file)
{
	int before = dup(2);
	int fd = open(file, O_CREAT | O_TRUNC | O_WRONLY, 0600);

	ck_assert_int_ge(before, 0);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(dup2(fd, 2), 2);
	close(fd);
	return before;
}

START_TEST(S46_nothing_is_printed_whatever_goes_wrong)
{
	char file[] = "/tmp/mxsel-unbound-XXXXXX";
	int fd = mkstemp(file), before;
	struct trial t;
	off_t printed;

	ck_assert_int_ge(fd, 0);
	before = standard_error_to(file);
	trial_begin(&t);
	(void)mxsel_unbound_add_anchor(t.u, "this is no anchor");
	(void)mxsel_unbound_set_option(t.u, "module-config:", "nonsense");
	(void)mxsel_unbound_set_option(t.u, "no-such-option:", "yes");
	(void)mxsel_unbound_set_option(t.u, "verbosity:", "3");
	(void)trial_next(&t, "servfail.example");
	(void)trial_next(&t, "cut.example");
	trial_end(&t);
	ck_assert_int_eq(dup2(before, 2), 2);
	close(before);
	printed = lseek(fd, 0, SEEK_END);
	close(fd);
	unlink(file);
	ck_assert_int_eq((int)printed, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("unbound");
	TCase *c = tcase_create("blocking");

	tcase_add_test(c, R10_the_hosts_of_a_domain_are_found);
	tcase_add_test(c, R13_no_such_domain_is_believed);
	tcase_add_test(c, R12_a_domain_without_mx_is_its_own_host);
	tcase_add_test(c, the_same_question_is_not_asked_twice);
	tcase_add_test(c, a_zone_is_asked_of_its_own_server);
	tcase_add_test(c,
		names_of_a_private_tree_are_asked_of_the_server_given);
	tcase_add_test(c, S32_without_an_anchor_nothing_is_secure);
	tcase_add_loop_test(c, R14_a_failure_keeps_the_mail, 0,
		(int)(sizeof failing / sizeof *failing));
	tcase_add_test(c, R14_nobody_listens);
	tcase_add_test(c, R14_another_server_knows);
	tcase_add_test(c, S7_silence_ends_with_the_time_for_a_question);
	tcase_add_test(c, S7_silence_ends_with_the_time_of_the_selection);
	tcase_add_test(c, R19_an_answer_of_60_kib_is_read_whole);
	tcase_add_test(c, R14_what_does_not_fit_is_no_denial);
	tcase_add_test(c, F93_freed_while_questions_are_open);
	tcase_add_test(c, options_keep_it_alive);
	tcase_add_test(c, selections_do_not_take_each_others_answers);
	tcase_add_test(c, S46_nothing_is_printed_whatever_goes_wrong);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return mxsel_test_run(suite());
}
