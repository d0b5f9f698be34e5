/*
 * Hosts that the caller favours: first among their equals, stable, and never
 * across preferences (R30, R40). May use <mxsel/mxsel.h>.
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>

#include "support/run.h"

#define HOSTS 12

struct favours {
	int favour[HOSTS];
	int calls;
	int strange; /* a name that is none of ours */
};

static int number_of(const char *name)
{
	return name[0] == 'h' && name[1] >= 'a' && name[1] < 'a' + HOSTS &&
		strcmp(name + 2, ".example") == 0 ? name[1] - 'a' : -1;
}

static int favour(const char *host, void *user)
{
	struct favours *f = user;
	int i = number_of(host);

	f->calls++;
	f->strange |= i < 0;
	return i < 0 ? 0 : f->favour[i];
}

/* Preference i % 3; the address says which host it is. */
static void answer(mxsel_query *q)
{
	uint8_t v4[4] = { 192, 0, 2, 0 };
	char name[] = "h?.example";
	int i;

	if (mxsel_query_type(q) == MXSEL_TYPE_MX)
		for (i = 0; i < HOSTS; i++) {
			name[1] = (char)('a' + i);
			mxsel_answer_mx(q, (uint16_t)(i % 3), name, 300);
		}
	if (mxsel_query_type(q) == MXSEL_TYPE_A) {
		v4[3] = (uint8_t)(number_of(mxsel_query_name(q)) + 1);
		mxsel_answer_address(q, v4, 4, 300);
	}
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
}

/* The hosts in the order they are tried. */
static void walk(const mxsel_options *o, int order[HOSTS])
{
	mxsel_query *q;
	mxsel *m;
	int rc, n = 0;

	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc == MXSEL_LOOKUP) {
			while ((q = mxsel_query_take(m)) != NULL)
				answer(q);
			continue;
		}
		ck_assert_int_lt(n, HOSTS);
		order[n++] = number_of(mxsel_host_name(m));
	}
	ck_assert_int_eq(n, HOSTS);
	mxsel_free(m);
}

static mxsel_options *options(uint64_t seed)
{
	mxsel_options *o;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_seed(o, seed), MXSEL_OK);
	return o;
}

static int goes_before(const struct favours *f, int a, int b)
{
	return a % 3 == b % 3 && f->favour[a] > f->favour[b];
}

/* The model: what was shuffled, sorted by favour and nothing else. */
static void sort(const struct favours *f, int order[HOSTS])
{
	int i, k, moved;

	for (i = 1; i < HOSTS; i++) {
		moved = order[i];
		for (k = i; k > 0 && goes_before(f, moved, order[k - 1]); k--)
			order[k] = order[k - 1];
		order[k] = moved;
	}
}

static void check_favours(struct favours *f, uint64_t seed)
{
	int plain[HOSTS], favoured[HOSTS], i;
	mxsel_options *o = options(seed);

	walk(o, plain);
	ck_assert_int_eq(mxsel_options_set_rank(o, favour, f), MXSEL_OK);
	walk(o, favoured);
	sort(f, plain);
	for (i = 0; i < HOSTS; i++)
		ck_assert_int_eq(favoured[i], plain[i]);
	ck_assert_int_eq(f->strange, 0);
	ck_assert_int_ge(f->calls, HOSTS);
	mxsel_options_free(o);
}

START_TEST(R30_R40_favour_is_a_stable_sort_among_equals)
{
	static const int some[] = { 0, 0, 1, -1, INT_MAX, INT_MIN, 7 };
	struct favours f;
	uint64_t seed;
	int i;

	for (seed = 0; seed < 500; seed++) {
		memset(&f, 0, sizeof(f));
		for (i = 0; i < HOSTS; i++)
			f.favour[i] = some[(seed * 31 + (uint64_t)i *
				(seed % 11 + 1)) % 7];
		check_favours(&f, seed);
	}
}
END_TEST

START_TEST(R40_equal_favours_change_nothing)
{
	struct favours f;
	int plain[HOSTS], favoured[HOSTS], k;
	uint64_t seed;
	mxsel_options *o;

	for (seed = 0; seed < 100; seed++) {
		memset(&f, 0, sizeof(f));
		o = options(seed);
		walk(o, plain);
		mxsel_options_set_rank(o, favour, &f);
		walk(o, favoured);
		for (k = 0; k < HOSTS; k++)
			ck_assert_int_eq(plain[k], favoured[k]);
		mxsel_options_free(o);
	}
}
END_TEST

START_TEST(R40_the_function_is_the_options_and_their_copies)
{
	struct favours f;
	int order[HOSTS];
	mxsel_options *o = options(1), *copy;
	mxsel *m;

	memset(&f, 0, sizeof(f));
	ck_assert_int_eq(mxsel_options_set_rank(NULL, favour, &f),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_options_set_rank(o, favour, &f), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_copy(&copy, o), MXSEL_OK);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	ck_assert_int_eq(mxsel_options_set_rank(o, NULL, NULL),
		MXSEL_EUSAGE);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_options_set_rank(o, NULL, NULL), MXSEL_OK);
	walk(o, order);
	ck_assert_int_eq(f.calls, 0);
	walk(copy, order);
	ck_assert_int_gt(f.calls, 0);
	mxsel_options_free(o);
	mxsel_options_free(copy);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: favoured hosts");
	TCase *t = tcase_create("R40");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, R30_R40_favour_is_a_stable_sort_among_equals);
	tcase_add_test(t, R40_equal_favours_change_nothing);
	tcase_add_test(t, R40_the_function_is_the_options_and_their_copies);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
