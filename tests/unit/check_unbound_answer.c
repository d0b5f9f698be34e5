/*
 * What libunbound's results become (R90, R14, S31, S32): bogus is never an
 * answer, secure needs the word "secure", insecure needs somebody who
 * validated, and what is no message ends the question all the same.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/packet.h"
#include "support/run.h"
#include "unbound/answer.h"

#define NAME "example.net"

enum { VALIDATES = 1, DOES_NOT = 0 };

struct trial {
	mxsel_options *options;
	mxsel *m;
	mxsel_query *query;
	struct packet packet;
	char line[4096]; /* of the record: how the question was answered */
};

/* Of a record's lines the last one, which is the answer's. */
static void record(const char *line, void *user)
{
	struct trial *t = user;

	strncpy(t->line, line, sizeof t->line - 1);
	t->line[sizeof t->line - 1] = '\0';
}

static void begin(struct trial *t, unsigned flags)
{
	memset(t, 0, sizeof *t);
	ck_assert_int_eq(mxsel_options_new(&t->options), 0);
	ck_assert_int_eq(mxsel_options_set_recorder(t->options, record, t),
		0);
	ck_assert_int_eq(mxsel_new(&t->m, NAME, t->options), 0);
	ck_assert_int_eq(mxsel_next(t->m), MXSEL_LOOKUP);
	t->query = mxsel_query_take(t->m);
	ck_assert_ptr_nonnull(t->query);
	packet_begin(&t->packet, flags, NAME, PACKET_MX);
}

static void end(struct trial *t)
{
	mxsel_free(t->m);
	mxsel_options_free(t->options);
}

/* As libunbound makes it: every part from malloc(). */
static struct ub_result *result_of(const struct packet *packet, int rcode)
{
	struct ub_result *r = calloc(1, sizeof *r);

	ck_assert_ptr_nonnull(r);
	r->rcode = rcode;
	r->answer_packet = malloc(packet->size + 1);
	ck_assert_ptr_nonnull(r->answer_packet);
	memcpy(r->answer_packet, packet->octets, packet->size);
	r->answer_len = (int)packet->size;
	return r;
}

static void add_mx(struct trial *t)
{
	packet_mx(&t->packet, PACKET_ANSWER, NULL, 300, 10, "mx.example.net");
}

/* MXSEL_SECURITY_* of the answer, as the record's line has it. */
static int security(const struct trial *t)
{
	int number = -1;

	if (sscanf(t->line, "packet %*s %*s %d", &number) != 1)
		(void)sscanf(t->line, "end %*s %*s %*d %d", &number);
	return number;
}

/* The mail is kept, by this question alone. */
static void defers(struct trial *t)
{
	ck_assert_int_eq(mxsel_next(t->m), MXSEL_END);
	ck_assert_int_eq(mxsel_verdict_code(t->m), 451);
}

static int is_secure(int secure, int proves, unsigned flags, int rcode)
{
	struct ub_result *r;
	struct trial t;
	int was;

	begin(&t, flags);
	if (rcode == 0)
		add_mx(&t);
	r = result_of(&t.packet, rcode);
	r->secure = secure;
	mxsel__ub_answer(t.query, 0, r, proves);
	was = security(&t);
	end(&t);
	return was;
}

START_TEST(S32_only_secure_is_secure)
{
	ck_assert_int_eq(is_secure(1, VALIDATES, PACKET_REPLY, 0),
		MXSEL_SECURITY_SECURE);
	ck_assert_int_eq(is_secure(1, VALIDATES, PACKET_REPLY | 3, 3),
		MXSEL_SECURITY_SECURE);
	ck_assert_int_eq(is_secure(0, VALIDATES, PACKET_REPLY, 0),
		MXSEL_SECURITY_INSECURE);
	ck_assert_int_eq(is_secure(0, VALIDATES, PACKET_REPLY | 3, 3),
		MXSEL_SECURITY_INSECURE);
	ck_assert_int_eq(is_secure(0, DOES_NOT, PACKET_REPLY, 0),
		MXSEL_SECURITY_INDETERMINATE);
	/* A failure proves nothing. */
	ck_assert_int_eq(is_secure(0, VALIDATES, PACKET_REPLY | 2, 2),
		MXSEL_SECURITY_INDETERMINATE);
	/* The AD bit of the message is nobody's word (S31). */
	ck_assert_int_eq(is_secure(0, DOES_NOT, PACKET_REPLY | PACKET_AD, 0),
		MXSEL_SECURITY_INDETERMINATE);
}
END_TEST

static const struct {
	unsigned flags;
	int rcode;
	int records, secure, header_only;
} bogus[] = {
	{ PACKET_REPLY, 0, 1, 0, 0 }, /* data that was tampered with */
	{ PACKET_REPLY, 0, 0, 0, 0 },
	{ PACKET_REPLY | 3, 3, 0, 0, 0 },
	{ PACKET_REPLY | 2, 2, 0, 0, 0 },
	{ PACKET_REPLY | 2, 2, 0, 0, 1 },
	{ PACKET_REPLY, 0, 0, 0, 1 },
	{ PACKET_REPLY, 0, 1, 1, 0 } /* both: the worse one */
};

