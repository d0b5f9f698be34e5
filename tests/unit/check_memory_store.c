/*
 * Stores, where memories meet: when they are asked, what their answer is worth
 * and what they are told (R85). Their functions use the memory themselves
 * here: no lock is held then.
 */
#include <check.h>

#include "support/remembered.h"
#include "support/run.h"

#define HOST "mx1.example.com"
#define OTHER "mx2.example.com"
#define TOLD_MAX 32

static uint64_t now;
static mxsel_memory *memory;
static mxsel_store *store;

/* A store that notes what it is asked and told. */
static struct {
	int asked, fails, takes; /* milliseconds */
	size_t counts[8];
	uint32_t half_life, budgets[8];
	struct mxsel_memory_entry knows; /* name "": nothing */
	const char *report; /* a host that is reported while it is asked */
	int told, changes[TOLD_MAX];
	struct mxsel_memory_entry notes[TOLD_MAX];
	int released;
} s;

static int get(struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life, uint32_t budget, void *user)
{
	size_t i;

	ck_assert_ptr_eq(user, &s);
	ck_assert_int_lt(s.asked, 8);
	s.counts[s.asked] = count;
	s.budgets[s.asked++] = budget;
	s.half_life = half_life;
	now += (uint64_t)s.takes;
	if (s.report != NULL)
		remembered_refused(memory, s.report, NULL);
	for (i = 0; i < count; i++) {
		ck_assert_uint_eq(entries[i].score + entries[i].age, 0);
		if (strcmp(entries[i].name, s.knows.name) == 0)
			entries[i] = s.knows;
	}
	return s.fails ? -1 : 0;
}

static void record(const struct mxsel_memory_entry *entry, int change,
	uint32_t half_life, void *user)
{
	ck_assert_ptr_eq(user, &s);
	ck_assert_int_lt(s.told, TOLD_MAX);
	(void)remembered_knows(memory, HOST);
	s.half_life = half_life;
	s.changes[s.told] = change;
	s.notes[s.told++] = *entry;
}

static void release(void *user)
{
	ck_assert_ptr_eq(user, &s);
	s.released++;
}

static void setup(void)
{
	now = 10000;
	memset(&s, 0, sizeof(s));
	memory = remembered_new(65536, &now);
	ck_assert_int_eq(mxsel_store_new(&store, get, record, &s), 0);
	ck_assert_int_eq(mxsel_store_set_release(store, release), 0);
	ck_assert_int_eq(mxsel_memory_set_store(memory, store), 0);
}

static void teardown(void)
{
	mxsel_memory_free(memory);
	mxsel_store_free(store);
	ck_assert_int_eq(s.released, 1);
}

static uint64_t statistic(int which)
{
	return mxsel_memory_statistic(memory, which);
}

static struct mxsel__known look(const char *name)
{
	return remembered_look(memory, name);
}

/* ---------------------------------------------------------------------- ask */

START_TEST(R85_a_store_is_asked_once_in_a_while)
{
	if (_i) /* known here, or to nobody */
		remembered_refused(memory, HOST, FROM_V4);
	ck_assert_int_eq(look(HOST).is_known, _i);
	ck_assert_int_eq(s.asked, 1);
	ck_assert_uint_eq(s.counts[0], 1);
	ck_assert_uint_eq(s.budgets[0], 5);
	ck_assert_uint_eq(s.half_life, 30000);
	now += 999;
	ck_assert_int_eq(look(HOST).is_known, _i);
	ck_assert_int_eq(s.asked, 1);
	now += 1;
	ck_assert_int_eq(look(HOST).is_known, _i);
	ck_assert_int_eq(s.asked, 2);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ASKED), 2);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_UNANSWERED), 0);
}
END_TEST

START_TEST(R85_what_nobody_knows_is_not_known_for_having_been_asked)
{
	struct mxsel_memory_entry e;
	uint64_t place = 0;

	ck_assert_int_eq(look(HOST).is_known, 0);
	ck_assert_int_eq(remembered_knows(memory, HOST), 0);
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &e), 0);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ENTRIES), 0);
	remembered_refused(memory, HOST, NULL);
	ck_assert_uint_eq(look(HOST).score, 1000);
	ck_assert_int_eq(s.asked, 1);
}
END_TEST

