/*
 * The questions in flight by name and type (S5): found when they are there,
 * not found when they are not, however many there are.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ldns/question.h"
#include "ldns/table.h"
#include "ldns/task.h"
#include "support/run.h"

#define MANY 3000u

/* A question as the table sees it: with one waiter, who has the query. */
struct entry {
	struct mxsel__question question;
	struct mxsel__waiter waiter;
	mxsel *selection;
	char name[32];
	uint16_t type;
};

static struct mxsel__table table;
static struct entry *entries;

/* "[name]" asks A, then AAAA; a domain asks MX. */
static mxsel_query *query_of(struct entry *e, const char *destination,
	uint16_t type)
{
	mxsel_query *q;

	ck_assert_int_eq(mxsel_new(&e->selection, destination, NULL), 0);
	ck_assert_int_eq(mxsel_next(e->selection), MXSEL_LOOKUP);
	do
		q = mxsel_query_take(e->selection);
	while (q != NULL && mxsel_query_type(q) != type);
	ck_assert_ptr_nonnull(q);
	return q;
}

static uint64_t hash_of(const struct entry *e)
{
	return mxsel__table_hash(&table, e->name, e->type);
}

static struct mxsel__question *find(const struct entry *e)
{
	return mxsel__table_find(&table, hash_of(e), e->name, e->type);
}

static void make(struct entry *e, const char *name, uint16_t type)
{
	char destination[40];

	snprintf(destination, sizeof destination,
		type == MXSEL_TYPE_MX ? "%s" : "[%s]", name);
	snprintf(e->name, sizeof e->name, "%s", name);
	e->type = type;
	mxsel__list_init(&e->question.waiters);
	e->waiter.query = query_of(e, destination, type);
	mxsel__list_add_last(&e->question.waiters, &e->waiter.place);
	e->question.hash = hash_of(e);
}

static void set_up(void)
{
	entries = calloc(MANY, sizeof entries[0]);
	ck_assert_ptr_nonnull(entries);
	ck_assert_int_eq(mxsel__table_init(&table, 0x0123456789abcdefu), 0);
}

static void clean_up(void)
{
	unsigned i;

	for (i = 0; i < MANY; i++)
		mxsel_free(entries[i].selection);
	free(entries);
	mxsel__table_destroy(&table);
}

START_TEST(S5_name_and_type_both_count)
{
	make(&entries[0], "a.example", MXSEL_TYPE_MX);
	make(&entries[1], "a.example", MXSEL_TYPE_A);
	make(&entries[2], "a.example", MXSEL_TYPE_AAAA);
	make(&entries[3], "b.example", MXSEL_TYPE_A);
	mxsel__table_add(&table, &entries[0].question);
	mxsel__table_add(&table, &entries[2].question);
	ck_assert_ptr_eq(find(&entries[0]), &entries[0].question);
	ck_assert_ptr_null(find(&entries[1]));
	ck_assert_ptr_eq(find(&entries[2]), &entries[2].question);
	ck_assert_ptr_null(find(&entries[3]));
	mxsel__table_add(&table, &entries[1].question);
	ck_assert_ptr_eq(find(&entries[1]), &entries[1].question);
	mxsel__table_remove(&table, &entries[1].question);
	ck_assert_ptr_null(find(&entries[1]));
	ck_assert_ptr_eq(find(&entries[0]), &entries[0].question);
}
END_TEST

START_TEST(S5_the_same_hash_is_not_the_same_question)
{
	make(&entries[0], "a.example", MXSEL_TYPE_MX);
	make(&entries[1], "b.example", MXSEL_TYPE_MX);
	entries[0].question.hash = entries[1].question.hash = 5;
	mxsel__table_add(&table, &entries[0].question);
	mxsel__table_add(&table, &entries[1].question);
	ck_assert_ptr_eq(mxsel__table_find(&table, 5, "a.example",
		MXSEL_TYPE_MX), &entries[0].question);
	ck_assert_ptr_eq(mxsel__table_find(&table, 5, "b.example",
		MXSEL_TYPE_MX), &entries[1].question);
	ck_assert_ptr_null(mxsel__table_find(&table, 5, "b.example",
		MXSEL_TYPE_A));
	/* First and last of a chain can go. */
	mxsel__table_remove(&table, &entries[0].question);
	mxsel__table_remove(&table, &entries[1].question);
	ck_assert_uint_eq(table.count, 0);
}
END_TEST

