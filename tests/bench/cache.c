/*
 * The cache alone: what a look costs, what keeping costs, with room and
 * without, and how many octets an answer takes. Uses the room cache.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "cache/cache.h"

#define HOSTS 1000u /* asked for again and again, in the processor's caches */

static char names[HOSTS][32], strangers[HOSTS][32];
static mxsel_cache *warm, *full;
static struct mxsel__cached a, aaaa, mx, out;
static unsigned turn;
static volatile size_t used;

/* Some 5 ns, like CLOCK_MONOTONIC_COARSE where that is no system call. */
static uint64_t clock_coarse(void *user)
{
	struct timespec t;

	(void)user;
#ifdef CLOCK_MONOTONIC_COARSE
	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
#else
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
#endif
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static mxsel_cache *make(size_t bytes)
{
	mxsel_cache *cache;

	if (mxsel_cache_new(&cache, bytes, clock_coarse, NULL) != 0)
		exit(EXIT_FAILURE);
	return cache;
}

static void add_mx(unsigned preference, const char *exchange)
{
	uint8_t *at = mx.data + mx.size;
	size_t length = strlen(exchange);

	at[0] = 0;
	at[1] = (uint8_t)preference;
	at[2] = (uint8_t)length;
	at[3] = 0;
	memcpy(at + 4, exchange, length + 1);
	mx.size = (uint16_t)(mx.size + length + 5);
	mx.records++;
}

static void make_answers(void)
{
	a.ttl = aaaa.ttl = mx.ttl = 3600;
	a.records = aaaa.records = 1;
	a.size = 4;
	aaaa.size = 16;
	add_mx(1, "aspmx.l.google.com");
	add_mx(5, "alt1.aspmx.l.google.com");
	add_mx(5, "alt2.aspmx.l.google.com");
	add_mx(10, "alt3.aspmx.l.google.com");
	add_mx(10, "alt4.aspmx.l.google.com");
}

static void keep(mxsel_cache *cache, const char *name, uint16_t type,
	const struct mxsel__cached *answer)
{
	mxsel__cache_keep(cache, name, strlen(name), type, answer);
}

static void keep_host(mxsel_cache *cache, const char *name)
{
	keep(cache, name, MXSEL_TYPE_A, &a);
	keep(cache, name, MXSEL_TYPE_AAAA, &aaaa);
}

/* Names of 23 octets; some so common that all domains have them. */
static void make_names(void)
{
	unsigned i;

	for (i = 0; i < HOSTS; i++) {
		(void)snprintf(names[i], sizeof(names[i]),
			"mx%03u.example-mail.test", i);
		(void)snprintf(strangers[i], sizeof(strangers[i]),
			"no%03u.example-mail.test", i);
		keep_host(warm, names[i]);
		keep(warm, names[i], MXSEL_TYPE_MX, &mx);
	}
}

static const char *next(char from[HOSTS][32])
{
	turn = turn + 1 < HOSTS ? turn + 1 : 0;
	return from[turn];
}

static void find(char from[HOSTS][32], uint16_t type)
{
	used += (size_t)mxsel__cache_find(warm, next(from), 23, type, 0, &out);
}

static void find_host(void)
{
	find(names, MXSEL_TYPE_A);
}

static void find_mx(void)
{
	find(names, MXSEL_TYPE_MX);
}

static void find_nothing(void)
{
	find(strangers, MXSEL_TYPE_A);
}

static void keep_again(void)
{
	keep(warm, next(names), MXSEL_TYPE_A, &a);
}

/* A name that was never there before. */
static const char *new_name(void)
{
	static char name[32];
	static unsigned number;

	(void)snprintf(name, sizeof(name), "d%07u.example.test", number++);
	return name;
}

static void write_name(void)
{
	used += strlen(new_name());
}

static void keep_new_host(void)
{
	keep_host(full, new_name());
}

static void keep_new_mx(void)
{
	keep(full, new_name(), MXSEL_TYPE_MX, &mx);
}

static void read_clock(void)
{
	used += (size_t)clock_coarse(NULL);
}

static void show_size(const char *what, uint16_t type, int host)
{
	mxsel_cache *cache = make((size_t)1 << 20);
	uint64_t before = mxsel_cache_statistic(cache, MXSEL_CACHE_BYTES);
	uint64_t names_there, one;
	unsigned i;

	for (i = 0; i < 40000; i++) {
		if (host)
			keep_host(cache, new_name());
		else
			keep(cache, new_name(), type, &mx);
		if (i == 0)
			one = mxsel_cache_statistic(cache,
				MXSEL_CACHE_BYTES) - before;
	}
	names_there = mxsel_cache_statistic(cache, MXSEL_CACHE_NAMES);
	printf("  %-44s %9llu %9.1f\n", what, (unsigned long long)one,
		(double)((size_t)1 << 20) / (double)names_there);
	mxsel_cache_free(cache);
}

int main(void)
{
	static struct contestant c[] = {
		{ .name = "find a host's address", .work = find_host },
		{ .name = "find five mail exchangers", .work = find_mx },
		{ .name = "find nothing", .work = find_nothing },
		{ .name = "keep an address that is known", .work = keep_again },
		{ .name = "keep A and AAAA of a new host, cache full",
			.work = keep_new_host },
		{ .name = "keep five new mail exchangers, cache full",
			.work = keep_new_mx },
		{ .name = "of these two, to write a new name",
			.work = write_name },
		{ .name = "of each of these, to read the clock",
			.work = read_clock },
	};
	size_t i, n = sizeof(c) / sizeof(c[0]);

	warm = make((size_t)4 << 20);
	full = make((size_t)4 << 20);
	make_answers();
	make_names();
	for (i = 0; i < 60000; i++)
		keep_new_host();
	for (i = 0; i < n; i++)
		c[i].batch = HOSTS;
	measure_all(c, n);
	measure_title("cache, ns");
	for (i = 0; i < n; i++) {
		measure_row(&c[i]);
		printf("\n");
	}
	printf("\ncache, octets\n  %-44s %9s %9s\n", "", "as told",
		"all / names");
	show_size("host with A and AAAA, name of 21 octets", 0, 1);
	show_size("domain with five mail exchangers", MXSEL_TYPE_MX, 0);
	mxsel_cache_free(warm);
	mxsel_cache_free(full);
	return 0;
}
