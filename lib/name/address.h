/*
 * IP addresses and their text: an own strict parser (RFC 5321 4.1.3, RFC
 * 4291; no "127.1", no "0127.0.0.1", no scope) and RFC 5952 output. May use
 * base.
 */
#ifndef MXSEL_NAME_ADDRESS_H
#define MXSEL_NAME_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#define MXSEL__ADDRESS_TEXT_SIZE 46

struct mxsel__address {
	uint8_t bytes[16]; /* network order; the rest is 0 for IPv4 */
	uint8_t length;    /* 4 or 16 */
};

/* length octets of text, all of it. 0, or MXSEL_ESYNTAX. */
int mxsel__address_parse_v4(struct mxsel__address *out, const char *text,
	size_t length);
int mxsel__address_parse_v6(struct mxsel__address *out, const char *text,
	size_t length);
int mxsel__address_parse(struct mxsel__address *out, const char *text,
	size_t length); /* either */

/*
 * The address that a name of kind MXSEL__NAME_ADDRESS is: as above, and with
 * brackets as in mail, "[192.0.2.1]", "[2001:db8::1]", "[ipv6:2001:db8::1]".
 */
int mxsel__address_from_name(struct mxsel__address *out, const char *text,
	size_t length);

int mxsel__address_equal(const struct mxsel__address *a,
	const struct mxsel__address *b);

/* RFC 5952; returns the length of the text. */
size_t mxsel__address_format(char out[MXSEL__ADDRESS_TEXT_SIZE],
	const struct mxsel__address *address);

/* "192.0.2.0/24", "2001:db8::/32" or a lone address (a full prefix). */
struct mxsel__network {
	struct mxsel__address address;
	uint8_t prefix; /* bits */
};

/* 0, or MXSEL_ESYNTAX (also when bits beyond the prefix are set). */
int mxsel__network_parse(struct mxsel__network *out, const char *text,
	size_t length);
int mxsel__network_holds(const struct mxsel__network *network,
	const struct mxsel__address *address);

#endif
