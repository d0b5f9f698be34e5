/*
 * What a DNS message says before anyone decodes it: whose answer it is, and
 * whether the server failed (S1). May use public headers and libc only.
 */
#ifndef MXSEL_LDNS_REPLY_H
#define MXSEL_LDNS_REPLY_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/mxsel.h>

/* Larger than any question: header, name, type and class, OPT record. */
#define MXSEL__QUESTION_SIZE 288
#define MXSEL__UDP_SIZE 1232 /* what we announce in EDNS (S13) */

/* Response codes that the transport acts upon (RFC 1035 4.1.1, RFC 6891 9) */
enum {
	MXSEL__RCODE_NOERROR = 0,
	MXSEL__RCODE_FORMERR = 1,
	MXSEL__RCODE_SERVFAIL = 2,
	MXSEL__RCODE_NXDOMAIN = 3,
	MXSEL__RCODE_NOTIMP = 4,
	MXSEL__RCODE_REFUSED = 5,
	MXSEL__RCODE_BADVERS = 16
};

/* A message that came. */
struct mxsel__reply {
	const uint8_t *packet;
	size_t size;
	int cut; /* the datagram was larger than the room for it */
};

/* A header, QR, opcode QUERY and one question; then its id. */
int mxsel__reply_is_answer(const struct mxsel__reply *reply);
uint16_t mxsel__reply_id(const struct mxsel__reply *reply);

/* These are for one that is an answer. */

/* Is it the very question asked (RFC 5452 9.1)? */
int mxsel__reply_has_question(const struct mxsel__reply *reply,
	const mxsel_query *query);

/* Is the TC bit set? */
int mxsel__reply_is_truncated(const struct mxsel__reply *reply);

/*
 * What NOERROR or NXDOMAIN is worth, MXSEL_SECURITY_*, from servers whose word
 * counts or does not (S31).
 */
int mxsel__reply_security(const struct mxsel__reply *reply, int trusting);

/* The response code, with the eight upper bits of an OPT record if any. */
unsigned mxsel__reply_code(const struct mxsel__reply *reply);

#endif
