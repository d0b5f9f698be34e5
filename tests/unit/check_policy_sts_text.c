/*
 * The TXT record that announces an MTA-STS policy (R95): which of several
 * records is meant, and the id that is in it (RFC 8461 3.1).
 */
#include "support/run.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/security.h>

#include "base/random.h"

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

#define EXAMPLE "v=STSv1; id=20160831085700Z;" /* RFC 8461 3.1 */
#define ID_OF_32 "abcdefghijklmnopqrstuvwxyzABCD09"

/* Of the only record of a domain. */
static int read(char id[33], const char *text, size_t length)
{
	return mxsel_sts_id(id, &text, &length, 1);
}

static int is_sound(const char *text)
{
	char id[33];

	return read(id, text, strlen(text)) == MXSEL_OK;
}

static void expect(const char *text, const char *wanted)
{
	char id[33] = "";

	ck_assert_msg(read(id, text, strlen(text)) == MXSEL_OK, "%s", text);
	ck_assert_str_eq(id, wanted);
}

START_TEST(R95_the_id_of_the_standards_example)
{
	expect(EXAMPLE, "20160831085700Z");
}
END_TEST

START_TEST(R95_what_the_grammar_of_a_record_allows_is_read)
{
	expect("v=STSv1;id=1", "1");
	expect("v=STSv1;id=1;", "1");
	expect("v=STSv1; \t id=a \t ; ", "a");
	expect("v=STSv1; id=1; \t", "1");
	expect("v=STSv1; id=" ID_OF_32, ID_OF_32);
	/* Fields that nobody knows, before and behind. */
	expect("v=STSv1; a.b-c_d=!#:<>~; id=7; x=y;", "7");
	expect("v=STSv1; a2345678901234567890123456789012=x; id=7", "7");
	expect("v=STSv1; ID=3; Id=4; id=7", "7");
	expect("v=STSv1; idx=3; i=4; id.=5; id=7", "7");
}
END_TEST

START_TEST(R95_of_two_ids_the_first_counts)
{
	expect("v=STSv1; id=1; id=2;", "1");
	expect("v=STSv1; id=1; id=-;", "1");
	expect("v=STSv1; v=STSv2; id=1;", "1");
	ck_assert_int_eq(is_sound("v=STSv1; id=-; id=1;"), 0);
	ck_assert_int_eq(is_sound("v=STSv1; id=1; id=;"), 0);
}
END_TEST

START_TEST(R95_a_record_that_is_not_sound_announces_nothing)
{
	static const char *const records[] = {
		"v=STSv1;", "v=STSv1; ", "v=STSv1;;", "v=STSv1; x=y",
		"v=STSv1; id", "v=STSv1; id=", "v=STSv1; id=;",
		"v=STSv1; id = 1", "v=STSv1; id= 1", "v=STSv1; id =1",
		"v=STSv1; id=1 ", "v=STSv1; id=1\t", "v=STSv1; id=1; ;",
		"v=STSv1; id=1;;", "v=STSv1;; id=1", "v=STSv1; id=1 2",
		"v=STSv1; id=2016-08-31", "v=STSv1; id=a_b", "v=STSv1; id=a.b",
		"v=STSv1; id=" ID_OF_32 "1", "v=STSv1; id=1; x",
		"v=STSv1; id=1; x=", "v=STSv1; id=1; =y",
		"v=STSv1; id=1; x=y=z",
		"v=STSv1; id:1", "v=STSv1; id+1", "v=STSv1; id=1; _x=y",
		"v=STSv1; id=1; x=a b",
		"v=STSv1; id=1; x=\xc3\xa4", "v=STSv1; id=1; x=\x7f",
		"v=STSv1; id=1\n", "v=STSv1;\nid=1", "v=STSv1; id=1, x=y",
		"v=STSv1; id=1; a23456789012345678901234567890123=x",
		"v=STSv1; id=\xd9\xa1", "v=STSv1; \"id=1\"",
	};
	size_t i;

	for (i = 0; i < COUNT(records); i++)
		ck_assert_msg(!is_sound(records[i]), "%s", records[i]);
}
END_TEST

START_TEST(R95_what_does_not_begin_as_a_record_is_passed_over)
{
	static const char *const others[] = {
		"", "v", "v=STSv1", "V=STSv1; id=1", "v=stsv1; id=1",
		"v=STSv2; id=1", "v=STSv11; id=1", " v=STSv1; id=1",
		"v =STSv1; id=1", "v= STSv1; id=1", "id=1; v=STSv1;",
		"\"v=STSv1; id=1;\"", "v=spf1 -all",
		/* The grammar allows this blank, the text does not. */
		"v=STSv1 ; id=1",
	};
	size_t i;

	for (i = 0; i < COUNT(others); i++) {
		const char *texts[2];
		size_t lengths[2];
		char id[33] = "";

		texts[0] = others[i];
		texts[1] = EXAMPLE;
		lengths[0] = strlen(texts[0]);
		lengths[1] = strlen(texts[1]);
		ck_assert_int_eq(mxsel_sts_id(id, texts, lengths, 1),
			MXSEL_ESYNTAX);
		ck_assert_msg(mxsel_sts_id(id, texts, lengths, 2) ==
			MXSEL_OK, "%s", others[i]);
		ck_assert_str_eq(id, "20160831085700Z");
	}
}
END_TEST

