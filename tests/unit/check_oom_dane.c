/*
 * Memory that runs out at every single request, once and from there on, while
 * TLSA records are looked up, a policy rules, reports are kept and the whole
 * is saved and resumed: the call says MXSEL_ENOMEM, the same call succeeds
 * when memory is back, and everything is as on a quiet day (S39, F84). And
 * what of an answer is lost never lowers what is asked of a host (S32). With
 * MXSEL_THOROUGH in the environment every way has every padding.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"
#include "support/signed_zone.h"
#include "support/trial.h"

static const struct zone_record zone[] = {
	{ "d.example", MX, ZONE_SECURE, "one.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "two.example", 10 },
	{ "d.example", MX, ZONE_SECURE, "three.example", 20 },
	{ "d.example", MX, ZONE_SECURE, "four.example", 30 },
	{ "d.example", MX, ZONE_SECURE, "five.example", 30 },
	{ "d.example", MX, ZONE_SECURE, "six.example", 40 },
	{ "d.example", MX, ZONE_SECURE, "outside.example.net", 40 },
	{ "one.example", A, ZONE_SECURE, "1", 0 },
	{ "one.example", AAAA, ZONE_SECURE, "1", 0 },
	{ "one.example", AAAA, ZONE_SECURE, "11", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "311a", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "310b", 700 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "212c", 0 },
	{ "_25._tcp.one.example", TLSA, ZONE_SECURE, "011d", 0 },
	{ "two.example", 0, ZONE_SECURE, "far.example", 0 },
	{ "far.example", A, ZONE_SECURE, "2", 0 },
	{ "far.example", AAAA, ZONE_SECURE, "2", 0 },
	{ "_25._tcp.two.example", 0, ZONE_SECURE, "keys.example", 0 },
	{ "keys.example", TLSA, ZONE_SECURE, "301e", 0 },
	{ "three.example", 0, ZONE_SECURE, "abroad.example", 0 },
	{ "abroad.example", A, ZONE_INSECURE, "3", 0 },
	{ "abroad.example", AAAA, ZONE_INSECURE, "3", 0 },
	{ "_25._tcp.three.example", TLSA, ZONE_SECURE, "211f", 0 },
	{ "four.example", A, ZONE_SECURE, "4", 0 },
	{ "four.example", AAAA, ZONE_SECURE, "4", 0 },
	{ "_25._tcp.four.example", TLSA, ZONE_SECURE, "011g", 0 },
	{ "five.example", A, ZONE_SECURE, "5", 0 },
	{ "_25._tcp.five.example", TLSA, ZONE_SECURE, "!", 0 },
	{ "six.example", A, ZONE_SECURE, "6", 0 },
	{ "outside.example.net", A, ZONE_SECURE, "7", 0 },
	{ NULL, 0, 0, NULL, 0 }
};

static const char policy_text[] = "version: STSv1\nmax_age: 99\n"
	"mode: %s\nmx: *.example\n";

struct run {
	struct trial t;
	int way;      /* what the message and the policy want */
	int padding;  /* octets that move where memory is asked for */
	int by_records, saves;
	int damaged, attempts;
};

static struct run quiet, run;
static struct packet packet;
static mxsel_sts *policies[2];

static int answer(struct run *r, mxsel *m)
{
	mxsel_query *q;
	int rc = 0, security;

	while (rc == 0 && (q = mxsel_query_take(m)) != NULL) {
		if (r->by_records) {
			if (zone_answer(q, zone, 0) == 0)
				continue;
			/* Lost: it counts as a failure from now on. */
			r->damaged = 1;
			r->t.memory.fail_at = MEMORY_NEVER;
			(void)mxsel_answer_finish(q, 0, ZONE_SECURE);
			continue;
		}
		security = zone_message(&packet, zone, mxsel_query_name(q),
			mxsel_query_type(q));
		DO(&r->t, rc, mxsel_answer_packet(q, packet.octets, packet.size,
			security));
	}
	return rc;
}

