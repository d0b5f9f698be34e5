/**
 * @file
 * @brief How mail hosts behaved, for all selections of a process or cluster.
 *
 * A sender that forgets tries the dead host first, every time, in every
 * worker. A memory keeps, of each host and each address that was tried, its
 * last outcomes, a score of failures that halves with time, and the address
 * family that worked. Give it to mxsel_options_set_memory(): mxsel_report()
 * feeds it, and the order of a plan follows from it, among equals only:
 *
 * - A host that failed goes behind its equals, an address behind the others
 *   of its host. A preference is never crossed and nothing is ever dropped.
 * - The score of a failure is 1, of several up to 4, and it halves in each
 *   half-life. From 1 on a host goes behind its equals but for a small share;
 *   below 1 the chance is the score. One that is tried again like that counts
 *   as failed until it is reported, so that one worker finds out, not all.
 * - When all equals failed, the order is as if there were no memory.
 * - A host that talks (DELIVERED, or a reply to MAIL, RCPT or DATA) has
 *   failed no more.
 * - After a first 5.7.x rejection the other family goes first, once. The
 *   family that worked last goes first while the other one is in doubt, but
 *   for a small share.
 * - A host that said 4xx to MAIL, RCPT or DATA (greylisting) is tried at the
 *   same address again.
 *
 * It is not the DNS cache, never makes an error of a selection, never delays
 * a destination, and has no clock and no randomness of its own: same seed,
 * same memory, same plan.
 *
 * Threads: one memory may be used from any number of threads at a time. The
 * child of a fork() must not use one that other threads of its parent may
 * have been in at that moment.
 */
#ifndef MXSEL_MEMORY_H
#define MXSEL_MEMORY_H

#include <mxsel/cache.h>
#include <mxsel/mxsel.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Make a memory.
 * @param bytes all it will ever hold, 65536 or more, taken when it is made.
 *        A host or address takes about 150 octets (a name of over 55 octets:
 *        350); where there is no room what was not used longest goes.
 * @param clock the time in milliseconds, see mxsel_clock_fn. The time of day
 *        (mxsel_ldns_time_of_day() is one) where it is saved: other processes
 *        count so, and it goes on while none runs.
 * @return 0; MXSEL_ENOMEM; MXSEL_ERANGE when bytes is too small or over
 *         2^32; MXSEL_EENTROPY; MXSEL_EUSAGE when out or clock is NULL.
 */
MXSEL_API int mxsel_memory_new(mxsel_memory **out, size_t bytes,
	mxsel_clock_fn clock, void *user);

/** @brief Give a memory back. Options and stores that hold it keep it alive. */
MXSEL_API void mxsel_memory_free(mxsel_memory *memory);

/** Integer settings for mxsel_memory_set(); numbers never change. */
enum {
	/** A score halves in so many seconds, 1..86400; 30. */
	MXSEL_MEMORY_HALF_LIFE = 1,
	/** So many of 1000 times one that failed is left in its place,
	    0..1000; 5. */
	MXSEL_MEMORY_EXPLORE = 2,
	/** What was not heard of for so many seconds is forgotten, 60..2592000;
	    86400. */
	MXSEL_MEMORY_KEEP = 3,
	/** What a store said counts for so many milliseconds before it is
	    asked again, 0..3600000; 1000. */
	MXSEL_MEMORY_REFRESH = 4,
	/** So many milliseconds a selection waits for a store, 0..1000; 5. */
	MXSEL_MEMORY_BUDGET = 5,
	/** 1: selections change nothing of it, for plans that nobody carries
	    out: no attempt counts as a try, no turn is taken, what is reported
	    of them is not kept; 0. */
	MXSEL_MEMORY_READ_ONLY = 6
};

