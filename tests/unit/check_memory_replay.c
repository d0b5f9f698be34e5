/*
 * What a memory knew is part of a record, and with it the same comes to the
 * same byte for byte (R79, R85): over random domains, with hosts and addresses
 * of which as random things are known. May use the public headers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/memory.h>
#include <mxsel/mock.h>

#include "integration/replay_zone.h"
#include "support/run.h"

#define ZONES 1000u

static struct walk walk, again;
static struct walk_record first, second;

static uint64_t still(void *user)
{
	(void)user;
	return 1000000;
}

static mxsel_memory *new_memory(void)
{
	mxsel_memory *m;

	ck_assert_int_eq(mxsel_memory_new(&m, 65536, still, NULL), 0);
	ck_assert_int_eq(mxsel_memory_set(m, MXSEL_MEMORY_EXPLORE, 300), 0);
	return m;
}

/* Something of this zone's about a host or an address. */
static void know(mxsel_memory *memory, unsigned zone, const char *name,
	int is_host)
{
	static const int families[] = { 0, 4, 6 };
	uint32_t x = walk_mix(zone, name, 85), y = walk_mix(zone, name, 86);
	struct mxsel_memory_entry e;

	memset(&e, 0, sizeof(e));
	snprintf(e.name, sizeof(e.name), "%s", name);
	e.kind = is_host ? MXSEL_MEMORY_HOST : MXSEL_MEMORY_ADDRESS;
	e.port = 25;
	e.score = x % 3 == 0 ? 0 : x % 3 == 1 ? x / 3 % 1000 : x / 3 % 4001;
	e.age = y % 100000;
	e.outcomes[0] = (uint8_t)(1 + x / 16 % 13);
	if (is_host) {
		e.works = families[x / 256 % 3];
		e.turn = y % 8 == 0 ? families[y / 8 % 3] : 0;
		e.doubt = (int)(y / 32 % 4);
		if (y / 128 % 2 == 0)
			snprintf(e.again, sizeof(e.again), y % 2 == 0
				? "192.0.2.%u" : "2001:db8::%u", y / 256 % 8);
	}
	if (x / 4096 % 3 != 0)
		ck_assert_int_eq(mxsel_memory_put(memory, &e), 0);
}

static void know_zone(mxsel_memory *memory, unsigned zone)
{
	char name[64];
	int i;

	know(memory, zone, "d.example", 1);
	for (i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "h%d.example", i);
		know(memory, zone, name, 1);
		snprintf(name, sizeof(name), "192.0.2.%d", i);
		know(memory, zone, name, 0);
		snprintf(name, sizeof(name), i == 0 ? "2001:db8::"
			: "2001:db8::%d", i);
		know(memory, zone, name, 0);
	}
}

static mxsel_options *options_of(unsigned zone, mxsel_memory *memory)
{
	mxsel_options *o;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	walk_options(o, zone);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	ck_assert_int_eq(mxsel_options_set_memory(o, memory), 0);
	return o;
}

static uint32_t record_walk(unsigned zone)
{
	mxsel_memory *memory = new_memory();
	mxsel_options *o = options_of(zone, memory);
	uint32_t flags;
	mxsel *m;

	know_zone(memory, zone);
	ck_assert_int_eq(mxsel_options_set_recorder(o, walk_keep_line, &first),
		0);
	ck_assert_int_eq(mxsel_new(&m, walk_destination(zone), o), 0);
	mxsel_options_free(o);
	mxsel_memory_free(memory);
	walk_policy(m, zone);
	ck_assert_int_eq(walk_on(&walk, m), 0);
	flags = mxsel_flags(m);
	mxsel_free(m);
	return flags;
}

static int replay_walk(unsigned zone)
{
	mxsel_memory *memory = new_memory();
	mxsel_options *o = options_of(zone, memory);
	const char *destination;
	uint64_t seed;
	size_t length;
	mxsel *m;
	int known;

	ck_assert_int_eq(mxsel_mock_new(&again.mock), 0);
	ck_assert_int_eq(mxsel_mock_replay(again.mock, first.text,
		first.length), 0);
	known = mxsel_mock_replay_memory(again.mock, memory);
	ck_assert_int_eq(known, (int)mxsel_memory_statistic(memory,
		MXSEL_MEMORY_ENTRIES));
	if (mxsel_mock_replay_seed(again.mock, &seed) == 0)
		mxsel_options_set_seed(o, seed);
	mxsel_options_set_recorder(o, walk_keep_line, &second);
	mxsel_options_set_resolver(o, mxsel_mock_resolver(again.mock));
	destination = mxsel_mock_replay_destination(again.mock, &length);
	ck_assert_int_eq(mxsel_new_bytes(&m, destination, length, o), 0);
	mxsel_options_free(o);
	mxsel_memory_free(memory);
	walk_policy(m, zone);
	ck_assert_int_eq(walk_on(&again, m), 0);
	mxsel_free(m);
	mxsel_mock_free(again.mock);
	return known;
}

