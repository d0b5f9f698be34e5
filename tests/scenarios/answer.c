/*
 * Answers a question from a scenario's zone as a resolver would: CNAMEs
 * followed, NODATA and NXDOMAIN with their SOA, faults where the scenario
 * wants them, as secure as its names are; as records or as the DNS message, in
 * order or reversed. May use <mxsel/mxsel.h>, tests/support and sockets'
 * address texts.
 */
#define _POSIX_C_SOURCE 200809L

#include "scenarios/scenario.h"

#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>

#include "support/packet.h"

#define CHAIN_MAX 40
#define FOUND_MAX 4096

/* What there is to say. */
struct reply {
	const struct record *aliases[CHAIN_MAX];
	const struct record *found[FOUND_MAX];
	size_t alias_count, found_count;
	const struct record *soa;
	const char *owner;    /* at the end of the aliases */
	const char *question;
	int type;
	int outcome;          /* MXSEL_DNS_* */
	int security;
	int silent;           /* no word about the end of the aliases */
	int no_soa;
};

static int under(const char *name, const char *zone)
{
	size_t have = strlen(name), want = strlen(zone);

	if (want == 0)
		return 1;
	return have >= want && strcmp(name + have - want, zone) == 0 &&
		(have == want || name[have - want - 1] == '.');
}

static int exists(const struct zone *zone, const char *name)
{
	const struct record *r;

	for (r = zone->records; r != NULL; r = r->next)
		if (under(r->owner, name))
			return 1;
	return 0;
}

static const struct record *find(const struct zone *zone, const char *name,
	int type)
{
	const struct record *r;

	for (r = zone->records; r != NULL; r = r->next)
		if (r->type == type && r->class == CLASS_IN &&
			strcmp(r->owner, name) == 0)
			return r;
	return NULL;
}

static void find_soa(const struct zone *zone, struct reply *reply)
{
	const struct record *r;

	for (r = zone->records; r != NULL; r = r->next)
		if (r->type == TYPE_SOA && under(reply->owner, r->owner) &&
			(reply->soa == NULL || strlen(r->owner) >
			strlen(reply->soa->owner)))
			reply->soa = r;
}

static int is_met(const struct reply *reply, const char *name)
{
	size_t i;

	for (i = 0; i < reply->alias_count; i++)
		if (strcmp(reply->aliases[i]->owner, name) == 0)
			return 1;
	return 0;
}

/* As far as the zone knows, once round a circle and no further. */
static void follow(const struct zone *zone, struct reply *reply,
	char owner[NAME_ROOM])
{
	const struct record *r;

	zone_name(owner, reply->question, "");
	reply->owner = owner;
	if (reply->type == MXSEL_TYPE_CNAME)
		return; /* that record is the answer itself */
	while ((r = find(zone, owner, MXSEL_TYPE_CNAME)) != NULL &&
		!is_met(reply, owner) && reply->alias_count < CHAIN_MAX) {
		reply->aliases[reply->alias_count++] = r;
		zone_name(owner, r->data, "");
		if (reply->silent)
			break;
	}
}

/* A failure, or what is odd about the answer. */
static void apply_fault(struct reply *reply, int what)
{
	switch (what) {
	case FAULT_DANGLING:
		reply->silent = 1;
		break;
	case FAULT_NO_SOA:
		reply->no_soa = 1;
		break;
	default:
		reply->outcome = what;
		break;
	}
}

static void apply_faults(const struct zone *zone, struct reply *reply)
{
	int faults[FAULTS_MAX];
	size_t n = zone_faults(zone, reply->question, reply->type, faults), i;

	for (i = 0; i < n; i++)
		apply_fault(reply, faults[i]);
}

