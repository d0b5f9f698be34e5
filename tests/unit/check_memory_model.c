/*
 * A memory against a plain model of one: what is reported, put, forgotten,
 * probed and taken in any order, at any pace, comes to the same (R85).
 */
#include <check.h>

#include "base/random.h"
#include "support/remembered.h"
#include "support/run.h"

#define HOSTS 12
#define PORTS 2
#define STEPS 30000
#define KEEP 3600000u
#define HALF_LIFE 60000u

/* One host at one port as the model remembers it. */
struct plain {
	int known;
	uint64_t heard;
	double score;
	uint64_t scored;
	int outcomes[MXSEL_MEMORY_OUTCOMES];
	int code, works, turn, doubt, again;
};

static const char *const addresses[] = { "192.0.2.7", "2001:db8::7" };
static struct plain model[HOSTS][PORTS];
static struct mxsel__random dice;
static uint64_t now;
static mxsel_memory *memory;

static uint32_t below(uint32_t n)
{
	return mxsel__random_below(&dice, n);
}

/* 2 to the power of -x, by squares of its 1024th part. */
static double half_to(double x)
{
	double z = x * 0.0006769015435155716;
	double y = 1 - z + z * z / 2 - z * z * z / 6;
	int i;

	if (x > 20)
		return 0;
	for (i = 0; i < 10; i++)
		y *= y;
	return y;
}

static double score_now(const struct plain *p)
{
	return p->score * half_to((double)(now - p->scored) / HALF_LIFE);
}

static int is_known(const struct plain *p)
{
	return p->known && now - p->heard <= KEEP;
}

static void add_failure(struct plain *p)
{
	p->score = score_now(p) + 1000;
	p->score = p->score > 4000 ? 4000 : p->score;
	p->scored = now;
}

/* By the words of the header, not by the table of the library. */
static void report(struct plain *p, int outcome, int code, int six,
	int rejected)
{
	static const struct plain empty;
	int talked = outcome == MXSEL_OUTCOME_DELIVERED ||
		(outcome >= MXSEL_OUTCOME_MAIL &&
		outcome <= MXSEL_OUTCOME_DATA);
	int noted = outcome >= MXSEL_OUTCOME_OWN_NAME, i;

	if (!is_known(p))
		*p = empty;
	p->known = 1;
	p->heard = now;
	p->code = code;
	for (i = MXSEL_MEMORY_OUTCOMES - 1; i > 0; i--)
		p->outcomes[i] = p->outcomes[i - 1];
	p->outcomes[0] = outcome;
	if (talked)
		p->score = 0;
	else if (!noted)
		add_failure(p);
	if (outcome == MXSEL_OUTCOME_DELIVERED) {
		p->works = six ? 6 : 4;
		p->doubt &= six ? 1 : 2;
		p->turn = p->again = 0;
	} else if (talked && code < 500) {
		p->again = 1 + six;
	}
	if (rejected) {
		if (p->doubt == 0)
			p->turn = six ? 4 : 6;
		p->doubt |= six ? 2 : 1;
	}
}

/* Thousandths, and none under a sixteenth; then the model has it, too. */
static void compare_score(struct plain *p, uint32_t score)
{
	double exact = score_now(p);

	if (score == 0)
		ck_assert_double_lt(exact, 65);
	else
		ck_assert_double_eq_tol(score, exact, 2.5);
	ck_assert(score == 0 || score >= 63);
	p->score = score;
	p->scored = now;
}

static void compare(const char *name, int host, int port)
{
	struct plain *p = &model[host][port];
	struct mxsel_memory_entry e;
	int i;

	ck_assert_int_eq(mxsel_memory_get(memory, name, 25 + port, &e),
		is_known(p));
	if (!is_known(p))
		return;
	ck_assert_uint_eq(e.age, now - p->heard);
	compare_score(p, e.score);
	for (i = 0; i < MXSEL_MEMORY_OUTCOMES; i++)
		ck_assert_int_eq(e.outcomes[i], p->outcomes[i]);
	ck_assert_int_eq(e.code, p->code);
	ck_assert_int_eq(e.works, p->works);
	ck_assert_int_eq(e.turn, p->turn);
	ck_assert_int_eq(e.doubt, p->doubt);
	ck_assert_str_eq(e.again, p->again ? addresses[p->again - 1] : "");
}