START_TEST(R85_what_a_store_knows_takes_the_place_of_what_is_known_here)
{
	struct mxsel_memory_entry got;
	struct mxsel__known k;

	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_RCPT, 550,
		"5.7.1");
	s.knows = remembered_entry(HOST);
	s.knows.score = 2500;
	s.knows.age = 9999;
	s.knows.works = 6;
	k = look(HOST);
	ck_assert_uint_eq(k.score, 2500);
	ck_assert_uint_eq(k.age, 9999);
	ck_assert_uint_eq(k.last, MXSEL_OUTCOME_TIMEOUT);
	ck_assert_uint_eq(k.works, 6);
	ck_assert_uint_eq(k.turn, 0);
	ck_assert_uint_eq(k.doubt, 0);
	got = remembered(memory, HOST);
	remembered_same(&got, &s.knows);
	/* Only the host is known to it: the address stays as it is. */
	ck_assert_int_eq(remembered(memory, FROM_V4).code, 550);
	/* What it forgot stays as it was known last. */
	s.knows.name[0] = '\0';
	now += 30000;
	ck_assert_uint_eq(look(HOST).score, 1250);
	ck_assert_int_eq(s.asked, 2);
}
END_TEST

START_TEST(R85_what_is_learnt_of_a_store_counts_for_a_host_unknown_here)
{
	struct mxsel__known k[2];

	s.knows = remembered_entry(OTHER);
	k[0] = remembered_host(HOST);
	k[1] = remembered_host(OTHER);
	ck_assert_int_eq(mxsel__memory_look(memory, k, 2), 1);
	ck_assert_uint_eq(k[0].is_known, 0);
	ck_assert_uint_eq(k[1].score, 1000);
	ck_assert_int_eq(s.asked, 1);
	ck_assert_uint_eq(s.counts[0], 2);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ENTRIES), 1);
}
END_TEST

START_TEST(R85_a_store_that_fails_changes_nothing)
{
	remembered_refused(memory, HOST, NULL);
	s.knows = remembered_entry(HOST);
	s.knows.score = 4000;
	s.fails = 1;
	ck_assert_uint_eq(look(HOST).score, 1000);
	ck_assert_int_eq(look(OTHER).is_known, 0);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ASKED), 2);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_UNANSWERED), 2);
	/* Nobody waits for it again and again. */
	ck_assert_uint_eq(look(HOST).score, 1000);
	ck_assert_int_eq(s.asked, 2);
	now += 1000;
	s.fails = 0;
	ck_assert_uint_eq(look(HOST).score, 4000);
}
END_TEST

/* One field of what it says is none. */
START_TEST(R85_what_a_store_says_and_cannot_be_is_not_believed)
{
	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_RCPT, 550, NULL);
	s.knows = remembered_entry(HOST);
	switch (_i) {
	case 0: s.knows.score = 4001; break;
	case 1: s.knows.outcomes[3] = 1; break;
	case 2: s.knows.outcomes[0] = 200; break;
	case 3: s.knows.doubt = 99; break;
	case 4: s.knows.works = -4; break;
	case 5: s.knows.turn = 7; break;
	case 6: s.knows.code = 20000; break;
	case 7: memset(s.knows.again, ':', sizeof(s.knows.again)); break;
	default: memset(&s.knows.score, 0, sizeof(s.knows) -
		offsetof(struct mxsel_memory_entry, score)); break;
	}
	ck_assert_uint_eq(look(HOST).score, 0);
	ck_assert_int_eq(remembered(memory, HOST).code, 550);
	ck_assert_int_eq(s.asked, 1);
}
END_TEST

/* One field is enough to see that it knows. */
START_TEST(R85_whatever_a_store_says_of_a_host_it_knows)
{
	struct mxsel_memory_entry got;

	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_RCPT, 550, NULL);
	s.knows = remembered_entry(HOST);
	memset(&s.knows.score, 0, sizeof(s.knows) -
		offsetof(struct mxsel_memory_entry, score));
	switch (_i) {
	case 0: s.knows.score = 100; break;
	case 1: s.knows.age = 1; break;
	case 2: s.knows.outcomes[0] = MXSEL_OUTCOME_LOST; break;
	case 3: s.knows.code = 250; break;
	case 4: s.knows.works = 4; break;
	case 5: s.knows.turn = 6; break;
	case 6: s.knows.doubt = 2; break;
	default: (void)snprintf(s.knows.again, sizeof(s.knows.again),
		FROM_V4); break;
	}
	(void)look(HOST);
	got = remembered(memory, HOST);
	remembered_same(&got, &s.knows);
}
END_TEST

