/*
 * libmxsel-redis and the name of its server: it is looked up by the thread
 * alone, all its addresses are tried, and nobody waits for a look-up that
 * does not end, not even who frees it (R85). getaddrinfo() is this test's
 * own.
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include <mxsel/redis.h>

#include "redis/clock.h"
#include "redis/inside.h"
#include "support/false_redis.h"
#include "support/redis_trial.h"

static atomic_int lookups, slow, failing, left_behind, strange;
static atomic_int port;

#define ADDRESSES 12

struct found {
	struct addrinfo list[ADDRESSES];
	struct sockaddr_in addresses[ADDRESSES];
};

/* Two where nobody listens, one that is none of ours, then the server, and
   more than are tried. */
static struct addrinfo *find(void)
{
	static const uint32_t last[ADDRESSES] = { 2, 3, 0, 1, 4, 5, 6, 7, 8,
		9, 10, 11 };
	struct found *found = calloc(1, sizeof *found);
	int i;

	ck_assert_ptr_nonnull(found);
	for (i = 0; i < ADDRESSES; i++) {
		struct sockaddr_in *address = &found->addresses[i];

		address->sin_family = AF_INET;
		address->sin_port = htons((uint16_t)atomic_load(&port));
		address->sin_addr.s_addr = htonl(0x7f000000u + last[i]);
		found->list[i].ai_family = AF_INET;
		found->list[i].ai_addr = (struct sockaddr *)address;
		found->list[i].ai_addrlen = last[i] == 0 ||
			atomic_load(&strange) ?
			sizeof(struct sockaddr_storage) + 1 : sizeof *address;
		if (i > 0)
			found->list[i - 1].ai_next = &found->list[i];
	}
	return found->list;
}

int getaddrinfo(const char *restrict name, const char *restrict service,
	const struct addrinfo *restrict hints,
	struct addrinfo **restrict result)
{
	ck_assert_str_eq(name, "redis.example.net");
	ck_assert_str_eq(service, "7000");
	ck_assert_int_eq(hints->ai_socktype, SOCK_STREAM);
	atomic_fetch_add(&lookups, 1);
	while (atomic_load(&slow))
		moment();
	if (atomic_load(&failing)) {
		atomic_fetch_add(&left_behind, 1);
		return EAI_AGAIN;
	}
	*result = find();
	return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
	free(list);
}

static mxsel_redis *redis_by_name(void)
{
	mxsel_redis *r;

	ck_assert_int_eq(mxsel_redis_new(&r, "redis.example.net:7000"), 0);
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_RETRY, 10), 0);
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_TIMEOUT, 100), 0);
	return r;
}

/* Also where all tests run in one process. */
static void set_up(void)
{
	atomic_store(&lookups, 0);
	atomic_store(&slow, 0);
	atomic_store(&failing, 0);
	atomic_store(&left_behind, 0);
	atomic_store(&strange, 0);
	atomic_store(&port, 1);
}

START_TEST(every_address_of_a_name_is_tried_at_once)
{
	struct false_redis *server = false_redis_start(0);
	mxsel_redis *r = redis_by_name();
	char text[256];

	atomic_store(&port, false_redis_port(server));
	ck_assert_ptr_nonnull(mxsel_redis_store(r));
	BECOMES(COUNTED(r, IS_CONNECTED));
	ck_assert_int_eq(atomic_load(&lookups), 1);
	/* The server is there: that nobody listens elsewhere is no news. */
	ck_assert_str_eq(mxsel_redis_error(r, text, sizeof text), "");
	mxsel_redis_free(r);
	false_redis_stop(server);
}
END_TEST

/* The server may have moved. */
START_TEST(a_name_is_looked_up_again_when_nobody_was_there)
{
	struct false_redis *server = false_redis_start(0);
	mxsel_redis *r = redis_by_name();

	atomic_store(&port, 1);
	ck_assert_ptr_nonnull(mxsel_redis_store(r));
	BECOMES(atomic_load(&lookups) > 2);
	atomic_store(&port, false_redis_port(server));
	BECOMES(COUNTED(r, IS_CONNECTED));
	mxsel_redis_free(r);
	false_redis_stop(server);
}
END_TEST

