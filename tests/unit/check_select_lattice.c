/*
 * The verdict as a lattice: for thousands of random domains and random ends
 * of attempts it is the strongest of what was met, whatever the order of the
 * hosts (R71-R75). The model here knows nothing of the library's table. May
 * use <mxsel/mxsel.h>.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

#define HOSTS 6
#define ROUNDS 6000

/* How strong an end speaks: the model's own words for it. */
enum strength { NOTHING, PERMANENT, TEMPORARY, FINAL, DELIVERED };

static const int action_of[] = {
	[PERMANENT] = MXSEL_ACTION_BOUNCE, [TEMPORARY] = MXSEL_ACTION_DEFER,
	[FINAL] = MXSEL_ACTION_BOUNCE, [DELIVERED] = MXSEL_ACTION_DELIVERED,
};

struct end {
	int outcome; /* 0: nobody says */
	int code;
	enum strength strength;
};

/* What becomes of a host: no attempt (DNS), or an attempt and its end. */
enum dns { ADDRESS, NXDOMAIN, NODATA, SERVFAIL, LOOPBACK };

struct host {
	enum dns dns;
	struct end end;
	uint16_t preference;
};

struct domain {
	int count;
	struct host host[HOSTS];
};

struct random {
	uint64_t state;
};

static int below(struct random *r, unsigned bound)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (int)((z ^ z >> 31) % bound);
}

static void make_end(struct end *e, struct random *r)
{
	static const int with_reply[] = {
		MXSEL_OUTCOME_GREETING, MXSEL_OUTCOME_EHLO, MXSEL_OUTCOME_MAIL,
		MXSEL_OUTCOME_RCPT, MXSEL_OUTCOME_DATA
	};
	static const int without[] = {
		MXSEL_OUTCOME_REFUSED, MXSEL_OUTCOME_TIMEOUT,
		MXSEL_OUTCOME_TLS, MXSEL_OUTCOME_POLICY, MXSEL_OUTCOME_LOST, 0
	};
	int kind = below(r, 20), permanent = below(r, 2);

	if (kind == 0) {
		e->outcome = MXSEL_OUTCOME_DELIVERED;
		e->code = below(r, 2) ? 250 : 0;
		e->strength = DELIVERED;
	} else if (kind < 6) {
		e->outcome = without[below(r, 6)];
		e->code = 0;
		e->strength = TEMPORARY;
	} else {
		int early = kind < 15; /* most are greetings: they go on */

		e->outcome = with_reply[early ? below(r, 2) : 2 + below(r, 3)];
		e->code = (permanent ? 500 : 400) + below(r, 100);
		e->strength = !permanent ? TEMPORARY
			: early ? PERMANENT : FINAL;
	}
}

static void make_domain(struct domain *d, struct random *r)
{
	int i;

	memset(d, 0, sizeof(*d));
	d->count = 1 + below(r, HOSTS);
	for (i = 0; i < d->count; i++) {
		d->host[i].dns = below(r, 3) ? ADDRESS
			: (enum dns)below(r, 5);
		d->host[i].preference = (uint16_t)(10 * below(r, 4));
		make_end(&d->host[i].end, r);
	}
}

static void answer(mxsel_query *q, const struct domain *d)
{
	static const int outcomes[] = {
		MXSEL_DNS_COMPLETE, MXSEL_DNS_NXDOMAIN, MXSEL_DNS_COMPLETE,
		MXSEL_DNS_SERVFAIL, MXSEL_DNS_COMPLETE
	};
	uint8_t v4[4] = { 192, 0, 2, 0 };
	char name[32];
	int i;

	if (mxsel_query_type(q) == MXSEL_TYPE_MX) {
		for (i = 0; i < d->count; i++) {
			(void)snprintf(name, sizeof(name), "h%d.example", i);
			mxsel_answer_mx(q, d->host[i].preference, name, 300);
		}
		mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
		return;
	}
	i = mxsel_query_name(q)[1] - '0';
	if (mxsel_query_type(q) == MXSEL_TYPE_A) {
		v4[0] = d->host[i].dns == LOOPBACK ? 127 : 192;
		v4[3] = (uint8_t)(i + 1);
		if (d->host[i].dns == ADDRESS || d->host[i].dns == LOOPBACK)
			mxsel_answer_address(q, v4, 4, 300);
	} else if (d->host[i].dns == SERVFAIL) {
		/* One family that fails is enough. */
		mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
		return;
	}
	mxsel_answer_finish(q, outcomes[d->host[i].dns], 0);
}

struct ending {
	int action, code;
	enum strength strongest; /* of all that was met */
};

static void check_digits(mxsel *m)
{
	static const char digit[] = { '?', '2', '4', '5' };
	char class = digit[mxsel_verdict_action(m)];
	const char *text = mxsel_verdict_text(m);

	ck_assert_int_eq(mxsel_verdict_status(m)[0], class);
	ck_assert_int_eq(mxsel_verdict_status(m)[1], '.');
	ck_assert_int_eq('0' + mxsel_verdict_code(m) / 100, class);
	ck_assert_int_eq(text[strlen(text) - 1], '.');
	ck_assert_ptr_nonnull(mxsel_reason_name(mxsel_verdict_reason(m)));
}

