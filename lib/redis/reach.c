/*
 * How the thread comes to its server, and away from it: names, attempts one
 * after the other, what is said before the first job, pauses. May use the
 * public headers, libc, pthread and hiredis.
 */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <string.h>
#include <sys/un.h>

#include "redis/clock.h"
#include "redis/inside.h"
#include "redis/script.h"

#define PAUSE_FIRST (50u * (uint64_t)MXSEL__RD_MS)

/* ------------------------------------------------------------------ away */

/* What stopped a script has words about the script before it, until Redis 7:
   "@user_script: 34: -READONLY ...". */
static const char *skip_script(const char *error)
{
	const char *inner = strstr(error, ": -");

	return inner != NULL ? inner + 3 : error;
}

int mxsel__rd_means_away(const char *reply)
{
	static const char *const words[] = {
		"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "NOAUTH",
		"WRONGPASS", "BUSY"
	};
	const char *error = skip_script(reply);
	size_t i, length = strcspn(error, " ");

	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == length &&
				memcmp(words[i], error, length) == 0)
			return 1;
	return 0;
}

/* Machines that lost a server together do not come back together. */
static uint64_t with_jitter(uint64_t pause, uint64_t now)
{
	return pause - ((now & 0xffff) * 2654435761u >> 8) % (pause / 4 + 1);
}

/* Did it stand for so long that it is no harm to make another one at once? It
   may have been shorter when it was of use. */
static int has_stood(const struct mxsel__rd_worker *w, uint64_t now,
	uint64_t most)
{
	uint64_t least = w->proved && most > PAUSE_FIRST ? PAUSE_FIRST : most;

	return now - w->ready_at >= least;
}

/*
 * When to try again. A connection that stood is a new beginning: the next
 * attempt comes at once. So does another address of the same name.
 */
static void plan_retry(struct mxsel_redis *r, uint64_t now, int was_ready)
{
	struct mxsel__rd_worker *w = &r->worker;
	uint64_t most = (uint64_t)r->set.values[MXSEL_REDIS_RETRY] *
		MXSEL__RD_MS;

	w->retry_at = now;
	if (was_ready && has_stood(w, now, most)) {
		w->pause = 0;
		w->count = w->next = 0;
		return;
	}
	if (!was_ready && w->next < w->count)
		return;
	w->count = w->next = 0;
	if (w->pause == 0)
		w->pause = PAUSE_FIRST;
	if (w->pause > most)
		w->pause = most;
	w->retry_at = now + with_jitter(w->pause, now);
	w->pause *= 2;
}

/*
 * An address that cannot be reached says nothing of the server while there is
 * another one; and who refuses us and hangs up has said why before.
 */
static int is_news(const struct mxsel__rd_worker *w, int known)
{
	if (w->connecting)
		return w->next >= w->count;
	return known || !w->refused || w->setup_heard == w->setup;
}

void mxsel__rd_lose(struct mxsel_redis *r, int known, const char *what,
	const char *detail)
{
	struct mxsel__rd_worker *w = &r->worker;
	int was_ready = atomic_load(&r->state) == MXSEL__RD_READY;
	uint64_t now = mxsel__rd_now();

	if (is_news(w, known))
		mxsel__rd_say(r, what, detail);
	mxsel__rd_stream_close(&w->stream);
	plan_retry(r, now, was_ready);
	w->flying = 0;
	w->connecting = w->proved = w->refused = 0;
	w->setup = w->setup_heard = 0;
	pthread_mutex_lock(&r->lock);
	/* An idle connection that the server closed says nothing yet. */
	if (was_ready && !known && w->retry_at == now)
		atomic_store(&r->state, MXSEL__RD_TRYING);
	else if (w->retry_at != now || known)
		atomic_store(&r->state, MXSEL__RD_AWAY);
	r->owed = atomic_load(&r->state) == MXSEL__RD_TRYING ? now : 0;
	mxsel__rd_put_back(r, &w->sent);
	pthread_mutex_unlock(&r->lock);
}

/* -------------------------------------------------------------- addresses */

static void keep_addresses(struct mxsel__rd_worker *w,
	const struct addrinfo *list)
{
	for (; list != NULL && w->count < MXSEL__RD_ADDRESSES;
			list = list->ai_next) {
		if (list->ai_addrlen > sizeof *w->addresses)
			continue;
		memcpy(&w->addresses[w->count], list->ai_addr,
			list->ai_addrlen);
		w->lengths[w->count++] = list->ai_addrlen;
	}
}

/* 0, or a number of getaddrinfo(). It may take many seconds, but nobody waits
   for this thread. */
static int look_up(struct mxsel_redis *r)
{
	struct addrinfo hints, *list = NULL;
	int error, ending;

	memset(&hints, 0, sizeof hints);
	hints.ai_family = AF_UNSPEC;
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_flags = AI_NUMERICSERV;
	pthread_mutex_lock(&r->lock);
	ending = r->ending;
	r->resolving = !ending;
	pthread_mutex_unlock(&r->lock);
	if (ending)
		return EAI_AGAIN; /* somebody waits for this thread */
	error = getaddrinfo(r->set.host, r->set.port, &hints, &list);
	pthread_mutex_lock(&r->lock);
	r->resolving = 0;
	pthread_mutex_unlock(&r->lock);
	if (error != 0)
		return error;
	keep_addresses(&r->worker, list);
	freeaddrinfo(list);
	return 0;
}

