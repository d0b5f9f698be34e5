/*
 * A record, line by line, as the mock plays it back. May use the public
 * headers and libc.
 */
#ifndef MXSEL_MOCK_REPLAY_H
#define MXSEL_MOCK_REPLAY_H

#include <stddef.h>
#include <stdint.h>

#include "mock/script.h"

enum mxsel__mock_kind {
	MXSEL__MOCK_DESTINATION,
	MXSEL__MOCK_SEED,
	MXSEL__MOCK_MX,
	MXSEL__MOCK_CNAME,
	MXSEL__MOCK_ADDRESS,
	MXSEL__MOCK_TLSA,
	MXSEL__MOCK_NEGATIVE,
	MXSEL__MOCK_END,    /* ends an answer */
	MXSEL__MOCK_PACKET, /* is one */
	MXSEL__MOCK_REPORT,
	MXSEL__MOCK_MEMORY  /* what one knew of a host or address */
};

struct mxsel__mock_line {
	struct mxsel__mock_line *next;
	const char *name; /* of the question, or of the host reported */
	char *data;       /* exchange, target, address, octets, reply, entry */
	const char *address; /* of the attempt reported, "" for none */
	size_t size;      /* of data, without the NUL that follows it */
	uint64_t seed;
	uint32_t ttl;
	int kind;
	int outcome;      /* MXSEL_DNS_*, MXSEL_OUTCOME_* */
	int security;
	int code;         /* of the reply */
	int given;        /* this answer or report was played */
	uint16_t type;
	uint16_t preference;
	uint8_t tlsa[3];  /* usage, selector, matching */
	char room[];
};

struct mxsel__mock_replay {
	struct mxsel__mock_line *lines, **last;
	mxsel_memory *memory; /* that of the selection; or NULL */
};

/*
 * One line of a record, without its newline, but for the first. 0,
 * MXSEL_ENOMEM or MXSEL_ESYNTAX; *out is the caller's to free().
 */
int mxsel__mock_line_read(struct mxsel__mock_line **out, const char *text,
	size_t length);

#endif
