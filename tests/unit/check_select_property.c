/*
 * What must hold for any domain, tried on thousands of random ones with fixed
 * seeds: order, verdicts, repeatability (R30, R32, R36, R37, R61, R73-R75),
 * and that every host of a preference is first equally often (R31). May use
 * <mxsel/mxsel.h>.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

#define HOSTS 8
#define RECORDS_MAX 10
#define ZONES 4000

enum { ADDRESSES, NODATA, NXDOMAIN, FAILURE };

/* A random domain: MX records, and for each host what its families say. */
struct zone {
	int outcome; /* of the MX question */
	int count;
	struct {
		uint16_t preference;
		int host; /* HOSTS: the root; HOSTS + 1: no host name */
	} mx[RECORDS_MAX];
	int says[HOSTS][2];
	uint8_t address[HOSTS][2][3]; /* last octets */
	int options;
};

struct random {
	uint64_t state;
};

static uint32_t below(struct random *r, uint32_t bound)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ z >> 31) % bound);
}

static void make_zone(struct zone *z, struct random *r)
{
	int i, family, k;

	memset(z, 0, sizeof(*z));
	z->outcome = below(r, 10) == 0 ? MXSEL_DNS_NXDOMAIN + (int)below(r, 11)
		: MXSEL_DNS_COMPLETE;
	z->count = (int)below(r, RECORDS_MAX + 1);
	for (i = 0; i < z->count; i++) {
		z->mx[i].preference = (uint16_t)(10 * below(r, 3));
		z->mx[i].host = (int)below(r, below(r, 3) == 0 ? HOSTS + 2
			: HOSTS);
	}
	for (i = 0; i < HOSTS; i++)
		for (family = 0; family < 2; family++) {
			z->says[i][family] = (int)below(r, 4);
			for (k = 0; k < 3; k++)
				z->address[i][family][k] =
					(uint8_t)below(r, 12);
		}
	z->options = (int)below(r, 1 << 12);
}

/* --- one play of it ------------------------------------------------------ */

struct play {
	const struct zone *z;
	int reversed; /* MX records from the last to the first */
	int newest;   /* the question asked last is answered first */
	int single;   /* go on after each answer */
	int failures; /* questions that ended in a failure */
	char told[8192];
	size_t n;
};

static void answer_mx(struct play *p, mxsel_query *q)
{
	char name[32];
	int i;

	for (i = 0; i < p->z->count; i++) {
		int at = p->reversed ? p->z->count - 1 - i : i;
		int host = p->z->mx[at].host;

		snprintf(name, sizeof(name), host == HOSTS ? "."
			: host > HOSTS ? "no name.example" : "h%d.example",
			host);
		mxsel_answer_mx(q, p->z->mx[at].preference, name, 300);
	}
	if (p->z->outcome > MXSEL_DNS_NXDOMAIN)
		p->failures++;
	mxsel_answer_finish(q, p->z->outcome, 0);
}

/* The domain itself is host 0. */
static void answer_address(struct play *p, mxsel_query *q)
{
	static const int outcomes[] = {
		MXSEL_DNS_COMPLETE, MXSEL_DNS_COMPLETE, MXSEL_DNS_NXDOMAIN,
		MXSEL_DNS_SERVFAIL
	};
	int host = mxsel_query_name(q)[0] == 'h' ? mxsel_query_name(q)[1] - '0'
		: 0;
	int family = mxsel_query_type(q) == MXSEL_TYPE_A;
	int says = p->z->says[host][family], k;

	for (k = 0; k < 3 && says == ADDRESSES; k++) {
		uint8_t bytes[16] = { 0x20, 0x01, 0x0d, 0xb8 };
		uint8_t last = p->z->address[host][family][k];

		if (family) { /* 0: loopback, 1: ourselves */
			bytes[0] = last == 0 ? 127 : 192;
			bytes[1] = 0;
			bytes[2] = last == 0 ? 0 : 2;
			bytes[3] = last == 0 ? 1 : last;
		} else {
			bytes[15] = last;
		}
		mxsel_answer_address(q, bytes, family ? 4 : 16, 300);
	}
	p->failures += says == FAILURE;
	mxsel_answer_finish(q, outcomes[says], 0);
}