START_TEST(S5_thousands_are_found_while_the_table_grows)
{
	char name[32];
	unsigned i;

	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "d%u.example", i / 2);
		make(&entries[i], name, i % 2 == 0 ? MXSEL_TYPE_MX :
			MXSEL_TYPE_A);
		ck_assert_ptr_null(find(&entries[i]));
		mxsel__table_add(&table, &entries[i].question);
	}
	ck_assert_uint_eq(table.count, MANY);
	ck_assert_uint_ge(table.mask + 1, MANY / 2);
	for (i = 0; i < MANY; i++)
		ck_assert_ptr_eq(find(&entries[i]), &entries[i].question);
	for (i = 0; i < MANY; i += 3)
		mxsel__table_remove(&table, &entries[i].question);
	for (i = 0; i < MANY; i++)
		ck_assert_ptr_eq(find(&entries[i]), i % 3 == 0 ? NULL :
			&entries[i].question);
}
END_TEST

static unsigned longest_chain(void)
{
	unsigned longest = 0, n;
	struct mxsel__question *q;
	size_t i;

	for (i = 0; i <= table.mask; i++) {
		n = 0;
		for (q = table.slots[i]; q != NULL; q = q->same)
			n++;
		longest = n > longest ? n : longest;
	}
	return longest;
}

/* Nobody who chooses names chooses where they go. */
START_TEST(S5_chains_are_short_and_another_key_mixes_anew)
{
	unsigned i, same = 0;
	uint64_t before[200];
	char name[32];

	for (i = 0; i < 200; i++) {
		snprintf(name, sizeof name, "%016u.%08u", i, i * 7);
		before[i] = mxsel__table_hash(&table, name, 1) % 1024;
	}
	table.key ^= 1;
	for (i = 0; i < 200; i++) {
		snprintf(name, sizeof name, "%016u.%08u", i, i * 7);
		same += mxsel__table_hash(&table, name, 1) % 1024 ==
			before[i];
	}
	ck_assert_uint_le(same, 8);
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "d%u.example", i);
		make(&entries[i], name, MXSEL_TYPE_MX);
		mxsel__table_add(&table, &entries[i].question);
	}
	ck_assert_uint_le(longest_chain(), 12);
}
END_TEST

/* Names of every length differ in their last octet only. */
START_TEST(S5_every_octet_of_a_name_counts)
{
	uint64_t a, b;
	char name[64];
	size_t i;

	for (i = 1; i < sizeof name - 1; i++) {
		memset(name, 'x', i);
		name[i] = '\0';
		a = mxsel__table_hash(&table, name, 1);
		name[i - 1] = 'y';
		b = mxsel__table_hash(&table, name, 1);
		ck_assert_uint_ne(a, b);
		ck_assert_uint_ne(b, mxsel__table_hash(&table, name, 28));
		name[i - 1] = '\0';
		ck_assert_uint_ne(a, mxsel__table_hash(&table, name, 1));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ldns table");
	TCase *c = tcase_create("table");

	tcase_add_checked_fixture(c, set_up, clean_up);
	tcase_add_test(c, S5_name_and_type_both_count);
	tcase_add_test(c, S5_the_same_hash_is_not_the_same_question);
	tcase_add_test(c, S5_thousands_are_found_while_the_table_grows);
	tcase_add_test(c, S5_chains_are_short_and_another_key_mixes_anew);
	tcase_add_test(c, S5_every_octet_of_a_name_counts);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