START_TEST(R85_what_is_reported_while_a_store_is_asked_counts)
{
	remembered_refused(memory, HOST, NULL);
	s.knows = remembered_entry(HOST);
	s.knows.score = 0;
	s.report = HOST;
	ck_assert_uint_eq(look(HOST).score, 2000);
	s.report = NULL;
	now += 1000;
	ck_assert_uint_eq(look(HOST).score, 0);
	/* The same of one that was not known before. */
	s.knows = remembered_entry(OTHER);
	s.knows.score = 3000;
	s.report = OTHER;
	ck_assert_uint_eq(look(OTHER).score, 1000);
}
END_TEST

/* ------------------------------------------------------------------ batches */

static void look_many(void)
{
	struct mxsel__known k[MXSEL__KNOWN_MAX];
	char names[MXSEL__KNOWN_MAX][32];
	unsigned i;

	for (i = 0; i < MXSEL__KNOWN_MAX; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "mx%u.example", i);
		k[i] = remembered_host(names[i]);
	}
	(void)mxsel__memory_look(memory, k, MXSEL__KNOWN_MAX);
	if (s.knows.name[0] != '\0')
		ck_assert_uint_eq(k[MXSEL__KNOWN_MAX - 1].score, 1000);
}

START_TEST(R85_many_hosts_are_asked_for_at_once)
{
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_BUDGET, 900),
		0);
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_HALF_LIFE,
		86400), 0);
	s.knows = remembered_entry("mx17.example");
	s.takes = 100;
	look_many();
	ck_assert_int_eq(s.asked, 1);
	ck_assert_uint_eq(s.counts[0], MXSEL__KNOWN_MAX);
	/* All of them together wait no longer than one may. */
	ck_assert_uint_eq(s.budgets[0], 900);
	ck_assert_uint_eq(s.half_life, 86400000);
	look_many();
	ck_assert_int_eq(s.asked, 1);
}
END_TEST

START_TEST(R85_a_store_that_fails_is_not_asked_for_each_of_many)
{
	s.fails = 1;
	look_many();
	look_many();
	ck_assert_int_eq(s.asked, 1);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_UNANSWERED), 1);
}
END_TEST

START_TEST(R85_a_store_may_be_asked_each_time)
{
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_REFRESH, 0), 0);
	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_BUDGET, 0), 0);
	look_many();
	look_many();
	ck_assert_int_eq(s.asked, 2);
	ck_assert_uint_eq(s.budgets[1], 0);
}
END_TEST

START_TEST(R85_what_was_only_asked_for_does_not_drive_out_what_is_known)
{
	char name[32];
	int i;

	for (i = 0; i < 100; i++) {
		(void)snprintf(name, sizeof(name), "mx%d.example.com", i);
		ck_assert_int_eq(mxsel_memory_put(memory,
			(s.knows = remembered_entry(name), &s.knows)), 0);
		(void)look(name);
		s.asked = 0;
	}
	for (i = 0; i < 20000; i++) {
		(void)snprintf(name, sizeof(name), "a%d.example", i);
		(void)look(name);
		s.asked = 0;
		now += i % 10 == 0;
	}
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_EVICTED), 0);
	ck_assert_uint_eq(statistic(MXSEL_MEMORY_ENTRIES), 100);
	ck_assert_uint_le(statistic(MXSEL_MEMORY_BYTES), 65536);
}
END_TEST

/* --------------------------------------------------------------------- told */

