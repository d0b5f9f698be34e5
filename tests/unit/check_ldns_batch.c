/*
 * Many datagrams at once, on loopback: in order, whole or said to be cut
 * (S13), and what goes wrong is told as for one (S10).
 */
#define _DEFAULT_SOURCE

#include <check.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ldns/sys.h"
#include "support/run.h"

#define ROOM 600

static uint8_t rooms[MXSEL__BATCH_MAX + 8][ROOM];
static struct mxsel__datagram batch[MXSEL__BATCH_MAX + 8];

static struct sockaddr_in bound_address(int fd)
{
	struct sockaddr_in a;
	socklen_t length = sizeof a;

	memset(&a, 0, sizeof a);
	a.sin_family = AF_INET;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &length), 0);
	return a;
}

/* Two sockets of the library, each connected to the other. */
static void pair(int fds[2])
{
	struct sockaddr_in a, b;
	int i;

	for (i = 0; i < 2; i++)
		ck_assert_int_eq(mxsel__sys_open(&fds[i], AF_INET,
			SOCK_DGRAM), MXSEL__FAULT_NONE);
	a = bound_address(fds[0]);
	b = bound_address(fds[1]);
	ck_assert_int_eq(mxsel__sys_connect(fds[0], (struct sockaddr *)&b,
		sizeof b), MXSEL__FAULT_NONE);
	ck_assert_int_eq(mxsel__sys_connect(fds[1], (struct sockaddr *)&a,
		sizeof a), MXSEL__FAULT_NONE);
}

static void part(int fds[2])
{
	mxsel__sys_close(&fds[0]);
	mxsel__sys_close(&fds[1]);
	ck_assert(fds[0] == -1 && fds[1] == -1);
}

/* The nth is n + 1 octets of value n. */
static void fill(size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		memset(rooms[i], (int)i, ROOM);
		batch[i].data = rooms[i];
		batch[i].size = i + 1;
	}
}

static void make_room(size_t count, size_t size)
{
	size_t i;

	for (i = 0; i < count; i++) {
		memset(rooms[i], 0xee, ROOM);
		batch[i].data = rooms[i];
		batch[i].size = size;
		batch[i].cut = 7;
	}
}

static void judge_order(size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		ck_assert_uint_eq(batch[i].size, i + 1);
		ck_assert_int_eq(batch[i].cut, 0);
		ck_assert_uint_eq(rooms[i][0], i);
		ck_assert_uint_eq(rooms[i][i], i);
		ck_assert_uint_eq(rooms[i][i + 1], 0xee);
	}
}

START_TEST(a_batch_goes_and_comes_in_order)
{
	size_t done, count = (size_t)_i;
	int fds[2];

	pair(fds);
	fill(count);
	ck_assert_int_eq(mxsel__sys_send_batch(fds[0], batch, count, &done),
		MXSEL__FAULT_NONE);
	ck_assert_uint_eq(done, count);
	make_room(MXSEL__BATCH_MAX, ROOM);
	ck_assert_int_eq(mxsel__sys_receive_batch(fds[1], batch,
		MXSEL__BATCH_MAX, &done), MXSEL__FAULT_NONE);
	ck_assert_uint_eq(done, count);
	judge_order(count);
	ck_assert_int_eq(mxsel__sys_receive_batch(fds[1], batch,
		MXSEL__BATCH_MAX, &done), MXSEL__FAULT_AGAIN);
	ck_assert_uint_eq(done, 0);
	part(fds);
}
END_TEST

START_TEST(more_than_a_batch_is_begun_with_a_batch)
{
	size_t done;
	int fds[2];

	pair(fds);
	fill(MXSEL__BATCH_MAX + 8);
	ck_assert_int_eq(mxsel__sys_send_batch(fds[0], batch,
		MXSEL__BATCH_MAX + 8, &done), MXSEL__FAULT_NONE);
	ck_assert_uint_eq(done, MXSEL__BATCH_MAX);
	fill(1);
	ck_assert_int_eq(mxsel__sys_send_batch(fds[0], batch, 1, &done),
		MXSEL__FAULT_NONE);
	make_room(MXSEL__BATCH_MAX + 8, ROOM);
	ck_assert_int_eq(mxsel__sys_receive_batch(fds[1], batch,
		MXSEL__BATCH_MAX + 8, &done), MXSEL__FAULT_NONE);
	ck_assert_uint_eq(done, MXSEL__BATCH_MAX);
	judge_order(MXSEL__BATCH_MAX);
	ck_assert_int_eq(mxsel__sys_receive_batch(fds[1], batch,
		MXSEL__BATCH_MAX, &done), MXSEL__FAULT_NONE);
	ck_assert_uint_eq(done, 1);
	part(fds);
}
END_TEST