static enum strength end_attempt(mxsel *m, const struct end *e,
	struct random *r)
{
	static const char *const texts[] = {
		NULL, "", "no", "5.1.1 no", "4.2.1 no", "2.0.0 yes", "5.3.2",
		"4.3.2\r\n250 yes", "5.1.1.1", "6.6.6"
	};

	if (e->outcome != 0)
		ck_assert_int_eq(mxsel_report(m, e->outcome, e->code,
			texts[below(r, 10)]), MXSEL_OK);
	return e->strength;
}

/* Deliver it; the model sums up along the way. */
static void deliver(const struct domain *d, uint64_t seed, struct ending *out)
{
	struct random r = { seed };
	mxsel_options *o;
	mxsel_query *q;
	mxsel *m;
	int rc, i, over = 0;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set_seed(o, seed);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	/* What the DNS says of hosts that are behind the end does not count. */
	out->strongest = PERMANENT;
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		enum strength met;

		ck_assert_int_eq(over, 0);
		if (rc == MXSEL_LOOKUP) {
			while ((q = mxsel_query_take(m)) != NULL)
				answer(q, d);
			continue;
		}
		ck_assert_int_eq(rc, MXSEL_ATTEMPT);
		i = mxsel_host_name(m)[1] - '0';
		met = end_attempt(m, &d->host[i].end, &r);
		over = met >= FINAL;
		if (met > out->strongest)
			out->strongest = met;
	}
	for (i = 0; !over && i < d->count; i++)
		if (d->host[i].dns == SERVFAIL && out->strongest < TEMPORARY)
			out->strongest = TEMPORARY;
	check_digits(m);
	out->action = mxsel_verdict_action(m);
	out->code = mxsel_verdict_code(m);
	mxsel_free(m);
}

START_TEST(R74_the_verdict_is_the_strongest_of_all_that_was_met)
{
	struct random r = { 20260101 };
	struct domain d;
	struct ending e;
	int seen[5] = { 0 }, i;

	for (i = 0; i < ROUNDS; i++) {
		make_domain(&d, &r);
		deliver(&d, (uint64_t)i, &e);
		ck_assert_msg(e.action == action_of[e.strongest],
			"domain %d: action %d, strongest %d", i, e.action,
			(int)e.strongest);
		seen[e.strongest]++;
	}
	for (i = PERMANENT; i <= DELIVERED; i++)
		ck_assert_int_gt(seen[i], ROUNDS / 50);
}
END_TEST

/* Delivered and final both end it: who is first decides. Only one of them. */
static int ends_in_two_ways(const struct domain *d)
{
	int met[5] = { 0 }, i;

	for (i = 0; i < d->count; i++)
		if (d->host[i].dns == ADDRESS)
			met[d->host[i].end.strength] = 1;
	return met[FINAL] && met[DELIVERED];
}

static enum strength strongest(const struct domain *d)
{
	enum strength best = PERMANENT;
	int i;

	for (i = 0; i < d->count; i++) {
		const struct host *h = &d->host[i];
		enum strength s = h->dns == ADDRESS ? h->end.strength
			: h->dns == SERVFAIL ? TEMPORARY : PERMANENT;

		best = s > best ? s : best;
	}
	return best;
}

START_TEST(R74_whatever_the_order_of_the_hosts)
{
	struct random r = { 5321 };
	struct domain d;
	struct ending e;
	int i, k, order, tried = 0;

	for (i = 0; i < ROUNDS / 4; i++) {
		make_domain(&d, &r);
		if (ends_in_two_ways(&d))
			continue;
		tried++;
		for (order = 0; order < 8; order++) {
			for (k = 0; k < d.count; k++)
				d.host[k].preference = (uint16_t)below(&r, 9);
			deliver(&d, (uint64_t)order, &e);
			ck_assert_int_eq(e.action, action_of[strongest(&d)]);
		}
	}
	ck_assert_int_gt(tried, ROUNDS / 8);
}
END_TEST

/* R61: [primary SERVFAIL, backup NXDOMAIN], and the other way round. */
START_TEST(R61_R74_one_failure_defers_in_both_orders)
{
	struct domain d = { .count = 2, .host = {
		{ SERVFAIL, { 0, 0, NOTHING }, 10 },
		{ NXDOMAIN, { 0, 0, NOTHING }, 20 } } };
	struct ending e;

	deliver(&d, 1, &e);
	ck_assert_int_eq(e.action, MXSEL_ACTION_DEFER);
	d.host[0].preference = 30;
	deliver(&d, 1, &e);
	ck_assert_int_eq(e.action, MXSEL_ACTION_DEFER);
	ck_assert_int_eq(e.code, 451);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: the lattice of verdicts");
	TCase *t = tcase_create("R74");

	tcase_set_timeout(t, 120);
	tcase_add_test(t,
		R74_the_verdict_is_the_strongest_of_all_that_was_met);
	tcase_add_test(t, R74_whatever_the_order_of_the_hosts);
	tcase_add_test(t, R61_R74_one_failure_defers_in_both_orders);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
