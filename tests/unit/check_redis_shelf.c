/*
 * Two parts of libmxsel-redis by themselves: the shelf of late answers, and
 * what waits for a server that takes commands slowly (R85).
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "redis/clock.h"
#include "redis/shelf.h"
#include "redis/stream.h"

#define SECOND (1000u * (uint64_t)MXSEL__RD_MS)

static struct mxsel__rd_shelf shelf;
static struct mxsel__rd_key mx = { "host:mx.example.com", 19, 25 };

static char *text(const char *from)
{
	char *copy = malloc(strlen(from) + 1);

	ck_assert_ptr_nonnull(copy);
	return memcpy(copy, from, strlen(from) + 1);
}

static void tear_down(void)
{
	mxsel__rd_shelf_destroy(&shelf);
	memset(&shelf, 0, sizeof shelf);
}

START_TEST(a_late_answer_is_found_by_all_that_was_asked)
{
	struct mxsel__rd_key other = mx;
	struct mxsel__rd_late *late;

	mxsel__rd_shelf_put(&shelf, &mx, 1, 30, text("known"), SECOND);
	late = mxsel__rd_shelf_find(&shelf, &mx, 30, SECOND);
	ck_assert_ptr_nonnull(late);
	ck_assert_str_eq(late->answer, "known");
	ck_assert_ptr_null(mxsel__rd_shelf_find(&shelf, &mx, 31, SECOND));
	other.port = 26;
	ck_assert_ptr_null(mxsel__rd_shelf_find(&shelf, &other, 30, SECOND));
	other = mx;
	other.length--;
	ck_assert_ptr_null(mxsel__rd_shelf_find(&shelf, &other, 30, SECOND));
}
END_TEST

START_TEST(it_is_good_for_two_seconds)
{
	mxsel__rd_shelf_put(&shelf, &mx, 1, 30, NULL, SECOND);
	ck_assert_ptr_nonnull(mxsel__rd_shelf_find(&shelf, &mx, 30,
		3 * SECOND));
	ck_assert_ptr_null(mxsel__rd_shelf_find(&shelf, &mx, 30,
		3 * SECOND + 1));
	/* Who asks may have looked at the clock before. */
	ck_assert_ptr_nonnull(mxsel__rd_shelf_find(&shelf, &mx, 30, 1));
}
END_TEST

START_TEST(what_was_told_since_makes_it_worthless)
{
	mxsel__rd_shelf_put(&shelf, &mx, 5, 30, text("old"), SECOND);
	mxsel__rd_shelf_told(&shelf, &mx, 7);
	ck_assert_ptr_null(mxsel__rd_shelf_find(&shelf, &mx, 30, SECOND));
	mxsel__rd_shelf_put(&shelf, &mx, 6, 30, text("older"), SECOND);
	ck_assert_ptr_null(mxsel__rd_shelf_find(&shelf, &mx, 30, SECOND));
	mxsel__rd_shelf_put(&shelf, &mx, 8, 30, text("new"), SECOND);
	ck_assert_ptr_nonnull(mxsel__rd_shelf_find(&shelf, &mx, 30, SECOND));
}
END_TEST

/* A thousand names have 256 places: the last one of each is there. */
START_TEST(what_is_in_the_way_goes)
{
	struct mxsel__rd_key key = { NULL, 0, 25 };
	struct mxsel__rd_late *late;
	char name[32];
	int i, found = 0;

	for (i = 0; i < 2000; i++) {
		key.length = (uint16_t)snprintf(name, sizeof name, "mx%d.x",
			i % 1000);
		key.text = name;
		if (i < 1000) {
			mxsel__rd_shelf_put(&shelf, &key, 1, 30, text(name),
				SECOND);
			continue;
		}
		late = mxsel__rd_shelf_find(&shelf, &key, 30, SECOND);
		if (late == NULL)
			continue;
		ck_assert_str_eq(late->answer, name);
		found++;
		mxsel__rd_shelf_take(&shelf, late);
		ck_assert_ptr_null(mxsel__rd_shelf_find(&shelf, &key, 30,
			SECOND));
		free(late->answer);
		free(late);
	}
	ck_assert_int_gt(found, 200);
	ck_assert_int_le(found, MXSEL__RD_SHELF);
}
END_TEST

/* What goes out comes whole and in order, however slowly it is taken. */
START_TEST(commands_wait_for_a_server_that_is_slow)
{
	struct mxsel__rd_stream s;
	char word[1000], taken[4096];
	const char *words[1] = { word };
	size_t lengths[1] = { sizeof word }, sent = 0, got = 0;
	int fds[2], i;
	ssize_t n;

	memset(word, 'w', sizeof word);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	mxsel__rd_stream_init(&s);
	s.fd = fds[0];
	for (i = 0; i < 3000; i++) {
		ck_assert_int_eq(mxsel__rd_stream_append(&s, 1, words,
			lengths), 0);
		sent += sizeof "*1\r\n$1000\r\n\r\n" - 1 + sizeof word;
		/* A part of what waits goes out. */
		n = send(s.fd, s.out + s.sent, (s.length - s.sent) / 2,
			MSG_DONTWAIT | MSG_NOSIGNAL);
		s.sent += n > 0 ? (size_t)n : 0;
		n = recv(fds[1], taken, sizeof taken, MSG_DONTWAIT);
		got += n > 0 ? (size_t)n : 0;
		ck_assert_uint_eq(got > sent, 0);
	}
	while (got < sent) {
		if (mxsel__rd_stream_waiting(&s) > 0) {
			n = send(s.fd, s.out + s.sent, s.length - s.sent,
				MSG_DONTWAIT | MSG_NOSIGNAL);
			s.sent += n > 0 ? (size_t)n : 0;
		}
		n = recv(fds[1], taken, sizeof taken, 0);
		ck_assert_int_gt(n, 0);
		got += (size_t)n;
	}
	ck_assert_uint_eq(got, sent);
	ck_assert_uint_eq(mxsel__rd_stream_waiting(&s), 0);
	mxsel__rd_stream_close(&s);
	ck_assert_int_eq(close(fds[1]), 0);
}
END_TEST

static Suite *shelf_suite(void)
{
	Suite *suite = suite_create("redis, what waits");
	TCase *t = tcase_create("shelf");

	tcase_add_checked_fixture(t, NULL, tear_down);
	tcase_add_test(t, a_late_answer_is_found_by_all_that_was_asked);
	tcase_add_test(t, it_is_good_for_two_seconds);
	tcase_add_test(t, what_was_told_since_makes_it_worthless);
	tcase_add_test(t, what_is_in_the_way_goes);
	tcase_add_test(t, commands_wait_for_a_server_that_is_slow);
	suite_add_tcase(suite, t);
	return suite;
}

int main(void)
{
	return mxsel_test_run(shelf_suite());
}