START_TEST(S13_a_datagram_larger_than_the_room_is_said_to_be_cut)
{
	size_t done;
	int fds[2];

	pair(fds);
	fill(3);
	batch[0].size = 12;
	batch[1].size = 13;
	batch[2].size = 0;
	ck_assert_int_eq(mxsel__sys_send_batch(fds[0], batch, 3, &done),
		MXSEL__FAULT_NONE);
	make_room(4, 12);
	ck_assert_int_eq(mxsel__sys_receive_batch(fds[1], batch, 4, &done),
		MXSEL__FAULT_NONE);
	ck_assert_uint_eq(done, 3);
	ck_assert(batch[0].size == 12 && batch[0].cut == 0);
	ck_assert(batch[1].size == 12 && batch[1].cut == 1);
	ck_assert_uint_eq(rooms[1][12], 0xee);
	/* F7: an empty one is one, too. */
	ck_assert(batch[2].size == 0 && batch[2].cut == 0);
	part(fds);
}
END_TEST

START_TEST(S13_one_that_is_received_alone_is_said_to_be_cut_as_well)
{
	size_t done, got = 0;
	int fds[2], cut = 7;

	pair(fds);
	fill(3);
	ck_assert_int_eq(mxsel__sys_send_batch(fds[0], batch, 3, &done),
		MXSEL__FAULT_NONE);
	ck_assert_int_eq(mxsel__sys_receive(fds[1], rooms[9], 2, &got, NULL),
		MXSEL__FAULT_NONE);
	ck_assert_uint_eq(got, 1);
	ck_assert_int_eq(mxsel__sys_receive(fds[1], rooms[9], 2, &got, &cut),
		MXSEL__FAULT_NONE);
	ck_assert(got == 2 && cut == 0);
	ck_assert_int_eq(mxsel__sys_receive(fds[1], rooms[9], 2, &got, &cut),
		MXSEL__FAULT_NONE);
	ck_assert(got == 2 && cut == 1);
	part(fds);
}
END_TEST

START_TEST(F20_a_refused_datagram_is_the_servers_fault)
{
	size_t done;
	int fds[2];

	pair(fds);
	mxsel__sys_close(&fds[1]);
	fill(4);
	ck_assert_int_eq(mxsel__sys_send_batch(fds[0], batch, 1, &done),
		MXSEL__FAULT_NONE);
	ck_assert_uint_eq(done, 1);
	if (_i == 0)
		ck_assert_int_eq(mxsel__sys_receive_batch(fds[0], batch, 4,
			&done), MXSEL__FAULT_PEER);
	else
		ck_assert_int_eq(mxsel__sys_send_batch(fds[0], batch, 4,
			&done), MXSEL__FAULT_PEER);
	ck_assert_uint_eq(done, 0);
	part(fds);
}
END_TEST

START_TEST(F76_a_full_send_buffer_says_how_far_it_went)
{
	int fds[2], small = 1, type, sent = 0;
	enum mxsel__fault fault;
	size_t done;

	/* Datagrams between local sockets are not lost: the sender waits. */
	type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
	ck_assert_int_eq(socketpair(AF_UNIX, type, 0, fds), 0);
	setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
	fill(MXSEL__BATCH_MAX);
	do {
		fault = mxsel__sys_send_batch(fds[0], batch, MXSEL__BATCH_MAX,
			&done);
		sent += (int)done;
		ck_assert_int_lt(sent, 100000);
	} while (fault == MXSEL__FAULT_NONE);
	ck_assert_int_eq(fault, MXSEL__FAULT_AGAIN);
	ck_assert_uint_eq(done, 0);
	ck_assert_int_gt(sent, 0);
	part(fds);
}
END_TEST

