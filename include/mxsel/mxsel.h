/**
 * @file
 * @brief Choose the hosts that take mail for a destination (RFC 5321, 5.1).
 *
 * Make a ::mxsel for a destination. Call mxsel_next(): at each
 * MXSEL_ATTEMPT, try the address it stopped at. At MXSEL_END there is
 * nothing left, and the verdict says why: to defer or to bounce, with the
 * codes for the log and for the bounce. The core opens no socket, reads no
 * file (but mxsel_memory_load()), starts no thread, has no clock and prints
 * nothing. Where it needs the DNS it asks, in one of two ways, with one
 * machine behind both:
 *
 *  - pull: mxsel_next() returns MXSEL_LOOKUP; take the open questions with
 *    mxsel_query_take(), answer them in any order, from any event loop, as
 *    records or as the raw DNS message, then call mxsel_next() again;
 *  - resolver: give the options a ::mxsel_resolver (yours, a mock from
 *    <mxsel/mock.h>, sockets or master files from <mxsel/ldns.h>). With one
 *    that answers at once or that can wait, everything is blocking and
 *    MXSEL_LOOKUP never appears; with one that answers later mxsel_next()
 *    returns MXSEL_LOOKUP while it works.
 *
 * Threads: there is no global state. A selection belongs to one thread at a
 * time. Options may be shared: they cannot be changed while a selection uses
 * them.
 *
 * Strings are NUL-terminated. Names are lower-case A-labels without the
 * final dot. A returned pointer belongs to the object asked and lives until
 * the next call that changes that object. What comes back through T **out is
 * yours to free. Every free function takes NULL.
 *
 * Results: a negative number is an error of the call (MXSEL_ENOMEM,
 * MXSEL_EUSAGE, ...), and the object is as it was before it. The fate of the
 * mail is never there but in the verdict. NULL where an object is wanted
 * gives MXSEL_EUSAGE, or 0, NULL or "" from an accessor; nothing aborts.
 */
#ifndef MXSEL_MXSEL_H
#define MXSEL_MXSEL_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/version.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) && __GNUC__ >= 4
#define MXSEL_API __attribute__((visibility("default")))
#else
#define MXSEL_API
#endif

struct sockaddr;

/** One destination: its plan, its cursor, its verdict. */
typedef struct mxsel mxsel;
/** Settings, made with setters only; shared by any number of selections. */
typedef struct mxsel_options mxsel_options;
/** One DNS question, and its answer while it is put together. */
typedef struct mxsel_query mxsel_query;
/** Somebody who answers questions. */
typedef struct mxsel_resolver mxsel_resolver;
/** Answers kept until their TTL: <mxsel/cache.h>. */
typedef struct mxsel_cache mxsel_cache;
/** How hosts behaved: <mxsel/memory.h>. */
typedef struct mxsel_memory mxsel_memory;
/** An MTA-STS policy: <mxsel/security.h>. */
typedef struct mxsel_sts mxsel_sts;

/* --------------------------------------------------------- results of calls */

/** What mxsel_next() came to. */
enum {
	MXSEL_END = 0,     /**< nothing left; read the verdict */
	MXSEL_ATTEMPT = 1, /**< try the address the accessors speak of */
	MXSEL_LOOKUP = 2   /**< questions are open; answer, then call again */
};

/** Errors of a call: always negative, never -errno, numbers never change. */
enum {
	MXSEL_OK = 0,          /**< it was done */
	MXSEL_ENOMEM = -1,     /**< no memory; the object stays usable */
	MXSEL_EUSAGE = -2,     /**< NULL, or a call at the wrong moment */
	MXSEL_ERANGE = -3,     /**< a number outside its documented range */
	MXSEL_ESYNTAX = -4,    /**< a name or address that is none */
	MXSEL_ELIMIT = -5,     /**< more than a DNS message could carry */
	MXSEL_EMISMATCH = -6,  /**< a message that answers another question */
	MXSEL_EMALFORMED = -7, /**< a message that breaks the wire format */
	MXSEL_ESPACE = -8,     /**< the buffer given is too small */
	MXSEL_EENTROPY = -9,   /**< the system gave no random numbers */
	MXSEL_ESYSTEM = -10,   /**< a system call failed; nothing was changed */
	MXSEL_EFILE = -11,     /**< a file is missing, cannot be written, or
	                            does not parse */
	MXSEL_ECANCELED = -12  /**< the object was freed inside a callback */
};

/**
 * @brief One sentence for an error number.
 * @return a constant string, never NULL; "unknown error" for other numbers.
 */
MXSEL_API const char *mxsel_strerror(int error);

/** @return the version of the library that runs, for example "0.1.0". */
MXSEL_API const char *mxsel_version(void);

/* ------------------------------------------------------------------ options */

/**
 * @brief Get, resize or release memory: the one allocator function.
 *
 * size 0 releases pointer (which may be NULL) and returns NULL; pointer NULL
 * allocates; else the block is resized. NULL means that there is no memory,
 * and the old block stands. Memory is aligned as malloc() aligns it.
 */
typedef void *(*mxsel_alloc_fn)(void *pointer, size_t size, void *user);

