/*
 * libmxsel-redis without a server: where it is told to look, what settings it
 * takes, and that a server that is not there costs nobody any time (R85).
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mxsel/redis.h>

#include "support/child.h"
#include "support/redis_trial.h"

/* Of the library's inside; what a store is made of. */
void mxsel__rd_record(const struct mxsel_memory_entry *entry, int change,
	uint32_t half_life, void *user);

/* A port of 127.0.0.1 where nobody listens. */
static int nobody(void)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	memset(&address, 0, sizeof address);
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, length), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address,
		&length), 0);
	close(fd);
	return ntohs(address.sin_port);
}

/* ---------------------------------------------------------------- settings */

START_TEST(a_server_is_a_name_an_address_or_a_path)
{
	static const char *const good[] = {
		"localhost", "localhost:6379", "cache-1.example.net:1",
		"192.0.2.1", "192.0.2.1:65535", "[2001:db8::1]",
		"[2001:db8::1]:6379", "[fe80::1%eth0]:7000", "/run/valkey.sock",
		"_redis.x"
	};
	mxsel_redis *redis;
	size_t i;

	for (i = 0; i < sizeof good / sizeof *good; i++) {
		redis = NULL;
		ck_assert_msg(mxsel_redis_new(&redis, good[i]) == 0, "%s",
			good[i]);
		ck_assert_ptr_nonnull(redis);
		mxsel_redis_free(redis);
	}
}
END_TEST

START_TEST(anything_else_is_no_server)
{
	static const char *const bad[] = {
		"", ":", ":6379", "a:", "a:0", "a:65536", "a:99999", "a:1x",
		"a:-1", "a:123456", "a:1:2", "::1", "[::1", "[::1]x", "[::1]:",
		"[]", "[192.0.2.1]", "[::1%]", "[x]:1", "-a:1", "a b", "a/b",
		"redis://a", "a\n:1", "[::1]:70000", "a:0000080", "a/80",
		"a 80", "[::1]x80", "[::1\0"
	};
	char path[300], name[300], zone[300] = "[::1%";
	mxsel_redis *redis = NULL;
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(mxsel_redis_new(&redis, bad[i]) ==
			MXSEL_ESYNTAX, "%s", bad[i]);
	memset(path, 'x', sizeof path);
	path[0] = '/';
	path[sizeof path - 1] = '\0';
	ck_assert_int_eq(mxsel_redis_new(&redis, path), MXSEL_ESYNTAX);
	memset(name, 'x', sizeof name);
	name[254] = '\0';
	ck_assert_int_eq(mxsel_redis_new(&redis, name), MXSEL_ESYNTAX);
	memset(zone + 4, 'z', 291); /* no address is as long, without zone */
	zone[295] = ']';
	ck_assert_int_eq(mxsel_redis_new(&redis, zone), MXSEL_ESYNTAX);
	zone[4] = '%';
	ck_assert_int_eq(mxsel_redis_new(&redis, zone), MXSEL_ESYNTAX);
	ck_assert_ptr_null(redis);
}
END_TEST

START_TEST(each_setting_has_its_bounds)
{
	static const struct {
		int setting, least, most;
	} bounds[] = {
		{ MXSEL_REDIS_DATABASE, 0, 65535 },
		{ MXSEL_REDIS_KEEP, 60, 2592000 },
		{ MXSEL_REDIS_QUEUE, 0, 1000000 },
		{ MXSEL_REDIS_TIMEOUT, 10, 60000 },
		{ MXSEL_REDIS_RETRY, 10, 600000 }
	};
	mxsel_redis *r = redis_at(1);
	size_t i;

	for (i = 0; i < sizeof bounds / sizeof *bounds; i++) {
		int which = bounds[i].setting;

		ck_assert_int_eq(mxsel_redis_set(r, which, bounds[i].least),
			0);
		ck_assert_int_eq(mxsel_redis_set(r, which, bounds[i].most),
			0);
		ck_assert_int_eq(mxsel_redis_set(r, which,
			bounds[i].least - 1), MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_redis_set(r, which,
			bounds[i].most + 1), MXSEL_ERANGE);
	}
	ck_assert_int_eq(mxsel_redis_set(r, 0, 0), MXSEL_ERANGE);
	ck_assert_int_eq(mxsel_redis_set(r, 0, 1), MXSEL_ERANGE);
	for (i = 6; i < 200; i++) {
		ck_assert_int_eq(mxsel_redis_set(r, (int)i, 0), MXSEL_ERANGE);
		ck_assert_int_eq(mxsel_redis_set(r, (int)i, 1), MXSEL_ERANGE);
	}
	mxsel_redis_free(r);
}
END_TEST

