/*
 * The decisions that can be read back: what is kept, in which order, how
 * much, and that it costs nothing when it is not wanted (R78, R79). May use
 * <mxsel/mxsel.h>.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "bench/answers.h"
#include "bench/memory.h"
#include "support/run.h"

#define LABEL "a23456789b123456789c123456789d123456789e123456789f123456789g12"
#define LONG LABEL "." LABEL "." LABEL ".example"

static const struct answer_record zone[] = {
	{ LONG, PACKET_A, 0, "\xc0\0\2\4" },
	{ "five.example", PACKET_MX, 10, "mx1.example" },
	{ "five.example", PACKET_MX, 10, "mx2.example" },
	{ "five.example", PACKET_MX, 10, "gone.example" },
	{ "five.example", PACKET_MX, 20, "mx3.example" },
	{ "five.example", PACKET_MX, 20, "no name.example" },
	{ "five.example", PACKET_MX, 30, "mx3.example" },
	{ "five.example", PACKET_MX, 30, "." },
	{ "mx1.example", PACKET_A, 0, "\xc0\0\2\1" },
	{ "mx1.example", PACKET_AAAA, 0, "\1" },
	{ "mx2.example", PACKET_A, 0, "\xc0\0\2\2" },
	{ "mx2.example", PACKET_A, 0, "\x7f\0\0\1" },
	{ "mx3.example", PACKET_CNAME, 0, "far.example" },
	{ "far.example", PACKET_A, 0, "\xc0\0\2\3" },
	{ NULL, 0, 0, NULL }
};

struct telling {
	struct memory memory;
	size_t n;
	char said[32768];
};

static void tell(struct telling *t, const char *a, const char *b,
	const char *c, const char *d)
{
	t->n += (size_t)snprintf(t->said + t->n, sizeof(t->said) - t->n,
		"%s|%s|%s|%s\n", a, b, c, d);
	ck_assert_uint_lt(t->n, sizeof(t->said));
}

/* One way to the end, with a report now and then. */
static mxsel *deliver(struct telling *t, uint64_t seed, int trace,
	const char *destination)
{
	static struct packet packet;
	mxsel_options *o;
	mxsel_query *q;
	mxsel *m;
	int rc, n = 0;

	memory_begin(&t->memory);
	t->n = 0;
	t->said[0] = '\0';
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, memory_give,
		&t->memory), MXSEL_OK);
	mxsel_options_set_seed(o, seed);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TRACE, trace), 0);
	ck_assert_int_eq(mxsel_new(&m, destination, o), MXSEL_OK);
	mxsel_options_free(o);
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc == MXSEL_LOOKUP)
			while ((q = mxsel_query_take(m)) != NULL) {
				answer_message(&packet, zone,
					mxsel_query_name(q),
					mxsel_query_type(q));
				mxsel_answer_packet(q, packet.octets,
					packet.size, 0);
			}
		else if (n++ % 3 != 2)
			mxsel_report(m, n % 3 == 1 ? MXSEL_OUTCOME_REFUSED
				: MXSEL_OUTCOME_RCPT, n % 3 == 1 ? 0 : 450,
				"4.2.0 later");
	}
	return m;
}

static void tell_events(struct telling *t, const mxsel *m)
{
	const char *subject, *detail, *rule;
	size_t i;
	int code;

	for (i = 0; i < mxsel_trace_count(m); i++) {
		ck_assert_int_eq(mxsel_trace_event(m, i, &code, &subject,
			&detail, &rule), MXSEL_OK);
		ck_assert_ptr_nonnull(mxsel_trace_name(code));
		ck_assert_str_ne(rule, "");
		tell(t, mxsel_trace_name(code), subject, detail, rule);
	}
}

START_TEST(R78_when_off_nothing_is_kept_or_asked_of_memory)
{
	static struct telling off, on;
	mxsel *m = deliver(&off, 1, 0, "five.example");
	size_t calls = off.memory.calls, peak = off.memory.peak;

	ck_assert_uint_eq(mxsel_trace_count(m), 0);
	ck_assert_int_eq(mxsel_trace_event(m, 0, NULL, NULL, NULL, NULL),
		MXSEL_ERANGE);
	mxsel_free(m);
	/* The same again with it shows that the measure works. */
	m = deliver(&on, 1, 1, "five.example");
	ck_assert_uint_gt(mxsel_trace_count(m), 20);
	ck_assert_uint_gt(on.memory.peak, peak);
	ck_assert_uint_ge(on.memory.calls, calls);
	mxsel_free(m);
	/* Two allocations, for options and selection, serve a literal. */
	m = deliver(&off, 1, 0, "[192.0.2.1]");
	ck_assert_uint_eq(off.memory.calls, 2);
	mxsel_free(m);
}
END_TEST