/** Integer settings for mxsel_options_set(); numbers never change. */
enum {
	/** TCP port of the attempts, 1..65535; 25. "host:port" overrides. */
	MXSEL_OPT_PORT = 1,
	/** Order of the families within a host, MXSEL_FAMILY_*; interleave. */
	MXSEL_OPT_FAMILY = 2,
	/** What is shuffled among equals, MXSEL_SHUFFLE_*; hosts. */
	MXSEL_OPT_SHUFFLE = 3,
	/** 1: NXDOMAIN still tries the domain's own addresses; 0. */
	MXSEL_OPT_IMPLICIT_ON_NXDOMAIN = 4,
	/** 1: a root among other MX records means null MX (RFC 7505); 0. */
	MXSEL_OPT_STRICT_NULL_MX = 5,
	/** Links of a CNAME chain that are followed, 0..16; 10. */
	MXSEL_OPT_MAX_ALIASES = 6,
	/** 1: an exchange written as an IP address is used as one; 0. */
	MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS = 7,
	/** 1: an exchange that is an alias is not used (RFC 2181, 10.3); 0. */
	MXSEL_OPT_REFUSE_EXCHANGE_ALIAS = 8,
	/** 1: no exchange with an address is temporary, not permanent; 0. */
	MXSEL_OPT_DEFER_NO_HOST = 9,
	/** 1: every address filtered is temporary, not permanent; 0. */
	MXSEL_OPT_DEFER_FILTERED = 10,
	/** 1: loopback addresses may be handed out; 0. */
	MXSEL_OPT_ALLOW_LOOPBACK = 11,
	/** 1: link-local addresses may be handed out; 0. */
	MXSEL_OPT_ALLOW_LINK_LOCAL = 12,
	/** 1: RFC 1918, shared (CGNAT) and unique local are refused; 0. */
	MXSEL_OPT_REFUSE_PRIVATE = 13,
	/** 1: names under .local are asked in the DNS; 0. */
	MXSEL_OPT_ASK_LOCAL = 14,
	/** 1: .onion gives one attempt without address, for a proxy; 0. */
	MXSEL_OPT_HAND_OUT_ONION = 15,
	/** MX records considered, best first; 100. 0: unlimited. */
	MXSEL_OPT_MAX_RECORDS = 16,
	/** Hosts used, best first; 16. 0: unlimited. */
	MXSEL_OPT_MAX_HOSTS = 17,
	/** Addresses used of one host, and looked at of one answer: its first;
	    16. 0: unlimited. */
	MXSEL_OPT_MAX_HOST_ADDRESSES = 18,
	/** Addresses in all, also those that a report passes over; 64. 0:
	    unlimited. */
	MXSEL_OPT_MAX_ADDRESSES = 19,
	/** Questions asked for one selection; 40. 0: unlimited. */
	MXSEL_OPT_MAX_QUERIES = 20,
	/** 1: the domain is a sender's; its null MX gives 550 5.7.27; 0. */
	MXSEL_OPT_SENDER = 21,
	/** 1: one address may come again under another host's name; 0. */
	MXSEL_OPT_KEEP_DUPLICATES = 22,
	/** The port on which we take mail ourselves, 1..65535; 25. */
	MXSEL_OPT_SELF_PORT = 23,
	/** Milliseconds that the DNS may take in all; 30000. 0: no end. When
	    they are used up, open questions end with MXSEL_DNS_TIMEOUT. */
	MXSEL_OPT_TIME_LIMIT = 24,
	/** Attempts handed out in all, shared fairly: every host of a
	    preference has one before any has its third, and one address of
	    each family is kept. 2 or more; 1 must be meant. 0: no limit; 0. */
	MXSEL_OPT_MAX_ATTEMPTS = 25,
	/** 1: every decision is kept for mxsel_trace_event(); 0. */
	MXSEL_OPT_TRACE = 26,
	/** Hosts beyond those looked up now whose addresses are asked for as
	    well, while an attempt runs; 0..128. 0: none until they are needed
	    (lazy). 128: all. 0. A blocking resolver asks when it waits. */
	MXSEL_OPT_PREFETCH = 27,
	/** 1: TLSA records decide how a host must be reached (RFC 7672), see
	    <mxsel/security.h>; needs a resolver that validates. 0. */
	MXSEL_OPT_DANE = 28,
	/** TLSA records of hosts that an insecure MX answer named,
	    MXSEL_INSECURE_MX_*; dane (RFC 7672, 2.2.1). */
	MXSEL_OPT_DANE_INSECURE_MX = 29
};

/** Values of MXSEL_OPT_DANE_INSECURE_MX. */
enum {
	MXSEL_INSECURE_MX_DANE = 0,    /**< as those of a secure one */
	MXSEL_INSECURE_MX_ENCRYPT = 1, /**< TLS is required, no more */
	MXSEL_INSECURE_MX_MAY = 2      /**< not looked up */
};

/** Values of MXSEL_OPT_FAMILY. */
enum {
	MXSEL_FAMILY_INTERLEAVE = 0, /**< alternate, IPv6 first */
	MXSEL_FAMILY_ANY = 1,        /**< alternate, first one at random */
	MXSEL_FAMILY_V6_FIRST = 2,   /**< all IPv6, then all IPv4 */
	MXSEL_FAMILY_V4_FIRST = 3,   /**< all IPv4, then all IPv6 */
	MXSEL_FAMILY_V6_ONLY = 4,    /**< IPv4 is switched off here */
	MXSEL_FAMILY_V4_ONLY = 5     /**< IPv6 is switched off here */
};

/** Values of MXSEL_OPT_SHUFFLE. */
enum {
	MXSEL_SHUFFLE_HOSTS = 0,     /**< every host the same share */
	MXSEL_SHUFFLE_ADDRESSES = 1, /**< every address the same share */
	MXSEL_SHUFFLE_NONE = 2       /**< by name, always the same */
};

/**
 * @brief Make a set of options with every default.
 * @return 0; MXSEL_ENOMEM; MXSEL_EUSAGE when out is NULL.
 */
MXSEL_API int mxsel_options_new(mxsel_options **out);

/**
 * @brief The same, with memory from allocate instead of malloc().
 *
 * The options and every selection made from them use it. user is handed
 * back to it and must live as long as any of them.
 * @return 0; MXSEL_ENOMEM; MXSEL_EUSAGE when out or allocate is NULL.
 */
MXSEL_API int mxsel_options_new_with_allocator(mxsel_options **out,
	mxsel_alloc_fn allocate, void *user);

/**
 * @brief A copy that can be changed: same settings, allocator and resolver.
 * @return 0; MXSEL_ENOMEM; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_options_copy(mxsel_options **out,
	const mxsel_options *options);

/**
 * @brief Give the options back. Selections that use them keep them alive.
 */
MXSEL_API void mxsel_options_free(mxsel_options *options);

/**
 * @brief Set one integer setting, MXSEL_OPT_*.
 * @return 0; MXSEL_ERANGE when the value is outside the setting's range or
 *         the setting does not exist; MXSEL_EUSAGE for NULL, or while a
 *         selection uses the options.
 */
MXSEL_API int mxsel_options_set(mxsel_options *options, int option,
	int value);

/**
 * @brief Read one integer setting.
 * @return its value; MXSEL_ERANGE: no such setting; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_options_get(const mxsel_options *options, int option);

/**
 * @brief The name of a setting, for settings that come as text: "max_hosts".
 *
 * The numbers of the settings follow each other from 1: who counts up to the
 * first NULL has seen all.
 * @return the name after MXSEL_OPT_, in small letters; NULL: no such number.
 */
MXSEL_API const char *mxsel_option_name(int option);

/**
 * @brief Fix the seed of the order among equals.
 *
 * Same seed and same answers give the same order (whatever the order of the
 * records in the answers). Without it each selection takes its seed from the
 * operating system when it is new and at every 256th reset, and derives those
 * between from that. After fork() a selection made before goes on with the
 * same seeds in parent and child; new ones draw anew.
 * @return 0; MXSEL_EUSAGE for NULL, or while a selection uses the options.
 */
MXSEL_API int mxsel_options_set_seed(mxsel_options *options, uint64_t seed);

/**
 * @brief Let a resolver answer the questions; NULL: pull (the default).
 *
 * The options keep the resolver alive until they are freed.
 * @return 0; MXSEL_EUSAGE for NULL options, or while a selection uses them.
 */
MXSEL_API int mxsel_options_set_resolver(mxsel_options *options,
	mxsel_resolver *resolver);

