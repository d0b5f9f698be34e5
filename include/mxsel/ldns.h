/**
 * @file
 * @brief Resolvers for libmxsel: sockets, and master files.
 *
 * Library libmxsel-ldns. ldns reads the records of master files; what goes
 * over the network is sent, checked and decoded by libmxsel itself.
 */
#ifndef MXSEL_LDNS_H
#define MXSEL_LDNS_H

#include <mxsel/mxsel.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief A blocking resolver that asks the servers of a resolv.conf.
 *
 * UDP with EDNS, TCP when an answer is truncated, the next server when one
 * fails; every answer is held against what was asked (address, port, id,
 * question). May be shared between threads. Without any server in the file
 * 127.0.0.1 is asked.
 * @param resolv_conf NULL: /etc/resolv.conf. "": no file and no server; add
 *        some with mxsel_ldns_add_server().
 * @return 0; MXSEL_EFILE when the file cannot be read; MXSEL_ENOMEM;
 *         MXSEL_EUSAGE when out is NULL.
 */
MXSEL_API int mxsel_ldns_new(mxsel_resolver **out, const char *resolv_conf);

/**
 * @brief Ask this server also: "192.0.2.53", "192.0.2.53@5353", "::1@53".
 * @return 0; MXSEL_ESYNTAX; MXSEL_ELIMIT beyond 32 servers; MXSEL_ENOMEM;
 *         MXSEL_EUSAGE when r is not from mxsel_ldns_new(), or has asked
 *         already.
 */
MXSEL_API int mxsel_ldns_add_server(mxsel_resolver *r, const char *server);

/**
 * @brief Longest wait for one question over all servers and tries.
 *
 * The time limit of the selection (MXSEL_OPT_TIME_LIMIT) holds besides.
 * @param milliseconds 1..600000; 10000 unless set.
 * @return 0; MXSEL_ERANGE; MXSEL_EUSAGE as mxsel_ldns_add_server().
 */
MXSEL_API int mxsel_ldns_set_query_time(mxsel_resolver *r, int milliseconds);

/**
 * @brief Make answers over UDP harder to guess, for questions asked from now
 *        on.
 * @param on 1: letters of the names asked over UDP are upper or lower case at
 *        random, and an answer must repeat them exactly; one that does not is
 *        asked again over TCP. 0 unless set.
 * @return as mxsel_ldns_set_query_time().
 */
MXSEL_API int mxsel_ldns_set_mix_case(mxsel_resolver *r, int on);

/**
 * @brief Whose word counts that an answer was validated (the AD bit), for
 *        questions asked from now on.
 *
 * An answer with the bit is MXSEL_SECURITY_SECURE, one without
 * MXSEL_SECURITY_INSECURE; where the servers are not trusted every answer is
 * MXSEL_SECURITY_INDETERMINATE. Anybody on the way to a server elsewhere can
 * set the bit.
 * @param trust -1 (unless set): the servers are trusted when each of them is a
 *        loopback address, or was named by a resolv.conf that says "options
 *        trust-ad". 0: not. 1: they are.
 * @return as mxsel_ldns_set_query_time().
 */
MXSEL_API int mxsel_ldns_set_trust_ad(mxsel_resolver *r, int trust);

/** @return 1 when the AD bit of its servers counts; else 0. */
MXSEL_API int mxsel_ldns_trusts_ad(const mxsel_resolver *r);

/**
 * @brief A selection in one call: every default, blocking.
 *
 * For programs with one destination. Others make the resolver and the options
 * once and use them for all.
 * @param server as mxsel_ldns_add_server(); NULL: those of
 *        /etc/resolv.conf.
 * @return 0; as mxsel_ldns_new(), mxsel_ldns_add_server() and mxsel_new().
 */
MXSEL_API int mxsel_ldns_select(mxsel **out, const char *destination,
	const char *server);

/** Counters of mxsel_ldns_statistic(). */
enum {
	MXSEL_LDNS_SENT_UDP = 0,  /**< questions sent over UDP */
	MXSEL_LDNS_SENT_TCP = 1,  /**< questions sent over TCP */
	MXSEL_LDNS_MISMATCHED = 2,/**< datagrams that answered nothing asked,
	                               or in letters of other case */
	MXSEL_LDNS_MALFORMED = 3, /**< answers that broke the wire format */
	MXSEL_LDNS_TIMEOUTS = 4,  /**< tries that nobody answered in time */
	MXSEL_LDNS_TRUNCATED = 5, /**< answers that had to be asked over TCP */
	MXSEL_LDNS_COALESCED = 6, /**< questions that joined one under way */
	MXSEL_LDNS_SOCKETS = 7,   /**< sockets that are open now */
	MXSEL_LDNS_CONNECTED = 8  /**< TCP connections that were made */
};

