/**
 * @file
 * @brief Answers kept until their TTL ends, for any number of selections.
 *
 * A cache holds RRsets and negative answers by name and type. Give it to
 * mxsel_options_set_cache(): what is known is answered at once, without
 * resolver, allocation or system call, and what is learnt is kept. It is in
 * memory only, never larger than it was told, and answers that are asked for
 * again stay longest.
 *
 * Threads: one cache may be used from any number of threads at a time. The
 * child of a fork() must not use a cache that other threads of its parent may
 * have been in at that moment. What one selection was told, others believe:
 * options that share a cache should have resolvers of equal trust.
 */
#ifndef MXSEL_CACHE_H
#define MXSEL_CACHE_H

#include <mxsel/mxsel.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief What time it is, in milliseconds from any fixed moment.
 *
 * A step back counts as no time passed. Called for each look, by any thread
 * that uses the cache, while a part of the cache is locked: it must not use
 * the cache itself. mxsel_ldns_clock() in <mxsel/ldns.h> is one that makes no
 * system call where the machine can do without.
 */
typedef uint64_t (*mxsel_clock_fn)(void *user);

/**
 * @brief Make a cache.
 * @param bytes all the memory it will ever hold, 65536 or more; it is taken
 *        when the cache is made.
 * @param clock the time; user is handed back to it.
 * @return 0; MXSEL_ENOMEM; MXSEL_ERANGE when bytes is too small or over
 *         2^36; MXSEL_EENTROPY; MXSEL_EUSAGE when out or clock is NULL.
 */
MXSEL_API int mxsel_cache_new(mxsel_cache **out, size_t bytes,
	mxsel_clock_fn clock, void *user);

/** Integer settings for mxsel_cache_set(); numbers never change. */
enum {
	/** Longest time anything is kept, seconds, 0..2147483647; 86400. */
	MXSEL_CACHE_MAX_TTL = 1,
	/** Longest time a negative answer is kept, seconds, 0..86400; 10800
	    (RFC 2308, 5). */
	MXSEL_CACHE_MAX_NEGATIVE_TTL = 2,
	/** How long a failure (SERVFAIL, nobody answered) is remembered,
	    seconds, 0..300; 5 (RFC 9520, 3.2). 0: not. */
	MXSEL_CACHE_FAILURE_TTL = 3,
	/** So many seconds beyond their end hosts and addresses may still be
	    used when asking anew failed (RFC 8767), 0..604800; 0: never. That
	    there was nothing is not used so: it could bounce mail. */
	MXSEL_CACHE_STALE = 4
};

/**
 * @brief Set one setting; at any time, for what is kept from now on, and
 *        MXSEL_CACHE_STALE for what is asked from now on.
 * @return 0; MXSEL_ERANGE for a value or setting that is none; MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_cache_set(mxsel_cache *cache, int setting, int value);

/** Counters of mxsel_cache_statistic(). */
enum {
	MXSEL_CACHE_HITS = 0,    /**< questions that were answered */
	MXSEL_CACHE_MISSES = 1,  /**< questions that were not */
	MXSEL_CACHE_STALE_HITS = 2, /**< answered after their end */
	MXSEL_CACHE_STORED = 3,  /**< answers that were kept */
	MXSEL_CACHE_EVICTED = 4, /**< dropped for room before their end */
	MXSEL_CACHE_NAMES = 5,   /**< names that are there now */
	MXSEL_CACHE_BYTES = 6    /**< octets in use now, indexes included */
};

/** @return one of the counters; 0 for other numbers and NULL. */
MXSEL_API uint64_t mxsel_cache_statistic(const mxsel_cache *cache, int which);

/** @brief Forget all that is kept of one name; NULL: of every name.
 *  @return 0; MXSEL_ESYNTAX when it is no name; MXSEL_EUSAGE. */
MXSEL_API int mxsel_cache_forget(mxsel_cache *cache, const char *name);

/** @brief Give a cache back. Options that hold it keep it alive. */
MXSEL_API void mxsel_cache_free(mxsel_cache *cache);

#ifdef __cplusplus
}
#endif

#endif