static void some_report(const char *name, struct plain *p, int port)
{
	int outcome = 1 + (int)below(MXSEL_OUTCOME_REQUIRETLS);
	int six = (int)below(2), rejected = below(4) == 0;
	int has_reply = outcome == MXSEL_OUTCOME_GREETING ||
		outcome == MXSEL_OUTCOME_EHLO ||
		(outcome >= MXSEL_OUTCOME_MAIL &&
		outcome <= MXSEL_OUTCOME_DATA);
	int code = !has_reply ? 0 : rejected ? 550 : 450 + (int)below(2) * 50;

	ck_assert_int_eq(mxsel_memory_report(memory, name, addresses[six],
		25 + port, outcome, code, rejected ? "5.7.1 No" : NULL), 0);
	report(p, outcome, code, six, rejected && has_reply);
}

static void some_probe(const char *name, struct plain *p, int port)
{
	struct mxsel__known k = remembered_host(name);

	k.port = (uint16_t)(25 + port);
	ck_assert_int_eq(mxsel__memory_look(memory, &k, 1), is_known(p));
	ck_assert_int_eq(k.turn, is_known(p) ? p->turn : 0);
	if (below(2)) {
		mxsel__memory_turned(memory, &k);
		p->turn = 0;
	} else {
		ck_assert_int_eq(mxsel__memory_probe(memory, &k),
			k.score > 0 ? 1 : 2);
		if (k.score > 0)
			add_failure(p);
	}
}

static void some_put(const char *name, struct plain *p, int port)
{
	static const struct plain empty;
	struct mxsel_memory_entry e = remembered_entry(name);

	e.port = 25 + port;
	e.score = below(4001);
	e.age = below(KEEP + KEEP / 4);
	e.outcomes[0] = (uint8_t)(1 + below(13));
	e.doubt = (int)below(4);
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	*p = empty;
	p->known = e.age <= KEEP;
	p->heard = now - e.age;
	p->score = e.score;
	p->scored = now;
	p->outcomes[0] = e.outcomes[0];
	p->doubt = e.doubt;
}

START_TEST(R85_a_memory_does_what_a_plain_one_does)
{
	int step, host, port;
	char name[80];

	mxsel__random_init(&dice, (uint64_t)_i + 85);
	memset(model, 0, sizeof(model));
	now = 10 * (uint64_t)KEEP;
	memory = remembered_new(65536, &now);
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_KEEP,
		KEEP / 1000), 0);
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_HALF_LIFE,
		HALF_LIFE / 1000), 0);
	for (step = 0; step < STEPS; step++) {
		uint32_t what = below(100);

		host = (int)below(HOSTS);
		port = (int)below(PORTS);
		/* Some of the names are long. */
		(void)snprintf(name, sizeof(name), "mx%d.%.*sexample", host,
			host % 3 * 20,
			"a-rather-long-name.of-which-the-end.is-cut-off-some");
		compare(name, host, port);
		if (what < 60) {
			some_report(name, &model[host][port], port);
		} else if (what < 90) {
			some_probe(name, &model[host][port], port);
		} else if (what < 98) {
			some_put(name, &model[host][port], port);
		} else {
			ck_assert_int_eq(mxsel_memory_forget(memory, name),
				0);
			memset(model[host], 0, sizeof(model[host]));
		}
		compare(name, host, port);
		now += below(8) == 0 ? below(100000) : below(200);
		now += below(500) == 0 ? KEEP / 2 : 0;
	}
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_EVICTED), 0);
	mxsel_memory_free(memory);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/model");
	TCase *t = tcase_create("model");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, R85_a_memory_does_what_a_plain_one_does, 0, 4);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