/** @return one of the counters; 0 for other numbers and other resolvers. */
MXSEL_API uint64_t mxsel_ldns_statistic(const mxsel_resolver *r, int which);

/* ------------------------------------------------------------------- engine */

/**
 * Any number of selections at once, on one thread.
 *
 * Call mxsel_engine_next() instead of mxsel_next(). At MXSEL_LOOKUP the
 * selection is under way; wait for mxsel_engine_fd() to be readable or for
 * mxsel_engine_timeout() to pass, call mxsel_engine_process(), and take those
 * that can go on from mxsel_engine_ready(). Nothing is called back.
 *
 * The selections' options have no resolver. Never are two questions for the
 * same name and type in flight: all selections that want the answer wait for
 * the one. With a cache in the options most questions are not asked at all.
 * So many questions are in flight to a server as it answers without loss; the
 * others wait in the engine. An engine belongs to one thread at a time;
 * several threads have one each, and may share options and cache.
 *
 * After fork() the child may go on: all is asked again on sockets of its own
 * with its next call, which may change mxsel_engine_fd(); the parent is not
 * disturbed.
 */
typedef struct mxsel_engine mxsel_engine;

/**
 * @brief Make an engine that asks the servers of a resolv.conf.
 * @param resolv_conf as for mxsel_ldns_new().
 * @return as mxsel_ldns_new(); MXSEL_ESYSTEM when there is no descriptor;
 *         MXSEL_EENTROPY.
 */
MXSEL_API int mxsel_engine_new(mxsel_engine **out, const char *resolv_conf);

/** @brief As mxsel_ldns_add_server(), before the first question. */
MXSEL_API int mxsel_engine_add_server(mxsel_engine *e, const char *server);

/** Integer settings for mxsel_engine_set(); numbers never change. */
enum {
	/** Longest time for one question over all servers and tries,
	    milliseconds, 1..600000; 10000. Waiting in the engine counts. The
	    selection's time limit holds besides, from mxsel_engine_next()
	    on. */
	MXSEL_ENGINE_QUERY_TIME = 1,
	/** Questions in flight over UDP to one server at most, 1..4096; 1024.
	    How many really are follows from what the server takes. */
	MXSEL_ENGINE_IN_FLIGHT = 2,
	/** 1: letters of the names asked over UDP are upper or lower case at
	    random, and an answer must repeat them exactly; one that does not
	    is asked again over TCP. 0 or 1; 0. */
	MXSEL_ENGINE_MIX_CASE = 3,
	/** Whether the AD bit counts, -1..1; -1: as
	    mxsel_ldns_set_trust_ad() says. */
	MXSEL_ENGINE_TRUST_AD = 4
};

/**
 * @brief Set one setting; for questions asked from now on.
 * @return 0; MXSEL_ERANGE for a value or setting that is none; MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_engine_set(mxsel_engine *e, int setting, int value);

/**
 * @brief As mxsel_next(), with questions answered by the engine.
 *
 * Call it for a new or reset selection, for one that mxsel_engine_ready()
 * returned, and after each attempt. To leave a host call mxsel_next_host(),
 * and this when that returns MXSEL_LOOKUP.
 * @return MXSEL_ATTEMPT and MXSEL_END as mxsel_next(); MXSEL_LOOKUP: it is
 *         under way, and comes back from mxsel_engine_ready(); MXSEL_EUSAGE
 *         also for one that is under way already; MXSEL_ENOMEM (call again).
 *         Where only the engine had no memory, the question ends with
 *         MXSEL_DNS_NETWORK.
 */
MXSEL_API int mxsel_engine_next(mxsel_engine *e, mxsel *m);

/**
 * @brief A selection that can go on: call mxsel_engine_next() for it.
 *
 * Also one whose time is up. Each comes once.
 * @return NULL when there is none now.
 */
MXSEL_API mxsel *mxsel_engine_ready(mxsel_engine *e);

