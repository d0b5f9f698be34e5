/*
 * Every setting with its range, for the tests of options. May use the public
 * header.
 */
#ifndef TESTS_SUPPORT_SETTINGS_H
#define TESTS_SUPPORT_SETTINGS_H

#include <limits.h>

#include <mxsel/mxsel.h>

/* Setting, least, most, unless set: as <mxsel/mxsel.h> has them. */
static const struct {
	int option, least, most, normal;
} settings[] = {
	{ MXSEL_OPT_PORT, 1, 65535, 25 },
	{ MXSEL_OPT_FAMILY, 0, MXSEL_FAMILY_V4_ONLY,
		MXSEL_FAMILY_INTERLEAVE },
	{ MXSEL_OPT_SHUFFLE, 0, MXSEL_SHUFFLE_NONE, MXSEL_SHUFFLE_HOSTS },
	{ MXSEL_OPT_IMPLICIT_ON_NXDOMAIN, 0, 1, 0 },
	{ MXSEL_OPT_STRICT_NULL_MX, 0, 1, 0 },
	{ MXSEL_OPT_MAX_ALIASES, 0, 16, 10 },
	{ MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS, 0, 1, 0 },
	{ MXSEL_OPT_REFUSE_EXCHANGE_ALIAS, 0, 1, 0 },
	{ MXSEL_OPT_DEFER_NO_HOST, 0, 1, 0 },
	{ MXSEL_OPT_DEFER_FILTERED, 0, 1, 0 },
	{ MXSEL_OPT_ALLOW_LOOPBACK, 0, 1, 0 },
	{ MXSEL_OPT_ALLOW_LINK_LOCAL, 0, 1, 0 },
	{ MXSEL_OPT_REFUSE_PRIVATE, 0, 1, 0 },
	{ MXSEL_OPT_ASK_LOCAL, 0, 1, 0 },
	{ MXSEL_OPT_HAND_OUT_ONION, 0, 1, 0 },
	{ MXSEL_OPT_MAX_RECORDS, 0, INT_MAX, 100 },
	{ MXSEL_OPT_MAX_HOSTS, 0, INT_MAX, 16 },
	{ MXSEL_OPT_MAX_HOST_ADDRESSES, 0, INT_MAX, 16 },
	{ MXSEL_OPT_MAX_ADDRESSES, 0, INT_MAX, 64 },
	{ MXSEL_OPT_MAX_QUERIES, 0, INT_MAX, 40 },
	{ MXSEL_OPT_SENDER, 0, 1, 0 },
	{ MXSEL_OPT_KEEP_DUPLICATES, 0, 1, 0 },
	{ MXSEL_OPT_SELF_PORT, 1, 65535, 25 },
	{ MXSEL_OPT_TIME_LIMIT, 0, INT_MAX, 30000 },
	{ MXSEL_OPT_MAX_ATTEMPTS, 0, INT_MAX, 0 },
	{ MXSEL_OPT_TRACE, 0, 1, 0 },
	{ MXSEL_OPT_PREFETCH, 0, 128, 0 },
	{ MXSEL_OPT_DANE, 0, 1, 0 },
	{ MXSEL_OPT_DANE_INSECURE_MX, 0, 2, 0 },
};

#define SETTINGS ((int)(sizeof(settings) / sizeof(settings[0])))

#endif