/**
 * @brief Set one setting; at any time, for what follows.
 * @return 0; MXSEL_ERANGE for a value or setting that is none; MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_memory_set(mxsel_memory *memory, int setting, int value);

/** Counters of mxsel_memory_statistic(). */
enum {
	MXSEL_MEMORY_ENTRIES = 0,  /**< hosts and addresses known now */
	MXSEL_MEMORY_BYTES = 1,    /**< octets in use now, indexes included */
	MXSEL_MEMORY_REPORTS = 2,  /**< outcomes that were told */
	MXSEL_MEMORY_EVICTED = 3,  /**< forgotten for room */
	MXSEL_MEMORY_BEHIND = 4,   /**< hosts, addresses put behind others */
	MXSEL_MEMORY_PROBES = 5,   /**< failed ones that were tried again */
	MXSEL_MEMORY_ASKED = 6,    /**< times that a store was asked */
	MXSEL_MEMORY_UNANSWERED = 7 /**< of these, refused or not in time */
};

/** @return one of the counters; 0 for other numbers and NULL. */
MXSEL_API uint64_t mxsel_memory_statistic(const mxsel_memory *memory,
	int which);

/**
 * @brief Remember what is reported of selections with these options, and
 *        order their hosts and addresses by it.
 *
 * One memory may serve any number of options and threads. Attempts that are
 * not reported leave two traces: one that failed and is tried before others
 * that are well counts as tried, so that not everybody tries it, and the turn
 * of a family is taken. MXSEL_MEMORY_READ_ONLY leaves none. NULL: none (the
 * default). The options keep the memory alive until they are freed.
 * @return 0; MXSEL_EUSAGE for NULL options, or while a selection uses them.
 */
MXSEL_API int mxsel_options_set_memory(mxsel_options *options,
	mxsel_memory *memory);

/* ----------------------------------------------------------- what is known */

/** What an entry is about. */
enum {
	MXSEL_MEMORY_HOST = 1,   /**< a host name and port */
	MXSEL_MEMORY_ADDRESS = 2 /**< an IP address and port */
};

/** Last outcomes that are kept of each. */
#define MXSEL_MEMORY_OUTCOMES 8

/**
 * What is known of one host or address. Fields that say nothing are 0. The
 * layout does not change while the library's major number stays.
 */
struct mxsel_memory_entry {
	char name[256];    /**< host name, small letters; or an address */
	int kind;          /**< MXSEL_MEMORY_HOST or _ADDRESS */
	int port;          /**< 1..65535 */
	uint32_t score;    /**< of failures, thousandths, 0..4000, now */
	uint32_t age;      /**< milliseconds since the last outcome */
	/** MXSEL_OUTCOME_*, the newest first, then 0. */
	uint8_t outcomes[MXSEL_MEMORY_OUTCOMES];
	int code;          /**< reply code of the newest, 0: none */
	int works;         /**< a host's family that worked last: 4 or 6 */
	int turn;          /**< a host's family that goes first once: 4, 6 */
	int doubt;         /**< families that were rejected: 1 IPv4, 2 IPv6 */
	char again[48];    /**< a host's address that said to come again */
};

/**
 * @brief Tell of an attempt that no selection made, or that another program
 *        made, as mxsel_report() would.
 * @param host as it was tried; NULL: only the address is known.
 * @param address as text; NULL: only the host is known.
 * @param reply_code as for mxsel_report(). @param reply_text the same: a
 *        rejection is seen by its enhanced status, 5.7.x; may be NULL.
 * @return 0; MXSEL_ESYNTAX when host or address are none; MXSEL_ERANGE for
 *         port, outcome or code; MXSEL_EUSAGE for no memory, or neither.
 */
MXSEL_API int mxsel_memory_report(mxsel_memory *memory, const char *host,
	const char *address, int port, int outcome, int reply_code,
	const char *reply_text);

