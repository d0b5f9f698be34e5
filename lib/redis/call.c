/*
 * What memories call, from threads that must not wait: a question waits for
 * its budget and no longer, an outcome is put on a list. May use the public
 * headers, libc and pthread.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "redis/clock.h"
#include "redis/inside.h"

#define REQUESTS_MAX 256u /* that nobody has answered */
#define ENTRIES_MAX 1024u /* of one */
#define KEY_MAX (MXSEL__RD_PREFIX_MAX + 8 + 256)
#define LINE_MAX_SIZE (MXSEL_MEMORY_TEXT_SIZE + MXSEL__RD_REPLY_SIZE)

/* The key of an entry; 0: it has none. */
static size_t key_of(const struct mxsel_redis *r,
	const struct mxsel_memory_entry *entry, char key[KEY_MAX])
{
	size_t length = strlen(r->set.prefix), name;
	const char *end = memchr(entry->name, '\0', sizeof entry->name);
	const char *kind = entry->kind == MXSEL_MEMORY_HOST ? "host:" :
		"address:";

	if (end == NULL || end == entry->name)
		return 0;
	if (entry->kind != MXSEL_MEMORY_HOST &&
			entry->kind != MXSEL_MEMORY_ADDRESS)
		return 0;
	memcpy(key, r->set.prefix, length);
	memcpy(key + length, kind, strlen(kind));
	length += strlen(kind);
	name = (size_t)(end - entry->name);
	memcpy(key + length, entry->name, name);
	return length + name;
}

/* ------------------------------------------------------------ questions */

/* How long all keys are; 0: one of the entries has none. */
static size_t sum_of_keys(const struct mxsel_redis *r,
	const struct mxsel_memory_entry *entries, size_t count)
{
	char key[KEY_MAX];
	size_t i, length, sum = 0;

	for (i = 0; i < count; i++) {
		length = key_of(r, &entries[i], key);
		if (length == 0)
			return 0;
		sum += length;
	}
	return sum;
}

static void fill_in(const struct mxsel_redis *r,
	struct mxsel__rd_request *request,
	const struct mxsel_memory_entry *entries)
{
	char key[KEY_MAX], *at = request->text;
	struct mxsel__rd_job *job;
	size_t i, length;

	for (i = 0; i < request->count; i++) {
		length = key_of(r, &entries[i], key);
		memcpy(at, key, length);
		request->asks[i].request = request;
		job = &request->asks[i].job;
		mxsel__rd_list_init(&job->link);
		job->kind = MXSEL__RD_ASK;
		job->port = (uint16_t)entries[i].port;
		job->key = at;
		job->key_length = (uint16_t)length;
		at += length;
	}
}

static struct mxsel__rd_request *make_request(const struct mxsel_redis *r,
	const struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life)
{
	size_t keys = sum_of_keys(r, entries, count);
	size_t fixed = sizeof(struct mxsel__rd_request) +
		count * sizeof(struct mxsel__rd_ask);
	struct mxsel__rd_request *request;

	if (keys == 0)
		return NULL;
	request = calloc(1, fixed + keys);
	if (request == NULL)
		return NULL;
	if (mxsel__rd_condition_init(&request->done) != 0) {
		free(request);
		return NULL;
	}
	request->text = (char *)request + fixed;
	request->half_life = half_life;
	request->count = request->left = count;
	fill_in(r, request, entries);
	return request;
}

/* All of them, or none. */
static int take_from_shelf(struct mxsel_redis *r,
	struct mxsel__rd_request *request, uint64_t now)
{
	struct mxsel__rd_late *late;
	struct mxsel__rd_job *job;
	struct mxsel__rd_key key;
	size_t i;
	int taking;

	for (taking = 0; taking < 2; taking++)
		for (i = 0; i < request->count; i++) {
			job = &request->asks[i].job;
			key.text = job->key;
			key.length = job->key_length;
			key.port = job->port;
			late = mxsel__rd_shelf_find(&r->shelf, &key,
				request->half_life, now);
			if (late == NULL && !taking)
				return 0;
			if (late == NULL || !taking)
				continue; /* the same entry twice */
			request->asks[i].answer = late->answer;
			mxsel__rd_shelf_take(&r->shelf, late);
			free(late);
		}
	return 1;
}

/*
 * A reply that is owed for longer than we would wait is not worth waiting
 * for; the question is put all the same, for the shelf.
 */
static uint64_t wait_until(const struct mxsel_redis *r, uint32_t budget,
	uint64_t now)
{
	uint64_t wait = (uint64_t)budget * MXSEL__RD_MS;

	return r->owed != 0 && now > r->owed + wait ? now : now + wait;
}

/* With the lock held, which is given up. 1: answered; 0: not in time, and the
   request is the thread's or gone. */
static int ask(struct mxsel_redis *r, struct mxsel__rd_request *request,
	uint64_t until)
{
	int answered;

	mxsel__rd_put_request(r, request);
	mxsel__rd_unlock_and_wake(r);
	pthread_mutex_lock(&r->lock);
	while (request->left > 0 && mxsel__rd_now() < until)
		mxsel__rd_condition_wait(&request->done, &r->lock, until);
	answered = request->left == 0;
	request->abandoned = !answered;
	pthread_mutex_unlock(&r->lock);
	if (answered && request->failed) {
		mxsel__rd_request_free(request);
		return 0;
	}
	return answered;
}