START_TEST(R78_R79_the_same_seed_gives_the_same_trace)
{
	static struct telling first, again;
	uint64_t seed;
	int differ = 0;
	mxsel *m;

	for (seed = 0; seed < 50; seed++) {
		m = deliver(&first, seed, 1, "five.example");
		tell_events(&first, m);
		mxsel_free(m);
		m = deliver(&again, seed, 1, "five.example");
		tell_events(&again, m);
		mxsel_free(m);
		ck_assert_str_eq(first.said, again.said);
		m = deliver(&again, seed + 1, 1, "five.example");
		tell_events(&again, m);
		mxsel_free(m);
		differ |= strcmp(first.said, again.said) != 0;
	}
	ck_assert(differ);
}
END_TEST

/* Where is an event with this code and subject? -1: nowhere. */
static int find(const mxsel *m, int want, const char *about, int from)
{
	const char *subject;
	size_t i;
	int code;

	for (i = (size_t)from; i < mxsel_trace_count(m); i++) {
		mxsel_trace_event(m, i, &code, &subject, NULL, NULL);
		if (code == want && (about == NULL ||
			strcmp(subject, about) == 0))
			return (int)i;
	}
	return -1;
}

START_TEST(R78_events_stand_in_the_order_they_happened)
{
	static struct telling t;
	mxsel *m = deliver(&t, 3, 1, "user@five.example");
	int count = (int)mxsel_trace_count(m), i, at, code;
	const char *subject;

	ck_assert_int_eq(find(m, MXSEL_TRACE_DESTINATION, NULL, 0), 0);
	ck_assert_int_eq(find(m, MXSEL_TRACE_VERDICT, NULL, 0), count - 1);
	for (i = 0; i < count; i++) {
		mxsel_trace_event(m, (size_t)i, &code, &subject, NULL, NULL);
		if (code == MXSEL_TRACE_ANSWER)
			ck_assert_int_lt(find(m, MXSEL_TRACE_ASK, subject, 0),
				i);
		if (code == MXSEL_TRACE_ATTEMPT) {
			at = find(m, MXSEL_TRACE_ADDRESS, subject, 0);
			ck_assert_int_ge(at, 0);
			ck_assert_int_lt(at, i);
		}
		if (code == MXSEL_TRACE_REPORT) {
			ck_assert_int_eq(find(m, MXSEL_TRACE_ATTEMPT, NULL,
				i - 1), i - 1);
			ck_assert_int_eq(find(m, MXSEL_TRACE_DECISION,
				subject, i + 1), i + 1);
		}
	}
	mxsel_free(m);
}
END_TEST

START_TEST(R78_what_is_rejected_is_an_event_with_reason_and_clause)
{
	static struct telling t;
	mxsel *m = deliver(&t, 3, 1, "five.example");
	const char *subject, *about, *detail, *rule;
	int reason, code, next = 0;
	size_t i;

	ck_assert_uint_eq(mxsel_rejected_count(m), 5);
	for (i = 0; i < mxsel_rejected_count(m); i++) {
		mxsel_rejected(m, i, &reason, NULL, &subject);
		next = find(m, MXSEL_TRACE_REJECT, NULL, next);
		ck_assert_int_ge(next, 0);
		mxsel_trace_event(m, (size_t)next, &code, &about, &detail,
			&rule);
		ck_assert_str_eq(about, subject);
		ck_assert_str_eq(detail, mxsel_reject_name(reason));
		ck_assert_str_eq(rule, mxsel_reject_rule(reason));
		next++;
	}
	ck_assert_int_eq(find(m, MXSEL_TRACE_REJECT, NULL, next), -1);
	mxsel_free(m);
}
END_TEST

static int count_of(const mxsel *m, int want)
{
	int at = -1, count = 0;

	while ((at = find(m, want, NULL, at + 1)) >= 0)
		count++;
	return count;
}

