/*
 * Trust anchors and answers of libunbound, right and wrong by one octet, at
 * the very ends of memory and without any (S21, S32, S39, R14, R90, F99).
 * malloc() is this program's own. May use lib/unbound.
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/failing_malloc.h"
#include "support/guard.h"
#include "support/packet.h"
#include "support/run.h"
#include "unbound/anchor.h"
#include "unbound/answer.h"

#define DIGEST \
	"0000000000000000000000000000000000000000000000000000000000000001"
#define DS "DS 60485 13 2 " DIGEST

static struct mxsel__ub_anchor *list;

static void setup(void)
{
	list = NULL;
}

static void teardown(void)
{
	mxsel__ub_anchors_free(list);
}

/* ------------------------------------------------------------------- files */

static int of_file(const char *text)
{
	char name[] = "/tmp/mxsel-exact-XXXXXX";
	int fd = mkstemp(name), result;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq((int)write(fd, text, strlen(text)),
		(int)strlen(text));
	close(fd);
	result = mxsel__ub_anchors_of_file(&list, name);
	unlink(name);
	return result;
}

static const struct {
	const char *text;
	const char *record; /* the last one, NULL: refused */
} files[] = {
	/* A quoted sign is none, and a quoted line is not over. */
	{ ". " DS " \";\"\n", ". IN " DS " \";\"" },
	{ ". " DS " \"(\"\n", ". IN " DS " \"(\"" },
	{ ". " DS " \")\"\n", ". IN " DS " \")\"" },
	{ ". " DS " \"\nx\"\n", ". IN " DS " \" x\"" },
	{ ". " DS " \"a\" ; b\n", ". IN " DS " \"a\"" },
	/* Types are whole words. */
	{ ". DSX 60485 13 2 " DIGEST "\n", NULL },
	{ ". D 60485 13 2 " DIGEST "\n", NULL },
	{ ". INX " DS "\n", NULL },
	{ ". DS 60485 131 2 " DIGEST "\n", NULL },
	{ ". DS 60485 13 22 " DIGEST "\n", NULL },
	/* An origin is a name, at the beginning of a line. */
	{ "$ORIGIN net.\nexample " DS "\n", "example.net. IN " DS },
	{ "$origin net.\n@ " DS "\n", "net. IN " DS },
	{ "$ORIGIN\n. " DS "\n", NULL },
	{ " $ORIGIN net.\nexample " DS "\n", "example. IN " DS },
	/* What else begins with a dollar is nobody's owner. */
	{ "example. A 192.0.2.1\n$TTL 60\n " DS "\n", "example. IN " DS },
	{ "example. A 192.0.2.1\n $TTL 60\n " DS "\n", "example. IN " DS },
	{ " " DS "\n", NULL }
};

START_TEST(S32_a_master_file_is_read_word_by_word)
{
	int result = of_file(files[_i].text);

	ck_assert_int_eq(result, files[_i].record == NULL ? MXSEL_ESYNTAX :
		0);
	if (files[_i].record != NULL)
		ck_assert_str_eq(list->record, files[_i].record);
	else
		ck_assert_ptr_null(list);
}
END_TEST

START_TEST(S21_S32_an_owner_that_is_too_long_is_not_the_one_before)
{
	static char text[4096];
	int at = snprintf(text, sizeof text, "example. %s\n", DS);

	memset(text + at, 'x', 1500);
	(void)snprintf(text + at + 1500, sizeof text - (size_t)at - 1500,
		". %s\n", DS);
	ck_assert_int_eq(of_file(text), MXSEL_ESYNTAX);
	ck_assert_ptr_null(list);
}
END_TEST

START_TEST(S21_S32_an_entry_has_an_end)
{
	static char text[20000];

	memset(text, 'x', sizeof text - 1);
	memcpy(text, ". " DS " ", sizeof ". " DS " " - 1);
	ck_assert_int_eq(of_file(text), MXSEL_ESYNTAX);
	text[8000] = '\0';
	ck_assert_int_eq(of_file(text), 0);
}
END_TEST

START_TEST(S21_names_of_no_length_have_no_end)
{
	ck_assert(!mxsel__ub_is_below(guard_begin("", 1), "example"));
	ck_assert(mxsel__ub_is_below("example", guard_begin("", 1)));
	ck_assert(mxsel__ub_is_below(guard_begin("", 1), "."));
}
END_TEST

#ifndef MALLOC_IS_TAKEN

/* How often there was no memory for a text until it was read. */
static int shortages(const char *text, int expected)
{
	int call, result, failed = 1, count = 0;

	for (call = 0; failed; call++) {
		list = NULL;
		fail_at(call);
		result = mxsel__ub_anchors_of_text(&list, text);
		failed = disarm();
		count += result == MXSEL_ENOMEM;
		/* A stream does without its buffer. */
		ck_assert(result == expected ||
			(failed && result == MXSEL_ENOMEM));
		mxsel__ub_anchors_free(list);
	}
	list = NULL;
	return count;
}

START_TEST(S39_no_memory_is_no_word_on_a_text)
{
	int one = shortages(". " DS, 0);

	ck_assert_int_gt(one, 1);
	ck_assert_int_eq(shortages(". " DS "\n. " DS "\n", MXSEL_ESYNTAX),
		one + 1);
}
END_TEST

