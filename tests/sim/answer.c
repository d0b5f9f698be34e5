/*
 * Questions read and answers written, see zone.h (RFC 1035 4.1). May use libc
 * only.
 */
#include "sim/zone.h"

#include <string.h>

#define HEADER 12u
#define CHAIN_MAX 24

static unsigned u16_at(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* ---------------------------------------------------------------- question */

/* Where the name of the zone begins, or past the end. */
static size_t split_of(const struct sim_name *name,
	const struct sim_zone *zone)
{
	size_t at, labels = 0;
	size_t size = zone->origin.size;

	if (zone->any_labels == 0) {
		if (name->size < size || memcmp(name->octets + name->size -
				size, zone->origin.octets, size) != 0)
			return SIM_NAME_MAX + 1;
		return name->size - size;
	}
	for (at = 0; name->octets[at] != 0; at += 1u + name->octets[at])
		labels++;
	if (labels < zone->any_labels)
		return SIM_NAME_MAX + 1;
	for (at = 0; labels > zone->any_labels; labels--)
		at += 1u + name->octets[at];
	return at;
}

/* UDP size of an OPT right behind the question: programs write no other. */
static uint16_t option_of(const uint8_t *at, size_t left)
{
	return left >= 11 && at[0] == 0 && u16_at(at + 1) == SIM_OPT ?
		(uint16_t)u16_at(at + 3) : 0;
}

int sim_question_read(struct sim_question *q, const struct sim_zone *zone,
	const uint8_t *packet, size_t size)
{
	size_t at = HEADER, i;
	uint8_t c;

	if (size < HEADER + 5 || u16_at(packet + 4) != 1)
		return -1;
	while (at < size && packet[at] != 0)
		at += 1u + packet[at];
	if (at + 5 > size || at - HEADER >= SIM_NAME_MAX)
		return -1;
	q->packet = packet;
	q->id = (uint16_t)u16_at(packet);
	q->name.size = (uint8_t)(at + 1 - HEADER);
	q->name.relative = 0;
	for (i = 0; i < q->name.size; i++) {
		c = packet[HEADER + i];
		q->name.octets[i] = c >= 'A' && c <= 'Z' ? c | 0x20u : c;
	}
	q->type = (uint16_t)u16_at(packet + at + 1);
	q->end = at + 5;
	q->udp_size = option_of(packet + q->end, size - q->end);
	if (q->udp_size != 0 && q->udp_size < 512)
		q->udp_size = 512;
	q->split = split_of(&q->name, zone);
	return 0;
}

int sim_question_is_for(const struct sim_question *q,
	const struct sim_name *name)
{
	size_t size = name->relative ? q->split : q->name.size;

	return size == name->size && size <= SIM_NAME_MAX &&
		memcmp(q->name.octets, name->octets, size) == 0;
}

/* ------------------------------------------------------------------ pieces */

void sim_answer_octets(struct sim_answer *a, const void *octets, size_t size)
{
	if (a->size + size > SIM_MESSAGE_MAX) {
		a->full = 1;
		return;
	}
	if (size > 0)
		memcpy(a->octets + a->size, octets, size);
	a->size += size;
}

void sim_answer_u16(struct sim_answer *a, unsigned value)
{
	uint8_t octets[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	sim_answer_octets(a, octets, 2);
}

/* RFC 1035 4.1.4: what was written before is pointed at, and so is the zone's
   name in the question. */
void sim_answer_name(struct sim_answer *a, const struct sim_name *name)
{
	unsigned i;

	for (i = 0; i < a->known_count; i++)
		if (a->known[i].name == name || (name->relative &&
				a->known[i].name->size == name->size &&
				a->known[i].name->relative &&
				memcmp(a->known[i].name->octets, name->octets,
					name->size) == 0)) {
			sim_answer_u16(a, 0xc000u | (unsigned)a->known[i].at);
			return;
		}
	if (a->size < 0x4000 && a->known_count < 24) {
		a->known[a->known_count].name = name;
		a->known[a->known_count++].at = a->size;
	}
	sim_answer_octets(a, name->octets, name->size);
	if (name->relative)
		sim_answer_u16(a, 0xc000u | (unsigned)(HEADER + a->split));
}

size_t sim_answer_owner(struct sim_answer *a, const struct sim_name *owner,
	uint16_t type, uint32_t ttl)
{
	if (a->first == 0)
		a->first = a->size;
	sim_answer_name(a, owner);
	sim_answer_u16(a, type);
	sim_answer_u16(a, 1);
	sim_answer_u16(a, ttl >> 16);
	sim_answer_u16(a, ttl & 0xffff);
	sim_answer_u16(a, 0);
	return a->size;
}

void sim_answer_close(struct sim_answer *a, size_t rdata)
{
	size_t size = a->size - rdata;

	if (a->full)
		return;
	a->octets[rdata - 2] = (uint8_t)(size >> 8);
	a->octets[rdata - 1] = (uint8_t)size;
	a->counts[1]++;
}

/* ------------------------------------------------------------------ answers */

void sim_answer_begin(struct sim_answer *a, const struct sim_question *q)
{
	memset(a->counts, 0, sizeof a->counts);
	memcpy(a->octets, q->packet, q->end);
	a->size = q->end;
	a->first = 0;
	a->code = 0;
	a->counts[0] = 1;
	a->flags = 0x8580; /* QR, AA, RD, RA */
	a->full = 0;
	a->split = q->split;
	a->known_count = 0;
	if (q->split <= SIM_NAME_MAX)
		a->known[a->known_count++].at = HEADER + q->split;
	/* The zone's own name is written in the question. */
	if (a->known_count > 0) {
		static const struct sim_name own = { { 0 }, 0, 1 };

		a->known[0].name = &own;
	}
}

static void put(struct sim_answer *a, const struct sim_record *r)
{
	size_t rdata = sim_answer_owner(a, &r->owner, r->type, r->ttl);

	sim_answer_octets(a, r->fixed, r->fixed_size);
	if (r->target.size > 0 || r->target.relative)
		sim_answer_name(a, &r->target);
	sim_answer_close(a, rdata);
}

static int same(const struct sim_name *a, const struct sim_name *b)
{
	return a->relative == b->relative && a->size == b->size &&
		memcmp(a->octets, b->octets, a->size) == 0;
}

/* Is it, or is it below? (RFC 4592 2.2: names with names under them.) */
static int covers(const struct sim_name *name, const struct sim_name *owner)
{
	return name->relative == owner->relative && owner->size > name->size &&
		memcmp(owner->octets + owner->size - name->size, name->octets,
			name->size) == 0;
}

/* The name asked for, as owners are written. */
static void begin_name(struct sim_name *out, const struct sim_question *q)
{
	*out = q->name;
	if (q->split > SIM_NAME_MAX)
		return;
	out->size = (uint8_t)q->split;
	out->relative = 1;
}

/* RFC 6672 2.2: a DNAME at a name makes aliases of all below it. */
static const struct sim_record *find_dname(const struct sim_zone *zone,
	const struct sim_name *name)
{
	size_t i;

	for (i = 0; i < zone->count; i++)
		if (zone->records[i].type == SIM_DNAME &&
				covers(&zone->records[i].owner, name))
			return &zone->records[i];
	return NULL;
}

static void follow_dname(struct sim_answer *a, const struct sim_record *r,
	struct sim_name *name)
{
	struct sim_name target = r->target;
	size_t kept = (size_t)name->size - r->owner.size, rdata;
	unsigned known = a->known_count;

	put(a, r);
	if (kept + target.size > SIM_NAME_MAX)
		return;
	memmove(target.octets + kept, target.octets, target.size);
	memcpy(target.octets, name->octets, kept);
	target.size = (uint8_t)(target.size + kept);
	rdata = sim_answer_owner(a, name, SIM_CNAME, 0);
	sim_answer_name(a, &target);
	sim_answer_close(a, rdata);
	a->known_count = known; /* those names are gone */
	*name = target;
}

/* One link: what is at the name. Its alias, or NULL. */
static const struct sim_record *fill_one(struct sim_answer *a,
	const struct sim_zone *zone, const struct sim_name *name,
	uint16_t type, int *exists)
{
	const struct sim_record *alias = NULL, *r;
	size_t i;

	*exists = 0;
	for (i = 0; i < zone->count; i++) {
		r = &zone->records[i];
		if (!same(&r->owner, name)) {
			*exists |= covers(name, &r->owner);
			continue;
		}
		*exists = 1;
		if (r->type == type)
			put(a, r);
		else if (r->type == SIM_CNAME)
			alias = r;
	}
	return alias;
}

void sim_answer_fill(struct sim_answer *a, const struct sim_question *q,
	const struct sim_zone *zone)
{
	const struct sim_record *alias;
	struct sim_name name;
	unsigned before = a->counts[1];
	int links, exists;

	begin_name(&name, q);
	for (links = 0; links < CHAIN_MAX; links++) {
		alias = find_dname(zone, &name);
		if (alias != NULL) {
			follow_dname(a, alias, &name);
			before = a->counts[1];
			continue;
		}
		alias = fill_one(a, zone, &name, q->type, &exists);
		if (a->counts[1] > before)
			return;
		if (alias == NULL)
			break;
		put(a, alias);
		before = a->counts[1];
		name = alias->target;
	}
	a->code = links < CHAIN_MAX && !exists ? 3 : 0;
	if (links < CHAIN_MAX)
		sim_answer_soa(a, zone);
}

void sim_answer_soa(struct sim_answer *a, const struct sim_zone *zone)
{
	static const uint8_t numbers[22] = { 0, 0, 0, 0, 0, 1, 0, 0, 14, 16,
		0, 0, 14, 16, 0, 9, 58, 128, 0, 0, 1, 44 };
	static const struct sim_name own = { { 0 }, 0, 1 };
	size_t rdata;

	rdata = sim_answer_owner(a, a->split > SIM_NAME_MAX ?
		&zone->origin : &own, SIM_SOA, 300);
	sim_answer_octets(a, numbers, sizeof numbers);
	sim_answer_close(a, rdata);
	if (a->full)
		return;
	a->counts[1]--;
	a->counts[2]++;
}

void sim_answer_end(struct sim_answer *a, const struct sim_question *q)
{
	uint8_t option[11] = { 0, 0, SIM_OPT, 4, 208, 0, 0, 0, 0, 0, 0 };
	unsigned i;

	if (q->udp_size != 0 && a->size + sizeof option <= SIM_MESSAGE_MAX) {
		option[5] = (uint8_t)(a->code >> 4);
		sim_answer_octets(a, option, sizeof option);
		a->counts[3]++;
	}
	a->octets[2] = (uint8_t)(a->flags >> 8);
	a->octets[3] = (uint8_t)((a->flags & 0xf0) | (a->code & 0xf));
	for (i = 0; i < 4; i++) {
		a->octets[4 + 2 * i] = (uint8_t)(a->counts[i] >> 8);
		a->octets[5 + 2 * i] = (uint8_t)a->counts[i];
	}
}