/**
 * @brief What is known here of one host or address; no store is asked.
 * @param name a host name or an address as text; which one is seen from it.
 * @param[out] out filled in when it is known.
 * @return 1: known; 0: not; MXSEL_ESYNTAX when name is neither; MXSEL_ERANGE
 *         for the port; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_memory_get(const mxsel_memory *memory, const char *name,
	int port, struct mxsel_memory_entry *out);

/**
 * @brief Know this, in place of what is known of the same host or address.
 *
 * For those who keep a memory elsewhere. No store is told.
 * @return 0; MXSEL_ESYNTAX for a name or address that is none; MXSEL_ERANGE
 *         for another field; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_memory_put(mxsel_memory *memory,
	const struct mxsel_memory_entry *entry);

/**
 * @brief All that is known, one after the other.
 *
 *     uint64_t place = 0;
 *     while (mxsel_memory_next(memory, &place, &entry) > 0)
 *             ...
 *
 * In no order. What is there from the first call to the last is given once;
 * what comes or goes in between may be given or not.
 * @param place 0 at first, then as the last call left it.
 * @return 1: an entry; 0: no more; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_memory_next(const mxsel_memory *memory, uint64_t *place,
	struct mxsel_memory_entry *out);

/**
 * @brief Forget one host or address at every port; NULL: everything here.
 *
 * A store is told to forget the one. NULL leaves it as it is: what it knows
 * is known again when it is asked next.
 * @return 0, also when it was not known; MXSEL_ESYNTAX when it is neither a
 *         host name nor an address; MXSEL_EUSAGE for no memory.
 */
MXSEL_API int mxsel_memory_forget(mxsel_memory *memory, const char *name);

/* ---------------------------------------------------------- as text, files */

/** Octets that hold any entry as text, with its NUL. */
#define MXSEL_MEMORY_TEXT_SIZE 768

/**
 * @brief An entry as one line of text, without newline:
 *
 *     host mx1.example.com 25 score=1500 age=12000 last=refused,delivered
 *
 * The kind, the name, the port, then what is not 0: score (thousandths), age
 * (milliseconds), last (outcomes, the newest first), code, works (4 or 6),
 * turn (4 or 6), doubt (4, 6 or 46), again (an address).
 * @param size octets at text; MXSEL_MEMORY_TEXT_SIZE is enough for any.
 * @return 0; MXSEL_ESPACE; MXSEL_ESYNTAX, MXSEL_ERANGE as mxsel_memory_put();
 *         MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_memory_format(const struct mxsel_memory_entry *entry,
	char *text, size_t size);

/**
 * @brief An entry from such a line. Words "name=value" that are not known are
 *        passed over: a later version may have written them.
 * @param text length octets; need not end with NUL.
 * @return 0; MXSEL_ESYNTAX when it is no such line; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_memory_parse(struct mxsel_memory_entry *entry,
	const char *text, size_t length);

/**
 * @brief Write all that is known to a text file.
 *
 * Its first line is "mxsel-memory 1 " and the time by the memory's clock; then
 * come entries, a line each, sorted by name. A new file takes the place of
 * the old one when it is whole and on the disk; until then, and when anything
 * fails, the old one stays. Readable for the owner alone, unless there was
 * one: then its mode is kept, and its owner where that is allowed. A symbolic
 * link stays, and the file it leads to is replaced. While it is written it is
 * beside the old one, with six letters behind its name.
 * @return 0; MXSEL_ENOMEM; MXSEL_EFILE: nothing was changed, errno says why;
 *         MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_memory_save(const mxsel_memory *memory, const char *path);

/**
 * @brief Know what such a file says, besides what is known already; of two
 *        entries the younger one counts.
 *
 * All grow older by the time that the clock went on since it was written; a
 * clock that went back counts as no time. Empty lines behind the first, and
 * those that begin with '#', say nothing; a file that is saved has none. Either
 * the whole file is taken or nothing of it; what the memory then has no room
 * for is forgotten as ever (MXSEL_MEMORY_EVICTED). One of more than 64 MiB is
 * refused, and what is no regular file is not opened.
 * @return 0; MXSEL_ENOMEM; MXSEL_EFILE when it cannot be read (errno says
 *         why), MXSEL_ESYNTAX when it is no such file; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_memory_load(mxsel_memory *memory, const char *path);

/* ------------------------------------------------------------------- stores */