static void answer_open(struct play *p, mxsel *m)
{
	static mxsel_query *open[64];
	static int count;
	mxsel_query *q;

	while ((q = mxsel_query_take(m)) != NULL)
		open[count++] = q;
	while (count > 0) {
		int at = p->newest ? count - 1 : 0;

		q = open[at];
		count--;
		memmove(&open[at], &open[at + 1],
			(size_t)(count - at) * sizeof(open[0]));
		if (mxsel_query_type(q) == MXSEL_TYPE_MX)
			answer_mx(p, q);
		else
			answer_address(p, q);
		if (p->single)
			return;
	}
}

static mxsel *begin(const struct zone *z, uint64_t seed)
{
	mxsel_options *o;
	mxsel *m;
	int x = z->options;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set_seed(o, seed);
	mxsel_options_set(o, MXSEL_OPT_FAMILY, x % 6);
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, x >> 4 & 1);
	if ((x >> 5 & 3) == 0)
		mxsel_options_add_self_address(o, "192.0.2.1");
	if ((x >> 7 & 3) == 0)
		mxsel_options_add_self_name(o, "h7.example");
	if ((x >> 9 & 3) == 0)
		mxsel_options_set(o, MXSEL_OPT_MAX_HOSTS, 2);
	if ((x >> 9 & 3) == 1)
		mxsel_options_set(o, MXSEL_OPT_MAX_ADDRESSES, 3);
	if ((x >> 11 & 1) == 1)
		mxsel_options_set(o, MXSEL_OPT_KEEP_DUPLICATES, 1);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	return m;
}

/* R30: never back to a better preference. R36, R73: nothing twice. */
static void check_attempts(mxsel *m, struct play *p)
{
	char tried[200][64];
	size_t count = 0, i;
	int preference = -1, rc;

	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc == MXSEL_LOOKUP) {
			answer_open(p, m);
			continue;
		}
		ck_assert_int_eq(rc, MXSEL_ATTEMPT);
		ck_assert_int_ge(mxsel_host_preference(m), preference);
		preference = mxsel_host_preference(m);
		ck_assert_int_eq(mxsel_verdict_action(m), MXSEL_ACTION_TRY);
		snprintf(tried[count], sizeof(tried[count]), "%s %s",
			p->z->options >> 11 & 1 ? mxsel_host_name(m) : "",
			mxsel_address(m));
		for (i = 0; i < count; i++)
			ck_assert_str_ne(tried[i], tried[count]);
		count++;
		ck_assert_str_ne(mxsel_address(m), "127.0.0.1");
		if ((p->z->options >> 5 & 3) == 0)
			ck_assert_str_ne(mxsel_address(m), "192.0.2.1");
		p->n += (size_t)snprintf(p->told + p->n,
			sizeof(p->told) - p->n, "%d %s %s\n", preference,
			mxsel_host_name(m), mxsel_address(m));
	}
}

/* R74, R75: what a verdict may be, given what was met. */
static void check_verdict(mxsel *m, const struct play *p)
{
	int action = mxsel_verdict_action(m);
	int class = action == MXSEL_ACTION_BOUNCE ? 5 : 4;
	const char *text = mxsel_verdict_text(m);

	ck_assert(action == MXSEL_ACTION_BOUNCE ||
		action == MXSEL_ACTION_DEFER);
	ck_assert_int_eq(mxsel_verdict_code(m) / 100, class);
	ck_assert_int_eq(mxsel_verdict_status(m)[0], '0' + class);
	ck_assert_int_eq(text[strlen(text) - 1], '.');
	if (action == MXSEL_ACTION_DEFER)
		return;
	ck_assert_msg(p->n == 0, "a bounce after attempts");
	if (mxsel_verdict_reason(m) == MXSEL_REASON_LOOP)
		return; /* whatever was met stood behind us */
	ck_assert_msg(p->failures == 0, "a bounce in spite of a failure");
	ck_assert_uint_eq(mxsel_flags(m) & (MXSEL_FLAG_LIMITED |
		MXSEL_FLAG_INCOMPLETE | MXSEL_FLAG_FAMILY_OFF), 0);
}