#endif

/* ----------------------------------------------------------------- answers */

static char last[4096];

static void record(const char *line, void *user)
{
	(void)user;
	strncpy(last, line, sizeof last - 1);
}

/* As libunbound makes it, of these octets; NULL: of none. */
static struct ub_result *result_of(const void *octets, int length, int rcode)
{
	struct ub_result *r = calloc(1, sizeof *r);

	ck_assert_ptr_nonnull(r);
	r->rcode = rcode;
	r->answer_len = length;
	if (octets == NULL)
		return r;
	r->answer_packet = malloc((size_t)length);
	ck_assert_ptr_nonnull(r->answer_packet);
	memcpy(r->answer_packet, octets, (size_t)length);
	return r;
}

static mxsel *asking(mxsel_query **query, mxsel_options **options)
{
	mxsel *m;

	last[0] = '\0';
	ck_assert_int_eq(mxsel_options_new(options), 0);
	ck_assert_int_eq(mxsel_options_set_recorder(*options, record, NULL),
		0);
	ck_assert_int_eq(mxsel_new(&m, "example.net", *options), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	*query = mxsel_query_take(m);
	return m;
}

/* The outcome of a question that was answered so. */
static int outcome_of(int error, struct ub_result *r)
{
	mxsel_options *options;
	mxsel_query *query;
	mxsel *m = asking(&query, &options);
	int outcome = 0;

	mxsel__ub_answer(query, error, r, 1);
	(void)sscanf(last, "end %*s %*s %d", &outcome);
	mxsel_free(m);
	mxsel_options_free(options);
	return outcome;
}

static const struct packet *message(int exchanges)
{
	static struct packet p;
	char host[32];
	int i;

	packet_begin(&p, PACKET_REPLY, "example.net", PACKET_MX);
	for (i = 0; i < exchanges; i++) {
		(void)snprintf(host, sizeof host, "mx%d.example.net", i);
		packet_mx(&p, PACKET_ANSWER, NULL, 300, 10, host);
	}
	return &p;
}

START_TEST(R14_R90_of_what_is_no_message_the_response_code_counts)
{
	const uint8_t *octets = message(1)->octets;

	ck_assert_int_eq(outcome_of(0, result_of(NULL, 12, 2)),
		MXSEL_DNS_SERVFAIL);
	ck_assert_int_eq(outcome_of(0, result_of(octets, 11, 5)),
		MXSEL_DNS_REFUSED);
	/* One octet more, and it is a message, cut short. */
	ck_assert_int_eq(outcome_of(0, result_of(octets, 12, 5)),
		MXSEL_DNS_MALFORMED);
	ck_assert_int_eq(outcome_of(0, result_of(octets, 40, 0)),
		MXSEL_DNS_MALFORMED);
}
END_TEST

START_TEST(R14_an_error_counts_more_than_what_came_with_it)
{
	const struct packet *p = message(1);

	ck_assert_int_eq(outcome_of(0, result_of(p->octets, (int)p->size, 0)),
		0);
	ck_assert_int_eq(outcome_of(UB_NOMEM, result_of(p->octets,
		(int)p->size, 0)), MXSEL_DNS_NETWORK);
}
END_TEST

#ifndef MALLOC_IS_TAKEN

START_TEST(S39_a_message_without_room_is_not_malformed)
{
	const struct packet *p = message(60);
	int call, failed = 1, ended = 0;

	for (call = 0; failed; call++) {
		mxsel_options *options;
		mxsel_query *query;
		mxsel *m = asking(&query, &options);
		struct ub_result *r = result_of(p->octets, (int)p->size, 0);
		int outcome = 0;

		fail_at(call);
		mxsel__ub_answer(query, 0, r, 1);
		failed = disarm();
		(void)sscanf(last, "end %*s %*s %d", &outcome);
		ck_assert(outcome == 0 || outcome == MXSEL_DNS_NETWORK);
		ended += outcome != 0;
		mxsel_free(m);
		mxsel_options_free(options);
	}
	ck_assert_int_gt(ended, 0);
}
END_TEST

#endif

int main(void)
{
	Suite *s = suite_create("unbound: anchors and answers");
	TCase *c = tcase_create("exactly");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c, S32_a_master_file_is_read_word_by_word, 0,
		(int)(sizeof files / sizeof *files));
	tcase_add_test(c,
		S21_S32_an_owner_that_is_too_long_is_not_the_one_before);
	tcase_add_test(c, S21_S32_an_entry_has_an_end);
	tcase_add_test(c, S21_names_of_no_length_have_no_end);
	tcase_add_test(c,
		R14_R90_of_what_is_no_message_the_response_code_counts);
	tcase_add_test(c, R14_an_error_counts_more_than_what_came_with_it);
#ifndef MALLOC_IS_TAKEN
	tcase_add_test(c, S39_no_memory_is_no_word_on_a_text);
	tcase_add_test(c, S39_a_message_without_room_is_not_malformed);
#endif
	suite_add_tcase(s, c);
	return mxsel_test_run(s);
}
