/*
 * ldns' opinion of a message (S14-S19): what is accepted here it reads the
 * same way, what it accepts and is refused here has one of a few reasons.
 * Known differences, all by intent, told apart by a plain second reading:
 *
 * POINTER      RFC 1035 4.1.4 knows pointers to prior names only; ldns
 *              follows them forward, and into the header.
 * WORK         Names so entangled that they cost more than the message's
 *              size allows; ldns goes on.
 * RDATA        ldns takes what it needs of RDATA and passes over the rest,
 *              or reads a name beyond its end.
 * OPT          ldns takes a second OPT record for a record like others, and
 *              lets it stand in any section and have an owner.
 * CONTRADICTS  Records in NXDOMAIN; two targets of one alias. ldns does not
 *              say what a message means.
 * ASTRAY       ldns reads the next record where it stopped reading this one,
 *              not behind its RDATA, and does not see that the message ends
 *              before its records do.
 * OTHERS       Records that are not read here (other types, other classes)
 *              may be broken inside; ldns refuses the whole message for one.
 *              They are hidden from it: what is compared is a copy where
 *              they are of a type without structure. A name that leads
 *              through the octets of such a type is another name there.
 *
 * Not compared: messages with TC, of which what was cut off does not count.
 * May use ldns.
 */
#ifdef HAVE_LDNS
#include <ldns/ldns.h>

#include <mxsel/mxsel.h>

#include "fuzz/fuzz.h"
#include "fuzz/packet.h"
#include "support/ldns_alias.h"

enum reason { NONE, POINTER, RDATA, OPT, CONTRADICTS, ASTRAY };

/* One message, as it is and as ldns gets it. */
struct opinion {
	const struct packet *p;
	struct packet *work;
	struct mxsel__message *m;
	enum reason reason;
	int opts;
};

/* ------------------------------------------------ a plain second reading */

static unsigned get16(const struct opinion *o, size_t at)
{
	return at + 2 <= o->p->size ? packet_get16(o->p, at) : 0;
}

static void blame(struct opinion *o, enum reason reason)
{
	if (o->reason == NONE)
		o->reason = reason;
}

/* The end of the name at at. */
static size_t name_at(struct opinion *o, size_t at)
{
	const struct packet *p = o->p;
	size_t start = at, end = 0;

	while (at < p->size && p->octets[at] != 0) {
		if (p->octets[at] < 0x40) {
			at += p->octets[at] + 1u;
			continue;
		}
		if (end == 0)
			end = at + 2;
		at = get16(o, at) & 0x3fff;
		if (at >= start || at < 12) {
			blame(o, POINTER);
			return end;
		}
		start = at;
	}
	return end != 0 ? end : at + 1;
}

static void rdata_at(struct opinion *o, size_t rdata, unsigned type,
	size_t length)
{
	size_t end = rdata + length;

	if (type == PACKET_A)
		end = rdata + 4;
	else if (type == PACKET_AAAA)
		end = rdata + 16;
	else if (type == PACKET_MX)
		end = name_at(o, rdata + 2);
	else if (type == PACKET_CNAME)
		end = name_at(o, rdata);
	else if (type == PACKET_SOA)
		end = name_at(o, name_at(o, rdata)) + 20;
	else if (type == PACKET_TLSA && length < 3)
		end = rdata + 3;
	if (end != rdata + length)
		blame(o, RDATA);
}

static int is_read(unsigned type, unsigned class)
{
	return type == PACKET_OPT || (class == PACKET_IN &&
		(type == PACKET_A || type == PACKET_AAAA ||
		type == PACKET_MX || type == PACKET_CNAME ||
		type == PACKET_SOA || type == PACKET_TLSA));
}

/* The record at at; returns where the next one is. */
static size_t record_at(struct opinion *o, size_t at, int section)
{
	size_t head = name_at(o, at);
	unsigned type = get16(o, head), class = get16(o, head + 2);
	size_t length = get16(o, head + 8);

	if (head + 10 + length > o->p->size)
		blame(o, ASTRAY);
	if (o->reason != NONE)
		return at;
	if (!is_read(type, class))
		packet_set16(o->work, head, 65400);
	if (type == PACKET_OPT && (section != PACKET_ADDITIONAL ||
			o->opts++ > 0 || o->p->octets[at] != 0))
		blame(o, OPT);
	if (class == PACKET_IN)
		rdata_at(o, head + 10, type, length);
	return head + 10 + length;
}

static void read_plainly(struct opinion *o)
{
	size_t at = name_at(o, 12) + 4;
	int section;
	unsigned i;

	for (section = PACKET_ANSWER; section <= PACKET_ADDITIONAL; section++)
		for (i = 0; o->reason == NONE &&
			i < get16(o, 4 + 2 * (size_t)section); i++)
			at = record_at(o, at, section);
}

