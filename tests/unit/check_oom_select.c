/*
 * Memory that runs out at every single request, once and from there on, while
 * options are made and mail is routed: the call says MXSEL_ENOMEM, the same
 * call succeeds when memory is back, the plan is the one of a quiet day, and
 * nothing leaks (S39, F84).
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "bench/answers.h"
#include "support/run.h"
#include "support/trial.h"

static const struct answer_record zone[] = {
	{ "five.example", PACKET_MX, 10, "mx1.example" },
	{ "five.example", PACKET_MX, 10, "mx2.example" },
	{ "five.example", PACKET_MX, 20, "mx3.example" },
	{ "five.example", PACKET_MX, 20, "mx4.example" },
	{ "five.example", PACKET_MX, 30, "mx5.example" },
	{ "mx1.example", PACKET_A, 0, "\xc0\0\2\1" },
	{ "mx1.example", PACKET_AAAA, 0, "\1" },
	{ "mx2.example", PACKET_A, 0, "\xc0\0\2\2" },
	{ "mx2.example", PACKET_AAAA, 0, "\2" },
	{ "mx3.example", PACKET_A, 0, "\xc0\0\2\3" },
	{ "mx3.example", PACKET_A, 0, "\xc0\0\2\1" },
	{ "mx4.example", PACKET_CNAME, 1, "far.example" },
	{ "far.example", PACKET_AAAA, 0, "\4" },
	{ "far.example", PACKET_A, 0, "\x7f\0\0\1" },
	{ "mx5.example", PACKET_CNAME, 0, "near.example" },
	{ "near.example", PACKET_A, 0, "\xc0\0\2\5" },
	{ "near.example", PACKET_A, 0, "\xc0\0\2\6" },
	{ "near.example", PACKET_A, 0, "\xc0\0\2\7" },
	{ "alias.example", PACKET_CNAME, 0, "five.example" },
	{ "later.example", PACKET_CNAME, 1, "second.example" },
	{ "second.example", PACKET_CNAME, 1, "five.example" },
	{ "circle.example", PACKET_CNAME, 1, "round.example" },
	{ "round.example", PACKET_CNAME, 1, "circle.example" },
	{ "plain.example", PACKET_A, 0, "\xc0\0\2\x20" },
	{ "plain.example", PACKET_AAAA, 0, "\x20" },
	{ "null.example", PACKET_MX, 0, "." },
	{ "failing.example", ANSWER_FAILS, 0, "" },
	{ "half.example", PACKET_MX, 10, "failing.example" },
	{ "half.example", PACKET_MX, 10, "gone.example" },
	{ "half.example", PACKET_MX, 20, "mx1.example" },
	{ "odd.example", PACKET_MX, 5, "a b.example" },
	{ "odd.example", PACKET_MX, 10, "192.0.2.9" },
	{ "odd.example", PACKET_MX, 10, "." },
	{ "odd.example", PACKET_MX, 10, "parked.invalid" },
	{ "odd.example", PACKET_MX, 10, "MX1.example" },
	{ "odd.example", PACKET_MX, 20, "mx1.EXAMPLE" },
	{ "odd.example", PACKET_MX, 30, "typo.squatter.example" },
	{ "ours.example", PACKET_MX, 10, "mx1.example" },
	{ "ours.example", PACKET_MX, 20, "mail.me.example" },
	{ "ours.example", PACKET_MX, 30, "mx2.example" },
	{ "nat.example", PACKET_MX, 10, "mx1.example" },
	{ "nat.example", PACKET_MX, 20, "mx2.example" },
	{ "nat.example", PACKET_MX, 20, "inside.example" },
	{ "inside.example", PACKET_A, 0, "\xc6\x33\x64\7" },
	{ "loop.example", PACKET_MX, 10, "inside.example" },
	{ "loop.example", PACKET_MX, 20, "mx1.example" },
	{ "dead.example", PACKET_MX, 10, "gone.example" },
	{ "dead.example", PACKET_MX, 20, "nothing.example" },
	{ "nothing.example", PACKET_MX, 20, "." },
	{ NULL, 0, 0, NULL }
};

#define BIG 300
static struct answer_record big[BIG + 3];
static char big_names[BIG][32];

static void make_big(void)
{
	size_t i;

	for (i = 0; i < BIG; i++) {
		(void)snprintf(big_names[i], sizeof(big_names[i]),
			"host-%zu.big.example", i);
		big[i].owner = "big.example";
		big[i].type = PACKET_MX;
		big[i].preference = (unsigned)(i * 7 % 11);
		big[i].data = big_names[i];
	}
	big[BIG].owner = "host-0.big.example";
	big[BIG].type = PACKET_A;
	big[BIG].data = "\xc0\0\2\x40";
	big[BIG + 1].owner = "host-77.big.example";
	big[BIG + 1].type = PACKET_A;
	big[BIG + 1].data = "\xc0\0\2\x41";
}

/* One run: what it said, and how its memory behaves. */
struct run {
	struct trial t;
	const struct answer_record *table;
	int lists;        /* options with everything in them */
	int by_records;
	int tells;        /* decisions are kept, outcomes reported */
	int handed;       /* attempts */
	int damaged;      /* a record was lost: the answer is a failure */
	int mx_damaged;
};

