/*
 * What an authoritative server answers (RFC 1034 4.3.2, with wildcards as in
 * RFC 4592 and DNAME as in RFC 6672), held against NSD. Where RFCs leave a
 * choice it is NSD's: aliases are followed through all zones loaded, and a
 * circle of aliases is told once round. Files that NSD would not load are
 * served so: records of the type asked before a CNAME beside them, nothing
 * that a cut or a DNAME hides. Of a name in a child zone the parent's file
 * says nothing. Left out is what no question here needs: the zone's NS
 * records beside an answer, and additional data. May use the public headers
 * and libc.
 */
#include "ldns/zones.h"

#include <string.h>

#define LINKS_MAX 64u /* far more than anybody follows */

enum { NOERROR = 0, NXDOMAIN = 3, REFUSED = 5, YXDOMAIN = 6 };
enum { DONE = 0, FOLLOW = 1 };

/* An alias that was told. */
struct link {
	const struct mxsel__zone_record *record; /* CNAME or DNAME */
	uint64_t name; /* hash of whose CNAME it was: a wildcard's is told of
	                  every name once, any other only of its owner */
};

struct walk {
	const struct mxsel__zones *zones;
	struct mxsel__zone_message *message;
	struct mxsel__zone_name name; /* spoken of now: the question's name,
	                                 then the targets of its aliases */
	uint16_t type;
	int authoritative;
	int rcode;
	size_t links;
	struct link seen[LINKS_MAX];
};

static uint32_t read32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

static uint64_t hash_of(const struct mxsel__zone_name *name)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i + 1 < name->size; i++)
		hash = (hash ^ name->key[i]) * UINT64_C(1099511628211);
	return hash;
}

static void put(struct walk *w, int section, size_t owner_labels,
	const struct mxsel__zone_record *record, uint32_t ttl)
{
	mxsel__zone_message_put(w->message, section,
		mxsel__zone_name_ancestor(&w->name, owner_labels), record->type,
		ttl, mxsel__zone_rdata(record), record->rdlength);
}

static void put_all(struct walk *w, int section, size_t owner_labels,
	struct mxsel__zone_record *const *records, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		put(w, section, owner_labels, records[i], records[i]->ttl);
}

static size_t labels_of(const struct walk *w, size_t key_size)
{
	size_t labels = 0;

	while (w->name.ends[labels] < key_size)
		labels++;
	return labels;
}

/* Nothing there, for as long as the SOA says (RFC 2308 3). */
static int deny(struct walk *w, const struct mxsel__zone *zone, int rcode)
{
	const struct mxsel__zone_record *soa = zone->soa;
	uint32_t minimum = read32(mxsel__zone_rdata(soa) + soa->rdlength - 4);

	w->rcode = rcode;
	put(w, MXSEL__ZONE_AUTHORITY, labels_of(w, soa->key_size), soa,
		minimum < soa->ttl ? minimum : soa->ttl);
	return DONE;
}

/* Was this alias told already? It is from now on. */
static int seen(
	struct walk *w, const struct mxsel__zone_record *record, uint64_t name)
{
	int found = 0;
	size_t i;

	for (i = 0; i < w->links && !found; i++)
		found = w->seen[i].record == record && w->seen[i].name == name;
	w->seen[w->links].record = record;
	w->seen[w->links++].name = name;
	return found;
}

static int follow_cname(struct walk *w, const struct mxsel__zone_record *record)
{
	if (w->links == LINKS_MAX || seen(w, record, hash_of(&w->name)))
		return DONE;
	put(w, MXSEL__ZONE_ANSWER, w->name.labels, record, record->ttl);
	(void)mxsel__zone_name_wire(
		&w->name, mxsel__zone_rdata(record), record->rdlength);
	return FOLLOW;
}

/* Is the target at or under the DNAME's own name? Then it never ends. */
static int is_inward(const struct mxsel__zone_record *record)
{
	struct mxsel__zone_name target;
	size_t size = record->key_size;

	(void)mxsel__zone_name_wire(
		&target, mxsel__zone_rdata(record), record->rdlength);
	return target.size > size &&
	       memcmp(target.key, record->octets, size) == 0;
}