/**
 * @brief Keep answers in a cache, and look there before a question is asked.
 *
 * One cache may serve any number of options and threads. What it answers
 * counts as a question of the selection all the same, so that limits do not
 * depend on it; mxsel_query_take() and resolvers do not see it. NULL: none
 * (the default). The options keep the cache alive until they are freed.
 * @return 0; MXSEL_EUSAGE for NULL options, or while a selection uses them.
 */
MXSEL_API int mxsel_options_set_cache(mxsel_options *options,
	mxsel_cache *cache);

/**
 * @brief One of our own host names (RFC 5321, 5.1: mail loops).
 *
 * An MX with this name, and every MX of the same or a higher preference
 * number, is dropped. Nothing is guessed: give every name we take mail as.
 * @return 0; MXSEL_ESYNTAX when it is no host name; MXSEL_ENOMEM;
 *         MXSEL_EUSAGE for NULL, or while a selection uses the options.
 */
MXSEL_API int mxsel_options_add_self_name(mxsel_options *options,
	const char *name);

/**
 * @brief One of our own addresses, as text; also those of a NAT or proxy.
 *
 * Counts only for attempts at MXSEL_OPT_SELF_PORT. Once any is given, all
 * hosts of a preference are looked up before one of them is handed out.
 * @return as mxsel_options_add_self_name().
 */
MXSEL_API int mxsel_options_add_self_address(mxsel_options *options,
	const char *address);

/**
 * @brief Allow a network the address filter would refuse: "192.0.2.0/24".
 *
 * That is loopback, link-local and private ones; the unspecified address,
 * multicast, broadcast and reserved networks stay refused.
 * @return as mxsel_options_add_self_name(); MXSEL_ESYNTAX also when bits
 *         beyond the prefix length are set.
 */
MXSEL_API int mxsel_options_allow_network(mxsel_options *options,
	const char *network);

/**
 * @brief Declare a NAT64 prefix of this site (RFC 6052): "2001:db8:64::/96".
 *
 * Addresses under it are judged as the IPv4 address inside. 64:ff9b::/96 is
 * always known. Length 32, 40, 48, 56, 64 or 96.
 * @return as mxsel_options_allow_network().
 */
MXSEL_API int mxsel_options_add_nat64(mxsel_options *options,
	const char *prefix);

/**
 * @brief Refuse exchanges by name: typo-squatters, parking services.
 *
 * In pattern, '*' stands for any octets and '?' for one. code (4xx or 5xx),
 * status ("5.7.1", NULL for the default of the class) and text (NULL for a
 * default) are the verdict when nothing else is left.
 * @return as mxsel_options_add_self_name(); MXSEL_ERANGE when code is not
 *         400..599 or status is of another class; MXSEL_ESYNTAX when pattern
 *         is empty or over 253 octets, or a control character is in it or in
 *         text.
 */
MXSEL_API int mxsel_options_refuse_exchange(mxsel_options *options,
	const char *pattern, int code, const char *status, const char *text);

/**
 * @brief How much the caller favours a host among its equals.
 *
 * "Clear reason to favor one" (RFC 5321, 5.1): an open connection, say. Called
 * for each host of an MX answer; the higher number goes first, equal ones stay
 * as they were shuffled. A preference is never crossed. Only the name may be
 * looked at, and nothing of the library called.
 */
typedef int (*mxsel_rank_fn)(const char *host, void *user);

/**
 * @brief Set the function that favours hosts; NULL: none (the default).
 * @return 0; MXSEL_EUSAGE for NULL options, or while a selection uses them.
 */
MXSEL_API int mxsel_options_set_rank(mxsel_options *options,
	mxsel_rank_fn rank, void *user);

/**
 * @brief Turn a domain with letters beyond ASCII into A-labels.
 *
 * name is UTF-8, length octets. Write the A-labels and a NUL to out, which has
 * room for 254 octets.
 * @return 0; MXSEL_ENOMEM, which mxsel_new() then returns; another negative
 *         number when name is no valid internationalised domain name: the
 *         destination is then 550 5.1.2.
 */
typedef int (*mxsel_idn_fn)(const char *name, size_t length, char *out,
	void *user);

/**
 * @brief Set the function for internationalised names; NULL: none.
 *
 * Without it such a destination is refused with 501 5.1.3. It is called for
 * names with octets beyond ASCII and for names with an "xn--" label, which it
 * checks. <mxsel/idn2.h> has one.
 * @return 0; MXSEL_EUSAGE for NULL options, or while a selection uses them.
 */
MXSEL_API int mxsel_options_set_idn(mxsel_options *options, mxsel_idn_fn idn,
	void *user);

/**
 * @brief Take one line of a record: NUL-terminated, without newline.
 *
 * Printable ASCII, as long as it must be: a raw answer of 64 KiB is a line of
 * over 131,000 characters. Nothing of the library may be called.
 */
typedef void (*mxsel_record_fn)(const char *line, void *user);

/**
 * @brief Write down what a selection is told, to replay it; NULL: nobody.
 *
 * The lines of one selection, in the order they came, make a record that
 * mxsel_mock_replay() in <mxsel/mock.h> plays back. A new selection and a
 * reset begin a new record with "mxsel-record 1"; lines do not say of which
 * selection they are, so give options with a recorder to one at a time.
 * @return 0; MXSEL_EUSAGE for NULL options, or while a selection uses them.
 */
MXSEL_API int mxsel_options_set_recorder(mxsel_options *options,
	mxsel_record_fn record, void *user);

/* ---------------------------------------------------------------- selection */

/**
 * @brief Begin a selection.
 *
 * destination is a domain, a mailbox, an address literal or a next hop
 * ("[host]", "host:port", "[host]:port"). One that is none of them is not an
 * error of the call: the first mxsel_next() ends with the verdict
 * MXSEL_REASON_BAD_DESTINATION, without a question.
 * @param options kept alive by the selection; NULL: every default, pull.
 * @return 0; MXSEL_ENOMEM; MXSEL_EUSAGE when out or destination is NULL.
 */
MXSEL_API int mxsel_new(mxsel **out, const char *destination,
	const mxsel_options *options);

/**
 * @brief The same for a destination of known length, which may hold NULs.
 * @return as mxsel_new().
 */
MXSEL_API int mxsel_new_bytes(mxsel **out, const char *destination,
	size_t length, const mxsel_options *options);

/**
 * @brief Begin again with another destination, the same options and memory.
 *
 * Open questions are cancelled. Without new allocation once the selection
 * has grown to the size its destinations need. After MXSEL_ENOMEM the old
 * destination is gone and mxsel_next() says MXSEL_ENOMEM until a reset
 * succeeds.
 * @return 0; MXSEL_ENOMEM; MXSEL_EUSAGE for NULL or inside a callback;
 *         MXSEL_ECANCELED when a cancel function freed the selection.
 */
