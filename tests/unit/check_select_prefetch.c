/*
 * Addresses asked for ahead of time: where mail goes, and why, does not
 * depend on it, whoever answers when (R32, R37); each question is asked once,
 * and what comes while an attempt runs does not disturb it. May use
 * <mxsel/mxsel.h>.
 */
#include "support/run.h"

#include "support/many_domains.h"

#define DOMAINS 3000

static struct domain_play lazy, ahead;

/* Prefetch and the way in which answers come. */
static const struct way {
	int prefetch, between, newest, packets;
} ways[] = {
	{ 1, 0, 0, 0 }, { 1, 100, 0, 1 }, { 2, 50, 1, 0 }, { 128, 100, 0, 0 },
	{ 128, 50, 1, 1 }, { 128, 0, 1, 0 },
};

#define WAYS ((int)(sizeof(ways) / sizeof(ways[0])))

START_TEST(R32_R37_the_plan_does_not_depend_on_what_was_asked_ahead)
{
	const struct way *way = &ways[_i];
	struct domain d;
	int i, more = 0;

	for (i = 0; i < DOMAINS; i++) {
		domain_make(&d, (uint64_t)i);
		lazy = (struct domain_play){ .d = &d,
			.packets = way->packets };
		ahead = lazy;
		ahead.prefetch = way->prefetch;
		ahead.between = way->between;
		ahead.newest = way->newest;
		domain_play(&lazy, (uint64_t)i);
		domain_play(&ahead, (uint64_t)i);
		domain_check_same(&lazy, &ahead, i, "ahead");
		ck_assert_uint_ge(ahead.questions, lazy.questions);
		more += ahead.questions > lazy.questions;
	}
	/* Where a walk ends early something was asked for nothing. */
	ck_assert_int_gt(more, 0);
	ck_assert_int_lt(more, DOMAINS / 2);
}
END_TEST

/* --- one domain ---------------------------------------------------------- */

struct asked {
	char name[64];
	uint16_t type;
};

static struct asked asked[64];
static int asked_count;

static void answer(mxsel_query *q)
{
	static const uint8_t zero[16];
	uint8_t bytes[16];
	int i;

	for (i = 0; i < asked_count; i++)
		ck_assert(strcmp(asked[i].name, mxsel_query_name(q)) != 0 ||
			asked[i].type != mxsel_query_type(q));
	(void)snprintf(asked[asked_count].name, sizeof(asked[0].name), "%s",
		mxsel_query_name(q));
	asked[asked_count++].type = mxsel_query_type(q);
	memcpy(bytes, zero, sizeof(bytes));
	memcpy(bytes, "\xc0\0\2", 4);
	bytes[3] = (uint8_t)mxsel_query_name(q)[1];
	for (i = 0; mxsel_query_type(q) == MXSEL_TYPE_MX && i < 5; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "h%d.example", i);
		mxsel_answer_mx(q, (uint16_t)(10 * i), name, 300);
	}
	if (mxsel_query_type(q) == MXSEL_TYPE_A)
		mxsel_answer_address(q, bytes, 4, 300);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
}

static mxsel *begin(int prefetch, int most, mxsel_resolver *r)
{
	mxsel_options *o;
	mxsel *m;

	asked_count = 0;
	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	mxsel_options_set(o, MXSEL_OPT_PREFETCH, prefetch);
	if (most > 0)
		mxsel_options_set(o, MXSEL_OPT_MAX_QUERIES, most);
	mxsel_options_set_resolver(o, r);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	return m;
}

static int answer_all(mxsel *m)
{
	mxsel_query *q;
	int n = 0;

	for (; (q = mxsel_query_take(m)) != NULL; n++)
		answer(q);
	return n;
}