static int say_attempt(struct run *r, mxsel *m)
{
	static const int outcomes[] = { MXSEL_OUTCOME_TLS,
		MXSEL_OUTCOME_POLICY, MXSEL_OUTCOME_REFUSED,
		MXSEL_OUTCOME_REQUIRETLS };
	int n = r->attempts++, rc;
	size_t i;

	say(&r->t, "- %s %s %s %s %s", mxsel_host_name(m), mxsel_address(m),
		mxsel_posture_name(mxsel_posture(m)),
		mxsel_posture_reason_name(mxsel_posture_reason(m)),
		mxsel_tls_name(m));
	for (i = 0; i < mxsel_tls_identity_count(m); i++)
		say(&r->t, " %s", mxsel_tls_identity(m, i));
	say(&r->t, " %u\n", (unsigned)mxsel_tlsa_count(m));
	DO(&r->t, rc, mxsel_report_tls(m, n % 12));
	if (rc == 0 && !r->by_records && n % 3 != 0)
		DO(&r->t, rc, mxsel_report(m, outcomes[n % 4], 0, NULL));
	return rc;
}

static void say_end(struct run *r, const mxsel *m)
{
	const char *subject, *detail, *rule;
	int code, policy;
	size_t i;

	say(&r->t, "%s %d %s %lx %lu %u\n", mxsel_verdict_text(m),
		mxsel_verdict_code(m), mxsel_verdict_status(m),
		(unsigned long)mxsel_flags(m), (unsigned long)mxsel_ttl(m),
		(unsigned)mxsel_query_count(m));
	for (i = 0; mxsel_rejected(m, i, &code, NULL, &subject) == 0; i++)
		say(&r->t, "rejected %s %d\n", subject, code);
	for (i = 0; mxsel_tlsrpt(m, i, &subject, &detail, &policy, &code) ==
		0; i++)
		say(&r->t, "report %s %s %d %d\n", subject, detail, policy,
			code);
	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail, &rule)
		== 0; i++)
		say(&r->t, "%d %s %s %s\n", code, subject, detail, rule);
}

/* In its place the one that was saved. */
static int resume(struct run *r, mxsel **m, const mxsel_options *o)
{
	static uint8_t bytes[32768];
	size_t size = sizeof(bytes);
	mxsel *resumed = NULL;
	int rc;

	ck_assert_int_eq(mxsel_save(*m, bytes, &size), 0);
	DO(&r->t, rc, mxsel_resume(&resumed, bytes, size, o));
	if (rc != 0)
		return rc;
	mxsel_free(*m);
	*m = resumed;
	return 0;
}

static int walk(struct run *r, mxsel **m, const mxsel_options *o)
{
	int rc, steps = 0;

	for (;;) {
		DO(&r->t, rc, mxsel_next(*m));
		(void)mxsel_is_waiting(*m); /* whatever it came to */
		if (rc == MXSEL_END || rc < 0)
			return rc;
		if (rc == MXSEL_ATTEMPT)
			rc = say_attempt(r, *m);
		else if (r->saves && ++steps % 3 == 0)
			rc = resume(r, m, o); /* asked once more */
		else
			rc = answer(r, *m);
		if (rc < 0)
			return rc;
	}
}

static int start(struct run *r, mxsel *m)
{
	static const int wants[] = { MXSEL_TLS_BY_POLICY, MXSEL_TLS_REQUIRED,
		MXSEL_TLS_OPTIONAL };

	ck_assert_int_eq(mxsel_set_tls(m, wants[r->way % 3]), 0);
	return mxsel_set_sts(m, r->way < 3 ? NULL : policies[r->way % 2], 2);
}

static int route(struct run *r, mxsel **m, const mxsel_options *o)
{
	int rc;

	DO(&r->t, rc, start(r, *m));
	if (rc == 0)
		rc = walk(r, m, o);
	if (rc < 0)
		return rc;
	say_end(r, *m);
	ck_assert_int_eq(mxsel_rewind(*m), 0);
	rc = walk(r, m, o);
	if (rc < 0)
		return rc;
	say_end(r, *m);
	DO(&r->t, rc, mxsel_reset(*m, "d.example"));
	if (rc == 0)
		rc = walk(r, m, o);
	if (rc == 0)
		say_end(r, *m);
	return rc;
}

