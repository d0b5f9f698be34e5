/*
 * What ldns makes of a message beside what was made of it here, and a plain
 * second reading that explains where they differ: see ldns_opinion.h. May
 * use ldns and lib/wire.
 */
#include "support/ldns_opinion.h"

#include <string.h>

#include <ldns/ldns.h>
#include <mxsel/mxsel.h>

#include "support/ldns_alias.h"

#define LINKS 10
#define HOPS_MOST 127
/* Types without structure, for records that are not read; and for DNAME. */
#define HIDDEN 65400
#define HIDDEN_DNAME 65401

/* For functions that return NULL, or what does not hold. */
#define SAME(condition) \
	do { \
		if (!(condition)) \
			return #condition; \
	} while (0)
#define BOTH(call) \
	do { \
		const char *difference = (call); \
\
		if (difference != NULL) \
			return difference; \
	} while (0)

/* One message, as it is and as ldns gets it. */
struct reading {
	const struct packet *p;
	struct packet *copy;
	/* by octet: this reading's number, when hidden, and part of a name */
	uint32_t *hidden, *named;
	uint32_t number;
	struct mxsel__message *m;
	const char *name;
	uint16_t type;
	enum opinion reason; /* OPINION_SAME: none was found */
	int opts;
	int is_through;
	unsigned answers;
	size_t names, dearest; /* what reading a name costs: all; the most */
};

/* ------------------------------------------------ a plain second reading */

static unsigned get16(const struct reading *r, size_t at)
{
	return at + 2 <= r->p->size ? packet_get16(r->p, at) : 0;
}

static void blame(struct reading *r, enum opinion reason)
{
	if (r->reason == OPINION_SAME)
		r->reason = reason;
}

/* The octets of a name from at on; some may be others in the copy. */
static void pass(struct reading *r, size_t at, size_t length)
{
	size_t i;

	for (i = at; i < at + length && i < r->p->size; i++) {
		r->named[i] = r->number;
		if (r->hidden[i] == r->number)
			r->is_through = 1;
	}
}

static void count_cost(struct reading *r, size_t cost)
{
	r->names += cost;
	if (cost > r->dearest)
		r->dearest = cost;
}

/* The end of the name at at. A step for each label, pointer, eight octets. */
static size_t name_at(struct reading *r, size_t at)
{
	const struct packet *p = r->p;
	size_t start = at, end = 0, cost = 0, hops = 0, length = 0;

	while (at < p->size && p->octets[at] != 0 && length < 255) {
		cost++;
		if (p->octets[at] < 0x40) {
			length += p->octets[at] + 1u;
			cost += p->octets[at] / 8u;
			pass(r, at, p->octets[at] + 1u);
			at += p->octets[at] + 1u;
			continue;
		}
		if (end == 0)
			end = at + 2;
		pass(r, at, 2);
		at = get16(r, at) & 0x3fff;
		if (at >= start || at < 12)
			blame(r, OPINION_POINTER);
		else if (++hops > HOPS_MOST)
			blame(r, OPINION_HOPS);
		if (r->reason != OPINION_SAME)
			return end;
		start = at;
	}
	pass(r, at, 1);
	count_cost(r, cost + 1);
	return end != 0 ? end : at + 1;
}

static void rdata_at(struct reading *r, size_t rdata, unsigned type,
	size_t length)
{
	size_t end = rdata + length;

	if (type == PACKET_A)
		end = rdata + 4;
	else if (type == PACKET_AAAA)
		end = rdata + 16;
	else if (type == PACKET_MX)
		end = name_at(r, rdata + 2);
	else if (type == PACKET_CNAME)
		end = name_at(r, rdata);
	else if (type == PACKET_SOA)
		end = name_at(r, name_at(r, rdata)) + 20;
	else if (type == PACKET_TLSA && length < 3)
		end = rdata + 3;
	if (end != rdata + length)
		blame(r, OPINION_RDATA);
}

static int is_read(unsigned type, unsigned class)
{
	return type == PACKET_OPT || (class == PACKET_IN &&
		(type == PACKET_A || type == PACKET_AAAA ||
		type == PACKET_MX || type == PACKET_CNAME ||
		type == PACKET_SOA || type == PACKET_TLSA));
}