START_TEST(R90_bogus_is_never_an_answer)
{
	struct ub_result *r;
	struct trial t;

	begin(&t, bogus[_i].flags);
	if (bogus[_i].records)
		add_mx(&t);
	r = result_of(&t.packet, bogus[_i].rcode);
	r->bogus = 1;
	r->secure = bogus[_i].secure;
	if (bogus[_i].header_only) {
		((uint8_t *)r->answer_packet)[5] = 0;
		r->answer_len = 12;
	}
	mxsel__ub_answer(t.query, 0, r, VALIDATES);
	ck_assert_int_eq(security(&t), MXSEL_SECURITY_BOGUS);
	defers(&t);
	end(&t);
}
END_TEST

/* An error, a message that is none, one for another question, with a
   response code that libunbound made up itself. */
static const struct {
	const char *what;
	int error, rcode, length, outcome;
} failures[] = {
	{ "an error of libunbound", -4, 0, -1, MXSEL_DNS_NETWORK },
	{ "no message", 0, 2, 0, MXSEL_DNS_SERVFAIL },
	{ "no message, and good news", 0, 0, 0, MXSEL_DNS_MALFORMED },
	{ "no message, and bad news", 0, 3, 0, MXSEL_DNS_MALFORMED },
	{ "half a header", 0, 2, 7, MXSEL_DNS_SERVFAIL },
	{ "a header: format", 0, 1, 12, MXSEL_DNS_FORMERR },
	{ "a header: server", 0, 2, 12, MXSEL_DNS_SERVFAIL },
	{ "a header: not known", 0, 4, 12, MXSEL_DNS_NOTIMP },
	{ "a header: refused", 0, 5, 12, MXSEL_DNS_REFUSED },
	{ "a header: some other", 0, 9, 12, MXSEL_DNS_RCODE }
};

START_TEST(R14_what_is_no_message_is_a_failure)
{
	struct ub_result *r;
	struct trial t;
	char outcome[64];

	begin(&t, PACKET_REPLY | (unsigned)failures[_i].rcode);
	r = result_of(&t.packet, failures[_i].rcode);
	((uint8_t *)r->answer_packet)[5] = 0;
	r->answer_len = failures[_i].length;
	if (failures[_i].length <= 0) {
		free(r->answer_packet);
		r->answer_packet = NULL;
	}
	if (failures[_i].error != 0) {
		ub_resolve_free(r);
		r = NULL;
	}
	mxsel__ub_answer(t.query, failures[_i].error, r, VALIDATES);
	snprintf(outcome, sizeof outcome, " %d %d", failures[_i].outcome,
		MXSEL_SECURITY_INDETERMINATE);
	ck_assert_msg(strstr(t.line, outcome) != NULL, "%s: %s",
		failures[_i].what, t.line);
	defers(&t);
	end(&t);
}
END_TEST

START_TEST(R14_what_was_cut_short_is_no_denial)
{
	struct ub_result *r;
	struct trial t;

	begin(&t, PACKET_REPLY | PACKET_TC);
	r = result_of(&t.packet, 0);
	mxsel__ub_answer(t.query, 0, r, VALIDATES);
	defers(&t);
	end(&t);
}
END_TEST

/* Of another name, or broken inside: its octets are no answer. */
START_TEST(R14_another_message_is_a_failure)
{
	struct ub_result *r;
	struct trial t;

	begin(&t, PACKET_REPLY);
	packet_begin(&t.packet, PACKET_REPLY, "example.com", PACKET_MX);
	r = result_of(&t.packet, 0);
	r->secure = 1;
	mxsel__ub_answer(t.query, 0, r, VALIDATES);
	defers(&t);
	end(&t);
	begin(&t, PACKET_REPLY);
	add_mx(&t);
	t.packet.size -= 3;
	r = result_of(&t.packet, 0);
	r->secure = 1;
	mxsel__ub_answer(t.query, 0, r, VALIDATES);
	ck_assert_int_eq(security(&t), MXSEL_SECURITY_INDETERMINATE);
	defers(&t);
	end(&t);
}
END_TEST

START_TEST(R14_nothing_at_all_is_a_failure)
{
	struct trial t;

	begin(&t, PACKET_REPLY);
	mxsel__ub_answer(t.query, 0, NULL, VALIDATES);
	ck_assert_int_eq(security(&t), MXSEL_SECURITY_INDETERMINATE);
	defers(&t);
	end(&t);
}
END_TEST

/* A count of 256: its lower octet is 0. */
START_TEST(F14_a_message_of_many_questions_is_a_failure)
{
	struct ub_result *r;
	struct trial t;
	char outcome[64];

	begin(&t, PACKET_REPLY);
	packet_set16(&t.packet, 4, 256);
	r = result_of(&t.packet, 2);
	mxsel__ub_answer(t.query, 0, r, VALIDATES);
	snprintf(outcome, sizeof outcome, " %d %d", MXSEL_DNS_MALFORMED,
		MXSEL_SECURITY_INDETERMINATE);
	ck_assert_msg(strstr(t.line, outcome) != NULL, "%s", t.line);
	defers(&t);
	end(&t);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("unbound's answers");
	TCase *c = tcase_create("answers");

	tcase_add_test(c, S32_only_secure_is_secure);
	tcase_add_loop_test(c, R90_bogus_is_never_an_answer, 0,
		(int)(sizeof bogus / sizeof *bogus));
	tcase_add_loop_test(c, R14_what_is_no_message_is_a_failure, 0,
		(int)(sizeof failures / sizeof *failures));
	tcase_add_test(c, R14_what_was_cut_short_is_no_denial);
	tcase_add_test(c, R14_another_message_is_a_failure);
	tcase_add_test(c, R14_nothing_at_all_is_a_failure);
	tcase_add_test(c, F14_a_message_of_many_questions_is_a_failure);
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
