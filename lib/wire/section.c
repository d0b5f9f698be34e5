/*
 * The sections of a message, every record to its last octet: names, lengths,
 * and the RDATA that mail routing reads. One pass, nothing kept but a few
 * numbers. May use base and name.
 */
#include "wire/scan.h"

#include <mxsel/mxsel.h>

#include "wire/record.h"

#define HOPS_MAX 127

/* A name's lengths while it is checked. */
struct measure {
	size_t length; /* on the wire, uncompressed */
	unsigned hops;
};

/*
 * Labels from walk->at to the root, or to a pointer. 0, or -1: a label type
 * of no name (S15), too long, or cut.
 */
static int measure_labels(struct mxsel__walk *walk, struct measure *m)
{
	size_t at = walk->at;

	while (at < walk->size) {
		unsigned octet = walk->packet[at];

		if (octet == 0 || octet > MXSEL__LABEL_MAX) {
			walk->at = at;
			return 0;
		}
		walk->steps++;
		at += octet + 1;
		m->length += octet + 1;
		if (m->length >= MXSEL__WIRE_NAME_MAX) /* RFC 1035 2.3.4 */
			return -1;
	}
	return -1;
}

/*
 * Go to where the pointer at walk->at leads. 1; 0 when the rest is the
 * question's name, which was measured already; -1: malformed.
 */
static int hop(const struct mxsel__scan *s, struct mxsel__walk *walk,
	struct measure *m)
{
	size_t target = mxsel__walk_target(walk);

	if (target == 0 || ++m->hops > HOPS_MAX)
		return -1;
	walk->steps++;
	walk->at = target;
	walk->start = target;
	if (target != MXSEL__HEADER_SIZE)
		return 1;
	m->length += s->question_length - 1;
	return 0;
}

size_t mxsel__scan_name(struct mxsel__scan *s, size_t at)
{
	struct mxsel__walk walk;
	struct measure m = { 0, 0 };
	size_t end = 0;
	int more = 1;

	mxsel__walk_begin(&walk, s->packet, s->size, at);
	while (more == 1) {
		if (measure_labels(&walk, &m) != 0)
			return 0;
		if (s->packet[walk.at] == 0)
			break;
		if (end == 0)
			end = walk.at + 2;
		more = hop(s, &walk, &m);
	}
	s->work += walk.steps;
	if (more < 0 || m.length >= MXSEL__WIRE_NAME_MAX)
		return 0;
	return end == 0 ? walk.at + 1 : end;
}

/* RFC 1035 3.3.13: two names and five numbers. */
static int soa_is_sound(struct mxsel__scan *s, const struct mxsel__resource *r)
{
	size_t at = mxsel__scan_name(s, r->rdata);

	if (at != 0)
		at = mxsel__scan_name(s, at);
	return at != 0 && at + 20 == r->end;
}

/*
 * A name ends exactly where its RDATA ends, and an address has its length
 * (S16). An RDLENGTH too small for a name ends before any name can.
 */
static int rdata_is_sound(struct mxsel__scan *s,
	const struct mxsel__resource *r)
{
	switch (r->type) {
	case MXSEL_TYPE_A:
		return r->end - r->rdata == 4;
	case MXSEL_TYPE_AAAA:
		return r->end - r->rdata == 16;
	case MXSEL_TYPE_MX:
		return mxsel__scan_name(s, r->rdata + 2) == r->end;
	case MXSEL_TYPE_CNAME:
		return mxsel__scan_name(s, r->rdata) == r->end;
	case MXSEL__TYPE_SOA:
		return soa_is_sound(s, r);
	case MXSEL_TYPE_TLSA: /* RFC 6698 2.1: three numbers, then data */
		return r->end - r->rdata >= 3;
	default:
		return 1;
	}
}

/* The next record, checked. 0, or -1. */
static int scan_record(struct mxsel__scan *s, struct mxsel__resource *r)
{
	size_t end = mxsel__scan_name(s, s->at);

	r->owner = s->at;
	s->work++;
	if (end == 0 || s->work > s->work_max ||
		mxsel__resource_read(r, s->packet, s->size, end) != 0)
		return -1;
	if (r->class == MXSEL__CLASS_IN && !rdata_is_sound(s, r))
		return -1;
	s->at = r->end;
	return 0;
}

int mxsel__scan_answer(struct mxsel__scan *s, unsigned count)
{
	struct mxsel__resource r;

	for (; count > 0; count--) {
		if (scan_record(s, &r) != 0 || r.type == MXSEL__TYPE_OPT)
			return -1;
		if (r.class != MXSEL__CLASS_IN)
			continue;
		if (r.type == MXSEL_TYPE_CNAME)
			s->aliases++;
		if (r.type == MXSEL__TYPE_DNAME)
			s->has_dname = 1;
		if (r.type == s->type && mxsel__resource_is_at(&r, s->packet,
				s->size, MXSEL__HEADER_SIZE, &s->work))
			s->records++;
	}
	return 0;
}

/* How long a denial may be kept: RFC 2308 5. */
static uint32_t denial_ttl(const struct mxsel__scan *s,
	const struct mxsel__resource *soa)
{
	uint32_t ttl = mxsel__ttl(soa->ttl);
	uint32_t minimum = mxsel__ttl(mxsel__get32(s->packet + soa->end - 4));

	return ttl < minimum ? ttl : minimum;
}

int mxsel__scan_authority(struct mxsel__scan *s, unsigned count)
{
	struct mxsel__resource r;

	for (; count > 0; count--) {
		if (scan_record(s, &r) != 0 || r.type == MXSEL__TYPE_OPT)
			return -1;
		if (r.class != MXSEL__CLASS_IN)
			continue;
		if (r.type == MXSEL__TYPE_NS)
			s->has_ns = 1;
		if (r.type == MXSEL__TYPE_SOA && !s->has_soa) {
			s->has_soa = 1;
			s->negative_ttl = denial_ttl(s, &r);
		}
	}
	return 0;
}

int mxsel__scan_additional(struct mxsel__scan *s, unsigned count)
{
	struct mxsel__resource r;

	for (; count > 0; count--) {
		if (scan_record(s, &r) != 0)
			return -1;
		if (r.type != MXSEL__TYPE_OPT)
			continue;
		/* RFC 6891 6.1.1: one, and its owner is the root. */
		if (s->has_opt || r.rdata - r.owner != 11)
			return -1;
		s->has_opt = 1;
		s->rcode_high = (uint8_t)(r.ttl >> 24);
	}
	return 0;
}