static void hide(struct reading *r, size_t type)
{
	packet_set16(r->copy, type, get16(r, type) == PACKET_DNAME
		? HIDDEN_DNAME : HIDDEN);
	/* A pointer below leads up to here, too. */
	if (r->named[type] == r->number || r->named[type + 1] == r->number)
		r->is_through = 1;
	r->hidden[type] = r->hidden[type + 1] = r->number;
}

/* The record at at; returns where the next one is. */
static size_t record_at(struct reading *r, size_t at, int section)
{
	size_t head = name_at(r, at);
	unsigned type = get16(r, head), class = get16(r, head + 2);
	size_t length = get16(r, head + 8);

	if (head + 10 + length > r->p->size)
		blame(r, OPINION_ASTRAY);
	if (r->reason != OPINION_SAME)
		return at;
	if (!is_read(type, class))
		hide(r, head);
	if (type == PACKET_OPT && (section != PACKET_ADDITIONAL ||
			r->opts++ > 0 || r->p->octets[at] != 0))
		blame(r, OPINION_OPT);
	if (class == PACKET_IN)
		rdata_at(r, head + 10, type, length);
	r->answers += section == PACKET_ANSWER;
	return head + 10 + length;
}

static void read_plainly(struct reading *r)
{
	size_t at = name_at(r, 12) + 4;
	int section;
	unsigned i;

	for (section = PACKET_ANSWER; section <= PACKET_ADDITIONAL; section++)
		for (i = 0; r->reason == OPINION_SAME &&
			i < get16(r, 4 + 2 * (size_t)section); i++)
			at = record_at(r, at, section);
}

/*
 * May it have been too much work? Each name is read once; then for each link
 * of a chain of aliases, and for its end, the answer section is gone through,
 * with two names compared at each record, and the chain's names with each
 * other.
 */
static int is_entangled(const struct reading *r)
{
	size_t rounds = LINKS + 3, allowed = 4 * (r->p->size + 1024);
	size_t compared = rounds * (r->answers + rounds);

	return r->names + compared * (4 * r->dearest + 2) > allowed;
}

/* ------------------------------------------------- what ldns makes of it */

static const char *same_name(const struct reading *r, size_t offset,
	const ldns_rdf *name)
{
	char ours[MXSEL__NAME_TEXT_SIZE], theirs[MXSEL__NAME_TEXT_SIZE];
	struct mxsel__message lone = { .packet = ldns_rdf_data(name),
		.size = ldns_rdf_size(name) };
	size_t length;

	SAME(mxsel__wire_name(r->m, offset, ours, &length) !=
		MXSEL__NAME_BROKEN);
	SAME(mxsel__wire_name(&lone, 0, theirs, &length) !=
		MXSEL__NAME_BROKEN);
	SAME(strcmp(ours, theirs) == 0);
	return NULL;
}

/* Three numbers and, for ldns in a field of its own, the data. */
static const char *same_tlsa(const struct mxsel__record *record,
	const ldns_rr *rr)
{
	const ldns_rdf *data = ldns_rr_rd_count(rr) > 3 ? ldns_rr_rdf(rr, 3)
		: NULL;
	size_t i, length = data == NULL ? 0 : ldns_rdf_size(data);

	SAME(record->rdlength == 3 + length);
	for (i = 0; i < 3; i++)
		SAME(record->rdata[i] ==
			ldns_rdf2native_int8(ldns_rr_rdf(rr, i)));
	SAME(length == 0 || memcmp(record->rdata + 3, ldns_rdf_data(data),
		length) == 0);
	return NULL;
}

