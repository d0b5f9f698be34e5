/*
 * The address filter. An MX record may point anywhere, also at our own
 * network's inside; what is refused is a table of networks that is walked in
 * order. Every form in which IPv6 carries an IPv4 address is undone first,
 * so that no disguise helps. May use base and name.
 */
#include "policy/filter.h"

#include <string.h>

#include <mxsel/mxsel.h>

struct refusal {
	struct mxsel__network network;
	int reject; /* MXSEL_REJECT_* */
};

#define V4(a, b, c, d, prefix) { { { a, b, c, d }, 4 }, prefix }
#define PAIR(group) ((group) >> 8), ((group) & 255)
#define V6(a, b, c, d, e, f, g, h, prefix) \
	{ { { PAIR(a), PAIR(b), PAIR(c), PAIR(d), \
	      PAIR(e), PAIR(f), PAIR(g), PAIR(h) }, 16 }, prefix }

/* The first row that holds the address decides; in none: not refused. */
static const struct refusal refusals[] = {
	{ V4(0, 0, 0, 0, 32), MXSEL_REJECT_UNSPECIFIED }, /* RFC 1122 3.2.1.3 */
	{ V4(0, 0, 0, 0, 8), MXSEL_REJECT_RESERVED },     /* RFC 1122 3.2.1.3 */
	{ V4(127, 0, 0, 0, 8), MXSEL_REJECT_LOOPBACK },   /* RFC 1122 3.2.1.3 */
	{ V4(169, 254, 0, 0, 16), MXSEL_REJECT_LINK_LOCAL },    /* RFC 3927 */
	{ V4(224, 0, 0, 0, 4), MXSEL_REJECT_MULTICAST },        /* RFC 5771 */
	{ V4(255, 255, 255, 255, 32), MXSEL_REJECT_BROADCAST }, /* RFC 919 7 */
	{ V4(240, 0, 0, 0, 4), MXSEL_REJECT_RESERVED },         /* RFC 1112 4 */
	{ V4(10, 0, 0, 0, 8), MXSEL_REJECT_PRIVATE },           /* RFC 1918 3 */
	{ V4(172, 16, 0, 0, 12), MXSEL_REJECT_PRIVATE },        /* RFC 1918 3 */
	{ V4(192, 168, 0, 0, 16), MXSEL_REJECT_PRIVATE },       /* RFC 1918 3 */
	{ V4(100, 64, 0, 0, 10), MXSEL_REJECT_PRIVATE },        /* RFC 6598 */
	/* RFC 4291 2.5.2, 2.5.3, 2.5.6, 2.7 */
	{ V6(0, 0, 0, 0, 0, 0, 0, 0, 128), MXSEL_REJECT_UNSPECIFIED },
	{ V6(0, 0, 0, 0, 0, 0, 0, 1, 128), MXSEL_REJECT_LOOPBACK },
	{ V6(0xfe80, 0, 0, 0, 0, 0, 0, 0, 10), MXSEL_REJECT_LINK_LOCAL },
	{ V6(0xff00, 0, 0, 0, 0, 0, 0, 0, 8), MXSEL_REJECT_MULTICAST },
	/* Discard, RFC 6666; site-local, RFC 3879; unique local, RFC 4193 */
	{ V6(0x100, 0, 0, 0, 0, 0, 0, 0, 64), MXSEL_REJECT_RESERVED },
	{ V6(0xfec0, 0, 0, 0, 0, 0, 0, 0, 10), MXSEL_REJECT_RESERVED },
	{ V6(0xfc00, 0, 0, 0, 0, 0, 0, 0, 7), MXSEL_REJECT_PRIVATE },
	/*
	 * Translation prefixes of a site's own making (RFC 8215). Where in
	 * them the IPv4 address stands, only a declared prefix tells; without
	 * one they are private to the site, which may well use them (DNS64).
	 */
	{ V6(0x64, 0xff9b, 1, 0, 0, 0, 0, 0, 48), MXSEL_REJECT_PRIVATE },
};

/* How an IPv6 address of this network carries an IPv4 one. */
struct carrier {
	struct mxsel__network network;
	unsigned char at;   /* its first octet */
	unsigned char mask; /* what its octets were XORed with */
};

static const struct carrier carriers[] = {
	{ V6(0, 0, 0, 0, 0, 0xffff, 0, 0, 96), 12, 0 }, /* RFC 4291 2.5.5.2 */
	{ V6(0, 0, 0, 0, 0, 0, 0, 0, 96), 12, 0 },      /* RFC 4291 2.5.5.1 */
	{ V6(0x64, 0xff9b, 0, 0, 0, 0, 0, 0, 96), 12, 0 }, /* RFC 6052 2.1 */
	{ V6(0x2002, 0, 0, 0, 0, 0, 0, 0, 16), 2, 0 },  /* 6to4, RFC 3056 2 */
	{ V6(0x2001, 0, 0, 0, 0, 0, 0, 0, 32), 12, 255 }, /* RFC 4380 4 */
};

