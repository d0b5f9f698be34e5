/*
 * IP addresses from text. Own and strict, so that "127.1", "0127.0.0.1" and
 * a scope are no addresses, whatever the C library thinks. May use base.
 */
#include "name/address.h"

#include <string.h>

#include <mxsel/mxsel.h>

#include "name/name.h"

#define NO_GAP 17u

/* Decimal digits at *at, no leading zero, at most max. 0, or -1. */
static int read_decimal(const char *text, size_t length, size_t *at,
	unsigned max, unsigned *value)
{
	size_t start = *at;

	*value = 0;
	while (*at < length && text[*at] >= '0' && text[*at] <= '9') {
		if (*value == 0 && *at > start)
			return -1;
		*value = *value * 10 + (unsigned)(text[*at] - '0');
		*at += 1;
		if (*value > max)
			return -1;
	}
	return *at == start ? -1 : 0;
}

/* text[at..length-1], all of it. */
static int read_v4(struct mxsel__address *out, const char *text, size_t at,
	size_t length)
{
	unsigned value;
	int i;

	memset(out, 0, sizeof(*out));
	out->length = 4;
	for (i = 0; i < 4; i++) {
		if (i > 0 && (at >= length || text[at++] != '.'))
			return MXSEL_ESYNTAX;
		if (read_decimal(text, length, &at, 255, &value) != 0)
			return MXSEL_ESYNTAX;
		out->bytes[i] = (uint8_t)value;
	}
	return at == length ? MXSEL_OK : MXSEL_ESYNTAX;
}

int mxsel__address_parse_v4(struct mxsel__address *out, const char *text,
	size_t length)
{
	return read_v4(out, text, 0, length);
}

static unsigned hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

/* Up to four hexadecimal digits at *at; returns how many. */
static size_t read_group(const char *text, size_t length, size_t *at,
	unsigned *value)
{
	size_t digits = 0;

	*value = 0;
	while (digits < 4 && *at < length && hex_value(text[*at]) < 16) {
		*value = *value << 4 | hex_value(text[*at]);
		*at += 1;
		digits++;
	}
	return digits;
}

/* An IPv6 address while it is read. */
struct reading {
	const char *text;
	size_t length, at;
	uint8_t bytes[16];
	size_t count; /* of bytes */
	size_t gap;   /* where "::" stood among them, or NO_GAP */
};

/* The rest is an IPv4 address: the last 4 octets (RFC 4291 2.2). */
static int read_tail(struct reading *r, size_t start)
{
	struct mxsel__address tail;

	if (r->count > 12 || read_v4(&tail, r->text, start, r->length) != 0)
		return -1;
	memcpy(r->bytes + r->count, tail.bytes, 4);
	r->count += 4;
	r->at = r->length;
	return 0;
}

/* What stands behind a group: the end, ":" and more, or "::". */
static int read_colon(struct reading *r)
{
	if (r->text[r->at++] != ':' || r->at >= r->length)
		return -1;
	if (r->text[r->at] != ':')
		return 0;
	if (r->gap != NO_GAP)
		return -1;
	r->gap = r->count;
	r->at++;
	return 0;
}

static int read_groups(struct reading *r)
{
	while (r->at < r->length) {
		size_t start = r->at;
		unsigned value;

		if (read_group(r->text, r->length, &r->at, &value) == 0)
			return -1;
		if (r->at < r->length && r->text[r->at] == '.')
			return read_tail(r, start);
		if (r->count > 14)
			return -1;
		r->bytes[r->count++] = (uint8_t)(value >> 8);
		r->bytes[r->count++] = (uint8_t)value;
		if (r->at < r->length && read_colon(r) != 0)
			return -1;
	}
	return 0;
}

