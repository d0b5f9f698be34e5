/*
 * Whose memory it is: names in any case, addresses, ports; what is put, given
 * one after the other and forgotten (R85, R20).
 */
#include <check.h>

#include "cache/memory_inside.h"
#include "support/remembered.h"
#include "support/run.h"

static uint64_t now = 70000;
static mxsel_memory *memory;

static void setup(void)
{
	memory = remembered_new(65536, &now);
}

static void teardown(void)
{
	mxsel_memory_free(memory);
}

static uint64_t entries(void)
{
	return mxsel_memory_statistic(memory, MXSEL_MEMORY_ENTRIES);
}

/* -------------------------------------------------------------------- names */

START_TEST(R85_R20_a_host_is_the_same_in_any_case_and_with_a_final_dot)
{
	remembered_refused(memory, "MX1.Example.COM.", NULL);
	remembered_refused(memory, "mx1.example.com", NULL);
	ck_assert_uint_eq(entries(), 1);
	ck_assert_uint_eq(remembered_score(memory, "mX1.eXample.com"), 2000);
	ck_assert_str_eq(remembered(memory, "MX1.EXAMPLE.COM.").name,
		"mx1.example.com");
}
END_TEST

START_TEST(R85_an_address_is_the_same_however_it_is_written)
{
	remembered_refused(memory, NULL, "2001:DB8:0:0::0001");
	ck_assert_str_eq(remembered(memory, "2001:db8::1").name,
		"2001:db8::1");
	ck_assert_int_eq(remembered(memory, "2001:db8::0:1").kind,
		MXSEL_MEMORY_ADDRESS);
	/* These are others. */
	ck_assert_int_eq(remembered_knows(memory, "2001:db8::2"), 0);
	remembered_refused(memory, NULL, "::ffff:192.0.2.1");
	ck_assert_int_eq(remembered_knows(memory, "192.0.2.1"), 0);
}
END_TEST

/* The octets of an address may spell a name. */
START_TEST(R85_a_host_is_no_address_that_has_the_same_octets)
{
	remembered_refused(memory, "a.bc", NULL);
	ck_assert_int_eq(remembered_knows(memory, "97.46.98.99"), 0);
	remembered_tell(memory, NULL, "97.46.98.99", MXSEL_OUTCOME_DELIVERED,
		0, NULL);
	ck_assert_uint_eq(remembered_score(memory, "a.bc"), 1000);
	ck_assert_int_eq(mxsel_memory_forget(memory, "a.bc"), 0);
	ck_assert_int_eq(remembered_knows(memory, "97.46.98.99"), 1);
}
END_TEST

START_TEST(R85_ports_are_remembered_apart_and_forgotten_together)
{
	static const int ports[] = { 25, 587, 1, 65535 };
	struct mxsel_memory_entry e;
	int i;

	for (i = 0; i < 4; i++)
		ck_assert_int_eq(mxsel_memory_report(memory, "mx.example",
			FROM_V4, ports[i], MXSEL_OUTCOME_RCPT, 550 + i, NULL),
			0);
	remembered_refused(memory, "mx2.example", NULL);
	ck_assert_uint_eq(entries(), 9);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(mxsel_memory_get(memory, FROM_V4, ports[i],
			&e), 1);
		ck_assert_int_eq(e.code, 550 + i);
		ck_assert_int_eq(e.port, ports[i]);
	}
	ck_assert_int_eq(mxsel_memory_get(memory, "mx.example", 26, &e), 0);
	ck_assert_int_eq(mxsel_memory_forget(memory, "MX.example."), 0);
	ck_assert_uint_eq(entries(), 5);
	ck_assert_int_eq(mxsel_memory_forget(memory, FROM_V4), 0);
	ck_assert_uint_eq(entries(), 1);
	ck_assert_int_eq(remembered_knows(memory, "mx2.example"), 1);
	ck_assert_int_eq(mxsel_memory_forget(memory, "mx.example"), 0);
	ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
	ck_assert_uint_eq(entries(), 0);
	ck_assert_int_eq(remembered_knows(memory, "mx2.example"), 0);
	remembered_refused(memory, "mx2.example", NULL);
	ck_assert_uint_eq(remembered_score(memory, "mx2.example"), 1000);
}
END_TEST

