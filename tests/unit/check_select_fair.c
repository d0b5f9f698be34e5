/*
 * A limit of attempts, on random plans and for every number: who is kept, and
 * in which order (R30, R37-R39). May use <mxsel/mxsel.h>.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

#define HOSTS 7
#define ADDRESSES_MAX 4
#define ATTEMPTS (HOSTS * 2 * ADDRESSES_MAX)
#define PLANS 400

struct plan {
	int count;
	int preference[HOSTS];
	int addresses[HOSTS][2]; /* IPv6, IPv4 */
};

struct attempt {
	int host, preference, is_v4;
	char text[64];
};

struct walk {
	struct attempt at[ATTEMPTS + 1];
	int count;
	uint32_t flags;
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

static void make_plan(struct plan *p, struct random *r)
{
	int i;

	p->count = 1 + below(r, HOSTS);
	for (i = 0; i < p->count; i++) {
		p->preference[i] = 10 * below(r, 3);
		p->addresses[i][0] = below(r, ADDRESSES_MAX + 1);
		p->addresses[i][1] = below(r, ADDRESSES_MAX + 1);
	}
}

static void answer(mxsel_query *q, const struct plan *p)
{
	uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8 }, v4[4] = { 192, 0, 2 };
	int is_v4 = mxsel_query_type(q) == MXSEL_TYPE_A, host, i;
	char name[32];

	if (mxsel_query_type(q) == MXSEL_TYPE_MX) {
		for (i = 0; i < p->count; i++) {
			(void)snprintf(name, sizeof(name), "h%d.example", i);
			mxsel_answer_mx(q, (uint16_t)p->preference[i], name,
				300);
		}
	} else {
		host = mxsel_query_name(q)[1] - '0';
		for (i = 0; i < p->addresses[host][is_v4]; i++) {
			v4[3] = v6[15] = (uint8_t)(16 * host + i + 1);
			mxsel_answer_address(q, is_v4 ? v4 : v6,
				is_v4 ? 4 : 16, 300);
		}
	}
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
}

static mxsel *begin(uint64_t seed, int most)
{
	mxsel_options *o;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set_seed(o, seed);
	mxsel_options_set(o, MXSEL_OPT_MAX_ADDRESSES, 0);
	mxsel_options_set(o, MXSEL_OPT_MAX_ATTEMPTS, most);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	return m;
}

static void go(const struct plan *p, uint64_t seed, int most, struct walk *w)
{
	mxsel *m = begin(seed, most);
	mxsel_query *q;
	int rc;

	w->count = 0;
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		struct attempt *a = &w->at[w->count];

		if (rc == MXSEL_LOOKUP) {
			while ((q = mxsel_query_take(m)) != NULL)
				answer(q, p);
			continue;
		}
		ck_assert_int_eq(rc, MXSEL_ATTEMPT);
		ck_assert_int_lt(w->count, ATTEMPTS);
		a->host = mxsel_host_name(m)[1] - '0';
		a->preference = mxsel_host_preference(m);
		a->is_v4 = strchr(mxsel_address(m), ':') == NULL;
		(void)snprintf(a->text, sizeof(a->text), "%s",
			mxsel_address(m));
		w->count++;
	}
	w->flags = mxsel_flags(m);
	mxsel_free(m);
}

/* What is kept is in the order of the whole plan, with nothing new. */
static void check_order(const struct walk *all, const struct walk *some)
{
	int i, k = 0;

	for (i = 0; i < some->count; i++) {
		while (k < all->count && strcmp(all->at[k].text,
			some->at[i].text) != 0)
			k++;
		ck_assert_msg(k < all->count, "%s is out of place",
			some->at[i].text);
		k++;
	}
}

/* Attempts of a preference; of a host (-1: all), of a family (-1: both). */
static int count(const struct walk *w, int preference, int host, int is_v4)
{
	int i, n = 0;

	for (i = 0; i < w->count; i++)
		n += w->at[i].preference == preference &&
			(host < 0 || w->at[i].host == host) &&
			(is_v4 < 0 || w->at[i].is_v4 == is_v4);
	return n;
}

static void check_slots(const struct walk *all, const struct walk *some,
	int preference)
{
	int host, third = 0, missed = 0;

	for (host = 0; host < HOSTS; host++) {
		third |= count(some, preference, host, -1) > 2;
		missed |= count(all, preference, host, -1) > 0 &&
			count(some, preference, host, -1) == 0;
	}
	ck_assert_msg(!third || !missed, "a third before a first");
}

static void check_families(const struct walk *all, const struct walk *some,
	int preference)
{
	int family;

	if (count(some, preference, -1, -1) < 2)
		return;
	for (family = 0; family < 2; family++)
		ck_assert_msg(count(all, preference, -1, family) == 0 ||
			count(some, preference, -1, family) > 0,
			"a family is left out");
}

/* Nobody worse is tried while a better one is cut. */
static void check_preferences(const struct walk *all, const struct walk *some)
{
	int preference, cut = 0;

	for (preference = 0; preference < 30; preference += 10) {
		int kept = count(some, preference, -1, -1);

		ck_assert(!cut || kept == 0);
		cut |= kept < count(all, preference, -1, -1);
		check_slots(all, some, preference);
		check_families(all, some, preference);
	}
}

