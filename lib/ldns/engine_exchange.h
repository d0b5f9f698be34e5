/*
 * One question on its way to one server: what was sent, on which socket, and
 * whether what came back answers it (S1). May use public headers and libc
 * only.
 */
#ifndef MXSEL_LDNS_ENGINE_EXCHANGE_H
#define MXSEL_LDNS_ENGINE_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/mxsel.h>

#define MXSEL__QUESTION_SIZE 512
#define MXSEL__PREFIX_SIZE 2 /* length of a message, RFC 1035 4.2.2 */

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

struct mxsel__exchange {
	int fd;            /* -1: none */
	int connected;     /* TCP */
	unsigned strays;   /* messages that answered something else (S4) */
	size_t size;       /* of the question, without its prefix */
	size_t sent;       /* TCP: octets written of prefix and question */
	uint8_t packet[MXSEL__PREFIX_SIZE + MXSEL__QUESTION_SIZE];
	/* TCP: the message being read */
	uint8_t prefix[MXSEL__PREFIX_SIZE];
	uint8_t *body;     /* NULL until its length is known */
	size_t body_size;
	size_t got;        /* octets read, those of the prefix included */
};

/* A message that came; packet lives until the exchange is used again. */
struct mxsel__reply {
	const uint8_t *packet;
	size_t size;
	int cut; /* the datagram was larger than the room for it */
};

void mxsel__exchange_init(struct mxsel__exchange *x);

/* Write the question. 0, or an error of mxsel_query_packet(). */
int mxsel__exchange_write(struct mxsel__exchange *x,
	const mxsel_query *query, uint16_t id, int edns);

/* Close the socket, release the message. */
void mxsel__exchange_close(struct mxsel__exchange *x);

/* Id, QR, opcode, QDCOUNT and the very question sent (RFC 5452 9.1). */
int mxsel__reply_matches(const struct mxsel__reply *reply,
	const struct mxsel__exchange *x);

/* Is the TC bit set? Only for a reply that matches, as the next. */
int mxsel__reply_is_truncated(const struct mxsel__reply *reply);

/* The response code, with the eight upper bits of an OPT record if any. */
unsigned mxsel__reply_code(const struct mxsel__reply *reply);

#endif