/* 1: answered. The request is freed, or the thread's, otherwise. */
static int answer(struct mxsel_redis *r, struct mxsel__rd_request *request,
	uint64_t now, uint32_t budget)
{
	pthread_mutex_lock(&r->lock);
	if (take_from_shelf(r, request, now)) {
		pthread_mutex_unlock(&r->lock);
		return 1;
	}
	if (atomic_load(&r->state) != MXSEL__RD_AWAY &&
			r->queue.request_count < REQUESTS_MAX)
		return ask(r, request, wait_until(r, budget, now));
	pthread_mutex_unlock(&r->lock);
	mxsel__rd_request_free(request);
	return 0;
}

/* What the server said is what mxsel_memory_format() would, but for the words
   that it begins with. Nonsense is as good as nothing. */
static void read_answer(struct mxsel_redis *r,
	struct mxsel_memory_entry *entry, const char *text)
{
	struct mxsel_memory_entry read;
	char line[LINE_MAX_SIZE];

	/* It fits in: names and replies have their bounds. */
	(void)snprintf(line, sizeof line, "%s %s %d %s",
		entry->kind == MXSEL_MEMORY_HOST ? "host" : "address",
		entry->name, entry->port, text);
	if (mxsel_memory_parse(&read, line, strlen(line)) != 0) {
		mxsel__rd_count(r, MXSEL_REDIS_ERRORS, 1);
		return;
	}
	memcpy(read.name, entry->name, sizeof read.name);
	*entry = read;
}

int mxsel__rd_get(struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life, uint32_t budget, void *user)
{
	struct mxsel_redis *r = user;
	uint64_t now = mxsel__rd_now();
	struct mxsel__rd_request *request = NULL;
	size_t i;

	if (!mxsel__rd_is_own(r))
		return MXSEL_ESYSTEM;
	if (count == 0)
		return 0;
	mxsel__rd_count(r, MXSEL_REDIS_GETS, 1);
	if (atomic_load(&r->state) != MXSEL__RD_AWAY && count <= ENTRIES_MAX)
		request = make_request(r, entries, count, half_life);
	if (request == NULL || !answer(r, request, now, budget)) {
		mxsel__rd_count(r, MXSEL_REDIS_LATE, 1);
		return MXSEL_ESYSTEM;
	}
	for (i = 0; i < count; i++)
		if (request->asks[i].answer != NULL)
			read_answer(r, &entries[i], request->asks[i].answer);
	mxsel__rd_request_free(request);
	return 0;
}

/* ------------------------------------------------------------- outcomes */

/* What is kept of an entry besides score and age: its words behind kind, name
   and port. NULL: it is none. */
static const char *rest_of(const struct mxsel_memory_entry *entry,
	char line[MXSEL_MEMORY_TEXT_SIZE])
{
	struct mxsel_memory_entry kept = *entry;
	const char *at = line;
	int words;

	kept.score = kept.age = 0;
	if (mxsel_memory_format(&kept, line, MXSEL_MEMORY_TEXT_SIZE) != 0)
		return NULL;
	for (words = 0; words < 3; words++) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	return at;
}

/* NULL: no memory, or nothing that could be kept. */
static struct mxsel__rd_outcome *make_outcome(const struct mxsel_redis *r,
	const struct mxsel_memory_entry *entry, int change)
{
	char key[KEY_MAX], line[MXSEL_MEMORY_TEXT_SIZE];
	size_t key_length = key_of(r, entry, key), rest_length;
	struct mxsel__rd_outcome *outcome;
	const char *rest = "";

	if (change != MXSEL_STORE_FORGOTTEN)
		rest = rest_of(entry, line);
	if (key_length == 0 || rest == NULL)
		return NULL;
	rest_length = strlen(rest);
	outcome = calloc(1, sizeof *outcome + key_length + rest_length);
	if (outcome == NULL)
		return NULL;
	memcpy(outcome->text, key, key_length);
	memcpy(outcome->text + key_length, rest, rest_length);
	mxsel__rd_list_init(&outcome->job.link);
	outcome->job.kind = MXSEL__RD_OUTCOME;
	outcome->job.port = (uint16_t)entry->port;
	outcome->job.key = outcome->text;
	outcome->job.key_length = (uint16_t)key_length;
	outcome->rest = outcome->text + key_length;
	outcome->rest_length = (uint16_t)rest_length;
	outcome->age = entry->age;
	outcome->change = change;
	return outcome;
}

/* There is no memory for it, or it is none. */
static void lose(struct mxsel_redis *r, const struct mxsel_memory_entry *entry,
	uint32_t half_life)
{
	char text[KEY_MAX];
	struct mxsel__rd_key key = { text, 0, 0 };

	key.length = (uint16_t)key_of(r, entry, text);
	mxsel__rd_count(r, MXSEL_REDIS_LOST, 1);
	pthread_mutex_lock(&r->lock);
	mxsel__rd_shelf_lost(&r->shelf, &key, half_life, mxsel__rd_now());
	pthread_mutex_unlock(&r->lock);
}

void mxsel__rd_record(const struct mxsel_memory_entry *entry, int change,
	uint32_t half_life, void *user)
{
	struct mxsel_redis *r = user;
	struct mxsel__rd_outcome *outcome;

	if (!mxsel__rd_is_own(r))
		return;
	outcome = make_outcome(r, entry, change);
	if (outcome == NULL) {
		lose(r, entry, half_life);
		return;
	}
	outcome->when = mxsel__rd_now();
	outcome->half_life = half_life;
	pthread_mutex_lock(&r->lock);
	mxsel__rd_put_outcome(r, outcome);
	mxsel__rd_unlock_and_wake(r);
}
