/*
 * Answers as the cache takes them: made, kept, found and compared, under a
 * clock that goes when it is told to. May use lib/cache and Check.
 */
#ifndef TESTS_SUPPORT_CACHED_H
#define TESTS_SUPPORT_CACHED_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "cache/cache.h"

/* A clock: user points to its milliseconds. */
static inline uint64_t cached_clock(void *user)
{
	return *(const uint64_t *)user;
}

static inline mxsel_cache *cached_new(size_t bytes, uint64_t *now)
{
	mxsel_cache *cache = NULL;

	ck_assert_int_eq(mxsel_cache_new(&cache, bytes, cached_clock, now), 0);
	ck_assert_ptr_nonnull(cache);
	return cache;
}

/* Nothing but a time to live: a denial of records. */
static inline struct mxsel__cached *cached_empty(struct mxsel__cached *c,
	uint32_t ttl)
{
	memset(c, 0, sizeof(*c));
	c->ttl = ttl;
	return c;
}

/* An alias of so many links; before any records. */
static inline void cached_alias(struct mxsel__cached *c, const char *name,
	unsigned links)
{
	c->canonical_length = (uint8_t)strlen(name);
	c->links = (uint8_t)links;
	memcpy(c->data, name, strlen(name) + 1);
	c->size = (uint16_t)(strlen(name) + 1);
}

/* Addresses of this size; their octets count up from first. */
static inline void cached_addresses(struct mxsel__cached *c, unsigned size,
	unsigned n, unsigned first)
{
	unsigned i;

	for (i = 0; i < size * n; i++)
		c->data[c->size++] = (uint8_t)(first + i);
	c->records = (uint16_t)(c->records + n);
}

static inline void cached_mx(struct mxsel__cached *c, unsigned preference,
	unsigned kind, const char *exchange)
{
	uint8_t *at = c->data + c->size;
	size_t length = strlen(exchange);

	at[0] = (uint8_t)(preference >> 8);
	at[1] = (uint8_t)preference;
	at[2] = (uint8_t)length;
	at[3] = (uint8_t)kind;
	memcpy(at + 4, exchange, length + 1);
	c->size = (uint16_t)(c->size + length + 5);
	c->records++;
}

static inline void cached_keep(mxsel_cache *cache, const char *name,
	unsigned type, const struct mxsel__cached *c)
{
	mxsel__cache_keep(cache, name, strlen(name), (uint16_t)type, c);
}

static inline int cached_find(mxsel_cache *cache, const char *name,
	unsigned type, int stale, struct mxsel__cached *out)
{
	memset(out, 0x5a, sizeof(*out));
	return mxsel__cache_find(cache, name, strlen(name), (uint16_t)type,
		stale, out);
}

/* The same but for what follows from the time. */
static inline int cached_equal(const struct mxsel__cached *a,
	const struct mxsel__cached *b)
{
	return a->records == b->records && a->size == b->size &&
		a->canonical_length == b->canonical_length &&
		a->outcome == b->outcome && a->security == b->security &&
		a->links == b->links && a->has_negative == b->has_negative &&
		memcmp(a->data, b->data, a->size) == 0;
}

/* A host with one address of each family. */
static inline void cached_host(mxsel_cache *cache, const char *name,
	uint32_t ttl)
{
	struct mxsel__cached c;

	cached_addresses(cached_empty(&c, ttl), 4, 1, 10);
	cached_keep(cache, name, MXSEL_TYPE_A, &c);
	cached_addresses(cached_empty(&c, ttl), 16, 1, 32);
	cached_keep(cache, name, MXSEL_TYPE_AAAA, &c);
}

#endif