/**
 * @brief Take a selection out; its open questions end with
 *        MXSEL_DNS_NETWORK.
 *
 * mxsel_reset() and mxsel_free() of one that is under way do so by
 * themselves. Legal at any time, also when it is not there.
 * @return 0; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_engine_cancel(mxsel_engine *e, mxsel *m);

/**
 * @brief The descriptor to watch: readable when there is something to do.
 * @return a descriptor that is the engine's, for poll(), epoll, kqueue or an
 *         event library only; -1 on systems that have no such thing: use
 *         mxsel_engine_wait() there.
 */
MXSEL_API int mxsel_engine_fd(const mxsel_engine *e);

/**
 * @brief When to call mxsel_engine_process() at the latest.
 * @return milliseconds from now; 0: at once, for something is to be sent or
 *         ready; -1: nothing to wait for.
 */
MXSEL_API int mxsel_engine_timeout(const mxsel_engine *e);

/**
 * @brief Do all that can be done now, without waiting: send, receive, time
 *        out.
 * @return 0; MXSEL_ESYSTEM (no clock); MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_engine_process(mxsel_engine *e);

/**
 * @brief The same for programs without an event loop: wait first.
 * @param milliseconds longest wait, 0: none, -1: as long as need be. Returns
 *        early when a selection is ready or a signal came, at once when there
 *        is nothing to wait for.
 * @return as mxsel_engine_process().
 */
MXSEL_API int mxsel_engine_wait(mxsel_engine *e, int milliseconds);

/** @return selections under way, those that are ready included. */
MXSEL_API size_t mxsel_engine_count(const mxsel_engine *e);

/**
 * @return questions that wait in the engine because as many as may be are in
 *         flight. To begin further selections while there are any gains
 *         nothing.
 */
MXSEL_API size_t mxsel_engine_queued(const mxsel_engine *e);

/** @return a counter, MXSEL_LDNS_*; 0 for other numbers and NULL. */
MXSEL_API uint64_t mxsel_engine_statistic(const mxsel_engine *e, int which);

/**
 * @brief Free it. Selections under way stay: their open questions end with
 *        MXSEL_DNS_NETWORK.
 */
MXSEL_API void mxsel_engine_free(mxsel_engine *e);

/**
 * @brief Monotonic milliseconds, for mxsel_cache_new().
 *
 * Exact to a few milliseconds. @param user is not looked at.
 */
MXSEL_API uint64_t mxsel_ldns_clock(void *user);

/**
 * @brief The time of day in milliseconds since 1970 (UTC), for
 *        mxsel_memory_new().
 *
 * It may leap and go back with the system's clock, and means the same in
 * every process and after a restart of the machine. 0: it cannot be read.
 * @param user is not looked at.
 */
MXSEL_API uint64_t mxsel_ldns_time_of_day(void *user);

/* ------------------------------------------------------------- master files */

/**
 * @brief A resolver that answers from master files (RFC 1035, 5).
 *
 * Each file is one zone, named by its SOA. Answers are those an
 * authoritative server gives: CNAMEs, wildcards, NODATA, NXDOMAIN,
 * delegations. Names outside every zone are REFUSED. No network. May be
 * shared between threads.
 *
 * A file is refused as a whole: records outside its zone, another class than
 * IN, none or two SOA, $INCLUDE and $GENERATE are errors. Without $ORIGIN
 * relative names are below the owner of the SOA.
 * @return 0; MXSEL_EFILE when a file is missing, does not parse or has no
 *         SOA; MXSEL_ENOMEM; MXSEL_EUSAGE for NULL or count 0.
 */
MXSEL_API int mxsel_ldns_zone_new(mxsel_resolver **out,
	const char *const *files, size_t count);

/**
 * @brief The same from a zone's text in memory.
 * @return as mxsel_ldns_zone_new().
 */
MXSEL_API int mxsel_ldns_zone_text_new(mxsel_resolver **out,
	const char *text);

/**
 * @brief Give the addresses of this machine's interfaces to
 *        mxsel_options_add_self_address().
 *
 * Nothing calls it by itself: behind NAT or a proxy it is not enough.
 * @return how many were given; MXSEL_ESYSTEM; MXSEL_ENOMEM; MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_ldns_add_interfaces(mxsel_options *options);

#ifdef __cplusplus
}
#endif

#endif