MXSEL_API int mxsel_reset(mxsel *m, const char *destination);

/**
 * @brief The same for a destination of known length, which may hold NULs.
 * @return as mxsel_reset().
 */
MXSEL_API int mxsel_reset_bytes(mxsel *m, const char *destination,
	size_t length);

/**
 * @brief Hear of questions that nobody waits for any more, in pull mode.
 *
 * Called for each question that was taken and not answered when the selection
 * is reset or freed or its time is used up; the pointer dies then. Called
 * with NULL when the selection itself is reset or freed. One function a
 * selection, kept over resets; NULL: none. Whoever answers later than at once
 * (an engine, a pool of threads) wants it; a resolver has its own.
 * @return 0; MXSEL_EUSAGE when m is NULL.
 */
MXSEL_API int mxsel_set_cancel(mxsel *m,
	void (*cancel)(mxsel_query *query, void *user), void *user);

/**
 * @brief For those who answer questions: is the selection in my hands?
 * @return user when mxsel_set_cancel() was given this function last, else
 *         NULL.
 */
MXSEL_API void *mxsel_cancel_user(const mxsel *m,
	void (*cancel)(mxsel_query *query, void *user));

/**
 * @brief Keep a pointer of the caller's with the selection, over resets too:
 *        to find his own delivery again from mxsel_query_selection().
 * @return 0; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_set_user(mxsel *m, void *user);

/** @return what mxsel_set_user() was given last, NULL before. */
MXSEL_API void *mxsel_user(const mxsel *m);

/**
 * @brief Free a selection. Open questions are cancelled.
 *
 * Legal at any time, inside a callback as well: a running mxsel_next() then
 * returns MXSEL_ECANCELED.
 */
MXSEL_API void mxsel_free(mxsel *m);

/**
 * @brief Go on to the next address to try.
 *
 * Nothing that was handed out comes again before mxsel_rewind().
 * @return MXSEL_ATTEMPT, MXSEL_LOOKUP (call again when a question is
 *         answered), MXSEL_END (and again MXSEL_END from then on);
 *         MXSEL_ENOMEM, MXSEL_EENTROPY (call again, nothing is lost);
 *         MXSEL_EUSAGE for NULL or inside a callback; MXSEL_ECANCELED when a
 *         callback freed the selection, which then is gone.
 */
MXSEL_API int mxsel_next(mxsel *m);

/**
 * @brief Leave the other addresses of the host reached, then mxsel_next().
 *
 * When it returns MXSEL_LOOKUP or MXSEL_ENOMEM the host is left already: go
 * on with mxsel_next().
 * @return as mxsel_next(); MXSEL_EUSAGE when no attempt is reached.
 */
MXSEL_API int mxsel_next_host(mxsel *m);

/**
 * @brief Go back to before the first attempt: same order, no new question
 *        for what is known already. Reports are forgotten.
 * @return 0; MXSEL_EUSAGE for NULL or inside a callback.
 */
MXSEL_API int mxsel_rewind(mxsel *m);

/**
 * @brief The selection as octets, to go on with it after a restart.
 *
 * Destination, seed, hosts in their order, the addresses known, the place
 * reached, what was dropped and what was reported are in it, and how each host
 * must be reached, with its TLSA records; questions that are open are not and
 * will be asked again, and mxsel_trace_event() and mxsel_tlsrpt() begin anew.
 * A plan of five hosts without TLSA records takes less than 1 KiB. The octets
 * are the same on every machine.
 * @param size in: room at bytes; out: the size.
 * @return 0; MXSEL_ESPACE (size is set); MXSEL_ENOMEM for a selection that has
 *         no destination after a failed reset; MXSEL_EUSAGE for NULL or inside
 *         a callback.
 */
MXSEL_API int mxsel_save(const mxsel *m, uint8_t *bytes, size_t *size);

/**
 * @brief Go on with a selection that was saved.
 *
 * It is at the same place: the attempt that was reached is reached again, the
 * next one is the same. What is decided stays; what is still to be decided
 * goes by options, whose seed is not used. The time limit begins anew. Where
 * the plan was not made yet, an MTA-STS policy must be given again.
 * @param options as for mxsel_new().
 * @return 0; MXSEL_ESYNTAX when the octets are not what mxsel_save() wrote;
 *         MXSEL_EMISMATCH when the options forbid a host or an address in
 *         them (ourselves, the address filter, a family), or want DANE of a
 *         host that was reached without, or not of one that was looked up:
 *         begin anew with mxsel_new(); MXSEL_ENOMEM; MXSEL_EUSAGE for
 *         NULL.
 */
MXSEL_API int mxsel_resume(mxsel **out, const uint8_t *bytes, size_t size,
	const mxsel_options *options);

/* ------------------------------------------------- what the selection knows */

/** Where hosts come from: mxsel_source(), mxsel_host_source(). */
enum {
	MXSEL_SOURCE_NONE = 0,     /**< nothing known (yet) */
	MXSEL_SOURCE_MX = 1,       /**< MX records */
	MXSEL_SOURCE_IMPLICIT = 2, /**< no MX record: the domain itself */
	MXSEL_SOURCE_LITERAL = 3,  /**< the destination is an address */
	MXSEL_SOURCE_STATIC = 4    /**< the destination names the host */
};

/** Bits of mxsel_flags(): what was unusual. */
enum {
	MXSEL_FLAG_LIMITED = 1,            /**< a limit cut something off */
	MXSEL_FLAG_INCOMPLETE = 2,         /**< one family failed for now */
	MXSEL_FLAG_MIXED_NULL_MX = 4,      /**< a root among other MX records */
	MXSEL_FLAG_NULL_MX_PREFERENCE = 8, /**< null MX, preference not 0 */
	MXSEL_FLAG_DOMAIN_IS_ALIAS = 16,   /**< CNAME at the domain */
	MXSEL_FLAG_MX_IS_ALIAS = 32,       /**< an exchange is a CNAME */
	MXSEL_FLAG_MX_IS_ADDRESS = 64,     /**< an exchange is an IP address */
	MXSEL_FLAG_BAD_MX_NAME = 128,      /**< an exchange is no host name */
	MXSEL_FLAG_DUPLICATE_MX = 256,     /**< an exchange listed twice */
	MXSEL_FLAG_DUPLICATE_ADDRESS = 512, /**< an address at two hosts */
	MXSEL_FLAG_SELF = 1024,            /**< we are among the hosts */
	MXSEL_FLAG_FILTERED = 2048,        /**< an address was refused */
	MXSEL_FLAG_FAMILY_OFF = 4096,      /**< a host is out of reach because
	                                        a family is switched off */
	MXSEL_FLAG_ALIAS_LOOP = 8192,      /**< a CNAME chain in a circle */
	MXSEL_FLAG_ALIAS_CHAIN = 16384,    /**< a CNAME chain too long */
	MXSEL_FLAG_IMPLICIT_NXDOMAIN = 32768, /**< used MXSEL_OPT_IMPLICIT_.. */
	MXSEL_FLAG_MEMORY = 65536          /**< a memory changed an order */
};

