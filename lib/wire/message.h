/*
 * DNS messages: a question encoded, an answer decoded, strictly (S14-S21).
 * Decoding never allocates and never writes into the packet; its work is
 * bounded by the size of the message. May use base and name.
 */
#ifndef MXSEL_WIRE_MESSAGE_H
#define MXSEL_WIRE_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "name/address.h"
#include "name/name.h"

#define MXSEL__WIRE_QUERY_SIZE 512 /* always enough for a question */

/*
 * Write a question: RD set, one question, class IN; flags, MXSEL_PACKET_*:
 * an OPT record announcing 1232 octets, the AD bit. *size: room, then octets
 * written or needed.
 * 0; MXSEL_ESPACE; MXSEL_ESYNTAX when name is neither GOOD nor ROOT.
 */
int mxsel__wire_question(uint8_t *buffer, size_t *size, uint16_t id,
	const char *name, uint16_t type, int flags);

/* A message that was found sound, and where its answer is. */
struct mxsel__message {
	const uint8_t *packet;
	size_t size;
	const char *question; /* its name, as it was asked for */
	size_t answers;       /* offset of the answer section */
	uint16_t answer_count;
	uint16_t type;        /* asked for */
	uint16_t question_length;
	uint16_t owner;       /* offset of the name that owns the records */
	uint8_t links;        /* CNAMEs followed from the question's name */
	uint8_t outcome;      /* MXSEL_DNS_* (TRUNCATED when TC is set) */
	uint8_t loop;         /* the CNAMEs go in a circle, or more than max */
	uint8_t chain_long;   /* 1: it was more than max_links, not a circle */
	uint8_t has_negative; /* an SOA in the authority section: a denial */
	uint32_t alias_ttl;   /* least TTL of the CNAMEs; UINT32_MAX: none */
	uint32_t negative_ttl;/* min(SOA TTL, SOA MINIMUM), RFC 2308 5 */
	uint16_t records;     /* records of the type at the owner */
	/* iteration */
	size_t next;
	uint16_t left;
};

/*
 * Check the whole message: header (QR, opcode 0), its one question against
 * name and type (class IN, case folded), every section to its last record,
 * RDATA of MX, A, AAAA, CNAME, SOA and TLSA of class IN; follow the CNAMEs in
 * the answer section (at most max_links, at most 16), but for a question for
 * a CNAME itself. Records of another class or
 * owner are passed over (R18). TTLs above 2^31-1 count as 0.
 *
 * MXSEL_OK; MXSEL_EMISMATCH: no reply to this question; MXSEL_EMALFORMED,
 * also for names so entangled that they cost more than 4 steps for each octet
 * of the message (and of 1024 more).
 * A TC message that is cut anywhere after its question is OK with outcome
 * MXSEL_DNS_TRUNCATED. outcome is MXSEL_DNS_COMPLETE for NOERROR with or
 * without records; MXSEL_DNS_REFERRAL for NOERROR, not authoritative,
 * without answer, with NS and without SOA in the authority section.
 * NXDOMAIN with records of the type at the end of the chain is malformed.
 */
int mxsel__wire_open(struct mxsel__message *m, const uint8_t *packet,
	size_t size, const char *name, uint16_t type, unsigned max_links);

/* One record of the type asked, at the owner. */
struct mxsel__record {
	uint32_t ttl;
	uint16_t preference;  /* MX */
	uint16_t exchange;    /* MX: offset of the name in the packet */
	const uint8_t *rdata; /* A: 4 octets, AAAA: 16, TLSA: 3 or more */
	uint16_t rdlength;
};

/* The next record in message order: 1, or 0 at the end. */
int mxsel__wire_next(struct mxsel__message *m, struct mxsel__record *record);

/* Start mxsel__wire_next() over. */
void mxsel__wire_rewind(struct mxsel__message *m);

/*
 * A name of a message that mxsel__wire_open() found sound, as text (see
 * mxsel__name_parse() for kinds and escapes; never BROKEN). The name that
 * was asked for must still be there. Writes at most MXSEL__NAME_TEXT_SIZE
 * octets; *length is the text's length.
 */
enum mxsel__name_kind mxsel__wire_name(const struct mxsel__message *m,
	size_t offset, char *out, size_t *length);

/*
 * Is the name at offset, of such a message, surely of no host? It has more
 * octets than an address as text, and one that no host name has. In less time
 * than mxsel__wire_name() takes for it.
 */
int mxsel__wire_is_no_host(const struct mxsel__message *m, size_t offset);

/* Is the name at offset this GOOD name? */
int mxsel__wire_name_is(const struct mxsel__message *m, size_t offset,
	const char *name);

#endif
