/**
 * @file
 * @brief A memory of mail hosts for a cluster, kept by Valkey or Redis.
 *
 * Library libmxsel-redis. What one machine finds out about a mail host, all
 * know: give mxsel_redis_store() to mxsel_memory_set_store(). A thread of its
 * own talks to the server; nobody else waits for it, but a selection for an
 * answer, and that only for MXSEL_MEMORY_BUDGET (5 ms). When the server is
 * away, each machine goes on with what it knows; what happened meanwhile is
 * told when the server is back. Requests of all threads go in one pipeline.
 *
 * What is kept of each host or address is one key with a time to live,
 * "mxsel:host:mx1.example.com", a hash by port. Scores halve by the server's
 * clock: the machines need not agree on the time. Outcomes are told with their
 * age, in any order, perhaps twice: a failure that is older than a success
 * counts no more, and a success clears no failure that is younger. Any server
 * from Redis 5 on will do that runs scripts (EVALSHA, or EVAL), with SELECT,
 * TIME, HGET, HGETALL, HSET, HDEL, PEXPIRE and SCRIPT LOAD. Each script has
 * one key, so that a proxy before a cluster may send it where it belongs.
 *
 * Threads: all functions may be called from any thread; settings come before
 * the first mxsel_redis_store(). After fork() the child must make a new one.
 */
#ifndef MXSEL_REDIS_H
#define MXSEL_REDIS_H

#include <mxsel/memory.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A server, and the thread that talks to it. */
typedef struct mxsel_redis mxsel_redis;

/**
 * @brief Say where the server is. Nothing is connected yet.
 * @param server "host:port", "192.0.2.1:6379", "[2001:db8::1]:6379"; without
 *        a port 6379; "/path" for a local socket.
 * @return 0; MXSEL_ENOMEM; MXSEL_ESYNTAX when it is none of these;
 *         MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_redis_new(mxsel_redis **out, const char *server);

/** Integer settings for mxsel_redis_set(); numbers never change. */
enum {
	/** The database, 0..65535; 0. */
	MXSEL_REDIS_DATABASE = 1,
	/** Seconds after which the server forgets what nobody told of again,
	    60..2592000; 86400. */
	MXSEL_REDIS_KEEP = 2,
	/** Outcomes that wait while the server is away, 0..1000000; 4096. Then
	    the oldest ones are lost. */
	MXSEL_REDIS_QUEUE = 3,
	/** Milliseconds without answer after which the server is taken as
	    away, 10..60000; 1000. */
	MXSEL_REDIS_TIMEOUT = 4,
	/** Milliseconds at most between attempts to reach a server that is
	    away, 10..600000; 5000. The first one comes at once after a
	    connection that has lasted. */
	MXSEL_REDIS_RETRY = 5
};

/**
 * @brief Set one setting, before mxsel_redis_store().
 * @return 0; MXSEL_ERANGE for a value or setting that is none; MXSEL_EUSAGE
 *         for NULL, or later.
 */
MXSEL_API int mxsel_redis_set(mxsel_redis *redis, int setting, int value);

/**
 * @brief Who we are to the server (AUTH), before mxsel_redis_store().
 * @param user NULL: the password alone. @param password NULL: none.
 * @return 0; MXSEL_ENOMEM; MXSEL_EUSAGE for NULL redis, or later.
 */
MXSEL_API int mxsel_redis_set_login(mxsel_redis *redis, const char *user,
	const char *password);

/**
 * @brief What keys begin with, "mxsel:" unless set, before
 *        mxsel_redis_store(). At most 64 printable octets without space.
 * @return 0; MXSEL_ESYNTAX; MXSEL_ENOMEM; MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_redis_set_prefix(mxsel_redis *redis, const char *prefix);

/**
 * @brief The store, for any number of memories. The first call starts the
 *        thread, which connects.
 * @return a store that lives as long as redis and as those who hold it;
 *         NULL: no thread or descriptor was to be had (then call again), or
 *         redis is NULL.
 */
MXSEL_API mxsel_store *mxsel_redis_store(mxsel_redis *redis);

/** Counters of mxsel_redis_statistic(). A server that answers, but is none for
    us now (LOADING, READONLY, NOAUTH, WRONGPASS), is away, and outcomes wait.
    One that is there but refuses an outcome (OOM; NOPERM, when our user lacks
    a right to scripts, their commands or keys) has lost it: what it says of the
    same host or address counts for nothing then, until it takes another one or
    six half-lives have passed. */
enum {
	MXSEL_REDIS_IS_CONNECTED = 0, /**< 1: the server is there; 0: away */
	MXSEL_REDIS_CONNECTIONS = 1, /**< times that one came about */
	MXSEL_REDIS_GETS = 2,     /**< times it was asked, by any memory */
	MXSEL_REDIS_LATE = 3,     /**< of these, not answered in time, or
	                               refused */
	MXSEL_REDIS_RECORDED = 4, /**< outcomes the server has taken */
	MXSEL_REDIS_WAITING = 5,  /**< outcomes it is to be told yet */
	MXSEL_REDIS_LOST = 6,     /**< outcomes that found no room, here or
	                               there, or were refused */
	MXSEL_REDIS_ERRORS = 7    /**< replies that were errors */
};

/** @return one of the counters; 0 for other numbers and NULL. */
MXSEL_API uint64_t mxsel_redis_statistic(const mxsel_redis *redis, int which);

/** @return the last thing that went wrong with the server, one sentence, in
 *          a room that the caller gives; "" when nothing did. It stays when
 *          that is over: whether it is, MXSEL_REDIS_IS_CONNECTED and
 *          MXSEL_REDIS_LOST say. */
MXSEL_API const char *mxsel_redis_error(const mxsel_redis *redis, char *text,
	size_t size);

/**
 * @brief Wait until no outcome waits, or so many milliseconds: before a
 *        program ends, and in tests.
 * @return 0: none waits any more, told or lost (MXSEL_REDIS_LOST);
 *         MXSEL_ESYSTEM: some still do; MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_redis_flush(mxsel_redis *redis, uint32_t milliseconds);

/**
 * @brief Give it back. The thread ends when no memory holds the store any
 *        more; outcomes that wait are lost then.
 *
 * Whoever gives the store back last waits for the thread, which takes no
 * time, but not for one that looks up the server's name: that one ends by
 * itself when it has its answer.
 */
MXSEL_API void mxsel_redis_free(mxsel_redis *redis);

#ifdef __cplusplus
}
#endif

#endif
