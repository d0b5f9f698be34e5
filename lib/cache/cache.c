/*
 * The cache as its users see it: the public calls, and the two by which
 * selections look up and keep. All memory is one block, taken at once and
 * touched where it is needed. May use base and name.
 */
#define _POSIX_C_SOURCE 200809L

#include "cache/cache.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "cache/hash.h"
#include "cache/locks.h"
#include "cache/pack.h"
#include "cache/shard.h"
#include "name/name.h"

#define LINE MXSEL__LINE
#define BYTES_MIN 65536u
#define BYTES_MAX (UINT64_C(1) << 36)
#define SHARDS_MAX 64u
#define LARGE_SHARDS 16u /* 4 MiB */
#define BYTES_OF_SHARD (256u * 1024u) /* at least, when there are several */

/* A shard, and nothing else in its cache lines. */
union shard {
	struct mxsel__shard shard;
	unsigned char lines[(sizeof(struct mxsel__shard) + LINE - 1) / LINE *
		LINE];
};

struct mxsel_cache {
	atomic_uint owners;
	atomic_int settings[MXSEL_CACHE_STALE + 1];
	mxsel_clock_fn clock;
	void *user;
	uint64_t birth; /* what the clock said first */
	uint64_t key[2];
	uint32_t shards; /* a power of two */
	union shard *shard;
};

_Static_assert(offsetof(struct mxsel__shard, lock) == 0, "locks.h");

/* ---------------------------------------------------------------- new, free */

/* In the order of the numbers. */
static const struct {
	int least, most, at_first;
} settings[] = {
	{ 0, 0, 0 },
	{ 0, 2147483647, 86400 },
	{ 0, 86400, 10800 },
	{ 0, 300, 5 },
	{ 0, 604800, 0 },
};

/* Shards, then their indexes, then their rings. */
static void divide(mxsel_cache *cache, unsigned char *block, size_t bytes)
{
	uintptr_t odd = (uintptr_t)block % LINE;
	size_t at = mxsel__line_after(sizeof(*cache) + odd) - odd;
	size_t each = 0;
	uint32_t i;

	cache->shard = (union shard *)(void *)(block + at);
	at += cache->shards * sizeof(union shard);
	each = (bytes - at) / cache->shards / MXSEL__UNIT * MXSEL__UNIT;
	for (i = 0; i < cache->shards; i++) {
		struct mxsel__shard *s = &cache->shard[i].shard;

		mxsel__shard_divide(s, each);
		s->raw = cache->birth;
		memcpy(s->key, cache->key, sizeof(s->key));
		s->index = (_Atomic uint32_t *)(void *)(block + at);
		at += (size_t)s->buckets * MXSEL__BUCKET *
			sizeof(s->index[0]);
	}
	for (i = 0; i < cache->shards; i++) {
		struct mxsel__shard *s = &cache->shard[i].shard;

		s->ring = (struct mxsel__piece *)(void *)(block + at);
		at += (size_t)s->units * MXSEL__UNIT + MXSEL__SLACK;
	}
}

int mxsel_cache_new(mxsel_cache **out, size_t bytes, mxsel_clock_fn clock,
	void *user)
{
	uint64_t wanted = bytes, key[2];
	mxsel_cache *cache;
	int i;

	if (out == NULL || clock == NULL)
		return MXSEL_EUSAGE;
	if (wanted < BYTES_MIN || wanted > BYTES_MAX)
		return MXSEL_ERANGE;
	if (mxsel__random_seed(&key[0]) != 0 ||
		mxsel__random_seed(&key[1]) != 0)
		return MXSEL_EENTROPY;
	cache = calloc(1, bytes); /* zeroed pages cost nothing until used */
	if (cache == NULL)
		return MXSEL_ENOMEM;
	atomic_init(&cache->owners, 1);
	for (i = 1; i <= MXSEL_CACHE_STALE; i++)
		atomic_init(&cache->settings[i], settings[i].at_first);
	cache->clock = clock;
	cache->user = user;
	cache->birth = clock(user);
	memcpy(cache->key, key, sizeof(key));
	cache->shards = mxsel__parts_for(bytes, BYTES_OF_SHARD,
		SHARDS_MAX);
	divide(cache, (unsigned char *)cache, bytes);
	if (mxsel__locks_make(cache->shard, sizeof(*cache->shard),
		cache->shards) != MXSEL_OK) {
		free(cache);
		return MXSEL_ENOMEM;
	}
	*out = cache;
	return MXSEL_OK;
}

