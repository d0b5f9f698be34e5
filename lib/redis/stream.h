/*
 * The connection: a socket that never blocks, commands on their way out, and
 * replies as hiredis reads them. The socket and the room for what goes out
 * are not hiredis': its own ones do not survive every failure of malloc(), and
 * may raise SIGPIPE. May use libc and hiredis.
 */
#ifndef MXSEL_REDIS_STREAM_H
#define MXSEL_REDIS_STREAM_H

#include <stddef.h>
#include <sys/socket.h>

#include <hiredis/hiredis.h>

#define MXSEL__RD_REPLY_SIZE 1024

/* A reply. None that is made here asks for an array. */
struct mxsel__rd_reply {
	int type;                        /* REDIS_REPLY_* */
	long long integer;
	size_t length;                   /* of text; cut when it is longer */
	char text[MXSEL__RD_REPLY_SIZE]; /* with NUL */
};

struct mxsel__rd_stream {
	int fd;              /* -1: closed */
	redisReader *reader;
	redisReplyObjectFunctions functions;
	struct mxsel__rd_reply reply;
	size_t unread;       /* octets that came since the last whole reply */
	char *out;           /* size octets; from sent to length they wait */
	size_t size, length, sent;
};

void mxsel__rd_stream_init(struct mxsel__rd_stream *s);

/* Begin to connect; how it ends is seen from mxsel__rd_stream_is_open() when
   the socket can be written to. 0, or a number of errno. */
int mxsel__rd_stream_open(struct mxsel__rd_stream *s,
	const struct sockaddr *address, socklen_t length);
/* 0, or a number of errno. */
int mxsel__rd_stream_is_open(const struct mxsel__rd_stream *s);
void mxsel__rd_stream_close(struct mxsel__rd_stream *s);

/* One command more; sent by mxsel__rd_stream_write(). 0; -1: no memory. */
int mxsel__rd_stream_append(struct mxsel__rd_stream *s, int count,
	const char **words, const size_t *lengths);
/* Octets that wait. */
size_t mxsel__rd_stream_waiting(const struct mxsel__rd_stream *s);
/* What the socket takes now. 0, or a number of errno. */
int mxsel__rd_stream_write(struct mxsel__rd_stream *s);

/* What has come, at most so much at a time. 1: something, 0: nothing now, -1:
   an error, *error says which (0: the other side closed). */
int mxsel__rd_stream_read(struct mxsel__rd_stream *s, int *error);
/* 1: the next reply is in s->reply; 0: not there yet; -1: no reply at all. */
int mxsel__rd_stream_next(struct mxsel__rd_stream *s);

#endif
