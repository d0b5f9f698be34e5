/*
 * The servers of one resolver and what all its engines share: the list (fixed
 * by the first question, behind a lock until then), who is in disgrace and
 * until when, whether their word on DNSSEC counts, how many sockets are open,
 * the counters. May use public headers, libc and pthread.
 */
#ifndef MXSEL_LDNS_SERVER_H
#define MXSEL_LDNS_SERVER_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/socket.h>

#define MXSEL__SERVERS_MAX 32
#define MXSEL__SOCKETS_MAX 64     /* open at a time, per resolver (S11) */
#define MXSEL__PENALTY_TIME 5000u /* milliseconds (S10) */
#define MXSEL__COUNTERS 9         /* MXSEL_LDNS_SENT_UDP and on */

struct mxsel__server {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address;
	socklen_t length;
};

struct mxsel__servers {
	pthread_mutex_t lock;
	struct mxsel__server list[MXSEL__SERVERS_MAX];
	unsigned count;
	atomic_int fixed; /* a question was asked: list and count stay */
	atomic_uint sockets;
	_Atomic uint32_t query_time; /* milliseconds */
	atomic_int mix_case; /* S6 */
	atomic_int trust_ad; /* as it was set: -1, 0, 1 */
	atomic_int all_near; /* nobody else is on the way to any (S31) */
	_Atomic uint64_t bad_until[MXSEL__SERVERS_MAX]; /* monotonic ms */
	_Atomic uint64_t counters[MXSEL__COUNTERS];
};

/* 0, or MXSEL_ENOMEM. */
int mxsel__servers_init(struct mxsel__servers *servers);
void mxsel__servers_destroy(struct mxsel__servers *servers);

/* 0 (also when it is there already), MXSEL_ELIMIT, or MXSEL_EUSAGE: fixed. */
int mxsel__servers_add(struct mxsel__servers *servers,
	const struct mxsel__server *server);

/*
 * Whoever wrote down the servers that are there now answers for the way to
 * them: "options trust-ad" of resolv.conf.
 */
void mxsel__servers_vouch(struct mxsel__servers *servers);

/*
 * The indices of all servers, those in disgrace last: nobody is left out, so
 * that a penalty is never total (S10). Fixes the list. Returns how many.
 */
unsigned mxsel__servers_order(struct mxsel__servers *servers, uint64_t now,
	unsigned char order[MXSEL__SERVERS_MAX]);

/* No answer came from it: not first for a while. An answer ends that. */
void mxsel__servers_blame(struct mxsel__servers *servers, unsigned index,
	uint64_t now);
static inline int mxsel__servers_is_bad(const struct mxsel__servers *servers,
	unsigned index, uint64_t now)
{
	uint64_t until = atomic_load_explicit(&servers->bad_until[index],
		memory_order_relaxed);

	/* An engine whose clock stepped back may be behind all others. */
	return until > now && until - now <= MXSEL__PENALTY_TIME;
}

void mxsel__servers_forgive(struct mxsel__servers *servers, unsigned index);

/* One more socket: 1, or 0 when there are as many as there may be. */
int mxsel__servers_take_socket(struct mxsel__servers *servers);
void mxsel__servers_give_socket(struct mxsel__servers *servers);

static inline void mxsel__servers_count(struct mxsel__servers *servers,
	unsigned which)
{
	atomic_fetch_add_explicit(&servers->counters[which], 1,
		memory_order_relaxed);
}

uint64_t mxsel__servers_counter(const struct mxsel__servers *servers,
	unsigned which);

void mxsel__servers_set_time(struct mxsel__servers *servers,
	uint32_t milliseconds);
uint32_t mxsel__servers_time(const struct mxsel__servers *servers);

static inline void mxsel__servers_set_mix_case(struct mxsel__servers *servers,
	int on)
{
	atomic_store_explicit(&servers->mix_case, on, memory_order_relaxed);
}

static inline int mxsel__servers_mix_case(const struct mxsel__servers *servers)
{
	return atomic_load_explicit(&servers->mix_case, memory_order_relaxed);
}

static inline void mxsel__servers_set_trust_ad(struct mxsel__servers *servers,
	int trust)
{
	atomic_store_explicit(&servers->trust_ad, trust, memory_order_relaxed);
}

/* Does their word count that an answer was validated (S31)? */
int mxsel__servers_trust_ad(const struct mxsel__servers *servers);

#endif
