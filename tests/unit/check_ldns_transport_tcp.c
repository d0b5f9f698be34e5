/*
 * The socket resolver over TCP: when it turns there, and every way in which
 * a stream can go wrong (list B of the faults). Requirements S7, S12, S13.
 */
#define _DEFAULT_SOURCE

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/liar_trial.h"
#include "support/run.h"

static void truncated(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | PACKET_TC);
}

static void honest(struct liar_call *call)
{
	liar_tell_truth(call);
}

START_TEST(S12_a_truncated_answer_is_asked_for_over_TCP)
{
	struct trial t;

	trial_of_truth(&t, truncated, honest);
	ck_assert_uint_eq(liar_heard_udp(t.liars[0]), 1);
	ck_assert_uint_eq(liar_heard_tcp(t.liars[0]), 1);
	ck_assert_uint_eq(trial_counted(&t, MXSEL_LDNS_TRUNCATED), 1);
	trial_end(&t);
}
END_TEST

/* A whole, false record under the TC bit. */
static void partial(struct liar_call *call)
{
	liar_truth(call);
	packet_set16(call->packet, 2, PACKET_REPLY | PACKET_TC);
	call->packet->octets[call->packet->size - 1] = 66;
	liar_send(call);
}

START_TEST(F35_a_partial_answer_under_TC_is_not_used)
{
	struct trial t;

	trial_of_truth(&t, partial, honest);
	trial_end(&t);
}
END_TEST

/* A true answer, then records of another name up to this size. */
static void fill(struct liar_call *call, size_t size)
{
	struct packet *p = call->packet;

	liar_truth(call);
	while (p->size + 272 <= size) {
		packet_owner(p, "x.example");
		packet_head(p, PACKET_ADDITIONAL, PACKET_TXT, PACKET_IN, 0);
		while (p->size - p->rdata < 200)
			packet_8(p, 0);
		packet_end(p);
	}
	packet_owner(p, "x.example");
	packet_head(p, PACKET_ADDITIONAL, PACKET_TXT, PACKET_IN, 0);
	while (p->size < size)
		packet_8(p, 0);
	packet_end(p);
}

static void oversized(struct liar_call *call)
{
	fill(call, 1233);
	liar_send(call);
}

static void just_fits(struct liar_call *call)
{
	fill(call, 1232);
	liar_send(call);
}

START_TEST(F21_S13_a_datagram_larger_than_announced_means_TCP)
{
	struct trial t;

	trial_of_truth(&t, oversized, honest);
	ck_assert_uint_eq(liar_heard_tcp(t.liars[0]), 1);
	trial_end(&t);
}
END_TEST

START_TEST(S13_a_datagram_as_large_as_announced_is_whole)
{
	struct trial t;

	trial_of_truth(&t, just_fits, honest);
	ck_assert_uint_eq(liar_heard_tcp(t.liars[0]), 0);
	trial_end(&t);
}
END_TEST

/* --- streams that come to the truth -------------------------------------- */

static void largest(struct liar_call *call)
{
	fill(call, 65535);
	liar_send(call);
}

static void split_prefix(struct liar_call *call)
{
	uint8_t prefix[2];

	liar_truth(call);
	prefix[0] = (uint8_t)(call->packet->size >> 8);
	prefix[1] = (uint8_t)(call->packet->size & 0xff);
	liar_send_raw(call, prefix, 1);
	liar_pause(call, 20);
	liar_send_raw(call, prefix + 1, 1);
	liar_pause(call, 20);
	liar_send_raw(call, call->packet->octets, call->packet->size);
}

/* The same message with another id, then the right one, in one segment. */
static void two_in_one(struct liar_call *call)
{
	uint8_t segment[1024];
	size_t size;

	liar_truth(call);
	size = call->packet->size;
	segment[0] = segment[2 + size] = 0;
	segment[1] = segment[2 + size + 1] = (uint8_t)size;
	memcpy(segment + 2, call->packet->octets, size);
	memcpy(segment + 2 + size + 2, call->packet->octets, size);
	segment[2] ^= 0xff;
	segment[2 + size - 1] = 66;
	liar_send_raw(call, segment, 2 * (2 + size));
}

static void wrong_question_first(struct liar_call *call)
{
	liar_truth(call);
	call->packet->octets[13] ^= 1;
	liar_send(call);
	liar_tell_truth(call);
}

static void octet_by_octet(struct liar_call *call)
{
	size_t i;

	liar_truth(call);
	liar_send_raw(call, "\0", 1);
	liar_send_raw(call, &(uint8_t){ (uint8_t)call->packet->size }, 1);
	for (i = 0; i < call->packet->size && liar_pause(call, 1); i++)
		liar_send_raw(call, &call->packet->octets[i], 1);
}

static const struct stream {
	const char *what;
	liar_fn fn;
	int at_once; /* the failure is plain, there is nothing to wait for */
} good_streams[] = {
	{ "F56 65,535 octets", largest, 0 },
	{ "F32 split prefix", split_prefix, 0 },
	{ "F31 two messages in one segment", two_in_one, 0 },
	{ "F33 wrong question first", wrong_question_first, 0 },
	{ "one octet per segment", octet_by_octet, 0 },
};

