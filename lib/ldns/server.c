/*
 * The shared table of servers, see server.h. May use public headers, libc and
 * pthread.
 */
#define _POSIX_C_SOURCE 200809L

#include "ldns/server.h"

#include <string.h>

#include <mxsel/ldns.h>

#define DEFAULT_QUERY_TIME 10000u

int mxsel__servers_init(struct mxsel__servers *servers)
{
	memset(servers, 0, sizeof *servers);
	servers->query_time = DEFAULT_QUERY_TIME;
	atomic_store(&servers->trust_ad, -1);
	return pthread_mutex_init(&servers->lock, NULL) == 0 ?
		0 : MXSEL_ENOMEM;
}

void mxsel__servers_destroy(struct mxsel__servers *servers)
{
	pthread_mutex_destroy(&servers->lock);
}

static int same_address(const struct mxsel__server *a,
	const struct mxsel__server *b)
{
	if (a->address.any.sa_family != b->address.any.sa_family)
		return 0;
	if (a->address.any.sa_family == AF_INET)
		return a->address.v4.sin_port == b->address.v4.sin_port &&
			a->address.v4.sin_addr.s_addr ==
				b->address.v4.sin_addr.s_addr;
	return a->address.v6.sin6_port == b->address.v6.sin6_port &&
		memcmp(&a->address.v6.sin6_addr, &b->address.v6.sin6_addr,
			sizeof a->address.v6.sin6_addr) == 0;
}

/* 127/8, RFC 1122 3.2.1.3 (g); ::1, RFC 4291 2.5.3. */
static int is_loopback(const struct mxsel__server *server)
{
	if (server->address.any.sa_family == AF_INET)
		return ntohl(server->address.v4.sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&server->address.v6.sin6_addr);
}

static int add_locked(struct mxsel__servers *servers,
	const struct mxsel__server *server)
{
	unsigned i;

	if (atomic_load(&servers->fixed))
		return MXSEL_EUSAGE;
	for (i = 0; i < servers->count; i++)
		if (same_address(&servers->list[i], server))
			return 0;
	if (servers->count == MXSEL__SERVERS_MAX)
		return MXSEL_ELIMIT;
	atomic_store(&servers->all_near, is_loopback(server) &&
		(servers->count == 0 || atomic_load(&servers->all_near)));
	servers->list[servers->count++] = *server;
	return 0;
}

int mxsel__servers_add(struct mxsel__servers *servers,
	const struct mxsel__server *server)
{
	int result;

	pthread_mutex_lock(&servers->lock);
	result = add_locked(servers, server);
	pthread_mutex_unlock(&servers->lock);
	return result;
}

void mxsel__servers_vouch(struct mxsel__servers *servers)
{
	pthread_mutex_lock(&servers->lock);
	if (servers->count > 0)
		atomic_store(&servers->all_near, 1);
	pthread_mutex_unlock(&servers->lock);
}

static void fix(struct mxsel__servers *servers)
{
	if (atomic_load(&servers->fixed))
		return;
	pthread_mutex_lock(&servers->lock);
	atomic_store(&servers->fixed, 1);
	pthread_mutex_unlock(&servers->lock);
}

unsigned mxsel__servers_order(struct mxsel__servers *servers, uint64_t now,
	unsigned char order[MXSEL__SERVERS_MAX])
{
	unsigned char bad[MXSEL__SERVERS_MAX];
	unsigned i, n = 0, bad_count = 0;

	fix(servers);
	for (i = 0; i < servers->count; i++)
		if (mxsel__servers_is_bad(servers, i, now))
			bad[bad_count++] = (unsigned char)i;
		else
			order[n++] = (unsigned char)i;
	for (i = 0; i < bad_count; i++)
		order[n++] = bad[i];
	return n;
}

void mxsel__servers_blame(struct mxsel__servers *servers, unsigned index,
	uint64_t now)
{
	atomic_store(&servers->bad_until[index], now + MXSEL__PENALTY_TIME);
}

void mxsel__servers_forgive(struct mxsel__servers *servers, unsigned index)
{
	if (atomic_load_explicit(&servers->bad_until[index],
			memory_order_relaxed) != 0)
		atomic_store(&servers->bad_until[index], 0);
}

int mxsel__servers_take_socket(struct mxsel__servers *servers)
{
	/* Who comes too late is counted for a moment, but gets none. */
	if (atomic_fetch_add(&servers->sockets, 1) < MXSEL__SOCKETS_MAX)
		return 1;
	mxsel__servers_give_socket(servers);
	return 0;
}

void mxsel__servers_give_socket(struct mxsel__servers *servers)
{
	atomic_fetch_sub(&servers->sockets, 1);
}

uint64_t mxsel__servers_counter(const struct mxsel__servers *servers,
	unsigned which)
{
	unsigned open;

	if (which != MXSEL_LDNS_SOCKETS)
		return atomic_load(&servers->counters[which]);
	open = atomic_load(&servers->sockets);
	return open < MXSEL__SOCKETS_MAX ? open : MXSEL__SOCKETS_MAX;
}

void mxsel__servers_set_time(struct mxsel__servers *servers,
	uint32_t milliseconds)
{
	atomic_store(&servers->query_time, milliseconds);
}

uint32_t mxsel__servers_time(const struct mxsel__servers *servers)
{
	return atomic_load(&servers->query_time);
}

int mxsel__servers_trust_ad(const struct mxsel__servers *servers)
{
	int told = atomic_load_explicit(&servers->trust_ad,
		memory_order_relaxed);

	return told >= 0 ? told : atomic_load_explicit(&servers->all_near,
		memory_order_relaxed);
}