START_TEST(R30_R38_R39_every_limit_on_random_plans)
{
	static struct walk all, some;
	struct random r = { 38 };
	struct plan p;
	int i, most, cuts = 0;

	for (i = 0; i < PLANS; i++) {
		make_plan(&p, &r);
		go(&p, (uint64_t)i, 0, &all);
		for (most = 2; most <= all.count + 1; most++) {
			go(&p, (uint64_t)i, most, &some);
			ck_assert_int_eq(some.count, most < all.count ? most
				: all.count);
			/* All used up: nobody knows of the other hosts. */
			if (most != all.count)
				ck_assert_int_eq(most < all.count, (some.flags
					& MXSEL_FLAG_LIMITED) != 0);
			cuts += most < all.count;
			check_order(&all, &some);
			check_preferences(&all, &some);
		}
	}
	ck_assert_int_gt(cuts, PLANS);
}
END_TEST

START_TEST(R39_a_limit_of_one_gives_the_very_first)
{
	static struct walk all, some;
	struct random r = { 39 };
	struct plan p;
	int i;

	for (i = 0; i < PLANS; i++) {
		make_plan(&p, &r);
		go(&p, (uint64_t)i, 0, &all);
		go(&p, (uint64_t)i, 1, &some);
		ck_assert_int_eq(some.count, all.count > 0);
		if (some.count > 0)
			ck_assert_str_eq(all.at[0].text, some.at[0].text);
	}
}
END_TEST

START_TEST(R38_the_limit_is_a_number_from_none_to_many)
{
	mxsel_options *o;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_get(o, MXSEL_OPT_MAX_ATTEMPTS), 0);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_MAX_ATTEMPTS, -1),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_options_set(o, MXSEL_OPT_MAX_ATTEMPTS,
		INT32_MAX), MXSEL_OK);
	mxsel_options_free(o);
}
END_TEST

/* --- who exactly is kept ------------------------------------------------- */

/* Which attempts of one preference, all[from..to), stay: none of the rest. */
struct group {
	const struct walk *all;
	int from, to, left;
	int slot[ATTEMPTS], kept[ATTEMPTS];
};

static void number_slots(struct group *g)
{
	int i, k;

	for (i = g->from; i < g->to; i++) {
		g->kept[i] = g->slot[i] = 0;
		for (k = g->from; k < i; k++)
			g->slot[i] += g->all->at[k].host == g->all->at[i].host;
	}
}

/* The lowest slot first, in it the earliest. */
static void keep_lowest(struct group *g)
{
	int i, k, best;

	for (k = 0; k < g->left; k++) {
		best = -1;
		for (i = g->from; i < g->to; i++)
			if (!g->kept[i] && (best < 0 ||
				g->slot[i] < g->slot[best]))
				best = i;
		if (best >= 0)
			g->kept[best] = 1;
	}
}

/* One of a family that has none takes the place of the latest slot. */
static void keep_one_of(struct group *g, const struct walk *before, int is_v4)
{
	int i, worst = -1, missing = -1;

	for (i = g->from; i < g->to; i++) {
		if (g->all->at[i].is_v4 != is_v4) {
			if (g->kept[i] && (worst < 0 ||
				g->slot[i] >= g->slot[worst]))
				worst = i;
		} else if (g->kept[i]) {
			return;
		} else if (missing < 0) {
			missing = i;
		}
	}
	for (i = 0; i < before->count && g->left == 1; i++)
		if (before->at[i].is_v4 == is_v4)
			return;
	if (missing >= 0 && worst >= 0) {
		g->kept[missing] = 1;
		g->kept[worst] = 0;
	}
}

static void limit(const struct walk *all, int most, struct walk *out)
{
	static struct group g;
	int i;

	out->count = 0;
	g.all = all;
	for (g.from = 0; g.from < all->count; g.from = g.to) {
		g.to = g.from;
		while (g.to < all->count && all->at[g.to].preference ==
			all->at[g.from].preference)
			g.to++;
		g.left = most - out->count;
		number_slots(&g);
		keep_lowest(&g);
		if (g.left > 0 && g.left < g.to - g.from) {
			keep_one_of(&g, out, 1);
			keep_one_of(&g, out, 0);
		}
		for (i = g.from; i < g.to; i++)
			if (g.kept[i])
				out->at[out->count++] = all->at[i];
	}
}

START_TEST(R37_R38_exactly_the_first_of_each_host_stay)
{
	static struct walk all, some, model;
	struct random r = { 3738 };
	struct plan p;
	int i, k, most;

	for (i = 0; i < PLANS; i++) {
		make_plan(&p, &r);
		go(&p, (uint64_t)i, 0, &all);
		for (most = 2; most <= all.count; most++) {
			go(&p, (uint64_t)i, most, &some);
			limit(&all, most, &model);
			ck_assert_int_eq(some.count, model.count);
			for (k = 0; k < some.count; k++)
				ck_assert_str_eq(some.at[k].text,
					model.at[k].text);
		}
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: fair attempts");
	TCase *t = tcase_create("R38");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, R30_R38_R39_every_limit_on_random_plans);
	tcase_add_test(t, R37_R38_exactly_the_first_of_each_host_stay);
	tcase_add_test(t, R39_a_limit_of_one_gives_the_very_first);
	tcase_add_test(t, R38_the_limit_is_a_number_from_none_to_many);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
