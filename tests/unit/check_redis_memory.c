/*
 * libmxsel-redis where memory fails: whatever request of the program's or of
 * the thread's is refused, nothing crashes, nothing is left, and it works
 * when memory is back (S39).
 */
#define _POSIX_C_SOURCE 200809L

#include "support/run.h"

#include <stdatomic.h>
#include <stdio.h>

#include <mxsel/redis.h>

#include "support/own_malloc.h"

#ifndef MALLOC_IS_TAKEN

static struct {
	atomic_int armed; /* counts; always */
	atomic_long blocks;
	atomic_int fails, every, calls;
} heap = { 1, 0, 0, 1, 0 };

/* With `fails` every so-many-th request is refused; the first one is the one
   with that number where `every` is negative. */
static inline int heap_fails(void)
{
	int call, every = atomic_load(&heap.every);

	if (!atomic_load(&heap.fails))
		return 0;
	call = atomic_fetch_add(&heap.calls, 1) + 1;
	return every > 0 ? call % every == 0 : call == -every;
}

#define HEAP_FAILS(cleared) heap_fails()
#include "support/refusing_malloc.h"

#include "support/false_redis.h"
#include "support/redis_trial.h"

#define HOST "mx.example.com"

static void refuse(int every)
{
	atomic_store(&heap.calls, 0);
	atomic_store(&heap.every, every);
	atomic_store(&heap.fails, 1);
}

/* Was one refused? */
static int relieve(void)
{
	atomic_store(&heap.fails, 0);
	return atomic_load(&heap.calls) >= abs(atomic_load(&heap.every));
}

/* All of it, whichever part could not be said before. */
static void is_introduced(struct false_redis *server)
{
	static char heard[65536];

	false_redis_heard(server, heard, sizeof heard);
	ck_assert_ptr_eq(strstr(heard, "AUTH a b\nSELECT 3\n"
		"SCRIPT LOAD SCRIPT\nSCRIPT LOAD SCRIPT\n"), heard);
}

static void is_right(mxsel_redis *r)
{
	struct mxsel_memory_entry entry;

	BECOMES(look(r, &entry, HOST, 1000) == 0);
	ck_assert_int_eq(mxsel_redis_flush(r, PATIENCE), 0);
}

/* With all that is said before the first question. Who says only a part of it
   is not answered, and has a minute to see that. */
static mxsel_redis *at_login(struct false_redis *server)
{
	mxsel_redis *r = redis_at(false_redis_port(server));

	ck_assert_int_eq(mxsel_redis_set_login(r, "a", "b"), 0);
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_DATABASE, 3), 0);
	ck_assert_int_eq(mxsel_redis_set(r, MXSEL_REDIS_TIMEOUT, 60000), 0);
	return r;
}

static void new_and_free(struct false_redis *server)
{
	mxsel_redis *r = at_login(server);

	ck_assert_ptr_nonnull(mxsel_redis_store(r));
	is_right(r);
	mxsel_redis_free(r);
}

static const struct {
	const char *server, *user;
} made[] = { { "127.0.0.1:9", "user" }, { "/run/redis.sock", NULL } };

START_TEST(what_is_made_is_whole_or_not_there)
{
	struct false_redis *server = false_redis_start(0);
	mxsel_redis *r;
	long before;
	int n, failed = 1, result;

	new_and_free(server);
	before = atomic_load(&heap.blocks);
	for (n = 1; failed; n++) {
		r = NULL;
		refuse(-n);
		result = mxsel_redis_new(&r, made[_i].server);
		ck_assert_int_eq(r != NULL, result == 0);
		if (result == 0) {
			ck_assert_int_lt(atomic_load(&heap.calls), n);
			result = mxsel_redis_set_login(r, made[_i].user,
				"password");
		}
		failed = relieve();
		ck_assert_int_eq(result, failed ? MXSEL_ENOMEM : 0);
		mxsel_redis_free(r);
	}
	ck_assert_int_gt(n, 3);
	ck_assert_int_eq(atomic_load(&heap.blocks), before);
	false_redis_stop(server);
}
END_TEST