/* Where the two differ, instead of all of both. */
static void check_same(unsigned zone)
{
	const char *a = walk.told, *b = again.told;
	size_t i, line = 0;

	for (i = 0; a[i] != '\0' && a[i] == b[i]; i++)
		if (a[i] == '\n')
			line = i + 1;
	ck_assert_msg(a[i] == b[i], "zone %u: \"%.*s\" becomes \"%.*s\"", zone,
		(int)strcspn(a + line, "\n"), a + line,
		(int)strcspn(b + line, "\n"), b + line);
}

START_TEST(R79_R85_a_thousand_records_with_a_memory_replay_byte_for_byte)
{
	unsigned zone, changed = 0, known = 0;

	for (zone = 0; zone < ZONES; zone++) {
		first.length = second.length = 0;
		memset(&walk, 0, sizeof(walk));
		walk.zone = zone;
		walk.trace = 1;
		walk.one_by_one = zone % 2 == 1;
		changed += (record_walk(zone) & MXSEL_FLAG_MEMORY) != 0;
		memset(&again, 0, sizeof(again));
		again.zone = zone;
		again.trace = 1;
		known += replay_walk(zone) > 0;
		check_same(zone);
		ck_assert_uint_eq(first.length, second.length);
		ck_assert(second.length == 0 || strstr(first.text,
			"\nmemory ") == NULL || strstr(second.text,
			"\nmemory ") != NULL);
	}
	ck_assert_uint_eq(first.bad + second.bad, 0);
	ck_assert_uint_gt(changed, ZONES / 10);
	ck_assert_uint_gt(known, ZONES / 4);
	free(first.text);
	free(second.text);
	memset(&first, 0, sizeof(first));
	memset(&second, 0, sizeof(second));
}
END_TEST

/* ---------------------------------------------------------------- the lines */

static int replay(mxsel_mock *mock, const char *text)
{
	return mxsel_mock_replay(mock, text, strlen(text));
}

START_TEST(R79_R85_what_was_known_first_is_what_counts)
{
	mxsel_memory *memory = new_memory();
	struct mxsel_memory_entry e;
	mxsel_mock *mock;

	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	ck_assert_int_eq(replay(mock, "mxsel-record 1\ndestination d\nseed 1\n"
		"memory host mx.example 25 score=1000 age=7 last=refused\n"
		"memory host mx.example 26 score=1 last=lost\n"
		"memory address 192.0.2.1 25 last=delivered later=word\n"
		"memory host mx.example 25 score=2000 last=timeout,refused\n"),
		0);
	ck_assert_int_eq(mxsel_mock_replay_memory(mock, memory), 3);
	ck_assert_int_eq(mxsel_memory_get(memory, "mx.example", 25, &e), 1);
	ck_assert_uint_eq(e.score, 1000);
	ck_assert_uint_eq(e.age, 7);
	ck_assert_uint_eq(e.outcomes[0], MXSEL_OUTCOME_REFUSED);
	ck_assert_uint_eq(e.outcomes[1], 0);
	ck_assert_int_eq(mxsel_memory_get(memory, "192.0.2.1", 25, &e), 1);
	/* What it knows now stays. */
	ck_assert_int_eq(mxsel_mock_replay_memory(mock, memory), 0);
	mxsel_memory_free(memory);
	mxsel_mock_free(mock);
}
END_TEST

/* Attempts take half a minute each, and two hosts have an address in common:
   what it is remembered for is less when it is looked up again. */
static uint64_t moving(void *user)
{
	return *(uint64_t *)user;
}

/* All attempts, timed out or as they were recorded; the trace. */
static void time_out(mxsel *m, mxsel_mock *record, uint64_t *now, char *trace)
{
	const char *subject, *detail, *rule;
	size_t i;
	int code;

	while (mxsel_next(m) == MXSEL_ATTEMPT) {
		*now += 20000;
		ck_assert_int_eq(record != NULL
			? mxsel_mock_replay_report(record, m) - 1
			: mxsel_report(m, MXSEL_OUTCOME_TIMEOUT, 0, NULL), 0);
		*now += 10000;
	}
	for (i = 0; mxsel_trace_event(m, i, &code, &subject, &detail, &rule)
		== 0; i++)
		trace += sprintf(trace, "%s %s %s\n", mxsel_trace_name(code),
			subject, detail);
	mxsel_free(m);
}