static struct run quiet, run;
static struct packet packet;

static int fill_options(struct run *r, mxsel_options *o)
{
	static const char *const names[] = { "me.example", "mail.me.example",
		"a1.me.example", "a2.me.example", "a3.me.example",
		"a4.me.example", "a5.me.example", "a6.me.example",
		"a7.me.example" };
	char address[32];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < 9; i++)
		DO(&r->t, rc, mxsel_options_add_self_name(o, names[i]));
	for (i = 0; rc == 0 && i < 9; i++) {
		(void)snprintf(address, sizeof(address), "198.51.100.%zu", i);
		DO(&r->t, rc, mxsel_options_add_self_address(o, address));
	}
	for (i = 0; rc == 0 && i < 9; i++) {
		(void)snprintf(address, sizeof(address), "10.0.%zu.0/24", i);
		DO(&r->t, rc, mxsel_options_allow_network(o, address));
	}
	for (i = 0; rc == 0 && i < 9; i++) {
		(void)snprintf(address, sizeof(address), "2001:db8:%zu::/96",
			i + 64);
		DO(&r->t, rc, mxsel_options_add_nat64(o, address));
	}
	for (i = 0; rc == 0 && i < 9; i++)
		DO(&r->t, rc, mxsel_options_refuse_exchange(o,
			i == 8 ? "*.squatter.example" : "x?.parked.example",
			550, i % 2 ? "5.7.1" : NULL,
			i % 2 ? NULL : "We do not deliver to squatters."));
	return rc;
}

static int make_options(struct run *r, mxsel_options **out)
{
	mxsel_options *o = NULL, *copy = NULL;
	int rc;

	DO(&r->t, rc, mxsel_options_new_with_allocator(&o, memory_give,
		&r->t.memory));
	if (rc != 0)
		return rc;
	ck_assert_int_eq(mxsel_options_set_seed(o, 20251), 0);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_TRACE, r->tells !=
		0), 0);
	if (r->tells > 1)
		ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_MAX_ATTEMPTS,
			3), 0);
	if (r->lists)
		rc = fill_options(r, o);
	if (rc == 0)
		DO(&r->t, rc, mxsel_options_copy(&copy, o));
	mxsel_options_free(o);
	*out = copy;
	return rc;
}

static int answer_by_records(struct run *r, mxsel_query *q)
{
	int outcome, rc;

	rc = answer_records(q, r->table, &outcome);
	if (rc == MXSEL_ENOMEM) {
		/* Documented: the answer counts as a failure from now on. */
		r->damaged = 1;
		r->mx_damaged |= mxsel_query_type(q) == MXSEL_TYPE_MX;
		if (r->t.mode == GONE) {
			r->t.gave_up = 1;
			return rc;
		}
		r->t.memory.fail_at = MEMORY_NEVER;
		rc = 0;
	}
	ck_assert_int_eq(rc, 0);
	DO(&r->t, rc, mxsel_answer_finish(q, outcome, 0));
	return rc;
}

static int answer(struct run *r, mxsel *m)
{
	mxsel_query *q;
	int rc = 0;

	while (rc == 0 && (q = mxsel_query_take(m)) != NULL) {
		if (r->by_records) {
			rc = answer_by_records(r, q);
			continue;
		}
		answer_message(&packet, r->table, mxsel_query_name(q),
			mxsel_query_type(q));
		DO(&r->t, rc, mxsel_answer_packet(q, packet.octets, packet.size,
			0));
	}
	return rc;
}

static void say_events(struct run *r, const mxsel *m)
{
	const char *subject, *detail, *rule;
	size_t i;
	int code;

	for (i = 0; i < mxsel_trace_count(m); i++) {
		ck_assert_int_eq(mxsel_trace_event(m, i, &code, &subject,
			&detail, &rule), 0);
		say(&r->t, "%s %s %s %s\n", mxsel_trace_name(code), subject,
			detail, rule);
	}
}