/* The MX question, then the first host's and so many of those ahead. */
static int open_first(mxsel *m)
{
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(answer_all(m), 1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	return answer_all(m);
}

START_TEST(so_many_hosts_are_asked_ahead_as_are_wanted)
{
	static const int wanted[] = { 0, 1, 3, 4, 128 };
	static const int opened[] = { 2, 4, 8, 10, 10 };
	mxsel *m = begin(wanted[_i], 0, NULL);

	ck_assert_int_eq(open_first(m), opened[_i]);
	ck_assert_uint_eq(mxsel_query_count(m), (size_t)opened[_i] + 1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	mxsel_free(m);
}
END_TEST

START_TEST(an_answer_while_an_attempt_runs_does_not_disturb_it)
{
	mxsel *m = begin(1, 0, NULL);
	int attempts = 0;

	(void)open_first(m);
	while (mxsel_next(m) == MXSEL_ATTEMPT) {
		char address[64];

		(void)snprintf(address, sizeof(address), "192.0.2.%d",
			'0' + attempts++);
		ck_assert_str_eq(mxsel_address(m), address);
		ck_assert_int_eq(mxsel_is_waiting(m), 0);
		(void)answer_all(m);
		ck_assert_str_eq(mxsel_address(m), address);
	}
	ck_assert_int_eq(attempts, 5);
	ck_assert_int_eq(asked_count, 11);
	mxsel_free(m);
}
END_TEST

START_TEST(it_waits_for_the_host_that_is_next_and_for_no_other)
{
	mxsel *m = begin(128, 0, NULL);
	mxsel_query *q[10];
	int i;

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	ck_assert_int_eq(answer_all(m), 1);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	for (i = 0; i < 10; i++)
		q[i] = mxsel_query_take(m);
	for (i = 9; i > 1; i--)
		answer(q[i]);
	ck_assert_int_eq(mxsel_is_waiting(m), 1);
	answer(q[0]);
	ck_assert_int_eq(mxsel_is_waiting(m), 1);
	answer(q[1]);
	ck_assert_int_eq(mxsel_is_waiting(m), 0);
	for (i = 0; i < 5; i++)
		ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	mxsel_free(m);
}
END_TEST

START_TEST(R37_no_more_is_asked_ahead_than_may_be_asked)
{
	mxsel *m = begin(128, 6, NULL);

	ck_assert_int_eq(open_first(m), 5);
	while (mxsel_next(m) == MXSEL_ATTEMPT)
		ck_assert_int_eq(answer_all(m), 0);
	ck_assert_uint_eq(mxsel_query_count(m), 6);
	ck_assert_uint_ne(mxsel_flags(m) & MXSEL_FLAG_LIMITED, 0);
	mxsel_free(m);
}
END_TEST

/* --- more addresses than there is room for ------------------------------- */

#define MANY_HOSTS 16
#define MANY 300

static void answer_many(mxsel_query *q)
{
	uint8_t bytes[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	unsigned host = 0;
	char name[32];
	int i;

	(void)sscanf(mxsel_query_name(q), "h%u", &host);
	for (i = 0; i < MANY_HOSTS && mxsel_query_type(q) == MXSEL_TYPE_MX;
		i++) {
		(void)snprintf(name, sizeof(name), "h%d.example", i);
		mxsel_answer_mx(q, (uint16_t)i, name, 300);
	}
	for (i = 0; i < MANY && mxsel_query_type(q) == MXSEL_TYPE_AAAA; i++) {
		bytes[13] = (uint8_t)host;
		bytes[14] = (uint8_t)(i >> 8);
		bytes[15] = (uint8_t)i;
		mxsel_answer_address(q, bytes, 16, 300);
	}
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
}

/* Attempts, and those of the first hosts; the newest is answered first. */
static int walk_many(int prefetch, int of_host[MANY_HOSTS])
{
	static const int unlimited[] = { MXSEL_OPT_MAX_RECORDS,
		MXSEL_OPT_MAX_HOSTS, MXSEL_OPT_MAX_HOST_ADDRESSES,
		MXSEL_OPT_MAX_ADDRESSES, MXSEL_OPT_MAX_QUERIES };
	mxsel_query *open[64];
	mxsel_options *o;
	mxsel *m;
	int rc, n = 0, attempts = 0;
	size_t i;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	for (i = 0; i < sizeof(unlimited) / sizeof(unlimited[0]); i++)
		mxsel_options_set(o, unlimited[i], 0);
	mxsel_options_set(o, MXSEL_OPT_PREFETCH, prefetch);
	ck_assert_int_eq(mxsel_new(&m, "example.com", o), MXSEL_OK);
	mxsel_options_free(o);
	memset(of_host, 0, MANY_HOSTS * sizeof(of_host[0]));
	while ((rc = mxsel_next(m)) != MXSEL_END) {
		if (rc == MXSEL_ATTEMPT) {
			of_host[mxsel_host_rank(m)]++;
			attempts++;
		}
		while ((open[n] = mxsel_query_take(m)) != NULL)
			n++;
		while (n > 0)
			answer_many(open[--n]);
	}
	mxsel_free(m);
	return attempts;
}

START_TEST(R37_S39_room_for_addresses_goes_to_hosts_in_their_order)
{
	int lazily[MANY_HOSTS], early[MANY_HOSTS], i;
	int attempts = walk_many(0, lazily);

	ck_assert_int_eq(attempts, 1024);
	ck_assert_int_eq(walk_many(128, early), attempts);
	for (i = 0; i < MANY_HOSTS; i++)
		ck_assert_int_eq(early[i], lazily[i]);
}
END_TEST

/* --- with a resolver ----------------------------------------------------- */

static void resolve(mxsel_query *q, void *user)
{
	++*(int *)user;
	answer(q);
}

START_TEST(a_resolver_gets_them_although_nobody_waits)
{
	mxsel_resolver *r;
	mxsel *m;
	int resolved = 0;

	ck_assert_int_eq(mxsel_resolver_new(&r, resolve, NULL, &resolved),
		MXSEL_OK);
	m = begin(1, 0, r);
	mxsel_resolver_free(r);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(resolved, 5);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(resolved, 7);
	while (mxsel_next(m) == MXSEL_ATTEMPT)
		;
	ck_assert_int_eq(resolved, 11);
	mxsel_free(m);
}
END_TEST

static void free_at_the_sixth(mxsel_query *q, void *user)
{
	if (++*(int *)user == 6)
		mxsel_free(mxsel_query_selection(q));
	else
		answer(q);
}

START_TEST(F93_it_may_be_freed_by_a_question_nobody_waits_for)
{
	mxsel_resolver *r;
	mxsel *m;
	int resolved = 0;

	ck_assert_int_eq(mxsel_resolver_new(&r, free_at_the_sixth, NULL,
		&resolved), MXSEL_OK);
	m = begin(1, 0, r);
	mxsel_resolver_free(r);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ECANCELED);
}
END_TEST

START_TEST(R80_what_was_asked_ahead_is_not_in_a_saved_selection)
{
	uint8_t bytes[4096];
	size_t size = sizeof(bytes);
	mxsel *m = begin(128, 0, NULL), *saved;
	int attempts = 1;

	(void)open_first(m);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_save(m, bytes, &size), MXSEL_OK);
	ck_assert_int_eq(mxsel_resume(&saved, bytes, size, NULL), MXSEL_OK);
	ck_assert_uint_eq(mxsel_query_count(saved), 3);
	mxsel_free(m);
	asked_count = 0;
	while (mxsel_next(saved) != MXSEL_END)
		attempts += answer_all(saved) == 0;
	ck_assert_int_eq(attempts, 5);
	ck_assert_int_eq(asked_count, 8);
	mxsel_free(saved);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("select: asked ahead");
	TCase *t = tcase_create("prefetch");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t,
		R32_R37_the_plan_does_not_depend_on_what_was_asked_ahead, 0,
		WAYS);
	tcase_add_loop_test(t, so_many_hosts_are_asked_ahead_as_are_wanted, 0,
		5);
	tcase_add_test(t, an_answer_while_an_attempt_runs_does_not_disturb_it);
	tcase_add_test(t, it_waits_for_the_host_that_is_next_and_for_no_other);
	tcase_add_test(t, R37_no_more_is_asked_ahead_than_may_be_asked);
	tcase_add_test(t,
		R37_S39_room_for_addresses_goes_to_hosts_in_their_order);
	tcase_add_test(t, a_resolver_gets_them_although_nobody_waits);
	tcase_add_test(t, F93_it_may_be_freed_by_a_question_nobody_waits_for);
	tcase_add_test(t,
		R80_what_was_asked_ahead_is_not_in_a_saved_selection);
	suite_add_tcase(s, t);
	return mxsel_test_run(s);
}
