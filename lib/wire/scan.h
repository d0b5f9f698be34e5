/*
 * What the parts of mxsel__wire_open() share: the packet, the work done and
 * allowed for it, and what its sections held. May use base and name.
 */
#ifndef MXSEL_WIRE_SCAN_H
#define MXSEL_WIRE_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "wire/message.h"

/*
 * Steps (a label, a pointer, eight octets compared, a record visited) for
 * each octet of a message, and for some more octets than it has. What is
 * compressed sensibly needs less than one; this is what keeps the work
 * O(message), whatever was built (S14).
 */
#define MXSEL__WORK_PER_OCTET 4
#define MXSEL__WORK_OCTETS_MORE 1024

struct mxsel__scan {
	const uint8_t *packet;
	size_t size;
	size_t at;              /* the next record */
	const char *question;   /* its name as text */
	size_t question_length; /* of the question's name, on the wire */
	unsigned long work;     /* steps done */
	unsigned long work_max;
	uint16_t type;          /* asked for */
	uint16_t records;       /* of that type, at the question's name */
	uint16_t aliases;       /* CNAMEs in the answer section */
	uint8_t has_dname;      /* in the answer section */
	uint8_t has_ns;         /* in the authority section */
	uint8_t has_soa;
	uint8_t has_opt;
	uint8_t rcode_high;     /* from the OPT record, RFC 6891 6.1.3 */
	uint32_t negative_ttl;
};

/* Check one section of count records. 0, or -1: malformed. */
int mxsel__scan_answer(struct mxsel__scan *s, unsigned count);
int mxsel__scan_authority(struct mxsel__scan *s, unsigned count);
int mxsel__scan_additional(struct mxsel__scan *s, unsigned count);

/* The end of the name at at where it stands; 0: malformed. */
size_t mxsel__scan_name(struct mxsel__scan *s, size_t at);

/*
 * Follow the CNAMEs from m->owner, which moves with them, and count the
 * records there. 0, or -1: malformed.
 */
int mxsel__scan_aliases(struct mxsel__scan *s, struct mxsel__message *m,
	unsigned max_links);

/* Is m->owner below no DNAME of the answer section? 0, or -1: malformed. */
int mxsel__scan_dnames(struct mxsel__scan *s, const struct mxsel__message *m);

#endif