/** @return the destination as it was given: its first 1024 octets, up to the
 *          first NUL. */
MXSEL_API const char *mxsel_destination(const mxsel *m);

/** @return the domain asked about, before aliases; "" for a literal. */
MXSEL_API const char *mxsel_original_domain(const mxsel *m);

/** @return the domain after the CNAMEs met so far; "" for a literal. */
MXSEL_API const char *mxsel_domain(const mxsel *m);

/** @return MXSEL_SOURCE_* of the plan. */
MXSEL_API int mxsel_source(const mxsel *m);

/** @return the name of a MXSEL_SOURCE_* number: "none", "mx", "implicit",
 *          "literal", "static"; NULL: no such number. */
MXSEL_API const char *mxsel_source_name(int source);

/** @return 1 when the answer that named the hosts was DNSSEC-secure. */
MXSEL_API int mxsel_is_secure(const mxsel *m);

/** @return MXSEL_FLAG_* bits, of everything looked at so far. */
MXSEL_API uint32_t mxsel_flags(const mxsel *m);

/** @return the name of one flag bit, "mixed_null_mx"; NULL: no such bit. */
MXSEL_API const char *mxsel_flag_name(uint32_t flag);

/**
 * @brief Seconds for which everything used so far may be kept.
 *
 * The smallest TTL of all answers used, 2147483647 when none was; a TTL
 * above that counts as 0 (RFC 2181, 8); negative answers by their SOA (RFC
 * 2308); failures 5 seconds (RFC 9520).
 */
MXSEL_API uint32_t mxsel_ttl(const mxsel *m);

/** @return how many questions were asked so far. */
MXSEL_API size_t mxsel_query_count(const mxsel *m);

/**
 * @brief The seed of this selection, to get the same order again.
 * @return 0; MXSEL_EENTROPY when it must be drawn and cannot; MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_seed(mxsel *m, uint64_t *seed);

/* ------------------------------------------------------ the attempt reached */

/* Before the first MXSEL_ATTEMPT and after MXSEL_END: NULL, 0 or -1. */

/** @return the MX's name as published: for logs, TLS, MTA-STS. For an
 *          address literal the address as text. */
MXSEL_API const char *mxsel_host_name(const mxsel *m);
/** @return the name that has the addresses, after aliases. */
MXSEL_API const char *mxsel_host_canonical(const mxsel *m);
/** @return the preference, 0..65535; 0 without MX record; -1: no attempt. */
MXSEL_API int mxsel_host_preference(const mxsel *m);
/** @return the host's place in the order of the plan, from 0; -1. */
MXSEL_API int mxsel_host_rank(const mxsel *m);
/** @return MXSEL_SOURCE_* of this host. */
MXSEL_API int mxsel_host_source(const mxsel *m);
/** @return 1 when one of the host's families failed for now. */
MXSEL_API int mxsel_host_is_incomplete(const mxsel *m);
/** @return 1 when this address came in a DNSSEC-secure answer. */
MXSEL_API int mxsel_address_is_secure(const mxsel *m);
/** @return the address as text (RFC 5952); "" for an .onion attempt. */
MXSEL_API const char *mxsel_address(const mxsel *m);
/** @return the TCP port to connect to, 1..65535. */
MXSEL_API int mxsel_port(const mxsel *m);

/**
 * @brief The attempt as a socket address for connect().
 * @param size in: room at sa; out: the size needed.
 * @return 0; MXSEL_ESPACE (size is set); MXSEL_EUSAGE when no attempt is
 *         reached or it has no address (.onion).
 */
MXSEL_API int mxsel_sockaddr(const mxsel *m, struct sockaddr *sa,
	size_t *size);

/* ------------------------------------------------------------- how it went */

/** What became of an attempt: mxsel_report(). Numbers never change. */
enum {
	MXSEL_OUTCOME_DELIVERED = 1,  /**< accepted after the data */
	MXSEL_OUTCOME_REFUSED = 2,    /**< no connection: refused, no route */
	MXSEL_OUTCOME_TIMEOUT = 3,    /**< no connection in time */
	MXSEL_OUTCOME_GREETING = 4,   /**< 4xx or 5xx (also 521) greeting */
	MXSEL_OUTCOME_EHLO = 5,       /**< EHLO and HELO refused */
	MXSEL_OUTCOME_TLS = 6,        /**< no TLS where it was wanted */
	MXSEL_OUTCOME_POLICY = 7,     /**< DANE or MTA-STS is not met */
	MXSEL_OUTCOME_MAIL = 8,       /**< 4xx or 5xx to MAIL */
	MXSEL_OUTCOME_RCPT = 9,       /**< 4xx or 5xx to RCPT */
	MXSEL_OUTCOME_DATA = 10,      /**< 4xx or 5xx to DATA or its end */
	MXSEL_OUTCOME_LOST = 11,      /**< the connection broke */
	MXSEL_OUTCOME_OWN_NAME = 12,  /**< it greets with our own name */
	MXSEL_OUTCOME_REQUIRETLS = 13 /**< REQUIRETLS is not offered */
};

/**
 * @brief Say what became of the attempt reached.
 *
 * Once for each attempt, before mxsel_next(), which then goes to where the
 * table of outcomes says: the next address, the next host, the host's other
 * family (once, after a 5.7.x rejection at its first address), or the end. A
 * selection stands for one recipient, or for all that share one fate. An
 * attempt that is not reported counts as a temporary failure.
 * @param reply_code of GREETING, EHLO, MAIL, RCPT and DATA: 400..599; else 0
 *        or the code seen last.
 * @param reply_text the reply without its code, may begin with an enhanced
 *        status ("5.1.1 No such user"); may be NULL. A copy is kept of its
 *        first 512 octets.
 * @return 0; MXSEL_ERANGE for no such outcome, or a code that the outcome
 *         cannot have; MXSEL_ENOMEM (report again); MXSEL_EUSAGE for NULL, when
 *         no attempt is reached or it was reported already.
 */
MXSEL_API int mxsel_report(mxsel *m, int outcome, int reply_code,
	const char *reply_text);

/** @return the name of an outcome: "refused"; NULL: no such number. */
MXSEL_API const char *mxsel_outcome_name(int outcome);

/* -------------------------------------------------------------- the verdict */

/** What to do with the mail. */
enum {
	MXSEL_ACTION_TRY = 0,       /**< not over: there is more to try */
	MXSEL_ACTION_DELIVERED = 1, /**< it was delivered */
	MXSEL_ACTION_DEFER = 2,     /**< keep it and come again */
	MXSEL_ACTION_BOUNCE = 3     /**< it cannot be delivered */
};