START_TEST(R85_names_of_every_length_are_remembered)
{
	char name[256];
	size_t length, i;

	for (length = 1; length <= 253; length++) {
		struct mxsel_memory_entry e;

		for (i = 0; i < length; i++)
			name[i] = i % 50 == 49 && i != length - 1 ? '.' :
				(char)('a' + (i * 7 + length) % 26);
		name[length] = '\0';
		remembered_tell(memory, name, NULL, MXSEL_OUTCOME_LOST,
			(int)(300 + length), NULL);
		e = remembered(memory, name);
		ck_assert_str_eq(e.name, name);
		ck_assert_int_eq(e.code, (int)(300 + length));
	}
	name[253] = 'a';
	name[254] = '\0';
	ck_assert_int_eq(mxsel_memory_report(memory, name, NULL, 25,
		MXSEL_OUTCOME_LOST, 0, NULL), MXSEL_ESYNTAX);
}
END_TEST

/* No selection has such a name; nothing is cut off, and nothing overrun. */
START_TEST(R85_a_name_that_is_too_long_is_not_remembered)
{
	struct mxsel__memory_attempt attempt = { .port = 25,
		.outcome = MXSEL_OUTCOME_LOST };
	char name[400];

	memset(name, 'a', sizeof(name));
	attempt.host = name;
	attempt.host_length = (uint16_t)(_i ? 399 : 254);
	mxsel__memory_tell(memory, &attempt);
	ck_assert_uint_eq(entries(), 0);
	attempt.host_length = 253;
	mxsel__memory_tell(memory, &attempt);
	ck_assert_uint_eq(entries(), 1);
	ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
	ck_assert_uint_eq(entries(), 0);
}
END_TEST

/* ----------------------------------------------------------------- put, get */

static void set(char *room, size_t size, const char *text)
{
	(void)snprintf(room, size, "%s", text);
}

static void full_entry(struct mxsel_memory_entry *e)
{
	int i;

	*e = remembered_entry("mx1.example.com");
	e->score = 3999;
	e->age = 86399999;
	for (i = 0; i < MXSEL_MEMORY_OUTCOMES; i++)
		e->outcomes[i] = (uint8_t)(13 - i);
	e->code = 599;
	e->works = 6;
	e->turn = 4;
	e->doubt = 3;
	set(e->again, sizeof(e->again),
		"2001:db8:1111:2222:3333:4444:5555:6666");
}

START_TEST(R85_what_is_put_is_known_as_it_was_put)
{
	struct mxsel_memory_entry e, got;

	full_entry(&e);
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	got = remembered(memory, e.name);
	remembered_same(&got, &e);
	/* In place of what was known. */
	e = remembered_entry("mx1.example.com");
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	got = remembered(memory, e.name);
	remembered_same(&got, &e);
	ck_assert_uint_eq(entries(), 1);
	/* Time goes on for it, too. */
	now += 30000;
	got = remembered(memory, e.name);
	ck_assert_uint_eq(got.score, 500);
	ck_assert_uint_eq(got.age, 30000);
}
END_TEST

START_TEST(R85_an_address_that_is_put_is_known)
{
	struct mxsel_memory_entry e = remembered_entry("2001:DB8::01"), got;

	e.kind = MXSEL_MEMORY_ADDRESS;
	e.code = 200;
	e.port = 65535;
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	ck_assert_int_eq(mxsel_memory_get(memory, "2001:db8::1", 65535, &got),
		1);
	ck_assert_str_eq(got.name, "2001:db8::1");
	ck_assert_int_eq(got.code, 200);
}
END_TEST

START_TEST(R85_what_is_put_and_too_old_is_not_known)
{
	struct mxsel_memory_entry e = remembered_entry("mx1.example.com");
	uint64_t bytes;

	e.age = 86400000;
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	ck_assert_uint_eq(remembered(memory, e.name).age, 86400000);
	e.age++;
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	ck_assert_int_eq(remembered_knows(memory, e.name), 0);
	e.age = UINT32_MAX;
	set(e.name, sizeof(e.name), "mx2.example.com");
	bytes = mxsel_memory_statistic(memory, MXSEL_MEMORY_BYTES);
	ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
	ck_assert_uint_eq(entries(), 0);
	/* Nor does it take the room of another. */
	ck_assert_uint_eq(mxsel_memory_statistic(memory, MXSEL_MEMORY_BYTES),
		bytes);
}
END_TEST

