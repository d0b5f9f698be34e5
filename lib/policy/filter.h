/*
 * Which addresses mail is never sent to (R63), and what an IPv6 address that
 * carries an IPv4 one really means. Pure. May use base and name.
 */
#ifndef MXSEL_POLICY_FILTER_H
#define MXSEL_POLICY_FILTER_H

#include <stddef.h>

#include "name/address.h"

/* What the caller changed. Networks belong to the caller. */
struct mxsel__filter {
	unsigned char allow_loopback;
	unsigned char allow_link_local;
	unsigned char refuse_private;
	const struct mxsel__network *allowed;
	size_t allowed_count;
	const struct mxsel__network *nat64; /* declared prefixes, RFC 6052 */
	size_t nat64_count;
};

/*
 * The address that is really meant: the IPv4 one inside a mapped,
 * compatible, NAT64 (64:ff9b::/96 and declared), 6to4 or Teredo address;
 * else the address itself.
 */
struct mxsel__address mxsel__filter_meant(const struct mxsel__filter *f,
	const struct mxsel__address *address);

/* 0.0.0.0 or ::, also inside (R55). Nothing allows them. */
int mxsel__filter_is_unspecified(const struct mxsel__filter *f,
	const struct mxsel__address *address);

/* 0: may be handed out; else MXSEL_REJECT_*. */
int mxsel__filter_judge(const struct mxsel__filter *f,
	const struct mxsel__address *address);

#endif