/** Why. */
enum {
	MXSEL_REASON_OK = 0,              /**< there is something to try */
	MXSEL_REASON_NULL_MX = 1,         /**< 556 5.1.10 (RFC 7505) */
	MXSEL_REASON_NO_DOMAIN = 2,       /**< 550 5.1.2: it does not exist */
	MXSEL_REASON_NO_HOST = 3,         /**< 550 5.4.4 or 451 4.4.4 */
	MXSEL_REASON_LOOP = 4,            /**< 550 5.4.6: we are the best MX */
	MXSEL_REASON_BAD_DESTINATION = 5, /**< 501 5.1.3 */
	MXSEL_REASON_DNS_TEMPORARY = 6,   /**< 451 4.4.3 or 451 4.4.4 */
	MXSEL_REASON_FILTERED = 7,        /**< 550 5.7.1: refused here */
	MXSEL_REASON_POLICY = 8,          /**< no TLS, DANE, MTA-STS, or
	                                       550 5.7.30: REQUIRETLS */
	MXSEL_REASON_UNREACHABLE = 9,     /**< 451 4.4.1: all were tried */
	MXSEL_REASON_DELIVERED = 10,      /**< 250 2.0.0 */
	MXSEL_REASON_REPLY = 11           /**< what the remote host replied */
};

/**
 * @brief What to do with the mail, as far as is known now.
 *
 * MXSEL_ACTION_TRY until MXSEL_END. Then permanent (BOUNCE) only when every
 * candidate, or the domain itself, is permanently no use; one temporary
 * failure, one limit, or one family or .local switched off here makes it
 * DEFER, and so does an attempt that was handed out and not reported. What is
 * refused by a setting (an address, a name, an alias) bounces unless the
 * setting says otherwise.
 */
MXSEL_API int mxsel_verdict_action(const mxsel *m);
/** @return the name of a MXSEL_ACTION_* number: "try", "delivered", "defer",
 *          "bounce"; NULL: no such number. */
MXSEL_API const char *mxsel_action_name(int action);
/** @return MXSEL_REASON_*. */
MXSEL_API int mxsel_verdict_reason(const mxsel *m);
/** @return the SMTP reply code: 556; 0 while the action is TRY. */
MXSEL_API int mxsel_verdict_code(const mxsel *m);
/** @return the enhanced status (RFC 3463): "5.1.10"; "" while TRY. */
MXSEL_API const char *mxsel_verdict_status(const mxsel *m);
/** @return one sentence for log and bounce; "" while TRY. */
MXSEL_API const char *mxsel_verdict_text(const mxsel *m);
/** @return the reply text of the host whose answer decided, without its code;
 *          "" when none did. */
MXSEL_API const char *mxsel_verdict_reply(const mxsel *m);
/** @return the name of the host whose outcome decided; "" when none did. */
MXSEL_API const char *mxsel_verdict_host(const mxsel *m);
/** @return the name of a reason: "null_mx"; NULL: no such number. */
MXSEL_API const char *mxsel_reason_name(int reason);

/* --------------------------------------------------------- what was dropped */

/** Why a host or an address is not used. */
enum {
	MXSEL_REJECT_BAD_NAME = 1,     /**< no host name */
	MXSEL_REJECT_IS_ADDRESS = 2,   /**< an IP address for a name */
	MXSEL_REJECT_NULL = 3,         /**< a root among other MX records */
	MXSEL_REJECT_DUPLICATE = 4,    /**< listed again, worse or equal */
	MXSEL_REJECT_SELF = 5,         /**< it is ourselves */
	MXSEL_REJECT_BEHIND_SELF = 6,  /**< not better than ourselves */
	MXSEL_REJECT_LIMIT = 7,        /**< beyond a limit */
	MXSEL_REJECT_NAME_FILTER = 8,  /**< mxsel_options_refuse_exchange() */
	MXSEL_REJECT_ALIAS = 9,        /**< an alias, and those are refused */
	MXSEL_REJECT_SPECIAL_USE = 10, /**< .invalid, .onion, .local */
	MXSEL_REJECT_NOT_FOUND = 11,   /**< the name does not exist */
	MXSEL_REJECT_NO_ADDRESS = 12,  /**< it exists without any address */
	MXSEL_REJECT_DNS = 13,         /**< its addresses failed for now */
	MXSEL_REJECT_FAMILY_OFF = 14,  /**< nothing in the family we use */
	MXSEL_REJECT_ALIAS_LOOP = 15,  /**< CNAMEs in a circle or too many */
	MXSEL_REJECT_UNSPECIFIED = 16, /**< 0.0.0.0 or :: (ourselves) */
	MXSEL_REJECT_LOOPBACK = 17,    /**< 127/8 or ::1 */
	MXSEL_REJECT_LINK_LOCAL = 18,  /**< 169.254/16 or fe80::/10 */
	MXSEL_REJECT_MULTICAST = 19,   /**< 224/4 or ff00::/8 */
	MXSEL_REJECT_BROADCAST = 20,   /**< 255.255.255.255 */
	MXSEL_REJECT_RESERVED = 21,    /**< 240/4, 0/8, 100::/64, site-local */
	MXSEL_REJECT_PRIVATE = 22,     /**< MXSEL_OPT_REFUSE_PRIVATE */
	MXSEL_REJECT_STS = 23,         /**< not in the MTA-STS policy */
	MXSEL_REJECT_TLSA = 24,        /**< its TLSA records failed for now */
	MXSEL_REJECT_INSECURE = 25,    /**< an address that DNSSEC does not
	                                    vouch for, of a DANE host */
	MXSEL_REJECT_REQUIRETLS = 26   /**< neither DNSSEC nor MTA-STS vouches
	                                    for its name (RFC 8689) */
};

/** @return how many entries mxsel_rejected() has now. */
MXSEL_API size_t mxsel_rejected_count(const mxsel *m);

/**
 * @brief One thing that was dropped, in the order it was judged.
 *
 * At most 100 are kept; the flag "limited" is set by limits, not by this.
 * @param reason MXSEL_REJECT_*. @param preference of its MX record.
 * @param subject host name or address; octets no name has come as \\DDD.
 *        Any of the three may be NULL.
 * @return 0; MXSEL_ERANGE: no such entry; MXSEL_EUSAGE: m is NULL.
 */
MXSEL_API int mxsel_rejected(const mxsel *m, size_t index, int *reason,
	int *preference, const char **subject);

/** @return the name of a MXSEL_REJECT_* number: "self"; NULL: none such. */
MXSEL_API const char *mxsel_reject_name(int reject);
/** @return the clause it comes from: "RFC 5321 5.1"; NULL: none such. */
MXSEL_API const char *mxsel_reject_rule(int reject);