/* Even the same one twice, and even one that is not sound. */
START_TEST(R95_two_announcements_are_none)
{
	static const char *const texts[] = { EXAMPLE, "v=spf1 -all", EXAMPLE,
		"v=STSv1;" };
	size_t lengths[COUNT(texts)];
	char id[33] = "old";
	size_t i;

	for (i = 0; i < COUNT(texts); i++)
		lengths[i] = strlen(texts[i]);
	ck_assert_int_eq(mxsel_sts_id(id, texts, lengths, 2), MXSEL_OK);
	ck_assert_str_eq(id, "20160831085700Z");
	memcpy(id, "old", 4);
	ck_assert_int_eq(mxsel_sts_id(id, texts, lengths, 3), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_sts_id(id, texts + 2, lengths + 2, 2),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_sts_id(id, texts + 3, lengths + 3, 1),
		MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_sts_id(id, texts, lengths, 0), MXSEL_ESYNTAX);
	ck_assert_str_eq(id, "old");
}
END_TEST

START_TEST(R95_a_NUL_ends_no_record)
{
	static const char nul[] = "v=STSv1; id=1\0;";
	static const char late[] = "v=STSv1; id=1;\0";
	char id[33];

	ck_assert_int_eq(read(id, nul, sizeof(nul) - 1), MXSEL_ESYNTAX);
	ck_assert_int_eq(read(id, late, sizeof(late) - 1), MXSEL_ESYNTAX);
	ck_assert_int_eq(read(id, late, sizeof(late) - 2), MXSEL_OK);
}
END_TEST

START_TEST(R95_records_that_are_missing_are_a_mistake_of_the_caller)
{
	const char *text = NULL;
	size_t length = 0;
	char id[33];

	ck_assert_int_eq(mxsel_sts_id(NULL, &text, &length, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_id(id, NULL, &length, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_id(id, &text, NULL, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_sts_id(id, &text, &length, 1), MXSEL_EUSAGE);
}
END_TEST

/* In a block of its own size, so that a read beyond it is seen. */
static int holds(const char *octets, size_t size)
{
	char *text = malloc(size == 0 ? 1 : size);
	char id[33];
	int rc;

	ck_assert_ptr_nonnull(text);
	memcpy(text, octets, size);
	rc = read(id, text, size);
	free(text);
	if (rc == MXSEL_OK) {
		size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

		ck_assert_uint_ge(length, 1);
		ck_assert_uint_le(length, 32);
		ck_assert_uint_eq(strlen(id), length);
		return 1;
	}
	ck_assert_int_eq(rc, MXSEL_ESYNTAX);
	return 0;
}

START_TEST(R95_any_octet_of_a_record_may_be_any_other)
{
	static const char good[] = EXAMPLE " x=y";
	char text[sizeof(good)];
	size_t i, sound = 0;
	int octet;

	for (i = 0; i < sizeof(good); i++) {
		(void)holds(good, i);
		for (octet = 0; octet < 256; octet++) {
			memcpy(text, good, sizeof(good));
			text[i] = (char)octet;
			sound += (size_t)holds(text, sizeof(good) - 1);
		}
	}
	ck_assert_uint_gt(sound, 900); /* letters and digits of the id */
	ck_assert_uint_lt(sound, 3000);
}
END_TEST

/* Pieces of records in any order: most are not sound, some are. */
START_TEST(R95_records_put_together_at_random_do_no_harm)
{
	static const char *const pieces[] = { "v=STSv1;", "id=", "id=1", ";",
		" ", "\t", "x=y", "=", "a", ID_OF_32, "; id=9", "\xc3\xa4" };
	struct mxsel__random random;
	int round, sound = 0;

	mxsel__random_init(&random, 8461);
	for (round = 0; round < 100000; round++) {
		char text[400] = "v=STSv1;";
		size_t at = 8;
		uint32_t n = mxsel__random_below(&random, 8);

		while (n-- > 0) {
			const char *p = pieces[mxsel__random_below(&random,
				COUNT(pieces))];

			memcpy(text + at, p, strlen(p));
			at += strlen(p);
		}
		sound += holds(text, at);
	}
	ck_assert_int_gt(sound, 1000);
	ck_assert_int_lt(sound, 50000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy: the TXT record of MTA-STS");
	TCase *tc = tcase_create("record");

	tcase_add_test(tc, R95_the_id_of_the_standards_example);
	tcase_add_test(tc, R95_what_the_grammar_of_a_record_allows_is_read);
	tcase_add_test(tc, R95_of_two_ids_the_first_counts);
	tcase_add_test(tc, R95_a_record_that_is_not_sound_announces_nothing);
	tcase_add_test(tc, R95_what_does_not_begin_as_a_record_is_passed_over);
	tcase_add_test(tc, R95_two_announcements_are_none);
	tcase_add_test(tc, R95_a_NUL_ends_no_record);
	tcase_add_test(tc,
		R95_records_that_are_missing_are_a_mistake_of_the_caller);
	tcase_add_test(tc, R95_any_octet_of_a_record_may_be_any_other);
	tcase_add_test(tc,
		R95_records_put_together_at_random_do_no_harm);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
