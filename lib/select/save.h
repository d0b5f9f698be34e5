/*
 * Between saving and resuming: what stands where in a saved selection (R80).
 * All numbers are in network byte order; texts have their length before them.
 *
 *	"MXSV", version (2 octets), size of all (4)
 *	numbers: mxsel__saved_numbers[]
 *	texts: destination (2), why it is bad, domain asked, domain after
 *	aliases, literal, enhanced status (1 octet of length each)
 *	where the name filter refused: code (2), status (1), whether there is a
 *	text (1), the text (2)
 *	where there was a report: reply (2), host's index (2)
 *	hosts, each with the TLSA records that rule it; attempts; what was
 *	dropped
 *	CRC-32 (4) of all before it
 *
 * Version 2 added what is known of the security of each host's path; octets
 * of version 1, which never was in a release, are refused. An MTA-STS policy
 * is not in them, only what it said of each host; nor are the lines of a TLS
 * report.
 */
#ifndef MXSEL_SELECT_SAVE_H
#define MXSEL_SELECT_SAVE_H

#include "select/select.h"

#define SAVED_MAGIC "MXSV"
#define SAVED_VERSION 2u
#define SAVED_HEAD 10u
#define SAVED_TAIL 4u
#define SAVED_REPLY_MAX 512u
#define SAVED_TEXT_MAX 65000u

enum saved_state {
	SAVED_START, SAVED_GROUP, SAVED_WALK, SAVED_DANE, SAVED_END
};

enum { /* of a host */
	SAVED_LITERAL = 1, SAVED_NAMELESS = 2, SAVED_INCOMPLETE = 4,
	SAVED_SKIP = 8, SAVED_REACHED = 16, SAVED_AT_DOMAIN = 32,
	SAVED_LOOKED = 64, SAVED_EXPANDED = 128, SAVED_HOST_BITS = 255
};

/* How a host's path is packed: enum path, MXSEL_DANE_*, MXSEL_STS_*. */
#define SAVED_DANE_SHIFT 3
#define SAVED_STS_SHIFT 5
#define SAVED_PATH_BITS 127u

/* A number of the selection: where, its octets there and saved, its most. */
struct saved_number {
	uint16_t offset;
	uint8_t size;
	uint64_t most;
};

extern const struct saved_number mxsel__saved_numbers[];
extern const size_t mxsel__saved_number_count;

uint32_t mxsel__saved_crc(const uint8_t *bytes, size_t size);

/* resume_read.c: what stands in the octets, into m, which is all zero but for
 * options and arena. 0; MXSEL_ESYNTAX; MXSEL_ENOMEM. */
int mxsel__saved_read(struct mxsel *m, const uint8_t *bytes, size_t size);

#endif