static void say_end(struct run *r, const mxsel *m)
{
	int reason, preference;
	const char *subject;
	size_t i;

	say_events(r, m);
	say(&r->t, "by %s: %s\n", mxsel_verdict_host(m),
		mxsel_verdict_reply(m));

	say(&r->t, "verdict %d %s %d %s %s\n", mxsel_verdict_action(m),
		mxsel_reason_name(mxsel_verdict_reason(m)),
		mxsel_verdict_code(m), mxsel_verdict_status(m),
		mxsel_verdict_text(m));
	say(&r->t, "flags %lx ttl %lu source %d domain %s asked %zu\n",
		(unsigned long)mxsel_flags(m), (unsigned long)mxsel_ttl(m),
		mxsel_source(m), mxsel_domain(m), mxsel_query_count(m));
	for (i = 0; i < mxsel_rejected_count(m); i++) {
		ck_assert_int_eq(mxsel_rejected(m, i, &reason, &preference,
			&subject), 0);
		say(&r->t, "- %s %d %s\n", mxsel_reject_name(reason),
			preference, subject);
	}
}

/* A different end of each attempt, and some that nobody tells. */
static int report(struct run *r, mxsel *m)
{
	static const struct {
		int outcome, code;
		const char *text;
	} ends[] = {
		{ MXSEL_OUTCOME_GREETING, 554, "5.3.2 no mail here" },
		{ MXSEL_OUTCOME_RCPT, 550, "5.7.1 not from this family" },
		{ MXSEL_OUTCOME_REFUSED, 0, NULL }, { 0, 0, NULL },
		{ MXSEL_OUTCOME_GREETING, 421, "4.3.2 later" },
		{ MXSEL_OUTCOME_TIMEOUT, 0, NULL },
		{ MXSEL_OUTCOME_RCPT, 450, "4.2.0 greylisted" },
		{ MXSEL_OUTCOME_DATA, 554, "5.6.0 refused in the end" },
	};
	size_t i = (size_t)r->handed++ % (sizeof(ends) / sizeof(ends[0]));
	int rc;

	if (!r->tells || ends[i].outcome == 0)
		return 0;
	DO(&r->t, rc, mxsel_report(m, ends[i].outcome, ends[i].code,
		ends[i].text));
	return rc;
}

/* To the end; with hosts only the first address of each. */
static int walk(struct run *r, mxsel *m, int hosts)
{
	int rc, leave = 0;

	r->handed = 0;
	for (;;) {
		if (leave) {
			rc = mxsel_next_host(m);
			leave = 0;
			if (again(&r->t, rc))
				continue;
		} else {
			DO(&r->t, rc, mxsel_next(m));
		}
		if (rc == MXSEL_LOOKUP) {
			rc = answer(r, m);
			if (rc == 0)
				continue;
		} else if (rc == MXSEL_ATTEMPT) {
			say(&r->t, "%d %s %s %d %s %d\n", mxsel_host_rank(m),
				mxsel_host_name(m), mxsel_host_canonical(m),
				mxsel_host_preference(m), mxsel_address(m),
				mxsel_port(m));
			leave = hosts;
			rc = report(r, m);
			if (rc == 0)
				continue;
		}
		if (rc == MXSEL_END && !r->t.gave_up)
			rc = mxsel_next(m) == MXSEL_END ? 99 : 98;
		if (rc == 99) {
			say_end(r, m);
			return 0;
		}
		if (rc < 0)
			return rc;
	}
}

static int route(struct run *r, mxsel *m, const char *destination)
{
	int rc;

	rc = walk(r, m, 0);
	if (rc != 0)
		return rc;
	ck_assert_int_eq(mxsel_rewind(m), 0);
	rc = walk(r, m, 1);
	if (rc != 0)
		return rc;
	DO(&r->t, rc, mxsel_reset(m, "plain.example"));
	if (rc == 0)
		rc = walk(r, m, 1);
	if (rc != 0)
		return rc;
	DO(&r->t, rc, mxsel_reset(m, destination));
	return rc == 0 ? walk(r, m, 1) : rc;
}