START_TEST(R78_S39_there_is_an_end_to_what_is_kept)
{
	static struct telling t;
	mxsel *m = deliver(&t, 3, 1, "five.example");
	size_t count = 0;
	int i;

	for (i = 0; i < 2000; i++) {
		ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
		while (mxsel_next(m) != MXSEL_END)
			;
		ck_assert_uint_ge(mxsel_trace_count(m), count);
		count = mxsel_trace_count(m);
		/* The verdict does not depend on what is still kept. */
		ck_assert_str_eq(mxsel_verdict_status(m), "4.4.1");
	}
	ck_assert_uint_le(count, 515);
	ck_assert_int_eq(count_of(m, MXSEL_TRACE_CUT), 1);
	ck_assert_uint_lt(t.memory.peak, 256 * 1024);
	mxsel_free(m);
	ck_assert_uint_eq(t.memory.bytes, 0);
}
END_TEST

/* To the last place that there is room for. */
static mxsel *fill(mxsel_options *o)
{
	mxsel *m;

	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TRACE, 1), 0);
	ck_assert_int_eq(mxsel_new(&m, "[192.0.2.7]", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	while (mxsel_trace_count(m) < 512) {
		ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
		ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	}
	return m;
}

START_TEST(R78_of_a_full_trace_the_end_is_told)
{
	mxsel_options *o;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	m = fill(o);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_uint_eq(mxsel_trace_count(m), 513);
	ck_assert_int_eq(find(m, MXSEL_TRACE_VERDICT, NULL, 0), 512);
	ck_assert_int_eq(count_of(m, MXSEL_TRACE_CUT), 0);
	mxsel_free(m);
	m = fill(o);
	mxsel_report(m, MXSEL_OUTCOME_REFUSED, 0, NULL);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_int_eq(find(m, MXSEL_TRACE_CUT, NULL, 0), 512);
	ck_assert_int_eq(find(m, MXSEL_TRACE_VERDICT, NULL, 0), 513);
	mxsel_free(m);
	mxsel_options_free(o);
}
END_TEST

START_TEST(R78_who_goes_back_is_told_once_what_is_left_out)
{
	mxsel_options *o;
	mxsel *m;
	int i;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	m = fill(o);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	for (i = 0; i < 20; i++) {
		ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
		ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
		ck_assert_int_eq(mxsel_next(m), MXSEL_END);
		ck_assert_uint_eq(mxsel_trace_count(m), 515);
		ck_assert_int_eq(find(m, MXSEL_TRACE_CUT, NULL, 0), 513);
	}
	ck_assert_int_eq(count_of(m, MXSEL_TRACE_CUT), 1);
	mxsel_free(m);
	mxsel_options_free(o);
}
END_TEST

START_TEST(R78_long_names_fill_it_as_many_events_do)
{
	static struct telling t;
	mxsel *m = deliver(&t, 3, 1, LONG);
	int i;

	for (i = 0; i < 1000; i++) {
		ck_assert_int_eq(mxsel_rewind(m), MXSEL_OK);
		while (mxsel_next(m) != MXSEL_END)
			;
	}
	ck_assert_uint_gt(mxsel_trace_count(m), 100);
	ck_assert_uint_lt(mxsel_trace_count(m), 400);
	ck_assert_int_eq(count_of(m, MXSEL_TRACE_CUT), 1);
	mxsel_free(m);
}
END_TEST

/* Behind a literal whose only attempt left this reply. */
static mxsel *fill_behind(struct telling *t, const char *reply)
{
	mxsel_options *o;
	mxsel *m;

	memory_begin(&t->memory);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, memory_give,
		&t->memory), MXSEL_OK);
	m = fill(o);
	mxsel_options_free(o);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_RCPT, 450, reply),
		MXSEL_OK);
	return m;
}

START_TEST(R78_S39_the_end_is_told_when_there_is_memory_again)
{
	static struct telling t;
	char reply[513] = "";
	int length, rc, refused = 0, got = 0;
	mxsel *m;

	for (length = 0; length < 512; length += 8) {
		memset(reply, 'x', (size_t)length);
		m = fill_behind(&t, reply);
		t.memory.fail_at = t.memory.calls;
		t.memory.fail_on = 1;
		rc = mxsel_next(m);
		refused += rc == MXSEL_ENOMEM;
		got += rc == MXSEL_END;
		t.memory.fail_at = MEMORY_NEVER;
		ck_assert_int_eq(mxsel_next(m), MXSEL_END);
		ck_assert_uint_eq(mxsel_trace_count(m), 514);
		ck_assert_int_eq(find(m, MXSEL_TRACE_CUT, NULL, 0), 512);
		ck_assert_int_eq(find(m, MXSEL_TRACE_VERDICT, NULL, 0), 513);
		mxsel_free(m);
	}
	ck_assert_int_gt(refused, 0);
	ck_assert_int_gt(got, 0);
	ck_assert_int_eq(refused + got, 64);
}
END_TEST

