/*
 * What was written down can be told again, and comes to the same byte for
 * byte (R79); what nobody wrote is refused. May use the public headers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mxsel/mock.h>

#include "bench/memory.h"
#include "integration/replay_zone.h"
#include "support/run.h"

#define ZONES 1000u

static struct walk walk, again;

static mxsel_options *options_of(unsigned zone)
{
	mxsel_options *o;

	ck_assert_int_eq(mxsel_options_new(&o), MXSEL_OK);
	walk_options(o, zone);
	mxsel_options_set(o, MXSEL_OPT_TRACE, 1);
	return o;
}

/* The recorded walk; its seed comes from the system, as in real life. */
static void record_walk(struct walk *w, struct walk_record *r)
{
	mxsel_options *o = options_of(w->zone);
	mxsel *m;

	ck_assert_int_eq(mxsel_options_set_recorder(o, walk_keep_line, r), 0);
	ck_assert_int_eq(mxsel_new(&m, walk_destination(w->zone), o), 0);
	mxsel_options_free(o);
	walk_policy(m, w->zone);
	ck_assert_int_eq(walk_on(w, m), 0);
	mxsel_free(m);
}

static void replay_walk(struct walk *w, const struct walk_record *from,
	struct walk_record *r)
{
	mxsel_options *o = options_of(w->zone);
	const char *destination;
	uint64_t seed;
	size_t length;
	mxsel *m;

	ck_assert_int_eq(mxsel_mock_new(&w->mock), 0);
	ck_assert_int_eq(mxsel_mock_replay(w->mock, from->text,
		from->length), 0);
	if (mxsel_mock_replay_seed(w->mock, &seed) == 0)
		mxsel_options_set_seed(o, seed);
	mxsel_options_set_recorder(o, walk_keep_line, r);
	mxsel_options_set_resolver(o, mxsel_mock_resolver(w->mock));
	destination = mxsel_mock_replay_destination(w->mock, &length);
	ck_assert_str_eq(destination, walk_destination(w->zone));
	ck_assert_int_eq(mxsel_new_bytes(&m, destination, length, o), 0);
	mxsel_options_free(o);
	walk_policy(m, w->zone);
	ck_assert_int_eq(walk_on(w, m), 0);
	mxsel_free(m);
	mxsel_mock_free(w->mock);
}

START_TEST(R79_a_thousand_records_replay_byte_for_byte)
{
	struct walk_record first = { NULL, 0, 0, 0 };
	struct walk_record second = { NULL, 0, 0, 0 };
	unsigned zone, reports = 0, packets = 0, records = 0;

	for (zone = 0; zone < ZONES; zone++) {
		first.length = second.length = 0;
		memset(&walk, 0, sizeof(walk));
		walk.zone = zone;
		walk.trace = 1;
		walk.one_by_one = zone % 2 == 1;
		record_walk(&walk, &first);
		memset(&again, 0, sizeof(again));
		again.zone = zone;
		again.trace = 1;
		replay_walk(&again, &first, &second);
		ck_assert_str_eq(walk.told, again.told);
		/* And the record of the replay is the record. */
		ck_assert_uint_eq(first.length, second.length);
		reports += strstr(first.text, "\nreport ") != NULL;
		packets += strstr(first.text, "\npacket ") != NULL;
		records += strstr(first.text, "\nmx ") != NULL;
	}
	ck_assert_uint_eq(first.bad + second.bad, 0);
	ck_assert_uint_gt(reports, ZONES / 10); /* all were seen */
	ck_assert_uint_gt(packets, ZONES / 10);
	ck_assert_uint_gt(records, ZONES / 10);
	free(first.text);
	free(second.text);
}
END_TEST

/* --- the lines ----------------------------------------------------------- */

static struct walk_record lines;

static mxsel *begin_recorded(const char *destination, size_t length)
{
	mxsel_options *o;
	mxsel *m;

	lines.length = 0;
	ck_assert_int_eq(mxsel_options_new(&o), 0);
	mxsel_options_set_seed(o, 7);
	mxsel_options_set_recorder(o, walk_keep_line, &lines);
	ck_assert_int_eq(mxsel_new_bytes(&m, destination, length, o), 0);
	mxsel_options_free(o);
	return m;
}

