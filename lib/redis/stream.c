/*
 * The connection, see stream.h. May use libc and hiredis.
 */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _POSIX_C_SOURCE 200809L
#endif

#include "redis/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* the thread has SIGPIPE blocked */
#endif

#define CHUNK 16384      /* read at a time */
#define UNREAD_MAX 65536 /* no reply to what is asked here is as long */
#define OUT_FIRST 4096

/* hiredis 0.14 counts in int, 1.0 in size_t. */
#if HIREDIS_MAJOR < 1
typedef int element_count;
#else
typedef size_t element_count;
#endif

/* -------------------------------------------------------------- replies */

static struct mxsel__rd_reply *reply_to(const redisReadTask *task)
{
	struct mxsel__rd_reply *reply = task->privdata;

	reply->type = task->type;
	reply->integer = 0;
	reply->length = 0;
	reply->text[0] = '\0';
	return reply;
}

static void *create_string(const redisReadTask *task, char *text,
	size_t length)
{
	struct mxsel__rd_reply *reply = reply_to(task);

	if (length > sizeof reply->text - 1)
		length = sizeof reply->text - 1;
	memcpy(reply->text, text, length);
	reply->text[length] = '\0';
	reply->length = length;
	return reply;
}

/* Nobody asked for one, and its size is the server's word. */
static void *create_array(const redisReadTask *task, element_count count)
{
	(void)task;
	(void)count;
	return NULL;
}

static void *create_integer(const redisReadTask *task, long long integer)
{
	struct mxsel__rd_reply *reply = reply_to(task);

	reply->integer = integer;
	return reply;
}

static void *create_nil(const redisReadTask *task)
{
	struct mxsel__rd_reply *reply = reply_to(task);

	/* The task's own type is that of a string, or an array. */
	reply->type = REDIS_REPLY_NIL;
	return reply;
}

void mxsel__rd_stream_init(struct mxsel__rd_stream *s)
{
	memset(s, 0, sizeof *s);
	s->fd = -1;
	/* There is one reply, and nothing of it to be freed. */
	s->functions.createString = create_string;
	s->functions.createArray = create_array;
	s->functions.createInteger = create_integer;
	s->functions.createNil = create_nil;
}

/* ----------------------------------------------------------- open, close */

/* Another thread may be between fork() and exec(). */
#ifdef SOCK_CLOEXEC
#define STREAM (SOCK_STREAM | SOCK_CLOEXEC)
#else
#define STREAM SOCK_STREAM
#endif

static int open_socket(int family)
{
	int on = 1, flags, fd = socket(family, STREAM, 0);

	if (fd < 0)
		return -1;
	flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
			fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
		(void)close(fd);
		return -1;
	}
	/* A budget is shorter than what Nagle waits. */
	if (family != AF_UNIX)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

int mxsel__rd_stream_open(struct mxsel__rd_stream *s,
	const struct sockaddr *address, socklen_t length)
{
	int error;

	s->reader = redisReaderCreateWithFunctions(&s->functions);
	if (s->reader == NULL)
		return ENOMEM;
	s->reader->privdata = &s->reply;
	s->fd = open_socket(address->sa_family);
	if (s->fd >= 0 && (connect(s->fd, address, length) == 0 ||
			errno == EINPROGRESS))
		return 0;
	error = errno;
	mxsel__rd_stream_close(s);
	return error;
}

int mxsel__rd_stream_is_open(const struct mxsel__rd_stream *s)
{
	int error = 0;
	socklen_t length = sizeof error;

	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
		return errno;
	return error;
}

void mxsel__rd_stream_close(struct mxsel__rd_stream *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	if (s->reader != NULL)
		redisReaderFree(s->reader);
	free(s->out);
	s->fd = -1;
	s->reader = NULL;
	s->out = NULL;
	s->size = s->length = s->sent = s->unread = 0;
}

/* ----------------------------------------------------------- out and in */

size_t mxsel__rd_stream_waiting(const struct mxsel__rd_stream *s)
{
	return s->length - s->sent;
}

static int make_room(struct mxsel__rd_stream *s, size_t length)
{
	size_t size = s->size == 0 ? OUT_FIRST : s->size;
	char *out;

	if (s->sent > 0)
		memmove(s->out, s->out + s->sent, s->length - s->sent);
	s->length -= s->sent;
	s->sent = 0;
	/* No overflow: who has a lot waiting here adds nothing. */
	while (size - s->length < length)
		size *= 2;
	out = realloc(s->out, size);
	if (out == NULL)
		return -1;
	s->out = out;
	s->size = size;
	return 0;
}

int mxsel__rd_stream_append(struct mxsel__rd_stream *s, int count,
	const char **words, const size_t *lengths)
{
	char *command = NULL;
	long long length = redisFormatCommandArgv(&command, count, words,
		lengths);

	if (length < 0)
		return -1;
	if (s->size - s->length < (size_t)length &&
			make_room(s, (size_t)length) != 0) {
		free(command);
		return -1;
	}
	memcpy(s->out + s->length, command, (size_t)length);
	s->length += (size_t)length;
	free(command);
	return 0;
}

int mxsel__rd_stream_write(struct mxsel__rd_stream *s)
{
	ssize_t n;

	while (s->sent < s->length) {
		n = send(s->fd, s->out + s->sent, s->length - s->sent,
			MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : errno;
		s->sent += (size_t)n;
	}
	s->sent = s->length = 0;
	return 0;
}

int mxsel__rd_stream_read(struct mxsel__rd_stream *s, int *error)
{
	char chunk[CHUNK];
	ssize_t n;

	*error = 0;
	n = recv(s->fd, chunk, sizeof chunk, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		*error = n < 0 ? errno : 0;
		return -1;
	}
	if (redisReaderFeed(s->reader, chunk, (size_t)n) != REDIS_OK) {
		*error = ENOMEM;
		return -1;
	}
	s->unread += (size_t)n;
	return 1;
}

int mxsel__rd_stream_next(struct mxsel__rd_stream *s)
{
	void *reply = NULL;

	if (redisReaderGetReply(s->reader, &reply) != REDIS_OK)
		return -1;
	if (reply == NULL)
		return s->unread > UNREAD_MAX ? -1 : 0;
	s->unread = 0;
	/* Kinds of a later protocol have no function above. */
	return reply == &s->reply ? 1 : -1;
}