/* ------------------------------------------------- what ldns makes of it */

static void same_name(const struct opinion *o, size_t offset,
	const ldns_rdf *name)
{
	char ours[MXSEL__NAME_TEXT_SIZE], theirs[MXSEL__NAME_TEXT_SIZE];
	struct mxsel__message lone = { .packet = ldns_rdf_data(name),
		.size = ldns_rdf_size(name) };
	size_t length;

	MUST(mxsel__wire_name(o->m, offset, ours, &length) !=
		MXSEL__NAME_BROKEN);
	MUST(mxsel__wire_name(&lone, 0, theirs, &length) !=
		MXSEL__NAME_BROKEN);
	MUST(strcmp(ours, theirs) == 0);
}

static void same_tlsa(const struct mxsel__record *record, const ldns_rr *rr)
{
	const ldns_rdf *data = ldns_rr_rd_count(rr) > 3 ? ldns_rr_rdf(rr, 3)
		: NULL;
	size_t i, length = data == NULL ? 0 : ldns_rdf_size(data);

	MUST(record->rdlength == 3 + length);
	for (i = 0; i < 3; i++)
		MUST(record->rdata[i] ==
			ldns_rdf2native_int8(ldns_rr_rdf(rr, i)));
	MUST(length == 0 || memcmp(record->rdata + 3, ldns_rdf_data(data),
		length) == 0);
}

static void same_record(const struct opinion *o,
	const struct mxsel__record *record, const ldns_rr *rr)
{
	const ldns_rdf *first = ldns_rr_rdf(rr, 0);
	uint32_t ttl = ldns_rr_ttl(rr);

	MUST(record->ttl == (ttl > 0x7fffffff ? 0 : ttl));
	switch (o->m->type) {
	case PACKET_MX:
		MUST(record->preference == ldns_rdf2native_int16(first));
		same_name(o, record->exchange, ldns_rr_rdf(rr, 1));
		break;
	case PACKET_TLSA:
		same_tlsa(record, rr);
		break;
	case PACKET_CNAME:
		break;
	default:
		MUST(record->rdlength == ldns_rdf_size(first));
		MUST(memcmp(record->rdata, ldns_rdf_data(first),
			record->rdlength) == 0);
	}
}

static int is_wanted(const ldns_rr *rr, unsigned type, const ldns_rdf *name)
{
	return ldns_rr_get_type(rr) == (ldns_rr_type)type &&
		ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN &&
		ldns_dname_compare(ldns_rr_owner(rr), name) == 0;
}

static unsigned count_wanted(const ldns_pkt *pkt, unsigned type,
	const ldns_rdf *name)
{
	ldns_rr_list *list = ldns_pkt_answer(pkt);
	unsigned count = 0;
	size_t i;

	for (i = 0; i < ldns_rr_list_rr_count(list); i++)
		count += (unsigned)is_wanted(ldns_rr_list_rr(list, i), type,
			name);
	return count;
}

static void same_records(const struct opinion *o, const ldns_pkt *pkt,
	const ldns_rdf *name)
{
	ldns_rr_list *list = ldns_pkt_answer(pkt);
	struct mxsel__record record;
	size_t i;

	MUST(o->m->records == count_wanted(pkt, o->m->type, name));
	for (i = 0; i < ldns_rr_list_rr_count(list); i++) {
		ldns_rr *rr = ldns_rr_list_rr(list, i);

		if (!is_wanted(rr, o->m->type, name))
			continue;
		MUST(mxsel__wire_next(o->m, &record) == 1);
		same_record(o, &record, rr);
	}
	MUST(mxsel__wire_next(o->m, &record) == 0);
}

static unsigned rcode_of(const ldns_pkt *pkt)
{
	return (unsigned)ldns_pkt_get_rcode(pkt) |
		(unsigned)ldns_pkt_edns_extended_rcode(pkt) << 4;
}

static void same_outcome(const struct mxsel__message *m, const ldns_pkt *pkt)
{
	static const uint8_t outcomes[] = { MXSEL_DNS_COMPLETE,
		MXSEL_DNS_FORMERR, MXSEL_DNS_SERVFAIL, MXSEL_DNS_NXDOMAIN,
		MXSEL_DNS_NOTIMP, MXSEL_DNS_REFUSED };
	unsigned rcode = rcode_of(pkt);

	if (m->outcome == MXSEL_DNS_REFERRAL || m->loop)
		MUST(rcode == 0 || (m->loop && rcode == 3));
	else
		MUST(m->outcome == (rcode < 6 ? outcomes[rcode]
			: MXSEL_DNS_RCODE));
}