static void play(struct play *p, const struct zone *z, uint64_t seed, int way)
{
	mxsel *m = begin(z, seed);
	size_t i;
	int reason, preference;
	const char *subject;

	memset(p, 0, sizeof(*p));
	p->z = z;
	p->reversed = way & 1;
	p->newest = way >> 1 & 1;
	p->single = way >> 2 & 1;
	check_attempts(m, p);
	check_verdict(m, p);
	p->n += (size_t)snprintf(p->told + p->n, sizeof(p->told) - p->n,
		"%d %s %s %x %u %zu\n", mxsel_verdict_code(m),
		mxsel_verdict_status(m), mxsel_verdict_text(m),
		(unsigned)mxsel_flags(m), (unsigned)mxsel_ttl(m),
		mxsel_query_count(m));
	for (i = 0; mxsel_rejected(m, i, &reason, &preference, &subject) == 0;
		i++)
		p->n += (size_t)snprintf(p->told + p->n,
			sizeof(p->told) - p->n, "%s %d %d\n", subject, reason,
			preference);
	ck_assert_uint_lt(p->n, sizeof(p->told));
	mxsel_free(m);
}

START_TEST(R30_R36_R73_R74_R75_hold_for_any_domain)
{
	static struct play p;
	struct random r = { 20240131 };
	struct zone z;
	int i, bounced = 0, deferred = 0;

	for (i = 0; i < ZONES; i++) {
		make_zone(&z, &r);
		play(&p, &z, (uint64_t)i, 0);
		bounced += strstr(p.told, "\n5") != NULL || p.told[0] == '5';
		deferred += strstr(p.told, "451 4.") != NULL;
	}
	ck_assert_int_gt(bounced, ZONES / 50); /* both were seen */
	ck_assert_int_gt(deferred, ZONES / 4);
}
END_TEST

START_TEST(R32_any_order_of_records_and_answers_gives_the_same)
{
	static struct play first, again;
	struct random r = { 7 };
	struct zone z;
	int i, way;

	for (i = 0; i < ZONES / 4; i++) {
		make_zone(&z, &r);
		play(&first, &z, (uint64_t)i, 0);
		for (way = 1; way < 8; way++) {
			play(&again, &z, (uint64_t)i, way);
			ck_assert_str_eq(first.told, again.told);
		}
	}
}
END_TEST

/* R61: with failures and refusals in any order the verdict is the same. */
START_TEST(R61_the_verdict_does_not_depend_on_the_order)
{
	static struct play p, other;
	struct random r = { 99 };
	struct zone z;
	int i, k;

	for (i = 0; i < ZONES / 2; i++) {
		make_zone(&z, &r);
		z.outcome = MXSEL_DNS_COMPLETE;
		z.options = 0x7ec; /* no self, no limit */
		for (k = 0; k < HOSTS; k++) {
			z.says[k][0] = NODATA + (int)below(&r, 3);
			z.says[k][1] = NODATA + (int)below(&r, 3);
		}
		for (k = 0; k < z.count; k++)
			z.mx[k].host %= HOSTS;
		play(&p, &z, 1, 0);
		for (k = 0; k < z.count; k++)
			z.mx[k].preference = (uint16_t)below(&r, 5);
		play(&other, &z, 2, 0);
		ck_assert_int_eq(strncmp(p.told, other.told, 3), 0);
	}
}
END_TEST

/* --- who is first -------------------------------------------------------- */

/* P(chi-square of this many degrees of freedom >= x), by its series. */
static double tail(double x, int freedom)
{
	double a = freedom / 2.0, h = x / 2.0, term = 1.0 / a, sum = term;
	int n;

	for (n = 1; n < 1000; n++) {
		term *= h / (a + n);
		sum += term;
	}
	return 1.0 - sum * exp(-h + a * log(h) - lgamma(a));
}

