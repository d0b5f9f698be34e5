/*
 * A line of text for each entry of a memory, and an entry for each such line
 * (R85): exactly, whatever the octets are. May use the internal header.
 */
#define _DEFAULT_SOURCE

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "cache/memory_text.h"
#include "support/guard.h"
#include "support/run.h"

#define ROUNDS 20000

static int parse(struct mxsel_memory_entry *e, const char *text)
{
	size_t length = strlen(text);

	return mxsel_memory_parse(e, guard_end(text, length), length);
}

static int is_same(const struct mxsel_memory_entry *a,
	const struct mxsel_memory_entry *b)
{
	return strcmp(a->name, b->name) == 0 && a->kind == b->kind &&
		a->port == b->port && a->score == b->score &&
		a->age == b->age && memcmp(a->outcomes, b->outcomes,
			sizeof(a->outcomes)) == 0 &&
		a->code == b->code && a->works == b->works &&
		a->turn == b->turn && a->doubt == b->doubt &&
		strcmp(a->again, b->again) == 0;
}

static uint64_t no_clock(void *user)
{
	(void)user;
	return 5;
}

/* ------------------------------------------------------------------- lines */

static const struct {
	struct mxsel_memory_entry entry;
	const char *line;
} known[] = {
	{ { .name = "mx1.example.com", .kind = MXSEL_MEMORY_HOST, .port = 25,
		.score = 1500, .age = 12000, .outcomes = {
			MXSEL_OUTCOME_REFUSED, MXSEL_OUTCOME_DELIVERED } },
	  "host mx1.example.com 25 score=1500 age=12000"
		" last=refused,delivered" },
	{ { .name = "a", .kind = MXSEL_MEMORY_HOST, .port = 1 }, "host a 1" },
	{ { .name = "_x.a-b", .kind = MXSEL_MEMORY_HOST, .port = 65535,
		.score = 4000, .age = UINT32_MAX, .code = 599, .works = 6,
		.turn = 4, .doubt = 3, .again = "2001:db8::1",
		.outcomes = { 13, 12, 11, 10, 9, 8, 7, 6 } },
	  "host _x.a-b 65535 score=4000 age=4294967295 last=requiretls,"
		"own_name,lost,data,rcpt,mail,policy,tls code=599 works=6"
		" turn=4 doubt=46 again=2001:db8::1" },
	{ { .name = "mx.example", .kind = MXSEL_MEMORY_HOST, .port = 25,
		.code = 200, .works = 4, .turn = 6, .doubt = 1,
		.again = "192.0.2.1", .outcomes = { 5, 4, 3, 2, 1 } },
	  "host mx.example 25 last=ehlo,greeting,timeout,refused,delivered"
		" code=200 works=4 turn=6 doubt=4 again=192.0.2.1" },
	{ { .name = "mx.example", .kind = MXSEL_MEMORY_HOST, .port = 587,
		.score = 1, .age = 1, .doubt = 2 },
	  "host mx.example 587 score=1 age=1 doubt=6" },
	{ { .name = "192.0.2.1", .kind = MXSEL_MEMORY_ADDRESS, .port = 25,
		.code = 450, .outcomes = { MXSEL_OUTCOME_RCPT } },
	  "address 192.0.2.1 25 last=rcpt code=450" },
	{ { .name = "::ffff:192.0.2.1", .kind = MXSEL_MEMORY_ADDRESS,
		.port = 25 }, "address ::ffff:192.0.2.1 25" },
	{ { .name = "2001:db8::", .kind = MXSEL_MEMORY_ADDRESS, .port = 26,
		.score = 62 }, "address 2001:db8:: 26 score=62" },
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

START_TEST(R85_a_line_says_an_entry_and_nothing_else)
{
	struct mxsel_memory_entry e;
	char line[MXSEL_MEMORY_TEXT_SIZE];
	size_t i;

	for (i = 0; i < KNOWN; i++) {
		memset(&e, 0x55, sizeof(e));
		ck_assert_int_eq(mxsel_memory_format(&known[i].entry, line,
			sizeof(line)), MXSEL_OK);
		ck_assert_str_eq(line, known[i].line);
		ck_assert_int_eq(parse(&e, line), MXSEL_OK);
		ck_assert(is_same(&e, &known[i].entry));
	}
}
END_TEST

static uint32_t below(struct mxsel__random *r, uint32_t n)
{
	return mxsel__random_below(r, n);
}

static void any_address(struct mxsel__random *r, char out[48])
{
	if (below(r, 2) == 0)
		snprintf(out, 48, "%u.%u.%u.%u", below(r, 256), below(r, 256),
			below(r, 256), below(r, 256));
	else
		snprintf(out, 48, "2001:db8::%x:%x:%x", 1 + below(r, 65535),
			1 + below(r, 65535), 1 + below(r, 65535));
}

/* Of labels up to 63 octets, of 253 in all at most, its last one in letters. */
static void any_host(struct mxsel__random *r, char out[256])
{
	static const char octets[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t length = 1 + below(r, 253), label = 0, i;

	for (i = 0; i < length; i++) {
		if (label > 0 && i + 1 < length && (label == 62 ||
			below(r, 12) == 0)) {
			out[i] = '.';
			label = 0;
			continue;
		}
		out[i] = octets[below(r, sizeof(octets) - 1)];
		label++;
	}
	out[length - 1] = 'z';
	out[length] = '\0';
}

static void any_entry(struct mxsel__random *r, struct mxsel_memory_entry *e)
{
	static const int families[] = { 0, 4, 6 };
	uint32_t i, n = below(r, MXSEL_MEMORY_OUTCOMES + 1);

	memset(e, 0, sizeof(*e));
	e->kind = MXSEL_MEMORY_HOST + (int)below(r, 2);
	e->port = 1 + (int)below(r, 65535);
	e->score = below(r, 4001);
	e->age = below(r, 3) == 0 ? 0 : (uint32_t)mxsel__random_next(r);
	e->code = below(r, 3) == 0 ? 0 : 200 + (int)below(r, 400);
	for (i = 0; i < n; i++)
		e->outcomes[i] = (uint8_t)(1 + below(r, 13));
	if (e->kind == MXSEL_MEMORY_ADDRESS) {
		any_address(r, e->name);
		return;
	}
	any_host(r, e->name);
	e->works = families[below(r, 3)];
	e->turn = families[below(r, 3)];
	e->doubt = (int)below(r, 4);
	if (below(r, 2) == 0)
		any_address(r, e->again);
}

START_TEST(R85_every_entry_is_the_same_when_its_line_is_read)
{
	struct mxsel_memory_entry e, again;
	char line[MXSEL_MEMORY_TEXT_SIZE], second[MXSEL_MEMORY_TEXT_SIZE];
	struct mxsel__random r;
	int i;

	mxsel__random_init(&r, 85);
	for (i = 0; i < ROUNDS; i++) {
		any_entry(&r, &e);
		ck_assert_int_eq(mxsel_memory_format(&e, line, sizeof(line)),
			MXSEL_OK);
		ck_assert_int_eq(mxsel_memory_parse(&again, line,
			strlen(line)), MXSEL_OK);
		ck_assert(is_same(&e, &again));
		ck_assert_int_eq(mxsel_memory_format(&again, second,
			sizeof(second)), MXSEL_OK);
		ck_assert_str_eq(line, second);
	}
}
END_TEST

START_TEST(R85_R6_a_name_has_one_form_whatever_was_written)
{
	static const struct {
		const char *written, *kept;
	} forms[] = {
		{ "host MX1.Example.COM. 25", "host mx1.example.com 25" },
		{ "  host   a  25   score=7  ", "host a 25 score=7" },
		{ "host a 25 code=200 age=3 score=7",
		  "host a 25 score=7 age=3 code=200" },
		{ "host a 25 score=0 age=0 code=0", "host a 25" },
		{ "address 2001:DB8:0:0:0:0:0:1 25", "address 2001:db8::1 25" },
		{ "host a 25 again=2001:DB8::0001",
		  "host a 25 again=2001:db8::1" },
	};
	struct mxsel_memory_entry e;
	char line[MXSEL_MEMORY_TEXT_SIZE];
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		ck_assert_int_eq(parse(&e, forms[i].written), MXSEL_OK);
		ck_assert_int_eq(mxsel_memory_format(&e, line, sizeof(line)),
			MXSEL_OK);
		ck_assert_str_eq(line, forms[i].kept);
	}
	memset(&e, 0, sizeof(e));
	memcpy(e.name, "MX.Example.", 12);
	e.kind = MXSEL_MEMORY_HOST;
	e.port = 25;
	ck_assert_int_eq(mxsel_memory_format(&e, line, sizeof(line)),
		MXSEL_OK);
	ck_assert_str_eq(line, "host mx.example 25");
}
END_TEST

START_TEST(R85_words_of_a_later_version_are_passed_over)
{
	struct mxsel_memory_entry e;

	ck_assert_int_eq(parse(&e, "host a 25 colour=blue score=7 x= scor=9"
		" scores=9 y==,=;'\\ x=again"), MXSEL_OK);
	ck_assert_uint_eq(e.score, 7);
	ck_assert_uint_eq(e.age, 0);
	ck_assert_int_eq(parse(&e, "address ::1 25 Score=9 last.x=refused"),
		MXSEL_OK);
	ck_assert_uint_eq(e.score, 0);
	ck_assert_uint_eq(e.outcomes[0], 0);
}
END_TEST

START_TEST(R85_what_is_no_such_line_is_refused_and_changes_nothing)
{
	static const char *const bad[] = {
		"", " ", "host", "host ", "host a", "host a ", "a 25",
		"name 192.0.2.1 25", "addres ::1 25",
		"hos a 25", "hosts a 25", "Host a 25", "name a 25",
		"address a 25", "address 192.0.2.1.5 25", "address 127.1 25",
		"address [192.0.2.1] 25", "address 0192.0.2.1 25",
		"address fe80::1%eth0 25", "host 192.0.2.1 25", "host ::1 25",
		"host [192.0.2.1] 25", "host . 25", "host a..b 25",
		"host .a 25", "host a@b 25", "host a\\.b 25", "host a\\000b 25",
		"host a/b 25", "host \xc3\xa4 25", "host a=b 25",
		"host a 0", "host a 65536", "host a 025", "host a -1",
		"host a +25", "host a 25x", "host a 0x19", "host a 2 5",
		"host a 25 5", "host a 25 score", "host a 25 =5",
		"host a 25 score=", "host a 25 score=4001",
		"host a 25 score=-1", "host a 25 score=1.5",
		"host a 25 score=07", "host a 25 score=00",
		"host a 25 score=18446744073709551617",
		"host a 25 score=1 score=1", "host a 25 age=1 x=1 age=2",
		"host a 25 age=4294967296", "host a 25 age=1s",
		"host a 25 last=", "host a 25 last=,", "host a 25 last=none",
		"host a 25 last=refused,", "host a 25 last=,refused",
		"host a 25 last=Refused", "host a 25 last=refuse",
		"host a 25 last=refused,,lost", "host a 25 last=2",
		"host a 25 last=lost,lost,lost,lost,lost,lost,lost,lost,lost",
		"host a 25 last=lost,lost,lost,lost,lost,lost,lost,lost,",
		"host a 25 last=tls,tls,tls,tls,tls,tls,tls,tls,tls code=450",
		"host a 25 last=lost last=lost",
		"host a 25 code=199", "host a 25 code=600", "host a 25 code=1",
		"host a 25 works=0", "host a 25 works=5", "host a 25 works=46",
		"host a 25 works=", "host a 25 turn=0", "host a 25 turn=10",
		"host a 25 doubt=0", "host a 25 doubt=64", "host a 25 doubt=3",
		"host a 25 again=", "host a 25 again=b", "host a 25 again=-",
		"host a 25 again=192.0.2.1,192.0.2.2",
		"address ::1 25 works=4", "address ::1 25 turn=4",
		"address ::1 25 doubt=4", "address ::1 25 again=::1",
		"host a 25\t", "host\ta 25", "host a 25\n", "host a 25\r",
		"host a 25 x=\x7f", "host a 25 x=\x80", "host a 25 x=\x1f",
		"# host a 25", "mxsel-memory 1 0",
	};
	struct mxsel_memory_entry e, before;
	size_t i;

	memset(&before, 0x5a, sizeof(before));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = before;
		ck_assert_msg(parse(&e, bad[i]) == MXSEL_ESYNTAX, "%s", bad[i]);
		ck_assert_int_eq(memcmp(&e, &before, sizeof(e)), 0);
	}
	ck_assert_int_eq(mxsel_memory_parse(&e, "host a 25\0", 10),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_memory_parse(&e, "host a\0b 25", 11),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_memory_parse(&e, "host a 25 x=\0", 13),
		MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R3_a_name_may_be_as_long_as_names_are)
{
	char line[400] = "host ", label[64];
	struct mxsel_memory_entry e;
	int i;

	memset(label, 'a', 63);
	label[63] = '\0';
	for (i = 0; i < 3; i++)
		snprintf(line + strlen(line), 70, "%s.", label);
	snprintf(line + strlen(line), 70, "%.61s 25", label); /* 253 */
	ck_assert_int_eq(parse(&e, line), MXSEL_OK);
	ck_assert_uint_eq(strlen(e.name), 253);
	*strrchr(line, ' ') = '\0';
	snprintf(line + strlen(line), 10, "a 25"); /* 254 */
	ck_assert_int_eq(parse(&e, line), MXSEL_ESYNTAX);
	snprintf(line, sizeof(line), "host %sa 25", label); /* a label of 64 */
	ck_assert_int_eq(parse(&e, line), MXSEL_ESYNTAX);
	memset(line + 5, 'a', 300);
	memcpy(line + 305, " 25", 4);
	ck_assert_int_eq(parse(&e, line), MXSEL_ESYNTAX);
	memcpy(line, "host a 25 again=", 16);
	memset(line + 16, '1', 48);
	line[64] = '\0';
	ck_assert_int_eq(parse(&e, line), MXSEL_ESYNTAX);
}
END_TEST

/* Whatever one octet of a line becomes: refused, or an entry with one form. */
START_TEST(R85_S41_no_octet_of_a_line_does_harm)
{
	struct mxsel_memory_entry e, again;
	char line[MXSEL_MEMORY_TEXT_SIZE], out[MXSEL_MEMORY_TEXT_SIZE];
	size_t i, at, length;
	int octet, taken = 0;

	for (i = 0; i < KNOWN; i++) {
		length = strlen(known[i].line);
		for (at = 0; at < length; at++)
			for (octet = 0; octet < 256; octet++) {
				memcpy(line, known[i].line, length);
				line[at] = (char)octet;
				if (mxsel_memory_parse(&e, line, length) != 0)
					continue;
				taken++;
				ck_assert_int_eq(mxsel_memory_format(&e, out,
					sizeof(out)), 0);
				ck_assert_int_eq(mxsel_memory_parse(&again,
					out, strlen(out)), 0);
				ck_assert(is_same(&e, &again));
			}
	}
	ck_assert_int_gt(taken, 1000);
}
END_TEST

START_TEST(R85_a_line_cut_off_reads_nothing_behind_it)
{
	struct mxsel_memory_entry e;
	size_t i, length, all;
	int rc;

	for (i = 0; i < KNOWN; i++) {
		all = strlen(known[i].line);
		for (length = 0; length < all; length++) {
			rc = mxsel_memory_parse(&e, guard_end(known[i].line,
				length), length);
			ck_assert(rc == MXSEL_OK || rc == MXSEL_ESYNTAX);
			ck_assert(rc != MXSEL_OK || !is_same(&e,
				&known[i].entry) || known[i].line[length] ==
				' ');
		}
	}
}
END_TEST

START_TEST(R85_a_file_cut_off_reads_nothing_behind_it)
{
	static const char text[] = "mxsel-memory 1 5\nhost a 25 last=lost\n"
		"host b 25\n";
	char first[sizeof("mxsel-memory 1 ")];
	mxsel_memory *memory;
	size_t length;
	int rc;

	ck_assert_int_eq(mxsel_memory_new(&memory, 65536, no_clock, NULL), 0);
	for (length = 0; length < sizeof(text); length++) {
		rc = mxsel__memory_take(memory, guard_end(text, length),
			length);
		ck_assert_int_eq(rc, length > 0 && text[length - 1] == '\n'
			? MXSEL_OK : MXSEL_ESYNTAX);
	}
	/* Nor one whose first line is cut short. */
	for (length = 1; length < sizeof("mxsel-memory 1 "); length++) {
		memcpy(first, text, length - 1);
		first[length - 1] = '\n';
		ck_assert_int_eq(mxsel__memory_take(memory, guard_end(first,
			length), length), MXSEL_ESYNTAX);
	}
	mxsel_memory_free(memory);
}
END_TEST

/* ----------------------------------------------------------------- entries */

START_TEST(R85_a_line_needs_its_room_and_no_more)
{
	size_t i, size;

	for (i = 0; i < KNOWN; i++) {
		size_t length = strlen(known[i].line);
		char *room = guard_end(NULL, length + 1);

		ck_assert_int_eq(mxsel_memory_format(&known[i].entry, room,
			length + 1), MXSEL_OK);
		ck_assert_str_eq(room, known[i].line);
		for (size = 0; size <= length; size++)
			ck_assert_int_eq(mxsel_memory_format(&known[i].entry,
				guard_end(NULL, size), size), MXSEL_ESPACE);
	}
}
END_TEST

START_TEST(R85_the_longest_line_has_room)
{
	struct mxsel_memory_entry e = known[2].entry;
	char line[MXSEL_MEMORY_TEXT_SIZE];
	int i;

	memset(e.name, 'a', 253);
	e.name[63] = e.name[127] = e.name[191] = '.';
	e.name[253] = '\0';
	for (i = 0; i < MXSEL_MEMORY_OUTCOMES; i++)
		e.outcomes[i] = MXSEL_OUTCOME_REQUIRETLS;
	memcpy(e.again, "2001:1db8:1111:1111:1111:1111:1111:1111", 40);
	ck_assert_int_eq(mxsel_memory_format(&e, line, sizeof(line)),
		MXSEL_OK);
	ck_assert_uint_lt(strlen(line), sizeof(line));
	ck_assert_uint_gt(strlen(line), 460);
}
END_TEST

static int refused(const struct mxsel_memory_entry *e)
{
	char line[MXSEL_MEMORY_TEXT_SIZE];

	return mxsel_memory_format(e, line, sizeof(line));
}

#define WITH(base, field, value, result) \
	do { \
		struct mxsel_memory_entry with = known[base].entry; \
	\
		with.field = (value); \
		ck_assert_int_eq(refused(&with), result); \
	} while (0)

START_TEST(R85_an_entry_that_is_none_has_no_line)
{
	WITH(0, kind, 0, MXSEL_ERANGE);
	WITH(0, kind, 3, MXSEL_ERANGE);
	WITH(0, kind, -1, MXSEL_ERANGE);
	WITH(0, kind, MXSEL_MEMORY_ADDRESS, MXSEL_ESYNTAX);
	WITH(5, kind, MXSEL_MEMORY_HOST, MXSEL_ESYNTAX);
	WITH(0, port, 0, MXSEL_ERANGE);
	WITH(0, port, -25, MXSEL_ERANGE);
	WITH(0, port, 65536, MXSEL_ERANGE);
	WITH(0, score, 4001, MXSEL_ERANGE);
	WITH(0, outcomes[2], 14, MXSEL_ERANGE);
	WITH(0, outcomes[3], 1, MXSEL_ERANGE); /* behind nothing */
	WITH(0, outcomes[0], 0, MXSEL_ERANGE);
	WITH(0, outcomes[7], 255, MXSEL_ERANGE);
	WITH(0, code, 199, MXSEL_ERANGE);
	WITH(0, code, 600, MXSEL_ERANGE);
	WITH(0, code, -450, MXSEL_ERANGE);
	WITH(0, works, 5, MXSEL_ERANGE);
	WITH(0, works, 1, MXSEL_ERANGE);
	WITH(0, turn, -4, MXSEL_ERANGE);
	WITH(0, turn, 46, MXSEL_ERANGE);
	WITH(0, doubt, 4, MXSEL_ERANGE);
	WITH(0, doubt, -1, MXSEL_ERANGE);
	WITH(5, works, 4, MXSEL_ERANGE);
	WITH(5, turn, 4, MXSEL_ERANGE);
	WITH(5, doubt, 1, MXSEL_ERANGE);
	WITH(5, again[0], 'a', MXSEL_ERANGE);
	WITH(0, again[0], 'a', MXSEL_ESYNTAX);
	WITH(0, name[0], '\0', MXSEL_ESYNTAX);
	WITH(0, name[0], '.', MXSEL_ESYNTAX);
	WITH(0, name[0], ' ', MXSEL_ESYNTAX);
	WITH(5, name[0], '\0', MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R85_S21_names_that_have_no_end_are_none)
{
	struct mxsel_memory_entry e = known[0].entry;

	memset(e.name, 'a', sizeof(e.name));
	ck_assert_int_eq(refused(&e), MXSEL_ESYNTAX);
	e = known[0].entry;
	memset(e.again, '1', sizeof(e.again));
	ck_assert_int_eq(refused(&e), MXSEL_ESYNTAX);
	e = known[5].entry;
	memset(e.name, '1', sizeof(e.name));
	ck_assert_int_eq(refused(&e), MXSEL_ESYNTAX);
}
END_TEST

START_TEST(R85_what_stands_behind_a_name_does_not_count)
{
	struct mxsel_memory_entry e = known[0].entry, sound;

	memset(e.name + strlen(e.name) + 1, 'x', 20);
	e.again[1] = 'x';
	ck_assert_int_eq(mxsel__memory_entry_check(&sound, &e), MXSEL_OK);
	ck_assert_int_eq(memcmp(sound.name, known[0].entry.name,
		sizeof(sound.name)), 0);
	ck_assert_int_eq(memcmp(sound.again, known[0].entry.again,
		sizeof(sound.again)), 0);
}
END_TEST

START_TEST(F100_a_line_of_nothing)
{
	struct mxsel_memory_entry e;
	char line[MXSEL_MEMORY_TEXT_SIZE];

	ck_assert_int_eq(mxsel_memory_format(NULL, line, sizeof(line)),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_format(&known[0].entry, NULL, 0),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_format(&known[0].entry, line, 0),
		MXSEL_ESPACE);
	ck_assert_int_eq(mxsel_memory_parse(NULL, "host a 25", 9),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_memory_parse(&e, NULL, 0), MXSEL_EUSAGE);
}
END_TEST

/* ----------------------------------------------------------------- numbers */

START_TEST(R85_numbers_up_to_the_largest_are_exact)
{
	static const uint64_t numbers[] = {
		0, 1, 9, 10, 99, 100, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX
	};
	char digits[20];
	uint64_t n;
	size_t i, length;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		length = mxsel__memory_digits(digits, numbers[i]);
		ck_assert_int_eq(mxsel__memory_number(&n, digits, length,
			UINT64_MAX), 0);
		ck_assert(n == numbers[i]);
		ck_assert_int_eq(mxsel__memory_number(&n, digits, length,
			numbers[i]), 0);
		if (numbers[i] > 0)
			ck_assert_int_eq(mxsel__memory_number(&n, digits,
				length, numbers[i] - 1), -1);
	}
	ck_assert_int_eq(mxsel__memory_number(&n, "18446744073709551616", 20,
		UINT64_MAX), -1);
	ck_assert_int_eq(mxsel__memory_number(&n, "18446744073709551620", 20,
		UINT64_MAX), -1);
	ck_assert_int_eq(mxsel__memory_number(&n, "99999999999999999999", 20,
		UINT64_MAX), -1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("memory: text");
	TCase *t = tcase_create("lines");

	suite_add_tcase(s, t);
	tcase_add_test(t, R85_a_line_says_an_entry_and_nothing_else);
	tcase_add_test(t, R85_every_entry_is_the_same_when_its_line_is_read);
	tcase_add_test(t, R85_R6_a_name_has_one_form_whatever_was_written);
	tcase_add_test(t, R85_words_of_a_later_version_are_passed_over);
	tcase_add_test(t,
		R85_what_is_no_such_line_is_refused_and_changes_nothing);
	tcase_add_test(t, R3_a_name_may_be_as_long_as_names_are);
	tcase_add_test(t, R85_S41_no_octet_of_a_line_does_harm);
	tcase_add_test(t, R85_a_line_cut_off_reads_nothing_behind_it);
	tcase_add_test(t, R85_a_file_cut_off_reads_nothing_behind_it);
	tcase_add_test(t, R85_a_line_needs_its_room_and_no_more);
	tcase_add_test(t, R85_the_longest_line_has_room);
	tcase_add_test(t, R85_an_entry_that_is_none_has_no_line);
	tcase_add_test(t, R85_S21_names_that_have_no_end_are_none);
	tcase_add_test(t, R85_what_stands_behind_a_name_does_not_count);
	tcase_add_test(t, F100_a_line_of_nothing);
	tcase_add_test(t, R85_numbers_up_to_the_largest_are_exact);
	return mxsel_test_run(s);
}