/** Somewhere where several memories meet: <mxsel/redis.h> makes one. */
typedef struct mxsel_store mxsel_store;

/** What became of a host or address, for mxsel_store_record_fn. */
enum {
	MXSEL_STORE_FAILED = 1, /**< its score, as it is by now, plus 1000 */
	MXSEL_STORE_TALKED = 2, /**< its score is 0 */
	MXSEL_STORE_NOTED = 3,  /**< its score is as it was */
	MXSEL_STORE_FORGOTTEN = 4 /**< it is not known any more, at any port */
};

/**
 * @brief What is known of these? Called before equals are ordered, by
 *        mxsel_next() and by what gives answers (mxsel_answer_finish(),
 *        mxsel_answer_packet()), from any thread, with no lock held.
 * @param entries kind, name and port are set, and stay as they are; the
 *        function sets the rest of those it knows, score as it is now. One
 *        that is about something else then counts as one it does not know.
 * @param half_life of scores, milliseconds.
 * @param budget milliseconds after which nobody waits any more: return then.
 * @return 0: those that are known are set; else nobody could be asked in
 *         time, and what the memory knows by itself counts.
 */
typedef int (*mxsel_store_get_fn)(struct mxsel_memory_entry *entries,
	size_t count, uint32_t half_life, uint32_t budget, void *user);

/**
 * @brief Keep what became of one. Must return at once, from any thread, and
 *        keeps nothing of entry itself.
 * @param entry as the memory knows it now: what is kept besides the score.
 * @param change MXSEL_STORE_*. @param half_life of scores, milliseconds.
 */
typedef void (*mxsel_store_record_fn)(const struct mxsel_memory_entry *entry,
	int change, uint32_t half_life, void *user);

/**
 * @brief Make a store of two functions.
 * @return 0; MXSEL_ENOMEM; MXSEL_EUSAGE for NULL out, get or record.
 */
MXSEL_API int mxsel_store_new(mxsel_store **out, mxsel_store_get_fn get,
	mxsel_store_record_fn record, void *user);

/** @brief Called with user when nobody holds the store any more.
 *  @return 0; MXSEL_EUSAGE. */
MXSEL_API int mxsel_store_set_release(mxsel_store *store,
	mxsel_release_fn release);

/**
 * @brief Ask a store, as a selection does: to show what a cluster knows, or
 *        for a store that stands before another one.
 * @param entries as for mxsel_store_get_fn, at most 64 at a time. Names as
 *        the library writes them, or nothing is known of them: small letters,
 *        no dot at the end, IPv6 as RFC 5952 has it.
 * @return what its function returned; MXSEL_ERANGE for more entries, and for
 *         a port that is none; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_store_get(mxsel_store *store,
	struct mxsel_memory_entry *entries, size_t count, uint32_t half_life,
	uint32_t budget);

/** @brief Give a store back. Memories that hold it keep it alive. */
MXSEL_API void mxsel_store_free(mxsel_store *store);

/**
 * @brief A store that is a memory of this process: what several memories
 *        share when nothing else is set up, and what tests share.
 * @return as mxsel_store_new(). The store keeps the memory alive.
 */
MXSEL_API int mxsel_store_new_memory(mxsel_store **out, mxsel_memory *shared);

/**
 * @brief Share what is known by way of a store; NULL: no more.
 *
 * What is reported is told to it. Before equals are ordered it is asked for
 * what was not asked within MXSEL_MEMORY_REFRESH, for MXSEL_MEMORY_BUDGET at
 * most; what it knows takes the place of what is known here, and when it does
 * not answer, what is known here counts. It can not make a selection fail.
 * Not while other threads use the memory. It is held until the memory ends.
 * @return 0; MXSEL_EUSAGE for no memory, and for a store that is this memory
 *         or a memory that has this one for its store.
 */
MXSEL_API int mxsel_memory_set_store(mxsel_memory *memory, mxsel_store *store);

#ifdef __cplusplus
}
#endif

#endif