/* Of the name asked, and of the names that its aliases lead to. */
static void find_security(const struct zone *zone, struct reply *reply)
{
	char name[NAME_ROOM];
	size_t i, known = reply->alias_count;
	int security;

	if (reply->silent && known > 0)
		known--; /* nothing is said about the last one */
	reply->security = zone_security(zone, reply->question, reply->type);
	if (reply->security < 0)
		reply->security = MXSEL_SECURITY_INDETERMINATE;
	for (i = 0; i < known; i++) {
		zone_name(name, reply->aliases[i]->data, "");
		security = zone_security(zone, name, reply->type);
		if (security < 0)
			continue;
		reply->security = zone_weaker(reply->security, security);
	}
}

static void look_up(const struct zone *zone, struct reply *reply,
	char owner[NAME_ROOM])
{
	const struct record *r;

	reply->outcome = -1;
	apply_faults(zone, reply);
	follow(zone, reply, owner);
	find_security(zone, reply);
	for (r = zone->records; r != NULL; r = r->next)
		if (r->type == reply->type && r->class == CLASS_IN &&
			!reply->silent && strcmp(r->owner, owner) == 0 &&
			reply->found_count < FOUND_MAX)
			reply->found[reply->found_count++] = r;
	if (!reply->no_soa && !reply->silent && reply->found_count == 0)
		find_soa(zone, reply);
	if (reply->outcome == FAULT_NODATA) {
		reply->outcome = MXSEL_DNS_COMPLETE;
		reply->found_count = 0;
		reply->soa = NULL;
	} else if (reply->outcome == -1) {
		reply->outcome = exists(zone, owner) || reply->silent
			? MXSEL_DNS_COMPLETE : MXSEL_DNS_NXDOMAIN;
	}
}

static const struct record *found_at(const struct reply *reply, size_t i,
	int form)
{
	/* Addresses keep their order: it means something (RFC 5321 5.1). */
	if ((form & REVERSED) == 0 || reply->type != MXSEL_TYPE_MX)
		return reply->found[i];
	return reply->found[reply->found_count - 1 - i];
}

/* RFC 2308 5; either above 2^31-1 counts as 0 (RFC 2181 8). */
static uint32_t denial_ttl(const struct record *soa)
{
	if (soa->ttl > INT32_MAX || soa->minimum > INT32_MAX)
		return 0;
	return soa->ttl < soa->minimum ? soa->ttl : soa->minimum;
}

static size_t address_bytes(const struct record *r, uint8_t bytes[16])
{
	int family = r->type == MXSEL_TYPE_A ? AF_INET : AF_INET6;

	if (inet_pton(family, r->data, bytes) != 1)
		return 0;
	return r->type == MXSEL_TYPE_A ? 4 : 16;
}

static const uint8_t *tlsa_bytes(const struct record *r, size_t *length)
{
	static uint8_t octets[OCTETS_MAX];

	word_octets(r->data, octets, sizeof(octets), length);
	return octets;
}

/* --- as records ---------------------------------------------------------- */

static const char *add_record(mxsel_query *q, const struct record *r)
{
	const uint8_t *data;
	uint8_t bytes[16];
	size_t length;

	switch (r->type) {
	case MXSEL_TYPE_MX:
		return mxsel_answer_mx(q, (uint16_t)r->preference, r->data,
			r->ttl) == MXSEL_OK ? NULL
			: "mxsel_answer_mx() failed";
	case MXSEL_TYPE_CNAME:
		return mxsel_answer_alias(q, r->data, r->ttl) == MXSEL_OK
			? NULL : "mxsel_answer_alias() failed";
	case MXSEL_TYPE_TLSA:
		data = tlsa_bytes(r, &length);
		return mxsel_answer_tlsa(q, r->tlsa[0], r->tlsa[1], r->tlsa[2],
			data, length, r->ttl) == MXSEL_OK ? NULL
			: "mxsel_answer_tlsa() failed";
	default:
		return mxsel_answer_address(q, bytes, address_bytes(r, bytes),
			r->ttl) == MXSEL_OK ? NULL
			: "mxsel_answer_address() failed";
	}
}

static const char *add_found(mxsel_query *q, const struct reply *reply,
	int form)
{
	const char *why = NULL;
	size_t i;

	for (i = 0; i < reply->found_count && why == NULL; i++)
		why = add_record(q, found_at(reply, i, form));
	return why;
}