START_TEST(R85_what_is_reported_reaches_the_store)
{
	struct mxsel_memory_entry got;

	ck_assert_int_eq(mxsel_memory_set(memory, MXSEL_MEMORY_HALF_LIFE, 7),
		0);
	remembered_refused(memory, HOST, FROM_V4);
	ck_assert_int_eq(s.told, 2);
	ck_assert_int_eq(s.changes[0], MXSEL_STORE_FAILED);
	ck_assert_int_eq(s.changes[1], MXSEL_STORE_FAILED);
	got = remembered(memory, HOST);
	remembered_same(&s.notes[0], &got);
	got = remembered(memory, FROM_V4);
	remembered_same(&s.notes[1], &got);
	ck_assert_uint_eq(s.half_life, 7000);
	remembered_tell(memory, HOST, NULL, MXSEL_OUTCOME_RCPT, 450, NULL);
	ck_assert_int_eq(s.changes[2], MXSEL_STORE_TALKED);
	remembered_tell(memory, NULL, FROM_V6, MXSEL_OUTCOME_OWN_NAME, 0,
		NULL);
	ck_assert_int_eq(s.changes[3], MXSEL_STORE_NOTED);
	ck_assert_str_eq(s.notes[3].name, FROM_V6);
	ck_assert_int_eq(s.told, 4);
	ck_assert_int_eq(s.asked, 0);
}
END_TEST

START_TEST(R85_a_store_is_told_of_probes_and_turns)
{
	struct mxsel__known k;

	remembered_tell(memory, HOST, FROM_V4, MXSEL_OUTCOME_GREETING, 554,
		"5.7.1");
	k = look(HOST);
	s.told = 0;
	mxsel__memory_turned(memory, &k);
	ck_assert_int_eq(s.changes[0], MXSEL_STORE_NOTED);
	ck_assert_int_eq(s.notes[0].turn, 0);
	ck_assert_int_eq(s.notes[0].doubt, 1);
	mxsel__memory_turned(memory, &k);
	ck_assert_int_eq(s.told, 1);
	ck_assert_int_eq(mxsel__memory_probe(memory, &k), 1);
	ck_assert_int_eq(s.changes[1], MXSEL_STORE_FAILED);
	ck_assert_uint_eq(s.notes[1].score, 2000);
	ck_assert_int_eq(mxsel__memory_probe(memory, &k), 0);
	ck_assert_int_eq(s.told, 2);
}
END_TEST

START_TEST(R85_a_store_is_told_to_forget_one_and_never_all)
{
	remembered_refused(memory, HOST, NULL);
	s.told = 0;
	ck_assert_int_eq(mxsel_memory_forget(memory, "MX1.Example.com."), 0);
	ck_assert_int_eq(mxsel_memory_forget(memory, "2001:DB8::1"), 0);
	ck_assert_int_eq(s.told, 2);
	ck_assert_int_eq(s.changes[0], MXSEL_STORE_FORGOTTEN);
	ck_assert_str_eq(s.notes[0].name, HOST);
	ck_assert_int_eq(s.notes[0].kind, MXSEL_MEMORY_HOST);
	ck_assert_str_eq(s.notes[1].name, FROM_V6);
	ck_assert_int_eq(s.notes[1].kind, MXSEL_MEMORY_ADDRESS);
	ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
	ck_assert_int_eq(mxsel_memory_forget(memory, "a..b"), MXSEL_ESYNTAX);
	ck_assert_int_eq(s.told, 2);
}
END_TEST

START_TEST(R85_no_store_is_told_of_what_is_put_or_asked_for)
{
	struct mxsel_memory_entry e = remembered_entry(HOST);
	uint64_t place = 0;

	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	ck_assert_int_eq(mxsel_memory_get(memory, HOST, 25, &e), 1);
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &e), 1);
	ck_assert_int_eq(s.told, 0);
	ck_assert_int_eq(s.asked, 0);
}
END_TEST

/* ------------------------------------------------------------------- object */

START_TEST(R85_a_memory_holds_its_store)
{
	mxsel_memory *other = remembered_new(65536, &now);

	ck_assert_int_eq(mxsel_memory_set_store(other, store), 0);
	ck_assert_int_eq(mxsel_memory_set_store(other, store), 0);
	mxsel_memory_free(other);
	ck_assert_int_eq(s.released, 0);
	(void)look(HOST);
	ck_assert_int_eq(mxsel_memory_set_store(memory, NULL), 0);
	ck_assert_int_eq(s.released, 0);
	remembered_refused(memory, HOST, NULL);
	(void)look(OTHER);
	ck_assert_int_eq(s.told, 0);
	ck_assert_int_eq(s.asked, 1);
	/* Another one is asked at once; the same has said what it knows. */
	ck_assert_int_eq(mxsel_memory_set_store(memory, store), 0);
	(void)look(HOST);
	ck_assert_int_eq(s.asked, 2);
	ck_assert_int_eq(mxsel_memory_set_store(memory, store), 0);
	(void)look(HOST);
	ck_assert_int_eq(s.asked, 2);
}
END_TEST

