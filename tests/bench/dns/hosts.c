/*
 * See hosts.h. May use libc only.
 */
#include <stdlib.h>
#include <string.h>

#include "bench/dns/hosts.h"

#define BUCKETS 65536

static struct {
	const struct asker *asker;
	int cache;
	struct host **buckets;
} at;

static void *memory(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		load_die("no memory");
	return p;
}

void hosts_begin(const struct asker *asker, int cache)
{
	at.asker = asker;
	at.cache = cache;
	if (cache)
		at.buckets = memory(BUCKETS * sizeof(at.buckets[0]));
}

void hosts_fill(void)
{
	struct load_job job;
	struct lookup *l;

	while (load_open() < load.concurrency && load_next(&job)) {
		l = memory(sizeof(*l));
		l->job = job;
		l->open = 1;
		at.asker->mx(l, load_domain(&job));
	}
}

void hosts_end(struct lookup *l, enum load_status status)
{
	load_done(&l->job, status);
	free(l);
}

static void release(struct lookup *l)
{
	if (--l->open != 0)
		return;
	if (l->lost)
		hosts_end(l, LOAD_LOST);
	else
		hosts_end(l, l->addresses != 0 ? LOAD_OK : LOAD_NO_HOST);
}

static void use(const struct host *h, struct lookup *l, unsigned preference)
{
	unsigned family, i;

	for (family = 0; family < 2; family++)
		for (i = 0; i < h->counts[family]; i++) {
			load_add(&l->job, h->hash, preference,
				h->addresses[family][i], family ? 16 : 4);
			l->addresses++;
		}
	l->lost |= h->lost;
}

static struct host *make(const char *name, uint64_t hash)
{
	size_t size = strlen(name) + 1;
	struct host *h = memory(sizeof(*h) + size);

	memcpy(h->name, name, size);
	h->hash = hash;
	h->open = 2;
	return h;
}

/* From here to the next comment: the cache. */
static struct host *find(const char *name, uint64_t hash)
{
	struct host *h = at.buckets[hash % BUCKETS];

	while (h != NULL && (h->hash != hash || strcmp(h->name, name) != 0))
		h = h->next;
	return h;
}

static void keep(struct host *h)
{
	h->kept = 1;
	h->next = at.buckets[h->hash % BUCKETS];
	at.buckets[h->hash % BUCKETS] = h;
}

/* Ask for the host, or wait with those who did, or take what is there. */
void hosts_mx(struct lookup *l, const char *name, unsigned preference)
{
	uint64_t hash = load_hash(name);
	struct host *h = at.cache ? find(name, hash) : NULL;
	struct waiter *w;
	int new = h == NULL;

	if (!new && h->open == 0) {
		use(h, l, preference);
		return;
	}
	if (new)
		h = make(name, hash);
	if (new && at.cache)
		keep(h);
	w = memory(sizeof(*w));
	w->lookup = l;
	w->preference = preference;
	w->next = h->waiters;
	h->waiters = w;
	l->open++;
	if (new) {
		at.asker->address(h, 1);
		at.asker->address(h, 28);
	}
}

void hosts_mx_end(struct lookup *l)
{
	release(l);
}

void hosts_implicit(struct lookup *l)
{
	hosts_mx(l, load_domain(&l->job), 0);
	release(l);
}

void hosts_address(struct host *h, int type, const void *octets)
{
	unsigned family = type == 28, n = h->counts[family];

	if (n == HOST_ADDRESSES)
		return;
	memcpy(h->addresses[family][n], octets, family ? 16 : 4);
	h->counts[family]++;
}

void hosts_address_end(struct host *h, int lost)
{
	struct waiter *w, *next;

	h->lost |= lost;
	if (--h->open != 0)
		return;
	w = h->waiters;
	h->waiters = NULL;
	for (; w != NULL; w = next) {
		next = w->next;
		use(h, w->lookup, w->preference);
		release(w->lookup);
		free(w);
	}
	if (!h->kept)
		free(h);
}