void mxsel__cache_hold(mxsel_cache *cache)
{
	atomic_fetch_add(&cache->owners, 1);
}

void mxsel_cache_free(mxsel_cache *cache)
{
	if (cache == NULL || atomic_fetch_sub(&cache->owners, 1) != 1)
		return;
	mxsel__locks_destroy(cache->shard, sizeof(*cache->shard),
		cache->shards);
	free(cache);
}

/* ----------------------------------------------------------------- settings */

int mxsel_cache_set(mxsel_cache *cache, int setting, int value)
{
	if (cache == NULL)
		return MXSEL_EUSAGE;
	if (setting < MXSEL_CACHE_MAX_TTL || setting > MXSEL_CACHE_STALE ||
		value < settings[setting].least ||
		value > settings[setting].most)
		return MXSEL_ERANGE;
	atomic_store(&cache->settings[setting], value);
	return MXSEL_OK;
}

static uint32_t get(mxsel_cache *cache, int setting)
{
	return (uint32_t)atomic_load_explicit(&cache->settings[setting],
		memory_order_relaxed);
}

/* --------------------------------------------------------------- find, keep */

/* The shard of a name, locked, and the time there. */
static struct mxsel__shard *enter(mxsel_cache *cache,
	struct mxsel__look *look, const char *name, size_t length,
	uint16_t type)
{
	struct mxsel__shard *s;

	look->name = name;
	look->length = length;
	look->type = type;
	look->hash = mxsel__cache_hash(cache->key, name, length);
	look->stale = (uint64_t)get(cache, MXSEL_CACHE_STALE) * 1000;
	s = &cache->shard[look->hash & (cache->shards - 1)].shard;
	(void)pthread_mutex_lock(&s->lock);
	/* With the lock held: threads cannot bring it old times. */
	look->now = mxsel__shard_now(s, cache->clock(cache->user),
		cache->birth);
	return s;
}

static void leave(struct mxsel__shard *s)
{
	(void)pthread_mutex_unlock(&s->lock);
}

int mxsel__cache_is_large(const mxsel_cache *cache)
{
	return cache->shards >= LARGE_SHARDS;
}

uint64_t mxsel__cache_expect(const mxsel_cache *cache, const char *name,
	size_t length)
{
	uint64_t hash = mxsel__cache_hash(cache->key, name, length);

	mxsel__index_expect(&cache->shard[hash & (cache->shards - 1)].shard,
		hash);
	return hash;
}

void mxsel__cache_expect_more(const mxsel_cache *cache, uint64_t expected)
{
	mxsel__index_expect_entry(
		&cache->shard[expected & (cache->shards - 1)].shard,
		expected);
}

int mxsel__cache_find(mxsel_cache *cache, const char *name, size_t length,
	uint16_t type, int stale, struct mxsel__cached *out)
{
	struct mxsel__look look;
	struct mxsel__shard *s;
	int found;

	s = enter(cache, &look, name, length, type);
	found = mxsel__shard_find(s, &look, stale, out);
	leave(s);
	return found;
}

int mxsel__cache_find_host(mxsel_cache *cache, const char *name, size_t length,
	struct mxsel__cached *v6, struct mxsel__cached *v4)
{
	struct mxsel__look look;
	struct mxsel__shard *s;
	int found;