static void take_path(struct mxsel_redis *r)
{
	struct sockaddr_un address;

	memset(&address, 0, sizeof address);
	address.sun_family = AF_UNIX;
	memcpy(address.sun_path, r->set.path, strlen(r->set.path) + 1);
	memcpy(&r->worker.addresses[0], &address, sizeof address);
	r->worker.lengths[0] = sizeof address;
	r->worker.count = 1;
}

/* ------------------------------------------------------------- connecting */

void mxsel__rd_lose_by(struct mxsel_redis *r, const char *what, int error)
{
	char text[128] = "";

	/* Whatever it says of an error that it does not know ends in NUL. */
	(void)strerror_r(error, text, sizeof text - 1);
	mxsel__rd_lose(r, 0, what, text);
}

void mxsel__rd_reach(struct mxsel_redis *r, uint64_t now)
{
	struct mxsel__rd_worker *w = &r->worker;
	unsigned which;
	int error;

	if (w->next >= w->count) {
		w->next = w->count = 0;
		error = 0;
		if (r->set.path != NULL)
			take_path(r);
		else
			error = look_up(r);
		if (w->count == 0) {
			mxsel__rd_lose(r, 0, "no address",
				error != 0 ? gai_strerror(error) : NULL);
			return;
		}
	}
	which = w->next++;
	w->connecting = 1;
	w->progress = now;
	error = mxsel__rd_stream_open(&w->stream,
		(const struct sockaddr *)&w->addresses[which],
		w->lengths[which]);
	if (error != 0)
		mxsel__rd_lose_by(r, "cannot connect", error);
}

/* Words of a command before the first job. */
static int say(struct mxsel_redis *r, const char *a, const char *b,
	const char *c)
{
	const char *words[4] = { a, b, c, NULL };
	size_t lengths[3];
	int count;

	for (count = 0; words[count] != NULL; count++)
		lengths[count] = strlen(words[count]);
	r->worker.setup++;
	return mxsel__rd_stream_append(&r->worker.stream, count, words,
		lengths);
}

/* The scripts come last, see mxsel__rd_setup_reply(). */
static int set_up(struct mxsel_redis *r)
{
	const struct mxsel__rd_settings *set = &r->set;
	const char *digits = "0123456789";
	char database[6];
	int value = set->values[MXSEL_REDIS_DATABASE], error = 0, script;
	size_t at = sizeof database - 1;

	r->worker.setup = r->worker.setup_heard = 0;
	if (set->password != NULL && set->user != NULL)
		error = say(r, "AUTH", set->user, set->password);
	else if (set->password != NULL)
		error = say(r, "AUTH", set->password, NULL);
	database[at] = '\0';
	for (; value > 0; value /= 10)
		database[--at] = digits[value % 10];
	if (error == 0 && database[at] != '\0')
		error = say(r, "SELECT", database + at, NULL);
	for (script = 0; error == 0 && script < MXSEL__RD_SCRIPTS; script++) {
		r->worker.sha[script][0] = '\0';
		r->worker.setup++;
		error = mxsel__rd_append_script(r, script);
	}
	return error;
}

void mxsel__rd_connected(struct mxsel_redis *r, uint64_t now)
{
	int error = mxsel__rd_stream_is_open(&r->worker.stream);

	if (error != 0) {
		mxsel__rd_lose_by(r, "cannot connect", error);
		return;
	}
	r->worker.connecting = 0;
	r->worker.progress = now;
	if (set_up(r) != 0)
		mxsel__rd_lose(r, 1, "out of memory", NULL);
}

static void be_ready(struct mxsel_redis *r, uint64_t now)
{
	r->worker.ready_at = now;
	mxsel__rd_count(r, MXSEL_REDIS_CONNECTIONS, 1);
	pthread_mutex_lock(&r->lock);
	atomic_store(&r->state, MXSEL__RD_READY);
	r->owed = 0;
	pthread_mutex_unlock(&r->lock);
}

/*
 * A server that does not keep scripts is sent them each time; one that does
 * not know who we are, or has no such database, is none.
 */
void mxsel__rd_setup_reply(struct mxsel_redis *r, uint64_t now)
{
	struct mxsel__rd_worker *w = &r->worker;
	const struct mxsel__rd_reply *reply = &w->stream.reply;
	unsigned left = w->setup - ++w->setup_heard;

	if (reply->type == REDIS_REPLY_ERROR) {
		mxsel__rd_count(r, MXSEL_REDIS_ERRORS, 1);
		if (left >= MXSEL__RD_SCRIPTS ||
				mxsel__rd_means_away(reply->text)) {
			mxsel__rd_lose(r, 1, "the server said", reply->text);
			return;
		}
		mxsel__rd_say(r, "the server said", reply->text);
		w->refused = 1;
	} else if (left < MXSEL__RD_SCRIPTS &&
			reply->type == REDIS_REPLY_STRING &&
			reply->length == MXSEL__RD_SHA_SIZE - 1) {
		memcpy(w->sha[MXSEL__RD_SCRIPTS - 1 - left], reply->text,
			MXSEL__RD_SHA_SIZE);
	}
	if (left == 0)
		be_ready(r, now);
}