START_TEST(R85_a_store_can_be_asked_by_anybody)
{
	struct mxsel_memory_entry e[2] = { { "", 0, 0, 0, 0, { 0 }, 0, 0, 0,
		0, "" } };

	(void)snprintf(e[1].name, sizeof(e[1].name), "%s", HOST);
	s.knows = remembered_entry(HOST);
	ck_assert_int_eq(mxsel_store_get(store, e, 2, 1000, 77), 0);
	ck_assert_uint_eq(s.counts[0], 2);
	ck_assert_uint_eq(s.half_life, 1000);
	ck_assert_uint_eq(s.budgets[0], 77);
	ck_assert_uint_eq(e[1].score, 1000);
	s.fails = 1;
	memset(e, 0, sizeof(e));
	ck_assert_int_eq(mxsel_store_get(store, e, 1, 1000, 0), -1);
	ck_assert_int_eq(mxsel_store_get(NULL, e, 1, 1000, 0), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_store_get(store, NULL, 1, 1000, 0),
		MXSEL_EUSAGE);
	s.fails = 0;
	e[1].port = 65535;
	ck_assert_int_eq(mxsel_store_get(store, e, 2, 1000, 0), 0);
	e[1].port = 65536;
	ck_assert_int_eq(mxsel_store_get(store, e, 2, 1000, 0), MXSEL_ERANGE);
	e[1].port = -1;
	ck_assert_int_eq(mxsel_store_get(store, e, 2, 1000, 0), MXSEL_ERANGE);
}
END_TEST

START_TEST(R85_a_store_that_is_none_is_refused)
{
	mxsel_store *none = NULL;

	ck_assert_int_eq(mxsel_store_new(NULL, get, record, &s),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_store_new(&none, NULL, record, &s),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_store_new(&none, get, NULL, &s), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_store_new_memory(NULL, memory), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_store_new_memory(&none, NULL), MXSEL_EUSAGE);
	ck_assert_ptr_null(none);
	ck_assert_int_eq(mxsel_store_set_release(NULL, release),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_set_store(NULL, store), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_set_store(NULL, NULL), MXSEL_EUSAGE);
	mxsel_store_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/store");
	TCase *t = tcase_create("store");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, R85_a_store_is_asked_once_in_a_while, 0, 2);
	tcase_add_test(t,
		R85_what_nobody_knows_is_not_known_for_having_been_asked);
	tcase_add_test(t,
	R85_what_a_store_knows_takes_the_place_of_what_is_known_here);
	tcase_add_test(t,
	R85_what_is_learnt_of_a_store_counts_for_a_host_unknown_here);
	tcase_add_test(t, R85_a_store_that_fails_changes_nothing);
	tcase_add_loop_test(t,
		R85_what_a_store_says_and_cannot_be_is_not_believed, 0, 9);
	tcase_add_loop_test(t, R85_whatever_a_store_says_of_a_host_it_knows,
		0, 8);
	tcase_add_test(t,
		R85_what_is_reported_while_a_store_is_asked_counts);
	tcase_add_test(t,
		R85_many_hosts_are_asked_for_at_once);
	tcase_add_test(t,
		R85_a_store_that_fails_is_not_asked_for_each_of_many);
	tcase_add_test(t, R85_a_store_may_be_asked_each_time);
	tcase_add_test(t,
	R85_what_was_only_asked_for_does_not_drive_out_what_is_known);
	tcase_add_test(t, R85_what_is_reported_reaches_the_store);
	tcase_add_test(t, R85_a_store_is_told_of_probes_and_turns);
	tcase_add_test(t, R85_a_store_is_told_to_forget_one_and_never_all);
	tcase_add_test(t,
		R85_no_store_is_told_of_what_is_put_or_asked_for);
	tcase_add_test(t, R85_a_memory_holds_its_store);
	tcase_add_test(t, R85_a_store_can_be_asked_by_anybody);
	tcase_add_test(t, R85_a_store_that_is_none_is_refused);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