/* A question for a CNAME is not led on by one. */
static const ldns_rdf *end_of(const struct opinion *o, const ldns_pkt *pkt,
	unsigned *links, int *split, unsigned *ttl)
{
	if (o->m->type != PACKET_CNAME)
		return follow(pkt, links, split, ttl);
	return ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(pkt), 0));
}

/* Both accept: do they say the same? */
static void compare(const struct opinion *o, const ldns_pkt *pkt)
{
	unsigned links = 0, ttl = UINT32_MAX;
	int split = 0;
	const ldns_rdf *end = end_of(o, pkt, &links, &split, &ttl);

	same_outcome(o->m, pkt);
	if (o->m->outcome != MXSEL_DNS_COMPLETE &&
		o->m->outcome != MXSEL_DNS_NXDOMAIN)
		return;
	MUST(o->m->loop == (end == NULL));
	if (end == NULL)
		return;
	MUST(!split && o->m->links == links && o->m->alias_ttl == ttl);
	same_name(o, o->m->owner, end);
	same_records(o, pkt, end);
}

static int contradicts(const struct opinion *o, const ldns_pkt *pkt,
	unsigned type)
{
	unsigned links = 0, ttl = 0;
	int split = 0;
	const ldns_rdf *end = end_of(o, pkt, &links, &split, &ttl);

	if (type == PACKET_CNAME)
		(void)target_of(pkt, end, &split, &ttl);
	return split || (end != NULL && rcode_of(pkt) == 3 &&
		count_wanted(pkt, type, end) > 0);
}

static int is_answer(const ldns_pkt *pkt, const char *name, unsigned type)
{
	ldns_rr_list *list = ldns_pkt_question(pkt);
	ldns_rr *rr = ldns_rr_list_rr(list, 0);
	ldns_rdf *wanted = ldns_dname_new_frm_str(*name == '\0' ? "." : name);
	int is;

	is = ldns_pkt_qr(pkt) && ldns_pkt_get_opcode(pkt) == 0 &&
		ldns_rr_list_rr_count(list) == 1 &&
		ldns_rr_get_type(rr) == (ldns_rr_type)type &&
		ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN &&
		ldns_dname_compare(ldns_rr_owner(rr), wanted) == 0;
	ldns_rdf_deep_free(wanted);
	return is;
}

/* --------------------------------------------------------- both together */

static ldns_pkt *read_with_ldns(const struct packet *packet)
{
	ldns_pkt *pkt = NULL;

	if (ldns_wire2pkt(&pkt, packet->octets, packet->size) !=
		LDNS_STATUS_OK)
		return NULL;
	return pkt;
}

static void judge_accepted(struct opinion *o, const char *name,
	uint16_t type)
{
	struct mxsel__message hidden;
	ldns_pkt *pkt;

	MUST(o->reason == NONE);
	if (mxsel__wire_open(&hidden, o->work->octets, o->work->size, name,
		type, 10) != MXSEL_OK)
		return;
	pkt = read_with_ldns(o->work);
	MUST(pkt != NULL);
	MUST(is_answer(pkt, name, type));
	o->m = &hidden;
	compare(o, pkt);
	ldns_pkt_free(pkt);
}

/* Refused here, but not by ldns: there must be a reason. */
static void judge_refused(const struct opinion *o, int result,
	const char *name, unsigned type)
{
	ldns_pkt *pkt = read_with_ldns(o->p), *again;

	if (pkt == NULL)
		return;
	if (result == MXSEL_EMISMATCH) {
		MUST(!is_answer(pkt, name, type));
	} else if (o->reason == NONE) {
		/* As it reads the copy: in the other it may go astray. */
		again = read_with_ldns(o->work);
		MUST(again == NULL || contradicts(o, again, type));
		ldns_pkt_free(again);
	} else if (o->reason == ASTRAY) {
		again = read_with_ldns(o->work);
		MUST(again == NULL);
	}
	ldns_pkt_free(pkt);
}

void fuzz_ask_ldns(const struct packet *p, struct mxsel__message *m,
	int result, const char *name, uint16_t type, unsigned max_links)
{
	static struct packet work;
	struct opinion o = { p, &work, m, NONE, 0 };

	/* The chain is followed for ten links there. */
	if (max_links != 10 || p->size < 12)
		return;
	memcpy(work.octets, p->octets, p->size);
	work.size = p->size;
	m->type = type;
	read_plainly(&o);
	if (result != MXSEL_OK)
		judge_refused(&o, result, name, type);
	else if (m->outcome != MXSEL_DNS_TRUNCATED)
		judge_accepted(&o, name, type);
}
#else
typedef int fuzz_has_no_ldns;
#endif