/* ------------------------------------------------------------------- why */

/** What happened: mxsel_trace_event(). Numbers never change. */
enum {
	MXSEL_TRACE_DESTINATION = 1, /**< how the destination was read */
	MXSEL_TRACE_ASK = 2,         /**< a question: name; type */
	MXSEL_TRACE_ANSWER = 3,      /**< its answer: name; type, end, TTL */
	MXSEL_TRACE_ALIAS = 4,       /**< a name is an alias; of what */
	MXSEL_TRACE_IMPLICIT = 5,    /**< no MX: the domain itself */
	MXSEL_TRACE_NULL_MX = 6,     /**< the domain takes no mail */
	MXSEL_TRACE_SELF = 7,        /**< we are among the hosts; preference */
	MXSEL_TRACE_HOST = 8,        /**< a host in its place; preference */
	MXSEL_TRACE_ADDRESS = 9,     /**< an address in its place; host */
	MXSEL_TRACE_REJECT = 10,     /**< something dropped; reason */
	MXSEL_TRACE_ATTEMPT = 11,    /**< handed out: address; host */
	MXSEL_TRACE_REPORT = 12,     /**< what became of it: host; outcome */
	MXSEL_TRACE_DECISION = 13,   /**< where to go on; why */
	MXSEL_TRACE_VERDICT = 14,    /**< the end: domain; verdict */
	MXSEL_TRACE_CUT = 15,        /**< some are left out here; how many */
	MXSEL_TRACE_TLSA = 16,       /**< what DANE comes to: host; outcome */
	MXSEL_TRACE_POSTURE = 17,    /**< TLS for a host: host; posture, why */
	MXSEL_TRACE_MEMORY = 18      /**< a memory changed an order: host or
	                                  address; where it goes, and why */
};

/** @return how many events mxsel_trace_event() has; 0 without
 *          MXSEL_OPT_TRACE. */
MXSEL_API size_t mxsel_trace_count(const mxsel *m);

/**
 * @brief One decision, in the order they were taken.
 *
 * At most 512 are kept, and 48 KiB of their texts; then MXSEL_TRACE_CUT and the
 * verdict, once: where one goes back after it, what follows is left out.
 *
 * @param code MXSEL_TRACE_*. @param subject the name or address it is about.
 * @param detail what was found or decided, "" for nothing more.
 * @param rule the clause: "RFC 5321 5.1". Any of the four may be NULL.
 * @return 0; MXSEL_ERANGE: no such event; MXSEL_EUSAGE: m is NULL.
 */
MXSEL_API int mxsel_trace_event(const mxsel *m, size_t index, int *code,
	const char **subject, const char **detail, const char **rule);

/** @return the name of a MXSEL_TRACE_* number: "ask"; NULL: none such. */
MXSEL_API const char *mxsel_trace_name(int code);

/* ---------------------------------------------------- questions and answers */

/** DNS record types that are asked; the DNS's own numbers. CNAME and TLSA
    only with MXSEL_OPT_DANE. */
enum {
	MXSEL_TYPE_A = 1,     /**< IPv4 addresses */
	MXSEL_TYPE_CNAME = 5, /**< what the name is an alias of */
	MXSEL_TYPE_MX = 15,   /**< mail exchangers */
	MXSEL_TYPE_AAAA = 28, /**< IPv6 addresses */
	MXSEL_TYPE_TLSA = 52  /**< certificates of a TLS server */
};

/** How a question ended: mxsel_answer_finish(). */
enum {
	MXSEL_DNS_COMPLETE = 0,   /**< NOERROR: all there is was added; with
	                               nothing added it means NODATA */
	MXSEL_DNS_NXDOMAIN = 1,   /**< the name (after aliases) is not there */
	MXSEL_DNS_SERVFAIL = 2,   /**< the server failed */
	MXSEL_DNS_REFUSED = 3,    /**< the server did not want to answer */
	MXSEL_DNS_FORMERR = 4,    /**< the server did not understand */
	MXSEL_DNS_NOTIMP = 5,     /**< the server cannot answer such a thing */
	MXSEL_DNS_RCODE = 6,      /**< any other response code */
	MXSEL_DNS_TIMEOUT = 7,    /**< nobody answered in time */
	MXSEL_DNS_TRUNCATED = 8,  /**< only part of the answer came */
	MXSEL_DNS_MALFORMED = 9,  /**< the answer breaks the wire format */
	MXSEL_DNS_NETWORK = 10,   /**< no server could be reached */
	MXSEL_DNS_REFERRAL = 11   /**< a delegation instead of an answer */
};

/** What DNSSEC says of an answer. Only SECURE is ever an upgrade. */
enum {
	MXSEL_SECURITY_INDETERMINATE = 0, /**< nobody looked, or nobody knows */
	MXSEL_SECURITY_INSECURE = 1,     /**< proven to be unsigned */
	MXSEL_SECURITY_SECURE = 2,       /**< signed, and validated */
	MXSEL_SECURITY_BOGUS = 3  /**< a failure: temporary, never an answer */
};

/**
 * @brief The next open question that nobody has taken.
 *
 * It belongs to the selection. It lives until it is answered, the selection
 * is reset or freed; after that the pointer must not be used.
 * @return the question, or NULL when all are taken.
 */
MXSEL_API mxsel_query *mxsel_query_take(mxsel *m);

/** @return the selection that asks. */
MXSEL_API mxsel *mxsel_query_selection(const mxsel_query *q);
/** @return the name to ask for, absolute, without the final dot. */
MXSEL_API const char *mxsel_query_name(const mxsel_query *q);
/** @return MXSEL_TYPE_*. The class is always IN. */
MXSEL_API uint16_t mxsel_query_type(const mxsel_query *q);

/**
 * @brief Keep a pointer with the question, for whoever answers it.
 * @return 0; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_query_set_user(mxsel_query *q, void *user);
/** @return what mxsel_query_set_user() was given last, NULL before. */
MXSEL_API void *mxsel_query_user(const mxsel_query *q);

/**
 * @brief Does the selection wait for a question?
 *
 * With MXSEL_OPT_PREFETCH questions may be open that it does not wait for.
 * @return 1 while mxsel_next() could only return MXSEL_LOOKUP again, else 0.
 */
MXSEL_API int mxsel_is_waiting(const mxsel *m);

/** Flags of mxsel_query_packet(). */
enum {
	MXSEL_PACKET_EDNS = 1, /**< add an OPT record, UDP size 1232 */
	MXSEL_PACKET_AD = 2    /**< ask to be told whether the answer was
	                            validated (RFC 6840, 5.7) */
};

