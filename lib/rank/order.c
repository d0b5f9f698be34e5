/*
 * Puts MX records in order. Whoever owns the domain chooses how many records
 * there are and what they look like, so no input may cost more than n log n:
 * few records take insertion, many take a heap. Nothing is allocated, since
 * the order is made where memory may be gone. May use base and name.
 */
#include "rank/order.h"

#include <string.h>

/* Up to here insertion is faster than a heap (measured). */
#define FEW 64u

typedef int before_fn(const struct mxsel__mx *a, const struct mxsel__mx *b);

uint64_t mxsel__order_key(const char *name, size_t length)
{
	const unsigned char *p = (const unsigned char *)name;
	uint64_t key = 0;
	size_t i;

	if (length >= 8) /* one load, for compilers that see it */
		return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 |
			(uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 |
			(uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 |
			(uint64_t)p[6] << 8 | p[7];
	for (i = 0; i < 8; i++)
		key = key << 8 | (i < length ? p[i] : 0u);
	return key;
}

/* Names whose keys are equal; octets before length, so that "a" < "ab". */
static int compare_tails(const struct mxsel__mx *a, const struct mxsel__mx *b)
{
	size_t shorter = a->length < b->length ? a->length : b->length;
	int order = 0;

	if (shorter > 8)
		order = memcmp(a->name + 8, b->name + 8, shorter - 8);
	if (order == 0)
		order = (a->length > b->length) - (a->length < b->length);
	return order;
}

static int compare_names(const struct mxsel__mx *a, const struct mxsel__mx *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return compare_tails(a, b);
}

int mxsel__order_compare(const struct mxsel__mx *a, const struct mxsel__mx *b)
{
	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	return compare_names(a, b);
}

static int better(const struct mxsel__mx *a, const struct mxsel__mx *b)
{
	return mxsel__order_compare(a, b) < 0;
}

/* By name, then preference: brings duplicates together, the best first. */
static int name_before(const struct mxsel__mx *a, const struct mxsel__mx *b)
{
	int order = compare_names(a, b);

	return order < 0 || (order == 0 && a->preference < b->preference);
}

static int same_name(const struct mxsel__mx *a, const struct mxsel__mx *b)
{
	return a->key == b->key && a->length == b->length &&
		compare_tails(a, b) == 0;
}

/* By way of copies: nobody has to show that a record overlaps no other. */
static void move(struct mxsel__mx *to, const struct mxsel__mx *from)
{
	struct mxsel__mx moved = *from;

	*to = moved;
}

static void swap(struct mxsel__mx *a, struct mxsel__mx *b)
{
	struct mxsel__mx t = *a;

	move(a, b);
	*b = t;
}

static void insertion_sort(struct mxsel__mx *v, size_t n)
{
	size_t i, hole;

	/*@ loop unroll 64; */
	for (i = 1; i < n; i++) {
		struct mxsel__mx moved;

		if (!better(&v[i], &v[i - 1]))
			continue;
		moved = v[i];
		hole = i;
		/*@ loop unroll 64; */
		do {
			v[hole] = v[hole - 1];
			hole--;
		} while (hole > 0 && better(&moved, &v[hole - 1]));
		v[hole] = moved;
	}
}

/* Drop *moved into the heap v[0..n-1] whose place at hole is free. */
static void sift(struct mxsel__mx *v, size_t hole, size_t n,
	const struct mxsel__mx *moved, before_fn *before)
{
	size_t top = hole;
	size_t child;

	/* Most records belong near the bottom: go down first, then back. */
	while ((child = 2 * hole + 2) < n) {
		child -= (size_t)before(&v[child], &v[child - 1]);
		move(&v[hole], &v[child]);
		hole = child;
	}
	if (child == n) {
		move(&v[hole], &v[n - 1]);
		hole = n - 1;
	}
	while (hole > top && before(&v[(hole - 1) / 2], moved)) {
		move(&v[hole], &v[(hole - 1) / 2]);
		hole = (hole - 1) / 2;
	}
	v[hole] = *moved;
}

static int is_sorted(const struct mxsel__mx *v, size_t n, before_fn *before)
{
	size_t i;

	for (i = 1; i < n; i++) {
		if (before(&v[i], &v[i - 1]))
			return 0;
	}
	return 1;
}

static void heap_sort(struct mxsel__mx *v, size_t n, before_fn *before)
{
	struct mxsel__mx moved;
	size_t i;

	if (is_sorted(v, n, before))
		return;
	for (i = n / 2; i > 0; i--) {
		moved = v[i - 1];
		sift(v, i - 1, n, &moved, before);
	}
	for (i = n - 1; i > 0; i--) {
		moved = v[i];
		v[i] = v[0];
		sift(v, 0, i, &moved, before);
	}
}

/* Is this name among those kept? Few records only: n * n comparisons. */
static int is_kept(const struct mxsel__mx *v, size_t kept,
	const struct mxsel__mx *mx)
{
	size_t i;

	for (i = 0; i < kept; i++) {
		if (same_name(&v[i], mx))
			return 1;
	}
	return 0;
}

static size_t sort_few(struct mxsel__mx *v, size_t n)
{
	size_t kept = 0;
	size_t i;

	insertion_sort(v, n);
	/*@ loop unroll 65; */
	for (i = 0; i < n; i++) {
		if (is_kept(v, kept, &v[i]))
			continue;
		if (kept != i)
			swap(&v[kept], &v[i]);
		kept++;
	}
	return kept;
}

static size_t sort_many(struct mxsel__mx *v, size_t n)
{
	size_t last = 0; /* of those kept */
	size_t i;

	heap_sort(v, n, name_before);
	for (i = 1; i < n; i++) {
		if (same_name(&v[last], &v[i]))
			continue;
		if (last + 1 < i)
			swap(&v[++last], &v[i]);
		else
			last = i;
	}
	heap_sort(v, last + 1, better);
	return last + 1;
}

size_t mxsel__order_sort(struct mxsel__mx *v, size_t n)
{
	return n <= FEW ? sort_few(v, n) : sort_many(v, n);
}

/*
 * v[first..end-1], Fisher and Yates, from the end; the bound fits: it counts
 * DNS records.
 */
static void shuffle(struct mxsel__mx *v, size_t first, size_t end,
	struct mxsel__random *r)
{
	size_t i;

	for (i = end; i > first + 1; i--) {
		size_t j = first + mxsel__random_below(r,
			(uint32_t)(i - first));

		swap(&v[j], &v[i - 1]);
	}
}

/* RFC 5321 5.1: equal preferences in random order, to spread the load. */
void mxsel__order_shuffle(struct mxsel__mx *v, size_t n,
	struct mxsel__random *r)
{
	size_t first, end;

	for (first = 0; first < n; first = end) {
		end = first + 1;
		while (end < n && v[end].preference == v[first].preference)
			end++;
		shuffle(v, first, end, r);
	}
}