START_TEST(a_prefix_is_up_to_64_printable_octets)
{
	char prefix[66];
	mxsel_redis *r = redis_at(1);

	memset(prefix, 'p', sizeof prefix);
	prefix[65] = '\0';
	ck_assert_int_eq(mxsel_redis_set_prefix(r, prefix), MXSEL_ESYNTAX);
	prefix[64] = '\0';
	ck_assert_int_eq(mxsel_redis_set_prefix(r, prefix), 0);
	ck_assert_int_eq(mxsel_redis_set_prefix(r, ""), 0);
	ck_assert_int_eq(mxsel_redis_set_prefix(r, "{mail}:"), 0);
	ck_assert_int_eq(mxsel_redis_set_prefix(r, "a b"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_redis_set_prefix(r, "a\n"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_redis_set_prefix(r, "a\x7f"), MXSEL_ESYNTAX);
	ck_assert_int_eq(mxsel_redis_set_prefix(r, "\xc3\xa9"),
		MXSEL_ESYNTAX);
	mxsel_redis_free(r);
}
END_TEST

START_TEST(a_login_may_be_set_again_and_taken_back)
{
	mxsel_redis *r = redis_at(1);

	ck_assert_int_eq(mxsel_redis_set_login(r, "user", "secret"), 0);
	ck_assert_int_eq(mxsel_redis_set_login(r, NULL, "secret"), 0);
	ck_assert_int_eq(mxsel_redis_set_login(r, "user", NULL), 0);
	ck_assert_int_eq(mxsel_redis_set_login(r, NULL, NULL), 0);
	mxsel_redis_free(r);
}
END_TEST

START_TEST(settings_are_closed_once_the_store_is_there)
{
	mxsel_redis *r = redis_at(nobody());

	ck_assert_ptr_nonnull(mxsel_redis_store(r));
	ck_assert_ptr_eq(mxsel_redis_store(r), mxsel_redis_store(r));
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_KEEP, 60),
		MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_redis_set_login(r, NULL, "x"), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_redis_set_prefix(r, "x"), MXSEL_EUSAGE);
	mxsel_redis_free(r);
}
END_TEST

START_TEST(nobody_asks_a_null_pointer)
{
	mxsel_redis *r;
	char text[8] = "before", untouched[2] = "x";

	ck_assert_int_eq(mxsel_redis_new(NULL, "a"), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_redis_new(&r, NULL), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_redis_set(NULL, 1, 1), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_redis_set_login(NULL, "a", "b"), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_redis_set_prefix(NULL, "a"), MXSEL_EUSAGE);
	ck_assert_int_eq(mxsel_redis_flush(NULL, 0), MXSEL_EUSAGE);
	ck_assert_ptr_null(mxsel_redis_store(NULL));
	ck_assert_uint_eq(mxsel_redis_statistic(NULL, 0), 0);
	ck_assert_str_eq(mxsel_redis_error(NULL, text, sizeof text), "");
	ck_assert_str_eq(text, "");
	mxsel_redis_free(NULL);
	r = redis_at(1);
	ck_assert_int_eq(mxsel_redis_set_prefix(r, NULL), MXSEL_EUSAGE);
	ck_assert_uint_eq(mxsel_redis_statistic(r, -1), 0);
	ck_assert_uint_eq(mxsel_redis_statistic(r, 8), 0);
	ck_assert_uint_eq(COUNTED(r, WAITING), 0);
	ck_assert_str_eq(mxsel_redis_error(r, NULL, 8), "");
	ck_assert_str_eq(mxsel_redis_error(r, untouched, 0), "");
	ck_assert_str_eq(untouched, "x");
	ck_assert_str_eq(mxsel_redis_error(r, text, sizeof text), "");
	ck_assert_int_eq(mxsel_redis_flush(r, 0), 0);
	mxsel_redis_free(r);
}
END_TEST

/* ------------------------------------------------------------- nobody there */