/* The DNAME itself, and the CNAME that follows from it (RFC 6672 3.1). */
static int follow_dname(
	struct walk *w, size_t labels, const struct mxsel__zone_record *record)
{
	struct mxsel__zone_name before = w->name;

	if (w->links == LINKS_MAX)
		return DONE;
	if (!seen(w, record, 0))
		put(w, MXSEL__ZONE_ANSWER, labels, record, record->ttl);
	else if (is_inward(record))
		return DONE;
	if (mxsel__zone_name_replace(&w->name, labels,
		    mxsel__zone_rdata(record), record->rdlength) != 0) {
		w->rcode = YXDOMAIN; /* RFC 6672 2.2 */
		return DONE;
	}
	mxsel__zone_message_put(w->message, MXSEL__ZONE_ANSWER, before.wire,
		MXSEL__ZONE_CNAME, record->ttl, w->name.wire, w->name.size);
	/* Who asks for a CNAME has it (RFC 1034 4.3.2, step 3a). */
	return w->type == MXSEL__ZONE_CNAME ? DONE : FOLLOW;
}

/* What the node with this key has to say of the name. */
static int tell(struct walk *w, const struct mxsel__zone *zone,
	const uint8_t *key, size_t size)
{
	struct mxsel__zone_record *const *records;
	size_t count = mxsel__zone_find(zone, key, size, w->type, &records);

	if (count > 0) {
		put_all(w, MXSEL__ZONE_ANSWER, w->name.labels, records, count);
		return DONE;
	}
	if (mxsel__zone_find(zone, key, size, MXSEL__ZONE_CNAME, &records) > 0)
		return follow_cname(w, records[0]);
	return deny(w, zone, NOERROR);
}

/* The name is not there; its closest encloser has so many labels. */
static int tell_wildcard(
	struct walk *w, const struct mxsel__zone *zone, size_t labels)
{
	uint8_t key[MXSEL__ZONE_WIRE_MAX + 2];
	size_t size = w->name.ends[labels];

	memcpy(key, w->name.key, size);
	key[size] = 1;
	key[size + 1] = '*';
	if (mxsel__zone_exists(zone, key, size + 2))
		return tell(w, zone, key, size + 2);
	return deny(w, zone, NXDOMAIN);
}

/* A cut below the apex: the name servers know more. */
static int refer(struct walk *w, size_t labels,
	struct mxsel__zone_record *const *records, size_t count)
{
	put_all(w, MXSEL__ZONE_AUTHORITY, labels, records, count);
	w->authoritative = w->links > 0;
	return DONE;
}

/* Down from the apex, label by label (RFC 1034 4.3.2, step 3). */
static int step(struct walk *w, const struct mxsel__zone *zone)
{
	size_t apex = labels_of(w, zone->soa->key_size);
	size_t labels, count;

	w->authoritative = 1;
	for (labels = apex; labels <= w->name.labels; labels++) {
		struct mxsel__zone_record *const *records;
		const uint8_t *key = w->name.key;
		size_t size = w->name.ends[labels];

		if (!mxsel__zone_exists(zone, key, size))
			return tell_wildcard(w, zone, labels - 1);
		count = mxsel__zone_find(
			zone, key, size, MXSEL__ZONE_NS, &records);
		if (labels > apex && count > 0)
			return refer(w, labels, records, count);
		if (labels < w->name.labels &&
			mxsel__zone_find(zone, key, size, MXSEL__ZONE_DNAME,
				&records) > 0)
			return follow_dname(w, labels, records[0]);
	}
	return tell(w, zone, w->name.key, w->name.size - 1);
}

void mxsel__zones_answer(const struct mxsel__zones *zones,
	const struct mxsel__zone_name *name, uint16_t type,
	struct mxsel__zone_message *m)
{
	struct walk w = { .zones = zones, .message = m, .type = type };
	int state = FOLLOW;

	w.name = *name;
	mxsel__zone_message_begin(m, name->wire, type);
	while (state == FOLLOW) {
		const struct mxsel__zone *zone = mxsel__zones_find(
			zones, &w.name);

		state = DONE;
		if (zone != NULL)
			state = step(&w, zone);
		else if (w.links == 0)
			w.rcode = REFUSED;
	}
	mxsel__zone_message_end(m, w.authoritative, w.rcode);
}
