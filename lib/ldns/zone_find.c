/*
 * The sorted array that a zone is, and the searches in it. May use the
 * public headers and libc.
 */
#include "ldns/zones.h"

#include <stdlib.h>
#include <string.h>

#include <mxsel/mxsel.h>

const uint8_t *mxsel__zone_rdata(const struct mxsel__zone_record *record)
{
	return record->octets + record->key_size;
}

int mxsel__zone_add(struct mxsel__zone *zone,
	const struct mxsel__zone_name *owner, uint16_t type, uint32_t ttl,
	const uint8_t *rdata, size_t rdlength)
{
	size_t key_size = owner->size - 1;
	struct mxsel__zone_record *record;

	if (zone->count == zone->room) {
		size_t room = zone->room == 0 ? 64 : zone->room * 2;
		void *more = realloc(
			zone->records, room * sizeof(zone->records[0]));

		if (more == NULL)
			return MXSEL_ENOMEM;
		zone->records = more;
		zone->room = room;
	}
	record = malloc(sizeof(*record) + key_size + rdlength);
	if (record == NULL)
		return MXSEL_ENOMEM;
	record->ttl = ttl;
	record->place = (uint32_t)zone->count;
	record->type = type;
	record->rdlength = (uint16_t)rdlength;
	record->key_size = (uint8_t)key_size;
	memcpy(record->octets, owner->key, key_size);
	if (rdlength > 0)
		memcpy(record->octets + key_size, rdata, rdlength);
	zone->records[zone->count++] = record;
	return MXSEL_OK;
}

void mxsel__zone_clear(struct mxsel__zone *zone)
{
	size_t i;

	for (i = 0; i < zone->count; i++)
		free(zone->records[i]);
	free(zone->records);
	memset(zone, 0, sizeof(*zone));
}

/* ------------------------------------------------------------------ sorting */

static int compare_octets(
	const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
	size_t size = a_size < b_size ? a_size : b_size;
	int order = size == 0 ? 0 : memcmp(a, b, size);

	if (order != 0)
		return order;
	return (a_size > b_size) - (a_size < b_size);
}

static int compare_to(const struct mxsel__zone_record *record,
	const uint8_t *key, size_t size, uint16_t type)
{
	int order = compare_octets(record->octets, record->key_size, key, size);

	if (order != 0)
		return order;
	return (record->type > type) - (record->type < type);
}

/* As the answers want them: by name, type, place in the file. */
static int by_place(const void *a, const void *b)
{
	const struct mxsel__zone_record *x = *(
		struct mxsel__zone_record *const *)a;
	const struct mxsel__zone_record *y = *(
		struct mxsel__zone_record *const *)b;
	int order = compare_to(x, y->octets, y->key_size, y->type);

	if (order != 0)
		return order;
	return (x->place > y->place) - (x->place < y->place);
}

/* Duplicates beside each other, the first of the file first. */
static int by_rdata(const void *a, const void *b)
{
	const struct mxsel__zone_record *x = *(
		struct mxsel__zone_record *const *)a;
	const struct mxsel__zone_record *y = *(
		struct mxsel__zone_record *const *)b;
	int order = compare_to(x, y->octets, y->key_size, y->type);

	if (order == 0)
		order = compare_octets(mxsel__zone_rdata(x), x->rdlength,
			mxsel__zone_rdata(y), y->rdlength);
	if (order != 0)
		return order;
	return (x->place > y->place) - (x->place < y->place);
}

static int is_same(
	const struct mxsel__zone_record *a, const struct mxsel__zone_record *b)
{
	return compare_to(a, b->octets, b->key_size, b->type) == 0 &&
	       compare_octets(mxsel__zone_rdata(a), a->rdlength,
		       mxsel__zone_rdata(b), b->rdlength) == 0;
}

/* A record is in its set once (RFC 2181 5). */
static void drop_duplicates(struct mxsel__zone *zone)
{
	size_t i, kept = 0;

	for (i = 0; i < zone->count; i++) {
		struct mxsel__zone_record *record = zone->records[i];

		if (kept > 0 && is_same(zone->records[kept - 1], record))
			free(record);
		else
			zone->records[kept++] = record;
	}
	zone->count = kept;
}