/*
 * The tables are walked for the few addresses only that one of their rows
 * could hold, going by the first octets: tests/unit/check_policy_filter.c
 * holds the two against each other.
 */
static int may_carry(const struct mxsel__address *address)
{
	const uint8_t *b = address->bytes;

	return b[0] == 0 || (b[0] == 0x20 && (b[1] == 0x02 ||
		(b[1] == 0x01 && b[2] == 0 && b[3] == 0)));
}

static int may_be_refused(const struct mxsel__address *address)
{
	uint8_t first = address->bytes[0];

	if (address->length == 16)
		return first <= 1 || first >= 0xfc;
	return first == 0 || first == 10 || first == 100 || first == 127 ||
		first == 169 || first == 172 || first == 192 || first >= 224;
}

/* :: and ::1 are addresses of their own, not compatible ones. */
static int is_unspecified_or_loopback(const struct mxsel__address *address)
{
	static const struct mxsel__network both =
		V6(0, 0, 0, 0, 0, 0, 0, 0, 127);

	return mxsel__network_holds(&both, address);
}

/* The octets of a NAT64 address go round the u-octet 8 (RFC 6052 2.2). */
static struct mxsel__address from_nat64(const struct mxsel__address *address,
	unsigned prefix)
{
	struct mxsel__address inside = { { 0 }, 4 };
	size_t at = prefix / 8;
	size_t i;

	for (i = 0; i < 4; i++) {
		if (at == 8)
			at++;
		inside.bytes[i] = address->bytes[at++ & 15];
	}
	return inside;
}

static struct mxsel__address from_carrier(const struct carrier *carrier,
	const struct mxsel__address *address)
{
	struct mxsel__address inside = { { 0 }, 4 };
	size_t i;

	for (i = 0; i < 4; i++)
		inside.bytes[i] = (uint8_t)(address->bytes[carrier->at + i] ^
			carrier->mask);
	return inside;
}

struct mxsel__address mxsel__filter_meant(const struct mxsel__filter *f,
	const struct mxsel__address *address)
{
	size_t i;

	if (address->length != 16)
		return *address;
	for (i = 0; i < f->nat64_count; i++) {
		if (mxsel__network_holds(&f->nat64[i], address))
			return from_nat64(address, f->nat64[i].prefix);
	}
	if (!may_carry(address) || is_unspecified_or_loopback(address))
		return *address;
	for (i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++) {
		if (mxsel__network_holds(&carriers[i].network, address))
			return from_carrier(&carriers[i], address);
	}
	return *address;
}

int mxsel__filter_is_unspecified(const struct mxsel__filter *f,
	const struct mxsel__address *address)
{
	static const uint8_t zero[16];
	struct mxsel__address meant;

	if (address->bytes[0] != 0 && f->nat64_count == 0 &&
		(address->length != 16 || !may_carry(address)))
		return 0;
	meant = mxsel__filter_meant(f, address);
	return memcmp(meant.bytes, zero, sizeof(zero)) == 0;
}

static int look_up(const struct mxsel__address *address)
{
	size_t i;

	if (!may_be_refused(address))
		return 0;
	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (mxsel__network_holds(&refusals[i].network, address))
			return refusals[i].reject;
	}
	return 0;
}

static int is_allowed(const struct mxsel__filter *f,
	const struct mxsel__address *address)
{
	size_t i;

	for (i = 0; i < f->allowed_count; i++) {
		if (mxsel__network_holds(&f->allowed[i], address))
			return 1;
	}
	return 0;
}

/* Did the caller settle this kind of address, a negotiable one? */
static int is_kind_allowed(const struct mxsel__filter *f, int reject)
{
	if (reject == MXSEL_REJECT_LOOPBACK)
		return f->allow_loopback;
	if (reject == MXSEL_REJECT_LINK_LOCAL)
		return f->allow_link_local;
	return !f->refuse_private;
}

/* No mail server has one of the others, whatever a setting says (R63). */
static int is_negotiable(int reject)
{
	return reject == MXSEL_REJECT_LOOPBACK ||
		reject == MXSEL_REJECT_LINK_LOCAL ||
		reject == MXSEL_REJECT_PRIVATE;
}

int mxsel__filter_judge(const struct mxsel__filter *f,
	const struct mxsel__address *address)
{
	struct mxsel__address meant = mxsel__filter_meant(f, address);
	int reject = look_up(&meant);

	if (reject == 0 || !is_negotiable(reject))
		return reject;
	if (is_kind_allowed(f, reject) || is_allowed(f, address) ||
	    is_allowed(f, &meant))
		return 0;
	return reject;
}