START_TEST(a_name_that_is_not_found_is_a_server_that_is_away)
{
	struct mxsel_memory_entry entry;
	mxsel_redis *r = redis_by_name();
	char text[256];

	atomic_store(&failing, 1);
	ck_assert_ptr_nonnull(mxsel_redis_store(r));
	BECOMES(strstr(mxsel_redis_error(r, text, sizeof text),
		"redis.example.net port 7000: no address: ") == text);
	ck_assert_int_ne(look(r, &entry, "mx.example.com", 1000), 0);
	mxsel_redis_free(r);
}
END_TEST

START_TEST(a_name_without_an_address_of_use_is_no_error)
{
	mxsel_redis *r = redis_by_name();
	char text[256];

	atomic_store(&strange, 1);
	ck_assert_ptr_nonnull(mxsel_redis_store(r));
	BECOMES(strcmp(mxsel_redis_error(r, text, sizeof text),
		"redis.example.net port 7000: no address") == 0);
	mxsel_redis_free(r);
}
END_TEST

static int is_closed(int fd)
{
	return fcntl(fd, F_GETFD) < 0 && errno == EBADF;
}

/* R85: a selection waits for its budget and no longer, who frees not at all;
   the thread cleans up when it comes back. */
START_TEST(nobody_waits_for_a_look_up_that_does_not_end)
{
	struct mxsel_memory_entry entry;
	mxsel_redis *r = redis_by_name();
	mxsel_memory *memory;
	uint64_t began;
	int fd;

	atomic_store(&slow, 1);
	atomic_store(&failing, 1);
	memory = memory_of(r);
	BECOMES(atomic_load(&lookups) == 1);
	began = micro();
	ck_assert_int_ne(look(r, &entry, "mx.example.com", 5), 0);
	ck_assert_int_ne(look(r, &entry, "mx.example.com", 5), 0);
	refused(memory, "mx.example.com");
	ck_assert_uint_eq(COUNTED(r, WAITING), 1);
	fd = r->wake[0];
	mxsel_redis_free(r);
	mxsel_memory_free(memory);
	ck_assert_uint_lt(micro() - began, 2000000);
	ck_assert_int_eq(atomic_load(&left_behind), 0);
	atomic_store(&slow, 0);
	BECOMES(atomic_load(&left_behind) == 1);
	BECOMES(is_closed(fd));
	ck_assert_int_eq(atomic_load(&lookups), 1);
}
END_TEST

/* Somebody waits for the thread, and nobody needs the address any more. */
START_TEST(a_thread_that_is_to_end_looks_nothing_up)
{
	mxsel_redis *r = redis_by_name();

	atomic_store(&failing, 1);
	r->ending = 1;
	mxsel__rd_reach(r, mxsel__rd_now());
	ck_assert_int_eq(atomic_load(&lookups), 0);
	r->ending = 0;
	mxsel__rd_reach(r, mxsel__rd_now());
	ck_assert_int_eq(atomic_load(&lookups), 1);
	mxsel_redis_free(r);
}
END_TEST

static Suite *name_suite(void)
{
	Suite *suite = suite_create("redis by name");
	TCase *t = tcase_create("name");

	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_add_test(t, every_address_of_a_name_is_tried_at_once);
	tcase_add_test(t, a_name_is_looked_up_again_when_nobody_was_there);
	tcase_add_test(t, a_name_that_is_not_found_is_a_server_that_is_away);
	tcase_add_test(t, a_name_without_an_address_of_use_is_no_error);
	tcase_add_test(t, nobody_waits_for_a_look_up_that_does_not_end);
	tcase_add_test(t, a_thread_that_is_to_end_looks_nothing_up);
	suite_add_tcase(suite, t);
	return suite;
}

int main(void)
{
	return mxsel_test_run(name_suite());
}