static void perform(struct run *r)
{
	char destination[1024];
	mxsel_options *o = NULL;
	mxsel *m = NULL;
	int rc;

	(void)snprintf(destination, sizeof(destination), "%0*d@d.example",
		r->padding + 1, 0);
	r->t.length = 0;
	r->t.said[0] = '\0';
	r->t.refusals = r->t.gave_up = r->damaged = r->attempts = 0;
	DO(&r->t, rc, mxsel_options_new_with_allocator(&o, memory_give,
		&r->t.memory));
	if (rc == 0) {
		mxsel_options_set(o, MXSEL_OPT_DANE, 1);
		mxsel_options_set(o, MXSEL_OPT_TRACE, !r->by_records);
		mxsel_options_set_seed(o, 3);
		DO(&r->t, rc, mxsel_new(&m, destination, o));
	}
	if (rc == 0)
		rc = route(r, &m, o);
	mxsel_free(m);
	mxsel_options_free(o);
	ck_assert_int_eq(rc, r->t.gave_up ? MXSEL_ENOMEM : 0);
	ck_assert_uint_eq(r->t.memory.blocks, 0);
}

static void check_same(size_t n)
{
	const char *a = quiet.t.said, *b = run.t.said;
	size_t i, begin = 0;

	for (i = 0; a[i] != '\0' && a[i] == b[i]; i++)
		if (a[i] == '\n')
			begin = i + 1;
	ck_assert_msg(a[i] == b[i], "way %d, request %zu fails: \"%.*s\""
		" becomes \"%.*s\"", run.way, n,
		(int)strcspn(a + begin, "\n"), a + begin,
		(int)strcspn(b + begin, "\n"), b + begin);
}

/* Whoever is still handed out is handed out as on a quiet day. */
static void check_damaged(size_t n)
{
	char line[512];
	const char *at = run.t.said;
	size_t length;

	for (; (length = strcspn(at, "\n")) > 0; at += length + 1) {
		ck_assert_uint_lt(length, sizeof(line));
		memcpy(line, at, length);
		line[length] = '\0';
		if (line[0] == '-')
			ck_assert_msg(strstr(quiet.t.said, line) != NULL,
				"way %d, request %zu lost: \"%s\"", run.way,
				n, line);
	}
}

static void fail_each(enum mode mode)
{
	size_t n, failures = 0;

	run.way = quiet.way;
	run.padding = quiet.padding;
	run.by_records = quiet.by_records;
	run.saves = quiet.saves;
	for (n = 0; ; n++) {
		trial_fail_at(&run.t, mode, n);
		perform(&run);
		if (run.t.memory.failed == 0)
			break;
		failures++;
		if (run.damaged)
			check_damaged(n);
		else if (!run.t.gave_up)
			check_same(n);
	}
	ck_assert_uint_eq(failures, n);
	ck_assert_uint_ge(failures, 3);
	check_same(n);
}

static void setup(void)
{
	static const char *const modes[] = { "enforce", "testing" };
	char body[128];
	int i;

	for (i = 0; i < 2; i++) {
		(void)snprintf(body, sizeof(body), policy_text, modes[i]);
		ck_assert_int_eq(mxsel_sts_new(&policies[i], "d.example",
			body, strlen(body), 1), 0);
	}
}

static void teardown(void)
{
	mxsel_sts_free(policies[0]);
	mxsel_sts_free(policies[1]);
}

START_TEST(S32_S39_F84_no_memory_never_changes_how_a_host_must_be_reached)
{
	int form, thorough = getenv("MXSEL_THOROUGH") != NULL;

	for (form = 0; form < 3 * 7; form++) {
		/* The six ways together have every padding. */
		if (!thorough && form / 3 != _i && form / 3 != _i + 1)
			continue;
		quiet.way = _i;
		quiet.padding = form / 3 * 97;
		quiet.by_records = form % 3 == 2;
		quiet.saves = form % 3 == 1;
		memory_begin(&quiet.t.memory);
		perform(&quiet);
		ck_assert_ptr_nonnull(strstr(quiet.t.said, "- one.example"));
		ck_assert_ptr_nonnull(strstr(quiet.t.said, " dane tlsa "));
		fail_each(ONCE);
		fail_each(ON);
		fail_each(GONE);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("no memory on the way to a secure host");
	TCase *t = tcase_create("F84");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t,
	S32_S39_F84_no_memory_never_changes_how_a_host_must_be_reached, 0, 6);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