static void perform(struct run *r, const char *destination)
{
	mxsel_options *o = NULL;
	mxsel *m = NULL;
	int rc;

	r->t.length = 0;
	r->t.said[0] = '\0';
	r->t.refusals = r->t.gave_up = r->damaged = r->mx_damaged = 0;
	rc = make_options(r, &o);
	if (rc == 0)
		DO(&r->t, rc, mxsel_new(&m, destination, o));
	mxsel_options_free(o);
	if (rc == 0)
		rc = route(r, m, destination);
	mxsel_free(m);
	ck_assert_int_eq(rc, r->t.gave_up ? MXSEL_ENOMEM : 0);
	ck_assert_uint_eq(r->t.memory.blocks, 0);
	ck_assert_uint_eq(r->t.memory.bytes, 0);
}

/*
 * A lost record must show as a temporary failure: no verdict is permanent
 * that is not permanent on a quiet day.
 */
static void check_damaged(const struct run *r)
{
	static char line[1024];
	const char *at = r->t.said;
	size_t length;

	while ((at = strstr(at, "verdict 3 ")) != NULL) {
		length = strcspn(at, "\n");
		ck_assert_uint_lt(length, sizeof(line));
		memcpy(line, at, length);
		line[length] = '\0';
		ck_assert_msg(strstr(quiet.t.said, line) != NULL, "%s", line);
		at += length;
	}
	if (r->mx_damaged && !r->t.gave_up)
		ck_assert_msg(strstr(r->t.said, " 451 4.4.3 ") != NULL, "%s",
			r->t.said);
}

/* Said shortly: what was told is longer than a message may be. */
static void check_same(size_t n)
{
	const char *a = quiet.t.said, *b = run.t.said;
	size_t i, begin = 0;

	for (i = 0; a[i] != '\0' && a[i] == b[i]; i++)
		if (a[i] == '\n')
			begin = i + 1;
	ck_assert_msg(a[i] == b[i], "request %zu fails: \"%.*s\" becomes"
		" \"%.*s\"", n, (int)strcspn(a + begin, "\n"), a + begin,
		(int)strcspn(b + begin, "\n"), b + begin);
}

static void fail_each(const char *destination, enum mode mode)
{
	size_t n, failures = 0;

	run.table = quiet.table;
	run.lists = quiet.lists;
	run.by_records = quiet.by_records;
	run.tells = quiet.tells;
	for (n = 0; ; n++) {
		trial_fail_at(&run.t, mode, n);
		perform(&run, destination);
		if (run.t.memory.failed == 0)
			break;
		failures++;
		if (!run.damaged && !run.t.gave_up)
			check_same(n);
		else if (run.damaged && !run.tells)
			check_damaged(&run);
	}
	ck_assert_uint_eq(failures, n);
	ck_assert_uint_ge(failures, 3);
	check_same(n);
}

static void fail_everywhere(const struct answer_record *table,
	const char *destination)
{
	int way;

	for (way = 0; way < 7; way++) {
		quiet.table = table;
		quiet.lists = way & 1;
		quiet.by_records = (way >> 1) & 1;
		quiet.tells = way < 4 ? 0 : way == 4 ? 2 : 1;
		memory_begin(&quiet.t.memory);
		perform(&quiet, destination);
		ck_assert_uint_gt(quiet.t.length, 0);
		fail_each(destination, ONCE);
		fail_each(destination, ON);
		fail_each(destination, GONE);
	}
}

/* So long that the first room of a selection is full of it. */
#define L100 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define L900 L100 L100 L100 L100 L100 L100 L100 L100 L100

static const char *const destinations[] = {
	"five.example", "alias.example", "later.example", "circle.example",
	"plain.example", "null.example", "absent.example", "failing.example",
	"half.example", "odd.example", "ours.example", "nat.example",
	"loop.example", "dead.example", "user@five.example", "me.example",
	"[192.0.2.1]", "[IPv6:2001:db8::7]", "[198.51.100.7]",
	"[mx1.example]:2525", "five.example:587", "host.invalid",
	"localhost", "a..b", "", "\xc3\xa4.example", L900 "@five.example",
};

/* R78: and all that time the decisions are kept as on a quiet day. */
START_TEST(S39_F84_no_memory_never_changes_where_mail_goes)
{
	fail_everywhere(zone, destinations[_i]);
}
END_TEST

START_TEST(S39_F84_three_hundred_mx_survive_it_too)
{
	make_big();
	fail_everywhere(big, "big.example");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("no memory while mail is routed");
	TCase *t = tcase_create("F84");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t,
		S39_F84_no_memory_never_changes_where_mail_goes, 0,
		(int)(sizeof(destinations) / sizeof(destinations[0])));
	tcase_add_test(t, S39_F84_three_hundred_mx_survive_it_too);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
