/*
 * Which TLSA records can be used to authenticate a mail server (RFC 7672
 * 3.1, RFC 6698 2.1). Pure. May use base and name.
 */
#ifndef MXSEL_POLICY_TLSA_H
#define MXSEL_POLICY_TLSA_H

#include <stddef.h>
#include <stdint.h>

struct mxsel__tlsa {
	uint8_t usage, selector, matching;
	uint16_t length; /* of the certificate association data */
	const uint8_t *data;
};

/* RDATA of at least three octets; data stays there. */
static inline void mxsel__tlsa_read(struct mxsel__tlsa *out,
	const uint8_t *rdata, size_t size)
{
	out->usage = rdata[0];
	out->selector = rdata[1];
	out->matching = rdata[2];
	out->length = (uint16_t)(size - 3);
	out->data = rdata + 3;
}

/*
 * 1: usage 2 or 3, selector 0 or 1, matching type 0, 1 or 2, and as many
 * octets as the digest has, at least one where there is none; else 0.
 */
int mxsel__tlsa_is_usable(const struct mxsel__tlsa *tlsa);

/* Below, at or above 0: a strict weak order, DANE-EE first. */
int mxsel__tlsa_compare(const struct mxsel__tlsa *a,
	const struct mxsel__tlsa *b);

#endif
