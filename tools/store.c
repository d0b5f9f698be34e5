/*
 * The server of a cluster: a wait for it here is a wait of somebody at a
 * terminal, so it is longer than that of a mail server. May use the public
 * headers.
 */
#define _POSIX_C_SOURCE 200809L

#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#ifdef HAVE_REDIS
#include <mxsel/redis.h>
#endif

#include "complain.h"
#include "file.h"

#ifdef HAVE_REDIS

/* Milliseconds for a connection and for an answer. */
#define PATIENCE 1000
#define STEP 2

/* Half-life of scores, milliseconds: the library's unless it is set. */
#define HALF_LIFE 30000

#define LOGIN_MAX 4096

/*
 * The first line of the file is USER:PASSWORD or the password alone, which
 * has a colon before it when there is one in it. 0, or the exit status.
 */
static int read_login(struct store *t)
{
	const char *file = t->settings->store_login;
	char *text, *colon;
	size_t length;
	int r;

	if (file == NULL)
		return 0;
	text = file_read(file, LOGIN_MAX, &length);
	if (text == NULL)
		return complain_system("--store-login", file, errno,
			EX_NOINPUT);
	text[length < LOGIN_MAX ? length : LOGIN_MAX - 1] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	colon = strchr(text, ':');
	if (colon != NULL)
		*colon = '\0';
	r = mxsel_redis_set_login(t->redis, colon != NULL && colon != text ?
		text : NULL, colon != NULL ? colon + 1 : text);
	free(text);
	return r == 0 ? 0 : complain_error("--store-login", file, r,
		EX_SOFTWARE);
}

/*
 * Until it is there, or something is wrong with it; and a step more then: it
 * may be wrong with a script only, of which the server takes the text as well.
 */
static void wait_for_server(struct store *t)
{
	const struct timespec step = { 0, STEP * 1000000L };
	char why[8];
	int waited, is_wrong = 0;

	for (waited = 0; waited < PATIENCE; waited += STEP) {
		if (mxsel_redis_statistic(t->redis,
			MXSEL_REDIS_IS_CONNECTED) != 0)
			return;
		if (is_wrong)
			break;
		is_wrong = *mxsel_redis_error(t->redis, why, sizeof(why)) !=
			'\0';
		nanosleep(&step, NULL);
	}
	t->is_away = 1;
}

int store_open(struct store *t, const struct settings *s)
{
	int r, status;

	memset(t, 0, sizeof(*t));
	t->settings = s;
	r = mxsel_redis_new(&t->redis, s->store);
	if (r == MXSEL_ESYNTAX) {
		complain("--store", s->store, "this is no server",
			"it takes HOST:PORT, or the path of a local socket");
		return EX_USAGE;
	}
	if (r != 0)
		return complain_error("--store", s->store, r, EX_TEMPFAIL);
	r = mxsel_redis_set(t->redis, MXSEL_REDIS_TIMEOUT, PATIENCE);
	if (r == 0)
		r = mxsel_redis_set(t->redis, MXSEL_REDIS_KEEP, STORE_KEEP);
	if (r != 0)
		return complain_error("--store", s->store, r, EX_SOFTWARE);
	status = read_login(t);
	if (status != 0)
		return status;
	t->shared = mxsel_redis_store(t->redis);
	if (t->shared == NULL)
		return complain_error("--store", s->store, MXSEL_ESYSTEM,
			EX_TEMPFAIL);
	wait_for_server(t);
	return 0;
}

static int read_get(struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life, uint32_t budget, void *user)
{
	return mxsel_store_get(user, entries, count, half_life, budget);
}

static void read_record(const struct mxsel_memory_entry *entry, int change,
	uint32_t half_life, void *user)
{
	(void)entry;
	(void)change;
	(void)half_life;
	(void)user;
}

int store_reader(mxsel_store **out, const struct store *t)
{
	return mxsel_store_new(out, read_get, read_record, t->shared);
}

int store_get(struct store *t, struct mxsel_memory_entry *entries,
	size_t count)
{
	int r = mxsel_store_get(t->shared, entries, count, HALF_LIFE,
		PATIENCE);

	t->is_away = r != 0;
	return r;
}

int store_flush(struct store *t)
{
	int r = mxsel_redis_flush(t->redis, PATIENCE);

	t->is_away = r != 0;
	/* What it refuses waits no more; none was lost before. */
	t->refused = (size_t)mxsel_redis_statistic(t->redis,
		MXSEL_REDIS_LOST);
	return r;
}

void store_say_away(const struct store *t, const char *next)
{
	char why[200];

	mxsel_redis_error(t->redis, why, sizeof(why));
	/* A sentence of its own, in the middle of one. */
	if (*why != '\0' && why[strlen(why) - 1] == '.')
		why[strlen(why) - 1] = '\0';
	complain("--store", t->settings->store, *why != '\0' ? why :
		"it does not answer in time", next);
}

void store_close(struct store *t)
{
	mxsel_redis_free(t->redis);
	memset(t, 0, sizeof(*t));
}

#else

int store_open(struct store *t, const struct settings *s)
{
	memset(t, 0, sizeof(*t));
	complain("--store", s->store,
		"this mxsel was built without libmxsel-redis",
		"build it with hiredis, or use a file");
	return EX_USAGE;
}

int store_reader(mxsel_store **out, const struct store *t)
{
	(void)t;
	*out = NULL;
	return MXSEL_EUSAGE;
}

int store_get(struct store *t, struct mxsel_memory_entry *entries,
	size_t count)
{
	(void)t;
	(void)entries;
	(void)count;
	return MXSEL_EUSAGE;
}

int store_flush(struct store *t)
{
	(void)t;
	return MXSEL_EUSAGE;
}

void store_say_away(const struct store *t, const char *next)
{
	(void)t;
	(void)next;
}

void store_close(struct store *t)
{
	(void)t;
}

#endif
