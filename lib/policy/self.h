/*
 * Is this ourselves (R50-R57)? By name, and by address where the port is
 * ours. Also the name patterns of R65. Pure. May use base and name.
 */
#ifndef MXSEL_POLICY_SELF_H
#define MXSEL_POLICY_SELF_H

#include <stddef.h>

#include "name/address.h"
#include "policy/filter.h"

/* Own names, sorted or not; folded. localhost is ours without being told. */
int mxsel__self_is_name(const char *const *names, size_t count,
	const char *name);

/* Own addresses; both sides are compared as what is meant by them. */
int mxsel__self_is_address(const struct mxsel__address *own, size_t count,
	const struct mxsel__filter *f, const struct mxsel__address *address);

/* '*' stands for any octets, '?' for one; both sides folded. */
int mxsel__pattern_matches(const char *pattern, const char *name);

#endif
