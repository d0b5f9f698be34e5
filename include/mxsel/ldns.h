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
	MXSEL_LDNS_MISMATCHED = 2,/**< datagrams that answered nothing asked */
	MXSEL_LDNS_MALFORMED = 3, /**< answers that broke the wire format */
	MXSEL_LDNS_TIMEOUTS = 4,  /**< tries that nobody answered in time */
	MXSEL_LDNS_TRUNCATED = 5  /**< answers that had to be asked over TCP */
};

/** @return one of the counters; 0 for other numbers and other resolvers. */
MXSEL_API uint64_t mxsel_ldns_statistic(const mxsel_resolver *r, int which);

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
