/*
 * The shared table of servers, see server.h. May use public headers, libc and
 * pthread.
 */
#define _POSIX_C_SOURCE 200809L

#include "ldns/server.h"

#include <string.h>

#include <mxsel/mxsel.h>

#define DEFAULT_QUERY_TIME 10000u

int mxsel__servers_init(struct mxsel__servers *servers)
{
	memset(servers, 0, sizeof *servers);
	servers->query_time = DEFAULT_QUERY_TIME;
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

static int add_locked(struct mxsel__servers *servers,
	const struct mxsel__server *server)
{
	unsigned i;

	if (servers->fixed)
		return MXSEL_EUSAGE;
	for (i = 0; i < servers->count; i++)
		if (same_address(&servers->list[i], server))
			return 0;
	if (servers->count == MXSEL__SERVERS_MAX)
		return MXSEL_ELIMIT;
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

unsigned mxsel__servers_order(struct mxsel__servers *servers, uint64_t now,
	unsigned char order[MXSEL__SERVERS_MAX])
{
	unsigned i, bad, n = 0;

	pthread_mutex_lock(&servers->lock);
	servers->fixed = 1;
	for (bad = 0; bad <= 1; bad++)
		for (i = 0; i < servers->count; i++)
			if ((servers->list[i].bad_until > now) == (bad != 0))
				order[n++] = (unsigned char)i;
	pthread_mutex_unlock(&servers->lock);
	return n;
}

static void set_bad_until(struct mxsel__servers *servers, unsigned index,
	uint64_t time)
{
	pthread_mutex_lock(&servers->lock);
	servers->list[index].bad_until = time;
	pthread_mutex_unlock(&servers->lock);
}

void mxsel__servers_blame(struct mxsel__servers *servers, unsigned index,
	uint64_t now)
{
	set_bad_until(servers, index, now + MXSEL__PENALTY_TIME);
}

void mxsel__servers_forgive(struct mxsel__servers *servers, unsigned index)
{
	set_bad_until(servers, index, 0);
}

int mxsel__servers_take_socket(struct mxsel__servers *servers)
{
	int free_one;

	pthread_mutex_lock(&servers->lock);
	free_one = servers->sockets < MXSEL__SOCKETS_MAX;
	if (free_one)
		servers->sockets++;
	pthread_mutex_unlock(&servers->lock);
	return free_one;
}

void mxsel__servers_give_socket(struct mxsel__servers *servers)
{
	pthread_mutex_lock(&servers->lock);
	servers->sockets--;
	pthread_mutex_unlock(&servers->lock);
}

void mxsel__servers_count(struct mxsel__servers *servers, unsigned which)
{
	pthread_mutex_lock(&servers->lock);
	servers->counters[which]++;
	pthread_mutex_unlock(&servers->lock);
}

uint64_t mxsel__servers_counter(struct mxsel__servers *servers,
	unsigned which)
{
	uint64_t value;

	pthread_mutex_lock(&servers->lock);
	value = servers->counters[which];
	pthread_mutex_unlock(&servers->lock);
	return value;
}

void mxsel__servers_set_time(struct mxsel__servers *servers,
	uint32_t milliseconds)
{
	pthread_mutex_lock(&servers->lock);
	servers->query_time = milliseconds;
	pthread_mutex_unlock(&servers->lock);
}

uint32_t mxsel__servers_time(struct mxsel__servers *servers)
{
	uint32_t value;

	pthread_mutex_lock(&servers->lock);
	value = servers->query_time;
	pthread_mutex_unlock(&servers->lock);
	return value;
}
