/*
 * Destinations, and the DNS that knows them. May use libc, POSIX sockets'
 * headers and the public header.
 */
#define _POSIX_C_SOURCE 200809L

#include "bench/outages/world.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static unsigned one_of(struct dice *d, const unsigned char share[], unsigned n)
{
	unsigned at, left = dice_below(d, 100);

	for (at = 0; at + 1 < n && left >= share[at]; at++)
		left -= share[at];
	return at;
}

/* Three of ten hosts have IPv4 alone; one in a hundred has IPv6 alone. */
static void make_host(struct host *h, int preference, struct dice *d)
{
	static const unsigned char addresses[] = { 35, 55, 10 };

	h->preference = preference;
	h->addresses = 1 + one_of(d, addresses, ADDRESSES_MAX);
	if (h->addresses == 1)
		h->six = dice_below(d, 35) == 0;
	else if (h->addresses == 2)
		h->six = 1;
	else
		h->six = dice_below(d, 2) == 0 ? 1 : 5;
}

static void make_destination(struct destination *one, struct dice *d)
{
	static const unsigned char equals[] = { 30, 35, 15, 12, 8 };
	unsigned i;

	one->equals = 1 + one_of(d, equals, HOSTS_MAX - 1);
	one->hosts = one->equals + (dice_below(d, 4) == 0);
	for (i = 0; i < one->hosts; i++)
		make_host(&one->host[i], i < one->equals ? 10 : 20, d);
}

static void make_room(struct world *w, size_t count)
{
	w->count = count;
	w->outages = 0;
	w->destination = calloc(count, sizeof(*w->destination));
	if (w->destination == NULL)
		abort();
}

/* The mail of the nth is as 1 / (n + 5): some 3 % for the first, half of all
   for the first seventy of a thousand. */
void world_make(struct world *w, size_t count, uint64_t seed)
{
	struct dice d = { seed };
	double sum = 0;
	size_t i;

	make_room(w, count);
	for (i = 0; i < count; i++) {
		make_destination(&w->destination[i], &d);
		sum += 1 / (double)(i + 6);
		w->destination[i].until = sum;
	}
	for (i = 0; i < count; i++)
		w->destination[i].until /= sum;
}

void world_make_even(struct world *w, size_t count, uint64_t seed)
{
	struct dice d = { seed };
	struct destination *one;
	size_t i;
	unsigned k;

	make_room(w, count);
	for (i = 0; i < count; i++) {
		one = &w->destination[i];
		one->equals = one->hosts = 2 + (unsigned)(i % 4);
		one->until = (double)(i + 1) / (double)count;
		for (k = 0; k < one->hosts; k++)
			make_host(&one->host[k], 10, &d);
	}
}

void world_make_one(struct world *w, unsigned hosts, unsigned addresses)
{
	struct destination *one;
	unsigned i;

	make_room(w, 1);
	one = &w->destination[0];
	one->hosts = one->equals = hosts;
	one->until = 1;
	for (i = 0; i < hosts; i++) {
		one->host[i].addresses = addresses;
		one->host[i].six = addresses > 1;
		one->host[i].preference = 10;
	}
}

void world_free(struct world *w)
{
	size_t i, h;

	for (i = 0; i < w->count; i++)
		for (h = 0; h < HOSTS_MAX; h++)
			free(w->destination[i].host[h].outages);
	free(w->destination);
}

size_t world_draw(const struct world *w, struct dice *d)
{
	double at = dice_part(d);
	size_t low = 0, high = w->count - 1;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (w->destination[middle].until < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ------------------------------------------------------------------ the DNS */

/* An address has its host's number and its own in its last two octets. */
static unsigned number_of(size_t destination, unsigned host, unsigned address)
{
	return ((unsigned)destination * HOSTS_MAX + host) * ADDRESSES_MAX +
		address;
}

static void add_addresses(mxsel_query *q, size_t destination, unsigned host,
	const struct host *h)
{
	static const uint8_t four[4] = { 198, 18 };
	static const uint8_t six[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	int want_six = mxsel_query_type(q) == MXSEL_TYPE_AAAA;
	size_t size = want_six ? 16 : 4;
	uint8_t octets[16];
	unsigned i, number;

	for (i = 0; i < h->addresses; i++) {
		if ((int)(h->six >> i & 1) != want_six)
			continue;
		number = number_of(destination, host, i);
		memcpy(octets, want_six ? six : four, size);
		octets[size - 2] = (uint8_t)(number >> 8);
		octets[size - 1] = (uint8_t)number;
		if (mxsel_answer_address(q, octets, size, 86400) != MXSEL_OK)
			abort();
	}
}

/* "d17.example" has the hosts "mx0.d17.example" and so on. */
void world_resolve(mxsel_query *q, void *user)
{
	const struct world *w = user;
	const char *name = mxsel_query_name(q);
	int is_host = name[0] == 'm';
	size_t n = (size_t)strtoul(name + (is_host ? 5 : 1), NULL, 10);
	const struct destination *one = &w->destination[n];
	char exchange[32];
	unsigned i;

	if (is_host) {
		i = (unsigned)(name[2] - '0');
		add_addresses(q, n, i, &one->host[i]);
	}
	for (i = 0; !is_host && i < one->hosts; i++) {
		(void)snprintf(exchange, sizeof(exchange), "mx%u.d%zu.example",
			i, n);
		if (mxsel_answer_mx(q, (uint16_t)one->host[i].preference,
			exchange, 86400) != MXSEL_OK)
			abort();
	}
	(void)mxsel_answer_negative_ttl(q, 86400);
	if (mxsel_answer_finish(q, MXSEL_DNS_COMPLETE,
		MXSEL_SECURITY_INSECURE) != MXSEL_OK)
		abort();
}

void world_place(const struct world *w, const mxsel *m, struct place *place)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} a;
	size_t size = sizeof(a);
	const uint8_t *end;
	unsigned number;

	if (mxsel_sockaddr(m, &a.any, &size) != MXSEL_OK)
		abort();
	end = a.any.sa_family == AF_INET6 ? a.six.sin6_addr.s6_addr + 16 :
		(const uint8_t *)&a.four.sin_addr + 4;
	number = (unsigned)end[-2] << 8 | end[-1];
	place->address = (int)(number % ADDRESSES_MAX);
	place->host = number / ADDRESSES_MAX % HOSTS_MAX;
	place->destination = number / ADDRESSES_MAX / HOSTS_MAX;
	if (place->destination >= w->count)
		abort();
}
