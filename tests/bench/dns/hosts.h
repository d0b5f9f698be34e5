/*
 * MX first, then A and AAAA of every exchange: the work that is the same for
 * all resolver libraries that answer one question at a time. A driver asks
 * what it is told to ask and hands in what it gets. With the cache each host
 * is asked for once only, and whoever wants it meanwhile waits: what a user
 * writes round a library that has none. May use libc only.
 */
#ifndef TESTS_BENCH_DNS_HOSTS_H
#define TESTS_BENCH_DNS_HOSTS_H

#include <stddef.h>

#include "bench/dns/load.h"

#define HOST_ADDRESSES 4 /* of each family */

struct lookup;

struct waiter {
	struct waiter *next;
	struct lookup *lookup;
	unsigned preference;
};

struct host {
	struct host *next; /* in its bucket */
	struct waiter *waiters;
	uint64_t hash;
	unsigned open; /* questions */
	int lost, kept;
	unsigned counts[2];
	unsigned char addresses[2][HOST_ADDRESSES][16];
	char name[];
};

struct lookup {
	struct load_job job;
	unsigned open; /* hosts, and one while the MX are handed in */
	unsigned addresses;
	int lost;
};

/* What the driver gives. type is 1 (A) or 28 (AAAA). */
struct asker {
	void (*mx)(struct lookup *l, const char *domain);
	void (*address)(struct host *h, int type);
};

void hosts_begin(const struct asker *asker, int cache);
/* Begin domains until enough are on their way. */
void hosts_fill(void);

/* An MX answer: each record, then its end. */
void hosts_mx(struct lookup *l, const char *name, unsigned preference);
void hosts_mx_end(struct lookup *l);
/* No MX record, but the name is there: ask for its own addresses. */
void hosts_implicit(struct lookup *l);
/* The end of a domain without hosts. */
void hosts_end(struct lookup *l, enum load_status status);

/* An address answer: each address, then its end. */
void hosts_address(struct host *h, int type, const void *octets);
void hosts_address_end(struct host *h, int lost);

#endif