static mxsel *shared_address(mxsel_mock *mock, mxsel_memory *memory,
	uint64_t seed)
{
	mxsel_options *o;
	mxsel *m;

	ck_assert_int_eq(mxsel_options_new(&o), 0);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	mxsel_options_set_seed(o, seed);
	mxsel_options_set_recorder(o, walk_keep_line, &first);
	mxsel_options_set_memory(o, memory);
	mxsel_options_set_resolver(o, mxsel_mock_resolver(mock));
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), 0);
	mxsel_options_free(o);
	mxsel_memory_free(memory);
	return m;
}

/* Did the second host's order follow from what was left of the score? */
static int check_replay(uint64_t seed)
{
	static char trace[4096], replayed[4096];
	uint64_t now = 5000, stands = 5000, unused = 0;
	mxsel_memory *memory;
	mxsel_mock *mock;

	first.length = 0;
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	mxsel_mock_mx(mock, "d.example", 10, "h1.example", 60);
	mxsel_mock_mx(mock, "d.example", 20, "h2.example", 60);
	mxsel_mock_address(mock, "h1.example", "2001:db8::1", 60);
	mxsel_mock_address(mock, "h1.example", "192.0.2.1", 60);
	mxsel_mock_address(mock, "h2.example", "2001:db8::1", 60);
	mxsel_mock_address(mock, "h2.example", "192.0.2.2", 60);
	ck_assert_int_eq(mxsel_memory_new(&memory, 65536, moving, &now), 0);
	time_out(shared_address(mock, memory, seed), NULL, &now, trace);
	mxsel_mock_free(mock);
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	ck_assert_int_eq(mxsel_mock_replay(mock, first.text, first.length),
		0);
	ck_assert_int_eq(mxsel_memory_new(&memory, 65536, moving, &stands),
		0);
	ck_assert_int_eq(mxsel_mock_replay_memory(mock, memory), 0);
	time_out(shared_address(mock, memory, seed), mock, &unused, replayed);
	ck_assert_str_eq(replayed, trace);
	mxsel_mock_free(mock);
	free(first.text);
	memset(&first, 0, sizeof(first));
	return strstr(trace, "behind the others of h2.example") != NULL;
}

START_TEST(R79_R85_F83_time_that_passes_between_attempts_is_replayed)
{
	int seed, behind = 0;

	for (seed = 1; seed <= 40; seed++)
		behind += check_replay((uint64_t)seed);
	ck_assert_int_gt(behind, 0);
	ck_assert_int_lt(behind, 40);
}
END_TEST

START_TEST(R79_R85_a_record_without_a_memory_knows_nothing)
{
	mxsel_memory *memory = new_memory();
	mxsel_mock *mock;

	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	ck_assert_int_eq(mxsel_mock_replay_memory(mock, memory),
		MXSEL_EUSAGE);
	ck_assert_int_eq(replay(mock, "mxsel-record 1\ndestination d\n"), 0);
	ck_assert_int_eq(mxsel_mock_replay_memory(mock, memory), 0);
	ck_assert_int_eq(mxsel_mock_replay_memory(mock, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_replay_memory(NULL, memory),
		MXSEL_EUSAGE);
	mxsel_memory_free(memory);
	mxsel_mock_free(mock);
}
END_TEST

START_TEST(R79_R85_a_line_that_no_memory_wrote_is_none)
{
	static const char *const bad[] = {
		"memory", "memory ", "memory host", "memory host a",
		"memory host a 0", "memory host a 25 score=4001",
		"memory host a 25 last=none", "memory address a 25",
		"memory host a 25\t", "memory host a 25 score", "memorys a 25",
		"memory  x", "memory host a\\065 b 25",
	};
	mxsel_mock *mock;
	char text[200];
	size_t i;

	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text),
			"mxsel-record 1\ndestination d\n%s\n", bad[i]);
		ck_assert_msg(replay(mock, text) == MXSEL_ESYNTAX, "%s",
			bad[i]);
	}
	ck_assert_int_eq(replay(mock, "mxsel-record 1\nmemory host a 25\n"),
		MXSEL_ESYNTAX); /* the destination comes first */
	mxsel_mock_free(mock);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("memory: replay");
	TCase *t = tcase_create("replay");

	suite_add_tcase(s, t);
	tcase_add_test(t,
		R79_R85_a_thousand_records_with_a_memory_replay_byte_for_byte);
	tcase_add_test(t, R79_R85_what_was_known_first_is_what_counts);
	tcase_add_test(t,
		R79_R85_F83_time_that_passes_between_attempts_is_replayed);
	tcase_add_test(t, R79_R85_a_record_without_a_memory_knows_nothing);
	tcase_add_test(t, R79_R85_a_line_that_no_memory_wrote_is_none);
	return mxsel_test_run(s);
}