static const char *answer_records(mxsel_query *q, const struct reply *reply,
	int form)
{
	const char *why = NULL;
	size_t i;

	if (reply->outcome == MXSEL_DNS_COMPLETE ||
		reply->outcome == MXSEL_DNS_NXDOMAIN) {
		for (i = 0; i < reply->alias_count; i++) {
			int rc = mxsel_answer_alias(q, reply->aliases[i]->data,
				reply->aliases[i]->ttl);

			if (rc != MXSEL_OK && rc != MXSEL_ESYNTAX)
				return "mxsel_answer_alias() failed";
		}
		if (reply->soa != NULL && mxsel_answer_negative_ttl(q,
			denial_ttl(reply->soa)) != MXSEL_OK)
			return "mxsel_answer_negative_ttl() failed";
	}
	if (reply->outcome == MXSEL_DNS_COMPLETE ||
		reply->outcome == MXSEL_DNS_TRUNCATED)
		why = add_found(q, reply, form);
	if (why == NULL && mxsel_answer_finish(q, reply->outcome,
		reply->security) != MXSEL_OK)
		why = "mxsel_answer_finish() failed";
	return why;
}

/* --- as the message ------------------------------------------------------ */

/* A name with master-file escapes, label by label. */
static void put_name(struct packet *p, const char *text)
{
	uint8_t label[64];
	size_t n = 0;

	if (strcmp(text, ".") == 0)
		text = "";
	for (; *text != '\0'; text++) {
		if (*text == '.') {
			packet_label(p, label, n);
			n = 0;
			continue;
		}
		if (n == sizeof(label))
			continue;
		if (text[0] == '\\' && text[1] >= '0' && text[1] <= '9') {
			label[n++] = (uint8_t)((text[1] - '0') * 100 +
				(text[2] - '0') * 10 + (text[3] - '0'));
			text += 3;
			continue;
		}
		if (text[0] == '\\')
			text++;
		label[n++] = (uint8_t)*text;
	}
	if (n > 0)
		packet_label(p, label, n);
	packet_8(p, 0);
}

static void put_soa(struct packet *p, const struct record *r)
{
	put_name(p, "ns.example");
	put_name(p, "hostmaster.example");
	packet_32(p, 1);
	packet_32(p, 7200);
	packet_32(p, 3600);
	packet_32(p, 1209600);
	packet_32(p, r->minimum);
}

static void put_tlsa(struct packet *p, const struct record *r)
{
	size_t length;
	const uint8_t *data = tlsa_bytes(r, &length);

	packet_bytes(p, r->tlsa, sizeof(r->tlsa));
	packet_bytes(p, data, length);
}

static void put_record(struct packet *p, int section, const struct record *r)
{
	uint8_t bytes[16];

	put_name(p, r->owner);
	packet_head(p, section, (unsigned)r->type, (unsigned)r->class, r->ttl);
	switch (r->type) {
	case MXSEL_TYPE_MX:
		packet_16(p, r->preference);
		put_name(p, r->data);
		break;
	case MXSEL_TYPE_A:
	case MXSEL_TYPE_AAAA:
		packet_bytes(p, bytes, address_bytes(r, bytes));
		break;
	case MXSEL_TYPE_TLSA:
		put_tlsa(p, r);
		break;
	case TYPE_SOA:
		put_soa(p, r);
		break;
	case TYPE_TXT:
		packet_label(p, "text", 4);
		break;
	default:
		put_name(p, r->data);
		break;
	}
	packet_end(p);
}

static void put_extras(struct packet *p, const struct zone *zone,
	const struct reply *reply, int section)
{
	const struct extra *x;

	for (x = zone->extras; x != NULL; x = x->next)
		if (x->section == section && x->type == reply->type &&
			strcmp(x->name, reply->question) == 0)
			put_record(p, section, &x->record);
}