/* Exactly one SOA, and all owners at or under its owner. */
static int find_apex(struct mxsel__zone *zone)
{
	size_t i;

	for (i = 0; i < zone->count; i++) {
		if (zone->records[i]->type != MXSEL__ZONE_SOA)
			continue;
		if (zone->soa != NULL)
			return MXSEL_EFILE;
		zone->soa = zone->records[i];
	}
	if (zone->soa == NULL)
		return MXSEL_EFILE;
	for (i = 0; i < zone->count; i++) {
		const struct mxsel__zone_record *record = zone->records[i];
		size_t size = zone->soa->key_size;

		if (record->key_size < size ||
			memcmp(record->octets, zone->soa->octets, size) != 0)
			return MXSEL_EFILE;
	}
	return MXSEL_OK;
}

int mxsel__zone_index(struct mxsel__zone *zone)
{
	if (zone->count == 0)
		return MXSEL_EFILE;
	qsort(zone->records, zone->count, sizeof(zone->records[0]), by_rdata);
	drop_duplicates(zone);
	qsort(zone->records, zone->count, sizeof(zone->records[0]), by_place);
	return find_apex(zone);
}

/* ---------------------------------------------------------------- searching */

/* The first record that is not before key and type. */
static size_t seek(const struct mxsel__zone *zone, const uint8_t *key,
	size_t size, uint16_t type)
{
	size_t low = 0, high = zone->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_to(zone->records[middle], key, size, type) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int mxsel__zone_exists(
	const struct mxsel__zone *zone, const uint8_t *key, size_t size)
{
	size_t at = seek(zone, key, size, 0);

	return at < zone->count && zone->records[at]->key_size >= size &&
	       memcmp(zone->records[at]->octets, key, size) == 0;
}

size_t mxsel__zone_find(const struct mxsel__zone *zone, const uint8_t *key,
	size_t size, uint16_t type, struct mxsel__zone_record *const **first)
{
	size_t at = seek(zone, key, size, type), end = at;

	while (end < zone->count &&
		compare_to(zone->records[end], key, size, type) == 0)
		end++;
	*first = zone->records + at;
	return end - at;
}

/* -------------------------------------------------------------------- zones */

static int by_apex(const void *a, const void *b)
{
	const struct mxsel__zone *x = a, *y = b;

	return compare_octets(x->soa->octets, x->soa->key_size, y->soa->octets,
		y->soa->key_size);
}

int mxsel__zones_index(struct mxsel__zones *zones)
{
	size_t i;

	qsort(zones->zones, zones->count, sizeof(zones->zones[0]), by_apex);
	for (i = 1; i < zones->count; i++) {
		if (by_apex(&zones->zones[i - 1], &zones->zones[i]) == 0)
			return MXSEL_EFILE;
	}
	return MXSEL_OK;
}

void mxsel__zones_free(struct mxsel__zones *zones)
{
	size_t i;

	if (zones == NULL)
		return;
	for (i = 0; i < zones->count; i++)
		mxsel__zone_clear(&zones->zones[i]);
	free(zones->zones);
	free(zones);
}

static const struct mxsel__zone *zone_named(
	const struct mxsel__zones *zones, const uint8_t *key, size_t size)
{
	size_t low = 0, high = zones->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct mxsel__zone *zone = &zones->zones[middle];
		int order = compare_octets(
			zone->soa->octets, zone->soa->key_size, key, size);

		if (order == 0)
			return zone;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct mxsel__zone *mxsel__zones_find(
	const struct mxsel__zones *zones, const struct mxsel__zone_name *name)
{
	const struct mxsel__zone *zone = NULL;
	size_t labels = name->labels + 1;

	while (zone == NULL && labels > 0) {
		labels--;
		zone = zone_named(zones, name->key, name->ends[labels]);
	}
	return zone;
}