/* What a file says, which has grown older since it was written. */
START_TEST(R85_of_two_entries_the_younger_one_counts)
{
	struct mxsel_memory_entry e = remembered_entry("mx1.example.com");

	e.age = 1000;
	e.code = 421;
	ck_assert_int_eq(mxsel__memory_merge(memory, &e, 30000), 0);
	ck_assert_uint_eq(remembered(memory, e.name).age, 31000);
	ck_assert_uint_eq(remembered(memory, e.name).score, 500);
	e.code = 422;
	ck_assert_int_eq(mxsel__memory_merge(memory, &e, 30000), 0);
	ck_assert_int_eq(remembered(memory, e.name).code, 421);
	ck_assert_int_eq(mxsel__memory_merge(memory, &e, 29999), 0);
	ck_assert_int_eq(remembered(memory, e.name).code, 422);
	e.code = 423;
	ck_assert_int_eq(mxsel__memory_merge(memory, &e, 30001), 0);
	ck_assert_int_eq(remembered(memory, e.name).code, 422);
	/* What is too old to be known does not stand in its way. */
	now += 86400000;
	ck_assert_int_eq(mxsel__memory_merge(memory, &e, 86300000), 0);
	ck_assert_int_eq(remembered(memory, e.name).code, 423);
	ck_assert_uint_eq(remembered(memory, e.name).score, 0);
	(void)snprintf(e.name, sizeof(e.name), "mx2.example.com");
	ck_assert_int_eq(mxsel__memory_merge(memory, &e, UINT64_MAX), 0);
	ck_assert_int_eq(remembered_knows(memory, e.name), 0);
	e.port = 0;
	ck_assert_int_eq(mxsel__memory_merge(memory, &e, 0), MXSEL_ERANGE);
}
END_TEST

/* One field of a good entry made bad. */
static int put_bad(int which)
{
	struct mxsel_memory_entry e;

	full_entry(&e);
	switch (which) {
	case 0: e.score = 4001; break;
	case 1: e.port = 0; break;
	case 2: e.port = 65536; break;
	case 3: e.code = 199; break;
	case 4: e.code = 600; break;
	case 5: e.works = 5; break;
	case 6: e.turn = 1; break;
	case 7: e.doubt = 4; break;
	case 8: e.doubt = -1; break;
	case 9: e.outcomes[7] = 14; break;
	case 10: e.outcomes[0] = 0; break;
	case 11: e.kind = 0; break;
	case 12: e.kind = 3; break;
	case 13: e.kind = MXSEL_MEMORY_ADDRESS; break; /* it has families */
	case 14: set(e.name, sizeof(e.name), "a..example"); break;
	case 15: set(e.name, sizeof(e.name), "192.0.2.1"); break;
	case 16: e.name[0] = '\0'; break;
	case 17: memset(e.name, 'a', sizeof(e.name)); break;
	case 18: set(e.name, sizeof(e.name), "not a.example"); break;
	case 19: set(e.again, sizeof(e.again), "mx.example"); break;
	case 20: memset(e.again, '1', sizeof(e.again)); break;
	default: set(e.again, sizeof(e.again), "[192.0.2.1]"); break;
	}
	return mxsel_memory_put(memory, &e);
}

START_TEST(R85_what_is_no_entry_is_not_put)
{
	struct mxsel_memory_entry e;

	ck_assert_int_eq(put_bad(_i), _i < 14 ? MXSEL_ERANGE : MXSEL_ESYNTAX);
	ck_assert_uint_eq(entries(), 0);
	ck_assert_int_eq(mxsel_memory_put(memory, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_put(NULL, NULL), MXSEL_EUSAGE);
	e = remembered_entry("mx1.example.com");
	ck_assert_int_eq(mxsel_memory_put(NULL, &e), MXSEL_EUSAGE);
}
END_TEST

START_TEST(R85_a_name_that_is_none_is_not_looked_for)
{
	static const char *const none[] = { "", ".", "a..b", "[::1]",
		"a b", "\xff", "\\.", "a/b", "::1%lo" };
	struct mxsel_memory_entry e;
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		ck_assert_int_eq(mxsel_memory_get(memory, none[i], 25, &e),
			MXSEL_ESYNTAX);
		ck_assert_int_eq(mxsel_memory_forget(memory, none[i]),
			MXSEL_ESYNTAX);
	}
	ck_assert_int_eq(mxsel_memory_get(memory, "mx.example", 0, &e),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_get(memory, "mx.example", 65536, &e),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_get(memory, "mx.example", 65536 + 25,
		&e), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_get(memory, FROM_V4, -1, &e),
		MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_memory_get(memory, NULL, 25, &e),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_get(memory, FROM_V4, 25, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_get(NULL, FROM_V4, 25, &e),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_forget(NULL, FROM_V4), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_forget(NULL, NULL), MXSEL_EUSAGE);
}
END_TEST

/* --------------------------------------------------------------------- next */

#define MANY 300

static void number_name(char name[32], int i)
{
	(void)snprintf(name, 32, "mx%d.example", i);
}

/* Walk on, and count each name; comes: others come and go meanwhile. */
static void walk(int seen[MANY], int comes)
{
	struct mxsel_memory_entry e;
	uint64_t place = 0;
	char name[32];
	int steps = 0, i;

	memset(seen, 0, MANY * sizeof(*seen));
	while (mxsel_memory_next(memory, &place, &e) > 0) {
		ck_assert_int_lt(steps, 20 * MANY);
		if (sscanf(e.name, "mx%d.", &i) == 1)
			seen[i]++;
		if (!comes)
			continue;
		(void)snprintf(name, sizeof(name), "new%d.example", steps);
		remembered_refused(memory, name, NULL);
		(void)snprintf(name, sizeof(name), "new%d.example",
			steps++ - 20);
		ck_assert_int_eq(mxsel_memory_forget(memory, name), 0);
	}
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &e), 0);
}