/* R85: a selection never waits for a server that is known to be away. */
START_TEST(a_server_that_is_away_is_not_waited_for)
{
	struct mxsel_memory_entry entry;
	mxsel_redis *r = redis_at(nobody());
	uint64_t began;
	char text[256];
	int i;

	ck_assert_ptr_nonnull(mxsel_redis_store(r));
	BECOMES(mxsel_redis_error(r, text, sizeof text)[0] != '\0');
	ck_assert_msg(strstr(text, "127.0.0.1 port ") == text &&
		strstr(text, ": cannot connect: ") != NULL &&
		strstr(text, strerror(ECONNREFUSED)) != NULL, "%s", text);
	began = micro();
	for (i = 0; i < 1000; i++)
		ck_assert_int_ne(look(r, &entry, "mx.example.com", 1000), 0);
	/* A thousand budgets would be a quarter of an hour. */
	ck_assert_uint_lt(micro() - began, 2000000);
	ck_assert_uint_eq(COUNTED(r, GETS), 1000);
	ck_assert_uint_eq(COUNTED(r, LATE), 1000);
	ck_assert_uint_eq(COUNTED(r, IS_CONNECTED), 0);
	ck_assert_uint_eq(COUNTED(r, CONNECTIONS), 0);
	mxsel_redis_free(r);
}
END_TEST

START_TEST(a_selection_that_has_no_time_does_not_wait)
{
	struct mxsel_memory_entry entry;
	mxsel_redis *r = redis_at(nobody());

	ck_assert_int_ne(look(r, &entry, "mx.example.com", 0), 0);
	ck_assert_int_eq(mxsel_store_get(mxsel_redis_store(r), &entry, 0,
		HALF_LIFE, 0), 0);
	mxsel_redis_free(r);
}
END_TEST

START_TEST(outcomes_wait_up_to_a_bound_and_the_oldest_are_lost)
{
	mxsel_redis *r = redis_at(nobody());
	mxsel_memory *memory;
	char host[32], text[8];
	int i;

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_QUEUE, 100), 0);
	memory = memory_of(r);
	BECOMES(mxsel_redis_error(r, text, sizeof text)[0] != '\0');
	for (i = 0; i < 250; i++) {
		(void)snprintf(host, sizeof host, "mx%d.example.com", i);
		refused(memory, host);
	}
	ck_assert_uint_eq(COUNTED(r, WAITING), 100);
	ck_assert_uint_eq(COUNTED(r, LOST), 150);
	ck_assert_uint_eq(COUNTED(r, RECORDED), 0);
	ck_assert_int_eq(mxsel_redis_flush(r, 1), MXSEL_ESYSTEM);
	mxsel_memory_free(memory);
	mxsel_redis_free(r);
}
END_TEST

START_TEST(nothing_waits_where_nothing_is_to_wait)
{
	mxsel_redis *r = redis_at(nobody());
	mxsel_memory *memory;

	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_QUEUE, 0), 0);
	memory = memory_of(r);
	refused(memory, "mx.example.com");
	ck_assert_uint_eq(COUNTED(r, WAITING), 0);
	ck_assert_uint_eq(COUNTED(r, LOST), 1);
	ck_assert_int_eq(mxsel_redis_flush(r, 1000), 0);
	mxsel_memory_free(memory);
	mxsel_redis_free(r);
}
END_TEST

START_TEST(a_path_without_a_server_is_one_that_is_away)
{
	struct mxsel_memory_entry entry;
	mxsel_redis *r;
	char text[256];

	ck_assert_int_eq(mxsel_redis_new(&r, "/nowhere/at/all"), 0);
	ck_assert_ptr_nonnull(mxsel_redis_store(r));
	BECOMES(mxsel_redis_error(r, text, sizeof text)[0] != '\0');
	ck_assert_ptr_eq(strstr(text, "/nowhere/at/all: cannot connect: "),
		text);
	ck_assert_int_ne(look(r, &entry, "mx.example.com", 1000), 0);
	mxsel_redis_free(r);
}
END_TEST

