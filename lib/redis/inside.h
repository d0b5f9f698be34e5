/*
 * What a mxsel_redis is made of. Selections put what they ask and tell on
 * lists; one thread takes it from there to the server and brings back what
 * the server says. Nothing but that thread touches the connection, and nobody
 * holds the lock for longer than it takes to link or unlink something. May use
 * the public headers, libc, pthread and hiredis.
 */
#ifndef MXSEL_REDIS_INSIDE_H
#define MXSEL_REDIS_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/socket.h>

#include <mxsel/redis.h>

#include "redis/list.h"
#include "redis/queue.h"
#include "redis/shelf.h"
#include "redis/stream.h"

#define MXSEL__RD_PREFIX_MAX 64
#define MXSEL__RD_ADDRESSES 8  /* of a server's name that are tried */
#define MXSEL__RD_ERROR_SIZE 256
#define MXSEL__RD_SHA_SIZE 41

/* Whether there is a server. */
enum {
	MXSEL__RD_TRYING, /* not known yet: it may be there in a moment */
	MXSEL__RD_READY,
	MXSEL__RD_AWAY
};

/* They do not change once the thread runs. */
struct mxsel__rd_settings {
	char *host;      /* a name or an address; NULL: path counts */
	char *path;
	char port[6];
	char *user;
	char *password;
	char prefix[MXSEL__RD_PREFIX_MAX + 1];
	int values[6];   /* by MXSEL_REDIS_* */
};

/* The thread's own. */
struct mxsel__rd_worker {
	struct mxsel__rd_stream stream;
	struct sockaddr_storage addresses[MXSEL__RD_ADDRESSES];
	socklen_t lengths[MXSEL__RD_ADDRESSES];
	unsigned count, next;        /* of addresses; the one to be tried */
	int connecting;              /* not writable yet */
	unsigned setup, setup_heard; /* commands before the first job */
	int refused;                 /* an error was said before it */
	int proved;                  /* a job was answered on this connection */
	char sha[2][MXSEL__RD_SHA_SIZE]; /* of the scripts; "": not known */
	struct mxsel__rd_link sent;  /* jobs, in the order of their replies */
	size_t flying;               /* of them */
	uint64_t progress;           /* when it last did what it should */
	uint64_t ready_at;
	uint64_t retry_at;
	uint64_t pause;              /* microseconds, the next one */
};

struct mxsel_redis {
	struct mxsel_redis *self;    /* with the lock, from a const one */
	_Atomic(mxsel_store *) store; /* NULL: no thread */
	atomic_long process;         /* whose the thread is */
	pthread_t thread;
	struct mxsel__rd_settings set;
	_Atomic uint64_t counters[8];
	atomic_int state;
	int wake[2];                 /* a pipe */

	pthread_mutex_t lock;        /* of all that follows */
	pthread_cond_t drained;
	struct mxsel__rd_queue queue;
	struct mxsel__rd_shelf shelf;
	uint64_t owed;               /* since when a reply is; 0: none is */
	int sleeping;                /* the thread waits for the pipe */
	int window;                  /* it has room for another job */
	int ending;
	int resolving;               /* it is in getaddrinfo() */
	int detached;                /* it frees all this */
	char error[MXSEL__RD_ERROR_SIZE];

	struct mxsel__rd_worker worker;
};

static inline void mxsel__rd_count(struct mxsel_redis *r, int which,
	uint64_t more)
{
	atomic_fetch_add_explicit(&r->counters[which], more,
		memory_order_relaxed);
}

/* redis.c: all but the thread, which is gone. */
void mxsel__rd_destroy(struct mxsel_redis *r);
/* Remember what went wrong; detail may be NULL, and anything. */
void mxsel__rd_say(struct mxsel_redis *r, const char *what,
	const char *detail);
/* 0: after fork(), in the child. */
int mxsel__rd_is_own(const struct mxsel_redis *r);

/* settings.c: 0, MXSEL_ENOMEM, MXSEL_ESYNTAX. */
int mxsel__rd_set_server(struct mxsel__rd_settings *set, const char *server);
void mxsel__rd_settings_init(struct mxsel__rd_settings *set);
void mxsel__rd_settings_destroy(struct mxsel__rd_settings *set);

/* call.c: what memories call. */
int mxsel__rd_get(struct mxsel_memory_entry *entries, size_t count,
	uint32_t half_life, uint32_t budget, void *user);
void mxsel__rd_record(const struct mxsel_memory_entry *entry, int change,
	uint32_t half_life, void *user);

/* worker.c: the thread. */
void *mxsel__rd_work(void *user);
/* It has something to do; with the lock held, which is given up. */
void mxsel__rd_unlock_and_wake(struct mxsel_redis *r);

/* reach.c: how the thread comes to its server. */
void mxsel__rd_reach(struct mxsel_redis *r, uint64_t now);
/* The connection is no good any more; known: that the server is away. */
void mxsel__rd_lose(struct mxsel_redis *r, int known, const char *what,
	const char *detail);
/* The same, not known, with what the system says of this error. */
void mxsel__rd_lose_by(struct mxsel_redis *r, const char *what, int error);
/* The socket can be written to for the first time. */
void mxsel__rd_connected(struct mxsel_redis *r, uint64_t now);
/* A reply to what is sent before the first job. */
void mxsel__rd_setup_reply(struct mxsel_redis *r, uint64_t now);
/* Does this error mean that there is no server for us now? */
int mxsel__rd_means_away(const char *reply);

#endif