START_TEST(a_store_that_was_not_to_be_had_is_had_later)
{
	struct false_redis *server = false_redis_start(0);
	mxsel_redis *r;
	long before;
	int n, failed = 1;

	new_and_free(server);
	before = atomic_load(&heap.blocks);
	for (n = 1; failed && n < 100; n++) {
		r = at_login(server);
		refuse(-n);
		(void)mxsel_redis_store(r);
		BECOMES(COUNTED(r, CONNECTIONS) > 0 ||
			atomic_load(&heap.calls) >= n);
		failed = relieve();
		ck_assert_ptr_nonnull(mxsel_redis_store(r));
		is_right(r);
		is_introduced(server);
		mxsel_redis_free(r);
	}
	ck_assert_int_gt(n, 3);
	ck_assert_int_eq(atomic_load(&heap.blocks), before);
	false_redis_stop(server);
}
END_TEST

/* Outcomes that nobody took, answers that nobody asked for again. */
START_TEST(nothing_is_left_of_what_waited)
{
	struct false_redis *server = false_redis_start(0);
	struct mxsel_memory_entry entry;
	mxsel_memory *memory;
	mxsel_redis *r;
	long before;

	false_redis_know(server, "score=1000 age=1 last=refused");
	new_and_free(server);
	before = atomic_load(&heap.blocks);
	r = redis_at(false_redis_port(server));
	memory = memory_of(r);
	BECOMES(COUNTED(r, IS_CONNECTED));
	false_redis_be(server, FALSE_SLOW, NULL);
	ck_assert_int_ne(look(r, &entry, HOST, 0), 0);
	/* Answers come in order: the late one is there, too. */
	ck_assert_int_eq(look(r, &entry, "other.example.com", PATIENCE), 0);
	false_redis_be(server, FALSE_MUTE, NULL);
	refused(memory, "third.example.com");
	ck_assert_uint_eq(COUNTED(r, WAITING), 1);
	mxsel_memory_free(memory);
	mxsel_redis_free(r);
	ck_assert_int_eq(atomic_load(&heap.blocks), before);
	false_redis_stop(server);
}
END_TEST

/* Every second, third... request of all threads. */
START_TEST(it_goes_on_when_memory_comes_and_goes)
{
	struct false_redis *server = false_redis_start(0);
	mxsel_memory *memory;
	mxsel_redis *r;
	long before;
	int every, i;

	false_redis_know(server, "score=1000 age=1 last=refused");
	new_and_free(server);
	before = atomic_load(&heap.blocks);
	for (every = 1; every < 12; every++) {
		struct mxsel_memory_entry entry;
		char host[32];

		r = redis_at(false_redis_port(server));
		memory = memory_of(r);
		if (every % 2 == 0)
			BECOMES(COUNTED(r, IS_CONNECTED));
		refuse(every);
		for (i = 0; i < 50; i++) {
			(void)snprintf(host, sizeof host, "mx%d.example", i);
			refused(memory, host);
			(void)look(r, &entry, host, 1);
		}
		ck_assert_int_eq(relieve(), 1);
		is_right(r);
		ck_assert_uint_eq(COUNTED(r, RECORDED) + COUNTED(r, LOST), 50);
		mxsel_memory_free(memory);
		mxsel_redis_free(r);
	}
	ck_assert_int_eq(atomic_load(&heap.blocks), before);
	false_redis_stop(server);
}
END_TEST

static Suite *memory_suite(void)
{
	Suite *suite = suite_create("redis without memory");
	TCase *t = tcase_create("memory");

	tcase_add_loop_test(t, what_is_made_is_whole_or_not_there, 0,
		sizeof made / sizeof *made);
	tcase_add_test(t, a_store_that_was_not_to_be_had_is_had_later);
	tcase_add_test(t, nothing_is_left_of_what_waited);
	tcase_add_test(t, it_goes_on_when_memory_comes_and_goes);
	suite_add_tcase(suite, t);
	return suite;
}

int main(void)
{
	return mxsel_test_run(memory_suite());
}

#else

int main(void)
{
	puts("skipped: malloc() cannot be replaced in this build");
	return 77;
}

#endif
