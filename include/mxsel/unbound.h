/**
 * @file
 * @brief A resolver for libmxsel that validates by itself (DNSSEC).
 *
 * Library libmxsel-unbound. libunbound asks the name servers of the Internet
 * (or a forwarder) and validates; its answers go as raw messages through
 * libmxsel's own decoder, with secure, insecure and bogus kept apart. This is
 * what DANE needs, for no word of another machine is believed.
 *
 * Make one, say what it needs, and either give mxsel_unbound_resolver() to
 * the options, which then block in mxsel_next(), or drive any number of
 * selections whose options have no resolver with mxsel_unbound_next() and an
 * event loop. libunbound works in threads of its own; nothing here waits
 * for the network but mxsel_next() and mxsel_unbound_wait().
 *
 * Threads: the resolver may be shared between threads. The functions for
 * event loops belong to one thread at a time. After fork() the child must
 * make a new one.
 */
#ifndef MXSEL_UNBOUND_H
#define MXSEL_UNBOUND_H

#include <mxsel/mxsel.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A libunbound context and the questions it works on. */
typedef struct mxsel_unbound mxsel_unbound;

/**
 * @brief Make one that asks from the root of the DNS.
 *
 * It has no trust anchor yet: without one every answer is
 * MXSEL_SECURITY_INDETERMINATE. Where there is no memory for random numbers,
 * libunbound 1.22 itself calls exit(): make it while the program starts.
 * @return 0; MXSEL_ENOMEM; MXSEL_ESYSTEM; MXSEL_EUSAGE when out is NULL.
 */
MXSEL_API int mxsel_unbound_new(mxsel_unbound **out);

/**
 * @brief Trust this key, or the keys of a file (DS or DNSKEY records as in a
 *        master file): mxsel_unbound_add_anchor(), _add_anchor_file().
 *
 * Records of class IN with an algorithm and digest in use (RFC 8624 3.1,
 * 3.3); others of a file are passed over. With anchors for a part of the DNS
 * only, what is outside of it is MXSEL_SECURITY_INSECURE. The file is read
 * when it is added, and never written; make a new one when it has changed.
 * @return 0; MXSEL_ESYNTAX, also when there is no such record; MXSEL_EFILE
 *         when the file cannot be read;
 *         MXSEL_ENOMEM; MXSEL_ESYSTEM; MXSEL_EUSAGE for NULL or after the
 *         first question.
 */
MXSEL_API int mxsel_unbound_add_anchor(mxsel_unbound *u, const char *anchor);
/** @brief See mxsel_unbound_add_anchor(). @return the same. */
MXSEL_API int mxsel_unbound_add_anchor_file(mxsel_unbound *u,
	const char *file);

/**
 * @brief Ask this server for everything, instead of from the root:
 *        "192.0.2.53", "127.0.0.1@5353": an address and perhaps a port,
 *        1..65535. Repeat for more.
 * @return 0; MXSEL_ESYNTAX; MXSEL_ENOMEM, MXSEL_ESYSTEM and MXSEL_EUSAGE as
 *         mxsel_unbound_add_anchor().
 */
MXSEL_API int mxsel_unbound_add_server(mxsel_unbound *u, const char *server);

/**
 * @brief Ask this server about a zone and what is below it: a split horizon,
 *        or a test's own tree. The server is authoritative.
 * @return as mxsel_unbound_add_server().
 */
MXSEL_API int mxsel_unbound_add_stub(mxsel_unbound *u, const char *zone,
	const char *server);

/**
 * @brief Set an option of unbound.conf(5): "module-config:", "iterator".
 * "trust-anchor:" is mxsel_unbound_add_anchor(). The options for files of
 * keys, "trust-anchor-file:", "auto-trust-anchor-file:" and
 * "trusted-keys-file:", are refused: use mxsel_unbound_add_anchor_file().
 * Without the module "validator", with "val-permissive-mode:" on or
 * "harden-dnssec-stripped:" off nothing is MXSEL_SECURITY_INSECURE any more:
 * it is MXSEL_SECURITY_INDETERMINATE.
 * @return as mxsel_unbound_add_server(); MXSEL_ESYNTAX also for an option or
 *         value that libunbound does not know, or that is refused.
 */
MXSEL_API int mxsel_unbound_set_option(mxsel_unbound *u, const char *option,
	const char *value);

/**
 * @brief Longest wait for one question, milliseconds, 1..600000; 10000.
 *
 * The time limit of the selection (MXSEL_OPT_TIME_LIMIT) holds besides.
 * @return 0; MXSEL_ERANGE; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_unbound_set_query_time(mxsel_unbound *u,
	int milliseconds);

/**
 * @brief The blocking resolver, for mxsel_options_set_resolver().
 * @return its own: not to be freed; NULL for NULL. Options that hold it keep
 *         all of it alive.
 */
MXSEL_API mxsel_resolver *mxsel_unbound_resolver(mxsel_unbound *u);

/**
 * @brief As mxsel_next(), with questions answered by it, without blocking.
 *
 * The selection's options have no resolver.
 * @return MXSEL_ATTEMPT and MXSEL_END as mxsel_next(); MXSEL_LOOKUP: it is
 *         under way, and comes back from mxsel_unbound_ready(); MXSEL_EUSAGE
 *         also for one that is under way already; MXSEL_ENOMEM (call again).
 */
MXSEL_API int mxsel_unbound_next(mxsel_unbound *u, mxsel *m);

/** @return a selection that can go on, each once; NULL: none now. */
MXSEL_API mxsel *mxsel_unbound_ready(mxsel_unbound *u);

/** @return the descriptor to watch for reading; -1 for NULL. */
MXSEL_API int mxsel_unbound_fd(const mxsel_unbound *u);

/**
 * @brief When to call mxsel_unbound_process() at the latest.
 * @return milliseconds from now; 0: at once; -1: nothing to wait for.
 */
MXSEL_API int mxsel_unbound_timeout(const mxsel_unbound *u);

/**
 * @brief Take the answers that are there, without waiting.
 * @return 0; MXSEL_ESYSTEM; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_unbound_process(mxsel_unbound *u);

/**
 * @brief The same, waiting first: at most milliseconds, -1: as long as need
 *        be. Returns early when a selection is ready or a signal came.
 * @return as mxsel_unbound_process().
 */
MXSEL_API int mxsel_unbound_wait(mxsel_unbound *u, int milliseconds);

/**
 * @brief Take a selection out; its open questions end with
 *        MXSEL_DNS_NETWORK. mxsel_reset() and mxsel_free() do so themselves.
 * @return 0; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_unbound_cancel(mxsel_unbound *u, mxsel *m);

/**
 * @brief Give it back. Options that hold its resolver keep that alive;
 *        selections under way are cancelled.
 */
MXSEL_API void mxsel_unbound_free(mxsel_unbound *u);

#ifdef __cplusplus
}
#endif

#endif