START_TEST(F31_F32_F33_F56_a_strange_stream_still_brings_the_truth)
{
	struct trial t;

	trial_begin(&t, 1500);
	trial_server(&t, truncated, good_streams[_i].fn);
	ck_assert_msg(trial_believes(&t), "%s", good_streams[_i].what);
	ck_assert_uint_eq(liar_heard_tcp(t.liars[0]), 1);
	trial_end(&t);
}
END_TEST

/* --- streams that come to nothing ---------------------------------------- */

static void reset_at_once(struct liar_call *call)
{
	liar_reset(call);
}

static void reset_inside(struct liar_call *call)
{
	liar_truth(call);
	call->packet->size -= 4;
	liar_send_raw(call, "\0\100", 2);
	liar_send_raw(call, call->packet->octets, call->packet->size);
	liar_reset(call);
}

static void silent(struct liar_call *call)
{
	while (liar_pause(call, 1000))
		;
}

static void end_at_once(struct liar_call *call)
{
	(void)call; /* the connection is closed behind us */
}

static void half_close(struct liar_call *call)
{
	shutdown(call->fd, SHUT_WR);
	silent(call);
}

/* F28: each octet comes in time, their sum never does. */
static void drip(struct liar_call *call)
{
	size_t i;

	liar_truth(call);
	liar_send_raw(call, "\0\377", 2);
	for (i = 0; i < call->packet->size && liar_pause(call, 100); i++)
		liar_send_raw(call, &call->packet->octets[i], 1);
	silent(call);
}

static void empty_message(struct liar_call *call)
{
	liar_send_raw(call, "\0\0", 2);
	silent(call);
}

static void tiny_message(struct liar_call *call)
{
	liar_send_raw(call, "\0\013abcdefghijk", 13);
	silent(call);
}

static void short_body(struct liar_call *call)
{
	liar_truth(call);
	liar_send_raw(call, "\377\377", 2);
	liar_send_raw(call, call->packet->octets, call->packet->size);
	silent(call);
}

static void short_body_and_end(struct liar_call *call)
{
	liar_truth(call);
	liar_send_raw(call, "\377\377", 2);
	liar_send_raw(call, call->packet->octets, call->packet->size);
}

static void truncated_too(struct liar_call *call)
{
	partial(call);
	silent(call);
}

static void malformed(struct liar_call *call)
{
	liar_begin(call, PACKET_REPLY);
	packet_record(call->packet, PACKET_ANSWER, NULL, PACKET_A, 300,
		"\1\2\3", 3);
	liar_send(call);
	silent(call);
}

static void strays_for_ever(struct liar_call *call)
{
	liar_truth(call);
	call->packet->octets[0] ^= 1;
	while (liar_pause(call, 5))
		liar_send(call);
}

static void servfail(struct liar_call *call)
{
	liar_tell(call, PACKET_REPLY | 2);
}

static const struct stream bad_streams[] = {
	{ "F23 reset at once", reset_at_once, 1 },
	{ "F27 reset inside a message", reset_inside, 1 },
	{ "F25 silence", silent, 0 },
	{ "F26 end of stream", end_at_once, 1 },
	{ "S7 half-close", half_close, 0 },
	{ "F28 one octet at a time", drip, 0 },
	{ "F29 length 0", empty_message, 1 },
	{ "F29 length 11", tiny_message, 1 },
	{ "F30 65535 promised", short_body, 0 },
	{ "F30 65535 promised, then the end", short_body_and_end, 1 },
	{ "F34 TC over TCP", truncated_too, 1 },
	{ "S12 malformed over TCP", malformed, 1 },
	{ "F33 nothing but strays", strays_for_ever, 1 },
	{ "F39 SERVFAIL over TCP", servfail, 1 },
};

START_TEST(F23_to_F34_S7_S12_a_broken_stream_is_temporary_and_ends_in_time)
{
	struct trial t;
	int before = trial_descriptors();

	trial_begin(&t, TRIAL_TIME);
	trial_server(&t, truncated, bad_streams[_i].fn);
	ck_assert_msg(trial_defers(&t), "%s", bad_streams[_i].what);
	ck_assert_msg(t.took <= TRIAL_TIME + TRIAL_GRACE, "%s took %ld ms",
		bad_streams[_i].what, t.took);
	trial_end(&t);
	ck_assert_int_eq(trial_descriptors(), before);
}
END_TEST

START_TEST(F23_to_F34_S12_after_a_broken_stream_the_next_server_is_asked)
{
	struct trial t;

	trial_begin(&t, 2000);
	trial_server(&t, truncated, bad_streams[_i].fn);
	trial_server(&t, honest, NULL);
	ck_assert_msg(trial_believes(&t), "%s", bad_streams[_i].what);
	ck_assert_msg(!bad_streams[_i].at_once || t.took < 200,
		"%s took %ld ms", bad_streams[_i].what, t.took);
	trial_end(&t);
}
END_TEST

