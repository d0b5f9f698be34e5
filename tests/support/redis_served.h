/*
 * A libmxsel-redis with a server that does as a test wants, for tests that
 * have one of each at a time. For one file of a program. May use
 * support/false_redis.h and support/redis_trial.h.
 */
#ifndef TESTS_SUPPORT_REDIS_SERVED_H
#define TESTS_SUPPORT_REDIS_SERVED_H

#include "support/false_redis.h"
#include "support/redis_trial.h"

#define HOST "mx.example.com"

static struct false_redis *server;
static mxsel_redis *r;
static mxsel_memory *memory;
static struct mxsel_memory_entry entry;

static inline void set_up(void)
{
	server = false_redis_start(0);
	r = redis_at(false_redis_port(server));
}

static inline void begin(void)
{
	memory = memory_of(r);
	BECOMES(COUNTED(r, IS_CONNECTED));
}

static inline void tear_down(void)
{
	mxsel_memory_free(memory);
	memory = NULL;
	mxsel_redis_free(r);
	false_redis_stop(server);
}

static inline unsigned told(void)
{
	return false_redis_count(server, FALSE_TOLD);
}

static inline const char *heard(void)
{
	static char text[65536];

	false_redis_heard(server, text, sizeof text);
	return text;
}

static inline void has_line(const char *line)
{
	ck_assert_msg(strstr(heard(), line) != NULL, "%s\nin\n%s", line,
		heard());
}

static inline int error_has(const char *words)
{
	char text[256];

	return strstr(mxsel_redis_error(r, text, sizeof text), words) != NULL;
}

#endif
