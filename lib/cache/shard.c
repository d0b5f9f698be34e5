/*
 * Finding, keeping and forgetting in one shard. May use what shard.h may.
 */
#include "cache/shard.h"

#include <string.h>

#include "cache/pack.h"

/*
 * A bucket for so many octets of ring: a slot for 48, since hardly any entry
 * is smaller than 60. So the index is four fifths full when the ring is, and
 * the share of a name is 4 octets of slot and one more.
 */
#define RING_OF_BUCKET (MXSEL__BUCKET * 48u)
#define BUCKET_OCTETS (MXSEL__BUCKET * 4u)
#define SHARE_OF_NAME 5u

void mxsel__shard_divide(struct mxsel__shard *s, size_t octets)
{
	s->buckets = (uint32_t)(octets / (RING_OF_BUCKET + BUCKET_OCTETS));
	octets -= (size_t)s->buckets * BUCKET_OCTETS + MXSEL__SLACK;
	s->units = (uint32_t)(octets / MXSEL__UNIT);
	s->place_bits = 1;
	while (s->units >> s->place_bits != 0)
		s->place_bits++;
}

uint64_t mxsel__shard_now(struct mxsel__shard *s, uint64_t raw,
	uint64_t birth)
{
	/* A step back is as if no time had passed; then time goes on. */
	if (raw < s->raw)
		s->skew += s->raw - raw;
	s->raw = raw;
	return raw - birth + s->skew;
}

uint64_t mxsel__shard_octets(const struct mxsel__shard *s)
{
	uint64_t index = (uint64_t)s->buckets * BUCKET_OCTETS;
	uint64_t share = (uint64_t)s->names * SHARE_OF_NAME;

	return (uint64_t)s->live * MXSEL__UNIT +
		(share < index ? share : index);
}

/* ----------------------------------------------------------------- sections */

static int is_fresh(const unsigned char *section,
	const struct mxsel__look *look)
{
	return look->now < mxsel__section_end(section);
}

/* Fresh, or over for no longer than an answer may be stale. */
static int is_useful(const unsigned char *section,
	const struct mxsel__look *look)
{
	return is_fresh(section, look) ||
		(mxsel__section_is_answer(section) &&
		look->now < mxsel__section_end(section) + look->stale);
}

int mxsel__piece_is_useful(struct mxsel__piece *p,
	const struct mxsel__look *look)
{
	const unsigned char *at = mxsel__piece_sections(p);
	unsigned i;

	for (i = 0; i < p->sections; i++) {
		if (is_useful(at, look))
			return 1;
		at += mxsel__section_size(at);
	}
	return 0;
}

static const unsigned char *section_of(struct mxsel__piece *p,
	const struct mxsel__look *look)
{
	const unsigned char *at = mxsel__piece_sections(p);
	unsigned i;

	for (i = 0; i < p->sections; i++) {
		if (mxsel__section_is(at, look->type))
			return at;
		at += mxsel__section_size(at);
	}
	return NULL;
}

/* ---------------------------------------------------------------- giving up */

static void drop(struct mxsel__shard *s, _Atomic uint32_t *slot)
{
	uint32_t place = mxsel__index_place(s, *slot);

	s->names--;
	s->live -= mxsel__piece_at(s, place)->units;
	mxsel__ring_leave(s, place);
	*slot = 0;
}

void mxsel__shard_evict(struct mxsel__shard *s, _Atomic uint32_t *slot,
	const struct mxsel__look *look)
{
	struct mxsel__piece *p = mxsel__piece_at(s,
		mxsel__index_place(s, *slot));
	const unsigned char *at = mxsel__piece_sections(p);
	unsigned i;

	for (i = 0; i < p->sections; i++) {
		s->evicted += (uint64_t)is_fresh(at, look);
		at += mxsel__section_size(at);
	}
	drop(s, slot);
}

void mxsel__shard_forget(struct mxsel__shard *s,
	const struct mxsel__look *look)
{
	_Atomic uint32_t *slot = mxsel__index_find(s, look);

	if (slot != NULL)
		drop(s, slot);
}

void mxsel__shard_clear(struct mxsel__shard *s)
{
	if (s->names > 0) /* else its pages stay untouched */
		memset(s->index, 0, (size_t)s->buckets * BUCKET_OCTETS);
	memset(s->left, 0, sizeof(s->left));
	s->head = s->tail = s->used = 0;
	s->names = s->live = 0;
}

/* --------------------------------------------------------------------- find */

/* Whole seconds, rounded up: a fresh answer has at least one. */
static uint32_t seconds_left(const unsigned char *section,
	const struct mxsel__look *look)
{
	return (uint32_t)((mxsel__section_end(section) - look->now + 999) /
		1000);
}

static int count(struct mxsel__shard *s, const unsigned char *section,
	int fresh, int stale)
{
	if (section == NULL) /* asked a second time it was a miss before */
		s->misses += !stale;
	else if (fresh)
		s->hits++;
	else
		s->stale_hits++;
	return section != NULL;
}

/* The entry of a name; NULL: there is none. */
static struct mxsel__piece *piece_of(const struct mxsel__shard *s,
	const struct mxsel__look *look)
{
	_Atomic uint32_t *slot = mxsel__index_find(s, look);

	return slot == NULL ? NULL
	                    : mxsel__piece_at(s, mxsel__index_place(s, *slot));
}

