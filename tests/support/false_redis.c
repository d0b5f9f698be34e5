/*
 * A server that speaks Redis' protocol, see false_redis.h. May use libc and
 * pthread.
 */
#define _POSIX_C_SOURCE 200809L

#include "support/false_redis.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WORDS 16
#define COUNTS 4

struct false_redis {
	pthread_t thread;
	int listening, fd, port, stop[2];
	size_t length;        /* octets in `in` */
	char in[262144];
	pthread_mutex_t lock; /* of all that follows */
	enum false_redis_mode mode;
	const char *text;
	const char *known;
	unsigned counts[COUNTS];
	size_t noted;
	char heard[65536];
};

_Thread_local int false_redis_spared;

struct words {
	int count;
	const char *text[WORDS];
	size_t length[WORDS];
};

/* ------------------------------------------------------------------ replies */

static void send_all(struct false_redis *f, const char *text, size_t length)
{
	ssize_t n;

	while (length > 0 && f->fd >= 0) {
		n = send(f->fd, text, length, MSG_NOSIGNAL);
		if (n <= 0) {
			(void)close(f->fd);
			f->fd = -1;
			return;
		}
		text += n;
		length -= (size_t)n;
	}
}

static void say(struct false_redis *f, const char *text)
{
	send_all(f, text, strlen(text));
}

static void flood(struct false_redis *f)
{
	char some[4096];
	int i;

	memset(some, 'x', sizeof some);
	say(f, "$2000000000\r\n");
	for (i = 0; i < 1000 && f->fd >= 0; i++)
		send_all(f, some, sizeof some);
}

static void pause_for(long milliseconds)
{
	struct timespec t = { 0, milliseconds * 1000000L };

	(void)nanosleep(&t, NULL);
}

static void hang_up(struct false_redis *f)
{
	(void)close(f->fd);
	f->fd = -1;
}

static void count(struct false_redis *f, int which)
{
	pthread_mutex_lock(&f->lock);
	f->counts[which]++;
	pthread_mutex_unlock(&f->lock);
}

static int is(const struct words *w, int i, const char *word)
{
	return i < w->count && strlen(word) == w->length[i] &&
		memcmp(w->text[i], word, w->length[i]) == 0;
}

/* Questions have three words behind their key, outcomes have seven. */
static int is_outcome(const struct words *w)
{
	return w->count > 7;
}

static void run_honestly(struct false_redis *f, const struct words *w,
	const char *known)
{
	char reply[1200];

	if (is(w, 0, "EVAL"))
		count(f, FALSE_WHOLE);
	if (is_outcome(w)) {
		count(f, FALSE_TOLD);
		say(f, ":1\r\n");
		return;
	}
	count(f, FALSE_LOOKED);
	if (known == NULL) {
		say(f, "$-1\r\n");
		return;
	}
	(void)snprintf(reply, sizeof reply, "$%zu\r\n%s\r\n", strlen(known),
		known);
	say(f, reply);
}

static void run(struct false_redis *f, const struct words *w,
	enum false_redis_mode mode, const char *text, const char *known)
{
	switch (mode) {
	case FALSE_SAYS:
		say(f, text);
		return;
	case FALSE_FULL:
		if (is_outcome(w)) {
			say(f, text);
			return;
		}
		break;
	case FALSE_ONCE:
		say(f, text);
		false_redis_be(f, FALSE_HONEST, NULL);
		return;
	case FALSE_FLOODS:
		flood(f);
		return;
	case FALSE_MUTE:
		return;
	case FALSE_CLOSES:
		hang_up(f);
		return;
	case FALSE_SLOW:
		pause_for(30);
		break;
	default:
		break;
	}
	run_honestly(f, w, known);
	if (mode == FALSE_BRIEF)
		hang_up(f);
}

static void load(struct false_redis *f, enum false_redis_mode mode,
	const char *text)
{
	if (mode == FALSE_REFUSES)
		say(f, text);
	else
		say(f, "$40\r\n0123456789abcdef0123456789abcdef01234567\r\n");
}

static void note(struct false_redis *f, const struct words *w)
{
	int i, length;
	const char *word;
	size_t room;

	for (i = 0; i < w->count; i++) {
		length = w->length[i] > 200 ? 6 : (int)w->length[i];
		word = w->length[i] > 200 ? "SCRIPT" : w->text[i];
		room = sizeof f->heard - f->noted;
		if (room < 256)
			return;
		f->noted += (size_t)snprintf(f->heard + f->noted, room,
			"%.*s%c", length, word,
			i + 1 < w->count ? ' ' : '\n');
	}
}

static void obey(struct false_redis *f, const struct words *w)
{
	enum false_redis_mode mode;
	const char *text, *known;

	pthread_mutex_lock(&f->lock);
	note(f, w);
	mode = f->mode;
	text = f->text;
	known = f->known;
	pthread_mutex_unlock(&f->lock);
	if (mode == FALSE_SILENT)
		return;
	if (mode == FALSE_ALWAYS || mode == FALSE_DENIES)
		say(f, text);
	else if (is(w, 0, "SCRIPT"))
		load(f, mode, text);
	else if (is(w, 0, "EVAL") || is(w, 0, "EVALSHA"))
		run(f, w, mode, text, known);
	else
		say(f, "+OK\r\n");
	if (mode == FALSE_DENIES)
		hang_up(f);
}