/* With SIGPIPE this process would be gone. */
START_TEST(S8_a_peer_that_has_gone_raises_no_signal)
{
	size_t done;
	int fds[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	mxsel__sys_close(&fds[1]);
	fill(2);
	ck_assert_int_eq(mxsel__sys_send_batch(fds[0], batch, 2, &done),
		MXSEL__FAULT_PEER);
	ck_assert_uint_eq(done, 0);
	part(fds);
}
END_TEST

START_TEST(S9_a_descriptor_that_is_closed_is_no_standard_one_either)
{
	size_t done = 9;

	fill(1);
	ck_assert_int_eq(mxsel__sys_send_batch(-1, batch, 1, &done),
		MXSEL__FAULT_PEER);
	ck_assert_uint_eq(done, 0);
	ck_assert_int_eq(mxsel__sys_above_standard(-1), -1);
	ck_assert_int_eq(mxsel__sys_above_standard(77), 77);
}
END_TEST

/* Sizes of datagrams, as they leave. */
static const struct {
	size_t count, sizes[MXSEL__BATCH_MAX];
} sliced[] = {
	{ 1, { 40 } }, { 2, { 40, 40 } }, { 2, { 40, 39 } }, { 2, { 39, 40 } },
	{ 4, { 40, 40, 40, 17 } }, { 5, { 40, 40, 17, 17, 16 } },
	{ 6, { 50, 40, 30, 30, 30, 60 } }, { 3, { 1, 1, 1 } },
	{ MXSEL__BATCH_MAX, { 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90,
		90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90,
		90, 90, 90, 90, 90 } },
};

START_TEST(what_the_kernel_takes_apart_comes_as_it_was_put_together)
{
	size_t done, i, count = sliced[_i].count;
	int fds[2], can = 1;

	pair(fds);
	if (!mxsel__sys_can_slice(fds[0]))
		return; /* an older kernel: then it is never used */
	fill(count);
	for (i = 0; i < count; i++)
		batch[i].size = sliced[_i].sizes[i];
	ck_assert_int_eq(mxsel__sys_send_sliced(fds[0], batch, count, &done,
		&can), MXSEL__FAULT_NONE);
	ck_assert_uint_eq(done, count);
	ck_assert_int_eq(can, 1);
	make_room(MXSEL__BATCH_MAX, ROOM);
	ck_assert_int_eq(mxsel__sys_receive_batch(fds[1], batch,
		MXSEL__BATCH_MAX, &done), MXSEL__FAULT_NONE);
	ck_assert_uint_eq(done, count);
	for (i = 0; i < count; i++) {
		ck_assert_uint_eq(batch[i].size, sliced[_i].sizes[i]);
		ck_assert_uint_eq(rooms[i][0], i);
		ck_assert_uint_eq(rooms[i][batch[i].size - 1], i);
		ck_assert_uint_eq(rooms[i][batch[i].size], 0xee);
	}
	part(fds);
}
END_TEST

START_TEST(F20_a_refused_message_of_many_is_the_servers_fault_once)
{
	struct sockaddr_in nobody;
	size_t done;
	int fds[2], fd, can = 1;

	pair(fds);
	nobody = bound_address(fd = socket(AF_INET, SOCK_DGRAM, 0));
	close(fd);
	ck_assert_int_eq(mxsel__sys_connect(fds[0],
		(struct sockaddr *)&nobody, sizeof nobody), MXSEL__FAULT_NONE);
	fill(3);
	batch[0].size = batch[1].size = batch[2].size = 20;
	ck_assert_int_eq(mxsel__sys_send_sliced(fds[0], batch, 3, &done,
		&can), MXSEL__FAULT_NONE);
	ck_assert_int_eq(mxsel__sys_send_sliced(fds[0], batch, 3, &done,
		&can), MXSEL__FAULT_PEER);
	ck_assert_uint_eq(done, 0);
	part(fds);
}
END_TEST

START_TEST(S7_the_exact_clock_is_the_other_clock)
{
	uint64_t before, exact, after;

	ck_assert_int_eq(mxsel__sys_clock(&before), 0);
	ck_assert_int_eq(mxsel__sys_clock_exact(&exact), 0);
	ck_assert_int_eq(mxsel__sys_clock(&after), 0);
	ck_assert_uint_le(before, exact / 1000);
	ck_assert_uint_le(exact / 1000, after);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("batches of datagrams");
	TCase *tests = tcase_create("batch");

	tcase_add_loop_test(tests, a_batch_goes_and_comes_in_order, 1,
		MXSEL__BATCH_MAX + 1);
	tcase_add_test(tests, more_than_a_batch_is_begun_with_a_batch);
	tcase_add_test(tests,
		S13_a_datagram_larger_than_the_room_is_said_to_be_cut);
	tcase_add_test(tests,
		S13_one_that_is_received_alone_is_said_to_be_cut_as_well);
	tcase_add_loop_test(tests,
		F20_a_refused_datagram_is_the_servers_fault, 0, 2);
	tcase_add_test(tests, F76_a_full_send_buffer_says_how_far_it_went);
	tcase_add_test(tests, S8_a_peer_that_has_gone_raises_no_signal);
	tcase_add_test(tests,
		S9_a_descriptor_that_is_closed_is_no_standard_one_either);
	tcase_add_loop_test(tests,
		what_the_kernel_takes_apart_comes_as_it_was_put_together,
		0, (int)(sizeof sliced / sizeof sliced[0]));
	tcase_add_test(tests,
		F20_a_refused_message_of_many_is_the_servers_fault_once);
	tcase_add_test(tests, S7_the_exact_clock_is_the_other_clock);
	suite_add_tcase(suite, tests);
	return mxsel_test_run(suite);
}