static unsigned header_flags(int outcome)
{
	static const unsigned rcodes[] = {
		[MXSEL_DNS_NXDOMAIN] = 3, [MXSEL_DNS_SERVFAIL] = 2,
		[MXSEL_DNS_REFUSED] = 5, [MXSEL_DNS_FORMERR] = 1,
		[MXSEL_DNS_NOTIMP] = 4, [MXSEL_DNS_RCODE] = 9,
		[MXSEL_DNS_REFERRAL] = 0,
	};
	unsigned flags = PACKET_QR | PACKET_RD | PACKET_RA;

	if (outcome == MXSEL_DNS_TRUNCATED)
		flags |= PACKET_TC;
	if ((size_t)outcome < sizeof(rcodes) / sizeof(rcodes[0]))
		flags |= rcodes[outcome];
	return flags;
}

static void put_aliases(struct packet *p, const struct reply *reply, int form)
{
	size_t i, n = reply->alias_count;

	for (i = 0; i < n; i++)
		put_record(p, PACKET_ANSWER, reply->aliases[
			form & REVERSED ? n - 1 - i : i]);
}

static void make_packet(struct packet *p, const struct zone *zone,
	const struct reply *reply, int form)
{
	int complete = reply->outcome == MXSEL_DNS_COMPLETE;
	int denied = reply->outcome == MXSEL_DNS_NXDOMAIN;
	size_t i;

	packet_begin(p, header_flags(reply->outcome), reply->question,
		(unsigned)reply->type);
	if (complete || denied)
		put_aliases(p, reply, form);
	if (complete || reply->outcome == MXSEL_DNS_TRUNCATED)
		for (i = 0; i < reply->found_count; i++)
			put_record(p, PACKET_ANSWER, found_at(reply, i, form));
	put_extras(p, zone, reply, PACKET_ANSWER);
	if ((complete || denied) && reply->soa != NULL)
		put_record(p, PACKET_AUTHORITY, reply->soa);
	if (reply->outcome == MXSEL_DNS_REFERRAL)
		packet_named(p, PACKET_AUTHORITY, reply->owner, PACKET_NS, 300,
			"ns.example");
	put_extras(p, zone, reply, PACKET_AUTHORITY);
	put_extras(p, zone, reply, PACKET_ADDITIONAL);
}

static const char *answer_packet(const struct zone *zone, mxsel_query *q,
	const struct reply *reply, int form)
{
	static struct packet packet;
	int rc;

	if (reply->outcome == MXSEL_DNS_TIMEOUT ||
		reply->outcome == MXSEL_DNS_NETWORK)
		return answer_records(q, reply, form);
	make_packet(&packet, zone, reply, form);
	if (packet.full)
		return "the answer is larger than a message can be";
	if (reply->outcome != MXSEL_DNS_MALFORMED) {
		rc = mxsel_answer_packet(q, packet.octets, packet.size,
			reply->security);
		return rc == MXSEL_OK ? NULL : mxsel_strerror(rc);
	}
	/* A record is promised that is not there; then nobody knows better. */
	packet_count(&packet, PACKET_ANSWER);
	rc = mxsel_answer_packet(q, packet.octets, packet.size,
		reply->security);
	if (rc != MXSEL_EMALFORMED)
		return "a malformed message was taken";
	return answer_records(q, reply, form);
}

const char *zone_answer(const struct zone *zone, mxsel_query *q, int form)
{
	static struct reply reply;
	char owner[NAME_ROOM];
	size_t i;

	memset(&reply, 0, sizeof(reply));
	reply.question = mxsel_query_name(q);
	reply.type = mxsel_query_type(q);
	look_up(zone, &reply, owner);
	for (i = 0; i < reply.found_count; i++) {
		uint8_t bytes[16];

		if ((reply.type == MXSEL_TYPE_A ||
			reply.type == MXSEL_TYPE_AAAA) &&
			address_bytes(reply.found[i], bytes) == 0)
			return "the zone has an address that is none";
	}
	return form & AS_PACKET ? answer_packet(zone, q, &reply, form)
	                        : answer_records(q, &reply, form);
}