/* A memory knows no such ones; another program's store may. */
START_TEST(an_entry_that_is_none_is_neither_asked_for_nor_told)
{
	struct mxsel_memory_entry entries[3], *entry = &entries[1];
	mxsel_redis *r = redis_at(nobody());
	mxsel_store *store = mxsel_redis_store(r);
	int i;

	for (i = 0; i < 3; i++)
		host_entry(&entries[i], "mx.example.com");
	entry->name[0] = '\0';
	ck_assert_int_ne(mxsel_store_get(store, entries, 3, 1, 0), 0);
	mxsel__rd_record(entry, MXSEL_STORE_FORGOTTEN, 1, r);
	memset(entry->name, 'a', sizeof entry->name);
	ck_assert_int_ne(mxsel_store_get(store, entries, 3, 1, 0), 0);
	host_entry(entry, "mx.example.com");
	entry->kind = 3;
	ck_assert_int_ne(mxsel_store_get(store, entries, 3, 1, 0), 0);
	host_entry(entry, "mx.example.com");
	entry->port = 0;
	mxsel__rd_record(entry, MXSEL_STORE_FAILED, 1, r);
	ck_assert_uint_eq(COUNTED(r, LOST), 2);
	ck_assert_uint_eq(COUNTED(r, WAITING), 0);
	mxsel_redis_free(r);
}
END_TEST

START_TEST(the_store_outlives_who_made_it)
{
	mxsel_redis *r = redis_at(nobody());
	mxsel_memory *memory = memory_of(r);
	int i;

	mxsel_redis_free(r);
	for (i = 0; i < 100; i++)
		refused(memory, "mx.example.com");
	ck_assert_uint_eq(mxsel_memory_statistic(memory,
		MXSEL_MEMORY_REPORTS), 100);
	mxsel_memory_free(memory);
}
END_TEST

/* The child has no such thread, and must not touch its parent's. */
static int use_in_child(mxsel_redis *r, mxsel_memory *memory)
{
	struct mxsel_memory_entry entry;
	char text[8];

	if (look(r, &entry, "mx.example.com", 1000) == 0)
		return 1;
	if (mxsel_memory_report(memory, "mx.example.com", NULL, 25,
			MXSEL_OUTCOME_REFUSED, 0, NULL) != 0)
		return 2;
	if (COUNTED(r, WAITING) != 0 || mxsel_redis_flush(r, 1) == 0)
		return 3;
	if (mxsel_redis_error(r, text, sizeof text)[0] != '\0')
		return 4;
	mxsel_redis_free(r);
	mxsel_memory_free(memory);
	return 0;
}

START_TEST(the_child_of_a_fork_is_told_nothing_and_does_no_harm)
{
	mxsel_redis *r = redis_at(nobody());
	mxsel_memory *memory = memory_of(r);
	char text[8];
	int status;
	pid_t child;

	BECOMES(mxsel_redis_error(r, text, sizeof text)[0] != '\0');
	refused(memory, "mx.example.com");
	child = fork();
	if (child == 0)
		end_child(use_in_child(r, memory));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(COUNTED(r, WAITING), 1);
	mxsel_memory_free(memory);
	mxsel_redis_free(r);
}
END_TEST

static Suite *redis_suite(void)
{
	Suite *suite = suite_create("redis");
	TCase *told = tcase_create("settings");
	TCase *away = tcase_create("nobody there");

	tcase_add_test(told, a_server_is_a_name_an_address_or_a_path);
	tcase_add_test(told, anything_else_is_no_server);
	tcase_add_test(told, each_setting_has_its_bounds);
	tcase_add_test(told, a_prefix_is_up_to_64_printable_octets);
	tcase_add_test(told, a_login_may_be_set_again_and_taken_back);
	tcase_add_test(told, settings_are_closed_once_the_store_is_there);
	tcase_add_test(told, nobody_asks_a_null_pointer);
	suite_add_tcase(suite, told);
	tcase_add_test(away, a_server_that_is_away_is_not_waited_for);
	tcase_add_test(away, a_selection_that_has_no_time_does_not_wait);
	tcase_add_test(away,
		outcomes_wait_up_to_a_bound_and_the_oldest_are_lost);
	tcase_add_test(away, nothing_waits_where_nothing_is_to_wait);
	tcase_add_test(away, a_path_without_a_server_is_one_that_is_away);
	tcase_add_test(away,
		an_entry_that_is_none_is_neither_asked_for_nor_told);
	tcase_add_test(away, the_store_outlives_who_made_it);
	tcase_add_test(away,
		the_child_of_a_fork_is_told_nothing_and_does_no_harm);
	suite_add_tcase(suite, away);
	return suite;
}

int main(void)
{
	return mxsel_test_run(redis_suite());
}