int mxsel__address_parse_v6(struct mxsel__address *out, const char *text,
	size_t length)
{
	struct reading r = { text, length, 0, { 0 }, 0, NO_GAP };
	size_t zeros, i;

	if (length >= 2 && text[0] == ':' && text[1] == ':') {
		r.gap = 0;
		r.at = 2;
	}
	if (read_groups(&r) != 0)
		return MXSEL_ESYNTAX;
	/* "::" stands for one group at least (RFC 4291 2.2). */
	if (r.gap == NO_GAP ? r.count != 16 : r.count > 14)
		return MXSEL_ESYNTAX;
	memset(out, 0, sizeof(*out));
	out->length = 16;
	/*@ split r.count; */
	zeros = 16 - r.count;
	for (i = 0; i < 16; i++) {
		if (i < r.gap)
			out->bytes[i] = r.bytes[i];
		else if (i >= r.gap + zeros)
			out->bytes[i] = r.bytes[i - zeros];
	}
	return MXSEL_OK;
}

int mxsel__address_parse(struct mxsel__address *out, const char *text,
	size_t length)
{
	if (mxsel__address_parse_v4(out, text, length) == MXSEL_OK)
		return MXSEL_OK;
	return mxsel__address_parse_v6(out, text, length);
}

/* RFC 5321 4.1.3: the tag of an IPv6 literal, in any case. */
static int has_tag(const char *text, size_t length)
{
	static const char tag[] = "ipv6:";
	size_t i;

	if (length < sizeof(tag) - 1)
		return 0;
	for (i = 0; i < sizeof(tag) - 1; i++) {
		char c = text[i];

		if (c != tag[i] && (c < 'A' || c > 'Z' ||
				c - 'A' + 'a' != tag[i]))
			return 0;
	}
	return 1;
}

int mxsel__address_from_name(struct mxsel__address *out, const char *text,
	size_t length)
{
	if (length < 2 || text[0] != '[' || text[length - 1] != ']')
		return mxsel__address_parse(out, text, length);
	text++;
	length -= 2;
	if (has_tag(text, length))
		return mxsel__address_parse_v6(out, text + 5, length - 5);
	return mxsel__address_parse(out, text, length);
}

int mxsel__address_equal(const struct mxsel__address *a,
	const struct mxsel__address *b)
{
	return a->length == b->length &&
		memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

/* No bit of the address is set beyond the prefix. */
static int prefix_is_clean(const struct mxsel__network *network)
{
	unsigned bit;

	for (bit = network->prefix; bit < network->address.length * 8u; bit++) {
		if (network->address.bytes[bit / 8] >> (7 - bit % 8) & 1)
			return 0;
	}
	return 1;
}

int mxsel__network_parse(struct mxsel__network *out, const char *text,
	size_t length)
{
	const char *slash = length == 0 ? NULL : memchr(text, '/', length);
	size_t at = slash == NULL ? length : (size_t)(slash - text);
	unsigned bits;

	if (mxsel__address_parse(&out->address, text, at) != MXSEL_OK)
		return MXSEL_ESYNTAX;
	bits = out->address.length * 8u;
	if (slash != NULL) {
		at++;
		if (read_decimal(text, length, &at, bits, &bits) != 0 ||
			at != length)
			return MXSEL_ESYNTAX;
	}
	out->prefix = (uint8_t)bits;
	return prefix_is_clean(out) ? MXSEL_OK : MXSEL_ESYNTAX;
}

int mxsel__network_holds(const struct mxsel__network *network,
	const struct mxsel__address *address)
{
	unsigned whole = network->prefix / 8u;
	unsigned rest = network->prefix % 8u;
	unsigned differ = (unsigned)network->address.bytes[0] ^
		address->bytes[0];

	if (network->address.length != address->length)
		return 0;
	/* The first octet tells most networks apart. */
	if (whole > 0 && (differ != 0 || memcmp(network->address.bytes,
		address->bytes, whole) != 0))
		return 0;
	if (rest == 0)
		return 1;
	differ = (unsigned)network->address.bytes[whole] ^
		address->bytes[whole];
	return differ >> (8 - rest) == 0;
}