/* n equal hosts; h0 has one address, h1 two, h2 three and so on. */
static void answer_equal(mxsel_query *q, int n)
{
	char name[32];
	int i;

	if (mxsel_query_type(q) == MXSEL_TYPE_MX)
		for (i = 0; i < n; i++) {
			snprintf(name, sizeof(name), "h%d.example", i);
			mxsel_answer_mx(q, 10, name, 300);
		}
	if (mxsel_query_type(q) == MXSEL_TYPE_A) {
		int host = mxsel_query_name(q)[1] - '0';
		uint8_t v4[4] = { 192, 0, 2, 0 };

		for (i = 0; i <= host; i++) {
			v4[3] = (uint8_t)(16 * host + i + 1);
			mxsel_answer_address(q, v4, 4, 300);
		}
	}
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
}

static int first_host(int n, uint64_t seed, int shuffle)
{
	mxsel_options *o;
	mxsel *m;
	mxsel_query *q;
	int first;

	mxsel_options_new(&o);
	mxsel_options_set_seed(o, seed);
	mxsel_options_set(o, MXSEL_OPT_SHUFFLE, shuffle);
	mxsel_new(&m, "example.com", o);
	mxsel_options_free(o);
	while (mxsel_next(m) == MXSEL_LOOKUP)
		while ((q = mxsel_query_take(m)) != NULL)
			answer_equal(q, n);
	first = mxsel_host_name(m)[1] - '0';
	mxsel_free(m);
	return first;
}

/* R31: the share of a host is 1/n however many addresses it has. */
START_TEST(R31_every_host_of_a_preference_is_first_equally_often)
{
	enum { ROUNDS = 12000 };
	int count[8] = { 0 }, n = _i, i;
	double chi = 0, expected = (double)ROUNDS / n, p;

	for (i = 0; i < ROUNDS; i++)
		count[first_host(n, (uint64_t)i, MXSEL_SHUFFLE_HOSTS)]++;
	for (i = 0; i < n; i++)
		chi += (count[i] - expected) * (count[i] - expected) /
			expected;
	p = tail(chi, n - 1);
	ck_assert_msg(p >= 1e-4 && p <= 1 - 1e-4, "%d hosts: chi %g, p %g", n,
		chi, p);
}
END_TEST

/* R31: with addresses shuffled it is its share of the addresses. */
START_TEST(R31_every_address_is_first_equally_often_on_request)
{
	enum { ROUNDS = 12000 };
	int count[8] = { 0 }, n = _i, i;
	double chi = 0, p;

	for (i = 0; i < ROUNDS; i++)
		count[first_host(n, (uint64_t)i, MXSEL_SHUFFLE_ADDRESSES)]++;
	for (i = 0; i < n; i++) {
		double expected = (double)ROUNDS * (i + 1) / (n * (n + 1) / 2);

		chi += (count[i] - expected) * (count[i] - expected) /
			expected;
	}
	p = tail(chi, n - 1);
	ck_assert_msg(p >= 1e-4 && p <= 1 - 1e-4, "%d hosts: chi %g, p %g", n,
		chi, p);
}
END_TEST

START_TEST(R31_without_shuffle_the_first_is_always_the_same)
{
	int i;

	for (i = 0; i < 100; i++)
		ck_assert_int_eq(first_host(4, (uint64_t)i,
			MXSEL_SHUFFLE_NONE), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: properties");
	TCase *tc = tcase_create("properties");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, R30_R36_R73_R74_R75_hold_for_any_domain);
	tcase_add_test(tc,
		R32_any_order_of_records_and_answers_gives_the_same);
	tcase_add_test(tc, R61_the_verdict_does_not_depend_on_the_order);
	tcase_add_loop_test(tc,
		R31_every_host_of_a_preference_is_first_equally_often, 2, 7);
	tcase_add_loop_test(tc,
		R31_every_address_is_first_equally_often_on_request, 2, 7);
	tcase_add_test(tc, R31_without_shuffle_the_first_is_always_the_same);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