/* ----------------------------------------------------------------- commands */

/* "*12\r\n" or "$3\r\n" at *at; -1: not all of it is there. */
static long number(const struct false_redis *f, size_t *at)
{
	const char *end = memchr(f->in + *at, '\n', f->length - *at);
	long n;

	if (end == NULL)
		return -1;
	n = strtol(f->in + *at + 1, NULL, 10);
	*at = (size_t)(end - f->in) + 1;
	return n;
}

/* The octets of the next command; 0: not all of it is there. */
static size_t next_command(const struct false_redis *f, struct words *w)
{
	size_t at = 0;
	long n, length;

	w->count = 0;
	n = number(f, &at);
	if (n < 0 || n > WORDS)
		return 0;
	while (w->count < n) {
		length = number(f, &at);
		if (length < 0 || f->length - at < (size_t)length + 2)
			return 0;
		w->text[w->count] = f->in + at;
		w->length[w->count++] = (size_t)length;
		at += (size_t)length + 2;
	}
	return at;
}

static void hear(struct false_redis *f)
{
	struct words w;
	size_t used;
	ssize_t n = recv(f->fd, f->in + f->length,
		sizeof f->in - f->length, 0);

	if (n <= 0) {
		hang_up(f);
		return;
	}
	f->length += (size_t)n;
	while (f->fd >= 0 && (used = next_command(f, &w)) > 0) {
		obey(f, &w);
		memmove(f->in, f->in + used, f->length - used);
		f->length -= used;
	}
}

static void admit(struct false_redis *f)
{
	int on = 1;

	f->fd = accept(f->listening, NULL, NULL);
	(void)setsockopt(f->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	f->length = 0;
	pthread_mutex_lock(&f->lock);
	f->counts[FALSE_CONNECTIONS]++;
	f->heard[f->noted = 0] = '\0';
	pthread_mutex_unlock(&f->lock);
}

static void *serve(void *user)
{
	struct false_redis *f = user;
	struct pollfd watched[2];

	false_redis_spared = 1;
	for (;;) {
		watched[0].fd = f->stop[0];
		watched[1].fd = f->fd >= 0 ? f->fd : f->listening;
		watched[0].events = watched[1].events = POLLIN;
		if (poll(watched, 2, -1) < 0 || watched[0].revents != 0)
			return NULL;
		if (f->fd >= 0)
			hear(f);
		else
			admit(f);
	}
}

/* ------------------------------------------------------------------- object */

struct false_redis *false_redis_start(int port)
{
	struct false_redis *f = calloc(1, sizeof *f);
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	int on = 1;

	if (f == NULL)
		abort();
	memset(&address, 0, sizeof address);
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)port);
	f->fd = -1;
	f->listening = socket(AF_INET, SOCK_STREAM, 0);
	(void)setsockopt(f->listening, SOL_SOCKET, SO_REUSEADDR, &on,
		sizeof on);
	if (bind(f->listening, (struct sockaddr *)&address, length) != 0 ||
			listen(f->listening, 16) != 0 ||
			getsockname(f->listening, (struct sockaddr *)&address,
			&length) != 0 || pipe(f->stop) != 0)
		abort();
	f->port = ntohs(address.sin_port);
	(void)pthread_mutex_init(&f->lock, NULL);
	if (pthread_create(&f->thread, NULL, serve, f) != 0)
		abort();
	return f;
}

void false_redis_stop(struct false_redis *f)
{
	(void)close(f->stop[1]);
	(void)pthread_join(f->thread, NULL);
	if (f->fd >= 0)
		(void)close(f->fd);
	(void)close(f->listening);
	(void)close(f->stop[0]);
	(void)pthread_mutex_destroy(&f->lock);
	free(f);
}

int false_redis_port(const struct false_redis *f)
{
	return f->port;
}

void false_redis_be(struct false_redis *f, enum false_redis_mode mode,
	const char *text)
{
	pthread_mutex_lock(&f->lock);
	f->mode = mode;
	f->text = text;
	pthread_mutex_unlock(&f->lock);
}

void false_redis_know(struct false_redis *f, const char *text)
{
	pthread_mutex_lock(&f->lock);
	f->known = text;
	pthread_mutex_unlock(&f->lock);
}

unsigned false_redis_count(struct false_redis *f, int which)
{
	unsigned counted;

	pthread_mutex_lock(&f->lock);
	counted = f->counts[which];
	pthread_mutex_unlock(&f->lock);
	return counted;
}

void false_redis_heard(struct false_redis *f, char *out, size_t size)
{
	pthread_mutex_lock(&f->lock);
	(void)snprintf(out, size, "%s", f->heard);
	pthread_mutex_unlock(&f->lock);
}