	s = enter(cache, &look, name, length, MXSEL_TYPE_AAAA);
	found = mxsel__shard_find_host(s, &look, v6, v4);
	leave(s);
	return found;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Seconds that an answer is kept. */
static uint32_t time_for(mxsel_cache *cache,
	const struct mxsel__cached *answer)
{
	/* RFC 2181, 8: what has the highest bit set is 0. */
	uint32_t ttl = answer->ttl > INT32_MAX ? 0 : answer->ttl;

	if (!mxsel__cached_is_answer(answer))
		ttl = get(cache, MXSEL_CACHE_FAILURE_TTL); /* RFC 9520, 3.2 */
	else if (answer->records == 0) /* RFC 2308, 5 */
		ttl = least(ttl, get(cache, MXSEL_CACHE_MAX_NEGATIVE_TTL));
	return least(ttl, get(cache, MXSEL_CACHE_MAX_TTL));
}

void mxsel__cache_keep(mxsel_cache *cache, const char *name, size_t length,
	uint16_t type, const struct mxsel__cached *answer)
{
	unsigned char section[MXSEL__SECTION_MAX];
	struct mxsel__look look;
	struct mxsel__shard *s;
	uint64_t end;
	uint32_t ttl = time_for(cache, answer);

	if (ttl == 0 || length > MXSEL__NAME_MAX)
		return;
	if (mxsel__section_pack(section, name, length, type, answer) == 0)
		return;
	s = enter(cache, &look, name, length, type);
	end = look.now + (uint64_t)ttl * 1000;
	if (end <= MXSEL__END_MAX) {
		mxsel__section_set_end(section, end);
		mxsel__shard_keep(s, &look, section);
	}
	leave(s);
}

int mxsel_cache_forget(mxsel_cache *cache, const char *name)
{
	char text[MXSEL__NAME_TEXT_SIZE];
	struct mxsel__look look;
	struct mxsel__shard *s;
	size_t length;
	enum mxsel__name_kind kind;
	uint32_t i;

	if (cache == NULL)
		return MXSEL_EUSAGE;
	if (name != NULL) {
		kind = mxsel__name_parse(text, &length, name, strlen(name));
		if (kind == MXSEL__NAME_BROKEN || kind == MXSEL__NAME_ADDRESS)
			return MXSEL_ESYNTAX;
		s = enter(cache, &look, text, length, 0);
		mxsel__shard_forget(s, &look);
		leave(s);
		return MXSEL_OK;
	}
	for (i = 0; i < cache->shards; i++) {
		s = &cache->shard[i].shard;
		(void)pthread_mutex_lock(&s->lock);
		mxsel__shard_clear(s);
		leave(s);
	}
	return MXSEL_OK;
}

/* --------------------------------------------------------------- statistics */

static uint64_t counter(const struct mxsel__shard *s, int which)
{
	switch (which) {
	case MXSEL_CACHE_HITS: return s->hits;
	case MXSEL_CACHE_MISSES: return s->misses;
	case MXSEL_CACHE_STALE_HITS: return s->stale_hits;
	case MXSEL_CACHE_STORED: return s->stored;
	case MXSEL_CACHE_EVICTED: return s->evicted;
	case MXSEL_CACHE_NAMES: return s->names;
	case MXSEL_CACHE_BYTES: return mxsel__shard_octets(s);
	default: return 0;
	}
}

uint64_t mxsel_cache_statistic(const mxsel_cache *cache, int which)
{
	uint64_t sum = 0;
	uint32_t i;

	if (cache == NULL)
		return 0;
	if (which == MXSEL_CACHE_BYTES)
		sum = sizeof(*cache) + cache->shards * sizeof(union shard);
	for (i = 0; i < cache->shards; i++) {
		struct mxsel__shard *s = &cache->shard[i].shard;

		(void)pthread_mutex_lock(&s->lock);
		sum += counter(s, which);
		leave(s);
	}
	return sum;
}