START_TEST(R85_all_that_is_known_is_given_once)
{
	int seen[MANY], i;
	char name[32];

	mxsel_memory_free(memory);
	memory = remembered_new(_i ? 4 << 20 : 65536, &now);
	walk(seen, 0);
	for (i = 0; i < MANY; i++) {
		ck_assert_int_eq(seen[i], 0);
		number_name(name, i);
		remembered_refused(memory, name, NULL);
	}
	walk(seen, 0);
	for (i = 0; i < MANY; i++)
		ck_assert_int_eq(seen[i], 1);
	for (i = 0; i < MANY; i += 3) {
		number_name(name, i);
		ck_assert_int_eq(mxsel_memory_forget(memory, name), 0);
	}
	walk(seen, 1);
	for (i = 0; i < MANY; i++)
		ck_assert_int_eq(seen[i], i % 3 != 0);
}
END_TEST

/* It lies far behind the places of short names, where nothing is. */
START_TEST(R85_R3_one_host_with_a_long_name_is_given_and_forgotten)
{
	static const char name[] = "a-host-that-has-more-to-say-of-itself-than"
		".most-of-the-others-do.example.com";
	struct mxsel_memory_entry e;
	uint64_t place = 0;

	remembered_refused(memory, name, NULL);
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &e), 1);
	ck_assert_str_eq(e.name, name);
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &e), 0);
	ck_assert_int_eq(mxsel_memory_forget(memory, NULL), 0);
	ck_assert_int_eq(remembered_knows(memory, name), 0);
	place = 0;
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &e), 0);
}
END_TEST

START_TEST(R85_a_place_from_nowhere_is_the_end)
{
	struct mxsel_memory_entry e;
	uint64_t place = UINT64_MAX;

	remembered_refused(memory, "mx.example", FROM_V4);
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &e), 0);
	place = UINT32_MAX;
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &e), 0);
	place = UINT64_C(1) << 32;
	ck_assert_int_eq(mxsel_memory_next(memory, &place, &e), 0);
	ck_assert_int_eq(mxsel_memory_next(memory, NULL, &e), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_next(memory, &place, NULL),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_next(NULL, &place, &e), MXSEL_EUSAGE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory/names");
	TCase *t = tcase_create("names");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t,
		R85_R20_a_host_is_the_same_in_any_case_and_with_a_final_dot);
	tcase_add_test(t, R85_an_address_is_the_same_however_it_is_written);
	tcase_add_test(t, R85_a_host_is_no_address_that_has_the_same_octets);
	tcase_add_test(t,
		R85_ports_are_remembered_apart_and_forgotten_together);
	tcase_add_test(t, R85_names_of_every_length_are_remembered);
	tcase_add_loop_test(t, R85_a_name_that_is_too_long_is_not_remembered,
		0, 2);
	tcase_add_test(t, R85_what_is_put_is_known_as_it_was_put);
	tcase_add_test(t, R85_of_two_entries_the_younger_one_counts);
	tcase_add_test(t, R85_an_address_that_is_put_is_known);
	tcase_add_test(t, R85_what_is_put_and_too_old_is_not_known);
	tcase_add_loop_test(t, R85_what_is_no_entry_is_not_put, 0, 22);
	tcase_add_test(t, R85_a_name_that_is_none_is_not_looked_for);
	tcase_add_loop_test(t, R85_all_that_is_known_is_given_once, 0, 2);
	tcase_add_test(t,
		R85_R3_one_host_with_a_long_name_is_given_and_forgotten);
	tcase_add_test(t, R85_a_place_from_nowhere_is_the_end);
	suite_add_tcase(suite, t);
	return mxsel_test_run(suite);
}
