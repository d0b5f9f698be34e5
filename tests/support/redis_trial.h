/*
 * What tests of libmxsel-redis share: a clock, an entry, a memory at a store,
 * waiting for something to become true. May use the public headers.
 */
#ifndef TESTS_SUPPORT_REDIS_TRIAL_H
#define TESTS_SUPPORT_REDIS_TRIAL_H

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <mxsel/redis.h>

#define HALF_LIFE 30000u
#define PATIENCE 60000u /* milliseconds; only a test that fails waits as long */

static inline uint64_t micro(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static inline uint64_t milli(void *user)
{
	(void)user;
	return micro() / 1000u;
}

static inline void moment(void)
{
	struct timespec t = { 0, 1000000 };

	(void)nanosleep(&t, NULL);
}

/* Wait until it is so. */
#define BECOMES(condition) do { \
	uint64_t latest = milli(NULL) + PATIENCE; \
	int so; \
	\
	while (!(so = !!(condition)) && milli(NULL) < latest) \
		moment(); \
	ck_assert_msg(so, "%s", #condition); \
} while (0)

/* A mxsel_redis that knows patience, at a port of 127.0.0.1. */
static inline mxsel_redis *redis_at(int port)
{
	mxsel_redis *redis;
	char server[32];

	(void)snprintf(server, sizeof server, "127.0.0.1:%d", port);
	ck_assert_int_eq(mxsel_redis_new(&redis, server), 0);
	ck_assert_int_eq(mxsel_redis_set(redis, MXSEL_REDIS_RETRY, 10), 0);
	return redis;
}

/* A memory with its store. */
static inline mxsel_memory *memory_of(mxsel_redis *redis)
{
	mxsel_memory *memory;

	ck_assert_int_eq(mxsel_memory_new(&memory, 65536, milli, NULL), 0);
	ck_assert_ptr_nonnull(mxsel_redis_store(redis));
	ck_assert_int_eq(mxsel_memory_set_store(memory,
		mxsel_redis_store(redis)), 0);
	return memory;
}

static inline void host_entry(struct mxsel_memory_entry *entry,
	const char *name)
{
	memset(entry, 0, sizeof *entry);
	(void)snprintf(entry->name, sizeof entry->name, "%s", name);
	entry->kind = MXSEL_MEMORY_HOST;
	entry->port = 25;
}

/* Ask for one host. */
static inline int look(mxsel_redis *redis, struct mxsel_memory_entry *entry,
	const char *name, uint32_t budget)
{
	host_entry(entry, name);
	return mxsel_store_get(mxsel_redis_store(redis), entry, 1, HALF_LIFE,
		budget);
}

static inline void refused(mxsel_memory *memory, const char *host)
{
	ck_assert_int_eq(mxsel_memory_report(memory, host, NULL, 25,
		MXSEL_OUTCOME_REFUSED, 0, NULL), 0);
}

#define COUNTED(redis, which) \
	mxsel_redis_statistic((redis), MXSEL_REDIS_##which)

#endif