static const char *same_record(const struct reading *r,
	const struct mxsel__record *record, const ldns_rr *rr)
{
	const ldns_rdf *first = ldns_rr_rdf(rr, 0);
	uint32_t ttl = ldns_rr_ttl(rr);

	SAME(record->ttl == (ttl > 0x7fffffff ? 0 : ttl));
	switch (r->type) {
	case PACKET_MX:
		SAME(record->preference == ldns_rdf2native_int16(first));
		return same_name(r, record->exchange, ldns_rr_rdf(rr, 1));
	case PACKET_TLSA:
		return same_tlsa(record, rr);
	case PACKET_CNAME:
		return NULL;
	default:
		SAME(record->rdlength == ldns_rdf_size(first));
		SAME(memcmp(record->rdata, ldns_rdf_data(first),
			record->rdlength) == 0);
		return NULL;
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

static const char *same_records(const struct reading *r, const ldns_pkt *pkt,
	const ldns_rdf *name)
{
	ldns_rr_list *list = ldns_pkt_answer(pkt);
	struct mxsel__record record;
	size_t i;

	SAME(r->m->records == count_wanted(pkt, r->type, name));
	for (i = 0; i < ldns_rr_list_rr_count(list); i++) {
		ldns_rr *rr = ldns_rr_list_rr(list, i);

		if (!is_wanted(rr, r->type, name))
			continue;
		SAME(mxsel__wire_next(r->m, &record) == 1);
		BOTH(same_record(r, &record, rr));
	}
	SAME(mxsel__wire_next(r->m, &record) == 0);
	return NULL;
}

static unsigned rcode_of(const ldns_pkt *pkt)
{
	return (unsigned)ldns_pkt_get_rcode(pkt) |
		(unsigned)ldns_pkt_edns_extended_rcode(pkt) << 4;
}

static const char *same_outcome(const struct mxsel__message *m,
	const ldns_pkt *pkt)
{
	static const uint8_t outcomes[] = { MXSEL_DNS_COMPLETE,
		MXSEL_DNS_FORMERR, MXSEL_DNS_SERVFAIL, MXSEL_DNS_NXDOMAIN,
		MXSEL_DNS_NOTIMP, MXSEL_DNS_REFUSED };
	unsigned rcode = rcode_of(pkt);

	if (m->outcome == MXSEL_DNS_REFERRAL || m->loop)
		SAME(rcode == 0 || (m->loop && rcode == 3));
	else
		SAME(m->outcome == (rcode < 6 ? outcomes[rcode]
			: MXSEL_DNS_RCODE));
	return NULL;
}

/* A question for a CNAME is not led on by one. */
static const ldns_rdf *end_of(const struct reading *r, const ldns_pkt *pkt,
	unsigned *links, int *split, unsigned *ttl)
{
	if (r->type != PACKET_CNAME)
		return follow(pkt, links, split, ttl);
	return ldns_rr_owner(ldns_rr_list_rr(ldns_pkt_question(pkt), 0));
}

/* Both accept: do they say the same? */
static const char *same_message(const struct reading *r, const ldns_pkt *pkt)
{
	unsigned links = 0, ttl = UINT32_MAX;
	int split = 0;
	const ldns_rdf *end = end_of(r, pkt, &links, &split, &ttl);

	BOTH(same_outcome(r->m, pkt));
	if (r->m->outcome != MXSEL_DNS_COMPLETE &&
		r->m->outcome != MXSEL_DNS_NXDOMAIN)
		return NULL;
	SAME(r->m->loop == (end == NULL));
	if (end == NULL)
		return NULL;
	SAME(!split && r->m->links == links && r->m->alias_ttl == ttl);
	BOTH(same_name(r, r->m->owner, end));
	return same_records(r, pkt, end);
}

/* Nothing at the end of its aliases, and a DNAME above it leads on? */
static int is_led_on(const struct reading *r, const ldns_pkt *pkt)
{
	ldns_rr_list *list = ldns_pkt_answer(pkt);
	unsigned links = 0, ttl = 0;
	int split = 0, is = 0;
	const ldns_rdf *end = end_of(r, pkt, &links, &split, &ttl);
	size_t i;

	if (end == NULL || count_wanted(pkt, r->type, end) > 0 ||
		(rcode_of(pkt) != 0 && rcode_of(pkt) != 3))
		return 0;
	for (i = 0; i < ldns_rr_list_rr_count(list); i++) {
		ldns_rr *rr = ldns_rr_list_rr(list, i);

		is |= ldns_rr_get_type(rr) == (ldns_rr_type)HIDDEN_DNAME &&
			ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN &&
			ldns_dname_is_subdomain(end, ldns_rr_owner(rr));
	}
	return is;
}

static int contradicts(const struct reading *r, const ldns_pkt *pkt)
{
	unsigned links = 0, ttl = 0;
	int split = 0;
	const ldns_rdf *end = end_of(r, pkt, &links, &split, &ttl);

	if (r->type == PACKET_CNAME)
		(void)target_of(pkt, end, &split, &ttl);
	return split || (end != NULL && rcode_of(pkt) == 3 &&
		count_wanted(pkt, r->type, end) > 0);
}

static int is_answer(const struct reading *r, const ldns_pkt *pkt)
{
	ldns_rr_list *list = ldns_pkt_question(pkt);
	ldns_rr *rr = ldns_rr_list_rr(list, 0);
	ldns_rdf *wanted;
	int is;

	wanted = ldns_dname_new_frm_str(*r->name == '\0' ? "." : r->name);
	is = ldns_pkt_qr(pkt) && ldns_pkt_get_opcode(pkt) == 0 &&
		ldns_rr_list_rr_count(list) == 1 &&
		ldns_rr_get_type(rr) == (ldns_rr_type)r->type &&
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

static const char *judge_accepted(struct reading *r)
{
	struct mxsel__message copy;
	ldns_pkt *pkt;
	const char *difference;

	SAME(r->reason == OPINION_SAME);
	SAME(mxsel__wire_open(&copy, r->copy->octets, r->copy->size, r->name,
		r->type, LINKS) == MXSEL_OK);
	pkt = read_with_ldns(r->copy);
	SAME(pkt != NULL);
	r->m = &copy;
	difference = !is_answer(r, pkt) ? "is_answer(r, pkt)"
		: is_led_on(r, pkt) ? "!is_led_on(r, pkt)"
		: same_message(r, pkt);
	ldns_pkt_free(pkt);
	return difference;
}

/* It is another question's answer, or none at all: ldns must see it, too. */
static enum opinion judge_mismatch(const struct reading *r, const char **what)
{
	ldns_pkt *pkt = read_with_ldns(r->p);
	int is = pkt != NULL && is_answer(r, pkt);

	ldns_pkt_free(pkt);
	*what = "!is_answer(r, pkt)";
	return is ? OPINION_DIFFERS : OPINION_REFUSED;
}

/*
 * Malformed, it is said here. What ldns does not accept either, with the
 * records hidden that it may stumble over, is no difference.
 */
static enum opinion judge_refused(const struct reading *r, const char **what)
{
	ldns_pkt *pkt = read_with_ldns(r->copy);
	enum opinion reason = r->reason;

	if (pkt == NULL) {
		/* In the message itself it may have gone astray. */
		pkt = reason == OPINION_ASTRAY ? read_with_ldns(r->p) : NULL;
		reason = pkt == NULL ? OPINION_REFUSED : OPINION_ASTRAY;
	} else if (reason == OPINION_ASTRAY) {
		*what = "ldns does not go astray";
		reason = OPINION_DIFFERS;
	} else if (reason == OPINION_SAME) {
		*what = "contradicts, is_led_on or is_entangled (r, pkt)";
		reason = contradicts(r, pkt) ? OPINION_CONTRADICTS
			: is_led_on(r, pkt) ? OPINION_DNAME
			: is_entangled(r) ? OPINION_WORK : OPINION_DIFFERS;
	}
	ldns_pkt_free(pkt);
	return reason;
}

enum opinion ldns_opinion(const struct packet *p, struct mxsel__message *m,
	int result, const char *name, uint16_t type, const char **what)
{
	static struct packet copy;
	static uint32_t hidden[PACKET_MAX + 2], named[PACKET_MAX + 2], number;
	struct reading r = { .p = p, .copy = &copy, .hidden = hidden,
		.named = named, .m = m, .name = name, .type = type };

	if (p->size < 12)
		return OPINION_REFUSED;
	if (result == MXSEL_OK && m->outcome == MXSEL_DNS_TRUNCATED)
		return OPINION_CUT;
	if (result == MXSEL_EMISMATCH)
		return judge_mismatch(&r, what);
	r.number = ++number;
	memcpy(copy.octets, p->octets, p->size);
	copy.size = p->size;
	read_plainly(&r);
	if (r.is_through)
		return OPINION_THROUGH;
	if (result != MXSEL_OK)
		return judge_refused(&r, what);
	*what = judge_accepted(&r);
	return *what == NULL ? OPINION_SAME : OPINION_DIFFERS;
}

const char *ldns_opinion_name(enum opinion opinion)
{
	static const char *const names[OPINIONS] = {
		[OPINION_POINTER] = "pointer", [OPINION_HOPS] = "hops",
		[OPINION_WORK] = "work", [OPINION_RDATA] = "rdata",
		[OPINION_OPT] = "opt", [OPINION_CONTRADICTS] = "contradicts",
		[OPINION_DNAME] = "dname",
		[OPINION_ASTRAY] = "astray", [OPINION_THROUGH] = "through",
		[OPINION_CUT] = "cut", [OPINION_DIFFERS] = "unexplained",
	};

	return opinion < OPINIONS ? names[opinion] : NULL;
}