/* All but its last word. */
static mxsel_query *answer_with_many(struct telling *t, mxsel **m)
{
	char name[256];
	mxsel_options *o;
	mxsel_query *q;
	int i;

	memory_begin(&t->memory);
	ck_assert_int_eq(mxsel_options_new_with_allocator(&o, memory_give,
		&t->memory), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TRACE, 1), 0);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 60), 0);
	ck_assert_int_eq(mxsel_new(m, "many.example", o), MXSEL_OK);
	mxsel_options_free(o);
	ck_assert_int_eq(mxsel_next(*m), MXSEL_LOOKUP);
	q = mxsel_query_take(*m);
	for (i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "h%d." LONG, i);
		ck_assert_int_eq(mxsel_answer_mx(q, (uint16_t)i, name, 300),
			0);
	}
	return q;
}

START_TEST(R78_S39_what_is_done_again_is_told_as_if_it_were_done_once)
{
	static struct telling once, again;
	mxsel *m;
	mxsel_query *q = answer_with_many(&once, &m);
	size_t calls = once.memory.calls;
	int i;

	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0), 0);
	calls = once.memory.calls - calls;
	tell_events(&once, m);
	mxsel_free(m);
	q = answer_with_many(&again, &m);
	for (i = 0; i < 20; i++) {
		again.memory.fail_at = again.memory.calls + calls - 2;
		ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE,
			0), MXSEL_ENOMEM);
	}
	again.memory.fail_at = MEMORY_NEVER;
	ck_assert_int_eq(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0), 0);
	tell_events(&again, m);
	ck_assert_str_eq(again.said, once.said);
	mxsel_free(m);
}
END_TEST

START_TEST(R78_a_new_destination_has_a_new_trace)
{
	static struct telling t;
	mxsel *m = deliver(&t, 3, 1, "five.example");
	const char *subject;

	ck_assert_int_eq(mxsel_reset(m, "[192.0.2.7]"), MXSEL_OK);
	ck_assert_uint_eq(mxsel_trace_count(m), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	mxsel_trace_event(m, 0, NULL, &subject, NULL, NULL);
	ck_assert_str_eq(subject, "[192.0.2.7]");
	mxsel_free(m);
}
END_TEST

START_TEST(R78_events_have_names_and_an_end)
{
	static const char *const names[] = {
		"destination", "ask", "answer", "alias", "implicit",
		"null_mx", "self", "host", "address", "reject", "attempt",
		"report", "decision", "verdict", "cut", "tlsa", "posture",
		"memory"
	};
	static struct telling t;
	mxsel *m = deliver(&t, 1, 1, "[192.0.2.1]");
	int i;

	for (i = 0; i < 18; i++)
		ck_assert_str_eq(mxsel_trace_name(i + 1), names[i]);
	ck_assert_ptr_null(mxsel_trace_name(0));
	ck_assert_ptr_null(mxsel_trace_name(19));
	ck_assert_ptr_null(mxsel_trace_name(-1));
	ck_assert_uint_eq(mxsel_trace_count(NULL), 0);
	ck_assert_int_eq(mxsel_trace_event(NULL, 0, NULL, NULL, NULL, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_trace_event(m, 0, NULL, NULL, NULL, NULL),
		MXSEL_OK);
	ck_assert_int_eq(mxsel_trace_event(m, mxsel_trace_count(m), NULL,
		NULL, NULL, NULL), MXSEL_ERANGE);
	mxsel_free(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: the trace");
	TCase *t = tcase_create("R78");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, R78_when_off_nothing_is_kept_or_asked_of_memory);
	tcase_add_test(t, R78_R79_the_same_seed_gives_the_same_trace);
	tcase_add_test(t, R78_events_stand_in_the_order_they_happened);
	tcase_add_test(t,
		R78_what_is_rejected_is_an_event_with_reason_and_clause);
	tcase_add_test(t, R78_S39_there_is_an_end_to_what_is_kept);
	tcase_add_test(t, R78_of_a_full_trace_the_end_is_told);
	tcase_add_test(t, R78_who_goes_back_is_told_once_what_is_left_out);
	tcase_add_test(t, R78_long_names_fill_it_as_many_events_do);
	tcase_add_test(t,
		R78_S39_the_end_is_told_when_there_is_memory_again);
	tcase_add_test(t,
		R78_S39_what_is_done_again_is_told_as_if_it_were_done_once);
	tcase_add_test(t, R78_a_new_destination_has_a_new_trace);
	tcase_add_test(t, R78_events_have_names_and_an_end);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