/**
 * @brief The question as a DNS message, recursion desired.
 * @param size in: room at buffer (512 is always enough); out: the size.
 * @return 0; MXSEL_ESPACE (size is set); MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_query_packet(const mxsel_query *q, uint16_t id, int flags,
	uint8_t *buffer, size_t *size);

/**
 * @brief Answer with a raw DNS message, decoded strictly.
 *
 * The id is the caller's to compare: only he knows what he sent. A message
 * with another question is MXSEL_EMISMATCH, one that breaks the format
 * MXSEL_EMALFORMED: the question stays open, wait for a better one, or end
 * with mxsel_answer_finish() and MXSEL_DNS_MALFORMED. Everything else, also
 * SERVFAIL or a truncated message, answers the question.
 * @param security MXSEL_SECURITY_*.
 * @return 0; MXSEL_EMISMATCH, MXSEL_EMALFORMED, MXSEL_ENOMEM, MXSEL_ERANGE
 *         for no such security (all: still open); MXSEL_EUSAGE for NULL or a
 *         question already answered.
 */
MXSEL_API int mxsel_answer_packet(mxsel_query *q, const uint8_t *packet,
	size_t size, int security);

/**
 * @brief Add an MX record to the answer.
 *
 * exchange is a name as in a master file: "." or "" is the root; octets that
 * no host name has make that record unusable, never the others.
 * @return 0; MXSEL_ENOMEM; MXSEL_ELIMIT (both: the answer can no longer
 *         become complete and counts as a failure); MXSEL_EUSAGE for NULL,
 *         a question of another type or already answered.
 */
MXSEL_API int mxsel_answer_mx(mxsel_query *q, uint16_t preference,
	const char *exchange, uint32_t ttl);

/**
 * @brief Add an address: 4 bytes to an A, 16 to an AAAA question.
 * @return as mxsel_answer_mx(); MXSEL_EUSAGE for another length.
 */
MXSEL_API int mxsel_answer_address(mxsel_query *q, const uint8_t *bytes,
	size_t length, uint32_t ttl);

/**
 * @brief Add an address that is there as text: "192.0.2.1", "2001:db8::1".
 * @return as mxsel_answer_mx(); MXSEL_ESYNTAX when it is no address of the
 *         family that is asked for: the answer then counts as a failure.
 */
MXSEL_API int mxsel_answer_address_text(mxsel_query *q, const char *address,
	uint32_t ttl);

/**
 * @brief Add a TLSA record (RFC 6698, 2.1) to a TLSA question's answer.
 *
 * data is the certificate association data, length octets of it. Records
 * that cannot be used count, but are not kept.
 * @return as mxsel_answer_mx(); MXSEL_ERANGE for a field outside 0..255.
 */
MXSEL_API int mxsel_answer_tlsa(mxsel_query *q, int usage, int selector,
	int matching, const uint8_t *data, size_t length, uint32_t ttl);

/**
 * @brief Say that the name is an alias; what else is added is its target's.
 *
 * To a CNAME question this is the record itself.
 * Several times for a chain, in its order. Finished COMPLETE without any
 * record and without mxsel_answer_negative_ttl(), the target is asked next.
 * @return as mxsel_answer_mx(); MXSEL_ESYNTAX when target is no name.
 */
MXSEL_API int mxsel_answer_alias(mxsel_query *q, const char *target,
	uint32_t ttl);

/**
 * @brief How long "nothing there" may be kept: min(SOA TTL, SOA MINIMUM).
 *
 * Also says that the denial is about the end of the aliases added.
 * @return 0; MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_answer_negative_ttl(mxsel_query *q, uint32_t ttl);

/**
 * @brief The answer is all there: MXSEL_DNS_*.
 *
 * Records added count with MXSEL_DNS_COMPLETE only.
 * @param security MXSEL_SECURITY_*.
 * @return 0; MXSEL_ENOMEM (still open); MXSEL_ERANGE for other numbers (still
 *         open); MXSEL_EUSAGE for NULL or a question already answered.
 */
MXSEL_API int mxsel_answer_finish(mxsel_query *q, int outcome, int security);

/* ----------------------------------------------------- resolver abstraction */

/**
 * @brief Answer a question, now or later.
 *
 * Called from mxsel_next(). Answer it here or keep the pointer.
 */
typedef void (*mxsel_resolve_fn)(mxsel_query *query, void *user);
/** @brief Forget a question: nobody waits for it; the pointer dies now. */
typedef void (*mxsel_cancel_fn)(mxsel_query *query, void *user);
/**
 * @brief Block until at least one open question of the selection is answered.
 * @return 0, or a negative number: then, or when nothing was answered, its
 *         open questions end with MXSEL_DNS_NETWORK.
 */
typedef int (*mxsel_wait_fn)(mxsel *selection, void *user);
/** @brief The last owner is gone: release user. */
typedef void (*mxsel_release_fn)(void *user);

/**
 * @brief Make a resolver of functions. It may ask from several threads when
 *        options that hold it are shared.
 * @param cancel may be NULL when resolve always answers at once.
 * @param user handed back to every function.
 * @return 0; MXSEL_ENOMEM; MXSEL_EUSAGE when out or resolve is NULL.
 */
MXSEL_API int mxsel_resolver_new(mxsel_resolver **out,
	mxsel_resolve_fn resolve, mxsel_cancel_fn cancel, void *user);

/**
 * @brief Make it blocking; wait NULL: no longer.
 * @return 0; MXSEL_EUSAGE when r is NULL.
 */
MXSEL_API int mxsel_resolver_set_wait(mxsel_resolver *r, mxsel_wait_fn wait);

/** @brief Have user released with it. @return 0; MXSEL_EUSAGE for NULL. */
MXSEL_API int mxsel_resolver_set_release(mxsel_resolver *r,
	mxsel_release_fn release);

/**
 * @brief 1: neither look for its answers in the cache of the options nor keep
 *        them there; 0 (the default). For resolvers that must be asked.
 * @return 0; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_resolver_set_bypass(mxsel_resolver *r, int bypass);

/**
 * @brief For those who make resolvers: is it one of mine?
 * @return user when r was made with this resolve function, else NULL.
 */
MXSEL_API void *mxsel_resolver_user(const mxsel_resolver *r,
	mxsel_resolve_fn resolve);

/** @brief Give a resolver back. Options that hold it keep it alive. */
MXSEL_API void mxsel_resolver_free(mxsel_resolver *r);

/**
 * @brief For resolvers: milliseconds this selection may still wait for the
 *        DNS (MXSEL_OPT_TIME_LIMIT less what was spent), UINT32_MAX: no end.
 *
 * Time between questions, while the caller speaks SMTP, does not count.
 */
MXSEL_API uint32_t mxsel_time_left(const mxsel *m);

/**
 * @brief For resolvers and event loops: say how long was waited.
 * @return 0; MXSEL_EUSAGE when m is NULL.
 */
MXSEL_API int mxsel_time_spent(mxsel *m, uint32_t milliseconds);

#ifdef __cplusplus
}
#endif

#endif