START_TEST(R79_a_record_is_text_that_a_postmaster_can_read)
{
	mxsel *m = begin_recorded("d.example", 9);
	static const uint8_t v4[4] = { 192, 0, 2, 1 };
	mxsel_query *q;

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	mxsel_answer_alias(q, "E.example.", 60);
	mxsel_answer_mx(q, 10, "mx 1.example", 300);
	mxsel_answer_mx(q, 20, "mx2.example", 300);
	mxsel_answer_mx(q, 20, "", 4000000000u);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, MXSEL_SECURITY_SECURE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	mxsel_answer_negative_ttl(q, 90);
	mxsel_answer_finish(q, MXSEL_DNS_NXDOMAIN, 0);
	q = mxsel_query_take(m);
	mxsel_answer_address(q, v4, 4, 5);
	mxsel_answer_finish(q, MXSEL_DNS_COMPLETE, 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_ATTEMPT);
	ck_assert_int_eq(mxsel_report(m, MXSEL_OUTCOME_RCPT, 550,
		"5.1.1 No such user\n"), 0);
	ck_assert_str_eq(lines.text,
		"mxsel-record 1\n"
		"destination d.example\n"
		"seed 7\n"
		"alias d.example MX E.example. 60\n"
		"mx d.example 10 mx\\0321.example 300\n"
		"mx d.example 20 mx2.example 300\n"
		"mx d.example 20 . 4000000000\n"
		"end d.example MX 0 2\n"
		"negative mx2.example AAAA 90\n"
		"end mx2.example AAAA 1 0\n"
		"address mx2.example A 192.0.2.1 5\n"
		"end mx2.example A 0 0\n"
		"report mx2.example 192.0.2.1 9 550"
		" 5.1.1\\032No\\032such\\032user\\010\n");
	mxsel_free(m);
}
END_TEST

START_TEST(R79_raw_answers_stand_in_one_line_of_hex)
{
	static struct packet p;
	mxsel *m = begin_recorded("d.example", 9);
	mxsel_query *q;
	char *line;

	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	q = mxsel_query_take(m);
	packet_begin(&p, PACKET_REPLY, "other.example", PACKET_MX);
	ck_assert_int_eq(mxsel_answer_packet(q, p.octets, p.size, 0),
		MXSEL_EMISMATCH);
	packet_begin(&p, PACKET_REPLY, "d.example", PACKET_MX);
	packet_mx(&p, PACKET_ANSWER, NULL, 60, 0, ".");
	while (p.size < PACKET_MAX)
		packet_8(&p, 0);
	ck_assert_int_eq(mxsel_answer_packet(q, p.octets, p.size, 1), 0);
	line = strstr(lines.text, "packet d.example MX 1 ");
	ck_assert_ptr_nonnull(line);
	ck_assert_uint_eq(strlen(line), 22 + 2 * PACKET_MAX + 1);
	/* What answered another question was not taken in. */
	ck_assert_ptr_eq(strstr(lines.text, "packet "), line);
	mxsel_free(m);
}
END_TEST

START_TEST(R79_what_ends_without_an_answer_is_recorded_too)
{
	mxsel_options *o;
	mxsel *m;

	lines.length = 0;
	mxsel_options_new(&o);
	mxsel_options_set(o, MXSEL_OPT_TIME_LIMIT, 1000);
	mxsel_options_set_recorder(o, walk_keep_line, &lines);
	ck_assert_int_eq(mxsel_new(&m, "d.example", o), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_LOOKUP);
	mxsel_time_spent(m, 1000);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_ptr_nonnull(strstr(lines.text, "\nend d.example MX 7 0\n"));
	/* A new destination is a new record. */
	ck_assert_int_eq(mxsel_reset(m, "e.example"), 0);
	ck_assert_ptr_nonnull(strstr(lines.text,
		"\nmxsel-record 1\ndestination e.example\n"));
	/* While it is used nobody changes who listens. */
	ck_assert_int_eq(mxsel_options_set_recorder(o, NULL, NULL),
		MXSEL_EUSAGE);
	mxsel_free(m);
	ck_assert_int_eq(mxsel_options_set_recorder(o, NULL, NULL), 0);
	ck_assert_int_eq(mxsel_options_set_recorder(NULL, NULL, NULL),
		MXSEL_EUSAGE);
	mxsel_options_free(o);
}
END_TEST

START_TEST(R79_destinations_of_any_octets_come_back_as_they_were)
{
	static const char odd[] = "a\0b\\c\n\xff example";
	mxsel *m = begin_recorded(odd, sizeof(odd) - 1);
	mxsel_mock *mock;
	const char *back;
	size_t length;

	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	ck_assert_int_eq(mxsel_mock_replay(mock, lines.text, lines.length), 0);
	back = mxsel_mock_replay_destination(mock, &length);
	ck_assert_uint_eq(length, sizeof(odd) - 1);
	ck_assert_mem_eq(back, odd, length);
	mxsel_mock_free(mock);
	mxsel_free(m);
}
END_TEST

/* --- records that are none ----------------------------------------------- */