/* What an entry says of the type looked for. */
static int find_in(struct mxsel__shard *s, struct mxsel__piece *p,
	const struct mxsel__look *look, int stale, struct mxsel__cached *out)
{
	const unsigned char *section = p == NULL ? NULL : section_of(p, look);
	int fresh = 0;

	if (section != NULL) {
		fresh = is_fresh(section, look);
		if (!fresh && (!stale || !is_useful(section, look)))
			section = NULL;
	}
	if (!count(s, section, fresh, stale))
		return 0;
	if (p->hits < MXSEL__HITS_MAX)
		p->hits++;
	mxsel__section_unpack(section, look->name, look->length, out);
	out->stale = (uint8_t)!fresh;
	out->ttl = fresh ? seconds_left(section, look) : MXSEL__STALE_TTL;
	return 1;
}

int mxsel__shard_find(struct mxsel__shard *s, const struct mxsel__look *look,
	int stale, struct mxsel__cached *out)
{
	return find_in(s, piece_of(s, look), look, stale, out);
}

int mxsel__shard_find_host(struct mxsel__shard *s, struct mxsel__look *look,
	struct mxsel__cached *v6, struct mxsel__cached *v4)
{
	struct mxsel__piece *p = piece_of(s, look);
	int found = 0;

	look->type = MXSEL_TYPE_AAAA;
	if (v6 != NULL && find_in(s, p, look, 0, v6))
		found |= 1;
	look->type = MXSEL_TYPE_A;
	if (v4 != NULL && find_in(s, p, look, 0, v4))
		found |= 2;
	return found;
}

/* --------------------------------------------------------------------- keep */

/* What an entry is to hold. */
struct merged {
	size_t octets; /* the name's included */
	unsigned sections;
};

/*
 * The old sections that are of use and have room, then the new one: what
 * that makes, and written to a place when there is one. It may be where the
 * old ones are: those that stay move down.
 */
static struct merged merge(struct mxsel__piece *old,
	const struct mxsel__look *look, const unsigned char *section,
	unsigned char *to)
{
	size_t added = mxsel__section_size(section);
	size_t limit = MXSEL__ENTRY_MAX - MXSEL__PIECE_HEAD - added;
	struct merged sum = { look->length, 0 };
	unsigned char *at = old != NULL ? mxsel__piece_sections(old) : NULL;
	unsigned left = old != NULL ? old->sections : 0;

	for (; left > 0; left--) {
		unsigned char *from = at;
		size_t size = mxsel__section_size(from);

		at += size;
		if (mxsel__section_is(from, look->type) ||
			!is_useful(from, look) ||
			sum.sections + 1 == MXSEL__SECTIONS_MAX ||
			sum.octets + size > limit)
			continue;
		if (to != NULL)
			memmove(to + sum.octets - look->length, from, size);
		sum.octets += size;
		sum.sections++;
	}
	if (to != NULL)
		memcpy(to + sum.octets - look->length, section, added);
	sum.octets += added;
	sum.sections++;
	return sum;
}

/* The entry in the place it has. */
static void rewrite(struct mxsel__piece *old, const struct mxsel__look *look,
	const unsigned char *section)
{
	struct merged sum = merge(old, look, section,
		mxsel__piece_sections(old));

	old->sections = sum.sections & MXSEL__SECTIONS_MAX;
	if (old->hits == 0)
		old->hits = 1;
}

/* The entry in a place of another size; 0: there is none now. */
static int place_anew(struct mxsel__shard *s, uint32_t units,
	const struct mxsel__look *look, const unsigned char *section)
{
	uint32_t place = mxsel__ring_take(s, units, look);
	struct mxsel__piece *p, *old = NULL;
	_Atomic uint32_t *slot;

	if (place == UINT32_MAX)
		return 0;
	p = mxsel__piece_at(s, place);
	p->state = MXSEL__PIECE_ENTRY;
	p->length = look->length & 0xff;
	memcpy(mxsel__piece_name(p), look->name, look->length);
	slot = mxsel__index_find(s, look); /* it may have moved, or gone */
	if (slot != NULL)
		old = mxsel__piece_at(s, mxsel__index_place(s, *slot));
	p->sections = merge(old, look, section,
		mxsel__piece_sections(p)).sections & MXSEL__SECTIONS_MAX;
	if (old != NULL) {
		if (old->hits > p->hits)
			p->hits = old->hits;
		drop(s, slot);
	} else {
		slot = mxsel__index_add(s, look);
	}
	*slot = mxsel__index_slot(s, look->hash, place);
	s->names++;
	s->live += units;
	return 1;
}

/* A failure does not take the place of what may still be used. */
static int is_better(const unsigned char *old, const unsigned char *section,
	const struct mxsel__look *look)
{
	return old != NULL && !mxsel__section_is_answer(section) &&
		mxsel__section_is_answer(old) && is_useful(old, look);
}

void mxsel__shard_keep(struct mxsel__shard *s, const struct mxsel__look *look,
	const unsigned char *section)
{
	_Atomic uint32_t *slot = mxsel__index_find(s, look);
	struct mxsel__piece *old = NULL;
	uint32_t units;

	if (slot != NULL)
		old = mxsel__piece_at(s, mxsel__index_place(s, *slot));
	if (old != NULL && is_better(section_of(old, look), section,
		look))
		return;
	units = (uint32_t)((MXSEL__PIECE_HEAD + MXSEL__UNIT - 1 +
		merge(old, look, section, NULL).octets) / MXSEL__UNIT);
	if (old != NULL && old->units == units)
		rewrite(old, look, section);
	else if (!place_anew(s, units, look, section))
		return;
	s->stored++;
}