static void slowly_truncated(struct liar_call *call)
{
	liar_pause(call, 80);
	truncated(call);
}

START_TEST(F25_S7_late_truncation_and_silence_at_three_end_in_time)
{
	struct trial t;
	int i;

	trial_begin(&t, TRIAL_TIME);
	for (i = 0; i < 3; i++)
		trial_server(&t, slowly_truncated, silent);
	ck_assert(trial_defers(&t));
	ck_assert_int_le(t.took, TRIAL_TIME + TRIAL_GRACE);
	trial_end(&t);
}
END_TEST

START_TEST(F23_a_refused_connection_means_the_next_server_at_once)
{
	struct trial t;

	trial_begin(&t, 2000);
	trial_server(&t, truncated, NULL);
	trial_server(&t, honest, NULL);
	ck_assert(trial_believes(&t));
	ck_assert_int_lt(t.took, 200);
	trial_end(&t);
}
END_TEST

static void formerr_to_edns(struct liar_call *call)
{
	if (liar_has_edns(call))
		liar_tell(call, PACKET_REPLY | 1);
	else
		liar_tell_truth(call);
}

START_TEST(F36_S13_FORMERR_over_TCP_is_asked_again_without_EDNS)
{
	struct trial t;

	trial_of_truth(&t, truncated, formerr_to_edns);
	ck_assert_uint_eq(liar_heard_tcp(t.liars[0]), 2);
	trial_end(&t);
}
END_TEST

/* A listener whose queue is full: SYNs to it vanish (F24). */
struct black_hole {
	int fds[16];
	int count;
};

/* 0: another program has the port. */
static int dig(struct black_hole *hole, const char *address)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int i;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons((in_port_t)strtoul(strchr(address, '@') + 1, NULL,
		10));
	hole->fds[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(hole->fds[0], (struct sockaddr *)&a, sizeof a) != 0) {
		close(hole->fds[0]);
		return 0;
	}
	ck_assert_int_eq(listen(hole->fds[0], 0), 0);
	for (i = 1; i < 16; i++) {
		hole->fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)!connect(hole->fds[i], (struct sockaddr *)&a, sizeof a);
	}
	return 1;
}

static void trial_black_hole(struct trial *t, struct black_hole *hole)
{
	struct liar *liar = liar_start(truncated, NULL);
	int tries;

	liar_leave_tcp(liar);
	for (tries = 0; !dig(hole, liar_address(liar)); tries++) {
		ck_assert_int_lt(tries, 100);
		liar_stop(liar);
		liar = liar_start(truncated, NULL);
		liar_leave_tcp(liar);
	}
	t->liars[t->count++] = liar;
	trial_add(t, liar_address(liar));
}

static void close_all(struct black_hole *hole)
{
	int i;

	for (i = 0; i < 16; i++)
		close(hole->fds[i]);
}

START_TEST(F24_S7_a_black_hole_for_SYNs_ends_in_time)
{
	struct black_hole hole;
	struct trial t;

	trial_begin(&t, TRIAL_TIME);
	trial_black_hole(&t, &hole);
	ck_assert(trial_defers(&t));
	ck_assert_int_ge(t.took, TRIAL_TIME - 1);
	ck_assert_int_le(t.took, TRIAL_TIME + TRIAL_GRACE);
	trial_end(&t);
	close_all(&hole);
}
END_TEST

#define COUNT(v) ((int)(sizeof(v) / sizeof((v)[0])))

int main(void)
{
	Suite *suite = suite_create("ldns transport: TCP");
	TCase *c = tcase_create("streams");

	tcase_add_test(c, S12_a_truncated_answer_is_asked_for_over_TCP);
	tcase_add_test(c, F35_a_partial_answer_under_TC_is_not_used);
	tcase_add_test(c,
		F21_S13_a_datagram_larger_than_announced_means_TCP);
	tcase_add_test(c, S13_a_datagram_as_large_as_announced_is_whole);
	tcase_add_loop_test(c,
		F31_F32_F33_F56_a_strange_stream_still_brings_the_truth,
		0, COUNT(good_streams));
	tcase_add_loop_test(c,
		F23_to_F34_S7_S12_a_broken_stream_is_temporary_and_ends_in_time,
		0, COUNT(bad_streams));
	tcase_add_loop_test(c,
		F23_to_F34_S12_after_a_broken_stream_the_next_server_is_asked,
		0, COUNT(bad_streams));
	tcase_add_test(c,
		F25_S7_late_truncation_and_silence_at_three_end_in_time);
	tcase_add_test(c,
		F23_a_refused_connection_means_the_next_server_at_once);
	tcase_add_test(c,
		F36_S13_FORMERR_over_TCP_is_asked_again_without_EDNS);
	tcase_add_test(c, F24_S7_a_black_hole_for_SYNs_ends_in_time);
	suite_add_tcase(suite, c);
	return mxsel_test_run(suite);
}