static int load(const char *text, size_t length)
{
	mxsel_mock *mock;
	char *copy = malloc(length + 1); /* its end is the sanitizer's */
	int rc;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, text, length);
	ck_assert_int_eq(mxsel_mock_new(&mock), 0);
	copy = realloc(copy, length > 0 ? length : 1);
	rc = mxsel_mock_replay(mock, copy, length);
	if (rc != 0)
		ck_assert_ptr_null(mxsel_mock_replay_destination(mock, NULL));
	free(copy);
	mxsel_mock_free(mock);
	return rc;
}

#define HEAD "mxsel-record 1\ndestination d.example\n"

START_TEST(R79_a_changed_record_is_refused)
{
	static const char *const bad[] = {
		"", "mxsel-record 1", "mxsel-record 1\n", "mxsel-record 2\n",
		"mxsel-record 1\nseed 1\n", "mxsel-record 1\ndestination\n",
		"mxsel-record 1\ndestination a\\\n",
		"mxsel-record 1\ndestination a b\n",
		"mxsel-record 1\ndestination \\256\n",
		"mxsel-record 1\ndestination a\\0\n", HEAD "\n",
		HEAD "mxsel-record 1\n", HEAD "destination e.example\n",
		HEAD "seed 1\nseed 1\n", HEAD "seed 18446744073709551616\n",
		HEAD "seed -1\n", HEAD "seed 01\n", HEAD "seed 1 \n",
		HEAD "seed  1\n", HEAD "seed\n", HEAD "seed \n",
		HEAD "mx d.example 65536 mx.example 1\n",
		HEAD "mx d.example 1 mx.example 4294967296\n",
		HEAD "mx d.example 1 mx.example\n",
		HEAD "mx d.example 1 mx.\\000 1\n",
		HEAD "mx d.example 1 mx.example 1 1\n",
		HEAD "alias d.example TXT e.example 1\n",
		HEAD "address d.example A 2001:db8::1 1\n",
		HEAD "address d.example AAAA 192.0.2.1 1\n",
		HEAD "address d.example MX 192.0.2.1 1\n",
		HEAD "address d.example A 192.0.2.1\n",
		HEAD "negative d.example A x\n", HEAD "end d.example A 12 0\n",
		HEAD "end d.example A 0 4\n", HEAD "end d.example A 0\n",
		HEAD "packet d.example A 0 0\n",
		HEAD "packet d.example A 0 0G\n",
		HEAD "packet d.example A 0 AB\n",
		HEAD "packet d.example A 4 00\n",
		HEAD "report h 192.0.2.1 14 550\n",
		HEAD "report h 192.0.2.1 9 550 a b\n", HEAD "nonsense 1\n",
		HEAD "mx", HEAD "e", HEAD "report", HEAD "destination",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(load(bad[i], strlen(bad[i])) == MXSEL_ESYNTAX,
			"%s", bad[i]);
	ck_assert_int_eq(load(HEAD, strlen(HEAD)), 0);
}
END_TEST

/* Whatever is changed: a record or none, and every walk comes to its end. */
START_TEST(R79_no_record_whatever_its_octets_does_harm)
{
	struct walk_record r = { NULL, 0, 0, 0 }, other = { NULL, 0, 0, 0 };
	unsigned zone;
	size_t i;
	char kept;

	for (zone = 0; zone < 12; zone++) {
		r.length = 0;
		memset(&walk, 0, sizeof(walk));
		walk.zone = zone;
		record_walk(&walk, &r);
		for (i = 0; i < r.length; i += 1 + r.length / 1500) {
			(void)load(r.text, i);
			kept = r.text[i];
			r.text[i] = (char)walk_mix(zone, "octet",
				(uint32_t)i);
			if (load(r.text, r.length) == 0 &&
				strncmp(r.text, HEAD, strlen(HEAD)) == 0 &&
				strcmp(walk_destination(zone), "d.example") ==
				0) {
				memset(&again, 0, sizeof(again));
				again.zone = zone;
				other.length = 0;
				replay_walk(&again, &r, &other);
			}
			r.text[i] = kept;
		}
	}
	ck_assert_uint_eq(r.bad + other.bad, 0);
	free(r.text);
	free(other.text);
}
END_TEST

START_TEST(R79_unknown_questions_end_in_a_timeout)
{
	static const char text[] = HEAD "mx e.example 1 mx.example 1\n"
		"end e.example MX 0 0\n";
	mxsel_options *o;
	mxsel_mock *mock;
	uint64_t seed;
	mxsel *m;

	mxsel_mock_new(&mock);
	ck_assert_int_eq(mxsel_mock_replay_seed(mock, &seed), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_replay(mock, text, strlen(text)), 0);
	ck_assert_int_eq(mxsel_mock_replay(mock, text, strlen(text)),
		MXSEL_EUSAGE); /* one record for each mock */
	ck_assert_int_eq(mxsel_mock_replay_seed(mock, &seed), MXSEL_ERANGE);
	mxsel_options_new(&o);
	mxsel_options_set_resolver(o, mxsel_mock_resolver(mock));
	mxsel_new(&m, "d.example", o);
	mxsel_options_free(o);
	ck_assert_int_eq(mxsel_mock_replay_report(mock, m), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.4.3");
	ck_assert_int_eq(mxsel_reset(m, "e.example"), 0);
	ck_assert_int_eq(mxsel_next(m), MXSEL_END);
	ck_assert_str_eq(mxsel_verdict_status(m), "4.4.4");
	mxsel_free(m);
	mxsel_mock_free(mock);
}
END_TEST

START_TEST(R79_nothing_is_replayed_without_a_mock_or_a_record)
{
	mxsel_mock *mock;

	mxsel_mock_new(&mock);
	ck_assert_int_eq(mxsel_mock_replay(NULL, HEAD, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_replay(mock, NULL, 1), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_mock_replay_destination(NULL, NULL));
	ck_assert_ptr_null(mxsel_mock_replay_destination(mock, NULL));
	ck_assert_int_eq(mxsel_mock_replay_seed(NULL, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_mock_replay_report(mock, NULL), MXSEL_EUSAGE);
	mxsel_mock_free(mock);
}
END_TEST

/* S39, F84: without memory for a line the question stays open. */
START_TEST(S39_F84_R79_no_memory_for_a_line_leaves_the_question_open)
{
	struct walk_record r = { NULL, 0, 0, 0 };
	static struct packet p;
	struct memory memory;
	mxsel_options *o;
	mxsel *m = NULL;
	mxsel_query *q;
	size_t fail;
	int rc, failures = 0;

	packet_begin(&p, PACKET_REPLY, "d.example", PACKET_MX);
	packet_mx(&p, PACKET_ANSWER, NULL, 60, 5, "mx.example");
	for (fail = 0; fail < 12; fail++) {
		memory_begin(&memory);
		memory.fail_at = fail;
		if (mxsel_options_new_with_allocator(&o, memory_give,
			&memory) != 0)
			continue;
		r.length = 0;
		mxsel_options_set_recorder(o, walk_keep_line, &r);
		while ((rc = mxsel_new(&m, "d.example", o)) == MXSEL_ENOMEM)
			failures++;
		ck_assert_int_eq(rc, 0);
		mxsel_options_free(o);
		while ((rc = mxsel_next(m)) == MXSEL_ENOMEM)
			failures++;
		ck_assert_int_eq(rc, MXSEL_LOOKUP);
		q = mxsel_query_take(m);
		while ((rc = mxsel_answer_packet(q, p.octets, p.size, 0)) ==
			MXSEL_ENOMEM)
			failures++;
		ck_assert_int_eq(rc, 0);
		while ((rc = mxsel_next(m)) == MXSEL_ENOMEM)
			failures++;
		ck_assert_int_eq(rc, MXSEL_LOOKUP);
		mxsel_free(m);
		ck_assert_uint_eq(memory.blocks, 0);
		/* It was told once, whatever it took. */
		ck_assert_ptr_nonnull(strstr(r.text, "\npacket "));
		ck_assert_ptr_null(strstr(strstr(r.text, "\npacket ") + 1,
			"\npacket "));
	}
	ck_assert_int_ge(failures, 2); /* the selection, the line */
	free(r.text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("select: records");
	TCase *tc = tcase_create("records");

	tcase_set_timeout(tc, 180);
	tcase_add_test(tc, R79_a_thousand_records_replay_byte_for_byte);
	tcase_add_test(tc, R79_a_record_is_text_that_a_postmaster_can_read);
	tcase_add_test(tc, R79_raw_answers_stand_in_one_line_of_hex);
	tcase_add_test(tc, R79_what_ends_without_an_answer_is_recorded_too);
	tcase_add_test(tc,
		R79_destinations_of_any_octets_come_back_as_they_were);
	tcase_add_test(tc, R79_a_changed_record_is_refused);
	tcase_add_test(tc, R79_no_record_whatever_its_octets_does_harm);
	tcase_add_test(tc, R79_unknown_questions_end_in_a_timeout);
	tcase_add_test(tc, R79_nothing_is_replayed_without_a_mock_or_a_record);
	tcase_add_test(tc,
		S39_F84_R79_no_memory_for_a_line_leaves_the_question_open);
	suite_add_tcase(suite, tc);
	return mxsel_test_run(suite);
}
